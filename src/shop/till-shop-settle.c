/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settles what a crash or a lost answer left open (RELIABILITY.md G17, DESIGN.md 6). */
#include "config.h"

#include <string.h>

#include "till-error.h"
#include "till-limits.h"
#include "till-shop-keys.h"
#include "till-shop-log.h"
#include "till-shop-wallet.h"

typedef struct
{
  char             *profile_id;
  char             *profile_name;
  char             *environment;
  gint64            now;
  GPtrArray        *intents;         /* (element-type TillIntentRecord): what is unsettled */
  guint             next;
  GPtrArray        *keys;            /* (element-type TillKeyRecord): what came back */
  GPtrArray        *unknown;         /* (element-type TillIntentRecord): what stays so */
  gint64            intent_id;       /* of mark_intent */
  gboolean          done;
} TillSettling;

static void
till_settling_free (gpointer data)
{
  TillSettling *settling = data;

  g_clear_pointer (&settling->intents, g_ptr_array_unref);
  g_clear_pointer (&settling->keys, g_ptr_array_unref);
  g_clear_pointer (&settling->unknown, g_ptr_array_unref);
  g_free (settling->profile_id);
  g_free (settling->profile_name);
  g_free (settling->environment);
  g_free (settling);
}

static TillSettling *
new_settling (TillShop *self)
{
  TillSettling *settling = g_new0 (TillSettling, 1);

  settling->profile_id = g_strdup (self->profile->id);
  settling->profile_name = g_strdup (self->profile->name);
  settling->environment = g_strdup (till_environment_to_word (self->profile->environment));
  settling->now = till_shop_now (self);
  settling->keys = g_ptr_array_new_with_free_func ((GDestroyNotify) till_key_record_free);
  settling->unknown = g_ptr_array_new_with_free_func ((GDestroyNotify) till_intent_record_free);

  return settling;
}

/* intent: with the state that it has now. */
static gboolean
write_intent (TillTransaction    *transaction,
              const TillSettling *settling,
              TillIntentRecord   *intent,
              const char         *detail,
              GError            **error)
{
  const TillShopLine line = {
    .event = intent->operation,
    .object = intent->subject,
    .profile = settling->profile_name,
    .environment = settling->environment,
    .outcome = till_intent_state_to_word (intent->state),
    .request_id = intent->request_id,
    .detail = detail,
  };

  return till_transaction_put_intent (transaction, intent, error) && till_shop_log (transaction, &line, error);
}

static gboolean
list_work (TillTransaction  *transaction,
           gpointer          data,
           GError          **error)
{
  TillSettling *settling = data;

  g_clear_pointer (&settling->intents, g_ptr_array_unref);
  settling->intents = till_transaction_list_intents (transaction, settling->profile_id, TRUE, error);

  return settling->intents != NULL;
}

static const struct
{
  const char       *operation;
  TillHubOperation  hub;
  gpointer        (*receive) (TillChange *change, GAsyncResult *result, GError **error);
  gboolean        (*store)   (TillChange *change, TillTransaction *transaction, GError **error);
  GDestroyNotify    free_result;
} repeatable[] = {
  { "keys.generate", TILL_HUB_GENERATE, till_shop_receive_generated, till_shop_store_key, till_key_outcome_free },
  { "keys.revoke", TILL_HUB_REVOKE, till_shop_receive_revoked, till_shop_store_key, till_key_outcome_free },
  { "certificates.upload", TILL_HUB_UPLOAD, till_shop_receive_uploaded, till_shop_store_upload, till_shop_free_upload },
};

/* The register's record is made of the request; the certificate's dates are in what was sent. */
static TillUploadRecord *
record_of_body (TillShop               *shop,
                const TillIntentRecord *intent)
{
  TillUploadRecord *record = till_upload_record_new ();

  record->profile_id = g_strdup (shop->profile->id);
  record->client_key_id = g_strdup (intent->subject);
  record->public_key_sha256 = g_strdup ("");
  record->algorithm = g_strdup ("JWE");
  record->not_before = TILL_TIME_UNKNOWN;
  record->not_after = TILL_TIME_UNKNOWN;
  till_shop_fill_upload (record, intent->body);

  return record;
}

