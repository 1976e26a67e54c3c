/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Notices that somebody set the computer's clock (RELIABILITY.md 5.4, row 96). */
#include "config.h"

#include "till-clock-watch.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* A timer that ends long after this program: all that is wanted of it is that it is cancelled. */
#define FAR_AWAY G_GINT64_CONSTANT (3153600000)

struct _TillClockWatch
{
  TillClock         *clock;
  gint64             offset;      /* of wall time before boot time, when it was looked at last */
  int                fd;          /* -1 where the system does not tell */
  guint              source_id;
  TillClockJumpFunc  callback;
  gpointer           user_data;
};

static gint64
get_offset (TillClockWatch *self)
{
  gint64 now = till_clock_get_now (self->clock);
  gint64 offset;

  /* A clock may say anything. */
  return __builtin_sub_overflow (now, till_clock_get_boot (self->clock), &offset) ? now : offset;
}

static gboolean
arm (TillClockWatch *self)
{
  struct itimerspec when = { 0 };

  when.it_value.tv_sec = till_clock_get_now (self->clock) + FAR_AWAY;

  return timerfd_settime (self->fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &when, NULL) == 0;
}

static gboolean
set_cb (int          fd,
        GIOCondition condition,
        gpointer     user_data)
{
  TillClockWatch *self = user_data;
  guint64 count;

  /* Fails with ECANCELED: that is the news. */
  if (read (fd, &count, sizeof count) < 0 && errno == EAGAIN)
    return G_SOURCE_CONTINUE;

  if (!arm (self))
    {
      self->source_id = 0;
      till_clock_watch_check (self);
      return G_SOURCE_REMOVE;
    }

  till_clock_watch_check (self);

  return G_SOURCE_CONTINUE;
}

/**
 * till_clock_watch_new:
 * @clock: what to watch
 * @callback: called when the clock has jumped; it must not free the watch
 * @user_data: for @callback
 *
 * Returns: (transfer full): a watch
 */
TillClockWatch *
till_clock_watch_new (TillClock         *clock,
                      TillClockJumpFunc  callback,
                      gpointer           user_data)
{
  TillClockWatch *self;

  g_return_val_if_fail (clock != NULL, NULL);
  g_return_val_if_fail (callback != NULL, NULL);

  self = g_new0 (TillClockWatch, 1);
  self->clock = till_clock_ref (clock);
  self->callback = callback;
  self->user_data = user_data;
  self->offset = get_offset (self);
  self->fd = till_clock_is_system (clock) ? timerfd_create (CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK) : -1;
  if (self->fd >= 0 && arm (self))
    self->source_id = g_unix_fd_add (self->fd, G_IO_IN, set_cb, self);

  return self;
}

/**
 * till_clock_watch_free:
 * @self: (transfer full): a watch
 *
 * Ends it.
 */
void
till_clock_watch_free (TillClockWatch *self)
{
  g_return_if_fail (self != NULL);

  g_clear_handle_id (&self->source_id, g_source_remove);
  if (self->fd >= 0)
    close (self->fd);
  till_clock_unref (self->clock);
  g_free (self);
}

/**
 * till_clock_watch_check:
 * @self: a watch
 *
 * Looks at both clocks, and calls back where the wall time jumped since it was
 * looked at last. What it drifted in between does not add up.
 */
void
till_clock_watch_check (TillClockWatch *self)
{
  gint64 offset, jump;

  g_return_if_fail (self != NULL);

  offset = get_offset (self);
  if (__builtin_sub_overflow (offset, self->offset, &jump))
    jump = offset > self->offset ? G_MAXINT64 : -G_MAXINT64;
  self->offset = offset;

  if (jump >= TILL_CLOCK_JUMP_SECONDS || jump <= -TILL_CLOCK_JUMP_SECONDS)
    self->callback (jump, self->user_data);
}
