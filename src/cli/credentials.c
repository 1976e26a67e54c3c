/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command `credentials` (CLI.md).
 *
 * The document is made with marks where secrets stand; they are put in while
 * it is written, so that no secret is ever in the memory of a string. */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "inspect-rows.h"
#include "services.h"
#include "till-cli-report.h"
#include "till-cli-session.h"
#include "till-cli-values.h"
#include "till-error.h"

#define MAX_MINUTES 30
#define SHOWN_BYTES 4

/* Marks of the private use area (Unicode 23.5); what comes from the service follows behind them. */
#define TOKEN_MARK   "\xee\x80\x80"
#define SESSION_MARK "\xee\x80\x81"

typedef struct
{
  guint       minutes;
  const char *redirect;
  gboolean    show_secrets;
} Request;

/* Its end, so that a person can tell it from another one. */
static char *
mask (const TillSecret *secret)
{
  gsize size = till_secret_get_size (secret);
  const char *data = (const char *) till_secret_get_data (secret);
  g_autofree char *end = NULL;

  if (size < 4 * SHOWN_BYTES)
    return g_strdup ("••••••••");

  end = g_strndup (data + size - SHOWN_BYTES, SHOWN_BYTES);

  return g_str_is_ascii (end) ? g_strconcat ("••••••••", end, NULL) : g_strdup ("••••••••");
}

static gint64
get_end (const TillHubCredentials *credentials)
{
  if (credentials->issued_at == TILL_TIME_UNKNOWN || credentials->time_to_live == 0)
    return TILL_TIME_UNKNOWN;

  return credentials->issued_at + credentials->time_to_live;
}

static void
write_credentials (TillCliSession           *session,
                   const TillHubCredentials *credentials,
                   const char               *token,
                   const char               *session_id,
                   gboolean                  show)
{
  TillJsonWriter *writer = &session->writer;

  till_json_writer_begin_object (writer);
  till_cli_write_text (writer, "accessToken", token);
  till_cli_write_text (writer, "sessionId", session_id);
  if (show)
    till_cli_write_text (writer, "header", "Authorization: Bearer " TOKEN_MARK);
  till_cli_write_text (writer, "tokenType", credentials->token_type);
  till_cli_write_text (writer, "keyId", credentials->key_id);
  till_cli_write_time (writer, "issuedAt", credentials->issued_at);
  till_cli_write_time (writer, "endsAt", get_end (credentials));
  till_cli_write_key (writer, "publicKey", credentials->public_key != NULL ? credentials->public_key->spki : NULL, NULL);
  till_cli_write_text (writer, "symmetricEncryptionAlgorithm", credentials->symmetric_algorithm);
  till_cli_write_text (writer, "asymmetricEncryptionAlgorithm", credentials->asymmetric_algorithm);
  till_cli_write_text (writer, "traceId", credentials->trace_id);
  till_json_writer_end_object (writer);
  g_string_append_c (session->output.text, '\n');
}

static void
append_credentials (GString                  *out,
                    const TillHubCredentials *credentials,
                    const char               *token,
                    const char               *session_id)
{
  GBytes *spki = credentials->public_key != NULL ? credentials->public_key->spki : NULL;
  g_autofree char *description = till_cli_describe_key (spki);

  till_inspect_append_label (out, "Access token");
  g_string_append_printf (out, "%s\n", token);
  if (session_id != NULL)
    {
      till_inspect_append_label (out, "Session ID");
      g_string_append_printf (out, "%s\n", session_id);
    }

  till_inspect_append_time (out, "Issued", credentials->issued_at);
  if (get_end (credentials) != TILL_TIME_UNKNOWN)
    till_inspect_append_time (out, "Ends", get_end (credentials));
  else
    till_inspect_append_row (out, "Ends", "not said; used until refused");
  till_inspect_append_row (out, "Public key", description);
  if (spki != NULL)
    till_inspect_append_hex (out, "Key SHA-256", credentials->public_key->public_key_sha256);
  if (credentials->trace_id != NULL)
    till_inspect_append_row (out, "Trace ID", credentials->trace_id);
}

static void
write_piece (TillCliOutput *output,
             const void    *data,
             gsize          size)
{
  const char *p = data;

  while (size > 0 && output->failure == 0)
    {
      gssize written = write (output->fd, p, size);

      if (written >= 0)
        {
          p += written;
          size -= (gsize) written;
        }
      else if (errno != EINTR)
        {
          output->failure = errno;
        }
    }
}

/* A secret as it stands in the document. In JSON quotes, backslashes and control characters are escaped; on a
 * terminal nothing but plain characters may arrive. */
