/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which files are watched: the order, what is known of them, what is logged. */
#include "config.h"

#include "shop-test.h"
#include "till-watching.h"

typedef struct
{
  TillTestDir *dir;
  TillStore   *store;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->dir = till_test_dir_new ();
  fixture->store = shop_open_store (fixture->dir);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  shop_close_store (fixture->store);
  till_test_dir_free (fixture->dir);
}

/* Names with spaces between, each of a file. */
static gboolean
change (Fixture     *fixture,
        const char  *forget,
        const char  *put,
        gint64       now,
        GError     **error)
{
  g_autoptr(GPtrArray) uris = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) till_file_record_free);
  g_auto(GStrv) gone = g_strsplit (forget, " ", -1);
  g_auto(GStrv) come = g_strsplit (put, " ", -1);
  guint i;

  for (i = 0; gone[i] != NULL; i++)
    g_ptr_array_add (uris, g_strconcat ("file:///", gone[i], NULL));
  for (i = 0; come[i] != NULL; i++)
    {
      TillFileRecord *record = till_file_record_new ();

      record->uri = g_strconcat ("file:///", come[i], NULL);
      record->added_at = now;
      record->not_after = now + 100;
      g_ptr_array_add (records, record);
    }

  till_watching_change_async (fixture->store, uris, records, shop_result_cb, NULL);

  return till_watching_change_finish (shop_wait (), error);
}

static void
assert_watched (Fixture    *fixture,
                const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) records = NULL;
  g_autoptr(GString) names = g_string_new (NULL);
  guint i;

  till_watching_load_async (fixture->store, NULL, shop_result_cb, NULL);
  records = till_watching_load_finish (shop_wait (), &error);
  g_assert_no_error (error);
  for (i = 0; i < records->len; i++)
    {
      const TillFileRecord *record = records->pdata[i];

      g_string_append_printf (names, "%s%s@%d", i > 0 ? " " : "", record->uri + strlen ("file:///"),
                              (int) (record->added_at - TEST_NOW));
    }
  g_assert_cmpstr (names->str, ==, expected);
}

static gboolean
log_work (TillTransaction  *transaction,
          gpointer          data,
          GError          **error)
{
  GString *lines = data;
  g_autoptr(GPtrArray) log = till_transaction_list_log (transaction, TILL_TIME_UNKNOWN, 0, error);

  for (guint i = 0; log != NULL && i < log->len; i++)
    {
      const TillLogRecord *record = log->pdata[i];

      g_string_append_printf (lines, "%s%s %s", i > 0 ? ", " : "", record->event, record->object + strlen ("file:///"));
      g_assert_null (record->profile);
    }

  return log != NULL;
}

static void
assert_log (Fixture    *fixture,
            const char *expected)
{
  g_autoptr(GString) lines = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  till_store_run_async (fixture->store, log_work, lines, NULL, NULL, shop_result_cb, NULL);
  g_assert_true (till_store_run_finish (fixture->store, shop_wait (), &error));
  g_assert_cmpstr (lines->str, ==, expected);
}

/* Not by name: as they were added. */
static void
test_order (Fixture       *fixture,
            gconstpointer  data)
{
  g_assert_true (change (fixture, "", "c a", TEST_NOW, NULL));
  g_assert_true (change (fixture, "", "b", TEST_NOW + 1, NULL));
  assert_watched (fixture, "c@0 a@0 b@1");

  /* Known already: only what is known of it changes. */
  g_assert_true (change (fixture, "", "c", TEST_NOW + 2, NULL));
  assert_watched (fixture, "c@0 a@0 b@1");
  assert_log (fixture, "files.watch c, files.watch a, files.watch b");
}

/* What is forgotten and put in one go comes to the end, and nobody has watched or forgotten it. */
static void
test_move (Fixture       *fixture,
           gconstpointer  data)
{
  g_assert_true (change (fixture, "", "a b c", TEST_NOW, NULL));
  g_assert_true (change (fixture, "b", "", TEST_NOW, NULL));
  g_assert_true (change (fixture, "c", "b c", TEST_NOW + 5, NULL));
  assert_watched (fixture, "a@0 b@5 c@0");
  assert_log (fixture, "files.watch a, files.watch b, files.watch c, files.forget b, files.watch b");
}

static void
test_forget (Fixture       *fixture,
             gconstpointer  data)
{
  g_assert_true (change (fixture, "", "a", TEST_NOW, NULL));
  g_assert_true (change (fixture, "a nowhere", "", TEST_NOW, NULL));
  assert_watched (fixture, "");
  assert_log (fixture, "files.watch a, files.forget a");
}

/* All or nothing. */
static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *name = g_strnfill (100000, 'x');
  g_autofree char *names = g_strconcat ("b ", name, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true (change (fixture, "", "a", TEST_NOW, NULL));
  g_assert_false (change (fixture, "a", names, TEST_NOW, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_REJECTED);
  assert_watched (fixture, "a@0");
  assert_log (fixture, "files.watch a");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add ("/watching/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("order", test_order);
  ADD ("move", test_move);
  ADD ("forget", test_forget);
  ADD ("refused", test_refused);

  return g_test_run ();
}
