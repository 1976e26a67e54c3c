/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The details page of a certificate at a service: what it says, what it does, and what it does not send. */
#include "config.h"

#include "till-wallet-test.h"

#include <string.h>

#include "till-validity-bar.h"
#include "till-wallet-detail-private.h"

#define PAGE(test) TILL_WALLET_DETAIL ((test)->pane)

static TillKeysTest *
set_up_in (TillEnvironment environment)
{
  TillKeysTest *test = till_keys_test_new ();

  till_wallet_test_connect (test, environment, NULL);
  till_wallet_test_show (test, 760, 900);

  return test;
}

static TillKeysTest *
set_up (void)
{
  return set_up_in (TILL_ENVIRONMENT_TEST);
}

static AdwMessageDialog *
wait_for_question (void)
{
  GtkWidget *dialog = NULL;

  WAIT_UNTIL ((dialog = till_ui_find_window (ADW_TYPE_MESSAGE_DIALOG)) != NULL && gtk_widget_get_mapped (dialog));

  return ADW_MESSAGE_DIALOG (dialog);
}

static void
answer (const char *response)
{
  AdwMessageDialog *dialog = wait_for_question ();

  WAIT_UNTIL (adw_message_dialog_get_response_enabled (dialog, response));
  till_keys_test_press (GTK_WIDGET (dialog), adw_message_dialog_get_response_label (dialog, response));
  WAIT_UNTIL (till_ui_find_window (ADW_TYPE_MESSAGE_DIALOG) == NULL);
}

static void
type (TillKeysTest *test,
      const char   *title,
      const char   *text)
{
  gtk_editable_set_text (GTK_EDITABLE (till_wallet_test_row (test, title)), text);
}

static void
expand (TillKeysTest *test,
        const char   *title)
{
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (till_wallet_test_row (test, title)), TRUE);
}

static gboolean
is_idle (TillKeysTest *test)
{
  return PAGE (test)->changing == NULL;
}

static void
test_empty (void)
{
  g_autoptr(TillKeysTest) test = set_up ();

  assert_sees (test->window, "Nothing Selected");
  g_assert_null (till_wallet_detail_get_item (PAGE (test)));
  g_assert_false (till_wallet_detail_can_undo (PAGE (test)));
  till_wallet_test_pick (test, "Coupons");
  g_assert_false (till_keys_test_sees (test->window, "Nothing Selected"));
  till_wallet_detail_set_item (PAGE (test), NULL, TILL_TIME_UNKNOWN);
  assert_sees (test->window, "Nothing Selected");
}

static void
test_facts (void)
{
  g_autoptr(TillKeysTest) test = set_up ();
  GdkClipboard *clipboard = gtk_widget_get_clipboard (test->window);
  g_auto(GValue) value = G_VALUE_INIT;
  TillItem *item = till_wallet_test_pick (test, "Loyalty card");
  GtkWidget *bar = till_ui_find (test->pane, TILL_TYPE_VALIDITY_BAR, NULL);

  assert_sees (test->window, "Valid, ends in 240 days");
  assert_sees (test->window, "125 of 365 days used");
  gtk_test_accessible_assert_role (bar, GTK_ACCESSIBLE_ROLE_METER);
  assert_sees (test->window, "2 templates: Loyalty card, Loyalty card, gold");
  assert_sees (test->window, "pass.com.example.shop.loyalty");
  assert_sees (test->window, "ABCDE12345");
  assert_sees (test->window, "Not supported");
  assert_sees (test->window, "Yes — choose another certificate to change this");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (till_wallet_test_row (test, "Name"))), ==, "Loyalty card");

  /* No dead switch, and no Delete that is refused: the reason stands below it. */
  g_assert_null (till_keys_test_find_button (test->pane, "Make Default…"));
  g_assert_false (till_wallet_test_can (test, "wallet.remove"));
  assert_sees (test->window, "Make another certificate the default first.");

  g_value_init (&value, G_TYPE_STRING);
  till_keys_test_act (test, "wallet.copy-identifier");
  g_assert_true (gdk_content_provider_get_value (gdk_clipboard_get_content (clipboard), &value, NULL));
  g_assert_cmpstr (g_value_get_string (&value), ==, item->wallet->base_name);
  WAIT_UNTIL (till_keys_test_sees (test->window, "Identifier copied"));

  expand (test, "Used For");
  assert_sees (test->window, "Template 123");
  assert_sees (test->window, "Template 124");
  expand (test, "Certificate Details");
  assert_sees (test->window, item->id);
  assert_sees (test->window, "Expired, as Airship Says");

  till_wallet_test_pick (test, "Door and till");
  assert_sees (test->window, "Supported");
  assert_sees (test->window, "No template");
  g_assert_false (till_keys_test_sees (test->window, "Template 123"));
  g_assert_true (till_wallet_test_can (test, "wallet.remove"));
  g_assert_true (till_wallet_test_can (test, "wallet.make-default"));

  till_wallet_test_pick (test, "Staff passes");
  assert_sees (test->window, "Switched off · Valid, ends in 180 days");
  g_assert_false (gtk_switch_get_active (GTK_SWITCH (PAGE (test)->enabled_switch)));
}

