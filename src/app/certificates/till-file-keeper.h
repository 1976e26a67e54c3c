/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps the list of watched files in the store, where tillkeeperctl has it too. */
#pragma once

#include "till-file-entry.h"
#include "till-session.h"

G_BEGIN_DECLS

/* Returns: (transfer container) (element-type utf8): the URIs that are to be kept, each once, in their order */
typedef GPtrArray *(*TillFileKeeperWanted) (gpointer user_data);

#define TILL_TYPE_FILE_KEEPER (till_file_keeper_get_type ())
G_DECLARE_FINAL_TYPE (TillFileKeeper, till_file_keeper, TILL, FILE_KEEPER, GObject)

/* Signals: "loaded" (GPtrArray of utf8): the store was opened, and these were kept; empty where it can't be opened.
 * "saved": all that is wanted is kept. "not-kept" (GError): it can't be; once until it can be again. */
TillFileKeeper *till_file_keeper_new       (TillSession          *session,
                                            TillFileKeeperWanted  wanted,
                                            gpointer              user_data) G_GNUC_WARN_UNUSED_RESULT;

gboolean        till_file_keeper_get_known (TillFileKeeper       *self);
gboolean        till_file_keeper_is_worth  (TillFileEntry        *entry);
void            till_file_keeper_learn     (TillFileKeeper       *self,
                                            TillFileEntry        *entry);
void            till_file_keeper_touch     (TillFileKeeper       *self);
void            till_file_keeper_close     (TillFileKeeper       *self);

G_END_DECLS
