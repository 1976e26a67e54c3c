/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the Certificates pane has of the services: their rows, how asking them goes, their details, what can be added. */
#include "config.h"

#include "till-certificates-pane-private.h"

#include <glib/gi18n.h>

#include "till-certificate-item-private.h"
#include "till-service-words.h"
#include "till-session-view.h"
#include "till-text.h"
#include "till-upload-window.h"

static gboolean
is_open (TillCertificatesPane *self)
{
  return self->session != NULL && till_session_get_state (self->session) == TILL_SESSION_OPEN;
}

/**
 * till_certificates_pane_get_service:
 * @self: a pane
 *
 * Returns: (transfer none) (nullable): what the current row is of, where that is a service
 */
TillItem *
till_certificates_pane_get_service (TillCertificatesPane *self)
{
  TillCertificateItem *current = till_certificates_pane_get_current (self);

  return current != NULL ? till_certificate_item_get_item (current) : NULL;
}

/**
 * till_certificates_pane_can_change:
 * @self: a pane
 *
 * Returns: whether the current row is a certificate of the wallet that can be changed now
 */
gboolean
till_certificates_pane_can_change (TillCertificatesPane *self)
{
  TillCertificateItem *current = till_certificates_pane_get_current (self);
  const TillItem *item = till_certificates_pane_get_service (self);

  return item != NULL && item->wallet != NULL && is_open (self) &&
         till_certificate_item_get_seen_at (current) == TILL_TIME_UNKNOWN &&
         !till_certificate_item_get_leaving (current) &&
         !till_service_words_is_google (item);
}

/* What goes on, and what is to be said of the list as a whole. */
static char *
dup_progress (TillCertificatesPane *self)
{
  const char *ignored = till_service_rows_get_ignored (self->services);
  gboolean busy = till_service_rows_get_busy (self->services);
  guint n;
  gint64 total = till_service_rows_get_progress (self->services, &n);

  if (busy && till_service_rows_has_wallet (self->services))
    {
      if (total > n)
        /* Translators: how many certificates are shown already, and how many there are. */
        return g_strdup_printf (ngettext ("Checking Airship… Showing %u of %u.", "Checking Airship… Showing %u of %u.",
                                          (gulong) total), n, (guint) MIN (total, G_MAXUINT));
      if (n > 0)
        /* Translators: %u is how many certificates are shown already. */
        return g_strdup_printf (ngettext ("Checking Airship… Showing %u so far.", "Checking Airship… Showing %u so far.",
                                          n), n);

      return g_strdup (_("Checking Airship…"));
    }

  if (!busy && ignored != NULL)
    return g_strdup (_("Airship has more certificates than can be listed here; the others are left out."));

  return NULL;
}

/* A service that a profile lacks is said so above what would need it. */
static void
append_service (GMenu      *menu,
                const char *label,
                const char *action,
                gboolean    has,
                const char *reason)
{
  g_autoptr(GMenu) section = g_menu_new ();

  g_menu_append (section, label, action);
  g_menu_append_section (menu, has ? NULL : reason, G_MENU_MODEL (section));
}

static void
update_add_menu (TillCertificatesPane *self)
{
  gboolean open = is_open (self);
  gboolean wallet = till_service_rows_has_wallet (self->services);
  gboolean hub = till_service_rows_has_hub (self->services);
  int offers = (open ? 4 : 0) | (wallet ? 2 : 0) | (hub ? 1 : 0);
  g_autoptr(GMenu) files = NULL;
  g_autoptr(GMenu) google = NULL;

  if (self->offers == offers)
    return;

  self->offers = offers;
  files = g_menu_new ();
  google = g_menu_new ();
  g_menu_append (files, _("Open File…"), "win.open");
  g_menu_remove_all (self->add_menu);
  g_menu_append_section (self->add_menu, NULL, G_MENU_MODEL (files));
  append_service (self->add_menu, _("Add to Airship…"), "pane.add", wallet,
                  open ? _("This profile has no Airship") : _("No profile is open"));
  append_service (self->add_menu, _("Upload to Commerce Hub…"), "pane.upload", hub,
                  open ? _("This profile has no Commerce Hub") : _("No profile is open"));
  g_menu_append (google, _("About Google Certificates"), "pane.google");
  g_menu_append_section (self->add_menu, NULL, G_MENU_MODEL (google));
}

static GtkWidget *
new_button (const char *label,
            const char *action,
            gboolean    suggested)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "pill");
  if (suggested)
    gtk_widget_add_css_class (button, "suggested-action");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);

  return button;
}

/**
 * till_certificates_pane_make_empty_page:
 * @self: a pane
 *
 * Returns: (transfer floating): what to do where there is nothing yet
 */
