/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an element of DER or BER is, told by its structure. */
#include "config.h"

#include "till-der-kind.h"

#include <string.h>

#define OID_PKCS7 "1.2.840.113549.1.7."
#define OID_SMIME "1.2.840.113549.1.9.16.1."
#define OID_PBES2 "1.2.840.113549.1.5.13"

/* The tags of the first elements of a sequence, as many as fit; 0 behind the last. */
#define N_TAGS 8

static void
read_tags (TillDer der,
           guint8  tags[N_TAGS])
{
  TillDerElement element;

  memset (tags, 0, N_TAGS);
  for (guint i = 0; i < N_TAGS && till_der_read (&der, &element); i++)
    tags[i] = element.tag;
}

static gboolean
is_all (const guint8 *tags,
        guint8        tag,
        guint         from,
        guint         to)
{
  for (guint i = from; i < to; i++)
    {
      if (tags[i] != tag)
        return FALSE;
    }

  return TRUE;
}

/* Three parts, the last a BIT STRING: something that is signed. What it is shows
 * in its first part (RFC 5280 4.1 and 5.1, RFC 2986 4.1). */
static TillDerKind
sniff_signed (TillDer to_be_signed)
{
  guint8 tags[N_TAGS];
  guint i = 0;

  read_tags (to_be_signed, tags);

  if (tags[0] == TILL_DER_CONTEXT_0)
    return TILL_DER_KIND_CERTIFICATE;

  if (tags[i] == TILL_DER_INTEGER)
    i++;

  /* Version, signature, issuer, a time. */
  if (is_all (tags, TILL_DER_SEQUENCE, i, i + 2) &&
      (tags[i + 2] == TILL_DER_UTC_TIME || tags[i + 2] == TILL_DER_GENERALIZED_TIME))
    return TILL_DER_KIND_CRL;

  /* Version, subject, key, attributes, which some leave out. */
  if (i == 1 && is_all (tags, TILL_DER_SEQUENCE, 1, 3) && (tags[3] == TILL_DER_CONTEXT_0 || tags[3] == 0))
    return TILL_DER_KIND_REQUEST;

  return TILL_DER_KIND_CERTIFICATE;
}

static gboolean
starts_with_oid (TillDer     der,
                 const char *dotted)
{
  TillDerElement element;
  g_autofree char *oid = NULL;

  if (!till_der_read_tag (&der, TILL_DER_OID, &element))
    return FALSE;

  oid = till_der_dup_oid (&element);
  return oid != NULL && g_str_has_prefix (oid, dotted);
}

static TillDerKind
sniff_sequence_first (TillDer        der,
                      const guint8   tags[N_TAGS],
                      const char   **what)
{
  TillDerElement first;
  TillDerElement second;
  guint8 inner[N_TAGS];

  if (!till_der_read (&der, &first))
    return TILL_DER_KIND_UNKNOWN;
  read_tags (first.content, inner);

  if (tags[1] == TILL_DER_SEQUENCE && tags[2] == TILL_DER_BIT_STRING)
    return sniff_signed (first.content);

  if (inner[0] == TILL_DER_OID && tags[1] == TILL_DER_BIT_STRING && tags[2] == 0)
    return TILL_DER_KIND_PUBLIC_KEY;

  if (inner[0] == TILL_DER_OID && (tags[1] & ~0x20) == TILL_DER_OCTET_STRING && tags[2] == 0)
    return TILL_DER_KIND_ENCRYPTED_KEY;

  /* Bouncy Castle's BCFKS: an encrypted store and its integrity check. */
  if (inner[0] == TILL_DER_SEQUENCE && inner[1] == TILL_DER_OCTET_STRING &&
      till_der_read (&first.content, &second) && starts_with_oid (second.content, OID_PBES2))
    {
      *what = "a Java keystore (BCFKS)";
      return TILL_DER_KIND_OTHER;
    }

  /* PkiPath (X.509 2000): certificates one behind the other. */
  if (inner[0] == TILL_DER_SEQUENCE && inner[1] == TILL_DER_SEQUENCE && inner[2] == TILL_DER_BIT_STRING &&
      inner[3] == 0 && is_all (tags, TILL_DER_SEQUENCE, 0, 1))
    return TILL_DER_KIND_PKI_PATH;

  /* A certificate whose signature part is broken shall be told as such. */
  if (inner[0] == TILL_DER_CONTEXT_0)
    return TILL_DER_KIND_CERTIFICATE;

  return TILL_DER_KIND_UNKNOWN;
}

