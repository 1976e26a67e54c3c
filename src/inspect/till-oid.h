/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Object identifiers: their dotted form, and the names that people know them by. */
#pragma once

#include <glib.h>

#include "till-der.h"

G_BEGIN_DECLS

/* Room for the dotted form; longer ones are treated as malformed. */
#define TILL_OID_SIZE 192

/**
 * TillOidName:
 * @oid: dotted
 * @name: what it is called
 */
typedef struct
{
  const char *oid;
  const char *name;
} TillOidName;

/**
 * TillOidCurve:
 * @oid: dotted
 * @name: of the curve
 * @bits: size of its field
 */
typedef struct
{
  const char *oid;
  const char *name;
  int         bits;
} TillOidCurve;

/**
 * TillKeyForm:
 *
 * How the public key proper is written inside the BIT STRING of a
 * SubjectPublicKeyInfo.
 */
typedef enum
{
  TILL_KEY_FORM_OTHER,       /* not known here */
  TILL_KEY_FORM_RSA,         /* RSAPublicKey (RFC 8017 A.1.1) */
  TILL_KEY_FORM_DSA,         /* INTEGER y (RFC 3279 2.3.2) */
  TILL_KEY_FORM_DH,          /* INTEGER y (RFC 3279 2.3.3) */
  TILL_KEY_FORM_EC,          /* point (RFC 5480 2.2) */
  TILL_KEY_FORM_RAW,         /* bytes of fixed size (RFC 8410 4) */
  TILL_KEY_FORM_GOST,        /* OCTET STRING (RFC 4491 2.3.2, RFC 9215) */
  TILL_KEY_FORM_PQ,          /* bytes; no size in bits is spoken of (RFC 9881, RFC 9814) */
} TillKeyForm;

/**
 * TillOidKey:
 * @oid: dotted
 * @name: of the algorithm
 * @form: how the key is written
 * @bits: where all keys of the algorithm have one size, else 0
 */
typedef struct
{
  const char  *oid;
  const char  *name;
  TillKeyForm  form;
  int          bits;
} TillOidKey;

/**
 * TillOidSignature:
 * @oid: dotted
 * @name: of the signature or digest algorithm
 * @weak: its digest is MD2, MD4, MD5, SHA-1 or weaker
 */
typedef struct
{
  const char *oid;
  const char *name;
  gboolean    weak;
} TillOidSignature;

gboolean                till_oid_format           (const TillDer  *content,
                                                   char            text[TILL_OID_SIZE]);

const char             *till_oid_attribute_name   (const char     *oid);
const char             *till_oid_purpose_name     (const char     *oid);
const char             *till_oid_extension_name   (const char     *oid);
const char             *till_oid_policy_name      (const char     *oid);
const TillOidCurve     *till_oid_find_curve       (const char     *oid);
const TillOidKey       *till_oid_find_key         (const char     *oid);
const TillOidSignature *till_oid_find_signature   (const char     *oid);
const TillOidSignature *till_oid_find_digest      (const char     *oid);

gboolean                till_oid_check_tables     (void);

G_END_DECLS
