/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the bytes of a key say of it, for keys that GnuTLS knows and for those it does not. */
#include "config.h"

#include "till-key-der.h"

#include <gnutls/gnutls.h>
#include <string.h>

#include "till-certificate.h"
#include "till-oid.h"
#include "till-x509.h"

#define OID_RSA "1.2.840.113549.1.1.1"
#define OID_DSA "1.2.840.10040.4.1"
#define OID_EC  "1.2.840.10045.2.1"

#define TAG_SEC1_PARAMETERS  0xa0
#define TAG_SEC1_PUBLIC_KEY  0xa1
#define TAG_PKCS8_PUBLIC_KEY 0x81

#define SMALLEST_RSA_BITS 2048
#define SMALLEST_EC_BITS  224
/* Under this nobody takes a DSA or DH key for one. */
#define LEAST_DH_BITS     512

static gboolean
read_number (TillDer *der,
             TillDer *number)
{
  TillDerElement element;

  if (!till_der_read_tag (der, TILL_DER_INTEGER, &element) ||
      element.content.data == element.content.end)
    return FALSE;

  *number = element.content;
  return TRUE;
}

/* The size of the field in ECParameters (SEC 1 C.2): prime, or 2^m. */
static int
read_field_bits (TillDer parameters)
{
  TillDerElement field;
  TillDerElement type;
  TillDerElement binary;
  TillDer number;
  guint64 m;

  if (!read_number (&parameters, &number) ||
      !till_der_read_tag (&parameters, TILL_DER_SEQUENCE, &field) ||
      !till_der_read_tag (&field.content, TILL_DER_OID, &type))
    return 0;

  if (read_number (&field.content, &number))
    return till_x509_integer_bits (&number);

  if (till_der_read_tag (&field.content, TILL_DER_SEQUENCE, &binary) &&
      till_der_read_uint (&binary.content, &m) && m < 10000)
    return (int) m;

  return 0;
}

/* ECPKParameters (RFC 3279 2.3.5): a named curve, an explicit one, or none. */
static void
read_curve (TillDer       parameters,
            TillKeyFacts *facts)
{
  TillDerElement element;

  if (!till_der_read (&parameters, &element))
    return;

  if (element.tag == TILL_DER_OID)
    {
      char dotted[TILL_OID_SIZE];
      const TillOidCurve *curve;

      if (!till_oid_format (&element.content, dotted))
        return;

      curve = till_oid_find_curve (dotted);
      facts->curve = curve != NULL ? curve->name : g_intern_string (dotted);
      facts->bits = curve != NULL ? curve->bits : 0;
      facts->unknown_curve = curve == NULL;
    }
  else if (element.tag == TILL_DER_SEQUENCE)
    {
      facts->curve = "explicit";
      facts->bits = read_field_bits (element.content);
    }
}

/* A point without its curve still tells how large the field is. */
static void
set_point (TillKeyFacts *facts,
           TillDer       point)
{
  gsize size = till_der_left (&point);

  facts->part = TILL_KEY_PART_POINT;
  facts->proper = point;

  if (facts->bits == 0 && size > 1 && size < 1024)
    facts->bits = (int) (point.data[0] <= 0x03 ? size - 1 : (size - 1) / 2) * 8;
}

/**
 * till_key_der_read_rsa:
 * @der: the cursor; moved behind the key
 * @facts: (inout): gets bits and modulus
 *
 * Reads an RSAPublicKey (RFC 8017 A.1.1).
 *
 * Returns: %FALSE where none stands there
 */
gboolean
till_key_der_read_rsa (TillDer      *der,
                       TillKeyFacts *facts)
{
  TillDerElement sequence;
  TillDer modulus;
  TillDer exponent;

  if (!till_der_read_tag (der, TILL_DER_SEQUENCE, &sequence) ||
      !read_number (&sequence.content, &modulus) ||
      !read_number (&sequence.content, &exponent) ||
      till_der_left (&sequence.content) > 0)
    return FALSE;

  facts->part = TILL_KEY_PART_NUMBER;
  facts->proper = till_x509_integer_magnitude (&modulus);
  facts->bits = till_x509_integer_bits (&modulus);
  return facts->bits > 0;
}

