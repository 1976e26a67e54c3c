/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The faults of a network that are not about certificates, each with its own words (RELIABILITY.md G14, G15, G18). */
#include "config.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "till-error.h"
#include "till-limits.h"
#include "transport-fixture.h"

#define CHANGE .method = "PUT", .body = "{}", .flags = TILL_CALL_CHANGES

/* Asks once for reading and once for changing; both fail alike, and the second
 * says whether it may have been done. */
static void
check_fault (Fixture     *fixture,
             FaultServer *server,
             guint        deadline,
             int          code,
             int          reason,
             const char  *says)
{
  const FixtureCall calls[] = { { .method = "GET", .deadline = deadline }, { CHANGE, .deadline = deadline } };

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      gint64 start = g_get_monotonic_time ();
      g_autoptr(GError) error = NULL;
      g_autoptr(TillAnswer) answer = fixture_ask (fixture, server, &calls[i], &error);

      g_assert_null (answer);
      fixture_check_error (error, code, reason, says);
      g_assert_cmpint (till_error_get_outcome (error), ==, i == 0 ? TILL_OUTCOME_NOT_SENT : TILL_OUTCOME_UNKNOWN);
      g_assert_cmpint (g_str_has_suffix (error->message, "; the result is unknown"), ==, i == 1);
      if (deadline != 0)
        g_assert_cmpint (g_get_monotonic_time () - start, <, (gint64) (deadline + 1) * G_USEC_PER_SEC);
    }
}

/* How many times a changing call has arrived. */
static guint
count_changes (FaultServer *server)
{
  guint n = 0;

  for (guint i = 0; i < fault_server_count_requests (server); i++)
    {
      g_autofree char *request = fault_server_dup_request (server, i);

      n += !g_str_has_prefix (request, "GET ");
    }

  return n;
}

static void
reset (FaultConnection *connection,
       gpointer         user_data)
{
  fault_connection_reset (connection);
}

static void
drop (FaultConnection *connection,
      gpointer         user_data)
{
  fault_connection_drop (connection);
}

static void
close_politely (FaultConnection *connection,
                gpointer         user_data)
{
  fault_connection_close (connection);
}

static void
reset_in_head (FaultConnection *connection,
               gpointer         user_data)
{
  fault_connection_write (connection, "HTTP/1.1 200 OK\r\nContent-");
  fault_connection_wait (connection, 100);
  fault_connection_reset (connection);
}

static void
test_reset_before_answer (Fixture       *fixture,
                          gconstpointer  data)
{
  static const FaultHandler handlers[] = { reset, drop, close_politely, reset_in_head };

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    {
      g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, handlers[i], NULL);

      check_fault (fixture, server, 0, TILL_ERROR_UNAVAILABLE, TILL_REASON_RESET, "without an answer");
      /* Reading was tried three times, changing once. */
      g_assert_cmpuint (fault_server_count_requests (server), ==, 4);
      g_assert_cmpuint (count_changes (server), ==, 1);
    }
}

static void
reset_in_body (FaultConnection *connection,
               gpointer         user_data)
{
  fault_connection_write (connection, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":");
  fault_connection_wait (connection, 100);
  fault_connection_reset (connection);
}

static void
test_reset_in_answer (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, reset_in_body, NULL);

  check_fault (fixture, server, 0, TILL_ERROR_UNAVAILABLE, TILL_REASON_RESET, "in the middle of its answer");
  g_assert_cmpuint (count_changes (server), ==, 1);
}

static void
cut_by_length (FaultConnection *connection,
               gpointer         user_data)
{
  fault_connection_write (connection, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":1}");
  fault_connection_close (connection);
}

