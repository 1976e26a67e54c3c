/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates for the servers of a test, good and bad; made by GnuTLS when it runs. */
#pragma once

#include <glib.h>
#include <gnutls/x509.h>

G_BEGIN_DECLS

/**
 * FaultPlan:
 * @name: common name
 * @dns: (nullable): name it is for; with @dns_size it may hold a NUL
 * @address: (nullable): IP address it is for
 * @ca: whether it may issue
 * @from: seconds from now
 * @to: seconds from now; 0 for a day
 * @rsa_bits: 0 for an EC key
 * @sha1: signed with SHA-1
 * @purpose: (nullable): OID of its only purpose
 */
typedef struct
{
  const char *name;
  const char *dns;
  gsize       dns_size;
  const char *address;
  gboolean    ca;
  gint64      from;
  gint64      to;
  guint       rsa_bits;
  gboolean    sha1;
  const char *purpose;
} FaultPlan;

/* Key and certificate, with the chain that its server sends. */
typedef struct
{
  gnutls_x509_privkey_t  key;
  gnutls_x509_crt_t      certificate;
  GPtrArray             *chain;        /* (element-type gnutls_x509_crt_t) not owned, the certificate first */
} FaultIdentity;

FaultIdentity *fault_identity_new    (const FaultPlan     *plan,
                                      FaultIdentity       *issuer) G_GNUC_WARN_UNUSED_RESULT;
FaultIdentity *fault_identity_reissue (FaultIdentity      *self,
                                       const FaultPlan    *plan,
                                       FaultIdentity      *issuer) G_GNUC_WARN_UNUSED_RESULT;
void           fault_identity_send   (FaultIdentity       *self,
                                      FaultIdentity       *other);
char          *fault_identity_dup_pem (FaultIdentity      *self) G_GNUC_WARN_UNUSED_RESULT;
char          *fault_identity_dup_sha256 (FaultIdentity   *self) G_GNUC_WARN_UNUSED_RESULT;
void           fault_identity_free   (FaultIdentity       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FaultIdentity, fault_identity_free)

G_END_DECLS
