/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window: what comes in, what is kept, what is shown at which size; and that it goes as a whole. */
#include "config.h"

#include "till-ui-window.h"

#include "till-about.h"
#include "till-adaptive-bin.h"
#include "till-application.h"
#include "till-certificate-detail.h"
#include "till-certificate-row.h"
#include "till-preferences.h"
#include "till-status-cell.h"
#include "till-status-shape.h"

typedef TillUiWindow Fixture;

static const TillUiCertificate gift = {
  .name = "Gift card",
  .pass_type = "pass.com.acme.gift",
  .team = "PGJV57GD94",
  .not_before = TILL_UI_NOW - 155 * TILL_UI_DAY,
  .not_after = TILL_UI_NOW + 210 * TILL_UI_DAY,
};

static GtkDropTarget *
get_drop_target (GtkWidget *window)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (window);
  guint i;

  for (i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr(GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        return GTK_DROP_TARGET (controller);
    }

  g_assert_not_reached ();
}

static gboolean
drop (Fixture      *fixture,
      const GValue *value)
{
  gboolean taken = FALSE;

  g_signal_emit_by_name (get_drop_target (fixture->window), "drop", value, 10.0, 10.0, &taken);
  return taken;
}

static void
test_drop_files (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *pem = till_ui_make_pem (&gift);
  g_autofree char *key = till_ui_make_key_pem ();
  g_autoptr(GFile) one = till_ui_window_write (fixture, "gift.pem", pem, -1);
  g_autoptr(GFile) two = till_ui_window_write (fixture, "gift.key", key, -1);
  GFile *files[] = { one, two };
  GtkWidget *highlight;
  g_auto(GValue) value = G_VALUE_INIT;
  GdkDragAction action = 0;

  till_ui_window_show (fixture, 900, 600);
  highlight = till_ui_find (fixture->window, GTK_TYPE_LABEL, "Drop to look inside");
  g_assert_false (gtk_widget_get_mapped (highlight));

  g_signal_emit_by_name (get_drop_target (fixture->window), "enter", 10.0, 10.0, &action);
  g_assert_cmpint (action, ==, GDK_ACTION_COPY);
  till_ui_run_for (50);
  g_assert_true (gtk_widget_get_mapped (highlight));
  till_ui_picture (fixture->window, "drop");
  g_signal_emit_by_name (get_drop_target (fixture->window), "leave");
  g_assert_false (gtk_widget_get_mapped (highlight));

  g_signal_emit_by_name (get_drop_target (fixture->window), "enter", 10.0, 10.0, &action);
  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value, gdk_file_list_new_from_array (files, 2));
  g_assert_true (drop (fixture, &value));
  g_assert_false (gtk_widget_get_mapped (highlight));
  till_ui_window_wait (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (till_ui_window_get_rows (fixture)), ==, 2);
}

static void
test_drop_text (Fixture       *fixture,
                gconstpointer  data)
{
  g_auto(GValue) value = G_VALUE_INIT;
  g_auto(GValue) nothing = G_VALUE_INIT;

  till_ui_window_show (fixture, 900, 600);
  g_value_init (&value, G_TYPE_STRING);
  g_value_take_string (&value, till_ui_make_pem (&gift));
  g_assert_true (drop (fixture, &value));
  till_ui_window_wait (fixture);
  g_assert_cmpstr (till_ui_window_get_current (fixture), ==, "Gift card");

  g_value_init (&nothing, G_TYPE_STRING);
  g_assert_false (drop (fixture, &nothing));
}

static void
test_paste (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *pem = till_ui_make_pem (&gift);
  g_autoptr(GFile) file = till_ui_window_write (fixture, "more.pem", pem, -1);
  g_autofree char *other = till_ui_make_pem (&gift);
  GdkClipboard *clipboard;
  g_auto(GValue) value = G_VALUE_INIT;

  till_ui_window_show (fixture, 900, 600);
  clipboard = gtk_widget_get_clipboard (fixture->window);

  gdk_clipboard_set_text (clipboard, other);
  till_ui_window_act (fixture, "win.paste");
  WAIT_UNTIL (g_list_model_get_n_items (G_LIST_MODEL (fixture->files)) == 1);
  till_ui_window_wait (fixture);
  g_assert_cmpstr (till_ui_window_get_current (fixture), ==, "Gift card");

  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value, gdk_file_list_new_from_array (&file, 1));
  gdk_clipboard_set_value (clipboard, &value);
  till_ui_window_act (fixture, "win.paste");
  WAIT_UNTIL (g_list_model_get_n_items (G_LIST_MODEL (fixture->files)) == 2);
  till_ui_window_wait (fixture);
}

