/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The answer to a try: its head judged, its body counted as it comes in. */
#include "config.h"

#include <string.h>

#include "till-error.h"
#include "till-escape.h"
#include "till-json-scan.h"
#include "till-limits.h"
#include "till-transport-private.h"

/* The first piece of an answer of unknown length. */
#define FIRST_BYTES 3840

/* libsoup reads the lines behind the last chunk into the same memory, and can't
 * do so where there is hardly any. */
#define SPARE_BYTES 256

/* How long a trace id may be. */
#define TRACE_CHARS 128

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

  till_sending_fill_fault (task, &fault);

  /* An answer to something that was not sent: a proxy gives it, in place of
   * the connection that it was to make. */
  if (!self->sent || self->answer->status == SOUP_STATUS_PROXY_UNAUTHORIZED)
    return till_fault_new_proxy (&fault, self->answer->status);

  if (till_sending_is_old_tls (self->message))
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

  if (!self->maybe_done || !is_turned_away (self->answer))
    {
      till_sending_finish (task, NULL);
      return;
    }

  till_sending_fill_fault (task, &fault);
  till_sending_finish (task, till_fault_new_unsettled (&fault, self->answer));
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

  wait = till_sending_wait_after_answer (self, till_sending_get_boot (task));
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
  till_sending_repeat (task, wait);
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

/* libsoup takes an end of the connection between two chunks for the last of them, and nothing else tells where an
 * answer of unknown length ends: but JSON does. */
static gboolean
ends_too_early (const TillSending *self)
{
  const char *text = (const char *) till_secret_get_data (self->buffer);
  g_autoptr(GError) error = NULL;
  gsize start = 0;

  if (self->announced >= 0)
    return self->used != (gsize) self->announced;

  while (start < self->used && g_ascii_isspace (text[start]))
    start++;

  return start < self->used && (text[start] == '{' || text[start] == '[') &&
         !till_json_scan (text, self->used, self->max_answer, &error) &&
         till_error_get_reason (error) == TILL_REASON_TRUNCATED;
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
      till_sending_break (task, error);
      return;
    }

  self->used += (gsize) n;
  if (n > 0)
    {
      read_more (task);
      return;
    }

  /* libsoup takes less than is announced for an answer, where the service said
   * that it would close the connection. */
  if (ends_too_early (self))
    {
      till_sending_fill_fault (task, &fault);
      till_sending_fail (task, till_fault_new_cut (&fault));
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
      till_sending_fill_fault (task, &fault);
      till_sending_fail (task, till_fault_new_too_large (&fault, (gint64) self->used, (gint64) self->max_answer));
      return;
    }

  make_room (self);
  g_input_stream_read_async (self->stream, till_secret_get_buffer (self->buffer) + self->used,
                             till_secret_get_size (self->buffer) - self->used,
                             g_task_get_priority (task), self->stop, read_cb, task);
}

/* Bytes of the body, -1 where that is not said. */
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

/**
 * till_sending_read_answer:
 * @task: a call whose stream is there
 *
 * Takes the answer in and ends the try with it.
 */
void
till_sending_read_answer (GTask *task)
{
  TillSending *self = g_task_get_task_data (task);
  GError *error;

  self->answered = TRUE;
  self->announced = get_announced (self->message);
  g_clear_pointer (&self->answer, till_answer_free);
  self->answer = read_head (task);

  error = judge_head (task);
  if (error != NULL)
    {
      till_sending_fail (task, error);
      return;
    }

  self->used = 0;
  self->buffer = till_secret_new ((self->announced >= 0 ? (gsize) self->announced : FIRST_BYTES) + SPARE_BYTES);
  read_more (task);
}
