/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The server behind TillSandbox: listening, bounds, and which service a request is for. */
#include "config.h"

#include "till-sandbox-private.h"

#include <string.h>
#include <unistd.h>

#include "till-error.h"
#include "till-file.h"
#include "till-limits.h"
#include "till-sandbox-authority.h"
#include "till-sandbox-call.h"
#include "till-sandbox-hub.h"
#include "till-sandbox-identity.h"
#include "till-sandbox-keypool.h"
#include "till-sandbox-state.h"
#include "till-sandbox-terminal-private.h"
#include "till-sandbox-wallet.h"

/* Silence that long ends a connection, before TLS as well. */
#define SILENCE_SECONDS 60

/* A body beyond its bound is read so far, so that the refusal reaches who sends it. */
#define PATIENCE_BYTES (8 * TILL_LIMIT_JSON_BYTES)

#define HEADER_BYTES (32 * 1024)

/**
 * TillInflow:
 * @size: bytes of the body so far
 * @refused: the status that the request gets whatever it says; 0 for none
 *
 * What is counted while a request comes in.
 */
typedef struct
{
  gsize size;
  guint refused;
} TillInflow;

static void
refuse_inflow (SoupServerMessage *message,
               TillInflow        *inflow,
               guint              status)
{
  inflow->refused = status;
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
}

/* libsoup 3.2 takes requests that two servers would read differently
 * (RELIABILITY.md 4.2); none of ours is one of them. */
static gboolean
is_ambiguous (SoupMessageHeaders *headers)
{
  const char *length = soup_message_headers_get_list (headers, "Content-Length");
  const char *host = soup_message_headers_get_list (headers, "Host");

  return (length != NULL && (strchr (length, ',') != NULL ||
                             soup_message_headers_get_one (headers, "Transfer-Encoding") != NULL)) ||
         host == NULL || strchr (host, ',') != NULL;
}

static void
got_headers_cb (SoupServerMessage *message,
                gpointer           user_data)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  TillInflow *inflow = user_data;
  SoupMessageHeadersIter iter;
  const char *name;
  const char *value;
  gsize size = 0;

  soup_message_headers_iter_init (&iter, headers);
  while (soup_message_headers_iter_next (&iter, &name, &value))
    size += strlen (name) + strlen (value);

  if (size > HEADER_BYTES)
    refuse_inflow (message, inflow, 431);
  else if (is_ambiguous (headers))
    refuse_inflow (message, inflow, SOUP_STATUS_BAD_REQUEST);
  else if (soup_message_headers_get_content_length (headers) > TILL_LIMIT_JSON_BYTES)
    refuse_inflow (message, inflow, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE);

  /* SoupServer asks for it again when a connection was cut, and warns; it keeps what it knows. */
  if (soup_server_message_get_socket (message) != NULL)
    (void) soup_server_message_get_remote_address (message);

  /* SoupServer would cut answers to pieces by it, with holes of its own. */
  soup_message_headers_remove (headers, "Range");
}

static void
got_chunk_cb (SoupServerMessage *message,
              GBytes            *chunk,
              gpointer           user_data)
{
  TillInflow *inflow = user_data;

  inflow->size += g_bytes_get_size (chunk);
  if (inflow->size > TILL_LIMIT_JSON_BYTES && inflow->refused == 0)
    refuse_inflow (message, inflow, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE);

  if (inflow->size > PATIENCE_BYTES)
    {
      GSocket *socket = soup_server_message_get_socket (message);

      /* Only shut down, it would go on to fill up. */
      if (socket != NULL)
        g_socket_close (socket, NULL);
    }
}

static void
inflow_free (gpointer  data,
             GClosure *closure)
{
  g_free (data);
}

