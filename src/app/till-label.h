/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A label for text of any length and origin: wraps anywhere, adds nothing, reads no markup. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *till_label_new (const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
