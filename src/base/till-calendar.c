/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes dates that must not be missed as an iCalendar file (RFC 5545). */
#include "config.h"

#include "till-calendar.h"

#include <string.h>

/* RFC 5545 3.1: at most 75 octets a line, without its line break. */
#define MAX_OCTETS 75

/* Days before the moment. */
static const int alarms[] = { 30, 14, 7, 1 };

/* Folds where it must, and never inside a character. */
static void
append_line (GString    *string,
             const char *line)
{
  gsize room = MAX_OCTETS;
  const char *p = line;

  while (strlen (p) > room)
    {
      const char *cut = p + room;

      while (cut > p && ((guchar) *cut & 0xc0) == 0x80)
        cut--;

      g_string_append_len (string, p, cut - p);
      g_string_append (string, "\r\n ");
      p = cut;
      /* The blank that marks a continued line counts. */
      room = MAX_OCTETS - 1;
    }

  g_string_append (string, p);
  g_string_append (string, "\r\n");
}

/* RFC 5545 3.3.11; control characters are not allowed at all. */
static void
append_text (GString    *string,
             const char *name,
             const char *text)
{
  g_autoptr(GString) line = g_string_new (name);
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  const char *p;

  g_string_append_c (line, ':');
  for (p = valid; *p != '\0'; p++)
    {
      switch (*p)
        {
        case '\\':
        case ';':
        case ',':
          g_string_append_c (line, '\\');
          g_string_append_c (line, *p);
          break;

        case '\n':
          g_string_append (line, "\\n");
          break;

        default:
          if ((guchar) *p >= 0x20 && (guchar) *p != 0x7f)
            g_string_append_c (line, *p);
          break;
        }
    }

  append_line (string, line->str);
}

static void
append_time (GString    *string,
             const char *name,
             gint64      seconds)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (seconds);
  g_autofree char *line = NULL;

  if (time == NULL)
    return;

  line = g_strdup_printf ("%s:%04d%02d%02dT%02d%02d%02dZ", name,
                          g_date_time_get_year (time), g_date_time_get_month (time),
                          g_date_time_get_day_of_month (time), g_date_time_get_hour (time),
                          g_date_time_get_minute (time), g_date_time_get_second (time));
  append_line (string, line);
}

static void
append_alarm (GString    *string,
              const char *summary,
              int         days)
{
  g_autofree char *trigger = g_strdup_printf ("TRIGGER:-P%dD", days);

  append_line (string, "BEGIN:VALARM");
  append_line (string, "ACTION:DISPLAY");
  append_text (string, "DESCRIPTION", summary);
  append_line (string, trigger);
  append_line (string, "END:VALARM");
}

static void
append_event (GString                 *string,
              const TillCalendarEvent *event,
              gint64                   now)
{
  gsize i;

  append_line (string, "BEGIN:VEVENT");
  append_text (string, "UID", event->uid);
  append_time (string, "DTSTAMP", now);
  append_time (string, "DTSTART", event->when);
  append_text (string, "SUMMARY", event->summary);
  if (event->description != NULL)
    append_text (string, "DESCRIPTION", event->description);
  /* A date to remember takes nobody's time. */
  append_line (string, "TRANSP:TRANSPARENT");
  for (i = 0; i < G_N_ELEMENTS (alarms); i++)
    append_alarm (string, event->summary, alarms[i]);
  append_line (string, "END:VEVENT");
}

/**
 * till_calendar_format:
 * @events: (array length=n_events): what to write
 * @n_events: how many
 * @now: seconds since 1970, for the stamp of the file
 *
 * Each event has reminders 30, 14, 7 and 1 days before. Times are in UTC, so
 * that no calendar has to know a time zone. An event outside the years 1 to
 * 9999 is left out.
 *
 * Returns: (transfer full): the file's text, with CRLF line ends
 */
char *
till_calendar_format (const TillCalendarEvent *events,
                      gsize                    n_events,
                      gint64                   now)
{
  GString *string = g_string_new (NULL);
  gsize i;

  append_line (string, "BEGIN:VCALENDAR");
  append_line (string, "VERSION:2.0");
  append_line (string, "PRODID:-//Tillkeeper//Tillkeeper " TILL_VERSION "//EN");
  append_line (string, "CALSCALE:GREGORIAN");
  append_line (string, "METHOD:PUBLISH");

  for (i = 0; i < n_events; i++)
    {
      g_autoptr(GDateTime) when = g_date_time_new_from_unix_utc (events[i].when);

      if (when != NULL)
        append_event (string, &events[i], now);
    }

  append_line (string, "END:VCALENDAR");

  return g_string_free (string, FALSE);
}
