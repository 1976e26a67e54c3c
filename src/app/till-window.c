/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The application's window: panes behind a switcher, and everything that can be dropped or pasted there. */
#include "config.h"

#include "till-window-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "till-file-chooser.h"
#include "till-limits.h"
#include "till-preferences.h"
#include "till-session-view.h"

/**
 * TillWindow:
 *
 * Shows the panes that work. With one of them the header names it; with several
 * it has a switcher, which moves to the bottom where there is no room. Reading
 * files begins when the first frame has been painted.
 *
 * Keys that also mean something inside a text entry are bindings of the class,
 * not accelerators: those would be served before the entry.
 */

/* Settings that are actions of the window, for menus. */
static const char *const setting_actions[] = { "sort-column", "sort-descending" };

G_DEFINE_TYPE (TillWindow, till_window, ADW_TYPE_APPLICATION_WINDOW)

/**
 * till_window_get_visible_pane:
 * @self: a window
 *
 * Returns: (transfer none) (nullable): the pane that is shown, out of whatever is around it
 */
GtkWidget *
till_window_get_visible_pane (TillWindow *self)
{
  GtkWidget *child = self->pane != NULL ? adw_view_stack_get_visible_child (self->stack) : NULL;

  return TILL_IS_SESSION_VIEW (child) ? till_session_view_get_child (TILL_SESSION_VIEW (child)) : child;
}

/* Panes have the properties that they need, and no others. */
static gboolean
get_pane_boolean (GtkWidget  *pane,
                  const char *property)
{
  gboolean value = FALSE;

  if (pane != NULL && g_object_class_find_property (G_OBJECT_GET_CLASS (pane), property) != NULL)
    g_object_get (pane, property, &value, NULL);

  return value;
}

static void
ensure_switchers (TillWindow *self)
{
  if (self->switcher != NULL)
    return;

  self->switcher = ADW_VIEW_SWITCHER (adw_view_switcher_new ());
  adw_view_switcher_set_stack (self->switcher, self->stack);
  adw_view_switcher_set_policy (self->switcher, ADW_VIEW_SWITCHER_POLICY_NARROW);
  gtk_stack_add_named (self->title_stack, GTK_WIDGET (self->switcher), "switcher");

  self->switcher_bar = ADW_VIEW_SWITCHER_BAR (adw_view_switcher_bar_new ());
  adw_view_switcher_bar_set_stack (self->switcher_bar, self->stack);
  gtk_box_append (self->box, GTK_WIDGET (self->switcher_bar));
}

/**
 * till_window_update_header:
 * @self: a window
 *
 * Shows in the header what pane, page and width ask for.
 */
void
till_window_update_header (TillWindow *self)
{
  GtkWidget *child = adw_view_stack_get_visible_child (self->stack);
  GtkWidget *pane = till_window_get_visible_pane (self);
  gboolean many = self->pages != NULL && g_list_model_get_n_items (G_LIST_MODEL (self->pages)) > 1;
  gboolean narrow = till_adaptive_bin_get_narrow (self->adaptive);
  gboolean back = get_pane_boolean (pane, "can-go-back");
  gboolean can_search = get_pane_boolean (pane, "can-search");
  g_autofree char *title = NULL;

  if (many)
    {
      ensure_switchers (self);
      adw_view_switcher_bar_set_reveal (self->switcher_bar, narrow && !back);
    }

  if (back)
    g_object_get (pane, "title", &title, NULL);

  adw_window_title_set_title (self->window_title, back ? title : _("Tillkeeper"));
  if (back || child == NULL)
    adw_window_title_set_subtitle (self->window_title, "");
  else
    adw_window_title_set_subtitle (self->window_title,
                                   adw_view_stack_page_get_title (adw_view_stack_get_page (self->stack, child)));

  gtk_stack_set_visible_child_name (self->title_stack, many && !narrow && !back ? "switcher" : "title");
  /* The bar at the bottom says which pane it is. */
  gtk_widget_set_visible (GTK_WIDGET (self->title_stack), !many || !narrow || back);
  gtk_widget_set_visible (self->back_button, back);
  gtk_widget_set_visible (self->search_button, can_search && !back);
  /* Where there is no room it is in the menu alone. */
  gtk_widget_set_visible (self->open_button, !back && !narrow);
  till_window_update_session (self);
}

