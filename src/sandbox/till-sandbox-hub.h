/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commerce Hub, pretended (API.md 1 to 4). */
#pragma once

#include "till-sandbox-call.h"

G_BEGIN_DECLS

TillHub *till_hub_open        (TillSandboxServer  *server,
                               GError            **error) G_GNUC_WARN_UNUSED_RESULT;
void     till_hub_close       (TillHub            *self);
void     till_hub_write_error (TillCall           *call,
                               TillJsonWriter     *writer,
                               const char         *type,
                               const char         *code,
                               const char         *field,
                               const char         *message);

G_END_DECLS
