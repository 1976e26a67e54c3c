/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bounded cursor over BER and DER (X.690): the edge in front of GnuTLS for containers. */
#include "config.h"

#include "till-der.h"

#include <string.h>

#include "till-limits.h"

/* The longest object identifier that is compared or printed, encoded. */
#define OID_BYTES 64

/**
 * till_der_init:
 * @self: (out): the cursor
 * @data: (nullable): first byte; stays the caller's
 * @size: how many bytes
 *
 * Sets the cursor in front of @data.
 */
void
till_der_init (TillDer      *self,
               const guint8 *data,
               gsize         size)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (data != NULL || size == 0);

  self->data = data;
  self->end = data != NULL ? data + size : NULL;
}

/**
 * till_der_left:
 * @self: a cursor
 *
 * Returns: how many bytes have not been read yet
 */
gsize
till_der_left (const TillDer *self)
{
  return (gsize) (self->end - self->data);
}

/**
 * till_der_peek_tag:
 * @self: a cursor
 * @tag: (out): the identifier octet of the next element
 *
 * Returns: %FALSE at the end
 */
gboolean
till_der_peek_tag (const TillDer *self,
                   guint8        *tag)
{
  if (self->data == self->end)
    return FALSE;

  *tag = *self->data;
  return TRUE;
}

/* Identifier and length octets (X.690 8.1.2, 8.1.3). @size is the length of the
 * content, or G_MAXSIZE for the indefinite form; it is not compared with what is left. */
static gboolean
read_header (TillDer *self,
             guint8  *tag,
             gsize   *size)
{
  const guint8 *p = self->data;
  guint8 octet;
  guint n;

  if (p == self->end)
    return FALSE;

  *tag = *p++;

  /* Tag numbers above 30: the number itself interests nobody here. Four octets
   * hold 28 bits of it, far beyond any that is in use. */
  if ((*tag & 0x1f) == 0x1f)
    {
      n = 0;
      do
        {
          if (p == self->end || n++ == 4)
            return FALSE;
          octet = *p++;
        }
      while (octet & 0x80);
    }

  if (p == self->end)
    return FALSE;

  octet = *p++;
  if (octet < 0x80)
    {
      *size = octet;
    }
  else if (octet == 0x80)
    {
      if (!(*tag & 0x20))
        return FALSE;
      *size = G_MAXSIZE;
    }
  else
    {
      gsize value = 0;

      n = octet & 0x7f;
      if (n == 0x7f || n > (gsize) (self->end - p))
        return FALSE;
      for (; n > 0; n--)
        {
          if (value > (G_MAXSIZE >> 9))
            return FALSE;
          value = value << 8 | *p++;
        }
      *size = value;
    }

  self->data = p;
  return TRUE;
}

/* Where the end-of-contents octets stand that close an indefinite length whose
 * content begins at @self; NULL where they are missing or the nesting is too deep.
 * What is inside a definite length is stepped over, so only open indefinite
 * lengths have to be counted. */
static const guint8 *
find_end_of_contents (TillDer self)
{
  guint depth = 1;

  for (;;)
    {
      const guint8 *start = self.data;
      guint8 tag;
      gsize size;

      if (!read_header (&self, &tag, &size))
        return NULL;

      if (tag == 0x00)
        {
          if (size != 0)
            return NULL;
          if (--depth == 0)
            return start;
        }
      else if (size == G_MAXSIZE)
        {
          if (++depth > TILL_LIMIT_DER_DEPTH)
            return NULL;
        }
      else
        {
          if (size > till_der_left (&self))
            return NULL;
          self.data += size;
        }
    }
}

/**
 * till_der_read:
 * @self: a cursor
 * @element: (out): the element
 *
 * Reads the next element and steps behind it. Definite and indefinite lengths
 * are taken alike, and so are lengths that are longer than they need to be.
 *
 * Returns: %FALSE, with the cursor where it was, where there is no whole element
 */
