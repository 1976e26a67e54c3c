/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signing: the vectors of API.md, and what must never become a header. */
#include "config.h"

#include "till-signer.h"

#include <locale.h>
#include <string.h>

#include "till-error.h"
#include "till-limits.h"

static TillSecret *
secret_of (const char *text)
{
  return till_secret_new_copy (text, strlen (text));
}

/* Keeps each header under its name in lower case. */
static void
keep_header (const char *name,
             const char *value,
             gpointer    user_data)
{
  g_assert_true (g_hash_table_insert (user_data, g_ascii_strdown (name, -1), g_strdup (value)));
}

static GHashTable *
sign (const TillSigner      *signer,
      const TillSignerInput *input)
{
  g_autoptr(GHashTable) headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GError) error = NULL;
  gboolean signed_it = till_signer_sign (signer, input, keep_header, headers, &error);

  g_assert_no_error (error);
  g_assert_true (signed_it);

  return g_steal_pointer (&headers);
}

#define HUB_KEY "EXAMPLEKEY0123456789abcdefABCDEF"
#define HUB_SECRET "EXAMPLE-secret-do-not-use-0123456789"

/* API.md 1.9, CH-1 to CH-4. */
static void
test_hub (void)
{
  static const struct
  {
    const char *id;
    gint64      timestamp;
    const char *body;
    const char *authorization;
  } cases[] = {
    { "3f2b8c1e-9d47-4a6b-8e15-7c0d2a9b4f61", 1735689600000,
      "{\"merchantDetails\":{\"merchantId\":\"100008000003683\",\"terminalId\":\"10000001\"}}",
      "0st1ZTX1OU0A4oqcJvPJVDiyfkcRZI8gHM6sPTCUxIQ=" },
    { "7a1c5e90-2b3d-4f68-a1e4-5d6c7b8a9f00", 1735689600123, NULL,
      "dIZYa/UhW3Yd3scNS3pjjin3Q70pGc0l6SCWy31US7Q=" },
    { "12345678", 1735689600456,
      "{\n  \"merchantDetails\" : {\n    \"merchantId\" : \"100008000003683\"\n  }\n}",
      "AMHrWCVgWg7kfwXAJIovGRSivhFdjWgDHGUoiLUKAeM=" },
    { "0b9e4d72-61f8-4c35-9a0d-e8f7a6b5c4d3", 1735689601000,
      "{\"clientCryptographicDetails\":{\"clientKeyID\":\"caf\303\251-01\",\"usedFor\":\"RTAU\"}}",
      "4QFYVKzXzXBJvuNLLEE9sK8k5PMSRrs5gSInQJj0sdE=" },
  };
  g_autoptr(TillSecret) secret = secret_of (HUB_SECRET);
  g_autoptr(GError) error = NULL;
  g_autoptr(TillSigner) signer = till_signer_new_hub (HUB_KEY, secret, &error);

  g_assert_no_error (error);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TillSignerInput input = {
        .method = "POST", .authority = "h", .target = "/", .request_id = cases[i].id, .now_ms = cases[i].timestamp,
        .body = (const guint8 *) cases[i].body, .body_size = cases[i].body != NULL ? strlen (cases[i].body) : 0,
      };
      g_autoptr(GHashTable) headers = sign (signer, &input);
      g_autofree char *timestamp = g_strdup_printf ("%" G_GINT64_FORMAT, cases[i].timestamp);

      g_assert_cmpuint (g_hash_table_size (headers), ==, 5);
      g_assert_cmpstr (g_hash_table_lookup (headers, "api-key"), ==, HUB_KEY);
      g_assert_cmpstr (g_hash_table_lookup (headers, "client-request-id"), ==, cases[i].id);
      g_assert_cmpstr (g_hash_table_lookup (headers, "timestamp"), ==, timestamp);
      g_assert_cmpstr (g_hash_table_lookup (headers, "auth-token-type"), ==, "HMAC");
      g_assert_cmpstr (g_hash_table_lookup (headers, "authorization"), ==, cases[i].authorization);
    }
}

