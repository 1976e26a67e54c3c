/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A certificate in two lines, for lists without room for columns. */
#include "config.h"

#include "till-certificate-row.h"

#include <glib/gi18n.h>

#include "till-certificate-item-private.h"
#include "till-status-shape.h"

struct _TillCertificateRow
{
  GtkWidget            parent_instance;

  TillCertificateItem *item;      /* (nullable) */
  TillStatusShape     *shape;
  GtkLabel            *name;
  GtkLabel            *ends;
  GtkLabel            *facts;
};

G_DEFINE_TYPE (TillCertificateRow, till_certificate_row, GTK_TYPE_WIDGET)

static void
set_leaving (TillCertificateRow *self,
             gboolean            leaving)
{
  if (leaving)
    gtk_widget_add_css_class (GTK_WIDGET (self), "leaving");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "leaving");
}

static void
update (TillCertificateRow *self)
{
  g_autofree char *status = till_certificate_item_dup_status_text (self->item);
  g_autofree char *ends = till_certificate_item_dup_ends_text (self->item);
  g_autofree char *spoken = till_certificate_item_dup_spoken (self->item);
  const char *name = till_certificate_item_get_name (self->item);
  const char *identifier = till_certificate_item_get_identifier (self->item);
  GtkWidget *list_row = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autoptr(GString) facts = NULL;

  till_status_shape_set_status (self->shape, till_certificate_item_get_status (self->item));
  gtk_label_set_label (self->name, name);
  gtk_label_set_label (self->ends, ends);

  facts = g_string_new (status);
  if (*identifier != '\0' && !g_str_equal (identifier, name))
    g_string_append_printf (facts, " · %s", identifier);
  if (till_certificate_item_get_item (self->item) != NULL)
    g_string_append_printf (facts, " · %s", till_certificate_item_get_provider (self->item));
  gtk_label_set_label (self->facts, facts->str);
  set_leaving (self, till_certificate_item_get_leaving (self->item));

  /* Before GTK 4.12 a row of a list view gets its name only from what is in it. */
  if (list_row != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (list_row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
till_certificate_row_dispose (GObject *object)
{
  TillCertificateRow *self = TILL_CERTIFICATE_ROW (object);

  till_certificate_row_set_item (self, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), TILL_TYPE_CERTIFICATE_ROW);

  G_OBJECT_CLASS (till_certificate_row_parent_class)->dispose (object);
}

static void
till_certificate_row_class_init (TillCertificateRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = till_certificate_row_dispose;

  g_type_ensure (TILL_TYPE_STATUS_SHAPE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tillkeeper/Tillkeeper/till-certificate-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TillCertificateRow, shape);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateRow, name);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateRow, ends);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateRow, facts);
  gtk_widget_class_set_css_name (widget_class, "certificaterow");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
till_certificate_row_init (TillCertificateRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * till_certificate_row_new:
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
till_certificate_row_new (void)
{
  return g_object_new (TILL_TYPE_CERTIFICATE_ROW, NULL);
}

/**
 * till_certificate_row_get_item:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): what it shows
 */
TillCertificateItem *
till_certificate_row_get_item (TillCertificateRow *self)
{
  g_return_val_if_fail (TILL_IS_CERTIFICATE_ROW (self), NULL);

  return self->item;
}

/**
 * till_certificate_row_set_item:
 * @self: a row
 * @item: (nullable): what to show
 */
void
till_certificate_row_set_item (TillCertificateRow  *self,
                               TillCertificateItem *item)
{
  g_return_if_fail (TILL_IS_CERTIFICATE_ROW (self));

  if (self->item == item)
    return;

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_func (self->item, update, self);
  g_set_object (&self->item, item);
  if (item == NULL)
    return;

  g_signal_connect_swapped (item, "notify::status-text", G_CALLBACK (update), self);
  update (self);
}

static void
row_setup_cb (GtkListItemFactory *factory,
              GtkListItem        *list_item)
{
  gtk_list_item_set_child (list_item, till_certificate_row_new ());
}

static void
row_bind_cb (GtkListItemFactory *factory,
             GtkListItem        *list_item)
{
  till_certificate_row_set_item (TILL_CERTIFICATE_ROW (gtk_list_item_get_child (list_item)),
                                 gtk_list_item_get_item (list_item));
}

static void
row_unbind_cb (GtkListItemFactory *factory,
               GtkListItem        *list_item)
{
  till_certificate_row_set_item (TILL_CERTIFICATE_ROW (gtk_list_item_get_child (list_item)), NULL);
}

/**
 * till_certificate_row_list_new:
 *
 * Returns: (transfer floating): a #GtkListView for #TillCertificateItem, without a model
 */
GtkWidget *
till_certificate_row_list_new (void)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *list;

  g_signal_connect (factory, "setup", G_CALLBACK (row_setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (row_bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (row_unbind_cb), NULL);

  list = gtk_list_view_new (NULL, factory);
  gtk_widget_add_css_class (list, "certificates");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Certificates"), -1);

  return list;
}
