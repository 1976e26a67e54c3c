/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells of a file that changed, once its writer has been quiet for a moment. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _TillQuietMonitor TillQuietMonitor;

/* Returns: whether that was the time for it; otherwise it is called again a moment later */
typedef gboolean (*TillQuietFunc) (gpointer user_data);

/* (nullable): not every place can be watched. */
TillQuietMonitor *till_quiet_monitor_new  (GFile            *file,
                                           TillQuietFunc     func,
                                           gpointer          user_data) G_GNUC_WARN_UNUSED_RESULT;
void              till_quiet_monitor_free (TillQuietMonitor *self);

G_END_DECLS
