/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be done on the details page of a certificate at a service. */
#include "config.h"

#include "till-wallet-detail-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "till-question.h"
#include "till-save.h"
#include "till-upload-window.h"
#include "till-wallet-facts.h"

#define ITEM_KEY "till-item"

/* Why nothing can be changed at all is said on the page; busy is said above it. */
static gboolean
can_change (TillWalletDetail *self)
{
  g_autofree char *lock = NULL;

  if (self->item == NULL || self->changing != NULL || till_wallet_detail_is_leaving (self, self->item->id))
    return FALSE;

  lock = till_wallet_detail_dup_lock (self);

  return lock == NULL;
}

static gboolean
can_change_wallet (TillWalletDetail *self)
{
  return can_change (self) && self->item->wallet != NULL;
}

static gboolean
ends (const TillItem *item)
{
  return item->ending.until != TILL_TIME_UNKNOWN && item->ending.until != TILL_TIME_NEVER;
}

static void
copy_text (TillWalletDetail *self,
           const char       *text,
           const char       *toast)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  till_wallet_detail_toast (self, toast);
}

static void
copy_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  copy_text (TILL_WALLET_DETAIL (widget), g_variant_get_string (parameter, NULL), _("Copied"));
}

static const char *
get_identifier (const TillItem *item)
{
  return item->wallet != NULL ? item->wallet->base_name : item->upload->client_key_id;
}

static void
copy_identifier_action (GtkWidget  *widget,
                        const char *name,
                        GVariant   *parameter)
{
  TillWalletDetail *self = TILL_WALLET_DETAIL (widget);

  if (self->item != NULL && get_identifier (self->item) != NULL)
    copy_text (self, get_identifier (self->item), _("Identifier copied"));
}

static void
add_to_calendar_action (GtkWidget  *widget,
                        const char *action,
                        GVariant   *parameter)
{
  TillWalletDetail *self = TILL_WALLET_DETAIL (widget);
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *name = NULL;
  char *text;

  if (self->item == NULL || !ends (self->item) || self->shop == NULL)
    return;

  text = till_wallet_facts_dup_calendar (self->item, till_shop_get_profile (self->shop)->name,
                                         till_clock_get_now (till_session_get_clock (self->session)));
  bytes = g_bytes_new_take (text, strlen (text));
  name = till_save_dup_safe_name (self->item->title, ".ics");
  till_save_ask (widget, _("Add to Calendar"), name, TILL_FILE_KIND_CALENDAR, bytes, self->saving);
}

static void
edit_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  TillWalletDetail *self = TILL_WALLET_DETAIL (widget);

  if (can_change_wallet (self))
    gtk_widget_grab_focus (GTK_WIDGET (self->name_row));
}

static void
save_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  TillWalletDetail *self = TILL_WALLET_DETAIL (widget);
  TillWalletChange change;

  /* The comparison shows what is sent over, so that what was shown is what is known. */
  if (can_change_wallet (self) && till_wallet_detail_get_change (self, &change))
    till_wallet_detail_send (self, self->item->id, &change, self->item->wallet->updated_at, _("Saving…"), _("Saved"));
}

static void
discard_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  TillWalletDetail *self = TILL_WALLET_DETAIL (widget);

  g_clear_pointer (&self->before, till_item_unref);
  till_wallet_detail_fill_edit (self, TRUE);
  till_wallet_detail_update_actions (self);
}

/**
 * till_wallet_detail_set_enabled:
 * @self: a page
 * @enabled: whether it is to be switched on
 *
 * What is behind the action “wallet.enable”: switching on is sent at once,
 * switching off after the time to undo.
 */
void
till_wallet_detail_set_enabled (TillWalletDetail *self,
                                gboolean          enabled)
{
  static const TillWalletChange on = { .enabled = TILL_TRI_TRUE };
  gboolean now;

  g_object_get (self, "switched-on", &now, NULL);
  if (now != enabled && can_change_wallet (self))
    {
      g_autofree char *title = till_wallet_facts_dup_title (self->item);
      g_autofree char *done = NULL;

      if (!enabled)
        {
          till_wallet_detail_leave (self, TILL_LEAVE_SWITCH_OFF, self->item);
        }
      else if (g_strcmp0 (till_undo_get_waiting (self->undo), self->item->id) == 0)
        {
          gtk_widget_activate_action (GTK_WIDGET (self), "wallet.undo", NULL);
        }
      else
        {
          /* Translators: %s is the name of a certificate. */
          done = g_strdup_printf (_("“%s” is switched on"), title);
          till_wallet_detail_send (self, self->item->id, &on, self->item->wallet->updated_at, _("Switching on…"), done);
        }
    }

  /* The switch shows what is, not what was wished for. */
  till_wallet_detail_notify_enabled (self);
}

