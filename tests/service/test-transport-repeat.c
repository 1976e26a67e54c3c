/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When the transport asks again, when it does not, and how it is stopped (RELIABILITY.md G16, G17). */
#include "config.h"

#include <string.h>

#include "till-error.h"
#include "till-limits.h"
#include "till-transport-private.h"
#include "transport-fixture.h"

/* What a server does to each request, the last step for all that follow. */
typedef struct
{
  guint       statuses[5];     /* 0: reset */
  const char *headers;
  guint       n;
} Script;

static void
play (FaultConnection *connection,
      gpointer         user_data)
{
  Script *script = user_data;
  guint at = MIN (fault_connection_get_request (connection), script->n - 1);

  if (script->statuses[at] == 0)
    {
      fault_connection_reset (connection);
      return;
    }

  fault_connection_printf (connection, "HTTP/1.1 %u Something\r\n%sContent-Length: 2\r\n\r\n{}", script->statuses[at],
                           script->headers != NULL && script->statuses[at] >= 400 ? script->headers : "");
}

typedef struct
{
  const char    *name;
  Script         script;
  const char    *method;
  TillCallFlags  flags;
  guint          status;        /* of the answer; 0: an error */
  guint          requests;
  gboolean       maybe_done;    /* of an error */
} Case;

#define READ "GET", TILL_CALL_DEFAULT
#define CHANGE "POST", TILL_CALL_CHANGES
#define REPEAT "POST", TILL_CALL_CHANGES | TILL_CALL_REPEATABLE

