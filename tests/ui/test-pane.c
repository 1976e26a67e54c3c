/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Certificates pane: open, search, filter, sort, select, remove. */
#include "config.h"

#include "till-ui-window.h"

#include <glib/gstdio.h>

#include "till-certificate-detail.h"
#include "till-certificate-item-private.h"
#include "till-certificate-row.h"
#include "till-compare-window.h"
#include "till-status-cell.h"

typedef TillUiWindow Fixture;

static const TillUiCertificate gift = {
  .name = "Gift card",
  .pass_type = "pass.com.acme.gift",
  .team = "PGJV57GD94",
  .not_before = TILL_UI_NOW - 155 * TILL_UI_DAY,
  .not_after = TILL_UI_NOW + 210 * TILL_UI_DAY,
};

#define SHOP_BY_END \
  "Old coupons, Loyalty card, Gift card, Web shop, Next year's card, " \
  "from-the-bank.p12, holiday.html, moved-away.pem, till.key"

static void
assert_names (Fixture    *fixture,
              const char *expected)
{
  g_autofree char *names = till_ui_window_dup_names (fixture);

  g_assert_cmpstr (names, ==, expected);
}

static GtkWidget *
get_stack_page (Fixture *fixture)
{
  GtkWidget *stack = till_ui_find (GTK_WIDGET (till_ui_window_get_pane (fixture)), GTK_TYPE_STACK, NULL);

  return gtk_stack_get_visible_child (GTK_STACK (stack));
}

static AdwLeaflet *
get_leaflet (Fixture *fixture)
{
  return ADW_LEAFLET (till_ui_find (GTK_WIDGET (till_ui_window_get_pane (fixture)), ADW_TYPE_LEAFLET, NULL));
}

static TillCertificateDetail *
get_detail (Fixture *fixture)
{
  return TILL_CERTIFICATE_DETAIL (till_ui_find (GTK_WIDGET (till_ui_window_get_pane (fixture)),
                                                TILL_TYPE_CERTIFICATE_DETAIL, NULL));
}

static void
type_search (Fixture    *fixture,
             const char *text)
{
  GtkWidget *entry = till_ui_find (GTK_WIDGET (till_ui_window_get_list (fixture)), GTK_TYPE_SEARCH_ENTRY, NULL);

  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  /* GtkSearchEntry waits until one has stopped typing. */
  till_ui_run_for (400);
}

static void
select_name (Fixture    *fixture,
             const char *name)
{
  GListModel *rows = till_ui_window_get_rows (fixture);
  guint i;

  for (i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr(TillCertificateItem) item = g_list_model_get_item (rows, i);

      if (g_str_equal (till_certificate_item_get_name (item), name))
        {
          gtk_selection_model_select_item (GTK_SELECTION_MODEL (rows), i, TRUE);
          till_ui_run_for (10);
          return;
        }
    }

  g_error ("there is no row %s", name);
}

static void
test_empty (Fixture       *fixture,
            gconstpointer  data)
{
  GtkWidget *page, *button;

  till_ui_window_show (fixture, 900, 600);
  page = till_ui_find (get_stack_page (fixture), ADW_TYPE_STATUS_PAGE, "No Certificates Yet");
  g_assert_nonnull (page);
  g_assert_cmpstr (adw_status_page_get_description (ADW_STATUS_PAGE (page)), ==, "Open a file to look inside.");
  button = till_ui_find (page, GTK_TYPE_BUTTON, "Open File…");
  g_assert_nonnull (button);
  g_assert_cmpstr (gtk_actionable_get_action_name (GTK_ACTIONABLE (button)), ==, "win.open");
  g_assert_true (gtk_widget_is_sensitive (button));
  gtk_test_accessible_assert_role (button, GTK_ACCESSIBLE_ROLE_BUTTON);
  till_ui_picture (fixture->window, "empty");
}

