/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Certificates pane over the wallet: driven in the window, against services that can be made to fail. */
#include "config.h"

#include "till-services-test.h"

#include <string.h>

#include "till-certificate-hit.h"
#include "till-upload-window.h"

typedef TillServicesTest Fixture;

/* Of work on the main loop at a stretch, as in the test of many files. */
#define MAX_HELD_MS 250.0

static void
result_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GAsyncResult **kept = user_data;

  *kept = g_object_ref (result);
}

/* One list: what each row says, sorted by the day until which to act; filters with their counts; the badge; search. */
static void
test_list (Fixture       *fixture,
           gconstpointer  data)
{
  static const TillUiCertificate gift = {
    .name = "Gift box", .pass_type = "pass.com.acme.box", .team = "PGJV57GD94",
    .not_before = TILL_UI_NOW - 155 * TILL_UI_DAY, .not_after = TILL_UI_NOW + 210 * TILL_UI_DAY + 3600,
  };
  AdwViewStack *stack;
  AdwViewStackPage *page;
  TillCertificateItem *row;
  GtkWidget *list;

  till_services_test_connect (fixture);
  till_services_test_assert_names (fixture, EXAMPLES);
  till_services_test_assert_status (fixture, "Summer festival", TILL_STATUS_EXPIRED, "Expired 3 days ago");
  till_services_test_assert_status (fixture, "Gift cards", TILL_STATUS_SOON, "Ends in 3 days");
  till_services_test_assert_status (fixture, "Coupons", TILL_STATUS_SOON, "Ends in 20 days");
  till_services_test_assert_status (fixture, "Loyalty card", TILL_STATUS_VALID, "Valid · 240 d");
  till_services_test_assert_status (fixture, "Staff passes", TILL_STATUS_OFF, "Off");

  row = till_services_test_find (fixture, "Loyalty card");
  g_assert_cmpstr (till_certificate_item_get_identifier (row), ==, "pass.com.example.shop.loyalty");
  g_assert_cmpstr (till_certificate_item_get_team (row), ==, "ABCDE12345");
  g_assert_cmpstr (till_certificate_item_get_used_by (row), ==, "2 templates");
  g_assert_cmpstr (till_certificate_item_get_provider (row), ==, "Airship");
  g_assert_cmpint (till_certificate_item_get_seen_at (row), ==, TILL_TIME_UNKNOWN);
  g_assert_cmpstr (till_certificate_item_get_used_by (till_services_test_find (fixture, "Coupons")), ==, "Not used");
  g_assert_false (gtk_widget_get_visible (till_services_test_get_banner (fixture)));

  /* A file stands among them. */
  till_ui_window_open (&fixture->ui, "box.pem", &gift);
  till_services_test_assert_names (fixture, "Summer festival, Gift cards, Coupons, Gift box, Loyalty card, Door and till, "
                                            "Staff passes");
  g_assert_cmpstr (till_certificate_item_get_provider (till_services_test_find (fixture, "Gift box")), ==, "This computer");
  g_assert_cmpstr (till_certificate_item_get_team (till_services_test_find (fixture, "Gift box")), ==, "PGJV57GD94");

  list = GTK_WIDGET (till_ui_window_get_list (&fixture->ui));
  gtk_test_accessible_assert_property (TILL_CERTIFICATE_LIST (list)->filter_buttons[FILTER_UNUSED],
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Not Used, 5 certificates");
  gtk_test_accessible_assert_property (TILL_CERTIFICATE_LIST (list)->filter_buttons[FILTER_ALL],
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "All, 7 certificates");
  till_services_test_filter (fixture, "attention");
  till_services_test_assert_names (fixture, "Summer festival, Gift cards, Coupons");
  till_services_test_filter (fixture, "expired");
  till_services_test_assert_names (fixture, "Summer festival");
  till_services_test_filter (fixture, "unused");
  till_services_test_assert_names (fixture, "Summer festival, Gift cards, Coupons, Door and till, Staff passes");
  till_services_test_filter (fixture, "all");

  stack = till_window_get_stack (TILL_WINDOW (fixture->ui.window));
  page = adw_view_stack_get_page (stack, GTK_WIDGET (till_services_test_get_pane (fixture)));
  g_assert_cmpuint (adw_view_stack_page_get_badge_number (page), ==, 3);
  g_assert_true (adw_view_stack_page_get_needs_attention (page));

  /* Comment, team, template, identifier. */
  till_services_test_search (fixture, "nobody renewed");
  till_services_test_assert_names (fixture, "Summer festival");
  till_services_test_search (fixture, "abcde12345 staff");
  till_services_test_assert_names (fixture, "Staff passes");
  till_services_test_search (fixture, "gold");
  till_services_test_assert_names (fixture, "Loyalty card");
  till_services_test_search (fixture, "shop.door airship");
  till_services_test_assert_names (fixture, "Door and till");
  till_services_test_search (fixture, "nothing of the kind");
  WAIT_UNTIL (till_keys_test_sees (fixture->ui.window, "No Results"));
  till_services_test_search (fixture, "");

  for (guint i = 0; i < 3; i++)
    {
      static const char *const columns[] = { "team", "used-by", "provider" };
      static const char *const first[] = { "Summer festival", "Loyalty card", "Summer festival" };
      g_autofree char *names = NULL;

      g_settings_set_string (fixture->ui.settings, "sort-column", columns[i]);
      till_ui_run_for (50);
      names = till_ui_window_dup_names (&fixture->ui);
      g_assert_true (g_str_has_prefix (names, first[i]));
    }
}

/* Three days before the end, at the end, after it. */
static void
test_clock (Fixture       *fixture,
            gconstpointer  data)
{
  guint attention;

  till_services_test_connect (fixture);
  till_services_test_assert_status (fixture, "Gift cards", TILL_STATUS_SOON, "Ends in 3 days");

  till_clock_set (fixture->ui.clock, TILL_UI_NOW + 3 * TILL_UI_DAY - 60);
  till_certificates_pane_look_at_clock (till_services_test_get_pane (fixture));
  till_services_test_assert_status (fixture, "Gift cards", TILL_STATUS_SOON, "Ends in 1 minute");

  till_clock_set (fixture->ui.clock, TILL_UI_NOW + 3 * TILL_UI_DAY);
  till_certificates_pane_look_at_clock (till_services_test_get_pane (fixture));
  till_services_test_assert_status (fixture, "Gift cards", TILL_STATUS_SOON, "Ends within a minute");

  till_clock_set (fixture->ui.clock, TILL_UI_NOW + 3 * TILL_UI_DAY + 1);
  till_certificates_pane_look_at_clock (till_services_test_get_pane (fixture));
  till_services_test_assert_status (fixture, "Gift cards", TILL_STATUS_EXPIRED, "Expired just now");
  till_services_test_filter (fixture, "expired");
  till_services_test_assert_names (fixture, "Summer festival, Gift cards");
  till_services_test_filter (fixture, "all");

  /* A year later all has ended but what is switched off, which asks for nothing. */
  till_clock_set (fixture->ui.clock, TILL_UI_NOW + 400 * TILL_UI_DAY);
  till_certificates_pane_look_at_clock (till_services_test_get_pane (fixture));
  g_object_get (till_services_test_get_pane (fixture), "attention", &attention, NULL);
  g_assert_cmpuint (attention, ==, 5);
  till_services_test_assert_status (fixture, "Staff passes", TILL_STATUS_OFF, "Off");
  till_services_test_assert_names (fixture, EXAMPLES);
}

static GtkScrolledWindow *
get_scrolled (Fixture *fixture)
{
  return TILL_CERTIFICATE_LIST (till_ui_window_get_list (&fixture->ui))->columns_window;
}

/* The row near the top of what is shown. */
static TillCertificateItem *
get_row_at_top (Fixture *fixture)
{
  TillCertificateItem *row = NULL;
  GtkWidget *view = TILL_CERTIFICATE_LIST (till_ui_window_get_list (&fixture->ui))->columns;

  for (double y = 50; row == NULL && y < 140; y += 8)
    row = till_certificate_hit_find (view, 60, y);

  return row;
}

/* Page by page: how many of how many is said; what was chosen and where one was in the list stays. */
static void
test_pages (Fixture       *fixture,
            gconstpointer  data)
{
  TillCertificateItem *current, *at_top;
  GtkAdjustment *adjustment;
  GListModel *rows;
  guint n;

  till_services_test_start (fixture, "example-size=994");
  till_services_test_assume (fixture, "wallet-count=total");
  till_services_test_show (fixture, 1120, 720);
  till_services_test_put_profile (fixture, "Acme Cafés", till_sandbox_get_info (fixture->sandbox)->wallet_secret);
  till_services_test_order (fixture, "slow=1@/v1/certificates*1");
  till_services_test_use (fixture, "Acme Cafés");
  WAIT_UNTIL (till_keys_test_sees (fixture->ui.window, "Checking Airship…"));
  g_assert_cmpuint (till_services_test_count (fixture), ==, 0);
  WAIT_UNTIL (till_services_test_count (fixture) > 0);
  till_services_test_order (fixture, "slow=2@/v1/certificates*2");
  WAIT_UNTIL (till_keys_test_sees (fixture->ui.window, "of 1000."));
  till_ui_run_for (100);

  /* The view is given its first rows a few at a time. */
  rows = G_LIST_MODEL (till_services_test_get_pane (fixture)->rows);
  WAIT_UNTIL (till_services_test_count (fixture) == g_list_model_get_n_items (rows));
  till_ui_run_for (300);
  n = till_services_test_count (fixture);
  g_assert_cmpuint (n, <, 1000);
  adjustment = gtk_scrolled_window_get_vadjustment (get_scrolled (fixture));
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), <, 1);

  /* Nobody has touched it: it begins with its first row. Now somebody does. */
  gtk_adjustment_set_value (adjustment, 1000);
  till_ui_run_for (100);
  at_top = get_row_at_top (fixture);
  g_assert_nonnull (at_top);
  till_certificate_list_set_current (till_ui_window_get_list (&fixture->ui), at_top);
  current = till_certificate_list_get_current (till_ui_window_get_list (&fixture->ui));
  till_ui_run_for (50);
  at_top = get_row_at_top (fixture);

  WAIT_UNTIL (till_services_test_count (fixture) == 1000);
  till_services_test_wait (fixture);
  till_ui_run_for (300);
  g_assert_true (till_certificate_list_get_current (till_ui_window_get_list (&fixture->ui)) == current);
  g_assert_true (gtk_single_selection_get_selected_item (GTK_SINGLE_SELECTION (till_ui_window_get_rows (&fixture->ui))) ==
                 (gpointer) current);
  g_assert_true (get_row_at_top (fixture) == at_top);
  g_assert_false (till_keys_test_sees (fixture->ui.window, "Checking Airship…"));

  /* Asked again, nothing moves, and no row is another. */
  till_ui_window_act (&fixture->ui, "pane.refresh");
  WAIT_UNTIL (till_services_test_is_busy (fixture));
  g_assert_cmpuint (till_services_test_count (fixture), ==, 1000);
  till_services_test_wait (fixture);
  g_assert_cmpuint (till_services_test_count (fixture), ==, 1000);
  g_assert_true (get_row_at_top (fixture) == at_top);
  g_assert_true (till_certificate_list_get_current (till_ui_window_get_list (&fixture->ui)) == current);
}

