/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests to Commerce Hub, as they are written to the journal and then sent: the same bytes. */
#include "config.h"

#include "till-hub-private.h"

#include <string.h>

#include "till-certificate.h"
#include "till-der.h"
#include "till-document.h"
#include "till-error.h"
#include "till-json-writer.h"
#include "till-limits.h"

#define GENERATE_PATH "/security/v1/keys/generate"
#define REVOKE_BEGIN "/security/v1/keys/"
#define REVOKE_END "/revoke"
#define UPLOAD_PATH "/tms/v1/client-certificate"
#define CREDENTIALS_PATH "/payments-vas/v1/security/credentials"
#define STATUS_PATH "/status"

/* API.md 2.2, 3.1, 4.1. */
#define KEY_ID_CHARS 64
#define REDIRECT_CHARS 4000
#define MAX_MINUTES 30
#define RESOURCE_BYTES (48 * 1024)

static TillHubRequest *
new_request (TillHubOperation  operation,
             const char       *path,
             const char       *request_id,
             char             *body)
{
  TillHubRequest *self = g_new0 (TillHubRequest, 1);

  self->operation = operation;
  self->path = g_strdup (path);
  self->request_id = request_id != NULL ? g_strdup (request_id) : g_uuid_string_random ();
  self->body = body;

  return self;
}

/**
 * till_hub_request_free:
 * @self: (nullable) (transfer full): a request
 *
 * Frees it.
 */
void
till_hub_request_free (TillHubRequest *self)
{
  if (self == NULL)
    return;

  g_free (self->path);
  g_free (self->request_id);
  g_free (self->body);
  g_free (self);
}

/**
 * till_hub_request_again:
 * @operation: which call
 * @path: as it was
 * @request_id: as it was
 * @body: (nullable): as it was
 *
 * Makes a request of what the journal holds, to send the very same once more
 * (RELIABILITY.md G17).
 *
 * Returns: (transfer full): the request
 */
TillHubRequest *
till_hub_request_again (TillHubOperation  operation,
                        const char       *path,
                        const char       *request_id,
                        const char       *body)
{
  g_return_val_if_fail (path != NULL && request_id != NULL, NULL);

  return new_request (operation, path, request_id, g_strdup (body));
}

/* Always the same bytes for the same request, without a blank (API.md 1.3). */
static void
begin_body (TillJsonWriter *writer,
            GString        *out)
{
  till_json_writer_init (writer, out, FALSE);
  till_json_writer_begin_object (writer);
}

static void
write_text (TillJsonWriter *writer,
            const char     *name,
            const char     *value)
{
  till_json_writer_member (writer, name);
  till_json_writer_string (writer, value);
}

/* The terminal is sent wherever it is known (API.md 3.1). */
static void
write_merchant (TillJsonWriter *writer,
                TillHub        *hub)
{
  const char *terminal = till_hub_get_terminal_id (hub);

  till_json_writer_member (writer, "merchantDetails");
  till_json_writer_begin_object (writer);
  write_text (writer, "merchantId", till_hub_get_merchant_id (hub));
  if (terminal != NULL)
    write_text (writer, "terminalId", terminal);
  till_json_writer_end_object (writer);
}

static char *
end_body (TillJsonWriter *writer)
{
  till_json_writer_end_object (writer);

  return g_string_free (writer->out, FALSE);
}

static char *
merchant_body (TillHub *hub)
{
  TillJsonWriter writer;

  begin_body (&writer, g_string_new (NULL));
  write_merchant (&writer, hub);

  return end_body (&writer);
}

/**
 * till_hub_request_generate:
 * @self: a client
 * @request_id: (nullable): %NULL makes a new one
 *
 * A new multi-use public key (services/commerce-hub-keys.md).
 *
 * Returns: (transfer full): the request
 */
TillHubRequest *
till_hub_request_generate (TillHub    *self,
                           const char *request_id)
{
  g_return_val_if_fail (TILL_IS_HUB (self), NULL);

  return new_request (TILL_HUB_GENERATE, GENERATE_PATH, request_id, merchant_body (self));
}

