/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names and secrets as a person pastes them, checked before they sign anything (RELIABILITY.md row 61). */
#include "config.h"

#include "till-signer-private.h"

#include <string.h>

#include "till-error.h"
#include "till-limits.h"

/* Whether keys never have it: what does not print, and every blank but the ordinary one. */
static gboolean
is_invisible (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_SURROGATE:
      return TRUE;

    case G_UNICODE_SPACE_SEPARATOR:
      return c != ' ';

    default:
      return g_unichar_iszerowidth (c) && !g_unichar_ismark (c);
    }
}

static gboolean
refuse (const char  *what,
        const char  *detail,
        const char  *why,
        GError     **error)
{
  till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_FIELD, detail, NULL, "%s %s", what, why);
  return FALSE;
}

/* Says where the text without the blanks at its ends is, and refuses what can't
 * be part of a key. Names the code point, never the text. */
static gboolean
check (const char   *text,
       gsize         length,
       const char   *what,
       const char   *detail,
       gboolean      ascii,
       const char   *unwanted,
       const char  **start,
       gsize        *size,
       GError      **error)
{
  while (length > 0 && g_ascii_isspace (text[length - 1]))
    length--;
  while (length > 0 && g_ascii_isspace (text[0]))
    {
      text++;
      length--;
    }

  if (length == 0)
    return refuse (what, detail, "is empty", error);

  if (length > TILL_LIMIT_PASSWORD_BYTES)
    return refuse (what, detail, "is too long", error);

  if (memchr (text, 0, length) != NULL)
    return refuse (what, detail, "contains a character that it can never have: U+0000", error);

  if (!g_utf8_validate (text, (gssize) length, NULL))
    return refuse (what, detail, "is not valid text", error);

  for (const char *p = text; p < text + length; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (is_invisible (c) ||
          (ascii && (c <= ' ' || c > '~')) ||
          (unwanted != NULL && c < 128 && strchr (unwanted, (int) c) != NULL))
        {
          till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_FIELD, detail, NULL,
                          "%s contains a character that it can never have: U+%04X", what, c);
          return FALSE;
        }
    }

  *start = text;
  *size = length;

  return TRUE;
}

/**
 * till_signer_check_name:
 * @text: (nullable): what is no secret: a user, an id
 * @what: what it is, at the beginning of a sentence
 * @detail: the same for TILL_REASON_FIELD
 * @ascii: whether only visible ASCII may be in it
 * @unwanted: (nullable): further characters that may not
 * @error: (out) (optional): %TILL_ERROR_REJECTED
 *
 * Returns: (transfer full) (nullable): the text without blanks at its ends
 */
char *
till_signer_check_name (const char  *text,
                        const char  *what,
                        const char  *detail,
                        gboolean     ascii,
                        const char  *unwanted,
                        GError     **error)
{
  const char *start;
  gsize size;

  if (text == NULL)
    text = "";

  if (!check (text, strlen (text), what, detail, ascii, unwanted, &start, &size, error))
    return NULL;

  return g_strndup (start, size);
}

/**
 * till_signer_check_secret:
 * @secret: a secret as a person pasted it
 * @what: what it is, at the beginning of a sentence
 * @detail: the same for TILL_REASON_FIELD
 * @error: (out) (optional): %TILL_ERROR_REJECTED
 *
 * Returns: (transfer full) (nullable): it, without blanks at its ends
 */
TillSecret *
till_signer_check_secret (TillSecret  *secret,
                          const char  *what,
                          const char  *detail,
                          GError     **error)
{
  const char *text = (const char *) till_secret_get_data (secret);
  const char *start;
  gsize size;

  if (!check (text, till_secret_get_size (secret), what, detail, FALSE, NULL, &start, &size, error))
    return NULL;

  return till_secret_new_sub (secret, (gsize) (start - text), size);
}

/**
 * till_signer_decode_key:
 * @secret: Base64, blanks inside allowed, padding not needed (API.md 7)
 * @error: (out) (optional): %TILL_ERROR_REJECTED
 *
 * Returns: (transfer full) (nullable): the bytes
 */
TillSecret *
till_signer_decode_key (TillSecret  *secret,
                        GError     **error)
{
  const char *text = (const char *) till_secret_get_data (secret);
  gsize length = till_secret_get_size (secret);
  g_autoptr(TillSecret) clean = till_secret_new (length + 3);
  char *compact = (char *) till_secret_get_buffer (clean);
  g_autoptr(TillSecret) bytes = NULL;
  gsize padding = 0;
  gsize used = 0;
  gsize decoded;
  guint save = 0;
  int state = 0;

  for (gsize i = 0; i < length; i++)
    {
      if (g_ascii_isspace (text[i]))
        continue;

      if (text[i] == '=')
        padding++;
      else if (padding > 0 || (!g_ascii_isalnum (text[i]) && text[i] != '+' && text[i] != '/'))
        {
          refuse ("the shared secret", "shared-secret", "is not Base64", error);
          return NULL;
        }
      else
        compact[used++] = text[i];
    }

  /* One letter holds no byte. Padding may be left out, but not be wrong. */
  if (used == 0 || used % 4 == 1 || (padding > 0 && (used + padding) % 4 != 0) || padding > 2)
    {
      refuse ("the shared secret", "shared-secret", "is not whole Base64", error);
      return NULL;
    }

  while (used % 4 != 0)
    compact[used++] = '=';

  bytes = till_secret_new (used / 4 * 3);
  decoded = g_base64_decode_step (compact, used, till_secret_get_buffer (bytes), &state, &save);
  till_wipe (&save, sizeof save);
  till_secret_shrink (bytes, decoded);

  return g_steal_pointer (&bytes);
}
