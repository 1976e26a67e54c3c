/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Watched files for a test, with a session whose store keeps them. */
#include "config.h"

#include "till-files-test.h"

const TillUiCertificate files_gift = {
  .name = "Gift card",
  .not_before = TILL_UI_NOW - 155 * TILL_UI_DAY,
  .not_after = TILL_UI_NOW + 210 * TILL_UI_DAY,
};

const TillUiCertificate files_old = {
  .name = "Old coupons",
  .not_before = TILL_UI_NOW - 400 * TILL_UI_DAY,
  .not_after = TILL_UI_NOW - 3 * TILL_UI_DAY,
};

/**
 * files_setup_closed:
 * @fixture: a fixture
 * @data: unused
 *
 * Makes everything but the session and its files.
 */
void
files_setup_closed (Fixture       *fixture,
                    gconstpointer  data)
{
  fixture->dir = till_test_dir_new ();
  fixture->clock = till_clock_new_fixed (TILL_UI_NOW);
  fixture->vault = till_vault_new_memory ();
  fixture->settings = g_settings_new (TILL_APP_ID);
  g_settings_reset (fixture->settings, "watched-files");
}

/**
 * files_setup:
 * @fixture: a fixture
 * @data: unused
 *
 * Makes everything, and waits until the list is there.
 */
void
files_setup (Fixture       *fixture,
             gconstpointer  data)
{
  files_setup_closed (fixture, data);
  files_open (fixture);
  till_session_start (fixture->session);
  till_watched_files_start (fixture->files);
  WAIT_UNTIL (till_watched_files_get_known (fixture->files));
}

/**
 * files_open:
 * @fixture: a fixture
 *
 * Makes a session and its files; starts neither.
 */
void
files_open (Fixture *fixture)
{
  g_autofree char *path = till_test_dir_file (fixture->dir, "data");

  fixture->session = till_session_new (path, fixture->vault, fixture->clock);
  fixture->files = till_watched_files_new (fixture->session, fixture->settings);
}

/**
 * files_close:
 * @fixture: a fixture
 *
 * Closes the session and sees it go. The files have gone before.
 */
void
files_close (Fixture *fixture)
{
  g_autoptr(GAsyncResult) result = NULL;
  gboolean alive;

  till_session_close_async (fixture->session, files_result_cb, &result);
  WAIT_UNTIL (result != NULL);
  g_assert_true (till_session_close_finish (fixture->session, result, NULL));
  g_clear_object (&result);
  till_ui_watch_life (fixture->session, &alive);
  g_clear_object (&fixture->session);
  WAIT_UNTIL (!alive);
}

/**
 * files_start_again:
 * @fixture: a fixture
 *
 * Lets the files go, closes the session at once, and opens the next one. The files are not read.
 */
void
files_start_again (Fixture *fixture)
{
  g_assert_finalize_object (fixture->files);
  files_close (fixture);
  files_open (fixture);
  till_session_start (fixture->session);
  WAIT_UNTIL (till_watched_files_get_known (fixture->files));
}

/**
 * files_teardown:
 * @fixture: a fixture
 * @data: unused
 *
 * Lets go of everything and sees it go.
 */
void
files_teardown (Fixture       *fixture,
                gconstpointer  data)
{
  g_assert_finalize_object (fixture->files);
  files_close (fixture);
  g_assert_finalize_object (fixture->settings);
  g_assert_finalize_object (fixture->vault);
  till_clock_unref (fixture->clock);
  till_test_dir_free (fixture->dir);
}

/**
 * files_write_pem:
 * @fixture: a fixture
 * @name: of the file
 * @certificate: what it holds
 *
 * Returns: (transfer full): a new file
 */
GFile *
files_write_pem (Fixture                 *fixture,
                 const char              *name,
                 const TillUiCertificate *certificate)
{
  g_autofree char *pem = till_ui_make_pem (certificate);

  return files_write (fixture, name, pem);
}

/**
 * files_write:
 * @fixture: a fixture
 * @name: of the file
 * @text: what it holds
 *
 * Returns: (transfer full): a new file
 */
GFile *
files_write (Fixture    *fixture,
             const char *name,
             const char *text)
{
  g_autofree char *path = till_test_dir_write (fixture->dir, name, text, -1);

  return g_file_new_for_path (path);
}

/**
 * files_wait:
 * @fixture: a fixture
 *
 * Waits until all has been read.
 */
void
files_wait (Fixture *fixture)
{
  WAIT_UNTIL (!till_watched_files_get_busy (fixture->files));
}

/**
 * files_get:
 * @fixture: a fixture
 * @position: in the list
 *
 * Returns: (transfer none): the entry there; the list keeps it
 */
TillFileEntry *
files_get (Fixture *fixture,
           guint    position)
{
  g_autoptr(TillFileEntry) entry = g_list_model_get_item (G_LIST_MODEL (fixture->files), position);

  return entry;
}

/**
 * files_assert_titles:
 * @fixture: a fixture
 * @expected: names with spaces between
 *
 * Checks what is in the list.
 */
void
files_assert_titles (Fixture    *fixture,
                     const char *expected)
{
  g_autoptr(GString) names = g_string_new (NULL);
  guint i;

  for (i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (fixture->files)); i++)
    g_string_append_printf (names, "%s%s", i > 0 ? " " : "", till_file_entry_get_title (files_get (fixture, i)));
  g_assert_cmpstr (names->str, ==, expected);
}

/**
 * files_result_cb:
 * @source: unused
 * @result: what came
 * @user_data: (type GAsyncResult**): where it is put
 *
 * A callback that keeps its result.
 */
void
files_result_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  GAsyncResult **here = user_data;

  *here = g_object_ref (result);
}

/**
 * files_load_kept:
 * @fixture: a fixture whose store is open
 *
 * Returns: (transfer container) (element-type TillFileRecord): what the store has
 */
GPtrArray *
files_load_kept (Fixture *fixture)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *records;

  till_watching_load_async (till_session_get_store (fixture->session), NULL, files_result_cb, &result);
  WAIT_UNTIL (result != NULL);
  records = till_watching_load_finish (result, &error);
  g_assert_no_error (error);

  return records;
}

/**
 * files_are_kept:
 * @fixture: a fixture
 * @names: with spaces between
 *
 * Returns: whether the store is open and has just these files, in this order
 */
gboolean
files_are_kept (Fixture    *fixture,
                const char *names)
{
  g_autoptr(GPtrArray) records = NULL;
  g_autoptr(GString) kept = g_string_new (NULL);
  guint i;

  if (till_session_get_store (fixture->session) == NULL)
    return FALSE;

  records = files_load_kept (fixture);
  for (i = 0; i < records->len; i++)
    g_string_append_printf (kept, "%s%s", i > 0 ? " " : "",
                            strrchr (((TillFileRecord *) records->pdata[i])->uri, '/') + 1);

  return g_str_equal (kept->str, names);
}