static gboolean
check_key_id (const char  *key_id,
              const char  *field,
              GError     **error)
{
  gboolean good = key_id[0] != '\0' && g_utf8_validate (key_id, -1, NULL) &&
                  g_utf8_strlen (key_id, -1) <= KEY_ID_CHARS &&
                  !g_str_equal (key_id, ".") && !g_str_equal (key_id, "..");

  for (const char *p = key_id; good && *p != '\0'; p++)
    good = !g_ascii_iscntrl (*p);

  if (!good)
    till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_FIELD, field, NULL,
                    "this is not a key id: one has 1 to %d characters", KEY_ID_CHARS);

  return good;
}

/**
 * till_hub_request_revoke:
 * @self: a client
 * @key_id: of the key that ends
 * @request_id: (nullable): %NULL makes a new one
 * @error: (out) (optional): %TILL_ERROR_REJECTED where @key_id can't be one
 *
 * Withdraws a key for good.
 *
 * Returns: (transfer full) (nullable): the request, %NULL with @error set
 */
TillHubRequest *
till_hub_request_revoke (TillHub     *self,
                         const char  *key_id,
                         const char  *request_id,
                         GError     **error)
{
  g_autofree char *escaped = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (TILL_IS_HUB (self), NULL);
  g_return_val_if_fail (key_id != NULL, NULL);

  if (!check_key_id (key_id, "keyId", error))
    return NULL;

  escaped = g_uri_escape_string (key_id, NULL, FALSE);
  path = g_strconcat (REVOKE_BEGIN, escaped, REVOKE_END, NULL);

  return new_request (TILL_HUB_REVOKE, path, request_id, merchant_body (self));
}

static gboolean
refuse (const char  *field,
        const char  *why,
        GError     **error)
{
  till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_FIELD, field, NULL, "%s", why);

  return FALSE;
}

/* A private key must not leave this computer, whatever it looks like (API.md 2.5). */
static gboolean
check_no_private_key (GBytes  *resource,
                      GError **error)
{
  const TillInspectOptions options = { 0 };
  g_autoptr(TillDocument) document = NULL;
  g_autoptr(GError) reason = NULL;
  gboolean is_private;
  const guint8 *data;
  gsize size;

  data = g_bytes_get_data (resource, &size);
  document = till_document_parse (data, size, &options, &reason);

  if (document != NULL)
    is_private = document->encrypted || document->private_keys->len > 0 || document->kind == TILL_DOCUMENT_PKCS12;
  else
    is_private = reason->domain == TILL_ERROR &&
                 (reason->code == TILL_ERROR_PASSWORD_REQUIRED || reason->code == TILL_ERROR_WRONG_PASSWORD);

  return !is_private ||
         refuse ("cryptographicResource", "this holds a private key; only the certificate or its public key is sent",
                 error);
}

/* What must be known of the public key that is uploaded, by itself or in its certificate. */
static gboolean
read_resource (const TillHubUpload  *upload,
               int                  *bits,
               char                 *sha256,
               gsize                 sha256_size,
               GError              **error)
{
  const guint8 *data;
  gsize size;

  data = g_bytes_get_data (upload->resource, &size);
  if (size == 0 || size > RESOURCE_BYTES)
    return refuse ("cryptographicResource", "what is to be uploaded is empty or too large", error);
  if (!check_no_private_key (upload->resource, error))
    return FALSE;
  /* Readers leave out what stands behind; here it would be sent. */
  if (till_der_whole_size (data, size) != size)
    return refuse ("cryptographicResource", "what is to be uploaded is not one whole certificate or public key in DER",
                   error);

  if (upload->is_certificate)
    {
      g_autoptr(TillCertificate) certificate = till_certificate_new_from_der (upload->resource, error);

      if (certificate == NULL)
        return FALSE;
      *bits = certificate->key_bits;
      g_strlcpy (sha256, certificate->public_key_sha256, sha256_size);
    }
  else
    {
      g_autoptr(TillKey) key = till_key_new_public (data, size, NULL, error);

      if (key == NULL)
        return FALSE;
      *bits = key->bits;
      g_strlcpy (sha256, key->public_key_sha256, sha256_size);
    }

  return TRUE;
}