static void
request_started_cb (SoupServer        *soup,
                    SoupServerMessage *message,
                    gpointer           user_data)
{
  GSocket *socket = soup_server_message_get_socket (message);
  TillInflow *inflow = g_new0 (TillInflow, 1);

  if (socket != NULL)
    g_socket_set_timeout (socket, SILENCE_SECONDS);

  g_object_set_data (G_OBJECT (message), "till-inflow", inflow);
  g_signal_connect_data (message, "got-headers", G_CALLBACK (got_headers_cb), inflow, inflow_free, 0);
  g_signal_connect (message, "got-chunk", G_CALLBACK (got_chunk_cb), inflow);
}

static void
request_cb (SoupServer        *soup,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  TillSandboxServer *self = user_data;
  TillInflow *inflow = g_object_get_data (G_OBJECT (message), "till-inflow");
  TillCall *call;

  if (inflow != NULL && inflow->refused != 0)
    {
      soup_message_headers_replace (soup_server_message_get_response_headers (message), "Connection", "close");
      soup_server_message_set_status (message, inflow->refused, NULL);
      return;
    }

  /* Who was still in the handshake when the server was disconnected is let in all the same. */
  if (g_cancellable_is_cancelled (self->cancellable))
    {
      soup_message_headers_replace (soup_server_message_get_response_headers (message), "Connection", "close");
      soup_server_message_set_status (message, SOUP_STATUS_SERVICE_UNAVAILABLE, NULL);
      return;
    }

  call = till_call_new (self, message);
  if (till_wire_before (call))
    return;

  if (g_str_has_prefix (call->path, "/ch/"))
    till_hub_handle (call);
  else if (g_str_has_prefix (call->path, "/v1/"))
    till_wallet_handle (call);
  else
    till_devices_handle (call);
}

/**
 * till_sandbox_server_new:
 * @folder: of the state
 * @clock: whose time the services keep
 *
 * Returns: (transfer full): a server that does not run yet
 */
TillSandboxServer *
till_sandbox_server_new (const char *folder,
                         TillClock  *clock)
{
  TillSandboxServer *self = g_new0 (TillSandboxServer, 1);

  self->folder = g_strdup (folder);
  self->clock = till_clock_ref (clock);
  till_assumptions_init (&self->assumptions);
  till_faults_init (&self->faults);
  g_mutex_init (&self->pass_lock);
  g_mutex_init (&self->lock);
  self->lock_fd = -1;

  return self;
}

/**
 * till_sandbox_server_free:
 * @self: (transfer full): a server that does not run
 *
 * Frees @self.
 */
void
till_sandbox_server_free (TillSandboxServer *self)
{
  till_identity_clear (self);
  till_assumptions_clear (&self->assumptions);
  till_faults_clear (&self->faults);
  g_mutex_clear (&self->pass_lock);
  g_mutex_clear (&self->lock);
  till_clock_unref (self->clock);
  g_free (self->example_keys);
  g_free (self->folder);
  g_free (self);
}

static gboolean
open_state (TillSandboxServer  *self,
            GTlsCertificate   **certificate,
            GError            **error)
{
  g_autoptr(TillAuthority) authority = NULL;

  if (!till_file_make_dir (self->folder, error) ||
      (self->lock_fd = till_state_lock (self->folder, error)) < 0)
    return FALSE;

  g_mutex_lock (&self->pass_lock);
  till_state_sweep (self->folder);
  g_mutex_unlock (&self->pass_lock);

  if ((authority = till_authority_open (self->folder, "ca", "Tillkeeper Practice CA", error)) == NULL ||
      (*certificate = till_authority_open_server (authority, self->folder, error)) == NULL ||
      (self->device_authority = till_authority_open (self->folder, "devices-ca", "Practice Devices Root CA",
                                                      error)) == NULL ||
      !till_identity_open (self, error))
    return FALSE;

  self->info.ca_pem = g_strdup (till_authority_get_pem (authority));
  self->info.ca_file = g_build_filename (self->folder, "ca.pem", NULL);
  self->device_root = g_strdup (till_authority_get_pem (self->device_authority));
  self->pool = till_hub_key_pool_new (self);

  return (self->hub = till_hub_open (self, error)) != NULL &&
         (self->wallet = till_wallet_open (self, error)) != NULL &&
         (self->terminal = till_terminal_open (self, self->device_authority, error)) != NULL;
}

