/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encrypting card fields for Commerce Hub: RSA-OAEP with SHA-256 (RFC 8017 7.1, API.md 3.3).
 *
 * What is encrypted are card numbers. The text they come in is read by a
 * walker of our own, because json-glib would leave them in its nodes; they
 * pass only through memory that is locked and wiped. */
#include "config.h"

#include "till-encryption.h"

#include <gcrypt.h>
#include <gnutls/abstract.h>
#include <string.h>

#include "till-error.h"
#include "till-json-scan.h"
#include "till-limits.h"

/* RFC 8017 7.1.1: what OAEP with SHA-256 takes of each block. */
#define OAEP_BYTES (2 * 32 + 2)

#define SMALLEST_BITS 2048
#define LARGEST_BITS  16384

#define NAME_CHARS 64
#define LOCKED_BYTES (64 * 1024)

/**
 * Walk:
 * @p: where the walker is, in text that till_json_scan() has found to be JSON
 * @plain: the values one behind the other
 * @length: how many bytes of @plain are filled
 * @fields: the list of names and lengths
 * @names: (element-type utf8): those that have been there
 */
typedef struct
{
  const char  *p;
  TillSecret  *plain;
  gsize        length;
  GString     *fields;
  GHashTable  *names;
} Walk;

G_GNUC_PRINTF (3, 4)
static gboolean
refuse (const char  *field,
        GError     **error,
        const char  *format,
        ...)
{
  g_autofree char *sentence = NULL;
  va_list args;

  va_start (args, format);
  sentence = g_strdup_vprintf (format, args);
  va_end (args);
  till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_FIELD, field, NULL, "%s", sentence);

  return FALSE;
}

static void
skip_blanks (Walk *walk)
{
  walk->p += strspn (walk->p, " \t\r\n");
}

/* The four digits of \u at @digits. */
static gunichar
read_unit (const char *digits)
{
  gunichar unit = 0;

  for (int i = 0; i < 4; i++)
    unit = unit << 4 | (gunichar) g_ascii_xdigit_value (digits[i]);

  return unit;
}

/* Takes one escape, @p behind its backslash, which is wiped with the rest. */
static gunichar
take_escape (Walk *walk)
{
  static const char letters[] = "bfnrt\"\\/";
  static const char meant[] = "\b\f\n\r\t\"\\/";
  char letter = *walk->p++;
  gunichar unit;

  if (letter != 'u')
    return (guchar) meant[strchr (letters, letter) - letters];

  unit = read_unit (walk->p);
  walk->p += 4;

  /* The scanner lets whole pairs through only, and no NUL. */
  if (unit >= 0xd800 && unit < 0xdc00)
    {
      unit = 0x10000 + ((unit - 0xd800) << 10) + (read_unit (walk->p + 2) - 0xdc00);
      walk->p += 6;
    }

  return unit;
}

/* Takes a string's text, @p behind its opening quote, into the secret. Never longer than it is written. */
static void
take_value (Walk *walk)
{
  char *out = (char *) till_secret_get_buffer (walk->plain);

  while (*walk->p != '"')
    {
      if (*walk->p != '\\')
        {
          out[walk->length++] = *walk->p++;
        }
      else
        {
          walk->p++;
          walk->length += (gsize) g_unichar_to_utf8 (take_escape (walk), out + walk->length);
        }
    }

  walk->p++;
}

/* Takes the name of a member, @p at its opening quote: no secret, and of few characters only. */
static char *
take_name (Walk    *walk,
           GError **error)
{
  g_autofree char *name = NULL;
  const char *start = ++walk->p;
  gsize length = strspn (start, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.");

  if (length == 0 || length > NAME_CHARS || start[length] != '"')
    {
      refuse (NULL, error, "the name of a field is not one: 1 to %d letters, digits, “.” and “_” are", NAME_CHARS);
      return NULL;
    }

  walk->p += length + 1;
  name = g_strndup (start, length);

  return strchr (name, '.') != NULL ? g_steal_pointer (&name) : g_strconcat ("card.", name, NULL);
}

static gboolean
take_member (Walk    *walk,
             GError **error)
{
  g_autofree char *name = take_name (walk, error);
  gsize start = walk->length;

  if (name == NULL)
    return FALSE;

  skip_blanks (walk);
  walk->p++;
  skip_blanks (walk);

  if (*walk->p != '"')
    return refuse (name, error, "the field “%s” is not text; put it in quotes", name);

  walk->p++;
  take_value (walk);

  if (walk->length == start)
    return refuse (name, error, "the field “%s” is empty", name);

  g_string_append_printf (walk->fields, "%s%s:%" G_GSIZE_FORMAT, walk->fields->len > 0 ? "," : "", name,
                          walk->length - start);

  if (!g_hash_table_add (walk->names, g_strdup (name)))
    return refuse (name, error, "the field “%s” is given twice", name);

  return TRUE;
}

/* Reads the fields into walk->plain and walk->fields. */
static gboolean
read_fields (Walk              *walk,
             const TillSecret  *json,
             GError           **error)
{
  g_autoptr(GError) local_error = NULL;

  walk->p = (const char *) till_secret_get_data (json);

  if (!till_json_scan (walk->p, till_secret_get_size (json), TILL_LIMIT_JSON_BYTES, &local_error))
    {
      till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_NOT_JSON, NULL, NULL,
                      "the card fields are not a JSON object: %s", local_error->message);
      return FALSE;
    }

  skip_blanks (walk);
  if (*walk->p != '{')
    return refuse (NULL, error, "the card fields are not a JSON object");

  walk->p++;
  skip_blanks (walk);

  while (*walk->p != '}')
    {
      if (!take_member (walk, error))
        return FALSE;

      skip_blanks (walk);
      if (*walk->p == ',')
        walk->p++;
      skip_blanks (walk);
    }

  if (walk->length == 0)
    return refuse (NULL, error, "there is no card field to encrypt");

  till_secret_shrink (walk->plain, walk->length);

  return TRUE;
}

