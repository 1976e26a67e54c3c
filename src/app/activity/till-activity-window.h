/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was done with keys, certificates and profiles: shown, verified, exported. */
#pragma once

#include <adwaita.h>

#include "till-session.h"

G_BEGIN_DECLS

#define TILL_TYPE_ACTIVITY_WINDOW (till_activity_window_get_type ())
G_DECLARE_FINAL_TYPE (TillActivityWindow, till_activity_window, TILL, ACTIVITY_WINDOW, AdwWindow)

/* Actions: activity.verify, activity.export. */
GtkWidget  *till_activity_window_show      (GtkWindow          *parent,
                                            TillSession        *session);
/* What is listed, newest first: (element-type TillActivityItem) */
GListModel *till_activity_window_get_model (TillActivityWindow *self);

G_END_DECLS
