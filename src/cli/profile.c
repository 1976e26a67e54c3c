/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command `profile` (CLI.md). */
#include "config.h"

#include "profile.h"

#include "inspect-rows.h"
#include "services.h"
#include "till-cli-prompt.h"
#include "till-cli-report.h"
#include "till-cli-table.h"
#include "till-cli-values.h"
#include "till-error.h"
#include "till-profiles.h"

/**
 * till_profile_load:
 * @session: with the store open
 * @error: of the store
 *
 * Returns: (transfer full): the profiles
 */
TillProfiles *
till_profile_load (TillCliSession  *session,
                   GError         **error)
{
  till_profiles_load_async (session->store, session->cancellable, till_cli_session_done_cb, session);

  return till_profiles_load_finish (till_cli_session_wait (session), error);
}

/**
 * till_profile_check_name:
 * @cli: a command line with the name of a profile as its only argument
 *
 * Returns: (transfer none) (nullable): what is wrong with it
 */
const char *
till_profile_check_name (const TillCli *cli)
{
  return till_cli_check_arguments (cli, 1, "the name of a profile is missing");
}

static void
write_names (TillJsonWriter    *writer,
             const TillProfile *profile,
             gboolean           current)
{
  till_cli_write_text (writer, "name", profile->name);
  till_cli_write_text (writer, "environment", till_environment_to_word (profile->environment));
  till_cli_write_bool (writer, "current", current);
}

static void
write_members (TillJsonWriter    *writer,
               const TillProfile *profile)
{
  till_cli_write_text (writer, "hubUrl", profile->hub_url);
  till_cli_write_text (writer, "hubMerchant", profile->hub_merchant);
  till_cli_write_text (writer, "hubTerminal", profile->hub_terminal);
  till_cli_write_text (writer, "hubKey", profile->hub_key);
  till_cli_write_text (writer, "walletUrl", profile->wallet_url);
  till_cli_write_text (writer, "walletUser", profile->wallet_user);
  till_cli_write_text (writer, "devicesUrl", profile->devices_url);
  till_cli_write_text (writer, "devicesOrganization", profile->devices_organization);
  till_cli_write_text (writer, "devicesKeyId", profile->devices_key_id);
  till_cli_write_text (writer, "devicesSignature", profile->devices_signature == 1 ? "jwt" : "http-signature");
  till_cli_write_bool (writer, "repeatLost", profile->repeat_lost);
  till_cli_write_text (writer, "ca", profile->ca_pem);
  till_cli_write_time (writer, "createdAt", profile->created_at);
}

static gboolean
list_profiles (TillCliSession  *session,
               GError         **error)
{
  g_autoptr(TillProfiles) profiles = till_profile_load (session, error);
  g_autoptr(TillCliTable) table = till_cli_table_new ("CURRENT", "NAME", "ENVIRONMENT", NULL);

  if (profiles == NULL)
    return FALSE;

  if (session->cli->json)
    till_json_writer_begin_array (&session->writer);

  for (guint i = 0; i < profiles->profiles->len; i++)
    {
      const TillProfile *profile = g_ptr_array_index (profiles->profiles, i);
      gboolean current = g_strcmp0 (profile->id, profiles->current) == 0;

      if (session->cli->json)
        {
          till_json_writer_begin_object (&session->writer);
          write_names (&session->writer, profile, current);
          till_json_writer_end_object (&session->writer);
          continue;
        }

      till_cli_table_add (table, current ? "*" : " ");
      till_cli_table_add (table, profile->name);
      till_cli_table_add (table, till_environment_to_word (profile->environment));
    }

  if (session->cli->json)
    till_json_writer_end_array (&session->writer);
  else
    till_cli_table_append (table, session->output.text);

  if (profiles->profiles->len == 0 && !session->cli->json)
    till_cli_say ("there are no profiles; without one the commands work in " TILL_PRACTICE_NAME);

  return TRUE;
}

static TillCliStatus
run_list (TillCli *cli)
{
  const char *wrong = till_cli_check_arguments (cli, 0, NULL);

  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_READ, list_profiles, NULL);
}

/**
 * till_profile_find:
 * @profiles: profiles
 * @name: of one
 * @error: %TILL_ERROR_NOT_FOUND
 *
 * Returns: (transfer none): that one
 */
const TillProfile *
till_profile_find (const TillProfiles  *profiles,
                   const char          *name,
                   GError             **error)
{
  for (guint i = 0; i < profiles->profiles->len; i++)
    {
      const TillProfile *profile = g_ptr_array_index (profiles->profiles, i);

      if (g_str_equal (profile->name, name))
        return profile;
    }

  till_set_error (error, TILL_ERROR_NOT_FOUND, TILL_REASON_MISSING, name, NULL, "there is no profile “%s”", name);

  return NULL;
}

