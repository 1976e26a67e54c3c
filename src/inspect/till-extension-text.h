/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Extensions of certificates in words (RFC 5280 4.2). */
#pragma once

#include <glib.h>

#include "till-der.h"

G_BEGIN_DECLS

/**
 * TillExtensionText:
 * @to: where the words go, a line a fact
 * @value: of the extension
 *
 * Puts an extension in words.
 *
 * Returns: %FALSE where it can't be read
 */
typedef gboolean (*TillExtensionText) (GString *to,
                                       TillDer  value);

char              *till_extension_dup_text    (const char *oid,
                                               TillDer     value) G_GNUC_WARN_UNUSED_RESULT;
void               till_extension_add_line    (GString    *to,
                                               const char *format,
                                               ...) G_GNUC_PRINTF (2, 3);
/* In till-extension-vendor.c: what is not in RFC 5280. */
TillExtensionText  till_extension_find_vendor (const char *oid);

G_END_DECLS
