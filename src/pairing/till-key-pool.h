/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RSA keys made ahead, so that a till has its answer at once (PERFORMANCE.md 5b). */
#pragma once

#include <gio/gio.h>

#include "till-secret.h"

G_BEGIN_DECLS

#define TILL_KEY_POOL_SIZE 2

#define TILL_TYPE_KEY_POOL (till_key_pool_get_type ())

/**
 * TillKeyPool:
 *
 * Keeps two keys ready and makes new ones in threads as they are taken.
 */
G_DECLARE_FINAL_TYPE (TillKeyPool, till_key_pool, TILL, KEY_POOL, GObject)

TillKeyPool *till_key_pool_new         (void) G_GNUC_WARN_UNUSED_RESULT;
guint        till_key_pool_get_ready   (TillKeyPool          *self);
/* Waits until one is ready; takes none. */
void         till_key_pool_wait_async  (TillKeyPool          *self,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
gboolean     till_key_pool_wait_finish (TillKeyPool          *self,
                                        GAsyncResult         *result,
                                        GError              **error);
/* (nullable): DER of PKCS #1; each is given once */
TillSecret  *till_key_pool_take        (TillKeyPool          *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
