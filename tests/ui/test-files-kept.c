/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of watched files and the store: one truth for the window and for tillkeeperctl. */
#include "config.h"

#include "till-files-test.h"

/* What tillkeeperctl has watched is in the window, and the other way round. */
static void
test_with_command (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GFile) gift_file = files_write_pem (fixture, "gift.pem", &files_gift);
  g_autoptr(GFile) old_file = files_write_pem (fixture, "old.pem", &files_old);
  g_autoptr(GPtrArray) forget = g_ptr_array_new ();
  g_autoptr(GPtrArray) put = g_ptr_array_new_with_free_func ((GDestroyNotify) till_file_record_free);
  g_autoptr(GPtrArray) records = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  TillFileRecord *record = till_file_record_new ();

  record->uri = g_file_get_uri (gift_file);
  record->added_at = TILL_UI_NOW - 5;
  g_ptr_array_add (put, record);
  till_watching_change_async (till_session_get_store (fixture->session), forget, put, files_result_cb, &result);
  WAIT_UNTIL (result != NULL);
  g_assert_true (till_watching_change_finish (result, NULL));

  files_start_again (fixture);
  files_assert_titles (fixture, "gift.pem");
  till_watched_files_start (fixture->files);
  (void) till_watched_files_add_file (fixture->files, old_file, NULL);
  files_wait (fixture);
  WAIT_UNTIL_KEPT ("gift.pem old.pem");

  /* With what the command says of a file that it can't read. */
  records = files_load_kept (fixture);
  record = records->pdata[0];
  g_assert_cmpint (record->added_at, ==, TILL_UI_NOW - 5);
  g_assert_cmpint (record->not_after, ==, files_gift.not_after);
  record = records->pdata[1];
  g_assert_cmpint (record->added_at, ==, TILL_UI_NOW);
  g_assert_cmpint (record->not_after, ==, files_old.not_after);
  g_assert_cmpuint (strlen (record->sha256), ==, 64);

  till_watched_files_remove (fixture->files, files_get (fixture, 0), NULL);
  WAIT_UNTIL_KEPT ("old.pem");
}

/* Before there was a store the list was in the settings. */
static void
test_taken_over (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GFile) gift_file = files_write_pem (fixture, "gift.pem", &files_gift);
  g_autoptr(GFile) old_file = files_write_pem (fixture, "a-coupon.pem", &files_old);
  g_autofree char *gift_uri = g_file_get_uri (gift_file);
  g_autofree char *old_uri = g_file_get_uri (old_file);
  const char *const uris[] = { gift_uri, old_uri, gift_uri, NULL };
  const char *const none[] = { NULL };

  g_settings_set_strv (fixture->settings, "watched-files", uris);
  files_open (fixture);

  /* There from the first moment. */
  files_assert_titles (fixture, "gift.pem a-coupon.pem");
  till_session_start (fixture->session);
  WAIT_UNTIL (till_watched_files_get_known (fixture->files));
  WAIT_UNTIL_KEPT ("gift.pem a-coupon.pem");
  WAIT_UNTIL (g_settings_get_user_value (fixture->settings, "watched-files") == NULL);

  files_start_again (fixture);
  files_assert_titles (fixture, "gift.pem a-coupon.pem");
  till_watched_files_remove (fixture->files, files_get (fixture, 0), NULL);
  till_watched_files_remove (fixture->files, files_get (fixture, 0), NULL);
  WAIT_UNTIL_KEPT ("");
  files_start_again (fixture);
  files_assert_titles (fixture, "");
  g_settings_set_strv (fixture->settings, "watched-files", none);
}

/* A file may come from the command line, before the store is open. */
static void
test_before_store (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GFile) gift_file = files_write_pem (fixture, "gift.pem", &files_gift);
  g_autoptr(GFile) old_file = files_write_pem (fixture, "old.pem", &files_old);

  files_open (fixture);
  till_session_start (fixture->session);
  till_watched_files_start (fixture->files);
  (void) till_watched_files_add_file (fixture->files, gift_file, NULL);
  files_wait (fixture);
  WAIT_UNTIL_KEPT ("gift.pem");

  /* The same and another, while the first one is known already, but not here. */
  g_assert_finalize_object (fixture->files);
  files_close (fixture);
  files_open (fixture);
  till_watched_files_start (fixture->files);
  (void) till_watched_files_add_file (fixture->files, old_file, NULL);
  (void) till_watched_files_add_file (fixture->files, gift_file, NULL);
  files_wait (fixture);
  g_assert_false (till_watched_files_get_known (fixture->files));
  till_session_start (fixture->session);
  WAIT_UNTIL_KEPT ("old.pem gift.pem");
  files_assert_titles (fixture, "old.pem gift.pem");
}

