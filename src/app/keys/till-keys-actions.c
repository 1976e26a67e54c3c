/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be done in the keys pane. */
#include "config.h"

#include <glib/gi18n.h>

#include "till-error-text.h"
#include "till-error.h"
#include "till-key-dialog.h"
#include "till-key-export.h"
#include "till-key-words.h"
#include "till-keys-pane-private.h"
#include "till-text.h"

/* Cancelled while it was on its way: nobody asks again by himself then. */
static gboolean
is_unknown (const GError *error)
{
  return till_error_get_outcome (error) == TILL_OUTCOME_UNKNOWN;
}

static gboolean
is_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
         g_error_matches (error, TILL_ERROR, TILL_ERROR_CANCELLED);
}

/* After a change: read again, and let the others look. */
static void
tell_changed (TillKeysPane *self)
{
  till_session_tell_changed (self->session);
}

static void
settled_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(TillKeysPane) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) unknown = till_shop_settle_finish (TILL_SHOP (source), result, &error);
  guint n = 0;

  /* Disposed meanwhile. */
  if (self->session == NULL)
    return;

  till_keys_pane_end (self);
  for (guint i = 0; unknown != NULL && i < unknown->len; i++)
    n += g_str_has_prefix (((const TillIntentRecord *) unknown->pdata[i])->operation, "keys.");

  if (unknown == NULL)
    {
      till_keys_pane_fail (self, error);
    }
  else if (n == 0)
    {
      till_keys_pane_fail (self, NULL);
      till_keys_pane_toast (self, _("The outcome is known now"));
    }
  else
    {
      till_keys_pane_toast (self, _("The outcome is still not known"));
    }
  tell_changed (self);
}

/**
 * till_keys_pane_settle:
 * @self: a pane
 *
 * Asks what became of changes whose answer was lost, with the same request
 * number, so that nothing is done twice (RELIABILITY.md G17, row 55).
 */
void
till_keys_pane_settle (TillKeysPane *self)
{
  GCancellable *cancellable;

  if (self->shop == NULL || self->changing != NULL)
    return;

  cancellable = till_keys_pane_begin (self, _("Result unknown. Checking with the same request number…"), TRUE);
  till_shop_settle_async (self->shop, cancellable, settled_cb, g_object_ref (self));
}

static void
generated_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(TillKeysPane) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TillKeyRecord) key = till_shop_key_finish (TILL_SHOP (source), result, NULL, &error);

  if (self->session == NULL)
    return;

  till_keys_pane_end (self);
  /* What is not known has a row of its own, which does not say “try again”. */
  till_keys_pane_fail (self, is_unknown (error) ? NULL : error);
  if (key != NULL && self->shop == TILL_SHOP (source))
    till_keys_pane_show_ready (self, key);
  else if (is_cancelled (error))
    till_keys_pane_toast (self, is_unknown (error) ? _("Stopped waiting; the outcome is not known") : _("Cancelled"));
  else if (is_unknown (error))
    till_keys_pane_settle (self);

  tell_changed (self);
}

static void
generate (TillKeysPane *self)
{
  GCancellable *cancellable;

  if (self->shop == NULL || self->changing != NULL)
    return;

  till_keys_pane_fail (self, NULL);
  cancellable = till_keys_pane_begin (self, _("Asking Commerce Hub for a new key…"), TRUE);
  till_shop_generate_key_async (self->shop, cancellable, generated_cb, g_object_ref (self));
}

static void
generate_response_cb (TillKeysPane *self,
                      const char   *response)
{
  if (g_str_equal (response, "generate"))
    generate (self);
}

/* “…683”: enough to tell one merchant from another. */
static char *
dup_merchant (const TillProfile *profile)
{
  g_autofree char *merchant = till_text_dup_display (profile->hub_merchant, TILL_TEXT_MAX_CHARS);
  glong length = g_utf8_strlen (merchant, -1);

  if (length <= 4)
    return g_steal_pointer (&merchant);

  return g_strconcat ("…", g_utf8_offset_to_pointer (merchant, length - 3), NULL);
}

