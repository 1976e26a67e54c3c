/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is sent to Commerce Hub, byte by byte: the same bytes are signed, kept in the journal and sent. */
#include "config.h"

#include <string.h>

#include "answers.h"
#include <gnutls/abstract.h>

#include "fault-identity.h"
#include "till-error.h"
#include "till-hub-private.h"

#define HUB_URL "https://connect-cert.fiservapis.com/ch/"
#define MERCHANT "100008000003683"

static TillHub *
new_hub (const char  *merchant,
         const char  *terminal,
         GError     **error)
{
  g_autoptr(TillClock) clock = till_clock_new_fixed (1735689600);
  g_autoptr(TillTransport) transport = till_transport_new (clock, NULL, NULL);
  g_autoptr(TillSecret) secret = secret_of ("EXAMPLE-secret-do-not-use-0123456789");

  return till_hub_new (transport, HUB_URL, merchant, terminal, "EXAMPLEKEY0123456789abcdefABCDEF", secret, error);
}

static TillHub *
good_hub (void)
{
  g_autoptr(GError) error = NULL;
  TillHub *hub = new_hub (MERCHANT, "10000001", &error);

  g_assert_no_error (error);

  return hub;
}

static void
test_generate (void)
{
  g_autoptr(TillHub) hub = good_hub ();
  g_autoptr(TillHub) without = new_hub (MERCHANT, NULL, NULL);
  g_autoptr(TillHub) empty = new_hub ("m\"1", "", NULL);
  g_autoptr(TillHubRequest) request = till_hub_request_generate (hub, "3f2b8c1e-9d47-4a6b-8e15-7c0d2a9b4f61");
  g_autoptr(TillHubRequest) short_one = till_hub_request_generate (without, NULL);
  g_autoptr(TillHubRequest) quoted_one = till_hub_request_generate (empty, NULL);
  g_autoptr(TillHubRequest) other = till_hub_request_generate (without, NULL);

  /* The body of vector CH-1. */
  g_assert_cmpstr (request->body, ==, "{\"merchantDetails\":{\"merchantId\":\"100008000003683\",\"terminalId\":\"10000001\"}}");
  g_assert_cmpstr (request->path, ==, "/security/v1/keys/generate");
  g_assert_cmpstr (request->request_id, ==, "3f2b8c1e-9d47-4a6b-8e15-7c0d2a9b4f61");
  g_assert_cmpint (request->operation, ==, TILL_HUB_GENERATE);

  g_assert_cmpstr (short_one->body, ==, "{\"merchantDetails\":{\"merchantId\":\"100008000003683\"}}");
  g_assert_cmpstr (quoted_one->body, ==, "{\"merchantDetails\":{\"merchantId\":\"m\\\"1\"}}");

  /* A new one for each request, of version 4, within what the service takes (API.md 1.2). */
  g_assert_true (g_uuid_string_is_valid (short_one->request_id));
  g_assert_cmpint (short_one->request_id[14], ==, '4');
  g_assert_cmpstr (short_one->request_id, !=, other->request_id);
}

static void
test_profile (void)
{
  static const struct
  {
    const char *merchant;
    const char *terminal;
    const char *field;
  } cases[] = {
    { NULL, NULL, "merchantId" },
    { "", "1", "merchantId" },
    { "a\nb", NULL, "merchantId" },
    { "\377", NULL, "merchantId" },
    { "1", "a\tb", "terminalId" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (new_hub (cases[i].merchant, cases[i].terminal, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_REJECTED);
      g_assert_cmpstr (till_error_get_detail (error), ==, cases[i].field);
    }
}

static void
test_revoke (void)
{
  static const struct
  {
    const char *key_id;
    const char *path;      /* NULL: refused */
  } cases[] = {
    { "accb12d8-684e-4261-9786-1b54f98d48ee", "/security/v1/keys/accb12d8-684e-4261-9786-1b54f98d48ee/revoke" },
    { "a b/../c?d#e%", "/security/v1/keys/a%20b%2F..%2Fc%3Fd%23e%25/revoke" },
    { "\303\244", "/security/v1/keys/%C3%A4/revoke" },
    { "924ee01b95ff1bfb45514cbe28f913725d82f8fe0ffc450c3582b00bc4b8414d",
      "/security/v1/keys/924ee01b95ff1bfb45514cbe28f913725d82f8fe0ffc450c3582b00bc4b8414d/revoke" },
    { "924ee01b95ff1bfb45514cbe28f913725d82f8fe0ffc450c3582b00bc4b8414d1", NULL },
    { "", NULL },
    { ".", NULL },
    { "..", NULL },
    { "a\nb", NULL },
    { "\377", NULL },
  };
  g_autoptr(TillHub) hub = good_hub ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TillHubRequest) request = till_hub_request_revoke (hub, cases[i].key_id, "id", &error);
      g_autofree char *asked = NULL;

      if (cases[i].path == NULL)
        {
          g_assert_null (request);
          g_assert_error (error, TILL_ERROR, TILL_ERROR_REJECTED);
          g_assert_cmpstr (till_error_get_detail (error), ==, "keyId");
          continue;
        }

      g_assert_no_error (error);
      g_assert_cmpstr (request->path, ==, cases[i].path);
      g_assert_cmpstr (request->body, ==,
                       "{\"merchantDetails\":{\"merchantId\":\"100008000003683\",\"terminalId\":\"10000001\"}}");
      asked = till_hub_request_dup_asked (request);
      g_assert_cmpstr (asked, ==, cases[i].key_id);
    }
}

