/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys from passwords: the derivations that certificate files use, each of which can be cancelled. */
#include "config.h"

#include "till-kdf.h"

#include <nettle/hmac.h>
#include <nettle/md5.h>
#include <nettle/sha2.h>
#include <nettle/memxor.h>
#include <string.h>

/* After so many rounds the worker asks whether it is still wanted: a few milliseconds. */
#define CHECK_ROUNDS 16384

#define CONTEXT_BYTES 512
#define BLOCK_BYTES 144

/* Room for the state of any hash of nettle. */
typedef union
{
  guint64 align;
  guint8  bytes[CONTEXT_BYTES];
} HashState;

typedef struct
{
  const struct nettle_hash *hash;
  HashState                 outer;
  HashState                 inner;
  HashState                 state;
} Hmac;

static void
hmac_init (Hmac                     *self,
           const struct nettle_hash *hash,
           const guint8             *key,
           gsize                     size)
{
  g_assert (hash->context_size <= CONTEXT_BYTES);
  g_assert (hash->digest_size <= TILL_KDF_DIGEST_BYTES);

  self->hash = hash;
  hmac_set_key (&self->outer, &self->inner, &self->state, hash, size, key);
}

static void
hmac_add (Hmac         *self,
          const guint8 *data,
          gsize         size)
{
  if (size > 0)
    hmac_update (&self->state, self->hash, size, data);
}

static void
hmac_end (Hmac   *self,
          guint8 *digest)
{
  hmac_digest (&self->outer, &self->inner, &self->state, self->hash, self->hash->digest_size, digest);
}

/*
 * SHA-256 of what a derivation hashes over and over, one digest, is one block
 * with always the same padding. Handing nettle that block instead of the digest
 * saves it from building the block anew each round, which takes as long as
 * hashing it where the processor knows SHA-256.
 */

/* Bits before the digest: none, or the key of HMAC. */
static void
sha256_block_init (guint8 block[SHA256_BLOCK_SIZE],
                   guint  bytes_before)
{
  guint bits = 8 * (bytes_before + SHA256_DIGEST_SIZE);

  memset (block, 0, SHA256_BLOCK_SIZE);
  block[SHA256_DIGEST_SIZE] = 0x80;
  block[SHA256_BLOCK_SIZE - 2] = (guint8) (bits >> 8);
  block[SHA256_BLOCK_SIZE - 1] = (guint8) bits;
}

/* Hashes the digest in @block from the state @from on, and puts the result in its place. */
static inline void
sha256_block_hash (struct sha256_ctx *work,
                   const guint32      from[_SHA256_DIGEST_LENGTH],
                   guint8             block[SHA256_BLOCK_SIZE])
{
  memcpy (work->state, from, sizeof work->state);
  work->index = 0;
  sha256_update (work, SHA256_BLOCK_SIZE, block);

  for (guint i = 0; i < _SHA256_DIGEST_LENGTH; i++)
    {
      guint32 word = GUINT32_TO_BE (work->state[i]);

      memcpy (block + 4 * i, &word, sizeof word);
    }
}

/* The rounds of PBKDF2 behind the first one. @u: the result of that. */
static gboolean
derive_block_sha256 (const Hmac        *hmac,
                     const guint8      *u,
                     guint64            iterations,
                     guint8            *block,
                     const TillCancel  *cancel,
                     GError           **error)
{
  const struct sha256_ctx *inner = (const struct sha256_ctx *) &hmac->inner;
  const struct sha256_ctx *outer = (const struct sha256_ctx *) &hmac->outer;
  guint8 message[SHA256_BLOCK_SIZE];
  struct sha256_ctx work;
  gboolean good = TRUE;

  sha256_init (&work);
  sha256_block_init (message, SHA256_BLOCK_SIZE);
  memcpy (message, u, SHA256_DIGEST_SIZE);

  for (guint64 i = 1; i < iterations; i++)
    {
      if (i % CHECK_ROUNDS == 0 && !(good = till_cancel_check (cancel, error)))
        break;
      sha256_block_hash (&work, inner->state, message);
      sha256_block_hash (&work, outer->state, message);
      memxor (block, message, SHA256_DIGEST_SIZE);
    }

  till_wipe (message, sizeof message);
  till_wipe (&work, sizeof work);
  return good;
}

