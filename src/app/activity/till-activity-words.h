/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people call what the activity log notes. */
#pragma once

#include "till-record.h"

G_BEGIN_DECLS

/* “Encryption key revoked” of "keys.revoke"; another word stays as it is. */
char       *till_activity_words_dup_event   (const TillLogRecord *record) G_GNUC_WARN_UNUSED_RESULT;
const char *till_activity_words_get_outcome (const TillLogRecord *record);
/* Whose and what: “Acme Cafés (Live) · Commerce Hub”. */
char       *till_activity_words_dup_about   (const TillLogRecord *record) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
