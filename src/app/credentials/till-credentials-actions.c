/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be done in the credentials pane. */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "till-credentials-pane-private.h"
#include "till-key-export.h"
#include "till-save.h"

/* services/commerce-hub-credentials.md, API.md 4.5 */
#define HEADER "Auth-Token-Type: AccessToken\nAuthorization: Bearer "

static AdwToastOverlay *
get_overlay (TillCredentialsPane *self)
{
  return ADW_TOAST_OVERLAY (gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY));
}

static void
toast (TillCredentialsPane *self,
       const char          *text)
{
  AdwToastOverlay *overlay = get_overlay (self);

  if (overlay != NULL)
    adw_toast_overlay_add_toast (overlay, adw_toast_new (text));
}

/**
 * till_credentials_pane_mask:
 * @self: a pane
 *
 * No secret can be read any more.
 */
void
till_credentials_pane_mask (TillCredentialsPane *self)
{
  till_secret_row_mask (self->token_row);
  till_secret_row_mask (self->session_row);
}

static void
toast_dismissed_cb (TillCredentialsPane *self,
                    AdwToast            *dismissed)
{
  if (self->clipboard_toast == dismissed)
    g_clear_object (&self->clipboard_toast);
}

static void
dismiss_toast (TillCredentialsPane *self)
{
  g_autoptr(AdwToast) old = g_steal_pointer (&self->clipboard_toast);

  if (old != NULL)
    adw_toast_dismiss (old);
}

static void
clipboard_ended_cb (TillCredentialsPane *self,
                    gboolean             replaced)
{
  dismiss_toast (self);
  till_credentials_pane_update_actions (self);
  if (replaced)
    toast (self, _("Clipboard was replaced; nothing to clear."));
}

/**
 * till_credentials_pane_clear_clipboard:
 * @self: a pane
 *
 * Takes away what was copied here, where it is still there.
 */
void
till_credentials_pane_clear_clipboard (TillCredentialsPane *self)
{
  if (self->clipboard != NULL)
    till_clipboard_clear (self->clipboard);
}

static void
show_clipboard_toast (TillCredentialsPane *self)
{
  AdwToastOverlay *overlay = get_overlay (self);
  g_autofree char *text = NULL;

  dismiss_toast (self);
  if (overlay == NULL)
    return;

  /* Translators: %d is a number of seconds. */
  text = g_strdup_printf (_("Copied. Clears in %d s"), (int) self->clipboard_seconds);
  self->clipboard_toast = g_object_ref (adw_toast_new (text));
  /* It stays for as long as the secret does. */
  adw_toast_set_timeout (self->clipboard_toast, 0);
  adw_toast_set_priority (self->clipboard_toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_set_button_label (self->clipboard_toast, _("Clear Now"));
  g_signal_connect_object (self->clipboard_toast, "button-clicked",
                           G_CALLBACK (till_credentials_pane_clear_clipboard), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->clipboard_toast, "dismissed", G_CALLBACK (toast_dismissed_cb), self, G_CONNECT_SWAPPED);
  adw_toast_overlay_add_toast (overlay, g_object_ref (self->clipboard_toast));
}

static void
copy (TillCredentialsPane *self,
      TillSecret          *secret)
{
  if (self->clipboard == NULL)
    {
      self->clipboard = till_clipboard_new (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                                            till_session_get_clock (self->session));
      g_signal_connect_object (self->clipboard, "ended", G_CALLBACK (clipboard_ended_cb), self, G_CONNECT_SWAPPED);
    }

  till_clipboard_set_seconds (self->clipboard, self->clipboard_seconds);
  till_clipboard_copy (self->clipboard, secret);
  show_clipboard_toast (self);
  till_credentials_pane_update_actions (self);
}

static void
get_action (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  till_credentials_pane_get (TILL_CREDENTIALS_PANE (widget));
}

static void
cancel_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  TillCredentialsPane *self = TILL_CREDENTIALS_PANE (widget);

  if (self->asking == NULL)
    return;

  g_cancellable_cancel (self->asking);
  toast (self, _("Cancelled"));
}

static void
dismiss_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  till_credentials_pane_fail (TILL_CREDENTIALS_PANE (widget), NULL);
}

static TillSecretRow *
get_row (TillCredentialsPane *self,
         const char          *action)
{
  return g_str_has_suffix (action, "-session") ? self->session_row : self->token_row;
}

static void
reveal_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  TillCredentialsPane *self = TILL_CREDENTIALS_PANE (widget);
  TillSecretRow *row = get_row (self, name);

  if (till_secret_row_get_revealed (row))
    till_secret_row_mask (row);
  else
    till_secret_row_reveal (row, till_session_get_clock (self->session));
}

static void
copy_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  TillCredentialsPane *self = TILL_CREDENTIALS_PANE (widget);
  TillSecret *secret = till_secret_row_get_secret (get_row (self, name));

  if (secret != NULL)
    copy (self, secret);
}

