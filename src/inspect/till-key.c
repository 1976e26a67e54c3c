/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Public and private keys: what they are, and which belong together. */
#include "config.h"

#include "till-key.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

#include "till-error.h"
#include "till-key-der.h"
#include "till-key-math.h"
#include "till-x509.h"

static TillKey *
new_key (const TillKeyFacts *facts,
         gboolean            is_private,
         GBytes             *spki)
{
  TillKey *self = g_new0 (TillKey, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->is_private = is_private;
  self->algorithm = facts->algorithm;
  self->bits = facts->bits;
  self->curve = facts->curve;
  self->weakness = till_key_der_get_weakness (facts);
  till_key_der_hash_proper (facts, self->key_proper_sha256);

  if (spki != NULL)
    {
      gsize size;
      const guint8 *data = g_bytes_get_data (spki, &size);

      self->spki = g_bytes_ref (spki);
      till_x509_digest_hex (GNUTLS_DIG_SHA256, data, size, self->public_key_sha256);
    }

  return self;
}

static void
set_damaged (GError     **error,
             const char  *what)
{
  till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, what, NULL,
                  "the %s is damaged", what);
}

static void
set_unsupported (GError     **error,
                 const char  *algorithm)
{
  till_set_error (error, TILL_ERROR_NEWER_PROTECTION, TILL_REASON_ALGORITHM, algorithm, NULL,
                  "the key uses %s, which this version does not support", algorithm);
}

/* Does GnuTLS 3.7 read private keys of this kind? Others are described from their
 * bytes alone. */
static gboolean
is_known_to_library (const TillKeyFacts *facts)
{
  static const char * const curves[] = { "P-192", "P-224", "P-256", "P-384", "P-521", NULL };
  static const char * const algorithms[] = {
    "RSA", "RSA-PSS", "DSA", "Ed25519", "Ed448", "X25519", "X448", NULL
  };

  if (facts->exotic)
    return FALSE;

  if (strcmp (facts->algorithm, "EC") == 0)
    return facts->curve != NULL && g_strv_contains (curves, facts->curve);

  return g_strv_contains (algorithms, facts->algorithm);
}

static int
import_pkcs8 (gnutls_x509_privkey_t  key,
              const TillKeyFacts    *facts,
              const gnutls_datum_t  *der)
{
  static const guint8 version[] = { TILL_DER_INTEGER, 0x01, 0x00 };
  TillSecret *plain;
  gnutls_datum_t datum;
  gsize content = sizeof version + till_der_left (&facts->pkcs8_head);
  guint8 *at;
  int ret;

  ret = gnutls_x509_privkey_import_pkcs8 (key, der, GNUTLS_X509_FMT_DER, NULL, GNUTLS_PKCS_PLAIN);
  if (ret >= 0 || content > 0xffff)
    return ret;

  /* The library knows version 1 only; leave attributes and public part away. */
  plain = till_secret_new (content + 4);
  at = till_secret_get_buffer (plain);
  *at++ = TILL_DER_SEQUENCE;
  *at++ = 0x82;
  *at++ = (guint8) (content >> 8);
  *at++ = (guint8) content;
  memcpy (at, version, sizeof version);
  memcpy (at + sizeof version, facts->pkcs8_head.data, till_der_left (&facts->pkcs8_head));

  datum.data = till_secret_get_buffer (plain);
  datum.size = (unsigned int) till_secret_get_size (plain);
  ret = gnutls_x509_privkey_import_pkcs8 (key, &datum, GNUTLS_X509_FMT_DER, NULL, GNUTLS_PKCS_PLAIN);
  till_secret_unref (plain);
  return ret;
}

static GBytes *
export_public (gnutls_x509_privkey_t key)
{
  gnutls_privkey_t abstract = NULL;
  gnutls_pubkey_t public_key = NULL;
  gnutls_datum_t out = { NULL, 0 };
  GBytes *spki = NULL;

  if (gnutls_privkey_init (&abstract) >= 0 &&
      gnutls_pubkey_init (&public_key) >= 0 &&
      gnutls_privkey_import_x509 (abstract, key, 0) >= 0 &&
      gnutls_pubkey_import_privkey (public_key, abstract, 0, 0) >= 0 &&
      gnutls_pubkey_export2 (public_key, GNUTLS_X509_FMT_DER, &out) >= 0)
    spki = g_bytes_new (out.data, out.size);

  gnutls_free (out.data);
  if (public_key != NULL)
    gnutls_pubkey_deinit (public_key);
  if (abstract != NULL)
    gnutls_privkey_deinit (abstract);

  return spki;
}

/* Lets the library read the key too. @spki: gets the public part where the key
 * itself does not hold it. */