/* Three days before the end, at the end, after it. */
static void
test_clock (void)
{
  g_autoptr(TillKeysTest) test = set_up ();
  TillItem *item = till_wallet_test_pick (test, "Gift cards");
  gint64 end = item->ending.until;
  static const char gone[] = "New passes cannot be added and existing ones cannot be updated.";

  assert_sees (test->window, "Ends in 3 days");
  g_assert_false (till_keys_test_sees (test->window, gone));
  g_assert_cmpuint (PAGE (test)->tick_id, !=, 0);

  /* It comes by itself: no item is set, and nothing is asked. */
  till_clock_set (test->clock, end);
  gtk_widget_set_visible (test->pane, FALSE);
  g_assert_cmpuint (PAGE (test)->tick_id, ==, 0);
  gtk_widget_set_visible (test->pane, TRUE);
  WAIT_UNTIL (till_keys_test_sees (test->window, "Ends in less than a minute"));
  till_clock_set (test->clock, end + 1);
  WAIT_UNTIL (till_keys_test_sees (test->window, gone));
  g_assert_cmpuint (PAGE (test)->tick_id, ==, 0);
  /* The service has not said so yet. */
  assert_sees (test->window, "Airship does not say yet that it has expired.");

  till_clock_set (test->clock, end + 3 * TILL_UI_DAY);
  till_wallet_test_pick (test, "Gift cards");
  assert_sees (test->window, "Expired 3 days ago");
  assert_sees (test->window, gone);
  assert_sees (test->window, "365 of 365 days used");
}

static void
test_edit (void)
{
  g_autoptr(TillKeysTest) test = set_up ();
  TillItem *item = till_wallet_test_pick (test, "Coupons");
  g_autoptr(TillItem) after = NULL;

  g_assert_false (till_keys_test_sees (test->window, "Will Change"));
  till_keys_test_act (test, "wallet.edit");
  g_assert_true (gtk_widget_is_ancestor (gtk_root_get_focus (GTK_ROOT (test->window)), till_wallet_test_row (test, "Name")));

  /* What will change is listed, and nothing is sent for it. */
  till_wallet_test_lay_trap (test, item->id);
  type (test, "Name", "Old <coupons>");
  assert_sees (test->window, "Will Change");
  assert_sees (test->window, "“Coupons” becomes “Old <coupons>”");
  type (test, "Comment", "");
  assert_sees (test->window, "“Ends in three weeks” is removed");
  till_keys_test_press (test->pane, "Discard");
  g_assert_false (till_keys_test_sees (test->window, "Will Change"));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (till_wallet_test_row (test, "Name"))), ==, "Coupons");
  g_assert_true (till_wallet_test_has_trap (test, item->id));
  g_assert_cmpuint (till_keys_test_count_log (test, "certificates.update"), ==, 0);

  type (test, "Name", "Old <coupons>");
  till_keys_test_press (test->pane, "Save Changes");
  WAIT_UNTIL (till_keys_test_sees (test->window, "Saved"));
  g_assert_false (till_keys_test_sees (test->window, "Will Change"));
  g_assert_cmpuint (till_keys_test_count_log (test, "certificates.update"), ==, 1);
  after = till_wallet_test_ask (test, till_wallet_detail_get_item (PAGE (test))->id);
  g_assert_cmpstr (after->wallet->name, ==, "Old <coupons>");
  g_assert_cmpstr (after->wallet->comment, ==, "Ends in three weeks");
  g_assert_cmpint (after->wallet->enabled, ==, TILL_TRI_TRUE);
}