static void
generate_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  TillKeysPane *self = TILL_KEYS_PANE (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  const TillProfile *profile;
  g_autofree char *merchant = NULL;
  g_autofree char *body = NULL;
  GtkWidget *dialog;

  if (self->shop == NULL || self->changing != NULL)
    return;

  profile = till_shop_get_profile (self->shop);
  merchant = dup_merchant (profile);
  if (self->advice != NULL && self->advice->use != NULL)
    /* Translators: %s is the end of a merchant's number: “…683”. */
    body = g_strdup_printf (_("Asks Commerce Hub for a new key for merchant %s. The current one keeps working until it "
                              "ends."), merchant);
  else
    /* Translators: %s is the end of a merchant's number: “…683”. */
    body = g_strdup_printf (_("Asks Commerce Hub for a new key for merchant %s."), merchant);

  dialog = adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, _("Generate a New Key?"), body);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), till_key_dialog_new_environment (profile));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog),
                                    "cancel", _("Cancel"),
                                    "generate", _("Generate Key"),
                                    NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "generate", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "generate");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (generate_response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
copy_text (TillKeysPane *self,
           const char   *text,
           const char   *toast)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  till_keys_pane_toast (self, toast);
}

static void
copy_key (TillKeysPane        *self,
          const TillKeyRecord *key)
{
  g_autoptr(GBytes) pem = NULL;
  g_autofree char *text = NULL;
  gsize size;

  if (key->spki == NULL)
    {
      till_keys_pane_toast (self, _("The public key itself is not known here"));
      return;
    }

  pem = till_key_export (key, TILL_KEY_FORMAT_PEM);
  text = g_strndup (g_bytes_get_data (pem, &size), g_bytes_get_size (pem));
  copy_text (self, text, _("Public key copied"));
}

static void
marked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(TillKeysPane) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TillKeyRecord) key = till_shop_key_finish (TILL_SHOP (source), result, NULL, &error);

  if (self->session == NULL)
    return;

  if (key == NULL)
    till_keys_pane_fail (self, error);
  else if (key->in_use)
    till_keys_pane_toast (self, _("Marked as in use on tills"));
  else
    till_keys_pane_toast (self, _("No longer marked as in use"));
  tell_changed (self);
}

static void
mark_in_use (TillKeysPane        *self,
             const TillKeyRecord *key)
{
  till_shop_mark_key_async (self->shop, key->key_id, !key->in_use, key->offline_limit, key->offline_currency, NULL,
                            marked_cb, g_object_ref (self));
}

static gboolean
can_be_handed_out (TillKeysPane        *self,
                   const TillKeyRecord *key)
{
  TillKeyStanding standing = till_keys_pane_get_standing (self, key);

  return key->spki != NULL &&
         (standing == TILL_KEY_USE || standing == TILL_KEY_ACCEPTED || standing == TILL_KEY_NOT_YET);
}

/**
 * till_keys_pane_act:
 * @self: a pane
 * @key_id: which key
 * @action: of the pane, such as "pane.copy-id"
 *
 * Does something with one key. A revoked or ended one is never handed out.
 */
void
till_keys_pane_act (TillKeysPane *self,
                    const char   *key_id,
                    const char   *action)
{
  const TillKeyRecord *key = till_keys_pane_get_key (self, key_id);

  if (key == NULL || self->shop == NULL)
    return;

  if (g_str_equal (action, "pane.copy-id"))
    copy_text (self, key->key_id, _("Key ID copied"));
  else if (g_str_equal (action, "pane.copy-key"))
    copy_key (self, key);
  else if (g_str_equal (action, "pane.mark-in-use"))
    mark_in_use (self, key);
  else if (g_str_equal (action, "pane.revoke"))
    till_keys_pane_ask_revoke (self, key);
  else if (!can_be_handed_out (self, key))
    till_keys_pane_toast (self, _("This key is not handed out: it is not accepted"));
  else if (g_str_equal (action, "pane.export"))
    till_keys_pane_show_export (self, key);
  else if (g_str_equal (action, "pane.test-encryption"))
    till_keys_pane_show_encrypt (self, key);
}

/* Without a row that has the focus, the key to use is meant; but never for revoking. */
static void
key_action (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  TillKeysPane *self = TILL_KEYS_PANE (widget);
  const TillKeyRecord *key = till_keys_pane_get_focused (self);

  if (key == NULL && self->advice != NULL && !g_str_equal (name, "pane.revoke"))
    key = self->advice->use;

  if (key != NULL)
    till_keys_pane_act (self, key->key_id, name);
  else if (self->keys != NULL && self->keys->len > 0)
    till_keys_pane_toast (self, _("Choose a key in the list first"));
}

/* The card's buttons mean the key on the card, wherever the focus is. */
static void
use_action (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  TillKeysPane *self = TILL_KEYS_PANE (widget);

  if (self->advice != NULL && self->advice->use != NULL)
    till_keys_pane_act (self, self->advice->use->key_id, g_variant_get_string (parameter, NULL));
}

static void
import_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  TillKeysPane *self = TILL_KEYS_PANE (widget);

  if (self->shop != NULL)
    till_keys_pane_show_import (self);
}

