/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which encryption key to use when (services/commerce-hub-keys.md, "Multi-Use Public Key Expiry").
 *
 * Several keys may be accepted at once; the newest of them is the one to use.
 * Only what the service calls ACTIVE counts, and only within its times, both
 * ends included (API.md 3.4). Nothing here depends on the order of the keys. */
#include "config.h"

#include "till-advice.h"

#include <string.h>

#define HOUR G_GINT64_CONSTANT (3600)

/* Hours before the end (services/commerce-hub-keys.md, "Best Practices for Key Management"). */
static const int reminder_hours[] = { 47, 44, 41 };

/* A moment so many hours earlier, which may be before all time. */
static gint64
hours_before (gint64 moment,
              int    hours)
{
  gint64 earlier;

  /* One more than the smallest: that one stands for "not known". */
  return __builtin_sub_overflow (moment, hours * HOUR, &earlier) ? G_MININT64 + 1 : MAX (earlier, G_MININT64 + 1);
}

/* What can be said of a key without the others: it is accepted, or why it is not. */
static TillKeyStanding
get_standing (const TillKeyRecord *key,
              gint64               at)
{
  const char *status = key->status != NULL ? key->status : "";

  if (g_str_equal (status, "REVOKED") || key->revoked_at != TILL_TIME_UNKNOWN)
    return TILL_KEY_REVOKED;
  if (g_str_equal (status, "INACTIVE"))
    return TILL_KEY_INACTIVE;
  if (g_str_equal (status, "LEGACY"))
    return TILL_KEY_LEGACY;

  if (!g_str_equal (status, "ACTIVE") ||
      key->valid_from == TILL_TIME_UNKNOWN || key->valid_to == TILL_TIME_UNKNOWN || key->valid_to < key->valid_from)
    return TILL_KEY_UNUSABLE;

  if (at > key->valid_to)
    return TILL_KEY_ENDED;

  return at < key->valid_from ? TILL_KEY_NOT_YET : TILL_KEY_ACCEPTED;
}

static int
compare (gint64 a,
         gint64 b)
{
  return (a > b) - (a < b);
}

/* Newest first. The id decides last, so that the same keys are always in the same order. */
static int
compare_newest (const TillKeyRecord *a,
                const TillKeyRecord *b)
{
  int order = compare (b->valid_from, a->valid_from);

  if (order == 0)
    order = compare (b->valid_to, a->valid_to);
  if (order == 0)
    order = compare (b->known_at, a->known_at);

  return order != 0 ? order : g_strcmp0 (a->key_id, b->key_id);
}

static int
compare_newest_cb (gconstpointer a,
                   gconstpointer b)
{
  return compare_newest (*(TillKeyRecord * const *) a, *(TillKeyRecord * const *) b);
}

/* Whether one that waits for its time carries on without a gap: then there is no need for yet another. */
static gboolean
has_successor (GPtrArray           *keys,
               const TillKeyRecord *use,
               gint64               at)
{
  for (guint i = 0; i < keys->len; i++)
    {
      const TillKeyRecord *key = g_ptr_array_index (keys, i);

      if (get_standing (key, at) == TILL_KEY_NOT_YET &&
          key->valid_from - 1 <= use->valid_to && key->valid_to > use->valid_to)
        return TRUE;
    }

  return FALSE;
}

static void
plan_rotation (TillAdvice *self,
               GPtrArray  *keys)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->reminders); i++)
    self->reminders[i] = self->use != NULL ? hours_before (self->use->valid_to, reminder_hours[i]) : TILL_TIME_UNKNOWN;

  if (self->use == NULL)
    {
      self->ends = TILL_TIME_UNKNOWN;
      self->rotate_from = self->at;
      self->rotation_open = TRUE;
      return;
    }

  self->ends = self->use->valid_to;
  self->rotate_from = MAX (hours_before (self->ends, TILL_ROTATION_HOURS), self->use->valid_from);

  if (!has_successor (keys, self->use, self->at))
    {
      self->rotation_open = self->at >= self->rotate_from;
      self->rotation_late = self->at >= self->reminders[0];
    }
}

/**
 * till_advice_new:
 * @keys: (element-type TillKeyRecord): the keys of one profile, in any order; must outlive the advice
 * @at: the moment it is about
 *
 * Says which key to use at a moment, which others are still accepted, and
 * when the next one is due (services/commerce-hub-keys.md, API.md 3.4). Where
 * a key that begins later already carries on from the one in use, no rotation
 * is open.
 *
 * Returns: (transfer full): the advice
 */
TillAdvice *
till_advice_new (GPtrArray *keys,
                 gint64     at)
{
  TillAdvice *self;

  g_return_val_if_fail (keys != NULL, NULL);

  self = g_new0 (TillAdvice, 1);
  self->at = at;
  self->accepted = g_ptr_array_new ();
  self->not_accepted = g_ptr_array_new ();
  self->standings = g_array_sized_new (FALSE, FALSE, sizeof (TillKeyStanding), keys->len);

  for (guint i = 0; i < keys->len; i++)
    {
      TillKeyRecord *key = g_ptr_array_index (keys, i);

      if (get_standing (key, at) == TILL_KEY_ACCEPTED && (self->use == NULL || compare_newest (key, self->use) < 0))
        self->use = key;
    }

  for (guint i = 0; i < keys->len; i++)
    {
      TillKeyRecord *key = g_ptr_array_index (keys, i);
      TillKeyStanding standing = key == self->use ? TILL_KEY_USE : get_standing (key, at);

      g_array_append_val (self->standings, standing);

      if (standing == TILL_KEY_ACCEPTED)
        g_ptr_array_add (self->accepted, key);
      else if (standing != TILL_KEY_USE)
        g_ptr_array_add (self->not_accepted, key);
    }

  g_ptr_array_sort (self->accepted, compare_newest_cb);
  g_ptr_array_sort (self->not_accepted, compare_newest_cb);
  plan_rotation (self, keys);

  return self;
}

/**
 * till_advice_free:
 * @self: (transfer full): an advice
 *
 * Frees the advice, not the keys it is about.
 */
void
till_advice_free (TillAdvice *self)
{
  g_ptr_array_unref (self->accepted);
  g_ptr_array_unref (self->not_accepted);
  g_array_unref (self->standings);
  g_free (self);
}

/**
 * till_key_standing_to_word:
 * @standing: what a key is good for
 *
 * Returns: (transfer none): its stable word
 */
const char *
till_key_standing_to_word (TillKeyStanding standing)
{
  switch (standing)
    {
    case TILL_KEY_USE:
      return "use";
    case TILL_KEY_ACCEPTED:
      return "accepted";
    case TILL_KEY_NOT_YET:
      return "not-yet";
    case TILL_KEY_ENDED:
      return "ended";
    case TILL_KEY_REVOKED:
      return "revoked";
    case TILL_KEY_INACTIVE:
      return "inactive";
    case TILL_KEY_LEGACY:
      return "legacy";
    case TILL_KEY_UNUSABLE:
    default:
      return "unusable";
    }
}