/* DHParameter (PKCS #3) is written as RSAPublicKey is. Its second number is the
 * generator, 2 or 5 in practice; an exponent of RSA is odd, and nobody takes 5. */
static gboolean
is_generator (TillDer der)
{
  TillDerElement prime;
  guint64 generator;

  return till_der_read (&der, &prime) && till_der_read_uint (&der, &generator) &&
         (generator % 2 == 0 || generator == 5);
}

static TillDerKind
sniff_integer_first (TillDer        der,
                     const guint8   tags[N_TAGS],
                     const char   **what)
{
  const TillDer start = der;
  guint64 version = G_MAXUINT64;
  gboolean small = till_der_read_uint (&der, &version);
  TillDerElement element;

  /* RSAPublicKey has two, Dss-Parms three, DSAPrivateKey six, RSAPrivateKey nine. */
  if (tags[1] == TILL_DER_INTEGER)
    {
      if (tags[2] == 0 && !is_generator (start))
        return TILL_DER_KIND_PUBLIC_KEY;
      if (is_all (tags, TILL_DER_INTEGER, 2, 6))
        return TILL_DER_KIND_PRIVATE_KEY;
      if (tags[2] == 0 || (tags[2] == TILL_DER_INTEGER && tags[3] == 0))
        {
          *what = "parameters of a key";
          return TILL_DER_KIND_OTHER;
        }
      return small && version <= 2 ? TILL_DER_KIND_PRIVATE_KEY : TILL_DER_KIND_UNKNOWN;
    }

  /* ECPrivateKey (RFC 5915). */
  if (tags[1] == TILL_DER_OCTET_STRING)
    return TILL_DER_KIND_PRIVATE_KEY;

  if (tags[1] != TILL_DER_SEQUENCE || !small || !till_der_read (&der, &element))
    return TILL_DER_KIND_UNKNOWN;

  /* A PFX holds a ContentInfo, a PrivateKeyInfo an AlgorithmIdentifier. */
  if (starts_with_oid (element.content, OID_PKCS7))
    return TILL_DER_KIND_PKCS12;
  if ((tags[2] & ~0x20) == TILL_DER_OCTET_STRING)
    return TILL_DER_KIND_PRIVATE_KEY;

  return version == 3 ? TILL_DER_KIND_PKCS12 : TILL_DER_KIND_UNKNOWN;
}

/**
 * till_der_kind:
 * @data: a whole element
 * @size: how many bytes
 * @what: (out) (transfer none) (nullable): with %TILL_DER_KIND_OTHER what it is
 *
 * Tells by its structure what kind of thing an element of DER or BER is. That it
 * is well formed inside is for the readers to see.
 *
 * Returns: the kind
 */
TillDerKind
till_der_kind (const guint8  *data,
                gsize          size,
                const char   **what)
{
  TillDer der;
  TillDerElement outer;
  guint8 tags[N_TAGS];

  *what = NULL;

  till_der_init (&der, data, size);
  if (!till_der_read_tag (&der, TILL_DER_SEQUENCE, &outer))
    return TILL_DER_KIND_UNKNOWN;

  read_tags (outer.content, tags);

  if (tags[0] == TILL_DER_OID)
    {
      if (starts_with_oid (outer.content, OID_PKCS7) || starts_with_oid (outer.content, OID_SMIME) ||
          tags[1] == TILL_DER_CONTEXT_0)
        return TILL_DER_KIND_PKCS7;
      return TILL_DER_KIND_UNKNOWN;
    }

  if (tags[0] == TILL_DER_INTEGER)
    return sniff_integer_first (outer.content, tags, what);

  if (tags[0] == TILL_DER_SEQUENCE)
    return sniff_sequence_first (outer.content, tags, what);

  return TILL_DER_KIND_UNKNOWN;
}
