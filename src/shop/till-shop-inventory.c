/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a shop keeps of its encryption keys: listed, imported, marked. */
#include "config.h"

#include <string.h>

#include "till-error.h"
#include "till-shop-keys.h"
#include "till-shop-log.h"

/* Reads the inventory. */
typedef struct
{
  char      *profile_id;
  GPtrArray *keys;          /* (nullable): output; or what to import */
  char      *key_id;
  gboolean   in_use;
  gint64     offline_limit;
  char      *currency;
  char      *profile_name;
  char      *environment;
  TillKeyOutcome *outcome;
} TillKeyJob;

static void
till_key_job_free (gpointer data)
{
  TillKeyJob *job = data;

  g_clear_pointer (&job->keys, g_ptr_array_unref);
  g_clear_pointer (&job->outcome, till_key_outcome_free);
  g_free (job->profile_id);
  g_free (job->profile_name);
  g_free (job->environment);
  g_free (job->key_id);
  g_free (job->currency);
  g_free (job);
}

static GTask *
new_task (TillShop            *self,
          gpointer             tag,
          GCancellable        *cancellable,
          GAsyncReadyCallback  callback,
          gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  TillKeyJob *job = g_new0 (TillKeyJob, 1);

  job->profile_id = g_strdup (self->profile->id);
  job->profile_name = g_strdup (self->profile->name);
  job->environment = g_strdup (till_environment_to_word (self->profile->environment));
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, job, till_key_job_free);
  g_task_set_check_cancellable (task, FALSE);

  return task;
}

static gboolean
list_work (TillTransaction  *transaction,
           gpointer          data,
           GError          **error)
{
  TillKeyJob *job = data;

  job->keys = till_transaction_list_keys (transaction, job->profile_id, error);

  return job->keys != NULL;
}

