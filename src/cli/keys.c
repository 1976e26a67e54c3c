/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command `keys` (CLI.md). Handing keys out is in keys-hand-out.c. */
#include "config.h"

#include "keys.h"

#include <string.h>
#include <unistd.h>

#include "inspect-rows.h"
#include "services.h"
#include "till-cli-items.h"
#include "till-cli-prompt.h"
#include "till-cli-report.h"
#include "till-cli-table.h"
#include "till-cli-values.h"
#include "till-ending.h"
#include "till-file.h"
#include "till-limits.h"
#include "till-money.h"
#include "till-time.h"

static void
write_key (TillCliSession      *session,
           const TillKeyRecord *key)
{
  if (!session->cli->json)
    {
      till_keys_append (session->output.text, key);
      return;
    }

  till_json_writer_begin_object (&session->writer);
  till_keys_write_members (&session->writer, key);
  till_json_writer_end_object (&session->writer);
}

/* Commands without arguments and options. */
static TillCliStatus
run_plain (TillCli     *cli,
           TillCliNeed  need,
           TillCliWork  work)
{
  const char *wrong = till_cli_check_arguments (cli, 0, NULL);

  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, need, work, NULL);
}

static gboolean
generate_key (TillCliSession  *session,
              GError         **error)
{
  g_autoptr(TillKeyRecord) key = NULL;

  till_shop_generate_key_async (session->shop, session->cancellable, till_cli_session_done_cb, session);
  key = till_shop_key_finish (session->shop, till_cli_session_wait (session), NULL, error);
  if (key == NULL)
    return FALSE;

  write_key (session, key);
  if (!session->cli->json)
    till_cli_say ("hand it to the tills (keys export), then mark it (keys mark)");

  return TRUE;
}

static TillCliStatus
run_generate (TillCli *cli)
{
  return run_plain (cli, TILL_CLI_NEED_SHOP_WRITE, generate_key);
}

