/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of the watched files and of the services: a list of TillCertificateItem that follows them and the clock. */
#include "config.h"

#include "till-certificate-rows.h"

#include <string.h>

#include "till-certificate-item-private.h"

/**
 * TillCertificateRows:
 *
 * A #GListModel of #TillCertificateItem: for each file one row a certificate
 * that issued no other one there, or one row for the whole file. Rows of a file
 * stand together, files in their order; what services have comes behind them.
 * Changes of many files are taken over together, between two frames.
 *
 * "counts-changed" is emitted after the rows or the status of some changed.
 */

/* How often the clock is asked while something ends within two days, and otherwise. */
#define TICK_NEAR_SECONDS 60
#define TICK_FAR_SECONDS  3600
#define NEAR_SECONDS      (2 * 24 * 3600)

/* From so many files on, what was read in so long is taken over together. */
#define MANY_FILES    200
#define MANY_FILES_MS 100

struct _TillCertificateRows
{
  GObject           parent_instance;

  TillWatchedFiles *files;
  GListModel       *services;      /* (nullable) (element-type TillCertificateItem) */
  TillClock        *clock;

  GPtrArray        *groups;        /* (element-type Group), as in files */
  GPtrArray        *items;         /* (element-type TillCertificateItem), those of all groups, then those of services */
  guint             n_services;
  guint             flush_id;
  guint             tick_id;
  guint             tick_seconds;

  guint             n_attention;
  guint             n_expired;
  guint             n_unused;
};

/* The rows of one file: how many there are. */
typedef struct
{
  TillCertificateRows *owner;
  TillFileEntry       *entry;
  guint                n_items;
  gboolean             dirty;
} Group;

enum
{
  COUNTS_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void till_certificate_rows_list_model_init (GListModelInterface *iface);

G_DEFINE_TYPE_WITH_CODE (TillCertificateRows, till_certificate_rows, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, till_certificate_rows_list_model_init))

static gboolean
tick_cb (gpointer user_data)
{
  till_certificate_rows_refresh (user_data);
  return G_SOURCE_CONTINUE;
}

static void
set_tick (TillCertificateRows *self,
          guint                seconds)
{
  if (self->tick_seconds == seconds)
    return;

  g_clear_handle_id (&self->tick_id, g_source_remove);
  self->tick_seconds = seconds;
  if (seconds > 0)
    self->tick_id = g_timeout_add_seconds (seconds, tick_cb, self);
}

static void
count (TillCertificateRows *self)
{
  gint64 near_start = till_clock_get_now (self->clock) - NEAR_SECONDS;
  gint64 near_end = till_clock_get_now (self->clock) + NEAR_SECONDS;
  gboolean near = FALSE;
  gboolean ends = FALSE;
  guint i;

  self->n_attention = 0;
  self->n_expired = 0;
  self->n_unused = 0;

  for (i = 0; i < self->items->len; i++)
    {
      TillCertificateItem *item = g_ptr_array_index (self->items, i);
      gint64 end = till_certificate_item_get_ends (item);

      self->n_attention += till_certificate_item_needs_attention (item);
      self->n_expired += till_certificate_item_get_status (item) == TILL_STATUS_EXPIRED;
      self->n_unused += till_certificate_item_is_unused (item);
      ends |= end != G_MAXINT64;
      near |= end > near_start && end < near_end;
    }

  /* One timer, and none while nothing counts. */
  set_tick (self, near ? TICK_NEAR_SECONDS : ends ? TICK_FAR_SECONDS : 0);
  g_signal_emit (self, signals[COUNTS_CHANGED], 0);
}

/* Puts other rows in the place of some, in one go, and tells of it. */
static void
splice (TillCertificateRows *self,
        guint                position,
        guint                n_removed,
        GPtrArray           *added)
{
  g_autofree gpointer *old = n_removed > 0 ? g_memdup2 (self->items->pdata + position, n_removed * sizeof (gpointer))
                                           : NULL;
  guint n_behind = self->items->len - position - n_removed;
  guint i;

  if (n_removed == 0 && added->len == 0)
    return;

  if (added->len > n_removed)
    g_ptr_array_set_size (self->items, (int) (self->items->len + added->len - n_removed));
  memmove (self->items->pdata + position + added->len,
           self->items->pdata + position + n_removed, n_behind * sizeof (gpointer));
  for (i = 0; i < added->len; i++)
    self->items->pdata[position + i] = g_object_ref (g_ptr_array_index (added, i));
  self->items->len = position + added->len + n_behind;

  g_list_model_items_changed (G_LIST_MODEL (self), position, n_removed, added->len);
  for (i = 0; i < n_removed; i++)
    g_object_unref (old[i]);
}

