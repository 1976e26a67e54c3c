/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates for the servers of a test, good and bad; made by GnuTLS when it runs. */
#include "config.h"

#include "fault-identity.h"

#include <gio/gio.h>
#include <string.h>
#include <time.h>

#define DAY 86400

static void
check (int result)
{
  if (result < 0)
    g_error ("GnuTLS: %s", gnutls_strerror (result));
}

static gnutls_x509_privkey_t
new_key (guint rsa_bits)
{
  gnutls_x509_privkey_t key;

  check (gnutls_x509_privkey_init (&key));
  if (rsa_bits != 0)
    check (gnutls_x509_privkey_generate (key, GNUTLS_PK_RSA, rsa_bits, 0));
  else
    check (gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0));

  return key;
}

static void
add_names (gnutls_x509_crt_t  certificate,
           const FaultPlan   *plan)
{
  if (plan->dns != NULL)
    check (gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_DNSNAME, plan->dns,
                                                 (unsigned int) (plan->dns_size != 0 ? plan->dns_size : strlen (plan->dns)),
                                                 GNUTLS_FSAN_APPEND));
  if (plan->address != NULL)
    {
      g_autoptr(GInetAddress) address = g_inet_address_new_from_string (plan->address);

      check (gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_IPADDRESS, g_inet_address_to_bytes (address),
                                                   (unsigned int) g_inet_address_get_native_size (address),
                                                   GNUTLS_FSAN_APPEND));
    }
}

/* GnuTLS compares names only of certificates that it has read. */
static gnutls_x509_crt_t
read_again (gnutls_x509_crt_t made)
{
  gnutls_x509_crt_t certificate;
  gnutls_datum_t der;

  check (gnutls_x509_crt_export2 (made, GNUTLS_X509_FMT_DER, &der));
  check (gnutls_x509_crt_init (&certificate));
  check (gnutls_x509_crt_import (certificate, &der, GNUTLS_X509_FMT_DER));
  gnutls_free (der.data);
  gnutls_x509_crt_deinit (made);

  return certificate;
}

static FaultIdentity *
issue (gnutls_x509_privkey_t  key,
       const FaultPlan       *plan,
       FaultIdentity         *issuer)
{
  FaultIdentity *self = g_new0 (FaultIdentity, 1);
  gnutls_digest_algorithm_t digest = plan->sha1 ? GNUTLS_DIG_SHA1 : GNUTLS_DIG_SHA256;
  gnutls_x509_crt_t certificate;
  guint8 serial[8];
  time_t now = time (NULL);

  for (gsize i = 0; i < sizeof serial; i++)
    serial[i] = (guint8) g_random_int_range (1, 127);

  check (gnutls_x509_crt_init (&certificate));
  check (gnutls_x509_crt_set_version (certificate, 3));
  check (gnutls_x509_crt_set_serial (certificate, serial, sizeof serial));
  check (gnutls_x509_crt_set_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME, 0, plan->name,
                                        (unsigned int) strlen (plan->name)));
  check (gnutls_x509_crt_set_activation_time (certificate, now + plan->from - 60));
  check (gnutls_x509_crt_set_expiration_time (certificate, now + (plan->to != 0 ? plan->to : DAY)));
  check (gnutls_x509_crt_set_key (certificate, key));
  check (gnutls_x509_crt_set_basic_constraints (certificate, plan->ca, -1));
  add_names (certificate, plan);
  if (plan->purpose != NULL)
    check (gnutls_x509_crt_set_key_purpose_oid (certificate, plan->purpose, 0));

  check (gnutls_x509_crt_sign2 (certificate, issuer != NULL ? issuer->certificate : certificate,
                                issuer != NULL ? issuer->key : key, digest, 0));

  self->key = key;
  self->certificate = read_again (certificate);
  self->chain = g_ptr_array_new ();
  g_ptr_array_add (self->chain, self->certificate);

  return self;
}

/**
 * fault_identity_new:
 * @plan: what it shall be
 * @issuer: (nullable): who signs it; %NULL for itself
 *
 * Returns: (transfer full): a certificate with a new key
 */
FaultIdentity *
fault_identity_new (const FaultPlan *plan,
                    FaultIdentity   *issuer)
{
  return issue (new_key (plan->rsa_bits), plan, issuer);
}

/**
 * fault_identity_reissue:
 * @self: an identity
 * @plan: what it shall be
 * @issuer: who signs it
 *
 * Returns: (transfer full): another certificate for the key of @self
 */
FaultIdentity *
fault_identity_reissue (FaultIdentity   *self,
                        const FaultPlan *plan,
                        FaultIdentity   *issuer)
{
  gnutls_x509_privkey_t key;

  check (gnutls_x509_privkey_init (&key));
  check (gnutls_x509_privkey_cpy (key, self->key));

  return issue (key, plan, issuer);
}

/**
 * fault_identity_send:
 * @self: an identity
 * @other: one that lives longer
 *
 * Lets the server send the certificate of @other as well.
 */
void
fault_identity_send (FaultIdentity *self,
                     FaultIdentity *other)
{
  g_ptr_array_add (self->chain, other->certificate);
}

/**
 * fault_identity_dup_pem:
 * @self: an identity
 *
 * Returns: (transfer full): its certificate
 */
char *
fault_identity_dup_pem (FaultIdentity *self)
{
  gnutls_datum_t pem;
  char *text;

  check (gnutls_x509_crt_export2 (self->certificate, GNUTLS_X509_FMT_PEM, &pem));
  text = g_strndup ((const char *) pem.data, pem.size);
  gnutls_free (pem.data);

  return text;
}

/**
 * fault_identity_dup_sha256:
 * @self: an identity
 *
 * Returns: (transfer full): the fingerprint of its certificate in lower-case hex
 */
char *
fault_identity_dup_sha256 (FaultIdentity *self)
{
  gnutls_datum_t der;
  char *text;

  check (gnutls_x509_crt_export2 (self->certificate, GNUTLS_X509_FMT_DER, &der));
  text = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der.data, der.size);
  gnutls_free (der.data);

  return text;
}

/**
 * fault_identity_free:
 * @self: (transfer full): an identity
 *
 * Frees it.
 */
void
fault_identity_free (FaultIdentity *self)
{
  g_ptr_array_unref (self->chain);
  gnutls_x509_crt_deinit (self->certificate);
  gnutls_x509_privkey_deinit (self->key);
  g_free (self);
}
