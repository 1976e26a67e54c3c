/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the picture of the keys shows: which keys, from when to when, and in what words. No drawing. */
#include "config.h"

#include "till-key-timeline-plan.h"

#include <glib/gi18n.h>

#include "till-key-words.h"

#define HOUR G_GINT64_CONSTANT (3600)
#define DAY  (24 * HOUR)

/* More would be a pattern, not a picture; the list has all. */
#define MAX_BARS 6
#define MAX_PAST 2

static void
free_bar (gpointer data)
{
  TillKeyBar *bar = data;

  g_free (bar->label);
  g_free (bar);
}

static gboolean
is_usable (TillKeyStanding standing)
{
  return standing == TILL_KEY_USE || standing == TILL_KEY_ACCEPTED || standing == TILL_KEY_NOT_YET;
}

static TillKeyBar *
new_bar (const TillKeyRecord *key,
         TillKeyStanding      standing,
         gint64               now)
{
  TillKeyBar *bar = g_new0 (TillKeyBar, 1);
  g_autofree char *name = till_key_words_dup_short_id (key->key_id);
  g_autofree char *when = NULL;

  bar->standing = standing;
  bar->from = key->valid_from;
  bar->to = key->valid_to;
  if (standing == TILL_KEY_REVOKED && key->revoked_at != TILL_TIME_UNKNOWN)
    bar->to = CLAMP (key->revoked_at, key->valid_from, key->valid_to);

  when = till_key_words_dup_moment (standing == TILL_KEY_NOT_YET ? bar->from : bar->to, now);
  if (standing == TILL_KEY_NOT_YET)
    /* Translators: above a bar: the short id of a key, its state, then day and time. */
    bar->label = g_strdup_printf (_("%s · %s · begins %s"), name, till_key_words_get_standing (standing), when);
  else if (is_usable (standing))
    /* Translators: above a bar: the short id of a key, its state, then day and time. */
    bar->label = g_strdup_printf (_("%s · %s · ends %s"), name, till_key_words_get_standing (standing), when);
  else
    /* Translators: above a bar: the short id of a key, its state (“Ended”), then day and time. */
    bar->label = g_strdup_printf (_("%s · %s %s"), name, till_key_words_get_standing (standing), when);

  return bar;
}

static int
compare_bars (gconstpointer a,
              gconstpointer b)
{
  const TillKeyBar *one = *(TillKeyBar * const *) a;
  const TillKeyBar *two = *(TillKeyBar * const *) b;

  if (one->from != two->from)
    return one->from < two->from ? -1 : 1;

  return (one->to > two->to) - (one->to < two->to);
}

static gboolean
is_drawable (const TillKeyRecord *key)
{
  return key->valid_from != TILL_TIME_UNKNOWN && key->valid_to != TILL_TIME_UNKNOWN && key->valid_to >= key->valid_from;
}

/* What is usable, and the last ones before it; the newest of them where there are many. */
static void
choose_bars (TillKeyPlan      *self,
             const TillAdvice *advice)
{
  guint n_past = 0;

  if (advice->use != NULL && is_drawable (advice->use))
    g_ptr_array_add (self->bars, new_bar (advice->use, TILL_KEY_USE, advice->at));

  for (guint i = 0; i < advice->accepted->len && self->bars->len < MAX_BARS; i++)
    g_ptr_array_add (self->bars, new_bar (advice->accepted->pdata[i], TILL_KEY_ACCEPTED, advice->at));

  for (guint i = 0; i < advice->not_accepted->len && self->bars->len < MAX_BARS; i++)
    {
      const TillKeyRecord *key = advice->not_accepted->pdata[i];
      TillKeyStanding standing = TILL_KEY_ENDED;

      if (!is_drawable (key))
        continue;

      if (key->revoked_at != TILL_TIME_UNKNOWN || g_strcmp0 (key->status, "REVOKED") == 0)
        standing = TILL_KEY_REVOKED;
      else if (g_strcmp0 (key->status, "ACTIVE") != 0)
        continue;
      else if (key->valid_from > advice->at)
        standing = TILL_KEY_NOT_YET;

      if (standing != TILL_KEY_NOT_YET && n_past++ >= MAX_PAST)
        continue;

      g_ptr_array_add (self->bars, new_bar (key, standing, advice->at));
    }

  g_ptr_array_sort (self->bars, compare_bars);
}

