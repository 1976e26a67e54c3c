/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The strict RFC 8259 scanner that goes before json-glib (RELIABILITY.md G10). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean till_json_scan (const char  *text,
                         gsize        length,
                         gsize        limit,
                         GError     **error);

G_END_DECLS
