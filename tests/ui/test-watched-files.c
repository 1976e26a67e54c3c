/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are looked after: remembered, read a few at a time, watched; and the rows they make. */
#include "config.h"

#include "till-files-test.h"

#include <glib/gstdio.h>

#include "till-certificate-item-private.h"
#include "till-certificate-rows.h"

static void
test_remembered (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GFile) gift_file = files_write_pem (fixture, "gift.pem", &files_gift);
  g_autoptr(GFile) old_file = files_write_pem (fixture, "a-coupon.pem", &files_old);
  gboolean already = TRUE;

  (void) till_watched_files_add_file (fixture->files, gift_file, &already);
  g_assert_false (already);
  (void) till_watched_files_add_file (fixture->files, old_file, NULL);
  g_assert_true (till_watched_files_get_busy (fixture->files));
  files_wait (fixture);
  WAIT_UNTIL_KEPT ("gift.pem a-coupon.pem");

  /* Nothing is read before the start, but what is known is there. */
  files_start_again (fixture);
  files_assert_titles (fixture, "gift.pem a-coupon.pem");
  till_ui_run_for (50);
  g_assert_cmpint (till_file_entry_get_state (files_get (fixture, 0)), ==, TILL_FILE_LOADING);

  till_watched_files_start (fixture->files);
  files_wait (fixture);
  g_assert_cmpint (till_file_entry_get_state (files_get (fixture, 0)), ==, TILL_FILE_READY);
  g_assert_cmpint (till_file_entry_get_state (files_get (fixture, 1)), ==, TILL_FILE_READY);
  WAIT_UNTIL_KEPT ("gift.pem a-coupon.pem");
}

/* What was opened by mistake does not come back; what is locked, damaged or gone since does. */
static void
test_what_is_remembered (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(GFile) page = files_write (fixture, "page.html", "<!DOCTYPE html><html></html>");
  g_autoptr(GFile) damaged = files_write (fixture, "damaged.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n");
  g_autofree char *nowhere_path = till_test_dir_file (fixture->dir, "nowhere.pem");
  g_autoptr(GFile) nowhere = g_file_new_for_path (nowhere_path);
  g_autoptr(GBytes) p12 = till_ui_make_p12 (&files_gift, "secret");
  g_autofree char *locked_path = till_test_dir_write (fixture->dir, "locked.p12", g_bytes_get_data (p12, NULL),
                                                      (gssize) g_bytes_get_size (p12));
  g_autoptr(GFile) locked = g_file_new_for_path (locked_path);
  TillFileEntry *entry;

  entry = till_watched_files_add_file (fixture->files, page, NULL);
  files_wait (fixture);
  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_FAILED);

  (void) till_watched_files_add_file (fixture->files, nowhere, NULL);
  files_wait (fixture);

  entry = till_watched_files_add_file (fixture->files, damaged, NULL);
  files_wait (fixture);
  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_FAILED);
  WAIT_UNTIL_KEPT ("damaged.pem");

  entry = till_watched_files_add_file (fixture->files, locked, NULL);
  files_wait (fixture);
  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_NEEDS_PASSWORD);
  WAIT_UNTIL_KEPT ("damaged.pem locked.p12");

  g_assert_cmpint (g_unlink (locked_path), ==, 0);
  files_start_again (fixture);
  till_watched_files_start (fixture->files);
  files_wait (fixture);
  g_assert_cmpint (till_file_entry_get_state (files_get (fixture, 1)), ==, TILL_FILE_MISSING);
  WAIT_UNTIL_KEPT ("damaged.pem locked.p12");
}

static void
test_twice (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(GFile) file = files_write_pem (fixture, "gift.pem", &files_gift);
  g_autofree char *other_path = g_strconcat (fixture->dir->path, "/./gift.pem", NULL);
  g_autoptr(GFile) same = g_file_new_for_path (other_path);
  g_autoptr(GPtrArray) files = g_ptr_array_new ();
  g_autoptr(GPtrArray) entries = NULL;
  TillFileEntry *entry;
  gboolean already = FALSE;
  guint n_already = 0;

  entry = till_watched_files_add_file (fixture->files, file, NULL);
  g_assert_true (till_watched_files_add_file (fixture->files, same, &already) == entry);
  g_assert_true (already);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->files)), ==, 1);

  /* And twice in one go. */
  g_ptr_array_add (files, file);
  g_ptr_array_add (files, same);
  entries = till_watched_files_add_files (fixture->files, files, &n_already);
  g_assert_cmpuint (n_already, ==, 2);
  g_assert_cmpuint (entries->len, ==, 2);
  g_assert_true (g_ptr_array_index (entries, 0) == (gpointer) entry);
  g_assert_true (g_ptr_array_index (entries, 1) == (gpointer) entry);
  files_wait (fixture);
}

