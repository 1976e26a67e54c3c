/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading JSON of others: the document and the places in it. */
#include "config.h"

#include "till-json-reader.h"

#include "till-escape.h"
#include "till-json-reader-private.h"
#include "till-json-scan.h"

/* How much of a foreign name stands in a path. */
#define NAME_CHARS 64

/**
 * till_json_parse:
 * @text: (array length=length): a document, not trusted
 * @length: its size in bytes
 * @limit: the most bytes it may have, see till-limits.h
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL
 *
 * Parses what till_json_scan() lets through. Not for documents that hold a
 * secret: the nodes are plain memory (RELIABILITY.md G1).
 *
 * Returns: (transfer full) (nullable): the root, %NULL with @error set
 */
JsonNode *
till_json_parse (const char  *text,
                 gsize        length,
                 gsize        limit,
                 GError     **error)
{
  g_autoptr(JsonParser) parser = NULL;
  g_autoptr(GError) reason = NULL;
  JsonNode *root = NULL;

  if (!till_json_scan (text, length, limit, error))
    return NULL;

  parser = json_parser_new_immutable ();
  if (json_parser_load_from_data (parser, text, (gssize) length, &reason))
    root = json_parser_steal_root (parser);

  if (root == NULL)
    till_set_error (error, TILL_ERROR_PROTOCOL, TILL_REASON_MALFORMED, NULL, NULL,
                    "JSON cannot be read: %s", reason != NULL ? reason->message : "it has no root");

  return root;
}

/**
 * till_json_parse_bytes:
 * @bytes: a document, not trusted
 * @limit: the most bytes it may have, see till-limits.h
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL
 *
 * Like till_json_parse().
 *
 * Returns: (transfer full) (nullable): the root, %NULL with @error set
 */
JsonNode *
till_json_parse_bytes (GBytes  *bytes,
                       gsize    limit,
                       GError **error)
{
  const char *text;
  gsize length;

  g_return_val_if_fail (bytes != NULL, NULL);

  text = g_bytes_get_data (bytes, &length);

  return till_json_parse (text, length, limit, error);
}

/**
 * till_json_reader_init:
 * @self: (out caller-allocates): a reader
 * @root: (transfer none): the root of a document; outlives @self
 *
 * Places a reader at the root.
 */
void
till_json_reader_init (TillJsonReader *self,
                       JsonNode       *root)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (root != NULL);

  *self = (TillJsonReader) { .node = root };
}

/**
 * till_json_reader_is_present:
 * @self: a place that was optional
 *
 * Returns: whether there is anything
 */
gboolean
till_json_reader_is_present (const TillJsonReader *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->node != NULL && !json_node_is_null (self->node);
}

static void
append_path (GString              *path,
             const TillJsonReader *place)
{
  if (place->parent == NULL)
    return;

  append_path (path, place->parent);

  if (place->name == NULL)
    {
      g_string_append_printf (path, "[%u]", place->index);
    }
  else
    {
      g_autofree char *shown = till_escape (place->name, -1, NAME_CHARS);

      g_string_append_printf (path, "%s%s", path->len > 0 ? "." : "", shown);
    }
}

/**
 * till_json_reader_dup_path:
 * @self: a place
 * @member: (nullable): the name of a member, %NULL for the place itself
 *
 * Returns: (transfer full): its path, such as "templates[2].name"; empty for
 *   the root
 */
char *
till_json_reader_dup_path (const TillJsonReader *self,
                           const char           *member)
{
  TillJsonReader place = { .parent = self, .name = member };
  GString *path;

  g_return_val_if_fail (self != NULL, NULL);

  path = g_string_new (NULL);
  append_path (path, member != NULL ? &place : self);

  return g_string_free (path, FALSE);
}

/**
 * till_json_reader_fail:
 * @self: a place
 * @member: (nullable): the name of a member, %NULL for the place itself
 * @reason: the finer reason
 * @error: (out) (optional): where to put it
 * @format: what is wrong, to stand behind the name of the field
 *
 * Makes the error of a field.
 *
 * Returns: %FALSE, so that it can be returned
 */
