/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys pane: what it says when, what it does, and what it does not send. */
#include "config.h"

#include "till-keys-test.h"

#include <string.h>

#include "till-key-dialog.h"
#include "till-key-row.h"
#include "till-key-shape.h"
#include "till-key-timeline.h"
#include "till-keys-pane-private.h"
#include "till-text.h"

#define HOUR G_GINT64_CONSTANT (3600)

/* The newest key of the services' examples. */
#define USE_FROM (TILL_UI_NOW - 6 * 24 * HOUR + 34 * HOUR)
#define USE_TO   (TILL_UI_NOW + 46 * HOUR)

static TillKeysTest *
set_up_practice (void)
{
  TillKeysTest *test = till_keys_test_new ();

  till_keys_test_practise (test);
  till_keys_test_show (test, 900, 760);
  WAIT_UNTIL (till_keys_test_count_rows (test) == 3);

  return test;
}

static TillKeysTest *
set_up_connected (TillEnvironment environment,
                  gboolean        with_keys)
{
  TillKeysTest *test = till_keys_test_new ();

  till_keys_test_connect (test, environment, FALSE);
  till_keys_test_show (test, 900, 760);
  if (with_keys)
    {
      till_keys_test_add_examples (test);
      WAIT_UNTIL (till_keys_test_count_rows (test) == 3);
    }

  return test;
}

static char *
dup_short_id (const TillKeyRecord *key)
{
  return g_strdup_printf ("%.8s…%s", key->key_id, key->key_id + strlen (key->key_id) - 4);
}

static AdwMessageDialog *
wait_for_question (void)
{
  GtkWidget *dialog = NULL;

  WAIT_UNTIL ((dialog = till_ui_find_window (ADW_TYPE_MESSAGE_DIALOG)) != NULL && gtk_widget_get_mapped (dialog));

  return ADW_MESSAGE_DIALOG (dialog);
}

static void
answer (AdwMessageDialog *dialog,
        const char       *response)
{
  g_assert_true (adw_message_dialog_get_response_enabled (dialog, response));
  till_keys_test_press (GTK_WIDGET (dialog), adw_message_dialog_get_response_label (dialog, response));
  WAIT_UNTIL (till_ui_find_window (ADW_TYPE_MESSAGE_DIALOG) == NULL);
}

/* As the Tab key does. */
static void
go_into (GtkWidget *row)
{
  g_assert_true (gtk_widget_child_focus (row, GTK_DIR_TAB_FORWARD));
  till_ui_run_for (20);
}

static GtkWidget *
wait_for_dialog (const char *title)
{
  GtkWidget *dialog = NULL;

  WAIT_UNTIL ((dialog = till_ui_find_window (TILL_TYPE_KEY_DIALOG)) != NULL && gtk_widget_get_mapped (dialog) &&
              g_strcmp0 (gtk_window_get_title (GTK_WINDOW (dialog)), title) == 0);

  return dialog;
}

static void
close_dialog (GtkWidget *dialog)
{
  gboolean alive;

  till_ui_watch_life (dialog, &alive);
  gtk_window_close (GTK_WINDOW (dialog));
  WAIT_UNTIL (till_ui_find_window (TILL_TYPE_KEY_DIALOG) == NULL && !alive);
}

static GtkWidget *
find_entry (GtkWidget  *root,
            const char *title)
{
  GtkWidget *row = till_ui_find (root, ADW_TYPE_ENTRY_ROW, title);

  g_assert_nonnull (row);

  return row;
}

static void
test_none (void)
{
  g_autoptr(TillKeysTest) test = till_keys_test_new ();

  till_keys_test_show (test, 700, 500);
  assert_sees (test->window, "No Provider Connected");
  g_assert_nonnull (till_keys_test_find_button (test->window, "Connect…"));
  g_assert_nonnull (till_keys_test_find_button (test->window, "Practise First"));
  g_assert_false (gtk_widget_activate_action (test->pane, "pane.no-such-action", NULL));
}

