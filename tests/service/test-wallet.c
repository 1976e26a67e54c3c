/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client of the wallet over the wire: exactly what is sent, and what comes of each answer. */
#include "config.h"

#include <string.h>

#include "answers.h"
#include "script.h"
#include "till-error.h"
#include "till-wallet.h"

#define ID "9d9d28f2-4f63-44fc-82d2-ba101d2c4fd9"
#define CERTIFICATE "{'id':'" ID "','baseName':'pass.com.example','enabled':true}"
#define PASSWORD "p12-password-canary"
#define P12 "\060\003\002\001\007"

static TillWallet *
new_wallet (Fixture     *fixture,
            FaultServer *server)
{
  g_autofree char *url = script_url (server, "/v1");
  g_autoptr(TillSecret) secret = secret_of (CANARY);
  g_autoptr(GError) error = NULL;
  TillWallet *wallet = till_wallet_new (fixture->transport, url, "merchant@example.com", secret, &error);

  g_assert_no_error (error);
  g_assert_cmpint (till_wallet_get_skew (wallet), ==, G_MININT64);

  return wallet;
}

typedef enum
{
  DO_SHOW,
  DO_ADD,
  DO_UPDATE,
  DO_REMOVE,
} What;

/* Returns: (nullable): the certificate; of DO_REMOVE always %NULL */
static TillWalletCertificate *
call (TillWallet    *wallet,
      What           what,
      const char    *id,
      GCancellable  *cancellable,
      GError       **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(TillSecret) p12 = secret_of (P12);
  g_autoptr(TillSecret) password = secret_of (PASSWORD);
  const TillWalletUpload upload = { .name = "n", .enabled = TRUE, .p12 = p12, .password = password };
  const TillWalletChange change = { .enabled = TILL_TRI_UNKNOWN, .p12 = p12, .password = password };
  TillWalletCertificate *certificate = NULL;
  GError *made = NULL;

  switch (what)
    {
    case DO_SHOW:
      till_wallet_show_async (wallet, id, cancellable, script_result_cb, &result);
      script_wait (&result);
      certificate = till_wallet_show_finish (wallet, result, &made);
      break;

    case DO_ADD:
      till_wallet_add_async (wallet, &upload, cancellable, script_result_cb, &result);
      script_wait (&result);
      certificate = till_wallet_add_finish (wallet, result, &made);
      break;

    case DO_UPDATE:
      till_wallet_update_async (wallet, id, &change, cancellable, script_result_cb, &result);
      script_wait (&result);
      certificate = till_wallet_update_finish (wallet, result, &made);
      break;

    case DO_REMOVE:
    default:
      till_wallet_remove_async (wallet, id, cancellable, script_result_cb, &result);
      script_wait (&result);
      g_assert_true (till_wallet_remove_finish (wallet, result, &made) == (made == NULL));
      break;
    }

  if (made != NULL)
    {
      g_assert_null (strstr (made->message, CANARY));
      g_assert_null (strstr (made->message, PASSWORD));
      g_propagate_error (error, made);
    }

  return certificate;
}

