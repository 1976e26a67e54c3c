/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes in, a document out: everything that a certificate file holds. */
#pragma once

#include <glib.h>

#include "till-cancel.h"
#include "till-certificate.h"
#include "till-key.h"
#include "till-request.h"
#include "till-secret.h"

G_BEGIN_DECLS

typedef enum
{
  TILL_DOCUMENT_CERTIFICATE,
  TILL_DOCUMENT_CHAIN,
  TILL_DOCUMENT_PRIVATE_KEY,
  TILL_DOCUMENT_PUBLIC_KEY,
  TILL_DOCUMENT_PKCS12,
  TILL_DOCUMENT_PKCS7,
  TILL_DOCUMENT_CSR,
  TILL_DOCUMENT_CRL,
  TILL_DOCUMENT_MIXED,
} TillDocumentKind;

/**
 * TillDocumentNote:
 *
 * What was odd about a file that opened all the same.
 */
typedef enum
{
  TILL_NOTE_NONE = 0,
  TILL_NOTE_TRAILING_BYTES = 1 << 0,     /* bytes behind the end were left out */
  TILL_NOTE_WAS_BASE64 = 1 << 1,         /* bare Base64 text, decoded first */
  TILL_NOTE_WAS_UTF16 = 1 << 2,          /* UTF-16 text, converted first */
  TILL_NOTE_NO_END_LINE = 1 << 3,        /* the last PEM block has no END line */
  TILL_NOTE_NO_MAC = 1 << 4,             /* PKCS #12 without integrity check */
  TILL_NOTE_MAC_NOT_CHECKED = 1 << 5,    /* contents are in the clear; the MAC needs the password */
  TILL_NOTE_TRUSTED_CERTIFICATE = 1 << 6,/* OpenSSL's TRUSTED CERTIFICATE; its trust settings were left out */
  TILL_NOTE_SIGNATURE_ALGORITHMS_DIFFER = 1 << 7,
  TILL_NOTE_BLOCKS_SKIPPED = 1 << 8,     /* PEM blocks of other kinds were left out; see skipped */
  TILL_NOTE_CHAIN_CUT = 1 << 9,          /* chain longer than TILL_LIMIT_CHAIN or circular */
  TILL_NOTE_TIMES_ODD = 1 << 10,         /* end before start, or no valid time */
  TILL_NOTE_EMPTY_PASSWORD = 1 << 11,    /* opened with the empty (or no) password, none was given */
  TILL_NOTE_BER = 1 << 12,               /* not DER: indefinite lengths */
} TillDocumentNote;

typedef enum
{
  TILL_CHAIN_ENDS_CERTIFICATE,           /* the certificate itself ends first */
  TILL_CHAIN_ENDS_ISSUER,                /* one above it ends first */
} TillChainEnd;

/**
 * TillChain:
 * @order: (array length=n_order): indices into certificates, leaf first, each followed by its issuer
 * @complete: the last one is self-signed
 * @effective_not_after: the smallest notAfter along the chain
 * @ends_because: whose it is
 * @ends_index: index into certificates of the one that ends first
 */
typedef struct
{
  guint        *order;
  guint         n_order;
  gboolean      complete;
  gint64        effective_not_after;
  TillChainEnd  ends_because;
  guint         ends_index;
} TillChain;

/**
 * TillPrivateKeyEntry:
 * @key: what it is
 * @matches: 1 it belongs to the certificate at @certificate, 0 to none of them, -1 it can't be told
 * @certificate: index, or -1
 */
typedef struct
{
  TillKey *key;
  int      matches;
  int      certificate;
} TillPrivateKeyEntry;

/**
 * TillProtection:
 * @mac: (nullable): "HMAC-SHA256", "PBMAC1-HMAC-SHA256", NULL without a MAC
 * @iterations: of the MAC where there is one, else the largest of the encryption; 0 for none
 * @encryption: names, each once, in file order: "AES-256-CBC", "RC2-40-CBC", "3DES-CBC"; never NULL
 * @weakness: TillWeakness
 */
typedef struct
{
  char     *mac;
  gint64    iterations;
  char    **encryption;
  guint     weakness;
} TillProtection;

/**
 * TillDocument:
 *
 * Immutable, counted atomically, safe to hand from a worker thread. Holds no
 * private key and no password.
 */
typedef struct _TillDocument TillDocument;

struct _TillDocument
{
  /*< private >*/
  gatomicrefcount   ref_count;
  GArray           *by_subject;       /* certificates in the order of the hash of their subject (till-chain.c) */

  /*< public, read only >*/
  TillDocumentKind  kind;
  gboolean          encrypted;        /* some part needed a password */
  GPtrArray        *certificates;     /* (element-type TillCertificate) in file order */
  GArray           *private_keys;     /* (element-type TillPrivateKeyEntry) */
  GPtrArray        *public_keys;      /* (element-type TillKey) */
  GPtrArray        *requests;         /* (element-type TillRequest) */
  GPtrArray        *crls;             /* (element-type TillCrl) */
  TillProtection   *protection;       /* (nullable) PKCS #12 and encrypted keys */
  guint             notes;            /* TillDocumentNote */
  GPtrArray        *skipped;          /* (element-type utf8) labels of PEM blocks left out */
  GArray           *leaves;           /* (element-type guint) certificates that issued no other one here, file order;
                                         the one that belongs to a private key comes first */
};

/**
 * TillInspectOptions:
 * @password: (nullable): NULL: none was given
 * @cancel: (nullable)
 * @max_iterations: how many rounds a key derivation may have; 0 for the limits of
 *   till-limits.h. Fuzzing lowers it to be fast.
 */
typedef struct
{
  const TillSecret *password;
  const TillCancel *cancel;
  guint64           max_iterations;
} TillInspectOptions;

TillDocument *till_document_parse          (const guint8              *data,
                                            gsize                      size,
                                            const TillInspectOptions  *options,
                                            GError                   **error) G_GNUC_WARN_UNUSED_RESULT;
TillDocument *till_document_ref            (TillDocument              *self);
void          till_document_unref          (TillDocument              *self);
const char   *till_document_kind_to_word   (TillDocumentKind           kind);
/* Chain from one leaf upwards; NULL where the document has no certificate. */
TillChain    *till_document_build_chain    (const TillDocument        *self,
                                            guint                      leaf) G_GNUC_WARN_UNUSED_RESULT;
void          till_chain_free              (TillChain                 *chain);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillDocument, till_document_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillChain, till_chain_free)

G_END_DECLS
