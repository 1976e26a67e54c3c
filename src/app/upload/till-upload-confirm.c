/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks before something is sent in Live, and before something is stopped on its way (UX.md 1.9, RELIABILITY.md G31, G36). */
#include "config.h"

#include <glib/gi18n.h>

#include "till-question.h"
#include "till-upload-private.h"
#include "till-upload-words.h"

static void
send_response_cb (TillUploadWindow *self,
                  const char       *response)
{
  if (self->session != NULL && self->state == TILL_UPLOAD_STATE_READY && g_str_equal (response, "send"))
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
  GString *body;
  g_autofree char *templates = NULL;

  if (self->kind == TILL_UPLOAD_HUB)
    return g_strdup (_("Commerce Hub will encrypt for this certificate in real shops. It cannot be taken back from here."));
  if (current == NULL)
    return g_strdup (_("Real passes can be made with it from then on."));

  body = g_string_new (NULL);
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

/* As it is at the service, to be typed the same. */
static const char *
get_name (const TillWalletCertificate *current)
{
  if (current->name != NULL && *current->name != '\0')
    return current->name;

  return current->base_name != NULL ? current->base_name : current->id;
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
  AdwMessageDialog *dialog;
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
  dialog = till_question_new (GTK_WIDGET (self), profile, heading, body, current != NULL ? get_name (current) : NULL);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (dialog), TRUE);
  adw_message_dialog_add_response (dialog, "send", gtk_button_get_label (GTK_BUTTON (self->send_button)));
  adw_message_dialog_set_response_appearance (dialog, "send", current != NULL ? ADW_RESPONSE_DESTRUCTIVE
                                                                               : ADW_RESPONSE_SUGGESTED);
  g_signal_connect_object (dialog, "response", G_CALLBACK (send_response_cb), self, G_CONNECT_SWAPPED);
  till_question_ask (dialog, "send");
}

static void
close_response_cb (TillUploadWindow *self,
                   const char       *response)
{
  if (self->session == NULL || !g_str_equal (response, "stop"))
    return;

  /* It ended while the question was on screen. */
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
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _("Stop Sending?"),
                                              _("The service may have done it already. If its answer is not waited for, you "
                                                "see in the list later what became of it."));

  gtk_window_set_destroy_with_parent (GTK_WINDOW (dialog), TRUE);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog),
                                    "cancel", _("Keep Sending"),
                                    "stop", _("Stop and Close"),
                                    NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "stop", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (close_response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}
