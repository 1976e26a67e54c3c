/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages of the list, read from JSON: thousands of certificates in one document. */
#include "config.h"

#include "till-wallet-private.h"

#include <string.h>

#include "till-error.h"
#include "till-json-reader.h"
#include "till-limits.h"
#include "till-service-private.h"
#include "till-service-walk.h"

/* As other numbers in JSON, see till_json_scan(). */
#define MAX_NUMBER G_GINT64_CONSTANT (9007199254740992)

/*
 * json-glib takes the larger part of the time that a long list needs, and eight
 * times its size in memory (PERFORMANCE.md 4). So the certificates are read from
 * the text itself, one after the other, and json-glib gets what is left: a few
 * members about paging, and each certificate that is not plain. What is wrong
 * is found out once more in the whole document, so that it is said the same way.
 */

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

  if (!till_json_reader_optional_int (reader, "count", 0, MAX_NUMBER, 0, &self->count, error) ||
      !till_json_reader_optional_string (reader, "nextPage", TILL_WALLET_TEXT_CHARS, &next, error) ||
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

static TillWalletPage *
new_page (void)
{
  TillWalletPage *self = g_new0 (TillWalletPage, 1);

  self->certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) till_wallet_certificate_unref);

  return self;
}

/* The slow way: all of it by json-glib. Returns: (nullable): the page, %NULL with @error set */
static TillWalletPage *
read_slowly (const TillSecret  *body,
             GError           **error)
{
  g_autoptr(JsonNode) root = till_wallet_parse (body, TILL_LIMIT_JSON_LIST_BYTES, error);
  g_autoptr(TillWalletPage) self = NULL;
  TillJsonReader reader;
  TillJsonReader array;

  if (root == NULL)
    return NULL;

  self = new_page ();
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
      certificate = till_wallet_certificate_read (&element, error);
      if (certificate == NULL)
        return NULL;
      g_ptr_array_add (self->certificates, certificate);
    }

  return g_steal_pointer (&self);
}

/* Members about paging, with null where the certificates are. */
static gboolean
read_rest (TillWalletPage        *self,
           const TillSecret      *body,
           const TillServiceSpan *list)
{
  const guint8 *text = till_secret_get_data (body);
  gsize before = (gsize) (list->text - text);
  gsize behind = till_secret_get_size (body) - before - list->size;
  g_autoptr(TillSecret) rest = till_secret_new (before + strlen ("null") + behind);
  guint8 *out = till_secret_get_buffer (rest);
  g_autoptr(JsonNode) root = NULL;
  TillJsonReader reader;

  memcpy (out, text, before);
  memcpy (out + before, "null", strlen ("null"));
  memcpy (out + before + strlen ("null"), list->text + list->size, behind);

  root = till_wallet_parse (rest, TILL_LIMIT_JSON_LIST_BYTES, NULL);
  if (root == NULL)
    return FALSE;

  till_json_reader_init (&reader, root);

  return till_json_reader_object (&reader, NULL, &reader, NULL) && read_paging (self, &reader, NULL);
}

/* One that is not plain: by itself, by json-glib. */
static TillWalletCertificate *
read_alone (TillServiceWalk *walk)
{
  g_autoptr(TillSecret) body = NULL;
  TillServiceSpan span;

  till_service_walk_value (walk, &span);
  body = till_secret_new_copy (span.text, span.size);

  return till_wallet_certificate_new (body, NULL);
}

/* The array; @list is where it was. */
static gboolean
read_list (TillWalletPage  *self,
           TillServiceWalk *walk,
           TillServiceSpan *list)
{
  list->text = walk->at;
  if (!till_service_walk_enter (walk, '['))
    return FALSE;

  while (!till_service_walk_leave (walk, ']'))
    {
      TillWalletCertificate *certificate = till_wallet_certificate_read_plain (walk);

      if (certificate == NULL)
        certificate = read_alone (walk);
      if (certificate == NULL)
        return FALSE;
      g_ptr_array_add (self->certificates, certificate);
      till_service_walk_next (walk);
    }

  list->size = (gsize) (walk->at - list->text);

  return TRUE;
}

/* The fast way, in one walk. Returns: (nullable): %NULL where something is not as it should be */
static TillWalletPage *
read_fast (const TillSecret *body)
{
  g_autoptr(TillWalletPage) self = new_page ();
  TillServiceWalk walk;
  TillServiceSpan name;
  TillServiceSpan list;

  till_service_walk_init (&walk, till_secret_get_data (body), till_secret_get_size (body));
  if (!till_service_walk_enter (&walk, '{'))
    return NULL;

  for (; till_service_walk_name (&walk, &name); till_service_walk_next (&walk))
    {
      if (till_service_span_is (&name, "certificates"))
        return read_list (self, &walk, &list) && read_rest (self, body, &list) ? g_steal_pointer (&self) : NULL;

      till_service_walk_value (&walk, &list);
    }

  return NULL;
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
  TillWalletPage *self;

  if (!till_service_scan (body, TILL_LIMIT_JSON_LIST_BYTES, error))
    return NULL;

  self = read_fast (body);

  return self != NULL ? self : read_slowly (body, error);
}