/* One block of PBKDF2 (RFC 8018 5.2, F). */
static gboolean
derive_block (Hmac              *hmac,
              const TillDer     *salt,
              guint32            number,
              guint64            iterations,
              guint8            *block,
              const TillCancel  *cancel,
              GError           **error)
{
  guint8 u[TILL_KDF_DIGEST_BYTES];
  guint32 big_endian = GUINT32_TO_BE (number);
  gsize size = hmac->hash->digest_size;
  gboolean good = TRUE;

  hmac_add (hmac, salt->data, till_der_left (salt));
  hmac_add (hmac, (const guint8 *) &big_endian, sizeof big_endian);
  hmac_end (hmac, u);
  memcpy (block, u, size);

  if (hmac->hash == &nettle_sha256)
    {
      good = derive_block_sha256 (hmac, u, iterations, block, cancel, error);
      iterations = 0;
    }

  for (guint64 i = 1; i < iterations; i++)
    {
      if (i % CHECK_ROUNDS == 0 && !(good = till_cancel_check (cancel, error)))
        break;
      hmac_add (hmac, u, size);
      hmac_end (hmac, u);
      memxor (block, u, size);
    }

  till_wipe (u, sizeof u);
  return good;
}

/**
 * till_kdf_pbkdf2:
 * @hash: of the HMAC
 * @password: its bytes
 * @salt: salt
 * @iterations: rounds, at least 1; the caller has bounded them
 * @out: (out caller-allocates): gets the key; its size says how much
 * @cancel: (nullable): asked every few milliseconds
 * @error: return location
 *
 * PBKDF2 with HMAC (RFC 8018 5.2).
 *
 * Returns: %FALSE when cancelled
 */
gboolean
till_kdf_pbkdf2 (const struct nettle_hash  *hash,
                 const TillSecret          *password,
                 const TillDer             *salt,
                 guint64                    iterations,
                 TillSecret                *out,
                 const TillCancel          *cancel,
                 GError                   **error)
{
  guint8 block[TILL_KDF_DIGEST_BYTES];
  guint8 *at = till_secret_get_buffer (out);
  gsize left = till_secret_get_size (out);
  gboolean good = till_cancel_check (cancel, error);
  Hmac hmac;

  hmac_init (&hmac, hash, till_secret_get_data (password), till_secret_get_size (password));

  for (guint32 number = 1; good && left > 0; number++)
    {
      gsize n = MIN (left, hash->digest_size);

      good = derive_block (&hmac, salt, number, iterations, block, cancel, error);
      memcpy (at, block, n);
      at += n;
      left -= n;
    }

  till_wipe (block, sizeof block);
  till_wipe (&hmac, sizeof hmac);
  return good;
}

/* Hashes a digest over and over. */
static gboolean
hash_again (const struct nettle_hash  *hash,
            HashState                 *state,
            guint8                    *digest,
            guint64                    iterations,
            const TillCancel          *cancel,
            GError                   **error)
{
  guint8 message[SHA256_BLOCK_SIZE];
  struct sha256_ctx start;
  struct sha256_ctx work;
  gboolean good = TRUE;

  if (hash != &nettle_sha256)
    {
      for (guint64 i = 1; good && i < iterations; i++)
        {
          if (i % CHECK_ROUNDS == 0)
            good = till_cancel_check (cancel, error);
          hash->update (state, hash->digest_size, digest);
          hash->digest (state, hash->digest_size, digest);
        }
      return good;
    }

  sha256_init (&start);
  sha256_init (&work);
  sha256_block_init (message, 0);
  memcpy (message, digest, SHA256_DIGEST_SIZE);
  for (guint64 i = 1; good && i < iterations; i++)
    {
      if (i % CHECK_ROUNDS == 0)
        good = till_cancel_check (cancel, error);
      sha256_block_hash (&work, start.state, message);
    }
  memcpy (digest, message, SHA256_DIGEST_SIZE);

  till_wipe (message, sizeof message);
  till_wipe (&work, sizeof work);
  return good;
}

/**
 * till_kdf_pbkdf1:
 * @hash: hash
 * @password: its bytes
 * @salt: salt
 * @iterations: rounds, at least 1; the caller has bounded them
 * @out: (out caller-allocates): gets the key; not larger than a digest
 * @cancel: (nullable): asked every few milliseconds
 * @error: return location
 *
 * PBKDF1 (RFC 8018 5.1).
 *
 * Returns: %FALSE when cancelled
 */
