/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which profile the window works with: opened, changed, overtaken, refused. */
#include "config.h"

#include "till-error.h"
#include "till-profiles.h"
#include "till-session.h"
#include "till-ui-test.h"

typedef struct
{
  TillTestDir *dir;
  TillClock   *clock;
  TillVault   *vault;
  TillSession *session;
} Fixture;

static TillSession *
new_session (Fixture *fixture)
{
  g_autofree char *folder = till_test_dir_file (fixture->dir, "data");

  return till_session_new (folder, fixture->vault, fixture->clock);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->dir = till_test_dir_new ();
  fixture->clock = till_clock_new_fixed (TILL_UI_NOW);
  fixture->vault = till_vault_new_memory ();
  fixture->session = new_session (fixture);
}

static void
closed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  gboolean *closed = user_data;

  g_assert_true (till_session_close_finish (TILL_SESSION (source), result, NULL));
  *closed = TRUE;
}

static void
close_session (TillSession *session)
{
  gboolean closed = FALSE;
  gboolean alive;

  till_ui_watch_life (session, &alive);
  till_session_close_async (session, closed_cb, &closed);
  WAIT_UNTIL (closed);
  g_assert_null (till_session_get_shop (session));
  g_object_unref (session);
  WAIT_UNTIL (!alive);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  close_session (fixture->session);
  g_assert_finalize_object (fixture->vault);
  till_clock_unref (fixture->clock);
  till_test_dir_free (fixture->dir);
}

static void
start (Fixture          *fixture,
       TillSessionState  expected)
{
  till_session_start (fixture->session);
  WAIT_UNTIL (till_session_get_state (fixture->session) == expected);
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  gboolean *done = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TillProfile) profile = till_profiles_done_finish (result, &error);

  g_assert_no_error (error);
  g_assert_nonnull (profile);
  *done = TRUE;
}

static void
put (Fixture         *fixture,
     const char      *name,
     TillEnvironment  environment)
{
  g_autoptr(TillProfile) profile = till_profile_new ();
  gboolean done = FALSE;

  profile->name = g_strdup (name);
  profile->environment = environment;
  till_profiles_put_async (till_session_get_store (fixture->session), profile, TILL_UI_NOW, NULL, done_cb, &done);
  WAIT_UNTIL (done);
}

static void
remove_profile (Fixture    *fixture,
                const char *name)
{
  gboolean done = FALSE;

  till_profiles_remove_async (till_session_get_store (fixture->session), fixture->vault, name, NULL, done_cb, &done);
  WAIT_UNTIL (done);
}

