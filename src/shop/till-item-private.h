/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes items of what services, store and files say. */
#pragma once

#include "till-item.h"

G_BEGIN_DECLS

TillItem *till_item_new_wallet (TillWalletCertificate  *wallet,
                                gint64                  now) G_GNUC_WARN_UNUSED_RESULT;
/* upload: (transfer full) */
TillItem *till_item_new_upload (TillUploadRecord       *upload,
                                gint64                  now) G_GNUC_WARN_UNUSED_RESULT;
TillItem *till_item_new_key    (const TillKeyRecord    *key,
                                gboolean                matters,
                                gint64                  now) G_GNUC_WARN_UNUSED_RESULT;
/* device: (transfer full) */
TillItem *till_item_new_device (TillDeviceRecord       *device,
                                gint64                  now) G_GNUC_WARN_UNUSED_RESULT;
TillItem *till_item_new_file   (const TillFileRecord   *file,
                                const TillDocument     *document,
                                const GError           *error,
                                gint64                  now) G_GNUC_WARN_UNUSED_RESULT;

int       till_item_compare    (gconstpointer           a,
                                gconstpointer           b);

G_END_DECLS
