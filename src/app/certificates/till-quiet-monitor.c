/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells of a file that changed, once its writer has been quiet for a moment. */
#include "config.h"

#include "till-quiet-monitor.h"

/* Programs write a file in several steps; it is read when they have been quiet for so long. */
#define QUIET_MS 400

struct _TillQuietMonitor
{
  GFileMonitor  *monitor;
  TillQuietFunc  func;
  gpointer       user_data;
  guint          quiet_id;
};

static gboolean
quiet_cb (gpointer user_data)
{
  TillQuietMonitor *self = user_data;

  if (!self->func (self->user_data))
    return G_SOURCE_CONTINUE;

  self->quiet_id = 0;
  return G_SOURCE_REMOVE;
}

static void
changed_cb (GFileMonitor      *monitor,
            GFile             *file,
            GFile             *other_file,
            GFileMonitorEvent  event,
            gpointer           user_data)
{
  TillQuietMonitor *self = user_data;

  g_clear_handle_id (&self->quiet_id, g_source_remove);
  self->quiet_id = g_timeout_add (QUIET_MS, quiet_cb, self);
}

/**
 * till_quiet_monitor_new:
 * @file: what to watch
 * @func: called when it changed, came or went; must not free the monitor
 * @user_data: for @func
 *
 * Returns: (transfer full) (nullable): a monitor; %NULL where the place can't be watched
 */
TillQuietMonitor *
till_quiet_monitor_new (GFile         *file,
                        TillQuietFunc  func,
                        gpointer       user_data)
{
  GFileMonitor *monitor;
  TillQuietMonitor *self;

  g_return_val_if_fail (G_IS_FILE (file), NULL);
  g_return_val_if_fail (func != NULL, NULL);

  monitor = g_file_monitor_file (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
  if (monitor == NULL)
    return NULL;

  self = g_new0 (TillQuietMonitor, 1);
  self->monitor = monitor;
  self->func = func;
  self->user_data = user_data;
  g_signal_connect (monitor, "changed", G_CALLBACK (changed_cb), self);

  return self;
}

/**
 * till_quiet_monitor_free:
 * @self: (transfer full) (nullable): a monitor; it calls nobody any more
 */
void
till_quiet_monitor_free (TillQuietMonitor *self)
{
  if (self == NULL)
    return;

  g_clear_handle_id (&self->quiet_id, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_file_monitor_cancel (self->monitor);
  g_object_unref (self->monitor);
  g_free (self);
}
