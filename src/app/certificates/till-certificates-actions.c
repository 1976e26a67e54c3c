/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one can do in the Certificates pane. */
#include "config.h"

#include "till-certificates-pane-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "till-certificate-item-private.h"
#include "till-compare-window.h"
#include "till-file-chooser.h"

/**
 * till_certificates_pane_say:
 * @self: a pane
 * @text: what happened; not markup
 *
 * Shows a toast.
 */
void
till_certificates_pane_say (TillCertificatesPane *self,
                            const char           *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", text);
}

static void
update_service_actions (TillCertificatesPane *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  const TillItem *item = till_certificates_pane_get_service (self);
  const TillWalletCertificate *wallet = item != NULL ? item->wallet : NULL;
  gboolean can_change = till_certificates_pane_can_change (self);
  gboolean has_wallet = self->services != NULL && till_service_rows_has_wallet (self->services);
  gboolean has_hub = self->services != NULL && till_service_rows_has_hub (self->services);
  gboolean busy = self->services != NULL && till_service_rows_get_busy (self->services);

  gtk_widget_action_set_enabled (widget, "pane.refresh", till_certificates_pane_has_rows (self) || has_wallet);
  gtk_widget_action_set_enabled (widget, "pane.stop", busy);
  gtk_widget_action_set_enabled (widget, "pane.new", self->session != NULL);
  gtk_widget_action_set_enabled (widget, "pane.add", has_wallet);
  gtk_widget_action_set_enabled (widget, "pane.upload", has_hub);
  gtk_widget_action_set_enabled (widget, "pane.replace", can_change || (item != NULL && item->upload != NULL && has_hub));
  gtk_widget_action_set_enabled (widget, "pane.rename", can_change);
  gtk_widget_action_set_enabled (widget, "pane.enable", can_change && wallet->enabled == TILL_TRI_FALSE);
  gtk_widget_action_set_enabled (widget, "pane.disable", can_change && wallet->enabled != TILL_TRI_FALSE);
  gtk_widget_action_set_enabled (widget, "pane.make-default", can_change && wallet->is_default != TILL_TRI_TRUE);
  gtk_widget_action_set_enabled (widget, "pane.history", item != NULL);
}

/* One that is there can be sent. */
static gboolean
can_add_file (TillCertificatesPane *self,
              TillFileEntry        *entry)
{
  return entry != NULL && till_file_entry_get_file (entry) != NULL && self->services != NULL &&
         till_service_rows_has_wallet (self->services) &&
         (till_file_entry_get_state (entry) == TILL_FILE_READY ||
          till_file_entry_get_state (entry) == TILL_FILE_NEEDS_PASSWORD);
}

/**
 * till_certificates_pane_update_actions:
 * @self: a pane
 *
 * Enables the actions that make sense for the current row.
 */
void
till_certificates_pane_update_actions (TillCertificatesPane *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  TillCertificateItem *item = till_certificates_pane_get_current (self);
  const TillItem *service = till_certificates_pane_get_service (self);
  TillFileEntry *entry = item != NULL ? till_certificate_item_get_entry (item) : NULL;
  gboolean is_certificate = item != NULL && till_certificate_item_get_certificate (item) != NULL;
  gboolean has_file = entry != NULL && till_file_entry_get_file (entry) != NULL;
  gboolean missing = entry != NULL && till_file_entry_get_state (entry) == TILL_FILE_MISSING;
  gboolean can_undo = self->wallet != NULL && till_wallet_detail_can_undo (self->wallet);
  gboolean can_delete = till_certificates_pane_can_change (self) && service->wallet->is_default != TILL_TRI_TRUE;

  gtk_widget_action_set_enabled (widget, "pane.details", item != NULL);
  gtk_widget_action_set_enabled (widget, "pane.back", till_certificates_pane_can_go_back (self));
  gtk_widget_action_set_enabled (widget, "pane.copy-identifier", is_certificate || service != NULL);
  gtk_widget_action_set_enabled (widget, "pane.export", is_certificate);
  gtk_widget_action_set_enabled (widget, "pane.add-to-calendar",
                                 (is_certificate || service != NULL) &&
                                 till_certificate_item_get_ends (item) != G_MAXINT64);
  gtk_widget_action_set_enabled (widget, "pane.compare", is_certificate);
  gtk_widget_action_set_enabled (widget, "pane.show-folder", has_file && !missing);
  gtk_widget_action_set_enabled (widget, "pane.read-again", has_file);
  gtk_widget_action_set_enabled (widget, "pane.read-all", till_certificates_pane_has_rows (self));
  gtk_widget_action_set_enabled (widget, "pane.choose-again", missing);
  gtk_widget_action_set_enabled (widget, "pane.add-file", can_add_file (self, entry));
  gtk_widget_action_set_enabled (widget, "pane.remove", entry != NULL || can_delete);
  gtk_widget_action_set_enabled (widget, "pane.undo-remove", self->removed != NULL || can_undo);
  update_service_actions (self);

  gtk_widget_set_visible (self->choose_again_button, missing);
  gtk_action_bar_set_revealed (self->action_bar, entry != NULL);
}

