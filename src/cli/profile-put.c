/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands `profile add` and `profile set` (CLI.md). */
#include "config.h"

#include "profile.h"
#include "till-cli-values.h"
#include "till-document.h"
#include "till-error.h"
#include "till-file.h"
#include "till-limits.h"

/* The certificates of a file, PEM or DER, as PEM. */
static char *
load_ca (const char  *path,
         GError     **error)
{
  TillInspectOptions options = { 0 };
  g_autoptr(TillSecret) data = NULL;
  g_autoptr(TillDocument) document = NULL;
  g_autoptr(GString) pem = g_string_new (NULL);

  data = till_file_read (path, TILL_LIMIT_FILE_BYTES, TILL_LIMIT_FILE_BYTES, error);
  if (data == NULL)
    return NULL;

  document = till_document_parse (till_secret_get_data (data), till_secret_get_size (data), &options, error);
  if (document == NULL)
    return NULL;

  for (guint i = 0; i < document->certificates->len; i++)
    {
      g_autofree char *one = till_certificate_to_pem (g_ptr_array_index (document->certificates, i));

      g_string_append (pem, one);
    }

  if (pem->len == 0)
    {
      till_set_error (error, TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_NONE, path, NULL,
                      "there is no certificate in \"%s\"", path);
      return NULL;
    }

  return g_string_free (g_steal_pointer (&pem), FALSE);
}

/* What can be given, and where it goes. */
static const struct
{
  const char *option;
  gsize       offset;
} texts[] = {
  { "name", G_STRUCT_OFFSET (TillProfile, name) },
  { "hub-url", G_STRUCT_OFFSET (TillProfile, hub_url) },
  { "hub-merchant", G_STRUCT_OFFSET (TillProfile, hub_merchant) },
  { "hub-terminal", G_STRUCT_OFFSET (TillProfile, hub_terminal) },
  { "hub-key", G_STRUCT_OFFSET (TillProfile, hub_key) },
  { "wallet-url", G_STRUCT_OFFSET (TillProfile, wallet_url) },
  { "wallet-user", G_STRUCT_OFFSET (TillProfile, wallet_user) },
  { "devices-url", G_STRUCT_OFFSET (TillProfile, devices_url) },
  { "devices-organization", G_STRUCT_OFFSET (TillProfile, devices_organization) },
  { "devices-key-id", G_STRUCT_OFFSET (TillProfile, devices_key_id) },
};

static const char * const signatures[] = { "http-signature", "jwt", NULL };

/* The value of an option that not every command has. (nullable) */
static const char *
find_option (const TillCli *cli,
             const char    *name)
{
  for (guint i = 0; cli->command->options[i].name != NULL; i++)
    {
      if (g_str_equal (cli->command->options[i].name, name))
        return cli->values[i];
    }

  return NULL;
}

static char **
find_text (TillProfile *profile,
           const char  *option)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      if (g_str_equal (texts[i].option, option) && texts[i].offset != G_STRUCT_OFFSET (TillProfile, name))
        return G_STRUCT_MEMBER_P (profile, texts[i].offset);
    }

  return g_str_equal (option, "ca") ? &profile->ca_pem : NULL;
}

/* Takes over what was given. */
static gboolean
take_options (const TillCli  *cli,
              TillProfile    *profile,
              GError        **error)
{
  const char *value;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      char **member = G_STRUCT_MEMBER_P (profile, texts[i].offset);

      value = find_option (cli, texts[i].option);
      if (value == NULL)
        continue;

      g_free (*member);
      *member = g_strdup (value);
    }

  value = till_cli_get_option (cli, "repeat-lost");
  if (value != NULL)
    profile->repeat_lost = g_str_equal (value, "on");

  value = till_cli_get_option (cli, "devices-signature");
  if (value != NULL)
    profile->devices_signature = g_str_equal (value, signatures[1]) ? 1 : 0;

  value = till_cli_get_option (cli, "ca");
  if (value != NULL)
    {
      g_clear_pointer (&profile->ca_pem, g_free);
      profile->ca_pem = load_ca (value, error);
      if (profile->ca_pem == NULL)
        return FALSE;
    }

  return TRUE;
}

/* What is wrong with options whose values are words. (nullable) */
static const char *
check_words (const TillCli *cli)
{
  const char *repeat = till_cli_get_option (cli, "repeat-lost");
  const char *signature = till_cli_get_option (cli, "devices-signature");

  if (repeat != NULL && !g_str_equal (repeat, "on") && !g_str_equal (repeat, "off"))
    return "the value of “--repeat-lost” is neither on nor off";
  if (signature != NULL && !g_strv_contains (signatures, signature))
    return "the value of “--devices-signature” is neither http-signature nor jwt";

  return NULL;
}

static void
put_profile (TillCliSession    *session,
             const TillProfile *profile)
{
  till_profiles_put_async (session->store, profile, till_clock_get_now (session->clock), session->cancellable,
                           till_cli_session_done_cb, session);
}