/* Name, curve and size, as far as the algorithm alone tells them. */
static const TillOidKey *
read_algorithm_facts (const TillAlgorithm *algorithm,
                      TillKeyFacts        *facts)
{
  const TillOidKey *known = till_oid_find_key (algorithm->oid);
  TillDer parameters = algorithm->parameters;
  TillDerElement sequence;
  TillDer prime;

  memset (facts, 0, sizeof *facts);

  if (known == NULL)
    {
      facts->algorithm = g_intern_string (algorithm->oid);
      return NULL;
    }

  facts->algorithm = known->name;
  facts->bits = known->bits;
  facts->supported = known->form != TILL_KEY_FORM_PQ && known->form != TILL_KEY_FORM_OTHER;

  if (known->form == TILL_KEY_FORM_EC)
    read_curve (parameters, facts);
  else if ((known->form == TILL_KEY_FORM_DSA || known->form == TILL_KEY_FORM_DH) &&
           till_der_read_tag (&parameters, TILL_DER_SEQUENCE, &sequence) &&
           read_number (&sequence.content, &prime))
    facts->bits = till_x509_integer_bits (&prime);

  return known;
}

static gboolean
read_public_part (const TillOidKey *known,
                  TillDer           bits,
                  TillKeyFacts     *facts)
{
  TillDer number;

  switch (known != NULL ? known->form : TILL_KEY_FORM_OTHER)
    {
    case TILL_KEY_FORM_RSA:
      return till_key_der_read_rsa (&bits, facts) && till_der_left (&bits) == 0;

    case TILL_KEY_FORM_DSA:
    case TILL_KEY_FORM_DH:
      if (!read_number (&bits, &number) || till_der_left (&bits) > 0)
        return FALSE;
      facts->part = TILL_KEY_PART_NUMBER;
      facts->proper = till_x509_integer_magnitude (&number);
      return TRUE;

    case TILL_KEY_FORM_EC:
      if (till_der_left (&bits) < 2)
        return FALSE;
      set_point (facts, bits);
      return TRUE;

    case TILL_KEY_FORM_RAW:
      facts->part = TILL_KEY_PART_RAW;
      facts->proper = bits;
      return till_der_left (&bits) == (gsize) (known->bits + 7) / 8;

    case TILL_KEY_FORM_GOST:
    case TILL_KEY_FORM_PQ:
    case TILL_KEY_FORM_OTHER:
    default:
      facts->part = TILL_KEY_PART_RAW;
      facts->proper = bits;
      return till_der_left (&bits) > 0;
    }
}

/**
 * till_key_der_read_spki:
 * @der: the cursor; moved behind the key
 * @facts: (out): what was read
 * @whole: (out): the SubjectPublicKeyInfo with its header
 * @well_formed: (out) (optional): the key proper is written as its algorithm says
 *
 * Reads a SubjectPublicKeyInfo (RFC 5280 4.1.2.7). A key proper that can't be
 * read leaves what its algorithm tells.
 *
 * Returns: %FALSE where none stands there
 */
gboolean
till_key_der_read_spki (TillDer      *der,
                        TillKeyFacts *facts,
                        TillDer      *whole,
                        gboolean     *well_formed)
{
  TillDerElement sequence;
  TillAlgorithm algorithm;
  const TillOidKey *known;
  TillDer bits;
  gboolean good;

  if (!till_der_read_tag (der, TILL_DER_SEQUENCE, &sequence) ||
      !till_x509_read_algorithm (&sequence.content, &algorithm) ||
      !till_x509_read_bit_string (&sequence.content, &bits, NULL) ||
      till_der_left (&sequence.content) > 0)
    return FALSE;

  whole->data = sequence.start;
  whole->end = sequence.next;

  known = read_algorithm_facts (&algorithm, facts);
  good = read_public_part (known, bits, facts);
  if (!good)
    {
      facts->part = TILL_KEY_PART_NONE;
      till_der_init (&facts->proper, NULL, 0);
    }
  if (well_formed != NULL)
    *well_formed = good;

  return TRUE;
}

