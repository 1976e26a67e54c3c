/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Commerce Hub answers: the documents' own samples, what is tolerated, and everything else (API.md 2 to 4). */
#include "config.h"

#include <string.h>

#include "answers.h"
#include "till-error.h"
#include "till-hub-private.h"
#include "till-test.h"
#include "till-time.h"

/* The public key of the credentials document, Base64 once and twice (API.md 4.3). */
#define KEY_BASE64 \
  "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAmnpgAJSzYlYSs66pQg6KxAvCw5y7usVFiK87QSaRg3Nc7hw9UTNCYxw/u10NLnP5Em" \
  "NnUVKaJqa8HwgKTbnlV54lfxA2Ey8KztKlaPX2XvAl7muMTSl26Yw7veMiQEOHLH/dPhd1RZ7QL0pMJyR+m630xpT4hjIbfBIWES5tQkygJNKC" \
  "dWOKPcedShKyEyc6+imC599V7DMEkauj/hZYXX99rArHWsdbDfeZZZSQr5U+IgZa/tRbNP61Ak+/JVqCo/0gps5RT9OWWXXS60bUDo/gH+pyW+" \
  "FJJv0qaaOOB+Z1M7WBBPMxGWdjIOelr4zxdTuxGZZqXmZwXSzT2iVuowIDAQAB"
#define KEY_SHA256 "c84ad63b5f10629ace6e3275d0d8ac3a6dc4075f1d8a2ef897026fd447cf9fa3"

static char *
twice (void)
{
  return g_base64_encode ((const guchar *) KEY_BASE64, strlen (KEY_BASE64));
}

static char *
as_hex (gboolean upper)
{
  gsize size;
  g_autofree guchar *der = g_base64_decode (KEY_BASE64, &size);
  GString *hex = g_string_new (NULL);

  for (gsize i = 0; i < size; i++)
    g_string_append_printf (hex, upper ? "%02X" : "%02x", der[i]);

  return g_string_free (hex, FALSE);
}

static char *
as_pem (const char *label,
        const char *line_end)
{
  return g_strdup_printf ("-----BEGIN %s-----%s" KEY_BASE64 "%s-----END %s-----%s", label, line_end, line_end, label,
                          line_end);
}

/* Each spelling of API.md 2.6, 3.3 and 4.3, and row 68. */
static void
test_public_key (void)
{
  g_autofree char *base64_twice = twice ();
  g_autofree char *hex = as_hex (FALSE);
  g_autofree char *upper = as_hex (TRUE);
  g_autofree char *pem = as_pem ("PUBLIC KEY", "\n");
  g_autofree char *pem64 = g_base64_encode ((const guchar *) pem, strlen (pem));
  g_autofree char *wrapped = g_strconcat (" \n", KEY_BASE64, "\r\n ", NULL);
  g_autofree char *hex64 = g_base64_encode ((const guchar *) hex, strlen (hex));
  g_autofree char *unpadded = g_strdup (base64_twice);
  g_autofree char *three = g_base64_encode ((const guchar *) base64_twice, strlen (base64_twice));
  g_autofree char *certificate = as_pem ("CERTIFICATE", "\n");
  g_autofree char *private_key = as_pem ("PRIVATE KEY", "\n");
  g_autofree char *long_one = g_strnfill (20000, 'A');
  const struct
  {
    const char *text;
    gboolean    good;
  } cases[] = {
    { KEY_BASE64, TRUE },
    { base64_twice, TRUE },
    { hex, TRUE },
    { upper, TRUE },
    { pem, TRUE },
    { pem64, TRUE },
    { wrapped, TRUE },
    { hex64, TRUE },
    { unpadded, TRUE },
    /* Row 68: decoded twice, and no more often. */
    { three, FALSE },
    { certificate, FALSE },
    { private_key, FALSE },
    { long_one, FALSE },
    { "", FALSE },
    { " ", FALSE },
    { "=", FALSE },
    { "A", FALSE },
    { "3", FALSE },
    { "3082", FALSE },
    { "30820122300d06092a864886f70d0101", FALSE },
    { "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAuDjOPaWaW4VHWvn2dtzEmgJ32usf6F8AbzsyutP4j3EJEfq4qKg95wSHB......", FALSE },
    { "hello world", FALSE },
    { "-----BEGIN ", FALSE },
    { "-----BEGIN PUBLIC KEY-----", FALSE },
  };

  /* Missing padding is as good (API.md 7). */
  g_assert_true (g_str_has_suffix (base64_twice, "="));
  *strchr (unpadded, '=') = '\0';

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TillKey) key = till_hub_decode_key (cases[i].text);

      g_test_message ("case %u", (guint) i);
      g_assert_true ((key != NULL) == cases[i].good);
      if (key == NULL)
        continue;
      g_assert_cmpstr (key->public_key_sha256, ==, KEY_SHA256);
      g_assert_cmpstr (key->algorithm, ==, "RSA");
      g_assert_cmpint (key->bits, ==, 2048);
      g_assert_false (key->is_private);
    }
}

