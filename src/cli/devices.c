/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command `devices` (CLI.md). */
#include "config.h"

#include <string.h>

#include "services.h"
#include "till-cli-report.h"
#include "till-cli-session.h"
#include "till-cli-values.h"
#include "till-document.h"
#include "till-file.h"

static void
write_root_ca (TillCliSession *session,
               const char     *pem,
               const char     *file)
{
  TillJsonWriter *writer = &session->writer;
  TillInspectOptions options = { 0 };
  g_autoptr(TillDocument) document = NULL;

  document = till_document_parse ((const guint8 *) pem, strlen (pem), &options, NULL);

  till_json_writer_begin_object (writer);
  if (file != NULL)
    till_cli_write_text (writer, "file", file);
  else
    till_cli_write_text (writer, "pem", pem);

  till_json_writer_member (writer, "certificates");
  till_json_writer_begin_array (writer);
  for (guint i = 0; document != NULL && i < document->certificates->len; i++)
    {
      const TillCertificate *certificate = g_ptr_array_index (document->certificates, i);

      till_json_writer_begin_object (writer);
      till_cli_write_text (writer, "subject", certificate->subject);
      till_cli_write_text (writer, "sha256", certificate->sha256);
      till_cli_write_time (writer, "notBefore", certificate->not_before);
      till_cli_write_time (writer, "notAfter", certificate->not_after);
      till_json_writer_end_object (writer);
    }
  till_json_writer_end_array (writer);
  till_json_writer_end_object (writer);
}

static gboolean
fetch_root_ca (TillCliSession  *session,
               GError         **error)
{
  const char *output = till_cli_get_option (session->cli, "output");
  g_autofree char *pem = NULL;

  till_shop_root_ca_async (session->shop, session->cancellable, till_cli_session_done_cb, session);
  pem = till_shop_root_ca_finish (session->shop, till_cli_session_wait (session), error);
  if (pem == NULL)
    return FALSE;

  if (output != NULL && !till_file_write (output, pem, strlen (pem), 0644, error))
    return FALSE;

  if (session->cli->json)
    write_root_ca (session, pem, output);
  else if (output == NULL)
    g_string_append (session->output.text, pem);

  return TRUE;
}

static TillCliStatus
run_root_ca (TillCli *cli)
{
  const char *wrong = till_cli_check_arguments (cli, 0, NULL);

  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_SHOP_LOOK, fetch_root_ca, NULL);
}

static const TillCliOption root_ca_options[] = {
  { "output", "FILE", "Write to FILE instead of standard output" },
  { NULL, NULL, NULL },
};

static const TillCliCommand root_ca_command = {
  .name = "root-ca",
  .group = "devices",
  .summary = "Fetch the root certificate of payment terminals",
  .synopsis = "[--output FILE]",
  .help =
    "Fetches the root certificate that payment terminals prove themselves with, as PEM,\n"
    "from the service; with --json also what it holds.\n",
  .options = root_ca_options,
  .run = run_root_ca,
};

static const TillCliCommand * const devices_commands[] = { &root_ca_command, NULL };

const TillCliCommand till_command_devices = {
  .name = "devices",
  .summary = TILL_SUMMARY_DEVICES,
  .synopsis = "COMMAND …",
  .help = "Payment terminals and the certificates that they are trusted by.\n",
  .commands = devices_commands,
};
