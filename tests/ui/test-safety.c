/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window locks, leaves Live, notices a clock that jumps; and what is secret is gone then. */
#include "config.h"

#include <string.h>

#include "till-credentials-pane.h"
#include "till-idle-watch.h"
#include "till-lock-page.h"
#include "till-profiles.h"
#include "till-safety.h"
#include "till-secret-row.h"
#include "till-session-view.h"
#include "till-status-shape.h"
#include "till-ui-window.h"

#define MINUTE 60
#define SECRET "card-4111-nobody-may-see"

/* What stands in for the desktop: a screen saver, and logind with our session. */
typedef struct
{
  GDBusConnection *connection;
  guint            names[2];
  guint            object_id;
} Desktop;

typedef struct
{
  TillUiWindow ui;
} Fixture;

static Desktop desktop;

static void
logind_cb (GDBusConnection       *connection,
           const char            *sender,
           const char            *path,
           const char            *interface,
           const char            *method,
           GVariant              *parameters,
           GDBusMethodInvocation *invocation,
           gpointer               user_data)
{
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", "/org/freedesktop/login1/session/_31"));
}

static void
owned_cb (GDBusConnection *connection,
          const char      *name,
          gpointer         user_data)
{
  (*(guint *) user_data)++;
}

static void
start_desktop (void)
{
  static const char xml[] =
    "<node><interface name='org.freedesktop.login1.Manager'>"
    "<method name='GetSession'><arg type='s' direction='in'/><arg type='o' direction='out'/></method>"
    "</interface></node>";
  static const GDBusInterfaceVTable vtable = { .method_call = logind_cb };
  g_autoptr(GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (xml, NULL);
  const char *address = g_getenv ("DBUS_SESSION_BUS_ADDRESS");
  g_autoptr(GError) error = NULL;
  guint owned = 0;

  g_assert_nonnull (address);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", address, TRUE);
  desktop.connection = g_dbus_connection_new_for_address_sync (address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                               G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                               NULL, NULL, &error);
  g_assert_no_error (error);
  desktop.object_id = g_dbus_connection_register_object (desktop.connection, "/org/freedesktop/login1",
                                                         info->interfaces[0], &vtable, NULL, NULL, &error);
  g_assert_no_error (error);
  desktop.names[0] = g_bus_own_name_on_connection (desktop.connection, "org.freedesktop.login1", 0,
                                                   owned_cb, NULL, &owned, NULL);
  desktop.names[1] = g_bus_own_name_on_connection (desktop.connection, "org.gnome.ScreenSaver", 0,
                                                   owned_cb, NULL, &owned, NULL);
  WAIT_UNTIL (owned == 2);
}

static void
stop_desktop (void)
{
  g_bus_unown_name (desktop.names[0]);
  g_bus_unown_name (desktop.names[1]);
  g_dbus_connection_unregister_object (desktop.connection, desktop.object_id);
  g_clear_object (&desktop.connection);
}

static void
tell (const char *path,
      const char *interface,
      const char *signal,
      GVariant   *parameters)
{
  g_autoptr(GError) error = NULL;

  g_dbus_connection_emit_signal (desktop.connection, NULL, path, interface, signal, parameters, &error);
  g_assert_no_error (error);
}

static TillSafety *
get_safety (Fixture *fixture)
{
  return till_window_get_safety (TILL_WINDOW (fixture->ui.window));
}

static gboolean
is_locked (Fixture *fixture)
{
  return till_safety_get_locked (get_safety (fixture));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  static const char *const keys[] = { "lock-minutes", "lock-with-screen", "return-to-test-minutes" };

  till_ui_window_setup (&fixture->ui, data);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    g_settings_reset (fixture->ui.settings, keys[i]);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  till_ui_window_teardown (&fixture->ui, data);
}

static void
wait_open (Fixture    *fixture,
           const char *name)
{
  WAIT_UNTIL (till_session_get_state (fixture->ui.session) == TILL_SESSION_OPEN &&
              g_str_equal (till_session_get_current (fixture->ui.session)->name, name));
  till_ui_run_for (30);
}

static void
practise (Fixture *fixture,
          int      width,
          int      height)
{
  till_session_use (fixture->ui.session, NULL);
  till_ui_window_show (&fixture->ui, width, height);
  wait_open (fixture, TILL_PRACTICE_NAME);
}

/* Lets time pass in which nobody is there. */
static void
pass (Fixture *fixture,
      gint64   seconds)
{
  till_clock_advance (fixture->ui.clock, seconds);
  till_safety_check (get_safety (fixture));
}

static GtkWidget *
get_credentials (Fixture *fixture)
{
  GtkWidget *view = adw_view_stack_get_child_by_name (till_window_get_stack (TILL_WINDOW (fixture->ui.window)),
                                                      "credentials");

  return till_session_view_get_child (TILL_SESSION_VIEW (view));
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

/* Anywhere below, seen or not. */
static guint
count_text (GtkWidget  *root,
            const char *text)
{
  GtkWidget *child;
  guint count = 0;

  if (GTK_IS_LABEL (root))
    count += strstr (gtk_label_get_text (GTK_LABEL (root)), text) != NULL;
  if (GTK_IS_EDITABLE (root))
    count += strstr (gtk_editable_get_text (GTK_EDITABLE (root)), text) != NULL;

  for (child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    count += count_text (child, text);

  return count;
}

static void
unlock (Fixture *fixture)
{
  g_assert_true (gtk_widget_activate_action (fixture->ui.window, "win.unlock", NULL));
  WAIT_UNTIL (!is_locked (fixture));
}

static void
done_cb (GObject      *source,
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
put (Fixture         *fixture,
     const char      *name,
     TillEnvironment  environment)
{
  g_autoptr(TillProfile) profile = till_profile_new ();
  gboolean done = FALSE;

  profile->name = g_strdup (name);
  profile->environment = environment;
  till_profiles_put_async (till_session_get_store (fixture->ui.session), profile, TILL_UI_NOW, NULL, done_cb, &done);
  WAIT_UNTIL (done);
}

/* By hand: all is covered, nothing can be done behind the cover, and it comes back as it was. */
static void
test_by_hand (Fixture       *fixture,
              gconstpointer  data)
{
  AdwViewStack *stack;
  TillShop *shop;

  practise (fixture, 900, 640);
  stack = till_window_get_stack (TILL_WINDOW (fixture->ui.window));
  adw_view_stack_set_visible_child_name (stack, "keys");
  WAIT_UNTIL (gtk_widget_get_mapped (get_credentials (fixture)) == FALSE && sees (fixture->ui.window, "Keys"));
  shop = till_session_get_shop (fixture->ui.session);
  g_object_add_weak_pointer (G_OBJECT (shop), (gpointer *) &shop);

  till_ui_window_act (&fixture->ui, "win.lock");
  g_assert_true (is_locked (fixture));
  g_assert_true (sees (fixture->ui.window, "Locked"));
  g_assert_true (sees (fixture->ui.window, "Practice: Practice"));
  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (stack)));
  /* The profile is let go, with every secret that it held. */
  g_assert_null (till_session_get_shop (fixture->ui.session));
  WAIT_UNTIL (shop == NULL);

  /* What is asked for behind the cover waits. */
  till_session_reload (fixture->ui.session);
  till_ui_run_for (100);
  g_assert_null (till_session_get_shop (fixture->ui.session));

  unlock (fixture);
  wait_open (fixture, TILL_PRACTICE_NAME);
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (stack)));
  g_assert_cmpstr (adw_view_stack_get_visible_child_name (stack), ==, "keys");
  g_assert_false (sees (fixture->ui.window, "Locked"));
}

