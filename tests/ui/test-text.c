/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of the text that is made for people: foreign strings, dates, durations, numbers, names of files. */
#include "config.h"

#include <glib.h>
#include <locale.h>
#include <string.h>

#include "till-certificate.h"
#include "till-save.h"
#include "till-text.h"

static void
assert_display (const char *text,
                int         max_chars,
                const char *expected)
{
  g_autofree char *shown = till_text_dup_display (text, max_chars);

  g_assert_cmpstr (shown, ==, expected);
}

static void
test_display (void)
{
  assert_display (NULL, 10, "");
  assert_display ("", 10, "");
  assert_display ("Loyalty card", 256, "Loyalty card");
  assert_display ("Grüße aus Zürich ☕", 256, "Grüße aus Zürich ☕");
  assert_display ("a\nb\r\tc", 256, "a\\nb\\r\\tc");
  assert_display ("<b>&amp;</b>", 256, "<b>&amp;</b>");
  assert_display ("shop\342\200\256gpj.exe", 256, "shop\\u202egpj.exe");
  assert_display ("a\342\200\213b\357\273\277c", 256, "a\\u200bb\\ufeffc");
  assert_display ("a\342\201\246b\342\201\251", 256, "a\\u2066b\\u2069");
  assert_display ("a\033[31mb\302\205c\177", 256, "a\\u001b[31mb\\u0085c\\u007f");
  assert_display ("tag\363\240\201\201", 256, "tag\\U000e0041");
  assert_display ("x\342\200\250y\342\200\251z", 256, "x\\u2028y\\u2029z");
  assert_display ("blank\343\205\244letter", 256, "blank\\u3164letter");
  /* Joiners are part of how people write. */
  assert_display ("\331\205\333\214\342\200\214\330\256\331\210\330\247\331\207\331\205", 256,
                  "\331\205\333\214\342\200\214\330\256\331\210\330\247\331\207\331\205");
}

static void
test_display_invalid (void)
{
  assert_display ("a\377b", 256, "a\357\277\275b");
  assert_display ("\300\200", 256, "\357\277\275\357\277\275");
  assert_display ("cut\342\202", 256, "cut\357\277\275\357\277\275");
  assert_display ("\355\240\200", 256, "\357\277\275\357\277\275\357\277\275");
}

static void
test_display_length (void)
{
  g_autofree char *huge = g_strnfill (64 * 1024, 'x');
  g_autofree char *shown = till_text_dup_display (huge, TILL_TEXT_MAX_CHARS);
  g_autofree char *whole = till_text_dup_display (huge, 0);
  int max;

  g_assert_cmpint (g_utf8_strlen (shown, -1), ==, TILL_TEXT_MAX_CHARS);
  g_assert_true (g_str_has_suffix (shown, "…"));
  g_assert_cmpint (strlen (whole), ==, 64 * 1024);

  assert_display ("12345", 5, "12345");
  assert_display ("123456", 5, "1234…");
  assert_display ("ÄÖÜäöü", 6, "ÄÖÜäöü");
  assert_display ("ÄÖÜäöüß", 6, "ÄÖÜäö…");
  /* An escape is shown whole or not at all. */
  assert_display ("ab\nc", 4, "ab…");
  assert_display ("a\342\200\256", 5, "a…");

  for (max = 1; max < 12; max++)
    {
      g_autofree char *cut = till_text_dup_display ("é\342\200\256\nplain\377…", max);

      g_assert_true (g_utf8_validate (cut, -1, NULL));
      g_assert_cmpint (g_utf8_strlen (cut, -1), <=, max);
    }
}

/* Whatever the bytes are, the result is valid, on one line, and invisible nowhere. */
static void
test_display_random (void)
{
  int round, i;

  for (round = 0; round < 2000; round++)
    {
      char bytes[64];
      g_autofree char *shown = NULL;
      const char *p;

      for (i = 0; i < 63; i++)
        bytes[i] = (char) g_test_rand_int_range (1, 256);
      bytes[63] = '\0';

      shown = till_text_dup_display (bytes, 40);
      g_assert_true (g_utf8_validate (shown, -1, NULL));
      g_assert_cmpint (g_utf8_strlen (shown, -1), <=, 40);
      for (p = shown; *p != '\0'; p = g_utf8_next_char (p))
        g_assert_false (g_unichar_iscntrl (g_utf8_get_char (p)));
    }
}

