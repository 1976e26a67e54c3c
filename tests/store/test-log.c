/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The activity log: whatever is changed in it is found, at the right line (RELIABILITY.md G33). */
#include "config.h"

#include <string.h>

#include "store-test.h"

/* Lines of the log that is changed, and how often that is done: more in the long form. */
#define LINES 40
#define CHANGES 200
#define CHANGES_LONG 1000

static gboolean
append_work (TillTransaction  *transaction,
             gpointer          data,
             GError          **error)
{
  guint n = GPOINTER_TO_UINT (data);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(TillLogRecord) line = till_log_record_new ();

      line->event = g_strdup ("keys.revoke");
      line->object = i % 3 == 0 ? NULL : g_strdup_printf ("key %u", i);
      line->profile = g_strdup ("Corner shop");
      line->environment = g_strdup ("test");
      line->outcome = g_strdup (i % 2 == 0 ? "done" : "refused");
      line->detail = i % 5 == 0 ? g_strdup ("") : NULL;
      if (!till_transaction_append_log (transaction, line, error))
        return FALSE;
      g_assert_cmpuint (strlen (line->hash), ==, 64);
      g_assert_cmpint (line->at, ==, TEST_NOW);
      g_assert_cmpstr (line->actor, ==, g_get_user_name ());
    }

  return TRUE;
}

static gboolean
verify_work (TillTransaction  *transaction,
             gpointer          data,
             GError          **error)
{
  return till_transaction_verify_log (transaction, data, error);
}

/* Returns: the first wrong line, 0 for none */
static gint64
verify (const char *folder)
{
  g_autoptr(GError) error = NULL;
  gint64 first_wrong = -1;
  TillStore *store = test_open (folder, TILL_STORE_READ, &error);
  gboolean right;

  g_assert_no_error (error);
  right = test_run (store, verify_work, &first_wrong, &error);
  if (right)
    {
      g_assert_no_error (error);
      g_assert_cmpint (first_wrong, ==, 0);
    }
  else
    {
      test_assert_reason (error, TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED);
      g_assert_cmpint (till_error_get_have (error), ==, first_wrong);
      g_assert_cmpint (first_wrong, >, 0);
    }
  test_close (store);

  return first_wrong;
}

static TillTestDir *
make_log (guint lines)
{
  TillTestDir *dir = till_test_dir_new ();
  g_autoptr(GError) error = NULL;
  TillStore *store = test_open (dir->path, TILL_STORE_WRITE, &error);

  g_assert_no_error (error);
  test_do (store, append_work, GUINT_TO_POINTER (lines));
  test_close (store);

  return dir;
}

/* Whoever owns the file can take the triggers away first. */
static sqlite3 *
open_unguarded (const char *folder)
{
  sqlite3 *db = test_raw_open (folder);

  test_raw_exec (db, "PRAGMA synchronous = OFF;"
                     "DROP TRIGGER log_insert; DROP TRIGGER log_update; DROP TRIGGER log_delete");

  return db;
}

static void
test_whole (void)
{
  g_autoptr(TillTestDir) empty = make_log (0);
  g_autoptr(TillTestDir) one = make_log (1);
  g_autoptr(TillTestDir) some = make_log (LINES);

  g_assert_cmpint (verify (empty->path), ==, 0);
  g_assert_cmpint (verify (one->path), ==, 0);
  g_assert_cmpint (verify (some->path), ==, 0);
}

static gboolean
list_work (TillTransaction  *transaction,
           gpointer          data,
           GError          **error)
{
  g_autoptr(GPtrArray) all = till_transaction_list_log (transaction, TILL_TIME_UNKNOWN, 0, error);
  g_autoptr(GPtrArray) newest = till_transaction_list_log (transaction, TILL_TIME_UNKNOWN, 3, error);
  g_autoptr(GPtrArray) since = till_transaction_list_log (transaction, TEST_NOW, 0, error);
  g_autoptr(GPtrArray) future = till_transaction_list_log (transaction, TEST_NOW + 1, 0, error);
  g_autoptr(GPtrArray) past = till_transaction_list_log (transaction, -TEST_NOW, 1, error);

  g_assert_cmpuint (all->len, ==, 10);
  for (guint i = 0; i < all->len; i++)
    g_assert_cmpint (((TillLogRecord *) all->pdata[i])->sequence, ==, i + 1);
  g_assert_cmpuint (newest->len, ==, 3);
  for (guint i = 0; i < newest->len; i++)
    g_assert_cmpint (((TillLogRecord *) newest->pdata[i])->sequence, ==, i + 8);
  g_assert_cmpuint (since->len, ==, 10);
  g_assert_cmpuint (future->len, ==, 0);
  g_assert_cmpuint (past->len, ==, 1);

  return TRUE;
}

