/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The strict RFC 8259 scanner that goes before json-glib. */
#include "config.h"

#include "till-json-scan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "till-error.h"
#include "till-limits.h"

/*
 * The scanner walks once over the text with a stack of open containers of fixed
 * depth, so no input makes it recurse. It builds no values; what it remembers
 * are the decoded names of the objects that are open, to tell duplicates: they
 * are sorted when their object ends, so that no choice of names makes it slow.
 */

/* RFC 8259 6: the integers that everybody reads alike. */
#define MAX_INTEGER G_GINT64_CONSTANT (9007199254740992)

/* Longer ones mean nothing to a double and cost time. */
#define MAX_NUMBER_CHARS 128

/* A name of an open object. */
typedef struct
{
  gsize name;         /* where it begins in Scanner.names */
  gsize offset;       /* where it stands in the text */
} Name;

typedef struct
{
  gboolean is_object;
  guint    n_values;
  guint    first_name;
  gsize    names_used;
} Container;

typedef struct
{
  const char   *text;
  gsize         length;
  gsize         at;

  Container     stack[TILL_LIMIT_JSON_DEPTH];
  guint         depth;

  GString      *names;      /* decoded, each ended by NUL */
  GArray       *entries;    /* (element-type Name) */

  GError      **error;
} Scanner;

/* Always FALSE, so that it can be returned. */
static gboolean
fail (Scanner         *self,
      gsize            offset,
      TillErrorReason  reason,
      const char      *what)
{
  gsize line = 1;

  for (gsize i = 0; i < offset && i < self->length; i++)
    if (self->text[i] == '\n')
      line++;

  till_set_error (self->error, TILL_ERROR_PROTOCOL, reason, what,
                  (const gint64[2]) { (gint64) offset, -1 },
                  "not valid JSON at line %" G_GSIZE_FORMAT ", byte %" G_GSIZE_FORMAT ": %s",
                  line, offset, what);
  return FALSE;
}

static gboolean
fail_here (Scanner    *self,
           const char *what)
{
  if (self->at >= self->length)
    return fail (self, self->length, TILL_REASON_TRUNCATED, "it ends too early");

  return fail (self, self->at, TILL_REASON_MALFORMED, what);
}

static inline int
peek (const Scanner *self)
{
  return self->at < self->length ? (guint8) self->text[self->at] : -1;
}

static void
skip_white_space (Scanner *self)
{
  while (self->at < self->length)
    {
      char c = self->text[self->at];

      if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
        break;
      self->at++;
    }
}

/* One character of more than one byte: neither overlong, nor a surrogate, nor
 * beyond U+10FFFF. */
static gboolean
scan_utf8 (Scanner *self,
           GString *decoded)
{
  const guint8 *p = (const guint8 *) self->text + self->at;
  gsize left = self->length - self->at;
  guint8 low = 0x80;
  guint8 high = 0xbf;
  gsize size;

  if (p[0] >= 0xc2 && p[0] <= 0xdf)
    size = 2;
  else if (p[0] >= 0xe0 && p[0] <= 0xef)
    size = 3;
  else if (p[0] >= 0xf0 && p[0] <= 0xf4)
    size = 4;
  else
    return fail_here (self, "bytes that are not UTF-8");

  switch (p[0])
    {
    case 0xe0:
      low = 0xa0;
      break;

    case 0xed:
      high = 0x9f;
      break;

    case 0xf0:
      low = 0x90;
      break;

    case 0xf4:
      high = 0x8f;
      break;

    default:
      break;
    }

  if (left < size || p[1] < low || p[1] > high)
    return fail_here (self, "bytes that are not UTF-8");
  for (gsize i = 2; i < size; i++)
    if ((p[i] & 0xc0) != 0x80)
      return fail_here (self, "bytes that are not UTF-8");

  if (decoded != NULL)
    g_string_append_len (decoded, (const char *) p, (gssize) size);
  self->at += size;

  return TRUE;
}

