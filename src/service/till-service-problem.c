/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the body of a failure says, in each of the shapes that services are known to use. */
#include "config.h"

#include "till-service-private.h"

#include <string.h>

#include "till-limits.h"

/* How much of a body that is not JSON is looked at (API.md 1.7, item 6). */
#define RAW_BYTES 512

/* More entries of a list of failures say nothing new. */
#define MAX_ENTRIES 3

/*
 * Reading a failure must not fail itself: nothing here is required, and what
 * has another form than expected counts as left out.
 */

/* Returns: (nullable): the object that is the member; that of the root without a name */
static JsonObject *
get_object (JsonObject *object,
            const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* A text, also where it is written as a number. Empty ones say nothing. */
static char *
dup_text (JsonObject *object,
          const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;

  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  if (json_node_get_value_type (node) == G_TYPE_STRING && json_node_get_string (node)[0] != '\0')
    return g_strdup (json_node_get_string (node));

  return NULL;
}

static char *
dup_first_text (JsonObject         *object,
                const char * const *names)
{
  char *text = NULL;

  for (gsize i = 0; names[i] != NULL && text == NULL; i++)
    text = dup_text (object, names[i]);

  return text;
}

/* It becomes a part of a sentence of ours, so it loses its full stop. */
static void
append_message (TillServiceProblem *self,
                const char         *text)
{
  g_autofree char *part = g_strdup (text);
  char *joined;
  gsize size;

  if (part == NULL)
    return;

  g_strstrip (part);
  size = strlen (part);
  if (size > 0 && part[size - 1] == '.')
    part[size - 1] = '\0';

  if (part[0] == '\0' || (self->message != NULL && strstr (self->message, part) != NULL))
    return;

  joined = self->message != NULL ? g_strdup_printf ("%s; %s", self->message, part) : g_strdup (part);
  g_free (self->message);
  self->message = joined;
}

/* One entry of "error" (API.md 1.7). */
static void
read_entry (TillServiceProblem *self,
            JsonNode           *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *entry = json_node_get_object (node);
      g_autofree char *message = dup_first_text (entry, (const char *[]) { "message", "reason", NULL });

      append_message (self, message);
      if (self->code == NULL)
        self->code = dup_text (entry, "code");
      if (self->type == NULL)
        self->type = dup_text (entry, "type");
      if (self->field == NULL)
        self->field = dup_text (entry, "field");
      self->is_known = TRUE;
    }
  else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    {
      append_message (self, json_node_get_string (node));
      self->is_known = TRUE;
    }
}

/* An array of entries, or one alone. */
static gboolean
read_entries (TillServiceProblem *self,
              JsonObject         *object,
              const char         *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  if (node == NULL)
    return FALSE;

  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array) && i < MAX_ENTRIES; i++)
        read_entry (self, json_array_get_element (array, i));
    }
  else if (JSON_NODE_HOLDS_OBJECT (node) && json_object_get_size (json_node_get_object (node)) > 0)
    {
      read_entry (self, node);
    }

  return self->is_known;
}

static char *
dup_trace (JsonObject *envelope)
{
  JsonObject *details = get_object (get_object (envelope, "gatewayResponse"), "transactionProcessingDetails");

  return dup_text (details, "apiTraceId");
}

/* API.md 1.7, items 1 to 5 in their order. */
static void
read_hub (TillServiceProblem *self,
          JsonObject         *root)
{
  JsonObject *wrapped = get_object (root, "errorResponse");

  if (!read_entries (self, root, "error") &&
      !read_entries (self, wrapped, "error") &&
      !read_entries (self, get_object (root, "gatewayResponse"), "error") &&
      !read_entries (self, get_object (wrapped, "gatewayResponse"), "error"))
    read_entries (self, root, "details");

  self->trace_id = dup_trace (root);
  if (self->trace_id == NULL)
    self->trace_id = dup_trace (wrapped);
}

/* API.md 6.9: a fixed description of the status, and what is special. */
static void
read_wallet (TillServiceProblem *self,
             JsonObject         *root)
{
  g_autofree char *description = dup_first_text (root, (const char *[]) { "description", "error", "message", NULL });
  g_autofree char *details = dup_text (root, "details");

  append_message (self, description);
  append_message (self, details);
  self->code = dup_first_text (root, (const char *[]) { "code", "error_code", NULL });
  self->is_known = self->message != NULL || self->code != NULL;
}

/* API.md 5.6. */
static void
read_devices (TillServiceProblem *self,
              JsonObject         *root)
{
  g_autofree char *message = dup_text (get_object (root, "response"), "rmsg");

  if (message == NULL)
    message = dup_first_text (root, (const char *[]) { "message", "reason", NULL });

  append_message (self, message);
  self->code = dup_first_text (root, (const char *[]) { "code", "reason", NULL });
  read_entries (self, root, "details");
  self->is_known = self->message != NULL || self->code != NULL;
}

/**
 * till_service_problem_read:
 * @self: (out caller-allocates): what the body says
 * @service: whose it is
 * @answer: one whose status is no success
 *
 * Reads the body of a failure (API.md 1.7, 5.6, 6.9). Never fails.
 */
void
till_service_problem_read (TillServiceProblem *self,
                           TillService         service,
                           const TillAnswer   *answer)
{
  gsize size = till_secret_get_size (answer->body);
  const char *raw = (const char *) till_secret_get_data (answer->body);
  TillServiceCut cuts[] = {
    { .name = "accessToken" }, { .name = "sessionId" }, { .name = "password" }, { .name = "certificate" },
    { .name = "encodedPrivateKey" },
  };
  g_autoptr(JsonNode) node = NULL;

  *self = (TillServiceProblem) { 0 };

  if (till_service_is_web_page (answer->content_type, answer->body))
    {
      self->is_page = TRUE;
      return;
    }

  node = till_service_parse (answer->body, TILL_LIMIT_JSON_BYTES, cuts, G_N_ELEMENTS (cuts), NULL, NULL);
  till_service_cuts_clear (cuts, G_N_ELEMENTS (cuts));

  if (node == NULL)
    {
      /* Half a JSON document says nothing to people. */
      if (size > 0 && raw[0] != '{' && raw[0] != '[' && memchr (raw, '\0', size) == NULL)
        {
          g_autofree char *text = g_strndup (raw, MIN (size, RAW_BYTES));

          append_message (self, text);
        }
      return;
    }

  self->is_json = TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return;

  switch (service)
    {
    case TILL_SERVICE_HUB:
      read_hub (self, json_node_get_object (node));
      break;

    case TILL_SERVICE_WALLET:
      read_wallet (self, json_node_get_object (node));
      break;

    case TILL_SERVICE_DEVICES:
    default:
      read_devices (self, json_node_get_object (node));
      break;
    }
}

/**
 * till_service_problem_clear:
 * @self: what was read
 *
 * Frees what it holds.
 */
void
till_service_problem_clear (TillServiceProblem *self)
{
  g_clear_pointer (&self->code, g_free);
  g_clear_pointer (&self->type, g_free);
  g_clear_pointer (&self->field, g_free);
  g_clear_pointer (&self->message, g_free);
  g_clear_pointer (&self->trace_id, g_free);
}
