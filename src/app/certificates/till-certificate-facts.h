/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The facts that the detail side shows of a certificate, and of the file around it. */
#pragma once

#include "till-document.h"
#include "till-fact.h"
#include "till-file-entry.h"

G_BEGIN_DECLS

/* Each gives a list of TillFact. @certificate is an index into the document's. */
GPtrArray *till_facts_new_plain       (const TillDocument  *document,
                                       guint                certificate) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *till_facts_new_technical   (const TillDocument  *document,
                                       guint                certificate) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *till_facts_new_extensions  (const TillDocument  *document,
                                       guint                certificate) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *till_facts_new_notes       (const TillDocument  *document) G_GNUC_WARN_UNUSED_RESULT;
/* For a file without certificates. */
GPtrArray *till_facts_new_others      (const TillDocument  *document) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *till_facts_new_place       (TillFileEntry       *entry) G_GNUC_WARN_UNUSED_RESULT;
gboolean   till_facts_has_folder      (TillFileEntry       *entry);

G_END_DECLS
