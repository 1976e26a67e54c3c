/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A terminal shows a set-up code, and this computer asks for its identity. */
#include "config.h"

#include "till-pairing-guest-private.h"

#include <libsoup/soup.h>
#include <string.h>

#include "till-error.h"
#include "till-limits.h"
#include "till-pairing-body.h"
#include "till-terminal-trust.h"

#define ANSWER_BYTES (64 * 1024)
#define STATUS_REQUEST "{\"type\":\"StatusRequest\"}"

enum
{
  CLOSE_ABNORMAL = 1006,
  CLOSE_POLICY = 1008,
};

struct _TillPairingGuest
{
  GObject            parent_instance;

  char              *address;
  char              *root_pem;
  char              *expected;      /* (nullable) */
  TillClock         *clock;
  TillTerminalTrust *trust;
};

G_DEFINE_FINAL_TYPE (TillPairingGuest, till_pairing_guest, G_TYPE_OBJECT)

/* One call to the terminal. */
typedef struct
{
  /* Input. */
  TillSecret              *body;         /* (owned) */
  TillIdentity            *identity;     /* (owned) (nullable): mutual TLS, a status request */
  gboolean                 websocket;

  /* In progress. */
  SoupSession             *session;      /* (owned) */
  SoupMessage             *message;      /* (owned) */
  SoupWebsocketConnection *connection;   /* (owned) (nullable) */
  GCancellable            *cancellable;  /* (owned): of the caller, or the deadline */
  GCancellable            *outer;        /* (owned) (nullable) */
  gulong                   outer_id;
  guint                    deadline;
  gboolean                 too_late;

  /* Output. */
  TillSecret              *answer;       /* (owned) (nullable) */
  gsize                    answer_size;
} Call;

static void
call_free (Call *self)
{
  if (self->outer != NULL)
    g_cancellable_disconnect (self->outer, self->outer_id);
  g_clear_handle_id (&self->deadline, g_source_remove);
  g_clear_pointer (&self->body, till_secret_unref);
  g_clear_pointer (&self->answer, till_secret_unref);
  g_clear_object (&self->identity);
  g_clear_object (&self->connection);
  g_clear_object (&self->message);
  g_clear_object (&self->session);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->outer);
  g_free (self);
}

static void
till_pairing_guest_finalize (GObject *object)
{
  TillPairingGuest *self = TILL_PAIRING_GUEST (object);

  g_free (self->address);
  g_free (self->root_pem);
  g_free (self->expected);
  g_clear_pointer (&self->clock, till_clock_unref);
  g_clear_object (&self->trust);

  G_OBJECT_CLASS (till_pairing_guest_parent_class)->finalize (object);
}

static void
till_pairing_guest_class_init (TillPairingGuestClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = till_pairing_guest_finalize;
}

static void
till_pairing_guest_init (TillPairingGuest *self)
{
}

/**
 * till_pairing_guest_new:
 * @address: as the terminal shows it under Details
 * @root_pem: what its certificate is checked against
 * @serial: (nullable): the number on its back
 * @clock: asks for the time
 * @error: (out) (optional): %TILL_ERROR_REJECTED with the field "address", %TILL_ERROR_NOT_A_CERTIFICATE_FILE
 *
 * Returns: (transfer full) (nullable): a guest
 */
TillPairingGuest *
till_pairing_guest_new (const char  *address,
                        const char  *root_pem,
                        const char  *serial,
                        TillClock   *clock,
                        GError     **error)
{
  g_autoptr(TillPairingGuest) self = g_object_new (TILL_TYPE_PAIRING_GUEST, NULL);

  self->address = till_guest_check_address (address, error);
  if (self->address == NULL)
    return NULL;

  self->root_pem = g_strdup (root_pem);
  self->expected = g_strdup (serial);
  self->clock = till_clock_ref (clock);
  self->trust = till_terminal_trust_new (root_pem, serial, clock, error);

  return self->trust == NULL ? NULL : g_steal_pointer (&self);
}

/**
 * till_pairing_guest_get_address:
 * @self: a guest
 *
 * Returns: (transfer none): where it connects to
 */
const char *
till_pairing_guest_get_address (TillPairingGuest *self)
{
  g_return_val_if_fail (TILL_IS_PAIRING_GUEST (self), NULL);

  return self->address;
}