static gboolean
rotate_key (TillCliSession  *session,
            GError         **error)
{
  g_autoptr(TillKeyRecord) key = NULL;
  g_autoptr(GError) local_error = NULL;
  gint64 rotate_from = TILL_TIME_UNKNOWN;

  till_shop_rotate_key_async (session->shop, session->cancellable, till_cli_session_done_cb, session);
  key = till_shop_key_finish (session->shop, till_cli_session_wait (session), &rotate_from, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (session->cli->json)
    {
      till_json_writer_begin_object (&session->writer);
      till_cli_write_bool (&session->writer, "rotated", key != NULL);
      if (key != NULL)
        till_keys_write_members (&session->writer, key);
      else
        till_cli_write_time (&session->writer, "rotateFrom", rotate_from);
      till_json_writer_end_object (&session->writer);
    }
  else if (key != NULL)
    {
      till_keys_append (session->output.text, key);
    }
  else
    {
      g_autofree char *when = till_cli_format_time (rotate_from);

      g_string_append_printf (session->output.text, "No new key is due yet; the rotation window opens %s.\n", when);
    }

  return TRUE;
}

static TillCliStatus
run_rotate (TillCli *cli)
{
  return run_plain (cli, TILL_CLI_NEED_SHOP_WRITE, rotate_key);
}

static void
write_listed (TillJsonWriter      *writer,
              const TillKeyRecord *key,
              TillKeyStanding      standing,
              gint64               now)
{
  TillEnding ending;

  till_ending_init (&ending, TILL_ENDING_KEY, key->valid_from, key->valid_to, now);
  till_json_writer_begin_object (writer);
  till_keys_write_members (writer, key);
  till_cli_write_text (writer, "standing", till_key_standing_to_word (standing));
  till_cli_write_text (writer, "state", till_validity_state_to_word (ending.state));
  till_cli_write_time (writer, "actBy", ending.act_by);
  till_json_writer_end_object (writer);
}

static const char *
get_standing_words (TillKeyStanding standing)
{
  switch (standing)
    {
    case TILL_KEY_USE:
      return "use now";
    case TILL_KEY_ACCEPTED:
      return "still accepted";
    case TILL_KEY_NOT_YET:
      return "not valid yet";
    case TILL_KEY_ENDED:
    case TILL_KEY_REVOKED:
    case TILL_KEY_INACTIVE:
    case TILL_KEY_LEGACY:
    case TILL_KEY_UNUSABLE:
    default:
      return till_key_standing_to_word (standing);
    }
}

static gboolean
list_keys (TillCliSession  *session,
           GError         **error)
{
  g_autoptr(GPtrArray) keys = till_keys_load (session, error);
  g_autoptr(TillCliTable) table = till_cli_table_new ("STANDING", "KEY ID", "ENDS", "KEY", "ON TILLS", NULL);
  gint64 now = till_clock_get_now (session->clock);
  g_autoptr(TillAdvice) advice = NULL;

  if (keys == NULL)
    return FALSE;

  advice = till_advice_new (keys, now);
  if (session->cli->json)
    till_json_writer_begin_array (&session->writer);

  for (guint i = 0; i < keys->len; i++)
    {
      const TillKeyRecord *key = g_ptr_array_index (keys, i);
      TillKeyStanding standing = g_array_index (advice->standings, TillKeyStanding, i);
      g_autofree char *ends = till_cli_format_time (key->valid_to);
      g_autofree char *description = till_cli_describe_key (key->spki);

      if (session->cli->json)
        {
          write_listed (&session->writer, key, standing, now);
          continue;
        }

      till_cli_table_add (table, get_standing_words (standing));
      till_cli_table_add (table, key->key_id);
      till_cli_table_add (table, ends);
      till_cli_table_add (table, description);
      till_cli_table_add (table, key->in_use ? "yes" : "no");
    }

  if (session->cli->json)
    till_json_writer_end_array (&session->writer);
  else
    till_cli_table_append (table, session->output.text);

  if (keys->len == 0 && !session->cli->json)
    till_cli_say ("no keys are known here; “keys generate” makes the first one");

  return TRUE;
}

static TillCliStatus
run_list (TillCli *cli)
{
  return run_plain (cli, TILL_CLI_NEED_SHOP_LOOK, list_keys);
}

static void
write_ids (TillJsonWriter *writer,
           const char     *member,
           GPtrArray      *keys)
{
  till_json_writer_member (writer, member);
  till_json_writer_begin_array (writer);
  for (guint i = 0; i < keys->len; i++)
    till_json_writer_string (writer, ((const TillKeyRecord *) g_ptr_array_index (keys, i))->key_id);
  till_json_writer_end_array (writer);
}

static void
write_advice (TillJsonWriter   *writer,
              const TillAdvice *advice)
{
  till_json_writer_begin_object (writer);
  till_cli_write_time (writer, "at", advice->at);
  till_cli_write_text (writer, "use", advice->use != NULL ? advice->use->key_id : NULL);
  write_ids (writer, "accepted", advice->accepted);
  write_ids (writer, "notAccepted", advice->not_accepted);
  till_cli_write_time (writer, "rotateFrom", advice->rotate_from);
  till_json_writer_member (writer, "reminders");
  till_json_writer_begin_array (writer);
  for (gsize i = 0; i < G_N_ELEMENTS (advice->reminders) && advice->use != NULL; i++)
    {
      g_autofree char *text = till_time_format (advice->reminders[i]);

      if (text != NULL)
        till_json_writer_string (writer, text);
    }
  till_json_writer_end_array (writer);
  till_json_writer_end_object (writer);
}

static void
append_advice (GString          *out,
               const TillAdvice *advice)
{
  till_inspect_append_time (out, "At", advice->at);
  till_inspect_append_row (out, "Use", advice->use != NULL ? advice->use->key_id : "no key: generate one");
  for (guint i = 0; i < advice->accepted->len; i++)
    till_inspect_append_row (out, i == 0 ? "Still accepted" : "",
                             ((const TillKeyRecord *) g_ptr_array_index (advice->accepted, i))->key_id);
  for (guint i = 0; i < advice->not_accepted->len; i++)
    till_inspect_append_row (out, i == 0 ? "Not accepted" : "",
                             ((const TillKeyRecord *) g_ptr_array_index (advice->not_accepted, i))->key_id);
  till_inspect_append_time (out, "Rotate from", advice->rotate_from);
  for (gsize i = 0; i < G_N_ELEMENTS (advice->reminders) && advice->use != NULL; i++)
    till_inspect_append_time (out, i == 0 ? "Reminders" : "", advice->reminders[i]);
}

static gboolean
advise (TillCliSession  *session,
        GError         **error)
{
  const gint64 *at = session->data;
  g_autoptr(GPtrArray) keys = till_keys_load (session, error);
  g_autoptr(TillAdvice) advice = NULL;

  if (keys == NULL)
    return FALSE;

  advice = till_advice_new (keys, *at != TILL_TIME_UNKNOWN ? *at : till_clock_get_now (session->clock));
  if (session->cli->json)
    write_advice (&session->writer, advice);
  else
    append_advice (session->output.text, advice);

  return TRUE;
}

static TillCliStatus
run_advise (TillCli *cli)
{
  const char *wrong = till_cli_check_arguments (cli, 0, NULL);
  const char *text = till_cli_get_option (cli, "at");
  gint64 at = TILL_TIME_UNKNOWN;

  if (wrong == NULL && text != NULL && !till_time_parse (text, &at, NULL))
    wrong = "the value of “--at” is not a time such as 2026-01-31T12:00:00Z";
  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_SHOP_LOOK, advise, &at);
}

