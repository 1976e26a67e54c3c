/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store's own certificate authority: what it is made of, and what it signs. */
#include "config.h"

#include "till-store-ca-private.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "till-error.h"

#define DAY 86400
#define ROOT_DAYS (20 * 365)
#define ISSUING_DAYS (10 * 365)
#define LISTENER_DAYS 2

/* Tills whose clock is a little behind must not meet a certificate of tomorrow. */
#define BACK_DATED 3600

#define SERIAL_BYTES (TILL_CA_SERIAL_BITS / 8)
#define KEY_ID_BYTES 20
#define NAME_BYTES 64

/*
 * Root: path length 1, signs the issuing authority, then is needed no more but
 * for another one. Issuing: path length 0. Both P-256, as signing with RSA takes
 * GnuTLS ten times as long (PERFORMANCE.md 5). Tills get RSA keys: the answer
 * that the service documents is a PKCS #1 key.
 */
G_DEFINE_FINAL_TYPE (TillStoreCa, till_store_ca, G_TYPE_OBJECT)

static void
till_store_ca_finalize (GObject *object)
{
  TillStoreCa *self = TILL_STORE_CA (object);

  g_clear_pointer (&self->root, gnutls_x509_crt_deinit);
  g_clear_pointer (&self->issuing, gnutls_x509_crt_deinit);
  g_clear_pointer (&self->root_key, gnutls_x509_privkey_deinit);
  g_clear_pointer (&self->issuing_key, gnutls_x509_privkey_deinit);
  g_free (self->root_pem);
  g_free (self->issuing_pem);
  g_free (self->root_sha256);

  G_OBJECT_CLASS (till_store_ca_parent_class)->finalize (object);
}

static void
till_store_ca_class_init (TillStoreCaClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = till_store_ca_finalize;
}

static void
till_store_ca_init (TillStoreCa *self)
{
}

/**
 * till_issued_free:
 * @self: (transfer full): an identity
 *
 * Wipes it.
 */
void
till_issued_free (TillIssued *self)
{
  g_clear_pointer (&self->pem, till_secret_unref);
  g_free (self->certificate_pem);
  g_free (self->serial);
  g_free (self);
}

/**
 * till_ca_failed:
 * @code: what GnuTLS said
 * @what: what was tried
 * @error: (out) (optional): %TILL_ERROR_INTERNAL
 *
 * Returns: whether it did fail
 */
gboolean
till_ca_failed (int          code,
                const char  *what,
                GError     **error)
{
  if (code >= 0)
    return FALSE;

  till_set_error (error, TILL_ERROR_INTERNAL, TILL_REASON_NONE, what, NULL, "%s failed: %s", what, gnutls_strerror (code));

  return TRUE;
}

/**
 * till_ca_take_datum:
 * @datum: (transfer full): allocated by GnuTLS
 *
 * Returns: (transfer full): the same bytes; the old ones are wiped
 */
TillSecret *
till_ca_take_datum (gnutls_datum_t *datum)
{
  TillSecret *secret = till_secret_new_copy (datum->data, datum->size);

  till_wipe (datum->data, datum->size);
  gnutls_free (datum->data);
  datum->data = NULL;

  return secret;
}

/**
 * till_ca_dup_pem:
 * @crt: a certificate
 *
 * Returns: (transfer full) (nullable): it as PEM
 */
char *
till_ca_dup_pem (gnutls_x509_crt_t crt)
{
  gnutls_datum_t datum;
  char *pem;

  if (gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_PEM, &datum) < 0)
    return NULL;

  pem = g_strndup ((const char *) datum.data, datum.size);
  gnutls_free (datum.data);

  return pem;
}

/**
 * till_ca_dup_sha256:
 * @crt: a certificate
 *
 * Returns: (transfer full) (nullable): its fingerprint, lower-case hex
 */
char *
till_ca_dup_sha256 (gnutls_x509_crt_t crt)
{
  gnutls_datum_t der;
  char *hex;

  if (gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_DER, &der) < 0)
    return NULL;

  hex = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der.data, der.size);
  gnutls_free (der.data);

  return hex;
}

