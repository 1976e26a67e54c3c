/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Extensions of certificates as lists and in words (RFC 5280 4.2). */
#pragma once

#include <glib.h>

#include "till-der.h"

G_BEGIN_DECLS

char    **till_extension_dup_names              (TillDer      value) G_GNUC_WARN_UNUSED_RESULT;
char    **till_extension_dup_key_usage          (TillDer      value) G_GNUC_WARN_UNUSED_RESULT;
char    **till_extension_dup_purposes           (TillDer      value,
                                                 const char  *marked,
                                                 gboolean    *has_marked) G_GNUC_WARN_UNUSED_RESULT;
gboolean  till_extension_read_basic_constraints (TillDer      value,
                                                 gboolean    *is_ca,
                                                 int         *path_length);

G_END_DECLS
