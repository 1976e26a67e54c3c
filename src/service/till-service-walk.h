/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A walk over the text of a JSON document that was found valid, without making anything of it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TillServiceSpan:
 *
 * A token, or a whole object or array: as it stands in the document.
 */
typedef struct
{
  const guint8 *text;
  gsize         size;
} TillServiceSpan;

/**
 * TillServiceWalk:
 * @at: next byte
 * @end: one behind the last one
 *
 * A place in the text. All functions rely on till_json_scan() having found the
 * document valid: they check no syntax, only that they stay inside.
 *
 * |[<!-- language="C" -->
 * if (till_service_walk_enter (&walk, '{'))
 *   for (; till_service_walk_name (&walk, &name); till_service_walk_next (&walk))
 *     till_service_walk_value (&walk, &value);
 * ]|
 */
typedef struct
{
  const guint8 *at;
  const guint8 *end;
} TillServiceWalk;

void     till_service_walk_init    (TillServiceWalk       *self,
                                    const guint8          *text,
                                    gsize                  size);
gboolean till_service_walk_enter   (TillServiceWalk       *self,
                                    char                   bracket);
gboolean till_service_walk_leave   (TillServiceWalk       *self,
                                    char                   bracket);
gboolean till_service_walk_name    (TillServiceWalk       *self,
                                    TillServiceSpan       *name);
void     till_service_walk_value   (TillServiceWalk       *self,
                                    TillServiceSpan       *value);
void     till_service_walk_next    (TillServiceWalk       *self);
void     till_service_walk_blanks  (TillServiceWalk       *self);

gboolean till_service_span_is      (const TillServiceSpan *self,
                                    const char            *word);
gsize    till_service_unescape     (const TillServiceSpan *inside,
                                    guint8                *out);

G_END_DECLS
