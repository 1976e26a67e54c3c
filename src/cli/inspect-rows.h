/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a text for people: a label in one column, values in the next. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void  till_inspect_append_label  (GString     *out,
                                  const char  *label);
void  till_inspect_append_row    (GString     *out,
                                  const char  *label,
                                  const char  *value);
void  till_inspect_append_rows   (GString     *out,
                                  const char  *label,
                                  char       **values);
void  till_inspect_append_joined (GString     *out,
                                  const char  *label,
                                  char       **values);
void  till_inspect_append_hex    (GString     *out,
                                  const char  *label,
                                  const char  *hex);
void  till_inspect_append_time   (GString     *out,
                                  const char  *label,
                                  gint64       seconds);

char *till_inspect_format_time   (gint64       seconds) G_GNUC_WARN_UNUSED_RESULT;
char *till_inspect_format_days   (gint64       seconds) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
