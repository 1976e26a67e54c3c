/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where secrets are kept: the Secret Service, or this session only. */
#include "config.h"

#include "till-vault-private.h"

#include <string.h>

#include "till-error.h"
#include "till-limits.h"

#define DEADLINE_SECONDS 20

/*
 * TillVault works off one call after the other, for libsecret's file must never
 * have two writers (RELIABILITY.md 4.5), and lives on the main loop. Each call
 * has its own deadline: a locked keyring without a person answers never. When a
 * call ends by its deadline or by the person, those that wait behind it end
 * likewise, so that one locked keyring asks once (row 89).
 *
 * What always holds: an item that can't be read is never written over, and a
 * secret of the session is the newer one.
 */
G_DEFINE_FINAL_TYPE (TillVault, till_vault, G_TYPE_OBJECT)

static void vault_advance (TillVault *self);

static void
call_clear (gpointer data)
{
  TillVaultCall *self = data;

  g_free (self->profile_id);
  g_free (self->name);
  g_clear_pointer (&self->secret, till_secret_unref);
  g_clear_object (&self->task);
  g_clear_object (&self->inner);
}

/**
 * till_vault_call_ref:
 * @self: a call
 *
 * Returns: (transfer full): @self, counted once more
 */
TillVaultCall *
till_vault_call_ref (TillVaultCall *self)
{
  return g_rc_box_acquire (self);
}

/**
 * till_vault_call_unref:
 * @self: (transfer full): a call
 */
void
till_vault_call_unref (TillVaultCall *self)
{
  g_rc_box_release_full (self, call_clear);
}

static char *
make_key (const char *profile_id,
          const char *name)
{
  return g_strconcat (profile_id, "/", name, NULL);
}

/**
 * till_vault_add_session_names:
 * @self: a vault
 * @profile_id: id of a profile
 * @names: gets the names of those of its secrets that are kept for this session
 */
void
till_vault_add_session_names (TillVault    *self,
                              const char   *profile_id,
                              GStrvBuilder *names)
{
  g_autofree char *prefix = make_key (profile_id, "");
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->session);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      if (g_str_has_prefix (key, prefix))
        g_strv_builder_add (names, (const char *) key + strlen (prefix));
    }
}

/**
 * till_vault_drop_session:
 * @self: a vault
 * @profile_id: id of a profile
 * @name: (nullable): name of a secret, %NULL for all
 *
 * Returns: whether there was any
 */
gboolean
till_vault_drop_session (TillVault  *self,
                         const char *profile_id,
                         const char *name)
{
  g_autofree char *prefix = make_key (profile_id, name != NULL ? name : "");
  GHashTableIter iter;
  gboolean removed = FALSE;
  gpointer key;

  g_hash_table_iter_init (&iter, self->session);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      if (name != NULL ? strcmp (key, prefix) == 0 : g_str_has_prefix (key, prefix))
        {
          g_hash_table_iter_remove (&iter);
          removed = TRUE;
        }
    }

  return removed;
}

/* Nothing of what libsecret says gets into a message. */
static void
set_state_error (TillVaultState   state,
                 GError         **error)
{
  switch (state)
    {
    case TILL_VAULT_LOCKED:
      till_set_error (error, TILL_ERROR_VAULT_UNAVAILABLE, TILL_REASON_VAULT_LOCKED, NULL, NULL,
                      "the keyring is locked and did not open in time; unlock it and try again");
      break;

    case TILL_VAULT_DISMISSED:
      till_set_error (error, TILL_ERROR_VAULT_UNAVAILABLE, TILL_REASON_VAULT_DISMISSED, NULL, NULL,
                      "the keyring stays locked, because its question for the password was closed");
      break;

    case TILL_VAULT_ABSENT:
      till_set_error (error, TILL_ERROR_VAULT_UNAVAILABLE, TILL_REASON_VAULT_ABSENT, NULL, NULL,
                      "there is no place to keep secrets on this system, no Secret Service answers");
      break;

    case TILL_VAULT_UNREADABLE:
    case TILL_VAULT_READY:
    default:
      till_set_error (error, TILL_ERROR_VAULT_UNAVAILABLE, TILL_REASON_VAULT_UNREADABLE, NULL, NULL,
                      "the keyring holds the secret but can't be read, perhaps it was reset;"
                      " remove the secret and enter it again");
      break;
    }
}

