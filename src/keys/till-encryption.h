/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encrypting card fields for Commerce Hub: RSA-OAEP with SHA-256 (API.md 3.3). */
#pragma once

#include <glib.h>

#include "till-secret.h"

G_BEGIN_DECLS

/**
 * TillEncryption:
 * @key_id: of the key that was used
 * @encryption_type: "RSA"
 * @block: Base64 of the RSA-OAEP (SHA-256, MGF1 with SHA-256) ciphertext
 * @fields: encryptionBlockFields: "card.cardData:16,card.nameOnCard:8", lengths in bytes of UTF-8
 * @target: "MANUAL"
 */
typedef struct
{
  char *key_id;
  char *encryption_type;
  char *block;
  char *fields;
  char *target;
} TillEncryption;

/* spki: DER SubjectPublicKeyInfo of an RSA key. json: one JSON object of text members, in the order they are to be
 * encrypted; names without "." get "card." in front. Secret, and wiped from every copy that is made of it. */
TillEncryption *till_encryption_new  (const char        *key_id,
                                      GBytes            *spki,
                                      const TillSecret  *json,
                                      GError           **error) G_GNUC_WARN_UNUSED_RESULT;
void            till_encryption_free (TillEncryption    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillEncryption, till_encryption_free)

G_END_DECLS