static void
test_text (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *pem = till_ui_make_pem (&files_gift);
  g_autoptr(GBytes) bytes = g_bytes_new (pem, strlen (pem));
  TillFileEntry *entry;
  gboolean already = TRUE;

  entry = till_watched_files_add_bytes (fixture->files, bytes, "Pasted text", &already);
  g_assert_false (already);
  files_wait (fixture);
  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_READY);

  g_assert_true (till_watched_files_add_bytes (fixture->files, bytes, "Pasted text 2", &already) == entry);
  g_assert_true (already);

  /* Text is never remembered. */
  files_start_again (fixture);
  files_assert_titles (fixture, "");
}

static void
test_vanishes_and_returns (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(GFile) file = files_write_pem (fixture, "gift.pem", &files_gift);
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *pem = NULL;
  TillFileEntry *entry = till_watched_files_add_file (fixture->files, file, NULL);

  files_wait (fixture);
  g_assert_true (g_file_get_contents (path, &pem, NULL, NULL));

  g_assert_cmpint (g_unlink (path), ==, 0);
  WAIT_UNTIL (till_file_entry_get_state (entry) == TILL_FILE_MISSING);
  g_assert_null (till_file_entry_get_document (entry));
  WAIT_UNTIL_KEPT ("gift.pem");

  g_assert_true (g_file_set_contents (path, pem, -1, NULL));
  WAIT_UNTIL (till_file_entry_get_state (entry) == TILL_FILE_READY);
}

static void
test_changes (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GFile) file = files_write_pem (fixture, "gift.pem", &files_gift);
  g_autoptr(GFile) file_again = NULL;
  TillFileEntry *entry = till_watched_files_add_file (fixture->files, file, NULL);
  g_autoptr(TillCertificateRows) rows = till_certificate_rows_new (fixture->files, fixture->clock);

  files_wait (fixture);
  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_READY);

  /* Another certificate is written over it, as a renewal would be. */
  file_again = files_write_pem (fixture, "gift.pem", &files_old);
  WAIT_UNTIL (g_strcmp0 (till_certificate_item_get_name (till_certificate_rows_get_first (rows, entry)),
                         "Old coupons") == 0);
  g_assert_finalize_object (g_steal_pointer (&rows));
}

static void
test_remove_and_restore (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(GFile) one = files_write_pem (fixture, "one.pem", &files_gift);
  g_autoptr(GFile) two = files_write_pem (fixture, "two.pem", &files_gift);
  g_autoptr(GFile) three = files_write_pem (fixture, "three.pem", &files_gift);
  g_autofree char *two_path = g_file_get_path (two);
  g_autoptr(TillFileEntry) entry = NULL;
  guint position = G_MAXUINT;

  (void) till_watched_files_add_file (fixture->files, one, NULL);
  entry = g_object_ref (till_watched_files_add_file (fixture->files, two, NULL));
  (void) till_watched_files_add_file (fixture->files, three, NULL);
  files_wait (fixture);

  g_assert_true (till_watched_files_remove (fixture->files, entry, &position));
  g_assert_cmpuint (position, ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->files)), ==, 2);
  WAIT_UNTIL_KEPT ("one.pem three.pem");
  g_assert_false (till_watched_files_remove (fixture->files, entry, &position));

  /* Only forgotten: the file itself is untouched. */
  g_assert_true (g_file_test (two_path, G_FILE_TEST_IS_REGULAR));

  till_watched_files_restore (fixture->files, entry, 1);
  g_assert_true (files_get (fixture, 1) == entry);
  WAIT_UNTIL_KEPT ("one.pem two.pem three.pem");
  till_watched_files_restore (fixture->files, entry, 1);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->files)), ==, 3);
  files_wait (fixture);

  files_start_again (fixture);
  files_assert_titles (fixture, "one.pem two.pem three.pem");
}

