/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One connection of the gate: from the first byte to the head of its request. */
#include "config.h"

#include "till-gate-private.h"

#include <string.h>
#include <sys/socket.h>

#include "till-client-trust.h"

/* First byte of a TLS record with a handshake (RFC 8446 5.1). */
#define TLS_HANDSHAKE 0x16

/* A refusal that has been written is given so long to be read. */
#define LINGER_MS 300

#define DRAIN_BYTES 4096

/**
 * till_gate_connection_ref:
 * @self: a connection
 *
 * Returns: (transfer full): the same
 */
TillGateConnection *
till_gate_connection_ref (TillGateConnection *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

/**
 * till_gate_connection_unref:
 * @self: (transfer full): a connection
 *
 * Frees it with the last reference; it has ended by then.
 */
void
till_gate_connection_unref (TillGateConnection *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_assert (self->state == TILL_GATE_ENDED);
  g_clear_object (&self->stream);
  g_clear_object (&self->tls);
  g_clear_object (&self->base);
  g_clear_object (&self->remote);
  g_clear_object (&self->cancellable);
  g_free (self->peer);
  g_free (self->serial);
  till_wipe (self->head, sizeof self->head);
  g_free (self);
}

static void
stop_waiting (TillGateConnection *self)
{
  if (self->readable == NULL)
    return;

  g_source_destroy (self->readable);
  g_clear_pointer (&self->readable, g_source_unref);
}

static void
closed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(TillGateConnection) self = user_data;

  g_io_stream_close_finish (G_IO_STREAM (source), result, NULL);
  g_socket_close (g_socket_connection_get_socket (self->base), NULL);
}

/**
 * till_gate_connection_end:
 * @self: a connection
 * @gently: let TLS say goodbye
 *
 * Ends it; may be called at any time, again too.
 */
void
till_gate_connection_end (TillGateConnection *self,
                          gboolean            gently)
{
  TillGate *gate = g_steal_pointer (&self->gate);
  TillGateRequest *asked = g_steal_pointer (&self->asked);

  if (self->state == TILL_GATE_ENDED)
    return;

  till_gate_connection_ref (self);
  self->state = TILL_GATE_ENDED;
  stop_waiting (self);
  g_clear_handle_id (&self->handshake_timer, g_source_remove);
  g_clear_handle_id (&self->life_timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);

  /* What is under way ends at once then. */
  if (!gently)
    g_socket_shutdown (g_socket_connection_get_socket (self->base), TRUE, TRUE, NULL);

  /* libsoup may keep address and stream longer than we live. */
  g_object_set_data (G_OBJECT (self->remote), TILL_GATE_QDATA, NULL);
  if (self->stream != NULL)
    {
      till_gate_stream_detach (self->stream);
      g_object_set_data (G_OBJECT (self->stream), TILL_GATE_WEBSOCKET, NULL);
    }
  if (asked != NULL)
    till_gate_request_lose (asked);

  if (self->tls == NULL)
    g_socket_close (g_socket_connection_get_socket (self->base), NULL);
  else
    g_io_stream_close_async (G_IO_STREAM (self->tls), G_PRIORITY_DEFAULT, NULL, closed_cb, till_gate_connection_ref (self));

  if (gate != NULL)
    till_gate_leave (gate, self);
  till_gate_connection_unref (self);
}

static void
turn_away (TillGateConnection *self,
           TillTurnedAway      why)
{
  if (self->state == TILL_GATE_ENDED)
    return;

  till_gate_connection_ref (self);
  till_gate_turn_away (self->gate, self->peer, why);
  till_gate_connection_end (self, FALSE);
  till_gate_connection_unref (self);
}

static gboolean
too_slow_cb (gpointer data)
{
  TillGateConnection *self = data;

  /* The other timer is removed by the end; this one by its return. */
  if (g_source_get_id (g_main_current_source ()) == self->handshake_timer)
    self->handshake_timer = 0;
  else
    self->life_timer = 0;

  if (self->state == TILL_GATE_ASKED)
    till_gate_connection_end (self, FALSE);
  else
    turn_away (self, TILL_TURNED_AWAY_SLOW);

  return G_SOURCE_REMOVE;
}

