/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the first call costs the main loop, and what is left of its secrets (PERFORMANCE.md 4b, RELIABILITY.md G1). */
#include "config.h"

#include <string.h>
#include <time.h>

#include "till-error.h"
#include "till-test.h"
#include "transport-fixture.h"

static void
answer_ok (FaultConnection *connection,
           gpointer         user_data)
{
  fault_connection_write (connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = till_transport_send_finish (TILL_TRANSPORT (source), result, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (answer->status, ==, 200);
  *(gboolean *) user_data = TRUE;
}

/* Time that this thread has worked, so that other programs do not count. */
static gint64
get_thread_time (void)
{
  struct timespec ts;

  g_assert_cmpint (clock_gettime (CLOCK_THREAD_CPUTIME_ID, &ts), ==, 0);

  return (gint64) ts.tv_sec * G_USEC_PER_SEC + ts.tv_nsec / 1000;
}

/* PERFORMANCE.md 4b. It takes about 1 ms; with the trust store of GIO 30 to 45. */
#define MOST_MICROSECONDS 16000

static void
test_first_call (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, answer_ok, NULL);
  g_autofree char *url = g_strdup_printf ("https://127.0.0.1:%u", fault_server_get_port (server));
  g_autoptr(TillEndpoint) endpoint = till_endpoint_new (url, NULL);
  TillCall call = { .endpoint = endpoint, .method = "GET", .path = "/", .signer = fixture->signer, .request_id = "1" };
  gint64 before = get_thread_time ();
  gint64 most = 0;
  gboolean done = FALSE;

  till_transport_send_async (fixture->transport, &call, NULL, done_cb, &done);
  for (;;)
    {
      gint64 now = get_thread_time ();

      most = MAX (most, now - before);
      if (done)
        break;
      before = now;
      g_main_context_iteration (NULL, TRUE);
    }

  g_test_message ("the first call holds the main loop for %" G_GINT64_FORMAT " us at most", most);
  g_assert_cmpint (most, <, MOST_MICROSECONDS);
}

/* A secret of 32 random letters; each of them inverted is kept in needle. */
static TillSecret *
make_canary (guint8 needle[32])
{
  TillSecret *secret = till_secret_new (32);
  guint8 *bytes = till_secret_get_buffer (secret);

  for (guint i = 0; i < 32; i++)
    {
      bytes[i] = (guint8) g_random_int_range ('a', 'z' + 1);
      needle[i] = (guint8) ~bytes[i];
    }

  return secret;
}

static void
test_left_over (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, answer_ok, NULL);
  guint8 needle[32];
  g_autoptr(TillSecret) canary = make_canary (needle);
  g_autoptr(TillAnswer) answer = NULL;
  g_autoptr(GError) error = NULL;

  till_signer_unref (fixture->signer);
  fixture->signer = till_signer_new_hub ("key-of-a-test", canary, &error);
  g_assert_no_error (error);

  for (guint i = 0; i < 3; i++)
    {
      g_clear_pointer (&answer, till_answer_free);
      answer = fixture_ask (fixture, server, &(FixtureCall) { .method = "PUT", .body = "{}", .flags = TILL_CALL_CHANGES },
                            &error);
      g_assert_no_error (error);
    }

  /* The canary itself, and the signer's copy. */
  g_assert_cmpuint (till_test_count_in_memory (needle, sizeof needle), ==, 2);

  g_clear_pointer (&fixture->signer, till_signer_unref);
  g_assert_cmpuint (till_test_count_in_memory (needle, sizeof needle), ==, 1);

  fixture->signer = till_signer_new_hub ("key-of-a-test", canary, &error);
}

/* With all that libraries say of what they do, and in every error: not a word of the secret (G5). */
static void
reset (FaultConnection *connection,
       gpointer         user_data)
{
  fault_connection_reset (connection);
}

static void
echo_head (FaultConnection *connection,
           gpointer         user_data)
{
  fault_connection_printf (connection, "HTTP/1.1 302 %s\r\nLocation: https://other.example/%s\r\nContent-Length: 0\r\n\r\n",
                           CANARY, CANARY);
}

static void
test_canary (Fixture       *fixture,
             gconstpointer  data)
{
  static const FaultHandler handlers[] = { answer_ok, reset, echo_head };

  if (!g_test_subprocess ())
    {
      g_setenv ("G_MESSAGES_DEBUG", "all", TRUE);
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_unsetenv ("G_MESSAGES_DEBUG");
      g_test_trap_assert_passed ();
      /* It did say something. */
      g_test_trap_assert_stdout ("*DEBUG*");
      g_test_trap_assert_stdout_unmatched ("*" CANARY "*");
      g_test_trap_assert_stderr_unmatched ("*" CANARY "*");
      return;
    }

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    {
      g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, handlers[i], NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(TillAnswer) answer = fixture_ask (fixture, server, &(FixtureCall) {
          .method = "POST", .body = "{\"password\":\"" CANARY "\"}", .flags = TILL_CALL_CHANGES }, &error);

      g_assert_cmpint (answer != NULL, ==, handlers[i] == answer_ok);
      if (error != NULL)
        g_printerr ("%s\n", error->message);
    }
}

/* Where glib-networking is missing that is said, and nothing else. */
static void
test_no_tls (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(FaultServer) server = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = NULL;

  if (!g_test_subprocess ())
    {
      g_setenv ("GIO_MODULE_DIR", "/nonexistent", TRUE);
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_unsetenv ("GIO_MODULE_DIR");
      g_test_trap_assert_passed ();
      return;
    }

  server = fault_server_new (fixture->good, NULL, answer_ok, NULL);
  answer = fixture_ask (fixture, server, &(FixtureCall) { .method = "GET" }, &error);
  g_assert_null (answer);
  fixture_check_error (error, TILL_ERROR_TLS, TILL_REASON_HANDSHAKE, "install glib-networking");
}

int
main (int    argc,
      char **argv)
{
  fixture_main (&argc, &argv);

  /* The first, as later ones find everything loaded. */
  fixture_add ("/transport/hold/a-first-call", test_first_call);
  fixture_add ("/transport/hold/left-over", test_left_over);
  fixture_add ("/transport/hold/canary", test_canary);
  fixture_add ("/transport/hold/no-tls", test_no_tls);

  return g_test_run ();
}
