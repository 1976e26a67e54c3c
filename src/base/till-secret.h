/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Secret bytes: locked, left out of dumps, wiped when freed, never printed (RELIABILITY.md G1). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TillSecret:
 *
 * A run of secret bytes of fixed size. Counted atomically; a NUL byte always
 * stands behind the last one and does not count. There is no way to print it.
 */
typedef struct _TillSecret TillSecret;

TillSecret   *till_secret_new        (gsize              size) G_GNUC_WARN_UNUSED_RESULT;
TillSecret   *till_secret_new_copy   (const void        *data,
                                      gsize              size) G_GNUC_WARN_UNUSED_RESULT;
TillSecret   *till_secret_new_sub    (const TillSecret  *other,
                                      gsize              offset,
                                      gsize              size) G_GNUC_WARN_UNUSED_RESULT;
TillSecret   *till_secret_ref        (TillSecret        *self);
void          till_secret_unref      (TillSecret        *self);

const guint8 *till_secret_get_data   (const TillSecret  *self);
guint8       *till_secret_get_buffer (TillSecret        *self);
gsize         till_secret_get_size   (const TillSecret  *self);
void          till_secret_shrink     (TillSecret        *self,
                                      gsize              size);
gboolean      till_secret_equal      (const TillSecret  *a,
                                      const TillSecret  *b);
gboolean      till_secret_is_locked  (const TillSecret  *self);

TillSecret   *till_secret_read_fd    (int                fd,
                                      gsize              limit,
                                      GError           **error) G_GNUC_WARN_UNUSED_RESULT;

void          till_wipe              (void              *data,
                                      gsize              size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillSecret, till_secret_unref)

G_END_DECLS
