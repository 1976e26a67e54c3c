/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The encryption keys of a shop: generated, rotated, revoked, imported, marked. */
#include "config.h"

#include "till-shop-keys.h"

#include <string.h>

#include "till-error.h"
#include "till-json-reader.h"
#include "till-limits.h"

/* API.md 1.7: the service's word for "this key can't be revoked, it is already". */
#define CODE_INVALID_STATUS_CHANGE "752"

#define MAX_IMPORT 1000

/**
 * till_key_outcome_free:
 * @data: (transfer full) (nullable): a #TillKeyOutcome
 */
void
till_key_outcome_free (gpointer data)
{
  TillKeyOutcome *outcome = data;

  if (outcome == NULL)
    return;

  g_clear_pointer (&outcome->key, till_key_record_free);
  g_free (outcome);
}

/**
 * till_key_outcome_new:
 * @key: (transfer full) (nullable): the key
 *
 * Returns: (transfer full): the outcome of a call
 */
TillKeyOutcome *
till_key_outcome_new (TillKeyRecord *key)
{
  TillKeyOutcome *outcome = g_new0 (TillKeyOutcome, 1);

  outcome->key = key;
  outcome->rotate_from = TILL_TIME_UNKNOWN;

  return outcome;
}

static TillKeyRecord *
make_record (const char       *profile_id,
             gint64            now,
             const TillHubKey *key,
             gboolean          imported)
{
  TillKeyRecord *record = till_key_record_new ();

  record->profile_id = g_strdup (profile_id);
  record->key_id = g_strdup (key->key_id);
  record->encryption_type = g_strdup (key->encryption_type);
  record->modulus = key->modulus;
  if (key->public_key != NULL)
    {
      record->spki = key->public_key->spki != NULL ? g_bytes_ref (key->public_key->spki) : NULL;
      record->public_key_sha256 = g_strdup (key->public_key->public_key_sha256);
    }
  record->valid_from = key->valid_from;
  record->valid_to = key->valid_to;
  record->status = g_strdup (key->status);
  record->offline_limit = -1;
  record->client_request_id = g_strdup (key->client_request_id);
  record->trace_id = g_strdup (key->trace_id);
  record->answer = g_strdup (key->answer);
  record->known_at = now;
  record->revoked_at = TILL_TIME_UNKNOWN;
  record->imported = imported;

  return record;
}

/**
 * till_shop_key_record_new:
 * @self: a shop
 * @key: as the service sent it
 * @imported: it was pasted rather than generated here
 *
 * Returns: (transfer full): the record of the inventory
 */
TillKeyRecord *
till_shop_key_record_new (TillShop         *self,
                          const TillHubKey *key,
                          gboolean          imported)
{
  return make_record (self->profile->id, till_shop_now (self), key, imported);
}

static gboolean
read_key (GPtrArray   *records,
          const char  *profile_id,
          gint64       now,
          const char  *json,
          gsize        length,
          GError     **error)
{
  g_autoptr(TillHubKey) key = till_hub_key_new_from_json (json, length, error);

  if (key == NULL)
    return FALSE;

  g_ptr_array_add (records, make_record (profile_id, now, key, TRUE));

  return TRUE;
}

/**
 * till_shop_read_keys:
 * @profile_id: whose keys
 * @now: seconds since 1970
 * @json: one answer of the service, or an array of them
 * @length: of @json in bytes
 * @error: %TILL_ERROR_PROTOCOL for what makes no sense
 *
 * Reads keys; touches no object, so any thread may.
 *
 * Returns: (transfer container) (element-type TillKeyRecord): the keys
 */
GPtrArray *
till_shop_read_keys (const char  *profile_id,
                     gint64       now,
                     const char  *json,
                     gsize        length,
                     GError     **error)
{
  g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) till_key_record_free);
  g_autoptr(JsonNode) root = till_json_parse (json, length, TILL_LIMIT_JSON_BYTES, error);
  JsonArray *array;

  if (root == NULL)
    return NULL;

  if (!JSON_NODE_HOLDS_ARRAY (root))
    return read_key (records, profile_id, now, json, length, error) ? g_steal_pointer (&records) : NULL;

  array = json_node_get_array (root);
  if (json_array_get_length (array) > MAX_IMPORT)
    {
      till_set_error (error, TILL_ERROR_PROTOCOL, TILL_REASON_TOO_MANY, NULL, NULL,
                      "there are more than %d keys in it", MAX_IMPORT);
      return NULL;
    }

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *text = json_to_string (json_array_get_element (array, i), FALSE);

      if (!read_key (records, profile_id, now, text, strlen (text), error))
        return NULL;
    }

  return g_steal_pointer (&records);
}

/**
 * till_shop_find_key:
 * @transaction: a transaction
 * @profile_id: whose key
 * @key_id: which
 * @error: of the store
 *
 * Returns: (transfer full) (nullable): the key as the inventory has it; %NULL without an error where it has none
 */
