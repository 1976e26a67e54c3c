/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Binary files: which kind, whole or cut off, one element or several. */
#include "config.h"

#include "till-build.h"

#include <string.h>

#include "till-der-kind.h"
#include "till-error.h"
#include "till-sniff.h"

/* Anything shorter can't hold even the smallest key. */
#define MIN_BYTES 8

/* What follows the last element: nothing, or bytes that are left out. */
static gboolean
is_padding (const guint8 *data,
            gsize         size)
{
  for (gsize i = 0; i < size; i++)
    {
      if (data[i] != 0 && !g_ascii_isspace (data[i]) && data[i] != 0x1a)
        return FALSE;
    }

  return TRUE;
}

/* A SEQUENCE that is not whole: its header says how much is missing. */
static void
set_truncated (const guint8  *data,
               gsize          size,
               GError       **error)
{
  gsize whole = till_der_whole_size (data, size);
  const gint64 numbers[2] = { (gint64) size, whole > 0 ? (gint64) MIN (whole, (gsize) G_MAXINT64) : -1 };

  if (whole > size)
    till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_TRUNCATED, NULL, numbers,
                    "the file is damaged: it is incomplete, it ends after %" G_GSIZE_FORMAT
                    " of %" G_GSIZE_FORMAT " bytes", size, whole);
  else
    till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_TRUNCATED, NULL, numbers,
                    "the file is damaged: it is incomplete, it ends after %" G_GSIZE_FORMAT
                    " bytes in the middle of its contents", size);
}

/* Could these bytes be the beginning of DER at all? A header with a length that
 * is not absurd, and something known behind it as far as it goes. */
static gboolean
looks_like_der (const guint8 *data,
                gsize         size)
{
  gsize whole;
  gsize header;

  if (size < 2 || data[0] != TILL_DER_SEQUENCE)
    return FALSE;

  if (data[1] == 0x80)
    header = 2;
  else
    {
      whole = till_der_whole_size (data, size);
      if (whole == 0)
        return data[1] > 0x80 && data[1] < 0x85 && size < 6;
      header = 2 + (data[1] > 0x80 ? data[1] & 0x7f : 0);
      /* Nobody sends a certificate file of gigabytes; that is other data. */
      if (whole > G_MAXINT32 || header > 6)
        return FALSE;
    }

  if (size <= header)
    return TRUE;

  return data[header] == TILL_DER_SEQUENCE || data[header] == TILL_DER_INTEGER || data[header] == TILL_DER_OID;
}

/* PkiPath: a SEQUENCE of certificates, the root first. */
static gboolean
read_pki_path (TillBuild      *self,
               const TillDer  *der,
               GError        **error)
{
  TillDer cursor = *der;
  TillDerElement path;
  TillDerElement element;

  if (!till_der_read (&cursor, &path))
    return FALSE;

  while (till_der_left (&path.content) > 0)
    {
      TillDer one = path.content;

      if (!till_der_read (&path.content, &element))
        {
          till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "list of certificates",
                          (const gint64[2]) { one.data - der->data, -1 },
                          "the file is damaged: its list of certificates can't be read");
          return FALSE;
        }

      one.end = element.next;
      if (!till_build_add_certificate (self, &one, NULL, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
read_one (TillBuild       *self,
          TillDerKind      kind,
          const TillDer   *der,
          GError         **error)
{
  switch (kind)
    {
    case TILL_DER_KIND_CERTIFICATE:
      return till_build_add_certificate (self, der, NULL, error);

    case TILL_DER_KIND_CRL:
      return till_build_add_crl (self, der, error);

    case TILL_DER_KIND_REQUEST:
      return till_build_add_request (self, der, error);

    case TILL_DER_KIND_PKI_PATH:
      return read_pki_path (self, der, error);

    case TILL_DER_KIND_PKCS12:
      return till_read_pkcs12 (self, der->data, till_der_left (der), error);

    case TILL_DER_KIND_PKCS7:
      return till_read_pkcs7 (self, der->data, till_der_left (der), error);

    case TILL_DER_KIND_PRIVATE_KEY:
      return till_build_add_private_key (self, der, NULL, NULL, error);

    case TILL_DER_KIND_ENCRYPTED_KEY:
      return till_build_add_encrypted_key (self, der, NULL, NULL, error);

    case TILL_DER_KIND_PUBLIC_KEY:
      return till_build_add_public_key (self, der, NULL, error);

    case TILL_DER_KIND_UNKNOWN:
    case TILL_DER_KIND_OTHER:
    default:
      g_return_val_if_reached (FALSE);
    }
}

/**
 * till_read_der:
 * @self: a build
 * @data: the bytes of a file that is not text
 * @size: how many, at least one
 * @error: return location
 *
 * Reads one element of DER or BER, or several certificates one behind the other.
 * What follows and makes no sense is left out and noted.
 *
 * Returns: whether it could be read
 */
gboolean
till_read_der (TillBuild     *self,
               const guint8  *data,
               gsize          size,
               GError       **error)
{
  TillDer der;
  TillDerElement element;
  TillDer whole;
  TillDerKind kind;
  const char *what;

  till_der_init (&der, data, size);

  if (!looks_like_der (data, size))
    {
      till_sniff_set_error (data, size, error);
      return FALSE;
    }

  if (!till_der_read (&der, &element))
    {
      if (size < MIN_BYTES)
        till_sniff_set_error (data, size, error);
      else
        set_truncated (data, size, error);
      return FALSE;
    }

  till_der_init (&whole, data, (gsize) (element.next - data));
  kind = till_der_kind (data, till_der_left (&whole), &what);

  if (kind == TILL_DER_KIND_OTHER)
    {
      till_set_error (error, TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_LOOKS_LIKE, what, NULL,
                      "this is not a certificate file, it looks like %s", what);
      return FALSE;
    }

  if (kind == TILL_DER_KIND_UNKNOWN)
    {
      till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, NULL, (const gint64[2]) { 0, -1 },
                      "the file is damaged, or holds no certificate, key or container of a known kind");
      return FALSE;
    }

  if (data[1] == 0x80)
    self->document->notes |= TILL_NOTE_BER;

  if (!read_one (self, kind, &whole, error))
    return FALSE;

  while (kind == TILL_DER_KIND_CERTIFICATE && till_der_left (&der) > 0)
    {
      TillDer next = der;

      if (!till_der_read (&next, &element) ||
          till_der_kind (der.data, till_der_left (&der), &what) != TILL_DER_KIND_CERTIFICATE)
        break;

      till_der_init (&whole, der.data, (gsize) (element.next - der.data));
      if (!till_build_add_certificate (self, &whole, NULL, error))
        return FALSE;
      der = next;
    }

  if (till_der_left (&der) == 0)
    return TRUE;

  /* A second certificate that is cut off is not just bytes left over. */
  if (kind == TILL_DER_KIND_CERTIFICATE && !is_padding (der.data, till_der_left (&der)) &&
      looks_like_der (der.data, till_der_left (&der)) && !till_der_read (&der, &element))
    {
      set_truncated (der.data, till_der_left (&der), error);
      return FALSE;
    }

  self->document->notes |= TILL_NOTE_TRAILING_BYTES;
  return TRUE;
}
