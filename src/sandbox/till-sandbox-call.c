/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One request and its answer. */
#include "config.h"

#include "till-sandbox-call.h"

#include <string.h>

#include "till-sandbox-state.h"
#include "till-time.h"

#define EXPLAIN_HEADER "X-Sandbox-Explain"

/* The digits that stand in examples; the clock counts whole seconds. */
#define FRACTION "977157168"

static void
disconnected_cb (SoupServerMessage *message,
                 gpointer           user_data)
{
  TillCall *call = user_data;

  call->gone = TRUE;
}

/**
 * till_call_new:
 * @server: whose call it is
 * @message: read whole
 *
 * Begins a call: the message rests until it is answered.
 *
 * Returns: (transfer full): the call; whoever answers it frees it
 */
TillCall *
till_call_new (TillSandboxServer *server,
               SoupServerMessage *message)
{
  g_autofree char *trace_id = till_random_text (TILL_ALPHABET_HEX, 32);
  GUri *uri = soup_server_message_get_uri (message);
  TillCall *call = g_new0 (TillCall, 1);

  call->server = server;
  call->message = g_object_ref (message);
  call->method = soup_server_message_get_method (message);
  call->path = g_strdup (g_uri_get_path (uri));
  call->query = g_uri_get_query (uri);
  call->body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  call->answer = g_string_new (NULL);
  g_strlcpy (call->trace_id, trace_id, sizeof call->trace_id);

  call->gone_handler = g_signal_connect (message, "disconnected", G_CALLBACK (disconnected_cb), call);
  soup_server_message_pause (message);
  till_faults_take (&server->faults, call->path, &call->plan);

  return call;
}

/**
 * till_call_free:
 * @call: (transfer full): a call
 *
 * Frees @call, answered or not.
 */
void
till_call_free (TillCall *call)
{
  if (call->timer != NULL)
    g_source_destroy (call->timer);
  g_clear_pointer (&call->timer, g_source_unref);
  if (call->details_free != NULL)
    call->details_free (call->details);
  till_fault_plan_clear (&call->plan);
  g_string_free (call->answer, TRUE);
  g_bytes_unref (call->body);
  g_free (call->path);
  g_signal_handler_disconnect (call->message, call->gone_handler);
  g_object_unref (call->message);
  g_free (call);
}

/**
 * till_call_get_header:
 * @call: a call
 * @name: of a header of the request
 *
 * Returns: (transfer none) (nullable): its value
 */
const char *
till_call_get_header (TillCall   *call,
                      const char *name)
{
  return soup_message_headers_get_one (soup_server_message_get_request_headers (call->message), name);
}

/**
 * till_call_set_header:
 * @call: a call
 * @name: of a header of the answer
 * @value: its value
 *
 * Sets a header of the answer.
 */
void
till_call_set_header (TillCall   *call,
                      const char *name,
                      const char *value)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (call->message), name, value);
}

/**
 * till_call_explain:
 * @call: a call that is refused
 * @format: why, in plain words; never a secret
 *
 * Says in a header of its own what the documented answer keeps to itself.
 */
void
till_call_explain (TillCall   *call,
                   const char *format,
                   ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  /* A header holds one line of plain characters. */
  for (char *p = text; *p != '\0'; p++)
    {
      if (!g_ascii_isprint (*p))
        *p = '?';
    }

  till_call_set_header (call, EXPLAIN_HEADER, text);
}

/**
 * till_call_has_json_type:
 * @call: a call
 *
 * Returns: whether the request says that its body is JSON
 */
gboolean
till_call_has_json_type (TillCall *call)
{
  const char *type = soup_message_headers_get_content_type (soup_server_message_get_request_headers (call->message), NULL);

  return type != NULL && g_ascii_strcasecmp (type, "application/json") == 0;
}

/**
 * till_call_begin:
 * @call: a call
 * @status: of the answer
 * @writer: (out caller-allocates): writes its body
 *
 * Begins the answer anew, as JSON.
 */
void
till_call_begin (TillCall       *call,
                 guint           status,
                 TillJsonWriter *writer)
{
  call->status = status;
  call->content_type = "application/json";
  g_string_truncate (call->answer, 0);
  till_json_writer_init (writer, call->answer, FALSE);
}

static gboolean
work_cb (gpointer user_data)
{
  TillCall *call = user_data;

  g_clear_pointer (&call->timer, g_source_unref);
  g_ptr_array_remove_fast (call->server->waiting, call);
  call->work (call);

  return G_SOURCE_REMOVE;
}

