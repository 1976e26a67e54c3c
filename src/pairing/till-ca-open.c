/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store's authority: loaded, made once, backed up, brought back. */
#include "config.h"

#include "till-store-ca-private.h"

#include <string.h>

#include "till-error.h"

#define VAULT_NAME "ca"
#define EVENT_MADE "pairing.ca-made"
#define EVENT_RESTORED "pairing.ca-restored"

/*
 * The keys are in the vault under "ca". A setting of the store holds the
 * fingerprint of the root, written after the vault: so whatever happens in
 * between, a root that the store knows is never replaced by another one, and a
 * vault without a setting is a making that a crash cut short.
 */
typedef struct
{
  /* Input. */
  TillStore   *store;         /* (owned) */
  TillVault   *vault;         /* (owned) */
  TillProfile *profile;       /* (owned) */
  gint64       now;
  GBytes      *backup;        /* (owned) (nullable): restore */
  TillSecret  *password;      /* (owned) (nullable): restore */

  /* In progress. */
  char        *setting;       /* (owned): its name */
  char        *known;         /* (owned) (nullable): fingerprint in the store */
  const char  *event;

  /* Output. */
  TillStoreCa *ca;            /* (owned) (nullable) */
} Opening;

static void
opening_free (Opening *self)
{
  g_clear_object (&self->store);
  g_clear_object (&self->vault);
  till_profile_free (self->profile);
  g_clear_pointer (&self->backup, g_bytes_unref);
  g_clear_pointer (&self->password, till_secret_unref);
  g_free (self->setting);
  g_free (self->known);
  g_clear_object (&self->ca);
  g_free (self);
}

static Opening *
opening_new (TillStore         *store,
             TillVault         *vault,
             const TillProfile *profile)
{
  Opening *self = g_new0 (Opening, 1);

  self->store = g_object_ref (store);
  self->vault = g_object_ref (vault);
  self->profile = till_profile_copy (profile);
  self->setting = g_strconcat ("pairing.ca.", profile->id, NULL);

  return self;
}

static gboolean
read_setting (TillTransaction  *transaction,
              gpointer          data,
              GError          **error)
{
  Opening *self = data;
  g_autoptr(GError) local_error = NULL;

  self->known = till_transaction_dup_setting (transaction, self->setting, &local_error);
  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static gboolean
write_setting (TillTransaction  *transaction,
               gpointer          data,
               GError          **error)
{
  Opening *self = data;
  g_autoptr(TillLogRecord) line = till_log_record_new ();

  line->event = g_strdup (self->event);
  line->object = g_strdup (self->ca->root_sha256);
  line->profile = g_strdup (self->profile->name);
  line->environment = g_strdup (till_environment_to_word (self->profile->environment));
  line->outcome = g_strdup ("done");

  return till_transaction_set_setting (transaction, self->setting, self->ca->root_sha256, error) &&
         till_transaction_append_log (transaction, line, error);
}

static void
end (GTask  *task,
     GError *error)
{
  Opening *self = g_task_get_task_data (task);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&self->ca), g_object_unref);
}

static void
recorded_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  GError *error = NULL;

  (void) till_store_run_finish (TILL_STORE (source), result, &error);
  end (task, error);
}

static void
kept_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Opening *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (!till_vault_store_finish (TILL_VAULT (source), result, &error))
    {
      end (task, error);
      return;
    }

  /* One that ends with the session is not the store's: it would be asked for ever after. */
  self->ca->session_only = till_vault_is_session_only (self->vault, self->profile->id, VAULT_NAME);
  if (self->ca->session_only)
    {
      end (task, NULL);
      return;
    }

  till_store_run_async (self->store, write_setting, self, NULL, g_task_get_cancellable (task), recorded_cb,
                        g_object_ref (task));
}

/* Vault first, then the store. */
static void
keep (GTask      *task,
      const char *event)
{
  Opening *self = g_task_get_task_data (task);
  g_autoptr(TillSecret) secret = NULL;
  GError *error = NULL;

  self->event = event;
  secret = till_ca_dup_secret (self->ca, &error);
  if (secret == NULL)
    {
      end (task, error);
      return;
    }

  till_vault_store_async (self->vault, self->profile->id, VAULT_NAME, secret, g_task_get_cancellable (task), kept_cb,
                          g_object_ref (task));
}

static GError *
make_missing (void)
{
  GError *error = NULL;

  till_set_error (&error, TILL_ERROR_VAULT_UNAVAILABLE, TILL_REASON_SECRET_MISSING, VAULT_NAME, NULL,
                  "the key of the store's certificate authority is not in the keyring any more; restore it from its backup");

  return error;
}

/* FALSE with an error where the store knows another root. */
static gboolean
check_known (Opening  *self,
             GError  **error)
{
  if (self->known == NULL || g_str_equal (self->known, self->ca->root_sha256))
    return TRUE;

  till_set_error (error, TILL_ERROR_CONFLICT, TILL_REASON_OTHER_IDENTITY, self->known, NULL,
                  "this is another certificate authority than the store's, whose root has the SHA-256 %s", self->known);

  return FALSE;
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Opening *self = g_task_get_task_data (task);
  g_autoptr(TillSecret) secret = NULL;
  GError *error = NULL;

  secret = till_vault_load_finish (TILL_VAULT (source), result, &error);
  if (secret != NULL)
    {
      self->ca = till_ca_read ((const char *) till_secret_get_data (secret), till_secret_get_size (secret), NULL, &error);
      if (self->ca == NULL || !check_known (self, &error))
        {
          end (task, error);
          return;
        }

      self->ca->session_only = till_vault_is_session_only (self->vault, self->profile->id, VAULT_NAME);
      if (self->known != NULL || self->ca->session_only)
        end (task, NULL);
      else
        keep (task, EVENT_MADE);
      return;
    }

  if (till_error_get_reason (error) == TILL_REASON_SECRET_MISSING && self->known != NULL)
    {
      g_clear_error (&error);
      end (task, make_missing ());
      return;
    }

  /* A vault that does not answer says nothing about what is in it. */
  if (till_error_get_reason (error) != TILL_REASON_SECRET_MISSING &&
      (till_error_get_reason (error) != TILL_REASON_VAULT_ABSENT || self->known != NULL))
    {
      end (task, error);
      return;
    }

  g_clear_error (&error);
  self->ca = till_ca_make (self->profile->name, self->now, &error);
  if (self->ca == NULL)
    end (task, error);
  else
    keep (task, EVENT_MADE);
}

