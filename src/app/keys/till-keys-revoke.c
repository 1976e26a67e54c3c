/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Revoking a key: says what stops working, asks, waits, and only then sends (UX.md 1.11, 2.4; RELIABILITY.md G31, G36). */
#include "config.h"

#include <glib/gi18n.h>

#include "till-error.h"
#include "till-key-words.h"
#include "till-keys-pane-private.h"
#include "till-question.h"
#include "till-text.h"

#define TYPED_CHARS 4

static void
revoked_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(TillKeysPane) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TillKeyRecord) key = till_shop_key_finish (TILL_SHOP (source), result, NULL, &error);
  gboolean unknown = till_error_get_outcome (error) == TILL_OUTCOME_UNKNOWN;

  /* Disposed meanwhile. */
  if (self->session == NULL)
    return;

  till_keys_pane_end (self);
  /* What is not known has a row of its own. */
  till_keys_pane_fail (self, unknown ? NULL : error);
  if (key != NULL)
    {
      g_autofree char *id = till_key_words_dup_short_id (key->key_id);
      /* Translators: %s is the short id of a key. */
      g_autofree char *text = g_strdup_printf (_("The key %s is revoked"), id);

      till_keys_pane_toast (self, text);
    }
  else if (unknown && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
           !g_error_matches (error, TILL_ERROR, TILL_ERROR_CANCELLED))
    {
      till_keys_pane_settle (self);
    }

  till_session_tell_changed (self->session);
}

/* The time to undo is over. */
static void
revoke_cb (const char *key_id,
           gpointer    user_data)
{
  TillKeysPane *self = user_data;
  GCancellable *cancellable = till_keys_pane_begin (self, _("Revoking the key…"), TRUE);

  till_shop_revoke_key_async (self->shop, key_id, cancellable, revoked_cb, g_object_ref (self));
  till_keys_pane_update (self);
}

/* Nothing is sent before the time to undo is over. */
static void
leave (TillKeysPane *self,
       const char   *key_id)
{
  g_autofree char *id = till_key_words_dup_short_id (key_id);
  g_autofree char *text = NULL;

  text = g_strdup_printf (ngettext ("Revoking %s in %u second", "Revoking %s in %u seconds", self->undo_seconds),
                          id, self->undo_seconds);
  till_undo_start (self->undo, key_id, text, self->undo_seconds, revoke_cb, self);
  till_keys_pane_update (self);
}

static void
response_cb (TillKeysPane     *self,
             const char       *response,
             AdwMessageDialog *dialog)
{
  const char *key_id = g_object_get_data (G_OBJECT (dialog), "key-id");

  if (self->session == NULL || self->shop == NULL)
    return;

  if (g_str_equal (response, "revoke"))
    leave (self, key_id);
  else if (g_str_equal (response, "generate"))
    gtk_widget_activate_action (GTK_WIDGET (self), "pane.generate", NULL);
}

static gboolean
is_only_usable (TillKeysPane        *self,
                const TillKeyRecord *key)
{
  return self->advice != NULL && self->advice->use == key && self->advice->accepted->len == 0;
}

static char *
dup_body (TillKeysPane        *self,
          const TillKeyRecord *key)
{
  g_autofree char *id = till_text_dup_display (key->key_id, 80);
  g_autofree char *question = NULL;

  /* Translators: %s is the id of a key. */
  question = g_strdup_printf (_("%s\n\nUse this if the key may have leaked. Offline payments still waiting with it may be "
                                "refused. This cannot be undone."), id);
  if (!is_only_usable (self, key))
    return g_steal_pointer (&question);

  return g_strconcat (question, "\n\n", _("You have no other key. Generate one first."), NULL);
}

/**
 * till_keys_pane_ask_revoke:
 * @self: a pane
 * @key: one of its keys
 *
 * Asks whether to revoke it; in Live the end of its id has to be typed.
 */
void
till_keys_pane_ask_revoke (TillKeysPane        *self,
                           const TillKeyRecord *key)
{
  const TillProfile *profile = till_shop_get_profile (self->shop);
  gboolean live = profile->environment == TILL_ENVIRONMENT_LIVE;
  glong length = g_utf8_strlen (key->key_id, -1);
  AdwMessageDialog *dialog;
  g_autofree char *body = NULL;

  if (self->changing != NULL || till_keys_pane_get_standing (self, key) == TILL_KEY_REVOKED)
    return;

  body = dup_body (self, key);
  dialog = till_question_new (GTK_WIDGET (self), profile, _("Revoke This Key?"), body,
                              live ? g_utf8_offset_to_pointer (key->key_id, MAX (0, length - TYPED_CHARS)) : NULL);
  g_object_set_data_full (G_OBJECT (dialog), "key-id", g_strdup (key->key_id), g_free);
  if (is_only_usable (self, key))
    {
      adw_message_dialog_add_response (dialog, "generate", _("Generate First"));
      adw_message_dialog_set_response_appearance (dialog, "generate", ADW_RESPONSE_SUGGESTED);
    }
  adw_message_dialog_add_response (dialog, "revoke", _("Revoke"));
  adw_message_dialog_set_response_appearance (dialog, "revoke", ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, G_CONNECT_SWAPPED);
  till_question_ask (dialog, "revoke");
}
