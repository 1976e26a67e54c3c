/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PKCS #7 and CMS SignedData as a bag of certificates and revocation lists. */
#include "config.h"

#include "till-pkcs7.h"

#include <string.h>

#include "till-error.h"
#include "till-limits.h"

#define OID_PKCS7       "1.2.840.113549.1.7."
#define OID_SIGNED_DATA OID_PKCS7 "2"

/* Content types that hold no certificates to be seen, and what to call them. */
static const struct
{
  const char *oid;
  const char *what;
} other_contents[] = {
  { OID_PKCS7 "1", "plain data in a PKCS #7 envelope" },
  { OID_PKCS7 "3", "an encrypted PKCS #7 message" },
  { OID_PKCS7 "4", "an encrypted PKCS #7 message" },
  { OID_PKCS7 "5", "a PKCS #7 digest" },
  { OID_PKCS7 "6", "an encrypted PKCS #7 message" },
  { "1.2.840.113549.1.9.16.1.2", "an authenticated CMS message" },
  { "1.2.840.113549.1.9.16.1.9", "a compressed CMS message" },
  { "1.2.840.113549.1.9.16.1.23", "an encrypted CMS message" },
  { "2.16.840.1.113730.2.5", "a Netscape certificate sequence" },
};

static gboolean
set_damaged (const guint8  *data,
             const guint8  *at,
             const char    *part,
             GError       **error)
{
  const gint64 numbers[2] = { at - data, -1 };

  till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, part, numbers,
                  "the PKCS #7 file is damaged: its %s can't be read (at byte %" G_GINT64_FORMAT ")", part,
                  numbers[0]);
  return FALSE;
}

/* Every constructed element inside is whole: no inner length reaches beyond its parent. */
static gboolean
is_well_nested (TillDer der,
                int     depth)
{
  if (depth > TILL_LIMIT_DER_DEPTH)
    return FALSE;

  while (till_der_left (&der) > 0)
    {
      TillDerElement element;

      if (!till_der_read (&der, &element))
        return FALSE;
      if ((element.tag & 0x20) != 0 && !is_well_nested (element.content, depth + 1))
        return FALSE;
    }

  return TRUE;
}

/* SignerInfo (RFC 5652 5.3): only its form; what it signs is not ours to judge. */
static gboolean
is_signer_info (TillDer der)
{
  TillDerElement element, part;
  TillDer signer;
  guint64 version;

  if (!till_der_read_tag (&der, TILL_DER_SEQUENCE, &element))
    return FALSE;
  signer = element.content;

  if (!till_der_read_uint (&signer, &version) || !till_der_read (&signer, &part))
    return FALSE;

  if (part.tag == TILL_DER_SEQUENCE)
    {
      TillDer id = part.content;

      /* issuerAndSerialNumber */
      if (!till_der_read_tag (&id, TILL_DER_SEQUENCE, &part) || !till_der_read_tag (&id, TILL_DER_INTEGER, &part)
          || till_der_left (&id) > 0)
        return FALSE;
    }
  else if ((part.tag & 0xc0) != 0x80)
    return FALSE;

  /* digestAlgorithm, signedAttrs, signatureAlgorithm, signature */
  if (!till_der_read_tag (&signer, TILL_DER_SEQUENCE, &part))
    return FALSE;
  till_der_read_optional (&signer, TILL_DER_CONTEXT_0, &part);

  return till_der_read_tag (&signer, TILL_DER_SEQUENCE, &part)
         && till_der_read (&signer, &part) && (part.tag & ~0x20) == TILL_DER_OCTET_STRING
         && is_well_nested (element.content, 0);
}

/* The ContentInfo around it all: content type and what is in the explicit [0]. */
static gboolean
read_content_info (const guint8   *data,
                   gsize           size,
                   TillDerElement *type,
                   TillDer        *content)
{
  TillDerElement element;
  TillDer der;

  till_der_init (&der, data, size);
  if (!till_der_read_tag (&der, TILL_DER_SEQUENCE, &element))
    return FALSE;

  der = element.content;
  if (!till_der_read_tag (&der, TILL_DER_OID, type))
    return FALSE;

  till_der_init (content, der.data, 0);
  if (till_der_read_optional (&der, TILL_DER_CONTEXT_0, &element) && element.tag != 0)
    *content = element.content;

  return TRUE;
}

