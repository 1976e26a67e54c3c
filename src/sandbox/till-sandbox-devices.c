/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The REST API of acceptance devices, pretended: root certificate and reachability (API.md 5.4 to 5.6). */
#include "config.h"

#include <gnutls/crypto.h>
#include <string.h>

#include "till-json-reader.h"
#include "till-sandbox-call.h"

#define ROOT_PATH "/dms/v2/devices/certificates/rootca"
#define UP_PATH "/up"

/* A JWT lives that long, and is a few hundred characters. */
#define JWT_SECONDS 120
#define LONGEST_JWT 8192
#define LONGEST_TEXT 1024
#define MAC_SIZE 32

static void
send_answer (TillCall *call)
{
  till_call_set_header (call, "v-c-correlation-id", call->trace_id);
  till_call_set_header (call, "Cache-Control", "no-store");
  till_call_answer (call);
}

static void
refuse_path (TillCall *call)
{
  call->status = SOUP_STATUS_NOT_FOUND;
  call->content_type = "text/plain; charset=utf-8";
  g_string_assign (call->answer, "Resource not found");
  send_answer (call);
}

/* Another shape than all other errors have (API.md 5.6). */
static gboolean
refuse_login (TillCall   *call,
              const char *why)
{
  TillJsonWriter writer;

  till_call_explain (call, "%s", why);
  till_call_begin (call, SOUP_STATUS_UNAUTHORIZED, &writer);
  till_json_writer_begin_object (&writer);
  till_json_writer_member (&writer, "response");
  till_json_writer_begin_object (&writer);
  till_sandbox_write_text (&writer, "rmsg", "Authentication Failed");
  till_json_writer_end_object (&writer);
  till_json_writer_end_object (&writer);
  send_answer (call);

  return FALSE;
}

static void
sign (TillSandboxServer *server,
      const char        *text,
      gsize              size,
      guint8             mac[MAC_SIZE])
{
  g_autofree guchar *secret = NULL;
  gsize secret_size;

  secret = g_base64_decode (server->info.devices_secret, &secret_size);
  if (gnutls_hmac_fast (GNUTLS_MAC_SHA256, secret, secret_size, text, size, mac) < 0)
    g_error ("the system has no HMAC");
}

static gboolean
is_near (TillCall *call,
         gint64    seconds)
{
  gint64 window = till_assumptions_number (&call->server->assumptions, TILL_ASSUME_DEVICES_CLOCK_WINDOW);
  gint64 now = till_clock_get_now (call->server->clock);

  return seconds >= now - window && seconds <= now + window;
}

static gboolean
is_recent (TillCall   *call,
           const char *date)
{
  g_autoptr(GDateTime) time = soup_date_time_new_from_http_string (date);

  return time != NULL && is_near (call, g_date_time_to_unix (time));
}

static char *
make_digest (TillCall *call)
{
  guint8 digest[MAC_SIZE];
  gsize size;
  const void *data = g_bytes_get_data (call->body, &size);

  if (gnutls_hash_fast (GNUTLS_DIG_SHA256, data != NULL ? data : "", size, digest) < 0)
    g_error ("the system has no SHA-256");

  return g_base64_encode (digest, sizeof digest);
}

/* The value that stands behind one name of "headers"; %NULL for one that is not there. */
static char *
dup_signed_value (TillCall   *call,
                  const char *name,
                  gboolean    bare_host)
{
  if (strcmp (name, "(request-target)") == 0 || strcmp (name, "request-target") == 0)
    {
      g_autofree char *method = g_ascii_strdown (call->method, -1);

      return g_strdup_printf ("%s %s%s%s", method, call->path, call->query != NULL ? "?" : "",
                              call->query != NULL ? call->query : "");
    }

  if (strcmp (name, "host") == 0 && bare_host)
    {
      const char *host = till_call_get_header (call, "Host");
      const char *colon = strrchr (host, ':');

      return colon != NULL && strchr (colon, ']') == NULL ? g_strndup (host, (gsize) (colon - host)) : g_strdup (host);
    }

  return g_strdup (till_call_get_header (call, name));
}

static char *
rebuild (TillCall           *call,
         const char * const *names,
         gboolean            bare_host)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *value = dup_signed_value (call, names[i], bare_host);

      if (value == NULL)
        return NULL;
      g_string_append_printf (text, "%s%s: %s", i > 0 ? "\n" : "", names[i], value);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
