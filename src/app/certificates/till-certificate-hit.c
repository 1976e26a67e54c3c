/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which certificate a point in a list or column view belongs to. */
#include "config.h"

#include "till-certificate-hit.h"

#include "till-certificate-row.h"
#include "till-status-cell.h"

/* The row that a widget in the list belongs to. */
static TillCertificateItem *
find_item (GtkWidget *widget)
{
  GtkWidget *child;

  if (TILL_IS_STATUS_CELL (widget))
    return till_status_cell_get_item (TILL_STATUS_CELL (widget));

  if (TILL_IS_CERTIFICATE_ROW (widget))
    return till_certificate_row_get_item (TILL_CERTIFICATE_ROW (widget));

  for (child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      TillCertificateItem *item = find_item (child);

      if (item != NULL)
        return item;
    }

  return NULL;
}

/**
 * till_certificate_hit_find:
 * @view: a #GtkListView or #GtkColumnView of certificates
 * @x: in it
 * @y: in it
 *
 * Returns: (transfer none) (nullable): the certificate of the row there
 */
TillCertificateItem *
till_certificate_hit_find (GtkWidget *view,
                           double     x,
                           double     y)
{
  GtkWidget *widget = gtk_widget_pick (view, x, y, GTK_PICK_DEFAULT);

  while (widget != NULL && widget != view && !GTK_IS_LIST_VIEW (gtk_widget_get_parent (widget)))
    widget = gtk_widget_get_parent (widget);

  return widget != NULL && widget != view ? find_item (widget) : NULL;
}

/**
 * till_certificate_hit_find_row:
 * @list_view: a #GtkListView of certificates, or the one in a #GtkColumnView
 * @item: a certificate
 *
 * Returns: (transfer none) (nullable): the widget of its row, where there is one at the moment
 */
GtkWidget *
till_certificate_hit_find_row (GtkWidget           *list_view,
                               TillCertificateItem *item)
{
  GtkWidget *row;

  for (row = gtk_widget_get_first_child (list_view); row != NULL; row = gtk_widget_get_next_sibling (row))
    if (gtk_widget_get_mapped (row) && find_item (row) == item)
      return row;

  return NULL;
}