static void
test_lists (void)
{
  const char *items[] = { "one", "two\nlines", "three", "four", NULL };
  g_autofree char *all = till_text_dup_list ((char **) items, 10);
  g_autofree char *some = till_text_dup_list ((char **) items, 2);
  g_autofree char *lines = till_text_dup_lines ("a\tb\nc\nd", 256, 2);
  g_autofree char *none = till_text_dup_lines (NULL, 256, 2);

  g_assert_cmpstr (all, ==, "one\ntwo\\nlines\nthree\nfour");
  g_assert_cmpstr (some, ==, "one\ntwo\\nlines\n… and 2 more");
  g_assert_cmpstr (lines, ==, "a\\tb\nc\n… and 1 more");
  g_assert_cmpstr (none, ==, "");
}

static void
assert_pairs (const char *hex,
              const char *expected)
{
  g_autofree char *pairs = till_text_dup_hex_pairs (hex);

  g_assert_cmpstr (pairs, ==, expected);
}

static void
test_hex_pairs (void)
{
  assert_pairs (NULL, "");
  assert_pairs ("", "");
  assert_pairs ("3f9a01", "3f 9a 01");
  assert_pairs ("f9a01", "f 9a 01");
  assert_pairs ("-80ff", "-80 ff");
  assert_pairs ("3f\n9", "3f ?9");
}

static void
set_zone (const char *name)
{
  g_setenv ("TZ", name, TRUE);
  tzset ();
}

