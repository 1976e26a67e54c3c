/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command `log`: the activity record (CLI.md, RELIABILITY.md G33). */
#include "config.h"

#include <string.h>

#include "services.h"
#include "till-cli-report.h"
#include "till-cli-session.h"
#include "till-cli-table.h"
#include "till-cli-values.h"
#include "till-time.h"

typedef struct
{
  gint64     since;
  gint64     first_wrong;
  GPtrArray *records;
} Query;

static void
write_record (TillJsonWriter      *writer,
              const TillLogRecord *record)
{
  till_json_writer_begin_object (writer);
  till_cli_write_int (writer, "sequence", record->sequence);
  till_cli_write_time (writer, "at", record->at);
  till_cli_write_text (writer, "actor", record->actor);
  till_cli_write_text (writer, "event", record->event);
  till_cli_write_text (writer, "object", record->object);
  till_cli_write_text (writer, "profile", record->profile);
  till_cli_write_text (writer, "environment", record->environment);
  till_cli_write_text (writer, "peer", record->peer);
  till_cli_write_text (writer, "outcome", record->outcome);
  till_cli_write_text (writer, "requestId", record->request_id);
  till_cli_write_text (writer, "traceId", record->trace_id);
  till_cli_write_text (writer, "detail", record->detail);
  till_cli_write_text (writer, "hash", record->hash);
  till_json_writer_end_object (writer);
}

static void
add_row (TillCliTable        *table,
         const TillLogRecord *record)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, record->sequence);
  g_autofree char *at = till_cli_format_time (record->at);

  till_cli_table_add (table, number);
  till_cli_table_add (table, at);
  till_cli_table_add (table, record->actor);
  till_cli_table_add (table, record->profile);
  till_cli_table_add (table, record->event);
  till_cli_table_add (table, record->object);
  till_cli_table_add (table, record->outcome);
  till_cli_table_add (table, record->detail);
}

static gboolean
list_cb (TillTransaction  *transaction,
         gpointer          data,
         GError          **error)
{
  Query *query = data;

  query->records = till_transaction_list_log (transaction, query->since, 0, error);

  return query->records != NULL;
}

static gboolean
verify_cb (TillTransaction  *transaction,
           gpointer          data,
           GError          **error)
{
  Query *query = data;

  return till_transaction_verify_log (transaction, &query->first_wrong, error) && list_cb (transaction, data, error);
}

static gboolean
show_log (TillCliSession  *session,
          GError         **error)
{
  Query *query = session->data;
  g_autoptr(TillCliTable) table = NULL;

  if (!till_cli_session_query (session, list_cb, query, error))
    return FALSE;

  table = till_cli_table_new ("LINE", "AT", "WHO", "PROFILE", "WHAT", "ON", "OUTCOME", "DETAIL", NULL);
  if (session->cli->json)
    till_json_writer_begin_array (&session->writer);

  for (guint i = 0; i < query->records->len; i++)
    {
      if (session->cli->json)
        write_record (&session->writer, g_ptr_array_index (query->records, i));
      else
        add_row (table, g_ptr_array_index (query->records, i));
      till_cli_output_drain (&session->output);
    }

  if (session->cli->json)
    till_json_writer_end_array (&session->writer);
  else
    till_cli_table_append (table, session->output.text);

  if (query->records->len == 0 && !session->cli->json)
    till_cli_say ("the record has no lines%s", query->since != TILL_TIME_UNKNOWN ? " since then" : "");

  return TRUE;
}

static gboolean
verify_log (TillCliSession  *session,
            GError         **error)
{
  Query *query = session->data;

  if (!till_cli_session_query (session, verify_cb, query, error))
    return FALSE;

  if (session->cli->json)
    {
      till_json_writer_begin_object (&session->writer);
      till_cli_write_bool (&session->writer, "verified", TRUE);
      till_cli_write_int (&session->writer, "lines", query->records->len);
      till_json_writer_end_object (&session->writer);
    }
  else
    {
      g_string_append_printf (session->output.text, "The record is whole: %u line%s, none changed and none missing.\n",
                              query->records->len, query->records->len == 1 ? "" : "s");
    }

  return TRUE;
}

/* A day alone is its first second. */
static gboolean
parse_since (const char *text,
             gint64     *since)
{
  g_autofree char *whole = strlen (text) == 10 ? g_strconcat (text, "T00:00:00Z", NULL) : g_strdup (text);

  return till_time_parse (whole, since, NULL);
}

static TillCliStatus
run_log (TillCli *cli)
{
  const char *wrong = till_cli_check_arguments (cli, 0, NULL);
  const char *since = till_cli_get_option (cli, "since");
  gboolean verify = till_cli_get_option (cli, "verify") != NULL;
  Query query = { .since = TILL_TIME_UNKNOWN };
  TillCliStatus status;

  if (wrong == NULL && since != NULL && !parse_since (since, &query.since))
    wrong = "the value of “--since” is not a time such as 2026-01-31T12:00:00Z or 2026-01-31";
  if (wrong == NULL && since != NULL && verify)
    wrong = "“--verify” checks the whole record; it does not go with “--since”";
  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  status = till_cli_session_run (cli, TILL_CLI_NEED_READ, verify ? verify_log : show_log, &query);
  g_clear_pointer (&query.records, g_ptr_array_unref);

  return status;
}

static const TillCliOption options[] = {
  { "since", "TIME", "Only lines from TIME on" },
  { "verify", NULL, "Check that no line was changed, added or removed" },
  { NULL, NULL, NULL },
};

const TillCliCommand till_command_log = {
  .name = "log",
  .summary = TILL_SUMMARY_LOG,
  .synopsis = "[--since TIME | --verify]",
  .help =
    "Shows the activity record of all profiles, oldest first: who did what when, where,\n"
    "with which outcome, and the service's trace id. It holds no secret. Each line\n"
    "carries a hash over itself and the line before; --verify checks them, and names\n"
    "the first line that does not fit.\n",
  .options = options,
  .run = run_log,
};
