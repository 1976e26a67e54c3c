/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls back once when so many seconds have passed, sleep counted. */
#pragma once

#include <glib.h>

#include "till-clock.h"

G_BEGIN_DECLS

/**
 * TillCountdown:
 *
 * A timer for what must not outlast its time, even if the computer slept: GLib's
 * timers stand still then, so that the boot time is looked at each second, too.
 */
typedef struct _TillCountdown TillCountdown;

typedef void (*TillCountdownFunc) (gpointer user_data);

/* callback: may free the countdown. */
TillCountdown *till_countdown_new  (TillClock         *clock,
                                    guint              seconds,
                                    TillCountdownFunc  callback,
                                    gpointer           user_data) G_GNUC_WARN_UNUSED_RESULT;
/* Without calling back. */
void           till_countdown_free (TillCountdown     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillCountdown, till_countdown_free)

G_END_DECLS
