/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks for a password, or for a line of text, on the terminal. */
#pragma once

#include <glib.h>

#include "till-secret.h"

G_BEGIN_DECLS

gboolean    till_cli_can_prompt      (void);
TillSecret *till_cli_prompt_password (const char  *question,
                                      GError     **error) G_GNUC_WARN_UNUSED_RESULT;

char       *till_cli_prompt_line     (const char  *question) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