static void
append_spki (GByteArray   *spki,
             GByteArray   *algorithm,
             const guint8 *key,
             gsize         size)
{
  g_autoptr(GByteArray) bits = g_byte_array_new ();
  g_autoptr(GByteArray) parts = g_byte_array_new ();
  const guint8 unused = 0;

  g_byte_array_append (bits, &unused, 1);
  g_byte_array_append (bits, key, (guint) size);
  g_byte_array_append (parts, algorithm->data, algorithm->len);
  till_x509_append (parts, TILL_DER_BIT_STRING, bits->data, bits->len);
  till_x509_append (spki, TILL_DER_SEQUENCE, parts->data, parts->len);
}

static GByteArray *
new_algorithm (const guint8  *oid,
               gsize          oid_size,
               const TillDer *parameters)
{
  GByteArray *algorithm = g_byte_array_new ();
  g_autoptr(GByteArray) parts = g_byte_array_new ();

  till_x509_append (parts, TILL_DER_OID, oid, oid_size);
  g_byte_array_append (parts, parameters->data, (guint) till_der_left (parameters));
  till_x509_append (algorithm, TILL_DER_SEQUENCE, parts->data, parts->len);
  return algorithm;
}

static GByteArray *
copy_algorithm (const TillAlgorithm *algorithm)
{
  GByteArray *copy = g_byte_array_new ();

  g_byte_array_append (copy, algorithm->whole.data, (guint) till_der_left (&algorithm->whole));
  return copy;
}

/* OtherPrimeInfos (RFC 8017 A.1.2): prime, exponent and coefficient of each. */
static gboolean
check_other_primes (TillDer *rest)
{
  TillDerElement primes;
  TillDerElement prime;
  TillDer number;

  if (!till_der_read_tag (rest, TILL_DER_SEQUENCE, &primes) || till_der_left (&primes.content) == 0)
    return FALSE;

  while (till_der_left (&primes.content) > 0)
    {
      if (!till_der_read_tag (&primes.content, TILL_DER_SEQUENCE, &prime))
        return FALSE;

      for (guint i = 0; i < 3; i++)
        if (!read_number (&prime.content, &number) || till_x509_integer_bits (&number) == 0)
          return FALSE;

      if (till_der_left (&prime.content) > 0)
        return FALSE;
    }

  return TRUE;
}

/* RSAPrivateKey (RFC 8017 A.1.2), behind its version. */
static gboolean
read_rsa_private (TillDer       rest,
                  GByteArray   *algorithm,
                  TillKeyFacts *facts,
                  GByteArray   *spki)
{
  TillDer numbers[8];
  g_autoptr(GByteArray) parts = g_byte_array_new ();
  g_autoptr(GByteArray) key = g_byte_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (!read_number (&rest, &numbers[i]) || till_x509_integer_bits (&numbers[i]) == 0)
      return FALSE;

  /* More primes than two follow in a SEQUENCE. */
  if (till_der_left (&rest) > 0)
    {
      if (!check_other_primes (&rest) || till_der_left (&rest) > 0)
        return FALSE;
      facts->exotic = TRUE;
    }

  facts->part = TILL_KEY_PART_NUMBER;
  facts->proper = till_x509_integer_magnitude (&numbers[0]);
  facts->bits = till_x509_integer_bits (&numbers[0]);
  facts->primes[0] = numbers[3];
  facts->primes[1] = numbers[4];

  till_x509_append (parts, TILL_DER_INTEGER, numbers[0].data, till_der_left (&numbers[0]));
  till_x509_append (parts, TILL_DER_INTEGER, numbers[1].data, till_der_left (&numbers[1]));
  till_x509_append (key, TILL_DER_SEQUENCE, parts->data, parts->len);
  append_spki (spki, algorithm, key->data, key->len);
  return TRUE;
}

