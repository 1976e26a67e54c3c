/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is dropped or pasted into the window, looked at before it is taken in. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void      till_intake_tell_apart_async    (GPtrArray            *files,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
gboolean  till_intake_tell_apart_finish   (GAsyncResult         *result,
                                           GPtrArray           **files,
                                           GPtrArray           **folders,
                                           GError              **error);

gboolean  till_intake_is_certificate_text (const char           *text);
GBytes   *till_intake_new_bytes           (const char           *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
