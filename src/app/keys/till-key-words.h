/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of encryption keys: their standing, their times, when to make the next one. */
#pragma once

#include <glib.h>

#include "till-advice.h"

G_BEGIN_DECLS

/**
 * TillKeyUrgency:
 * @TILL_KEY_FINE: nothing is to be done yet
 * @TILL_KEY_SOON: the rotation window comes up within a day (the first hint at 72 h; RELIABILITY.md G32)
 * @TILL_KEY_DUE: the rotation window is open
 * @TILL_KEY_LATE: the service has reminded, or the end is less than 24 h away
 * @TILL_KEY_NONE: no key is usable
 *
 * How much a new key is wanted.
 */
typedef enum
{
  TILL_KEY_FINE,
  TILL_KEY_SOON,
  TILL_KEY_DUE,
  TILL_KEY_LATE,
  TILL_KEY_NONE,
} TillKeyUrgency;

char           *till_key_words_dup_short_id  (const char           *key_id) G_GNUC_WARN_UNUSED_RESULT;
char           *till_key_words_dup_kind      (const TillKeyRecord  *key) G_GNUC_WARN_UNUSED_RESULT;
const char     *till_key_words_get_standing  (TillKeyStanding       standing);
char           *till_key_words_dup_moment    (gint64                seconds,
                                              gint64                now) G_GNUC_WARN_UNUSED_RESULT;
char           *till_key_words_dup_validity  (const TillKeyRecord  *key,
                                              TillKeyStanding       standing,
                                              gint64                now) G_GNUC_WARN_UNUSED_RESULT;
TillKeyUrgency  till_key_words_get_urgency   (const TillAdvice     *advice);
char           *till_key_words_dup_next_step (const TillAdvice     *advice,
                                              gboolean              any) G_GNUC_WARN_UNUSED_RESULT;
char           *till_key_words_dup_reminders (const TillAdvice     *advice) G_GNUC_WARN_UNUSED_RESULT;
char           *till_key_words_dup_no_key    (const TillAdvice     *advice) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
