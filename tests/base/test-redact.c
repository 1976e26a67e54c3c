/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Redaction: what is hidden, what is not, at every split, twice, and how fast. */
#include "config.h"

#include "till-redact.h"

#include <string.h>

/* Its letters occur nowhere else in the cases, so that each can be looked for. */
#define CANARY "QJQJ"

static const struct
{
  const char *text;
  const char *redacted;
  gboolean    headless;     /* nothing in it announces the secret before its end */
} cases[] = {
  /* Headers. */
  { "Authorization: QJQJ", "Authorization: [redacted 4]" },
  { "authorization:QJQJ\r\nHost: h\r\n", "authorization:[redacted 4]\r\nHost: h\r\n" },
  { "AUTHORIZATION : Basic QJQJ=\nA: b", "AUTHORIZATION : [redacted 11]\nA: b" },
  { "> Authorization: HMAC QJQJ/QJQJ==\n> Date: x", "> Authorization: [redacted 16]\n> Date: x" },
  { "Proxy-Authorization: QJQJ\n", "Proxy-Authorization: [redacted 4]\n" },
  { "Api-Key: QJQJ QJQJ\nClient-Id: 1", "Api-Key: [redacted 9]\nClient-Id: 1" },
  { "x-api-key: QJQJ\n", "x-api-key: [redacted 4]\n" },
  { "Cookie: a=QJQJ; b=QJQJ\n", "Cookie: [redacted 14]\n" },
  { "Set-Cookie: sid=QJQJ; HttpOnly\n", "Set-Cookie: [redacted 18]\n" },
  { "Signature: keyid=\"k\", signature=\"QJQJ\"\nA: b", "Signature: [redacted 27]\nA: b" },
  { "Authorization: a\r\n  QJQJ\r\n\tQJQJ\r\nA: b", "Authorization: [redacted 16]\r\nA: b" },
  { "Auth-Token-Type: HMAC\n", "Auth-Token-Type: HMAC\n" },
  { "Vary: Authorization, Api-Key\n", "Vary: Authorization, Api-Key\n" },
  { "Authorization: \"QJQJ\" QJQJ\nA: b", "Authorization: [redacted 11]\nA: b" },
  { "password: \"QJ\"QJ\nA: b", "password: [redacted 6]\nA: b" },
  { "certificate: \"QJQJ\" x", "certificate: \"[redacted 4]\" x" },
  /* Schemes. */
  { "sent Bearer QJQJ.QJQJ-_~", "sent Bearer [redacted 12]" },
  { "bearer  QJQJ, then", "bearer  [redacted 4], then" },
  { "BASIC QJQJ+/==\n", "BASIC [redacted 8]\n" },
  { "Basic authentication failed", "Basic authentication failed" },
  { "Basic constraints: CA", "Basic constraints: CA" },
  { "Basic\nx", "Basic\nx" },
  { "Basic ", "Basic " },
  { "a forbearer writes", "a forbearer writes" },
  { "Bearer Bearer QJQJ", "Bearer [redacted 6] [redacted 4]" },
  { "Basic Authorization: QJQJ", "Basic Authorization: [redacted 4]" },
  /* JSON. */
  { "{\"password\":\"QJQJ\"}", "{\"password\":\"[redacted 4]\"}" },
  { "{\"a\":1,\"accessToken\" : \"QJQJ\" , \"b\":2}", "{\"a\":1,\"accessToken\" : \"[redacted 4]\" , \"b\":2}" },
  { "{\"sessionId\":\n  \"QJQJ\"}", "{\"sessionId\":\n  \"[redacted 4]\"}" },
  { "{\"setupCode\":\"QJQJ\",\"posId\":\"t1\"}", "{\"setupCode\":\"[redacted 4]\",\"posId\":\"t1\"}" },
  { "{\"signature\":\"QJQJ\"}", "{\"signature\":\"[redacted 4]\"}" },
  { "{\"certificate\":\"QJQJ\"}", "{\"certificate\":\"[redacted 4]\"}" },
  { "{\"cryptographicResource\":\"QJQJ\\n\"}", "{\"cryptographicResource\":\"[redacted 6]\"}" },
  { "{\"apiSecret\":\"QJQJ\",\"sharedSecret\":\"QJQJ\"}",
    "{\"apiSecret\":\"[redacted 4]\",\"sharedSecret\":\"[redacted 4]\"}" },
  { "{\"Password\":\"QJQJ\"}", "{\"Password\":\"[redacted 4]\"}" },
  { "{\"client_secret\":\"QJQJ\"}", "{\"client_secret\":\"[redacted 4]\"}" },
  { "{\"password\":\"QJ\\\"QJ\",\"a\":\"b\"}", "{\"password\":\"[redacted 6]\",\"a\":\"b\"}" },
  { "{\"password\":\"QJQJ\\\\\",\"a\":\"b\"}", "{\"password\":\"[redacted 6]\",\"a\":\"b\"}" },
  { "{\"password\":\"\",\"a\":1}", "{\"password\":\"\",\"a\":1}" },
  { "{\"password\":null,\"a\":1}", "{\"password\":null,\"a\":1}" },
  { "{\"password\":true}", "{\"password\":true}" },
  { "{\"password\":nullQJQJ}", "{\"password\":[redacted 8]}" },
  { "{\"sessionId\":12345,\"a\":1}", "{\"sessionId\":[redacted 5],\"a\":1}" },
  { "{\"certificate\":[\"QJQJ\",\"a]\\\"QJQJ\"],\"a\":1}", "{\"certificate\":[redacted 19],\"a\":1}" },
  { "{\"password\":{\"value\":\"QJQJ\",\"password\":\"QJQJ\"},\"a\":1}", "{\"password\":[redacted 34],\"a\":1}" },
  { "{\"password\":{\"secret\":12},\"a\":1}", "{\"password\":[redacted 13],\"a\":1}" },
  { "{\"accessTokenTimeToLive\":1800}", "{\"accessTokenTimeToLive\":1800}" },
  { "{\"signatureAlgorithm\":\"RSA-SHA256\"}", "{\"signatureAlgorithm\":\"RSA-SHA256\"}" },
  { "{\"publicKey\":\"MIIB\",\"keyId\":\"k\"}", "{\"publicKey\":\"MIIB\",\"keyId\":\"k\"}" },
  { "{'password': 'QJQJ'}\n", "{'password': [redacted 7]\n" },
  /* JSON inside JSON. */
  { "{\"body\":\"{\\\"password\\\":\\\"QJQJ\\\",\\\"a\\\":1}\",\"b\":2}",
    "{\"body\":\"{\\\"password\\\":\\\"[redacted 4]\\\",\\\"a\\\":1}\",\"b\":2}" },
  { "\\\"password\\\":\\\"QJ\\\\\\\"QJ\\\\\\\\\\\",\\\"a\\\"", "\\\"password\\\":\\\"[redacted 12]\\\",\\\"a\\\"" },
  { "\\\\\\\"secret\\\\\\\":\\\\\\\"QJQJ\\\\\\\",x", "\\\\\\\"secret\\\\\\\":\\\\\\\"[redacted 4]\\\\\\\",x" },
  /* Forms and lines. */
  { "grant_type=x&client_secret=QJQJ&scope=a", "grant_type=x&client_secret=[redacted 4]&scope=a" },
  { "password=QJQJ status=200", "password=[redacted 4] status=200" },
  { "password = \"QJQJ QJQJ\" status=200", "password = \"[redacted 9]\" status=200" },
  { "password => QJQJ", "password => [redacted 4]" },
  { "password='QJQJ QJQJ' x\ny", "password=[redacted 13]\ny" },
  { "password: QJQJ QJQJ\nuser: u", "password: [redacted 9]\nuser: u" },
  { "pairing with setup code: no", "pairing with setup code: no" },
  { "setup-code: QJQJ", "setup-code: [redacted 4]" },
  { "certificate=QJQJ&x=y", "certificate=[redacted 4]&x=y" },
  { "this certificate: expired", "this certificate: expired" },
  { "PASSPHRASE=QJQJ", "PASSPHRASE=[redacted 4]" },
  /* Addresses. */
  { "GET https://user:QJQJ@host/path?a=b@c", "GET https://[redacted 9]@host/path?a=b@c" },
  { "https://host/a@b", "https://host/a@b" },
  { "https://u@v@host:1", "https://[redacted 3]@host:1" },
  { "https://user:QJQJ", "https://[redacted 9]" },
  { "https://host:8443", "https://host:8443" },
  { "https://[::1]:8443", "https://[::1]:8443" },
  { "https://[redacted 9]@host", "https://[redacted 9]@host" },
  /* Private keys. */
  { "a\n-----BEGIN PRIVATE KEY-----\nQJQJ\nQJQJ\n-----END PRIVATE KEY-----\nb", "a\n[redacted 63]\nb" },
  { "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nQJQJ\n-----END RSA PRIVATE KEY-----\nb",
    "[redacted 90]\nb" },
  { "-----begin ec private key-----QJQJ-----end ec private key-----b", "[redacted 62]b" },
  { "-----BEGIN ENCRYPTED PRIVATE KEY-----\nQJQJ", "[redacted 42]" },
  { "\"-----BEGIN OPENSSH PRIVATE KEY-----\\nQJQJ\\n-----END OPENSSH PRIVATE KEY-----\\n\"",
    "\"[redacted 76]\\n\"" },
  { "-----BEGIN PKCS12-----\nQJQJ\n-----END PKCS12-----\n", "[redacted 48]\n" },
  { "-----BEGIN PRIVATE KEY-----\nQJQJ\n-----END CERTIFICATE-----\nQJQJ", "[redacted 63]" },
  { "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n" },
  { "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n",
    "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n" },
  /* Its begin was cut off. */
  { "log:\nQJQJ+/\nQJQJ==\n-----END PRIVATE KEY-----\nb", "log:\n[redacted 39]\nb", TRUE },
  { "\"QJQJ\\nQJQJ\\n-----END RSA PRIVATE KEY-----\\n\"", "\"[redacted 41]\\n\"", TRUE },
  { "AA\n-----END PKCS12---ééééééééééééééééééééééééééééééééééé\nb", "[redacted 91]\nb", TRUE },
  { "-----END x https://u:QJ-----QJ@h PKCS12-----", "-----END x https://[redacted 11]@h PKCS12-----" },
  /* One thing inside of another. */
  { "Authorization: -----BEGIN PRIVATE KEY-----\nQJQJ\n-----END PRIVATE KEY-----\nA: b",
    "Authorization: [redacted 58]\nA: b" },
  { "{\"password\":\"-----BEGIN PRIVATE KEY-----\\nQJQJ\\n-----END PRIVATE KEY-----\\n\",\"a\":1}",
    "{\"password\":\"[redacted 62]\",\"a\":1}" },
  { "password=Bearer QJQJ x", "password=[redacted 6] [redacted 4] x" },
  { "password=sessionId=QJQJ x", "password=[redacted 14] x" },
  { "password=sessionId = QJQJ x", "password=[redacted 9] = [redacted 4] x" },
  { "password=\"accessToken\" : \"QJQJ\" x", "password=\"[redacted 11]\" : \"[redacted 4]\" x" },
  { "-----BEGIN PRIVATE KEY-----password=\"-----END PRIVATE KEY----- QJQJ\" x", "[redacted 67]\" x" },
  { "-----END CERTIFICATE-----password: QJQJ", "-----END CERTIFICATE-----password: [redacted 4]" },
  /* Nothing to do. */
  { "", "" },
  { "opening \"shop.p12\" took 12 ms", "opening \"shop.p12\" took 12 ms" },
  { "Prüfung € 😀", "Prüfung € 😀" },
  { ":=\"'{}[]-", ":=\"'{}[]-" },
  /* Done before. */
  { "Authorization: [redacted 20]\nA: b", "Authorization: [redacted 20]\nA: b" },
  { "\"password\":\"[redacted 4]\",", "\"password\":\"[redacted 4]\"," },
  { "\"password\":[redacted 4],", "\"password\":[redacted 4]," },
  { "password=[redacted 4] x", "password=[redacted 4] x" },
  { "Bearer [redacted 4]", "Bearer [redacted 4]" },
  { "password=[redacted 4]QJQJ x", "password=[redacted 16] x" },
  { "password=[redacted]QJQJ x", "password=[redacted 14] x" },
};

