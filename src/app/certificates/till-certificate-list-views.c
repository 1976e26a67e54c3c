/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two views of the list of certificates: columns, and rows of two lines. */
#include "config.h"

#include "till-certificate-list-private.h"

#include <glib/gi18n.h>

#include "till-certificate-columns.h"
#include "till-certificate-hit.h"
#include "till-certificate-row.h"

static void
activate_cb (TillCertificateList *self,
             guint                position)
{
  g_autoptr(TillCertificateItem) item = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (item == NULL)
    return;

  till_certificate_list_set_current (self, item);
  till_certificate_list_emit_activated (self);
}

static void
secondary_pressed_cb (GtkGestureClick *gesture,
                      int              n_press,
                      double           x,
                      double           y,
                      gpointer         user_data)
{
  TillCertificateList *self = user_data;
  GtkWidget *view = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));
  TillCertificateItem *item = till_certificate_hit_find (view, x, y);

  if (item == NULL)
    return;

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  till_certificate_list_set_current (self, item);
  gtk_widget_grab_focus (GTK_WIDGET (self));
  till_certificate_list_emit_menu_asked (self, view, x, y);
}

/* Not "single-click-activate": with that, pointing at a row selects it. */
static void
primary_released_cb (GtkGestureClick *gesture,
                     int              n_press,
                     double           x,
                     double           y,
                     gpointer         user_data)
{
  TillCertificateList *self = user_data;
  GtkWidget *view = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));
  TillCertificateItem *item = till_certificate_hit_find (view, x, y);

  if (item == NULL || n_press != 1 || !self->one_click)
    return;

  till_certificate_list_set_current (self, item);
  till_certificate_list_emit_activated (self);
}

static void
prepare_view (TillCertificateList *self,
              GtkWidget           *view)
{
  GtkGesture *primary = gtk_gesture_click_new ();
  GtkGesture *secondary = gtk_gesture_click_new ();

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (primary), GTK_PHASE_CAPTURE);
  g_signal_connect (primary, "released", G_CALLBACK (primary_released_cb), self);
  gtk_widget_add_controller (view, GTK_EVENT_CONTROLLER (primary));

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (secondary), GDK_BUTTON_SECONDARY);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (secondary), GTK_PHASE_CAPTURE);
  g_signal_connect (secondary, "pressed", G_CALLBACK (secondary_pressed_cb), self);
  gtk_widget_add_controller (view, GTK_EVENT_CONTROLLER (secondary));

  g_signal_connect_swapped (view, "activate", G_CALLBACK (activate_cb), self);
}

/**
 * till_certificate_list_update_room:
 * @self: a list
 *
 * Shows as many columns as there is room for.
 */
void
till_certificate_list_update_room (TillCertificateList *self)
{
  if (self->columns != NULL)
    till_certificate_columns_set_room (self->columns, !till_adaptive_bin_get_narrow (self->all_room) ? 2
                                                      : !till_adaptive_bin_get_narrow (self->some_room) ? 1 : 0);
}

static void
ensure_columns (TillCertificateList *self)
{
  if (self->columns != NULL)
    return;

  self->columns = till_certificate_columns_new (self->settings);
  till_certificate_list_update_room (self);
  prepare_view (self, self->columns);
  gtk_scrolled_window_set_child (self->columns_window, self->columns);
}

static void
ensure_list (TillCertificateList *self)
{
  if (self->list != NULL)
    return;

  self->list = till_certificate_row_list_new ();
  prepare_view (self, self->list);
  gtk_scrolled_window_set_child (self->rows_window, self->list);
}

/**
 * till_certificate_list_ensure_view:
 * @self: a list
 *
 * Makes the view that fits the width, where it is not there yet.
 */
void
till_certificate_list_ensure_view (TillCertificateList *self)
{
  if (till_adaptive_bin_get_narrow (self->adaptive))
    ensure_list (self);
  else
    ensure_columns (self);
}

/**
 * till_certificate_list_get_view:
 * @self: a list
 *
 * Returns: (transfer none) (nullable): the list view that scrolls and has the focus: the column view has one within
 */
GtkWidget *
till_certificate_list_get_view (TillCertificateList *self)
{
  GtkWidget *child;

  if (till_adaptive_bin_get_narrow (self->adaptive))
    return self->list;

  if (self->columns == NULL)
    return NULL;

  for (child = gtk_widget_get_first_child (self->columns); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_LIST_VIEW (child))
      return child;

  return NULL;
}

/**
 * till_certificate_list_scroll_to:
 * @self: a list
 * @position: of a row
 *
 * Brings it into view.
 */
void
till_certificate_list_scroll_to (TillCertificateList *self,
                                 guint                position)
{
  GtkWidget *view = till_certificate_list_get_view (self);

  if (view == NULL)
    return;

  /* This also makes it the row that gets the focus with the view. */
  gtk_widget_activate_action (view, "list.scroll-to-item", "u", position);
  if (gtk_widget_get_focus_child (view) != NULL)
    gtk_widget_grab_focus (view);
}

/**
 * till_certificate_list_dup_filter:
 * @filter: a filter
 * @n: how many rows it shows
 *
 * Returns: (transfer full): its name for a screen reader
 */
char *
till_certificate_list_dup_filter (Filter filter,
                                  guint  n)
{
  switch (filter)
    {
    case FILTER_ATTENTION:
      /* Translators: the name of a filter for a screen reader; %u is how many certificates it shows. */
      return g_strdup_printf (ngettext ("Needs Attention, %u certificate", "Needs Attention, %u certificates", n), n);

    case FILTER_EXPIRED:
      /* Translators: the name of a filter for a screen reader; %u is how many certificates it shows. */
      return g_strdup_printf (ngettext ("Expired, %u certificate", "Expired, %u certificates", n), n);

    case FILTER_UNUSED:
      /* Translators: the name of a filter for a screen reader; %u is how many certificates it shows. */
      return g_strdup_printf (ngettext ("Not Used, %u certificate", "Not Used, %u certificates", n), n);

    case FILTER_ALL:
    case N_FILTERS:
    default:
      /* Translators: the name of a filter for a screen reader; %u is how many certificates it shows. */
      return g_strdup_printf (ngettext ("All, %u certificate", "All, %u certificates", n), n);
    }
}
