/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The listener: it lets tills in few at a time, and ends every connection in time. */
#include "config.h"

#include "till-gate-private.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "till-error.h"

/* How often who waits is looked after. */
#define TICK_MS 100

/* So many are accepted before others on the main loop have their turn. */
#define ACCEPT_AT_ONCE 16

G_DEFINE_FINAL_TYPE (TillGate, till_gate, G_TYPE_OBJECT)

enum
{
  SIGNAL_REQUEST,
  SIGNAL_TURNED_AWAY,
  SIGNAL_CONFIRMED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/**
 * till_address_is_local:
 * @address: where somebody comes from
 *
 * Returns: whether it is loopback, link-local or private (RFC 1918, RFC 4193)
 */
gboolean
till_address_is_local (GInetAddress *address)
{
  const guint8 *bytes = g_inet_address_to_bytes (address);
  static const guint8 mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6)
    {
      g_autoptr(GInetAddress) inner = NULL;

      if (memcmp (bytes, mapped, sizeof mapped) != 0)
        return g_inet_address_get_is_loopback (address) || g_inet_address_get_is_link_local (address) ||
               (bytes[0] & 0xfe) == 0xfc;

      inner = g_inet_address_new_from_bytes (bytes + sizeof mapped, G_SOCKET_FAMILY_IPV4);
      return till_address_is_local (inner);
    }

  return bytes[0] == 127 || bytes[0] == 10 || (bytes[0] == 172 && (bytes[1] & 0xf0) == 16) ||
         (bytes[0] == 192 && bytes[1] == 168) || (bytes[0] == 169 && bytes[1] == 254);
}

/**
 * till_gate_turn_away:
 * @self: the gate
 * @peer: whom
 * @why: why
 *
 * Says that a connection came to nothing.
 */
void
till_gate_turn_away (TillGate       *self,
                     const char     *peer,
                     TillTurnedAway  why)
{
  g_signal_emit (self, signals[SIGNAL_TURNED_AWAY], 0, peer, (guint) why);
}

/**
 * till_gate_confirm:
 * @self: the gate
 * @connection: whose handshake has proved a certificate
 *
 * Says so.
 */
void
till_gate_confirm (TillGate           *self,
                   TillGateConnection *connection)
{
  g_signal_emit (self, signals[SIGNAL_CONFIRMED], 0, connection->peer, connection->serial);
}

/**
 * till_gate_leave:
 * @self: the gate
 * @connection: one that has ended
 *
 * Forgets it; its place is given to the next.
 */
void
till_gate_leave (TillGate           *self,
                 TillGateConnection *connection)
{
  gboolean inside = g_queue_remove (&self->inside, connection);

  if (inside || g_queue_remove (&self->waiting, connection))
    till_gate_connection_unref (connection);
  if (inside)
    till_gate_admit (self);
}

static guint
count_inside (TillGate   *self,
              const char *peer)
{
  guint n = 0;

  for (GList *l = self->inside.head; l != NULL; l = l->next)
    n += g_str_equal (((TillGateConnection *) l->data)->peer, peer);

  return n;
}

/* The next one to be let in: of the peer with the fewest inside, its newest. A
 * peer that fills the room with connections is in its own way only, and what it
 * opened first and left lying is served last. */
static TillGateConnection *
find_next (TillGate *self,
           guint     limit)
{
  TillGateConnection *best = NULL;
  guint fewest = G_MAXUINT;

  for (GList *l = self->waiting.tail; l != NULL; l = l->prev)
    {
      TillGateConnection *connection = l->data;
      guint n;

      if (!connection->ready)
        continue;

      n = count_inside (self, connection->peer);
      if (n < fewest && n < limit)
        {
          best = connection;
          fewest = n;
        }
    }

  return best;
}

/* Somebody inside who has not got across what it wants, though it had the time
 * for it; of @peer, where that one's share is taken. */
static TillGateConnection *
find_slow (TillGate   *self,
           const char *peer)
{
  gint64 now = g_get_monotonic_time ();

  for (GList *l = self->inside.head; l != NULL; l = l->next)
    {
      TillGateConnection *connection = l->data;

      if (connection->state == TILL_GATE_INSIDE_NOW && now - connection->since >= TILL_GATE_PATIENCE_MS * 1000 &&
          (peer == NULL || g_str_equal (connection->peer, peer)))
        return connection;
    }

  return NULL;
}