static gboolean
add_profile (TillCliSession  *session,
             GError         **error)
{
  const TillCli *cli = session->cli;
  g_autoptr(TillProfile) profile = till_profile_new ();

  profile->name = g_strdup (cli->arguments[0]);
  profile->repeat_lost = TRUE;
  till_environment_from_word (till_cli_get_option (cli, "environment"), &profile->environment);
  if (!take_options (cli, profile, error))
    return FALSE;

  put_profile (session, profile);

  return till_profile_finish (session, "was added", error);
}

static TillCliStatus
run_add (TillCli *cli)
{
  const char *wrong = till_profile_check_name (cli);
  const char *word = till_cli_get_option (cli, "environment");
  TillEnvironment environment;

  if (wrong == NULL && word == NULL)
    wrong = "“--environment” is missing: practice, test or live";
  if (wrong == NULL && !till_environment_from_word (word, &environment))
    wrong = "the value of “--environment” is none of practice, test and live";
  if (wrong == NULL)
    wrong = check_words (cli);
  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_WRITE, add_profile, NULL);
}

static gboolean
set_profile (TillCliSession  *session,
             GError         **error)
{
  const TillCli *cli = session->cli;
  g_autoptr(TillProfiles) profiles = till_profile_load (session, error);
  g_autoptr(TillProfile) profile = NULL;
  const TillProfile *found;
  const char *value;

  found = profiles != NULL ? till_profile_find (profiles, cli->arguments[0], error) : NULL;
  if (found == NULL)
    return FALSE;

  profile = till_profile_copy (found);
  for (guint i = 0; (value = till_cli_get_nth (cli, "clear", i)) != NULL; i++)
    g_clear_pointer (find_text (profile, value), g_free);
  if (!take_options (cli, profile, error))
    return FALSE;

  put_profile (session, profile);

  return till_profile_finish (session, "was changed", error);
}

static TillCliStatus
run_set (TillCli *cli)
{
  const char *wrong = till_profile_check_name (cli);
  g_autoptr(TillProfile) any_profile = till_profile_new ();
  const char *value;
  gboolean any = FALSE;

  if (wrong == NULL)
    wrong = check_words (cli);
  for (guint i = 0; (value = till_cli_get_nth (cli, "clear", i)) != NULL; i++)
    {
      if (wrong == NULL && find_text (any_profile, value) == NULL)
        wrong = "the value of “--clear” is none of the options that can be taken away, such as hub-terminal";
    }
  for (guint i = 0; cli->command->options[i].name != NULL; i++)
    any = any || cli->values[i] != NULL;
  if (wrong == NULL && !any)
    wrong = "what to change is missing";
  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_WRITE, set_profile, NULL);
}

#define COMMON_OPTIONS \
  { "hub-url", "URL", "Address of Commerce Hub" }, \
  { "hub-merchant", "M", "Merchant ID at Commerce Hub" }, \
  { "hub-terminal", "T", "Terminal ID at Commerce Hub" }, \
  { "hub-key", "K", "API key of Commerce Hub" }, \
  { "repeat-lost", "WORD", "on or off: ask again by itself for a lost answer" }, \
  { "wallet-url", "URL", "Address of Airship Wallet" }, \
  { "wallet-user", "W", "User or project key of Airship Wallet" }, \
  { "devices-url", "URL", "Address of Acceptance Devices" }, \
  { "devices-organization", "O", "Organization ID at Acceptance Devices" }, \
  { "devices-key-id", "K", "ID of the shared secret at Acceptance Devices" }, \
  { "devices-signature", "WORD", "http-signature or jwt" }, \
  { "ca", "FILE", "Trust the certificate authorities in FILE too" }, \
  { NULL, NULL, NULL }

static const TillCliOption add_options[] = {
  { "environment", "WORD", "practice, test or live; never changes" },
  COMMON_OPTIONS,
};

static const TillCliOption set_options[] = {
  { "name", "NEW", "Another name for it" },
  { "clear", "OPTION", "Take away what OPTION gave, such as hub-terminal" },
  COMMON_OPTIONS,
};

const TillCliCommand till_command_profile_add = {
  .name = "add",
  .group = "profile",
  .summary = "Add a profile",
  .synopsis = "NAME --environment WORD [OPTION…]",
  .help =
    "Adds a profile: the ways to the services of one store in one environment. Addresses\n"
    "that are not given are the documented ones of the environment; only https counts.\n"
    "A practice profile without addresses has the built-in sandbox. The first profile\n"
    "becomes the current one. Secrets are given with “profile secret”.\n",
  .options = add_options,
  .run = run_add,
};

const TillCliCommand till_command_profile_set = {
  .name = "set",
  .group = "profile",
  .summary = "Change a profile",
  .synopsis = "NAME OPTION…",
  .help =
    "Changes what is given and keeps all the rest. --clear takes away what another\n"
    "option gave; an address is then the documented one again. The environment never\n"
    "changes.\n",
  .options = set_options,
  .run = run_set,
};
