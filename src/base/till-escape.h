/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text from outside, made fit to stand in a message (RELIABILITY.md 5.1, row 27). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *till_escape (const char *text,
                   gssize      length,
                   gsize       max_chars) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
