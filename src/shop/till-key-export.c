/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A public key as a till takes it: PEM, DER, or JSON with the offline limit. */
#include "config.h"

#include "till-key-export.h"

#include <string.h>

static char *
dup_base64 (GBytes *spki)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (spki, &size);

  return g_base64_encode (data, size);
}

/**
 * till_key_dup_pem:
 * @key: a key whose public key is known
 *
 * Returns: (transfer full): it as PEM (RFC 7468 13)
 */
char *
till_key_dup_pem (const TillKeyRecord *key)
{
  g_autofree char *base64 = NULL;
  GString *out;

  g_return_val_if_fail (key != NULL && key->spki != NULL, NULL);

  base64 = dup_base64 (key->spki);
  out = g_string_new ("-----BEGIN PUBLIC KEY-----\n");
  for (gsize i = 0; base64[i] != '\0'; i += strnlen (base64 + i, 64))
    g_string_append_printf (out, "%.64s\n", base64 + i);
  g_string_append (out, "-----END PUBLIC KEY-----\n");

  return g_string_free (out, FALSE);
}

/**
 * till_key_write_json:
 * @key: a key whose public key is known
 * @writer: where an object may stand
 *
 * Writes what a till needs of a key, with the limit that travels with it (DESIGN.md 2).
 */
void
till_key_write_json (const TillKeyRecord *key,
                     TillJsonWriter      *writer)
{
  g_autofree char *base64 = NULL;

  g_return_if_fail (key != NULL && key->spki != NULL);

  base64 = dup_base64 (key->spki);
  till_json_writer_begin_object (writer);
  till_json_writer_text (writer, "keyId", key->key_id);
  till_json_writer_text (writer, "encryptionType", key->encryption_type);
  till_json_writer_member (writer, "modulus");
  till_json_writer_int (writer, key->modulus);
  till_json_writer_text (writer, "encodedPublicKey", base64);
  till_json_writer_text (writer, "publicKeySha256", key->public_key_sha256);
  till_json_writer_time (writer, "validFrom", key->valid_from);
  till_json_writer_time (writer, "validTo", key->valid_to);
  till_json_writer_member (writer, "offlineLimit");
  if (key->offline_limit >= 0)
    till_json_writer_int (writer, key->offline_limit);
  else
    till_json_writer_null (writer);
  till_json_writer_text (writer, "offlineCurrency", key->offline_currency);
  till_json_writer_end_object (writer);
}

/**
 * till_key_export:
 * @key: a key whose public key is known
 * @format: how to write it
 *
 * Returns: (transfer full): what a till is given; nothing secret
 */
GBytes *
till_key_export (const TillKeyRecord *key,
                 TillKeyFormat        format)
{
  TillJsonWriter writer;
  GString *out;
  char *pem;

  g_return_val_if_fail (key != NULL && key->spki != NULL, NULL);

  switch (format)
    {
    case TILL_KEY_FORMAT_PEM:
      pem = till_key_dup_pem (key);
      return g_bytes_new_take (pem, strlen (pem));

    case TILL_KEY_FORMAT_DER:
      return g_bytes_ref (key->spki);

    case TILL_KEY_FORMAT_JSON:
    default:
      out = g_string_new (NULL);
      till_json_writer_init (&writer, out, TRUE);
      till_key_write_json (key, &writer);
      g_string_append_c (out, '\n');
      return g_string_free_to_bytes (out);
    }
}

/**
 * till_key_format_get_suffix:
 * @format: how a key is written
 *
 * Returns: (transfer none): what the name of such a file ends in
 */
const char *
till_key_format_get_suffix (TillKeyFormat format)
{
  switch (format)
    {
    case TILL_KEY_FORMAT_PEM:
      return ".pem";

    case TILL_KEY_FORMAT_DER:
      return ".der";

    case TILL_KEY_FORMAT_JSON:
    default:
      return ".json";
    }
}

/**
 * till_key_write_encryption_data:
 * @encryption: encrypted card fields
 * @writer: where an object may stand
 *
 * Writes the "encryptionData" of a payment (API.md 3.3).
 */
void
till_key_write_encryption_data (const TillEncryption *encryption,
                                TillJsonWriter       *writer)
{
  g_return_if_fail (encryption != NULL);

  till_json_writer_begin_object (writer);
  till_json_writer_text (writer, "encryptionType", encryption->encryption_type);
  till_json_writer_text (writer, "keyId", encryption->key_id);
  till_json_writer_text (writer, "encryptionBlock", encryption->block);
  till_json_writer_text (writer, "encryptionBlockFields", encryption->fields);
  till_json_writer_text (writer, "encryptionTarget", encryption->target);
  till_json_writer_end_object (writer);
}

/**
 * till_key_dup_encryption_data:
 * @encryption: encrypted card fields
 *
 * Returns: (transfer full): the "encryptionData" of a payment as a document of its own
 */
char *
till_key_dup_encryption_data (const TillEncryption *encryption)
{
  GString *out = g_string_new (NULL);
  TillJsonWriter writer;

  till_json_writer_init (&writer, out, TRUE);
  till_key_write_encryption_data (encryption, &writer);
  g_string_append_c (out, '\n');

  return g_string_free (out, FALSE);
}
