/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window in which two certificates of the list are chosen and compared. */
#pragma once

#include <adwaita.h>

#include "till-certificate-item.h"

G_BEGIN_DECLS

#define TILL_TYPE_COMPARE_WINDOW (till_compare_window_get_type ())
G_DECLARE_FINAL_TYPE (TillCompareWindow, till_compare_window, TILL, COMPARE_WINDOW, AdwWindow)

GtkWindow *till_compare_window_new (GtkWindow           *parent,
                                    GListModel          *certificates,
                                    TillCertificateItem *left) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
