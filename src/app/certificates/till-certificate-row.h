/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A certificate in two lines, for lists without room for columns. */
#pragma once

#include <gtk/gtk.h>

#include "till-certificate-item.h"

G_BEGIN_DECLS

#define TILL_TYPE_CERTIFICATE_ROW (till_certificate_row_get_type ())
G_DECLARE_FINAL_TYPE (TillCertificateRow, till_certificate_row, TILL, CERTIFICATE_ROW, GtkWidget)

GtkWidget           *till_certificate_row_new      (void) G_GNUC_WARN_UNUSED_RESULT;
TillCertificateItem *till_certificate_row_get_item (TillCertificateRow  *self);
void                 till_certificate_row_set_item (TillCertificateRow  *self,
                                                    TillCertificateItem *item);
GtkWidget           *till_certificate_row_list_new (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