gboolean
till_der_read (TillDer        *self,
               TillDerElement *element)
{
  TillDer cursor = *self;
  guint8 tag;
  gsize size;

  /* A tag of zero is end-of-contents, which only find_end_of_contents() may meet. */
  if (!read_header (&cursor, &tag, &size) || tag == 0x00)
    return FALSE;

  element->start = self->data;
  element->tag = tag;
  element->content.data = cursor.data;

  if (size == G_MAXSIZE)
    {
      const guint8 *end = find_end_of_contents (cursor);

      if (end == NULL)
        return FALSE;
      element->content.end = end;
      element->next = end + 2;

      /* End-of-contents with a length written in a longer form than two octets. */
      if (end[1] != 0x00)
        return FALSE;
    }
  else
    {
      if (size > till_der_left (&cursor))
        return FALSE;
      element->content.end = cursor.data + size;
      element->next = element->content.end;
    }

  self->data = element->next;
  return TRUE;
}

/**
 * till_der_read_tag:
 * @self: a cursor
 * @tag: the identifier octet that has to be there
 * @element: (out): the element
 *
 * Returns: %FALSE, with the cursor where it was, where the next element is
 *   another one or not whole
 */
gboolean
till_der_read_tag (TillDer        *self,
                   guint8          tag,
                   TillDerElement *element)
{
  if (self->data == self->end || *self->data != tag)
    return FALSE;

  return till_der_read (self, element);
}

/**
 * till_der_read_optional:
 * @self: a cursor
 * @tag: an identifier octet
 * @element: (out): the element; its tag is 0 where there is none
 *
 * Reads an element that may be left out.
 *
 * Returns: %FALSE only where the element is there and not whole
 */
gboolean
till_der_read_optional (TillDer        *self,
                        guint8          tag,
                        TillDerElement *element)
{
  if (self->data == self->end || *self->data != tag)
    {
      memset (element, 0, sizeof *element);
      return TRUE;
    }

  return till_der_read (self, element);
}

/**
 * till_der_read_uint:
 * @self: a cursor
 * @value: (out): the number
 *
 * Reads an INTEGER that is not negative and fits 64 bits.
 *
 * Returns: %FALSE, with the cursor where it was, for anything else
 */
gboolean
till_der_read_uint (TillDer *self,
                    guint64 *value)
{
  TillDer cursor = *self;
  TillDerElement element;
  const guint8 *p;
  guint64 number = 0;

  if (!till_der_read_tag (&cursor, TILL_DER_INTEGER, &element))
    return FALSE;

  p = element.content.data;
  if (p == element.content.end || (*p & 0x80))
    return FALSE;
  while (p < element.content.end && *p == 0)
    p++;
  if (element.content.end - p > 8)
    return FALSE;
  for (; p < element.content.end; p++)
    number = number << 8 | *p;

  *value = number;
  *self = cursor;
  return TRUE;
}

/* Adds up the primitive parts of a constructed OCTET STRING, and copies them
 * where @target is given. @depth counts down. */
static gboolean
join_octets (TillDer   parts,
             guint     depth,
             gsize    *size,
             guint8   *target)
{
  while (parts.data != parts.end)
    {
      TillDerElement part;

      if (!till_der_read (&parts, &part))
        return FALSE;

      if (part.tag == TILL_DER_OCTET_STRING)
        {
          gsize n = till_der_left (&part.content);

          if (target != NULL && n > 0)
            memcpy (target + *size, part.content.data, n);
          *size += n;
        }
      else if (part.tag == (TILL_DER_OCTET_STRING | 0x20) && depth > 0)
        {
          if (!join_octets (part.content, depth - 1, size, target))
            return FALSE;
        }
      else
        {
          return FALSE;
        }
    }

  return TRUE;
}

/**
 * till_der_join_octets:
 * @element: a primitive or constructed OCTET STRING, whatever its outer tag
 * @owned: (out) (transfer full) (nullable): where the parts were put together,
 *   %NULL where there was nothing to put together
 * @octets: (out): the whole content; points into @owned or into the element
 *
 * The content of a string that BER may have cut in parts (X.690 8.7), without
 * copying one that is whole. What a container holds may be a private key, so a
 * copy is a #TillSecret.
 *
 * Returns: %FALSE where the parts are not strings
 */