gboolean
till_json_reader_fail (const TillJsonReader  *self,
                       const char            *member,
                       TillErrorReason        reason,
                       GError               **error,
                       const char            *format,
                       ...)
{
  g_autofree char *path = till_json_reader_dup_path (self, member);
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);

  if (path[0] == '\0')
    till_set_error (error, TILL_ERROR_PROTOCOL, reason, path, NULL, "the document %s", what);
  else
    till_set_error (error, TILL_ERROR_PROTOCOL, reason, path, NULL, "field \"%s\" %s", path, what);

  return FALSE;
}

/* "a number": what stands there, for a message. */
static const char *
describe (JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return "an object";
  if (JSON_NODE_HOLDS_ARRAY (node))
    return "an array";
  if (JSON_NODE_HOLDS_NULL (node))
    return "null";

  switch (json_node_get_value_type (node))
    {
    case G_TYPE_STRING:
      return "a string";

    case G_TYPE_BOOLEAN:
      return "a truth value";

    default:
      return "a number";
    }
}

/**
 * till_json_reader_fail_type:
 * @self: a place
 * @member: (nullable): the name of a member, %NULL for the place itself
 * @node: what stands there
 * @expected: what should
 * @error: (out) (optional): where to put it
 *
 * Makes the error of a field that is of another type.
 *
 * Returns: %FALSE, so that it can be returned
 */
gboolean
till_json_reader_fail_type (const TillJsonReader  *self,
                            const char            *member,
                            JsonNode              *node,
                            const char            *expected,
                            GError               **error)
{
  return till_json_reader_fail (self, member, TILL_REASON_MALFORMED, error,
                                "has an unexpected form: %s where %s is expected",
                                describe (node), expected);
}

/**
 * till_json_reader_find:
 * @self: a place
 * @member: (nullable): the name of a member, %NULL for the place itself
 * @node: (out) (transfer none) (nullable): what stands there; %NULL where it is
 *   left out or null
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL
 *
 * Returns: whether it could be looked for; not where @self has no members
 */
gboolean
till_json_reader_find (const TillJsonReader  *self,
                       const char            *member,
                       JsonNode             **node,
                       GError               **error)
{
  *node = self->node;

  if (member != NULL)
    {
      if (!till_json_reader_is_present (self))
        return till_json_reader_fail (self, NULL, TILL_REASON_MALFORMED, error, "is missing");
      if (!JSON_NODE_HOLDS_OBJECT (self->node))
        return till_json_reader_fail_type (self, NULL, self->node, "an object", error);

      *node = json_object_get_member (json_node_get_object (self->node), member);
    }

  if (*node != NULL && JSON_NODE_HOLDS_NULL (*node))
    *node = NULL;

  return TRUE;
}

/**
 * till_json_reader_find_required:
 * @self: a place
 * @member: (nullable): the name of a member, %NULL for the place itself
 * @node: (out) (transfer none): what stands there
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL
 *
 * Returns: whether something stands there
 */
gboolean
till_json_reader_find_required (const TillJsonReader  *self,
                                const char            *member,
                                JsonNode             **node,
                                GError               **error)
{
  gboolean is_null;

  if (!till_json_reader_find (self, member, node, error))
    return FALSE;
  if (*node != NULL)
    return TRUE;

  is_null = member != NULL ? json_object_has_member (json_node_get_object (self->node), member)
                           : self->node != NULL;
  return till_json_reader_fail (self, member, TILL_REASON_MALFORMED, error, is_null ? "is null" : "is missing");
}

/**
 * till_json_reader_has:
 * @self: a place
 * @member: the name of a member
 *
 * Returns: whether @self is an object with that member, and it is not null
 */
gboolean
till_json_reader_has (const TillJsonReader *self,
                      const char           *member)
{
  JsonNode *node;

  g_return_val_if_fail (self != NULL && member != NULL, FALSE);

  return till_json_reader_find (self, member, &node, NULL) && node != NULL;
}

