/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small JSON writer that needs GLib only. */
#include "config.h"

#include "till-json-writer.h"

#include <string.h>

#include "till-time.h"

/* Bytes that stand for themselves in a string: a mask a block of 32. */
static inline gboolean
is_plain (guint8 c)
{
  static const guint32 plain[8] = { 0, ~(1u << ('"' - 0x20)), ~(1u << ('\\' - 0x40)), ~(1u << (0x7f - 0x60)) };

  return plain[c >> 5] >> (c & 31) & 1;
}

/* What g_string_append_len() does, without a call where there is room: a
 * document of 10,000 certificates is made of millions of pieces. */
static inline void
append (GString    *out,
        const char *text,
        gsize       size)
{
  if (out->allocated_len - out->len <= size)
    {
      g_string_append_len (out, text, (gssize) size);
      return;
    }

  memcpy (out->str + out->len, text, size);
  out->len += size;
  out->str[out->len] = '\0';
}

/* Legal in JSON, but a terminal that shows the document would obey them. */
static inline gboolean
is_unfit (gunichar c)
{
  return (c >= 0x7f && c <= 0x9f) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static void
append_new_line (TillJsonWriter *self)
{
  static const char blanks[] = "\n                                ";
  gsize left = 2 * (gsize) self->depth;

  if (!self->indent)
    return;

  append (self->out, blanks, 1 + MIN (left, sizeof blanks - 2));
  while (left > sizeof blanks - 2)
    {
      left -= sizeof blanks - 2;
      append (self->out, blanks + 1, MIN (left, sizeof blanks - 2));
    }
}

/* What goes before a member or before a value of an array. */
static void
append_separator (TillJsonWriter *self)
{
  if (self->need_comma)
    append (self->out, ",", 1);
  if (self->depth > 0)
    append_new_line (self);
}

static void
begin_value (TillJsonWriter *self)
{
  if (!self->after_member)
    append_separator (self);

  self->after_member = FALSE;
  self->need_comma = TRUE;
}

static void
append_control (GString *out,
                guint8   c)
{
  switch (c)
    {
    case '"':
      g_string_append_len (out, "\\\"", 2);
      break;

    case '\\':
      g_string_append_len (out, "\\\\", 2);
      break;

    case '\b':
      g_string_append_len (out, "\\b", 2);
      break;

    case '\f':
      g_string_append_len (out, "\\f", 2);
      break;

    case '\n':
      g_string_append_len (out, "\\n", 2);
      break;

    case '\r':
      g_string_append_len (out, "\\r", 2);
      break;

    case '\t':
      g_string_append_len (out, "\\t", 2);
      break;

    default:
      g_string_append_printf (out, "\\u%04x", c);
      break;
    }
}

static void
append_quoted (GString    *out,
               const char *text)
{
  const char *p = text;
  const char *end = text + strlen (text);

  append (out, "\"", 1);

  while (p < end)
    {
      const char *start = p;
      gunichar c;

      while (p < end && is_plain ((guint8) *p))
        p++;
      if (p > start)
        append (out, start, (gsize) (p - start));
      if (p == end)
        break;

      if ((guint8) *p < 0x80)
        {
          append_control (out, (guint8) *p);
          p++;
          continue;
        }

      c = g_utf8_get_char_validated (p, end - p);
      if (c == (gunichar) -1 || c == (gunichar) -2)
        {
          g_string_append (out, "\xef\xbf\xbd");
          p++;
        }
      else
        {
          const char *next = g_utf8_next_char (p);

          if (is_unfit (c))
            g_string_append_printf (out, "\\u%04x", c);
          else
            append (out, p, (gsize) (next - p));
          p = next;
        }
    }

  append (out, "\"", 1);
}

static void
begin_container (TillJsonWriter *self,
                 char            bracket)
{
  begin_value (self);
  g_string_append_c (self->out, bracket);
  self->depth++;
  self->need_comma = FALSE;
}

static void
end_container (TillJsonWriter *self,
               char            bracket)
{
  g_return_if_fail (self->depth > 0);
  g_return_if_fail (!self->after_member);

  self->depth--;
  /* An empty one stays on its line. */
  if (self->need_comma)
    append_new_line (self);
  g_string_append_c (self->out, bracket);
  self->need_comma = TRUE;
}

/**
 * till_json_writer_init:
 * @self: a writer, whatever it holds
 * @out: (transfer none): where the document is appended; outlives @self
 * @indent: whether it is laid out for people, two spaces a level
 *
 * Begins a document. Nothing has to be freed afterwards.
 */
void
till_json_writer_init (TillJsonWriter *self,
                       GString        *out,
                       gboolean        indent)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (out != NULL);

  *self = (TillJsonWriter) { .out = out, .indent = indent };
}

