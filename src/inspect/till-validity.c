/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a moment lies in a validity, and when to act (RELIABILITY.md G32). */
#include "config.h"

#include "till-certificate.h"

#define DAY G_GINT64_CONSTANT (86400)

#define SHORT_LIFE   (10 * DAY)
#define LONGEST_SOON (60 * DAY)
#define SHORTEST_SOON (7 * DAY)
#define ACT          (7 * DAY)

/* Seconds between two moments, of which either may be as far away as can be. */
static gint64
span (gint64 from,
      gint64 to)
{
  gint64 length;

  return __builtin_sub_overflow (to, from, &length) ? (to > from ? G_MAXINT64 : G_MININT64) : length;
}

/**
 * till_validity_get_state:
 * @not_before: the first moment
 * @not_after: the last moment; it still counts (RFC 5280 4.1.2.5)
 * @now: the moment in question
 *
 * One that has not begun yet has all its life left. Where the times make no
 * sense the certificate is of no use and counts as expired.
 *
 * Returns: the state
 */
TillValidityState
till_validity_get_state (gint64 not_before,
                         gint64 not_after,
                         gint64 now)
{
  gint64 life;
  gint64 left;
  gint64 soon;
  gint64 act;

  if (not_before == TILL_TIME_INVALID || not_after == TILL_TIME_INVALID || now > not_after)
    return TILL_VALIDITY_EXPIRED;

  life = span (not_before, not_after);
  if (life < 0)
    return TILL_VALIDITY_EXPIRED;

  left = span (now, not_after);

  if (life < SHORT_LIFE)
    {
      soon = life / 2;
      act = life / 4;
    }
  else
    {
      soon = CLAMP (life / 3, SHORTEST_SOON, LONGEST_SOON);
      act = ACT;
    }

  if (left <= act)
    return TILL_VALIDITY_ACT;

  return left <= soon ? TILL_VALIDITY_SOON : TILL_VALIDITY_FINE;
}

/**
 * till_validity_state_to_word:
 * @state: a state
 *
 * Returns: (transfer none): its stable word (CLI.md)
 */
const char *
till_validity_state_to_word (TillValidityState state)
{
  switch (state)
    {
    case TILL_VALIDITY_FINE:
      return "fine";
    case TILL_VALIDITY_SOON:
      return "soon";
    case TILL_VALIDITY_ACT:
      return "act";
    case TILL_VALIDITY_EXPIRED:
    default:
      return "expired";
    }
}
