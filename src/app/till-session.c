/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which profile the window works with: what every pane is handed. */
#include "config.h"

#include "till-session-private.h"

#include "till-sqlite-store.h"

/**
 * TillSession:
 *
 * One profile is at work at a time. While another one is being opened there is
 * no shop, so that nothing can be sent for the profile that was just left; a
 * pane keeps on screen what it showed until it has the next shop, and empties
 * itself where that is of another profile.
 *
 * Which one is open counts by the last wish: an opening that was overtaken is
 * cancelled, and what still comes of it is dropped.
 */

/* What comes of the inventory without a service being asked. */
#define LOCAL_SOURCES (TILL_SOURCE_HUB | TILL_SOURCE_FILES | TILL_SOURCE_KEYS | TILL_SOURCE_DEVICES)

typedef enum
{
  PROP_STATE = 1,
  PROP_SHOP,
  PROP_ERROR,
  PROP_VAULT_STATE,
  PROP_ATTENTION,
  PROP_PROFILES,
} TillSessionProperty;

static GParamSpec *properties[PROP_PROFILES + 1];
static guint changed_signal;
static guint restored_signal;

G_DEFINE_FINAL_TYPE (TillSession, till_session, G_TYPE_OBJECT)

static void
notify (TillSession         *self,
        TillSessionProperty  property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/* The vault tells nobody when it changes its mind, so it is asked whenever it may have. */
static void
look_at_vault (TillSession *self)
{
  TillVaultState state = till_vault_get_state (self->vault);

  if (self->vault_state == state)
    return;

  self->vault_state = state;
  notify (self, PROP_VAULT_STATE);
}

static void
set_attention (TillSession *self,
               const guint  counts[TILL_SESSION_N_KINDS])
{
  gboolean same = TRUE;
  guint i, sum = 0;

  for (i = 0; i < TILL_SESSION_N_KINDS; i++)
    {
      same = same && self->attentions[i] == counts[i];
      self->attentions[i] = counts[i];
      sum += counts[i];
    }

  self->attention = sum;
  if (!same)
    notify (self, PROP_ATTENTION);
}

/**
 * till_session_drop_shop:
 * @self: a session
 *
 * Drops the shop at once: its sandbox must have ended before another one begins.
 */
void
till_session_drop_shop (TillSession *self)
{
  static const guint nothing[TILL_SESSION_N_KINDS];

  g_cancellable_cancel (self->counting);
  g_clear_object (&self->counting);

  if (self->shop == NULL)
    return;

  g_clear_object (&self->shop);
  notify (self, PROP_SHOP);
  set_attention (self, nothing);
}

/**
 * till_session_set_state:
 * @self: a session
 * @state: how far it is
 * @error: (transfer full) (nullable): why it is no further
 *
 * Tells how far it is.
 */
void
till_session_set_state (TillSession      *self,
                        TillSessionState  state,
                        GError           *error)
{
  gboolean had_error = self->error != NULL;

  g_clear_error (&self->error);
  self->error = error;

  g_object_freeze_notify (G_OBJECT (self));
  if (had_error || error != NULL)
    notify (self, PROP_ERROR);
  if (self->state != state)
    {
      self->state = state;
      notify (self, PROP_STATE);
    }
  look_at_vault (self);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
counted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(TillSession) self = user_data;
  g_autoptr(TillItemList) list = till_shop_list_finish (TILL_SHOP (source), result, NULL);
  guint counts[TILL_SESSION_N_KINDS] = { 0 };
  guint i;

  /* Another profile is at work by now, or the inventory can't be read: then whoever shows it says so. */
  if (list == NULL || self->shop != TILL_SHOP (source))
    return;

  for (i = 0; i < list->items->len; i++)
    {
      const TillItem *item = list->items->pdata[i];

      if (item->matters && (item->ending.state == TILL_VALIDITY_SOON || item->ending.state == TILL_VALIDITY_ACT ||
                            item->ending.state == TILL_VALIDITY_EXPIRED))
        counts[item->ending.kind]++;
    }

  set_attention (self, counts);
}

static void
count_attention (TillSession *self)
{
  if (self->shop == NULL)
    return;

  g_cancellable_cancel (self->counting);
  g_clear_object (&self->counting);
  self->counting = g_cancellable_new ();
  till_shop_list_async (self->shop, LOCAL_SOURCES, NULL, self->counting, counted_cb, g_object_ref (self));
}

/**
 * till_session_set_shop:
 * @self: a session
 * @shop: the profile that is open now
 *
 * Takes it for the one at work.
 */
void
till_session_set_shop (TillSession *self,
                       TillShop    *shop)
{
  g_object_freeze_notify (G_OBJECT (self));
  self->shop = g_object_ref (shop);
  notify (self, PROP_SHOP);
  till_session_set_state (self, TILL_SESSION_OPEN, NULL);
  g_object_thaw_notify (G_OBJECT (self));

  count_attention (self);
}

static void
store_opened_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(TillSession) self = user_data;
  g_autoptr(TillStore) store = NULL;
  g_autofree char *name = g_steal_pointer (&self->wanted);
  GError *error = NULL;

  store = till_sqlite_store_open_finish (result, &error);
  if (self->closing)
    {
      /* Nobody waits for it any more, and it holds a lock: the last reference closes it. */
      g_clear_error (&error);
      return;
    }

  if (store == NULL)
    {
      till_session_set_state (self, TILL_SESSION_FAILED, error);
      return;
    }

  self->store = g_steal_pointer (&store);
  till_session_begin (self, self->wants_practice, name);
}

