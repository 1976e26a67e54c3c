/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose client certificates the listener takes: those of the register. */
#pragma once

#include <gio/gio.h>

#include "till-clock.h"
#include "till-store-ca.h"

G_BEGIN_DECLS

#define TILL_TYPE_CLIENT_TRUST (till_client_trust_get_type ())

/**
 * TillClientTrust:
 *
 * Takes a certificate that the store's authority has signed for clients, that
 * is valid now, and whose serial number is in the list. Asked in the threads of
 * handshakes.
 */
G_DECLARE_FINAL_TYPE (TillClientTrust, till_client_trust, TILL, CLIENT_TRUST, GTlsDatabase)

TillClientTrust *till_client_trust_new         (TillStoreCa      *ca,
                                                TillClock        *clock) G_GNUC_WARN_UNUSED_RESULT;
void             till_client_trust_add         (TillClientTrust  *self,
                                                const char       *serial);
void             till_client_trust_remove      (TillClientTrust  *self,
                                                const char       *serial);
gboolean         till_client_trust_has         (TillClientTrust  *self,
                                                const char       *serial);
char            *till_client_trust_dup_serial  (const guint8     *der,
                                                gsize             size) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