static GtkEventController *
find_keys (GtkWidget *window)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (window);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr(GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller) &&
          gtk_event_controller_get_propagation_phase (controller) == GTK_PHASE_CAPTURE)
        return controller;
    }

  g_assert_not_reached ();
}

static gboolean
is_swallowed (Fixture         *fixture,
              guint            key,
              GdkModifierType  state)
{
  gboolean swallowed = FALSE;

  g_signal_emit_by_name (find_keys (fixture->ui.window), "key-pressed", key, 0, state, &swallowed);

  return swallowed;
}

static void
test_keys (Fixture       *fixture,
           gconstpointer  data)
{
  static const struct
  {
    guint           key;
    GdkModifierType state;
    gboolean        works;
  } cases[] = {
    { GDK_KEY_Return, 0, TRUE },
    { GDK_KEY_space, 0, TRUE },
    { GDK_KEY_Tab, 0, TRUE },
    { GDK_KEY_ISO_Left_Tab, GDK_SHIFT_MASK, TRUE },
    { GDK_KEY_q, GDK_CONTROL_MASK, TRUE },
    { GDK_KEY_w, GDK_CONTROL_MASK, TRUE },
    { GDK_KEY_r, GDK_CONTROL_MASK, FALSE },
    { GDK_KEY_v, GDK_CONTROL_MASK, FALSE },
    { GDK_KEY_C, GDK_CONTROL_MASK | GDK_SHIFT_MASK, FALSE },
    { GDK_KEY_comma, GDK_CONTROL_MASK, FALSE },
    { GDK_KEY_Delete, 0, FALSE },
    { GDK_KEY_F5, 0, FALSE },
    { GDK_KEY_F10, 0, FALSE },
    { GDK_KEY_Left, GDK_ALT_MASK, FALSE },
  };

  practise (fixture, 900, 640);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_false (is_swallowed (fixture, cases[i].key, cases[i].state));
  till_ui_window_act (&fixture->ui, "win.lock");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_true (is_swallowed (fixture, cases[i].key, cases[i].state) == !cases[i].works);

  /* Whoever presses Enter unlocks: the button has the focus. */
  g_assert_true (GTK_IS_BUTTON (gtk_window_get_focus (GTK_WINDOW (fixture->ui.window))));
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (gtk_window_get_focus (GTK_WINDOW (fixture->ui.window)))), ==,
                   "Unlock");
}

