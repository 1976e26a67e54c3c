/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line of the activity log, for a list. */
#pragma once

#include <glib-object.h>

#include "till-record.h"

G_BEGIN_DECLS

#define TILL_TYPE_ACTIVITY_ITEM (till_activity_item_get_type ())
G_DECLARE_FINAL_TYPE (TillActivityItem, till_activity_item, TILL, ACTIVITY_ITEM, GObject)

/* record: (transfer full) */
TillActivityItem    *till_activity_item_new        (TillLogRecord    *record) G_GNUC_WARN_UNUSED_RESULT;
const TillLogRecord *till_activity_item_get_record (TillActivityItem *self);

G_END_DECLS