/* The old form of OpenSSL: version, p, q, g, y, x. */
static gboolean
read_dsa_private (TillDer       rest,
                  TillKeyFacts *facts,
                  GByteArray   *spki)
{
  static const guint8 oid[] = { 0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01 };
  TillDer numbers[5];
  TillDer parameters;
  g_autoptr(GByteArray) parts = g_byte_array_new ();
  g_autoptr(GByteArray) sequence = g_byte_array_new ();
  g_autoptr(GByteArray) algorithm = NULL;
  g_autoptr(GByteArray) key = g_byte_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (!read_number (&rest, &numbers[i]) || till_x509_integer_bits (&numbers[i]) == 0)
      return FALSE;

  if (till_der_left (&rest) > 0)
    return FALSE;

  facts->part = TILL_KEY_PART_NUMBER;
  facts->proper = till_x509_integer_magnitude (&numbers[3]);
  facts->bits = till_x509_integer_bits (&numbers[0]);

  for (guint i = 0; i < 3; i++)
    till_x509_append (parts, TILL_DER_INTEGER, numbers[i].data, till_der_left (&numbers[i]));
  till_x509_append (sequence, TILL_DER_SEQUENCE, parts->data, parts->len);
  till_der_init (&parameters, sequence->data, sequence->len);
  algorithm = new_algorithm (oid, sizeof oid, &parameters);
  till_x509_append (key, TILL_DER_INTEGER, numbers[3].data, till_der_left (&numbers[3]));
  append_spki (spki, algorithm, key->data, key->len);
  return TRUE;
}

static const guint8 ec_oid[] = { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01 };

/* ECPrivateKey (RFC 5915 3), behind its version. @outer: the parameters of the
 * PKCS #8 around it; empty where there is none. */
static gboolean
read_ec_private (TillDer       rest,
                 TillDer       outer,
                 TillKeyFacts *facts,
                 GByteArray   *spki)
{
  TillDerElement secret;
  TillDerElement parameters;
  TillDerElement wrapper;
  TillDer point;

  if (!till_der_read_tag (&rest, TILL_DER_OCTET_STRING, &secret) ||
      till_der_left (&secret.content) == 0 ||
      !till_der_read_optional (&rest, TAG_SEC1_PARAMETERS, &parameters) ||
      !till_der_read_optional (&rest, TAG_SEC1_PUBLIC_KEY, &wrapper) ||
      till_der_left (&rest) > 0)
    return FALSE;

  if (till_der_left (&outer) == 0 && parameters.tag != 0)
    outer = parameters.content;

  read_curve (outer, facts);
  facts->curve_parameters = outer;
  facts->scalar = secret.content;

  if (wrapper.tag != 0)
    {
      g_autoptr(GByteArray) algorithm = new_algorithm (ec_oid, sizeof ec_oid, &outer);

      if (!till_x509_read_bit_string (&wrapper.content, &point, NULL) || till_der_left (&point) < 2)
        return FALSE;

      set_point (facts, point);
      append_spki (spki, algorithm, point.data, till_der_left (&point));
    }

  return facts->curve != NULL;
}

/**
 * till_key_der_append_ec_spki:
 * @facts: of a private key on an elliptic curve
 * @point: its public key
 * @spki: gets the SubjectPublicKeyInfo
 *
 * For keys that do not hold their public part.
 */
void
till_key_der_append_ec_spki (const TillKeyFacts *facts,
                             const GByteArray   *point,
                             GByteArray         *spki)
{
  g_autoptr(GByteArray) algorithm = new_algorithm (ec_oid, sizeof ec_oid, &facts->curve_parameters);

  append_spki (spki, algorithm, point->data, point->len);
}

/* CurvePrivateKey of RFC 8410 7, and its public part from RFC 5958 2. */
static gboolean
read_raw_private (const TillOidKey    *known,
                  const TillAlgorithm *algorithm,
                  TillDer              rest,
                  const TillDer       *public_key,
                  TillKeyFacts        *facts,
                  GByteArray          *spki)
{
  TillDerElement secret;
  gsize size = (gsize) (known->bits + 7) / 8;

  if (!till_der_read_tag (&rest, TILL_DER_OCTET_STRING, &secret) ||
      till_der_left (&secret.content) != size || till_der_left (&rest) > 0)
    return FALSE;

  if (till_der_left (public_key) == size)
    {
      g_autoptr(GByteArray) copy = copy_algorithm (algorithm);

      facts->part = TILL_KEY_PART_RAW;
      facts->proper = *public_key;
      append_spki (spki, copy, public_key->data, size);
    }

  return TRUE;
}

