/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PEM text (RFC 7468, RFC 1421) and strict Base64 (RFC 4648), read in place. */
#include "config.h"

#include "till-pem.h"

#include <string.h>

#include "till-error.h"

#define BEGIN "-----BEGIN "
#define END "-----END "
#define DASHES "-----"

/* A label longer than this is no label. */
#define LABEL_BYTES 64

/**
 * till_pem_init:
 * @self: (out): a reader
 * @text: the text; has to outlive the reader and its blocks
 * @size: its length
 *
 * Sets the reader in front of @text.
 */
void
till_pem_init (TillPemReader *self,
               const char    *text,
               gsize          size)
{
  self->text = text;
  self->at = text;
  self->behind = text;
  self->end = text + size;
}

static const char *
find (const char *from,
      const char *end,
      const char *what)
{
  return memmem (from, (gsize) (end - from), what, strlen (what));
}

static gboolean
is_space (char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

/* One behind the last byte of the line that holds @from, without its line break. */
static const char *
find_line_end (const char *from,
               const char *end)
{
  while (from < end && *from != '\n' && *from != '\r')
    from++;

  return from;
}

static const char *
skip_line_break (const char *from,
                 const char *end)
{
  if (from < end && *from == '\r')
    from++;
  if (from < end && *from == '\n')
    from++;

  return from;
}

/* The value of a header line where it is the one of this name, else NULL. */
static const char *
get_header (const char *line,
            const char *line_end,
            const char *name)
{
  gsize n = strlen (name);

  if ((gsize) (line_end - line) <= n || g_ascii_strncasecmp (line, name, n) != 0 || line[n] != ':')
    return NULL;

  line += n + 1;
  while (line < line_end && is_space (*line))
    line++;

  return line;
}

/* RFC 1421 4.4: header lines come first and an empty line ends them. Where the
 * first line has no colon there are none. */
static void
read_headers (TillPemBlock *block)
{
  const char *line = block->body;
  gboolean any = FALSE;

  while (line < block->body_end)
    {
      const char *line_end = find_line_end (line, block->body_end);
      const char *value;
      const char *p = line;

      while (p < line_end && is_space (*p))
        p++;

      if (p == line_end)
        {
          line = skip_line_break (line_end, block->body_end);
          if (any)
            break;
          continue;
        }

      /* A line that starts with white space goes on with the header before it. */
      if (memchr (line, ':', (gsize) (line_end - line)) == NULL && !(any && p > line))
        break;

      any = TRUE;
      if ((value = get_header (p, line_end, "Proc-Type")) != NULL)
        block->encrypted = find (value, line_end, "ENCRYPTED") != NULL;
      else if ((value = get_header (p, line_end, "DEK-Info")) != NULL)
        {
          while (line_end > value && is_space (line_end[-1]))
            line_end--;
          block->dek = value;
          block->dek_size = (gsize) (line_end - value);
          line_end = find_line_end (line_end, block->body_end);
        }

      line = skip_line_break (line_end, block->body_end);
    }

  if (any)
    block->body = line;
}

/**
 * till_pem_next:
 * @self: a reader
 * @block: (out): the next block
 *
 * Finds the next block, whatever text stands around it. A block that another
 * BEGIN line or the end of the text closes is given too, without @has_end.
 *
 * Returns: %FALSE at the end
 */
gboolean
till_pem_next (TillPemReader *self,
               TillPemBlock  *block)
{
  const char *begin;
  const char *label;
  const char *label_end;
  const char *closing;
  const char *next;

  for (;;)
    {
      begin = find (self->at, self->end, BEGIN);
      if (begin == NULL)
        {
          self->at = self->end;
          return FALSE;
        }

      label = begin + strlen (BEGIN);
      label_end = find (label, MIN (self->end, label + LABEL_BYTES + strlen (DASHES)), DASHES);
      self->at = label;
      if (label_end != NULL && find_line_end (label, label_end) == label_end)
        break;
    }

  memset (block, 0, sizeof *block);
  block->before = self->behind;
  block->label = label;
  block->label_size = (gsize) (label_end - label);
  block->offset = (gsize) (begin - self->text);
  block->body = label_end + strlen (DASHES);

  /* The next BEGIN line is looked for first and bounds the search for END, so
   * that no byte is read more than three times, however many blocks stay open. */
  next = find (block->body, self->end, BEGIN);
  closing = find (block->body, next != NULL ? next : self->end, END);

  if (closing == NULL)
    {
      block->body_end = next != NULL ? next : self->end;
      self->at = block->body_end;
    }
  else
    {
      const char *name = closing + strlen (END);

      block->body_end = closing;
      block->has_end = TRUE;
      block->end_differs = (gsize) (self->end - name) < block->label_size ||
                           memcmp (name, label, block->label_size) != 0;
      self->at = name;
    }

  self->behind = self->at;
  read_headers (block);
  return TRUE;
}

/**
 * till_pem_label_is:
 * @block: a block
 * @label: a label
 *
 * Returns: whether the block has this label
 */
gboolean
till_pem_label_is (const TillPemBlock *block,
                   const char         *label)
{
  return strlen (label) == block->label_size && memcmp (block->label, label, block->label_size) == 0;
}

/**
 * till_pem_dup_label:
 * @block: a block
 *
 * Returns: (transfer full): the label as valid UTF-8 without control characters
 */
char *
till_pem_dup_label (const TillPemBlock *block)
{
  char *label = g_utf8_make_valid (block->label, (gssize) block->label_size);

  for (char *p = label; *p != '\0'; p++)
    {
      if (g_ascii_iscntrl (*p))
        *p = '?';
    }

  return label;
}

#define X 0xff   /* no Base64 character */
#define W 0xfe   /* white space */
#define P 0xfd   /* padding */

static const guint8 values[256] = {
  X, X, X, X, X, X, X, X, X, W, W, W, W, W, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
  W, X, X, X, X, X, X, X, X, X, X, 62, X, X, X, 63, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, X, X, X, P, X, X,
  X, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, X, X, X, X, X,
  X, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, X, X, X, X, X,
  X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
  X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
  X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
  X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
};

#undef X

/**
 * till_base64_decode:
 * @text: the text
 * @size: its length
 * @out: (out caller-allocates): room for TILL_BASE64_ROOM (@size) bytes
 * @out_size: (out): how many there are
 * @bad_offset: (out) (optional): where the first wrong character stands
 *
 * Decodes Base64 with white space anywhere. Strict in all else: no other
 * character, whole groups of four, padding at the end only, no bits left over.
 *
 * Returns: %FALSE where it is not Base64; @out then holds what was decoded so far
 */
gboolean
till_base64_decode (const char *text,
                    gsize       size,
                    guint8     *out,
                    gsize      *out_size,
                    gsize      *bad_offset)
{
  const guint8 *p = (const guint8 *) text;
  const guint8 *end = p + size;
  guint8 *o = out;
  guint32 word = 0;
  guint n = 0;
  guint padding = 0;
  gboolean good = TRUE;

  while (p < end)
    {
      guint8 v;

      /* Whole groups, which is nearly all there is. */
      while (n == 0 && padding == 0 && end - p >= 4)
        {
          guint8 a = values[p[0]];
          guint8 b = values[p[1]];
          guint8 c = values[p[2]];
          guint8 d = values[p[3]];

          if ((a | b | c | d) & 0xc0)
            break;
          word = (guint32) a << 18 | (guint32) b << 12 | (guint32) c << 6 | d;
          o[0] = (guint8) (word >> 16);
          o[1] = (guint8) (word >> 8);
          o[2] = (guint8) word;
          o += 3;
          p += 4;
        }

      if (p == end)
        break;

      v = values[*p];
      if (v == W)
        {
          p++;
          continue;
        }

      if (v == P)
        {
          /* "xx==" or "xxx=". */
          if (n + padding >= 4 || n < 2)
            {
              good = FALSE;
              break;
            }
          padding++;
        }
      else if (v > 63 || padding > 0)
        {
          good = FALSE;
          break;
        }
      else
        {
          if (n == 0)
            word = 0;
          word = word << 6 | v;
          if (++n == 4)
            {
              o[0] = (guint8) (word >> 16);
              o[1] = (guint8) (word >> 8);
              o[2] = (guint8) word;
              o += 3;
              n = 0;
            }
        }
      p++;
    }

  if (good && n != 0)
    {
      good = n + padding == 4 && n >= 2 && (word & (n == 2 ? 0x0f : 0x03)) == 0;
      if (good && n == 2)
        {
          *o++ = (guint8) (word >> 4);
        }
      else if (good)
        {
          *o++ = (guint8) (word >> 10);
          *o++ = (guint8) (word >> 2);
        }
    }

  *out_size = (gsize) (o - out);
  if (!good && bad_offset != NULL)
    *bad_offset = (gsize) (p - (const guint8 *) text);

  return good;
}

/* An element that is whole: nothing is missing where the text stops early. */
static gboolean
is_whole (const guint8 *data,
          gsize         size)
{
  gsize whole = till_der_whole_size (data, size);

  return whole > 0 && whole <= size;
}

/**
 * till_pem_decode:
 * @block: a block
 * @buffer: (out caller-allocates): room for TILL_BASE64_ROOM of its body
 * @der: (out): its bytes; points into @buffer
 * @error: return location: %TILL_ERROR_DAMAGED
 *
 * Decodes a block. As other programs have it, a dash ends the Base64; what is
 * there before it, or without an END line at all, has to be whole then.
 *
 * Returns: whether it is Base64
 */
gboolean
till_pem_decode (const TillPemBlock  *block,
                 guint8              *buffer,
                 TillDer             *der,
                 GError             **error)
{
  gsize body_size = (gsize) (block->body_end - block->body);
  gboolean complete = block->has_end;
  gboolean good;
  gsize size;
  gsize offset;

  good = till_base64_decode (block->body, body_size, buffer, &size, &offset);
  if (!good && offset < body_size && block->body[offset] == '-')
    {
      good = till_base64_decode (block->body, offset, buffer, &size, NULL);
      complete = FALSE;
    }

  if (good && size > 0 && (complete || is_whole (buffer, size)))
    {
      till_der_init (der, buffer, size);
      return TRUE;
    }

  if (!block->has_end)
    till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_NO_END_LINE, NULL,
                    (const gint64[2]) { (gint64) size, -1 },
                    "the PEM text is damaged: it is incomplete, its END line is missing");
  else if (good && size == 0)
    till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_BAD_BASE64, NULL, NULL,
                    "the PEM text is damaged: there is nothing between its BEGIN and END lines");
  else
    till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_BAD_BASE64, NULL,
                    (const gint64[2]) { (gint64) (block->offset + (gsize) (block->body - block->label) +
                                                  strlen (BEGIN) + offset), -1 },
                    "the PEM text is damaged: what stands between its BEGIN and END lines is not Base64");

  return FALSE;
}
