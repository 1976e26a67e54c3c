/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SoupServer behind the gate, and the requests that come of it. */
#include "config.h"

#include "till-gate-private.h"

#include <string.h>

/* So long a client may take to answer the end of a WebSocket. */
#define CLOSE_MS 1000

enum
{
  FRAME_TEXT = 0x81,
  FRAME_CLOSE = 0x88,
};

/*
 * A request and its connection know each other until one of them ends. What
 * libsoup holds of either (a message, a WebSocket) is let go of then too.
 */
G_DEFINE_FINAL_TYPE (TillGateRequest, till_gate_request, G_TYPE_OBJECT)

static void
tell_replied (TillGateRequest *self)
{
  TillGateReplied replied = g_steal_pointer (&self->replied);

  if (replied != NULL)
    replied (self, self->written, self->data);
}

/* Nothing of libsoup calls us any more. */
static void
let_go (TillGateRequest *self)
{
  if (self->message != NULL)
    g_signal_handlers_disconnect_by_data (self->message, self);
  if (self->websocket != NULL)
    g_signal_handlers_disconnect_by_data (self->websocket, self);
  g_clear_object (&self->message);
  g_clear_object (&self->websocket);
}

/**
 * till_gate_request_lose:
 * @self: a request
 *
 * Its connection has ended.
 */
void
till_gate_request_lose (TillGateRequest *self)
{
  SoupServerMessage *message = self->message;

  g_object_ref (self);
  g_clear_pointer (&self->connection, till_gate_connection_unref);

  /* One that is paused has to go on, so that the server finds its connection gone. */
  if (message != NULL && !self->has_replied)
    {
      soup_server_message_set_status (message, SOUP_STATUS_SERVICE_UNAVAILABLE, NULL);
      soup_server_message_unpause (message);
    }

  let_go (self);

  /* A frame on its way tells by itself whether it was written: a till that has it whole may leave at once. */
  if (self->frame == NULL)
    tell_replied (self);
  g_object_unref (self);
}

static void
till_gate_request_dispose (GObject *object)
{
  TillGateRequest *self = TILL_GATE_REQUEST (object);
  TillGateConnection *connection = g_steal_pointer (&self->connection);

  if (connection != NULL)
    {
      connection->asked = NULL;
      till_gate_connection_end (connection, self->written);
      till_gate_connection_unref (connection);
    }
  let_go (self);

  G_OBJECT_CLASS (till_gate_request_parent_class)->dispose (object);
}

static void
till_gate_request_finalize (GObject *object)
{
  TillGateRequest *self = TILL_GATE_REQUEST (object);

  g_clear_pointer (&self->body, till_secret_unref);
  g_clear_pointer (&self->frame, till_secret_unref);
  g_free (self->peer);
  g_free (self->serial);

  G_OBJECT_CLASS (till_gate_request_parent_class)->finalize (object);
}

static void
till_gate_request_class_init (TillGateRequestClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = till_gate_request_dispose;
  G_OBJECT_CLASS (klass)->finalize = till_gate_request_finalize;
}

static void
till_gate_request_init (TillGateRequest *self)
{
}

static TillGateRequest *
request_new (TillGateConnection *connection)
{
  TillGateRequest *self = g_object_new (TILL_TYPE_GATE_REQUEST, NULL);

  self->connection = till_gate_connection_ref (connection);
  self->peer = g_strdup (connection->peer);
  self->serial = g_strdup (connection->serial);
  connection->asked = self;
  connection->state = TILL_GATE_ASKED;

  return self;
}

/**
 * till_gate_request_get_peer:
 * @self: a request
 *
 * Returns: (transfer none): the address it came from
 */
const char *
till_gate_request_get_peer (TillGateRequest *self)
{
  return self->peer;
}

/**
 * till_gate_request_get_serial:
 * @self: a request
 *
 * Returns: (transfer none) (nullable): the serial number of the client's certificate
 */
const char *
till_gate_request_get_serial (TillGateRequest *self)
{
  return self->serial;
}

