/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One change of the outside world: written down, sent, completed. */
#include "config.h"

#include "till-change.h"

#include <string.h>

#include "till-error.h"
#include "till-shop-log.h"

/**
 * till_change_new:
 * @shop: whose change it is
 * @service: who is asked
 * @operation: a stable word of #TillIntentRecord
 * @subject: (nullable): what it is done to
 *
 * Returns: (transfer full): a change without a way to send it yet
 */
TillChange *
till_change_new (TillShop        *shop,
                 TillShopService  service,
                 const char      *operation,
                 const char      *subject)
{
  TillChange *self = g_new0 (TillChange, 1);

  self->shop = g_object_ref (shop);
  self->service = service;
  self->peer = till_shop_dup_peer (shop, service);
  self->intent = till_intent_record_new ();
  self->intent->profile_id = g_strdup (shop->profile->id);
  self->intent->environment = shop->profile->environment;
  self->intent->operation = g_strdup (operation);
  self->intent->subject = g_strdup (subject);
  self->intent->request_id = g_uuid_string_random ();
  self->intent->state = TILL_INTENT_OPEN;
  self->intent->begun_at = till_shop_now (shop);
  self->intent->ended_at = TILL_TIME_UNKNOWN;

  return self;
}

static void
send_hub (TillChange          *self,
          GCancellable        *cancellable,
          GAsyncReadyCallback  callback,
          gpointer             user_data)
{
  till_hub_send_async (self->shop->hub, self->request, self->shop->profile->repeat_lost && !self->again, cancellable,
                       callback, user_data);
}

/**
 * till_change_new_hub:
 * @shop: whose change it is
 * @operation: a stable word of #TillIntentRecord
 * @subject: (nullable): what it is done to
 * @request: (transfer full): what is sent
 *
 * Returns: (transfer full): a change that sends @request, which is in its intent
 */
TillChange *
till_change_new_hub (TillShop       *shop,
                     const char     *operation,
                     const char     *subject,
                     TillHubRequest *request)
{
  TillChange *self = till_change_new (shop, TILL_SHOP_HUB, operation, subject);

  self->request = request;
  self->send = send_hub;
  g_free (self->intent->request_id);
  self->intent->request_id = g_strdup (request->request_id);
  self->intent->path = g_strdup (request->path);
  self->intent->body = g_strdup (request->body);
  if (request->body != NULL)
    self->intent->body_sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, request->body, -1);

  return self;
}

/**
 * till_change_receive_hub:
 * @self: a change made by till_change_new_hub()
 * @result: as given to its callback
 * @error: what the service or the way there says
 *
 * Returns: (transfer full): the answer
 */
TillHubAnswer *
till_change_receive_hub (TillChange    *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  TillHubAnswer *answer = till_hub_send_finish (self->shop->hub, result, error);

  if (answer != NULL)
    {
      self->trace_id = g_strdup (answer->trace_id);
      self->intent->tries += answer->tries;
    }

  return answer;
}

/**
 * till_change_free:
 * @self: (transfer full) (nullable): a change
 */
void
till_change_free (TillChange *self)
{
  if (self == NULL)
    return;

  if (self->result != NULL && self->free_result != NULL)
    self->free_result (self->result);
  if (self->data != NULL && self->free_data != NULL)
    self->free_data (self->data);
  g_clear_pointer (&self->request, till_hub_request_free);
  g_clear_pointer (&self->intent, till_intent_record_free);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->shop);
  g_clear_error (&self->error);
  g_free (self->peer);
  g_free (self->trace_id);
  g_free (self);
}

/* What is known of a change that did not succeed. */
static TillIntentState
get_failed_state (const TillChange *self)
{
  TillOutcome outcome = till_error_get_outcome (self->error);

  if (self->passing)
    return TILL_INTENT_REFUSED;

  if (!self->again)
    return outcome == TILL_OUTCOME_UNKNOWN ? TILL_INTENT_UNKNOWN : TILL_INTENT_REFUSED;

  /* Asked again, a service that can't be reached, or that refuses us, says nothing of the first time. */
  return outcome == TILL_OUTCOME_REFUSED &&
         (self->request == NULL || till_error_get_http_status (self->error) == 400) ? TILL_INTENT_REFUSED :
                                                                                      TILL_INTENT_UNKNOWN;
}

