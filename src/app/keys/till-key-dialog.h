/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window of its own for one thing to do with keys: title, environment, a column of rows. */
#pragma once

#include <adwaita.h>

#include "till-record.h"

G_BEGIN_DECLS

#define TILL_TYPE_KEY_DIALOG (till_key_dialog_get_type ())
G_DECLARE_FINAL_TYPE (TillKeyDialog, till_key_dialog, TILL, KEY_DIALOG, AdwWindow)

TillKeyDialog *till_key_dialog_new         (GtkWidget          *parent,
                                            const char         *title,
                                            const TillProfile  *profile) G_GNUC_WARN_UNUSED_RESULT;
GtkBox        *till_key_dialog_get_content (TillKeyDialog      *self);
GCancellable  *till_key_dialog_get_cancellable (TillKeyDialog  *self);
void           till_key_dialog_toast       (TillKeyDialog      *self,
                                            const char         *text);
GtkWidget     *till_key_dialog_add_list    (TillKeyDialog      *self,
                                            const char         *title,
                                            const char         *description);
GtkWidget     *till_key_dialog_add_text    (TillKeyDialog      *self,
                                            const char         *text,
                                            const char         *style);
GtkWidget     *till_key_dialog_add_button  (TillKeyDialog      *self,
                                            const char         *label,
                                            const char         *style);

char          *till_key_dialog_dup_environment (const TillProfile *profile) G_GNUC_WARN_UNUSED_RESULT;
GtkWidget     *till_key_dialog_new_environment (const TillProfile *profile) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
