/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The JSON writer: layout, escapes, and that what it writes is read back. */
#include "config.h"

#include "till-json-writer.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "till-json-reader.h"
#include "till-json-scan.h"
#include "till-test.h"

static void
write_sample (TillJsonWriter *writer)
{
  till_json_writer_begin_object (writer);
  till_json_writer_member (writer, "file");
  till_json_writer_string (writer, "shop.p12");
  till_json_writer_member (writer, "size");
  till_json_writer_int (writer, G_MININT64);
  till_json_writer_member (writer, "encrypted");
  till_json_writer_bool (writer, TRUE);
  till_json_writer_member (writer, "curve");
  till_json_writer_null (writer);
  till_json_writer_member (writer, "names");
  till_json_writer_begin_array (writer);
  till_json_writer_string (writer, "a");
  till_json_writer_begin_object (writer);
  till_json_writer_end_object (writer);
  till_json_writer_begin_array (writer);
  till_json_writer_int (writer, 1);
  till_json_writer_int (writer, -2);
  till_json_writer_end_array (writer);
  till_json_writer_end_array (writer);
  till_json_writer_member (writer, "empty");
  till_json_writer_begin_array (writer);
  till_json_writer_end_array (writer);
  till_json_writer_member (writer, "last");
  till_json_writer_begin_object (writer);
  till_json_writer_member (writer, "none");
  till_json_writer_string (writer, NULL);
  till_json_writer_end_object (writer);
  till_json_writer_end_object (writer);
}

static void
test_layout (void)
{
  g_autoptr(GString) out = g_string_new (NULL);
  TillJsonWriter writer;

  till_json_writer_init (&writer, out, FALSE);
  write_sample (&writer);
  g_assert_cmpstr (out->str, ==,
                   "{\"file\":\"shop.p12\",\"size\":-9223372036854775808,\"encrypted\":true,\"curve\":null,"
                   "\"names\":[\"a\",{},[1,-2]],\"empty\":[],\"last\":{\"none\":null}}");

  g_string_truncate (out, 0);
  till_json_writer_init (&writer, out, TRUE);
  write_sample (&writer);
  g_assert_cmpstr (out->str, ==,
                   "{\n"
                   "  \"file\": \"shop.p12\",\n"
                   "  \"size\": -9223372036854775808,\n"
                   "  \"encrypted\": true,\n"
                   "  \"curve\": null,\n"
                   "  \"names\": [\n"
                   "    \"a\",\n"
                   "    {},\n"
                   "    [\n"
                   "      1,\n"
                   "      -2\n"
                   "    ]\n"
                   "  ],\n"
                   "  \"empty\": [],\n"
                   "  \"last\": {\n"
                   "    \"none\": null\n"
                   "  }\n"
                   "}");
}

static void
test_appends (void)
{
  g_autoptr(GString) out = g_string_new ("before ");
  TillJsonWriter writer;

  till_json_writer_init (&writer, out, TRUE);
  till_json_writer_int (&writer, 7);
  g_assert_cmpstr (out->str, ==, "before 7");

  g_string_append_c (out, '\n');
  till_json_writer_init (&writer, out, TRUE);
  till_json_writer_begin_array (&writer);
  till_json_writer_end_array (&writer);
  g_assert_cmpstr (out->str, ==, "before 7\n[]");
}