static gpointer
start_gcrypt_once (gpointer data)
{
  /* libsecret uses it too; who comes first sets it up. */
  if (gcry_control (GCRYCTL_INITIALIZATION_FINISHED_P))
    return GINT_TO_POINTER (TRUE);

  if (gcry_check_version (GCRYPT_VERSION) == NULL && gcry_check_version ("1.9.0") == NULL)
    return GINT_TO_POINTER (FALSE);

  /* Where memory can't be locked TillSecret has said so already. */
  gcry_control (GCRYCTL_DISABLE_SECMEM_WARN);
  gcry_control (GCRYCTL_INIT_SECMEM, LOCKED_BYTES, 0);
  gcry_control (GCRYCTL_INITIALIZATION_FINISHED, 0);

  return GINT_TO_POINTER (TRUE);
}

static gboolean
start_gcrypt (GError **error)
{
  static GOnce once = G_ONCE_INIT;

  if (GPOINTER_TO_INT (g_once (&once, start_gcrypt_once, NULL)))
    return TRUE;

  till_set_error (error, TILL_ERROR_INTERNAL, TILL_REASON_NONE, NULL, NULL, "the installed libgcrypt is too old");

  return FALSE;
}

/* Reads modulus and exponent out of a DER SubjectPublicKeyInfo. */
static gcry_sexp_t
read_key (GBytes  *spki,
          gsize   *n_bytes,
          GError **error)
{
  gnutls_datum_t der = { NULL, 0 };
  gnutls_datum_t modulus = { NULL, 0 }, exponent = { NULL, 0 };
  gnutls_pubkey_t key = NULL;
  gcry_sexp_t built = NULL;
  unsigned int bits = 0;
  gsize size;

  der.data = (unsigned char *) g_bytes_get_data (spki, &size);
  der.size = (unsigned int) MIN (size, TILL_LIMIT_FILE_BYTES);

  if (gnutls_pubkey_init (&key) < 0 || gnutls_pubkey_import (key, &der, GNUTLS_X509_FMT_DER) < 0)
    {
      till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "key", NULL, "the public key can't be read");
    }
  else if (gnutls_pubkey_get_pk_algorithm (key, &bits) != GNUTLS_PK_RSA)
    {
      till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_ALGORITHM,
                      gnutls_pk_get_name ((gnutls_pk_algorithm_t) gnutls_pubkey_get_pk_algorithm (key, NULL)), NULL,
                      "only an RSA key can encrypt card fields");
    }
  else if (bits < SMALLEST_BITS || bits > LARGEST_BITS)
    {
      till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_WEAK, "key", (gint64[]) { bits, SMALLEST_BITS },
                      "an RSA key of %u bits is not used for card fields; %d to %d bits are",
                      bits, SMALLEST_BITS, LARGEST_BITS);
    }
  else if (gnutls_pubkey_export_rsa_raw2 (key, &modulus, &exponent, GNUTLS_EXPORT_FLAG_NO_LZ) < 0 ||
           gcry_sexp_build (&built, NULL, "(public-key (rsa (n %b) (e %b)))",
                            (int) modulus.size, modulus.data, (int) exponent.size, exponent.data) != 0)
    {
      till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "key", NULL, "the public key can't be read");
    }

  *n_bytes = ((gsize) bits + 7) / 8;
  gnutls_free (modulus.data);
  gnutls_free (exponent.data);
  gnutls_pubkey_deinit (key);

  return built;
}