/* Positive, never with a leading zero byte, so that it has one encoding only. */
static int
set_serial (gnutls_x509_crt_t   crt,
            char              **text)
{
  guint8 bytes[1 + SERIAL_BYTES] = { 0 };
  guint8 *serial = bytes + 1;
  GString *hex;
  int code;

  do
    code = gnutls_rnd (GNUTLS_RND_NONCE, serial, SERIAL_BYTES);
  while (code >= 0 && serial[0] == 0);
  if (code < 0)
    return code;

  if (text != NULL)
    {
      hex = g_string_new (NULL);
      for (guint i = 0; i < SERIAL_BYTES; i++)
        g_string_append_printf (hex, "%02x", serial[i]);
      *text = g_string_free (hex, FALSE);
    }

  return (serial[0] & 0x80) != 0 ? gnutls_x509_crt_set_serial (crt, bytes, sizeof bytes)
                                 : gnutls_x509_crt_set_serial (crt, serial, SERIAL_BYTES);
}

/**
 * till_ca_prepare:
 * @crt: an empty certificate
 * @not_before: its start
 * @not_after: its end
 * @serial: (out) (optional) (transfer full): lower-case hex
 *
 * Gives it what every certificate of ours has.
 *
 * Returns: a code of GnuTLS
 */
int
till_ca_prepare (gnutls_x509_crt_t   crt,
                 gint64              not_before,
                 gint64              not_after,
                 char              **serial)
{
  int code = gnutls_x509_crt_set_version (crt, 3);

  if (code >= 0)
    code = gnutls_x509_crt_set_activation_time (crt, (time_t) not_before);
  if (code >= 0)
    code = gnutls_x509_crt_set_expiration_time (crt, (time_t) not_after);
  if (code >= 0)
    code = set_serial (crt, serial);

  return code;
}

static int
set_key_id (gnutls_x509_crt_t crt)
{
  guint8 id[64];
  size_t size = sizeof id;
  int code = gnutls_x509_crt_get_key_id (crt, GNUTLS_KEYID_USE_SHA1, id, &size);

  return code < 0 ? code : gnutls_x509_crt_set_subject_key_id (crt, id, MIN (size, KEY_ID_BYTES));
}

static int
set_authority_id (gnutls_x509_crt_t crt,
                  gnutls_x509_crt_t issuer)
{
  guint8 id[64];
  size_t size = sizeof id;
  int code = gnutls_x509_crt_get_subject_key_id (issuer, id, &size, NULL);

  return code < 0 ? code : gnutls_x509_crt_set_authority_key_id (crt, id, size);
}

static int
set_name (gnutls_x509_crt_t  crt,
          const char        *oid,
          const char        *text)
{
  return gnutls_x509_crt_set_dn_by_oid (crt, oid, 0, text, (unsigned int) strlen (text));
}

/* As much of a shop's name as a name may hold (RFC 5280, ub-common-name). */
static char *
shorten (const char *text,
         const char *suffix)
{
  glong room = NAME_BYTES - (glong) strlen (suffix);
  g_autofree char *start = g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), room));

  return g_strconcat (start, suffix, NULL);
}

static int
make_authority (const char             *name,
                int                     path_length,
                gint64                  not_before,
                gint64                  not_after,
                gnutls_x509_crt_t       issuer,
                gnutls_x509_privkey_t   issuer_key,
                gnutls_x509_crt_t      *crt,
                gnutls_x509_privkey_t  *key)
{
  int code = gnutls_x509_privkey_init (key);

  if (code >= 0)
    code = gnutls_x509_privkey_generate (*key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0);
  if (code >= 0)
    code = gnutls_x509_crt_init (crt);
  if (code >= 0)
    code = till_ca_prepare (*crt, not_before, not_after, NULL);
  if (code >= 0)
    code = set_name (*crt, GNUTLS_OID_X520_COMMON_NAME, name);
  if (code >= 0)
    code = gnutls_x509_crt_set_key (*crt, *key);
  if (code >= 0)
    code = gnutls_x509_crt_set_basic_constraints (*crt, 1, path_length);
  if (code >= 0)
    code = gnutls_x509_crt_set_key_usage (*crt, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN);
  if (code >= 0)
    code = set_key_id (*crt);
  if (code >= 0 && issuer != NULL)
    code = set_authority_id (*crt, issuer);
  if (code >= 0)
    code = gnutls_x509_crt_sign2 (*crt, issuer != NULL ? issuer : *crt, issuer != NULL ? issuer_key : *key,
                                  GNUTLS_DIG_SHA256, 0);

  return code;
}

/**
 * till_ca_make:
 * @shop: name of the profile
 * @now: wall time
 * @error: (out) (optional): %TILL_ERROR_INTERNAL
 *
 * Returns: (transfer full) (nullable): a new authority
 */
