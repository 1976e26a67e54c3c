/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How serious what `check` has found is, as a line for a monitor and as JSON. */
#include "config.h"

#include "check.h"

#include "till-cli-items.h"
#include "till-cli-report.h"
#include "till-cli-values.h"

#define DAY G_GINT64_CONSTANT (86400)

/* Monitors keep lines of a few KiB: the soonest ones are what matters. */
#define SHOWN_ITEMS 50

/* Encryption keys: the service's rule (services/commerce-hub-keys.md, RELIABILITY.md G32). */
#define KEY_WARNING_DAYS  3
#define KEY_CRITICAL_DAYS 2

/**
 * till_check_grade_to_word:
 * @grade: how serious it is
 *
 * Returns: (transfer none): its word in lower case
 */
const char *
till_check_grade_to_word (TillCheckGrade grade)
{
  static const char * const words[] = { "ok", "warning", "critical", "unknown" };

  return words[grade];
}

/**
 * till_check_get_days:
 * @item: a thing with a known end
 * @now: the moment
 *
 * Returns: whole days that are left, rounded down (RELIABILITY.md G32)
 */
gint64
till_check_get_days (const TillItem *item,
                     gint64          now)
{
  gint64 left = item->ending.until - now;

  return left / DAY - (left % DAY < 0 ? 1 : 0);
}

/**
 * till_check_get_thresholds:
 * @report: a report
 * @item: one of its items
 * @warning: (out): days from which it is a warning
 * @critical: (out): days from which it is critical
 *
 * Says what is asked of an item of that kind.
 */
void
till_check_get_thresholds (const TillCheckReport *report,
                           const TillItem        *item,
                           guint                 *warning,
                           guint                 *critical)
{
  gboolean key = item->ending.kind == TILL_ENDING_KEY;

  *warning = key ? KEY_WARNING_DAYS : report->warning;
  *critical = key ? KEY_CRITICAL_DAYS : report->critical;
}

static TillCheckGrade
grade_item (const TillCheckReport *report,
            const TillItem        *item)
{
  const TillEnding *ending = &item->ending;
  guint warning, critical;
  gint64 left;

  if (!item->matters || ending->until == TILL_TIME_NEVER)
    return TILL_CHECK_OK;

  /* A certificate whose end can't be read may have ended; a bare public key has none. */
  if (ending->until == TILL_TIME_INVALID)
    return ending->kind == TILL_ENDING_UPLOAD ? TILL_CHECK_OK : TILL_CHECK_UNKNOWN;

  /* A key of less than three days is due from its beginning. */
  if (ending->kind == TILL_ENDING_KEY && ending->state == TILL_VALIDITY_ACT)
    return TILL_CHECK_CRITICAL;

  till_check_get_thresholds (report, item, &warning, &critical);
  left = ending->until - report->now;

  if (left < 0 || left <= critical * DAY)
    return TILL_CHECK_CRITICAL;

  /* A file that is gone, or can't be read any more: what was last known is no promise. */
  if (ending->kind == TILL_ENDING_FILE && item->note != NULL)
    return TILL_CHECK_UNKNOWN;

  return left <= warning * DAY ? TILL_CHECK_WARNING : TILL_CHECK_OK;
}

/**
 * till_check_grade:
 * @report: a report with its list, moment and thresholds
 *
 * Grades each item and all of them together. What could not be asked makes it
 * unknown, whatever was last known.
 */
