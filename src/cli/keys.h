/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the sub-commands of `keys` share. */
#pragma once

#include "till-advice.h"
#include "till-cli-session.h"

G_BEGIN_DECLS

extern const TillCliCommand till_command_keys_export;
extern const TillCliCommand till_command_keys_encrypt;

void           till_keys_write_members (TillJsonWriter       *writer,
                                        const TillKeyRecord  *key);
void           till_keys_append        (GString              *out,
                                        const TillKeyRecord  *key);
GPtrArray     *till_keys_load          (TillCliSession       *session,
                                        GError              **error) G_GNUC_WARN_UNUSED_RESULT;
TillKeyRecord *till_keys_find          (GPtrArray            *keys,
                                        const char           *id,
                                        GError              **error);
TillKeyRecord *till_keys_find_usable   (GPtrArray            *keys,
                                        const char           *id,
                                        gint64                now,
                                        GError              **error);

G_END_DECLS