static const char *
get_outcome_word (TillIntentState state)
{
  return state == TILL_INTENT_OPEN ? "begun" : till_intent_state_to_word (state);
}

static gboolean
log_change (const TillChange  *self,
            TillTransaction   *transaction,
            GError           **error)
{
  const TillShopLine line = {
    .event = self->intent->operation,
    .object = self->intent->subject,
    .profile = self->shop->profile->name,
    .environment = till_environment_to_word (self->shop->profile->environment),
    .peer = self->peer,
    .outcome = get_outcome_word (self->intent->state),
    .request_id = self->intent->request_id,
    .trace_id = self->error != NULL ? till_error_get_trace_id (self->error) : self->trace_id,
    .detail = self->error != NULL ? self->error->message : self->again ? "settled afterwards" : NULL,
  };

  return till_shop_log (transaction, &line, error);
}

/* Once a thing is revoked or removed, earlier tries of the same that are still unknown are settled with it. */
static gboolean
settle_same (const TillChange  *self,
             TillTransaction   *transaction,
             GError           **error)
{
  g_autoptr(GPtrArray) intents = NULL;

  if (!g_str_equal (self->intent->operation, "keys.revoke") && !g_str_equal (self->intent->operation, "certificates.remove"))
    return TRUE;

  intents = till_transaction_list_intents (transaction, self->intent->profile_id, TRUE, error);
  if (intents == NULL)
    return FALSE;

  for (guint i = 0; i < intents->len; i++)
    {
      TillIntentRecord *other = intents->pdata[i];

      if (other->id == self->intent->id || !g_str_equal (other->operation, self->intent->operation) ||
          g_strcmp0 (other->subject, self->intent->subject) != 0)
        continue;

      other->state = TILL_INTENT_DONE;
      other->ended_at = self->intent->ended_at;
      if (!till_transaction_put_intent (transaction, other, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
end_work (TillTransaction  *transaction,
          gpointer          data,
          GError          **error)
{
  TillChange *self = data;

  if (self->error == NULL && self->store != NULL && !self->store (self, transaction, error))
    return FALSE;

  return till_transaction_put_intent (transaction, self->intent, error) &&
         (self->error != NULL || settle_same (self, transaction, error)) &&
         log_change (self, transaction, error);
}

static void
ended_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillChange *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (!till_store_run_finish (TILL_STORE (source), result, &error))
    {
      /* The intent stays open in the store, so that the next start settles it. */
      if (self->error == NULL)
        {
          g_prefix_error (&error, "it was done, but could not be written down: ");
          till_error_set_answer (error, TILL_OUTCOME_UNKNOWN, 0, NULL, self->trace_id);
          self->error = error;
        }
      else
        {
          g_error_free (error);
        }
    }

  g_task_return_boolean (task, TRUE);
}

static void
end_change (GTask *task)
{
  TillChange *self = g_task_get_task_data (task);

  self->intent->ended_at = till_shop_now (self->shop);
  if (self->error == NULL)
    {
      self->intent->state = TILL_INTENT_DONE;
    }
  else
    {
      self->intent->state = get_failed_state (self);
      g_free (self->intent->note);
      self->intent->note = g_strdup (self->error->message);
      if (self->intent->state == TILL_INTENT_UNKNOWN)
        {
          self->intent->ended_at = TILL_TIME_UNKNOWN;
          /* The next change looks at it first. */
          self->shop->settled = FALSE;
        }
    }

  /* Not cancellable: what was sent is written down. */
  till_store_run_async (self->shop->store, end_work, self, NULL, NULL, ended_cb, g_object_ref (task));
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillChange *self = g_task_get_task_data (task);

  self->result = self->receive (self, result, &self->error);
  g_assert ((self->result == NULL) == (self->error != NULL));
  if (self->error != NULL)
    self->intent->tries = MAX (self->intent->tries, till_error_get_outcome (self->error) != TILL_OUTCOME_NOT_SENT);

  end_change (task);
}

static void
send_change (GTask *task)
{
  TillChange *self = g_task_get_task_data (task);

  self->send (self, self->cancellable, sent_cb, g_object_ref (task));
}

static gboolean
begin_work (TillTransaction  *transaction,
            gpointer          data,
            GError          **error)
{
  TillChange *self = data;

  return till_transaction_put_intent (transaction, self->intent, error);
}

static void
begun_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillChange *self = g_task_get_task_data (task);

  /* What can't be written down is not sent. */
  if (!till_store_run_finish (TILL_STORE (source), result, &self->error))
    g_task_return_boolean (task, TRUE);
  else
    send_change (task);
}

static void
free_change (gpointer data)
{
  till_change_free (data);
}

/**
 * till_change_do_async:
 * @self: (transfer full): a change
 * @cancellable: (nullable): stops it before it is sent; afterwards only the waiting, and the outcome is unknown
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Writes the intent, sends, and completes it.
 */
void
till_change_do_async (TillChange          *self,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self->shop, NULL, callback, user_data);

  g_task_set_source_tag (task, till_change_do_async);
  g_task_set_task_data (task, self, free_change);
  g_set_object (&self->cancellable, cancellable);

  if (!till_shop_check_service (self->shop, self->service, &self->error))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  if (self->again)
    send_change (task);
  else
    till_store_run_async (self->shop->store, begin_work, self, NULL, cancellable, begun_cb, g_object_ref (task));
}

/**
 * till_change_do_finish:
 * @result: as given to the callback
 *
 * Returns: (transfer none): the change, with its result or its error; lives as long as @result
 */
TillChange *
till_change_do_finish (GAsyncResult *result)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, till_change_do_async), NULL);

  return g_task_get_task_data (G_TASK (result));
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillChange *self = till_change_do_finish (result);

  if (self->error != NULL)
    g_task_return_error (task, g_steal_pointer (&self->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&self->result), self->free_result);
}

