/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Airship Wallet certificates, pretended: what it remembers. */
#include "config.h"

#include <string.h>

#include "till-certificate.h"
#include "till-json-reader.h"
#include "till-sandbox-state.h"
#include "till-sandbox-wallet-private.h"

#define WALLET_FILE "wallet.json"
#define LONGEST_TEXT 8192

/* A list in a file may have 10,000 elements, the whole more. */
#define CHUNK 1000

/**
 * till_wallet_template_free:
 * @one: (transfer full): a template
 *
 * Frees @one.
 */
void
till_wallet_template_free (TillWalletTemplate *one)
{
  g_free (one->name);
  g_free (one);
}

/**
 * till_wallet_certificate_free:
 * @certificate: (transfer full): a certificate
 *
 * Frees @certificate.
 */
void
till_wallet_certificate_free (TillWalletCertificate *certificate)
{
  g_free (certificate->id);
  g_free (certificate->name);
  g_free (certificate->comment);
  till_wallet_identity_clear (&certificate->identity);
  g_clear_pointer (&certificate->templates, g_ptr_array_unref);
  g_free (certificate);
}

/**
 * till_wallet_changed:
 * @self: the service
 *
 * Notes that something has changed.
 */
void
till_wallet_changed (TillWallet *self)
{
  self->dirty = TRUE;
  g_clear_pointer (&self->sorted, g_ptr_array_unref);
  g_clear_pointer (&self->sorted_by, g_free);
}

static void
write_number (TillJsonWriter *writer,
              const char     *member,
              gint64          value)
{
  till_json_writer_member (writer, member);
  till_json_writer_int (writer, value);
}

static void
write_certificate (const TillWalletCertificate *certificate,
                   TillJsonWriter              *writer)
{
  till_json_writer_begin_object (writer);
  till_sandbox_write_text (writer, "id", certificate->id);
  till_sandbox_write_text (writer, "name", certificate->name);
  till_sandbox_write_text (writer, "comment", certificate->comment);
  till_sandbox_write_text (writer, "baseName", certificate->identity.base_name);
  till_sandbox_write_text (writer, "teamIdentifier", certificate->identity.team);
  till_sandbox_write_bool (writer, "nfcSupport", certificate->identity.nfc);
  write_number (writer, "validityStart", certificate->identity.start);
  write_number (writer, "validityEnd", certificate->identity.end);
  till_sandbox_write_bool (writer, "enabled", certificate->enabled);
  write_number (writer, "createdAt", certificate->created);
  write_number (writer, "updatedAt", certificate->updated);
  if (certificate->templates != NULL)
    {
      till_json_writer_member (writer, "templates");
      till_json_writer_begin_array (writer);
      for (guint i = 0; i < certificate->templates->len; i++)
        {
          const TillWalletTemplate *one = g_ptr_array_index (certificate->templates, i);

          till_json_writer_begin_object (writer);
          write_number (writer, "id", one->id);
          till_sandbox_write_text (writer, "name", one->name);
          till_json_writer_end_object (writer);
        }
      till_json_writer_end_array (writer);
    }
  till_json_writer_end_object (writer);
}

/**
 * till_wallet_save:
 * @self: the service
 * @error: (out) (optional): %TILL_ERROR_UNREADABLE
 *
 * Writes all that it remembers.
 *
 * Returns: whether it is on the disk
 */
gboolean
till_wallet_save (TillWallet  *self,
                  GError     **error)
{
  g_autoptr(GString) text = g_string_new (NULL);
  TillJsonWriter writer;

  till_json_writer_init (&writer, text, FALSE);
  till_json_writer_begin_object (&writer);
  till_sandbox_write_text (&writer, "defaultId", self->default_id);
  till_json_writer_member (&writer, "certificates");
  till_json_writer_begin_array (&writer);
  for (guint i = 0; i < self->certificates->len; i += CHUNK)
    {
      till_json_writer_begin_array (&writer);
      for (guint j = i; j < MIN (i + CHUNK, self->certificates->len); j++)
        write_certificate (g_ptr_array_index (self->certificates, j), &writer);
      till_json_writer_end_array (&writer);
    }
  till_json_writer_end_array (&writer);
  till_json_writer_end_object (&writer);

  if (!till_state_save (self->server->folder, WALLET_FILE, text->str, text->len, error))
    return FALSE;

  self->dirty = FALSE;
  return TRUE;
}

static gboolean
read_text (const TillJsonReader  *reader,
           const char            *member,
           char                 **value)
{
  const char *text;

  if (!till_json_reader_optional_string (reader, member, LONGEST_TEXT, &text, NULL))
    return FALSE;

  *value = g_strdup (text);
  return TRUE;
}