matches (TillCall           *call,
         const char * const *names,
         const char         *given)
{
  for (guint bare_host = 0; bare_host < 2; bare_host++)
    {
      g_autofree char *text = rebuild (call, names, bare_host == 1);
      g_autofree char *right = NULL;
      guint8 mac[MAC_SIZE];

      if (text == NULL)
        return FALSE;
      sign (call->server, text, strlen (text), mac);
      right = g_base64_encode (mac, sizeof mac);
      if (strlen (right) == strlen (given) && gnutls_memcmp (right, given, strlen (right)) == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
check_names (TillCall           *call,
             const char * const *names)
{
  const char *date = g_strv_contains (names, "v-c-date") ? "v-c-date" : "date";
  gsize size = g_bytes_get_size (call->body);

  if (!g_strv_contains (names, "host") || !g_strv_contains (names, "v-c-merchant-id") ||
      !g_strv_contains (names, date))
    return refuse_login (call, "host, date or v-c-date, and v-c-merchant-id must be signed");
  if (!g_strv_contains (names, "(request-target)") && !g_strv_contains (names, "request-target"))
    return refuse_login (call, "(request-target) must be signed");
  if (till_call_get_header (call, date) == NULL || !is_recent (call, till_call_get_header (call, date)))
    return refuse_login (call, "the date is missing, unreadable, or too far from the server's");

  if (size > 0)
    {
      g_autofree char *digest = make_digest (call);
      g_autofree char *right = g_strconcat ("SHA-256=", digest, NULL);

      if (!g_strv_contains (names, "digest") || g_strcmp0 (right, till_call_get_header (call, "digest")) != 0)
        return refuse_login (call, "the digest is missing, not signed, or not that of the body");
    }

  return TRUE;
}

/* HTTP Signature: the string is rebuilt from the list that the header itself
 * gives, so all spellings in use are understood (API.md 5.5). */
static gboolean
check_signature (TillCall   *call,
                 const char *header)
{
  g_autoptr(GHashTable) values = soup_header_parse_param_list (header);
  const char *key = g_hash_table_lookup (values, "keyid");
  const char *algorithm = g_hash_table_lookup (values, "algorithm");
  const char *list = g_hash_table_lookup (values, "headers");
  const char *signature = g_hash_table_lookup (values, "signature");
  const char *merchant = till_call_get_header (call, "v-c-merchant-id");
  g_auto(GStrv) names = NULL;
  gboolean right;

  if (key == NULL || list == NULL || signature == NULL || g_strcmp0 (algorithm, "HmacSHA256") != 0)
    {
      soup_header_free_param_list (g_steal_pointer (&values));
      return refuse_login (call, "the header signature lacks keyid, headers or signature, or names another algorithm");
    }

  names = g_strsplit (list, " ", 16);
  right = strcmp (key, call->server->info.devices_key_id) == 0 &&
          g_strcmp0 (merchant, call->server->info.devices_organization) == 0;
  if (!right)
    refuse_login (call, "there is no such key or merchant");
  else if ((right = check_names (call, (const char * const *) names)) &&
           !(right = matches (call, (const char * const *) names, signature)))
    refuse_login (call, "the signature is not that of the headers it names");

  soup_header_free_param_list (g_steal_pointer (&values));
  return right;
}

/* A part of a JWT: Base64 with the URL alphabet and without padding. */
static guchar *
decode_part (const char *part,
             gsize      *size)
{
  GString *text = g_string_new (part);

  if (text->len == 0 ||
      strspn (part, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != text->len)
    {
      g_string_free (text, TRUE);
      return NULL;
    }

  g_strdelimit (text->str, "-", '+');
  g_strdelimit (text->str, "_", '/');
  while (text->len % 4 != 0)
    g_string_append_c (text, '=');

  *size = 0;
  g_base64_decode_inplace (text->str, size);
  return (guchar *) g_string_free (text, FALSE);
}

static JsonNode *
parse_part (const char *part)
{
  gsize size;
  g_autofree guchar *text = decode_part (part, &size);

  return text != NULL ? till_json_parse ((const char *) text, size, LONGEST_JWT, NULL) : NULL;
}

static gboolean
has_text (const TillJsonReader *reader,
          const char           *member,
          const char           *right)
{
  const char *value;

  return till_json_reader_string (reader, member, 1, LONGEST_TEXT, &value, NULL) && strcmp (value, right) == 0;
}

static const char *
find_wrong_claim (TillCall             *call,
                  const TillJsonReader *claims)
{
  g_autofree char *method = g_ascii_strdown (call->method, -1);
  g_autofree char *target = g_strdup_printf ("%s%s%s", call->path, call->query != NULL ? "?" : "",
                                             call->query != NULL ? call->query : "");
  g_autofree char *host = dup_signed_value (call, "host", FALSE);
  g_autofree char *bare_host = dup_signed_value (call, "host", TRUE);
  const char *organization = call->server->info.devices_organization;
  gint64 now = till_clock_get_now (call->server->clock);
  gint64 issued;
  gint64 ends;

  if (!till_json_reader_int (claims, "iat", 0, G_MAXINT32 * (gint64) 100, &issued, NULL) || !is_near (call, issued))
    return "iat is missing or too far from the server's time";
  if (!till_json_reader_int (claims, "exp", 0, G_MAXINT32 * (gint64) 100, &ends, NULL) || ends < now ||
      ends > issued + JWT_SECONDS)
    return "exp is missing, over, or more than 120 seconds behind iat";
  if (!has_text (claims, "request-host", host) && !has_text (claims, "request-host", bare_host))
    return "request-host is another one";
  if (!has_text (claims, "request-resource-path", target))
    return "request-resource-path is another one";
  if (!has_text (claims, "request-method", method))
    return "request-method is another one";
  if (!has_text (claims, "iss", organization) || !has_text (claims, "v-c-merchant-id", organization))
    return "iss or v-c-merchant-id is another one";
  if (!has_text (claims, "v-c-jwt-version", "2") || !till_json_reader_has (claims, "jti"))
    return "v-c-jwt-version must be 2, and jti be there";

  if (g_bytes_get_size (call->body) > 0)
    {
      g_autofree char *digest = make_digest (call);

      if (!has_text (claims, "digest", digest) || !has_text (claims, "digest-algorithm", "SHA-256"))
        return "digest is not that of the body";
    }

  return NULL;
}

static gboolean
check_jwt (TillCall   *call,
           const char *token)
{
  g_auto(GStrv) parts = g_strsplit (token, ".", 4);
  g_autoptr(JsonNode) header = NULL;
  g_autoptr(JsonNode) claims = NULL;
  g_autofree guchar *mac = NULL;
  TillJsonReader reader;
  const char *wrong;
  guint8 right[MAC_SIZE];
  gsize size = 0;

  if (strlen (token) > LONGEST_JWT || g_strv_length (parts) != 3 || (header = parse_part (parts[0])) == NULL ||
      (claims = parse_part (parts[1])) == NULL || (mac = decode_part (parts[2], &size)) == NULL)
    return refuse_login (call, "the token is not a JWT");

  till_json_reader_init (&reader, header);
  if (!has_text (&reader, "alg", "HS256") || !has_text (&reader, "kid", call->server->info.devices_key_id))
    return refuse_login (call, "alg must be HS256, and kid a key that is there");

  sign (call->server, token, strlen (parts[0]) + 1 + strlen (parts[1]), right);
  if (size != sizeof right || gnutls_memcmp (mac, right, sizeof right) != 0)
    return refuse_login (call, "the signature of the token is wrong");

  till_json_reader_init (&reader, claims);
  wrong = find_wrong_claim (call, &reader);

  return wrong == NULL ? TRUE : refuse_login (call, wrong);
}

static gboolean
check_login (TillCall *call)
{
  const char *signature = till_call_get_header (call, "signature");
  const char *authorization = till_call_get_header (call, "Authorization");

  if (signature != NULL)
    return check_signature (call, signature);
  if (authorization != NULL && g_ascii_strncasecmp (authorization, "Bearer ", strlen ("Bearer ")) == 0)
    return check_jwt (call, authorization + strlen ("Bearer "));

  return refuse_login (call, "there is neither the header signature nor a JWT");
}

static void
show_root (TillCall *call)
{
  TillJsonWriter writer;

  till_call_begin (call, SOUP_STATUS_OK, &writer);
  till_json_writer_begin_object (&writer);
  till_sandbox_write_text (&writer, "certificateChain", call->server->device_root);
  till_json_writer_end_object (&writer);
  send_answer (call);
}

static void
show_up (TillCall *call)
{
  call->status = SOUP_STATUS_OK;
  call->content_type = "text/plain; charset=utf-8";
  g_string_assign (call->answer, "up\n");
  send_answer (call);
}

/**
 * till_devices_handle:
 * @call: (transfer full): a call to any other path
 *
 * Looks at the request and does it.
 */
void
till_devices_handle (TillCall *call)
{
  gboolean up = strcmp (call->path, UP_PATH) == 0;

  if (!up && strcmp (call->path, ROOT_PATH) != 0)
    {
      refuse_path (call);
      return;
    }
  if (strcmp (call->method, "GET") != 0)
    {
      till_call_explain (call, "this path takes GET");
      refuse_path (call);
      return;
    }

  if (up)
    till_call_work (call, show_up);
  else if (check_login (call))
    till_call_work (call, show_root);
}