static void
copy_header_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *parameter)
{
  TillCredentialsPane *self = TILL_CREDENTIALS_PANE (widget);
  TillSecret *token = till_secret_row_get_secret (self->token_row);
  g_autoptr(TillSecret) header = NULL;

  if (token == NULL)
    return;

  header = till_secret_new (strlen (HEADER) + till_secret_get_size (token));
  memcpy (till_secret_get_buffer (header), HEADER, strlen (HEADER));
  memcpy (till_secret_get_buffer (header) + strlen (HEADER), till_secret_get_data (token), till_secret_get_size (token));
  copy (self, header);
}

/* (nullable) PEM */
static GBytes *
export_key (TillCredentialsPane *self)
{
  TillKeyRecord record = { 0 };

  if (self->credentials == NULL || self->credentials->public_key == NULL || self->credentials->public_key->spki == NULL)
    return NULL;

  record.spki = self->credentials->public_key->spki;

  return till_key_export (&record, TILL_KEY_FORMAT_PEM);
}

static void
copy_key_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  TillCredentialsPane *self = TILL_CREDENTIALS_PANE (widget);
  g_autoptr(GBytes) pem = export_key (self);
  g_autofree char *text = NULL;

  if (pem == NULL)
    return;

  text = g_strndup (g_bytes_get_data (pem, NULL), g_bytes_get_size (pem));
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  toast (self, _("Public key copied"));
}

static void
save_key_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  TillCredentialsPane *self = TILL_CREDENTIALS_PANE (widget);
  g_autoptr(GBytes) pem = export_key (self);
  g_autofree char *file_name = NULL;

  if (pem == NULL)
    return;

  file_name = till_save_dup_safe_name (self->credentials->key_id != NULL ? self->credentials->key_id : "public-key", ".pem");
  till_save_ask (widget, _("Save Public Key"), file_name, TILL_FILE_KIND_PEM, pem, self->cancellable);
}

static void
clear_clipboard_action (GtkWidget  *widget,
                        const char *name,
                        GVariant   *parameter)
{
  till_credentials_pane_clear_clipboard (TILL_CREDENTIALS_PANE (widget));
}

/* Of the rows of what else was said: nothing secret. */
static void
copy_fact_action (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), g_variant_get_string (parameter, NULL));
  toast (TILL_CREDENTIALS_PANE (widget), _("Copied"));
}

/**
 * till_credentials_pane_update_actions:
 * @self: a pane
 *
 * Enables what can be done now.
 */
void
till_credentials_pane_update_actions (TillCredentialsPane *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean can_get = self->shop != NULL && self->asking == NULL && till_credentials_pane_redirect_is_fine (self);
  gboolean has_token = till_secret_row_get_secret (self->token_row) != NULL;
  gboolean has_session = till_secret_row_get_secret (self->session_row) != NULL;
  gboolean has_key = self->credentials != NULL && self->credentials->public_key != NULL;

  gtk_widget_action_set_enabled (widget, "pane.get", can_get);
  gtk_widget_action_set_enabled (widget, "pane.refresh", can_get && self->credentials != NULL);
  gtk_widget_action_set_enabled (widget, "pane.cancel", self->asking != NULL);
  gtk_widget_action_set_enabled (widget, "pane.reveal-token", has_token);
  gtk_widget_action_set_enabled (widget, "pane.copy-token", has_token);
  gtk_widget_action_set_enabled (widget, "pane.copy-header", has_token);
  gtk_widget_action_set_enabled (widget, "pane.reveal-session", has_session);
  gtk_widget_action_set_enabled (widget, "pane.copy-session", has_session);
  gtk_widget_action_set_enabled (widget, "pane.copy-key", has_key);
  gtk_widget_action_set_enabled (widget, "pane.save-key", has_key);
  gtk_widget_action_set_enabled (widget, "pane.clear-clipboard",
                                 self->clipboard != NULL && till_clipboard_holds (self->clipboard));
}

/**
 * till_credentials_pane_class_install_actions:
 * @widget_class: of the pane
 *
 * Installs what can be done, and its keys.
 */
void
till_credentials_pane_class_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "pane.get", NULL, get_action);
  gtk_widget_class_install_action (widget_class, "pane.refresh", NULL, get_action);
  gtk_widget_class_install_action (widget_class, "pane.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "pane.dismiss", NULL, dismiss_action);
  gtk_widget_class_install_action (widget_class, "pane.reveal-token", NULL, reveal_action);
  gtk_widget_class_install_action (widget_class, "pane.reveal-session", NULL, reveal_action);
  gtk_widget_class_install_action (widget_class, "pane.copy-token", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "pane.copy-session", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "pane.copy-header", NULL, copy_header_action);
  gtk_widget_class_install_action (widget_class, "pane.copy-key", NULL, copy_key_action);
  gtk_widget_class_install_action (widget_class, "pane.save-key", NULL, save_key_action);
  gtk_widget_class_install_action (widget_class, "pane.clear-clipboard", NULL, clear_clipboard_action);
  gtk_widget_class_install_action (widget_class, "detail.copy", "s", copy_fact_action);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_n, GDK_CONTROL_MASK, "pane.get", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F5, 0, "pane.refresh", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_r, GDK_CONTROL_MASK, "pane.refresh", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "pane.copy-token",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_x, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "pane.clear-clipboard", NULL);
}
