/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end of a certificate as a calendar file with reminders. */
#pragma once

#include "till-document.h"

G_BEGIN_DECLS

char *till_certificate_calendar_format (const TillDocument *document,
                                        guint               certificate,
                                        const char         *file,
                                        gint64              now) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
