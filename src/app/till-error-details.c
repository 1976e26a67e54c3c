/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The technical part of an error behind “Details”: status, code, trace id, the core's own words, and a way to copy all. */
#include "config.h"

#include "till-error-details.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "till-error-text.h"
#include "till-error.h"
#include "till-fact-row.h"
#include "till-text.h"

/**
 * TillErrorDetails:
 *
 * A list of one row that unfolds. Errors hold no secret, so all of them may be
 * shown and copied. Invisible without an error.
 */

struct _TillErrorDetails
{
  GtkWidget       parent_instance;

  GtkWidget      *list;
  AdwExpanderRow *row;
  GPtrArray      *rows;      /* (element-type GtkWidget): inside row, not owned */
  GPtrArray      *facts;     /* (element-type TillFact) */
};

G_DEFINE_FINAL_TYPE (TillErrorDetails, till_error_details, GTK_TYPE_WIDGET)

static void
copy_clicked_cb (TillErrorDetails *self)
{
  g_autofree char *text = till_error_details_dup_text (self);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", _("Details copied"));
}

static void
till_error_details_dispose (GObject *object)
{
  TillErrorDetails *self = TILL_ERROR_DETAILS (object);

  g_clear_pointer (&self->list, gtk_widget_unparent);

  G_OBJECT_CLASS (till_error_details_parent_class)->dispose (object);
}

static void
till_error_details_finalize (GObject *object)
{
  TillErrorDetails *self = TILL_ERROR_DETAILS (object);

  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->facts);

  G_OBJECT_CLASS (till_error_details_parent_class)->finalize (object);
}

static void
till_error_details_class_init (TillErrorDetailsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = till_error_details_dispose;
  G_OBJECT_CLASS (klass)->finalize = till_error_details_finalize;

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
till_error_details_init (TillErrorDetails *self)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-copy-symbolic");

  self->rows = g_ptr_array_new ();
  self->facts = till_facts_new ();

  self->row = ADW_EXPANDER_ROW (adw_expander_row_new ());
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->row), _("Details"));

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _("Copy Details"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Copy Details"), -1);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (copy_clicked_cb), self);
  adw_expander_row_add_action (self->row, button);

  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (self->list), GTK_WIDGET (self->row));
  gtk_widget_set_parent (self->list, GTK_WIDGET (self));
}

static void
add_facts (GPtrArray    *facts,
           const GError *error)
{
  g_autofree char *words = till_error_text_dup_details (error);

  if (till_error_get_http_status (error) > 0)
    {
      g_autofree char *status = g_strdup_printf ("%d", till_error_get_http_status (error));

      /* Translators: a number such as 503 that a service answered with. */
      till_facts_add (facts, _("Status"), status, status);
    }
  /* Translators: the short name that a service gives to what went wrong. */
  till_facts_add_foreign (facts, _("Service’s Code"), till_error_get_service_code (error));
  /* Translators: an id by which the support of a service finds a request. */
  till_facts_add_foreign (facts, _("Trace ID"), till_error_get_trace_id (error));
  if (error->domain == TILL_ERROR && till_error_get_http_status (error) == 0)
    till_facts_add_foreign (facts, _("About"), till_error_get_detail (error));
  till_facts_add (facts, _("Error Message"), words, words);
}

/**
 * till_error_details_new:
 * @error: (nullable): what went wrong; copied
 *
 * Returns: (transfer floating): a row that unfolds
 */
GtkWidget *
till_error_details_new (const GError *error)
{
  TillErrorDetails *self = g_object_new (TILL_TYPE_ERROR_DETAILS, NULL);

  till_error_details_set_error (self, error);

  return GTK_WIDGET (self);
}

/**
 * till_error_details_set_error:
 * @self: a widget
 * @error: (nullable): what went wrong; copied
 *
 * Shows another error, folded.
 */
void
till_error_details_set_error (TillErrorDetails *self,
                              const GError     *error)
{
  guint i;

  g_return_if_fail (TILL_IS_ERROR_DETAILS (self));

  for (i = 0; i < self->rows->len; i++)
    adw_expander_row_remove (self->row, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  g_ptr_array_set_size (self->facts, 0);
  adw_expander_row_set_expanded (self->row, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self), error != NULL);
  if (error == NULL)
    return;

  add_facts (self->facts, error);
  for (i = 0; i < self->facts->len; i++)
    {
      GtkWidget *row = till_fact_row_new (self->facts->pdata[i]);

      g_ptr_array_add (self->rows, row);
      adw_expander_row_add_row (self->row, row);
    }
}

/**
 * till_error_details_dup_text:
 * @self: a widget
 *
 * Returns: (transfer full) (nullable): all that is known, a line each, for whoever helps
 */
char *
till_error_details_dup_text (TillErrorDetails *self)
{
  GString *text;
  guint i;

  g_return_val_if_fail (TILL_IS_ERROR_DETAILS (self), NULL);

  if (self->facts->len == 0)
    return NULL;

  text = g_string_new (NULL);
  for (i = 0; i < self->facts->len; i++)
    {
      const TillFact *fact = self->facts->pdata[i];

      g_string_append_printf (text, "%s: %s\n", fact->title, fact->value);
    }

  return g_string_free (text, FALSE);
}
