/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `keys export` and `keys encrypt`: a key for a till, and a test of it (CLI.md). */
#include "config.h"

#include "keys.h"

#include <unistd.h>

#include "till-cli-report.h"
#include "till-cli-values.h"
#include "till-file.h"
#include "till-key-export.h"
#include "till-limits.h"

/* By TillKeyFormat. */
static const char * const format_words[] = { "pem", "der", "json" };

/* With --json: one document, whatever the format of the key in it. */
static void
write_wrapped (TillCliSession      *session,
               const TillKeyRecord *key,
               TillKeyFormat        format)
{
  g_autofree char *data = NULL;
  gsize size;

  if (format == TILL_KEY_FORMAT_JSON)
    {
      till_key_write_json (key, &session->writer);
      return;
    }

  till_json_writer_begin_object (&session->writer);
  till_cli_write_text (&session->writer, "keyId", key->key_id);
  till_cli_write_text (&session->writer, "format", format_words[format]);
  if (format == TILL_KEY_FORMAT_PEM)
    {
      data = till_key_dup_pem (key);
      till_cli_write_text (&session->writer, "data", data);
    }
  else
    {
      const guint8 *bytes = g_bytes_get_data (key->spki, &size);

      data = g_base64_encode (bytes, size);
      till_cli_write_text (&session->writer, "dataBase64", data);
    }
  till_json_writer_end_object (&session->writer);
}

static gboolean
export_key (TillCliSession  *session,
            GError         **error)
{
  const TillKeyFormat *format = session->data;
  const char *output = till_cli_get_option (session->cli, "output");
  g_autoptr(GPtrArray) keys = till_keys_load (session, error);
  g_autoptr(GBytes) bytes = NULL;
  const TillKeyRecord *key;
  const char *data;
  gsize size;

  if (keys == NULL)
    return FALSE;

  key = till_keys_find_usable (keys, session->cli->arguments[0], till_clock_get_now (session->clock), error);
  if (key == NULL)
    return FALSE;

  if (output == NULL && session->cli->json)
    {
      write_wrapped (session, key, *format);
      return TRUE;
    }

  bytes = till_key_export (key, *format);
  data = g_bytes_get_data (bytes, &size);
  if (output == NULL)
    {
      g_string_append_len (session->output.text, data, (gssize) size);
      return TRUE;
    }

  if (!till_file_write (output, data, size, 0644, error))
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
  guint format = G_N_ELEMENTS (format_words);
  TillKeyFormat chosen;

  for (gsize i = 0; i < G_N_ELEMENTS (format_words); i++)
    {
      if (g_strcmp0 (word, format_words[i]) == 0)
        format = (guint) i;
    }

  if (wrong == NULL && word == NULL)
    wrong = "“--format” is missing: pem, der or json";
  if (wrong == NULL && format == G_N_ELEMENTS (format_words))
    wrong = "the value of “--format” is none of pem, der and json";
  if (wrong == NULL && format == TILL_KEY_FORMAT_DER && !cli->json && till_cli_get_option (cli, "output") == NULL &&
      isatty (STDOUT_FILENO))
    wrong = "DER is not for a terminal; “--output” names a file";
  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  chosen = (TillKeyFormat) format;

  return till_cli_session_run (cli, TILL_CLI_NEED_SHOP_LOOK, export_key, &chosen);
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

  till_key_write_encryption_data (encryption, &session->writer);
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
