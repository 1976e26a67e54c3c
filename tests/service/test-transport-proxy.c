/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A proxy between us and the service: what it gets to see, and what is said of it (row 63). */
#include "config.h"

#include <string.h>

#include "till-error.h"
#include "transport-fixture.h"

/* The system's way to say which proxy to use, as far as this program goes. */
typedef GObject TestResolver;
typedef GObjectClass TestResolverClass;

static char *proxy;

static void test_resolver_interface_init (GProxyResolverInterface *interface);
static GType test_resolver_get_type (void);

G_DEFINE_TYPE_WITH_CODE (TestResolver, test_resolver, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (G_TYPE_PROXY_RESOLVER, test_resolver_interface_init))

static char **
get_proxies (void)
{
  const char *proxies[2] = { proxy != NULL ? proxy : "direct://", NULL };

  return g_strdupv ((char **) proxies);
}

static gboolean
is_supported (GProxyResolver *resolver)
{
  return TRUE;
}

static char **
lookup (GProxyResolver  *resolver,
        const char      *uri,
        GCancellable    *cancellable,
        GError         **error)
{
  return get_proxies ();
}

static void
lookup_async (GProxyResolver      *resolver,
              const char          *uri,
              GCancellable        *cancellable,
              GAsyncReadyCallback  callback,
              gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (resolver, cancellable, callback, user_data);

  g_task_return_pointer (task, get_proxies (), (GDestroyNotify) g_strfreev);
}

static char **
lookup_finish (GProxyResolver  *resolver,
               GAsyncResult    *result,
               GError         **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_resolver_interface_init (GProxyResolverInterface *interface)
{
  interface->is_supported = is_supported;
  interface->lookup = lookup;
  interface->lookup_async = lookup_async;
  interface->lookup_finish = lookup_finish;
}

static void
test_resolver_class_init (TestResolverClass *klass)
{
}

static void
test_resolver_init (TestResolver *self)
{
}

static void
answer_ok (FaultConnection *connection,
           gpointer         user_data)
{
  fault_connection_write (connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
}

static void
use_proxy (guint16 port)
{
  g_free (proxy);
  proxy = g_strdup_printf ("http://127.0.0.1:%u", port);
}

static const FixtureCall change = { .method = "POST", .body = "{}", .flags = TILL_CALL_CHANGES | TILL_CALL_REPEATABLE };

/* What the proxy saw of us. */
static char *seen;

static void
take_head (FaultConnection *connection)
{
  g_free (seen);
  seen = fault_connection_read_head (connection);
}

/* And whether anything came after that. */
static void
take_rest (FaultConnection *connection)
{
  char *rest = fault_connection_read_rest (connection, 300);

  g_assert_cmpstr (rest, ==, seen);
  g_free (rest);
}

static void
want_login (FaultConnection *connection,
            gpointer         user_data)
{
  take_head (connection);
  fault_connection_write (connection, "HTTP/1.1 407 Proxy Authentication Required\r\n"
                          "Proxy-Authenticate: Basic realm=\"canteen\"\r\nContent-Length: 5\r\n\r\nlogin");
  take_rest (connection);
}

static void
refuse_tunnel (FaultConnection *connection,
               gpointer         user_data)
{
  take_head (connection);
  fault_connection_write (connection, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
  take_rest (connection);
}

static void
show_portal (FaultConnection *connection,
             gpointer         user_data)
{
  take_head (connection);
  fault_connection_write (connection, "HTTP/1.1 302 Found\r\nLocation: https://portal.example/\r\nContent-Length: 0\r\n\r\n");
  take_rest (connection);
}

static void
hang_up (FaultConnection *connection,
         gpointer         user_data)
{
  take_head (connection);
  fault_connection_reset (connection);
}

/* The proxy learns where to, and nothing else. */
static void
check_seen (FaultServer *server)
{
  g_autofree char *start = g_strdup_printf ("CONNECT 127.0.0.1:%u HTTP/1.", fault_server_get_port (server));

  g_assert_nonnull (seen);
  g_assert_true (g_str_has_prefix (seen, start));
  g_assert_null (strstr (seen, "key-of-a-test"));
  g_assert_null (strstr (seen, "Authorization"));
  g_assert_null (strstr (seen, "Client-Request-Id"));
  g_assert_null (strstr (seen, "thing"));
}

static void
test_says_no (Fixture       *fixture,
              gconstpointer  data)
{
  static const struct
  {
    FaultHandler  handler;
    int           code;
    int           reason;
    const char   *says;
  } cases[] = {
    { want_login, TILL_ERROR_UNAVAILABLE, TILL_REASON_PROXY_LOGIN, "the network's proxy asks for a login" },
    { refuse_tunnel, TILL_ERROR_UNAVAILABLE, TILL_REASON_PROXY_DOWN, "the network's proxy does not let us through" },
    { show_portal, TILL_ERROR_UNAVAILABLE, TILL_REASON_PROXY_DOWN, "the network's proxy does not let us through" },
    { hang_up, TILL_ERROR_UNAVAILABLE, TILL_REASON_PROXY_DOWN, "the network's proxy does not" },
  };
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, answer_ok, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FaultServer) between = fault_server_new_raw (cases[i].handler, NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(TillAnswer) answer = NULL;

      use_proxy (fault_server_get_port (between));
      answer = fixture_ask (fixture, server, &change, &error);
      g_assert_null (answer);
      g_test_message ("%u", i);
      fixture_check_error (error, cases[i].code, cases[i].reason, cases[i].says);
      g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_NOT_SENT);
      g_assert_cmpuint (fault_server_count_connections (between), ==, 1);
      check_seen (server);
    }

  g_assert_cmpuint (fault_server_count_connections (server), ==, 0);
}

static void
test_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, answer_ok, NULL);
  FaultServer *between = fault_server_new_raw (hang_up, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = NULL;

  use_proxy (fault_server_get_port (between));
  fault_server_free (between);
  answer = fixture_ask (fixture, server, &change, &error);
  g_assert_null (answer);
  fixture_check_error (error, TILL_ERROR_UNAVAILABLE, TILL_REASON_PROXY_DOWN, "the network's proxy does not answer");
  g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_NOT_SENT);
  g_assert_cmpuint (fault_server_count_connections (server), ==, 0);
}