static void
write_secret (TillCliOutput    *output,
              const TillSecret *secret,
              gboolean          json)
{
  g_autoptr(TillSecret) escaped = till_secret_new (6 * till_secret_get_size (secret) + 1);
  const guint8 *data = till_secret_get_data (secret);
  guint8 *out = till_secret_get_buffer (escaped);
  gsize length = 0;

  for (gsize i = 0; i < till_secret_get_size (secret); i++)
    {
      static const char digits[] = "0123456789abcdef";

      if (json && (data[i] < 0x20 || data[i] == '"' || data[i] == '\\'))
        {
          memcpy (out + length, "\\u00", 4);
          out[length + 4] = (guint8) digits[data[i] >> 4];
          out[length + 5] = (guint8) digits[data[i] & 15];
          length += 6;
        }
      else
        {
          out[length++] = json || (data[i] >= 0x20 && data[i] < 0x7f) ? data[i] : '?';
        }
    }

  write_piece (output, out, length);
}

/* Writes the document with the secrets in the place of their marks. */
static void
write_marked (TillCliSession           *session,
              const TillHubCredentials *credentials)
{
  TillCliOutput *output = &session->output;
  g_autofree char *text = g_strdup (output->text->str);
  const char *p = text;
  const char *mark;

  g_string_truncate (output->text, 0);

  while ((mark = strstr (p, "\xee\x80")) != NULL)
    {
      write_piece (output, p, (gsize) (mark - p));
      if (g_str_has_prefix (mark, TOKEN_MARK))
        write_secret (output, credentials->access_token, session->cli->json);
      else if (g_str_has_prefix (mark, SESSION_MARK) && credentials->session_id != NULL)
        write_secret (output, credentials->session_id, session->cli->json);
      p = mark + strlen (TOKEN_MARK);
    }

  write_piece (output, p, strlen (p));
}

static gboolean
request_credentials (TillCliSession  *session,
                     GError         **error)
{
  const Request *request = session->data;
  g_autoptr(TillHubCredentials) credentials = NULL;
  g_autofree char *token = NULL;
  g_autofree char *session_id = NULL;

  till_shop_credentials_async (session->shop, request->minutes, request->redirect, session->cancellable,
                               till_cli_session_done_cb, session);
  credentials = till_shop_credentials_finish (session->shop, till_cli_session_wait (session), error);
  if (credentials == NULL)
    return FALSE;

  token = request->show_secrets ? g_strdup (TOKEN_MARK) : mask (credentials->access_token);
  if (credentials->session_id != NULL)
    session_id = request->show_secrets ? g_strdup (SESSION_MARK) : mask (credentials->session_id);

  if (session->cli->json)
    write_credentials (session, credentials, token, session_id, request->show_secrets);
  else
    append_credentials (session->output.text, credentials, token, session_id);

  write_marked (session, credentials);

  return TRUE;
}

static TillCliStatus
run_request (TillCli *cli)
{
  Request request = { 0 };
  const char *wrong = till_cli_check_arguments (cli, 0, NULL);

  request.redirect = till_cli_get_option (cli, "redirect");
  request.show_secrets = till_cli_get_option (cli, "show-secrets") != NULL;

  if (wrong == NULL && !till_cli_get_number (cli, "minutes", 1, MAX_MINUTES, &request.minutes))
    wrong = "the value of “--minutes” is not a number from 1 to 30";
  if (wrong == NULL && request.redirect != NULL && !g_str_has_prefix (request.redirect, "https://"))
    wrong = "the value of “--redirect” is not an https address";
  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_SHOP_WRITE, request_credentials, &request);
}

static const TillCliOption request_options[] = {
  { "minutes", "N", "How long it shall last, 1 to 30; else the service says" },
  { "redirect", "URL", "Where the service sends a customer back to" },
  { "show-secrets", NULL, "Show token and session in full, with a ready header" },
  { NULL, NULL, NULL },
};

static const TillCliCommand request_command = {
  .name = "request",
  .group = "credentials",
  .summary = "Request an access token",
  .synopsis = "[OPTION…]",
  .help =
    "Requests an access token, a session and a public key from Commerce Hub. Nothing of\n"
    "it is kept. Token and session are masked unless asked for.\n",
  .options = request_options,
  .run = run_request,
};

static const TillCliCommand * const credentials_commands[] = { &request_command, NULL };

const TillCliCommand till_command_credentials = {
  .name = "credentials",
  .summary = TILL_SUMMARY_CREDENTIALS,
  .synopsis = "COMMAND …",
  .help = "Access tokens of Commerce Hub, which last up to 30 minutes.\n",
  .commands = credentials_commands,
};