static void
test_credentials (void)
{
  static const struct
  {
    guint       minutes;
    const char *redirect;
    const char *begin;     /* of the body; NULL: refused */
    const char *field;
  } cases[] = {
    { 0, NULL, "{", NULL },
    { 1, NULL, "{\"accessTokenTimeToLive\":\"60000\",", NULL },
    { 30, NULL, "{\"accessTokenTimeToLive\":\"1800000\",", NULL },
    { 31, NULL, NULL, "accessTokenTimeToLive" },
    { G_MAXUINT, NULL, NULL, "accessTokenTimeToLive" },
    { 0, "https://www.somedomain.com", "{\"responseRedirectURL\":\"https://www.somedomain.com\",", NULL },
    { 15, "https://h.example:8443/a?b=c#d",
      "{\"accessTokenTimeToLive\":\"900000\",\"responseRedirectURL\":\"https://h.example:8443/a?b=c#d\",", NULL },
    { 0, "http://h.example/", NULL, "responseRedirectURL" },
    { 0, "https:///path", NULL, "responseRedirectURL" },
    { 0, "https://", NULL, "responseRedirectURL" },
    { 0, "//h.example", NULL, "responseRedirectURL" },
    { 0, "/path", NULL, "responseRedirectURL" },
    { 0, "", NULL, "responseRedirectURL" },
    { 0, "https://user@h.example/", NULL, "responseRedirectURL" },
    { 0, "https://h.example\\@evil.example/", NULL, "responseRedirectURL" },
    { 0, "https://h.example/a b", NULL, "responseRedirectURL" },
    { 0, "https://h.example/\n", NULL, "responseRedirectURL" },
    { 0, "javascript:alert(1)", NULL, "responseRedirectURL" },
    { 0, "https://h.example/\377", NULL, "responseRedirectURL" },
  };
  g_autoptr(TillHub) hub = good_hub ();
  g_autofree char *path = g_strnfill (4000, 'a');
  g_autofree char *too_long = g_strconcat ("https://h.example/", path, NULL);
  g_autoptr(GError) length_error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TillHubRequest) request = till_hub_request_credentials (hub, cases[i].minutes, cases[i].redirect, NULL,
                                                                        &error);
      g_autofree char *body = NULL;

      g_test_message ("case %u", (guint) i);
      if (cases[i].begin == NULL)
        {
          g_assert_null (request);
          g_assert_error (error, TILL_ERROR, TILL_ERROR_REJECTED);
          g_assert_cmpstr (till_error_get_detail (error), ==, cases[i].field);
          continue;
        }

      g_assert_no_error (error);
      body = g_strconcat (cases[i].begin, "\"merchantDetails\":{\"merchantId\":\"100008000003683\","
                          "\"terminalId\":\"10000001\"}}", NULL);
      g_assert_cmpstr (request->body, ==, body);
      g_assert_cmpstr (request->path, ==, "/payments-vas/v1/security/credentials");
      g_assert_null (strstr (request->body, "Required"));
    }

  g_assert_null (till_hub_request_credentials (hub, 0, too_long, NULL, &length_error));
  g_assert_error (length_error, TILL_ERROR, TILL_ERROR_REJECTED);
}

static GBytes *
export_certificate (FaultIdentity *identity)
{
  gnutls_datum_t der;
  GBytes *bytes;

  g_assert_cmpint (gnutls_x509_crt_export2 (identity->certificate, GNUTLS_X509_FMT_DER, &der), ==, 0);
  bytes = g_bytes_new (der.data, der.size);
  gnutls_free (der.data);

  return bytes;
}