/* The certificate was refused by us. */
static GError *
explain_certificate (TillPairingGuest *self)
{
  GTlsCertificateFlags flags = till_terminal_trust_get_flags (self->trust);
  g_autofree char *seen = till_terminal_trust_dup_seen (self->trust);
  GError *error = NULL;

  if ((flags & G_TLS_CERTIFICATE_UNKNOWN_CA) != 0)
    return till_guest_make_error (TILL_ERROR_TLS, TILL_REASON_UNTRUSTED, NULL,
                       "the terminal's certificate does not end at the given root certificate; nothing was sent");
  if ((flags & G_TLS_CERTIFICATE_EXPIRED) != 0)
    return till_guest_make_error (TILL_ERROR_TLS, TILL_REASON_CERTIFICATE_EXPIRED, NULL,
                       "the terminal's certificate has expired; nothing was sent");
  if ((flags & G_TLS_CERTIFICATE_NOT_ACTIVATED) != 0)
    return till_guest_make_error (TILL_ERROR_TLS, TILL_REASON_CERTIFICATE_NOT_YET, NULL,
                       "the terminal's certificate is not valid yet; nothing was sent");
  if ((flags & G_TLS_CERTIFICATE_BAD_IDENTITY) == 0)
    return till_guest_make_error (TILL_ERROR_TLS, TILL_REASON_BAD_CHAIN, NULL,
                       "the terminal's certificate does not count; nothing was sent");

  if (seen != NULL)
    till_set_error (&error, TILL_ERROR_TLS, TILL_REASON_WRONG_HOST, seen, NULL,
                    "this is the terminal %s, not %s; nothing was sent", seen, self->expected);
  else
    till_set_error (&error, TILL_ERROR_TLS, TILL_REASON_WRONG_HOST, NULL, NULL,
                    "this is not the terminal that is expected; nothing was sent");

  return error;
}

