/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keyrings that are open, locked, refused, absent, replaced or damaged: four states, nothing written over (G35). */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "store-test.h"

#define CANARY "CanaryOfTheVault0123456789"

typedef struct
{
  TillTestDir  *dir;
  char         *keyring;
  char        **environment;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  static const char * const folders[][2] = {
    { "HOME", "home" }, { "XDG_DATA_HOME", "data" }, { "XDG_CONFIG_HOME", "config" },
    { "XDG_CACHE_HOME", "cache" }, { "XDG_RUNTIME_DIR", "run" },
  };
  static const char * const unset[] = { "DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "SECRET_BACKEND" };

  fixture->dir = till_test_dir_new ();
  fixture->keyring = till_test_dir_file (fixture->dir, "test.keyring");
  fixture->environment = g_get_environ ();

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *path = till_test_dir_file (fixture->dir, folders[i][1]);

      g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
      fixture->environment = g_environ_setenv (fixture->environment, folders[i][0], path, TRUE);
    }
  for (guint i = 0; i < G_N_ELEMENTS (unset); i++)
    fixture->environment = g_environ_unsetenv (fixture->environment, unset[i]);
  fixture->environment = g_environ_setenv (fixture->environment, "TILL_TEST_DEADLINE", "2", TRUE);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_strfreev (fixture->environment);
  g_free (fixture->keyring);
  till_test_dir_free (fixture->dir);
}

/* Lets the helper do the steps, and compares what it says. prepare: (nullable): a shell command
 *   that goes before, on the same bus; %NULL: no bus. expected: a regular expression of all of it */
static void
expect (Fixture    *fixture,
        const char *prepare,
        const char *steps,
        const char *expected)
{
  g_autofree char *helper = till_test_built ("store", "vault-helper", NULL);
  g_autofree char *plain = g_strdup_printf ("%s %s", helper, steps);
  g_autofree char *on_bus = g_strdup_printf ("%s; %s %s", prepare, helper, steps);
  const char *without[] = { "sh", "-c", plain, NULL };
  const char *with[] = { "dbus-run-session", "--", "sh", "-c", on_bus, NULL };
  g_autoptr(TillTestRun) run = till_test_run (prepare != NULL ? with : without,
                                              (const char * const *) fixture->environment, NULL);
  g_auto(GStrv) lines = g_strsplit (run->output, "\n", -1);
  g_autoptr(GString) said = g_string_new (NULL);
  g_autofree char *whole = g_strdup_printf ("^%s$", expected);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (lines[i][0] != '#' && lines[i][0] != '\0')
        g_string_append_printf (said, "%s%s", said->len > 0 ? "; " : "", lines[i]);
    }

  if (!g_regex_match_simple (whole, said->str, 0, 0))
    g_assert_cmpstr (said->str, ==, expected);
  g_assert_cmpint (run->status, ==, 0);
}

static void
use_file (Fixture    *fixture,
          const char *password)
{
  fixture->environment = g_environ_setenv (fixture->environment, "SECRET_BACKEND", "file", TRUE);
  fixture->environment = g_environ_setenv (fixture->environment, "SECRET_FILE_TEST_PATH", fixture->keyring, TRUE);
  fixture->environment = g_environ_setenv (fixture->environment, "SECRET_FILE_TEST_PASSWORD", password, TRUE);
}

static gboolean
have (const char *program)
{
  g_autofree char *path = g_find_program_in_path (program);

  if (path == NULL)
    g_test_skip_printf ("there is no %s here", program);

  return path != NULL;
}

/* It survives the process. */
static void
test_file (Fixture       *fixture,
           gconstpointer  data)
{
  use_file (fixture, "test");
  expect (fixture, NULL, "store:hub:" CANARY, "store: done");
  expect (fixture, NULL, "list load:hub load:wallet", "list: hub; load: " CANARY "; load: missing");
}

/* A keyring with another password (a new machine, a reset one): libsecret finds
 * nothing and says nothing (FLATPAK.md 5). What was there is untouched. */
static void
test_replaced (Fixture       *fixture,
               gconstpointer  data)
{
  use_file (fixture, "test");
  expect (fixture, NULL, "store:hub:old", "store: done");
  use_file (fixture, "other");
  expect (fixture, NULL, "list load:hub store:hub:new load:hub", "list: ; load: missing; store: done; load: new");
  use_file (fixture, "test");
  expect (fixture, NULL, "load:hub", "load: old");
}

