/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bounded cursor over BER and DER (X.690): the edge in front of GnuTLS for containers. */
#pragma once

#include <glib.h>

#include "till-secret.h"

G_BEGIN_DECLS

/* Identifier octets as they stand in the file (class, constructed bit, low tag number). */
typedef enum
{
  TILL_DER_BOOLEAN = 0x01,
  TILL_DER_INTEGER = 0x02,
  TILL_DER_BIT_STRING = 0x03,
  TILL_DER_OCTET_STRING = 0x04,
  TILL_DER_NULL = 0x05,
  TILL_DER_OID = 0x06,
  TILL_DER_ENUMERATED = 0x0a,
  TILL_DER_UTF8_STRING = 0x0c,
  TILL_DER_NUMERIC_STRING = 0x12,
  TILL_DER_PRINTABLE_STRING = 0x13,
  TILL_DER_T61_STRING = 0x14,
  TILL_DER_IA5_STRING = 0x16,
  TILL_DER_UTC_TIME = 0x17,
  TILL_DER_GENERALIZED_TIME = 0x18,
  TILL_DER_VISIBLE_STRING = 0x1a,
  TILL_DER_UNIVERSAL_STRING = 0x1c,
  TILL_DER_BMP_STRING = 0x1e,
  TILL_DER_SEQUENCE = 0x30,
  TILL_DER_SET = 0x31,
  TILL_DER_CONTEXT_0 = 0xa0,      /* constructed; primitive is 0x80 */
} TillDerTag;

/**
 * TillDer:
 * @data: first byte not read yet; points into the caller's buffer
 * @end: one behind the last byte
 *
 * A stretch of bytes that is read element by element. Copying it is cheap and
 * makes an independent cursor. Nothing is ever allocated or owned.
 */
typedef struct
{
  const guint8 *data;
  const guint8 *end;
} TillDer;

/**
 * TillDerElement:
 * @tag: identifier octet; for multi-byte tags 0x1f with class bits
 * @start: first byte of the identifier
 * @content: its content octets
 * @next: the byte behind the whole element (after end-of-contents octets too)
 */
typedef struct
{
  guint8        tag;
  const guint8 *start;
  const guint8 *next;
  TillDer       content;
} TillDerElement;

void      till_der_init          (TillDer              *self,
                                  const guint8         *data,
                                  gsize                 size);
gsize     till_der_left          (const TillDer        *self);
gboolean  till_der_peek_tag      (const TillDer        *self,
                                  guint8               *tag);
gboolean  till_der_read          (TillDer              *self,
                                  TillDerElement       *element);
gboolean  till_der_read_tag      (TillDer              *self,
                                  guint8                tag,
                                  TillDerElement       *element);
gboolean  till_der_read_optional (TillDer              *self,
                                  guint8                tag,
                                  TillDerElement       *element);
gboolean  till_der_read_uint     (TillDer              *self,
                                  guint64              *value);
/* OCTET STRING, primitive or (BER) constructed; the copy is the whole content. */
gboolean  till_der_read_octets   (TillDer              *self,
                                  GByteArray          **octets);
/* The same of an element already read, copied only where BER cut it in parts. */
gboolean  till_der_join_octets   (const TillDerElement *element,
                                  TillSecret          **owned,
                                  TillDer              *octets);
char     *till_der_dup_oid       (const TillDerElement *element) G_GNUC_WARN_UNUSED_RESULT;
gboolean  till_der_oid_is        (const TillDerElement *element,
                                  const char           *dotted);
char     *till_der_dup_text      (const TillDerElement *element) G_GNUC_WARN_UNUSED_RESULT;
/* How many bytes the outermost element says it has in all; 0 where it can't be told. */
gsize     till_der_whole_size    (const guint8         *data,
                                  gsize                 size);

G_END_DECLS
