/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Widgets side by side where there is room, else one below the other. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TILL_TYPE_FLIP_BOX (till_flip_box_get_type ())
G_DECLARE_FINAL_TYPE (TillFlipBox, till_flip_box, TILL, FLIP_BOX, GtkWidget)

/* Properties: "spacing" (pixels), "break-width" (side by side in equal shares from that width on; 0: in their
 * natural widths, from the width on that all of them need). Children are given by gtk_widget_set_parent(). */
GtkWidget *till_flip_box_new (int spacing,
                              int break_width) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
