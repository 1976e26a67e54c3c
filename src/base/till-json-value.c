/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading JSON of others: the checked getters of values. */
#include "config.h"

#include "till-json-reader.h"

#include "till-json-reader-private.h"
#include "till-time.h"

/* RFC 8259 6; the scanner lets no larger integer through. */
#define MAX_INTEGER G_GINT64_CONSTANT (9007199254740992)

static gboolean
check_length (const TillJsonReader  *self,
              const char            *member,
              const char            *value,
              gsize                  min_chars,
              gsize                  max_chars,
              GError               **error)
{
  gsize length = (gsize) g_utf8_strlen (value, -1);

  if (length < min_chars)
    return till_json_reader_fail (self, member, TILL_REASON_MALFORMED, error,
                                  "is too short: %" G_GSIZE_FORMAT " characters where %" G_GSIZE_FORMAT
                                  " are the least", length, min_chars);
  if (length > max_chars)
    return till_json_reader_fail (self, member, TILL_REASON_MALFORMED, error,
                                  "is too long: %" G_GSIZE_FORMAT " characters where %" G_GSIZE_FORMAT
                                  " are the most", length, max_chars);

  return TRUE;
}

/**
 * till_json_reader_string:
 * @self: a place
 * @member: (nullable): the name of a member, %NULL for the place itself
 * @min_chars: the fewest characters
 * @max_chars: the most characters
 * @value: (out) (transfer none): the string; belongs to the document
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL
 *
 * Reads a string that must be there. A number is not a string, see
 * till_json_reader_dup_text().
 *
 * Returns: whether it was read
 */
gboolean
till_json_reader_string (const TillJsonReader  *self,
                         const char            *member,
                         gsize                  min_chars,
                         gsize                  max_chars,
                         const char           **value,
                         GError               **error)
{
  JsonNode *node;

  g_return_val_if_fail (self != NULL && value != NULL, FALSE);

  if (!till_json_reader_find_required (self, member, &node, error))
    return FALSE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return till_json_reader_fail_type (self, member, node, "a string", error);
  if (!check_length (self, member, json_node_get_string (node), min_chars, max_chars, error))
    return FALSE;

  *value = json_node_get_string (node);
  return TRUE;
}

/**
 * till_json_reader_optional_string:
 * @self: a place
 * @member: (nullable): the name of a member, %NULL for the place itself
 * @max_chars: the most characters
 * @value: (out) (transfer none) (nullable): the string, or %NULL
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL
 *
 * Like till_json_reader_string(), for one that may be left out or empty.
 *
 * Returns: whether it was read or is left out
 */
gboolean
till_json_reader_optional_string (const TillJsonReader  *self,
                                  const char            *member,
                                  gsize                  max_chars,
                                  const char           **value,
                                  GError               **error)
{
  JsonNode *node;

  g_return_val_if_fail (self != NULL && value != NULL, FALSE);

  if (!till_json_reader_find (self, member, &node, error))
    return FALSE;
  if (node != NULL)
    return till_json_reader_string (self, member, 0, max_chars, value, error);

  *value = NULL;
  return TRUE;
}

/* A number that is an integer, written as such, as 5.0 or as "5". */
static gboolean
read_integer (JsonNode *node,
              gint64   *value)
{
  const char *p;
  gboolean negative;

  if (!JSON_NODE_HOLDS_VALUE (node))
    return FALSE;

  switch (json_node_get_value_type (node))
    {
    case G_TYPE_INT64:
      *value = json_node_get_int (node);
      return TRUE;

    case G_TYPE_DOUBLE:
      {
        double number = json_node_get_double (node);

        /* Only within these is the cast defined. */
        if (!(number >= -(double) MAX_INTEGER && number <= (double) MAX_INTEGER))
          return FALSE;
        *value = (gint64) number;
        return (double) *value == number;
      }

    case G_TYPE_STRING:
      p = json_node_get_string (node);
      negative = *p == '-';
      if (negative)
        p++;
      if (*p == '\0')
        return FALSE;

      for (*value = 0; g_ascii_isdigit (*p); p++)
        {
          *value = *value * 10 + (*p - '0');
          if (*value > MAX_INTEGER)
            return FALSE;
        }

      if (negative)
        *value = -*value;
      return *p == '\0';

    default:
      return FALSE;
    }
}

/**
 * till_json_reader_dup_text:
 * @self: a place
 * @member: (nullable): the name of a member, %NULL for the place itself
 * @min_chars: the fewest characters
 * @max_chars: the most characters
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL
 *
 * Reads a text that services also write as a number (API.md 7), as
 * identifiers are.
 *
 * Returns: (transfer full) (nullable): the text, %NULL with @error set
 */
char *
till_json_reader_dup_text (const TillJsonReader  *self,
                           const char            *member,
                           gsize                  min_chars,
                           gsize                  max_chars,
                           GError               **error)
{
  g_autofree char *text = NULL;
  JsonNode *node;
  gint64 number;

  g_return_val_if_fail (self != NULL, NULL);

  if (!till_json_reader_find_required (self, member, &node, error))
    return NULL;

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    {
      text = g_strdup (json_node_get_string (node));
    }
  else if (read_integer (node, &number))
    {
      text = g_strdup_printf ("%" G_GINT64_FORMAT, number);
    }
  else
    {
      till_json_reader_fail_type (self, member, node, "a text", error);
      return NULL;
    }

  if (!check_length (self, member, text, min_chars, max_chars, error))
    return NULL;

  return g_steal_pointer (&text);
}

