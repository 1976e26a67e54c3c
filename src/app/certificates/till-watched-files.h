/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files on this computer that somebody looks after, and text that was pasted: a list of TillFileEntry. */
#pragma once

#include "till-file-entry.h"
#include "till-session.h"

G_BEGIN_DECLS

#define TILL_TYPE_WATCHED_FILES (till_watched_files_get_type ())
G_DECLARE_FINAL_TYPE (TillWatchedFiles, till_watched_files, TILL, WATCHED_FILES, GObject)

/* Properties (read only, notify): "busy", "known". Signal "not-kept" (GError): what was opened or removed stays so
 * only until the window closes. */
TillWatchedFiles *till_watched_files_new        (TillSession       *session,
                                                 GSettings         *settings) G_GNUC_WARN_UNUSED_RESULT;

void              till_watched_files_start      (TillWatchedFiles  *self);
gboolean          till_watched_files_get_busy   (TillWatchedFiles  *self);
gboolean          till_watched_files_get_known  (TillWatchedFiles  *self);

GPtrArray        *till_watched_files_add_files  (TillWatchedFiles  *self,
                                                 GPtrArray         *files,
                                                 guint             *n_already) G_GNUC_WARN_UNUSED_RESULT;
TillFileEntry    *till_watched_files_add_file   (TillWatchedFiles  *self,
                                                 GFile             *file,
                                                 gboolean          *already);
TillFileEntry    *till_watched_files_add_bytes  (TillWatchedFiles  *self,
                                                 GBytes            *bytes,
                                                 const char        *title,
                                                 gboolean          *already);
gboolean          till_watched_files_remove     (TillWatchedFiles  *self,
                                                 TillFileEntry     *entry,
                                                 guint             *position);
void              till_watched_files_restore    (TillWatchedFiles  *self,
                                                 TillFileEntry     *entry,
                                                 guint              position);
void              till_watched_files_read_again (TillWatchedFiles  *self,
                                                 TillFileEntry     *entry);

G_END_DECLS
