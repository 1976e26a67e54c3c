/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of what the window's program says where it cannot start. No display is needed for any of it. */
#include "config.h"

#include <string.h>

#include "till-test.h"

/* Runs the program as if neither it nor any other had installed descriptions of settings. */
static TillTestRun *
run_without_schema (const char *argument)
{
  g_autoptr(TillTestDir) folder = till_test_dir_new ();
  g_auto(GStrv) environment = g_get_environ ();
  const char *argv[] = { g_getenv ("TILLKEEPER"), argument, NULL };

  g_assert_nonnull (argv[0]);
  environment = g_environ_unsetenv (environment, "GSETTINGS_SCHEMA_DIR");
  environment = g_environ_unsetenv (environment, "DISPLAY");
  environment = g_environ_unsetenv (environment, "WAYLAND_DISPLAY");
  environment = g_environ_setenv (environment, "XDG_DATA_DIRS", folder->path, TRUE);
  environment = g_environ_setenv (environment, "XDG_DATA_HOME", folder->path, TRUE);

  return till_test_run (argv, (const char * const *) environment, folder->path);
}

/* One plain sentence instead of an abort, and an end that a script can tell from a crash. */
static void
test_no_schema (void)
{
  static const char * const arguments[] = { NULL, "some.pem" };
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (arguments); i++)
    {
      g_autoptr(TillTestRun) run = run_without_schema (arguments[i]);

      g_assert_cmpint (run->status, ==, 1);
      g_assert_cmpstr (run->output, ==, "");
      g_assert_true (g_str_has_prefix (run->errors, "tillkeeper: "));
      g_assert_nonnull (strstr (run->errors, TILL_APP_ID ".gschema.xml"));
      g_assert_true (strchr (run->errors, '\n') == run->errors + strlen (run->errors) - 1);
    }
}

static void
test_version (void)
{
  g_autoptr(TillTestRun) run = run_without_schema ("--version");

  g_assert_cmpint (run->status, ==, 0);
  g_assert_cmpstr (run->output, ==, "Tillkeeper " TILL_VERSION "\n");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/start/no-schema", test_no_schema);
  g_test_add_func ("/start/version", test_version);

  return g_test_run ();
}