TillStoreCa *
till_ca_make (const char  *shop,
              gint64       now,
              GError     **error)
{
  g_autoptr(TillStoreCa) self = g_object_new (TILL_TYPE_STORE_CA, NULL);
  g_autofree char *root_name = shorten (shop, " – Till Root");
  g_autofree char *issuing_name = shorten (shop, " – Tills");
  gint64 from = now - DAY;

  if (till_ca_failed (make_authority (root_name, 1, from, from + (gint64) ROOT_DAYS * DAY, NULL, NULL,
                                      &self->root, &self->root_key), "making the root certificate", error) ||
      till_ca_failed (make_authority (issuing_name, 0, from, from + (gint64) ISSUING_DAYS * DAY, self->root, self->root_key,
                                      &self->issuing, &self->issuing_key), "making the issuing certificate", error))
    return NULL;

  self->root_pem = till_ca_dup_pem (self->root);
  self->issuing_pem = till_ca_dup_pem (self->issuing);
  self->root_sha256 = till_ca_dup_sha256 (self->root);
  self->is_new = TRUE;

  return g_steal_pointer (&self);
}

/**
 * till_store_ca_is_new:
 * @self: an authority
 *
 * Returns: whether it was made just now
 */
gboolean
till_store_ca_is_new (TillStoreCa *self)
{
  g_return_val_if_fail (TILL_IS_STORE_CA (self), FALSE);

  return self->is_new;
}

/**
 * till_store_ca_is_session_only:
 * @self: an authority
 *
 * Returns: whether there was no vault to keep it
 */
gboolean
till_store_ca_is_session_only (TillStoreCa *self)
{
  g_return_val_if_fail (TILL_IS_STORE_CA (self), FALSE);

  return self->session_only;
}

/**
 * till_store_ca_get_root_pem:
 * @self: an authority
 *
 * Returns: (transfer none): its root, which tills need before they connect
 */
const char *
till_store_ca_get_root_pem (TillStoreCa *self)
{
  g_return_val_if_fail (TILL_IS_STORE_CA (self), NULL);

  return self->root_pem;
}

/**
 * till_store_ca_get_root_sha256:
 * @self: an authority
 *
 * Returns: (transfer none): the root's fingerprint, lower-case hex
 */
const char *
till_store_ca_get_root_sha256 (TillStoreCa *self)
{
  g_return_val_if_fail (TILL_IS_STORE_CA (self), NULL);

  return self->root_sha256;
}

/**
 * till_store_ca_get_not_after:
 * @self: an authority
 *
 * Returns: when nothing can be issued any more
 */
gint64
till_store_ca_get_not_after (TillStoreCa *self)
{
  g_return_val_if_fail (TILL_IS_STORE_CA (self), 0);

  return gnutls_x509_crt_get_expiration_time (self->issuing);
}

/**
 * till_store_ca_check_time:
 * @self: an authority
 * @now: wall time
 * @error: (out) (optional): %TILL_ERROR_REJECTED with %TILL_REASON_EXPIRED, or %TILL_ERROR_CLOCK_SKEW
 *
 * Returns: whether it can issue something now
 */
gboolean
till_store_ca_check_time (TillStoreCa  *self,
                          gint64        now,
                          GError      **error)
{
  gint64 from = gnutls_x509_crt_get_activation_time (self->issuing);
  gint64 until = till_store_ca_get_not_after (self);

  if (now >= from && now < until)
    return TRUE;

  if (now < from)
    till_set_error (error, TILL_ERROR_CLOCK_SKEW, TILL_REASON_NOT_YET_VALID, NULL, (gint64[2]) { from, 0 },
                    "the clock of this computer is before the start of the store's certificate authority; put it right");
  else
    till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_EXPIRED, NULL, (gint64[2]) { until, 0 },
                    "the store's certificate authority has expired; tills can't be paired with it any more");

  return FALSE;
}

static int
sign_leaf (TillStoreCa       *self,
           gnutls_x509_crt_t  crt,
           const char        *purpose,
           unsigned int       usage)
{
  int code = gnutls_x509_crt_set_basic_constraints (crt, 0, -1);

  if (code >= 0)
    code = gnutls_x509_crt_set_key_usage (crt, usage);
  if (code >= 0)
    code = gnutls_x509_crt_set_key_purpose_oid (crt, purpose, 0);
  if (code >= 0)
    code = set_key_id (crt);
  if (code >= 0)
    code = set_authority_id (crt, self->issuing);
  if (code >= 0)
    code = gnutls_x509_crt_sign2 (crt, self->issuing, self->issuing_key, GNUTLS_DIG_SHA256, 0);

  return code;
}

