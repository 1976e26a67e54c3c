/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This computer shows a set-up code and gives tills their identity (UX.md 2.10, RELIABILITY.md G20 to G25). */
#pragma once

#include <gio/gio.h>

#include "till-gate.h"
#include "till-register.h"
#include "till-setup-code.h"
#include "till-store-ca.h"

G_BEGIN_DECLS

#define TILL_TYPE_PAIRING_HOST (till_pairing_host_get_type ())

/**
 * TillPairingHost:
 *
 * Listens from its start to its stop, and pairs while a code is alive. Signals:
 *
 * - ::code: another code is shown; see till_pairing_host_get_code()
 * - ::wrong-code (peer, tries): somebody typed a code that is not right
 * - ::code-dead: that was the fifth; no new code comes by itself
 * - ::pos-id-taken (pos_id, peer): a till with the right code asked for the name of one that works; see
 *   till_pairing_host_allow_replacing()
 * - ::issued (TillDevice): a till was given its identity; it has not shown it yet
 * - ::activated (TillDevice): it has: POS Activation Successful
 * - ::not-confirmed (TillDevice): it has not, and its certificate was withdrawn
 * - ::turned-away (peer, TillTurnedAway): a connection came to nothing
 * - ::ended (GError, nullable): it has stopped by itself: three codes have run out, or the address is gone
 */
G_DECLARE_FINAL_TYPE (TillPairingHost, till_pairing_host, TILL, PAIRING_HOST, GObject)

TillPairingHost *till_pairing_host_new             (TillStore            *store,
                                                    TillVault            *vault,
                                                    TillClock            *clock,
                                                    const TillProfile    *profile) G_GNUC_WARN_UNUSED_RESULT;
/* address: (nullable) for that of the default route. port: 0 for any free one; -1 for 8443, or where that is taken
 * another one. */
void             till_pairing_host_start_async     (TillPairingHost      *self,
                                                    GInetAddress         *address,
                                                    int                   port,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
gboolean         till_pairing_host_start_finish    (TillPairingHost      *self,
                                                    GAsyncResult         *result,
                                                    GError              **error);
void             till_pairing_host_stop            (TillPairingHost      *self);
gboolean         till_pairing_host_is_listening    (TillPairingHost      *self);

/* (nullable): none is shown */
TillSetupCode   *till_pairing_host_get_code        (TillPairingHost      *self);
/* A person wants another one: tries start again, and so does the row of three. */
void             till_pairing_host_new_code        (TillPairingHost      *self);
void             till_pairing_host_allow_replacing (TillPairingHost      *self,
                                                    const char           *pos_id);
void             till_pairing_host_replace_all     (TillPairingHost      *self);
/* At most %TILL_CA_TILL_DAYS, which is the default. */
void             till_pairing_host_set_days        (TillPairingHost      *self,
                                                    guint                 days);
/* Whether a till was given its identity and has not shown it yet. */
gboolean         till_pairing_host_is_confirming   (TillPairingHost      *self);

/* Once it listens. */
const char      *till_pairing_host_get_https       (TillPairingHost      *self);
const char      *till_pairing_host_get_wss         (TillPairingHost      *self);
guint16          till_pairing_host_get_port        (TillPairingHost      *self);
TillStoreCa     *till_pairing_host_get_ca          (TillPairingHost      *self);
TillRegister    *till_pairing_host_get_register    (TillPairingHost      *self);
/* Revokes at the listener and in the register; at once for new connections. */
void             till_pairing_host_revoke_async    (TillPairingHost      *self,
                                                    const char           *serial,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
gboolean         till_pairing_host_revoke_finish   (TillPairingHost      *self,
                                                    GAsyncResult         *result,
                                                    GError              **error);

G_END_DECLS