static void
busy_changed_cb (TillWindow *self)
{
  gboolean reading = till_watched_files_get_busy (self->files);
  gboolean busy = reading || get_pane_boolean (GTK_WIDGET (self->pane), "busy");
  const char *text = reading ? _("Reading files") : _("Checking Airship…");

  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->spinner), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->spinner), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
back_clicked_cb (TillWindow *self)
{
  gtk_widget_activate_action (till_window_get_visible_pane (self), "pane.back", NULL);
}

/* What need not be there for the first frame. */
static gboolean
start_cb (gpointer user_data)
{
  TillWindow *self = user_data;

  /* For window managers that know no desktop entries; looking it up in the theme takes long. */
  gtk_window_set_icon_name (GTK_WINDOW (self), TILL_APP_ID);
  if (self->files != NULL)
    {
      till_watched_files_start (self->files);
      till_window_start_session (self);
      till_window_start_safety (self);
    }

  return G_SOURCE_REMOVE;
}

static void
painted_cb (GdkFrameClock *frame_clock,
            gpointer       user_data)
{
  TillWindow *self = user_data;

  g_clear_signal_handler (&self->painted_id, frame_clock);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, start_cb, g_object_ref (self), g_object_unref);
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(TillWindow) self = user_data;
  g_autoptr(GListModel) chosen = till_file_chooser_open_finish (result, NULL);
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  guint i;

  /* None was chosen, or the window is gone. */
  if (chosen == NULL || self->pane == NULL)
    return;

  for (i = 0; i < g_list_model_get_n_items (chosen); i++)
    g_ptr_array_add (files, g_list_model_get_item (chosen, i));
  till_window_open_files (self, files);
}

static void
open_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  TillWindow *self = TILL_WINDOW (widget);

  till_file_chooser_open_async (GTK_WINDOW (self), _("Open Files"), self->cancellable,
                                opened_cb, g_object_ref (self));
}

/**
 * till_window_say:
 * @self: a window
 * @text: what happened; plain text
 *
 * Shows a toast now: not after what happened before has had its time.
 */
void
till_window_say (TillWindow *self,
                 const char *text)
{
  /* Titles of toasts are markup; what stands in files is not. */
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  if (self->last_toast != NULL)
    adw_toast_dismiss (self->last_toast);
  g_clear_object (&self->last_toast);

  self->last_toast = adw_toast_new (escaped);
  adw_toast_overlay_add_toast (self->toasts, g_object_ref (self->last_toast));
}

static void
take_file_list (TillWindow         *self,
                const GdkFileList  *list)
{
  g_autoptr(GSList) found = gdk_file_list_get_files ((GdkFileList *) list);
  g_autoptr(GPtrArray) files = g_ptr_array_new ();
  GSList *l;

  for (l = found; l != NULL; l = l->next)
    g_ptr_array_add (files, l->data);
  till_window_open_files (self, files);
}

static void
take_text (TillWindow *self,
           const char *text)
{
  if (strlen (text) > TILL_LIMIT_PEM_BUNDLE_BYTES)
    {
      till_window_say (self, _("That is too much text for a certificate"));
      return;
    }

  adw_view_stack_set_visible_child (self->stack, GTK_WIDGET (self->pane));
  till_certificates_pane_open_text (self->pane, text);
}