static gboolean
scan_hex4 (Scanner  *self,
           gunichar *unit)
{
  *unit = 0;

  for (int i = 0; i < 4; i++)
    {
      int digit = self->at < self->length ? g_ascii_xdigit_value (self->text[self->at]) : -1;

      if (digit < 0)
        return fail_here (self, "an escape without four hexadecimal digits");
      *unit = *unit << 4 | (gunichar) digit;
      self->at++;
    }

  return TRUE;
}

/* Behind "\u". */
static gboolean
scan_unicode_escape (Scanner *self,
                     GString *decoded)
{
  gsize start = self->at - 2;
  gunichar low;
  gunichar c;

  if (!scan_hex4 (self, &c))
    return FALSE;

  if (c == 0)
    return fail (self, start, TILL_REASON_MALFORMED, "a NUL character in a string");
  if (c >= 0xdc00 && c <= 0xdfff)
    return fail (self, start, TILL_REASON_MALFORMED, "half of a surrogate pair");

  if (c >= 0xd800 && c <= 0xdbff)
    {
      if (peek (self) != '\\' || self->at + 1 >= self->length || self->text[self->at + 1] != 'u')
        return fail (self, start, TILL_REASON_MALFORMED, "half of a surrogate pair");

      self->at += 2;
      if (!scan_hex4 (self, &low))
        return FALSE;
      if (low < 0xdc00 || low > 0xdfff)
        return fail (self, start, TILL_REASON_MALFORMED, "half of a surrogate pair");
      c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    }

  if (decoded != NULL)
    g_string_append_unichar (decoded, c);

  return TRUE;
}

/* Behind the backslash. */
static gboolean
scan_escape (Scanner *self,
             GString *decoded)
{
  static const char escapes[] = "\"\\/bfnrt";
  static const char meanings[] = "\"\\/\b\f\n\r\t";
  int c = peek (self);
  const char *found;

  if (c == 'u')
    {
      self->at++;
      return scan_unicode_escape (self, decoded);
    }

  found = c > 0 ? strchr (escapes, c) : NULL;
  if (found == NULL)
    return fail_here (self, "an unknown escape in a string");

  if (decoded != NULL)
    g_string_append_c (decoded, meanings[found - escapes]);
  self->at++;

  return TRUE;
}

/* A string, from its quote on; @decoded gets what it means. */
static gboolean
scan_string (Scanner *self,
             GString *decoded)
{
  self->at++;

  while (TRUE)
    {
      gsize start = self->at;
      int c;

      while ((c = peek (self)) >= 0x20 && c < 0x80 && c != '"' && c != '\\')
        self->at++;
      if (decoded != NULL)
        g_string_append_len (decoded, self->text + start, (gssize) (self->at - start));

      if (c == '"')
        {
          self->at++;
          return TRUE;
        }

      if (c == '\\')
        {
          self->at++;
          if (!scan_escape (self, decoded))
            return FALSE;
        }
      else if (c >= 0x80)
        {
          if (!scan_utf8 (self, decoded))
            return FALSE;
        }
      else
        {
          return fail_here (self, "a control character in a string");
        }
    }
}

static gboolean
scan_digits (Scanner *self)
{
  gsize start = self->at;

  while (g_ascii_isdigit (peek (self)))
    self->at++;

  return self->at > start || fail_here (self, "a digit is missing in a number");
}

