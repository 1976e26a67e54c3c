/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Profiles in the window: first run, practice, editor, connection test, switcher, removal. */
#include "config.h"

#include <string.h>

#include "till-ca-row.h"
#include "till-connection-test.h"
#include "till-error.h"
#include "till-profile-editor.h"
#include "till-profile-form.h"
#include "till-profile-switcher.h"
#include "till-sandbox.h"
#include "till-session-banner.h"
#include "till-ui-window.h"

#define SECRET "a-wrong-secret-nobody-may-see"

typedef TillUiWindow Fixture;

static void
show (Fixture *fixture,
      int      width)
{
  till_ui_window_show (fixture, width, 640);
  WAIT_UNTIL (till_session_get_state (fixture->session) != TILL_SESSION_OPENING &&
              till_session_get_state (fixture->session) != TILL_SESSION_IDLE);
  till_ui_run_for (30);
}

static void
wait_open (Fixture    *fixture,
           const char *name)
{
  WAIT_UNTIL (till_session_get_state (fixture->session) == TILL_SESSION_OPEN);
  g_assert_cmpstr (till_session_get_current (fixture->session)->name, ==, name);
  till_ui_run_for (30);
}

static GtkWidget *
find_group (GtkWidget  *root,
            const char *title)
{
  GtkWidget *child;

  if (ADW_IS_PREFERENCES_GROUP (root) &&
      g_strcmp0 (adw_preferences_group_get_title (ADW_PREFERENCES_GROUP (root)), title) == 0)
    return root;

  for (child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_group (child, title);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/* A pane that is hidden may have a page of the same name. */
static GtkWidget *
find_mapped_page (GtkWidget  *root,
                  const char *title)
{
  GtkWidget *child;

  if (!gtk_widget_get_mapped (root))
    return NULL;

  if (ADW_IS_STATUS_PAGE (root) && g_strcmp0 (adw_status_page_get_title (ADW_STATUS_PAGE (root)), title) == 0)
    return root;

  for (child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_mapped_page (child, title);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static void
type (GtkWidget  *editor,
      const char *group,
      const char *title,
      const char *text)
{
  GtkWidget *root = group != NULL ? find_group (editor, group) : editor;
  GtkWidget *row = till_ui_find (root, ADW_TYPE_ENTRY_ROW, title);

  g_assert_nonnull (row);
  gtk_editable_set_text (GTK_EDITABLE (row), text);
}

static GtkWidget *
open_editor (Fixture    *fixture,
             const char *action)
{
  GtkWidget *editor;

  till_ui_window_act (fixture, action);
  editor = till_ui_find_window (TILL_TYPE_PROFILE_EDITOR);
  g_assert_nonnull (editor);

  return editor;
}

static void
act (GtkWidget  *widget,
     const char *action)
{
  g_assert_true (gtk_widget_activate_action (widget, action, NULL));
}

static void
wait_closed (void)
{
  WAIT_UNTIL (till_ui_find_window (TILL_TYPE_PROFILE_EDITOR) == NULL);
}

/* Services with a clock of their own. */
static TillSandbox *sandbox;

static void
sandbox_started_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  gboolean *started = user_data;
  g_autoptr(GError) error = NULL;

  till_sandbox_start_finish (TILL_SANDBOX (source), result, &error);
  g_assert_no_error (error);
  *started = TRUE;
}

static void
set_up_services (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *folder = NULL;
  g_autoptr(TillClock) clock = till_clock_new_fixed (TILL_UI_NOW);
  gboolean started = FALSE;

  till_ui_window_setup (fixture, data);
  folder = till_test_dir_file (fixture->dir, "services");
  sandbox = till_sandbox_new (folder, clock);
  till_sandbox_start_async (sandbox, 0, NULL, sandbox_started_cb, &started);
  WAIT_UNTIL (started);
}

static void
tear_down_services (Fixture       *fixture,
                    gconstpointer  data)
{
  till_sandbox_stop (sandbox);
  g_clear_object (&sandbox);
  till_ui_window_teardown (fixture, data);
}

static void
fill_in (GtkWidget  *editor,
         const char *name,
         const char *hub_secret)
{
  const TillSandboxInfo *info = till_sandbox_get_info (sandbox);
  g_autoptr(GFile) ca = g_file_new_for_path (info->ca_file);
  GtkWidget *row = till_ui_find (editor, TILL_TYPE_CA_ROW, NULL);

  type (editor, NULL, "Name", name);
  type (editor, "Commerce Hub", "Address", info->hub_url);
  type (editor, "Commerce Hub", "Merchant ID", info->hub_merchant);
  type (editor, "Commerce Hub", "Terminal ID (may be left out)", info->hub_terminal);
  type (editor, "Commerce Hub", "API Key", info->hub_key);
  type (editor, "Commerce Hub", "API Secret", hub_secret);
  type (editor, "Airship Wallet", "Address", info->wallet_url);
  type (editor, "Airship Wallet", "Project Key or E-Mail", info->wallet_user);
  type (editor, "Airship Wallet", "Project Secret or API Key", info->wallet_secret);
  till_ca_row_read (TILL_CA_ROW (row), ca);
  WAIT_UNTIL (till_ca_row_get_pem (TILL_CA_ROW (row)) != NULL);
  g_assert_true (g_str_has_prefix (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), "SHA-256 "));
}

/* What the connection test says of a service. */
static const char *
get_verdict (GtkWidget  *editor,
             const char *service)
{
  GtkWidget *row = till_ui_find (till_ui_find (editor, TILL_TYPE_CONNECTION_TEST, NULL), ADW_TYPE_ACTION_ROW, service);

  return row != NULL ? adw_action_row_get_subtitle (ADW_ACTION_ROW (row)) : NULL;
}

static void
run_test (GtkWidget *editor)
{
  GtkWidget *button = till_ui_find (till_ui_find (editor, TILL_TYPE_CONNECTION_TEST, NULL), GTK_TYPE_BUTTON, "Test");

  g_assert_true (gtk_widget_grab_focus (button));
  act (editor, "editor.test");
  WAIT_UNTIL (get_verdict (editor, "Commerce Hub") != NULL);
  till_ui_run_for (30);
}

static void
test_first_run (Fixture       *fixture,
                gconstpointer  data)
{
  GtkWidget *button;

  show (fixture, 1000);
  g_assert_cmpint (till_session_get_state (fixture->session), ==, TILL_SESSION_NONE);
  g_assert_true (gtk_widget_get_mapped (till_ui_find (fixture->window, GTK_TYPE_BUTTON, "Connect a Provider")));
  till_ui_picture (fixture->window, "first-run");

  till_ui_run_for (10);
  g_assert_true (gtk_widget_activate_action (fixture->window, "win.visible-pane", "s", "keys"));
  till_ui_picture (fixture->window, "first-run-keys");

  button = till_ui_find (find_mapped_page (fixture->window, "Nothing Connected Yet"), GTK_TYPE_BUTTON, "Practise First");
  g_assert_true (gtk_widget_get_mapped (button));
  g_assert_true (gtk_widget_is_sensitive (button));
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL, "Practise First");
  gtk_widget_activate (button);
  wait_open (fixture, "Practice");
  till_ui_run_for (200);
  g_assert_null (find_mapped_page (fixture->window, "Nothing Connected Yet"));
  till_ui_picture (fixture->window, "practice");

  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 640);
  WAIT_UNTIL (gtk_widget_get_width (fixture->window) < 400);
  till_ui_run_for (50);
  /* The word stays where there is little room. */
  g_assert_true (gtk_widget_get_mapped (till_ui_find (till_ui_find (fixture->window, TILL_TYPE_PROFILE_SWITCHER, NULL),
                                                      GTK_TYPE_LABEL, "Practice")));
  till_ui_picture (fixture->window, "practice-narrow");
}