/* One that does what it is for. */
static void
tunnel (FaultConnection *connection,
        gpointer         user_data)
{
  take_head (connection);
  fault_connection_write (connection, "HTTP/1.1 200 Connection established\r\n\r\n");
  fault_connection_relay (connection, fault_server_get_port (user_data));
}

static void
test_through (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, answer_ok, NULL);
  g_autoptr(FaultServer) between = fault_server_new_raw (tunnel, server);
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = NULL;

  use_proxy (fault_server_get_port (between));
  answer = fixture_ask (fixture, server, &change, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (answer->status, ==, 200);
  check_seen (server);
  g_assert_finalize_object (fixture->transport);
  fixture->transport = till_transport_new (fixture->clock, NULL, NULL);
}

int
main (int    argc,
      char **argv)
{
  int result;

  g_setenv ("GIO_USE_PROXY_RESOLVER", "test", TRUE);
  fixture_main (&argc, &argv);

  g_io_extension_point_register (G_PROXY_RESOLVER_EXTENSION_POINT_NAME);
  g_io_extension_point_implement (G_PROXY_RESOLVER_EXTENSION_POINT_NAME, test_resolver_get_type (), "test", 0);

  fixture_add ("/transport/proxy/says-no", test_says_no);
  fixture_add ("/transport/proxy/down", test_down);
  fixture_add ("/transport/proxy/through", test_through);

  result = g_test_run ();
  g_free (proxy);
  g_free (seen);

  return result;
}
