/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cancelling and a deadline for work on threads that may not reach GIO. */
#pragma once

#include <glib.h>

#include "till-error.h"

G_BEGIN_DECLS

/**
 * TillCancel:
 * @cancelled: set to 1 (atomically) from any thread to end the work
 * @deadline: g_get_monotonic_time() value after which the work ends; 0 for none
 *
 * Long work asks till_cancel_check() between its steps.
 */
typedef struct
{
  gint    cancelled;
  gint64  deadline;
} TillCancel;

/**
 * till_cancel_check:
 * @cancel: (nullable): what may end the work, %NULL for nothing
 * @error: (out) (optional): %TILL_ERROR_CANCELLED or %TILL_ERROR_TIMED_OUT
 *
 * Returns: whether the work may go on
 */
static inline gboolean
till_cancel_check (const TillCancel  *cancel,
                   GError           **error)
{
  if (cancel == NULL)
    return TRUE;

  if (g_atomic_int_get (&cancel->cancelled))
    {
      till_set_error (error, TILL_ERROR_CANCELLED, TILL_REASON_NONE, NULL, NULL, "cancelled");
      return FALSE;
    }

  if (cancel->deadline != 0 && g_get_monotonic_time () > cancel->deadline)
    {
      till_set_error (error, TILL_ERROR_TIMED_OUT, TILL_REASON_NONE, NULL, NULL,
                      "opening the file took too long and was stopped");
      return FALSE;
    }

  return TRUE;
}

G_END_DECLS
