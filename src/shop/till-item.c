/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One thing that ends, whatever it is. */
#include "config.h"

#include "till-item-private.h"

#include <gio/gio.h>

static TillItem *
new_item (TillEndingKind  kind,
          const char     *id,
          const char     *title,
          gint64          from,
          gint64          until,
          gint64          now)
{
  TillItem *self = g_new0 (TillItem, 1);

  g_atomic_ref_count_init (&self->ref_count);
  till_ending_init (&self->ending, kind, from, until, now);
  self->id = g_strdup (id);
  self->title = g_strdup (title);
  self->matters = TRUE;

  return self;
}

/* The store and the services write an unknown time as the certificates write a bad one. */
G_STATIC_ASSERT (TILL_TIME_UNKNOWN == TILL_TIME_INVALID);

/**
 * till_item_new_wallet:
 * @wallet: a certificate as the service or the store says it is
 * @now: seconds since 1970
 *
 * Returns: (transfer full): the item; a certificate that is switched off does not matter
 */
TillItem *
till_item_new_wallet (TillWalletCertificate *wallet,
                      gint64                 now)
{
  const char *title = wallet->name != NULL && *wallet->name != '\0' ? wallet->name : wallet->base_name;
  TillItem *self = new_item (TILL_ENDING_WALLET, wallet->id, title != NULL ? title : wallet->id,
                             wallet->validity_start, wallet->validity_end, now);

  self->wallet = till_wallet_certificate_ref (wallet);
  self->matters = wallet->enabled != TILL_TRI_FALSE;
  if (wallet->problem != NULL)
    self->note = g_strdup_printf ("The service's answer has %s in a form that can't be read", wallet->problem);
  else if (wallet->validity_end == TILL_TIME_UNKNOWN)
    self->note = g_strdup ("The service does not say until when it is valid");

  return self;
}

/**
 * till_item_new_upload:
 * @upload: (transfer full): a client certificate of Commerce Hub
 * @now: seconds since 1970
 *
 * A bare public key has no end of its own, so it never has to be acted on.
 *
 * Returns: (transfer full): the item
 */
TillItem *
till_item_new_upload (TillUploadRecord *upload,
                      gint64            now)
{
  gboolean bare = upload->sha256 == NULL;
  TillItem *self = new_item (TILL_ENDING_UPLOAD, upload->client_key_id,
                             upload->name != NULL ? upload->name : upload->client_key_id,
                             bare ? upload->uploaded_at : upload->not_before,
                             bare ? TILL_TIME_NEVER : upload->not_after, now);

  self->upload = upload;
  if (bare)
    self->note = g_strdup ("A public key without a certificate has no end date");

  return self;
}

/**
 * till_item_new_key:
 * @key: a key of the inventory
 * @matters: whether it is the newest one that counts
 * @now: seconds since 1970
 *
 * Returns: (transfer full): the item
 */
TillItem *
till_item_new_key (const TillKeyRecord *key,
                   gboolean             matters,
                   gint64               now)
{
  TillItem *self = new_item (TILL_ENDING_KEY, key->key_id, key->key_id, key->valid_from, key->valid_to, now);

  self->key = till_key_record_copy (key);
  self->matters = matters;

  return self;
}

/**
 * till_item_new_device:
 * @device: (transfer full): a device of the register
 * @now: seconds since 1970
 *
 * Returns: (transfer full): the item; a revoked one does not matter
 */
TillItem *
till_item_new_device (TillDeviceRecord *device,
                      gint64            now)
{
  TillItem *self = new_item (TILL_ENDING_DEVICE, device->serial, device->pos_id, device->not_before, device->not_after,
                             now);

  self->device = device;
  self->matters = g_strcmp0 (device->state, "revoked") != 0;

  return self;
}

/* What ends first of the chain: a certificate is of no use after its issuer. */
static void
find_end (const TillDocument  *document,
          TillCertificate    **leaf,
          gint64              *until)
{
  g_autoptr(TillChain) chain = NULL;
  guint index;

  *leaf = NULL;
  if (document->leaves->len == 0)
    return;

  index = g_array_index (document->leaves, guint, 0);
  *leaf = document->certificates->pdata[index];
  chain = till_document_build_chain (document, index);
  *until = chain != NULL ? chain->effective_not_after : (*leaf)->not_after;
}

/**
 * till_item_new_file:
 * @file: a watched file
 * @document: (nullable): what it holds; %NULL where it could not be opened
 * @error: (nullable): why not
 * @now: seconds since 1970
 *
 * Without a document the end that was known before stands.
 *
 * Returns: (transfer full): the item
 */
TillItem *
till_item_new_file (const TillFileRecord *file,
                    const TillDocument   *document,
                    const GError         *error,
                    gint64                now)
{
  g_autoptr(GFile) place = g_file_new_for_uri (file->uri);
  g_autofree char *base = g_file_get_basename (place);
  g_autofree char *title = g_utf8_make_valid (base != NULL ? base : file->uri, -1);
  TillCertificate *leaf = NULL;
  gint64 from = TILL_TIME_UNKNOWN;
  gint64 until = file->not_after;
  TillItem *self;

  if (document != NULL)
    {
      until = TILL_TIME_UNKNOWN;
      find_end (document, &leaf, &until);
      if (leaf != NULL)
        from = leaf->not_before;
    }
  else
    {
      /* Not known: taken as a whole year, which is what it is for most. */
      from = until == TILL_TIME_UNKNOWN ? until : until - G_GINT64_CONSTANT (365) * 86400;
    }

  self = new_item (TILL_ENDING_FILE, file->uri, title, from, until, now);
  if (leaf != NULL)
    self->certificate = till_certificate_ref (leaf);
  else if (document != NULL)
    self->note = g_strdup ("The file holds no certificate");
  if (error != NULL)
    self->note = g_strdup (error->message);

  return self;
}

/**
 * till_item_compare:
 * @a: (type TillItem): an item
 * @b: (type TillItem): another
 *
 * What matters comes before what does not, then what is to be acted on first.
 * Of the form of g_ptr_array_sort(): the arguments point to pointers.
 *
 * Returns: as strcmp()
 */
int
till_item_compare (gconstpointer a,
                   gconstpointer b)
{
  const TillItem *first = *(TillItem * const *) a;
  const TillItem *second = *(TillItem * const *) b;
  int order;

  if (first->matters != second->matters)
    return first->matters ? -1 : 1;

  order = till_ending_compare (&first->ending, &second->ending);
  if (order == 0)
    order = g_strcmp0 (first->title, second->title);

  return order != 0 ? order : g_strcmp0 (first->id, second->id);
}

/**
 * till_item_ref:
 * @self: an item
 *
 * Returns: (transfer full): @self
 */
TillItem *
till_item_ref (TillItem *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * till_item_unref:
 * @self: (transfer full): an item
 */
void
till_item_unref (TillItem *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->id);
  g_free (self->title);
  g_free (self->note);
  g_clear_pointer (&self->wallet, till_wallet_certificate_unref);
  g_clear_pointer (&self->upload, till_upload_record_free);
  g_clear_pointer (&self->key, till_key_record_free);
  g_clear_pointer (&self->device, till_device_record_free);
  g_clear_pointer (&self->certificate, till_certificate_unref);
  g_free (self);
}

/**
 * till_item_list_free:
 * @self: (transfer full) (nullable): a list
 */
void
till_item_list_free (TillItemList *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_error (&self->error);
  g_free (self->ignored);
  g_free (self);
}
