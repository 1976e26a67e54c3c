/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sub-command of `sandbox`. */
#pragma once

#include "till-cli.h"

G_BEGIN_DECLS

extern const TillCliCommand till_command_sandbox_make_pass;

G_END_DECLS
