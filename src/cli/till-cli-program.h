/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hands a command over to a program of its own. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void till_cli_program_exec (const char  *directory,
                            const char  *name,
                            char       **argv,
                            GError     **error);

char *till_cli_program_find_dir (const char *bindir,
                                 const char *libexecdir,
                                 const char *name) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
