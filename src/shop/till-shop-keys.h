/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How answers about keys and uploads become records; for settling too. */
#pragma once

#include "till-change.h"

G_BEGIN_DECLS

/**
 * TillKeyOutcome:
 * @key: (nullable): the key as it is now
 * @rotate_from: when the rotation window opens; %TILL_TIME_UNKNOWN where that was not asked
 */
typedef struct
{
  TillKeyRecord *key;
  gint64         rotate_from;
} TillKeyOutcome;

TillKeyOutcome *till_key_outcome_new   (TillKeyRecord       *key) G_GNUC_WARN_UNUSED_RESULT;
void     till_key_outcome_free         (gpointer             data);
TillKeyRecord *till_shop_find_key      (TillTransaction     *transaction,
                                        const char          *profile_id,
                                        const char          *key_id,
                                        GError             **error) G_GNUC_WARN_UNUSED_RESULT;
void     till_shop_keep_own            (TillKeyRecord       *fresh,
                                        const TillKeyRecord *known);
gpointer till_shop_receive_generated   (TillChange          *change,
                                        GAsyncResult        *result,
                                        GError             **error);
gpointer till_shop_receive_revoked     (TillChange          *change,
                                        GAsyncResult        *result,
                                        GError             **error);
gboolean till_shop_store_key           (TillChange          *change,
                                        TillTransaction     *transaction,
                                        GError             **error);
gpointer till_shop_receive_uploaded    (TillChange          *change,
                                        GAsyncResult        *result,
                                        GError             **error);
gboolean till_shop_store_upload        (TillChange          *change,
                                        TillTransaction     *transaction,
                                        GError             **error);
void     till_shop_free_upload         (gpointer             data);
/* Fills a record from the body that was sent. */
void     till_shop_fill_upload         (TillUploadRecord    *record,
                                        const char          *body);

G_END_DECLS
