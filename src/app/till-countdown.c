/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls back once when so many seconds have passed, sleep counted. */
#include "config.h"

#include "till-countdown.h"

struct _TillCountdown
{
  TillClock         *clock;
  gint64             started;      /* boot time */
  guint              seconds;
  guint              end_id;
  guint              tick_id;
  TillCountdownFunc  callback;
  gpointer           user_data;
};

static void
end (TillCountdown *self)
{
  g_clear_handle_id (&self->end_id, g_source_remove);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  self->callback (self->user_data);
}

static gboolean
end_cb (gpointer user_data)
{
  TillCountdown *self = user_data;

  self->end_id = 0;
  end (self);

  return G_SOURCE_REMOVE;
}

/* Boot time comes in whole seconds: what has begun late in a second would end early by nearly one. The exact timer is
 * for when the computer is awake; this one is for when it was not. */
static gboolean
tick_cb (gpointer user_data)
{
  TillCountdown *self = user_data;

  if (till_clock_get_boot (self->clock) - self->started <= (gint64) self->seconds)
    return G_SOURCE_CONTINUE;

  self->tick_id = 0;
  end (self);

  return G_SOURCE_REMOVE;
}

/**
 * till_countdown_new:
 * @clock: whose boot time counts
 * @seconds: how long
 * @callback: called once, then; it may free the countdown
 * @user_data: for @callback
 *
 * Returns: (transfer full): a countdown that runs
 */
TillCountdown *
till_countdown_new (TillClock         *clock,
                    guint              seconds,
                    TillCountdownFunc  callback,
                    gpointer           user_data)
{
  TillCountdown *self;

  g_return_val_if_fail (clock != NULL, NULL);
  g_return_val_if_fail (callback != NULL, NULL);

  self = g_new0 (TillCountdown, 1);
  self->clock = till_clock_ref (clock);
  self->started = till_clock_get_boot (clock);
  self->seconds = seconds;
  self->callback = callback;
  self->user_data = user_data;
  self->end_id = g_timeout_add (seconds * 1000, end_cb, self);
  self->tick_id = g_timeout_add (1000, tick_cb, self);

  return self;
}

/**
 * till_countdown_free:
 * @self: (transfer full): a countdown
 *
 * Ends it without calling back.
 */
void
till_countdown_free (TillCountdown *self)
{
  g_return_if_fail (self != NULL);

  g_clear_handle_id (&self->end_id, g_source_remove);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  till_clock_unref (self->clock);
  g_free (self);
}
