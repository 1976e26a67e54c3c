/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Says above all panes what keeps a profile from working as it should: locked secrets, a wrong clock. */
#pragma once

#include <gtk/gtk.h>

#include "till-session.h"

G_BEGIN_DECLS

#define TILL_TYPE_SESSION_BANNER (till_session_banner_get_type ())
G_DECLARE_FINAL_TYPE (TillSessionBanner, till_session_banner, TILL, SESSION_BANNER, GtkWidget)

GtkWidget *till_session_banner_new          (TillSession       *session) G_GNUC_WARN_UNUSED_RESULT;
/* Whether it also says that a profile or the store could not be opened, because the pane that is shown does not. */
void       till_session_banner_set_failures (TillSessionBanner *self,
                                             gboolean           failures);
/* Looks again at what tells nobody when it changes: the clock of a service. */
void       till_session_banner_update       (TillSessionBanner *self);

G_END_DECLS
