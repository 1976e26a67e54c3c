/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Multi-use public keys as Commerce Hub describes them (API.md 3.2, 3.3). */
#include "config.h"

#include "till-hub.h"

#include <string.h>

#include "till-error.h"
#include "till-hub-private.h"
#include "till-limits.h"
#include "till-redact.h"
#include "till-service-private.h"

#define KEY_ID_CHARS 64
#define WORD_CHARS 256
#define KEY_CHARS 16384
#define TRACE_CHARS 1024
#define MAX_BITS 65536

static const TillServiceCut secret_members[] = {
  { .name = "encodedPrivateKey" }, { .name = "privateKey" }, { .name = "accessToken" }, { .name = "sessionId" },
};

/**
 * till_hub_key_free:
 * @self: (nullable) (transfer full): a key
 *
 * Frees it.
 */
void
till_hub_key_free (TillHubKey *self)
{
  if (self == NULL)
    return;

  g_free (self->key_id);
  g_free (self->encryption_type);
  g_clear_pointer (&self->public_key, till_key_unref);
  g_free (self->status);
  g_free (self->source);
  g_free (self->trace_id);
  g_free (self->client_request_id);
  g_free (self->answer);
  g_free (self);
}

/* The envelope of a success (API.md 1.6): none of it is required. */
static gboolean
enter_envelope (const TillJsonReader *root,
                TillJsonReader       *gateway,
                TillJsonReader       *details)
{
  return till_json_reader_object (root, "gatewayResponse", gateway, NULL) &&
         till_json_reader_object (gateway, "transactionProcessingDetails", details, NULL);
}

/**
 * till_hub_dup_trace:
 * @root: of an answer
 * @fallback: (nullable): the one of its headers
 *
 * Returns: (transfer full) (nullable): the apiTraceId
 */
char *
till_hub_dup_trace (const TillJsonReader *root,
                    const char           *fallback)
{
  TillJsonReader gateway;
  TillJsonReader details;
  char *trace = NULL;

  if (enter_envelope (root, &gateway, &details))
    trace = till_json_reader_dup_text (&details, "apiTraceId", 1, TRACE_CHARS, NULL);

  return trace != NULL ? trace : g_strdup (fallback);
}

static char *
dup_echo (const TillJsonReader *root)
{
  TillJsonReader gateway;
  TillJsonReader details;

  if (!enter_envelope (root, &gateway, &details))
    return NULL;

  return till_json_reader_dup_text (&details, "clientRequestId", 1, TRACE_CHARS, NULL);
}

static gboolean
read_optional (const TillJsonReader  *reader,
               const char            *member,
               gsize                  max_chars,
               char                 **value,
               GError               **error)
{
  if (!till_json_reader_has (reader, member))
    return TRUE;

  *value = till_json_reader_dup_text (reader, member, 1, max_chars, error);

  return *value != NULL;
}

static gboolean
read_details (TillHubKey            *self,
              const TillJsonReader  *details,
              GError               **error)
{
  const char *public_key;

  if (!(self->key_id = till_json_reader_dup_text (details, "keyId", 1, KEY_ID_CHARS, error)) ||
      !read_optional (details, "encryptionType", WORD_CHARS, &self->encryption_type, error) ||
      !till_json_reader_optional_int (details, "modulus", 0, MAX_BITS, 0, &self->modulus, error) ||
      !till_json_reader_optional_string (details, "encodedPublicKey", KEY_CHARS, &public_key, error) ||
      !till_json_reader_time (details, "validFrom", &self->valid_from, error) ||
      !till_json_reader_time (details, "validTo", &self->valid_to, error) ||
      !(self->status = till_json_reader_dup_text (details, "status", 1, WORD_CHARS, error)) ||
      !read_optional (details, "source", WORD_CHARS, &self->source, error))
    return FALSE;

  /* The documented default (API.md 3.2). */
  if (self->encryption_type == NULL)
    self->encryption_type = g_strdup ("RSA");

  /* A key that can't be decoded can't be used, and is there all the same: its id has to be kept to revoke it. */
  if (public_key != NULL)
    self->public_key = till_hub_decode_key (public_key);

  return TRUE;
}