/* Stopped: what is known by then stays, and it is said. */
static void
test_stop (Fixture       *fixture,
           gconstpointer  data)
{
  till_services_test_start (fixture, "example-size=294");
  till_services_test_show (fixture, 1120, 720);
  till_services_test_put_profile (fixture, "Acme Cafés", till_sandbox_get_info (fixture->sandbox)->wallet_secret);
  till_services_test_order (fixture, "slow=3@/v1/certificates*1");
  till_services_test_use (fixture, "Acme Cafés");
  WAIT_UNTIL (till_services_test_is_busy (fixture));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (till_services_test_get_pane (fixture)), "pane.stop", NULL));
  WAIT_UNTIL (!till_services_test_is_busy (fixture));
  WAIT_UNTIL (till_keys_test_sees (fixture->ui.window, "Stopped before all was known."));

  till_keys_test_press (till_services_test_get_banner (fixture), "Try Again");
  WAIT_UNTIL (till_services_test_count (fixture) == 300);
  till_services_test_wait (fixture);
  g_assert_false (gtk_widget_get_visible (till_services_test_get_banner (fixture)));
}

/* Down and back: what is known stays, with its time; the rows stay the same. */
static void
test_down_and_back (Fixture       *fixture,
                    gconstpointer  data)
{
  TillCertificateItem *coupons;

  till_services_test_connect (fixture);
  till_services_test_choose (fixture, "Coupons");
  coupons = till_services_test_find (fixture, "Coupons");

  till_services_test_stop (fixture);
  till_clock_advance (fixture->ui.clock, 600);
  till_ui_window_act (&fixture->ui, "pane.refresh");
  WAIT_UNTIL (till_services_test_is_busy (fixture));
  till_services_test_assert_names (fixture, EXAMPLES);
  till_services_test_wait (fixture);
  till_services_test_assert_names (fixture, EXAMPLES);
  g_assert_true (gtk_widget_get_mapped (till_services_test_get_banner (fixture)));
  assert_sees (till_services_test_get_banner (fixture), "Showing what was known at 12:00.");
  g_assert_nonnull (till_keys_test_find_button (till_services_test_get_banner (fixture), "Try Again"));
  g_assert_true (till_services_test_find (fixture, "Coupons") == coupons);
  g_assert_true (till_certificate_list_get_current (till_ui_window_get_list (&fixture->ui)) == coupons);
  g_assert_cmpint (till_certificate_item_get_seen_at (coupons), ==, TILL_UI_NOW);
  WAIT_UNTIL (till_keys_test_sees (fixture->ui.window, "Offline. Known since 12:00."));

  till_services_test_start (fixture, NULL);
  till_keys_test_press (till_services_test_get_banner (fixture), "Try Again");
  WAIT_UNTIL (!gtk_widget_get_visible (till_services_test_get_banner (fixture)));
  g_assert_true (till_services_test_find (fixture, "Coupons") == coupons);
  g_assert_cmpint (till_certificate_item_get_seen_at (coupons), ==, TILL_TIME_UNKNOWN);
  WAIT_UNTIL (!till_keys_test_sees (fixture->ui.window, "Offline. Known since 12:00."));
}

