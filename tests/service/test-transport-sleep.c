/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A machine that sleeps while a call is on its way: deadlines and windows count on (RELIABILITY.md G17, G19). */
#include "config.h"

#include <string.h>

#include "till-error.h"
#include "till-limits.h"
#include "transport-fixture.h"

/* A transport whose clock says when the machine slept; what stands still meanwhile, stands still. */
static TillClock *
use_clock (Fixture *fixture)
{
  TillClock *clock = till_clock_new_fixed (g_get_real_time () / G_USEC_PER_SEC);
  g_autoptr(GError) error = NULL;

  g_object_unref (fixture->transport);
  fixture->transport = till_transport_new (clock, fixture->ca_pem, &error);
  g_assert_no_error (error);

  return clock;
}

typedef struct
{
  FaultServer *server;
  TillClock   *clock;
  gint64       seconds;
  guint        turns;
} Sleep;

/* Some time after the request came: by then the call waits for what is to come. */
static gboolean
sleep_cb (gpointer user_data)
{
  Sleep *sleep = user_data;

  if (fault_server_count_requests (sleep->server) == 0 || sleep->turns++ < 10)
    return G_SOURCE_CONTINUE;

  till_clock_advance (sleep->clock, sleep->seconds);

  return G_SOURCE_REMOVE;
}

static void
stall (FaultConnection *connection,
       gpointer         user_data)
{
  while (fault_connection_wait (connection, 1000))
    continue;
}

/* The longest deadline there is, and it ends soon after the machine is awake again. */
static void
test_deadline (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, stall, NULL);
  g_autoptr(TillClock) clock = use_clock (fixture);
  Sleep sleep = { server, clock, 3600 };
  g_autoptr(GError) error = NULL;

  g_timeout_add (20, sleep_cb, &sleep);
  g_assert_null (fixture_ask (fixture, server, &(FixtureCall) {
      .method = "PUT", .body = "{}", .flags = TILL_CALL_CHANGES, .deadline = TILL_LIMIT_UPLOAD_SECONDS }, &error));
  fixture_check_error (error, TILL_ERROR_TIMED_OUT, TILL_REASON_DEADLINE, "; the result is unknown");
  g_assert_cmpuint (fault_server_count_requests (server), ==, 1);
}

/* A short nap is none. */
static void
nap (FaultConnection *connection,
     gpointer         user_data)
{
  Sleep *sleep = user_data;

  till_clock_advance (sleep->clock, sleep->seconds);
  fault_connection_sleep (connection, 2500);
  fault_connection_write (connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
}

static void
test_nap (Fixture       *fixture,
          gconstpointer  data)
{
  g_autoptr(TillClock) clock = use_clock (fixture);
  Sleep sleep = { NULL, clock, 10 };
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, nap, &sleep);
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = fixture_ask (fixture, server, &(FixtureCall) { .method = "GET", .deadline = 18 }, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (answer->status, ==, 200);
}

static void
be_busy (FaultConnection *connection,
         gpointer         user_data)
{
  fault_connection_write (connection, "HTTP/1.1 503 Busy\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n");
}

/* Asleep between two tries: the service has forgotten the request's id meanwhile, so it would do it twice. */
static void
test_between_tries (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, be_busy, NULL);
  g_autoptr(TillClock) clock = use_clock (fixture);
  Sleep sleep = { server, clock, TILL_LIMIT_REPEAT_SECONDS + 1 };
  g_autoptr(GError) error = NULL;

  /* The minute is three seconds. */
  till_transport_set_patience (fixture->transport, 0.05);
  g_timeout_add (50, sleep_cb, &sleep);
  g_assert_null (fixture_ask (fixture, server, &(FixtureCall) {
      .method = "POST", .body = "{}", .flags = TILL_CALL_CHANGES | TILL_CALL_REPEATABLE }, &error));
  g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_UNKNOWN);
  g_assert_cmpuint (fault_server_count_requests (server), ==, 1);
}

int
main (int    argc,
      char **argv)
{
  fixture_main (&argc, &argv);

  fixture_add ("/transport/sleep/deadline", test_deadline);
  fixture_add ("/transport/sleep/nap", test_nap);
  fixture_add ("/transport/sleep/between-tries", test_between_tries);

  return g_test_run ();
}