static void
test_paste_nothing (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autofree char *toast = NULL;

  till_ui_window_show (fixture, 900, 600);
  gdk_clipboard_set_content (gtk_widget_get_clipboard (fixture->window), NULL);
  till_ui_window_act (fixture, "win.paste");
  WAIT_UNTIL ((toast = till_ui_window_dup_toast (fixture)) != NULL);
  g_assert_cmpstr (toast, ==, "There is no text and no file in the clipboard");
}

/* What stands in files is no markup. */
static void
test_toast (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *toast = NULL;

  till_ui_window_show (fixture, 900, 600);
  g_assert_true (gtk_widget_activate_action (fixture->window, "win.toast", "s", "<b>Fish & Chips</b>"));
  toast = till_ui_window_dup_toast (fixture);
  g_assert_cmpstr (toast, ==, "<b>Fish & Chips</b>");
}

static void
test_size_is_kept (Fixture       *fixture,
                   gconstpointer  data)
{
  int width, height;

  till_ui_window_show (fixture, 800, 500);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 940, 620);
  WAIT_UNTIL (gtk_widget_get_width (fixture->window) > 900);
  till_ui_window_close (fixture);
  g_assert_cmpint (g_settings_get_int (fixture->settings, "window-width"), ==, 940);
  g_assert_cmpint (g_settings_get_int (fixture->settings, "window-height"), ==, 620);
  g_assert_false (g_settings_get_boolean (fixture->settings, "window-maximized"));

  g_settings_set_boolean (fixture->settings, "window-maximized", TRUE);
  fixture->window = till_window_new (NULL, fixture->files, fixture->session, fixture->settings);
  gtk_window_get_default_size (GTK_WINDOW (fixture->window), &width, &height);
  g_assert_cmpint (width, ==, 940);
  g_assert_cmpint (height, ==, 620);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

/* What was open is there again. */
static void
test_files_are_kept (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autofree char *names = NULL;

  till_ui_window_show (fixture, 1000, 600);
  till_ui_window_open (fixture, "gift.pem", &gift);
  till_ui_window_close (fixture);
  g_assert_finalize_object (fixture->files);

  fixture->files = till_watched_files_new (fixture->session, fixture->settings);
  WAIT_UNTIL (till_watched_files_get_known (fixture->files));
  fixture->window = till_window_new (NULL, fixture->files, fixture->session, fixture->settings);
  names = till_ui_window_dup_names (fixture);
  g_assert_cmpstr (names, ==, "gift.pem");
  gtk_window_present (GTK_WINDOW (fixture->window));

  /* The window starts to read by itself when it is painted, and selects what comes first. */
  WAIT_UNTIL (g_strcmp0 (till_ui_window_get_current (fixture), "Gift card") == 0);
}

static void
test_title (Fixture       *fixture,
            gconstpointer  data)
{
  AdwWindowTitle *title;
  GtkWidget *back;

  till_ui_window_show (fixture, 360, 640);
  title = ADW_WINDOW_TITLE (till_ui_find (fixture->window, ADW_TYPE_WINDOW_TITLE, NULL));
  g_assert_cmpstr (adw_window_title_get_title (title), ==, "Tillkeeper");
  g_assert_cmpstr (adw_window_title_get_subtitle (title), ==, "Certificates");

  till_ui_window_open (fixture, "gift.pem", &gift);
  till_ui_run_for (50);
  g_assert_cmpstr (adw_window_title_get_title (title), ==, "Gift card");
  g_assert_cmpstr (adw_window_title_get_subtitle (title), ==, "");

  /* By its place in the template: header bars of later libadwaita have a "Back" of their own. */
  back = GTK_WIDGET (gtk_widget_get_template_child (fixture->window, TILL_TYPE_WINDOW, "back_button"));
  g_assert_nonnull (back);
  gtk_test_accessible_assert_property (back, GTK_ACCESSIBLE_PROPERTY_LABEL, "Back");
  WAIT_UNTIL (gtk_widget_get_mapped (back));
  g_signal_emit_by_name (back, "clicked");
  till_ui_run_for (50);
  g_assert_cmpstr (adw_window_title_get_title (title), ==, "Tillkeeper");
  WAIT_UNTIL (!gtk_widget_get_mapped (back));

  /* With room for both there is nothing to go back to. */
  till_ui_window_act (fixture, "pane.details");
  till_ui_run_for (50);
  g_assert_cmpstr (adw_window_title_get_title (title), ==, "Gift card");
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1100, 640);
  WAIT_UNTIL (gtk_widget_get_width (fixture->window) > 1000);
  till_ui_run_for (50);
  g_assert_cmpstr (adw_window_title_get_title (title), ==, "Tillkeeper");
}

