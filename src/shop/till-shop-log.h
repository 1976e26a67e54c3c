/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last steps of what a shop does in its store: a line of the activity log, and the end of the task. */
#pragma once

#include <gio/gio.h>

#include "till-store.h"

G_BEGIN_DECLS

/**
 * TillShopLine:
 *
 * The members of a #TillLogRecord that a shop gives; all but @event may be
 * %NULL, and @outcome is then "done". Nothing is copied before it is written.
 */
typedef struct
{
  const char *event;
  const char *object;
  const char *profile;
  const char *environment;
  const char *peer;
  const char *outcome;
  const char *request_id;
  const char *trace_id;
  const char *detail;
} TillShopLine;

gboolean till_shop_log (TillTransaction     *transaction,
                        const TillShopLine  *line,
                        GError             **error);

/* Of till_store_run_async(): returns TRUE or the error by the task that is its data, which it takes. */
void     till_shop_work_done_cb (GObject            *source,
                                 GAsyncResult       *result,
                                 gpointer            user_data);

G_END_DECLS
