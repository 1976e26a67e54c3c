/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times as services write them, and as we write them. */
#include "config.h"

#include "till-time.h"

#include "till-error.h"
#include "till-escape.h"

/* Seconds of a day, days from 0000-03-01 to 1970-01-01. */
#define DAY 86400
#define EPOCH_DAYS 719468

/* How much of an unreadable time stands in the message. */
#define SHOWN_CHARS 64

static gboolean
is_leap_year (int year)
{
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
days_of_month (int year,
               int month)
{
  static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

  return month == 2 && is_leap_year (year) ? 29 : days[month - 1];
}

static gint64
floor_divide (gint64 a,
              gint64 b)
{
  return a / b - (a % b < 0 ? 1 : 0);
}

/* Days since 1970. Years begin in March here, so that the leap day is the last
 * of its year and the lengths of the months follow one rule. */
static gint64
days_from_civil (gint64 year,
                 int    month,
                 int    day)
{
  gint64 shifted = month <= 2 ? year - 1 : year;
  gint64 era = floor_divide (shifted, 400);
  gint64 year_of_era = shifted - era * 400;
  gint64 day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - EPOCH_DAYS;
}

static void
civil_from_days (gint64  days,
                 gint64 *year,
                 int    *month,
                 int    *day)
{
  gint64 shifted = days + EPOCH_DAYS;
  gint64 era = floor_divide (shifted, 146097);
  gint64 day_of_era = shifted - era * 146097;
  gint64 year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  gint64 day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  gint64 shifted_month = (5 * day_of_year + 2) / 153;

  *day = (int) (day_of_year - (153 * shifted_month + 2) / 5 + 1);
  *month = (int) (shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  *year = year_of_era + era * 400 + (*month <= 2 ? 1 : 0);
}

/**
 * till_time_from_civil:
 * @year: any, in the Gregorian calendar also before it was in use
 * @month: 1 to 12
 * @day: 1 to 31
 * @hour: 0 to 23
 * @minute: 0 to 59
 * @second: 0 to 59
 *
 * Returns: seconds since 1970, UTC; %G_MININT64 where there is no such time
 */
gint64
till_time_from_civil (int year,
                      int month,
                      int day,
                      int hour,
                      int minute,
                      int second)
{
  if (month < 1 || month > 12 || day < 1 || day > days_of_month (year, month) ||
      hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
    return G_MININT64;

  return days_from_civil (year, month, day) * DAY + hour * 3600 + minute * 60 + second;
}

/* Takes exactly @n digits; moves @p behind them. */
static gboolean
take_digits (const char **p,
             int          n,
             int         *value)
{
  *value = 0;

  for (int i = 0; i < n; i++)
    {
      if (!g_ascii_isdigit ((*p)[i]))
        return FALSE;
      *value = *value * 10 + ((*p)[i] - '0');
    }

  *p += n;
  return TRUE;
}

static gboolean
take_char (const char **p,
           char         c)
{
  if (**p != c)
    return FALSE;

  (*p)++;
  return TRUE;
}

/* ":SS", and a fraction, which is dropped; both may be left out. */
static gboolean
take_seconds (const char **p,
              int         *second)
{
  int n = 0;

  *second = 0;
  if (!take_char (p, ':'))
    return TRUE;
  if (!take_digits (p, 2, second))
    return FALSE;
  if (!take_char (p, '.') && !take_char (p, ','))
    return TRUE;

  while (g_ascii_isdigit (**p))
    {
      (*p)++;
      n++;
    }

  return n >= 1 && n <= 9;
}

/* "Z", "±hh:mm", "±hhmm" or "±hh". There is no default: a time without a zone
 * is not known, and guessing one moves a deadline by hours. */
static gboolean
take_zone (const char **p,
           int         *offset)
{
  int hours;
  int minutes = 0;
  int sign;

  *offset = 0;
  if (take_char (p, 'Z') || take_char (p, 'z'))
    return TRUE;

  if (take_char (p, '+'))
    sign = 1;
  else if (take_char (p, '-'))
    sign = -1;
  else
    return FALSE;

  if (!take_digits (p, 2, &hours))
    return FALSE;
  if (take_char (p, ':'))
    {
      if (!take_digits (p, 2, &minutes))
        return FALSE;
    }
  else if (**p != '\0' && !take_digits (p, 2, &minutes))
    {
      return FALSE;
    }

  *offset = sign * (hours * 3600 + minutes * 60);
  return hours <= 23 && minutes <= 59;
}

/* What is wrong with @text; %NULL when it was read. */
static const char *
parse (const char *text,
       gint64     *seconds)
{
  const char *p = text;
  const char *const form = "it is not in the form YYYY-MM-DDThh:mm:ssZ";
  int year, month, day, hour, minute, second, offset;
  gboolean leap_second;
  gint64 value;

  if (!take_digits (&p, 4, &year) || !take_char (&p, '-') ||
      !take_digits (&p, 2, &month) || !take_char (&p, '-') ||
      !take_digits (&p, 2, &day))
    return form;
  if (*p == '\0')
    return "the time of day is missing";
  if ((!take_char (&p, 'T') && !take_char (&p, 't') && !take_char (&p, ' ')) ||
      !take_digits (&p, 2, &hour) || !take_char (&p, ':') ||
      !take_digits (&p, 2, &minute) || !take_seconds (&p, &second))
    return form;
  if (*p == '\0')
    return "the time zone is missing";
  if (!take_zone (&p, &offset) || *p != '\0')
    return form;

  leap_second = second == 60;
  value = till_time_from_civil (year, month, day, hour, minute, leap_second ? 59 : second);
  if (value == G_MININT64)
    return "there is no such time";

  value -= offset;
  if (leap_second)
    {
      value += 1;
      if (floor_divide (value, DAY) * DAY != value)
        return "there is no such time";
    }

  *seconds = value;
  return NULL;
}

/**
 * till_time_parse:
 * @text: a time as a service writes it
 * @seconds: (out): seconds since 1970, UTC; left alone on failure
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL, %TILL_REASON_BAD_TIME
 *
 * Reads ISO 8601 as services write it (API.md 7): a date, "T", "t" or a blank,
 * hours and minutes, seconds or none, a fraction of one to nine digits that is
 * dropped, "Z", "z" or an offset with or without colon and minutes. Years 0000
 * to 9999. A leap second (23:59:60 in UTC) is the second after it. A time
 * without a zone is refused, never guessed (RELIABILITY.md 4.5).
 *
 * Returns: whether it was read
 */
gboolean
till_time_parse (const char  *text,
                 gint64      *seconds,
                 GError     **error)
{
  g_autofree char *shown = NULL;
  const char *wrong;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (seconds != NULL, FALSE);

  wrong = parse (text, seconds);
  if (wrong == NULL)
    return TRUE;

  shown = till_escape (text, -1, SHOWN_CHARS);
  till_set_error (error, TILL_ERROR_PROTOCOL, TILL_REASON_BAD_TIME, shown, NULL,
                  "date not readable: \"%s\": %s", shown, wrong);
  return FALSE;
}

/**
 * till_time_format:
 * @seconds: seconds since 1970, UTC; any
 *
 * Writes a time as "YYYY-MM-DDTHH:MM:SSZ". A year that does not fit in four
 * digits gets a sign ("+10000-…", "-0001-…"), as ISO 8601 has it.
 *
 * Returns: (transfer full): the text
 */
char *
till_time_format (gint64 seconds)
{
  gint64 days = floor_divide (seconds, DAY);
  int rest = (int) ((seconds % DAY + DAY) % DAY);
  gint64 year;
  int month;
  int day;

  civil_from_days (days, &year, &month, &day);

  return g_strdup_printf ("%s%04" G_GINT64_FORMAT "-%02d-%02dT%02d:%02d:%02dZ",
                          year < 0 ? "-" : year > 9999 ? "+" : "", ABS (year),
                          month, day, rest / 3600, rest / 60 % 60, rest % 60);
}
