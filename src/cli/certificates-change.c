/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sub-commands of `certificates` that change something (CLI.md). */
#include "config.h"

#include "certificates.h"

#include "inspect-rows.h"
#include "till-cli-items.h"
#include "till-cli-prompt.h"
#include "till-cli-report.h"
#include "till-cli-values.h"

#define PROMPT_TRIES 3

static void
write_changed (TillCliSession        *session,
               const TillShopChanged *changed,
               gboolean               with_renewed)
{
  if (changed->differs != NULL)
    till_cli_say ("the service says of %s otherwise than the file; look at the certificate", changed->differs);

  if (session->cli->json)
    {
      till_json_writer_begin_object (&session->writer);
      till_cli_item_write_members (&session->writer, changed->item);
      if (with_renewed)
        till_cli_write_bool (&session->writer, "renewed", changed->renewed);
      if (changed->differs != NULL)
        till_cli_write_text (&session->writer, "differs", changed->differs);
      till_json_writer_end_object (&session->writer);
      return;
    }

  if (with_renewed)
    till_cli_say (changed->renewed ? "an existing certificate was renewed" : "a new certificate was added");
  till_cli_item_append (session->output.text, changed->item, till_clock_get_now (session->clock));
}

/* To a person: what was looked at, and how it is. */
static void
say_checks (const TillCli       *cli,
            const TillPreflight *preflight)
{
  static const char * const words[] = { "good", "warning", "stop" };

  if (cli->json && !cli->verbose)
    return;

  for (guint i = 0; i < preflight->checks->len; i++)
    {
      const TillCheck *check = g_ptr_array_index (preflight->checks, i);

      if (cli->verbose || check->state != TILL_CHECK_GOOD)
        till_cli_say ("%s: %s", words[check->state], check->text);
    }
}

static TillPreflight *
try_preflight (TillCliSession  *session,
               TillSecret      *password,
               const char      *file,
               const char      *replace_id,
               GError         **error)
{
  g_autoptr(GFile) location = g_file_new_for_commandline_arg (file);

  till_shop_preflight_async (session->shop, location, password, replace_id, session->cancellable,
                             till_cli_session_done_cb, session);

  return till_shop_preflight_finish (session->shop, till_cli_session_wait (session), error);
}

/* Whether the file did not open for want of the right password. */
static gboolean
lacks_password (TillPreflight *preflight,
                GError        *error)
{
  const GError *reason = preflight != NULL ? preflight->stop : error;

  return g_error_matches (reason, TILL_ERROR, TILL_ERROR_PASSWORD_REQUIRED) ||
         g_error_matches (reason, TILL_ERROR, TILL_ERROR_WRONG_PASSWORD);
}

/* Looks at the file, with the password from the descriptor or, where there is none, from a person. */
static TillPreflight *
preflight_file (TillCliSession  *session,
                const char      *file,
                const char      *replace_id,
                GError         **error)
{
  const TillCli *cli = session->cli;
  gboolean from_fd = till_cli_get_option (cli, "password-fd") != NULL;
  g_autofree char *question = g_strdup_printf ("Password for %s: ", file);
  g_autoptr(TillSecret) password = NULL;

  if (from_fd)
    {
      password = till_cli_read_secret (cli, "password-fd", question, error);
      if (password == NULL)
        return NULL;
    }

  for (int tries = 0; ; tries++)
    {
      g_autoptr(TillPreflight) preflight = NULL;
      g_autoptr(GError) local_error = NULL;

      preflight = try_preflight (session, password, file, replace_id, &local_error);

      if (from_fd || tries == PROMPT_TRIES || !till_cli_can_prompt () || !lacks_password (preflight, local_error))
        {
          if (preflight == NULL)
            g_propagate_error (error, g_steal_pointer (&local_error));
          else
            say_checks (cli, preflight);
          return g_steal_pointer (&preflight);
        }

      if (tries > 0)
        till_cli_say ("%s", preflight != NULL ? preflight->stop->message : local_error->message);

      g_clear_pointer (&password, till_secret_unref);
      password = till_cli_session_ask (session, question, error);
      if (password == NULL)
        return NULL;
    }
}