/* Token, test card, password: none of it is left anywhere, in no window and not on the clipboard. */
static void
test_secrets (Fixture       *fixture,
              gconstpointer  data)
{
  GtkWidget *pane, *other, *box, *password, *plain, *row;
  g_autofree char *token = NULL;
  GdkClipboard *clipboard;
  TillSecret *secret;
  gboolean busy = TRUE;

  practise (fixture, 900, 640);
  adw_view_stack_set_visible_child_name (till_window_get_stack (TILL_WINDOW (fixture->ui.window)), "credentials");
  pane = get_credentials (fixture);
  WAIT_UNTIL (gtk_widget_get_mapped (pane));
  g_assert_true (gtk_widget_activate_action (pane, "pane.get", NULL));
  row = till_ui_find (pane, TILL_TYPE_SECRET_ROW, "Access Token");
  g_assert_nonnull (row);
  while (busy || till_secret_row_get_secret (TILL_SECRET_ROW (row)) == NULL)
    {
      g_main_context_iteration (NULL, TRUE);
      g_object_get (pane, "busy", &busy, NULL);
    }
  secret = till_secret_row_get_secret (TILL_SECRET_ROW (row));
  token = g_strndup ((const char *) till_secret_get_data (secret), till_secret_get_size (secret));
  g_assert_true (gtk_widget_activate_action (pane, "pane.reveal-token", NULL));
  g_assert_true (gtk_widget_activate_action (pane, "pane.copy-token", NULL));
  clipboard = gtk_widget_get_clipboard (pane);
  g_assert_nonnull (gdk_clipboard_get_content (clipboard));
  g_assert_cmpuint (count_text (fixture->ui.window, token), >, 0);

  other = gtk_window_new ();
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  password = gtk_password_entry_new ();
  plain = gtk_entry_new ();
  gtk_password_entry_set_show_peek_icon (GTK_PASSWORD_ENTRY (password), TRUE);
  gtk_editable_set_text (GTK_EDITABLE (password), SECRET);
  gtk_editable_set_text (GTK_EDITABLE (plain), "Acme Cafés");
  gtk_box_append (GTK_BOX (box), password);
  gtk_box_append (GTK_BOX (box), plain);
  gtk_window_set_child (GTK_WINDOW (other), box);
  gtk_window_present (GTK_WINDOW (other));
  WAIT_UNTIL (gtk_widget_get_mapped (other));

  till_ui_window_act (&fixture->ui, "win.lock");
  g_assert_cmpuint (count_text (fixture->ui.window, token), ==, 0);
  g_assert_null (till_secret_row_get_secret (TILL_SECRET_ROW (row)));
  g_assert_null (gdk_clipboard_get_content (clipboard));
  g_assert_cmpuint (count_text (other, SECRET), ==, 0);
  g_assert_false (gtk_widget_get_visible (other));

  /* What was typed and is no secret is there again. */
  unlock (fixture);
  wait_open (fixture, TILL_PRACTICE_NAME);
  g_assert_true (gtk_widget_get_visible (other));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (plain)), ==, "Acme Cafés");
  g_assert_cmpuint (count_text (fixture->ui.window, token), ==, 0);
  gtk_window_destroy (GTK_WINDOW (other));
}

