/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The transport with a service that behaves: what goes over the wire, and what comes back. */
#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "till-error.h"
#include "till-limits.h"
#include "transport-fixture.h"

static void
answer_json (FaultConnection *connection,
             gpointer         user_data)
{
  fault_connection_write (connection, "HTTP/1.1 200 OK\r\nContent-Type: application/JSON; charset=utf-8\r\n"
                          "apitraceid: 0123456789abcdef0123456789abcdef\r\nContent-Length: 11\r\n\r\n{\"ok\":true}");
}

static void
test_get (Fixture       *fixture,
          gconstpointer  data)
{
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, answer_json, NULL);
  g_autofree char *host = g_strdup_printf ("\r\nHost: 127.0.0.1:%u\r\n", fault_server_get_port (server));
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = fixture_ask (fixture, server, &(FixtureCall) { .method = "GET" }, &error);
  g_autofree char *request = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpmem (till_secret_get_data (answer->body), till_secret_get_size (answer->body), "{\"ok\":true}", 11);
  g_assert_cmpstr (answer->content_type, ==, "application/json");
  g_assert_cmpstr (answer->trace_id, ==, "0123456789abcdef0123456789abcdef");
  g_assert_cmpint (answer->retry_after, ==, -1);
  g_assert_cmpint (answer->skew, ==, G_MININT64);
  g_assert_cmpuint (answer->tries, ==, 1);
  g_assert_cmpstr (answer->tls_version, ==, "TLS 1.3");
  g_assert_cmpint (answer->certificate_not_after, >, till_clock_get_now (fixture->clock) + 80000);
  g_assert_cmpint (answer->certificate_not_after, <=, till_clock_get_now (fixture->clock) + 86401);
  g_assert_cmpint (answer->milliseconds, <, 10000);

  /* Lean: nothing that a library would add by itself (G15). */
  request = fault_server_dup_request (server, 0);
  g_assert_true (g_str_has_prefix (request, "GET /base/thing?page=1 HTTP/1.1\r\n"));
  g_assert_nonnull (strstr (request, host));
  g_assert_nonnull (strstr (request, "\r\nUser-Agent: Tillkeeper/" TILL_VERSION "\r\n"));
  g_assert_null (strstr (request, "Accept-Encoding"));
  g_assert_null (strstr (request, "Accept-Language"));
  g_assert_null (strstr (request, "Cookie"));
  g_assert_null (strstr (request, "Referer"));
  g_assert_null (strstr (request, "Content-"));
  g_assert_null (strstr (request, CANARY));
}

/* The bytes that are sent are the bytes that were signed. */
static void
check_signature (const char *request,
                 const char *body)
{
  g_auto(GStrv) lines = g_strsplit (request, "\r\n", -1);
  g_autofree char *raw = NULL;
  g_autofree guint8 *digest = g_malloc (32);
  g_autofree char *expected = NULL;
  g_autoptr(GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, (const guint8 *) CANARY, strlen (CANARY));
  const char *timestamp = NULL;
  const char *authorization = NULL;
  gsize size = 32;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (g_str_has_prefix (lines[i], "Timestamp: "))
        timestamp = lines[i] + strlen ("Timestamp: ");
      if (g_str_has_prefix (lines[i], "Authorization: "))
        authorization = lines[i] + strlen ("Authorization: ");
    }

  g_assert_nonnull (timestamp);
  raw = g_strconcat ("key-of-a-test", "3f2b8c1e-9d47-4a6b-8e15-7c0d2a9b4f61", timestamp, body, NULL);
  g_hmac_update (hmac, (const guint8 *) raw, -1);
  g_hmac_get_digest (hmac, digest, &size);
  expected = g_base64_encode (digest, size);
  g_assert_cmpstr (authorization, ==, expected);
}

static void
test_post (Fixture       *fixture,
           gconstpointer  data)
{
  static const char body[] = "{\n \"a\" : \"caf\303\251\" }";
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, answer_json, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = fixture_ask (fixture, server, &(FixtureCall) {
      .method = "POST", .path = "/x%20y", .body = body, .flags = TILL_CALL_CHANGES }, &error);
  g_autofree char *request = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (answer->status, ==, 200);
  request = fault_server_dup_request (server, 0);
  g_assert_true (g_str_has_prefix (request, "POST /base/x%20y HTTP/1.1\r\n"));
  g_assert_true (g_str_has_suffix (request, body));
  g_assert_nonnull (strstr (request, "\r\nContent-Type: application/json\r\n"));
  g_assert_nonnull (strstr (request, "\r\nClient-Request-Id: 3f2b8c1e-9d47-4a6b-8e15-7c0d2a9b4f61\r\n"));
  check_signature (request, body);
}

