/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks before a profile is removed. */
#include "config.h"

#include "till-profile-remove.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* So long nothing can be hit by accident (RELIABILITY.md G36). */
#define ARM_MS 1000

typedef struct
{
  AdwMessageDialog      *dialog;
  char                  *name;        /* (nullable): what has to be typed */
  gboolean               armed;
  gboolean               typed;
  guint                  arm_id;
  TillProfileRemoveFunc  agreed;
  gpointer               user_data;
} Asking;

static void
asking_free (gpointer  data,
             GClosure *closure)
{
  Asking *asking = data;

  g_clear_handle_id (&asking->arm_id, g_source_remove);
  g_free (asking->name);
  g_free (asking);
}

static void
update (Asking *asking)
{
  adw_message_dialog_set_response_enabled (asking->dialog, "remove", asking->armed && asking->typed);
}

static gboolean
arm_cb (gpointer user_data)
{
  Asking *asking = user_data;

  asking->arm_id = 0;
  asking->armed = TRUE;
  update (asking);

  return G_SOURCE_REMOVE;
}

static void
typed_cb (GtkEditable *entry,
          gpointer     user_data)
{
  Asking *asking = user_data;

  asking->typed = g_str_equal (gtk_editable_get_text (entry), asking->name);
  update (asking);
}

static void
response_cb (AdwMessageDialog *dialog,
             const char       *response,
             gpointer          user_data)
{
  Asking *asking = user_data;

  if (g_str_equal (response, "remove") && gtk_window_get_transient_for (GTK_WINDOW (dialog)) != NULL)
    asking->agreed (asking->user_data);
}

/**
 * till_profile_remove_ask:
 * @parent: the window that asks; @user_data lives as long as it does
 * @profile: what is to be removed
 * @agreed: called where the person agrees
 * @user_data: for @agreed
 *
 * Says what goes with a profile. In Live its name has to be typed.
 *
 * Returns: (transfer none): the dialog
 */
GtkWidget *
till_profile_remove_ask (GtkWindow             *parent,
                         const TillProfile     *profile,
                         TillProfileRemoveFunc  agreed,
                         gpointer               user_data)
{
  Asking *asking = g_new0 (Asking, 1);
  gboolean live = profile->environment == TILL_ENVIRONMENT_LIVE;
  GtkWidget *dialog;

  dialog = adw_message_dialog_new (parent, NULL,
                                   _("Its secrets are deleted from the password store, and what is known here of its "
                                     "certificates, keys and tills is forgotten. At the services nothing changes, and the "
                                     "activity log stays. This cannot be undone."));
  /* Translators: %s is the name of a profile. */
  adw_message_dialog_format_heading (ADW_MESSAGE_DIALOG (dialog),
                                     live ? _("Remove the Live Profile “%s”?") : _("Remove “%s”?"), profile->name);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("Cancel"), "remove", _("Remove"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "remove", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");

  asking->dialog = ADW_MESSAGE_DIALOG (dialog);
  asking->agreed = agreed;
  asking->user_data = user_data;
  asking->typed = !live;
  asking->arm_id = g_timeout_add (ARM_MS, arm_cb, asking);
  if (live)
    {
      GtkWidget *entry = adw_entry_row_new ();
      GtkWidget *list = gtk_list_box_new ();

      asking->name = g_strdup (profile->name);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (entry), _("Type the Name of the Profile"));
      gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
      gtk_widget_add_css_class (list, "boxed-list");
      gtk_list_box_append (GTK_LIST_BOX (list), entry);
      adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), list);
      g_signal_connect (entry, "changed", G_CALLBACK (typed_cb), asking);
    }
  update (asking);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), asking, asking_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));

  return dialog;
}
