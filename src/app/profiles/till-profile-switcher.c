/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Says which profile is at work and where, and changes to another one. */
#include "config.h"

#include "till-profile-switcher.h"

#include <glib/gi18n.h>

#include "till-profile-words.h"

/**
 * TillProfileSwitcher:
 *
 * A menu button with the name of the profile, and the icon and the word of its
 * environment. What drops down is made anew each time, so that it is never
 * older than the profiles. Invisible until the session has been started.
 */

/* So many rows are shown at once; the others are scrolled to. */
#define MAX_LIST_HEIGHT 320

struct _TillProfileSwitcher
{
  GtkWidget      parent_instance;

  TillSession   *session;
  GtkMenuButton *button;
  GtkImage      *icon;
  GtkLabel      *name;
  GtkLabel      *environment;
  const char    *style_class;     /* (nullable) of the environment that is shown */
  gboolean       narrow;
};

G_DEFINE_FINAL_TYPE (TillProfileSwitcher, till_profile_switcher, GTK_TYPE_WIDGET)

static void
set_style_class (TillProfileSwitcher *self,
                 const char          *style_class)
{
  if (self->style_class != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self), self->style_class);
  self->style_class = style_class;
  if (style_class != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), style_class);
}

static void
update (TillProfileSwitcher *self)
{
  const TillProfile *profile = till_session_get_current (self->session);
  TillSessionState state = till_session_get_state (self->session);
  g_autofree char *label = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->icon), !self->narrow || profile == NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->environment), !self->narrow || profile != NULL);
  gtk_menu_button_set_always_show_arrow (self->button, !self->narrow);
  gtk_widget_set_visible (GTK_WIDGET (self), state != TILL_SESSION_IDLE && till_session_get_store (self->session) != NULL &&
                                             (state != TILL_SESSION_OPENING || profile != NULL));

  if (profile == NULL)
    {
      gtk_image_set_from_icon_name (self->icon, "till-plug-symbolic");
      gtk_label_set_label (self->name, "");
      gtk_label_set_label (self->environment, _("No Profile"));
      gtk_widget_set_visible (GTK_WIDGET (self->name), FALSE);
      set_style_class (self, NULL);
      label = g_strdup (_("No Profile"));
    }
  else
    {
      const char *environment = till_profile_words_get_environment (profile->environment);
      /* Practice says all that there is to say. */
      gboolean same = g_str_equal (profile->name, environment);

      gtk_image_set_from_icon_name (self->icon, till_profile_words_get_icon_name (profile->environment));
      gtk_label_set_label (self->name, same ? "" : profile->name);
      gtk_widget_set_visible (GTK_WIDGET (self->name), !self->narrow && !same);
      gtk_label_set_label (self->environment, environment);
      set_style_class (self, till_profile_words_get_style_class (profile->environment));
      /* Translators: the name of a profile and its environment: “Profile: Acme Cafés, Live”. */
      label = g_strdup_printf (_("Profile: %s, %s"), profile->name, environment);
    }

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), label);
}

static void
row_activated_cb (GtkListBox    *list,
                  GtkListBoxRow *row,
                  gpointer       user_data)
{
  TillProfileSwitcher *self = user_data;
  g_autofree char *name = g_strdup (g_object_get_data (G_OBJECT (row), "profile-name"));
  const TillProfile *current = till_session_get_current (self->session);

  gtk_menu_button_popdown (self->button);
  if (current == NULL || !g_str_equal (current->name, name) || till_session_get_state (self->session) == TILL_SESSION_FAILED)
    till_session_use (self->session, name);
}

static GtkWidget *
new_row (const TillProfile *profile,
         gboolean           is_current)
{
  const char *environment = till_profile_words_get_environment (profile->environment);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *icon = gtk_image_new_from_icon_name (till_profile_words_get_icon_name (profile->environment));
  GtkWidget *name = gtk_label_new (profile->name);
  GtkWidget *word = gtk_label_new (environment);
  GtkWidget *check = gtk_image_new_from_icon_name ("object-select-symbolic");
  g_autofree char *label = NULL;

  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (name), 28);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_widget_add_css_class (word, "environment");
  gtk_widget_add_css_class (row, till_profile_words_get_style_class (profile->environment));
  /* Room is kept for it, so that the words stand below each other. */
  gtk_widget_set_opacity (check, is_current ? 1 : 0);

  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), word);
  gtk_box_append (GTK_BOX (box), check);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data_full (G_OBJECT (row), "profile-name", g_strdup (profile->name), g_free);

  /* Translators: the name of a profile and its environment: “Acme Cafés, Live”. */
  label = is_current ? g_strdup_printf (_("%s, %s, chosen"), profile->name, environment)
                     : g_strdup_printf (_("%s, %s"), profile->name, environment);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);

  return row;
}

