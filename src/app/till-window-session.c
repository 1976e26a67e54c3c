/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the window has of the profile it works with: switcher, band, banner, panes, and the actions about profiles. */
#include "config.h"

#include "till-window-private.h"

#include <glib/gi18n.h>

#include "till-activity-window.h"
#include "till-credentials-pane.h"
#include "till-keys-pane.h"
#include "till-profile-editor.h"
#include "till-profile-words.h"

/* All of it is made once the first frame has been painted: the store is opened then, too. */

static const TillProfile *
get_profile (TillWindow *self)
{
  return self->session != NULL ? till_session_get_current (self->session) : NULL;
}

static void
update_band (TillWindow *self)
{
  const TillProfile *profile = get_profile (self);
  gboolean live = profile != NULL && profile->environment == TILL_ENVIRONMENT_LIVE;

  if (live && self->live_band == NULL)
    {
      GtkWidget *icon = gtk_image_new_from_icon_name (till_profile_words_get_icon_name (TILL_ENVIRONMENT_LIVE));
      GtkWidget *label = gtk_label_new (_("Live: real shops, real customers"));

      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      self->live_band = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
      gtk_widget_set_halign (icon, GTK_ALIGN_END);
      gtk_widget_set_hexpand (icon, TRUE);
      gtk_widget_set_halign (label, GTK_ALIGN_START);
      gtk_widget_set_hexpand (label, TRUE);
      gtk_box_append (GTK_BOX (self->live_band), icon);
      gtk_box_append (GTK_BOX (self->live_band), label);
      gtk_widget_add_css_class (self->live_band, "live-band");
      gtk_box_prepend (self->notices, self->live_band);
    }

  if (self->live_band != NULL)
    gtk_widget_set_visible (self->live_band, live);
}

static void
set_badge (TillWindow *self,
           GtkWidget  *child,
           guint       count)
{
  AdwViewStackPage *page = adw_view_stack_get_page (self->stack, child);

  adw_view_stack_page_set_badge_number (page, count);
  adw_view_stack_page_set_needs_attention (page, count > 0);
}

static void
update_badges (TillWindow *self)
{
  GtkWidget *keys = adw_view_stack_get_child_by_name (self->stack, "keys");
  guint attention = 0;

  g_object_get (self->pane, "attention", &attention, NULL);
  set_badge (self, GTK_WIDGET (self->pane), attention);
  if (keys != NULL)
    set_badge (self, keys, till_session_get_attention (self->session, TILL_ENDING_KEY));
}

/* A service has answered: by its clock ours can be told to be wrong. */
static void
asked_cb (TillWindow *self)
{
  till_session_banner_update (self->banner);
}

static void
update_first_run (TillWindow *self)
{
  till_certificates_pane_set_first_run (self->pane, till_session_get_state (self->session) == TILL_SESSION_NONE &&
                                                    till_session_get_profiles (self->session)->len == 0);
}

static void
update_actions (TillWindow *self)
{
  gboolean has_store = till_session_get_store (self->session) != NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.add-profile", has_store);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.edit-profile", has_store && get_profile (self) != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.practise", has_store);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.switch-profile", has_store);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.activity-log", has_store);
}

static void
files_not_kept_cb (TillWindow *self)
{
  till_window_say (self, _("What you open or remove now is not kept: the records cannot be written"));
}

static void
session_changed_cb (TillWindow *self)
{
  update_band (self);
  update_actions (self);
  update_first_run (self);
  till_window_update_header (self);
}

static void
add_profile_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *parameter)
{
  till_profile_editor_show (GTK_WINDOW (widget), TILL_WINDOW (widget)->session, NULL);
}

static void
edit_profile_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  till_profile_editor_show (GTK_WINDOW (widget), TILL_WINDOW (widget)->session, get_profile (TILL_WINDOW (widget)));
}

static void
practise_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  till_session_use (TILL_WINDOW (widget)->session, NULL);
}

static void
switch_profile_action (GtkWidget  *widget,
                       const char *name,
                       GVariant   *parameter)
{
  till_profile_switcher_popup (TILL_WINDOW (widget)->profiles);
}

static void
try_again_action (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  till_session_reload (TILL_WINDOW (widget)->session);
}

static void
restore_backup_action (GtkWidget  *widget,
                       const char *name,
                       GVariant   *parameter)
{
  till_session_restore (TILL_WINDOW (widget)->session);
}