static const Case cases[] = {
  /* Reading: three tries for what passes. */
  { "read-503", { { 503, 200 }, NULL, 2 }, READ, 200, 2, FALSE },
  { "read-503-always", { { 503 }, NULL, 1 }, READ, 503, 3, FALSE },
  { "read-429", { { 429, 429, 200 }, NULL, 3 }, READ, 200, 3, FALSE },
  { "read-408", { { 408, 200 }, NULL, 2 }, READ, 200, 2, FALSE },
  { "read-425", { { 425, 200 }, NULL, 2 }, READ, 200, 2, FALSE },
  { "read-502", { { 502, 200 }, NULL, 2 }, READ, 200, 2, FALSE },
  { "read-504", { { 504, 200 }, NULL, 2 }, READ, 200, 2, FALSE },
  { "read-500-once", { { 500, 200 }, NULL, 2 }, READ, 200, 2, FALSE },
  { "read-500-twice", { { 500, 500, 200 }, NULL, 3 }, READ, 500, 2, FALSE },
  { "read-reset", { { 0, 0, 200 }, NULL, 3 }, READ, 200, 3, FALSE },
  { "read-reset-always", { { 0 }, NULL, 1 }, READ, 0, 3, FALSE },
  { "read-400", { { 400, 200 }, NULL, 2 }, READ, 400, 1, FALSE },
  { "read-401", { { 401, 200 }, NULL, 2 }, READ, 401, 1, FALSE },
  { "read-501", { { 501, 200 }, NULL, 2 }, READ, 501, 1, FALSE },
  /* Changing: never by itself. */
  { "change-503", { { 503, 200 }, NULL, 2 }, CHANGE, 503, 1, FALSE },
  { "change-500", { { 500, 200 }, NULL, 2 }, CHANGE, 500, 1, FALSE },
  { "change-429", { { 429, 200 }, NULL, 2 }, CHANGE, 429, 1, FALSE },
  { "change-reset", { { 0 }, NULL, 1 }, CHANGE, 0, 1, TRUE },
  /* Changing, where the service knows the request again. */
  { "repeat-200", { { 200, 500 }, NULL, 2 }, REPEAT, 200, 1, FALSE },
  { "repeat-400", { { 400, 200 }, NULL, 2 }, REPEAT, 400, 1, FALSE },
  { "repeat-reset", { { 0, 200 }, NULL, 2 }, REPEAT, 200, 2, TRUE },
  { "repeat-reset-always", { { 0 }, NULL, 1 }, REPEAT, 0, 3, TRUE },
  { "repeat-408", { { 408, 201 }, NULL, 2 }, REPEAT, 201, 2, TRUE },
  { "repeat-425", { { 0, 425, 201 }, NULL, 3 }, REPEAT, 201, 3, TRUE },
  { "repeat-429", { { 429, 201 }, NULL, 2 }, REPEAT, 201, 2, FALSE },
  { "repeat-500-once", { { 500, 201 }, NULL, 2 }, REPEAT, 201, 2, TRUE },
  { "repeat-500-twice", { { 500, 500, 201 }, NULL, 3 }, REPEAT, 500, 2, TRUE },
  { "repeat-503", { { 503, 503, 503, 201 }, NULL, 4 }, REPEAT, 503, 3, TRUE },
  { "repeat-504", { { 504, 201 }, NULL, 2 }, REPEAT, 201, 2, TRUE },
  { "repeat-unknown-then-400", { { 0, 400 }, NULL, 2 }, REPEAT, 400, 2, TRUE },
  { "repeat-unknown-then-404", { { 0, 404 }, NULL, 2 }, REPEAT, 404, 2, TRUE },
  { "repeat-unknown-then-503", { { 0, 503 }, NULL, 2 }, REPEAT, 503, 3, TRUE },
  /* Turned away at the door: nothing is known of the first try. */
  { "repeat-unknown-then-401", { { 0, 401 }, NULL, 2 }, REPEAT, 0, 2, TRUE },
  { "repeat-unknown-then-403", { { 504, 403 }, NULL, 2 }, REPEAT, 0, 2, TRUE },
  { "repeat-unknown-then-429", { { 0, 429 }, NULL, 2 }, REPEAT, 0, 3, TRUE },
  { "repeat-unknown-then-busy", { { 0, 503 }, "Content-Type: application/json\r\n", 2 }, REPEAT, 0, 3, TRUE },
  { "repeat-busy", { { 503 }, "Content-Type: application/json\r\n", 1 }, REPEAT, 503, 3, FALSE },
  /* Retry-After: kept up to a minute, nonsense is nothing. */
  { "wait-1", { { 503, 200 }, "Retry-After: 1\r\n", 2 }, READ, 200, 2, FALSE },
  { "wait-60", { { 429, 200 }, "Retry-After: 60\r\n", 2 }, READ, 200, 2, FALSE },
  { "wait-61", { { 429, 200 }, "Retry-After: 61\r\n", 2 }, READ, 429, 1, FALSE },
  { "wait-120", { { 503, 200 }, "Retry-After: 120\r\n", 2 }, READ, 503, 1, FALSE },
  { "wait-huge", { { 503, 200 }, "Retry-After: 1000000000\r\n", 2 }, READ, 503, 1, FALSE },
  { "wait-negative", { { 503, 200 }, "Retry-After: -5\r\n", 2 }, READ, 200, 2, FALSE },
  { "wait-garbage", { { 503, 200 }, "Retry-After: soon\r\n", 2 }, READ, 200, 2, FALSE },
  { "wait-past", { { 503, 200 }, "Retry-After: Wed, 01 Jan 2020 00:00:00 GMT\r\n", 2 }, READ, 200, 2, FALSE },
  { "wait-future", { { 503, 200 }, "Retry-After: Fri, 01 Jan 2100 00:00:00 GMT\r\n", 2 }, READ, 503, 1, FALSE },
  { "wait-repeat", { { 503, 201 }, "Retry-After: 61\r\n", 2 }, REPEAT, 503, 1, FALSE },
};

/* The value of a header of a request that was made. */
static char *
dup_header (FaultServer *server,
            guint        n,
            const char  *name)
{
  g_autofree char *request = fault_server_dup_request (server, n);
  g_autofree char *start = g_strdup_printf ("\r\n%s: ", name);
  const char *value = strstr (request, start);

  g_assert_nonnull (value);
  value += strlen (start);

  return g_strndup (value, strcspn (value, "\r"));
}

