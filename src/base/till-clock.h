/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only way to ask for the time, so that tests can set it (DESIGN.md 5). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TillClock:
 *
 * Wall time in seconds since 1970 (UTC) and a boot time that counts sleep
 * (CLOCK_BOOTTIME, RELIABILITY.md G19). Counted atomically, safe in all threads.
 */
typedef struct _TillClock TillClock;

TillClock *till_clock_new_system (void) G_GNUC_WARN_UNUSED_RESULT;
TillClock *till_clock_new_fixed  (gint64     now) G_GNUC_WARN_UNUSED_RESULT;
TillClock *till_clock_ref        (TillClock *self);
void       till_clock_unref      (TillClock *self);

/* Not one that stands where it was set. */
gboolean   till_clock_is_system  (TillClock *self);
gint64     till_clock_get_now    (TillClock *self);
gint64     till_clock_get_boot   (TillClock *self);
void       till_clock_set        (TillClock *self,
                                  gint64     now);
void       till_clock_advance    (TillClock *self,
                                  gint64     seconds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillClock, till_clock_unref)

G_END_DECLS
