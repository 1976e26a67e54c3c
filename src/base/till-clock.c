/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only way to ask for the time, so that tests can set it. */
#include "config.h"

#include "till-clock.h"

#include <time.h>

/*
 * TillClock is either the system's clock or one that stands still until it is
 * told otherwise. What always holds: boot time never goes backwards, and
 * setting the wall time does not touch it, as with a real machine whose clock
 * is put right.
 */
struct _TillClock
{
  gatomicrefcount  ref_count;

  gboolean         fixed;

  /* Of a fixed clock, under the lock. */
  GMutex           lock;
  gint64           now;
  gint64           boot;
};

static gint64
read_system (clockid_t id)
{
  struct timespec ts;

  if (clock_gettime (id, &ts) != 0)
    g_error ("the system has no clock %d", (int) id);

  return ts.tv_sec;
}

static TillClock *
clock_new (gboolean fixed,
           gint64   now)
{
  TillClock *self = g_new0 (TillClock, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->fixed = fixed;
  self->now = now;

  return self;
}

/**
 * till_clock_new_system:
 *
 * Returns: (transfer full): a clock that asks the system
 */
TillClock *
till_clock_new_system (void)
{
  return clock_new (FALSE, 0);
}

/**
 * till_clock_new_fixed:
 * @now: wall time in seconds since 1970, UTC
 *
 * Returns: (transfer full): a clock that stands at @now, 0 seconds after boot
 */
TillClock *
till_clock_new_fixed (gint64 now)
{
  return clock_new (TRUE, now);
}

/**
 * till_clock_ref:
 * @self: a clock
 *
 * Returns: (transfer full): @self, counted once more
 */
TillClock *
till_clock_ref (TillClock *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * till_clock_unref:
 * @self: (transfer full): a clock
 *
 * Counts down; the last one frees it.
 */
void
till_clock_unref (TillClock *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_mutex_clear (&self->lock);
  g_free (self);
}

/**
 * till_clock_is_system:
 * @self: a clock
 *
 * Returns: whether it asks the system, which may tell when its clock is set
 */
gboolean
till_clock_is_system (TillClock *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return !self->fixed;
}

/**
 * till_clock_get_now:
 * @self: a clock
 *
 * Returns: wall time in seconds since 1970, UTC; it may jump
 */
gint64
till_clock_get_now (TillClock *self)
{
  gint64 now;

  g_return_val_if_fail (self != NULL, 0);

  if (!self->fixed)
    return read_system (CLOCK_REALTIME);

  g_mutex_lock (&self->lock);
  now = self->now;
  g_mutex_unlock (&self->lock);

  return now;
}

/**
 * till_clock_get_boot:
 * @self: a clock
 *
 * Returns: seconds since the machine started, sleep counted; never jumps
 */
gint64
till_clock_get_boot (TillClock *self)
{
  gint64 boot;

  g_return_val_if_fail (self != NULL, 0);

  if (!self->fixed)
    return read_system (CLOCK_BOOTTIME);

  g_mutex_lock (&self->lock);
  boot = self->boot;
  g_mutex_unlock (&self->lock);

  return boot;
}

/**
 * till_clock_set:
 * @self: a fixed clock
 * @now: wall time in seconds since 1970, UTC
 *
 * Puts the wall time right, forwards or backwards. Boot time goes on as it was.
 */
void
till_clock_set (TillClock *self,
                gint64     now)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (self->fixed);

  g_mutex_lock (&self->lock);
  self->now = now;
  g_mutex_unlock (&self->lock);
}

/**
 * till_clock_advance:
 * @self: a fixed clock
 * @seconds: how far, not below 0
 *
 * Lets time pass: both wall time and boot time.
 */
void
till_clock_advance (TillClock *self,
                    gint64     seconds)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (self->fixed);
  g_return_if_fail (seconds >= 0);

  g_mutex_lock (&self->lock);
  self->now += seconds;
  self->boot += seconds;
  g_mutex_unlock (&self->lock);
}
