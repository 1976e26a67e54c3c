/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pane of the credentials: an access token and a session that run out, and the key that belongs to them. */
#pragma once

#include <gtk/gtk.h>

#include "till-session.h"

G_BEGIN_DECLS

#define TILL_TYPE_CREDENTIALS_PANE (till_credentials_pane_get_type ())
G_DECLARE_FINAL_TYPE (TillCredentialsPane, till_credentials_pane, TILL, CREDENTIALS_PANE, GtkWidget)

/* Property: "busy" (read only, notifies): the service is being asked. Actions: "pane.get", "pane.refresh" (only where
 * there are credentials), "pane.cancel", "pane.dismiss", "pane.reveal-token", "pane.reveal-session", "pane.copy-token",
 * "pane.copy-session", "pane.copy-header", "pane.copy-key", "pane.save-key", "pane.clear-clipboard". */
GtkWidget *till_credentials_pane_new    (TillSession         *session) G_GNUC_WARN_UNUSED_RESULT;
/* Lets go of all that was received, the clipboard included: for locking the window, and before sleep (RELIABILITY.md G8). */
void       till_credentials_pane_forget (TillCredentialsPane *self);
/* How long what is copied from now on stays on the clipboard; 30 by default. */
void       till_credentials_pane_set_clipboard_seconds (TillCredentialsPane *self,
                                                        guint                seconds);

G_END_DECLS
