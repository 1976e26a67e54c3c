/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The group of the preferences about what is kept: the activity record, and erasing everything. */
#pragma once

#include <gtk/gtk.h>

#include "till-session.h"

G_BEGIN_DECLS

/* window: that the group is shown in. parent: (nullable): the window with the action "win.activity-log"; it is closed
 * once everything is erased. */
GtkWidget *till_preferences_data_new (GtkWindow   *window,
                                      GtkWindow   *parent,
                                      GSettings   *settings,
                                      TillSession *session) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
