/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of a certificate at a service; no widgets. */
#pragma once

#include "till-item.h"

G_BEGIN_DECLS

GPtrArray  *till_wallet_facts_new_plain       (const TillItem         *item) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray  *till_wallet_facts_new_technical   (const TillItem         *item) G_GNUC_WARN_UNUSED_RESULT;
/* What differs between two states of a certificate. name, comment: (nullable): what the person at this window would
 * like them to be. */
GPtrArray  *till_wallet_facts_new_differences (const TillItem         *before,
                                               const TillItem         *now,
                                               const char             *name,
                                               const char             *comment) G_GNUC_WARN_UNUSED_RESULT;
/* “will change”, before it is sent. */
GPtrArray  *till_wallet_facts_new_changes     (const TillItem         *item,
                                               const TillWalletChange *change) G_GNUC_WARN_UNUSED_RESULT;

/* “2 templates: Gold, Silver”; %NULL where there is none. */
char       *till_wallet_facts_dup_templates   (const TillItem         *item) G_GNUC_WARN_UNUSED_RESULT;
/* “2 templates use it: Gold, Silver.”; likewise. */
char       *till_wallet_facts_dup_uses        (const TillItem         *item) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): why no more can be said, or what contradicts. */
char       *till_wallet_facts_dup_note        (const TillItem         *item,
                                               gint64                  now) G_GNUC_WARN_UNUSED_RESULT;
/* Managed elsewhere: (nullable): the sentence that says so. */
char       *till_wallet_facts_dup_elsewhere   (const TillItem         *item) G_GNUC_WARN_UNUSED_RESULT;
/* “Offline. Known since 09:12.” */
char       *till_wallet_facts_dup_offline     (gint64                  seen_at,
                                               gint64                  now) G_GNUC_WARN_UNUSED_RESULT;
char       *till_wallet_facts_dup_title       (const TillItem         *item) G_GNUC_WARN_UNUSED_RESULT;
/* The end as a calendar file with reminders. */
char       *till_wallet_facts_dup_calendar    (const TillItem         *item,
                                               const char             *profile,
                                               gint64                  now) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
