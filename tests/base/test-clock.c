/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The clock: of the system, and one that tests set. */
#include "config.h"

#include "till-clock.h"

#include <time.h>

#include "till-clock-watch.h"

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

typedef struct
{
  guint  count;
  gint64 seconds;
} Jumps;

static void
jumped_cb (gint64   seconds,
           gpointer user_data)
{
  Jumps *jumps = user_data;

  jumps->count++;
  jumps->seconds = seconds;
}

static void
test_jump (void)
{
  static const gint64 wild[] = { 0, G_GINT64_CONSTANT (2208988800), G_GINT64_CONSTANT (253402300799), G_MAXINT64,
                                 G_MININT64, G_MAXINT64, 0 };
  g_autoptr(TillClock) clock = till_clock_new_fixed (1795348800);
  Jumps jumps = { 0 };
  g_autoptr(TillClockWatch) watch = till_clock_watch_new (clock, jumped_cb, &jumps);

  /* Time that passes, asleep or awake, is no jump; nor is a clock that is kept right. */
  till_clock_watch_check (watch);
  till_clock_advance (clock, 3 * 86400);
  till_clock_watch_check (watch);
  for (int i = 0; i < 20; i++)
    {
      till_clock_set (clock, till_clock_get_now (clock) + TILL_CLOCK_JUMP_SECONDS - 1);
      till_clock_watch_check (watch);
    }
  g_assert_cmpuint (jumps.count, ==, 0);

  /* One is told once, however much passes beside it. */
  till_clock_set (clock, till_clock_get_now (clock) - 86400);
  till_clock_advance (clock, 100);
  till_clock_watch_check (watch);
  till_clock_watch_check (watch);
  g_assert_cmpuint (jumps.count, ==, 1);
  g_assert_cmpint (jumps.seconds, ==, -86400);
  till_clock_set (clock, till_clock_get_now (clock) + TILL_CLOCK_JUMP_SECONDS);
  till_clock_watch_check (watch);
  g_assert_cmpuint (jumps.count, ==, 2);
  g_assert_cmpint (jumps.seconds, ==, TILL_CLOCK_JUMP_SECONDS);

  for (gsize i = 0; i < G_N_ELEMENTS (wild); i++)
    {
      till_clock_set (clock, wild[i]);
      till_clock_watch_check (watch);
      g_assert_cmpuint (jumps.count, ==, 3 + i);
      g_assert_true (jumps.seconds != 0);
    }
}

static guint
count_timers (void)
{
  g_autoptr(GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  const char *name;
  guint count = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/fd", name, NULL);
      g_autofree char *target = g_file_read_link (path, NULL);

      count += g_strcmp0 (target, "anon_inode:[timerfd]") == 0;
    }

  return count;
}

/* The system's clock can't be set here; but that it is listened to, and nothing is told for nothing, can be seen. */
static void
test_watch_system (void)
{
  g_autoptr(TillClock) clock = till_clock_new_system ();
  Jumps jumps = { 0 };
  TillClockWatch *watch;
  guint before = count_timers ();

  g_assert_true (till_clock_is_system (clock));
  watch = till_clock_watch_new (clock, jumped_cb, &jumps);
  g_assert_cmpuint (count_timers (), ==, before + 1);

  till_clock_watch_check (watch);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (jumps.count, ==, 0);

  till_clock_watch_free (watch);
  g_assert_cmpuint (count_timers (), ==, before);
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
  g_test_add_func ("/clock/jump", test_jump);
  g_test_add_func ("/clock/watch-system", test_watch_system);

  return g_test_run ();
}
