/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command `inspect`. */
#pragma once

#include "till-cli.h"

G_BEGIN_DECLS

extern const TillCliCommand till_command_inspect;

G_END_DECLS
