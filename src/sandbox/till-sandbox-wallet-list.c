/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Airship Wallet certificates, pretended: the list and its pages (API.md 6.8). */
#include "config.h"

#include <string.h>

#include "till-sandbox-wallet-private.h"

#define LARGEST_PAGE 10000000

/* The host and the path that the document prints, wherever the list is asked for. */
#define DOCUMENTED_NEXT "https://wallet.urbanairship.com/v1/certificates/list/"

/* As in the example: from page 1 to page 11. */
#define WRONG_STEP 10

typedef enum
{
  ORDER_ID,
  ORDER_NAME,
  ORDER_CREATED,
  ORDER_UPDATED,
} Order;

static const char * const orders[] = { "id", "name", "createdAt", "updatedAt", NULL };

/**
 * Query:
 * @enabled: 1, 0, or -1 where it is not asked for
 *
 * What a request asks for.
 */
typedef struct
{
  int      enabled;
  Order    order;
  gboolean descending;
  gint64   page;
  gint64   page_size;
} Query;

static gboolean
read_positive (const char *text,
               gint64     *value)
{
  return text == NULL || (g_ascii_isdigit (text[0]) && g_ascii_string_to_signed (text, 10, 1, LARGEST_PAGE, value, NULL));
}

static gboolean
read_order (const char *text,
            Order      *order)
{
  for (guint i = 0; orders[i] != NULL; i++)
    {
      if (strcmp (orders[i], text) == 0)
        {
          *order = (Order) i;
          return TRUE;
        }
    }

  return FALSE;
}

static const char *
read_query (TillCall *call,
            Query    *query)
{
  TillAssumptions *assumptions = &call->server->assumptions;
  g_autoptr(GHashTable) values = call->query != NULL ? soup_form_decode (call->query)
                                                     : g_hash_table_new (g_str_hash, g_str_equal);
  const char *vendor = g_hash_table_lookup (values, "vendor");
  const char *enabled = g_hash_table_lookup (values, "enabled");
  const char *order = g_hash_table_lookup (values, "order");
  const char *direction = g_hash_table_lookup (values, "direction");

  query->enabled = enabled == NULL ? -1 : strcmp (enabled, "true") == 0;
  query->order = (Order) till_assumptions_number (assumptions, TILL_ASSUME_WALLET_ORDER);
  query->descending = direction != NULL && strcmp (direction, "DESC") == 0;
  query->page = 1;
  query->page_size = till_assumptions_number (assumptions, TILL_ASSUME_WALLET_PAGE_SIZE);

  if (vendor != NULL && strcmp (vendor, "Apple") != 0)
    return "vendor";
  if (enabled != NULL && strcmp (enabled, "true") != 0 && strcmp (enabled, "false") != 0)
    return "enabled";
  if (order != NULL && !read_order (order, &query->order))
    return "order";
  if (direction != NULL && strcmp (direction, "ASC") != 0 && strcmp (direction, "DESC") != 0)
    return "direction";
  if (!read_positive (g_hash_table_lookup (values, "page"), &query->page))
    return "page";
  if (!read_positive (g_hash_table_lookup (values, "pageSize"), &query->page_size))
    return "pageSize";

  query->page_size = MIN (query->page_size, till_assumptions_number (assumptions, TILL_ASSUME_WALLET_LARGEST_PAGE));
  return NULL;
}

static int
compare_times (gint64 a,
               gint64 b)
{
  return a < b ? -1 : a > b;
}

static int
compare (gconstpointer a,
         gconstpointer b,
         gpointer      user_data)
{
  const TillWalletCertificate *one = *(const TillWalletCertificate * const *) a;
  const TillWalletCertificate *other = *(const TillWalletCertificate * const *) b;
  const Query *query = user_data;
  int result = 0;

  if (query->order == ORDER_NAME)
    result = g_strcmp0 (one->name, other->name);
  else if (query->order == ORDER_CREATED)
    result = compare_times (one->created, other->created);
  else if (query->order == ORDER_UPDATED)
    result = compare_times (one->updated, other->updated);

  /* So that no certificate moves between pages of its own accord. */
  if (result == 0)
    result = strcmp (one->id, other->id);

  return query->descending ? -result : result;
}

