/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes into the JSON scanner; what it lets through, into json-glib and the reader. */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "till-error.h"
#include "till-json-reader.h"
#include "till-json-scan.h"
#include "till-limits.h"

/* Asks each getter for a place and goes on below it. */
static void
read_place (const TillJsonReader *place,
            const char           *member)
{
  TillJsonReader inside;
  TillJsonReader element;
  const char *string;
  g_autofree char *text = till_json_reader_dup_text (place, member, 0, 100, NULL);
  g_autofree char *path = till_json_reader_dup_path (place, member);
  gint64 number;
  gboolean truth;

  g_assert (g_utf8_validate (path, -1, NULL));
  g_assert (text == NULL || g_utf8_strlen (text, -1) <= 100);
  if (till_json_reader_string (place, member, 1, 1000, &string, NULL))
    g_assert (string != NULL && string[0] != '\0');
  if (till_json_reader_int (place, member, -5, 5, &number, NULL))
    g_assert (number >= -5 && number <= 5);
  (void) till_json_reader_time (place, member, &number, NULL);
  (void) till_json_reader_optional_bool (place, member, TRUE, &truth, NULL);

  if (till_json_reader_array (place, member, &inside, NULL))
    for (guint i = 0; i < till_json_reader_get_length (&inside); i++)
      {
        till_json_reader_element (&inside, i, &element);
        read_place (&element, NULL);
      }

  if (till_json_reader_object (place, member, &inside, NULL))
    {
      JsonObjectIter iter;
      const char *name;

      json_object_iter_init (&iter, json_node_get_object (inside.node));
      while (json_object_iter_next (&iter, &name, NULL))
        read_place (&inside, name);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) root = NULL;
  TillJsonReader reader;

  if (!till_json_scan ((const char *) data, size, TILL_LIMIT_JSON_BYTES, &error))
    {
      g_assert (error != NULL && error->domain == TILL_ERROR && error->code == TILL_ERROR_PROTOCOL);
      g_assert (g_utf8_validate (error->message, -1, NULL));
      g_assert (till_error_get_have (error) >= 0 && till_error_get_have (error) <= (gint64) size);
      return 0;
    }

  /* The scanner's promise: json-glib reads it, and reads all of it. */
  g_assert (error == NULL);
  root = till_json_parse ((const char *) data, size, TILL_LIMIT_JSON_BYTES, &error);
  if (root == NULL)
    g_error ("json-glib: %s", error->message);

  till_json_reader_init (&reader, root);
  read_place (&reader, NULL);

  return 0;
}
