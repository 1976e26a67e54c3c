/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ciphers that certificate files are encrypted with, over nettle; only ever to decrypt. */
#pragma once

#include <glib.h>

#include "till-der.h"
#include "till-secret.h"

G_BEGIN_DECLS

#define TILL_CIPHER_IV_BYTES 16

typedef enum
{
  TILL_CIPHER_NONE,
  TILL_CIPHER_AES_CBC,
  TILL_CIPHER_CAMELLIA_CBC,
  TILL_CIPHER_3DES_CBC,
  TILL_CIPHER_DES_CBC,
  TILL_CIPHER_RC2_CBC,
  TILL_CIPHER_RC4,
} TillCipherKind;

/**
 * TillCipher:
 * @kind: which
 * @key_size: bytes of the key; 16 with 3DES is the two-key form
 * @effective_bits: of RC2 (RFC 2268 2)
 * @weak: is not to be relied on any more
 *
 * A cipher with its key size.
 */
typedef struct
{
  TillCipherKind  kind;
  gsize           key_size;
  guint           effective_bits;
  gboolean        weak;
} TillCipher;

gsize       till_cipher_get_block_size (const TillCipher *self);
const char *till_cipher_get_name       (const TillCipher *self);
TillSecret *till_cipher_decrypt        (const TillCipher *self,
                                        const TillSecret *key,
                                        const guint8      iv[TILL_CIPHER_IV_BYTES],
                                        const TillDer    *input) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
