/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making, copying and freeing what the store holds, and the words of its enumerations. */
#include "config.h"

#include "till-record.h"

static const char * const environment_words[] = {
  [TILL_ENVIRONMENT_PRACTICE] = "practice",
  [TILL_ENVIRONMENT_TEST] = "test",
  [TILL_ENVIRONMENT_LIVE] = "live",
};

static const char * const intent_words[] = {
  [TILL_INTENT_OPEN] = "open",
  [TILL_INTENT_DONE] = "done",
  [TILL_INTENT_REFUSED] = "refused",
  [TILL_INTENT_UNKNOWN] = "unknown",
};

/**
 * till_environment_to_word:
 * @environment: an environment
 *
 * Returns: (transfer none): its stable word
 */
const char *
till_environment_to_word (TillEnvironment environment)
{
  g_return_val_if_fail ((guint) environment < G_N_ELEMENTS (environment_words), "unknown");

  return environment_words[environment];
}

/**
 * till_environment_from_word:
 * @word: (nullable): a word as till_environment_to_word() gives it
 * @environment: (out): what it means; untouched where it means nothing
 *
 * Returns: whether it is one of the words
 */
gboolean
till_environment_from_word (const char      *word,
                            TillEnvironment *environment)
{
  g_return_val_if_fail (environment != NULL, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (environment_words); i++)
    {
      if (g_strcmp0 (word, environment_words[i]) == 0)
        {
          *environment = (TillEnvironment) i;
          return TRUE;
        }
    }

  return FALSE;
}

/**
 * till_intent_state_to_word:
 * @state: a state
 *
 * Returns: (transfer none): its stable word
 */
const char *
till_intent_state_to_word (TillIntentState state)
{
  g_return_val_if_fail ((guint) state < G_N_ELEMENTS (intent_words), "unknown");

  return intent_words[state];
}

/**
 * till_profile_new:
 *
 * Returns: (transfer full): a profile without any text; its times are not known
 */
TillProfile *
till_profile_new (void)
{
  TillProfile *self = g_new0 (TillProfile, 1);

  self->created_at = TILL_TIME_UNKNOWN;
  self->repeat_lost = TRUE;

  return self;
}

/**
 * till_profile_copy:
 * @self: a profile
 *
 * Returns: (transfer full): one like it
 */
TillProfile *
till_profile_copy (const TillProfile *self)
{
  TillProfile *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (TillProfile, 1);
  *copy = *self;
  copy->id = g_strdup (self->id);
  copy->name = g_strdup (self->name);
  copy->hub_url = g_strdup (self->hub_url);
  copy->hub_merchant = g_strdup (self->hub_merchant);
  copy->hub_terminal = g_strdup (self->hub_terminal);
  copy->hub_key = g_strdup (self->hub_key);
  copy->wallet_url = g_strdup (self->wallet_url);
  copy->wallet_user = g_strdup (self->wallet_user);
  copy->devices_url = g_strdup (self->devices_url);
  copy->devices_organization = g_strdup (self->devices_organization);
  copy->devices_key_id = g_strdup (self->devices_key_id);
  copy->ca_pem = g_strdup (self->ca_pem);

  return copy;
}

/**
 * till_profile_free:
 * @self: (transfer full) (nullable): a profile
 */
void
till_profile_free (TillProfile *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->name);
  g_free (self->hub_url);
  g_free (self->hub_merchant);
  g_free (self->hub_terminal);
  g_free (self->hub_key);
  g_free (self->wallet_url);
  g_free (self->wallet_user);
  g_free (self->devices_url);
  g_free (self->devices_organization);
  g_free (self->devices_key_id);
  g_free (self->ca_pem);
  g_free (self);
}

/**
 * till_key_record_new:
 *
 * Returns: (transfer full): a key without any text, with no limit of offline payments; its times are not known
 */
TillKeyRecord *
till_key_record_new (void)
{
  TillKeyRecord *self = g_new0 (TillKeyRecord, 1);

  self->valid_from = TILL_TIME_UNKNOWN;
  self->valid_to = TILL_TIME_UNKNOWN;
  self->known_at = TILL_TIME_UNKNOWN;
  self->revoked_at = TILL_TIME_UNKNOWN;
  self->offline_limit = -1;

  return self;
}

/**
 * till_key_record_copy:
 * @self: a key
 *
 * Returns: (transfer full): one like it
 */
TillKeyRecord *
till_key_record_copy (const TillKeyRecord *self)
{
  TillKeyRecord *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (TillKeyRecord, 1);
  *copy = *self;
  copy->profile_id = g_strdup (self->profile_id);
  copy->key_id = g_strdup (self->key_id);
  copy->encryption_type = g_strdup (self->encryption_type);
  copy->public_key_sha256 = g_strdup (self->public_key_sha256);
  copy->status = g_strdup (self->status);
  copy->offline_currency = g_strdup (self->offline_currency);
  copy->client_request_id = g_strdup (self->client_request_id);
  copy->trace_id = g_strdup (self->trace_id);
  copy->answer = g_strdup (self->answer);
  copy->spki = self->spki != NULL ? g_bytes_ref (self->spki) : NULL;

  return copy;
}

/**
 * till_key_record_free:
 * @self: (transfer full) (nullable): a key
 */