/* Method, address, headers and the very bytes of the body, of all calls on one certificate. */
static void
test_sent (Fixture       *fixture,
           gconstpointer  data)
{
  const ScriptAnswer answers[] = {
    { .status = 200, .body = CERTIFICATE }, { .status = 201, .body = CERTIFICATE },
    { .status = 200, .body = CERTIFICATE }, { .status = 204 },
  };
  const Script script = { .answers = answers, .n_answers = G_N_ELEMENTS (answers) };
  g_autoptr(FaultServer) server = script_start (fixture, &script);
  g_autoptr(TillWallet) wallet = new_wallet (fixture, server);
  g_autofree char *basic = g_base64_encode ((const guchar *) "merchant@example.com:" CANARY,
                                            strlen ("merchant@example.com:" CANARY));
  g_autofree char *want_authorization = g_strconcat ("Basic ", basic, NULL);
  static const struct
  {
    What        what;
    const char *line;
    const char *type;
    const char *body;
  } cases[] = {
    { DO_SHOW, "GET /v1/certificates/" ID, NULL, "" },
    { DO_ADD, "POST /v1/certificates", "application/json",
      "{\"vendor\":\"Apple\",\"name\":\"n\",\"enabled\":true,\"default\":false,\"certificate\":\"MAMCAQc=\","
      "\"password\":\"" PASSWORD "\"}" },
    { DO_UPDATE, "PUT /v1/certificates/" ID, "application/json",
      "{\"name\":null,\"comment\":null,\"certificate\":\"MAMCAQc=\",\"password\":\"" PASSWORD "\"}" },
    { DO_REMOVE, "DELETE /v1/certificates/" ID, NULL, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TillWalletCertificate) certificate = call (wallet, cases[i].what, ID, NULL, &error);
      g_autofree char *line = NULL;
      g_autofree char *body = NULL;
      g_autofree char *type = NULL;
      g_autofree char *revision = NULL;
      g_autofree char *authorization = NULL;

      g_assert_no_error (error);
      g_assert_true ((certificate != NULL) == (cases[i].what != DO_REMOVE));
      line = script_dup_line (server, i);
      body = script_dup_body (server, i);
      type = script_dup_header (server, i, "Content-Type");
      revision = script_dup_header (server, i, "Api-Revision");
      authorization = script_dup_header (server, i, "Authorization");
      g_assert_cmpstr (line, ==, cases[i].line);
      g_assert_cmpstr (body, ==, cases[i].body);
      g_assert_cmpstr (type, ==, cases[i].type);
      g_assert_cmpstr (revision, ==, "1.2");
      g_assert_cmpstr (authorization, ==, want_authorization);
    }

  g_assert_cmpuint (fault_server_count_requests (server), ==, G_N_ELEMENTS (cases));
}

/* Ids that would lead elsewhere are not asked for at all. */
static void
test_odd_id (Fixture       *fixture,
             gconstpointer  data)
{
  const ScriptAnswer answers[] = { { .status = 204 } };
  const Script script = { .answers = answers, .n_answers = 1 };
  g_autoptr(FaultServer) server = script_start (fixture, &script);
  g_autoptr(TillWallet) wallet = new_wallet (fixture, server);
  static const char * const bad[] = { "", ".", "..", "\377" };
  static const What whats[] = { DO_SHOW, DO_UPDATE, DO_REMOVE };
  g_autoptr(GError) error = NULL;
  g_autofree char *line = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (whats); j++)
      {
        g_autoptr(GError) bad_error = NULL;

        g_assert_null (call (wallet, whats[j], bad[i], NULL, &bad_error));
        fixture_check_error (bad_error, TILL_ERROR_REJECTED, TILL_REASON_FIELD, "not the id");
        g_assert_cmpint (till_error_get_outcome (bad_error), ==, TILL_OUTCOME_NOT_SENT);
      }
  g_assert_cmpuint (fault_server_count_requests (server), ==, 0);

  g_assert_null (call (wallet, DO_REMOVE, "../x?y", NULL, &error));
  g_assert_no_error (error);
  line = script_dup_line (server, 0);
  g_assert_cmpstr (line, ==, "DELETE /v1/certificates/..%2Fx%3Fy");
}

typedef struct
{
  const char      *name;
  What             what;
  ScriptAnswer     answer;
  int              code;          /* -1: no error */
  TillErrorReason  reason;
  TillOutcome      outcome;
  const char      *words;
  guint            requests;
} FailureCase;

