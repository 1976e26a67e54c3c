/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One fact in a list: its name, what it is, and a button that copies it. */
#pragma once

#include <adwaita.h>

#include "till-fact.h"

G_BEGIN_DECLS

#define TILL_TYPE_FACT_ROW (till_fact_row_get_type ())
G_DECLARE_FINAL_TYPE (TillFactRow, till_fact_row, TILL, FACT_ROW, AdwPreferencesRow)

GtkWidget *till_fact_row_new (const TillFact *fact) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
