/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The certificates in columns: status, name, identifier, ends. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *till_certificate_columns_new   (GSettings *settings) G_GNUC_WARN_UNUSED_RESULT;
void       till_certificate_columns_close (GtkWidget *view);

G_END_DECLS