static void
test_hub_request_id (void)
{
  g_autofree char *too_long = g_strnfill (65, 'a');
  const char *bad[] = { NULL, "", "a b", "a\r\nX: y", "a_b", "\303\251", too_long };
  g_autoptr(TillSecret) secret = secret_of (HUB_SECRET);
  g_autoptr(TillSigner) signer = till_signer_new_hub (HUB_KEY, secret, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GHashTable) headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_autoptr(GError) error = NULL;
      TillSignerInput input = { .method = "GET", .authority = "h", .target = "/", .request_id = bad[i] };

      g_assert_false (till_signer_sign (signer, &input, keep_header, headers, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INTERNAL);
      g_assert_cmpuint (g_hash_table_size (headers), ==, 0);
    }
}

/* API.md 6.2. */
static void
test_basic (void)
{
  static const struct
  {
    const char *user;
    const char *password;
    const char *authorization;
  } cases[] = {
    { "merchant@example.com", "11111111-2222-3333-4444-555555555555",
      "Basic bWVyY2hhbnRAZXhhbXBsZS5jb206MTExMTExMTEtMjIyMi0zMzMzLTQ0NDQtNTU1NTU1NTU1NTU1" },
    { "EXAMPLEprojectkey00001", "EXAMPLEprojectsecret01",
      "Basic RVhBTVBMRXByb2plY3RrZXkwMDAwMTpFWEFNUExFcHJvamVjdHNlY3JldDAx" },
    { "a", "b", "Basic YTpi" },
    { "a", "bc", "Basic YTpiYw==" },
    { "caf\303\251", "p:\303\244", "Basic Y2Fmw6k6cDrDpA==" },
  };
  TillSignerInput input = { .method = "GET", .authority = "h", .target = "/" };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TillSecret) secret = secret_of (cases[i].password);
      g_autoptr(GError) error = NULL;
      g_autoptr(TillSigner) signer = till_signer_new_basic (cases[i].user, secret, &error);
      g_autoptr(GHashTable) headers = NULL;

      g_assert_no_error (error);
      headers = sign (signer, &input);
      g_assert_cmpuint (g_hash_table_size (headers), ==, 2);
      g_assert_cmpstr (g_hash_table_lookup (headers, "authorization"), ==, cases[i].authorization);
      g_assert_cmpstr (g_hash_table_lookup (headers, "api-revision"), ==, "1.2");
    }
}

#define DEVICES_SECRET "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define DEVICES_KEY_ID "00000000-1111-2222-3333-444444444444"
#define DEVICES_HOST "apitest.visaacceptance.com"
#define ROOT_CA "/dms/v2/devices/certificates/rootca"
#define ACTIVATION "/dms/v2/merchants/example_mid_1/activation-codes?size=1"

