/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a terminal answers with, taken apart and checked: key, certificate, chain. */
#include "config.h"

#include "till-identity.h"

#include <gnutls/pkcs12.h>
#include <string.h>

#include "till-client-trust.h"
#include "till-error.h"
#include "till-limits.h"
#include "till-pem.h"
#include "till-service-walk.h"
#include "till-store-ca-private.h"

#define VERIFY_FLAGS (GNUTLS_VERIFY_DISABLE_TIME_CHECKS | GNUTLS_PROFILE_TO_VFLAGS (GNUTLS_PROFILE_MEDIUM))

struct _TillIdentity
{
  GObject                parent_instance;

  gnutls_x509_privkey_t  key;
  gnutls_x509_crt_t      certificates[TILL_LIMIT_CHAIN];
  guint                  n_certificates;
  gnutls_x509_crt_t      chain[TILL_LIMIT_CHAIN];      /* (unowned): leaf first, without the root */
  guint                  n_chain;
  char                  *serial;
  char                  *chain_pem;
  char                  *root_pem;
};

G_DEFINE_FINAL_TYPE (TillIdentity, till_identity, G_TYPE_OBJECT)

static void
till_identity_finalize (GObject *object)
{
  TillIdentity *self = TILL_IDENTITY (object);

  g_clear_pointer (&self->key, gnutls_x509_privkey_deinit);
  for (guint i = 0; i < self->n_certificates; i++)
    gnutls_x509_crt_deinit (self->certificates[i]);
  g_free (self->serial);
  g_free (self->chain_pem);
  g_free (self->root_pem);

  G_OBJECT_CLASS (till_identity_parent_class)->finalize (object);
}

static void
till_identity_class_init (TillIdentityClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = till_identity_finalize;
}

static void
till_identity_init (TillIdentity *self)
{
}

static gboolean
refuse (GError          **error,
        TillErrorReason   reason,
        const char       *detail,
        const char       *message)
{
  till_set_error (error, TILL_ERROR_PROTOCOL, reason, detail, NULL, "%s; nothing was saved", message);

  return FALSE;
}

/* Some answers are a JSON string of the text. */
static TillSecret *
unwrap (const TillSecret *answer)
{
  const guint8 *data = till_secret_get_data (answer);
  gsize size = till_secret_get_size (answer);
  TillServiceSpan inside;
  TillSecret *text;

  while (size > 0 && g_ascii_isspace (*data))
    data++, size--;
  while (size > 0 && g_ascii_isspace (data[size - 1]))
    size--;
  if (size < 2 || data[0] != '"' || data[size - 1] != '"')
    return till_secret_new_copy (data, size);

  inside = (TillServiceSpan) { data + 1, size - 2 };
  text = till_secret_new (inside.size);
  till_secret_shrink (text, till_service_unescape (&inside, till_secret_get_buffer (text)));

  return text;
}

static gboolean
take_key (TillIdentity    *self,
          const TillDer   *der,
          GError         **error)
{
  gnutls_datum_t datum = { .data = (guint8 *) der->data, .size = (unsigned) till_der_left (der) };

  if (self->key != NULL)
    return refuse (error, TILL_REASON_CONTRADICTS, "key", "the answer holds two private keys");

  if (gnutls_x509_privkey_init (&self->key) < 0 ||
      gnutls_x509_privkey_import2 (self->key, &datum, GNUTLS_X509_FMT_DER, NULL, GNUTLS_PKCS_PLAIN) < 0)
    return refuse (error, TILL_REASON_MALFORMED, "key", "the private key in the answer can't be read");

  return TRUE;
}

static gboolean
take_certificate (TillIdentity    *self,
                  const TillDer   *der,
                  GError         **error)
{
  gnutls_datum_t datum = { .data = (guint8 *) der->data, .size = (unsigned) till_der_left (der) };
  gnutls_x509_crt_t crt;

  if (self->n_certificates == TILL_LIMIT_CHAIN || gnutls_x509_crt_init (&crt) < 0)
    return refuse (error, TILL_REASON_TOO_MANY, "certificates", "the answer holds too many certificates");

  self->certificates[self->n_certificates++] = crt;

  return gnutls_x509_crt_import (crt, &datum, GNUTLS_X509_FMT_DER) >= 0 ||
         refuse (error, TILL_REASON_MALFORMED, "certificate", "a certificate in the answer can't be read");
}