/* Every way to leave, set and remove both: the other one is never erased (UX.md 1.7, RELIABILITY.md G36). */
static void
test_edit_all (void)
{
  static const char * const texts[] = { NULL, "", "New words" };
  g_autoptr(TillKeysTest) test = set_up ();

  till_wallet_test_pick (test, "Gift cards");
  for (guint i = 0; i < G_N_ELEMENTS (texts) * G_N_ELEMENTS (texts); i++)
    {
      const char *name = texts[i % G_N_ELEMENTS (texts)];
      const char *comment = texts[i / G_N_ELEMENTS (texts)];
      g_autofree char *id = g_strdup (till_wallet_detail_get_item (PAGE (test))->id);
      g_autoptr(TillItem) before = NULL;
      g_autoptr(TillItem) after = NULL;

      till_wallet_test_change (test, id, "Gift cards", "Ends this week");
      before = till_wallet_test_ask (test, id);
      till_wallet_detail_set_item (PAGE (test), before, TILL_TIME_UNKNOWN);
      if (name != NULL)
        type (test, "Name", name);
      if (comment != NULL)
        type (test, "Comment", comment);
      if (i == 0)
        {
          g_assert_false (till_keys_test_sees (test->window, "Will Change"));
          continue;
        }

      till_keys_test_act (test, "wallet.save");
      WAIT_UNTIL (is_idle (test) && !till_keys_test_sees (test->window, "Will Change"));
      after = till_wallet_test_ask (test, id);
      g_assert_cmpstr (after->wallet->name, ==, name == NULL ? "Gift cards" : *name == '\0' ? NULL : name);
      g_assert_cmpstr (after->wallet->comment, ==, comment == NULL ? "Ends this week" : *comment == '\0' ? NULL : comment);
    }
}

/* A text that the row can't show whole is not cut by looking at it. */
static void
test_edit_long (void)
{
  g_autoptr(TillKeysTest) test = set_up ();
  g_autofree char *id = g_strdup (till_wallet_test_pick (test, "Coupons")->id);
  g_autofree char *comment = g_strnfill (4000, 'x');
  g_autoptr(TillItem) before = NULL;
  g_autoptr(TillItem) after = NULL;

  memcpy (comment + 100, "\n\t", 2);
  till_wallet_test_change (test, id, NULL, comment);
  before = till_wallet_test_ask (test, id);
  till_wallet_detail_set_item (PAGE (test), before, TILL_TIME_UNKNOWN);
  g_assert_false (till_keys_test_sees (test->window, "Will Change"));
  type (test, "Name", "Short");
  till_keys_test_act (test, "wallet.save");
  WAIT_UNTIL (till_keys_test_sees (test->window, "Saved"));
  after = till_wallet_test_ask (test, id);
  g_assert_cmpstr (after->wallet->comment, ==, comment);
}

/* What was typed is kept while another certificate is looked at. */
static void
test_drafts (void)
{
  g_autoptr(TillKeysTest) test = set_up ();

  till_wallet_test_pick (test, "Coupons");
  type (test, "Comment", "Not sent yet");
  till_wallet_test_pick (test, "Gift cards");
  g_assert_false (till_keys_test_sees (test->window, "Will Change"));
  till_wallet_test_pick (test, "Coupons");
  assert_sees (test->window, "“Ends in three weeks” becomes “Not sent yet”");
  /* And while the list is read again. */
  till_wallet_test_pick (test, "Coupons");
  assert_sees (test->window, "“Ends in three weeks” becomes “Not sent yet”");
}