static char *
redact_checked (const char *text,
                gsize       length)
{
  char *redacted = till_redact (text, (gssize) length);
  g_autofree char *twice = till_redact (redacted, -1);

  g_assert_true (g_utf8_validate (redacted, -1, NULL));
  g_assert_cmpstr (twice, ==, redacted);
  g_assert_cmpuint (strlen (redacted), <=, 4 * length + 32);

  return redacted;
}

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *redacted = redact_checked (cases[i].text, strlen (cases[i].text));

      g_assert_cmpstr (redacted, ==, cases[i].redacted);
    }
}

/* Cut off anywhere, what was hidden stays hidden, to its last letter. */
static void
test_splits (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize length = 0; length <= strlen (cases[i].text); length++)
      {
        g_autofree char *redacted = redact_checked (cases[i].text, length);

        if (!cases[i].headless && strpbrk (redacted, CANARY) != NULL)
          g_error ("'%.*s' gives '%s'", (int) length, cases[i].text, redacted);
      }
}

/* Something stands before and behind. */
static void
test_around (void)
{
  static const char * const around[] = { "\n", " ", "\n\n", "x: y\n", "{}\n", "\"\n", "\xff\n", "é\n", "=\n", "\\\n" };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (around); j++)
      {
        g_autofree char *text = g_strconcat (around[j], cases[i].text, around[j], NULL);
        g_autofree char *redacted = redact_checked (text, strlen (text));

        if (strpbrk (redacted, CANARY) != NULL)
          g_error ("'%s' gives '%s'", text, redacted);
      }
}

