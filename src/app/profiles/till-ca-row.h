/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A further certificate authority: chosen by file, shown by its SHA-256. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TILL_TYPE_CA_ROW (till_ca_row_get_type ())
G_DECLARE_FINAL_TYPE (TillCaRow, till_ca_row, TILL, CA_ROW, AdwActionRow)

/* pem: (nullable). Signal "changed". */
GtkWidget  *till_ca_row_new     (const char *pem) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable) */
const char *till_ca_row_get_pem (TillCaRow  *self);
/* Reads a file as if it had been chosen. */
void        till_ca_row_read    (TillCaRow  *self,
                                 GFile      *file);

G_END_DECLS