/* libsoup takes this one for whole. */
static void
cut_and_closed (FaultConnection *connection,
                gpointer         user_data)
{
  fault_connection_write (connection, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 100\r\n\r\n{\"a\":1}");
  fault_connection_close (connection);
}

static void
cut_old (FaultConnection *connection,
         gpointer         user_data)
{
  fault_connection_write (connection, "HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":1}");
  fault_connection_drop (connection);
}

static void
cut_chunk (FaultConnection *connection,
           gpointer         user_data)
{
  fault_connection_write (connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"a\":1}");
  fault_connection_close (connection);
}

/* Exactly between two chunks, which libsoup takes for the end. */
static void
cut_between_chunks (FaultConnection *connection,
                    gpointer         user_data)
{
  fault_connection_write (connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{\"a\":{}}\n\r\n");
  fault_connection_close (connection);
}

static void
cut_after_object (FaultConnection *connection,
                  gpointer         user_data)
{
  fault_connection_write (connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"a\":{} \r\n");
  fault_connection_close (connection);
}

/* Of an answer that ends where the connection does. */
static void
cut_without_length (FaultConnection *connection,
                    gpointer         user_data)
{
  fault_connection_write (connection, "HTTP/1.1 200 OK\r\n\r\n [{\"a\":1}, ");
  fault_connection_close (connection);
}

/* Whole as JSON: nothing is said of that it might have been longer. */
static void
test_cut_after_all (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, cut_between_chunks, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = fixture_ask (fixture, server, &(FixtureCall) { .method = "GET" }, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (till_secret_get_data (answer->body), till_secret_get_size (answer->body), "{\"a\":{}}\n", 9);
}

static void
test_cut (Fixture       *fixture,
          gconstpointer  data)
{
  static const FaultHandler handlers[] = {
    cut_by_length, cut_and_closed, cut_old, cut_chunk, cut_after_object, cut_without_length
  };

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    {
      g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, handlers[i], NULL);

      check_fault (fixture, server, 0, TILL_ERROR_PROTOCOL, TILL_REASON_ANSWER_CUT, "is incomplete");
      g_assert_cmpuint (count_changes (server), ==, 1);
    }
}

static void
stall_after_head (FaultConnection *connection,
                  gpointer         user_data)
{
  fault_connection_write (connection, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
  while (fault_connection_wait (connection, 1000))
    continue;
}

static void
stall (FaultConnection *connection,
       gpointer         user_data)
{
  while (fault_connection_wait (connection, 1000))
    continue;
}

static void
drip (FaultConnection *connection,
      gpointer         user_data)
{
  fault_connection_write (connection, "HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n");
  while (fault_connection_wait (connection, 50))
    fault_connection_write (connection, " ");
}

static void
drip_head (FaultConnection *connection,
           gpointer         user_data)
{
  fault_connection_write (connection, "HTTP/1.1 200 OK\r\n");
  while (fault_connection_wait (connection, 50))
    fault_connection_write (connection, "X: y\r\n");
}

static void
test_slow (Fixture       *fixture,
           gconstpointer  data)
{
  static const FaultHandler handlers[] = { stall, stall_after_head, drip, drip_head };

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    {
      g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, handlers[i], NULL);

      check_fault (fixture, server, 1, TILL_ERROR_TIMED_OUT, TILL_REASON_DEADLINE, "too slow; stopped after 1 s");
      /* A person who reads has waited long enough: one try. */
      g_assert_cmpuint (fault_server_count_requests (server), ==, 2);
    }
}

/* The connection stands, TLS does not. */
static void
say_nothing (FaultConnection *connection,
             gpointer         user_data)
{
  while (fault_connection_sleep (connection, 1000))
    continue;
}

static void
test_silent (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(FaultServer) server = fault_server_new_raw (say_nothing, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = NULL;

  answer = fixture_ask (fixture, server, &(FixtureCall) { CHANGE, .deadline = 1 }, &error);
  g_assert_null (answer);
  fixture_check_error (error, TILL_ERROR_TIMED_OUT, TILL_REASON_CONNECT_TIMEOUT, "does not answer; stopped after 1 s");
  g_assert_cmpint (till_error_get_have (error), ==, 1);
  g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_NOT_SENT);
}

/* A listener whose queue is full never answers, as a firewall that drops. */
static void
test_hang (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(FaultServer) server = fault_server_new_raw (NULL, NULL);
  g_autoptr(GPtrArray) fillers = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", fault_server_get_port (server));
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = NULL;

  for (guint i = 0; i < 4; i++)
    {
      GSocket *socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);

      g_socket_set_blocking (socket, FALSE);
      g_socket_connect (socket, address, NULL, NULL);
      g_ptr_array_add (fillers, socket);
    }

  answer = fixture_ask (fixture, server, &(FixtureCall) { CHANGE, .deadline = 1 }, &error);
  g_assert_null (answer);
  fixture_check_error (error, TILL_ERROR_TIMED_OUT, TILL_REASON_CONNECT_TIMEOUT, "does not answer; stopped after 1 s");
  g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_NOT_SENT);
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  FaultServer *server = fault_server_new_raw (stall, NULL);
  guint16 port = fault_server_get_port (server);
  g_autofree char *place = g_strdup_printf ("127.0.0.1:%u", port);
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = NULL;

  fault_server_free (server);
  answer = fixture_call (fixture, "127.0.0.1", port, &(FixtureCall) { CHANGE }, &error);
  g_assert_null (answer);
  fixture_check_error (error, TILL_ERROR_UNAVAILABLE, TILL_REASON_REFUSED, "refuses the connection");
  g_assert_cmpstr (till_error_get_detail (error), ==, place);
  g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_NOT_SENT);
}

