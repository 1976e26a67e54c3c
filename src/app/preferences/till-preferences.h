/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one place that shows the preferences (AdwPreferencesWindow; AdwPreferencesDialog needs libadwaita 1.5). */
#pragma once

#include <gtk/gtk.h>

#include "till-session.h"

G_BEGIN_DECLS

void till_preferences_show (GtkWindow   *parent,
                            GSettings   *settings,
                            TillSession *session);

G_END_DECLS
