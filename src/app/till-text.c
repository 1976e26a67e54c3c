/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text for people: foreign strings made safe to show, dates, durations, fingerprints, algorithms. */
#include "config.h"

#include "till-text.h"

#include <glib/gi18n.h>
#include <string.h>

#include "till-certificate.h"

#define MINUTE G_GINT64_CONSTANT (60)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)
#define YEAR   (365 * DAY)

/* Joiners are needed to write Persian and Indic words and many emoji; every other
 * invisible character can only mislead. */
#define ZERO_WIDTH_NON_JOINER 0x200c
#define ZERO_WIDTH_JOINER     0x200d

static gboolean
is_showable (gunichar c)
{
  if (c >= 0x20 && c < 0x7f)
    return TRUE;

  if (c == ZERO_WIDTH_NON_JOINER || c == ZERO_WIDTH_JOINER)
    return TRUE;

  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return FALSE;

    default:
      /* Fillers are letters to Unicode, and blank to the eye. */
      return c != 0x115f && c != 0x1160 && c != 0x3164 && c != 0xffa0;
    }
}

static void
append_escape (GString  *string,
               gunichar  c)
{
  switch (c)
    {
    case '\n':
      g_string_append (string, "\\n");
      break;

    case '\r':
      g_string_append (string, "\\r");
      break;

    case '\t':
      g_string_append (string, "\\t");
      break;

    default:
      if (c > 0xffff)
        g_string_append_printf (string, "\\U%08x", c);
      else
        g_string_append_printf (string, "\\u%04x", c);
    }
}

/**
 * till_text_dup_display:
 * @text: (nullable): any bytes that end in a NUL
 * @max_chars: the most characters to give back; 0 or less for no bound
 *
 * Makes a foreign string fit to be shown: valid UTF-8, one line, and nothing
 * in it that is invisible or that turns the direction of writing. Such
 * characters become visible escapes (\n, \u202e). Text longer than @max_chars
 * is cut and ends in “…”. The result is not markup.
 *
 * Returns: (transfer full): the text; "" for %NULL
 */
char *
till_text_dup_display (const char *text,
                       int         max_chars)
{
  g_autoptr(GString) string = NULL;
  gsize last_fit = 0;
  gsize limit = max_chars > 0 ? (gsize) max_chars : G_MAXSIZE;
  gsize n_chars = 0;
  const char *p;

  if (text == NULL)
    return g_strdup ("");

  /* Most strings are short and plain. */
  for (p = text; *p >= 0x20 && *p < 0x7f && (gsize) (p - text) <= limit; p++)
    ;
  if (*p == '\0' && (gsize) (p - text) <= limit)
    return g_strdup (text);

  string = g_string_new (NULL);
  for (p = text; *p != '\0';)
    {
      gunichar c = g_utf8_get_char_validated (p, -1);
      gsize before = string->len;

      if (c == (gunichar) -1 || c == (gunichar) -2)
        {
          g_string_append (string, "\357\277\275");
          p++;
        }
      else
        {
          if (is_showable (c))
            g_string_append_unichar (string, c);
          else
            append_escape (string, c);
          p = g_utf8_next_char (p);
        }

      n_chars += g_utf8_strlen (string->str + before, string->len - before);
      if (n_chars > limit)
        {
          g_string_truncate (string, last_fit);
          g_string_append (string, "…");
          break;
        }
      /* Up to here there is room for the ellipsis, whatever follows. */
      if (n_chars < limit)
        last_fit = string->len;
    }

  return g_string_free (g_steal_pointer (&string), FALSE);
}

/* Shows the first lines and says how many there are besides. */
static char *
join_lines (char **lines,
            int    max_chars,
            int    max_lines)
{
  g_autoptr(GString) string = g_string_new (NULL);
  int n_lines = (int) g_strv_length (lines);
  int i;

  for (i = 0; i < n_lines && i < max_lines; i++)
    {
      g_autofree char *line = till_text_dup_display (lines[i], max_chars);

      if (i > 0)
        g_string_append_c (string, '\n');
      g_string_append (string, line);
    }

  if (n_lines > max_lines)
    {
      int left = n_lines - max_lines;

      if (max_lines > 0)
        g_string_append_c (string, '\n');
      /* Translators: the last line of a long list; %d is how many more there are. */
      g_string_append_printf (string, ngettext ("… and %d more", "… and %d more", left), left);
    }

  return g_string_free (g_steal_pointer (&string), FALSE);
}

/**
 * till_text_dup_list:
 * @items: (array zero-terminated=1): foreign strings
 * @max_items: how many to show
 *
 * Returns: (transfer full): one a line, each fit to be shown; a last line says
 *   how many were left out
 */
char *
till_text_dup_list (char **items,
                    int    max_items)
{
  return join_lines (items, TILL_TEXT_MAX_CHARS, max_items);
}

