/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of certificates, page by page. */
#include "config.h"

#include "till-wallet.h"

#include "till-limits.h"
#include "till-service-private.h"
#include "till-wallet-private.h"

#define DEFAULT_PAGE_SIZE 100

/* A page larger than this is decoded on a thread: about a millisecond's work. */
#define THREAD_BYTES (16 * 1024)

/*
 * The service says where the next page is, and that address is never asked: in
 * its own documents it is of another host and skips nine pages (API.md 6.8).
 * The next page is always the next number at our own address. The list ends
 * with a page that is not full or has nothing new, or at the bounds of
 * RELIABILITY.md G15.
 */
typedef struct
{
  /* input */
  char               *vendor;       /* (owned) (nullable) */
  char               *order;        /* (owned) (nullable) */
  char               *direction;    /* (owned) (nullable) */
  TillWalletQuery     query;        /* points to the three above */
  guint               page_size;
  TillWalletPageFunc  func;         /* (nullable) */
  gpointer            func_data;

  /* in progress */
  guint               page;
  GHashTable         *ids;          /* (owned) (element-type utf8): borrowed from the certificates */
  guint               status;       /* of the page that is decoded */
  char               *trace_id;     /* (owned) (nullable) of the same */

  /* output */
  TillWalletList     *list;         /* (owned) */
} Listing;

/**
 * till_wallet_list_free:
 * @self: (transfer full): a list
 *
 * Frees it.
 */
void
till_wallet_list_free (TillWalletList *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->certificates);
  g_free (self->ignored);
  g_free (self);
}

static void
listing_free (gpointer data)
{
  Listing *self = data;

  g_free (self->vendor);
  g_free (self->order);
  g_free (self->direction);
  g_hash_table_unref (self->ids);
  g_free (self->trace_id);
  g_clear_pointer (&self->list, till_wallet_list_free);
  g_free (self);
}

static void
append_param (GString    *path,
              const char *name,
              const char *value)
{
  if (value == NULL)
    return;

  g_string_append_printf (path, "%s=", name);
  g_string_append_uri_escaped (path, value, NULL, FALSE);
  g_string_append_c (path, '&');
}

/**
 * till_wallet_list_path:
 * @query: what to list
 * @page: from 1
 * @page_size: how many
 *
 * Returns: (transfer full): the address of one page below the base
 */
char *
till_wallet_list_path (const TillWalletQuery *query,
                       guint                  page,
                       guint                  page_size)
{
  GString *path = g_string_new ("/certificates?");

  append_param (path, "vendor", query->vendor);
  if (query->enabled != TILL_TRI_UNKNOWN)
    append_param (path, "enabled", query->enabled == TILL_TRI_TRUE ? "true" : "false");
  append_param (path, "order", query->order);
  append_param (path, "direction", query->direction);
  g_string_append_printf (path, "page=%u&pageSize=%u", page, page_size);

  return g_string_free (path, FALSE);
}

static void ask_page (GTask *task);

/* Takes over what is new, up to the bound; @n_over: how many of the new ones were beyond it. */
static GPtrArray *
take_new (Listing              *self,
          const TillWalletPage *page,
          guint                *n_over)
{
  GPtrArray *news = g_ptr_array_new_with_free_func ((GDestroyNotify) till_wallet_certificate_unref);

  *n_over = 0;
  for (guint i = 0; i < page->certificates->len; i++)
    {
      TillWalletCertificate *certificate = g_ptr_array_index (page->certificates, i);

      if (g_hash_table_contains (self->ids, certificate->id))
        continue;
      if (self->list->certificates->len >= TILL_LIMIT_LISTED)
        {
          (*n_over)++;
          continue;
        }

      g_hash_table_add (self->ids, certificate->id);

      g_ptr_array_add (self->list->certificates, till_wallet_certificate_ref (certificate));
      g_ptr_array_add (news, till_wallet_certificate_ref (certificate));
    }

  return news;
}

/* Whether there are more pages to ask for. */
static gboolean
goes_on (Listing              *self,
         const TillWalletPage *page,
         guint                 n_new,
         guint                 n_over)
{
  gint64 page_size = page->page_size > 0 ? page->page_size : (gint64) self->page_size;
  gint64 n = page->certificates->len;
  gboolean more = page->has_next || n >= page_size;

  if (n_over > 0)
    {
      self->list->ignored = g_strdup ("there are more than 10,000 certificates; the others are left out");
      return FALSE;
    }

  if (n == 0)
    return FALSE;

  if (n_new == 0)
    {
      /* More than was asked for, and the same again: all there is, from a service that does not page. */
      if (n > page_size)
        return FALSE;

      self->list->ignored = g_strdup_printf ("page %u repeats what was listed before; more pages are left out",
                                             self->page);
      return FALSE;
    }

  if (self->query.max_pages > 0 && self->page >= self->query.max_pages)
    return FALSE;

  if (more && self->page >= TILL_LIMIT_PAGES)
    {
      self->list->ignored = g_strdup ("there are more than 1,000 pages; the others are left out");
      return FALSE;
    }

  return more;
}

