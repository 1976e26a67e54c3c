/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encryption under a password: PBES2, PBES1 (RFC 8018), PKCS #12 (RFC 7292 C) and old PEM. */
#include "config.h"

#include "till-pbe.h"

#include <string.h>

#include "till-error.h"
#include "till-limits.h"
#include "till-pbe-oid.h"

#define OID_PBES2 "1.2.840.113549.1.5.13"
#define OID_PBKDF2 "1.2.840.113549.1.5.12"
#define OID_SCRYPT "1.3.6.1.4.1.11591.4.11"

/* scrypt takes time with N * r * p as well as memory with N * r. Counted as rounds,
 * the most that is taken of both is the same. */
#define SCRYPT_MAX_WORK (G_GUINT64_CONSTANT (1) << 24)
#define SCRYPT_ROUNDS(work) ((work) / 8 * 5)
G_STATIC_ASSERT (SCRYPT_ROUNDS (SCRYPT_MAX_WORK) == TILL_LIMIT_KDF_ITERATIONS);

static gboolean
set_damaged (GError     **error,
             const char  *where)
{
  till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, where, NULL,
                  "the file is damaged: its %s can't be read", where);
  return FALSE;
}

/**
 * till_pbe_check_iterations:
 * @iterations: rounds that a file asks for
 * @limit: how many are taken
 * @error: return location
 *
 * Refuses protections that are no protection but a way to keep a computer busy
 * (RELIABILITY.md G9 and 5.1, row 13).
 *
 * Returns: whether @iterations is within 1 and @limit
 */
gboolean
till_pbe_check_iterations (guint64   iterations,
                           guint64   limit,
                           GError  **error)
{
  if (iterations == 0)
    return set_damaged (error, "number of rounds");

  if (iterations > limit)
    {
      const gint64 numbers[2] = { (gint64) MIN (iterations, (guint64) G_MAXINT64), (gint64) limit };

      till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_TOO_MANY_ITERATIONS, NULL, numbers,
                      "the file asks for too many rounds to check a password: %" G_GUINT64_FORMAT
                      ", the limit is %" G_GUINT64_FORMAT "; refused",
                      iterations, limit);
      return FALSE;
    }

  return TRUE;
}

/* A number of rounds. One that is below zero or does not fit is refused too. */
static gboolean
read_iterations (TillDer  *der,
                 guint64  *iterations,
                 guint64   limit,
                 GError  **error)
{
  TillDer cursor = *der;
  TillDerElement element;

  if (!till_der_read_uint (der, iterations))
    {
      if (!till_der_read_tag (&cursor, TILL_DER_INTEGER, &element) ||
          element.content.data == element.content.end || (*element.content.data & 0x80))
        return set_damaged (error, "number of rounds");
      *iterations = G_MAXUINT64;
    }

  return till_pbe_check_iterations (*iterations, limit, error);
}

/* AlgorithmIdentifier of a hash (RFC 8017 A.2.4) or an HMAC (RFC 8018 B.1). */
static const struct nettle_hash *
read_hash (TillDer              *algorithm,
           const TillPbeHash  *(*find) (const TillDerElement *),
           const char          **name,
           GError              **error)
{
  TillDerElement sequence;
  TillDerElement oid;
  const TillPbeHash *found;

  if (!till_der_read_tag (algorithm, TILL_DER_SEQUENCE, &sequence) ||
      !till_der_read_tag (&sequence.content, TILL_DER_OID, &oid))
    {
      set_damaged (error, "hash");
      return NULL;
    }

  found = find (&oid);
  if (found == NULL)
    {
      till_pbe_set_refused (&oid, error);
      return NULL;
    }

  if (name != NULL)
    *name = found->name;
  return found->hash;
}

/**
 * till_pbe_read_digest:
 * @algorithm: a cursor in front of an AlgorithmIdentifier
 * @name: (out) (optional): name, such as "SHA256"
 * @error: return location
 *
 * Returns: (transfer none) (nullable): the hash
 */