static gboolean
enter (const TillJsonReader  *self,
       const char            *member,
       JsonNodeType           type,
       gboolean               required,
       TillJsonReader        *place,
       GError               **error)
{
  JsonNode *node;

  if (!(required ? till_json_reader_find_required : till_json_reader_find) (self, member, &node, error))
    return FALSE;
  if (node != NULL && json_node_get_node_type (node) != type)
    return till_json_reader_fail_type (self, member, node, type == JSON_NODE_OBJECT ? "an object" : "an array", error);

  if (member == NULL)
    *place = *self;
  else
    *place = (TillJsonReader) { .parent = self, .name = member };
  place->node = node;

  return TRUE;
}

/**
 * till_json_reader_object:
 * @self: a place
 * @member: (nullable): the name of a member, %NULL for the place itself
 * @object: (out caller-allocates): a reader placed at the object
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL
 *
 * Goes into an object, which must be there. @member must outlive @object.
 *
 * Returns: whether it is an object
 */
gboolean
till_json_reader_object (const TillJsonReader  *self,
                         const char            *member,
                         TillJsonReader        *object,
                         GError               **error)
{
  g_return_val_if_fail (self != NULL && object != NULL, FALSE);

  return enter (self, member, JSON_NODE_OBJECT, TRUE, object, error);
}

/**
 * till_json_reader_optional_object:
 * @self: a place
 * @member: (nullable): the name of a member, %NULL for the place itself
 * @object: (out caller-allocates): a reader placed at the object; ask
 *   till_json_reader_is_present() first
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL
 *
 * Like till_json_reader_object(), for an object that may be left out.
 *
 * Returns: whether it is an object or left out
 */
gboolean
till_json_reader_optional_object (const TillJsonReader  *self,
                                  const char            *member,
                                  TillJsonReader        *object,
                                  GError               **error)
{
  g_return_val_if_fail (self != NULL && object != NULL, FALSE);

  return enter (self, member, JSON_NODE_OBJECT, FALSE, object, error);
}

/**
 * till_json_reader_array:
 * @self: a place
 * @member: (nullable): the name of a member, %NULL for the place itself
 * @array: (out caller-allocates): a reader placed at the array
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL
 *
 * Goes into an array, which must be there. @member must outlive @array.
 *
 * Returns: whether it is an array
 */
gboolean
till_json_reader_array (const TillJsonReader  *self,
                        const char            *member,
                        TillJsonReader        *array,
                        GError               **error)
{
  g_return_val_if_fail (self != NULL && array != NULL, FALSE);

  return enter (self, member, JSON_NODE_ARRAY, TRUE, array, error);
}

/**
 * till_json_reader_optional_array:
 * @self: a place
 * @member: (nullable): the name of a member, %NULL for the place itself
 * @array: (out caller-allocates): a reader placed at the array; it has no
 *   elements where it is left out
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL
 *
 * Like till_json_reader_array(), for an array that may be left out.
 *
 * Returns: whether it is an array or left out
 */
gboolean
till_json_reader_optional_array (const TillJsonReader  *self,
                                 const char            *member,
                                 TillJsonReader        *array,
                                 GError               **error)
{
  g_return_val_if_fail (self != NULL && array != NULL, FALSE);

  return enter (self, member, JSON_NODE_ARRAY, FALSE, array, error);
}

/**
 * till_json_reader_get_length:
 * @array: a place in an array
 *
 * Returns: how many elements it has; 0 where it is left out or no array
 */
guint
till_json_reader_get_length (const TillJsonReader *array)
{
  g_return_val_if_fail (array != NULL, 0);

  if (array->node == NULL || !JSON_NODE_HOLDS_ARRAY (array->node))
    return 0;

  return json_array_get_length (json_node_get_array (array->node));
}

/**
 * till_json_reader_element:
 * @array: a place in an array
 * @index: below till_json_reader_get_length()
 * @element: (out caller-allocates): a reader placed at the element; what it is
 *   is for the getters to find out, called with %NULL for the member
 *
 * Goes to an element.
 */
void
till_json_reader_element (const TillJsonReader *array,
                          guint                 index,
                          TillJsonReader       *element)
{
  g_return_if_fail (element != NULL);
  g_return_if_fail (index < till_json_reader_get_length (array));

  *element = (TillJsonReader) {
    .parent = array,
    .index = index,
    .node = json_array_get_element (json_node_get_array (array->node), index),
  };
}