/* A switcher from the second pane on, at the bottom of a narrow window; room for those that are still to come. */
static void
test_several_panes (Fixture       *fixture,
                    gconstpointer  data)
{
  static const char *const names[] = { "Overview", "Reports", "Devices" };
  AdwViewStack *stack;
  GtkWidget *switcher, *bar;
  guint i;

  till_ui_window_show (fixture, 1000, 640);
  stack = till_window_get_stack (TILL_WINDOW (fixture->window));

  for (i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *id = g_ascii_strdown (names[i], -1);
      AdwViewStackPage *page = adw_view_stack_add_titled (stack, gtk_label_new (names[i]), id, names[i]);

      adw_view_stack_page_set_icon_name (page, "application-certificate-symbolic");
    }
  till_ui_run_for (50);

  switcher = till_ui_find (fixture->window, ADW_TYPE_VIEW_SWITCHER, NULL);
  bar = till_ui_find (fixture->window, ADW_TYPE_VIEW_SWITCHER_BAR, NULL);
  g_assert_true (gtk_widget_get_mapped (switcher));
  g_assert_false (adw_view_switcher_bar_get_reveal (ADW_VIEW_SWITCHER_BAR (bar)));
  till_ui_picture (fixture->window, "five-panes");

  g_assert_true (gtk_widget_activate_action (fixture->window, "win.visible-pane", "s", "keys"));
  g_assert_cmpstr (adw_view_stack_get_visible_child_name (stack), ==, "keys");
  g_assert_true (gtk_widget_activate_action (fixture->window, "win.visible-pane", "s", "nowhere"));
  g_assert_cmpstr (adw_view_stack_get_visible_child_name (stack), ==, "keys");

  /* Opening a file leads to where it is shown. */
  till_ui_window_open (fixture, "gift.pem", &gift);
  g_assert_cmpstr (adw_view_stack_get_visible_child_name (stack), ==, "certificates");

  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 400, 640);
  WAIT_UNTIL (gtk_widget_get_width (fixture->window) < 450);
  till_ui_run_for (50);
  g_assert_false (adw_view_switcher_bar_get_reveal (ADW_VIEW_SWITCHER_BAR (bar)));
  till_ui_window_act (fixture, "pane.back");
  WAIT_UNTIL (adw_view_switcher_bar_get_reveal (ADW_VIEW_SWITCHER_BAR (bar)));
  till_ui_run_for (50);
  g_assert_false (gtk_widget_get_mapped (switcher));
  till_ui_picture (fixture->window, "five-panes-narrow");
}

