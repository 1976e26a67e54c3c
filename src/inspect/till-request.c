/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificate requests (PKCS #10, RFC 2986) and revocation lists (RFC 5280 5). */
#include "config.h"

#include "till-request.h"

#include <string.h>

#include "till-certificate-parts.h"
#include "till-certificate.h"
#include "till-error.h"
#include "till-extension.h"
#include "till-key-der.h"
#include "till-name.h"
#include "till-x509.h"

#define OID_EXTENSION_REQUEST     "1.2.840.113549.1.9.14"
#define OID_MS_EXTENSION_REQUEST  "1.3.6.1.4.1.311.2.1.14"
#define OID_SUBJECT_ALT_NAME      "2.5.29.17"
#define OID_CRL_NUMBER            "2.5.29.20"

/* How many serials of a revocation list are kept. */
#define MAX_SERIALS 1000

static void
set_damaged (GError     **error,
             const char  *what,
             const char  *where)
{
  till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, where, NULL,
                  "the %s is damaged: %s can't be read", what, where);
}

/* The outer shape that requests and lists share with certificates: what is
 * signed, the algorithm, the signature (RFC 2986 4.2, RFC 5280 5.1). */
static gboolean
read_signed (GBytes      *der,
             TillDer     *inner,
             const char **signature_algorithm,
             gsize       *size)
{
  TillDer walk;
  TillDerElement outer;
  TillDerElement content;
  TillAlgorithm algorithm;
  TillDer signature;
  gboolean weak;
  gsize whole;
  const guint8 *data = g_bytes_get_data (der, &whole);

  till_der_init (&walk, data, whole);
  if (!till_der_read_tag (&walk, TILL_DER_SEQUENCE, &outer) ||
      !till_der_read_tag (&outer.content, TILL_DER_SEQUENCE, &content) ||
      !till_x509_read_algorithm (&outer.content, &algorithm) ||
      !till_x509_read_bit_string (&outer.content, &signature, NULL) ||
      till_der_left (&outer.content) > 0)
    return FALSE;

  *inner = content.content;
  *signature_algorithm = till_x509_signature_name (&algorithm, &weak);
  *size = (gsize) (walk.data - data);
  return TRUE;
}

static GBytes *
cut (GBytes *der,
     gsize   size)
{
  return g_bytes_get_size (der) == size ? g_bytes_ref (der) : g_bytes_new_from_bytes (der, 0, size);
}

static void
read_requested_extensions (TillRequest *self,
                           TillDer      values)
{
  TillDerElement list;

  if (!till_der_read_tag (&values, TILL_DER_SEQUENCE, &list))
    return;

  while (till_der_left (&list.content) > 0)
    {
      TillExtensionPart extension;

      if (!till_certificate_parts_extension (&list.content, &extension))
        return;

      if (strcmp (extension.oid, OID_SUBJECT_ALT_NAME) == 0)
        {
          g_strfreev (self->subject_alt_names);
          self->subject_alt_names = till_extension_dup_names (extension.value);
        }
    }
}

static gboolean
read_attributes (TillRequest *self,
                 TillDer      attributes)
{
  while (till_der_left (&attributes) > 0)
    {
      TillDerElement attribute;
      TillDerElement oid;
      TillDerElement values;

      if (!till_der_read_tag (&attributes, TILL_DER_SEQUENCE, &attribute) ||
          !till_der_read_tag (&attribute.content, TILL_DER_OID, &oid) ||
          !till_der_read_tag (&attribute.content, TILL_DER_SET, &values))
        return FALSE;

      if (till_der_oid_is (&oid, OID_EXTENSION_REQUEST) || till_der_oid_is (&oid, OID_MS_EXTENSION_REQUEST))
        read_requested_extensions (self, values.content);
    }

  return TRUE;
}

static gboolean
read_request (TillRequest  *self,
              TillDer       inner,
              const char  **where)
{
  g_auto(TillName) subject = { NULL, };
  TillDer whole;
  TillKeyFacts facts;
  TillDerElement attributes;
  guint64 version;

  *where = "the version";
  if (!till_der_read_uint (&inner, &version))
    return FALSE;

  *where = "the subject";
  if (!till_name_read (&inner, &subject, &whole))
    return FALSE;

  self->subject = g_steal_pointer (&subject.text);
  self->common_name = g_steal_pointer (&subject.common_name);

  *where = "the public key";
  if (!till_key_der_read_spki (&inner, &facts, &whole, NULL))
    return FALSE;

  self->key_algorithm = facts.algorithm;
  self->key_bits = facts.bits;
  self->curve = facts.curve;
  self->key = till_key_new_public (whole.data, till_der_left (&whole), NULL, NULL);

  /* Some programs leave the attributes out, though they may only be empty. */
  *where = "an attribute";
  return till_der_read_optional (&inner, TILL_DER_CONTEXT_0, &attributes) &&
         till_der_left (&inner) == 0 &&
         (attributes.tag == 0 || read_attributes (self, attributes.content));
}

/**
 * till_request_new_from_der:
 * @der: a request; bytes behind it are left out
 * @error: place for an error: %TILL_ERROR_DAMAGED
 *
 * Reads a CertificationRequest (RFC 2986 4.2). Its signature is not checked.
 *
 * Returns: (transfer full) (nullable): the request
 */
TillRequest *
till_request_new_from_der (GBytes  *der,
                           GError **error)
{
  g_autoptr(TillRequest) self = NULL;
  TillDer inner;
  const char *where = "its beginning";
  gsize size;

  g_return_val_if_fail (der != NULL, NULL);

  self = g_new0 (TillRequest, 1);
  if (!read_signed (der, &inner, &self->signature_algorithm, &size) ||
      !read_request (self, inner, &where))
    {
      set_damaged (error, "certificate request", where);
      return NULL;
    }

  if (self->subject_alt_names == NULL)
    self->subject_alt_names = g_new0 (char *, 1);
  self->der = cut (der, size);
  return g_steal_pointer (&self);
}

