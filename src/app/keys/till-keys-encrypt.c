/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Test encryption: card fields are encrypted with a key, and never leave the window (API.md 3.3). */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "till-error-text.h"
#include "till-fact-row.h"
#include "till-key-dialog.h"
#include "till-key-export.h"
#include "till-key-words.h"
#include "till-keys-pane-private.h"
#include "till-label.h"

/* In the order in which they are encrypted. */
static const struct
{
  const char *member;
  const char *title;
} fields[] = {
  { "cardData", N_("Card Number") },
  { "nameOnCard", N_("Name on the Card") },
  { "expirationMonth", N_("Month of Expiry") },
  { "expirationYear", N_("Year of Expiry") },
  { "securityCode", N_("Security Code") },
};

#define N_FIELDS G_N_ELEMENTS (fields)

typedef struct
{
  TillKeyDialog *dialog;
  TillKeyRecord *key;              /* (owned) */
  GtkEditable   *entries[N_FIELDS];
  GtkWidget     *encrypt;
  GtkWidget     *problem;
  GtkWidget     *result_group;
  GtkWidget     *result_list;
  GtkWidget     *copy;
  char          *data;             /* (nullable): encryptionData as JSON: no secret */
  gboolean       busy;
} Encrypt;

static void
free_encrypt (gpointer data)
{
  Encrypt *encrypt = data;

  till_key_record_free (encrypt->key);
  g_free (encrypt->data);
  g_free (encrypt);
}

/* GTK keeps what is typed into a masked entry in memory that is locked, and wipes it when it is replaced. */
static void
wipe_entries (Encrypt *encrypt)
{
  for (gsize i = 0; i < N_FIELDS; i++)
    if (encrypt->entries[i] != NULL)
      gtk_editable_set_text (encrypt->entries[i], "");
}

static gboolean
is_any_filled (Encrypt *encrypt)
{
  for (gsize i = 0; i < N_FIELDS; i++)
    if (*gtk_editable_get_text (encrypt->entries[i]) != '\0')
      return TRUE;

  return FALSE;
}

static void
update_encrypt (Encrypt *encrypt)
{
  gtk_widget_set_sensitive (encrypt->encrypt, !encrypt->busy && is_any_filled (encrypt));
}

/* One JSON text, quotes and backslashes escaped; @out has room for twice the length. */
static gsize
write_value (char       *out,
             const char *value)
{
  char *p = out;

  *p++ = '"';
  for (; *value != '\0'; value++)
    {
      if (*value == '"' || *value == '\\')
        *p++ = '\\';
      *p++ = *value;
    }
  *p++ = '"';

  return (gsize) (p - out);
}

/* Straight into locked memory: nothing of it is ever in a plain string of ours. */
static TillSecret *
new_json (Encrypt *encrypt)
{
  gsize room = 3;
  gsize length = 0;
  TillSecret *json;
  char *out;

  for (gsize i = 0; i < N_FIELDS; i++)
    room += strlen (fields[i].member) + 2 * strlen (gtk_editable_get_text (encrypt->entries[i])) + 8;

  json = till_secret_new (room);
  out = (char *) till_secret_get_buffer (json);
  out[length++] = '{';
  for (gsize i = 0; i < N_FIELDS; i++)
    {
      const char *value = gtk_editable_get_text (encrypt->entries[i]);

      if (*value == '\0')
        continue;

      if (length > 1)
        out[length++] = ',';
      length += write_value (out + length, fields[i].member);
      out[length++] = ':';
      length += write_value (out + length, value);
    }
  out[length++] = '}';
  till_secret_shrink (json, length);

  return json;
}

typedef struct
{
  char       *key_id;
  GBytes     *spki;
  TillSecret *json;
} Work;

static void
free_work (gpointer data)
{
  Work *work = data;

  g_free (work->key_id);
  g_bytes_unref (work->spki);
  till_secret_unref (work->json);
  g_free (work);
}

static void
encrypt_in_thread (GTask        *task,
                   gpointer      source_object,
                   gpointer      task_data,
                   GCancellable *cancellable)
{
  Work *work = task_data;
  GError *error = NULL;
  TillEncryption *encryption = till_encryption_new (work->key_id, work->spki, work->json, &error);

  if (encryption == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, encryption, (GDestroyNotify) till_encryption_free);
}

static void
show_result (Encrypt              *encrypt,
             const TillEncryption *encryption)
{
  g_autoptr(GPtrArray) facts = till_facts_new ();
  GtkWidget *child;

  g_free (encrypt->data);
  encrypt->data = till_key_dup_encryption_data (encryption);

  while ((child = gtk_widget_get_first_child (encrypt->result_list)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (encrypt->result_list), child);

  till_facts_add_foreign (facts, _("Encrypted Block"), encryption->block);
  till_facts_add_foreign (facts, _("Fields"), encryption->fields);
  till_facts_add_foreign (facts, _("Encryption"), encryption->encryption_type);
  for (guint i = 0; i < facts->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (encrypt->result_list), till_fact_row_new (facts->pdata[i]));

  gtk_widget_set_visible (encrypt->result_group, TRUE);
  gtk_widget_set_visible (encrypt->copy, TRUE);
  gtk_widget_grab_focus (encrypt->copy);
}

static void
encrypted_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(TillKeyDialog) dialog = user_data;
  Encrypt *encrypt = g_object_get_data (G_OBJECT (dialog), "till-encrypt");
  g_autoptr(GError) error = NULL;
  g_autoptr(TillEncryption) encryption = g_task_propagate_pointer (G_TASK (result), &error);

  /* The window was closed meanwhile: its widgets are gone. */
  if (g_cancellable_is_cancelled (till_key_dialog_get_cancellable (dialog)))
    return;

  encrypt->busy = FALSE;
  if (encryption != NULL)
    {
      wipe_entries (encrypt);
      show_result (encrypt, encryption);
    }
  else
    {
      g_autofree char *body = till_error_text_dup_body (error);

      gtk_label_set_label (GTK_LABEL (encrypt->problem), body);
      gtk_widget_set_visible (encrypt->problem, TRUE);
    }
  update_encrypt (encrypt);
}