static gboolean
scan_number (Scanner *self)
{
  gsize start = self->at;
  gboolean is_integer = TRUE;
  char copy[MAX_NUMBER_CHARS + 1];
  gsize size;

  if (peek (self) == '-')
    self->at++;

  if (peek (self) == '0')
    {
      self->at++;
      if (g_ascii_isdigit (peek (self)))
        return fail (self, start, TILL_REASON_MALFORMED, "a number that begins with 0");
    }
  else if (!scan_digits (self))
    {
      return FALSE;
    }

  if (peek (self) == '.')
    {
      is_integer = FALSE;
      self->at++;
      if (!scan_digits (self))
        return FALSE;
    }

  if (peek (self) == 'e' || peek (self) == 'E')
    {
      is_integer = FALSE;
      self->at++;
      if (peek (self) == '+' || peek (self) == '-')
        self->at++;
      if (!scan_digits (self))
        return FALSE;
    }

  size = self->at - start;
  if (size > MAX_NUMBER_CHARS)
    return fail (self, start, TILL_REASON_MALFORMED, "a number with too many digits");
  memcpy (copy, self->text + start, size);
  copy[size] = '\0';

  if (is_integer)
    {
      gint64 value;

      /* 17 characters hold the largest with its sign. */
      if (size > 17 || (value = g_ascii_strtoll (copy, NULL, 10)) > MAX_INTEGER || value < -MAX_INTEGER)
        return fail (self, start, TILL_REASON_MALFORMED, "an integer that is too large");
    }
  else if (!isfinite (g_ascii_strtod (copy, NULL)))
    {
      return fail (self, start, TILL_REASON_MALFORMED, "a number that is too large");
    }

  return TRUE;
}

static gboolean
scan_word (Scanner    *self,
           const char *word)
{
  gsize size = strlen (word);
  gsize left = self->length - self->at;

  if (left < size && strncmp (self->text + self->at, word, left) == 0)
    self->at = self->length;
  else if (left >= size && strncmp (self->text + self->at, word, size) == 0)
    {
      self->at += size;
      return TRUE;
    }

  return fail_here (self, "an unknown word");
}

static gboolean
begin_container (Scanner  *self,
                 gboolean  is_object)
{
  if (self->depth == TILL_LIMIT_JSON_DEPTH)
    return fail (self, self->at, TILL_REASON_TOO_MANY, "too many levels");

  self->stack[self->depth++] = (Container) {
    .is_object = is_object,
    .first_name = self->entries->len,
    .names_used = self->names->len,
  };
  self->at++;

  return TRUE;
}

static int
compare_names (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  const Name *left = a;
  const Name *right = b;
  const GString *names = user_data;
  int order = strcmp (names->str + left->name, names->str + right->name);

  /* Of two alike the later one is named. */
  return order != 0 ? order : (left->offset > right->offset) - (left->offset < right->offset);
}

static gboolean
end_container (Scanner *self)
{
  Container *top = &self->stack[self->depth - 1];
  guint n_names = self->entries->len - top->first_name;

  if (n_names > 1)
    {
      Name *names = &g_array_index (self->entries, Name, top->first_name);

      g_qsort_with_data (names, (int) n_names, sizeof (Name), compare_names, self->names);
      for (guint i = 1; i < n_names; i++)
        if (strcmp (self->names->str + names[i - 1].name, self->names->str + names[i].name) == 0)
          return fail (self, names[i].offset, TILL_REASON_MALFORMED, "the same name twice in one object");
    }

  g_array_set_size (self->entries, top->first_name);
  g_string_truncate (self->names, top->names_used);
  self->depth--;
  self->at++;

  return TRUE;
}

/* A name and its colon. */
static gboolean
scan_name (Scanner *self)
{
  Name name = { .name = self->names->len, .offset = self->at };

  if (peek (self) != '"')
    return fail_here (self, "a name in quotes is missing");
  if (!scan_string (self, self->names))
    return FALSE;

  g_string_append_c (self->names, '\0');
  g_array_append_val (self->entries, name);

  skip_white_space (self);
  if (peek (self) != ':')
    return fail_here (self, "a colon is missing");
  self->at++;
  skip_white_space (self);

  return TRUE;
}

