/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RSA keys made ahead in threads. */
#pragma once

#include "till-sandbox-private.h"

G_BEGIN_DECLS

/* key: (nullable): the SubjectPublicKeyInfo; NULL where none could be made. */
typedef void (*TillKeyFunc) (GBytes   *key,
                             gpointer  user_data);

TillKeyPool *till_key_pool_new  (TillSandboxServer *server) G_GNUC_WARN_UNUSED_RESULT;
void         till_key_pool_free (TillKeyPool       *self);
void         till_key_pool_fill (TillKeyPool       *self);
void         till_key_pool_take (TillKeyPool       *self,
                                 TillKeyFunc        func,
                                 gpointer           user_data);

G_END_DECLS
