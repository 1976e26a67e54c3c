/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes secrets out of a JSON document before it is parsed into plain memory. */
#include "config.h"

#include "till-service-private.h"

#include <string.h>

#include "till-service-walk.h"

/*
 * json-glib keeps what it reads in plain memory (RELIABILITY.md G1). So the
 * values of members that are secret are copied into secrets of their own, and
 * null stands for them in what json-glib gets to see. The walk relies on
 * till_json_scan() having found the document valid.
 */

/* Longer names are none of ours. */
#define NAME_BYTES 40

#define NULL_WORD "null"
#define NULL_SIZE (sizeof NULL_WORD - 1)

typedef struct
{
  TillServiceWalk  place;
  guint            depth;
  TillServiceCut  *cuts;
  guint            n_cuts;
} Walk;

static TillServiceCut *
find_cut (const Walk            *self,
          const TillServiceSpan *written)
{
  guint8 name[NAME_BYTES * 6 + 1];
  gsize length;

  if (written->size > NAME_BYTES * 6)
    return NULL;

  length = till_service_unescape (written, name);
  name[length] = '\0';

  for (guint i = 0; i < self->n_cuts; i++)
    if (g_ascii_strcasecmp ((const char *) name, self->cuts[i].name) == 0)
      return &self->cuts[i];

  return NULL;
}

static void
take_value (TillServiceCut        *cut,
            const TillServiceSpan *token)
{
  /* Names may differ in letter case alone; the first one counts. */
  if (cut->value != NULL)
    return;

  if (token->text[0] == '"')
    {
      const TillServiceSpan inside = { token->text + 1, token->size - 2 };
      TillSecret *value = till_secret_new (inside.size);

      till_secret_shrink (value, till_service_unescape (&inside, till_secret_get_buffer (value)));
      cut->value = value;
    }
  else if (token->text[0] == '-' || g_ascii_isdigit (token->text[0]))
    {
      cut->value = till_secret_new_copy (token->text, token->size);
    }
  else
    {
      cut->wrong_type = TRUE;
    }
}

/* Goes behind the next value that is to be cut. */
static TillServiceCut *
next_cut (Walk            *self,
          TillServiceSpan *value)
{
  TillServiceWalk *place = &self->place;

  while (place->at < place->end)
    {
      guint8 c = *place->at;
      TillServiceCut *cut;
      TillServiceSpan string;

      if (c != '"')
        {
          if (c == '{' || c == '[')
            self->depth++;
          else if (c == '}' || c == ']')
            self->depth--;
          place->at++;
          continue;
        }

      till_service_walk_value (place, &string);
      till_service_walk_blanks (place);
      if (string.size < 2 || place->at >= place->end || *place->at != ':')
        continue;

      cut = find_cut (self, &(TillServiceSpan) { string.text + 1, string.size - 2 });
      place->at++;
      if (cut == NULL)
        continue;

      till_service_walk_blanks (place);
      till_service_walk_value (place, value);
      if (value->size > 0 && !till_service_span_is (value, NULL_WORD))
        return cut;
    }

  return NULL;
}

/**
 * till_service_cut:
 * @body: a JSON document that till_json_scan() has found valid
 * @cuts: (array length=n_cuts) (inout): what to take out
 * @n_cuts: how many
 *
 * Takes values out and puts null in their place.
 *
 * Returns: (transfer full): the document without them; @body itself where there are none
 */
TillSecret *
till_service_cut (const TillSecret *body,
                  TillServiceCut   *cuts,
                  guint             n_cuts)
{
  const guint8 *copied = till_secret_get_data (body);
  const guint8 *end = copied + till_secret_get_size (body);
  Walk walk = { .cuts = cuts, .n_cuts = n_cuts };
  TillSecret *rest = NULL;
  TillServiceSpan value;
  TillServiceCut *cut;
  guint8 *out = NULL;

  till_service_walk_init (&walk.place, copied, till_secret_get_size (body));

  while ((cut = next_cut (&walk, &value)) != NULL)
    {
      cut->found = TRUE;
      if (walk.depth == 1)
        take_value (cut, &value);

      /* What is shorter than the word null hides nothing, and would not have room for it. */
      if (value.size < NULL_SIZE)
        continue;

      if (rest == NULL)
        {
          rest = till_secret_new (till_secret_get_size (body));
          out = till_secret_get_buffer (rest);
        }
      memcpy (out, copied, (gsize) (value.text - copied));
      out += value.text - copied;
      memcpy (out, NULL_WORD, NULL_SIZE);
      out += NULL_SIZE;
      copied = value.text + value.size;
    }

  if (rest == NULL)
    return till_secret_ref ((TillSecret *) body);

  memcpy (out, copied, (gsize) (end - copied));
  out += end - copied;
  till_secret_shrink (rest, (gsize) (out - till_secret_get_data (rest)));

  return rest;
}

/**
 * till_service_cuts_clear:
 * @cuts: (array length=n_cuts): what was taken out
 * @n_cuts: how many
 *
 * Frees the values.
 */
void
till_service_cuts_clear (TillServiceCut *cuts,
                         guint           n_cuts)
{
  for (guint i = 0; i < n_cuts; i++)
    g_clear_pointer (&cuts[i].value, till_secret_unref);
}
