/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The JSON scanner: what it lets through, what it refuses, and how fast. */
#include "config.h"

#include "till-json-scan.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "till-error.h"
#include "till-limits.h"

#define LIMIT TILL_LIMIT_JSON_LIST_BYTES

/* What the scanner lets through, json-glib must read. */
static void
check_accepted (const char *text,
                gsize       length)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(GError) error = NULL;

  if (!till_json_scan (text, length, LIMIT, &error))
    g_error ("refused: %.200s: %s", text, error->message);

  json_parser_load_from_data (parser, text, (gssize) length, &error);
  g_assert_no_error (error);
  g_assert_nonnull (json_parser_get_root (parser));
}

static void
check_refused (const char *text,
               gsize       length)
{
  g_autoptr(GError) error = NULL;

  if (till_json_scan (text, length, LIMIT, &error))
    g_error ("let through: %.200s", text);

  g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
  g_assert_cmpint (till_error_get_have (error), >=, 0);
  g_assert_cmpint (till_error_get_have (error), <=, (gint64) length);
}

/* A value alone, and wherever values may stand. */
static void
check_everywhere (const char *value,
                  gsize       length,
                  void      (*check) (const char *text,
                                      gsize       length))
{
  static const char * const frames[][2] = {
    { "", "" },
    { " \t\r\n", " \t\r\n" },
    { "[", "]" },
    { "[1, ", " ,2]" },
    { "{\"a\":", "}" },
    { "{\"a\" : 1 , \"b\" : [ {\"c\":", "} ] }" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      g_autoptr(GString) text = g_string_new (frames[i][0]);

      g_string_append_len (text, value, (gssize) length);
      g_string_append (text, frames[i][1]);
      check (text->str, text->len);
    }
}

static const char * const good_values[] = {
  "true", "false", "null", "{}", "[]", "[[]]", "[{}]", "{ }", "[ ]", "[\n]", "\"\"", "\" \"",
  /* Numbers. */
  "0", "-0", "1", "-1", "10", "1234567890", "9007199254740992", "-9007199254740992", "9007199254740991",
  "0.0", "-0.0", "0.5", "1.5", "-1.5", "1.0", "100.001", "0e0", "0E0", "0e+1", "0e-1", "1e1", "1E1", "1e+1",
  "1E-1", "1.5e3", "-1.5E+3", "123e65", "123.456e78", "1e308", "-1e308", "1.7976931348623157e308", "1e-400",
  "0.1e1", "20e1", "1e00", "1e-007", "3.141592653589793238462643383279",
  "-0.000000000000000000000000000000000000000000000000000000000000000000000000000001",
  /* Strings. */
  "\"a\"", "\"\\\"\"", "\"\\\\\"", "\"\\/\"", "\"\\b\\f\\n\\r\\t\"", "\"\\u0061\"", "\"\\u00e9\"", "\"\\u20AC\"",
  "\"\\u0001\"", "\"\\u001f\"", "\"\\u007f\"", "\"\x7f\"", "\"\\ud83d\\ude00\"", "\"\\uD800\\uDC00\"",
  "\"\\uDBFF\\uDFFF\"", "\"\\ud834\\udd1e x\"", "\"\\uFFFE\"", "\"\\uFFFF\"", "\"\\uFDD0\"", "\"\\u2028\"",
  "\"\\\\u0000\"", "\"\\\\\\\\\"", "\"a b c\"", "\"'\"", "\"/\"", "\"//\"", "\"/* */\"", "\"[{,:}]\"",
  "\"\xc2\x80\"", "\"\xdf\xbf\"", "\"\xe0\xa0\x80\"", "\"\xe2\x82\xac\"", "\"\xed\x9f\xbf\"", "\"\xee\x80\x80\"",
  "\"\xef\xbf\xbd\"", "\"\xef\xbf\xbf\"", "\"\xef\xbb\xbf\"", "\"\xf0\x90\x80\x80\"", "\"\xf0\x9f\x98\x80\"",
  "\"\xf4\x8f\xbf\xbf\"", "\"\xe2\x80\xa8\xe2\x80\xa9\"", "\"\xc3\xa9t\xc3\xa9\"",
  /* Objects. */
  "{\"\":0}", "{\"a\":1,\"b\":2}", "{\"a\":{\"a\":{\"a\":1}}}", "{\"a\":[{\"a\":1},{\"a\":2}]}",
  "{\"a\":1,\"A\":2}", "{\"a\":1,\"a \":2,\"\\u0061\\u0061\":3}", "{\"\\u00e9\":1,\"e\\u0301\":2}",
  "{\"a\":null,\"b\":true,\"c\":false,\"d\":\"\",\"e\":[],\"f\":{}}",
  "{\"true\":true,\"null\":null}", "[1,\"1\",1.0,[1],{\"1\":1}]", "[null,1,\"a\",{}]", "[true,false]",
  " [ 1 , 2 ] ", "[\t1\r\n,\n2]",
};

static void
test_good_values (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (good_values); i++)
    check_everywhere (good_values[i], strlen (good_values[i]), check_accepted);
}