/* Each method arrives as it was said, with or without a body. */
static void
test_methods (Fixture       *fixture,
              gconstpointer  data)
{
  static const struct
  {
    const char *method;
    const char *body;
    const char *length;
  } cases[] = {
    { "POST", NULL, "\r\nContent-Length: 0\r\n" },
    { "POST", "", "\r\nContent-Length: 0\r\n" },
    { "PUT", "{}", "\r\nContent-Length: 2\r\n" },
    { "PUT", NULL, "\r\nContent-Length: 0\r\n" },
    { "DELETE", NULL, NULL },
    { "PATCH", "{}", "\r\nContent-Length: 2\r\n" },
  };
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, answer_json, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TillAnswer) answer = fixture_ask (fixture, server, &(FixtureCall) {
          .method = cases[i].method, .body = cases[i].body, .flags = TILL_CALL_CHANGES }, &error);
      g_autofree char *request = NULL;
      g_autofree char *start = g_strconcat (cases[i].method, " /base/thing?page=1 HTTP/1.1\r\n", NULL);

      g_assert_no_error (error);
      g_assert_cmpuint (answer->status, ==, 200);
      request = fault_server_dup_request (server, i);
      g_assert_true (g_str_has_prefix (request, start));
      if (cases[i].length != NULL)
        g_assert_nonnull (strstr (request, cases[i].length));
      else
        g_assert_null (strstr (request, "Content-Length"));
      g_assert_null (strstr (request, "Transfer-Encoding"));
    }
}

/* A large body is all sent, and a large answer all taken. */
static void
echo_size (FaultConnection *connection,
           gpointer         user_data)
{
  g_autofree char *filler = g_strnfill (700000, 'x');

  fault_connection_printf (connection, "HTTP/1.1 200 OK\r\nContent-Length: 700000\r\n\r\n%s", filler);
}

static void
test_large (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, echo_size, NULL);
  g_autofree char *body = g_strnfill (1500000, 'y');
  g_autofree char *request = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = fixture_ask (fixture, server, &(FixtureCall) {
      .method = "PUT", .body = body, .flags = TILL_CALL_CHANGES }, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (till_secret_get_size (answer->body), ==, 700000);
  g_assert_cmpint (till_secret_get_data (answer->body)[699999], ==, 'x');
  request = fault_server_dup_request (server, 0);
  g_assert_true (g_str_has_suffix (request, body));
}

/* Answers of every form of length that HTTP/1.1 has. */
static void
answer_forms (FaultConnection *connection,
              gpointer         user_data)
{
  const char *head = fault_connection_get_head (connection);

  if (strstr (head, "/chunked") != NULL)
    fault_connection_write (connection, "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n"
                            "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n");
  else if (strstr (head, "/to-the-end") != NULL)
    {
      fault_connection_write (connection, "HTTP/1.1 201 Created\r\n\r\nabcdefg");
      fault_connection_close (connection);
    }
  else if (strstr (head, "/old") != NULL)
    {
      fault_connection_write (connection, "HTTP/1.0 201 Created\r\nContent-Length: 7\r\n\r\nabcdefg");
      fault_connection_close (connection);
    }
  else if (strstr (head, "/empty") != NULL)
    fault_connection_write (connection, "HTTP/1.1 204 No Content\r\n\r\n");
  else if (strstr (head, "/continue") != NULL)
    fault_connection_write (connection, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                            "HTTP/1.1 201 Created\r\nContent-Length: 7\r\n\r\nabcdefg");
  else
    fault_connection_write (connection, "HTTP/1.1 201 Created\r\nContent-Length: 7\r\n\r\nabcdefg");
}

static void
test_forms (Fixture       *fixture,
            gconstpointer  data)
{
  static const char * const paths[] = { "/chunked", "/to-the-end", "/old", "/plain", "/continue" };
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, answer_forms, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) empty = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr(TillAnswer) answer = fixture_ask (fixture, server, &(FixtureCall) { .method = "GET", .path = paths[i] }, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (answer->status, ==, 201);
      g_assert_cmpmem (till_secret_get_data (answer->body), till_secret_get_size (answer->body), "abcdefg", 7);
      g_assert_null (answer->content_type);
      g_assert_null (answer->trace_id);
    }

  empty = fixture_ask (fixture, server, &(FixtureCall) { .method = "GET", .path = "/empty" }, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (empty->status, ==, 204);
  g_assert_cmpuint (till_secret_get_size (empty->body), ==, 0);
}

/* Errors of a service are answers: the clients judge them. */
static void
answer_status (FaultConnection *connection,
               gpointer         user_data)
{
  const char *path = strstr (fault_connection_get_head (connection), "/base/");

  fault_connection_printf (connection, "HTTP/1.1 %.3s Something\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n"
                           "Content-Type: text/html\r\nContent-Length: 2\r\n\r\n{}", path + strlen ("/base/"));
}

