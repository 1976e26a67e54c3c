/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our window with one bundle of many certificates: how soon the list is usable, how long the main loop is held
 * meanwhile, and what scrolling costs. Prints one line of JSON. */

#include <glib/gstdio.h>
#include <stdlib.h>

#include "frame-probe.h"
#include "till-window.h"

/* How often the heart should beat. */
#define BEAT_MS 2

typedef struct
{
  GApplication *application;
  TillWindow   *window;
  GFile        *bundle;
  guint         n_wanted;
  gint64        dropped;      /* when the file was handed over */
  gint64        usable;       /* when its rows were painted */
  gint64        last_beat;
  gint64        held;         /* the longest time without a beat */
} Bench;

static gboolean
beat_cb (gpointer user_data)
{
  Bench *bench = user_data;
  gint64 now = g_get_monotonic_time ();

  if (bench->last_beat != 0)
    bench->held = MAX (bench->held, now - bench->last_beat - BEAT_MS * 1000);
  bench->last_beat = now;

  return bench->usable == 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static GtkWidget *
find_scroller (GtkWidget *widget)
{
  if (GTK_IS_SCROLLED_WINDOW (widget)
      && GTK_IS_COLUMN_VIEW (gtk_scrolled_window_get_child (GTK_SCROLLED_WINDOW (widget))))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_scroller (child);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static void
after_paint_cb (GdkFrameClock *clock,
                gpointer       user_data)
{
  Bench *bench = user_data;
  TillCertificateList *list = till_certificates_pane_get_list (till_window_get_pane (bench->window));
  g_autofree char *members = NULL;
  GtkWidget *scroller;

  /* The pane makes its list when there is something to be listed. */
  if (bench->usable != 0 || list == NULL
      || g_list_model_get_n_items (G_LIST_MODEL (till_certificate_list_get_model (list))) < bench->n_wanted)
    return;

  bench->usable = g_get_monotonic_time ();
  members = g_strdup_printf ("\"usable\": %.1f, \"held\": %.1f, ", (bench->usable - bench->dropped) / 1000.0,
                             bench->held / 1000.0);
  g_signal_handlers_disconnect_by_func (clock, after_paint_cb, bench);
  scroller = find_scroller (GTK_WIDGET (list));
  if (scroller == NULL)
    g_error ("the window shows no list in columns");
  frame_probe_scroll (scroller, bench->application, members);
}

/* A frame at least now and then, so that new rows are painted when they are there. */
static gboolean
ask_for_frames_cb (GtkWidget     *widget,
                   GdkFrameClock *clock,
                   gpointer       user_data)
{
  Bench *bench = user_data;

  return bench->usable == 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static gboolean
drop_cb (gpointer user_data)
{
  Bench *bench = user_data;
  g_autoptr(GPtrArray) files = g_ptr_array_new ();

  g_ptr_array_add (files, bench->bundle);
  bench->dropped = g_get_monotonic_time ();
  g_timeout_add_full (G_PRIORITY_HIGH, BEAT_MS, beat_cb, bench, NULL);
  till_window_open_files (bench->window, files);

  return G_SOURCE_REMOVE;
}

static void
activate_cb (GtkApplication *application,
             gpointer        user_data)
{
  Bench *bench = user_data;
  g_autoptr(GSettings) settings = g_settings_new ("io.github.tillkeeper.Tillkeeper");
  g_autoptr(TillClock) clock = till_clock_new_system ();
  g_autoptr(TillVault) vault = till_vault_new_memory ();
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "tillkeeper", NULL);
  g_autoptr(TillSession) session = till_session_new (folder, vault, clock);
  g_autoptr(TillWatchedFiles) files = till_watched_files_new (session, settings);

  bench->window = TILL_WINDOW (till_window_new (application, files, session, settings));
  /* Wide enough for the list in columns beside the details. */
  gtk_window_set_default_size (GTK_WINDOW (bench->window), 1260, 680);
  gtk_window_present (GTK_WINDOW (bench->window));
  g_signal_connect (gtk_widget_get_frame_clock (GTK_WIDGET (bench->window)), "after-paint",
                    G_CALLBACK (after_paint_cb), bench);
  gtk_widget_add_tick_callback (GTK_WIDGET (bench->window), ask_for_frames_cb, bench, NULL);
  /* Into a window that stands and rests, as a person would. */
  g_timeout_add (1500, drop_cb, bench);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(AdwApplication) application = adw_application_new (NULL, G_APPLICATION_NON_UNIQUE);
  Bench bench = { .application = G_APPLICATION (application) };

  if (argc < 3)
    {
      g_printerr ("usage: bench-list ROWS BUNDLE.pem\n");
      return 2;
    }
  bench.n_wanted = (guint) atoi (argv[1]);
  bench.bundle = g_file_new_for_commandline_arg (argv[2]);
  g_application_set_resource_base_path (G_APPLICATION (application), "/io/github/tillkeeper/Tillkeeper");
  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), &bench);

  return g_application_run (G_APPLICATION (application), 1, argv);
}
