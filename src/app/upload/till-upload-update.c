/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the upload window shows when. */
#include "config.h"

#include <glib/gi18n.h>

#include "till-error-text.h"
#include "till-error.h"
#include "till-fact-row.h"
#include "till-key-dialog.h"
#include "till-profile-words.h"
#include "till-text.h"
#include "till-upload-private.h"
#include "till-upload-words.h"

static char *
dup_title (TillUploadWindow *self)
{
  g_autofree char *name = NULL;

  switch (self->kind)
    {
    case TILL_UPLOAD_ADD:
      return g_strdup (_("Add to Airship"));

    case TILL_UPLOAD_HUB:
      return g_strdup (_("Upload to Commerce Hub"));

    case TILL_UPLOAD_REPLACE:
    default:
      name = till_upload_words_dup_name (self->replaces->wallet);
      /* Translators: %s is the name of a certificate. */
      return g_strdup_printf (_("Replace “%s”"), name);
    }
}

static void
update_header (TillUploadWindow *self)
{
  const TillProfile *profile = self->shop != NULL ? till_shop_get_profile (self->shop) : NULL;
  g_autofree char *title = dup_title (self);
  g_autofree char *environment = profile != NULL ? till_key_dialog_dup_environment (profile) : g_strdup ("");
  g_autofree char *whole = NULL;
  gboolean live = profile != NULL && profile->environment == TILL_ENVIRONMENT_LIVE;

  adw_window_title_set_title (self->title, title);
  adw_window_title_set_subtitle (self->title, environment);
  /* Translators: title of a window: what it is for, then environment and profile. */
  whole = g_strdup_printf (_("%s (%s)"), title, environment);
  gtk_window_set_title (GTK_WINDOW (self), profile != NULL ? whole : title);
  gtk_widget_set_visible (self->live_band, live);
  gtk_widget_set_visible (GTK_WIDGET (self->environment_icon), profile != NULL);
  if (profile == NULL)
    return;

  gtk_image_set_from_icon_name (self->environment_icon, till_profile_words_get_icon_name (profile->environment));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->environment_icon),
                               till_profile_words_get_environment (profile->environment));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->environment_icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  till_profile_words_get_environment (profile->environment), -1);
}

static void
update_file (TillUploadWindow *self,
             gboolean          free)
{
  g_autofree char *base = self->file != NULL ? g_file_get_basename (self->file) : NULL;
  g_autofree char *name = till_text_dup_display (base, TILL_TEXT_MAX_CHARS);
  g_autofree char *escaped = g_markup_escape_text (name, -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->file_row),
                                 self->kind == TILL_UPLOAD_REPLACE ? _("New File") : _("File"));
  if (self->file != NULL)
    adw_action_row_set_subtitle (self->file_row, escaped);
  else
    adw_action_row_set_subtitle (self->file_row,
                                 self->kind == TILL_UPLOAD_HUB ? _(".cer, .crt, .der or .pem; or drop it here")
                                                               : _(".p12 or .pfx; or drop it here"));
  gtk_widget_set_visible (GTK_WIDGET (self->password), self->needs_password);
  gtk_widget_set_sensitive (GTK_WIDGET (self->password), free);
}

static void
update_failure (TillUploadWindow *self)
{
  gboolean shown = self->failure != NULL && self->state != TILL_UPLOAD_STATE_CHECKING && !till_upload_window_is_busy (self);
  g_autofree char *body = NULL;
  gboolean wrong;

  gtk_widget_set_visible (self->failure_box, shown);
  if (!shown)
    return;

  /* Another password is another try; nobody needs the technical side of that. */
  wrong = g_error_matches (self->failure, TILL_ERROR, TILL_ERROR_WRONG_PASSWORD);
  gtk_widget_set_visible (self->retry_button, self->state == TILL_UPLOAD_STATE_FAILED && !wrong);
  if (wrong)
    till_error_details_set_error (self->failure_details, NULL);

  body = till_error_text_dup_body (self->failure);
  gtk_label_set_label (self->failure_title, till_error_text_get_title (self->failure));
  gtk_label_set_label (self->failure_body, body);
}