/* API.md 5.7. */
static void
test_http_signature (void)
{
  static const struct
  {
    TillSignatureSpelling  spelling;
    const char            *method;
    const char            *target;
    const char            *body;
    const char            *names;
    const char            *signature;
  } cases[] = {
    { TILL_SIGNATURE_DATE_REQUEST_TARGET, "GET", ROOT_CA, NULL, "host date (request-target) v-c-merchant-id",
      "lI9MlPp2xqhOcOIsIeVk4hiStSpaNYqkQXn6W/y+KhY=" },
    { TILL_SIGNATURE_DATE_BARE_TARGET, "GET", ROOT_CA, NULL, "host date request-target v-c-merchant-id",
      "QEOurCi52lo7hr45FKR4PduVjYEjaWUbQ9VZtqLDh3g=" },
    { TILL_SIGNATURE_VC_DATE_BARE_TARGET, "GET", ROOT_CA, NULL, "host v-c-date request-target v-c-merchant-id",
      "WMJ4R5PdzM8ytLIxMmpn19PujGgvJnRIm/QWfdrgomM=" },
    { TILL_SIGNATURE_DATE_REQUEST_TARGET, "POST", ACTIVATION, "{}", "host date (request-target) digest v-c-merchant-id",
      "D3DCq4ZFdY+jEBlrmooW+bZTR5kqcKZk2Ynji+eDiQM=" },
    { TILL_SIGNATURE_VC_DATE_BARE_TARGET, "POST", ACTIVATION, "{}", "host v-c-date request-target digest v-c-merchant-id",
      "x/KWfrJK3AqGVwj9DVuOPUkOSKVX+Yn1rulV0hC0NRs=" },
  };
  g_autoptr(TillSecret) secret = secret_of (DEVICES_SECRET);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TillSignerInput input = {
        .method = cases[i].method, .authority = DEVICES_HOST, .target = cases[i].target, .now_ms = 1735689600999,
        .body = (const guint8 *) cases[i].body, .body_size = cases[i].body != NULL ? strlen (cases[i].body) : 0,
      };
      g_autofree char *header = g_strdup_printf ("keyid=\"%s\", algorithm=\"HmacSHA256\", headers=\"%s\", signature=\"%s\"",
                                                 DEVICES_KEY_ID, cases[i].names, cases[i].signature);
      const char *date = cases[i].spelling == TILL_SIGNATURE_VC_DATE_BARE_TARGET ? "v-c-date" : "date";
      g_autoptr(GError) error = NULL;
      g_autoptr(TillSigner) signer =
        till_signer_new_http_signature ("example_org_1", DEVICES_KEY_ID, secret, cases[i].spelling, &error);
      g_autoptr(GHashTable) headers = NULL;

      g_assert_no_error (error);
      headers = sign (signer, &input);
      g_assert_cmpuint (g_hash_table_size (headers), ==, cases[i].body != NULL ? 4 : 3);
      g_assert_cmpstr (g_hash_table_lookup (headers, "signature"), ==, header);
      g_assert_cmpstr (g_hash_table_lookup (headers, date), ==, "Wed, 01 Jan 2025 00:00:00 GMT");
      g_assert_cmpstr (g_hash_table_lookup (headers, "v-c-merchant-id"), ==, "example_org_1");
      g_assert_cmpstr (g_hash_table_lookup (headers, "digest"), ==,
                       cases[i].body != NULL ? "SHA-256=RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=" : NULL);
    }
}

/* Every month and day of the week has its English name in every locale. */
static void
test_date (void)
{
  static const struct
  {
    gint64      seconds;
    const char *date;
  } cases[] = {
    { 0, "Thu, 01 Jan 1970 00:00:00 GMT" },
    { 1709251199, "Thu, 29 Feb 2024 23:59:59 GMT" },
    { 1772323200, "Sun, 01 Mar 2026 00:00:00 GMT" },
    { 1775001600, "Wed, 01 Apr 2026 00:00:00 GMT" },
    { 1777593600, "Fri, 01 May 2026 00:00:00 GMT" },
    { 1780272000, "Mon, 01 Jun 2026 00:00:00 GMT" },
    { 1782950399, "Wed, 01 Jul 2026 23:59:59 GMT" },
    { 1785542400, "Sat, 01 Aug 2026 00:00:00 GMT" },
    { 1788220800, "Tue, 01 Sep 2026 00:00:00 GMT" },
    { 1790812800, "Thu, 01 Oct 2026 00:00:00 GMT" },
    { 1793491200, "Sun, 01 Nov 2026 00:00:00 GMT" },
    { 1796083200, "Tue, 01 Dec 2026 00:00:00 GMT" },
    { 4102444799, "Thu, 31 Dec 2099 23:59:59 GMT" },
    { 253402300799, "Fri, 31 Dec 9999 23:59:59 GMT" },
    { 253402300800, "Fri, 31 Dec 9999 23:59:59 GMT" },
  };
  g_autofree char *before = g_strdup (setlocale (LC_ALL, NULL));
  g_autoptr(TillSecret) secret = secret_of (DEVICES_SECRET);
  g_autoptr(TillSigner) signer =
    till_signer_new_http_signature ("o", "k", secret, TILL_SIGNATURE_DATE_REQUEST_TARGET, NULL);

  /* It is not installed everywhere; where it is, it has its own names for months. */
  if (setlocale (LC_ALL, "de_DE.UTF-8") == NULL)
    g_test_message ("no German locale here");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TillSignerInput input = { .method = "GET", .authority = "h", .target = "/", .now_ms = cases[i].seconds * 1000 };
      g_autoptr(GHashTable) headers = sign (signer, &input);

      g_assert_cmpstr (g_hash_table_lookup (headers, "date"), ==, cases[i].date);
    }

  setlocale (LC_ALL, before);
}

