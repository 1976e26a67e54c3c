/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Since when nobody has touched keyboard or mouse in any window of the program. */
#pragma once

#include <gtk/gtk.h>

#include "till-clock.h"

G_BEGIN_DECLS

/**
 * TillIdleWatch:
 *
 * Sees the events of all windows before they do, and only notes when the last
 * one came, on the boot time: sleep counts. Lives on the main loop.
 */
typedef struct _TillIdleWatch TillIdleWatch;

/* seconds: for how long nobody was there before this event. */
typedef void (*TillIdleFunc) (gint64   seconds,
                              gpointer user_data);

TillIdleWatch *till_idle_watch_new         (TillClock     *clock,
                                            TillIdleFunc   callback,
                                            gpointer       user_data) G_GNUC_WARN_UNUSED_RESULT;
void           till_idle_watch_free        (TillIdleWatch *self);
/* For so many seconds nobody was there. */
gint64         till_idle_watch_get_seconds (TillIdleWatch *self);
/* Somebody is there now. */
void           till_idle_watch_touch       (TillIdleWatch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillIdleWatch, till_idle_watch_free)

G_END_DECLS
