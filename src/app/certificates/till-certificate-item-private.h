/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the list needs of its rows to sort, search and count them. */
#pragma once

#include "till-certificate-item.h"

G_BEGIN_DECLS

gboolean    till_certificate_item_needs_attention  (TillCertificateItem  *self);
gboolean    till_certificate_item_stands_for       (TillCertificateItem  *self,
                                                    TillFileEntry        *entry,
                                                    int                   leaf);
gboolean    till_certificate_item_matches          (TillCertificateItem  *self,
                                                    const char * const   *terms);
const char *till_certificate_item_get_name_key     (TillCertificateItem  *self);
char       *till_certificate_item_dup_ends_tooltip (TillCertificateItem  *self) G_GNUC_WARN_UNUSED_RESULT;
char       *till_certificate_item_dup_spoken       (TillCertificateItem  *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
