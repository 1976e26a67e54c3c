/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Revoking a key: says what stops working, asks, waits, and only then sends (UX.md 1.11, 2.4; RELIABILITY.md G31, G36). */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "till-error.h"
#include "till-key-dialog.h"
#include "till-key-words.h"
#include "till-keys-pane-private.h"
#include "till-text.h"

/* A dialog that has just come up takes no Enter that was meant for what was there before. */
#define ARM_MS 1000

#define TYPED_CHARS 4

typedef struct
{
  TillKeysPane     *self;         /* not owned: the dialog goes with its window */
  char             *key_id;
  char             *wanted;       /* (nullable): what has to be typed */
  AdwMessageDialog *dialog;
  GtkEditable      *entry;        /* (nullable) */
  guint             arm_id;
  gboolean          armed;
} Question;

static void
free_question (gpointer data)
{
  Question *question = data;

  g_clear_handle_id (&question->arm_id, g_source_remove);
  g_clear_weak_pointer (&question->self);
  g_free (question->key_id);
  g_free (question->wanted);
  g_free (question);
}

static void
update_question (Question *question)
{
  gboolean typed = question->wanted == NULL ||
                   g_strcmp0 (gtk_editable_get_text (question->entry), question->wanted) == 0;

  adw_message_dialog_set_response_enabled (question->dialog, "revoke", question->armed && typed);
}

static gboolean
arm_cb (gpointer user_data)
{
  Question *question = user_data;

  question->arm_id = 0;
  question->armed = TRUE;
  update_question (question);

  return G_SOURCE_REMOVE;
}

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

static gboolean
dismiss_cb (gpointer user_data)
{
  adw_toast_dismiss (user_data);

  return G_SOURCE_REMOVE;
}

/* Ends the time to undo, whatever comes of it. The toast goes a moment later: the window may be falling apart now. */
static char *
steal_leaving (TillKeysPane *self)
{
  char *key_id = g_steal_pointer (&self->leaving);

  g_clear_handle_id (&self->leave_id, g_source_remove);
  if (self->leave_toast != NULL)
    g_idle_add_full (G_PRIORITY_DEFAULT, dismiss_cb, g_steal_pointer (&self->leave_toast), g_object_unref);

  return key_id;
}

static gboolean
leave_cb (gpointer user_data)
{
  TillKeysPane *self = user_data;
  g_autofree char *key_id = NULL;
  GCancellable *cancellable;

  /* One change at a time: the next moment will do. */
  if (self->changing != NULL)
    return G_SOURCE_CONTINUE;

  self->leave_id = 0;
  key_id = steal_leaving (self);
  cancellable = till_keys_pane_begin (self, _("Revoking the key…"), TRUE);
  till_shop_revoke_key_async (self->shop, key_id, cancellable, revoked_cb, g_object_ref (self));
  till_keys_pane_update (self);

  return G_SOURCE_REMOVE;
}

static void
undo_clicked_cb (TillKeysPane *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "pane.undo", NULL);
}

/* Nothing is sent before the time to undo is over. */
static void
leave (TillKeysPane *self,
       const char   *key_id)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY);
  g_autofree char *id = till_key_words_dup_short_id (key_id);
  g_autofree char *text = NULL;
  g_autofree char *escaped = NULL;

  till_keys_pane_undo (self);
  self->leaving = g_strdup (key_id);

  text = g_strdup_printf (ngettext ("Revoking %s in %u second", "Revoking %s in %u seconds", self->undo_seconds),
                          id, self->undo_seconds);
  escaped = g_markup_escape_text (text, -1);
  self->leave_toast = adw_toast_new (escaped);
  adw_toast_set_timeout (self->leave_toast, 0);
  adw_toast_set_priority (self->leave_toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_set_button_label (self->leave_toast, _("Undo"));
  g_signal_connect_object (self->leave_toast, "button-clicked", G_CALLBACK (undo_clicked_cb), self, G_CONNECT_SWAPPED);
  if (overlay != NULL)
    adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), g_object_ref (self->leave_toast));

  self->leave_id = g_timeout_add_seconds (self->undo_seconds, leave_cb, self);
  till_keys_pane_update (self);
}

/**
 * till_keys_pane_undo:
 * @self: a pane
 *
 * What waits for the end of the time to undo is not sent. Touches no widget:
 * also for a window that is going away.
 */
void
till_keys_pane_undo (TillKeysPane *self)
{
  g_free (steal_leaving (self));
}

static void
response_cb (Question   *question,
             const char *response)
{
  TillKeysPane *self = question->self;

  if (self == NULL || self->session == NULL)
    return;

  if (g_str_equal (response, "revoke"))
    leave (self, question->key_id);
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

static void
add_entry (Question  *question,
           GtkWidget *box)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *row = adw_entry_row_new ();
  g_autofree char *title = NULL;

  /* Translators: %s are the last characters of a key's id. */
  title = g_strdup_printf (_("Type %s to go on"), question->wanted);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  gtk_box_append (GTK_BOX (box), list);

  question->entry = GTK_EDITABLE (row);
  g_signal_connect_swapped (row, "changed", G_CALLBACK (update_question), question);
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
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  gboolean live = profile->environment == TILL_ENVIRONMENT_LIVE;
  glong length = g_utf8_strlen (key->key_id, -1);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  Question *question;
  g_autofree char *body = NULL;

  if (self->changing != NULL || till_keys_pane_get_standing (self, key) == TILL_KEY_REVOKED)
    return;

  body = dup_body (self, key);
  question = g_new0 (Question, 1);
  g_set_weak_pointer (&question->self, self);
  question->key_id = g_strdup (key->key_id);
  if (live)
    question->wanted = g_strdup (g_utf8_offset_to_pointer (key->key_id, MAX (0, length - TYPED_CHARS)));

  question->dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                                                 _("Revoke This Key?"), body));
  g_object_set_data_full (G_OBJECT (question->dialog), "till-question", question, free_question);
  gtk_box_append (GTK_BOX (box), till_key_dialog_new_environment (profile));
  if (live)
    add_entry (question, box);
  adw_message_dialog_set_extra_child (question->dialog, box);

  adw_message_dialog_add_response (question->dialog, "cancel", _("Cancel"));
  if (is_only_usable (self, key))
    {
      adw_message_dialog_add_response (question->dialog, "generate", _("Generate First"));
      adw_message_dialog_set_response_appearance (question->dialog, "generate", ADW_RESPONSE_SUGGESTED);
    }
  adw_message_dialog_add_response (question->dialog, "revoke", _("Revoke"));
  adw_message_dialog_set_response_appearance (question->dialog, "revoke", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (question->dialog, "cancel");
  adw_message_dialog_set_close_response (question->dialog, "cancel");
  update_question (question);
  question->arm_id = g_timeout_add (ARM_MS, arm_cb, question);

  g_signal_connect_swapped (question->dialog, "response", G_CALLBACK (response_cb), question);
  gtk_window_present (GTK_WINDOW (question->dialog));
}
