/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A profile at work: everything that can be done with its services, journalled, logged, done once. */
#pragma once

#include <gio/gio.h>

#include "till-advice.h"
#include "till-clock.h"
#include "till-hub.h"
#include "till-item.h"
#include "till-preflight.h"
#include "till-store.h"
#include "till-vault.h"

G_BEGIN_DECLS

#define TILL_TYPE_SHOP (till_shop_get_type ())

/**
 * TillShop:
 *
 * What `tillkeeperctl` and the window do goes through here. A change of the
 * outside world is first written to the journal, then sent, then completed in
 * one transaction with the inventory and the activity log (RELIABILITY.md G17).
 * A Practice profile without addresses of its own runs the sandbox for as long
 * as the shop is there. Lives on the main loop.
 */
G_DECLARE_FINAL_TYPE (TillShop, till_shop, TILL, SHOP, GObject)

#define TILL_PRACTICE_NAME "Practice"

/* name: (nullable) %NULL for the current profile; where none was ever made, Practice is made.
 * folder: of the user's data, for the sandbox's state. %TILL_ERROR_NOT_FOUND where there is no such profile. */
void               till_shop_open_async         (TillStore             *store,
                                                 TillVault             *vault,
                                                 TillClock             *clock,
                                                 const char            *folder,
                                                 const char            *name,
                                                 GCancellable          *cancellable,
                                                 GAsyncReadyCallback    callback,
                                                 gpointer               user_data);
TillShop          *till_shop_open_finish        (GAsyncResult          *result,
                                                 GError               **error) G_GNUC_WARN_UNUSED_RESULT;
const TillProfile *till_shop_get_profile        (TillShop              *self);
/* Seconds that this computer is ahead of the services, as last seen; %G_MININT64 for not known. */
gint64             till_shop_get_skew           (TillShop              *self);

/**
 * TillShopSource:
 *
 * Where certificates are listed from; may be combined.
 */
typedef enum
{
  TILL_SOURCE_WALLET = 1 << 0,
  TILL_SOURCE_HUB = 1 << 1,
  TILL_SOURCE_FILES = 1 << 2,
  TILL_SOURCE_KEYS = 1 << 3,
  TILL_SOURCE_DEVICES = 1 << 4,
} TillShopSource;

#define TILL_SOURCE_CERTIFICATES (TILL_SOURCE_WALLET | TILL_SOURCE_HUB | TILL_SOURCE_FILES)
#define TILL_SOURCE_ALL          (TILL_SOURCE_CERTIFICATES | TILL_SOURCE_KEYS | TILL_SOURCE_DEVICES)

/* query: (nullable), for the wallet. Never fails because a service can't be asked: then the list has what was last
 * known, with its time and the error. Where @sources is the wallet alone and @query names an order, that order stands. */
void               till_shop_list_async         (TillShop              *self,
                                                 guint                  sources,
                                                 const TillWalletQuery *query,
                                                 GCancellable          *cancellable,
                                                 GAsyncReadyCallback    callback,
                                                 gpointer               user_data);
/* items: (element-type TillItem): of the wallet, what was new on a page. total: how many there are; -1 where the service
 * does not say. */
typedef void     (*TillShopPageFunc)            (GPtrArray             *items,
                                                 gint64                 total,
                                                 gpointer               user_data);
/* The same for a list that fills while it loads. page: (nullable) */
void               till_shop_list_pages_async   (TillShop              *self,
                                                 guint                  sources,
                                                 const TillWalletQuery *query,
                                                 TillShopPageFunc       page,
                                                 gpointer               page_data,
                                                 GCancellable          *cancellable,
                                                 GAsyncReadyCallback    callback,
                                                 gpointer               user_data);
/* What is known without asking a service, with its time. */
void               till_shop_list_known_async   (TillShop              *self,
                                                 guint                  sources,
                                                 GCancellable          *cancellable,
                                                 GAsyncReadyCallback    callback,
                                                 gpointer               user_data);
/* Of all three. */
TillItemList      *till_shop_list_finish        (TillShop              *self,
                                                 GAsyncResult          *result,
                                                 GError               **error) G_GNUC_WARN_UNUSED_RESULT;

/* Wallet certificates. */
void               till_shop_show_async         (TillShop              *self,
                                                 const char            *id,
                                                 GCancellable          *cancellable,
                                                 GAsyncReadyCallback    callback,
                                                 gpointer               user_data);