static void
test_open_one (Fixture       *fixture,
               gconstpointer  data)
{
  till_ui_window_show (fixture, 1120, 720);
  till_ui_window_open (fixture, "gift.pem", &gift);
  assert_names (fixture, "Gift card");
  g_assert_cmpstr (till_ui_window_get_current (fixture), ==, "Gift card");
  g_assert_true (till_certificate_detail_get_item (get_detail (fixture)) ==
                 till_certificate_list_get_current (till_ui_window_get_list (fixture)));
}

static void
test_open_several (Fixture       *fixture,
                   gconstpointer  data)
{
  till_ui_window_show (fixture, 1120, 720);
  till_ui_window_open_shop (fixture);
  assert_names (fixture, SHOP_BY_END);
  /* The first that was opened. */
  g_assert_cmpstr (till_ui_window_get_current (fixture), ==, "Gift card");
  till_ui_picture (fixture->window, "shop");
}

/* RELIABILITY.md 5.1, row 30. */
static void
test_open_twice (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *pem = till_ui_make_pem (&gift);
  g_autoptr(GFile) file = till_ui_window_write (fixture, "gift.pem", pem, -1);
  g_autofree char *toast = NULL;

  till_ui_window_show (fixture, 1120, 720);
  till_ui_window_open_file (fixture, file);
  till_ui_window_open_shop (fixture);
  select_name (fixture, "Web shop");

  till_ui_window_open_file (fixture, file);
  g_assert_cmpstr (till_ui_window_get_current (fixture), ==, "Gift card");
  toast = till_ui_window_dup_toast (fixture);
  g_assert_cmpstr (toast, ==, "Already here");
}

static void
test_same_certificate_elsewhere (Fixture       *fixture,
                                 gconstpointer  data)
{
  g_autofree char *pem = till_ui_make_pem (&gift);
  g_autoptr(GFile) one = till_ui_window_write (fixture, "one.pem", pem, -1);
  g_autoptr(GFile) two = till_ui_window_write (fixture, "<two>.pem", pem, -1);
  g_autofree char *toast = NULL;

  till_ui_window_show (fixture, 1120, 720);
  till_ui_window_open_file (fixture, two);
  g_assert_null (till_ui_window_dup_toast (fixture));
  till_ui_window_open_file (fixture, one);
  toast = till_ui_window_dup_toast (fixture);
  g_assert_cmpstr (toast, ==, "“<two>.pem” has the same certificate");
  g_assert_cmpuint (g_list_model_get_n_items (till_ui_window_get_rows (fixture)), ==, 2);
}

static void
test_folder (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *path = till_test_dir_file (fixture->dir, "My <Folder>");
  g_autoptr(GFile) folder = g_file_new_for_path (path);
  g_autofree char *toast = NULL;

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  till_ui_window_show (fixture, 900, 600);
  till_ui_window_open_file (fixture, folder);
  WAIT_UNTIL ((toast = till_ui_window_dup_toast (fixture)) != NULL);
  g_assert_cmpstr (toast, ==, "“My <Folder>” is a folder. Open the files in it instead.");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->files)), ==, 0);
}

static void
test_text (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *pem = till_ui_make_pem (&gift);
  g_autofree char *other = till_ui_make_pem (&gift);
  TillCertificatesPane *pane;
  g_autofree char *refused = NULL;

  till_ui_window_show (fixture, 1120, 720);
  pane = till_ui_window_get_pane (fixture);

  till_certificates_pane_open_text (pane, "Dear customer, please find attached…");
  refused = till_ui_window_dup_toast (fixture);
  g_assert_cmpstr (refused, ==, "That is not the text of a certificate, key or request");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->files)), ==, 0);

  till_certificates_pane_open_text (pane, pem);
  till_ui_window_wait (fixture);
  assert_names (fixture, "Gift card");
  till_certificates_pane_open_text (pane, pem);
  till_ui_window_wait (fixture);
  assert_names (fixture, "Gift card");

  till_certificates_pane_open_text (pane, other);
  till_ui_window_wait (fixture);
  assert_names (fixture, "Gift card, Gift card");
  g_assert_cmpstr (till_file_entry_get_title (till_certificate_item_get_entry (
                     till_certificate_list_get_current (till_ui_window_get_list (fixture)))), ==, "Pasted text 2");
}