static GBytes *
export_public (FaultIdentity *identity)
{
  gnutls_pubkey_t key;
  gnutls_datum_t der;
  GBytes *bytes;

  g_assert_cmpint (gnutls_pubkey_init (&key), ==, 0);
  g_assert_cmpint (gnutls_pubkey_import_x509 (key, identity->certificate, 0), ==, 0);
  g_assert_cmpint (gnutls_pubkey_export2 (key, GNUTLS_X509_FMT_DER, &der), ==, 0);
  bytes = g_bytes_new (der.data, der.size);
  gnutls_free (der.data);
  gnutls_pubkey_deinit (key);

  return bytes;
}

static GBytes *
export_private (FaultIdentity             *identity,
                gnutls_x509_crt_fmt_t      format,
                const char                *password,
                gnutls_pkcs_encrypt_flags_t flags)
{
  gnutls_datum_t data;
  GBytes *bytes;

  if (password != NULL)
    g_assert_cmpint (gnutls_x509_privkey_export2_pkcs8 (identity->key, format, password, flags, &data), ==, 0);
  else
    g_assert_cmpint (gnutls_x509_privkey_export2 (identity->key, format, &data), ==, 0);
  bytes = g_bytes_new (data.data, data.size);
  gnutls_free (data.data);

  return bytes;
}

static GBytes *
join (GBytes *a,
      GBytes *b)
{
  GByteArray *both = g_byte_array_new ();

  g_byte_array_append (both, g_bytes_get_data (a, NULL), (guint) g_bytes_get_size (a));
  g_byte_array_append (both, g_bytes_get_data (b, NULL), (guint) g_bytes_get_size (b));

  return g_byte_array_free_to_bytes (both);
}

static void
test_upload (void)
{
  g_autoptr(TillHub) hub = good_hub ();
  g_autoptr(FaultIdentity) identity = fault_identity_new (&(FaultPlan) { .name = "Client", .rsa_bits = 2048 }, NULL);
  g_autoptr(GBytes) certificate = export_certificate (identity);
  g_autoptr(GBytes) public_key = export_public (identity);
  g_autofree char *certificate64 = g_base64_encode (g_bytes_get_data (certificate, NULL), g_bytes_get_size (certificate));
  g_autofree char *public64 = g_base64_encode (g_bytes_get_data (public_key, NULL), g_bytes_get_size (public_key));
  g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, public_key);
  const struct
  {
    TillHubUpload  upload;
    const char    *id;
    const char    *resource;
    const char    *rest;
  } cases[] = {
    { { .resource = certificate, .is_certificate = TRUE, .length = 2048 }, sha256, certificate64,
      "\"cryptographicAlgorithm\":\"JWE\",\"cryptographicResourceEncoding\":\".pem\","
      "\"cryptographicResourceType\":\"CERTIFICATE\",\"cryptographicResourceLength\":2048,\"usedFor\":\"RTAU\"" },
    { { .resource = public_key, .key_id = "my-key", .algorithm = "DUKPT", .used_for = "OTHER", .old_spelling = TRUE },
      "my-key", public64,
      "\"cryptographicAlgorithm\":\"DUKPT\",\"cryptographicResourceEncoding\":\".pemEncoded\","
      "\"cryptographicResourceType\":\"KEY\",\"cryptographicResourceLength\":2048,\"usedFor\":\"OTHER\"" },
    { { .resource = public_key, .public_key_sha256 = sha256, .algorithm = "JWT" }, sha256, public64,
      "\"cryptographicAlgorithm\":\"JWT\",\"cryptographicResourceEncoding\":\".pem\","
      "\"cryptographicResourceType\":\"KEY\",\"cryptographicResourceLength\":2048,\"usedFor\":\"RTAU\"" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TillHubRequest) request = till_hub_request_upload (hub, &cases[i].upload, NULL, &error);
      g_autofree char *body = NULL;
      g_autofree char *asked = NULL;

      g_assert_no_error (error);
      body = g_strdup_printf ("{\"clientCryptographicDetails\":{\"clientKeyID\":\"%s\",\"cryptographicResource\":\"%s\",%s},"
                              "\"merchantDetails\":{\"merchantId\":\"100008000003683\",\"terminalId\":\"10000001\"}}",
                              cases[i].id, cases[i].resource, cases[i].rest);
      g_assert_cmpstr (request->body, ==, body);
      g_assert_null (strchr (request->body, '\n'));
      g_assert_cmpstr (request->path, ==, "/tms/v1/client-certificate");
      asked = till_hub_request_dup_asked (request);
      g_assert_cmpstr (asked, ==, cases[i].id);
    }
}

