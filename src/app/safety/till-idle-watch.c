/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Since when nobody has touched keyboard or mouse in any window of the program. */
#include "config.h"

#include "till-idle-watch.h"

struct _TillIdleWatch
{
  TillClock    *clock;
  gint64        last;           /* boot time */
  GListModel   *toplevels;
  GPtrArray    *controllers;    /* (element-type GtkEventController): of windows that are there */
  TillIdleFunc  callback;
  gpointer      user_data;
};

static gboolean
event_cb (GtkEventControllerLegacy *controller,
          GdkEvent                 *event,
          gpointer                  user_data)
{
  TillIdleWatch *self = user_data;
  gint64 seconds = till_idle_watch_get_seconds (self);

  switch ((int) gdk_event_get_event_type (event))
    {
    /* These come by themselves, as when a window is moved under the pointer. */
    case GDK_FOCUS_CHANGE:
    case GDK_ENTER_NOTIFY:
    case GDK_LEAVE_NOTIFY:
      break;

    default:
      till_idle_watch_touch (self);
      self->callback (seconds, self->user_data);
      break;
    }

  return GDK_EVENT_PROPAGATE;
}

static void
window_gone_cb (gpointer  user_data,
                GObject  *controller)
{
  g_ptr_array_remove_fast (((TillIdleWatch *) user_data)->controllers, controller);
}

static gboolean
is_watched (TillIdleWatch *self,
            GtkWidget     *window)
{
  for (guint i = 0; i < self->controllers->len; i++)
    if (gtk_event_controller_get_widget (self->controllers->pdata[i]) == window)
      return TRUE;

  return FALSE;
}

static void
toplevels_changed_cb (TillIdleWatch *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (self->toplevels); i++)
    {
      g_autoptr(GtkWidget) window = g_list_model_get_item (self->toplevels, i);
      GtkEventController *controller;

      if (is_watched (self, window))
        continue;

      controller = gtk_event_controller_legacy_new ();
      gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
      g_signal_connect (controller, "event", G_CALLBACK (event_cb), self);
      g_ptr_array_add (self->controllers, controller);
      g_object_weak_ref (G_OBJECT (controller), window_gone_cb, self);
      gtk_widget_add_controller (window, controller);
    }
}

/**
 * till_idle_watch_new:
 * @clock: whose boot time counts
 * @callback: told of each event of a person, once it is noted
 * @user_data: for @callback
 *
 * Returns: (transfer full): a watch, to which somebody is there now
 */
TillIdleWatch *
till_idle_watch_new (TillClock    *clock,
                     TillIdleFunc  callback,
                     gpointer      user_data)
{
  TillIdleWatch *self;

  g_return_val_if_fail (clock != NULL, NULL);
  g_return_val_if_fail (callback != NULL, NULL);

  self = g_new0 (TillIdleWatch, 1);
  self->clock = till_clock_ref (clock);
  self->callback = callback;
  self->user_data = user_data;
  self->controllers = g_ptr_array_new ();
  self->toplevels = g_object_ref (gtk_window_get_toplevels ());
  g_signal_connect_swapped (self->toplevels, "items-changed", G_CALLBACK (toplevels_changed_cb), self);
  toplevels_changed_cb (self);
  till_idle_watch_touch (self);

  return self;
}

/**
 * till_idle_watch_free:
 * @self: (transfer full): a watch
 *
 * Ends it.
 */
void
till_idle_watch_free (TillIdleWatch *self)
{
  g_return_if_fail (self != NULL);

  g_signal_handlers_disconnect_by_data (self->toplevels, self);
  while (self->controllers->len > 0)
    {
      GtkEventController *controller = g_ptr_array_steal_index_fast (self->controllers, 0);
      GtkWidget *window = gtk_event_controller_get_widget (controller);

      g_object_weak_unref (G_OBJECT (controller), window_gone_cb, self);
      g_signal_handlers_disconnect_by_data (controller, self);
      if (window != NULL)
        gtk_widget_remove_controller (window, controller);
    }
  g_ptr_array_unref (self->controllers);
  g_object_unref (self->toplevels);
  till_clock_unref (self->clock);
  g_free (self);
}

/**
 * till_idle_watch_get_seconds:
 * @self: a watch
 *
 * Returns: for how many seconds nobody was there
 */
gint64
till_idle_watch_get_seconds (TillIdleWatch *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return till_clock_get_boot (self->clock) - self->last;
}

/**
 * till_idle_watch_touch:
 * @self: a watch
 *
 * Takes it that somebody is there now.
 */
void
till_idle_watch_touch (TillIdleWatch *self)
{
  g_return_if_fail (self != NULL);

  self->last = till_clock_get_boot (self->clock);
}