gboolean
till_kdf_pbkdf1 (const struct nettle_hash  *hash,
                 const TillSecret          *password,
                 const TillDer             *salt,
                 guint64                    iterations,
                 TillSecret                *out,
                 const TillCancel          *cancel,
                 GError                   **error)
{
  guint8 digest[TILL_KDF_DIGEST_BYTES];
  gboolean good = till_cancel_check (cancel, error);
  HashState state;

  g_assert (hash->context_size <= CONTEXT_BYTES && hash->digest_size <= sizeof digest);
  g_return_val_if_fail (till_secret_get_size (out) <= hash->digest_size, FALSE);

  hash->init (&state);
  hash->update (&state, till_secret_get_size (password), till_secret_get_data (password));
  hash->update (&state, till_der_left (salt), salt->data);
  hash->digest (&state, hash->digest_size, digest);
  good = good && hash_again (hash, &state, digest, iterations, cancel, error);

  memcpy (till_secret_get_buffer (out), digest, till_secret_get_size (out));
  till_wipe (digest, sizeof digest);
  till_wipe (&state, sizeof state);
  return good;
}

/* Fills @to with copies of @from one behind the other, the last one cut. */
static void
repeat (guint8       *to,
        gsize         to_size,
        const guint8 *from,
        gsize         from_size)
{
  for (gsize i = 0; i < to_size; i++)
    to[i] = from[i % from_size];
}

/* RFC 7292 appendix B.2, steps 2 to 6. */
static gboolean
derive_pkcs12 (const struct nettle_hash  *hash,
               TillKdfPurpose             purpose,
               TillSecret                *mixed,
               guint64                    iterations,
               TillSecret                *out,
               const TillCancel          *cancel,
               GError                   **error)
{
  guint8 diversifier[BLOCK_BYTES];
  guint8 digest[TILL_KDF_DIGEST_BYTES];
  guint8 b[BLOCK_BYTES];
  HashState state;
  gsize u = hash->digest_size;
  gsize v = hash->block_size;
  guint8 *i_data = till_secret_get_buffer (mixed);
  gsize i_size = till_secret_get_size (mixed);
  guint8 *at = till_secret_get_buffer (out);
  gsize left = till_secret_get_size (out);
  gboolean good = TRUE;

  memset (diversifier, (int) purpose, v);
  hash->init (&state);

  for (;;)
    {
      gsize n = MIN (left, u);

      hash->update (&state, v, diversifier);
      if (i_size > 0)
        hash->update (&state, i_size, i_data);
      hash->digest (&state, u, digest);
      good = hash_again (hash, &state, digest, iterations, cancel, error);

      memcpy (at, digest, n);
      at += n;
      left -= n;
      if (!good || left == 0)
        break;

      /* I_j = (I_j + B + 1) mod 2^(8 v) for each block of I. */
      repeat (b, v, digest, u);
      for (gsize j = 0; j + v <= i_size; j += v)
        {
          guint carry = 1;

          for (gsize k = v; k-- > 0;)
            {
              carry += (guint) i_data[j + k] + b[k];
              i_data[j + k] = (guint8) carry;
              carry >>= 8;
            }
        }
    }

  till_wipe (digest, sizeof digest);
  till_wipe (b, sizeof b);
  till_wipe (&state, sizeof state);
  return good;
}

/**
 * till_kdf_pkcs12:
 * @hash: hash
 * @purpose: what the key is for
 * @bmp: password as BMPString with its zeros; of no bytes for an absent one
 * @salt: salt
 * @iterations: rounds, at least 1; the caller has bounded them
 * @out: (out caller-allocates): gets the key; its size says how much
 * @cancel: (nullable): asked every few milliseconds
 * @error: return location
 *
 * The derivation of PKCS #12 (RFC 7292 appendix B.2).
 *
 * Returns: %FALSE when cancelled
 */
gboolean
till_kdf_pkcs12 (const struct nettle_hash  *hash,
                 TillKdfPurpose             purpose,
                 const TillSecret          *bmp,
                 const TillDer             *salt,
                 guint64                    iterations,
                 TillSecret                *out,
                 const TillCancel          *cancel,
                 GError                   **error)
{
  gsize v = hash->block_size;
  gsize salt_size = (till_der_left (salt) + v - 1) / v * v;
  gsize password_size = (till_secret_get_size (bmp) + v - 1) / v * v;
  TillSecret *mixed;
  gboolean good;

  g_assert (hash->context_size <= CONTEXT_BYTES && v <= BLOCK_BYTES);
  g_assert (hash->digest_size <= TILL_KDF_DIGEST_BYTES);

  if (!till_cancel_check (cancel, error))
    return FALSE;

  mixed = till_secret_new (salt_size + password_size);
  repeat (till_secret_get_buffer (mixed), salt_size, salt->data, till_der_left (salt));
  repeat (till_secret_get_buffer (mixed) + salt_size, password_size,
          till_secret_get_data (bmp), till_secret_get_size (bmp));
  good = derive_pkcs12 (hash, purpose, mixed, iterations, out, cancel, error);
  till_secret_unref (mixed);

  return good;
}

