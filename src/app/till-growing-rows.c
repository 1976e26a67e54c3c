/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gives the rows of a list that grows suddenly to its view a few at a time. */
#include "config.h"

#include "till-growing-rows.h"

/**
 * TillGrowingRows:
 *
 * A view makes widgets for about 200 rows, however few can be seen, and as soon
 * as there are as many: that takes longer than a frame. So while there are few
 * rows, there is only little room for more; when more come than there is room
 * for, there is made some more with each frame, and in the end room for all.
 * Rows that the view has widgets for are never taken back.
 */

#define ROWS_A_FRAME 24
#define FRAME_MS     16
#define ENOUGH_ROWS  240

struct _TillGrowingRows
{
  GObject            parent_instance;

  GListModel        *rows;
  GtkSliceListModel *slice;
  guint              tick_id;
  guint              update_id;
};

enum
{
  GROWN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TillGrowingRows, till_growing_rows, G_TYPE_OBJECT)

static gboolean
tick_cb (gpointer user_data)
{
  TillGrowingRows *self = user_data;
  guint size = gtk_slice_list_model_get_size (self->slice);

  if (size < ENOUGH_ROWS && size < g_list_model_get_n_items (self->rows))
    {
      gtk_slice_list_model_set_size (self->slice, size + ROWS_A_FRAME);
      return G_SOURCE_CONTINUE;
    }

  self->tick_id = 0;
  gtk_slice_list_model_set_size (self->slice, G_MAXUINT);
  g_signal_emit (self, signals[GROWN], 0);

  return G_SOURCE_REMOVE;
}

static gboolean
update_cb (gpointer user_data)
{
  TillGrowingRows *self = user_data;
  guint n = g_list_model_get_n_items (self->rows);

  self->update_id = 0;
  if (self->tick_id != 0)
    return G_SOURCE_REMOVE;

  if (n > g_list_model_get_n_items (G_LIST_MODEL (self->slice)))
    self->tick_id = g_timeout_add (FRAME_MS, tick_cb, self);
  else if (n < ENOUGH_ROWS)
    gtk_slice_list_model_set_size (self->slice, n + ROWS_A_FRAME);

  return G_SOURCE_REMOVE;
}

/* The slice must not change its size while the models still tell of the change. */
static void
queue_update (TillGrowingRows *self)
{
  if (self->update_id == 0)
    self->update_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, update_cb, self, NULL);
}

static void
till_growing_rows_dispose (GObject *object)
{
  TillGrowingRows *self = TILL_GROWING_ROWS (object);

  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  if (self->rows != NULL)
    g_signal_handlers_disconnect_by_data (self->rows, self);
  g_clear_object (&self->slice);
  g_clear_object (&self->rows);

  G_OBJECT_CLASS (till_growing_rows_parent_class)->dispose (object);
}

static void
till_growing_rows_class_init (TillGrowingRowsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = till_growing_rows_dispose;

  signals[GROWN] = g_signal_new ("grown", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
till_growing_rows_init (TillGrowingRows *self)
{
}

/**
 * till_growing_rows_new:
 * @rows: the rows
 *
 * Returns: (transfer full): the same rows, a few at a time
 */
TillGrowingRows *
till_growing_rows_new (GListModel *rows)
{
  TillGrowingRows *self;

  g_return_val_if_fail (G_IS_LIST_MODEL (rows), NULL);

  self = g_object_new (TILL_TYPE_GROWING_ROWS, NULL);
  self->rows = g_object_ref (rows);
  self->slice = gtk_slice_list_model_new (g_object_ref (rows), 0, ROWS_A_FRAME);

  g_signal_connect_swapped (rows, "items-changed", G_CALLBACK (queue_update), self);
  queue_update (self);

  return self;
}

/**
 * till_growing_rows_get_model:
 * @self: growing rows
 *
 * Returns: (transfer none): what to give to the view
 */
GListModel *
till_growing_rows_get_model (TillGrowingRows *self)
{
  g_return_val_if_fail (TILL_IS_GROWING_ROWS (self), NULL);

  return G_LIST_MODEL (self->slice);
}
