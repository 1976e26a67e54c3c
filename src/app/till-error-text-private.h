/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the two files with the words of errors share. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* %NULL where the reason has no heading of its own, and that of the code stands. */
const char *till_error_text_get_service_title (const GError *error);
/* %NULL where the reason is not about a service, the vault or the store. */
char       *till_error_text_dup_service_body  (const GError *error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