static void
test_practice (void)
{
  g_autoptr(TillKeysTest) test = set_up_practice ();
  g_autoptr(GPtrArray) keys = till_keys_test_list (test);
  g_autofree char *use = dup_short_id (keys->pdata[0]);
  g_autofree char *accepted = dup_short_id (keys->pdata[1]);
  g_autofree char *ended = dup_short_id (keys->pdata[2]);
  g_autofree char *still = g_strconcat (accepted, " may still be used until", NULL);
  g_autofree char *no_longer = g_strconcat (ended, " is no longer accepted", NULL);
  GtkWidget *timeline = till_ui_find (test->window, TILL_TYPE_KEY_TIMELINE, NULL);
  static const TillKeyStanding standings[] = { TILL_KEY_USE, TILL_KEY_ACCEPTED, TILL_KEY_ENDED };

  assert_sees (test->window, "Use This Key Now");
  assert_sees (test->window, use);
  assert_sees (test->window, "RSA, 2048 bits");
  assert_sees (test->window, "Ends Tue 24 Nov, 10:00 (in 1 day)");
  assert_sees (test->window, still);
  assert_sees (test->window, no_longer);
  /* 46 hours before the end: past the first reminder. */
  assert_sees (test->window, "Commerce Hub has sent its first reminder by now (47 h).");
  assert_sees (test->window, "Known here");

  for (guint i = 0; i < G_N_ELEMENTS (standings); i++)
    {
      GtkWidget *shape = till_ui_find (till_keys_test_get_row (test, i), TILL_TYPE_KEY_SHAPE, NULL);

      g_assert_cmpint (till_key_shape_get_standing (TILL_KEY_SHAPE (shape)), ==, standings[i]);
    }

  g_assert_cmpuint (till_key_timeline_get_bars (TILL_KEY_TIMELINE (timeline)), ==, 3);
  gtk_test_accessible_assert_role (timeline, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (timeline, GTK_ACCESSIBLE_PROPERTY_LABEL, "Timeline of the keys");
  WAIT_UNTIL (gtk_widget_get_width (timeline) > 0);
  g_assert_cmpfloat (till_key_timeline_locate (TILL_KEY_TIMELINE (timeline), TILL_UI_NOW), <,
                     till_key_timeline_locate (TILL_KEY_TIMELINE (timeline), USE_TO));
}

/* Each moment that matters, and what is said then. */
static void
test_clock (void)
{
  static const struct
  {
    gint64      at;
    const char *sentence;
  } moments[] = {
    { USE_TO - 72 * HOUR, "Generate the next key by Sun 22 Nov, 10:00." },
    { USE_TO - 48 * HOUR - 1, "Generate the next key by Sun 22 Nov, 10:00." },
    { USE_TO - 48 * HOUR, "Generate the next key now. It was due from Sun 22 Nov, 10:00; this one ends Tue 24 Nov, 10:00." },
    { USE_TO - 47 * HOUR - 1, "Generate the next key now. It was due from" },
    { USE_TO - 47 * HOUR, "Commerce Hub has sent its first reminder by now (47 h)." },
    { USE_TO - 44 * HOUR, "Commerce Hub has sent its second reminder by now (44 h)." },
    { USE_TO - 41 * HOUR, "Commerce Hub has sent its last reminder by now (41 h)." },
    { USE_TO, "Ends Tue 24 Nov, 10:00 (in less than a minute)" },
    { USE_TO + 1, "No usable key since Tue 24 Nov, 10:00" },
    { USE_TO + 400 * 24 * HOUR, "No usable key since Tue 24 Nov 2026, 10:00" },
  };
  g_autoptr(TillKeysTest) test = set_up_practice ();

  for (guint i = 0; i < G_N_ELEMENTS (moments); i++)
    {
      till_keys_test_go_to (test, moments[i].at);
      assert_sees (test->window, moments[i].sentence);
    }

  g_assert_false (till_keys_test_sees (test->window, "Use This Key Now"));
  assert_sees (test->window, "Tills can't encrypt cards that way now.");
}

/* A timer only while something counts down and the pane can be seen. */
static void
test_timer (void)
{
  g_autoptr(TillKeysTest) test = set_up_practice ();
  TillKeysPane *pane = TILL_KEYS_PANE (test->pane);

  g_assert_cmpuint (pane->tick_id, !=, 0);
  till_keys_test_go_to (test, USE_TO + 1);
  g_assert_cmpuint (pane->tick_id, ==, 0);
  till_keys_test_go_to (test, USE_TO);
  g_assert_cmpuint (pane->tick_id, !=, 0);

  /* It comes by itself when the key ends. */
  till_clock_set (test->clock, USE_TO + 1);
  WAIT_UNTIL (till_keys_test_sees (test->window, "No usable key since"));

  till_keys_test_go_to (test, TILL_UI_NOW);
  g_assert_cmpuint (pane->tick_id, !=, 0);
  gtk_widget_set_visible (test->pane, FALSE);
  g_assert_cmpuint (pane->tick_id, ==, 0);
  gtk_widget_set_visible (test->pane, TRUE);
}

/* The same facts in words, by choice and where there is no room for the picture. */
static void
test_twin (void)
{
  g_autoptr(TillKeysTest) test = set_up_practice ();
  GtkWidget *timeline = till_ui_find (test->window, TILL_TYPE_KEY_TIMELINE, NULL);
  GtkWidget *toggle = till_ui_find (test->window, GTK_TYPE_TOGGLE_BUTTON, NULL);

  g_assert_true (gtk_widget_get_mapped (timeline));
  g_assert_false (till_keys_test_sees (test->window, "Generate the Next Key By"));

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (toggle), TRUE);
  till_ui_run_for (30);
  g_assert_false (gtk_widget_get_mapped (timeline));
  assert_sees (test->window, "Generate the Next Key By");
  assert_sees (test->window, "Sun 22 Nov, 10:00");
  assert_sees (test->window, "47 h before the end: Sun 22 Nov, 11:00");
  assert_sees (test->window, "Now");

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (toggle), FALSE);
  till_ui_run_for (30);
  g_assert_true (gtk_widget_get_mapped (timeline));
}

static void
test_narrow (void)
{
  g_autoptr(TillKeysTest) test = till_keys_test_new ();
  int minimum;

  till_keys_test_practise (test);
  till_keys_test_show (test, 360, 700);
  WAIT_UNTIL (till_keys_test_count_rows (test) == 3);
  WAIT_UNTIL (till_keys_test_sees (test->window, "Generate the Next Key By"));
  for (guint i = 0; i < 3; i++)
    adw_expander_row_set_expanded (ADW_EXPANDER_ROW (till_keys_test_get_row (test, i)), TRUE);
  till_ui_run_for (60);
  gtk_widget_measure (test->pane, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 360);
}

static void
test_generate (void)
{
  g_autoptr(TillKeysTest) test = set_up_practice ();
  g_autoptr(GPtrArray) before = till_keys_test_list (test);
  g_autoptr(GPtrArray) after = NULL;
  AdwMessageDialog *question;
  GtkWidget *dialog;
  GtkWidget *toggle;
  double cpu, wall;

  /* Asks first; nothing happens when the answer is no. */
  till_keys_test_act (test, "pane.generate");
  question = wait_for_question ();
  g_assert_cmpstr (adw_message_dialog_get_heading (question), ==, "Generate a New Key?");
  g_assert_nonnull (strstr (adw_message_dialog_get_body (question), "The current one keeps working until it ends."));
  assert_sees (GTK_WIDGET (question), "Practice");
  answer (question, "cancel");
  till_ui_run_for (50);
  g_assert_cmpuint (till_keys_test_count_log (test, "keys.generate"), ==, 0);

  till_keys_test_act (test, "pane.generate");
  till_ui_heartbeat_start ();
  answer (wait_for_question (), "generate");
  dialog = wait_for_dialog ("Key Ready");
  if (till_ui_heartbeat_stop (&cpu, &wall))
    g_assert_cmpfloat (cpu, <, 100);
  assert_sees (dialog, "Copy it to your tills, then mark it as in use.");
  assert_sees (dialog, "Save PEM…");
  g_assert_cmpuint (till_keys_test_count_log (test, "keys.generate"), ==, 1);

  toggle = till_ui_find (dialog, GTK_TYPE_SWITCH, NULL);
  WAIT_UNTIL (till_keys_test_count_rows (test) == 4);
  gtk_switch_set_active (GTK_SWITCH (toggle), TRUE);
  WAIT_UNTIL (till_keys_test_sees (test->pane, "In use on tills"));
  close_dialog (dialog);

  after = till_keys_test_list (test);
  g_assert_cmpuint (after->len, ==, before->len + 1);
  g_assert_true (((const TillKeyRecord *) after->pdata[0])->in_use);
  assert_sees (test->window, "Use This Key Now");
  g_assert_false (till_keys_test_sees (test->window, "Generate the next key now"));
}

