/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom a transport trusts: the system's store and the profile's own authority. */
#include "config.h"

#include "till-trust.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

#include "till-error.h"
#include "till-limits.h"

/*
 * TillTrust verifies servers with GnuTLS itself, for three reasons. The
 * database of glib-networking follows issuers without an end where two
 * certificates have signed each other (CVE-2026-10028). It reads the system's
 * store anew for connections, on the main loop (PERFORMANCE.md 4b); here that
 * happens once in a process, on a thread. And it takes RSA keys of 1024 bits.
 *
 * What always holds: a chain counts only with the right host, purpose, times
 * and algorithms, whichever of the two stores its authority is in.
 */
struct _TillTrust
{
  GTlsDatabase              parent_instance;

  gnutls_x509_trust_list_t  own;       /* (nullable) */
};

G_DEFINE_FINAL_TYPE (TillTrust, till_trust, G_TYPE_TLS_DATABASE)

/* 112 bits: RSA from 2048 bits on, no SHA-1. */
#define VERIFY_FLAGS GNUTLS_PROFILE_TO_VFLAGS (GNUTLS_PROFILE_MEDIUM)

/* The system's store, for all transports of the process. Looking something up
 * in it is guarded, as GnuTLS promises nothing about threads here. */
static struct
{
  GMutex                    lock;
  gnutls_x509_trust_list_t  list;
} trusted_by_system;

/* With the lock held. An empty store is a store: then nothing is trusted. */
static gnutls_x509_trust_list_t
get_system_list (void)
{
  if (trusted_by_system.list == NULL)
    {
      if (gnutls_x509_trust_list_init (&trusted_by_system.list, 0) < 0)
        g_error ("no memory for the store of trusted certificates");

      gnutls_x509_trust_list_add_system_trust (trusted_by_system.list, 0, 0);
    }

  return trusted_by_system.list;
}

/* A chain as it came, taken apart. */
typedef struct
{
  gnutls_x509_crt_t certificates[TILL_LIMIT_CHAIN];
  guint             n;
} Chain;

static void
chain_clear (Chain *self)
{
  for (guint i = 0; i < self->n; i++)
    gnutls_x509_crt_deinit (self->certificates[i]);
  self->n = 0;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Chain, chain_clear)

/* Follows the issuers with an end; FALSE where the chain is too long, goes
 * round in a circle, or holds what is no certificate. */
static gboolean
chain_read (Chain           *self,
            GTlsCertificate *leaf)
{
  for (GTlsCertificate *at = leaf; at != NULL; at = g_tls_certificate_get_issuer (at))
    {
      g_autoptr(GByteArray) der = NULL;
      gnutls_datum_t datum;
      gnutls_x509_crt_t certificate;

      if (self->n == TILL_LIMIT_CHAIN)
        return FALSE;

      g_object_get (at, "certificate", &der, NULL);
      if (der == NULL || gnutls_x509_crt_init (&certificate) < 0)
        return FALSE;

      self->certificates[self->n++] = certificate;
      datum.data = der->data;
      datum.size = der->len;
      if (gnutls_x509_crt_import (certificate, &datum, GNUTLS_X509_FMT_DER) < 0)
        return FALSE;

      for (guint i = 0; i + 1 < self->n; i++)
        if (gnutls_x509_crt_equals (self->certificates[i], certificate))
          return FALSE;
    }

  return self->n > 0;
}

/* Returns: the status of GnuTLS, 0 for a chain that counts */
static guint
verify (gnutls_x509_trust_list_t  list,
        const Chain              *chain)
{
  gnutls_typed_vdata_st purpose = {
    .type = GNUTLS_DT_KEY_PURPOSE_OID,
    .data = (unsigned char *) GNUTLS_KP_TLS_WWW_SERVER,
  };
  /* GnuTLS orders the chain in place. */
  gnutls_x509_crt_t certificates[TILL_LIMIT_CHAIN];
  guint status = 0;

  memcpy (certificates, chain->certificates, sizeof certificates);
  if (gnutls_x509_trust_list_verify_crt2 (list, certificates, chain->n, &purpose, 1, VERIFY_FLAGS, &status, NULL) < 0)
    return GNUTLS_CERT_INVALID;

  return status;
}

