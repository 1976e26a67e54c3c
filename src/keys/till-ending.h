/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When to act on a thing that ends: one rule for all panes (UX.md 1.2, 2.2; RELIABILITY.md G32). */
#pragma once

#include <glib.h>

#include "till-certificate.h"

G_BEGIN_DECLS

typedef enum
{
  TILL_ENDING_WALLET,          /* a pass certificate at the wallet service */
  TILL_ENDING_UPLOAD,          /* a client certificate at Commerce Hub */
  TILL_ENDING_FILE,            /* a certificate file on this computer */
  TILL_ENDING_KEY,             /* an encryption key */
  TILL_ENDING_TOKEN,           /* an access token */
  TILL_ENDING_DEVICE,          /* the identity of a paired device */
} TillEndingKind;

/**
 * TillEnding:
 * @kind: what ends
 * @from: beginning of its validity; %TILL_TIME_INVALID where it is not known
 * @until: its last moment; %TILL_TIME_NEVER, or %TILL_TIME_INVALID where it is not known
 * @act_by: until when to have done something about it; never after @until
 * @state: fine, soon, act or expired, now
 *
 * Filled by till_ending_init(); lists are sorted by @act_by, then @until.
 */
typedef struct
{
  TillEndingKind    kind;
  gint64            from;
  gint64            until;
  gint64            act_by;
  TillValidityState state;
} TillEnding;

void till_ending_init    (TillEnding       *self,
                          TillEndingKind    kind,
                          gint64            from,
                          gint64            until,
                          gint64            now);
int  till_ending_compare (const TillEnding *a,
                          const TillEnding *b);
const char *till_ending_kind_to_word (TillEndingKind kind);

G_END_DECLS