TillKeyRecord *
till_shop_find_key (TillTransaction  *transaction,
                    const char       *profile_id,
                    const char       *key_id,
                    GError          **error)
{
  g_autoptr(GPtrArray) keys = till_transaction_list_keys (transaction, profile_id, error);

  for (guint i = 0; keys != NULL && i < keys->len; i++)
    {
      const TillKeyRecord *key = keys->pdata[i];

      if (g_str_equal (key->key_id, key_id))
        return till_key_record_copy (key);
    }

  return NULL;
}

/**
 * till_shop_keep_own:
 * @fresh: a key as the service says it is
 * @known: the same as the inventory has it
 *
 * What only this computer knows of a key outlives what the service says anew.
 */
void
till_shop_keep_own (TillKeyRecord       *fresh,
                    const TillKeyRecord *known)
{
  fresh->in_use = known->in_use;
  fresh->offline_limit = known->offline_limit;
  g_free (fresh->offline_currency);
  fresh->offline_currency = g_strdup (known->offline_currency);
  fresh->known_at = known->known_at;
  fresh->imported = known->imported;
  if (fresh->revoked_at == TILL_TIME_UNKNOWN)
    fresh->revoked_at = known->revoked_at;
  if (fresh->spki == NULL && known->spki != NULL)
    {
      fresh->spki = g_bytes_ref (known->spki);
      g_free (fresh->public_key_sha256);
      fresh->public_key_sha256 = g_strdup (known->public_key_sha256);
    }
}

/**
 * till_shop_receive_generated:
 * @change: a change that generates a key
 * @result: as given to its callback
 * @error: why there is none
 *
 * Returns: (transfer full): a #TillKeyOutcome
 */
gpointer
till_shop_receive_generated (TillChange    *change,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_autoptr(TillHubAnswer) answer = till_change_receive_hub (change, result, error);
  g_autoptr(TillHubKey) key = NULL;
  TillKeyRecord *record;

  if (answer == NULL)
    return NULL;

  key = till_hub_key_new (answer, error);
  if (key == NULL)
    return NULL;

  record = till_shop_key_record_new (change->shop, key, FALSE);
  if (record->client_request_id == NULL)
    record->client_request_id = g_strdup (change->intent->request_id);
  g_free (change->intent->subject);
  change->intent->subject = g_strdup (key->key_id);

  return till_key_outcome_new (record);
}

/**
 * till_shop_receive_revoked:
 * @change: a change that revokes a key
 * @result: as given to its callback
 * @error: why it did not
 *
 * That the key is revoked already counts as done (RELIABILITY.md G17).
 *
 * Returns: (transfer full): a #TillKeyOutcome
 */
gpointer
till_shop_receive_revoked (TillChange    *change,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(TillHubAnswer) answer = till_change_receive_hub (change, result, &local_error);
  g_autoptr(TillHubKey) key = NULL;
  TillKeyRecord *record;

  if (answer != NULL)
    {
      key = till_hub_key_new (answer, error);
      if (key == NULL)
        return NULL;

      if (!g_str_equal (key->key_id, change->intent->subject))
        {
          till_set_error (error, TILL_ERROR_PROTOCOL, TILL_REASON_DIFFERS, "asymmetricKeyDetails.keyId", NULL,
                          "the service answered about another key than the one to be revoked");
          if (error != NULL)
            till_error_set_answer (*error, TILL_OUTCOME_UNKNOWN, answer->status, NULL, answer->trace_id);
          return NULL;
        }

      record = till_shop_key_record_new (change->shop, key, FALSE);
    }
  else if (g_strcmp0 (till_error_get_service_code (local_error), CODE_INVALID_STATUS_CHANGE) == 0)
    {
      record = till_key_record_new ();
      record->profile_id = g_strdup (change->shop->profile->id);
      record->key_id = g_strdup (change->intent->subject);
    }
  else
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  g_free (record->status);
  record->status = g_strdup ("REVOKED");
  record->revoked_at = till_shop_now (change->shop);

  return till_key_outcome_new (record);
}

/**
 * till_shop_store_key:
 * @change: a change whose result is a #TillKeyOutcome
 * @transaction: the transaction that closes it
 * @error: of the store
 *
 * Writes the key to the inventory, with what only this computer knows of it.
 *
 * Returns: whether that worked
 */