static void
test_unlock (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GBytes) p12 = till_ui_make_p12 (&gift, "secret");
  g_autoptr(GFile) file = till_ui_window_write (fixture, "gift.p12", g_bytes_get_data (p12, NULL),
                                                (gssize) g_bytes_get_size (p12));
  g_autoptr(TillSecret) secret = till_secret_new_copy ("secret", 6);
  TillCertificateItem *item;

  till_ui_window_show (fixture, 1120, 720);
  till_ui_window_open_file (fixture, file);
  assert_names (fixture, "gift.p12");
  item = till_certificate_list_get_current (till_ui_window_get_list (fixture));
  g_assert_cmpint (till_certificate_item_get_status (item), ==, TILL_STATUS_LOCKED);

  /* As the password page does. The row of the file becomes the row of its certificate, and stays the current one. */
  till_file_entry_load_async (till_certificate_item_get_entry (item), secret, NULL, NULL, NULL);
  WAIT_UNTIL (g_strcmp0 (till_ui_window_get_current (fixture), "Gift card") == 0);
  assert_names (fixture, "Gift card");

  /* Reading all again does not lock it. */
  till_ui_window_act (fixture, "pane.read-all");
  till_ui_window_wait (fixture);
  assert_names (fixture, "Gift card");
}

static void
test_vanished (Fixture       *fixture,
               gconstpointer  data)
{
  g_autofree char *path = till_test_dir_file (fixture->dir, "gift.pem");
  GtkWidget *again;
  TillCertificateItem *item;

  till_ui_window_show (fixture, 1120, 720);
  till_ui_window_open (fixture, "gift.pem", &gift);
  again = till_ui_find (GTK_WIDGET (get_leaflet (fixture)), GTK_TYPE_BUTTON, "Choose File…");
  g_assert_nonnull (again);
  g_assert_false (gtk_widget_get_visible (again));

  g_assert_cmpint (g_unlink (path), ==, 0);
  WAIT_UNTIL (g_strcmp0 (till_ui_window_get_current (fixture), "gift.pem") == 0);
  item = till_certificate_list_get_current (till_ui_window_get_list (fixture));
  g_assert_cmpint (till_certificate_item_get_status (item), ==, TILL_STATUS_PROBLEM);
  g_assert_true (gtk_widget_get_visible (again));
  g_assert_true (gtk_widget_is_sensitive (again));
}

static void
test_search (Fixture       *fixture,
             gconstpointer  data)
{
  GtkWidget *none, *button;

  till_ui_window_show (fixture, 1120, 720);
  till_ui_window_open_shop (fixture);
  g_object_set (till_ui_window_get_pane (fixture), "search-mode", TRUE, NULL);
  g_assert_true (till_certificate_list_get_search_mode (till_ui_window_get_list (fixture)));

  type_search (fixture, "loyal");
  assert_names (fixture, "Loyalty card");
  /* What was selected is hidden, and stays what the detail is about. */
  g_assert_cmpstr (till_ui_window_get_current (fixture), ==, "Gift card");

  type_search (fixture, "ACME pgjv57");
  assert_names (fixture, "Old coupons, Loyalty card, Gift card");
  type_search (fixture, "web-shop.cer");
  assert_names (fixture, "Web shop");

  type_search (fixture, "nothing like that");
  assert_names (fixture, "");
  none = till_ui_find (GTK_WIDGET (till_ui_window_get_list (fixture)), ADW_TYPE_STATUS_PAGE, "No Results");
  g_assert_nonnull (none);
  g_assert_true (gtk_widget_get_mapped (none));
  g_assert_cmpstr (adw_status_page_get_description (ADW_STATUS_PAGE (none)), ==,
                   "Try another word or clear the filter.");
  till_ui_picture (fixture->window, "no-results");

  button = till_ui_find (none, GTK_TYPE_BUTTON, "Show All");
  g_signal_emit_by_name (button, "clicked");
  till_ui_run_for (50);
  assert_names (fixture, SHOP_BY_END);
  g_assert_false (gtk_widget_get_mapped (none));
  g_assert_false (till_certificate_list_get_search_mode (till_ui_window_get_list (fixture)));
  g_assert_cmpuint (gtk_single_selection_get_selected (
                      GTK_SINGLE_SELECTION (till_ui_window_get_rows (fixture))), ==, 2);
}

