/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes dates that must not be missed as an iCalendar file (RFC 5545). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TillCalendarEvent:
 * @uid: stays the same for the same thing, so that a second import replaces the first
 * @summary: one line
 * @description: (nullable): may have several lines
 * @when: seconds since 1970
 *
 * One moment with its reminders. Texts are plain, of any characters.
 */
typedef struct
{
  const char *uid;
  const char *summary;
  const char *description;
  gint64      when;
} TillCalendarEvent;

char *till_calendar_format (const TillCalendarEvent *events,
                            gsize                    n_events,
                            gint64                   now) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
