/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The activity log: each line is chained to the one before by SHA-256 (RELIABILITY.md G33). */
#include "config.h"

#include "till-sqlite-private.h"

#include <string.h>

/*
 * The hash of a line is SHA-256 over
 *
 *   "tillkeeper log 1" and a NUL,
 *   the hash of the line before (empty for the first),
 *   sequence and time as eight bytes, most significant first,
 *   actor, event, object, profile, environment, peer, outcome, request id, trace id, detail
 *
 * where each text is a byte 1, its length as eight bytes, and its bytes, and one
 * that is not there is a byte 0: so no two lines have the same bytes. The number
 * of lines and the last hash are kept beside, so that cutting off the end is found.
 */
static const char beginning[] = "tillkeeper log 1";

/* What the chain goes on from where its head was taken away: no line fits it,
 * so that the gap is found ever after. */
static const char no_head[] = "-";

static void
add_number (GChecksum *checksum,
            guint64    number)
{
  guint64 bytes = GUINT64_TO_BE (number);

  g_checksum_update (checksum, (const guchar *) &bytes, sizeof bytes);
}

static void
add_text (GChecksum  *checksum,
          const char *text)
{
  guchar there = text != NULL;

  g_checksum_update (checksum, &there, 1);
  if (text != NULL)
    {
      add_number (checksum, strlen (text));
      g_checksum_update (checksum, (const guchar *) text, (gssize) strlen (text));
    }
}

static char *
make_hash (const TillLogRecord *record,
           const char          *before)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  g_checksum_update (checksum, (const guchar *) beginning, sizeof beginning);
  add_text (checksum, before);
  add_number (checksum, (guint64) record->sequence);
  add_number (checksum, (guint64) record->at);
  add_text (checksum, record->actor);
  add_text (checksum, record->event);
  add_text (checksum, record->object);
  add_text (checksum, record->profile);
  add_text (checksum, record->environment);
  add_text (checksum, record->peer);
  add_text (checksum, record->outcome);
  add_text (checksum, record->request_id);
  add_text (checksum, record->trace_id);
  add_text (checksum, record->detail);

  return g_strdup (g_checksum_get_string (checksum));
}

/* hash is (nullable) where the head is gone. */
static gboolean
read_head (TillConnection  *connection,
           gint64          *lines,
           char           **hash,
           GError         **error)
{
  sqlite3_stmt *statement = till_connection_prepare (connection, "SELECT lines, hash FROM log_head", error);
  int code;

  *lines = 0;
  *hash = NULL;
  if (statement == NULL)
    return FALSE;

  code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    {
      *lines = sqlite3_column_int64 (statement, 0);
      *hash = g_strdup ((const char *) sqlite3_column_text (statement, 1));
    }
  else if (code != SQLITE_DONE)
    {
      till_connection_set_error (connection, error);
    }
  sqlite3_reset (statement);

  return code == SQLITE_ROW || code == SQLITE_DONE;
}

static gboolean
write_head (TillConnection       *connection,
            const TillLogRecord  *record,
            GError              **error)
{
  sqlite3_stmt *statement;

  statement = till_connection_prepare (connection,
                                       "INSERT INTO log_head (id, lines, hash) VALUES (1, ?1, ?2)"
                                       " ON CONFLICT (id) DO UPDATE SET lines = excluded.lines, hash = excluded.hash",
                                       error);
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, record->sequence);
  sqlite3_bind_text (statement, 2, record->hash, -1, SQLITE_STATIC);

  return till_connection_run (connection, statement, error);
}

/* Line and head stand or fall together, whatever the caller makes of a failure. */
static gboolean
insert_line (TillConnection       *connection,
             const TillLogRecord  *record,
             GError              **error)
{
  if (!till_connection_exec (connection, "SAVEPOINT line", error))
    return FALSE;

  if (till_table_put (connection, &till_table_log, record, error) && write_head (connection, record, error))
    return till_connection_exec (connection, "RELEASE line", error);

  (void) till_connection_exec (connection, "ROLLBACK TO line; RELEASE line", NULL);
  return FALSE;
}

/**
 * till_log_append:
 * @connection: a connection with a transaction
 * @clock: says the time where the line does not
 * @record: a line; gets what it lacks
 * @error: (out) (optional): %TILL_ERROR_CONFLICT where it has a sequence that is not the next;
 *   as till_table_put()
 *
 * Adds a line. A log that was changed is added to as well, for work must go on;
 * the change stays visible.
 *
 * Returns: whether it was added
 */