static const FailureCase failures[] = {
  { "renewed", DO_ADD, { .status = 200, .body = CERTIFICATE }, -1, TILL_REASON_NONE, TILL_OUTCOME_NOT_SENT, NULL, 1 },
  { "removed-with-200", DO_REMOVE, { .status = 200, .body = "{}" }, -1, TILL_REASON_NONE, TILL_OUTCOME_NOT_SENT, NULL, 1 },
  { "removed-by-a-page", DO_REMOVE, { .status = 200, .content_type = "text/html", .body = "<html>Sign in" },
    TILL_ERROR_PROTOCOL, TILL_REASON_WEB_PAGE, TILL_OUTCOME_UNKNOWN, "login page", 1 },
  { "gone", DO_REMOVE, { .status = 404, .body = "{'code':404,'description':'The resource is no longer at that location.'}" },
    TILL_ERROR_NOT_FOUND, TILL_REASON_NONE, TILL_OUTCOME_REFUSED, "no such certificate", 1 },
  { "gone-says-a-page", DO_REMOVE, { .status = 404, .content_type = "text/html", .body = "<html>404" },
    TILL_ERROR_PROTOCOL, TILL_REASON_WEB_PAGE, TILL_OUTCOME_REFUSED, "address of the service", 1 },
  { "shown-empty", DO_SHOW, { .status = 200 }, TILL_ERROR_PROTOCOL, TILL_REASON_ANSWER_EMPTY, TILL_OUTCOME_REFUSED,
    "the answer is empty", 1 },
  { "added-empty", DO_ADD, { .status = 201 }, TILL_ERROR_PROTOCOL, TILL_REASON_ANSWER_EMPTY, TILL_OUTCOME_UNKNOWN,
    "the result is unknown", 1 },
  { "updated-no-content", DO_UPDATE, { .status = 204 }, TILL_ERROR_PROTOCOL, TILL_REASON_ANSWER_EMPTY,
    TILL_OUTCOME_UNKNOWN, "the result is unknown", 1 },
  { "shown-other", DO_SHOW, { .status = 200, .body = "{'id':'other'}" }, TILL_ERROR_PROTOCOL, TILL_REASON_DIFFERS,
    TILL_OUTCOME_REFUSED, "another certificate", 1 },
  { "updated-other", DO_UPDATE, { .status = 200, .body = "{'id':'other'}" }, TILL_ERROR_PROTOCOL, TILL_REASON_DIFFERS,
    TILL_OUTCOME_UNKNOWN, "another certificate", 1 },
  { "added-damaged", DO_ADD, { .status = 201, .body = "{'id':'a',}" }, TILL_ERROR_PROTOCOL, TILL_REASON_MALFORMED,
    TILL_OUTCOME_UNKNOWN, "the answer was damaged", 1 },
  { "updated-cut", DO_UPDATE, { .status = 200, .body = "{'id':'a'" }, TILL_ERROR_PROTOCOL, TILL_REASON_ANSWER_CUT,
    TILL_OUTCOME_UNKNOWN, "ends too early; the result is unknown", 1 },
  { "added-wrong-type", DO_ADD, { .status = 201, .body = "{'id':'a','enabled':'yes'}" }, TILL_ERROR_PROTOCOL,
    TILL_REASON_BAD_FIELD, TILL_OUTCOME_UNKNOWN, "\"enabled\"", 1 },
  { "unauthorized", DO_SHOW, { .status = 401, .body = "{'code':401,'description':'Unauthorized'}" },
    TILL_ERROR_UNAUTHORIZED, TILL_REASON_NONE, TILL_OUTCOME_REFUSED, "user name or its secret", 1 },
  { "old-unauthorized", DO_UPDATE, { .status = 500, .body = "{'code':500,'description':'Internal Server Error',"
    "'details':'Error reading the api key'}" }, TILL_ERROR_UNAUTHORIZED, TILL_REASON_NONE, TILL_OUTCOME_REFUSED,
    "user name or its secret", 1 },
  { "password-echo", DO_ADD, { .status = 400, .body = "{'code':400,'description':'Invalid Request Parameters',"
    "'details':'" PASSWORD " does not open it, " CANARY "'}" }, TILL_ERROR_REJECTED, TILL_REASON_NONE,
    TILL_OUTCOME_REFUSED, "[redacted] does not open it, [redacted]", 1 },
  { "fault-on-put", DO_UPDATE, { .status = 500, .body = "{}" }, TILL_ERROR_UNAVAILABLE, TILL_REASON_SERVICE_FAULT,
    TILL_OUTCOME_UNKNOWN, "the result is unknown", 1 },
  { "lost-put", DO_UPDATE, { .status = 0 }, TILL_ERROR_UNAVAILABLE, TILL_REASON_RESET, TILL_OUTCOME_UNKNOWN, NULL, 1 },
  { "lost-post", DO_ADD, { .status = 0 }, TILL_ERROR_UNAVAILABLE, TILL_REASON_RESET, TILL_OUTCOME_UNKNOWN, NULL, 1 },
  { "lost-delete", DO_REMOVE, { .status = 0 }, TILL_ERROR_UNAVAILABLE, TILL_REASON_RESET, TILL_OUTCOME_UNKNOWN, NULL, 1 },
  { "accepted", DO_ADD, { .status = 202, .body = "{}" }, TILL_ERROR_PROTOCOL, TILL_REASON_UNEXPECTED_STATUS,
    TILL_OUTCOME_UNKNOWN, "status 202", 1 },
};

