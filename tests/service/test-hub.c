/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client of Commerce Hub over the wire: exactly what is sent, and what comes of each answer. */
#include "config.h"

#include <string.h>

#include "answers.h"
#include "script.h"
#include "till-error.h"
#include "till-hub.h"

#define KEY_ANSWER \
  "{'asymmetricKeyDetails':{'keyId':'accb12d8','validFrom':'2023-03-29T13:55:20Z','validTo':'2023-04-18T13:55:20Z'," \
  "'status':'REVOKED'}}"

static TillHub *
new_hub (Fixture     *fixture,
         FaultServer *server)
{
  g_autofree char *url = script_url (server, "/ch/");
  g_autoptr(TillSecret) secret = secret_of (CANARY);
  g_autoptr(GError) error = NULL;
  TillHub *hub = till_hub_new (fixture->transport, url, "100008000003683", "10000001", "key-of-a-test", secret, &error);

  g_assert_no_error (error);
  g_assert_cmpint (till_hub_get_skew (hub), ==, G_MININT64);

  return hub;
}

static TillHubAnswer *
send_request (TillHub              *hub,
              const TillHubRequest *request,
              gboolean              repeat,
              GCancellable         *cancellable,
              GError              **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  TillHubAnswer *answer;

  till_hub_send_async (hub, request, repeat, cancellable, script_result_cb, &result);
  script_wait (&result);
  answer = till_hub_send_finish (hub, result, error);
  if (answer == NULL && error != NULL)
    g_assert_null (strstr ((*error)->message, CANARY));

  return answer;
}

/* What signs a request, made here once more from what arrived (API.md 1.3). */
static void
check_signature (FaultServer *server,
                 guint        n)
{
  g_autofree char *key = script_dup_header (server, n, "Api-Key");
  g_autofree char *id = script_dup_header (server, n, "Client-Request-Id");
  g_autofree char *timestamp = script_dup_header (server, n, "Timestamp");
  g_autofree char *authorization = script_dup_header (server, n, "Authorization");
  g_autofree char *type = script_dup_header (server, n, "Auth-Token-Type");
  g_autofree char *body = script_dup_body (server, n);
  g_autofree char *all = g_strconcat (key, id, timestamp, body, NULL);
  g_autoptr(GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, (const guchar *) CANARY, strlen (CANARY));
  guint8 digest[32];
  gsize size = sizeof digest;
  g_autofree char *want = NULL;

  g_hmac_update (hmac, (const guchar *) all, (gssize) strlen (all));
  g_hmac_get_digest (hmac, digest, &size);
  want = g_base64_encode (digest, size);

  g_assert_cmpstr (key, ==, "key-of-a-test");
  g_assert_cmpstr (type, ==, "HMAC");
  g_assert_cmpstr (authorization, ==, want);
}

/* Each of the five calls: method, address, headers, and the very bytes of the body. */
static void
test_sent (Fixture       *fixture,
           gconstpointer  data)
{
  const ScriptAnswer answers[] = {
    { .status = 201, .body = KEY_ANSWER, .headers = "apitraceid: of-header\r\n" },
    { .status = 200, .body = KEY_ANSWER }, { .status = 201, .body = "{}" },
    { .status = 201, .body = "{}" }, { .status = 200, .body = "[]" },
  };
  const Script script = { .answers = answers, .n_answers = G_N_ELEMENTS (answers) };
  g_autoptr(FaultServer) server = script_start (fixture, &script);
  g_autoptr(TillHub) hub = new_hub (fixture, server);
  static const char * const lines[] = {
    "POST /ch/security/v1/keys/generate", "POST /ch/security/v1/keys/acc%20b%2F12d8/revoke",
    "POST /ch/payments-vas/v1/security/credentials", "POST /ch/any/path", "GET /ch/status",
  };
  TillHubRequest *requests[5];

  requests[0] = till_hub_request_generate (hub, NULL);
  requests[1] = till_hub_request_revoke (hub, "acc b/12d8", NULL, NULL);
  requests[2] = till_hub_request_credentials (hub, 5, "https://h.example/", NULL, NULL);
  requests[3] = till_hub_request_again (TILL_HUB_UPLOAD, "/any/path", "id-1", "{\n \"a\" : \"caf\303\251\" }");
  requests[4] = till_hub_request_status (hub);

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TillHubAnswer) answer = send_request (hub, requests[i], FALSE, NULL, &error);
      g_autofree char *line = NULL;
      g_autofree char *body = NULL;
      g_autofree char *id = NULL;
      g_autofree char *type = NULL;

      g_assert_no_error (error);
      g_assert_cmpuint (answer->status, ==, answers[i].status);
      g_assert_cmpuint (answer->tries, ==, 1);
      g_assert_cmpstr (answer->trace_id, ==, i == 0 ? "of-header" : NULL);
      g_assert_cmpint (answer->certificate_not_after, >, 0);

      line = script_dup_line (server, i);
      body = script_dup_body (server, i);
      id = script_dup_header (server, i, "Client-Request-Id");
      type = script_dup_header (server, i, "Content-Type");
      g_assert_cmpstr (line, ==, lines[i]);
      g_assert_cmpstr (body, ==, requests[i]->body != NULL ? requests[i]->body : "");
      g_assert_cmpstr (id, ==, requests[i]->request_id);
      g_assert_cmpstr (type, ==, "application/json");
      check_signature (server, i);
      till_hub_request_free (requests[i]);
    }

  g_assert_cmpuint (fault_server_count_requests (server), ==, 5);
}