static const char * const services[] = { "hub", "wallet", "devices", NULL };

/* Which secrets are there; null where the vault does not say. */
static void
write_secrets (TillJsonWriter     *writer,
               const char * const *names)
{
  till_json_writer_member (writer, "secrets");

  if (names == NULL)
    {
      till_json_writer_null (writer);
      return;
    }

  till_json_writer_begin_object (writer);
  for (guint i = 0; services[i] != NULL; i++)
    till_cli_write_bool (writer, services[i], g_strv_contains (names, services[i]));
  till_json_writer_end_object (writer);
}

static void
append_service (GString            *out,
                const char         *label,
                const char         *url,
                const char         *who,
                const char * const *names,
                const char         *service)
{
  const char *secret = names == NULL ? "its secret can't be looked for" :
                       g_strv_contains (names, service) ? "has its secret" : "its secret is missing";
  g_autofree char *value = NULL;

  if (url == NULL && who == NULL)
    return;

  value = g_strdup_printf ("%s, %s, %s", url != NULL ? url : "no address", who != NULL ? who : "no name", secret);
  till_inspect_append_row (out, label, value);
}

static void
append_profile (GString            *out,
                const TillProfile  *profile,
                gboolean            current,
                const char * const *names)
{
  till_cli_append_safe (out, profile->name);
  g_string_append_c (out, '\n');
  till_inspect_append_row (out, "Environment", till_environment_to_word (profile->environment));
  till_inspect_append_row (out, "Current", current ? "yes" : "no");
  append_service (out, "Commerce Hub", profile->hub_url, profile->hub_merchant, names, "hub");
  append_service (out, "Wallet", profile->wallet_url, profile->wallet_user, names, "wallet");
  append_service (out, "Devices", profile->devices_url, profile->devices_organization, names, "devices");
  if (profile->ca_pem != NULL)
    till_inspect_append_row (out, "Certificates", "has an authority of its own");
}

static gboolean
show_profile (TillCliSession  *session,
              GError         **error)
{
  g_autoptr(TillProfiles) profiles = till_profile_load (session, error);
  g_autoptr(GError) vault_error = NULL;
  g_auto(GStrv) names = NULL;
  const TillProfile *profile;
  gboolean current;

  profile = profiles != NULL ? till_profile_find (profiles, session->cli->arguments[0], error) : NULL;
  if (profile == NULL)
    return FALSE;

  till_vault_list_async (session->vault, profile->id, session->cancellable, till_cli_session_done_cb, session);
  names = till_vault_list_finish (session->vault, till_cli_session_wait (session), &vault_error);
  if (names == NULL)
    till_cli_say ("%s", vault_error->message);

  current = g_strcmp0 (profile->id, profiles->current) == 0;
  if (!session->cli->json)
    {
      append_profile (session->output.text, profile, current, (const char * const *) names);
      return TRUE;
    }

  till_json_writer_begin_object (&session->writer);
  write_names (&session->writer, profile, current);
  write_members (&session->writer, profile);
  write_secrets (&session->writer, (const char * const *) names);
  till_json_writer_end_object (&session->writer);

  return TRUE;
}

static TillCliStatus
run_show (TillCli *cli)
{
  const char *wrong = till_profile_check_name (cli);

  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_READ, show_profile, NULL);
}

/**
 * till_profile_finish:
 * @session: that waits for add, set, use, remove or secret
 * @did: what was done, for a person
 * @error: why it was not
 *
 * Returns: whether it was done
 */
gboolean
till_profile_finish (TillCliSession  *session,
                     const char      *did,
                     GError         **error)
{
  g_autoptr(TillProfile) profile = till_profiles_done_finish (till_cli_session_wait (session), error);

  if (profile == NULL)
    return FALSE;

  if (!session->cli->json)
    {
      till_cli_say ("the profile “%s” %s", profile->name, did);
      return TRUE;
    }

  till_json_writer_begin_object (&session->writer);
  till_cli_write_text (&session->writer, "name", profile->name);
  till_cli_write_text (&session->writer, "environment", till_environment_to_word (profile->environment));
  write_members (&session->writer, profile);
  till_json_writer_end_object (&session->writer);

  return TRUE;
}

static gboolean
use_profile (TillCliSession  *session,
             GError         **error)
{
  till_profiles_use_async (session->store, session->cli->arguments[0], session->cancellable,
                           till_cli_session_done_cb, session);

  return till_profile_finish (session, "is the current one now", error);
}

static TillCliStatus
run_use (TillCli *cli)
{
  const char *wrong = till_profile_check_name (cli);

  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_WRITE, use_profile, NULL);
}

