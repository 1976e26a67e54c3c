/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How both programs start: a hostile environment, core dumps, what is kept. */
#include "config.h"

#include "till-process.h"

#include <string.h>
#include <unistd.h>

#include "till-test.h"

#define HOSTILE \
  "SSLKEYLOGFILE=keys.log", "GNUTLS_DEBUG_LEVEL=9", "GNUTLS_SYSTEM_PRIORITY_FILE=prio", \
  "GNUTLS_CPUID_OVERRIDE=0x1", "GNUTLS_SKIP_FIPS_INTEGRITY_CHECKS=1", "GIO_EXTRA_MODULES=.", \
  "GIO_USE_TLS=dummy", "SOUP_SERVER_HTTP2=1", "G_TLS_GNUTLS_PRIORITY=NORMAL:+VERS-ALL", "SOUP_FORCE_HTTP1=0"

#define CLEAN \
  "SSLKEYLOGFILE=-\nGNUTLS_DEBUG_LEVEL=-\nGNUTLS_SYSTEM_PRIORITY_FILE=-\nGNUTLS_CPUID_OVERRIDE=-\n" \
  "GNUTLS_SKIP_FIPS_INTEGRITY_CHECKS=-\nGIO_EXTRA_MODULES=-\nGIO_USE_TLS=-\nSOUP_SERVER_HTTP2=-\n"

/* HTTP/2 only where libsoup can do it safely. */
#if TILL_HTTP2
#define HTTP1 "-"
#else
#define HTTP1 "1"
#endif

#define SET "G_TLS_GNUTLS_PRIORITY=" TILL_TLS_PRIORITY "\nSOUP_FORCE_HTTP1=" HTTP1 \
  "\nTILLKEEPER_STARTED=-\nHOME=/nowhere\n"

/* Runs the helper with exactly this environment. */
static TillTestRun *
run_helper (const char         *mode,
            const char         *what,
            const char * const *environment,
            const char         *folder)
{
  g_autofree char *helper = till_test_built ("base", "process-helper", NULL);
  const char *argv[] = { helper, mode, what, "", "two words", "*", NULL };
  TillTestRun *run = till_test_run (argv, environment, folder);

  return run;
}

static guint
count_starts (const TillTestRun *run)
{
  guint n = 0;

  for (const char *p = run->errors; (p = strstr (p, "loaded with")) != NULL; p++)
    n++;

  return n;
}

static void
test_hostile (void)
{
  const char * const environment[] = { HOSTILE, "HOME=/nowhere", NULL };
  g_autoptr(TillTestRun) run = run_helper ("start", "environment", environment, NULL);

  g_assert_cmpint (run->status, ==, 0);
  g_assert_cmpstr (run->output, ==, CLEAN "G_DEBUG=-\n" SET);

  /* What libraries saw when they were loaded: first that, then nothing. */
  g_assert_nonnull (strstr (run->errors, "loaded with keys.log\n"));
  g_assert_true (g_str_has_suffix (run->errors, "loaded with nothing\n"));
  g_assert_cmpuint (count_starts (run), ==, 2);
}

static void
test_clean (void)
{
  const char * const environment[] = { "HOME=/nowhere", NULL };
  g_autoptr(TillTestRun) run = run_helper ("start", "environment", environment, NULL);

  g_assert_cmpstr (run->output, ==, CLEAN "G_DEBUG=-\n" SET);
  g_assert_cmpuint (count_starts (run), ==, 1);
}

/* Each alone is enough to start again. */
static void
test_each (void)
{
  const char * const hostile[] = { HOSTILE };

  for (gsize i = 0; i < 8; i++)
    {
      const char *environment[] = { "HOME=/nowhere", hostile[i], NULL };
      g_autoptr(TillTestRun) run = run_helper ("start", "environment", environment, NULL);

      g_assert_cmpstr (run->output, ==, CLEAN "G_DEBUG=-\n" SET);
      g_assert_cmpuint (count_starts (run), ==, 2);
    }
}

