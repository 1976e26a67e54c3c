/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public part of what a file holds, as bytes to write. Never a private key. */
#pragma once

#include <glib.h>

#include "till-document.h"

G_BEGIN_DECLS

/**
 * TillExportFormat:
 * @TILL_EXPORT_PEM: one text block
 * @TILL_EXPORT_DER: the bytes themselves
 * @TILL_EXPORT_CHAIN: a text block for each certificate of the chain, leaf first
 */
typedef enum
{
  TILL_EXPORT_PEM,
  TILL_EXPORT_DER,
  TILL_EXPORT_CHAIN,
} TillExportFormat;

GBytes *till_export_make     (const TillDocument  *document,
                              int                  certificate,
                              TillExportFormat     format) G_GNUC_WARN_UNUSED_RESULT;
char   *till_export_dup_name (const TillDocument  *document,
                              int                  certificate,
                              TillExportFormat     format) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