void
till_check_grade (TillCheckReport *report)
{
  GPtrArray *items = report->list->items;
  guint n_keys = 0, n_used = 0;

  report->grades = g_array_sized_new (FALSE, FALSE, sizeof (TillCheckGrade), items->len);

  for (guint i = 0; i < items->len; i++)
    {
      const TillItem *item = g_ptr_array_index (items, i);
      TillCheckGrade grade = grade_item (report, item);

      g_array_append_val (report->grades, grade);
      report->counts[grade]++;
      n_keys += item->ending.kind == TILL_ENDING_KEY;
      n_used += item->ending.kind == TILL_ENDING_KEY && item->matters;
    }

  report->no_key = n_keys > 0 && n_used == 0;

  if (report->list->error != NULL || report->counts[TILL_CHECK_UNKNOWN] > 0)
    report->grade = TILL_CHECK_UNKNOWN;
  else if (report->counts[TILL_CHECK_CRITICAL] > 0 || report->no_key)
    report->grade = TILL_CHECK_CRITICAL;
  else
    report->grade = report->counts[TILL_CHECK_WARNING] > 0 ? TILL_CHECK_WARNING : TILL_CHECK_OK;
}

/* A label in quotes: no "=", no "|", a quote doubled, no line break. */
static void
append_label (GString    *out,
              const char *text)
{
  g_autoptr(GString) safe = g_string_new (NULL);

  till_cli_append_safe (safe, text);
  g_string_append_c (out, '\'');
  for (const char *p = safe->str; *p != '\0'; p++)
    {
      if (*p == '\'')
        g_string_append (out, "''");
      else
        g_string_append_c (out, *p == '=' || *p == '|' ? '_' : *p);
    }
  g_string_append_c (out, '\'');
}

/* In a sentence of the line, where "|" begins the performance data. */
static void
append_plain (GString    *out,
              const char *text)
{
  gsize start = out->len;

  till_cli_append_safe (out, text);
  for (char *p = out->str + start; *p != '\0'; p++)
    {
      if (*p == '|')
        *p = '/';
    }
}

static gboolean
has_days (const TillItem *item)
{
  return item->matters && item->ending.until != TILL_TIME_INVALID && item->ending.until != TILL_TIME_NEVER;
}

/* Titles that are there more than once are told apart by their id. */
static void
append_data (GString               *out,
             const TillCheckReport *report)
{
  g_autoptr(GHashTable) labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n = 0;

  for (guint i = 0; i < report->list->items->len && n < SHOWN_ITEMS; i++)
    {
      const TillItem *item = g_ptr_array_index (report->list->items, i);
      g_autofree char *label = g_strdup (item->title);
      guint warning, critical;

      if (!has_days (item))
        continue;

      if (g_hash_table_contains (labels, label))
        {
          g_free (label);
          label = g_strdup_printf ("%s (%s)", item->title, item->id);
        }

      till_check_get_thresholds (report, item, &warning, &critical);
      g_string_append (out, n++ == 0 ? " | " : " ");
      append_label (out, label);
      g_string_append_printf (out, "=%" G_GINT64_FORMAT ";%u:;%u:", till_check_get_days (item, report->now), warning,
                              critical);
      g_hash_table_add (labels, g_steal_pointer (&label));
    }
}

static void
append_sentence (GString               *out,
                 const TillCheckReport *report,
                 const TillItem        *item)
{
  g_autofree char *left = till_cli_item_dup_left (item, report->now);

  append_plain (out, item->title);
  g_string_append_printf (out, " %s", left);

  if (item->ending.kind == TILL_ENDING_FILE && item->note != NULL)
    {
      g_string_append (out, " (");
      append_plain (out, item->note);
      g_string_append_c (out, ')');
    }
}

/* What is worst comes first, as much as fits into a message. */
static void
append_reasons (GString               *out,
                const TillCheckReport *report)
{
  static const TillCheckGrade order[] = { TILL_CHECK_CRITICAL, TILL_CHECK_UNKNOWN, TILL_CHECK_WARNING };
  enum { MOST = 5 };
  guint n = 0, all = 0;

  for (gsize k = 0; k < G_N_ELEMENTS (order); k++)
    {
      for (guint i = 0; i < report->list->items->len; i++)
        {
          if (g_array_index (report->grades, TillCheckGrade, i) != order[k] || all++ >= MOST)
            continue;

          g_string_append (out, n++ > 0 ? ", " : "");
          append_sentence (out, report, g_ptr_array_index (report->list->items, i));
        }
    }

  if (all > n)
    g_string_append_printf (out, ", and %u more", all - n);
}

