/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One X.509 certificate, read once, kept small (RFC 5280). */
#pragma once

#include <glib.h>

#include "till-key.h"

G_BEGIN_DECLS

/**
 * TillWeakness:
 *
 * Why a certificate, key or protection is too weak to be relied on.
 */
typedef enum
{
  TILL_WEAK_NONE = 0,
  TILL_WEAK_SMALL_KEY = 1 << 0,          /* RSA or DSA under 2048 bits, EC under 224 */
  TILL_WEAK_HASH = 1 << 1,               /* signed with MD2, MD4, MD5 or SHA-1 (not for self-signed) */
  TILL_WEAK_CIPHER = 1 << 2,             /* RC2, DES, 3DES, RC4 */
  TILL_WEAK_MAC = 1 << 3,                /* MAC with MD5 or SHA-1 */
  TILL_WEAK_ITERATIONS = 1 << 4,         /* fewer than 1000 rounds */
  TILL_WEAK_NO_MAC = 1 << 5,
  TILL_WEAK_NO_PASSWORD = 1 << 6,        /* a private key that no password protects */
} TillWeakness;

/**
 * TillValidityState:
 *
 * Where a moment lies in a validity (CLI.md: fine, soon, act, expired).
 * Soon: a third of the life is left (half, when the life is under 10 days), capped
 * at 60 days and at least 7. Act: at most 7 days are left, or (life under 10
 * days) a quarter of it. RELIABILITY.md G32.
 */
typedef enum
{
  TILL_VALIDITY_FINE,
  TILL_VALIDITY_SOON,
  TILL_VALIDITY_ACT,
  TILL_VALIDITY_EXPIRED,
} TillValidityState;

#define TILL_TIME_INVALID G_MININT64       /* the encoding is not a valid time */
#define TILL_TIME_NEVER   253402300799     /* 99991231235959Z: no end date (RFC 5280 4.1.2.5) */

/**
 * TillCertificate:
 *
 * Immutable, counted atomically; all strings are valid UTF-8. Read the fields,
 * never write them. Strings marked (static) live for ever.
 */
typedef struct _TillCertificate TillCertificate;

struct _TillCertificate
{
  /*< private >*/
  gatomicrefcount  ref_count;

  /*< public, read only >*/
  GBytes          *der;
  char            *subject;                /* RFC 4514; "" for an empty name */
  char            *issuer;                 /* RFC 4514 */
  char            *common_name;            /* (nullable) last CN of the subject */
  char            *organization;           /* (nullable) */
  char            *issuer_name;            /* CN, else O, else the whole name, of the issuer */
  char            *serial;                 /* lower-case hex, no separators; "-" before a negative one */
  int              version;                /* 1, 2 or 3 */
  gint64           not_before;             /* seconds since 1970 or TILL_TIME_INVALID */
  gint64           not_after;
  const char      *key_algorithm;          /* (static) RSA, RSA-PSS, DSA, EC, Ed25519, …; else an OID */
  int              key_bits;               /* 0 where unknown */
  const char      *curve;                  /* (static) (nullable) P-256, … */
  const char      *signature_algorithm;    /* (static) RSA-SHA256, RSA-PSS-SHA256, Ed25519, … or an OID */
  char           **subject_alt_names;      /* "DNS:…", "IP:…", "email:…", "URI:…", …; never NULL */
  char           **key_usage;              /* digitalSignature, … ; never NULL */
  char           **extended_key_usage;     /* serverAuth, clientAuth, … or OIDs; never NULL */
  gboolean         is_ca;
  gboolean         self_signed;            /* issuer equals subject, and the signature checks where it can be checked */
  char             sha256[65];             /* of the DER, lower-case hex */
  char             sha1[41];
  char             public_key_sha256[65];  /* of the SubjectPublicKeyInfo; "" where it can't be read */
  char            *pass_type_id;           /* (nullable) Apple pass type certificates: UID of the subject */
  char            *team_id;                /* (nullable) Apple: OU of the subject */
  gboolean         is_pass;                /* Apple pass type certificate */
  gboolean         nfc;                    /* Apple: pass certificate with the NFC extension */
  char            *apple_intermediate;     /* (nullable) the Apple WWDR CA that issued it */
  char            *friendly_name;          /* (nullable) PKCS #12 or bag attribute */
  guint            weakness;               /* TillWeakness of key and signature */
  gboolean         inner_signature_differs; /* tbsCertificate.signature is not signatureAlgorithm */
};

/**
 * TillExtension:
 * @oid: dotted
 * @name: (static) the standard's name, or the OID
 * @critical: as marked
 * @value: what it says, in words, one fact a line; hex for unknown ones
 */
typedef struct
{
  char     *oid;
  char     *name;
  gboolean  critical;
  char     *value;
} TillExtension;

/**
 * TillCertificateDetails:
 *
 * What only the detail view needs; read from the DER when asked for.
 */
typedef struct
{
  char          *authority_key_id;      /* (nullable) hex */
  char          *subject_key_id;        /* (nullable) hex */
  int            path_length;           /* -1 for none */
  char         **ocsp;                  /* URLs; never NULL */
  char         **ca_issuers;
  char         **crl;
  char         **policies;              /* "OID name — CPS URL — notice" */
  char         **permitted_names;       /* name constraints */
  char         **excluded_names;
  char          *modulus_or_point;      /* (nullable) hex of the public key proper */
  GPtrArray     *extensions;            /* (element-type TillExtension) in file order */
} TillCertificateDetails;

TillCertificate        *till_certificate_new_from_der  (GBytes                  *der,
                                                        GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
TillCertificate        *till_certificate_ref           (TillCertificate         *self);
void                    till_certificate_unref         (TillCertificate         *self);
void                    till_certificate_set_friendly_name (TillCertificate     *self,
                                                        const char              *name);
TillCertificateDetails *till_certificate_load_details  (const TillCertificate   *self,
                                                        GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
void                    till_certificate_details_free  (TillCertificateDetails  *details);
char                   *till_certificate_to_pem        (const TillCertificate   *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean                till_certificate_is_issuer_of  (const TillCertificate   *self,
                                                        const TillCertificate   *other);
/* Raw DER of subject and issuer: points into self->der. */
void                    till_certificate_get_raw_names (const TillCertificate   *self,
                                                        const guint8           **subject,
                                                        gsize                   *subject_size,
                                                        const guint8           **issuer,
                                                        gsize                   *issuer_size);

TillValidityState       till_validity_get_state        (gint64                   not_before,
                                                        gint64                   not_after,
                                                        gint64                   now);
const char             *till_validity_state_to_word    (TillValidityState        state);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillCertificate, till_certificate_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillCertificateDetails, till_certificate_details_free)

G_END_DECLS
