/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Services at an address of IPv6: reached, verified, and no answer lost, nothing done twice (RELIABILITY.md G17). */
#include "config.h"

#include <string.h>

#include "till-error.h"
#include "transport-fixture.h"

#define ID "3f2b8c1e-9d47-4a6b-8e15-7c0d2a9b4f61"

static FaultIdentity *
new_identity (Fixture    *fixture,
              const char *address)
{
  return fault_identity_new (&(FaultPlan) { .name = "Server of a test", .address = address,
                                            .purpose = GNUTLS_KP_TLS_WWW_SERVER }, fixture->ca);
}

static gboolean
have_ipv6 (void)
{
  if (fault_server_can_ipv6 ())
    return TRUE;

  g_test_skip ("this machine has no loopback of IPv6");

  return FALSE;
}

static void
answer_ok (FaultConnection *connection,
           gpointer         user_data)
{
  fault_connection_write (connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
}

static void
test_literal (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(FaultIdentity) identity = NULL;
  g_autoptr(FaultServer) server = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = NULL;
  g_autofree char *request = NULL;
  g_autofree char *host = NULL;

  if (!have_ipv6 ())
    return;

  identity = new_identity (fixture, "::1");
  server = fault_server_new_ipv6 (identity, answer_ok, NULL);
  answer = fixture_call (fixture, "[::1]", fault_server_get_port (server), &(FixtureCall) { .method = "GET" }, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (answer->status, ==, 200);
  request = fault_server_dup_request (server, 0);
  host = g_strdup_printf ("\r\nHost: [::1]:%u\r\n", fault_server_get_port (server));
  g_assert_nonnull (strstr (request, host));
  g_assert_true (g_str_has_prefix (request, "GET /base/thing?page=1 HTTP/1.1\r\n"));
}

/* The address counts, not that some certificate of ours is shown. */
static void
test_wrong_address (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(FaultIdentity) identity = NULL;
  g_autoptr(FaultServer) server = NULL;
  g_autoptr(GError) error = NULL;

  if (!have_ipv6 ())
    return;

  identity = new_identity (fixture, "::2");
  server = fault_server_new_ipv6 (identity, answer_ok, NULL);
  g_assert_null (fixture_call (fixture, "[::1]", fault_server_get_port (server), &(FixtureCall) { .method = "GET" }, &error));
  fixture_check_error (error, TILL_ERROR_TLS, TILL_REASON_WRONG_HOST, "not for [::1]:");
  g_assert_cmpuint (fault_server_count_requests (server), ==, 0);
}

/* Nobody listens there. */
static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(FaultIdentity) identity = NULL;
  g_autoptr(GError) error = NULL;
  FaultServer *server;
  guint16 port;

  if (!have_ipv6 ())
    return;

  identity = new_identity (fixture, "::1");
  server = fault_server_new_ipv6 (identity, answer_ok, NULL);
  port = fault_server_get_port (server);
  fault_server_free (server);
  g_assert_null (fixture_call (fixture, "[::1]", port, &(FixtureCall) { .method = "GET" }, &error));
  fixture_check_error (error, TILL_ERROR_UNAVAILABLE, TILL_REASON_REFUSED, "[::1]:");
}

/* A service that does a thing once for each request id, and whose answer is lost at one point so many times. */
typedef struct
{
  const char *point;
  guint       losses;
  GMutex      lock;
  GHashTable *done;       /* (element-type utf8) ids of what it did */
  guint       effects;
} World;

static void
lose (FaultConnection *connection,
      gpointer         user_data)
{
  World *world = user_data;
  const char *head = fault_connection_get_head (connection);
  const char *id = strstr (head, "Client-Request-Id: ");
  gboolean lost = fault_connection_get_request (connection) < world->losses;

  g_assert_nonnull (id);
  if (lost && strcmp (world->point, "before-done") == 0)
    {
      fault_connection_reset (connection);
      return;
    }

  g_mutex_lock (&world->lock);
  if (g_hash_table_add (world->done, g_strndup (id, strcspn (id, "\r"))))
    world->effects++;
  g_mutex_unlock (&world->lock);

  if (!lost)
    {
      fault_connection_write (connection, "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n"
                              "5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\n\r\n");
      return;
    }

  if (strcmp (world->point, "before-status") == 0)
    fault_connection_reset (connection);
  else if (strcmp (world->point, "in-status") == 0)
    fault_connection_write (connection, "HTTP/1.1 2");
  else if (strcmp (world->point, "in-head") == 0)
    fault_connection_write (connection, "HTTP/1.1 201 Created\r\nContent-Len");
  else if (strcmp (world->point, "after-head") == 0)
    fault_connection_write (connection, "HTTP/1.1 201 Created\r\nContent-Length: 7\r\n\r\n");
  else if (strcmp (world->point, "in-answer") == 0)
    fault_connection_write (connection, "HTTP/1.1 201 Created\r\nContent-Length: 7\r\n\r\n{\"a");
  else if (strcmp (world->point, "between-chunks") == 0)
    fault_connection_write (connection, "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n");
  else
    g_assert_not_reached ();
  fault_connection_close (connection);
}

static void
test_lost (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(FaultIdentity) identity = NULL;

  if (!have_ipv6 ())
    return;

  identity = new_identity (fixture, "::1");
  for (guint losses = 1; losses <= 3; losses++)
    {
      g_autoptr(FaultServer) server = NULL;
      g_autoptr(GError) error = NULL;
      g_autoptr(TillAnswer) answer = NULL;
      World world = { .point = data, .losses = losses };

      g_mutex_init (&world.lock);
      world.done = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      server = fault_server_new_ipv6 (identity, lose, &world);
      answer = fixture_call (fixture, "[::1]", fault_server_get_port (server), &(FixtureCall) {
          .method = "POST", .body = "{\"n\":1}", .flags = TILL_CALL_CHANGES | TILL_CALL_REPEATABLE }, &error);

      if (error != NULL)
        g_test_message ("%s: %s", world.point, error->message);

      /* First try and two repeats: the third loss is left to a person. */
      g_assert_cmpuint (fault_server_count_requests (server), ==, MIN (losses + 1, 3));
      if (losses < 3)
        {
          g_assert_no_error (error);
          g_assert_cmpmem (till_secret_get_data (answer->body), till_secret_get_size (answer->body), "{\"a\":1}", 7);
        }
      else
        {
          g_assert_null (answer);
          g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_UNKNOWN);
        }

      g_clear_pointer (&server, fault_server_free);
      g_assert_cmpuint (world.effects, ==, losses == 3 && strcmp (data, "before-done") == 0 ? 0 : 1);
      g_hash_table_unref (world.done);
      g_mutex_clear (&world.lock);
    }
}

int
main (int    argc,
      char **argv)
{
  static const char * const points[] = {
    "before-done", "before-status", "in-status", "in-head", "after-head", "in-answer", "between-chunks"
  };

  fixture_main (&argc, &argv);

  fixture_add ("/transport/ipv6/literal", test_literal);
  fixture_add ("/transport/ipv6/wrong-address", test_wrong_address);
  fixture_add ("/transport/ipv6/refused", test_refused);
  for (guint i = 0; i < G_N_ELEMENTS (points); i++)
    {
      g_autofree char *path = g_strconcat ("/transport/ipv6/lost/", points[i], NULL);

      fixture_add_data (path, points[i], test_lost);
    }

  return g_test_run ();
}
