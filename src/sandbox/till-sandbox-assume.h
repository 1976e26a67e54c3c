/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What no document settles: the named assumptions and what they are set to (API.md 0). */
#pragma once

#include <glib.h>

#include "till-sandbox.h"

G_BEGIN_DECLS

/* In the order of the table in till-sandbox-assume.c. */
typedef enum
{
  TILL_ASSUME_TIMES,
  TILL_ASSUME_NUMBERS_AS_TEXT,
  TILL_ASSUME_WRONG_METHOD,
  TILL_ASSUME_ERROR_SHAPE,
  TILL_ASSUME_CLOCK_WINDOW,
  TILL_ASSUME_FUTURE_TIMESTAMPS,
  TILL_ASSUME_LEGACY_SIGNATURE,
  TILL_ASSUME_ACCESS_TOKEN,
  TILL_ASSUME_DUPLICATE_ID,
  TILL_ASSUME_RUNNING_ID,
  TILL_ASSUME_REPLAY_WINDOW,
  TILL_ASSUME_RATE_LIMIT,
  TILL_ASSUME_RETRY_AFTER,
  TILL_ASSUME_UNKNOWN_FIELDS,
  TILL_ASSUME_UNKNOWN_MERCHANT,
  TILL_ASSUME_TERMINAL,
  TILL_ASSUME_UPLOAD_STATUS,
  TILL_ASSUME_UPLOAD_ALGORITHM,
  TILL_ASSUME_UPLOAD_OTHER_KEY,
  TILL_ASSUME_UPLOAD_EXPIRED,
  TILL_ASSUME_UPLOAD_LENGTH,
  TILL_ASSUME_RTAU,
  TILL_ASSUME_REVOKE_STATUS,
  TILL_ASSUME_REVOKE_TWICE,
  TILL_ASSUME_UNKNOWN_KEY,
  TILL_ASSUME_KEY_VALIDITY,
  TILL_ASSUME_KEY_ENCODING,
  TILL_ASSUME_SYMMETRIC_DETAILS,
  TILL_ASSUME_CREDENTIALS_FEATURE,
  TILL_ASSUME_CREDENTIALS_SHAPE,
  TILL_ASSUME_TOKEN_TTL,
  TILL_ASSUME_WALLET_BAD_LOGIN,
  TILL_ASSUME_WALLET_REVISION,
  TILL_ASSUME_WALLET_GET_TYPE,
  TILL_ASSUME_WALLET_UNKNOWN_ID,
  TILL_ASSUME_WALLET_BAD_ID,
  TILL_ASSUME_WALLET_LINE_BREAKS,
  TILL_ASSUME_WALLET_EXPIRED,
  TILL_ASSUME_WALLET_POST_ANSWER,
  TILL_ASSUME_WALLET_RENEW_STATUS,
  TILL_ASSUME_WALLET_RENEW_NAMES,
  TILL_ASSUME_OTHER_IDENTITY,
  TILL_ASSUME_WALLET_NULL,
  TILL_ASSUME_WALLET_FIRST_DEFAULT,
  TILL_ASSUME_WALLET_SHOW_DEFAULT,
  TILL_ASSUME_WALLET_DELETE_DEFAULT,
  TILL_ASSUME_WALLET_DELETE_USED,
  TILL_ASSUME_WALLET_TEMPLATE_ID,
  TILL_ASSUME_WALLET_ENVELOPE,
  TILL_ASSUME_WALLET_COUNT,
  TILL_ASSUME_WALLET_NEXT_PAGE,
  TILL_ASSUME_WALLET_ORDER,
  TILL_ASSUME_WALLET_PAGE_SIZE,
  TILL_ASSUME_WALLET_LARGEST_PAGE,
  TILL_ASSUME_DEVICES_CLOCK_WINDOW,
  TILL_ASSUME_KEEP_ALIVE,
  TILL_ASSUME_EXAMPLE_SIZE,
  TILL_N_ASSUMED,
} TillAssumed;

/**
 * TillAssumptions:
 *
 * What each is set to. Guarded by a lock: set from any thread, read in that of
 * the server.
 */
typedef struct
{
  GMutex lock;
  gint64 values[TILL_N_ASSUMED];  /* index into the values, or the number */
} TillAssumptions;

void        till_assumptions_init   (TillAssumptions  *self);
void        till_assumptions_clear  (TillAssumptions  *self);
gboolean    till_assumptions_set    (TillAssumptions  *self,
                                     const char       *text,
                                     GError          **error);
gint64      till_assumptions_number (TillAssumptions  *self,
                                     TillAssumed       which);
const char *till_assumptions_word   (TillAssumptions  *self,
                                     TillAssumed       which);
gboolean    till_assumptions_is     (TillAssumptions  *self,
                                     TillAssumed       which,
                                     const char       *word);

G_END_DECLS