/* By its tooltip: the menu of the profiles is a button, too. */
static GtkWidget *
find_button (GtkWidget  *root,
             GType       type,
             const char *tooltip)
{
  GtkWidget *child;

  if (g_type_is_a (G_OBJECT_TYPE (root), type) && g_strcmp0 (gtk_widget_get_tooltip_text (root), tooltip) == 0)
    return root;

  for (child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, type, tooltip);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/* The menu is made when it is asked for. */
static void
test_menu (Fixture       *fixture,
           gconstpointer  data)
{
  GtkMenuButton *button;
  GtkWidget *popover;

  till_ui_window_show (fixture, 1000, 640);
  button = GTK_MENU_BUTTON (find_button (fixture->window, GTK_TYPE_MENU_BUTTON, "Main Menu (F10)"));
  g_assert_true (gtk_menu_button_get_primary (button));
  g_assert_true (gtk_widget_is_sensitive (GTK_WIDGET (button)));
  gtk_test_accessible_assert_property (GTK_WIDGET (button), GTK_ACCESSIBLE_PROPERTY_LABEL, "Main Menu");
  g_assert_null (gtk_menu_button_get_popover (button));

  gtk_menu_button_popup (button);
  popover = GTK_WIDGET (gtk_menu_button_get_popover (button));
  g_assert_nonnull (popover);
  WAIT_UNTIL (gtk_widget_get_mapped (popover));
  gtk_menu_button_popdown (button);
  gtk_menu_button_popup (button);
  g_assert_true (GTK_WIDGET (gtk_menu_button_get_popover (button)) == popover);
  gtk_menu_button_popdown (button);

  g_assert_true (gtk_widget_activate_action (fixture->window, "win.sort-column", "s", "name"));
  g_assert_cmpint (g_settings_get_enum (fixture->settings, "sort-column"), ==, 2);
}

static void
test_search_action (Fixture       *fixture,
                    gconstpointer  data)
{
  GtkWidget *button;
  GtkRoot *root;

  till_ui_window_show (fixture, 1000, 640);
  button = find_button (fixture->window, GTK_TYPE_TOGGLE_BUTTON, "Search (Ctrl+F)");
  g_assert_nonnull (button);
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL, "Search");
  g_assert_false (gtk_widget_get_visible (button));

  till_ui_window_open_shop (fixture);
  g_assert_true (gtk_widget_get_visible (button));
  till_ui_window_act (fixture, "win.search");
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (button)));
  root = gtk_widget_get_root (button);
  g_assert_nonnull (gtk_root_get_focus (root));
  g_assert_nonnull (gtk_widget_get_ancestor (gtk_root_get_focus (root), GTK_TYPE_SEARCH_ENTRY));
  till_ui_picture (fixture->window, "search");

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), FALSE);
  g_assert_false (till_certificate_list_get_search_mode (till_ui_window_get_list (fixture)));
}

typedef void (*ShowWindow) (Fixture *fixture);

static void
show_about (Fixture *fixture)
{
  till_about_show (GTK_WINDOW (fixture->window));
}

static void
show_preferences (Fixture *fixture)
{
  till_ui_window_act (fixture, "win.preferences");
}

static void
show_shortcuts (Fixture *fixture)
{
  till_ui_window_act (fixture, "win.show-help-overlay");
}

/* Each opens, looks like something, and goes. */
static void
test_other_windows (Fixture       *fixture,
                    gconstpointer  data)
{
  const struct
  {
    const char *name;
    ShowWindow  show;
    GType       type;
  } windows[] = {
    { "about", show_about, ADW_TYPE_ABOUT_WINDOW },
    { "preferences", show_preferences, ADW_TYPE_PREFERENCES_WINDOW },
    { "shortcuts", show_shortcuts, GTK_TYPE_SHORTCUTS_WINDOW },
  };
  guint i;

  till_ui_window_show (fixture, 1000, 640);
  for (i = 0; i < G_N_ELEMENTS (windows); i++)
    {
      GtkWidget *window;
      gboolean alive;

      windows[i].show (fixture);
      window = till_ui_find_window (windows[i].type);
      g_assert_nonnull (window);
      till_ui_picture (window, windows[i].name);
      till_ui_watch_life (window, &alive);
      gtk_window_destroy (GTK_WINDOW (window));
      WAIT_UNTIL (!alive);
    }
}

static void
test_preferences (Fixture       *fixture,
                  gconstpointer  data)
{
  GtkWidget *row;

  till_ui_window_show (fixture, 1000, 640);
  till_ui_window_act (fixture, "win.preferences");
  row = till_ui_find (till_ui_find_window (ADW_TYPE_PREFERENCES_WINDOW), ADW_TYPE_COMBO_ROW, "Colours");
  g_assert_cmpuint (adw_combo_row_get_selected (ADW_COMBO_ROW (row)), ==, 0);
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), 2);
  g_assert_cmpint (g_settings_get_enum (fixture->settings, "color-scheme"), ==, 2);
  g_settings_set_string (fixture->settings, "color-scheme", "light");
  g_assert_cmpuint (adw_combo_row_get_selected (ADW_COMBO_ROW (row)), ==, 1);
  gtk_window_destroy (GTK_WINDOW (till_ui_find_window (ADW_TYPE_PREFERENCES_WINDOW)));
}

/* In the middle of reading: nothing calls back into what is gone. */
static void
test_close_while_reading (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autofree char *bundle = till_ui_make_bundle (200);
  g_autoptr(GFile) file = till_ui_window_write (fixture, "bundle.pem", bundle, -1);
  g_autoptr(GPtrArray) files = g_ptr_array_new ();

  till_ui_window_show (fixture, 1000, 640);
  g_ptr_array_add (files, file);
  till_window_open_files (TILL_WINDOW (fixture->window), files);
  till_ui_window_close (fixture);
  till_ui_run_for (100);
}