static void
test_list (void)
{
  g_autoptr(TillTestDir) dir = make_log (10);
  g_autoptr(GError) error = NULL;
  TillStore *store = test_open (dir->path, TILL_STORE_READ, &error);

  g_assert_no_error (error);
  test_do (store, list_work, NULL);
  test_close (store);
}

/* A line keeps what it is given, must follow the last one, and its environment must be one. */
static gboolean
given_work (TillTransaction  *transaction,
            gpointer          data,
            GError          **error)
{
  g_autoptr(TillLogRecord) line = till_log_record_new ();
  g_autoptr(GError) refused = NULL;

  line->event = g_strdup ("profile.add");
  line->actor = g_strdup ("somebody");
  line->at = 17;
  line->sequence = 2;
  g_assert_false (till_transaction_append_log (transaction, line, &refused));
  g_assert_error (refused, TILL_ERROR, TILL_ERROR_CONFLICT);
  g_clear_error (&refused);

  line->sequence = 1;
  line->environment = g_strdup ("production");
  g_assert_false (till_transaction_append_log (transaction, line, &refused));
  test_assert_reason (refused, TILL_ERROR_REJECTED, TILL_REASON_FIELD);
  g_clear_error (&refused);

  g_free (line->environment);
  line->environment = g_strdup ("live");
  g_assert_true (till_transaction_append_log (transaction, line, error));
  g_assert_cmpint (line->sequence, ==, 1);
  g_assert_cmpint (line->at, ==, 17);
  g_assert_cmpstr (line->actor, ==, "somebody");

  /* One refused by its bounds leaves the chain as it was. */
  line->sequence = 0;
  g_free (line->detail);
  line->detail = g_strnfill (1024 * 1024, 'x');
  g_assert_false (till_transaction_append_log (transaction, line, &refused));
  test_assert_reason (refused, TILL_ERROR_REJECTED, TILL_REASON_FIELD);
  g_clear_pointer (&line->detail, g_free);
  g_assert_cmpint (line->sequence, ==, 0);
  g_assert_true (till_transaction_append_log (transaction, line, error));
  g_assert_cmpint (line->sequence, ==, 2);

  return till_transaction_verify_log (transaction, NULL, error);
}

static void
test_given (void)
{
  g_autoptr(TillTestDir) dir = make_log (0);
  g_autoptr(GError) error = NULL;
  TillStore *store = test_open (dir->path, TILL_STORE_WRITE, &error);

  g_assert_no_error (error);
  test_do (store, given_work, NULL);
  test_close (store);
}

/* The hash is over what it is said to be over: reckoned here anew, byte by byte. */
static gboolean
hash_work (TillTransaction  *transaction,
           gpointer          data,
           GError          **error)
{
  g_autoptr(TillLogRecord) line = till_log_record_new ();
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  g_autofree char *expected = NULL;
  static const guint8 head[] = "tillkeeper log 1\0" "\1\0\0\0\0\0\0\0\0" "\0\0\0\0\0\0\0\1" "\0\0\0\0\0\0\1\2"
                               "\1\0\0\0\0\0\0\0\2" "me" "\1\0\0\0\0\0\0\0\1" "e" "\0\0\0\0\0\0\0"
                               "\1\0\0\0\0\0\0\0\0";

  line->actor = g_strdup ("me");
  line->event = g_strdup ("e");
  line->trace_id = g_strdup ("");
  line->at = 0x102;
  g_assert_true (till_transaction_append_log (transaction, line, error));

  /* object, profile, environment, peer, outcome, request id: none; trace id: empty; detail: none. */
  g_byte_array_append (bytes, head, 17 + 9 + 8 + 8 + 11 + 10);
  g_byte_array_append (bytes, (const guint8 *) "\0\0\0\0\0\0" "\1\0\0\0\0\0\0\0\0" "\0", 6 + 9 + 1);
  expected = g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes->data, bytes->len);
  g_assert_cmpstr (line->hash, ==, expected);

  return TRUE;
}

