/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exporting a public key for a till: PEM, DER, or JSON with the largest offline payment (DESIGN.md 2). */
#include "config.h"

#include <glib/gi18n.h>

#include "till-fact-row.h"
#include "till-key-dialog.h"
#include "till-key-export.h"
#include "till-key-money.h"
#include "till-key-words.h"
#include "till-keys-pane-private.h"
#include "till-save.h"

typedef struct
{
  TillKeysPane  *self;          /* (nullable) weak */
  TillKeyDialog *dialog;
  TillKeyRecord *key;           /* (owned) */
  AdwComboRow   *format;
  GtkWidget     *limit_group;
  GtkEditable   *amount;
  GtkEditable   *currency;
  GtkWidget     *problem;
  GtkWidget     *save;
  gint64         limit;
} Export;

static void
free_export (gpointer data)
{
  Export *export = data;

  g_clear_weak_pointer (&export->self);
  till_key_record_free (export->key);
  g_free (export);
}

/* What keeps the limit from being one; %NULL where it is good, with the limit in @export. */
static const char *
check_limit (Export *export)
{
  const char *amount = gtk_editable_get_text (export->amount);
  g_autofree char *currency = g_ascii_strup (gtk_editable_get_text (export->currency), -1);

  export->limit = -1;
  if (*amount == '\0')
    return NULL;

  if (*currency == '\0')
    return _("Say in which currency: three letters, such as USD.");
  if (!till_money_is_currency (currency))
    return _("A currency has three letters, such as USD.");
  if (!till_key_money_parse (amount, currency, &export->limit))
    return _("Type the amount in digits, such as 25.00, without separators of thousands.");

  return NULL;
}

static void
changed_cb (Export *export)
{
  gboolean json = adw_combo_row_get_selected (export->format) == TILL_KEY_FORMAT_JSON;
  const char *problem = json ? check_limit (export) : NULL;

  gtk_widget_set_visible (export->limit_group, json);
  gtk_widget_set_visible (export->problem, problem != NULL);
  gtk_label_set_label (GTK_LABEL (export->problem), problem != NULL ? problem : "");
  gtk_widget_set_sensitive (export->save, problem == NULL);
}

static void
write_file (Export *export)
{
  TillKeyFormat format = (TillKeyFormat) adw_combo_row_get_selected (export->format);
  g_autoptr(GBytes) bytes = till_key_export (export->key, format);
  g_autofree char *name = till_save_dup_safe_name (export->key->key_id, till_key_format_get_suffix (format));

  till_save_ask (GTK_WIDGET (export->dialog), _("Export for a Till"), name,
                 format == TILL_KEY_FORMAT_PEM ? TILL_FILE_KIND_PEM :
                 format == TILL_KEY_FORMAT_DER ? TILL_FILE_KIND_DER : TILL_FILE_KIND_JSON,
                 bytes, till_key_dialog_get_cancellable (export->dialog));
}

typedef struct
{
  TillKeysPane  *self;     /* (owned) */
  TillKeyDialog *dialog;   /* (owned) */
} Marked;

static void
marked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Marked *marked = user_data;
  g_autoptr(TillKeysPane) self = marked->self;
  g_autoptr(TillKeyDialog) dialog = marked->dialog;
  g_autoptr(GError) error = NULL;
  g_autoptr(TillKeyRecord) key = till_shop_key_finish (TILL_SHOP (source), result, NULL, &error);
  Export *export = g_object_get_data (G_OBJECT (dialog), "till-export");

  g_free (marked);
  if (self->session == NULL)
    return;

  if (key == NULL)
    till_keys_pane_fail (self, error);
  else if (!g_cancellable_is_cancelled (till_key_dialog_get_cancellable (dialog)))
    write_file (export);
  till_session_tell_changed (self->session);
}

