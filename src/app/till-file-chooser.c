/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one place that asks for a file to open or to save. */
#include "config.h"

#include "till-file-chooser.h"

#include <glib/gi18n.h>

/* GtkFileChooserNative goes through the document portal where there is one. It
 * keeps no reference to itself while it is shown: the task's data does. */

static void
add_filter (GtkFileChooser     *chooser,
            const char         *name,
            const char * const *suffixes)
{
  g_autoptr(GtkFileFilter) filter = gtk_file_filter_new ();
  gsize i;

  gtk_file_filter_set_name (filter, name);
  if (suffixes == NULL)
    gtk_file_filter_add_pattern (filter, "*");
  for (i = 0; suffixes != NULL && suffixes[i] != NULL; i++)
    gtk_file_filter_add_suffix (filter, suffixes[i]);

  gtk_file_chooser_add_filter (chooser, filter);
}

static void
add_filters (GtkFileChooser *chooser,
             TillFileKind    kind)
{
  static const char * const certificates[] = {
    "p12", "pfx", "pem", "cer", "crt", "der", "key", "csr", "certSigningRequest", "p7b", "p7c", "crl", "p8", NULL
  };
  static const char * const pem[] = { "pem", NULL };
  static const char * const der[] = { "cer", "der", NULL };
  static const char * const calendar[] = { "ics", NULL };
  static const char * const csv[] = { "csv", NULL };
  static const char * const json[] = { "json", "txt", NULL };

  switch (kind)
    {
    case TILL_FILE_KIND_ANY_CERTIFICATE:
      add_filter (chooser, _("Certificates, Keys and Requests"), certificates);
      break;

    case TILL_FILE_KIND_PEM:
      add_filter (chooser, _("PEM Text"), pem);
      break;

    case TILL_FILE_KIND_DER:
      add_filter (chooser, _("DER Certificates"), der);
      break;

    case TILL_FILE_KIND_CALENDAR:
      add_filter (chooser, _("Calendar Files"), calendar);
      break;

    case TILL_FILE_KIND_CSV:
      add_filter (chooser, _("Tables"), csv);
      break;

    case TILL_FILE_KIND_JSON:
      add_filter (chooser, _("JSON Text"), json);
      break;

    default:
      g_assert_not_reached ();
    }

  add_filter (chooser, _("All Files"), NULL);
}

static gboolean
destroy_cb (gpointer user_data)
{
  gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (user_data));

  return G_SOURCE_REMOVE;
}

/* GTK 4.8 computes the size of a window from an idle source of its surface, and does so for a window that is
 * destroyed meanwhile as well. So the dialog goes a moment after it has been hidden. */
static void
release_native (gpointer data)
{
  g_idle_add_full (G_PRIORITY_LOW, destroy_cb, data, g_object_unref);
}

static void
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  /* On the main loop: the dialog must not be destroyed under the caller's feet. */
  GTask *task = G_TASK (user_data);

  g_signal_emit_by_name (g_task_get_task_data (task), "response", GTK_RESPONSE_CANCEL);
}

static void
response_cb (GtkNativeDialog *native,
             int              response,
             gpointer         user_data)
{
  GTask *task = G_TASK (user_data);
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (native);

  /* One answer is enough, whoever gives it. */
  g_signal_handlers_disconnect_by_data (native, task);
  if (g_task_get_cancellable (task) != NULL)
    g_signal_handlers_disconnect_by_data (g_task_get_cancellable (task), task);

  if (response != GTK_RESPONSE_ACCEPT)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "no file was chosen");
  else if (gtk_file_chooser_get_action (chooser) == GTK_FILE_CHOOSER_ACTION_SAVE)
    g_task_return_pointer (task, gtk_file_chooser_get_file (chooser), g_object_unref);
  else
    g_task_return_pointer (task, gtk_file_chooser_get_files (chooser), g_object_unref);

  gtk_native_dialog_hide (native);
  g_object_unref (task);
}

