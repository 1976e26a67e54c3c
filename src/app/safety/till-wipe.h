/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes what is secret out of the widgets of a window. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void till_wipe_secrets (GtkWidget *root);

G_END_DECLS
