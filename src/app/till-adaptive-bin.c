/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A container that says how wide it would like to be, and whether it is narrow now. */
#include "config.h"

#include "till-adaptive-bin.h"

/**
 * TillAdaptiveBin:
 *
 * Stands in for AdwBreakpoint, which needs libadwaita 1.4. Its minimum is that
 * of its child, so that it never keeps a window from shrinking; its natural
 * width is the one it is given, so that an AdwLeaflet folds at the same width
 * whatever is shown. "narrow" changes after an allocation, not within: whoever
 * listens may replace children.
 */

struct _TillAdaptiveBin
{
  GtkWidget  parent_instance;

  GtkWidget *child;          /* (nullable) */
  int        natural_width;
  int        narrow_below;
  gboolean   narrow;
  guint      changed_id;
};

typedef enum
{
  PROP_CHILD = 1,
  PROP_NATURAL_WIDTH,
  PROP_NARROW_BELOW,
  PROP_NARROW,
} TillAdaptiveBinProperty;

static GParamSpec *properties[PROP_NARROW + 1];

static GtkBuildableIface *parent_buildable_iface;

static void till_adaptive_bin_buildable_init (GtkBuildableIface *iface);

G_DEFINE_TYPE_WITH_CODE (TillAdaptiveBin, till_adaptive_bin, GTK_TYPE_WIDGET,
                         G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, till_adaptive_bin_buildable_init))

/* Larger text needs as much more room. */
static int
scale (TillAdaptiveBin *self,
       int              width)
{
  GtkSettings *settings = gtk_widget_get_settings (GTK_WIDGET (self));
  int dpi = 0;

  g_object_get (settings, "gtk-xft-dpi", &dpi, NULL);
  if (dpi <= 0)
    return width;

  return (int) (width * (double) dpi / (96 * PANGO_SCALE));
}

static GtkSizeRequestMode
till_adaptive_bin_get_request_mode (GtkWidget *widget)
{
  TillAdaptiveBin *self = TILL_ADAPTIVE_BIN (widget);

  return self->child != NULL ? gtk_widget_get_request_mode (self->child) : GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static int
get_child_minimum (TillAdaptiveBin *self)
{
  int minimum;

  gtk_widget_measure (self->child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);

  return minimum;
}

static void
till_adaptive_bin_measure (GtkWidget      *widget,
                           GtkOrientation  orientation,
                           int             for_size,
                           int            *minimum,
                           int            *natural,
                           int            *minimum_baseline,
                           int            *natural_baseline)
{
  TillAdaptiveBin *self = TILL_ADAPTIVE_BIN (widget);

  if (self->child != NULL && gtk_widget_get_visible (self->child))
    {
      if (orientation == GTK_ORIENTATION_VERTICAL && for_size >= 0)
        for_size = MAX (for_size, get_child_minimum (self));
      gtk_widget_measure (self->child, orientation, for_size, minimum, natural, NULL, NULL);
    }

  /* A wide child must not keep its parent from becoming narrow, for then it will be another one. */
  if (orientation == GTK_ORIENTATION_HORIZONTAL && !self->narrow && self->narrow_below > 0)
    *minimum = MIN (*minimum, scale (self, self->narrow_below) / 2);

  if (orientation == GTK_ORIENTATION_HORIZONTAL && self->natural_width > 0)
    *natural = MAX (*minimum, scale (self, self->natural_width));
}

static gboolean
narrow_changed_cb (gpointer user_data)
{
  TillAdaptiveBin *self = user_data;

  self->changed_id = 0;
  self->narrow = !self->narrow;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NARROW]);

  return G_SOURCE_REMOVE;
}

static void
till_adaptive_bin_size_allocate (GtkWidget *widget,
                                 int        width,
                                 int        height,
                                 int        baseline)
{
  TillAdaptiveBin *self = TILL_ADAPTIVE_BIN (widget);
  gboolean narrow = width < scale (self, self->narrow_below);

  if (self->child != NULL && gtk_widget_should_layout (self->child))
    gtk_widget_allocate (self->child, MAX (width, get_child_minimum (self)), height, baseline, NULL);

  if (narrow == self->narrow)
    g_clear_handle_id (&self->changed_id, g_source_remove);
  else if (self->changed_id == 0)
    self->changed_id = g_idle_add_full (G_PRIORITY_HIGH, narrow_changed_cb, self, NULL);
}

static void
till_adaptive_bin_compute_expand (GtkWidget *widget,
                                  gboolean  *hexpand,
                                  gboolean  *vexpand)
{
  TillAdaptiveBin *self = TILL_ADAPTIVE_BIN (widget);

  *hexpand = self->child != NULL && gtk_widget_compute_expand (self->child, GTK_ORIENTATION_HORIZONTAL);
  *vexpand = self->child != NULL && gtk_widget_compute_expand (self->child, GTK_ORIENTATION_VERTICAL);
}

