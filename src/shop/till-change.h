/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One change of the outside world: written down, sent, completed (RELIABILITY.md G17). */
#pragma once

#include "till-shop-private.h"

G_BEGIN_DECLS

typedef struct _TillChange TillChange;

/**
 * TillChange:
 * @shop: (owned): whose change it is
 * @intent: (owned): as it is written to the journal; with an id it is one that was left open
 * @service: who is asked
 * @again: it was left open, and is now settled
 * @passing: what it makes at the service runs out by itself, so that a lost answer is nobody's business
 * @send: starts the call
 * @receive: ends it: the result, or %NULL with an error that tells the outcome; also sets @trace_id
 * @store: (nullable): writes what follows from the result; runs in the store's thread, in the transaction that closes
 *   the intent, and may replace the result
 * @free_result: of the result
 * @recovered: (nullable): given what settling brought back before this change, a result that makes sending needless
 * @data: (owned) (nullable): of who made the change
 * @request: (owned) (nullable): of a call to Commerce Hub
 * @result: (owned) (nullable): output
 * @error: (owned) (nullable): output
 * @trace_id: (owned) (nullable): output
 */
struct _TillChange
{
  /* input */
  TillShop          *shop;
  TillIntentRecord  *intent;
  TillShopService    service;
  gboolean           again;
  gboolean           passing;
  void             (*send)      (TillChange          *change,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data);
  gpointer         (*receive)   (TillChange          *change,
                                 GAsyncResult        *result,
                                 GError             **error);
  gboolean         (*store)     (TillChange          *change,
                                 TillTransaction     *transaction,
                                 GError             **error);
  GDestroyNotify     free_result;
  gpointer         (*recovered) (TillChange          *change,
                                 GPtrArray           *keys);
  gpointer           data;
  GDestroyNotify     free_data;
  TillHubRequest    *request;

  /* in progress */
  GCancellable      *cancellable;
  char              *peer;

  /* output */
  gpointer           result;
  GError            *error;
  char              *trace_id;
};

/* operation: a stable word of TillIntentRecord. subject: (nullable) */
TillChange *till_change_new     (TillShop        *shop,
                                 TillShopService  service,
                                 const char      *operation,
                                 const char      *subject) G_GNUC_WARN_UNUSED_RESULT;
/* request: (transfer full). Sets send; receive, store and free_result are the caller's. */
TillChange *till_change_new_hub (TillShop        *shop,
                                 const char      *operation,
                                 const char      *subject,
                                 TillHubRequest  *request) G_GNUC_WARN_UNUSED_RESULT;
/* For receive: the answer of a request made by till_change_new_hub(). */
TillHubAnswer *till_change_receive_hub (TillChange    *self,
                                        GAsyncResult  *result,
                                        GError       **error) G_GNUC_WARN_UNUSED_RESULT;
void        till_change_free    (TillChange      *self);
/* self, task: (transfer full). The task returns the result. Settles first what was left open, once. */
void        till_change_run     (TillChange      *self,
                                 GTask           *task);
/* self: (transfer full). Without settling first, for settling itself. */
void        till_change_do_async (TillChange          *self,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data);
TillChange *till_change_do_finish (GAsyncResult        *result) G_GNUC_WARN_UNUSED_RESULT;

/* The change that asks again for what was left open, or looks whether it was done; %NULL where nothing can be done. */
TillChange *till_change_new_again (TillShop               *shop,
                                   const TillIntentRecord *intent) G_GNUC_WARN_UNUSED_RESULT;

/* Settles; keys: (element-type TillKeyRecord) that came back; finish returns them and fills unknown. */
void        till_shop_settle_quietly_async  (TillShop             *self,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
GPtrArray  *till_shop_settle_quietly_finish (TillShop             *self,
                                             GAsyncResult         *result,
                                             GPtrArray           **unknown,
                                             GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillChange, till_change_free)

G_END_DECLS