void
till_key_record_free (TillKeyRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->profile_id);
  g_free (self->key_id);
  g_free (self->encryption_type);
  g_free (self->public_key_sha256);
  g_free (self->status);
  g_free (self->offline_currency);
  g_free (self->client_request_id);
  g_free (self->trace_id);
  g_free (self->answer);
  g_clear_pointer (&self->spki, g_bytes_unref);
  g_free (self);
}

/**
 * till_upload_record_new:
 *
 * Returns: (transfer full): an upload without any text; its times are not known
 */
TillUploadRecord *
till_upload_record_new (void)
{
  TillUploadRecord *self = g_new0 (TillUploadRecord, 1);

  self->not_before = TILL_TIME_UNKNOWN;
  self->not_after = TILL_TIME_UNKNOWN;
  self->uploaded_at = TILL_TIME_UNKNOWN;

  return self;
}

/**
 * till_upload_record_free:
 * @self: (transfer full) (nullable): a upload
 */
void
till_upload_record_free (TillUploadRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->profile_id);
  g_free (self->client_key_id);
  g_free (self->name);
  g_free (self->sha256);
  g_free (self->public_key_sha256);
  g_free (self->public_key_hash);
  g_free (self->algorithm);
  g_free (self->trace_id);
  g_free (self);
}

/**
 * till_seen_record_new:
 *
 * Returns: (transfer full): a seen certificate without any text; its times are not known
 */
TillSeenRecord *
till_seen_record_new (void)
{
  TillSeenRecord *self = g_new0 (TillSeenRecord, 1);

  self->seen_at = TILL_TIME_UNKNOWN;

  return self;
}

/**
 * till_seen_record_free:
 * @self: (transfer full) (nullable): a seen certificate
 */
void
till_seen_record_free (TillSeenRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->profile_id);
  g_free (self->id);
  g_free (self->json);
  g_free (self);
}

/**
 * till_file_record_new:
 *
 * Returns: (transfer full): a file without any text; its times are not known
 */
TillFileRecord *
till_file_record_new (void)
{
  TillFileRecord *self = g_new0 (TillFileRecord, 1);

  self->not_after = TILL_TIME_UNKNOWN;
  self->added_at = TILL_TIME_UNKNOWN;

  return self;
}

/**
 * till_file_record_copy:
 * @self: a file
 *
 * Returns: (transfer full): one like it
 */
TillFileRecord *
till_file_record_copy (const TillFileRecord *self)
{
  TillFileRecord *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (TillFileRecord, 1);
  *copy = *self;
  copy->uri = g_strdup (self->uri);
  copy->sha256 = g_strdup (self->sha256);

  return copy;
}

/**
 * till_file_record_free:
 * @self: (transfer full) (nullable): a file
 */
void
till_file_record_free (TillFileRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->uri);
  g_free (self->sha256);
  g_free (self);
}

/**
 * till_device_record_new:
 *
 * Returns: (transfer full): a device without any text; its times are not known
 */
TillDeviceRecord *
till_device_record_new (void)
{
  TillDeviceRecord *self = g_new0 (TillDeviceRecord, 1);

  self->not_before = TILL_TIME_UNKNOWN;
  self->not_after = TILL_TIME_UNKNOWN;
  self->paired_at = TILL_TIME_UNKNOWN;
  self->last_contact = TILL_TIME_UNKNOWN;

  return self;
}

/**
 * till_device_record_free:
 * @self: (transfer full) (nullable): a device
 */
void
till_device_record_free (TillDeviceRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->profile_id);
  g_free (self->pos_id);
  g_free (self->address);
  g_free (self->serial);
  g_free (self->state);
  g_free (self->certificate_pem);
  g_free (self->kind);
  g_free (self->terminal_serial);
  g_free (self->root_pem);
  g_free (self);
}

/**
 * till_intent_record_new:
 *
 * Returns: (transfer full): an open intent that is not stored yet; its times are not known
 */
TillIntentRecord *
till_intent_record_new (void)
{
  TillIntentRecord *self = g_new0 (TillIntentRecord, 1);

  self->begun_at = TILL_TIME_UNKNOWN;
  self->ended_at = TILL_TIME_UNKNOWN;

  return self;
}

/**
 * till_intent_record_free:
 * @self: (transfer full) (nullable): a intent
 */
void
till_intent_record_free (TillIntentRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->profile_id);
  g_free (self->operation);
  g_free (self->request_id);
  g_free (self->subject);
  g_free (self->path);
  g_free (self->body);
  g_free (self->body_sha256);
  g_free (self->note);
  g_free (self);
}

/**
 * till_log_record_new:
 *
 * Returns: (transfer full): a line that is not in the log yet, without sequence, time, actor and hash
 */
TillLogRecord *
till_log_record_new (void)
{
  TillLogRecord *self = g_new0 (TillLogRecord, 1);

  self->at = TILL_TIME_UNKNOWN;

  return self;
}

/**
 * till_log_record_free:
 * @self: (transfer full) (nullable): a line of the log
 */
void
till_log_record_free (TillLogRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->actor);
  g_free (self->event);
  g_free (self->object);
  g_free (self->profile);
  g_free (self->environment);
  g_free (self->peer);
  g_free (self->outcome);
  g_free (self->request_id);
  g_free (self->trace_id);
  g_free (self->detail);
  g_free (self->hash);
  g_free (self);
}
