/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One thing that ends, whatever it is: what lists show and monitors ask for. */
#pragma once

#include <glib.h>

#include "till-document.h"
#include "till-ending.h"
#include "till-record.h"
#include "till-wallet.h"

G_BEGIN_DECLS

/**
 * TillItem:
 * @ending: what ends when, and when to act
 * @id: what commands take: the service's id, the key id, the client key id, the file's URI
 * @title: (not nullable): what people call it
 * @note: (nullable): why nothing more can be said: the file is gone, a date could not be read
 * @wallet: (nullable): of %TILL_ENDING_WALLET
 * @upload: (nullable): of %TILL_ENDING_UPLOAD
 * @key: (nullable): of %TILL_ENDING_KEY
 * @device: (nullable): of %TILL_ENDING_DEVICE
 * @certificate: (nullable): of %TILL_ENDING_FILE: its leaf
 * @matters: whether its end matters: a certificate that is switched off or a key that was replaced does not
 *
 * Counted atomically, never changed.
 */
typedef struct
{
  /*< private >*/
  gatomicrefcount        ref_count;

  /*< public, read only >*/
  TillEnding             ending;
  char                  *id;
  char                  *title;
  char                  *note;
  TillWalletCertificate *wallet;
  TillUploadRecord      *upload;
  TillKeyRecord         *key;
  TillDeviceRecord      *device;
  TillCertificate       *certificate;
  gboolean               matters;
} TillItem;

/**
 * TillItemList:
 * @items: (element-type TillItem): soonest to act on first, unless the service was asked for another order
 * @seen_at: %TILL_TIME_UNKNOWN where the services were asked just now; else when what is shown was last known
 * @error: (nullable): why a service could not be asked
 * @ignored: (nullable): what was left out of a very long list, and why
 */
typedef struct
{
  GPtrArray *items;
  gint64     seen_at;
  GError    *error;
  char      *ignored;
} TillItemList;

TillItem     *till_item_ref       (TillItem     *self);
void          till_item_unref     (TillItem     *self);
void          till_item_list_free (TillItemList *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillItem, till_item_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillItemList, till_item_list_free)

G_END_DECLS