/**
 * till_json_writer_begin_object:
 * @self: a writer
 *
 * Begins an object; till_json_writer_end_object() ends it.
 */
void
till_json_writer_begin_object (TillJsonWriter *self)
{
  begin_container (self, '{');
}

/**
 * till_json_writer_end_object:
 * @self: a writer
 *
 * Ends the innermost object.
 */
void
till_json_writer_end_object (TillJsonWriter *self)
{
  end_container (self, '}');
}

/**
 * till_json_writer_begin_array:
 * @self: a writer
 *
 * Begins an array; till_json_writer_end_array() ends it.
 */
void
till_json_writer_begin_array (TillJsonWriter *self)
{
  begin_container (self, '[');
}

/**
 * till_json_writer_end_array:
 * @self: a writer
 *
 * Ends the innermost array.
 */
void
till_json_writer_end_array (TillJsonWriter *self)
{
  end_container (self, ']');
}

/**
 * till_json_writer_member:
 * @self: a writer, inside an object
 * @name: the member's name
 *
 * Writes a name; the next call writes its value.
 */
void
till_json_writer_member (TillJsonWriter *self,
                         const char     *name)
{
  g_return_if_fail (name != NULL);
  g_return_if_fail (self->depth > 0 && !self->after_member);

  append_separator (self);
  append_quoted (self->out, name);
  append (self->out, ": ", self->indent ? 2 : 1);
  self->after_member = TRUE;
  self->need_comma = FALSE;
}

/**
 * till_json_writer_string:
 * @self: a writer
 * @value: (nullable): a text; %NULL is written as null
 *
 * Writes a string. Bytes that are no UTF-8 become U+FFFD; what a terminal
 * would obey instead of show is written as "\uNNNN".
 */
void
till_json_writer_string (TillJsonWriter *self,
                         const char     *value)
{
  if (value == NULL)
    {
      till_json_writer_null (self);
      return;
    }

  begin_value (self);
  append_quoted (self->out, value);
}

/**
 * till_json_writer_int:
 * @self: a writer
 * @value: a number
 *
 * Writes an integer.
 */
void
till_json_writer_int (TillJsonWriter *self,
                      gint64          value)
{
  begin_value (self);
  g_string_append_printf (self->out, "%" G_GINT64_FORMAT, value);
}

/**
 * till_json_writer_bool:
 * @self: a writer
 * @value: a truth
 *
 * Writes true or false.
 */
void
till_json_writer_bool (TillJsonWriter *self,
                       gboolean        value)
{
  begin_value (self);
  g_string_append (self->out, value ? "true" : "false");
}

/**
 * till_json_writer_null:
 * @self: a writer
 *
 * Writes null.
 */
void
till_json_writer_null (TillJsonWriter *self)
{
  begin_value (self);
  g_string_append_len (self->out, "null", 4);
}

/**
 * till_json_writer_text:
 * @self: in an object
 * @name: of the member
 * @value: (nullable): its text; null is written for none
 *
 * Writes a member.
 */
void
till_json_writer_text (TillJsonWriter *self,
                       const char     *name,
                       const char     *value)
{
  till_json_writer_member (self, name);
  if (value != NULL)
    till_json_writer_string (self, value);
  else
    till_json_writer_null (self);
}

/**
 * till_json_writer_time:
 * @self: in an object
 * @name: of the member
 * @seconds: since 1970; %G_MININT64, which stands for a moment that is not known, gives null
 *
 * Writes a member: a moment as ISO 8601 in UTC.
 */
void
till_json_writer_time (TillJsonWriter *self,
                       const char     *name,
                       gint64          seconds)
{
  g_autofree char *text = seconds != G_MININT64 ? till_time_format (seconds) : NULL;

  till_json_writer_text (self, name, text);
}
