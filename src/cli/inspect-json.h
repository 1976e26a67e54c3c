/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `inspect --json` writes (CLI.md, "inspect"). */
#pragma once

#include <glib.h>

#include "till-cli-output.h"
#include "till-document.h"
#include "till-json-writer.h"

G_BEGIN_DECLS

void till_inspect_json_write       (TillJsonWriter      *writer,
                                    TillCliOutput       *output,
                                    const char          *file,
                                    const TillDocument  *document,
                                    gint64               now,
                                    gboolean             details);
void till_inspect_json_write_error (TillJsonWriter      *writer,
                                    const char          *file,
                                    const GError        *error);

G_END_DECLS
