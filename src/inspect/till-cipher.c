/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ciphers that certificate files are encrypted with, over nettle; only ever to decrypt. */
#include "config.h"

#include "till-cipher.h"

#include <nettle/aes.h>
#include <nettle/arcfour.h>
#include <nettle/arctwo.h>
#include <nettle/camellia.h>
#include <nettle/cbc.h>
#include <nettle/des.h>
#include <string.h>

/* The schedule of any of the ciphers. */
typedef union
{
  struct aes128_ctx      aes128;
  struct aes192_ctx      aes192;
  struct aes256_ctx      aes256;
  struct camellia128_ctx camellia128;
  struct camellia256_ctx camellia256;
  struct des3_ctx        des3;
  struct des_ctx         des;
  struct arctwo_ctx      arctwo;
  struct arcfour_ctx     arcfour;
} Schedule;

/**
 * till_cipher_get_block_size:
 * @self: a cipher
 *
 * Returns: bytes in a block, 1 for a stream cipher
 */
gsize
till_cipher_get_block_size (const TillCipher *self)
{
  switch (self->kind)
    {
    case TILL_CIPHER_AES_CBC:
    case TILL_CIPHER_CAMELLIA_CBC:
      return 16;

    case TILL_CIPHER_3DES_CBC:
    case TILL_CIPHER_DES_CBC:
    case TILL_CIPHER_RC2_CBC:
      return 8;

    case TILL_CIPHER_RC4:
    case TILL_CIPHER_NONE:
    default:
      return 1;
    }
}

/**
 * till_cipher_get_name:
 * @self: a cipher
 *
 * Returns: (transfer none): its name, such as "AES-256-CBC"
 */
const char *
till_cipher_get_name (const TillCipher *self)
{
  switch (self->kind)
    {
    case TILL_CIPHER_AES_CBC:
      return self->key_size == 16 ? "AES-128-CBC" : self->key_size == 24 ? "AES-192-CBC" : "AES-256-CBC";

    case TILL_CIPHER_CAMELLIA_CBC:
      return self->key_size == 16 ? "Camellia-128-CBC"
                                  : self->key_size == 24 ? "Camellia-192-CBC" : "Camellia-256-CBC";

    case TILL_CIPHER_3DES_CBC:
      return self->key_size == 16 ? "2-key 3DES-CBC" : "3DES-CBC";

    case TILL_CIPHER_DES_CBC:
      return "DES-CBC";

    case TILL_CIPHER_RC2_CBC:
      return self->effective_bits == 40 ? "RC2-40-CBC"
                                        : self->effective_bits == 64 ? "RC2-64-CBC"
                                        : self->effective_bits == 128 ? "RC2-128-CBC" : "RC2-CBC";

    case TILL_CIPHER_RC4:
      return self->key_size == 5 ? "RC4-40" : "RC4-128";

    case TILL_CIPHER_NONE:
    default:
      return "none";
    }
}

/* Expands the key for decrypting.
 *
 * Returns: the function that decrypts blocks; %NULL for a stream cipher */
static nettle_cipher_func *
set_key (const TillCipher *self,
         const guint8     *key,
         Schedule         *schedule)
{
  switch (self->kind)
    {
    case TILL_CIPHER_AES_CBC:
      if (self->key_size == AES128_KEY_SIZE)
        {
          aes128_set_decrypt_key (&schedule->aes128, key);
          return (nettle_cipher_func *) aes128_decrypt;
        }
      if (self->key_size == AES192_KEY_SIZE)
        {
          aes192_set_decrypt_key (&schedule->aes192, key);
          return (nettle_cipher_func *) aes192_decrypt;
        }
      aes256_set_decrypt_key (&schedule->aes256, key);
      return (nettle_cipher_func *) aes256_decrypt;

    case TILL_CIPHER_CAMELLIA_CBC:
      if (self->key_size == CAMELLIA128_KEY_SIZE)
        {
          camellia128_set_decrypt_key (&schedule->camellia128, key);
          return (nettle_cipher_func *) camellia128_crypt;
        }
      if (self->key_size == CAMELLIA192_KEY_SIZE)
        camellia192_set_decrypt_key (&schedule->camellia256, key);
      else
        camellia256_set_decrypt_key (&schedule->camellia256, key);
      return (nettle_cipher_func *) camellia256_crypt;

    case TILL_CIPHER_3DES_CBC:
      {
        guint8 three[DES3_KEY_SIZE];

        memcpy (three, key, 16);
        memcpy (three + 16, self->key_size == 16 ? key : key + 16, 8);
        /* Weak keys are reported and set all the same; the file decides. */
        (void) des3_set_key (&schedule->des3, three);
        till_wipe (three, sizeof three);
        return (nettle_cipher_func *) des3_decrypt;
      }

    case TILL_CIPHER_DES_CBC:
      (void) des_set_key (&schedule->des, key);
      return (nettle_cipher_func *) des_decrypt;

    case TILL_CIPHER_RC2_CBC:
      arctwo_set_key_ekb (&schedule->arctwo, self->key_size, key, self->effective_bits);
      return (nettle_cipher_func *) arctwo_decrypt;

    case TILL_CIPHER_RC4:
      arcfour_set_key (&schedule->arcfour, self->key_size, key);
      return NULL;

    case TILL_CIPHER_NONE:
    default:
      g_return_val_if_reached (NULL);
    }
}

/* How many bytes of padding close the text (RFC 8018 6.1.1); 0 for a wrong padding. */
static gsize
get_padding (const guint8 *data,
             gsize         size,
             gsize         block_size)
{
  gsize padding = data[size - 1];
  guint8 wrong = 0;

  if (padding == 0 || padding > block_size || padding > size)
    return 0;
  for (gsize i = size - padding; i < size; i++)
    wrong |= data[i] ^ (guint8) padding;

  return wrong == 0 ? padding : 0;
}

/**
 * till_cipher_decrypt:
 * @self: a cipher
 * @key: of its key size
 * @iv: initial vector; of an 8-byte block the first 8 bytes
 * @input: what is encrypted
 *
 * Decrypts and takes the padding off.
 *
 * Returns: (transfer full) (nullable): the plain text, %NULL where length or
 *   padding are wrong, which with the wrong key nearly always is so
 */
TillSecret *
till_cipher_decrypt (const TillCipher *self,
                     const TillSecret *key,
                     const guint8      iv[TILL_CIPHER_IV_BYTES],
                     const TillDer    *input)
{
  gsize block_size = till_cipher_get_block_size (self);
  gsize size = till_der_left (input);
  g_autoptr(TillSecret) plain = NULL;
  guint8 vector[TILL_CIPHER_IV_BYTES];
  nettle_cipher_func *decrypt;
  Schedule schedule;
  gsize padding;

  g_return_val_if_fail (till_secret_get_size (key) == self->key_size, NULL);

  if (size == 0 || size % block_size != 0)
    return NULL;

  plain = till_secret_new (size);
  decrypt = set_key (self, till_secret_get_data (key), &schedule);
  memcpy (vector, iv, sizeof vector);

  if (decrypt != NULL)
    cbc_decrypt (&schedule, decrypt, block_size, vector, size, till_secret_get_buffer (plain), input->data);
  else
    arcfour_crypt (&schedule.arcfour, size, till_secret_get_buffer (plain), input->data);

  till_wipe (&schedule, sizeof schedule);

  if (block_size == 1)
    return g_steal_pointer (&plain);

  padding = get_padding (till_secret_get_data (plain), size, block_size);
  if (padding == 0)
    return NULL;

  till_secret_shrink (plain, size - padding);
  return g_steal_pointer (&plain);
}