#define GENERATED \
  "{\n  'gatewayResponse': {\n    'transactionProcessingDetails': {\n" \
  "      'transactionTimestamp': '2021-06-20T23:42:48Z',\n      'apiTraceId': '362866ac81864d7c9d1ff8b5aa6e98db',\n" \
  "      'clientRequestId': '4345791',\n      'transactionId': '84356531338'\n    }\n  },\n" \
  "  'asymmetricKeyDetails': {\n    'keyId': 'accb12d8-684e-4261-9786-1b54f98d48ee',\n    'encryptionType': 'RSA',\n" \
  "    'modulus': 2048,\n    'encodedPublicKey': '%s',\n    'validFrom': '2023-03-29T13:55:20.102105Z',\n" \
  "    'validTo': '2023-04-18T13:55:20.102105Z',\n    'status': '%s'\n  },\n" \
  "  'symmetricKeyDetails': {\n    'encryptionType': 'AES-GCM',\n    'modulus': 256\n  }\n}\n"

/* As the document prints it: the key is cut with dots there, and everything else counts all the same. */
#define CUT_KEY "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAuDjOPaWaW4VHWvn2dtzEmgJ32usf6F8AbzsyutP4j3EJEfq4qKg95wSHB3FR......"

static gint64
time_of (const char *text)
{
  gint64 seconds = 0;

  g_assert_true (till_time_parse (text, &seconds, NULL));

  return seconds;
}

static TillHubKey *
read_key (const char  *text,
          const char  *asked,
          GError     **error)
{
  g_autofree char *json = quoted (text);
  g_autoptr(TillHubAnswer) answer = hub_answer_new (201, json);

  answer->asked_id = g_strdup (asked);

  return till_hub_key_new (answer, error);
}

