/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Commerce Hub says of an uploaded client certificate (API.md 2.3). */
#include "config.h"

#include "till-hub.h"

#include "till-error.h"
#include "till-hub-private.h"
#include "till-limits.h"
#include "till-service-private.h"

#define KEY_ID_CHARS 64
#define WORD_CHARS 256

/**
 * till_hub_uploaded_free:
 * @self: (nullable) (transfer full): what was said
 *
 * Frees it.
 */
void
till_hub_uploaded_free (TillHubUploaded *self)
{
  if (self == NULL)
    return;

  g_free (self->client_key_id);
  g_free (self->public_key_hash);
  g_free (self->algorithm);
  g_free (self->trace_id);
  g_free (self->answer);
  g_free (self);
}

/* Both names of the object are in the documents, and both of the id (API.md 2.2, 2.4). */
static const char *
pick (const TillJsonReader *reader,
      const char           *usual,
      const char           *other)
{
  return !till_json_reader_has (reader, usual) && till_json_reader_has (reader, other) ? other : usual;
}

static gboolean
read_optional (const TillJsonReader  *reader,
               const char            *member,
               char                 **value,
               GError               **error)
{
  if (!till_json_reader_has (reader, member))
    return TRUE;

  *value = till_json_reader_dup_text (reader, member, 0, WORD_CHARS, error);

  return *value != NULL;
}

/* Returns: (nullable): what the body says, %NULL with @error set */
static TillHubUploaded *
read_uploaded (const TillHubAnswer  *answer,
               GError              **error)
{
  TillServiceCut cuts[] = { { .name = "encodedPrivateKey" }, { .name = "privateKey" } };
  g_autoptr(JsonNode) root = NULL;
  g_autoptr(TillSecret) text = NULL;
  g_autoptr(TillHubUploaded) self = NULL;
  TillJsonReader reader;
  TillJsonReader details;

  root = till_service_parse (answer->body, TILL_LIMIT_JSON_BYTES, cuts, G_N_ELEMENTS (cuts), &text, error);
  till_service_cuts_clear (cuts, G_N_ELEMENTS (cuts));
  if (root == NULL)
    return NULL;

  self = g_new0 (TillHubUploaded, 1);
  self->answer = g_strndup ((const char *) till_secret_get_data (text), till_secret_get_size (text));

  till_json_reader_init (&reader, root);
  if (!till_json_reader_object (&reader, NULL, &reader, error) ||
      !till_json_reader_object (&reader, pick (&reader, "clientCryptographicDetails", "cryptographicDetails"),
                                &details, error))
    return NULL;

  self->client_key_id = till_json_reader_dup_text (&details, pick (&details, "clientKeyID", "clientKeyId"),
                                                   1, KEY_ID_CHARS, error);
  /* The algorithm may be another than was sent: JWT for JWE. That is no error. */
  if (self->client_key_id == NULL ||
      !read_optional (&details, "cryptographicAlgorithm", &self->algorithm, error) ||
      !read_optional (&details, "publicKeyHash", &self->public_key_hash, error))
    return NULL;

  self->trace_id = till_hub_dup_trace (&reader, answer->trace_id);

  return g_steal_pointer (&self);
}

/**
 * till_hub_uploaded_new:
 * @answer: of an upload
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL, naming the field; its outcome is unknown
 *
 * Reads what the service says of an upload.
 *
 * Returns: (transfer full) (nullable): it, %NULL with @error set
 */
TillHubUploaded *
till_hub_uploaded_new (const TillHubAnswer  *answer,
                       GError              **error)
{
  g_autoptr(TillHubUploaded) self = NULL;
  GError *reason = NULL;

  g_return_val_if_fail (answer != NULL && answer->body != NULL, NULL);

  self = read_uploaded (answer, &reason);
  if (self != NULL && answer->asked_id != NULL && g_ascii_strcasecmp (self->client_key_id, answer->asked_id) != 0)
    till_set_error (&reason, TILL_ERROR_PROTOCOL, TILL_REASON_DIFFERS, "clientCryptographicDetails.clientKeyID", NULL,
                    "the answer is about another client key than the one that was sent");

  if (reason != NULL)
    {
      till_service_fail_answer (error, reason, TRUE, answer->status, answer->trace_id);
      return NULL;
    }

  return g_steal_pointer (&self);
}