static void
test_copy (void)
{
  g_autoptr(TillKeysTest) test = set_up_practice ();
  g_autoptr(GPtrArray) keys = till_keys_test_list (test);
  const TillKeyRecord *use = keys->pdata[0];
  const TillKeyRecord *ended = keys->pdata[2];
  GdkClipboard *clipboard = gtk_widget_get_clipboard (test->window);
  g_auto(GValue) value = G_VALUE_INIT;
  GtkWidget *row = till_keys_test_get_row (test, 2);

  g_value_init (&value, G_TYPE_STRING);
  till_keys_test_press (test->pane, "Copy ID");
  g_assert_true (gdk_content_provider_get_value (gdk_clipboard_get_content (clipboard), &value, NULL));
  g_assert_cmpstr (g_value_get_string (&value), ==, use->key_id);
  WAIT_UNTIL (till_keys_test_sees (test->window, "Key ID copied"));

  till_keys_test_press (test->pane, "Copy Key");
  g_assert_true (gdk_content_provider_get_value (gdk_clipboard_get_content (clipboard), &value, NULL));
  g_assert_true (g_str_has_prefix (g_value_get_string (&value), "-----BEGIN PUBLIC KEY-----\n"));

  /* With the focus in a row, that row's key is meant. */
  go_into (row);
  till_keys_test_act (test, "pane.copy-id");
  g_assert_true (gdk_content_provider_get_value (gdk_clipboard_get_content (clipboard), &value, NULL));
  g_assert_cmpstr (g_value_get_string (&value), ==, ended->key_id);
}

/* One that has ended is never handed out. */
static void
test_ended_is_kept_back (void)
{
  g_autoptr(TillKeysTest) test = set_up_practice ();
  GtkWidget *row = till_keys_test_get_row (test, 2);

  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row), TRUE);
  till_ui_run_for (60);
  g_assert_null (till_keys_test_find_button (row, "Export for a Till…"));
  g_assert_null (till_keys_test_find_button (row, "Test Encryption…"));
  g_assert_nonnull (till_keys_test_find_button (row, "Revoke…"));

  go_into (row);
  till_keys_test_act (test, "pane.export");
  WAIT_UNTIL (till_keys_test_sees (test->window, "This key is not handed out: it is not accepted"));
  g_assert_null (till_ui_find_window (TILL_TYPE_KEY_DIALOG));
}

static void
test_revoke_undone (void)
{
  g_autoptr(TillKeysTest) test = set_up_practice ();
  AdwMessageDialog *question;

  /* Without a row that has the focus nothing is asked. */
  gtk_window_set_focus (GTK_WINDOW (test->window), NULL);
  till_keys_test_act (test, "pane.revoke");
  till_ui_run_for (30);
  g_assert_null (till_ui_find_window (ADW_TYPE_MESSAGE_DIALOG));

  go_into (till_keys_test_get_row (test, 1));
  till_keys_test_act (test, "pane.revoke");
  question = wait_for_question ();
  g_assert_cmpstr (adw_message_dialog_get_heading (question), ==, "Revoke This Key?");
  g_assert_nonnull (strstr (adw_message_dialog_get_body (question), "Offline payments still waiting with it"));
  g_assert_null (strstr (adw_message_dialog_get_body (question), "You have no other key."));
  g_assert_cmpstr (adw_message_dialog_get_default_response (question), ==, "cancel");

  /* Not by an Enter that was meant for something else. */
  g_assert_false (adw_message_dialog_get_response_enabled (question, "revoke"));
  WAIT_UNTIL (adw_message_dialog_get_response_enabled (question, "revoke"));
  answer (question, "revoke");
  WAIT_UNTIL (till_keys_test_sees (test->window, "in 10 seconds"));
  assert_sees (till_keys_test_get_row (test, 1), "Will be revoked in a moment");

  till_keys_test_press (test->window, "Undo");
  WAIT_UNTIL (till_keys_test_sees (test->window, "Not revoked. Nothing was sent."));
  assert_sees (till_keys_test_get_row (test, 1), "May still be used");
  g_assert_cmpuint (till_keys_test_count_log (test, "keys.revoke"), ==, 0);
}

/* Nor is anything sent when the window closes before the time to undo is over. */
static void
test_revoke_closed (void)
{
  g_autoptr(TillKeysTest) test = set_up_practice ();
  AdwMessageDialog *question;

  till_keys_pane_set_undo_seconds (TILL_KEYS_PANE (test->pane), 1);
  go_into (till_keys_test_get_row (test, 1));
  till_keys_test_act (test, "pane.revoke");
  question = wait_for_question ();
  WAIT_UNTIL (adw_message_dialog_get_response_enabled (question, "revoke"));
  answer (question, "revoke");
  till_keys_test_close (test);
  till_ui_run_for (600);
  g_assert_cmpuint (till_keys_test_count_log (test, "keys.revoke"), ==, 0);
}