static void
test_filters (Fixture       *fixture,
              gconstpointer  data)
{
  GtkWidget *list, *expired, *badge;

  till_ui_window_show (fixture, 1120, 720);
  till_ui_window_open_shop (fixture);
  list = GTK_WIDGET (till_ui_window_get_list (fixture));
  expired = gtk_widget_get_ancestor (till_ui_find (list, GTK_TYPE_LABEL, "Expired"), GTK_TYPE_TOGGLE_BUTTON);
  g_assert_nonnull (till_ui_find (expired, GTK_TYPE_LABEL, "1"));
  g_assert_nonnull (till_ui_find (list, GTK_TYPE_LABEL, "9"));
  badge = till_ui_find (list, GTK_TYPE_LABEL, "6");
  g_assert_nonnull (badge);
  g_assert_true (gtk_widget_get_visible (badge));

  g_assert_true (gtk_widget_activate_action (list, "certificates.filter", "s", "attention"));
  till_ui_run_for (30);
  assert_names (fixture, "Old coupons, Loyalty card, Next year's card, from-the-bank.p12, holiday.html, moved-away.pem");

  g_signal_emit_by_name (expired, "clicked");
  till_ui_run_for (30);
  assert_names (fixture, "Old coupons");
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (expired)));
  g_assert_cmpint (g_settings_get_enum (fixture->settings, "filter"), ==, 2);

  /* Time passes, and one more belongs here. */
  till_clock_set (fixture->clock, TILL_UI_NOW + 13 * TILL_UI_DAY);
  till_ui_window_act (fixture, "pane.read-all");
  till_ui_window_wait (fixture);

  /* Opening a file shows it, whatever is filtered. */
  till_ui_window_open (fixture, "more.pem", &gift);
  g_assert_cmpint (g_settings_get_enum (fixture->settings, "filter"), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (till_ui_window_get_rows (fixture)), ==, 10);
}

static void
test_sort (Fixture       *fixture,
           gconstpointer  data)
{
  till_ui_window_show (fixture, 1120, 720);
  till_ui_window_open_shop (fixture);

  g_settings_set_string (fixture->settings, "sort-column", "name");
  till_ui_run_for (20);
  assert_names (fixture, "Gift card, Loyalty card, Next year's card, Old coupons, Web shop, "
                         "from-the-bank.p12, holiday.html, moved-away.pem, till.key");
  g_settings_set_boolean (fixture->settings, "sort-descending", TRUE);
  till_ui_run_for (20);
  assert_names (fixture, "till.key, moved-away.pem, holiday.html, from-the-bank.p12, "
                         "Web shop, Old coupons, Next year's card, Loyalty card, Gift card");

  g_settings_set_string (fixture->settings, "sort-column", "status");
  g_settings_set_boolean (fixture->settings, "sort-descending", FALSE);
  till_ui_run_for (20);
  assert_names (fixture, "Old coupons, Loyalty card, Next year's card, holiday.html, moved-away.pem, "
                         "from-the-bank.p12, Gift card, Web shop, till.key");

  g_settings_set_string (fixture->settings, "sort-column", "identifier");
  till_ui_run_for (20);
  assert_names (fixture, "from-the-bank.p12, holiday.html, moved-away.pem, till.key, "
                         "Next year's card, Old coupons, Gift card, Loyalty card, Web shop");
}