static void
test_conflict (void)
{
  g_autoptr(TillKeysTest) test = set_up ();
  TillItem *item = till_wallet_test_pick (test, "Coupons");
  g_autofree char *id = g_strdup (item->id);
  g_autoptr(TillItem) after = NULL;

  type (test, "Comment", "Mine");
  till_wallet_test_change (test, id, "Theirs", "Theirs, too");
  till_keys_test_press (test->pane, "Save Changes");
  WAIT_UNTIL (till_keys_test_sees (test->window, "Changed meanwhile by someone; compare."));
  assert_sees (test->window, "Before: “Ends in three weeks”\nNow: “Theirs, too”\nYours: “Mine”");
  assert_sees (test->window, "Before: “Coupons”\nNow: “Theirs”");
  assert_sees (test->window, "“Theirs, too” becomes “Mine”");
  after = till_wallet_test_ask (test, id);
  g_assert_cmpstr (after->wallet->comment, ==, "Theirs, too");
  g_clear_pointer (&after, till_item_unref);

  /* Now that it was compared, mine is sent, and only that. */
  till_keys_test_press (test->pane, "Send Mine");
  WAIT_UNTIL (till_keys_test_sees (test->window, "Saved"));
  g_assert_false (till_keys_test_sees (test->window, "Changed meanwhile by someone; compare."));
  after = till_wallet_test_ask (test, id);
  g_assert_cmpstr (after->wallet->name, ==, "Theirs");
  g_assert_cmpstr (after->wallet->comment, ==, "Mine");
}

static void
test_conflict_theirs (void)
{
  g_autoptr(TillKeysTest) test = set_up ();
  g_autofree char *id = g_strdup (till_wallet_test_pick (test, "Coupons")->id);
  guint n;

  type (test, "Name", "Mine");
  till_wallet_test_change (test, id, "Theirs", NULL);
  /* The list, read again, already shows that they differ. */
  till_wallet_test_pick (test, "Theirs");
  assert_sees (test->window, "Before: “Coupons”\nNow: “Theirs”\nYours: “Mine”");
  n = till_keys_test_count_log (test, "certificates.update");
  till_keys_test_press (test->pane, "Keep Theirs");
  g_assert_false (till_keys_test_sees (test->window, "Changed meanwhile by someone; compare."));
  g_assert_false (till_keys_test_sees (test->window, "Will Change"));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (till_wallet_test_row (test, "Name"))), ==, "Theirs");
  g_assert_cmpuint (till_keys_test_count_log (test, "certificates.update"), ==, n);

  /* Without anything typed: switching on what somebody has changed. */
  till_wallet_test_change (test, id, "Theirs again", NULL);
  gtk_widget_activate_action (test->pane, "wallet.enable", NULL);
  till_keys_test_act (test, "wallet.do-now");
  WAIT_UNTIL (till_keys_test_sees (test->window, "Before: “Theirs”\nNow: “Theirs again”"));
  WAIT_UNTIL (is_idle (test));
  g_assert_true (gtk_switch_get_active (GTK_SWITCH (PAGE (test)->enabled_switch)));
  till_keys_test_press (test->pane, "OK");
  g_assert_false (till_keys_test_sees (test->window, "Changed meanwhile by someone; compare."));
}

static void
test_enable (void)
{
  g_autoptr(TillKeysTest) test = set_up ();
  g_autofree char *id = g_strdup (till_wallet_test_pick (test, "Loyalty card")->id);
  GtkSwitch *toggle = GTK_SWITCH (PAGE (test)->enabled_switch);
  g_autoptr(TillItem) after = NULL;

  /* Switching off waits, says what for, and can be undone. */
  till_wallet_test_lay_trap (test, id);
  g_assert_true (gtk_switch_get_active (toggle));
  till_keys_test_act (test, "wallet.enable");
  WAIT_UNTIL (till_keys_test_sees (test->window, "Switching off “Loyalty card” in 10 seconds"));
  assert_sees (test->pane, "2 templates use it: Loyalty card, Loyalty card, gold. Nothing has been sent yet.");
  g_assert_false (gtk_switch_get_active (toggle));
  g_assert_false (till_wallet_detail_is_leaving (PAGE (test), id));
  g_assert_true (till_wallet_detail_can_undo (PAGE (test)));
  till_keys_test_press (test->pane, "Undo");
  WAIT_UNTIL (till_keys_test_sees (test->window, "Not switched off. Nothing was sent."));
  g_assert_true (gtk_switch_get_active (toggle));

  /* Or by the switch itself. */
  till_keys_test_act (test, "wallet.enable");
  g_assert_true (till_wallet_detail_can_undo (PAGE (test)));
  till_keys_test_act (test, "wallet.enable");
  g_assert_false (till_wallet_detail_can_undo (PAGE (test)));
  g_assert_true (till_wallet_test_has_trap (test, id));

  till_wallet_detail_set_undo_seconds (PAGE (test), 1);
  till_keys_test_act (test, "wallet.enable");
  WAIT_UNTIL (till_keys_test_sees (test->window, "“Loyalty card” is switched off"));
  assert_sees (test->pane, "Switched off · Valid, ends in 240 days");
  after = till_wallet_test_ask (test, id);
  g_assert_cmpint (after->wallet->enabled, ==, TILL_TRI_FALSE);
  g_assert_cmpstr (after->wallet->name, ==, "Loyalty card");
  g_assert_cmpstr (after->wallet->comment, ==, "The card that every customer has");
  g_clear_pointer (&after, till_item_unref);

  /* On again is sent at once. */
  till_keys_test_act (test, "wallet.enable");
  WAIT_UNTIL (till_keys_test_sees (test->window, "“Loyalty card” is switched on"));
  after = till_wallet_test_ask (test, id);
  g_assert_cmpint (after->wallet->enabled, ==, TILL_TRI_TRUE);
  g_assert_true (gtk_switch_get_active (toggle));
}

