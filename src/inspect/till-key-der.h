/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the bytes of a key say of it, for keys that GnuTLS knows and for those it does not. */
#pragma once

#include <glib.h>

#include "till-der.h"

G_BEGIN_DECLS

/**
 * TillKeyPart:
 *
 * What the key proper is, for telling whether two keys are one.
 */
typedef enum
{
  TILL_KEY_PART_NONE,
  TILL_KEY_PART_NUMBER,      /* RSA modulus, DSA or DH y: without zeros in front */
  TILL_KEY_PART_POINT,       /* SEC 1 2.3.3, compressed or not */
  TILL_KEY_PART_RAW,
} TillKeyPart;

/**
 * TillKeyFacts:
 * @algorithm: (static): RSA, EC, …, or the OID
 * @bits: 0 where unknown
 * @curve: (static) (nullable)
 * @curve_parameters: as they stand in the key
 * @supported: the algorithm is one that this version can say more of than its name
 * @part: what @proper is
 * @proper: the public key proper; empty where there is none
 * @exotic: a private key in a shape that GnuTLS does not take
 * @pkcs8: a private key in PKCS #8
 * @pkcs8_head: of it, algorithm and key, without what may follow
 * @inner_key: the PKCS #1 key inside it, for RSA
 * @primes: two of an RSA key
 * @scalar: private part of an EC key
 * @unknown_curve: @curve is an OID without a name
 *
 * Points into the bytes that were read.
 */
typedef struct
{
  const char  *algorithm;
  int          bits;
  const char  *curve;
  TillDer      curve_parameters;
  gboolean     supported;
  TillKeyPart  part;
  TillDer      proper;
  gboolean     exotic;
  gboolean     pkcs8;
  TillDer      pkcs8_head;
  TillDer      inner_key;
  TillDer      primes[2];
  TillDer      scalar;
  gboolean     unknown_curve;
} TillKeyFacts;

gboolean  till_key_der_read_spki     (TillDer             *der,
                                      TillKeyFacts        *facts,
                                      TillDer             *whole,
                                      gboolean            *well_formed);
gboolean  till_key_der_read_rsa      (TillDer             *der,
                                      TillKeyFacts        *facts);
gboolean  till_key_der_read_private  (const guint8        *data,
                                      gsize                size,
                                      TillKeyFacts        *facts,
                                      GByteArray          *spki);
void      till_key_der_append_ec_spki (const TillKeyFacts *facts,
                                      const GByteArray    *point,
                                      GByteArray          *spki);
guint     till_key_der_get_weakness  (const TillKeyFacts  *facts);
void      till_key_der_hash_proper   (const TillKeyFacts  *facts,
                                      char                 hex[65]);

G_END_DECLS