static void
update_lost (TillUploadWindow *self)
{
  gboolean lost = till_upload_window_is_lost (self);
  const TillCertificate *file;
  const TillWalletCertificate *current;
  g_autofree char *new_one = NULL;
  g_autofree char *old_one = NULL;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->lost_box, lost);
  if (!lost)
    return;

  file = self->preflight->certificate;
  current = self->preflight->replaces;
  if (g_strcmp0 (file->pass_type_id, current->base_name) != 0)
    {
      new_one = till_text_dup_display (file->pass_type_id, 120);
      old_one = till_text_dup_display (current->base_name, 120);
      /* Translators: %s are identifiers, such as pass.com.example.shop. */
      text = g_strdup_printf (_("This file is for %s. Passes made with %s could no longer be updated."), new_one, old_one);
    }
  else
    {
      new_one = till_text_dup_display (file->team_id, 60);
      old_one = till_text_dup_display (current->team_identifier, 60);
      /* Translators: %s are identifiers of developer teams at Apple. */
      text = g_strdup_printf (_("This file is for the team %s. Passes made by the team %s could no longer be updated."),
                              new_one, old_one);
    }
  gtk_label_set_label (self->lost_body, text);
}

static void
empty_list (GtkListBox *list)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, child);
}

static void
fill_list (GtkListBox *list,
           GPtrArray  *facts)
{
  empty_list (list);
  for (guint i = 0; facts != NULL && i < facts->len; i++)
    gtk_list_box_append (list, till_fact_row_new (facts->pdata[i]));
}

/* What the file takes the place of, and who depends on it. */
static void
update_current (TillUploadWindow *self)
{
  const TillWalletCertificate *current = till_upload_window_get_current (self);
  gboolean renewal = till_upload_window_is_renewal (self);
  g_autoptr(GPtrArray) facts = NULL;
  g_autofree char *templates = NULL;
  g_autofree char *renews = renewal ? till_upload_words_dup_renewal (self->preflight) : NULL;

  gtk_widget_set_visible (self->renewal_box, renewal);
  gtk_label_set_label (self->renewal_label, renewal ? renews : "");
  gtk_widget_set_visible (self->current_group, current != NULL);
  if (current == NULL)
    return;

  facts = till_facts_new ();
  till_facts_add_foreign (facts, _("Identifier"), current->base_name);
  till_facts_add_foreign (facts, _("Team"), current->team_identifier);
  if (current->validity_end != TILL_TIME_UNKNOWN)
    {
      g_autofree char *end = till_text_dup_date (current->validity_end);

      till_facts_add (facts, _("Ends"), end, NULL);
    }
  templates = till_upload_words_dup_templates (current);
  if (templates != NULL)
    till_facts_add (facts, _("Used For"), templates, NULL);
  if (current->is_default == TILL_TRI_TRUE)
    till_facts_add (facts, _("Default"), _("Yes"), NULL);
  fill_list (self->current_list, facts);
}

/* Of what is renewed, name and comment stay unless a person changes them: left out, the service may erase them. */
static void
prefill (GtkEditable  *row,
         char        **prefilled,
         const char   *value)
{
  if (g_strcmp0 (gtk_editable_get_text (row), *prefilled != NULL ? *prefilled : "") == 0)
    gtk_editable_set_text (row, value != NULL ? value : "");
  g_free (*prefilled);
  *prefilled = g_strdup (gtk_editable_get_text (row));
}

static void
update_naming (TillUploadWindow *self,
               gboolean          free)
{
  const TillWalletCertificate *renewed = till_upload_window_is_renewal (self) ? self->preflight->replaces : NULL;
  gboolean is_default = renewed != NULL && renewed->is_default == TILL_TRI_TRUE;

  gtk_widget_set_visible (self->naming_group, self->kind == TILL_UPLOAD_ADD);
  if (self->kind != TILL_UPLOAD_ADD)
    return;

  gtk_widget_set_sensitive (self->naming_group, free);
  if (g_strcmp0 (self->prefilled_from, renewed != NULL ? renewed->id : NULL) != 0 &&
      (renewed != NULL || self->state != TILL_UPLOAD_STATE_CHECKING))
    {
      g_free (self->prefilled_from);
      self->prefilled_from = g_strdup (renewed != NULL ? renewed->id : NULL);
      prefill (self->name_row, &self->prefilled_name, renewed != NULL ? renewed->name : NULL);
      prefill (self->comment_row, &self->prefilled_comment, renewed != NULL ? renewed->comment : NULL);
      gtk_switch_set_active (self->enabled_switch, renewed == NULL || renewed->enabled != TILL_TRI_FALSE);
      gtk_switch_set_active (self->default_switch, is_default);
    }

  gtk_widget_set_visible (GTK_WIDGET (self->default_switch), !is_default);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->default_row), is_default ? _("Default") : _("Make Default"));
  adw_action_row_set_subtitle (self->default_row,
                               is_default ? _("Yes — choose another certificate to change this") : "");
}