static void
asked_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Opening *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (!till_store_run_finish (TILL_STORE (source), result, &error))
    end (task, error);
  else
    till_vault_load_async (self->vault, self->profile->id, VAULT_NAME, g_task_get_cancellable (task), loaded_cb,
                           g_object_ref (task));
}

/**
 * till_store_ca_open_async:
 * @store: where the root is known by its fingerprint
 * @vault: where the keys are
 * @clock: asks for the time
 * @profile: whose authority
 * @cancellable: (nullable): to stop it
 * @callback: called when it is there
 * @user_data: for @callback
 *
 * Loads the profile's authority. Where neither the store nor the vault ever had
 * one it is made; where the store knows one that the vault has lost, never.
 */
void
till_store_ca_open_async (TillStore           *store,
                          TillVault           *vault,
                          TillClock           *clock,
                          const TillProfile   *profile,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Opening *self = opening_new (store, vault, profile);

  g_task_set_source_tag (task, till_store_ca_open_async);
  g_task_set_task_data (task, self, (GDestroyNotify) opening_free);
  self->now = till_clock_get_now (clock);

  till_store_run_async (store, read_setting, self, NULL, cancellable, asked_cb, task);
}

/**
 * till_store_ca_open_finish:
 * @result: of till_store_ca_open_async()
 * @error: (out) (optional): %TILL_ERROR_VAULT_UNAVAILABLE, with %TILL_REASON_SECRET_MISSING where the backup is needed;
 *   %TILL_ERROR_CONFLICT where the vault has another root; of the store
 *
 * Returns: (transfer full) (nullable): the authority
 */
TillStoreCa *
till_store_ca_open_finish (GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
back_up_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  GError *error = NULL;
  GBytes *backup = till_ca_write_backup (source, data, &error);

  if (backup != NULL)
    g_task_return_pointer (task, backup, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

/**
 * till_store_ca_back_up_async:
 * @self: an authority
 * @password: for the backup
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Encrypts the authority for a file.
 */
void
till_store_ca_back_up_async (TillStoreCa         *self,
                             TillSecret          *password,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, till_store_ca_back_up_async);
  g_task_set_task_data (task, till_secret_ref (password), (GDestroyNotify) till_secret_unref);
  g_task_run_in_thread (task, back_up_thread);
}

/**
 * till_store_ca_back_up_finish:
 * @self: an authority
 * @result: of till_store_ca_back_up_async()
 * @error: (out) (optional): %TILL_ERROR_INTERNAL
 *
 * Returns: (transfer full) (nullable): what to write to the file
 */
GBytes *
till_store_ca_back_up_finish (TillStoreCa   *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
read_thread (GTask        *task,
             gpointer      source,
             gpointer      data,
             GCancellable *cancellable)
{
  Opening *self = data;
  GError *error = NULL;
  gsize size;
  const char *text = g_bytes_get_data (self->backup, &size);
  TillStoreCa *ca = till_ca_read (text, size, self->password, &error);

  if (ca != NULL)
    g_task_return_pointer (task, ca, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
decrypted_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Opening *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->ca = g_task_propagate_pointer (G_TASK (result), &error);
  if (self->ca == NULL || !check_known (self, &error))
    end (task, error);
  else
    keep (task, EVENT_RESTORED);
}

static void
asked_to_restore_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(GTask) reading = NULL;
  Opening *self = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;

  if (!till_store_run_finish (TILL_STORE (source), result, &error))
    {
      end (task, error);
      return;
    }

  reading = g_task_new (NULL, cancellable, decrypted_cb, g_steal_pointer (&task));
  g_task_set_task_data (reading, self, NULL);
  g_task_run_in_thread (reading, read_thread);
}

/**
 * till_store_ca_restore_async:
 * @store: as till_store_ca_open_async()
 * @vault: likewise
 * @profile: likewise
 * @backup: what the file holds
 * @password: of the file
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Brings an authority back after its keys were lost.
 */
void
till_store_ca_restore_async (TillStore           *store,
                             TillVault           *vault,
                             const TillProfile   *profile,
                             GBytes              *backup,
                             TillSecret          *password,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Opening *self = opening_new (store, vault, profile);

  g_task_set_source_tag (task, till_store_ca_restore_async);
  g_task_set_task_data (task, self, (GDestroyNotify) opening_free);
  self->backup = g_bytes_ref (backup);
  self->password = till_secret_ref (password);

  till_store_run_async (store, read_setting, self, NULL, cancellable, asked_to_restore_cb, task);
}

/**
 * till_store_ca_restore_finish:
 * @result: of till_store_ca_restore_async()
 * @error: (out) (optional): as till_store_ca_open_finish(); %TILL_ERROR_WRONG_PASSWORD, %TILL_ERROR_DAMAGED
 *
 * Returns: (transfer full) (nullable): the authority
 */
TillStoreCa *
till_store_ca_restore_finish (GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
