/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commerce Hub, pretended: the fields of a request, taken as they are documented and no other way. */
#include "config.h"

#include <string.h>

#include "till-sandbox-hub-private.h"

#define LONGEST_MERCHANT 1024

static gboolean
refuse_field (TillCall   *call,
              const char *code,
              const char *place,
              const char *member)
{
  g_autofree char *path = place != NULL ? g_strdup_printf ("%s.%s", place, member) : g_strdup (member);

  till_hub_refuse (call, SOUP_STATUS_BAD_REQUEST, code, path);

  return FALSE;
}

static gboolean
has_control (const char *text)
{
  for (; *text != '\0'; text++)
    {
      if (g_ascii_iscntrl (*text))
        return TRUE;
    }

  return FALSE;
}

/**
 * till_hub_get_string:
 * @call: a call
 * @object: of its body
 * @place: (nullable): the path of @object
 * @member: of @object
 * @required: whether it must be there
 * @max_chars: the most characters
 * @value: (out) (transfer none) (nullable): the string, %NULL where it is left out or null
 *
 * Returns: whether it is as it should be; otherwise the call is answered and freed
 */
gboolean
till_hub_get_string (TillCall    *call,
                     JsonObject  *object,
                     const char  *place,
                     const char  *member,
                     gboolean     required,
                     gsize        max_chars,
                     const char **value)
{
  JsonNode *node = json_object_get_member (object, member);

  *value = NULL;
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return required ? refuse_field (call, "107", place, member) : TRUE;

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return refuse_field (call, "100", place, member);

  *value = json_node_get_string (node);
  if ((required && **value == '\0') || (gsize) g_utf8_strlen (*value, -1) > max_chars)
    return refuse_field (call, "100", place, member);

  return TRUE;
}

/**
 * till_hub_get_int:
 * @call: a call
 * @object: of its body
 * @place: the path of @object
 * @member: of @object
 * @value: (out): the number
 *
 * Returns: whether it is there and an integer; otherwise the call is answered and freed
 */
gboolean
till_hub_get_int (TillCall   *call,
                  JsonObject *object,
                  const char *place,
                  const char *member,
                  gint64     *value)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return refuse_field (call, "107", place, member);
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return refuse_field (call, "100", place, member);

  *value = json_node_get_int (node);
  return TRUE;
}

/**
 * till_hub_get_object:
 * @call: a call
 * @member: of its body
 * @value: (out) (transfer none) (nullable): the object, %NULL where it is left out or null
 *
 * Returns: whether it is an object or left out; otherwise the call is answered and freed
 */
gboolean
till_hub_get_object (TillCall    *call,
                     const char  *member,
                     JsonObject **value)
{
  TillHubCall *details = call->details;
  JsonNode *node = json_object_get_member (details->object, member);

  *value = NULL;
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return refuse_field (call, "100", NULL, member);

  *value = json_node_get_object (node);
  return TRUE;
}

/**
 * till_hub_check_members:
 * @call: a call
 * @object: of its body
 * @place: (nullable): the path of @object
 * @known: (array zero-terminated=1): the members that are documented
 *
 * Returns: whether there are no others, or they are ignored; otherwise the call
 *   is answered and freed
 */
gboolean
till_hub_check_members (TillCall           *call,
                        JsonObject         *object,
                        const char         *place,
                        const char * const *known)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (till_assumptions_is (&call->server->assumptions, TILL_ASSUME_UNKNOWN_FIELDS, "ignore"))
    return TRUE;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &node))
    {
      if (!g_strv_contains (known, name))
        return refuse_field (call, "101", place, name);
    }

  return TRUE;
}

/**
 * till_hub_check_merchant:
 * @call: a call
 * @required: whether merchantDetails must be there
 *
 * Steps 8 and 9 of API.md 1.10 for merchantDetails.
 *
 * Returns: whether it is that of the sandbox; otherwise the call is answered and freed
 */
gboolean
till_hub_check_merchant (TillCall *call,
                         gboolean  required)
{
  static const char * const known[] = { "merchantId", "terminalId", NULL };
  static const char place[] = "merchantDetails";
  TillSandboxServer *server = call->server;
  gboolean any = till_assumptions_is (&server->assumptions, TILL_ASSUME_UNKNOWN_MERCHANT, "accept");
  gboolean terminal_required = till_assumptions_is (&server->assumptions, TILL_ASSUME_TERMINAL, "required");
  const char *merchant;
  const char *terminal;
  JsonObject *object;

  if (!till_hub_get_object (call, place, &object))
    return FALSE;
  if (object == NULL)
    return required ? refuse_field (call, "107", NULL, place) : TRUE;

  if (!till_hub_get_string (call, object, place, "merchantId", required, LONGEST_MERCHANT, &merchant) ||
      !till_hub_get_string (call, object, place, "terminalId", required && terminal_required,
                            LONGEST_MERCHANT, &terminal) ||
      !till_hub_check_members (call, object, place, known))
    return FALSE;

  if (merchant != NULL && has_control (merchant))
    return refuse_field (call, "123", place, "merchantId");
  if (terminal != NULL && has_control (terminal))
    return refuse_field (call, "123", place, "terminalId");
  if (merchant != NULL && !any && strcmp (merchant, server->info.hub_merchant) != 0)
    return refuse_field (call, "201", place, "merchantId");
  if (terminal != NULL && !any && strcmp (terminal, server->info.hub_terminal) != 0)
    return refuse_field (call, "202", place, "terminalId");

  return TRUE;
}
