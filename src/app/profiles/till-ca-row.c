/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A further certificate authority: chosen by file, shown by its SHA-256. */
#include "config.h"

#include "till-ca-row.h"

#include <glib/gi18n.h>
#include <string.h>

#include "till-error-text.h"
#include "till-file-chooser.h"
#include "till-inspector.h"
#include "till-text.h"

/**
 * TillCaRow:
 *
 * Files are read and understood off the main loop. What can't be an authority
 * leaves the row as it was, and says why.
 */

struct _TillCaRow
{
  AdwActionRow  parent_instance;

  char         *pem;              /* (nullable) */
  GtkWidget    *choose_button;
  GtkWidget    *remove_button;
  GCancellable *cancellable;
};

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TillCaRow, till_ca_row, ADW_TYPE_ACTION_ROW)

static void
show_none (TillCaRow *self)
{
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), _("None: those that this computer trusts"));
  gtk_widget_set_visible (self->remove_button, FALSE);
}

static void
show_document (TillCaRow    *self,
               TillDocument *document)
{
  g_autoptr(GString) text = g_string_new (NULL);
  guint i;

  for (i = 0; i < document->certificates->len; i++)
    {
      const TillCertificate *certificate = document->certificates->pdata[i];
      g_autofree char *pairs = till_text_dup_hex_pairs (certificate->sha256);

      g_string_append_printf (text, "%sSHA-256 %s", i > 0 ? "\n" : "", pairs);
    }
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text->str);
  gtk_widget_set_visible (self->remove_button, TRUE);
}

static char *
dup_pem (TillDocument *document)
{
  GString *pem = g_string_new (NULL);
  guint i;

  for (i = 0; i < document->certificates->len; i++)
    {
      g_autofree char *text = till_certificate_to_pem (document->certificates->pdata[i]);

      g_string_append (pem, text);
    }

  return g_string_free (pem, FALSE);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(TillCaRow) self = user_data;
  g_autoptr(TillDocument) document = NULL;
  g_autoptr(GError) error = NULL;

  document = till_inspect_file_finish (result, &error);
  /* Cancelled means disposed. */
  if (self->choose_button == NULL)
    return;

  if (document == NULL)
    {
      g_autofree char *body = till_error_text_dup_body (error);

      adw_action_row_set_subtitle (ADW_ACTION_ROW (self), body);
      return;
    }

  if (document->certificates->len == 0 || document->private_keys->len > 0)
    {
      adw_action_row_set_subtitle (ADW_ACTION_ROW (self),
                                   _("Choose a file that holds certificates of an authority, and no private key."));
      return;
    }

  g_free (self->pem);
  self->pem = dup_pem (document);
  show_document (self, document);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
shown_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(TillCaRow) self = user_data;
  g_autoptr(TillDocument) document = till_inspect_bytes_finish (result, NULL);

  if (document != NULL && self->choose_button != NULL && self->pem != NULL)
    show_document (self, document);
}

static void
chosen_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(TillCaRow) self = user_data;
  g_autoptr(GListModel) chosen = till_file_chooser_open_finish (result, NULL);
  g_autoptr(GFile) file = chosen != NULL ? g_list_model_get_item (chosen, 0) : NULL;

  if (file != NULL && self->choose_button != NULL)
    till_ca_row_read (self, file);
}

static void
choose_clicked_cb (TillCaRow *self)
{
  till_file_chooser_open_async (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), _("Choose an Authority"),
                                self->cancellable, chosen_cb, g_object_ref (self));
}

static void
remove_clicked_cb (TillCaRow *self)
{
  g_clear_pointer (&self->pem, g_free);
  show_none (self);
  gtk_widget_grab_focus (self->choose_button);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
till_ca_row_dispose (GObject *object)
{
  TillCaRow *self = TILL_CA_ROW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->choose_button = NULL;

  G_OBJECT_CLASS (till_ca_row_parent_class)->dispose (object);
}

static void
till_ca_row_finalize (GObject *object)
{
  g_free (TILL_CA_ROW (object)->pem);

  G_OBJECT_CLASS (till_ca_row_parent_class)->finalize (object);
}

static void
till_ca_row_class_init (TillCaRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = till_ca_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = till_ca_row_finalize;

  signals[CHANGED] = g_signal_new ("changed", TILL_TYPE_CA_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
till_ca_row_init (TillCaRow *self)
{
  self->cancellable = g_cancellable_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _("Extra Certificate Authority"));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);

  self->choose_button = gtk_button_new_with_label (_("Choose…"));
  gtk_widget_set_valign (self->choose_button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->choose_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Choose an Authority"), -1);
  g_signal_connect_swapped (self->choose_button, "clicked", G_CALLBACK (choose_clicked_cb), self);

  self->remove_button = gtk_button_new_from_icon_name ("user-trash-symbolic");
  gtk_widget_set_valign (self->remove_button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->remove_button, "flat");
  gtk_widget_set_tooltip_text (self->remove_button, _("Trust It No Longer"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->remove_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Trust It No Longer"), -1);
  g_signal_connect_swapped (self->remove_button, "clicked", G_CALLBACK (remove_clicked_cb), self);

  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->remove_button);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->choose_button);
}

/**
 * till_ca_row_new:
 * @pem: (nullable): certificates of the authority
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
till_ca_row_new (const char *pem)
{
  TillCaRow *self = g_object_new (TILL_TYPE_CA_ROW, NULL);

  show_none (self);
  self->pem = g_strdup (pem);
  if (pem != NULL)
    {
      g_autoptr(GBytes) bytes = g_bytes_new (pem, strlen (pem));

      till_inspect_bytes_async (bytes, NULL, self->cancellable, shown_cb, g_object_ref (self));
    }

  return GTK_WIDGET (self);
}

/**
 * till_ca_row_get_pem:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): the certificates of the authority
 */
const char *
till_ca_row_get_pem (TillCaRow *self)
{
  g_return_val_if_fail (TILL_IS_CA_ROW (self), NULL);

  return self->pem;
}

/**
 * till_ca_row_read:
 * @self: a row
 * @file: a file with certificates
 *
 * Takes the certificates of a file, once they have been read.
 */
void
till_ca_row_read (TillCaRow *self,
                  GFile     *file)
{
  g_return_if_fail (TILL_IS_CA_ROW (self));

  till_inspect_file_async (file, NULL, self->cancellable, read_cb, g_object_ref (self));
}
