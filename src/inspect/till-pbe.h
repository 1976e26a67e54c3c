/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encryption under a password: PBES2, PBES1 (RFC 8018), PKCS #12 (RFC 7292 C) and old PEM. */
#pragma once

#include <glib.h>

#include "till-cancel.h"
#include "till-cipher.h"
#include "till-der.h"
#include "till-kdf.h"
#include "till-password.h"

G_BEGIN_DECLS

typedef enum
{
  TILL_PBE_PBKDF2,
  TILL_PBE_SCRYPT,
  TILL_PBE_PBKDF1,
  TILL_PBE_PKCS12,
  TILL_PBE_PEM,
} TillPbeScheme;

/**
 * TillPbe:
 * @scheme: how the key comes from the password
 * @hash: of the derivation; %NULL with scrypt
 * @salt: points into the file
 * @iterations: rounds; of scrypt the work in units of about one round
 * @cost: (scrypt): N, and with @block_size and @parallel r and p
 * @cipher: what decrypts
 * @iv: its initial vector where the file gives one
 *
 * An encryption, read and found to be one that can be undone within the bounds.
 */
typedef struct
{
  TillPbeScheme             scheme;
  const struct nettle_hash *hash;
  TillDer                   salt;
  guint64                   iterations;
  guint64                   cost;
  guint64                   block_size;
  guint64                   parallel;
  TillCipher                cipher;
  guint8                    iv[TILL_CIPHER_IV_BYTES];
} TillPbe;

gboolean    till_pbe_read           (TillPbe             *self,
                                     TillDer             *algorithm,
                                     guint64              max_iterations,
                                     GError             **error);
gboolean    till_pbe_read_dek       (TillPbe             *self,
                                     const char          *dek,
                                     gsize                size,
                                     GError             **error);
gboolean    till_pbe_uses_bmp       (const TillPbe       *self);
TillSecret *till_pbe_decrypt        (const TillPbe       *self,
                                     const TillPassword  *password,
                                     const TillDer       *input,
                                     const TillCancel    *cancel,
                                     GError             **error) G_GNUC_WARN_UNUSED_RESULT;

/* PBKDF2-params, which PBMAC1 (RFC 9579) shares. @key_size: 0 where left out. */
gboolean    till_pbe_read_pbkdf2    (TillPbe             *self,
                                     TillDer              parameters,
                                     guint64             *key_size,
                                     guint64              max_iterations,
                                     GError             **error);
const struct nettle_hash *
            till_pbe_read_digest    (TillDer             *algorithm,
                                     const char         **name,
                                     GError             **error);
const struct nettle_hash *
            till_pbe_read_hmac      (TillDer             *algorithm,
                                     const char         **name,
                                     GError             **error);
gboolean    till_pbe_check_iterations (guint64            iterations,
                                     guint64              limit,
                                     GError             **error);

G_END_DECLS
