/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a terminal is the one that is expected: by its chain and the number in its certificate. */
#include "config.h"

#include "till-terminal-trust.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

#include "till-error.h"
#include "till-limits.h"

#define VERIFY_FLAGS (GNUTLS_VERIFY_DISABLE_TIME_CHECKS | GNUTLS_PROFILE_TO_VFLAGS (GNUTLS_PROFILE_MEDIUM))

#define SERIAL_CHARS 64

static const char * const suffixes[] = { ".pgw.seclib.io", ".cybs.seclib.io" };

struct _TillTerminalTrust
{
  GTlsDatabase              parent_instance;

  TillClock                *clock;
  char                     *expected;     /* (nullable) */
  GMutex                    lock;         /* guards all below */
  gnutls_x509_trust_list_t  list;
  char                     *seen;         /* (nullable) */
  GTlsCertificateFlags      flags;
};

G_DEFINE_FINAL_TYPE (TillTerminalTrust, till_terminal_trust, G_TYPE_TLS_DATABASE)

/* The chain as it came, with an end (CVE-2026-10028). */
static guint
read_chain (GTlsCertificate   *leaf,
            gnutls_x509_crt_t *chain)
{
  guint n = 0;

  for (GTlsCertificate *at = leaf; at != NULL && n < TILL_LIMIT_CHAIN; at = g_tls_certificate_get_issuer (at))
    {
      g_autoptr(GByteArray) der = NULL;
      gnutls_datum_t datum;

      g_object_get (at, "certificate", &der, NULL);
      if (der == NULL || gnutls_x509_crt_init (&chain[n]) < 0)
        break;

      datum.data = der->data;
      datum.size = der->len;
      if (gnutls_x509_crt_import (chain[n++], &datum, GNUTLS_X509_FMT_DER) < 0)
        break;
    }

  return n;
}

static char *
dup_serial (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      gsize length;

      if (!g_str_has_suffix (name, suffixes[i]))
        continue;

      length = strlen (name) - strlen (suffixes[i]);
      if (length == 0 || length > SERIAL_CHARS)
        continue;
      for (gsize n = 0; n < length; n++)
        if (!g_ascii_isalnum (name[n]) && name[n] != '-')
          return NULL;

      return g_strndup (name, length);
    }

  return NULL;
}

/* The first serial number among the names; the expected one where it is there. */
static char *
find_serial (TillTerminalTrust *self,
             gnutls_x509_crt_t  crt)
{
  g_autofree char *first = NULL;

  for (unsigned i = 0; ; i++)
    {
      char name[256];
      size_t size = sizeof name - 1;
      g_autofree char *serial = NULL;
      int type = gnutls_x509_crt_get_subject_alt_name (crt, i, name, &size, NULL);

      if (type == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
        break;
      if (type != GNUTLS_SAN_DNSNAME || size >= sizeof name)
        continue;

      name[size] = '\0';
      if (strlen (name) != size)
        continue;
      serial = dup_serial (name);
      if (serial == NULL)
        continue;
      if (g_strcmp0 (serial, self->expected) == 0)
        return g_steal_pointer (&serial);
      if (first == NULL)
        first = g_steal_pointer (&serial);
    }

  return g_steal_pointer (&first);
}

static char *
dup_host (GSocketConnectable *identity)
{
  if (G_IS_NETWORK_ADDRESS (identity))
    return g_strdup (g_network_address_get_hostname (G_NETWORK_ADDRESS (identity)));

  if (G_IS_INET_SOCKET_ADDRESS (identity))
    return g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (identity)));

  return NULL;
}

static GTlsCertificateFlags
check_name (TillTerminalTrust  *self,
            gnutls_x509_crt_t   crt,
            GSocketConnectable *identity)
{
  g_autofree char *host = dup_host (identity);

  g_free (self->seen);
  self->seen = find_serial (self, crt);
  if (self->expected != NULL)
    return g_strcmp0 (self->seen, self->expected) == 0 ? 0 : G_TLS_CERTIFICATE_BAD_IDENTITY;

  return self->seen != NULL || (host != NULL && gnutls_x509_crt_check_hostname (crt, host)) ? 0
         : G_TLS_CERTIFICATE_BAD_IDENTITY;
}

