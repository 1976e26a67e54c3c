/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OpenSSH's own private keys (PROTOCOL.key): the public part, and that the private one is there. */
#include "config.h"

#include "till-build.h"

#include <string.h>

#include "till-error.h"
#include "till-x509.h"

#define MAGIC "openssh-key-v1"

/* The key types that are read, with the AlgorithmIdentifier of their public key. */
static const struct
{
  const char *type;
  guint8      algorithm[23];
  gsize       size;
} types[] = {
  { "ssh-rsa",
    { 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00 }, 15 },
  { "ssh-ed25519",
    { 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70 }, 7 },
  { "ecdsa-sha2-nistp256",
    { 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
      0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 }, 21 },
  { "ecdsa-sha2-nistp384",
    { 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
      0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22 }, 18 },
  { "ecdsa-sha2-nistp521",
    { 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
      0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23 }, 18 },
};

/* A string of RFC 4251 5: four octets of length, then as many. */
static gboolean
read_string (TillDer *from,
             TillDer *string)
{
  guint32 size;

  if (till_der_left (from) < 4)
    return FALSE;

  size = (guint32) from->data[0] << 24 | (guint32) from->data[1] << 16 | (guint32) from->data[2] << 8 | from->data[3];
  if (size > till_der_left (from) - 4)
    return FALSE;

  string->data = from->data + 4;
  string->end = string->data + size;
  from->data = string->end;
  return TRUE;
}

static gboolean
is_word (const TillDer *string,
         const char    *word)
{
  return till_der_left (string) == strlen (word) && memcmp (string->data, word, strlen (word)) == 0;
}

/* What stands in the BIT STRING of a SubjectPublicKeyInfo. */
static gboolean
make_bits (TillDer     blob,
           gboolean    is_rsa,
           gboolean    is_ec,
           GByteArray *bits)
{
  const guint8 unused = 0;
  TillDer exponent;
  TillDer value;

  g_byte_array_append (bits, &unused, 1);

  if (is_rsa)
    {
      g_autoptr(GByteArray) parts = g_byte_array_new ();

      if (!read_string (&blob, &exponent) || !read_string (&blob, &value))
        return FALSE;
      till_x509_append (parts, TILL_DER_INTEGER, value.data, till_der_left (&value));
      till_x509_append (parts, TILL_DER_INTEGER, exponent.data, till_der_left (&exponent));
      till_x509_append (bits, TILL_DER_SEQUENCE, parts->data, parts->len);
      return TRUE;
    }

  /* ECDSA keys say their curve once more. */
  if ((is_ec && !read_string (&blob, &value)) || !read_string (&blob, &value))
    return FALSE;

  g_byte_array_append (bits, value.data, (guint) till_der_left (&value));
  return TRUE;
}

/* The public key of SSH (RFC 4253 6.6, RFC 5656 3.1, RFC 8709 4) as a SubjectPublicKeyInfo. */
static GByteArray *
convert_public (TillDer   blob,
                char    **type)
{
  TillDer name;

  *type = NULL;
  if (!read_string (&blob, &name))
    return NULL;
  *type = g_utf8_make_valid ((const char *) name.data, (gssize) MIN (till_der_left (&name), 64));

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr(GByteArray) bits = NULL;
      g_autoptr(GByteArray) parts = NULL;
      GByteArray *spki;

      if (!is_word (&name, types[i].type))
        continue;

      bits = g_byte_array_new ();
      if (!make_bits (blob, i == 0, g_str_has_prefix (types[i].type, "ecdsa-"), bits))
        return NULL;

      parts = g_byte_array_new ();
      g_byte_array_append (parts, types[i].algorithm, (guint) types[i].size);
      till_x509_append (parts, TILL_DER_BIT_STRING, bits->data, bits->len);
      spki = g_byte_array_new ();
      till_x509_append (spki, TILL_DER_SEQUENCE, parts->data, parts->len);
      return spki;
    }

  return NULL;
}

static gboolean
set_damaged (GError **error)
{
  till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "OpenSSH private key", NULL,
                  "the OpenSSH private key is damaged");
  return FALSE;
}

/**
 * till_read_openssh:
 * @self: a build
 * @data: content of a block OPENSSH PRIVATE KEY
 * @size: how many bytes
 * @error: return location
 *
 * Reads a key that is not encrypted. Its public part says all that is shown; of
 * the private part the two equal check words tell that it is whole.
 *
 * Returns: whether it could be read
 */
gboolean
till_read_openssh (TillBuild     *self,
                   const guint8  *data,
                   gsize          size,
                   GError       **error)
{
  TillDer der;
  TillDer cipher;
  TillDer kdf;
  TillDer options;
  TillDer public_blob;
  TillDer private_blob;
  TillPrivateKeyEntry entry = { NULL, -1, -1 };
  g_autoptr(GByteArray) spki = NULL;
  g_autofree char *type = NULL;

  till_der_init (&der, data, size);
  if (size < sizeof MAGIC || memcmp (data, MAGIC, sizeof MAGIC) != 0)
    return set_damaged (error);
  der.data += sizeof MAGIC;

  if (!read_string (&der, &cipher) || !read_string (&der, &kdf) || !read_string (&der, &options) ||
      till_der_left (&der) < 4)
    return set_damaged (error);

  if (!is_word (&cipher, "none"))
    {
      till_set_error (error, TILL_ERROR_NEWER_PROTECTION, TILL_REASON_ALGORITHM, "bcrypt", NULL,
                      "the OpenSSH private key is protected with bcrypt, which is not supported; "
                      "remove its password with ssh-keygen, or save it as PEM");
      return FALSE;
    }

  der.data += 4;
  if (!read_string (&der, &public_blob) || !read_string (&der, &private_blob) ||
      till_der_left (&private_blob) < 8 || memcmp (private_blob.data, private_blob.data + 4, 4) != 0)
    return set_damaged (error);

  spki = convert_public (public_blob, &type);
  if (spki == NULL)
    {
      till_set_error (error, TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_OPENSSH_KEY, type, NULL,
                      "this is an OpenSSH key of a kind that is not supported (%s)", type != NULL ? type : "unknown");
      return FALSE;
    }

  entry.key = till_key_new_public (spki->data, spki->len, NULL, NULL);
  if (entry.key == NULL)
    return set_damaged (error);

  /* Nobody else has seen the key yet. */
  entry.key->is_private = TRUE;
  g_array_append_val (self->document->private_keys, entry);
  return TRUE;
}