/**
 * till_gate_request_get_body:
 * @self: a request
 *
 * Returns: (transfer none) (nullable): what was sent; %NULL for a GET
 */
TillSecret *
till_gate_request_get_body (TillGateRequest *self)
{
  return self->body;
}

/**
 * till_gate_request_is_websocket:
 * @self: a request
 *
 * Returns: whether it came by a WebSocket
 */
gboolean
till_gate_request_is_websocket (TillGateRequest *self)
{
  return self->websocket != NULL;
}

/**
 * till_gate_request_is_alive:
 * @self: a request
 *
 * Returns: whether its connection has not ended
 */
gboolean
till_gate_request_is_alive (TillGateRequest *self)
{
  return self->connection != NULL;
}

static void
wrote_body_cb (SoupServerMessage *message,
               gpointer           data)
{
  TillGateRequest *self = data;

  self->written = TRUE;
}

static void
finished_cb (SoupServerMessage *message,
             gpointer           data)
{
  g_autoptr(TillGateRequest) self = g_object_ref (TILL_GATE_REQUEST (data));

  let_go (self);
  tell_replied (self);
}

static void
reply_http (TillGateRequest *self,
            guint            status,
            const char      *content_type,
            TillSecret      *body)
{
  SoupServerMessage *message = self->message;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autoptr(GBytes) bytes = g_bytes_new_with_free_func (till_secret_get_data (body), till_secret_get_size (body),
                                                        (GDestroyNotify) till_secret_unref, till_secret_ref (body));

  soup_server_message_set_status (message, status, NULL);
  soup_message_headers_replace (headers, "Connection", "close");
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  /* The body is lent, not copied: it stays in locked memory, and is wiped with its last reference. */
  if (till_secret_get_size (body) > 0)
    {
      soup_message_headers_set_content_type (headers, content_type, NULL);
      soup_message_body_append_bytes (soup_server_message_get_response_body (message), bytes);
    }
  g_signal_connect (message, "wrote-body", G_CALLBACK (wrote_body_cb), self);
  g_signal_connect_object (message, "finished", G_CALLBACK (finished_cb), self, 0);
  soup_server_message_unpause (message);
}

/* A frame of a server: not masked (RFC 6455 5.2). Written by ourselves, since libsoup would copy it. */
static TillSecret *
make_frame (TillSecret *body)
{
  gsize size = till_secret_get_size (body);
  guint head = size < 126 ? 2 : 4;
  TillSecret *frame = till_secret_new (head + size);
  guint8 *at = till_secret_get_buffer (frame);

  g_assert (size <= G_MAXUINT16);
  at[0] = FRAME_TEXT;
  at[1] = (guint8) (size < 126 ? size : 126);
  if (head == 4)
    {
      at[2] = (guint8) (size >> 8);
      at[3] = (guint8) size;
    }
  memcpy (at + head, till_secret_get_data (body), size);

  return frame;
}

static gboolean
close_cb (gpointer data)
{
  till_gate_connection_end (data, TRUE);

  return G_SOURCE_REMOVE;
}

static void
end_soon (TillGateConnection *connection)
{
  g_timeout_add_full (G_PRIORITY_DEFAULT, CLOSE_MS, close_cb, till_gate_connection_ref (connection),
                      (GDestroyNotify) till_gate_connection_unref);
}

static void
frame_written_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(TillGateRequest) self = user_data;
  TillGateConnection *connection = self->connection;

  self->written = g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);
  g_clear_pointer (&self->frame, till_secret_unref);

  if (connection != NULL && self->websocket != NULL)
    {
      soup_websocket_connection_close (self->websocket, (gushort) self->close_code, NULL);
      end_soon (connection);
    }
  tell_replied (self);
}