/* Where there is no network either, "offline" is the better word. */
static void
test_no_such_host (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer =
    fixture_call (fixture, "there.is.none.invalid", 443, &(FixtureCall) { CHANGE, .deadline = 15 }, &error);

  g_assert_null (answer);
  g_assert_error (error, TILL_ERROR, TILL_ERROR_UNAVAILABLE);
  if (till_error_get_reason (error) != TILL_REASON_OFFLINE)
    fixture_check_error (error, TILL_ERROR_UNAVAILABLE, TILL_REASON_NO_SUCH_HOST, "there.is.none.invalid cannot be found");
  g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_NOT_SENT);
}

/* An address that nothing leads to: the block for broadcasts. */
static void
test_no_route (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = fixture_call (fixture, "255.255.255.255", 9, &(FixtureCall) { CHANGE }, &error);

  g_assert_null (answer);
  g_assert_error (error, TILL_ERROR, TILL_ERROR_UNAVAILABLE);
  if (till_error_get_reason (error) != TILL_REASON_OFFLINE)
    fixture_check_error (error, TILL_ERROR_UNAVAILABLE, TILL_REASON_NO_ROUTE, "no way through the network to 255.255.255.255");
  g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_NOT_SENT);
}

/* Answers that are too large, by what they announce or by what comes. */
static void
announce_much (FaultConnection *connection,
               gpointer         user_data)
{
  fault_connection_write (connection, "HTTP/1.1 200 OK\r\nContent-Length: 2147483648\r\n\r\n{");
  while (fault_connection_wait (connection, 1000))
    continue;
}

static void
send_without_end (FaultConnection *connection,
                  gpointer         user_data)
{
  g_autofree char *block = g_strnfill (65536, ' ');

  fault_connection_write (connection, "HTTP/1.1 200 OK\r\n\r\n");
  while (fault_connection_is_open (connection))
    fault_connection_write_bytes (connection, block, 65536);
}

