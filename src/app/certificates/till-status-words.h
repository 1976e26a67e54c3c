/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of the status column: what is short enough to stand in a row. */
#pragma once

#include "till-certificate-item.h"
#include "till-file-entry-private.h"

G_BEGIN_DECLS

gint64  till_status_words_count        (gint64              left);
/* counted: (out) */
TillItemStatus till_status_words_find_status (const TillCertificate *certificate,
                                              const TillLeaf        *leaf,
                                              gint64                 now,
                                              gint64                *counted);
char   *till_status_words_dup_problem  (const TillCertificate *certificate,
                                        const TillLeaf     *leaf,
                                        gint64              now) G_GNUC_WARN_UNUSED_RESULT;
char   *till_status_words_dup_valid    (gint64              counted) G_GNUC_WARN_UNUSED_RESULT;
char   *till_status_words_dup_soon     (gint64              counted) G_GNUC_WARN_UNUSED_RESULT;
char   *till_status_words_dup_expired  (gint64              counted) G_GNUC_WARN_UNUSED_RESULT;
char   *till_status_words_dup_weakness (guint               weakness) G_GNUC_WARN_UNUSED_RESULT;
char   *till_status_words_dup_failure  (TillFileEntry      *entry) G_GNUC_WARN_UNUSED_RESULT;
char   *till_status_words_dup_contents (const TillDocument *document) G_GNUC_WARN_UNUSED_RESULT;
char   *till_status_words_dup_day      (gint64              ends) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