/**
 * till_pkcs7_is:
 * @data: bytes
 * @size: how many
 *
 * Returns: whether they begin like a ContentInfo of PKCS #7 or CMS (RFC 5652 3): an object identifier first
 */
gboolean
till_pkcs7_is (const guint8 *data,
               gsize         size)
{
  TillDerElement type;
  TillDer content;

  return read_content_info (data, size, &type, &content);
}

/* Takes the elements of a certificate or list set; others than plain ones (attribute certificates) are left out. */
static gboolean
collect (TillDer    set,
         GPtrArray *array)
{
  while (till_der_left (&set) > 0)
    {
      TillDerElement element;

      if (!till_der_read (&set, &element))
        return FALSE;
      if (element.tag == TILL_DER_SEQUENCE)
        g_ptr_array_add (array, g_bytes_new (element.start, element.next - element.start));
    }

  return TRUE;
}

static gboolean
read_signed_data (const guint8  *data,
                  TillDer        content,
                  GPtrArray     *certificates,
                  GPtrArray     *crls,
                  GError       **error)
{
  TillDerElement element;
  TillDer inner;
  guint64 version;

  if (!till_der_read_tag (&content, TILL_DER_SEQUENCE, &element))
    return set_damaged (data, content.data, "signed data", error);

  inner = element.content;
  if (!till_der_read_uint (&inner, &version) || !till_der_read_tag (&inner, TILL_DER_SET, &element)
      || !is_well_nested (element.content, 0))
    return set_damaged (data, inner.data, "version or digest algorithms", error);

  if (!till_der_read_tag (&inner, TILL_DER_SEQUENCE, &element) || !is_well_nested (element.content, 0))
    return set_damaged (data, inner.data, "content", error);

  if (!till_der_read_optional (&inner, TILL_DER_CONTEXT_0, &element) || !collect (element.content, certificates))
    return set_damaged (data, inner.data, "list of certificates", error);

  if (!till_der_read_optional (&inner, TILL_DER_CONTEXT_0 + 1, &element) || !collect (element.content, crls))
    return set_damaged (data, inner.data, "revocation lists", error);

  if (!till_der_read_tag (&inner, TILL_DER_SET, &element))
    return set_damaged (data, inner.data, "list of signers", error);

  inner = element.content;
  while (till_der_left (&inner) > 0)
    {
      TillDer one = inner;

      if (!is_signer_info (one) || !till_der_read (&inner, &element))
        return set_damaged (data, inner.data, "list of signers", error);
    }

  return TRUE;
}

/**
 * till_pkcs7_read:
 * @data: a ContentInfo, DER or BER
 * @size: its size
 * @certificates: (element-type GBytes): the DER of the certificates is added here, in file order
 * @crls: (element-type GBytes): the same for revocation lists
 * @error: return location: %TILL_ERROR_DAMAGED with the place, or %TILL_ERROR_NOT_A_CERTIFICATE_FILE for
 *   content that is no SignedData
 *
 * Signatures are not checked: the file serves as a bag.
 *
 * Returns: whether it could be read
 */
gboolean
till_pkcs7_read (const guint8  *data,
                 gsize          size,
                 GPtrArray     *certificates,
                 GPtrArray     *crls,
                 GError       **error)
{
  TillDerElement type;
  TillDer content;

  g_return_val_if_fail (data != NULL, FALSE);

  if (!read_content_info (data, size, &type, &content))
    return set_damaged (data, data, "beginning", error);

  if (till_der_oid_is (&type, OID_SIGNED_DATA))
    return read_signed_data (data, content, certificates, crls, error);

  for (guint i = 0; i < G_N_ELEMENTS (other_contents); i++)
    if (till_der_oid_is (&type, other_contents[i].oid))
      {
        till_set_error (error, TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_LOOKS_LIKE, other_contents[i].what,
                        NULL, "this is %s, not a file of certificates, and not supported", other_contents[i].what);
        return FALSE;
      }

  return set_damaged (data, type.start, "content type", error);
}
