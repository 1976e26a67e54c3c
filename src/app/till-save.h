/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks where to save, writes there off the main loop, and says how it went. */
#pragma once

#include <gtk/gtk.h>

#include "till-file-chooser.h"

G_BEGIN_DECLS

void      till_save_write_async  (GFile                *file,
                                  GBytes               *bytes,
                                  GCancellable         *cancellable,
                                  GAsyncReadyCallback   callback,
                                  gpointer              user_data);
gboolean  till_save_write_finish (GAsyncResult         *result,
                                  GError              **error);

void      till_save_ask          (GtkWidget            *widget,
                                  const char           *title,
                                  const char           *suggested_name,
                                  TillFileKind          kind,
                                  GBytes               *bytes,
                                  GCancellable         *cancellable);

char     *till_save_dup_safe_name (const char          *text,
                                   const char          *suffix) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