/**
 * till_text_dup_lines:
 * @text: (nullable): foreign text of several lines
 * @max_chars: the most characters of one line
 * @max_lines: the most lines
 *
 * Returns: (transfer full): each line as till_text_dup_display() makes it; a
 *   last line says how many were left out
 */
char *
till_text_dup_lines (const char *text,
                     int         max_chars,
                     int         max_lines)
{
  g_auto(GStrv) lines = NULL;

  if (text == NULL)
    return g_strdup ("");

  lines = g_strsplit (text, "\n", -1);
  return join_lines (lines, max_chars, max_lines);
}

/**
 * till_text_dup_hex_pairs:
 * @hex: (nullable): hex digits without separators, perhaps behind a "-"
 *
 * Groups a fingerprint or serial so that two people can read it to each other.
 *
 * Returns: (transfer full): "3f 9a …"; an odd first digit stands alone
 */
char *
till_text_dup_hex_pairs (const char *hex)
{
  GString *string = g_string_new (NULL);
  gsize length, i;

  if (hex == NULL)
    return g_string_free (string, FALSE);

  if (*hex == '-')
    {
      g_string_append_c (string, '-');
      hex++;
    }

  length = strlen (hex);
  for (i = 0; i < length; i++)
    {
      if (i > 0 && (length - i) % 2 == 0)
        g_string_append_c (string, ' ');
      g_string_append_c (string, g_ascii_isxdigit (hex[i]) ? hex[i] : '?');
    }

  return g_string_free (string, FALSE);
}

static GDateTime *
new_local (gint64 seconds)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (seconds);

  /* NULL where the local year would be 10000. */
  return utc != NULL ? g_date_time_to_local (utc) : NULL;
}

/**
 * till_text_dup_date:
 * @seconds: since 1970
 *
 * Returns: (transfer full): the day in the user's time zone and language; words
 *   for what is not a time and for “no end”
 */
char *
till_text_dup_date (gint64 seconds)
{
  g_autoptr(GDateTime) utc = NULL;
  g_autoptr(GDateTime) local = NULL;

  if (seconds == TILL_TIME_NEVER)
    return g_strdup (_("No end date"));

  utc = g_date_time_new_from_unix_utc (seconds);
  if (utc == NULL)
    return g_strdup (_("Not a valid date"));

  local = new_local (seconds);
  /* Translators: a day, for g_date_time_format(): “4 December 2026”. */
  return g_date_time_format (local != NULL ? local : utc, _("%-d %B %Y"));
}

/**
 * till_text_dup_date_time:
 * @seconds: since 1970
 *
 * Returns: (transfer full): local time with UTC beside it: “4 December 2026,
 *   22:39 (21:39 UTC)”; where both are the same, UTC alone
 */
char *
till_text_dup_date_time (gint64 seconds)
{
  g_autoptr(GDateTime) utc = NULL;
  g_autoptr(GDateTime) local = NULL;
  g_autofree char *here = NULL;
  g_autofree char *there = NULL;
  gboolean same_day;

  if (seconds == TILL_TIME_NEVER)
    return g_strdup (_("No end date"));

  utc = g_date_time_new_from_unix_utc (seconds);
  if (utc == NULL)
    return g_strdup (_("Not a valid date"));

  local = new_local (seconds);
  if (local == NULL || g_date_time_get_utc_offset (local) == 0)
    /* Translators: day and time, for g_date_time_format(): “4 December 2026, 21:39 UTC”. */
    return g_date_time_format (utc, _("%-d %B %Y, %H:%M UTC"));

  same_day = g_date_time_get_day_of_year (utc) == g_date_time_get_day_of_year (local);
  /* Translators: day and time, for g_date_time_format(): “4 December 2026, 22:39”. */
  here = g_date_time_format (local, _("%-d %B %Y, %H:%M"));
  there = g_date_time_format (utc,
                              same_day
                                /* Translators: a time on the same day, for g_date_time_format(): “21:39 UTC”. */
                                ? _("%H:%M UTC")
                                /* Translators: a time on another day, for g_date_time_format(). */
                                : _("%-d %B %Y, %H:%M UTC"));

  /* Translators: a moment in local time, then in UTC: “4 December 2026, 22:39 (21:39 UTC)”. */
  return g_strdup_printf (_("%s (%s)"), here, there);
}

typedef enum
{
  SPAN_PLAIN,
  SPAN_FUTURE,
  SPAN_PAST,
} Span;

