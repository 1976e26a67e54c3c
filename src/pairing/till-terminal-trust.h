/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a terminal is the one that is expected: by its chain and the number in its certificate (API.md 5.2). */
#pragma once

#include <gio/gio.h>

#include "till-clock.h"

G_BEGIN_DECLS

#define TILL_TYPE_TERMINAL_TRUST (till_terminal_trust_get_type ())

/**
 * TillTerminalTrust:
 *
 * A terminal is reached by an address that is in no certificate: its own names
 * its serial number, "{serial}.pgw.seclib.io" or "{serial}.cybs.seclib.io". So
 * the chain is checked against the given root alone, and the name against the
 * serial number that is expected. Where none is, what it says is learnt from a
 * chain that is good; or the address itself stands in the certificate.
 */
G_DECLARE_FINAL_TYPE (TillTerminalTrust, till_terminal_trust, TILL, TERMINAL_TRUST, GTlsDatabase)

/* serial: (nullable) */
TillTerminalTrust *till_terminal_trust_new         (const char         *root_pem,
                                                    const char         *serial,
                                                    TillClock          *clock,
                                                    GError            **error) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable) (transfer full): what the terminal's certificate said last, if its chain was good */
char              *till_terminal_trust_dup_seen    (TillTerminalTrust  *self) G_GNUC_WARN_UNUSED_RESULT;
/* Why the last certificate was refused; 0 where it was not. */
GTlsCertificateFlags till_terminal_trust_get_flags (TillTerminalTrust  *self);

G_END_DECLS