typedef struct
{
  Fixture      *fixture;
  GApplication *application;
  gboolean      opened;
} Run;

static gboolean
check_run_cb (gpointer user_data)
{
  Run *run = user_data;
  GtkApplication *application = GTK_APPLICATION (run->application);
  GtkWindow *window = gtk_application_get_active_window (application);
  TillCertificateItem *item;
  g_auto(GStrv) accels = NULL;

  if (window == NULL || till_certificates_pane_get_list (till_window_get_pane (TILL_WINDOW (window))) == NULL)
    return G_SOURCE_CONTINUE;

  item = till_certificate_list_get_current (till_certificates_pane_get_list (
           till_window_get_pane (TILL_WINDOW (window))));
  if (item == NULL || till_certificate_item_get_certificate (item) == NULL)
    return G_SOURCE_CONTINUE;

  run->opened = g_str_equal (till_certificate_item_get_name (item), "Gift card");
  accels = gtk_application_get_accels_for_action (application, "win.open");
  g_assert_cmpstr (accels[0], ==, "<Control>o");
  g_assert_cmpint (adw_style_manager_get_color_scheme (adw_style_manager_get_default ()), ==,
                   ADW_COLOR_SCHEME_FORCE_DARK);
  g_settings_set_string (run->fixture->settings, "color-scheme", "system");
  g_action_group_activate_action (G_ACTION_GROUP (application), "quit", NULL);

  return G_SOURCE_REMOVE;
}

/* From the command line to the end. */
static void
test_application (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autofree char *pem = till_ui_make_pem (&gift);
  g_autofree char *path = till_test_dir_write (fixture->dir, "gift.pem", pem, -1);
  char *argv[] = { (char *) "tillkeeper", path, NULL };
  Run run = { fixture, NULL, FALSE };
  TillApplication *application = till_application_new (fixture->clock);
  gboolean alive;

  g_settings_set_string (fixture->settings, "color-scheme", "dark");
  run.application = G_APPLICATION (application);
  g_application_set_flags (run.application, G_APPLICATION_HANDLES_OPEN | G_APPLICATION_NON_UNIQUE);
  g_timeout_add (20, check_run_cb, &run);
  g_assert_cmpint (g_application_run (run.application, 2, argv), ==, 0);
  g_assert_true (run.opened);
  g_assert_cmpint (adw_style_manager_get_color_scheme (adw_style_manager_get_default ()), ==,
                   ADW_COLOR_SCHEME_DEFAULT);

  till_ui_watch_life (application, &alive);
  g_object_unref (application);
  WAIT_UNTIL (!alive);
}

/* Each look once, so that somebody may look at it. */
static void
test_pictures (Fixture       *fixture,
               gconstpointer  data)
{
  AdwStyleManager *styles = adw_style_manager_get_default ();

  till_ui_window_show (fixture, 1120, 720);
  till_ui_window_open_shop (fixture);

  adw_style_manager_set_color_scheme (styles, ADW_COLOR_SCHEME_FORCE_DARK);
  till_ui_picture (fixture->window, "shop-dark");
  adw_style_manager_set_color_scheme (styles, ADW_COLOR_SCHEME_DEFAULT);
}

static void
test_large_text (Fixture       *fixture,
                 gconstpointer  data)
{
  GtkSettings *settings = gtk_settings_get_default ();
  int dpi;

  g_object_get (settings, "gtk-xft-dpi", &dpi, NULL);
  g_object_set (settings, "gtk-xft-dpi", 2 * 96 * PANGO_SCALE, NULL);

  till_ui_window_show (fixture, 1120, 720);
  till_ui_window_open_shop (fixture);
  till_ui_picture (fixture->window, "large-text");

  /* Nothing makes the window wider than it was asked to be. */
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 720);
  WAIT_UNTIL (gtk_widget_get_width (fixture->window) < 500);
  till_ui_picture (fixture->window, "large-text-narrow");
  g_assert_cmpint (gtk_widget_get_width (fixture->window), <=, 480);

  till_ui_window_close (fixture);
  g_object_set (settings, "gtk-xft-dpi", dpi, NULL);
}

