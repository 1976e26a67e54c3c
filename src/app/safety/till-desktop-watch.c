/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the desktop tells about the person in front of it: the screen locks, the computer goes to sleep. */
#include "config.h"

#include "till-desktop-watch.h"

#define LOGIND       "org.freedesktop.login1"
#define LOGIND_PATH  "/org/freedesktop/login1"
#define MANAGER      "org.freedesktop.login1.Manager"
#define SESSION      "org.freedesktop.login1.Session"

/* Both exist: GNOME has the first one only, others the second. */
static const char *const screen_savers[] = { "org.gnome.ScreenSaver", "org.freedesktop.ScreenSaver" };

struct _TillDesktopWatch
{
  TillDesktopFunc  callback;
  gpointer         user_data;
  GCancellable    *cancellable;     /* until it is freed; answers that come later find nobody */
  GDBusConnection *session;         /* (nullable) until it is there */
  GDBusConnection *system;          /* (nullable) until it is there */
  guint            saver_ids[G_N_ELEMENTS (screen_savers)];
  guint            sleep_id;
  guint            lock_id;
};

/* The one truth value of a signal. Returns: whether there is just that; a stranger may send anything. */
static gboolean
get_truth (GVariant *parameters,
           gboolean *truth)
{
  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    return FALSE;

  g_variant_get (parameters, "(b)", truth);

  return TRUE;
}

static void
saver_cb (GDBusConnection *connection,
          const char      *sender,
          const char      *path,
          const char      *interface,
          const char      *signal,
          GVariant        *parameters,
          gpointer         user_data)
{
  TillDesktopWatch *self = user_data;
  gboolean active = FALSE;

  if (get_truth (parameters, &active) && active)
    self->callback (TILL_DESKTOP_SCREEN_LOCKED, self->user_data);
}

static void
sleep_cb (GDBusConnection *connection,
          const char      *sender,
          const char      *path,
          const char      *interface,
          const char      *signal,
          GVariant        *parameters,
          gpointer         user_data)
{
  TillDesktopWatch *self = user_data;
  gboolean begins = FALSE;

  if (get_truth (parameters, &begins))
    self->callback (begins ? TILL_DESKTOP_SLEEP : TILL_DESKTOP_RESUMED, self->user_data);
}

static void
lock_cb (GDBusConnection *connection,
         const char      *sender,
         const char      *path,
         const char      *interface,
         const char      *signal,
         GVariant        *parameters,
         gpointer         user_data)
{
  TillDesktopWatch *self = user_data;

  self->callback (TILL_DESKTOP_SCREEN_LOCKED, self->user_data);
}

static void
clear (gpointer data)
{
  TillDesktopWatch *self = data;

  g_clear_object (&self->session);
  g_clear_object (&self->system);
  g_clear_object (&self->cancellable);
}

static void
release (gpointer data)
{
  g_rc_box_release_full (data, clear);
}

/* Other people's sessions lock, too: only ours counts. */
static void
session_found_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  TillDesktopWatch *self = user_data;
  const char *path;

  if (reply != NULL && !g_cancellable_is_cancelled (self->cancellable))
    {
      g_variant_get (reply, "(&o)", &path);
      self->lock_id = g_dbus_connection_signal_subscribe (self->system, LOGIND, SESSION, "Lock", path, NULL,
                                                          G_DBUS_SIGNAL_FLAGS_NONE, lock_cb, self, NULL);
    }

  release (self);
}

static void
system_bus_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  GDBusConnection *connection = g_bus_get_finish (result, &error);
  TillDesktopWatch *self = user_data;

  if (connection == NULL || g_cancellable_is_cancelled (self->cancellable))
    {
      g_clear_object (&connection);
      release (self);
      return;
    }

  self->system = connection;
  self->sleep_id = g_dbus_connection_signal_subscribe (connection, LOGIND, MANAGER, "PrepareForSleep", LOGIND_PATH, NULL,
                                                       G_DBUS_SIGNAL_FLAGS_NONE, sleep_cb, self, NULL);
  g_dbus_connection_call (connection, LOGIND, LOGIND_PATH, MANAGER, "GetSession", g_variant_new ("(s)", "auto"),
                          G_VARIANT_TYPE ("(o)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, self->cancellable,
                          session_found_cb, self);
}

static void
session_bus_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  GDBusConnection *connection = g_bus_get_finish (result, &error);
  TillDesktopWatch *self = user_data;

  if (connection != NULL && !g_cancellable_is_cancelled (self->cancellable))
    {
      self->session = g_object_ref (connection);
      for (gsize i = 0; i < G_N_ELEMENTS (screen_savers); i++)
        self->saver_ids[i] = g_dbus_connection_signal_subscribe (connection, screen_savers[i], screen_savers[i],
                                                                 "ActiveChanged", NULL, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                                                 saver_cb, self, NULL);
    }

  g_clear_object (&connection);
  release (self);
}

/**
 * till_desktop_watch_new:
 * @callback: told what happens
 * @user_data: for @callback
 *
 * Returns: (transfer full): a watch
 */
TillDesktopWatch *
till_desktop_watch_new (TillDesktopFunc callback,
                        gpointer        user_data)
{
  TillDesktopWatch *self;

  g_return_val_if_fail (callback != NULL, NULL);

  self = g_rc_box_new0 (TillDesktopWatch);
  self->callback = callback;
  self->user_data = user_data;
  self->cancellable = g_cancellable_new ();
  g_bus_get (G_BUS_TYPE_SESSION, self->cancellable, session_bus_cb, g_rc_box_acquire (self));
  g_bus_get (G_BUS_TYPE_SYSTEM, self->cancellable, system_bus_cb, g_rc_box_acquire (self));

  return self;
}

static void
unsubscribe (GDBusConnection *connection,
             guint           *id)
{
  if (*id != 0)
    g_dbus_connection_signal_unsubscribe (connection, *id);
  *id = 0;
}

/**
 * till_desktop_watch_free:
 * @self: (transfer full): a watch
 *
 * Ends it.
 */
void
till_desktop_watch_free (TillDesktopWatch *self)
{
  g_return_if_fail (self != NULL);

  g_cancellable_cancel (self->cancellable);
  for (gsize i = 0; i < G_N_ELEMENTS (screen_savers); i++)
    unsubscribe (self->session, &self->saver_ids[i]);
  unsubscribe (self->system, &self->sleep_id);
  unsubscribe (self->system, &self->lock_id);
  release (self);
}
