/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Locks the window, leaves Live when nobody is there, notices a clock that jumps (UX.md 2.7, RELIABILITY.md G8). */
#pragma once

#include <gtk/gtk.h>

#include "till-session.h"

G_BEGIN_DECLS

#define TILL_TYPE_SAFETY (till_safety_get_type ())

/**
 * TillSafety:
 *
 * Properties: "locked" (boolean, read only, notifies) and "asking" (boolean,
 * read only, notifies): the vault is being asked before it is unlocked. Signals:
 * "forget": secrets that a pane has received are to be let go; "say" (string):
 * for a toast; "clock-jumped": deadlines are to be worked out anew. One timer at
 * most, and none while locked or without a profile.
 */
G_DECLARE_FINAL_TYPE (TillSafety, till_safety, TILL, SAFETY, GObject)

/* window: that is covered while locked; must outlive this. */
TillSafety *till_safety_new        (GtkWindow   *window,
                                    TillSession *session,
                                    GSettings   *settings) G_GNUC_WARN_UNUSED_RESULT;
void        till_safety_lock       (TillSafety  *self);
/* Asks the vault again, where the profile has a secret there. */
void        till_safety_unlock     (TillSafety  *self);
gboolean    till_safety_get_locked (TillSafety  *self);
gboolean    till_safety_get_asking (TillSafety  *self);
/* (nullable): why it could not be unlocked */
const char *till_safety_get_problem (TillSafety *self);
/* Looks at the clocks now: for a timer, a refresh, and after sleep. */
void        till_safety_check      (TillSafety  *self);

G_END_DECLS