gboolean
till_der_join_octets (const TillDerElement  *element,
                      TillSecret           **owned,
                      TillDer               *octets)
{
  gsize size = 0;

  *owned = NULL;

  if (!(element->tag & 0x20))
    {
      *octets = element->content;
      return TRUE;
    }

  if (!join_octets (element->content, TILL_LIMIT_DER_DEPTH, &size, NULL))
    return FALSE;

  *owned = till_secret_new (size);
  size = 0;
  join_octets (element->content, TILL_LIMIT_DER_DEPTH, &size, till_secret_get_buffer (*owned));
  till_der_init (octets, till_secret_get_data (*owned), size);
  return TRUE;
}

/**
 * till_der_read_octets:
 * @self: a cursor
 * @octets: (out) (transfer full): a copy of the content
 *
 * Reads an OCTET STRING, primitive or (BER) constructed. Not for what may be
 * secret: see till_der_join_octets().
 *
 * Returns: %FALSE, with the cursor where it was, where there is none
 */
gboolean
till_der_read_octets (TillDer     *self,
                      GByteArray **octets)
{
  TillDer cursor = *self;
  TillDerElement element;
  gsize size = 0;

  if (!till_der_read (&cursor, &element))
    return FALSE;

  if (element.tag == TILL_DER_OCTET_STRING)
    {
      *octets = g_byte_array_sized_new ((guint) till_der_left (&element.content));
      if (till_der_left (&element.content) > 0)
        g_byte_array_append (*octets, element.content.data, (guint) till_der_left (&element.content));
    }
  else if (element.tag == (TILL_DER_OCTET_STRING | 0x20) &&
           join_octets (element.content, TILL_LIMIT_DER_DEPTH, &size, NULL))
    {
      *octets = g_byte_array_new ();
      g_byte_array_set_size (*octets, (guint) size);
      size = 0;
      join_octets (element.content, TILL_LIMIT_DER_DEPTH, &size, (*octets)->data);
    }
  else
    {
      return FALSE;
    }

  *self = cursor;
  return TRUE;
}

/**
 * till_der_dup_oid:
 * @element: an OBJECT IDENTIFIER, whatever its outer tag
 *
 * Returns: (transfer full) (nullable): the identifier in dotted form, %NULL
 *   where it is malformed or has a number of more than 128 bits
 */
char *
till_der_dup_oid (const TillDerElement *element)
{
  const guint8 *p = element->content.data;
  const guint8 *end = element->content.end;
  GString *text;
  gboolean first = TRUE;

  if (p == end || end - p > OID_BYTES || (end[-1] & 0x80))
    return NULL;

  text = g_string_new (NULL);
  while (p < end)
    {
      unsigned __int128 arc = 0;
      char digits[40];
      char *digit = digits + sizeof digits;

      do
        {
          if (arc >> 121)
            {
              g_string_free (text, TRUE);
              return NULL;
            }
          arc = arc << 7 | (*p & 0x7f);
        }
      while (*p++ & 0x80);

      if (first)
        {
          guint root = arc < 40 ? 0 : arc < 80 ? 1 : 2;

          g_string_append_printf (text, "%u", root);
          arc -= root * 40;
          first = FALSE;
        }

      do
        {
          *--digit = (char) ('0' + (int) (arc % 10));
          arc /= 10;
        }
      while (arc != 0);
      g_string_append_c (text, '.');
      g_string_append_len (text, digit, digits + sizeof digits - digit);
    }

  return g_string_free (text, FALSE);
}

/**
 * till_der_oid_is:
 * @element: an OBJECT IDENTIFIER, whatever its outer tag
 * @dotted: the identifier to compare with, of numbers up to 64 bits
 *
 * Returns: whether they are the same; allocates nothing
 */