/* At the start without the service: what was known the last time is there. */
static void
test_start_offline (Fixture       *fixture,
                    gconstpointer  data)
{
  till_services_test_connect (fixture);
  till_session_use (fixture->ui.session, NULL);
  WAIT_UNTIL (till_session_get_state (fixture->ui.session) == TILL_SESSION_OPEN);
  till_services_test_stop (fixture);
  till_clock_advance (fixture->ui.clock, 2 * TILL_UI_DAY);

  till_services_test_use (fixture, "Acme Cafés");
  WAIT_UNTIL (till_services_test_count (fixture) == 6);
  till_services_test_wait (fixture);
  till_services_test_assert_status (fixture, "Gift cards", TILL_STATUS_SOON, "Ends in 1 day");
  assert_sees (till_services_test_get_banner (fixture), "Showing what was known on Sun 22 Nov, 12:00.");
}

/* The wrong secret is told from everything else; without rows the empty page stands below it. */
static void
test_wrong_secret (Fixture       *fixture,
                   gconstpointer  data)
{
  till_services_test_start (fixture, NULL);
  till_services_test_show (fixture, 1120, 720);
  till_services_test_put_profile (fixture, "Acme Cafés", "not the secret");
  till_services_test_use (fixture, "Acme Cafés");
  till_services_test_wait (fixture);
  WAIT_UNTIL (till_keys_test_sees (fixture->ui.window,
                                   "Airship refused the sign-in. Check the key of “Acme Cafés”."));
  g_assert_nonnull (till_keys_test_find_button (till_services_test_get_banner (fixture), "Open Profile"));
  g_assert_null (till_keys_test_find_button (till_services_test_get_banner (fixture), "Try Again"));
  assert_sees (fixture->ui.window, "No Certificates Yet");
  g_assert_false (till_keys_test_sees (fixture->ui.window, "Showing what was known"));

  /* The right one, as the profile's editor would keep it. */
  till_services_test_keep_secret (fixture, "Acme Cafés", "wallet", till_sandbox_get_info (fixture->sandbox)->wallet_secret);
  till_session_reload (fixture->ui.session);
  WAIT_UNTIL (till_services_test_count (fixture) == 6);
  till_services_test_wait (fixture);
  g_assert_false (gtk_widget_get_visible (till_services_test_get_banner (fixture)));
}

