/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last steps of what a shop does in its store: a line of the activity log, and the end of the task. */
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

/**
 * till_shop_work_done_cb:
 * @source: the store
 * @result: of its work
 * @user_data: (type GTask) (transfer full): what waits for it
 *
 * Ends a task whose last step was work of the store that gives nothing back.
 */
void
till_shop_work_done_cb (GObject      *source,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  GError *error = NULL;

  if (till_store_run_finish (TILL_STORE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}