/* API.md 5.7. */
static void
test_jwt (void)
{
  TillSignerInput input = {
    .method = "GET", .authority = DEVICES_HOST, .target = ROOT_CA, .now_ms = 1735689600000,
    .nonce = "9b2f1d60-3c4e-4a7b-8d15-6e0f7a8b9c0d",
  };
  static const char head[] = "{\"typ\":\"JWT\",\"alg\":\"HS256\",\"kid\":\"00000000-1111-2222-3333-444444444444\"}";
  g_autoptr(TillSecret) secret = secret_of (DEVICES_SECRET);
  g_autoptr(GError) error = NULL;
  g_autoptr(TillSigner) signer = till_signer_new_jwt ("example_org_1", DEVICES_KEY_ID, secret, &error);
  g_autoptr(GHashTable) headers = NULL;
  g_autofree char *first = NULL;
  g_auto(GStrv) parts = NULL;
  const char *value;
  g_autofree guchar *decoded = NULL;
  gsize size;

  g_assert_no_error (error);
  headers = sign (signer, &input);
  g_assert_cmpuint (g_hash_table_size (headers), ==, 1);
  value = g_hash_table_lookup (headers, "authorization");
  g_assert_true (g_str_has_prefix (value, "Bearer "));

  parts = g_strsplit (value + strlen ("Bearer "), ".", -1);
  g_assert_cmpuint (g_strv_length (parts), ==, 3);
  g_assert_cmpstr (parts[2], ==, "nKkHYsn1LgDpiGq6njRIO6MmE7jFOkXQd-wcyGGpou0");
  decoded = g_base64_decode (parts[0], &size);
  g_assert_cmpmem (decoded, size, head, strlen (head));

  /* Without a nonce each is another. */
  input.nonce = NULL;
  g_clear_pointer (&headers, g_hash_table_unref);
  headers = sign (signer, &input);
  first = g_strdup (g_hash_table_lookup (headers, "authorization"));
  g_clear_pointer (&headers, g_hash_table_unref);
  headers = sign (signer, &input);
  g_assert_cmpstr (first, !=, g_hash_table_lookup (headers, "authorization"));
}

/* With a body the claims hold its digest, without the prefix of HTTP Signature. */
static void
test_jwt_body (void)
{
  TillSignerInput input = {
    .method = "POST", .authority = DEVICES_HOST, .target = ACTIVATION, .now_ms = 1735689600000,
    .body = (const guint8 *) "{}", .body_size = 2,
  };
  g_autoptr(TillSecret) secret = secret_of (DEVICES_SECRET);
  g_autoptr(TillSigner) signer = till_signer_new_jwt ("o", "k", secret, NULL);
  g_autoptr(GHashTable) headers = sign (signer, &input);
  g_auto(GStrv) parts = g_strsplit (g_hash_table_lookup (headers, "authorization"), ".", -1);
  g_autofree char *padded = g_strconcat (parts[1], "===", NULL);
  g_autofree char *claims = NULL;
  gsize size;

  g_strdelimit (padded, "-", '+');
  g_strdelimit (padded, "_", '/');
  padded[(strlen (parts[1]) + 3) / 4 * 4] = '\0';
  claims = (char *) g_base64_decode (padded, &size);
  claims = g_realloc (claims, size + 1);
  claims[size] = '\0';
  g_assert_nonnull (strstr (claims, "\"digest\":\"RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=\","
                                    "\"digest-algorithm\":\"SHA-256\""));
  g_assert_nonnull (strstr (claims, "\"exp\":1735689720,"));
  g_assert_nonnull (strstr (claims, "\"request-resource-path\":\"" ACTIVATION "\""));
}

