/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RSA keys made ahead, so that a till has its answer at once (PERFORMANCE.md 5b). */
#pragma once

#include <gio/gio.h>

#include "till-secret.h"

G_BEGIN_DECLS

#define TILL_RSA_POOL_SIZE 2

#define TILL_TYPE_RSA_POOL (till_rsa_pool_get_type ())

/**
 * TillRsaPool:
 *
 * Keeps two keys ready and makes new ones in threads as they are taken.
 */
G_DECLARE_FINAL_TYPE (TillRsaPool, till_rsa_pool, TILL, RSA_POOL, GObject)

TillRsaPool *till_rsa_pool_new         (void) G_GNUC_WARN_UNUSED_RESULT;
guint        till_rsa_pool_get_ready   (TillRsaPool          *self);
/* Waits until one is ready; takes none. */
void         till_rsa_pool_wait_async  (TillRsaPool          *self,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
gboolean     till_rsa_pool_wait_finish (TillRsaPool          *self,
                                        GAsyncResult         *result,
                                        GError              **error);
/* (nullable): DER of PKCS #1; each is given once */
TillSecret  *till_rsa_pool_take        (TillRsaPool          *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
