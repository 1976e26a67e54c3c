/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The vault held against the store, after whatever interrupted the last change of the two. */
#include "config.h"

#include "till-error.h"
#include "till-shop-log.h"
#include "till-shop-private.h"
#include "till-shop-secrets.h"

/* A profile whose secrets are looked at, or whose removal was interrupted. */
typedef struct
{
  char             *id;
  gboolean          remove;
  gboolean          known;                              /* the vault has said what it has, or that all is gone */
  TillSecretRecord  records[TILL_SHOP_N_SERVICES];      /* as they were before the vault was asked */
  gboolean          there[TILL_SHOP_N_SERVICES];
} TillCandidate;

typedef struct
{
  /* input */
  TillStore      *store;
  TillVault      *vault;
  char           *only;           /* (nullable): id of the one profile that is looked at */
  gboolean        removals_only;

  /* in progress */
  GPtrArray      *candidates;     /* (element-type TillCandidate) */
  guint           next;
  gboolean        changed;        /* there is something to write */

  /* output */
  TillReconciled  reconciled;
} TillReconciling;

static void
candidate_free (gpointer data)
{
  TillCandidate *self = data;

  g_free (self->id);
  g_free (self);
}

static void
reconciling_free (gpointer data)
{
  TillReconciling *self = data;

  g_object_unref (self->store);
  g_object_unref (self->vault);
  g_ptr_array_unref (self->candidates);
  g_free (self->only);
  g_free (self);
}

static TillCandidate *
add_candidate (TillReconciling *self,
               const char      *id,
               gboolean         remove)
{
  TillCandidate *candidate = g_new0 (TillCandidate, 1);

  candidate->id = g_strdup (id);
  candidate->remove = remove;
  g_ptr_array_add (self->candidates, candidate);

  return candidate;
}

/* The sandbox of Practice makes its own secrets. */
static gboolean
has_secrets (const TillProfile *profile)
{
  return profile->environment != TILL_ENVIRONMENT_PRACTICE || profile->hub_url != NULL || profile->wallet_url != NULL;
}

static gboolean
collect_work (TillTransaction  *transaction,
              gpointer          data,
              GError          **error)
{
  TillReconciling *self = data;
  g_autoptr(GPtrArray) profiles = NULL;
  g_auto(GStrv) removals = NULL;

  /* Changes nothing, but fails where nothing may be changed: then the vault is left alone as well. */
  if (!till_transaction_set_setting (transaction, "secrets-reconciled", NULL, error) ||
      (profiles = till_transaction_list_profiles (transaction, error)) == NULL ||
      (removals = till_secrets_dup_removals (transaction, error)) == NULL)
    return FALSE;

  for (guint i = 0; removals[i] != NULL; i++)
    (void) add_candidate (self, removals[i], TRUE);

  for (guint i = 0; i < profiles->len; i++)
    {
      const TillProfile *profile = profiles->pdata[i];
      TillCandidate *candidate;

      if (self->removals_only || !has_secrets (profile) || (self->only != NULL && !g_str_equal (profile->id, self->only)) ||
          g_strv_contains ((const char * const *) removals, profile->id))
        continue;

      candidate = add_candidate (self, profile->id, FALSE);
      for (guint service = 0; service < TILL_SHOP_N_SERVICES; service++)
        {
          if (!till_secret_record_get (transaction, profile->id, till_shop_service_names[service],
                                       &candidate->records[service], error))
            return FALSE;
        }
    }

  return TRUE;
}

/* Returns: (transfer none) (nullable): the profile, if it is there still */
static const TillProfile *
find_profile (GPtrArray  *profiles,
              const char *id)
{
  for (guint i = 0; i < profiles->len; i++)
    {
      const TillProfile *profile = profiles->pdata[i];

      if (g_str_equal (profile->id, id))
        return profile;
    }

  return NULL;
}

static gboolean
finish_removal (TillReconciling      *self,
                TillTransaction      *transaction,
                const TillCandidate  *candidate,
                const TillProfile    *profile,
                GError              **error)
{
  self->reconciled.finished++;

  if (profile == NULL)
    return till_secrets_mark_removal (transaction, candidate->id, FALSE, error);

  return till_secrets_remove_profile (transaction, profile, TRUE, error);
}

