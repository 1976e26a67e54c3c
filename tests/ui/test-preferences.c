/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The preferences: each of them changes what it says, nothing impossible can be entered, everything can be erased. */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "till-credentials-pane.h"
#include "till-erase.h"
#include "till-error.h"
#include "till-key-row.h"
#include "till-profiles.h"
#include "till-question.h"
#include "till-safety.h"
#include "till-secret-row.h"
#include "till-session-view.h"
#include "till-ui-window.h"

typedef TillUiWindow Fixture;

static const char *const keys[] = {
  "lock-minutes", "lock-with-screen", "return-to-test-minutes", "clipboard-seconds", "undo-seconds", "ask-name",
};

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  till_ui_window_setup (fixture, data);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    g_settings_reset (fixture->settings, keys[i]);
}

static void
practise (Fixture *fixture)
{
  till_session_use (fixture->session, NULL);
  till_ui_window_show (fixture, 900, 640);
  WAIT_UNTIL (till_session_get_state (fixture->session) == TILL_SESSION_OPEN);
  till_ui_run_for (60);
}

static GtkWidget *
open_preferences (Fixture *fixture)
{
  GtkWidget *window;

  till_ui_window_act (fixture, "win.preferences");
  window = till_ui_find_window (ADW_TYPE_PREFERENCES_WINDOW);
  g_assert_nonnull (window);

  return window;
}