static const char * const bad_values[] = {
  /* Nothing, or not enough. */
  "[", "{", "]", "}", "[[", "[]]", "{}}", "[}", "{]", "[1", "[1,", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,",
  "\"", "\"a", "\"\\", "\"\\u", "\"\\u0", "\"\\u00", "\"\\u006", "t", "tru", "f", "fals", "n", "nul", "-", "1.",
  "1e", "1e+",
  /* Commas and colons. */
  ",", ":", "[,]", "[1,]", "[,1]", "[1,,2]", "[1 2]", "[1:2]", "{,}", "{\"a\":1,}", "{,\"a\":1}", "{\"a\" 1}",
  "{\"a\",1}", "{\"a\":1 \"b\":2}", "{\"a\":1:2}", "{\"a\"::1}", "{\"a\":1,,\"b\":2}", "{\"a\":}", "{:1}",
  "{\"a\"}", "{\"a\",\"b\"}", "{\"baseName\", \"x\"}", "[\"a\":1]",
  /* Names. */
  "{a:1}", "{'a':1}", "{1:1}", "{null:1}", "{[]:1}", "{{}:1}", "{true:1}", "{\"a\"\"b\":1}",
  /* Words. */
  "True", "TRUE", "False", "Null", "NULL", "nan", "NaN", "Infinity", "-Infinity", "inf", "undefined", "truex",
  "true1", "nulll", "falsey", "x", "yes", "truefalse", "None",
  /* Numbers. */
  "01", "-01", "00", "00.5", "010", "0x1F", "0b1", "0o7", "+1", "++1", "--1", "-+1", "- 1", ".5", "-.5", "1.",
  "-1.", "1.e1", ".e1", "e1", "1e1.5", "1e1e1", "1e+-1", "1E", "1.5.5", "1,5x", "1_000", "1a", "1 000", "0e",
  "0e+", "0.e1", "1L", "1f", "0.1.2", "-e1", "-a", "1eE2", "\xef\xbc\x91", "\xd9\xa1",
  "9007199254740993", "-9007199254740993", "9223372036854775807", "9223372036854775808",
  "-9223372036854775809", "18446744073709551616", "100000000000000000000000000000", "99999999999999999",
  "1e309", "-1e309", "1e400", "1e99999", "-1e400", "1e999999999999999999999",
  /* Strings. */
  "'a'", "\"a'", "`a`", "a", "\"\t\"", "\"\n\"", "\"\r\"", "\"\x01\"", "\"\x1f\"", "\"a\nb\"", "\"\\a\"",
  "\"\\0\"", "\"\\x41\"", "\"\\'\"", "\"\\U0041\"", "\"\\ \"", "\"\\\n\"", "\"\\v\"", "\"\\e\"", "\"\\\xc3\xa9\"",
  "\"\\u\"", "\"\\u0\"", "\"\\u00G0\"", "\"\\u 061\"", "\"\\u+061\"", "\"\\u0061", "\"\\u0x61\"",
  "\"\\u0000\"", "\"a\\u0000b\"", "\"8QW1YS1D\\u0000junk\"", "{\"a\\u0000\":1}",
  /* Half pairs. */
  "\"\\ud800\"", "\"\\udbff\"", "\"\\udc00\"", "\"\\udfff\"", "\"\\ud800x\"", "\"\\ud800\\n\"",
  "\"\\ud800\\u0061\"", "\"\\ud800\\ud800\"", "\"\\udc00\\ud800\"", "\"\\ud800\\\"", "\"\\ud800\\u\"",
  "\"\\ud83d\\ude0\"", "\"\\uD83D \\uDE00\"", "{\"\\ud800\":1}",
  /* Not UTF-8: stray, overlong, surrogates, beyond the end, cut, Latin-1. */
  "\"\x80\"", "\"\xbf\"", "\"\xc0\xaf\"", "\"\xc1\xbf\"", "\"\xe0\x80\xaf\"", "\"\xe0\x9f\xbf\"",
  "\"\xf0\x80\x80\xaf\"", "\"\xf0\x8f\xbf\xbf\"", "\"\xed\xa0\x80\"", "\"\xed\xbf\xbf\"",
  "\"\xed\xa0\xbd\xed\xb8\x80\"", "\"\xf4\x90\x80\x80\"", "\"\xf5\x80\x80\x80\"", "\"\xf8\x88\x80\x80\x80\"",
  "\"\xfc\x84\x80\x80\x80\x80\"", "\"\xfe\"", "\"\xff\"", "\"\xc3\"", "\"\xe2\x82\"", "\"\xf0\x9f\x98\"",
  "\"\xe9\"", "\"\xe2\x28\xa1\"", "\"\xe2\x82\x28\"", "\"\xf0\x28\x8c\xbc\"", "\"\xf0\x9f\x98\x28\"",
  "{\"\xff\":1}", "\xff", "\xc3\xa9", "\xc2\xa0", "[\xc2\xa0]", "\xe2\x80\xa8", "[\xe2\x81\xa0]",
  /* The same name twice, also where it is written differently. */
  "{\"a\":1,\"a\":2}", "{\"a\":1,\"a\":1}", "{\"a\":1,\"\\u0061\":2}", "{\"\\u00e9\":1,\"\xc3\xa9\":2}",
  "{\"\":1,\"\":2}", "{\"/\":1,\"\\/\":2}", "{\"a\":1,\"b\":2,\"c\":3,\"b\":4}", "{\"a\":{\"b\":1,\"b\":2}}",
  "{\"\\ud83d\\ude00\":1,\"\xf0\x9f\x98\x80\":2}", "{\"\\n\":1,\"\\u000a\":2}", "{\"a\":[],\"a\":{}}",
  "{\"status\":\"ACTIVE\",\"status\":\"REVOKED\"}",
  /* What is no JSON. */
  "/* */1", "1/* */", "// x\n1", "1 // x", "# x\n1", "[1/*,*/,2]", "{/**/\"a\":1}", "var x = {}", "var x = 1;",
  "x = 1", "()", "(1)", "<a/>", "<!DOCTYPE html><html></html>", "1;", "[1];", "a=1", "{\"a\"=1}", "{\"a\"=>1}",
  "\xef\xbb\xbf[1]", "[\v]", "[\f]", "[\x1f]", "1\x0c", "[1]\x1a", "\\u005b1]",
};

