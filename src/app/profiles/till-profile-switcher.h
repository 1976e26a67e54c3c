/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Says which profile is at work and where, and changes to another one. */
#pragma once

#include <gtk/gtk.h>

#include "till-session.h"

G_BEGIN_DECLS

#define TILL_TYPE_PROFILE_SWITCHER (till_profile_switcher_get_type ())
G_DECLARE_FINAL_TYPE (TillProfileSwitcher, till_profile_switcher, TILL, PROFILE_SWITCHER, GtkWidget)

/* Uses the actions win.add-profile, win.edit-profile and win.practise. */
GtkWidget *till_profile_switcher_new        (TillSession         *session) G_GNUC_WARN_UNUSED_RESULT;
/* Where there is little room the environment's word stays, and the name goes. */
void       till_profile_switcher_set_narrow (TillProfileSwitcher *self,
                                             gboolean             narrow);
void       till_profile_switcher_popup      (TillProfileSwitcher *self);

G_END_DECLS
