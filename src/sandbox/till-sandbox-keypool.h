/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RSA keys made ahead in threads. */
#pragma once

#include "till-sandbox-private.h"

G_BEGIN_DECLS

/* key: (nullable): the SubjectPublicKeyInfo; NULL where none could be made. */
typedef void (*TillHubKeyFunc) (GBytes   *key,
                                gpointer  user_data);

TillHubKeyPool *till_hub_key_pool_new  (TillSandboxServer *server) G_GNUC_WARN_UNUSED_RESULT;
void            till_hub_key_pool_free (TillHubKeyPool    *self);
void            till_hub_key_pool_fill (TillHubKeyPool    *self);
void            till_hub_key_pool_take (TillHubKeyPool    *self,
                                        TillHubKeyFunc     func,
                                        gpointer           user_data);

G_END_DECLS