static void
send_chunks_without_end (FaultConnection *connection,
                         gpointer         user_data)
{
  g_autofree char *block = g_strnfill (65536, ' ');

  fault_connection_write (connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  while (fault_connection_is_open (connection))
    fault_connection_printf (connection, "10000\r\n%s\r\n", block);
}

static void
send_many_headers (FaultConnection *connection,
                   gpointer         user_data)
{
  fault_connection_write (connection, "HTTP/1.1 200 OK\r\n");
  for (guint i = 0; i < 100000 && fault_connection_is_open (connection); i++)
    fault_connection_printf (connection, "X-Header-%u: some value\r\n", i);
  fault_connection_write (connection, "Content-Length: 2\r\n\r\n{}");
}

static void
send_some_headers (FaultConnection *connection,
                   gpointer         user_data)
{
  g_autofree char *block = g_strnfill (70000, 'x');

  fault_connection_printf (connection, "HTTP/1.1 200 OK\r\nX-Header: %s\r\nContent-Length: 2\r\n\r\n{}", block);
}

#ifndef __has_feature
#define __has_feature(x) 0
#endif

/* kB of memory that is our own. A sanitizer keeps what is freed, so there is
 * nothing to measure with it. */
static guint
get_memory (void)
{
  g_autofree char *text = NULL;
  const char *line;

#if defined (__SANITIZE_ADDRESS__) || __has_feature (address_sanitizer)
  return 0;
#endif

  g_assert_true (g_file_get_contents ("/proc/self/status", &text, NULL, NULL));
  line = strstr (text, "RssAnon:");
  g_assert_nonnull (line);

  return (guint) g_ascii_strtoull (line + strlen ("RssAnon:"), NULL, 10);
}

static void
test_too_large (Fixture       *fixture,
                gconstpointer  data)
{
  static const FaultHandler handlers[] = {
    announce_much, send_without_end, send_chunks_without_end, send_many_headers, send_some_headers
  };
  guint before = 0;

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    {
      g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, handlers[i], NULL);

      check_fault (fixture, server, 0, TILL_ERROR_PROTOCOL, TILL_REASON_ANSWER_TOO_LARGE, "is too large; at most");
      g_assert_cmpuint (fault_server_count_requests (server), ==, 2);
      /* The first one has loaded what stays. */
      if (i == 0)
        before = get_memory ();
    }

  g_assert_cmpuint (get_memory (), <, before + 8 * 1024);
}

/* The limit of the call counts, to the byte. */
static void
answer_1000 (FaultConnection *connection,
             gpointer         user_data)
{
  g_autofree char *block = g_strnfill (1000, 'x');

  if (strstr (fault_connection_get_head (connection), "/chunked") != NULL)
    fault_connection_printf (connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n%s\r\n0\r\n\r\n", block);
  else
    fault_connection_printf (connection, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n%s", block);
}

static void
test_limit (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, answer_1000, NULL);
  static const char * const paths[] = { "/plain", "/chunked" };

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TillAnswer) fits = NULL;
      g_autoptr(TillAnswer) too_large = NULL;

      fits = fixture_ask (fixture, server, &(FixtureCall) { .method = "GET", .path = paths[i], .max_answer = 1000 }, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (till_secret_get_size (fits->body), ==, 1000);

      too_large = fixture_ask (fixture, server, &(FixtureCall) { .method = "GET", .path = paths[i], .max_answer = 999 }, &error);
      g_assert_null (too_large);
      fixture_check_error (error, TILL_ERROR_PROTOCOL, TILL_REASON_ANSWER_TOO_LARGE, NULL);
      g_assert_cmpint (till_error_get_want (error), ==, 999);
      g_assert_cmpint (till_error_get_have (error), ==, 1000);
    }
}

