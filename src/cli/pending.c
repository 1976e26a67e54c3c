/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command `pending`: changes whose outcome is not known (RELIABILITY.md G17). */
#include "config.h"

#include "services.h"
#include "till-cli-report.h"
#include "till-cli-session.h"
#include "till-cli-table.h"
#include "till-cli-values.h"

static void
write_intent (TillJsonWriter         *writer,
              const TillIntentRecord *intent)
{
  till_json_writer_begin_object (writer);
  till_cli_write_int (writer, "id", intent->id);
  till_cli_write_text (writer, "operation", intent->operation);
  till_cli_write_text (writer, "subject", intent->subject);
  till_cli_write_text (writer, "environment", till_environment_to_word (intent->environment));
  till_cli_write_text (writer, "state", till_intent_state_to_word (intent->state));
  till_cli_write_text (writer, "clientRequestId", intent->request_id);
  till_cli_write_time (writer, "begunAt", intent->begun_at);
  till_cli_write_int (writer, "tries", intent->tries);
  till_cli_write_text (writer, "note", intent->note);
  till_json_writer_end_object (writer);
}

static void
write_intents (TillCliSession *session,
               GPtrArray      *intents)
{
  g_autoptr(TillCliTable) table = till_cli_table_new ("ID", "WHAT", "ON", "STATE", "BEGUN", "NOTE", NULL);

  if (session->cli->json)
    till_json_writer_begin_array (&session->writer);

  for (guint i = 0; i < intents->len; i++)
    {
      const TillIntentRecord *intent = g_ptr_array_index (intents, i);
      g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, intent->id);
      g_autofree char *begun = till_cli_format_time (intent->begun_at);

      if (session->cli->json)
        {
          write_intent (&session->writer, intent);
          continue;
        }

      till_cli_table_add (table, id);
      till_cli_table_add (table, intent->operation);
      till_cli_table_add (table, intent->subject);
      till_cli_table_add (table, till_intent_state_to_word (intent->state));
      till_cli_table_add (table, begun);
      till_cli_table_add (table, intent->note);
    }

  if (session->cli->json)
    {
      till_json_writer_end_array (&session->writer);
      return;
    }

  till_cli_table_append (table, session->output.text);
  if (intents->len == 0)
    till_cli_say ("nothing is pending");
}

typedef struct
{
  const char *profile_id;
  GPtrArray  *intents;
} Query;

static gboolean
list_cb (TillTransaction  *transaction,
         gpointer          data,
         GError          **error)
{
  Query *query = data;

  query->intents = till_transaction_list_intents (transaction, query->profile_id, TRUE, error);

  return query->intents != NULL;
}

static gboolean
list_pending (TillCliSession  *session,
              GError         **error)
{
  Query query = { till_shop_get_profile (session->shop)->id, NULL };

  if (!till_cli_session_query (session, list_cb, &query, error))
    return FALSE;

  write_intents (session, query.intents);
  g_ptr_array_unref (query.intents);

  return TRUE;
}

static gboolean
settle (TillCliSession  *session,
        GError         **error)
{
  g_autoptr(GPtrArray) intents = NULL;

  till_shop_settle_async (session->shop, session->cancellable, till_cli_session_done_cb, session);
  intents = till_shop_settle_finish (session->shop, till_cli_session_wait (session), error);
  if (intents == NULL)
    return FALSE;

  write_intents (session, intents);

  return TRUE;
}

typedef struct
{
  gint64   id;
  gboolean done;
} Mark;

static gboolean
mark (TillCliSession  *session,
      GError         **error)
{
  const Mark *wanted = session->data;

  till_shop_mark_intent_async (session->shop, wanted->id, wanted->done, session->cancellable,
                               till_cli_session_done_cb, session);
  if (!till_shop_mark_intent_finish (session->shop, till_cli_session_wait (session), error))
    return FALSE;

  if (session->cli->json)
    {
      till_json_writer_begin_object (&session->writer);
      till_cli_write_int (&session->writer, "id", wanted->id);
      till_cli_write_text (&session->writer, "state",
                           till_intent_state_to_word (wanted->done ? TILL_INTENT_DONE : TILL_INTENT_REFUSED));
      till_json_writer_end_object (&session->writer);
    }

  return TRUE;
}

static TillCliStatus
run_mark (TillCli  *cli,
          gboolean  done)
{
  const char *wrong = till_cli_check_arguments (cli, 1, "the ID of a pending change is missing");
  Mark wanted = { 0, done };

  if (wrong == NULL && !g_ascii_string_to_signed (cli->arguments[0], 10, 1, G_MAXINT64, &wanted.id, NULL))
    wrong = "the ID of a pending change is a number; “pending list” shows it";
  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_SHOP_WRITE, mark, &wanted);
}

static TillCliStatus
run_done (TillCli *cli)
{
  return run_mark (cli, TRUE);
}

static TillCliStatus
run_not_done (TillCli *cli)
{
  return run_mark (cli, FALSE);
}

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

static TillCliStatus
run_list (TillCli *cli)
{
  return run_plain (cli, TILL_CLI_NEED_SHOP_LOOK, list_pending);
}

static TillCliStatus
run_settle (TillCli *cli)
{
  return run_plain (cli, TILL_CLI_NEED_SHOP_WRITE, settle);
}

#define ROW(variable, word, text, words, paragraphs, function) \
  static const TillCliCommand variable = { \
    .name = word, .group = "pending", .summary = text, .synopsis = words, .help = paragraphs, .run = function, \
  }

ROW (list_command, "list", "List changes that are not settled", "",
     "Lists the changes of this profile whose outcome is not known; no service is asked.\n",
     run_list);
ROW (settle_command, "settle", "Find out what became of them", "",
     "Asks the service what became of the changes that are not settled, and lists those\n"
     "that can't be told. Every changing command does so first.\n",
     run_settle);
ROW (done_command, "done", "Say that the service did it", "ID",
     "Marks a change as done, after a look at the service.\n",
     run_done);
ROW (not_done_command, "not-done", "Say that the service did not do it", "ID",
     "Marks a change as not done, after a look at the service.\n",
     run_not_done);

static const TillCliCommand * const pending_commands[] = {
  &list_command,
  &settle_command,
  &done_command,
  &not_done_command,
  NULL,
};

const TillCliCommand till_command_pending = {
  .name = "pending",
  .summary = TILL_SUMMARY_PENDING,
  .synopsis = "COMMAND …",
  .help =
    "A change that was sent and whose answer was lost is not sent again by itself: it\n"
    "stays here until the service, or a person who has looked, says what became of it.\n",
  .commands = pending_commands,
};