static void
test_connect (Fixture       *fixture,
              gconstpointer  data)
{
  GtkWidget *editor;
  gboolean alive;

  show (fixture, 1000);
  editor = open_editor (fixture, "win.add-profile");
  till_ui_watch_life (editor, &alive);
  till_ui_picture (editor, "profile-new");
  fill_in (editor, "Acme", till_sandbox_get_info (sandbox)->hub_secret);
  run_test (editor);
  g_assert_true (g_str_has_prefix (get_verdict (editor, "Commerce Hub"), "Works. "));
  g_assert_nonnull (strstr (get_verdict (editor, "Commerce Hub"), "Clocks agree."));
  g_assert_true (g_str_has_prefix (get_verdict (editor, "Airship Wallet"), "Works. "));
  g_assert_true (g_str_has_prefix (get_verdict (editor, "Acceptance Devices"), "Not set up: "));
  till_ui_picture (editor, "profile-tested");

  /* Nothing that was typed as a secret is there any more. */
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (till_ui_find (editor, ADW_TYPE_PASSWORD_ENTRY_ROW, "API Secret"))),
                   ==, "");

  /* Once the window closes, it is the profile at work. */
  g_assert_cmpint (till_session_get_state (fixture->session), ==, TILL_SESSION_NONE);
  gtk_window_close (GTK_WINDOW (editor));
  wait_closed ();
  wait_open (fixture, "Acme");
  g_assert_cmpint (till_session_get_current (fixture->session)->environment, ==, TILL_ENVIRONMENT_TEST);
  WAIT_UNTIL (!alive);
  till_ui_picture (fixture->window, "connected");
}