static void
test_case (Fixture       *fixture,
           gconstpointer  data)
{
  const Case *tried = data;
  Script script = tried->script;
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, play, &script);
  g_autofree char *first_id = NULL;
  g_autofree char *first_stamp = NULL;
  g_autofree char *first_signature = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = NULL;

  answer = fixture_ask (fixture, server, &(FixtureCall) {
      .method = tried->method, .flags = tried->flags, .body = tried->flags != 0 ? "{\"a\":1}" : NULL }, &error);

  g_assert_cmpuint (fault_server_count_requests (server), ==, tried->requests);
  if (tried->status != 0)
    {
      g_assert_no_error (error);
      g_assert_cmpuint (answer->status, ==, tried->status);
      g_assert_cmpuint (answer->tries, ==, tried->requests);
    }
  else
    {
      g_assert_error (error, TILL_ERROR, TILL_ERROR_UNAVAILABLE);
      g_assert_cmpint (till_error_get_reason (error), ==,
                       till_error_get_http_status (error) != 0 ? TILL_REASON_SERVICE_FAULT : TILL_REASON_RESET);
      g_assert_cmpint (till_error_get_http_status (error), ==, script.statuses[script.n - 1]);
      g_assert_cmpint (g_str_has_suffix (error->message, "; the result is unknown"), ==, tried->maybe_done);
      g_assert_cmpint (till_error_get_outcome (error), ==, tried->maybe_done ? TILL_OUTCOME_UNKNOWN : TILL_OUTCOME_NOT_SENT);
    }

  /* The same request, signed anew each time. */
  first_id = dup_header (server, 0, "Client-Request-Id");
  first_stamp = dup_header (server, 0, "Timestamp");
  first_signature = dup_header (server, 0, "Authorization");
  for (guint i = 1; i < tried->requests; i++)
    {
      g_autofree char *request = fault_server_dup_request (server, i);
      g_autofree char *id = dup_header (server, i, "Client-Request-Id");
      g_autofree char *stamp = dup_header (server, i, "Timestamp");
      g_autofree char *signature = dup_header (server, i, "Authorization");

      g_assert_cmpstr (id, ==, first_id);
      g_assert_cmpstr (stamp, !=, first_stamp);
      g_assert_cmpstr (signature, !=, first_signature);
      g_assert_cmpint (g_str_has_suffix (request, "{\"a\":1}"), ==, tried->flags != 0);
    }
}

/* What is said of the time to wait is in the answer, too. */
static void
test_retry_after (void)
{
  static const struct
  {
    const char *value;
    gint64      seconds;
  } values[] = {
    { NULL, -1 }, { "", -1 }, { "0", 0 }, { "1", 1 }, { " 120 ", 120 }, { "86400", 86400 }, { "86401", 86400 },
    { "99999", 86400 }, { "1000000000", 86400 }, { "99999999999999999999999999", 86400 }, { "-5", -1 }, { "+5", -1 },
    { "5.5", -1 }, { "5s", -1 }, { "soon", -1 }, { "0x10", -1 }, { "\3615", -1 },
    { "Wed, 01 Jan 2025 00:01:30 GMT", 90 }, { "Wed, 01 Jan 2025 00:00:00 GMT", 0 },
    { "Tue, 31 Dec 2024 23:59:59 GMT", -1 }, { "Fri, 01 Jan 2100 00:00:00 GMT", 86400 },
    { "Wednesday, 01-Jan-25 00:01:30 GMT", 90 }, { "Wed, 32 Jan 2025 00:00:00 GMT", -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    g_assert_cmpint (till_retry_after_parse (values[i].value, 1735689600), ==, values[i].seconds);
}

static void
test_busy (Fixture       *fixture,
           gconstpointer  data)
{
  Script script = { { 429 }, "Retry-After: 120\r\n", 1 };
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, play, &script);
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = fixture_ask (fixture, server, &(FixtureCall) { .method = "GET" }, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (answer->status, ==, 429);
  g_assert_cmpint (answer->retry_after, ==, 120);
}

/* Waits as long as it is told to. */
static void
test_waits (Fixture       *fixture,
            gconstpointer  data)
{
  Script script = { { 503, 200 }, "Retry-After: 1\r\n", 2 };
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, play, &script);
  gint64 start = g_get_monotonic_time ();
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = NULL;

  till_transport_set_patience (fixture->transport, 1);
  answer = fixture_ask (fixture, server, &(FixtureCall) { .method = "GET" }, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, G_USEC_PER_SEC);
}

/* 240 s after the first try nothing is asked again, by the clock that counts sleep. */
static void
jump (FaultConnection *connection,
      gpointer         user_data)
{
  till_clock_advance (user_data, 100);
  fault_connection_reset (connection);
}

static void
test_window (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(TillClock) clock = till_clock_new_fixed (1735689600);
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, jump, clock);
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = NULL;

  g_assert_finalize_object (fixture->transport);
  fixture->transport = till_transport_new (clock, fixture->ca_pem, NULL);
  till_transport_set_patience (fixture->transport, 0);

  /* At 0, 100 and 200 s: all three. */
  answer = fixture_ask (fixture, server, &(FixtureCall) { .method = "POST", .body = "{}",
                                                          .flags = TILL_CALL_CHANGES | TILL_CALL_REPEATABLE }, &error);
  g_assert_null (answer);
  g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_UNKNOWN);
  g_assert_cmpuint (fault_server_count_requests (server), ==, 3);
}