gboolean
till_der_oid_is (const TillDerElement *element,
                 const char           *dotted)
{
  guint8 octets[OID_BYTES];
  gsize n = 0;
  guint index = 0;
  guint64 root = 0;

  for (const char *p = dotted; ; p++, index++)
    {
      char *rest;
      guint64 arc = g_ascii_strtoull (p, &rest, 10);
      guint shift;

      g_return_val_if_fail (rest != p, FALSE);

      if (index == 0)
        {
          root = arc;
        }
      else
        {
          if (index == 1)
            arc += root * 40;
          for (shift = 63; shift > 0 && (arc >> shift) == 0; shift -= 7)
            ;
          for (;; shift -= 7)
            {
              g_return_val_if_fail (n < sizeof octets, FALSE);
              octets[n++] = (guint8) ((arc >> shift & 0x7f) | (shift > 0 ? 0x80 : 0));
              if (shift == 0)
                break;
            }
        }

      if (*rest == '\0')
        break;
      p = rest;
    }

  return till_der_left (&element->content) == n &&
         memcmp (element->content.data, octets, n) == 0;
}

/* Code units of @width octets, big-endian; surrogate pairs (RFC 2781) are joined. */
static char *
dup_wide_text (const TillDer *content,
               guint          width)
{
  GString *text = g_string_sized_new (till_der_left (content));
  const guint8 *p = content->data;

  while ((gsize) (content->end - p) >= width)
    {
      gunichar c = 0;

      for (guint i = 0; i < width; i++)
        c = c << 8 | *p++;

      if (width == 2 && c >= 0xd800 && c < 0xdc00 && content->end - p >= 2 && (*p & 0xfc) == 0xdc)
        {
          c = 0x10000 + ((c - 0xd800) << 10) + (((gunichar) (p[0] & 0x03) << 8) | p[1]);
          p += 2;
        }

      /* Old exporters count a closing zero in. */
      if (c == 0 && p == content->end)
        break;

      g_string_append_unichar (text, c != 0 && g_unichar_validate (c) ? c : 0xfffd);
    }

  if (p != content->end)
    g_string_append_unichar (text, 0xfffd);

  return g_string_free (text, FALSE);
}

/**
 * till_der_dup_text:
 * @element: a string of any of the ASN.1 types
 *
 * The text of a string in UTF-8. Bytes that have no meaning in the string's
 * type become U+FFFD. A T61String is read as Latin-1, as those who write one
 * mean it.
 *
 * Returns: (transfer full) (nullable): the text, %NULL where it is no string
 */
char *
till_der_dup_text (const TillDerElement *element)
{
  const guint8 *data = element->content.data;
  gsize size = till_der_left (&element->content);
  GString *text;

  switch (element->tag)
    {
    case TILL_DER_UTF8_STRING:
      return size > 0 ? g_utf8_make_valid ((const char *) data, (gssize) size) : g_strdup ("");

    case TILL_DER_BMP_STRING:
      return dup_wide_text (&element->content, 2);

    case TILL_DER_UNIVERSAL_STRING:
      return dup_wide_text (&element->content, 4);

    case TILL_DER_NUMERIC_STRING:
    case TILL_DER_PRINTABLE_STRING:
    case TILL_DER_T61_STRING:
    case TILL_DER_IA5_STRING:
    case TILL_DER_VISIBLE_STRING:
      text = g_string_sized_new (size);
      for (gsize i = 0; i < size; i++)
        g_string_append_unichar (text, data[i] != 0 ? data[i] : 0xfffd);
      return g_string_free (text, FALSE);

    default:
      return NULL;
    }
}

/**
 * till_der_whole_size:
 * @data: what there is
 * @size: how much of it
 *
 * How many bytes the outermost element says it has in all, which may be more
 * than @size: that is how a file that was cut off tells what is missing.
 *
 * Returns: the size, 0 where it can't be told
 */
gsize
till_der_whole_size (const guint8 *data,
                     gsize         size)
{
  TillDer cursor;
  guint8 tag;
  gsize content;

  till_der_init (&cursor, data, size);
  if (!read_header (&cursor, &tag, &content) || tag == 0x00)
    return 0;

  if (content == G_MAXSIZE)
    {
      const guint8 *end = find_end_of_contents (cursor);

      return end != NULL ? (gsize) (end + 2 - data) : 0;
    }

  return (gsize) (cursor.data - data) + content;
}