gboolean
till_shop_store_key (TillChange       *change,
                     TillTransaction  *transaction,
                     GError          **error)
{
  TillKeyOutcome *outcome = change->result;
  g_autoptr(GError) local_error = NULL;
  g_autoptr(TillKeyRecord) known = NULL;

  known = till_shop_find_key (transaction, outcome->key->profile_id, outcome->key->key_id, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  /* An answer without the key, as "already revoked" is: what was known, with the new status. */
  if (outcome->key->encryption_type == NULL)
    {
      if (known == NULL)
        return TRUE;

      g_free (known->status);
      known->status = g_strdup (outcome->key->status);
      if (known->revoked_at == TILL_TIME_UNKNOWN)
        known->revoked_at = outcome->key->revoked_at;
      till_key_record_free (outcome->key);
      outcome->key = g_steal_pointer (&known);
    }
  else if (known != NULL)
    {
      till_shop_keep_own (outcome->key, known);
    }

  return till_transaction_put_key (transaction, outcome->key, error);
}

/* The key that a lost answer held is the one that was asked for: no second one is made. */
static gpointer
take_recovered (TillChange *change,
                GPtrArray  *keys)
{
  return till_key_outcome_new (till_key_record_copy (keys->pdata[keys->len - 1]));
}

static void
generate (GTask *task)
{
  TillShop *self = g_task_get_source_object (task);
  GError *error = NULL;
  TillChange *change;

  if (!till_shop_check_service (self, TILL_SHOP_HUB, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  change = till_change_new_hub (self, "keys.generate", NULL, till_hub_request_generate (self->hub, NULL));
  change->receive = till_shop_receive_generated;
  change->store = till_shop_store_key;
  change->free_result = till_key_outcome_free;
  change->recovered = take_recovered;
  till_change_run (change, task);
}

/**
 * till_shop_generate_key_async:
 * @self: a shop
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Asks Commerce Hub for a new key (services/commerce-hub-keys.md, "Generate
 * Key"). The ones before it keep counting. Where the answer to an earlier
 * request was lost and can still be had, its key is the result.
 */
void
till_shop_generate_key_async (TillShop            *self,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (TILL_IS_SHOP (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, till_shop_generate_key_async);
  generate (task);
}

static void
rotate_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillShop *self = TILL_SHOP (source);
  g_autoptr(GPtrArray) keys = NULL;
  g_autoptr(TillAdvice) advice = NULL;
  TillKeyOutcome *outcome;
  GError *error = NULL;

  keys = till_shop_keys_finish (self, result, &error);
  if (keys == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  advice = till_advice_new (keys, till_shop_now (self));
  if (advice->rotation_open)
    {
      generate (g_steal_pointer (&task));
      return;
    }

  outcome = till_key_outcome_new (NULL);
  outcome->rotate_from = advice->rotate_from;
  g_task_return_pointer (task, outcome, till_key_outcome_free);
}

/**
 * till_shop_rotate_key_async:
 * @self: a shop
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Generates a key where the rotation window is open, or where no key is usable.
 */
void
till_shop_rotate_key_async (TillShop            *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (TILL_IS_SHOP (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, till_shop_rotate_key_async);
  g_task_set_check_cancellable (task, FALSE);
  till_shop_keys_async (self, cancellable, rotate_cb, task);
}

/**
 * till_shop_revoke_key_async:
 * @self: a shop
 * @key_id: of the key
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Withdraws a key for good (services/commerce-hub-keys.md, "Revoke Key").
 */
void
till_shop_revoke_key_async (TillShop            *self,
                            const char          *key_id,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  TillHubRequest *request;
  TillChange *change;
  GError *error = NULL;

  g_return_if_fail (TILL_IS_SHOP (self) && key_id != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, till_shop_revoke_key_async);

  if (!till_shop_check_service (self, TILL_SHOP_HUB, &error) ||
      !(request = till_hub_request_revoke (self->hub, key_id, NULL, &error)))
    {
      g_task_return_error (task, error);
      return;
    }

  change = till_change_new_hub (self, "keys.revoke", key_id, request);
  change->receive = till_shop_receive_revoked;
  change->store = till_shop_store_key;
  change->free_result = till_key_outcome_free;
  till_change_run (change, g_steal_pointer (&task));
}

/**
 * till_shop_key_finish:
 * @self: a shop
 * @result: as given to the callback
 * @rotate_from: (out) (optional): of rotate: when the window opens, where it is not open yet
 * @error: why it failed; till_error_get_outcome() tells whether it may have been done all the same
 *
 * Returns: (transfer full) (nullable): the key as it is now; %NULL without an error where rotating is not due
 */
TillKeyRecord *
till_shop_key_finish (TillShop      *self,
                      GAsyncResult  *result,
                      gint64        *rotate_from,
                      GError       **error)
{
  TillKeyOutcome *outcome;
  TillKeyRecord *key;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  if (rotate_from != NULL)
    *rotate_from = TILL_TIME_UNKNOWN;

  outcome = g_task_propagate_pointer (G_TASK (result), error);
  if (outcome == NULL)
    return NULL;

  if (rotate_from != NULL)
    *rotate_from = outcome->rotate_from;
  key = g_steal_pointer (&outcome->key);
  till_key_outcome_free (outcome);

  return key;
}
