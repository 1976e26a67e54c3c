/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Apple's certificates for Wallet passes say beyond the ordinary. */
#pragma once

#include <glib.h>

#include "till-certificate.h"
#include "till-name.h"

G_BEGIN_DECLS

#define TILL_APPLE_PASS_PURPOSE    "1.2.840.113635.100.4.14"
#define TILL_APPLE_PASS_EXTENSION  "1.2.840.113635.100.6.1.16"
#define TILL_APPLE_NFC_EXTENSION   "1.2.840.113635.100.6.1.26"

/**
 * TillAppleMark:
 *
 * Marks that were met in a certificate.
 */
typedef enum
{
  TILL_APPLE_MARK_NONE = 0,
  TILL_APPLE_MARK_PASS = 1 << 0,
  TILL_APPLE_MARK_NFC = 1 << 1,
} TillAppleMark;

void till_apple_describe (TillCertificate *certificate,
                          const TillName  *subject,
                          const TillName  *issuer,
                          guint            marks);

G_END_DECLS
