/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the service says of certificates, read from its JSON. */
#include "config.h"

#include "till-wallet-private.h"

#include <string.h>

#include "till-error.h"
#include "till-json-reader.h"
#include "till-limits.h"
#include "till-service-private.h"

#define ID_CHARS 256
#define TEXT_CHARS 65536

/* As other numbers in JSON, see till_json_scan(). */
#define MAX_NUMBER G_GINT64_CONSTANT (9007199254740992)

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

  *value = till_json_reader_dup_text (reader, member, 0, TEXT_CHARS, error);

  return *value != NULL;
}

static gboolean
read_truth (const TillJsonReader  *reader,
            const char            *member,
            TillTri               *value,
            GError               **error)
{
  gboolean truth;

  *value = TILL_TRI_UNKNOWN;
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

  *value = G_MININT64;
  if (!till_json_reader_has (reader, member) || till_json_reader_time (reader, member, value, NULL))
    return TRUE;

  /* Of another type than any date has. */
  text = till_json_reader_dup_text (reader, member, 0, TEXT_CHARS, error);
  if (text == NULL)
    return FALSE;

  *value = G_MININT64;
  if (self->problem == NULL)
    self->problem = till_json_reader_dup_path (reader, member);

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
          !(item->id = till_json_reader_dup_text (&element, "id", 1, ID_CHARS, error)) ||
          !(item->name = till_json_reader_dup_text (&element, "name", 0, TEXT_CHARS, error)))
        return FALSE;
    }

  return TRUE;
}

/* Returns: (nullable): a certificate, %NULL with @error set */
static TillWalletCertificate *
read_certificate (const TillJsonReader  *reader,
                  GError               **error)
{
  g_autoptr(TillWalletCertificate) self = g_new0 (TillWalletCertificate, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->templates = g_ptr_array_new_with_free_func (template_free);

  if (!(self->id = till_json_reader_dup_text (reader, "id", 1, ID_CHARS, error)) ||
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

/* The service never sends these back (API.md 6.4). Should it, they stay out of plain memory. */
static JsonNode *
parse (const TillSecret  *body,
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
  g_autoptr(JsonNode) root = parse (body, TILL_LIMIT_JSON_BYTES, error);
  TillJsonReader reader;

  if (root == NULL)
    return NULL;

  till_json_reader_init (&reader, root);
  if (!till_json_reader_object (&reader, NULL, &reader, error))
    return NULL;

  return read_certificate (&reader, error);
}

/**
 * till_wallet_page_free:
 * @self: (transfer full): a page
 *
 * Frees it.
 */
void
till_wallet_page_free (TillWalletPage *self)
{
  g_ptr_array_unref (self->certificates);
  g_free (self);
}

/* "pageSize" of the query of an address that is never asked for anything (API.md 6.8). */
static gint64
find_page_size (const char *url)
{
  const char *query = strchr (url, '?');
  g_autoptr(GHashTable) params = NULL;
  const char *value;
  gint64 size;

  if (query == NULL)
    return 0;

  params = g_uri_parse_params (query + 1, -1, "&", G_URI_PARAMS_NONE, NULL);
  value = params != NULL ? g_hash_table_lookup (params, "pageSize") : NULL;
  if (value == NULL || !g_ascii_string_to_signed (value, 10, 1, TILL_LIMIT_JSON_CONTAINER, &size, NULL))
    return 0;

  return size;
}

/* Members about paging: all may be left out, none may be nonsense. */
static gboolean
read_paging (TillWalletPage        *self,
             const TillJsonReader  *reader,
             GError               **error)
{
  TillJsonReader pagination;
  const char *next;
  gint64 number;

  if (!till_json_reader_optional_int (reader, "count", 0, MAX_NUMBER, 0, &number, error) ||
      !till_json_reader_optional_string (reader, "nextPage", TEXT_CHARS, &next, error) ||
      !till_json_reader_optional_object (reader, "pagination", &pagination, error))
    return FALSE;

  self->has_next = next != NULL && next[0] != '\0';

  if (till_json_reader_is_present (&pagination) &&
      (!till_json_reader_optional_int (&pagination, "page", 0, MAX_NUMBER, 0, &number, error) ||
       !till_json_reader_optional_int (&pagination, "start", 0, MAX_NUMBER, 0, &number, error) ||
       !till_json_reader_optional_int (&pagination, "pageSize", 0, MAX_NUMBER, 0, &self->page_size, error)))
    return FALSE;

  if (self->page_size == 0 && self->has_next)
    self->page_size = find_page_size (next);

  return TRUE;
}

/**
 * till_wallet_page_new:
 * @body: of an answer: one page of the list (API.md 6.8)
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL, naming the field
 *
 * Reads a page. Can be called from any thread.
 *
 * Returns: (transfer full) (nullable): what it says, %NULL with @error set
 */
TillWalletPage *
till_wallet_page_new (const TillSecret  *body,
                      GError           **error)
{
  g_autoptr(JsonNode) root = parse (body, TILL_LIMIT_JSON_LIST_BYTES, error);
  g_autoptr(TillWalletPage) self = NULL;
  TillJsonReader reader;
  TillJsonReader array;

  if (root == NULL)
    return NULL;

  self = g_new0 (TillWalletPage, 1);
  self->certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) till_wallet_certificate_unref);

  till_json_reader_init (&reader, root);
  if (!till_json_reader_object (&reader, NULL, &reader, error) ||
      !till_json_reader_array (&reader, "certificates", &array, error) ||
      !read_paging (self, &reader, error))
    return NULL;

  for (guint i = 0; i < till_json_reader_get_length (&array); i++)
    {
      TillWalletCertificate *certificate;
      TillJsonReader element;

      till_json_reader_element (&array, i, &element);
      certificate = read_certificate (&element, error);
      if (certificate == NULL)
        return NULL;
      g_ptr_array_add (self->certificates, certificate);
    }

  return g_steal_pointer (&self);
}
