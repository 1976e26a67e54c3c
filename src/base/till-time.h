/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times as services write them, and as we write them (API.md 7, RELIABILITY.md 4.5). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean  till_time_parse      (const char  *text,
                                gint64      *seconds,
                                GError     **error);
char     *till_time_format     (gint64       seconds) G_GNUC_WARN_UNUSED_RESULT;
gint64    till_time_from_civil (int          year,
                                int          month,
                                int          day,
                                int          hour,
                                int          minute,
                                int          second);

G_END_DECLS
