/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names under which a shop keeps settings in the store. */
#pragma once

#define TILL_SETTING_CURRENT_PROFILE "current-profile"
