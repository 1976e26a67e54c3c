/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The validity of keys as a picture: now, overlaps, the rotation window, the service's reminders (UX.md 2.4). */
#include "config.h"

#include "till-key-timeline.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "till-key-timeline-plan.h"

/**
 * TillKeyTimeline:
 *
 * Time runs as the text does. A bar's pattern says what its colour says: filled
 * for the key to use, striped for one that is still accepted, dashed for one
 * that waits, empty for one that is over, crossed for one that was revoked. To
 * assistive technology it is one image with the facts as its description; beside
 * it the pane has the same as a list.
 */

#define MINIMUM_WIDTH 240
#define BAR_HEIGHT    14
#define ROW_GAP       12
#define LINE_GAP      3
#define TICK_ROOM     76
#define MARK_SIZE     8
#define CAPTION_SCALE 0.88

struct _TillKeyTimeline
{
  GtkWidget    parent_instance;

  TillKeyPlan *plan;           /* (nullable) */
};

typedef struct
{
  GdkRGBA text;
  GdkRGBA dim;
  GdkRGBA grid;
  GdkRGBA use;
  GdkRGBA warning;
  GdkRGBA error;
} Palette;

G_DEFINE_FINAL_TYPE (TillKeyTimeline, till_key_timeline, GTK_TYPE_WIDGET)

static void
load_color (GtkStyleContext *context,
            const char      *name,
            const GdkRGBA   *otherwise,
            GdkRGBA         *color)
{
  if (!gtk_style_context_lookup_color (context, name, color))
    *color = *otherwise;
}

static void
load_palette (TillKeyTimeline *self,
              Palette         *palette)
{
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (self));
  gboolean contrast = adw_style_manager_get_high_contrast (adw_style_manager_get_default ());

  gtk_style_context_get_color (context, &palette->text);
  palette->dim = palette->text;
  palette->dim.alpha *= contrast ? 0.9f : 0.65f;
  palette->grid = palette->text;
  palette->grid.alpha *= contrast ? 0.5f : 0.15f;
  load_color (context, "accent_bg_color", &palette->text, &palette->use);
  load_color (context, "warning_bg_color", &palette->text, &palette->warning);
  load_color (context, "error_color", &palette->text, &palette->error);
}

static PangoLayout *
new_text (TillKeyTimeline *self,
          const char      *text,
          float            max_width)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  PangoFontDescription *font = pango_font_description_copy (
    pango_context_get_font_description (gtk_widget_get_pango_context (GTK_WIDGET (self))));

  /* One step smaller, as captions are. */
  if (pango_font_description_get_size_is_absolute (font))
    pango_font_description_set_absolute_size (font, pango_font_description_get_size (font) * CAPTION_SCALE);
  else
    pango_font_description_set_size (font, (int) (pango_font_description_get_size (font) * CAPTION_SCALE));
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);

  if (max_width > 0)
    {
      int width;

      pango_layout_get_pixel_size (layout, &width, NULL);
      if ((float) width > max_width)
        {
          pango_layout_set_width (layout, (int) (max_width * PANGO_SCALE));
          pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
        }
    }

  return layout;
}

static int
get_line_height (TillKeyTimeline *self)
{
  g_autoptr(PangoLayout) layout = new_text (self, "X", 0);
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);

  return height;
}

static int
get_row_height (const TillKeyBar *bar,
                gboolean          has_window,
                int               line)
{
  int height = line + LINE_GAP + BAR_HEIGHT + ROW_GAP;

  /* “Generate by …” below it, and the reminders below that. */
  if (bar->standing == TILL_KEY_USE && has_window)
    height += MARK_SIZE + 2 * (line + LINE_GAP);

  return height;
}

static void
till_key_timeline_measure (GtkWidget      *widget,
                           GtkOrientation  orientation,
                           int             for_size,
                           int            *minimum,
                           int            *natural,
                           int            *minimum_baseline,
                           int            *natural_baseline)
{
  TillKeyTimeline *self = TILL_KEY_TIMELINE (widget);
  int line;
  int height;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MINIMUM_WIDTH;
      *natural = 2 * MINIMUM_WIDTH;
      return;
    }

  line = get_line_height (self);
  height = line + ROW_GAP;
  for (guint i = 0; self->plan != NULL && i < self->plan->bars->len; i++)
    height += get_row_height (self->plan->bars->pdata[i], self->plan->has_window, line);

  *minimum = *natural = height;
}

static float
locate (TillKeyTimeline *self,
        gint64           seconds)
{
  float width = (float) gtk_widget_get_width (GTK_WIDGET (self));
  double part = (double) (seconds - self->plan->start) / (double) (self->plan->end - self->plan->start);
  float x = (float) (CLAMP (part, 0.0, 1.0) * width);

  return gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL ? width - x : x;
}

