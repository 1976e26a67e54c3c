/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small JSON writer that needs GLib only (PERFORMANCE.md, decisions). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TillJsonWriter:
 *
 * Appends one JSON document to a #GString. Invalid UTF-8 becomes U+FFFD, so
 * that the output is always valid. Not for secrets.
 */
typedef struct
{
  GString  *out;
  guint     depth;
  gboolean  indent;
  gboolean  need_comma;
  gboolean  after_member;
} TillJsonWriter;

void till_json_writer_init         (TillJsonWriter *self,
                                    GString        *out,
                                    gboolean        indent);
void till_json_writer_begin_object (TillJsonWriter *self);
void till_json_writer_end_object   (TillJsonWriter *self);
void till_json_writer_begin_array  (TillJsonWriter *self);
void till_json_writer_end_array    (TillJsonWriter *self);
void till_json_writer_member       (TillJsonWriter *self,
                                    const char     *name);
void till_json_writer_string       (TillJsonWriter *self,
                                    const char     *value);
void till_json_writer_int          (TillJsonWriter *self,
                                    gint64          value);
void till_json_writer_bool         (TillJsonWriter *self,
                                    gboolean        value);
void till_json_writer_null         (TillJsonWriter *self);

/* A member and its value; null where there is none. */
void till_json_writer_text         (TillJsonWriter *self,
                                    const char     *name,
                                    const char     *value);
void till_json_writer_time         (TillJsonWriter *self,
                                    const char     *name,
                                    gint64          seconds);

G_END_DECLS