/* Ten minutes off: the wallet answers all the same, and the window says it above all panes. */
static void
test_clock_off (Fixture       *fixture,
                gconstpointer  data)
{
  till_services_test_start (fixture, NULL);
  till_services_test_show (fixture, 1120, 720);
  till_services_test_put_profile (fixture, "Acme Cafés", till_sandbox_get_info (fixture->sandbox)->wallet_secret);
  till_services_test_order (fixture, "date-skew=-600*20");
  till_services_test_use (fixture, "Acme Cafés");
  WAIT_UNTIL (till_services_test_count (fixture) == 6);
  till_services_test_wait (fixture);
  WAIT_UNTIL (till_keys_test_sees (fixture->ui.window, "clock is 10 minutes fast"));
}

/* A guest network's login page is no answer: the rows stay. */
static void
test_captive_portal (Fixture       *fixture,
                     gconstpointer  data)
{
  till_services_test_connect (fixture);
  till_services_test_order (fixture, "html@/v1/certificates*9");
  till_ui_window_act (&fixture->ui, "pane.refresh");
  WAIT_UNTIL (till_services_test_is_busy (fixture));
  till_services_test_wait (fixture);
  assert_sees (till_services_test_get_banner (fixture), "A Web Page Answered");
  till_services_test_assert_names (fixture, EXAMPLES);

  till_sandbox_clear_faults (fixture->sandbox);
  till_keys_test_press (till_services_test_get_banner (fixture), "Try Again");
  WAIT_UNTIL (!gtk_widget_get_visible (till_services_test_get_banner (fixture)));
}

