/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PKCS #7 and CMS SignedData as a bag of certificates and revocation lists (RFC 2315 9, RFC 5652 5). */
#pragma once

#include <glib.h>

#include "till-der.h"

G_BEGIN_DECLS

gboolean till_pkcs7_is   (const guint8  *data,
                          gsize          size);
gboolean till_pkcs7_read (const guint8  *data,
                          gsize          size,
                          GPtrArray     *certificates,
                          GPtrArray     *crls,
                          GError       **error);

G_END_DECLS