static void
assert_date_time (gint64      seconds,
                  const char *expected)
{
  g_autofree char *text = till_text_dup_date_time (seconds);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_dates (void)
{
  /* 2026-12-04T21:39:00Z */
  const gint64 moment = 1796420340;
  g_autofree char *day = NULL;
  g_autofree char *never = till_text_dup_date (TILL_TIME_NEVER);
  g_autofree char *invalid = till_text_dup_date (TILL_TIME_INVALID);

  set_zone ("<+01>-1");
  assert_date_time (moment, "4 December 2026, 22:39 (21:39 UTC)");
  day = till_text_dup_date (moment);
  g_assert_cmpstr (day, ==, "4 December 2026");

  /* The local day may be another one. */
  set_zone ("<+14>-14");
  assert_date_time (moment, "5 December 2026, 11:39 (4 December 2026, 21:39 UTC)");
  /* In this zone the last second of 9998 is in 9999, and that of 9999 has no year at all. */
  assert_date_time (TILL_TIME_NEVER - 1, "31 December 9999, 23:59 UTC");

  set_zone ("UTC0");
  assert_date_time (moment, "4 December 2026, 21:39 UTC");
  assert_date_time (-631152000, "1 January 1950, 00:00 UTC");
  assert_date_time (TILL_TIME_NEVER, "No end date");
  assert_date_time (TILL_TIME_INVALID, "Not a valid date");
  assert_date_time (G_MAXINT64, "Not a valid date");
  g_assert_cmpstr (never, ==, "No end date");
  g_assert_cmpstr (invalid, ==, "Not a valid date");
}

/* The night in which Berlin puts its clocks back: hours are told apart, and a day is a day. */
static void
test_night (void)
{
  /* 2026-10-25T00:30Z and an hour later: both are half past two there. */
  const gint64 first = 1792888200;
  g_autofree char *day = NULL;

  set_zone ("CET-1CEST,M3.5.0,M10.5.0/3");
  assert_date_time (first, "25 October 2026, 02:30 (00:30 UTC)");
  assert_date_time (first + 3600, "25 October 2026, 02:30 (01:30 UTC)");
  day = till_text_dup_relative (first - 12 * 3600, first + 12 * 3600);
  g_assert_cmpstr (day, ==, "in 1 day");
  set_zone ("UTC0");
}

static void
assert_relative (gint64      difference,
                 const char *expected)
{
  g_autofree char *text = till_text_dup_relative (1000000000, 1000000000 + difference);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_durations (void)
{
  const gint64 day = 24 * 60 * 60;
  g_autofree char *span = till_text_dup_span (13 * day - 1);
  g_autofree char *far = till_text_dup_relative (G_MININT64, G_MAXINT64);
  g_autofree char *back = till_text_dup_relative (G_MAXINT64, G_MININT64);
  g_autofree char *least = till_text_dup_span (G_MININT64);

  assert_relative (0, "in less than a minute");
  assert_relative (59, "in less than a minute");
  assert_relative (60, "in 1 minute");
  assert_relative (3599, "in 59 minutes");
  assert_relative (3600, "in 1 hour");
  assert_relative (day - 1, "in 23 hours");
  assert_relative (day, "in 1 day");
  /* Rounded down: never more time than there is. */
  assert_relative (13 * day - 1, "in 12 days");
  assert_relative (729 * day, "in 729 days");
  assert_relative (730 * day, "in 2 years");
  assert_relative (1094 * day, "in 2 years");
  assert_relative (-1, "less than a minute ago");
  assert_relative (-60, "1 minute ago");
  assert_relative (-7200, "2 hours ago");
  assert_relative (-3 * day, "3 days ago");
  assert_relative (-1095 * day, "3 years ago");
  g_assert_cmpstr (span, ==, "12 days");
  g_assert_true (g_str_has_prefix (far, "in "));
  g_assert_true (g_str_has_suffix (back, " ago"));
  g_assert_true (g_str_has_suffix (least, " years"));
}

static void
assert_algorithm (const char *algorithm,
                  int         bits,
                  const char *curve,
                  const char *expected)
{
  g_autofree char *text = till_text_dup_algorithm (algorithm, bits, curve);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_algorithms (void)
{
  assert_algorithm ("RSA", 2048, NULL, "RSA, 2048 bits");
  assert_algorithm ("RSA-PSS", 3072, NULL, "RSA-PSS, 3072 bits");
  assert_algorithm ("EC", 256, "P-256", "Elliptic curve P-256");
  assert_algorithm ("EC", 233, NULL, "Elliptic curve, 233 bits");
  assert_algorithm ("EC", 0, NULL, "Elliptic curve");
  assert_algorithm ("Ed25519", 256, NULL, "Ed25519");
  assert_algorithm ("Ed448", 456, NULL, "Ed448");
  assert_algorithm ("X25519", 256, NULL, "X25519");
  assert_algorithm ("DSA", 0, NULL, "DSA");
  assert_algorithm ("1.2.3\n4", 0, NULL, "1.2.3\\n4");
  assert_algorithm (NULL, 0, NULL, "Unknown");
}

static void
test_sizes (void)
{
  g_autofree char *none = till_text_dup_size (0);
  g_autofree char *one = till_text_dup_size (1);
  g_autofree char *some = till_text_dup_size (2771);
  g_autofree char *big = till_text_dup_size (5 * 1024 * 1024);

  g_assert_cmpstr (none, ==, "0 bytes");
  g_assert_cmpstr (one, ==, "1 byte");
  g_assert_cmpstr (some, ==, "2771 bytes");
  g_assert_true (g_str_has_prefix (big, "5.0"));
}

static void
assert_safe_name (const char *text,
                  const char *expected)
{
  g_autofree char *name = till_save_dup_safe_name (text, ".pem");

  g_assert_cmpstr (name, ==, expected);
  g_assert_null (strchr (name, '/'));
}

static void
test_safe_names (void)
{
  g_autofree char *huge = g_strnfill (5000, 'x');
  g_autofree char *wide = g_strdup ("");
  g_autofree char *long_name = till_save_dup_safe_name (huge, ".pem");
  g_autofree char *wide_name = NULL;
  int i;

  assert_safe_name ("pass.com.acme.loyalty", "pass.com.acme.loyalty.pem");
  assert_safe_name ("Acme Cafés: Treuekarte", "Acme-Cafés-Treuekarte.pem");
  assert_safe_name ("../../etc/passwd", "etc-passwd.pem");
  assert_safe_name (".hidden", "hidden.pem");
  assert_safe_name ("*.shop.example", "shop.example.pem");
  assert_safe_name ("a\342\200\256b\nc", "a-b-c.pem");
  assert_safe_name ("", "certificate.pem");
  assert_safe_name (NULL, "certificate.pem");
  assert_safe_name ("///", "certificate.pem");
  assert_safe_name ("\377\376", "certificate.pem");
  g_assert_cmpint (strlen (long_name), <, 100);

  for (i = 0; i < 500; i++)
    {
      char *longer = g_strconcat (wide, "\360\237\205\260\346\227\245", NULL);

      g_free (wide);
      wide = longer;
    }
  wide_name = till_save_dup_safe_name (wide, ".pem");
  g_assert_cmpint (strlen (wide_name), <=, 255);
}

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/text/display", test_display);
  g_test_add_func ("/text/display/invalid", test_display_invalid);
  g_test_add_func ("/text/display/length", test_display_length);
  g_test_add_func ("/text/display/random", test_display_random);
  g_test_add_func ("/text/lists", test_lists);
  g_test_add_func ("/text/hex-pairs", test_hex_pairs);
  g_test_add_func ("/text/dates", test_dates);
  g_test_add_func ("/text/night", test_night);
  g_test_add_func ("/text/durations", test_durations);
  g_test_add_func ("/text/algorithms", test_algorithms);
  g_test_add_func ("/text/sizes", test_sizes);
  g_test_add_func ("/text/safe-names", test_safe_names);

  return g_test_run ();
}