/* What another program changed comes in with the next look: new, changed and gone rows, the others untouched. */
static void
test_follows (Fixture       *fixture,
              gconstpointer  data)
{
  TillShop *shop;
  TillCertificateItem *coupons, *door, *gifts;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TillShopChanged) changed = NULL;
  TillWalletChange change = { .name_change = TILL_TEXT_SET, .name = "Aa coupons", .comment_change = TILL_TEXT_KEEP,
                              .enabled = TILL_TRI_UNKNOWN };

  till_services_test_connect (fixture);
  shop = till_session_get_shop (fixture->ui.session);
  coupons = till_services_test_find (fixture, "Coupons");
  door = till_services_test_find (fixture, "Door and till");
  till_services_test_choose (fixture, "Door and till");

  till_shop_update_async (shop, till_certificate_item_get_item (coupons)->id, &change, TILL_TIME_UNKNOWN, NULL, result_cb,
                          &result);
  WAIT_UNTIL (result != NULL);
  changed = till_shop_change_finish (shop, result, &error);
  g_assert_no_error (error);
  g_clear_object (&result);
  gifts = till_services_test_find (fixture, "Gift cards");
  till_shop_remove_async (shop, till_certificate_item_get_item (gifts)->id, NULL, result_cb, &result);
  WAIT_UNTIL (result != NULL);
  g_assert_true (till_shop_remove_finish (shop, result, &error));
  g_assert_no_error (error);

  g_settings_set_string (fixture->ui.settings, "sort-column", "name");
  till_session_tell_changed (fixture->ui.session);
  WAIT_UNTIL (till_services_test_count (fixture) == 5);
  till_services_test_wait (fixture);
  till_services_test_assert_names (fixture, "Aa coupons, Door and till, Loyalty card, Staff passes, Summer festival");
  g_assert_true (till_services_test_find (fixture, "Aa coupons") == coupons);
  g_assert_true (till_certificate_list_get_current (till_ui_window_get_list (&fixture->ui)) == door);
}

/* Environments never mix: another profile has its own rows at once; files belong to none. */
static void
test_profiles (Fixture       *fixture,
               gconstpointer  data)
{
  static const TillUiCertificate web = {
    .name = "Web shop", .dns = "shop.acme.example",
    .not_before = TILL_UI_NOW - 100 * TILL_UI_DAY, .not_after = TILL_UI_NOW + 1000 * TILL_UI_DAY,
  };
  GMenuModel *menu;
  guint n_reasons = 0;

  till_services_test_connect (fixture);
  till_ui_window_open (&fixture->ui, "web.pem", &web);
  g_assert_cmpuint (till_services_test_count (fixture), ==, 7);

  till_services_test_put_profile (fixture, "No wallet", NULL);
  till_session_use (fixture->ui.session, "No wallet");
  WAIT_UNTIL (till_session_get_current (fixture->ui.session) != NULL &&
              g_str_equal (till_session_get_current (fixture->ui.session)->name, "No wallet"));
  till_ui_run_for (30);
  till_services_test_assert_names (fixture, "Web shop");
  WAIT_UNTIL (till_session_get_state (fixture->ui.session) == TILL_SESSION_OPEN);
  till_services_test_wait (fixture);
  till_services_test_assert_names (fixture, "Web shop");
  g_assert_false (gtk_widget_get_visible (till_services_test_get_banner (fixture)));

  /* Why nothing can be added stands in the menu. */
  menu = G_MENU_MODEL (till_services_test_get_pane (fixture)->add_menu);
  for (int i = 0; i < g_menu_model_get_n_items (menu); i++)
    {
      g_autofree char *label = NULL;

      if (g_menu_model_get_item_attribute (menu, i, G_MENU_ATTRIBUTE_LABEL, "s", &label))
        {
          g_assert_cmpstr (label, ==, "This profile has no Airship");
          n_reasons++;
        }
    }
  g_assert_cmpuint (n_reasons, ==, 1);

  /* Practice has its own. */
  till_session_use (fixture->ui.session, NULL);
  WAIT_UNTIL (till_services_test_count (fixture) == 7);
  till_services_test_wait (fixture);
  g_assert_cmpint (till_session_get_current (fixture->ui.session)->environment, ==, TILL_ENVIRONMENT_PRACTICE);
}

