/* SPDX-License-Identifier: GPL-3.0-or-later */
/* “Key Ready”: what to do with a key that was just generated (UX.md 2.4). */
#include "config.h"

#include <glib/gi18n.h>

#include "till-fact-row.h"
#include "till-key-dialog.h"
#include "till-key-export.h"
#include "till-key-words.h"
#include "till-keys-pane-private.h"
#include "till-save.h"
#include "till-text.h"

typedef struct
{
  TillKeysPane  *self;        /* (nullable) weak */
  TillKeyDialog *dialog;
  TillKeyRecord *key;         /* (owned) */
  GtkSwitch     *toggle;
} Ready;

static void
free_ready (gpointer data)
{
  Ready *ready = data;

  g_clear_weak_pointer (&ready->self);
  till_key_record_free (ready->key);
  g_free (ready);
}

static void
copy_key_cb (Ready *ready)
{
  g_autoptr(GBytes) pem = till_key_export (ready->key, TILL_KEY_FORMAT_PEM);
  gsize size;
  const char *data = g_bytes_get_data (pem, &size);
  g_autofree char *text = g_strndup (data, size);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (ready->dialog)), text);
  till_key_dialog_toast (ready->dialog, _("Public key copied"));
}

static void
save_pem_cb (Ready *ready)
{
  g_autoptr(GBytes) pem = till_key_export (ready->key, TILL_KEY_FORMAT_PEM);
  g_autofree char *name = till_save_dup_safe_name (ready->key->key_id, ".pem");

  till_save_ask (GTK_WIDGET (ready->dialog), _("Save the Public Key"), name, TILL_FILE_KIND_PEM, pem,
                 till_key_dialog_get_cancellable (ready->dialog));
}

static void
mark_cb (Ready      *ready,
         GParamSpec *pspec,
         GtkSwitch  *toggle)
{
  const TillKeyRecord *known;

  if (ready->self == NULL)
    return;

  known = till_keys_pane_get_key (ready->self, ready->key->key_id);
  if (known != NULL && known->in_use != gtk_switch_get_active (toggle))
    till_keys_pane_act (ready->self, ready->key->key_id, "pane.mark-in-use");
}

static void
export_cb (Ready *ready)
{
  if (ready->self != NULL)
    till_keys_pane_act (ready->self, ready->key->key_id, "pane.export");
}

static GtkWidget *
new_row (const char *title,
         const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);

  return row;
}

/* A row that does something when it is activated, by the keyboard too. */
static void
add_act_row (Ready      *ready,
             GtkWidget  *list,
             const char *title,
             const char *subtitle,
             const char *icon_name,
             GCallback   callback)
{
  GtkWidget *row = new_row (title, subtitle);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE,
                                  "icon-name", icon_name,
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                                  NULL);

  adw_action_row_add_suffix (ADW_ACTION_ROW (row), icon);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_signal_connect_swapped (row, "activated", callback, ready);
  gtk_list_box_append (GTK_LIST_BOX (list), row);
}

static void
add_facts (GtkWidget           *list,
           const TillKeyRecord *key)
{
  g_autoptr(GPtrArray) facts = till_facts_new ();
  g_autofree char *kind = till_key_words_dup_kind (key);
  g_autofree char *from = till_text_dup_date_time (key->valid_from);
  g_autofree char *to = till_text_dup_date_time (key->valid_to);
  g_autofree char *valid = NULL;

  /* Translators: both are day and time. */
  valid = g_strdup_printf (_("From %s until %s"), from, to);
  till_facts_add_foreign (facts, _("Key ID"), key->key_id);
  till_facts_add (facts, _("Key"), kind, NULL);
  till_facts_add (facts, _("Valid"), valid, NULL);
  till_facts_add_foreign (facts, _("Status"), key->status);
  for (guint i = 0; i < facts->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (list), till_fact_row_new (facts->pdata[i]));
}

static void
add_switch (Ready     *ready,
            GtkWidget *list)
{
  GtkWidget *row = new_row (_("In Use on Tills"), _("Mark it once all tills have it"));

  ready->toggle = GTK_SWITCH (gtk_switch_new ());
  gtk_switch_set_active (ready->toggle, ready->key->in_use);
  gtk_widget_set_valign (GTK_WIDGET (ready->toggle), GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (ready->toggle),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("In Use on Tills"), -1);
  g_signal_connect_swapped (ready->toggle, "notify::active", G_CALLBACK (mark_cb), ready);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), GTK_WIDGET (ready->toggle));
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), GTK_WIDGET (ready->toggle));
  gtk_list_box_append (GTK_LIST_BOX (list), row);
}

/**
 * till_keys_pane_show_ready:
 * @self: a pane
 * @key: the key that was generated
 *
 * Shows it with what is to be done now.
 */
void
till_keys_pane_show_ready (TillKeysPane        *self,
                           const TillKeyRecord *key)
{
  gboolean usable = key->valid_from != TILL_TIME_UNKNOWN && key->valid_to != TILL_TIME_UNKNOWN &&
                    key->valid_to >= key->valid_from &&
                    key->valid_to >= till_clock_get_now (till_session_get_clock (self->session)) &&
                    g_strcmp0 (key->status, "ACTIVE") == 0;
  Ready *ready = g_new0 (Ready, 1);
  GtkWidget *list;
  GtkWidget *close;

  g_set_weak_pointer (&ready->self, self);
  ready->key = till_key_record_copy (key);
  ready->dialog = till_key_dialog_new (GTK_WIDGET (self), usable ? _("Key Ready") : _("Key Not Usable"),
                                       till_shop_get_profile (self->shop));
  g_object_set_data_full (G_OBJECT (ready->dialog), "till-ready", ready, free_ready);

  if (usable)
    till_key_dialog_add_text (ready->dialog, _("Copy it to your tills, then mark it as in use."), NULL);
  else
    till_key_dialog_add_text (ready->dialog,
                              _("Commerce Hub answered with a key that cannot be used: its status or its times make no "
                                "sense. It is kept in the list, and never proposed. Ask the provider."), "error");

  list = till_key_dialog_add_list (ready->dialog, NULL, NULL);
  add_facts (list, key);

  if (key->spki != NULL && usable)
    {
      list = till_key_dialog_add_list (ready->dialog, _("Public Key"), NULL);
      add_act_row (ready, list, _("Copy"), _("As PEM text"), "edit-copy-symbolic", G_CALLBACK (copy_key_cb));
      add_act_row (ready, list, _("Save PEM…"), NULL, "document-save-symbolic", G_CALLBACK (save_pem_cb));
      add_act_row (ready, list, _("Export for a Till…"), _("PEM, DER, or JSON with the offline limit"),
                   "go-next-symbolic", G_CALLBACK (export_cb));
      list = till_key_dialog_add_list (ready->dialog, NULL, NULL);
      add_switch (ready, list);
    }

  close = till_key_dialog_add_button (ready->dialog, _("Close"), NULL);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (close), "window.close");
  gtk_window_present (GTK_WINDOW (ready->dialog));
}