/* A person is told what stops working, and in Live types the end of the id. */
static gboolean
confirm_revoke (TillCliSession  *session,
                const char      *id,
                GError         **error)
{
  gboolean live = till_shop_get_profile (session->shop)->environment == TILL_ENVIRONMENT_LIVE;
  g_autoptr(GPtrArray) keys = till_keys_load (session, error);
  g_autofree char *question = NULL;
  g_autoptr(TillAdvice) advice = NULL;
  gsize length = strlen (id);
  gboolean last;

  if (keys == NULL || till_keys_find (keys, id, error) == NULL)
    return FALSE;

  advice = till_advice_new (keys, till_clock_get_now (session->clock));
  last = advice->use != NULL && g_str_equal (advice->use->key_id, id) && advice->accepted->len == 0;
  question = g_strdup_printf ("Revoke the key %s? Offline payments still waiting with it may be refused. This can't be "
                              "undone.%s", id, last ? " You have no other key; generate one first." : "");

  return till_cli_session_confirm (session, question, live ? id + (length > 4 ? length - 4 : 0) : NULL, error);
}

static gboolean
revoke_key (TillCliSession  *session,
            GError         **error)
{
  const char *id = session->cli->arguments[0];
  g_autoptr(TillKeyRecord) key = NULL;
  g_autoptr(GPtrArray) keys = NULL;
  g_autoptr(TillAdvice) advice = NULL;

  if (till_cli_get_option (session->cli, "yes") == NULL && !confirm_revoke (session, id, error))
    return FALSE;

  till_shop_revoke_key_async (session->shop, id, session->cancellable, till_cli_session_done_cb, session);
  key = till_shop_key_finish (session->shop, till_cli_session_wait (session), NULL, error);
  if (key == NULL)
    return FALSE;

  write_key (session, key);

  keys = till_keys_load (session, NULL);
  advice = keys != NULL ? till_advice_new (keys, till_clock_get_now (session->clock)) : NULL;
  if (advice != NULL && advice->use == NULL)
    till_cli_say ("no usable key remains; “keys generate” makes one");

  return TRUE;
}

static TillCliStatus
run_revoke (TillCli *cli)
{
  const char *wrong = till_cli_check_arguments (cli, 1, "the ID of a key is missing");

  if (wrong == NULL && till_cli_get_option (cli, "yes") == NULL && !till_cli_can_prompt ())
    wrong = "this can't be undone and there is no terminal to ask on; “--yes” goes on without asking";
  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_SHOP_WRITE, revoke_key, NULL);
}

static gboolean
import_keys (TillCliSession  *session,
             GError         **error)
{
  g_autoptr(TillSecret) input = NULL;
  g_autoptr(GBytes) json = NULL;
  g_autoptr(TillKeyRecord) key = NULL;

  /* Held as a secret: a private key might be in it after all (API.md 3.2). */
  input = till_file_read_fd (STDIN_FILENO, "standard input", TILL_LIMIT_JSON_BYTES, TILL_LIMIT_JSON_BYTES, error);
  if (input == NULL)
    return FALSE;

  json = g_bytes_new_with_free_func (till_secret_get_data (input), till_secret_get_size (input),
                                     (GDestroyNotify) till_secret_unref, till_secret_ref (input));
  till_shop_import_key_async (session->shop, json, session->cancellable, till_cli_session_done_cb, session);
  key = till_shop_key_finish (session->shop, till_cli_session_wait (session), NULL, error);
  if (key == NULL)
    return FALSE;

  write_key (session, key);

  return TRUE;
}

static TillCliStatus
run_import (TillCli *cli)
{
  return run_plain (cli, TILL_CLI_NEED_SHOP_WRITE, import_keys);
}

typedef struct
{
  gboolean    in_use;
  gboolean    changes_use;
  gint64      limit;
  const char *currency;
} MarkRequest;

static gboolean
mark_key (TillCliSession  *session,
          GError         **error)
{
  const MarkRequest *request = session->data;
  const char *id = session->cli->arguments[0];
  g_autoptr(GPtrArray) keys = till_keys_load (session, error);
  g_autoptr(TillKeyRecord) marked = NULL;
  const TillKeyRecord *key;

  key = keys != NULL ? till_keys_find (keys, id, error) : NULL;
  if (key == NULL)
    return FALSE;

  /* What was not asked for stays. */
  till_shop_mark_key_async (session->shop, id, request->changes_use ? request->in_use : key->in_use,
                            request->currency != NULL ? request->limit : key->offline_limit,
                            request->currency != NULL ? request->currency : key->offline_currency,
                            session->cancellable, till_cli_session_done_cb, session);
  marked = till_shop_key_finish (session->shop, till_cli_session_wait (session), NULL, error);
  if (marked == NULL)
    return FALSE;

  write_key (session, marked);

  return TRUE;
}

