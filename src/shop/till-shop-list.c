/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything that ends, from the services, the inventory and the files of this computer. */
#include "config.h"

#include <string.h>

#include "till-error.h"
#include "till-file.h"
#include "till-item-private.h"
#include "till-limits.h"
#include "till-shop-private.h"
#include "till-wallet-json.h"

typedef struct
{
  /* input */
  guint             sources;
  char             *profile_id;
  gint64            now;
  char             *vendor;
  char             *order;
  char             *direction;
  TillWalletQuery   query;
  gboolean          ordered;
  gboolean          whole;             /* the whole of the wallet was asked for, so that it can be kept */
  gboolean          known;             /* no service is asked: what the store has */
  TillShopPageFunc  page;              /* (nullable) */
  gpointer          page_data;

  /* in progress */
  gint64            total;             /* how many the wallet says there are; -1 while it does not */
  GPtrArray        *seen;              /* (element-type TillSeenRecord): to keep, or what was kept */
  GPtrArray        *uploads;
  GPtrArray        *files;
  GPtrArray        *keys;
  GPtrArray        *devices;

  /* output */
  TillItemList     *list;
} TillListing;

static void
till_listing_free (gpointer data)
{
  TillListing *listing = data;

  g_clear_pointer (&listing->seen, g_ptr_array_unref);
  g_clear_pointer (&listing->uploads, g_ptr_array_unref);
  g_clear_pointer (&listing->files, g_ptr_array_unref);
  g_clear_pointer (&listing->keys, g_ptr_array_unref);
  g_clear_pointer (&listing->devices, g_ptr_array_unref);
  g_clear_pointer (&listing->list, till_item_list_free);
  g_free (listing->profile_id);
  g_free (listing->vendor);
  g_free (listing->order);
  g_free (listing->direction);
  g_free (listing);
}

static void
free_list (gpointer data)
{
  till_item_list_free (data);
}

static void
finish_listing (GTask *task)
{
  TillListing *listing = g_task_get_task_data (task);

  if (!listing->ordered)
    g_ptr_array_sort (listing->list->items, till_item_compare);
  g_task_return_pointer (task, g_steal_pointer (&listing->list), free_list);
}

/* Whether the wallet's part is what was last seen of it. */
static gboolean
takes_kept (const TillListing *listing)
{
  return listing->sources & TILL_SOURCE_WALLET && (listing->known || listing->list->error != NULL);
}

/* The files are few and small, but they are files: read on a thread. */
static void
read_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  TillListing *listing = task_data;
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) till_item_unref);

  for (guint i = 0; i < listing->files->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      const TillFileRecord *record = listing->files->pdata[i];
      g_autofree char *path = g_filename_from_uri (record->uri, NULL, NULL);
      g_autoptr(TillSecret) bytes = NULL;
      g_autoptr(TillDocument) document = NULL;
      g_autoptr(GError) error = NULL;

      if (path != NULL)
        bytes = till_file_read (path, TILL_LIMIT_FILE_BYTES, TILL_LIMIT_PEM_BUNDLE_BYTES, &error);
      if (bytes != NULL)
        document = till_document_parse (till_secret_get_data (bytes), till_secret_get_size (bytes), NULL, &error);
      g_ptr_array_add (items, till_item_new_file (record, document, error, listing->now));
    }

  g_task_return_pointer (task, items, (GDestroyNotify) g_ptr_array_unref);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillListing *listing = g_task_get_task_data (task);
  g_autoptr(GPtrArray) items = NULL;
  GError *error = NULL;

  items = g_task_propagate_pointer (G_TASK (result), &error);
  if (items == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_ptr_array_extend_and_steal (listing->list->items, g_steal_pointer (&items));
  finish_listing (task);
}

/* On the store's thread: there may be thousands of them. */
static void
add_kept_wallet (TillListing *listing)
{
  for (guint i = 0; i < listing->seen->len; i++)
    {
      const TillSeenRecord *record = listing->seen->pdata[i];
      g_autoptr(TillSecret) json = till_secret_new_copy (record->json, strlen (record->json));
      g_autoptr(TillWalletCertificate) certificate = till_wallet_certificate_new (json, NULL);

      if (certificate == NULL)
        continue;

      g_ptr_array_add (listing->list->items, till_item_new_wallet (certificate, listing->now));
      listing->list->seen_at = MAX (listing->list->seen_at, record->seen_at);
    }
}