static gboolean
note (TillTransaction    *transaction,
      const TillProfile  *profile,
      const char         *service,
      TillSecretRecord    record,
      const char         *event,
      GError            **error)
{
  const TillShopLine line = {
    .event = event,
    .object = profile->id,
    .profile = profile->name,
    .environment = till_environment_to_word (profile->environment),
    .detail = service,
  };

  return till_secret_record_set (transaction, profile->id, service, record, error) &&
         till_shop_log (transaction, &line, error);
}

static gboolean
compare_service (TillReconciling      *self,
                 TillTransaction      *transaction,
                 const TillCandidate  *candidate,
                 const TillProfile    *profile,
                 guint                 service,
                 GError              **error)
{
  const char *name = till_shop_service_names[service];
  TillSecretRecord record;

  if (!till_secret_record_get (transaction, profile->id, name, &record, error))
    return FALSE;

  /* A person was quicker. */
  if (record != candidate->records[service])
    return TRUE;

  if (candidate->there[service] && record != TILL_SECRET_KEPT)
    {
      if (record == TILL_SECRET_LOST)
        self->reconciled.found++;
      else
        self->reconciled.adopted++;

      return note (transaction, profile, name, TILL_SECRET_KEPT, "profile.secret", error);
    }

  if (!candidate->there[service] && record == TILL_SECRET_KEPT)
    {
      self->reconciled.lost++;

      return note (transaction, profile, name, TILL_SECRET_LOST, "profile.secret-lost", error);
    }

  return TRUE;
}

static gboolean
settle_work (TillTransaction  *transaction,
             gpointer          data,
             GError          **error)
{
  TillReconciling *self = data;
  g_autoptr(GPtrArray) profiles = till_transaction_list_profiles (transaction, error);

  if (profiles == NULL)
    return FALSE;

  for (guint i = 0; i < self->candidates->len; i++)
    {
      const TillCandidate *candidate = self->candidates->pdata[i];
      const TillProfile *profile = find_profile (profiles, candidate->id);

      if (!candidate->known)
        continue;

      if (candidate->remove)
        {
          if (!finish_removal (self, transaction, candidate, profile, error))
            return FALSE;

          continue;
        }

      for (guint service = 0; profile != NULL && service < TILL_SHOP_N_SERVICES; service++)
        {
          if (!compare_service (self, transaction, candidate, profile, service, error))
            return FALSE;
        }
    }

  return TRUE;
}

static void ask_next (GTask *task);

static gboolean
is_ready (TillReconciling *self)
{
  return till_vault_get_state (self->vault) == TILL_VAULT_READY;
}

/* One silent or closed vault is asked once. error: (transfer full) (nullable) */
static void
vault_failed (GTask  *task,
              GError *error)
{
  TillReconciling *self = g_task_get_task_data (task);

  self->reconciled.undecided = TRUE;
  self->next = self->candidates->len;
  g_clear_error (&error);
}

static void
removed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillReconciling *self = g_task_get_task_data (task);
  TillCandidate *candidate = self->candidates->pdata[self->next++];
  GError *error = NULL;

  /* Where only the session's were removed, because no service answers, the keyring's are there still. */
  if (till_vault_remove_finish (TILL_VAULT (source), result, &error) && is_ready (self))
    candidate->known = self->changed = TRUE;
  else
    vault_failed (task, error);

  ask_next (g_steal_pointer (&task));
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillReconciling *self = g_task_get_task_data (task);
  TillCandidate *candidate = self->candidates->pdata[self->next++];
  g_auto(GStrv) names = NULL;
  GError *error = NULL;

  names = till_vault_list_finish (TILL_VAULT (source), result, &error);
  if (names == NULL || !is_ready (self))
    {
      vault_failed (task, error);
      ask_next (g_steal_pointer (&task));
      return;
    }

  candidate->known = TRUE;
  for (guint service = 0; service < TILL_SHOP_N_SERVICES; service++)
    {
      const char *name = till_shop_service_names[service];

      /* What the session alone has is gone when it ends. */
      candidate->there[service] = g_strv_contains ((const char * const *) names, name) &&
                                  !till_vault_is_session_only (TILL_VAULT (source), candidate->id, name);
      self->changed |= candidate->there[service] != (candidate->records[service] == TILL_SECRET_KEPT);
    }

  ask_next (g_steal_pointer (&task));
}