/* Sorted once, and again when something has changed: pages come one after the other. */
static GPtrArray *
sort (TillWallet *self,
      Query      *query)
{
  g_autofree char *by = g_strdup_printf ("%d %d %d", query->enabled, query->order, query->descending);

  if (self->sorted != NULL && g_strcmp0 (self->sorted_by, by) == 0)
    return self->sorted;

  g_clear_pointer (&self->sorted, g_ptr_array_unref);
  self->sorted = g_ptr_array_new ();
  for (guint i = 0; i < self->certificates->len; i++)
    {
      TillWalletCertificate *certificate = g_ptr_array_index (self->certificates, i);

      if (query->enabled < 0 || query->enabled == certificate->enabled)
        g_ptr_array_add (self->sorted, certificate);
    }
  g_ptr_array_sort_with_data (self->sorted, compare, query);

  g_free (self->sorted_by);
  self->sorted_by = g_steal_pointer (&by);

  return self->sorted;
}

static char *
make_next (TillCall    *call,
           const Query *query,
           gint64       total)
{
  const char *kind = till_assumptions_word (&call->server->assumptions, TILL_ASSUME_WALLET_NEXT_PAGE);
  gint64 page = query->page + 1;
  const char *base = DOCUMENTED_NEXT;
  g_autofree char *own = NULL;

  if (query->page * query->page_size >= total || strcmp (kind, "none") == 0)
    return NULL;

  if (strcmp (kind, "wrong-page") == 0)
    page = query->page + WRONG_STEP;
  if (strcmp (kind, "own") == 0)
    base = own = g_strconcat (call->server->info.wallet_url, "/certificates", NULL);

  return g_strdup_printf ("%s?page=%" G_GINT64_FORMAT "&pageSize=%" G_GINT64_FORMAT "&order=%s&direction=%s%s",
                          base, page, query->page_size, orders[query->order], query->descending ? "DESC" : "ASC",
                          query->enabled < 0 ? "" : query->enabled ? "&enabled=true" : "&enabled=false");
}

static void
write_envelope (TillCall       *call,
                TillJsonWriter *writer,
                const Query    *query,
                gint64          on_page,
                gint64          total)
{
  gboolean all = till_assumptions_is (&call->server->assumptions, TILL_ASSUME_WALLET_COUNT, "total");
  g_autofree char *next = make_next (call, query, total);
  TillSandboxServer *server = call->server;

  till_sandbox_write_text (writer, "nextPage", next);
  till_sandbox_write_int (server, writer, "count", all ? total : on_page);
  till_json_writer_member (writer, "pagination");
  till_json_writer_begin_object (writer);
  till_sandbox_write_text (writer, "order", orders[query->order]);
  till_sandbox_write_int (server, writer, "page", query->page);
  till_sandbox_write_int (server, writer, "start", (query->page - 1) * query->page_size);
  till_sandbox_write_text (writer, "direction", query->descending ? "DESC" : "ASC");
  till_sandbox_write_int (server, writer, "pageSize", query->page_size);
  till_json_writer_end_object (writer);
}

/**
 * till_wallet_list:
 * @call: (transfer full): a call that came from who it says
 *
 * Gives a page of the certificates.
 */
void
till_wallet_list (TillCall *call)
{
  TillAssumptions *assumptions = &call->server->assumptions;
  TillJsonWriter writer;
  const char *wrong;
  GPtrArray *list;
  Query query;
  gint64 first;
  gint64 last;

  if (till_assumptions_is (assumptions, TILL_ASSUME_WALLET_GET_TYPE, "406") && !till_call_has_json_type (call))
    {
      till_wallet_refuse (call, SOUP_STATUS_NOT_ACCEPTABLE,
                          "The Content-Type must be application/json; charset=utf-8.");
      return;
    }

  wrong = read_query (call, &query);
  if (wrong != NULL)
    {
      till_wallet_refuse (call, SOUP_STATUS_BAD_REQUEST, "The parameter %s is not one that is allowed.", wrong);
      return;
    }

  list = sort (call->server->wallet, &query);
  first = MIN ((query.page - 1) * query.page_size, (gint64) list->len);
  last = MIN (first + query.page_size, (gint64) list->len);

  till_call_begin (call, SOUP_STATUS_OK, &writer);
  till_json_writer_begin_object (&writer);
  if (till_assumptions_is (assumptions, TILL_ASSUME_WALLET_ENVELOPE, "full"))
    write_envelope (call, &writer, &query, last - first, list->len);
  till_json_writer_member (&writer, "certificates");
  till_json_writer_begin_array (&writer);
  for (gint64 i = first; i < last; i++)
    till_wallet_write (call, &writer, g_ptr_array_index (list, (guint) i), FALSE);
  till_json_writer_end_array (&writer);
  till_json_writer_end_object (&writer);
  till_wallet_send (call);
}
