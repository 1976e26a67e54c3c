/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line of the activity log, for a list. */
#include "config.h"

#include "till-activity-item.h"

struct _TillActivityItem
{
  GObject        parent_instance;

  TillLogRecord *record;
};

G_DEFINE_FINAL_TYPE (TillActivityItem, till_activity_item, G_TYPE_OBJECT)

static void
till_activity_item_finalize (GObject *object)
{
  till_log_record_free (TILL_ACTIVITY_ITEM (object)->record);

  G_OBJECT_CLASS (till_activity_item_parent_class)->finalize (object);
}

static void
till_activity_item_class_init (TillActivityItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = till_activity_item_finalize;
}

static void
till_activity_item_init (TillActivityItem *self)
{
}

/**
 * till_activity_item_new:
 * @record: (transfer full): a line of the log
 *
 * Returns: (transfer full): an item for a list
 */
TillActivityItem *
till_activity_item_new (TillLogRecord *record)
{
  TillActivityItem *self = g_object_new (TILL_TYPE_ACTIVITY_ITEM, NULL);

  self->record = record;

  return self;
}

/**
 * till_activity_item_get_record:
 * @self: an item
 *
 * Returns: (transfer none): its line
 */
const TillLogRecord *
till_activity_item_get_record (TillActivityItem *self)
{
  g_return_val_if_fail (TILL_IS_ACTIVITY_ITEM (self), NULL);

  return self->record;
}
