/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commerce Hub, pretended: the certificate or key of an upload, in any of its spellings (API.md 2.6). */
#include "config.h"

#include <string.h>

#include "till-certificate.h"
#include "till-document.h"
#include "till-pem.h"
#include "till-sandbox-hub-private.h"

#define ARMOUR "-----BEGIN "

/**
 * Material:
 * @now: seconds since 1970
 * @sha256: (nullable): of the SubjectPublicKeyInfo
 * @bits: of the key
 * @current: not a certificate outside of its validity
 * @private: a private key was met
 *
 * What is known of it.
 */
typedef struct
{
  gint64    now;
  char     *sha256;
  gint64    bits;
  gboolean  current;
  gboolean  private;
} Material;

static void
take_certificate (Material              *self,
                  const TillCertificate *certificate)
{
  if (certificate->public_key_sha256[0] == '\0')
    return;

  self->sha256 = g_strdup (certificate->public_key_sha256);
  self->bits = certificate->key_bits;
  self->current = certificate->not_before <= self->now && self->now <= certificate->not_after;
}

static void
take_key (Material      *self,
          const TillKey *key)
{
  if (key->public_key_sha256[0] == '\0')
    return;

  self->sha256 = g_strdup (key->public_key_sha256);
  self->bits = key->bits;
}

static void
read_pem (Material   *self,
          const char *text,
          gsize       size)
{
  TillInspectOptions options = { NULL, NULL, 0 };
  g_autoptr(TillDocument) document = NULL;

  if (g_strstr_len (text, (gssize) size, "PRIVATE KEY-----") != NULL)
    {
      self->private = TRUE;
      return;
    }

  document = till_document_parse ((const guint8 *) text, size, &options, NULL);
  if (document == NULL)
    return;

  if (document->certificates->len > 0 && document->leaves->len > 0)
    take_certificate (self, g_ptr_array_index (document->certificates, g_array_index (document->leaves, guint, 0)));
  else if (document->public_keys->len > 0)
    take_key (self, g_ptr_array_index (document->public_keys, 0));
}

static void
read_der (Material     *self,
          const guint8 *data,
          gsize         size)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(TillCertificate) certificate = till_certificate_new_from_der (bytes, NULL);
  g_autoptr(TillKey) public = NULL;
  g_autoptr(TillKey) private = NULL;

  if (certificate != NULL)
    {
      take_certificate (self, certificate);
      return;
    }

  public = till_key_new_public (data, size, NULL, NULL);
  if (public != NULL)
    {
      take_key (self, public);
      return;
    }

  private = till_key_new_private (data, size, NULL, NULL);
  self->private = private != NULL;
}

static void
read_hex (Material   *self,
          const char *text,
          gsize       size)
{
  g_autofree guint8 *data = g_malloc (size / 2 + 1);

  for (gsize i = 0; i < size / 2; i++)
    data[i] = (guint8) (g_ascii_xdigit_value (text[2 * i]) << 4 | g_ascii_xdigit_value (text[2 * i + 1]));

  read_der (self, data, size / 2);
}

static void
read_base64 (Material   *self,
             const char *text)
{
  g_autofree char *packed = g_strdup (text);
  g_autofree guint8 *data = NULL;
  gsize length = 0;
  gsize size;
  gsize bad;

  for (const char *p = text; *p != '\0'; p++)
    {
      if (!g_ascii_isspace (*p))
        packed[length++] = *p;
    }

  data = g_malloc (TILL_BASE64_ROOM (length) + 1);
  if (!till_base64_decode (packed, length, data, &size, &bad))
    return;

  if (g_strstr_len ((const char *) data, (gssize) size, ARMOUR) != NULL)
    read_pem (self, (const char *) data, size);
  else
    read_der (self, data, size);
}

static gboolean
is_hex (const char *text,
        gsize       size)
{
  return size > 0 && size % 2 == 0 && strspn (text, "0123456789abcdefABCDEF") == size;
}

/**
 * till_material_read:
 * @text: cryptographicResource as sent
 * @now: seconds since 1970
 * @bits: (out): size of the key
 * @current: (out): not a certificate outside of its validity
 * @private: (out): it is or holds a private key
 *
 * Returns: (transfer full) (nullable): SHA-256 of the SubjectPublicKeyInfo in
 *   lower-case hex, %NULL where it is neither a certificate nor a public key
 */
char *
till_material_read (const char *text,
                    gint64      now,
                    gint64     *bits,
                    gboolean   *current,
                    gboolean   *private)
{
  Material self = { .now = now, .current = TRUE };
  gsize size = strlen (text);

  if (strstr (text, ARMOUR) != NULL)
    read_pem (&self, text, size);
  else if (is_hex (text, size))
    read_hex (&self, text, size);
  else
    read_base64 (&self, text);

  *bits = self.bits;
  *current = self.current;
  *private = self.private;

  return self.sha256;
}