static void
jump_far (FaultConnection *connection,
          gpointer         user_data)
{
  till_clock_advance (user_data, 241);
  fault_connection_reset (connection);
}

static void
test_window_over (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(TillClock) clock = till_clock_new_fixed (1735689600);
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, jump_far, clock);
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = NULL;

  g_assert_finalize_object (fixture->transport);
  fixture->transport = till_transport_new (clock, fixture->ca_pem, NULL);
  till_transport_set_patience (fixture->transport, 0);

  answer = fixture_ask (fixture, server, &(FixtureCall) { .method = "POST", .body = "{}",
                                                          .flags = TILL_CALL_CHANGES | TILL_CALL_REPEATABLE }, &error);
  g_assert_null (answer);
  g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_UNKNOWN);
  g_assert_cmpuint (fault_server_count_requests (server), ==, 1);
}

/* A service that is too slow is asked again only where the question is open. */
static void
stall (FaultConnection *connection,
       gpointer         user_data)
{
  while (fault_connection_wait (connection, 1000))
    continue;
}

/* Ends the service while a call waits for its answer. */
static gboolean
free_server_cb (gpointer user_data)
{
  fault_server_free (user_data);

  return G_SOURCE_REMOVE;
}

static void
test_timeout (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, stall, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = fixture_ask (fixture, server, &(FixtureCall) {
      .method = "POST", .body = "{}", .deadline = 1, .flags = TILL_CALL_CHANGES | TILL_CALL_REPEATABLE }, &error);

  g_assert_null (answer);
  fixture_check_error (error, TILL_ERROR_TIMED_OUT, TILL_REASON_DEADLINE, "the result is unknown");
  g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_UNKNOWN);
  g_assert_cmpuint (fault_server_count_requests (server), ==, 3);
}

/* Lost once, and then nobody is there any more: it stays unknown. */
static void
test_lost_then_refused (Fixture       *fixture,
                        gconstpointer  data)
{
  FaultServer *server = fault_server_new (fixture->good, NULL, stall, NULL);
  guint16 port = fault_server_get_port (server);
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = NULL;

  g_timeout_add (200, free_server_cb, server);
  answer = fixture_call (fixture, "127.0.0.1", port, &(FixtureCall) {
      .method = "DELETE", .flags = TILL_CALL_CHANGES | TILL_CALL_REPEATABLE }, &error);
  g_assert_null (answer);
  fixture_check_error (error, TILL_ERROR_UNAVAILABLE, TILL_REASON_REFUSED, "refuses the connection; check the address and "
                       "its port; the result is unknown");
  g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_UNKNOWN);
}

