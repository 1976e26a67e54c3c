/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A terminal shows a set-up code, and this computer asks for its identity (UX.md 2.6, API.md 5.2, 5.3). */
#pragma once

#include <gio/gio.h>

#include "till-clock.h"
#include "till-identity.h"

G_BEGIN_DECLS

#define TILL_TYPE_PAIRING_GUEST (till_pairing_guest_get_type ())

/**
 * TillPairingGuest:
 *
 * One terminal, by its address. Looking at it shows who it is before anything
 * is sent; the code goes only to a terminal whose chain ends at the given root
 * and whose serial number is the expected one.
 */
G_DECLARE_FINAL_TYPE (TillPairingGuest, till_pairing_guest, TILL, PAIRING_GUEST, GObject)

/* address: https or wss, with a port. serial: (nullable) to learn it. */
TillPairingGuest *till_pairing_guest_new          (const char           *address,
                                                   const char           *root_pem,
                                                   const char           *serial,
                                                   TillClock            *clock,
                                                   GError              **error) G_GNUC_WARN_UNUSED_RESULT;
const char       *till_pairing_guest_get_address  (TillPairingGuest     *self);
/* A TLS handshake and nothing else. */
void              till_pairing_guest_look_async   (TillPairingGuest     *self,
                                                   GCancellable         *cancellable,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
/* seen: (out) (nullable) (transfer full): the serial number in its certificate */
gboolean          till_pairing_guest_look_finish  (TillPairingGuest     *self,
                                                   GAsyncResult         *result,
                                                   char                **seen,
                                                   GError              **error);
void              till_pairing_guest_pair_async   (TillPairingGuest     *self,
                                                   const char           *pos_id,
                                                   TillSecret           *code,
                                                   GCancellable         *cancellable,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
TillIdentity     *till_pairing_guest_pair_finish  (TillPairingGuest     *self,
                                                   GAsyncResult         *result,
                                                   GError              **error) G_GNUC_WARN_UNUSED_RESULT;
/* A real mutual-TLS connection with a status request. */
void              till_pairing_guest_probe_async  (TillPairingGuest     *self,
                                                   TillIdentity         *identity,
                                                   GCancellable         *cancellable,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
gboolean          till_pairing_guest_probe_finish (TillPairingGuest     *self,
                                                   GAsyncResult         *result,
                                                   GError              **error);

/* As a terminal shows it: eight letters or digits, look-alikes kept (API.md 5.2). (nullable) */
TillSecret       *till_terminal_code_normalise    (const TillSecret     *entered) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