static void
activate_detail (TillCertificatesPane *self,
                 const char           *action)
{
  till_certificates_pane_sync_detail (self);
  gtk_widget_activate_action (GTK_WIDGET (self->detail), action, NULL);
}

static void
details_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  till_certificates_pane_go_to_detail (TILL_CERTIFICATES_PANE (widget));
}

static void
back_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  till_certificates_pane_go_back (TILL_CERTIFICATES_PANE (widget));
}

static void
detail_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  TillCertificatesPane *self = TILL_CERTIFICATES_PANE (widget);
  gboolean is_service = till_certificates_pane_get_service (self) != NULL;
  g_autofree char *action = g_strconcat (is_service ? "wallet." : "detail.", name + strlen ("pane."), NULL);

  if (is_service)
    till_certificates_pane_act_on_service (self, action);
  else
    activate_detail (self, action);
}

/* Those that only rows of services have. */
static void
service_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  static const struct
  {
    const char *name;
    const char *action;
    gboolean    is_seen;      /* what it does is to be seen in the details */
  } actions[] = {
    { "pane.replace", "wallet.replace", FALSE },
    { "pane.rename", "wallet.edit", TRUE },
    { "pane.enable", "wallet.enable", FALSE },
    { "pane.disable", "wallet.enable", FALSE },
    { "pane.make-default", "wallet.make-default", FALSE },
    { "pane.history", "wallet.history", TRUE },
  };
  TillCertificatesPane *self = TILL_CERTIFICATES_PANE (widget);

  if (till_certificates_pane_get_service (self) == NULL)
    return;

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_str_equal (actions[i].name, name))
      {
        if (actions[i].is_seen)
          till_certificates_pane_go_to_detail (self);
        till_certificates_pane_act_on_service (self, actions[i].action);
      }
}

static void
refresh_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  TillCertificatesPane *self = TILL_CERTIFICATES_PANE (widget);

  till_watched_files_read_again (self->files, NULL);
  till_certificate_rows_refresh (self->rows);
  if (self->services != NULL)
    till_service_rows_load (self->services);
}

static void
stop_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  TillCertificatesPane *self = TILL_CERTIFICATES_PANE (widget);

  if (self->services != NULL)
    till_service_rows_stop (self->services);
}

static void
add_action (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  till_certificates_pane_show_upload (TILL_CERTIFICATES_PANE (widget), TILL_UPLOAD_ADD, NULL);
}

static void
add_file_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  TillCertificatesPane *self = TILL_CERTIFICATES_PANE (widget);
  TillFileEntry *entry = till_certificate_item_get_entry (till_certificates_pane_get_current (self));

  till_certificates_pane_show_upload (self, TILL_UPLOAD_ADD, till_file_entry_get_file (entry));
}

static void
upload_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  till_certificates_pane_show_upload (TILL_CERTIFICATES_PANE (widget), TILL_UPLOAD_HUB, NULL);
}

static void
google_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  till_certificates_pane_show_google (TILL_CERTIFICATES_PANE (widget));
}

/* To the wallet, where there is one; else the menu says what is missing. */
static void
new_action (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  TillCertificatesPane *self = TILL_CERTIFICATES_PANE (widget);

  if (self->services != NULL && till_service_rows_has_wallet (self->services))
    till_certificates_pane_show_upload (self, TILL_UPLOAD_ADD, NULL);
  else if (self->list != NULL)
    till_certificate_list_popup_add (self->list);
  else
    gtk_widget_activate_action (widget, "win.open", NULL);
}

