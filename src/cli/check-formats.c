/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `check` has found for Prometheus (its text format 0.0.4) and for calendars (RFC 5545). */
#include "config.h"

#include "check.h"

#include "till-calendar.h"
#include "till-cli-items.h"
#include "till-cli-values.h"

/* The value of a label: backslash, quote and line feed are escaped, other bytes stand. */
static void
append_label (GString    *out,
              const char *name,
              const char *value)
{
  g_autofree char *valid = g_utf8_make_valid (value != NULL ? value : "", -1);

  g_string_append_printf (out, "%s%s=\"", out->str[out->len - 1] == '{' ? "" : ",", name);
  for (const char *p = valid; *p != '\0'; p++)
    {
      if (*p == '\n')
        g_string_append (out, "\\n");
      else if (*p == '\\' || *p == '"')
        g_string_append_printf (out, "\\%c", *p);
      else
        g_string_append_c (out, *p);
    }
  g_string_append_c (out, '"');
}

static void
append_profile (GString               *out,
                const char            *metric,
                const TillCheckReport *report)
{
  g_string_append_printf (out, "%s{", metric);
  append_label (out, "profile", report->profile);
  append_label (out, "environment", report->environment);
}

static void
append_head (GString    *out,
             const char *metric,
             const char *help)
{
  g_string_append_printf (out, "# HELP %s %s\n# TYPE %s gauge\n", metric, help, metric);
}

static void
append_number (GString               *out,
               const TillCheckReport *report,
               const char            *metric,
               const char            *help,
               gint64                 value)
{
  append_head (out, metric, help);
  append_profile (out, metric, report);
  g_string_append_printf (out, "} %" G_GINT64_FORMAT "\n", value);
}

typedef enum
{
  VALUE_END,
  VALUE_ACT_BY,
  VALUE_GRADE,
} Value;

static void
append_items (GString               *out,
              const TillCheckReport *report,
              const char            *metric,
              const char            *help,
              Value                  which)
{
  append_head (out, metric, help);

  for (guint i = 0; i < report->list->items->len; i++)
    {
      const TillItem *item = g_ptr_array_index (report->list->items, i);
      gint64 value = which == VALUE_END ? item->ending.until : which == VALUE_ACT_BY ? item->ending.act_by :
                     (gint64) g_array_index (report->grades, TillCheckGrade, i);

      if (!item->matters || (which != VALUE_GRADE && value == TILL_TIME_INVALID))
        continue;

      append_profile (out, metric, report);
      append_label (out, "source", till_cli_item_get_source (item));
      append_label (out, "id", item->id);
      append_label (out, "title", item->title);
      g_string_append_printf (out, "} %" G_GINT64_FORMAT "\n", value);
    }
}

/**
 * till_check_append_prometheus:
 * @out: where to append it
 * @report: a graded report
 *
 * Appends metrics in the text format of Prometheus. What is switched off or replaced is left out.
 */
void
till_check_append_prometheus (GString               *out,
                              const TillCheckReport *report)
{
  append_number (out, report, "tillkeeper_check_status",
                 "Of all: 0 ok, 1 warning, 2 critical, 3 unknown.", report->grade);
  append_number (out, report, "tillkeeper_check_success",
                 "Whether all services could be asked.", report->list->error == NULL);
  append_number (out, report, "tillkeeper_check_timestamp_seconds",
                 "When this was looked at.", report->now);
  append_items (out, report, "tillkeeper_end_timestamp_seconds", "When it ends.", VALUE_END);
  append_items (out, report, "tillkeeper_act_by_timestamp_seconds", "Until when to have acted.", VALUE_ACT_BY);
  append_items (out, report, "tillkeeper_status", "0 ok, 1 warning, 2 critical, 3 unknown.", VALUE_GRADE);
}

static char *
make_uid (const TillCheckReport *report,
          const TillItem        *item)
{
  g_autofree char *name = g_strdup_printf ("%s\n%s\n%s\n%s", report->environment, report->profile,
                                           till_cli_item_get_source (item), item->id);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, name, -1);

  return g_strdup_printf ("%s@tillkeeper.github.io", hash);
}

static char *
make_summary (const TillItem *item)
{
  switch (item->ending.kind)
    {
    case TILL_ENDING_KEY:
      return g_strdup_printf ("Generate the next key: “%s” ends", item->title);
    case TILL_ENDING_DEVICE:
      return g_strdup_printf ("Pair again: “%s” ends", item->title);
    case TILL_ENDING_WALLET:
    case TILL_ENDING_UPLOAD:
    case TILL_ENDING_FILE:
    case TILL_ENDING_TOKEN:
    default:
      return g_strdup_printf ("Replace the certificate: “%s” ends", item->title);
    }
}

/**
 * till_check_append_calendar:
 * @out: where to append it
 * @report: a graded report
 *
 * Appends an iCalendar file with an event for each thing that has to be acted
 * on, at the moment by which that has to be done. The UID of an event is that
 * of the thing, so that importing it again moves it and doubles nothing.
 */
void
till_check_append_calendar (GString               *out,
                            const TillCheckReport *report)
{
  g_autoptr(GArray) events = g_array_new (FALSE, TRUE, sizeof (TillCalendarEvent));
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *calendar = NULL;

  for (guint i = 0; i < report->list->items->len; i++)
    {
      const TillItem *item = g_ptr_array_index (report->list->items, i);
      g_autofree char *ends = till_cli_format_time (item->ending.until);
      TillCalendarEvent event = { 0 };
      char *uid, *summary, *description;

      if (!item->matters || item->ending.act_by == TILL_TIME_INVALID || item->ending.act_by == TILL_TIME_NEVER)
        continue;

      uid = make_uid (report, item);
      summary = make_summary (item);
      description = g_strdup_printf ("It ends %s.\n%s: %s, %s", ends, till_cli_item_get_source (item), item->id,
                                     report->profile);
      g_ptr_array_add (texts, uid);
      g_ptr_array_add (texts, summary);
      g_ptr_array_add (texts, description);
      event.uid = uid;
      event.summary = summary;
      event.description = description;
      event.when = item->ending.act_by;
      g_array_append_val (events, event);
    }

  calendar = till_calendar_format ((const TillCalendarEvent *) (gpointer) events->data, events->len, report->now);
  g_string_append (out, calendar);
}
