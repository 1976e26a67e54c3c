/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Public keys as Commerce Hub writes them: hex, Base64, Base64 of Base64, PEM. */
#include "config.h"

#include "till-hub-private.h"

#include <string.h>

#include "till-pem.h"

/* An RSA key of 16384 bits, as PEM in Base64, has about a quarter of this. */
#define MAX_TEXT 16384

static TillKey *
from_der (const guint8 *der,
          gsize         size,
          const char   *kind)
{
  return till_key_new_public (der, size, kind, NULL);
}

static TillKey *
from_pem (const char *text,
          gsize       size)
{
  TillPemReader reader;
  TillPemBlock block;
  g_autofree guint8 *buffer = NULL;
  const char *kind;
  TillDer der;

  till_pem_init (&reader, text, size);
  if (!till_pem_next (&reader, &block))
    return NULL;

  if (till_pem_label_is (&block, "PUBLIC KEY"))
    kind = "PUBLIC KEY";
  else if (till_pem_label_is (&block, "RSA PUBLIC KEY"))
    kind = "RSA PUBLIC KEY";
  else
    return NULL;

  buffer = g_malloc (TILL_BASE64_ROOM ((gsize) (block.body_end - block.body)));
  if (!till_pem_decode (&block, buffer, &der, NULL))
    return NULL;

  return from_der (der.data, (gsize) (der.end - der.data), kind);
}

/* A public key begins with a SEQUENCE; no Base64 of one begins with "30", which would be 0xdf. */
static gboolean
is_hex (const char *text,
        gsize       size)
{
  if (size < 4 || size % 2 != 0 || text[0] != '3' || text[1] != '0')
    return FALSE;

  for (gsize i = 0; i < size; i++)
    if (!g_ascii_isxdigit (text[i]))
      return FALSE;

  return TRUE;
}

static TillKey *
from_hex (const char *text,
          gsize       size)
{
  g_autofree guint8 *der = g_malloc (size / 2);

  for (gsize i = 0; i < size / 2; i++)
    der[i] = (guint8) (g_ascii_xdigit_value (text[2 * i]) << 4 | g_ascii_xdigit_value (text[2 * i + 1]));

  return from_der (der, size / 2, NULL);
}

/* White space anywhere and missing padding are as good (API.md 7). Returns: (nullable) */
static guint8 *
decode_base64 (const char *text,
               gsize       size,
               gsize      *decoded_size)
{
  g_autofree char *packed = g_malloc (size + 4);
  g_autofree guint8 *decoded = NULL;
  gsize n = 0;

  for (gsize i = 0; i < size; i++)
    if (!g_ascii_isspace (text[i]))
      packed[n++] = text[i];
  while (n % 4 != 0 && n < size + 3)
    packed[n++] = '=';

  decoded = g_malloc (TILL_BASE64_ROOM (n) + 1);
  if (!till_base64_decode (packed, n, decoded, decoded_size, NULL))
    return NULL;
  decoded[*decoded_size] = '\0';

  return g_steal_pointer (&decoded);
}

static TillKey *
decode (const char *text,
        gsize       size,
        gboolean    again)
{
  g_autofree guint8 *decoded = NULL;
  gsize decoded_size;

  if (memmem (text, size, "-----BEGIN ", 11) != NULL)
    return from_pem (text, size);
  if (is_hex (text, size))
    return from_hex (text, size);

  decoded = decode_base64 (text, size, &decoded_size);
  if (decoded == NULL || decoded_size == 0)
    return NULL;
  if (decoded[0] == TILL_DER_SEQUENCE && !is_hex ((const char *) decoded, decoded_size))
    return from_der (decoded, decoded_size, NULL);

  /* Text once more: PEM, or Base64 of what is DER (RELIABILITY.md 5.2, row 68). */
  return again ? decode ((const char *) decoded, decoded_size, FALSE) : NULL;
}

/**
 * till_hub_decode_key:
 * @text: what a member holds
 *
 * Decodes by trial (API.md 2.6, 3.3, 4.3): PEM, hex, Base64 of DER, Base64 of
 * PEM, Base64 of Base64 of DER.
 *
 * Returns: (transfer full) (nullable): the public key, %NULL where it is none
 */
TillKey *
till_hub_decode_key (const char *text)
{
  gsize size = strlen (text);

  if (size == 0 || size > MAX_TEXT)
    return NULL;

  while (size > 0 && g_ascii_isspace (text[0]))
    {
      text++;
      size--;
    }
  while (size > 0 && g_ascii_isspace (text[size - 1]))
    size--;

  return decode (text, size, TRUE);
}
