/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of the activity log, from the words that a shop has at hand. */
#pragma once

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

G_END_DECLS