static void
test_wrong_secret (Fixture       *fixture,
                   gconstpointer  data)
{
  GtkWidget *editor;

  show (fixture, 1000);
  editor = open_editor (fixture, "win.add-profile");
  fill_in (editor, "Acme", SECRET);
  run_test (editor);
  g_assert_nonnull (strstr (get_verdict (editor, "Commerce Hub"), "Check the name and the secret"));
  g_assert_true (g_str_has_prefix (get_verdict (editor, "Airship Wallet"), "Works. "));
  till_ui_picture (editor, "profile-wrong-secret");

  /* The right one, the clock ten minutes fast: that is another matter. */
  type (editor, "Commerce Hub", "API Secret", till_sandbox_get_info (sandbox)->hub_secret);
  g_assert_null (get_verdict (editor, "Commerce Hub"));
  till_clock_advance (fixture->clock, 600);
  run_test (editor);
  g_assert_nonnull (strstr (get_verdict (editor, "Commerce Hub"), "10 minutes fast"));
  g_assert_null (strstr (get_verdict (editor, "Commerce Hub"), "Check the name and the secret"));
  g_assert_nonnull (strstr (get_verdict (editor, "Airship Wallet"), "10 minutes fast"));
  till_ui_picture (editor, "profile-wrong-clock");

  till_clock_set (fixture->clock, TILL_UI_NOW);
  run_test (editor);
  g_assert_true (g_str_has_prefix (get_verdict (editor, "Commerce Hub"), "Works. "));
  gtk_window_close (GTK_WINDOW (editor));
  wait_closed ();
  wait_open (fixture, "Acme");
}

/* Nobody answers; the row says so, and the entries are as they were. */
static void
test_service_down (Fixture       *fixture,
                   gconstpointer  data)
{
  GtkWidget *editor;

  show (fixture, 1000);
  editor = open_editor (fixture, "win.add-profile");
  fill_in (editor, "Acme", SECRET);
  till_sandbox_stop (sandbox);
  run_test (editor);
  g_assert_nonnull (strstr (get_verdict (editor, "Commerce Hub"), "Nothing answers"));
  g_assert_nonnull (till_ui_find (editor, ADW_TYPE_EXPANDER_ROW, "Details"));
  gtk_window_close (GTK_WINDOW (editor));
  wait_closed ();
  wait_open (fixture, "Acme");
}

/* Bad entries are told where they stand. */
static void
test_bad_entries (Fixture       *fixture,
                  gconstpointer  data)
{
  static const struct
  {
    const char *group;
    const char *title;
    const char *bad;
    const char *good;
  } cases[] = {
    { NULL, "Name", "", "Acme" },
    { "Commerce Hub", "Address", "http://hub.example", "https://hub.example/ch" },
    { "Airship Wallet", "Address", "https://user:pw@wallet.example", "https://wallet.example/v1" },
    { "Acceptance Devices", "Address", "https://api.visaacceptance.com", "https://apitest.visaacceptance.com" },
    { "Commerce Hub", "Merchant ID", "10 00", "1000" },
    { "Airship Wallet", "Project Key or E-Mail", "a:b", "a@b.example" },
  };
  GtkWidget *editor;
  gsize i;

  show (fixture, 1000);
  editor = open_editor (fixture, "win.add-profile");
  type (editor, NULL, "Name", "Acme");

  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GtkWidget *row = till_ui_find (cases[i].group != NULL ? find_group (editor, cases[i].group) : editor,
                                     ADW_TYPE_ENTRY_ROW, cases[i].title);

      gtk_editable_set_text (GTK_EDITABLE (row), cases[i].bad);
      act (editor, "editor.save");
      WAIT_UNTIL (gtk_widget_has_css_class (row, "error"));
      gtk_test_accessible_assert_state (row, GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_TRUE);
      if (i == 1)
        till_ui_picture (editor, "profile-bad-entry");
      gtk_editable_set_text (GTK_EDITABLE (row), cases[i].good);
      g_assert_false (gtk_widget_has_css_class (row, "error"));
    }

  /* Nothing was written by any of them. */
  act (editor, "editor.save");
  wait_closed ();
  wait_open (fixture, "Acme");
  g_assert_cmpuint (till_session_get_profiles (fixture->session)->len, ==, 1);
}