static void
count_only (FaultConnection *connection,
            gpointer         user_data)
{
  fault_connection_write (connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
}

/* 64 MiB of zeros in 64 kB: stays packed, and is refused as such. */
static void
send_bomb (FaultConnection *connection,
           gpointer         user_data)
{
  GBytes *bomb = user_data;

  fault_connection_printf (connection, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
                           "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n", g_bytes_get_size (bomb));
  fault_connection_write_bytes (connection, g_bytes_get_data (bomb, NULL), g_bytes_get_size (bomb));
}

static GBytes *
make_bomb (void)
{
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GConverter) packer = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
  g_autoptr(GOutputStream) packed = g_converter_output_stream_new (memory, packer);
  g_autofree guint8 *zeros = g_malloc0 (1024 * 1024);

  for (guint i = 0; i < 64; i++)
    g_assert_true (g_output_stream_write_all (packed, zeros, 1024 * 1024, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (packed, NULL, NULL));

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

static void
test_bomb (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GBytes) bomb = make_bomb ();
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, send_bomb, bomb);
  g_autoptr(FaultServer) first = fault_server_new (fixture->good, NULL, count_only, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = fixture_ask (fixture, first, &(FixtureCall) { .method = "GET" }, &error);
  guint before = get_memory ();

  g_assert_no_error (error);
  g_assert_nonnull (answer);
  check_fault (fixture, server, 0, TILL_ERROR_PROTOCOL, TILL_REASON_NOT_JSON, "is packed (gzip), which was not asked for");
  g_assert_cmpuint (get_memory (), <, before + 8 * 1024);
}

/* What is no HTTP, or a chunk without an end. */
static void
speak_smtp (FaultConnection *connection,
            gpointer         user_data)
{
  fault_connection_write (connection, "220 mail.example ESMTP\r\n\r\n");
  fault_connection_wait (connection, 200);
}

static void
speak_nonsense (FaultConnection *connection,
                gpointer         user_data)
{
  fault_connection_write_bytes (connection, "\0\1\2\3\r\n\r\n", 8);
  fault_connection_wait (connection, 200);
}

static void
unknown_coding (FaultConnection *connection,
                gpointer         user_data)
{
  fault_connection_write (connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: rot13\r\n\r\n{}");
  fault_connection_wait (connection, 200);
}

static void
bad_chunk (FaultConnection *connection,
           gpointer         user_data)
{
  fault_connection_write (connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}");
  while (fault_connection_wait (connection, 1000))
    continue;
}

static void
test_not_http (Fixture       *fixture,
               gconstpointer  data)
{
  static const FaultHandler handlers[] = { speak_smtp, speak_nonsense, unknown_coding, bad_chunk };

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    {
      g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, handlers[i], NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(TillAnswer) answer = fixture_ask (fixture, server, &(FixtureCall) { CHANGE, .deadline = 1 }, &error);

      g_assert_null (answer);
      if (handlers[i] == bad_chunk)
        g_assert_error (error, TILL_ERROR, TILL_ERROR_TIMED_OUT);
      else
        fixture_check_error (error, TILL_ERROR_PROTOCOL, TILL_REASON_NOT_JSON, "it is not HTTP");
      g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_UNKNOWN);
    }
}

/* G15: 5 ways to point elsewhere × 4 methods × two places. */
typedef struct
{
  guint   status;
  char   *location;
} Pointer;

static void
point (FaultConnection *connection,
       gpointer         user_data)
{
  Pointer *pointer = user_data;

  fault_connection_printf (connection, "HTTP/1.1 %u Elsewhere\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n",
                           pointer->status, pointer->location);
}

static void
test_redirects (Fixture       *fixture,
                gconstpointer  data)
{
  static const guint statuses[] = { 300, 301, 302, 303, 304, 307, 308 };
  static const char * const methods[] = { "GET", "POST", "PUT", "DELETE" };
  g_autoptr(FaultServer) other = fault_server_new (fixture->good, NULL, count_only, NULL);
  g_autofree char *other_url = g_strdup_printf ("https://localhost:%u/evil", fault_server_get_port (other));
  guint n = 0;
  Pointer pointer = { 0 };
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, point, &pointer);

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    for (guint j = 0; j < G_N_ELEMENTS (methods); j++)
      for (guint same = 0; same < 2; same++)
        {
          TillCallFlags flags = j == 0 ? TILL_CALL_DEFAULT : TILL_CALL_CHANGES | TILL_CALL_REPEATABLE;
          g_autoptr(GError) error = NULL;
          g_autoptr(TillAnswer) answer = NULL;

          pointer.status = statuses[i];
          pointer.location = same ? (char *) "/base/other" : other_url;
          answer = fixture_ask (fixture, server, &(FixtureCall) { .method = methods[j], .flags = flags }, &error);
          g_assert_null (answer);
          g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
          g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_REDIRECT);
          g_assert_cmpstr (till_error_get_detail (error), ==, same ? "127.0.0.1" : "localhost");
          g_assert_cmpint (till_error_get_http_status (error), ==, statuses[i]);
          g_assert_nonnull (strstr (error->message, same ? "points to 127.0.0.1; that is not followed"
                                                         : "points to localhost; that is not followed"));
          g_assert_cmpuint (fault_server_count_requests (server), ==, ++n);
        }

  g_assert_cmpuint (fault_server_count_connections (other), ==, 0);
}

