/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PEM text (RFC 7468, RFC 1421) and strict Base64 (RFC 4648), read in place. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TillPemBlock:
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

/* For a stack of TillPemReader: till_pem_init, then till_pem_next until it is FALSE. */
typedef struct
{
  const char *text;
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

G_END_DECLS
