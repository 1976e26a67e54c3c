/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set-up code: what it may look like, how long it lives, how often it may be tried (RELIABILITY.md G20). */
#pragma once

#include "till-clock.h"
#include "till-secret.h"

G_BEGIN_DECLS

#define TILL_SETUP_CODE_CHARS    8
#define TILL_SETUP_CODE_SECONDS  300
#define TILL_SETUP_CODE_TRIES    5

/**
 * TillSetupCodeState:
 * @TILL_SETUP_CODE_ALIVE: the right code is taken once
 * @TILL_SETUP_CODE_USED: it was
 * @TILL_SETUP_CODE_EXPIRED: its 300 seconds are over
 * @TILL_SETUP_CODE_DEAD: five wrong codes were tried
 * @TILL_SETUP_CODE_WITHDRAWN: it is shown no longer: a page was closed, the screen locked
 *
 * All but the first are ends; none is ever left.
 */
typedef enum
{
  TILL_SETUP_CODE_ALIVE,
  TILL_SETUP_CODE_USED,
  TILL_SETUP_CODE_EXPIRED,
  TILL_SETUP_CODE_DEAD,
  TILL_SETUP_CODE_WITHDRAWN,
} TillSetupCodeState;

/**
 * TillTry:
 * @TILL_TRY_RIGHT: the code was right and alive
 * @TILL_TRY_WRONG: it was alive, and another one
 * @TILL_TRY_REFUSED: it was not alive; nothing was compared
 *
 * Whoever tries sees no difference between the last two.
 */
typedef enum
{
  TILL_TRY_RIGHT,
  TILL_TRY_WRONG,
  TILL_TRY_REFUSED,
} TillTry;

/**
 * TillSetupCode:
 *
 * Forty random bits as eight characters of Crockford's base 32. Lives on one
 * thread. A try is begun (and counted, and the count written to disk) before
 * anything is compared; its end compares and uses the code in one step.
 */
typedef struct _TillSetupCode TillSetupCode;

TillSetupCode      *till_setup_code_new              (TillClock           *clock,
                                                      guint                tries) G_GNUC_WARN_UNUSED_RESULT;
TillSetupCode      *till_setup_code_ref              (TillSetupCode       *self);
void                till_setup_code_unref            (TillSetupCode       *self);

const TillSecret   *till_setup_code_get_text         (const TillSetupCode *self);
TillSetupCodeState  till_setup_code_get_state        (const TillSetupCode *self);
gint64              till_setup_code_get_expires_at   (const TillSetupCode *self);
guint               till_setup_code_get_seconds_left (const TillSetupCode *self);
guint               till_setup_code_get_tries        (const TillSetupCode *self);

gboolean            till_setup_code_begin_try        (TillSetupCode       *self);
TillTry             till_setup_code_end_try          (TillSetupCode       *self,
                                                      const TillSecret    *entered,
                                                      gboolean             use);
void                till_setup_code_drop_try         (TillSetupCode       *self);
void                till_setup_code_withdraw         (TillSetupCode       *self);

TillSecret         *till_setup_code_normalise        (const char          *text,
                                                      gsize                size) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillSetupCode, till_setup_code_unref)

G_END_DECLS
