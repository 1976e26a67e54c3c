/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of the activity log, from the words that a shop has at hand. */
#include "config.h"

#include "till-shop-log.h"

/**
 * till_shop_log:
 * @transaction: the transaction of what is logged
 * @line: what to write
 * @error: of the store
 *
 * Appends to the activity log (RELIABILITY.md G33).
 *
 * Returns: whether it is written
 */
gboolean
till_shop_log (TillTransaction     *transaction,
               const TillShopLine  *line,
               GError             **error)
{
  g_autoptr(TillLogRecord) record = till_log_record_new ();

  record->event = g_strdup (line->event);
  record->object = g_strdup (line->object);
  record->profile = g_strdup (line->profile);
  record->environment = g_strdup (line->environment);
  record->peer = g_strdup (line->peer);
  record->outcome = g_strdup (line->outcome != NULL ? line->outcome : "done");
  record->request_id = g_strdup (line->request_id);
  record->trace_id = g_strdup (line->trace_id);
  record->detail = g_strdup (line->detail);

  return till_transaction_append_log (transaction, record, error);
}
