/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is dropped or pasted into the window, looked at before it is taken in. */
#include "config.h"

#include "till-intake.h"

#include <string.h>

#include "till-secret.h"

/* Bare Base64 shorter than this is somebody's word. */
#define MIN_BASE64 64

typedef struct
{
  GPtrArray *files;      /* (element-type GFile) */
  GPtrArray *folders;    /* (element-type GFile) */
} Apart;

static void
apart_free (gpointer data)
{
  Apart *apart = data;

  g_clear_pointer (&apart->files, g_ptr_array_unref);
  g_clear_pointer (&apart->folders, g_ptr_array_unref);
  g_free (apart);
}

static void
tell_apart_in_thread (GTask        *task,
                      gpointer      source_object,
                      gpointer      task_data,
                      GCancellable *cancellable)
{
  GPtrArray *all = task_data;
  Apart *apart = g_new0 (Apart, 1);
  guint i;

  apart->files = g_ptr_array_new_with_free_func (g_object_unref);
  apart->folders = g_ptr_array_new_with_free_func (g_object_unref);

  for (i = 0; i < all->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      GFile *file = g_ptr_array_index (all, i);
      GFileType type = g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, cancellable);

      g_ptr_array_add (type == G_FILE_TYPE_DIRECTORY ? apart->folders : apart->files, g_object_ref (file));
    }

  g_task_return_pointer (task, apart, apart_free);
}

/**
 * till_intake_tell_apart_async:
 * @files: (element-type GFile): what was dropped, pasted or named
 * @cancellable: (nullable): ends it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Finds the folders among files, off the main loop: their places may be far away.
 */
void
till_intake_tell_apart_async (GPtrArray           *files,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  GPtrArray *copy = g_ptr_array_new_with_free_func (g_object_unref);
  guint i;

  for (i = 0; i < files->len; i++)
    g_ptr_array_add (copy, g_object_ref (g_ptr_array_index (files, i)));

  g_task_set_source_tag (task, till_intake_tell_apart_async);
  g_task_set_task_data (task, copy, (GDestroyNotify) g_ptr_array_unref);
  g_task_run_in_thread (task, tell_apart_in_thread);
}

/**
 * till_intake_tell_apart_finish:
 * @result: as given to the callback
 * @files: (out) (transfer full) (element-type GFile): all that are not folders
 * @folders: (out) (transfer full) (element-type GFile): those that are
 * @error: %G_IO_ERROR_CANCELLED
 *
 * Returns: whether it came to an end
 */
gboolean
till_intake_tell_apart_finish (GAsyncResult  *result,
                               GPtrArray    **files,
                               GPtrArray    **folders,
                               GError       **error)
{
  Apart *apart;

  g_return_val_if_fail (g_async_result_is_tagged (result, till_intake_tell_apart_async), FALSE);

  apart = g_task_propagate_pointer (G_TASK (result), error);
  if (apart == NULL)
    return FALSE;

  *files = g_steal_pointer (&apart->files);
  *folders = g_steal_pointer (&apart->folders);
  apart_free (apart);

  return TRUE;
}

/**
 * till_intake_is_certificate_text:
 * @text: what was pasted or dropped
 *
 * Returns: whether it may hold a certificate: PEM, or nothing but Base64
 */
gboolean
till_intake_is_certificate_text (const char *text)
{
  gsize n = 0;

  if (strstr (text, "-----BEGIN ") != NULL)
    return TRUE;

  for (; *text != '\0'; text++)
    {
      if (g_ascii_isalnum (*text) || *text == '+' || *text == '/' || *text == '=')
        n++;
      else if (!g_ascii_isspace (*text))
        return FALSE;
    }

  return n >= MIN_BASE64;
}

typedef struct
{
  char  *text;
  gsize  size;
} Wiped;

static void
wiped_free (gpointer data)
{
  Wiped *wiped = data;

  till_wipe (wiped->text, wiped->size);
  g_free (wiped->text);
  g_free (wiped);
}

/**
 * till_intake_new_bytes:
 * @text: what was pasted or dropped
 *
 * Returns: (transfer full): a copy that is wiped when it is let go: there may be a private key in it
 */
GBytes *
till_intake_new_bytes (const char *text)
{
  Wiped *wiped = g_new (Wiped, 1);

  wiped->size = strlen (text);
  wiped->text = g_memdup2 (text, wiped->size);

  return g_bytes_new_with_free_func (wiped->text, wiped->size, wiped_free, wiped);
}