/* A private key in whatever clothes stays here (API.md 2.5). */
static void
test_upload_refused (void)
{
  g_autoptr(TillHub) hub = good_hub ();
  g_autoptr(FaultIdentity) identity = fault_identity_new (&(FaultPlan) { .name = "Client" }, NULL);
  g_autoptr(GBytes) certificate = export_certificate (identity);
  g_autoptr(GBytes) public_key = export_public (identity);
  g_autoptr(GBytes) der = export_private (identity, GNUTLS_X509_FMT_DER, NULL, 0);
  g_autoptr(GBytes) pem = export_private (identity, GNUTLS_X509_FMT_PEM, NULL, 0);
  g_autoptr(GBytes) encrypted = export_private (identity, GNUTLS_X509_FMT_DER, "pw", GNUTLS_PKCS_PBES2_AES_256);
  g_autoptr(GBytes) encrypted_pem = export_private (identity, GNUTLS_X509_FMT_PEM, "pw", GNUTLS_PKCS_PBES2_AES_256);
  g_autoptr(GBytes) behind = join (certificate, der);
  g_autoptr(GBytes) behind_pem = join (certificate, pem);
  g_autoptr(GBytes) empty = g_bytes_new (NULL, 0);
  g_autoptr(GBytes) words = g_bytes_new_static ("hello", 5);
  const struct
  {
    TillHubUpload  upload;
    const char    *field;
  } cases[] = {
    { { .resource = der }, "cryptographicResource" },
    { { .resource = der, .is_certificate = TRUE }, "cryptographicResource" },
    { { .resource = pem }, "cryptographicResource" },
    { { .resource = encrypted }, "cryptographicResource" },
    { { .resource = encrypted_pem, .is_certificate = TRUE }, "cryptographicResource" },
    { { .resource = behind, .is_certificate = TRUE }, "cryptographicResource" },
    { { .resource = behind_pem, .is_certificate = TRUE }, "cryptographicResource" },
    { { .resource = empty }, "cryptographicResource" },
    { { .resource = words }, NULL },
    { { .resource = words, .is_certificate = TRUE }, NULL },
    { { .resource = certificate }, NULL },
    { { .resource = public_key, .is_certificate = TRUE }, NULL },
    { { .resource = public_key, .algorithm = "RSA-OAEP" }, "cryptographicAlgorithm" },
    { { .resource = public_key, .length = 2048 }, "cryptographicResourceLength" },
    { { .resource = public_key, .key_id = "" }, "clientKeyID" },
    { { .resource = public_key, .key_id = "12345678901234567890123456789012345678901234567890123456789012345" },
      "clientKeyID" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TillHubRequest) request = till_hub_request_upload (hub, &cases[i].upload, NULL, &error);

      g_test_message ("case %u: %s", (guint) i, error != NULL ? error->message : request->body);
      g_assert_null (request);
      g_assert_nonnull (error);
      g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_NOT_SENT);
      if (cases[i].field != NULL)
        {
          g_assert_error (error, TILL_ERROR, TILL_ERROR_REJECTED);
          g_assert_cmpstr (till_error_get_detail (error), ==, cases[i].field);
        }
    }
}

static void
test_again (void)
{
  g_autoptr(TillHub) hub = good_hub ();
  g_autoptr(TillHubRequest) status = till_hub_request_status (hub);
  g_autoptr(TillHubRequest) again = till_hub_request_again (TILL_HUB_REVOKE, "/security/v1/keys/k/revoke", "id", "{ }");
  g_autoptr(TillHubRequest) odd = till_hub_request_again (TILL_HUB_UPLOAD, "/tms/v1/client-certificate", "id", "not JSON");
  g_autoptr(TillHubRequest) short_one = till_hub_request_again (TILL_HUB_REVOKE, "/security/v1/keys//revoke", "id", NULL);
  g_autofree char *asked = till_hub_request_dup_asked (again);

  g_assert_null (status->body);
  g_assert_cmpstr (status->path, ==, "/status");
  g_assert_null (till_hub_request_dup_asked (status));

  g_assert_cmpint (again->operation, ==, TILL_HUB_REVOKE);
  g_assert_cmpstr (again->request_id, ==, "id");
  g_assert_cmpstr (again->body, ==, "{ }");
  g_assert_cmpstr (asked, ==, "k");
  g_assert_null (till_hub_request_dup_asked (odd));
  g_assert_null (till_hub_request_dup_asked (short_one));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/hub/request/generate", test_generate);
  g_test_add_func ("/hub/request/profile", test_profile);
  g_test_add_func ("/hub/request/revoke", test_revoke);
  g_test_add_func ("/hub/request/credentials", test_credentials);
  g_test_add_func ("/hub/request/upload", test_upload);
  g_test_add_func ("/hub/request/upload-refused", test_upload_refused);
  g_test_add_func ("/hub/request/again", test_again);

  return g_test_run ();
}