static void
test_revoke (void)
{
  g_autoptr(TillKeysTest) test = set_up_practice ();
  g_autoptr(GPtrArray) keys = NULL;
  AdwMessageDialog *question;

  till_keys_pane_set_undo_seconds (TILL_KEYS_PANE (test->pane), 1);
  go_into (till_keys_test_get_row (test, 1));
  till_keys_test_act (test, "pane.revoke");
  question = wait_for_question ();
  WAIT_UNTIL (adw_message_dialog_get_response_enabled (question, "revoke"));
  answer (question, "revoke");
  WAIT_UNTIL (till_keys_test_sees (till_keys_test_get_row (test, 1), "Revoked Sun 22 Nov, 12:00"));
  g_assert_cmpuint (till_keys_test_count_log (test, "keys.revoke"), ==, 1);
  keys = till_keys_test_list (test);
  g_assert_cmpstr (((const TillKeyRecord *) keys->pdata[1])->status, ==, "REVOKED");
}

/* The only usable key: generate first; it can be revoked all the same, since it may have leaked. */
static void
test_revoke_only (void)
{
  g_autoptr(TillKeysTest) test = set_up_practice ();
  AdwMessageDialog *question;

  till_keys_test_go_to (test, TILL_UI_NOW + 11 * HOUR);
  go_into (till_keys_test_get_row (test, 0));
  till_keys_test_act (test, "pane.revoke");
  question = wait_for_question ();
  g_assert_nonnull (strstr (adw_message_dialog_get_body (question), "You have no other key. Generate one first."));
  till_keys_test_press (GTK_WIDGET (question), "Generate First");
  WAIT_UNTIL (g_strcmp0 (adw_message_dialog_get_heading (question = wait_for_question ()), "Generate a New Key?") == 0);
  g_assert_cmpstr (adw_message_dialog_get_heading (question), ==, "Generate a New Key?");
  answer (question, "cancel");
}

static void
test_revoke_live (void)
{
  g_autoptr(TillKeysTest) test = set_up_connected (TILL_ENVIRONMENT_LIVE, TRUE);
  g_autoptr(GPtrArray) keys = till_keys_test_list (test);
  const char *id = ((const TillKeyRecord *) keys->pdata[1])->key_id;
  AdwMessageDialog *question;
  GtkWidget *entry;

  go_into (till_keys_test_get_row (test, 1));
  till_keys_test_act (test, "pane.revoke");
  question = wait_for_question ();
  assert_sees (GTK_WIDGET (question), "Live — Acme Cafés");
  entry = till_ui_find (GTK_WIDGET (question), ADW_TYPE_ENTRY_ROW, NULL);
  g_assert_nonnull (entry);
  till_ui_run_for (400);
  g_assert_false (adw_message_dialog_get_response_enabled (question, "revoke"));
  gtk_editable_set_text (GTK_EDITABLE (entry), "zzzz");
  g_assert_false (adw_message_dialog_get_response_enabled (question, "revoke"));
  gtk_editable_set_text (GTK_EDITABLE (entry), id + strlen (id) - 4);
  WAIT_UNTIL (adw_message_dialog_get_response_enabled (question, "revoke"));
  answer (question, "cancel");
  g_assert_cmpuint (till_keys_test_count_log (test, "keys.revoke"), ==, 0);
}

static void
test_empty_and_import (void)
{
  g_autoptr(TillKeysTest) test = set_up_connected (TILL_ENVIRONMENT_TEST, FALSE);
  g_autofree char *json = till_sandbox_dup_example_keys (test->sandbox);
  GtkWidget *dialog;
  GtkWidget *view;

  WAIT_UNTIL (till_keys_test_sees (test->window, "No Keys Known Here"));
  till_keys_test_press (test->pane, "Add Existing Key…");
  dialog = wait_for_dialog ("Add Existing Key");
  view = till_ui_find (dialog, GTK_TYPE_TEXT_VIEW, NULL);
  g_assert_false (gtk_widget_is_sensitive (till_keys_test_find_button (dialog, "Add Key")));

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), "{ \"no\": \"key\" }", -1);
  till_keys_test_press (dialog, "Add Key");
  WAIT_UNTIL (till_keys_test_sees (dialog, "Answer Not Understood"));
  WAIT_UNTIL (till_keys_test_sees (dialog, "Details"));

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), json, -1);
  till_keys_test_press (dialog, "Add Key");
  WAIT_UNTIL (till_keys_test_count_rows (test) == 3);
  WAIT_UNTIL (till_ui_find_window (TILL_TYPE_KEY_DIALOG) == NULL);
  WAIT_UNTIL (till_keys_test_sees (test->window, "Added the key"));
  assert_sees (test->window, "Use This Key Now");
}

/* Closing the window while it still adds. */
static void
test_import_closed (void)
{
  g_autoptr(TillKeysTest) test = set_up_connected (TILL_ENVIRONMENT_TEST, FALSE);
  g_autofree char *json = till_sandbox_dup_example_keys (test->sandbox);
  GtkWidget *dialog;
  GtkWidget *view;

  WAIT_UNTIL (till_keys_test_sees (test->window, "No Keys Known Here"));
  till_keys_test_act (test, "pane.import");
  dialog = wait_for_dialog ("Add Existing Key");
  view = till_ui_find (dialog, GTK_TYPE_TEXT_VIEW, NULL);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), json, -1);
  till_keys_test_press (dialog, "Add Key");
  close_dialog (dialog);
  till_ui_run_for (100);
}

