/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distinguished and general names in text (RFC 4514, RFC 5280 4.2.1.6). */
#pragma once

#include <glib.h>

#include "till-der.h"

G_BEGIN_DECLS

/**
 * TillName:
 * @text: RFC 4514, most specific first; "" for an empty name
 * @common_name: (nullable): the last CN
 * @organization: (nullable): the last O
 * @organizational_unit: (nullable): the last OU
 * @user_id: (nullable): the last UID
 *
 * A distinguished name. The single values are plain text, nothing escaped.
 */
typedef struct
{
  char *text;
  char *common_name;
  char *organization;
  char *organizational_unit;
  char *user_id;
} TillName;

gboolean  till_name_read               (TillDer        *der,
                                        TillName       *name,
                                        TillDer        *whole);
void      till_name_clear              (TillName       *name);
char     *till_name_dup_short          (const TillName *name) G_GNUC_WARN_UNUSED_RESULT;
gboolean  till_name_text_matches       (const char     *a,
                                        const char     *b);
guint     till_name_text_hash          (const char     *text);

char     *till_name_dup_visible        (const guint8   *data,
                                        gsize           size) G_GNUC_WARN_UNUSED_RESULT;
char     *till_name_dup_hex            (const guint8   *data,
                                        gsize           size) G_GNUC_WARN_UNUSED_RESULT;
char     *till_name_dup_address        (const TillDer  *content,
                                        gboolean        with_mask) G_GNUC_WARN_UNUSED_RESULT;
char     *till_name_read_general       (TillDer        *der,
                                        gboolean        with_mask) G_GNUC_WARN_UNUSED_RESULT;
gboolean  till_name_read_general_names (TillDer         names,
                                        gboolean        with_mask,
                                        GPtrArray      *into);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TillName, till_name_clear)

G_END_DECLS