static void
test_empty_values (void)
{
  const char * const environment[] = { "HOME=/nowhere", "SSLKEYLOGFILE=", "GNUTLS_DEBUG_LEVEL=", NULL };
  g_autoptr(TillTestRun) run = run_helper ("start", "environment", environment, NULL);

  g_assert_cmpstr (run->output, ==, CLEAN "G_DEBUG=-\n" SET);
}

/* G_DEBUG may make GLib stricter, as in all our tests, and nothing else. */
static void
test_glib_debug (void)
{
  static const struct
  {
    const char *given;
    const char *kept;
    guint       starts;
  } cases[] = {
    { "G_DEBUG=gc-friendly,fatal-criticals", "gc-friendly,fatal-criticals", 1 },
    { "G_DEBUG=fatal-warnings", "fatal-warnings", 1 },
    { "G_DEBUG=", "", 1 },
    { "G_DEBUG=all", "-", 2 },
    { "G_DEBUG=resident-modules:fatal-criticals", "fatal-criticals", 2 },
    { "G_DEBUG=help", "-", 2 },
  };

  if (TILL_DEVELOPMENT)
    {
      g_test_skip ("a development build leaves it alone");
      return;
    }

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *environment[] = { "HOME=/nowhere", cases[i].given, NULL };
      g_autofree char *expected = g_strconcat (CLEAN "G_DEBUG=", cases[i].kept, "\n" SET, NULL);
      g_autoptr(TillTestRun) run = run_helper ("start", "environment", environment, NULL);

      g_assert_cmpstr (run->output, ==, expected);
      g_assert_cmpuint (count_starts (run), ==, cases[i].starts);
    }
}

/* Whatever sets a variable again at each start: it ends, and is clean. */
static void
test_no_loop (void)
{
  const char * const environment[] = { "HOME=/nowhere", "HELPER_STUBBORN=1", NULL };
  g_autoptr(TillTestRun) run = run_helper ("start", "environment", environment, NULL);

  g_assert_cmpint (run->status, ==, 0);
  g_assert_cmpuint (count_starts (run), ==, 2);
  g_assert_cmpstr (run->output, ==, CLEAN "G_DEBUG=-\n" SET);
}

/* A word from elsewhere that there was a first start is not believed. */
static void
test_stale (void)
{
  const char * const environment[] = { "HOME=/nowhere", "SSLKEYLOGFILE=keys.log", "TILLKEEPER_STARTED=1", NULL };
  g_autoptr(TillTestRun) run = run_helper ("start", "environment", environment, NULL);

  g_assert_cmpuint (count_starts (run), ==, 2);
  g_assert_cmpstr (run->output, ==, CLEAN "G_DEBUG=-\n" SET);
}

static void
test_no_exec (void)
{
  const char * const environment[] = { HOSTILE, "HOME=/nowhere", "HELPER_NO_EXEC=1", NULL };
  g_autoptr(TillTestRun) run = run_helper ("start", "environment", environment, NULL);

  g_assert_cmpint (run->status, ==, 0);
  g_assert_cmpuint (count_starts (run), ==, 1);
  g_assert_cmpstr (run->output, ==, CLEAN "G_DEBUG=-\n" SET);
}

static void
check_process (const TillTestRun *run)
{
  g_autofree char *helper = till_test_built ("base", "process-helper", NULL);
  g_autofree char *expected = g_strdup_printf ("umask=077\nargv[0]=%s\nargv[1]=start\nargv[2]=process\n"
                                               "argv[3]=\nargv[4]=two words\nargv[5]=*\n", helper);

  g_assert_cmpint (run->status, ==, 0);
  g_assert_true (g_str_has_prefix (run->output, "name=process-helper\n"));
  g_assert_true (g_str_has_suffix (run->output, expected));
  if (!TILL_DEVELOPMENT)
    g_assert_nonnull (strstr (run->output, "\ncore=0/0\ndumpable=0\n"));
}

