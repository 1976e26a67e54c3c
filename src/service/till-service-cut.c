/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes secrets out of a JSON document before it is parsed into plain memory. */
#include "config.h"

#include "till-service-private.h"

#include <string.h>

/*
 * json-glib keeps what it reads in plain memory (RELIABILITY.md G1). So the
 * values of members that are secret are copied into secrets of their own, and
 * null stands for them in what json-glib gets to see. The walk relies on
 * till_json_scan() having found the document valid: it never checks syntax,
 * only that it stays inside.
 */

/* Longer names are none of ours. */
#define NAME_BYTES 40

#define NULL_WORD "null"
#define NULL_SIZE (sizeof NULL_WORD - 1)

typedef struct
{
  const guint8   *text;
  gsize           size;
  gsize           at;
  guint           depth;
  TillServiceCut *cuts;
  guint           n_cuts;
} Walk;

static void
skip_blanks (Walk *self)
{
  while (self->at < self->size && strchr (" \t\r\n", self->text[self->at]) != NULL && self->text[self->at] != '\0')
    self->at++;
}

/* At a quote: goes behind the closing one. */
static void
skip_string (Walk *self)
{
  self->at++;
  while (self->at < self->size && self->text[self->at] != '"')
    self->at += self->text[self->at] == '\\' ? 2 : 1;
  self->at = MIN (self->at + 1, self->size);
}

/* At a value of any kind: goes behind it. */
static void
skip_value (Walk *self)
{
  guint depth = 0;

  do
    {
      guint8 c = self->text[self->at];

      if (c == '"')
        {
          skip_string (self);
          continue;
        }

      if (c == '{' || c == '[')
        depth++;
      else if (c == '}' || c == ']')
        depth--;
      else if (depth == 0)
        {
          while (self->at < self->size && !g_ascii_isspace (self->text[self->at]) &&
                 self->text[self->at] != ',' && self->text[self->at] != '}' && self->text[self->at] != ']')
            self->at++;
          return;
        }
      self->at++;
    }
  while (depth > 0 && self->at < self->size);
}

static gunichar
read_hex (const guint8 *p)
{
  gunichar value = 0;

  for (int i = 0; i < 4; i++)
    value = value << 4 | (gunichar) g_ascii_xdigit_value ((char) p[i]);

  return value;
}

/* Decodes a string without its quotes; @out has room for @size bytes, which it never needs more than.
 * An escape of six characters becomes at most three bytes. */
static gsize
unescape (const guint8 *text,
          gsize         size,
          guint8       *out)
{
  gsize used = 0;
  gsize i = 0;

  while (i < size)
    {
      gunichar c;

      if (text[i] != '\\' || i + 1 >= size)
        {
          out[used++] = text[i++];
          continue;
        }

      switch (text[i + 1])
        {
        case 'b':
          out[used++] = '\b';
          i += 2;
          break;

        case 'f':
          out[used++] = '\f';
          i += 2;
          break;

        case 'n':
          out[used++] = '\n';
          i += 2;
          break;

        case 'r':
          out[used++] = '\r';
          i += 2;
          break;

        case 't':
          out[used++] = '\t';
          i += 2;
          break;

        case 'u':
          if (i + 6 > size)
            return used;
          c = read_hex (text + i + 2);
          i += 6;
          if (c >= 0xd800 && c < 0xdc00 && i + 6 <= size)
            {
              c = 0x10000 + ((c - 0xd800) << 10) + (read_hex (text + i + 2) - 0xdc00);
              i += 6;
            }
          used += (gsize) g_unichar_to_utf8 (c, (char *) out + used);
          break;

        default:
          out[used++] = text[i + 1];
          i += 2;
          break;
        }
    }

  return used;
}

static TillServiceCut *
find_cut (const Walk   *self,
          const guint8 *text,
          gsize         size)
{
  guint8 name[NAME_BYTES * 6 + 1];
  gsize length;

  if (size > NAME_BYTES * 6)
    return NULL;

  length = unescape (text, size, name);
  name[length] = '\0';

  for (guint i = 0; i < self->n_cuts; i++)
    if (g_ascii_strcasecmp ((const char *) name, self->cuts[i].name) == 0)
      return &self->cuts[i];

  return NULL;
}

static void
take_value (TillServiceCut *cut,
            const guint8   *token,
            gsize           size)
{
  TillSecret *value;
  gsize length;

  /* Names may differ in letter case alone; the first one counts. */
  if (cut->value != NULL)
    return;

  if (token[0] == '"')
    {
      value = till_secret_new (size - 2);
      length = unescape (token + 1, size - 2, till_secret_get_buffer (value));
      till_secret_shrink (value, length);
      cut->value = value;
    }
  else if (token[0] == '-' || g_ascii_isdigit (token[0]))
    {
      cut->value = till_secret_new_copy (token, size);
    }
  else
    {
      cut->wrong_type = TRUE;
    }
}

/* Goes to the next value that is to be cut; @start is where it begins, the walk stands behind it. */
static TillServiceCut *
next_cut (Walk  *self,
          gsize *start)
{
  while (self->at < self->size)
    {
      guint8 c = self->text[self->at];
      TillServiceCut *cut;
      gsize name = self->at + 1;
      gsize behind;

      if (c != '"')
        {
          if (c == '{' || c == '[')
            self->depth++;
          else if (c == '}' || c == ']')
            self->depth--;
          self->at++;
          continue;
        }

      skip_string (self);
      behind = self->at;
      skip_blanks (self);
      if (self->at >= self->size || self->text[self->at] != ':')
        continue;

      cut = find_cut (self, self->text + name, behind - 1 - name);
      self->at++;
      if (cut == NULL)
        continue;

      skip_blanks (self);
      if (self->at >= self->size)
        return NULL;
      *start = self->at;
      skip_value (self);
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
  Walk walk = {
    .text = till_secret_get_data (body),
    .size = till_secret_get_size (body),
    .cuts = cuts,
    .n_cuts = n_cuts,
  };
  TillSecret *rest = NULL;
  TillServiceCut *cut;
  gsize copied = 0;
  gsize used = 0;
  gsize start;

  while ((cut = next_cut (&walk, &start)) != NULL)
    {
      gsize size = walk.at - start;

      if (size == NULL_SIZE && memcmp (walk.text + start, NULL_WORD, NULL_SIZE) == 0)
        continue;

      cut->found = TRUE;
      if (walk.depth == 1)
        take_value (cut, walk.text + start, size);

      /* What is shorter than the word null hides nothing, and would not have room for it. */
      if (size < NULL_SIZE)
        continue;

      if (rest == NULL)
        rest = till_secret_new (walk.size);
      memcpy (till_secret_get_buffer (rest) + used, walk.text + copied, start - copied);
      used += start - copied;
      memcpy (till_secret_get_buffer (rest) + used, NULL_WORD, NULL_SIZE);
      used += NULL_SIZE;
      copied = walk.at;
    }

  if (rest == NULL)
    return till_secret_ref ((TillSecret *) body);

  memcpy (till_secret_get_buffer (rest) + used, walk.text + copied, walk.size - copied);
  till_secret_shrink (rest, used + walk.size - copied);

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