/* The limit belongs to the key, so that the next export has it too. */
static void
save_cb (Export *export)
{
  gboolean json = adw_combo_row_get_selected (export->format) == TILL_KEY_FORMAT_JSON;
  g_autofree char *currency = NULL;
  Marked *marked;

  if (!json)
    {
      write_file (export);
      return;
    }

  if (check_limit (export) != NULL || export->self == NULL || export->self->shop == NULL)
    return;

  currency = export->limit >= 0 ? g_ascii_strup (gtk_editable_get_text (export->currency), -1) : NULL;
  if (export->key->offline_limit == export->limit && g_strcmp0 (export->key->offline_currency, currency) == 0)
    {
      write_file (export);
      return;
    }

  export->key->offline_limit = export->limit;
  g_free (export->key->offline_currency);
  export->key->offline_currency = g_steal_pointer (&currency);

  marked = g_new0 (Marked, 1);
  marked->self = g_object_ref (export->self);
  marked->dialog = g_object_ref (export->dialog);
  till_shop_mark_key_async (export->self->shop, export->key->key_id, export->key->in_use, export->limit,
                            export->key->offline_currency, NULL, marked_cb, marked);
}

static GtkEditable *
add_entry (Export     *export,
           GtkWidget  *list,
           const char *title,
           const char *text)
{
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_editable_set_text (GTK_EDITABLE (row), text);
  g_signal_connect_swapped (row, "changed", G_CALLBACK (changed_cb), export);
  gtk_list_box_append (GTK_LIST_BOX (list), row);

  return GTK_EDITABLE (row);
}

static void
add_limit (Export *export)
{
  g_autofree char *amount = NULL;
  GtkWidget *list;

  if (export->key->offline_limit >= 0 && export->key->offline_currency != NULL)
    amount = till_money_format (export->key->offline_limit, export->key->offline_currency);

  list = till_key_dialog_add_list (export->dialog, _("Largest Offline Payment"),
                                   _("What a till may take without a connection. Leave it empty for no limit."));
  export->limit_group = gtk_widget_get_ancestor (list, ADW_TYPE_PREFERENCES_GROUP);
  export->amount = add_entry (export, list, _("Amount"), amount != NULL ? amount : "");
  export->currency = add_entry (export, list, _("Currency"),
                                export->key->offline_currency != NULL ? export->key->offline_currency : "");
}

/**
 * till_keys_pane_show_export:
 * @self: a pane
 * @key: one of its keys, which is accepted and whose public key is known
 *
 * Asks how to hand it out, and where to save it.
 */
void
till_keys_pane_show_export (TillKeysPane        *self,
                            const TillKeyRecord *key)
{
  const char *formats[] = { _("PEM Text"), _("DER"), _("JSON with the Offline Limit"), NULL };
  g_autoptr(GtkStringList) model = gtk_string_list_new (formats);
  g_autoptr(GPtrArray) facts = till_facts_new ();
  Export *export = g_new0 (Export, 1);
  GtkWidget *list;

  g_set_weak_pointer (&export->self, self);
  export->key = till_key_record_copy (key);
  export->dialog = till_key_dialog_new (GTK_WIDGET (self), _("Export for a Till"), till_shop_get_profile (self->shop));
  g_object_set_data_full (G_OBJECT (export->dialog), "till-export", export, free_export);

  list = till_key_dialog_add_list (export->dialog, NULL, NULL);
  till_facts_add_foreign (facts, _("Key ID"), key->key_id);
  gtk_list_box_append (GTK_LIST_BOX (list), till_fact_row_new (facts->pdata[0]));

  export->format = ADW_COMBO_ROW (adw_combo_row_new ());
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (export->format), _("Format"));
  adw_combo_row_set_model (export->format, G_LIST_MODEL (model));
  gtk_list_box_append (GTK_LIST_BOX (list), GTK_WIDGET (export->format));

  add_limit (export);
  export->problem = till_key_dialog_add_text (export->dialog, "", "error");
  export->save = till_key_dialog_add_button (export->dialog, _("Export…"), "suggested-action");
  g_signal_connect_swapped (export->save, "clicked", G_CALLBACK (save_cb), export);
  g_signal_connect_swapped (export->format, "notify::selected", G_CALLBACK (changed_cb), export);
  changed_cb (export);

  gtk_window_present (GTK_WINDOW (export->dialog));
}