static GtkColumnView *
get_columns (Fixture *fixture)
{
  GtkWidget *view = till_ui_find (GTK_WIDGET (till_ui_window_get_list (fixture)), GTK_TYPE_COLUMN_VIEW, NULL);

  g_assert_nonnull (view);
  return GTK_COLUMN_VIEW (view);
}

/* A click on a header, as far as the column view can be told of one: see till-certificate-columns.c. */
static void
test_headers (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GtkColumnViewColumn) name = NULL;
  g_autoptr(GtkColumnViewColumn) ends = NULL;

  till_ui_window_show (fixture, 1120, 720);
  till_ui_window_open_shop (fixture);
  name = g_list_model_get_item (gtk_column_view_get_columns (get_columns (fixture)), 1);
  ends = g_list_model_get_item (gtk_column_view_get_columns (get_columns (fixture)), 4);
  g_assert_cmpstr (gtk_column_view_column_get_title (name), ==, "Name");

  gtk_column_view_sort_by_column (get_columns (fixture), name, GTK_SORT_DESCENDING);
  till_ui_run_for (20);
  g_assert_cmpint (g_settings_get_enum (fixture->settings, "sort-column"), ==, 2);
  g_assert_true (g_settings_get_boolean (fixture->settings, "sort-descending"));
  assert_names (fixture, "till.key, moved-away.pem, holiday.html, from-the-bank.p12, "
                         "Web shop, Old coupons, Next year's card, Loyalty card, Gift card");

  gtk_column_view_sort_by_column (get_columns (fixture), ends, GTK_SORT_ASCENDING);
  till_ui_run_for (20);
  g_assert_cmpint (g_settings_get_enum (fixture->settings, "sort-column"), ==, 0);
  g_assert_false (g_settings_get_boolean (fixture->settings, "sort-descending"));
  assert_names (fixture, SHOP_BY_END);

  /* Closing takes the columns apart, which is no click. */
  g_settings_set_string (fixture->settings, "sort-column", "status");
  g_clear_object (&name);
  g_clear_object (&ends);
  till_ui_window_close (fixture);
  g_assert_cmpint (g_settings_get_enum (fixture->settings, "sort-column"), ==, 1);
}

static void
test_remove_and_undo (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autofree char *path = till_test_dir_file (fixture->dir, "gift.pem");
  g_autofree char *toast = NULL;

  till_ui_window_show (fixture, 1120, 720);
  till_ui_window_open_shop (fixture);
  select_name (fixture, "Gift card");

  till_ui_window_act (fixture, "pane.remove");
  till_ui_run_for (30);
  assert_names (fixture, "Old coupons, Loyalty card, Web shop, Next year's card, "
                         "from-the-bank.p12, holiday.html, moved-away.pem, till.key");
  g_assert_cmpstr (till_ui_window_get_current (fixture), ==, "Web shop");
  toast = till_ui_window_dup_toast (fixture);
  g_assert_cmpstr (toast, ==, "“gift.pem” removed from the list");
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));

  till_ui_window_act (fixture, "pane.undo-remove");
  till_ui_window_wait (fixture);
  assert_names (fixture, SHOP_BY_END);
  g_assert_cmpstr (till_ui_window_get_current (fixture), ==, "Gift card");
  /* What is undone need not be offered any more. */
  g_assert_null (till_ui_window_dup_toast (fixture));

  /* Nothing more to undo. */
  till_ui_window_act (fixture, "pane.undo-remove");
  assert_names (fixture, SHOP_BY_END);

  /* The last one leaves one before it, and none leaves the empty page. */
  select_name (fixture, "till.key");
  till_ui_window_act (fixture, "pane.remove");
  g_assert_cmpstr (till_ui_window_get_current (fixture), ==, "moved-away.pem");
  while (g_list_model_get_n_items (G_LIST_MODEL (fixture->files)) > 0)
    till_ui_window_act (fixture, "pane.remove");
  till_ui_run_for (30);
  g_assert_nonnull (till_ui_find (get_stack_page (fixture), ADW_TYPE_STATUS_PAGE, "No Certificates Yet"));
  till_ui_window_act (fixture, "pane.undo-remove");
  till_ui_window_wait (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (till_ui_window_get_rows (fixture)), ==, 1);
}

