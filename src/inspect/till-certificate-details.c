/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What only the detail view of a certificate needs, read when asked for. */
#include "config.h"

#include <string.h>

#include "till-certificate-parts.h"
#include "till-certificate.h"
#include "till-error.h"
#include "till-extension-text.h"
#include "till-extension.h"
#include "till-key-der.h"
#include "till-x509.h"

#define OID_SUBJECT_KEY_ID    "2.5.29.14"
#define OID_BASIC_CONSTRAINTS "2.5.29.19"
#define OID_NAME_CONSTRAINTS  "2.5.29.30"
#define OID_CRL_ADDRESSES     "2.5.29.31"
#define OID_POLICIES          "2.5.29.32"
#define OID_AUTHORITY_KEY_ID  "2.5.29.35"
#define OID_AUTHORITY_ACCESS  "1.3.6.1.5.5.7.1.1"

#define TAG_AUTHORITY_KEY_ID  0x80

static void
free_extension (gpointer data)
{
  TillExtension *extension = data;

  g_free (extension->oid);
  g_free (extension->name);
  g_free (extension->value);
  g_free (extension);
}

static char *
dup_key_id (TillDer value,
            guint8  outer,
            guint8  inner)
{
  TillDerElement element;

  if (!till_der_read_tag (&value, outer, &element))
    return NULL;

  value = element.content;
  if (inner != 0 && !till_der_read_tag (&value, inner, &element))
    return NULL;

  return till_x509_dup_hex (element.content.data, till_der_left (&element.content));
}

static void
take_list (char  ***field,
           char   **list)
{
  g_strfreev (*field);
  *field = list;
}

static void
read_extension (TillCertificateDetails  *self,
                const TillExtensionPart *part)
{
  TillExtension *extension = g_new0 (TillExtension, 1);
  const char *name = till_oid_extension_name (part->oid);
  gboolean is_ca;

  extension->oid = g_strdup (part->oid);
  extension->name = g_strdup (name != NULL ? name : part->oid);
  extension->critical = part->critical;
  extension->value = till_extension_dup_text (part->oid, part->value);
  g_ptr_array_add (self->extensions, extension);

  if (strcmp (part->oid, OID_SUBJECT_KEY_ID) == 0)
    self->subject_key_id = dup_key_id (part->value, TILL_DER_OCTET_STRING, 0);
  else if (strcmp (part->oid, OID_AUTHORITY_KEY_ID) == 0)
    self->authority_key_id = dup_key_id (part->value, TILL_DER_SEQUENCE, TAG_AUTHORITY_KEY_ID);
  else if (strcmp (part->oid, OID_BASIC_CONSTRAINTS) == 0)
    till_extension_read_basic_constraints (part->value, &is_ca, &self->path_length);
  else if (strcmp (part->oid, OID_CRL_ADDRESSES) == 0)
    take_list (&self->crl, till_extension_dup_crl_addresses (part->value));
  else if (strcmp (part->oid, OID_POLICIES) == 0)
    take_list (&self->policies, till_extension_dup_policies (part->value));
  else if (strcmp (part->oid, OID_NAME_CONSTRAINTS) == 0)
    {
      take_list (&self->permitted_names, till_extension_dup_constraints (part->value, FALSE));
      take_list (&self->excluded_names, till_extension_dup_constraints (part->value, TRUE));
    }
  else if (strcmp (part->oid, OID_AUTHORITY_ACCESS) == 0)
    {
      take_list (&self->ocsp, till_extension_dup_access (part->value, TILL_OID_OCSP));
      take_list (&self->ca_issuers, till_extension_dup_access (part->value, TILL_OID_CA_ISSUERS));
    }
}

/**
 * till_certificate_load_details:
 * @self: a certificate
 * @error: place for an error: %TILL_ERROR_DAMAGED
 *
 * Reads the certificate's bytes again for what the detail view shows. Safe to
 * call on any thread.
 *
 * Returns: (transfer full) (nullable): the details
 */
TillCertificateDetails *
till_certificate_load_details (const TillCertificate  *self,
                               GError                **error)
{
  g_autoptr(TillCertificateDetails) details = NULL;
  TillCertificateParts parts;
  TillExtensionPart part;
  TillKeyFacts facts;
  TillDer whole;
  const guint8 *data;
  gsize size;
  gsize offset;
  const char *where;

  g_return_val_if_fail (self != NULL, NULL);

  data = g_bytes_get_data (self->der, &size);
  if (!till_certificate_parts_read (&parts, data, size, &where, &offset))
    {
      till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, where, NULL,
                      "the certificate is damaged: %s can't be read", where);
      return NULL;
    }

  details = g_new0 (TillCertificateDetails, 1);
  details->path_length = -1;
  details->ocsp = g_new0 (char *, 1);
  details->ca_issuers = g_new0 (char *, 1);
  details->crl = g_new0 (char *, 1);
  details->policies = g_new0 (char *, 1);
  details->permitted_names = g_new0 (char *, 1);
  details->excluded_names = g_new0 (char *, 1);
  details->extensions = g_ptr_array_new_with_free_func (free_extension);

  if (till_key_der_read_spki (&parts.spki, &facts, &whole, NULL) && till_der_left (&facts.proper) > 0)
    details->modulus_or_point = till_x509_dup_hex (facts.proper.data, till_der_left (&facts.proper));

  while (till_certificate_parts_extension (&parts.extensions, &part))
    read_extension (details, &part);

  return g_steal_pointer (&details);
}

/**
 * till_certificate_details_free:
 * @details: (nullable): details
 *
 * Frees them.
 */
void
till_certificate_details_free (TillCertificateDetails *details)
{
  if (details == NULL)
    return;

  g_free (details->authority_key_id);
  g_free (details->subject_key_id);
  g_strfreev (details->ocsp);
  g_strfreev (details->ca_issuers);
  g_strfreev (details->crl);
  g_strfreev (details->policies);
  g_strfreev (details->permitted_names);
  g_strfreev (details->excluded_names);
  g_free (details->modulus_or_point);
  g_ptr_array_unref (details->extensions);
  g_free (details);
}
