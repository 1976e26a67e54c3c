/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window in which a profile is made, changed, tested and removed. */
#pragma once

#include <adwaita.h>

#include "till-session.h"

G_BEGIN_DECLS

#define TILL_TYPE_PROFILE_EDITOR (till_profile_editor_get_type ())
G_DECLARE_FINAL_TYPE (TillProfileEditor, till_profile_editor, TILL, PROFILE_EDITOR, AdwWindow)

/* Actions: editor.save, editor.test, editor.remove. profile: (nullable) %NULL for a new one. */
GtkWidget *till_profile_editor_show (GtkWindow         *parent,
                                     TillSession       *session,
                                     const TillProfile *profile);

G_END_DECLS