static void
keys_listed_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillKeyJob *job = g_task_get_task_data (task);
  GError *error = NULL;

  if (till_store_run_finish (TILL_STORE (source), result, &error))
    g_task_return_pointer (task, g_steal_pointer (&job->keys), (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/**
 * till_shop_keys_async:
 * @self: a shop
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Reads the keys of the inventory; the service has no list of them.
 */
void
till_shop_keys_async (TillShop            *self,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (TILL_IS_SHOP (self));

  task = new_task (self, till_shop_keys_async, cancellable, callback, user_data);
  till_store_run_async (self->store, list_work, g_task_get_task_data (task), NULL, cancellable, keys_listed_cb, task);
}

/**
 * till_shop_keys_finish:
 * @self: a shop
 * @result: as given to the callback
 * @error: of the store
 *
 * Returns: (transfer container) (element-type TillKeyRecord): newest first
 */
GPtrArray *
till_shop_keys_finish (TillShop      *self,
                       GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
log_key (TillTransaction  *transaction,
         const TillKeyJob *job,
         const char       *event,
         const char       *key_id,
         const char       *detail,
         GError          **error)
{
  const TillShopLine line = {
    .event = event,
    .object = key_id,
    .profile = job->profile_name,
    .environment = job->environment,
    .detail = detail,
  };

  return till_shop_log (transaction, &line, error);
}

/* A key belongs to one profile: the same one under another is a mix-up of stores or environments (G31). */
static gboolean
check_owner (TillTransaction      *transaction,
             const TillKeyJob     *job,
             const TillKeyRecord  *key,
             GError              **error)
{
  g_autoptr(GPtrArray) profiles = till_transaction_list_profiles (transaction, error);

  if (profiles == NULL)
    return FALSE;

  for (guint i = 0; i < profiles->len; i++)
    {
      const TillProfile *profile = profiles->pdata[i];
      g_autoptr(TillKeyRecord) known = NULL;
      g_autoptr(GError) local_error = NULL;

      if (g_str_equal (profile->id, job->profile_id))
        continue;

      known = till_shop_find_key (transaction, profile->id, key->key_id, &local_error);
      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }

      if (known != NULL)
        {
          till_set_error (error, TILL_ERROR_CONFLICT, TILL_REASON_IN_USE, key->key_id, NULL,
                          "the key %s belongs to the profile “%s” already", key->key_id, profile->name);
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
import_work (TillTransaction  *transaction,
             gpointer          data,
             GError          **error)
{
  TillKeyJob *job = data;

  for (guint i = 0; i < job->keys->len; i++)
    {
      TillKeyRecord *key = job->keys->pdata[i];
      g_autoptr(TillKeyRecord) known = NULL;
      g_autoptr(GError) local_error = NULL;

      known = till_shop_find_key (transaction, job->profile_id, key->key_id, &local_error);
      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }

      if (known != NULL)
        {
          till_shop_keep_own (key, known);
          /* An old answer does not bring back what was revoked since. */
          if (g_strcmp0 (known->status, "REVOKED") == 0)
            {
              g_free (key->status);
              key->status = g_strdup (known->status);
            }
        }

      if (!check_owner (transaction, job, key, error) || !till_transaction_put_key (transaction, key, error) ||
          !log_key (transaction, job, "keys.import", key->key_id, NULL, error))
        return FALSE;
    }

  job->outcome = till_key_outcome_new (till_key_record_copy (job->keys->pdata[job->keys->len - 1]));

  return TRUE;
}

static void
key_written_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillKeyJob *job = g_task_get_task_data (task);
  GError *error = NULL;

  if (till_store_run_finish (TILL_STORE (source), result, &error))
    g_task_return_pointer (task, g_steal_pointer (&job->outcome), till_key_outcome_free);
  else
    g_task_return_error (task, error);
}

/* What a thread reads: copies, and no object. */
typedef struct
{
  GBytes *json;
  char   *profile_id;
  gint64  now;
} TillKeyText;

static void
till_key_text_free (gpointer data)
{
  TillKeyText *text = data;

  g_bytes_unref (text->json);
  g_free (text->profile_id);
  g_free (text);
}

static void
read_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  const TillKeyText *text = task_data;
  GPtrArray *keys;
  GError *error = NULL;

  keys = till_shop_read_keys (text->profile_id, text->now, g_bytes_get_data (text->json, NULL),
                              g_bytes_get_size (text->json), &error);
  if (keys == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, keys, (GDestroyNotify) g_ptr_array_unref);
}

static void
keys_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillShop *self = g_task_get_source_object (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  TillKeyJob *job = g_task_get_task_data (task);
  GError *error = NULL;

  job->keys = g_task_propagate_pointer (G_TASK (result), &error);
  if (job->keys != NULL && job->keys->len == 0)
    till_set_error (&error, TILL_ERROR_PROTOCOL, TILL_REASON_ANSWER_EMPTY, NULL, NULL, "there is no key in it");

  if (error != NULL)
    g_task_return_error (task, error);
  else
    till_store_run_async (self->store, import_work, job, NULL, cancellable, key_written_cb, g_steal_pointer (&task));
}

/**
 * till_shop_import_key_async:
 * @self: a shop
 * @json: one answer of the service, or an array of them
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Adds keys that were generated elsewhere to the inventory: all of them, or none.
 */
void
till_shop_import_key_async (TillShop            *self,
                            GBytes              *json,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) reading = NULL;
  TillKeyText *text;

  g_return_if_fail (TILL_IS_SHOP (self) && json != NULL);

  text = g_new0 (TillKeyText, 1);
  text->json = g_bytes_ref (json);
  text->profile_id = g_strdup (self->profile->id);
  text->now = till_shop_now (self);

  /* A thread may be the last to let go of its task, so that holds no shop. */
  reading = g_task_new (NULL, cancellable, keys_read_cb,
                        new_task (self, till_shop_import_key_async, cancellable, callback, user_data));
  g_task_set_source_tag (reading, till_shop_import_key_async);
  g_task_set_task_data (reading, text, till_key_text_free);
  g_task_run_in_thread (reading, read_thread);
}

static gboolean
mark_work (TillTransaction  *transaction,
           gpointer          data,
           GError          **error)
{
  TillKeyJob *job = data;
  g_autoptr(GError) local_error = NULL;
  TillKeyRecord *key = till_shop_find_key (transaction, job->profile_id, job->key_id, &local_error);

  if (key == NULL)
    {
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      else
        till_set_error (error, TILL_ERROR_NOT_FOUND, TILL_REASON_NONE, job->key_id, NULL,
                        "there is no key %s in the inventory of this profile", job->key_id);
      return FALSE;
    }

  key->in_use = job->in_use;
  key->offline_limit = job->offline_limit;
  g_free (key->offline_currency);
  key->offline_currency = g_strdup (job->currency);
  job->outcome = till_key_outcome_new (key);

  return till_transaction_put_key (transaction, key, error) &&
         log_key (transaction, job, "keys.mark", key->key_id, key->in_use ? "in use" : "not in use", error);
}

/**
 * till_shop_mark_key_async:
 * @self: a shop
 * @key_id: of a key of the inventory
 * @in_use: whether tills use it
 * @offline_limit: largest amount of an offline payment in minor units; -1 for none
 * @currency: (nullable): of @offline_limit, three capital letters (ISO 4217)
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Keeps what only the shop knows of a key.
 */
void
till_shop_mark_key_async (TillShop            *self,
                          const char          *key_id,
                          gboolean             in_use,
                          gint64               offline_limit,
                          const char          *currency,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  TillKeyJob *job;

  g_return_if_fail (TILL_IS_SHOP (self) && key_id != NULL);

  task = new_task (self, till_shop_mark_key_async, cancellable, callback, user_data);
  job = g_task_get_task_data (task);
  job->key_id = g_strdup (key_id);
  job->in_use = in_use;
  job->offline_limit = offline_limit < 0 ? -1 : offline_limit;
  job->currency = offline_limit < 0 ? NULL : g_strdup (currency);

  if (offline_limit >= 0 && (currency == NULL || strlen (currency) != 3 || !g_ascii_isupper (currency[0]) ||
                             !g_ascii_isupper (currency[1]) || !g_ascii_isupper (currency[2])))
    {
      g_task_return_new_error (task, TILL_ERROR, TILL_ERROR_REJECTED,
                               "a limit needs its currency in three capital letters, such as EUR");
      return;
    }

  till_store_run_async (self->store, mark_work, job, NULL, cancellable, key_written_cb, g_steal_pointer (&task));
}
