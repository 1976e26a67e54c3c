/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text for people: foreign strings made safe to show, dates, durations, fingerprints, algorithms. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How much of one foreign string is shown; RELIABILITY.md 5.1, row 28. */
#define TILL_TEXT_MAX_CHARS 256

char *till_text_dup_display      (const char  *text,
                                  int          max_chars) G_GNUC_WARN_UNUSED_RESULT;
char *till_text_dup_lines        (const char  *text,
                                  int          max_chars,
                                  int          max_lines) G_GNUC_WARN_UNUSED_RESULT;
char *till_text_dup_list         (char       **items,
                                  int          max_items) G_GNUC_WARN_UNUSED_RESULT;
char *till_text_dup_hex_pairs    (const char  *hex) G_GNUC_WARN_UNUSED_RESULT;

char *till_text_dup_date         (gint64       seconds) G_GNUC_WARN_UNUSED_RESULT;
char *till_text_dup_date_time    (gint64       seconds) G_GNUC_WARN_UNUSED_RESULT;

char *till_text_dup_span         (gint64       seconds) G_GNUC_WARN_UNUSED_RESULT;
char *till_text_dup_relative     (gint64       now,
                                  gint64       then) G_GNUC_WARN_UNUSED_RESULT;

char *till_text_dup_algorithm    (const char  *algorithm,
                                  int          bits,
                                  const char  *curve) G_GNUC_WARN_UNUSED_RESULT;
char *till_text_dup_size         (gint64       bytes) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