/* Shows the dialog. @tag: the public function that asks. */
static void
show_chooser (GtkFileChooserNative *native,
              TillFileKind          kind,
              gpointer              tag,
              GCancellable         *cancellable,
              GAsyncReadyCallback   callback,
              gpointer              user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, native, release_native);

  add_filters (GTK_FILE_CHOOSER (native), kind);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (native), TRUE);

  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return;
    }

  g_signal_connect (native, "response", G_CALLBACK (response_cb), task);
  if (cancellable != NULL)
    g_signal_connect (cancellable, "cancelled", G_CALLBACK (cancelled_cb), task);

  gtk_native_dialog_show (GTK_NATIVE_DIALOG (native));
}

/**
 * till_file_chooser_open_async:
 * @parent: (nullable): the window that asks
 * @title: of the dialog
 * @cancellable: (nullable): closes the dialog; to be cancelled on the main loop
 * @callback: called when files were chosen or none
 * @user_data: for @callback
 *
 * Asks for one or more files to open.
 */
void
till_file_chooser_open_async (GtkWindow           *parent,
                              const char          *title,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  GtkFileChooserNative *native;

  g_return_if_fail (parent == NULL || GTK_IS_WINDOW (parent));

  native = gtk_file_chooser_native_new (title, parent, GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), _("_Cancel"));
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (native), TRUE);

  show_chooser (native, TILL_FILE_KIND_ANY_CERTIFICATE, till_file_chooser_open_async, cancellable, callback, user_data);
}

/**
 * till_file_chooser_open_kind_async:
 * @parent: (nullable): the window that asks
 * @title: of the dialog
 * @kind: decides the filters
 * @cancellable: (nullable): closes the dialog; to be cancelled on the main loop
 * @callback: called when a file was chosen or none
 * @user_data: for @callback
 *
 * Asks for one file of a kind to open; till_file_chooser_open_finish() ends it.
 */
void
till_file_chooser_open_kind_async (GtkWindow           *parent,
                                   const char          *title,
                                   TillFileKind         kind,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  GtkFileChooserNative *native;

  g_return_if_fail (parent == NULL || GTK_IS_WINDOW (parent));

  native = gtk_file_chooser_native_new (title, parent, GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), _("_Cancel"));

  show_chooser (native, kind, till_file_chooser_open_async, cancellable, callback, user_data);
}

/**
 * till_file_chooser_open_finish:
 * @result: what the callback was given
 * @error: %G_IO_ERROR_CANCELLED where none was chosen
 *
 * Returns: (transfer full) (nullable): a model of #GFile
 */
GListModel *
till_file_chooser_open_finish (GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, till_file_chooser_open_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * till_file_chooser_save_async:
 * @parent: (nullable): the window that asks
 * @title: of the dialog
 * @suggested_name: base name offered, UTF-8, without a slash
 * @kind: decides the filters
 * @cancellable: (nullable): closes the dialog; to be cancelled on the main loop
 * @callback: called when a name was chosen or none
 * @user_data: for @callback
 *
 * Asks where to save one file; the dialog itself asks before a file is replaced.
 */
void
till_file_chooser_save_async (GtkWindow           *parent,
                              const char          *title,
                              const char          *suggested_name,
                              TillFileKind         kind,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  GtkFileChooserNative *native;

  g_return_if_fail (parent == NULL || GTK_IS_WINDOW (parent));

  native = gtk_file_chooser_native_new (title, parent, GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (native), suggested_name);

  show_chooser (native, kind, till_file_chooser_save_async, cancellable, callback, user_data);
}

/**
 * till_file_chooser_save_finish:
 * @result: what the callback was given
 * @error: %G_IO_ERROR_CANCELLED where none was chosen
 *
 * Returns: (transfer full) (nullable): the file to write
 */
GFile *
till_file_chooser_save_finish (GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, till_file_chooser_save_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
