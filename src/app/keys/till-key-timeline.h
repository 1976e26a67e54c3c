/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The validity of keys as a picture: now, overlaps, the rotation window, the service's reminders (UX.md 2.4). */
#pragma once

#include <gtk/gtk.h>

#include "till-advice.h"

G_BEGIN_DECLS

#define TILL_TYPE_KEY_TIMELINE (till_key_timeline_get_type ())
G_DECLARE_FINAL_TYPE (TillKeyTimeline, till_key_timeline, TILL, KEY_TIMELINE, GtkWidget)

GtkWidget  *till_key_timeline_new      (void) G_GNUC_WARN_UNUSED_RESULT;
/* The advice is not kept. */
void        till_key_timeline_set      (TillKeyTimeline  *self,
                                        const TillAdvice *advice);
guint       till_key_timeline_get_bars (TillKeyTimeline  *self);
/* In pixels from the left edge, as it is laid out now. */
float       till_key_timeline_locate   (TillKeyTimeline  *self,
                                        gint64            seconds);

G_END_DECLS