static gboolean
set_inner_key (TillKeyFacts         *facts,
               const TillDerElement *key)
{
  facts->inner_key.data = key->start;
  facts->inner_key.end = key->next;
  return TRUE;
}

static gboolean
read_pkcs8_key (const TillOidKey    *known,
                const TillAlgorithm *algorithm,
                TillDer              key,
                const TillDer       *public_key,
                TillKeyFacts        *facts,
                GByteArray          *spki)
{
  TillDer whole = key;
  TillDerElement sequence;
  TillDer number;
  g_autoptr(GByteArray) copy = NULL;

  switch (known != NULL ? known->form : TILL_KEY_FORM_OTHER)
    {
    case TILL_KEY_FORM_RSA:
      copy = copy_algorithm (algorithm);
      return till_der_read_tag (&key, TILL_DER_SEQUENCE, &sequence) &&
             till_der_left (&key) == 0 &&
             read_number (&sequence.content, &number) &&
             set_inner_key (facts, &sequence) &&
             read_rsa_private (sequence.content, copy, facts, spki);

    case TILL_KEY_FORM_EC:
      return till_der_read_tag (&key, TILL_DER_SEQUENCE, &sequence) &&
             till_der_left (&key) == 0 &&
             read_number (&sequence.content, &number) &&
             read_ec_private (sequence.content, algorithm->parameters, facts, spki);

    case TILL_KEY_FORM_RAW:
      return read_raw_private (known, algorithm, key, public_key, facts, spki);

    case TILL_KEY_FORM_DSA:
    case TILL_KEY_FORM_DH:
      return read_number (&key, &number) && till_der_left (&key) == 0 &&
             till_x509_integer_bits (&number) > 0 && facts->bits >= LEAST_DH_BITS;

    case TILL_KEY_FORM_PQ:
    case TILL_KEY_FORM_OTHER:
      if (till_der_left (public_key) > 0)
        {
          copy = copy_algorithm (algorithm);
          facts->part = TILL_KEY_PART_RAW;
          facts->proper = *public_key;
          append_spki (spki, copy, public_key->data, till_der_left (public_key));
        }
      return till_der_left (&whole) > 0;

    case TILL_KEY_FORM_GOST:
    default:
      return till_der_left (&whole) > 0;
    }
}

/* PrivateKeyInfo, OneAsymmetricKey (RFC 5958 2), behind the version. */
static gboolean
read_pkcs8 (TillDer       rest,
            TillKeyFacts *facts,
            GByteArray   *spki)
{
  TillAlgorithm algorithm;
  TillDerElement key;
  TillDerElement attributes;
  TillDerElement wrapper;
  TillDer public_key = { NULL, NULL };
  const TillOidKey *known;

  if (!till_x509_read_algorithm (&rest, &algorithm) ||
      !till_der_read_tag (&rest, TILL_DER_OCTET_STRING, &key) ||
      !till_der_read_optional (&rest, TILL_DER_CONTEXT_0, &attributes) ||
      !till_der_read_optional (&rest, TAG_PKCS8_PUBLIC_KEY, &wrapper) ||
      till_der_left (&rest) > 0)
    return FALSE;

  /* An implicit BIT STRING: one octet that counts unused bits stands in front. */
  if (wrapper.tag != 0 && till_der_left (&wrapper.content) > 1)
    {
      public_key = wrapper.content;
      public_key.data++;
    }

  known = read_algorithm_facts (&algorithm, facts);
  if (strcmp (facts->algorithm, "RSA-PSS") == 0 && !till_x509_check_pss (algorithm.parameters))
    return FALSE;

  facts->pkcs8 = TRUE;
  facts->pkcs8_head.data = algorithm.whole.data;
  facts->pkcs8_head.end = key.next;
  return read_pkcs8_key (known, &algorithm, key.content, &public_key, facts, spki);
}

static void
set_named (TillKeyFacts *facts,
           const char   *oid)
{
  memset (facts, 0, sizeof *facts);
  facts->algorithm = till_oid_find_key (oid)->name;
  facts->supported = TRUE;
}

