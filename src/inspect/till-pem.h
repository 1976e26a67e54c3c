/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PEM text (RFC 7468, RFC 1421) and strict Base64 (RFC 4648), read in place. */
#pragma once

#include <glib.h>

#include "till-der.h"

G_BEGIN_DECLS

/**
 * TillPemBlock:
 * @before: where the text above the block begins: behind the block before it
 * @label: what stands behind BEGIN; not terminated
 * @label_size: its length
 * @offset: where the BEGIN line starts in the text
 * @body: the Base64 text, behind any header lines
 * @body_end: one behind its last byte
 * @has_end: there is an END line
 * @end_differs: the END line names another kind
 * @encrypted: header "Proc-Type: 4,ENCRYPTED"
 * @dek: (nullable): value of the header "DEK-Info"; not terminated
 * @dek_size: its length
 *
 * One block. Everything points into the text that was given.
 */
typedef struct
{
  const char *before;
  const char *label;
  gsize       label_size;
  gsize       offset;
  const char *body;
  const char *body_end;
  gboolean    has_end;
  gboolean    end_differs;
  gboolean    encrypted;
  const char *dek;
  gsize       dek_size;
} TillPemBlock;

/**
 * TillPemReader:
 * @text: all of it
 * @behind: one behind the block that was given last
 * @at: where the search goes on
 * @end: one behind the last byte
 *
 * Gives the blocks of a text one after the other.
 */
typedef struct
{
  const char *text;
  const char *behind;
  const char *at;
  const char *end;
} TillPemReader;

void      till_pem_init        (TillPemReader      *self,
                                const char         *text,
                                gsize               size);
gboolean  till_pem_next        (TillPemReader      *self,
                                TillPemBlock       *block);
gboolean  till_pem_label_is    (const TillPemBlock *block,
                                const char         *label);
char     *till_pem_dup_label   (const TillPemBlock *block) G_GNUC_WARN_UNUSED_RESULT;

/* How many bytes decoding needs room for at most. */
#define TILL_BASE64_ROOM(size) ((size) / 4 * 3 + 3)

gboolean  till_base64_decode   (const char         *text,
                                gsize               size,
                                guint8             *out,
                                gsize              *out_size,
                                gsize              *bad_offset);

/* The bytes of a block. @buffer: room for TILL_BASE64_ROOM of its body. */
gboolean  till_pem_decode      (const TillPemBlock *block,
                                guint8             *buffer,
                                TillDer            *der,
                                GError            **error);

G_END_DECLS
