/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks before something is sent in Live, and before something is stopped on its way (UX.md 1.9, RELIABILITY.md G31, G36). */
#include "config.h"

#include <glib/gi18n.h>

#include "till-key-dialog.h"
#include "till-text.h"
#include "till-upload-private.h"
#include "till-upload-words.h"

/* A dialog that has just come up takes no Enter that was meant for what was there before. */
#define ARM_MS 1000

typedef struct
{
  TillUploadWindow *self;         /* (nullable) weak */
  AdwMessageDialog *dialog;
  char             *wanted;       /* (nullable): what has to be typed */
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
  g_free (question->wanted);
  g_free (question);
}

static void
update_question (Question *question)
{
  gboolean typed = question->wanted == NULL ||
                   g_strcmp0 (gtk_editable_get_text (question->entry), question->wanted) == 0;

  adw_message_dialog_set_response_enabled (question->dialog, "go", question->armed && typed);
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

static Question *
new_question (TillUploadWindow       *self,
              const char             *heading,
              const char             *body,
              const char             *cancel,
              const char             *go,
              AdwResponseAppearance   appearance)
{
  Question *question = g_new0 (Question, 1);

  g_set_weak_pointer (&question->self, self);
  question->dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_WINDOW (self), heading, body));
  gtk_window_set_destroy_with_parent (GTK_WINDOW (question->dialog), TRUE);
  g_object_set_data_full (G_OBJECT (question->dialog), "till-question", question, free_question);
  adw_message_dialog_add_response (question->dialog, "cancel", cancel);
  adw_message_dialog_add_response (question->dialog, "go", go);
  adw_message_dialog_set_response_appearance (question->dialog, "go", appearance);
  adw_message_dialog_set_default_response (question->dialog, "cancel");
  adw_message_dialog_set_close_response (question->dialog, "cancel");

  return question;
}

static void
send_response_cb (Question   *question,
                  const char *response)
{
  TillUploadWindow *self = question->self;

  if (self != NULL && self->session != NULL && self->state == TILL_UPLOAD_STATE_READY && g_str_equal (response, "go"))
    till_upload_window_send (self);
}

static char *
dup_send_heading (TillUploadWindow *self,
                  const char       *name)
{
  if (self->kind == TILL_UPLOAD_HUB)
    return g_strdup (_("Upload in Live?"));
  if (self->kind == TILL_UPLOAD_REPLACE)
    /* Translators: %s is the name of a certificate. */
    return g_strdup_printf (_("Replace “%s” in Live?"), name);
  if (till_upload_window_is_renewal (self))
    /* Translators: %s is the name of a certificate. */
    return g_strdup_printf (_("Renew “%s” in Live?"), name);

  return g_strdup (_("Add in Live?"));
}

static char *
dup_send_body (TillUploadWindow            *self,
               const TillWalletCertificate *current)
{
  GString *body = g_string_new (NULL);
  g_autofree char *templates = NULL;

  if (self->kind == TILL_UPLOAD_HUB)
    return g_string_free (g_string_append (body, _("Commerce Hub will encrypt for this certificate in real shops. It cannot be "
                                                   "taken back from here.")), FALSE);

  if (current == NULL)
    return g_string_free (g_string_append (body, _("Real passes can be made with it from then on.")), FALSE);

  g_string_append (body, _("The certificate that is there now is gone afterwards; Airship keeps no copy. This cannot be "
                           "undone."));
  templates = till_upload_words_dup_templates (current);
  if (templates != NULL)
    /* Translators: %s is such as “2 templates: Gold, Silver”. */
    g_string_append_printf (g_string_append (body, "\n\n"), _("It is used for %s."), templates);
  if (current->is_default == TILL_TRI_TRUE)
    g_string_append (g_string_append (body, "\n\n"), _("It is the default certificate."));

  return g_string_free (body, FALSE);
}

static void
add_entry (Question  *question,
           GtkWidget *box)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *row = adw_entry_row_new ();
  g_autofree char *title = NULL;

  /* Translators: %s is the name of a certificate. */
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
 * till_upload_window_ask_send:
 * @self: a window that is ready
 *
 * In Live says what comes of it and asks; where it takes the place of what is
 * there, its name has to be typed. Elsewhere it is sent.
 */
void
till_upload_window_ask_send (TillUploadWindow *self)
{
  const TillProfile *profile = till_shop_get_profile (self->shop);
  const TillWalletCertificate *current = till_upload_window_get_current (self);
  GtkWidget *box;
  Question *question;
  g_autofree char *name = current != NULL ? till_upload_words_dup_name (current) : NULL;
  g_autofree char *heading = NULL;
  g_autofree char *body = NULL;

  if (profile->environment != TILL_ENVIRONMENT_LIVE)
    {
      till_upload_window_send (self);
      return;
    }

  heading = dup_send_heading (self, name);
  body = dup_send_body (self, current);
  question = new_question (self, heading, body, _("Cancel"), gtk_button_get_label (GTK_BUTTON (self->send_button)),
                           current != NULL ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_SUGGESTED);
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_box_append (GTK_BOX (box), till_key_dialog_new_environment (profile));
  question->wanted = g_steal_pointer (&name);
  if (question->wanted != NULL)
    add_entry (question, box);
  adw_message_dialog_set_extra_child (question->dialog, box);
  update_question (question);
  question->arm_id = g_timeout_add (ARM_MS, arm_cb, question);

  g_signal_connect_swapped (question->dialog, "response", G_CALLBACK (send_response_cb), question);
  gtk_window_present (GTK_WINDOW (question->dialog));
}

static void
close_response_cb (Question   *question,
                   const char *response)
{
  TillUploadWindow *self = question->self;

  if (self == NULL || self->session == NULL || !g_str_equal (response, "go"))
    return;

  if (self->state != TILL_UPLOAD_STATE_SENDING)
    {
      gtk_window_close (GTK_WINDOW (self));
      return;
    }

  self->closing = TRUE;
  g_cancellable_cancel (self->sending);
}

/**
 * till_upload_window_ask_close:
 * @self: a window that sends
 *
 * Asks whether to stop; what has arrived at the service stays done.
 */
void
till_upload_window_ask_close (TillUploadWindow *self)
{
  Question *question = new_question (self, _("Stop Sending?"),
                                     _("The service may have done it already. If its answer is not waited for, you see in "
                                       "the list later what became of it."),
                                     _("Keep Sending"), _("Stop and Close"), ADW_RESPONSE_DESTRUCTIVE);

  question->armed = TRUE;
  g_signal_connect_swapped (question->dialog, "response", G_CALLBACK (close_response_cb), question);
  gtk_window_present (GTK_WINDOW (question->dialog));
}
