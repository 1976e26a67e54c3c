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
/* Whether no template uses it, where any could. */
gboolean    till_certificate_item_is_unused        (TillCertificateItem  *self);
/* Of a certificate at a service: what it says now. Returns whether that is anything new. */
gboolean    till_certificate_item_set_item         (TillCertificateItem  *self,
                                                    TillItem             *item,
                                                    gint64                seen_at);
/* Whether it waits to be removed. */
gboolean    till_certificate_item_get_leaving      (TillCertificateItem  *self);
void        till_certificate_item_set_leaving      (TillCertificateItem  *self,
                                                    gboolean              leaving);
/* What is shown at length where the mouse points at it; "" for nothing. */
char       *till_certificate_item_dup_used_by_tooltip (TillCertificateItem *self) G_GNUC_WARN_UNUSED_RESULT;
const char *till_certificate_item_get_name_key     (TillCertificateItem  *self);
char       *till_certificate_item_dup_ends_tooltip (TillCertificateItem  *self) G_GNUC_WARN_UNUSED_RESULT;
char       *till_certificate_item_dup_spoken       (TillCertificateItem  *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