/* Each pair of cases, one directly behind the other. */
static void
test_pairs (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (cases); j++)
      {
        g_autofree char *text = g_strconcat (cases[i].text, cases[j].text, NULL);
        g_autofree char *redacted = redact_checked (text, strlen (text));

        /* The first may turn the second into something else, but not unhide it
         * where it was a PEM block, a header or a member. */
        if (strchr (cases[j].text, '-') == cases[j].text)
          g_assert_null (strstr (redacted, CANARY));
      }
}

static void
test_letter_case (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *upper = g_ascii_strup (cases[i].text, -1);
      g_autofree char *redacted = redact_checked (upper, strlen (upper));
      g_autofree char *lower = g_ascii_strdown (cases[i].text, -1);
      g_autofree char *redacted_lower = redact_checked (lower, strlen (lower));

      g_assert_null (strpbrk (redacted, CANARY));
      g_assert_null (strstr (redacted_lower, "qjqj"));
    }
}

static void
test_bytes (void)
{
  g_autofree char *nul = till_redact ("a\0password: QJQJ\0QJQJ\nb", 23);
  g_autofree char *invalid = till_redact ("\xff\xfe password=\xffQJQJ x", -1);

  g_assert_cmpstr (nul, ==, "a\xef\xbf\xbdpassword: [redacted 11]\nb");
  g_assert_cmpstr (invalid, ==, "\xef\xbf\xbd\xef\xbf\xbd password=[redacted 7] x");
}