static void
compare_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  TillCertificatesPane *self = TILL_CERTIFICATES_PANE (widget);
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GListStore) store = g_list_store_new (TILL_TYPE_CERTIFICATE_ITEM);
  GListModel *model = G_LIST_MODEL (self->rows);
  guint i;

  for (i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(TillCertificateItem) item = g_list_model_get_item (model, i);

      if (till_certificate_item_get_certificate (item) != NULL)
        g_ptr_array_add (items, g_steal_pointer (&item));
    }

  if (items->len < 2)
    {
      till_certificates_pane_say (self, _("Open another certificate to compare this one with"));
      return;
    }

  g_list_store_splice (store, 0, 0, items->pdata, items->len);
  gtk_window_present (till_compare_window_new (GTK_WINDOW (gtk_widget_get_root (widget)),
                                               G_LIST_MODEL (store), till_certificates_pane_get_current (self)));
}

static void
read_again_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  TillCertificatesPane *self = TILL_CERTIFICATES_PANE (widget);
  TillCertificateItem *item = till_certificates_pane_get_current (self);

  till_watched_files_read_again (self->files, till_certificate_item_get_entry (item));
}

static void
read_all_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  TillCertificatesPane *self = TILL_CERTIFICATES_PANE (widget);

  till_watched_files_read_again (self->files, NULL);
}

/* The row that takes the place of those that go. */
static void
select_neighbour (TillCertificatesPane *self,
                  TillFileEntry        *leaving)
{
  GListModel *model = G_LIST_MODEL (till_certificate_list_get_model (self->list));
  TillCertificateItem *neighbour = NULL;
  gboolean passed = FALSE;
  guint i;

  for (i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(TillCertificateItem) item = g_list_model_get_item (model, i);

      if (item == till_certificates_pane_get_current (self))
        passed = TRUE;
      if (till_certificate_item_get_entry (item) == leaving)
        continue;

      /* The model keeps it. */
      neighbour = item;
      if (passed)
        break;
    }

  till_certificate_list_set_current (self->list, neighbour);
}

static void
restore_removed (TillCertificatesPane *self)
{
  g_autoptr(TillFileEntry) entry = g_steal_pointer (&self->removed);

  if (self->undo_toast != NULL)
    adw_toast_dismiss (self->undo_toast);
  g_clear_object (&self->undo_toast);
  if (entry == NULL)
    return;

  till_watched_files_restore (self->files, entry, self->removed_position);
  till_certificates_pane_show_entry (self, entry, FALSE);
  till_certificates_pane_update_actions (self);
}

/* What waits at a service can be undone for a few seconds only: that comes first. */
static void
undo_remove_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *parameter)
{
  TillCertificatesPane *self = TILL_CERTIFICATES_PANE (widget);

  if (self->wallet != NULL && till_wallet_detail_can_undo (self->wallet))
    gtk_widget_activate_action (GTK_WIDGET (self->wallet), "wallet.undo", NULL);
  else
    restore_removed (self);
}

static void
undo_clicked_cb (TillCertificatesPane *self)
{
  restore_removed (self);
}

static void
offer_undo (TillCertificatesPane *self,
            const char           *text)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  if (self->undo_toast != NULL)
    adw_toast_dismiss (self->undo_toast);
  g_clear_object (&self->undo_toast);
  if (overlay == NULL)
    return;

  self->undo_toast = adw_toast_new (escaped);
  adw_toast_set_button_label (self->undo_toast, _("Undo"));
  adw_toast_set_priority (self->undo_toast, ADW_TOAST_PRIORITY_HIGH);
  g_signal_connect_object (self->undo_toast, "button-clicked", G_CALLBACK (undo_clicked_cb), self,
                           G_CONNECT_SWAPPED);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), g_object_ref (self->undo_toast));
}

static void
remove_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  TillCertificatesPane *self = TILL_CERTIFICATES_PANE (widget);
  TillCertificateItem *item = till_certificates_pane_get_current (self);
  g_autoptr(TillFileEntry) entry = NULL;
  g_autofree char *text = NULL;
  const char *title;
  guint n;

  if (till_certificates_pane_get_service (self) != NULL)
    {
      till_certificates_pane_act_on_service (self, "wallet.remove");
      return;
    }

  entry = g_object_ref (till_certificate_item_get_entry (item));
  n = till_certificate_rows_count_of (self->rows, entry);
  title = till_file_entry_get_title (entry);
  if (n > 1)
    /* Translators: %s is the name of a file, %u how many certificates of it are in the list. */
    text = g_strdup_printf (ngettext ("“%s” with %u certificate removed from the list",
                                      "“%s” with its %u certificates removed from the list", n),
                            title, n);
  else
    /* Translators: %s is the name of a file, which itself is not touched. */
    text = g_strdup_printf (_("“%s” removed from the list"), title);

  if (till_certificates_pane_can_go_back (self))
    till_certificates_pane_go_back (self);
  select_neighbour (self, entry);
  if (!till_watched_files_remove (self->files, entry, &self->removed_position))
    return;

  g_set_object (&self->removed, entry);
  till_certificates_pane_update_actions (self);

  offer_undo (self, text);
}