static GtkWidget *
find_control (GtkWidget *root,
              GType      type)
{
  GtkWidget *child;

  if (G_TYPE_CHECK_INSTANCE_TYPE (root, type))
    return root;

  for (child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_control (child, type);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static GtkWidget *
get_control (GtkWidget  *window,
             const char *title,
             GType       type)
{
  GtkWidget *row = till_ui_find (window, ADW_TYPE_ACTION_ROW, title);
  GtkWidget *control = row != NULL ? find_control (row, type) : NULL;

  g_assert_nonnull (control);

  return control;
}

static GtkWidget *
show_pane (Fixture    *fixture,
           const char *name)
{
  AdwViewStack *stack = till_window_get_stack (TILL_WINDOW (fixture->window));
  GtkWidget *pane = till_session_view_get_child (TILL_SESSION_VIEW (adw_view_stack_get_child_by_name (stack, name)));

  adw_view_stack_set_visible_child_name (stack, name);
  WAIT_UNTIL (gtk_widget_get_mapped (pane));

  return pane;
}

static gboolean
sees (GtkWidget  *root,
      const char *text)
{
  GtkWidget *child;

  if (!gtk_widget_get_mapped (root))
    return FALSE;

  if (GTK_IS_LABEL (root) && strstr (gtk_label_get_text (GTK_LABEL (root)), text) != NULL)
    return TRUE;

  for (child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (sees (child, text))
      return TRUE;

  return FALSE;
}

/* What is entered is kept, what is kept is shown, and what can't be is not taken. */
static void
test_numbers (Fixture       *fixture,
              gconstpointer  data)
{
  static const struct
  {
    const char *title;
    const char *key;
    double      most;
    double      least;
  } rows[] = {
    { "Lock After", "lock-minutes", 15, 0 },
    { "Clear Clipboard After", "clipboard-seconds", 60, 5 },
    { "Return to Test After", "return-to-test-minutes", 60, 0 },
    { "Time to Undo", "undo-seconds", 60, 5 },
  };
  GtkWidget *window;

  practise (fixture);
  window = open_preferences (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      GtkSpinButton *spin = GTK_SPIN_BUTTON (get_control (window, rows[i].title, GTK_TYPE_SPIN_BUTTON));

      g_assert_cmpfloat (gtk_spin_button_get_value (spin), ==, g_settings_get_uint (fixture->settings, rows[i].key));
      gtk_spin_button_set_value (spin, 12);
      g_assert_cmpuint (g_settings_get_uint (fixture->settings, rows[i].key), ==, 12);
      g_settings_set_uint (fixture->settings, rows[i].key, 13);
      g_assert_cmpfloat (gtk_spin_button_get_value (spin), ==, 13);

      gtk_editable_set_text (GTK_EDITABLE (spin), "99999");
      gtk_spin_button_update (spin);
      g_assert_cmpuint (g_settings_get_uint (fixture->settings, rows[i].key), ==, (guint) rows[i].most);
      gtk_editable_set_text (GTK_EDITABLE (spin), "-7");
      gtk_spin_button_update (spin);
      g_assert_cmpuint (g_settings_get_uint (fixture->settings, rows[i].key), ==, (guint) rows[i].least);
    }
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_lock (Fixture       *fixture,
           gconstpointer  data)
{
  TillSafety *safety;
  GtkWidget *window;

  practise (fixture);
  safety = till_window_get_safety (TILL_WINDOW (fixture->window));
  window = open_preferences (fixture);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (get_control (window, "Lock After", GTK_TYPE_SPIN_BUTTON)), 3);
  till_clock_advance (fixture->clock, 179);
  till_safety_check (safety);
  g_assert_false (till_safety_get_locked (safety));
  till_clock_advance (fixture->clock, 1);
  till_safety_check (safety);
  g_assert_true (till_safety_get_locked (safety));
  /* They are out of sight as well. */
  g_assert_false (gtk_widget_get_visible (window));
  till_safety_unlock (safety);
  g_assert_true (gtk_widget_get_visible (window));
  gtk_window_destroy (GTK_WINDOW (window));

  g_assert_true (g_settings_get_boolean (fixture->settings, "lock-with-screen"));
  window = open_preferences (fixture);
  gtk_switch_set_active (GTK_SWITCH (get_control (window, "Lock With the Screen", GTK_TYPE_SWITCH)), FALSE);
  g_assert_false (g_settings_get_boolean (fixture->settings, "lock-with-screen"));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_clipboard (Fixture       *fixture,
                gconstpointer  data)
{
  GdkClipboard *clipboard;
  GtkWidget *window, *pane, *row;

  practise (fixture);
  pane = show_pane (fixture, "credentials");
  g_assert_true (gtk_widget_activate_action (pane, "pane.get", NULL));
  row = till_ui_find (pane, TILL_TYPE_SECRET_ROW, "Access Token");
  WAIT_UNTIL (till_secret_row_get_secret (TILL_SECRET_ROW (row)) != NULL);

  window = open_preferences (fixture);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (get_control (window, "Clear Clipboard After", GTK_TYPE_SPIN_BUTTON)), 7);
  gtk_window_destroy (GTK_WINDOW (window));
  clipboard = gtk_widget_get_clipboard (pane);
  g_assert_true (gtk_widget_activate_action (pane, "pane.copy-token", NULL));
  WAIT_UNTIL (sees (fixture->window, "Copied. Clears in 7 s"));
  g_assert_nonnull (gdk_clipboard_get_content (clipboard));
  till_clock_advance (fixture->clock, 8);
  WAIT_UNTIL (gdk_clipboard_get_content (clipboard) == NULL);
}

static GtkWidget *
find_dialog (void)
{
  return till_ui_find_window (ADW_TYPE_MESSAGE_DIALOG);
}

static void
test_undo (Fixture       *fixture,
           gconstpointer  data)
{
  GtkWidget *window, *pane, *row;

  practise (fixture);
  pane = show_pane (fixture, "keys");
  WAIT_UNTIL (find_control (pane, TILL_TYPE_KEY_ROW) != NULL);
  row = find_control (pane, TILL_TYPE_KEY_ROW);
  window = open_preferences (fixture);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (get_control (window, "Time to Undo", GTK_TYPE_SPIN_BUTTON)), 42);
  gtk_window_destroy (GTK_WINDOW (window));

  WAIT_UNTIL (gtk_widget_get_mapped (row));
  g_assert_true (gtk_widget_child_focus (row, GTK_DIR_TAB_FORWARD));
  g_assert_true (gtk_widget_activate_action (pane, "pane.revoke", NULL));
  g_assert_nonnull (find_dialog ());
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (find_dialog ()), "revoke");
  WAIT_UNTIL (sees (fixture->window, "in 42 seconds"));
  g_assert_true (gtk_widget_activate_action (pane, "pane.undo", NULL));
}

static gboolean
asks_for_name (Fixture *fixture)
{
  g_autoptr(TillProfile) profile = till_profile_new ();
  AdwMessageDialog *dialog;
  gboolean asks;

  profile->name = g_strdup ("Acme");
  profile->environment = TILL_ENVIRONMENT_LIVE;
  dialog = till_question_new (fixture->window, profile, "Delete?", "It is gone then.", "Gold");
  asks = find_control (adw_message_dialog_get_extra_child (dialog), ADW_TYPE_ENTRY_ROW) != NULL;
  gtk_window_destroy (GTK_WINDOW (dialog));

  return asks;
}

static void
test_ask_name (Fixture       *fixture,
               gconstpointer  data)
{
  GtkWidget *window;

  practise (fixture);
  g_assert_true (asks_for_name (fixture));
  window = open_preferences (fixture);
  gtk_switch_set_active (GTK_SWITCH (get_control (window, "Ask for the Name in Live", GTK_TYPE_SWITCH)), FALSE);
  g_assert_false (asks_for_name (fixture));
  gtk_switch_set_active (GTK_SWITCH (get_control (window, "Ask for the Name in Live", GTK_TYPE_SWITCH)), TRUE);
  g_assert_true (asks_for_name (fixture));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
profile_done_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  gboolean *done = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TillProfile) profile = till_profiles_done_finish (result, &error);

  g_assert_no_error (error);
  g_assert_nonnull (profile);
  *done = TRUE;
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  char ***names = user_data;

  *names = till_vault_list_finish (TILL_VAULT (source), result, NULL);
  g_assert_nonnull (*names);
}

