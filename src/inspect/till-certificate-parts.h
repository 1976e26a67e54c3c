/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the parts of a certificate stand in its bytes (RFC 5280 4.1). */
#pragma once

#include <glib.h>

#include "till-der.h"
#include "till-x509.h"

G_BEGIN_DECLS

/**
 * TillCertificateParts:
 *
 * Each part with its header unless said otherwise; all point into the bytes
 * that were read.
 */
typedef struct
{
  TillDer        whole;
  TillDer        tbs;
  guint64        version;              /* as encoded: 0 for v1, 2 for v3; G_MAXUINT64 for nonsense */
  TillDer        serial_element;
  TillDer        serial;               /* content only */
  TillAlgorithm  inner_algorithm;
  TillDer        issuer;
  TillDer        validity;             /* content only */
  TillDer        subject;
  TillDer        spki;
  TillDer        extensions;           /* content of the list; empty where left out */
  TillAlgorithm  outer_algorithm;
  TillDer        signature_element;
  TillDer        signature;            /* the bits */
} TillCertificateParts;

/**
 * TillExtensionPart:
 *
 * One Extension (RFC 5280 4.1).
 */
typedef struct
{
  char      oid[TILL_OID_SIZE];
  TillDer   oid_octets;
  gboolean  critical;
  TillDer   value;                     /* content of the OCTET STRING */
  TillDer   whole;
} TillExtensionPart;

gboolean    till_certificate_parts_read      (TillCertificateParts       *parts,
                                              const guint8               *data,
                                              gsize                       size,
                                              const char                **where,
                                              gsize                      *offset);
gboolean    till_certificate_parts_extension (TillDer                    *extensions,
                                              TillExtensionPart          *extension);
GByteArray *till_certificate_parts_tame      (const TillCertificateParts *parts) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
