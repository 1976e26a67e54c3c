/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The asynchronous way in, for the window: reading and key derivation on a worker thread. */
#include "config.h"

#include "till-inspector.h"

#include <string.h>

#include "till-file.h"
#include "till-limits.h"

/* One inspection. The worker thread touches only what is here. */
typedef struct
{
  /* input */
  GFile         *file;          /* (nullable) either this */
  GBytes        *bytes;         /* (nullable) or that */
  TillSecret    *password;      /* (nullable) */

  /* in progress */
  TillCancel     cancel;
  GCancellable  *cancellable;   /* (nullable) */
  gulong         cancelled_id;
} Inspection;

static void
inspection_free (Inspection *self)
{
  g_clear_object (&self->file);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->password, till_secret_unref);
  g_clear_object (&self->cancellable);
  g_free (self);
}

static void
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  Inspection *self = user_data;

  g_atomic_int_set (&self->cancel.cancelled, 1);
}

/* A file without a local path (a share that a file manager has mounted): read through GIO, held to the same bounds. */
static TillSecret *
read_stream (GFile         *file,
             GCancellable  *cancellable,
             GError       **error)
{
  g_autoptr(GFileInputStream) stream = g_file_read (file, cancellable, error);
  g_autoptr(TillSecret) all = NULL;
  gsize limit = TILL_LIMIT_FILE_BYTES;
  gsize used = 0;

  if (stream == NULL)
    return NULL;

  all = till_secret_new (64 * 1024);
  for (;;)
    {
      gssize got = g_input_stream_read (G_INPUT_STREAM (stream), till_secret_get_buffer (all) + used,
                                        till_secret_get_size (all) - used, cancellable, error);

      if (got < 0)
        return NULL;

      if (got == 0)
        {
          till_secret_shrink (all, used);
          return g_steal_pointer (&all);
        }

      used += (gsize) got;
      if (memmem (till_secret_get_data (all), MIN (used, 64 * 1024), "-----BEGIN ", 11) != NULL)
        limit = TILL_LIMIT_PEM_BUNDLE_BYTES;
      if (used > limit)
        {
          g_autofree char *base = g_file_get_basename (file);
          g_autofree char *name = till_file_display_name (base);
          const gint64 numbers[2] = { (gint64) used, (gint64) limit };

          till_set_error (error, TILL_ERROR_UNREADABLE, TILL_REASON_TOO_LARGE, NULL, numbers,
                          "\"%s\" is too large; certificate files are under 1 MiB", name);
          return NULL;
        }

      if (used == till_secret_get_size (all))
        {
          TillSecret *larger = till_secret_new (MIN (used * 2, limit + 1));

          memcpy (till_secret_get_buffer (larger), till_secret_get_data (all), used);
          till_secret_unref (all);
          all = larger;
        }
    }
}