static gboolean
readable_cb (GSocket      *socket,
             GIOCondition  condition,
             gpointer      data)
{
  TillGateConnection *self = data;
  TillGate *gate = self->gate;
  guint8 first = 0;
  gssize n = recv (g_socket_get_fd (socket), &first, 1, MSG_PEEK | MSG_DONTWAIT);

  if (n == 1 && first == TLS_HANDSHAKE)
    {
      g_clear_pointer (&self->readable, g_source_unref);
      self->ready = TRUE;
      till_gate_admit (gate);
    }
  else if (n == 1)
    {
      turn_away (self, TILL_TURNED_AWAY_PLAIN);
    }
  else
    {
      till_gate_connection_end (self, FALSE);
    }

  return G_SOURCE_REMOVE;
}

/**
 * till_gate_connection_new:
 * @gate: the gate
 * @base: a connection that was accepted
 * @remote: whose
 *
 * Begins to wait for its first byte.
 *
 * Returns: (transfer full): the connection
 */
TillGateConnection *
till_gate_connection_new (TillGate          *gate,
                          GSocketConnection *base,
                          GSocketAddress    *remote)
{
  TillGateConnection *self = g_new0 (TillGateConnection, 1);
  GInetSocketAddress *address = G_INET_SOCKET_ADDRESS (remote);

  self->ref_count = 1;
  self->gate = gate;
  self->base = g_object_ref (base);
  self->remote = g_inet_socket_address_new (g_inet_socket_address_get_address (address),
                                            g_inet_socket_address_get_port (address));
  self->peer = g_inet_address_to_string (g_inet_socket_address_get_address (address));
  self->cancellable = g_cancellable_new ();
  self->handshake_timer = g_timeout_add (TILL_GATE_HANDSHAKE_MS, too_slow_cb, self);
  self->life_timer = g_timeout_add (TILL_GATE_LIFE_MS, too_slow_cb, self);
  self->readable = g_socket_create_source (g_socket_connection_get_socket (base), G_IO_IN, NULL);
  g_source_set_callback (self->readable, G_SOURCE_FUNC (readable_cb), self, NULL);
  g_source_attach (self->readable, g_main_context_get_thread_default ());

  return self;
}

static void
drained_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(TillGateConnection) self = user_data;

  if (g_input_stream_skip_finish (G_INPUT_STREAM (source), result, NULL) > 0 && self->state != TILL_GATE_ENDED)
    till_gate_connection_drain (self);
}

/**
 * till_gate_connection_drain:
 * @self: a connection that will be ended soon
 *
 * Reads until then what is of no interest.
 */
void
till_gate_connection_drain (TillGateConnection *self)
{
  g_input_stream_skip_async (g_io_stream_get_input_stream (G_IO_STREAM (self->tls)), DRAIN_BYTES, G_PRIORITY_LOW,
                             self->cancellable, drained_cb, till_gate_connection_ref (self));
}

static gboolean
lingered_cb (gpointer data)
{
  till_gate_connection_end (data, TRUE);

  return G_SOURCE_REMOVE;
}

static void
refused_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(TillGateConnection) self = user_data;

  g_object_set_data (source, "till-refusal", NULL);
  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL))
    {
      till_gate_connection_end (self, FALSE);
      return;
    }

  if (self->state != TILL_GATE_ENDED)
    till_gate_connection_drain (self);
  g_timeout_add_full (G_PRIORITY_DEFAULT, LINGER_MS, lingered_cb, g_steal_pointer (&self),
                      (GDestroyNotify) till_gate_connection_unref);
}

static const char *
get_reason_phrase (guint status)
{
  return status == 404 ? "Not Found" : status == 405 ? "Method Not Allowed" : "Bad Request";
}

/**
 * till_gate_connection_refuse:
 * @self: a connection with a head that is not for us
 * @status: 400, 404 or 405
 *
 * Answers without a body, and ends it.
 */
void
till_gate_connection_refuse (TillGateConnection *self,
                             guint               status)
{
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (self->tls));
  char *text = g_strdup_printf ("HTTP/1.1 %u %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", status,
                                get_reason_phrase (status));

  self->state = TILL_GATE_ASKED;
  till_gate_turn_away (self->gate, self->peer, TILL_TURNED_AWAY_REQUEST);
  g_object_set_data_full (G_OBJECT (output), "till-refusal", text, g_free);
  g_output_stream_write_all_async (output, text, strlen (text), G_PRIORITY_DEFAULT, self->cancellable, refused_cb,
                                   till_gate_connection_ref (self));
}

