/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom a transport trusts: the system's store and the profile's own authority (RELIABILITY.md G13). */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define TILL_TYPE_TRUST (till_trust_get_type ())
G_DECLARE_FINAL_TYPE (TillTrust, till_trust, TILL, TRUST, GTlsDatabase)

TillTrust *till_trust_new  (const char  *ca_pem,
                            GError     **error) G_GNUC_WARN_UNUSED_RESULT;
void       till_trust_load (void);

/* Before the handshake of a connection. */
void       till_trust_hide_address (GIOStream *connection);

G_END_DECLS