static void
restored_cb (TillWindow *self)
{
  till_window_say (self, _("The last backup is open; the damaged records were set aside"));
}

static void
show_data_folder_action (GtkWidget  *widget,
                         const char *name,
                         GVariant   *parameter)
{
  g_autoptr(GFile) folder = g_file_new_for_path (till_session_get_folder (TILL_WINDOW (widget)->session));
  g_autofree char *uri = g_file_get_uri (folder);

  gtk_show_uri (GTK_WINDOW (widget), uri, GDK_CURRENT_TIME);
}

static void
vault_help_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  GtkWidget *dialog =
    adw_message_dialog_new (GTK_WINDOW (widget), _("A Place for Secrets"),
                            _("Tillkeeper keeps secrets in the desktop’s password store (Secret Service) and nowhere "
                              "else.\n\nOn GNOME install “gnome-keyring”, on KDE switch on KWallet’s Secret Service; "
                              "KeePassXC offers one, too. Then sign in to the desktop again, and enter the secrets once "
                              "more."));

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
activity_log_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  till_activity_window_show (GTK_WINDOW (widget), TILL_WINDOW (widget)->session);
}

/**
 * till_window_class_install_session:
 * @widget_class: of the window
 *
 * Installs the actions about profiles.
 */
void
till_window_class_install_session (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.add-profile", NULL, add_profile_action);
  gtk_widget_class_install_action (widget_class, "win.edit-profile", NULL, edit_profile_action);
  gtk_widget_class_install_action (widget_class, "win.practise", NULL, practise_action);
  gtk_widget_class_install_action (widget_class, "win.switch-profile", NULL, switch_profile_action);
  gtk_widget_class_install_action (widget_class, "win.try-again", NULL, try_again_action);
  gtk_widget_class_install_action (widget_class, "win.restore-backup", NULL, restore_backup_action);
  gtk_widget_class_install_action (widget_class, "win.show-data-folder", NULL, show_data_folder_action);
  gtk_widget_class_install_action (widget_class, "win.vault-help", NULL, vault_help_action);
  gtk_widget_class_install_action (widget_class, "win.activity-log", NULL, activity_log_action);
}

/**
 * till_window_start_session:
 * @self: a window that has been painted
 *
 * Makes what shows the session, and starts it.
 */
void
till_window_start_session (TillWindow *self)
{
  if (self->profiles != NULL)
    return;

  self->profiles = TILL_PROFILE_SWITCHER (till_profile_switcher_new (self->session));
  adw_bin_set_child (self->profile_bin, GTK_WIDGET (self->profiles));
  g_object_bind_property (self->profiles, "visible", self->profile_bin, "visible", G_BINDING_SYNC_CREATE);

  self->banner = TILL_SESSION_BANNER (till_session_banner_new (self->session));
  gtk_box_append (self->notices, GTK_WIDGET (self->banner));

  till_window_add_pane (self, till_keys_pane_new (self->session), "keys", _("Keys"), "till-key-symbolic");
  till_window_add_pane (self, till_credentials_pane_new (self->session), "credentials", _("Credentials"),
                        "till-token-symbolic");

  g_signal_connect_object (self->files, "not-kept", G_CALLBACK (files_not_kept_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::state", G_CALLBACK (session_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::profiles", G_CALLBACK (session_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "restored", G_CALLBACK (restored_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::attention", G_CALLBACK (update_badges), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->pane, "notify::attention", G_CALLBACK (update_badges), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->pane, "notify::busy", G_CALLBACK (asked_cb), self, G_CONNECT_SWAPPED);
  till_certificates_pane_set_session (self->pane, self->session);

  session_changed_cb (self);
  update_badges (self);
  till_session_start (self->session);
}

/**
 * till_window_update_session:
 * @self: a window
 *
 * Follows the header: its width, and which pane is shown.
 */
void
till_window_update_session (TillWindow *self)
{
  if (self->banner == NULL)
    return;

  till_profile_switcher_set_narrow (self->profiles, till_adaptive_bin_get_narrow (self->adaptive));
  /* The other panes say themselves why there is nothing to show. */
  till_session_banner_set_failures (self->banner, till_window_get_visible_pane (self) == GTK_WIDGET (self->pane));
}

/**
 * till_window_end_session:
 * @self: a window that goes
 *
 * Lets go of what showed the session.
 */
void
till_window_end_session (TillWindow *self)
{
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  self->profiles = NULL;
  self->banner = NULL;
  self->live_band = NULL;
}
