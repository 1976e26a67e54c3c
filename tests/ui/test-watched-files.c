/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are looked after: remembered, read a few at a time, watched; and the rows they make. */
#include "config.h"

#include "till-ui-test.h"

#include <glib/gstdio.h>

#include "till-certificate-item-private.h"
#include "till-certificate-rows.h"
#include "till-file-entry-private.h"
#include "till-watched-files.h"

typedef struct
{
  TillTestDir      *dir;
  GSettings        *settings;
  TillClock        *clock;
  TillWatchedFiles *files;
} Fixture;

static const TillUiCertificate gift = {
  .name = "Gift card",
  .not_before = TILL_UI_NOW - 155 * TILL_UI_DAY,
  .not_after = TILL_UI_NOW + 210 * TILL_UI_DAY,
};

static const TillUiCertificate old = {
  .name = "Old coupons",
  .not_before = TILL_UI_NOW - 400 * TILL_UI_DAY,
  .not_after = TILL_UI_NOW - 3 * TILL_UI_DAY,
};

static void
setup (Fixture       *fixture,
       gconstpointer  data)
{
  fixture->dir = till_test_dir_new ();
  fixture->clock = till_clock_new_fixed (TILL_UI_NOW);
  fixture->settings = g_settings_new (TILL_APP_ID);
  g_settings_reset (fixture->settings, "watched-files");
  fixture->files = till_watched_files_new (fixture->settings);
  till_watched_files_start (fixture->files);
}

static void
teardown (Fixture       *fixture,
          gconstpointer  data)
{
  g_assert_finalize_object (fixture->files);
  g_assert_finalize_object (fixture->settings);
  till_clock_unref (fixture->clock);
  till_test_dir_free (fixture->dir);
}

static GFile *
write_pem (Fixture                 *fixture,
           const char              *name,
           const TillUiCertificate *certificate)
{
  g_autofree char *pem = till_ui_make_pem (certificate);
  g_autofree char *path = till_test_dir_write (fixture->dir, name, pem, -1);

  return g_file_new_for_path (path);
}

static GFile *
write_text (Fixture    *fixture,
            const char *name,
            const char *text)
{
  g_autofree char *path = till_test_dir_write (fixture->dir, name, text, -1);

  return g_file_new_for_path (path);
}

static void
wait_until_read (Fixture *fixture)
{
  WAIT_UNTIL (!till_watched_files_get_busy (fixture->files));
}

static TillFileEntry *
get_entry (TillWatchedFiles *files,
           guint             position)
{
  g_autoptr(TillFileEntry) entry = g_list_model_get_item (G_LIST_MODEL (files), position);

  /* The list keeps it. */
  return entry;
}

static guint
count_remembered (Fixture *fixture)
{
  g_auto(GStrv) uris = g_settings_get_strv (fixture->settings, "watched-files");

  return g_strv_length (uris);
}

/* As after closing the window and opening it again. */
static void
start_again (Fixture *fixture)
{
  g_assert_finalize_object (fixture->files);
  fixture->files = till_watched_files_new (fixture->settings);
}

static void
test_remembered (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GFile) gift_file = write_pem (fixture, "gift.pem", &gift);
  g_autoptr(GFile) old_file = write_pem (fixture, "old.pem", &old);
  g_autofree char *uri = g_file_get_uri (gift_file);
  g_auto(GStrv) uris = NULL;
  gboolean already = TRUE;

  (void) till_watched_files_add_file (fixture->files, gift_file, &already);
  g_assert_false (already);
  (void) till_watched_files_add_file (fixture->files, old_file, NULL);
  g_assert_true (till_watched_files_get_busy (fixture->files));
  wait_until_read (fixture);

  uris = g_settings_get_strv (fixture->settings, "watched-files");
  g_assert_cmpuint (g_strv_length (uris), ==, 2);
  g_assert_cmpstr (uris[0], ==, uri);

  /* Nothing is read before the start, but what is known is there. */
  start_again (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->files)), ==, 2);
  till_ui_run_for (50);
  g_assert_cmpint (till_file_entry_get_state (get_entry (fixture->files, 0)), ==, TILL_FILE_LOADING);
  g_assert_cmpstr (till_file_entry_get_title (get_entry (fixture->files, 0)), ==, "gift.pem");

  till_watched_files_start (fixture->files);
  wait_until_read (fixture);
  g_assert_cmpint (till_file_entry_get_state (get_entry (fixture->files, 0)), ==, TILL_FILE_READY);
  g_assert_cmpint (till_file_entry_get_state (get_entry (fixture->files, 1)), ==, TILL_FILE_READY);
  g_assert_cmpuint (count_remembered (fixture), ==, 2);
}

