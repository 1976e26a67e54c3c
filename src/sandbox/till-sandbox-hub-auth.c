/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commerce Hub, pretended: who asks, when, and with which signature (API.md 1.3 and 1.4). */
#include "config.h"

#include <gnutls/crypto.h>
#include <string.h>

#include "till-sandbox-hub-private.h"

#define HMAC_SIZE 32
#define MINUTE 60

/* Compares without telling by its time where two differ. */
static gboolean
same_text (const char *a,
           const char *b)
{
  gsize length = strlen (a);

  return strlen (b) == length && gnutls_memcmp (a, b, length) == 0;
}

static gboolean
refuse_login (TillCall   *call,
              const char *why)
{
  till_call_explain (call, "%s", why);
  till_hub_refuse (call, SOUP_STATUS_UNAUTHORIZED, NULL, NULL);

  return FALSE;
}

static void
sign (TillCall   *call,
      const char *request_id,
      const char *timestamp,
      guint8      mac[HMAC_SIZE])
{
  const char *secret = call->server->info.hub_secret;
  gnutls_hmac_hd_t handle;
  const void *body;
  gsize size;

  body = g_bytes_get_data (call->body, &size);
  if (gnutls_hmac_init (&handle, GNUTLS_MAC_SHA256, secret, strlen (secret)) < 0)
    g_error ("the system has no HMAC");

  gnutls_hmac (handle, call->server->info.hub_key, strlen (call->server->info.hub_key));
  gnutls_hmac (handle, request_id, strlen (request_id));
  gnutls_hmac (handle, timestamp, strlen (timestamp));
  if (size > 0)
    gnutls_hmac (handle, body, size);
  gnutls_hmac_deinit (handle, mac);
}

/* Base64 of the hex text, as samples had it until 2023. */
static char *
make_legacy (const guint8 mac[HMAC_SIZE])
{
  char hex[2 * HMAC_SIZE + 1];

  for (guint i = 0; i < HMAC_SIZE; i++)
    g_snprintf (hex + 2 * i, 3, "%02x", mac[i]);

  return g_base64_encode ((const guchar *) hex, 2 * HMAC_SIZE);
}

static gboolean
check_time (TillCall   *call,
            const char *timestamp)
{
  gint64 window = till_assumptions_number (&call->server->assumptions, TILL_ASSUME_CLOCK_WINDOW);
  gint64 now = till_clock_get_now (call->server->clock);
  gint64 value;
  gint64 age;

  if (!g_ascii_string_to_signed (timestamp, 10, 0, G_MAXINT64, &value, NULL) || !g_ascii_isdigit (timestamp[0]))
    return refuse_login (call, "Timestamp is not a number of milliseconds since 1970");

  /* The clock counts whole seconds, so the fraction of the other side is dropped too. */
  age = now - value / 1000;
  if (age > window)
    return refuse_login (call, "Timestamp is too old; is the clock of the client slow?");
  if (age < -window && till_assumptions_is (&call->server->assumptions, TILL_ASSUME_FUTURE_TIMESTAMPS, "symmetric"))
    return refuse_login (call, "Timestamp is in the future; is it in milliseconds, is the clock of the client fast?");

  return TRUE;
}

static gboolean
check_signature (TillCall   *call,
                 const char *timestamp,
                 const char *given)
{
  const char *request_id = till_call_get_header (call, "Client-Request-Id");
  g_autofree char *raw = NULL;
  g_autofree char *legacy = NULL;
  guint8 mac[HMAC_SIZE];

  sign (call, request_id != NULL ? request_id : "", timestamp, mac);
  raw = g_base64_encode (mac, HMAC_SIZE);
  if (same_text (raw, given))
    return TRUE;

  legacy = make_legacy (mac);
  if (!same_text (legacy, given))
    return refuse_login (call, "the signature is not that of Api-Key + Client-Request-Id + Timestamp + body");
  if (till_assumptions_is (&call->server->assumptions, TILL_ASSUME_LEGACY_SIGNATURE, "accept"))
    return TRUE;

  return refuse_login (call, "the signature is Base64 of hex text; it must be Base64 of the 32 bytes themselves");
}

static gboolean
check_token (TillCall   *call,
             const char *given)
{
  if (till_assumptions_is (&call->server->assumptions, TILL_ASSUME_ACCESS_TOKEN, "refuse"))
    return refuse_login (call, "Auth-Token-Type AccessToken is not taken for this call");
  if (g_ascii_strncasecmp (given, "Bearer ", strlen ("Bearer ")) != 0 ||
      !till_hub_check_token (call->server->hub, given + strlen ("Bearer ")))
    return refuse_login (call, "the access token is not one of this server, or has ended");

  return TRUE;
}

static gboolean
check_rate (TillCall *call)
{
  gint64 limit = till_assumptions_number (&call->server->assumptions, TILL_ASSUME_RATE_LIMIT);
  gint64 minute = till_clock_get_boot (call->server->clock) / MINUTE;
  gint64 seconds = till_assumptions_number (&call->server->assumptions, TILL_ASSUME_RETRY_AFTER);
  TillHub *self = call->server->hub;

  if (self->minute != minute)
    self->calls = 0;
  self->minute = minute;

  if (limit == 0 || ++self->calls <= limit)
    return TRUE;

  if (seconds > 0)
    {
      g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, seconds);

      till_call_set_header (call, "Retry-After", text);
    }
  till_hub_refuse (call, 429, NULL, NULL);

  return FALSE;
}

/**
 * till_hub_check_login:
 * @call: a call
 *
 * Steps 3 to 5 of API.md 1.10.
 *
 * Returns: whether it may go on; otherwise it is answered and freed
 */
gboolean
till_hub_check_login (TillCall *call)
{
  const char *key = till_call_get_header (call, "Api-Key");
  const char *authorization = till_call_get_header (call, "Authorization");
  const char *type = till_call_get_header (call, "Auth-Token-Type");
  const char *timestamp = till_call_get_header (call, "Timestamp");
  gboolean hmac = type != NULL && strcmp (type, "HMAC") == 0;

  if (key == NULL)
    return refuse_login (call, "Api-Key is missing");
  if (authorization == NULL)
    return refuse_login (call, "Authorization is missing");
  if (type == NULL)
    return refuse_login (call, "Auth-Token-Type is missing");
  if (!same_text (call->server->info.hub_key, key))
    return refuse_login (call, "there is no such Api-Key");
  if (!hmac && strcmp (type, "AccessToken") != 0)
    return refuse_login (call, "Auth-Token-Type must be HMAC");
  if (timestamp == NULL && hmac)
    return refuse_login (call, "Timestamp is missing");

  if (timestamp != NULL && !check_time (call, timestamp))
    return FALSE;
  if (!(hmac ? check_signature (call, timestamp, authorization) : check_token (call, authorization)))
    return FALSE;

  return check_rate (call);
}
