/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One thing that is known of something, in words: what a row shows and what Copy gives. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TillFact:
 * @title: its name
 * @value: what it is, fit to be shown; may have several lines
 * @copy: (nullable): what Copy puts on the clipboard, as it stands in the file; %NULL: no Copy
 * @problem: it needs attention; the row marks it with a sign
 *
 * Plain text throughout, never markup.
 */
typedef struct
{
  char     *title;
  char     *value;
  char     *copy;
  gboolean  problem;
} TillFact;

GPtrArray *till_facts_new          (void) G_GNUC_WARN_UNUSED_RESULT;
void       till_facts_add          (GPtrArray   *facts,
                                    const char  *title,
                                    const char  *value,
                                    const char  *copy);
void       till_facts_add_problem  (GPtrArray   *facts,
                                    const char  *title,
                                    const char  *value);
void       till_facts_add_foreign  (GPtrArray   *facts,
                                    const char  *title,
                                    const char  *value);
void       till_facts_add_hex      (GPtrArray   *facts,
                                    const char  *title,
                                    const char  *hex);
void       till_facts_add_list     (GPtrArray   *facts,
                                    const char  *title,
                                    char       **values);

G_END_DECLS
