/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Set-up codes: what is taken, how often, how long (RELIABILITY.md G20, 5.3). */
#include "config.h"

#include <string.h>

#include "till-setup-code.h"

#define START 1800000000
#define CODES 1000000
#define EVENTS 1000000

static TillSecret *
copy_text (const TillSetupCode *code)
{
  const TillSecret *text = till_setup_code_get_text (code);

  return till_secret_new_copy (till_secret_get_data (text), till_secret_get_size (text));
}

static TillTry
try_once (TillSetupCode    *code,
          const TillSecret *entered)
{
  if (!till_setup_code_begin_try (code))
    return TILL_TRY_REFUSED;

  return till_setup_code_end_try (code, entered, TRUE);
}

static void
test_once (void)
{
  g_autoptr(TillClock) clock = till_clock_new_fixed (START);
  g_autoptr(TillSetupCode) code = till_setup_code_new (clock, 0);
  g_autoptr(TillSecret) right = copy_text (code);

  g_assert_cmpint (till_setup_code_get_state (code), ==, TILL_SETUP_CODE_ALIVE);
  g_assert_cmpint (till_setup_code_get_expires_at (code), ==, START + 300);
  g_assert_cmpuint (till_setup_code_get_seconds_left (code), ==, 300);
  g_assert_cmpint (try_once (code, right), ==, TILL_TRY_RIGHT);
  g_assert_cmpint (till_setup_code_get_state (code), ==, TILL_SETUP_CODE_USED);
  g_assert_cmpint (try_once (code, right), ==, TILL_TRY_REFUSED);
  g_assert_cmpuint (till_setup_code_get_seconds_left (code), ==, 0);
}

static void
test_expiry (void)
{
  g_autoptr(TillClock) clock = till_clock_new_fixed (START);
  g_autoptr(TillSetupCode) code = till_setup_code_new (clock, 0);
  g_autoptr(TillSetupCode) late = till_setup_code_new (clock, 0);
  g_autoptr(TillSecret) right = copy_text (code);
  g_autoptr(TillSecret) late_right = copy_text (late);

  /* A try that was begun in time and ends too late is refused. */
  g_assert_true (till_setup_code_begin_try (late));
  till_clock_advance (clock, 299);
  g_assert_cmpuint (till_setup_code_get_seconds_left (code), ==, 1);
  g_assert_cmpint (try_once (code, right), ==, TILL_TRY_RIGHT);
  till_clock_advance (clock, 1);
  g_assert_cmpint (till_setup_code_end_try (late, late_right, TRUE), ==, TILL_TRY_REFUSED);
  g_assert_cmpint (till_setup_code_get_state (late), ==, TILL_SETUP_CODE_EXPIRED);

  /* Wall time that is set back brings nothing back. */
  till_clock_set (clock, START);
  g_assert_cmpint (try_once (late, late_right), ==, TILL_TRY_REFUSED);
}

static void
test_dead (void)
{
  g_autoptr(TillClock) clock = till_clock_new_fixed (START);
  g_autoptr(TillSetupCode) code = till_setup_code_new (clock, 2);
  g_autoptr(TillSetupCode) dead = till_setup_code_new (clock, 5);
  g_autoptr(TillSetupCode) withdrawn = till_setup_code_new (clock, 0);
  g_autoptr(TillSecret) right = copy_text (code);
  g_autoptr(TillSecret) wrong = till_secret_new_copy ("????????", 8);

  g_assert_cmpint (till_setup_code_get_state (dead), ==, TILL_SETUP_CODE_DEAD);
  for (guint i = 3; i <= 5; i++)
    {
      g_assert_cmpint (till_setup_code_get_state (code), ==, TILL_SETUP_CODE_ALIVE);
      g_assert_cmpint (try_once (code, wrong), ==, TILL_TRY_WRONG);
      g_assert_cmpuint (till_setup_code_get_tries (code), ==, i);
    }
  g_assert_cmpint (till_setup_code_get_state (code), ==, TILL_SETUP_CODE_DEAD);
  g_assert_cmpint (try_once (code, right), ==, TILL_TRY_REFUSED);

  till_setup_code_withdraw (withdrawn);
  g_assert_cmpint (till_setup_code_get_state (withdrawn), ==, TILL_SETUP_CODE_WITHDRAWN);
  till_setup_code_withdraw (code);
  g_assert_cmpint (till_setup_code_get_state (code), ==, TILL_SETUP_CODE_DEAD);
}

