/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks where to save, writes there off the main loop, and says how it went. */
#include "config.h"

#include "till-save.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "till-error-text.h"
#include "till-file.h"
#include "till-text.h"

/* What is saved here is public: others may read it. */
#define PUBLIC_MODE 0644

/* Leaves room in the 255 bytes of a file name for suffixes and for what a temporary name adds. */
#define MAX_NAME_CHARS 60

typedef struct
{
  /* input */
  GtkWidget    *widget;        /* (owned) that asks */
  GBytes       *bytes;         /* (owned) */
  GCancellable *cancellable;   /* (owned) (nullable) */

  /* in progress */
  GFile        *file;          /* (owned) (nullable) until chosen */
} Save;

static void
save_free (Save *save)
{
  g_object_unref (save->widget);
  g_bytes_unref (save->bytes);
  g_clear_object (&save->cancellable);
  g_clear_object (&save->file);
  g_free (save);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Save, save_free)

static void
write_in_thread (GTask        *task,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  GBytes *bytes = task_data;
  const char *path = g_object_get_data (G_OBJECT (task), "path");
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);
  GError *error = NULL;

  if (till_file_write (path, data, size, PUBLIC_MODE, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
replaced_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  GError *error = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * till_save_write_async:
 * @file: where to write; what is there is replaced
 * @bytes: what to write; nothing secret
 * @cancellable: (nullable): to give up
 * @callback: called when it is written or has failed
 * @user_data: for @callback
 *
 * Writes the whole file or nothing (RELIABILITY.md G11), readable for others.
 */
void
till_save_write_async (GFile               *file,
                       GBytes              *bytes,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *path = NULL;

  g_return_if_fail (G_IS_FILE (file));
  g_return_if_fail (bytes != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, till_save_write_async);
  g_task_set_task_data (task, g_bytes_ref (bytes), (GDestroyNotify) g_bytes_unref);

  path = g_file_get_path (file);
  if (path == NULL)
    {
      g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, cancellable,
                                           replaced_cb, g_steal_pointer (&task));
      return;
    }

  g_object_set_data_full (G_OBJECT (task), "path", g_steal_pointer (&path), g_free);
  g_task_run_in_thread (task, write_in_thread);
}

/**
 * till_save_write_finish:
 * @result: what the callback was given
 * @error: why it was not written
 *
 * Returns: %TRUE where it was written
 */
gboolean
till_save_write_finish (GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, till_save_write_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static GtkWindow *
get_window (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

static void
show_failure (Save         *save,
              const GError *error)
{
  GtkWidget *dialog;
  g_autofree char *body = till_error_text_dup_save_body (error);

  /* Translators: heading of a dialog; the reason stands below it. */
  dialog = adw_message_dialog_new (get_window (save->widget), _("Not Saved"), body);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Save) save = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *base = NULL;
  g_autofree char *valid = NULL;
  g_autofree char *name = NULL;
  g_autofree char *toast = NULL;

  if (!till_save_write_finish (result, &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        show_failure (save, error);
      return;
    }

  base = g_file_get_basename (save->file);
  valid = g_filename_display_name (base);
  name = till_text_dup_display (valid, 60);
  /* Translators: %s is the name of the file that was written. */
  toast = g_strdup_printf (_("Exported to %s"), name);
  gtk_widget_activate_action (save->widget, "win.toast", "s", toast);
}

static void
chosen_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(Save) save = user_data;

  save->file = till_file_chooser_save_finish (result, NULL);
  /* None was chosen: that is an answer, not a failure. */
  if (save->file == NULL)
    return;

  till_save_write_async (save->file, save->bytes, save->cancellable, written_cb, save);
  g_steal_pointer (&save);
}

/**
 * till_save_ask:
 * @widget: who asks; its window has the action "win.toast"
 * @title: of the dialog
 * @suggested_name: base name offered
 * @kind: of file
 * @bytes: what to write; nothing secret
 * @cancellable: (nullable): closes the dialog
 *
 * Asks where to save and writes there. Says what happened in a toast, or in a
 * dialog where it failed.
 */
void
till_save_ask (GtkWidget    *widget,
               const char   *title,
               const char   *suggested_name,
               TillFileKind  kind,
               GBytes       *bytes,
               GCancellable *cancellable)
{
  Save *save;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (bytes != NULL);

  save = g_new0 (Save, 1);
  save->widget = g_object_ref (widget);
  save->bytes = g_bytes_ref (bytes);
  if (cancellable != NULL)
    save->cancellable = g_object_ref (cancellable);

  till_file_chooser_save_async (get_window (widget), title, suggested_name, kind, cancellable, chosen_cb, save);
}

/**
 * till_save_dup_safe_name:
 * @text: (nullable): what the file is about, perhaps from a hostile certificate
 * @suffix: with its dot
 *
 * Makes a file name that is valid on every file system and hides nothing:
 * letters, digits and a few signs of any language, no leading dot.
 *
 * Returns: (transfer full): a base name in UTF-8; "certificate" and the suffix
 *   where nothing of @text can stay
 */
char *
till_save_dup_safe_name (const char *text,
                         const char *suffix)
{
  g_autoptr(GString) name = g_string_new (NULL);
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  glong n_chars = 0;
  const char *p;

  for (p = valid; *p != '\0' && n_chars < MAX_NAME_CHARS; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean kept = (g_unichar_isalnum (c) || c == '.' || c == '_' || c == '-') && c != 0xfffd;

      /* One dash for a run of other characters, none in front. */
      if (!kept && (name->len == 0 || name->str[name->len - 1] == '-'))
        continue;
      if (c == '.' && name->len == 0)
        continue;

      if (kept)
        g_string_append_unichar (name, c);
      else
        g_string_append_c (name, '-');
      n_chars++;
    }

  while (name->len > 0 && strchr ("-.", name->str[name->len - 1]) != NULL)
    g_string_truncate (name, name->len - 1);

  if (name->len == 0)
    g_string_append (name, "certificate");
  g_string_append (name, suffix);

  return g_string_free (g_steal_pointer (&name), FALSE);
}