static void
add_inventory (TillListing *listing)
{
  GPtrArray *items = listing->list->items;

  /* The items take the records over. */
  for (guint i = 0; listing->uploads != NULL && i < listing->uploads->len; i++)
    g_ptr_array_add (items, till_item_new_upload (g_steal_pointer (&listing->uploads->pdata[i]), listing->now));

  for (guint i = 0; listing->devices != NULL && i < listing->devices->len; i++)
    g_ptr_array_add (items, till_item_new_device (g_steal_pointer (&listing->devices->pdata[i]), listing->now));

  if (listing->keys != NULL)
    {
      g_autoptr(TillAdvice) advice = till_advice_new (listing->keys, listing->now);

      /* One that was replaced may end: only the newest asks for something. */
      for (guint i = 0; i < listing->keys->len; i++)
        g_ptr_array_add (items, till_item_new_key (listing->keys->pdata[i], listing->keys->pdata[i] == advice->use,
                                                   listing->now));
    }
}

/* A record that is not there any more once an item has it. */
static void
free_upload (gpointer data)
{
  if (data != NULL)
    till_upload_record_free (data);
}

static void
free_device (gpointer data)
{
  if (data != NULL)
    till_device_record_free (data);
}

static gboolean
store_work (TillTransaction  *transaction,
            gpointer          data,
            GError          **error)
{
  TillListing *listing = data;

  if (listing->sources & TILL_SOURCE_WALLET)
    {
      if (!takes_kept (listing))
        {
          g_autoptr(GError) local_error = NULL;

          /* Where the store may only be read, nothing is kept. */
          if (listing->whole &&
              !till_transaction_replace_seen (transaction, listing->profile_id, listing->seen, &local_error) &&
              till_error_get_reason (local_error) != TILL_REASON_STORE_READ_ONLY)
            {
              g_propagate_error (error, g_steal_pointer (&local_error));
              return FALSE;
            }
        }
      else
        {
          g_clear_pointer (&listing->seen, g_ptr_array_unref);
          listing->seen = till_transaction_list_seen (transaction, listing->profile_id, error);
          if (listing->seen == NULL)
            return FALSE;

          /* Done anew where the store does it again. */
          g_ptr_array_set_size (listing->list->items, 0);
          add_kept_wallet (listing);
        }
    }

  if (listing->sources & TILL_SOURCE_HUB)
    {
      listing->uploads = till_transaction_list_uploads (transaction, listing->profile_id, error);
      if (listing->uploads == NULL)
        return FALSE;
      g_ptr_array_set_free_func (listing->uploads, free_upload);
    }

  if (listing->sources & TILL_SOURCE_DEVICES)
    {
      listing->devices = till_transaction_list_devices (transaction, listing->profile_id, error);
      if (listing->devices == NULL)
        return FALSE;
      g_ptr_array_set_free_func (listing->devices, free_device);
    }

  if (listing->sources & TILL_SOURCE_KEYS)
    {
      listing->keys = till_transaction_list_keys (transaction, listing->profile_id, error);
      if (listing->keys == NULL)
        return FALSE;
    }

  if (listing->sources & TILL_SOURCE_FILES)
    {
      listing->files = till_transaction_list_files (transaction, error);
      if (listing->files == NULL)
        return FALSE;
    }

  return TRUE;
}