/* The answer must be about the key that was named (the id travels in the path). */
static void
test_differs (Fixture       *fixture,
              gconstpointer  data)
{
  const ScriptAnswer answers[] = { { .status = 200, .body = KEY_ANSWER } };
  const Script script = { .answers = answers, .n_answers = 1 };
  g_autoptr(FaultServer) server = script_start (fixture, &script);
  g_autoptr(TillHub) hub = new_hub (fixture, server);
  static const char * const ids[] = { "accb12d8", "another one" };

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr(TillHubRequest) request = till_hub_request_revoke (hub, ids[i], NULL, NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(TillHubAnswer) answer = send_request (hub, request, FALSE, NULL, &error);
      g_autoptr(TillHubKey) key = NULL;

      g_assert_no_error (error);
      g_assert_cmpstr (answer->asked_id, ==, ids[i]);
      key = till_hub_key_new (answer, &error);
      if (i == 0)
        {
          g_assert_no_error (error);
          g_assert_cmpstr (key->status, ==, "REVOKED");
        }
      else
        {
          g_assert_null (key);
          fixture_check_error (error, TILL_ERROR_PROTOCOL, TILL_REASON_DIFFERS, "another key");
          g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_UNKNOWN);
        }
    }
}

typedef struct
{
  const char      *name;
  ScriptAnswer     answer;
  TillError        code;
  TillErrorReason  reason;
  TillOutcome      outcome;
  guint            requests;      /* that arrive for one call that may not be repeated */
} FailureCase;

static const FailureCase failures[] = {
  { "empty", { .status = 201 }, TILL_ERROR_PROTOCOL, TILL_REASON_ANSWER_EMPTY, TILL_OUTCOME_UNKNOWN, 1 },
  { "no-content", { .status = 204 }, TILL_ERROR_PROTOCOL, TILL_REASON_ANSWER_EMPTY, TILL_OUTCOME_UNKNOWN, 1 },
  { "web-page", { .status = 200, .content_type = "text/html; charset=utf-8", .body = "<html>Sign in</html>" },
    TILL_ERROR_PROTOCOL, TILL_REASON_WEB_PAGE, TILL_OUTCOME_UNKNOWN, 1 },
  { "not-json", { .status = 200, .content_type = "text/plain", .body = "OK" },
    TILL_ERROR_PROTOCOL, TILL_REASON_NOT_JSON, TILL_OUTCOME_UNKNOWN, 1 },
  { "cut", { .status = 201, .body = "{'asymmetricKeyDetails':{" },
    TILL_ERROR_PROTOCOL, TILL_REASON_ANSWER_CUT, TILL_OUTCOME_UNKNOWN, 1 },
  { "contradicts", { .status = 201, .body = "{'a':1,'a':2}" },
    TILL_ERROR_PROTOCOL, TILL_REASON_CONTRADICTS, TILL_OUTCOME_UNKNOWN, 1 },
  { "refused", { .status = 400, .body = "{'error':[{'code':'107','field':'merchantDetails','message':'" CANARY "'}]}" },
    TILL_ERROR_REJECTED, TILL_REASON_FIELD, TILL_OUTCOME_REFUSED, 1 },
  { "unauthorized", { .status = 401, .body = "{'error':[{'type':'APIM','message':'invalid'}]}" },
    TILL_ERROR_UNAUTHORIZED, TILL_REASON_NONE, TILL_OUTCOME_REFUSED, 1 },
  { "clock", { .status = 401, .body = "{}", .headers = "Date: Sat, 01 Jan 2000 00:00:00 GMT\r\n" },
    TILL_ERROR_CLOCK_SKEW, TILL_REASON_CLOCK, TILL_OUTCOME_REFUSED, 1 },
  { "not-found", { .status = 404, .body = "{'error':[{'type':'APIM','message':'Resource not found.'}]}" },
    TILL_ERROR_NOT_FOUND, TILL_REASON_NONE, TILL_OUTCOME_REFUSED, 1 },
  { "fault", { .status = 500, .body = "{'error':[{'type':'GATEWAY','message':'Error sending request'}]}" },
    TILL_ERROR_UNAVAILABLE, TILL_REASON_SERVICE_FAULT, TILL_OUTCOME_UNKNOWN, 1 },
  { "busy", { .status = 503, .body = "{}", .headers = "Retry-After: 120\r\n" },
    TILL_ERROR_UNAVAILABLE, TILL_REASON_BUSY, TILL_OUTCOME_REFUSED, 1 },
  { "lost", { .status = 0 }, TILL_ERROR_UNAVAILABLE, TILL_REASON_RESET, TILL_OUTCOME_UNKNOWN, 1 },
};

