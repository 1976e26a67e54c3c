/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes to standard error, and text made safe for a terminal. */
#pragma once

#include <glib.h>

#include "till-json-writer.h"

G_BEGIN_DECLS

void till_cli_append_safe   (GString      *out,
                             const char   *text);
void till_cli_say           (const char   *format,
                             ...) G_GNUC_PRINTF (1, 2);
void till_cli_write_stderr  (const char   *text);
void till_cli_report        (gboolean      json,
                             const char   *subject,
                             const GError *error);
void till_cli_write_error  (TillJsonWriter *writer,
                            const GError   *error);
const char *till_cli_error_word (const GError *error);

G_END_DECLS