static void
test_folded (Fixture       *fixture,
             gconstpointer  data)
{
  gboolean can_go_back;
  g_autofree char *title = NULL;

  till_ui_window_show (fixture, 360, 640);
  till_ui_window_open_shop (fixture);
  g_assert_true (adw_leaflet_get_folded (get_leaflet (fixture)));
  g_assert_cmpstr (adw_leaflet_get_visible_child_name (get_leaflet (fixture)), ==, "list");
  g_assert_cmpint (gtk_widget_get_width (fixture->window), <=, 370);
  till_ui_picture (fixture->window, "narrow-list");

  /* Rows of two lines. */
  g_assert_nonnull (till_ui_find (GTK_WIDGET (till_ui_window_get_list (fixture)), TILL_TYPE_CERTIFICATE_ROW, NULL));
  g_assert_null (till_ui_find (GTK_WIDGET (till_ui_window_get_list (fixture)), TILL_TYPE_STATUS_CELL, NULL));

  select_name (fixture, "Loyalty card");
  till_ui_window_act (fixture, "pane.details");
  till_ui_run_for (50);
  g_assert_cmpstr (adw_leaflet_get_visible_child_name (get_leaflet (fixture)), ==, "detail");
  g_object_get (till_ui_window_get_pane (fixture), "can-go-back", &can_go_back, "title", &title, NULL);
  g_assert_true (can_go_back);
  g_assert_cmpstr (title, ==, "Loyalty card");
  g_assert_cmpstr (till_certificate_item_get_name (till_certificate_detail_get_item (get_detail (fixture))), ==,
                   "Loyalty card");
  till_ui_picture (fixture->window, "narrow-detail");

  till_ui_window_act (fixture, "pane.back");
  till_ui_run_for (50);
  g_assert_cmpstr (adw_leaflet_get_visible_child_name (get_leaflet (fixture)), ==, "list");

  /* One file alone leads to its details. */
  till_ui_window_open (fixture, "more.pem", &gift);
  g_assert_cmpstr (adw_leaflet_get_visible_child_name (get_leaflet (fixture)), ==, "detail");
  till_ui_window_act (fixture, "pane.remove");
  till_ui_run_for (50);
  g_assert_cmpstr (adw_leaflet_get_visible_child_name (get_leaflet (fixture)), ==, "list");
}

/* Enter on a row. */
static void
test_activate (Fixture       *fixture,
               gconstpointer  data)
{
  GtkWidget *view;

  till_ui_window_show (fixture, 360, 640);
  till_ui_window_open_shop (fixture);
  view = till_ui_find (GTK_WIDGET (till_ui_window_get_list (fixture)), GTK_TYPE_LIST_VIEW, NULL);
  g_signal_emit_by_name (view, "activate", 3);
  till_ui_run_for (50);
  g_assert_cmpstr (till_ui_window_get_current (fixture), ==, "Web shop");
  g_assert_cmpstr (adw_leaflet_get_visible_child_name (get_leaflet (fixture)), ==, "detail");
}