static void
choose_environment (GtkWidget       *editor,
                    TillEnvironment  environment)
{
  adw_combo_row_set_selected (ADW_COMBO_ROW (till_ui_find (editor, ADW_TYPE_COMBO_ROW, "Environment")), environment);
}

/* Presets follow the environment; Live asks once more, shows its band, and its name is typed before it goes. */
static void
test_live (Fixture       *fixture,
           gconstpointer  data)
{
  GtkWidget *editor, *dialog, *entry;
  const char *address;

  show (fixture, 1000);
  editor = open_editor (fixture, "win.add-profile");
  type (editor, NULL, "Name", "Acme Cafés");
  choose_environment (editor, TILL_ENVIRONMENT_LIVE);
  address = gtk_editable_get_text (GTK_EDITABLE (till_ui_find (find_group (editor, "Commerce Hub"), ADW_TYPE_ENTRY_ROW,
                                                               "Address")));
  g_assert_cmpstr (address, ==, "https://connect.fiservapis.com/ch");

  act (editor, "editor.save");
  dialog = till_ui_find_window (ADW_TYPE_MESSAGE_DIALOG);
  g_assert_nonnull (dialog);
  till_ui_picture (dialog, "profile-live-asked");
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  gtk_window_destroy (GTK_WINDOW (dialog));
  till_ui_run_for (50);
  g_assert_cmpuint (till_session_get_profiles (fixture->session)->len, ==, 0);

  act (editor, "editor.save");
  dialog = till_ui_find_window (ADW_TYPE_MESSAGE_DIALOG);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "connect");
  gtk_window_destroy (GTK_WINDOW (dialog));
  wait_closed ();
  wait_open (fixture, "Acme Cafés");
  g_assert_true (gtk_widget_get_mapped (till_ui_find (fixture->window, GTK_TYPE_LABEL, "Live: real shops, real customers")));
  till_ui_picture (fixture->window, "live");

  editor = open_editor (fixture, "win.edit-profile");
  act (editor, "editor.remove");
  dialog = till_ui_find_window (ADW_TYPE_MESSAGE_DIALOG);
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "remove"));
  till_ui_run_for (1200);
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "remove"));
  entry = till_ui_find (dialog, ADW_TYPE_ENTRY_ROW, NULL);
  gtk_editable_set_text (GTK_EDITABLE (entry), "acme cafés");
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "remove"));
  gtk_editable_set_text (GTK_EDITABLE (entry), "Acme Cafés");
  g_assert_true (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "remove"));
  till_ui_picture (dialog, "profile-remove-live");
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "remove");
  gtk_window_destroy (GTK_WINDOW (dialog));
  wait_closed ();
  WAIT_UNTIL (till_session_get_state (fixture->session) == TILL_SESSION_NONE);
  g_assert_cmpuint (till_session_get_profiles (fixture->session)->len, ==, 0);
  till_ui_run_for (30);
  g_assert_false (gtk_widget_get_mapped (till_ui_find (fixture->window, GTK_TYPE_LABEL,
                                                       "Live: real shops, real customers")));
}

