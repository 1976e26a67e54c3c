/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command `pair request` (CLI.md): a terminal shows the code, this computer asks for its identity. */
#include "config.h"

#include "pair.h"

#include <string.h>

#include "till-cli-prompt.h"
#include "till-cli-report.h"
#include "till-cli-values.h"
#include "till-file.h"
#include "till-limits.h"
#include "till-pairing-body.h"

#define P12 ".p12"

/* What one request comes to. */
typedef struct
{
  TillCliSession   *session;
  TillPairingGuest *guest;
  TillIdentity     *identity;
  char             *root_pem;
  char             *serial;         /* (nullable): of the terminal */
  const char       *pos_id;
  GPtrArray        *files;
} Request;

static void
request_clear (Request *self)
{
  g_clear_object (&self->guest);
  g_clear_object (&self->identity);
  g_clear_pointer (&self->root_pem, g_free);
  g_clear_pointer (&self->serial, g_free);
  g_clear_pointer (&self->files, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Request, request_clear)

/**
 * till_pair_dup_vault_name:
 * @serial: of a certificate
 *
 * Returns: (transfer full): what its key is called in the vault
 */
char *
till_pair_dup_vault_name (const char *serial)
{
  return g_strconcat ("device.", serial, NULL);
}

/* Who is there, before anything is sent. */
static gboolean
look (Request  *self,
      GError  **error)
{
  TillCliSession *session = self->session;
  const char *expected = till_cli_get_option (session->cli, "serial");

  till_pairing_guest_look_async (self->guest, session->cancellable, till_cli_session_done_cb, session);
  if (!till_pairing_guest_look_finish (self->guest, till_cli_session_wait (session), &self->serial, error))
    return FALSE;

  if (expected != NULL || self->serial == NULL)
    return TRUE;

  if (till_cli_can_prompt ())
    {
      g_autofree char *question = g_strdup_printf ("The terminal says it is %s. Is that the number on its back?",
                                                   self->serial);

      return till_cli_session_confirm (session, question, NULL, error);
    }

  if (!session->cli->json)
    till_cli_say ("the terminal is %s; --serial compares that with the number on its back", self->serial);

  return TRUE;
}

static gboolean
pair (Request  *self,
      GError  **error)
{
  TillCliSession *session = self->session;
  g_autoptr(TillSecret) code = till_cli_read_secret (session->cli, "code-fd", "Code on the terminal: ", error);

  if (code == NULL)
    return FALSE;

  till_pairing_guest_pair_async (self->guest, self->pos_id, code, session->cancellable, till_cli_session_done_cb, session);
  self->identity = till_pairing_guest_pair_finish (self->guest, till_cli_session_wait (session), error);

  return self->identity != NULL;
}

/* Keyring, then row and audit. */
static gboolean
keep (Request       *self,
      TillRegister  *devices,
      GError       **error)
{
  TillCliSession *session = self->session;
  const char *profile_id = till_shop_get_profile (session->shop)->id;
  const char *serial = till_identity_get_serial (self->identity);
  g_autofree char *name = till_pair_dup_vault_name (serial);
  g_autoptr(TillSecret) secret = till_identity_dup_secret (self->identity);
  TillDevice *known = till_register_find_pos_id (devices, TILL_DEVICE_TERMINAL, self->pos_id);
  TillDeviceRecord *record;

  till_vault_store_async (session->vault, profile_id, name, secret, session->cancellable, till_cli_session_done_cb, session);
  if (!till_vault_store_finish (session->vault, till_cli_session_wait (session), error))
    return FALSE;

  if (till_vault_is_session_only (session->vault, profile_id, name) && !session->cli->json)
    till_cli_say ("there is no keyring: only the files that were written keep the private key");

  record = till_device_record_new ();
  record->pos_id = g_strdup (self->pos_id);
  record->address = g_strdup (till_pairing_guest_get_address (self->guest));
  record->serial = g_strdup (serial);
  record->not_before = till_identity_get_not_before (self->identity);
  record->not_after = till_identity_get_not_after (self->identity);
  record->paired_at = till_clock_get_now (session->clock);
  record->state = g_strdup (till_device_state_to_word (TILL_DEVICE_PENDING));
  record->kind = g_strdup (till_device_kind_to_word (TILL_DEVICE_TERMINAL));
  record->certificate_pem = g_strdup (till_identity_get_chain_pem (self->identity));
  record->terminal_serial = g_strdup (self->serial);
  record->root_pem = g_strdup (self->root_pem);
  till_register_add_async (devices, record, known == NULL ? NULL : till_device_get_serial (known), session->cancellable,
                           till_cli_session_done_cb, session);

  return till_register_finish (devices, till_cli_session_wait (session), error);
}

static gboolean
write_file (Request     *self,
            const char  *folder,
            const char  *name,
            const void  *data,
            gsize        size,
            int          mode,
            GError     **error)
{
  g_autofree char *path = folder == NULL ? g_strdup (name) : g_build_filename (folder, name, NULL);

  if (!till_file_write (path, data, size, mode, error))
    return FALSE;

  g_ptr_array_add (self->files, g_steal_pointer (&path));

  return TRUE;
}

static gboolean
write_folder (Request     *self,
              const char  *folder,
              GError     **error)
{
  g_autoptr(TillSecret) key = till_identity_dup_key_pem (self->identity);
  const char *chain = till_identity_get_chain_pem (self->identity);

  return till_file_make_dir (folder, error) &&
         write_file (self, folder, "key.pem", till_secret_get_data (key), till_secret_get_size (key), 0600, error) &&
         write_file (self, folder, "certificate.pem", chain, strlen (chain), 0600, error) &&
         write_file (self, folder, "root.pem", self->root_pem, strlen (self->root_pem), 0600, error);
}

static gboolean
write_p12 (Request     *self,
           const char  *file,
           TillSecret  *password,
           GError     **error)
{
  g_autoptr(TillSecret) p12 = till_identity_make_p12 (self->identity, self->pos_id, password, error);

  return p12 != NULL && write_file (self, NULL, file, till_secret_get_data (p12), till_secret_get_size (p12), 0600, error);
}

static gboolean
probe (Request       *self,
       TillRegister  *devices,
       GError       **error)
{
  TillCliSession *session = self->session;

  till_pairing_guest_probe_async (self->guest, self->identity, session->cancellable, till_cli_session_done_cb, session);
  if (!till_pairing_guest_probe_finish (self->guest, till_cli_session_wait (session), error))
    return FALSE;

  till_register_confirm_async (devices, till_identity_get_serial (self->identity),
                               till_pairing_guest_get_address (self->guest), session->cancellable,
                               till_cli_session_done_cb, session);

  return till_register_finish (devices, till_cli_session_wait (session), error);
}

static void
write_result (Request      *self,
              TillRegister *devices)
{
  TillJsonWriter *writer = &self->session->writer;
  TillDevice *device = till_register_find (devices, till_identity_get_serial (self->identity));

  if (!self->session->cli->json)
    {
      g_autofree char *until = till_cli_format_time (till_identity_get_not_after (self->identity));

      g_string_append_printf (self->session->output.text,
                              "Terminal accepted the code.\nPrivate key matches.\nChain of %u ends at the known root.\n"
                              "Secure test connection works.\nEnds %s.\n",
                              till_identity_get_chain_length (self->identity), until);
      return;
    }

  till_json_writer_begin_object (writer);
  till_pair_write_device (writer, device);
  till_cli_write_int (writer, "chainLength", till_identity_get_chain_length (self->identity));
  till_cli_write_bool (writer, "verified", TRUE);
  till_json_writer_member (writer, "files");
  till_json_writer_begin_array (writer);
  for (guint i = 0; i < self->files->len; i++)
    till_json_writer_string (writer, self->files->pdata[i]);
  till_json_writer_end_array (writer);
  till_json_writer_end_object (writer);
}

static gboolean
request_identity (TillCliSession  *session,
                  GError         **error)
{
  const TillCli *cli = session->cli;
  const char *output = till_cli_get_option (cli, "output");
  g_auto(Request) self = { .session = session, .pos_id = till_cli_get_option (cli, "pos-id") };
  g_autoptr(TillRegister) devices = NULL;
  g_autoptr(TillSecret) ca = till_file_read (till_cli_get_option (cli, "ca"), TILL_LIMIT_FILE_BYTES, 0, error);
  g_autoptr(TillSecret) password = NULL;

  if (ca == NULL)
    return FALSE;

  self.files = g_ptr_array_new_with_free_func (g_free);
  self.root_pem = g_strndup ((const char *) till_secret_get_data (ca), till_secret_get_size (ca));
  self.guest = till_pairing_guest_new (till_cli_get_option (cli, "address"), self.root_pem,
                                       till_cli_get_option (cli, "serial"), session->clock, error);
  if (self.guest == NULL || (devices = till_pair_load_register (session, error)) == NULL || !look (&self, error))
    return FALSE;

  if (g_str_has_suffix (output, P12))
    {
      password = till_cli_read_secret (cli, "password-fd", "Password for the new file: ", error);
      if (password == NULL)
        return FALSE;
    }

  if (!pair (&self, error) || !keep (&self, devices, error) ||
      !(password != NULL ? write_p12 (&self, output, password, error) : write_folder (&self, output, error)) ||
      !probe (&self, devices, error))
    return FALSE;

  write_result (&self, devices);

  return TRUE;
}

static TillCliStatus
run_request (TillCli *cli)
{
  static const char * const needed[] = { "address", "pos-id", "ca", "output" };
  static const char * const missing[] = {
    "“--address” is missing", "“--pos-id” is missing", "“--ca” is missing", "“--output” is missing",
  };
  const char *wrong = till_cli_check_arguments (cli, 0, NULL);

  for (guint i = 0; wrong == NULL && i < G_N_ELEMENTS (needed); i++)
    if (till_cli_get_option (cli, needed[i]) == NULL)
      wrong = missing[i];
  if (wrong == NULL && !till_pos_id_is_valid (till_cli_get_option (cli, "pos-id")))
    wrong = "the value of “--pos-id” has to be 1 to 64 letters, digits, dots, underlines or dashes";
  if (wrong == NULL)
    wrong = till_cli_check_fd (cli, "code-fd");
  if (wrong == NULL)
    wrong = till_cli_check_fd (cli, "password-fd");
  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_SHOP_WRITE, request_identity, NULL);
}

static const TillCliOption request_options[] = {
  { "address", "URL", "Where the terminal is: https://H:P/ or wss://H:P/" },
  { "pos-id", "ID", "What this till is to be called" },
  { "ca", "FILE", "The root certificate of the terminals" },
  { "serial", "S", "The number on the back of the terminal" },
  { "output", "PATH", "Write to the folder PATH, or to the file where it ends in .p12" },
  { "password-fd", "N", "Read the password of the new file from descriptor N" },
  { "code-fd", "N", "Read the set-up code from descriptor N" },
  { NULL, NULL, NULL },
};

const TillCliCommand till_command_pair_request = {
  .name = "request",
  .group = "pair",
  .summary = "Get an identity from a terminal that shows a code",
  .synopsis = "OPTION…",
  .help =
    "Asks a payment terminal that shows a set-up code for a private key and a\n"
    "certificate. --address, --pos-id, --ca and --output are needed. The terminal is\n"
    "checked first, by its chain and the serial number in its certificate; then the\n"
    "code is sent. Key and certificates are checked, kept in the vault, written as\n"
    "PEM or PKCS #12, and proved by a mutual-TLS connection.\n",
  .options = request_options,
  .run = run_request,
};
