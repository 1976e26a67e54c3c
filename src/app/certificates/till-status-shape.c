/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shape that stands before the words of a status, so that colour is never the only sign (UX.md 2.1). */
#include "config.h"

#include "till-status-shape.h"

/**
 * TillStatusShape:
 *
 * Drawn, not written: few fonts have all six signs, and no two at one size. The
 * style sheet gives size and colour by a class named after the status.
 * Decoration to assistive technology: words stand beside it.
 */

struct _TillStatusShape
{
  GtkWidget       parent_instance;

  TillItemStatus  status;
};

G_DEFINE_TYPE (TillStatusShape, till_status_shape, GTK_TYPE_WIDGET)

static const char *
get_style_class (TillItemStatus status)
{
  switch (status)
    {
    case TILL_STATUS_VALID:
      return "valid";

    case TILL_STATUS_SOON:
      return "soon";

    case TILL_STATUS_EXPIRED:
      return "expired";

    case TILL_STATUS_PROBLEM:
      return "problem";

    case TILL_STATUS_LOCKED:
      return "locked";

    case TILL_STATUS_OFF:
    case TILL_STATUS_NONE:
    default:
      return "none";
    }
}

static void
draw_disc (GtkSnapshot   *snapshot,
           float          size,
           const GdkRGBA *color)
{
  GskRoundedRect disc;

  gsk_rounded_rect_init_from_rect (&disc, &GRAPHENE_RECT_INIT (0, 0, size, size), size / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &disc);
  gtk_snapshot_append_color (snapshot, color, &disc.bounds);
  gtk_snapshot_pop (snapshot);
}

static void
draw_ring (GtkSnapshot   *snapshot,
           float          size,
           const GdkRGBA *color)
{
  float width = MAX (1.5f, size / 8);
  GskRoundedRect ring;

  gsk_rounded_rect_init_from_rect (&ring, &GRAPHENE_RECT_INIT (0, 0, size, size), size / 2);
  gtk_snapshot_append_border (snapshot, &ring,
                              (float[4]) { width, width, width, width },
                              (GdkRGBA[4]) { *color, *color, *color, *color });
}

static void
draw_diamond (GtkSnapshot   *snapshot,
              float          size,
              const GdkRGBA *color)
{
  float side = size * 0.76f;

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (size / 2, size / 2));
  gtk_snapshot_rotate (snapshot, 45);
  gtk_snapshot_append_color (snapshot, color, &GRAPHENE_RECT_INIT (-side / 2, -side / 2, side, side));
  gtk_snapshot_restore (snapshot);
}

static void
draw_triangle (GtkSnapshot   *snapshot,
               float          size,
               const GdkRGBA *color)
{
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, size, size));

  gdk_cairo_set_source_rgba (cr, color);
  cairo_move_to (cr, size / 2, size * 0.04);
  cairo_line_to (cr, size, size * 0.94);
  cairo_line_to (cr, 0, size * 0.94);
  cairo_close_path (cr);
  cairo_fill (cr);
  cairo_destroy (cr);
}

/* A ring of dashes: not looked into. */
static void
draw_dashed_ring (GtkSnapshot   *snapshot,
                  float          size,
                  const GdkRGBA *color)
{
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, size, size));
  double width = MAX (1.5, size / 7);
  double radius = (size - width) / 2;
  double dash = 2 * G_PI * radius / 12;

  gdk_cairo_set_source_rgba (cr, color);
  cairo_set_line_width (cr, width);
  cairo_set_dash (cr, &dash, 1, dash / 2);
  cairo_arc (cr, size / 2, size / 2, radius, 0, 2 * G_PI);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

static void
till_status_shape_snapshot (GtkWidget   *widget,
                            GtkSnapshot *snapshot)
{
  TillStatusShape *self = TILL_STATUS_SHAPE (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  float size = MIN (width, height);
  GdkRGBA color;

  if (size <= 0)
    return;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((width - size) / 2, (height - size) / 2));
  switch (self->status)
    {
    case TILL_STATUS_VALID:
      draw_disc (snapshot, size, &color);
      break;

    case TILL_STATUS_SOON:
      draw_diamond (snapshot, size, &color);
      break;

    case TILL_STATUS_EXPIRED:
      gtk_snapshot_append_color (snapshot, &color,
                                 &GRAPHENE_RECT_INIT (size * 0.06f, size * 0.06f, size * 0.88f, size * 0.88f));
      break;

    case TILL_STATUS_PROBLEM:
      draw_triangle (snapshot, size, &color);
      break;

    case TILL_STATUS_LOCKED:
      draw_dashed_ring (snapshot, size, &color);
      break;

    case TILL_STATUS_OFF:
    case TILL_STATUS_NONE:
    default:
      draw_ring (snapshot, size, &color);
    }
  gtk_snapshot_restore (snapshot);
}

static void
till_status_shape_class_init (TillStatusShapeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = till_status_shape_snapshot;

  gtk_widget_class_set_css_name (widget_class, "statusshape");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
till_status_shape_init (TillStatusShape *self)
{
  self->status = TILL_STATUS_NONE;
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (self), get_style_class (self->status));
}

/**
 * till_status_shape_new:
 *
 * Returns: (transfer floating): a shape
 */
GtkWidget *
till_status_shape_new (void)
{
  return g_object_new (TILL_TYPE_STATUS_SHAPE, NULL);
}

/**
 * till_status_shape_get_status:
 * @self: a shape
 *
 * Returns: what it stands for
 */
TillItemStatus
till_status_shape_get_status (TillStatusShape *self)
{
  g_return_val_if_fail (TILL_IS_STATUS_SHAPE (self), TILL_STATUS_NONE);

  return self->status;
}

/**
 * till_status_shape_set_status:
 * @self: a shape
 * @status: what it stands for
 */
void
till_status_shape_set_status (TillStatusShape *self,
                              TillItemStatus   status)
{
  g_return_if_fail (TILL_IS_STATUS_SHAPE (self));

  if (self->status == status)
    return;

  gtk_widget_remove_css_class (GTK_WIDGET (self), get_style_class (self->status));
  gtk_widget_add_css_class (GTK_WIDGET (self), get_style_class (status));
  self->status = status;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
