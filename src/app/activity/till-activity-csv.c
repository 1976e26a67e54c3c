/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The activity log as a table for other programs (RFC 4180). */
#include "config.h"

#include "till-activity-csv.h"

#include <string.h>

#include "till-record.h"

/* value: (nullable) */
static void
append_cell (GString    *csv,
             const char *value,
             gboolean    last)
{
  const char *p;

  g_string_append_c (csv, '"');
  /* A cell that begins so is a formula to spreadsheets; behind an apostrophe it is text. */
  if (value != NULL && *value != '\0' && strchr ("=+-@\t\r\n", *value) != NULL)
    g_string_append_c (csv, '\'');
  for (p = value != NULL ? value : ""; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *p);
    }
  g_string_append (csv, last ? "\"\r\n" : "\",");
}

static void
append_record (GString             *csv,
               const TillLogRecord *record)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (record->at);
  g_autofree char *at = time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ") : NULL;
  g_autofree char *sequence = g_strdup_printf ("%" G_GINT64_FORMAT, record->sequence);

  append_cell (csv, sequence, FALSE);
  append_cell (csv, at, FALSE);
  append_cell (csv, record->actor, FALSE);
  append_cell (csv, record->event, FALSE);
  append_cell (csv, record->object, FALSE);
  append_cell (csv, record->profile, FALSE);
  append_cell (csv, record->environment, FALSE);
  append_cell (csv, record->peer, FALSE);
  append_cell (csv, record->outcome, FALSE);
  append_cell (csv, record->request_id, FALSE);
  append_cell (csv, record->trace_id, FALSE);
  append_cell (csv, record->detail, FALSE);
  append_cell (csv, record->hash, TRUE);
}

/**
 * till_activity_csv_format:
 * @records: (element-type TillLogRecord): lines of the log
 *
 * Writes a table as of RFC 4180, in UTF-8 with a line of headings. The words
 * are the stable ones of the log, whatever the language.
 *
 * Returns: (transfer full): the table
 */
GBytes *
till_activity_csv_format (GPtrArray *records)
{
  GString *csv = g_string_new ("sequence,at,actor,event,object,profile,environment,peer,outcome,"
                               "request_id,trace_id,detail,hash\r\n");
  guint i;

  for (i = 0; i < records->len; i++)
    append_record (csv, records->pdata[i]);

  return g_string_free_to_bytes (csv);
}
