/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One call on its way: tries and deadlines. */
#include "config.h"

#include <string.h>

#include "till-limits.h"
#include "till-transport-private.h"
#include "till-trust.h"

/* How often it is asked whether the machine has slept, while a call is on its way. */
#define SLEEP_CHECK_MS 1000

static void
drop_source (GSource **source)
{
  if (*source == NULL)
    return;

  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/* Returns: (transfer full): a timer on the loop of the call */
static GSource *
add_timer (GTask       *task,
           gint64       milliseconds,
           GSourceFunc  callback)
{
  GSource *source = g_timeout_source_new ((guint) CLAMP (milliseconds, 0, G_MAXINT));

  g_source_set_callback (source, callback, task, NULL);
  g_source_attach (source, g_task_get_context (task));

  return source;
}

/**
 * till_sending_end_try:
 * @self: a call
 *
 * Lets go of everything that belongs to one try.
 */
void
till_sending_end_try (TillSending *self)
{
  drop_source (&self->connect_timer);
  drop_source (&self->deadline_timer);
  drop_source (&self->sleep_timer);

  /* A stream that is not read to its end closes its connection. */
  g_clear_object (&self->stream);
  g_clear_object (&self->message);
  g_clear_pointer (&self->target, g_free);
  g_clear_object (&self->stop);
  g_clear_pointer (&self->buffer, till_secret_unref);
}

/**
 * till_sending_free:
 * @self: (transfer full): a call
 *
 * Frees a call that has ended.
 */
void
till_sending_free (TillSending *self)
{
  drop_source (&self->cancel_source);
  drop_source (&self->wait_timer);
  till_sending_end_try (self);

  till_endpoint_unref (self->endpoint);
  g_free (self->method);
  g_free (self->url);
  g_free (self->authority);
  g_clear_pointer (&self->signer, till_signer_unref);
  g_free (self->request_id);
  g_free (self->content_type);
  g_clear_pointer (&self->body, till_secret_unref);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->failure);
  g_clear_pointer (&self->answer, till_answer_free);
  g_free (self);
}

/**
 * till_sending_finish:
 * @task: (transfer full): a call
 * @error: (transfer full) (nullable): why it failed; %NULL where it has its answer
 *
 * Returns the task; nothing of the call runs after it.
 */
void
till_sending_finish (GTask  *task,
                     GError *error)
{
  TillSending *self = g_task_get_task_data (task);

  drop_source (&self->cancel_source);
  drop_source (&self->wait_timer);
  till_sending_end_try (self);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&self->answer), (GDestroyNotify) till_answer_free);

  g_object_unref (task);
}

/**
 * till_sending_fill_fault:
 * @task: a call
 * @fault: (out): all that is known of its try
 *
 * Collects what an error is made of.
 */
void
till_sending_fill_fault (GTask     *task,
                         TillFault *fault)
{
  TillSending *self = g_task_get_task_data (task);
  TillTransport *transport = g_task_get_source_object (task);
  SoupMessageMetrics *metrics = self->message != NULL ? soup_message_get_metrics (self->message) : NULL;

  memset (fault, 0, sizeof *fault);
  fault->cause = self->failure;
  fault->stop = self->why;
  fault->authority = self->authority;
  fault->answered = self->answered;
  fault->changes = (self->flags & TILL_CALL_CHANGES) != 0;
  fault->maybe_done = self->maybe_done || self->sent;
  fault->seconds = self->why == TILL_STOP_CONNECT ? MIN (self->deadline, TILL_LIMIT_CONNECT_SECONDS) : self->deadline;
  fault->now = till_clock_get_now (till_transport_get_clock (transport));

  if (self->message != NULL)
    {
      fault->flags = soup_message_get_tls_peer_certificate_errors (self->message);
      fault->certificate = soup_message_get_tls_peer_certificate (self->message);
    }
  if (metrics != NULL)
    fault->header_bytes = soup_message_metrics_get_response_header_bytes_received (metrics);
}

static gboolean
wait_over_cb (gpointer user_data)
{
  GTask *task = user_data;
  TillSending *self = g_task_get_task_data (task);
  TillFault fault;

  drop_source (&self->wait_timer);

  /* Timers stand still while the machine sleeps, the service's memory of a request doesn't. */
  if (till_sending_is_window_over (self, till_sending_get_boot (task)))
    {
      self->why = TILL_STOP_DEADLINE;
      till_sending_fill_fault (task, &fault);
      till_sending_finish (task, till_fault_to_error (&fault));
      return G_SOURCE_REMOVE;
    }

  till_sending_begin (task);

  return G_SOURCE_REMOVE;
}