static void
test_strings (void)
{
  static const struct
  {
    const char *value;
    const char *written;
  } cases[] = {
    { "", "\"\"" },
    { "a\"b\\c/d", "\"a\\\"b\\\\c/d\"" },
    { "\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"" },
    { "\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\"" },
    { "Prüfung €", "\"Prüfung €\"" },
    { "\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\"" },
    { "\xe2\x80\xa8\xe2\x80\xa9", "\"\xe2\x80\xa8\xe2\x80\xa9\"" },
    /* What a terminal would obey. */
    { "\xc2\x80\xc2\x9b\xc2\x9f", "\"\\u0080\\u009b\\u009f\"" },
    { "\xe2\x80\xae\xe2\x81\xa9", "\"\\u202e\\u2069\"" },
    /* Not UTF-8. */
    { "\xff", "\"\xef\xbf\xbd\"" },
    { "a\xe9z", "\"a\xef\xbf\xbdz\"" },
    { "\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
    { "\xe2\x82", "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
    { "\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
    { "\xf4\x90\x80\x80x", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdx\"" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GString) out = g_string_new (NULL);
      TillJsonWriter writer;

      till_json_writer_init (&writer, out, FALSE);
      till_json_writer_string (&writer, cases[i].value);
      g_assert_cmpstr (out->str, ==, cases[i].written);
    }
}

/* Whatever the bytes, names included: valid, and the same text comes back. */
static void
test_round_trip (void)
{
  for (int i = 0; i < 20000; i++)
    {
      char bytes[24];
      gsize length = (gsize) g_test_rand_int_range (0, sizeof bytes);
      g_autoptr(GString) out = g_string_new (NULL);
      g_autoptr(JsonNode) root = NULL;
      g_autoptr(GError) error = NULL;
      TillJsonWriter writer;
      TillJsonReader reader;
      const char *back;

      for (gsize j = 0; j < length; j++)
        bytes[j] = (char) (i % 2 ? g_test_rand_int_range (1, 256) : g_test_rand_int_range (1, 128));
      bytes[length] = '\0';

      till_json_writer_init (&writer, out, i % 3 == 0);
      till_json_writer_begin_object (&writer);
      till_json_writer_member (&writer, "value");
      till_json_writer_string (&writer, bytes);
      till_json_writer_member (&writer, bytes);
      till_json_writer_null (&writer);
      till_json_writer_end_object (&writer);

      root = till_json_parse (out->str, out->len, out->len, &error);
      g_assert_no_error (error);

      till_json_reader_init (&reader, root);
      g_assert_true (till_json_reader_string (&reader, "value", 0, 100, &back, &error));
      if (g_utf8_validate (bytes, -1, NULL))
        g_assert_cmpstr (back, ==, bytes);
    }
}

/* Misuse is told, and leaves a writer that still ends. */
static void
test_misuse (void)
{
  g_autoptr(GString) out = g_string_new (NULL);
  TillJsonWriter writer;

  till_json_writer_init (&writer, out, FALSE);
  g_test_expect_message (NULL, G_LOG_LEVEL_CRITICAL, "*depth > 0*");
  till_json_writer_end_array (&writer);
  g_test_expect_message (NULL, G_LOG_LEVEL_CRITICAL, "*depth > 0*");
  till_json_writer_member (&writer, "a");
  g_test_assert_expected_messages ();

  till_json_writer_begin_object (&writer);
  till_json_writer_member (&writer, "a");
  g_test_expect_message (NULL, G_LOG_LEVEL_CRITICAL, "*after_member*");
  till_json_writer_end_object (&writer);
  g_test_assert_expected_messages ();
  till_json_writer_null (&writer);
  till_json_writer_end_object (&writer);
  g_assert_cmpstr (out->str, ==, "{\"a\":null}");
}

/* Deeper than any contract, for the indentation. */
static void
test_deep (void)
{
  g_autoptr(GString) out = g_string_new (NULL);
  g_autofree char *blanks = g_strnfill (80, ' ');
  g_autofree char *expected = g_strdup_printf ("\n%s7\n", blanks);
  TillJsonWriter writer;

  till_json_writer_init (&writer, out, TRUE);
  for (int i = 0; i < 40; i++)
    till_json_writer_begin_array (&writer);
  till_json_writer_int (&writer, 7);
  for (int i = 0; i < 40; i++)
    till_json_writer_end_array (&writer);

  g_assert_nonnull (strstr (out->str, expected));
  g_assert_true (g_str_has_prefix (out->str, "[\n  [\n    [\n      ["));
  g_assert_true (g_str_has_suffix (out->str, "]\n    ]\n  ]\n]"));
}

/* 10,000 certificates' worth, 20 members each: far below a second. */
static void
test_fast (void)
{
  g_autoptr(GString) out = g_string_new (NULL);
  gint64 start = till_test_cpu_time ();
  TillJsonWriter writer;

  till_json_writer_init (&writer, out, TRUE);
  till_json_writer_begin_array (&writer);
  for (int i = 0; i < 10000; i++)
    {
      till_json_writer_begin_object (&writer);
      for (int j = 0; j < 20; j++)
        {
          till_json_writer_member (&writer, "subjectAltNames");
          till_json_writer_string (&writer, "CN=shop.example,O=Example \"Shop\" Ltd,L=Köln,C=DE");
        }
      till_json_writer_end_object (&writer);
    }
  till_json_writer_end_array (&writer);

  g_test_message ("%" G_GSIZE_FORMAT " bytes in %" G_GINT64_FORMAT " µs", out->len, till_test_cpu_time () - start);
  g_assert_cmpint (till_test_cpu_time () - start, <, G_USEC_PER_SEC);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json-writer/layout", test_layout);
  g_test_add_func ("/json-writer/appends", test_appends);
  g_test_add_func ("/json-writer/strings", test_strings);
  g_test_add_func ("/json-writer/round-trip", test_round_trip);
  g_test_add_func ("/json-writer/misuse", test_misuse);
  g_test_add_func ("/json-writer/deep", test_deep);
  g_test_add_func ("/json-writer/fast", test_fast);

  return g_test_run ();
}
