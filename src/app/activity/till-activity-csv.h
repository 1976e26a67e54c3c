/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The activity log as a table for other programs. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* records: (element-type TillLogRecord). Cells that a spreadsheet would take for a formula are made harmless. */
GBytes *till_activity_csv_format (GPtrArray *records) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