/**
 * till_sending_repeat:
 * @task: a call
 * @milliseconds: to wait
 *
 * Makes the next try after a while.
 */
void
till_sending_repeat (GTask  *task,
                     gint64  milliseconds)
{
  TillSending *self = g_task_get_task_data (task);
  double patience = till_transport_get_patience (g_task_get_source_object (task));

  self->wait_timer = add_timer (task, (gint64) ((double) milliseconds * patience), wait_over_cb);
}

/**
 * till_sending_get_boot:
 * @task: a call
 *
 * Returns: seconds since the machine started, by the clock of its transport
 */
gint64
till_sending_get_boot (GTask *task)
{
  return till_clock_get_boot (till_transport_get_clock (g_task_get_source_object (task)));
}

/**
 * till_sending_fail:
 * @task: a call
 * @error: (transfer full): ours
 *
 * A try is over with an error; perhaps there is another.
 */
void
till_sending_fail (GTask  *task,
                   GError *error)
{
  TillSending *self = g_task_get_task_data (task);
  gint64 wait;

  self->maybe_done = self->maybe_done || ((self->flags & TILL_CALL_CHANGES) != 0 && self->sent);
  wait = self->why == TILL_STOP_CANCELLED ? -1 : till_sending_wait_after_failure (self, error, till_sending_get_boot (task));
  if (wait < 0)
    {
      till_sending_finish (task, error);
      return;
    }

  g_error_free (error);
  till_sending_end_try (self);
  till_sending_repeat (task, wait);
}

/* The connection that failed may be that to a proxy. */
static void
proxy_asked_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  GTask *task = user_data;
  TillSending *self = g_task_get_task_data (task);
  g_auto(GStrv) proxies = g_proxy_resolver_lookup_finish (G_PROXY_RESOLVER (source), result, NULL);
  TillFault fault;
  GError *error;

  till_sending_fill_fault (task, &fault);
  fault.proxied = proxies != NULL && proxies[0] != NULL && !g_str_has_prefix (proxies[0], "direct:");
  error = till_fault_to_error (&fault);
  g_clear_error (&self->failure);
  till_sending_fail (task, error);
}

/**
 * till_sending_break:
 * @task: a call
 * @cause: (transfer full): what a library said
 *
 * A try is over with an error of a library.
 */
void
till_sending_break (GTask  *task,
                    GError *cause)
{
  TillSending *self = g_task_get_task_data (task);
  TillFault fault;
  GError *error;

  drop_source (&self->connect_timer);
  drop_source (&self->deadline_timer);
  drop_source (&self->sleep_timer);
  self->failure = cause;

  if (self->why == TILL_STOP_NONE && !self->sent)
    {
      g_proxy_resolver_lookup_async (g_proxy_resolver_get_default (), self->url, self->stop, proxy_asked_cb, task);
      return;
    }

  till_sending_fill_fault (task, &fault);
  error = till_fault_to_error (&fault);
  g_clear_error (&self->failure);
  till_sending_fail (task, error);
}

static void
stop_try (TillSending *self,
          TillStop     why)
{
  if (self->why == TILL_STOP_NONE)
    self->why = why;
  if (self->stop != NULL)
    g_cancellable_cancel (self->stop);
}

static gboolean
connect_timer_cb (gpointer user_data)
{
  TillSending *self = g_task_get_task_data (user_data);

  stop_try (self, TILL_STOP_CONNECT);

  return G_SOURCE_REMOVE;
}

static gboolean
deadline_timer_cb (gpointer user_data)
{
  TillSending *self = g_task_get_task_data (user_data);

  stop_try (self, self->connect_timer != NULL ? TILL_STOP_CONNECT : TILL_STOP_DEADLINE);

  return G_SOURCE_REMOVE;
}

