/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pane that needs a profile, or what to do where there is none. */
#pragma once

#include <gtk/gtk.h>

#include "till-session.h"

G_BEGIN_DECLS

#define TILL_TYPE_SESSION_VIEW (till_session_view_get_type ())
G_DECLARE_FINAL_TYPE (TillSessionView, till_session_view, TILL, SESSION_VIEW, GtkWidget)

/* child: the pane. Uses the actions win.add-profile, win.edit-profile, win.practise, win.switch-profile,
 * win.try-again, win.show-data-folder. */
GtkWidget *till_session_view_new       (TillSession     *session,
                                        GtkWidget       *child,
                                        const char      *icon_name) G_GNUC_WARN_UNUSED_RESULT;
GtkWidget *till_session_view_get_child (TillSessionView *self);
/* The buttons of the first run, for another page that wants them: Connect a Provider, Practise First. */
GtkWidget *till_session_view_new_first_steps (gboolean   connect_is_suggested) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
