/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an element of DER or BER is, told by its structure. */
#pragma once

#include <glib.h>

#include "till-der.h"

G_BEGIN_DECLS

typedef enum
{
  TILL_DER_KIND_UNKNOWN,
  TILL_DER_KIND_CERTIFICATE,
  TILL_DER_KIND_CRL,
  TILL_DER_KIND_REQUEST,
  TILL_DER_KIND_PKI_PATH,
  TILL_DER_KIND_PKCS12,
  TILL_DER_KIND_PKCS7,
  TILL_DER_KIND_PRIVATE_KEY,
  TILL_DER_KIND_ENCRYPTED_KEY,
  TILL_DER_KIND_PUBLIC_KEY,
  TILL_DER_KIND_OTHER,            /* known, but nothing that is read */
} TillDerKind;

TillDerKind  till_der_kind (const guint8  *data,
                            gsize          size,
                            const char   **what);

G_END_DECLS