/* task: (transfer full) */
static void
ask_next (GTask *task)
{
  TillReconciling *self = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  const TillCandidate *candidate;

  if (self->next < self->candidates->len)
    {
      candidate = self->candidates->pdata[self->next];
      if (candidate->remove)
        till_vault_remove_async (self->vault, candidate->id, NULL, cancellable, removed_cb, task);
      else
        till_vault_list_async (self->vault, candidate->id, cancellable, listed_cb, task);
      return;
    }

  if (self->changed)
    {
      till_store_run_async (self->store, settle_work, self, NULL, cancellable, till_shop_work_done_cb, task);
      return;
    }

  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
collected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  GError *error = NULL;

  if (till_store_run_finish (TILL_STORE (source), result, &error))
    ask_next (g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

static void
start (TillStore           *store,
       TillVault           *vault,
       gboolean             removals_only,
       const char          *profile_id,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  TillReconciling *self = g_new0 (TillReconciling, 1);
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  self->store = g_object_ref (store);
  self->vault = g_object_ref (vault);
  self->removals_only = removals_only;
  self->only = g_strdup (profile_id);
  self->candidates = g_ptr_array_new_with_free_func (candidate_free);
  g_task_set_source_tag (task, till_secrets_reconcile_async);
  g_task_set_task_data (task, self, reconciling_free);
  g_task_set_check_cancellable (task, FALSE);
  till_store_run_async (store, collect_work, self, NULL, cancellable, collected_cb, task);
}

/**
 * till_secrets_reconcile_async:
 * @store: a store
 * @vault: where its secrets are
 * @profile_id: (nullable): the one profile whose secrets are looked at; %NULL for all
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Brings removals that were interrupted to their end, notes what the vault has
 * and the store does not know of, and what the store knows of and the vault has
 * not: a person then has to enter it again. Reads no secret, overwrites none,
 * opens no locked keyring, and leaves all as it is where the vault can't be
 * asked or the store can't be written.
 */
void
till_secrets_reconcile_async (TillStore           *store,
                              TillVault           *vault,
                              const char          *profile_id,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_return_if_fail (TILL_IS_STORE (store) && TILL_IS_VAULT (vault));

  start (store, vault, FALSE, profile_id, cancellable, callback, user_data);
}

/**
 * till_secrets_finish_removals_async:
 * @store: a store
 * @vault: where its secrets are
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Only brings removals that were interrupted to their end; asks the vault for
 * nothing where there are none. See till_secrets_reconcile_finish().
 */
void
till_secrets_finish_removals_async (TillStore           *store,
                                    TillVault           *vault,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  g_return_if_fail (TILL_IS_STORE (store) && TILL_IS_VAULT (vault));

  start (store, vault, TRUE, NULL, cancellable, callback, user_data);
}

/**
 * till_secrets_reconcile_finish:
 * @result: as given to the callback of either
 * @reconciled: (out) (optional): what was found
 * @error: of the store; %TILL_REASON_STORE_READ_ONLY where nothing can be written
 *
 * Returns: whether the store could be read and written; a vault that can't be asked is @reconciled's undecided
 */
gboolean
till_secrets_reconcile_finish (GAsyncResult    *result,
                               TillReconciled  *reconciled,
                               GError         **error)
{
  TillReconciling *self;

  g_return_val_if_fail (g_async_result_is_tagged (result, till_secrets_reconcile_async), FALSE);

  self = g_task_get_task_data (G_TASK (result));
  if (reconciled != NULL)
    *reconciled = self->reconciled;

  return g_task_propagate_boolean (G_TASK (result), error);
}
