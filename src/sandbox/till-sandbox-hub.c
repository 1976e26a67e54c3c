/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commerce Hub, pretended: which call it is, and the shapes of answers. */
#include "config.h"

#include "till-sandbox-hub.h"

#include <string.h>

#include "till-json-reader.h"
#include "till-limits.h"
#include "till-sandbox-hub-private.h"

#define KEYS "/ch/security/v1/keys/"
#define REVOKE "/revoke"

/* API.md 1.7; of the codes those that this service gives. */
static const struct
{
  const char *code;
  const char *message;
} codes[] = {
  { "100", "Invalid or Missing Field Data" },
  { "101", "Unknown Field Data in Object" },
  { "107", "Missing Required Field" },
  { "121", "Malformed JSON" },
  { "123", "Illegal Characters in Field Data" },
  { "136", "Another Transaction With Same OrderId/Transaction Id Currently Being Processed" },
  { "138", "Missing Body or Header in Request" },
  { "201", "Invalid Merchant ID" },
  { "202", "Invalid Terminal ID" },
  { "207", "Feature Not Enabled on Merchant Account" },
  { "268", "Duplicate Credentials" },
  { "666", "Invalid or Missing Key ID" },
  { "703", "Internal Error" },
  { "752", "Invalid Status Change: Unable to Perform Change" },
};

/* What is said without a code. */
static const struct
{
  guint       status;
  const char *type;
  const char *message;
} plain[] = {
  { 401, "APIM", "ApiKey and/or Authentication supplied are invalid." },
  { 404, "APIM", "Resource not found." },
  { 405, "APIM", "Method not allowed." },
  { 415, "APIM", "Media type is not supported." },
  { 425, "GATEWAY", "The request was sent too early." },
  { 429, "APIM", "Request volume is too high." },
};

static void
hub_call_free (gpointer data)
{
  TillHubCall *details = data;

  g_free (details->request_id);
  g_free (details->digest);
  g_free (details->key_id);
  g_clear_pointer (&details->root, json_node_unref);
  g_free (details);
}

/* "EXAMPLE…": the middle is hidden. */
static char *
mask (const char *key)
{
  int length = (int) strlen (key);

  return g_strdup_printf ("%.*s**********%s", length * 3 / 8, key, key + length - length / 3);
}

/**
 * till_hub_write_details:
 * @self: the service
 * @writer: of an answer, inside gatewayResponse
 * @trace_id: of the call
 * @request_id: (nullable): its Client-Request-Id
 * @when: seconds since 1970
 *
 * Writes transactionProcessingDetails as successes have them.
 */
void
till_hub_write_details (TillHub        *self,
                        TillJsonWriter *writer,
                        const char     *trace_id,
                        const char     *request_id,
                        gint64          when)
{
  g_autofree char *masked = mask (self->server->info.hub_key);

  till_json_writer_member (writer, "transactionProcessingDetails");
  till_json_writer_begin_object (writer);
  till_sandbox_write_time (self->server, writer, "transactionTimestamp", when);
  till_sandbox_write_text (writer, "apiTraceId", trace_id);
  till_sandbox_write_text (writer, "clientRequestId", request_id);
  till_sandbox_write_text (writer, "transactionId", trace_id);
  till_sandbox_write_text (writer, "apiKey", masked);
  till_json_writer_end_object (writer);
}

/**
 * till_hub_begin:
 * @call: a call that succeeds
 * @status: of the answer
 * @type: (nullable): transactionType
 * @state: (nullable): transactionState
 * @writer: (out caller-allocates): stands behind gatewayResponse
 *
 * Begins the answer.
 */
void
till_hub_begin (TillCall       *call,
                guint           status,
                const char     *type,
                const char     *state,
                TillJsonWriter *writer)
{
  TillHub *self = call->server->hub;
  TillHubCall *details = call->details;

  till_call_begin (call, status, writer);
  till_json_writer_begin_object (writer);
  till_json_writer_member (writer, "gatewayResponse");
  till_json_writer_begin_object (writer);
  till_sandbox_write_text (writer, "transactionType", type);
  till_sandbox_write_text (writer, "transactionState", state);
  till_sandbox_write_text (writer, "transactionOrigin", type != NULL ? "POS" : NULL);
  till_hub_write_details (self, writer, call->trace_id, details->request_id, till_clock_get_now (call->server->clock));
  till_json_writer_end_object (writer);
}

