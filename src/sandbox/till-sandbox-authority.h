/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificate authorities of the sandbox's own, kept in its folder. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TillAuthority:
 *
 * A P-256 certificate that issues others, and its key. Immutable.
 */
typedef struct _TillAuthority TillAuthority;

TillAuthority   *till_authority_open        (const char           *folder,
                                             const char           *name,
                                             const char           *common_name,
                                             GError              **error) G_GNUC_WARN_UNUSED_RESULT;
TillAuthority   *till_authority_open_issued (TillAuthority        *issuer,
                                             const char           *folder,
                                             const char           *name,
                                             const char           *common_name,
                                             GError              **error) G_GNUC_WARN_UNUSED_RESULT;
void             till_authority_free        (TillAuthority        *self);
const char      *till_authority_get_pem     (TillAuthority        *self);
GTlsCertificate *till_authority_open_server (TillAuthority        *self,
                                             const char           *folder,
                                             GError              **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes          *till_authority_make_pass   (TillAuthority        *self,
                                             const char           *pass_type_id,
                                             const char           *team_id,
                                             gint64                not_before,
                                             gint64                not_after,
                                             gboolean              nfc,
                                             const char           *password,
                                             GError              **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes          *till_rsa_make_public_key   (GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillAuthority, till_authority_free)

G_END_DECLS
