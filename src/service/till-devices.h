/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The REST API of Acceptance Devices: the root certificate of its terminals (API.md 5.4, 5.5). */
#pragma once

#include <gio/gio.h>

#include "till-transport.h"

G_BEGIN_DECLS

typedef enum
{
  TILL_DEVICES_HTTP_SIGNATURE,
  TILL_DEVICES_JWT,
} TillDevicesSignature;

#define TILL_TYPE_DEVICES (till_devices_get_type ())
G_DECLARE_FINAL_TYPE (TillDevices, till_devices, TILL, DEVICES, GObject)

TillDevices *till_devices_new            (TillTransport         *transport,
                                          const char            *url,
                                          const char            *organization,
                                          const char            *key_id,
                                          TillSecret            *shared_secret,
                                          TillDevicesSignature   signature,
                                          TillSignatureSpelling  spelling,
                                          GError               **error) G_GNUC_WARN_UNUSED_RESULT;
gint64       till_devices_get_skew       (TillDevices           *self);
/* End of the service's certificate, 0 unknown. */
gint64       till_devices_get_certificate_not_after (TillDevices *self);
/* The certificates as PEM, each checked to be one; order as the service sends it. */
void         till_devices_root_ca_async  (TillDevices           *self,
                                          GCancellable          *cancellable,
                                          GAsyncReadyCallback    callback,
                                          gpointer               user_data);
char        *till_devices_root_ca_finish (TillDevices           *self,
                                          GAsyncResult          *result,
                                          GError               **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
