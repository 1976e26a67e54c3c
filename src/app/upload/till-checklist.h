/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was looked at, one row each: a shape, a sentence, and a word for how it came out (UX.md 2.3). */
#pragma once

#include <gtk/gtk.h>

#include "till-preflight.h"

G_BEGIN_DECLS

/**
 * TillChecklistEntry:
 * @state: how it came out
 * @text: a sentence in the user's language
 */
typedef struct
{
  TillCheckState  state;
  char           *text;
} TillChecklistEntry;

/* Entries. */
GPtrArray  *till_checklist_entries_new   (void) G_GNUC_WARN_UNUSED_RESULT;
void        till_checklist_entries_add   (GPtrArray      *entries,
                                          TillCheckState  state,
                                          const char     *text);
/* The sentence of the first one in that state. (nullable), lent */
const char *till_checklist_entries_first (GPtrArray      *entries,
                                          TillCheckState  state);
guint       till_checklist_entries_count (GPtrArray      *entries,
                                          TillCheckState  state);

#define TILL_TYPE_CHECKLIST (till_checklist_get_type ())
G_DECLARE_FINAL_TYPE (TillChecklist, till_checklist, TILL, CHECKLIST, GtkWidget)

GtkWidget  *till_checklist_new           (void) G_GNUC_WARN_UNUSED_RESULT;
/* entries: (element-type TillChecklistEntry) (nullable): %NULL for none: then it can't be seen. */
void        till_checklist_set_entries   (TillChecklist  *self,
                                          GPtrArray      *entries);

G_END_DECLS
