/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a certificate at a service stands, and the words of the list for it. */
#pragma once

#include "till-certificate-item.h"

G_BEGIN_DECLS

/* counted: (out): what the words count, or -1 */
TillItemStatus till_service_words_find_status     (const TillItem *item,
                                                   gint64          now,
                                                   gint64         *counted);
/* Of one with a problem. */
char          *till_service_words_dup_problem     (const TillItem *item,
                                                   gint64          now) G_GNUC_WARN_UNUSED_RESULT;
const char    *till_service_words_get_name        (const TillItem *item);
/* (nullable) */
const char    *till_service_words_get_identifier  (const TillItem *item);
/* (nullable) */
const char    *till_service_words_get_team        (const TillItem *item);
const char    *till_service_words_get_provider    (const TillItem *item);
gboolean       till_service_words_is_unused       (const TillItem *item);
/* Google's certificates can only be looked after in Airship's dashboard (services/airship-wallet-certificates.md). */
gboolean       till_service_words_is_google       (const TillItem *item);
char          *till_service_words_dup_used_by     (const TillItem *item) G_GNUC_WARN_UNUSED_RESULT;
char          *till_service_words_dup_templates   (const TillItem *item) G_GNUC_WARN_UNUSED_RESULT;
/* What is searched in, one a line. */
void           till_service_words_append_search   (const TillItem *item,
                                                   GString        *all);
/* Whether both say the same. */
gboolean       till_service_words_equal           (const TillItem *a,
                                                   const TillItem *b);

G_END_DECLS