static gboolean
check_with_library (const guint8        *der,
                    gsize                size,
                    const TillKeyFacts  *facts,
                    gboolean             want_public,
                    GBytes             **spki)
{
  gnutls_x509_privkey_t key;
  gnutls_datum_t datum = { (unsigned char *) der, (unsigned int) size };
  int ret;

  *spki = NULL;

  if (gnutls_x509_privkey_init (&key) < 0)
    return FALSE;

  ret = facts->pkcs8 ? import_pkcs8 (key, facts, &datum)
                     : gnutls_x509_privkey_import (key, &datum, GNUTLS_X509_FMT_DER);

  if (ret >= 0 && want_public)
    *spki = export_public (key);

  gnutls_x509_privkey_deinit (key);
  return ret >= 0;
}

/* What other programs read and GnuTLS 3.7 does not: keys on elliptic curves
 * without their public part or with a compressed one, RSA keys that are very
 * small or have rare parameters of RSA-PSS. Such keys have to add up.
 * @made: gets the public part where it was missing. */
static gboolean
check_by_arithmetic (const TillKeyFacts *facts,
                     GByteArray         *made)
{
  g_autoptr(GByteArray) point = NULL;
  TillKeyFacts derived = { NULL, };
  char given[65];
  char computed[65];

  if (till_der_left (&facts->primes[0]) > 0)
    return till_key_math_check_product (&facts->proper, &facts->primes[0], &facts->primes[1]);

  if (till_der_left (&facts->scalar) == 0)
    return FALSE;

  point = g_byte_array_new ();
  if (!till_key_math_derive_point (facts->curve, &facts->scalar, point))
    return FALSE;

  if (facts->part == TILL_KEY_PART_NONE)
    {
      till_key_der_append_ec_spki (facts, point, made);
      return TRUE;
    }

  derived.part = TILL_KEY_PART_POINT;
  till_der_init (&derived.proper, point->data, point->len);
  till_key_der_hash_proper (&derived, computed);
  till_key_der_hash_proper (facts, given);
  return strcmp (given, computed) == 0;
}

/* What the bytes say. @size: gets the size of the key alone: what follows it is not for the library. */
static gboolean
read_private (const guint8  *der,
              gsize         *size,
              TillKeyFacts  *facts,
              GByteArray    *spki,
              GError       **error)
{
  TillDer outer;
  TillDerElement whole;

  till_der_init (&outer, der, *size);
  if (till_der_read (&outer, &whole))
    *size = (gsize) (whole.next - der);

  if (*size <= G_MAXUINT && till_key_der_read_private (der, *size, facts, spki))
    return TRUE;

  set_damaged (error, "private key");
  return FALSE;
}

/**
 * till_key_new_private:
 * @der: (array length=size): the key, not encrypted
 * @size: how many bytes
 * @kind_hint: (nullable): label of the PEM block; the shape of the bytes decides
 * @error: place for an error: %TILL_ERROR_DAMAGED, %TILL_ERROR_NEWER_PROTECTION
 *
 * Reads PKCS #8 (RFC 5208, RFC 5958), PKCS #1 (RFC 8017 A.1.2), SEC 1 (RFC 5915)
 * and OpenSSL's form of DSA keys. Where GnuTLS knows the algorithm it has to
 * take the key, or the numbers have to add up. Nothing private is kept.
 *
 * Returns: (transfer full) (nullable): the key
 */
TillKey *
till_key_new_private (const guint8  *der,
                      gsize          size,
                      const char    *kind_hint,
                      GError       **error)
{
  TillKeyFacts facts;
  g_autoptr(GByteArray) made = g_byte_array_new ();
  g_autoptr(GBytes) spki = NULL;

  g_return_val_if_fail (der != NULL || size == 0, NULL);

  if (!read_private (der, &size, &facts, made, error))
    return NULL;

  if (!facts.supported)
    {
      set_unsupported (error, facts.algorithm);
      return NULL;
    }

  if (facts.unknown_curve)
    {
      g_autofree char *curve = g_strdup_printf ("the curve %s", facts.curve);

      set_unsupported (error, curve);
      return NULL;
    }

  /* Of these only the library knows curves and forms. */
  if (g_str_has_prefix (facts.algorithm, "GOST") && !check_with_library (der, size, &facts, TRUE, &spki))
    {
      g_autofree char *what = g_strdup_printf ("%s with these parameters", facts.algorithm);

      set_unsupported (error, what);
      return NULL;
    }

  if (is_known_to_library (&facts) &&
      !check_with_library (der, size, &facts, made->len == 0, &spki) &&
      !check_by_arithmetic (&facts, made))
    {
      set_damaged (error, "private key");
      return NULL;
    }

  if (made->len > 0)
    spki = g_byte_array_free_to_bytes (g_steal_pointer (&made));

  if (spki != NULL && facts.part == TILL_KEY_PART_NONE)
    {
      TillKeyFacts public_facts;
      TillDer walk;
      TillDer whole;

      till_der_init (&walk, g_bytes_get_data (spki, NULL), g_bytes_get_size (spki));
      if (till_key_der_read_spki (&walk, &public_facts, &whole, NULL))
        {
          facts.part = public_facts.part;
          facts.proper = public_facts.proper;
          return new_key (&facts, TRUE, spki);
        }
    }

  return new_key (&facts, TRUE, spki);
}