/* Pieces of the rules, put together at random. */
static void
test_random (void)
{
  static const char * const pieces[] = {
    "password", "Authorization", "certificate", "\"", "\\\"", "\\", "'", ":", "=", " ", "\n", "\r\n", "\t", "&", ",",
    "{", "}", "[", "]", "Bearer ", "Basic ", "://", "@", "/", "-----BEGIN PRIVATE KEY-----", "-----BEGIN X-----",
    "-----END PRIVATE KEY-----", "-----END X-----", "AAAA", "x", "\xc3\xa9", "\xff", "[redacted 5]", "[redacted ",
    "null", "-", ".", "\"password\":\"", "\"secret\": ", "signature: ", "=>", "7",
  };

  for (int i = 0; i < 100000; i++)
    {
      g_autoptr(GString) text = g_string_new (NULL);
      int n = g_test_rand_int_range (0, 14);
      g_autofree char *redacted = NULL;

      for (int j = 0; j < n; j++)
        g_string_append (text, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
      redacted = redact_checked (text->str, text->len);
    }
}

/* What would make a careless scanner go over the text again and again. */
static void
test_fast (void)
{
  static const char * const repeated[] = {
    "password=", "\"password\":", "\"password\":[", "Bearer ", "bearer bearer", " ", "-", "-----BEGIN", "://",
    "-----BEGIN PRIVATE KEY", "-----END PRIVATE KEY", "A\n-----END PRIVATE KEY", "\\", "\"", "password:\\",
    "[redacted ", "[redacted 1", "[redacted 1]", "://a", "password :", "p-", "\n", "\"\n",
    "secret=\\\\\\\\\\\\\\\\", "{", "=", ":", "x", "x=", "d:",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (repeated); i++)
    {
      g_autoptr(GString) text = g_string_new (NULL);
      gint64 start = g_get_monotonic_time ();
      g_autofree char *redacted = NULL;

      while (text->len < 1000000)
        g_string_append (text, repeated[i]);
      redacted = till_redact (text->str, (gssize) text->len);
      /* Tens of milliseconds; hours where it went over the text again and again. */
      if (g_get_monotonic_time () - start > 20 * G_USEC_PER_SEC)
        g_error ("1 MB of '%s' took %" G_GINT64_FORMAT " µs", repeated[i], g_get_monotonic_time () - start);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/redact/cases", test_cases);
  g_test_add_func ("/redact/splits", test_splits);
  g_test_add_func ("/redact/around", test_around);
  g_test_add_func ("/redact/pairs", test_pairs);
  g_test_add_func ("/redact/letter-case", test_letter_case);
  g_test_add_func ("/redact/bytes", test_bytes);
  g_test_add_func ("/redact/random", test_random);
  g_test_add_func ("/redact/fast", test_fast);

  return g_test_run ();
}