static void
draw_text (GtkSnapshot   *snapshot,
           PangoLayout   *layout,
           float          x,
           float          y,
           const GdkRGBA *color)
{
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
}

/* Begins at @x as the text runs, and stays within the picture. Returns where it is, as from and to. */
static void
place_text (TillKeyTimeline *self,
            PangoLayout     *layout,
            float            x,
            float            align,
            float           *left,
            float           *right)
{
  float width = (float) gtk_widget_get_width (GTK_WIDGET (self));
  int text_width;

  pango_layout_get_pixel_size (layout, &text_width, NULL);
  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    align = 1 - align;

  *left = CLAMP (x - align * (float) text_width, 0, MAX (0, width - (float) text_width));
  *right = *left + (float) text_width;
}

static void
draw_now (TillKeyTimeline *self,
          GtkSnapshot     *snapshot,
          const Palette   *palette,
          float            line,
          float           *left,
          float           *right)
{
  float height = (float) gtk_widget_get_height (GTK_WIDGET (self));
  float x = locate (self, self->plan->now);
  /* Translators: beside the line that marks this moment in a picture. */
  g_autoptr(PangoLayout) layout = new_text (self, _("Now"), 0);

  place_text (self, layout, x, 0.5, left, right);
  gtk_snapshot_append_color (snapshot, &palette->dim, &GRAPHENE_RECT_INIT (x - 0.5f, line + 2, 1, height - line - 2));
  draw_text (snapshot, layout, *left, 0, &palette->text);
}

/* Strong on the bars, thin between them, where it would strike out words. */
static void
draw_now_on_bar (TillKeyTimeline *self,
                 GtkSnapshot     *snapshot,
                 const Palette   *palette,
                 float            top)
{
  float x = locate (self, self->plan->now);

  gtk_snapshot_append_color (snapshot, &palette->text, &GRAPHENE_RECT_INIT (x - 1.5f, top - 2, 3, BAR_HEIGHT + 4));
}

static void
draw_axis (TillKeyTimeline *self,
           GtkSnapshot     *snapshot,
           const Palette   *palette,
           float            line,
           float            now_left,
           float            now_right)
{
  float width = (float) gtk_widget_get_width (GTK_WIDGET (self));
  float height = (float) gtk_widget_get_height (GTK_WIDGET (self));
  gboolean hours;
  g_autoptr(GPtrArray) ticks = till_key_plan_new_ticks (self->plan, (guint) MAX (2, width / TICK_ROOM), &hours);

  for (guint i = 0; i < ticks->len; i++)
    {
      GDateTime *tick = ticks->pdata[i];
      float x = locate (self, g_date_time_to_unix (tick));
      /* Translators: for g_date_time_format(): an hour, and a day, at the axis of a picture. */
      g_autofree char *text = g_date_time_format (tick, hours ? _("%H:%M") : _("%-d %b"));
      g_autoptr(PangoLayout) layout = new_text (self, text, 0);
      int text_width;
      float left;

      pango_layout_get_pixel_size (layout, &text_width, NULL);
      left = x - (float) text_width / 2;
      gtk_snapshot_append_color (snapshot, &palette->grid,
                                 &GRAPHENE_RECT_INIT (x - 0.5f, line + 2, 1, height - line - 2));

      /* A label that does not fit, or would stand in that of now, is left out; its line stays. */
      if (left < 0 || left + (float) text_width > width ||
          (left < now_right + 8 && left + (float) text_width > now_left - 8))
        continue;

      draw_text (snapshot, layout, left, 0, &palette->dim);
    }
}

/* Stripes that can be told from a filling without colour. */
static void
draw_stripes (cairo_t *cr,
              float    left,
              float    top,
              float    width)
{
  cairo_save (cr);
  cairo_rectangle (cr, left, top, width, BAR_HEIGHT);
  cairo_clip (cr);
  cairo_set_line_width (cr, 2);
  for (float x = left - BAR_HEIGHT; x < left + width; x += 7)
    {
      cairo_move_to (cr, x, top + BAR_HEIGHT);
      cairo_line_to (cr, x + BAR_HEIGHT, top);
    }
  cairo_stroke (cr);
  cairo_restore (cr);
}