/* The deadline's own timer stands still while the machine sleeps. */
static gboolean
sleep_timer_cb (gpointer user_data)
{
  TillSending *self = g_task_get_task_data (user_data);

  if (till_sending_get_boot (user_data) - self->try_boot <= self->deadline)
    return G_SOURCE_CONTINUE;

  return deadline_timer_cb (user_data);
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  GTask *task = user_data;
  TillSending *self = g_task_get_task_data (task);
  gboolean in_flight = self->message != NULL;

  stop_try (self, TILL_STOP_CANCELLED);

  /* Between tries there is nobody else to say it. */
  if (!in_flight)
    {
      TillFault fault;

      till_sending_fill_fault (task, &fault);
      till_sending_finish (task, till_fault_to_error (&fault));
    }

  return G_SOURCE_REMOVE;
}

/* The time to connect counts from when libsoup begins to, not while a call
 * waits for one of the 8 connections. */
static void
network_event_cb (SoupMessage        *message,
                  GSocketClientEvent  event,
                  GIOStream          *connection,
                  gpointer            user_data)
{
  GTask *task = user_data;
  TillSending *self = g_task_get_task_data (task);

  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING)
    till_trust_hide_address (connection);

  if (self->connect_timer == NULL && !self->sent && message == self->message)
    self->connect_timer = add_timer (task, TILL_LIMIT_CONNECT_SECONDS * 1000, connect_timer_cb);
}

/**
 * till_sending_is_old_tls:
 * @message: one with a connection
 *
 * Returns: whether its connection is less safe than TLS 1.2 (G12)
 */
gboolean
till_sending_is_old_tls (SoupMessage *message)
{
  GTlsProtocolVersion version = soup_message_get_tls_protocol_version (message);

  return version != G_TLS_PROTOCOL_VERSION_TLS_1_2 && version != G_TLS_PROTOCOL_VERSION_TLS_1_3;
}

/* The connection stands and nothing is written yet: the last moment to say no
 * (G12). GIO takes a session up again that another transport of the process
 * has begun, and does not ask for the certificate then; what our own trust
 * says of it is known all the same. */
static void
starting_cb (SoupMessage *message,
             gpointer     user_data)
{
  TillSending *self = g_task_get_task_data (user_data);

  if (message != self->message)
    return;

  drop_source (&self->connect_timer);
  if (soup_message_get_tls_peer_certificate_errors (message) != 0)
    stop_try (self, TILL_STOP_CERTIFICATE);
  else if (till_sending_is_old_tls (message))
    stop_try (self, TILL_STOP_OLD_TLS);
  else
    self->sent = TRUE;
}

/* Secrets go to libsoup, which copies them; there is no other way in. */
static void
add_header (const char *name,
            const char *value,
            gpointer    user_data)
{
  TillSending *self = user_data;
  SoupMessageHeaders *headers = soup_message_get_request_headers (self->message);
  const char *kept;

  /* libsoup drops what has a line break in it, with no more than a warning
   * (RELIABILITY.md 4.2): never send a call that lacks a header. */
  for (const char *p = value; *p != '\0'; p++)
    if ((guchar) *p < ' ' || (guchar) *p > '~')
      {
        self->header_lost = TRUE;
        return;
      }

  soup_message_headers_replace (headers, name, value);
  kept = soup_message_headers_get_one (headers, name);
  if (kept == NULL || strcmp (kept, value) != 0)
    self->header_lost = TRUE;
}

static gboolean
add_headers (GTask   *task,
             GError **error)
{
  TillSending *self = g_task_get_task_data (task);
  TillSignerInput input = {
    .method = self->method,
    .authority = self->authority,
    .target = self->target,
    .body = self->body != NULL ? till_secret_get_data (self->body) : NULL,
    .body_size = self->body != NULL ? till_secret_get_size (self->body) : 0,
    .request_id = self->request_id,
    .now_ms = till_transport_next_stamp (g_task_get_source_object (task)),
  };

  self->header_lost = FALSE;
  if (self->request_id != NULL)
    add_header ("Client-Request-Id", self->request_id, self);
  if (self->content_type != NULL)
    add_header ("Content-Type", self->content_type, self);
  if (self->signer != NULL && !till_signer_sign (self->signer, &input, add_header, self, error))
    return FALSE;

  if (self->header_lost)
    {
      till_set_error (error, TILL_ERROR_INTERNAL, TILL_REASON_NONE, NULL, NULL,
                      "a header of the request has a character that headers can't have; nothing was sent");
      return FALSE;
    }

  return TRUE;
}