/* Whether the document holds a private key in any other place. */
static gboolean
hides_private_key (const char *text)
{
  return strstr (text, "PRIVATE KEY-----") != NULL;
}

/* Returns: (nullable): the key, %NULL with @error set */
static TillHubKey *
read_key (const TillSecret  *body,
          gboolean           bare,
          const char        *fallback_trace,
          GError           **error)
{
  TillServiceCut cuts[G_N_ELEMENTS (secret_members)];
  g_autoptr(JsonNode) root = NULL;
  g_autoptr(TillSecret) text = NULL;
  g_autoptr(TillHubKey) self = NULL;
  TillJsonReader reader;
  TillJsonReader details;

  memcpy (cuts, secret_members, sizeof cuts);
  root = till_service_parse (body, TILL_LIMIT_JSON_BYTES, cuts, G_N_ELEMENTS (cuts), &text, error);
  till_service_cuts_clear (cuts, G_N_ELEMENTS (cuts));
  if (root == NULL)
    return NULL;

  self = g_new0 (TillHubKey, 1);
  self->had_private_key = cuts[0].found || cuts[1].found;
  self->answer = g_strndup ((const char *) till_secret_get_data (text), till_secret_get_size (text));
  if (hides_private_key (self->answer))
    {
      g_autofree char *whole = g_steal_pointer (&self->answer);

      self->had_private_key = TRUE;
      self->answer = till_redact (whole, -1);
      till_wipe (whole, strlen (whole));
    }

  till_json_reader_init (&reader, root);
  if (!till_json_reader_object (&reader, NULL, &reader, error))
    return NULL;

  if (bare && !till_json_reader_has (&reader, "asymmetricKeyDetails"))
    details = reader;
  else if (!till_json_reader_object (&reader, "asymmetricKeyDetails", &details, error))
    return NULL;

  if (!read_details (self, &details, error))
    return NULL;

  self->trace_id = till_hub_dup_trace (&reader, fallback_trace);
  self->client_request_id = dup_echo (&reader);

  return g_steal_pointer (&self);
}

/**
 * till_hub_key_new:
 * @answer: of generate or revoke
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL, naming the field; its outcome is unknown
 *
 * Reads the key that an answer is about. Times may be in any order, and the
 * status is any word: judging them is for others (RELIABILITY.md 5.2, rows 47
 * and 49).
 *
 * Returns: (transfer full) (nullable): the key, %NULL with @error set
 */
TillHubKey *
till_hub_key_new (const TillHubAnswer  *answer,
                  GError              **error)
{
  g_autoptr(TillHubKey) self = NULL;
  GError *reason = NULL;

  g_return_val_if_fail (answer != NULL && answer->body != NULL, NULL);

  self = read_key (answer->body, FALSE, answer->trace_id, &reason);
  if (self != NULL && answer->asked_id != NULL && g_ascii_strcasecmp (self->key_id, answer->asked_id) != 0)
    till_set_error (&reason, TILL_ERROR_PROTOCOL, TILL_REASON_DIFFERS, "asymmetricKeyDetails.keyId", NULL,
                    "the answer is about another key than the one that was asked for");

  if (reason != NULL)
    {
      till_service_fail_answer (error, reason, TRUE, answer->status, answer->trace_id);
      return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * till_hub_key_new_from_json:
 * @json: (array length=length): what somebody pastes: an answer, or only its asymmetricKeyDetails
 * @length: its size
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL, naming the field
 *
 * Reads a key that was generated elsewhere.
 *
 * Returns: (transfer full) (nullable): the key, %NULL with @error set
 */
TillHubKey *
till_hub_key_new_from_json (const char  *json,
                            gsize        length,
                            GError     **error)
{
  g_autoptr(TillSecret) body = NULL;

  g_return_val_if_fail (json != NULL, NULL);

  if (length > TILL_LIMIT_JSON_BYTES)
    {
      till_set_error (error, TILL_ERROR_PROTOCOL, TILL_REASON_ANSWER_TOO_LARGE, NULL,
                      (const gint64[2]) { (gint64) MIN (length, G_MAXINT64), TILL_LIMIT_JSON_BYTES },
                      "this is too large for the answer of a service");
      return NULL;
    }

  body = till_secret_new_copy (json, length);

  return read_key (body, TRUE, NULL, error);
}