static void
test_idle (Fixture       *fixture,
           gconstpointer  data)
{
  practise (fixture, 900, 640);
  pass (fixture, 10 * MINUTE - 1);
  g_assert_false (is_locked (fixture));
  pass (fixture, 1);
  g_assert_true (is_locked (fixture));
  unlock (fixture);
  wait_open (fixture, TILL_PRACTICE_NAME);

  /* Another limit holds at once, and 0 is none. */
  pass (fixture, 5 * MINUTE);
  g_assert_false (is_locked (fixture));
  g_settings_set_uint (fixture->ui.settings, "lock-minutes", 5);
  till_safety_check (get_safety (fixture));
  g_assert_true (is_locked (fixture));
  unlock (fixture);
  wait_open (fixture, TILL_PRACTICE_NAME);
  g_settings_set_uint (fixture->ui.settings, "lock-minutes", 0);
  pass (fixture, 100 * MINUTE);
  g_assert_false (is_locked (fixture));
}

static void
idle_cb (gint64   seconds,
         gpointer user_data)
{
  *(gint64 *) user_data = seconds;
}

static guint
count_legacy (GtkWidget *window)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (window);
  guint count = 0;

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr(GtkEventController) controller = g_list_model_get_item (controllers, i);

      count += GTK_IS_EVENT_CONTROLLER_LEGACY (controller);
    }

  return count;
}

/* Each window is watched, also one that comes later, and none any more once it ended. */
static void
test_idle_windows (void)
{
  g_autoptr(TillClock) clock = till_clock_new_fixed (TILL_UI_NOW);
  GtkWidget *before = g_object_ref_sink (gtk_window_new ());
  guint own = count_legacy (before);
  gint64 seconds = -1;
  TillIdleWatch *watch = till_idle_watch_new (clock, idle_cb, &seconds);
  GtkWidget *after = g_object_ref_sink (gtk_window_new ());

  g_assert_cmpuint (count_legacy (before), ==, own + 1);
  g_assert_cmpuint (count_legacy (after), ==, own + 1);
  till_clock_advance (clock, 77);
  g_assert_cmpint (till_idle_watch_get_seconds (watch), ==, 77);
  till_idle_watch_touch (watch);
  g_assert_cmpint (till_idle_watch_get_seconds (watch), ==, 0);
  g_assert_cmpint (seconds, ==, -1);

  gtk_window_destroy (GTK_WINDOW (after));
  g_object_unref (after);
  till_idle_watch_free (watch);
  g_assert_cmpuint (count_legacy (before), ==, own);
  gtk_window_destroy (GTK_WINDOW (before));
  g_object_unref (before);
}

