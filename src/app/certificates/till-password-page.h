/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks for the password of one file and tries it. Never keeps it. */
#pragma once

#include <gtk/gtk.h>

#include "till-file-entry.h"

G_BEGIN_DECLS

#define TILL_TYPE_PASSWORD_PAGE (till_password_page_get_type ())
G_DECLARE_FINAL_TYPE (TillPasswordPage, till_password_page, TILL, PASSWORD_PAGE, GtkWidget)

/* Properties: "entry" (TillFileEntry, nullable, writable), "busy" (read only, notifies),
 * "reveal-seconds" (for how long a shown password stays readable; 30).
 * Actions it installs: password.open, password.cancel, password.restore. */
TillPasswordPage *till_password_page_new       (void) G_GNUC_WARN_UNUSED_RESULT;
TillFileEntry    *till_password_page_get_entry (TillPasswordPage *self);
void              till_password_page_set_entry (TillPasswordPage *self,
                                                TillFileEntry    *entry);
gboolean          till_password_page_get_busy  (TillPasswordPage *self);
void              till_password_page_focus     (TillPasswordPage *self);

G_END_DECLS