static void
text_pasted_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(TillWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);

  /* Cancelled means disposed. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (text == NULL)
    till_window_say (self, _("There is no text and no file in the clipboard"));
  else
    take_text (self, text);
}

static void
files_pasted_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(TillWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (value == NULL)
    till_window_say (self, _("The copied files cannot be reached"));
  else
    take_file_list (self, g_value_get_boxed (value));
}

static void
paste_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  TillWindow *self = TILL_WINDOW (widget);
  GdkClipboard *clipboard = gtk_widget_get_clipboard (widget);
  g_autoptr(GdkContentFormats) formats =
    gdk_content_formats_union_deserialize_gtypes (gdk_content_formats_ref (gdk_clipboard_get_formats (clipboard)));

  if (gdk_content_formats_contain_gtype (formats, GDK_TYPE_FILE_LIST))
    gdk_clipboard_read_value_async (clipboard, GDK_TYPE_FILE_LIST, G_PRIORITY_DEFAULT, self->cancellable,
                                    files_pasted_cb, g_object_ref (self));
  else
    gdk_clipboard_read_text_async (clipboard, self->cancellable, text_pasted_cb, g_object_ref (self));
}

static void
search_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  GtkWidget *pane = till_window_get_visible_pane (TILL_WINDOW (widget));

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (pane), "search-mode") != NULL)
    g_object_set (pane, "search-mode", TRUE, NULL);
}

static void
refresh_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  TillWindow *self = TILL_WINDOW (widget);
  GtkWidget *pane = till_window_get_visible_pane (self);

  if (self->safety != NULL)
    till_safety_check (self->safety);
  if (!gtk_widget_activate_action (pane, "pane.refresh", NULL))
    gtk_widget_activate_action (pane, "pane.read-all", NULL);
}

static void
visible_pane_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  TillWindow *self = TILL_WINDOW (widget);
  const char *pane = g_variant_get_string (parameter, NULL);

  if (adw_view_stack_get_child_by_name (self->stack, pane) == NULL)
    return;

  adw_view_stack_set_visible_child_name (self->stack, pane);
  gtk_widget_grab_focus (adw_view_stack_get_visible_child (self->stack));
}

static void
toast_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  till_window_say (TILL_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
preferences_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *parameter)
{
  till_preferences_show (GTK_WINDOW (widget), TILL_WINDOW (widget)->settings, TILL_WINDOW (widget)->session);
}

/* Built when it is asked for: GtkApplication would do it before the first frame. */
static void
help_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  g_autoptr(GtkBuilder) builder = gtk_builder_new_from_resource ("/io/github/tillkeeper/Tillkeeper/till-shortcuts.ui");
  GtkWindow *shortcuts = GTK_WINDOW (gtk_builder_get_object (builder, "shortcuts"));

  gtk_window_set_transient_for (shortcuts, GTK_WINDOW (widget));
  gtk_window_present (shortcuts);
}

/* Hands a key on to the pane that is shown: to the first of the actions that it has. */
static gboolean
pane_key_cb (GtkWidget *widget,
             GVariant  *args,
             gpointer   user_data)
{
  GtkWidget *pane = till_window_get_visible_pane (TILL_WINDOW (widget));
  g_auto(GStrv) actions = g_strsplit (g_variant_get_string (args, NULL), " ", -1);
  guint i;

  for (i = 0; pane != NULL && actions[i] != NULL; i++)
    if (gtk_widget_activate_action (pane, actions[i], NULL))
      return TRUE;

  return FALSE;
}

static GdkDragAction
drop_enter_cb (GtkDropTarget *target,
               double         x,
               double         y,
               gpointer       user_data)
{
  gtk_widget_set_visible (TILL_WINDOW (user_data)->drop_highlight, TRUE);
  return GDK_ACTION_COPY;
}

static void
drop_leave_cb (GtkDropTarget *target,
               gpointer       user_data)
{
  gtk_widget_set_visible (TILL_WINDOW (user_data)->drop_highlight, FALSE);
}

static gboolean
drop_cb (GtkDropTarget *target,
         const GValue  *value,
         double         x,
         double         y,
         gpointer       user_data)
{
  TillWindow *self = user_data;

  gtk_widget_set_visible (self->drop_highlight, FALSE);

  if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    take_file_list (self, g_value_get_boxed (value));
  else if (G_VALUE_HOLDS_STRING (value) && g_value_get_string (value) != NULL)
    take_text (self, g_value_get_string (value));
  else
    return FALSE;

  return TRUE;
}

