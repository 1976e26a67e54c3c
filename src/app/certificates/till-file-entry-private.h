/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a source knows of each of its certificates, worked out on a thread; for the rows only. */
#pragma once

#include "till-file-entry.h"

G_BEGIN_DECLS

/**
 * TillLeaf:
 * @name: (nullable): what a person would call the certificate; points into it
 * @identifier: (nullable): what services call it; points into the certificate
 * @name_key: (nullable): sorts names as the user's language does; %NULL for a certificate that is not a leaf
 * @ends: when it or one above it ends, or %TILL_TIME_INVALID, %TILL_TIME_NEVER
 * @key_mismatch: the file has private keys, and none belongs to any certificate
 */
typedef struct
{
  const char *name;
  const char *identifier;
  char       *name_key;
  gint64      ends;
  gboolean    key_mismatch;
} TillLeaf;

/**
 * TillLeaves:
 *
 * One #TillLeaf for each certificate of a document, which it keeps alive.
 * Counted atomically, never changed once made.
 */
typedef struct
{
  TillDocument *document;
  guint         n_items;
  TillLeaf     *items;
} TillLeaves;

TillLeaves *till_leaves_new                (TillDocument     *document) G_GNUC_WARN_UNUSED_RESULT;
TillLeaves *till_leaves_ref                (TillLeaves       *self);
void        till_leaves_unref              (TillLeaves       *self);
gboolean    till_leaves_equal              (const TillLeaves *self,
                                            const TillLeaves *other);

TillLeaves *till_file_entry_get_leaves     (TillFileEntry    *self);   /* (nullable) as long as there is no document */
gboolean    till_file_entry_get_busy       (TillFileEntry    *self);
gboolean    till_file_entry_get_remembered (TillFileEntry    *self);
void        till_file_entry_set_remembered (TillFileEntry    *self,
                                            gboolean          remembered);
gboolean    till_file_entry_has_bytes      (TillFileEntry    *self,
                                            GBytes           *bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillLeaves, till_leaves_unref)

G_END_DECLS