static void
make_default_cb (TillWalletDetail *self,
                 const char       *response,
                 AdwMessageDialog *dialog)
{
  static const TillWalletChange change = { .enabled = TILL_TRI_UNKNOWN, .make_default = TRUE };
  const TillItem *item = g_object_get_data (G_OBJECT (dialog), ITEM_KEY);
  g_autofree char *title = NULL;
  g_autofree char *done = NULL;

  /* The profile, and with it the item, may be another by now. */
  if (!g_str_equal (response, "default") || self->item == NULL || !g_str_equal (self->item->id, item->id) ||
      !can_change_wallet (self))
    return;

  title = till_wallet_facts_dup_title (item);
  /* Translators: %s is the name of a certificate. */
  done = g_strdup_printf (_("“%s” is the default now"), title);
  till_wallet_detail_send (self, item->id, &change, item->wallet->updated_at, _("Making it the default…"), done);
}

static void
make_default_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  TillWalletDetail *self = TILL_WALLET_DETAIL (widget);
  gint64 now = till_clock_get_now (till_session_get_clock (self->session));
  g_autoptr(GString) body = g_string_new (NULL);
  g_autofree char *title = NULL;
  g_autofree char *heading = NULL;
  AdwMessageDialog *dialog;

  if (!can_change_wallet (self) || self->item->wallet->is_default == TILL_TRI_TRUE)
    return;

  title = till_wallet_facts_dup_title (self->item);
  /* Translators: %s is the name of a certificate. */
  heading = g_strdup_printf (_("Make “%s” the Default?"), title);
  g_string_append (body, _("The present default certificate stops being the default. To take this back, make that one the "
                           "default again."));
  if (self->item->wallet->enabled == TILL_TRI_FALSE)
    g_string_append_printf (body, "\n\n%s", _("This certificate is switched off."));
  if (ends (self->item) && now > self->item->ending.until)
    g_string_append_printf (body, "\n\n%s", _("This certificate has expired."));

  dialog = till_question_new (widget, till_shop_get_profile (self->shop), heading, body->str, NULL);
  g_object_set_data_full (G_OBJECT (dialog), ITEM_KEY, till_item_ref (self->item), (GDestroyNotify) till_item_unref);
  adw_message_dialog_add_response (dialog, "default", _("Make Default"));
  adw_message_dialog_set_response_appearance (dialog, "default", ADW_RESPONSE_SUGGESTED);
  g_signal_connect_object (dialog, "response", G_CALLBACK (make_default_cb), self, G_CONNECT_SWAPPED);
  till_question_ask (dialog, "default");
}

static void
replace_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  TillWalletDetail *self = TILL_WALLET_DETAIL (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  gboolean wallet = self->item != NULL && self->item->wallet != NULL;

  if (can_change (self))
    gtk_window_present (GTK_WINDOW (till_upload_window_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, self->session,
                                                            wallet ? TILL_UPLOAD_REPLACE : TILL_UPLOAD_HUB,
                                                            wallet ? self->item : NULL, NULL)));
}

static void
remove_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  TillWalletDetail *self = TILL_WALLET_DETAIL (widget);

  if (can_change_wallet (self) && self->item->wallet->is_default != TILL_TRI_TRUE)
    till_wallet_detail_ask_remove (self);
}

static void
undo_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  TillWalletDetail *self = TILL_WALLET_DETAIL (widget);
  gboolean removal = self->leave == TILL_LEAVE_REMOVE;

  if (till_undo_get_waiting (self->undo) == NULL)
    return;

  till_undo_undo (self->undo);
  till_wallet_detail_toast (self, removal ? _("Not deleted. Nothing was sent.") : _("Not switched off. Nothing was sent."));
}

static void
do_now_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  till_undo_do_now (TILL_WALLET_DETAIL (widget)->undo);
}

static void
cancel_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  g_cancellable_cancel (TILL_WALLET_DETAIL (widget)->changing);
}

static void
dismiss_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  till_wallet_detail_fail (TILL_WALLET_DETAIL (widget), NULL);
}

static void
settle_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  till_wallet_detail_settle (TILL_WALLET_DETAIL (widget));
}

static void
mark_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  till_wallet_detail_mark (TILL_WALLET_DETAIL (widget), g_variant_get_int64 (parameter),
                           g_str_equal (name, "wallet.mark-done"));
}

/* Opens a section and leads there. */
static void
open_section (AdwExpanderRow *row)
{
  if (!gtk_widget_get_visible (GTK_WIDGET (row)))
    return;

  adw_expander_row_set_expanded (row, TRUE);
  gtk_widget_child_focus (GTK_WIDGET (row), GTK_DIR_TAB_FORWARD);
}

