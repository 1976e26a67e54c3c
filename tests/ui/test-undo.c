/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The time to undo: what waits is done once, later, or not at all. */
#include "config.h"

#include "till-ui-test.h"

#include <string.h>

#include "till-undo.h"

#define TEST_TYPE_PLACE (test_place_get_type ())
G_DECLARE_FINAL_TYPE (TestPlace, test_place, TEST, PLACE, GtkWidget)

/* A widget with an action for the toast's button. */
struct _TestPlace
{
  GtkWidget  parent_instance;

  TillUndo  *undo;
};

G_DEFINE_FINAL_TYPE (TestPlace, test_place, GTK_TYPE_WIDGET)

static void
undo_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  till_undo_undo (TEST_PLACE (widget)->undo);
}

static void
test_place_class_init (TestPlaceClass *klass)
{
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "place.undo", NULL, undo_action);
}

static void
test_place_init (TestPlace *self)
{
}

typedef struct
{
  GtkWidget *window;
  TestPlace *place;
  TillUndo  *undo;
  GString   *done;        /* the ids in the order in which they were done */
  guint      n_changed;
} Fixture;

static void
done_cb (const char *id,
         gpointer    user_data)
{
  Fixture *fixture = user_data;

  /* By then nothing waits any more, so that the next may be begun. */
  g_assert_null (till_undo_get_waiting (fixture->undo));
  g_string_append_printf (fixture->done, "%s ", id);
}

static void
changed_cb (Fixture *fixture)
{
  fixture->n_changed++;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  GtkWidget *overlay = adw_toast_overlay_new ();

  fixture->done = g_string_new (NULL);
  fixture->place = g_object_new (TEST_TYPE_PLACE, NULL);
  fixture->undo = till_undo_new (GTK_WIDGET (fixture->place), "place.undo");
  fixture->place->undo = fixture->undo;
  g_signal_connect_swapped (fixture->undo, "changed", G_CALLBACK (changed_cb), fixture);

  fixture->window = adw_window_new ();
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (overlay), GTK_WIDGET (fixture->place));
  adw_window_set_content (ADW_WINDOW (fixture->window), overlay);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 400, 300);
  gtk_window_present (GTK_WINDOW (fixture->window));
  WAIT_UNTIL (gtk_widget_get_mapped (fixture->window));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  if (fixture->window != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->window));
  if (fixture->undo != NULL)
    {
      g_signal_handlers_disconnect_by_data (fixture->undo, fixture);
      g_assert_finalize_object (fixture->undo);
    }
  till_ui_run_for (10);
  g_string_free (fixture->done, TRUE);
}

static void
start (Fixture    *fixture,
       const char *id,
       guint       seconds)
{
  g_autofree char *text = g_strdup_printf ("Doing <%s> & more", id);

  till_undo_start (fixture->undo, id, text, seconds, done_cb, fixture);
}

static void
test_done (Fixture       *fixture,
           gconstpointer  data)
{
  start (fixture, "one", 1);
  g_assert_cmpstr (till_undo_get_waiting (fixture->undo), ==, "one");
  g_assert_cmpuint (fixture->n_changed, ==, 1);
  /* Its text is shown as it is. */
  WAIT_UNTIL (till_ui_find (fixture->window, GTK_TYPE_LABEL, "Doing &lt;one&gt; &amp; more") != NULL);

  WAIT_UNTIL (fixture->done->len > 0);
  g_assert_cmpstr (fixture->done->str, ==, "one ");
  g_assert_cmpuint (fixture->n_changed, ==, 2);
  g_assert_null (till_undo_get_waiting (fixture->undo));
  WAIT_UNTIL (till_ui_find (fixture->window, GTK_TYPE_BUTTON, "Undo") == NULL);
}

static void
test_undone (Fixture       *fixture,
             gconstpointer  data)
{
  GtkWidget *button;

  till_undo_undo (fixture->undo);
  g_assert_cmpuint (fixture->n_changed, ==, 0);

  start (fixture, "one", 1);
  WAIT_UNTIL ((button = till_ui_find (fixture->window, GTK_TYPE_BUTTON, "Undo")) != NULL);
  g_signal_emit_by_name (button, "clicked");
  g_assert_null (till_undo_get_waiting (fixture->undo));
  g_assert_cmpuint (fixture->n_changed, ==, 2);
  till_ui_run_for (500);
  g_assert_cmpuint (fixture->done->len, ==, 0);
}

/* A second one sends nothing of the first. */
static void
test_second (Fixture       *fixture,
             gconstpointer  data)
{
  start (fixture, "one", 1);
  start (fixture, "two", 1);
  g_assert_cmpstr (till_undo_get_waiting (fixture->undo), ==, "two");
  WAIT_UNTIL (fixture->done->len > 0);
  till_ui_run_for (500);
  g_assert_cmpstr (fixture->done->str, ==, "two ");
}

static void
test_do_now (Fixture       *fixture,
             gconstpointer  data)
{
  till_undo_do_now (fixture->undo);
  g_assert_cmpuint (fixture->done->len, ==, 0);

  start (fixture, "one", 3600);
  till_undo_do_now (fixture->undo);
  g_assert_cmpstr (fixture->done->str, ==, "one ");
  till_undo_do_now (fixture->undo);
  g_assert_cmpstr (fixture->done->str, ==, "one ");
}

/* One act at a time; what is due meanwhile can still be undone. */
static void
test_held (Fixture       *fixture,
           gconstpointer  data)
{
  till_undo_set_held (fixture->undo, TRUE);
  start (fixture, "one", 3600);
  till_undo_do_now (fixture->undo);
  g_assert_cmpstr (till_undo_get_waiting (fixture->undo), ==, "one");
  g_assert_cmpuint (fixture->done->len, ==, 0);
  till_undo_undo (fixture->undo);
  till_undo_set_held (fixture->undo, FALSE);
  g_assert_cmpuint (fixture->done->len, ==, 0);

  start (fixture, "two", 3600);
  till_undo_set_held (fixture->undo, TRUE);
  till_undo_do_now (fixture->undo);
  till_undo_set_held (fixture->undo, FALSE);
  g_assert_cmpstr (fixture->done->str, ==, "two ");
  till_undo_set_held (fixture->undo, FALSE);
  g_assert_cmpstr (fixture->done->str, ==, "two ");
}

/* The window goes, or whoever holds it: nothing is done. */
static void
test_gone (Fixture       *fixture,
           gconstpointer  data)
{
  start (fixture, "one", 1);
  gtk_window_destroy (GTK_WINDOW (g_steal_pointer (&fixture->window)));
  g_signal_handlers_disconnect_by_data (fixture->undo, fixture);
  g_assert_finalize_object (g_steal_pointer (&fixture->undo));
  till_ui_run_for (500);
  g_assert_cmpuint (fixture->done->len, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  till_ui_test_init (&argc, &argv);

  g_test_add ("/undo/done", Fixture, NULL, set_up, test_done, tear_down);
  g_test_add ("/undo/undone", Fixture, NULL, set_up, test_undone, tear_down);
  g_test_add ("/undo/second", Fixture, NULL, set_up, test_second, tear_down);
  g_test_add ("/undo/do-now", Fixture, NULL, set_up, test_do_now, tear_down);
  g_test_add ("/undo/held", Fixture, NULL, set_up, test_held, tear_down);
  g_test_add ("/undo/gone", Fixture, NULL, set_up, test_gone, tear_down);

  return g_test_run ();
}