gboolean
till_log_append (TillConnection  *connection,
                 TillClock       *clock,
                 TillLogRecord   *record,
                 GError         **error)
{
  g_autofree char *head = NULL;
  const gint64 given = record->sequence;
  TillEnvironment environment;
  gint64 lines;
  gint64 last;

  if (!read_head (connection, &lines, &head, error) ||
      !till_connection_query_int (connection, "SELECT max (sequence) FROM log", &last, error))
    return FALSE;

  last = MAX (last, lines);
  if (last < 0 || last >= G_MAXINT64 - 1 || (given != 0 && given != last + 1))
    {
      till_set_error (error, TILL_ERROR_CONFLICT, TILL_REASON_NONE, NULL, NULL,
                      "the line does not follow the last one of the log");
      return FALSE;
    }

  if (record->environment != NULL && !till_environment_from_word (record->environment, &environment))
    {
      till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_FIELD, "environment", NULL,
                      "the store refuses the record: its member 'environment' is none that there is");
      return FALSE;
    }

  record->sequence = last + 1;
  if (record->at == TILL_TIME_UNKNOWN)
    record->at = till_clock_get_now (clock);
  if (record->actor == NULL)
    record->actor = g_utf8_make_valid (g_get_user_name (), -1);
  g_free (record->hash);
  record->hash = make_hash (record, head != NULL ? head : no_head);

  if (insert_line (connection, record, error))
    return TRUE;

  /* So that the same line can be tried again. */
  record->sequence = given;

  return FALSE;
}

static gboolean
set_wrong (gint64   *first_wrong,
           gint64    line,
           GError  **error)
{
  const gint64 numbers[2] = { line, -1 };

  if (first_wrong != NULL)
    *first_wrong = line;
  till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "log", numbers,
                  "the log was changed: line %" G_GINT64_FORMAT " is missing, or is not as it was written", line);

  return FALSE;
}

/**
 * till_log_verify:
 * @connection: a connection with a transaction
 * @first_wrong: (out) (optional): the first line that was changed or is missing; 0 for none
 * @error: (out) (optional): %TILL_ERROR_DAMAGED with %TILL_REASON_MALFORMED where the log was
 *   changed; as till_connection_set_error() where it can't be read
 *
 * Follows the chain from its beginning to its head.
 *
 * Returns: whether each line is as it was written, and none is missing
 */
gboolean
till_log_verify (TillConnection  *connection,
                 gint64          *first_wrong,
                 GError         **error)
{
  g_autofree char *head = NULL;
  g_autofree char *before = g_strdup ("");
  sqlite3_stmt *statement;
  gint64 lines;
  gint64 next = 1;
  int code;

  if (first_wrong != NULL)
    *first_wrong = 0;

  if (!read_head (connection, &lines, &head, error))
    return FALSE;

  statement = till_connection_prepare (connection,
                                       "SELECT sequence, at, actor, event, object, profile, environment, peer, outcome,"
                                       " request_id, trace_id, detail, hash FROM log ORDER BY sequence", error);
  if (statement == NULL)
    return FALSE;

  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      g_autoptr(TillLogRecord) record = till_table_read (connection, &till_table_log, statement, NULL);
      g_autofree char *hash = NULL;

      if (record != NULL)
        hash = make_hash (record, before);
      if (record == NULL || record->sequence != next || strcmp (record->hash, hash) != 0)
        {
          sqlite3_reset (statement);
          return set_wrong (first_wrong, next, error);
        }

      g_free (before);
      before = g_steal_pointer (&hash);
      next++;
    }

  if (code != SQLITE_DONE)
    {
      till_connection_set_error (connection, error);
      sqlite3_reset (statement);
      return FALSE;
    }
  sqlite3_reset (statement);

  /* Cut off at the end, added to by hand, or the last line written anew. */
  if (head == NULL || lines != next - 1)
    return set_wrong (first_wrong, head != NULL && lines >= 0 && lines < next - 1 ? lines + 1 : next, error);
  if (strcmp (head, before) != 0)
    return set_wrong (first_wrong, MAX (next - 1, 1), error);

  return TRUE;
}
