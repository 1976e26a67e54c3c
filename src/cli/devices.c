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
remove_key (TillCliSession  *session,
            const char      *serial,
            GError         **error)
{
  g_autofree char *name = till_pair_dup_vault_name (serial);

  till_vault_remove_async (session->vault, till_shop_get_profile (session->shop)->id, name, session->cancellable,
                           till_cli_session_done_cb, session);

  return till_vault_remove_finish (session->vault, till_cli_session_wait (session), error);
}

static gboolean
revoke_device (TillCliSession  *session,
               GError         **error)
{
  const char *pos_id = session->cli->arguments[0];
  g_autoptr(TillRegister) devices = till_pair_load_register (session, error);
  TillDevice *found = devices == NULL ? NULL : find_device (devices, pos_id, error);
  gboolean terminal = found != NULL && till_device_get_kind (found) == TILL_DEVICE_TERMINAL;
  g_autofree char *serial = found == NULL ? NULL : g_strdup (till_device_get_serial (found));

  if (found == NULL)
    return FALSE;

  if (till_cli_get_option (session->cli, "yes") == NULL)
    {
      const char *consequence = terminal ? "This computer can't talk to it any more."
                                         : "It can't connect to this computer any more.";
      g_autofree char *question = g_strdup_printf ("Revoke “%s”? %s", pos_id, consequence);

      if (!till_cli_session_confirm (session, question, NULL, error))
        return FALSE;
    }

  till_register_revoke_async (devices, serial, "revoked", session->cancellable, till_cli_session_done_cb, session);
  if (!till_register_finish (devices, till_cli_session_wait (session), error) ||
      (terminal && !remove_key (session, serial, error)))
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

/* With the identity that the terminal gave this computer. */
static gboolean
probe_terminal (TillCliSession          *session,
                const TillDeviceRecord  *record,
                GError                 **error)
{
  g_autofree char *name = till_pair_dup_vault_name (record->serial);
  g_autoptr(TillPairingGuest) guest = NULL;
  g_autoptr(TillIdentity) identity = NULL;
  g_autoptr(TillSecret) secret = NULL;

  till_vault_load_async (session->vault, record->profile_id, name, session->cancellable, till_cli_session_done_cb, session);
  secret = till_vault_load_finish (session->vault, till_cli_session_wait (session), error);
  if (secret == NULL)
    return FALSE;

  identity = till_identity_new (secret, record->root_pem, till_clock_get_now (session->clock), error);
  if (identity == NULL)
    return FALSE;

  guest = till_pairing_guest_new (record->address, record->root_pem, record->terminal_serial, session->clock, error);
  if (guest == NULL)
    return FALSE;

  till_pairing_guest_probe_async (guest, identity, session->cancellable, till_cli_session_done_cb, session);

  return till_pairing_guest_probe_finish (guest, till_cli_session_wait (session), error);
}

static gboolean
check_device (TillCliSession  *session,
              GError         **error)
{
  g_autoptr(TillRegister) devices = till_pair_load_register (session, error);
  const char *pos_id = session->cli->arguments[0];
  TillDevice *found = devices == NULL ? NULL : till_register_find_pos_id (devices, TILL_DEVICE_TERMINAL, pos_id);
  g_autoptr(TillDevice) device = NULL;
  const TillDeviceRecord *record;

  if (devices == NULL)
    return FALSE;

  if (found == NULL)
    {
      g_autofree char *contact = NULL;

      found = find_device (devices, pos_id, error);
      if (found == NULL)
        return FALSE;

      contact = till_cli_format_time (till_device_get_last_contact (found));
      till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_NONE, pos_id, NULL,
                      "“%s” is a till, which connects to this computer and can't be called; its last contact was %s",
                      pos_id, contact);
      return FALSE;
    }

  device = g_object_ref (found);
  record = till_device_get_record (device);
  if (!probe_terminal (session, record, error))
    return FALSE;

  till_register_confirm_async (devices, record->serial, record->address, session->cancellable, till_cli_session_done_cb,
                               session);
  if (!till_register_finish (devices, till_cli_session_wait (session), error))
    return FALSE;

  if (session->cli->json)
    {
      till_json_writer_begin_object (&session->writer);
      till_pair_write_device (&session->writer, till_register_find (devices, record->serial));
      till_cli_write_bool (&session->writer, "works", TRUE);
      till_json_writer_end_object (&session->writer);
    }
  else
    {
      g_string_append_printf (session->output.text, "Secure connection with “%s” works.\n", pos_id);
    }

  return TRUE;
}

static TillCliStatus
run_check (TillCli *cli)
{
  const char *wrong = till_cli_check_arguments (cli, 1, "a POS ID is missing");

  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_SHOP_WRITE, check_device, NULL);
}

static const TillCliCommand check_command = {
  .name = "check",
  .group = "devices",
  .summary = "Connect to a terminal by mutual TLS",
  .synopsis = "POS-ID",
  .help =
    "Connects to the terminal that gave this computer the identity of that name, and\n"
    "asks for its status. A till can't be called: it connects by itself.\n",
  .run = run_check,
};

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
  .summary = "Make the certificate of a device useless",
  .synopsis = "[--yes] POS-ID",
  .help =
    "A till with this POS ID can't connect to this computer any more. Of a terminal,\n"
    "the private key is removed from the vault.\n",
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

static const TillCliCommand * const devices_commands[] = {
  &list_command, &check_command, &revoke_command, &root_ca_command, NULL,
};

const TillCliCommand till_command_devices = {
  .name = "devices",
  .summary = TILL_SUMMARY_DEVICES,
  .synopsis = "COMMAND …",
  .help = "Paired tills and payment terminals, and the certificates that they are trusted by.\n",
  .commands = devices_commands,
};