/* The desktop tells: each of the signals, and none of those that mean something else. */
static void
test_desktop (Fixture       *fixture,
              gconstpointer  data)
{
  static const struct
  {
    const char *path;
    const char *interface;
    const char *signal;
    int         value;
    gboolean    locks;
  } cases[] = {
    { "/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", FALSE, FALSE },
    { "/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep", FALSE, FALSE },
    { "/org/freedesktop/login1/session/_32", "org.freedesktop.login1.Session", "Lock", -1, FALSE },
    { "/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", TRUE, TRUE },
    { "/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep", TRUE, TRUE },
    { "/org/freedesktop/login1/session/_31", "org.freedesktop.login1.Session", "Lock", -1, TRUE },
  };

  practise (fixture, 900, 640);
  /* It finds the session by itself, and nobody waits for that. */
  till_ui_run_for (200);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      tell (cases[i].path, cases[i].interface, cases[i].signal,
            cases[i].value < 0 ? NULL : g_variant_new ("(b)", cases[i].value));
      if (!cases[i].locks)
        {
          till_ui_run_for (100);
          g_assert_false (is_locked (fixture));
          continue;
        }

      WAIT_UNTIL (is_locked (fixture));
      unlock (fixture);
      wait_open (fixture, TILL_PRACTICE_NAME);
    }
}

/* Who does not want the lock: what is secret goes all the same before the computer sleeps. */
static void
test_sleep_unlocked (Fixture       *fixture,
                     gconstpointer  data)
{
  GtkWidget *other, *password;

  g_settings_set_boolean (fixture->ui.settings, "lock-with-screen", FALSE);
  practise (fixture, 900, 640);
  other = gtk_window_new ();
  password = gtk_password_entry_new ();
  gtk_editable_set_text (GTK_EDITABLE (password), SECRET);
  gtk_window_set_child (GTK_WINDOW (other), password);
  gtk_window_present (GTK_WINDOW (other));
  till_ui_run_for (100);

  tell ("/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep", g_variant_new ("(b)", TRUE));
  WAIT_UNTIL (count_text (other, SECRET) == 0);
  g_assert_false (is_locked (fixture));
  g_assert_true (gtk_widget_get_visible (other));
  gtk_window_destroy (GTK_WINDOW (other));
}

static void
use (Fixture    *fixture,
     const char *name)
{
  till_session_use (fixture->ui.session, name);
  wait_open (fixture, name);
}

static void
test_leave_live (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *toast = NULL;

  g_settings_set_uint (fixture->ui.settings, "lock-minutes", 0);
  till_ui_window_show (&fixture->ui, 900, 640);
  WAIT_UNTIL (till_session_get_state (fixture->ui.session) == TILL_SESSION_NONE);
  put (fixture, "Acme Live", TILL_ENVIRONMENT_LIVE);
  put (fixture, "Other Live", TILL_ENVIRONMENT_LIVE);
  use (fixture, "Acme Live");
  g_assert_true (sees (fixture->ui.window, "Live: real shops, real customers"));

  /* From one Live to another one is no way out. */
  pass (fixture, 60 * MINUTE);
  till_ui_run_for (50);
  g_assert_cmpstr (till_session_get_current (fixture->ui.session)->name, ==, "Acme Live");

  put (fixture, "Trying", TILL_ENVIRONMENT_TEST);
  till_session_reload (fixture->ui.session);
  wait_open (fixture, "Acme Live");
  pass (fixture, 0);
  wait_open (fixture, "Trying");
  g_assert_false (sees (fixture->ui.window, "Live: real shops, real customers"));
  toast = till_ui_window_dup_toast (&fixture->ui);
  g_assert_cmpstr (toast, ==, "Nobody was here for 15 minutes: Live was left for “Trying”");
  till_ui_picture (fixture->ui.window, "safety-left-live");

  /* In Test nobody is sent anywhere; and whoever does not want it stays. */
  pass (fixture, 60 * MINUTE);
  till_ui_run_for (50);
  g_assert_cmpstr (till_session_get_current (fixture->ui.session)->name, ==, "Trying");
  g_settings_set_uint (fixture->ui.settings, "return-to-test-minutes", 0);
  use (fixture, "Acme Live");
  pass (fixture, 60 * MINUTE);
  till_ui_run_for (50);
  g_assert_cmpstr (till_session_get_current (fixture->ui.session)->name, ==, "Acme Live");
}

