/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When to act on what ends: table by kind, and times as far away as can be. */
#include "config.h"

#include "till-ending.h"

#include <time.h>

#define HOUR G_GINT64_CONSTANT (3600)
#define DAY  (24 * HOUR)

/* Ends at 1000 days after 1970. */
#define END (1000 * DAY)

typedef struct
{
  TillEndingKind    kind;
  gint64            life;           /* -1: the beginning is not known */
  gint64            left;
  gint64            act_before;     /* how long before the end to have acted */
  TillValidityState state;
} Row;

static const Row rows[] = {
  /* Certificates: by their end; states as till_validity_get_state() has them. */
  { TILL_ENDING_WALLET, 365 * DAY, 60 * DAY + 1, 0, TILL_VALIDITY_FINE },
  { TILL_ENDING_WALLET, 365 * DAY, 60 * DAY, 0, TILL_VALIDITY_SOON },
  { TILL_ENDING_WALLET, 365 * DAY, 7 * DAY + 1, 0, TILL_VALIDITY_SOON },
  { TILL_ENDING_WALLET, 365 * DAY, 7 * DAY, 0, TILL_VALIDITY_ACT },
  { TILL_ENDING_WALLET, 365 * DAY, 0, 0, TILL_VALIDITY_ACT },
  { TILL_ENDING_WALLET, 365 * DAY, -1, 0, TILL_VALIDITY_EXPIRED },
  { TILL_ENDING_UPLOAD, 90 * DAY, 30 * DAY, 0, TILL_VALIDITY_SOON },
  { TILL_ENDING_FILE, 90 * DAY, 31 * DAY, 0, TILL_VALIDITY_FINE },
  { TILL_ENDING_DEVICE, 4 * DAY, 1 * DAY, 0, TILL_VALIDITY_ACT },
  /* The beginning is not known: no reason to call it expired. */
  { TILL_ENDING_WALLET, -1, 61 * DAY, 0, TILL_VALIDITY_FINE },
  { TILL_ENDING_WALLET, -1, 60 * DAY, 0, TILL_VALIDITY_SOON },
  { TILL_ENDING_WALLET, -1, 7 * DAY, 0, TILL_VALIDITY_ACT },
  { TILL_ENDING_WALLET, -1, -1, 0, TILL_VALIDITY_EXPIRED },
  /* Keys: 48 h before, first said at 72 h. */
  { TILL_ENDING_KEY, 20 * DAY, 72 * HOUR + 1, 48 * HOUR, TILL_VALIDITY_FINE },
  { TILL_ENDING_KEY, 20 * DAY, 72 * HOUR, 48 * HOUR, TILL_VALIDITY_SOON },
  { TILL_ENDING_KEY, 20 * DAY, 48 * HOUR + 1, 48 * HOUR, TILL_VALIDITY_SOON },
  { TILL_ENDING_KEY, 20 * DAY, 48 * HOUR, 48 * HOUR, TILL_VALIDITY_ACT },
  { TILL_ENDING_KEY, 20 * DAY, 0, 48 * HOUR, TILL_VALIDITY_ACT },
  { TILL_ENDING_KEY, 20 * DAY, -1, 48 * HOUR, TILL_VALIDITY_EXPIRED },
  { TILL_ENDING_KEY, -1, 48 * HOUR, 48 * HOUR, TILL_VALIDITY_ACT },
  /* A shorter life: from its beginning, not before. */
  { TILL_ENDING_KEY, 30 * HOUR, 30 * HOUR, 30 * HOUR, TILL_VALIDITY_ACT },
  { TILL_ENDING_KEY, 30 * HOUR, 31 * HOUR, 30 * HOUR, TILL_VALIDITY_SOON },
  { TILL_ENDING_KEY, 30 * HOUR, 73 * HOUR, 30 * HOUR, TILL_VALIDITY_FINE },
  /* Tokens: two minutes before, said five minutes before. */
  { TILL_ENDING_TOKEN, 1800, 301, 120, TILL_VALIDITY_FINE },
  { TILL_ENDING_TOKEN, 1800, 300, 120, TILL_VALIDITY_SOON },
  { TILL_ENDING_TOKEN, 1800, 121, 120, TILL_VALIDITY_SOON },
  { TILL_ENDING_TOKEN, 1800, 120, 120, TILL_VALIDITY_ACT },
  { TILL_ENDING_TOKEN, 1800, 0, 120, TILL_VALIDITY_ACT },
  { TILL_ENDING_TOKEN, 1800, -1, 120, TILL_VALIDITY_EXPIRED },
  { TILL_ENDING_TOKEN, -1, 120, 120, TILL_VALIDITY_ACT },
  { TILL_ENDING_TOKEN, 240, 120, 120, TILL_VALIDITY_ACT },
  { TILL_ENDING_TOKEN, 100, 51, 50, TILL_VALIDITY_SOON },
  { TILL_ENDING_TOKEN, 100, 50, 50, TILL_VALIDITY_ACT },
  { TILL_ENDING_TOKEN, 1, 0, 0, TILL_VALIDITY_ACT },
};

