/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The four ways to sign (API.md 1.3, 5.5, 6.2). */
#include "config.h"

#include "till-signer-private.h"

#include <gnutls/crypto.h>
#include <string.h>

#include "till-error.h"
#include "till-json-writer.h"

#define SHA256_BYTES 32

/* Base64 of 32 bytes, with its NUL. */
#define SHA256_TEXT 45

/* How long a JWT counts (API.md 5.5). */
#define JWT_SECONDS 120

/* Client-Request-Id: what all systems that see it take (API.md 1.2). */
#define REQUEST_ID_BYTES 64

/* The year 9999 ends here; RFC 1123 has four digits for it. */
#define LAST_SECOND G_GINT64_CONSTANT (253402300799)

/* How long the text is that encode_base64() makes, with its NUL. */
static gsize
base64_size (gsize size)
{
  return (size + 2) / 3 * 4 + 1;
}

/* Like g_base64_encode(), into memory that the caller wipes. */
static void
encode_base64 (const guint8 *data,
               gsize         size,
               char         *text)
{
  int state = 0;
  int save = 0;
  gsize n;

  n = g_base64_encode_step (data, size, FALSE, text, &state, &save);
  n += g_base64_encode_close (FALSE, text + n, &state, &save);
  text[n] = '\0';
  till_wipe (&save, sizeof save);
}

/* The alphabet of JWT: RFC 4648, section 5, without padding. */
static void
make_url_safe (char *text)
{
  char *end = strchr (text, '=');

  if (end != NULL)
    *end = '\0';

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
}

/* HMAC-SHA256 of the parts one after another; Base64. */
static gboolean
make_hmac (const TillSecret  *key,
           const void * const parts[],
           const gsize        sizes[],
           guint              n_parts,
           char               text[SHA256_TEXT],
           GError           **error)
{
  guint8 digest[SHA256_BYTES];
  gnutls_hmac_hd_t hmac;
  int result;

  result = gnutls_hmac_init (&hmac, GNUTLS_MAC_SHA256, till_secret_get_data (key), till_secret_get_size (key));
  if (result < 0)
    {
      till_set_error (error, TILL_ERROR_INTERNAL, TILL_REASON_NONE, NULL, NULL,
                      "the request can't be signed: %s", gnutls_strerror (result));
      return FALSE;
    }

  for (guint i = 0; i < n_parts && result >= 0; i++)
    if (sizes[i] > 0)
      result = gnutls_hmac (hmac, parts[i], sizes[i]);

  gnutls_hmac_deinit (hmac, digest);
  if (result < 0)
    {
      till_set_error (error, TILL_ERROR_INTERNAL, TILL_REASON_NONE, NULL, NULL,
                      "the request can't be signed: %s", gnutls_strerror (result));
      return FALSE;
    }

  encode_base64 (digest, sizeof digest, text);
  till_wipe (digest, sizeof digest);

  return TRUE;
}

/* SHA-256 of the body, in Base64. */
static gboolean
make_digest (const TillSignerInput  *input,
             char                    text[SHA256_TEXT],
             GError                **error)
{
  guint8 digest[SHA256_BYTES];
  int result = gnutls_hash_fast (GNUTLS_DIG_SHA256, input->body, input->body_size, digest);

  if (result < 0)
    {
      till_set_error (error, TILL_ERROR_INTERNAL, TILL_REASON_NONE, NULL, NULL,
                      "the body can't be hashed: %s", gnutls_strerror (result));
      return FALSE;
    }

  encode_base64 (digest, sizeof digest, text);

  return TRUE;
}

static gboolean
check_request_id (const char  *id,
                  GError     **error)
{
  gboolean good = id != NULL && id[0] != '\0' && strlen (id) <= REQUEST_ID_BYTES;

  for (const char *p = id; good && *p != '\0'; p++)
    good = g_ascii_isalnum (*p) || *p == '-';

  if (!good)
    till_set_error (error, TILL_ERROR_INTERNAL, TILL_REASON_NONE, NULL, NULL,
                    "a request for Commerce Hub has no request id, or one that can't be");

  return good;
}

/**
 * till_signer_hub_sign:
 * @self: a signer for Commerce Hub
 * @input: one try
 * @func: (scope call): gets each header
 * @user_data: for @func
 * @error: (out) (optional): %TILL_ERROR_INTERNAL
 *
 * Returns: whether it is signed
 */