static guint
verify_by_both (TillTrust   *self,
                const Chain *chain)
{
  guint own = GNUTLS_CERT_SIGNER_NOT_FOUND;
  guint by_system;

  if (self->own != NULL)
    own = verify (self->own, chain);
  if (own == 0)
    return 0;

  g_mutex_lock (&trusted_by_system.lock);
  by_system = verify (get_system_list (), chain);
  g_mutex_unlock (&trusted_by_system.lock);

  /* The store that knows the authority also knows what is wrong. */
  if (by_system == 0 || (own & GNUTLS_CERT_SIGNER_NOT_FOUND) != 0)
    return by_system;

  return own;
}

static GTlsCertificateFlags
flags_from_status (guint status)
{
  GTlsCertificateFlags flags = 0;

  if (status & GNUTLS_CERT_EXPIRED)
    flags |= G_TLS_CERTIFICATE_EXPIRED;
  if (status & GNUTLS_CERT_NOT_ACTIVATED)
    flags |= G_TLS_CERTIFICATE_NOT_ACTIVATED;
  if (status & GNUTLS_CERT_REVOKED)
    flags |= G_TLS_CERTIFICATE_REVOKED;
  if (status & GNUTLS_CERT_INSECURE_ALGORITHM)
    flags |= G_TLS_CERTIFICATE_INSECURE;
  if (status & GNUTLS_CERT_SIGNER_NOT_FOUND)
    flags |= G_TLS_CERTIFICATE_UNKNOWN_CA;

  status &= ~(guint) (GNUTLS_CERT_INVALID | GNUTLS_CERT_EXPIRED | GNUTLS_CERT_NOT_ACTIVATED | GNUTLS_CERT_REVOKED |
                      GNUTLS_CERT_INSECURE_ALGORITHM | GNUTLS_CERT_SIGNER_NOT_FOUND);
  if (status != 0 || flags == 0)
    flags |= G_TLS_CERTIFICATE_GENERIC_ERROR;

  return flags;
}

static GQuark
address_quark (void)
{
  return g_quark_from_static_string ("till-trust-address");
}

/* Names that are asked for; an address is compared as text by GnuTLS. */
static char *
dup_host (GSocketConnectable *identity)
{
  const char *address = identity != NULL ? g_object_get_qdata (G_OBJECT (identity), address_quark ()) : NULL;

  if (address != NULL)
    return g_strdup (address);

  if (G_IS_NETWORK_ADDRESS (identity))
    return g_strdup (g_network_address_get_hostname (G_NETWORK_ADDRESS (identity)));

  if (G_IS_INET_SOCKET_ADDRESS (identity))
    return g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (identity)));

  return NULL;
}

static GTlsCertificateFlags
till_trust_verify_chain (GTlsDatabase             *database,
                         GTlsCertificate          *certificate,
                         const char               *purpose,
                         GSocketConnectable       *identity,
                         GTlsInteraction          *interaction,
                         GTlsDatabaseVerifyFlags   verify_flags,
                         GCancellable             *cancellable,
                         GError                  **error)
{
  TillTrust *self = TILL_TRUST (database);
  g_autofree char *host = dup_host (identity);
  g_auto(Chain) chain = { 0 };
  GTlsCertificateFlags flags = 0;
  guint status;

  /* Servers are all that is ever asked about. */
  if (g_strcmp0 (purpose, G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER) != 0 || !chain_read (&chain, certificate))
    return G_TLS_CERTIFICATE_GENERIC_ERROR;

  status = verify_by_both (self, &chain);
  if (status != 0)
    flags |= flags_from_status (status);

  if (host == NULL || !gnutls_x509_crt_check_hostname (chain.certificates[0], host))
    flags |= G_TLS_CERTIFICATE_BAD_IDENTITY;

  return flags;
}