static gboolean
finish_change (TillCliSession  *session,
               gboolean         with_renewed,
               GError         **error)
{
  g_autoptr(TillShopChanged) changed = NULL;

  changed = till_shop_change_finish (session->shop, till_cli_session_wait (session), error);
  if (changed == NULL)
    return FALSE;

  write_changed (session, changed, with_renewed);

  return TRUE;
}

static gboolean
add_certificate (TillCliSession  *session,
                 GError         **error)
{
  const TillCli *cli = session->cli;
  g_autoptr(TillPreflight) preflight = preflight_file (session, cli->arguments[0], NULL, error);

  if (preflight == NULL)
    return FALSE;

  till_shop_add_async (session->shop, preflight, till_cli_get_option (cli, "name"), till_cli_get_option (cli, "comment"),
                       till_cli_get_option (cli, "disabled") == NULL, till_cli_get_option (cli, "default") != NULL,
                       session->cancellable, till_cli_session_done_cb, session);

  return finish_change (session, TRUE, error);
}

static TillCliStatus
run_add (TillCli *cli)
{
  const char *wrong = till_cli_check_arguments (cli, 1, "a file is missing");

  if (wrong == NULL)
    wrong = till_cli_check_fd (cli, "password-fd");
  if (wrong == NULL && till_cli_get_option (cli, "default") != NULL && till_cli_get_option (cli, "disabled") != NULL)
    wrong = "a certificate can't be both the default and disabled";
  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_SHOP_WRITE, add_certificate, NULL);
}

static gboolean
replace_certificate (TillCliSession  *session,
                     GError         **error)
{
  const TillCli *cli = session->cli;
  g_autoptr(TillPreflight) preflight = preflight_file (session, cli->arguments[1], cli->arguments[0], error);

  if (preflight == NULL)
    return FALSE;

  till_shop_replace_async (session->shop, cli->arguments[0], preflight,
                           till_cli_get_option (cli, "allow-other-identity") != NULL,
                           session->cancellable, till_cli_session_done_cb, session);

  return finish_change (session, FALSE, error);
}

static TillCliStatus
run_replace (TillCli *cli)
{
  const char *wrong = till_cli_check_arguments (cli, 2, "the ID of a certificate and a file are needed");

  if (wrong == NULL)
    wrong = till_cli_check_fd (cli, "password-fd");
  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_SHOP_WRITE, replace_certificate, NULL);
}

static gboolean
update_certificate (TillCliSession  *session,
                    GError         **error)
{
  till_shop_update_async (session->shop, session->cli->arguments[0], session->data, TILL_TIME_UNKNOWN,
                          session->cancellable, till_cli_session_done_cb, session);

  return finish_change (session, FALSE, error);
}

static TillTextChange
get_text_change (const TillCli  *cli,
                 const char     *set,
                 const char     *clear,
                 const char    **text)
{
  *text = till_cli_get_option (cli, set);
  if (*text != NULL)
    return TILL_TEXT_SET;

  return till_cli_get_option (cli, clear) != NULL ? TILL_TEXT_CLEAR : TILL_TEXT_KEEP;
}

/* Returns: (nullable): what is wrong with the command line */
static const char *
check_update (const TillCli    *cli,
              TillWalletChange *change)
{
  const char *wrong = till_cli_check_arguments (cli, 1, "the ID of a certificate is missing");
  gboolean enable = till_cli_get_option (cli, "enable") != NULL;
  gboolean disable = till_cli_get_option (cli, "disable") != NULL;

  change->name_change = get_text_change (cli, "name", "clear-name", &change->name);
  change->comment_change = get_text_change (cli, "comment", "clear-comment", &change->comment);
  change->enabled = enable ? TILL_TRI_TRUE : disable ? TILL_TRI_FALSE : TILL_TRI_UNKNOWN;
  change->make_default = till_cli_get_option (cli, "default") != NULL;

  if (wrong != NULL)
    return wrong;
  if (change->name != NULL && till_cli_get_option (cli, "clear-name") != NULL)
    return "“--name” and “--clear-name” contradict each other";
  if (change->comment != NULL && till_cli_get_option (cli, "clear-comment") != NULL)
    return "“--comment” and “--clear-comment” contradict each other";
  if (enable && disable)
    return "“--enable” and “--disable” contradict each other";
  if (disable && change->make_default)
    return "a certificate can't be both the default and disabled";
  if (change->name_change == TILL_TEXT_KEEP && change->comment_change == TILL_TEXT_KEEP &&
      change->enabled == TILL_TRI_UNKNOWN && !change->make_default)
    return "what to change is missing";

  return NULL;
}

