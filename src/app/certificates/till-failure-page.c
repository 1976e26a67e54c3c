/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Says why a file did not open: what happened, what it means, what to do; the technical part behind Details. */
#include "config.h"

#include "till-failure-page.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "till-error-text.h"
#include "till-fact-row.h"
#include "till-flip-box.h"
#include "till-text.h"

struct _TillFailurePage
{
  GtkWidget       parent_instance;

  AdwStatusPage  *page;
  GtkWidget      *retry_button;
  GtkWidget      *details_list;
  AdwExpanderRow *details_row;

  GtkWidget      *message_row;   /* (nullable) inside details_row */
};

G_DEFINE_FINAL_TYPE (TillFailurePage, till_failure_page, GTK_TYPE_WIDGET)

static gboolean
till_failure_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (TILL_FAILURE_PAGE (widget)->retry_button);
}

static void
till_failure_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), TILL_TYPE_FAILURE_PAGE);

  G_OBJECT_CLASS (till_failure_page_parent_class)->dispose (object);
}

static void
till_failure_page_class_init (TillFailurePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = till_failure_page_dispose;
  widget_class->grab_focus = till_failure_page_grab_focus;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tillkeeper/Tillkeeper/till-failure-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TillFailurePage, page);
  gtk_widget_class_bind_template_child (widget_class, TillFailurePage, retry_button);
  gtk_widget_class_bind_template_child (widget_class, TillFailurePage, details_list);
  gtk_widget_class_bind_template_child (widget_class, TillFailurePage, details_row);
}

static void
till_failure_page_init (TillFailurePage *self)
{
  g_type_ensure (TILL_TYPE_FLIP_BOX);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * till_failure_page_new:
 *
 * Returns: (transfer floating): a page that says nothing yet
 */
TillFailurePage *
till_failure_page_new (void)
{
  return g_object_new (TILL_TYPE_FAILURE_PAGE, NULL);
}

/**
 * till_failure_page_set:
 * @self: a page
 * @file: name of the file, as it is
 * @title: what happened
 * @body: what it means and what to do
 * @details: (nullable): for whoever helps; may be copied
 *
 * All are plain text; this page's widget reads markup, so they are escaped.
 */
void
till_failure_page_set (TillFailurePage *self,
                       const char      *file,
                       const char      *title,
                       const char      *body,
                       const char      *details)
{
  g_autofree char *name = till_text_dup_display (file, TILL_TEXT_MAX_CHARS);
  g_autofree char *heading = g_markup_escape_text (title, -1);
  g_autofree char *description = g_markup_printf_escaped ("%s\n\n%s", name, body);

  g_return_if_fail (TILL_IS_FAILURE_PAGE (self));

  adw_status_page_set_title (self->page, heading);
  adw_status_page_set_description (self->page, description);

  if (self->message_row != NULL)
    adw_expander_row_remove (self->details_row, self->message_row);
  self->message_row = NULL;

  if (details != NULL)
    {
      g_autoptr(GPtrArray) facts = till_facts_new ();

      /* Translators: title of a row with the technical words of an error. */
      till_facts_add (facts, _("Error Message"), details, details);
      self->message_row = till_fact_row_new (facts->pdata[0]);
      adw_expander_row_add_row (self->details_row, self->message_row);
    }
  gtk_widget_set_visible (self->details_list, details != NULL);
}

/**
 * till_failure_page_set_error:
 * @self: a page
 * @file: name of the file, as it is
 * @error: (nullable): why it did not open; %NULL where nobody can tell
 *
 * Says an error of the core in words for people.
 */
void
till_failure_page_set_error (TillFailurePage *self,
                             const char      *file,
                             const GError    *error)
{
  g_autofree char *body = error != NULL ? till_error_text_dup_body (error) : NULL;
  g_autofree char *details = error != NULL ? till_error_text_dup_details (error) : NULL;

  till_failure_page_set (self, file,
                         error != NULL ? till_error_text_get_title (error) : _("File Cannot Be Read"),
                         error != NULL ? body : _("Try again, or choose another file."),
                         details);
}