/* Places that make no sense. */
static void
test_redirect_nowhere (Fixture       *fixture,
                       gconstpointer  data)
{
  static const struct
  {
    const char *location;
    const char *host;
  } cases[] = {
    { "", "127.0.0.1" },
    { "http://[::1", NULL },
    { "https://h\\@evil.example/", "evil.example" },
    { "javascript:alert(1)", NULL },
    { "//evil.example/x", "evil.example" },
    { "https://user:pw@evil.example/", "evil.example" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Pointer pointer = { 302, (char *) cases[i].location };
      g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, point, &pointer);
      g_autoptr(GError) error = NULL;
      g_autoptr(TillAnswer) answer = fixture_ask (fixture, server, &(FixtureCall) { CHANGE }, &error);

      g_assert_null (answer);
      fixture_check_error (error, TILL_ERROR_PROTOCOL, TILL_REASON_REDIRECT, "not followed");
      g_assert_cmpstr (till_error_get_detail (error), ==, cases[i].host);
      g_assert_null (strstr (error->message, "pw"));
    }
}

/* G16: kept alive for reading, gone when something changes: it arrives once. */
static void
answer_once_then_drop (FaultConnection *connection,
                       gpointer         user_data)
{
  if (g_str_has_prefix (fault_connection_get_head (connection), "GET "))
    fault_connection_write (connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
  else
    fault_connection_reset (connection);
}

static void
test_kept_alive (Fixture       *fixture,
                 gconstpointer  data)
{
  static const char * const methods[] = { "PUT", "DELETE", "POST", "PATCH" };

  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, answer_once_then_drop, NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(TillAnswer) read = fixture_ask (fixture, server, &(FixtureCall) { .method = "GET" }, &error);
      g_autoptr(TillAnswer) answer = NULL;

      g_assert_no_error (error);
      g_assert_nonnull (read);
      answer = fixture_ask (fixture, server, &(FixtureCall) { .method = methods[i], .flags = TILL_CALL_CHANGES }, &error);
      g_assert_null (answer);
      fixture_check_error (error, TILL_ERROR_UNAVAILABLE, TILL_REASON_RESET, NULL);
      g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_UNKNOWN);
      g_assert_cmpuint (count_changes (server), ==, 1);
    }
}

int
main (int    argc,
      char **argv)
{
  fixture_main (&argc, &argv);

  fixture_add ("/transport/fault/reset-before-answer", test_reset_before_answer);
  fixture_add ("/transport/fault/reset-in-answer", test_reset_in_answer);
  fixture_add ("/transport/fault/cut", test_cut);
  fixture_add ("/transport/fault/cut-after-all", test_cut_after_all);
  fixture_add ("/transport/fault/slow", test_slow);
  fixture_add ("/transport/fault/silent", test_silent);
  fixture_add ("/transport/fault/hang", test_hang);
  fixture_add ("/transport/fault/refused", test_refused);
  fixture_add ("/transport/fault/no-such-host", test_no_such_host);
  fixture_add ("/transport/fault/no-route", test_no_route);
  fixture_add ("/transport/fault/too-large", test_too_large);
  fixture_add ("/transport/fault/limit", test_limit);
  fixture_add ("/transport/fault/bomb", test_bomb);
  fixture_add ("/transport/fault/not-http", test_not_http);
  fixture_add ("/transport/fault/redirects", test_redirects);
  fixture_add ("/transport/fault/redirect-nowhere", test_redirect_nowhere);
  fixture_add ("/transport/fault/kept-alive", test_kept_alive);

  return g_test_run ();
}
