/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commerce Hub, pretended: security credentials (API.md 4). */
#include "config.h"

#include <gnutls/crypto.h>
#include <string.h>

#include "till-sandbox-hub-private.h"
#include "till-sandbox-state.h"

#define LONGEST_LIFE 1800
#define LONGEST_TTL 7
#define LONGEST_URL 4000

/* The parts of an access token: when it ends, what makes it one of a kind, and
 * a mark that only this server makes. 28 characters, as in the examples. */
#define END_CHARS 7
#define NONCE_CHARS 6
#define MARK_CHARS 15
#define MAC_SIZE 32

static const char * const known[] = {
  "publicKeyRequired", "accessTokenRequired", "accessTokenTimeToLive", "responseRedirectURL", "merchantDetails",
  "domains", NULL,
};

static void
append_mark (TillHub *self,
             GString *token)
{
  const char *key = self->server->token_key;
  guint8 mac[MAC_SIZE];

  if (gnutls_hmac_fast (GNUTLS_MAC_SHA256, key, strlen (key), token->str, token->len, mac) < 0)
    g_error ("the system has no HMAC");

  for (guint i = 0; i < MARK_CHARS; i++)
    g_string_append_c (token, TILL_ALPHABET_36[mac[i] % strlen (TILL_ALPHABET_36)]);
}

static char *
make_token (TillHub *self,
            gint64   ends)
{
  g_autofree char *nonce = till_random_text (TILL_ALPHABET_36, NONCE_CHARS);
  GString *token = g_string_new (NULL);

  for (guint i = 0; i < END_CHARS; i++, ends /= 36)
    g_string_prepend_c (token, TILL_ALPHABET_36[ends % 36]);
  g_string_append (token, nonce);
  append_mark (self, token);

  return g_string_free (token, FALSE);
}

/**
 * till_hub_check_token:
 * @self: the service
 * @token: an access token
 *
 * Returns: whether this server gave it, and it has not ended
 */
gboolean
till_hub_check_token (TillHub    *self,
                      const char *token)
{
  g_autoptr(GString) right = NULL;
  gint64 ends = 0;

  if (strlen (token) != END_CHARS + NONCE_CHARS + MARK_CHARS)
    return FALSE;

  right = g_string_new_len (token, END_CHARS + NONCE_CHARS);
  append_mark (self, right);
  if (gnutls_memcmp (right->str, token, right->len) != 0)
    return FALSE;

  for (guint i = 0; i < END_CHARS; i++)
    ends = ends * 36 + (strchr (TILL_ALPHABET_36, token[i]) - TILL_ALPHABET_36);

  return till_clock_get_now (self->server->clock) < ends;
}

/* Only true is supported, says the document. */
static gboolean
check_flag (TillCall   *call,
            const char *member)
{
  TillHubCall *details = call->details;
  JsonNode *node = json_object_get_member (details->object, member);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node) ||
      (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN &&
       json_node_get_boolean (node)))
    return TRUE;

  till_hub_refuse (call, SOUP_STATUS_BAD_REQUEST, "100", member);
  return FALSE;
}

/* API.md 4.4: said to be milliseconds, and not so in the example beside it. */
static gboolean
read_life (TillCall *call,
           gint64   *seconds)
{
  static const char member[] = "accessTokenTimeToLive";
  const char *unit = till_assumptions_word (&call->server->assumptions, TILL_ASSUME_TOKEN_TTL);
  TillHubCall *details = call->details;
  gboolean milliseconds;
  const char *text;
  gint64 value;

  *seconds = LONGEST_LIFE;
  if (!till_hub_get_string (call, details->object, NULL, member, FALSE, LONGEST_TTL, &text))
    return FALSE;
  if (text == NULL)
    return TRUE;

  if (!g_ascii_string_to_signed (text, 10, 1, LONGEST_LIFE * 1000, &value, NULL) || !g_ascii_isdigit (text[0]))
    value = 0;
  milliseconds = strcmp (unit, "milliseconds") == 0 || (strcmp (unit, "auto") == 0 && value > LONGEST_LIFE);
  *seconds = milliseconds ? (value + 999) / 1000 : value;
  if (*seconds >= 1 && *seconds <= LONGEST_LIFE)
    return TRUE;

  till_hub_refuse (call, SOUP_STATUS_BAD_REQUEST, "100", member);
  return FALSE;
}

static void
write_short (TillHub        *self,
             TillJsonWriter *writer,
             const char     *member,
             gint64          value,
             gboolean        old)
{
  if (old)
    {
      g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

      till_sandbox_write_text (writer, member, text);
    }
  else
    {
      till_sandbox_write_int (self->server, writer, member, value);
    }
}

static void
answer (TillCall *call,
        gint64    life)
{
  TillHub *self = call->server->hub;
  gboolean old = till_assumptions_is (&call->server->assumptions, TILL_ASSUME_CREDENTIALS_SHAPE, "2022");
  gint64 now = till_clock_get_now (call->server->clock);
  g_autofree char *once = g_base64_encode (g_bytes_get_data (self->session_key, NULL),
                                           g_bytes_get_size (self->session_key));
  g_autofree char *twice = g_base64_encode ((const guchar *) once, strlen (once));
  g_autofree char *token = make_token (self, now + life);
  g_autofree char *session = g_uuid_string_random ();
  TillJsonWriter writer;

  if (old)
    {
      till_call_begin (call, SOUP_STATUS_CREATED, &writer);
      till_json_writer_begin_object (&writer);
    }
  else
    {
      till_hub_begin (call, SOUP_STATUS_CREATED, NULL, NULL, &writer);
      till_sandbox_write_text (&writer, "keyId", self->session_key_id);
    }

  till_sandbox_write_text (&writer, "publicKey", twice);
  write_short (self, &writer, "keyLength", (gint64) strlen (once), old);
  till_sandbox_write_text (&writer, "accessToken", token);
  if (!old)
    till_sandbox_write_text (&writer, "accessTokenType", "BEARER");
  till_sandbox_write_text (&writer, "sessionId", session);
  till_sandbox_write_time (call->server, &writer, "accessTokenIssuedTime", now);
  write_short (self, &writer, "accessTokenTimeToLive", life, old);
  if (!old)
    till_sandbox_write_time (call->server, &writer, "expiresAt", now + life);
  till_sandbox_write_text (&writer, "symmetricEncryptionAlgorithm", "AES-GCM");
  till_sandbox_write_text (&writer, "asymmetricEncryptionAlgorithm", "RSA-2048");
  till_json_writer_end_object (&writer);

  till_hub_answer (call, FALSE);
}

/**
 * till_hub_credentials:
 * @call: (transfer full): a call that came from who it says
 *
 * Gives an access token, a session and the key that goes with it.
 */
void
till_hub_credentials (TillCall *call)
{
  TillHubCall *details = call->details;
  const char *url;
  gint64 life;

  if (!till_hub_check_members (call, details->object, NULL, known) ||
      !check_flag (call, "publicKeyRequired") || !check_flag (call, "accessTokenRequired") ||
      !read_life (call, &life) ||
      !till_hub_get_string (call, details->object, NULL, "responseRedirectURL", FALSE, LONGEST_URL, &url) ||
      !till_hub_check_merchant (call, TRUE))
    return;

  if (till_assumptions_is (&call->server->assumptions, TILL_ASSUME_CREDENTIALS_FEATURE, "off"))
    {
      till_call_explain (call, "the Api-Key lacks the feature Value Added Services");
      till_hub_refuse (call, SOUP_STATUS_UNAUTHORIZED, NULL, NULL);
      return;
    }

  answer (call, life);
}