static void
test_key_sample (void)
{
  static const struct
  {
    const char *key;
    const char *status;
    const char *asked;
    gboolean    has_key;
  } cases[] = {
    { CUT_KEY, "ACTIVE", NULL, FALSE },
    { KEY_BASE64, "ACTIVE", NULL, TRUE },
    { CUT_KEY, "REVOKED", "accb12d8-684e-4261-9786-1b54f98d48ee", FALSE },
    { KEY_BASE64, "REVOKED", "ACCB12D8-684E-4261-9786-1B54F98D48EE", TRUE },
    /* Row 47. */
    { KEY_BASE64, "SUSPENDED", NULL, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf (GENERATED, cases[i].key, cases[i].status);
      g_autofree char *json = quoted (text);
      g_autoptr(GError) error = NULL;
      g_autoptr(TillHubKey) key = read_key (text, cases[i].asked, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (key->key_id, ==, "accb12d8-684e-4261-9786-1b54f98d48ee");
      g_assert_cmpstr (key->encryption_type, ==, "RSA");
      g_assert_cmpint (key->modulus, ==, 2048);
      g_assert_cmpint (key->valid_from, ==, time_of ("2023-03-29T13:55:20Z"));
      g_assert_cmpint (key->valid_to, ==, time_of ("2023-04-18T13:55:20Z"));
      g_assert_cmpstr (key->status, ==, cases[i].status);
      g_assert_cmpstr (key->trace_id, ==, "362866ac81864d7c9d1ff8b5aa6e98db");
      g_assert_cmpstr (key->client_request_id, ==, "4345791");
      g_assert_cmpstr (key->answer, ==, json);
      g_assert_false (key->had_private_key);
      g_assert_null (key->source);
      g_assert_true ((key->public_key != NULL) == cases[i].has_key);
    }
}

static void
test_key_tolerated (void)
{
  g_autofree char *hex = as_hex (TRUE);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TillHubKey) key = NULL;
  g_autoptr(TillHubKey) least = NULL;

  text = g_strdup_printf ("{'asymmetricKeyDetails':{'keyId':12345,'modulus':'2048','encodedPublicKey':'%s',"
                          "'validFrom':'2023-03-29 13:55:20.168675929+02:00','validTo':'2022-01-01T00:00Z',"
                          "'status':'LEGACY','source':'CONNECT_PAY','new':[{}]},"
                          "'gatewayResponse':{'transactionProcessingDetails':{'apiTraceId':7,'clientRequestId':null}}}", hex);
  key = read_key (text, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (key->key_id, ==, "12345");
  g_assert_cmpstr (key->encryption_type, ==, "RSA");
  g_assert_cmpint (key->modulus, ==, 2048);
  g_assert_cmpstr (key->public_key->public_key_sha256, ==, KEY_SHA256);
  g_assert_cmpint (key->valid_from, ==, time_of ("2023-03-29T11:55:20Z"));
  /* Row 49: kept as it is, for others to judge. */
  g_assert_cmpint (key->valid_to, <, key->valid_from);
  g_assert_cmpstr (key->source, ==, "CONNECT_PAY");
  g_assert_cmpstr (key->trace_id, ==, "7");
  g_assert_null (key->client_request_id);

  least = read_key ("{'asymmetricKeyDetails':{'keyId':'k','validFrom':'2023-03-29T13:55:20Z',"
                    "'validTo':'2023-04-18T13:55:20Z','status':'ACTIVE'},'gatewayResponse':[]}", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (least->modulus, ==, 0);
  g_assert_null (least->public_key);
  g_assert_cmpstr (least->trace_id, ==, "trace-of-the-header");
}

/* What must be there, and of which type; an error says which, and that nobody knows what was done. */
static void
test_key_refused (void)
{
  static const struct
  {
    const char *details;
    const char *member;
  } cases[] = {
    { "'validFrom':'2023-03-29T13:55:20Z','validTo':'2023-04-18T13:55:20Z','status':'A'", "keyId" },
    { "'keyId':'','validFrom':'2023-03-29T13:55:20Z','validTo':'2023-04-18T13:55:20Z','status':'A'", "keyId" },
    { "'keyId':'k','validTo':'2023-04-18T13:55:20Z','status':'A'", "validFrom" },
    { "'keyId':'k','validFrom':'2023-03-29T13:55:20Z','status':'A'", "validTo" },
    { "'keyId':'k','validFrom':'2023-03-29T13:55:20Z','validTo':'2023-04-18T13:55:20Z'", "status" },
    { "'keyId':'k','validFrom':'2023-03-29T13:55:20Z','validTo':'2023-04-18T13:55:20Z','status':''", "status" },
    { "'keyId':'k','validFrom':'2023-03-29T13:55:20','validTo':'2023-04-18T13:55:20Z','status':'A'", "validFrom" },
    { "'keyId':'k','validFrom':'2023-03-29T13:55:20Z','validTo':'2023-02-31T13:55:20Z','status':'A'", "validTo" },
    { "'keyId':'k','validFrom':'2023-03-29T13:55:20Z','validTo':1681826120000,'status':'A'", "validTo" },
  };
  static const struct
  {
    const char *member;
    const char *good;       /* types it may have */
  } members[] = {
    { "keyId", "sn" }, { "encryptionType", "sn" }, { "modulus", "n" }, { "encodedPublicKey", "s" }, { "validFrom", "" },
    { "validTo", "" }, { "status", "sn" }, { "source", "sn" },
  };
  static const struct
  {
    const char *value;
    char        kind;
  } values[] = {
    { "{}", 'o' }, { "['x']", 'a' }, { "true", 't' }, { "7", 'n' }, { "-7.5", 'f' }, { "'text'", 's' },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("{'asymmetricKeyDetails':{%s}}", cases[i].details);
      g_autofree char *path = g_strdup_printf ("asymmetricKeyDetails.%s", cases[i].member);
      g_autoptr(GError) error = NULL;

      g_assert_null (read_key (text, NULL, &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
      g_assert_cmpstr (till_error_get_detail (error), ==, path);
      g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_UNKNOWN);
      g_assert_cmpint (till_error_get_http_status (error), ==, 201);
      g_assert_cmpstr (till_error_get_trace_id (error), ==, "trace-of-the-header");
      g_assert_true (g_str_has_suffix (error->message, "; the result is unknown"));
    }

  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (values); j++)
      {
        g_autoptr(GString) text = g_string_new ("{'asymmetricKeyDetails':{");
        g_autoptr(GError) error = NULL;
        g_autoptr(TillHubKey) key = NULL;
        const char * const required[] = { "keyId", "validFrom", "validTo", "status" };

        for (gsize k = 0; k < G_N_ELEMENTS (required); k++)
          if (!g_str_equal (required[k], members[i].member))
            g_string_append_printf (text, "'%s':'2023-03-29T13:55:20Z',", required[k]);
        g_string_append_printf (text, "'%s':%s}}", members[i].member, values[j].value);

        key = read_key (text->str, NULL, &error);
        g_test_message ("%s", text->str);
        g_assert_true ((key != NULL) == (strchr (members[i].good, values[j].kind) != NULL));
        if (key == NULL)
          g_assert_true (g_str_has_suffix (till_error_get_detail (error), members[i].member) ||
                         strstr (till_error_get_detail (error), members[i].member) != NULL);
      }
}

static void
test_key_damaged (void)
{
  static const struct
  {
    const char      *text;
    TillErrorReason  reason;
  } cases[] = {
    { "", TILL_REASON_ANSWER_EMPTY },
    { "{'asymmetricKeyDetails':{'keyId':'k',", TILL_REASON_ANSWER_CUT },
    { "{} trailing", TILL_REASON_MALFORMED },
    { "[]", TILL_REASON_MALFORMED },
    { "{}", TILL_REASON_BAD_FIELD },
    { "{'asymmetricKeyDetails':[]}", TILL_REASON_BAD_FIELD },
    { "{'asymmetricKeyDetails':{'status':'ACTIVE','status':'REVOKED'}}", TILL_REASON_CONTRADICTS },
    { "{'asymmetricKeyDetails':{'modulus':100000000000000000000000000000}}", TILL_REASON_MALFORMED },
  };
  g_autofree char *deep = g_strnfill (75000, '[');
  g_autoptr(GError) deep_error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (read_key (cases[i].text, NULL, &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
      g_assert_cmpint (till_error_get_reason (error), ==, cases[i].reason);
      g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_UNKNOWN);
    }

  g_assert_null (read_key (deep, NULL, &deep_error));
  g_assert_error (deep_error, TILL_ERROR, TILL_ERROR_PROTOCOL);
}

static void
test_key_differs (void)
{
  g_autofree char *text = g_strdup_printf (GENERATED, KEY_BASE64, "REVOKED");
  g_autoptr(GError) error = NULL;

  g_assert_null (read_key (text, "another-key", &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
  g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_DIFFERS);
  g_assert_cmpstr (till_error_get_detail (error), ==, "asymmetricKeyDetails.keyId");
  g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_UNKNOWN);
}

/* API.md 3.2: a private key is warned of, and kept nowhere. */
static void
test_private_key (void)
{
#define PRIVATE "MIIEvQIBADANcAnArY5ef1e7"
  static const struct
  {
    const char *member;
    gboolean    had;
  } cases[] = {
    { "'encodedPrivateKey':'" PRIVATE "'", TRUE },
    { "'ENCODEDPRIVATEKEY':'" PRIVATE "'", TRUE },
    { "'privateKey':{'pem':['" PRIVATE "']}", TRUE },
    { "'x':{'encodedPrivate\\u004bey':'" PRIVATE "'}", TRUE },
    { "'x':'-----BEGIN RSA PRIVATE KEY-----\\n" PRIVATE "\\n-----END RSA PRIVATE KEY-----\\n'", TRUE },
    { "'encodedPrivateKey':null", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("{'asymmetricKeyDetails':{'keyId':'k','validFrom':'2023-03-29T13:55:20Z',"
                                               "'validTo':'2023-04-18T13:55:20Z','status':'ACTIVE',%s}}", cases[i].member);
      g_autoptr(GError) error = NULL;
      g_autoptr(TillHubKey) key = read_key (text, NULL, &error);

      g_assert_no_error (error);
      g_assert_true (key->had_private_key == cases[i].had);
      g_assert_null (strstr (key->answer, PRIVATE));
      g_assert_nonnull (strstr (key->answer, "2023-04-18T13:55:20Z"));
    }
}

static void
test_key_import (void)
{
  static const struct
  {
    const char *text;
    gboolean    good;
  } cases[] = {
    { "{'asymmetricKeyDetails':{'keyId':'k','validFrom':'2023-03-29T13:55:20Z','validTo':'2023-04-18T13:55:20Z',"
      "'status':'ACTIVE'}}", TRUE },
    { " {'keyId':'k','validFrom':'2023-03-29T13:55:20Z','validTo':'2023-04-18T13:55:20Z','status':'ACTIVE'} ", TRUE },
    { "'keyId'", FALSE },
    { "{'keyId':'k'}", FALSE },
    { "", FALSE },
  };
  g_autofree char *large = g_strnfill (2 * 1024 * 1024, ' ');
  g_autoptr(GError) large_error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *json = quoted (cases[i].text);
      g_autoptr(GError) error = NULL;
      g_autoptr(TillHubKey) key = till_hub_key_new_from_json (json, strlen (json), &error);

      g_assert_true ((key != NULL) == cases[i].good);
      if (key != NULL)
        {
          g_assert_cmpstr (key->key_id, ==, "k");
          g_assert_null (key->trace_id);
          continue;
        }

      g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
      g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_NOT_SENT);
      g_assert_null (strstr (error->message, "unknown"));
    }

  g_assert_null (till_hub_key_new_from_json (large, strlen (large), &large_error));
  g_assert_error (large_error, TILL_ERROR, TILL_ERROR_PROTOCOL);
}

static TillHubUploaded *
read_uploaded (const char  *text,
               const char  *asked,
               GError     **error)
{
  g_autofree char *json = quoted (text);
  g_autoptr(TillHubAnswer) answer = hub_answer_new (201, json);

  answer->asked_id = g_strdup (asked);

  return till_hub_uploaded_new (answer, error);
}

static void
test_uploaded (void)
{
  static const struct
  {
    const char *text;
    const char *asked;
    const char *id;        /* NULL: refused */
    const char *hash;
    const char *algorithm;
    const char *detail;
  } cases[] = {
    /* The document's own; the algorithm is not the one that was sent. */
    { "{'gatewayResponse':{'transactionType':'UPLOAD','transactionState':'UPLOADED','transactionOrigin':'POS',"
      "'transactionProcessingDetails':{'transactionTimestamp':'2022-03-15T20:28:09.977157Z',"
      "'apiTraceId':'96b35a89b00a492c87dda321b7deee02','clientRequestId':'9716198',"
      "'transactionId':'96b35a89b00a492c87dda321b7deee02','apiKey':'Pv3bTlh4Gdz6**********Kbccz6sqTAFXMea4'}},"
      "'clientCryptographicDetails':{'clientKeyID':'924ee01b95ff1bfb45514cbe28f913725d82f8fe0ffc450c3582b00bc4b8414d',"
      "'cryptographicResource':'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAuDjOPaWa......',"
      "'cryptographicAlgorithm':'JWT','cryptographicResourceEncoding':'.pemEncoded',"
      "'cryptographicResourceType':'CERTIFICATE','cryptographicResourceLength':2048,'usedFor':'RTAU',"
      "'publicKeyHash':'3A100B15B9430B1711f2E38F05939A9A'}}",
      "924EE01B95FF1BFB45514CBE28F913725D82F8FE0FFC450C3582B00BC4B8414D",
      "924ee01b95ff1bfb45514cbe28f913725d82f8fe0ffc450c3582b00bc4b8414d", "3A100B15B9430B1711f2E38F05939A9A", "JWT", NULL },
    { "{'cryptographicDetails':{'clientKeyId':'a'}}", "a", "a", NULL, NULL, NULL },
    { "{'clientCryptographicDetails':{'clientKeyId':7,'cryptographicAlgorithm':'NEW','publicKeyHash':123}}", NULL,
      "7", "123", "NEW", NULL },
    { "{'clientCryptographicDetails':{'clientKeyID':'b'}}", "a", NULL, NULL, NULL, "clientCryptographicDetails.clientKeyID" },
    { "{'clientCryptographicDetails':{}}", "a", NULL, NULL, NULL, "clientCryptographicDetails.clientKeyID" },
    { "{'clientCryptographicDetails':{'clientKeyID':{}}}", "a", NULL, NULL, NULL,
      "clientCryptographicDetails.clientKeyID" },
    { "{'cryptographicDetails':[]}", "a", NULL, NULL, NULL, "cryptographicDetails" },
    { "{'clientCryptographicDetails':{'clientKeyID':'a','publicKeyHash':[]}}", "a", NULL, NULL, NULL,
      "clientCryptographicDetails.publicKeyHash" },
    { "{'clientCryptographicDetails':{'clientKeyID':'a','cryptographicAlgorithm':true}}", "a", NULL, NULL, NULL,
      "clientCryptographicDetails.cryptographicAlgorithm" },
    { "{}", "a", NULL, NULL, NULL, "clientCryptographicDetails" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *json = quoted (cases[i].text);
      g_autoptr(GError) error = NULL;
      g_autoptr(TillHubUploaded) uploaded = read_uploaded (cases[i].text, cases[i].asked, &error);

      if (cases[i].id == NULL)
        {
          g_assert_null (uploaded);
          g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
          g_assert_cmpstr (till_error_get_detail (error), ==, cases[i].detail);
          g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_UNKNOWN);
          continue;
        }

      g_assert_no_error (error);
      g_assert_cmpstr (uploaded->client_key_id, ==, cases[i].id);
      g_assert_cmpstr (uploaded->public_key_hash, ==, cases[i].hash);
      g_assert_cmpstr (uploaded->algorithm, ==, cases[i].algorithm);
      g_assert_cmpstr (uploaded->trace_id, ==, i == 0 ? "96b35a89b00a492c87dda321b7deee02" : "trace-of-the-header");
      g_assert_cmpstr (uploaded->answer, ==, json);
    }
}

static TillHubCredentials *
read_credentials (const char  *text,
                  GError     **error)
{
  g_autofree char *json = quoted (text);
  g_autoptr(TillHubAnswer) answer = hub_answer_new (201, json);

  return till_hub_credentials_new (answer, error);
}

static void
test_credentials_sample (void)
{
  g_autofree char *key = twice ();
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TillHubCredentials) self = NULL;

  text = g_strdup_printf ("{'publicKey':'%s','keyLength':'12345','accessToken':'vsmsrKcNFWzq79Yd8aaxHetHBdxm',"
                          "'sessionId':'b28ba2ca-6368-4d72-b5f0-c185b4d0de4c','accessTokenIssuedTime':'2016-04-16T16:06:05Z',"
                          "'accessTokenTimeToLive':'1799','symmetricEncryptionAlgorithm':'AES-GCM',"
                          "'asymmetricEncryptionAlgorithm':'RSA-2048'}", key);
  self = read_credentials (text, &error);
  g_assert_no_error (error);
  g_assert_cmpstr ((const char *) till_secret_get_data (self->access_token), ==, "vsmsrKcNFWzq79Yd8aaxHetHBdxm");
  g_assert_cmpstr ((const char *) till_secret_get_data (self->session_id), ==, "b28ba2ca-6368-4d72-b5f0-c185b4d0de4c");
  g_assert_null (self->token_type);
  g_assert_null (self->key_id);
  g_assert_cmpint (self->issued_at, ==, time_of ("2016-04-16T16:06:05Z"));
  g_assert_cmpint (self->time_to_live, ==, 1799);
  g_assert_cmpstr (self->raw_time_to_live, ==, "1799");
  g_assert_cmpstr (self->public_key->public_key_sha256, ==, KEY_SHA256);
  g_assert_cmpstr (self->symmetric_algorithm, ==, "AES-GCM");
  g_assert_cmpstr (self->asymmetric_algorithm, ==, "RSA-2048");
  g_assert_cmpstr (self->trace_id, ==, "trace-of-the-header");
}

static void
test_credentials_tolerated (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TillHubCredentials) self = read_credentials (
    "{'accessToken':12345678,'sessionId':null,'keyId':'k','keyLength':{},'accessTokenType':'BEARER','publicKey':'?',"
    "'accessTokenIssuedTime':'yesterday','domains':[],"
    "'gatewayResponse':{'transactionProcessingDetails':{'apiTraceId':'t'}}}", &error);

  g_assert_no_error (error);
  g_assert_cmpstr ((const char *) till_secret_get_data (self->access_token), ==, "12345678");
  g_assert_null (self->session_id);
  g_assert_cmpstr (self->key_id, ==, "k");
  g_assert_cmpstr (self->token_type, ==, "BEARER");
  g_assert_null (self->public_key);
  g_assert_cmpint (self->issued_at, ==, G_MININT64);
  g_assert_cmpint (self->time_to_live, ==, 0);
  g_assert_null (self->raw_time_to_live);
  g_assert_cmpstr (self->trace_id, ==, "t");
}

