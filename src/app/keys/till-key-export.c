/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A public key as a till takes it: PEM, DER, or JSON with the offline limit; and amounts of money as people write them. */
#include "config.h"

#include "till-key-export.h"

#include <string.h>

#include "till-json-writer.h"
#include "till-time.h"

/* 12 digits are more than any till takes, and far from overflowing. */
#define MAX_DIGITS 12

/* Digits behind the point (ISO 4217). */
static guint
get_decimals (const char *currency)
{
  static const char none[] = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
  static const char three[] = "BHD IQD JOD KWD LYD OMR TND";

  if (strstr (none, currency) != NULL)
    return 0;

  return strstr (three, currency) != NULL ? 3 : 2;
}

static char *
dup_base64 (GBytes *spki)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (spki, &size);

  return g_base64_encode (data, size);
}

/* RFC 7468 13 */
static void
append_pem (GString *out,
            GBytes  *spki)
{
  g_autofree char *base64 = dup_base64 (spki);

  g_string_append (out, "-----BEGIN PUBLIC KEY-----\n");
  for (gsize i = 0; base64[i] != '\0'; i += strnlen (base64 + i, 64))
    g_string_append_printf (out, "%.64s\n", base64 + i);
  g_string_append (out, "-----END PUBLIC KEY-----\n");
}

static void
write_text (TillJsonWriter *writer,
            const char     *member,
            const char     *value)
{
  till_json_writer_member (writer, member);
  if (value != NULL)
    till_json_writer_string (writer, value);
  else
    till_json_writer_null (writer);
}

static void
write_time (TillJsonWriter *writer,
            const char     *member,
            gint64          seconds)
{
  g_autofree char *text = seconds != TILL_TIME_UNKNOWN ? till_time_format (seconds) : NULL;

  write_text (writer, member, text);
}

/* The members that `tillkeeperctl keys export --format json` writes, in its order. */
static void
append_json (GString             *out,
             const TillKeyRecord *key)
{
  g_autofree char *base64 = dup_base64 (key->spki);
  TillJsonWriter writer;

  till_json_writer_init (&writer, out, TRUE);
  till_json_writer_begin_object (&writer);
  write_text (&writer, "keyId", key->key_id);
  write_text (&writer, "encryptionType", key->encryption_type);
  till_json_writer_member (&writer, "modulus");
  till_json_writer_int (&writer, key->modulus);
  write_text (&writer, "encodedPublicKey", base64);
  write_text (&writer, "publicKeySha256", key->public_key_sha256);
  write_time (&writer, "validFrom", key->valid_from);
  write_time (&writer, "validTo", key->valid_to);
  till_json_writer_member (&writer, "offlineLimit");
  if (key->offline_limit >= 0)
    till_json_writer_int (&writer, key->offline_limit);
  else
    till_json_writer_null (&writer);
  write_text (&writer, "offlineCurrency", key->offline_currency);
  till_json_writer_end_object (&writer);
  g_string_append_c (out, '\n');
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
  GString *out;

  g_return_val_if_fail (key != NULL && key->spki != NULL, NULL);

  if (format == TILL_KEY_FORMAT_DER)
    return g_bytes_ref (key->spki);

  out = g_string_new (NULL);
  if (format == TILL_KEY_FORMAT_PEM)
    append_pem (out, key->spki);
  else
    append_json (out, key);

  return g_string_free_to_bytes (out);
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
 * till_key_dup_encryption_data:
 * @encryption: encrypted card fields
 *
 * Returns: (transfer full): the "encryptionData" of a payment as JSON (API.md 3.3)
 */
char *
till_key_dup_encryption_data (const TillEncryption *encryption)
{
  GString *out = g_string_new (NULL);
  TillJsonWriter writer;

  till_json_writer_init (&writer, out, TRUE);
  till_json_writer_begin_object (&writer);
  write_text (&writer, "encryptionType", encryption->encryption_type);
  write_text (&writer, "keyId", encryption->key_id);
  write_text (&writer, "encryptionBlock", encryption->block);
  write_text (&writer, "encryptionBlockFields", encryption->fields);
  write_text (&writer, "encryptionTarget", encryption->target);
  till_json_writer_end_object (&writer);
  g_string_append_c (out, '\n');

  return g_string_free (out, FALSE);
}

/**
 * till_key_money_is_currency:
 * @text: what may be a code of ISO 4217
 *
 * Returns: whether it is three capitals
 */
gboolean
till_key_money_is_currency (const char *text)
{
  return strlen (text) == 3 && strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
}

/**
 * till_key_money_parse:
 * @text: an amount as a person writes it: "25", "25.00", "25,00"
 * @currency: its ISO 4217 code
 * @minor_units: (out): the amount
 *
 * Separators of thousands are refused rather than guessed.
 *
 * Returns: whether both are what they should be
 */
gboolean
till_key_money_parse (const char *text,
                      const char *currency,
                      gint64     *minor_units)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  gsize whole = strspn (trimmed, "0123456789");
  gboolean point = trimmed[whole] == '.' || trimmed[whole] == ',';
  gsize part = point ? strspn (trimmed + whole + 1, "0123456789") : 0;
  gint64 value = 0;
  guint decimals;

  if (!till_key_money_is_currency (currency))
    return FALSE;

  decimals = get_decimals (currency);
  if (whole == 0 || whole > MAX_DIGITS || part > decimals || (point && part == 0) ||
      trimmed[whole + point + part] != '\0')
    return FALSE;

  /* "1,000" in a currency with three decimals could be a thousand. */
  if (trimmed[whole] == ',' && part == 3)
    return FALSE;

  for (const char *p = trimmed; *p != '\0'; p++)
    if (g_ascii_isdigit (*p))
      value = value * 10 + (*p - '0');

  for (gsize i = part; i < decimals; i++)
    value *= 10;

  *minor_units = value;

  return TRUE;
}

/**
 * till_key_money_dup_amount:
 * @minor_units: an amount
 * @currency: its ISO 4217 code
 *
 * Returns: (transfer full): the amount without its currency: "25.00"
 */
char *
till_key_money_dup_amount (gint64      minor_units,
                           const char *currency)
{
  guint decimals = get_decimals (currency);
  gint64 unit = decimals == 0 ? 1 : decimals == 2 ? 100 : 1000;

  if (decimals == 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT, minor_units);

  return g_strdup_printf ("%" G_GINT64_FORMAT ".%0*" G_GINT64_FORMAT, minor_units / unit, (int) decimals,
                          minor_units % unit);
}
