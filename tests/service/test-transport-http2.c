/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The transport over HTTP/2, as it speaks it where libsoup's is safe: against a server that speaks nothing else. */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gnutls/x509.h>

#include "till-error.h"
#include "till-limits.h"
#include "till-test.h"
#include "transport-fixture.h"

#define PARALLEL 24
#define API_KEY "key-of-a-test"

typedef struct
{
  TillTestDir *dir;
  GPid         pid;
  int          output;
  guint16      port;
} Server;

static void
write_key (FaultIdentity *identity,
           const char    *path)
{
  g_autoptr(GError) error = NULL;
  gnutls_datum_t pem;

  g_assert_cmpint (gnutls_x509_privkey_export2 (identity->key, GNUTLS_X509_FMT_PEM, &pem), ==, 0);
  g_file_set_contents (path, (const char *) pem.data, pem.size, &error);
  g_assert_no_error (error);
  gnutls_free (pem.data);
}

/* One that was free a moment ago. */
static guint16
find_port (void)
{
  g_autoptr(GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr(GSocketAddress) found = NULL;
  g_autoptr(GError) error = NULL;

  g_socket_bind (socket, any, FALSE, &error);
  g_assert_no_error (error);
  found = g_socket_get_local_address (socket, NULL);

  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (found));
}

static gboolean
can_connect (guint16 port)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnection) connection = g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);

  return connection != NULL;
}

/* Whatever is uploaded it sends back; what it gets it says, frame by frame. */
static void
server_start (Server  *self,
              Fixture *fixture)
{
  g_autofree char *program = g_find_program_in_path ("nghttpd");
  g_autofree char *key = NULL;
  g_autofree char *certificate = NULL;
  g_autofree char *pem = fault_identity_dup_pem (fixture->good);
  g_autofree char *file = NULL;
  g_autoptr(GError) error = NULL;

  /* No skip: a test that is not run must not look like one that went well. */
  if (program == NULL)
    g_error ("nghttpd is missing: what the tests need is in build-aux/packages (nghttp2-server)");

  self->dir = till_test_dir_new ();
  key = till_test_dir_file (self->dir, "key.pem");
  certificate = till_test_dir_file (self->dir, "certificate.pem");
  file = till_test_dir_file (self->dir, "thing");
  write_key (fixture->good, key);
  g_file_set_contents (certificate, pem, -1, &error);
  g_assert_no_error (error);
  g_file_set_contents (file, "{\"a\":1}", -1, &error);
  g_assert_no_error (error);

  for (guint tries = 0; tries < 5 && self->pid == 0; tries++)
    {
      guint16 port = find_port ();
      g_autofree char *text = g_strdup_printf ("%u", port);
      const char *argv[] = { "stdbuf", "-oL", program, "-v", "--echo-upload", "-a", "127.0.0.1", "-d", self->dir->path, text,
                             key, certificate, NULL };
      GPid pid;

      g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD,
                                NULL, NULL, &pid, NULL, &self->output, NULL, &error);
      g_assert_no_error (error);

      for (guint wait = 0; wait < 500 && !can_connect (port); wait++)
        {
          if (waitpid (pid, NULL, WNOHANG) == pid)
            {
              close (self->output);
              pid = 0;
              break;
            }
          g_usleep (20000);
        }

      self->pid = pid;
      self->port = port;
    }

  g_assert_cmpint (self->pid, >, 0);
}

/* Returns: (transfer full): what it said */
static char *
server_end (Server *self)
{
  GString *text = g_string_new (NULL);
  char buffer[4096];
  ssize_t got;

  kill (self->pid, SIGCONT);
  kill (self->pid, SIGTERM);
  while ((got = read (self->output, buffer, sizeof buffer)) > 0)
    g_string_append_len (text, buffer, got);
  close (self->output);
  waitpid (self->pid, NULL, 0);
  g_spawn_close_pid (self->pid);
  till_test_dir_free (self->dir);

  return g_string_free (text, FALSE);
}

/* Returns: (transfer full): the only value of a header in what the server said */
static char *
dup_header (const char *said,
            const char *name)
{
  g_autofree char *start = g_strdup_printf (") %s: ", name);
  const char *found = strstr (said, start);
  const char *value;

  g_assert_nonnull (found);
  value = found + strlen (start);
  g_assert_null (strstr (value, start));

  return g_strndup (value, strcspn (value, "\n"));
}

static guint
count (const char *text,
       const char *what)
{
  guint n = 0;

  for (const char *p = text; (p = strstr (p, what)) != NULL; p += strlen (what))
    n++;

  return n;
}

/* What was signed is what came: the signature fits the headers and the body as the server has them. */
static void
test_signed (Fixture       *fixture,
             gconstpointer  data)
{
  static const char body[] = "{\"name\":\"Café № 1\", \"list\":[1,2,3]}";
  Server server = { NULL };
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = NULL;
  g_autofree char *said = NULL;
  g_autofree char *id = NULL;
  g_autofree char *stamp = NULL;
  g_autofree char *authorization = NULL;
  g_autofree char *expected = NULL;
  g_autoptr(GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, (const guint8 *) CANARY, strlen (CANARY));
  guint8 digest[32];
  gsize size = sizeof digest;

  server_start (&server, fixture);
  answer = fixture_call (fixture, "127.0.0.1", server.port,
                         &(FixtureCall) { .method = "POST", .body = body, .flags = TILL_CALL_CHANGES }, &error);
  said = server_end (&server);
  g_assert_no_error (error);
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpstr (answer->tls_version, ==, "TLS 1.3");
  g_assert_cmpmem (till_secret_get_data (answer->body), till_secret_get_size (answer->body), body, strlen (body));

  id = dup_header (said, "client-request-id");
  stamp = dup_header (said, "timestamp");
  authorization = dup_header (said, "authorization");
  g_hmac_update (hmac, (const guint8 *) API_KEY, strlen (API_KEY));
  g_hmac_update (hmac, (const guint8 *) id, (gssize) strlen (id));
  g_hmac_update (hmac, (const guint8 *) stamp, (gssize) strlen (stamp));
  g_hmac_update (hmac, (const guint8 *) body, (gssize) strlen (body));
  g_hmac_get_digest (hmac, digest, &size);
  expected = g_base64_encode (digest, size);
  g_assert_cmpstr (authorization, ==, expected);
  g_assert_nonnull (strstr (said, ":path: /base/thing?page=1\n"));
  g_assert_null (strstr (said, CANARY));
}