static void
encrypt_cb (Encrypt *encrypt)
{
  g_autoptr(GTask) task = NULL;
  Work *work;

  if (encrypt->busy || !is_any_filled (encrypt))
    return;

  work = g_new0 (Work, 1);
  work->key_id = g_strdup (encrypt->key->key_id);
  work->spki = g_bytes_ref (encrypt->key->spki);
  work->json = new_json (encrypt);

  gtk_widget_set_visible (encrypt->problem, FALSE);
  encrypt->busy = TRUE;
  update_encrypt (encrypt);
  task = g_task_new (NULL, till_key_dialog_get_cancellable (encrypt->dialog), encrypted_cb, g_object_ref (encrypt->dialog));
  g_task_set_source_tag (task, encrypt_cb);
  g_task_set_task_data (task, work, free_work);
  g_task_run_in_thread (task, encrypt_in_thread);
}

static void
copy_cb (Encrypt *encrypt)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (encrypt->dialog)), encrypt->data);
  till_key_dialog_toast (encrypt->dialog, _("Encrypted data copied"));
}

/* Whatever was typed goes with the window. */
static gboolean
close_cb (Encrypt *encrypt)
{
  wipe_entries (encrypt);

  return GDK_EVENT_PROPAGATE;
}

static void
add_entries (Encrypt *encrypt)
{
  GtkWidget *list = till_key_dialog_add_list (encrypt->dialog, _("Card"),
                                              _("Use a test card. Fields that are left empty are left out."));

  for (gsize i = 0; i < N_FIELDS; i++)
    {
      GtkWidget *row = g_object_new (ADW_TYPE_PASSWORD_ENTRY_ROW,
                                     "title", _(fields[i].title),
                                     "enable-undo", FALSE,
                                     NULL);

      encrypt->entries[i] = GTK_EDITABLE (row);
      g_signal_connect_swapped (row, "changed", G_CALLBACK (update_encrypt), encrypt);
      g_signal_connect_swapped (row, "entry-activated", G_CALLBACK (encrypt_cb), encrypt);
      gtk_list_box_append (GTK_LIST_BOX (list), row);
    }
}

/**
 * till_keys_pane_show_encrypt:
 * @self: a pane
 * @key: one of its keys, which is accepted and whose public key is known
 *
 * Asks for card fields and shows them encrypted. Nothing is sent.
 */
void
till_keys_pane_show_encrypt (TillKeysPane        *self,
                             const TillKeyRecord *key)
{
  Encrypt *encrypt = g_new0 (Encrypt, 1);
  g_autofree char *id = till_key_words_dup_short_id (key->key_id);
  g_autofree char *text = NULL;

  encrypt->key = till_key_record_copy (key);
  encrypt->dialog = till_key_dialog_new (GTK_WIDGET (self), _("Test Encryption"), till_shop_get_profile (self->shop));
  g_object_set_data_full (G_OBJECT (encrypt->dialog), "till-encrypt", encrypt, free_encrypt);

  /* Translators: %s is the short id of a key. */
  text = g_strdup_printf (_("Encrypts what you type with the key %s. Nothing leaves this window; it is forgotten when "
                            "it was encrypted, and when the window closes."), id);
  till_key_dialog_add_text (encrypt->dialog, text, NULL);
  add_entries (encrypt);
  encrypt->problem = till_key_dialog_add_text (encrypt->dialog, "", "error");
  gtk_widget_set_visible (encrypt->problem, FALSE);
  encrypt->encrypt = till_key_dialog_add_button (encrypt->dialog, _("Encrypt"), "suggested-action");
  encrypt->result_list = till_key_dialog_add_list (encrypt->dialog, _("Result"), NULL);
  encrypt->result_group = gtk_widget_get_ancestor (encrypt->result_list, ADW_TYPE_PREFERENCES_GROUP);
  gtk_widget_set_visible (encrypt->result_group, FALSE);
  encrypt->copy = till_key_dialog_add_button (encrypt->dialog, _("Copy as JSON"), NULL);
  gtk_widget_set_visible (encrypt->copy, FALSE);

  g_signal_connect_swapped (encrypt->encrypt, "clicked", G_CALLBACK (encrypt_cb), encrypt);
  g_signal_connect_swapped (encrypt->copy, "clicked", G_CALLBACK (copy_cb), encrypt);
  g_signal_connect_swapped (encrypt->dialog, "close-request", G_CALLBACK (close_cb), encrypt);
  update_encrypt (encrypt);
  /* So that the result has room below what was typed. */
  gtk_window_set_default_size (GTK_WINDOW (encrypt->dialog), 520, 860);
  gtk_window_present (GTK_WINDOW (encrypt->dialog));
}