GtkWidget *
till_certificates_pane_make_empty_page (TillCertificatesPane *self)
{
  GtkWidget *page = adw_status_page_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *hint = gtk_label_new (_("You can also drop files anywhere in this window, or paste certificate text "
                                     "with Ctrl+V.\nNothing leaves this computer until you press a button that says so."));

  self->empty_page = ADW_STATUS_PAGE (page);
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (page), "application-certificate-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (page), _("No Certificates Yet"));

  gtk_box_append (GTK_BOX (buttons), new_button (_("Open File…"), "win.open", TRUE));
  self->empty_connect = new_button (_("Connect…"), "win.edit-profile", FALSE);
  gtk_box_append (GTK_BOX (buttons), self->empty_connect);
  self->empty_add = new_button (_("Add to Airship…"), "pane.add", FALSE);
  gtk_box_append (GTK_BOX (buttons), self->empty_add);
  self->empty_upload = new_button (_("Upload to Commerce Hub…"), "pane.upload", FALSE);
  gtk_box_append (GTK_BOX (buttons), self->empty_upload);
  gtk_box_append (GTK_BOX (box), buttons);

  self->first_steps = till_session_view_new_first_steps (FALSE);
  gtk_box_append (GTK_BOX (box), self->first_steps);

  gtk_label_set_wrap (GTK_LABEL (hint), TRUE);
  gtk_label_set_justify (GTK_LABEL (hint), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (hint, "dim-label");
  gtk_box_append (GTK_BOX (box), hint);
  adw_status_page_set_child (ADW_STATUS_PAGE (page), box);
  till_certificates_pane_update_empty_page (self);

  return page;
}

/**
 * till_certificates_pane_update_empty_page:
 * @self: a pane
 *
 * Offers on the empty page what fits the profile.
 */
void
till_certificates_pane_update_empty_page (TillCertificatesPane *self)
{
  gboolean open = is_open (self);
  gboolean wallet = open && till_service_rows_has_wallet (self->services);
  gboolean hub = open && till_service_rows_has_hub (self->services);

  if (self->empty_page == NULL)
    return;

  if (wallet && till_service_rows_get_busy (self->services))
    adw_status_page_set_description (self->empty_page, _("Checking Airship…"));
  else if (wallet)
    adw_status_page_set_description (self->empty_page, _("Open a file to look inside, or add one to Airship."));
  else if (open)
    adw_status_page_set_description (self->empty_page, _("Open a file to look inside, or connect Airship."));
  else
    adw_status_page_set_description (self->empty_page, _("Open a file to look inside."));

  gtk_widget_set_visible (self->first_steps, self->first_run);
  gtk_widget_set_visible (self->empty_connect, open && !wallet);
  gtk_widget_set_visible (self->empty_add, wallet);
  gtk_widget_set_visible (self->empty_upload, hub);
}

/* What was just added is what somebody wants to see. */
static void
show_wanted (TillCertificatesPane *self)
{
  TillCertificateItem *row;

  if (self->wanted == NULL || self->list == NULL)
    return;

  row = till_service_rows_find (self->services, self->wanted->ending.kind, self->wanted->id);
  if (row == NULL)
    return;

  g_clear_pointer (&self->wanted, till_item_unref);
  till_certificate_list_show_all (self->list);
  till_certificate_list_set_current (self->list, row);
}

/**
 * till_certificates_pane_update_services:
 * @self: a pane
 *
 * Shows how asking the services goes.
 */
void
till_certificates_pane_update_services (TillCertificatesPane *self)
{
  if (self->services == NULL)
    return;

  update_add_menu (self);
  if (self->list != NULL)
    {
      g_autofree char *progress = dup_progress (self);

      till_certificate_list_set_progress (self->list, progress, till_service_rows_get_busy (self->services));
    }
  till_certificates_pane_update_empty_page (self);
  till_certificates_pane_update_actions (self);
}

/**
 * till_certificates_pane_select_something:
 * @self: a pane
 *
 * Where there is room for a detail, there is one, once all has been read and asked.
 */
void
till_certificates_pane_select_something (TillCertificatesPane *self)
{
  GListModel *model;
  g_autoptr(TillCertificateItem) item = NULL;

  if (self->list == NULL || till_watched_files_get_busy (self->files) ||
      (self->services != NULL && till_service_rows_get_busy (self->services)) ||
      till_certificates_pane_get_current (self) != NULL || adw_leaflet_get_folded (self->leaflet))
    return;

  model = G_LIST_MODEL (till_certificate_list_get_model (self->list));
  item = g_list_model_get_item (model, 0);
  if (item != NULL)
    till_certificate_list_set_current (self->list, item);
}

static void
state_changed_cb (TillCertificatesPane *self)
{
  till_certificates_pane_update_services (self);
  show_wanted (self);
  till_certificates_pane_select_something (self);
  till_certificates_pane_refresh_detail (self);
  till_certificates_pane_notify_busy (self);
}

/**
 * till_certificates_pane_set_session:
 * @self: a pane, once
 * @session: which profile is at work
 *
 * Shows what its services have together with the files.
 */
void
till_certificates_pane_set_session (TillCertificatesPane *self,
                                    TillSession          *session)
{
  g_return_if_fail (TILL_IS_CERTIFICATES_PANE (self));
  g_return_if_fail (TILL_IS_SESSION (session));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  self->services = till_service_rows_new (session);
  till_certificate_rows_set_services (self->rows, G_LIST_MODEL (self->services));
  adw_bin_set_child (self->banner_bin, till_service_banner_new (session, self->services));
  g_signal_connect_swapped (self->services, "state-changed", G_CALLBACK (state_changed_cb), self);
  if (self->list != NULL)
    till_certificate_list_set_add_menu (self->list, G_MENU_MODEL (self->add_menu));
  state_changed_cb (self);
}

static void
leaving_changed_cb (TillCertificatesPane *self)
{
  GListModel *rows = G_LIST_MODEL (self->services);

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr(TillCertificateItem) row = g_list_model_get_item (rows, i);
      const TillItem *item = till_certificate_item_get_item (row);

      till_certificate_item_set_leaving (row, item->wallet != NULL &&
                                              till_wallet_detail_is_leaving (self->wallet, item->id));
    }

  till_certificates_pane_update_actions (self);
}

