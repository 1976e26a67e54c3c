/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A copy in the place of a damaged store: only on request, only a whole one, and nothing is thrown away. */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "store-test.h"

#define DAY (24 * 60 * 60)

static gboolean
set_work (TillTransaction  *transaction,
          gpointer          data,
          GError          **error)
{
  return till_transaction_set_setting (transaction, "x", data, error);
}

static gboolean
get_work (TillTransaction  *transaction,
          gpointer          data,
          GError          **error)
{
  *(char **) data = till_transaction_dup_setting (transaction, "x", error);

  return TRUE;
}

/* A store of four days, with copies of three: what stood there in the morning. */
static TillTestDir *
make_days (void)
{
  TillTestDir *dir = till_test_dir_new ();

  for (guint day = 0; day < 4; day++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *value = g_strdup_printf ("day %u", day);
      TillStore *store = test_open_at (dir->path, TILL_STORE_WRITE, TEST_NOW + day * DAY, &error);

      g_assert_no_error (error);
      test_do (store, set_work, value);
      test_close (store);
    }

  return dir;
}

static char *
restore (const char  *folder,
         GError     **error)
{
  g_autoptr(TillClock) clock = till_clock_new_fixed (TEST_NOW + 3 * DAY);
  TestWait wait = { 0 };
  char *name;

  till_sqlite_store_restore_async (folder, clock, NULL, test_wait_cb, &wait);
  test_wait (&wait);
  name = till_sqlite_store_restore_finish (wait.result, error);
  g_object_unref (wait.result);

  return name;
}

static void
assert_setting (const char *folder,
                const char *expected)
{
  g_autofree char *value = NULL;
  g_autoptr(GError) error = NULL;
  TillStore *store = test_open_at (folder, TILL_STORE_WRITE, TEST_NOW + 3 * DAY, &error);

  g_assert_no_error (error);
  test_do (store, get_work, &value);
  g_assert_cmpstr (value, ==, expected);
  test_close (store);
}

static void
spoil (TillTestDir *dir,
       const char  *name)
{
  g_autofree char *path = till_test_dir_write (dir, name, "spoilt, and long enough to be no empty file at all", -1);

  g_assert_nonnull (path);
}

static void
test_damaged (void)
{
  g_autoptr(TillTestDir) dir = make_days ();
  g_autofree char *aside = g_strdup_printf ("%s/damaged-%" G_GINT64_FORMAT "-tillkeeper.db", dir->path, TEST_NOW + 3 * DAY);
  g_autofree char *content = NULL;
  g_autofree char *name = NULL;
  g_autoptr(GError) error = NULL;

  spoil (dir, "tillkeeper.db");
  name = restore (dir->path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (name, ==, "tillkeeper-2026-11-25.db");
  assert_setting (dir->path, "day 2");

  /* The damaged one is still there. */
  g_file_get_contents (aside, &content, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (content, "spoilt"));
}

/* The newest copy is damaged as well; one of a newer version is passed over. */
static void
test_second_best (void)
{
  g_autoptr(TillTestDir) dir = make_days ();
  g_autofree char *newer = g_build_filename (dir->path, "backup", "tillkeeper-2026-11-24.db", NULL);
  g_autofree char *name = NULL;
  g_autoptr(GError) error = NULL;
  sqlite3 *db;

  spoil (dir, "tillkeeper.db");
  spoil (dir, "backup/tillkeeper-2026-11-25.db");
  g_assert_cmpint (sqlite3_open (newer, &db), ==, SQLITE_OK);
  test_raw_exec (db, "PRAGMA user_version = 99");
  sqlite3_close (db);

  name = restore (dir->path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (name, ==, "tillkeeper-2026-11-23.db");
  assert_setting (dir->path, "day 0");
}

static void
test_gone (void)
{
  g_autoptr(TillTestDir) dir = make_days ();
  g_autofree char *path = till_test_dir_file (dir, "tillkeeper.db");
  g_autofree char *name = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_unlink (path), ==, 0);
  name = restore (dir->path, &error);
  g_assert_no_error (error);
  assert_setting (dir->path, "day 2");
}

/* A journal that a crash left behind is none of the copy. */
static void
test_journal (void)
{
  g_autoptr(TillTestDir) dir = make_days ();
  g_autofree char *name = NULL;
  g_autoptr(GError) error = NULL;

  spoil (dir, "tillkeeper.db");
  spoil (dir, "tillkeeper.db-journal");
  name = restore (dir->path, &error);
  g_assert_no_error (error);
  assert_setting (dir->path, "day 2");
}

static void
test_no_copy (void)
{
  static const char * const copies[] = {
    "backup/tillkeeper-2026-11-23.db", "backup/tillkeeper-2026-11-24.db", "backup/tillkeeper-2026-11-25.db",
  };
  g_autoptr(TillTestDir) dir = make_days ();
  g_autofree char *path = till_test_dir_file (dir, "tillkeeper.db");
  g_autofree char *content = NULL;
  g_autofree char *name = NULL;
  g_autoptr(GError) error = NULL;

  spoil (dir, "tillkeeper.db");
  for (guint i = 0; i < G_N_ELEMENTS (copies); i++)
    spoil (dir, copies[i]);

  name = restore (dir->path, &error);
  g_assert_null (name);
  g_assert_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
  g_file_get_contents (path, &content, NULL, NULL);
  g_assert_true (g_str_has_prefix (content, "spoilt"));
}

/* One that opens is not replaced, nor one in use, nor one of a newer version. */
static void
test_refused (void)
{
  g_autoptr(TillTestDir) dir = make_days ();
  g_autofree char *name = NULL;
  g_autoptr(GError) error = NULL;
  TillStore *store;
  sqlite3 *db;

  name = restore (dir->path, &error);
  g_assert_null (name);
  g_assert_error (error, TILL_ERROR, TILL_ERROR_CONFLICT);
  g_clear_error (&error);

  store = test_open (dir->path, TILL_STORE_WRITE, &error);
  g_assert_no_error (error);
  name = restore (dir->path, &error);
  g_assert_null (name);
  g_assert_error (error, TILL_ERROR, TILL_ERROR_STORE_LOCKED);
  g_clear_error (&error);
  test_close (store);

  db = test_raw_open (dir->path);
  test_raw_exec (db, "PRAGMA user_version = 99");
  sqlite3_close (db);
  name = restore (dir->path, &error);
  g_assert_null (name);
  g_assert_error (error, TILL_ERROR, TILL_ERROR_STORE_NEWER);

  db = test_raw_open (dir->path);
  g_assert_cmpint (test_raw_int (db, "SELECT value = 'day 3' FROM settings"), ==, 1);
  sqlite3_close (db);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/restore/damaged", test_damaged);
  g_test_add_func ("/restore/second-best", test_second_best);
  g_test_add_func ("/restore/gone", test_gone);
  g_test_add_func ("/restore/journal", test_journal);
  g_test_add_func ("/restore/no-copy", test_no_copy);
  g_test_add_func ("/restore/refused", test_refused);

  return g_test_run ();
}