static void
add_items (TillCertificateRows *self,
           Group               *group,
           GPtrArray           *items)
{
  TillDocument *document = till_file_entry_get_document (group->entry);
  guint n = document != NULL ? document->leaves->len : 0;
  guint i;

  for (i = 0; i < n; i++)
    g_ptr_array_add (items, till_certificate_item_new (group->entry,
                                                       (int) g_array_index (document->leaves, guint, i),
                                                       self->clock));
  if (n == 0)
    g_ptr_array_add (items, till_certificate_item_new (group->entry, -1, self->clock));

  group->n_items = MAX (n, 1);
}

/* Whether the rows there are would only be made anew as they are. */
static gboolean
is_current (TillCertificateRows *self,
            Group               *group,
            guint                position)
{
  TillDocument *document = till_file_entry_get_document (group->entry);
  guint n = document != NULL ? document->leaves->len : 0;
  guint i;

  if (group->n_items != MAX (n, 1))
    return FALSE;

  if (n == 0)
    return till_certificate_item_stands_for (g_ptr_array_index (self->items, position), group->entry, -1);

  for (i = 0; i < n; i++)
    if (!till_certificate_item_stands_for (g_ptr_array_index (self->items, position + i), group->entry,
                                           (int) g_array_index (document->leaves, guint, i)))
      return FALSE;

  return TRUE;
}

static gboolean
flush_cb (gpointer user_data)
{
  TillCertificateRows *self = user_data;
  guint position = 0;
  guint i;

  self->flush_id = 0;

  for (i = 0; i < self->groups->len; i++)
    {
      Group *group = g_ptr_array_index (self->groups, i);

      if (group->dirty)
        {
          group->dirty = FALSE;
          if (is_current (self, group, position))
            {
              till_certificate_item_refresh (g_ptr_array_index (self->items, position));
            }
          else
            {
              g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
              guint n_removed = group->n_items;

              add_items (self, group, items);
              splice (self, position, n_removed, items);
            }
        }

      position += group->n_items;
    }

  count (self);

  return G_SOURCE_REMOVE;
}

static void
entry_changed_cb (TillFileEntry *entry,
                  gpointer       user_data)
{
  Group *group = user_data;
  TillCertificateRows *self = group->owner;

  group->dirty = TRUE;
  if (self->flush_id != 0)
    return;

  if (self->groups->len < MANY_FILES)
    self->flush_id = g_idle_add_full (G_PRIORITY_DEFAULT, flush_cb, self, NULL);
  else
    self->flush_id = g_timeout_add (MANY_FILES_MS, flush_cb, self);
}

static Group *
group_new (TillCertificateRows *self,
           TillFileEntry       *entry)
{
  Group *group = g_new0 (Group, 1);

  group->owner = self;
  group->entry = g_object_ref (entry);
  g_signal_connect (entry, "changed", G_CALLBACK (entry_changed_cb), group);

  return group;
}

static void
group_free (gpointer data)
{
  Group *group = data;

  g_signal_handlers_disconnect_by_data (group->entry, group);
  g_object_unref (group->entry);
  g_free (group);
}

/* Where the rows of a file begin, and how many there are. */
static gboolean
find_group (TillCertificateRows *self,
            TillFileEntry       *entry,
            guint               *position,
            guint               *n_items)
{
  guint i;

  *position = 0;
  for (i = 0; i < self->groups->len; i++)
    {
      Group *group = g_ptr_array_index (self->groups, i);

      *n_items = group->n_items;
      if (group->entry == entry)
        return TRUE;
      *position += group->n_items;
    }

  return FALSE;
}

static void
files_changed_cb (GListModel *files,
                  guint       position,
                  guint       removed,
                  guint       added,
                  gpointer    user_data)
{
  TillCertificateRows *self = user_data;
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  guint first = 0;
  guint n_removed = 0;
  guint i;

  for (i = 0; i < position + removed; i++)
    {
      Group *group = g_ptr_array_index (self->groups, i);

      if (i < position)
        first += group->n_items;
      else
        n_removed += group->n_items;
    }
  if (removed > 0)
    g_ptr_array_remove_range (self->groups, position, removed);

  for (i = 0; i < added; i++)
    {
      g_autoptr(TillFileEntry) entry = g_list_model_get_item (files, position + i);
      Group *group = group_new (self, entry);

      add_items (self, group, items);
      g_ptr_array_insert (self->groups, (int) (position + i), group);
    }

  splice (self, first, n_removed, items);
  count (self);
}

