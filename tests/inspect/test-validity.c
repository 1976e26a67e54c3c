/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fine, soon, act, expired: where a moment lies in a validity. */
#include "config.h"

#include "till-certificate.h"

#define DAY (G_GINT64_CONSTANT (86400))

static void
assert_state (gint64             not_before,
              gint64             not_after,
              gint64             now,
              TillValidityState  wanted)
{
  g_assert_cmpstr (till_validity_state_to_word (till_validity_get_state (not_before, not_after, now)), ==,
                   till_validity_state_to_word (wanted));
}

/* At each border, and a second to either side. @left: how much is left at the border. */
static void
assert_border (gint64             life,
               gint64             left,
               TillValidityState  before,
               TillValidityState  from)
{
  const gint64 begin = 1700000000;
  const gint64 end = begin + life;

  assert_state (begin, end, end - left - 1, before);
  assert_state (begin, end, end - left, from);
  assert_state (begin, end, end - left + 1, from);
}

static void
test_borders (void)
{
  static const struct
  {
    gint64 life;
    gint64 soon;
    gint64 act;
  } cases[] = {
    { 825 * DAY, 60 * DAY, 7 * DAY },
    { 365 * DAY, 60 * DAY, 7 * DAY },
    { 180 * DAY, 60 * DAY, 7 * DAY },
    { 179 * DAY, 179 * DAY / 3, 7 * DAY },
    { 90 * DAY, 30 * DAY, 7 * DAY },
    { 47 * DAY, 47 * DAY / 3, 7 * DAY },
    { 22 * DAY, 22 * DAY / 3, 7 * DAY },
    { 10 * DAY - 1, (10 * DAY - 1) / 2, (10 * DAY - 1) / 4 },
    { 7 * DAY, 7 * DAY / 2, 7 * DAY / 4 },
    { 24 * 3600, 12 * 3600, 6 * 3600 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      assert_border (cases[i].life, cases[i].soon, TILL_VALIDITY_FINE, TILL_VALIDITY_SOON);
      assert_border (cases[i].life, cases[i].act, TILL_VALIDITY_SOON, TILL_VALIDITY_ACT);
      assert_border (cases[i].life, -1, TILL_VALIDITY_ACT, TILL_VALIDITY_EXPIRED);
    }

  /* A third of 21 days is 7 days: soon and act begin together. */
  assert_border (21 * DAY, 7 * DAY, TILL_VALIDITY_FINE, TILL_VALIDITY_ACT);
  assert_border (10 * DAY, 7 * DAY, TILL_VALIDITY_FINE, TILL_VALIDITY_ACT);
}

static void
test_extremes (void)
{
  assert_state (0, TILL_TIME_NEVER, 1700000000, TILL_VALIDITY_FINE);
  assert_state (-631152000, TILL_TIME_NEVER, -700000000, TILL_VALIDITY_FINE);
  assert_state (1700000000, 1731536000, 1600000000, TILL_VALIDITY_FINE);
  assert_state (1700000000, 1700000000, 1700000000, TILL_VALIDITY_ACT);
  assert_state (1700000000, 1700000000, 1700000001, TILL_VALIDITY_EXPIRED);
  assert_state (1700000001, 1700000000, 1600000000, TILL_VALIDITY_EXPIRED);
  assert_state (TILL_TIME_INVALID, 1800000000, 1700000000, TILL_VALIDITY_EXPIRED);
  assert_state (1700000000, TILL_TIME_INVALID, 1600000000, TILL_VALIDITY_EXPIRED);
  assert_state (G_MININT64 + 1, G_MAXINT64, 0, TILL_VALIDITY_FINE);
  assert_state (G_MININT64 + 1, G_MAXINT64, G_MININT64, TILL_VALIDITY_FINE);
  assert_state (0, G_MAXINT64, G_MAXINT64, TILL_VALIDITY_ACT);
}

static void
test_words (void)
{
  g_assert_cmpstr (till_validity_state_to_word (TILL_VALIDITY_FINE), ==, "fine");
  g_assert_cmpstr (till_validity_state_to_word (TILL_VALIDITY_SOON), ==, "soon");
  g_assert_cmpstr (till_validity_state_to_word (TILL_VALIDITY_ACT), ==, "act");
  g_assert_cmpstr (till_validity_state_to_word (TILL_VALIDITY_EXPIRED), ==, "expired");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/validity/borders", test_borders);
  g_test_add_func ("/validity/extremes", test_extremes);
  g_test_add_func ("/validity/words", test_words);

  return g_test_run ();
}
