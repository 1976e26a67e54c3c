/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the parts of a certificate stand in its bytes (RFC 5280 4.1). */
#include "config.h"

#include "till-certificate-parts.h"

#include <string.h>

#define TAG_VERSION     TILL_DER_CONTEXT_0
#define TAG_ISSUER_ID   0x81
#define TAG_SUBJECT_ID  0x82
#define TAG_EXTENSIONS  0xa3

#define OID_SUBJECT_ALT_NAME "2.5.29.17"
#define OID_ISSUER_ALT_NAME  "2.5.29.18"

static void
set_whole (TillDer              *to,
           const TillDerElement *element)
{
  to->data = element->start;
  to->end = element->next;
}

static gboolean
read_version (TillDer              *tbs,
              TillCertificateParts *parts)
{
  TillDerElement wrapper;
  TillDerElement element;

  if (!till_der_read_optional (tbs, TAG_VERSION, &wrapper))
    return FALSE;

  if (wrapper.tag == 0)
    return TRUE;

  /* Versions that there never were are no reason not to show a certificate. */
  parts->version = G_MAXUINT64;
  if (till_der_read_uint (&wrapper.content, &parts->version))
    return till_der_left (&wrapper.content) == 0;

  return till_der_read_tag (&wrapper.content, TILL_DER_INTEGER, &element);
}

static gboolean
read_element (TillDer *der,
              guint8   tag,
              TillDer *whole,
              TillDer *content)
{
  TillDerElement element;

  if (!till_der_read_tag (der, tag, &element))
    return FALSE;

  set_whole (whole, &element);
  if (content != NULL)
    *content = element.content;
  return TRUE;
}

static gboolean
read_extensions (TillDer              *tbs,
                 TillCertificateParts *parts)
{
  TillDerElement element;
  TillDerElement list;

  /* Unique identifiers, which nobody uses (RFC 5280 4.1.2.8). */
  if (!till_der_read_optional (tbs, TAG_ISSUER_ID, &element) ||
      !till_der_read_optional (tbs, TAG_SUBJECT_ID, &element) ||
      !till_der_read_optional (tbs, TAG_EXTENSIONS, &element))
    return FALSE;

  if (element.tag != 0)
    {
      if (!till_der_read_tag (&element.content, TILL_DER_SEQUENCE, &list) ||
          till_der_left (&element.content) > 0)
        return FALSE;
      parts->extensions = list.content;
    }

  return till_der_left (tbs) == 0;
}

static gboolean
read_tbs (TillDer               *tbs,
          TillCertificateParts  *parts,
          const char           **where)
{
  TillDerElement validity;

  *where = "the version";
  if (!read_version (tbs, parts))
    return FALSE;

  *where = "the serial number";
  if (!read_element (tbs, TILL_DER_INTEGER, &parts->serial_element, &parts->serial) ||
      till_der_left (&parts->serial) == 0)
    return FALSE;

  *where = "the signature algorithm";
  if (!till_x509_read_algorithm (tbs, &parts->inner_algorithm))
    return FALSE;

  *where = "the issuer";
  if (!read_element (tbs, TILL_DER_SEQUENCE, &parts->issuer, NULL))
    return FALSE;

  *where = "the dates";
  if (!till_der_read_tag (tbs, TILL_DER_SEQUENCE, &validity))
    return FALSE;

  parts->validity = validity.content;

  *where = "the subject";
  if (!read_element (tbs, TILL_DER_SEQUENCE, &parts->subject, NULL))
    return FALSE;

  *where = "the public key";
  if (!read_element (tbs, TILL_DER_SEQUENCE, &parts->spki, NULL))
    return FALSE;

  *where = "the extensions";
  return read_extensions (tbs, parts);
}

/**
 * till_certificate_parts_read:
 * @parts: (out): the parts
 * @data: (array length=size): a certificate; what follows it is left alone
 * @size: how many bytes
 * @where: (out): the part that can't be read, in words
 * @offset: (out): where in @data it begins
 *
 * Finds the parts of a Certificate (RFC 5280 4.1). Names, dates, key and
 * extensions are not looked into.
 *
 * Returns: %FALSE where it is none
 */