static void
services_changed_cb (GListModel *services,
                     guint       position,
                     guint       removed,
                     guint       added,
                     gpointer    user_data)
{
  TillCertificateRows *self = user_data;
  g_autoptr(GPtrArray) items = g_ptr_array_new_full (added, g_object_unref);
  guint first = self->items->len - self->n_services;

  for (guint i = 0; i < added; i++)
    g_ptr_array_add (items, g_list_model_get_item (services, position + i));

  self->n_services += added - removed;
  splice (self, first + position, removed, items);
  count (self);
}

static GType
till_certificate_rows_get_item_type (GListModel *model)
{
  return TILL_TYPE_CERTIFICATE_ITEM;
}

static guint
till_certificate_rows_get_n_items (GListModel *model)
{
  return TILL_CERTIFICATE_ROWS (model)->items->len;
}

static gpointer
till_certificate_rows_get_item (GListModel *model,
                                guint       position)
{
  TillCertificateRows *self = TILL_CERTIFICATE_ROWS (model);

  return position < self->items->len ? g_object_ref (g_ptr_array_index (self->items, position)) : NULL;
}

static void
till_certificate_rows_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = till_certificate_rows_get_item_type;
  iface->get_n_items = till_certificate_rows_get_n_items;
  iface->get_item = till_certificate_rows_get_item;
}

static void
till_certificate_rows_dispose (GObject *object)
{
  TillCertificateRows *self = TILL_CERTIFICATE_ROWS (object);

  g_clear_handle_id (&self->flush_id, g_source_remove);
  set_tick (self, 0);
  if (self->files != NULL)
    g_signal_handlers_disconnect_by_data (self->files, self);
  g_clear_object (&self->files);
  if (self->services != NULL)
    g_signal_handlers_disconnect_by_data (self->services, self);
  g_clear_object (&self->services);

  G_OBJECT_CLASS (till_certificate_rows_parent_class)->dispose (object);
}

static void
till_certificate_rows_finalize (GObject *object)
{
  TillCertificateRows *self = TILL_CERTIFICATE_ROWS (object);

  g_ptr_array_unref (self->groups);
  g_ptr_array_unref (self->items);
  till_clock_unref (self->clock);

  G_OBJECT_CLASS (till_certificate_rows_parent_class)->finalize (object);
}