static gboolean
listen_on (TillSandboxServer  *self,
           guint16             port,
           GError            **error)
{
  g_autoptr(GError) reason = NULL;
  GSList *uris;
  int used;

  if (!soup_server_listen_local (self->soup, port, SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY, &reason))
    {
      if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
        till_set_error (error, TILL_ERROR_CONFLICT, TILL_REASON_IN_USE, NULL, NULL,
                        "port %u is in use by another program; choose another one, or 0 for any", port);
      else
        till_set_error (error, TILL_ERROR_UNAVAILABLE, TILL_REASON_IO, reason->message, NULL,
                        "the sandbox cannot listen on port %u: %s", port, reason->message);
      return FALSE;
    }

  uris = soup_server_get_uris (self->soup);
  used = g_uri_get_port (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  self->info.hub_url = g_strdup_printf ("https://127.0.0.1:%d/ch", used);
  self->info.wallet_url = g_strdup_printf ("https://127.0.0.1:%d/v1", used);
  self->info.devices_url = g_strdup_printf ("https://127.0.0.1:%d", used);

  return TRUE;
}

/**
 * till_sandbox_server_open:
 * @self: a server that does not run
 * @port: to listen on; 0 for any free one
 * @error: (out) (optional): %TILL_ERROR_CONFLICT for a port in use, %TILL_ERROR_STORE_LOCKED for a
 *   folder in use, %TILL_ERROR_DAMAGED, %TILL_ERROR_UNREADABLE, %TILL_ERROR_INTERNAL
 *
 * Reads the state, makes what is missing, and listens. In the server's thread,
 * whose context is its default.
 *
 * Returns: whether it runs; close it either way
 */
gboolean
till_sandbox_server_open (TillSandboxServer  *self,
                          guint16             port,
                          GError            **error)
{
  g_autoptr(GTlsCertificate) certificate = NULL;

  till_identity_clear (self);
  self->context = g_main_context_ref_thread_default ();
  self->cancellable = g_cancellable_new ();
  self->waiting = g_ptr_array_new ();

  if (!open_state (self, &certificate, error))
    return FALSE;

  self->soup = soup_server_new ("server-header", "Tillkeeper-Sandbox", "raw-paths", TRUE,
                                "tls-certificate", certificate, NULL);
  g_signal_connect (self->soup, "request-started", G_CALLBACK (request_started_cb), self);
  soup_server_add_handler (self->soup, NULL, request_cb, self, NULL);
  if (!listen_on (self, port, error) || !till_terminal_listen (self->terminal, self->terminal_port, error))
    return FALSE;

  till_hub_key_pool_fill (self->pool);
  return TRUE;
}

/**
 * till_sandbox_server_close:
 * @self: a server that was opened, also in vain
 *
 * Ends it: what threads still do for it is waited for, what was ordered to be
 * slow is dropped. In the server's thread.
 */
void
till_sandbox_server_close (TillSandboxServer *self)
{
  g_cancellable_cancel (self->cancellable);

  while (self->waiting->len > 0)
    till_call_free (g_ptr_array_steal_index (self->waiting, self->waiting->len - 1));
  if (self->soup != NULL)
    soup_server_disconnect (self->soup);
  if (self->terminal != NULL)
    till_terminal_shut (self->terminal);
  while (self->jobs > 0)
    g_main_context_iteration (self->context, TRUE);

  g_clear_object (&self->soup);
  while (g_main_context_iteration (self->context, FALSE))
    ;

  g_clear_pointer (&self->terminal, till_terminal_free);
  g_clear_pointer (&self->device_authority, till_authority_free);
  g_clear_pointer (&self->wallet, till_wallet_close);
  g_clear_pointer (&self->hub, till_hub_close);
  g_clear_pointer (&self->pool, till_hub_key_pool_free);
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->context, g_main_context_unref);
  if (self->lock_fd >= 0)
    close (self->lock_fd);
  self->lock_fd = -1;
}