/* Row 61: blanks at the ends go, what can't be in a key is named; nothing of the secret is. */
static void
test_secret_text (void)
{
  static const struct
  {
    const char *text;
    const char *says;        /* NULL: signs as "secret" does */
  } cases[] = {
    { "secret", NULL },
    { "secret\n", NULL },
    { "\t secret \r\n\n", NULL },
    { "", "is empty" },
    { " \r\n\t", "is empty" },
    { "canary\nsecret", "U+000A" },
    { "canary\tsecret", "U+0009" },
    { "canary\033secret", "U+001B" },
    { "canary\177secret", "U+007F" },
    { "canary\302\205secret", "U+0085" },
    { "canary\302\240secret", "U+00A0" },
    { "canary\302\255secret", "U+00AD" },
    { "canary\342\200\213secret", "U+200B" },
    { "\342\200\213canary", "U+200B" },
    { "canary\342\200\215", "U+200D" },
    { "canary\342\200\250secret", "U+2028" },
    { "canary\342\200\256secret", "U+202E" },
    { "canary\342\201\240secret", "U+2060" },
    { "canary\357\273\277secret", "U+FEFF" },
    { "\357\273\277canary", "U+FEFF" },
    { "canary\377secret", "not valid text" },
  };
  TillSignerInput input = { .method = "GET", .authority = "h", .target = "/", .request_id = "1", .now_ms = 1 };
  g_autofree char *expected = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TillSecret) secret = secret_of (cases[i].text);
      g_autoptr(GError) error = NULL;
      g_autoptr(TillSigner) signer = till_signer_new_hub ("key", secret, &error);
      g_autoptr(GError) basic_error = NULL;
      g_autoptr(TillSigner) basic = till_signer_new_basic ("user", secret, &basic_error);

      if (cases[i].says == NULL)
        {
          g_autoptr(GHashTable) headers = NULL;

          g_assert_no_error (error);
          g_assert_no_error (basic_error);
          headers = sign (signer, &input);
          if (expected == NULL)
            expected = g_strdup (g_hash_table_lookup (headers, "authorization"));
          g_assert_cmpstr (g_hash_table_lookup (headers, "authorization"), ==, expected);
          continue;
        }

      g_assert_null (signer);
      g_assert_null (basic);
      g_assert_error (error, TILL_ERROR, TILL_ERROR_REJECTED);
      g_assert_error (basic_error, TILL_ERROR, TILL_ERROR_REJECTED);
      g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_FIELD);
      g_assert_cmpstr (till_error_get_detail (error), ==, "api-secret");
      g_assert_cmpstr (till_error_get_detail (basic_error), ==, "password");
      g_assert_nonnull (strstr (error->message, cases[i].says));
      g_assert_null (strstr (error->message, "canary"));
      g_assert_null (strstr (basic_error->message, "canary"));
    }
}

static void
test_secret_bytes (void)
{
  g_autoptr(TillSecret) nul = till_secret_new_copy ("can\0ary", 7);
  g_autoptr(TillSecret) large = till_secret_new (TILL_LIMIT_PASSWORD_BYTES + 1);
  g_autoptr(TillSecret) just = till_secret_new (TILL_LIMIT_PASSWORD_BYTES);
  g_autoptr(TillSigner) signer = NULL;
  g_autoptr(GError) error = NULL;

  signer = till_signer_new_hub ("key", nul, &error);
  g_assert_null (signer);
  g_assert_nonnull (strstr (error->message, "U+0000"));
  g_clear_error (&error);

  memset (till_secret_get_buffer (large), 'x', till_secret_get_size (large));
  signer = till_signer_new_hub ("key", large, &error);
  g_assert_null (signer);
  g_assert_nonnull (strstr (error->message, "too long"));
  g_clear_error (&error);

  memset (till_secret_get_buffer (just), 'x', till_secret_get_size (just));
  signer = till_signer_new_hub ("key", just, &error);
  g_assert_no_error (error);
  g_assert_nonnull (signer);
}