static void
not_kept_cb (guint        *n,
             const GError *error)
{
  g_assert_nonnull (error);
  (*n)++;
}

/* Then a file can be looked at all the same. */
static void
test_no_store (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GFile) in_the_way = files_write (fixture, "data", "not a folder");
  g_autoptr(GFile) gift_file = files_write_pem (fixture, "gift.pem", &files_gift);
  g_autoptr(GFile) old_file = files_write_pem (fixture, "old.pem", &files_old);
  g_autofree char *gift_uri = g_file_get_uri (gift_file);
  const char *const uris[] = { gift_uri, NULL };
  g_auto(GStrv) still = NULL;
  guint n = 0;

  g_settings_set_strv (fixture->settings, "watched-files", uris);
  files_open (fixture);
  g_signal_connect_swapped (fixture->files, "not-kept", G_CALLBACK (not_kept_cb), &n);
  till_watched_files_start (fixture->files);
  till_session_start (fixture->session);
  WAIT_UNTIL (till_watched_files_get_known (fixture->files));
  g_assert_cmpint (till_session_get_state (fixture->session), ==, TILL_SESSION_FAILED);

  (void) till_watched_files_add_file (fixture->files, old_file, NULL);
  files_wait (fixture);
  files_assert_titles (fixture, "gift.pem old.pem");
  g_assert_cmpint (till_file_entry_get_state (files_get (fixture, 1)), ==, TILL_FILE_READY);
  WAIT_UNTIL (n == 1);

  /* Said once, and the old list is not lost. */
  till_watched_files_remove (fixture->files, files_get (fixture, 1), NULL);
  till_ui_run_for (50);
  g_assert_cmpuint (n, ==, 1);
  still = g_settings_get_strv (fixture->settings, "watched-files");
  g_assert_cmpuint (g_strv_length (still), ==, 1);

  /* Somebody mends it. */
  g_assert_true (g_file_delete (in_the_way, NULL, NULL));
  till_session_reload (fixture->session);
  WAIT_UNTIL (till_session_get_state (fixture->session) == TILL_SESSION_NONE);
  WAIT_UNTIL_KEPT ("gift.pem");
  WAIT_UNTIL (g_settings_get_user_value (fixture->settings, "watched-files") == NULL);
}

/* The files belong to no profile. */
static void
test_profile_changes (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(GFile) file = files_write_pem (fixture, "gift.pem", &files_gift);

  (void) till_watched_files_add_file (fixture->files, file, NULL);
  files_wait (fixture);
  till_session_use (fixture->session, NULL);
  WAIT_UNTIL (till_session_get_state (fixture->session) == TILL_SESSION_OPEN);
  files_assert_titles (fixture, "gift.pem");
  WAIT_UNTIL_KEPT ("gift.pem");

  till_watched_files_remove (fixture->files, files_get (fixture, 0), NULL);
  WAIT_UNTIL_KEPT ("");
}

/* Nothing is lost where the window is closed at once. */
static void
test_closed_at_once (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(GFile) one = files_write_pem (fixture, "one.pem", &files_gift);
  g_autoptr(GFile) two = files_write_pem (fixture, "two.pem", &files_gift);
  g_autoptr(GAsyncResult) closed = NULL;

  (void) till_watched_files_add_file (fixture->files, one, NULL);
  (void) till_watched_files_add_file (fixture->files, two, NULL);
  files_wait (fixture);

  /* The list goes first. */
  files_start_again (fixture);
  files_assert_titles (fixture, "one.pem two.pem");

  /* The session goes first. */
  till_watched_files_remove (fixture->files, files_get (fixture, 0), NULL);
  till_session_close_async (fixture->session, files_result_cb, &closed);
  WAIT_UNTIL (closed != NULL);
  g_assert_true (till_session_close_finish (fixture->session, closed, NULL));
  g_clear_object (&closed);
  files_start_again (fixture);
  files_assert_titles (fixture, "two.pem");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add ("/files-kept/" path, Fixture, NULL, files_setup, function, files_teardown)
#define ADD_CLOSED(path, function) \
  g_test_add ("/files-kept/" path, Fixture, NULL, files_setup_closed, function, files_teardown)
  ADD ("with-command", test_with_command);
  ADD_CLOSED ("taken-over", test_taken_over);
  ADD_CLOSED ("before-store", test_before_store);
  ADD_CLOSED ("no-store", test_no_store);
  ADD ("profile-changes", test_profile_changes);
  ADD ("closed-at-once", test_closed_at_once);

  return g_test_run ();
}