static void
till_trust_finalize (GObject *object)
{
  TillTrust *self = TILL_TRUST (object);

  if (self->own != NULL)
    gnutls_x509_trust_list_deinit (self->own, 1);

  G_OBJECT_CLASS (till_trust_parent_class)->finalize (object);
}

static void
till_trust_class_init (TillTrustClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = till_trust_finalize;
  G_TLS_DATABASE_CLASS (klass)->verify_chain = till_trust_verify_chain;
}

static void
till_trust_init (TillTrust *self)
{
}

static gboolean
add_own (TillTrust   *self,
         const char  *ca_pem,
         GError     **error)
{
  gnutls_datum_t pem = { .data = (unsigned char *) ca_pem, .size = 0 };
  gsize size = strlen (ca_pem);
  int n = 0;

  if (gnutls_x509_trust_list_init (&self->own, 0) < 0)
    g_error ("no memory for the store of trusted certificates");

  if (size <= TILL_LIMIT_FILE_BYTES)
    {
      pem.size = (unsigned int) size;
      n = gnutls_x509_trust_list_add_trust_mem (self->own, &pem, NULL, GNUTLS_X509_FMT_PEM, 0, 0);
    }

  if (n <= 0)
    {
      till_set_error (error, TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_UNRECOGNISED, "ca", NULL,
                      "the certificate authority of the profile is not a PEM text with certificates");
      return FALSE;
    }

  return TRUE;
}

/**
 * till_trust_new:
 * @ca_pem: (nullable): certificates in PEM, trusted besides the system's
 * @error: (out) (optional): %TILL_ERROR_NOT_A_CERTIFICATE_FILE
 *
 * Returns: (transfer full) (nullable): a database for a #SoupSession, %NULL with @error set
 */
TillTrust *
till_trust_new (const char  *ca_pem,
                GError     **error)
{
  g_autoptr(TillTrust) self = g_object_new (TILL_TYPE_TRUST, NULL);

  if (ca_pem != NULL && !add_own (self, ca_pem, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * till_trust_hide_address:
 * @connection: (nullable): a connection whose handshake is about to begin, and whose database is a #TillTrust
 *
 * GIO asks the server for a name also where it is an address, which TLS forbids
 * (RFC 6066, 3): a server with GnuTLS then refuses an address of IPv6. Without a
 * name nothing is asked for; the address is verified as before.
 */
void
till_trust_hide_address (GIOStream *connection)
{
  g_autoptr(GSocketConnectable) nameless = NULL;
  g_autofree char *host = NULL;
  GSocketConnectable *identity;

  if (!G_IS_TLS_CLIENT_CONNECTION (connection))
    return;

  identity = g_tls_client_connection_get_server_identity (G_TLS_CLIENT_CONNECTION (connection));
  host = dup_host (identity);
  if (host == NULL || !g_hostname_is_ip_address (host))
    return;

  nameless = g_network_address_new ("", 0);
  g_object_set_qdata_full (G_OBJECT (nameless), address_quark (), g_steal_pointer (&host), g_free);
  g_tls_client_connection_set_server_identity (G_TLS_CLIENT_CONNECTION (connection), nameless);
}

/* libsoup hands a connection its database after GIO has made it, with the
 * process's default database: and that of GIO reads the system's store once
 * more for itself and again for connections, 10 ms each, on the main loop. Ours
 * holds the same certificates. */
static gpointer
replace_default (gpointer user_data)
{
  g_autoptr(TillTrust) by_system = g_object_new (TILL_TYPE_TRUST, NULL);

  g_tls_backend_set_default_database (g_tls_backend_get_default (), G_TLS_DATABASE (by_system));

  return NULL;
}

/**
 * till_trust_load:
 *
 * Loads TLS as such and the system's store, where no one has yet: some 50 ms, so
 * on a thread. From then on it is also the default database of GIO's TLS in this
 * process. Without it the first verification loads the store.
 */
void
till_trust_load (void)
{
  static GOnce once = G_ONCE_INIT;

  g_mutex_lock (&trusted_by_system.lock);
  get_system_list ();
  g_mutex_unlock (&trusted_by_system.lock);

  g_once (&once, replace_default, NULL);
}