/**
 * till_kdf_pem:
 * @password: its bytes
 * @salt: the first eight bytes of the IV in DEK-Info
 * @out: (out caller-allocates): gets the key; its size says how much
 *
 * What OpenSSL does for "Proc-Type: 4,ENCRYPTED": one round of MD5 over what
 * came before, password and salt, as often as it takes (EVP_BytesToKey).
 */
void
till_kdf_pem (const TillSecret *password,
              const guint8      salt[8],
              TillSecret       *out)
{
  guint8 digest[MD5_DIGEST_SIZE];
  guint8 *at = till_secret_get_buffer (out);
  gsize left = till_secret_get_size (out);
  struct md5_ctx md5;

  md5_init (&md5);
  while (left > 0)
    {
      gsize n = MIN (left, sizeof digest);

      md5_update (&md5, till_secret_get_size (password), till_secret_get_data (password));
      md5_update (&md5, 8, salt);
      md5_digest (&md5, sizeof digest, digest);
      memcpy (at, digest, n);
      at += n;
      left -= n;

      /* The state is fresh again; the next round begins with this digest. */
      md5_update (&md5, sizeof digest, digest);
    }

  till_wipe (digest, sizeof digest);
  till_wipe (&md5, sizeof md5);
}

/**
 * till_kdf_hmac:
 * @hash: hash
 * @key: key
 * @data: what to authenticate
 * @digest: (out caller-allocates): room for %TILL_KDF_DIGEST_BYTES
 *
 * HMAC (RFC 2104).
 */
void
till_kdf_hmac (const struct nettle_hash *hash,
               const TillSecret         *key,
               const TillDer            *data,
               guint8                   *digest)
{
  Hmac hmac;

  hmac_init (&hmac, hash, till_secret_get_data (key), till_secret_get_size (key));
  hmac_add (&hmac, data->data, till_der_left (data));
  hmac_end (&hmac, digest);
  till_wipe (&hmac, sizeof hmac);
}

static guint32
rotate (guint32 value,
        guint   by)
{
  return value << by | value >> (32 - by);
}

/* The Salsa20/8 core (RFC 7914 3) on words in the machine's order. */
static void
salsa20_8 (guint32 b[16])
{
  /* Four quarter rounds over columns, then four over rows. */
  static const guint8 quarters[8][4] = {
    { 0, 4, 8, 12 }, { 5, 9, 13, 1 }, { 10, 14, 2, 6 }, { 15, 3, 7, 11 },
    { 0, 1, 2, 3 }, { 5, 6, 7, 4 }, { 10, 11, 8, 9 }, { 15, 12, 13, 14 },
  };
  guint32 x[16];

  memcpy (x, b, sizeof x);
  for (guint round = 0; round < 4; round++)
    {
      for (guint q = 0; q < G_N_ELEMENTS (quarters); q++)
        {
          const guint8 *i = quarters[q];

          x[i[1]] ^= rotate (x[i[0]] + x[i[3]], 7);
          x[i[2]] ^= rotate (x[i[1]] + x[i[0]], 9);
          x[i[3]] ^= rotate (x[i[2]] + x[i[1]], 13);
          x[i[0]] ^= rotate (x[i[3]] + x[i[2]], 18);
        }
    }

  for (guint i = 0; i < 16; i++)
    b[i] += x[i];
}

/* scryptBlockMix (RFC 7914 4): from @in to @out, both of 2 * @r blocks. */
static void
block_mix (const guint32 *in,
           guint32       *out,
           gsize          r)
{
  guint32 x[16];

  memcpy (x, in + (2 * r - 1) * 16, sizeof x);
  for (gsize i = 0; i < 2 * r; i++)
    {
      for (guint j = 0; j < 16; j++)
        x[j] ^= in[i * 16 + j];
      salsa20_8 (x);
      memcpy (out + (i / 2 + (i & 1) * r) * 16, x, sizeof x);
    }
}