/* Restoring a file that is gone keeps it remembered. */
static void
test_restore_missing (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(GFile) file = files_write_pem (fixture, "gone.pem", &files_gift);
  g_autofree char *path = g_file_get_path (file);
  g_autoptr(TillFileEntry) entry = g_object_ref (till_watched_files_add_file (fixture->files, file, NULL));

  files_wait (fixture);
  g_assert_cmpint (g_unlink (path), ==, 0);
  WAIT_UNTIL (till_file_entry_get_state (entry) == TILL_FILE_MISSING);

  g_assert_true (till_watched_files_remove (fixture->files, entry, NULL));
  WAIT_UNTIL_KEPT ("");
  till_watched_files_restore (fixture->files, entry, 0);
  WAIT_UNTIL_KEPT ("gone.pem");
  files_wait (fixture);
}

/* Everything may go at any time. */
static void
test_let_go_while_reading (Fixture       *fixture,
                           gconstpointer  data)
{
  guint i;

  for (i = 0; i < 20; i++)
    {
      g_autofree char *name = g_strdup_printf ("file-%u.pem", i);
      g_autoptr(GFile) file = files_write_pem (fixture, name, &files_gift);

      (void) till_watched_files_add_file (fixture->files, file, NULL);
    }
  till_watched_files_remove (fixture->files, files_get (fixture, 0), NULL);
  till_watched_files_remove (fixture->files, files_get (fixture, 18), NULL);
  g_assert_true (till_watched_files_get_busy (fixture->files));

  files_start_again (fixture);
  till_ui_run_for (100);
}

static void
changed_cb (GListModel *model,
            guint       position,
            guint       removed,
            guint       added,
            gpointer    user_data)
{
  guint *n = user_data;

  n[0]++;
  n[1] += removed;
  n[2] += added;
}

static void
count_cb (guint *n)
{
  (*n)++;
}

static TillCertificateItem *
get_row (TillCertificateRows *rows,
         guint                position)
{
  g_autoptr(TillCertificateItem) item = g_list_model_get_item (G_LIST_MODEL (rows), position);

  /* The list keeps it. */
  return item;
}

static void
test_rows (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *one = till_ui_make_pem (&files_gift);
  g_autofree char *two = till_ui_make_pem (&files_old);
  g_autofree char *both = g_strconcat (one, two, NULL);
  g_autoptr(GFile) file = files_write (fixture, "both.pem", both);
  g_autoptr(GFile) page = files_write (fixture, "page.html", "<!DOCTYPE html><html></html>");
  g_autoptr(TillCertificateRows) rows = till_certificate_rows_new (fixture->files, fixture->clock);
  guint n[3] = { 0 }, n_counts = 0;
  TillFileEntry *entry;

  g_signal_connect (rows, "items-changed", G_CALLBACK (changed_cb), n);
  g_signal_connect_swapped (rows, "counts-changed", G_CALLBACK (count_cb), &n_counts);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rows)), ==, 0);
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (rows)) == TILL_TYPE_CERTIFICATE_ITEM);

  entry = till_watched_files_add_file (fixture->files, file, NULL);
  (void) till_watched_files_add_file (fixture->files, page, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rows)), ==, 2);
  WAIT_UNTIL (g_list_model_get_n_items (G_LIST_MODEL (rows)) == 3);
  files_wait (fixture);
  till_ui_run_for (20);

  g_assert_cmpuint (n[2] - n[1], ==, 3);
  g_assert_cmpuint (till_certificate_rows_count_of (rows, entry), ==, 2);
  g_assert_cmpstr (till_certificate_item_get_name (get_row (rows, 0)), ==, "Gift card");
  g_assert_cmpstr (till_certificate_item_get_name (get_row (rows, 1)), ==, "Old coupons");
  g_assert_cmpint (till_certificate_item_get_leaf (get_row (rows, 2)), ==, -1);
  g_assert_cmpuint (till_certificate_rows_get_n_attention (rows), ==, 2);
  g_assert_cmpuint (till_certificate_rows_get_n_expired (rows), ==, 1);
  g_assert_cmpuint (n_counts, >, 0);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (rows), 3));

  g_assert_true (till_certificate_rows_get_first (rows, entry) == get_row (rows, 0));
  g_assert_true (till_certificate_rows_find_successor (rows, get_row (rows, 1)) == get_row (rows, 1));

  /* Time passes. */
  till_clock_set (fixture->clock, TILL_UI_NOW + 211 * TILL_UI_DAY);
  till_certificate_rows_refresh (rows);
  g_assert_cmpuint (till_certificate_rows_get_n_attention (rows), ==, 3);
  g_assert_cmpuint (till_certificate_rows_get_n_expired (rows), ==, 2);

  till_watched_files_remove (fixture->files, entry, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rows)), ==, 1);
  g_assert_cmpuint (till_certificate_rows_get_n_expired (rows), ==, 0);

  g_assert_finalize_object (g_steal_pointer (&rows));
}

