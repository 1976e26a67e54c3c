/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the window share: starting GTK, waiting, pictures. */
#include "config.h"

#include "till-ui-test.h"

#include <glib/gstdio.h>
#include <time.h>

/* Without an AdwApplication nobody else does. */
static void
load_style (void)
{
  g_autoptr(GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/io/github/tillkeeper/Tillkeeper/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()),
                                    "/io/github/tillkeeper/Tillkeeper/icons");
}

/**
 * till_ui_test_init:
 * @argc: as main() has it
 * @argv: as main() has it
 *
 * Starts GLib's tests, GTK and libadwaita. Without a display the program ends:
 * a test that silently did nothing would look like one that passed.
 */
void
till_ui_test_init (int    *argc,
                   char ***argv)
{
  g_setenv ("GTK_A11Y", "test", TRUE);
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  /* Folders of its own come from run-headless.sh; those of G_TEST_OPTION_ISOLATE_DIRS have no list of file types,
   * and without that no icon is an image. */
  g_test_init (argc, argv, NULL);
  if (!gtk_init_check ())
    g_error ("there is no display; run this with build-aux/run-headless.sh");
  adw_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  load_style ();
}

/* Wakes the main loop: what is waited for may happen in another thread. */
static gboolean
tick_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/**
 * till_ui_wait_start:
 * @wait: uninitialized
 *
 * Use WAIT_UNTIL().
 */
void
till_ui_wait_start (TillUiWait *wait)
{
  wait->deadline = g_get_monotonic_time () + TILL_UI_PATIENCE_SECONDS * G_USEC_PER_SEC;
  wait->source_id = g_timeout_add (10, tick_cb, NULL);
}

/**
 * till_ui_wait_more:
 * @wait: a wait
 *
 * Returns: %FALSE when it was long enough
 */
gboolean
till_ui_wait_more (TillUiWait *wait)
{
  g_main_context_iteration (NULL, TRUE);
  return g_get_monotonic_time () < wait->deadline;
}

/**
 * till_ui_wait_end:
 * @wait: a wait
 */
void
till_ui_wait_end (TillUiWait *wait)
{
  g_clear_handle_id (&wait->source_id, g_source_remove);
}

static gboolean
flag_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/**
 * till_ui_run_for:
 * @milliseconds: how long
 *
 * Runs the main loop: for what must not happen, and before pictures.
 */
void
till_ui_run_for (guint milliseconds)
{
  gboolean over = FALSE;

  /* Thrice as long as things take on a machine at rest. */
  g_timeout_add (3 * milliseconds, flag_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

/**
 * till_ui_picture:
 * @window: a window that is shown
 * @name: of the picture, without a suffix
 *
 * Writes what the window looks like to tests/ui/pictures in the build folder.
 */
void
till_ui_picture (GtkWidget  *window,
                 const char *name)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_BUILT, "ui", "pictures", NULL);
  g_autofree char *file_name = g_strconcat (name, ".png", NULL);
  g_autofree char *path = g_build_filename (folder, file_name, NULL);
  g_autoptr(GdkPaintable) paintable = NULL;
  g_autoptr(GskRenderNode) node = NULL;
  g_autoptr(GdkTexture) texture = NULL;
  GtkSnapshot *snapshot;
  int width, height;

  WAIT_UNTIL (gtk_widget_get_mapped (window) && gtk_widget_get_width (window) > 0);
  till_ui_run_for (300);

  paintable = gtk_widget_paintable_new (window);
  width = gdk_paintable_get_intrinsic_width (paintable);
  height = gdk_paintable_get_intrinsic_height (paintable);
  g_assert_cmpint (width, >, 0);
  snapshot = gtk_snapshot_new ();
  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  g_assert_nonnull (node);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node,
                                         &GRAPHENE_RECT_INIT (0, 0, width, height));

  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  g_assert_true (gdk_texture_save_to_png (texture, path));
}

static const char *
get_label (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    return gtk_label_get_label (GTK_LABEL (widget));

  if (GTK_IS_BUTTON (widget))
    return gtk_button_get_label (GTK_BUTTON (widget));

  if (ADW_IS_STATUS_PAGE (widget))
    return adw_status_page_get_title (ADW_STATUS_PAGE (widget));

  if (ADW_IS_PREFERENCES_ROW (widget))
    return adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget));

  return NULL;
}