/**
 * till_change_new_again:
 * @shop: a shop
 * @intent: one that is open or unknown
 *
 * Returns: (transfer full) (nullable): the change that settles it: the same request within 240 s of the first
 *   (G17), a look at a service that can be looked at; %NULL where neither helps
 */
TillChange *
till_change_new_again (TillShop               *shop,
                       const TillIntentRecord *intent)
{
  TillChange *change = NULL;
  gint64 age = till_shop_now (shop) - intent->begun_at;

  if (g_str_has_prefix (intent->operation, "certificates.") && !g_str_equal (intent->operation, "certificates.upload"))
    {
      change = till_shop_look_again (shop, intent);
    }
  else if (shop->profile->repeat_lost && age >= 0 && age < TILL_LIMIT_REPEAT_SECONDS && intent->path != NULL)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (repeatable); i++)
        {
          if (!g_str_equal (intent->operation, repeatable[i].operation))
            continue;

          change = till_change_new_hub (shop, intent->operation, intent->subject,
                                        till_hub_request_again (repeatable[i].hub, intent->path, intent->request_id,
                                                                intent->body));
          change->receive = repeatable[i].receive;
          change->store = repeatable[i].store;
          change->free_result = repeatable[i].free_result;
          if (repeatable[i].hub == TILL_HUB_UPLOAD)
            {
              change->data = record_of_body (shop, intent);
              change->free_data = till_shop_free_upload;
            }
        }
    }

  if (change == NULL)
    return NULL;

  change->again = TRUE;
  change->intent->id = intent->id;
  change->intent->begun_at = intent->begun_at;
  change->intent->tries = intent->tries;
  g_free (change->intent->request_id);
  change->intent->request_id = g_strdup (intent->request_id);

  return change;
}

static void settle_next (GTask *task);

static void
settled_one_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillSettling *settling = g_task_get_task_data (task);
  TillChange *change = till_change_do_finish (result);

  if (change->error == NULL && g_str_equal (change->intent->operation, "keys.generate"))
    {
      const TillKeyOutcome *outcome = change->result;

      g_ptr_array_add (settling->keys, till_key_record_copy (outcome->key));
    }

  settle_next (g_steal_pointer (&task));
}

/* What nothing helps is for a person: an open one becomes unknown. Lost credentials run out by themselves. */
static gboolean
give_up_work (TillTransaction  *transaction,
              gpointer          data,
              GError          **error)
{
  TillSettling *settling = data;

  for (guint i = 0; i < settling->intents->len; i++)
    {
      TillIntentRecord *intent = settling->intents->pdata[i];

      if (intent->state != TILL_INTENT_OPEN)
        continue;

      if (g_str_equal (intent->operation, "credentials.request"))
        {
          intent->state = TILL_INTENT_REFUSED;
          intent->ended_at = settling->now;
          g_free (intent->note);
          intent->note = g_strdup ("the credentials never arrived; they run out by themselves");
        }
      else
        {
          intent->state = TILL_INTENT_UNKNOWN;
          g_free (intent->note);
          intent->note = g_strdup ("it was begun and not completed");
        }

      if (!write_intent (transaction, settling, intent, intent->note, error))
        return FALSE;
    }

  /* Listed anew: what is settled is left out. */
  return list_work (transaction, settling, error);
}

