/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A container that says how wide it would like to be, and whether it is narrow now. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TILL_TYPE_ADAPTIVE_BIN (till_adaptive_bin_get_type ())
G_DECLARE_FINAL_TYPE (TillAdaptiveBin, till_adaptive_bin, TILL, ADAPTIVE_BIN, GtkWidget)

/* Properties: "child" (GtkWidget), "natural-width" and "narrow-below" (both in pixels at the usual text size; they
 * grow with the text), "narrow" (read only, notifies). */
GtkWidget *till_adaptive_bin_get_child  (TillAdaptiveBin *self);
void       till_adaptive_bin_set_child  (TillAdaptiveBin *self,
                                         GtkWidget       *child);
gboolean   till_adaptive_bin_get_narrow (TillAdaptiveBin *self);

G_END_DECLS