static void
till_session_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  TillSession *self = TILL_SESSION (object);

  switch ((TillSessionProperty) prop_id)
    {
    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;

    case PROP_SHOP:
      g_value_set_object (value, self->shop);
      break;

    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;

    case PROP_VAULT_STATE:
      g_value_set_int (value, self->vault_state);
      break;

    case PROP_ATTENTION:
      g_value_set_uint (value, self->attention);
      break;

    case PROP_PROFILES:
      g_value_set_boxed (value, self->profiles);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
till_session_dispose (GObject *object)
{
  TillSession *self = TILL_SESSION (object);

  g_cancellable_cancel (self->cancellable);
  g_cancellable_cancel (self->counting);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->counting);
  g_clear_object (&self->shop);
  g_clear_object (&self->store);
  g_clear_object (&self->vault);

  G_OBJECT_CLASS (till_session_parent_class)->dispose (object);
}

static void
till_session_finalize (GObject *object)
{
  TillSession *self = TILL_SESSION (object);

  g_clear_pointer (&self->clock, till_clock_unref);
  g_clear_pointer (&self->current, till_profile_free);
  g_clear_pointer (&self->profiles, g_ptr_array_unref);
  g_clear_error (&self->error);
  g_free (self->wanted);
  g_free (self->folder);

  G_OBJECT_CLASS (till_session_parent_class)->finalize (object);
}