/* Nothing yet: what fits the profile is offered. */
static void
test_empty (Fixture       *fixture,
            gconstpointer  data)
{
  till_services_test_start (fixture, NULL);
  till_services_test_show (fixture, 1120, 720);
  WAIT_UNTIL (till_keys_test_sees (fixture->ui.window, "No Certificates Yet"));
  g_assert_nonnull (till_keys_test_find_button (fixture->ui.window, "Practise First"));
  g_assert_null (till_keys_test_find_button (fixture->ui.window, "Connect…"));

  till_services_test_put_profile (fixture, "No wallet", NULL);
  till_services_test_use (fixture, "No wallet");
  till_services_test_wait (fixture);
  assert_sees (fixture->ui.window, "Open a file to look inside, or connect Airship.");
  g_assert_nonnull (till_keys_test_find_button (fixture->ui.window, "Open File…"));
  g_assert_nonnull (till_keys_test_find_button (fixture->ui.window, "Connect…"));
  g_assert_nonnull (till_keys_test_find_button (fixture->ui.window, "Upload to Commerce Hub…"));
  g_assert_null (till_keys_test_find_button (fixture->ui.window, "Practise First"));
  till_ui_picture (fixture->ui.window, "services-empty");
}

static AdwMessageDialog *
wait_for_question (void)
{
  GtkWidget *dialog = NULL;

  WAIT_UNTIL ((dialog = till_ui_find_window (ADW_TYPE_MESSAGE_DIALOG)) != NULL && gtk_widget_get_mapped (dialog));

  return ADW_MESSAGE_DIALOG (dialog);
}

/* Keys and menu act on a row of the wallet as on a file: its details, its identifier, its removal, which can be undone. */
static void
test_actions (Fixture       *fixture,
              gconstpointer  data)
{
  GdkClipboard *clipboard;
  g_auto(GValue) value = G_VALUE_INIT;
  AdwMessageDialog *question;
  GtkWidget *upload = NULL;
  TillCertificateItem *row;

  till_services_test_connect (fixture);
  till_services_test_choose (fixture, "Coupons");
  row = till_services_test_find (fixture, "Coupons");
  till_ui_window_act (&fixture->ui, "pane.details");
  WAIT_UNTIL (till_keys_test_sees (GTK_WIDGET (till_services_test_get_pane (fixture)->wallet),
                                   "pass.com.example.shop.coupons"));

  clipboard = gtk_widget_get_clipboard (fixture->ui.window);
  g_value_init (&value, G_TYPE_STRING);
  till_ui_window_act (&fixture->ui, "pane.copy-identifier");
  g_assert_true (gdk_content_provider_get_value (gdk_clipboard_get_content (clipboard), &value, NULL));
  g_assert_cmpstr (g_value_get_string (&value), ==, "pass.com.example.shop.coupons");

  till_ui_window_act (&fixture->ui, "pane.remove");
  question = wait_for_question ();
  WAIT_UNTIL (adw_message_dialog_get_response_enabled (question, "delete"));
  till_keys_test_press (GTK_WIDGET (question), "Delete");
  WAIT_UNTIL (till_certificate_item_get_leaving (row));
  till_services_test_assert_status (fixture, "Coupons", TILL_STATUS_SOON, "Being deleted");
  till_ui_window_act (&fixture->ui, "pane.undo-remove");
  WAIT_UNTIL (!till_certificate_item_get_leaving (row));
  till_services_test_assert_status (fixture, "Coupons", TILL_STATUS_SOON, "Ends in 20 days");

  /* The default one stays. */
  till_services_test_choose (fixture, "Loyalty card");
  g_assert_true (till_certificates_pane_can_change (till_services_test_get_pane (fixture)));
  till_ui_window_act (&fixture->ui, "pane.remove");
  till_ui_run_for (50);
  g_assert_null (till_ui_find_window (ADW_TYPE_MESSAGE_DIALOG));

  till_ui_window_act (&fixture->ui, "pane.new");
  WAIT_UNTIL ((upload = till_ui_find_window (TILL_TYPE_UPLOAD_WINDOW)) != NULL);
  gtk_window_close (GTK_WINDOW (upload));
  WAIT_UNTIL (till_ui_find_window (TILL_TYPE_UPLOAD_WINDOW) == NULL);

  till_ui_window_act (&fixture->ui, "pane.google");
  question = wait_for_question ();
  assert_sees (GTK_WIDGET (question), "managed on Airship’s own pages");
  gtk_window_destroy (GTK_WINDOW (question));
  till_ui_run_for (50);
}

