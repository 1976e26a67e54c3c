/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Credentials as Commerce Hub sends them (API.md 4.2 to 4.4). */
#include "config.h"

#include "till-hub.h"

#include <string.h>

#include "till-error.h"
#include "till-hub-private.h"
#include "till-limits.h"
#include "till-service-private.h"

#define TOKEN_BYTES 8192
#define SESSION_BYTES 1024
#define WORD_CHARS 256
#define KEY_CHARS 16384

/* API.md 4.4. */
#define MAX_SECONDS 1800
#define DAY_SECONDS 86400

/**
 * till_hub_credentials_free:
 * @self: (nullable) (transfer full): credentials
 *
 * Frees and wipes them.
 */
void
till_hub_credentials_free (TillHubCredentials *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->access_token, till_secret_unref);
  g_clear_pointer (&self->session_id, till_secret_unref);
  g_free (self->token_type);
  g_free (self->key_id);
  g_free (self->raw_time_to_live);
  g_clear_pointer (&self->public_key, till_key_unref);
  g_free (self->symmetric_algorithm);
  g_free (self->asymmetric_algorithm);
  g_free (self->trace_id);
  g_free (self);
}

/* Both secrets are put into a header or an address later on: blanks and controls have no place in them. */
static gboolean
take_secret (TillServiceCut  *cut,
             gboolean         required,
             gsize            max_bytes,
             TillSecret     **value,
             GError         **error)
{
  gsize size = cut->value != NULL ? till_secret_get_size (cut->value) : 0;
  const char *wrong = NULL;

  if (cut->wrong_type)
    wrong = "has an unexpected form: a string is expected";
  else if (cut->value == NULL && required)
    wrong = "is missing";
  else if (size == 0 && required)
    wrong = "is too short: it is empty";
  else if (size > max_bytes)
    wrong = "is too long";

  for (gsize i = 0; i < size && wrong == NULL; i++)
    if (till_secret_get_data (cut->value)[i] <= 0x20 || till_secret_get_data (cut->value)[i] >= 0x7f)
      wrong = "has an unexpected form: there are characters in it that it never has";

  if (wrong != NULL)
    {
      till_set_error (error, TILL_ERROR_PROTOCOL, TILL_REASON_BAD_FIELD, cut->name, NULL,
                      "field \"%s\" %s", cut->name, wrong);
      return FALSE;
    }

  if (size > 0)
    *value = g_steal_pointer (&cut->value);

  return TRUE;
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

  *value = till_json_reader_dup_text (reader, member, 0, max_chars, error);

  return *value != NULL;
}

/* A time, or %G_MININT64 where it can't be read; only what is no text at all is nonsense. */
static gboolean
read_time (const TillJsonReader  *reader,
           const char            *member,
           gint64                *value,
           GError               **error)
{
  g_autofree char *text = NULL;

  *value = G_MININT64;
  if (!read_optional (reader, member, WORD_CHARS, &text, error))
    return FALSE;
  if (text != NULL && !till_json_reader_time (reader, member, value, NULL))
    *value = G_MININT64;

  return TRUE;
}

/* Seconds as a rule, milliseconds where no token lives that long; 0 where it says nothing that makes sense. */
static gint64
parse_time_to_live (const char *text)
{
  gint64 value;

  if (text == NULL || !g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &value, NULL) || value <= 0)
    return 0;

  if (value > DAY_SECONDS)
    value /= 1000;

  return CLAMP (value, 1, MAX_SECONDS);
}

static gboolean
read_times (TillHubCredentials    *self,
            const TillJsonReader  *reader,
            GError               **error)
{
  gint64 expires_at;

  if (!read_time (reader, "accessTokenIssuedTime", &self->issued_at, error) ||
      !read_optional (reader, "accessTokenTimeToLive", WORD_CHARS, &self->raw_time_to_live, error) ||
      !read_time (reader, "expiresAt", &expires_at, error))
    return FALSE;

  self->time_to_live = parse_time_to_live (self->raw_time_to_live);

  /* The end counts only where it can be one: in samples it lies years after the issue (API.md 4.2). */
  if (self->raw_time_to_live == NULL && self->issued_at != G_MININT64 && expires_at != G_MININT64 &&
      expires_at > self->issued_at && expires_at - self->issued_at <= DAY_SECONDS)
    self->time_to_live = MIN (expires_at - self->issued_at, MAX_SECONDS);

  return TRUE;
}

static gboolean
read_members (TillHubCredentials    *self,
              const TillJsonReader  *reader,
              GError               **error)
{
  const char *public_key;

  if (!read_optional (reader, "accessTokenType", WORD_CHARS, &self->token_type, error) ||
      !read_optional (reader, "keyId", WORD_CHARS, &self->key_id, error) ||
      !till_json_reader_optional_string (reader, "publicKey", KEY_CHARS, &public_key, error) ||
      !read_optional (reader, "symmetricEncryptionAlgorithm", WORD_CHARS, &self->symmetric_algorithm, error) ||
      !read_optional (reader, "asymmetricEncryptionAlgorithm", WORD_CHARS, &self->asymmetric_algorithm, error) ||
      !read_times (self, reader, error))
    return FALSE;

  if (public_key != NULL)
    self->public_key = till_hub_decode_key (public_key);

  return TRUE;
}

/* Returns: (nullable): what the body says, %NULL with @error set */
static TillHubCredentials *
read_credentials (const TillHubAnswer  *answer,
                  TillServiceCut       *cuts,
                  guint                 n_cuts,
                  GError              **error)
{
  g_autoptr(JsonNode) root = till_service_parse (answer->body, TILL_LIMIT_JSON_BYTES, cuts, n_cuts, NULL, error);
  g_autoptr(TillHubCredentials) self = NULL;
  TillJsonReader reader;

  if (root == NULL)
    return NULL;

  self = g_new0 (TillHubCredentials, 1);
  till_json_reader_init (&reader, root);
  if (!till_json_reader_object (&reader, NULL, &reader, error) ||
      !take_secret (&cuts[0], TRUE, TOKEN_BYTES, &self->access_token, error) ||
      !take_secret (&cuts[1], FALSE, SESSION_BYTES, &self->session_id, error) ||
      !read_members (self, &reader, error))
    return NULL;

  self->trace_id = till_hub_dup_trace (&reader, answer->trace_id);

  return g_steal_pointer (&self);
}

/**
 * till_hub_credentials_new:
 * @answer: of credentials
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL, naming the field; its outcome is unknown
 *
 * Reads credentials. Token and session go from the answer into secrets of
 * their own, and nowhere else.
 *
 * Returns: (transfer full) (nullable): the credentials, %NULL with @error set
 */
TillHubCredentials *
till_hub_credentials_new (const TillHubAnswer  *answer,
                          GError              **error)
{
  TillServiceCut cuts[] = { { .name = "accessToken" }, { .name = "sessionId" } };
  TillHubCredentials *self;
  GError *reason = NULL;

  g_return_val_if_fail (answer != NULL && answer->body != NULL, NULL);

  self = read_credentials (answer, cuts, G_N_ELEMENTS (cuts), &reason);
  till_service_cuts_clear (cuts, G_N_ELEMENTS (cuts));
  if (self == NULL)
    till_service_fail_answer (error, reason, TRUE, answer->status, answer->trace_id);

  return self;
}