/* A change that waits until what was left open is settled. */
typedef struct
{
  TillChange *change;    /* (owned) (nullable) */
} TillWaiting;

static void
till_waiting_free (gpointer data)
{
  TillWaiting *waiting = data;

  g_clear_pointer (&waiting->change, till_change_free);
  g_free (waiting);
}

static void
settled_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillWaiting *waiting = g_task_get_task_data (task);
  TillChange *self = waiting->change;
  g_autoptr(GPtrArray) keys = NULL;
  gpointer recovered = NULL;
  GCancellable *cancellable;

  /* That the past can't be settled now does not forbid the change; it stays in the list of what is unknown. */
  keys = till_shop_settle_quietly_finish (self->shop, result, NULL, NULL);
  if (keys != NULL && keys->len > 0 && self->recovered != NULL)
    recovered = self->recovered (self, keys);

  if (recovered != NULL)
    {
      g_task_return_pointer (task, recovered, self->free_result);
      return;
    }

  waiting->change = NULL;
  cancellable = g_task_get_cancellable (task);
  till_change_do_async (self, cancellable, done_cb, g_steal_pointer (&task));
}

/**
 * till_change_run:
 * @self: (transfer full): a change
 * @task: (transfer full): returns its result or error
 *
 * Settles first what an earlier run left open, then does the change.
 */
void
till_change_run (TillChange *self,
                 GTask      *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  TillWaiting *waiting;

  g_return_if_fail (self != NULL && self->send != NULL && self->receive != NULL);

  /* What was done is told, even where somebody wanted to stop it meanwhile. */
  g_task_set_check_cancellable (task, FALSE);

  if (self->shop->settled)
    {
      till_change_do_async (self, cancellable, done_cb, task);
      return;
    }

  waiting = g_new0 (TillWaiting, 1);
  waiting->change = self;
  g_task_set_task_data (task, waiting, till_waiting_free);
  till_shop_settle_quietly_async (self->shop, cancellable, settled_cb, task);
}
