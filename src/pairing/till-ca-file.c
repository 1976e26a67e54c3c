/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store's authority as text: as it is in the vault, and as an encrypted backup (RFC 5958, RFC 8018). */
#include "config.h"

#include "till-store-ca-private.h"

#include <gnutls/crypto.h>
#include <string.h>

#include "till-error.h"
#include "till-limits.h"
#include "till-pem.h"
#include "till-x509.h"

#define ROUNDS 600000
#define SALT_BYTES 16
#define IV_BYTES 16
#define KEY_BYTES 32

/* Two certificates, two keys. */
#define MAX_BLOCKS 4

static const guint8 oid_pbes2[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d };
static const guint8 oid_pbkdf2[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c };
static const guint8 oid_hmac_sha256[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x09 };
static const guint8 oid_aes256_cbc[] = { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a };

enum
{
  DER_INTEGER = 0x02,
  DER_OCTET_STRING = 0x04,
  DER_NULL = 0x05,
  DER_OID = 0x06,
  DER_SEQUENCE = 0x30,
};

/* Wraps what is in @content in a SEQUENCE, and empties it. */
static void
append_sequence (GByteArray *to,
                 GByteArray *content)
{
  till_x509_append (to, DER_SEQUENCE, content->data, content->len);
  g_byte_array_set_size (content, 0);
}

/* AlgorithmIdentifier of PBES2 with PBKDF2-HMAC-SHA256 and AES-256-CBC. */
static void
append_algorithm (GByteArray   *to,
                  const guint8 *salt,
                  const guint8 *iv)
{
  static const guint8 rounds[] = { ROUNDS >> 16 & 0xff, ROUNDS >> 8 & 0xff, ROUNDS & 0xff };
  g_autoptr(GByteArray) inner = g_byte_array_new ();
  g_autoptr(GByteArray) parameters = g_byte_array_new ();
  g_autoptr(GByteArray) kdf = g_byte_array_new ();
  g_autoptr(GByteArray) both = g_byte_array_new ();

  till_x509_append (inner, DER_OID, oid_hmac_sha256, sizeof oid_hmac_sha256);
  till_x509_append (inner, DER_NULL, NULL, 0);

  till_x509_append (parameters, DER_OCTET_STRING, salt, SALT_BYTES);
  till_x509_append (parameters, DER_INTEGER, rounds, sizeof rounds);
  append_sequence (parameters, inner);

  till_x509_append (kdf, DER_OID, oid_pbkdf2, sizeof oid_pbkdf2);
  append_sequence (kdf, parameters);
  append_sequence (both, kdf);

  till_x509_append (inner, DER_OID, oid_aes256_cbc, sizeof oid_aes256_cbc);
  till_x509_append (inner, DER_OCTET_STRING, iv, IV_BYTES);
  append_sequence (both, inner);

  till_x509_append (kdf, DER_OID, oid_pbes2, sizeof oid_pbes2);
  append_sequence (kdf, both);
  append_sequence (to, kdf);
}

/* In place; the buffer has room for the padding (RFC 5652, 6.3). */
static int
encrypt (TillSecret       *plain,
         const TillSecret *password,
         const guint8     *salt,
         const guint8     *iv)
{
  g_autoptr(TillSecret) key = till_secret_new (KEY_BYTES);
  gnutls_datum_t key_datum = { .data = till_secret_get_buffer (key), .size = KEY_BYTES };
  gnutls_datum_t iv_datum = { .data = (guint8 *) iv, .size = IV_BYTES };
  gnutls_datum_t salt_datum = { .data = (guint8 *) salt, .size = SALT_BYTES };
  gnutls_datum_t password_datum = { .data = (guint8 *) till_secret_get_data (password),
                                    .size = (unsigned) till_secret_get_size (password) };
  gnutls_cipher_hd_t cipher;
  int code = gnutls_pbkdf2 (GNUTLS_MAC_SHA256, &password_datum, &salt_datum, ROUNDS, key_datum.data, KEY_BYTES);

  if (code >= 0)
    code = gnutls_cipher_init (&cipher, GNUTLS_CIPHER_AES_256_CBC, &key_datum, &iv_datum);
  if (code < 0)
    return code;

  code = gnutls_cipher_encrypt (cipher, till_secret_get_buffer (plain), till_secret_get_size (plain));
  gnutls_cipher_deinit (cipher);

  return code;
}