static void
reply_websocket (TillGateRequest *self,
                 TillSecret      *body)
{
  GIOStream *tls = G_IO_STREAM (self->connection->tls);

  /* Not cancelled with the connection, whose end makes it fail anyway: cancelled, it would be said not to be written
   * though the till has it (G23). */
  self->frame = make_frame (body);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (tls), till_secret_get_data (self->frame),
                                   till_secret_get_size (self->frame), G_PRIORITY_DEFAULT, NULL, frame_written_cb,
                                   g_object_ref (self));
}

/**
 * till_gate_request_reply:
 * @self: a request that was not replied to
 * @status: for HTTPS
 * @close_code: for WSS, after the text
 * @content_type: of @body, for HTTPS
 * @body: what to send; may be empty
 * @replied: (nullable): called once when it is written, or can't be
 * @data: for @replied
 *
 * Replies, and ends the connection.
 */
void
till_gate_request_reply (TillGateRequest *self,
                         guint            status,
                         guint            close_code,
                         const char      *content_type,
                         TillSecret      *body,
                         TillGateReplied  replied,
                         gpointer         data)
{
  g_return_if_fail (TILL_IS_GATE_REQUEST (self));
  g_return_if_fail (!self->has_replied);

  self->has_replied = TRUE;
  self->replied = replied;
  self->data = data;
  self->close_code = close_code;

  if (self->connection == NULL)
    tell_replied (self);
  else if (self->websocket != NULL)
    reply_websocket (self, body);
  else
    reply_http (self, status, content_type, body);
}

static void
emit (TillGateRequest *self)
{
  g_signal_emit_by_name (self->connection->gate, "request", self);
}

static TillGateConnection *
find_connection (GSocketAddress *remote)
{
  TillGateConnection *connection = remote == NULL ? NULL : g_object_get_data (G_OBJECT (remote), TILL_GATE_QDATA);

  return connection != NULL && connection->state != TILL_GATE_ENDED ? connection : NULL;
}

static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           data)
{
  TillGateConnection *connection = find_connection (soup_server_message_get_remote_address (message));
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  TillGateRequest *request;

  if (connection == NULL || connection->asked != NULL)
    {
      soup_server_message_set_status (message, SOUP_STATUS_FORBIDDEN, NULL);
      return;
    }

  request = request_new (connection);
  request->message = g_object_ref (message);
  if (!connection->request.is_get)
    {
      g_autoptr(GBytes) bytes = soup_message_body_flatten (body);

      request->body = till_secret_new_copy (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    }

  /* The message holds it until its end: a request lives as long as its connection. */
  g_object_set_data_full (G_OBJECT (message), "till-gate-request", request, g_object_unref);
  soup_server_message_pause (message);
  emit (request);
}

static void
message_cb (SoupWebsocketConnection *websocket,
            int                      type,
            GBytes                  *text,
            gpointer                 data)
{
  TillGateConnection *connection = find_connection (data);
  TillGateRequest *request;

  if (connection == NULL || connection->asked != NULL || type != SOUP_WEBSOCKET_DATA_TEXT)
    return;

  request = request_new (connection);
  request->websocket = g_object_ref (websocket);
  request->body = till_secret_new_copy (g_bytes_get_data (text, NULL), g_bytes_get_size (text));
  g_object_set_data_full (G_OBJECT (websocket), "till-gate-request", request, g_object_unref);
  emit (request);
}

static void
websocket_closed_cb (SoupWebsocketConnection *websocket,
                     gpointer                 data)
{
  TillGateConnection *connection = find_connection (data);

  if (connection != NULL && !connection->violated)
    till_gate_connection_end (connection, TRUE);
}

static void
websocket_cb (SoupServer              *server,
              SoupServerMessage       *message,
              const char              *path,
              SoupWebsocketConnection *websocket,
              gpointer                 data)
{
  GSocketAddress *remote = soup_server_message_get_remote_address (message);
  TillGateConnection *connection = find_connection (remote);

  if (connection == NULL)
    return;

  soup_websocket_connection_set_max_incoming_payload_size (websocket, TILL_GATE_BODY_BYTES);
  g_signal_connect_data (websocket, "message", G_CALLBACK (message_cb), g_object_ref (remote),
                         (GClosureNotify) (void *) g_object_unref, 0);
  g_signal_connect_data (websocket, "closed", G_CALLBACK (websocket_closed_cb), g_object_ref (remote),
                         (GClosureNotify) (void *) g_object_unref, 0);

  /* libsoup lends it for this call only. */
  g_object_set_data_full (G_OBJECT (connection->stream), TILL_GATE_WEBSOCKET, g_object_ref (websocket), g_object_unref);
}

/**
 * till_gate_server_new:
 * @websockets: for WebSockets, else for anything else
 *
 * Two of them, as one that takes WebSockets at a path answers every other
 * request there with 400.
 *
 * Returns: (transfer full): a server that listens nowhere
 */
SoupServer *
till_gate_server_new (gboolean websockets)
{
  SoupServer *server = soup_server_new ("server-header", NULL, NULL);

  soup_server_remove_websocket_extension (server, SOUP_TYPE_WEBSOCKET_EXTENSION_DEFLATE);
  if (websockets)
    soup_server_add_websocket_handler (server, "/", NULL, NULL, websocket_cb, NULL, NULL);
  else
    soup_server_add_handler (server, NULL, request_cb, NULL, NULL);

  return server;
}

static void
stream_closed_cb (gpointer data)
{
  TillGateConnection *connection = data;

  if (!connection->violated)
    till_gate_connection_end (connection, TRUE);
}

static void
violated_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(TillGateConnection) connection = user_data;

  g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);
  if (connection->state == TILL_GATE_ENDED)
    return;

  till_gate_connection_drain (connection);
  end_soon (connection);
}