/* Returns: (transfer full): the task, which is reported by whoever takes it */
static GTask *
call_end (TillVaultCall *self)
{
  if (self->deadline != NULL)
    g_source_destroy (self->deadline);
  g_clear_pointer (&self->deadline, g_source_unref);
  if (self->cancelled != NULL)
    g_source_destroy (self->cancelled);
  g_clear_pointer (&self->cancelled, g_source_unref);

  return g_steal_pointer (&self->task);
}

static void
vault_next (TillVault *self)
{
  self->busy = FALSE;
  vault_advance (self);
}

static void
call_return_error (TillVaultCall *self,
                   GError        *error)
{
  g_autoptr(GTask) task = call_end (self);
  g_autoptr(TillVault) vault = g_object_ref (g_task_get_source_object (task));

  g_task_return_error (task, error);
  vault_next (vault);
}

/**
 * till_vault_call_return_state:
 * @self: a call that has not ended
 * @state: which of the four states keeps it from being done
 *
 * Ends it with the error of that state. Where it was for a person to open the
 * keyring, those that wait end likewise.
 */
void
till_vault_call_return_state (TillVaultCall  *self,
                              TillVaultState  state)
{
  TillVault *vault = g_task_get_source_object (self->task);
  GError *error = NULL;

  vault->state = state;

  if (state == TILL_VAULT_LOCKED || state == TILL_VAULT_DISMISSED)
    {
      GQueue all = vault->waiting;
      TillVaultCall *waiting;

      /* What their callbacks ask for is new, and tried. */
      g_queue_init (&vault->waiting);
      while ((waiting = g_queue_pop_head (&all)) != NULL)
        {
          g_autoptr(GTask) task = call_end (waiting);
          GError *same = NULL;

          set_state_error (state, &same);
          g_task_return_error (task, same);
          till_vault_call_unref (waiting);
        }
    }

  set_state_error (state, &error);
  call_return_error (self, error);
}

/**
 * till_vault_call_return_pointer:
 * @self: a call that has not ended
 * @value: (transfer full): what came of it
 * @destroy: frees @value
 */
void
till_vault_call_return_pointer (TillVaultCall  *self,
                                gpointer        value,
                                GDestroyNotify  destroy)
{
  g_autoptr(GTask) task = call_end (self);
  g_autoptr(TillVault) vault = g_object_ref (g_task_get_source_object (task));

  g_task_return_pointer (task, value, destroy);
  vault_next (vault);
}

/**
 * till_vault_call_return_boolean:
 * @self: a call that has not ended
 *
 * Ends it as done.
 */
void
till_vault_call_return_boolean (TillVaultCall *self)
{
  g_autoptr(GTask) task = call_end (self);
  g_autoptr(TillVault) vault = g_object_ref (g_task_get_source_object (task));

  g_task_return_boolean (task, TRUE);
  vault_next (vault);
}

/**
 * till_vault_call_return_missing:
 * @self: a call that has not ended
 *
 * Ends it with %TILL_REASON_SECRET_MISSING.
 */
void
till_vault_call_return_missing (TillVaultCall *self)
{
  GError *error = NULL;

  till_set_error (&error, TILL_ERROR_VAULT_UNAVAILABLE, TILL_REASON_SECRET_MISSING, self->name, NULL,
                  "the secret \"%s\" is not in the keyring; enter it again", self->name);
  call_return_error (self, error);
}

/**
 * till_vault_keep:
 * @self: a vault
 * @call: a call that stores
 *
 * Keeps its secret for the session, in place of one that is there.
 */
void
till_vault_keep (TillVault     *self,
                 TillVaultCall *call)
{
  g_hash_table_replace (self->session, make_key (call->profile_id, call->name), till_secret_ref (call->secret));
}

