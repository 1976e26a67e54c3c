/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of --help. */
#pragma once

#include "till-cli.h"

G_BEGIN_DECLS

void till_cli_append_name         (GString                       *out,
                                   const TillCliCommand          *command);
void till_cli_append_usage        (GString                       *out,
                                   const TillCliCommand          *command);
void till_cli_append_help         (GString                       *out,
                                   const TillCliCommand * const  *commands);
void till_cli_append_command_help (GString                       *out,
                                   const TillCliCommand          *command);

G_END_DECLS