static gboolean
till_adaptive_bin_focus (GtkWidget        *widget,
                         GtkDirectionType  direction)
{
  TillAdaptiveBin *self = TILL_ADAPTIVE_BIN (widget);

  return self->child != NULL && gtk_widget_child_focus (self->child, direction);
}

static gboolean
till_adaptive_bin_grab_focus (GtkWidget *widget)
{
  TillAdaptiveBin *self = TILL_ADAPTIVE_BIN (widget);

  return self->child != NULL && gtk_widget_grab_focus (self->child);
}

static void
till_adaptive_bin_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  TillAdaptiveBin *self = TILL_ADAPTIVE_BIN (object);

  switch ((TillAdaptiveBinProperty) prop_id)
    {
    case PROP_CHILD:
      g_value_set_object (value, self->child);
      break;

    case PROP_NATURAL_WIDTH:
      g_value_set_int (value, self->natural_width);
      break;

    case PROP_NARROW_BELOW:
      g_value_set_int (value, self->narrow_below);
      break;

    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
till_adaptive_bin_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  TillAdaptiveBin *self = TILL_ADAPTIVE_BIN (object);

  switch ((TillAdaptiveBinProperty) prop_id)
    {
    case PROP_CHILD:
      till_adaptive_bin_set_child (self, g_value_get_object (value));
      break;

    case PROP_NATURAL_WIDTH:
      self->natural_width = g_value_get_int (value);
      gtk_widget_queue_resize (GTK_WIDGET (self));
      break;

    case PROP_NARROW_BELOW:
      self->narrow_below = g_value_get_int (value);
      gtk_widget_queue_allocate (GTK_WIDGET (self));
      break;

    case PROP_NARROW:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
till_adaptive_bin_dispose (GObject *object)
{
  TillAdaptiveBin *self = TILL_ADAPTIVE_BIN (object);

  g_clear_handle_id (&self->changed_id, g_source_remove);
  g_clear_pointer (&self->child, gtk_widget_unparent);

  G_OBJECT_CLASS (till_adaptive_bin_parent_class)->dispose (object);
}

static void
till_adaptive_bin_add_child (GtkBuildable *buildable,
                             GtkBuilder   *builder,
                             GObject      *child,
                             const char   *type)
{
  if (GTK_IS_WIDGET (child) && type == NULL)
    till_adaptive_bin_set_child (TILL_ADAPTIVE_BIN (buildable), GTK_WIDGET (child));
  else
    parent_buildable_iface->add_child (buildable, builder, child, type);
}

static void
till_adaptive_bin_buildable_init (GtkBuildableIface *iface)
{
  parent_buildable_iface = g_type_interface_peek_parent (iface);
  iface->add_child = till_adaptive_bin_add_child;
}

static void
till_adaptive_bin_class_init (TillAdaptiveBinClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = till_adaptive_bin_get_property;
  object_class->set_property = till_adaptive_bin_set_property;
  object_class->dispose = till_adaptive_bin_dispose;

  widget_class->get_request_mode = till_adaptive_bin_get_request_mode;
  widget_class->measure = till_adaptive_bin_measure;
  widget_class->size_allocate = till_adaptive_bin_size_allocate;
  widget_class->compute_expand = till_adaptive_bin_compute_expand;
  widget_class->focus = till_adaptive_bin_focus;
  widget_class->grab_focus = till_adaptive_bin_grab_focus;

  properties[PROP_CHILD] =
    g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_NATURAL_WIDTH] =
    g_param_spec_int ("natural-width", NULL, NULL, 0, G_MAXINT, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_NARROW_BELOW] =
    g_param_spec_int ("narrow-below", NULL, NULL, 0, G_MAXINT, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_NARROW] =
    g_param_spec_boolean ("narrow", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
till_adaptive_bin_init (TillAdaptiveBin *self)
{
}

/**
 * till_adaptive_bin_get_child:
 * @self: a container
 *
 * Returns: (transfer none) (nullable): what is in it
 */
GtkWidget *
till_adaptive_bin_get_child (TillAdaptiveBin *self)
{
  g_return_val_if_fail (TILL_IS_ADAPTIVE_BIN (self), NULL);

  return self->child;
}

/**
 * till_adaptive_bin_set_child:
 * @self: a container
 * @child: (nullable): what is to be in it
 */
void
till_adaptive_bin_set_child (TillAdaptiveBin *self,
                             GtkWidget       *child)
{
  g_return_if_fail (TILL_IS_ADAPTIVE_BIN (self));
  g_return_if_fail (child == NULL || GTK_IS_WIDGET (child));

  if (self->child == child)
    return;

  g_clear_pointer (&self->child, gtk_widget_unparent);
  self->child = child;
  if (child != NULL)
    gtk_widget_set_parent (child, GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHILD]);
}

/**
 * till_adaptive_bin_get_narrow:
 * @self: a container
 *
 * Returns: whether it had less room than "narrow-below" when it was last laid out
 */
gboolean
till_adaptive_bin_get_narrow (TillAdaptiveBin *self)
{
  g_return_val_if_fail (TILL_IS_ADAPTIVE_BIN (self), FALSE);

  return self->narrow;
}