/**
 * till_key_new_named:
 * @der: (array length=size): the key, not encrypted
 * @size: how many bytes
 * @error: place for an error: %TILL_ERROR_DAMAGED
 *
 * For a key that till_key_new_private() does not support, where something else
 * in its file is worth showing: it is known by its algorithm alone, under the
 * name or else the OID, and by its public part where PKCS #8 brings that along
 * (RFC 5958 2). That the key is sound is not checked.
 *
 * Returns: (transfer full) (nullable): the key
 */
TillKey *
till_key_new_named (const guint8  *der,
                    gsize          size,
                    GError       **error)
{
  TillKeyFacts facts;
  g_autoptr(GByteArray) made = g_byte_array_new ();
  g_autoptr(GBytes) spki = NULL;

  g_return_val_if_fail (der != NULL || size == 0, NULL);

  if (!read_private (der, &size, &facts, made, error))
    return NULL;

  if (made->len > 0)
    spki = g_byte_array_free_to_bytes (g_steal_pointer (&made));

  return new_key (&facts, TRUE, spki);
}

/**
 * till_key_new_public:
 * @der: (array length=size): the key
 * @size: how many bytes
 * @kind_hint: (nullable): label of the PEM block; the shape of the bytes decides
 * @error: place for an error: %TILL_ERROR_DAMAGED
 *
 * Reads a SubjectPublicKeyInfo (RFC 5280 4.1.2.7) or an RSAPublicKey
 * (RFC 8017 A.1.1). An algorithm that is not known is no error. A DSA key that
 * inherits its parameters (RFC 3279 2.3.2) has nobody here to take them from.
 *
 * Returns: (transfer full) (nullable): the key
 */
TillKey *
till_key_new_public (const guint8  *der,
                     gsize          size,
                     const char    *kind_hint,
                     GError       **error)
{
  static const guint8 rsa[] = {
    0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
  };
  TillKeyFacts facts;
  TillDer walk;
  TillDer whole;
  gboolean well_formed;

  g_return_val_if_fail (der != NULL || size == 0, NULL);

  till_der_init (&walk, der, size);
  if (till_key_der_read_spki (&walk, &facts, &whole, &well_formed) && well_formed &&
      (facts.bits > 0 || strcmp (facts.algorithm, "DSA") != 0) &&
      (facts.part != TILL_KEY_PART_POINT || till_key_math_is_on_curve (facts.curve, &facts.proper)))
    {
      g_autoptr(GBytes) spki = g_bytes_new (whole.data, till_der_left (&whole));

      return new_key (&facts, FALSE, spki);
    }

  till_der_init (&walk, der, size);
  memset (&facts, 0, sizeof facts);
  facts.algorithm = "RSA";
  if (till_key_der_read_rsa (&walk, &facts))
    {
      g_autoptr(GByteArray) bits = g_byte_array_new ();
      g_autoptr(GByteArray) parts = g_byte_array_new ();
      g_autoptr(GByteArray) sequence = g_byte_array_new ();
      g_autoptr(GBytes) spki = NULL;
      const guint8 unused = 0;

      g_byte_array_append (bits, &unused, 1);
      g_byte_array_append (bits, der, (guint) (walk.data - der));
      g_byte_array_append (parts, rsa, sizeof rsa);
      till_x509_append (parts, TILL_DER_BIT_STRING, bits->data, bits->len);
      till_x509_append (sequence, TILL_DER_SEQUENCE, parts->data, parts->len);
      spki = g_byte_array_free_to_bytes (g_steal_pointer (&sequence));

      return new_key (&facts, FALSE, spki);
    }

  set_damaged (error, "public key");
  return NULL;
}

/**
 * till_key_ref:
 * @self: a key
 *
 * Returns: (transfer full): the same key
 */
TillKey *
till_key_ref (TillKey *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * till_key_unref:
 * @self: a key
 *
 * Drops one reference; the last one frees it.
 */
void
till_key_unref (TillKey *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->spki, g_bytes_unref);
  g_free (self->friendly_name);
  g_free (self);
}

/**
 * till_key_matches_spki:
 * @self: a key
 * @spki: (array length=size): a SubjectPublicKeyInfo, as in a certificate
 * @size: how many bytes
 *
 * Compares the key proper, so parameters that are written differently and
 * points that are compressed make no difference.
 *
 * Returns: 1 for one pair, 0 for strangers, -1 where it can't be told
 */
int
till_key_matches_spki (const TillKey *self,
                       const guint8  *spki,
                       gsize          size)
{
  TillKeyFacts facts;
  TillDer walk;
  TillDer whole;
  char other[65];

  g_return_val_if_fail (self != NULL, -1);
  g_return_val_if_fail (spki != NULL || size == 0, -1);

  till_der_init (&walk, spki, size);
  if (!till_key_der_read_spki (&walk, &facts, &whole, NULL))
    return -1;

  till_key_der_hash_proper (&facts, other);
  if (other[0] == '\0' || self->key_proper_sha256[0] == '\0')
    return -1;

  return strcmp (self->key_proper_sha256, other) == 0 ? 1 : 0;
}
