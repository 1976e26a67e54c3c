/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Notices that somebody set the computer's clock (RELIABILITY.md 5.4, row 96). */
#pragma once

#include "till-clock.h"

G_BEGIN_DECLS

/* What is less is a clock that is kept right, and is not spoken of. */
#define TILL_CLOCK_JUMP_SECONDS 60

/**
 * TillClockWatch:
 *
 * Compares the wall time with the boot time, which never jumps. The system
 * itself says when its clock was set, so nothing is polled; where it can't, the
 * jump is noticed at the next till_clock_watch_check(). Lives on the main loop.
 */
typedef struct _TillClockWatch TillClockWatch;

/* seconds: how far it jumped; below 0 for backwards. */
typedef void (*TillClockJumpFunc) (gint64   seconds,
                                   gpointer user_data);

TillClockWatch *till_clock_watch_new   (TillClock         *clock,
                                        TillClockJumpFunc  callback,
                                        gpointer           user_data) G_GNUC_WARN_UNUSED_RESULT;
void            till_clock_watch_free  (TillClockWatch    *self);
void            till_clock_watch_check (TillClockWatch    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillClockWatch, till_clock_watch_free)

G_END_DECLS