static void
test_statuses (Fixture       *fixture,
               gconstpointer  data)
{
  static const guint statuses[] = { 200, 201, 202, 400, 401, 403, 404, 406, 409, 412, 415, 418, 422, 451, 501, 505, 599 };
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, answer_status, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autofree char *path = g_strdup_printf ("/%u", statuses[i]);
      g_autoptr(GError) error = NULL;
      g_autoptr(TillAnswer) answer = fixture_ask (fixture, server, &(FixtureCall) { .method = "GET", .path = path }, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (answer->status, ==, statuses[i]);
      g_assert_cmpstr (answer->content_type, ==, "text/html");
      g_assert_cmpuint (answer->tries, ==, 1);
      /* Nobody answers a challenge by himself. */
      g_assert_cmpuint (fault_server_count_requests (server), ==, i + 1);
    }
}

/* PERFORMANCE.md 4c. */
static void
test_one_connection (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, answer_json, NULL);

  for (guint i = 0; i < 100; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TillAnswer) answer = fixture_ask (fixture, server, &(FixtureCall) { .method = "GET" }, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (answer->tries, ==, 1);
    }

  g_assert_cmpuint (fault_server_count_connections (server), ==, 1);
  g_assert_cmpuint (fault_server_count_requests (server), ==, 100);
}

/* A changing call has a connection of its own (G16). */
static void
test_new_connection (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, answer_json, NULL);
  static const char * const methods[] = { "POST", "PUT", "DELETE" };
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 6; i++)
    {
      gboolean changes = i % 2 == 1;
      g_autoptr(TillAnswer) answer = fixture_ask (fixture, server, &(FixtureCall) {
          .method = changes ? methods[i / 2] : "GET", .flags = changes ? TILL_CALL_CHANGES : TILL_CALL_DEFAULT }, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (answer->tries, ==, 1);
    }

  g_assert_cmpuint (fault_server_count_connections (server), ==, 4);
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
  many->left--;
}

/* 40 at once go over 8 connections, the last after the first. */
static void
answer_slowly (FaultConnection *connection,
               gpointer         user_data)
{
  fault_connection_wait (connection, 20);
  answer_json (connection, user_data);
}

static void
test_many (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, answer_slowly, NULL);
  g_autofree char *url = g_strdup_printf ("https://localhost:%u", fault_server_get_port (server));
  g_autoptr(TillEndpoint) endpoint = till_endpoint_new (url, NULL);
  TillCall call = { .endpoint = endpoint, .method = "GET", .path = "/" };
  Many many = { 40 };

  for (guint i = 0; i < 40; i++)
    till_transport_send_async (fixture->transport, &call, NULL, many_cb, &many);
  while (many.left > 0)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpuint (fault_server_count_requests (server), ==, 40);
  g_assert_cmpuint (fault_server_count_connections (server), <=, TILL_LIMIT_CONNECTIONS);
}

/* What the service says of the time. */
static void
answer_date (FaultConnection *connection,
             gpointer         user_data)
{
  fault_connection_printf (connection, "HTTP/1.1 200 OK\r\nDate: %s\r\nContent-Length: 0\r\n\r\n", (const char *) user_data);
}

static void
test_skew (Fixture       *fixture,
           gconstpointer  data)
{
  static const struct
  {
    const char *date;
    gint64      skew;
  } cases[] = {
    { "Wed, 01 Jan 2025 00:00:00 GMT", 0 },
    { "Tue, 31 Dec 2024 23:53:00 GMT", 420 },
    { "Wed, 01 Jan 2025 00:06:00 GMT", -360 },
    { "Wednesday, 01-Jan-25 00:00:00 GMT", 0 },
    { "Thu, 01 Jan 1970 00:00:00 GMT", 1735689600 },
    { "yesterday", G_MININT64 },
    { "", G_MININT64 },
  };

  g_clear_pointer (&fixture->clock, till_clock_unref);
  fixture->clock = till_clock_new_fixed (1735689600);
  g_assert_finalize_object (fixture->transport);
  fixture->transport = till_transport_new (fixture->clock, fixture->ca_pem, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, answer_date, (gpointer) cases[i].date);
      g_autoptr(GError) error = NULL;
      g_autoptr(TillAnswer) answer = fixture_ask (fixture, server, &(FixtureCall) { .method = "GET" }, &error);

      g_assert_no_error (error);
      g_assert_cmpint (answer->skew, ==, cases[i].skew);
    }
}

