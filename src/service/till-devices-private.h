/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the Acceptance Devices REST API answers, read without the network. */
#pragma once

#include "till-devices.h"

G_BEGIN_DECLS

char *till_devices_chain_from_json (const TillSecret  *body,
                                    GError           **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