/* A menu is a tree of widgets too. */
static void
create_menu_cb (GtkMenuButton *button,
                gpointer       user_data)
{
  gtk_menu_button_set_create_popup_func (button, NULL, NULL, NULL);
  gtk_menu_button_set_menu_model (button, TILL_WINDOW (user_data)->primary_menu);
}

static void
add_drop_target (TillWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);

  gtk_drop_target_set_gtypes (target, (GType[2]) { GDK_TYPE_FILE_LIST, G_TYPE_STRING }, 2);
  g_signal_connect (target, "enter", G_CALLBACK (drop_enter_cb), self);
  g_signal_connect (target, "leave", G_CALLBACK (drop_leave_cb), self);
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

static void
till_window_realize (GtkWidget *widget)
{
  TillWindow *self = TILL_WINDOW (widget);

  GTK_WIDGET_CLASS (till_window_parent_class)->realize (widget);

  if (self->painted_id == 0)
    self->painted_id = g_signal_connect (gtk_widget_get_frame_clock (widget), "after-paint",
                                         G_CALLBACK (painted_cb), self);
}

static void
till_window_unrealize (GtkWidget *widget)
{
  TillWindow *self = TILL_WINDOW (widget);

  g_clear_signal_handler (&self->painted_id, gtk_widget_get_frame_clock (widget));

  GTK_WIDGET_CLASS (till_window_parent_class)->unrealize (widget);
}

static gboolean
till_window_close_request (GtkWindow *window)
{
  TillWindow *self = TILL_WINDOW (window);
  int width, height;

  gtk_window_get_default_size (window, &width, &height);
  if (width > 0 && height > 0)
    {
      g_settings_set_int (self->settings, "window-width", width);
      g_settings_set_int (self->settings, "window-height", height);
    }
  g_settings_set_boolean (self->settings, "window-maximized", gtk_window_is_maximized (window));

  return GTK_WINDOW_CLASS (till_window_parent_class)->close_request (window);
}

static void
till_window_dispose (GObject *object)
{
  TillWindow *self = TILL_WINDOW (object);
  guint i;

  /* A tooltip may keep the actions of a window that is gone, and would tell it of a setting that changed. */
  for (i = 0; i < G_N_ELEMENTS (setting_actions); i++)
    g_action_map_remove_action (G_ACTION_MAP (self), setting_actions[i]);

  g_cancellable_cancel (self->cancellable);
  if (self->files != NULL)
    g_signal_handlers_disconnect_by_data (self->files, self);
  self->pane = NULL;
  till_window_end_safety (self);
  till_window_end_session (self);
  if (self->pages != NULL)
    g_signal_handlers_disconnect_by_data (self->pages, self);
  g_clear_object (&self->pages);
  g_clear_object (&self->last_toast);
  g_clear_object (&self->files);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (till_window_parent_class)->dispose (object);
}