static void read_head (TillGateConnection *self);

static void
head_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(TillGateConnection) self = user_data;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  if (self->state == TILL_GATE_ENDED)
    return;

  if (n <= 0)
    {
      till_gate_connection_end (self, FALSE);
      return;
    }

  self->head_size += (gsize) n;
  switch (till_request_head_read ((const char *) self->head, self->head_size, &self->request))
    {
    case TILL_HEAD_MORE:
      read_head (self);
      break;

    case TILL_HEAD_DONE:
      till_gate_server_accept (self, self->head + self->request.size, self->head_size - self->request.size);
      break;

    case TILL_HEAD_REFUSED:
    default:
      till_gate_connection_refuse (self, self->request.status);
      break;
    }
}

static void
read_head (TillGateConnection *self)
{
  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (self->tls)), self->head + self->head_size,
                             sizeof self->head - self->head_size, G_PRIORITY_DEFAULT, self->cancellable, head_cb,
                             till_gate_connection_ref (self));
}

static char *
dup_serial (GTlsCertificate *certificate)
{
  g_autoptr(GByteArray) der = NULL;

  g_object_get (certificate, "certificate", &der, NULL);

  return der == NULL ? NULL : till_client_trust_dup_serial (der->data, der->len);
}

static TillTurnedAway
get_why (const GError *error)
{
  return g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_NOT_TLS) ? TILL_TURNED_AWAY_PLAIN
         : strstr (error->message, "version") != NULL ? TILL_TURNED_AWAY_OLD_TLS : TILL_TURNED_AWAY_HANDSHAKE;
}

static void
shaken_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(TillGateConnection) self = user_data;
  GTlsConnection *tls = G_TLS_CONNECTION (source);
  g_autoptr(GError) error = NULL;
  GTlsCertificate *certificate;

  if (!g_tls_connection_handshake_finish (tls, result, &error))
    {
      turn_away (self, get_why (error));
      return;
    }
  if (self->state == TILL_GATE_ENDED)
    return;

  g_clear_handle_id (&self->handshake_timer, g_source_remove);
  if (g_tls_connection_get_protocol_version (tls) < G_TLS_PROTOCOL_VERSION_TLS_1_2)
    {
      turn_away (self, TILL_TURNED_AWAY_OLD_TLS);
      return;
    }

  certificate = g_tls_connection_get_peer_certificate (tls);
  if (certificate != NULL)
    {
      self->serial = dup_serial (certificate);
      if (self->serial == NULL)
        {
          turn_away (self, TILL_TURNED_AWAY_HANDSHAKE);
          return;
        }
      till_gate_confirm (self->gate, self);
    }

  if (self->state != TILL_GATE_ENDED)
    read_head (self);
}

/* On the side of a server GIO leaves the decision to this, whatever the database found. */
static gboolean
accept_certificate_cb (GTlsConnection       *tls,
                       GTlsCertificate      *certificate,
                       GTlsCertificateFlags  errors,
                       gpointer              data)
{
  return errors == 0;
}

/**
 * till_gate_connection_enter:
 * @self: a connection that may come in
 *
 * Begins the handshake. A client's certificate is asked for and not demanded:
 * who has none yet may pair.
 */
void
till_gate_connection_enter (TillGateConnection *self)
{
  g_autoptr(GIOStream) tls = NULL;

  self->state = TILL_GATE_INSIDE_NOW;
  self->since = g_get_monotonic_time ();

  tls = g_tls_server_connection_new (G_IO_STREAM (self->base), self->gate->certificate, NULL);
  if (tls == NULL)
    {
      till_gate_connection_end (self, FALSE);
      return;
    }

  self->tls = G_TLS_CONNECTION (g_steal_pointer (&tls));
  g_object_set (self->tls, "authentication-mode", G_TLS_AUTHENTICATION_REQUESTED,
                "database", self->gate->clients, "require-close-notify", FALSE, NULL);
  g_signal_connect (self->tls, "accept-certificate", G_CALLBACK (accept_certificate_cb), NULL);
  g_tls_connection_handshake_async (self->tls, G_PRIORITY_DEFAULT, self->cancellable, shaken_cb,
                                    till_gate_connection_ref (self));
}
