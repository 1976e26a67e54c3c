/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the credentials pane shows. */
#include "config.h"

#include <glib/gi18n.h>

#include "till-credentials-pane-private.h"
#include "till-credentials-words.h"
#include "till-error-text.h"
#include "till-error.h"
#include "till-fact-row.h"
#include "till-text.h"

#define FOREIGN_CHARS 256

static void
empty_list (GtkListBox *list)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, child);
}

static GtkWidget *
new_fact (const char *title,
          const char *value,
          gboolean    copied)
{
  g_autofree char *shown = till_text_dup_display (value, FOREIGN_CHARS);
  TillFact fact = { (char *) title, shown, copied ? (char *) value : NULL, FALSE };

  return till_fact_row_new (&fact);
}

static void
add_fact (TillCredentialsPane *self,
          const char          *title,
          const char          *value)
{
  if (value != NULL && *value != '\0')
    gtk_list_box_append (self->answer_list, new_fact (title, value, TRUE));
}

static void
show_answer (TillCredentialsPane *self)
{
  const TillHubCredentials *credentials = self->credentials;

  empty_list (self->answer_list);
  if (credentials != NULL)
    {
      add_fact (self, _("Token Type"), credentials->token_type);
      add_fact (self, _("Key ID"), credentials->key_id);
      add_fact (self, _("Symmetric Encryption"), credentials->symmetric_algorithm);
      add_fact (self, _("Asymmetric Encryption"), credentials->asymmetric_algorithm);
      add_fact (self, _("Trace ID"), credentials->trace_id);
    }
  gtk_widget_set_visible (self->answer_group, gtk_widget_get_first_child (GTK_WIDGET (self->answer_list)) != NULL);
}

static void
show_key (TillCredentialsPane *self)
{
  const TillKey *key = self->credentials->public_key;
  g_autofree char *kind = NULL;
  g_autofree char *pairs = NULL;
  g_autofree char *hash = NULL;

  gtk_widget_set_visible (self->key_row, key != NULL);
  if (key == NULL)
    return;

  kind = till_text_dup_algorithm (key->algorithm, key->bits, key->curve);
  pairs = till_text_dup_hex_pairs (key->public_key_sha256);
  /* Translators: %s is a fingerprint. */
  hash = g_strdup_printf (_("SHA-256 %s"), pairs);
  gtk_label_set_text (self->key_kind, kind);
  gtk_label_set_text (self->key_hash, hash);
}

/**
 * till_credentials_pane_show_received:
 * @self: a pane
 *
 * Shows what was received, masked, or that there is nothing.
 */
void
till_credentials_pane_show_received (TillCredentialsPane *self)
{
  const TillHubCredentials *credentials = self->credentials;
  g_autofree char *facts = NULL;

  gtk_widget_set_visible (self->empty_page, credentials == NULL);
  gtk_widget_set_visible (self->content, credentials != NULL);
  till_secret_row_set_secret (self->token_row, credentials != NULL ? credentials->access_token : NULL);
  till_secret_row_set_secret (self->session_row, credentials != NULL ? credentials->session_id : NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->session_row), credentials != NULL && credentials->session_id != NULL);
  show_answer (self);
  till_credentials_pane_show_units (self);
  till_credentials_pane_show_left (self);
  if (credentials == NULL)
    return;

  facts = till_credentials_words_dup_facts (credentials, till_shop_get_skew (self->shop));
  gtk_label_set_text (self->facts_label, facts);
  show_key (self);
}

/**
 * till_credentials_pane_show_left:
 * @self: a pane
 *
 * Shows how long the credentials last.
 */