/* The answer, written straight into secret memory. */
static TillSecret *
join (const TillSecret *key_pem,
      const char       *certificate_pem,
      TillStoreCa      *self)
{
  const char *parts[] = { certificate_pem, self->issuing_pem, self->root_pem };
  gsize size = till_secret_get_size (key_pem);
  TillSecret *all;
  guint8 *at;

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    size += strlen (parts[i]);

  all = till_secret_new (size);
  at = till_secret_get_buffer (all);
  memcpy (at, till_secret_get_data (key_pem), till_secret_get_size (key_pem));
  at += till_secret_get_size (key_pem);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      memcpy (at, parts[i], strlen (parts[i]));
      at += strlen (parts[i]);
    }

  return all;
}

static int
fill_till (TillStoreCa            *self,
           gnutls_x509_crt_t       crt,
           gnutls_x509_privkey_t   key,
           const char             *pos_id,
           TillIssued             *issued)
{
  int code = till_ca_prepare (crt, issued->not_before, issued->not_after, &issued->serial);

  if (code >= 0)
    code = set_name (crt, GNUTLS_OID_X520_COMMON_NAME, pos_id);
  if (code >= 0)
    code = gnutls_x509_crt_set_key (crt, key);
  if (code >= 0)
    code = sign_leaf (self, crt, GNUTLS_KP_TLS_WWW_CLIENT, GNUTLS_KEY_DIGITAL_SIGNATURE);

  return code;
}

/**
 * till_store_ca_issue:
 * @self: an authority
 * @key: the till's new RSA key: DER of PKCS #1
 * @pos_id: what the till calls itself; checked by the caller
 * @now: wall time: the certificate begins then
 * @days: how long it is to last, at most %TILL_CA_TILL_DAYS
 * @error: (out) (optional): as till_store_ca_check_time(), %TILL_ERROR_INTERNAL
 *
 * Issues a certificate for mutual TLS as a client, and for nothing else.
 *
 * Returns: (transfer full) (nullable): what the till gets
 */
TillIssued *
till_store_ca_issue (TillStoreCa       *self,
                     const TillSecret  *key,
                     const char        *pos_id,
                     gint64             now,
                     guint              days,
                     GError           **error)
{
  g_autoptr(TillIssued) issued = g_new0 (TillIssued, 1);
  g_autoptr(TillSecret) key_pem = NULL;
  gnutls_datum_t der = { .data = (guint8 *) till_secret_get_data (key), .size = (unsigned) till_secret_get_size (key) };
  gnutls_x509_privkey_t private = NULL;
  gnutls_x509_crt_t crt = NULL;
  gnutls_datum_t datum = { 0 };
  int code;

  g_return_val_if_fail (TILL_IS_STORE_CA (self), NULL);

  if (!till_store_ca_check_time (self, now, error))
    return NULL;

  issued->not_before = MAX (now - BACK_DATED, gnutls_x509_crt_get_activation_time (self->issuing));
  issued->not_after = MIN (issued->not_before + (gint64) MIN (days, TILL_CA_TILL_DAYS) * DAY - 1,
                           till_store_ca_get_not_after (self));

  code = gnutls_x509_privkey_init (&private);
  if (code >= 0)
    code = gnutls_x509_privkey_import (private, &der, GNUTLS_X509_FMT_DER);
  if (code >= 0)
    code = gnutls_x509_crt_init (&crt);
  if (code >= 0)
    code = fill_till (self, crt, private, pos_id, issued);
  if (code >= 0)
    code = gnutls_x509_privkey_export2 (private, GNUTLS_X509_FMT_PEM, &datum);

  if (code >= 0)
    {
      key_pem = till_ca_take_datum (&datum);
      issued->certificate_pem = till_ca_dup_pem (crt);
      issued->pem = join (key_pem, issued->certificate_pem, self);
    }

  g_clear_pointer (&private, gnutls_x509_privkey_deinit);
  g_clear_pointer (&crt, gnutls_x509_crt_deinit);

  return till_ca_failed (code, "issuing the till's certificate", error) ? NULL : g_steal_pointer (&issued);
}