static void
test_export (void)
{
  g_autoptr(TillKeysTest) test = set_up_practice ();
  g_autoptr(GPtrArray) keys = NULL;
  GtkWidget *dialog;
  GtkWidget *format;
  GtkWidget *amount, *currency, *button;
  GtkWidget *chooser;

  till_keys_test_press (test->pane, "Export for a Till…");
  dialog = wait_for_dialog ("Export for a Till");
  format = till_ui_find (dialog, ADW_TYPE_COMBO_ROW, NULL);
  button = till_keys_test_find_button (dialog, "Export…");
  g_assert_true (gtk_widget_is_sensitive (button));
  g_assert_false (till_keys_test_sees (dialog, "Largest Offline Payment"));

  adw_combo_row_set_selected (ADW_COMBO_ROW (format), 2);
  till_ui_run_for (50);
  assert_sees (dialog, "Largest Offline Payment");
  amount = find_entry (dialog, "Amount");
  currency = find_entry (dialog, "Currency");

  gtk_editable_set_text (GTK_EDITABLE (amount), "25.00");
  g_assert_false (gtk_widget_is_sensitive (button));
  till_ui_run_for (30);
  assert_sees (dialog, "Say in which currency");
  gtk_editable_set_text (GTK_EDITABLE (currency), "dollars");
  till_ui_run_for (30);
  assert_sees (dialog, "A currency has three letters");
  gtk_editable_set_text (GTK_EDITABLE (currency), "usd");
  g_assert_true (gtk_widget_is_sensitive (button));
  gtk_editable_set_text (GTK_EDITABLE (amount), "1,000");
  till_ui_run_for (30);
  assert_sees (dialog, "Type the amount in digits");
  gtk_editable_set_text (GTK_EDITABLE (amount), "25,50");
  g_assert_true (gtk_widget_is_sensitive (button));

  g_signal_emit_by_name (button, "clicked");
  WAIT_UNTIL ((chooser = till_ui_find_window (GTK_TYPE_FILE_CHOOSER_DIALOG)) != NULL);
  gtk_dialog_response (GTK_DIALOG (chooser), GTK_RESPONSE_CANCEL);
  WAIT_UNTIL (till_ui_find_window (GTK_TYPE_FILE_CHOOSER_DIALOG) == NULL);
  close_dialog (dialog);

  /* The limit belongs to the key. */
  keys = till_keys_test_list (test);
  g_assert_cmpint (((const TillKeyRecord *) keys->pdata[0])->offline_limit, ==, 2550);
  g_assert_cmpstr (((const TillKeyRecord *) keys->pdata[0])->offline_currency, ==, "USD");
}

static void
test_encrypt (void)
{
  g_autoptr(TillKeysTest) test = set_up_practice ();
  g_auto(GValue) value = G_VALUE_INIT;
  GtkWidget *dialog;
  GtkWidget *number, *name;

  till_keys_test_act (test, "pane.test-encryption");
  dialog = wait_for_dialog ("Test Encryption");
  number = find_entry (dialog, "Card Number");
  name = find_entry (dialog, "Name on the Card");
  g_assert_true (ADW_IS_PASSWORD_ENTRY_ROW (number));
  g_assert_true (ADW_IS_PASSWORD_ENTRY_ROW (name));
  g_assert_false (gtk_widget_is_sensitive (till_keys_test_find_button (dialog, "Encrypt")));

  gtk_editable_set_text (GTK_EDITABLE (number), "4005550000000019");
  gtk_editable_set_text (GTK_EDITABLE (name), "Jane \"J\" Doe");
  till_keys_test_press (dialog, "Encrypt");
  WAIT_UNTIL (till_keys_test_sees (dialog, "card.cardData:16,card.nameOnCard:12"));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (number)), ==, "");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (name)), ==, "");

  till_keys_test_press (dialog, "Copy as JSON");
  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (gdk_content_provider_get_value (gdk_clipboard_get_content (gtk_widget_get_clipboard (dialog)), &value,
                                                 NULL));
  g_assert_nonnull (strstr (g_value_get_string (&value), "\"encryptionBlockFields\""));
  g_assert_null (strstr (g_value_get_string (&value), "4005550000000019"));

  /* Too long for one block: said, and nothing is lost. */
  {
    g_autofree char *long_name = g_strnfill (400, 'x');

    gtk_editable_set_text (GTK_EDITABLE (name), long_name);
    till_keys_test_press (dialog, "Encrypt");
    till_ui_run_for (200);
    g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (name)), ==, long_name);
  }

  close_dialog (dialog);
}

/* Closing the window in the middle of it. */
static void
test_encrypt_closed (void)
{
  g_autoptr(TillKeysTest) test = set_up_practice ();
  GtkWidget *dialog;

  till_keys_test_act (test, "pane.test-encryption");
  dialog = wait_for_dialog ("Test Encryption");
  gtk_editable_set_text (GTK_EDITABLE (find_entry (dialog, "Card Number")), "4005550000000019");
  till_keys_test_press (dialog, "Encrypt");
  close_dialog (dialog);
  till_ui_run_for (100);
}

static void
test_service_down (void)
{
  g_autoptr(TillKeysTest) test = set_up_connected (TILL_ENVIRONMENT_TEST, TRUE);

  till_keys_test_fault (test, "status=503@/ch/security/v1/keys/generate*9");
  till_keys_test_fault (test, "status=503@/security/v1/keys/generate*9");
  till_keys_test_act (test, "pane.generate");
  answer (wait_for_question (), "generate");
  WAIT_UNTIL (till_keys_test_sees (test->pane, "Details"));
  g_assert_cmpuint (till_keys_test_count_rows (test), ==, 3);
  assert_sees (test->window, "Use This Key Now");
  till_keys_test_act (test, "pane.dismiss");
  till_ui_run_for (30);
  g_assert_false (till_keys_test_sees (test->pane, "Details"));
}

/* The answer is lost and the service can't be asked again: a person decides, and no second key is asked for. */
static void
test_lost_answer (void)
{
  g_autoptr(TillKeysTest) test = set_up_connected (TILL_ENVIRONMENT_TEST, TRUE);
  GtkWidget *button;

  till_keys_test_fault (test, "lost-answer*20");
  till_keys_test_act (test, "pane.generate");
  answer (wait_for_question (), "generate");
  WAIT_UNTIL (till_keys_test_sees (test->pane, "Was a key generated?"));
  WAIT_UNTIL ((button = till_keys_test_find_button (test->pane, "Check Again")) != NULL &&
              gtk_widget_is_sensitive (button));
  assert_sees (test->pane, "no second one was asked for");
  g_assert_null (till_ui_find_window (TILL_TYPE_KEY_DIALOG));

  till_keys_test_press (test->pane, "Check Again");
  WAIT_UNTIL (till_keys_test_sees (test->window, "The outcome is still not known"));
  till_keys_test_press (test->pane, "Mark as Not Done");
  WAIT_UNTIL (!till_keys_test_sees (test->pane, "Was a key generated?"));
  g_assert_cmpuint (till_keys_test_count_rows (test), ==, 3);
}

