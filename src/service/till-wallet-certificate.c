/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the service says of certificates, read from its JSON. */
#include "config.h"

#include "till-wallet-private.h"

#include <string.h>

#include "till-error.h"
#include "till-json-reader.h"
#include "till-limits.h"
#include "till-service-private.h"

static void
template_free (gpointer data)
{
  TillWalletTemplate *self = data;

  g_free (self->id);
  g_free (self->name);
  g_free (self);
}

/**
 * till_wallet_certificate_ref:
 * @self: a certificate
 *
 * Returns: (transfer full): @self, counted once more
 */
TillWalletCertificate *
till_wallet_certificate_ref (TillWalletCertificate *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * till_wallet_certificate_unref:
 * @self: (transfer full): a certificate
 *
 * Counts down; the last one frees it.
 */
void
till_wallet_certificate_unref (TillWalletCertificate *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->id);
  g_free (self->vendor);
  g_free (self->name);
  g_free (self->comment);
  g_free (self->base_name);
  g_free (self->team_identifier);
  g_ptr_array_unref (self->templates);
  g_free (self->problem);
  g_free (self);
}

/* A text that may be left out, or null, and that may be written as a number. */
static gboolean
read_text (const TillJsonReader  *reader,
           const char            *member,
           char                 **value,
           GError               **error)
{
  if (!till_json_reader_has (reader, member))
    return TRUE;

  *value = till_json_reader_dup_text (reader, member, 0, TILL_WALLET_TEXT_CHARS, error);

  return *value != NULL;
}

static gboolean
read_truth (const TillJsonReader  *reader,
            const char            *member,
            TillTri               *value,
            GError               **error)
{
  gboolean truth;

  if (!till_json_reader_has (reader, member))
    return TRUE;
  if (!till_json_reader_bool (reader, member, &truth, error))
    return FALSE;

  *value = truth ? TILL_TRI_TRUE : TILL_TRI_FALSE;
  return TRUE;
}

/* A date that can't be read is said to be so; the rest of the certificate is there all the same. */
static gboolean
read_time (TillWalletCertificate  *self,
           const TillJsonReader   *reader,
           const char             *member,
           gint64                 *value,
           GError                **error)
{
  g_autofree char *text = NULL;

  if (!till_json_reader_has (reader, member) || till_json_reader_time (reader, member, value, NULL))
    return TRUE;

  /* Of another type than any date has. */
  text = till_json_reader_dup_text (reader, member, 0, TILL_WALLET_TEXT_CHARS, error);
  if (text == NULL)
    return FALSE;

  *value = G_MININT64;
  if (self->problem == NULL)
    self->problem = g_strdup (member);

  return TRUE;
}

static gboolean
read_templates (TillWalletCertificate  *self,
                const TillJsonReader   *reader,
                GError                **error)
{
  TillJsonReader array;

  self->has_templates = till_json_reader_has (reader, "templates");
  if (!till_json_reader_optional_array (reader, "templates", &array, error))
    return FALSE;

  for (guint i = 0; i < till_json_reader_get_length (&array); i++)
    {
      TillWalletTemplate *item = g_new0 (TillWalletTemplate, 1);
      TillJsonReader element;

      g_ptr_array_add (self->templates, item);
      till_json_reader_element (&array, i, &element);
      if (!till_json_reader_object (&element, NULL, &element, error) ||
          !(item->id = till_json_reader_dup_text (&element, "id", 1, TILL_WALLET_ID_CHARS, error)) ||
          !(item->name = till_json_reader_dup_text (&element, "name", 0, TILL_WALLET_TEXT_CHARS, error)))
        return FALSE;
    }

  return TRUE;
}

/**
 * till_wallet_certificate_alloc:
 *
 * Returns: (transfer full): a certificate of which nothing is known yet
 */
TillWalletCertificate *
till_wallet_certificate_alloc (void)
{
  TillWalletCertificate *self = g_new0 (TillWalletCertificate, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->nfc_support = TILL_TRI_UNKNOWN;
  self->enabled = TILL_TRI_UNKNOWN;
  self->is_default = TILL_TRI_UNKNOWN;
  self->expired = TILL_TRI_UNKNOWN;
  self->created_at = G_MININT64;
  self->updated_at = G_MININT64;
  self->validity_start = G_MININT64;
  self->validity_end = G_MININT64;
  self->templates = g_ptr_array_new_with_free_func (template_free);

  return self;
}

/**
 * till_wallet_certificate_read:
 * @reader: at a certificate object (API.md 6.4)
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL, naming the field
 *
 * Returns: (transfer full) (nullable): what it says, %NULL with @error set
 */
TillWalletCertificate *
till_wallet_certificate_read (const TillJsonReader  *reader,
                              GError               **error)
{
  g_autoptr(TillWalletCertificate) self = till_wallet_certificate_alloc ();

  if (!(self->id = till_json_reader_dup_text (reader, "id", 1, TILL_WALLET_ID_CHARS, error)) ||
      !read_text (reader, "vendor", &self->vendor, error) ||
      !read_text (reader, "name", &self->name, error) ||
      !read_text (reader, "comment", &self->comment, error) ||
      !read_text (reader, "baseName", &self->base_name, error) ||
      !read_text (reader, "teamIdentifier", &self->team_identifier, error) ||
      !read_truth (reader, "nfcSupport", &self->nfc_support, error) ||
      !read_truth (reader, "enabled", &self->enabled, error) ||
      !read_truth (reader, "default", &self->is_default, error) ||
      !read_truth (reader, "expired", &self->expired, error) ||
      !read_time (self, reader, "createdAt", &self->created_at, error) ||
      !read_time (self, reader, "updatedAt", &self->updated_at, error) ||
      !read_time (self, reader, "validityStart", &self->validity_start, error) ||
      !read_time (self, reader, "validityEnd", &self->validity_end, error) ||
      !read_templates (self, reader, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * till_wallet_parse:
 * @body: of an answer
 * @limit: the most bytes it may have
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL
 *
 * Parses an answer without certificate and password: the service never sends
 * these back (API.md 6.4), and should it, they stay out of plain memory.
 *
 * Returns: (transfer full) (nullable): the root, %NULL with @error set
 */
JsonNode *
till_wallet_parse (const TillSecret  *body,
                   gsize              limit,
                   GError           **error)
{
  TillServiceCut cuts[] = { { .name = "certificate" }, { .name = "password" } };
  JsonNode *root = till_service_parse (body, limit, cuts, G_N_ELEMENTS (cuts), NULL, error);

  till_service_cuts_clear (cuts, G_N_ELEMENTS (cuts));

  return root;
}

/**
 * till_wallet_certificate_new:
 * @body: of an answer: one certificate object (API.md 6.4)
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL, naming the field
 *
 * Returns: (transfer full) (nullable): what it says, %NULL with @error set
 */
TillWalletCertificate *
till_wallet_certificate_new (const TillSecret  *body,
                             GError           **error)
{
  g_autoptr(JsonNode) root = till_wallet_parse (body, TILL_LIMIT_JSON_BYTES, error);
  TillJsonReader reader;

  if (root == NULL)
    return NULL;

  till_json_reader_init (&reader, root);
  if (!till_json_reader_object (&reader, NULL, &reader, error))
    return NULL;

  return till_wallet_certificate_read (&reader, error);
}