static gboolean
deadline_cb (gpointer user_data)
{
  g_autoptr(TillVaultCall) self = till_vault_call_ref (user_data);

  /* What libsecret says later finds no task any more. */
  till_vault_call_return_state (self, TILL_VAULT_LOCKED);
  g_cancellable_cancel (self->inner);

  return G_SOURCE_REMOVE;
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  g_autoptr(TillVaultCall) self = till_vault_call_ref (user_data);
  TillVault *vault = g_task_get_source_object (self->task);
  GError *error = NULL;

  /* It may still be waiting for its turn. */
  if (g_queue_remove (&vault->waiting, self))
    {
      g_autoptr(GTask) task = call_end (self);

      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
      till_vault_call_unref (self);
      return G_SOURCE_REMOVE;
    }

  g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  call_return_error (self, error);
  g_cancellable_cancel (self->inner);

  return G_SOURCE_REMOVE;
}

/* What the session alone can answer: all of it where the vault is in memory. */
static gboolean
answer_from_session (TillVault     *self,
                     TillVaultCall *call)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();
  TillSecret *secret = NULL;

  if (call->kind == TILL_VAULT_LOAD)
    {
      g_autofree char *key = make_key (call->profile_id, call->name);

      secret = g_hash_table_lookup (self->session, key);
    }

  if (secret != NULL)
    {
      till_vault_call_return_pointer (call, till_secret_ref (secret), (GDestroyNotify) till_secret_unref);
      return TRUE;
    }

  if (!self->memory)
    return FALSE;

  switch (call->kind)
    {
    case TILL_VAULT_STORE:
      till_vault_keep (self, call);
      till_vault_call_return_boolean (call);
      break;

    case TILL_VAULT_LIST:
      till_vault_add_session_names (self, call->profile_id, names);
      till_vault_call_return_pointer (call, g_strv_builder_end (names), (GDestroyNotify) g_strfreev);
      break;

    case TILL_VAULT_REMOVE:
      (void) till_vault_drop_session (self, call->profile_id, call->name);
      till_vault_call_return_boolean (call);
      break;

    case TILL_VAULT_LOAD:
    default:
      till_vault_call_return_missing (call);
      break;
    }

  return TRUE;
}

static void
call_begin (TillVaultCall *self)
{
  TillVault *vault = g_task_get_source_object (self->task);

  if (answer_from_session (vault, self))
    return;

  self->deadline = g_timeout_source_new (vault->deadline * 1000);
  g_source_set_callback (self->deadline, deadline_cb, self, NULL);
  g_source_attach (self->deadline, g_task_get_context (self->task));

  till_vault_call_ask_service (self);
}

static void
vault_advance (TillVault *self)
{
  TillVaultCall *call;

  /* A callback may let go of the vault. */
  g_object_ref (self);

  while (!self->busy && (call = g_queue_pop_head (&self->waiting)) != NULL)
    {
      self->busy = TRUE;
      call_begin (call);
      till_vault_call_unref (call);
    }
  g_object_unref (self);
}

static void
till_vault_finalize (GObject *object)
{
  TillVault *self = TILL_VAULT (object);

  /* Each waiting call would hold a reference. */
  g_assert (g_queue_is_empty (&self->waiting));
  g_hash_table_unref (self->session);

  G_OBJECT_CLASS (till_vault_parent_class)->finalize (object);
}

static void
till_vault_class_init (TillVaultClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = till_vault_finalize;
}

static void
till_vault_init (TillVault *self)
{
  self->deadline = DEADLINE_SECONDS;
  self->session = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) till_secret_unref);
  g_queue_init (&self->waiting);
}

/**
 * till_vault_state_to_word:
 * @state: a state
 *
 * Returns: (transfer none): its stable word
 */
const char *
till_vault_state_to_word (TillVaultState state)
{
  static const char * const words[] = {
    [TILL_VAULT_READY] = "ready",
    [TILL_VAULT_LOCKED] = "locked",
    [TILL_VAULT_DISMISSED] = "dismissed",
    [TILL_VAULT_ABSENT] = "absent",
    [TILL_VAULT_UNREADABLE] = "unreadable",
  };

  g_return_val_if_fail ((guint) state < G_N_ELEMENTS (words), "unknown");

  return words[state];
}

