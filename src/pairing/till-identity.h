/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a terminal answers with, taken apart and checked: key, certificate, chain (API.md 5.2). */
#pragma once

#include <gio/gio.h>

#include "till-secret.h"

G_BEGIN_DECLS

#define TILL_TYPE_IDENTITY (till_identity_get_type ())

/**
 * TillIdentity:
 *
 * A private key with the certificate that it belongs to and the chain above.
 * Immutable; made only where all of that fits together.
 */
G_DECLARE_FINAL_TYPE (TillIdentity, till_identity, TILL, IDENTITY, GObject)

/* In any order, on one line or many, as PEM or as a JSON string of PEM. root_pem: what the chain has to end at. */
TillIdentity    *till_identity_new              (const TillSecret  *answer,
                                                 const char        *root_pem,
                                                 gint64             now,
                                                 GError           **error) G_GNUC_WARN_UNUSED_RESULT;
const char      *till_identity_get_serial       (TillIdentity      *self);
gint64           till_identity_get_not_before   (TillIdentity      *self);
gint64           till_identity_get_not_after    (TillIdentity      *self);
guint            till_identity_get_chain_length (TillIdentity      *self);
/* Leaf first, without the root. */
const char      *till_identity_get_chain_pem    (TillIdentity      *self);
const char      *till_identity_get_root_pem     (TillIdentity      *self);
/* Key and chain: for the vault, and for till_identity_new() again. */
TillSecret      *till_identity_dup_secret       (TillIdentity      *self) G_GNUC_WARN_UNUSED_RESULT;
TillSecret      *till_identity_dup_key_pem      (TillIdentity      *self) G_GNUC_WARN_UNUSED_RESULT;
/* For GIO, with the issuers behind it. */
GTlsCertificate *till_identity_make_certificate (TillIdentity      *self,
                                                 GError           **error) G_GNUC_WARN_UNUSED_RESULT;
/* PKCS #12 under a new password (AES-256, SHA-256). Blocks. */
TillSecret      *till_identity_make_p12         (TillIdentity      *self,
                                                 const char        *name,
                                                 const TillSecret  *password,
                                                 GError           **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
