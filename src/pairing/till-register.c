/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The paired devices of a profile: a list, kept in the store, every change in the activity log. */
#include "config.h"

#include "till-register.h"

#include <stdlib.h>
#include <string.h>

#include "till-error.h"
#include "till-pairing-limits.h"
#include "till-setup-code.h"

#define TRIES_SETTING "pairing.tries."

struct _TillRegister
{
  GObject      parent_instance;

  TillStore   *store;
  TillClock   *clock;
  TillProfile *profile;
  GPtrArray   *devices;      /* TillDevice */
  guint        tries;
  gint64       tries_at;     /* wall time of the last one */
};

static void till_register_list_model_init (GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TillRegister, till_register, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, till_register_list_model_init))

/* One change: the store's thread works with copies, and touches no object. */
typedef struct
{
  /* Input. */
  char             *profile_id;
  char             *profile_name;
  const char       *environment;
  const char       *event;         /* (nullable): no line in the log */
  const char       *outcome;
  char             *object;
  char             *peer;          /* (nullable) */
  char             *detail;        /* (nullable) */
  char             *serial;        /* (nullable): of the device to be changed */
  char             *replaces;      /* (nullable) */
  gboolean          forget;
  gint64            now;
  guint             tries;
  TillDeviceRecord *record;        /* (nullable): to be put */

  /* Output. */
  GPtrArray        *devices;       /* (nullable): TillDeviceRecord, as they are then */
  char             *ledger;        /* (nullable) */
} Change;

static void
change_free (Change *self)
{
  g_free (self->profile_id);
  g_free (self->profile_name);
  g_free (self->object);
  g_free (self->peer);
  g_free (self->detail);
  g_free (self->serial);
  g_free (self->replaces);
  g_free (self->ledger);
  till_device_record_free (self->record);
  g_clear_pointer (&self->devices, g_ptr_array_unref);
  g_free (self);
}

static Change *
change_new (TillRegister *self,
            const char   *event,
            const char   *object)
{
  Change *change = g_new0 (Change, 1);

  change->profile_id = g_strdup (self->profile->id);
  change->profile_name = g_strdup (self->profile->name);
  change->environment = till_environment_to_word (self->profile->environment);
  change->event = event;
  change->outcome = "done";
  change->object = g_strdup (object);
  change->now = till_clock_get_now (self->clock);

  return change;
}

static gboolean
write_line (TillTransaction  *transaction,
            const Change     *change,
            const char       *event,
            const char       *object,
            const char       *detail,
            GError          **error)
{
  g_autoptr(TillLogRecord) line = till_log_record_new ();

  line->event = g_strdup (event);
  line->object = g_strdup (object);
  line->profile = g_strdup (change->profile_name);
  line->environment = g_strdup (change->environment);
  line->peer = g_strdup (change->peer);
  line->outcome = g_strdup (change->outcome);
  line->detail = g_strdup (detail);

  return till_transaction_append_log (transaction, line, error);
}

static TillDeviceRecord *
find_record (GPtrArray  *devices,
             const char *serial)
{
  for (guint i = 0; i < devices->len; i++)
    {
      TillDeviceRecord *record = devices->pdata[i];

      if (g_str_equal (record->serial, serial))
        return record;
    }

  return NULL;
}

static gboolean
set_state (TillTransaction  *transaction,
           TillDeviceRecord *record,
           TillDeviceState   state,
           GError          **error)
{
  g_free (record->state);
  record->state = g_strdup (till_device_state_to_word (state));

  return till_transaction_put_device (transaction, record, error);
}

/* Every change ends with reading the whole list: it is short. */
static gboolean
end_work (TillTransaction  *transaction,
          Change           *change,
          GError          **error)
{
  g_clear_pointer (&change->devices, g_ptr_array_unref);
  change->devices = till_transaction_list_devices (transaction, change->profile_id, error);

  return change->devices != NULL;
}

