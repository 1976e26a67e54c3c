/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pane of the encryption keys: which one to use now, which are still accepted, when the next one is due. */
#pragma once

#include <gtk/gtk.h>

#include "till-session.h"

G_BEGIN_DECLS

#define TILL_TYPE_KEYS_PANE (till_keys_pane_get_type ())
G_DECLARE_FINAL_TYPE (TillKeysPane, till_keys_pane, TILL, KEYS_PANE, GtkWidget)

/* Property: "busy" (read only, notifies): a service is being asked. Actions: "pane.generate", "pane.import",
 * "pane.refresh", "pane.cancel", "pane.undo", "pane.timeline-as-list", and on one key (the row that has the focus, else
 * the one to use): "pane.copy-id", "pane.copy-key", "pane.export", "pane.test-encryption", "pane.mark-in-use",
 * "pane.revoke" (only with a row that has the focus). */
GtkWidget *till_keys_pane_new              (TillSession  *session) G_GNUC_WARN_UNUSED_RESULT;
/* How long "Undo" is offered before anything is sent; 10 by default. */
void       till_keys_pane_set_undo_seconds (TillKeysPane *self,
                                            guint         seconds);

G_END_DECLS