void
till_credentials_pane_show_left (TillCredentialsPane *self)
{
  gint64 left = till_credentials_pane_get_left (self);
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->header_row, !self->ended);
  if (self->credentials == NULL)
    {
      till_secret_row_set_note (self->token_row, NULL);
      till_secret_row_set_note (self->session_row, NULL);
      return;
    }

  if (self->ended)
    {
      g_autofree char *time = till_credentials_words_dup_time (self->end_time);

      /* Translators: %s is a time of day: “Ended at 16:36.” */
      text = g_strdup_printf (_("Ended at %s."), time);
    }
  else if (left == G_MAXINT64)
    {
      text = g_strdup (_("Lifetime not given; used until refused"));
    }
  else
    {
      text = till_credentials_words_dup_left (left);
    }

  till_secret_row_set_note (self->token_row, text);
  till_secret_row_set_note (self->session_row, self->ended ? text : _("Same life; works once"));
}

/**
 * till_credentials_pane_show_units:
 * @self: a pane
 *
 * Shows behind a tooltip what is sent and what came back.
 */
void
till_credentials_pane_show_units (TillCredentialsPane *self)
{
  guint minutes = till_credentials_pane_get_minutes (self);
  /* What came back is about what was asked for then. */
  gboolean same = self->credentials != NULL && minutes == self->asked_minutes;
  g_autofree char *text = till_credentials_words_dup_units (minutes, same ? self->credentials : NULL);

  gtk_widget_set_tooltip_text (GTK_WIDGET (self->valid_for), text);
  gtk_widget_set_tooltip_text (self->custom_row, text);
}

static void
add_request_fact (TillCredentialsPane *self,
                  const char          *title,
                  const char          *value)
{
  GtkWidget *row = new_fact (title, value != NULL && *value != '\0' ? value : _("Not given"), FALSE);

  adw_expander_row_add_row (self->request_row, row);
  g_ptr_array_add (self->request_facts, row);
}

/**
 * till_credentials_pane_show_request:
 * @self: a pane
 *
 * Shows whom the profile asks, and for whom.
 */
void
till_credentials_pane_show_request (TillCredentialsPane *self)
{
  const TillProfile *profile = self->shop != NULL ? till_shop_get_profile (self->shop) : NULL;

  for (guint i = 0; i < self->request_facts->len; i++)
    adw_expander_row_remove (self->request_row, self->request_facts->pdata[i]);
  g_ptr_array_set_size (self->request_facts, 0);
  if (profile == NULL)
    return;

  add_request_fact (self, _("Address"), profile->hub_url);
  add_request_fact (self, _("Merchant"), profile->hub_merchant);
  add_request_fact (self, _("Terminal"), profile->hub_terminal);
}

/**
 * till_credentials_pane_show_failure:
 * @self: a pane
 *
 * Shows why something failed, or nothing.
 */
void
till_credentials_pane_show_failure (TillCredentialsPane *self)
{
  const GError *error = self->failure;
  TillErrorReason reason = error != NULL ? till_error_get_reason (error) : TILL_REASON_NONE;
  g_autofree char *body = NULL;

  gtk_widget_set_visible (self->failure_box, error != NULL);
  till_error_details_set_error (self->failure_details, error);
  if (error == NULL)
    return;

  if (g_error_matches (error, TILL_ERROR, TILL_ERROR_UNAUTHORIZED))
    body = till_credentials_words_dup_refused (self->shop != NULL ? till_shop_get_skew (self->shop) : G_MININT64);
  else
    body = till_error_text_dup_body (error);

  gtk_label_set_text (self->failure_title, till_error_text_get_title (error));
  gtk_label_set_text (self->failure_body, body);
  gtk_widget_set_visible (self->failure_again, reason != TILL_REASON_FIELD);
  gtk_widget_set_visible (self->failure_vault, reason == TILL_REASON_VAULT_ABSENT);
  gtk_widget_set_visible (self->failure_profile,
                          g_error_matches (error, TILL_ERROR, TILL_ERROR_UNAUTHORIZED) ||
                          g_error_matches (error, TILL_ERROR, TILL_ERROR_NOT_FOUND) ||
                          reason == TILL_REASON_SECRET_MISSING || reason == TILL_REASON_VAULT_UNREADABLE ||
                          reason == TILL_REASON_NO_SUCH_HOST || reason == TILL_REASON_WRONG_HOST);
}