static void
till_session_class_init (TillSessionClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = till_session_get_property;
  object_class->dispose = till_session_dispose;
  object_class->finalize = till_session_finalize;

  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, TILL_SESSION_IDLE, TILL_SESSION_FAILED,
                                             TILL_SESSION_IDLE, flags);
  properties[PROP_SHOP] = g_param_spec_object ("shop", NULL, NULL, TILL_TYPE_SHOP, flags);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  properties[PROP_VAULT_STATE] = g_param_spec_int ("vault-state", NULL, NULL, TILL_VAULT_READY, TILL_VAULT_UNREADABLE,
                                                   TILL_VAULT_READY, flags);
  properties[PROP_ATTENTION] = g_param_spec_uint ("attention", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_PROFILES] = g_param_spec_boxed ("profiles", NULL, NULL, G_TYPE_PTR_ARRAY, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  restored_signal = g_signal_new ("restored", TILL_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);
  changed_signal = g_signal_new ("changed", TILL_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
till_session_init (TillSession *self)
{
  self->profiles = g_ptr_array_new_with_free_func ((GDestroyNotify) till_profile_free);
}

/**
 * till_session_new:
 * @folder: of the user's data; made where it is not there, once the session starts
 * @vault: where secrets are
 * @clock: what time it is
 *
 * Returns: (transfer full): a session in which nothing is open
 */
TillSession *
till_session_new (const char *folder,
                  TillVault  *vault,
                  TillClock  *clock)
{
  TillSession *self;

  g_return_val_if_fail (folder != NULL, NULL);
  g_return_val_if_fail (TILL_IS_VAULT (vault), NULL);
  g_return_val_if_fail (clock != NULL, NULL);

  self = g_object_new (TILL_TYPE_SESSION, NULL);
  self->folder = g_strdup (folder);
  self->vault = g_object_ref (vault);
  self->clock = till_clock_ref (clock);
  self->vault_state = till_vault_get_state (vault);

  return self;
}

/**
 * till_session_start:
 * @self: a session
 *
 * Opens the store, then the current profile where there is one. Does it again
 * where that failed; does nothing while it is under way or was done.
 */
void
till_session_start (TillSession *self)
{
  g_return_if_fail (TILL_IS_SESSION (self));

  if (self->closing)
    return;

  if (self->store != NULL)
    {
      if (self->state == TILL_SESSION_FAILED)
        till_session_reload (self);
      return;
    }

  if (self->state == TILL_SESSION_OPENING)
    return;

  till_session_set_state (self, TILL_SESSION_OPENING, NULL);
  till_sqlite_store_open_async (self->folder, TILL_STORE_WRITE, self->clock, NULL, store_opened_cb, g_object_ref (self));
}

/**
 * till_session_use:
 * @self: a session
 * @name: (nullable): of a profile; %NULL for Practice, which is made where there is none
 *
 * Leaves the profile that is open, makes another one the current one and opens it.
 */
void
till_session_use (TillSession *self,
                  const char  *name)
{
  g_return_if_fail (TILL_IS_SESSION (self));

  if (self->closing)
    return;

  if (self->store != NULL)
    {
      till_session_begin (self, name == NULL, name);
      return;
    }

  g_free (self->wanted);
  self->wanted = g_strdup (name);
  self->wants_practice = name == NULL;
  till_session_start (self);
}

/**
 * till_session_reload:
 * @self: a session
 *
 * Reads the profiles again, and opens the current one again: after one was changed.
 */
void
till_session_reload (TillSession *self)
{
  g_return_if_fail (TILL_IS_SESSION (self));

  if (self->closing)
    return;

  if (self->store != NULL)
    till_session_begin (self, FALSE, NULL);
  else
    till_session_start (self);
}

/**
 * till_session_get_state:
 * @self: a session
 *
 * Returns: how far it is
 */
TillSessionState
till_session_get_state (TillSession *self)
{
  g_return_val_if_fail (TILL_IS_SESSION (self), TILL_SESSION_IDLE);

  return self->state;
}

/**
 * till_session_get_shop:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): the profile at work
 */
TillShop *
till_session_get_shop (TillSession *self)
{
  g_return_val_if_fail (TILL_IS_SESSION (self), NULL);

  return self->shop;
}

/**
 * till_session_get_error:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): why store or profile could not be opened
 */
const GError *
till_session_get_error (TillSession *self)
{
  g_return_val_if_fail (TILL_IS_SESSION (self), NULL);

  return self->error;
}

/**
 * till_session_get_store:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): the store, once it is open
 */
TillStore *
till_session_get_store (TillSession *self)
{
  g_return_val_if_fail (TILL_IS_SESSION (self), NULL);

  return self->store;
}

/**
 * till_session_get_vault:
 * @self: a session
 *
 * Returns: (transfer none): where secrets are
 */
TillVault *
till_session_get_vault (TillSession *self)
{
  g_return_val_if_fail (TILL_IS_SESSION (self), NULL);

  return self->vault;
}

/**
 * till_session_get_clock:
 * @self: a session
 *
 * Returns: (transfer none): what time it is
 */
TillClock *
till_session_get_clock (TillSession *self)
{
  g_return_val_if_fail (TILL_IS_SESSION (self), NULL);

  return self->clock;
}

/**
 * till_session_get_folder:
 * @self: a session
 *
 * Returns: (transfer none): the folder of the user's data
 */
const char *
till_session_get_folder (TillSession *self)
{
  g_return_val_if_fail (TILL_IS_SESSION (self), NULL);

  return self->folder;
}

/**
 * till_session_get_profiles:
 * @self: a session
 *
 * Returns: (transfer none) (element-type TillProfile): by name, as last read; until "profiles" is notified
 */
GPtrArray *
till_session_get_profiles (TillSession *self)
{
  g_return_val_if_fail (TILL_IS_SESSION (self), NULL);

  return self->profiles;
}

/**
 * till_session_get_current:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): the profile that is open, is being opened or could not be opened; as it is
 *   kept, so Practice without the addresses of its sandbox
 */
const TillProfile *
till_session_get_current (TillSession *self)
{
  g_return_val_if_fail (TILL_IS_SESSION (self), NULL);

  return self->current;
}

/**
 * till_session_get_attention:
 * @self: a session
 * @kind: what ends
 *
 * Returns: how many of that kind want to be acted on, as far as is known without asking a service
 */
guint
till_session_get_attention (TillSession    *self,
                            TillEndingKind  kind)
{
  g_return_val_if_fail (TILL_IS_SESSION (self), 0);
  g_return_val_if_fail ((guint) kind < TILL_SESSION_N_KINDS, 0);

  return self->attentions[kind];
}

static void
restored_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(TillSession) self = user_data;
  GError *error = NULL;
  g_autofree char *copy = till_sqlite_store_restore_finish (result, &error);

  if (self->closing)
    {
      g_clear_error (&error);
      return;
    }

  if (copy == NULL)
    {
      till_session_set_state (self, TILL_SESSION_FAILED, error);
      return;
    }

  g_signal_emit (self, restored_signal, 0, copy);
  till_sqlite_store_open_async (self->folder, TILL_STORE_WRITE, self->clock, NULL, store_opened_cb, g_object_ref (self));
}

/**
 * till_session_restore:
 * @self: a session whose store is damaged
 *
 * Puts the newest copy that is whole in the place of the store, and opens it.
 * Does nothing where the store could be opened, or is being opened.
 */
void
till_session_restore (TillSession *self)
{
  g_return_if_fail (TILL_IS_SESSION (self));

  if (self->closing || self->store != NULL || self->state != TILL_SESSION_FAILED)
    return;

  till_session_set_state (self, TILL_SESSION_OPENING, NULL);
  till_sqlite_store_restore_async (self->folder, self->clock, NULL, restored_cb, g_object_ref (self));
}

/**
 * till_session_lock:
 * @self: a session
 *
 * Ends the shop, and with it every secret that was read for it. What is open
 * counts as being opened until it is unlocked.
 */
void
till_session_lock (TillSession *self)
{
  g_return_if_fail (TILL_IS_SESSION (self));

  if (self->locked || self->closing)
    return;

  self->locked = TRUE;
  if (self->store == NULL)
    return;

  g_object_freeze_notify (G_OBJECT (self));
  till_session_begin (self, FALSE, NULL);
  till_session_drop_shop (self);
  till_session_set_state (self, TILL_SESSION_OPENING, NULL);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * till_session_unlock:
 * @self: a session
 *
 * Opens the profile that was open, or the one that was asked for meanwhile.
 */
void
till_session_unlock (TillSession *self)
{
  g_autofree char *name = NULL;
  gboolean practice;

  g_return_if_fail (TILL_IS_SESSION (self));

  if (!self->locked || self->closing)
    return;

  self->locked = FALSE;
  name = g_steal_pointer (&self->wanted);
  practice = self->wants_practice;
  self->wants_practice = FALSE;
  if (self->store != NULL)
    till_session_begin (self, practice, name);
}

/**
 * till_session_tell_changed:
 * @self: a session
 *
 * Tells all panes that the inventory or a service was changed, and counts again what wants to be acted on.
 */
void
till_session_tell_changed (TillSession *self)
{
  g_return_if_fail (TILL_IS_SESSION (self));

  look_at_vault (self);
  count_attention (self);
  g_signal_emit (self, changed_signal, 0);
}

static void
store_closed_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (till_store_close_finish (TILL_STORE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * till_session_close_async:
 * @self: a session
 * @callback: called when all is written
 * @user_data: for @callback
 *
 * Ends the shop and closes the store. Nothing can be opened afterwards.
 */
void
till_session_close_async (TillSession         *self,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(TillStore) store = NULL;

  g_return_if_fail (TILL_IS_SESSION (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, till_session_close_async);

  self->closing = TRUE;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  store = g_steal_pointer (&self->store);
  till_session_drop_shop (self);
  till_session_set_state (self, TILL_SESSION_IDLE, NULL);

  if (store == NULL)
    g_task_return_boolean (task, TRUE);
  else
    till_store_close_async (store, store_closed_cb, g_steal_pointer (&task));
}

/**
 * till_session_close_finish:
 * @self: a session
 * @result: as given to the callback
 * @error: what the store could not write
 *
 * Returns: whether all is written
 */
gboolean
till_session_close_finish (TillSession   *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
