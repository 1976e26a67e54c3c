/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store and the vault, waited for. */
#include "config.h"

#include "store-test.h"

void
test_wait_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  TestWait *wait = user_data;

  g_assert_null (wait->result);
  wait->result = g_object_ref (result);
}

static gboolean
late_cb (gpointer user_data)
{
  TestWait *wait = user_data;

  wait->late = TRUE;

  return G_SOURCE_REMOVE;
}

/* Waits for the callback, for as long as a test has patience. */
void
test_wait (TestWait *wait)
{
  guint timer = g_timeout_add_seconds (TEST_PATIENCE, late_cb, wait);

  while (wait->result == NULL && !wait->late)
    g_main_context_iteration (NULL, TRUE);

  g_assert_false (wait->late);
  g_source_remove (timer);
}

TillStore *
test_open_at (const char       *folder,
              TillStoreAccess   access,
              gint64            now,
              GError          **error)
{
  g_autoptr(TillClock) clock = till_clock_new_fixed (now);
  TestWait wait = { 0 };
  TillStore *store;

  till_sqlite_store_open_async (folder, access, clock, NULL, test_wait_cb, &wait);
  test_wait (&wait);
  store = till_sqlite_store_open_finish (wait.result, error);
  g_object_unref (wait.result);

  return store;
}

TillStore *
test_open (const char       *folder,
           TillStoreAccess   access,
           GError          **error)
{
  return test_open_at (folder, access, TEST_NOW, error);
}

gboolean
test_run (TillStore      *store,
          TillStoreWork   work,
          gpointer        data,
          GError        **error)
{
  TestWait wait = { 0 };
  gboolean done;

  till_store_run_async (store, work, data, NULL, NULL, test_wait_cb, &wait);
  test_wait (&wait);
  done = till_store_run_finish (store, wait.result, error);
  g_object_unref (wait.result);

  return done;
}

/* Work that must succeed. */
void
test_do (TillStore     *store,
         TillStoreWork  work,
         gpointer       data)
{
  g_autoptr(GError) error = NULL;

  test_run (store, work, data, &error);
  g_assert_no_error (error);
}

/* Takes the last reference, and sees to it that it was the last. */
void
test_close (TillStore *store)
{
  g_autoptr(GError) error = NULL;
  TestWait wait = { 0 };

  till_store_close_async (store, test_wait_cb, &wait);
  test_wait (&wait);
  till_store_close_finish (store, wait.result, &error);
  g_assert_no_error (error);
  g_object_unref (wait.result);

  g_assert_finalize_object (store);
}

sqlite3 *
test_raw_open (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "tillkeeper.db", NULL);
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL), ==, SQLITE_OK);
  test_raw_exec (db, "PRAGMA foreign_keys = ON");

  return db;
}

void
test_raw_exec (sqlite3    *db,
               const char *sql)
{
  char *message = NULL;

  sqlite3_exec (db, sql, NULL, NULL, &message);
  g_assert_cmpstr (message, ==, NULL);
}

gint64
test_raw_int (sqlite3    *db,
              const char *sql)
{
  sqlite3_stmt *statement;
  gint64 value;

  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  value = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);

  return value;
}

TillProfile *
test_profile (const char      *id,
              const char      *name,
              TillEnvironment  environment)
{
  TillProfile *profile = till_profile_new ();

  profile->id = g_strdup (id);
  profile->name = g_strdup (name);
  profile->environment = environment;
  profile->created_at = TEST_NOW;

  return profile;
}