/* The memory of the secret itself is what is sent, and what was signed. */
static void
add_body (TillSending *self)
{
  g_autoptr(GBytes) bytes = NULL;

  if (self->body == NULL)
    {
      if ((self->flags & TILL_CALL_CHANGES) != 0 && strcmp (self->method, "DELETE") != 0)
        soup_message_headers_set_content_length (soup_message_get_request_headers (self->message), 0);
      return;
    }

  bytes = g_bytes_new_with_free_func (till_secret_get_data (self->body), till_secret_get_size (self->body),
                                      (GDestroyNotify) till_secret_unref, till_secret_ref (self->body));
  soup_message_set_request_body_from_bytes (self->message, self->content_type, bytes);
}

static guint
count_slashes (const char *text,
               gsize       length)
{
  guint n = 0;

  for (gsize i = 0; i < length; i++)
    n += text[i] == '/';

  return n;
}

/* What libsoup will ask for is what is signed: it spells some characters of a
 * path in another way. It also follows "%2e%2e" upwards; that is no spelling. */
static gboolean
read_target (TillSending *self)
{
  GUri *uri = soup_message_get_uri (self->message);
  const char *path = g_uri_get_path (uri);
  const char *query = g_uri_get_query (uri);
  const char *own = self->url + strlen ("https://") + strlen (self->authority);

  self->target = g_strconcat (path, query != NULL ? "?" : NULL, query, NULL);

  return count_slashes (path, strlen (path)) == count_slashes (own, strcspn (own, "?")) &&
         g_strcmp0 (g_uri_get_host (uri), till_endpoint_get_host (self->endpoint)) == 0;
}

static gboolean
make_message (GTask   *task,
              GError **error)
{
  TillSending *self = g_task_get_task_data (task);
  SoupMessageFlags flags = SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_COLLECT_METRICS;

  /* libsoup sends PUT and DELETE again where a kept connection dies (G16). */
  if ((self->flags & TILL_CALL_CHANGES) != 0)
    flags |= SOUP_MESSAGE_NEW_CONNECTION;

  self->message = soup_message_new (self->method, self->url);
  if (self->message == NULL || !read_target (self))
    {
      till_set_error (error, TILL_ERROR_INTERNAL, TILL_REASON_NONE, NULL, NULL,
                      "a path was made that can't be sent as it is; nothing was sent");
      return FALSE;
    }

  soup_message_set_flags (self->message, flags);
  g_signal_connect_object (self->message, "network-event", G_CALLBACK (network_event_cb), task, 0);
  g_signal_connect_object (self->message, "starting", G_CALLBACK (starting_cb), task, 0);
  add_body (self);

  return add_headers (task, error);
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GTask *task = user_data;
  TillSending *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (self->stream == NULL)
    {
      till_sending_break (task, error);
      return;
    }

  drop_source (&self->connect_timer);
  till_sending_read_answer (task);
}

/**
 * till_sending_begin:
 * @task: (transfer full) (type TillSending): a call; it is returned when the call is over
 *
 * Makes the next try of a call.
 */
void
till_sending_begin (GTask *task)
{
  TillSending *self = g_task_get_task_data (task);
  TillFault fault;
  GError *error = NULL;

  if (self->tries == 0)
    {
      self->first_boot = till_sending_get_boot (task);
      if (self->cancellable != NULL)
        {
          self->cancel_source = g_cancellable_source_new (self->cancellable);
          g_source_set_callback (self->cancel_source, G_SOURCE_FUNC (cancelled_cb), task, NULL);
          g_source_attach (self->cancel_source, g_task_get_context (task));
        }
    }

  self->tries++;
  self->sent = FALSE;
  self->answered = FALSE;
  self->why = TILL_STOP_NONE;
  self->try_start = g_get_monotonic_time ();
  self->try_boot = till_sending_get_boot (task);

  if (g_cancellable_is_cancelled (self->cancellable))
    {
      self->why = TILL_STOP_CANCELLED;
      till_sending_fill_fault (task, &fault);
      till_sending_finish (task, till_fault_to_error (&fault));
      return;
    }

  if (!make_message (task, &error))
    {
      till_sending_finish (task, error);
      return;
    }

  self->stop = g_cancellable_new ();
  self->deadline_timer = add_timer (task, (gint64) self->deadline * 1000, deadline_timer_cb);
  self->sleep_timer = add_timer (task, SLEEP_CHECK_MS, sleep_timer_cb);
  soup_session_send_async (till_transport_get_session (g_task_get_source_object (task)), self->message,
                           g_task_get_priority (task), self->stop, sent_cb, task);
}