/* API.md 4.4, row 67. */
static void
test_time_to_live (void)
{
  static const struct
  {
    const char *value;      /* NULL: left out */
    const char *expires;    /* NULL: left out; issued at 16:06:05 */
    gint64      seconds;
  } cases[] = {
    { "'889'", NULL, 889 },
    { "'1799'", NULL, 1799 },
    { "1799", NULL, 1799 },
    { "1800", NULL, 1800 },
    { "'1'", NULL, 1 },
    { "1801", NULL, 1800 },
    { "86400", NULL, 1800 },
    { "86401", NULL, 86 },
    { "'1800000'", NULL, 1800 },
    { "900000", NULL, 900 },
    { "1e6", NULL, 1000 },
    { "'9007199254740993'", NULL, 1800 },
    { "'99999999999999999999999'", NULL, 0 },
    { "'0'", NULL, 0 },
    { "0", NULL, 0 },
    { "'-1'", NULL, 0 },
    { "-1", NULL, 0 },
    { "'abc'", NULL, 0 },
    { "'17 99'", NULL, 0 },
    { "''", NULL, 0 },
    { "null", NULL, 0 },
    { NULL, NULL, 0 },
    { NULL, "2016-04-16T16:16:05Z", 600 },
    { NULL, "2016-04-16T18:16:05Z", 1800 },
    { NULL, "2020-04-16T16:06:05Z", 0 },
    { NULL, "2016-04-16T16:06:05Z", 0 },
    { NULL, "2016-04-16T16:06:04Z", 0 },
    { NULL, "never", 0 },
    { "'600'", "2016-04-16T16:06:06Z", 600 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GString) text = g_string_new ("{'accessToken':'token','accessTokenIssuedTime':'2016-04-16T16:06:05Z'");
      g_autoptr(GError) error = NULL;
      g_autoptr(TillHubCredentials) self = NULL;

      if (cases[i].value != NULL)
        g_string_append_printf (text, ",'accessTokenTimeToLive':%s", cases[i].value);
      if (cases[i].expires != NULL)
        g_string_append_printf (text, ",'expiresAt':'%s'", cases[i].expires);
      g_string_append (text, "}");

      g_test_message ("%s", text->str);
      self = read_credentials (text->str, &error);
      g_assert_no_error (error);
      g_assert_cmpint (self->time_to_live, ==, cases[i].seconds);
    }
}

