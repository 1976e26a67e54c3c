/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A walk over the text of a JSON document that was found valid, without making anything of it. */
#include "config.h"

#include "till-service-walk.h"

#include <string.h>

static inline gboolean
is_blank (guint8 c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/**
 * till_service_walk_init:
 * @self: (out caller-allocates): a walk
 * @text: (array length=size): a document, or a value of one
 * @size: its size
 *
 * Begins at the first byte that is not blank.
 */
void
till_service_walk_init (TillServiceWalk *self,
                        const guint8    *text,
                        gsize            size)
{
  self->at = text;
  self->end = text + size;
  till_service_walk_blanks (self);
}

/**
 * till_service_walk_blanks:
 * @self: a walk
 *
 * Goes on to the next byte that is not blank.
 */
void
till_service_walk_blanks (TillServiceWalk *self)
{
  while (self->at < self->end && is_blank (*self->at))
    self->at++;
}

/* At a quote: behind the closing one. */
static inline const guint8 *
skip_string (const guint8 *p,
             const guint8 *end)
{
  p++;
  while (p < end && *p != '"')
    p += *p == '\\' ? 2 : 1;

  return MIN (p + 1, end);
}

static const guint8 *
skip_container (const guint8 *p,
                const guint8 *end)
{
  guint depth = 0;

  while (p < end)
    {
      guint8 c = *p;

      if (c == '"')
        {
          p = skip_string (p, end);
          continue;
        }

      p++;
      if (c == '{' || c == '[')
        depth++;
      else if ((c == '}' || c == ']') && --depth == 0)
        break;
    }

  return p;
}

/**
 * till_service_walk_value:
 * @self: a walk, at a value
 * @value: (out): the value
 *
 * Goes behind a value of any kind.
 */
void
till_service_walk_value (TillServiceWalk *self,
                         TillServiceSpan *value)
{
  const guint8 *p = self->at;
  const guint8 *end = self->end;

  value->text = p;

  if (p < end && *p == '"')
    p = skip_string (p, end);
  else if (p < end && (*p == '{' || *p == '['))
    p = skip_container (p, end);
  else
    while (p < end && !is_blank (*p) && *p != ',' && *p != '}' && *p != ']')
      p++;

  self->at = p;
  value->size = (gsize) (p - value->text);
}

/**
 * till_service_walk_enter:
 * @self: a walk, at a value
 * @bracket: the one that opens what is expected
 *
 * Goes inside of an object or an array.
 *
 * Returns: whether it is one
 */
gboolean
till_service_walk_enter (TillServiceWalk *self,
                         char             bracket)
{
  if (self->at >= self->end || *self->at != (guint8) bracket)
    return FALSE;

  self->at++;
  till_service_walk_blanks (self);

  return TRUE;
}

/**
 * till_service_walk_leave:
 * @self: a walk, behind the last value of an object or an array
 * @bracket: the one that closes it
 *
 * Goes behind it.
 *
 * Returns: whether this is its end
 */
gboolean
till_service_walk_leave (TillServiceWalk *self,
                         char             bracket)
{
  if (self->at >= self->end || *self->at != (guint8) bracket)
    return FALSE;

  self->at++;

  return TRUE;
}

/**
 * till_service_walk_name:
 * @self: a walk, inside of an object
 * @name: (out): a name, without its quotes, as it is written
 *
 * Goes to the value of a member.
 *
 * Returns: %FALSE at the end of the object
 */
gboolean
till_service_walk_name (TillServiceWalk *self,
                        TillServiceSpan *name)
{
  const guint8 *start = self->at;
  const guint8 *behind;

  if (start >= self->end || *start != '"')
    return FALSE;

  behind = skip_string (start, self->end);
  if (behind - start < 2)
    return FALSE;
  name->text = start + 1;
  name->size = (gsize) (behind - start) - 2;

  self->at = behind;
  till_service_walk_blanks (self);
  if (self->at < self->end && *self->at == ':')
    self->at++;
  till_service_walk_blanks (self);

  return TRUE;
}

/**
 * till_service_walk_next:
 * @self: a walk, behind a value
 *
 * Goes to the next value or name, or to the bracket that ends it all.
 */
void
till_service_walk_next (TillServiceWalk *self)
{
  till_service_walk_blanks (self);
  if (self->at < self->end && *self->at == ',')
    self->at++;
  till_service_walk_blanks (self);
}

/**
 * till_service_span_is:
 * @self: a name or a word
 * @word: another
 *
 * Returns: whether it is written just so
 */
gboolean
till_service_span_is (const TillServiceSpan *self,
                      const char            *word)
{
  return self->size == strlen (word) && memcmp (self->text, word, self->size) == 0;
}

static gunichar
read_hex (const guint8 *p)
{
  gunichar value = 0;

  for (int i = 0; i < 4; i++)
    value = value << 4 | ((gunichar) g_ascii_xdigit_value ((char) p[i]) & 15);

  return value;
}

/**
 * till_service_unescape:
 * @inside: a string without its quotes
 * @out: (out caller-allocates): room for as many bytes as @inside has
 *
 * Decodes a string. It never grows: an escape of six characters becomes at
 * most three bytes, a pair of twelve becomes four.
 *
 * Returns: how many bytes there are
 */
gsize
till_service_unescape (const TillServiceSpan *inside,
                       guint8                *out)
{
  static const char escapes[][2] = { { 'b', '\b' }, { 'f', '\f' }, { 'n', '\n' }, { 'r', '\r' }, { 't', '\t' } };
  const guint8 *p = inside->text;
  const guint8 *end = p + inside->size;
  gsize used = 0;

  while (p < end)
    {
      guint8 c = *p++;
      gunichar value;

      if (c != '\\' || p == end)
        {
          out[used++] = c;
          continue;
        }

      c = *p++;
      if (c != 'u')
        {
          for (gsize i = 0; i < G_N_ELEMENTS (escapes); i++)
            if (c == (guint8) escapes[i][0])
              {
                c = (guint8) escapes[i][1];
                break;
              }
          out[used++] = c;
          continue;
        }

      if (end - p < 4)
        break;
      value = read_hex (p);
      p += 4;
      if (value >= 0xd800 && value < 0xdc00 && end - p >= 6)
        {
          value = 0x10000 + ((value & 0x3ff) << 10) + (read_hex (p + 2) & 0x3ff);
          p += 6;
        }
      used += (gsize) g_unichar_to_utf8 (value, (char *) out + used);
    }

  return used;
}