/* The present matters most: of what is past no more is shown than of what is usable. */
static void
choose_span (TillKeyPlan *self)
{
  gint64 earliest = self->now;
  gint64 first_usable = self->now;
  gint64 last = self->now;
  gint64 span;

  for (guint i = 0; i < self->bars->len; i++)
    {
      const TillKeyBar *bar = self->bars->pdata[i];

      earliest = MIN (earliest, bar->from);
      last = MAX (last, MIN (bar->to, self->now + 400 * DAY));
      if (is_usable (bar->standing))
        first_usable = MIN (first_usable, MAX (bar->from, self->now - 400 * DAY));
    }

  span = MAX (last - first_usable, DAY);
  self->start = MAX (earliest, first_usable - span);
  self->end = last + MAX ((last - self->start) / 20, HOUR);
  if (self->start == self->now)
    self->start -= HOUR;
}

/**
 * till_key_plan_new:
 * @advice: about all keys
 *
 * Returns: (transfer full): what to draw
 */
TillKeyPlan *
till_key_plan_new (const TillAdvice *advice)
{
  TillKeyPlan *self = g_new0 (TillKeyPlan, 1);

  self->bars = g_ptr_array_new_with_free_func (free_bar);
  self->now = advice->at;
  choose_bars (self, advice);
  choose_span (self);

  /* Where the next key waits already, nothing has to be generated. */
  self->has_window = advice->use != NULL && is_drawable (advice->use) &&
                     (advice->rotation_open || advice->at < advice->rotate_from);
  self->due = advice->rotate_from;
  self->ends = advice->ends;
  for (guint i = 0; i < G_N_ELEMENTS (self->reminders); i++)
    self->reminders[i] = advice->reminders[i];

  if (self->has_window)
    {
      g_autofree char *moment = till_key_words_dup_moment (self->due, self->now);

      /* Translators: below a bar; %s is day and time. */
      self->due_label = g_strdup_printf (_("Generate by %s"), moment);
    }

  return self;
}

/**
 * till_key_plan_free:
 * @self: (transfer full): a plan
 */
void
till_key_plan_free (TillKeyPlan *self)
{
  g_ptr_array_unref (self->bars);
  g_free (self->due_label);
  g_free (self);
}

/* The first local midnight, or the first hour that @hours divides, not before @seconds. */
static GDateTime *
new_first_tick (gint64 seconds,
                int    hours)
{
  g_autoptr(GDateTime) local = g_date_time_new_from_unix_local (seconds);
  g_autoptr(GDateTime) midnight = NULL;
  GDateTime *tick;

  if (local == NULL)
    return NULL;

  midnight = g_date_time_new_local (g_date_time_get_year (local), g_date_time_get_month (local),
                                    g_date_time_get_day_of_month (local), 0, 0, 0);
  tick = g_steal_pointer (&midnight);
  while (tick != NULL && g_date_time_to_unix (tick) < seconds)
    {
      GDateTime *next = hours < 24 ? g_date_time_add_hours (tick, hours) : g_date_time_add_days (tick, 1);

      g_date_time_unref (tick);
      tick = next;
    }

  return tick;
}

/**
 * till_key_plan_new_ticks:
 * @self: a plan
 * @max: how many there is room for
 * @hours: (out): whether they are less than a day apart
 *
 * Returns: (transfer full) (element-type GDateTime): round local moments within the picture, evenly apart
 */
GPtrArray *
till_key_plan_new_ticks (const TillKeyPlan *self,
                         guint              max,
                         gboolean          *hours)
{
  static const int steps[] = { 1, 3, 6, 12, 24, 2 * 24, 7 * 24, 14 * 24, 28 * 24, 91 * 24 };
  GPtrArray *ticks = g_ptr_array_new_with_free_func ((GDestroyNotify) g_date_time_unref);
  gint64 span = self->end - self->start;
  int step = steps[G_N_ELEMENTS (steps) - 1];
  GDateTime *tick;

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (span / (steps[i] * HOUR) <= max)
      {
        step = steps[i];
        break;
      }

  *hours = step < 24;
  tick = new_first_tick (self->start, step);
  while (tick != NULL && g_date_time_to_unix (tick) <= self->end && ticks->len <= 2 * max)
    {
      GDateTime *next = step < 24 ? g_date_time_add_hours (tick, step) : g_date_time_add_days (tick, step / 24);

      g_ptr_array_add (ticks, tick);
      tick = next;
    }
  g_clear_pointer (&tick, g_date_time_unref);

  return ticks;
}
