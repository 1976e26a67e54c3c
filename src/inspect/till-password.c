/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One password in the forms in which key derivations want it. */
#include "config.h"

#include "till-password.h"

#include <string.h>

static TillSecret *
copy (const TillSecret *secret)
{
  return till_secret_new_copy (till_secret_get_data (secret), till_secret_get_size (secret));
}

/* RFC 7292 appendix B.1: a BMPString with two zero bytes behind it. Characters
 * beyond the BMP become surrogate pairs, as all writers have it. Where the bytes
 * are not UTF-8, or @wide is set, each byte becomes a character of its own. */
static TillSecret *
make_bmp (const TillSecret *bytes,
          gboolean          wide)
{
  const char *text = (const char *) till_secret_get_data (bytes);
  gsize size = till_secret_get_size (bytes);
  const char *end = text + size;
  TillSecret *bmp = till_secret_new (size * 2 + 2);
  guint8 *out = till_secret_get_buffer (bmp);
  guint8 *start = out;

  if (wide || !g_utf8_validate_len (text, size, NULL))
    {
      for (; text < end; text++)
        {
          *out++ = 0;
          *out++ = (guint8) *text;
        }
    }
  else
    {
      for (; text < end; text = g_utf8_next_char (text))
        {
          gunichar c = g_utf8_get_char (text);

          if (c > 0xffff)
            {
              gunichar high = 0xd800 + ((c - 0x10000) >> 10);

              *out++ = (guint8) (high >> 8);
              *out++ = (guint8) high;
              c = 0xdc00 + ((c - 0x10000) & 0x3ff);
            }
          *out++ = (guint8) (c >> 8);
          *out++ = (guint8) c;
        }
    }

  *out++ = 0;
  *out++ = 0;
  till_secret_shrink (bmp, (gsize) (out - start));

  return bmp;
}

static TillPassword *
password_new (TillSecret *bytes,
              TillSecret *bmp)
{
  TillPassword *self = g_new (TillPassword, 1);

  self->bytes = bytes;
  self->bmp = bmp;

  return self;
}

static gboolean
is_ascii (const TillSecret *bytes)
{
  const guint8 *data = till_secret_get_data (bytes);

  for (gsize i = 0; i < till_secret_get_size (bytes); i++)
    {
      if (data[i] & 0x80)
        return FALSE;
    }

  return TRUE;
}

/**
 * till_password_list:
 * @given: (nullable): what was typed, %NULL for nothing
 *
 * The ways to try a password. An empty one may have been written as an empty
 * string with its two zero bytes or as nothing at all (RELIABILITY.md 5.1, row
 * 2). One with letters outside ASCII may come from OpenSSL before 1.1.0, which
 * took each byte for a letter. Every other password has one way.
 *
 * Returns: (transfer full) (element-type TillPassword): at least one
 */
GPtrArray *
till_password_list (const TillSecret *given)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) till_password_free);

  if (given == NULL || till_secret_get_size (given) == 0)
    {
      g_autoptr(TillSecret) empty = till_secret_new (0);

      g_ptr_array_add (list, password_new (till_secret_new (0), make_bmp (empty, FALSE)));
      g_ptr_array_add (list, password_new (till_secret_new (0), till_secret_new (0)));
    }
  else
    {
      g_ptr_array_add (list, password_new (copy (given), make_bmp (given, FALSE)));
      if (!is_ascii (given))
        g_ptr_array_add (list, password_new (copy (given), make_bmp (given, TRUE)));
    }

  return list;
}

/**
 * till_password_list_odd:
 * @self: a password that is known to be right
 *
 * What else programs have handed to PBKDF2 in PKCS #12 files in place of
 * UTF-8: NSS before 3.26 the BMPString with its zeros, others without them.
 *
 * Returns: (transfer full) (element-type TillPassword): the other ways
 */
GPtrArray *
till_password_list_odd (const TillPassword *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) till_password_free);
  gsize size = till_secret_get_size (self->bmp);

  g_ptr_array_add (list, password_new (copy (self->bmp), copy (self->bmp)));
  if (size > 2)
    g_ptr_array_add (list, password_new (till_secret_new_sub (self->bmp, 0, size - 2), copy (self->bmp)));

  return list;
}

/**
 * till_password_free:
 * @self: (transfer full): a password
 *
 * Wipes and frees a password.
 */
void
till_password_free (TillPassword *self)
{
  till_secret_unref (self->bytes);
  till_secret_unref (self->bmp);
  g_free (self);
}
