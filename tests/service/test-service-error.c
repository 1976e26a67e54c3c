/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers that are failures: what each status and each shape of a body becomes (API.md 1.7, 5.6, 6.9). */
#include "config.h"

#include "till-service-error.h"

#include <string.h>

#include "answers.h"
#include "till-error.h"
#include "till-service-private.h"

static GError *
judge (TillService  service,
       TillAnswer  *answer,
       gboolean     changes)
{
  GError *error = NULL;
  gboolean good = till_service_check_answer (service, answer, changes, &error);

  g_assert_true (good == (error == NULL));
  if (error != NULL)
    {
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_false (g_str_has_suffix (error->message, "."));
      g_assert_null (strchr (error->message, '\n'));
      g_assert_cmpint (till_error_get_http_status (error), ==, (int) answer->status);
    }
  answer_drop (answer);

  return error;
}

/* Status by status: code, reason, outcome for a change, words. */
static void
test_status (void)
{
  static const struct
  {
    TillService      service;
    guint            status;
    const char      *body;
    TillError        code;
    TillErrorReason  reason;
    TillOutcome      outcome;
    const char      *words;
  } cases[] = {
    { TILL_SERVICE_HUB, 400, "{'error':[{'type':'GATEWAY','code':'105','field':'amount.currency','message':'Invalid amount'}]}",
      TILL_ERROR_REJECTED, TILL_REASON_FIELD, TILL_OUTCOME_REFUSED,
      "the provider refused amount.currency: Invalid amount" },
    { TILL_SERVICE_HUB, 400, "{'error':[{'type':'HOST','code':'202','message':'Invalid Terminal ID or Setup'}]}",
      TILL_ERROR_REJECTED, TILL_REASON_NONE, TILL_OUTCOME_REFUSED,
      "the provider refused the request: Invalid Terminal ID or Setup" },
    { TILL_SERVICE_HUB, 400, "", TILL_ERROR_REJECTED, TILL_REASON_NONE, TILL_OUTCOME_REFUSED,
      "the provider refused the request (status 400)" },
    { TILL_SERVICE_HUB, 401, "{'error':[{'type':'APIM','message':'ApiKey and/or Authentication supplied are invalid.'}]}",
      TILL_ERROR_UNAUTHORIZED, TILL_REASON_NONE, TILL_OUTCOME_REFUSED, "Value Added Services" },
    { TILL_SERVICE_WALLET, 401, "{'code':401,'description':'Unauthorized'}",
      TILL_ERROR_UNAUTHORIZED, TILL_REASON_NONE, TILL_OUTCOME_REFUSED, "does not accept the user name or its secret" },
    { TILL_SERVICE_DEVICES, 401, "{'response':{'rmsg':'Authentication Failed'}}",
      TILL_ERROR_UNAUTHORIZED, TILL_REASON_NONE, TILL_OUTCOME_REFUSED, "older than three years" },
    { TILL_SERVICE_HUB, 403, "{'error':{'message':'no access'}}",
      TILL_ERROR_UNAUTHORIZED, TILL_REASON_NONE, TILL_OUTCOME_REFUSED, "these credentials: no access" },
    { TILL_SERVICE_HUB, 404, "{'error':[{'type':'APIM','message':'Resource not found.'}]}",
      TILL_ERROR_NOT_FOUND, TILL_REASON_NONE, TILL_OUTCOME_REFUSED, "check its base address" },
    { TILL_SERVICE_WALLET, 404, "{'code':404,'description':'The resource is no longer at that location.','details':'gone'}",
      TILL_ERROR_NOT_FOUND, TILL_REASON_NONE, TILL_OUTCOME_REFUSED,
      "the service has no such certificate: The resource is no longer at that location; gone" },
    { TILL_SERVICE_DEVICES, 404, "Resource not found", TILL_ERROR_NOT_FOUND, TILL_REASON_NONE, TILL_OUTCOME_REFUSED,
      "Resource not found" },
    { TILL_SERVICE_WALLET, 406, "{'code':406,'description':'Not Acceptable Request'}",
      TILL_ERROR_REJECTED, TILL_REASON_NONE, TILL_OUTCOME_REFUSED, "Not Acceptable Request" },
    { TILL_SERVICE_WALLET, 406, "Error reading the api key", TILL_ERROR_UNAUTHORIZED, TILL_REASON_NONE,
      TILL_OUTCOME_REFUSED, "does not accept" },
    { TILL_SERVICE_WALLET, 500, "{'code':500,'description':'Internal Server Error','details':'Error reading the api key'}",
      TILL_ERROR_UNAUTHORIZED, TILL_REASON_NONE, TILL_OUTCOME_REFUSED, "does not accept" },
    /* Of another service these words mean nothing. */
    { TILL_SERVICE_HUB, 500, "{'error':[{'message':'Error reading the api key'}]}",
      TILL_ERROR_UNAVAILABLE, TILL_REASON_SERVICE_FAULT, TILL_OUTCOME_UNKNOWN, "could not answer" },
    { TILL_SERVICE_HUB, 408, "{'error':[{'type':'APIM','message':'Broken client connectivity.'}]}",
      TILL_ERROR_UNAVAILABLE, TILL_REASON_SERVICE_FAULT, TILL_OUTCOME_UNKNOWN, "the result is unknown" },
    { TILL_SERVICE_WALLET, 409, "{}", TILL_ERROR_CONFLICT, TILL_REASON_NONE, TILL_OUTCOME_REFUSED, "(status 409)" },
    { TILL_SERVICE_WALLET, 412, "{}", TILL_ERROR_CONFLICT, TILL_REASON_NONE, TILL_OUTCOME_REFUSED, "(status 412)" },
    { TILL_SERVICE_DEVICES, 412, "{'code':'organization.not.boarded.partner'}",
      TILL_ERROR_REJECTED, TILL_REASON_NONE, TILL_OUTCOME_REFUSED, "(status 412)" },
    { TILL_SERVICE_HUB, 415, "{'error':[{'type':'APIM','message':'Media type is not supported.'}]}",
      TILL_ERROR_REJECTED, TILL_REASON_NONE, TILL_OUTCOME_REFUSED, "Media type" },
    { TILL_SERVICE_HUB, 425, "{'error':[{'type':'GATEWAY','message':'The request was sent too early.'}]}",
      TILL_ERROR_UNAVAILABLE, TILL_REASON_BUSY, TILL_OUTCOME_UNKNOWN, "busy (status 425)" },
    { TILL_SERVICE_HUB, 429, "{'error':[{'type':'APIM','message':'Request volume is too high.'}]}",
      TILL_ERROR_UNAVAILABLE, TILL_REASON_BUSY, TILL_OUTCOME_REFUSED, "try again in a while" },
    { TILL_SERVICE_HUB, 503, "{'error':[{'type':'APIM','message':'Service unavailable.'}]}",
      TILL_ERROR_UNAVAILABLE, TILL_REASON_BUSY, TILL_OUTCOME_REFUSED, "busy (status 503)" },
    /* Said by whatever stands in between: it may have lost the answer. */
    { TILL_SERVICE_HUB, 503, "upstream connect error", TILL_ERROR_UNAVAILABLE, TILL_REASON_BUSY, TILL_OUTCOME_UNKNOWN,
      "busy" },
    { TILL_SERVICE_HUB, 500, "{'gatewayResponse':{'error':[{'type':'GATEWAY','message':'Error sending request'}]}}",
      TILL_ERROR_UNAVAILABLE, TILL_REASON_SERVICE_FAULT, TILL_OUTCOME_UNKNOWN,
      "the service could not answer: Error sending request; the result is unknown" },
    { TILL_SERVICE_HUB, 502, "<html><body>Bad Gateway</body></html>",
      TILL_ERROR_UNAVAILABLE, TILL_REASON_SERVICE_FAULT, TILL_OUTCOME_UNKNOWN, "(status 502)" },
    { TILL_SERVICE_HUB, 504, "", TILL_ERROR_UNAVAILABLE, TILL_REASON_SERVICE_FAULT, TILL_OUTCOME_UNKNOWN, "(status 504)" },
    { TILL_SERVICE_WALLET, 202, "{}", TILL_ERROR_PROTOCOL, TILL_REASON_UNEXPECTED_STATUS, TILL_OUTCOME_UNKNOWN,
      "status 202" },
    { TILL_SERVICE_DEVICES, 304, "", TILL_ERROR_PROTOCOL, TILL_REASON_UNEXPECTED_STATUS, TILL_OUTCOME_UNKNOWN,
      "status 304" },
    { TILL_SERVICE_HUB, 600, "", TILL_ERROR_PROTOCOL, TILL_REASON_UNEXPECTED_STATUS, TILL_OUTCOME_UNKNOWN, "status 600" },
    /* A filter answers in the place of the service: "not found" here would make a delete look done. */
    { TILL_SERVICE_WALLET, 404, "<!DOCTYPE html><title>Not here</title>",
      TILL_ERROR_PROTOCOL, TILL_REASON_WEB_PAGE, TILL_OUTCOME_REFUSED, "login page of this network" },
    { TILL_SERVICE_DEVICES, 406, "\n <html lang='en'>", TILL_ERROR_PROTOCOL, TILL_REASON_WEB_PAGE,
      TILL_OUTCOME_REFUSED, "web page (status 406)" },
    { TILL_SERVICE_WALLET, 401, "<html>", TILL_ERROR_UNAUTHORIZED, TILL_REASON_NONE, TILL_OUTCOME_REFUSED, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (int changes = 0; changes < 2; changes++)
      {
        g_autofree char *body = quoted (cases[i].body);
        g_autoptr(GError) error = judge (cases[i].service, answer_new (cases[i].status, NULL, body), changes);

        g_test_message ("case %u: %s", (guint) i, error->message);
        g_assert_error (error, TILL_ERROR, (int) cases[i].code);
        g_assert_cmpint (till_error_get_reason (error), ==, cases[i].reason);
        g_assert_cmpint (till_error_get_outcome (error), ==, changes ? cases[i].outcome : TILL_OUTCOME_REFUSED);
        if (changes)
          g_assert_nonnull (strstr (error->message, cases[i].words));
        else
          g_assert_null (strstr (error->message, "result is unknown"));
      }
}

static void
test_successes (void)
{
  static const struct
  {
    TillService service;
    guint       status;
  } cases[] = {
    { TILL_SERVICE_HUB, 200 }, { TILL_SERVICE_HUB, 201 }, { TILL_SERVICE_WALLET, 200 },
    { TILL_SERVICE_WALLET, 201 }, { TILL_SERVICE_WALLET, 204 }, { TILL_SERVICE_DEVICES, 200 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = judge (cases[i].service, answer_new (cases[i].status, "application/json", "{}"), TRUE);

      g_assert_no_error (error);
    }
}

/* The shapes of API.md 1.7, items 1 to 6, with code, trace id and more than one entry. */
static void
test_hub_shapes (void)
{
  static const struct
  {
    const char *body;
    const char *code;
    const char *field;
    const char *message;
    const char *trace;
  } cases[] = {
    { "{'gatewayResponse':{'transactionProcessingDetails':{'apiTraceId':'96b35a89b00a492c87dda321b7deee02'}},"
      "'error':[{'type':'GATEWAY','code':'107','field':'merchantDetails.merchantId','message':'Missing'}]}",
      "107", "merchantDetails.merchantId", "Missing", "96b35a89b00a492c87dda321b7deee02" },
    { "{'error':{'type':'GATEWAY','code':121,'message':'Malformed JSON'}}", "121", NULL, "Malformed JSON", "of-header" },
    { "{'errorResponse':{'gatewayResponse':{'transactionProcessingDetails':{'apiTraceId':'rrt-0bd5-7\\u0027'}},"
      "'error':[{'code':'100','message':'Invalid'}]}}", "100", NULL, "Invalid", "rrt-0bd5-7'" },
    { "{'gatewayResponse':{'transactionProcessingDetails':{'apiTraceId':'t'},'error':[{'code':'752','message':'No'}]}}",
      "752", NULL, "No", "t" },
    { "{'details':[{'code':'268','field':'clientKeyID','message':'Duplicate Credentials'}]}",
      "268", "clientKeyID", "Duplicate Credentials", "of-header" },
    /* An empty one is passed over. */
    { "{'error':[],'details':[{'code':'1','message':'second'}]}", "1", NULL, "second", "of-header" },
    { "{'error':{},'errorResponse':{'error':{'message':'third'}}}", NULL, NULL, "third", "of-header" },
    { "{'error':[{'code':'1','message':'one'},{'code':'2','field':'f','message':'two'},{'message':'one'}]}",
      "1", "f", "one; two", "of-header" },
    { "{'error':['just words']}", NULL, NULL, "just words", "of-header" },
    { "plain words\nin two lines", NULL, NULL, "plain words\\x0ain two lines", "of-header" },
    /* What has another form is left out, and hides nothing else. */
    { "{'error':[{'code':{},'field':[],'message':7,'type':null}]}", NULL, NULL, "7", "of-header" },
    { "{'error':7}", NULL, NULL, NULL, "of-header" },
    { "{'gatewayResponse':[],'error':[{'message':'m'}]}", NULL, NULL, "m", "of-header" },
    { "{'error':[{'message':'cut", NULL, NULL, NULL, "of-header" },
    { "[]", NULL, NULL, NULL, "of-header" },
    { "null", NULL, NULL, NULL, "of-header" },
    { "", NULL, NULL, NULL, "of-header" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *body = quoted (cases[i].body);
      g_autofree char *want = NULL;
      g_autoptr(GError) error = NULL;
      TillAnswer *answer;

      answer = answer_new (400, "application/json", body);
      answer->trace_id = g_strdup ("of-header");
      error = judge (TILL_SERVICE_HUB, answer, TRUE);

      g_test_message ("case %u: %s", (guint) i, error->message);
      want = g_strdup_printf ("the provider refused %s%s%s", cases[i].field != NULL ? cases[i].field : "the request",
                              cases[i].message != NULL ? ": " : " (status 400)",
                              cases[i].message != NULL ? cases[i].message : "");
      g_assert_cmpstr (error->message, ==, want);
      g_assert_cmpstr (till_error_get_detail (error), ==, cases[i].field);
      g_assert_cmpstr (till_error_get_service_code (error), ==, cases[i].code);
      g_assert_cmpstr (till_error_get_trace_id (error), ==, cases[i].trace);
    }
}

static void
test_other_shapes (void)
{
  static const struct
  {
    TillService service;
    const char *body;
    const char *code;
    const char *words;
  } cases[] = {
    { TILL_SERVICE_WALLET, "{'code':400,'description':'Invalid Request Parameters','details':'bad p12'}",
      "400", "the provider refused the request: Invalid Request Parameters; bad p12" },
    { TILL_SERVICE_WALLET, "{'error':'Invalid','error_code':'77','details':'more'}", "77", "Invalid; more" },
    { TILL_SERVICE_WALLET, "{'message':'only this'}", NULL, ": only this" },
    { TILL_SERVICE_WALLET, "{'description':{},'details':['a']}", NULL, "(status 400)" },
    { TILL_SERVICE_DEVICES, "{'response':{'rmsg':'Bad Request'}}", NULL, ": Bad Request" },
    { TILL_SERVICE_DEVICES, "{'message':'Invalid or missing fields','reason':'MISSING_FIELD',"
      "'details':[{'field':'size','reason':'INVALID'}]}", "MISSING_FIELD",
      "the provider refused size: Invalid or missing fields; INVALID" },
    { TILL_SERVICE_DEVICES, "{'reason':'INVALID_DATA'}", "INVALID_DATA", ": INVALID_DATA" },
    { TILL_SERVICE_DEVICES, "{'response':'odd'}", NULL, "(status 400)" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *body = quoted (cases[i].body);
      g_autoptr(GError) error = judge (cases[i].service, answer_new (400, "application/json", body), FALSE);

      g_test_message ("case %u: %s", (guint) i, error->message);
      g_assert_nonnull (strstr (error->message, cases[i].words));
      g_assert_cmpstr (till_error_get_service_code (error), ==, cases[i].code);
    }
}

/* RELIABILITY.md G19, row 51. */
static void
test_clock (void)
{
  static const struct
  {
    TillService  service;
    gint64       skew;
    const char  *words;      /* NULL: not the clock */
  } cases[] = {
    { TILL_SERVICE_HUB, 7 * 60, "this computer's clock is 7 min fast; signed requests are refused until it is right" },
    { TILL_SERVICE_HUB, -7 * 60 - 20, "this computer's clock is 7 min slow" },
    { TILL_SERVICE_HUB, 241, "4 min fast" },
    { TILL_SERVICE_HUB, 240, NULL },
    { TILL_SERVICE_HUB, -240, NULL },
    { TILL_SERVICE_HUB, 0, NULL },
    { TILL_SERVICE_HUB, G_MININT64, NULL },
    { TILL_SERVICE_HUB, -3 * 3600, "3 hours slow" },
    { TILL_SERVICE_HUB, 86400 * 365, "365 days fast" },
    { TILL_SERVICE_DEVICES, 600, "10 min fast" },
    /* Basic has no clock. */
    { TILL_SERVICE_WALLET, 600, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TillAnswer *answer = answer_new (401, "application/json", "{}");
      g_autoptr(GError) error = NULL;

      answer->skew = cases[i].skew;
      error = judge (cases[i].service, answer, TRUE);

      if (cases[i].words == NULL)
        {
          g_assert_error (error, TILL_ERROR, TILL_ERROR_UNAUTHORIZED);
          continue;
        }

      g_assert_error (error, TILL_ERROR, TILL_ERROR_CLOCK_SKEW);
      g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_CLOCK);
      g_assert_cmpint (till_error_get_have (error), ==, cases[i].skew);
      g_assert_nonnull (strstr (error->message, cases[i].words));
    }
}

static void
test_busy (void)
{
  static const gint64 waits[] = { 120, 86400, 0, -1 };

  for (gsize i = 0; i < G_N_ELEMENTS (waits); i++)
    {
      TillAnswer *answer = answer_new (503, "text/plain", "x");
      g_autoptr(GError) error = NULL;

      answer->retry_after = waits[i];
      error = judge (TILL_SERVICE_HUB, answer, TRUE);

      g_assert_cmpint (till_error_get_have (error), ==, waits[i]);
      g_assert_cmpint (till_error_get_outcome (error), ==, waits[i] >= 0 ? TILL_OUTCOME_REFUSED : TILL_OUTCOME_UNKNOWN);
    }
}

/* Long, with controls and directions: what a service says stays one short line (row 50). */
static void
test_escaped (void)
{
  g_autoptr(GString) body = g_string_new ("{\"error\":[{\"field\":\"\\u001b[31mf\\u202e\",\"message\":\"a\\nb\\u0007");
  g_autoptr(GError) error = NULL;

  for (int i = 0; i < 1000; i++)
    g_string_append (body, "\303\244");
  g_string_append (body, "\"}]}");

  error = judge (TILL_SERVICE_HUB, answer_new (400, "application/json", body->str), FALSE);
  g_assert_true (g_str_has_prefix (error->message, "the provider refused \\x1b[31mf\\u202e: a\\x0ab\\x07"));
  g_assert_cmpint (g_utf8_strlen (error->message, -1), <=,
                   300 + (glong) strlen ("the provider refused \\x1b[31mf\\u202e: "));
  g_assert_true (g_str_has_suffix (error->message, "…"));
}

#define CANARY "cAnArY-5ef1e7"

/* Whatever a service throws back, no part of an error holds it (G5, G6). */
static void
test_canary (void)
{
  static const char * const bodies[] = {
    "{'error':[{'code':'" CANARY "','field':'" CANARY "','message':'wrong " CANARY " here'}]}",
    "{'code':'" CANARY "','description':'d " CANARY "','details':'password=" CANARY "'}",
    "{'message':'Authorization: Basic " CANARY "','reason':'" CANARY "'}",
    "{'gatewayResponse':{'transactionProcessingDetails':{'apiTraceId':'" CANARY "'}},'error':[{'message':'m'}]}",
    "it was " CANARY "!",
    "{'accessToken':'" CANARY "','error':[{'message':'\\\"password\\\": \\\"" CANARY "\\\"'}]}",
  };
  g_autoptr(TillSecret) canary = secret_of (CANARY);
  TillSecret * const secrets[] = { NULL, canary };

  for (guint status = 400; status < 505; status++)
    for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
      for (int service = TILL_SERVICE_HUB; service <= TILL_SERVICE_DEVICES; service++)
        {
          g_autofree char *body = quoted (bodies[i]);
          TillAnswer *answer = answer_new (status, "application/json", body);
          g_autoptr(GError) error = NULL;

          answer->trace_id = g_strdup (CANARY);
          g_assert_false (till_service_judge ((TillService) service, answer, TRUE, secrets, 2, &error));
          g_assert_null (strstr (error->message, CANARY));
          g_assert_true (till_error_get_detail (error) == NULL || !strstr (till_error_get_detail (error), CANARY));
          g_assert_true (till_error_get_service_code (error) == NULL ||
                         !strstr (till_error_get_service_code (error), CANARY));
          g_assert_true (till_error_get_trace_id (error) == NULL || !strstr (till_error_get_trace_id (error), CANARY));
          answer_drop (answer);
        }
}

/* A success that is no JSON (rows 40 to 44). */
static void
test_check_json (void)
{
  static const struct
  {
    const char      *content_type;
    const char      *body;
    TillErrorReason  reason;
    const char      *words;
    const char      *detail;
  } cases[] = {
    { "application/json", "", TILL_REASON_ANSWER_EMPTY, "empty", NULL },
    { "text/html", "anything", TILL_REASON_WEB_PAGE, "login page of this network", NULL },
    { "application/json", "<!-- hello --> <HTML>", TILL_REASON_WEB_PAGE, "web page", NULL },
    { NULL, "\357\273\277<?xml version='1.0'?>\n<!DOCTYPE html>", TILL_REASON_WEB_PAGE, "web page", NULL },
    { "text/plain", "hello", TILL_REASON_NOT_JSON, "\"text/plain\"", "text/plain" },
    { "application/json", "{\"a\":", TILL_REASON_ANSWER_CUT, "the answer was damaged: it ends too early", NULL },
    { "application/json", "{} {}", TILL_REASON_MALFORMED, "the answer was damaged", NULL },
    { "application/json; charset=utf-8", "{}", TILL_REASON_NONE, NULL, NULL },
    { "text/plain", "{}", TILL_REASON_NONE, NULL, NULL },
    { "text/html", " [1]", TILL_REASON_NONE, NULL, NULL },
    { "text/html", "{oops", TILL_REASON_NOT_JSON, "\"text/html\"", "text/html" },
    { "application/xhtml+xml", "<x/>", TILL_REASON_WEB_PAGE, "web page", NULL },
    { NULL, "hello", TILL_REASON_MALFORMED, "damaged", NULL },
    { "application/json", "{\"status\":\"ACTIVE\",\"sta\\u0074us\":\"REVOKED\"}", TILL_REASON_CONTRADICTS,
      "the answer contradicts itself: it says \"sta\\u0074us\" twice", "sta\\u0074us" },
    { "application/json", "{\"x\":{\"status\":1,\"status\":2}}", TILL_REASON_CONTRADICTS, "\"status\" twice", "status" },
    { "application/json", "{\"a\":100000000000000000000000000000}", TILL_REASON_MALFORMED, "too large", NULL },
    { "application/json", "{\"a\":1e400}", TILL_REASON_MALFORMED, "too large", NULL },
    { "application/json", "{\"a\":\"\\ud800\"}", TILL_REASON_MALFORMED, "surrogate", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (int changes = 0; changes < 2; changes++)
      {
        TillAnswer *answer = answer_new (201, cases[i].content_type, cases[i].body);
        g_autoptr(GError) error = NULL;
        gboolean good = till_service_check_json (answer, 1000, changes, &error);

        g_test_message ("case %u: %s", (guint) i, error != NULL ? error->message : "good");
        answer_drop (answer);
        g_assert_true (good == (cases[i].words == NULL));
        if (good)
          continue;

        g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
        g_assert_cmpint (till_error_get_reason (error), ==, cases[i].reason);
        g_assert_cmpint (till_error_get_outcome (error), ==, changes ? TILL_OUTCOME_UNKNOWN : TILL_OUTCOME_REFUSED);
        g_assert_true (g_str_has_suffix (error->message, "; the result is unknown") == changes);
        g_assert_nonnull (strstr (error->message, cases[i].words));
        if (cases[i].detail != NULL)
          g_assert_cmpstr (till_error_get_detail (error), ==, cases[i].detail);
      }
}

static void
test_too_large (void)
{
  g_autofree char *deep = g_strnfill (75000, '[');
  TillAnswer *answer = answer_new (200, "application/json", deep);
  g_autoptr(GError) error = NULL;

  g_assert_false (till_service_check_json (answer, 100000, FALSE, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
  g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_TOO_MANY);
  g_clear_error (&error);

  g_assert_false (till_service_check_json (answer, 1000, FALSE, &error));
  g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_ANSWER_TOO_LARGE);
  g_assert_cmpint (till_error_get_have (error), ==, 75000);
  g_assert_cmpint (till_error_get_want (error), ==, 1000);
  answer_drop (answer);
}

/* What is cut out of a document, and what is left of it. */
static void
test_cut (void)
{
  static const struct
  {
    const char *text;
    const char *rest;
    const char *value;      /* (nullable) */
    gboolean    found;
    gboolean    wrong_type;
  } cases[] = {
    { "{\"token\":\"secret\",\"a\":1}", "{\"token\":null,\"a\":1}", "secret", TRUE, FALSE },
    { "{ \"token\" : \"se\\\"c\\\\r\\n\\u00e4\\ud83d\\ude00\\/\" }", "{ \"token\" : null }",
      "se\"c\\r\n\303\244\360\237\230\200/", TRUE, FALSE },
    { "{\"to\\u006ben\":\"secret\"}", "{\"to\\u006ben\":null}", "secret", TRUE, FALSE },
    { "{\"TOKEN\":\"secret\"}", "{\"TOKEN\":null}", "secret", TRUE, FALSE },
    { "{\"token\":123456}", "{\"token\":null}", "123456", TRUE, FALSE },
    { "{\"token\":null}", "{\"token\":null}", NULL, FALSE, FALSE },
    { "{\"token\":{\"a\":[\"}\",1]},\"b\":2}", "{\"token\":null,\"b\":2}", NULL, TRUE, TRUE },
    { "{\"token\":[]}", "{\"token\":[]}", NULL, TRUE, TRUE },
    { "{\"token\":false}", "{\"token\":null}", NULL, TRUE, TRUE },
    { "{\"a\":[{\"token\":\"deep one\"}]}", "{\"a\":[{\"token\":null}]}", NULL, TRUE, FALSE },
    { "{\"a\":\"token\",\"b\":\"x\"}", "{\"a\":\"token\",\"b\":\"x\"}", NULL, FALSE, FALSE },
    { "[\"token\",\"secret\"]", "[\"token\",\"secret\"]", NULL, FALSE, FALSE },
    { "\"token\"", "\"token\"", NULL, FALSE, FALSE },
    { "{\"token\":\"\"}", "{\"token\":\"\"}", "", TRUE, FALSE },
    { "{\"a\":\"\\\"token\\\":\",\"token\":\"xyzw\"}", "{\"a\":\"\\\"token\\\":\",\"token\":null}", "xyzw", TRUE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TillSecret) body = secret_of (cases[i].text);
      TillServiceCut cut = { .name = "token" };
      g_autoptr(TillSecret) rest = till_service_cut (body, &cut, 1);

      g_test_message ("case %u", (guint) i);
      g_assert_cmpstr ((const char *) till_secret_get_data (rest), ==, cases[i].rest);
      g_assert_cmpuint (till_secret_get_size (rest), ==, strlen (cases[i].rest));
      g_assert_cmpstr (cut.value != NULL ? (const char *) till_secret_get_data (cut.value) : NULL, ==, cases[i].value);
      g_assert_true (cut.found == cases[i].found);
      g_assert_true (cut.wrong_type == cases[i].wrong_type);
      till_service_cuts_clear (&cut, 1);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/service-error/status", test_status);
  g_test_add_func ("/service-error/successes", test_successes);
  g_test_add_func ("/service-error/hub-shapes", test_hub_shapes);
  g_test_add_func ("/service-error/other-shapes", test_other_shapes);
  g_test_add_func ("/service-error/clock", test_clock);
  g_test_add_func ("/service-error/busy", test_busy);
  g_test_add_func ("/service-error/escaped", test_escaped);
  g_test_add_func ("/service-error/canary", test_canary);
  g_test_add_func ("/service-error/check-json", test_check_json);
  g_test_add_func ("/service-error/too-large", test_too_large);
  g_test_add_func ("/service-error/cut", test_cut);

  return g_test_run ();
}