static TillSecret *
pad (const TillSecret *plain)
{
  gsize size = till_secret_get_size (plain);
  guint8 fill = (guint8) (IV_BYTES - size % IV_BYTES);
  TillSecret *padded = till_secret_new (size + fill);

  memcpy (till_secret_get_buffer (padded), till_secret_get_data (plain), size);
  memset (till_secret_get_buffer (padded) + size, fill, fill);

  return padded;
}

static gboolean
append_encrypted (GString                *out,
                  gnutls_x509_privkey_t   key,
                  const TillSecret       *password,
                  GError                **error)
{
  g_autoptr(TillSecret) plain = NULL;
  g_autoptr(TillSecret) data = NULL;
  g_autoptr(GByteArray) inner = g_byte_array_new ();
  g_autoptr(GByteArray) der = g_byte_array_new ();
  g_autofree char *base64 = NULL;
  guint8 salt[SALT_BYTES];
  guint8 iv[IV_BYTES];
  gnutls_datum_t datum;
  int code;

  code = gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_DER, NULL, GNUTLS_PKCS_PLAIN, &datum);
  if (code >= 0)
    {
      plain = till_ca_take_datum (&datum);
      data = pad (plain);
      code = gnutls_rnd (GNUTLS_RND_RANDOM, salt, sizeof salt);
    }
  if (code >= 0)
    code = gnutls_rnd (GNUTLS_RND_NONCE, iv, sizeof iv);
  if (code >= 0)
    code = encrypt (data, password, salt, iv);
  if (till_ca_failed (code, "encrypting the backup", error))
    return FALSE;

  append_algorithm (inner, salt, iv);
  till_x509_append (inner, DER_OCTET_STRING, till_secret_get_data (data), till_secret_get_size (data));
  append_sequence (der, inner);

  base64 = g_base64_encode (der->data, der->len);
  g_string_append (out, "-----BEGIN ENCRYPTED PRIVATE KEY-----\n");
  for (gsize i = 0; i < strlen (base64); i += 64)
    g_string_append_printf (out, "%.64s\n", base64 + i);
  g_string_append (out, "-----END ENCRYPTED PRIVATE KEY-----\n");

  return TRUE;
}

/**
 * till_ca_write_backup:
 * @self: an authority
 * @password: of the backup
 * @error: (out) (optional): %TILL_ERROR_INTERNAL
 *
 * Blocks for the derivation of two keys.
 *
 * Returns: (transfer full) (nullable): PEM that OpenSSL and GnuTLS read too
 */
GBytes *
till_ca_write_backup (TillStoreCa       *self,
                      const TillSecret  *password,
                      GError           **error)
{
  g_autoptr(GString) out = g_string_new ("The certificate authority of a store. Keep it where nobody finds it.\n");

  g_string_append (out, self->root_pem);
  g_string_append (out, self->issuing_pem);
  if (!append_encrypted (out, self->root_key, password, error) ||
      !append_encrypted (out, self->issuing_key, password, error))
    return NULL;

  return g_string_free_to_bytes (g_steal_pointer (&out));
}

/**
 * till_ca_dup_secret:
 * @self: an authority
 * @error: (out) (optional): %TILL_ERROR_INTERNAL
 *
 * Returns: (transfer full) (nullable): certificates and keys as PEM, for the vault
 */
