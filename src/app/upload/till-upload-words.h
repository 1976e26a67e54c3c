/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was found about a file before it is sent, in sentences for people. */
#pragma once

#include "till-checklist.h"
#include "till-record.h"

G_BEGIN_DECLS

/* trimmed: the password fits only without the white space at its end. (element-type TillChecklistEntry) */
GPtrArray  *till_upload_words_new_entries     (const TillPreflight         *preflight,
                                               gboolean                     trimmed) G_GNUC_WARN_UNUSED_RESULT;
/* What Commerce Hub would be sent of a document. known: (element-type TillUploadRecord) (nullable): the register. */
GPtrArray  *till_upload_words_new_hub_entries (const TillDocument          *document,
                                               GPtrArray                   *known,
                                               gint64                       now) G_GNUC_WARN_UNUSED_RESULT;
/* The public key that would be sent; %NULL where nothing can be. Lent by the document. */
const char *till_upload_words_get_public_key  (const TillDocument          *document);

/* “Loyalty card”, else its identifier, fit to be shown. */
char       *till_upload_words_dup_name        (const TillWalletCertificate *certificate) G_GNUC_WARN_UNUSED_RESULT;
/* “This will renew “Loyalty card” (until 4 Dec 2026 → 2 Jan 2028).” */
char       *till_upload_words_dup_renewal     (const TillPreflight         *preflight) G_GNUC_WARN_UNUSED_RESULT;
/* “2 templates: Gold, Silver”; %NULL where the service does not say or there is none. */
char       *till_upload_words_dup_templates   (const TillWalletCertificate *certificate) G_GNUC_WARN_UNUSED_RESULT;
/* What people call a member of the service's answer: “Ends” of "validityEnd". */
const char *till_upload_words_get_member      (const char                  *member);

G_END_DECLS
