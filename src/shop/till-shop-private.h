/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of a shop share. */
#pragma once

#include "till-devices.h"
#include "till-sandbox.h"
#include "till-shop.h"

G_BEGIN_DECLS

/**
 * TillShopService:
 *
 * The three addresses of a profile.
 */
typedef enum
{
  TILL_SHOP_HUB,
  TILL_SHOP_WALLET,
  TILL_SHOP_DEVICES,
  TILL_SHOP_N_SERVICES,
} TillShopService;

struct _TillShop
{
  GObject        parent_instance;

  TillStore     *store;
  TillVault     *vault;
  TillClock     *clock;
  char          *folder;
  TillProfile   *profile;      /* with the addresses of the sandbox in it, where that runs */

  TillSandbox   *sandbox;      /* (nullable) */
  TillTransport *transport;
  TillHub       *hub;          /* (nullable): then why[TILL_SHOP_HUB] is set */
  TillWallet    *wallet;       /* (nullable) */
  TillDevices   *devices;      /* (nullable) */
  GError        *why[TILL_SHOP_N_SERVICES];
  gboolean       settled;      /* what was left open was looked at */
};

extern const char * const till_shop_service_names[TILL_SHOP_N_SERVICES];

/* Sets error where the service can't be used. */
gboolean    till_shop_check_service (TillShop         *self,
                                     TillShopService   service,
                                     GError          **error);
/* Host of a service, for the log. (nullable) */
char       *till_shop_dup_peer      (TillShop         *self,
                                     TillShopService   service) G_GNUC_WARN_UNUSED_RESULT;
gint64      till_shop_now           (TillShop         *self);

/* Makes the clients of the profile, with the secrets (transfer none, nullable) of its services. */
void        till_shop_make_clients  (TillShop         *self,
                                     TillSecret      **secrets);

/* The inventory's record of a key as the service sent it. */
TillKeyRecord *till_shop_key_record_new (TillShop         *self,
                                         const TillHubKey *key,
                                         gboolean          imported) G_GNUC_WARN_UNUSED_RESULT;
/* Reads a JSON answer, or an array of them, on any thread. (element-type TillKeyRecord) */
GPtrArray  *till_shop_read_keys     (const char       *profile_id,
                                     gint64            now,
                                     const char       *json,
                                     gsize             length,
                                     GError          **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
