/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the sub-commands of `profile` share. */
#pragma once

#include "till-cli.h"

G_BEGIN_DECLS

extern const TillCliCommand till_command_profile_test;

const char *till_profile_check_name (const TillCli *cli);

G_END_DECLS