/**
 * till_vault_new:
 *
 * Returns: (transfer full): a vault over the Secret Service, or what libsecret has in its place
 */
TillVault *
till_vault_new (void)
{
  return g_object_new (TILL_TYPE_VAULT, NULL);
}

/**
 * till_vault_new_memory:
 *
 * Returns: (transfer full): a vault that keeps secrets for its own life only
 */
TillVault *
till_vault_new_memory (void)
{
  TillVault *self = g_object_new (TILL_TYPE_VAULT, NULL);

  self->memory = TRUE;

  return self;
}

/**
 * till_vault_set_deadline:
 * @self: a vault
 * @seconds: after which a silent service counts as locked; at most a day
 */
void
till_vault_set_deadline (TillVault *self,
                         guint      seconds)
{
  g_return_if_fail (TILL_IS_VAULT (self));
  g_return_if_fail (seconds > 0 && seconds <= 24 * 60 * 60);

  self->deadline = seconds;
}

/**
 * till_vault_get_state:
 * @self: a vault
 *
 * Returns: what is known since it was last used; %TILL_VAULT_READY at first
 */
TillVaultState
till_vault_get_state (TillVault *self)
{
  g_return_val_if_fail (TILL_IS_VAULT (self), TILL_VAULT_ABSENT);

  return self->state;
}

/**
 * till_vault_is_session_only:
 * @self: a vault
 * @profile_id: id of a profile
 * @name: name of a secret
 *
 * Returns: whether the secret will be gone when the program ends
 */
gboolean
till_vault_is_session_only (TillVault  *self,
                            const char *profile_id,
                            const char *name)
{
  g_autofree char *key = NULL;

  g_return_val_if_fail (TILL_IS_VAULT (self), FALSE);
  g_return_val_if_fail (profile_id != NULL && name != NULL, FALSE);

  key = make_key (profile_id, name);

  return g_hash_table_contains (self->session, key);
}

static void
call_start (TillVault           *self,
            TillVaultCallKind    kind,
            const char          *profile_id,
            const char          *name,
            TillSecret          *secret,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  g_autoptr(TillVaultCall) call = g_rc_box_new0 (TillVaultCall);

  call->kind = kind;
  call->profile_id = g_strdup (profile_id);
  call->name = g_strdup (name);
  call->secret = secret != NULL ? till_secret_ref (secret) : NULL;
  call->inner = g_cancellable_new ();
  call->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (call->task, call_start);

  if (g_task_return_error_if_cancelled (call->task))
    return;

  /* What was done is not called cancelled afterwards. */
  g_task_set_check_cancellable (call->task, FALSE);

  if (cancellable != NULL)
    {
      call->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (call->cancelled, G_SOURCE_FUNC (cancelled_cb), call, NULL);
      g_source_attach (call->cancelled, g_task_get_context (call->task));
    }

  g_queue_push_tail (&self->waiting, g_steal_pointer (&call));
  vault_advance (self);
}

/**
 * till_vault_store_async:
 * @self: a vault
 * @profile_id: id of a profile
 * @name: name of a secret
 * @secret: the secret: any bytes, up to 1 MiB
 * @cancellable: (nullable): ends the waiting
 * @callback: when it is stored, or can't be
 * @user_data: for @callback
 *
 * Stores a secret in place of the one that is there, unless that one can't be
 * read: it must be removed first. Where there is no service the secret is kept
 * for this session.
 */