TillSecret *
till_ca_dup_secret (TillStoreCa  *self,
                    GError      **error)
{
  const char *certificates[] = { self->root_pem, self->issuing_pem };
  g_autoptr(TillSecret) root = NULL;
  g_autoptr(TillSecret) issuing = NULL;
  const TillSecret *keys[2];
  gnutls_datum_t datum;
  TillSecret *all;
  gsize size = 0;
  guint8 *at;

  if (till_ca_failed (gnutls_x509_privkey_export2 (self->root_key, GNUTLS_X509_FMT_PEM, &datum), "writing a key", error))
    return NULL;
  keys[0] = root = till_ca_take_datum (&datum);

  if (till_ca_failed (gnutls_x509_privkey_export2 (self->issuing_key, GNUTLS_X509_FMT_PEM, &datum), "writing a key", error))
    return NULL;
  keys[1] = issuing = till_ca_take_datum (&datum);

  for (guint i = 0; i < 2; i++)
    size += strlen (certificates[i]) + till_secret_get_size (keys[i]);

  all = till_secret_new (size);
  at = till_secret_get_buffer (all);
  for (guint i = 0; i < 2; i++)
    {
      memcpy (at, certificates[i], strlen (certificates[i]));
      at += strlen (certificates[i]);
      memcpy (at, till_secret_get_data (keys[i]), till_secret_get_size (keys[i]));
      at += till_secret_get_size (keys[i]);
    }

  return all;
}

/* What was met in a text, in its order. */
typedef struct
{
  gnutls_x509_crt_t     certificates[MAX_BLOCKS];
  gnutls_x509_privkey_t keys[MAX_BLOCKS];
  guint                 n_certificates;
  guint                 n_keys;
} Parts;