static TillCliStatus
run_update (TillCli *cli)
{
  TillWalletChange change = { 0 };
  const char *wrong = check_update (cli, &change);

  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_SHOP_WRITE, update_certificate, &change);
}

/* A person is told what stops working, and in Live types the name. */
static gboolean
confirm_remove (TillCliSession  *session,
                const char      *id,
                GError         **error)
{
  g_autoptr(TillItem) item = NULL;
  g_autofree char *question = NULL;
  guint n_templates;
  gboolean live = till_shop_get_profile (session->shop)->environment == TILL_ENVIRONMENT_LIVE;

  till_shop_show_async (session->shop, id, session->cancellable, till_cli_session_done_cb, session);
  item = till_shop_show_finish (session->shop, till_cli_session_wait (session), error);
  if (item == NULL)
    return FALSE;

  n_templates = item->wallet != NULL ? item->wallet->templates->len : 0;
  question = g_strdup_printf ("Remove “%s”? %u template%s it. Passes on phones can no longer be updated, and the service "
                              "keeps no copy.", item->title, n_templates, n_templates == 1 ? " uses" : "s use");

  return till_cli_session_confirm (session, question, live ? item->title : NULL, error);
}

static gboolean
remove_certificate (TillCliSession  *session,
                    GError         **error)
{
  const char *id = session->cli->arguments[0];

  if (till_cli_get_option (session->cli, "yes") == NULL && !confirm_remove (session, id, error))
    return FALSE;

  till_shop_remove_async (session->shop, id, session->cancellable, till_cli_session_done_cb, session);
  if (!till_shop_remove_finish (session->shop, till_cli_session_wait (session), error))
    return FALSE;

  if (session->cli->json)
    {
      till_json_writer_begin_object (&session->writer);
      till_cli_write_text (&session->writer, "id", id);
      till_cli_write_bool (&session->writer, "removed", TRUE);
      till_json_writer_end_object (&session->writer);
    }
  else
    {
      till_cli_say ("the certificate %s was removed", id);
    }

  return TRUE;
}

static TillCliStatus
run_remove (TillCli *cli)
{
  const char *wrong = till_cli_check_arguments (cli, 1, "the ID of a certificate is missing");

  if (wrong == NULL && till_cli_get_option (cli, "yes") == NULL && !till_cli_can_prompt ())
    wrong = "this can't be undone and there is no terminal to ask on; “--yes” goes on without asking";
  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_SHOP_WRITE, remove_certificate, NULL);
}

static gboolean
upload_certificate (TillCliSession  *session,
                    GError         **error)
{
  const TillCli *cli = session->cli;
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (cli->arguments[0]);
  g_autoptr(TillUploadRecord) upload = NULL;
  GString *out = session->output.text;

  till_shop_upload_async (session->shop, file, till_cli_get_option (cli, "key-id"), till_cli_get_option (cli, "algorithm"),
                          till_cli_get_option (cli, "used-for"), session->cancellable, till_cli_session_done_cb, session);
  upload = till_shop_upload_finish (session->shop, till_cli_session_wait (session), error);
  if (upload == NULL)
    return FALSE;

  if (cli->json)
    {
      till_json_writer_begin_object (&session->writer);
      till_cli_upload_write (&session->writer, upload);
      till_json_writer_end_object (&session->writer);
      return TRUE;
    }

  till_cli_append_safe (out, upload->name != NULL ? upload->name : upload->client_key_id);
  g_string_append_c (out, '\n');
  till_inspect_append_row (out, "Key ID", upload->client_key_id);
  till_inspect_append_row (out, "Algorithm", upload->algorithm);
  till_inspect_append_hex (out, "Key SHA-256", upload->public_key_sha256);
  if (upload->public_key_hash != NULL)
    till_inspect_append_row (out, "Service's hash", upload->public_key_hash);
  if (upload->not_after != TILL_TIME_UNKNOWN)
    till_inspect_append_time (out, "Ends", upload->not_after);

  return TRUE;
}

