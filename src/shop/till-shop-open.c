/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a shop: which profile, its secrets or its sandbox, its clients. */
#include "config.h"

#include <string.h>

#include "till-error.h"
#include "till-profiles.h"
#include "till-shop-private.h"
#include "till-shop-secrets.h"

/* Where the store may only be read, Practice is there all the same. */
#define PRACTICE_ID "00000000000000000000000000000000"
#define SETTING_EXAMPLES "practice-examples"

typedef struct
{
  char       *name;                             /* (nullable): which profile is wanted */
  TillSecret *secrets[TILL_SHOP_N_SERVICES];    /* (nullable elements): as far as they are loaded */
  int         service;                          /* whose secret is asked for */
  gboolean    closed;                           /* the vault stays locked */
  gboolean    lost[TILL_SHOP_N_SERVICES];       /* the vault had the secret once */
  GPtrArray  *examples;                         /* (nullable): keys to begin with */
  char       *profile_id;
} TillShopOpening;

static void
till_shop_opening_free (gpointer data)
{
  TillShopOpening *opening = data;

  for (guint i = 0; i < TILL_SHOP_N_SERVICES; i++)
    g_clear_pointer (&opening->secrets[i], till_secret_unref);
  g_clear_pointer (&opening->examples, g_ptr_array_unref);
  g_free (opening->name);
  g_free (opening->profile_id);
  g_free (opening);
}

static void
finish_opening (GTask *task)
{
  g_task_return_pointer (task, g_object_ref (g_task_get_source_object (task)), g_object_unref);
}

/* Gives Practice its example keys, once: the service could not list them. */
static gboolean
examples_work (TillTransaction  *transaction,
               gpointer          data,
               GError          **error)
{
  TillShopOpening *opening = data;
  g_autofree char *done = NULL;
  g_autoptr(GError) local_error = NULL;

  done = till_transaction_dup_setting (transaction, SETTING_EXAMPLES, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (g_strcmp0 (done, opening->profile_id) == 0)
    return TRUE;

  for (guint i = 0; i < opening->examples->len; i++)
    {
      if (!till_transaction_put_key (transaction, opening->examples->pdata[i], error))
        return FALSE;
    }

  return till_transaction_set_setting (transaction, SETTING_EXAMPLES, opening->profile_id, error);
}

static void
examples_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(GError) error = NULL;

  /* A store that may only be read goes without examples. */
  if (!till_store_run_finish (TILL_STORE (source), result, &error) &&
      till_error_get_reason (error) != TILL_REASON_STORE_READ_ONLY)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    finish_opening (task);
}

static char *
dup_text (const char *text)
{
  return g_strdup (text);
}

