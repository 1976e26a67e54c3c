/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A public key as a till takes it: PEM, DER, or JSON with the offline limit; and amounts of money as people write them. */
#pragma once

#include <glib.h>

#include "till-encryption.h"
#include "till-record.h"

G_BEGIN_DECLS

typedef enum
{
  TILL_KEY_FORMAT_PEM,
  TILL_KEY_FORMAT_DER,
  TILL_KEY_FORMAT_JSON,
} TillKeyFormat;

GBytes     *till_key_export                 (const TillKeyRecord   *key,
                                             TillKeyFormat          format) G_GNUC_WARN_UNUSED_RESULT;
const char *till_key_format_get_suffix      (TillKeyFormat          format);
char       *till_key_dup_encryption_data    (const TillEncryption  *encryption) G_GNUC_WARN_UNUSED_RESULT;

/* "25", "25.00" and "25,00" in that currency (ISO 4217, capitals). */
gboolean    till_key_money_parse            (const char            *text,
                                             const char            *currency,
                                             gint64                *minor_units);
char       *till_key_money_dup_amount       (gint64                 minor_units,
                                             const char            *currency) G_GNUC_WARN_UNUSED_RESULT;
gboolean    till_key_money_is_currency      (const char            *text);

G_END_DECLS