static void
undo_seconds_changed_cb (TillCertificatesPane *self)
{
  if (self->wallet != NULL)
    till_wallet_detail_set_undo_seconds (self->wallet, g_settings_get_uint (self->settings, "undo-seconds"));
}

/**
 * till_certificates_pane_show_service:
 * @self: a pane
 * @row: (nullable): of a service
 *
 * Makes the details of services be about it.
 */
void
till_certificates_pane_show_service (TillCertificatesPane *self,
                                     TillCertificateItem  *row)
{
  TillItem *item = row != NULL ? till_certificate_item_get_item (row) : NULL;
  gint64 seen_at = row != NULL ? till_certificate_item_get_seen_at (row) : TILL_TIME_UNKNOWN;

  if (self->wallet == NULL)
    {
      if (item == NULL)
        return;

      self->wallet = TILL_WALLET_DETAIL (till_wallet_detail_new (self->session));
      g_signal_connect_swapped (self->wallet, "leaving-changed", G_CALLBACK (leaving_changed_cb), self);
      g_signal_connect_object (self->settings, "changed::undo-seconds", G_CALLBACK (undo_seconds_changed_cb), self,
                               G_CONNECT_SWAPPED);
      undo_seconds_changed_cb (self);
      gtk_stack_add_named (self->detail_holder, GTK_WIDGET (self->wallet), "service");
    }

  /* What is being typed there stays: it is told only of what is another. */
  if (till_wallet_detail_get_item (self->wallet) != item || self->wallet_seen_at != seen_at)
    {
      self->wallet_seen_at = seen_at;
      till_wallet_detail_set_item (self->wallet, item, seen_at);
    }
  if (item != NULL)
    gtk_stack_set_visible_child (self->detail_holder, GTK_WIDGET (self->wallet));
}

/**
 * till_certificates_pane_act_on_service:
 * @self: a pane whose current row is of a service
 * @action: of #TillWalletDetail
 *
 * Does it to the current row.
 */
void
till_certificates_pane_act_on_service (TillCertificatesPane *self,
                                       const char           *action)
{
  till_certificates_pane_sync_detail (self);
  gtk_widget_activate_action (GTK_WIDGET (self->wallet), action, NULL);
}

static void
uploaded_cb (TillCertificatesPane *self,
             TillItem             *item)
{
  if (item == NULL || self->services == NULL)
    return;

  g_clear_pointer (&self->wanted, till_item_unref);
  self->wanted = till_item_ref (item);
  show_wanted (self);
}

/**
 * till_certificates_pane_show_upload:
 * @self: a pane
 * @kind: where to
 * @file: (nullable): what to send, where that is known
 *
 * Opens the page to send a certificate file to a service.
 */
void
till_certificates_pane_show_upload (TillCertificatesPane *self,
                                    TillUploadKind        kind,
                                    GFile                *file)
{
  GtkWidget *window = till_upload_window_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->session, kind,
                                              NULL, file);

  g_signal_connect_object (window, "done", G_CALLBACK (uploaded_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (window));
}

/**
 * till_certificates_pane_show_google:
 * @self: a pane
 *
 * Says where Google's certificates are looked after.
 */
void
till_certificates_pane_show_google (TillCertificatesPane *self)
{
  GtkWidget *dialog =
    adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), _("Google Certificates"),
                            _("Airship lets programs look after Apple’s certificates only. Those for Google Wallet are "
                              "managed on Airship’s own pages, in its dashboard."));

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}