static void
test_credentials_refused (void)
{
#define TOKEN "cAnArY-token-5ef1e7"
  static const struct
  {
    const char *text;
    const char *detail;
  } cases[] = {
    { "{}", "accessToken" },
    { "{'accessToken':null}", "accessToken" },
    { "{'accessToken':''}", "accessToken" },
    { "{'accessToken':{'a':'" TOKEN "'}}", "accessToken" },
    { "{'accessToken':['" TOKEN "']}", "accessToken" },
    { "{'accessToken':true}", "accessToken" },
    { "{'accessToken':'" TOKEN "\\r\\nX: y'}", "accessToken" },
    { "{'accessToken':'" TOKEN " x'}", "accessToken" },
    { "{'accessToken':'" TOKEN "\303\244'}", "accessToken" },
    { "{'accessToken':'" TOKEN "','sessionId':{}}", "sessionId" },
    { "{'accessToken':'" TOKEN "','sessionId':'a\\tb'}", "sessionId" },
    { "{'accessToken':'" TOKEN "','publicKey':7}", "publicKey" },
    { "{'accessToken':'" TOKEN "','keyId':[]}", "keyId" },
    { "{'accessToken':'" TOKEN "','accessTokenType':{}}", "accessTokenType" },
    { "{'accessToken':'" TOKEN "','accessTokenTimeToLive':{}}", "accessTokenTimeToLive" },
    { "{'accessToken':'" TOKEN "','accessTokenTimeToLive':1.5}", "accessTokenTimeToLive" },
    { "{'accessToken':'" TOKEN "','accessTokenIssuedTime':[]}", "accessTokenIssuedTime" },
    { "{'accessToken':'" TOKEN "','expiresAt':true}", "expiresAt" },
    { "{'accessToken':'" TOKEN "','symmetricEncryptionAlgorithm':{}}", "symmetricEncryptionAlgorithm" },
    { "{'accessToken':'" TOKEN "','accessToken':'b'}", "accessToken" },
    { "{'accessToken':'" TOKEN "'", NULL },
    { "['" TOKEN "']", NULL },
    { "'" TOKEN "'", NULL },
  };
  g_autofree char *filling = g_strnfill (9000, 'a');
  g_autofree char *too_long = g_strdup_printf ("{'accessToken':'%s'}", filling);
  g_autoptr(GError) length_error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (read_credentials (cases[i].text, &error));
      g_test_message ("case %u: %s", (guint) i, error->message);
      g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
      g_assert_null (strstr (error->message, TOKEN));
      if (cases[i].detail != NULL)
        g_assert_cmpstr (till_error_get_detail (error), ==, cases[i].detail);
    }

  g_assert_null (read_credentials (too_long, &length_error));
  g_assert_error (length_error, TILL_ERROR, TILL_ERROR_PROTOCOL);
}