TillItem          *till_shop_show_finish        (TillShop              *self,
                                                 GAsyncResult          *result,
                                                 GError               **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads and opens the file, asks the wallet what is there, checks. replace_id: (nullable). */
void               till_shop_preflight_async    (TillShop              *self,
                                                 GFile                 *file,
                                                 TillSecret            *password,
                                                 const char            *replace_id,
                                                 GCancellable          *cancellable,
                                                 GAsyncReadyCallback    callback,
                                                 gpointer               user_data);
TillPreflight     *till_shop_preflight_finish   (TillShop              *self,
                                                 GAsyncResult          *result,
                                                 GError               **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * TillShopChanged:
 * @item: as the service says it is now
 * @renewed: an existing certificate was renewed
 * @differs: (nullable): what the service's answer says otherwise than the file ("validityEnd"): not confirmed (UX.md 1.15)
 */
typedef struct
{
  TillItem *item;
  gboolean  renewed;
  char     *differs;
} TillShopChanged;

void               till_shop_changed_free       (TillShopChanged       *self);

/* name, comment: (nullable). Fails with the preflight's reason where there is one to stop. */
void               till_shop_add_async          (TillShop              *self,
                                                 TillPreflight         *preflight,
                                                 const char            *name,
                                                 const char            *comment,
                                                 gboolean               enabled,
                                                 gboolean               make_default,
                                                 GCancellable          *cancellable,
                                                 GAsyncReadyCallback    callback,
                                                 gpointer               user_data);
/* allow_other_identity: send it though its passes would be lost. */
void               till_shop_replace_async      (TillShop              *self,
                                                 const char            *id,
                                                 TillPreflight         *preflight,
                                                 gboolean               allow_other_identity,
                                                 GCancellable          *cancellable,
                                                 GAsyncReadyCallback    callback,
                                                 gpointer               user_data);
/* change: without p12. known_updated_at: when the caller saw it last changed, TILL_TIME_UNKNOWN not to check; where the
 * service has a newer one it is %TILL_ERROR_CONFLICT with %TILL_REASON_CHANGED_MEANWHILE. */
void               till_shop_update_async       (TillShop              *self,
                                                 const char            *id,
                                                 const TillWalletChange *change,
                                                 gint64                 known_updated_at,
                                                 GCancellable          *cancellable,
                                                 GAsyncReadyCallback    callback,
                                                 gpointer               user_data);
/* Of add, replace and update. */
TillShopChanged   *till_shop_change_finish      (TillShop              *self,
                                                 GAsyncResult          *result,
                                                 GError               **error) G_GNUC_WARN_UNUSED_RESULT;
/* The default one is refused before anything is sent. 404 after an outcome of our own that was unknown is done. */
void               till_shop_remove_async       (TillShop              *self,
                                                 const char            *id,
                                                 GCancellable          *cancellable,
                                                 GAsyncReadyCallback    callback,
                                                 gpointer               user_data);
gboolean           till_shop_remove_finish      (TillShop              *self,
                                                 GAsyncResult          *result,
                                                 GError               **error);

/* Commerce Hub. key_id, algorithm, used_for: (nullable) for the defaults. */
void               till_shop_upload_async       (TillShop              *self,
                                                 GFile                 *file,
                                                 const char            *key_id,
                                                 const char            *algorithm,
                                                 const char            *used_for,
                                                 GCancellable          *cancellable,
                                                 GAsyncReadyCallback    callback,
                                                 gpointer               user_data);
TillUploadRecord  *till_shop_upload_finish      (TillShop              *self,
                                                 GAsyncResult          *result,
                                                 GError               **error) G_GNUC_WARN_UNUSED_RESULT;

/* Files of this computer. watch: otherwise it is forgotten; the file itself is never changed. */
void               till_shop_watch_async        (TillShop              *self,
                                                 GFile                 *file,
                                                 gboolean               watch,
                                                 GCancellable          *cancellable,
                                                 GAsyncReadyCallback    callback,
                                                 gpointer               user_data);
/* The file as it is now; %NULL without an error where it was forgotten. */
TillItem          *till_shop_watch_finish       (TillShop              *self,
                                                 GAsyncResult          *result,
                                                 GError               **error) G_GNUC_WARN_UNUSED_RESULT;

/* Keys: (element-type TillKeyRecord), newest first. */
void               till_shop_keys_async         (TillShop              *self,
                                                 GCancellable          *cancellable,
                                                 GAsyncReadyCallback    callback,
                                                 gpointer               user_data);
GPtrArray         *till_shop_keys_finish        (TillShop              *self,
                                                 GAsyncResult          *result,
                                                 GError               **error) G_GNUC_WARN_UNUSED_RESULT;
void               till_shop_generate_key_async (TillShop              *self,
                                                 GCancellable          *cancellable,
                                                 GAsyncReadyCallback    callback,
                                                 gpointer               user_data);
/* Generates only where the window is open or no key is usable; else @advice says when it opens and the key is %NULL. */
void               till_shop_rotate_key_async   (TillShop              *self,
                                                 GCancellable          *cancellable,
                                                 GAsyncReadyCallback    callback,
                                                 gpointer               user_data);
/* "Already revoked" is done. */
void               till_shop_revoke_key_async   (TillShop              *self,
                                                 const char            *key_id,
                                                 GCancellable          *cancellable,
                                                 GAsyncReadyCallback    callback,
                                                 gpointer               user_data);
/* One answer, or an array of them. A key of another profile is %TILL_ERROR_CONFLICT. */
void               till_shop_import_key_async   (TillShop              *self,
                                                 GBytes                *json,
                                                 GCancellable          *cancellable,
                                                 GAsyncReadyCallback    callback,
                                                 gpointer               user_data);
/* offline_limit: minor units, -1 for none; currency: (nullable) */
void               till_shop_mark_key_async     (TillShop              *self,
                                                 const char            *key_id,
                                                 gboolean               in_use,
                                                 gint64                 offline_limit,
                                                 const char            *currency,
                                                 GCancellable          *cancellable,
                                                 GAsyncReadyCallback    callback,
                                                 gpointer               user_data);
/* Of generate, rotate, revoke, import (the last one of several) and mark.
 * rotate_from: (out) (optional): of rotate: when the window opens; the key is then %NULL without an error. */
TillKeyRecord     *till_shop_key_finish         (TillShop              *self,
                                                 GAsyncResult          *result,
                                                 gint64                *rotate_from,
                                                 GError               **error) G_GNUC_WARN_UNUSED_RESULT;

/* Credentials. minutes: 0 leaves it to the service. */
void               till_shop_credentials_async  (TillShop              *self,
                                                 guint                  minutes,
                                                 const char            *redirect,
                                                 GCancellable          *cancellable,
                                                 GAsyncReadyCallback    callback,
                                                 gpointer               user_data);
TillHubCredentials *till_shop_credentials_finish (TillShop             *self,
                                                 GAsyncResult          *result,
                                                 GError               **error) G_GNUC_WARN_UNUSED_RESULT;

/* Devices. PEM. */
void               till_shop_root_ca_async      (TillShop              *self,
                                                 GCancellable          *cancellable,
                                                 GAsyncReadyCallback    callback,
                                                 gpointer               user_data);
char              *till_shop_root_ca_finish     (TillShop              *self,
                                                 GAsyncResult          *result,
                                                 GError               **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * TillShopProbe:
 * @service: "hub", "wallet" or "devices"
 * @configured: whether the profile has an address, a name and a secret for it
 * @error: (nullable): why it does not work
 * @milliseconds: that a harmless call took
 * @certificate_not_after: of the server's certificate; 0 unknown
 * @skew: seconds that this computer is ahead; %G_MININT64 unknown
 */
typedef struct
{
  const char *service;
  gboolean    configured;
  GError     *error;
  gint64      milliseconds;
  gint64      certificate_not_after;
  gint64      skew;
} TillShopProbe;

void               till_shop_probe_free         (TillShopProbe         *self);
/* (element-type TillShopProbe), one for each service. */
void               till_shop_test_async         (TillShop              *self,
                                                 GCancellable          *cancellable,
                                                 GAsyncReadyCallback    callback,
                                                 gpointer               user_data);
GPtrArray         *till_shop_test_finish        (TillShop              *self,
                                                 GAsyncResult          *result,
                                                 GError               **error) G_GNUC_WARN_UNUSED_RESULT;

/* Settles what a crash or a lost answer left open: within 240 s by sending the same request again, else by looking at
 * the service, else it is unknown and waits for a person. Returns the intents that are unknown then:
 * (element-type TillIntentRecord). Every changing call of a shop does it first, quietly. */
void               till_shop_settle_async       (TillShop              *self,
                                                 GCancellable          *cancellable,
                                                 GAsyncReadyCallback    callback,
                                                 gpointer               user_data);
GPtrArray         *till_shop_settle_finish      (TillShop              *self,
                                                 GAsyncResult          *result,
                                                 GError               **error) G_GNUC_WARN_UNUSED_RESULT;
/* A person's word on one that is unknown. */
void               till_shop_mark_intent_async  (TillShop              *self,
                                                 gint64                 intent_id,
                                                 gboolean               done,
                                                 GCancellable          *cancellable,
                                                 GAsyncReadyCallback    callback,
                                                 gpointer               user_data);
gboolean           till_shop_mark_intent_finish (TillShop              *self,
                                                 GAsyncResult          *result,
                                                 GError               **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillShopChanged, till_shop_changed_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillShopProbe, till_shop_probe_free)

G_END_DECLS
