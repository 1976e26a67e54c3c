/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One request to the terminal over HTTPS, strictly read, and its answer (API.md 5.2). */
#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "till-sandbox-terminal-private.h"

#define REQUEST_SECONDS 60
#define PAIR_PATH "/"
#define OTHER_PAIR_PATH "/dms/v2/devices/certificates"

#define STATUS_HEADERS_TOO_LARGE 431
#define HEAD_END "\r\n\r\n"

/**
 * Request:
 * @head: (owned): as it came, up to the empty line
 * @headers: (owned) (nullable): of it
 * @method: (owned) (nullable): of it
 * @path: (owned) (nullable): of it
 * @body: (owned): as it came
 */
typedef struct
{
  GString            *head;
  SoupMessageHeaders *headers;
  char               *method;
  char               *path;
  GString            *body;
} Request;

static void
request_clear (Request *request)
{
  till_wipe (request->body->str, request->body->len);
  g_string_free (request->head, TRUE);
  g_string_free (request->body, TRUE);
  g_clear_pointer (&request->headers, soup_message_headers_unref);
  g_free (request->method);
  g_free (request->path);
}

/* Reads up to the empty line; what came behind it is put back. */
static guint
read_head (TillPeer *peer,
           Request  *request)
{
  GString *head = request->head;
  char buffer[4096];
  const char *end;

  while ((end = memmem (head->str, head->len, HEAD_END, strlen (HEAD_END))) == NULL)
    {
      gssize got;

      if (head->len > TILL_TERMINAL_HEADER_BYTES)
        return STATUS_HEADERS_TOO_LARGE;
      if ((got = till_peer_read (peer, buffer, sizeof buffer)) <= 0)
        return SOUP_STATUS_NONE;
      g_string_append_len (head, buffer, got);
    }
  till_wipe (buffer, sizeof buffer);

  end += strlen (HEAD_END);
  till_peer_unread (peer, end, (gsize) (head->str + head->len - end));
  g_string_truncate (head, (gsize) (end - head->str) - strlen ("\r\n"));
  if (head->len > TILL_TERMINAL_HEADER_BYTES)
    return STATUS_HEADERS_TOO_LARGE;

  /* A NUL would hide what follows. */
  return strlen (head->str) == head->len ? SOUP_STATUS_OK : SOUP_STATUS_BAD_REQUEST;
}

/* A lone LF or CR and a folded header are what two servers read differently. */
static gboolean
has_clean_lines (const char *head)
{
  for (const char *p = head; *p != '\0'; p++)
    {
      if ((*p == '\n' && (p == head || p[-1] != '\r')) || (*p == '\r' && p[1] != '\n'))
        return FALSE;
      if (*p == '\n' && (p[1] == ' ' || p[1] == '\t'))
        return FALSE;
    }

  return TRUE;
}

static guint
parse_head (Request *request)
{
  SoupHTTPVersion version;
  const char *length;
  const char *host;

  request->headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  if (!has_clean_lines (request->head->str) ||
      soup_headers_parse_request (request->head->str, (int) request->head->len, request->headers,
                                  &request->method, &request->path, &version) != SOUP_STATUS_OK ||
      (version != SOUP_HTTP_1_1 && version != SOUP_HTTP_1_0))
    return SOUP_STATUS_BAD_REQUEST;

  length = soup_message_headers_get_list (request->headers, "Content-Length");
  host = soup_message_headers_get_list (request->headers, "Host");
  if (host == NULL || host[0] == '\0' || strchr (host, ',') != NULL ||
      (length != NULL && (length[0] == '\0' || strspn (length, "0123456789") != strlen (length))))
    return SOUP_STATUS_BAD_REQUEST;
  if (soup_message_headers_get_one (request->headers, "Transfer-Encoding") != NULL)
    return length != NULL ? SOUP_STATUS_BAD_REQUEST : SOUP_STATUS_LENGTH_REQUIRED;

  return SOUP_STATUS_OK;
}

static guint
read_body (TillPeer *peer,
           Request  *request)
{
  const char *text = soup_message_headers_get_one (request->headers, "Content-Length");
  char buffer[4096];
  guint64 length = 0;

  if (text == NULL)
    return strcmp (request->method, "POST") == 0 ? SOUP_STATUS_LENGTH_REQUIRED : SOUP_STATUS_OK;
  if (!g_ascii_string_to_unsigned (text, 10, 0, TILL_TERMINAL_BODY_BYTES, &length, NULL))
    return SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE;

  while (request->body->len < length)
    {
      gssize got = till_peer_read (peer, buffer, MIN (sizeof buffer, length - request->body->len));

      if (got <= 0)
        return SOUP_STATUS_NONE;
      g_string_append_len (request->body, buffer, got);
    }
  /* What stands behind it is nobody's: this connection has one request. */
  till_wipe (buffer, sizeof buffer);

  return SOUP_STATUS_OK;
}

