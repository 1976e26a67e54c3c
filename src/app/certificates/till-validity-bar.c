/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much of a validity has passed, as a bar; the same in words for ears. */
#include "config.h"

#include "till-validity-bar.h"

#include <glib/gi18n.h>

#include "till-certificate.h"
#include "till-text.h"

/**
 * TillValidityBar:
 *
 * A meter from the first to the last day. It takes its colour from its style
 * class (success, warning, error), and its length says the same without colour.
 * It hides itself where there is nothing to measure: no end, no valid dates.
 */

#define BAR_HEIGHT    12
#define MINIMUM_WIDTH 80
#define DAY           (24 * 60 * 60)
#define HOUR          (60 * 60)

struct _TillValidityBar
{
  GtkWidget  parent_instance;

  double     used;          /* 0 … 1 */
  char      *text;
};

G_DEFINE_FINAL_TYPE (TillValidityBar, till_validity_bar, GTK_TYPE_WIDGET)

static void
till_validity_bar_measure (GtkWidget      *widget,
                           GtkOrientation  orientation,
                           int             for_size,
                           int            *minimum,
                           int            *natural,
                           int            *minimum_baseline,
                           int            *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? MINIMUM_WIDTH : BAR_HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 3 * MINIMUM_WIDTH : BAR_HEIGHT;
}

/* The one use of the old style context: gtk_widget_get_color() is GTK 4.10's. */
static GdkRGBA
get_color (GtkWidget *widget)
{
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);

  return color;
}

static void
till_validity_bar_snapshot (GtkWidget   *widget,
                            GtkSnapshot *snapshot)
{
  TillValidityBar *self = TILL_VALIDITY_BAR (widget);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  float filled = width * (float) self->used;
  float start = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL ? width - filled : 0;
  GdkRGBA color = get_color (widget);
  GdkRGBA track = color;
  float border[4] = { 1, 1, 1, 1 };
  GdkRGBA edges[4];
  GskRoundedRect outline;

  track.alpha *= 0.15f;
  edges[0] = edges[1] = edges[2] = edges[3] = color;

  gsk_rounded_rect_init_from_rect (&outline, &GRAPHENE_RECT_INIT (0, 0, width, height), height / 2);

  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, &track, &GRAPHENE_RECT_INIT (0, 0, width, height));
  gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT (start, 0, filled, height));
  gtk_snapshot_pop (snapshot);

  /* The edge keeps the unused part visible on any background, in high contrast too. */
  gtk_snapshot_append_border (snapshot, &outline, border, edges);
}

static void
till_validity_bar_finalize (GObject *object)
{
  TillValidityBar *self = TILL_VALIDITY_BAR (object);

  g_free (self->text);

  G_OBJECT_CLASS (till_validity_bar_parent_class)->finalize (object);
}

static void
till_validity_bar_class_init (TillValidityBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = till_validity_bar_finalize;
  widget_class->measure = till_validity_bar_measure;
  widget_class->snapshot = till_validity_bar_snapshot;

  gtk_widget_class_set_css_name (widget_class, "validitybar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_METER);
}

static void
till_validity_bar_init (TillValidityBar *self)
{
  self->text = g_strdup ("");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Used part of the validity"),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, 1.0,
                                  -1);
}

/**
 * till_validity_bar_new:
 *
 * Returns: (transfer floating): a bar that measures nothing yet
 */
TillValidityBar *
till_validity_bar_new (void)
{
  return g_object_new (TILL_TYPE_VALIDITY_BAR, NULL);
}

static char *
describe (gint64 not_before,
          gint64 not_after,
          gint64 now)
{
  /* The last second is part of it (RFC 5280 4.1.2.5): until 23:59:59 makes whole days. */
  gint64 total = not_after - not_before + 1;
  gint64 used = CLAMP (now - not_before, 0, total);
  /* A validity of a day or two is told in hours. */
  gint64 unit = total >= 2 * DAY ? DAY : HOUR;
  int n_total = (int) MIN (total / unit, G_MAXINT);
  int n_used = (int) MIN (used / unit, G_MAXINT);

  if (now < not_before)
    {
      if (unit == DAY)
        return g_strdup_printf (ngettext ("None of %d day used", "None of %d days used", n_total), n_total);
      return g_strdup_printf (ngettext ("None of %d hour used", "None of %d hours used", n_total), n_total);
    }

  if (unit == DAY)
    /* Translators: the first number is how many days have passed, the second how many there are. */
    return g_strdup_printf (ngettext ("%d of %d day used", "%d of %d days used", n_total), n_used, n_total);

  /* Translators: the first number is how many hours have passed, the second how many there are. */
  return g_strdup_printf (ngettext ("%d of %d hour used", "%d of %d hours used", n_total), n_used, n_total);
}

/**
 * till_validity_bar_set:
 * @self: a bar
 * @not_before: start, as in TillCertificate
 * @not_after: end
 * @now: seconds since 1970
 *
 * Says what to measure. The bar hides itself where there is nothing to.
 */
void
till_validity_bar_set (TillValidityBar *self,
                       gint64           not_before,
                       gint64           not_after,
                       gint64           now)
{
  gboolean measurable;

  g_return_if_fail (TILL_IS_VALIDITY_BAR (self));

  measurable = not_before != TILL_TIME_INVALID && not_after != TILL_TIME_INVALID &&
               not_after != TILL_TIME_NEVER && not_after > not_before;

  g_free (self->text);
  self->used = 0;
  self->text = measurable ? describe (not_before, not_after, now) : g_strdup ("");
  if (measurable)
    self->used = CLAMP ((double) (now - not_before) / (double) (not_after - not_before), 0.0, 1.0);

  gtk_widget_set_visible (GTK_WIDGET (self), measurable);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, self->used,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, self->text,
                                  -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * till_validity_bar_get_used:
 * @self: a bar
 *
 * Returns: the part that has passed, 0 to 1
 */
double
till_validity_bar_get_used (TillValidityBar *self)
{
  g_return_val_if_fail (TILL_IS_VALIDITY_BAR (self), 0);

  return self->used;
}

/**
 * till_validity_bar_get_text:
 * @self: a bar
 *
 * Returns: (transfer none): the same in words: “353 of 365 days used”; "" where
 *   there is nothing to measure
 */
const char *
till_validity_bar_get_text (TillValidityBar *self)
{
  g_return_val_if_fail (TILL_IS_VALIDITY_BAR (self), "");

  return self->text;
}