/* error: (transfer full). mutual: a client's certificate was shown. */
static GError *
explain (TillPairingGuest *self,
         gboolean          mutual,
         GError           *error)
{
  g_autoptr(GError) old = error;

  if (old->domain == TILL_ERROR || g_error_matches (old, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_steal_pointer (&old);

  if (g_error_matches (old, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE) && till_terminal_trust_get_flags (self->trust) != 0)
    return explain_certificate (self);

  if (old->domain == G_TLS_ERROR && mutual)
    return till_guest_make_error (TILL_ERROR_TLS, TILL_REASON_HANDSHAKE, NULL,
                       "the terminal does not take this certificate; pair again");
  if (old->domain == G_TLS_ERROR)
    return till_guest_make_error (TILL_ERROR_TLS, TILL_REASON_HANDSHAKE, NULL,
                       "the terminal refused the secure connection; set its security to TLS, pair, and set it back to "
                       "mutual TLS");

  if (g_error_matches (old, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return till_guest_make_error (TILL_ERROR_UNAVAILABLE, TILL_REASON_REFUSED, self->address,
                       "nothing answers at this address; tap Generate Code on the terminal, and compare the port");
  if (g_error_matches (old, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return till_guest_make_error (TILL_ERROR_TIMED_OUT, TILL_REASON_CONNECT_TIMEOUT, self->address,
                       "nothing answers at this address; is this computer in the same network as the terminal?");
  if (g_error_matches (old, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE) ||
      g_error_matches (old, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE) || old->domain == G_RESOLVER_ERROR)
    return till_guest_make_error (TILL_ERROR_UNAVAILABLE, TILL_REASON_NO_ROUTE, self->address,
                       "there is no way to this address; is this computer in the same network as the terminal?");

  return till_guest_make_error (TILL_ERROR_UNAVAILABLE, TILL_REASON_RESET, self->address,
                     mutual ? "the terminal ended the connection; it may not take this certificate"
                            : "the terminal ended the connection before its answer was whole; nothing was saved");
}

static void
fail (GTask  *task,
      GError *error)
{
  TillPairingGuest *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);

  if (g_task_return_error_if_cancelled (task))
    {
      g_error_free (error);
      return;
    }
  if (call->too_late)
    {
      g_error_free (error);
      error = till_guest_make_error (TILL_ERROR_TIMED_OUT, TILL_REASON_DEADLINE, NULL,
                                     "the terminal did not answer in time");
    }

  g_task_return_error (task, explain (self, call->identity != NULL, error));
}

static void
succeed (GTask *task)
{
  TillPairingGuest *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);
  TillIdentity *identity;
  GError *error = NULL;

  if (call->identity != NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  till_secret_shrink (call->answer, call->answer_size);
  identity = till_identity_new (call->answer, self->root_pem, till_clock_get_now (self->clock), &error);
  if (identity != NULL)
    g_task_return_pointer (task, identity, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void read_more (GTask        *task,
                       GInputStream *stream);

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Call *call = g_task_get_task_data (task);
  GError *error = NULL;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (n < 0)
    {
      fail (task, error);
      return;
    }

  call->answer_size += (gsize) n;
  if (n > 0 && call->answer_size < ANSWER_BYTES)
    {
      read_more (task, G_INPUT_STREAM (source));
      return;
    }

  if (soup_message_get_status (call->message) != SOUP_STATUS_OK)
    g_task_return_error (task, till_guest_explain_status (soup_message_get_status (call->message), call->identity != NULL));
  else
    succeed (task);
}

static void
read_more (GTask        *task,
           GInputStream *stream)
{
  Call *call = g_task_get_task_data (task);

  g_input_stream_read_async (stream, till_secret_get_buffer (call->answer) + call->answer_size,
                             ANSWER_BYTES - call->answer_size, G_PRIORITY_DEFAULT, call->cancellable, read_cb,
                             g_object_ref (task));
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Call *call = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(GInputStream) stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);

  if (stream == NULL)
    {
      fail (task, error);
      return;
    }

  call->answer = till_secret_new (ANSWER_BYTES);
  read_more (task, stream);
}

static void
leave_websocket (Call *call)
{
  if (call->connection == NULL)
    return;

  g_signal_handlers_disconnect_by_data (call->connection, call);
  if (soup_websocket_connection_get_state (call->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (call->connection, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
}

static GTask *
take_task (Call *call)
{
  GTask *task = g_object_steal_data (G_OBJECT (call->connection), "till-task");

  leave_websocket (call);

  return task;
}

static gboolean
is_identity (const char *text,
             gsize       size)
{
  return memmem (text, size, "-----BEGIN ", 11) != NULL;
}

static void
message_cb (SoupWebsocketConnection *connection,
            int                      type,
            GBytes                  *bytes,
            Call                    *call)
{
  g_autoptr(GTask) task = take_task (call);
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);

  if (task == NULL)
    return;

  /* Any answer to a status request shows that the channel works. */
  if (call->identity == NULL && !is_identity (text, size))
    {
      g_task_return_error (task, till_guest_explain_status (SOUP_STATUS_FORBIDDEN, FALSE));
      return;
    }

  call->answer = till_secret_new_copy (text, size);
  call->answer_size = size;
  succeed (task);
}

static void
closed_cb (SoupWebsocketConnection *connection,
           Call                    *call)
{
  g_autoptr(GTask) task = take_task (call);
  gushort code = soup_websocket_connection_get_close_code (connection);

  if (task == NULL)
    return;

  if (call->too_late || g_cancellable_is_cancelled (call->cancellable))
    fail (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, ""));
  else if (code == CLOSE_POLICY && call->identity != NULL)
    g_task_return_error (task, till_guest_make_error (TILL_ERROR_REJECTED, TILL_REASON_OTHER_IDENTITY, NULL,
                                           "this certificate belongs to another terminal or pairing; pair again"));
  else if (code == CLOSE_POLICY)
    g_task_return_error (task, till_guest_explain_status (SOUP_STATUS_FORBIDDEN, FALSE));
  else if (code == 0 || code == CLOSE_ABNORMAL)
    g_task_return_error (task, till_guest_make_error (TILL_ERROR_UNAVAILABLE, TILL_REASON_BUSY, NULL,
                                           "the terminal is still starting; try again in ten seconds"));
  else
    fail (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, ""));
}

static void
connected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Call *call = g_task_get_task_data (task);
  GError *error = NULL;

  call->connection = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);
  if (call->connection == NULL)
    {
      guint status = soup_message_get_status (call->message);

      if (error->domain == SOUP_WEBSOCKET_ERROR && status >= 300)
        {
          g_error_free (error);
          g_task_return_error (task, till_guest_explain_status (status, call->identity != NULL));
        }
      else
        {
          fail (task, error);
        }
      return;
    }

  soup_websocket_connection_set_max_incoming_payload_size (call->connection, ANSWER_BYTES);
  g_signal_connect (call->connection, "message", G_CALLBACK (message_cb), call);
  g_signal_connect (call->connection, "closed", G_CALLBACK (closed_cb), call);
  g_object_set_data_full (G_OBJECT (call->connection), "till-task", g_object_ref (task), g_object_unref);
  soup_websocket_connection_send_text (call->connection, (const char *) till_secret_get_data (call->body));
}

static gboolean
deadline_cb (gpointer data)
{
  Call *call = data;

  call->deadline = 0;
  call->too_late = TRUE;
  g_cancellable_cancel (call->cancellable);
  if (call->connection != NULL)
    closed_cb (call->connection, call);

  return G_SOURCE_REMOVE;
}

static void
outer_cancelled_cb (GCancellable *outer,
                    GCancellable *inner)
{
  g_cancellable_cancel (inner);
}

static SoupSession *
make_session (TillPairingGuest *self)
{
  SoupSession *session = soup_session_new_with_options ("tls-database", self->trust, "proxy-resolver", NULL, "timeout",
                                                        TILL_LIMIT_CONNECT_SECONDS, "max-conns", 1, NULL);

  /* Lean, as every session of ours (G15): nothing answers a challenge, unpacks, or follows. */
  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_WEBSOCKET_EXTENSION_MANAGER);

  return session;
}

/* body: (transfer full) */
static void
start_call (TillPairingGuest    *self,
            GTask               *task,
            TillSecret          *body,
            TillIdentity        *identity,
            gboolean             websocket)
{
  Call *call = g_new0 (Call, 1);
  g_autoptr(GTlsCertificate) certificate = NULL;
  g_autofree char *address = NULL;
  GError *error = NULL;

  g_task_set_task_data (task, call, (GDestroyNotify) call_free);
  call->body = body;
  call->websocket = websocket;
  call->identity = identity == NULL ? NULL : g_object_ref (identity);
  call->cancellable = g_cancellable_new ();
  if (g_task_get_cancellable (task) != NULL)
    {
      call->outer = g_object_ref (g_task_get_cancellable (task));
      call->outer_id = g_cancellable_connect (call->outer, G_CALLBACK (outer_cancelled_cb),
                                              g_object_ref (call->cancellable), g_object_unref);
    }
  call->deadline = g_timeout_add_seconds (TILL_LIMIT_CALL_SECONDS, deadline_cb, call);
  call->session = make_session (self);

  address = g_strconcat (websocket ? "wss" : "https", strstr (self->address, "://"), NULL);
  call->message = soup_message_new (websocket ? SOUP_METHOD_GET : SOUP_METHOD_POST, address);
  soup_message_add_flags (call->message, SOUP_MESSAGE_NO_REDIRECT);

  if (identity != NULL)
    {
      certificate = till_identity_make_certificate (identity, &error);
      if (certificate == NULL)
        {
          g_task_return_error (task, error);
          return;
        }
      /* Sent whatever names the terminal asks for: it asks for those of its root, our issuer is below it. */
      soup_message_set_tls_client_certificate (call->message, certificate);
    }

  if (websocket)
    {
      soup_session_websocket_connect_async (call->session, call->message, NULL, NULL, G_PRIORITY_DEFAULT,
                                            call->cancellable, connected_cb, g_object_ref (task));
    }
  else
    {
      g_autoptr(GBytes) bytes = g_bytes_new_with_free_func (till_secret_get_data (body), till_secret_get_size (body),
                                                            (GDestroyNotify) till_secret_unref, till_secret_ref (body));

      soup_message_set_request_body_from_bytes (call->message, "application/json", bytes);
      soup_session_send_async (call->session, call->message, G_PRIORITY_DEFAULT, call->cancellable, sent_cb,
                               g_object_ref (task));
    }
}

static gboolean
is_websocket (TillPairingGuest *self)
{
  return g_str_has_prefix (self->address, "wss:");
}

/**
 * till_pairing_guest_pair_async:
 * @self: a guest
 * @pos_id: what this till is to be called
 * @code: as the terminal shows it
 * @cancellable: (nullable): to stop it
 * @callback: called with the identity
 * @user_data: for @callback
 *
 * Checks the terminal, sends the code, and takes the answer apart.
 */
void
till_pairing_guest_pair_async (TillPairingGuest    *self,
                               const char          *pos_id,
                               TillSecret          *code,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr(TillSecret) clean = till_terminal_code_normalise (code);

  g_task_set_source_tag (task, till_pairing_guest_pair_async);
  if (!till_pos_id_is_valid (pos_id))
    g_task_return_error (task, till_guest_make_error (TILL_ERROR_REJECTED, TILL_REASON_FIELD, "posId",
                                           "a POS ID is 1 to 64 letters, digits, dots, underlines or dashes"));
  else if (clean == NULL)
    g_task_return_error (task, till_guest_make_error (TILL_ERROR_REJECTED, TILL_REASON_FIELD, "setupCode",
                                           "a set-up code is eight letters or digits"));
  else
    start_call (self, task, till_guest_make_body (pos_id, clean), NULL, is_websocket (self));
}

/**
 * till_pairing_guest_pair_finish:
 * @self: a guest
 * @result: of till_pairing_guest_pair_async()
 * @error: (out) (optional): %TILL_ERROR_WRONG_CODE, %TILL_ERROR_TLS, %TILL_ERROR_UNAVAILABLE, %TILL_ERROR_CONFLICT,
 *   %TILL_ERROR_TIMED_OUT, and of till_identity_new()
 *
 * Returns: (transfer full) (nullable): the identity
 */
TillIdentity *
till_pairing_guest_pair_finish (TillPairingGuest  *self,
                                GAsyncResult      *result,
                                GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
probed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillPairingGuest *self = TILL_PAIRING_GUEST (source);
  g_autoptr(TillIdentity) identity = g_object_ref (g_task_get_task_data (task));
  GError *error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  /* A terminal may take requests only by the way that its address names. */
  if (till_error_get_reason (error) != TILL_REASON_UNEXPECTED_STATUS || is_websocket (self))
    {
      g_task_return_error (task, error);
      return;
    }

  g_error_free (error);
  start_call (self, task, till_secret_new_copy (STATUS_REQUEST, strlen (STATUS_REQUEST)), identity, TRUE);
}

/**
 * till_pairing_guest_probe_async:
 * @self: a guest
 * @identity: what to show
 * @cancellable: (nullable): to stop it
 * @callback: called when it is known
 * @user_data: for @callback
 *
 * Connects with the identity and asks for the terminal's status.
 */
void
till_pairing_guest_probe_async (TillPairingGuest    *self,
                                TillIdentity        *identity,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr(GTask) first = g_task_new (self, cancellable, probed_cb, task);

  g_task_set_source_tag (task, till_pairing_guest_probe_async);
  g_task_set_source_tag (first, till_pairing_guest_probe_async);
  g_task_set_task_data (task, g_object_ref (identity), g_object_unref);
  start_call (self, first, till_secret_new_copy (STATUS_REQUEST, strlen (STATUS_REQUEST)), identity,
              is_websocket (self));
}

/**
 * till_pairing_guest_probe_finish:
 * @self: a guest
 * @result: of till_pairing_guest_probe_async()
 * @error: (out) (optional): as till_pairing_guest_pair_finish(); %TILL_ERROR_REJECTED with %TILL_REASON_OTHER_IDENTITY
 *
 * Returns: whether the identity works
 */
gboolean
till_pairing_guest_probe_finish (TillPairingGuest  *self,
                                 GAsyncResult      *result,
                                 GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
looked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillPairingGuest *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr(GSocketConnection) connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);

  if (connection == NULL)
    {
      g_task_return_error (task, explain (self, FALSE, error));
      return;
    }

  g_io_stream_close_async (G_IO_STREAM (connection), G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  g_task_return_pointer (task, till_terminal_trust_dup_seen (self->trust), g_free);
}

static void
client_event_cb (GSocketClient      *client,
                 GSocketClientEvent  event,
                 GSocketConnectable *connectable,
                 GIOStream          *connection,
                 TillPairingGuest   *self)
{
  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING)
    g_tls_connection_set_database (G_TLS_CONNECTION (connection), G_TLS_DATABASE (self->trust));
}

/**
 * till_pairing_guest_look_async:
 * @self: a guest
 * @cancellable: (nullable): to stop it
 * @callback: called when it is known
 * @user_data: for @callback
 *
 * Connects, looks at the terminal's certificate, and ends the connection.
 */
void
till_pairing_guest_look_async (TillPairingGuest    *self,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnectable) address = NULL;
  g_autofree char *https = g_strconcat ("https", strstr (self->address, "://"), NULL);

  g_task_set_source_tag (task, till_pairing_guest_look_async);
  g_socket_client_set_tls (client, TRUE);
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_set_timeout (client, TILL_LIMIT_CONNECT_SECONDS);
  g_signal_connect_object (client, "event", G_CALLBACK (client_event_cb), self, 0);
  address = g_network_address_parse_uri (https, 443, NULL);
  g_socket_client_connect_async (client, address, cancellable, looked_cb, task);
}

/**
 * till_pairing_guest_look_finish:
 * @self: a guest
 * @result: of till_pairing_guest_look_async()
 * @seen: (out) (optional) (nullable) (transfer full): the serial number in its certificate
 * @error: (out) (optional): %TILL_ERROR_TLS, %TILL_ERROR_UNAVAILABLE, %TILL_ERROR_TIMED_OUT
 *
 * Returns: whether it answers and can be trusted
 */
gboolean
till_pairing_guest_look_finish (TillPairingGuest  *self,
                                GAsyncResult      *result,
                                char             **seen,
                                GError           **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char *serial = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  serial = g_task_propagate_pointer (G_TASK (result), &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (seen != NULL)
    *seen = g_steal_pointer (&serial);

  return TRUE;
}