/**
 * till_ui_find:
 * @root: where to begin
 * @type: a class of widgets
 * @label: (nullable): what it must say
 *
 * Returns: (transfer none) (nullable): the first such widget below @root
 */
GtkWidget *
till_ui_find (GtkWidget  *root,
              GType       type,
              const char *label)
{
  GtkWidget *child;

  if (g_type_is_a (G_OBJECT_TYPE (root), type) && (label == NULL || g_strcmp0 (get_label (root), label) == 0))
    return root;

  for (child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = till_ui_find (child, type, label);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/**
 * till_ui_find_window:
 * @type: a class of windows
 *
 * Returns: (transfer none) (nullable): the first such window that is shown
 */
GtkWidget *
till_ui_find_window (GType type)
{
  GListModel *windows = gtk_window_get_toplevels ();
  guint i;

  for (i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr(GtkWidget) window = g_list_model_get_item (windows, i);

      if (g_type_is_a (G_OBJECT_TYPE (window), type) && gtk_widget_get_visible (window))
        return window;
    }

  return NULL;
}

static void
finalized_cb (gpointer data)
{
  *(gboolean *) data = FALSE;
}

/**
 * till_ui_watch_life:
 * @object: a #GObject
 * @alive: (out): %TRUE until it is finalized; must live as long
 */
void
till_ui_watch_life (gpointer  object,
                    gboolean *alive)
{
  g_autofree char *key = g_strdup_printf ("till-ui-life-%p", (gpointer) alive);

  *alive = TRUE;
  g_object_set_data_full (object, key, alive, finalized_cb);
}

/* A source of the highest priority that wants to run all the time: how long it has to wait is how long the main loop
 * was held. The processor time of this thread is taken beside the time of day, because on a busy machine a thread
 * also waits for its turn. */
static struct
{
  guint  source_id;
  gint64 wall;
  gint64 cpu;
  gint64 longest_wall;
  gint64 longest_cpu;
} heart;

/**
 * till_ui_get_cpu_time:
 *
 * Returns: what this thread has worked, in microseconds
 */
gint64
till_ui_get_cpu_time (void)
{
  struct timespec t;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
  return (gint64) t.tv_sec * G_USEC_PER_SEC + t.tv_nsec / 1000;
}

static gboolean
beat_cb (gpointer user_data)
{
  gint64 wall = g_get_monotonic_time ();
  gint64 cpu = till_ui_get_cpu_time ();

  heart.longest_wall = MAX (heart.longest_wall, wall - heart.wall);
  heart.longest_cpu = MAX (heart.longest_cpu, cpu - heart.cpu);
  heart.wall = wall;
  heart.cpu = cpu;

  return G_SOURCE_CONTINUE;
}

/**
 * till_ui_heartbeat_start:
 *
 * Begins to watch the main loop.
 */
void
till_ui_heartbeat_start (void)
{
  g_assert_cmpuint (heart.source_id, ==, 0);

  heart.wall = g_get_monotonic_time ();
  heart.cpu = till_ui_get_cpu_time ();
  heart.longest_wall = heart.longest_cpu = 0;
  heart.source_id = g_timeout_add_full (G_PRIORITY_HIGH - 50, 2, beat_cb, NULL, NULL);
}

/**
 * till_ui_heartbeat_stop:
 * @cpu_ms: (out): longest time of work between two beats
 * @wall_ms: (out): longest time between two beats
 *
 * Returns: whether the numbers mean anything: not with a sanitizer or valgrind
 */
gboolean
till_ui_heartbeat_stop (double *cpu_ms,
                        double *wall_ms)
{
  beat_cb (NULL);
  g_clear_handle_id (&heart.source_id, g_source_remove);
  *cpu_ms = heart.longest_cpu / 1000.0;
  *wall_ms = heart.longest_wall / 1000.0;

#if defined (__SANITIZE_ADDRESS__) || defined (__SANITIZE_THREAD__)
  return FALSE;
#else
  return g_getenv ("TILL_TEST_SLOW") == NULL;
#endif
}