static void
till_window_class_init (TillWindowClass *klass)
{
  static const struct
  {
    guint            key;
    GdkModifierType  modifiers;
    const char      *action;
  } pane_keys[] = {
    { GDK_KEY_Delete, 0, "pane.remove" },
    { GDK_KEY_KP_Delete, 0, "pane.remove" },
    { GDK_KEY_c, GDK_CONTROL_MASK, "pane.copy-identifier pane.copy-id" },
    { GDK_KEY_d, GDK_CONTROL_MASK, "pane.compare" },
    { GDK_KEY_e, GDK_CONTROL_MASK, "pane.export" },
    { GDK_KEY_k, GDK_CONTROL_MASK, "pane.add-to-calendar" },
    { GDK_KEY_z, GDK_CONTROL_MASK, "pane.undo-remove pane.undo" },
    { GDK_KEY_n, GDK_CONTROL_MASK, "pane.new pane.generate" },
    { GDK_KEY_F2, 0, "pane.rename" },
    { GDK_KEY_C, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "pane.copy-secret" },
    { GDK_KEY_Left, GDK_ALT_MASK, "pane.back" },
    { GDK_KEY_Back, 0, "pane.back" },
  };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  guint i;

  G_OBJECT_CLASS (klass)->dispose = till_window_dispose;
  widget_class->realize = till_window_realize;
  widget_class->unrealize = till_window_unrealize;
  GTK_WINDOW_CLASS (klass)->close_request = till_window_close_request;

  gtk_widget_class_install_action (widget_class, "win.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "win.paste", NULL, paste_action);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "win.refresh", NULL, refresh_action);
  gtk_widget_class_install_action (widget_class, "win.visible-pane", "s", visible_pane_action);
  gtk_widget_class_install_action (widget_class, "win.toast", "s", toast_action);
  gtk_widget_class_install_action (widget_class, "win.preferences", NULL, preferences_action);
  gtk_widget_class_install_action (widget_class, "win.show-help-overlay", NULL, help_action);

  till_window_class_install_session (widget_class);
  till_window_class_install_safety (widget_class);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_v, GDK_CONTROL_MASK, "win.paste", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Insert, GDK_SHIFT_MASK, "win.paste", NULL);
  for (i = 0; i < G_N_ELEMENTS (pane_keys); i++)
    gtk_widget_class_add_binding (widget_class, pane_keys[i].key, pane_keys[i].modifiers,
                                  pane_key_cb, "s", pane_keys[i].action);

  g_type_ensure (TILL_TYPE_ADAPTIVE_BIN);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/tillkeeper/Tillkeeper/till-window.ui");
  gtk_widget_class_bind_template_child (widget_class, TillWindow, cover);
  gtk_widget_class_bind_template_child (widget_class, TillWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, TillWindow, drop_highlight);
  gtk_widget_class_bind_template_child (widget_class, TillWindow, adaptive);
  gtk_widget_class_bind_template_child (widget_class, TillWindow, box);
  gtk_widget_class_bind_template_child (widget_class, TillWindow, title_stack);
  gtk_widget_class_bind_template_child (widget_class, TillWindow, window_title);
  gtk_widget_class_bind_template_child (widget_class, TillWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, TillWindow, open_button);
  gtk_widget_class_bind_template_child (widget_class, TillWindow, search_button);
  gtk_widget_class_bind_template_child (widget_class, TillWindow, spinner);
  gtk_widget_class_bind_template_child (widget_class, TillWindow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, TillWindow, primary_menu);
  gtk_widget_class_bind_template_child (widget_class, TillWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, TillWindow, notices);
  gtk_widget_class_bind_template_child (widget_class, TillWindow, profile_bin);
  gtk_widget_class_bind_template_callback_full (widget_class, "update_header",
                                                G_CALLBACK (till_window_update_header));
  gtk_widget_class_bind_template_callback (widget_class, back_clicked_cb);
}

static void
till_window_init (TillWindow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_create_popup_func (self->menu_button, create_menu_cb, self, NULL);
  add_drop_target (self);

#if TILL_DEVELOPMENT
  gtk_widget_add_css_class (GTK_WIDGET (self), "devel");
#endif
}

/* Not every pane has every property, and what it has not it does not tell. */
static void
watch_pane (TillWindow *self,
            GtkWidget  *pane)
{
  static const char *const names[] = { "can-go-back", "title", "can-search" };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *signal = g_strconcat ("notify::", names[i], NULL);

      if (g_object_class_find_property (G_OBJECT_GET_CLASS (pane), names[i]) != NULL)
        g_signal_connect_object (pane, signal, G_CALLBACK (till_window_update_header), self, G_CONNECT_SWAPPED);
    }
}

/**
 * till_window_add_pane:
 * @self: a window that has been painted
 * @pane: (transfer floating): what it shows; may have the properties of the Certificates pane
 * @name: for actions
 * @title: for people
 * @icon_name: its icon
 *
 * Adds a pane that needs a profile.
 */
