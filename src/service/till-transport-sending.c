/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One call on its way: tries, deadlines, and the answer as it comes in. */
#include "config.h"

#include <string.h>

#include "till-escape.h"
#include "till-limits.h"
#include "till-transport-private.h"

/* The first piece of an answer of unknown length. */
#define FIRST_BYTES 3840

/* libsoup reads the lines behind the last chunk into the same memory, and can't
 * do so where there is hardly any. */
#define SPARE_BYTES 256

/* How long a trace id may be. */
#define TRACE_CHARS 128

static void try_failed (GTask  *task,
                        GError *error);

static void
drop_source (GSource **source)
{
  if (*source == NULL)
    return;

  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/**
 * till_sending_add_timer:
 * @task: (nullable): for @callback
 * @milliseconds: how long
 * @callback: what then
 *
 * Returns: (transfer full): a timer on the loop of the call
 */
GSource *
till_sending_add_timer (GTask       *task,
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

/* Returns the task; nothing of the call runs after it. */
static void
finish (GTask  *task,
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

static void
fill_fault (GTask     *task,
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

  drop_source (&self->wait_timer);
  till_sending_begin (task);

  return G_SOURCE_REMOVE;
}

static void
wait_and_repeat (GTask  *task,
                 gint64  milliseconds)
{
  TillSending *self = g_task_get_task_data (task);
  double patience = till_transport_get_patience (g_task_get_source_object (task));

  self->wait_timer = till_sending_add_timer (task, (gint64) ((double) milliseconds * patience), wait_over_cb);
}

static gint64
get_boot (GTask *task)
{
  return till_clock_get_boot (till_transport_get_clock (g_task_get_source_object (task)));
}

/* A try is over with an error of ours. Takes it. */
static void
try_failed (GTask  *task,
            GError *error)
{
  TillSending *self = g_task_get_task_data (task);
  gint64 wait;

  self->maybe_done = self->maybe_done || ((self->flags & TILL_CALL_CHANGES) != 0 && self->sent);
  wait = self->why == TILL_STOP_CANCELLED ? -1 : till_sending_wait_after_failure (self, error, get_boot (task));
  if (wait < 0)
    {
      finish (task, error);
      return;
    }

  g_error_free (error);
  till_sending_end_try (self);
  wait_and_repeat (task, wait);
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

  fill_fault (task, &fault);
  fault.proxied = proxies != NULL && proxies[0] != NULL && !g_str_has_prefix (proxies[0], "direct:");
  error = till_fault_to_error (&fault);
  g_clear_error (&self->failure);
  try_failed (task, error);
}

/* A try is over with an error of a library. Takes it. */
static void
try_broke (GTask  *task,
           GError *cause)
{
  TillSending *self = g_task_get_task_data (task);
  TillFault fault;
  GError *error;

  drop_source (&self->connect_timer);
  drop_source (&self->deadline_timer);
  self->failure = cause;

  if (self->why == TILL_STOP_NONE && !self->sent)
    {
      g_proxy_resolver_lookup_async (g_proxy_resolver_get_default (), self->url, self->stop, proxy_asked_cb, task);
      return;
    }

  fill_fault (task, &fault);
  error = till_fault_to_error (&fault);
  g_clear_error (&self->failure);
  try_failed (task, error);
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

      fill_fault (task, &fault);
      finish (task, till_fault_to_error (&fault));
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

  if (self->connect_timer == NULL && !self->sent && message == self->message)
    self->connect_timer = till_sending_add_timer (task, TILL_LIMIT_CONNECT_SECONDS * 1000, connect_timer_cb);
}

static gboolean
is_old_tls (SoupMessage *message)
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
  else if (is_old_tls (message))
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

/* The answer, apart from its body, once its head is there. */
static TillAnswer *
read_head (GTask *task)
{
  TillSending *self = g_task_get_task_data (task);
  SoupMessageHeaders *headers = soup_message_get_response_headers (self->message);
  GTlsCertificate *certificate = soup_message_get_tls_peer_certificate (self->message);
  gint64 now = till_clock_get_now (till_transport_get_clock (g_task_get_source_object (task)));
  const char *type = soup_message_headers_get_content_type (headers, NULL);
  const char *trace = soup_message_headers_get_one (headers, "apitraceid");
  const char *date_text = soup_message_headers_get_one (headers, "Date");
  g_autoptr(GDateTime) date = date_text != NULL ? soup_date_time_new_from_http_string (date_text) : NULL;
  g_autoptr(GDateTime) ends = certificate != NULL ? g_tls_certificate_get_not_valid_after (certificate) : NULL;
  TillAnswer *answer = g_new0 (TillAnswer, 1);

  if (trace == NULL)
    trace = soup_message_headers_get_one (headers, "v-c-correlation-id");

  answer->status = soup_message_get_status (self->message);
  answer->content_type = type != NULL ? g_ascii_strdown (type, -1) : NULL;
  answer->trace_id = trace != NULL && *trace != '\0' ? till_escape (trace, -1, TRACE_CHARS) : NULL;
  answer->retry_after = till_retry_after_parse (soup_message_headers_get_one (headers, "Retry-After"), now);
  answer->skew = date != NULL ? now - g_date_time_to_unix (date) : G_MININT64;
  answer->tries = self->tries;
  answer->maybe_done = self->maybe_done;
  answer->certificate_not_after = ends != NULL ? g_date_time_to_unix (ends) : 0;
  answer->tls_version = soup_message_get_tls_protocol_version (self->message) == G_TLS_PROTOCOL_VERSION_TLS_1_3
                        ? "TLS 1.3" : "TLS 1.2";

  return answer;
}

/* What is wrong with the head of the answer. Returns: (transfer full) (nullable) */
static GError *
judge_head (GTask *task)
{
  TillSending *self = g_task_get_task_data (task);
  SoupMessageHeaders *headers = soup_message_get_response_headers (self->message);
  const char *encoding = soup_message_headers_get_list (headers, "Content-Encoding");
  TillFault fault;

  fill_fault (task, &fault);

  /* An answer to something that was not sent: a proxy gives it, in place of
   * the connection that it was to make. */
  if (!self->sent || self->answer->status == SOUP_STATUS_PROXY_UNAUTHORIZED)
    return till_fault_new_proxy (&fault, self->answer->status);

  if (is_old_tls (self->message))
    {
      fault.stop = TILL_STOP_OLD_TLS;
      return till_fault_to_error (&fault);
    }

  if (fault.header_bytes > TILL_LIMIT_ANSWER_HEADER_BYTES)
    return till_fault_new_too_large (&fault, (gint64) fault.header_bytes, TILL_LIMIT_ANSWER_HEADER_BYTES);

  if (SOUP_STATUS_IS_REDIRECTION (self->answer->status))
    return till_fault_new_redirect (&fault, self->answer->status, self->url,
                                    soup_message_headers_get_one (headers, "Location"));

  if (encoding != NULL && g_ascii_strcasecmp (encoding, "identity") != 0)
    return till_fault_new_encoded (&fault, encoding);

  if (self->announced > (gint64) self->max_answer)
    return till_fault_new_too_large (&fault, self->announced, (gint64) self->max_answer);

  return NULL;
}

/* Whether the service turned this try away before it looked at it. Of 503 that
 * is only sure where the service itself says so: a proxy also says it of a
 * connection that it has lost. */
static gboolean
is_turned_away (const TillAnswer *answer)
{
  switch (answer->status)
    {
    case SOUP_STATUS_UNAUTHORIZED:
    case SOUP_STATUS_FORBIDDEN:
    case 429:
      return TRUE;

    case SOUP_STATUS_SERVICE_UNAVAILABLE:
      return answer->retry_after >= 0 || g_strcmp0 (answer->content_type, "application/json") == 0;

    default:
      return FALSE;
    }
}

/* There will be no further try. An answer that says nothing of an earlier one,
 * whose outcome is unknown, must not pass for a refusal (G17). */
static void
deliver (GTask *task)
{
  TillSending *self = g_task_get_task_data (task);
  TillFault fault;

  if (!self->answer->maybe_done || !is_turned_away (self->answer))
    {
      finish (task, NULL);
      return;
    }

  fill_fault (task, &fault);
  finish (task, till_fault_new_unsettled (&fault, self->answer));
}

static void
answer_done (GTask *task)
{
  TillSending *self = g_task_get_task_data (task);
  gboolean changes = (self->flags & TILL_CALL_CHANGES) != 0;
  gint64 wait;

  self->answer->milliseconds = (g_get_monotonic_time () - self->try_start) / 1000;
  till_secret_shrink (self->buffer, self->used);
  self->answer->body = g_steal_pointer (&self->buffer);
  if (self->answer->status == SOUP_STATUS_INTERNAL_SERVER_ERROR)
    self->server_faults++;

  wait = till_sending_wait_after_answer (self, get_boot (task));
  if (wait < 0)
    {
      deliver (task);
      return;
    }

  /* These say nothing of what became of the request (API.md 1.7). */
  if (changes && !is_turned_away (self->answer))
    self->maybe_done = TRUE;

  g_clear_pointer (&self->answer, till_answer_free);
  till_sending_end_try (self);
  wait_and_repeat (task, wait);
}

/* Room for the next piece. */
static void
make_room (TillSending *self)
{
  gsize size = till_secret_get_size (self->buffer);
  TillSecret *larger;

  if (size - self->used >= SPARE_BYTES)
    return;

  larger = till_secret_new (MIN (size * 4, self->max_answer + 2 * SPARE_BYTES));
  memcpy (till_secret_get_buffer (larger), till_secret_get_data (self->buffer), self->used);
  till_secret_unref (self->buffer);
  self->buffer = larger;
}

static void read_more (GTask *task);

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GTask *task = user_data;
  TillSending *self = g_task_get_task_data (task);
  TillFault fault;
  GError *error = NULL;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (n < 0)
    {
      try_broke (task, error);
      return;
    }

  self->used += (gsize) n;
  if (n > 0)
    {
      read_more (task);
      return;
    }

  /* libsoup takes less than is announced for an answer, where the service said
   * that it would close the connection. It also takes an end between two chunks
   * for the last; that is told by the JSON, which is not whole then. */
  if (self->announced >= 0 && (gint64) self->used != self->announced)
    {
      fill_fault (task, &fault);
      try_failed (task, till_fault_new_cut (&fault));
      return;
    }

  answer_done (task);
}

static void
read_more (GTask *task)
{
  TillSending *self = g_task_get_task_data (task);
  TillFault fault;

  if (self->used > self->max_answer)
    {
      fill_fault (task, &fault);
      try_failed (task, till_fault_new_too_large (&fault, (gint64) self->used, (gint64) self->max_answer));
      return;
    }

  make_room (self);
  g_input_stream_read_async (self->stream, till_secret_get_buffer (self->buffer) + self->used,
                             till_secret_get_size (self->buffer) - self->used,
                             g_task_get_priority (task), self->stop, read_cb, task);
}

static gint64
get_announced (SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  goffset length;

  if (soup_message_get_status (message) == SOUP_STATUS_NO_CONTENT ||
      soup_message_headers_get_encoding (headers) != SOUP_ENCODING_CONTENT_LENGTH)
    return -1;

  length = soup_message_headers_get_content_length (headers);

  return MAX (length, 0);
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
      try_broke (task, error);
      return;
    }

  drop_source (&self->connect_timer);
  self->answered = TRUE;
  self->announced = get_announced (self->message);
  g_clear_pointer (&self->answer, till_answer_free);
  self->answer = read_head (task);

  error = judge_head (task);
  if (error != NULL)
    {
      try_failed (task, error);
      return;
    }

  self->used = 0;
  self->buffer = till_secret_new ((self->announced >= 0 ? (gsize) self->announced : FIRST_BYTES) + SPARE_BYTES);
  read_more (task);
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
      self->first_boot = get_boot (task);
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

  if (g_cancellable_is_cancelled (self->cancellable))
    {
      self->why = TILL_STOP_CANCELLED;
      fill_fault (task, &fault);
      finish (task, till_fault_to_error (&fault));
      return;
    }

  if (!make_message (task, &error))
    {
      finish (task, error);
      return;
    }

  self->stop = g_cancellable_new ();
  self->deadline_timer = till_sending_add_timer (task, (gint64) self->deadline * 1000, deadline_timer_cb);
  soup_session_send_async (till_transport_get_session (g_task_get_source_object (task)), self->message,
                           g_task_get_priority (task), self->stop, sent_cb, task);
}