static void
draw_bar (TillKeyTimeline  *self,
          cairo_t          *cr,
          const Palette    *palette,
          const TillKeyBar *bar,
          float             top)
{
  float one = locate (self, bar->from);
  float two = locate (self, bar->to);
  float left = MIN (one, two);
  float width = MAX (ABS (two - one), 3);
  static const double dashes[] = { 5, 4 };

  switch (bar->standing)
    {
    case TILL_KEY_USE:
      gdk_cairo_set_source_rgba (cr, &palette->use);
      cairo_rectangle (cr, left, top, width, BAR_HEIGHT);
      cairo_fill (cr);
      break;

    case TILL_KEY_ACCEPTED:
      gdk_cairo_set_source_rgba (cr, &palette->use);
      draw_stripes (cr, left, top, width);
      break;

    case TILL_KEY_REVOKED:
      gdk_cairo_set_source_rgba (cr, &palette->error);
      cairo_set_line_width (cr, 2);
      cairo_move_to (cr, left, top + BAR_HEIGHT / 2.0);
      cairo_line_to (cr, left + width, top + BAR_HEIGHT / 2.0);
      cairo_stroke (cr);
      break;

    case TILL_KEY_NOT_YET:
    case TILL_KEY_ENDED:
    case TILL_KEY_INACTIVE:
    case TILL_KEY_LEGACY:
    case TILL_KEY_UNUSABLE:
    default:
      gdk_cairo_set_source_rgba (cr, &palette->dim);
    }

  cairo_set_line_width (cr, 1.5);
  if (bar->standing == TILL_KEY_NOT_YET)
    cairo_set_dash (cr, dashes, G_N_ELEMENTS (dashes), 0);
  cairo_rectangle (cr, left + 0.75, top + 0.75, MAX (width - 1.5, 1.5), BAR_HEIGHT - 1.5);
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);
}

/* The last 48 h on the bar of the key to use. */
static void
draw_window (TillKeyTimeline *self,
             cairo_t         *cr,
             const Palette   *palette,
             float            top)
{
  float due = locate (self, self->plan->due);
  float end = locate (self, self->plan->ends);
  float left = MIN (due, end);
  float width = ABS (end - due);

  cairo_save (cr);
  cairo_rectangle (cr, left, top, width, BAR_HEIGHT);
  gdk_cairo_set_source_rgba (cr, &palette->warning);
  cairo_fill (cr);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.35);
  cairo_set_operator (cr, CAIRO_OPERATOR_ATOP);
  draw_stripes (cr, left, top, width);
  cairo_restore (cr);

  /* Points at the moment by which the next key is to be generated. */
  gdk_cairo_set_source_rgba (cr, &palette->text);
  cairo_move_to (cr, due, top + BAR_HEIGHT + 1);
  cairo_line_to (cr, due - MARK_SIZE / 2.0, top + BAR_HEIGHT + MARK_SIZE);
  cairo_line_to (cr, due + MARK_SIZE / 2.0, top + BAR_HEIGHT + MARK_SIZE);
  cairo_close_path (cr);
  cairo_fill (cr);

  cairo_set_line_width (cr, 1.5);
  for (guint i = 0; i < G_N_ELEMENTS (self->plan->reminders); i++)
    {
      float x = locate (self, self->plan->reminders[i]);

      cairo_move_to (cr, x, top);
      cairo_line_to (cr, x, top + BAR_HEIGHT + MARK_SIZE);
    }
  cairo_stroke (cr);
}

static void
draw_window_labels (TillKeyTimeline *self,
                    GtkSnapshot     *snapshot,
                    const Palette   *palette,
                    float            top,
                    float            line)
{
  static const int hours[] = { 47, 44, 41 };
  float width = (float) gtk_widget_get_width (GTK_WIDGET (self));
  float y = top + BAR_HEIGHT + MARK_SIZE + LINE_GAP;
  g_autoptr(PangoLayout) due = new_text (self, self->plan->due_label, width);
  float left, right;
  float apart = ABS (locate (self, self->plan->reminders[0]) - locate (self, self->plan->reminders[1]));

  place_text (self, due, locate (self, self->plan->due), 0.5, &left, &right);
  draw_text (snapshot, due, left, y, &palette->text);
  y += line + LINE_GAP;

  /* Apart where each has room for its own label, else together. */
  if (apart < 40)
    {
      g_autoptr(PangoLayout) all = new_text (self, _("Reminders 47, 44 and 41 h before the end"), width);

      place_text (self, all, locate (self, self->plan->reminders[1]), 0.5, &left, &right);
      draw_text (snapshot, all, left, y, &palette->dim);
      return;
    }

  for (guint i = 0; i < G_N_ELEMENTS (hours); i++)
    {
      /* Translators: a reminder at so many hours before the end: “47 h”. */
      g_autofree char *text = g_strdup_printf (_("%d h"), hours[i]);
      g_autoptr(PangoLayout) layout = new_text (self, text, 0);

      place_text (self, layout, locate (self, self->plan->reminders[i]), 0.5, &left, &right);
      draw_text (snapshot, layout, left, y, &palette->dim);
    }
}