static void
update_hub (TillUploadWindow *self,
            gboolean          free)
{
  const char *public_key = self->document != NULL ? till_upload_words_get_public_key (self->document) : NULL;
  gboolean empty = *gtk_editable_get_text (self->key_id_row) == '\0';
  g_autofree char *hint = NULL;

  gtk_widget_set_visible (self->hub_group, self->kind == TILL_UPLOAD_HUB);
  if (self->kind != TILL_UPLOAD_HUB)
    return;

  gtk_widget_set_sensitive (self->hub_group, free);
  if (public_key != NULL && empty)
    /* Translators: %s is a long hexadecimal number. */
    hint = g_strdup_printf (_("Left empty, the fingerprint of the public key is the key ID: %s"), public_key);
  else
    hint = g_strdup (_("Left empty, the fingerprint of the public key is the key ID."));
  gtk_label_set_label (self->key_id_hint, hint);
}

static const char *
get_send_label (TillUploadWindow *self)
{
  if (self->kind == TILL_UPLOAD_HUB)
    return _("Upload");
  if (self->kind == TILL_UPLOAD_REPLACE)
    return _("Replace");

  return till_upload_window_is_renewal (self) ? _("Renew") : _("Add");
}

static char *
dup_stop_reason (TillUploadWindow *self)
{
  const char *stop = till_checklist_entries_first (self->entries, TILL_CHECK_STOP);

  if (till_upload_window_is_lost (self) && self->preflight->stop == NULL)
    return g_strdup (_("Not sent as a replacement, so that no passes are lost."));

  /* Translators: %s is a sentence that says what is wrong with a file. */
  return g_strdup_printf (_("Cannot be sent: %s."), stop != NULL ? stop : "");
}

static char *
dup_reason (TillUploadWindow *self)
{
  guint n;

  if (self->shop == NULL)
    return g_strdup (_("No profile is open."));

  switch (self->state)
    {
    case TILL_UPLOAD_STATE_NO_FILE:
      return g_strdup (_("Choose a file first."));

    case TILL_UPLOAD_STATE_CHECKING:
      return g_strdup (_("Checking the file…"));

    case TILL_UPLOAD_STATE_PASSWORD:
      return g_strdup (_("Type the password of the file."));

    case TILL_UPLOAD_STATE_FAILED:
      /* Translators: %s is a heading, such as “Wrong Password”. */
      return g_strdup_printf (_("Cannot be sent: %s."), till_error_text_get_title (self->failure));

    case TILL_UPLOAD_STATE_STOPPED:
      return dup_stop_reason (self);

    case TILL_UPLOAD_STATE_READY:
      if (self->notice != NULL)
        return g_strdup (self->notice);
      n = till_checklist_entries_count (self->entries, TILL_CHECK_WARN);
      return n == 0 ? NULL : g_strdup_printf (ngettext ("Can be sent. Read the warning above first.",
                                                        "Can be sent. Read the %u warnings above first.", n), n);

    case TILL_UPLOAD_STATE_SENDING:
      return g_strdup (self->kind == TILL_UPLOAD_HUB ? _("Sending to Commerce Hub…") : _("Sending to Airship…"));

    case TILL_UPLOAD_STATE_LOOKING:
      return g_strdup (_("Whether it was done is not known; it is being looked up…"));

    case TILL_UPLOAD_STATE_UNKNOWN:
    case TILL_UPLOAD_STATE_DIFFERS:
    default:
      return NULL;
    }
}

