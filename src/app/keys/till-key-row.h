/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A key in the list of all keys, with everything known of it behind it. */
#pragma once

#include <adwaita.h>

#include "till-advice.h"

G_BEGIN_DECLS

#define TILL_TYPE_KEY_ROW (till_key_row_get_type ())
G_DECLARE_FINAL_TYPE (TillKeyRow, till_key_row, TILL, KEY_ROW, AdwExpanderRow)

/* Signal "act" (const char *action): a button of the row was pressed; the action is one of the pane, such as
 * "pane.revoke". */
GtkWidget           *till_key_row_new        (void) G_GNUC_WARN_UNUSED_RESULT;
void                 till_key_row_set        (TillKeyRow           *self,
                                              const TillKeyRecord  *key,
                                              TillKeyStanding       standing,
                                              gint64                now);
const TillKeyRecord *till_key_row_get_record (TillKeyRow           *self);
/* What it is about to be: revoked when the time to undo is over. */
void                 till_key_row_set_leaving (TillKeyRow          *self,
                                               gboolean             leaving);

G_END_DECLS