/* gcry_sexp_build() keeps in locked memory what comes from there. */
static gcry_sexp_t
make_data (const TillSecret *plain)
{
  gsize size = till_secret_get_size (plain);
  gcry_sexp_t data = NULL;
  void *copy;

  copy = gcry_malloc_secure (size);
  if (copy == NULL)
    return NULL;

  memcpy (copy, till_secret_get_data (plain), size);
  if (gcry_sexp_build (&data, NULL, "(data (flags oaep) (hash-algo sha256) (value %b))", (int) size, copy) != 0)
    data = NULL;

  till_wipe (copy, size);
  gcry_free (copy);

  return data;
}

/* As many bytes as the modulus has, zeros in front where the number is shorter (RFC 8017 7.1.1). */
static char *
encode_block (gcry_sexp_t result,
              gsize       n_bytes)
{
  gcry_sexp_t part = gcry_sexp_find_token (result, "a", 1);
  gcry_mpi_t number = part != NULL ? gcry_sexp_nth_mpi (part, 1, GCRYMPI_FMT_USG) : NULL;
  g_autofree guint8 *block = g_malloc0 (n_bytes);
  gsize written = 0;
  gboolean good;

  good = number != NULL && gcry_mpi_print (GCRYMPI_FMT_USG, NULL, 0, &written, number) == 0 && written <= n_bytes &&
         gcry_mpi_print (GCRYMPI_FMT_USG, block + n_bytes - written, written, NULL, number) == 0;
  gcry_mpi_release (number);
  gcry_sexp_release (part);

  return good ? g_base64_encode (block, n_bytes) : NULL;
}

static char *
encrypt (GBytes            *spki,
         const TillSecret  *plain,
         GError           **error)
{
  gcry_sexp_t key, data, result = NULL;
  gsize size = till_secret_get_size (plain);
  gsize n_bytes;
  char *block = NULL;

  key = read_key (spki, &n_bytes, error);
  if (key == NULL)
    return NULL;

  if (size > n_bytes - OAEP_BYTES)
    {
      gint64 numbers[2] = { (gint64) size, (gint64) (n_bytes - OAEP_BYTES) };

      till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_TOO_LARGE, NULL, numbers,
                      "the card fields have %" G_GSIZE_FORMAT " bytes; this key encrypts %" G_GSIZE_FORMAT " at most",
                      size, n_bytes - OAEP_BYTES);
      gcry_sexp_release (key);
      return NULL;
    }

  data = make_data (plain);
  if (data != NULL && gcry_pk_encrypt (&result, data, key) == 0)
    block = encode_block (result, n_bytes);

  if (block == NULL)
    till_set_error (error, TILL_ERROR_INTERNAL, TILL_REASON_NONE, NULL, NULL, "the card fields could not be encrypted");

  gcry_sexp_release (result);
  gcry_sexp_release (data);
  gcry_sexp_release (key);

  return block;
}

/**
 * till_encryption_new:
 * @key_id: the service's id of the key
 * @spki: DER SubjectPublicKeyInfo of an RSA key
 * @json: one JSON object of text members, in the order in which they are to be encrypted
 * @error: return location; %TILL_ERROR_REJECTED where the fields or the key are not fit for it: with
 *   %TILL_REASON_TOO_LARGE there are more bytes than the key takes at once
 *
 * Encrypts the values, one behind the other without separators, with RSA-OAEP
 * and SHA-256 (RFC 8017 7.1), and lists the fields with their lengths in
 * bytes of UTF-8 (API.md 3.3). Names without "." get "card." in front. No
 * error holds a value.
 *
 * Returns: (transfer full) (nullable): what goes into a payment's encryptionData
 */
TillEncryption *
till_encryption_new (const char        *key_id,
                     GBytes            *spki,
                     const TillSecret  *json,
                     GError           **error)
{
  g_autoptr(TillEncryption) self = NULL;
  g_autoptr(GHashTable) names = NULL;
  g_autoptr(GString) fields = NULL;
  g_autoptr(TillSecret) plain = NULL;
  Walk walk = { NULL };

  g_return_val_if_fail (key_id != NULL && spki != NULL && json != NULL, NULL);

  names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  fields = g_string_new (NULL);
  plain = till_secret_new (till_secret_get_size (json) + 1);
  walk.plain = plain;
  walk.fields = fields;
  walk.names = names;

  if (!read_fields (&walk, json, error) || !start_gcrypt (error))
    return NULL;

  self = g_new0 (TillEncryption, 1);
  self->block = encrypt (spki, plain, error);
  if (self->block == NULL)
    return NULL;

  self->key_id = g_strdup (key_id);
  self->encryption_type = g_strdup ("RSA");
  self->fields = g_string_free (g_steal_pointer (&fields), FALSE);
  self->target = g_strdup ("MANUAL");

  return g_steal_pointer (&self);
}

/**
 * till_encryption_free:
 * @self: (transfer full): an encryption
 *
 * Frees it.
 */
void
till_encryption_free (TillEncryption *self)
{
  g_free (self->key_id);
  g_free (self->encryption_type);
  g_free (self->block);
  g_free (self->fields);
  g_free (self->target);
  g_free (self);
}
