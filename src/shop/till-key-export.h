/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A public key as a till takes it: PEM, DER, or JSON with the offline limit. */
#pragma once

#include <glib.h>

#include "till-encryption.h"
#include "till-json-writer.h"
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
char       *till_key_dup_pem                (const TillKeyRecord   *key) G_GNUC_WARN_UNUSED_RESULT;
void        till_key_write_json             (const TillKeyRecord   *key,
                                             TillJsonWriter        *writer);
const char *till_key_format_get_suffix      (TillKeyFormat          format);

void        till_key_write_encryption_data  (const TillEncryption  *encryption,
                                             TillJsonWriter        *writer);
char       *till_key_dup_encryption_data    (const TillEncryption  *encryption) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