/**
 * till_request_free:
 * @self: (nullable): a request
 *
 * Frees it.
 */
void
till_request_free (TillRequest *self)
{
  if (self == NULL)
    return;

  g_free (self->subject);
  g_free (self->common_name);
  g_clear_pointer (&self->key, till_key_unref);
  g_strfreev (self->subject_alt_names);
  g_clear_pointer (&self->der, g_bytes_unref);
  g_free (self);
}

/* revokedCertificates (RFC 5280 5.1): only counted beyond the first thousand. */
static gboolean
read_revoked (TillCrl *self,
              TillDer  list)
{
  GPtrArray *serials = g_ptr_array_new ();
  gboolean good = TRUE;

  while (good && till_der_left (&list) > 0)
    {
      TillDerElement entry;
      TillDerElement serial;

      good = till_der_read_tag (&list, TILL_DER_SEQUENCE, &entry) &&
             till_der_read_tag (&entry.content, TILL_DER_INTEGER, &serial);
      if (good && self->n_revoked++ < MAX_SERIALS)
        g_ptr_array_add (serials, till_x509_dup_integer (&serial.content));
    }

  g_ptr_array_add (serials, NULL);
  g_strfreev (self->revoked_serials);
  self->revoked_serials = (char **) g_ptr_array_free (serials, FALSE);
  return good;
}

static gboolean
read_crl_extensions (TillCrl *self,
                     TillDer  wrapper)
{
  TillDerElement list;

  if (!till_der_read_tag (&wrapper, TILL_DER_SEQUENCE, &list))
    return FALSE;

  while (till_der_left (&list.content) > 0)
    {
      TillExtensionPart extension;
      TillDerElement number;

      if (!till_certificate_parts_extension (&list.content, &extension))
        return FALSE;

      if (self->number == NULL && strcmp (extension.oid, OID_CRL_NUMBER) == 0 &&
          till_der_read_tag (&extension.value, TILL_DER_INTEGER, &number))
        self->number = till_x509_dup_integer (&number.content);
    }

  return TRUE;
}

static gboolean
is_time (const TillDer *der)
{
  guint8 tag;

  return till_der_peek_tag (der, &tag) && (tag == TILL_DER_UTC_TIME || tag == TILL_DER_GENERALIZED_TIME);
}

static gboolean
read_crl (TillCrl     *self,
          TillDer      inner,
          const char **where)
{
  g_auto(TillName) issuer = { NULL, };
  TillAlgorithm algorithm;
  TillDerElement element;
  TillDer whole;
  guint8 tag;

  *where = "the version";
  if (!till_der_read_optional (&inner, TILL_DER_INTEGER, &element))
    return FALSE;

  *where = "the signature algorithm";
  if (!till_x509_read_algorithm (&inner, &algorithm))
    return FALSE;

  *where = "the issuer";
  if (!till_name_read (&inner, &issuer, &whole))
    return FALSE;

  self->issuer_name = till_name_dup_short (&issuer);
  self->issuer = g_steal_pointer (&issuer.text);

  *where = "a date";
  switch (till_x509_read_time (&inner, &self->this_update))
    {
    case TILL_TIME_NOT_THERE:
      return FALSE;
    case TILL_TIME_NOT_VALID:
      self->this_update = TILL_TIME_INVALID;
      break;
    case TILL_TIME_OK:
    default:
      break;
    }

  if (is_time (&inner) && till_x509_read_time (&inner, &self->next_update) != TILL_TIME_OK)
    self->next_update = TILL_TIME_INVALID;

  *where = "the list";
  if (till_der_peek_tag (&inner, &tag) && tag == TILL_DER_SEQUENCE &&
      (!till_der_read (&inner, &element) || !read_revoked (self, element.content)))
    return FALSE;

  *where = "an extension";
  return till_der_read_optional (&inner, TILL_DER_CONTEXT_0, &element) &&
         till_der_left (&inner) == 0 &&
         (element.tag == 0 || read_crl_extensions (self, element.content));
}

/**
 * till_crl_new_from_der:
 * @der: a revocation list; bytes behind it are left out
 * @error: place for an error: %TILL_ERROR_DAMAGED
 *
 * Reads a CertificateList (RFC 5280 5.1). Its signature is not checked.
 *
 * Returns: (transfer full) (nullable): the list
 */
TillCrl *
till_crl_new_from_der (GBytes  *der,
                       GError **error)
{
  g_autoptr(TillCrl) self = NULL;
  TillDer inner;
  const char *where = "its beginning";
  gsize size;

  g_return_val_if_fail (der != NULL, NULL);

  self = g_new0 (TillCrl, 1);
  self->this_update = TILL_TIME_INVALID;
  self->next_update = TILL_TIME_INVALID;
  self->revoked_serials = g_new0 (char *, 1);

  if (!read_signed (der, &inner, &self->signature_algorithm, &size) ||
      !read_crl (self, inner, &where))
    {
      set_damaged (error, "revocation list", where);
      return NULL;
    }

  self->der = cut (der, size);
  return g_steal_pointer (&self);
}

/**
 * till_crl_free:
 * @self: (nullable): a revocation list
 *
 * Frees it.
 */
void
till_crl_free (TillCrl *self)
{
  if (self == NULL)
    return;

  g_free (self->issuer);
  g_free (self->issuer_name);
  g_free (self->number);
  g_strfreev (self->revoked_serials);
  g_clear_pointer (&self->der, g_bytes_unref);
  g_free (self);
}