static void
till_certificate_rows_class_init (TillCertificateRowsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = till_certificate_rows_dispose;
  object_class->finalize = till_certificate_rows_finalize;

  signals[COUNTS_CHANGED] = g_signal_new ("counts-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
till_certificate_rows_init (TillCertificateRows *self)
{
  self->groups = g_ptr_array_new_with_free_func (group_free);
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * till_certificate_rows_new:
 * @files: what the rows are of
 * @clock: what time it is
 *
 * Returns: (transfer full): the rows of @files
 */
TillCertificateRows *
till_certificate_rows_new (TillWatchedFiles *files,
                           TillClock        *clock)
{
  TillCertificateRows *self;

  g_return_val_if_fail (TILL_IS_WATCHED_FILES (files), NULL);
  g_return_val_if_fail (clock != NULL, NULL);

  self = g_object_new (TILL_TYPE_CERTIFICATE_ROWS, NULL);
  self->files = g_object_ref (files);
  self->clock = till_clock_ref (clock);
  g_signal_connect (files, "items-changed", G_CALLBACK (files_changed_cb), self);
  files_changed_cb (G_LIST_MODEL (files), 0, 0, g_list_model_get_n_items (G_LIST_MODEL (files)), self);

  return self;
}

/**
 * till_certificate_rows_set_services:
 * @self: rows without any of services
 * @services: (element-type TillCertificateItem): what services have
 *
 * Shows them behind those of the files, and follows them.
 */
void
till_certificate_rows_set_services (TillCertificateRows *self,
                                    GListModel          *services)
{
  g_return_if_fail (TILL_IS_CERTIFICATE_ROWS (self));
  g_return_if_fail (G_IS_LIST_MODEL (services));
  g_return_if_fail (self->services == NULL);

  self->services = g_object_ref (services);
  g_signal_connect (services, "items-changed", G_CALLBACK (services_changed_cb), self);
  services_changed_cb (services, 0, 0, g_list_model_get_n_items (services), self);
}

/**
 * till_certificate_rows_get_n_services:
 * @self: the rows
 *
 * Returns: how many of them are of services
 */
guint
till_certificate_rows_get_n_services (TillCertificateRows *self)
{
  g_return_val_if_fail (TILL_IS_CERTIFICATE_ROWS (self), 0);

  return self->n_services;
}

/**
 * till_certificate_rows_get_n_unused:
 * @self: the rows
 *
 * Returns: how many no template uses, though any could
 */
guint
till_certificate_rows_get_n_unused (TillCertificateRows *self)
{
  g_return_val_if_fail (TILL_IS_CERTIFICATE_ROWS (self), 0);

  return self->n_unused;
}

/**
 * till_certificate_rows_get_n_attention:
 * @self: the rows
 *
 * Returns: how many somebody should look at
 */
guint
till_certificate_rows_get_n_attention (TillCertificateRows *self)
{
  g_return_val_if_fail (TILL_IS_CERTIFICATE_ROWS (self), 0);

  return self->n_attention;
}

/**
 * till_certificate_rows_get_n_expired:
 * @self: the rows
 *
 * Returns: how many have expired
 */
guint
till_certificate_rows_get_n_expired (TillCertificateRows *self)
{
  g_return_val_if_fail (TILL_IS_CERTIFICATE_ROWS (self), 0);

  return self->n_expired;
}

/**
 * till_certificate_rows_get_first:
 * @self: the rows
 * @entry: a file
 *
 * Returns: (transfer none) (nullable): its first row; %NULL where it is not among the files
 */
TillCertificateItem *
till_certificate_rows_get_first (TillCertificateRows *self,
                                 TillFileEntry       *entry)
{
  guint position, n_items;

  g_return_val_if_fail (TILL_IS_CERTIFICATE_ROWS (self), NULL);

  return find_group (self, entry, &position, &n_items) ? g_ptr_array_index (self->items, position) : NULL;
}

/**
 * till_certificate_rows_find_successor:
 * @self: the rows
 * @old: a row that may be gone
 *
 * Returns: (transfer none) (nullable): @old where it is there; else the row of
 *   the same certificate in the same file, else the first one of that file
 */
TillCertificateItem *
till_certificate_rows_find_successor (TillCertificateRows *self,
                                      TillCertificateItem *old)
{
  const TillCertificate *certificate;
  guint position, n_items;
  guint i;

  g_return_val_if_fail (TILL_IS_CERTIFICATE_ROWS (self), NULL);
  g_return_val_if_fail (TILL_IS_CERTIFICATE_ITEM (old), NULL);

  if (till_certificate_item_get_item (old) != NULL)
    return g_ptr_array_find (self->items, old, NULL) ? old : NULL;

  if (!find_group (self, till_certificate_item_get_entry (old), &position, &n_items))
    return NULL;

  for (i = position; i < position + n_items; i++)
    if (g_ptr_array_index (self->items, i) == old)
      return old;

  certificate = till_certificate_item_get_certificate (old);
  for (i = position; i < position + n_items && certificate != NULL; i++)
    {
      TillCertificate *other = till_certificate_item_get_certificate (g_ptr_array_index (self->items, i));

      if (other != NULL && g_str_equal (other->sha256, certificate->sha256))
        return g_ptr_array_index (self->items, i);
    }

  return g_ptr_array_index (self->items, position);
}

/**
 * till_certificate_rows_find_same:
 * @self: the rows
 * @certificate: a certificate
 * @except: the file that it is from
 *
 * Returns: (transfer none) (nullable): a row of another file that shows the same certificate
 */
TillCertificateItem *
till_certificate_rows_find_same (TillCertificateRows   *self,
                                 const TillCertificate *certificate,
                                 TillFileEntry         *except)
{
  guint i;

  g_return_val_if_fail (TILL_IS_CERTIFICATE_ROWS (self), NULL);

  for (i = 0; i < self->items->len; i++)
    {
      TillCertificateItem *item = g_ptr_array_index (self->items, i);
      const TillCertificate *other = till_certificate_item_get_certificate (item);

      if (other != NULL && till_certificate_item_get_entry (item) != except &&
          g_str_equal (other->sha256, certificate->sha256))
        return item;
    }

  return NULL;
}

/**
 * till_certificate_rows_count_of:
 * @self: the rows
 * @entry: a file
 *
 * Returns: how many rows it has
 */
guint
till_certificate_rows_count_of (TillCertificateRows *self,
                                TillFileEntry       *entry)
{
  guint position, n_items;

  g_return_val_if_fail (TILL_IS_CERTIFICATE_ROWS (self), 0);

  return find_group (self, entry, &position, &n_items) ? n_items : 0;
}

/**
 * till_certificate_rows_refresh:
 * @self: the rows
 *
 * Asks the clock again for each row.
 */
void
till_certificate_rows_refresh (TillCertificateRows *self)
{
  guint i;

  g_return_if_fail (TILL_IS_CERTIFICATE_ROWS (self));

  for (i = 0; i < self->items->len; i++)
    till_certificate_item_refresh (g_ptr_array_index (self->items, i));

  count (self);
}