/* An item that can't be decrypted is written over only once it was removed. */
static void
test_damaged_item (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autofree char *content = NULL;
  g_autofree char *after = NULL;
  g_autoptr(GError) error = NULL;
  gsize after_size;
  gsize size;

  use_file (fixture, "test");
  expect (fixture, NULL, "store:hub:old", "store: done");
  g_file_get_contents (fixture->keyring, &content, &size, &error);
  g_assert_no_error (error);
  content[size - 60] ^= 0x55;
  g_file_set_contents (fixture->keyring, content, (gssize) size, &error);
  g_assert_no_error (error);

  expect (fixture, NULL, "load:hub store:hub:new load:hub", "load: unreadable; store: unreadable; load: unreadable");
  g_file_get_contents (fixture->keyring, &after, &after_size, &error);
  g_assert_cmpmem (content, size, after, after_size);

  expect (fixture, NULL, "remove:hub load:hub store:hub:new load:hub",
          "remove: done; load: missing; store: done; load: new");
}

/* Rubbish in place of the keyring stays where it is. */
static void
test_rubbish (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *after = NULL;
  g_autoptr(GError) error = NULL;

  g_file_set_contents (fixture->keyring, "rubbish", 7, &error);
  g_assert_no_error (error);
  use_file (fixture, "test");

  /* libsecret does not free what it can't read. */
  fixture->environment = g_environ_setenv (fixture->environment, "ASAN_OPTIONS", "detect_leaks=0", TRUE);
  expect (fixture, NULL, "list load:hub store:hub:new remove:hub",
          "list: unreadable; load: unreadable; store: unreadable; remove: unreadable");
  g_file_get_contents (fixture->keyring, &after, NULL, &error);
  g_assert_cmpstr (after, ==, "rubbish");
}

static void
test_no_bus (Fixture       *fixture,
             gconstpointer  data)
{
  expect (fixture, NULL, "load:hub list store:hub:secret load:hub list remove:hub load:hub",
          "load: absent; list: absent; store: done, session only; load: secret; list: hub; remove: done; load: absent");
}

/* A bus, and no service on it that could be started. */
static void
test_no_service (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *configuration = NULL;
  g_autofree char *text = NULL;
  g_autofree char *helper = till_test_built ("store", "vault-helper", NULL);
  const char *argv[] = { "dbus-run-session", "--config-file", NULL, "--", helper,
                         "load:hub", "store:hub:secret", "load:hub", NULL };
  g_autoptr(TillTestRun) run = NULL;

  if (!have ("dbus-run-session"))
    return;

  text = g_strdup_printf ("<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\""
                          " \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">"
                          "<busconfig><type>session</type><listen>unix:tmpdir=%s</listen>"
                          "<policy context='default'><allow send_destination='*' eavesdrop='true'/>"
                          "<allow eavesdrop='true'/><allow own='*'/></policy></busconfig>", fixture->dir->path);
  configuration = till_test_dir_write (fixture->dir, "bus.conf", text, -1);
  argv[2] = configuration;
  run = till_test_run (argv, (const char * const *) fixture->environment, NULL);
  g_assert_nonnull (strstr (run->output, "load: absent\n"));
  g_assert_nonnull (strstr (run->output, "store: done, session only\n"));
  g_assert_nonnull (strstr (run->output, "load: secret\n"));
}

#define UNLOCK "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null"

static void
test_unlocked (Fixture       *fixture,
               gconstpointer  data)
{
  if (!have ("dbus-run-session") || !have ("gnome-keyring-daemon"))
    return;

  expect (fixture, UNLOCK, "list load:hub store:hub:first load:hub store:wallet:second store:hub:third list",
          "list: ; load: missing; store: done; load: first; store: done; store: done; list: hub wallet");
  expect (fixture, UNLOCK, "load:hub load:wallet remove:hub list", "load: third; load: second; remove: done; list: wallet");
}

/* The real one, which nobody opens: without a display its question fails by
 * itself, which some versions call closed and some not opened. What matters is
 * that nothing is missing and nothing is done. */
static void
test_not_unlocked (Fixture       *fixture,
                   gconstpointer  data)
{
  if (!have ("dbus-run-session") || !have ("gnome-keyring-daemon"))
    return;

  /* There was never a keyring. */
  expect (fixture, "true", "store:hub:secret", "store: (locked|dismissed)");

  expect (fixture, UNLOCK, "store:hub:secret", "store: done");
  expect (fixture, "true", "list load:hub store:hub:other store:wallet:other remove:hub",
          "list: (locked|hub); load: (locked|dismissed); store: (locked|dismissed); store: (locked|dismissed);"
          " remove: (locked|dismissed)");
  expect (fixture, UNLOCK, "load:hub list", "load: secret; list: hub");
}

