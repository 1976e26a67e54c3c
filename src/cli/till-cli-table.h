/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table for people: columns aligned, text made safe for a terminal. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TillCliTable:
 * @n_columns: how many cells make a row
 * @cells: (element-type utf8): row by row, the headings first
 */
typedef struct
{
  guint      n_columns;
  GPtrArray *cells;
} TillCliTable;

TillCliTable *till_cli_table_new    (const char    *first,
                                     ...) G_GNUC_NULL_TERMINATED G_GNUC_WARN_UNUSED_RESULT;
void          till_cli_table_free   (TillCliTable  *self);
void          till_cli_table_add    (TillCliTable  *self,
                                     const char    *text);
void          till_cli_table_append (TillCliTable  *self,
                                     GString       *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillCliTable, till_cli_table_free)

G_END_DECLS
