/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The root certificate of terminals: what is asked, and what counts as an answer (API.md 5.4 to 5.6). */
#include "config.h"

#include <string.h>

#include "answers.h"
#include "script.h"
#include "till-devices-private.h"
#include "till-error.h"

/* Base64 of a shared secret: its bytes are "canary-0f4c9e1d-secret". */
#define SHARED "Y2FuYXJ5LTBmNGM5ZTFkLXNlY3JldA=="

static TillDevices *
new_devices (Fixture              *fixture,
             FaultServer          *server,
             TillDevicesSignature  signature)
{
  g_autofree char *url = script_url (server, "/");
  g_autoptr(TillSecret) secret = secret_of (SHARED);
  g_autoptr(GError) error = NULL;
  TillDevices *devices;

  devices = till_devices_new (fixture->transport, url, "example_org_1", "00000000-1111-2222-3333-444444444444", secret,
                              signature, TILL_SIGNATURE_DATE_REQUEST_TARGET, &error);
  g_assert_no_error (error);
  g_assert_cmpint (till_devices_get_skew (devices), ==, G_MININT64);

  return devices;
}

static char *
ask (TillDevices   *devices,
     GCancellable  *cancellable,
     GError       **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  char *pem;

  till_devices_root_ca_async (devices, cancellable, script_result_cb, &result);
  script_wait (&result);
  pem = till_devices_root_ca_finish (devices, result, error);
  if (pem == NULL && error != NULL)
    {
      g_assert_null (strstr ((*error)->message, SHARED));
      g_assert_null (strstr ((*error)->message, CANARY));
    }

  return pem;
}

/* A text as a JSON string, without its quotes. */
static char *
escape_lines (const char *text,
              const char *line_end)
{
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);

  return g_strjoinv (line_end, lines);
}

static void
test_sent (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *escaped = escape_lines (fixture->ca_pem, "\\n");
  g_autofree char *body = g_strdup_printf ("{'certificateChain':'%s'}", escaped);
  const ScriptAnswer answers[] = { { .status = 200, .body = body, .headers = "Date: Sat, 01 Jan 2000 00:00:00 GMT\r\n" } };
  const Script script = { .answers = answers, .n_answers = 1 };
  g_autoptr(FaultServer) server = script_start (fixture, &script);

  for (int i = TILL_DEVICES_HTTP_SIGNATURE; i <= TILL_DEVICES_JWT; i++)
    {
      g_autoptr(TillDevices) devices = new_devices (fixture, server, (TillDevicesSignature) i);
      g_autoptr(GError) error = NULL;
      g_autofree char *pem = ask (devices, NULL, &error);
      g_autofree char *line = NULL;
      g_autofree char *sent_body = NULL;
      g_autofree char *merchant = NULL;
      g_autofree char *signature = NULL;
      g_autofree char *authorization = NULL;

      g_assert_no_error (error);
      g_assert_cmpstr (pem, ==, fixture->ca_pem);
      g_assert_cmpint (till_devices_get_skew (devices), >, 86400 * 365);

      line = script_dup_line (server, (guint) i);
      sent_body = script_dup_body (server, (guint) i);
      merchant = script_dup_header (server, (guint) i, "v-c-merchant-id");
      signature = script_dup_header (server, (guint) i, "signature");
      authorization = script_dup_header (server, (guint) i, "Authorization");
      g_assert_cmpstr (line, ==, "GET /dms/v2/devices/certificates/rootca");
      g_assert_cmpstr (sent_body, ==, "");
      if (i == TILL_DEVICES_HTTP_SIGNATURE)
        {
          g_assert_cmpstr (merchant, ==, "example_org_1");
          g_assert_nonnull (strstr (signature, "headers=\"host date (request-target) v-c-merchant-id\""));
          g_assert_null (authorization);
        }
      else
        {
          g_assert_true (g_str_has_prefix (authorization, "Bearer eyJ"));
          g_assert_null (signature);
        }
    }
}

typedef struct
{
  const char      *name;
  ScriptAnswer     answer;
  TillError        code;
  TillErrorReason  reason;
  const char      *words;
} FailureCase;

static const FailureCase failures[] = {
  { "unauthorized", { .status = 401, .body = "{'response':{'rmsg':'Authentication Failed'}}" },
    TILL_ERROR_UNAUTHORIZED, TILL_REASON_NONE, "older than three years" },
  { "clock", { .status = 401, .body = "{}", .headers = "Date: Fri, 31 Dec 2100 00:00:00 GMT\r\n" },
    TILL_ERROR_CLOCK_SKEW, TILL_REASON_CLOCK, "slow" },
  { "not-boarded", { .status = 412, .body = "{'code':'organization.not.boarded.partner','message':'" SHARED "'}" },
    TILL_ERROR_REJECTED, TILL_REASON_NONE, "[redacted]" },
  { "not-found", { .status = 404, .content_type = "text/plain", .body = "Resource not found" },
    TILL_ERROR_NOT_FOUND, TILL_REASON_NONE, "Resource not found" },
  { "firewall", { .status = 406, .content_type = "text/html", .body = "<html>" },
    TILL_ERROR_PROTOCOL, TILL_REASON_WEB_PAGE, "web page (status 406)" },
  { "created", { .status = 201, .body = "{}" }, TILL_ERROR_PROTOCOL, TILL_REASON_UNEXPECTED_STATUS, "status 201" },
  { "empty", { .status = 200 }, TILL_ERROR_PROTOCOL, TILL_REASON_ANSWER_EMPTY, "empty" },
  { "missing", { .status = 200, .body = "{}" }, TILL_ERROR_PROTOCOL, TILL_REASON_BAD_FIELD, "\"certificateChain\" is missing" },
};