void
till_vault_store_async (TillVault           *self,
                        const char          *profile_id,
                        const char          *name,
                        TillSecret          *secret,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_return_if_fail (TILL_IS_VAULT (self));
  g_return_if_fail (profile_id != NULL && name != NULL && secret != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  if (till_secret_get_size (secret) > TILL_LIMIT_FILE_BYTES)
    {
      const gint64 numbers[2] = { (gint64) till_secret_get_size (secret), TILL_LIMIT_FILE_BYTES };
      GError *error = NULL;

      till_set_error (&error, TILL_ERROR_REJECTED, TILL_REASON_TOO_LARGE, NULL, numbers,
                      "the secret is too large; secrets are under 1 MiB");
      g_task_report_error (self, callback, user_data, call_start, error);
      return;
    }

  call_start (self, TILL_VAULT_STORE, profile_id, name, secret, cancellable, callback, user_data);
}

/**
 * till_vault_store_finish:
 * @self: a vault
 * @result: what the callback got
 * @error: (out) (optional): %TILL_ERROR_VAULT_UNAVAILABLE with %TILL_REASON_VAULT_LOCKED,
 *   %TILL_REASON_VAULT_DISMISSED or %TILL_REASON_VAULT_UNREADABLE; %TILL_ERROR_REJECTED; %G_IO_ERROR_CANCELLED
 *
 * Returns: whether it is stored, if only for the session: till_vault_is_session_only() says
 */
gboolean
till_vault_store_finish (TillVault     *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * till_vault_load_async:
 * @self: a vault
 * @profile_id: id of a profile
 * @name: name of a secret
 * @cancellable: (nullable): ends the waiting
 * @callback: when it is there, or can't be had
 * @user_data: for @callback
 *
 * Gets a secret. One of the session goes before one of the service.
 */
void
till_vault_load_async (TillVault           *self,
                       const char          *profile_id,
                       const char          *name,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_return_if_fail (TILL_IS_VAULT (self));
  g_return_if_fail (profile_id != NULL && name != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call_start (self, TILL_VAULT_LOAD, profile_id, name, NULL, cancellable, callback, user_data);
}

/**
 * till_vault_load_finish:
 * @self: a vault
 * @result: what the callback got
 * @error: (out) (optional): %TILL_ERROR_VAULT_UNAVAILABLE with one of the four reasons of G35, or with
 *   %TILL_REASON_SECRET_MISSING: which never means "make a new one"; %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): the secret
 */
TillSecret *
till_vault_load_finish (TillVault     *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * till_vault_list_async:
 * @self: a vault
 * @profile_id: id of a profile
 * @cancellable: (nullable): ends the waiting
 * @callback: when it is known
 * @user_data: for @callback
 *
 * Asks which names have a secret. Opens none, so it never asks for a password.
 */
void
till_vault_list_async (TillVault           *self,
                       const char          *profile_id,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_return_if_fail (TILL_IS_VAULT (self));
  g_return_if_fail (profile_id != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call_start (self, TILL_VAULT_LIST, profile_id, NULL, NULL, cancellable, callback, user_data);
}

/**
 * till_vault_list_finish:
 * @self: a vault
 * @result: what the callback got
 * @error: (out) (optional): %TILL_ERROR_VAULT_UNAVAILABLE; with %TILL_REASON_VAULT_ABSENT only where
 *   the session has none either, with %TILL_REASON_VAULT_LOCKED where a locked keyring hides the names
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): the names
 */
char **
till_vault_list_finish (TillVault     *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * till_vault_remove_async:
 * @self: a vault
 * @profile_id: id of a profile
 * @name: (nullable): name of a secret, %NULL for all of the profile
 * @cancellable: (nullable): ends the waiting
 * @callback: when it is gone, or can't be removed
 * @user_data: for @callback
 *
 * Removes secrets, also ones that can't be read.
 */
void
till_vault_remove_async (TillVault           *self,
                         const char          *profile_id,
                         const char          *name,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_return_if_fail (TILL_IS_VAULT (self));
  g_return_if_fail (profile_id != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call_start (self, TILL_VAULT_REMOVE, profile_id, name, NULL, cancellable, callback, user_data);
}

/**
 * till_vault_remove_finish:
 * @self: a vault
 * @result: what the callback got
 * @error: (out) (optional): %TILL_ERROR_VAULT_UNAVAILABLE; with %TILL_REASON_VAULT_ABSENT only where
 *   the session had none either; %G_IO_ERROR_CANCELLED
 *
 * Returns: whether there is none any more, or never was
 */
gboolean
till_vault_remove_finish (TillVault     *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