/* What can't be sent as it is, is not sent. */
static void
test_bad_path (Fixture       *fixture,
               gconstpointer  data)
{
  static const char * const paths[] = {
    "", "thing", "/a b", "/a\r\nX: y", "/a#b", "/a\\b", "/\303\251", "/certificates/..", "/certificates/../keys", "/./a",
    "/%2e%2e/a",
    "/a{b}", "/a<b>",
  };
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, answer_json, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TillAnswer) answer = fixture_ask (fixture, server, &(FixtureCall) {
          .method = "DELETE", .path = paths[i], .flags = TILL_CALL_CHANGES }, &error);

      g_assert_null (answer);
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INTERNAL);
      g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_NOT_SENT);
    }

  g_assert_cmpuint (fault_server_count_connections (server), ==, 0);
}

static void
keep_signature (const char *name,
                const char *value,
                gpointer    user_data)
{
  if (strcmp (name, "signature") == 0)
    *(char **) user_data = g_strdup_printf ("\r\nsignature: %s\r\n", value);
}

/* What is sent for a path is what is signed, in libsoup's spelling of it. */
static void
test_odd_path (Fixture       *fixture,
               gconstpointer  data)
{
  static const struct
  {
    const char *path;
    const char *sent;
  } paths[] = {
    { "/a%2fb%2Fc", "/base/a%2Fb%2Fc" },
    { "/%7e%7E~", "/base/~~~" },
    { "/%41%00", "/base/A%00" },
    { "/a;b=c,d", "/base/a;b=c,d" },
    { "/!$&'()*+,;=:@-._~", "/base/!$&'()*+,;=:@-._~" },
    { "/x?a=%20&b=%2f&c=/?:@/..", "/base/x?a=%20&b=%2F&c=/?:@/.." },
    { "/?", "/base/?" },
    { "/??", "/base/??" },
    { "//x", "/base/x" },
    { "/x/", "/base/x/" },
    { "/a/...", "/base/a/..." },
  };
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, answer_json, NULL);
  g_autoptr(TillSecret) secret = till_secret_new_copy ("AAAA", 4);
  g_autoptr(TillSigner) signer = till_signer_new_http_signature ("o", "k", secret, TILL_SIGNATURE_DATE_REQUEST_TARGET, NULL);

  till_signer_unref (fixture->signer);
  fixture->signer = till_signer_ref (signer);

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *start = g_strdup_printf ("GET %s HTTP/1.1\r\n", paths[i].sent);
      g_autofree char *authority = g_strdup_printf ("127.0.0.1:%u", fault_server_get_port (server));
      g_autoptr(GError) error = NULL;
      g_autoptr(TillAnswer) answer = fixture_ask (fixture, server, &(FixtureCall) {
          .method = "GET", .path = paths[i].path }, &error);
      g_autofree char *request = NULL;
      g_autofree char *expected = NULL;
      g_autofree char *date = NULL;
      g_autoptr(GDateTime) time = NULL;
      TillSignerInput input = { .method = "GET", .authority = authority, .target = paths[i].sent };
      const char *at;

      g_assert_no_error (error);
      g_assert_nonnull (answer);
      request = fault_server_dup_request (server, i);
      g_assert_true (g_str_has_prefix (request, start));

      at = strstr (request, "\r\nDate: ");
      g_assert_nonnull (at);
      date = g_strndup (at + strlen ("\r\nDate: "), 29);
      time = soup_date_time_new_from_http_string (date);
      g_assert_nonnull (time);
      input.now_ms = g_date_time_to_unix (time) * 1000;
      g_assert_true (till_signer_sign (signer, &input, keep_signature, &expected, &error));
      g_assert_nonnull (strstr (request, expected));
    }
}

/* A try without its headers never leaves (row 61). */
static void
test_bad_header (Fixture       *fixture,
                 gconstpointer  data)
{
  static const char * const types[] = { "application/json\r\nX-Evil: 1", "caf\303\251", "a\nb" };
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, answer_json, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TillAnswer) answer = fixture_ask (fixture, server, &(FixtureCall) {
          .method = "GET", .content_type = types[i] }, &error);

      g_assert_null (answer);
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INTERNAL);
    }

  g_assert_cmpuint (fault_server_count_connections (server), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  fixture_main (&argc, &argv);

  fixture_add ("/transport/get", test_get);
  fixture_add ("/transport/post", test_post);
  fixture_add ("/transport/methods", test_methods);
  fixture_add ("/transport/large", test_large);
  fixture_add ("/transport/forms", test_forms);
  fixture_add ("/transport/statuses", test_statuses);
  fixture_add ("/transport/one-connection", test_one_connection);
  fixture_add ("/transport/new-connection", test_new_connection);
  fixture_add ("/transport/many", test_many);
  fixture_add ("/transport/skew", test_skew);
  fixture_add ("/transport/bad-path", test_bad_path);
  fixture_add ("/transport/odd-path", test_odd_path);
  fixture_add ("/transport/bad-header", test_bad_header);

  return g_test_run ();
}
