/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the getters of till-json-value.c need of the reader. */
#pragma once

#include "till-error.h"
#include "till-json-reader.h"

G_BEGIN_DECLS

G_GNUC_PRINTF (5, 6)
gboolean till_json_reader_fail          (const TillJsonReader  *self,
                                         const char            *member,
                                         TillErrorReason        reason,
                                         GError               **error,
                                         const char            *format,
                                         ...);
gboolean till_json_reader_fail_type     (const TillJsonReader  *self,
                                         const char            *member,
                                         JsonNode              *node,
                                         const char            *expected,
                                         GError               **error);
gboolean till_json_reader_find          (const TillJsonReader  *self,
                                         const char            *member,
                                         JsonNode             **node,
                                         GError               **error);
gboolean till_json_reader_find_required (const TillJsonReader  *self,
                                         const char            *member,
                                         JsonNode             **node,
                                         GError               **error);

G_END_DECLS