static void
test_right_to_left (Fixture       *fixture,
                    gconstpointer  data)
{
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  till_ui_window_show (fixture, 1120, 720);
  till_ui_window_open_shop (fixture);
  till_ui_picture (fixture->window, "right-to-left");
  till_ui_window_close (fixture);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

/* Names as long as they can be, in both layouts. */
static void
test_long_names (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *word = g_strnfill (60, 'W');
  g_autofree char *pass_type = g_strdup_printf ("pass.com.%s", word);
  TillUiCertificate certificate = gift;

  certificate.name = word;
  certificate.pass_type = pass_type;
  till_ui_window_show (fixture, 1120, 720);
  till_ui_window_open (fixture, "a-rather-long-name-of-a-file-that-came-by-mail-from-the-bank (2) (1).pem", &certificate);
  till_ui_picture (fixture->window, "long-names");
  g_assert_cmpint (gtk_widget_get_width (fixture->window), <, 1140);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 720);
  WAIT_UNTIL (gtk_widget_get_width (fixture->window) < 380);
}

static void
test_widgets_go (Fixture       *fixture,
                 gconstpointer  data)
{
  const GType types[] = { TILL_TYPE_ADAPTIVE_BIN, TILL_TYPE_STATUS_SHAPE, TILL_TYPE_STATUS_CELL,
                          TILL_TYPE_CERTIFICATE_ROW };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (types); i++)
    {
      GtkWidget *widget = g_object_ref_sink (g_object_new (types[i], NULL));
      gboolean alive;

      till_ui_watch_life (widget, &alive);
      g_object_unref (widget);
      g_assert_false (alive);
    }
}

static void
test_adaptive_bin (Fixture       *fixture,
                   gconstpointer  data)
{
  GtkWidget *bin = g_object_ref_sink (g_object_new (TILL_TYPE_ADAPTIVE_BIN, "natural-width", 300,
                                                    "narrow-below", 200, NULL));
  GtkWidget *label = gtk_label_new ("x");
  GtkWidget *read;
  int minimum, natural, narrow_below;

  till_adaptive_bin_set_child (TILL_ADAPTIVE_BIN (bin), label);
  g_object_get (bin, "child", &read, "natural-width", &natural, "narrow-below", &narrow_below, NULL);
  g_assert_true (read == label);
  g_assert_cmpint (natural, ==, 300);
  g_assert_cmpint (narrow_below, ==, 200);
  g_object_unref (read);

  gtk_widget_measure (bin, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  g_assert_cmpint (minimum, <, 100);
  g_assert_cmpint (natural, >=, 300);

  gtk_widget_allocate (bin, 150, 50, -1, NULL);
  g_assert_false (till_adaptive_bin_get_narrow (TILL_ADAPTIVE_BIN (bin)));
  WAIT_UNTIL (till_adaptive_bin_get_narrow (TILL_ADAPTIVE_BIN (bin)));
  gtk_widget_allocate (bin, 250, 50, -1, NULL);
  WAIT_UNTIL (!till_adaptive_bin_get_narrow (TILL_ADAPTIVE_BIN (bin)));

  till_adaptive_bin_set_child (TILL_ADAPTIVE_BIN (bin), NULL);
  g_assert_null (till_adaptive_bin_get_child (TILL_ADAPTIVE_BIN (bin)));
  g_assert_finalize_object (bin);
}

int
main (int    argc,
      char **argv)
{
  till_ui_test_init (&argc, &argv);

#define ADD(path, function) \
  g_test_add ("/window/" path, Fixture, NULL, till_ui_window_setup, function, till_ui_window_teardown)
  ADD ("drop-files", test_drop_files);
  ADD ("drop-text", test_drop_text);
  ADD ("paste", test_paste);
  ADD ("paste-nothing", test_paste_nothing);
  ADD ("toast", test_toast);
  ADD ("size-is-kept", test_size_is_kept);
  ADD ("files-are-kept", test_files_are_kept);
  ADD ("title", test_title);
  ADD ("several-panes", test_several_panes);
  ADD ("menu", test_menu);
  ADD ("search-action", test_search_action);
  ADD ("other-windows", test_other_windows);
  ADD ("preferences", test_preferences);
  ADD ("close-while-reading", test_close_while_reading);
  ADD ("application", test_application);
  ADD ("pictures", test_pictures);
  ADD ("large-text", test_large_text);
  ADD ("right-to-left", test_right_to_left);
  ADD ("long-names", test_long_names);
  ADD ("widgets-go", test_widgets_go);
  ADD ("adaptive-bin", test_adaptive_bin);

  return g_test_run ();
}
