/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Airship Wallet certificates, pretended (API.md 6). */
#pragma once

#include "till-sandbox-private.h"

G_BEGIN_DECLS

TillWallet *till_wallet_open  (TillSandboxServer  *server,
                               GError            **error) G_GNUC_WARN_UNUSED_RESULT;
void        till_wallet_close (TillWallet         *self);

G_END_DECLS