static gboolean
read_templates (const TillJsonReader  *reader,
                TillWalletCertificate *certificate)
{
  TillJsonReader list;
  TillJsonReader element;

  if (!till_json_reader_optional_array (reader, "templates", &list, NULL))
    return FALSE;
  if (!till_json_reader_is_present (&list))
    return TRUE;

  certificate->templates = g_ptr_array_new_with_free_func ((GDestroyNotify) till_wallet_template_free);
  for (guint i = 0; i < till_json_reader_get_length (&list); i++)
    {
      TillWalletTemplate *one = g_new0 (TillWalletTemplate, 1);

      g_ptr_array_add (certificate->templates, one);
      till_json_reader_element (&list, i, &element);
      one->name = till_json_reader_dup_text (&element, "name", 0, LONGEST_TEXT, NULL);
      if (one->name == NULL || !till_json_reader_int (&element, "id", 0, G_MAXINT64, &one->id, NULL))
        return FALSE;
    }

  return TRUE;
}

static gboolean
read_certificate (TillWallet           *self,
                  const TillJsonReader *reader)
{
  TillWalletCertificate *certificate = g_new0 (TillWalletCertificate, 1);
  TillWalletIdentity *identity = &certificate->identity;

  g_ptr_array_add (self->certificates, certificate);
  certificate->id = till_json_reader_dup_text (reader, "id", 36, 36, NULL);
  identity->base_name = till_json_reader_dup_text (reader, "baseName", 1, LONGEST_TEXT, NULL);
  identity->team = till_json_reader_dup_text (reader, "teamIdentifier", 1, LONGEST_TEXT, NULL);

  return certificate->id != NULL && identity->base_name != NULL && identity->team != NULL &&
         read_text (reader, "name", &certificate->name) &&
         read_text (reader, "comment", &certificate->comment) &&
         till_json_reader_bool (reader, "nfcSupport", &identity->nfc, NULL) &&
         till_json_reader_int (reader, "validityStart", G_MININT64, G_MAXINT64, &identity->start, NULL) &&
         till_json_reader_int (reader, "validityEnd", G_MININT64, G_MAXINT64, &identity->end, NULL) &&
         till_json_reader_bool (reader, "enabled", &certificate->enabled, NULL) &&
         till_json_reader_int (reader, "createdAt", 0, TILL_TIME_NEVER, &certificate->created, NULL) &&
         till_json_reader_int (reader, "updatedAt", 0, TILL_TIME_NEVER, &certificate->updated, NULL) &&
         read_templates (reader, certificate);
}

static gboolean
read_state (TillWallet *self,
            JsonNode   *root)
{
  TillJsonReader reader;
  TillJsonReader chunks;
  TillJsonReader chunk;
  TillJsonReader element;

  till_json_reader_init (&reader, root);
  if (!read_text (&reader, "defaultId", &self->default_id) ||
      !till_json_reader_array (&reader, "certificates", &chunks, NULL))
    return FALSE;

  for (guint i = 0; i < till_json_reader_get_length (&chunks); i++)
    {
      till_json_reader_element (&chunks, i, &element);
      if (!till_json_reader_array (&element, NULL, &chunk, NULL))
        return FALSE;
      for (guint j = 0; j < till_json_reader_get_length (&chunk); j++)
        {
          TillJsonReader one;

          till_json_reader_element (&chunk, j, &one);
          if (!read_certificate (self, &one))
            return FALSE;
        }
    }

  return self->default_id == NULL || till_wallet_find (self, self->default_id) != NULL;
}

/**
 * till_wallet_open:
 * @server: the server
 * @error: (out) (optional): %TILL_ERROR_DAMAGED or %TILL_ERROR_UNREADABLE
 *
 * Reads what the service remembers, or makes the example of a first start.
 *
 * Returns: (transfer full) (nullable): the service, %NULL with @error set
 */
TillWallet *
till_wallet_open (TillSandboxServer  *server,
                  GError            **error)
{
  gint64 size = till_assumptions_number (&server->assumptions, TILL_ASSUME_EXAMPLE_SIZE);
  TillWallet *self = g_new0 (TillWallet, 1);
  g_autoptr(GError) reason = NULL;
  g_autoptr(JsonNode) root = NULL;
  gboolean opened = TRUE;

  self->server = server;
  self->certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) till_wallet_certificate_free);

  root = till_state_load (server->folder, WALLET_FILE, &reason);
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      opened = FALSE;
    }
  else if (root == NULL)
    {
      till_wallet_fill_examples (self);
    }
  else if (!read_state (self, root))
    {
      till_state_set_aside (server->folder, WALLET_FILE, error);
      opened = FALSE;
    }

  if (opened)
    till_wallet_fill_size (self, size);
  if (!opened || (self->dirty && !till_wallet_save (self, error)))
    {
      till_wallet_close (self);
      return NULL;
    }

  return self;
}

/**
 * till_wallet_close:
 * @self: (transfer full): the service
 *
 * Frees @self; all of it is on the disk already.
 */
void
till_wallet_close (TillWallet *self)
{
  g_clear_pointer (&self->sorted, g_ptr_array_unref);
  g_free (self->sorted_by);
  g_ptr_array_unref (self->certificates);
  g_free (self->default_id);
  g_free (self);
}
