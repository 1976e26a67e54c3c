/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Public and private keys: what they are, and which belong together. */
#pragma once

#include <glib.h>

#include "till-cancel.h"
#include "till-secret.h"

G_BEGIN_DECLS

/**
 * TillKey:
 *
 * What can be said of a key without showing it. Immutable, counted atomically.
 * Holds no private part.
 */
typedef struct _TillKey TillKey;

struct _TillKey
{
  /*< private >*/
  gatomicrefcount  ref_count;

  /*< public, read only >*/
  gboolean         is_private;
  const char      *algorithm;              /* (static) as TillCertificate.key_algorithm: a name, else an OID */
  int              bits;                   /* the real ones: 521 for P-521; 256 Ed25519, 456 Ed448 */
  const char      *curve;                  /* (static) (nullable) */
  char             public_key_sha256[65];  /* of the SubjectPublicKeyInfo; "" where it can't be made */
  char             key_proper_sha256[65];  /* of the key proper: RSA modulus without leading zeros, EC
                                              point, raw EdDSA key, DSA y; "" unknown */
  GBytes          *spki;                   /* (nullable) DER SubjectPublicKeyInfo, for export */
  char            *friendly_name;          /* (nullable) */
  guint            weakness;               /* TillWeakness */
};

/* Plain (not encrypted) private key in any of: PKCS #8 PrivateKeyInfo/OneAsymmetricKey (RFC 5958), PKCS #1,
 * SEC 1 ECPrivateKey, DSAPrivateKey. kind_hint: PEM label ("RSA PRIVATE KEY") or NULL to try all. */
TillKey  *till_key_new_private   (const guint8   *der,
                                  gsize           size,
                                  const char     *kind_hint,
                                  GError        **error) G_GNUC_WARN_UNUSED_RESULT;
/* A private key that the former does not support, by its algorithm alone. */
TillKey  *till_key_new_named     (const guint8   *der,
                                  gsize           size,
                                  GError        **error) G_GNUC_WARN_UNUSED_RESULT;
/* SubjectPublicKeyInfo, or PKCS #1 RSAPublicKey with kind_hint "RSA PUBLIC KEY" (NULL tries both). */
TillKey  *till_key_new_public    (const guint8   *der,
                                  gsize           size,
                                  const char     *kind_hint,
                                  GError        **error) G_GNUC_WARN_UNUSED_RESULT;
TillKey  *till_key_ref           (TillKey        *self);
void      till_key_unref         (TillKey        *self);
/* Does the private key belong to the public one (certificate's SPKI)? -1 where it can't be told. */
int       till_key_matches_spki  (const TillKey  *self,
                                  const guint8   *spki,
                                  gsize           size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillKey, till_key_unref)

G_END_DECLS
