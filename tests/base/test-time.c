/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times: what is read, what is refused, and what is written. */
#include "config.h"

#include "till-time.h"

#include <string.h>

#include "till-error.h"

static void
test_parse (void)
{
  static const struct
  {
    const char *text;
    gint64      seconds;
  } cases[] = {
    { "1970-01-01T00:00:00Z", 0 },
    { "2016-04-16T16:06:05Z", 1460822765 },
    { "2016-04-16t16:06:05z", 1460822765 },
    { "2016-04-16 16:06:05Z", 1460822765 },
    { "2016-04-16T16:06Z", 1460822760 },
    { "2016-04-16T16:06:05.1Z", 1460822765 },
    { "2016-04-16T16:06:05.999Z", 1460822765 },
    { "2016-04-16T16:06:05,5Z", 1460822765 },
    { "2016-04-16T16:06:05.123456789Z", 1460822765 },
    { "2016-04-16T16:06:05.999999999+00:00", 1460822765 },
    { "2016-04-16T16:06:05+00:00", 1460822765 },
    { "2016-04-16T16:06:05-00:00", 1460822765 },
    { "2016-04-16T18:06:05+02:00", 1460822765 },
    { "2016-04-16T18:06:05+0200", 1460822765 },
    { "2016-04-16T18:06:05+02", 1460822765 },
    { "2016-04-16T10:36:05-0530", 1460822765 },
    { "2016-04-16T21:51:05+05:45", 1460822765 },
    { "2016-04-17T06:06:05+14:00", 1460822765 },
    /* API.md 6: without seconds and with an offset. */
    { "2023-01-28T15:00-05:00", 1674936000 },
    { "2000-02-29T00:00:00Z", 951782400 },
    { "2024-02-29T23:59:59Z", 1709251199 },
    { "1950-01-01T00:00:00Z", -631152000 },
    { "1969-12-31T23:59:59Z", -1 },
    { "1900-03-01T00:00:00Z", -2203891200 },
    { "2038-01-19T03:14:08Z", G_GINT64_CONSTANT (2147483648) },
    { "2099-12-31T23:59:59Z", G_GINT64_CONSTANT (4102444799) },
    { "9999-12-31T23:59:59Z", G_GINT64_CONSTANT (253402300799) },
    { "9999-12-31T23:59:59-01:00", G_GINT64_CONSTANT (253402304399) },
    { "0000-01-01T00:00:00Z", G_GINT64_CONSTANT (-62167219200) },
    { "0001-01-01T00:00:00Z", G_GINT64_CONSTANT (-62135596800) },
    /* The leap second at the end of 2016, and as others saw it. */
    { "2016-12-31T23:59:60Z", 1483228800 },
    { "2016-12-31T23:59:60.5Z", 1483228800 },
    { "2017-01-01T08:59:60+09:00", 1483228800 },
    { "2016-12-31T18:59:60-0500", 1483228800 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      gint64 seconds = 42;

      g_test_message ("%s", cases[i].text);
      g_assert_true (till_time_parse (cases[i].text, &seconds, &error));
      g_assert_no_error (error);
      g_assert_cmpint (seconds, ==, cases[i].seconds);
    }
}

static void
test_refused (void)
{
  static const char * const cases[] = {
    "", " ", "x", "2016", "2016-04", "20160416T160605Z", "16-04-16T16:06:05Z", "+2016-04-16T16:06:05Z",
    "12016-04-16T16:06:05Z", "2016-4-16T16:06:05Z", "2016-04-16T6:06:05Z", "2016/04/16T16:06:05Z",
    "2016-04-16T16.06.05Z", "2016-04-16T16:6:05Z", "2016-04-16T16Z", "2016-04-16T16:06:5Z", "2016-04-16T16:06:Z",
    /* No zone: never guessed. */
    "2016-04-16", "2016-04-16T16:06:05", "2016-04-16T16:06", "2016-04-16 16:06:05.123",
    /* Milliseconds since 1970. */
    "1460822765000",
    /* No such day, no such time. */
    "2016-02-31T00:00:00Z", "2016-02-30T00:00:00Z", "2015-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
    "2100-02-29T00:00:00Z", "2016-04-31T00:00:00Z", "2016-00-10T00:00:00Z", "2016-13-10T00:00:00Z",
    "2016-01-00T00:00:00Z", "2016-01-32T00:00:00Z", "2016-01-01T24:00:00Z", "2016-01-01T23:60:00Z",
    "2016-01-01T23:59:61Z",
    /* A leap second ends a day of UTC. */
    "2016-12-31T23:59:60+01:00", "2016-12-31T22:59:60Z", "2016-12-31T23:58:60Z",
    /* Fractions. */
    "2016-04-16T16:06:05.Z", "2016-04-16T16:06:05.1234567890Z", "2016-04-16T16:06.5Z",
    /* Zones. */
    "2016-04-16T16:06:05+24:00", "2016-04-16T16:06:05+01:60", "2016-04-16T16:06:05+1", "2016-04-16T16:06:05+",
    "2016-04-16T16:06:05+01:", "2016-04-16T16:06:05+01:0", "2016-04-16T16:06:05+010", "2016-04-16T16:06:05+01000",
    "2016-04-16T16:06:05ZZ", "2016-04-16T16:06:05Z+00:00", "2016-04-16T16:06:05 Z", "2016-04-16T16:06:05UTC",
    "2016-04-16T16:06:05\xe2\x88\x92\x30\x31:00",
    /* Something around it. */
    " 2016-04-16T16:06:05Z", "2016-04-16T16:06:05Z ", "2016-04-16T16:06:05Z\n", "2016-04-16  16:06:05Z",
    "2016-04-16\t16:06:05Z",
    /* Digits of other scripts. */
    "\xd9\xa2\xd9\xa0\xd9\xa1\xd9\xa6-04-16T16:06:05Z",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      gint64 seconds = 42;

      g_test_message ("%s", cases[i]);
      g_assert_false (till_time_parse (cases[i], &seconds, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
      g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_BAD_TIME);
      g_assert_cmpint (seconds, ==, 42);
      g_assert_true (g_str_has_prefix (error->message, "date not readable: \""));
    }
}

static void
test_messages (void)
{
  static const struct
  {
    const char *text;
    const char *message;
  } cases[] = {
    { "2016-04-16T16:06:05", "date not readable: \"2016-04-16T16:06:05\": the time zone is missing" },
    { "2016-04-16", "date not readable: \"2016-04-16\": the time of day is missing" },
    { "2016-02-31T00:00Z", "date not readable: \"2016-02-31T00:00Z\": there is no such time" },
    { "a\nb\xe2\x80\xae", "date not readable: \"a\\x0ab\\u202e\": it is not in the form YYYY-MM-DDThh:mm:ssZ" },
  };
  g_autofree char *giant = g_strnfill (100000, '9');
  g_autoptr(GError) error = NULL;
  gint64 seconds;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_false (till_time_parse (cases[i].text, &seconds, &error));
      g_assert_cmpstr (error->message, ==, cases[i].message);
      g_clear_error (&error);
    }

  g_assert_false (till_time_parse (giant, &seconds, &error));
  g_assert_cmpuint (strlen (error->message), <, 200);
}

static void
test_civil (void)
{
  static const int bad[][6] = {
    { 2026, 0, 1, 0, 0, 0 }, { 2026, 13, 1, 0, 0, 0 }, { 2026, -1, 1, 0, 0, 0 },
    { 2026, 1, 0, 0, 0, 0 }, { 2026, 1, 32, 0, 0, 0 }, { 2026, 2, 29, 0, 0, 0 }, { 1900, 2, 29, 0, 0, 0 },
    { 2026, 1, 1, -1, 0, 0 }, { 2026, 1, 1, 24, 0, 0 }, { 2026, 1, 1, 0, -1, 0 }, { 2026, 1, 1, 0, 60, 0 },
    { 2026, 1, 1, 0, 0, -1 }, { 2026, 1, 1, 0, 0, 60 },
    { G_MAXINT, G_MAXINT, G_MAXINT, G_MAXINT, G_MAXINT, G_MAXINT },
    { G_MININT, G_MININT, G_MININT, G_MININT, G_MININT, G_MININT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_cmpint (till_time_from_civil (bad[i][0], bad[i][1], bad[i][2], bad[i][3], bad[i][4], bad[i][5]),
                     ==, G_MININT64);

  g_assert_cmpint (till_time_from_civil (2000, 2, 29, 12, 34, 56), ==, 951827696);
  /* As far as an int goes, without overflow. */
  g_assert_cmpint (till_time_from_civil (G_MAXINT, 12, 31, 23, 59, 59), ==, G_GINT64_CONSTANT (67767976233532799));
  g_assert_cmpint (till_time_from_civil (G_MININT, 1, 1, 0, 0, 0), ==, G_GINT64_CONSTANT (-67768100567971200));
}

static void
test_format (void)
{
  static const struct
  {
    gint64      seconds;
    const char *text;
  } cases[] = {
    { 0, "1970-01-01T00:00:00Z" },
    { -1, "1969-12-31T23:59:59Z" },
    { 951782399, "2000-02-28T23:59:59Z" },
    { 951782400, "2000-02-29T00:00:00Z" },
    { 951868800, "2000-03-01T00:00:00Z" },
    { G_GINT64_CONSTANT (253402300799), "9999-12-31T23:59:59Z" },
    { G_GINT64_CONSTANT (253402300800), "+10000-01-01T00:00:00Z" },
    { G_GINT64_CONSTANT (-62167219200), "0000-01-01T00:00:00Z" },
    { G_GINT64_CONSTANT (-62167219201), "-0001-12-31T23:59:59Z" },
    { G_MAXINT64, "+292277026596-12-04T15:30:07Z" },
    { G_MININT64, "-292277022657-01-27T08:29:52Z" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = till_time_format (cases[i].seconds);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

/* Each day of 800 years, against another implementation. */
static void
test_days (void)
{
  g_autoptr(GDateTime) day = g_date_time_new_utc (1599, 12, 30, 11, 22, 33);

  while (g_date_time_get_year (day) < 2401)
    {
      GDateTime *next = g_date_time_add_days (day, 1);
      gint64 seconds = g_date_time_to_unix (day);
      g_autofree char *expected = g_date_time_format (day, "%Y-%m-%dT%H:%M:%SZ");
      g_autofree char *text = till_time_format (seconds);
      gint64 back = 0;

      g_assert_cmpstr (text, ==, expected);
      g_assert_true (till_time_parse (text, &back, NULL));
      g_assert_cmpint (back, ==, seconds);

      g_date_time_unref (day);
      day = next;
    }
}

static void
test_round_trip (void)
{
  const gint64 span = G_GINT64_CONSTANT (253402300799) + G_GINT64_CONSTANT (62167219200);

  for (int i = 0; i < 100000; i++)
    {
      gint64 random = (gint64) ((guint64) g_test_rand_int () << 32 | (guint32) g_test_rand_int ());
      gint64 seconds = (random & G_MAXINT64) % span - G_GINT64_CONSTANT (62167219200);
      g_autofree char *text = till_time_format (seconds);
      gint64 back = 0;

      g_assert_cmpuint (strlen (text), ==, 20);
      g_assert_true (till_time_parse (text, &back, NULL));
      g_assert_cmpint (back, ==, seconds);
    }
}

/* Cut anywhere, with any byte anywhere: read or refused, never a crash, and
 * what is read lies within reason. */
static void
test_mutations (void)
{
  const char *good = "2016-04-16T16:06:05.123+02:00";
  gsize length = strlen (good);

  for (gsize i = 0; i < length; i++)
    for (int c = 0; c < 256; c++)
      {
        g_autofree char *text = g_strdup (good);
        gint64 seconds = 0;

        text[i] = (char) c;
        if (till_time_parse (text, &seconds, NULL))
          g_assert_cmpint (ABS (seconds), <, G_GINT64_CONSTANT (253402300799));
      }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/time/parse", test_parse);
  g_test_add_func ("/time/refused", test_refused);
  g_test_add_func ("/time/messages", test_messages);
  g_test_add_func ("/time/civil", test_civil);
  g_test_add_func ("/time/format", test_format);
  g_test_add_func ("/time/days", test_days);
  g_test_add_func ("/time/round-trip", test_round_trip);
  g_test_add_func ("/time/mutations", test_mutations);

  return g_test_run ();
}