/* Whole sentences for each direction: languages bend the noun differently after “in”. */
static char *
format_span (gint64 seconds,
             Span   span)
{
  int n;

  if (seconds >= 2 * YEAR)
    {
      n = (int) MIN (seconds / YEAR, G_MAXINT);
      if (span == SPAN_FUTURE)
        return g_strdup_printf (ngettext ("in %d year", "in %d years", n), n);
      if (span == SPAN_PAST)
        return g_strdup_printf (ngettext ("%d year ago", "%d years ago", n), n);
      return g_strdup_printf (ngettext ("%d year", "%d years", n), n);
    }

  if (seconds >= DAY)
    {
      n = (int) (seconds / DAY);
      if (span == SPAN_FUTURE)
        return g_strdup_printf (ngettext ("in %d day", "in %d days", n), n);
      if (span == SPAN_PAST)
        return g_strdup_printf (ngettext ("%d day ago", "%d days ago", n), n);
      return g_strdup_printf (ngettext ("%d day", "%d days", n), n);
    }

  if (seconds >= HOUR)
    {
      n = (int) (seconds / HOUR);
      if (span == SPAN_FUTURE)
        return g_strdup_printf (ngettext ("in %d hour", "in %d hours", n), n);
      if (span == SPAN_PAST)
        return g_strdup_printf (ngettext ("%d hour ago", "%d hours ago", n), n);
      return g_strdup_printf (ngettext ("%d hour", "%d hours", n), n);
    }

  if (seconds >= MINUTE)
    {
      n = (int) (seconds / MINUTE);
      if (span == SPAN_FUTURE)
        return g_strdup_printf (ngettext ("in %d minute", "in %d minutes", n), n);
      if (span == SPAN_PAST)
        return g_strdup_printf (ngettext ("%d minute ago", "%d minutes ago", n), n);
      return g_strdup_printf (ngettext ("%d minute", "%d minutes", n), n);
    }

  if (span == SPAN_FUTURE)
    return g_strdup (_("in less than a minute"));
  if (span == SPAN_PAST)
    return g_strdup (_("less than a minute ago"));
  return g_strdup (_("less than a minute"));
}

/**
 * till_text_dup_span:
 * @seconds: a length of time; a negative one counts as its positive twin
 *
 * Returns: (transfer full): its largest unit in words, rounded down: “12 days”
 */
char *
till_text_dup_span (gint64 seconds)
{
  return format_span (ABS (MAX (seconds, -G_MAXINT64)), SPAN_PLAIN);
}

/**
 * till_text_dup_relative:
 * @now: seconds since 1970
 * @then: seconds since 1970
 *
 * Returns: (transfer full): “in 12 days” or “3 days ago”, rounded down
 */
char *
till_text_dup_relative (gint64 now,
                        gint64 then)
{
  /* Far out of any calendar, and harmless to subtract. */
  now = CLAMP (now, -TILL_TIME_NEVER, TILL_TIME_NEVER);
  then = CLAMP (then, -TILL_TIME_NEVER, TILL_TIME_NEVER);

  return then >= now ? format_span (then - now, SPAN_FUTURE) : format_span (now - then, SPAN_PAST);
}

/**
 * till_text_dup_algorithm:
 * @algorithm: (nullable): as in TillCertificate.key_algorithm
 * @bits: 0 where unknown
 * @curve: (nullable): the curve's name
 *
 * Returns: (transfer full): “RSA, 2048 bits”, “Elliptic curve P-256”
 */
char *
till_text_dup_algorithm (const char *algorithm,
                         int         bits,
                         const char *curve)
{
  g_autofree char *name = NULL;

  if (algorithm == NULL || *algorithm == '\0')
    return g_strdup (_("Unknown"));

  name = till_text_dup_display (algorithm, 64);

  if (g_strcmp0 (algorithm, "EC") == 0)
    {
      if (curve != NULL)
        /* Translators: %s is the name of the curve, such as P-256. */
        return g_strdup_printf (_("Elliptic curve %s"), curve);
      if (bits > 0)
        return g_strdup_printf (ngettext ("Elliptic curve, %d bit", "Elliptic curve, %d bits", bits), bits);
      return g_strdup (_("Elliptic curve"));
    }

  /* These curves have one size; it says nothing new. */
  if (bits <= 0 || g_str_has_prefix (algorithm, "Ed") || g_str_has_prefix (algorithm, "X"))
    return g_steal_pointer (&name);

  /* Translators: an algorithm and the size of its key: “RSA, 2048 bits”. */
  return g_strdup_printf (ngettext ("%s, %d bit", "%s, %d bits", bits), name, bits);
}

/**
 * till_text_dup_size:
 * @bytes: a count
 *
 * Returns: (transfer full): “2,771 bytes”, “1.0 MiB”, in the user's language
 */
char *
till_text_dup_size (gint64 bytes)
{
  g_autofree char *count = NULL;

  if (bytes >= 64 * 1024)
    return g_format_size_full ((guint64) bytes, G_FORMAT_SIZE_IEC_UNITS);

  count = g_strdup_printf ("%'d", (int) MAX (bytes, 0));
  /* Translators: %s is a number, such as 2,771. */
  return g_strdup_printf (ngettext ("%s byte", "%s bytes", (unsigned long) MAX (bytes, 0)), count);
}
