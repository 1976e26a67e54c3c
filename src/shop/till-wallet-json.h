/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A wallet certificate as JSON under the service's own member names (CLI.md, "certificates"). */
#pragma once

#include "till-json-writer.h"
#include "till-wallet.h"

G_BEGIN_DECLS

/* The members alone, so that others can stand beside them in the same object. Unknown booleans and times are null. */
void  till_wallet_json_write (TillJsonWriter              *writer,
                              const TillWalletCertificate *certificate);
/* One object, as the store keeps it. */
char *till_wallet_json_dup   (const TillWalletCertificate *certificate) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
