/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The certificate files of this computer that are watched: they belong to no profile. */
#include "config.h"

#include "till-watching.h"

#include "till-shop-log.h"

typedef struct
{
  /* input, of a change */
  GPtrArray *forget;
  GPtrArray *put;

  /* output, of a look */
  GPtrArray *records;
} TillWatchingWork;

static void
till_watching_work_free (gpointer data)
{
  TillWatchingWork *work = data;

  g_clear_pointer (&work->forget, g_ptr_array_unref);
  g_clear_pointer (&work->put, g_ptr_array_unref);
  g_clear_pointer (&work->records, g_ptr_array_unref);
  g_free (work);
}

static gboolean
load_work (TillTransaction  *transaction,
           gpointer          data,
           GError          **error)
{
  TillWatchingWork *work = data;

  work->records = till_transaction_list_files (transaction, error);

  return work->records != NULL;
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillWatchingWork *work = g_task_get_task_data (task);
  GError *error = NULL;

  if (till_store_run_finish (TILL_STORE (source), result, &error))
    g_task_return_pointer (task, g_steal_pointer (&work->records), (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/**
 * till_watching_load_async:
 * @store: where they are kept
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Looks up which files are watched. The files themselves are not read.
 */
void
till_watching_load_async (TillStore           *store,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  TillWatchingWork *work;

  g_return_if_fail (TILL_IS_STORE (store));

  task = g_task_new (store, cancellable, callback, user_data);
  work = g_new0 (TillWatchingWork, 1);
  g_task_set_source_tag (task, till_watching_load_async);
  g_task_set_task_data (task, work, till_watching_work_free);
  till_store_run_async (store, load_work, work, NULL, cancellable, loaded_cb, g_steal_pointer (&task));
}

/**
 * till_watching_load_finish:
 * @result: as given to the callback
 * @error: of the store
 *
 * Returns: (transfer container) (element-type TillFileRecord) (nullable): in the order in which they were added
 */
GPtrArray *
till_watching_load_finish (GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
log_it (TillTransaction  *transaction,
        const char       *event,
        const char       *uri,
        GError          **error)
{
  const TillShopLine line = { .event = event, .object = uri };

  return till_shop_log (transaction, &line, error);
}

static gboolean
change_work (TillTransaction  *transaction,
             gpointer          data,
             GError          **error)
{
  const TillWatchingWork *work = data;

  return till_watching_change (transaction, work->forget, work->put, error);
}

/**
 * till_watching_change_async:
 * @store: where they are kept
 * @forget: (element-type utf8): URIs of files that are no longer watched; those that are not are passed over
 * @put: (element-type TillFileRecord): files that are watched, and what is known of them
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Changes what is watched, all of it or nothing. See till_watching_change().
 * The arrays are read on another thread: whoever gave them changes them no more.
 */
void
till_watching_change_async (TillStore           *store,
                            GPtrArray           *forget,
                            GPtrArray           *put,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  TillWatchingWork *work;

  g_return_if_fail (TILL_IS_STORE (store));
  g_return_if_fail (forget != NULL && put != NULL);

  task = g_task_new (store, NULL, callback, user_data);
  work = g_new0 (TillWatchingWork, 1);
  work->forget = g_ptr_array_ref (forget);
  work->put = g_ptr_array_ref (put);
  g_task_set_source_tag (task, till_watching_change_async);
  g_task_set_task_data (task, work, till_watching_work_free);
  till_store_run_async (store, change_work, work, NULL, NULL, till_shop_work_done_cb, g_steal_pointer (&task));
}

/**
 * till_watching_change_finish:
 * @result: as given to the callback
 * @error: of the store
 *
 * Returns: whether it is written
 */
gboolean
till_watching_change_finish (GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (G_IS_TASK (result), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * till_watching_find:
 * @records: (element-type TillFileRecord): files
 * @uri: of one
 *
 * Returns: (transfer none) (nullable): its record
 */
const TillFileRecord *
till_watching_find (GPtrArray  *records,
                    const char *uri)
{
  g_return_val_if_fail (records != NULL && uri != NULL, NULL);

  for (guint i = 0; i < records->len; i++)
    {
      const TillFileRecord *record = records->pdata[i];

      if (g_str_equal (record->uri, uri))
        return record;
    }

  return NULL;
}

static gboolean
put_one (TillTransaction       *transaction,
         const TillFileRecord  *record,
         GHashTable            *before,
         GError               **error)
{
  const TillFileRecord *known = g_hash_table_lookup (before, record->uri);
  g_autoptr(TillFileRecord) kept = till_file_record_copy (record);

  if (known != NULL)
    kept->added_at = known->added_at;

  return till_transaction_put_file (transaction, kept, error) &&
         (known != NULL || log_it (transaction, "files.watch", record->uri, error));
}

/**
 * till_watching_change:
 * @transaction: of the store
 * @forget: (element-type utf8): URIs of files that are no longer watched; those that are not are passed over
 * @put: (element-type TillFileRecord): files that are watched, and what is known of them
 * @error: of the store
 *
 * First takes out what is in @forget, then puts what is in @put: what is in
 * both comes to the end of the order. A file that was watched before keeps its
 * time; what came and what went is written into the activity log.
 *
 * Returns: whether all was done; otherwise the transaction must not be committed
 */
gboolean
till_watching_change (TillTransaction  *transaction,
                      GPtrArray        *forget,
                      GPtrArray        *put,
                      GError          **error)
{
  g_autoptr(GHashTable) before = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) files = NULL;
  guint i;

  g_return_val_if_fail (TILL_IS_TRANSACTION (transaction), FALSE);

  files = till_transaction_list_files (transaction, error);
  if (files == NULL)
    return FALSE;

  for (i = 0; i < files->len; i++)
    {
      TillFileRecord *record = files->pdata[i];

      g_hash_table_insert (before, record->uri, record);
    }

  for (i = 0; i < forget->len; i++)
    {
      const char *uri = forget->pdata[i];

      if (!g_hash_table_contains (before, uri))
        continue;
      if (!till_transaction_remove_file (transaction, uri, error))
        return FALSE;
      if (till_watching_find (put, uri) == NULL && !log_it (transaction, "files.forget", uri, error))
        return FALSE;
    }

  for (i = 0; i < put->len; i++)
    {
      if (!put_one (transaction, put->pdata[i], before, error))
        return FALSE;
    }

  return TRUE;
}
