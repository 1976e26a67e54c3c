/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one place that asks for a file to open or to save (GtkFileChooserNative; GtkFileDialog needs GTK 4.10). */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * TillFileKind:
 *
 * What is asked for; it decides the filters of the dialog.
 */
typedef enum
{
  TILL_FILE_KIND_ANY_CERTIFICATE,   /* certificates, keys, requests */
  TILL_FILE_KIND_PEM,
  TILL_FILE_KIND_DER,
  TILL_FILE_KIND_CALENDAR,
  TILL_FILE_KIND_CSV,
  TILL_FILE_KIND_JSON,
} TillFileKind;

void        till_file_chooser_open_async  (GtkWindow            *parent,
                                           const char           *title,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
/* One file of that kind; ends in the same finish. */
void        till_file_chooser_open_kind_async (GtkWindow        *parent,
                                           const char           *title,
                                           TillFileKind          kind,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
GListModel *till_file_chooser_open_finish (GAsyncResult         *result,
                                           GError              **error) G_GNUC_WARN_UNUSED_RESULT;

void        till_file_chooser_save_async  (GtkWindow            *parent,
                                           const char           *title,
                                           const char           *suggested_name,
                                           TillFileKind          kind,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
GFile      *till_file_chooser_save_finish (GAsyncResult         *result,
                                           GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