static GtkWidget *
new_list (TillProfileSwitcher *self)
{
  GPtrArray *profiles = till_session_get_profiles (self->session);
  const TillProfile *current = till_session_get_current (self->session);
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  guint i;

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "profiles");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Profiles"), -1);
  for (i = 0; i < profiles->len; i++)
    {
      const TillProfile *profile = profiles->pdata[i];

      gtk_list_box_append (GTK_LIST_BOX (list),
                           new_row (profile, current != NULL && g_str_equal (current->id, profile->id)));
    }
  g_signal_connect (list, "row-activated", G_CALLBACK (row_activated_cb), self);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_width (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), MAX_LIST_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), list);

  return scrolled;
}

static void
add_item (GtkBox     *box,
          const char *text,
          const char *action)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "menu-item");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_box_append (box, button);
}

/* The item's action has run by then. */
static void
item_clicked_cb (GtkWidget *popover)
{
  gtk_popover_popdown (GTK_POPOVER (popover));
}

static gboolean
has_practice (TillSession *session)
{
  GPtrArray *profiles = till_session_get_profiles (session);
  guint i;

  for (i = 0; i < profiles->len; i++)
    if (((const TillProfile *) profiles->pdata[i])->environment == TILL_ENVIRONMENT_PRACTICE)
      return TRUE;

  return FALSE;
}

static void
create_popup_cb (GtkMenuButton *button,
                 gpointer       user_data)
{
  TillProfileSwitcher *self = user_data;
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *child;

  if (till_session_get_profiles (self->session)->len > 0)
    {
      gtk_box_append (GTK_BOX (box), new_list (self));
      gtk_box_append (GTK_BOX (box), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
    }

  add_item (GTK_BOX (box), _("Add Profile…"), "win.add-profile");
  if (till_session_get_current (self->session) != NULL)
    add_item (GTK_BOX (box), _("Edit Profile…"), "win.edit-profile");
  if (!has_practice (self->session))
    add_item (GTK_BOX (box), _("Practise"), "win.practise");

  for (child = gtk_widget_get_first_child (box); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_BUTTON (child))
      g_signal_connect_object (child, "clicked", G_CALLBACK (item_clicked_cb), popover, G_CONNECT_SWAPPED);

  gtk_widget_set_size_request (box, 220, -1);
  gtk_widget_add_css_class (popover, "profile-menu");
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  gtk_menu_button_set_popover (button, popover);
}

static gboolean
till_profile_switcher_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (TILL_PROFILE_SWITCHER (widget)->button));
}

static void
till_profile_switcher_dispose (GObject *object)
{
  TillProfileSwitcher *self = TILL_PROFILE_SWITCHER (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  g_clear_pointer (&child, gtk_widget_unparent);

  G_OBJECT_CLASS (till_profile_switcher_parent_class)->dispose (object);
}

static void
till_profile_switcher_class_init (TillProfileSwitcherClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = till_profile_switcher_dispose;
  widget_class->grab_focus = till_profile_switcher_grab_focus;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "profileswitcher");
}

static void
till_profile_switcher_init (TillProfileSwitcher *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->icon = GTK_IMAGE (gtk_image_new ());
  self->name = GTK_LABEL (gtk_label_new (NULL));
  self->environment = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_ellipsize (self->name, PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (self->name, 16);
  gtk_widget_add_css_class (GTK_WIDGET (self->environment), "environment");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->icon));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->name));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->environment));

  self->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  gtk_menu_button_set_child (self->button, box);
  gtk_menu_button_set_create_popup_func (self->button, create_popup_cb, self, NULL);
  gtk_widget_set_parent (GTK_WIDGET (self->button), GTK_WIDGET (self));
}

/**
 * till_profile_switcher_new:
 * @session: whose profiles
 *
 * Returns: (transfer floating): a button with a menu
 */
GtkWidget *
till_profile_switcher_new (TillSession *session)
{
  TillProfileSwitcher *self;

  g_return_val_if_fail (TILL_IS_SESSION (session), NULL);

  self = g_object_new (TILL_TYPE_PROFILE_SWITCHER, NULL);
  self->session = g_object_ref (session);
  g_signal_connect_swapped (session, "notify::state", G_CALLBACK (update), self);
  g_signal_connect_swapped (session, "notify::profiles", G_CALLBACK (update), self);
  update (self);

  return GTK_WIDGET (self);
}

/**
 * till_profile_switcher_set_narrow:
 * @self: a switcher
 * @narrow: whether there is little room
 *
 * Takes the name away, or shows it again.
 */
void
till_profile_switcher_set_narrow (TillProfileSwitcher *self,
                                  gboolean             narrow)
{
  g_return_if_fail (TILL_IS_PROFILE_SWITCHER (self));

  if (self->narrow == narrow)
    return;

  self->narrow = narrow;
  if (narrow)
    gtk_widget_add_css_class (GTK_WIDGET (self), "narrow");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "narrow");
  update (self);
}

/**
 * till_profile_switcher_popup:
 * @self: a switcher
 *
 * Drops its menu down.
 */
void
till_profile_switcher_popup (TillProfileSwitcher *self)
{
  g_return_if_fail (TILL_IS_PROFILE_SWITCHER (self));

  if (gtk_widget_get_visible (GTK_WIDGET (self)))
    gtk_menu_button_popup (self->button);
}