static void
test_hash (void)
{
  g_autoptr(TillTestDir) dir = make_log (0);
  g_autoptr(GError) error = NULL;
  TillStore *store = test_open (dir->path, TILL_STORE_WRITE, &error);

  g_assert_no_error (error);
  test_do (store, hash_work, NULL);
  test_close (store);
}

/* The database refuses what the program would never ask for. */
static void
test_append_only (void)
{
  static const char * const statements[] = {
    "UPDATE log SET outcome = 'done' WHERE sequence = 2",
    "DELETE FROM log WHERE sequence = 3",
    "DELETE FROM log",
    ("INSERT OR REPLACE INTO log SELECT sequence, at, actor, 'other', object, profile, environment, peer, outcome,"
     " request_id, trace_id, detail, hash FROM log WHERE sequence = 1"),
  };
  g_autoptr(TillTestDir) dir = make_log (3);
  sqlite3 *db = test_raw_open (dir->path);

  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    g_assert_cmpint (sqlite3_exec (db, statements[i], NULL, NULL, NULL), ==, SQLITE_CONSTRAINT);
  sqlite3_close (db);

  g_assert_cmpint (verify (dir->path), ==, 0);
}

static const char * const columns[] = {
  "at", "actor", "event", "object", "profile", "environment", "peer", "outcome", "request_id", "trace_id", "detail", "hash",
};

/* Changes one column of one line, to something that it is not.
 * Returns: the line that is wrong then */
static gint64
flip (sqlite3 *db)
{
  int line = g_test_rand_int_range (1, LINES + 1);
  const char *column = columns[g_test_rand_int_range (0, G_N_ELEMENTS (columns))];
  g_autofree char *old = g_strdup_printf ("SELECT quote (%s) = 'NULL' FROM log WHERE sequence = %d", column, line);
  gboolean null = test_raw_int (db, old) == 1;
  g_autofree char *sql = NULL;

  if (g_str_equal (column, "at"))
    sql = g_strdup_printf ("UPDATE log SET at = at + %d WHERE sequence = %d", g_test_rand_int_range (1, 1000), line);
  else if (null)
    sql = g_strdup_printf ("UPDATE log SET %s = '' WHERE sequence = %d", column, line);
  else if (g_test_rand_bit () || g_str_equal (column, "detail") || g_str_equal (column, "hash"))
    sql = g_strdup_printf ("UPDATE log SET %s = %s || 'x' WHERE sequence = %d", column, column, line);
  else
    sql = g_strdup_printf ("UPDATE log SET %s = NULLIF (substr (%s, 2), '') || '' WHERE sequence = %d",
                           column, column, line);

  if (strstr (sql, "NULLIF") != NULL && (g_str_equal (column, "actor") || g_str_equal (column, "event")))
    {
      g_free (sql);
      sql = g_strdup_printf ("UPDATE log SET %s = upper (%s) WHERE sequence = %d", column, column, line);
    }

  test_raw_exec (db, sql);

  return line;
}

static gint64
drop (sqlite3 *db)
{
  int line = g_test_rand_int_range (1, LINES + 1);
  g_autofree char *sql = g_strdup_printf ("DELETE FROM log WHERE sequence = %d", line);
  g_autofree char *close_up = g_strdup_printf ("UPDATE log SET sequence = sequence - 1 WHERE sequence > %d", line);

  test_raw_exec (db, sql);
  if (g_test_rand_bit ())
    test_raw_exec (db, close_up);

  return line;
}

static gint64
swap (sqlite3 *db)
{
  int a = g_test_rand_int_range (1, LINES);
  int b = g_test_rand_int_range (a + 1, LINES + 1);
  g_autofree char *sql = g_strdup_printf ("UPDATE log SET sequence = -1 WHERE sequence = %d;"
                                          "UPDATE log SET sequence = %d WHERE sequence = %d;"
                                          "UPDATE log SET sequence = %d WHERE sequence = -1;", a, a, b, b);

  test_raw_exec (db, sql);

  return a;
}

