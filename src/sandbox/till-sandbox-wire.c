/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faults on order, done to the connection or to the answer. */
#include "config.h"

#include <string.h>

#include "till-sandbox-call.h"
#include "till-sandbox-hub.h"

static const char login_page[] =
  "<!DOCTYPE html>\n<html><head><title>Guest network</title></head>\n"
  "<body><form><input name=\"room\"><input type=\"submit\" value=\"Log in\"></form></body></html>\n";

static const struct
{
  guint       status;
  const char *type;
  const char *message;
} texts[] = {
  { 408, "APIM", "Broken client connectivity." },
  { 425, "GATEWAY", "The request was sent too early." },
  { 429, "APIM", "Request volume is too high." },
  { 500, "GATEWAY", "Error sending request to Transarmor." },
  { 503, "APIM", "Service unavailable." },
  { 504, "GATEWAY", "The request timed out while waiting for the response." },
};

/*
 * A connection that was taken away from SoupServer, to be written to in its
 * own way. Each counts as a job of the server, and ends when the server does.
 */
typedef struct
{
  TillSandboxServer *server;
  GSocket           *socket;
  GIOStream         *stream;
  GBytes            *data;
  gsize              at;
  guint              pause_ms;
} Wire;

static void write_next (Wire *wire);

static void
wire_free (Wire *wire)
{
  wire->server->jobs--;
  g_object_unref (wire->stream);
  g_object_unref (wire->socket);
  g_bytes_unref (wire->data);
  g_free (wire);
}

static gboolean
write_next_cb (gpointer user_data)
{
  write_next (user_data);

  return G_SOURCE_REMOVE;
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Wire *wire = user_data;
  gsize done = 0;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, &done, NULL) ||
      (wire->at += done) >= g_bytes_get_size (wire->data) || g_cancellable_is_cancelled (wire->server->cancellable))
    {
      /* Without a word of TLS, as when a cable is pulled. */
      g_socket_shutdown (wire->socket, TRUE, TRUE, NULL);
      wire_free (wire);
    }
  else
    {
      g_autoptr(GSource) timer = g_timeout_source_new (wire->pause_ms);
      g_autoptr(GSource) stop = g_cancellable_source_new (wire->server->cancellable);

      /* The server does not wait for it to end: it goes on at once then, and finds that it is over. */
      g_source_set_dummy_callback (stop);
      g_source_add_child_source (timer, stop);
      g_source_set_callback (timer, write_next_cb, wire, NULL);
      g_source_attach (timer, wire->server->context);
    }
}

static void
write_next (Wire *wire)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (wire->data, &size);
  gsize now = wire->pause_ms > 0 ? 1 : size;

  g_output_stream_write_all_async (g_io_stream_get_output_stream (wire->stream), data + wire->at, now,
                                   G_PRIORITY_DEFAULT, wire->server->cancellable, written_cb, wire);
}

/* The whole answer as it goes over the wire, its body cut after so many bytes. */
static GBytes *
serialize (TillCall *call,
           gsize     body_size)
{
  GString *text = g_string_new (NULL);
  SoupMessageHeadersIter iter;
  const char *name;
  const char *value;

  till_call_set_header (call, "Connection", "close");
  g_string_append_printf (text, "HTTP/1.1 %u %s\r\n", call->status, soup_status_get_phrase (call->status));
  soup_message_headers_iter_init (&iter, soup_server_message_get_response_headers (call->message));
  while (soup_message_headers_iter_next (&iter, &name, &value))
    g_string_append_printf (text, "%s: %s\r\n", name, value);
  if (call->content_type != NULL)
    g_string_append_printf (text, "Content-Type: %s\r\n", call->content_type);
  g_string_append_printf (text, "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n", call->answer->len);
  g_string_append_len (text, call->answer->str, (gssize) body_size);

  return g_string_free_to_bytes (text);
}

static void
send_by_hand (TillCall *call,
              gsize     body_size,
              guint     pause_ms)
{
  Wire *wire = g_new0 (Wire, 1);

  wire->server = call->server;
  wire->data = serialize (call, body_size);
  wire->pause_ms = pause_ms;
  wire->socket = g_object_ref (soup_server_message_get_socket (call->message));
  wire->stream = soup_server_message_steal_connection (call->message);
  wire->server->jobs++;

  write_next (wire);
}

