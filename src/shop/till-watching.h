/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The certificate files of this computer that are watched: they belong to no profile. */
#pragma once

#include <gio/gio.h>

#include "till-store.h"

G_BEGIN_DECLS

/* (element-type TillFileRecord), in the order in which they were added. */
void       till_watching_load_async    (TillStore            *store,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
GPtrArray *till_watching_load_finish   (GAsyncResult         *result,
                                        GError              **error) G_GNUC_WARN_UNUSED_RESULT;

/* forget: (element-type utf8): URIs. put: (element-type TillFileRecord). Both are kept until it is done. */
void       till_watching_change_async  (TillStore            *store,
                                        GPtrArray            *forget,
                                        GPtrArray            *put,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
gboolean   till_watching_change_finish (GAsyncResult         *result,
                                        GError              **error);

/* The same inside a transaction. */
gboolean   till_watching_change        (TillTransaction      *transaction,
                                        GPtrArray            *forget,
                                        GPtrArray            *put,
                                        GError              **error);

const TillFileRecord *
           till_watching_find          (GPtrArray            *records,
                                        const char           *uri);

G_END_DECLS