/* A row that was made anew has a successor: the same certificate, wherever it stands in the file now. */
static void
test_successor (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *one = till_ui_make_pem (&files_gift);
  g_autofree char *two = till_ui_make_pem (&files_old);
  g_autofree char *both = g_strconcat (one, two, NULL);
  g_autofree char *swapped = g_strconcat (two, one, NULL);
  g_autoptr(GFile) file = files_write (fixture, "both.pem", both);
  g_autoptr(TillCertificateRows) rows = till_certificate_rows_new (fixture->files, fixture->clock);
  g_autoptr(TillCertificateItem) item = NULL;
  g_autoptr(GFile) again = NULL;
  TillCertificateItem *successor;
  TillFileEntry *entry;

  entry = till_watched_files_add_file (fixture->files, file, NULL);
  WAIT_UNTIL (g_list_model_get_n_items (G_LIST_MODEL (rows)) == 2);
  item = g_object_ref (get_row (rows, 0));

  again = files_write (fixture, "both.pem", swapped);
  WAIT_UNTIL (get_row (rows, 0) != item && get_row (rows, 1) != item);
  successor = till_certificate_rows_find_successor (rows, item);
  g_assert_true (successor == get_row (rows, 1));
  g_assert_cmpstr (till_certificate_item_get_name (successor), ==, "Gift card");

  /* The same certificate in another file. */
  g_assert_null (till_certificate_rows_find_same (rows, till_certificate_item_get_certificate (successor), entry));
  g_assert_nonnull (till_certificate_rows_find_same (rows, till_certificate_item_get_certificate (successor), NULL));

  till_watched_files_remove (fixture->files, entry, NULL);
  g_assert_null (till_certificate_rows_find_successor (rows, item));
  g_assert_null (till_certificate_rows_get_first (rows, entry));
  g_assert_finalize_object (g_steal_pointer (&rows));
}

/* Very many files are taken over in few steps. */
static void
test_many_files (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *pem = till_ui_make_pem (&files_gift);
  g_autoptr(TillCertificateRows) rows = till_certificate_rows_new (fixture->files, fixture->clock);
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) entries = NULL;
  guint n[3] = { 0 }, n_counts = 0;
  guint i;

  g_signal_connect (rows, "items-changed", G_CALLBACK (changed_cb), n);
  g_signal_connect_swapped (rows, "counts-changed", G_CALLBACK (count_cb), &n_counts);

  for (i = 0; i < 300; i++)
    {
      g_autofree char *name = g_strdup_printf ("file-%03u.pem", i);

      g_ptr_array_add (files, files_write (fixture, name, pem));
    }

  entries = till_watched_files_add_files (fixture->files, files, NULL);
  g_assert_cmpuint (n[0], ==, 1);
  g_assert_cmpuint (n[2], ==, 300);
  files_wait (fixture);
  WAIT_UNTIL (till_certificate_item_get_certificate (get_row (rows, 299)) != NULL);
  g_assert_cmpuint (n_counts, <, 200);
  g_assert_finalize_object (g_steal_pointer (&rows));

  files_start_again (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->files)), ==, 300);
  g_assert_cmpstr (till_file_entry_get_title (files_get (fixture, 299)), ==, "file-299.pem");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add ("/watched-files/" path, Fixture, NULL, files_setup, function, files_teardown)
  ADD ("remembered", test_remembered);
  ADD ("what-is-remembered", test_what_is_remembered);
  ADD ("twice", test_twice);
  ADD ("text", test_text);
  ADD ("vanishes-and-returns", test_vanishes_and_returns);
  ADD ("changes", test_changes);
  ADD ("remove-and-restore", test_remove_and_restore);
  ADD ("restore-missing", test_restore_missing);
  ADD ("let-go-while-reading", test_let_go_while_reading);
  ADD ("rows", test_rows);
  ADD ("successor", test_successor);
  ADD ("many-files", test_many_files);

  return g_test_run ();
}