/* scryptROMix (RFC 7914 5). @v: room for @cost blocks; @b, @t: one block each. */
static gboolean
rom_mix (guint32           *b,
         guint32           *t,
         guint32           *v,
         gsize              cost,
         gsize              r,
         const TillCancel  *cancel,
         GError           **error)
{
  gsize words = 32 * r;

  for (gsize i = 0; i < 32 * r; i++)
    b[i] = GUINT32_FROM_LE (b[i]);

  for (gsize i = 0; i < cost; i++)
    {
      if (i % 1024 == 0 && !till_cancel_check (cancel, error))
        return FALSE;
      memcpy (v + i * words, b, words * 4);
      block_mix (b, t, r);
      memcpy (b, t, words * 4);
    }

  for (gsize i = 0; i < cost; i++)
    {
      /* The cost is a power of two below 2^32, so the low word is enough. */
      const guint32 *chosen = v + (b[(2 * r - 1) * 16] & (cost - 1)) * words;

      if (i % 1024 == 0 && !till_cancel_check (cancel, error))
        return FALSE;
      for (gsize j = 0; j < words; j++)
        b[j] ^= chosen[j];
      block_mix (b, t, r);
      memcpy (b, t, words * 4);
    }

  for (gsize i = 0; i < 32 * r; i++)
    b[i] = GUINT32_TO_LE (b[i]);

  return TRUE;
}

/**
 * till_kdf_scrypt_memory:
 * @cost: N
 * @block_size: r
 * @parallel: p
 *
 * Returns: how many bytes till_kdf_scrypt() would take, G_MAXSIZE where that is
 *   beyond counting, 0 where RFC 7914 2 forbids these numbers
 */
gsize
till_kdf_scrypt_memory (guint64 cost,
                        guint64 block_size,
                        guint64 parallel)
{
  if (cost < 2 || (cost & (cost - 1)) != 0 || block_size == 0 || parallel == 0)
    return 0;
  if (cost > 1u << 31 || block_size > 1u << 20 || parallel > 1u << 20)
    return G_MAXSIZE;

  /* At most 2^7 * 2^20 * (2^31 + 2^20 + 1): no overflow. */
  return (gsize) (128 * block_size * (cost + parallel + 1));
}

/**
 * till_kdf_scrypt:
 * @password: its bytes
 * @salt: salt
 * @cost: N
 * @block_size: r
 * @parallel: p; the caller has bounded the three, see till_kdf_scrypt_memory()
 * @out: (out caller-allocates): gets the key; its size says how much
 * @cancel: (nullable): asked every few milliseconds
 * @error: return location
 *
 * scrypt (RFC 7914 6).
 *
 * Returns: %FALSE when cancelled, or where there is not so much memory
 */
gboolean
till_kdf_scrypt (const TillSecret  *password,
                 const TillDer     *salt,
                 guint64            cost,
                 guint64            block_size,
                 guint64            parallel,
                 TillSecret        *out,
                 const TillCancel  *cancel,
                 GError           **error)
{
  gsize block = (gsize) (128 * block_size);
  gsize memory = block * (gsize) (cost + 1);
  g_autoptr(TillSecret) b = till_secret_new (block * (gsize) parallel);
  gboolean good;
  guint32 *v;
  TillDer mixed;

  /* Far too large to be locked in memory, and no password can be read from it
   * without doing all the work again. It is wiped all the same. */
  v = g_try_malloc (memory);
  if (v == NULL)
    {
      till_set_error (error, TILL_ERROR_NEWER_PROTECTION, TILL_REASON_TOO_MANY, "scrypt", NULL,
                      "the protection with scrypt needs %" G_GSIZE_FORMAT " bytes of memory, which is too much here",
                      memory);
      return FALSE;
    }

  good = till_kdf_pbkdf2 (&nettle_sha256, password, salt, 1, b, cancel, error);
  for (guint64 i = 0; good && i < parallel; i++)
    {
      guint32 *at = (guint32 *) (gpointer) (till_secret_get_buffer (b) + i * block);

      good = rom_mix (at, v + cost * block_size * 32, v, (gsize) cost, (gsize) block_size, cancel, error);
    }

  till_wipe (v, memory);
  g_free (v);

  till_der_init (&mixed, till_secret_get_data (b), till_secret_get_size (b));
  return good && till_kdf_pbkdf2 (&nettle_sha256, password, &mixed, 1, out, cancel, error);
}