const struct nettle_hash *
till_pbe_read_digest (TillDer     *algorithm,
                      const char **name,
                      GError     **error)
{
  return read_hash (algorithm, till_pbe_find_digest, name, error);
}

/**
 * till_pbe_read_hmac:
 * @algorithm: a cursor in front of an AlgorithmIdentifier
 * @name: (out) (optional): name of the hash, such as "SHA256"
 * @error: return location
 *
 * Returns: (transfer none) (nullable): the hash of the HMAC
 */
const struct nettle_hash *
till_pbe_read_hmac (TillDer     *algorithm,
                    const char **name,
                    GError     **error)
{
  return read_hash (algorithm, till_pbe_find_hmac, name, error);
}

/**
 * till_pbe_read_pbkdf2:
 * @self: (inout): gets hash, salt and rounds
 * @parameters: a cursor in front of PBKDF2-params (RFC 8018 A.2)
 * @key_size: (out): keyLength, 0 where it is left out
 * @max_iterations: how many rounds are taken
 * @error: return location
 *
 * Returns: whether they could be read and are within the bounds
 */
gboolean
till_pbe_read_pbkdf2 (TillPbe  *self,
                      TillDer   parameters,
                      guint64  *key_size,
                      guint64   max_iterations,
                      GError  **error)
{
  TillDerElement sequence;
  TillDerElement salt;
  guint8 tag;

  self->scheme = TILL_PBE_PBKDF2;
  self->hash = &nettle_sha1;
  *key_size = 0;

  if (!till_der_read_tag (&parameters, TILL_DER_SEQUENCE, &sequence) ||
      !till_der_read_tag (&sequence.content, TILL_DER_OCTET_STRING, &salt))
    return set_damaged (error, "key derivation");
  self->salt = salt.content;

  if (!read_iterations (&sequence.content, &self->iterations, max_iterations, error))
    return FALSE;

  if (till_der_peek_tag (&sequence.content, &tag) && tag == TILL_DER_INTEGER &&
      (!till_der_read_uint (&sequence.content, key_size) || *key_size == 0))
    return set_damaged (error, "key derivation");

  if (till_der_left (&sequence.content) > 0)
    {
      self->hash = till_pbe_read_hmac (&sequence.content, NULL, error);
      if (self->hash == NULL)
        return FALSE;
    }

  return TRUE;
}

/* scrypt-params (RFC 7914 7.1). */
static gboolean
read_scrypt (TillPbe  *self,
             TillDer   parameters,
             guint64  *key_size,
             guint64   max_iterations,
             GError  **error)
{
  TillDerElement sequence;
  TillDerElement salt;
  guint64 work;
  gsize memory;

  self->scheme = TILL_PBE_SCRYPT;
  *key_size = 0;

  if (!till_der_read_tag (&parameters, TILL_DER_SEQUENCE, &sequence) ||
      !till_der_read_tag (&sequence.content, TILL_DER_OCTET_STRING, &salt) ||
      !till_der_read_uint (&sequence.content, &self->cost) ||
      !till_der_read_uint (&sequence.content, &self->block_size) ||
      !till_der_read_uint (&sequence.content, &self->parallel) ||
      (till_der_left (&sequence.content) > 0 &&
       (!till_der_read_uint (&sequence.content, key_size) || *key_size == 0)))
    return set_damaged (error, "key derivation with scrypt");
  self->salt = salt.content;

  memory = till_kdf_scrypt_memory (self->cost, self->block_size, self->parallel);
  if (memory == 0)
    return set_damaged (error, "key derivation with scrypt");

  /* Where the memory is within its bound the product can't overflow. */
  work = memory <= TILL_LIMIT_SCRYPT_BYTES ? self->cost * self->block_size * self->parallel : 0;
  if (memory > TILL_LIMIT_SCRYPT_BYTES || SCRYPT_ROUNDS (work) > max_iterations)
    {
      const gint64 numbers[2] = { memory < G_MAXSSIZE ? (gint64) memory : G_MAXINT64, TILL_LIMIT_SCRYPT_BYTES };

      till_set_error (error, TILL_ERROR_NEWER_PROTECTION, TILL_REASON_TOO_MANY, "scrypt", numbers,
                      "the protection with scrypt asks for too much memory or time; refused");
      return FALSE;
    }

  self->iterations = MAX (SCRYPT_ROUNDS (work), 1);
  return TRUE;
}