/* Google's certificates can only be looked at. */
static void
test_google (Fixture       *fixture,
             gconstpointer  data)
{
  static const char json[] =
    "{\"id\":\"9d9d28f2-4f63-44fc-82d2-ba101d2c4fd9\",\"vendor\":\"Google\",\"name\":\"Wallet issuer\","
    "\"enabled\":true,\"validityStart\":\"2026-01-01T00:00:00Z\",\"validityEnd\":\"2027-12-01T00:00:00Z\"}";
  g_autoptr(TillSecret) body = till_secret_new_copy (json, strlen (json));
  g_autoptr(TillWalletCertificate) certificate = NULL;
  g_autoptr(TillCertificateItem) row = NULL;
  g_autoptr(GError) error = NULL;
  TillItem item = { .ending = { .kind = TILL_ENDING_WALLET } };
  g_autofree char *spoken = NULL;

  certificate = till_wallet_certificate_new (body, &error);
  g_assert_no_error (error);
  g_atomic_ref_count_init (&item.ref_count);
  till_ending_init (&item.ending, TILL_ENDING_WALLET, certificate->validity_start, certificate->validity_end, TILL_UI_NOW);
  item.id = certificate->id;
  item.title = certificate->name;
  item.wallet = certificate;
  item.matters = TRUE;

  row = till_certificate_item_new_service (&item, TILL_TIME_UNKNOWN, fixture->ui.clock);
  g_assert_cmpstr (till_certificate_item_get_provider (row), ==, "Airship · Google");
  spoken = till_certificate_item_dup_spoken (row);
  g_assert_nonnull (strstr (spoken, "Airship · Google"));
  g_clear_object (&row);
  g_assert_true (g_atomic_ref_count_compare (&item.ref_count, 1));
}

static void
assert_never_held (const char *what)
{
  double cpu_ms, wall_ms;
  gboolean meaningful = till_ui_heartbeat_stop (&cpu_ms, &wall_ms);

  g_test_message ("%s: main loop held for %.1f ms of work, %.1f ms of time", what, cpu_ms, wall_ms);
  if (meaningful)
    g_assert_cmpfloat (cpu_ms, <, MAX_HELD_MS);
}

/* 9,600 certificates of the wallet: there soon, and the main loop is never held. */
static void
test_many (Fixture       *fixture,
           gconstpointer  data)
{
  gint64 begin;

  till_services_test_start (fixture, "example-size=9594");
  till_services_test_show (fixture, 1120, 720);
  till_services_test_put_profile (fixture, "Acme Cafés", till_sandbox_get_info (fixture->sandbox)->wallet_secret);

  till_ui_heartbeat_start ();
  begin = g_get_monotonic_time ();
  till_services_test_use (fixture, "Acme Cafés");
  WAIT_UNTIL (till_services_test_count (fixture) == 9600);
  g_test_message ("all there after %.0f ms", (double) (g_get_monotonic_time () - begin) / 1000);
  till_services_test_wait (fixture);
  till_ui_run_for (300);
  assert_never_held ("load");

  till_ui_heartbeat_start ();
  begin = g_get_monotonic_time ();
  till_ui_window_act (&fixture->ui, "pane.refresh");
  WAIT_UNTIL (till_services_test_is_busy (fixture));
  till_services_test_wait (fixture);
  g_test_message ("asked again in %.0f ms", (double) (g_get_monotonic_time () - begin) / 1000);
  g_assert_cmpuint (till_services_test_count (fixture), ==, 9600);
  assert_never_held ("refresh");

  till_ui_heartbeat_start ();
  till_services_test_search (fixture, "made-up.009000");
  WAIT_UNTIL (till_services_test_count (fixture) == 1);
  assert_never_held ("search");
  till_ui_picture (fixture->ui.window, "services-many");
  till_services_test_search (fixture, "");
  WAIT_UNTIL (till_services_test_count (fixture) == 9600);

  /* The next start shows what is known before the service has answered. */
  till_services_test_stop (fixture);
  till_ui_heartbeat_start ();
  begin = g_get_monotonic_time ();
  till_session_reload (fixture->ui.session);
  till_session_use (fixture->ui.session, NULL);
  WAIT_UNTIL (till_services_test_count (fixture) == 6);
  till_services_test_use (fixture, "Acme Cafés");
  WAIT_UNTIL (till_services_test_count (fixture) == 9600);
  g_test_message ("known ones there after %.0f ms", (double) (g_get_monotonic_time () - begin) / 1000);
  till_services_test_wait (fixture);
  assert_never_held ("known");
}

