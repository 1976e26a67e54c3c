/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one interface to what is kept, so that another database can stand behind it later (DESIGN.md 6). */
#pragma once

#include <gio/gio.h>

#include "till-record.h"

G_BEGIN_DECLS

/**
 * TillTransaction:
 *
 * What work inside till_store_run_async() reads and writes through. Lives only
 * while that work runs, in the store's own thread; its functions block. Each
 * of its functions sets an error and returns %NULL or %FALSE where it fails;
 * lists are (transfer container) arrays that free their elements.
 */
#define TILL_TYPE_TRANSACTION (till_transaction_get_type ())
G_DECLARE_INTERFACE (TillTransaction, till_transaction, TILL, TRANSACTION, GObject)

struct _TillTransactionInterface
{
  GTypeInterface parent_interface;

  GPtrArray *(* list_profiles)    (TillTransaction *self, GError **error);
  gboolean   (* put_profile)      (TillTransaction *self, const TillProfile *profile, GError **error);
  gboolean   (* remove_profile)   (TillTransaction *self, const char *profile_id, GError **error);
  char      *(* dup_setting)      (TillTransaction *self, const char *name, GError **error);
  gboolean   (* set_setting)      (TillTransaction *self, const char *name, const char *value, GError **error);

  GPtrArray *(* list_keys)        (TillTransaction *self, const char *profile_id, GError **error);
  gboolean   (* put_key)          (TillTransaction *self, const TillKeyRecord *key, GError **error);
  GPtrArray *(* list_uploads)     (TillTransaction *self, const char *profile_id, GError **error);
  gboolean   (* put_upload)       (TillTransaction *self, const TillUploadRecord *upload, GError **error);
  GPtrArray *(* list_seen)        (TillTransaction *self, const char *profile_id, GError **error);
  gboolean   (* replace_seen)     (TillTransaction *self, const char *profile_id, GPtrArray *seen, GError **error);
  GPtrArray *(* list_files)       (TillTransaction *self, GError **error);
  gboolean   (* put_file)         (TillTransaction *self, const TillFileRecord *file, GError **error);
  gboolean   (* remove_file)      (TillTransaction *self, const char *uri, GError **error);
  GPtrArray *(* list_devices)     (TillTransaction *self, const char *profile_id, GError **error);
  gboolean   (* put_device)       (TillTransaction *self, const TillDeviceRecord *device, GError **error);
  gboolean   (* remove_device)    (TillTransaction *self, const char *profile_id, const char *serial, GError **error);

  gboolean   (* put_intent)       (TillTransaction *self, TillIntentRecord *intent, GError **error);
  GPtrArray *(* list_intents)     (TillTransaction *self, const char *profile_id, gboolean unsettled_only, GError **error);
  gboolean   (* append_log)       (TillTransaction *self, TillLogRecord *record, GError **error);
  GPtrArray *(* list_log)         (TillTransaction *self, gint64 since, guint limit, GError **error);
  gboolean   (* verify_log)       (TillTransaction *self, gint64 *first_wrong, GError **error);
};

