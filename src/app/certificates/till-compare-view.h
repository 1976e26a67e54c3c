/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two certificates side by side, the differences marked by a sign and a word. */
#pragma once

#include <gtk/gtk.h>

#include "till-certificate-item.h"

G_BEGIN_DECLS

#define TILL_TYPE_COMPARE_VIEW (till_compare_view_get_type ())
G_DECLARE_FINAL_TYPE (TillCompareView, till_compare_view, TILL, COMPARE_VIEW, GtkWidget)

TillCompareView *till_compare_view_new       (void) G_GNUC_WARN_UNUSED_RESULT;
void             till_compare_view_set_items (TillCompareView     *self,
                                              TillCertificateItem *left,
                                              TillCertificateItem *right);

G_END_DECLS
