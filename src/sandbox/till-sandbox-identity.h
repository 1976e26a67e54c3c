/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who the sandbox's merchant is: made at random at first start and kept. */
#pragma once

#include "till-sandbox-private.h"

G_BEGIN_DECLS

gboolean till_identity_open  (TillSandboxServer  *server,
                              GError            **error);
void     till_identity_clear (TillSandboxServer  *server);

G_END_DECLS
