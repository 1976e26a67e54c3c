/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small readers and writers that certificates, requests, lists and keys share (RFC 5280). */
#pragma once

#include <glib.h>

#include "till-der.h"
#include "till-oid.h"

G_BEGIN_DECLS

/**
 * TillAlgorithm:
 * @oid: dotted
 * @parameters: what stands behind the OID; empty where nothing does
 * @whole: the AlgorithmIdentifier with its header
 *
 * AlgorithmIdentifier (RFC 5280 4.1.1.2).
 */
typedef struct
{
  char     oid[TILL_OID_SIZE];
  TillDer  parameters;
  TillDer  whole;
} TillAlgorithm;

/**
 * TillTimeResult:
 *
 * How reading a time went.
 */
typedef enum
{
  TILL_TIME_OK,
  TILL_TIME_NOT_THERE,      /* the element is not a time at all */
  TILL_TIME_NOT_VALID,      /* it is one, but says no moment that exists */
} TillTimeResult;

gboolean        till_x509_read_algorithm    (TillDer             *der,
                                             TillAlgorithm       *algorithm);
TillTimeResult  till_x509_read_time         (TillDer             *der,
                                             gint64              *seconds);
gboolean        till_x509_read_bit_string   (TillDer             *der,
                                             TillDer             *bits,
                                             guint               *unused);
gboolean        till_x509_read_boolean      (TillDer             *der,
                                             gboolean            *value);
const char     *till_x509_signature_name    (const TillAlgorithm *algorithm,
                                             gboolean            *weak);
gboolean        till_x509_check_pss        (TillDer              parameters);
char           *till_x509_dup_integer       (const TillDer       *content) G_GNUC_WARN_UNUSED_RESULT;
int             till_x509_integer_bits      (const TillDer       *content);
TillDer         till_x509_integer_magnitude (const TillDer       *content);

gboolean        till_x509_equal             (const TillDer       *a,
                                             const TillDer       *b);
char           *till_x509_dup_hex           (const guint8        *data,
                                             gsize                size) G_GNUC_WARN_UNUSED_RESULT;
void            till_x509_digest_hex        (int                  algorithm,
                                             const guint8        *data,
                                             gsize                size,
                                             char                *hex);
void            till_x509_append            (GByteArray          *to,
                                             guint8               tag,
                                             const guint8        *content,
                                             gsize                size);

G_END_DECLS
