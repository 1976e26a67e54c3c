/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bare GtkColumnView of N rows that scrolls by itself and prints the work a frame costs: the toolkit's floor. */

#include <adwaita.h>
#include <stdlib.h>

#include "frame-probe.h"

#define N_COLUMNS 4

static guint n_rows = 10000;

#define FLOOR_TYPE_ROW (floor_row_get_type ())
G_DECLARE_FINAL_TYPE (FloorRow, floor_row, FLOOR, ROW, GObject)

struct _FloorRow
{
  GObject  parent_instance;
  char    *text[N_COLUMNS];
};

G_DEFINE_FINAL_TYPE (FloorRow, floor_row, G_TYPE_OBJECT)

static void
floor_row_finalize (GObject *object)
{
  FloorRow *self = FLOOR_ROW (object);

  for (int i = 0; i < N_COLUMNS; i++)
    g_free (self->text[i]);
  G_OBJECT_CLASS (floor_row_parent_class)->finalize (object);
}

static void
floor_row_class_init (FloorRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floor_row_finalize;
}

static void
floor_row_init (FloorRow *self)
{
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *list_item,
          gpointer                  user_data)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_list_item_set_child (list_item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *list_item,
         gpointer                  user_data)
{
  FloorRow *row = gtk_list_item_get_item (list_item);

  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (list_item)), row->text[GPOINTER_TO_INT (user_data)]);
}

static void
activate_cb (GtkApplication *application,
             gpointer        user_data)
{
  GtkWidget *window = adw_application_window_new (application);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GListStore *store = g_list_store_new (FLOOR_TYPE_ROW);
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  GtkWidget *view;

  for (guint i = 0; i < n_rows; i++)
    {
      FloorRow *row = g_object_new (FLOOR_TYPE_ROW, NULL);

      row->text[0] = g_strdup_printf ("● Valid · %u d", i % 365);
      row->text[1] = g_strdup_printf ("Certificate number %u", i);
      row->text[2] = g_strdup_printf ("pass.com.example.shop%u", i);
      row->text[3] = g_strdup_printf ("%u December 2026", 1 + i % 31);
      g_ptr_array_add (rows, row);
    }
  g_list_store_splice (store, 0, 0, rows->pdata, rows->len);

  view = gtk_column_view_new (GTK_SELECTION_MODEL (gtk_single_selection_new (G_LIST_MODEL (store))));
  for (int i = 0; i < N_COLUMNS; i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      GtkColumnViewColumn *column;

      g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
      g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), GINT_TO_POINTER (i));
      column = gtk_column_view_column_new ("Column", factory);
      gtk_column_view_column_set_expand (column, TRUE);
      gtk_column_view_append_column (GTK_COLUMN_VIEW (view), column);
      g_object_unref (column);
    }

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), scroller);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), box);
  gtk_window_set_default_size (GTK_WINDOW (window), 1000, 680);
  gtk_window_present (GTK_WINDOW (window));
  frame_probe_scroll (scroller, G_APPLICATION (application), "");
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(AdwApplication) application = adw_application_new (NULL, G_APPLICATION_NON_UNIQUE);

  if (argc > 1)
    n_rows = atoi (argv[1]);
  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), NULL);
  return g_application_run (G_APPLICATION (application), 1, argv);
}