static TillCliStatus
run_mark (TillCli *cli)
{
  const char *wrong = till_cli_check_arguments (cli, 1, "the ID of a key is missing");
  const char *limit = till_cli_get_option (cli, "offline-limit");
  gboolean not_in_use = till_cli_get_option (cli, "not-in-use") != NULL;
  MarkRequest request = { 0 };

  request.in_use = till_cli_get_option (cli, "in-use") != NULL;
  request.changes_use = request.in_use || not_in_use;
  request.currency = till_cli_get_option (cli, "currency");

  if (wrong == NULL && request.in_use && not_in_use)
    wrong = "“--in-use” and “--not-in-use” contradict each other";
  if (wrong == NULL && (limit != NULL) != (request.currency != NULL))
    wrong = "“--offline-limit” and “--currency” belong together";
  if (wrong == NULL && !request.changes_use && limit == NULL)
    wrong = "what to mark is missing";
  if (wrong == NULL && limit != NULL && !till_money_parse (limit, request.currency, &request.limit))
    wrong = "the limit is not an amount of that currency, such as --offline-limit 25.00 --currency USD";
  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_SHOP_WRITE, mark_key, &request);
}

#define ROW(variable, word, text, words, paragraphs, list, function) \
  static const TillCliCommand variable = { \
    .name = word, .group = "keys", .summary = text, .synopsis = words, \
    .help = paragraphs, .options = list, .run = function, \
  }

static const TillCliOption advise_options[] = {
  { "at", "TIME", "At another moment, such as 2026-01-31T12:00:00Z" },
  { NULL, NULL, NULL },
};

static const TillCliOption revoke_options[] = {
  { "yes", NULL, "Do not ask" },
  { NULL, NULL, NULL },
};

static const TillCliOption mark_options[] = {
  { "in-use", NULL, "It is in use on tills" },
  { "not-in-use", NULL, "It is no longer in use on tills" },
  { "offline-limit", "AMOUNT", "Largest amount of an offline payment" },
  { "currency", "CODE", "Currency of that amount, such as USD" },
  { NULL, NULL, NULL },
};

ROW (generate_command, "generate", "Generate a new key", "",
     "Asks Commerce Hub for a new key. The ones that there are keep working until they\n"
     "end. The answer is kept: the service has no list of its keys.\n",
     NULL, run_generate);

ROW (list_command, "list", "List the keys known here", "",
     "Lists the keys of the inventory, newest first; the service has no list of them.\n"
     "“standing” is use, accepted, not-yet, ended, revoked, inactive, legacy or\n"
     "unusable.\n",
     NULL, run_list);

ROW (advise_command, "advise", "Say which key to use", "[--at TIME]",
     "Says which key to use, which others are still accepted and which are not, and\n"
     "when the next one is due: 48 hours before the newest usable key ends. The service\n"
     "reminds 47, 44 and 41 hours before that end.\n",
     advise_options, run_advise);

ROW (rotate_command, "rotate", "Generate the next key when it is due", "",
     "Generates a key where the rotation window is open or no key is usable, else says\n"
     "when it opens. Fit for a timer: it can be called as often as one likes.\n",
     NULL, run_rotate);

ROW (revoke_command, "revoke", "Revoke a key", "[--yes] ID",
     "Revokes a key for good, as where it may have leaked. Asks first; in Live the last\n"
     "four characters of its ID have to be typed. Without a terminal it wants --yes.\n",
     revoke_options, run_revoke);

ROW (import_command, "import", "Add keys that were generated elsewhere", "",
     "Reads an answer of the service (or an array of them) as JSON from standard input\n"
     "and adds its key to the inventory. A private key, should there be one, is left\n"
     "out.\n",
     NULL, run_import);

ROW (mark_command, "mark", "Keep in mind where a key is in use", "OPTION… ID",
     "Notes in the inventory that a key is in use on tills, and the largest amount of\n"
     "an offline payment, which travels with the exported key.\n",
     mark_options, run_mark);

static const TillCliCommand * const keys_commands[] = {
  &generate_command,
  &list_command,
  &advise_command,
  &rotate_command,
  &revoke_command,
  &import_command,
  &till_command_keys_export,
  &till_command_keys_encrypt,
  &mark_command,
  NULL,
};

const TillCliCommand till_command_keys = {
  .name = "keys",
  .summary = TILL_SUMMARY_KEYS,
  .synopsis = "COMMAND …",
  .help = "Looks after the multi-use public keys with which tills encrypt offline payments.\n",
  .commands = keys_commands,
};