static void
chosen_again_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(TillCertificatesPane) self = user_data;
  g_autoptr(GListModel) files = till_file_chooser_open_finish (result, NULL);
  g_autoptr(GPtrArray) chosen = NULL;
  TillCertificateItem *current;
  TillFileEntry *entry;
  guint i;

  if (files == NULL || g_list_model_get_n_items (files) == 0)
    return;

  /* The place where it was is of no use any more. */
  current = till_certificates_pane_get_current (self);
  entry = current != NULL ? till_certificate_item_get_entry (current) : NULL;
  if (entry != NULL && till_file_entry_get_state (entry) == TILL_FILE_MISSING)
    till_watched_files_remove (self->files, entry, NULL);

  chosen = g_ptr_array_new_with_free_func (g_object_unref);
  for (i = 0; i < g_list_model_get_n_items (files); i++)
    g_ptr_array_add (chosen, g_list_model_get_item (files, i));
  till_certificates_pane_open_files (self, chosen);
}

static void
choose_again_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  TillCertificatesPane *self = TILL_CERTIFICATES_PANE (widget);

  till_file_chooser_open_async (GTK_WINDOW (gtk_widget_get_root (widget)), _("Choose File"),
                                self->cancellable, chosen_again_cb, g_object_ref (self));
}

/**
 * till_certificates_pane_class_install_actions:
 * @widget_class: the pane's
 *
 * Adds what somebody can do in the pane.
 */
void
till_certificates_pane_class_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "pane.details", NULL, details_action);
  gtk_widget_class_install_action (widget_class, "pane.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "pane.copy-identifier", NULL, detail_action);
  gtk_widget_class_install_action (widget_class, "pane.export", NULL, detail_action);
  gtk_widget_class_install_action (widget_class, "pane.add-to-calendar", NULL, detail_action);
  gtk_widget_class_install_action (widget_class, "pane.show-folder", NULL, detail_action);
  gtk_widget_class_install_action (widget_class, "pane.compare", NULL, compare_action);
  gtk_widget_class_install_action (widget_class, "pane.read-again", NULL, read_again_action);
  gtk_widget_class_install_action (widget_class, "pane.read-all", NULL, read_all_action);
  gtk_widget_class_install_action (widget_class, "pane.choose-again", NULL, choose_again_action);
  gtk_widget_class_install_action (widget_class, "pane.remove", NULL, remove_action);
  gtk_widget_class_install_action (widget_class, "pane.undo-remove", NULL, undo_remove_action);
  gtk_widget_class_install_action (widget_class, "pane.refresh", NULL, refresh_action);
  gtk_widget_class_install_action (widget_class, "pane.stop", NULL, stop_action);
  gtk_widget_class_install_action (widget_class, "pane.new", NULL, new_action);
  gtk_widget_class_install_action (widget_class, "pane.add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "pane.add-file", NULL, add_file_action);
  gtk_widget_class_install_action (widget_class, "pane.upload", NULL, upload_action);
  gtk_widget_class_install_action (widget_class, "pane.google", NULL, google_action);
  gtk_widget_class_install_action (widget_class, "pane.replace", NULL, service_action);
  gtk_widget_class_install_action (widget_class, "pane.rename", NULL, service_action);
  gtk_widget_class_install_action (widget_class, "pane.enable", NULL, service_action);
  gtk_widget_class_install_action (widget_class, "pane.disable", NULL, service_action);
  gtk_widget_class_install_action (widget_class, "pane.make-default", NULL, service_action);
  gtk_widget_class_install_action (widget_class, "pane.history", NULL, service_action);
}

/**
 * till_certificates_pane_look_at_clock:
 * @self: a pane
 *
 * Looks again at all that ends: the clock was set, or the computer slept.
 */
void
till_certificates_pane_look_at_clock (TillCertificatesPane *self)
{
  g_return_if_fail (TILL_IS_CERTIFICATES_PANE (self));

  till_certificate_rows_refresh (self->rows);
}