static void
pictures (Fixture    *fixture,
          const char *name)
{
  AdwStyleManager *style = adw_style_manager_get_default ();
  g_autofree char *light = g_strdup_printf ("services-%s", name);
  g_autofree char *dark = g_strdup_printf ("services-%s-dark", name);

  till_ui_picture (fixture->ui.window, light);
  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_FORCE_DARK);
  till_ui_picture (fixture->ui.window, dark);
  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_DEFAULT);
}

static void
test_pictures (Fixture       *fixture,
               gconstpointer  data)
{
  static const TillUiCertificate web = {
    .name = "Web shop", .dns = "shop.acme.example",
    .not_before = TILL_UI_NOW - 100 * TILL_UI_DAY, .not_after = TILL_UI_NOW + 300 * TILL_UI_DAY,
  };
  GtkSettings *settings = gtk_settings_get_default ();
  g_autofree char *theme = NULL;
  GtkMenuButton *add;

  till_services_test_connect (fixture);
  till_ui_window_open (&fixture->ui, "web.pem", &web);
  till_services_test_choose (fixture, "Coupons");
  till_ui_run_for (300);
  pictures (fixture, "list");

  g_object_get (settings, "gtk-theme-name", &theme, NULL);
  g_object_set (settings, "gtk-theme-name", "HighContrast", NULL);
  till_ui_picture (fixture->ui.window, "services-high-contrast");
  g_object_set (settings, "gtk-theme-name", theme, NULL);

  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  gtk_widget_set_direction (fixture->ui.window, GTK_TEXT_DIR_RTL);
  till_ui_picture (fixture->ui.window, "services-rtl");
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
  gtk_widget_set_direction (fixture->ui.window, GTK_TEXT_DIR_LTR);

  add = TILL_CERTIFICATE_LIST (till_ui_window_get_list (&fixture->ui))->add_button;
  till_certificate_list_popup_add (till_ui_window_get_list (&fixture->ui));
  till_ui_picture (GTK_WIDGET (gtk_menu_button_get_popover (add)), "services-add");
  gtk_menu_button_popdown (add);

  till_services_test_stop (fixture);
  till_clock_advance (fixture->ui.clock, 600);
  till_ui_window_act (&fixture->ui, "pane.refresh");
  WAIT_UNTIL (till_services_test_is_busy (fixture));
  till_services_test_wait (fixture);
  pictures (fixture, "down");
}

static void
test_pictures_narrow (Fixture       *fixture,
                      gconstpointer  data)
{
  till_services_test_connect_with (fixture, NULL, 360, 640);
  WAIT_UNTIL (till_services_test_count (fixture) == 6);
  till_services_test_wait (fixture);
  pictures (fixture, "narrow");

  till_services_test_stop (fixture);
  till_ui_window_act (&fixture->ui, "pane.refresh");
  WAIT_UNTIL (till_services_test_is_busy (fixture));
  till_services_test_wait (fixture);
  till_ui_picture (fixture->ui.window, "services-narrow-down");
}

static void
test_pictures_wide (Fixture       *fixture,
                    gconstpointer  data)
{
  till_services_test_connect_with (fixture, "example-size=40", 1270, 760);
  WAIT_UNTIL (till_services_test_count (fixture) == 46);
  till_services_test_wait (fixture);
  till_services_test_choose (fixture, "Loyalty card");
  till_ui_run_for (300);
  till_ui_picture (fixture->ui.window, "services-wide");
}

#define ADD(path, func) g_test_add ("/services/" path, Fixture, NULL, till_services_test_setup, func, \
                               till_services_test_teardown)

int
main (int   argc,
      char *argv[])
{
  till_ui_test_init (&argc, &argv);

  ADD ("list", test_list);
  ADD ("clock", test_clock);
  ADD ("pages", test_pages);
  ADD ("stop", test_stop);
  ADD ("down-and-back", test_down_and_back);
  ADD ("start-offline", test_start_offline);
  ADD ("wrong-secret", test_wrong_secret);
  ADD ("clock-off", test_clock_off);
  ADD ("captive-portal", test_captive_portal);
  ADD ("follows", test_follows);
  ADD ("profiles", test_profiles);
  ADD ("empty", test_empty);
  ADD ("actions", test_actions);
  ADD ("google", test_google);
  ADD ("many", test_many);
  ADD ("pictures", test_pictures);
  ADD ("pictures-narrow", test_pictures_narrow);
  ADD ("pictures-wide", test_pictures_wide);

  return g_test_run ();
}