/* Where it may be asked again by itself, the same request number brings the key back. */
static void
test_lost_answer_recovered (void)
{
  g_autoptr(TillKeysTest) test = till_keys_test_new ();

  till_keys_test_connect (test, TILL_ENVIRONMENT_TEST, TRUE);
  till_keys_test_show (test, 900, 760);
  WAIT_UNTIL (till_keys_test_sees (test->window, "No Keys Known Here"));
  till_keys_test_fault (test, "lost-answer");
  till_keys_test_act (test, "pane.generate");
  answer (wait_for_question (), "generate");
  WAIT_UNTIL (till_keys_test_count_rows (test) == 1);
  g_assert_false (till_keys_test_sees (test->pane, "Was a key generated?"));
  close_dialog (wait_for_dialog ("Key Ready"));
}

static void
test_cancel (void)
{
  g_autoptr(TillKeysTest) test = set_up_connected (TILL_ENVIRONMENT_TEST, TRUE);

  till_keys_test_fault (test, "slow=20*9");
  till_keys_test_act (test, "pane.generate");
  answer (wait_for_question (), "generate");
  WAIT_UNTIL (till_keys_test_sees (test->pane, "Asking Commerce Hub for a new key…"));
  g_assert_false (gtk_widget_is_sensitive (till_keys_test_find_button (test->pane, "Generate Key")));
  till_ui_run_for (100);
  till_keys_test_press (test->pane, "Cancel");
  WAIT_UNTIL (!till_keys_test_sees (test->pane, "Asking Commerce Hub for a new key…"));
  g_assert_true (gtk_widget_is_sensitive (till_keys_test_find_button (test->pane, "Generate Key")));
}

/* Many keys: a few at a time, and the main loop is not held. */
static void
test_many (void)
{
  g_autoptr(TillKeysTest) test = set_up_connected (TILL_ENVIRONMENT_TEST, FALSE);
  g_autoptr(GString) json = g_string_new ("[");
  GtkWidget *dialog;
  GtkWidget *view;
  double cpu, wall;

  for (guint i = 0; i < 200; i++)
    g_string_append_printf (json, "%s{\"asymmetricKeyDetails\":{\"keyId\":\"key-number-%08u\",\"encryptionType\":\"RSA\","
                            "\"modulus\":2048,\"validFrom\":\"20%02u-01-01T00:00:00Z\","
                            "\"validTo\":\"20%02u-06-01T00:00:00Z\",\"status\":\"ACTIVE\"}}",
                            i > 0 ? ",\n" : "", i, i % 20 + 1, i % 20 + 1);
  g_string_append_c (json, ']');

  WAIT_UNTIL (till_keys_test_sees (test->window, "No Keys Known Here"));
  till_keys_test_act (test, "pane.import");
  dialog = wait_for_dialog ("Add Existing Key");
  view = till_ui_find (dialog, GTK_TYPE_TEXT_VIEW, NULL);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), json->str, -1);
  till_ui_heartbeat_start ();
  till_keys_test_press (dialog, "Add Key");
  WAIT_UNTIL (till_keys_test_count_rows (test) == 25);
  till_ui_run_for (30);
  if (till_ui_heartbeat_stop (&cpu, &wall))
    g_assert_cmpfloat (cpu, <, 100);
  WAIT_UNTIL (till_keys_test_count_rows (test) == 25);
  assert_sees (test->window, "No usable key since");
  till_keys_test_press (test->pane, "Show 175 More");
  WAIT_UNTIL (till_keys_test_count_rows (test) == 50);
}

/* A key with times that make no sense is never proposed (RELIABILITY.md 5.2, row 49). */
static void
test_impossible (void)
{
  static const char json[] =
    "{\"asymmetricKeyDetails\":{\"keyId\":\"backwards-0001\",\"encryptionType\":\"RSA\",\"modulus\":2048,"
    "\"validFrom\":\"2026-12-01T00:00:00Z\",\"validTo\":\"2026-11-01T00:00:00Z\",\"status\":\"ACTIVE\"}}";
  g_autoptr(TillKeysTest) test = set_up_connected (TILL_ENVIRONMENT_TEST, FALSE);
  GtkWidget *dialog;
  GtkWidget *view;

  WAIT_UNTIL (till_keys_test_sees (test->window, "No Keys Known Here"));
  till_keys_test_act (test, "pane.import");
  dialog = wait_for_dialog ("Add Existing Key");
  view = till_ui_find (dialog, GTK_TYPE_TEXT_VIEW, NULL);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), json, -1);
  till_keys_test_press (dialog, "Add Key");
  WAIT_UNTIL (till_keys_test_count_rows (test) == 1);
  WAIT_UNTIL (till_keys_test_sees (test->window, "Not usable · It would end before it begins"));
  assert_sees (test->window, "No usable key");
  g_assert_false (till_keys_test_sees (test->window, "Use This Key Now"));
}

/* Every button says what it does, to eyes and ears. */
static void
check_buttons (GtkWidget *root,
               guint     *n)
{
  if (!gtk_widget_get_mapped (root))
    return;

  if (GTK_IS_BUTTON (root) && gtk_widget_get_focusable (root))
    {
      const char *label = gtk_button_get_label (GTK_BUTTON (root));

      (*n)++;
      if (label == NULL)
        g_assert_true (gtk_test_accessible_has_property (GTK_ACCESSIBLE (root), GTK_ACCESSIBLE_PROPERTY_LABEL));
      if (gtk_button_get_icon_name (GTK_BUTTON (root)) != NULL)
        g_assert_nonnull (gtk_widget_get_tooltip_text (root));
    }

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    check_buttons (child, n);
}