static void
test_failure (Fixture       *fixture,
              gconstpointer  data)
{
  const FailureCase *row = data;
  const Script script = { .answers = &row->answer, .n_answers = 1 };
  g_autoptr(FaultServer) server = script_start (fixture, &script);
  g_autoptr(TillDevices) devices = new_devices (fixture, server, TILL_DEVICES_JWT);
  g_autoptr(GError) error = NULL;

  g_assert_null (ask (devices, NULL, &error));
  fixture_check_error (error, (int) row->code, (int) row->reason, row->words);
  g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_REFUSED);
}

static char *
read_chain (const char  *json,
            GError     **error)
{
  g_autoptr(TillSecret) body = secret_of (json);

  return till_devices_chain_from_json (body, error);
}

/* One certificate or several, whichever way the lines are written. */
static void
test_chain (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *other = fault_identity_dup_pem (fixture->good);
  g_autofree char *both = g_strconcat (other, fixture->ca_pem, NULL);
  static const char * const line_ends[] = { "\\n", "\\r\\n", "\\\\n", "\\\\r\\\\n" };

  for (gsize i = 0; i < G_N_ELEMENTS (line_ends); i++)
    {
      g_autofree char *escaped = escape_lines (both, line_ends[i]);
      g_autofree char *json = g_strdup_printf ("{\"certificateChain\":\"%s\",\"other\":[1]}", escaped);
      g_autoptr(GError) error = NULL;
      g_autofree char *pem = read_chain (json, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (pem, ==, both);
    }
}

static void
test_chain_refused (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autofree char *ca = escape_lines (fixture->ca_pem, "\\n");
  gnutls_datum_t key;
  g_autofree char *key_pem = NULL;
  g_autofree char *key_text = NULL;
  g_autoptr(GString) eleven = g_string_new (NULL);

  g_assert_cmpint (gnutls_x509_privkey_export2 (fixture->ca->key, GNUTLS_X509_FMT_PEM, &key), ==, 0);
  key_pem = g_strndup ((const char *) key.data, key.size);
  gnutls_free (key.data);
  key_text = escape_lines (key_pem, "\\n");
  for (int i = 0; i < 11; i++)
    g_string_append (eleven, ca);

  {
    const struct
    {
      const char *before;
      const char *text;
      const char *words;
    } cases[] = {
      { "", key_text, "private key" },
      { ca, key_text, "private key" },
      { key_text, ca, "private key" },
      { "", eleven->str, "too many" },
      { ca, "-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----\\n", "no chain of certificates" },
      { ca, "-----BEGIN SOMETHING-----\\nMIIB\\n-----END SOMETHING-----\\n", "more than certificates" },
      { "", "hello", "no chain of certificates" },
      { "", "", "is missing" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
      {
        g_autofree char *json = g_strdup_printf ("{\"certificateChain\":\"%s%s\"}", cases[i].before, cases[i].text);
        g_autoptr(GError) error = NULL;

        g_assert_null (read_chain (json, &error));
        fixture_check_error (error, TILL_ERROR_PROTOCOL, TILL_REASON_BAD_FIELD, cases[i].words);
        g_assert_cmpstr (till_error_get_detail (error), ==, "certificateChain");
      }
  }

  {
    static const char * const bodies[] = {
      "{\"certificateChain\":{}}", "{\"certificateChain\":[\"x\"]}", "{\"certificateChain\":true}",
      "{\"certificateChain\":null}", "{\"certificateChain\":7}", "[]", "\"x\"", "null", "{", "",
      "{\"certificateChain\":\"a\",\"certificateChain\":\"b\"}",
    };

    for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
      {
        g_autoptr(GError) error = NULL;

        g_assert_null (read_chain (bodies[i], &error));
        g_test_message ("%s: %s", bodies[i], error->message);
        g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
      }
  }
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  const ScriptAnswer answers[] = { { .status = 200, .body = "{}" } };
  const Script script = { .answers = answers, .n_answers = 1 };
  g_autoptr(FaultServer) server = script_start (fixture, &script);
  g_autoptr(TillDevices) devices = new_devices (fixture, server, TILL_DEVICES_HTTP_SIGNATURE);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (ask (devices, cancellable, &error));
  g_assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
                 g_error_matches (error, TILL_ERROR, TILL_ERROR_CANCELLED));
  g_assert_cmpuint (fault_server_count_requests (server), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  fixture_main (&argc, &argv);

  fixture_add ("/devices/sent", test_sent);
  for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autofree char *path = g_strconcat ("/devices/failure/", failures[i].name, NULL);

      fixture_add_data (path, &failures[i], test_failure);
    }
  fixture_add ("/devices/chain", test_chain);
  fixture_add ("/devices/chain-refused", test_chain_refused);
  fixture_add ("/devices/cancel", test_cancel);

  return g_test_run ();
}
