/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How certificates are searched: the text that is searched in, and the words that are searched for. */
#pragma once

#include "till-certificate-item.h"

G_BEGIN_DECLS

char     *till_certificate_search_dup_text (TillCertificateItem  *item) G_GNUC_WARN_UNUSED_RESULT;
char    **till_certificate_search_split    (const char           *query) G_GNUC_WARN_UNUSED_RESULT;
gboolean  till_certificate_search_matches  (const char           *text,
                                            const char * const   *terms);

G_END_DECLS