static void
test_failure (Fixture       *fixture,
              gconstpointer  data)
{
  const FailureCase *row = data;
  const Script script = { .answers = &row->answer, .n_answers = 1 };
  g_autoptr(FaultServer) server = script_start (fixture, &script);
  g_autoptr(TillHub) hub = new_hub (fixture, server);
  g_autoptr(TillHubRequest) request = till_hub_request_generate (hub, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (send_request (hub, request, FALSE, NULL, &error));
  fixture_check_error (error, (int) row->code, (int) row->reason, NULL);
  g_assert_cmpint (till_error_get_outcome (error), ==, row->outcome);
  g_assert_cmpint (till_error_get_http_status (error), ==, (int) row->answer.status);
  g_assert_cmpuint (fault_server_count_requests (server), ==, row->requests);
  g_assert_true (till_error_get_detail (error) == NULL || strstr (till_error_get_detail (error), CANARY) == NULL);

  if (row->reason == TILL_REASON_BUSY)
    g_assert_cmpint (till_error_get_have (error), ==, 120);
  if (row->code == TILL_ERROR_CLOCK_SKEW)
    {
      g_assert_nonnull (strstr (error->message, " fast"));
      g_assert_cmpint (till_hub_get_skew (hub), ==, till_error_get_have (error));
    }
}

/* An unknown outcome is asked for again with the same id and body, newly signed, only where the caller says so. */
static void
test_repeat (Fixture       *fixture,
             gconstpointer  data)
{
  const ScriptAnswer answers[] = { { .status = 0 }, { .status = 201, .body = KEY_ANSWER } };
  const Script script = { .answers = answers, .n_answers = 2 };
  g_autoptr(FaultServer) server = script_start (fixture, &script);
  g_autoptr(TillHub) hub = new_hub (fixture, server);
  g_autoptr(TillHubRequest) request = till_hub_request_generate (hub, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(TillHubAnswer) answer = send_request (hub, request, TRUE, NULL, &error);
  g_autofree char *first_id = NULL;
  g_autofree char *second_id = NULL;
  g_autofree char *first_body = NULL;
  g_autofree char *second_body = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (answer->tries, ==, 2);
  g_assert_cmpuint (fault_server_count_requests (server), ==, 2);
  first_id = script_dup_header (server, 0, "Client-Request-Id");
  second_id = script_dup_header (server, 1, "Client-Request-Id");
  first_body = script_dup_body (server, 0);
  second_body = script_dup_body (server, 1);
  g_assert_cmpstr (first_id, ==, second_id);
  g_assert_cmpstr (first_body, ==, second_body);
  check_signature (server, 0);
  check_signature (server, 1);
}

static void
test_status_empty (Fixture       *fixture,
                   gconstpointer  data)
{
  const ScriptAnswer answers[] = {
    { .status = 200 }, { .status = 200, .content_type = "text/html", .body = "<html>" }, { .status = 401, .body = "{}" },
  };
  const Script script = { .answers = answers, .n_answers = G_N_ELEMENTS (answers) };
  g_autoptr(FaultServer) server = script_start (fixture, &script);
  g_autoptr(TillHub) hub = new_hub (fixture, server);
  g_autoptr(TillHubRequest) request = till_hub_request_status (hub);
  g_autoptr(GError) error = NULL;
  g_autoptr(TillHubAnswer) answer = send_request (hub, request, FALSE, NULL, &error);

  /* The answer itself says nothing: that there is one does. */
  g_assert_no_error (error);
  g_assert_cmpuint (till_secret_get_size (answer->body), ==, 0);

  g_assert_null (send_request (hub, request, FALSE, NULL, &error));
  fixture_check_error (error, TILL_ERROR_PROTOCOL, TILL_REASON_WEB_PAGE, "login page");
  g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_REFUSED);
  g_clear_error (&error);

  g_assert_null (send_request (hub, request, FALSE, NULL, &error));
  fixture_check_error (error, TILL_ERROR_UNAUTHORIZED, TILL_REASON_NONE, "Value Added Services");
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);

  return G_SOURCE_REMOVE;
}