GPtrArray *till_transaction_list_profiles  (TillTransaction *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Inserts or updates by id. A name that another profile has is %TILL_ERROR_CONFLICT; so is another environment. */
gboolean   till_transaction_put_profile    (TillTransaction *self, const TillProfile *profile, GError **error);
/* With everything that belongs to it but intents and log. */
gboolean   till_transaction_remove_profile (TillTransaction *self, const char *profile_id, GError **error);
/* %NULL without an error: not set. */
char      *till_transaction_dup_setting    (TillTransaction *self, const char *name,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean   till_transaction_set_setting    (TillTransaction *self, const char *name, const char *value, GError **error);
/* Newest valid_from first. */
GPtrArray *till_transaction_list_keys      (TillTransaction *self, const char *profile_id,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean   till_transaction_put_key        (TillTransaction *self, const TillKeyRecord *key, GError **error);
GPtrArray *till_transaction_list_uploads   (TillTransaction *self, const char *profile_id,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean   till_transaction_put_upload     (TillTransaction *self, const TillUploadRecord *upload, GError **error);
GPtrArray *till_transaction_list_seen      (TillTransaction *self, const char *profile_id,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean   till_transaction_replace_seen   (TillTransaction *self, const char *profile_id, GPtrArray *seen, GError **error);
/* In the order in which they were put first. */
GPtrArray *till_transaction_list_files     (TillTransaction *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean   till_transaction_put_file       (TillTransaction *self, const TillFileRecord *file, GError **error);
gboolean   till_transaction_remove_file    (TillTransaction *self, const char *uri, GError **error);
GPtrArray *till_transaction_list_devices   (TillTransaction *self, const char *profile_id,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean   till_transaction_put_device     (TillTransaction *self, const TillDeviceRecord *device, GError **error);
gboolean   till_transaction_remove_device  (TillTransaction *self, const char *profile_id, const char *serial,
                                            GError **error);
/* Inserts one with id 0 (and sets its id), else updates state, tries, ended_at, note, subject. */
gboolean   till_transaction_put_intent     (TillTransaction *self, TillIntentRecord *intent, GError **error);
/* profile_id: (nullable) %NULL for all. unsettled_only: open and unknown ones. Oldest first. */
GPtrArray *till_transaction_list_intents   (TillTransaction *self, const char *profile_id, gboolean unsettled_only,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Fills sequence, at and actor where they are unset (0, TILL_TIME_UNKNOWN, NULL), and hash. */
gboolean   till_transaction_append_log     (TillTransaction *self, TillLogRecord *record, GError **error);
/* since: TILL_TIME_UNKNOWN for all. limit: 0 for all, else the newest so many. Oldest first. */
GPtrArray *till_transaction_list_log       (TillTransaction *self, gint64 since, guint limit,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* %FALSE with %TILL_ERROR_DAMAGED: the first line that does not fit its hash, or is missing, is in first_wrong. */
gboolean   till_transaction_verify_log     (TillTransaction *self, gint64 *first_wrong, GError **error);

/**
 * TillStoreWork:
 *
 * Runs in the store's thread as one transaction: committed and synced where it
 * returns %TRUE, rolled back whole where it returns %FALSE with @error set.
 * Touches no object of the main loop.
 */
typedef gboolean (*TillStoreWork) (TillTransaction  *transaction,
                                   gpointer          data,
                                   GError          **error);

#define TILL_TYPE_STORE (till_store_get_type ())
G_DECLARE_INTERFACE (TillStore, till_store, TILL, STORE, GObject)

struct _TillStoreInterface
{
  GTypeInterface parent_interface;

  void     (* run_async)  (TillStore *self, TillStoreWork work, gpointer data, GDestroyNotify destroy,
                           GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  gboolean (* run_finish) (TillStore *self, GAsyncResult *result, GError **error);
  void     (* close_async)  (TillStore *self, GAsyncReadyCallback callback, gpointer user_data);
  gboolean (* close_finish) (TillStore *self, GAsyncResult *result, GError **error);
};

/* Work is done in the order it was asked for. destroy runs on the main loop, after the callback. */
void     till_store_run_async    (TillStore            *self,
                                  TillStoreWork         work,
                                  gpointer              data,
                                  GDestroyNotify        destroy,
                                  GCancellable         *cancellable,
                                  GAsyncReadyCallback   callback,
                                  gpointer              user_data);
gboolean till_store_run_finish   (TillStore            *self,
                                  GAsyncResult         *result,
                                  GError              **error);
void     till_store_close_async  (TillStore            *self,
                                  GAsyncReadyCallback   callback,
                                  gpointer              user_data);
gboolean till_store_close_finish (TillStore            *self,
                                  GAsyncResult         *result,
                                  GError              **error);

G_END_DECLS
