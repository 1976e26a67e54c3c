/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bodies of POST and PUT, written straight into a secret: they hold a private key and its password. */
#include "config.h"

#include "till-wallet-private.h"

#include <string.h>

#include "till-error.h"
#include "till-limits.h"

/* An escape takes at most six bytes for one. */
#define ESCAPED_ROOM(size) ((size) * 6 + 2)

/* Room for the names of all members, commas and braces. */
#define NAMES_ROOM 256

/* A JSON object that grows inside of a secret; nothing of it is ever elsewhere. */
typedef struct
{
  TillSecret *out;
  guint8     *at;
  gboolean    need_comma;
} Writer;

static void
put (Writer     *self,
     const void *data,
     gsize       size)
{
  memcpy (self->at, data, size);
  self->at += size;
}

static void
put_word (Writer     *self,
          const char *word)
{
  put (self, word, strlen (word));
}

static void
put_escaped (Writer       *self,
             const guint8 *text,
             gsize         size)
{
  static const char digits[] = "0123456789abcdef";

  put_word (self, "\"");
  for (gsize i = 0; i < size; i++)
    {
      guint8 c = text[i];

      if (c == '"' || c == '\\')
        {
          *self->at++ = '\\';
          *self->at++ = c;
        }
      else if (c < 0x20 || c == 0x7f)
        {
          put_word (self, "\\u00");
          *self->at++ = (guint8) digits[c >> 4];
          *self->at++ = (guint8) digits[c & 15];
        }
      else
        {
          *self->at++ = c;
        }
    }
  put_word (self, "\"");
}

/* Standard alphabet, padded, on one line (API.md 6.7). */
static void
put_base64 (Writer           *self,
            const TillSecret *data)
{
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const guint8 *p = till_secret_get_data (data);
  gsize left = till_secret_get_size (data);

  put_word (self, "\"");
  while (left > 0)
    {
      gsize n = MIN (left, 3);
      guint32 group = (guint32) p[0] << 16 | (n > 1 ? (guint32) p[1] << 8 : 0) | (n > 2 ? p[2] : 0);

      *self->at++ = (guint8) alphabet[group >> 18];
      *self->at++ = (guint8) alphabet[group >> 12 & 63];
      *self->at++ = n > 1 ? (guint8) alphabet[group >> 6 & 63] : '=';
      *self->at++ = n > 2 ? (guint8) alphabet[group & 63] : '=';
      p += n;
      left -= n;
    }
  put_word (self, "\"");
}

static void
put_name (Writer     *self,
          const char *name)
{
  put_word (self, self->need_comma ? ",\"" : "\"");
  put_word (self, name);
  put_word (self, "\":");
  self->need_comma = TRUE;
}

static void
put_text (Writer     *self,
          const char *name,
          const char *value)
{
  put_name (self, name);
  if (value != NULL)
    put_escaped (self, (const guint8 *) value, strlen (value));
  else
    put_word (self, "null");
}

static void
put_truth (Writer     *self,
           const char *name,
           gboolean    value)
{
  put_name (self, name);
  put_word (self, value ? "true" : "false");
}

static void
put_p12 (Writer           *self,
         const TillSecret *p12,
         const TillSecret *password)
{
  put_name (self, "certificate");
  put_base64 (self, p12);

  /* The documents name no default, so an empty one is said as well. */
  put_name (self, "password");
  if (password != NULL)
    put_escaped (self, till_secret_get_data (password), till_secret_get_size (password));
  else
    put_escaped (self, (const guint8 *) "", 0);
}

static gsize
room_for_text (const char *text)
{
  return text != NULL ? ESCAPED_ROOM (strlen (text)) : 0;
}

static void
writer_begin (Writer           *self,
              const char       *name,
              const char       *comment,
              const TillSecret *p12,
              const TillSecret *password)
{
  gsize room = NAMES_ROOM + room_for_text (name) + room_for_text (comment);

  if (p12 != NULL)
    room += till_secret_get_size (p12) / 3 * 4 + 8;
  if (password != NULL)
    room += ESCAPED_ROOM (till_secret_get_size (password));

  self->out = till_secret_new (room);
  self->at = till_secret_get_buffer (self->out);
  self->need_comma = FALSE;
  put_word (self, "{");
}

static TillSecret *
writer_end (Writer *self)
{
  put_word (self, "}");
  till_secret_shrink (self->out, (gsize) (self->at - till_secret_get_data (self->out)));

  return g_steal_pointer (&self->out);
}