/**
 * till_json_reader_int:
 * @self: a place
 * @member: (nullable): the name of a member, %NULL for the place itself
 * @min: the smallest value
 * @max: the largest value
 * @value: (out): the number
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL
 *
 * Reads an integer that must be there, also where the service writes it as a
 * string (API.md 7).
 *
 * Returns: whether it was read
 */
gboolean
till_json_reader_int (const TillJsonReader  *self,
                      const char            *member,
                      gint64                 min,
                      gint64                 max,
                      gint64                *value,
                      GError               **error)
{
  JsonNode *node;
  gint64 number;

  g_return_val_if_fail (self != NULL && value != NULL, FALSE);

  if (!till_json_reader_find_required (self, member, &node, error))
    return FALSE;
  if (!read_integer (node, &number))
    return till_json_reader_fail_type (self, member, node, "an integer", error);
  if (number < min || number > max)
    return till_json_reader_fail (self, member, TILL_REASON_MALFORMED, error,
                                  "is out of range: %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT " is expected",
                                  min, max);

  *value = number;
  return TRUE;
}

/**
 * till_json_reader_optional_int:
 * @self: a place
 * @member: (nullable): the name of a member, %NULL for the place itself
 * @min: the smallest value
 * @max: the largest value
 * @fallback: what to take where it is left out; any value
 * @value: (out): the number
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL
 *
 * Like till_json_reader_int(), for one that may be left out.
 *
 * Returns: whether it was read or is left out
 */
gboolean
till_json_reader_optional_int (const TillJsonReader  *self,
                               const char            *member,
                               gint64                 min,
                               gint64                 max,
                               gint64                 fallback,
                               gint64                *value,
                               GError               **error)
{
  JsonNode *node;

  g_return_val_if_fail (self != NULL && value != NULL, FALSE);

  if (!till_json_reader_find (self, member, &node, error))
    return FALSE;
  if (node != NULL)
    return till_json_reader_int (self, member, min, max, value, error);

  *value = fallback;
  return TRUE;
}

/**
 * till_json_reader_bool:
 * @self: a place
 * @member: (nullable): the name of a member, %NULL for the place itself
 * @value: (out): the truth
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL
 *
 * Reads true or false, which must be there. 0, 1 and "true" are neither.
 *
 * Returns: whether it was read
 */
gboolean
till_json_reader_bool (const TillJsonReader  *self,
                       const char            *member,
                       gboolean              *value,
                       GError               **error)
{
  JsonNode *node;

  g_return_val_if_fail (self != NULL && value != NULL, FALSE);

  if (!till_json_reader_find_required (self, member, &node, error))
    return FALSE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return till_json_reader_fail_type (self, member, node, "a truth value", error);

  *value = json_node_get_boolean (node);
  return TRUE;
}

/**
 * till_json_reader_optional_bool:
 * @self: a place
 * @member: (nullable): the name of a member, %NULL for the place itself
 * @fallback: what to take where it is left out
 * @value: (out): the truth
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL
 *
 * Like till_json_reader_bool(), for one that may be left out.
 *
 * Returns: whether it was read or is left out
 */
gboolean
till_json_reader_optional_bool (const TillJsonReader  *self,
                                const char            *member,
                                gboolean               fallback,
                                gboolean              *value,
                                GError               **error)
{
  JsonNode *node;

  g_return_val_if_fail (self != NULL && value != NULL, FALSE);

  if (!till_json_reader_find (self, member, &node, error))
    return FALSE;
  if (node != NULL)
    return till_json_reader_bool (self, member, value, error);

  *value = fallback;
  return TRUE;
}

/**
 * till_json_reader_time:
 * @self: a place
 * @member: (nullable): the name of a member, %NULL for the place itself
 * @seconds: (out): seconds since 1970, UTC
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL, %TILL_REASON_BAD_TIME where
 *   it is a string but no time
 *
 * Reads a time that must be there, see till_time_parse().
 *
 * Returns: whether it was read
 */
gboolean
till_json_reader_time (const TillJsonReader  *self,
                       const char            *member,
                       gint64                *seconds,
                       GError               **error)
{
  g_autoptr(GError) reason = NULL;
  JsonNode *node;

  g_return_val_if_fail (self != NULL && seconds != NULL, FALSE);

  if (!till_json_reader_find_required (self, member, &node, error))
    return FALSE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return till_json_reader_fail_type (self, member, node, "a time", error);
  if (!till_time_parse (json_node_get_string (node), seconds, &reason))
    return till_json_reader_fail (self, member, TILL_REASON_BAD_TIME, error,
                                  "has an unexpected form: %s", reason->message);

  return TRUE;
}

/**
 * till_json_reader_optional_time:
 * @self: a place
 * @member: (nullable): the name of a member, %NULL for the place itself
 * @fallback: what to take where it is left out; any value
 * @seconds: (out): seconds since 1970, UTC
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL
 *
 * Like till_json_reader_time(), for one that may be left out.
 *
 * Returns: whether it was read or is left out
 */
gboolean
till_json_reader_optional_time (const TillJsonReader  *self,
                                const char            *member,
                                gint64                 fallback,
                                gint64                *seconds,
                                GError               **error)
{
  JsonNode *node;

  g_return_val_if_fail (self != NULL && seconds != NULL, FALSE);

  if (!till_json_reader_find (self, member, &node, error))
    return FALSE;
  if (node != NULL)
    return till_json_reader_time (self, member, seconds, error);

  *seconds = fallback;
  return TRUE;
}