/* Locked after 10 minutes, and it is not Live that comes back after 20; but after 12 it is. */
static void
test_leave_live_locked (Fixture       *fixture,
                        gconstpointer  data)
{
  till_ui_window_show (&fixture->ui, 900, 640);
  WAIT_UNTIL (till_session_get_state (fixture->ui.session) == TILL_SESSION_NONE);
  put (fixture, "Acme Live", TILL_ENVIRONMENT_LIVE);
  put (fixture, "Trying", TILL_ENVIRONMENT_TEST);
  use (fixture, "Acme Live");

  pass (fixture, 10 * MINUTE);
  g_assert_true (is_locked (fixture));
  g_assert_true (sees (fixture->ui.window, "Acme Live: Live"));
  till_ui_picture (fixture->ui.window, "safety-locked-live");
  till_clock_advance (fixture->ui.clock, 2 * MINUTE);
  unlock (fixture);
  wait_open (fixture, "Acme Live");

  pass (fixture, 10 * MINUTE);
  g_assert_true (is_locked (fixture));
  till_clock_advance (fixture->ui.clock, 10 * MINUTE);
  unlock (fixture);
  wait_open (fixture, "Trying");
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static TillCertificateItem *
find_item (Fixture    *fixture,
           const char *name)
{
  GListModel *rows = till_ui_window_get_rows (&fixture->ui);

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr(TillCertificateItem) item = g_list_model_get_item (rows, i);

      if (g_strcmp0 (till_certificate_item_get_name (item), name) == 0)
        return g_steal_pointer (&item);
    }

  g_assert_not_reached ();
}

/* The clock is set while the window is open: whoever looks at dates looks again, once, and it is said. */
static void
test_clock (Fixture       *fixture,
            gconstpointer  data)
{
  static const TillUiCertificate certificate = {
    .name = "Clock card", .pass_type = "pass.com.acme.clock", .team = "PGJV57GD94",
    .not_before = TILL_UI_NOW - 100 * TILL_UI_DAY, .not_after = TILL_UI_NOW + 100 * TILL_UI_DAY,
  };
  g_autoptr(TillCertificateItem) item = NULL;
  g_autofree char *toast = NULL;
  g_autofree char *second = NULL;
  guint changed = 0;

  practise (fixture, 900, 640);
  till_ui_window_open (&fixture->ui, "gift.pem", &certificate);
  till_ui_window_wait (&fixture->ui);
  item = find_item (fixture, "Clock card");
  g_assert_cmpint (till_certificate_item_get_status (item), ==, TILL_STATUS_VALID);
  g_signal_connect_swapped (fixture->ui.session, "changed", G_CALLBACK (count_cb), &changed);

  till_safety_check (get_safety (fixture));
  g_assert_cmpuint (changed, ==, 0);
  till_clock_set (fixture->ui.clock, TILL_UI_NOW + 200 * TILL_UI_DAY);
  till_safety_check (get_safety (fixture));
  till_safety_check (get_safety (fixture));
  g_assert_cmpuint (changed, ==, 1);
  g_assert_cmpint (till_certificate_item_get_status (item), ==, TILL_STATUS_EXPIRED);
  toast = till_ui_window_dup_toast (&fixture->ui);
  g_assert_cmpstr (toast, ==, "The clock jumped 200 days ahead; deadlines recalculated");

  till_clock_set (fixture->ui.clock, TILL_UI_NOW + 199 * TILL_UI_DAY);
  till_ui_window_act (&fixture->ui, "win.refresh");
  g_assert_cmpuint (changed, >=, 2);
  second = till_ui_window_dup_toast (&fixture->ui);
  g_assert_cmpstr (second, ==, "The clock jumped 1 day back; deadlines recalculated");
  g_signal_handlers_disconnect_by_data (fixture->ui.session, &changed);
}

typedef struct
{
  const char *event;
  guint       count;
  gboolean    done;
} LogCount;

static gboolean
count_work (TillTransaction  *transaction,
            gpointer          data,
            GError          **error)
{
  LogCount *log = data;
  g_autoptr(GPtrArray) lines = till_transaction_list_log (transaction, TILL_TIME_UNKNOWN, 0, error);

  for (guint i = 0; lines != NULL && i < lines->len; i++)
    log->count += g_str_equal (((TillLogRecord *) lines->pdata[i])->event, log->event);

  return lines != NULL;
}

