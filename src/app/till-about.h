/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one place that shows the About window (AdwAboutWindow; AdwAboutDialog needs libadwaita 1.5). */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void till_about_show (GtkWindow *parent);

G_END_DECLS