static void
test_failure (Fixture       *fixture,
              gconstpointer  data)
{
  const FailureCase *row = data;
  const Script script = { .answers = &row->answer, .n_answers = 1 };
  g_autoptr(FaultServer) server = script_start (fixture, &script);
  g_autoptr(TillWallet) wallet = new_wallet (fixture, server);
  g_autoptr(GError) error = NULL;
  g_autoptr(TillWalletCertificate) certificate = call (wallet, row->what, ID, NULL, &error);

  g_assert_cmpuint (fault_server_count_requests (server), ==, row->requests);
  if (row->code < 0)
    {
      g_assert_no_error (error);
      return;
    }

  g_assert_null (certificate);
  fixture_check_error (error, row->code, (int) row->reason, row->words);
  g_assert_cmpint (till_error_get_outcome (error), ==, row->outcome);
  g_assert_cmpint (till_error_get_http_status (error), ==, (int) row->answer.status);
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  const ScriptAnswer answers[] = { { .status = 200, .body = CERTIFICATE } };
  const Script script = { .answers = answers, .n_answers = 1 };
  g_autoptr(FaultServer) server = script_start (fixture, &script);
  g_autoptr(TillWallet) wallet = new_wallet (fixture, server);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  g_cancellable_cancel (cancellable);
  for (int what = DO_SHOW; what <= DO_REMOVE; what++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (call (wallet, (What) what, ID, cancellable, &error));
      g_assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
                     g_error_matches (error, TILL_ERROR, TILL_ERROR_CANCELLED));
    }
  g_assert_cmpuint (fault_server_count_requests (server), ==, 0);
}

/* What can't be sent is not sent. */
static void
test_not_sent (Fixture       *fixture,
               gconstpointer  data)
{
  const ScriptAnswer answers[] = { { .status = 200, .body = CERTIFICATE } };
  const Script script = { .answers = answers, .n_answers = 1 };
  g_autoptr(FaultServer) server = script_start (fixture, &script);
  g_autoptr(TillWallet) wallet = new_wallet (fixture, server);
  g_autoptr(TillSecret) words = secret_of ("not a file");
  const TillWalletUpload upload = { .p12 = words };
  const TillWalletChange change = { .enabled = TILL_TRI_UNKNOWN, .p12 = words };
  g_autoptr(GAsyncResult) added = NULL;
  g_autoptr(GAsyncResult) updated = NULL;
  g_autoptr(GError) error = NULL;

  till_wallet_add_async (wallet, &upload, NULL, script_result_cb, &added);
  script_wait (&added);
  g_assert_null (till_wallet_add_finish (wallet, added, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_NOT_A_CERTIFICATE_FILE);
  g_clear_error (&error);

  till_wallet_update_async (wallet, ID, &change, NULL, script_result_cb, &updated);
  script_wait (&updated);
  g_assert_null (till_wallet_update_finish (wallet, updated, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_NOT_A_CERTIFICATE_FILE);
  g_assert_cmpuint (fault_server_count_requests (server), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  fixture_main (&argc, &argv);

  fixture_add ("/wallet/sent", test_sent);
  fixture_add ("/wallet/odd-id", test_odd_id);
  for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autofree char *path = g_strconcat ("/wallet/failure/", failures[i].name, NULL);

      fixture_add_data (path, &failures[i], test_failure);
    }
  fixture_add ("/wallet/cancel", test_cancel);
  fixture_add ("/wallet/not-sent", test_not_sent);

  return g_test_run ();
}