static gboolean
is_algorithm (const char *algorithm)
{
  static const char * const known[] = { "JWE", "JWT", "RSA", "DUKPT", NULL };

  return g_strv_contains (known, algorithm);
}

static char *
upload_body (TillHub             *self,
             const TillHubUpload *upload,
             const char          *key_id,
             const char          *algorithm,
             int                  bits)
{
  g_autofree char *base64 = NULL;
  TillJsonWriter writer;
  const guint8 *data;
  gsize size;

  /* Without armour and on one line, as the documents print it (API.md 2.6). */
  data = g_bytes_get_data (upload->resource, &size);
  base64 = g_base64_encode (data, size);

  begin_body (&writer, g_string_new (NULL));
  till_json_writer_member (&writer, "clientCryptographicDetails");
  till_json_writer_begin_object (&writer);
  write_text (&writer, "clientKeyID", key_id);
  write_text (&writer, "cryptographicResource", base64);
  write_text (&writer, "cryptographicAlgorithm", algorithm);
  write_text (&writer, "cryptographicResourceEncoding", upload->old_spelling ? ".pemEncoded" : ".pem");
  write_text (&writer, "cryptographicResourceType", upload->is_certificate ? "CERTIFICATE" : "KEY");
  till_json_writer_member (&writer, "cryptographicResourceLength");
  till_json_writer_int (&writer, bits);
  write_text (&writer, "usedFor", upload->used_for != NULL ? upload->used_for : "RTAU");
  till_json_writer_end_object (&writer);
  write_merchant (&writer, self);

  return end_body (&writer);
}

/**
 * till_hub_request_upload:
 * @self: a client
 * @upload: what to upload, and what to say of it
 * @request_id: (nullable): %NULL makes a new one
 * @error: (out) (optional): %TILL_ERROR_REJECTED, or what is wrong with the certificate
 *
 * A client certificate, or its public key (services/commerce-hub-client-certificate.md).
 * Anything that holds a private key is refused here.
 *
 * Returns: (transfer full) (nullable): the request, %NULL with @error set
 */
TillHubRequest *
till_hub_request_upload (TillHub              *self,
                         const TillHubUpload  *upload,
                         const char           *request_id,
                         GError              **error)
{
  char sha256[65] = "";
  const char *algorithm;
  const char *key_id;
  int bits = 0;

  g_return_val_if_fail (TILL_IS_HUB (self), NULL);
  g_return_val_if_fail (upload != NULL && upload->resource != NULL, NULL);

  if (!read_resource (upload, &bits, sha256, sizeof sha256, error))
    return NULL;

  algorithm = upload->algorithm != NULL ? upload->algorithm : "JWE";
  if (!is_algorithm (algorithm))
    {
      refuse ("cryptographicAlgorithm", "the algorithm must be JWE, JWT, RSA or DUKPT", error);
      return NULL;
    }

  if (upload->length != 0 && bits != 0 && upload->length != bits)
    {
      refuse ("cryptographicResourceLength", "the length is not that of the key", error);
      return NULL;
    }

  key_id = upload->key_id != NULL ? upload->key_id
         : upload->public_key_sha256 != NULL && upload->public_key_sha256[0] != '\0' ? upload->public_key_sha256 : sha256;
  if (!check_key_id (key_id, "clientKeyID", error))
    return NULL;

  return new_request (TILL_HUB_UPLOAD, UPLOAD_PATH, request_id,
                      upload_body (self, upload, key_id, algorithm, bits != 0 ? bits : upload->length));
}

/* API.md 4.1: absolute, and where a browser is safe to be sent. */
static gboolean
check_redirect (const char  *redirect,
                GError     **error)
{
  g_autoptr(GUri) uri = NULL;
  gboolean good = g_utf8_validate (redirect, -1, NULL) && g_utf8_strlen (redirect, -1) <= REDIRECT_CHARS &&
                  strchr (redirect, '\\') == NULL;

  for (const char *p = redirect; good && *p != '\0'; p++)
    good = !g_ascii_isspace (*p) && !g_ascii_iscntrl (*p);

  if (good)
    uri = g_uri_parse (redirect, G_URI_FLAGS_NONE, NULL);

  if (uri == NULL || g_strcmp0 (g_uri_get_scheme (uri), "https") != 0 || g_uri_get_userinfo (uri) != NULL ||
      g_uri_get_host (uri) == NULL || g_uri_get_host (uri)[0] == '\0')
    return refuse ("responseRedirectURL",
                   "the address to go on to must be a whole https address without a user name in it", error);

  return TRUE;
}