/* What was opened by mistake does not come back; what is locked, damaged or gone since does. */
static void
test_what_is_remembered (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(GFile) page = write_text (fixture, "page.html", "<!DOCTYPE html><html></html>");
  g_autoptr(GFile) damaged = write_text (fixture, "damaged.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n");
  g_autofree char *nowhere_path = till_test_dir_file (fixture->dir, "nowhere.pem");
  g_autoptr(GFile) nowhere = g_file_new_for_path (nowhere_path);
  g_autoptr(GBytes) p12 = till_ui_make_p12 (&gift, "secret");
  g_autofree char *locked_path = till_test_dir_write (fixture->dir, "locked.p12", g_bytes_get_data (p12, NULL),
                                                      (gssize) g_bytes_get_size (p12));
  g_autoptr(GFile) locked = g_file_new_for_path (locked_path);
  TillFileEntry *entry;

  entry = till_watched_files_add_file (fixture->files, page, NULL);
  wait_until_read (fixture);
  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_FAILED);
  g_assert_cmpuint (count_remembered (fixture), ==, 0);

  (void) till_watched_files_add_file (fixture->files, nowhere, NULL);
  wait_until_read (fixture);
  g_assert_cmpuint (count_remembered (fixture), ==, 0);

  entry = till_watched_files_add_file (fixture->files, damaged, NULL);
  wait_until_read (fixture);
  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_FAILED);
  g_assert_cmpuint (count_remembered (fixture), ==, 1);

  entry = till_watched_files_add_file (fixture->files, locked, NULL);
  wait_until_read (fixture);
  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_NEEDS_PASSWORD);
  g_assert_cmpuint (count_remembered (fixture), ==, 2);

  g_assert_cmpint (g_unlink (locked_path), ==, 0);
  start_again (fixture);
  till_watched_files_start (fixture->files);
  wait_until_read (fixture);
  g_assert_cmpint (till_file_entry_get_state (get_entry (fixture->files, 1)), ==, TILL_FILE_MISSING);
  g_assert_cmpuint (count_remembered (fixture), ==, 2);
}

static void
test_twice (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(GFile) file = write_pem (fixture, "gift.pem", &gift);
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
  wait_until_read (fixture);
}

static void
test_text (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *pem = till_ui_make_pem (&gift);
  g_autoptr(GBytes) bytes = g_bytes_new (pem, strlen (pem));
  TillFileEntry *entry;
  gboolean already = TRUE;

  entry = till_watched_files_add_bytes (fixture->files, bytes, "Pasted text", &already);
  g_assert_false (already);
  wait_until_read (fixture);
  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_READY);

  g_assert_true (till_watched_files_add_bytes (fixture->files, bytes, "Pasted text 2", &already) == entry);
  g_assert_true (already);

  /* Text is never remembered. */
  g_assert_cmpuint (count_remembered (fixture), ==, 0);
}

static void
test_vanishes_and_returns (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(GFile) file = write_pem (fixture, "gift.pem", &gift);
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *pem = NULL;
  TillFileEntry *entry = till_watched_files_add_file (fixture->files, file, NULL);

  wait_until_read (fixture);
  g_assert_true (g_file_get_contents (path, &pem, NULL, NULL));

  g_assert_cmpint (g_unlink (path), ==, 0);
  WAIT_UNTIL (till_file_entry_get_state (entry) == TILL_FILE_MISSING);
  g_assert_null (till_file_entry_get_document (entry));
  g_assert_cmpuint (count_remembered (fixture), ==, 1);

  g_assert_true (g_file_set_contents (path, pem, -1, NULL));
  WAIT_UNTIL (till_file_entry_get_state (entry) == TILL_FILE_READY);
}

static void
test_changes (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GFile) file = write_pem (fixture, "gift.pem", &gift);
  g_autoptr(GFile) file_again = NULL;
  TillFileEntry *entry = till_watched_files_add_file (fixture->files, file, NULL);
  g_autoptr(TillCertificateRows) rows = till_certificate_rows_new (fixture->files, fixture->clock);

  wait_until_read (fixture);
  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_READY);

  /* Another certificate is written over it, as a renewal would be. */
  file_again = write_pem (fixture, "gift.pem", &old);
  WAIT_UNTIL (g_strcmp0 (till_certificate_item_get_name (till_certificate_rows_get_first (rows, entry)),
                         "Old coupons") == 0);
  g_assert_finalize_object (g_steal_pointer (&rows));
}