/* RC2-CBC-Parameter (RFC 8018 B.2.3): the version stands for the effective bits. */
static gboolean
read_rc2 (TillPbe  *self,
          TillDer  *parameters,
          guint64   key_size,
          GError  **error)
{
  TillDerElement sequence;
  guint64 version;
  guint bits = 32;

  if (till_der_read_tag (parameters, TILL_DER_SEQUENCE, &sequence))
    {
      *parameters = sequence.content;
      if (till_der_read_uint (parameters, &version))
        {
          if (version == 160)
            bits = 40;
          else if (version == 120)
            bits = 64;
          else if (version == 58)
            bits = 128;
          else if (version >= 256 && version <= 1024)
            bits = (guint) version;
          else
            return set_damaged (error, "encryption with RC2");
        }
    }

  self->cipher.effective_bits = bits;
  self->cipher.key_size = key_size != 0 ? key_size : (bits + 7) / 8;
  if (self->cipher.key_size > 128)
    return set_damaged (error, "encryption with RC2");

  return TRUE;
}

/* The encryptionScheme of PBES2 (RFC 8018 B.2). */
static gboolean
read_cipher (TillPbe  *self,
             TillDer  *algorithm,
             guint64   key_size,
             GError  **error)
{
  TillDerElement sequence;
  TillDerElement oid;
  TillDerElement iv;
  TillDer parameters;
  const TillPbeCipher *found;
  gsize block_size;

  if (!till_der_read_tag (algorithm, TILL_DER_SEQUENCE, &sequence) ||
      !till_der_read_tag (&sequence.content, TILL_DER_OID, &oid))
    return set_damaged (error, "encryption");

  found = till_pbe_find_cipher (&oid);
  if (found == NULL)
    {
      till_pbe_set_refused (&oid, error);
      return FALSE;
    }

  self->cipher = found->cipher;
  parameters = sequence.content;
  if (self->cipher.kind == TILL_CIPHER_RC2_CBC)
    {
      if (!read_rc2 (self, &parameters, key_size, error))
        return FALSE;
    }
  else if (key_size != 0 && key_size != self->cipher.key_size)
    {
      return set_damaged (error, "length of the key");
    }

  block_size = till_cipher_get_block_size (&self->cipher);
  if (!till_der_read_tag (&parameters, TILL_DER_OCTET_STRING, &iv) ||
      till_der_left (&iv.content) != block_size)
    return set_damaged (error, "initial vector");

  memcpy (self->iv, iv.content.data, block_size);
  return TRUE;
}

/* PBES2-params (RFC 8018 A.4). */
static gboolean
read_pbes2 (TillPbe  *self,
            TillDer   parameters,
            guint64   max_iterations,
            GError  **error)
{
  TillDerElement pbes2;
  TillDerElement kdf;
  TillDerElement oid;
  guint64 key_size;

  if (!till_der_read_tag (&parameters, TILL_DER_SEQUENCE, &pbes2) ||
      !till_der_read_tag (&pbes2.content, TILL_DER_SEQUENCE, &kdf) ||
      !till_der_read_tag (&kdf.content, TILL_DER_OID, &oid))
    return set_damaged (error, "encryption");

  if (till_der_oid_is (&oid, OID_PBKDF2))
    {
      if (!till_pbe_read_pbkdf2 (self, kdf.content, &key_size, max_iterations, error))
        return FALSE;
    }
  else if (till_der_oid_is (&oid, OID_SCRYPT))
    {
      if (!read_scrypt (self, kdf.content, &key_size, max_iterations, error))
        return FALSE;
    }
  else
    {
      till_pbe_set_refused (&oid, error);
      return FALSE;
    }

  return read_cipher (self, &pbes2.content, key_size, error);
}