/**
 * till_check_append_text:
 * @out: where to append it
 * @report: a graded report
 *
 * Appends one line in the convention of monitoring plugins: the grade, a
 * sentence, and the days left as performance data.
 */
void
till_check_append_text (GString               *out,
                        const TillCheckReport *report)
{
  static const char * const words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };
  guint bad = report->list->items->len - report->counts[TILL_CHECK_OK];

  g_string_append_printf (out, "%s - ", words[report->grade]);

  if (report->list->error != NULL)
    {
      append_plain (out, report->list->error->message);
      g_string_append (out, bad > 0 || report->no_key ? "; last known: " : "");
    }

  if (report->no_key)
    g_string_append (out, bad > 0 ? "no usable encryption key, " : "no usable encryption key");

  append_reasons (out, report);

  if (bad == 0 && !report->no_key && report->list->error == NULL)
    {
      const TillItem *first = NULL;

      for (guint i = 0; i < report->list->items->len && first == NULL; i++)
        {
          if (has_days (g_ptr_array_index (report->list->items, i)))
            first = g_ptr_array_index (report->list->items, i);
        }

      g_string_append (out, first != NULL ? "nothing ends soon; next: " : "nothing ends");
      if (first != NULL)
        append_sentence (out, report, first);
    }

  append_data (out, report);
  g_string_append_c (out, '\n');
}

static void
write_item (TillJsonWriter        *writer,
            const TillCheckReport *report,
            guint                  index)
{
  const TillItem *item = g_ptr_array_index (report->list->items, index);

  till_json_writer_begin_object (writer);
  till_cli_write_text (writer, "source", till_cli_item_get_source (item));
  till_cli_write_text (writer, "id", item->id);
  till_cli_write_text (writer, "title", item->title);
  till_cli_write_text (writer, "state", till_validity_state_to_word (item->ending.state));
  till_cli_write_text (writer, "status", till_check_grade_to_word (g_array_index (report->grades, TillCheckGrade, index)));
  till_cli_write_bool (writer, "matters", item->matters);
  till_cli_write_time (writer, "endsAt", item->ending.until);
  till_cli_write_time (writer, "actBy", item->ending.act_by);
  till_json_writer_member (writer, "days");
  if (item->ending.until == TILL_TIME_INVALID || item->ending.until == TILL_TIME_NEVER)
    till_json_writer_null (writer);
  else
    till_json_writer_int (writer, till_check_get_days (item, report->now));
  till_cli_write_text (writer, "note", item->note);
  till_json_writer_end_object (writer);
}

/**
 * till_check_write_json:
 * @writer: where an object may stand
 * @report: a graded report
 *
 * Writes the report as JSON.
 */
void
till_check_write_json (TillJsonWriter        *writer,
                       const TillCheckReport *report)
{
  till_json_writer_begin_object (writer);
  till_cli_write_text (writer, "status", till_check_grade_to_word (report->grade));
  till_cli_write_text (writer, "profile", report->profile);
  till_cli_write_text (writer, "environment", report->environment);
  till_cli_write_time (writer, "checkedAt", report->now);
  till_cli_write_time (writer, "seenAt", report->list->seen_at != TILL_TIME_UNKNOWN ? report->list->seen_at : report->now);
  till_cli_write_int (writer, "warningDays", report->warning);
  till_cli_write_int (writer, "criticalDays", report->critical);
  till_cli_write_bool (writer, "noUsableKey", report->no_key);
  till_json_writer_member (writer, "items");
  till_json_writer_begin_array (writer);
  for (guint i = 0; i < report->list->items->len; i++)
    write_item (writer, report, i);
  till_json_writer_end_array (writer);
  till_json_writer_member (writer, "error");
  if (report->list->error != NULL)
    till_cli_write_error (writer, report->list->error);
  else
    till_json_writer_null (writer);
  till_json_writer_end_object (writer);
}
