/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command `devices` (CLI.md). */
#include "config.h"

#include "pair.h"

#include <string.h>

#include "services.h"
#include "till-cli-report.h"
#include "till-cli-prompt.h"
#include "till-cli-session.h"
#include "till-cli-table.h"
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

static const char *
describe_kind (TillDevice *device)
{
  return till_device_get_kind (device) == TILL_DEVICE_TERMINAL ? "terminal" : "till";
}

static gboolean
list_devices (TillCliSession  *session,
              GError         **error)
{
  g_autoptr(TillRegister) devices = till_pair_load_register (session, error);
  g_autoptr(TillCliTable) table = till_cli_table_new ("STATE", "POS ID", "KIND", "ADDRESS", "ENDS", "LAST CONTACT", NULL);
  guint n;

  if (devices == NULL)
    return FALSE;

  n = g_list_model_get_n_items (G_LIST_MODEL (devices));
  if (session->cli->json)
    till_json_writer_begin_array (&session->writer);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(TillDevice) device = g_list_model_get_item (G_LIST_MODEL (devices), i);
      g_autofree char *ends = till_cli_format_time (till_device_get_not_after (device));
      g_autofree char *contact = till_cli_format_time (till_device_get_last_contact (device));

      if (session->cli->json)
        {
          till_json_writer_begin_object (&session->writer);
          till_pair_write_device (&session->writer, device);
          till_json_writer_end_object (&session->writer);
          continue;
        }

      till_cli_table_add (table, till_device_state_to_word (till_device_get_state (device)));
      till_cli_table_add (table, till_device_get_pos_id (device));
      till_cli_table_add (table, describe_kind (device));
      till_cli_table_add (table, till_device_get_address (device));
      till_cli_table_add (table, ends);
      till_cli_table_add (table, contact);
    }

  if (session->cli->json)
    till_json_writer_end_array (&session->writer);
  else
    till_cli_table_append (table, session->output.text);

  if (n == 0 && !session->cli->json)
    till_cli_say ("no device is paired yet");

  return TRUE;
}

static TillCliStatus
run_list (TillCli *cli)
{
  const char *wrong = till_cli_check_arguments (cli, 0, NULL);

  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_SHOP_LOOK, list_devices, NULL);
}

/* (transfer none) (nullable): the one that is in use */
static TillDevice *
find_device (TillRegister  *devices,
             const char    *pos_id,
             GError       **error)
{
  TillDevice *device = till_register_find_pos_id (devices, TILL_DEVICE_TILL, pos_id);

  if (device == NULL)
    device = till_register_find_pos_id (devices, TILL_DEVICE_TERMINAL, pos_id);
  if (device == NULL)
    till_set_error (error, TILL_ERROR_NOT_FOUND, TILL_REASON_NONE, pos_id, NULL,
                    "no device with the POS ID “%s” is paired", pos_id);

  return device;
}

static gboolean
revoke_device (TillCliSession  *session,
               GError         **error)
{
  const char *pos_id = session->cli->arguments[0];
  g_autoptr(TillRegister) devices = till_pair_load_register (session, error);
  TillDevice *found = devices == NULL ? NULL : find_device (devices, pos_id, error);
  g_autofree char *serial = found == NULL ? NULL : g_strdup (till_device_get_serial (found));

  if (found == NULL)
    return FALSE;

  if (till_cli_get_option (session->cli, "yes") == NULL)
    {
      g_autofree char *question = g_strdup_printf ("Revoke “%s”? It can't connect to this computer any more.", pos_id);

      if (!till_cli_session_confirm (session, question, NULL, error))
        return FALSE;
    }

  till_register_revoke_async (devices, serial, "revoked", session->cancellable, till_cli_session_done_cb, session);
  if (!till_register_finish (devices, till_cli_session_wait (session), error))
    return FALSE;

  if (session->cli->json)
    {
      till_json_writer_begin_object (&session->writer);
      till_pair_write_device (&session->writer, till_register_find (devices, serial));
      till_json_writer_end_object (&session->writer);
    }

  return TRUE;
}

static TillCliStatus
run_revoke (TillCli *cli)
{
  const char *wrong = till_cli_check_arguments (cli, 1, "a POS ID is missing");

  if (wrong == NULL && till_cli_get_option (cli, "yes") == NULL && !till_cli_can_prompt ())
    wrong = "this can't be undone and there is no terminal to ask on; “--yes” goes on without asking";
  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_SHOP_WRITE, revoke_device, NULL);
}

static const TillCliCommand list_command = {
  .name = "list",
  .group = "devices",
  .summary = "List the paired tills and terminals",
  .synopsis = "",
  .help =
    "Lists what is paired: tills that have their identity from this computer, and\n"
    "terminals that gave this computer one. A till is pending until it has connected\n"
    "with its certificate.\n",
  .run = run_list,
};

static const TillCliOption revoke_options[] = {
  { "yes", NULL, "Do not ask" },
  { NULL, NULL, NULL },
};

static const TillCliCommand revoke_command = {
  .name = "revoke",
  .group = "devices",
  .summary = "Make the certificate of a till useless",
  .synopsis = "[--yes] POS-ID",
  .help = "The till with this POS ID can't connect to this computer any more.\n",
  .options = revoke_options,
  .run = run_revoke,
};

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

static const TillCliCommand * const devices_commands[] = { &list_command, &revoke_command, &root_ca_command, NULL };

const TillCliCommand till_command_devices = {
  .name = "devices",
  .summary = TILL_SUMMARY_DEVICES,
  .synopsis = "COMMAND …",
  .help = "Paired tills and payment terminals, and the certificates that they are trusted by.\n",
  .commands = devices_commands,
};
