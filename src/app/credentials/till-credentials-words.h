/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the credentials pane says of times, clocks and refusals. */
#pragma once

#include "till-hub.h"

G_BEGIN_DECLS

/* How far clocks may be apart before it is said that they are (RELIABILITY.md G19). */
#define TILL_CLOCK_AGREES_SECONDS 120

/* "12:31 left" */
char *till_credentials_words_dup_left     (gint64                    seconds) G_GNUC_WARN_UNUSED_RESULT;
/* "29 min 59 s" */
char *till_credentials_words_dup_life     (gint64                    seconds) G_GNUC_WARN_UNUSED_RESULT;
/* "Issued 16:06:05 UTC · valid for 29 min 59 s · clocks agree (0 s)" */
char *till_credentials_words_dup_facts    (const TillHubCredentials *credentials,
                                           gint64                    skew) G_GNUC_WARN_UNUSED_RESULT;
/* What was sent and what came back, in their units. */
char *till_credentials_words_dup_units    (guint                     minutes,
                                           const TillHubCredentials *credentials) G_GNUC_WARN_UNUSED_RESULT;
/* "16:36" where the user lives. */
char *till_credentials_words_dup_time     (gint64                    seconds) G_GNUC_WARN_UNUSED_RESULT;
/* Why a sign-in was refused, with what is known of the clocks. skew: %G_MININT64 unknown. */
char *till_credentials_words_dup_refused  (gint64                    skew) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