/**
 * till_pbe_read:
 * @self: (out): the encryption; points into the file
 * @algorithm: a cursor in front of an AlgorithmIdentifier; moved behind it
 * @max_iterations: how many rounds are taken
 * @error: return location: %TILL_ERROR_OLD_PROTECTION or
 *   %TILL_ERROR_NEWER_PROTECTION with the algorithm's name, %TILL_ERROR_DAMAGED
 *
 * Reads how something is encrypted. Nothing is derived yet, so that what a file
 * asks for is known before any work is done for it.
 *
 * Returns: whether it can be undone
 */
gboolean
till_pbe_read (TillPbe  *self,
               TillDer  *algorithm,
               guint64   max_iterations,
               GError  **error)
{
  TillDerElement sequence;
  TillDerElement parameters;
  TillDerElement salt;
  TillDerElement oid;
  const TillPbeOneStep *found;

  memset (self, 0, sizeof *self);

  if (!till_der_read_tag (algorithm, TILL_DER_SEQUENCE, &sequence) ||
      !till_der_read_tag (&sequence.content, TILL_DER_OID, &oid))
    return set_damaged (error, "encryption");

  if (till_der_oid_is (&oid, OID_PBES2))
    return read_pbes2 (self, sequence.content, max_iterations, error);

  found = till_pbe_find_one_step (&oid);
  if (found == NULL)
    {
      till_pbe_set_refused (&oid, error);
      return FALSE;
    }

  self->scheme = found->scheme;
  self->hash = found->hash;
  self->cipher = found->cipher;

  if (!till_der_read_tag (&sequence.content, TILL_DER_SEQUENCE, &parameters) ||
      !till_der_read_tag (&parameters.content, TILL_DER_OCTET_STRING, &salt))
    return set_damaged (error, "encryption");

  self->salt = salt.content;
  return read_iterations (&parameters.content, &self->iterations, max_iterations, error);
}

/**
 * till_pbe_read_dek:
 * @self: (out): the encryption; points into @dek
 * @dek: value of the header DEK-Info, not terminated
 * @size: its length
 * @error: return location, as till_pbe_read()
 *
 * Reads how an old PEM block is encrypted (RFC 1421 4.6.1.3 in OpenSSL's use):
 * name of a cipher, a comma, the initial vector in hexadecimal.
 *
 * Returns: whether it can be undone
 */
gboolean
till_pbe_read_dek (TillPbe     *self,
                   const char  *dek,
                   gsize        size,
                   GError     **error)
{
  const char *comma = dek != NULL ? memchr (dek, ',', size) : NULL;
  const TillPbeDek *found;
  gsize name_size;
  gsize block_size;

  memset (self, 0, sizeof *self);
  self->scheme = TILL_PBE_PEM;
  self->hash = &nettle_md5;
  self->iterations = 1;

  if (comma == NULL)
    return set_damaged (error, "DEK-Info line");

  name_size = (gsize) (comma - dek);
  while (name_size > 0 && g_ascii_isspace (dek[name_size - 1]))
    name_size--;

  found = till_pbe_find_dek (dek, name_size);
  if (found == NULL)
    {
      g_autofree char *name = g_utf8_make_valid (dek, (gssize) MIN (name_size, 40));

      till_set_error (error, TILL_ERROR_OLD_PROTECTION, TILL_REASON_ALGORITHM, name, NULL,
                      "the file is protected with %s in the old PEM way, which is not supported", name);
      return FALSE;
    }

  self->cipher = found->cipher;
  block_size = till_cipher_get_block_size (&self->cipher);

  comma++;
  while (comma < dek + size && g_ascii_isspace (*comma))
    comma++;
  if ((gsize) (dek + size - comma) != 2 * block_size)
    return set_damaged (error, "DEK-Info line");

  for (gsize i = 0; i < block_size; i++)
    {
      int high = g_ascii_xdigit_value (comma[2 * i]);
      int low = g_ascii_xdigit_value (comma[2 * i + 1]);

      if (high < 0 || low < 0)
        return set_damaged (error, "DEK-Info line");
      self->iv[i] = (guint8) (high << 4 | low);
    }

  return TRUE;
}