/* Before, during and after. */
static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  const ScriptAnswer answers[] = { { .status = 201, .body = KEY_ANSWER, .wait = 3000 } };
  const Script script = { .answers = answers, .n_answers = 1 };
  g_autoptr(FaultServer) server = script_start (fixture, &script);
  g_autoptr(TillHub) hub = new_hub (fixture, server);
  g_autoptr(TillHubRequest) request = till_hub_request_generate (hub, NULL);

  for (int i = 0; i < 2; i++)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      g_autoptr(GError) error = NULL;
      gint64 begin = g_get_monotonic_time ();

      if (i == 0)
        g_cancellable_cancel (cancellable);
      else
        g_timeout_add (200, cancel_cb, cancellable);

      g_assert_null (send_request (hub, request, FALSE, cancellable, &error));
      g_assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
                     g_error_matches (error, TILL_ERROR, TILL_ERROR_CANCELLED));
      g_assert_cmpint (g_get_monotonic_time () - begin, <, 2 * G_USEC_PER_SEC);
      g_assert_cmpuint (fault_server_count_requests (server), ==, (guint) i);
    }
}

/* What has happened is told even where somebody gives up at the very end. */
static void
test_cancel_after (Fixture       *fixture,
                   gconstpointer  data)
{
  const ScriptAnswer answers[] = { { .status = 201, .body = KEY_ANSWER } };
  const Script script = { .answers = answers, .n_answers = 1 };
  g_autoptr(FaultServer) server = script_start (fixture, &script);
  g_autoptr(TillHub) hub = new_hub (fixture, server);
  g_autoptr(TillHubRequest) request = till_hub_request_generate (hub, NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(TillHubAnswer) answer = NULL;
  g_autoptr(GError) error = NULL;

  till_hub_send_async (hub, request, FALSE, cancellable, script_result_cb, &result);
  script_wait (&result);
  g_cancellable_cancel (cancellable);
  answer = till_hub_send_finish (hub, result, &error);
  g_assert_no_error (error);
  g_assert_nonnull (answer);
}

/* Secrets that can't be one, addresses that can't be one. */
static void
test_new (Fixture       *fixture,
          gconstpointer  data)
{
  g_autoptr(TillSecret) good = secret_of ("secret");
  g_autoptr(TillSecret) empty = secret_of ("");
  static const char * const urls[] = { "http://h.example/ch", "https://u:p@h.example", "", NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (till_hub_new (fixture->transport, urls[i], "1", NULL, "key", good, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_REJECTED);
    }

  {
    g_autoptr(GError) error = NULL;

    g_assert_null (till_hub_new (fixture->transport, "https://h.example/ch", "1", NULL, "key", empty, &error));
    g_assert_error (error, TILL_ERROR, TILL_ERROR_REJECTED);
    g_clear_error (&error);
    g_assert_null (till_hub_new (fixture->transport, "https://h.example/ch", "1", NULL, NULL, good, &error));
    g_assert_error (error, TILL_ERROR, TILL_ERROR_REJECTED);
  }
}

int
main (int    argc,
      char **argv)
{
  fixture_main (&argc, &argv);

  fixture_add ("/hub/sent", test_sent);
  fixture_add ("/hub/differs", test_differs);
  for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autofree char *path = g_strconcat ("/hub/failure/", failures[i].name, NULL);

      fixture_add_data (path, &failures[i], test_failure);
    }
  fixture_add ("/hub/repeat", test_repeat);
  fixture_add ("/hub/status-empty", test_status_empty);
  fixture_add ("/hub/cancel", test_cancel);
  fixture_add ("/hub/cancel-after", test_cancel_after);
  fixture_add ("/hub/new", test_new);

  return g_test_run ();
}