static void
refresh_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  till_keys_pane_load (TILL_KEYS_PANE (widget));
}

static void
cancel_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  TillKeysPane *self = TILL_KEYS_PANE (widget);

  if (self->changing != NULL)
    g_cancellable_cancel (self->changing);
}

static void
undo_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  TillKeysPane *self = TILL_KEYS_PANE (widget);

  if (till_undo_get_waiting (self->undo) == NULL)
    return;

  till_undo_undo (self->undo);
  till_keys_pane_update (self);
  till_keys_pane_toast (self, _("Not revoked. Nothing was sent."));
}

static void
settle_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  till_keys_pane_settle (TILL_KEYS_PANE (widget));
}

static void
intent_marked_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(TillKeysPane) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!till_shop_mark_intent_finish (TILL_SHOP (source), result, &error) && self->session != NULL)
    till_keys_pane_fail (self, error);
  else if (self->session != NULL)
    till_keys_pane_fail (self, NULL);

  if (self->session != NULL)
    tell_changed (self);
}

static void
mark_intent_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *parameter)
{
  TillKeysPane *self = TILL_KEYS_PANE (widget);

  if (self->shop == NULL)
    return;

  till_shop_mark_intent_async (self->shop, g_variant_get_int64 (parameter), g_str_equal (name, "pane.mark-done"), NULL,
                               intent_marked_cb, g_object_ref (self));
}

static void
dismiss_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  till_keys_pane_fail (TILL_KEYS_PANE (widget), NULL);
}

static void
copy_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  copy_text (TILL_KEYS_PANE (widget), g_variant_get_string (parameter, NULL), _("Copied"));
}

static const char * const key_actions[] = {
  "pane.copy-id", "pane.copy-key", "pane.export", "pane.test-encryption", "pane.mark-in-use", "pane.revoke",
};

/**
 * till_keys_pane_update_actions:
 * @self: a pane
 *
 * Busy means disabled.
 */
void
till_keys_pane_update_actions (TillKeysPane *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean open = self->shop != NULL && till_session_get_state (self->session) == TILL_SESSION_OPEN;
  gboolean busy = self->changing != NULL;
  gboolean any = open && self->keys != NULL && self->keys->len > 0;

  gtk_widget_action_set_enabled (widget, "pane.generate", open && !busy);
  gtk_widget_action_set_enabled (widget, "pane.import", open && !busy);
  gtk_widget_action_set_enabled (widget, "pane.refresh", open);
  gtk_widget_action_set_enabled (widget, "pane.settle", open && !busy);
  gtk_widget_action_set_enabled (widget, "pane.cancel", busy);
  gtk_widget_action_set_enabled (widget, "pane.undo", till_undo_get_waiting (self->undo) != NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (key_actions); i++)
    gtk_widget_action_set_enabled (widget, key_actions[i], any);
  if (busy)
    gtk_widget_action_set_enabled (widget, "pane.revoke", FALSE);
}

/**
 * till_keys_pane_class_install_actions:
 * @widget_class: of the pane
 *
 * Installs the actions and their keys.
 */
void
till_keys_pane_class_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "pane.generate", NULL, generate_action);
  gtk_widget_class_install_action (widget_class, "pane.use", "s", use_action);
  gtk_widget_class_install_action (widget_class, "pane.import", NULL, import_action);
  gtk_widget_class_install_action (widget_class, "pane.refresh", NULL, refresh_action);
  gtk_widget_class_install_action (widget_class, "pane.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "pane.undo", NULL, undo_action);
  gtk_widget_class_install_action (widget_class, "pane.settle", NULL, settle_action);
  gtk_widget_class_install_action (widget_class, "pane.mark-done", "x", mark_intent_action);
  gtk_widget_class_install_action (widget_class, "pane.mark-not-done", "x", mark_intent_action);
  gtk_widget_class_install_action (widget_class, "pane.dismiss", NULL, dismiss_action);
  gtk_widget_class_install_action (widget_class, "detail.copy", "s", copy_action);
  for (gsize i = 0; i < G_N_ELEMENTS (key_actions); i++)
    gtk_widget_class_install_action (widget_class, key_actions[i], NULL, key_action);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_n, GDK_CONTROL_MASK, "pane.generate", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "pane.revoke", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Delete, 0, "pane.revoke", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "pane.copy-id", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_e, GDK_CONTROL_MASK, "pane.export", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "pane.undo", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F5, 0, "pane.refresh", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_r, GDK_CONTROL_MASK, "pane.refresh", NULL);
}
