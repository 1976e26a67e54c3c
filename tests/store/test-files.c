/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folder, lock, file and copies of the store, and that what can't be opened is left as it is (G28, G29, row 92). */
#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store-test.h"
#include "till-sqlite-private.h"

#define DAY (24 * 60 * 60)

/* What the disk is said to be, where it is not 0. */
static guint pretended;

int __real_statfs64 (const char    *path,
                     struct statfs *st);
int __wrap_statfs64 (const char    *path,
                     struct statfs *st);
int __real_statfs   (const char    *path,
                     struct statfs *st);
int __wrap_statfs   (const char    *path,
                     struct statfs *st);

static int
pretend (int            result,
         struct statfs *st)
{
  if (pretended != 0)
    st->f_type = pretended;

  return result;
}

int
__wrap_statfs64 (const char    *path,
                 struct statfs *st)
{
  return pretend (__real_statfs64 (path, st), st);
}

int
__wrap_statfs (const char    *path,
               struct statfs *st)
{
  return pretend (__real_statfs (path, st), st);
}

static guint
mode_of (const char *folder,
         const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  struct stat st;

  g_assert_cmpint (lstat (path, &st), ==, 0);

  return st.st_mode & 07777;
}

static GBytes *
read_bytes (const char *folder,
            const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr(GError) error = NULL;
  char *data;
  gsize size;

  g_file_get_contents (path, &data, &size, &error);
  g_assert_no_error (error);

  return g_bytes_new_take (data, size);
}

static void
assert_bytes (const char *folder,
              const char *name,
              GBytes     *expected)
{
  g_autoptr(GBytes) found = read_bytes (folder, name);

  g_assert_true (g_bytes_equal (found, expected));
}

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
  char **value = data;

  *value = till_transaction_dup_setting (transaction, "x", error);

  return TRUE;
}

static void
make_store (const char *folder,
            const char *value)
{
  g_autoptr(GError) error = NULL;
  TillStore *store = test_open (folder, TILL_STORE_WRITE, &error);

  g_assert_no_error (error);
  test_do (store, set_work, (char *) value);
  test_close (store);
}

static char *
read_setting (const char      *folder,
              TillStoreAccess  access)
{
  g_autoptr(GError) error = NULL;
  TillStore *store = test_open (folder, access, &error);
  char *value = NULL;

  g_assert_no_error (error);
  test_do (store, get_work, &value);
  test_close (store);

  return value;
}

/* Whatever the umask, and also where folder and files were open to others. */
static void
test_modes (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *folder = g_build_filename (dir->path, "share", "tillkeeper", NULL);
  g_autofree char *file = g_build_filename (folder, "tillkeeper.db", NULL);
  mode_t old = umask (0);

  make_store (folder, "x");
  g_assert_cmphex (mode_of (dir->path, "share"), ==, 0700);
  g_assert_cmphex (mode_of (folder, "."), ==, 0700);
  g_assert_cmphex (mode_of (folder, "tillkeeper.db"), ==, 0600);
  g_assert_cmphex (mode_of (folder, "tillkeeper.db-journal"), ==, 0600);
  g_assert_cmphex (mode_of (folder, "tillkeeper.lock"), ==, 0600);

  g_assert_cmpint (g_chmod (folder, 0755), ==, 0);
  g_assert_cmpint (g_chmod (file, 0644), ==, 0);
  make_store (folder, "y");
  g_assert_cmphex (mode_of (folder, "."), ==, 0700);
  g_assert_cmphex (mode_of (folder, "tillkeeper.db"), ==, 0600);
  g_assert_cmphex (mode_of (folder, "backup"), ==, 0700);
  g_assert_cmphex (mode_of (folder, "backup/tillkeeper-2026-11-22.db"), ==, 0600);
  umask (old);
}

/* What the connection promises (G28), as the database itself says it. */
static void
test_pragmas (void)
{
  static const struct
  {
    const char *sql;
    gint64      value;
  } expected[] = {
    { "SELECT journal_mode = 'truncate' FROM pragma_journal_mode", 1 },
    { "PRAGMA synchronous", 2 },
    { "PRAGMA foreign_keys", 1 },
    { "PRAGMA secure_delete", 1 },
    { "PRAGMA cell_size_check", 1 },
    { "PRAGMA mmap_size", 0 },
    { "PRAGMA trusted_schema", 0 },
    { "PRAGMA temp_store", 2 },
    { "PRAGMA user_version", TILL_STORE_SCHEMA },
    { "PRAGMA application_id", 0x54696c6c },
  };
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autoptr(TillClock) clock = till_clock_new_fixed (TEST_NOW);
  g_autoptr(GError) error = NULL;
  TillStoreFiles files;

  till_store_files_open (&files, dir->path, TILL_STORE_WRITE, clock, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      gint64 value = -1;

      till_connection_query_int (files.connection, expected[i].sql, &value, &error);
      g_assert_no_error (error);
      g_assert_cmpint (value, ==, expected[i].value);
    }
  till_store_files_close (&files);
}