static guint
count_secrets (Fixture    *fixture,
               const char *id)
{
  g_auto(GStrv) names = NULL;

  till_vault_list_async (fixture->vault, id, NULL, listed_cb, &names);
  WAIT_UNTIL (names != NULL);

  return g_strv_length (names);
}

/* Only with the word; then secrets, records, settings and the window are gone, and what is linked to is not. */
static void
test_erase (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *outside = till_test_dir_write (fixture->dir, "outside.txt", "stays", -1);
  g_autofree char *link = g_build_filename (till_session_get_folder (fixture->session), "link", NULL);
  g_autoptr(TillProfile) profile = till_profile_new ();
  g_autoptr(TillSecret) secret = till_secret_new_copy ("a-secret", 8);
  g_autofree char *id = NULL;
  gboolean done = FALSE;
  gboolean window_alive;
  GtkWidget *window, *entry, *dialog;

  practise (fixture);
  profile->name = g_strdup ("Acme");
  profile->environment = TILL_ENVIRONMENT_TEST;
  till_profiles_put_async (till_session_get_store (fixture->session), profile, TILL_UI_NOW, NULL, profile_done_cb, &done);
  WAIT_UNTIL (done);
  till_session_use (fixture->session, "Acme");
  WAIT_UNTIL (till_session_get_state (fixture->session) == TILL_SESSION_OPEN);
  done = FALSE;
  till_profiles_secret_async (till_session_get_store (fixture->session), fixture->vault, "Acme", "hub", secret, NULL,
                              profile_done_cb, &done);
  WAIT_UNTIL (done);
  id = g_strdup (till_session_get_current (fixture->session)->id);
  g_assert_cmpuint (count_secrets (fixture, id), ==, 1);
  g_assert_cmpint (symlink (outside, link), ==, 0);
  g_settings_set_uint (fixture->settings, "lock-minutes", 3);

  window = open_preferences (fixture);
  g_assert_true (gtk_widget_activate (till_ui_find (window, GTK_TYPE_BUTTON, "Erase…")));
  WAIT_UNTIL ((dialog = find_dialog ()) != NULL);
  till_ui_run_for (1200);
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "erase"));
  entry = find_control (dialog, ADW_TYPE_ENTRY_ROW);
  gtk_editable_set_text (GTK_EDITABLE (entry), "erase");
  WAIT_UNTIL (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "erase"));
  till_ui_picture (dialog, "preferences-erase");

  till_ui_watch_life (fixture->window, &window_alive);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "erase");
  WAIT_UNTIL (!window_alive);
  fixture->window = NULL;
  g_assert_cmpuint (count_secrets (fixture, id), ==, 0);
  g_assert_false (g_file_test (till_session_get_folder (fixture->session), G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (outside, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (g_settings_get_uint (fixture->settings, "lock-minutes"), ==, 10);
}

static void
test_pictures (Fixture       *fixture,
               gconstpointer  data)
{
  AdwStyleManager *style = adw_style_manager_get_default ();
  GtkWidget *window;

  practise (fixture);
  window = open_preferences (fixture);
  gtk_window_set_default_size (GTK_WINDOW (window), 560, 860);
  till_ui_run_for (100);
  till_ui_picture (window, "preferences-all");
  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_FORCE_DARK);
  till_ui_run_for (100);
  till_ui_picture (window, "preferences-dark");
  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_DEFAULT);
  gtk_window_set_default_size (GTK_WINDOW (window), 360, 860);
  till_ui_run_for (200);
  till_ui_picture (window, "preferences-narrow");
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int    argc,
      char **argv)
{
  till_ui_test_init (&argc, &argv);

#define ADD(path, function) g_test_add ("/preferences/" path, Fixture, NULL, set_up, function, till_ui_window_teardown)
  ADD ("numbers", test_numbers);
  ADD ("lock", test_lock);
  ADD ("clipboard", test_clipboard);
  ADD ("undo", test_undo);
  ADD ("ask-name", test_ask_name);
  ADD ("erase", test_erase);
  ADD ("pictures", test_pictures);

  return g_test_run ();
}
