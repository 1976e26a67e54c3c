/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a text for people: a label in one column, values in the next. */
#include "config.h"

#include "inspect-rows.h"

#include <stdio.h>
#include <string.h>

#include "till-certificate.h"
#include "till-cli-report.h"
#include "till-time.h"

#define DAY (24 * 60 * 60)
#define LABEL_COLUMN 20

static const char blanks[] = "                    ";
G_STATIC_ASSERT (sizeof blanks == LABEL_COLUMN + 1);

/**
 * till_inspect_append_label:
 * @out: where to append it
 * @label: a few words in ASCII; "" below the row above
 *
 * Appends the start of a row, up to where the value begins.
 */
void
till_inspect_append_label (GString    *out,
                           const char *label)
{
  gsize start = out->len;

  g_string_append (out, "  ");
  g_string_append (out, label);
  g_assert (out->len - start < LABEL_COLUMN);
  g_string_append_len (out, blanks, LABEL_COLUMN - (out->len - start));
}

/**
 * till_inspect_append_row:
 * @out: where to append it
 * @label: see till_inspect_append_label()
 * @value: any text; made safe for a terminal
 *
 * Appends a row.
 */
void
till_inspect_append_row (GString    *out,
                         const char *label,
                         const char *value)
{
  till_inspect_append_label (out, label);
  till_cli_append_safe (out, value);
  g_string_append_c (out, '\n');
}

/**
 * till_inspect_append_rows:
 * @out: where to append them
 * @label: of the first one
 * @values: (array zero-terminated=1): one a row
 *
 * Appends a row for each value; nothing at all where there is none.
 */
void
till_inspect_append_rows (GString    *out,
                          const char *label,
                          char      **values)
{
  for (guint i = 0; values[i] != NULL; i++)
    till_inspect_append_row (out, i == 0 ? label : "", values[i]);
}

/**
 * till_inspect_append_joined:
 * @out: where to append it
 * @label: see till_inspect_append_label()
 * @values: (array zero-terminated=1): short words
 *
 * Appends one row with all values; nothing at all where there is none.
 */
void
till_inspect_append_joined (GString    *out,
                            const char *label,
                            char      **values)
{
  g_autofree char *joined = NULL;

  if (values[0] == NULL)
    return;

  joined = g_strjoinv (", ", values);
  till_inspect_append_row (out, label, joined);
}

/**
 * till_inspect_append_hex:
 * @out: where to append it
 * @label: see till_inspect_append_label()
 * @hex: hexadecimal digits, perhaps with a sign
 *
 * Appends a row with the digits in groups of four, which is what a person
 * can compare; eight groups a line.
 */
void
till_inspect_append_hex (GString    *out,
                         const char *label,
                         const char *hex)
{
  till_inspect_append_label (out, label);

  if (*hex == '-')
    g_string_append_c (out, *hex++);

  for (gsize i = 0; hex[i] != '\0'; i++)
    {
      if (i > 0 && i % 32 == 0)
        {
          g_string_append_c (out, '\n');
          g_string_append_len (out, blanks, LABEL_COLUMN);
        }
      else if (i > 0 && i % 4 == 0)
        {
          g_string_append_c (out, ' ');
        }

      g_string_append_c (out, hex[i]);
    }

  g_string_append_c (out, '\n');
}

/**
 * till_inspect_format_time:
 * @seconds: since 1970, or one of the special values of till-certificate.h
 *
 * Returns: (transfer full): "3 March 2027, 12:00 UTC", or what is special
 */
char *
till_inspect_format_time (gint64 seconds)
{
  static const char * const months[] = {
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
  };
  g_autofree char *iso = NULL;
  int year, month, day, hour, minute;

  if (seconds == TILL_TIME_INVALID)
    return g_strdup ("not a valid time");

  if (seconds == TILL_TIME_NEVER)
    return g_strdup ("no end date");

  /* Taken from the one place that knows the calendar. */
  iso = till_time_format (seconds);

  if (iso == NULL ||
      sscanf (iso, "%d-%d-%dT%d:%d:", &year, &month, &day, &hour, &minute) != 5 ||
      month < 1 || month > 12)
    return g_strdup ("not a valid time");

  return g_strdup_printf ("%d %s %d, %02d:%02d UTC", day, months[month - 1], year, hour, minute);
}

/**
 * till_inspect_append_time:
 * @out: where to append it
 * @label: see till_inspect_append_label()
 * @seconds: see till_inspect_format_time()
 *
 * Appends a row with a time.
 */
void
till_inspect_append_time (GString    *out,
                          const char *label,
                          gint64      seconds)
{
  g_autofree char *text = till_inspect_format_time (seconds);

  till_inspect_append_row (out, label, text);
}

/**
 * till_inspect_format_days:
 * @seconds: a duration, not negative
 *
 * Returns: (transfer full): "12 days", rounded down
 */
char *
till_inspect_format_days (gint64 seconds)
{
  gint64 days = seconds / DAY;

  if (days == 0)
    return g_strdup ("less than a day");

  return g_strdup_printf ("%" G_GINT64_FORMAT " %s", days, days == 1 ? "day" : "days");
}