static void
make_room (TillGate *self)
{
  TillGateConnection *next = find_next (self, G_MAXUINT);
  gboolean full = g_queue_get_length (&self->inside) >= TILL_GATE_INSIDE;
  TillGateConnection *slow = next == NULL ? NULL : find_slow (self, full ? NULL : next->peer);

  if (slow == NULL)
    return;

  till_gate_turn_away (self, slow->peer, TILL_TURNED_AWAY_SLOW);
  till_gate_connection_end (slow, FALSE);
}

static gboolean
tick_cb (gpointer data)
{
  TillGate *self = data;

  for (guint i = 0; i < TILL_GATE_INSIDE; i++)
    make_room (self);
  till_gate_admit (self);

  if (find_next (self, G_MAXUINT) != NULL)
    return G_SOURCE_CONTINUE;

  self->tick = 0;

  return G_SOURCE_REMOVE;
}

/**
 * till_gate_admit:
 * @self: the gate
 *
 * Lets in whom there is a place for.
 */
void
till_gate_admit (TillGate *self)
{
  TillGateConnection *next;

  while (self->socket != NULL && g_queue_get_length (&self->inside) < TILL_GATE_INSIDE &&
         (next = find_next (self, TILL_GATE_INSIDE_PEER)) != NULL)
    {
      g_queue_remove (&self->waiting, next);
      g_queue_push_tail (&self->inside, next);
      till_gate_connection_enter (next);
    }

  if (self->tick == 0 && find_next (self, G_MAXUINT) != NULL)
    self->tick = g_timeout_add (TICK_MS, tick_cb, self);
}

static void
take (TillGate *self,
      GSocket  *socket)
{
  g_autoptr(GSocketAddress) remote = g_socket_get_remote_address (socket, NULL);
  g_autoptr(GSocketConnection) base = NULL;
  TillGateConnection *oldest;

  if (!G_IS_INET_SOCKET_ADDRESS (remote))
    return;

  if (!till_address_is_local (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote))))
    {
      g_autofree char *peer = g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote)));

      till_gate_turn_away (self, peer, TILL_TURNED_AWAY_PUBLIC);
      return;
    }

  if (g_queue_get_length (&self->waiting) >= TILL_GATE_WAITING)
    {
      oldest = g_queue_peek_head (&self->waiting);
      till_gate_turn_away (self, oldest->peer, TILL_TURNED_AWAY_CROWD);
      till_gate_connection_end (oldest, FALSE);
    }

  base = g_socket_connection_factory_create_connection (socket);
  g_queue_push_tail (&self->waiting, till_gate_connection_new (self, base, remote));
}