static void
take_page (GTask          *task,
           TillWalletPage *page)
{
  Listing *self = g_task_get_task_data (task);
  g_autoptr(GPtrArray) news = NULL;
  guint n_over;
  gboolean more;

  news = take_new (self, page, &n_over);
  self->list->pages = self->page;
  more = goes_on (self, page, news->len, n_over);
  if (self->query.total != NULL && page->count > page->certificates->len)
    *self->query.total = page->count;

  if (news->len > 0 && self->func != NULL)
    self->func (news, self->func_data);

  if (g_task_return_error_if_cancelled (task))
    return;

  if (more)
    ask_page (task);
  else
    g_task_return_pointer (task, g_steal_pointer (&self->list), (GDestroyNotify) till_wallet_list_free);
}

static void
fail_page (GTask  *task,
           GError *reason)
{
  Listing *self = g_task_get_task_data (task);
  GError *error = NULL;

  till_service_fail_answer (&error, reason, FALSE, self->status, self->trace_id);
  g_task_return_error (task, error);
}

static void
decode_thread (GTask        *decoding,
               gpointer      source,
               gpointer      task_data,
               GCancellable *cancellable)
{
  TillWalletPage *page;
  GError *error = NULL;

  page = till_wallet_page_new (task_data, &error);
  if (page != NULL)
    g_task_return_pointer (decoding, page, (GDestroyNotify) till_wallet_page_free);
  else
    g_task_return_error (decoding, error);
}

static void
decoded_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(TillWalletPage) page = NULL;
  GError *error = NULL;

  page = g_task_propagate_pointer (G_TASK (result), &error);
  if (page != NULL)
    take_page (task, page);
  else
    fail_page (task, error);
}

static void
listed_cb (TillWallet       *wallet,
           const TillAnswer *answer,
           GError           *error,
           gpointer          user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Listing *self = g_task_get_task_data (task);
  g_autoptr(TillWalletPage) page = NULL;

  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  self->status = answer->status;
  g_free (self->trace_id);
  self->trace_id = g_strdup (answer->trace_id);

  if (till_secret_get_size (answer->body) > THREAD_BYTES &&
      !till_service_is_web_page (answer->content_type, answer->body))
    {
      g_autoptr(GTask) decoding = NULL;

      /* A thread may be the last to let go of its task, so that holds no client. */
      decoding = g_task_new (NULL, g_task_get_cancellable (task), decoded_cb, g_object_ref (task));
      g_task_set_source_tag (decoding, listed_cb);
      g_task_set_task_data (decoding, till_secret_ref (answer->body), (GDestroyNotify) till_secret_unref);
      g_task_run_in_thread (decoding, decode_thread);
      return;
    }

  if (!till_service_check_json (answer, TILL_LIMIT_JSON_LIST_BYTES, FALSE, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  page = till_wallet_page_new (answer->body, &error);
  if (page != NULL)
    take_page (task, page);
  else
    fail_page (task, error);
}

static void
ask_page (GTask *task)
{
  Listing *self = g_task_get_task_data (task);
  TillWalletCall call = { .method = "GET", .is_list = TRUE };
  g_autofree char *path = NULL;

  self->page++;
  path = till_wallet_list_path (&self->query, self->page, self->page_size);
  call.path = path;
  till_wallet_call (g_task_get_source_object (task), &call, g_task_get_cancellable (task), listed_cb,
                    g_object_ref (task));
}

/**
 * till_wallet_list_async:
 * @self: a client
 * @query: (nullable): which certificates; all of them without one
 * @page: (nullable) (scope notified): called after each page with what was new on it
 * @page_data: for @page; stays until @callback is called
 * @cancellable: (nullable)
 * @callback: called at the end
 * @user_data: for @callback
 *
 * Lists certificates over all pages: at most 1,000 pages or 10,000
 * certificates, each once (RELIABILITY.md G15, rows 59 and 60).
 */
void
till_wallet_list_async (TillWallet            *self,
                        const TillWalletQuery *query,
                        TillWalletPageFunc     page,
                        gpointer               page_data,
                        GCancellable          *cancellable,
                        GAsyncReadyCallback    callback,
                        gpointer               user_data)
{
  const TillWalletQuery everything = { .enabled = TILL_TRI_UNKNOWN };
  g_autoptr(GTask) task = NULL;
  Listing *listing;

  g_return_if_fail (TILL_IS_WALLET (self));

  if (query == NULL)
    query = &everything;

  listing = g_new0 (Listing, 1);
  listing->vendor = g_strdup (query->vendor);
  listing->order = g_strdup (query->order);
  listing->direction = g_strdup (query->direction);
  listing->query = (TillWalletQuery) {
    .vendor = listing->vendor,
    .enabled = query->enabled,
    .order = listing->order,
    .direction = listing->direction,
    .max_pages = query->max_pages,
    .total = query->total,
  };
  listing->page_size = query->page_size != 0 ? MIN (query->page_size, TILL_LIMIT_LISTED) : DEFAULT_PAGE_SIZE;
  listing->func = page;
  listing->func_data = page_data;
  listing->ids = g_hash_table_new (g_str_hash, g_str_equal);
  listing->list = g_new0 (TillWalletList, 1);
  listing->list->certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) till_wallet_certificate_unref);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, till_wallet_list_async);
  g_task_set_task_data (task, listing, listing_free);

  ask_page (task);
}

/**
 * till_wallet_list_finish:
 * @self: a client
 * @result: of till_wallet_list_async()
 * @error: (out) (optional): see till_service_check_answer(); %TILL_ERROR_PROTOCOL
 *
 * Returns: (transfer full) (nullable): the list, %NULL with @error set
 */
TillWalletList *
till_wallet_list_finish (TillWallet    *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