static void
test_names (void)
{
  g_autoptr(TillKeysTest) test = set_up_practice ();
  guint n = 0;

  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (till_keys_test_get_row (test, 0)), TRUE);
  till_ui_run_for (60);
  check_buttons (test->pane, &n);
  g_assert_cmpuint (n, >=, 10);
}

static gboolean
has_binding (GtkWidget       *widget,
             guint            key,
             GdkModifierType  modifiers,
             const char      *action)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (widget);
  g_autofree char *wanted = g_strdup_printf ("action(%s)", action);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr(GtkEventController) controller = g_list_model_get_item (controllers, i);

      for (guint j = 0; GTK_IS_SHORTCUT_CONTROLLER (controller) && j < g_list_model_get_n_items (G_LIST_MODEL (controller));
           j++)
        {
          g_autoptr(GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (controller), j);
          GtkShortcutTrigger *trigger = gtk_shortcut_get_trigger (shortcut);
          g_autofree char *text = gtk_shortcut_action_to_string (gtk_shortcut_get_action (shortcut));

          if (GTK_IS_KEYVAL_TRIGGER (trigger) && g_str_equal (text, wanted) &&
              gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)) == key &&
              gtk_keyval_trigger_get_modifiers (GTK_KEYVAL_TRIGGER (trigger)) == modifiers)
            return TRUE;
        }
    }

  return FALSE;
}

static void
test_keyboard (void)
{
  g_autoptr(TillKeysTest) test = set_up_practice ();
  GtkWidget *focus = NULL;
  guint n_stops = 0;

  g_assert_true (has_binding (test->pane, GDK_KEY_n, GDK_CONTROL_MASK, "pane.generate"));
  g_assert_true (has_binding (test->pane, GDK_KEY_Delete, 0, "pane.revoke"));
  g_assert_true (has_binding (test->pane, GDK_KEY_z, GDK_CONTROL_MASK, "pane.undo"));

  /* Tab goes round, through the card, the timeline and the rows. */
  gtk_window_set_focus (GTK_WINDOW (test->window), NULL);
  for (guint i = 0; i < 40; i++)
    {
      gtk_widget_child_focus (test->window, GTK_DIR_TAB_FORWARD);
      if (gtk_root_get_focus (GTK_ROOT (test->window)) != focus)
        n_stops++;
      focus = gtk_root_get_focus (GTK_ROOT (test->window));
      if (focus != NULL && (TILL_IS_KEY_ROW (focus) || gtk_widget_get_ancestor (focus, TILL_TYPE_KEY_ROW) != NULL))
        break;
    }
  g_assert_nonnull (focus);
  g_assert_true (TILL_IS_KEY_ROW (focus) || gtk_widget_get_ancestor (focus, TILL_TYPE_KEY_ROW) != NULL);
  g_assert_cmpuint (n_stops, >=, 5);
}

/* Another profile: nothing of the last one stays. */
static void
test_switch (void)
{
  g_autoptr(TillKeysTest) test = set_up_connected (TILL_ENVIRONMENT_TEST, TRUE);
  g_autoptr(GPtrArray) keys = till_keys_test_list (test);
  g_autofree char *old = dup_short_id (keys->pdata[0]);

  assert_sees (test->window, old);
  till_session_use (test->session, NULL);
  WAIT_UNTIL (till_session_get_state (test->session) == TILL_SESSION_OPEN &&
              till_shop_get_profile (till_session_get_shop (test->session))->environment == TILL_ENVIRONMENT_PRACTICE);
  WAIT_UNTIL (till_keys_test_count_rows (test) == 3 && till_keys_test_sees (test->window, "Use This Key Now"));
  g_assert_false (till_keys_test_sees (test->window, old));
}

static void
picture (TillKeysTest *test,
         const char   *name)
{
  g_autofree char *light = g_strconcat ("keys-", name, NULL);
  g_autofree char *dark = g_strconcat ("keys-", name, "-dark", NULL);
  AdwStyleManager *style = adw_style_manager_get_default ();

  till_ui_picture (test->window, light);
  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_FORCE_DARK);
  till_ui_picture (test->window, dark);
  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_DEFAULT);
}

/* For people to look at; that each can be drawn is tested on the way. */
static void
test_pictures (void)
{
  static const struct
  {
    const char *name;
    gint64      at;
  } moments[] = {
    { "three-days-before", USE_TO - 72 * HOUR },
    { "window-open", USE_TO - 48 * HOUR + 60 },
    { "reminded", USE_TO - 40 * HOUR },
    { "ended", USE_TO + HOUR },
  };
  g_autoptr(TillKeysTest) test = till_keys_test_new ();
  GtkWidget *dialog;

  till_keys_test_practise (test);
  till_keys_test_show (test, 900, 1000);
  WAIT_UNTIL (till_keys_test_count_rows (test) == 3);
  for (guint i = 0; i < G_N_ELEMENTS (moments); i++)
    {
      till_keys_test_go_to (test, moments[i].at);
      picture (test, moments[i].name);
    }

  till_keys_test_go_to (test, TILL_UI_NOW);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  gtk_widget_set_direction (test->window, GTK_TEXT_DIR_RTL);
  till_ui_picture (test->window, "keys-rtl");
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
  gtk_widget_set_direction (test->window, GTK_TEXT_DIR_LTR);

  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (till_keys_test_get_row (test, 0)), TRUE);
  gtk_window_set_default_size (GTK_WINDOW (test->window), 900, 1700);
  till_ui_picture (test->window, "keys-details");

  till_keys_test_act (test, "pane.test-encryption");
  dialog = wait_for_dialog ("Test Encryption");
  gtk_editable_set_text (GTK_EDITABLE (find_entry (dialog, "Card Number")), "4005550000000019");
  till_keys_test_press (dialog, "Encrypt");
  WAIT_UNTIL (till_keys_test_sees (dialog, "Encrypted Block"));
  till_ui_picture (dialog, "keys-encryption");
  close_dialog (dialog);

  till_keys_test_act (test, "pane.export");
  dialog = wait_for_dialog ("Export for a Till");
  adw_combo_row_set_selected (ADW_COMBO_ROW (till_ui_find (dialog, ADW_TYPE_COMBO_ROW, NULL)), 2);
  gtk_editable_set_text (GTK_EDITABLE (find_entry (dialog, "Amount")), "25.00");
  till_ui_picture (dialog, "keys-export");
  close_dialog (dialog);

  till_keys_test_act (test, "pane.import");
  dialog = wait_for_dialog ("Add Existing Key");
  till_ui_picture (dialog, "keys-import");
  close_dialog (dialog);

  till_keys_test_act (test, "pane.generate");
  till_ui_picture (GTK_WIDGET (wait_for_question ()), "keys-generate");
  answer (wait_for_question (), "generate");
  dialog = wait_for_dialog ("Key Ready");
  till_ui_picture (dialog, "keys-ready");
  close_dialog (dialog);
}

