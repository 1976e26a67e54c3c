/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one place that shows the preferences (AdwPreferencesWindow; AdwPreferencesDialog needs libadwaita 1.5). */
#include "config.h"

#include "till-preferences.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "till-preferences-data.h"

static gboolean
index_from_setting (GValue   *value,
                    GVariant *variant,
                    gpointer  user_data)
{
  static const char *const nicks[] = { "system", "light", "dark" };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (nicks); i++)
    if (g_str_equal (nicks[i], g_variant_get_string (variant, NULL)))
      {
        g_value_set_uint (value, i);
        return TRUE;
      }

  return FALSE;
}

static GVariant *
setting_from_index (const GValue       *value,
                    const GVariantType *expected_type,
                    gpointer            user_data)
{
  static const char *const nicks[] = { "system", "light", "dark" };
  guint i = g_value_get_uint (value);

  return i < G_N_ELEMENTS (nicks) ? g_variant_new_string (nicks[i]) : NULL;
}

static GtkWidget *
new_group (GtkWidget  *page,
           const char *title)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (group));

  return group;
}

static GtkWidget *
new_row (GtkWidget  *group,
         const char *title,
         const char *subtitle,
         GtkWidget  *control)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_set_valign (control, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), control);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), control);
  gtk_accessible_update_property (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, subtitle, -1);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);

  return row;
}

/* The range stands in the description of the settings, once. What is outside of it can't be entered. */
static void
add_number (GtkWidget  *group,
            GSettings  *settings,
            const char *key,
            const char *title,
            const char *subtitle)
{
  g_autoptr(GSettingsSchema) schema = NULL;
  g_autoptr(GSettingsSchemaKey) schema_key = NULL;
  g_autoptr(GVariant) range = NULL;
  g_autoptr(GVariant) limits = NULL;
  const char *kind;
  GtkWidget *spin;
  guint min, max;

  g_object_get (settings, "settings-schema", &schema, NULL);
  schema_key = g_settings_schema_get_key (schema, key);
  range = g_settings_schema_key_get_range (schema_key);
  g_variant_get (range, "(&sv)", &kind, &limits);
  g_variant_get (limits, "(uu)", &min, &max);

  spin = gtk_spin_button_new_with_range (min, max, 1);
  gtk_spin_button_set_numeric (GTK_SPIN_BUTTON (spin), TRUE);
  new_row (group, title, subtitle, spin);
  g_settings_bind (settings, key, spin, "value", G_SETTINGS_BIND_DEFAULT);
}

static void
add_switch (GtkWidget  *group,
            GSettings  *settings,
            const char *key,
            const char *title,
            const char *subtitle)
{
  GtkWidget *button = gtk_switch_new ();

  new_row (group, title, subtitle, button);
  g_settings_bind (settings, key, button, "active", G_SETTINGS_BIND_DEFAULT);
}

static void
add_safety (GtkWidget *page,
            GSettings *settings)
{
  GtkWidget *group = new_group (page, _("Safety"));

  add_number (group, settings, "lock-minutes", _("Lock After"),
              _("Minutes without anybody; 0 for never. Not above 15: payment rules want it (PCI DSS 8.2.8)."));
  add_switch (group, settings, "lock-with-screen", _("Lock With the Screen"), _("And before the computer sleeps"));
  add_number (group, settings, "clipboard-seconds", _("Clear Clipboard After"),
              _("Seconds that a copied secret stays there, from 5 to 60"));
  add_switch (group, settings, "ask-name", _("Ask for the Name in Live"),
              _("It is typed before a change that cannot be taken back"));
  add_number (group, settings, "return-to-test-minutes", _("Return to Test After"),
              _("Minutes in Live without anybody, up to 60; 0 for never"));
  add_number (group, settings, "undo-seconds", _("Time to Undo"),
              _("Seconds before anything destructive is sent, from 5 to 60"));
}

static void
add_look (GtkWidget *page,
          GSettings *settings)
{
  GtkWidget *group = new_group (page, _("Look"));
  GtkWidget *row = adw_combo_row_new ();
  const char *const names[] = { _("Follow System"), _("Light"), _("Dark"), NULL };
  g_autoptr(GtkStringList) model = gtk_string_list_new (names);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Colours"));
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (model));
  g_settings_bind_with_mapping (settings, "color-scheme", row, "selected", G_SETTINGS_BIND_DEFAULT,
                                index_from_setting, setting_from_index, NULL, NULL);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
}

/**
 * till_preferences_show:
 * @parent: (nullable): the window that they stand in front of
 * @settings: the application's; changed at once
 * @session: whose data can be erased
 *
 * Shows the preferences.
 */
void
till_preferences_show (GtkWindow   *parent,
                       GSettings   *settings,
                       TillSession *session)
{
  GtkWidget *window = adw_preferences_window_new ();
  GtkWidget *page = adw_preferences_page_new ();
  GtkWidget *data;

  adw_preferences_page_set_title (ADW_PREFERENCES_PAGE (page), _("General"));
  adw_preferences_page_set_icon_name (ADW_PREFERENCES_PAGE (page), "preferences-system-symbolic");
  add_safety (page, settings);
  add_look (page, settings);
  data = till_preferences_data_new (GTK_WINDOW (window), parent, settings, session);
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (data));
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (window), ADW_PREFERENCES_PAGE (page));
  adw_preferences_window_set_search_enabled (ADW_PREFERENCES_WINDOW (window), FALSE);

  gtk_window_set_default_size (GTK_WINDOW (window), 560, 640);
  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  gtk_window_set_modal (GTK_WINDOW (window), parent != NULL);
  gtk_window_present (GTK_WINDOW (window));
}
