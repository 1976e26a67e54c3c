/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Widgets side by side where there is room, else one below the other. */
#include "config.h"

#include "till-flip-box.h"

/**
 * TillFlipBox:
 *
 * libadwaita 1.2 has no breakpoints, and GtkFlowBox makes a stop for the Tab
 * key of each child. Here the width alone decides, while space is shared out,
 * so nothing has to be changed after the fact.
 */
struct _TillFlipBox
{
  GtkWidget  parent_instance;

  int        spacing;
  int        break_width;
};

typedef enum
{
  PROP_SPACING = 1,
  PROP_BREAK_WIDTH,
} TillFlipBoxProperty;

static GParamSpec *properties[PROP_BREAK_WIDTH + 1];

G_DEFINE_FINAL_TYPE (TillFlipBox, till_flip_box, GTK_TYPE_WIDGET)

static GtkWidget *
next_visible (GtkWidget *child)
{
  while (child != NULL && !gtk_widget_should_layout (child))
    child = gtk_widget_get_next_sibling (child);

  return child;
}

#define FOR_EACH_CHILD(self, child) \
  for (child = next_visible (gtk_widget_get_first_child (GTK_WIDGET (self))); child != NULL; \
       child = next_visible (gtk_widget_get_next_sibling (child)))

static int
count_children (TillFlipBox *self)
{
  GtkWidget *child;
  int n = 0;

  FOR_EACH_CHILD (self, child)
    n++;

  return n;
}

/* The width from which on the children stand side by side. */
static int
get_row_width (TillFlipBox *self)
{
  GtkWidget *child;
  int width = 0;
  int n = count_children (self);

  if (self->break_width > 0)
    return self->break_width;

  FOR_EACH_CHILD (self, child)
    {
      int natural;

      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
      width += natural;
    }

  return width + MAX (n - 1, 0) * self->spacing;
}

/* The width of one child in a row that is @width wide. */
static int
get_share (TillFlipBox *self,
           GtkWidget   *child,
           int          width,
           int          n_children)
{
  int natural;

  if (self->break_width > 0)
    return MAX ((width - (n_children - 1) * self->spacing) / n_children, 0);

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);

  return natural;
}

/* In equal shares a child may need more than its share; then they go below each other. */
static gboolean
fits_in_row (TillFlipBox *self,
             int          width)
{
  GtkWidget *child;
  int n = count_children (self);

  if (width < get_row_width (self))
    return FALSE;

  FOR_EACH_CHILD (self, child)
    {
      int minimum;

      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
      if (minimum > get_share (self, child, width, n))
        return FALSE;
    }

  return TRUE;
}

static GtkSizeRequestMode
till_flip_box_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
till_flip_box_measure (GtkWidget      *widget,
                       GtkOrientation  orientation,
                       int             for_size,
                       int            *minimum,
                       int            *natural,
                       int            *minimum_baseline,
                       int            *natural_baseline)
{
  TillFlipBox *self = TILL_FLIP_BOX (widget);
  int n = count_children (self);
  gboolean row;
  GtkWidget *child;

  *minimum = 0;
  *natural = 0;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      FOR_EACH_CHILD (self, child)
        {
          int child_minimum;

          gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &child_minimum, NULL, NULL, NULL);
          *minimum = MAX (*minimum, child_minimum);
        }
      *natural = MAX (*minimum, get_row_width (self));
      return;
    }

  row = for_size < 0 || fits_in_row (self, for_size);
  FOR_EACH_CHILD (self, child)
    {
      int width = for_size < 0 ? -1 : row ? get_share (self, child, for_size, n) : for_size;
      int child_minimum, child_natural;

      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, &child_minimum, &child_natural, NULL, NULL);
      *minimum = row ? MAX (*minimum, child_minimum) : *minimum + child_minimum;
      *natural = row ? MAX (*natural, child_natural) : *natural + child_natural;
    }

  if (!row && n > 1)
    {
      *minimum += (n - 1) * self->spacing;
      *natural += (n - 1) * self->spacing;
    }
}

static void
till_flip_box_size_allocate (GtkWidget *widget,
                             int        width,
                             int        height,
                             int        baseline)
{
  TillFlipBox *self = TILL_FLIP_BOX (widget);
  gboolean row = fits_in_row (self, width);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int n = count_children (self);
  GtkWidget *child;
  int x = 0, y = 0;

  FOR_EACH_CHILD (self, child)
    {
      GtkAllocation place = { x, y, width, height };

      if (row)
        {
          place.width = get_share (self, child, width, n);
          place.x = rtl ? width - x - place.width : x;
          x += place.width + self->spacing;
        }
      else
        {
          gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, NULL, &place.height, NULL, NULL);
          y += place.height + self->spacing;
        }

      gtk_widget_size_allocate (child, &place, -1);
    }
}

static void
till_flip_box_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  TillFlipBox *self = TILL_FLIP_BOX (object);

  switch ((TillFlipBoxProperty) prop_id)
    {
    case PROP_SPACING:
      g_value_set_int (value, self->spacing);
      break;

    case PROP_BREAK_WIDTH:
      g_value_set_int (value, self->break_width);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
till_flip_box_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  TillFlipBox *self = TILL_FLIP_BOX (object);

  switch ((TillFlipBoxProperty) prop_id)
    {
    case PROP_SPACING:
      self->spacing = g_value_get_int (value);
      gtk_widget_queue_resize (GTK_WIDGET (self));
      break;

    case PROP_BREAK_WIDTH:
      self->break_width = g_value_get_int (value);
      gtk_widget_queue_resize (GTK_WIDGET (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
till_flip_box_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (till_flip_box_parent_class)->dispose (object);
}

static void
till_flip_box_class_init (TillFlipBoxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = till_flip_box_get_property;
  object_class->set_property = till_flip_box_set_property;
  object_class->dispose = till_flip_box_dispose;
  widget_class->get_request_mode = till_flip_box_get_request_mode;
  widget_class->measure = till_flip_box_measure;
  widget_class->size_allocate = till_flip_box_size_allocate;

  properties[PROP_SPACING] =
    g_param_spec_int ("spacing", NULL, NULL, 0, G_MAXINT16, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_BREAK_WIDTH] =
    g_param_spec_int ("break-width", NULL, NULL, 0, G_MAXINT16, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
till_flip_box_init (TillFlipBox *self)
{
}

/**
 * till_flip_box_new:
 * @spacing: pixels between children
 * @break_width: side by side from that width on, in equal shares; 0: as soon as their natural widths fit
 *
 * Returns: (transfer floating): an empty box
 */
GtkWidget *
till_flip_box_new (int spacing,
                   int break_width)
{
  return g_object_new (TILL_TYPE_FLIP_BOX, "spacing", spacing, "break-width", break_width, NULL);
}