/* RELIABILITY.md G10 asks for as many; the generated ones come on top. */
G_STATIC_ASSERT (G_N_ELEMENTS (good_values) + G_N_ELEMENTS (bad_values) >= 300);

static void
test_bad_values (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad_values); i++)
    check_everywhere (bad_values[i], strlen (bad_values[i]), check_refused);
}

static void
test_nul_bytes (void)
{
  static const struct
  {
    const char *text;
    gsize       length;
  } cases[] = {
    { "\0", 1 }, { "1\0", 2 }, { "\0" "1", 2 }, { "[\0]", 3 }, { "\"\0\"", 3 }, { "\"a\0b\"", 5 }, { "{\"\0\":1}", 7 },
    { "1 \0", 3 }, { "true\0", 5 }, { "t\0ue", 4 }, { "\"\\\0\"", 4 }, { "\"\\u00\0" "1\"", 8 },
    { "[\0" "1\0]\0", 6 }, { "1\0\0\0", 4 }, { "\"\\u006\0\"", 8 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    check_everywhere (cases[i].text, cases[i].length, check_refused);
}

static void
test_roots (void)
{
  static const char * const refused[] = {
    "", " ", "\n", "\t \r\n", "1 2", "1,2", "[] []", "{} {}", "{\"a\":1}{\"b\":2}", "[1]x", "[1],", "{} ,",
    "\"a\"\"b\"",
    "true false", "null null", "1\n2", "{}\n\n{}", "]", "[1]]", "{\"a\":1}}", "\xef\xbb\xbf", "\xef\xbb\xbf{}",
    "\xfe\xff\0[", "\xff\xfe[",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    check_refused (refused[i], strlen (refused[i]));
  check_refused (NULL, 0);
}

/* JSONTestSuite style: the generated part, without counting one case twice. */
static void
test_generated (void)
{
  static const char good_escapes[] = "\"\\/bfnrt";

  /* Each byte that may follow a backslash, each that may stand in a string. */
  for (int c = 0; c < 256; c++)
    {
      char escape[] = { '"', '\\', (char) c, '"' };
      char plain[] = { '"', (char) c, '"' };
      char alone[] = { (char) c };
      gboolean good_escape = c != 0 && strchr (good_escapes, c) != NULL;

      /* A quote behind a backslash leaves the string open. */
      if (c == '"' || c == '\\')
        {
          char closed[] = { '"', '\\', (char) c, '"' };

          check_accepted (closed, sizeof closed);
        }
      else
        {
          (good_escape ? check_accepted : check_refused) (escape, sizeof escape);
        }

      if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\')
        check_accepted (plain, sizeof plain);
      else
        check_refused (plain, sizeof plain);

      if (g_ascii_isdigit (c))
        check_accepted (alone, 1);
      else
        check_refused (alone, 1);
    }

  /* Each code point at the edges, escaped and as UTF-8. */
  for (gunichar c = 1; c <= 0x10ffff; c += c < 0x900 ? 1 : c % 0x400 < 2 ? 1 : 0x3fe)
    {
      g_autofree char *escaped = NULL;
      char utf8[6];
      g_autofree char *quoted = NULL;

      if (c >= 0xd800 && c <= 0xdfff)
        {
          escaped = g_strdup_printf ("\"\\u%04x\"", c);
          check_refused (escaped, strlen (escaped));
          continue;
        }

      if (c < 0x10000)
        escaped = g_strdup_printf ("\"\\u%04x\"", c);
      else
        escaped = g_strdup_printf ("\"\\u%04X\\u%04x\"",
                                   0xd800 + ((c - 0x10000) >> 10), 0xdc00 + ((c - 0x10000) & 0x3ff));
      check_accepted (escaped, strlen (escaped));

      if (c < 0x80)
        continue;
      quoted = g_strdup_printf ("\"%.*s\"", g_unichar_to_utf8 (c, utf8), utf8);
      check_accepted (quoted, strlen (quoted));
    }

  /* Every prefix of a document but the whole one is refused. */
  {
    const char *whole = "{\"a\":[1,-2.5e+3,\"\\u00e9\\n\\ud83d\\ude00 \xe2\x82\xac\"],"
                        "\"b\":{\"c\":null,\"d\":[true,false]}}";

    for (gsize i = 0; i < strlen (whole); i++)
      check_refused (whole, i);
    check_accepted (whole, strlen (whole));
  }
}

static char *
nest (const char *open,
      const char *middle,
      const char *close,
      guint       depth)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < depth; i++)
    g_string_append (text, open);
  g_string_append (text, middle);
  for (guint i = 0; i < depth; i++)
    g_string_append (text, close);

  return g_string_free (text, FALSE);
}

static void
test_depth (void)
{
  static const struct
  {
    const char *open;
    const char *middle;
    const char *close;
  } kinds[] = {
    { "[", "", "]" },
    { "[", "1", "]" },
    { "{\"a\":", "1", "}" },
    { "[1,", "2", "]" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (guint depth = 1; depth <= 40; depth++)
      {
        g_autofree char *text = nest (kinds[i].open, kinds[i].middle, kinds[i].close, depth);

        if (depth <= TILL_LIMIT_JSON_DEPTH)
          check_accepted (text, strlen (text));
        else
          check_refused (text, strlen (text));
      }
}

/* What brings json-glib down (RELIABILITY.md 4.4). */
static void
test_bombs (void)
{
  g_autofree char *arrays = nest ("[", "", "", 75000);
  g_autofree char *objects = nest ("{\"a\":", "", "", 75000);
  g_autofree char *closed = nest ("[", "", "]", 500000);
  gint64 start = g_get_monotonic_time ();

  check_refused (arrays, strlen (arrays));
  check_refused (objects, strlen (objects));
  check_refused (closed, strlen (closed));
  g_assert_cmpint (g_get_monotonic_time () - start, <, G_USEC_PER_SEC);
}

static char *
make_container (gboolean is_object,
                guint    n)
{
  GString *text = g_string_new (is_object ? "{" : "[");

  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      if (is_object)
        g_string_append_printf (text, "\"%u\":", i);
      g_string_append_c (text, '0');
    }
  g_string_append_c (text, is_object ? '}' : ']');

  return g_string_free (text, FALSE);
}

static void
test_container_size (void)
{
  for (int is_object = 0; is_object <= 1; is_object++)
    {
      g_autofree char *most = make_container (is_object, TILL_LIMIT_JSON_CONTAINER);
      g_autofree char *more = make_container (is_object, TILL_LIMIT_JSON_CONTAINER + 1);
      g_autofree char *both = g_strdup_printf ("[%s,%s]", most, most);

      check_accepted (most, strlen (most));
      check_refused (more, strlen (more));
      check_accepted (both, strlen (both));
    }
}

static void
test_size (void)
{
  g_autofree char *blanks = g_strnfill (1000, ' ');
  g_autoptr(GError) error = NULL;

  memcpy (blanks, "[]", 2);
  g_assert_true (till_json_scan (blanks, 1000, 1000, &error));
  g_assert_no_error (error);
  g_assert_false (till_json_scan (blanks, 1000, 999, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
  g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_TOO_LARGE);
  g_assert_cmpint (till_error_get_have (error), ==, 1000);
  g_assert_cmpint (till_error_get_want (error), ==, 999);
}

static void
test_number_length (void)
{
  g_autofree char *zeros = g_strnfill (126, '0');
  g_autofree char *most = g_strdup_printf ("0.%s", zeros);
  g_autofree char *more = g_strdup_printf ("0.%s0", zeros);

  check_accepted (most, strlen (most));
  check_refused (more, strlen (more));
}

/* Names that fall together in a weak hash, names with long common beginnings:
 * nothing makes looking for duplicates slow. */
static void
test_hostile_names (void)
{
  g_autoptr(GString) text = g_string_new ("[");
  gint64 start;

  /* In djb2, "Ez" and "FY" are the same: 2^13 names of 26 bytes, again and again. */
  for (guint copy = 0; copy < 16; copy++)
    {
      g_string_append (text, copy == 0 ? "{" : ",{");
      for (guint i = 0; i < 8192; i++)
        {
          g_string_append (text, i == 0 ? "\"" : ",\"");
          for (guint bit = 0; bit < 13; bit++)
            g_string_append (text, i >> bit & 1 ? "Ez" : "FY");
          g_string_append (text, "\":0");
        }
      g_string_append_c (text, '}');
    }
  g_string_append_c (text, ']');
  start = g_get_monotonic_time ();
  g_assert_true (till_json_scan (text->str, text->len, text->len, NULL));
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2 * G_USEC_PER_SEC);

  g_string_assign (text, "{");
  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (text, "%s\"%0400u\":0", i == 0 ? "" : ",", i);
  g_string_append_c (text, '}');
  start = g_get_monotonic_time ();
  g_assert_true (till_json_scan (text->str, text->len, text->len, NULL));
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2 * G_USEC_PER_SEC);

  /* And the one duplicate among many is found. */
  g_string_truncate (text, text->len - 1);
  g_string_append_printf (text, ",\"%0400u\":0}", 4711);
  check_refused (text->str, text->len);
}

static void
test_messages (void)
{
  static const struct
  {
    const char     *text;
    gint64          offset;
    TillErrorReason reason;
    const char     *message;
  } cases[] = {
    { "", 0, TILL_REASON_EMPTY, "not valid JSON at line 1, byte 0: it is empty" },
    { " \n ", 0, TILL_REASON_EMPTY, "not valid JSON at line 1, byte 0: it is empty" },
    { "[1,\n 2,\n x]", 9, TILL_REASON_MALFORMED, "not valid JSON at line 3, byte 9: a value is missing" },
    { "[1", 2, TILL_REASON_TRUNCATED, "not valid JSON at line 1, byte 2: it ends too early" },
    { "{\"a\":tr", 7, TILL_REASON_TRUNCATED, "not valid JSON at line 1, byte 7: it ends too early" },
    { "{}\n{}", 3, TILL_REASON_MALFORMED, "not valid JSON at line 2, byte 3: something stands behind the end" },
    { "{\"a\":1,\n\"a\":2}", 8, TILL_REASON_MALFORMED,
      "not valid JSON at line 2, byte 8: the same name twice in one object" },
    { "[9007199254740993]", 1, TILL_REASON_MALFORMED,
      "not valid JSON at line 1, byte 1: an integer that is too large" },
    { "\"a\\u0000\"", 2, TILL_REASON_MALFORMED, "not valid JSON at line 1, byte 2: a NUL character in a string" },
    { "\"\\ud800\"", 1, TILL_REASON_MALFORMED, "not valid JSON at line 1, byte 1: half of a surrogate pair" },
    { "\"\xe9\"", 1, TILL_REASON_MALFORMED, "not valid JSON at line 1, byte 1: bytes that are not UTF-8" },
    { "\xef\xbb\xbf{}", 0, TILL_REASON_MALFORMED, "not valid JSON at line 1, byte 0: a byte order mark" },
    { "<html>", 0, TILL_REASON_MALFORMED, "not valid JSON at line 1, byte 0: a value is missing" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (till_json_scan (cases[i].text, strlen (cases[i].text), LIMIT, &error));
      g_assert_cmpstr (error->message, ==, cases[i].message);
      g_assert_cmpint (till_error_get_have (error), ==, cases[i].offset);
      g_assert_cmpint (till_error_get_reason (error), ==, cases[i].reason);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json-scan/good-values", test_good_values);
  g_test_add_func ("/json-scan/bad-values", test_bad_values);
  g_test_add_func ("/json-scan/nul-bytes", test_nul_bytes);
  g_test_add_func ("/json-scan/roots", test_roots);
  g_test_add_func ("/json-scan/generated", test_generated);
  g_test_add_func ("/json-scan/depth", test_depth);
  g_test_add_func ("/json-scan/bombs", test_bombs);
  g_test_add_func ("/json-scan/container-size", test_container_size);
  g_test_add_func ("/json-scan/size", test_size);
  g_test_add_func ("/json-scan/number-length", test_number_length);
  g_test_add_func ("/json-scan/hostile-names", test_hostile_names);
  g_test_add_func ("/json-scan/messages", test_messages);

  return g_test_run ();
}
