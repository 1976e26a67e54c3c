/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The certificate files of this computer that are watched. */
#include "config.h"

#include "till-error.h"
#include "till-file.h"
#include "till-item-private.h"
#include "till-limits.h"
#include "till-shop-private.h"
#include "till-watching.h"

typedef struct
{
  /* input */
  char      *uri;
  char      *path;
  gboolean   watch;
  gint64     now;

  /* output */
  TillItem  *item;
} TillWatching;

static void
till_watching_free (gpointer data)
{
  TillWatching *watching = data;

  g_clear_pointer (&watching->item, till_item_unref);
  g_free (watching->uri);
  g_free (watching->path);
  g_free (watching);
}

static TillFileRecord *
new_record (const TillWatching *watching)
{
  TillFileRecord *record = till_file_record_new ();

  record->uri = g_strdup (watching->uri);
  record->added_at = watching->now;
  record->not_after = TILL_TIME_UNKNOWN;
  if (watching->item != NULL && watching->item->certificate != NULL)
    {
      record->sha256 = g_strdup (watching->item->certificate->sha256);
      record->not_after = watching->item->ending.until;
    }

  return record;
}

static gboolean
watch_work (TillTransaction  *transaction,
            gpointer          data,
            GError          **error)
{
  TillWatching *watching = data;
  g_autoptr(GPtrArray) forget = g_ptr_array_new ();
  g_autoptr(GPtrArray) put = g_ptr_array_new_with_free_func ((GDestroyNotify) till_file_record_free);
  g_autoptr(GPtrArray) files = NULL;

  if (watching->watch)
    {
      g_ptr_array_add (put, new_record (watching));
      return till_watching_change (transaction, forget, put, error);
    }

  files = till_transaction_list_files (transaction, error);
  if (files == NULL)
    return FALSE;

  if (till_watching_find (files, watching->uri) == NULL)
    {
      till_set_error (error, TILL_ERROR_NOT_FOUND, TILL_REASON_NONE, watching->uri, NULL, "this file is not watched");
      return FALSE;
    }

  g_ptr_array_add (forget, watching->uri);

  return till_watching_change (transaction, forget, put, error);
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillWatching *watching = g_task_get_task_data (task);
  GError *error = NULL;

  if (till_store_run_finish (TILL_STORE (source), result, &error))
    g_task_return_pointer (task, g_steal_pointer (&watching->item), (GDestroyNotify) till_item_unref);
  else
    g_task_return_error (task, error);
}

static void
read_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  const TillWatching *watching = task_data;
  g_autoptr(TillFileRecord) record = new_record (watching);
  g_autoptr(TillSecret) bytes = NULL;
  g_autoptr(TillDocument) document = NULL;
  GError *error = NULL;

  bytes = till_file_read (watching->path, TILL_LIMIT_FILE_BYTES, TILL_LIMIT_PEM_BUNDLE_BYTES, &error);
  if (bytes != NULL)
    document = till_document_parse (till_secret_get_data (bytes), till_secret_get_size (bytes), NULL, &error);
  if (document != NULL && document->certificates->len == 0)
    till_set_error (&error, TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_NONE, NULL, NULL,
                    "the file holds no certificate, so there is no date to watch");

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, till_item_new_file (record, document, NULL, watching->now),
                           (GDestroyNotify) till_item_unref);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillShop *self = g_task_get_source_object (task);
  TillWatching *watching = g_task_get_task_data (task);
  GError *error = NULL;

  watching->item = g_task_propagate_pointer (G_TASK (result), &error);
  if (watching->item == NULL)
    g_task_return_error (task, error);
  else
    till_store_run_async (self->store, watch_work, watching, NULL, NULL, written_cb, g_steal_pointer (&task));
}

/**
 * till_shop_watch_async:
 * @self: a shop
 * @file: a certificate file
 * @watch: whether to watch it; otherwise it is forgotten
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Adds a file to what is watched, or takes it out. Only a file that opens
 * without a password and holds a certificate can be watched: a password is
 * never kept.
 */
void
till_shop_watch_async (TillShop            *self,
                       GFile               *file,
                       gboolean             watch,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GTask) reading = NULL;
  TillWatching *watching;

  g_return_if_fail (TILL_IS_SHOP (self) && G_IS_FILE (file));

  task = g_task_new (self, cancellable, callback, user_data);
  watching = g_new0 (TillWatching, 1);
  watching->uri = g_file_get_uri (file);
  watching->path = g_file_get_path (file);
  watching->watch = watch;
  watching->now = till_shop_now (self);
  g_task_set_source_tag (task, till_shop_watch_async);
  g_task_set_task_data (task, watching, till_watching_free);
  g_task_set_check_cancellable (task, FALSE);

  if (!watch)
    {
      till_store_run_async (self->store, watch_work, watching, NULL, NULL, written_cb, g_steal_pointer (&task));
      return;
    }

  if (watching->path == NULL)
    {
      g_task_return_new_error (task, TILL_ERROR, TILL_ERROR_UNREADABLE, "the file is not on this computer");
      return;
    }

  reading = g_task_new (NULL, cancellable, read_cb, g_object_ref (task));
  g_task_set_task_data (reading, watching, NULL);
  g_task_run_in_thread (reading, read_thread);
}

/**
 * till_shop_watch_finish:
 * @self: a shop
 * @result: as given to the callback
 * @error: the file can't be opened, or is not watched
 *
 * Returns: (transfer full) (nullable): the file as it is now; %NULL without an error where it was forgotten
 */
TillItem *
till_shop_watch_finish (TillShop      *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
