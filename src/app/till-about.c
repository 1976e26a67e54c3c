/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one place that shows the About window (AdwAboutWindow; AdwAboutDialog needs libadwaita 1.5). */
#include "config.h"

#include "till-about.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/**
 * till_about_show:
 * @parent: (nullable): the window that it stands in front of
 *
 * Shows what the program is, its version and its licence.
 */
void
till_about_show (GtkWindow *parent)
{
  GtkWidget *about = adw_about_window_new ();

  adw_about_window_set_application_name (ADW_ABOUT_WINDOW (about), _("Tillkeeper"));
  adw_about_window_set_application_icon (ADW_ABOUT_WINDOW (about), TILL_APP_ID);
  adw_about_window_set_version (ADW_ABOUT_WINDOW (about), TILL_VERSION);
  adw_about_window_set_developer_name (ADW_ABOUT_WINDOW (about), _("The Tillkeeper developers"));
  adw_about_window_set_website (ADW_ABOUT_WINDOW (about), "https://github.com/tillkeeper/Tillkeeper");
  adw_about_window_set_issue_url (ADW_ABOUT_WINDOW (about), "https://github.com/tillkeeper/Tillkeeper/issues");
  adw_about_window_set_license_type (ADW_ABOUT_WINDOW (about), GTK_LICENSE_GPL_3_0);
  adw_about_window_set_comments (ADW_ABOUT_WINDOW (about),
                                 _("Looks after the certificates and keys that let tills take payments. "
                                   "Nothing leaves this computer."));
  /* Translators: put your names here, one a line. */
  adw_about_window_set_translator_credits (ADW_ABOUT_WINDOW (about), _("translator-credits"));

  gtk_window_set_transient_for (GTK_WINDOW (about), parent);
  gtk_window_set_modal (GTK_WINDOW (about), parent != NULL);
  gtk_window_present (GTK_WINDOW (about));
}