static void
history_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  open_section (TILL_WALLET_DETAIL (widget)->history_row);
}

static void
raw_action (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  open_section (TILL_WALLET_DETAIL (widget)->raw_row);
}

/**
 * till_wallet_detail_update_actions:
 * @self: a page
 *
 * Lets be done what can be done with what is shown. Busy means disabled.
 */
void
till_wallet_detail_update_actions (TillWalletDetail *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  TillItem *item = self->item;
  gboolean change = can_change_wallet (self);
  gboolean idle = self->shop != NULL && self->changing == NULL;
  gboolean waiting = till_undo_get_waiting (self->undo) != NULL;
  TillWalletChange typed;
  gboolean any = till_wallet_detail_get_change (self, &typed);

  gtk_widget_action_set_enabled (widget, "wallet.replace", can_change (self));
  gtk_widget_action_set_enabled (widget, "wallet.edit", change);
  gtk_widget_action_set_enabled (widget, "wallet.save", change && any);
  gtk_widget_action_set_enabled (widget, "wallet.discard", self->changing == NULL && (any || self->before != NULL));
  gtk_widget_action_set_enabled (widget, "wallet.enable", change);
  gtk_widget_action_set_enabled (widget, "wallet.make-default", change && item->wallet->is_default != TILL_TRI_TRUE);
  gtk_widget_action_set_enabled (widget, "wallet.remove", change && item->wallet->is_default != TILL_TRI_TRUE);
  gtk_widget_action_set_enabled (widget, "wallet.copy-identifier", item != NULL && get_identifier (item) != NULL);
  gtk_widget_action_set_enabled (widget, "wallet.add-to-calendar", item != NULL && ends (item));
  gtk_widget_action_set_enabled (widget, "wallet.history", item != NULL);
  gtk_widget_action_set_enabled (widget, "wallet.raw", item != NULL && item->wallet != NULL);
  gtk_widget_action_set_enabled (widget, "wallet.undo", waiting);
  gtk_widget_action_set_enabled (widget, "wallet.do-now", waiting && idle);
  gtk_widget_action_set_enabled (widget, "wallet.cancel", self->changing != NULL);
  gtk_widget_action_set_enabled (widget, "wallet.settle", idle);
  gtk_widget_action_set_enabled (widget, "wallet.mark-done", idle);
  gtk_widget_action_set_enabled (widget, "wallet.mark-not-done", idle);

  /* While something is sent the rows keep the focus; what is typed then is not lost. */
  change = change || (item != NULL && item->wallet != NULL && self->changing != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->name_row), change);
  gtk_widget_set_sensitive (GTK_WIDGET (self->comment_row), change);
}

/**
 * till_wallet_detail_class_install_actions:
 * @widget_class: of the page
 *
 * Installs the actions and their keys.
 */
void
till_wallet_detail_class_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "wallet.replace", NULL, replace_action);
  gtk_widget_class_install_action (widget_class, "wallet.edit", NULL, edit_action);
  gtk_widget_class_install_action (widget_class, "wallet.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "wallet.discard", NULL, discard_action);
  gtk_widget_class_install_property_action (widget_class, "wallet.enable", "switched-on");
  gtk_widget_class_install_action (widget_class, "wallet.make-default", NULL, make_default_action);
  gtk_widget_class_install_action (widget_class, "wallet.remove", NULL, remove_action);
  gtk_widget_class_install_action (widget_class, "wallet.undo", NULL, undo_action);
  gtk_widget_class_install_action (widget_class, "wallet.do-now", NULL, do_now_action);
  gtk_widget_class_install_action (widget_class, "wallet.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "wallet.dismiss", NULL, dismiss_action);
  gtk_widget_class_install_action (widget_class, "wallet.settle", NULL, settle_action);
  gtk_widget_class_install_action (widget_class, "wallet.mark-done", "x", mark_action);
  gtk_widget_class_install_action (widget_class, "wallet.mark-not-done", "x", mark_action);
  gtk_widget_class_install_action (widget_class, "wallet.copy-identifier", NULL, copy_identifier_action);
  gtk_widget_class_install_action (widget_class, "wallet.add-to-calendar", NULL, add_to_calendar_action);
  gtk_widget_class_install_action (widget_class, "wallet.history", NULL, history_action);
  gtk_widget_class_install_action (widget_class, "wallet.raw", NULL, raw_action);
  gtk_widget_class_install_action (widget_class, "detail.copy", "s", copy_action);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F2, 0, "wallet.edit", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "wallet.undo", NULL);
}
