/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The status of a row, shape and words; follows the row while it is shown. */
#include "config.h"

#include "till-status-cell.h"

#include "till-certificate-item-private.h"
#include "till-status-shape.h"

struct _TillStatusCell
{
  GtkWidget            parent_instance;

  TillCertificateItem *item;      /* (nullable) */
  GtkWidget           *shape;
  GtkWidget           *label;
};

G_DEFINE_TYPE (TillStatusCell, till_status_cell, GTK_TYPE_WIDGET)

/* A row of a column view has no name of its own before GTK 4.12; its first cell gives it one. */
static void
name_row (TillStatusCell *self)
{
  GtkWidget *cell = gtk_widget_get_parent (GTK_WIDGET (self));
  GtkWidget *row = cell != NULL ? gtk_widget_get_parent (cell) : NULL;
  g_autofree char *spoken = NULL;

  if (row == NULL)
    return;

  spoken = till_certificate_item_dup_spoken (self->item);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
update (TillStatusCell *self)
{
  g_autofree char *text = till_certificate_item_dup_status_text (self->item);

  till_status_shape_set_status (TILL_STATUS_SHAPE (self->shape), till_certificate_item_get_status (self->item));
  gtk_label_set_label (GTK_LABEL (self->label), text);
  if (till_certificate_item_get_leaving (self->item))
    gtk_widget_add_css_class (GTK_WIDGET (self), "leaving");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "leaving");
  name_row (self);
}

static void
till_status_cell_dispose (GObject *object)
{
  TillStatusCell *self = TILL_STATUS_CELL (object);

  till_status_cell_set_item (self, NULL);
  g_clear_pointer (&self->shape, gtk_widget_unparent);
  g_clear_pointer (&self->label, gtk_widget_unparent);

  G_OBJECT_CLASS (till_status_cell_parent_class)->dispose (object);
}

static void
till_status_cell_class_init (TillStatusCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = till_status_cell_dispose;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "statuscell");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
till_status_cell_init (TillStatusCell *self)
{
  self->shape = till_status_shape_new ();
  gtk_widget_set_parent (self->shape, GTK_WIDGET (self));

  /* A width of its own, so that the column stays as wide while other rows scroll in. */
  self->label = g_object_new (GTK_TYPE_LABEL,
                              "xalign", 0.0f,
                              "ellipsize", PANGO_ELLIPSIZE_END,
                              "width-chars", 16,
                              "max-width-chars", 16,
                              "hexpand", TRUE,
                              NULL);
  gtk_widget_add_css_class (self->label, "numeric");
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
}

/**
 * till_status_cell_new:
 *
 * Returns: (transfer floating): a cell
 */
GtkWidget *
till_status_cell_new (void)
{
  return g_object_new (TILL_TYPE_STATUS_CELL, NULL);
}

/**
 * till_status_cell_get_item:
 * @self: a cell
 *
 * Returns: (transfer none) (nullable): the row that it shows
 */
TillCertificateItem *
till_status_cell_get_item (TillStatusCell *self)
{
  g_return_val_if_fail (TILL_IS_STATUS_CELL (self), NULL);

  return self->item;
}

/**
 * till_status_cell_set_item:
 * @self: a cell
 * @item: (nullable): the row to show
 */
void
till_status_cell_set_item (TillStatusCell      *self,
                           TillCertificateItem *item)
{
  g_return_if_fail (TILL_IS_STATUS_CELL (self));

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