/**
 * till_hub_request_credentials:
 * @self: a client
 * @minutes: 1 to 30; 0 leaves it to the service
 * @redirect: (nullable): absolute https address
 * @request_id: (nullable): %NULL makes a new one
 * @error: (out) (optional): %TILL_ERROR_REJECTED
 *
 * Credentials for one form (services/commerce-hub-credentials.md). What the
 * documents no longer have is sent only where it is asked for; the time goes
 * out in milliseconds, as text (API.md 4.1, 4.4).
 *
 * Returns: (transfer full) (nullable): the request, %NULL with @error set
 */
TillHubRequest *
till_hub_request_credentials (TillHub     *self,
                              guint        minutes,
                              const char  *redirect,
                              const char  *request_id,
                              GError     **error)
{
  TillJsonWriter writer;

  g_return_val_if_fail (TILL_IS_HUB (self), NULL);

  if (minutes > MAX_MINUTES)
    {
      refuse ("accessTokenTimeToLive", "credentials last at most 30 minutes", error);
      return NULL;
    }
  if (redirect != NULL && !check_redirect (redirect, error))
    return NULL;

  begin_body (&writer, g_string_new (NULL));
  if (minutes > 0)
    {
      g_autofree char *milliseconds = g_strdup_printf ("%u", minutes * 60 * 1000);

      write_text (&writer, "accessTokenTimeToLive", milliseconds);
    }
  if (redirect != NULL)
    write_text (&writer, "responseRedirectURL", redirect);
  write_merchant (&writer, self);

  return new_request (TILL_HUB_CREDENTIALS, CREDENTIALS_PATH, request_id, end_body (&writer));
}

/**
 * till_hub_request_status:
 * @self: a client
 *
 * Asks whether key and secret are accepted, and nothing else (API.md 8).
 *
 * Returns: (transfer full): the request
 */
TillHubRequest *
till_hub_request_status (TillHub *self)
{
  g_return_val_if_fail (TILL_IS_HUB (self), NULL);

  return new_request (TILL_HUB_STATUS, STATUS_PATH, NULL, NULL);
}

/* Of what we have written ourselves, so nothing is said where it can't be read. */
static char *
dup_client_key_id (const char *body)
{
  g_autoptr(JsonNode) root = NULL;
  TillJsonReader reader;
  TillJsonReader details;

  if (body == NULL)
    return NULL;
  root = till_json_parse (body, strlen (body), TILL_LIMIT_JSON_BYTES, NULL);
  if (root == NULL)
    return NULL;

  till_json_reader_init (&reader, root);
  if (!till_json_reader_object (&reader, "clientCryptographicDetails", &details, NULL))
    return NULL;

  return till_json_reader_dup_text (&details, "clientKeyID", 1, KEY_ID_CHARS, NULL);
}

/**
 * till_hub_request_dup_asked:
 * @request: a request
 *
 * What the answer must be about.
 *
 * Returns: (transfer full) (nullable): a key id, a client key id, or %NULL
 */
char *
till_hub_request_dup_asked (const TillHubRequest *request)
{
  gsize begin = strlen (REVOKE_BEGIN);

  if (request->operation == TILL_HUB_UPLOAD)
    return dup_client_key_id (request->body);

  if (request->operation == TILL_HUB_REVOKE && g_str_has_prefix (request->path, REVOKE_BEGIN) &&
      g_str_has_suffix (request->path, REVOKE_END) && strlen (request->path) > begin + strlen (REVOKE_END))
    return g_uri_unescape_segment (request->path + begin,
                                   request->path + strlen (request->path) - strlen (REVOKE_END), NULL);

  return NULL;
}
