/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `inspect` calls the weaknesses and oddities it finds: stable words, and sentences. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TillInspectWord:
 * @flag: one bit of TillWeakness or TillDocumentNote
 * @word: its stable word in JSON; never renamed
 * @sentence: the same for a person, without a full stop
 */
typedef struct
{
  guint       flag;
  const char *word;
  const char *sentence;
} TillInspectWord;

/* Both end with a row without a flag. */
extern const TillInspectWord till_inspect_weakness_words[];
extern const TillInspectWord till_inspect_note_words[];

G_END_DECLS