/* One value, or the bracket that begins it; @begun tells which. */
static gboolean
scan_value (Scanner  *self,
            gboolean *begun)
{
  int c = peek (self);

  *begun = FALSE;

  switch (c)
    {
    case '{':
    case '[':
      *begun = TRUE;
      return begin_container (self, c == '{');

    case '"':
      return scan_string (self, NULL);

    case 't':
      return scan_word (self, "true");

    case 'f':
      return scan_word (self, "false");

    case 'n':
      return scan_word (self, "null");

    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
      return scan_number (self);

    default:
      return fail_here (self, "a value is missing");
    }
}

/* Behind a value: ends what ends here, until another value must follow.
 * @done: the root has ended. */
static gboolean
scan_ends (Scanner  *self,
           gboolean *done)
{
  while (self->depth > 0)
    {
      Container *top = &self->stack[self->depth - 1];
      int c;

      skip_white_space (self);
      c = peek (self);

      if (c == ',')
        {
          self->at++;
          skip_white_space (self);
          *done = FALSE;
          return TRUE;
        }

      if (c != (top->is_object ? '}' : ']'))
        return fail_here (self, top->is_object ? "a comma or } is missing" : "a comma or ] is missing");
      if (!end_container (self))
        return FALSE;
    }

  *done = TRUE;
  return TRUE;
}

static gboolean
scan_document (Scanner *self)
{
  gboolean done = FALSE;

  skip_white_space (self);
  if (self->at == self->length)
    return fail (self, 0, TILL_REASON_EMPTY, "it is empty");
  if (self->length >= 3 && memcmp (self->text, "\xef\xbb\xbf", 3) == 0)
    return fail (self, 0, TILL_REASON_MALFORMED, "a byte order mark");

  while (!done)
    {
      gboolean begun;

      if (self->depth > 0)
        {
          Container *top = &self->stack[self->depth - 1];

          if (++top->n_values > TILL_LIMIT_JSON_CONTAINER)
            return fail (self, self->at, TILL_REASON_TOO_MANY, "too many values in one object or array");
          if (top->is_object && !scan_name (self))
            return FALSE;
        }

      if (!scan_value (self, &begun))
        return FALSE;

      if (begun)
        {
          skip_white_space (self);
          /* Empty ones end at once; only they may end without a value. */
          if (peek (self) != (self->stack[self->depth - 1].is_object ? '}' : ']'))
            continue;
        }

      if (!scan_ends (self, &done))
        return FALSE;
    }

  skip_white_space (self);
  if (self->at < self->length)
    return fail_here (self, "something stands behind the end");

  return TRUE;
}

/**
 * till_json_scan:
 * @text: (array length=length): a JSON document, not trusted
 * @length: its size in bytes
 * @limit: the most bytes it may have, see till-limits.h
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL; its first number is the
 *   offset of what is wrong
 *
 * Checks a document more strictly than json-glib does (RFC 8259; RELIABILITY.md
 * G10): valid UTF-8 without NUL, escaped or not, and without half surrogates,
 * one root and nothing else, no byte order mark, no comments, no name twice in
 * one object, at most 32 levels and 10,000 values a container, integers within
 * ±2^53, all numbers finite and of at most 128 characters.
 *
 * Returns: whether the document may be given to json-glib
 */
gboolean
till_json_scan (const char  *text,
                gsize        length,
                gsize        limit,
                GError     **error)
{
  Scanner scanner = { .text = text, .length = length, .error = error };
  gboolean valid;

  g_return_val_if_fail (text != NULL || length == 0, FALSE);

  if (length > limit)
    {
      till_set_error (error, TILL_ERROR_PROTOCOL, TILL_REASON_TOO_LARGE, NULL,
                      (const gint64[2]) { (gint64) length, (gint64) limit },
                      "JSON of %" G_GSIZE_FORMAT " bytes is too large; %" G_GSIZE_FORMAT " are allowed",
                      length, limit);
      return FALSE;
    }

  scanner.names = g_string_new (NULL);
  scanner.entries = g_array_new (FALSE, FALSE, sizeof (Name));

  valid = scan_document (&scanner);

  g_string_free (scanner.names, TRUE);
  g_array_unref (scanner.entries);

  return valid;
}