static gboolean
begin_work (TillTransaction   *transaction,
            Change            *change,
            TillDeviceRecord **record,
            GError           **error)
{
  if (!end_work (transaction, change, error))
    return FALSE;

  *record = find_record (change->devices, change->serial);
  if (*record == NULL)
    till_set_error (error, TILL_ERROR_NOT_FOUND, TILL_REASON_NONE, change->object, NULL, "there is no such device");

  return *record != NULL;
}

static gboolean
load_work (TillTransaction  *transaction,
           gpointer          data,
           GError          **error)
{
  Change *change = data;
  g_autofree char *setting = g_strconcat (TRIES_SETTING, change->profile_id, NULL);
  g_autoptr(GError) local_error = NULL;

  change->ledger = till_transaction_dup_setting (transaction, setting, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (!end_work (transaction, change, error))
    return FALSE;

  for (guint i = 0; i < change->devices->len; i++)
    {
      TillDeviceRecord *record = change->devices->pdata[i];

      /* Who is there to be asked meanwhile is not known: only a store that can be written is tidied. */
      if (g_strcmp0 (record->state, "pending") != 0 || g_strcmp0 (record->kind, "terminal") == 0 ||
          change->now - record->paired_at <= TILL_HOST_CONFIRM_SECONDS)
        continue;

      if (!set_state (transaction, record, TILL_DEVICE_REVOKED, &local_error) ||
          !write_line (transaction, change, "pairing.withdraw", record->pos_id, "the till did not confirm", &local_error))
        {
          if (till_error_get_reason (local_error) == TILL_REASON_STORE_READ_ONLY)
            return TRUE;
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
add_work (TillTransaction  *transaction,
          gpointer          data,
          GError          **error)
{
  Change *change = data;

  if (change->replaces != NULL)
    {
      TillDeviceRecord *old;

      if (!end_work (transaction, change, error))
        return FALSE;

      old = find_record (change->devices, change->replaces);
      if (old != NULL && (!set_state (transaction, old, TILL_DEVICE_REVOKED, error) ||
                          !write_line (transaction, change, "devices.revoke", old->pos_id, "replaced", error)))
        return FALSE;
    }

  return till_transaction_put_device (transaction, change->record, error) &&
         write_line (transaction, change, change->event, change->object, change->detail, error) &&
         end_work (transaction, change, error);
}

static gboolean
confirm_work (TillTransaction  *transaction,
              gpointer          data,
              GError          **error)
{
  Change *change = data;
  TillDeviceRecord *record;
  gboolean was_pending;

  if (!begin_work (transaction, change, &record, error))
    return FALSE;

  was_pending = g_strcmp0 (record->state, "pending") == 0;
  record->last_contact = change->now;
  if (change->peer != NULL)
    {
      g_free (record->address);
      record->address = g_strdup (change->peer);
    }

  if (was_pending ? !set_state (transaction, record, TILL_DEVICE_ACTIVE, error)
                  : !till_transaction_put_device (transaction, record, error))
    return FALSE;

  return (!was_pending || write_line (transaction, change, change->event, record->pos_id, record->serial, error)) &&
         end_work (transaction, change, error);
}

static gboolean
revoke_work (TillTransaction  *transaction,
             gpointer          data,
             GError          **error)
{
  Change *change = data;
  TillDeviceRecord *record;

  return begin_work (transaction, change, &record, error) &&
         set_state (transaction, record, TILL_DEVICE_REVOKED, error) &&
         write_line (transaction, change, change->event, record->pos_id, change->detail, error) &&
         end_work (transaction, change, error);
}

static gboolean
forget_work (TillTransaction  *transaction,
             gpointer          data,
             GError          **error)
{
  Change *change = data;
  TillDeviceRecord *record;

  if (!begin_work (transaction, change, &record, error))
    return FALSE;

  if (g_strcmp0 (record->kind, "terminal") != 0 && g_strcmp0 (record->state, "revoked") != 0)
    {
      till_set_error (error, TILL_ERROR_CONFLICT, TILL_REASON_IN_USE, record->pos_id, NULL,
                      "this till's certificate still works; revoke it first");
      return FALSE;
    }

  return write_line (transaction, change, change->event, record->pos_id, record->serial, error) &&
         till_transaction_remove_device (transaction, change->profile_id, change->serial, error) &&
         end_work (transaction, change, error);
}

static gboolean
note_work (TillTransaction  *transaction,
           gpointer          data,
           GError          **error)
{
  Change *change = data;

  return write_line (transaction, change, change->event, change->object, change->detail, error);
}

/* Every refused try costs the same write, so that its time says nothing. */
static gboolean
count_work (TillTransaction  *transaction,
            gpointer          data,
            GError          **error)
{
  Change *change = data;
  g_autofree char *setting = g_strconcat (TRIES_SETTING, change->profile_id, NULL);
  g_autofree char *value = g_strdup_printf ("%u %" G_GINT64_FORMAT, change->tries, change->now);

  return till_transaction_set_setting (transaction, setting, value, error);
}

static guint
till_register_get_n_items (GListModel *model)
{
  return TILL_REGISTER (model)->devices->len;
}

static gpointer
till_register_get_item (GListModel *model,
                        guint       position)
{
  GPtrArray *devices = TILL_REGISTER (model)->devices;

  return position < devices->len ? g_object_ref (devices->pdata[position]) : NULL;
}

static GType
till_register_get_item_type (GListModel *model)
{
  return TILL_TYPE_DEVICE;
}

static void
till_register_list_model_init (GListModelInterface *interface)
{
  interface->get_n_items = till_register_get_n_items;
  interface->get_item = till_register_get_item;
  interface->get_item_type = till_register_get_item_type;
}

static void
till_register_finalize (GObject *object)
{
  TillRegister *self = TILL_REGISTER (object);

  g_clear_object (&self->store);
  g_clear_pointer (&self->clock, till_clock_unref);
  till_profile_free (self->profile);
  g_ptr_array_unref (self->devices);

  G_OBJECT_CLASS (till_register_parent_class)->finalize (object);
}

static void
till_register_class_init (TillRegisterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = till_register_finalize;
}

static void
till_register_init (TillRegister *self)
{
  self->devices = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * till_register_new:
 * @store: where it is kept
 * @clock: asks for the time
 * @profile: whose devices
 *
 * Returns: (transfer full): an empty one, to be loaded
 */
TillRegister *
till_register_new (TillStore         *store,
                   TillClock         *clock,
                   const TillProfile *profile)
{
  TillRegister *self = g_object_new (TILL_TYPE_REGISTER, NULL);

  self->store = g_object_ref (store);
  self->clock = till_clock_ref (clock);
  self->profile = till_profile_copy (profile);

  return self;
}

static int
compare_devices (gconstpointer a,
                 gconstpointer b)
{
  const TillDeviceRecord *left = till_device_get_record (*(TillDevice **) a);
  const TillDeviceRecord *right = till_device_get_record (*(TillDevice **) b);

  if (left->paired_at != right->paired_at)
    return left->paired_at > right->paired_at ? -1 : 1;

  return strcmp (left->serial, right->serial);
}

static void
take_devices (TillRegister *self,
              GPtrArray    *records)
{
  guint before = self->devices->len;

  g_ptr_array_set_size (self->devices, 0);
  for (guint i = 0; i < records->len; i++)
    g_ptr_array_add (self->devices, till_device_new (g_steal_pointer (&records->pdata[i])));
  g_ptr_array_sort (self->devices, compare_devices);

  g_list_model_items_changed (G_LIST_MODEL (self), 0, before, self->devices->len);
}

static void
take_ledger (TillRegister *self,
             const char   *ledger)
{
  char *rest = NULL;

  self->tries = (guint) strtoul (ledger, &rest, 10);
  self->tries_at = rest == NULL ? 0 : g_ascii_strtoll (rest, NULL, 10);
}

static void
changed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillRegister *self = g_task_get_source_object (task);
  Change *change = g_task_get_task_data (task);
  GError *error = NULL;

  if (!till_store_run_finish (TILL_STORE (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  if (change->devices != NULL)
    take_devices (self, change->devices);
  if (change->ledger != NULL)
    take_ledger (self, change->ledger);
  g_task_return_boolean (task, TRUE);
}

/* change: (transfer full) */
static void
run (TillRegister        *self,
     TillStoreWork        work,
     Change              *change,
     GCancellable        *cancellable,
     GAsyncReadyCallback  callback,
     gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, run);
  g_task_set_task_data (task, change, (GDestroyNotify) change_free);
  till_store_run_async (self->store, work, change, NULL, cancellable, changed_cb, task);
}

/**
 * till_register_load_async:
 * @self: a register
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Reads the devices of the profile.
 */
void
till_register_load_async (TillRegister        *self,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_return_if_fail (TILL_IS_REGISTER (self));

  run (self, load_work, change_new (self, NULL, NULL), cancellable, callback, user_data);
}

/**
 * till_register_find:
 * @self: a register
 * @serial: of a certificate, lower-case hex
 *
 * Returns: (transfer none) (nullable): whose it is
 */
TillDevice *
till_register_find (TillRegister *self,
                    const char   *serial)
{
  g_return_val_if_fail (TILL_IS_REGISTER (self), NULL);

  for (guint i = 0; i < self->devices->len; i++)
    if (g_str_equal (till_device_get_serial (self->devices->pdata[i]), serial))
      return self->devices->pdata[i];

  return NULL;
}

/**
 * till_register_find_pos_id:
 * @self: a register
 * @kind: of which kind
 * @pos_id: what it is called
 *
 * Returns: (transfer none) (nullable): the one of that name that is not revoked
 */
TillDevice *
till_register_find_pos_id (TillRegister   *self,
                           TillDeviceKind  kind,
                           const char     *pos_id)
{
  g_return_val_if_fail (TILL_IS_REGISTER (self), NULL);

  for (guint i = 0; i < self->devices->len; i++)
    {
      TillDevice *device = self->devices->pdata[i];

      if (till_device_get_kind (device) == kind && till_device_get_state (device) != TILL_DEVICE_REVOKED &&
          g_str_equal (till_device_get_pos_id (device), pos_id))
        return device;
    }

  return NULL;
}

/**
 * till_register_add_async:
 * @self: a register
 * @record: (transfer full): the device
 * @replaces: (nullable): serial of one whose place it takes
 * @cancellable: (nullable): to stop it
 * @callback: called when it is on disk
 * @user_data: for @callback
 *
 * Adds a device.
 */
void
till_register_add_async (TillRegister        *self,
                         TillDeviceRecord    *record,
                         const char          *replaces,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  gboolean terminal = g_strcmp0 (record->kind, "terminal") == 0;
  Change *change;

  g_return_if_fail (TILL_IS_REGISTER (self));

  change = change_new (self, terminal ? "pairing.request" : "pairing.issue", record->pos_id);
  g_free (record->profile_id);
  record->profile_id = g_strdup (self->profile->id);
  change->peer = g_strdup (record->address);
  change->detail = g_strdup (record->serial);
  change->replaces = g_strdup (replaces);
  change->record = record;
  run (self, add_work, change, cancellable, callback, user_data);
}

/**
 * till_register_confirm_async:
 * @self: a register
 * @serial: whose identity was seen to work
 * @address: (nullable): where
 * @cancellable: (nullable): to stop it
 * @callback: called when it is on disk
 * @user_data: for @callback
 *
 * Notes a contact.
 */
void
till_register_confirm_async (TillRegister        *self,
                             const char          *serial,
                             const char          *address,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  Change *change;

  g_return_if_fail (TILL_IS_REGISTER (self));

  change = change_new (self, "pairing.activated", serial);
  change->serial = g_strdup (serial);
  change->peer = g_strdup (address);
  run (self, confirm_work, change, cancellable, callback, user_data);
}

/**
 * till_register_revoke_async:
 * @self: a register
 * @serial: of the certificate
 * @why: a few words for the log
 * @cancellable: (nullable): to stop it
 * @callback: called when it is on disk
 * @user_data: for @callback
 *
 * Makes a certificate useless for connections to this computer.
 */
void
till_register_revoke_async (TillRegister        *self,
                            const char          *serial,
                            const char          *why,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  Change *change;

  g_return_if_fail (TILL_IS_REGISTER (self));

  change = change_new (self, "devices.revoke", serial);
  change->serial = g_strdup (serial);
  change->detail = g_strdup (why);
  run (self, revoke_work, change, cancellable, callback, user_data);
}

/**
 * till_register_forget_async:
 * @self: a register
 * @serial: of the certificate
 * @cancellable: (nullable): to stop it
 * @callback: called when it is on disk
 * @user_data: for @callback
 *
 * Removes a device.
 */
void
till_register_forget_async (TillRegister        *self,
                            const char          *serial,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  Change *change;

  g_return_if_fail (TILL_IS_REGISTER (self));

  change = change_new (self, "devices.forget", serial);
  change->serial = g_strdup (serial);
  run (self, forget_work, change, cancellable, callback, user_data);
}

/**
 * till_register_finish:
 * @self: a register
 * @result: of one of the functions above
 * @error: (out) (optional): %TILL_ERROR_NOT_FOUND, %TILL_ERROR_CONFLICT, of the store
 *
 * Returns: whether it was done
 */
gboolean
till_register_finish (TillRegister  *self,
                      GAsyncResult  *result,
                      GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * till_register_count_async:
 * @self: a register
 * @tries: how many count now
 * @cancellable: (nullable): to stop it
 * @callback: called when it is on disk
 * @user_data: for @callback
 *
 * Keeps the number of tries.
 */
void
till_register_count_async (TillRegister        *self,
                           guint                tries,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  Change *change;

  g_return_if_fail (TILL_IS_REGISTER (self));

  change = change_new (self, NULL, NULL);
  change->tries = tries;
  self->tries = tries;
  self->tries_at = change->now;
  run (self, count_work, change, cancellable, callback, user_data);
}

/**
 * till_register_note_async:
 * @self: a register
 * @event: a static word
 * @peer: (nullable): where it came from
 * @detail: (nullable): a few words
 * @cancellable: (nullable): to stop it
 * @callback: called when it is on disk
 * @user_data: for @callback
 *
 * Writes a line to the activity log about something that was refused.
 */
void
till_register_note_async (TillRegister        *self,
                          const char          *event,
                          const char          *peer,
                          const char          *detail,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  Change *change;

  g_return_if_fail (TILL_IS_REGISTER (self));

  change = change_new (self, event, NULL);
  change->outcome = "refused";
  change->peer = g_strdup (peer);
  change->detail = g_strdup (detail);
  run (self, note_work, change, cancellable, callback, user_data);
}

/**
 * till_register_get_tries:
 * @self: a register that was loaded
 *
 * Tries of the last 300 seconds count on. After the fifth a person was told,
 * and whoever makes a code then has decided to.
 *
 * Returns: how many wrong tries a code that is made now has already
 */
guint
till_register_get_tries (TillRegister *self)
{
  gint64 age = till_clock_get_now (self->clock) - self->tries_at;

  g_return_val_if_fail (TILL_IS_REGISTER (self), 0);

  return self->tries < TILL_SETUP_CODE_TRIES && age < TILL_SETUP_CODE_SECONDS ? self->tries : 0;
}
