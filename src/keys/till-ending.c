/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When to act on a thing that ends: one rule for all panes (UX.md 1.2, 2.2; RELIABILITY.md G32). */
#include "config.h"

#include "till-ending.h"

#define HOUR G_GINT64_CONSTANT (3600)
#define DAY  (24 * HOUR)

/* A key: the next one is due 48 h before (services/commerce-hub-keys.md), the first hint is at 72 h (G32). */
#define KEY_ACT  (48 * HOUR)
#define KEY_SOON (72 * HOUR)

/* A token: asked for anew two minutes before, spoken of five minutes before (UX.md 2.5, 1.20). */
#define TOKEN_ACT  120
#define TOKEN_SOON 300

/* Where only the end is known: as long as most certificates live. No threshold of
 * till_validity_get_state() is longer than 60 days. */
#define USUAL_LIFE (365 * DAY)

/* A moment so many seconds earlier, which may be before all time. */
static gint64
before (gint64 moment,
        gint64 seconds)
{
  gint64 earlier;

  return __builtin_sub_overflow (moment, seconds, &earlier) ? TILL_TIME_INVALID + 1 : MAX (earlier, TILL_TIME_INVALID + 1);
}

/* Short tokens are asked for anew after half their life. */
static gint64
get_token_lead (const TillEnding *self)
{
  gint64 life;

  if (self->from == TILL_TIME_INVALID || __builtin_sub_overflow (self->until, self->from, &life))
    return TOKEN_ACT;

  return CLAMP (life / 2, 0, TOKEN_ACT);
}

static gint64
get_act_by (const TillEnding *self)
{
  gint64 act_by;

  if (self->until == TILL_TIME_INVALID || self->until == TILL_TIME_NEVER)
    return self->until;

  switch (self->kind)
    {
    case TILL_ENDING_KEY:
      act_by = before (self->until, KEY_ACT);
      break;

    case TILL_ENDING_TOKEN:
      act_by = before (self->until, get_token_lead (self));
      break;

    case TILL_ENDING_WALLET:
    case TILL_ENDING_UPLOAD:
    case TILL_ENDING_FILE:
    case TILL_ENDING_DEVICE:
    default:
      act_by = self->until;
      break;
    }

  /* Not before it is there, and never after it has gone: so stands also one that ends before it begins. */
  return MIN (MAX (act_by, self->from), self->until);
}

/* Of a key or a token: by the distance to its end alone. */
static TillValidityState
get_short_state (const TillEnding *self,
                 gint64            soon,
                 gint64            now)
{
  if (self->until == TILL_TIME_INVALID || now > self->until || self->from > self->until)
    return TILL_VALIDITY_EXPIRED;
  if (self->until == TILL_TIME_NEVER)
    return TILL_VALIDITY_FINE;
  if (now >= self->act_by)
    return TILL_VALIDITY_ACT;

  return now >= before (self->until, soon) ? TILL_VALIDITY_SOON : TILL_VALIDITY_FINE;
}

static TillValidityState
get_state (const TillEnding *self,
           gint64            now)
{
  switch (self->kind)
    {
    case TILL_ENDING_KEY:
      return get_short_state (self, KEY_SOON, now);

    case TILL_ENDING_TOKEN:
      return get_short_state (self, TOKEN_SOON, now);

    case TILL_ENDING_WALLET:
    case TILL_ENDING_UPLOAD:
    case TILL_ENDING_FILE:
    case TILL_ENDING_DEVICE:
    default:
      /* A beginning that is not known makes nothing invalid. */
      if (self->from == TILL_TIME_INVALID && self->until != TILL_TIME_INVALID)
        return till_validity_get_state (before (self->until, USUAL_LIFE), self->until, now);

      return till_validity_get_state (self->from, self->until, now);
    }
}

/**
 * till_ending_init:
 * @self: filled in
 * @kind: what ends
 * @from: beginning of its validity; %TILL_TIME_INVALID where it is not known
 * @until: its last moment; %TILL_TIME_NEVER, or %TILL_TIME_INVALID where it is not known
 * @now: the moment in question
 *
 * Says until when something has to be done about a thing, and how it stands
 * now. Certificates are to be replaced by their end; the next key is due
 * 48 h before, the next token two minutes before. Where the end is not known
 * neither is the moment to act, and the state is expired.
 */
void
till_ending_init (TillEnding     *self,
                  TillEndingKind  kind,
                  gint64          from,
                  gint64          until,
                  gint64          now)
{
  g_return_if_fail (self != NULL);

  self->kind = kind;
  self->from = from;
  self->until = until;
  self->act_by = get_act_by (self);
  self->state = get_state (self, now);
}

/* What is not known comes last. */
static int
compare_times (gint64 a,
               gint64 b)
{
  if (a == TILL_TIME_INVALID || b == TILL_TIME_INVALID)
    return (a == TILL_TIME_INVALID) - (b == TILL_TIME_INVALID);

  return (a > b) - (a < b);
}

/**
 * till_ending_compare:
 * @a: an ending
 * @b: another one
 *
 * The order of lists: what is to be acted on first comes first, what has no
 * known end comes last.
 *
 * Returns: below, at or above zero, as for strcmp()
 */
int
till_ending_compare (const TillEnding *a,
                     const TillEnding *b)
{
  int order;

  g_return_val_if_fail (a != NULL && b != NULL, 0);

  order = compare_times (a->act_by, b->act_by);

  return order != 0 ? order : compare_times (a->until, b->until);
}

/**
 * till_ending_kind_to_word:
 * @kind: what ends
 *
 * Returns: (transfer none): its stable word
 */
const char *
till_ending_kind_to_word (TillEndingKind kind)
{
  switch (kind)
    {
    case TILL_ENDING_WALLET:
      return "wallet";
    case TILL_ENDING_UPLOAD:
      return "upload";
    case TILL_ENDING_KEY:
      return "key";
    case TILL_ENDING_TOKEN:
      return "token";
    case TILL_ENDING_DEVICE:
      return "device";
    case TILL_ENDING_FILE:
    default:
      return "file";
    }
}