static void
assert_open (Fixture    *fixture,
             const char *name)
{
  WAIT_UNTIL (till_session_get_state (fixture->session) == TILL_SESSION_OPEN);
  g_assert_cmpstr (till_shop_get_profile (till_session_get_shop (fixture->session))->name, ==, name);
  g_assert_cmpstr (till_session_get_current (fixture->session)->name, ==, name);
  g_assert_null (till_session_get_error (fixture->session));
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
test_nothing (Fixture       *fixture,
              gconstpointer  data)
{
  g_assert_cmpint (till_session_get_state (fixture->session), ==, TILL_SESSION_IDLE);
  g_assert_null (till_session_get_store (fixture->session));
  start (fixture, TILL_SESSION_NONE);
  g_assert_nonnull (till_session_get_store (fixture->session));
  g_assert_null (till_session_get_shop (fixture->session));
  g_assert_null (till_session_get_current (fixture->session));
  g_assert_cmpuint (till_session_get_profiles (fixture->session)->len, ==, 0);
}

static void
test_practise (Fixture       *fixture,
               gconstpointer  data)
{
  guint changed = 0;

  /* Before the store is open: it is remembered. */
  till_session_use (fixture->session, NULL);
  assert_open (fixture, TILL_PRACTICE_NAME);
  g_assert_cmpint (till_session_get_current (fixture->session)->environment, ==, TILL_ENVIRONMENT_PRACTICE);
  g_assert_cmpuint (till_session_get_profiles (fixture->session)->len, ==, 1);

  g_signal_connect_swapped (fixture->session, "changed", G_CALLBACK (count_cb), &changed);
  till_session_tell_changed (fixture->session);
  g_assert_cmpuint (changed, ==, 1);

  /* There is one Practice, however often it is asked for; and it is opened again at the next start. */
  till_session_use (fixture->session, NULL);
  g_assert_null (till_session_get_shop (fixture->session));
  assert_open (fixture, TILL_PRACTICE_NAME);
  close_session (fixture->session);
  fixture->session = new_session (fixture);
  till_session_start (fixture->session);
  assert_open (fixture, TILL_PRACTICE_NAME);
  g_assert_cmpuint (till_session_get_profiles (fixture->session)->len, ==, 1);
}

/* The name may be taken by something else. */
static void
test_practice_taken (Fixture       *fixture,
                     gconstpointer  data)
{
  start (fixture, TILL_SESSION_NONE);
  put (fixture, TILL_PRACTICE_NAME, TILL_ENVIRONMENT_TEST);
  till_session_use (fixture->session, NULL);
  assert_open (fixture, "Practice 2");
}

/* In the middle of opening: the last wish counts, and nothing of the first one is left. */
static void
test_overtaken (Fixture       *fixture,
                gconstpointer  data)
{
  guint shops = 0;

  start (fixture, TILL_SESSION_NONE);
  put (fixture, "Acme", TILL_ENVIRONMENT_TEST);
  g_signal_connect_swapped (fixture->session, "notify::shop", G_CALLBACK (count_cb), &shops);

  till_session_use (fixture->session, NULL);
  till_ui_run_for (5);
  till_session_use (fixture->session, "Acme");
  till_session_use (fixture->session, NULL);
  till_session_use (fixture->session, "Acme");
  assert_open (fixture, "Acme");
  till_ui_run_for (200);
  assert_open (fixture, "Acme");
  g_assert_cmpuint (shops, ==, 1);
}

static void
test_unknown_name (Fixture       *fixture,
                   gconstpointer  data)
{
  start (fixture, TILL_SESSION_NONE);
  put (fixture, "Acme", TILL_ENVIRONMENT_TEST);
  till_session_use (fixture->session, "Nobody");
  WAIT_UNTIL (till_session_get_state (fixture->session) == TILL_SESSION_FAILED);
  g_assert_error (till_session_get_error (fixture->session), TILL_ERROR, TILL_ERROR_NOT_FOUND);
  till_session_use (fixture->session, "Acme");
  assert_open (fixture, "Acme");
}

/* Whoever removes the Test profile does not find themselves in Live. */
static void
test_live_never_by_itself (Fixture       *fixture,
                           gconstpointer  data)
{
  start (fixture, TILL_SESSION_NONE);
  put (fixture, "Trying", TILL_ENVIRONMENT_TEST);
  put (fixture, "Acme", TILL_ENVIRONMENT_LIVE);
  till_session_use (fixture->session, "Trying");
  assert_open (fixture, "Trying");

  remove_profile (fixture, "Trying");
  till_session_reload (fixture->session);
  WAIT_UNTIL (till_session_get_state (fixture->session) == TILL_SESSION_NONE);
  g_assert_cmpuint (till_session_get_profiles (fixture->session)->len, ==, 1);

  put (fixture, "Trying again", TILL_ENVIRONMENT_TEST);
  till_session_reload (fixture->session);
  assert_open (fixture, "Trying again");
}

static void
test_in_use (Fixture       *fixture,
             gconstpointer  data)
{
  TillSession *other = new_session (fixture);

  start (fixture, TILL_SESSION_NONE);
  till_session_start (other);
  WAIT_UNTIL (till_session_get_state (other) == TILL_SESSION_FAILED);
  g_assert_error (till_session_get_error (other), TILL_ERROR, TILL_ERROR_STORE_LOCKED);
  g_assert_null (till_session_get_store (other));

  close_session (fixture->session);
  fixture->session = other;
  till_session_reload (other);
  WAIT_UNTIL (till_session_get_state (other) == TILL_SESSION_NONE);
}

/* A store that can't be read is left as it is. */
static void
test_damaged (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *garbage = g_strnfill (8192, 'x');
  g_autofree char *folder = till_test_dir_file (fixture->dir, "data");
  g_autofree char *path = g_build_filename (folder, "tillkeeper.db", NULL);
  g_autofree char *after = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, garbage, -1, NULL));
  start (fixture, TILL_SESSION_FAILED);
  g_assert_error (till_session_get_error (fixture->session), TILL_ERROR, TILL_ERROR_DAMAGED);
  g_assert_cmpint (till_error_get_reason (till_session_get_error (fixture->session)), ==, TILL_REASON_STORE_DAMAGED);
  g_assert_true (g_file_get_contents (path, &after, NULL, NULL));
  g_assert_cmpstr (after, ==, garbage);
}

/* Gone in the middle: nothing is left behind, and nothing is called back. */
static void
test_close_while_opening (Fixture       *fixture,
                          gconstpointer  data)
{
  till_session_use (fixture->session, NULL);
  close_session (fixture->session);

  fixture->session = new_session (fixture);
  start (fixture, TILL_SESSION_NONE);
  till_session_use (fixture->session, NULL);
  till_ui_run_for (5);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define ADD(path, function) g_test_add ("/session/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("nothing", test_nothing);
  ADD ("practise", test_practise);
  ADD ("practice-taken", test_practice_taken);
  ADD ("overtaken", test_overtaken);
  ADD ("unknown-name", test_unknown_name);
  ADD ("live-never-by-itself", test_live_never_by_itself);
  ADD ("in-use", test_in_use);
  ADD ("damaged", test_damaged);
  ADD ("close-while-opening", test_close_while_opening);

  return g_test_run ();
}
