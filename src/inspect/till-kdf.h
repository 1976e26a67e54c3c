/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys from passwords: the derivations that certificate files use, each of which can be cancelled. */
#pragma once

#include <glib.h>
#include <nettle/nettle-meta.h>

#include "till-cancel.h"
#include "till-der.h"
#include "till-secret.h"

G_BEGIN_DECLS

/* The longest output of any hash that is used. */
#define TILL_KDF_DIGEST_BYTES 64

/* What a PKCS #12 derivation is for (RFC 7292 appendix B.3). */
typedef enum
{
  TILL_KDF_FOR_KEY = 1,
  TILL_KDF_FOR_IV = 2,
  TILL_KDF_FOR_MAC = 3,
} TillKdfPurpose;

gboolean  till_kdf_pkcs12     (const struct nettle_hash  *hash,
                               TillKdfPurpose             purpose,
                               const TillSecret          *bmp,
                               const TillDer             *salt,
                               guint64                    iterations,
                               TillSecret                *out,
                               const TillCancel          *cancel,
                               GError                   **error);
gboolean  till_kdf_pbkdf2     (const struct nettle_hash  *hash,
                               const TillSecret          *password,
                               const TillDer             *salt,
                               guint64                    iterations,
                               TillSecret                *out,
                               const TillCancel          *cancel,
                               GError                   **error);
gboolean  till_kdf_pbkdf1     (const struct nettle_hash  *hash,
                               const TillSecret          *password,
                               const TillDer             *salt,
                               guint64                    iterations,
                               TillSecret                *out,
                               const TillCancel          *cancel,
                               GError                   **error);
gboolean  till_kdf_scrypt     (const TillSecret          *password,
                               const TillDer             *salt,
                               guint64                    cost,
                               guint64                    block_size,
                               guint64                    parallel,
                               TillSecret                *out,
                               const TillCancel          *cancel,
                               GError                   **error);
void      till_kdf_pem        (const TillSecret          *password,
                               const guint8               salt[8],
                               TillSecret                *out);
void      till_kdf_hmac       (const struct nettle_hash  *hash,
                               const TillSecret          *key,
                               const TillDer             *data,
                               guint8                    *digest);

/* Bytes of memory that scrypt takes; 0 where it can't be told or the numbers are out of range. */
gsize     till_kdf_scrypt_memory (guint64                 cost,
                                  guint64                 block_size,
                                  guint64                 parallel);

G_END_DECLS