/* Arguments and the name stay as they were, also across the second start. */
static void
test_process (void)
{
  const char * const clean[] = { "HOME=/nowhere", NULL };
  const char * const hostile[] = { HOSTILE, NULL };
  g_autoptr(TillTestRun) once = run_helper ("start", "process", clean, NULL);
  g_autoptr(TillTestRun) again = run_helper ("start", "process", hostile, NULL);

  check_process (once);
  check_process (again);
  g_assert_cmpuint (count_starts (again), ==, 2);
}

/* A password comes on a descriptor: it must still be there. */
static void
test_descriptor (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *path = till_test_dir_write (dir, "password", "secret", 6);
  g_autofree char *helper = till_test_built ("base", "process-helper", NULL);
  const char *argv[] = { "sh", "-c", "exec \"$0\" start descriptor 5< \"$1\"", helper, path, NULL };
  const char * const environment[] = { HOSTILE, "PATH=/usr/bin:/bin", NULL };
  g_autoptr(TillTestRun) run = till_test_run (argv, environment, NULL);

  g_assert_cmpint (run->status, ==, 0);
  g_assert_cmpstr (run->output, ==, "read=secret\n");
}

/* RELIABILITY.md, finding 3: and the control shows that there was a danger. */
static void
test_key_log (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *log = till_test_dir_file (dir, "keys.log");
  const char * const environment[] = { "SSLKEYLOGFILE=keys.log", "GNUTLS_DEBUG_LEVEL=9", NULL };
  g_autoptr(TillTestRun) control = run_helper ("plain", "tls", environment, dir->path);
  g_autoptr(TillTestRun) run = NULL;
  g_autofree char *keys = NULL;
  const char *second;

  g_assert_cmpstr (control->output, ==, "handshake=0\n");
  g_assert_true (g_file_get_contents (log, &keys, NULL, NULL));
  g_assert_nonnull (strstr (keys, "CLIENT_RANDOM "));
  g_assert_nonnull (strstr (control->errors, "gnutls["));
  g_assert_cmpint (unlink (log), ==, 0);

  run = run_helper ("start", "tls", environment, dir->path);
  g_assert_cmpstr (run->output, ==, "handshake=0\n");
  g_assert_cmpuint (till_test_dir_count (dir), ==, 0);

  /* From the second start on GnuTLS says nothing any more. */
  second = strstr (run->errors, "loaded with nothing\n");
  g_assert_nonnull (second);
  g_assert_cmpstr (second, ==, "loaded with nothing\n");
}

/* G2: ten crashes, no picture of the memory. */
static void
test_no_dump (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *helper = till_test_built ("base", "process-helper", NULL);
  const char *argv[] = { "sh", "-c", "ulimit -c unlimited 2>/dev/null; exec \"$0\" start crash", helper, NULL };

  if (TILL_DEVELOPMENT)
    {
      g_test_skip ("a development build may dump");
      return;
    }

  for (int i = 0; i < 10; i++)
    {
      g_autoptr(TillTestRun) run = till_test_run (argv, NULL, dir->path);

      g_assert_cmpint (run->status, >, 0);
      g_assert_false (run->dumped);
      g_assert_cmpuint (till_test_dir_count (dir), ==, 0);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/process/hostile", test_hostile);
  g_test_add_func ("/process/clean", test_clean);
  g_test_add_func ("/process/each", test_each);
  g_test_add_func ("/process/empty-values", test_empty_values);
  g_test_add_func ("/process/glib-debug", test_glib_debug);
  g_test_add_func ("/process/no-loop", test_no_loop);
  g_test_add_func ("/process/stale", test_stale);
  g_test_add_func ("/process/no-exec", test_no_exec);
  g_test_add_func ("/process/process", test_process);
  g_test_add_func ("/process/descriptor", test_descriptor);
  g_test_add_func ("/process/key-log", test_key_log);
  g_test_add_func ("/process/no-dump", test_no_dump);

  return g_test_run ();
}