/**
 * till_call_work:
 * @call: a call that was looked at and is now to be done
 * @work: does and answers it
 *
 * Goes on with a call, at once or after the delay that was ordered. When the
 * server stops first, it is dropped.
 */
void
till_call_work (TillCall     *call,
                TillCallFunc  work)
{
  call->work = work;
  if (call->plan.slow <= 0)
    {
      work (call);
      return;
    }

  call->timer = g_timeout_source_new_seconds ((guint) call->plan.slow);
  g_source_set_callback (call->timer, work_cb, call, NULL);
  g_source_attach (call->timer, call->server->context);
  g_ptr_array_add (call->server->waiting, call);
}

/**
 * till_call_answer:
 * @call: (transfer full): a call whose status and body are set
 *
 * Sends the answer, or does to it what was ordered.
 */
void
till_call_answer (TillCall *call)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (call->message);
  g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc (till_clock_get_now (call->server->clock) +
                                                            call->plan.date_skew);
  g_autofree char *date = now != NULL ? soup_date_time_to_string (now, SOUP_DATE_HTTP) : NULL;

  if (date != NULL)
    soup_message_headers_replace (headers, "Date", date);
  soup_server_message_set_status (call->message, call->status, NULL);

  /* SoupServer of libsoup 3.2 keeps a connection for ever that ends while it is idle: with its client
   * gone it costs a file descriptor and a TLS session until the server stops. */
  if (till_assumptions_is (&call->server->assumptions, TILL_ASSUME_KEEP_ALIVE, "no"))
    soup_message_headers_replace (headers, "Connection", "close");

  if (!call->gone && !till_wire_after (call))
    {
      if (call->content_type != NULL)
        soup_server_message_set_response (call->message, call->content_type, SOUP_MEMORY_COPY,
                                          call->answer->str, call->answer->len);
      soup_server_message_unpause (call->message);
    }

  till_call_free (call);
}

/**
 * till_sandbox_time:
 * @server: the server
 * @seconds: since 1970
 *
 * Returns: (transfer full): a time with as many digits as the assumption "times" says
 */
char *
till_sandbox_time (TillSandboxServer *server,
                   gint64             seconds)
{
  gint64 digits = 3 * till_assumptions_number (&server->assumptions, TILL_ASSUME_TIMES);
  g_autofree char *plain = till_time_format (seconds);

  if (digits == 0)
    return g_steal_pointer (&plain);

  plain[strlen (plain) - 1] = '\0';
  return g_strdup_printf ("%s.%.*sZ", plain, (int) digits, FRACTION);
}

/**
 * till_sandbox_write_time:
 * @server: the server
 * @writer: of an answer, inside an object
 * @member: a name
 * @seconds: since 1970
 *
 * Writes a member that is a time.
 */
void
till_sandbox_write_time (TillSandboxServer *server,
                         TillJsonWriter    *writer,
                         const char        *member,
                         gint64             seconds)
{
  g_autofree char *text = till_sandbox_time (server, seconds);

  till_sandbox_write_text (writer, member, text);
}

/**
 * till_sandbox_write_text:
 * @writer: of an answer, inside an object
 * @member: a name
 * @value: (nullable): its value; nothing is written for %NULL
 *
 * Writes a member that is a string.
 */
void
till_sandbox_write_text (TillJsonWriter *writer,
                         const char     *member,
                         const char     *value)
{
  if (value == NULL)
    return;

  till_json_writer_member (writer, member);
  till_json_writer_string (writer, value);
}

/**
 * till_sandbox_write_int:
 * @server: the server
 * @writer: of an answer, inside an object
 * @member: a name
 * @value: its value
 *
 * Writes a member that is a number, as text where the assumption
 * "numbers-as-text" says so.
 */
void
till_sandbox_write_int (TillSandboxServer *server,
                        TillJsonWriter    *writer,
                        const char        *member,
                        gint64             value)
{
  till_json_writer_member (writer, member);
  if (till_assumptions_is (&server->assumptions, TILL_ASSUME_NUMBERS_AS_TEXT, "yes"))
    {
      g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

      till_json_writer_string (writer, text);
    }
  else
    {
      till_json_writer_int (writer, value);
    }
}

/**
 * till_sandbox_write_bool:
 * @writer: of an answer, inside an object
 * @member: a name
 * @value: its value
 *
 * Writes a member that is true or false.
 */
void
till_sandbox_write_bool (TillJsonWriter *writer,
                         const char     *member,
                         gboolean        value)
{
  till_json_writer_member (writer, member);
  till_json_writer_bool (writer, value);
}
