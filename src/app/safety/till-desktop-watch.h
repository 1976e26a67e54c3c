/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the desktop tells about the person in front of it: the screen locks, the computer goes to sleep. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TillDesktopEvent:
 * @TILL_DESKTOP_SCREEN_LOCKED: the screen was locked, or blanked with a question for the password behind it
 * @TILL_DESKTOP_SLEEP: the computer is about to sleep
 * @TILL_DESKTOP_RESUMED: it slept and is awake again
 */
typedef enum
{
  TILL_DESKTOP_SCREEN_LOCKED,
  TILL_DESKTOP_SLEEP,
  TILL_DESKTOP_RESUMED,
} TillDesktopEvent;

/**
 * TillDesktopWatch:
 *
 * Listens to the screen saver of the session and to logind of the system. A bus
 * or a service that is not there is not missed: nothing is started, nothing is
 * waited for. Lives on the main loop.
 */
typedef struct _TillDesktopWatch TillDesktopWatch;

typedef void (*TillDesktopFunc) (TillDesktopEvent event,
                                 gpointer         user_data);

TillDesktopWatch *till_desktop_watch_new  (TillDesktopFunc   callback,
                                           gpointer          user_data) G_GNUC_WARN_UNUSED_RESULT;
void              till_desktop_watch_free (TillDesktopWatch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillDesktopWatch, till_desktop_watch_free)

G_END_DECLS
