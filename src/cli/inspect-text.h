/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `inspect` writes for a person to read. */
#pragma once

#include <glib.h>

#include "till-cli-output.h"
#include "till-document.h"

G_BEGIN_DECLS

void till_inspect_text_write (TillCliOutput       *output,
                              const char          *file,
                              const TillDocument  *document,
                              gint64               now,
                              gboolean             details);

G_END_DECLS