/* The frames of a WebSocket that breaks our bounds end with its code; libsoup reads no more of it. */
static gboolean
watch_cb (gpointer      data,
          const guint8 *bytes,
          gsize         size)
{
  TillGateConnection *connection = data;
  guint code = till_frame_watch_feed (&connection->frames, bytes, size);
  guint8 *frame;

  if (code == 0)
    return TRUE;

  connection->violated = TRUE;
  frame = g_malloc (4);
  frame[0] = FRAME_CLOSE;
  frame[1] = 2;
  frame[2] = (guint8) (code >> 8);
  frame[3] = (guint8) code;
  g_object_set_data_full (G_OBJECT (connection->tls), "till-close-frame", frame, g_free);
  till_gate_turn_away (connection->gate, connection->peer, TILL_TURNED_AWAY_REQUEST);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (G_IO_STREAM (connection->tls)), frame, 4,
                                   G_PRIORITY_DEFAULT, connection->cancellable, violated_cb,
                                   till_gate_connection_ref (connection));

  return FALSE;
}

/**
 * till_gate_server_accept:
 * @connection: one whose head is good
 * @more: what was read behind the head
 * @more_size: its length
 *
 * Hands it to the server: exactly the request that the head announces, and
 * for a WebSocket at most %TILL_GATE_BYTES in all.
 */
void
till_gate_server_accept (TillGateConnection *connection,
                         const guint8       *more,
                         gsize               more_size)
{
  const TillRequestHead *head = &connection->request;
  gsize bound = head->is_websocket ? TILL_GATE_BYTES - connection->head_size : head->body_size;
  gsize ready = MIN (more_size, bound);
  g_autoptr(GError) error = NULL;

  connection->stream = till_gate_stream_new (G_IO_STREAM (connection->tls), connection->head, head->size, more, ready,
                                             bound - ready, stream_closed_cb, head->is_websocket ? watch_cb : NULL,
                                             connection);
  g_object_set_data (G_OBJECT (connection->remote), TILL_GATE_QDATA, connection);
  if (!soup_server_accept_iostream (head->is_websocket ? connection->gate->websocket_server : connection->gate->server,
                                    G_IO_STREAM (connection->stream), connection->gate->local, connection->remote, &error))
    till_gate_connection_end (connection, FALSE);
}
