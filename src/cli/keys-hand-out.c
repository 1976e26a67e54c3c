/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `keys export` and `keys encrypt`: a key for a till, and a test of it (CLI.md). */
#include "config.h"

#include "keys.h"

#include <string.h>
#include <unistd.h>

#include "till-cli-report.h"
#include "till-cli-values.h"
#include "till-encryption.h"
#include "till-file.h"
#include "till-limits.h"

typedef enum
{
  FORMAT_PEM,
  FORMAT_DER,
  FORMAT_JSON,
} Format;

static const char * const format_words[] = { "pem", "der", "json" };

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

/* What a till needs of a key, with the limit that travels with it (DESIGN.md 2). */
static void
write_exported (TillJsonWriter      *writer,
                const TillKeyRecord *key)
{
  g_autofree char *base64 = dup_base64 (key->spki);

  till_json_writer_begin_object (writer);
  till_cli_write_text (writer, "keyId", key->key_id);
  till_cli_write_text (writer, "encryptionType", key->encryption_type);
  till_cli_write_int (writer, "modulus", key->modulus);
  till_cli_write_text (writer, "encodedPublicKey", base64);
  till_cli_write_text (writer, "publicKeySha256", key->public_key_sha256);
  till_cli_write_time (writer, "validFrom", key->valid_from);
  till_cli_write_time (writer, "validTo", key->valid_to);
  till_json_writer_member (writer, "offlineLimit");
  if (key->offline_limit >= 0)
    till_json_writer_int (writer, key->offline_limit);
  else
    till_json_writer_null (writer);
  till_cli_write_text (writer, "offlineCurrency", key->offline_currency);
  till_json_writer_end_object (writer);
}

static void
append_exported (GString             *out,
                 const TillKeyRecord *key,
                 Format               format)
{
  TillJsonWriter writer;

  switch (format)
    {
    case FORMAT_PEM:
      append_pem (out, key->spki);
      break;

    case FORMAT_DER:
      g_string_append_len (out, g_bytes_get_data (key->spki, NULL), (gssize) g_bytes_get_size (key->spki));
      break;

    case FORMAT_JSON:
    default:
      till_json_writer_init (&writer, out, TRUE);
      write_exported (&writer, key);
      g_string_append_c (out, '\n');
      break;
    }
}

/* With --json: one document, whatever the format of the key in it. */
static void
write_wrapped (TillCliSession      *session,
               const TillKeyRecord *key,
               Format               format)
{
  g_autofree char *base64 = NULL;
  g_autoptr(GString) pem = g_string_new (NULL);

  if (format == FORMAT_JSON)
    {
      write_exported (&session->writer, key);
      return;
    }

  till_json_writer_begin_object (&session->writer);
  till_cli_write_text (&session->writer, "keyId", key->key_id);
  till_cli_write_text (&session->writer, "format", format_words[format]);
  if (format == FORMAT_PEM)
    {
      append_pem (pem, key->spki);
      till_cli_write_text (&session->writer, "data", pem->str);
    }
  else
    {
      base64 = dup_base64 (key->spki);
      till_cli_write_text (&session->writer, "dataBase64", base64);
    }
  till_json_writer_end_object (&session->writer);
}

static gboolean
export_key (TillCliSession  *session,
            GError         **error)
{
  const Format *format = session->data;
  const char *output = till_cli_get_option (session->cli, "output");
  g_autoptr(GPtrArray) keys = till_keys_load (session, error);
  g_autoptr(GString) text = g_string_new (NULL);
  const TillKeyRecord *key;

  if (keys == NULL)
    return FALSE;

  key = till_keys_find_usable (keys, session->cli->arguments[0], till_clock_get_now (session->clock), error);
  if (key == NULL)
    return FALSE;

  if (output == NULL && !session->cli->json)
    {
      append_exported (session->output.text, key, *format);
      return TRUE;
    }

  if (output == NULL)
    {
      write_wrapped (session, key, *format);
      return TRUE;
    }

  append_exported (text, key, *format);
  if (!till_file_write (output, text->str, text->len, 0644, error))
    return FALSE;

  if (session->cli->json)
    {
      till_json_writer_begin_object (&session->writer);
      till_cli_write_text (&session->writer, "keyId", key->key_id);
      till_cli_write_text (&session->writer, "format", format_words[*format]);
      till_cli_write_text (&session->writer, "file", output);
      till_json_writer_end_object (&session->writer);
    }

  return TRUE;
}