/* Token and session are in the answer and in the secrets made of it, and nowhere else (G1). */
static void
test_credentials_memory (void)
{
  /* Each byte inverted, so that this table is no find itself. */
  static const guint8 inverted[16] = {
    0x8b, 0x90, 0x94, 0x9a, 0x91, 0xd2, 0xce, 0xc9, 0xc8, 0xcc, 0xd2, 0xc6, 0xcb, 0xca, 0xcf, 0xcd,
  };
  static const char * const frames[][2] = {
    { "{\"accessToken\":\"", "\",\"keyId\":\"k\"}" },
    { "{\"keyId\":\"k\",\"accessToken\":\"t\",\"sessionId\":\"", "\"}" },
    { "{\"accessToken\":\"t\",\"publicKey\":{},\"x\":{\"sessionId\":[\"", "\"]}}" },
    { "{\"accessToken\":\"", "\",\"accessTokenTimeToLive\":{}}" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      gsize before = strlen (frames[i][0]);
      gsize behind = strlen (frames[i][1]);
      TillHubAnswer *answer = hub_answer_new (201, "");
      TillHubCredentials *credentials;
      guint8 *p;

      till_secret_unref (answer->body);
      answer->body = till_secret_new (before + sizeof inverted + behind);
      p = till_secret_get_buffer (answer->body);
      memcpy (p, frames[i][0], before);
      for (gsize j = 0; j < sizeof inverted; j++)
        p[before + j] = (guint8) ~inverted[j];
      memcpy (p + before + sizeof inverted, frames[i][1], behind);

      credentials = till_hub_credentials_new (answer, NULL);
      g_assert_true ((credentials != NULL) == (i < 2));
      g_assert_cmpuint (till_test_count_in_memory (inverted, sizeof inverted), ==, credentials != NULL ? 2 : 1);

      till_hub_answer_free (answer);
      till_hub_credentials_free (credentials);
      g_assert_cmpuint (till_test_count_in_memory (inverted, sizeof inverted), ==, 0);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/hub/answer/public-key", test_public_key);
  g_test_add_func ("/hub/answer/key-sample", test_key_sample);
  g_test_add_func ("/hub/answer/key-tolerated", test_key_tolerated);
  g_test_add_func ("/hub/answer/key-refused", test_key_refused);
  g_test_add_func ("/hub/answer/key-damaged", test_key_damaged);
  g_test_add_func ("/hub/answer/key-differs", test_key_differs);
  g_test_add_func ("/hub/answer/private-key", test_private_key);
  g_test_add_func ("/hub/answer/key-import", test_key_import);
  g_test_add_func ("/hub/answer/uploaded", test_uploaded);
  g_test_add_func ("/hub/answer/credentials-sample", test_credentials_sample);
  g_test_add_func ("/hub/answer/credentials-tolerated", test_credentials_tolerated);
  g_test_add_func ("/hub/answer/credentials-memory", test_credentials_memory);
  g_test_add_func ("/hub/answer/time-to-live", test_time_to_live);
  g_test_add_func ("/hub/answer/credentials-refused", test_credentials_refused);

  return g_test_run ();
}