static void
test_pictures_narrow (void)
{
  g_autoptr(TillKeysTest) test = till_keys_test_new ();

  till_keys_test_practise (test);
  till_keys_test_show (test, 360, 1600);
  WAIT_UNTIL (till_keys_test_count_rows (test) == 3);
  picture (test, "narrow");
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (till_ui_find (test->window, GTK_TYPE_TOGGLE_BUTTON, NULL)), FALSE);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (till_keys_test_get_row (test, 0)), TRUE);
  gtk_window_set_default_size (GTK_WINDOW (test->window), 360, 2200);
  till_ui_picture (test->window, "keys-narrow-picture");
}

static void
test_pictures_trouble (void)
{
  g_autoptr(TillKeysTest) test = set_up_connected (TILL_ENVIRONMENT_LIVE, FALSE);
  AdwMessageDialog *question;

  WAIT_UNTIL (till_keys_test_sees (test->window, "No Keys Known Here"));
  picture (test, "empty");
  till_keys_test_add_examples (test);
  WAIT_UNTIL (till_keys_test_count_rows (test) == 3);

  till_keys_test_fault (test, "lost-answer*20");
  till_keys_test_act (test, "pane.generate");
  answer (wait_for_question (), "generate");
  WAIT_UNTIL (till_keys_test_sees (test->pane, "Was a key generated?"));
  till_ui_run_for (300);
  picture (test, "unknown");

  go_into (till_keys_test_get_row (test, 1));
  till_keys_test_act (test, "pane.revoke");
  question = wait_for_question ();
  till_ui_run_for (400);
  till_ui_picture (GTK_WIDGET (question), "keys-revoke");
  answer (question, "cancel");
}

static void
test_pictures_none (void)
{
  g_autoptr(TillKeysTest) test = till_keys_test_new ();

  till_keys_test_show (test, 700, 560);
  picture (test, "none");
}

/* Going away in the middle of each state leaves nothing behind; the teardown sees to it. */
static void
test_finalize (void)
{
  g_autoptr(TillKeysTest) test = till_keys_test_new ();

  till_keys_test_practise (test);
  till_keys_test_show (test, 500, 500);
  till_keys_test_close (test);
  till_keys_test_show (test, 500, 500);
  WAIT_UNTIL (till_keys_test_count_rows (test) == 3);
  till_keys_test_act (test, "pane.generate");
  answer (wait_for_question (), "generate");
  till_keys_test_close (test);
  till_keys_test_show (test, 500, 500);
  till_keys_test_act (test, "pane.refresh");
}

int
main (int    argc,
      char **argv)
{
  till_ui_test_init (&argc, &argv);

  g_test_add_func ("/keys-pane/none", test_none);
  g_test_add_func ("/keys-pane/practice", test_practice);
  g_test_add_func ("/keys-pane/clock", test_clock);
  g_test_add_func ("/keys-pane/timer", test_timer);
  g_test_add_func ("/keys-pane/twin", test_twin);
  g_test_add_func ("/keys-pane/narrow", test_narrow);
  g_test_add_func ("/keys-pane/generate", test_generate);
  g_test_add_func ("/keys-pane/copy", test_copy);
  g_test_add_func ("/keys-pane/ended-is-kept-back", test_ended_is_kept_back);
  g_test_add_func ("/keys-pane/revoke", test_revoke);
  g_test_add_func ("/keys-pane/revoke-undone", test_revoke_undone);
  g_test_add_func ("/keys-pane/revoke-closed", test_revoke_closed);
  g_test_add_func ("/keys-pane/revoke-only", test_revoke_only);
  g_test_add_func ("/keys-pane/revoke-live", test_revoke_live);
  g_test_add_func ("/keys-pane/empty-and-import", test_empty_and_import);
  g_test_add_func ("/keys-pane/import-closed", test_import_closed);
  g_test_add_func ("/keys-pane/export", test_export);
  g_test_add_func ("/keys-pane/encrypt", test_encrypt);
  g_test_add_func ("/keys-pane/encrypt-closed", test_encrypt_closed);
  g_test_add_func ("/keys-pane/service-down", test_service_down);
  g_test_add_func ("/keys-pane/lost-answer", test_lost_answer);
  g_test_add_func ("/keys-pane/lost-answer-recovered", test_lost_answer_recovered);
  g_test_add_func ("/keys-pane/cancel", test_cancel);
  g_test_add_func ("/keys-pane/many", test_many);
  g_test_add_func ("/keys-pane/impossible", test_impossible);
  g_test_add_func ("/keys-pane/names", test_names);
  g_test_add_func ("/keys-pane/keyboard", test_keyboard);
  g_test_add_func ("/keys-pane/switch", test_switch);
  g_test_add_func ("/keys-pane/pictures", test_pictures);
  g_test_add_func ("/keys-pane/pictures-narrow", test_pictures_narrow);
  g_test_add_func ("/keys-pane/pictures-trouble", test_pictures_trouble);
  g_test_add_func ("/keys-pane/pictures-none", test_pictures_none);
  g_test_add_func ("/keys-pane/finalize", test_finalize);

  return g_test_run ();
}
