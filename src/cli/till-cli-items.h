/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Things that end, as JSON and for people. */
#pragma once

#include "till-cli-session.h"
#include "till-item.h"

G_BEGIN_DECLS

const char *till_cli_item_get_source   (const TillItem        *item);
const char *till_cli_state_to_words    (TillValidityState      state);
char       *till_cli_item_dup_left     (const TillItem        *item,
                                        gint64                 now) G_GNUC_WARN_UNUSED_RESULT;
void        till_cli_item_write        (TillJsonWriter        *writer,
                                        const TillItem        *item);
void        till_cli_item_write_members (TillJsonWriter       *writer,
                                        const TillItem        *item);
void        till_cli_item_append       (GString               *out,
                                        const TillItem        *item,
                                        gint64                 now);
void        till_cli_items_append      (GString               *out,
                                        GPtrArray             *items,
                                        gint64                 now);
void        till_cli_upload_write      (TillJsonWriter        *writer,
                                        const TillUploadRecord *upload);

G_END_DECLS