/**
 * till_key_der_read_private:
 * @data: (array length=size): a private key that is not encrypted
 * @size: how many bytes
 * @facts: (out): what was read; @proper stays empty where the public part is not there
 * @spki: gets a SubjectPublicKeyInfo where the public part is there
 *
 * Tells PKCS #8, PKCS #1, SEC 1 and OpenSSL's form of DSA keys apart by their
 * shape. Nothing of the private part is copied.
 *
 * Returns: %FALSE where it is none of them, or not written as it says it is
 */
gboolean
till_key_der_read_private (const guint8 *data,
                           gsize         size,
                           TillKeyFacts *facts,
                           GByteArray   *spki)
{
  static const guint8 rsa[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01 };
  static const guint8 null[] = { TILL_DER_NULL, 0x00 };
  const TillDer none = { NULL, NULL };
  TillDer der;
  TillDerElement sequence;
  TillDer version;
  guint8 tag;

  memset (facts, 0, sizeof *facts);
  till_der_init (&der, data, size);

  if (!till_der_read_tag (&der, TILL_DER_SEQUENCE, &sequence) ||
      !read_number (&sequence.content, &version) ||
      !till_der_peek_tag (&sequence.content, &tag))
    return FALSE;

  if (tag == TILL_DER_SEQUENCE)
    return read_pkcs8 (sequence.content, facts, spki);

  if (tag == TILL_DER_OCTET_STRING)
    {
      set_named (facts, OID_EC);
      return read_ec_private (sequence.content, none, facts, spki);
    }

  if (tag == TILL_DER_INTEGER)
    {
      g_autoptr(GByteArray) algorithm = NULL;
      TillDer parameters;

      set_named (facts, OID_DSA);
      if (read_dsa_private (sequence.content, facts, spki))
        return TRUE;

      set_named (facts, OID_RSA);
      till_der_init (&parameters, null, sizeof null);
      algorithm = new_algorithm (rsa, sizeof rsa, &parameters);
      return read_rsa_private (sequence.content, algorithm, facts, spki);
    }

  return FALSE;
}

/**
 * till_key_der_get_weakness:
 * @facts: of a key
 *
 * Returns: #TillWeakness of its size
 */
guint
till_key_der_get_weakness (const TillKeyFacts *facts)
{
  if (facts->bits <= 0)
    return TILL_WEAK_NONE;

  if (g_str_has_prefix (facts->algorithm, "RSA") || strcmp (facts->algorithm, "DSA") == 0 ||
      strcmp (facts->algorithm, "DH") == 0)
    return facts->bits < SMALLEST_RSA_BITS ? TILL_WEAK_SMALL_KEY : TILL_WEAK_NONE;

  if (strcmp (facts->algorithm, "EC") == 0)
    return facts->bits < SMALLEST_EC_BITS ? TILL_WEAK_SMALL_KEY : TILL_WEAK_NONE;

  return TILL_WEAK_NONE;
}

/**
 * till_key_der_hash_proper:
 * @facts: of a key
 * @hex: (out): SHA-256 of the key proper, empty where there is none
 *
 * Points are hashed in compressed form, so that it does not matter how a file
 * writes them.
 */
void
till_key_der_hash_proper (const TillKeyFacts *facts,
                          char                hex[65])
{
  gsize size = till_der_left (&facts->proper);

  hex[0] = '\0';

  if (facts->part == TILL_KEY_PART_NONE || size == 0)
    return;

  if (facts->part == TILL_KEY_PART_POINT && facts->proper.data[0] >= 0x04 &&
      facts->proper.data[0] <= 0x07 && size % 2 == 1 && size > 2)
    {
      gsize half = (size - 1) / 2;
      g_autofree guint8 *point = g_memdup2 (facts->proper.data, half + 1);

      point[0] = 0x02 | (facts->proper.end[-1] & 0x01);
      till_x509_digest_hex (GNUTLS_DIG_SHA256, point, half + 1, hex);
      return;
    }

  till_x509_digest_hex (GNUTLS_DIG_SHA256, facts->proper.data, size, hex);
}