static int
set_names (gnutls_x509_crt_t   crt,
           GInetAddress       *address,
           const char * const *host_names)
{
  int code = gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_IPADDRESS, g_inet_address_to_bytes (address),
                                                   (unsigned) g_inet_address_get_native_size (address), GNUTLS_FSAN_SET);

  for (guint i = 0; code >= 0 && host_names != NULL && host_names[i] != NULL; i++)
    code = gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_DNSNAME, host_names[i],
                                                 (unsigned) strlen (host_names[i]), GNUTLS_FSAN_APPEND);

  return code;
}

static GByteArray *
export_der (gnutls_x509_crt_t crt)
{
  gnutls_datum_t der;
  GByteArray *array;

  if (gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_DER, &der) < 0)
    return NULL;

  array = g_byte_array_append (g_byte_array_sized_new (der.size), der.data, der.size);
  gnutls_free (der.data);

  return array;
}

static GTlsCertificate *
make_tls_certificate (TillStoreCa            *self,
                      gnutls_x509_crt_t       crt,
                      gnutls_x509_privkey_t   key,
                      GError                **error)
{
  GType type = g_tls_backend_get_certificate_type (g_tls_backend_get_default ());
  g_autoptr(GByteArray) issuing_der = export_der (self->issuing);
  g_autoptr(GByteArray) der = export_der (crt);
  g_autoptr(GByteArray) key_der = NULL;
  g_autoptr(GTlsCertificate) issuer = NULL;
  g_autoptr(TillSecret) secret = NULL;
  GTlsCertificate *certificate;
  gnutls_datum_t datum;

  if (till_ca_failed (gnutls_x509_privkey_export2 (key, GNUTLS_X509_FMT_DER, &datum), "making the listener's key", error))
    return NULL;

  secret = till_ca_take_datum (&datum);
  key_der = g_byte_array_append (g_byte_array_sized_new ((guint) till_secret_get_size (secret)),
                                 till_secret_get_data (secret), (guint) till_secret_get_size (secret));
  issuer = g_initable_new (type, NULL, error, "certificate", issuing_der, NULL);
  certificate = issuer == NULL ? NULL : g_initable_new (type, NULL, error, "certificate", der, "private-key", key_der,
                                                        "issuer", issuer, NULL);
  till_wipe (key_der->data, key_der->len);

  return certificate;
}

/**
 * till_store_ca_make_listener:
 * @self: an authority
 * @address: where tills connect to
 * @host_names: (nullable) (array zero-terminated=1): names of this computer
 * @now: wall time
 * @error: (out) (optional): as till_store_ca_check_time(), %TILL_ERROR_INTERNAL
 *
 * Makes a key that lives for this listening only, and its certificate.
 *
 * Returns: (transfer full) (nullable): it with the issuing certificate behind it
 */
GTlsCertificate *
till_store_ca_make_listener (TillStoreCa         *self,
                             GInetAddress        *address,
                             const char * const  *host_names,
                             gint64               now,
                             GError             **error)
{
  gnutls_x509_privkey_t key = NULL;
  gnutls_x509_crt_t crt = NULL;
  GTlsCertificate *certificate = NULL;
  gint64 from = MAX (now - DAY, gnutls_x509_crt_get_activation_time (self->issuing));
  gint64 until = MIN (now + LISTENER_DAYS * DAY, till_store_ca_get_not_after (self));
  int code;

  g_return_val_if_fail (TILL_IS_STORE_CA (self), NULL);

  if (!till_store_ca_check_time (self, now, error))
    return NULL;

  code = gnutls_x509_privkey_init (&key);
  if (code >= 0)
    code = gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0);
  if (code >= 0)
    code = gnutls_x509_crt_init (&crt);
  if (code >= 0)
    code = till_ca_prepare (crt, from, until, NULL);
  if (code >= 0)
    code = set_name (crt, GNUTLS_OID_X520_COMMON_NAME, "Tillkeeper");
  if (code >= 0)
    code = gnutls_x509_crt_set_key (crt, key);
  if (code >= 0)
    code = set_names (crt, address, host_names);
  if (code >= 0)
    code = sign_leaf (self, crt, GNUTLS_KP_TLS_WWW_SERVER, GNUTLS_KEY_DIGITAL_SIGNATURE);

  if (!till_ca_failed (code, "making the listener's certificate", error))
    certificate = make_tls_certificate (self, crt, key, error);

  g_clear_pointer (&key, gnutls_x509_privkey_deinit);
  g_clear_pointer (&crt, gnutls_x509_crt_deinit);

  return certificate;
}