static void
sandbox_started_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillShop *self = g_task_get_source_object (task);
  TillShopOpening *opening = g_task_get_task_data (task);
  TillProfile *p = self->profile;
  const TillSandboxInfo *info;
  g_autofree char *examples = NULL;
  GCancellable *cancellable;
  GError *error = NULL;

  if (!till_sandbox_start_finish (TILL_SANDBOX (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  info = till_sandbox_get_info (self->sandbox);
  p->hub_url = dup_text (info->hub_url);
  p->hub_merchant = dup_text (info->hub_merchant);
  p->hub_terminal = dup_text (info->hub_terminal);
  p->hub_key = dup_text (info->hub_key);
  p->wallet_url = dup_text (info->wallet_url);
  p->wallet_user = dup_text (info->wallet_user);
  p->devices_url = dup_text (info->devices_url);
  p->devices_organization = dup_text (info->devices_organization);
  p->devices_key_id = dup_text (info->devices_key_id);
  p->ca_pem = dup_text (info->ca_pem);
  /* Those of a toy: they are no secrets. */
  opening->secrets[TILL_SHOP_HUB] = till_secret_new_copy (info->hub_secret, strlen (info->hub_secret));
  opening->secrets[TILL_SHOP_WALLET] = till_secret_new_copy (info->wallet_secret, strlen (info->wallet_secret));
  opening->secrets[TILL_SHOP_DEVICES] = till_secret_new_copy (info->devices_secret, strlen (info->devices_secret));
  till_shop_make_clients (self, opening->secrets);

  examples = till_sandbox_dup_example_keys (self->sandbox);
  opening->examples = till_shop_read_keys (p->id, till_shop_now (self), examples, strlen (examples), &error);
  if (opening->examples == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  opening->profile_id = g_strdup (p->id);
  cancellable = g_task_get_cancellable (task);
  till_store_run_async (self->store, examples_work, opening, NULL, cancellable, examples_cb, g_steal_pointer (&task));
}

static gboolean
lost_work (TillTransaction  *transaction,
           gpointer          data,
           GError          **error)
{
  TillShopOpening *opening = data;

  for (guint i = 0; i < TILL_SHOP_N_SERVICES; i++)
    {
      TillSecretRecord record;

      if (!till_secret_record_get (transaction, opening->profile_id, till_shop_service_names[i], &record, error))
        return FALSE;

      opening->lost[i] = record == TILL_SECRET_LOST;
    }

  return TRUE;
}

/* That the secret was there once is worth more than that it isn't (FLATPAK.md 5: a keyring that was replaced). */
static void
lost_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillShop *self = g_task_get_source_object (task);
  TillShopOpening *opening = g_task_get_task_data (task);
  GError *error = NULL;

  if (!till_store_run_finish (TILL_STORE (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  for (guint i = 0; i < TILL_SHOP_N_SERVICES; i++)
    {
      if (opening->secrets[i] == NULL && self->why[i] == NULL && opening->lost[i])
        till_set_error (&self->why[i], TILL_ERROR_VAULT_UNAVAILABLE, TILL_REASON_SECRET_MISSING, till_shop_service_names[i],
                        NULL, "the secret “%s” of the profile “%s” is not in the keyring any more, perhaps it was reset;"
                        " enter it again with “profile secret”", till_shop_service_names[i], self->profile->name);
    }

  till_shop_make_clients (self, opening->secrets);
  finish_opening (task);
}

static void
reconciled_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillShop *self = g_task_get_source_object (task);
  TillShopOpening *opening = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr(GError) error = NULL;

  /* Quietly: a store that may only be read, or can't be written now, is looked at all the same. */
  (void) till_secrets_reconcile_finish (result, NULL, &error);

  opening->profile_id = g_strdup (self->profile->id);
  till_store_run_async (self->store, lost_work, opening, NULL, cancellable, lost_read_cb, g_steal_pointer (&task));
}

static void load_next_secret (GTask *task);

static void
secret_loaded_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillShop *self = g_task_get_source_object (task);
  TillShopOpening *opening = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  TillErrorReason reason;

  opening->secrets[opening->service] = till_vault_load_finish (TILL_VAULT (source), result, &error);
  if (g_error_matches (error, TILL_ERROR, TILL_ERROR_CANCELLED) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  /* A vault that does not answer keeps nobody from looking: only the calls that need the secret fail. One that stays
   * locked is asked once, not for each secret (RELIABILITY.md row 89). */
  reason = till_error_get_reason (error);
  do
    {
      if (error != NULL && reason != TILL_REASON_SECRET_MISSING)
        self->why[opening->service] = g_error_copy (error);
      opening->service++;
    }
  while (opening->service < TILL_SHOP_N_SERVICES &&
         (reason == TILL_REASON_VAULT_LOCKED || reason == TILL_REASON_VAULT_DISMISSED));

  opening->closed |= reason == TILL_REASON_VAULT_LOCKED || reason == TILL_REASON_VAULT_DISMISSED;
  load_next_secret (g_steal_pointer (&task));
}

/* task: (transfer full) */
static void
load_next_secret (GTask *task)
{
  TillShop *self = g_task_get_source_object (task);
  TillShopOpening *opening = g_task_get_task_data (task);

  if (opening->service < TILL_SHOP_N_SERVICES)
    {
      till_vault_load_async (self->vault, self->profile->id, till_shop_service_names[opening->service],
                             g_task_get_cancellable (task), secret_loaded_cb, task);
      return;
    }

  if (!opening->closed)
    {
      till_secrets_reconcile_async (self->store, self->vault, self->profile->id, g_task_get_cancellable (task),
                                    reconciled_cb, task);
      return;
    }

  till_shop_make_clients (self, opening->secrets);
  finish_opening (task);
  g_object_unref (task);
}

/* task: (transfer full) */
static void
use_profile (GTask             *task,
             const TillProfile *profile)
{
  TillShop *self = g_task_get_source_object (task);

  self->profile = till_profile_copy (profile);

  if (profile->environment == TILL_ENVIRONMENT_PRACTICE && profile->hub_url == NULL && profile->wallet_url == NULL)
    {
      g_autofree char *folder = g_build_filename (self->folder, "practice", NULL);

      self->sandbox = till_sandbox_new (folder, self->clock);
      till_sandbox_start_async (self->sandbox, 0, g_task_get_cancellable (task), sandbox_started_cb, task);
    }
  else
    {
      load_next_secret (task);
    }
}

static TillProfile *
new_practice (void)
{
  TillProfile *profile = till_profile_new ();

  profile->name = g_strdup (TILL_PRACTICE_NAME);
  profile->environment = TILL_ENVIRONMENT_PRACTICE;
  profile->repeat_lost = TRUE;

  return profile;
}

static void
practice_made_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(TillProfile) profile = NULL;
  g_autoptr(GError) error = NULL;

  profile = till_profiles_done_finish (result, &error);
  if (till_error_get_reason (error) == TILL_REASON_STORE_READ_ONLY)
    {
      g_clear_error (&error);
      profile = new_practice ();
      profile->id = g_strdup (PRACTICE_ID);
    }

  if (profile == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    use_profile (g_steal_pointer (&task), profile);
}

static void
profiles_loaded_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillShop *self = g_task_get_source_object (task);
  TillShopOpening *opening = g_task_get_task_data (task);
  g_autoptr(TillProfiles) profiles = NULL;
  GError *error = NULL;

  profiles = till_profiles_load_finish (result, &error);
  if (profiles == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  for (guint i = 0; i < profiles->profiles->len; i++)
    {
      const TillProfile *profile = profiles->profiles->pdata[i];

      if (g_strcmp0 (profile->name, opening->name) == 0 ||
          (opening->name == NULL && g_strcmp0 (profile->id, profiles->current) == 0))
        {
          use_profile (g_steal_pointer (&task), profile);
          return;
        }
    }

  if (profiles->profiles->len == 0 && (opening->name == NULL || g_str_equal (opening->name, TILL_PRACTICE_NAME)))
    {
      g_autoptr(TillProfile) practice = new_practice ();
      GCancellable *cancellable = g_task_get_cancellable (task);

      till_profiles_put_async (self->store, practice, till_shop_now (self), cancellable, practice_made_cb,
                               g_steal_pointer (&task));
      return;
    }

  if (opening->name != NULL)
    till_set_error (&error, TILL_ERROR_NOT_FOUND, TILL_REASON_NONE, opening->name, NULL,
                    "there is no profile with the name “%s”", opening->name);
  else
    till_set_error (&error, TILL_ERROR_NOT_FOUND, TILL_REASON_NONE, NULL, NULL,
                    "no profile is the current one; choose one with “profile use”");
  g_task_return_error (task, error);
}

static void
removals_finished_cb (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillShop *self = g_task_get_source_object (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr(GError) error = NULL;

  /* Quietly as well. */
  (void) till_secrets_reconcile_finish (result, NULL, &error);
  till_profiles_load_async (self->store, cancellable, profiles_loaded_cb, g_steal_pointer (&task));
}

/**
 * till_shop_open_async:
 * @store: the store
 * @vault: where its secrets are
 * @clock: the time
 * @folder: of the user's data
 * @name: (nullable): of the profile; %NULL for the current one
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Opens a profile. Where none was ever made Practice is made, which runs the
 * sandbox. That a service can't be used for want of a name or a secret does not
 * stop it: the calls that need it say so.
 */
void
till_shop_open_async (TillStore           *store,
                      TillVault           *vault,
                      TillClock           *clock,
                      const char          *folder,
                      const char          *name,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_autoptr(TillShop) self = NULL;
  TillShopOpening *opening;
  GTask *task;

  g_return_if_fail (TILL_IS_STORE (store) && TILL_IS_VAULT (vault) && clock != NULL && folder != NULL);

  self = g_object_new (TILL_TYPE_SHOP, NULL);
  self->store = g_object_ref (store);
  self->vault = g_object_ref (vault);
  self->clock = till_clock_ref (clock);
  self->folder = g_strdup (folder);

  opening = g_new0 (TillShopOpening, 1);
  opening->name = g_strdup (name);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, till_shop_open_async);
  g_task_set_task_data (task, opening, till_shop_opening_free);

  /* A profile that is half removed is not to be opened. */
  till_secrets_finish_removals_async (store, vault, cancellable, removals_finished_cb, task);
}

/**
 * till_shop_open_finish:
 * @result: as given to the callback
 * @error: %TILL_ERROR_NOT_FOUND for a profile that is not there, or what store or sandbox say
 *
 * Returns: (transfer full): the shop
 */
TillShop *
till_shop_open_finish (GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, till_shop_open_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