static void
test_make_default (void)
{
  g_autoptr(TillKeysTest) test = set_up ();
  g_autofree char *id = g_strdup (till_wallet_test_pick (test, "Summer festival")->id);
  AdwMessageDialog *question;
  g_autoptr(TillItem) after = NULL;

  till_keys_test_press (test->pane, "Make Default…");
  question = wait_for_question ();
  g_assert_cmpstr (adw_message_dialog_get_heading (question), ==, "Make “Summer festival” the Default?");
  g_assert_nonnull (strstr (adw_message_dialog_get_body (question), "This certificate has expired."));
  g_assert_cmpstr (adw_message_dialog_get_default_response (question), ==, "cancel");
  answer ("cancel");
  g_assert_cmpuint (till_keys_test_count_log (test, "certificates.update"), ==, 0);

  till_keys_test_press (test->pane, "Make Default…");
  answer ("default");
  WAIT_UNTIL (till_keys_test_sees (test->window, "“Summer festival” is the default now"));
  assert_sees (test->pane, "Yes — choose another certificate to change this");
  g_assert_false (till_wallet_test_can (test, "wallet.remove"));
  after = till_wallet_test_ask (test, id);
  g_assert_cmpint (after->wallet->is_default, ==, TILL_TRI_TRUE);
  g_assert_cmpstr (after->wallet->comment, ==, "Nobody renewed it");

  till_wallet_test_pick (test, "Loyalty card");
  g_assert_true (till_wallet_test_can (test, "wallet.make-default"));
  g_assert_true (till_wallet_test_can (test, "wallet.remove"));
}

static void
test_remove (void)
{
  g_autoptr(TillKeysTest) test = set_up ();
  g_autofree char *id = g_strdup (till_wallet_test_pick (test, "Coupons")->id);
  AdwMessageDialog *question;

  till_wallet_detail_set_undo_seconds (PAGE (test), 1);
  till_keys_test_press (test->pane, "Delete…");
  question = wait_for_question ();
  g_assert_cmpstr (adw_message_dialog_get_heading (question), ==, "Delete “Coupons”?");
  g_assert_cmpstr (adw_message_dialog_get_body (question), ==,
                   "Passes on phones can no longer be updated. Airship keeps no copy.");
  g_assert_cmpstr (adw_message_dialog_get_default_response (question), ==, "cancel");
  g_assert_cmpstr (adw_message_dialog_get_close_response (question), ==, "cancel");
  g_assert_false (adw_message_dialog_get_response_enabled (question, "delete"));
  answer ("delete");
  g_assert_true (till_wallet_detail_is_leaving (PAGE (test), id));
  assert_sees (test->pane, "“Coupons” will be deleted in a moment. Nothing has been sent yet.");
  g_assert_false (till_wallet_test_can (test, "wallet.remove"));
  WAIT_UNTIL (till_keys_test_sees (test->window, "“Coupons” is deleted"));
  assert_sees (test->window, "Nothing Selected");
  g_assert_null (till_wallet_test_ask (test, id));
  g_assert_cmpuint (till_keys_test_count_log (test, "certificates.remove"), ==, 1);
  g_assert_false (till_wallet_detail_is_leaving (PAGE (test), id));
}