/* Cancelling: before, while connecting, while waiting for the answer, in it, between tries, after. */
static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);

  return G_SOURCE_REMOVE;
}

static void
stall_in_answer (FaultConnection *connection,
                 gpointer         user_data)
{
  fault_connection_write (connection, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
  stall (connection, user_data);
}

static void
say_nothing (FaultConnection *connection,
             gpointer         user_data)
{
  while (fault_connection_sleep (connection, 1000))
    continue;
}

static void
be_busy (FaultConnection *connection,
         gpointer         user_data)
{
  fault_connection_write (connection, "HTTP/1.1 503 Busy\r\nRetry-After: 59\r\nContent-Length: 0\r\n\r\n");
}

static void
check_cancelled (Fixture     *fixture,
                 FaultServer *server,
                 TillOutcome  outcome)
{
  static const guint delays[] = { 0, 1, 20, 150 };

  for (guint i = 0; i < G_N_ELEMENTS (delays); i++)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      gint64 start = g_get_monotonic_time ();
      g_autoptr(GError) error = NULL;
      g_autoptr(TillAnswer) answer = NULL;

      if (delays[i] == 0)
        g_cancellable_cancel (cancellable);
      else
        g_timeout_add_full (G_PRIORITY_DEFAULT, delays[i], cancel_cb, g_object_ref (cancellable), g_object_unref);

      answer = fixture_ask (fixture, server, &(FixtureCall) {
          .method = "PUT", .body = "{}", .flags = TILL_CALL_CHANGES | TILL_CALL_REPEATABLE, .cancellable = cancellable }, &error);
      g_assert_null (answer);
      g_assert_error (error, TILL_ERROR, TILL_ERROR_CANCELLED);
      g_assert_cmpint (g_get_monotonic_time () - start, <, 2 * G_USEC_PER_SEC);
      if (delays[i] == 0)
        g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_NOT_SENT);
      if (delays[i] == 150)
        g_assert_cmpint (till_error_get_outcome (error), ==, outcome);
    }
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  static const FaultHandler handlers[] = { stall, stall_in_answer, be_busy };
  g_autoptr(FaultServer) silent = fault_server_new_raw (say_nothing, NULL);

  till_transport_set_patience (fixture->transport, 1);
  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    {
      g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, handlers[i], NULL);

      check_cancelled (fixture, server, TILL_OUTCOME_UNKNOWN);
    }

  check_cancelled (fixture, silent, TILL_OUTCOME_NOT_SENT);
}

static void
test_cancel_after (Fixture       *fixture,
                   gconstpointer  data)
{
  Script script = { { 200 }, NULL, 1 };
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, play, &script);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = fixture_ask (fixture, server, &(FixtureCall) { .method = "GET", .cancellable = cancellable },
                                              &error);
  g_autoptr(TillAnswer) again = NULL;

  g_assert_no_error (error);
  g_assert_nonnull (answer);
  g_cancellable_cancel (cancellable);
  while (g_main_context_iteration (NULL, FALSE))
    continue;

  /* The session is fine, and so is its connection. */
  again = fixture_ask (fixture, server, &(FixtureCall) { .method = "GET" }, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fault_server_count_connections (server), ==, 1);
}

int
main (int    argc,
      char **argv)
{
  fixture_main (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/transport/repeat/", cases[i].name, NULL);

      fixture_add_data (path, &cases[i], test_case);
    }
  g_test_add_func ("/transport/retry-after", test_retry_after);
  fixture_add ("/transport/busy", test_busy);
  fixture_add ("/transport/waits", test_waits);
  fixture_add ("/transport/window", test_window);
  fixture_add ("/transport/window-over", test_window_over);
  fixture_add ("/transport/timeout", test_timeout);
  fixture_add ("/transport/lost-then-refused", test_lost_then_refused);
  fixture_add ("/transport/cancel", test_cancel);
  fixture_add ("/transport/cancel-after", test_cancel_after);

  return g_test_run ();
}