static gboolean
remove_profile (TillCliSession  *session,
                GError         **error)
{
  const TillCli *cli = session->cli;
  g_autofree char *question = g_strdup_printf ("Remove the profile “%s”, with its secrets and the keys known here?",
                                               cli->arguments[0]);

  /* A script says what it means by its name; a person may have slipped. */
  if (till_cli_get_option (cli, "yes") == NULL && till_cli_can_prompt () &&
      !till_cli_session_confirm (session, question, NULL, error))
    return FALSE;

  till_profiles_remove_async (session->store, session->vault, session->cli->arguments[0], session->cancellable,
                              till_cli_session_done_cb, session);

  return till_profile_finish (session, "was removed, with its secrets", error);
}

static TillCliStatus
run_remove (TillCli *cli)
{
  const char *wrong = till_profile_check_name (cli);

  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_WRITE, remove_profile, NULL);
}

static gboolean
keep_secret (TillCliSession  *session,
             GError         **error)
{
  const TillCli *cli = session->cli;
  g_autofree char *question = g_strdup_printf ("Secret of %s for %s: ", cli->arguments[0], cli->arguments[1]);
  g_autoptr(TillSecret) secret = NULL;

  secret = till_cli_get_option (cli, "secret-fd") != NULL ? till_cli_read_secret (cli, "secret-fd", question, error)
                                                          : till_cli_session_ask (session, question, error);
  if (secret == NULL || !till_cli_session_open (session, NULL, TILL_CLI_NEED_WRITE, error))
    return FALSE;

  till_profiles_secret_async (session->store, session->vault, cli->arguments[0], cli->arguments[1], secret,
                              session->cancellable, till_cli_session_done_cb, session);
  if (!till_profile_finish (session, "has the secret now", error))
    return FALSE;

  if (till_vault_get_state (session->vault) == TILL_VAULT_ABSENT)
    till_cli_say ("there is no place to keep secrets on this system: it is forgotten when this command ends");

  return TRUE;
}

static TillCliStatus
run_secret (TillCli *cli)
{
  const char *wrong = till_cli_check_arguments (cli, 2, "the name of a profile and hub, wallet or devices are needed");

  if (wrong == NULL && !g_strv_contains (services, cli->arguments[1]))
    wrong = "the service is none of hub, wallet and devices";
  if (wrong == NULL)
    wrong = till_cli_check_fd (cli, "secret-fd");
  if (wrong == NULL && !till_cli_has_secret (cli, "secret-fd"))
    wrong = "there is no terminal to ask on; “--secret-fd” takes the secret";
  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  /* The store is opened only once the secret has been typed. */
  return till_cli_session_run (cli, TILL_CLI_NEED_NOTHING, keep_secret, NULL);
}

static const TillCliOption remove_options[] = {
  { "yes", NULL, "Do not ask" },
  { NULL, NULL, NULL },
};

static const TillCliOption secret_options[] = {
  { "secret-fd", "N", "Read the secret from file descriptor N, to its end" },
  { NULL, NULL, NULL },
};

#define ROW(variable, word, text, words, paragraphs, list, function) \
  static const TillCliCommand variable = { \
    .name = word, .group = "profile", .summary = text, .synopsis = words, \
    .help = paragraphs, .options = list, .run = function, \
  }

ROW (secret_command, "secret", "Give a profile the secret of a service", "[--secret-fd N] NAME SERVICE",
     "Puts the secret of a SERVICE (hub, wallet or devices) into the vault. It comes from\n"
     "a file descriptor, or is asked for; it is never an argument and never shown.\n",
     secret_options, run_secret);
ROW (list_command, "list", "List the profiles", "",
     "Lists the profiles by name; the current one is marked.\n", NULL, run_list);
ROW (show_command, "show", "Show a profile", "NAME",
     "Shows a profile, and which of its secrets are there; never a secret.\n", NULL, run_show);
ROW (use_command, "use", "Make a profile the current one", "NAME",
     "Makes a profile the one that is used where --profile is not given.\n", NULL, run_use);
ROW (remove_command, "remove", "Remove a profile", "[--yes] NAME",
     "Removes a profile with its secrets and its inventory from this computer; on a\n"
     "terminal it asks first. Nothing changes at the services, but a key that is known\n"
     "only here can't be listed there; the activity record keeps its lines.\n", remove_options, run_remove);

static const TillCliCommand * const profile_commands[] = {
  &till_command_profile_add,
  &till_command_profile_set,
  &secret_command,
  &list_command,
  &show_command,
  &use_command,
  &till_command_profile_test,
  &remove_command,
  NULL,
};

const TillCliCommand till_command_profile = {
  .name = "profile",
  .summary = TILL_SUMMARY_PROFILE,
  .synopsis = "COMMAND …",
  .help =
    "A profile is one store's way to its services: environment, addresses, names. Its\n"
    "secrets are in the vault of the desktop.\n",
  .commands = profile_commands,
};
