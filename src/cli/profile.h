/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the sub-commands of `profile` share. */
#pragma once

#include "till-cli-session.h"
#include "till-cli.h"
#include "till-profiles.h"

G_BEGIN_DECLS

extern const TillCliCommand till_command_profile_add;
extern const TillCliCommand till_command_profile_set;
extern const TillCliCommand till_command_profile_test;

const char        *till_profile_check_name (const TillCli       *cli);
TillProfiles      *till_profile_load       (TillCliSession      *session,
                                            GError             **error) G_GNUC_WARN_UNUSED_RESULT;
const TillProfile *till_profile_find       (const TillProfiles  *profiles,
                                            const char          *name,
                                            GError             **error);
gboolean           till_profile_finish     (TillCliSession      *session,
                                            const char          *did,
                                            GError             **error);

G_END_DECLS