static void
stored_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillListing *listing = g_task_get_task_data (task);
  g_autoptr(GTask) reading = NULL;
  GError *error = NULL;

  if (!till_store_run_finish (TILL_STORE (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  add_inventory (listing);

  if (listing->files == NULL || listing->files->len == 0)
    {
      finish_listing (task);
      return;
    }

  reading = g_task_new (NULL, g_task_get_cancellable (task), read_cb, g_object_ref (task));
  g_task_set_task_data (reading, listing, NULL);
  g_task_run_in_thread (reading, read_thread);
}

static void
ask_store (GTask *task)
{
  TillShop *self = g_task_get_source_object (task);

  till_store_run_async (self->store, store_work, g_task_get_task_data (task), NULL, g_task_get_cancellable (task), stored_cb,
                        g_object_ref (task));
}

/* Page by page, so that no long list is taken over in one go. */
static void
page_cb (GPtrArray *certificates,
         gpointer   user_data)
{
  TillListing *listing = user_data;
  g_autoptr(GPtrArray) news = g_ptr_array_new_full (certificates->len, (GDestroyNotify) till_item_unref);

  for (guint i = 0; i < certificates->len; i++)
    {
      TillWalletCertificate *certificate = certificates->pdata[i];
      TillItem *item = till_item_new_wallet (certificate, listing->now);

      g_ptr_array_add (listing->list->items, item);
      g_ptr_array_add (news, till_item_ref (item));
      if (listing->whole)
        {
          TillSeenRecord *record = till_seen_record_new ();

          record->profile_id = g_strdup (listing->profile_id);
          record->id = g_strdup (certificate->id);
          record->json = till_wallet_json_dup (certificate);
          record->seen_at = listing->now;
          g_ptr_array_add (listing->seen, record);
        }
    }

  if (listing->page != NULL)
    listing->page (news, listing->total, listing->page_data);
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillListing *listing = g_task_get_task_data (task);
  g_autoptr(TillWalletList) list = NULL;
  GError *error = NULL;

  list = till_wallet_list_finish (TILL_WALLET (source), result, &error);
  if (g_error_matches (error, TILL_ERROR, TILL_ERROR_CANCELLED) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, error);
      return;
    }

  if (list == NULL)
    listing->list->error = error;
  else
    listing->list->ignored = g_steal_pointer (&list->ignored);

  ask_store (task);
}

static void
list (TillShop              *self,
      guint                  sources,
      const TillWalletQuery *query,
      gboolean               known,
      TillShopPageFunc       page,
      gpointer               page_data,
      GTask                 *task)
{
  TillListing *listing = g_new0 (TillListing, 1);

  listing->sources = sources;
  listing->profile_id = g_strdup (self->profile->id);
  listing->now = till_shop_now (self);
  listing->query.enabled = TILL_TRI_UNKNOWN;
  listing->whole = query == NULL || (query->vendor == NULL && query->enabled == TILL_TRI_UNKNOWN);
  listing->known = known;
  listing->page = page;
  listing->page_data = page_data;
  listing->total = -1;
  if (query != NULL)
    {
      listing->vendor = g_strdup (query->vendor);
      listing->order = g_strdup (query->order);
      listing->direction = g_strdup (query->direction);
      listing->query = *query;
      listing->query.vendor = listing->vendor;
      listing->query.order = listing->order;
      listing->query.direction = listing->direction;
      listing->ordered = sources == TILL_SOURCE_WALLET && query->order != NULL;
    }
  listing->query.total = &listing->total;
  listing->seen = g_ptr_array_new_with_free_func ((GDestroyNotify) till_seen_record_free);
  listing->list = g_new0 (TillItemList, 1);
  listing->list->items = g_ptr_array_new_with_free_func ((GDestroyNotify) till_item_unref);
  listing->list->seen_at = TILL_TIME_UNKNOWN;
  g_task_set_task_data (task, listing, till_listing_free);

  /* A profile without a wallet has no wallet certificates: that is no failure where everything is asked for. */
  if (sources & TILL_SOURCE_WALLET && self->profile->wallet_user == NULL && (sources != TILL_SOURCE_WALLET || known))
    listing->sources &= ~TILL_SOURCE_WALLET;

  if (listing->sources & TILL_SOURCE_WALLET && !known &&
      till_shop_check_service (self, TILL_SHOP_WALLET, &listing->list->error))
    till_wallet_list_async (self->wallet, &listing->query, page_cb, listing, g_task_get_cancellable (task), listed_cb,
                            g_object_ref (task));
  else
    ask_store (task);
}

/**
 * till_shop_list_async:
 * @self: a shop
 * @sources: of #TillShopSource
 * @query: (nullable): for the wallet
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Lists what ends. A wallet that can't be asked does not make it fail: what was
 * last known stands, with its time (UX.md 2.3).
 */
void
till_shop_list_async (TillShop              *self,
                      guint                  sources,
                      const TillWalletQuery *query,
                      GCancellable          *cancellable,
                      GAsyncReadyCallback    callback,
                      gpointer               user_data)
{
  till_shop_list_pages_async (self, sources, query, NULL, NULL, cancellable, callback, user_data);
}

/**
 * till_shop_list_pages_async:
 * @self: a shop
 * @sources: of #TillShopSource
 * @query: (nullable): for the wallet
 * @page: (nullable) (scope notified): called with each page of the wallet, before @callback
 * @page_data: for @page; stays until @callback is called
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * As till_shop_list_async(), for a list that fills while it loads; ends with till_shop_list_finish().
 */
void
till_shop_list_pages_async (TillShop              *self,
                            guint                  sources,
                            const TillWalletQuery *query,
                            TillShopPageFunc       page,
                            gpointer               page_data,
                            GCancellable          *cancellable,
                            GAsyncReadyCallback    callback,
                            gpointer               user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (TILL_IS_SHOP (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, till_shop_list_pages_async);
  list (self, sources, query, FALSE, page, page_data, task);
}

/**
 * till_shop_list_known_async:
 * @self: a shop
 * @sources: of #TillShopSource
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Lists what is known without asking a service, with the time at which the
 * wallet was last seen; ends with till_shop_list_finish().
 */
void
till_shop_list_known_async (TillShop            *self,
                            guint                sources,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (TILL_IS_SHOP (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, till_shop_list_known_async);
  list (self, sources, NULL, TRUE, NULL, NULL, task);
}

/**
 * till_shop_list_finish:
 * @self: a shop
 * @result: as given to the callback
 * @error: of the store, or cancelled
 *
 * Returns: (transfer full): the list
 */
TillItemList *
till_shop_list_finish (TillShop      *self,
                       GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
