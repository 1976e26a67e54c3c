/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people call environments and the members of a profile, with their icons. */
#pragma once

#include "till-record.h"

G_BEGIN_DECLS

const char *till_profile_words_get_environment (TillEnvironment  environment);
const char *till_profile_words_get_icon_name   (TillEnvironment  environment);
/* One sentence that says what happens there. */
const char *till_profile_words_get_meaning     (TillEnvironment  environment);
/* A style class: "practice", "test", "live". */
const char *till_profile_words_get_style_class (TillEnvironment  environment);

G_END_DECLS