static gint64
insert (sqlite3 *db)
{
  int line = g_test_rand_int_range (1, LINES + 2);
  g_autofree char *sql = g_strdup_printf ("UPDATE log SET sequence = -sequence - 1 WHERE sequence >= %d;"
                                          "UPDATE log SET sequence = -sequence WHERE sequence < 0;"
                                          "INSERT INTO log (sequence, at, actor, event, hash)"
                                          " SELECT %d, at, actor, event, hash FROM log WHERE sequence = %d",
                                          line, line, line == 1 ? 2 : line - 1);

  test_raw_exec (db, sql);

  return line;
}

static gint64
cut (sqlite3 *db)
{
  int line = g_test_rand_int_range (1, LINES + 1);
  g_autofree char *sql = g_strdup_printf ("DELETE FROM log WHERE sequence >= %d", line);

  test_raw_exec (db, sql);

  return line;
}

/* With the head adjusted as far as that goes without reckoning. */
static gint64
cut_with_head (sqlite3 *db)
{
  gint64 line = cut (db);
  g_autofree char *sql = g_strdup_printf ("UPDATE log_head SET lines = %d", (int) line - 1);

  test_raw_exec (db, sql);

  return MAX (line - 1, 1);
}

static gint64
cut_head_off (sqlite3 *db)
{
  gint64 line = cut (db);

  test_raw_exec (db, "DELETE FROM log_head");

  return line;
}

static void
test_changed (gconstpointer data)
{
  gint64 (*change) (sqlite3 *) = data;
  guint times = (g_getenv ("TILL_LONG_TESTS") != NULL ? CHANGES_LONG : CHANGES) / 5;
  g_autoptr(TillTestDir) dir = make_log (LINES);
  g_autofree char *path = till_test_dir_file (dir, "tillkeeper.db");
  g_autofree char *pristine = NULL;
  g_autoptr(GError) error = NULL;
  gsize size;

  g_file_get_contents (path, &pristine, &size, &error);
  g_assert_no_error (error);

  for (guint i = 0; i < times; i++)
    {
      sqlite3 *db = open_unguarded (dir->path);
      gint64 expected = change (db);

      sqlite3_close (db);
      g_assert_cmpint (verify (dir->path), ==, expected);

      g_file_set_contents_full (path, pristine, (gssize) size, G_FILE_SET_CONTENTS_NONE, 0600, &error);
      g_assert_no_error (error);
    }

  g_assert_cmpint (verify (dir->path), ==, 0);
}

/* What comes after a change does not hide it. */
static void
test_after_change (gconstpointer data)
{
  gint64 (*change) (sqlite3 *) = data;

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(TillTestDir) dir = make_log (LINES);
      sqlite3 *db = open_unguarded (dir->path);
      gint64 expected = change (db);
      g_autoptr(GError) error = NULL;
      TillStore *store;

      sqlite3_close (db);
      store = test_open (dir->path, TILL_STORE_WRITE, &error);
      g_assert_no_error (error);
      test_do (store, append_work, GUINT_TO_POINTER (5));
      test_close (store);

      g_assert_cmpint (verify (dir->path), >, 0);
      g_assert_cmpint (verify (dir->path), <=, expected + 1);
    }
}

int
main (int    argc,
      char **argv)
{
  static const struct
  {
    const char  *name;
    gint64    (* change) (sqlite3 *);
  } changes[] = {
    { "flip", flip }, { "delete", drop }, { "swap", swap }, { "insert", insert },
    { "cut", cut }, { "cut-with-head", cut_with_head }, { "cut-head-off", cut_head_off },
  };

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/log/whole", test_whole);
  g_test_add_func ("/log/list", test_list);
  g_test_add_func ("/log/given", test_given);
  g_test_add_func ("/log/hash", test_hash);
  g_test_add_func ("/log/append-only", test_append_only);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autofree char *path = g_strdup_printf ("/log/changed/%s", changes[i].name);
      g_autofree char *after = g_strdup_printf ("/log/after-change/%s", changes[i].name);

      g_test_add_data_func (path, changes[i].change, test_changed);
      g_test_add_data_func (after, changes[i].change, test_after_change);
    }

  return g_test_run ();
}