static void
count_cb (guint *n)
{
  (*n)++;
}

static void
test_remove_undone (void)
{
  g_autoptr(TillKeysTest) test = set_up ();
  g_autofree char *id = g_strdup (till_wallet_test_pick (test, "Coupons")->id);
  guint n = 0;

  g_signal_connect_swapped (test->pane, "leaving-changed", G_CALLBACK (count_cb), &n);
  till_wallet_test_lay_trap (test, id);
  till_keys_test_act (test, "wallet.remove");
  answer ("delete");
  g_assert_cmpuint (n, ==, 1);
  WAIT_UNTIL (till_keys_test_sees (test->window, "Deleting “Coupons” in 10 seconds"));
  till_keys_test_press (test->window, "Undo");
  WAIT_UNTIL (till_keys_test_sees (test->window, "Not deleted. Nothing was sent."));
  g_assert_cmpuint (n, ==, 2);
  g_assert_true (till_wallet_test_has_trap (test, id));
  g_assert_cmpuint (till_keys_test_count_log (test, "certificates.remove"), ==, 0);

  /* A second one that waits sends nothing of the first. */
  till_keys_test_act (test, "wallet.remove");
  answer ("delete");
  till_wallet_test_lay_trap (test, id);
  till_wallet_test_pick (test, "Gift cards");
  till_keys_test_act (test, "wallet.enable");
  WAIT_UNTIL (till_keys_test_sees (test->window, "“Coupons” stays as it is; only one thing can wait"));
  till_wallet_detail_undo (PAGE (test));
  g_assert_true (till_wallet_test_has_trap (test, id));
}

/* Nothing is sent when the window closes, or another profile is opened, while it waits. */
static void
test_remove_closed (void)
{
  g_autoptr(TillKeysTest) test = set_up ();
  g_autofree char *id = g_strdup (till_wallet_test_pick (test, "Coupons")->id);

  till_wallet_detail_set_undo_seconds (PAGE (test), 1);
  till_wallet_test_lay_trap (test, id);
  till_keys_test_act (test, "wallet.remove");
  answer ("delete");
  till_keys_test_close (test);
  till_ui_run_for (500);
  g_assert_true (till_wallet_test_has_trap (test, id));

  till_wallet_test_show (test, 500, 500);
  till_wallet_detail_set_undo_seconds (PAGE (test), 1);
  till_wallet_test_pick (test, "Coupons");
  till_keys_test_act (test, "wallet.remove");
  answer ("delete");
  till_session_use (test->session, NULL);
  WAIT_UNTIL (till_session_get_state (test->session) == TILL_SESSION_OPEN && PAGE (test)->item == NULL);
  till_ui_run_for (500);
  g_assert_cmpuint (till_keys_test_count_log (test, "certificates.remove"), ==, 0);
}

/* It goes on while another certificate is looked at. */
static void
test_remove_another_shown (void)
{
  g_autoptr(TillKeysTest) test = set_up ();
  g_autofree char *id = g_strdup (till_wallet_test_pick (test, "Coupons")->id);

  till_wallet_detail_set_undo_seconds (PAGE (test), 1);
  till_keys_test_act (test, "wallet.remove");
  answer ("delete");
  till_wallet_test_pick (test, "Gift cards");
  g_assert_true (till_wallet_detail_is_leaving (PAGE (test), id));
  assert_sees (test->pane, "“Coupons” will be deleted in a moment.");
  WAIT_UNTIL (till_keys_test_sees (test->window, "“Coupons” is deleted"));
  assert_sees (test->pane, "Ends in 3 days");
  g_assert_null (till_wallet_test_ask (test, id));
}