static gboolean
check_text (const char  *text,
            const char  *name,
            GError     **error)
{
  if (text == NULL || g_utf8_validate (text, -1, NULL))
    return TRUE;

  till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_FIELD, name, NULL, "the %s is not valid UTF-8 text", name);
  return FALSE;
}

static gboolean
check_p12 (const TillSecret  *p12,
           const TillSecret  *password,
           GError           **error)
{
  gsize size = p12 != NULL ? till_secret_get_size (p12) : 0;

  if (p12 != NULL && (size == 0 || size > TILL_LIMIT_FILE_BYTES || till_secret_get_data (p12)[0] != 0x30))
    {
      till_set_error (error, TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_UNRECOGNISED, NULL, NULL,
                      "what is to be sent is not a PKCS #12 file");
      return FALSE;
    }

  if (password != NULL &&
      !g_utf8_validate ((const char *) till_secret_get_data (password), (gssize) till_secret_get_size (password), NULL))
    {
      till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_FIELD, "password", NULL,
                      "the password of the file is not UTF-8 text, and the service takes no other; "
                      "give the file another password first");
      return FALSE;
    }

  return TRUE;
}

/**
 * till_wallet_upload_to_json:
 * @upload: what is to be added
 * @error: (out) (optional): %TILL_ERROR_REJECTED, %TILL_ERROR_NOT_A_CERTIFICATE_FILE
 *
 * Writes the body of POST (services/airship-wallet-certificates.md).
 *
 * Returns: (transfer full) (nullable): it, %NULL with @error set
 */
TillSecret *
till_wallet_upload_to_json (const TillWalletUpload  *upload,
                            GError                 **error)
{
  Writer writer;

  g_return_val_if_fail (upload != NULL && upload->p12 != NULL, NULL);

  if (!check_text (upload->name, "name", error) || !check_text (upload->comment, "comment", error) ||
      !check_p12 (upload->p12, upload->password, error))
    return NULL;

  writer_begin (&writer, upload->name, upload->comment, upload->p12, upload->password);
  put_text (&writer, "vendor", "Apple");
  if (upload->name != NULL)
    put_text (&writer, "name", upload->name);
  if (upload->comment != NULL)
    put_text (&writer, "comment", upload->comment);
  put_truth (&writer, "enabled", upload->enabled);
  put_truth (&writer, "default", upload->make_default);
  put_p12 (&writer, upload->p12, upload->password);

  return writer_end (&writer);
}

static void
put_change (Writer         *self,
            const char     *name,
            TillTextChange  change,
            const char     *value)
{
  switch (change)
    {
    case TILL_TEXT_SET:
      put_text (self, name, value);
      break;

    case TILL_TEXT_CLEAR:
      break;

    case TILL_TEXT_KEEP:
    default:
      put_text (self, name, NULL);
      break;
    }
}

/**
 * till_wallet_change_to_json:
 * @change: what is to be changed
 * @error: (out) (optional): %TILL_ERROR_REJECTED, %TILL_ERROR_NOT_A_CERTIFICATE_FILE
 *
 * Writes the body of PUT. Name and comment stand in it as null where they
 * stay: the service erases what is left out (API.md 6.5, RELIABILITY.md G36).
 *
 * Returns: (transfer full) (nullable): it, %NULL with @error set
 */
TillSecret *
till_wallet_change_to_json (const TillWalletChange  *change,
                            GError                 **error)
{
  Writer writer;

  g_return_val_if_fail (change != NULL, NULL);
  g_return_val_if_fail (change->name_change != TILL_TEXT_SET || change->name != NULL, NULL);
  g_return_val_if_fail (change->comment_change != TILL_TEXT_SET || change->comment != NULL, NULL);

  if (!check_text (change->name, "name", error) || !check_text (change->comment, "comment", error) ||
      !check_p12 (change->p12, change->password, error))
    return NULL;

  writer_begin (&writer, change->name, change->comment, change->p12, change->password);
  put_change (&writer, "name", change->name_change, change->name);
  put_change (&writer, "comment", change->comment_change, change->comment);
  if (change->enabled != TILL_TRI_UNKNOWN)
    put_truth (&writer, "enabled", change->enabled == TILL_TRI_TRUE);
  if (change->make_default)
    put_truth (&writer, "default", TRUE);
  if (change->p12 != NULL)
    put_p12 (&writer, change->p12, change->password);

  return writer_end (&writer);
}
