/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The interface to what is kept: guards, and nothing behind them but the database at hand. */
#include "config.h"

#include "till-store.h"

G_DEFINE_INTERFACE (TillTransaction, till_transaction, G_TYPE_OBJECT)
G_DEFINE_INTERFACE (TillStore, till_store, G_TYPE_OBJECT)

static void
till_transaction_default_init (TillTransactionInterface *iface)
{
}

static void
till_store_default_init (TillStoreInterface *iface)
{
}

/**
 * till_transaction_list_profiles:
 * @self: a transaction
 * @error: (out) (optional): %TILL_ERROR_DAMAGED, %TILL_ERROR_UNREADABLE
 *
 * Returns: (transfer container) (element-type TillProfile): all profiles by name; %NULL where it fails
 */
GPtrArray *
till_transaction_list_profiles (TillTransaction  *self,
                                GError          **error)
{
  g_return_val_if_fail (TILL_IS_TRANSACTION (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return TILL_TRANSACTION_GET_IFACE (self)->list_profiles (self, error);
}

/**
 * till_transaction_put_profile:
 * @self: a transaction
 * @profile: the profile; copied
 * @error: (out) (optional): %TILL_ERROR_CONFLICT, %TILL_ERROR_REJECTED
 *
 * Inserts or updates by id. A name that another profile has is a conflict; so is another
 * environment, for a profile keeps its own (RELIABILITY.md G31).
 *
 * Returns: whether it is in the transaction now
 */
gboolean
till_transaction_put_profile (TillTransaction    *self,
                              const TillProfile  *profile,
                              GError            **error)
{
  g_return_val_if_fail (TILL_IS_TRANSACTION (self), FALSE);
  g_return_val_if_fail (profile != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return TILL_TRANSACTION_GET_IFACE (self)->put_profile (self, profile, error);
}

/**
 * till_transaction_remove_profile:
 * @self: a transaction
 * @profile_id: id of a profile
 * @error: (out) (optional): %TILL_ERROR_NOT_FOUND where there is none
 *
 * Removes a profile with everything that belongs to it but intents and log.
 *
 * Returns: whether it is gone
 */
gboolean
till_transaction_remove_profile (TillTransaction  *self,
                                 const char       *profile_id,
                                 GError          **error)
{
  g_return_val_if_fail (TILL_IS_TRANSACTION (self), FALSE);
  g_return_val_if_fail (profile_id != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return TILL_TRANSACTION_GET_IFACE (self)->remove_profile (self, profile_id, error);
}

/**
 * till_transaction_dup_setting:
 * @self: a transaction
 * @name: name of a setting
 * @error: (out) (optional): %TILL_ERROR_DAMAGED, %TILL_ERROR_UNREADABLE
 *
 * Returns: (transfer full) (nullable): its value; %NULL without an error where it is not set
 */
char *
till_transaction_dup_setting (TillTransaction  *self,
                              const char       *name,
                              GError          **error)
{
  g_return_val_if_fail (TILL_IS_TRANSACTION (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return TILL_TRANSACTION_GET_IFACE (self)->dup_setting (self, name, error);
}

/**
 * till_transaction_set_setting:
 * @self: a transaction
 * @name: name of a setting
 * @value: (nullable): its value, %NULL to take it away
 * @error: (out) (optional): %TILL_ERROR_REJECTED, %TILL_ERROR_UNREADABLE
 *
 * Returns: whether it is in the transaction now
 */
gboolean
till_transaction_set_setting (TillTransaction  *self,
                              const char       *name,
                              const char       *value,
                              GError          **error)
{
  g_return_val_if_fail (TILL_IS_TRANSACTION (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return TILL_TRANSACTION_GET_IFACE (self)->set_setting (self, name, value, error);
}

/**
 * till_transaction_list_keys:
 * @self: a transaction
 * @profile_id: id of a profile
 * @error: (out) (optional): %TILL_ERROR_DAMAGED, %TILL_ERROR_UNREADABLE
 *
 * Returns: (transfer container) (element-type TillKeyRecord): its keys, newest valid_from first; %NULL where it fails
 */
GPtrArray *
till_transaction_list_keys (TillTransaction  *self,
                            const char       *profile_id,
                            GError          **error)
{
  g_return_val_if_fail (TILL_IS_TRANSACTION (self), NULL);
  g_return_val_if_fail (profile_id != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return TILL_TRANSACTION_GET_IFACE (self)->list_keys (self, profile_id, error);
}

/**
 * till_transaction_put_key:
 * @self: a transaction
 * @key: a key; copied
 * @error: (out) (optional): %TILL_ERROR_NOT_FOUND (no such profile), %TILL_ERROR_REJECTED
 *
 * Inserts or updates by profile and key id. The environment is that of the profile.
 *
 * Returns: whether it is in the transaction now
 */
gboolean
till_transaction_put_key (TillTransaction      *self,
                          const TillKeyRecord  *key,
                          GError              **error)
{
  g_return_val_if_fail (TILL_IS_TRANSACTION (self), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return TILL_TRANSACTION_GET_IFACE (self)->put_key (self, key, error);
}

/**
 * till_transaction_list_uploads:
 * @self: a transaction
 * @profile_id: id of a profile
 * @error: (out) (optional): %TILL_ERROR_DAMAGED, %TILL_ERROR_UNREADABLE
 *
 * Returns: (transfer container) (element-type TillUploadRecord): its uploads, newest first; %NULL where it fails
 */
GPtrArray *
till_transaction_list_uploads (TillTransaction  *self,
                               const char       *profile_id,
                               GError          **error)
{
  g_return_val_if_fail (TILL_IS_TRANSACTION (self), NULL);
  g_return_val_if_fail (profile_id != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return TILL_TRANSACTION_GET_IFACE (self)->list_uploads (self, profile_id, error);
}

/**
 * till_transaction_put_upload:
 * @self: a transaction
 * @upload: an upload; copied
 * @error: (out) (optional): %TILL_ERROR_NOT_FOUND (no such profile), %TILL_ERROR_REJECTED
 *
 * Inserts or updates by profile and client key id.
 *
 * Returns: whether it is in the transaction now
 */
gboolean
till_transaction_put_upload (TillTransaction         *self,
                             const TillUploadRecord  *upload,
                             GError                 **error)
{
  g_return_val_if_fail (TILL_IS_TRANSACTION (self), FALSE);
  g_return_val_if_fail (upload != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return TILL_TRANSACTION_GET_IFACE (self)->put_upload (self, upload, error);
}

/**
 * till_transaction_list_seen:
 * @self: a transaction
 * @profile_id: id of a profile
 * @error: (out) (optional): %TILL_ERROR_DAMAGED, %TILL_ERROR_UNREADABLE
 *
 * Returns: (transfer container) (element-type TillSeenRecord): its certificates as last seen, in the
 *   order in which they were put; %NULL where it fails
 */
GPtrArray *
till_transaction_list_seen (TillTransaction  *self,
                            const char       *profile_id,
                            GError          **error)
{
  g_return_val_if_fail (TILL_IS_TRANSACTION (self), NULL);
  g_return_val_if_fail (profile_id != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return TILL_TRANSACTION_GET_IFACE (self)->list_seen (self, profile_id, error);
}

/**
 * till_transaction_replace_seen:
 * @self: a transaction
 * @profile_id: id of a profile
 * @seen: (element-type TillSeenRecord): all that was seen; each of this profile
 * @error: (out) (optional): %TILL_ERROR_NOT_FOUND (no such profile), %TILL_ERROR_CONFLICT, %TILL_ERROR_REJECTED
 *
 * Puts these in the place of all that the profile had.
 *
 * Returns: whether they are in the transaction now; else what was there before is
 */
gboolean
till_transaction_replace_seen (TillTransaction  *self,
                               const char       *profile_id,
                               GPtrArray        *seen,
                               GError          **error)
{
  g_return_val_if_fail (TILL_IS_TRANSACTION (self), FALSE);
  g_return_val_if_fail (profile_id != NULL, FALSE);
  g_return_val_if_fail (seen != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return TILL_TRANSACTION_GET_IFACE (self)->replace_seen (self, profile_id, seen, error);
}

/**
 * till_transaction_list_files:
 * @self: a transaction
 * @error: (out) (optional): %TILL_ERROR_DAMAGED, %TILL_ERROR_UNREADABLE
 *
 * Returns: (transfer container) (element-type TillFileRecord): the watched files by URI; %NULL where it fails
 */
GPtrArray *
till_transaction_list_files (TillTransaction  *self,
                             GError          **error)
{
  g_return_val_if_fail (TILL_IS_TRANSACTION (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return TILL_TRANSACTION_GET_IFACE (self)->list_files (self, error);
}

/**
 * till_transaction_put_file:
 * @self: a transaction
 * @file: a file; copied
 * @error: (out) (optional): %TILL_ERROR_REJECTED
 *
 * Inserts or updates by URI.
 *
 * Returns: whether it is in the transaction now
 */
gboolean
till_transaction_put_file (TillTransaction       *self,
                           const TillFileRecord  *file,
                           GError               **error)
{
  g_return_val_if_fail (TILL_IS_TRANSACTION (self), FALSE);
  g_return_val_if_fail (file != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return TILL_TRANSACTION_GET_IFACE (self)->put_file (self, file, error);
}

/**
 * till_transaction_remove_file:
 * @self: a transaction
 * @uri: URI of a file
 * @error: (out) (optional): %TILL_ERROR_UNREADABLE
 *
 * Returns: whether it is not, or no longer, among the watched files
 */
gboolean
till_transaction_remove_file (TillTransaction  *self,
                              const char       *uri,
                              GError          **error)
{
  g_return_val_if_fail (TILL_IS_TRANSACTION (self), FALSE);
  g_return_val_if_fail (uri != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return TILL_TRANSACTION_GET_IFACE (self)->remove_file (self, uri, error);
}

/**
 * till_transaction_list_devices:
 * @self: a transaction
 * @profile_id: id of a profile
 * @error: (out) (optional): %TILL_ERROR_DAMAGED, %TILL_ERROR_UNREADABLE
 *
 * Returns: (transfer container) (element-type TillDeviceRecord): its devices by POS id, those of one
 *   POS id newest first; %NULL where it fails
 */
GPtrArray *
till_transaction_list_devices (TillTransaction  *self,
                               const char       *profile_id,
                               GError          **error)
{
  g_return_val_if_fail (TILL_IS_TRANSACTION (self), NULL);
  g_return_val_if_fail (profile_id != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return TILL_TRANSACTION_GET_IFACE (self)->list_devices (self, profile_id, error);
}

/**
 * till_transaction_put_device:
 * @self: a transaction
 * @device: a device; copied
 * @error: (out) (optional): %TILL_ERROR_NOT_FOUND (no such profile), %TILL_ERROR_REJECTED
 *
 * Inserts or updates by profile and serial.
 *
 * Returns: whether it is in the transaction now
 */
gboolean
till_transaction_put_device (TillTransaction         *self,
                             const TillDeviceRecord  *device,
                             GError                 **error)
{
  g_return_val_if_fail (TILL_IS_TRANSACTION (self), FALSE);
  g_return_val_if_fail (device != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return TILL_TRANSACTION_GET_IFACE (self)->put_device (self, device, error);
}

/**
 * till_transaction_remove_device:
 * @self: a transaction
 * @profile_id: id of a profile
 * @serial: serial of its certificate
 * @error: (out) (optional): %TILL_ERROR_UNREADABLE
 *
 * Returns: whether it is not, or no longer, there
 */
gboolean
till_transaction_remove_device (TillTransaction  *self,
                                const char       *profile_id,
                                const char       *serial,
                                GError          **error)
{
  g_return_val_if_fail (TILL_IS_TRANSACTION (self), FALSE);
  g_return_val_if_fail (profile_id != NULL, FALSE);
  g_return_val_if_fail (serial != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return TILL_TRANSACTION_GET_IFACE (self)->remove_device (self, profile_id, serial, error);
}

/**
 * till_transaction_put_intent:
 * @self: a transaction
 * @intent: an intent; gets its id
 * @error: (out) (optional): %TILL_ERROR_NOT_FOUND, %TILL_ERROR_CONFLICT, %TILL_ERROR_REJECTED
 *
 * Inserts one with id 0, else updates its state, tries, ended_at, note and subject: what was sent
 * never changes (RELIABILITY.md G17).
 *
 * Returns: whether it is in the transaction now
 */
gboolean
till_transaction_put_intent (TillTransaction   *self,
                             TillIntentRecord  *intent,
                             GError           **error)
{
  g_return_val_if_fail (TILL_IS_TRANSACTION (self), FALSE);
  g_return_val_if_fail (intent != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return TILL_TRANSACTION_GET_IFACE (self)->put_intent (self, intent, error);
}

/**
 * till_transaction_list_intents:
 * @self: a transaction
 * @profile_id: (nullable): id of a profile, %NULL for all
 * @unsettled_only: only those that are open or unknown
 * @error: (out) (optional): %TILL_ERROR_DAMAGED, %TILL_ERROR_UNREADABLE
 *
 * Returns: (transfer container) (element-type TillIntentRecord): the intents, oldest first; %NULL where it fails
 */
GPtrArray *
till_transaction_list_intents (TillTransaction  *self,
                               const char       *profile_id,
                               gboolean          unsettled_only,
                               GError          **error)
{
  g_return_val_if_fail (TILL_IS_TRANSACTION (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return TILL_TRANSACTION_GET_IFACE (self)->list_intents (self, profile_id, unsettled_only, error);
}

/**
 * till_transaction_append_log:
 * @self: a transaction
 * @record: a line; gets what it lacks
 * @error: (out) (optional): %TILL_ERROR_CONFLICT, %TILL_ERROR_REJECTED
 *
 * Fills sequence, at and actor where they are unset (0, %TILL_TIME_UNKNOWN, %NULL), and hash
 * (RELIABILITY.md G33).
 *
 * Returns: whether it is in the transaction now
 */
gboolean
till_transaction_append_log (TillTransaction  *self,
                             TillLogRecord    *record,
                             GError          **error)
{
  g_return_val_if_fail (TILL_IS_TRANSACTION (self), FALSE);
  g_return_val_if_fail (record != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return TILL_TRANSACTION_GET_IFACE (self)->append_log (self, record, error);
}

/**
 * till_transaction_list_log:
 * @self: a transaction
 * @since: only lines from then on, %TILL_TIME_UNKNOWN for all
 * @limit: at most so many, the newest; 0 for all
 * @error: (out) (optional): %TILL_ERROR_DAMAGED, %TILL_ERROR_UNREADABLE
 *
 * Returns: (transfer container) (element-type TillLogRecord): the lines, oldest first; %NULL where it fails
 */
GPtrArray *
till_transaction_list_log (TillTransaction  *self,
                           gint64            since,
                           guint             limit,
                           GError          **error)
{
  g_return_val_if_fail (TILL_IS_TRANSACTION (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return TILL_TRANSACTION_GET_IFACE (self)->list_log (self, since, limit, error);
}

/**
 * till_transaction_verify_log:
 * @self: a transaction
 * @first_wrong: (out) (optional): the first line that does not fit its hash, or is missing; 0 for none
 * @error: (out) (optional): %TILL_ERROR_DAMAGED where a line was changed
 *
 * Returns: whether each line is as it was written, and none is missing
 */
gboolean
till_transaction_verify_log (TillTransaction  *self,
                             gint64           *first_wrong,
                             GError          **error)
{
  g_return_val_if_fail (TILL_IS_TRANSACTION (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return TILL_TRANSACTION_GET_IFACE (self)->verify_log (self, first_wrong, error);
}

/**
 * till_store_run_async:
 * @self: a store
 * @work: what is done, in the store's own thread
 * @data: for @work
 * @destroy: (nullable): frees @data, on the caller's main context after @callback
 * @cancellable: (nullable): ends it as long as it waits for its turn; work that has begun is done
 * @callback: when it is committed and synced, or failed
 * @user_data: for @callback
 *
 * Does work as one transaction: all of it is kept, or nothing (RELIABILITY.md
 * G28). Work is done in the order it was asked for.
 */
void
till_store_run_async (TillStore           *self,
                      TillStoreWork        work,
                      gpointer             data,
                      GDestroyNotify       destroy,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_return_if_fail (TILL_IS_STORE (self));
  g_return_if_fail (work != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  TILL_STORE_GET_IFACE (self)->run_async (self, work, data, destroy, cancellable, callback, user_data);
}

/**
 * till_store_run_finish:
 * @self: a store
 * @result: what the callback got
 * @error: (out) (optional): what @work has set; %TILL_ERROR_UNREADABLE, %TILL_ERROR_DAMAGED or
 *   %TILL_ERROR_STORE_LOCKED of the database; %G_IO_ERROR_CANCELLED
 *
 * Returns: whether it is kept
 */
gboolean
till_store_run_finish (TillStore     *self,
                       GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (TILL_IS_STORE (self), FALSE);
  g_return_val_if_fail (G_IS_ASYNC_RESULT (result), FALSE);

  return TILL_STORE_GET_IFACE (self)->run_finish (self, result, error);
}

/**
 * till_store_close_async:
 * @self: a store
 * @callback: when it is closed
 * @user_data: for @callback
 *
 * Does what was asked for before, then closes the database and lets go of its
 * lock. Whatever is asked for later fails.
 */
void
till_store_close_async (TillStore           *self,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_return_if_fail (TILL_IS_STORE (self));

  TILL_STORE_GET_IFACE (self)->close_async (self, callback, user_data);
}

/**
 * till_store_close_finish:
 * @self: a store
 * @result: what the callback got
 * @error: (out) (optional): %TILL_ERROR_UNREADABLE
 *
 * Returns: whether it was closed
 */
gboolean
till_store_close_finish (TillStore     *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (TILL_IS_STORE (self), FALSE);
  g_return_val_if_fail (G_IS_ASYNC_RESULT (result), FALSE);

  return TILL_STORE_GET_IFACE (self)->close_finish (self, result, error);
}