static void
write_error_object (TillJsonWriter *writer,
                    const char     *member,
                    gboolean        array,
                    const char     *type,
                    const char     *code,
                    const char     *field,
                    const char     *message)
{
  till_json_writer_member (writer, member);
  if (array)
    till_json_writer_begin_array (writer);
  till_json_writer_begin_object (writer);
  till_sandbox_write_text (writer, "type", type);
  till_sandbox_write_text (writer, "code", code);
  till_sandbox_write_text (writer, "field", field);
  till_sandbox_write_text (writer, "message", message);
  till_json_writer_end_object (writer);
  if (array)
    till_json_writer_end_array (writer);
}

/**
 * till_hub_write_error:
 * @call: a call that fails
 * @writer: at the beginning of its answer
 * @type: "APIM" or "GATEWAY"
 * @code: (nullable): as in the table of codes
 * @field: (nullable): the path of what is wrong
 * @message: in words
 *
 * Writes the whole body of an error (API.md 1.7), in the shape that is assumed
 * or ordered.
 */
void
till_hub_write_error (TillCall       *call,
                      TillJsonWriter *writer,
                      const char     *type,
                      const char     *code,
                      const char     *field,
                      const char     *message)
{
  const char *shape = call->plan.error_shape != NULL ? call->plan.error_shape
                      : till_assumptions_word (&call->server->assumptions, TILL_ASSUME_ERROR_SHAPE);
  TillHubCall *details = call->details;
  gboolean nested = strcmp (shape, "nested") == 0;
  gboolean gateway = strcmp (shape, "gateway") == 0;

  till_json_writer_begin_object (writer);
  if (nested)
    {
      till_json_writer_member (writer, "errorResponse");
      till_json_writer_begin_object (writer);
    }

  till_json_writer_member (writer, "gatewayResponse");
  till_json_writer_begin_object (writer);
  till_json_writer_member (writer, "transactionProcessingDetails");
  till_json_writer_begin_object (writer);
  till_sandbox_write_text (writer, "apiTraceId", call->trace_id);
  till_sandbox_write_text (writer, "clientRequestId", details != NULL ? details->request_id : NULL);
  till_json_writer_end_object (writer);
  if (gateway)
    write_error_object (writer, "error", TRUE, type, code, field, message);
  till_json_writer_end_object (writer);

  if (!gateway)
    write_error_object (writer, strcmp (shape, "details") == 0 ? "details" : "error", strcmp (shape, "object") != 0,
                        type, code, field, message);

  if (nested)
    till_json_writer_end_object (writer);
  till_json_writer_end_object (writer);
}

/* What all answers carry (API.md 1.8). */
static void
send_answer (TillCall *call)
{
  till_call_set_header (call, "apitraceid", call->trace_id);
  till_call_set_header (call, "x-request-id", call->trace_id);
  till_call_set_header (call, "Cache-Control", "no-store, no-cache, must-revalidate");
  till_call_set_header (call, "Pragma", "no-cache");
  till_call_set_header (call, "Expires", "0");
  till_call_set_header (call, "X-Content-Type-Options", "nosniff");
  till_call_answer (call);
}

static void
fill_error (TillCall   *call,
            guint       status,
            const char *code,
            const char *field)
{
  const char *message = NULL;
  const char *type = "GATEWAY";
  TillJsonWriter writer;

  for (guint i = 0; code != NULL && i < G_N_ELEMENTS (codes); i++)
    {
      if (strcmp (codes[i].code, code) == 0)
        message = codes[i].message;
    }
  for (guint i = 0; code == NULL && i < G_N_ELEMENTS (plain); i++)
    {
      if (plain[i].status == status)
        {
          type = plain[i].type;
          message = plain[i].message;
        }
    }

  g_assert (message != NULL);
  till_call_begin (call, status, &writer);
  till_hub_write_error (call, &writer, type, code, field, message);
}

/**
 * till_hub_answer:
 * @call: (transfer full): a call whose answer is written
 * @effect: whether it changed the state
 *
 * Keeps the answer and what it changed on the disk, and only then sends it.
 */
void
till_hub_answer (TillCall *call,
                 gboolean  effect)
{
  TillHubCall *details = call->details;
  g_autoptr(GError) error = NULL;

  if (details != NULL && details->taken && !till_hub_keep_answer (call, effect, &error))
    {
      fill_error (call, SOUP_STATUS_INTERNAL_SERVER_ERROR, "703", NULL);
      till_call_explain (call, "%s", error->message);
    }

  send_answer (call);
}