static void
test_row_names (Fixture       *fixture,
                gconstpointer  data)
{
  GtkWidget *cell, *row;

  till_ui_window_show (fixture, 1120, 720);
  till_ui_window_open (fixture, "gift.pem", &gift);
  cell = till_ui_find (GTK_WIDGET (till_ui_window_get_list (fixture)), TILL_TYPE_STATUS_CELL, NULL);
  g_assert_nonnull (cell);
  row = gtk_widget_get_parent (gtk_widget_get_parent (cell));
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Gift card, Valid for 210 days, pass.com.acme.gift, 20 Jun 2027");

  /* The words follow the clock. */
  till_clock_set (fixture->clock, TILL_UI_NOW + 200 * TILL_UI_DAY);
  till_certificate_item_refresh (till_certificate_list_get_current (till_ui_window_get_list (fixture)));
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Gift card, Ends in 10 days, pass.com.acme.gift, 20 Jun 2027");
}

static void
test_compare (Fixture       *fixture,
              gconstpointer  data)
{
  TillUiCertificate renewed = gift;
  GtkWidget *window;
  gboolean alive;
  g_autofree char *toast = NULL;

  till_ui_window_show (fixture, 1120, 720);
  till_ui_window_open (fixture, "gift.pem", &gift);
  till_ui_window_act (fixture, "pane.compare");
  toast = till_ui_window_dup_toast (fixture);
  g_assert_cmpstr (toast, ==, "Open another certificate to compare this one with");
  g_assert_null (till_ui_find_window (TILL_TYPE_COMPARE_WINDOW));

  till_ui_window_open_shop (fixture);
  renewed.not_after += 365 * TILL_UI_DAY;
  till_ui_window_open (fixture, "gift-renewed.pem", &renewed);
  till_ui_window_act (fixture, "pane.compare");
  window = till_ui_find_window (TILL_TYPE_COMPARE_WINDOW);
  g_assert_nonnull (window);
  till_ui_picture (window, "compare");

  till_ui_watch_life (window, &alive);
  gtk_window_close (GTK_WINDOW (window));
  WAIT_UNTIL (!alive);
}

/* What there is room for when somebody drags the window's edge. */
static void
test_resize (Fixture       *fixture,
             gconstpointer  data)
{
  static const int widths[] = { 1120, 700, 420, 340, 620, 900, 1200 };
  guint i;

  till_ui_window_show (fixture, 1120, 720);
  till_ui_window_open_shop (fixture);
  select_name (fixture, "Web shop");

  for (i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      gtk_window_set_default_size (GTK_WINDOW (fixture->window), widths[i], 640);
      WAIT_UNTIL (ABS (gtk_widget_get_width (fixture->window) - widths[i]) < 30);
      till_ui_run_for (50);
      g_assert_cmpstr (till_ui_window_get_current (fixture), ==, "Web shop");
      g_assert_cmpint (adw_leaflet_get_folded (get_leaflet (fixture)), ==, widths[i] < 790);
    }
}

int
main (int    argc,
      char **argv)
{
  till_ui_test_init (&argc, &argv);

#define ADD(path, function) \
  g_test_add ("/pane/" path, Fixture, NULL, till_ui_window_setup, function, till_ui_window_teardown)
  ADD ("empty", test_empty);
  ADD ("open-one", test_open_one);
  ADD ("open-several", test_open_several);
  ADD ("open-twice", test_open_twice);
  ADD ("same-certificate-elsewhere", test_same_certificate_elsewhere);
  ADD ("folder", test_folder);
  ADD ("text", test_text);
  ADD ("unlock", test_unlock);
  ADD ("vanished", test_vanished);
  ADD ("search", test_search);
  ADD ("filters", test_filters);
  ADD ("sort", test_sort);
  ADD ("headers", test_headers);
  ADD ("remove-and-undo", test_remove_and_undo);
  ADD ("folded", test_folded);
  ADD ("activate", test_activate);
  ADD ("row-names", test_row_names);
  ADD ("compare", test_compare);
  ADD ("resize", test_resize);

  return g_test_run ();
}