/* data: what the person does with the question: closes it, or is not there */
static void
test_question (Fixture       *fixture,
               gconstpointer  data)
{
  const char *how = data;
  gboolean dismiss = g_str_equal (how, "dismiss");
  g_autofree char *mock = till_test_built ("store", "mock-keyring", NULL);
  g_autofree char *log = till_test_dir_file (fixture->dir, "mock");
  g_autofree char *prepare = g_strdup_printf ("rm -f %s; %s %s >%s & while ! grep -qs ready %s; do sleep 0.02; done",
                                              log, mock, how, log, log);
  g_autofree char *asked = NULL;
  g_autoptr(GError) error = NULL;
  gint64 begun;

  if (!have ("dbus-run-session"))
    return;

  /* To list asks nothing; three who wait are one question. */
  begun = g_get_monotonic_time ();
  expect (fixture, prepare, "list thrice:hub",
          dismiss ? "list: hub; load: dismissed; load: dismissed; load: dismissed"
                  : "list: hub; load: locked; load: locked; load: locked");
  if (!dismiss)
    g_assert_cmpint (g_get_monotonic_time () - begun, >=, 2 * G_USEC_PER_SEC);
  g_file_get_contents (log, &asked, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (asked, ==, "ready\nprompt 1\n");

  expect (fixture, prepare, "store:hub:secret", dismiss ? "store: dismissed" : "store: locked");
  expect (fixture, prepare, "remove:hub", "remove: locked");
}

static gboolean
add_work (TillTransaction  *transaction,
          gpointer          data,
          GError          **error)
{
  g_autoptr(TillProfile) profile = test_profile (TEST_PROFILE, "Shop", TILL_ENVIRONMENT_TEST);

  return till_transaction_put_profile (transaction, profile, error);
}

static void
assert_no_canary (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  g_autofree char *content = NULL;
  const char *name;
  gsize size;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      assert_no_canary (child);
    }

  if (dir == NULL && g_file_get_contents (path, &content, &size, NULL))
    g_assert_null (memmem (content, size, CANARY, strlen (CANARY)));
}

/* A secret is in no file, in whatever state the keyring is, and in no message. */
static void
test_canary (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *helper = till_test_built ("store", "vault-helper", NULL);
  const char *argv[] = { helper, "store:hub:" CANARY, "store:wallet:" CANARY, "remove:wallet", NULL };
  g_autofree char *folder = till_test_dir_file (fixture->dir, "store");
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr(TillTestRun) run = NULL;
      TillStore *store = test_open_at (folder, TILL_STORE_WRITE, TEST_NOW + i * 100000, &error);

      g_assert_no_error (error);
      test_do (store, add_work, NULL);
      if (i == 1)
        use_file (fixture, "test");
      if (i == 2)
        {
          g_file_set_contents (fixture->keyring, "rubbish", 7, &error);
          g_assert_no_error (error);
        }

      run = till_test_run (argv, (const char * const *) fixture->environment, NULL);
      g_assert_null (strstr (run->output, CANARY));
      g_assert_null (strstr (run->errors, CANARY));
      test_close (store);
      assert_no_canary (fixture->dir->path);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/keyring/file", Fixture, NULL, set_up, test_file, tear_down);
  g_test_add ("/keyring/replaced", Fixture, NULL, set_up, test_replaced, tear_down);
  g_test_add ("/keyring/damaged-item", Fixture, NULL, set_up, test_damaged_item, tear_down);
  g_test_add ("/keyring/rubbish", Fixture, NULL, set_up, test_rubbish, tear_down);
  g_test_add ("/keyring/no-bus", Fixture, NULL, set_up, test_no_bus, tear_down);
  g_test_add ("/keyring/no-service", Fixture, NULL, set_up, test_no_service, tear_down);
  g_test_add ("/keyring/unlocked", Fixture, NULL, set_up, test_unlocked, tear_down);
  g_test_add ("/keyring/not-unlocked", Fixture, NULL, set_up, test_not_unlocked, tear_down);
  g_test_add ("/keyring/dismissed", Fixture, "dismiss", set_up, test_question, tear_down);
  g_test_add ("/keyring/unanswered", Fixture, "hang", set_up, test_question, tear_down);
  g_test_add ("/keyring/canary", Fixture, NULL, set_up, test_canary, tear_down);

  return g_test_run ();
}