static gboolean
accept_cb (GSocket      *socket,
           GIOCondition  condition,
           gpointer      data)
{
  g_autoptr(TillGate) self = g_object_ref (TILL_GATE (data));

  for (guint i = 0; i < ACCEPT_AT_ONCE && self->socket != NULL; i++)
    {
      g_autoptr(GSocket) accepted = g_socket_accept (socket, NULL, NULL);

      if (accepted == NULL)
        break;
      take (self, accepted);
    }

  return self->socket != NULL ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
till_gate_dispose (GObject *object)
{
  TillGate *self = TILL_GATE (object);

  till_gate_stop (self);
  g_clear_object (&self->server);
  g_clear_object (&self->websocket_server);
  g_clear_object (&self->clients);
  g_clear_object (&self->certificate);
  g_clear_object (&self->local);

  G_OBJECT_CLASS (till_gate_parent_class)->dispose (object);
}

static void
till_gate_class_init (TillGateClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = till_gate_dispose;

  signals[SIGNAL_REQUEST] = g_signal_new ("request", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, TILL_TYPE_GATE_REQUEST);
  signals[SIGNAL_TURNED_AWAY] = g_signal_new ("turned-away", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                              NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_UINT);
  signals[SIGNAL_CONFIRMED] = g_signal_new ("confirmed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                            NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
till_gate_init (TillGate *self)
{
  g_queue_init (&self->waiting);
  g_queue_init (&self->inside);
  self->server = till_gate_server_new (FALSE);
  self->websocket_server = till_gate_server_new (TRUE);
}

/**
 * till_gate_new:
 * @clients: says whose client certificates are good
 *
 * Returns: (transfer full): a gate that is shut
 */
TillGate *
till_gate_new (GTlsDatabase *clients)
{
  TillGate *self = g_object_new (TILL_TYPE_GATE, NULL);

  self->clients = g_object_ref (clients);

  return self;
}

/**
 * till_gate_set_certificate:
 * @self: a gate
 * @certificate: what it proves itself with
 *
 * Sets it for connections from now on.
 */
void
till_gate_set_certificate (TillGate        *self,
                           GTlsCertificate *certificate)
{
  g_return_if_fail (TILL_IS_GATE (self));

  g_set_object (&self->certificate, certificate);
}

static GSocket *
bind_socket (GInetAddress  *address,
             guint16        port,
             GError       **error)
{
  g_autoptr(GSocketAddress) place = g_inet_socket_address_new (address, port);
  g_autoptr(GSocket) socket = NULL;
  g_autoptr(GError) local_error = NULL;

  socket = g_socket_new (g_inet_address_get_family (address), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);
  if (socket == NULL)
    return NULL;

  /* SoupServer's own sockets have a backlog of 10: 16 tills at once wait a second (PERFORMANCE.md 0). */
  g_socket_set_listen_backlog (socket, TILL_GATE_BACKLOG);
  g_socket_set_blocking (socket, FALSE);
  if (g_socket_bind (socket, place, TRUE, &local_error) && g_socket_listen (socket, &local_error))
    return g_steal_pointer (&socket);

  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    till_set_error (error, TILL_ERROR_CONFLICT, TILL_REASON_IN_USE, NULL, (gint64[2]) { port, 0 },
                    "port %u is in use by another program", port);
  else
    {
      g_autofree char *text = g_inet_address_to_string (address);

      till_set_error (error, TILL_ERROR_UNAVAILABLE, TILL_REASON_NO_ROUTE, text, NULL,
                      "this computer can't listen at %s port %u: %s", text, port, local_error->message);
    }

  return NULL;
}

/**
 * till_gate_listen:
 * @self: a gate that is shut
 * @address: one of this computer's addresses
 * @port: where; 0 for any free one
 * @error: (out) (optional): %TILL_ERROR_CONFLICT, %TILL_ERROR_UNAVAILABLE
 *
 * Opens it.
 *
 * Returns: whether it listens
 */
gboolean
till_gate_listen (TillGate      *self,
                  GInetAddress  *address,
                  guint16        port,
                  GError       **error)
{
  g_return_val_if_fail (TILL_IS_GATE (self), FALSE);
  g_return_val_if_fail (self->socket == NULL, FALSE);

  self->socket = bind_socket (address, port, error);
  if (self->socket == NULL)
    return FALSE;

  g_clear_object (&self->local);
  self->local = g_socket_get_local_address (self->socket, NULL);
  self->port = self->local == NULL ? port : g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (self->local));
  self->accepting = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->accepting, G_SOURCE_FUNC (accept_cb), self, NULL);
  g_source_attach (self->accepting, g_main_context_get_thread_default ());

  return TRUE;
}

/**
 * till_gate_get_port:
 * @self: a gate
 *
 * Returns: where it listens, or listened last
 */
guint16
till_gate_get_port (TillGate *self)
{
  g_return_val_if_fail (TILL_IS_GATE (self), 0);

  return self->port;
}

/**
 * till_gate_get_inside:
 * @self: a gate
 *
 * Returns: how many connections are inside
 */
guint
till_gate_get_inside (TillGate *self)
{
  return g_queue_get_length (&self->inside);
}

/**
 * till_gate_get_waiting:
 * @self: a gate
 *
 * Returns: how many wait
 */
guint
till_gate_get_waiting (TillGate *self)
{
  return g_queue_get_length (&self->waiting);
}

/**
 * till_gate_stop:
 * @self: a gate
 *
 * Shuts it: every connection ends now, handshakes and requests under way too.
 */
void
till_gate_stop (TillGate *self)
{
  TillGateConnection *connection;

  g_return_if_fail (TILL_IS_GATE (self));

  g_clear_handle_id (&self->tick, g_source_remove);
  if (self->accepting != NULL)
    {
      g_source_destroy (self->accepting);
      g_clear_pointer (&self->accepting, g_source_unref);
    }
  if (self->socket != NULL)
    {
      g_socket_close (self->socket, NULL);
      g_clear_object (&self->socket);
    }

  while ((connection = g_queue_peek_head (&self->waiting)) != NULL)
    till_gate_connection_end (connection, FALSE);
  while ((connection = g_queue_peek_head (&self->inside)) != NULL)
    till_gate_connection_end (connection, FALSE);
}