static TillCliStatus
run_upload (TillCli *cli)
{
  static const char * const algorithms[] = { "JWE", "JWT", "RSA", "DUKPT", NULL };
  const char *algorithm = till_cli_get_option (cli, "algorithm");
  const char *wrong = till_cli_check_arguments (cli, 1, "a file is missing");

  if (wrong == NULL && algorithm != NULL && !g_strv_contains (algorithms, algorithm))
    wrong = "the value of “--algorithm” is none of JWE, JWT, RSA and DUKPT";
  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_SHOP_WRITE, upload_certificate, NULL);
}

static const TillCliOption add_options[] = {
  { "name", "TEXT", "Call it TEXT" },
  { "comment", "TEXT", "Comment on it" },
  { "default", NULL, "Make it the default one" },
  { "disabled", NULL, "Do not switch it on yet" },
  { "password-fd", "N", "Read the password from file descriptor N, to its end" },
  { NULL, NULL, NULL },
};

const TillCliCommand till_command_certificates_add = {
  .name = "add",
  .group = "certificates",
  .summary = "Add a pass certificate from a .p12 file",
  .synopsis = "[OPTION…] FILE",
  .help =
    "Looks into a PKCS #12 file, checks that it is fit for the wallet service, and\n"
    "uploads it. Where the service has a certificate of the same pass type and team,\n"
    "that one is renewed, and “renewed” is true.\n"
    "\n"
    "Without --password-fd the password is asked for on a terminal.\n",
  .options = add_options,
  .run = run_add,
};

static const TillCliOption replace_options[] = {
  { "password-fd", "N", "Read the password from file descriptor N, to its end" },
  { "allow-other-identity", NULL, "Also where pass type or team differ: passes are lost" },
  { NULL, NULL, NULL },
};

const TillCliCommand till_command_certificates_replace = {
  .name = "replace",
  .group = "certificates",
  .summary = "Put another file in the place of a certificate",
  .synopsis = "[OPTION…] ID FILE",
  .help =
    "Replaces a certificate at the wallet service; its name, comment and templates\n"
    "stay. Refused with “conflict” where pass type or team differ: passes on phones\n"
    "could no longer be updated.\n",
  .options = replace_options,
  .run = run_replace,
};

static const TillCliOption update_options[] = {
  { "name", "TEXT", "Call it TEXT" },
  { "clear-name", NULL, "Leave it without a name" },
  { "comment", "TEXT", "Comment on it" },
  { "clear-comment", NULL, "Leave it without a comment" },
  { "enable", NULL, "Switch it on" },
  { "disable", NULL, "Switch it off" },
  { "default", NULL, "Make it the default one" },
  { NULL, NULL, NULL },
};

const TillCliCommand till_command_certificates_update = {
  .name = "update",
  .group = "certificates",
  .summary = "Change name, comment, switch or default",
  .synopsis = "OPTION… ID",
  .help =
    "Changes what is asked for, and keeps all the rest. One certificate is always the\n"
    "default: it stops being so when another one becomes it.\n",
  .options = update_options,
  .run = run_update,
};

static const TillCliOption remove_options[] = {
  { "yes", NULL, "Do not ask" },
  { NULL, NULL, NULL },
};

const TillCliCommand till_command_certificates_remove = {
  .name = "remove",
  .group = "certificates",
  .summary = "Remove a certificate from the wallet service",
  .synopsis = "[--yes] ID",
  .help =
    "Removes a certificate for good; the service keeps no copy, and passes made with\n"
    "it can no longer be updated. Asks first; in Live the name has to be typed. Without\n"
    "a terminal it wants --yes. The default certificate can't be removed.\n",
  .options = remove_options,
  .run = run_remove,
};

static const TillCliOption upload_options[] = {
  { "key-id", "ID", "Call the key ID; its fingerprint by default" },
  { "algorithm", "ALGORITHM", "JWE (default), JWT, RSA or DUKPT" },
  { "used-for", "USE", "What it is used for; RTAU by default" },
  { NULL, NULL, NULL },
};

const TillCliCommand till_command_certificates_upload = {
  .name = "upload",
  .group = "certificates",
  .summary = "Upload a client certificate to Commerce Hub",
  .synopsis = "[OPTION…] FILE",
  .help =
    "Uploads a certificate or a public key (PEM or DER) with which Commerce Hub\n"
    "encrypts what it sends back. A file with a private key is refused.\n",
  .options = upload_options,
  .run = run_upload,
};