static GTlsCertificateFlags
check (TillTerminalTrust  *self,
       gnutls_x509_crt_t  *chain,
       guint               n,
       GSocketConnectable *identity)
{
  gnutls_typed_vdata_st purpose = {
    .type = GNUTLS_DT_KEY_PURPOSE_OID,
    .data = (unsigned char *) GNUTLS_KP_TLS_WWW_SERVER,
  };
  gnutls_x509_crt_t ordered[TILL_LIMIT_CHAIN];
  gint64 now = till_clock_get_now (self->clock);
  guint status = 0;

  memcpy (ordered, chain, sizeof ordered);
  if (gnutls_x509_trust_list_verify_crt2 (self->list, ordered, n, &purpose, 1, VERIFY_FLAGS, &status, NULL) < 0)
    return G_TLS_CERTIFICATE_GENERIC_ERROR;
  if (status != 0)
    return (status & GNUTLS_CERT_SIGNER_NOT_FOUND) != 0 ? G_TLS_CERTIFICATE_UNKNOWN_CA : G_TLS_CERTIFICATE_GENERIC_ERROR;

  if (now < (gint64) gnutls_x509_crt_get_activation_time (chain[0]))
    return G_TLS_CERTIFICATE_NOT_ACTIVATED;
  if (now > (gint64) gnutls_x509_crt_get_expiration_time (chain[0]))
    return G_TLS_CERTIFICATE_EXPIRED;

  return check_name (self, chain[0], identity);
}

static GTlsCertificateFlags
till_terminal_trust_verify_chain (GTlsDatabase             *database,
                                  GTlsCertificate          *certificate,
                                  const char               *purpose,
                                  GSocketConnectable       *identity,
                                  GTlsInteraction          *interaction,
                                  GTlsDatabaseVerifyFlags   verify_flags,
                                  GCancellable             *cancellable,
                                  GError                  **error)
{
  TillTerminalTrust *self = TILL_TERMINAL_TRUST (database);
  gnutls_x509_crt_t chain[TILL_LIMIT_CHAIN] = { NULL };
  guint n = read_chain (certificate, chain);
  GTlsCertificateFlags flags = G_TLS_CERTIFICATE_GENERIC_ERROR;

  g_mutex_lock (&self->lock);
  if (n > 0 && g_strcmp0 (purpose, G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER) == 0)
    flags = check (self, chain, n, identity);
  self->flags = flags;
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < n; i++)
    gnutls_x509_crt_deinit (chain[i]);

  return flags;
}

static void
till_terminal_trust_finalize (GObject *object)
{
  TillTerminalTrust *self = TILL_TERMINAL_TRUST (object);

  gnutls_x509_trust_list_deinit (self->list, 1);
  g_clear_pointer (&self->clock, till_clock_unref);
  g_free (self->expected);
  g_free (self->seen);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (till_terminal_trust_parent_class)->finalize (object);
}

static void
till_terminal_trust_class_init (TillTerminalTrustClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = till_terminal_trust_finalize;
  G_TLS_DATABASE_CLASS (klass)->verify_chain = till_terminal_trust_verify_chain;
}

static void
till_terminal_trust_init (TillTerminalTrust *self)
{
  g_mutex_init (&self->lock);
  if (gnutls_x509_trust_list_init (&self->list, 0) < 0)
    g_error ("no memory for a list of trusted certificates");
}

/**
 * till_terminal_trust_new:
 * @root_pem: the root certificate of the terminals
 * @serial: (nullable): the number on the back of the one that is expected
 * @clock: asks for the time
 * @error: (out) (optional): %TILL_ERROR_NOT_A_CERTIFICATE_FILE
 *
 * Returns: (transfer full) (nullable): the trust
 */
TillTerminalTrust *
till_terminal_trust_new (const char  *root_pem,
                         const char  *serial,
                         TillClock   *clock,
                         GError     **error)
{
  g_autoptr(TillTerminalTrust) self = g_object_new (TILL_TYPE_TERMINAL_TRUST, NULL);
  gnutls_datum_t pem = { .data = (guint8 *) root_pem, .size = (unsigned) MIN (strlen (root_pem), TILL_LIMIT_FILE_BYTES) };

  self->clock = till_clock_ref (clock);
  self->expected = g_strdup (serial);
  if (gnutls_x509_trust_list_add_trust_mem (self->list, &pem, NULL, GNUTLS_X509_FMT_PEM, 0, 0) > 0)
    return g_steal_pointer (&self);

  till_set_error (error, TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_UNRECOGNISED, "ca", NULL,
                  "the root certificate is not a PEM text with certificates");

  return NULL;
}

/**
 * till_terminal_trust_dup_seen:
 * @self: the trust
 *
 * Returns: (transfer full) (nullable): the serial number that the last certificate with a good chain named
 */
char *
till_terminal_trust_dup_seen (TillTerminalTrust *self)
{
  char *seen;

  g_mutex_lock (&self->lock);
  seen = g_strdup (self->seen);
  g_mutex_unlock (&self->lock);

  return seen;
}

/**
 * till_terminal_trust_get_flags:
 * @self: the trust
 *
 * Returns: what was wrong with the last certificate
 */
GTlsCertificateFlags
till_terminal_trust_get_flags (TillTerminalTrust *self)
{
  GTlsCertificateFlags flags;

  g_mutex_lock (&self->lock);
  flags = self->flags;
  g_mutex_unlock (&self->lock);

  return flags;
}
