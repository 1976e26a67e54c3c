/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes secrets out of text before it is logged or shown (RELIABILITY.md G5). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *till_redact (const char *text,
                   gssize      length) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
