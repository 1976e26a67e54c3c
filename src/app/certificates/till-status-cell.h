/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The status of a row, shape and words; follows the row while it is shown. */
#pragma once

#include <gtk/gtk.h>

#include "till-certificate-item.h"

G_BEGIN_DECLS

#define TILL_TYPE_STATUS_CELL (till_status_cell_get_type ())
G_DECLARE_FINAL_TYPE (TillStatusCell, till_status_cell, TILL, STATUS_CELL, GtkWidget)

GtkWidget           *till_status_cell_new      (void) G_GNUC_WARN_UNUSED_RESULT;
TillCertificateItem *till_status_cell_get_item (TillStatusCell      *self);
void                 till_status_cell_set_item (TillStatusCell      *self,
                                                TillCertificateItem *item);

G_END_DECLS
