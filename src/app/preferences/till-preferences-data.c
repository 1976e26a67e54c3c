/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The group of the preferences about what is kept: the activity record, and erasing everything. */
#include "config.h"

#include "till-preferences-data.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "till-erase.h"
#include "till-error-text.h"
#include "till-question.h"

#define DATA_KEY "till-preferences-data"

/* Belongs to the window: libadwaita 1.2 never lets go of a group. */
typedef struct
{
  GtkWindow   *parent;         /* (nullable) weak */
  GSettings   *settings;
  TillSession *session;
  GtkWidget   *row;            /* (nullable) weak: erases */
} Data;

static void
free_data (gpointer pointer)
{
  Data *data = pointer;

  g_clear_weak_pointer (&data->parent);
  g_clear_weak_pointer (&data->row);
  g_object_unref (data->settings);
  g_object_unref (data->session);
  g_free (data);
}

static void
erased_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GtkWidget) window = user_data;
  Data *data = g_object_get_data (G_OBJECT (window), DATA_KEY);
  g_autoptr(GError) error = NULL;
  g_autofree char *body = NULL;

  if (till_erase_finish (result, &error))
    {
      /* There is nothing left to show. */
      gtk_window_set_transient_for (GTK_WINDOW (window), NULL);
      gtk_window_destroy (GTK_WINDOW (window));
      if (data->parent != NULL)
        gtk_window_close (data->parent);
      return;
    }

  if (data->row == NULL)
    return;

  body = till_error_text_dup_body (error);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (data->row), body);
  gtk_widget_set_sensitive (data->row, TRUE);
}

static void
response_cb (GtkWidget  *window,
             const char *response)
{
  Data *data = g_object_get_data (G_OBJECT (window), DATA_KEY);

  if (g_strcmp0 (response, "erase") != 0)
    return;

  gtk_widget_set_sensitive (data->row, FALSE);
  till_erase_async (data->session, data->settings, erased_cb, g_object_ref (window));
}

static void
erase_clicked_cb (GtkWidget *window)
{
  /* Translators: what has to be typed before everything is erased; letters that are on every keyboard. */
  AdwMessageDialog *dialog =
    till_question_new (window, NULL, _("Erase Everything?"),
                       _("Profiles and their secrets, known keys, the activity record and its copies, settings: all that "
                         "Tillkeeper keeps on this computer goes, and Tillkeeper closes. A key that is known here only "
                         "is lost.\n\nWhat is at the services stays there, and so do your files. This cannot be undone."),
                       _("erase"));

  adw_message_dialog_add_response (dialog, "erase", _("Erase Everything"));
  adw_message_dialog_set_response_appearance (dialog, "erase", ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), window, G_CONNECT_SWAPPED);
  till_question_ask (dialog, "erase");
}

static void
record_clicked_cb (GtkWidget *window)
{
  Data *data = g_object_get_data (G_OBJECT (window), DATA_KEY);

  if (data->parent != NULL)
    gtk_widget_activate_action (GTK_WIDGET (data->parent), "win.activity-log", NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

static GtkWidget *
add_row (GtkWidget  *group,
         GtkWindow  *window,
         const char *title,
         const char *subtitle,
         const char *label,
         const char *style,
         GCallback   clicked)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  if (style != NULL)
    gtk_widget_add_css_class (button, style);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, title, -1);
  g_signal_connect_object (button, "clicked", clicked, window, G_CONNECT_SWAPPED);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);

  return row;
}

/**
 * till_preferences_data_new:
 * @window: that the group is shown in
 * @parent: (nullable): the window with the action "win.activity-log"; it is closed once everything is erased
 * @settings: the application's
 * @session: whose data it is about
 *
 * Returns: (transfer floating): the group
 */
GtkWidget *
till_preferences_data_new (GtkWindow   *window,
                           GtkWindow   *parent,
                           GSettings   *settings,
                           TillSession *session)
{
  GtkWidget *group = adw_preferences_group_new ();
  Data *data = g_new0 (Data, 1);

  g_set_weak_pointer (&data->parent, parent);
  data->settings = g_object_ref (settings);
  data->session = g_object_ref (session);
  g_object_set_data_full (G_OBJECT (window), DATA_KEY, data, free_data);

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Data"));
  add_row (group, window, _("Activity Record"), _("Who did what, when, and with which result: verify and export it there"),
           _("Open…"), NULL, G_CALLBACK (record_clicked_cb));
  g_set_weak_pointer (&data->row, add_row (group, window, _("Everything"), _("What Tillkeeper keeps on this computer"),
                                           _("Erase…"), "destructive-action", G_CALLBACK (erase_clicked_cb)));
  gtk_widget_set_sensitive (data->row, till_session_get_store (session) != NULL);

  return group;
}
