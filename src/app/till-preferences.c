/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one place that shows the preferences (AdwPreferencesWindow; AdwPreferencesDialog needs libadwaita 1.5). */
#include "config.h"

#include "till-preferences.h"

#include <adwaita.h>
#include <glib/gi18n.h>

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

/**
 * till_preferences_show:
 * @parent: (nullable): the window that they stand in front of
 * @settings: the application's; changed at once
 *
 * Shows the preferences.
 */
void
till_preferences_show (GtkWindow *parent,
                       GSettings *settings)
{
  GtkWidget *window = adw_preferences_window_new ();
  GtkWidget *page = adw_preferences_page_new ();
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *row = adw_combo_row_new ();
  const char *const names[] = { _("Follow System"), _("Light"), _("Dark"), NULL };
  g_autoptr(GtkStringList) model = gtk_string_list_new (names);

  adw_preferences_page_set_title (ADW_PREFERENCES_PAGE (page), _("General"));
  adw_preferences_page_set_icon_name (ADW_PREFERENCES_PAGE (page), "preferences-system-symbolic");
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Look"));

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Colours"));
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (model));
  g_settings_bind_with_mapping (settings, "color-scheme", row, "selected", G_SETTINGS_BIND_DEFAULT,
                                index_from_setting, setting_from_index, NULL, NULL);

  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (group));
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (window), ADW_PREFERENCES_PAGE (page));
  adw_preferences_window_set_search_enabled (ADW_PREFERENCES_WINDOW (window), FALSE);

  gtk_window_set_default_size (GTK_WINDOW (window), 480, 320);
  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  gtk_window_set_modal (GTK_WINDOW (window), parent != NULL);
  gtk_window_present (GTK_WINDOW (window));
}