static void
till_key_timeline_snapshot (GtkWidget   *widget,
                            GtkSnapshot *snapshot)
{
  TillKeyTimeline *self = TILL_KEY_TIMELINE (widget);
  float width = (float) gtk_widget_get_width (widget);
  float line, y, now_left, now_right;
  Palette palette;

  if (self->plan == NULL || self->plan->bars->len == 0)
    return;

  load_palette (self, &palette);
  line = (float) get_line_height (self);
  draw_now (self, snapshot, &palette, line, &now_left, &now_right);
  draw_axis (self, snapshot, &palette, line, now_left, now_right);

  y = line + ROW_GAP;
  for (guint i = 0; i < self->plan->bars->len; i++)
    {
      const TillKeyBar *bar = self->plan->bars->pdata[i];
      gboolean window = bar->standing == TILL_KEY_USE && self->plan->has_window;
      g_autoptr(PangoLayout) label = new_text (self, bar->label, width);
      float top = y + line + LINE_GAP;
      float left, right;
      cairo_t *cr = gtk_snapshot_append_cairo (snapshot,
                                               &GRAPHENE_RECT_INIT (0, top, width, BAR_HEIGHT + MARK_SIZE + 2));

      draw_bar (self, cr, &palette, bar, top);
      if (window)
        draw_window (self, cr, &palette, top);
      cairo_destroy (cr);
      draw_now_on_bar (self, snapshot, &palette, top);

      place_text (self, label, locate (self, bar->from), 0, &left, &right);
      draw_text (snapshot, label, left, y, bar->standing == TILL_KEY_USE ? &palette.text : &palette.dim);
      if (window)
        draw_window_labels (self, snapshot, &palette, top, line);

      y += (float) get_row_height (bar, self->plan->has_window, (int) line);
    }
}

static void
till_key_timeline_finalize (GObject *object)
{
  TillKeyTimeline *self = TILL_KEY_TIMELINE (object);

  g_clear_pointer (&self->plan, till_key_plan_free);

  G_OBJECT_CLASS (till_key_timeline_parent_class)->finalize (object);
}

static void
till_key_timeline_class_init (TillKeyTimelineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = till_key_timeline_finalize;
  widget_class->measure = till_key_timeline_measure;
  widget_class->snapshot = till_key_timeline_snapshot;

  gtk_widget_class_set_css_name (widget_class, "keytimeline");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
till_key_timeline_init (TillKeyTimeline *self)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Timeline of the keys"),
                                  -1);
}

/**
 * till_key_timeline_new:
 *
 * Returns: (transfer floating): a picture of nothing yet
 */
GtkWidget *
till_key_timeline_new (void)
{
  return g_object_new (TILL_TYPE_KEY_TIMELINE, NULL);
}

/* The picture for ears. */
static char *
dup_description (const TillKeyPlan *plan)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < plan->bars->len; i++)
    {
      const TillKeyBar *bar = plan->bars->pdata[i];

      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", bar->label);
    }
  if (plan->has_window)
    g_string_append_printf (text, "\n%s", plan->due_label);

  return g_string_free (text, FALSE);
}

/**
 * till_key_timeline_set:
 * @self: a picture
 * @advice: about all keys; not kept
 *
 * Says what to draw.
 */
void
till_key_timeline_set (TillKeyTimeline  *self,
                       const TillAdvice *advice)
{
  g_autofree char *description = NULL;

  g_return_if_fail (TILL_IS_KEY_TIMELINE (self));

  g_clear_pointer (&self->plan, till_key_plan_free);
  self->plan = till_key_plan_new (advice);
  description = dup_description (self->plan);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * till_key_timeline_get_bars:
 * @self: a picture
 *
 * Returns: how many keys it shows
 */
guint
till_key_timeline_get_bars (TillKeyTimeline *self)
{
  g_return_val_if_fail (TILL_IS_KEY_TIMELINE (self), 0);

  return self->plan != NULL ? self->plan->bars->len : 0;
}

/**
 * till_key_timeline_locate:
 * @self: a picture that is laid out
 * @seconds: since 1970
 *
 * Returns: where that moment is, in pixels from the left edge
 */
float
till_key_timeline_locate (TillKeyTimeline *self,
                          gint64           seconds)
{
  g_return_val_if_fail (TILL_IS_KEY_TIMELINE (self) && self->plan != NULL, 0);

  return locate (self, seconds);
}