static void
test_switch (Fixture       *fixture,
             gconstpointer  data)
{
  GtkWidget *editor, *switcher, *button, *popover, *row;

  show (fixture, 1000);
  till_ui_window_act (fixture, "win.practise");
  wait_open (fixture, "Practice");
  editor = open_editor (fixture, "win.add-profile");
  type (editor, NULL, "Name", "Acme");
  act (editor, "editor.save");
  wait_closed ();
  wait_open (fixture, "Acme");

  switcher = till_ui_find (fixture->window, TILL_TYPE_PROFILE_SWITCHER, NULL);
  button = gtk_widget_get_first_child (switcher);
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL, "Profile: Acme, Test");
  till_ui_window_act (fixture, "win.switch-profile");
  popover = GTK_WIDGET (gtk_menu_button_get_popover (GTK_MENU_BUTTON (button)));
  WAIT_UNTIL (gtk_widget_get_mapped (popover));
  row = GTK_WIDGET (gtk_list_box_get_row_at_index (GTK_LIST_BOX (till_ui_find (popover, GTK_TYPE_LIST_BOX, NULL)), 1));
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_LABEL, "Practice, Practice");
  g_assert_true (gtk_widget_get_focusable (row));
  till_ui_picture (popover, "profiles");

  /* By keyboard as by mouse; while it is being opened, back again. */
  gtk_widget_activate (row);
  till_session_use (fixture->session, "Acme");
  wait_open (fixture, "Acme");
  till_session_use (fixture->session, "Practice");
  wait_open (fixture, "Practice");
}

/* Each state of the store has a page of its own. */
static void
test_store_in_use (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autofree char *folder = till_test_dir_file (fixture->dir, "data");
  g_autofree char *garbage = g_strnfill (8192, 'x');
  g_autofree char *path = g_build_filename (folder, "tillkeeper.db", NULL);
  GtkWidget *page;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, garbage, -1, NULL));
  show (fixture, 1000);
  g_assert_cmpint (till_session_get_state (fixture->session), ==, TILL_SESSION_FAILED);
  g_assert_true (gtk_widget_get_mapped (till_ui_find (fixture->window, TILL_TYPE_SESSION_BANNER, NULL)));
  till_ui_picture (fixture->window, "store-damaged-banner");

  g_assert_true (gtk_widget_activate_action (fixture->window, "win.visible-pane", "s", "keys"));
  till_ui_run_for (30);
  g_assert_false (gtk_widget_get_mapped (till_ui_find (fixture->window, TILL_TYPE_SESSION_BANNER, NULL)));
  page = find_mapped_page (fixture->window, "Records Are Damaged");
  g_assert_nonnull (page);
  g_assert_nonnull (till_ui_find (page, GTK_TYPE_BUTTON, "Try Again"));
  g_assert_nonnull (till_ui_find (page, GTK_TYPE_BUTTON, "Show Folder"));
  g_assert_nonnull (till_ui_find (page, ADW_TYPE_EXPANDER_ROW, "Details"));
  till_ui_picture (fixture->window, "store-damaged");
}

/* Every state once more in dark. */
static void
test_dark (Fixture       *fixture,
           gconstpointer  data)
{
  AdwStyleManager *styles = adw_style_manager_get_default ();
  GtkWidget *editor;

  adw_style_manager_set_color_scheme (styles, ADW_COLOR_SCHEME_FORCE_DARK);
  show (fixture, 360);
  till_ui_picture (fixture->window, "first-run-narrow-dark");
  editor = open_editor (fixture, "win.add-profile");
  gtk_window_set_default_size (GTK_WINDOW (editor), 360, 640);
  till_ui_picture (editor, "profile-new-narrow-dark");
  gtk_window_close (GTK_WINDOW (editor));
  wait_closed ();
  adw_style_manager_set_color_scheme (styles, ADW_COLOR_SCHEME_DEFAULT);
}

int
main (int    argc,
      char **argv)
{
  till_ui_test_init (&argc, &argv);

#define ADD(path, function) \
  g_test_add ("/profiles-ui/" path, Fixture, NULL, till_ui_window_setup, function, till_ui_window_teardown)
#define ADD_SERVICES(path, function) \
  g_test_add ("/profiles-ui/" path, Fixture, NULL, set_up_services, function, tear_down_services)
  ADD ("first-run", test_first_run);
  ADD_SERVICES ("connect", test_connect);
  ADD_SERVICES ("wrong-secret", test_wrong_secret);
  ADD_SERVICES ("service-down", test_service_down);
  ADD ("bad-entries", test_bad_entries);
  ADD ("live", test_live);
  ADD ("switch", test_switch);
  ADD ("store-in-use", test_store_in_use);
  ADD ("dark", test_dark);

  return g_test_run ();
}
