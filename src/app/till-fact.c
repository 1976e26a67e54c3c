/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One thing that is known of something, in words: what a row shows and what Copy gives. */
#include "config.h"

#include "till-fact.h"

#include "till-text.h"

/* A list in one row; whoever needs the rest copies it. */
#define MAX_LINES 64

static void
free_fact (gpointer data)
{
  TillFact *fact = data;

  g_free (fact->title);
  g_free (fact->value);
  g_free (fact->copy);
  g_free (fact);
}

/**
 * till_facts_new:
 *
 * Returns: (transfer full) (element-type TillFact): an empty list
 */
GPtrArray *
till_facts_new (void)
{
  return g_ptr_array_new_with_free_func (free_fact);
}

/**
 * till_facts_add:
 * @facts: (element-type TillFact): the list
 * @title: name of the fact
 * @value: (nullable): words of our own, or text made fit to be shown; nothing is added for %NULL
 * @copy: (nullable): what Copy gives
 *
 * Adds a fact.
 */
void
till_facts_add (GPtrArray  *facts,
                const char *title,
                const char *value,
                const char *copy)
{
  TillFact *fact;

  if (value == NULL || *value == '\0')
    return;

  fact = g_new0 (TillFact, 1);
  fact->title = g_strdup (title);
  fact->value = g_strdup (value);
  fact->copy = g_strdup (copy);
  g_ptr_array_add (facts, fact);
}

/**
 * till_facts_add_problem:
 * @facts: (element-type TillFact): the list
 * @title: name of the fact
 * @value: words that say what is wrong
 *
 * Adds a fact that needs attention.
 */
void
till_facts_add_problem (GPtrArray  *facts,
                        const char *title,
                        const char *value)
{
  TillFact *fact;

  till_facts_add (facts, title, value, NULL);
  fact = facts->pdata[facts->len - 1];
  fact->problem = TRUE;
}

/**
 * till_facts_add_foreign:
 * @facts: (element-type TillFact): the list
 * @title: name of the fact
 * @value: (nullable): text from a file; nothing is added for %NULL and ""
 *
 * Adds text from a file: made fit to be shown, copied as it stands.
 */
void
till_facts_add_foreign (GPtrArray  *facts,
                        const char *title,
                        const char *value)
{
  g_autofree char *shown = till_text_dup_display (value, TILL_TEXT_MAX_CHARS);

  till_facts_add (facts, title, shown, value);
}

/**
 * till_facts_add_hex:
 * @facts: (element-type TillFact): the list
 * @title: name of the fact
 * @hex: (nullable): hex digits; nothing is added for %NULL and ""
 *
 * Adds a fingerprint or number: shown in pairs, copied without blanks.
 */
void
till_facts_add_hex (GPtrArray  *facts,
                    const char *title,
                    const char *hex)
{
  g_autofree char *pairs = till_text_dup_hex_pairs (hex);

  till_facts_add (facts, title, pairs, hex);
}

/**
 * till_facts_add_list:
 * @facts: (element-type TillFact): the list
 * @title: name of the fact
 * @values: (array zero-terminated=1) (nullable): texts from a file; nothing is added where there are none
 *
 * Adds a list: one a line, long ones cut; copied whole.
 */
void
till_facts_add_list (GPtrArray   *facts,
                     const char  *title,
                     char       **values)
{
  g_autofree char *shown = NULL;
  g_autofree char *copy = NULL;

  if (values == NULL || values[0] == NULL)
    return;

  shown = till_text_dup_list (values, MAX_LINES);
  copy = g_strjoinv ("\n", values);
  till_facts_add (facts, title, shown, copy);
}
