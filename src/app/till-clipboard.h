/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A secret on the clipboard: marked as one, never stored, and gone after 30 s (RELIABILITY.md G4). */
#pragma once

#include <gdk/gdk.h>

#include "till-clock.h"
#include "till-secret.h"

G_BEGIN_DECLS

/* How long a secret stays on the clipboard. */
#define TILL_CLIPBOARD_SECONDS 30

#define TILL_TYPE_CLIPBOARD (till_clipboard_get_type ())

/**
 * TillClipboard:
 *
 * Puts secrets on a clipboard and takes them away again. Signal "ended"
 * (gboolean replaced): nothing of ours is on it any more; replaced: because
 * somebody copied something else. What others have copied is never cleared.
 * Disposing clears; so does the shutdown of the application.
 */
G_DECLARE_FINAL_TYPE (TillClipboard, till_clipboard, TILL, CLIPBOARD, GObject)

TillClipboard *till_clipboard_new         (GdkClipboard  *clipboard,
                                           TillClock     *clock) G_GNUC_WARN_UNUSED_RESULT;
void           till_clipboard_copy        (TillClipboard *self,
                                           TillSecret    *secret);
/* How long what is copied from now on stays; %TILL_CLIPBOARD_SECONDS by default. */
void           till_clipboard_set_seconds (TillClipboard *self,
                                           guint          seconds);
/* Now, where it is still ours. */
void           till_clipboard_clear       (TillClipboard *self);
gboolean       till_clipboard_holds       (TillClipboard *self);

G_END_DECLS