/* In Live the name is typed; templates that use it are named, and the service may refuse. */
static void
test_remove_live (void)
{
  g_autoptr(TillKeysTest) test = set_up_in (TILL_ENVIRONMENT_LIVE);
  g_autofree char *id = NULL;
  AdwMessageDialog *question;
  GtkWidget *entry;
  g_autoptr(TillItem) after = NULL;

  till_wallet_test_pick (test, "Coupons");
  till_keys_test_act (test, "wallet.make-default");
  answer ("default");
  WAIT_UNTIL (till_keys_test_sees (test->window, "“Coupons” is the default now"));

  id = g_strdup (till_wallet_test_pick (test, "Loyalty card")->id);
  till_keys_test_act (test, "wallet.remove");
  question = wait_for_question ();
  g_assert_cmpstr (adw_message_dialog_get_body (question), ==,
                   "2 templates use it: Loyalty card, Loyalty card, gold. "
                   "Passes on phones can no longer be updated. Airship keeps no copy.");
  assert_sees (GTK_WIDGET (question), "Live — Acme Cafés");
  entry = till_ui_find (GTK_WIDGET (question), ADW_TYPE_ENTRY_ROW, "Type Loyalty card to go on");
  g_assert_nonnull (entry);
  till_ui_run_for (400);
  g_assert_false (adw_message_dialog_get_response_enabled (question, "delete"));
  gtk_editable_set_text (GTK_EDITABLE (entry), "loyalty card");
  g_assert_false (adw_message_dialog_get_response_enabled (question, "delete"));
  gtk_editable_set_text (GTK_EDITABLE (entry), "Loyalty card");
  answer ("delete");
  till_keys_test_act (test, "wallet.do-now");
  WAIT_UNTIL (gtk_widget_get_visible (PAGE (test)->failure_box));
  assert_sees (test->pane, "Details");
  g_assert_false (till_keys_test_sees (test->window, "“Loyalty card” is deleted"));
  after = till_wallet_test_ask (test, id);
  g_assert_nonnull (after);
  till_keys_test_act (test, "wallet.dismiss");
  g_assert_false (gtk_widget_get_visible (PAGE (test)->failure_box));
}

/* The service was told meanwhile, by somebody else, that it is the default one. */
static void
test_remove_default_refused (void)
{
  g_autoptr(TillKeysTest) test = set_up ();
  g_autoptr(TillItem) stale = NULL;
  g_autoptr(TillItem) after = NULL;

  stale = till_item_ref (till_wallet_test_pick (test, "Coupons"));
  till_keys_test_act (test, "wallet.make-default");
  answer ("default");
  WAIT_UNTIL (till_keys_test_sees (test->window, "“Coupons” is the default now"));
  till_wallet_detail_set_item (PAGE (test), stale, TILL_TIME_UNKNOWN);
  till_keys_test_act (test, "wallet.remove");
  answer ("delete");
  till_keys_test_act (test, "wallet.do-now");
  WAIT_UNTIL (till_keys_test_sees (test->pane, "One Must Stay the Default"));
  g_assert_cmpuint (till_keys_test_count_log (test, "certificates.remove"), ==, 0);
  after = till_wallet_test_ask (test, stale->id);
  g_assert_nonnull (after);
}

int
main (int    argc,
      char **argv)
{
  till_ui_test_init (&argc, &argv);

  g_test_add_func ("/wallet-detail/empty", test_empty);
  g_test_add_func ("/wallet-detail/facts", test_facts);
  g_test_add_func ("/wallet-detail/clock", test_clock);
  g_test_add_func ("/wallet-detail/edit", test_edit);
  g_test_add_func ("/wallet-detail/edit-all", test_edit_all);
  g_test_add_func ("/wallet-detail/edit-long", test_edit_long);
  g_test_add_func ("/wallet-detail/drafts", test_drafts);
  g_test_add_func ("/wallet-detail/conflict", test_conflict);
  g_test_add_func ("/wallet-detail/conflict-theirs", test_conflict_theirs);
  g_test_add_func ("/wallet-detail/enable", test_enable);
  g_test_add_func ("/wallet-detail/make-default", test_make_default);
  g_test_add_func ("/wallet-detail/remove", test_remove);
  g_test_add_func ("/wallet-detail/remove-undone", test_remove_undone);
  g_test_add_func ("/wallet-detail/remove-closed", test_remove_closed);
  g_test_add_func ("/wallet-detail/remove-another-shown", test_remove_another_shown);
  g_test_add_func ("/wallet-detail/remove-live", test_remove_live);
  g_test_add_func ("/wallet-detail/remove-default-refused", test_remove_default_refused);

  return g_test_run ();
}