static void
test_table (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const Row *row = &rows[i];
      gint64 from = row->life < 0 ? TILL_TIME_INVALID : END - row->life;
      TillEnding ending;

      g_test_message ("row %" G_GSIZE_FORMAT, i);
      till_ending_init (&ending, row->kind, from, END, END - row->left);
      g_assert_cmpint (ending.kind, ==, row->kind);
      g_assert_cmpint (ending.from, ==, from);
      g_assert_cmpint (ending.until, ==, END);
      g_assert_cmpint (ending.act_by, ==, END - row->act_before);
      g_assert_cmpint (ending.state, ==, row->state);
    }
}

static const TillEndingKind kinds[] = {
  TILL_ENDING_WALLET, TILL_ENDING_UPLOAD, TILL_ENDING_FILE, TILL_ENDING_KEY, TILL_ENDING_TOKEN, TILL_ENDING_DEVICE,
};

/* No known end: no moment to act, and of no use. No end at all: never, and fine. */
static void
test_unknown_and_never (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      TillEnding ending;

      till_ending_init (&ending, kinds[i], 0, TILL_TIME_INVALID, 1000);
      g_assert_cmpint (ending.act_by, ==, TILL_TIME_INVALID);
      g_assert_cmpint (ending.state, ==, TILL_VALIDITY_EXPIRED);

      till_ending_init (&ending, kinds[i], TILL_TIME_INVALID, TILL_TIME_INVALID, 1000);
      g_assert_cmpint (ending.act_by, ==, TILL_TIME_INVALID);
      g_assert_cmpint (ending.state, ==, TILL_VALIDITY_EXPIRED);

      till_ending_init (&ending, kinds[i], 0, TILL_TIME_NEVER, 1000);
      g_assert_cmpint (ending.act_by, ==, TILL_TIME_NEVER);
      g_assert_cmpint (ending.state, ==, TILL_VALIDITY_FINE);
    }
}

/* RELIABILITY.md 5.2, row 49 */
static void
test_end_before_beginning (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      TillEnding ending;

      till_ending_init (&ending, kinds[i], END + DAY, END, END - 10 * DAY);
      g_assert_cmpint (ending.act_by, ==, END);
      g_assert_cmpint (ending.state, ==, TILL_VALIDITY_EXPIRED);
    }
}

static void
test_extremes (void)
{
  static const gint64 times[] = {
    G_MININT64, G_MININT64 + 1, G_MININT64 + 100, -1, 0, 1, TILL_TIME_NEVER - 1, TILL_TIME_NEVER, TILL_TIME_NEVER + 1,
    G_MAXINT64 - 100, G_MAXINT64,
  };
  const gsize n = G_N_ELEMENTS (times);

  for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
    for (gsize i = 0; i < n * n * n; i++)
      {
        gint64 from = times[i / n / n], until = times[i / n % n], now = times[i % n];
        TillEnding ending;

        till_ending_init (&ending, kinds[k], from, until, now);
        g_assert_cmpint (ending.act_by, <=, until);
        g_assert_cmpint (ending.act_by == TILL_TIME_INVALID, ==, until == TILL_TIME_INVALID);
        if (from <= until && until != TILL_TIME_NEVER)
          g_assert_cmpint (ending.act_by, >=, from);
        if (now > until)
          g_assert_cmpint (ending.state, ==, TILL_VALIDITY_EXPIRED);
      }
}

/* Nothing gets better by waiting. */
static void
test_states_follow (void)
{
  for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
    for (int round = 0; round < 300; round++)
      {
        gint64 life = g_test_rand_int_range (0, kinds[k] == TILL_ENDING_TOKEN ? 2000 : 400 * (gint32) DAY / 4);
        TillValidityState before = TILL_VALIDITY_FINE;

        for (int step = 0; step <= 102; step++)
          {
            TillEnding ending;

            till_ending_init (&ending, kinds[k], END - life, END, END - life + life * step / 100 + (step > 100));
            g_assert_cmpint (ending.state, >=, before);
            before = ending.state;
          }

        g_assert_cmpint (before, ==, TILL_VALIDITY_EXPIRED);
      }
}

