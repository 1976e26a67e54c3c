/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shape that stands before the words about a key, so that colour is never the only sign (UX.md 2.4). */
#include "config.h"

#include "till-key-shape.h"

/**
 * TillKeyShape:
 *
 * A disc for the key to use, half a disc for one that is still accepted, a ring
 * for one that waits, a square for one that has ended, a cross for one that was
 * revoked, a triangle for one that can't be used. Drawn, not written: few fonts
 * have all of them. Decoration to assistive technology: words stand beside it.
 */
struct _TillKeyShape
{
  GtkWidget        parent_instance;

  TillKeyStanding  standing;
};

G_DEFINE_FINAL_TYPE (TillKeyShape, till_key_shape, GTK_TYPE_WIDGET)

static const char *
get_style_class (TillKeyStanding standing)
{
  switch (standing)
    {
    case TILL_KEY_USE:
      return "use";

    case TILL_KEY_ACCEPTED:
      return "accepted";

    case TILL_KEY_REVOKED:
      return "revoked";

    case TILL_KEY_UNUSABLE:
      return "unusable";

    case TILL_KEY_NOT_YET:
    case TILL_KEY_ENDED:
    case TILL_KEY_INACTIVE:
    case TILL_KEY_LEGACY:
    default:
      return "quiet";
    }
}

static void
draw_path (cairo_t         *cr,
           TillKeyStanding  standing,
           double           size)
{
  double width = MAX (1.5, size / 7);
  double middle = size / 2;

  cairo_set_line_width (cr, width);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);

  switch (standing)
    {
    case TILL_KEY_USE:
      cairo_arc (cr, middle, middle, middle, 0, 2 * G_PI);
      cairo_fill (cr);
      break;

    case TILL_KEY_ACCEPTED:
      cairo_arc (cr, middle, middle, middle - width / 2, 0, 2 * G_PI);
      cairo_stroke (cr);
      cairo_arc (cr, middle, middle, middle - width / 2, G_PI / 2, 3 * G_PI / 2);
      cairo_fill (cr);
      break;

    case TILL_KEY_NOT_YET:
      cairo_arc (cr, middle, middle, middle - width / 2, 0, 2 * G_PI);
      cairo_stroke (cr);
      break;

    case TILL_KEY_REVOKED:
      cairo_set_line_width (cr, MAX (2, size / 5));
      cairo_move_to (cr, width, width);
      cairo_line_to (cr, size - width, size - width);
      cairo_move_to (cr, size - width, width);
      cairo_line_to (cr, width, size - width);
      cairo_stroke (cr);
      break;

    case TILL_KEY_UNUSABLE:
      cairo_move_to (cr, middle, size * 0.04);
      cairo_line_to (cr, size, size * 0.94);
      cairo_line_to (cr, 0, size * 0.94);
      cairo_close_path (cr);
      cairo_fill (cr);
      break;

    case TILL_KEY_ENDED:
    case TILL_KEY_INACTIVE:
    case TILL_KEY_LEGACY:
    default:
      cairo_rectangle (cr, size * 0.08, size * 0.08, size * 0.84, size * 0.84);
      cairo_fill (cr);
    }
}

static void
till_key_shape_snapshot (GtkWidget   *widget,
                         GtkSnapshot *snapshot)
{
  TillKeyShape *self = TILL_KEY_SHAPE (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  int size = MIN (width, height);
  GdkRGBA color;
  cairo_t *cr;

  if (size <= 0)
    return;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  cairo_translate (cr, (width - size) / 2.0, (height - size) / 2.0);
  gdk_cairo_set_source_rgba (cr, &color);
  draw_path (cr, self->standing, size);
  cairo_destroy (cr);
}

static void
till_key_shape_class_init (TillKeyShapeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = till_key_shape_snapshot;

  gtk_widget_class_set_css_name (widget_class, "keyshape");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
till_key_shape_init (TillKeyShape *self)
{
  self->standing = TILL_KEY_UNUSABLE;
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (self), get_style_class (self->standing));
}

/**
 * till_key_shape_new:
 * @standing: what it stands for
 *
 * Returns: (transfer floating): a shape
 */
GtkWidget *
till_key_shape_new (TillKeyStanding standing)
{
  TillKeyShape *self = g_object_new (TILL_TYPE_KEY_SHAPE, NULL);

  till_key_shape_set_standing (self, standing);

  return GTK_WIDGET (self);
}

/**
 * till_key_shape_get_standing:
 * @self: a shape
 *
 * Returns: what it stands for
 */
TillKeyStanding
till_key_shape_get_standing (TillKeyShape *self)
{
  g_return_val_if_fail (TILL_IS_KEY_SHAPE (self), TILL_KEY_UNUSABLE);

  return self->standing;
}

/**
 * till_key_shape_set_standing:
 * @self: a shape
 * @standing: what it stands for
 */
void
till_key_shape_set_standing (TillKeyShape    *self,
                             TillKeyStanding  standing)
{
  g_return_if_fail (TILL_IS_KEY_SHAPE (self));

  if (self->standing == standing)
    return;

  gtk_widget_remove_css_class (GTK_WIDGET (self), get_style_class (self->standing));
  gtk_widget_add_css_class (GTK_WIDGET (self), get_style_class (standing));
  self->standing = standing;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