static void
given_up_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillShop *self = g_task_get_source_object (task);
  TillSettling *settling = g_task_get_task_data (task);
  GError *error = NULL;

  if (!till_store_run_finish (TILL_STORE (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  self->settled = TRUE;
  g_clear_pointer (&settling->unknown, g_ptr_array_unref);
  settling->unknown = g_steal_pointer (&settling->intents);
  g_task_return_boolean (task, TRUE);
}

static gboolean
relist_work (TillTransaction  *transaction,
             gpointer          data,
             GError          **error)
{
  return list_work (transaction, data, error) && give_up_work (transaction, data, error);
}

/* task: (transfer full) */
static void
settle_next (GTask *task)
{
  TillShop *self = g_task_get_source_object (task);
  TillSettling *settling = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  while (settling->next < settling->intents->len && !g_cancellable_is_cancelled (cancellable))
    {
      TillChange *change = till_change_new_again (self, settling->intents->pdata[settling->next++]);

      if (change != NULL)
        {
          till_change_do_async (change, cancellable, settled_one_cb, task);
          return;
        }
    }

  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return;
    }

  till_store_run_async (self->store, relist_work, settling, NULL, NULL, given_up_cb, task);
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillShop *self = g_task_get_source_object (task);
  TillSettling *settling = g_task_get_task_data (task);
  GError *error = NULL;

  if (!till_store_run_finish (TILL_STORE (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  if (settling->intents->len == 0)
    {
      self->settled = TRUE;
      g_task_return_boolean (task, TRUE);
      return;
    }

  settle_next (g_steal_pointer (&task));
}

/**
 * till_shop_settle_quietly_async:
 * @self: a shop
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Settles what is open or unknown, one after the other.
 */
void
till_shop_settle_quietly_async (TillShop            *self,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  TillSettling *settling = new_settling (self);

  g_task_set_source_tag (task, till_shop_settle_quietly_async);
  g_task_set_task_data (task, settling, till_settling_free);
  till_store_run_async (self->store, list_work, settling, NULL, cancellable, listed_cb, task);
}

/**
 * till_shop_settle_quietly_finish:
 * @self: a shop
 * @result: as given to the callback
 * @unknown: (out) (optional) (transfer container) (element-type TillIntentRecord): what waits for a person
 * @error: of the store, or cancelled
 *
 * Returns: (transfer container) (element-type TillKeyRecord): keys whose answers were lost and came back
 */
GPtrArray *
till_shop_settle_quietly_finish (TillShop      *self,
                                 GAsyncResult  *result,
                                 GPtrArray    **unknown,
                                 GError       **error)
{
  TillSettling *settling = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;

  if (unknown != NULL)
    *unknown = g_steal_pointer (&settling->unknown);

  return g_steal_pointer (&settling->keys);
}

/**
 * till_shop_settle_async:
 * @self: a shop
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Settles what a crash or a lost answer left open.
 */
void
till_shop_settle_async (TillShop            *self,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_return_if_fail (TILL_IS_SHOP (self));

  till_shop_settle_quietly_async (self, cancellable, callback, user_data);
}

/**
 * till_shop_settle_finish:
 * @self: a shop
 * @result: as given to the callback
 * @error: of the store, or cancelled
 *
 * Returns: (transfer container) (element-type TillIntentRecord): what waits for a person
 */
GPtrArray *
till_shop_settle_finish (TillShop      *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  GPtrArray *unknown = NULL;
  g_autoptr(GPtrArray) keys = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  keys = till_shop_settle_quietly_finish (self, result, &unknown, error);

  return unknown;
}

static gboolean
mark_work (TillTransaction  *transaction,
           gpointer          data,
           GError          **error)
{
  TillSettling *settling = data;

  if (!list_work (transaction, settling, error))
    return FALSE;

  for (guint i = 0; i < settling->intents->len; i++)
    {
      TillIntentRecord *intent = settling->intents->pdata[i];

      if (intent->id != settling->intent_id)
        continue;

      intent->state = settling->done ? TILL_INTENT_DONE : TILL_INTENT_REFUSED;
      intent->ended_at = settling->now;

      return write_intent (transaction, settling, intent, "marked by hand", error);
    }

  till_set_error (error, TILL_ERROR_NOT_FOUND, TILL_REASON_NONE, NULL, NULL,
                  "there is no unsettled change with the number %" G_GINT64_FORMAT, settling->intent_id);

  return FALSE;
}

/**
 * till_shop_mark_intent_async:
 * @self: a shop
 * @intent_id: of one that is unknown
 * @done: whether it was done
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Writes down what a person found out about a change whose outcome is unknown.
 */
void
till_shop_mark_intent_async (TillShop            *self,
                             gint64               intent_id,
                             gboolean             done,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GTask *task;
  TillSettling *settling;

  g_return_if_fail (TILL_IS_SHOP (self));

  settling = new_settling (self);
  settling->intent_id = intent_id;
  settling->done = done;
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, till_shop_mark_intent_async);
  g_task_set_task_data (task, settling, till_settling_free);
  till_store_run_async (self->store, mark_work, settling, NULL, cancellable, till_shop_work_done_cb, task);
}

/**
 * till_shop_mark_intent_finish:
 * @self: a shop
 * @result: as given to the callback
 * @error: %TILL_ERROR_NOT_FOUND, or of the store
 *
 * Returns: whether it is written down
 */
gboolean
till_shop_mark_intent_finish (TillShop      *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