static void
test_remove_and_restore (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(GFile) one = write_pem (fixture, "one.pem", &gift);
  g_autoptr(GFile) two = write_pem (fixture, "two.pem", &gift);
  g_autoptr(GFile) three = write_pem (fixture, "three.pem", &gift);
  g_autofree char *two_path = g_file_get_path (two);
  g_autoptr(TillFileEntry) entry = NULL;
  guint position = G_MAXUINT;

  (void) till_watched_files_add_file (fixture->files, one, NULL);
  entry = g_object_ref (till_watched_files_add_file (fixture->files, two, NULL));
  (void) till_watched_files_add_file (fixture->files, three, NULL);
  wait_until_read (fixture);

  g_assert_true (till_watched_files_remove (fixture->files, entry, &position));
  g_assert_cmpuint (position, ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->files)), ==, 2);
  g_assert_cmpuint (count_remembered (fixture), ==, 2);
  g_assert_false (till_watched_files_remove (fixture->files, entry, &position));

  /* Only forgotten: the file itself is untouched. */
  g_assert_true (g_file_test (two_path, G_FILE_TEST_IS_REGULAR));

  till_watched_files_restore (fixture->files, entry, 1);
  g_assert_true (get_entry (fixture->files, 1) == entry);
  g_assert_cmpuint (count_remembered (fixture), ==, 3);
  till_watched_files_restore (fixture->files, entry, 1);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->files)), ==, 3);
  wait_until_read (fixture);
}

/* Restoring a file that is gone keeps it remembered. */
static void
test_restore_missing (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(GFile) file = write_pem (fixture, "gift.pem", &gift);
  g_autofree char *path = g_file_get_path (file);
  g_autoptr(TillFileEntry) entry = g_object_ref (till_watched_files_add_file (fixture->files, file, NULL));

  wait_until_read (fixture);
  g_assert_cmpint (g_unlink (path), ==, 0);
  WAIT_UNTIL (till_file_entry_get_state (entry) == TILL_FILE_MISSING);

  g_assert_true (till_watched_files_remove (fixture->files, entry, NULL));
  g_assert_cmpuint (count_remembered (fixture), ==, 0);
  till_watched_files_restore (fixture->files, entry, 0);
  g_assert_cmpuint (count_remembered (fixture), ==, 1);
  wait_until_read (fixture);
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
      g_autoptr(GFile) file = write_pem (fixture, name, &gift);

      (void) till_watched_files_add_file (fixture->files, file, NULL);
    }
  till_watched_files_remove (fixture->files, get_entry (fixture->files, 0), NULL);
  till_watched_files_remove (fixture->files, get_entry (fixture->files, 18), NULL);
  g_assert_true (till_watched_files_get_busy (fixture->files));

  start_again (fixture);
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
  g_autofree char *one = till_ui_make_pem (&gift);
  g_autofree char *two = till_ui_make_pem (&old);
  g_autofree char *both = g_strconcat (one, two, NULL);
  g_autoptr(GFile) file = write_text (fixture, "both.pem", both);
  g_autoptr(GFile) page = write_text (fixture, "page.html", "<!DOCTYPE html><html></html>");
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
  wait_until_read (fixture);
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
  g_autofree char *one = till_ui_make_pem (&gift);
  g_autofree char *two = till_ui_make_pem (&old);
  g_autofree char *both = g_strconcat (one, two, NULL);
  g_autofree char *swapped = g_strconcat (two, one, NULL);
  g_autoptr(GFile) file = write_text (fixture, "both.pem", both);
  g_autoptr(TillCertificateRows) rows = till_certificate_rows_new (fixture->files, fixture->clock);
  g_autoptr(TillCertificateItem) item = NULL;
  g_autoptr(GFile) again = NULL;
  TillCertificateItem *successor;
  TillFileEntry *entry;

  entry = till_watched_files_add_file (fixture->files, file, NULL);
  WAIT_UNTIL (g_list_model_get_n_items (G_LIST_MODEL (rows)) == 2);
  item = g_object_ref (get_row (rows, 0));

  again = write_text (fixture, "both.pem", swapped);
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
  g_autofree char *pem = till_ui_make_pem (&gift);
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

      g_ptr_array_add (files, write_text (fixture, name, pem));
    }

  entries = till_watched_files_add_files (fixture->files, files, NULL);
  g_assert_cmpuint (n[0], ==, 1);
  g_assert_cmpuint (n[2], ==, 300);
  wait_until_read (fixture);
  WAIT_UNTIL (till_certificate_item_get_certificate (get_row (rows, 299)) != NULL);
  g_assert_cmpuint (n_counts, <, 200);
  g_assert_cmpuint (count_remembered (fixture), ==, 300);
  g_assert_finalize_object (g_steal_pointer (&rows));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add ("/watched-files/" path, Fixture, NULL, setup, function, teardown)
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