static void
counted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_assert_true (till_store_run_finish (TILL_STORE (source), result, NULL));
  ((LogCount *) user_data)->done = TRUE;
}

/* Who locked and unlocked it, and when, is in the activity log. */
static void
test_log (Fixture       *fixture,
          gconstpointer  data)
{
  static const char *const events[] = { "window.lock", "window.unlock" };

  practise (fixture, 900, 640);
  till_ui_window_act (&fixture->ui, "win.lock");
  till_safety_lock (get_safety (fixture));
  unlock (fixture);
  wait_open (fixture, TILL_PRACTICE_NAME);
  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    {
      LogCount log = { .event = events[i] };

      till_store_run_async (till_session_get_store (fixture->ui.session), count_work, &log, NULL, NULL, counted_cb, &log);
      WAIT_UNTIL (log.done);
      g_assert_cmpuint (log.count, ==, 1);
    }
}

static void
test_pictures (Fixture       *fixture,
               gconstpointer  data)
{
  AdwStyleManager *style = adw_style_manager_get_default ();
  GtkWidget *page;

  practise (fixture, 900, 640);
  till_ui_window_act (&fixture->ui, "win.lock");
  till_ui_run_for (50);
  till_ui_picture (fixture->ui.window, "safety-locked");
  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_FORCE_DARK);
  till_ui_run_for (50);
  till_ui_picture (fixture->ui.window, "safety-locked-dark");
  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_DEFAULT);

  page = till_ui_find (fixture->ui.window, TILL_TYPE_LOCK_PAGE, NULL);
  if (page != NULL)
    till_lock_page_set_asking (TILL_LOCK_PAGE (page), FALSE, "The password store did not open in time.");
  gtk_window_set_default_size (GTK_WINDOW (fixture->ui.window), 360, 640);
  till_ui_run_for (200);
  till_ui_picture (fixture->ui.window, "safety-locked-narrow");
}

/* Letters twice as large: nothing is cut off that has to be read, and the button is there. */
static void
test_large (Fixture       *fixture,
            gconstpointer  data)
{
  GtkSettings *settings = gtk_settings_get_default ();
  GtkWidget *button;
  int dpi;

  g_object_get (settings, "gtk-xft-dpi", &dpi, NULL);
  practise (fixture, 900, 640);
  g_object_set (settings, "gtk-xft-dpi", 192 * 1024, NULL);
  till_ui_window_act (&fixture->ui, "win.lock");
  till_ui_run_for (200);
  till_ui_picture (fixture->ui.window, "safety-locked-large");
  button = gtk_window_get_focus (GTK_WINDOW (fixture->ui.window));
  g_assert_true (GTK_IS_BUTTON (button) && gtk_widget_get_mapped (button));
  unlock (fixture);
  wait_open (fixture, TILL_PRACTICE_NAME);
  adw_view_stack_set_visible_child_name (till_window_get_stack (TILL_WINDOW (fixture->ui.window)), "credentials");
  till_ui_run_for (200);
  till_ui_picture (fixture->ui.window, "safety-credentials-large");
  g_object_set (settings, "gtk-xft-dpi", dpi, NULL);
}

int
main (int    argc,
      char **argv)
{
  int status;

  till_ui_test_init (&argc, &argv);
  start_desktop ();

#define ADD(path, function) g_test_add ("/safety/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("by-hand", test_by_hand);
  ADD ("keys", test_keys);
  ADD ("secrets", test_secrets);
  ADD ("idle", test_idle);
  g_test_add_func ("/safety/idle-windows", test_idle_windows);
  ADD ("desktop", test_desktop);
  ADD ("sleep-unlocked", test_sleep_unlocked);
  ADD ("leave-live", test_leave_live);
  ADD ("leave-live-locked", test_leave_live_locked);
  ADD ("clock", test_clock);
  ADD ("log", test_log);
  ADD ("pictures", test_pictures);
  ADD ("large", test_large);

  status = g_test_run ();
  stop_desktop ();

  return status;
}
