/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text from outside, made fit to stand in a message. */
#include "config.h"

#include "till-escape.h"

#include <string.h>

/* What would move the cursor, turn the direction of writing, or be there
 * without being seen. Joiners stay: scripts and emoji are written with them. */
static gboolean
is_unfit (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return TRUE;

    case G_UNICODE_FORMAT:
      return c != 0x200c && c != 0x200d;

    default:
      return FALSE;
    }
}

/**
 * till_escape:
 * @text: (array length=length): any bytes
 * @length: how many, -1 where a NUL ends them
 * @max_chars: the most characters the result may have, at least 1
 *
 * Control characters, line breaks, direction marks and bytes that are no UTF-8
 * become visible ("\x0a", "\u202e"); what is too long is cut and ends in "…".
 *
 * Returns: (transfer full): one line of valid UTF-8
 */
char *
till_escape (const char *text,
             gssize      length,
             gsize       max_chars)
{
  g_autoptr(GString) out = NULL;
  const char *p = text;
  const char *end;
  gsize n_chars = 0;
  gsize fits = 0;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (max_chars >= 1, NULL);

  end = text + (length < 0 ? strlen (text) : (gsize) length);
  out = g_string_new (NULL);

  while (p < end)
    {
      gunichar c = g_utf8_get_char_validated (p, end - p);
      gsize before = out->len;
      gsize step;

      if (c == (gunichar) -1 || c == (gunichar) -2)
        {
          g_string_append_printf (out, "\\x%02x", (guint8) *p);
          step = 4;
          p++;
        }
      else if (is_unfit (c))
        {
          g_string_append_printf (out, c < 0x80 ? "\\x%02x" : "\\u%04x", c);
          step = out->len - before;
          p = g_utf8_next_char (p);
        }
      else
        {
          g_string_append_unichar (out, c);
          step = 1;
          p = g_utf8_next_char (p);
        }

      n_chars += step;
      if (n_chars < max_chars)
        fits = out->len;

      if (n_chars > max_chars)
        {
          /* The last place is for the ellipsis. */
          g_string_truncate (out, fits);
          g_string_append (out, "…");
          break;
        }
    }

  return g_string_free (g_steal_pointer (&out), FALSE);
}