static void
update_bar (TillUploadWindow *self)
{
  g_autofree char *reason = dup_reason (self);
  gboolean outcome = self->state >= TILL_UPLOAD_STATE_UNKNOWN;
  gboolean working = self->state == TILL_UPLOAD_STATE_CHECKING || till_upload_window_is_busy (self);

  gtk_button_set_label (GTK_BUTTON (self->cancel_button),
                        self->state == TILL_UPLOAD_STATE_LOOKING ? _("Stop Looking") : outcome ? _("Close") : _("Cancel"));
  gtk_button_set_label (GTK_BUTTON (self->send_button), get_send_label (self));
  gtk_widget_set_visible (self->send_button, !outcome && !till_upload_window_is_lost (self));
  gtk_widget_set_visible (self->as_new_button, !outcome && till_upload_window_is_lost (self));
  gtk_spinner_set_spinning (self->spinner, working);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), working);
  gtk_label_set_label (self->reason, reason != NULL ? reason : "");
  gtk_widget_set_visible (GTK_WIDGET (self->reason), reason != NULL);
}

static void
update_outcome (TillUploadWindow *self)
{
  gboolean unknown = self->state == TILL_UPLOAD_STATE_UNKNOWN;
  const char *text;

  gtk_stack_set_visible_child_name (self->stack, self->state >= TILL_UPLOAD_STATE_UNKNOWN ? "outcome" : "form");
  if (self->state < TILL_UPLOAD_STATE_UNKNOWN)
    return;

  gtk_label_set_label (self->outcome_title, unknown ? _("The Outcome Is Not Known") : _("Not Confirmed"));
  if (!unknown)
    text = _("The service has answered, but what it says is not what was sent. Look at the certificate in the list, and ask "
             "the service’s support before you rely on it.");
  else if (self->kind == TILL_UPLOAD_HUB)
    text = _("It was sent, and the answer was lost. Commerce Hub cannot be asked what it has. It is not sent a second time "
             "by itself: ask its support, then say here what became of it.");
  else
    text = _("It was sent, and the answer was lost. So far the service could not be looked at. It is not sent a second time "
             "by itself: check again, or say here what became of it.");
  gtk_label_set_label (self->outcome_body, text);
  fill_list (self->outcome_list, unknown ? NULL : self->differing);
  gtk_widget_set_visible (GTK_WIDGET (self->outcome_list), !unknown);
  gtk_widget_set_visible (self->outcome_buttons, unknown);
  till_error_details_set_error (self->outcome_details, unknown ? self->failure : NULL);
}

/**
 * till_upload_window_update:
 * @self: a window
 *
 * Shows how things are.
 */
void
till_upload_window_update (TillUploadWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean busy = till_upload_window_is_busy (self);

  /* What can be typed into no more must not hold the focus. */
  if (busy)
    gtk_widget_grab_focus (self->cancel_button);

  update_header (self);
  update_file (self, !busy);
  update_failure (self);
  till_checklist_set_entries (self->checklist, self->entries);
  gtk_widget_set_sensitive (GTK_WIDGET (self->checklist), self->state != TILL_UPLOAD_STATE_CHECKING);
  update_lost (self);
  update_current (self);
  update_naming (self, !busy);
  update_hub (self, !busy);
  update_outcome (self);
  update_bar (self);

  gtk_widget_action_set_enabled (widget, "upload.choose", !busy && self->shop != NULL);
  gtk_widget_action_set_enabled (widget, "upload.retry", self->state == TILL_UPLOAD_STATE_FAILED);
  gtk_widget_action_set_enabled (widget, "upload.send", self->state == TILL_UPLOAD_STATE_READY);
  gtk_widget_action_set_enabled (widget, "upload.as-new", self->state == TILL_UPLOAD_STATE_STOPPED &&
                                                          till_upload_window_is_lost (self));
  gtk_widget_action_set_enabled (widget, "upload.look", self->state == TILL_UPLOAD_STATE_UNKNOWN);
  gtk_widget_action_set_enabled (widget, "upload.mark-done", self->state == TILL_UPLOAD_STATE_UNKNOWN);
  gtk_widget_action_set_enabled (widget, "upload.mark-not-done", self->state == TILL_UPLOAD_STATE_UNKNOWN);
}