/**
 * till_hub_refuse:
 * @call: (transfer full): a call
 * @status: of the answer
 * @code: (nullable): one of the table, %NULL where the status says it all
 * @field: (nullable): the path of what is wrong
 *
 * Answers with an error.
 */
void
till_hub_refuse (TillCall   *call,
                 guint       status,
                 const char *code,
                 const char *field)
{
  fill_error (call, status, code, field);
  till_hub_answer (call, FALSE);
}

static void
show_status (TillCall *call)
{
  TillJsonWriter writer;

  till_hub_begin (call, SOUP_STATUS_OK, NULL, NULL, &writer);
  till_json_writer_end_object (&writer);
  till_hub_answer (call, FALSE);
}

/* ".../keys/{keyId}/revoke": the identifier, %NULL for another path. */
static char *
dup_key_id (const char *path)
{
  gsize length = strlen (path);

  if (!g_str_has_prefix (path, KEYS) || !g_str_has_suffix (path, REVOKE) || length <= strlen (KEYS REVOKE))
    return NULL;
  if (memchr (path + strlen (KEYS), '/', length - strlen (KEYS REVOKE)) != NULL)
    return NULL;

  return g_uri_unescape_segment (path + strlen (KEYS), path + length - strlen (REVOKE), NULL);
}

static TillHubCall *
find_call (TillCall    *call,
           const char **method)
{
  TillHubCall *details = g_new0 (TillHubCall, 1);

  *method = "POST";
  if (strcmp (call->path, KEYS "generate") == 0)
    {
      details->work = till_hub_generate;
    }
  else if ((details->key_id = dup_key_id (call->path)) != NULL)
    {
      details->work = till_hub_revoke;
    }
  else if (strcmp (call->path, "/ch/tms/v1/client-certificate") == 0)
    {
      details->work = till_hub_upload;
    }
  else if (strcmp (call->path, "/ch/payments-vas/v1/security/credentials") == 0)
    {
      details->work = till_hub_credentials;
    }
  else if (strcmp (call->path, "/ch/status") == 0)
    {
      details->work = show_status;
      *method = "GET";
    }
  else
    {
      g_clear_pointer (&details, g_free);
    }

  return details;
}

/* Steps 7 and following of API.md 1.10. */
static void
read_body (TillCall *call)
{
  TillHubCall *details = call->details;
  g_autoptr(GError) error = NULL;

  if (strcmp (call->method, "POST") == 0)
    {
      if (g_bytes_get_size (call->body) == 0)
        {
          till_hub_refuse (call, SOUP_STATUS_BAD_REQUEST, "138", NULL);
          return;
        }

      details->root = till_json_parse_bytes (call->body, TILL_LIMIT_JSON_BYTES, &error);
      if (details->root == NULL || !JSON_NODE_HOLDS_OBJECT (details->root))
        {
          till_call_explain (call, "%s", error != NULL ? error->message : "the body is not an object");
          till_hub_refuse (call, SOUP_STATUS_BAD_REQUEST, "121", NULL);
          return;
        }
      details->object = json_node_get_object (details->root);
    }

  details->work (call);
}

/**
 * till_hub_handle:
 * @call: (transfer full): a call to a path below "/ch/"
 *
 * Looks at the request in the order of API.md 1.10 and does it.
 */
void
till_hub_handle (TillCall *call)
{
  TillHubCall *details;
  const char *method;

  details = find_call (call, &method);
  if (details == NULL)
    {
      till_hub_refuse (call, SOUP_STATUS_NOT_FOUND, NULL, NULL);
      return;
    }
  call->details = details;
  call->details_free = hub_call_free;

  if (strcmp (call->method, method) != 0)
    {
      gboolean hidden = till_assumptions_is (&call->server->assumptions, TILL_ASSUME_WRONG_METHOD, "404");

      till_call_explain (call, "this path takes %s", method);
      if (!hidden)
        till_call_set_header (call, "Allow", method);
      till_hub_refuse (call, hidden ? SOUP_STATUS_NOT_FOUND : SOUP_STATUS_METHOD_NOT_ALLOWED, NULL, NULL);
      return;
    }

  if (strcmp (method, "POST") == 0 && !till_call_has_json_type (call))
    {
      till_hub_refuse (call, SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE, NULL, NULL);
      return;
    }

  if (till_hub_check_login (call) && till_hub_take_id (call))
    till_call_work (call, read_body);
}