typedef struct
{
  guint left;
} Many;

static void
many_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Many *many = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = till_transport_send_finish (TILL_TRANSPORT (source), result, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpmem (till_secret_get_data (answer->body), till_secret_get_size (answer->body), "{\"a\":1}", 7);
  many->left--;
}

/* Many at once, over few connections. */
static void
test_parallel (Fixture       *fixture,
               gconstpointer  data)
{
  Server server = { NULL };
  g_autoptr(TillEndpoint) endpoint = NULL;
  g_autofree char *url = NULL;
  g_autofree char *said = NULL;
  g_autoptr(GError) error = NULL;
  Many many = { PARALLEL };
  guint connections;

  server_start (&server, fixture);
  url = g_strdup_printf ("https://127.0.0.1:%u", server.port);
  endpoint = till_endpoint_new (url, &error);
  g_assert_no_error (error);

  for (guint i = 0; i < PARALLEL; i++)
    till_transport_send_async (fixture->transport, &(TillCall) { .endpoint = endpoint, .method = "GET", .path = "/thing" },
                               NULL, many_cb, &many);
  while (many.left > 0)
    g_main_context_iteration (NULL, TRUE);

  said = server_end (&server);
  g_assert_cmpuint (count (said, ":path: /thing\n"), ==, PARALLEL);
  connections = count (said, "recv SETTINGS frame <length=0, flags=0x01");
  g_assert_cmpuint (connections, >=, 1);
  g_assert_cmpuint (connections, <=, TILL_LIMIT_CONNECTIONS);
}

/* A large body both ways: the windows of flow control have to move. */
static void
test_large (Fixture       *fixture,
            gconstpointer  data)
{
  Server server = { NULL };
  g_autofree char *body = g_strnfill (700000, 'x');
  g_autofree char *said = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = NULL;

  server_start (&server, fixture);
  answer = fixture_call (fixture, "127.0.0.1", server.port,
                         &(FixtureCall) { .method = "PUT", .body = body, .flags = TILL_CALL_CHANGES }, &error);
  said = server_end (&server);
  g_assert_no_error (error);
  g_assert_cmpuint (till_secret_get_size (answer->body), ==, 700000);
  g_assert_cmpint (till_secret_get_data (answer->body)[699999], ==, 'x');
}

/* Larger than is taken: bounds count here as well. */
static void
test_too_large (Fixture       *fixture,
                gconstpointer  data)
{
  Server server = { NULL };
  g_autofree char *body = g_strnfill (300000, 'x');
  g_autofree char *said = NULL;
  g_autoptr(GError) error = NULL;

  server_start (&server, fixture);
  g_assert_null (fixture_call (fixture, "127.0.0.1", server.port,
                               &(FixtureCall) { .method = "PUT", .body = body, .flags = TILL_CALL_CHANGES,
                                                .max_answer = 100000 }, &error));
  said = server_end (&server);
  g_test_message ("%s", error->message);
  g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_ANSWER_TOO_LARGE);
  g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_UNKNOWN);
}

/* It takes the request and says nothing more: the deadline ends it, and it was sent once. */
static void
test_silent (Fixture       *fixture,
             gconstpointer  data)
{
  Server server = { NULL };
  g_autofree char *said = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) first = NULL;

  server_start (&server, fixture);
  first = fixture_call (fixture, "127.0.0.1", server.port,
                        &(FixtureCall) { .method = "PUT", .body = "{}", .flags = TILL_CALL_CHANGES }, &error);
  g_assert_no_error (error);

  kill (server.pid, SIGSTOP);
  g_assert_null (fixture_call (fixture, "127.0.0.1", server.port,
                               &(FixtureCall) { .method = "PUT", .body = "{}", .flags = TILL_CALL_CHANGES, .deadline = 1 },
                               &error));
  said = server_end (&server);
  g_assert_error (error, TILL_ERROR, TILL_ERROR_TIMED_OUT);
  g_assert_cmpuint (count (said, ":method: PUT\n"), <=, 2);
}

int
main (int    argc,
      char **argv)
{
  fixture_main (&argc, &argv);

  /* The transport's class keeps an old libsoup from HTTP/2; after that, and before the first session, it is allowed
   * again: what a newer one does by itself. */
  g_type_class_unref (g_type_class_ref (TILL_TYPE_TRANSPORT));
  g_unsetenv ("SOUP_FORCE_HTTP1");

  fixture_add ("/transport/http2/signed", test_signed);
  fixture_add ("/transport/http2/parallel", test_parallel);
  fixture_add ("/transport/http2/large", test_large);
  fixture_add ("/transport/http2/too-large", test_too_large);
  fixture_add ("/transport/http2/silent", test_silent);

  return g_test_run ();
}
