/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much of a validity has passed, as a bar; the same in words for ears. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TILL_TYPE_VALIDITY_BAR (till_validity_bar_get_type ())
G_DECLARE_FINAL_TYPE (TillValidityBar, till_validity_bar, TILL, VALIDITY_BAR, GtkWidget)

TillValidityBar *till_validity_bar_new      (void) G_GNUC_WARN_UNUSED_RESULT;
void             till_validity_bar_set      (TillValidityBar *self,
                                             gint64           not_before,
                                             gint64           not_after,
                                             gint64           now);
double           till_validity_bar_get_used (TillValidityBar *self);
const char      *till_validity_bar_get_text (TillValidityBar *self);

G_END_DECLS
