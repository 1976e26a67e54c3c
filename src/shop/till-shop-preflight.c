/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a file and asks the wallet what is there, so that both can be held against each other. */
#include "config.h"

#include "till-error.h"
#include "till-file.h"
#include "till-inspector.h"
#include "till-limits.h"
#include "till-shop-private.h"

typedef struct
{
  /* input */
  char         *path;
  char         *replace_id;      /* (nullable) */
  TillSecret   *password;        /* (nullable) */

  /* in progress */
  TillSecret   *file;
  TillDocument *document;
} TillPreflightJob;

static void
till_preflight_job_free (gpointer data)
{
  TillPreflightJob *job = data;

  g_clear_pointer (&job->password, till_secret_unref);
  g_clear_pointer (&job->file, till_secret_unref);
  g_clear_pointer (&job->document, till_document_unref);
  g_free (job->path);
  g_free (job->replace_id);
  g_free (job);
}

static void
free_preflight (gpointer data)
{
  till_preflight_free (data);
}

static void
finish_preflight (GTask                 *task,
                  TillWalletCertificate *there)
{
  TillShop *self = g_task_get_source_object (task);
  TillPreflightJob *job = g_task_get_task_data (task);

  g_task_return_pointer (task,
                         till_preflight_new (job->file, job->document, job->password, there, job->replace_id != NULL,
                                             till_shop_now (self)),
                         free_preflight);
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillPreflightJob *job = g_task_get_task_data (task);
  g_autoptr(TillWalletList) list = NULL;
  GError *error = NULL;

  list = till_wallet_list_finish (TILL_WALLET (source), result, &error);
  if (list == NULL)
    g_task_return_error (task, error);
  else
    finish_preflight (task, till_preflight_find_renewed (list->certificates, job->document));
}

static void
shown_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(TillWalletCertificate) certificate = NULL;
  GError *error = NULL;

  certificate = till_wallet_show_finish (TILL_WALLET (source), result, &error);
  if (certificate == NULL)
    g_task_return_error (task, error);
  else
    finish_preflight (task, certificate);
}

static void
inspected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillShop *self = g_task_get_source_object (task);
  TillPreflightJob *job = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;

  job->document = till_inspect_bytes_finish (result, &error);
  if (job->document == NULL)
    g_task_return_error (task, error);
  else if (job->replace_id != NULL)
    till_wallet_show_async (self->wallet, job->replace_id, cancellable, shown_cb, g_steal_pointer (&task));
  else
    till_wallet_list_async (self->wallet, NULL, NULL, NULL, cancellable, listed_cb, g_steal_pointer (&task));
}

static void
read_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  TillSecret *file;
  GError *error = NULL;

  file = till_file_read (task_data, TILL_LIMIT_FILE_BYTES, TILL_LIMIT_FILE_BYTES, &error);
  if (file == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, file, (GDestroyNotify) till_secret_unref);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillPreflightJob *job = g_task_get_task_data (task);
  g_autoptr(GBytes) bytes = NULL;
  GCancellable *cancellable;
  GError *error = NULL;

  job->file = g_task_propagate_pointer (G_TASK (result), &error);
  if (job->file == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  /* The same memory, locked and wiped: not a copy. */
  bytes = g_bytes_new_with_free_func (till_secret_get_data (job->file), till_secret_get_size (job->file),
                                      (GDestroyNotify) till_secret_unref, till_secret_ref (job->file));
  cancellable = g_task_get_cancellable (task);
  till_inspect_bytes_async (bytes, job->password, cancellable, inspected_cb, g_steal_pointer (&task));
}

/**
 * till_shop_preflight_async:
 * @self: a shop
 * @file: a .p12 on this computer
 * @password: (nullable): of @file
 * @replace_id: (nullable): the certificate that it is to replace; %NULL to add it
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Opens the file, asks the wallet what is there, and holds one against the other.
 */
void
till_shop_preflight_async (TillShop            *self,
                           GFile               *file,
                           TillSecret          *password,
                           const char          *replace_id,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GTask) reading = NULL;
  TillPreflightJob *job;
  GError *error = NULL;

  g_return_if_fail (TILL_IS_SHOP (self) && G_IS_FILE (file));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, till_shop_preflight_async);
  job = g_new0 (TillPreflightJob, 1);
  job->path = g_file_get_path (file);
  job->replace_id = g_strdup (replace_id);
  job->password = password != NULL ? till_secret_ref (password) : NULL;
  g_task_set_task_data (task, job, till_preflight_job_free);

  if (!till_shop_check_service (self, TILL_SHOP_WALLET, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  if (job->path == NULL)
    {
      g_task_return_new_error (task, TILL_ERROR, TILL_ERROR_UNREADABLE, "the file is not on this computer");
      return;
    }

  reading = g_task_new (NULL, cancellable, read_cb, g_object_ref (task));
  g_task_set_task_data (reading, g_strdup (job->path), g_free);
  g_task_run_in_thread (reading, read_thread);
}

/**
 * till_shop_preflight_finish:
 * @self: a shop
 * @result: as given to the callback
 * @error: the file can't be opened, or the wallet can't be asked
 *
 * Returns: (transfer full): what was found; it may tell to stop
 */
TillPreflight *
till_shop_preflight_finish (TillShop      *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