static gboolean
read_blocks (TillIdentity      *self,
             const TillSecret  *text,
             GError           **error)
{
  TillPemReader reader;
  TillPemBlock block;

  till_pem_init (&reader, (const char *) till_secret_get_data (text), till_secret_get_size (text));
  while (till_pem_next (&reader, &block))
    {
      g_autoptr(TillSecret) room = till_secret_new (TILL_BASE64_ROOM ((gsize) (block.body_end - block.body)) + 1);
      gboolean is_key = till_pem_label_is (&block, "RSA PRIVATE KEY") || till_pem_label_is (&block, "PRIVATE KEY") ||
                        till_pem_label_is (&block, "EC PRIVATE KEY");
      g_autoptr(GError) local_error = NULL;
      TillDer der;

      if (!is_key && !till_pem_label_is (&block, "CERTIFICATE"))
        continue;

      if (!till_pem_decode (&block, till_secret_get_buffer (room), &der, &local_error))
        return refuse (error, TILL_REASON_ANSWER_CUT, is_key ? "key" : "certificate",
                       is_key ? "the private key in the answer is cut" : "a certificate in the answer is cut");

      if (is_key ? !take_key (self, &der, error) : !take_certificate (self, &der, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
belongs (gnutls_x509_crt_t     crt,
         gnutls_x509_privkey_t key)
{
  guint8 a[64];
  guint8 b[64];
  size_t a_size = sizeof a;
  size_t b_size = sizeof b;

  return gnutls_x509_crt_get_key_id (crt, GNUTLS_KEYID_USE_SHA256, a, &a_size) >= 0 &&
         gnutls_x509_privkey_get_key_id (key, GNUTLS_KEYID_USE_SHA256, b, &b_size) >= 0 &&
         a_size == b_size && memcmp (a, b, a_size) == 0;
}

/* From the certificate that the key belongs to, issuer by issuer, to the last one that is not its own issuer. */
static gboolean
order (TillIdentity  *self,
       GError       **error)
{
  gnutls_x509_crt_t at = NULL;

  for (guint i = 0; i < self->n_certificates && at == NULL; i++)
    if (belongs (self->certificates[i], self->key))
      at = self->certificates[i];

  if (at == NULL)
    {
      till_set_error (error, TILL_ERROR_KEY_MISMATCH, TILL_REASON_NONE, NULL, NULL,
                      "no certificate in the answer belongs to the private key; nothing was saved");
      return FALSE;
    }

  while (at != NULL && self->n_chain < TILL_LIMIT_CHAIN)
    {
      gnutls_x509_crt_t next = NULL;

      if (self->n_chain > 0 && gnutls_x509_crt_check_issuer (at, at) == 1)
        break;
      for (guint i = 0; i < self->n_chain; i++)
        if (gnutls_x509_crt_equals (self->chain[i], at))
          return refuse (error, TILL_REASON_BAD_CHAIN, NULL, "the certificates in the answer go round in a circle");

      self->chain[self->n_chain++] = at;
      for (guint i = 0; i < self->n_certificates && next == NULL; i++)
        if (self->certificates[i] != at && gnutls_x509_crt_check_issuer (at, self->certificates[i]) == 1)
          next = self->certificates[i];
      at = next;
    }

  return TRUE;
}

static gboolean
verify (TillIdentity  *self,
        const char    *root_pem,
        gint64         now,
        GError       **error)
{
  gnutls_typed_vdata_st purpose = {
    .type = GNUTLS_DT_KEY_PURPOSE_OID,
    .data = (unsigned char *) GNUTLS_KP_TLS_WWW_CLIENT,
  };
  gnutls_datum_t pem = { .data = (guint8 *) root_pem, .size = (unsigned) strlen (root_pem) };
  gnutls_x509_crt_t chain[TILL_LIMIT_CHAIN];
  gnutls_x509_trust_list_t list;
  guint status = GNUTLS_CERT_INVALID;
  int code;

  if (gnutls_x509_trust_list_init (&list, 0) < 0)
    return refuse (error, TILL_REASON_NONE, NULL, "there is no memory to check the answer");

  memcpy (chain, self->chain, sizeof chain);
  code = gnutls_x509_trust_list_add_trust_mem (list, &pem, NULL, GNUTLS_X509_FMT_PEM, 0, 0);
  if (code > 0)
    code = gnutls_x509_trust_list_verify_crt2 (list, chain, self->n_chain, &purpose, 1, VERIFY_FLAGS, &status, NULL);
  gnutls_x509_trust_list_deinit (list, 1);

  if (code < 0 || status != 0)
    return refuse (error, TILL_REASON_BAD_CHAIN, NULL, "the certificates in the answer do not end at the known root");

  if (now > (gint64) gnutls_x509_crt_get_expiration_time (self->chain[0]))
    return refuse (error, TILL_REASON_EXPIRED, NULL, "the certificate in the answer has expired already");

  return TRUE;
}

static char *
dup_serial (gnutls_x509_crt_t crt)
{
  gnutls_datum_t der;
  char *serial;

  if (gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_DER, &der) < 0)
    return NULL;

  serial = till_client_trust_dup_serial (der.data, der.size);
  gnutls_free (der.data);

  return serial;
}

static char *
join_chain (TillIdentity *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->n_chain; i++)
    {
      g_autofree char *pem = till_ca_dup_pem (self->chain[i]);

      g_string_append (text, pem);
    }

  return g_string_free (text, FALSE);
}

/**
 * till_identity_new:
 * @answer: what came
 * @root_pem: certificates that are trusted
 * @now: wall time
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL; %TILL_ERROR_KEY_MISMATCH
 *
 * Takes an answer apart: blocks in any order, PKCS #1 or PKCS #8. The leaf is
 * the certificate that the key belongs to; its chain has to end at the root.
 *
 * Returns: (transfer full) (nullable): the identity
 */
TillIdentity *
till_identity_new (const TillSecret  *answer,
                   const char        *root_pem,
                   gint64             now,
                   GError           **error)
{
  g_autoptr(TillIdentity) self = g_object_new (TILL_TYPE_IDENTITY, NULL);
  g_autoptr(TillSecret) text = unwrap (answer);

  if (!read_blocks (self, text, error))
    return NULL;

  if (self->key == NULL && self->n_certificates == 0)
    {
      refuse (error, TILL_REASON_ANSWER_EMPTY, NULL, "the answer holds neither a private key nor certificates");
      return NULL;
    }
  if (self->key == NULL)
    {
      refuse (error, TILL_REASON_ANSWER_CUT, "key", "certificates received, the private key is missing");
      return NULL;
    }
  if (self->n_certificates == 0)
    {
      refuse (error, TILL_REASON_ANSWER_CUT, "certificate", "private key received, the certificate is missing");
      return NULL;
    }

  if (!order (self, error) || !verify (self, root_pem, now, error))
    return NULL;

  self->serial = dup_serial (self->chain[0]);
  self->chain_pem = join_chain (self);
  self->root_pem = g_strdup (root_pem);

  return self->serial == NULL ? NULL : g_steal_pointer (&self);
}

/**
 * till_identity_get_serial:
 * @self: an identity
 *
 * Returns: (transfer none): serial number of its certificate, lower-case hex
 */
const char *
till_identity_get_serial (TillIdentity *self)
{
  g_return_val_if_fail (TILL_IS_IDENTITY (self), NULL);

  return self->serial;
}

/**
 * till_identity_get_not_before:
 * @self: an identity
 *
 * Returns: from when it is valid
 */
gint64
till_identity_get_not_before (TillIdentity *self)
{
  g_return_val_if_fail (TILL_IS_IDENTITY (self), 0);

  return gnutls_x509_crt_get_activation_time (self->chain[0]);
}

/**
 * till_identity_get_not_after:
 * @self: an identity
 *
 * Returns: until when it is valid
 */
gint64
till_identity_get_not_after (TillIdentity *self)
{
  g_return_val_if_fail (TILL_IS_IDENTITY (self), 0);

  return gnutls_x509_crt_get_expiration_time (self->chain[0]);
}

/**
 * till_identity_get_chain_length:
 * @self: an identity
 *
 * Returns: how many certificates there are from it to the root, both counted
 */
guint
till_identity_get_chain_length (TillIdentity *self)
{
  g_return_val_if_fail (TILL_IS_IDENTITY (self), 0);

  return self->n_chain + 1;
}

/**
 * till_identity_get_chain_pem:
 * @self: an identity
 *
 * Returns: (transfer none): its certificate and those above, without the root
 */
const char *
till_identity_get_chain_pem (TillIdentity *self)
{
  g_return_val_if_fail (TILL_IS_IDENTITY (self), NULL);

  return self->chain_pem;
}

/**
 * till_identity_get_root_pem:
 * @self: an identity
 *
 * Returns: (transfer none): what it was checked against
 */
const char *
till_identity_get_root_pem (TillIdentity *self)
{
  g_return_val_if_fail (TILL_IS_IDENTITY (self), NULL);

  return self->root_pem;
}

/**
 * till_identity_dup_key_pem:
 * @self: an identity
 *
 * Returns: (transfer full) (nullable): its private key
 */
TillSecret *
till_identity_dup_key_pem (TillIdentity *self)
{
  gnutls_datum_t datum;

  g_return_val_if_fail (TILL_IS_IDENTITY (self), NULL);

  return gnutls_x509_privkey_export2 (self->key, GNUTLS_X509_FMT_PEM, &datum) < 0 ? NULL : till_ca_take_datum (&datum);
}

/**
 * till_identity_dup_secret:
 * @self: an identity
 *
 * Returns: (transfer full) (nullable): key and chain in one text
 */
TillSecret *
till_identity_dup_secret (TillIdentity *self)
{
  g_autoptr(TillSecret) key = till_identity_dup_key_pem (self);
  gsize size;
  TillSecret *all;

  if (key == NULL)
    return NULL;

  size = till_secret_get_size (key);
  all = till_secret_new (size + strlen (self->chain_pem));
  memcpy (till_secret_get_buffer (all), till_secret_get_data (key), size);
  memcpy (till_secret_get_buffer (all) + size, self->chain_pem, strlen (self->chain_pem));

  return all;
}

static GTlsCertificate *
make_one (gnutls_x509_crt_t   crt,
          GByteArray         *key,
          GTlsCertificate    *issuer,
          GError            **error)
{
  g_autoptr(GByteArray) der = NULL;
  gnutls_datum_t datum;

  if (till_ca_failed (gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_DER, &datum), "writing a certificate", error))
    return NULL;

  der = g_byte_array_append (g_byte_array_sized_new (datum.size), datum.data, datum.size);
  gnutls_free (datum.data);

  return g_initable_new (g_tls_backend_get_certificate_type (g_tls_backend_get_default ()), NULL, error,
                         "certificate", der, "private-key", key, "issuer", issuer, NULL);
}

/**
 * till_identity_make_certificate:
 * @self: an identity
 * @error: (out) (optional): %TILL_ERROR_INTERNAL, of GIO
 *
 * Returns: (transfer full) (nullable): it with its key and the chain, for a TLS connection
 */
GTlsCertificate *
till_identity_make_certificate (TillIdentity  *self,
                                GError       **error)
{
  g_autoptr(GTlsCertificate) issuer = NULL;
  g_autoptr(TillSecret) secret = NULL;
  g_autoptr(GByteArray) key = NULL;
  GTlsCertificate *certificate;
  gnutls_datum_t datum;

  g_return_val_if_fail (TILL_IS_IDENTITY (self), NULL);

  for (guint i = self->n_chain - 1; i > 0; i--)
    {
      GTlsCertificate *next = make_one (self->chain[i], NULL, issuer, error);

      g_clear_object (&issuer);
      if (next == NULL)
        return NULL;
      issuer = next;
    }

  if (till_ca_failed (gnutls_x509_privkey_export2 (self->key, GNUTLS_X509_FMT_DER, &datum), "reading a key", error))
    return NULL;

  secret = till_ca_take_datum (&datum);
  key = g_byte_array_append (g_byte_array_sized_new ((guint) till_secret_get_size (secret)), till_secret_get_data (secret),
                             (guint) till_secret_get_size (secret));
  certificate = make_one (self->chain[0], key, issuer, error);
  till_wipe (key->data, key->len);

  return certificate;
}

static int
add_bag (gnutls_pkcs12_t      p12,
         gnutls_pkcs12_bag_t  bag,
         const char          *password,
         gboolean             encrypt)
{
  int code = encrypt ? gnutls_pkcs12_bag_encrypt (bag, password, GNUTLS_PKCS_PBES2_AES_256) : 0;

  return code < 0 ? code : gnutls_pkcs12_set_bag (p12, bag);
}

static int
add_key (TillIdentity    *self,
         gnutls_pkcs12_t  p12,
         const char      *name,
         const char      *password)
{
  gnutls_pkcs12_bag_t bag;
  gnutls_datum_t pkcs8;
  guint8 id[32];
  size_t id_size = sizeof id;
  gnutls_datum_t id_datum = { .data = id };
  int code = gnutls_x509_privkey_export2_pkcs8 (self->key, GNUTLS_X509_FMT_DER, password, GNUTLS_PKCS_PBES2_AES_256, &pkcs8);

  if (code < 0)
    return code;

  code = gnutls_pkcs12_bag_init (&bag);
  if (code >= 0)
    {
      code = gnutls_pkcs12_bag_set_data (bag, GNUTLS_BAG_PKCS8_ENCRYPTED_KEY, &pkcs8);
      if (code >= 0)
        code = gnutls_pkcs12_bag_set_friendly_name (bag, 0, name);
      if (code >= 0 && gnutls_x509_privkey_get_key_id (self->key, GNUTLS_KEYID_USE_SHA1, id, &id_size) >= 0)
        {
          id_datum.size = (unsigned) id_size;
          code = gnutls_pkcs12_bag_set_key_id (bag, 0, &id_datum);
        }
      if (code >= 0)
        code = add_bag (p12, bag, password, FALSE);
      gnutls_pkcs12_bag_deinit (bag);
    }
  gnutls_free (pkcs8.data);

  return code;
}

static int
add_chain (TillIdentity    *self,
           gnutls_pkcs12_t  p12,
           const char      *name,
           const char      *password)
{
  gnutls_pkcs12_bag_t bag;
  guint8 id[32];
  size_t id_size = sizeof id;
  gnutls_datum_t id_datum = { .data = id };
  int code = gnutls_pkcs12_bag_init (&bag);

  if (code < 0)
    return code;

  for (guint i = 0; code >= 0 && i < self->n_chain; i++)
    code = gnutls_pkcs12_bag_set_crt (bag, self->chain[i]);
  if (code >= 0)
    code = gnutls_pkcs12_bag_set_friendly_name (bag, 0, name);
  if (code >= 0 && gnutls_x509_privkey_get_key_id (self->key, GNUTLS_KEYID_USE_SHA1, id, &id_size) >= 0)
    {
      id_datum.size = (unsigned) id_size;
      code = gnutls_pkcs12_bag_set_key_id (bag, 0, &id_datum);
    }
  if (code >= 0)
    code = add_bag (p12, bag, password, TRUE);
  gnutls_pkcs12_bag_deinit (bag);

  return code;
}

/**
 * till_identity_make_p12:
 * @self: an identity
 * @name: its friendly name
 * @password: for the file
 * @error: (out) (optional): %TILL_ERROR_INTERNAL
 *
 * Returns: (transfer full) (nullable): a PKCS #12 file with key and chain
 */
TillSecret *
till_identity_make_p12 (TillIdentity      *self,
                        const char        *name,
                        const TillSecret  *password,
                        GError           **error)
{
  const char *text = (const char *) till_secret_get_data (password);
  gnutls_pkcs12_t p12 = NULL;
  gnutls_datum_t datum = { 0 };
  int code = gnutls_pkcs12_init (&p12);

  if (code >= 0)
    code = add_chain (self, p12, name, text);
  if (code >= 0)
    code = add_key (self, p12, name, text);
  if (code >= 0)
    code = gnutls_pkcs12_generate_mac2 (p12, GNUTLS_MAC_SHA256, text);
  if (code >= 0)
    code = gnutls_pkcs12_export2 (p12, GNUTLS_X509_FMT_DER, &datum);
  g_clear_pointer (&p12, gnutls_pkcs12_deinit);

  return till_ca_failed (code, "writing the PKCS #12 file", error) ? NULL : till_ca_take_datum (&datum);
}
