/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The asynchronous way in, for the window: reading and key derivation on a worker thread. */
#pragma once

#include <gio/gio.h>

#include "till-document.h"

G_BEGIN_DECLS

void          till_inspect_file_async   (GFile                *file,
                                         TillSecret           *password,
                                         GCancellable         *cancellable,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
TillDocument *till_inspect_file_finish  (GAsyncResult         *result,
                                         GError              **error) G_GNUC_WARN_UNUSED_RESULT;

void          till_inspect_bytes_async  (GBytes               *bytes,
                                         TillSecret           *password,
                                         GCancellable         *cancellable,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
TillDocument *till_inspect_bytes_finish (GAsyncResult         *result,
                                         GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