/* The right code for a request that can't be met costs nothing. */
static void
test_kept (void)
{
  g_autoptr(TillClock) clock = till_clock_new_fixed (START);
  g_autoptr(TillSetupCode) code = till_setup_code_new (clock, 4);
  g_autoptr(TillSecret) right = copy_text (code);

  for (guint i = 0; i < 20; i++)
    {
      g_assert_true (till_setup_code_begin_try (code));
      g_assert_cmpint (till_setup_code_end_try (code, right, FALSE), ==, TILL_TRY_RIGHT);
    }
  g_assert_true (till_setup_code_begin_try (code));
  till_setup_code_drop_try (code);
  g_assert_cmpuint (till_setup_code_get_tries (code), ==, 4);
  g_assert_cmpint (try_once (code, right), ==, TILL_TRY_RIGHT);
}

static void
test_normalise (void)
{
  static const struct
  {
    const char *text;
    gssize      size;
    const char *expected;      /* (nullable) */
  } cases[] = {
    { "8QW1YS1D", -1, "8QW1YS1D" },
    { "8qw1-ys1d", -1, "8QW1YS1D" },
    { "8QWIYSLD", -1, "8QW1YS1D" },
    { " 8Q W1 – ys1d ", -1, "8QW1YS1D" },
    { "oOiIlLoO", -1, "00111100" },
    { "8QW1YS1U", -1, "8QW1YS1U" },
    { "8QW1YS1", -1, NULL },
    { "8QW1YS1DD", -1, NULL },
    { "", -1, NULL },
    { "        ", -1, NULL },
    { "8QW1YS1D\0junk", 13, NULL },
    { "8QW1\nYS1D", -1, NULL },
    { "8QW1YS1\xff", -1, NULL },
    { "\xd0\x90\xd0\x92\xd0\xa1\xd0\x95\xd0\x9d\xd0\x9a\xd0\x9c\xd0\xa0", -1, "????????" },
    { "８ＱＷ１ＹＳ１Ｄ", -1, "????????" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize size = cases[i].size < 0 ? strlen (cases[i].text) : (gsize) cases[i].size;
      g_autoptr(TillSecret) secret = till_setup_code_normalise (cases[i].text, size);

      g_assert_cmpint (secret != NULL, ==, cases[i].expected != NULL);
      if (secret != NULL)
        g_assert_cmpmem (till_secret_get_data (secret), till_secret_get_size (secret), cases[i].expected, 8);
    }
}

/* Forty bits, every character as likely as every other. */
static void
test_random (void)
{
  static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  g_autoptr(TillClock) clock = till_clock_new_fixed (START);
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  guint64 counts[8][32] = { 0 };
  guint duplicates = 0;

  for (guint i = 0; i < CODES; i++)
    {
      g_autoptr(TillSetupCode) code = till_setup_code_new (clock, 0);
      const guint8 *text = till_secret_get_data (till_setup_code_get_text (code));
      gint64 *key = g_new (gint64, 1);

      for (guint n = 0; n < 8; n++)
        {
          const char *at = strchr (alphabet, text[n]);

          g_assert_nonnull (at);
          counts[n][at - alphabet]++;
        }
      memcpy (key, text, 8);
      duplicates += !g_hash_table_add (seen, key);
    }

  /* Chance alone gives 0.45. */
  g_assert_cmpuint (duplicates, <=, 4);

  /* χ² with 31 degrees of freedom is above 75 once in 50,000 times; eight places. */
  for (guint n = 0; n < 8; n++)
    {
      double expected = CODES / 32.0;
      double sum = 0;

      for (guint c = 0; c < 32; c++)
        sum += (counts[n][c] - expected) * (counts[n][c] - expected) / expected;
      g_assert_cmpfloat (sum, <, 75);
    }
}

/* One code of the property test, with what is known of it from outside. */
typedef struct
{
  TillSetupCode *code;
  TillSecret    *right;
  gint64         ends_at;      /* boot time */
  guint          begun[2];     /* tries under way: with a wrong code, with the right one */
  guint          successes;
  guint          wrong;        /* compared and wrong, all restarts of the same code together */
  gboolean       over;
} Model;

static void
model_begin (Model     *model,
             TillClock *clock,
             guint      tries)
{
  g_clear_pointer (&model->code, till_setup_code_unref);
  g_clear_pointer (&model->right, till_secret_unref);
  memset (model, 0, sizeof *model);
  model->code = till_setup_code_new (clock, tries);
  model->right = copy_text (model->code);
  model->ends_at = till_clock_get_boot (clock) + TILL_SETUP_CODE_SECONDS;
  model->wrong = tries;
  model->over = tries >= TILL_SETUP_CODE_TRIES;
}

static void
model_end_try (Model            *model,
               TillClock        *clock,
               const TillSecret *wrong,
               gboolean          right)
{
  gboolean alive = !model->over && till_clock_get_boot (clock) < model->ends_at;
  TillTry outcome = till_setup_code_end_try (model->code, right ? model->right : wrong, TRUE);

  model->begun[right]--;
  g_assert_cmpint (outcome, ==, !alive ? TILL_TRY_REFUSED : right ? TILL_TRY_RIGHT : TILL_TRY_WRONG);
  model->successes += outcome == TILL_TRY_RIGHT;
  model->wrong += outcome == TILL_TRY_WRONG;
  model->over |= outcome == TILL_TRY_RIGHT || model->wrong >= TILL_SETUP_CODE_TRIES || !alive;

  g_assert_cmpuint (model->successes, <=, 1);
  g_assert_cmpuint (model->wrong, <=, TILL_SETUP_CODE_TRIES);
}

/* Tries that overlap, sleep, restarts, new codes, in any order. */
static void
test_orders (void)
{
  g_autoptr(TillClock) clock = till_clock_new_fixed (START);
  g_autoptr(TillSecret) wrong = till_secret_new_copy ("!!!!!!!!", 8);
  Model model = { 0 };
  guint taken = 0;

  model_begin (&model, clock, 0);
  for (guint i = 0; i < EVENTS; i++)
    {
      int event = g_test_rand_int_range (0, 100);
      gboolean right = g_test_rand_int_range (0, 6) == 0;

      if (event < 40)
        {
          guint under_way = model.begun[0] + model.begun[1];
          gboolean alive = !model.over && till_clock_get_boot (clock) < model.ends_at;

          if (till_setup_code_begin_try (model.code))
            model.begun[right]++;
          g_assert_cmpuint (model.begun[0] + model.begun[1] - under_way, ==,
                            alive && under_way + model.wrong < TILL_SETUP_CODE_TRIES);
        }
      else if (event < 80)
        {
          if (model.begun[right] > 0)
            {
              guint before = model.successes;

              model_end_try (&model, clock, wrong, right);
              taken += model.successes - before;
            }
        }
      else if (event < 90)
        {
          till_clock_advance (clock, g_test_rand_int_range (0, 60));
        }
      else if (event < 92)
        {
          till_clock_advance (clock, g_test_rand_int_range (250, 350));
        }
      else if (event < 94)
        {
          till_setup_code_withdraw (model.code);
          model.over = TRUE;
        }
      else if (event < 97)
        {
          /* A restart: tries under way are lost, and count. */
          model_begin (&model, clock, till_setup_code_get_tries (model.code));
        }
      else
        {
          model_begin (&model, clock, 0);
        }
    }

  g_assert_cmpuint (taken, >, EVENTS / 1000);
  till_setup_code_unref (model.code);
  till_secret_unref (model.right);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/setup-code/once", test_once);
  g_test_add_func ("/setup-code/expiry", test_expiry);
  g_test_add_func ("/setup-code/dead", test_dead);
  g_test_add_func ("/setup-code/kept", test_kept);
  g_test_add_func ("/setup-code/normalise", test_normalise);
  g_test_add_func ("/setup-code/random", test_random);
  g_test_add_func ("/setup-code/orders", test_orders);

  return g_test_run ();
}