/* Errors of GIO become ours, so that one place makes sentences of them. */
static void
translate_error (GError **error)
{
  g_autoptr(GError) original = NULL;
  TillErrorReason reason = TILL_REASON_IO;

  if ((*error)->domain != G_IO_ERROR || g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  original = g_steal_pointer (error);
  if (original->code == G_IO_ERROR_NOT_FOUND)
    reason = TILL_REASON_MISSING;
  else if (original->code == G_IO_ERROR_PERMISSION_DENIED)
    reason = TILL_REASON_NO_PERMISSION;
  else if (original->code == G_IO_ERROR_IS_DIRECTORY || original->code == G_IO_ERROR_NOT_REGULAR_FILE)
    reason = TILL_REASON_NOT_REGULAR;

  till_set_error (error, TILL_ERROR_UNREADABLE, reason, original->message, NULL, "%s", original->message);
}

static void
inspect_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  Inspection *self = task_data;
  const TillInspectOptions options = { .password = self->password, .cancel = &self->cancel };
  g_autoptr(TillSecret) content = NULL;
  g_autoptr(GError) error = NULL;
  TillDocument *document;
  const guint8 *data;
  gsize size;

  if (self->bytes != NULL)
    data = g_bytes_get_data (self->bytes, &size);
  else
    {
      const char *path = g_file_peek_path (self->file);

      content = path != NULL ? till_file_read (path, TILL_LIMIT_FILE_BYTES, TILL_LIMIT_PEM_BUNDLE_BYTES, &error)
                             : read_stream (self->file, cancellable, &error);
      if (content == NULL)
        {
          translate_error (&error);
          g_task_return_error (task, g_steal_pointer (&error));
          return;
        }
      data = till_secret_get_data (content);
      size = till_secret_get_size (content);
    }

  /* A bundle of very many certificates may take longer; what derives keys is small. */
  if (size <= TILL_LIMIT_FILE_BYTES)
    self->cancel.deadline = g_get_monotonic_time () + TILL_LIMIT_INSPECT_SECONDS * G_USEC_PER_SEC;

  /* RELIABILITY.md G9. A large bundle of certificates honestly takes its time, so
   * each further MiB brings as much. */
  self->cancel.deadline = g_get_monotonic_time () +
                          (gint64) (1 + size / TILL_LIMIT_FILE_BYTES) * TILL_LIMIT_INSPECT_SECONDS * G_USEC_PER_SEC;
  document = till_document_parse (data, size, &options, &error);
  if (document != NULL)
    g_task_return_pointer (task, document, (GDestroyNotify) till_document_unref);
  else if (g_error_matches (error, TILL_ERROR, TILL_ERROR_CANCELLED))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
inspect_done_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Inspection *self = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;
  TillDocument *document;

  g_cancellable_disconnect (self->cancellable, self->cancelled_id);
  self->cancelled_id = 0;

  document = g_task_propagate_pointer (G_TASK (result), &error);
  if (document != NULL)
    g_task_return_pointer (task, document, (GDestroyNotify) till_document_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
inspect_async (Inspection          *self,
               gpointer             tag,
               GCancellable        *cancellable,
               GAsyncReadyCallback  callback,
               gpointer             user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr(GTask) worker = NULL;

  g_task_set_source_tag (task, tag);

  /* GLib 2.74 loses an error where a thread is asked for when all is cancelled already. */
  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      inspection_free (self);
      return;
    }

  if (cancellable != NULL)
    {
      self->cancellable = g_object_ref (cancellable);
      self->cancelled_id = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), self, NULL);
    }

  /* The inner task comes back at once when cancelled, while its thread, which a
   * single key derivation may hold for a moment longer, keeps the data alive. */
  worker = g_task_new (NULL, cancellable, inspect_done_cb, task);
  g_task_set_source_tag (worker, inspect_async);
  g_task_set_task_data (worker, self, (GDestroyNotify) inspection_free);
  g_task_set_return_on_cancel (worker, TRUE);
  g_task_run_in_thread (worker, inspect_thread);
}

static TillDocument *
inspect_finish (GAsyncResult  *result,
                gpointer       tag,
                GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, tag), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * till_inspect_file_async:
 * @file: what to read: a local file, or any that GIO can read
 * @password: (nullable): the password to try; counted, not copied
 * @cancellable: (nullable): ends it; the callback then gets %G_IO_ERROR_CANCELLED at once
 * @callback: called on the thread-default main context of the caller
 * @user_data: for @callback
 *
 * Reads a file within the bounds of RELIABILITY.md G9 and opens it, both on a
 * worker thread.
 */
void
till_inspect_file_async (GFile               *file,
                         TillSecret          *password,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  Inspection *self;

  g_return_if_fail (G_IS_FILE (file));

  self = g_new0 (Inspection, 1);
  self->file = g_object_ref (file);
  self->password = password != NULL ? till_secret_ref (password) : NULL;
  inspect_async (self, till_inspect_file_async, cancellable, callback, user_data);
}

/**
 * till_inspect_file_finish:
 * @result: what the callback got
 * @error: return location; %TILL_ERROR, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): the document
 */
TillDocument *
till_inspect_file_finish (GAsyncResult  *result,
                          GError       **error)
{
  return inspect_finish (result, till_inspect_file_async, error);
}

/**
 * till_inspect_bytes_async:
 * @bytes: what to open
 * @password: (nullable): the password to try; counted, not copied
 * @cancellable: (nullable): ends it; the callback then gets %G_IO_ERROR_CANCELLED at once
 * @callback: called on the thread-default main context of the caller
 * @user_data: for @callback
 *
 * Like till_inspect_file_async(), for bytes that are here already.
 */
void
till_inspect_bytes_async (GBytes              *bytes,
                          TillSecret          *password,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  Inspection *self;

  g_return_if_fail (bytes != NULL);

  self = g_new0 (Inspection, 1);
  self->bytes = g_bytes_ref (bytes);
  self->password = password != NULL ? till_secret_ref (password) : NULL;
  inspect_async (self, till_inspect_bytes_async, cancellable, callback, user_data);
}

/**
 * till_inspect_bytes_finish:
 * @result: what the callback got
 * @error: return location; %TILL_ERROR, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): the document
 */
TillDocument *
till_inspect_bytes_finish (GAsyncResult  *result,
                           GError       **error)
{
  return inspect_finish (result, till_inspect_bytes_async, error);
}
