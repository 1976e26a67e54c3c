/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What certificates, keys and files are, said in words for people. */
#pragma once

#include <glib.h>

#include "till-certificate-item.h"
#include "till-document.h"

G_BEGIN_DECLS

/* Status: the style class of each, and the words for a validity. */
const char     *till_words_get_status_style  (TillItemStatus          status);
TillItemStatus  till_words_dup_status        (gint64                  not_before,
                                              gint64                  not_after,
                                              gint64                  now,
                                              char                  **text);

/* Certificates. */
char           *till_words_dup_name          (const TillCertificate  *certificate) G_GNUC_WARN_UNUSED_RESULT;
char           *till_words_dup_used_as       (const TillCertificate  *certificate) G_GNUC_WARN_UNUSED_RESULT;
char           *till_words_dup_key_usage     (const TillCertificate  *certificate) G_GNUC_WARN_UNUSED_RESULT;
char           *till_words_dup_extended_usage (const TillCertificate *certificate) G_GNUC_WARN_UNUSED_RESULT;
char           *till_words_dup_issued_by     (const TillCertificate  *certificate) G_GNUC_WARN_UNUSED_RESULT;
char           *till_words_dup_weakness      (const TillCertificate  *certificate) G_GNUC_WARN_UNUSED_RESULT;
char           *till_words_dup_key_weakness  (const TillKey          *key) G_GNUC_WARN_UNUSED_RESULT;
char           *till_words_dup_consequence   (const TillCertificate  *certificate) G_GNUC_WARN_UNUSED_RESULT;
const char     *till_words_get_extension     (const char             *name);

/* The file around them. */
char           *till_words_dup_chain         (const TillDocument     *document,
                                              const TillChain        *chain) G_GNUC_WARN_UNUSED_RESULT;
char           *till_words_dup_link_name     (const TillDocument     *document,
                                              const TillChain        *chain,
                                              guint                   position) G_GNUC_WARN_UNUSED_RESULT;
char           *till_words_dup_private_key   (const TillDocument     *document,
                                              guint                   certificate,
                                              gboolean               *problem) G_GNUC_WARN_UNUSED_RESULT;
char           *till_words_dup_protection    (const TillDocument     *document,
                                              gboolean               *problem) G_GNUC_WARN_UNUSED_RESULT;
char          **till_words_dup_notes         (const TillDocument     *document) G_GNUC_WARN_UNUSED_RESULT;
const char     *till_words_get_kind          (TillDocumentKind        kind);

G_END_DECLS
