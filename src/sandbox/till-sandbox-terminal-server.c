/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terminal's life: opened, listening with a thread a connection, shut (API.md 5.2). */
#include "config.h"

#include <string.h>

#include "till-error.h"
#include "till-sandbox-terminal-private.h"

#define BACKLOG 128
#define ROOT_FILE "devices-ca.pem"

/**
 * till_terminal_open:
 * @server: the server
 * @root: of devices, kept by the caller
 * @error: (out) (optional): %TILL_ERROR_DAMAGED, %TILL_ERROR_UNREADABLE or %TILL_ERROR_INTERNAL
 *
 * Reads what the terminal remembers, and makes what is missing. In the
 * server's thread.
 *
 * Returns: (transfer full) (nullable): a terminal that does not listen yet, %NULL with @error set
 */
TillTerminal *
till_terminal_open (TillSandboxServer  *server,
                    TillAuthority      *root,
                    GError            **error)
{
  TillTerminal *self = g_new0 (TillTerminal, 1);

  self->server = server;
  self->root = root;
  self->issued = g_ptr_array_new_with_free_func ((GDestroyNotify) till_pos_free);
  self->state = TILL_TERMINAL_IDLE;
  g_mutex_init (&self->lock);

  if (!till_terminal_load (self, error) ||
      (self->intermediate = till_authority_open_issued (root, server->folder, "terminal-ca",
                                                        "Practice Terminal Issuing CA", error)) == NULL ||
      !till_terminal_open_identity (self, error))
    {
      till_terminal_free (self);
      return NULL;
    }

  return self;
}

/* In the server's thread: the thread of a connection has ended. */
static gboolean
ended_cb (gpointer user_data)
{
  TillPeer *peer = user_data;
  TillTerminal *self = peer->terminal;

  g_thread_join (peer->thread);
  till_peer_free (peer);
  self->peers--;
  self->server->jobs--;

  return G_SOURCE_REMOVE;
}

static gpointer
peer_thread (gpointer data)
{
  TillPeer *peer = data;
  TillSandboxServer *server = peer->terminal->server;
  g_autofree char *silence = till_faults_take_one (&server->faults, TILL_FAULT_TERMINAL_SILENCE, "handshake", "");
  g_autoptr(GSource) source = g_idle_source_new ();

  if (silence != NULL)
    {
      till_peer_hold (peer);
    }
  else if (till_peer_shake_hands (peer))
    {
      silence = till_faults_take_one (&server->faults, TILL_FAULT_TERMINAL_SILENCE, "request", "");
      if (silence != NULL)
        till_peer_hold (peer);
      else
        till_peer_serve (peer);
    }

  /* The other end learns at once that it is over; the rest is tidied up in the server's thread. */
  g_socket_close (peer->socket, NULL);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, ended_cb, peer, NULL);
  g_source_attach (source, server->context);

  return NULL;
}

static gboolean
incoming_cb (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source,
             gpointer           user_data)
{
  TillTerminal *self = user_data;
  TillPeer *peer;

  if (self->peers >= TILL_TERMINAL_PEERS || g_cancellable_is_cancelled (self->server->cancellable))
    return TRUE;

  self->peers++;
  self->server->jobs++;
  peer = till_peer_new (self, connection);
  peer->thread = g_thread_new ("terminal", peer_thread, peer);

  return TRUE;
}

static gboolean
tick_cb (gpointer user_data)
{
  till_terminal_tick (user_data);

  return G_SOURCE_CONTINUE;
}

static gboolean
add_port (TillTerminal  *self,
          guint16        port,
          GError       **error)
{
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (loopback, port);
  g_autoptr(GSocketAddress) used = NULL;

  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_TCP, NULL, &used, error))
    return FALSE;

  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (used));
  return TRUE;
}

/**
 * till_terminal_listen:
 * @self: a terminal
 * @port: to listen on; 0 for any free one, which it is also where this one is taken
 * @error: (out) (optional): %TILL_ERROR_UNAVAILABLE
 *
 * Shows a code and lets connections in. In the server's thread.
 *
 * Returns: whether it listens
 */
gboolean
till_terminal_listen (TillTerminal  *self,
                      guint16        port,
                      GError       **error)
{
  TillSandboxInfo *info = &self->server->info;
  g_autoptr(GError) reason = NULL;

  self->service = g_socket_service_new ();
  g_socket_listener_set_backlog (G_SOCKET_LISTENER (self->service), BACKLOG);

  if (!add_port (self, port, NULL) && !add_port (self, 0, &reason))
    {
      till_set_error (error, TILL_ERROR_UNAVAILABLE, TILL_REASON_IO, reason->message, NULL,
                      "the sandbox's terminal cannot listen: %s", reason->message);
      return FALSE;
    }

  g_signal_connect (self->service, "incoming", G_CALLBACK (incoming_cb), self);
  info->terminal_https = g_strdup_printf ("https://127.0.0.1:%u", self->port);
  info->terminal_wss = g_strdup_printf ("wss://127.0.0.1:%u", self->port);
  info->terminal_serial = g_strdup (self->serial);
  info->terminal_root_file = g_build_filename (self->server->folder, ROOT_FILE, NULL);
  info->terminal_root_pem = g_strdup (till_authority_get_pem (self->root));

  self->tick = g_timeout_source_new_seconds (1);
  g_source_set_callback (self->tick, tick_cb, self, NULL);
  g_source_attach (self->tick, self->server->context);
  till_terminal_show_code (self);

  return TRUE;
}

/**
 * till_terminal_shut:
 * @self: a terminal
 *
 * Lets nobody in any more. Those who are in end with the server's
 * cancellable; each is one of its jobs.
 */
void
till_terminal_shut (TillTerminal *self)
{
  if (self->tick != NULL)
    {
      g_source_destroy (self->tick);
      g_clear_pointer (&self->tick, g_source_unref);
    }
  if (self->service != NULL)
    {
      g_socket_service_stop (self->service);
      g_socket_listener_close (G_SOCKET_LISTENER (self->service));
    }
}

/**
 * till_terminal_free:
 * @self: (transfer full): a terminal that was shut and that nobody is connected to
 *
 * Frees @self.
 */
void
till_terminal_free (TillTerminal *self)
{
  g_clear_object (&self->service);
  for (guint i = 0; i < G_N_ELEMENTS (self->crt); i++)
    {
      g_clear_pointer (&self->crt[i], gnutls_x509_crt_deinit);
      g_clear_pointer (&self->key[i], gnutls_x509_privkey_deinit);
    }
  g_clear_pointer (&self->intermediate, till_authority_free);
  g_clear_pointer (&self->issued, g_ptr_array_unref);
  g_mutex_clear (&self->lock);
  g_free (self->serial);
  g_free (self);
}