static TillCliStatus
run_export (TillCli *cli)
{
  const char *wrong = till_cli_check_arguments (cli, 1, "the ID of a key is missing");
  const char *word = till_cli_get_option (cli, "format");
  Format format = G_N_ELEMENTS (format_words);

  for (gsize i = 0; i < G_N_ELEMENTS (format_words); i++)
    {
      if (g_strcmp0 (word, format_words[i]) == 0)
        format = i;
    }

  if (wrong == NULL && word == NULL)
    wrong = "“--format” is missing: pem, der or json";
  if (wrong == NULL && format == G_N_ELEMENTS (format_words))
    wrong = "the value of “--format” is none of pem, der and json";
  if (wrong == NULL && format == FORMAT_DER && !cli->json && till_cli_get_option (cli, "output") == NULL &&
      isatty (STDOUT_FILENO))
    wrong = "DER is not for a terminal; “--output” names a file";
  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_SHOP_LOOK, export_key, &format);
}

static gboolean
encrypt_card (TillCliSession  *session,
              GError         **error)
{
  g_autoptr(GPtrArray) keys = NULL;
  g_autoptr(TillSecret) card = NULL;
  g_autoptr(TillEncryption) encryption = NULL;
  const TillKeyRecord *key;

  card = till_file_read_fd (STDIN_FILENO, "standard input", TILL_LIMIT_JSON_PAIRING_BYTES, TILL_LIMIT_JSON_PAIRING_BYTES,
                            error);
  if (card == NULL)
    return FALSE;

  keys = till_keys_load (session, error);
  if (keys == NULL)
    return FALSE;

  key = till_keys_find_usable (keys, session->cli->arguments[0], till_clock_get_now (session->clock), error);
  if (key == NULL)
    return FALSE;

  encryption = till_encryption_new (key->key_id, key->spki, card, error);
  if (encryption == NULL)
    return FALSE;

  till_json_writer_begin_object (&session->writer);
  till_cli_write_text (&session->writer, "encryptionType", encryption->encryption_type);
  till_cli_write_text (&session->writer, "keyId", encryption->key_id);
  till_cli_write_text (&session->writer, "encryptionBlock", encryption->block);
  till_cli_write_text (&session->writer, "encryptionBlockFields", encryption->fields);
  till_cli_write_text (&session->writer, "encryptionTarget", encryption->target);
  till_json_writer_end_object (&session->writer);
  if (!session->cli->json)
    g_string_append_c (session->output.text, '\n');

  return TRUE;
}

static TillCliStatus
run_encrypt (TillCli *cli)
{
  const char *wrong = till_cli_check_arguments (cli, 1, "the ID of a key is missing");

  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_SHOP_LOOK, encrypt_card, NULL);
}

static const TillCliOption export_options[] = {
  { "format", "FORMAT", "pem, der or json" },
  { "output", "FILE", "Write to FILE instead of standard output" },
  { NULL, NULL, NULL },
};

const TillCliCommand till_command_keys_export = {
  .name = "export",
  .group = "keys",
  .summary = "Hand out a public key for a till",
  .synopsis = "--format FORMAT [--output FILE] ID",
  .help =
    "Writes the public key: as PEM, as DER, or as JSON with its times and the limit for\n"
    "offline payments (in minor units of its currency). A key that is revoked or has\n"
    "ended is not handed out.\n",
  .options = export_options,
  .run = run_export,
};

const TillCliCommand till_command_keys_encrypt = {
  .name = "encrypt",
  .group = "keys",
  .summary = "Encrypt card fields, to test a key",
  .synopsis = "ID",
  .help =
    "Reads one JSON object of texts from standard input, such as\n"
    "{\"cardData\":\"4005550000000019\",\"nameOnCard\":\"Jane Doe\"}, encrypts the values in\n"
    "that order with RSA-OAEP and SHA-256, and writes the encryptionData of a payment.\n",
  .run = run_encrypt,
};