static void
respond (TillPeer   *peer,
         TillReply  *reply,
         const char *fault)
{
  gsize size = reply->text != NULL ? till_secret_get_size (reply->text) : 0;
  g_autofree char *date = NULL;
  g_autofree char *head = NULL;
  g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc (till_clock_get_now (peer->terminal->server->clock));

  if (g_strcmp0 (fault, "lost") == 0)
    return;

  date = soup_date_time_to_string (now, SOUP_DATE_HTTP);
  head = g_strdup_printf ("HTTP/1.1 %u %s\r\nDate: %s\r\n%s%s%sContent-Length: %" G_GSIZE_FORMAT "\r\n"
                          "Cache-Control: no-store\r\n%sConnection: close\r\n\r\n",
                          reply->status, soup_status_get_phrase (reply->status), date,
                          reply->content_type != NULL ? "Content-Type: " : "",
                          reply->content_type != NULL ? reply->content_type : "",
                          reply->content_type != NULL ? "\r\n" : "", size,
                          reply->status == SOUP_STATUS_METHOD_NOT_ALLOWED ? "Allow: POST\r\n" : "");

  if (!till_peer_write (peer, head, strlen (head)))
    return;
  if (g_strcmp0 (fault, "answer") == 0)
    {
      /* Without a word of TLS, as when a cable is pulled. */
      till_peer_write (peer, till_secret_get_data (reply->text), size / 2);
      return;
    }
  if (size == 0 || till_peer_write (peer, till_secret_get_data (reply->text), size))
    till_peer_bye (peer);
}

static guint
check (TillPeer *peer,
       Request  *request)
{
  TillAssumptions *assumptions = &peer->terminal->server->assumptions;
  const char *type;

  if (strcmp (request->path, PAIR_PATH) != 0 && strcmp (request->path, OTHER_PAIR_PATH) != 0)
    return SOUP_STATUS_NOT_FOUND;
  if (strcmp (request->method, "POST") != 0)
    return till_assumptions_is (assumptions, TILL_ASSUME_WRONG_METHOD, "404")
             ? SOUP_STATUS_NOT_FOUND : SOUP_STATUS_METHOD_NOT_ALLOWED;

  type = soup_message_headers_get_content_type (request->headers, NULL);
  if (till_assumptions_is (assumptions, TILL_ASSUME_TERMINAL_REQUEST_TYPE, "json") &&
      (type == NULL || g_ascii_strcasecmp (type, "application/json") != 0))
    return SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE;

  return SOUP_STATUS_OK;
}

static guint
read_request (TillPeer *peer,
              Request  *request)
{
  guint status;

  if ((status = read_head (peer, request)) == SOUP_STATUS_OK)
    status = parse_head (request);

  return status;
}

static void
do_request (TillPeer *peer,
            Request  *request)
{
  TillFaults *faults = &peer->terminal->server->faults;
  g_autofree char *silence = till_faults_take_one (faults, TILL_FAULT_TERMINAL_SILENCE, "answer", request->path);
  g_autofree char *cut = till_faults_take_one (faults, TILL_FAULT_TERMINAL_CUT, NULL, request->path);
  g_autofree char *slow = till_faults_take_one (faults, TILL_FAULT_TERMINAL_SLOW, NULL, request->path);
  TillReply reply = { 0 };

  if (slow != NULL)
    till_peer_sleep (peer, (guint) g_ascii_strtoull (slow, NULL, 10));
  if (g_strcmp0 (cut, "before") == 0)
    return;

  till_peer_answer (peer, request->path, FALSE, request->body->str, request->body->len, &reply);
  till_peer_wait (peer, REQUEST_SECONDS);
  if (silence != NULL)
    till_peer_hold (peer);
  else
    respond (peer, &reply, cut);
  till_reply_clear (&reply);
}

/**
 * till_peer_serve:
 * @peer: a connection over TLS
 *
 * Reads one request and answers it, or goes over to a WebSocket.
 */
void
till_peer_serve (TillPeer *peer)
{
  Request request = { g_string_new (NULL), NULL, NULL, NULL, g_string_new (NULL) };
  TillReply reply = { 0 };
  guint status;

  till_peer_wait (peer, REQUEST_SECONDS);
  status = read_request (peer, &request);

  if (status == SOUP_STATUS_OK && strcmp (request.method, "GET") == 0 && till_peer_is_upgrade (request.headers))
    {
      status = strcmp (request.path, PAIR_PATH) == 0 ? till_peer_check_upgrade (request.headers) : SOUP_STATUS_NOT_FOUND;
      if (status == SOUP_STATUS_SWITCHING_PROTOCOLS)
        {
          till_peer_serve_socket (peer, request.headers, request.path);
          status = SOUP_STATUS_NONE;
        }
    }
  else if (status == SOUP_STATUS_OK && (status = check (peer, &request)) == SOUP_STATUS_OK &&
           (status = read_body (peer, &request)) == SOUP_STATUS_OK)
    {
      do_request (peer, &request);
      status = SOUP_STATUS_NONE;
    }

  if (status != SOUP_STATUS_NONE)
    {
      till_reply_refuse (&reply, status, soup_status_get_phrase (status), "the terminal takes POST / with a JSON body");
      respond (peer, &reply, NULL);
      till_reply_clear (&reply);
    }

  request_clear (&request);
}
