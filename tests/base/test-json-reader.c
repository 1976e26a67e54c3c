/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading JSON: each getter with each type, ranges, lengths, and the paths in errors. */
#include "config.h"

#include "till-json-reader.h"

#include <string.h>

#include "till-error.h"
#include "till-limits.h"

typedef struct
{
  JsonNode       *root;
  TillJsonReader  reader;
} Document;

static void
document_init (Document   *self,
               const char *text)
{
  g_autoptr(GError) error = NULL;

  self->root = till_json_parse (text, strlen (text), TILL_LIMIT_JSON_BYTES, &error);
  g_assert_no_error (error);
  till_json_reader_init (&self->reader, self->root);
}

static void
document_clear (Document *self)
{
  json_node_unref (self->root);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Document, document_clear)

static void
test_parse (void)
{
  static const char * const bad[] = { "", " ", "{", "{\"a\":1,\"a\":2}", "{} {}", "// x\n{}", "\"\\u0000\"" };
  g_autoptr(GBytes) bytes = g_bytes_new_static ("[1]", 3);
  g_autoptr(GBytes) empty = g_bytes_new (NULL, 0);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) root = till_json_parse_bytes (bytes, 3, &error);

  g_assert_no_error (error);
  g_assert_nonnull (root);

  g_assert_null (till_json_parse_bytes (bytes, 2, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
  g_clear_error (&error);
  g_assert_null (till_json_parse_bytes (empty, 100, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
  g_clear_error (&error);

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_null (till_json_parse (bad[i], strlen (bad[i]), 100, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
      g_clear_error (&error);
    }
}

/* One of each kind. */
#define ALL_TYPES \
  "{\"object\":{},\"array\":[],\"string\":\"text\",\"digits\":\"123\",\"time\":\"2026-01-01T00:00:00Z\"," \
  "\"int\":7,\"double\":1.5,\"whole\":5.0,\"bool\":true,\"null\":null}"

typedef enum
{
  GET_OBJECT,
  GET_ARRAY,
  GET_STRING,
  GET_TEXT,
  GET_INT,
  GET_BOOL,
  GET_TIME,
  N_GETS,
} Get;

static gboolean
get (const TillJsonReader  *reader,
     const char            *member,
     Get                    which,
     gboolean               optional,
     GError               **error)
{
  TillJsonReader place;
  const char *string;
  g_autofree char *text = NULL;
  gint64 number;
  gboolean truth;

  switch (which)
    {
    case GET_OBJECT:
      return (optional ? till_json_reader_optional_object : till_json_reader_object) (reader, member, &place, error);

    case GET_ARRAY:
      return (optional ? till_json_reader_optional_array : till_json_reader_array) (reader, member, &place, error);

    case GET_STRING:
      return optional ? till_json_reader_optional_string (reader, member, 100, &string, error)
                      : till_json_reader_string (reader, member, 0, 100, &string, error);

    case GET_TEXT:
      text = till_json_reader_dup_text (reader, member, 0, 100, error);
      return text != NULL;

    case GET_INT:
      return optional ? till_json_reader_optional_int (reader, member, 0, 1000, -1, &number, error)
                      : till_json_reader_int (reader, member, 0, 1000, &number, error);

    case GET_BOOL:
      return optional ? till_json_reader_optional_bool (reader, member, FALSE, &truth, error)
                      : till_json_reader_bool (reader, member, &truth, error);

    case GET_TIME:
      return optional ? till_json_reader_optional_time (reader, member, -1, &number, error)
                      : till_json_reader_time (reader, member, &number, error);

    case N_GETS:
    default:
      g_assert_not_reached ();
    }
}

/* Wrong type is an error with the field's name, never 0 or NULL. */
static void
test_types (void)
{
  static const struct
  {
    const char *member;
    guint       good;
    const char *described;
  } cases[] = {
    { "object", 1 << GET_OBJECT, "an object" },
    { "array", 1 << GET_ARRAY, "an array" },
    { "string", 1 << GET_STRING | 1 << GET_TEXT, "a string" },
    { "digits", 1 << GET_STRING | 1 << GET_TEXT | 1 << GET_INT, "a string" },
    { "time", 1 << GET_STRING | 1 << GET_TEXT | 1 << GET_TIME, "a string" },
    { "int", 1 << GET_INT | 1 << GET_TEXT, "a number" },
    { "double", 0, "a number" },
    { "whole", 1 << GET_INT | 1 << GET_TEXT, "a number" },
    { "bool", 1 << GET_BOOL, "a truth value" },
  };
  g_auto(Document) document = { NULL };

  document_init (&document, ALL_TYPES);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (Get which = GET_OBJECT; which < N_GETS; which++)
      for (int optional = 0; optional <= 1; optional++)
        {
          g_autoptr(GError) error = NULL;
          g_autofree char *start = g_strdup_printf ("field \"%s\" has an unexpected form: ", cases[i].member);
          gboolean good = get (&document.reader, cases[i].member, which, optional, &error);

          g_assert_cmpint (good, ==, (cases[i].good & 1u << which) != 0);
          if (good)
            {
              g_assert_no_error (error);
              continue;
            }

          g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
          g_assert_cmpstr (till_error_get_detail (error), ==, cases[i].member);
          g_assert_true (g_str_has_prefix (error->message, start));
          if (which != GET_TIME || !g_str_equal (cases[i].described, "a string"))
            g_assert_true (g_str_has_prefix (error->message + strlen (start), cases[i].described));
        }
}

static void
test_left_out (void)
{
  g_auto(Document) document = { NULL };

  document_init (&document, ALL_TYPES);

  for (Get which = GET_OBJECT; which < N_GETS; which++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (get (&document.reader, "nothing", which, FALSE, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
      g_assert_cmpstr (error->message, ==, "field \"nothing\" is missing");
      g_clear_error (&error);

      g_assert_false (get (&document.reader, "null", which, FALSE, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
      g_assert_cmpstr (error->message, ==, "field \"null\" is null");
      g_clear_error (&error);

      if (which == GET_TEXT)
        continue;
      g_assert_true (get (&document.reader, "nothing", which, TRUE, &error));
      g_assert_true (get (&document.reader, "null", which, TRUE, &error));
      g_assert_no_error (error);
    }

  g_assert_true (till_json_reader_has (&document.reader, "int"));
  g_assert_false (till_json_reader_has (&document.reader, "null"));
  g_assert_false (till_json_reader_has (&document.reader, "nothing"));
}

static void
test_fallbacks (void)
{
  g_auto(Document) document = { NULL };
  TillJsonReader place;
  const char *string = "untouched";
  gint64 number = 1;
  gboolean truth = FALSE;

  document_init (&document, "{\"a\":\"x\",\"n\":5,\"t\":\"1970-01-01T00:00:07Z\",\"b\":false}");

  g_assert_true (till_json_reader_optional_string (&document.reader, "no", 10, &string, NULL));
  g_assert_null (string);
  g_assert_true (till_json_reader_optional_string (&document.reader, "a", 10, &string, NULL));
  g_assert_cmpstr (string, ==, "x");
  g_assert_true (till_json_reader_optional_int (&document.reader, "no", 0, 10, -99, &number, NULL));
  g_assert_cmpint (number, ==, -99);
  g_assert_true (till_json_reader_optional_int (&document.reader, "n", 0, 10, -99, &number, NULL));
  g_assert_cmpint (number, ==, 5);
  g_assert_true (till_json_reader_optional_time (&document.reader, "no", G_MAXINT64, &number, NULL));
  g_assert_cmpint (number, ==, G_MAXINT64);
  g_assert_true (till_json_reader_optional_time (&document.reader, "t", 0, &number, NULL));
  g_assert_cmpint (number, ==, 7);
  g_assert_true (till_json_reader_optional_bool (&document.reader, "no", TRUE, &truth, NULL));
  g_assert_true (truth);
  g_assert_true (till_json_reader_optional_bool (&document.reader, "b", TRUE, &truth, NULL));
  g_assert_false (truth);
  g_assert_true (till_json_reader_optional_object (&document.reader, "no", &place, NULL));
  g_assert_false (till_json_reader_is_present (&place));
  g_assert_true (till_json_reader_optional_array (&document.reader, "no", &place, NULL));
  g_assert_cmpuint (till_json_reader_get_length (&place), ==, 0);
}

static void
test_integers (void)
{
  static const struct
  {
    const char *value;
    gboolean    good;
    gint64      number;
  } cases[] = {
    { "0", TRUE, 0 },
    { "-0", TRUE, 0 },
    { "5", TRUE, 5 },
    { "-5", TRUE, -5 },
    { "9007199254740992", TRUE, G_GINT64_CONSTANT (9007199254740992) },
    { "-9007199254740992", TRUE, G_GINT64_CONSTANT (-9007199254740992) },
    { "5.0", TRUE, 5 },
    { "1e3", TRUE, 1000 },
    { "-2.5e1", TRUE, -25 },
    { "1.5", FALSE, 0 },
    { "1e-3", FALSE, 0 },
    { "1e300", FALSE, 0 },
    { "9007199254740993.0e1", FALSE, 0 },
    { "\"0\"", TRUE, 0 },
    { "\"889\"", TRUE, 889 },
    { "\"-1\"", TRUE, -1 },
    { "\"1800000\"", TRUE, 1800000 },
    { "\"007\"", TRUE, 7 },
    { "\"9007199254740992\"", TRUE, G_GINT64_CONSTANT (9007199254740992) },
    { "\"9007199254740993\"", FALSE, 0 },
    { "\"99999999999999999999999999999999999\"", FALSE, 0 },
    { "\"\"", FALSE, 0 },
    { "\"-\"", FALSE, 0 },
    { "\"--1\"", FALSE, 0 },
    { "\"+1\"", FALSE, 0 },
    { "\" 1\"", FALSE, 0 },
    { "\"1 \"", FALSE, 0 },
    { "\"1.0\"", FALSE, 0 },
    { "\"1e3\"", FALSE, 0 },
    { "\"0x10\"", FALSE, 0 },
    { "\"abc\"", FALSE, 0 },
    { "\"\\u0661\"", FALSE, 0 },
    { "true", FALSE, 0 },
    { "[]", FALSE, 0 },
    { "[5]", FALSE, 0 },
    { "{}", FALSE, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"n\":%s}", cases[i].value);
      g_auto(Document) document = { NULL };
      g_autoptr(GError) error = NULL;
      gint64 number = 4242;

      g_test_message ("%s", text);
      document_init (&document, text);
      g_assert_cmpint (till_json_reader_int (&document.reader, "n", G_MININT64, G_MAXINT64, &number, &error),
                       ==, cases[i].good);
      g_assert_cmpint (number, ==, cases[i].good ? cases[i].number : 4242);
      if (!cases[i].good)
        g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
    }
}

static void
test_ranges (void)
{
  static const struct
  {
    gint64   value;
    gboolean good;
  } cases[] = { { -1, FALSE }, { 0, TRUE }, { 1000, TRUE }, { 1001, FALSE } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"count\":\"%" G_GINT64_FORMAT "\"}", cases[i].value);
      g_auto(Document) document = { NULL };
      g_autoptr(GError) error = NULL;
      gint64 number;

      document_init (&document, text);
      g_assert_cmpint (till_json_reader_int (&document.reader, "count", 0, 1000, &number, &error), ==, cases[i].good);
      if (!cases[i].good)
        g_assert_cmpstr (error->message, ==, "field \"count\" is out of range: 0 to 1000 is expected");
    }
}

static void
test_lengths (void)
{
  g_auto(Document) document = { NULL };
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  const char *string = NULL;

  document_init (&document, "{\"s\":\"€€€\",\"e\":\"\",\"n\":12345}");

  g_assert_true (till_json_reader_string (&document.reader, "s", 3, 3, &string, &error));
  g_assert_false (till_json_reader_string (&document.reader, "s", 4, 9, &string, &error));
  g_assert_cmpstr (error->message, ==, "field \"s\" is too short: 3 characters where 4 are the least");
  g_clear_error (&error);
  g_assert_false (till_json_reader_string (&document.reader, "s", 0, 2, &string, &error));
  g_assert_cmpstr (error->message, ==, "field \"s\" is too long: 3 characters where 2 are the most");
  g_clear_error (&error);
  g_assert_false (till_json_reader_optional_string (&document.reader, "s", 2, &string, &error));
  g_clear_error (&error);

  g_assert_true (till_json_reader_string (&document.reader, "e", 0, 5, &string, &error));
  g_assert_cmpstr (string, ==, "");
  g_assert_false (till_json_reader_string (&document.reader, "e", 1, 5, &string, &error));
  g_clear_error (&error);

  text = till_json_reader_dup_text (&document.reader, "n", 5, 5, &error);
  g_assert_cmpstr (text, ==, "12345");
  g_assert_null (till_json_reader_dup_text (&document.reader, "n", 0, 4, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
}

static void
test_paths (void)
{
  g_auto(Document) document = { NULL };
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  TillJsonReader details, list, element, inner, deeper, innermost;
  gint64 number;
  const char *string;

  document_init (&document,
                 "{\"asymmetricKeyDetails\":{\"validTo\":[],\"validFrom\":\"2026-02-31T00:00:00Z\"},"
                 "\"templates\":[{\"name\":\"a\"},{\"name\":7},3,null,[[true]]],\"a\\nb\":1}");

  g_assert_true (till_json_reader_object (&document.reader, "asymmetricKeyDetails", &details, &error));
  g_assert_false (till_json_reader_time (&details, "validTo", &number, &error));
  g_assert_cmpstr (error->message, ==,
                   "field \"asymmetricKeyDetails.validTo\" has an unexpected form: an array where a time is expected");
  g_assert_cmpstr (till_error_get_detail (error), ==, "asymmetricKeyDetails.validTo");
  g_clear_error (&error);

  g_assert_false (till_json_reader_time (&details, "validFrom", &number, &error));
  g_assert_cmpstr (error->message, ==,
                   "field \"asymmetricKeyDetails.validFrom\" has an unexpected form: "
                   "date not readable: \"2026-02-31T00:00:00Z\": there is no such time");
  g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_BAD_TIME);
  g_clear_error (&error);

  g_assert_true (till_json_reader_array (&document.reader, "templates", &list, &error));
  g_assert_cmpuint (till_json_reader_get_length (&list), ==, 5);

  till_json_reader_element (&list, 0, &element);
  g_assert_true (till_json_reader_string (&element, "name", 1, 10, &string, &error));
  till_json_reader_element (&list, 1, &element);
  g_assert_false (till_json_reader_string (&element, "name", 1, 10, &string, &error));
  g_assert_cmpstr (till_error_get_detail (error), ==, "templates[1].name");
  g_clear_error (&error);

  /* The element itself; members of what has none. */
  till_json_reader_element (&list, 2, &element);
  g_assert_true (till_json_reader_int (&element, NULL, 3, 3, &number, &error));
  g_assert_false (till_json_reader_string (&element, NULL, 1, 10, &string, &error));
  g_assert_cmpstr (error->message, ==,
                   "field \"templates[2]\" has an unexpected form: a number where a string is expected");
  g_clear_error (&error);
  g_assert_false (till_json_reader_optional_string (&element, "name", 10, &string, &error));
  g_assert_cmpstr (error->message, ==,
                   "field \"templates[2]\" has an unexpected form: a number where an object is expected");
  g_clear_error (&error);
  g_assert_false (till_json_reader_has (&element, "name"));
  g_assert_cmpuint (till_json_reader_get_length (&element), ==, 0);

  till_json_reader_element (&list, 3, &element);
  g_assert_false (till_json_reader_object (&element, NULL, &inner, &error));
  g_assert_cmpstr (error->message, ==, "field \"templates[3]\" is null");
  g_clear_error (&error);
  g_assert_false (till_json_reader_int (&element, "x", 0, 1, &number, &error));
  g_clear_error (&error);

  till_json_reader_element (&list, 4, &element);
  g_assert_true (till_json_reader_array (&element, NULL, &inner, &error));
  till_json_reader_element (&inner, 0, &deeper);
  till_json_reader_element (&deeper, 0, &innermost);
  g_assert_false (till_json_reader_int (&innermost, NULL, 0, 1, &number, &error));
  g_assert_cmpstr (till_error_get_detail (error), ==, "templates[4][0][0]");
  g_clear_error (&error);

  path = till_json_reader_dup_path (&document.reader, "a\nb");
  g_assert_cmpstr (path, ==, "a\\x0ab");
}

static void
test_root (void)
{
  g_auto(Document) list = { NULL };
  g_auto(Document) null = { NULL };
  g_auto(Document) scalar = { NULL };
  g_autoptr(GError) error = NULL;
  TillJsonReader place;
  gint64 number;

  document_init (&list, "[]");
  g_assert_false (till_json_reader_object (&list.reader, NULL, &place, &error));
  g_assert_cmpstr (error->message, ==, "the document has an unexpected form: an array where an object is expected");
  g_clear_error (&error);
  g_assert_false (till_json_reader_int (&list.reader, "x", 0, 1, &number, &error));
  g_assert_cmpstr (error->message, ==, "the document has an unexpected form: an array where an object is expected");
  g_clear_error (&error);
  g_assert_true (till_json_reader_array (&list.reader, NULL, &place, &error));

  document_init (&null, "null");
  g_assert_false (till_json_reader_object (&null.reader, NULL, &place, &error));
  g_assert_cmpstr (error->message, ==, "the document is null");
  g_clear_error (&error);

  document_init (&scalar, "\"5\"");
  g_assert_true (till_json_reader_int (&scalar.reader, NULL, 5, 5, &number, &error));
  g_assert_no_error (error);
}

/* A value may be a secret: no message repeats one. */
static void
test_no_values (void)
{
  g_auto(Document) document = { NULL };

  document_init (&document, "{\"a\":\"CANARY\",\"b\":[\"CANARY\"],\"c\":{\"CANARY\":\"CANARY\"},\"d\":12345678987}");

  for (const char * const *member = (const char * const[]) { "a", "b", "c", "d", NULL }; *member != NULL; member++)
    for (Get which = GET_OBJECT; which < N_GETS; which++)
      {
        g_autoptr(GError) error = NULL;

        /* A time that can't be read is shown; it is no secret. */
        if (get (&document.reader, *member, which, FALSE, &error) || which == GET_TIME)
          continue;
        g_assert_null (strstr (error->message, "CANARY"));
        g_assert_null (strstr (error->message, "12345678987"));
      }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json-reader/parse", test_parse);
  g_test_add_func ("/json-reader/types", test_types);
  g_test_add_func ("/json-reader/left-out", test_left_out);
  g_test_add_func ("/json-reader/fallbacks", test_fallbacks);
  g_test_add_func ("/json-reader/integers", test_integers);
  g_test_add_func ("/json-reader/ranges", test_ranges);
  g_test_add_func ("/json-reader/lengths", test_lengths);
  g_test_add_func ("/json-reader/paths", test_paths);
  g_test_add_func ("/json-reader/root", test_root);
  g_test_add_func ("/json-reader/no-values", test_no_values);

  return g_test_run ();
}