gboolean
till_signer_hub_sign (const TillSigner       *self,
                      const TillSignerInput  *input,
                      TillSignerHeaderFunc    func,
                      gpointer                user_data,
                      GError                **error)
{
  char timestamp[24];
  char signature[SHA256_TEXT];
  const void *parts[4];
  gsize sizes[4];

  if (!check_request_id (input->request_id, error))
    return FALSE;

  g_snprintf (timestamp, sizeof timestamp, "%" G_GINT64_FORMAT, input->now_ms);

  parts[0] = self->name;
  parts[1] = input->request_id;
  parts[2] = timestamp;
  parts[3] = input->body;
  for (guint i = 0; i < 3; i++)
    sizes[i] = strlen (parts[i]);
  sizes[3] = input->body_size;

  if (!make_hmac (self->secret, parts, sizes, G_N_ELEMENTS (parts), signature, error))
    return FALSE;

  func ("Api-Key", self->name, user_data);
  func ("Client-Request-Id", input->request_id, user_data);
  func ("Timestamp", timestamp, user_data);
  func ("Auth-Token-Type", "HMAC", user_data);
  func ("Authorization", signature, user_data);
  till_wipe (signature, sizeof signature);

  return TRUE;
}

/**
 * till_signer_basic_sign:
 * @self: a signer with user and password
 * @func: (scope call): gets each header
 * @user_data: for @func
 *
 * Returns: %TRUE
 */
gboolean
till_signer_basic_sign (const TillSigner     *self,
                        TillSignerHeaderFunc  func,
                        gpointer              user_data)
{
  static const char scheme[] = "Basic ";
  gsize user_size = strlen (self->name);
  gsize password_size = till_secret_get_size (self->secret);
  gsize size = user_size + 1 + password_size;
  g_autoptr(TillSecret) pair = till_secret_new (size);
  g_autoptr(TillSecret) value = till_secret_new (strlen (scheme) + base64_size (size));
  guint8 *bytes = till_secret_get_buffer (pair);
  char *text = (char *) till_secret_get_buffer (value);

  memcpy (bytes, self->name, user_size);
  bytes[user_size] = ':';
  memcpy (bytes + user_size + 1, till_secret_get_data (self->secret), password_size);

  memcpy (text, scheme, strlen (scheme));
  encode_base64 (bytes, size, text + strlen (scheme));

  func ("Authorization", text, user_data);
  func ("Api-Revision", "1.2", user_data);

  return TRUE;
}

/* RFC 1123 in English, whatever the locale; g_date_time_format() would translate it. */
static char *
format_date (gint64 seconds)
{
  static const char * const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
  static const char * const months[] = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
  };
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (CLAMP (seconds, 0, LAST_SECOND));

  return g_strdup_printf ("%s, %02d %s %04d %02d:%02d:%02d GMT",
                          days[g_date_time_get_day_of_week (time) - 1],
                          g_date_time_get_day_of_month (time),
                          months[g_date_time_get_month (time) - 1],
                          g_date_time_get_year (time),
                          g_date_time_get_hour (time),
                          g_date_time_get_minute (time),
                          g_date_time_get_second (time));
}

/**
 * till_signer_http_sign:
 * @self: a signer by HTTP Signature
 * @input: one try
 * @func: (scope call): gets each header
 * @user_data: for @func
 * @error: (out) (optional): %TILL_ERROR_INTERNAL
 *
 * Returns: whether it is signed
 */
gboolean
till_signer_http_sign (const TillSigner       *self,
                       const TillSignerInput  *input,
                       TillSignerHeaderFunc    func,
                       gpointer                user_data,
                       GError                **error)
{
  const char *date_name = self->spelling == TILL_SIGNATURE_VC_DATE_BARE_TARGET ? "v-c-date" : "date";
  const char *target_name = self->spelling == TILL_SIGNATURE_DATE_REQUEST_TARGET ? "(request-target)" : "request-target";
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *date = format_date (input->now_ms / 1000);
  g_autofree char *method = g_ascii_strdown (input->method, -1);
  g_autofree char *digest = NULL;
  g_autofree char *header = NULL;
  char signature[SHA256_TEXT];
  const void *parts[1];
  gsize sizes[1];

  if (input->body != NULL)
    {
      char hash[SHA256_TEXT];

      if (!make_digest (input, hash, error))
        return FALSE;

      digest = g_strconcat ("SHA-256=", hash, NULL);
    }

  g_string_append_printf (text, "host: %s\n%s: %s\n%s: %s %s\n",
                          input->authority, date_name, date, target_name, method, input->target);
  if (digest != NULL)
    g_string_append_printf (text, "digest: %s\n", digest);
  g_string_append_printf (text, "v-c-merchant-id: %s", self->name);

  parts[0] = text->str;
  sizes[0] = text->len;
  if (!make_hmac (self->secret, parts, sizes, G_N_ELEMENTS (parts), signature, error))
    return FALSE;

  /* A signature is no secret that outlives its five minutes, and it can't be
   * turned back into one. */
  header = g_strdup_printf ("keyid=\"%s\", algorithm=\"HmacSHA256\", headers=\"host %s %s%s v-c-merchant-id\", "
                            "signature=\"%s\"",
                            self->key_id, date_name, target_name, digest != NULL ? " digest" : "", signature);

  func ("v-c-merchant-id", self->name, user_data);
  func (date_name, date, user_data);
  if (digest != NULL)
    func ("digest", digest, user_data);
  func ("signature", header, user_data);

  till_wipe (signature, sizeof signature);
  till_wipe (header, strlen (header));

  return TRUE;
}

