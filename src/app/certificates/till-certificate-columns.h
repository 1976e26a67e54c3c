/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The certificates in columns: status, name, identifier, team, ends, used by, provider. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *till_certificate_columns_new      (GSettings *settings) G_GNUC_WARN_UNUSED_RESULT;
/* room: 0 for what tells certificates apart, 1 for who has them as well, 2 for all */
void       till_certificate_columns_set_room (GtkWidget *view,
                                              guint      room);
void       till_certificate_columns_close    (GtkWidget *view);

G_END_DECLS