static void
parts_clear (Parts *self)
{
  for (guint i = 0; i < self->n_certificates; i++)
    gnutls_x509_crt_deinit (self->certificates[i]);
  for (guint i = 0; i < self->n_keys; i++)
    gnutls_x509_privkey_deinit (self->keys[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parts, parts_clear)

static gboolean
refuse (GError     **error,
        const char  *detail)
{
  till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, detail, (gint64[2]) { -1, 0 },
                  "this does not hold a whole certificate authority: %s", detail);

  return FALSE;
}

static gboolean
read_key (Parts             *parts,
          gnutls_datum_t    *pem,
          gboolean           encrypted,
          const TillSecret  *password,
          GError           **error)
{
  gnutls_x509_privkey_t key;
  int code;

  if (encrypted && password == NULL)
    {
      till_set_error (error, TILL_ERROR_PASSWORD_REQUIRED, TILL_REASON_NONE, NULL, NULL,
                      "the backup is protected by a password");
      return FALSE;
    }

  if (parts->n_keys == MAX_BLOCKS || gnutls_x509_privkey_init (&key) < 0)
    return refuse (error, "too many keys");

  parts->keys[parts->n_keys++] = key;
  code = gnutls_x509_privkey_import2 (key, pem, GNUTLS_X509_FMT_PEM,
                                      encrypted ? (const char *) till_secret_get_data (password) : NULL,
                                      encrypted ? 0 : GNUTLS_PKCS_PLAIN);
  if (code == GNUTLS_E_DECRYPTION_FAILED)
    {
      till_set_error (error, TILL_ERROR_WRONG_PASSWORD, TILL_REASON_NONE, NULL, NULL,
                      "the password of the backup is not right");
      return FALSE;
    }

  return code >= 0 || refuse (error, "a private key can't be read");
}

static gboolean
read_certificate (Parts           *parts,
                  gnutls_datum_t  *pem,
                  GError         **error)
{
  gnutls_x509_crt_t crt;

  if (parts->n_certificates == MAX_BLOCKS || gnutls_x509_crt_init (&crt) < 0)
    return refuse (error, "too many certificates");

  parts->certificates[parts->n_certificates++] = crt;

  return gnutls_x509_crt_import (crt, pem, GNUTLS_X509_FMT_PEM) >= 0 || refuse (error, "a certificate can't be read");
}

static gboolean
read_parts (Parts             *parts,
            const char        *pem,
            gsize              size,
            const TillSecret  *password,
            GError           **error)
{
  TillPemReader reader;
  TillPemBlock block;

  till_pem_init (&reader, pem, size);
  while (till_pem_next (&reader, &block))
    {
      gnutls_datum_t datum = { .data = (guint8 *) pem + block.offset,
                               .size = (unsigned) (reader.behind - (pem + block.offset)) };
      gboolean encrypted = till_pem_label_is (&block, "ENCRYPTED PRIVATE KEY");

      if (till_pem_label_is (&block, "CERTIFICATE"))
        {
          if (!read_certificate (parts, &datum, error))
            return FALSE;
        }
      else if (encrypted || till_pem_label_is (&block, "EC PRIVATE KEY") || till_pem_label_is (&block, "PRIVATE KEY"))
        {
          if (!read_key (parts, &datum, encrypted, password, error))
            return FALSE;
        }
    }

  return TRUE;
}

static gboolean
belongs (gnutls_x509_crt_t     crt,
         gnutls_x509_privkey_t key)
{
  guint8 a[64];
  guint8 b[64];
  size_t a_size = sizeof a;
  size_t b_size = sizeof b;

  return gnutls_x509_crt_get_key_id (crt, GNUTLS_KEYID_USE_SHA256, a, &a_size) >= 0 &&
         gnutls_x509_privkey_get_key_id (key, GNUTLS_KEYID_USE_SHA256, b, &b_size) >= 0 &&
         a_size == b_size && memcmp (a, b, a_size) == 0;
}

/* Takes the key of a certificate out of the parts. */
static gnutls_x509_privkey_t
take_key (Parts             *parts,
          gnutls_x509_crt_t  crt)
{
  for (guint i = 0; i < parts->n_keys; i++)
    {
      gnutls_x509_privkey_t key = parts->keys[i];

      if (belongs (crt, key))
        {
          parts->keys[i] = parts->keys[--parts->n_keys];
          return key;
        }
    }

  return NULL;
}

/**
 * till_ca_read:
 * @pem: certificates and keys
 * @size: its length
 * @password: (nullable): of encrypted keys
 * @error: (out) (optional): %TILL_ERROR_DAMAGED, %TILL_ERROR_PASSWORD_REQUIRED, %TILL_ERROR_WRONG_PASSWORD
 *
 * Reads what till_ca_dup_secret() or till_ca_write_backup() wrote, and checks
 * that the parts belong together.
 *
 * Returns: (transfer full) (nullable): the authority
 */
TillStoreCa *
till_ca_read (const char        *pem,
              gsize              size,
              const TillSecret  *password,
              GError           **error)
{
  g_autoptr(TillStoreCa) self = g_object_new (TILL_TYPE_STORE_CA, NULL);
  g_auto(Parts) parts = { .n_keys = 0 };
  guint root;
  guint status = 0;

  if (size > TILL_LIMIT_FILE_BYTES)
    {
      refuse (error, "it is too large");
      return NULL;
    }

  if (!read_parts (&parts, pem, size, password, error))
    return NULL;

  if (parts.n_certificates != 2 || parts.n_keys != 2)
    {
      refuse (error, "two certificates and two keys belong in it");
      return NULL;
    }

  root = gnutls_x509_crt_check_issuer (parts.certificates[0], parts.certificates[0]) == 1 ? 0 : 1;
  self->root = parts.certificates[root];
  self->issuing = parts.certificates[1 - root];
  parts.n_certificates = 0;
  self->root_key = take_key (&parts, self->root);
  self->issuing_key = take_key (&parts, self->issuing);
  self->root_pem = till_ca_dup_pem (self->root);
  self->issuing_pem = till_ca_dup_pem (self->issuing);
  self->root_sha256 = till_ca_dup_sha256 (self->root);

  if (self->root_key == NULL || self->issuing_key == NULL || self->root_pem == NULL || self->issuing_pem == NULL ||
      gnutls_x509_crt_verify (self->issuing, &self->root, 1, GNUTLS_VERIFY_DISABLE_TIME_CHECKS, &status) < 0 || status != 0)
    {
      refuse (error, "its certificates and keys do not belong together");
      return NULL;
    }

  return g_steal_pointer (&self);
}