/* The claims in the order of API.md 5.7; none of them is secret. */
static gboolean
make_claims (const TillSigner       *self,
             const TillSignerInput  *input,
             GString                *out,
             GError                **error)
{
  g_autofree char *nonce = input->nonce != NULL ? g_strdup (input->nonce) : g_uuid_string_random ();
  g_autofree char *method = g_ascii_strdown (input->method, -1);
  gint64 now = input->now_ms / 1000;
  TillJsonWriter writer;

  till_json_writer_init (&writer, out, FALSE);
  till_json_writer_begin_object (&writer);
  till_json_writer_member (&writer, "iat");
  till_json_writer_int (&writer, now);
  till_json_writer_member (&writer, "exp");
  till_json_writer_int (&writer, now + JWT_SECONDS);

  if (input->body != NULL)
    {
      char digest[SHA256_TEXT];

      if (!make_digest (input, digest, error))
        return FALSE;

      till_json_writer_member (&writer, "digest");
      till_json_writer_string (&writer, digest);
      till_json_writer_member (&writer, "digest-algorithm");
      till_json_writer_string (&writer, "SHA-256");
    }

  till_json_writer_member (&writer, "request-host");
  till_json_writer_string (&writer, input->authority);
  till_json_writer_member (&writer, "request-resource-path");
  till_json_writer_string (&writer, input->target);
  till_json_writer_member (&writer, "request-method");
  till_json_writer_string (&writer, method);
  till_json_writer_member (&writer, "iss");
  till_json_writer_string (&writer, self->name);
  till_json_writer_member (&writer, "jti");
  till_json_writer_string (&writer, nonce);
  till_json_writer_member (&writer, "v-c-jwt-version");
  till_json_writer_string (&writer, "2");
  till_json_writer_member (&writer, "v-c-merchant-id");
  till_json_writer_string (&writer, self->name);
  till_json_writer_end_object (&writer);

  return TRUE;
}

/**
 * till_signer_jwt_sign:
 * @self: a signer by JWT
 * @input: one try
 * @func: (scope call): gets each header
 * @user_data: for @func
 * @error: (out) (optional): %TILL_ERROR_INTERNAL
 *
 * Returns: whether it is signed
 */
gboolean
till_signer_jwt_sign (const TillSigner       *self,
                      const TillSignerInput  *input,
                      TillSignerHeaderFunc    func,
                      gpointer                user_data,
                      GError                **error)
{
  g_autoptr(GString) claims = g_string_new (NULL);
  g_autoptr(GString) head = g_string_new (NULL);
  g_autofree char *head_text = NULL;
  g_autofree char *claims_text = NULL;
  g_autofree char *signed_text = NULL;
  g_autoptr(TillSecret) value = NULL;
  char signature[SHA256_TEXT];
  const void *parts[1];
  gsize sizes[1];
  TillJsonWriter writer;

  till_json_writer_init (&writer, head, FALSE);
  till_json_writer_begin_object (&writer);
  till_json_writer_member (&writer, "typ");
  till_json_writer_string (&writer, "JWT");
  till_json_writer_member (&writer, "alg");
  till_json_writer_string (&writer, "HS256");
  till_json_writer_member (&writer, "kid");
  till_json_writer_string (&writer, self->key_id);
  till_json_writer_end_object (&writer);

  if (!make_claims (self, input, claims, error))
    return FALSE;

  head_text = g_base64_encode ((const guint8 *) head->str, head->len);
  make_url_safe (head_text);
  claims_text = g_base64_encode ((const guint8 *) claims->str, claims->len);
  make_url_safe (claims_text);
  signed_text = g_strconcat (head_text, ".", claims_text, NULL);

  parts[0] = signed_text;
  sizes[0] = strlen (signed_text);
  if (!make_hmac (self->secret, parts, sizes, G_N_ELEMENTS (parts), signature, error))
    return FALSE;
  make_url_safe (signature);

  value = till_secret_new (strlen ("Bearer ") + sizes[0] + 1 + SHA256_TEXT);
  g_snprintf ((char *) till_secret_get_buffer (value), till_secret_get_size (value),
              "Bearer %s.%s", signed_text, signature);
  till_wipe (signature, sizeof signature);

  func ("Authorization", (const char *) till_secret_get_data (value), user_data);

  return TRUE;
}