static void
test_names (void)
{
  g_autoptr(TillSecret) secret = secret_of ("secret");
  g_autoptr(TillSecret) shared = secret_of (DEVICES_SECRET);
  static const char * const keys[] = { NULL, "", " ", "a b", "a\r\nX-Evil: 1", "k\303\251y", "k\342\200\213y" };
  static const char * const users[] = { NULL, "", "a:b", ":", "a\nb", "a\342\200\213b" };
  static const char * const ids[] = { "", "a\"b", "a\\b", "a b", "\303\251" };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (till_signer_new_hub (keys[i], secret, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_REJECTED);
      g_assert_cmpstr (till_error_get_detail (error), ==, "api-key");
    }

  for (gsize i = 0; i < G_N_ELEMENTS (users); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (till_signer_new_basic (users[i], secret, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_REJECTED);
      g_assert_cmpstr (till_error_get_detail (error), ==, "user");
    }

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (till_signer_new_jwt (ids[i], "k", shared, &error));
      g_assert_cmpstr (till_error_get_detail (error), ==, "organization");
      g_clear_error (&error);
      g_assert_null (till_signer_new_http_signature ("o", ids[i], shared, TILL_SIGNATURE_DATE_REQUEST_TARGET, &error));
      g_assert_cmpstr (till_error_get_detail (error), ==, "key-id");
    }
}

/* The shared secret is Base64, as people paste it. */
static void
test_shared_secret (void)
{
  static const struct
  {
    const char *text;
    gboolean    good;
  } cases[] = {
    { DEVICES_SECRET, TRUE },
    { "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", TRUE },
    { "  AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n", TRUE },
    { "AAECAwQFBgcICQoL DA0ODxAREhMUFRYX GBkaGxwdHh8=", TRUE },
    { "canary-AAECAwQ", FALSE },
    { "canary_AAECAwQ", FALSE },
    { "AAEC=AwQ", FALSE },
    { "AAECA", FALSE },
    { "AAECAA=", FALSE },
    { "AAECA===", FALSE },
    { "AAEC====", FALSE },
    { "=", FALSE },
    { "==", FALSE },
  };
  TillSignerInput input = { .method = "GET", .authority = DEVICES_HOST, .target = ROOT_CA, .now_ms = 1735689600000 };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TillSecret) secret = secret_of (cases[i].text);
      g_autoptr(GError) error = NULL;
      g_autoptr(TillSigner) signer =
        till_signer_new_http_signature ("example_org_1", DEVICES_KEY_ID, secret, TILL_SIGNATURE_DATE_REQUEST_TARGET, &error);
      g_autoptr(GHashTable) headers = NULL;

      if (!cases[i].good)
        {
          g_assert_null (signer);
          g_assert_error (error, TILL_ERROR, TILL_ERROR_REJECTED);
          g_assert_cmpstr (till_error_get_detail (error), ==, "shared-secret");
          g_assert_null (strstr (error->message, "canary"));
          continue;
        }

      g_assert_no_error (error);
      headers = sign (signer, &input);
      g_assert_true (g_str_has_suffix (g_hash_table_lookup (headers, "signature"),
                                       "signature=\"lI9MlPp2xqhOcOIsIeVk4hiStSpaNYqkQXn6W/y+KhY=\""));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/signer/hub", test_hub);
  g_test_add_func ("/signer/hub-request-id", test_hub_request_id);
  g_test_add_func ("/signer/basic", test_basic);
  g_test_add_func ("/signer/http-signature", test_http_signature);
  g_test_add_func ("/signer/date", test_date);
  g_test_add_func ("/signer/jwt", test_jwt);
  g_test_add_func ("/signer/jwt-body", test_jwt_body);
  g_test_add_func ("/signer/secret-text", test_secret_text);
  g_test_add_func ("/signer/secret-bytes", test_secret_bytes);
  g_test_add_func ("/signer/names", test_names);
  g_test_add_func ("/signer/shared-secret", test_shared_secret);

  return g_test_run ();
}
