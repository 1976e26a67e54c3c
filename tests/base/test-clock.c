/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The clock: of the system, and one that tests set. */
#include "config.h"

#include "till-clock.h"

#include <time.h>

static void
test_system (void)
{
  g_autoptr(TillClock) clock = till_clock_new_system ();
  gint64 before = g_get_real_time () / G_USEC_PER_SEC;
  gint64 now = till_clock_get_now (clock);
  gint64 after = g_get_real_time () / G_USEC_PER_SEC;
  struct timespec boot;

  g_assert_cmpint (before, <=, now);
  g_assert_cmpint (now, <=, after);

  g_assert_cmpint (clock_gettime (CLOCK_BOOTTIME, &boot), ==, 0);
  g_assert_cmpint (till_clock_get_boot (clock), >=, boot.tv_sec);
  g_assert_cmpint (till_clock_get_boot (clock), <=, boot.tv_sec + 60);
}

static void
test_fixed (void)
{
  g_autoptr(TillClock) clock = till_clock_new_fixed (-5);
  gint64 boot = till_clock_get_boot (clock);

  g_assert_cmpint (till_clock_get_now (clock), ==, -5);

  till_clock_advance (clock, 300);
  g_assert_cmpint (till_clock_get_now (clock), ==, 295);
  g_assert_cmpint (till_clock_get_boot (clock), ==, boot + 300);

  /* Somebody puts the clock right: no time has passed. */
  till_clock_set (clock, G_GINT64_CONSTANT (253402300799));
  g_assert_cmpint (till_clock_get_now (clock), ==, G_GINT64_CONSTANT (253402300799));
  g_assert_cmpint (till_clock_get_boot (clock), ==, boot + 300);
  till_clock_set (clock, 0);
  g_assert_cmpint (till_clock_get_now (clock), ==, 0);
  g_assert_cmpint (till_clock_get_boot (clock), ==, boot + 300);

  till_clock_advance (clock, 0);
  g_assert_cmpint (till_clock_get_boot (clock), ==, boot + 300);
}

static void
test_misuse (void)
{
  g_autoptr(TillClock) fixed = till_clock_new_fixed (100);
  g_autoptr(TillClock) clock = till_clock_new_system ();

  g_test_expect_message (NULL, G_LOG_LEVEL_CRITICAL, "*seconds >= 0*");
  till_clock_advance (fixed, -1);
  g_test_expect_message (NULL, G_LOG_LEVEL_CRITICAL, "*fixed*");
  till_clock_set (clock, 1);
  g_test_expect_message (NULL, G_LOG_LEVEL_CRITICAL, "*fixed*");
  till_clock_advance (clock, 1);
  g_test_assert_expected_messages ();

  g_assert_cmpint (till_clock_get_now (fixed), ==, 100);
}

static gpointer
advance_thread (gpointer data)
{
  TillClock *clock = till_clock_ref (data);

  for (int i = 0; i < 10000; i++)
    till_clock_advance (clock, 1);
  till_clock_unref (clock);

  return NULL;
}

static void
test_threads (void)
{
  g_autoptr(TillClock) clock = till_clock_new_fixed (0);
  GThread *threads[4];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("advance", advance_thread, clock);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);

  g_assert_cmpint (till_clock_get_now (clock), ==, 40000);
  g_assert_cmpint (till_clock_get_boot (clock), ==, 40000);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/clock/system", test_system);
  g_test_add_func ("/clock/fixed", test_fixed);
  g_test_add_func ("/clock/misuse", test_misuse);
  g_test_add_func ("/clock/threads", test_threads);

  return g_test_run ();
}