static void
test_locked (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autoptr(GError) error = NULL;
  TillStore *first = test_open (dir->path, TILL_STORE_WRITE, &error);
  TillStore *second;
  gint64 begun;

  g_assert_no_error (error);

  second = test_open (dir->path, TILL_STORE_WRITE, &error);
  g_assert_null (second);
  test_assert_reason (error, TILL_ERROR_STORE_LOCKED, TILL_REASON_STORE_IN_USE);
  g_assert_cmpstr (till_error_get_detail (error), ==, g_get_user_name ());
  g_clear_error (&error);

  begun = g_get_monotonic_time ();
  second = test_open (dir->path, TILL_STORE_WAIT, &error);
  g_assert_null (second);
  test_assert_reason (error, TILL_ERROR_STORE_LOCKED, TILL_REASON_STORE_IN_USE);
  g_assert_cmpint (g_get_monotonic_time () - begun, >=, 5 * G_USEC_PER_SEC);
  g_clear_error (&error);

  /* A reader needs no lock. */
  second = test_open (dir->path, TILL_STORE_READ, &error);
  g_assert_no_error (error);
  test_close (second);

  test_close (first);
  second = test_open (dir->path, TILL_STORE_WRITE, &error);
  g_assert_no_error (error);
  test_close (second);
}

static gboolean
close_cb (gpointer user_data)
{
  test_close (user_data);

  return G_SOURCE_REMOVE;
}

static void
test_wait_for_lock (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autoptr(GError) error = NULL;
  TillStore *first = test_open (dir->path, TILL_STORE_WRITE, &error);
  TillStore *second;

  g_assert_no_error (error);
  g_timeout_add (300, close_cb, first);
  second = test_open (dir->path, TILL_STORE_WAIT, &error);
  g_assert_no_error (error);
  test_close (second);
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);

  return G_SOURCE_REMOVE;
}

