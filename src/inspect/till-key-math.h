/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The little arithmetic on keys that GnuTLS 3.7 does not offer. */
#pragma once

#include <glib.h>

#include "till-der.h"

G_BEGIN_DECLS

gboolean  till_key_math_derive_point  (const char    *curve,
                                       const TillDer *scalar,
                                       GByteArray    *point);
gboolean  till_key_math_is_on_curve   (const char    *curve,
                                       const TillDer *point);
gboolean  till_key_math_check_product (const TillDer *modulus,
                                       const TillDer *first,
                                       const TillDer *second);

G_END_DECLS
