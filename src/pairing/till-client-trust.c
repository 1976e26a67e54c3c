/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose client certificates the listener takes: those of the register. */
#include "config.h"

#include "till-client-trust.h"

#include "till-store-ca-private.h"

/* Time is checked with our clock. 112 bits: no SHA-1, no short RSA. */
#define VERIFY_FLAGS (GNUTLS_VERIFY_DISABLE_TIME_CHECKS | GNUTLS_PROFILE_TO_VFLAGS (GNUTLS_PROFILE_MEDIUM))

struct _TillClientTrust
{
  GTlsDatabase              parent_instance;

  TillClock                *clock;
  gnutls_x509_trust_list_t  list;
  GMutex                    lock;       /* guards all below, and looking into the list */
  GHashTable               *serials;
};

G_DEFINE_FINAL_TYPE (TillClientTrust, till_client_trust, G_TYPE_TLS_DATABASE)

static char *
dup_serial (gnutls_x509_crt_t crt)
{
  guint8 bytes[64];
  size_t size = sizeof bytes;
  const guint8 *at = bytes;
  GString *hex;

  if (gnutls_x509_crt_get_serial (crt, bytes, &size) < 0)
    return NULL;

  for (; size > 1 && *at == 0; size--)
    at++;

  hex = g_string_new (NULL);
  for (size_t i = 0; i < size; i++)
    g_string_append_printf (hex, "%02x", at[i]);

  return g_string_free (hex, FALSE);
}

/**
 * till_client_trust_dup_serial:
 * @der: a certificate
 * @size: its length
 *
 * Returns: (transfer full) (nullable): its serial number, lower-case hex; %NULL where it can't be read
 */
char *
till_client_trust_dup_serial (const guint8 *der,
                              gsize         size)
{
  gnutls_datum_t datum = { .data = (guint8 *) der, .size = (unsigned) size };
  gnutls_x509_crt_t crt;
  char *serial = NULL;

  if (gnutls_x509_crt_init (&crt) < 0)
    return NULL;

  if (gnutls_x509_crt_import (crt, &datum, GNUTLS_X509_FMT_DER) >= 0)
    serial = dup_serial (crt);
  gnutls_x509_crt_deinit (crt);

  return serial;
}

static GTlsCertificateFlags
check_time (TillClientTrust   *self,
            gnutls_x509_crt_t  crt)
{
  gint64 now = till_clock_get_now (self->clock);

  if (now < (gint64) gnutls_x509_crt_get_activation_time (crt))
    return G_TLS_CERTIFICATE_NOT_ACTIVATED;

  return now > (gint64) gnutls_x509_crt_get_expiration_time (crt) ? G_TLS_CERTIFICATE_EXPIRED : 0;
}

/* The certificate alone: both our authorities are known, whatever the client sends behind it. */
static GTlsCertificateFlags
check (TillClientTrust   *self,
       gnutls_x509_crt_t  crt)
{
  gnutls_typed_vdata_st purpose = {
    .type = GNUTLS_DT_KEY_PURPOSE_OID,
    .data = (unsigned char *) GNUTLS_KP_TLS_WWW_CLIENT,
  };
  g_autofree char *serial = dup_serial (crt);
  GTlsCertificateFlags flags = check_time (self, crt);
  guint status = 0;
  gboolean listed;
  int code;

  g_mutex_lock (&self->lock);
  code = gnutls_x509_trust_list_verify_crt2 (self->list, &crt, 1, &purpose, 1, VERIFY_FLAGS, &status, NULL);
  listed = serial != NULL && g_hash_table_contains (self->serials, serial);
  g_mutex_unlock (&self->lock);

  if (code < 0 || status != 0)
    flags |= (status & GNUTLS_CERT_SIGNER_NOT_FOUND) != 0 ? G_TLS_CERTIFICATE_UNKNOWN_CA : G_TLS_CERTIFICATE_GENERIC_ERROR;
  if (!listed)
    flags |= G_TLS_CERTIFICATE_REVOKED;

  return flags;
}