static void
test_cancel_waiting (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autoptr(TillClock) clock = till_clock_new_fixed (TEST_NOW);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  TillStore *first = test_open (dir->path, TILL_STORE_WRITE, &error);
  gint64 begun = g_get_monotonic_time ();
  TestWait wait = { 0 };

  g_assert_no_error (error);
  g_timeout_add (100, cancel_cb, cancellable);
  till_sqlite_store_open_async (dir->path, TILL_STORE_WAIT, clock, cancellable, test_wait_cb, &wait);
  test_wait (&wait);
  g_assert_null (till_sqlite_store_open_finish (wait.result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 4 * G_USEC_PER_SEC);
  g_object_unref (wait.result);
  test_close (first);
}

/* A reader changes nothing, and where there is nothing it makes nothing. */
static void
test_read (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *missing = g_build_filename (dir->path, "missing", NULL);
  g_autofree char *nothing = read_setting (missing, TILL_STORE_READ);
  g_autofree char *empty = read_setting (dir->path, TILL_STORE_READ);
  g_autofree char *value = NULL;
  g_autofree char *beside = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  TillStore *reader;
  TillStore *writer;

  g_assert_null (nothing);
  g_assert_null (empty);
  g_assert_false (g_file_test (missing, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (till_test_dir_count (dir), ==, 0);

  make_store (dir->path, "kept");
  bytes = read_bytes (dir->path, "tillkeeper.db");
  reader = test_open (dir->path, TILL_STORE_READ, &error);
  g_assert_no_error (error);
  g_assert_false (test_run (reader, set_work, (char *) "other", &error));
  test_assert_reason (error, TILL_ERROR_UNREADABLE, TILL_REASON_STORE_READ_ONLY);
  g_clear_error (&error);
  test_do (reader, get_work, &value);
  g_assert_cmpstr (value, ==, "kept");
  assert_bytes (dir->path, "tillkeeper.db", bytes);

  /* It sees what a writer commits meanwhile, and is not in its way. */
  writer = test_open (dir->path, TILL_STORE_WRITE, &error);
  g_assert_no_error (error);
  test_do (writer, set_work, (char *) "new");
  test_do (reader, get_work, &beside);
  g_assert_cmpstr (beside, ==, "new");
  test_close (writer);
  test_close (reader);
}

static void
assert_not_opened (const char      *folder,
                   TillError        code,
                   TillErrorReason  reason)
{
  static const TillStoreAccess ways[] = { TILL_STORE_WRITE, TILL_STORE_WAIT, TILL_STORE_READ };

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autoptr(GError) error = NULL;
      TillStore *store = test_open (folder, ways[i], &error);

      g_assert_null (store);
      test_assert_reason (error, code, reason);
    }
}

static void
test_newer (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *future = g_strdup_printf ("PRAGMA user_version = %d; CREATE TABLE future (x TEXT)",
                                             TILL_STORE_SCHEMA + 1);
  g_autoptr(GBytes) bytes = NULL;
  sqlite3 *db;

  make_store (dir->path, "x");
  db = test_raw_open (dir->path);
  test_raw_exec (db, future);
  sqlite3_close (db);
  bytes = read_bytes (dir->path, "tillkeeper.db");

  assert_not_opened (dir->path, TILL_ERROR_STORE_NEWER, TILL_REASON_NONE);
  assert_bytes (dir->path, "tillkeeper.db", bytes);

  /* A future version may keep a journal of another kind. */
  db = test_raw_open (dir->path);
  test_raw_exec (db, "PRAGMA journal_mode = WAL; INSERT INTO future VALUES ('y')");
  sqlite3_close (db);
  g_bytes_unref (bytes);
  bytes = read_bytes (dir->path, "tillkeeper.db");
  assert_not_opened (dir->path, TILL_ERROR_STORE_NEWER, TILL_REASON_NONE);
  assert_bytes (dir->path, "tillkeeper.db", bytes);
}

typedef enum
{
  DAMAGE_RUBBISH,
  DAMAGE_SHORT,
  DAMAGE_CUT,
  DAMAGE_HEADER,
  DAMAGE_MIDDLE,
  DAMAGE_EMPTY,
  DAMAGE_GONE,
  DAMAGE_FOREIGN,
  DAMAGE_DIRECTORY,
  DAMAGE_LINK,
} Damage;

static void
damage_file (const char *folder,
             Damage      damage)
{
  g_autofree char *path = g_build_filename (folder, "tillkeeper.db", NULL);
  g_autofree char *other = g_build_filename (folder, "other.db", NULL);
  g_autofree char *data = NULL;
  g_autoptr(GError) error = NULL;
  sqlite3 *db;
  gsize size;

  g_file_get_contents (path, &data, &size, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (size, >, 8 * 4096);

  switch (damage)
    {
    case DAMAGE_RUBBISH:
      memset (data, 'x', size);
      break;

    case DAMAGE_SHORT:
      size = 50;
      break;

    case DAMAGE_CUT:
      size -= 4096;
      break;

    case DAMAGE_HEADER:
      memset (data + 16, 0xff, 8);
      break;

    case DAMAGE_MIDDLE:
      for (gsize page = 1; page * 4096 < size; page++)
        memset (data + page * 4096, 0x5a, 200);
      break;

    case DAMAGE_EMPTY:
      size = 0;
      break;

    case DAMAGE_GONE:
      g_assert_cmpint (g_unlink (path), ==, 0);
      return;

    case DAMAGE_FOREIGN:
      g_assert_cmpint (g_unlink (path), ==, 0);
      db = test_raw_open (folder);
      test_raw_exec (db, "CREATE TABLE x (y TEXT)");
      sqlite3_close (db);
      return;

    case DAMAGE_DIRECTORY:
      g_assert_cmpint (g_unlink (path), ==, 0);
      g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
      return;

    case DAMAGE_LINK:
    default:
      g_assert_cmpint (g_rename (path, other), ==, 0);
      g_assert_cmpint (symlink (other, path), ==, 0);
      return;
    }

  g_file_set_contents (path, data, (gssize) size, &error);
  g_assert_no_error (error);
}

/* Never a new store in its place, never a byte altered, and the copies are still there. */
static void
test_damaged (gconstpointer data)
{
  Damage damage = GPOINTER_TO_INT (data);
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *path = till_test_dir_file (dir, "tillkeeper.db");
  g_autoptr(GBytes) copy = NULL;
  g_autoptr(GBytes) bytes = NULL;
  gboolean file;

  make_store (dir->path, "x");
  make_store (dir->path, "y");
  copy = read_bytes (dir->path, "backup/tillkeeper-2026-11-22.db");
  damage_file (dir->path, damage);
  file = damage != DAMAGE_GONE && damage != DAMAGE_DIRECTORY;
  if (file)
    bytes = read_bytes (dir->path, "tillkeeper.db");

  if (damage == DAMAGE_MIDDLE || damage == DAMAGE_CUT)
    {
      g_autoptr(GError) error = NULL;

      /* A reader meets it when it comes to it; who may write looks first. */
      g_assert_null (test_open_at (dir->path, TILL_STORE_WRITE, TEST_NOW + 2 * DAY, &error));
      test_assert_reason (error, TILL_ERROR_DAMAGED, TILL_REASON_STORE_DAMAGED);
    }
  else
    {
      assert_not_opened (dir->path, TILL_ERROR_DAMAGED, TILL_REASON_STORE_DAMAGED);
    }

  if (file)
    assert_bytes (dir->path, "tillkeeper.db", bytes);
  else if (damage == DAMAGE_GONE)
    g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  assert_bytes (dir->path, "backup/tillkeeper-2026-11-22.db", copy);
}

/* Damage that is met only in the middle of work. */
static gboolean
list_work (TillTransaction  *transaction,
           gpointer          data,
           GError          **error)
{
  g_autoptr(GPtrArray) list = till_transaction_list_files (transaction, error);

  return list != NULL;
}

static void
test_damaged_value (void)
{
  static const char * const values[] = {
    "INSERT INTO files (uri, sha256) VALUES (CAST (x'ff41' AS TEXT), 'a')",
    "INSERT INTO files (uri, sha256) VALUES ('u', CAST (x'410042' AS TEXT))",
  };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr(TillTestDir) dir = till_test_dir_new ();
      g_autoptr(GError) error = NULL;
      TillStore *store;
      sqlite3 *db;

      make_store (dir->path, "x");
      db = test_raw_open (dir->path);
      test_raw_exec (db, values[i]);
      sqlite3_close (db);

      store = test_open (dir->path, TILL_STORE_WRITE, &error);
      g_assert_no_error (error);
      g_assert_false (test_run (store, list_work, NULL, &error));
      test_assert_reason (error, TILL_ERROR_DAMAGED, TILL_REASON_STORE_DAMAGED);
      test_close (store);
    }
}

/* Root may write anywhere, so another user tries: as a child of ours. */
static void
test_read_only (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *folder = g_build_filename (dir->path, "store", NULL);
  g_autofree char *database = g_build_filename (folder, "tillkeeper.db", NULL);
  g_autofree char *lock = g_build_filename (folder, "tillkeeper.lock", NULL);
  g_autoptr(GError) error = NULL;
  int status;
  pid_t pid;

  make_store (folder, "kept");
  g_assert_cmpint (g_chmod (dir->path, 0755), ==, 0);
  g_assert_cmpint (g_chmod (folder, 0555), ==, 0);
  g_assert_cmpint (g_chmod (database, 0444), ==, 0);
  g_assert_cmpint (g_chmod (lock, 0444), ==, 0);

  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      g_autofree char *value = NULL;

      if (getuid () == 0 && (setgid (65534) != 0 || setuid (65534) != 0))
        _exit (2);

      g_assert_null (test_open (folder, TILL_STORE_WRITE, &error));
      test_assert_reason (error, TILL_ERROR_UNREADABLE, TILL_REASON_STORE_READ_ONLY);
      value = read_setting (folder, TILL_STORE_READ);
      g_assert_cmpstr (value, ==, "kept");
      _exit (0);
    }

  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  g_assert_cmpint (g_chmod (folder, 0755), ==, 0);
}

static guint
count_backups (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "backup", NULL);
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

/* One a day, none of an empty store, the last five. */
static void
test_backups (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *copy = g_build_filename (dir->path, "backup", "tillkeeper-2026-11-29.db", NULL);
  g_autofree char *oldest = g_build_filename (dir->path, "backup", "tillkeeper-2026-11-25.db", NULL);
  sqlite3 *db;

  make_store (dir->path, "first day");
  g_assert_cmpuint (count_backups (dir->path), ==, 0);

  for (guint day = 0; day < 8; day++)
    {
      for (guint i = 0; i < 2; i++)
        {
          g_autoptr(GError) error = NULL;
          g_autofree char *value = g_strdup_printf ("day %u.%u", day, i);
          TillStore *store = test_open_at (dir->path, TILL_STORE_WRITE, TEST_NOW + day * DAY, &error);

          g_assert_no_error (error);
          test_do (store, set_work, value);
          test_close (store);
        }
      g_assert_cmpuint (count_backups (dir->path), ==, MIN (day + 1, 5));
    }

  g_assert_true (g_file_test (oldest, G_FILE_TEST_EXISTS));
  g_assert_cmpint (sqlite3_open_v2 (copy, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  g_assert_cmpint (test_raw_int (db, "SELECT value = 'day 6.1' FROM settings WHERE name = 'x'"), ==, 1);
  g_assert_cmpint (test_raw_int (db, "SELECT count (*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"), ==, 1);
  sqlite3_close (db);

  /* A copy put in the place of the store is a store. */
  {
    g_autoptr(GBytes) bytes = read_bytes (dir->path, "backup/tillkeeper-2026-11-29.db");
    g_autofree char *path = till_test_dir_write (dir, "tillkeeper.db", g_bytes_get_data (bytes, NULL),
                                                 (gssize) g_bytes_get_size (bytes));
    g_autofree char *value = read_setting (dir->path, TILL_STORE_WRITE);

    g_assert_nonnull (path);
    g_assert_cmpstr (value, ==, "day 6.1");
  }
}

static void
test_no_folder (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *file = till_test_dir_write (dir, "file", "x", 1);
  g_autofree char *below = g_build_filename (file, "store", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (test_open (below, TILL_STORE_WRITE, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_UNREADABLE);
  g_clear_error (&error);
  g_assert_null (test_open (below, TILL_STORE_READ, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_UNREADABLE);
}

/* The way to the folder may be a link; the lock may be none. */
static void
test_links (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *real = till_test_dir_file (dir, "real");
  g_autofree char *link = till_test_dir_file (dir, "link");
  g_autofree char *lock = g_build_filename (real, "tillkeeper.lock", NULL);
  g_autofree char *elsewhere = till_test_dir_file (dir, "elsewhere");
  g_autofree char *value = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_mkdir (real, 0700), ==, 0);
  g_assert_cmpint (symlink (real, link), ==, 0);
  make_store (link, "through the link");
  value = read_setting (real, TILL_STORE_WRITE);
  g_assert_cmpstr (value, ==, "through the link");

  g_assert_cmpint (g_unlink (lock), ==, 0);
  g_assert_cmpint (symlink (elsewhere, lock), ==, 0);
  g_assert_null (test_open (real, TILL_STORE_WRITE, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_UNREADABLE);
  g_assert_false (g_file_test (elsewhere, G_FILE_TEST_EXISTS));
}

/* It is said, not refused. */
static void
test_network (void)
{
  static const guint kinds[] = { 0, NFS_SUPER_MAGIC, SMB_SUPER_MAGIC, 0xff534d42, 0xfe534d42 };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr(TillTestDir) dir = till_test_dir_new ();
      g_autoptr(GError) error = NULL;
      TillStore *store;

      pretended = kinds[i];
      store = test_open (dir->path, TILL_STORE_WRITE, &error);
      pretended = 0;
      g_assert_no_error (error);
      g_assert_cmpint (till_sqlite_store_is_on_network (TILL_SQLITE_STORE (store)), ==, kinds[i] != 0);
      test_close (store);
    }
}

int
main (int    argc,
      char **argv)
{
  static const char * const damages[] = {
    [DAMAGE_RUBBISH] = "rubbish",
    [DAMAGE_SHORT] = "short",
    [DAMAGE_CUT] = "cut",
    [DAMAGE_HEADER] = "header",
    [DAMAGE_MIDDLE] = "middle",
    [DAMAGE_EMPTY] = "empty",
    [DAMAGE_GONE] = "gone",
    [DAMAGE_FOREIGN] = "foreign",
    [DAMAGE_DIRECTORY] = "directory",
    [DAMAGE_LINK] = "link",
  };

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/files/read-only", test_read_only);
  g_test_add_func ("/files/modes", test_modes);
  g_test_add_func ("/files/pragmas", test_pragmas);
  g_test_add_func ("/files/locked", test_locked);
  g_test_add_func ("/files/wait-for-lock", test_wait_for_lock);
  g_test_add_func ("/files/cancel-waiting", test_cancel_waiting);
  g_test_add_func ("/files/read", test_read);
  g_test_add_func ("/files/newer", test_newer);
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autofree char *path = g_strdup_printf ("/files/damaged/%s", damages[i]);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_damaged);
    }
  g_test_add_func ("/files/damaged-value", test_damaged_value);
  g_test_add_func ("/files/backups", test_backups);
  g_test_add_func ("/files/no-folder", test_no_folder);
  g_test_add_func ("/files/links", test_links);
  g_test_add_func ("/files/network", test_network);

  return g_test_run ();
}