static void
cut_call (TillCall *call)
{
  g_autoptr(GSocket) socket = g_object_ref (soup_server_message_get_socket (call->message));
  GIOStream *stream = soup_server_message_steal_connection (call->message);

  g_socket_shutdown (socket, TRUE, TRUE, NULL);
  g_clear_object (&stream);
}

static void
set_plain (TillCall   *call,
           const char *content_type,
           const char *text)
{
  call->content_type = content_type;
  g_string_assign (call->answer, text);
}

/* In the words of the service that the path belongs to. */
static void
set_status (TillCall *call)
{
  TillJsonWriter writer;
  gint64 seconds = till_assumptions_number (&call->server->assumptions, TILL_ASSUME_RETRY_AFTER);
  guint i = 0;

  while (texts[i].status != (guint) call->plan.number)
    i++;

  till_call_begin (call, texts[i].status, &writer);
  if (g_str_has_prefix (call->path, "/ch/"))
    {
      till_hub_write_error (call, &writer, texts[i].type, NULL, NULL, texts[i].message);
    }
  else
    {
      till_json_writer_begin_object (&writer);
      till_json_writer_member (&writer, "code");
      till_json_writer_int (&writer, texts[i].status);
      till_sandbox_write_text (&writer, "description", soup_status_get_phrase (texts[i].status));
      till_sandbox_write_text (&writer, "details", texts[i].message);
      till_json_writer_end_object (&writer);
    }

  if ((call->status == 429 || call->status == 503) && seconds > 0)
    {
      g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, seconds);

      till_call_set_header (call, "Retry-After", text);
    }
}

/**
 * till_wire_before:
 * @call: a call that nothing was done about yet
 *
 * Does what was ordered instead of the work.
 *
 * Returns: whether the call is over and was freed
 */
gboolean
till_wire_before (TillCall *call)
{
  switch (call->plan.kind)
    {
    case TILL_FAULT_STATUS:
      set_status (call);
      break;

    case TILL_FAULT_REDIRECT:
      {
        g_autofree char *to = g_strdup_printf ("https://%s%s", call->plan.text, call->path);

        call->status = SOUP_STATUS_FOUND;
        till_call_set_header (call, "Location", to);
        set_plain (call, "text/html", "<a>Found</a>\n");
        break;
      }

    case TILL_FAULT_HTML:
      call->status = SOUP_STATUS_OK;
      set_plain (call, "text/html; charset=utf-8", login_page);
      break;

    case TILL_FAULT_CUT_BEFORE_ANSWER:
      if (!call->gone)
        cut_call (call);
      till_call_free (call);
      return TRUE;

    default:
      return FALSE;
    }

  call->plan.kind = TILL_N_FAULTS;
  till_call_work (call, till_call_answer);
  return TRUE;
}

/**
 * till_wire_after:
 * @call: a call whose answer is made, of someone who still waits for it
 *
 * Does what was ordered to the answer.
 *
 * Returns: whether there is nothing left to send
 */
gboolean
till_wire_after (TillCall *call)
{
  switch (call->plan.kind)
    {
    case TILL_FAULT_LOST_ANSWER:
      cut_call (call);
      return TRUE;

    case TILL_FAULT_CUT_IN_ANSWER:
      send_by_hand (call, call->answer->len / 2, 0);
      return TRUE;

    case TILL_FAULT_DRIP:
      send_by_hand (call, call->answer->len, (guint) call->plan.number);
      return TRUE;

    case TILL_FAULT_EMPTY:
      g_string_truncate (call->answer, 0);
      return FALSE;

    case TILL_FAULT_TRUNCATED:
      g_string_truncate (call->answer, call->answer->len / 2);
      return FALSE;

    case TILL_FAULT_NOT_JSON:
      g_string_assign (call->answer, "Everything went well.\n");
      return FALSE;

    case TILL_FAULT_WRONG_CONTENT_TYPE:
      call->content_type = "text/html";
      return FALSE;

    default:
      return FALSE;
    }
}