/**
 * till_pbe_uses_bmp:
 * @self: an encryption
 *
 * Returns: whether the key comes from the BMPString form of the password
 */
gboolean
till_pbe_uses_bmp (const TillPbe *self)
{
  return self->scheme == TILL_PBE_PKCS12;
}

/* Key, and with the older schemes initial vector, out of a password. */
static gboolean
derive (const TillPbe       *self,
        const TillPassword  *password,
        TillSecret          *key,
        guint8               iv[TILL_CIPHER_IV_BYTES],
        const TillCancel    *cancel,
        GError             **error)
{
  gsize block_size = till_cipher_get_block_size (&self->cipher);
  gsize key_size = self->cipher.key_size;

  memcpy (iv, self->iv, TILL_CIPHER_IV_BYTES);

  switch (self->scheme)
    {
    case TILL_PBE_PBKDF2:
      return till_kdf_pbkdf2 (self->hash, password->bytes, &self->salt, self->iterations, key, cancel, error);

    case TILL_PBE_SCRYPT:
      return till_kdf_scrypt (password->bytes, &self->salt, self->cost, self->block_size, self->parallel,
                              key, cancel, error);

    case TILL_PBE_PBKDF1:
      {
        /* RFC 8018 6.1.2: the first half is the key, the second the vector. */
        g_autoptr(TillSecret) both = till_secret_new (key_size + block_size);

        if (!till_kdf_pbkdf1 (self->hash, password->bytes, &self->salt, self->iterations, both, cancel, error))
          return FALSE;
        memcpy (till_secret_get_buffer (key), till_secret_get_data (both), key_size);
        memcpy (iv, till_secret_get_data (both) + key_size, block_size);
        return TRUE;
      }

    case TILL_PBE_PKCS12:
      {
        g_autoptr(TillSecret) vector = NULL;

        if (!till_kdf_pkcs12 (self->hash, TILL_KDF_FOR_KEY, password->bmp, &self->salt, self->iterations,
                              key, cancel, error))
          return FALSE;
        if (block_size == 1)
          return TRUE;

        vector = till_secret_new (block_size);
        if (!till_kdf_pkcs12 (self->hash, TILL_KDF_FOR_IV, password->bmp, &self->salt, self->iterations,
                              vector, cancel, error))
          return FALSE;
        memcpy (iv, till_secret_get_data (vector), block_size);
        return TRUE;
      }

    case TILL_PBE_PEM:
      till_kdf_pem (password->bytes, self->iv, key);
      return TRUE;

    default:
      g_return_val_if_reached (FALSE);
    }
}

/**
 * till_pbe_decrypt:
 * @self: an encryption
 * @password: the password
 * @input: what is encrypted
 * @cancel: (nullable): asked every few milliseconds
 * @error: return location: %TILL_ERROR_WRONG_PASSWORD, or what @cancel says
 *
 * Undoes an encryption. A wrong password is found out here only as a wrong
 * padding, which one in some hundred times it is not: the caller looks whether
 * what came out makes sense.
 *
 * Returns: (transfer full) (nullable): the plain text
 */
TillSecret *
till_pbe_decrypt (const TillPbe       *self,
                  const TillPassword  *password,
                  const TillDer       *input,
                  const TillCancel    *cancel,
                  GError             **error)
{
  g_autoptr(TillSecret) key = till_secret_new (self->cipher.key_size);
  guint8 iv[TILL_CIPHER_IV_BYTES];
  TillSecret *plain;

  if (!derive (self, password, key, iv, cancel, error))
    return NULL;

  plain = till_cipher_decrypt (&self->cipher, key, iv, input);
  till_wipe (iv, sizeof iv);

  if (plain == NULL)
    till_set_error (error, TILL_ERROR_WRONG_PASSWORD, TILL_REASON_NONE, NULL, NULL,
                    "the password does not open this file, or the file is damaged");

  return plain;
}