gboolean
till_certificate_parts_read (TillCertificateParts *parts,
                             const guint8         *data,
                             gsize                 size,
                             const char          **where,
                             gsize                *offset)
{
  TillDer der;
  TillDer outer;
  TillDer tbs;
  TillDerElement signature;

  memset (parts, 0, sizeof *parts);
  *offset = 0;
  *where = "its beginning";

  till_der_init (&der, data, size);
  if (!read_element (&der, TILL_DER_SEQUENCE, &parts->whole, &outer))
    return FALSE;

  *offset = (gsize) (outer.data - data);
  if (!read_element (&outer, TILL_DER_SEQUENCE, &parts->tbs, &tbs))
    return FALSE;

  if (!read_tbs (&tbs, parts, where))
    {
      *offset = (gsize) (tbs.data - data);
      return FALSE;
    }

  *where = "the signature";
  *offset = (gsize) (outer.data - data);
  if (!till_x509_read_algorithm (&outer, &parts->outer_algorithm))
    return FALSE;

  *offset = (gsize) (outer.data - data);
  der = outer;
  if (!till_der_read (&der, &signature) ||
      !till_x509_read_bit_string (&outer, &parts->signature, NULL) ||
      till_der_left (&outer) > 0)
    return FALSE;

  set_whole (&parts->signature_element, &signature);
  return TRUE;
}

/**
 * till_certificate_parts_extension:
 * @extensions: the list; moved behind the extension
 * @extension: (out): what was read
 *
 * Returns: %FALSE where none stands there
 */
gboolean
till_certificate_parts_extension (TillDer           *extensions,
                                  TillExtensionPart *extension)
{
  TillDerElement sequence;
  TillDerElement oid;
  TillDerElement value;

  if (!till_der_read_tag (extensions, TILL_DER_SEQUENCE, &sequence) ||
      !till_der_read_tag (&sequence.content, TILL_DER_OID, &oid) ||
      !till_oid_format (&oid.content, extension->oid) ||
      !till_x509_read_boolean (&sequence.content, &extension->critical) ||
      !till_der_read_tag (&sequence.content, TILL_DER_OCTET_STRING, &value) ||
      till_der_left (&sequence.content) > 0)
    return FALSE;

  extension->oid_octets = oid.content;
  extension->value = value.content;
  set_whole (&extension->whole, &sequence);
  return TRUE;
}

static void
append_part (GByteArray    *to,
             const TillDer *part)
{
  g_byte_array_append (to, part->data, (guint) till_der_left (part));
}

/**
 * till_certificate_parts_tame:
 * @parts: of a certificate that GnuTLS 3.7 refuses
 *
 * Writes the certificate again with what GnuTLS is known to be particular
 * about, and other programs read: the version becomes 3, the inner signature
 * algorithm becomes the outer one, the dates become good ones, and alternative
 * names (where one may be empty or of a rare kind) and unique identifiers are
 * left away. Whatever else is wrong stays wrong, so
 * the library's answer to the copy tells whether the rest is sound. The copy is
 * good for nothing else.
 *
 * Returns: (transfer full): the copy
 */
GByteArray *
till_certificate_parts_tame (const TillCertificateParts *parts)
{
  static const guint8 version[] = { TAG_VERSION, 0x03, TILL_DER_INTEGER, 0x01, 0x02 };
  static const guint8 validity[] = "\x30\x1e" "\x17\x0d" "700101000000Z" "\x17\x0d" "700101000000Z";
  g_autoptr(GByteArray) list = g_byte_array_new ();
  g_autoptr(GByteArray) tbs = g_byte_array_new ();
  g_autoptr(GByteArray) outer = g_byte_array_new ();
  GByteArray *copy = g_byte_array_new ();
  TillDer walk = parts->extensions;

  g_byte_array_append (tbs, version, sizeof version);
  append_part (tbs, &parts->serial_element);
  append_part (tbs, &parts->outer_algorithm.whole);
  append_part (tbs, &parts->issuer);
  g_byte_array_append (tbs, validity, sizeof validity - 1);
  append_part (tbs, &parts->subject);
  append_part (tbs, &parts->spki);

  while (till_der_left (&walk) > 0)
    {
      TillExtensionPart extension;

      if (!till_certificate_parts_extension (&walk, &extension))
        break;

      if (strcmp (extension.oid, OID_SUBJECT_ALT_NAME) != 0 &&
          strcmp (extension.oid, OID_ISSUER_ALT_NAME) != 0)
        append_part (list, &extension.whole);
    }

  if (list->len > 0)
    {
      g_autoptr(GByteArray) wrapped = g_byte_array_new ();

      till_x509_append (wrapped, TILL_DER_SEQUENCE, list->data, list->len);
      till_x509_append (tbs, TAG_EXTENSIONS, wrapped->data, wrapped->len);
    }

  till_x509_append (outer, TILL_DER_SEQUENCE, tbs->data, tbs->len);
  append_part (outer, &parts->outer_algorithm.whole);
  append_part (outer, &parts->signature_element);
  till_x509_append (copy, TILL_DER_SEQUENCE, outer->data, outer->len);
  return copy;
}