static TillEnding
make (TillEndingKind kind,
      gint64         until)
{
  TillEnding ending;

  till_ending_init (&ending, kind, 0, until, 0);

  return ending;
}

static void
test_compare (void)
{
  /* In this order: a key that ends later may have to be acted on sooner. */
  TillEnding sorted[] = {
    make (TILL_ENDING_WALLET, 5 * DAY), make (TILL_ENDING_KEY, 8 * DAY), make (TILL_ENDING_WALLET, 7 * DAY),
    make (TILL_ENDING_FILE, TILL_TIME_NEVER), make (TILL_ENDING_UPLOAD, TILL_TIME_INVALID),
  };
  TillEnding wallet = make (TILL_ENDING_WALLET, 6 * DAY);

  for (gsize i = 0; i < G_N_ELEMENTS (sorted); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (sorted); j++)
      g_assert_cmpint (CLAMP (till_ending_compare (&sorted[i], &sorted[j]), -1, 1), ==, (i > j) - (i < j));

  /* To be acted on at once: the one that ends sooner. */
  g_assert_cmpint (sorted[1].act_by, ==, wallet.act_by);
  g_assert_cmpint (till_ending_compare (&wallet, &sorted[1]), <, 0);
  g_assert_cmpint (till_ending_compare (&sorted[1], &wallet), >, 0);
}

static void
test_words (void)
{
  static const char * const words[] = { "wallet", "upload", "file", "key", "token", "device" };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    g_assert_cmpstr (till_ending_kind_to_word (kinds[i]), ==, words[i]);
}

/* Nights in which clocks are put forward or back, somewhere: Berlin, New York, Lord Howe (half an hour). In each zone
 * every hour has the state that it has in UTC, and each state begins once: nothing is missed and nothing comes twice. */
static void
test_zones (void)
{
  static const char *const zones[] = { "UTC0", "CET-1CEST,M3.5.0,M10.5.0/3", "EST5EDT,M3.2.0,M11.1.0",
                                       "LHST-10:30LHDT-11,M10.1.0,M4.1.0" };
  /* 2026-10-25, 2027-03-28, 2026-11-01, 2027-03-14, 2027-04-04: midnight of the day before, UTC. */
  static const gint64 nights[] = { 1792800000, 1806105600, 1793404800, 1804896000, 1806710400 };

  for (gsize night = 0; night < G_N_ELEMENTS (nights); night++)
    for (gsize kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
      {
        const gint64 until = nights[night] + 30 * HOUR;
        GArray *expected = g_array_new (FALSE, FALSE, sizeof (TillEnding));

        for (gsize zone = 0; zone < G_N_ELEMENTS (zones); zone++)
          {
            TillValidityState last = TILL_VALIDITY_FINE;
            guint changes = 0;
            guint i = 0;

            g_setenv ("TZ", zones[zone], TRUE);
            tzset ();
            for (gint64 now = until - 90 * DAY; now <= until + 3 * HOUR; now += HOUR, i++)
              {
                TillEnding ending;

                till_ending_init (&ending, kinds[kind], until - 365 * DAY, until, now);
                if (zone == 0)
                  g_array_append_val (expected, ending);
                g_assert_cmpint (ending.state, ==, g_array_index (expected, TillEnding, i).state);
                g_assert_cmpint (ending.act_by, ==, g_array_index (expected, TillEnding, i).act_by);
                changes += ending.state != last;
                last = ending.state;
              }
            g_assert_cmpint (last, ==, TILL_VALIDITY_EXPIRED);
            /* A token is spoken of for minutes only: between two hours nothing of that is seen. */
            g_assert_cmpuint (changes, ==, kinds[kind] == TILL_ENDING_TOKEN ? 2 : 3);
          }
        g_array_unref (expected);
      }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ending/table", test_table);
  g_test_add_func ("/ending/unknown-and-never", test_unknown_and_never);
  g_test_add_func ("/ending/end-before-beginning", test_end_before_beginning);
  g_test_add_func ("/ending/extremes", test_extremes);
  g_test_add_func ("/ending/states-follow", test_states_follow);
  g_test_add_func ("/ending/compare", test_compare);
  g_test_add_func ("/ending/words", test_words);
  g_test_add_func ("/ending/zones", test_zones);

  return g_test_run ();
}
