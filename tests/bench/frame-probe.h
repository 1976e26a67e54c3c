/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scrolls a list by itself and measures what the frames cost the main loop. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void frame_probe_scroll (GtkWidget    *scroller,
                         GApplication *application,
                         const char   *members);

G_END_DECLS