void
till_window_add_pane (TillWindow *self,
                      GtkWidget  *pane,
                      const char *name,
                      const char *title,
                      const char *icon_name)
{
  AdwViewStackPage *page;

  page = adw_view_stack_add_titled (self->stack, till_session_view_new (self->session, pane, icon_name), name, title);
  adw_view_stack_page_set_icon_name (page, icon_name);
  watch_pane (self, pane);
}

static void
add_certificates_pane (TillWindow *self)
{
  AdwViewStackPage *page;

  self->pane = TILL_CERTIFICATES_PANE (till_certificates_pane_new (self->files, till_session_get_clock (self->session),
                                                                   self->settings));
  page = adw_view_stack_add_titled (self->stack, GTK_WIDGET (self->pane), "certificates", _("Certificates"));
  adw_view_stack_page_set_icon_name (page, "application-certificate-symbolic");

  watch_pane (self, GTK_WIDGET (self->pane));
  g_object_bind_property (self->pane, "search-mode", self->search_button, "active",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
}

/**
 * till_window_new:
 * @application: (nullable): its application
 * @files: what is looked after; started by the window when it is painted
 * @session: which profile is at work; started by the window when it is painted
 * @settings: the application's
 *
 * Returns: (transfer none): a window, owned by GTK as all of them
 */
GtkWidget *
till_window_new (GtkApplication   *application,
                 TillWatchedFiles *files,
                 TillSession      *session,
                 GSettings        *settings)
{
  TillWindow *self;
  guint i;

  g_return_val_if_fail (TILL_IS_WATCHED_FILES (files), NULL);
  g_return_val_if_fail (TILL_IS_SESSION (session), NULL);
  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  self = g_object_new (TILL_TYPE_WINDOW, "application", application, NULL);
  self->files = g_object_ref (files);
  self->session = g_object_ref (session);
  self->settings = g_object_ref (settings);

  for (i = 0; i < G_N_ELEMENTS (setting_actions); i++)
    {
      g_autoptr(GAction) action = g_settings_create_action (settings, setting_actions[i]);

      g_action_map_add_action (G_ACTION_MAP (self), action);
    }

  gtk_window_set_default_size (GTK_WINDOW (self),
                               g_settings_get_int (settings, "window-width"),
                               g_settings_get_int (settings, "window-height"));
  if (g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));

  add_certificates_pane (self);
  self->pages = adw_view_stack_get_pages (self->stack);
  g_signal_connect_swapped (self->pages, "items-changed", G_CALLBACK (till_window_update_header), self);
  g_signal_connect_swapped (files, "notify::busy", G_CALLBACK (busy_changed_cb), self);
  g_signal_connect_object (self->pane, "notify::busy", G_CALLBACK (busy_changed_cb), self, G_CONNECT_SWAPPED);

  till_window_update_header (self);
  busy_changed_cb (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->pane));

  return GTK_WIDGET (self);
}

/**
 * till_window_open_files:
 * @self: a window
 * @files: (element-type GFile): what to look into
 *
 * Shows what is in the files.
 */
void
till_window_open_files (TillWindow *self,
                        GPtrArray  *files)
{
  g_return_if_fail (TILL_IS_WINDOW (self));

  adw_view_stack_set_visible_child (self->stack, GTK_WIDGET (self->pane));
  till_certificates_pane_open_files (self->pane, files);
}

/**
 * till_window_get_pane:
 * @self: a window
 *
 * Returns: (transfer none): its Certificates pane
 */
TillCertificatesPane *
till_window_get_pane (TillWindow *self)
{
  g_return_val_if_fail (TILL_IS_WINDOW (self), NULL);

  return self->pane;
}

/**
 * till_window_get_stack:
 * @self: a window
 *
 * Returns: (transfer none): its panes
 */
AdwViewStack *
till_window_get_stack (TillWindow *self)
{
  g_return_val_if_fail (TILL_IS_WINDOW (self), NULL);

  return self->stack;
}