static GTlsCertificateFlags
till_client_trust_verify_chain (GTlsDatabase             *database,
                                GTlsCertificate          *certificate,
                                const char               *purpose,
                                GSocketConnectable       *identity,
                                GTlsInteraction          *interaction,
                                GTlsDatabaseVerifyFlags   verify_flags,
                                GCancellable             *cancellable,
                                GError                  **error)
{
  g_autoptr(GByteArray) der = NULL;
  GTlsCertificateFlags flags = G_TLS_CERTIFICATE_GENERIC_ERROR;
  gnutls_x509_crt_t crt;
  gnutls_datum_t datum;

  g_object_get (certificate, "certificate", &der, NULL);
  if (g_strcmp0 (purpose, G_TLS_DATABASE_PURPOSE_AUTHENTICATE_CLIENT) != 0 || der == NULL || gnutls_x509_crt_init (&crt) < 0)
    return flags;

  datum.data = der->data;
  datum.size = der->len;
  if (gnutls_x509_crt_import (crt, &datum, GNUTLS_X509_FMT_DER) >= 0)
    flags = check (TILL_CLIENT_TRUST (database), crt);
  gnutls_x509_crt_deinit (crt);

  return flags;
}

static void
till_client_trust_finalize (GObject *object)
{
  TillClientTrust *self = TILL_CLIENT_TRUST (object);

  gnutls_x509_trust_list_deinit (self->list, 1);
  g_hash_table_unref (self->serials);
  g_clear_pointer (&self->clock, till_clock_unref);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (till_client_trust_parent_class)->finalize (object);
}

static void
till_client_trust_class_init (TillClientTrustClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = till_client_trust_finalize;
  G_TLS_DATABASE_CLASS (klass)->verify_chain = till_client_trust_verify_chain;
}

static void
till_client_trust_init (TillClientTrust *self)
{
  g_mutex_init (&self->lock);
  self->serials = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (gnutls_x509_trust_list_init (&self->list, 0) < 0)
    g_error ("no memory for a list of trusted certificates");
}

static void
add_authority (TillClientTrust *self,
               const char      *pem)
{
  gnutls_datum_t datum = { .data = (guint8 *) pem, .size = (unsigned) strlen (pem) };

  gnutls_x509_trust_list_add_trust_mem (self->list, &datum, NULL, GNUTLS_X509_FMT_PEM, 0, 0);
}

/**
 * till_client_trust_new:
 * @ca: who has signed the certificates
 * @clock: asks for the time
 *
 * Returns: (transfer full): one that takes nobody yet
 */
TillClientTrust *
till_client_trust_new (TillStoreCa *ca,
                       TillClock   *clock)
{
  TillClientTrust *self = g_object_new (TILL_TYPE_CLIENT_TRUST, NULL);

  self->clock = till_clock_ref (clock);
  add_authority (self, ca->root_pem);
  add_authority (self, ca->issuing_pem);

  return self;
}

/**
 * till_client_trust_add:
 * @self: the trust
 * @serial: lower-case hex
 *
 * Takes this certificate from now on.
 */
void
till_client_trust_add (TillClientTrust *self,
                       const char      *serial)
{
  g_mutex_lock (&self->lock);
  g_hash_table_add (self->serials, g_strdup (serial));
  g_mutex_unlock (&self->lock);
}

/**
 * till_client_trust_remove:
 * @self: the trust
 * @serial: lower-case hex
 *
 * Takes this certificate no longer.
 */
void
till_client_trust_remove (TillClientTrust *self,
                          const char      *serial)
{
  g_mutex_lock (&self->lock);
  g_hash_table_remove (self->serials, serial);
  g_mutex_unlock (&self->lock);
}

/**
 * till_client_trust_has:
 * @self: the trust
 * @serial: lower-case hex
 *
 * Returns: whether it takes this certificate now
 */
gboolean
till_client_trust_has (TillClientTrust *self,
                       const char      *serial)
{
  gboolean has;

  g_mutex_lock (&self->lock);
  has = g_hash_table_contains (self->serials, serial);
  g_mutex_unlock (&self->lock);

  return has;
}
