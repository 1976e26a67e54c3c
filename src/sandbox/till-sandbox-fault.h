/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faults on order: which are ordered, and which one a request gets. */
#pragma once

#include <glib.h>

#include "till-sandbox.h"

G_BEGIN_DECLS

/* In the order of the table in till-sandbox-fault.c. */
typedef enum
{
  TILL_FAULT_STATUS,
  TILL_FAULT_REDIRECT,
  TILL_FAULT_HTML,
  TILL_FAULT_CUT_BEFORE_ANSWER,
  TILL_FAULT_LOST_ANSWER,
  TILL_FAULT_CUT_IN_ANSWER,
  TILL_FAULT_DRIP,
  TILL_FAULT_EMPTY,
  TILL_FAULT_TRUNCATED,
  TILL_FAULT_NOT_JSON,
  TILL_FAULT_WRONG_CONTENT_TYPE,
  TILL_FAULT_SLOW,
  TILL_FAULT_DATE_SKEW,
  TILL_FAULT_ERROR_SHAPE,
  /* Those of the terminal from here on. */
  TILL_FAULT_TERMINAL_IDENTITY,
  TILL_FAULT_TERMINAL_ALERT,
  TILL_FAULT_TERMINAL_SILENCE,
  TILL_FAULT_TERMINAL_SLOW,
  TILL_FAULT_TERMINAL_CUT,
  TILL_FAULT_TERMINAL_REFUSE,
  TILL_FAULT_TERMINAL_ANSWER,
  TILL_FAULT_TERMINAL_CLOSE,
  TILL_N_FAULTS,
} TillFaultKind;

/**
 * TillFaultPlan:
 * @kind: what happens to the request; %TILL_N_FAULTS for nothing
 * @text: (nullable): the value of @kind
 * @number: the same as a number
 * @slow: seconds before the work is done
 * @date_skew: seconds that the Date of the answer is off
 * @error_shape: (nullable): as the assumption of that name
 *
 * What is ordered for one request.
 */
typedef struct
{
  TillFaultKind  kind;
  char          *text;
  gint64         number;
  gint64         slow;
  gint64         date_skew;
  char          *error_shape;
} TillFaultPlan;

/**
 * TillFaults:
 *
 * All that are ordered. Guarded by a lock: ordered from any thread.
 */
typedef struct
{
  GMutex     lock;
  GPtrArray *orders;
} TillFaults;

void     till_faults_init       (TillFaults     *self);
void     till_faults_clear      (TillFaults     *self);
void     till_faults_cancel     (TillFaults     *self);
gboolean till_faults_order      (TillFaults     *self,
                                 const char     *text,
                                 GError        **error);
void     till_faults_take       (TillFaults     *self,
                                 const char     *path,
                                 TillFaultPlan  *plan);
char    *till_faults_take_one   (TillFaults     *self,
                                 TillFaultKind   kind,
                                 const char     *value,
                                 const char     *path) G_GNUC_WARN_UNUSED_RESULT;
void     till_fault_plan_clear  (TillFaultPlan  *plan);

G_END_DECLS
