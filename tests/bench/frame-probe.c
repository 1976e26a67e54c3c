/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scrolls a list by itself and measures what the frames cost the main loop. */

#include "frame-probe.h"

#include <stdio.h>
#include <stdlib.h>

#define N_FRAMES 240
#define PIXELS_A_FRAME 120

typedef struct
{
  GtkWidget    *scroller;
  GApplication *application;   /* (nullable) quit at the end */
  char         *members;
  double        work[N_FRAMES];
  int           n;
  int           warm;
  gint64        started;
} Probe;

static int
compare_double (const void *a,
                const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* before-paint .. after-paint is the work of one frame: events, layout, snapshot, drawing. */
static void
before_paint_cb (GdkFrameClock *clock,
                 gpointer       user_data)
{
  Probe *probe = user_data;

  probe->started = g_get_monotonic_time ();
}

static void
after_paint_cb (GdkFrameClock *clock,
                gpointer       user_data)
{
  Probe *probe = user_data;

  if (probe->warm++ > 20 && probe->started != 0 && probe->n < N_FRAMES)
    probe->work[probe->n++] = (g_get_monotonic_time () - probe->started) / 1000.0;
}

static gboolean
tick_cb (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       user_data)
{
  Probe *probe = user_data;
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (probe->scroller));

  if (probe->n < N_FRAMES)
    {
      gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + PIXELS_A_FRAME);
      return G_SOURCE_CONTINUE;
    }

  g_signal_handlers_disconnect_by_data (clock, probe);
  qsort (probe->work, probe->n, sizeof probe->work[0], compare_double);
  printf ("{%s\"frames\": %d, \"median\": %.2f, \"p99\": %.2f}\n", probe->members, probe->n,
          probe->work[probe->n / 2], probe->work[probe->n * 99 / 100]);
  fflush (stdout);
  if (probe->application != NULL)
    g_application_quit (probe->application);
  g_free (probe->members);
  g_free (probe);
  return G_SOURCE_REMOVE;
}

static void
map_cb (GtkWidget *scroller,
        gpointer   user_data)
{
  Probe *probe = user_data;
  GdkFrameClock *clock = gtk_widget_get_frame_clock (scroller);

  g_signal_handlers_disconnect_by_func (scroller, map_cb, probe);
  g_signal_connect (clock, "before-paint", G_CALLBACK (before_paint_cb), probe);
  g_signal_connect (clock, "after-paint", G_CALLBACK (after_paint_cb), probe);
  gtk_widget_add_tick_callback (scroller, tick_cb, probe, NULL);
}

/* Starts when the scroller is shown; prints one line of JSON, with the given members first, and quits the
 * application (if any) when done. */
void
frame_probe_scroll (GtkWidget    *scroller,
                    GApplication *application,
                    const char   *members)
{
  Probe *probe = g_new0 (Probe, 1);

  probe->scroller = scroller;
  probe->application = application;
  probe->members = g_strdup (members);
  if (gtk_widget_get_mapped (scroller))
    map_cb (scroller, probe);
  else
    g_signal_connect (scroller, "map", G_CALLBACK (map_cb), probe);
}
