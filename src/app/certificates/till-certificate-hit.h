/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which certificate a point in a list or column view belongs to. */
#pragma once

#include <gtk/gtk.h>

#include "till-certificate-item.h"

G_BEGIN_DECLS

TillCertificateItem *till_certificate_hit_find     (GtkWidget           *view,
                                                    double               x,
                                                    double               y);
GtkWidget           *till_certificate_hit_find_row (GtkWidget           *list_view,
                                                    TillCertificateItem *item);

G_END_DECLS
