/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The time to undo: an act that is sent only when its toast has run out (UX.md 1.11, DESIGN.md). */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TILL_TYPE_UNDO (till_undo_get_type ())

/**
 * TillUndo:
 *
 * One act at a time that waits. A second one sends nothing of the first: the
 * first is undone, as if Undo had been pressed. Signal "changed": waiting began
 * or ended. Disposing it undoes. Lives on the main loop.
 */
G_DECLARE_FINAL_TYPE (TillUndo, till_undo, TILL, UNDO, GObject)

/* What to do when the time is over. */
typedef void (*TillUndoFunc) (const char *id,
                              gpointer    user_data);

/* action_name: of the toast's button, activated on @widget ("pane.undo"). */
TillUndo   *till_undo_new         (GtkWidget     *widget,
                                   const char    *action_name) G_GNUC_WARN_UNUSED_RESULT;
/* id: of the thing. text: of the toast, not markup, with the seconds in it. */
void        till_undo_start       (TillUndo      *self,
                                   const char    *id,
                                   const char    *text,
                                   guint          seconds,
                                   TillUndoFunc   func,
                                   gpointer       user_data);
/* Nothing is sent. No-op where nothing waits. */
void        till_undo_undo        (TillUndo      *self);
/* At once, where nothing holds it. No-op where nothing waits. */
void        till_undo_do_now      (TillUndo      *self);
/* While held, what is due waits, and can still be undone: one act at a time. */
void        till_undo_set_held    (TillUndo      *self,
                                   gboolean       held);
/* (nullable): the id of what waits */
const char *till_undo_get_waiting (TillUndo      *self);

G_END_DECLS
