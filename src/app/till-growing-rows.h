/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gives the rows of a list that grows suddenly to its view a few at a time. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TILL_TYPE_GROWING_ROWS (till_growing_rows_get_type ())
G_DECLARE_FINAL_TYPE (TillGrowingRows, till_growing_rows, TILL, GROWING_ROWS, GObject)

/* Signal "grown": all rows are given out. */
TillGrowingRows *till_growing_rows_new       (GListModel      *rows) G_GNUC_WARN_UNUSED_RESULT;
GListModel      *till_growing_rows_get_model (TillGrowingRows *self);

G_END_DECLS
