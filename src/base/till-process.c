/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What both programs do before anything else. */
#include "config.h"

#include "till-process.h"

#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* What an inherited environment must not bring along: a file for the TLS
 * secrets, other TLS floors, foreign modules (G7). GIO_USE_TLS could choose a
 * backend that does not know our priority string. What only tightens, as
 * GNUTLS_FORCE_FIPS_MODE, is left to the administrator. */
static const char * const unwanted[] = {
  "SSLKEYLOGFILE",
  "GNUTLS_DEBUG_LEVEL",
  "GNUTLS_SYSTEM_PRIORITY_FILE",
  "GNUTLS_CPUID_OVERRIDE",
  "GNUTLS_SKIP_FIPS_INTEGRITY_CHECKS",
  "GIO_EXTRA_MODULES",
  "GIO_USE_TLS",
  "SOUP_SERVER_HTTP2",
};

/* Says, across the second start, that there was a first one of this process. */
#define STARTED_VARIABLE "TILLKEEPER_STARTED"

/* The words of G_DEBUG that only make GLib stricter: tests need them. */
static gboolean
is_strict_word (const char *word)
{
  static const char * const strict[] = { "fatal-criticals", "fatal-warnings", "gc-friendly", NULL };

  return g_strv_contains (strict, word);
}

/* Returns: whether G_DEBUG held anything else than strict words. */
static gboolean
clean_glib_debug (void)
{
  const char *value = g_getenv ("G_DEBUG");
  g_autoptr(GString) kept = NULL;
  g_auto(GStrv) words = NULL;
  gboolean changed = FALSE;

  if (TILL_DEVELOPMENT || value == NULL)
    return FALSE;

  kept = g_string_new (NULL);
  words = g_strsplit_set (value, ":;, \t", -1);
  for (gsize i = 0; words[i] != NULL; i++)
    {
      if (words[i][0] == '\0')
        continue;

      if (is_strict_word (words[i]))
        g_string_append_printf (kept, "%s%s", kept->len > 0 ? "," : "", words[i]);
      else
        changed = TRUE;
    }

  if (!changed)
    return FALSE;

  if (kept->len > 0)
    g_setenv ("G_DEBUG", kept->str, TRUE);
  else
    g_unsetenv ("G_DEBUG");

  return TRUE;
}

/* Returns: whether there was anything to clean. */
static gboolean
clean_environment (void)
{
  gboolean changed = clean_glib_debug ();

  for (gsize i = 0; i < G_N_ELEMENTS (unwanted); i++)
    {
      if (g_getenv (unwanted[i]) == NULL)
        continue;

      g_unsetenv (unwanted[i]);
      changed = TRUE;
    }

  return changed;
}

/* Whether this is the second start of the process; forgets it. A stale value
 * from elsewhere does not count: exec() keeps the process id. */
static gboolean
take_started (void)
{
  const char *value = g_getenv (STARTED_VARIABLE);
  char own[32];
  gboolean started;

  g_snprintf (own, sizeof own, "%ld", (long) getpid ());
  started = g_strcmp0 (value, own) == 0;
  if (value != NULL)
    g_unsetenv (STARTED_VARIABLE);

  return started;
}

/* Libraries have read the environment in their constructors, before main():
 * only a second start makes them read the clean one. Returns where that fails
 * (no /proc): then we go on, with clean variables for all that is read later. */
static void
start_again (char **argv)
{
  char own[32];

  g_snprintf (own, sizeof own, "%ld", (long) getpid ());
  g_setenv (STARTED_VARIABLE, own, TRUE);
  execv ("/proc/self/exe", argv);
  g_unsetenv (STARTED_VARIABLE);
}

/* The kernel has named the process "exe" after /proc/self/exe. */
static void
restore_name (int    argc,
              char **argv)
{
  const char *slash;

  if (argc < 1 || argv[0] == NULL)
    return;

  slash = strrchr (argv[0], '/');
  prctl (PR_SET_NAME, (unsigned long) (slash != NULL ? slash + 1 : argv[0]), 0, 0, 0);
}

/* No picture of our memory on disk, and no debugger of the same user (G2). */
static void
forbid_dumps (void)
{
  const struct rlimit none = { 0, 0 };

  setrlimit (RLIMIT_CORE, &none);
  prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/**
 * till_process_start:
 * @argc: as main() got it
 * @argv: as main() got it, ended by %NULL
 *
 * The first call of main(), before any thread and any use of a library. What
 * it changes for the whole process and its children:
 *
 * - Removes the variables of RELIABILITY.md G7 from the environment (of G_DEBUG
 *   only what does not make GLib stricter, and not in a development build).
 *   Where one was set the program is started again in place: same process id,
 *   arguments, descriptors.
 * - Sets G_TLS_GNUTLS_PRIORITY to %TILL_TLS_PRIORITY, and SOUP_FORCE_HTTP1
 *   where this libsoup's HTTP/2 has a known hole (RELIABILITY.md 4.2).
 * - Sets the umask to 077. Files that are meant for others get their mode
 *   explicitly, see till_file_write().
 * - Forbids core dumps and being traced, except in a development build. So
 *   other programs of the same user can't read our /proc folder.
 */
void
till_process_start (int    argc,
                    char **argv)
{
  gboolean started = take_started ();

  if (clean_environment () && !started)
    start_again (argv);

  if (started)
    restore_name (argc, argv);

  g_setenv ("G_TLS_GNUTLS_PRIORITY", TILL_TLS_PRIORITY, TRUE);
  if (TILL_HTTP2)
    g_unsetenv ("SOUP_FORCE_HTTP1");
  else
    g_setenv ("SOUP_FORCE_HTTP1", "1", TRUE);

  umask (0077);

  if (!TILL_DEVELOPMENT)
    forbid_dumps ();
}
