/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The certificates at the services of the profile at work, as rows that follow what the services say. */
#include "config.h"

#include "till-service-rows.h"

#include "till-certificate-item-private.h"
#include "till-error.h"

/**
 * TillServiceRows:
 *
 * First what the store knows is shown, then the services are asked. What comes
 * is taken over a slice at a time between two frames: a row that is there stays
 * the same object, so that selection and place in the list are kept. Rows that
 * a whole list does not have any more go at its end; where the service could
 * not be asked, all stay, and say since when they are known.
 *
 * Nothing of one profile is ever shown for another one.
 */

/* So many are taken over between two frames. */
#define SLICE 250

/* What is known of one thing. */
typedef struct
{
  TillItem *item;         /* (owned) */
  gint64    seen_at;
} Entry;

/* A row, and in which round it was last heard of. */
typedef struct
{
  TillCertificateItem *row;      /* (owned) */
  guint                round;
} Row;

struct _TillServiceRows
{
  GObject       parent_instance;

  TillSession  *session;
  TillShop     *shop;           /* (nullable) that is asked */
  char         *profile_id;     /* (nullable) whose rows these are */

  GArray       *rows;           /* (element-type Row) */
  GHashTable   *positions;      /* (element-type utf8 uint): of rows by kind and id */

  GArray       *queue;          /* (element-type Entry) */
  guint         n_taken;        /* of the queue */
  guint         slice_id;
  guint         round;
  GCancellable *loading;        /* (nullable) */
  gboolean      closing;        /* with the end of the queue all is known */

  gboolean      asked;
  gboolean      stopped;
  GError       *error;          /* (nullable) */
  GError       *new_error;      /* (nullable) once the queue is empty */
  gint64        seen_at;
  gint64        new_seen_at;
  char         *ignored;        /* (nullable) */
  guint         n_told;
  gint64        total;
};

/* A call to the shop, which may come back when all is different. */
typedef struct
{
  TillServiceRows *self;          /* (owned) */
  GCancellable    *cancellable;   /* (owned) */
} Call;

enum
{
  STATE_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void till_service_rows_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TillServiceRows, till_service_rows, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, till_service_rows_list_model_init))

static void
entry_clear (gpointer data)
{
  till_item_unref (((Entry *) data)->item);
}

static void
row_clear (gpointer data)
{
  g_object_unref (((Row *) data)->row);
}

static void
free_call (Call *call)
{
  g_object_unref (call->self);
  g_object_unref (call->cancellable);
  g_free (call);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, free_call)

static Call *
new_call (TillServiceRows *self)
{
  Call *call = g_new0 (Call, 1);

  call->self = g_object_ref (self);
  call->cancellable = g_object_ref (self->loading);

  return call;
}

/* Another one was begun meanwhile, or it was stopped. */
static gboolean
is_stale (const Call *call)
{
  return call->self->loading != call->cancellable;
}

static void
tell_state (TillServiceRows *self)
{
  g_signal_emit (self, signals[STATE_CHANGED], 0);
}

static char *
dup_name (TillEndingKind  kind,
          const char     *id)
{
  return g_strdup_printf ("%d %s", (int) kind, id);
}

#define get_row(self, position) (&g_array_index ((self)->rows, Row, (position)))

static GArray *
new_rows (void)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (Row));

  g_array_set_clear_func (rows, row_clear);

  return rows;
}

static void
index_rows (TillServiceRows *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      const TillItem *item = till_certificate_item_get_item (get_row (self, i)->row);

      g_hash_table_replace (self->positions, dup_name (item->ending.kind, item->id), GUINT_TO_POINTER (i + 1));
    }
}

static Row *
find_row (TillServiceRows *self,
          TillEndingKind   kind,
          const char      *id,
          guint           *position)
{
  g_autofree char *name = dup_name (kind, id);
  guint found = GPOINTER_TO_UINT (g_hash_table_lookup (self->positions, name));

  if (found == 0)
    return NULL;

  *position = found - 1;
  return get_row (self, *position);
}

/* Rows that this round has not heard of are no more. Told in one go, from the first to the last of them. */
static void
remove_others (TillServiceRows *self)
{
  g_autoptr(GArray) old = NULL;
  guint first = 0;
  guint end = self->rows->len;
  guint n_gone = 0;

  while (first < end && get_row (self, first)->round == self->round)
    first++;
  while (end > first && get_row (self, end - 1)->round == self->round)
    end--;
  if (first == end)
    return;

  old = g_steal_pointer (&self->rows);
  self->rows = new_rows ();
  for (guint i = 0; i < old->len; i++)
    {
      Row row = g_array_index (old, Row, i);

      if (row.round != self->round)
        {
          n_gone++;
          continue;
        }

      g_object_ref (row.row);
      g_array_append_val (self->rows, row);
    }

  g_hash_table_remove_all (self->positions);
  index_rows (self);
  g_list_model_items_changed (G_LIST_MODEL (self), first, end - first, end - first - n_gone);
}

/* What a slice has changed. */
typedef struct
{
  guint n_new;
  guint first;      /* that says something else */
  guint end;        /* behind the last of them */
} Changes;

static void
take_entry (TillServiceRows *self,
            const Entry     *entry,
            Changes         *changes)
{
  gboolean fresh = entry->seen_at == TILL_TIME_UNKNOWN;
  guint position;
  Row *row = find_row (self, entry->item->ending.kind, entry->item->id, &position);
  Row news;

  if (row != NULL)
    {
      gboolean heard = row->round == self->round;

      row->round = self->round;
      /* What the service has said in this round is newer than what the store knows. */
      if ((fresh || !heard) && till_certificate_item_set_item (row->row, entry->item, entry->seen_at))
        {
          changes->first = MIN (changes->first, position);
          changes->end = MAX (changes->end, position + 1);
        }
      return;
    }

  news.row = till_certificate_item_new_service (entry->item, entry->seen_at, till_session_get_clock (self->session));
  news.round = self->round;
  g_array_append_val (self->rows, news);
  g_hash_table_replace (self->positions, dup_name (entry->item->ending.kind, entry->item->id),
                        GUINT_TO_POINTER (self->rows->len));
  changes->n_new++;
}

/* All that the round was about is known. */
static void
close_round (TillServiceRows *self)
{
  self->closing = FALSE;
  remove_others (self);

  g_clear_object (&self->loading);
  g_clear_error (&self->error);
  self->error = g_steal_pointer (&self->new_error);
  self->seen_at = self->new_seen_at;
  self->asked = TRUE;
}

static gboolean
slice_cb (gpointer user_data)
{
  TillServiceRows *self = user_data;
  guint before = self->rows->len;
  guint n = MIN (self->queue->len - self->n_taken, SLICE);
  Changes changes = { 0, G_MAXUINT, 0 };

  for (guint i = 0; i < n; i++)
    take_entry (self, &g_array_index (self->queue, Entry, self->n_taken + i), &changes);
  self->n_taken += n;

  /* New ones may have come and changed in the same slice: they are only told of as new. */
  changes.end = MIN (changes.end, before);
  if (changes.first < changes.end)
    g_list_model_items_changed (G_LIST_MODEL (self), changes.first, changes.end - changes.first,
                                changes.end - changes.first);
  if (changes.n_new > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), before, 0, changes.n_new);

  if (self->n_taken < self->queue->len)
    return G_SOURCE_CONTINUE;

  g_array_set_size (self->queue, 0);
  self->n_taken = 0;
  self->slice_id = 0;
  if (self->closing)
    close_round (self);
  tell_state (self);

  return G_SOURCE_REMOVE;
}

/* After what is to be painted, so that a long list holds nobody up. */
static void
queue_slice (TillServiceRows *self)
{
  if (self->slice_id == 0)
    self->slice_id = g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, slice_cb, self, NULL);
}

static void
queue_items (TillServiceRows *self,
             GPtrArray       *items,
             gint64           seen_at)
{
  for (guint i = 0; i < items->len; i++)
    {
      TillItem *item = items->pdata[i];
      Entry entry = { till_item_ref (item), item->wallet != NULL ? seen_at : TILL_TIME_UNKNOWN };

      g_array_append_val (self->queue, entry);
    }

  queue_slice (self);
}

static void
drop_queue (TillServiceRows *self)
{
  g_clear_handle_id (&self->slice_id, g_source_remove);
  g_array_set_size (self->queue, 0);
  self->n_taken = 0;
  self->closing = FALSE;
  g_clear_error (&self->new_error);
}

static void
page_cb (GPtrArray *items,
         gint64     total,
         gpointer   user_data)
{
  Call *call = user_data;
  TillServiceRows *self = call->self;

  if (is_stale (call))
    return;

  self->n_told += items->len;
  self->total = total;
  queue_items (self, items, TILL_TIME_UNKNOWN);
}

static gboolean
is_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
         g_error_matches (error, TILL_ERROR, TILL_ERROR_CANCELLED);
}

static void
fail (TillServiceRows *self,
      GError          *error)
{
  drop_queue (self);
  g_clear_object (&self->loading);
  g_clear_error (&self->error);
  self->error = error;
  self->asked = TRUE;
  tell_state (self);
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(Call) call = user_data;
  TillServiceRows *self = call->self;
  g_autoptr(TillItemList) list = NULL;
  GError *error = NULL;

  list = till_shop_list_finish (TILL_SHOP (source), result, &error);
  if (is_stale (call) || is_cancelled (error))
    {
      g_clear_error (&error);
      return;
    }

  if (list == NULL)
    {
      fail (self, error);
      return;
    }

  self->closing = TRUE;
  self->new_error = g_steal_pointer (&list->error);
  self->new_seen_at = list->seen_at;
  g_free (self->ignored);
  self->ignored = g_steal_pointer (&list->ignored);
  queue_items (self, list->items, self->new_error != NULL ? list->seen_at : TILL_TIME_UNKNOWN);
}

static void
ask (TillServiceRows *self)
{
  Call *call = new_call (self);

  self->round++;
  self->n_told = 0;
  self->total = -1;
  till_shop_list_pages_async (self->shop, TILL_SOURCE_WALLET | TILL_SOURCE_HUB, NULL, page_cb, call, self->loading,
                              listed_cb, call);
}

static void
known_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(Call) call = user_data;
  TillServiceRows *self = call->self;
  g_autoptr(TillItemList) list = NULL;
  GError *error = NULL;

  list = till_shop_list_finish (TILL_SHOP (source), result, &error);
  if (is_stale (call) || is_cancelled (error))
    {
      g_clear_error (&error);
      return;
    }

  if (list == NULL)
    {
      fail (self, error);
      return;
    }

  self->seen_at = list->seen_at;
  queue_items (self, list->items, list->seen_at);
  ask (self);
}

/**
 * till_service_rows_load:
 * @self: the rows
 *
 * Asks the services again. What is known stays meanwhile.
 */
void
till_service_rows_load (TillServiceRows *self)
{
  g_return_if_fail (TILL_IS_SERVICE_ROWS (self));

  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  drop_queue (self);
  if (self->shop == NULL)
    return;

  self->loading = g_cancellable_new ();
  self->stopped = FALSE;
  if (self->rows->len > 0)
    {
      ask (self);
    }
  else
    {
      self->round++;
      till_shop_list_known_async (self->shop, TILL_SOURCE_WALLET | TILL_SOURCE_HUB, self->loading, known_cb,
                                  new_call (self));
    }

  tell_state (self);
}

/**
 * till_service_rows_stop:
 * @self: the rows
 *
 * Stops asking. What is known by then stays.
 */
void
till_service_rows_stop (TillServiceRows *self)
{
  g_return_if_fail (TILL_IS_SERVICE_ROWS (self));

  if (self->loading == NULL)
    return;

  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  drop_queue (self);
  self->stopped = TRUE;
  tell_state (self);
}

static void
forget (TillServiceRows *self)
{
  guint n = self->rows->len;

  g_hash_table_remove_all (self->positions);
  g_array_set_size (self->rows, 0);
  if (n > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n, 0);

  g_clear_error (&self->error);
  g_clear_pointer (&self->ignored, g_free);
  self->seen_at = TILL_TIME_UNKNOWN;
  self->asked = FALSE;
  self->stopped = FALSE;
  self->n_told = 0;
  self->total = -1;
}

static void
session_changed_cb (TillServiceRows *self)
{
  const TillProfile *profile = till_session_get_current (self->session);
  TillShop *shop = till_session_get_shop (self->session);
  const char *id = profile != NULL ? profile->id : NULL;

  if (g_strcmp0 (id, self->profile_id) != 0)
    {
      g_free (self->profile_id);
      self->profile_id = g_strdup (id);
      g_cancellable_cancel (self->loading);
      g_clear_object (&self->loading);
      drop_queue (self);
      forget (self);
    }

  if (g_set_object (&self->shop, shop))
    till_service_rows_load (self);

  tell_state (self);
}

static GType
till_service_rows_get_item_type (GListModel *model)
{
  return TILL_TYPE_CERTIFICATE_ITEM;
}

static guint
till_service_rows_get_n_items (GListModel *model)
{
  return TILL_SERVICE_ROWS (model)->rows->len;
}

static gpointer
till_service_rows_get_item (GListModel *model,
                            guint       position)
{
  TillServiceRows *self = TILL_SERVICE_ROWS (model);

  return position < self->rows->len ? g_object_ref (get_row (self, position)->row) : NULL;
}

static void
till_service_rows_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = till_service_rows_get_item_type;
  iface->get_n_items = till_service_rows_get_n_items;
  iface->get_item = till_service_rows_get_item;
}

static void
till_service_rows_dispose (GObject *object)
{
  TillServiceRows *self = TILL_SERVICE_ROWS (object);

  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  drop_queue (self);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->shop);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (till_service_rows_parent_class)->dispose (object);
}

static void
till_service_rows_finalize (GObject *object)
{
  TillServiceRows *self = TILL_SERVICE_ROWS (object);

  g_array_unref (self->rows);
  g_array_unref (self->queue);
  g_hash_table_unref (self->positions);
  g_clear_error (&self->error);
  g_free (self->profile_id);
  g_free (self->ignored);

  G_OBJECT_CLASS (till_service_rows_parent_class)->finalize (object);
}

static void
till_service_rows_class_init (TillServiceRowsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = till_service_rows_dispose;
  object_class->finalize = till_service_rows_finalize;

  signals[STATE_CHANGED] = g_signal_new ("state-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                         0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
till_service_rows_init (TillServiceRows *self)
{
  self->rows = new_rows ();
  self->queue = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_array_set_clear_func (self->queue, entry_clear);
  self->positions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->seen_at = TILL_TIME_UNKNOWN;
  self->total = -1;
}

/**
 * till_service_rows_new:
 * @session: which profile is at work
 *
 * Returns: (transfer full): the rows of its services
 */
TillServiceRows *
till_service_rows_new (TillSession *session)
{
  TillServiceRows *self;

  g_return_val_if_fail (TILL_IS_SESSION (session), NULL);

  self = g_object_new (TILL_TYPE_SERVICE_ROWS, NULL);
  self->session = g_object_ref (session);
  g_signal_connect_swapped (session, "notify::state", G_CALLBACK (session_changed_cb), self);
  g_signal_connect_swapped (session, "notify::shop", G_CALLBACK (session_changed_cb), self);
  g_signal_connect_swapped (session, "changed", G_CALLBACK (till_service_rows_load), self);
  session_changed_cb (self);

  return self;
}

/**
 * till_service_rows_get_busy:
 * @self: the rows
 *
 * Returns: whether services are being asked
 */
gboolean
till_service_rows_get_busy (TillServiceRows *self)
{
  g_return_val_if_fail (TILL_IS_SERVICE_ROWS (self), FALSE);

  return self->loading != NULL;
}

/**
 * till_service_rows_get_asked:
 * @self: the rows
 *
 * Returns: whether they were asked since the profile was opened
 */
gboolean
till_service_rows_get_asked (TillServiceRows *self)
{
  g_return_val_if_fail (TILL_IS_SERVICE_ROWS (self), FALSE);

  return self->asked;
}

/**
 * till_service_rows_has_wallet:
 * @self: the rows
 *
 * Returns: whether the profile at work has a wallet
 */
gboolean
till_service_rows_has_wallet (TillServiceRows *self)
{
  g_return_val_if_fail (TILL_IS_SERVICE_ROWS (self), FALSE);

  return self->shop != NULL && till_shop_get_profile (self->shop)->wallet_user != NULL;
}

/**
 * till_service_rows_has_hub:
 * @self: the rows
 *
 * Returns: whether the profile at work has Commerce Hub
 */
gboolean
till_service_rows_has_hub (TillServiceRows *self)
{
  g_return_val_if_fail (TILL_IS_SERVICE_ROWS (self), FALSE);

  return self->shop != NULL && till_shop_get_profile (self->shop)->hub_key != NULL;
}

/**
 * till_service_rows_get_error:
 * @self: the rows
 *
 * Returns: (transfer none) (nullable): why the wallet could not be asked
 */
const GError *
till_service_rows_get_error (TillServiceRows *self)
{
  g_return_val_if_fail (TILL_IS_SERVICE_ROWS (self), NULL);

  return self->error;
}

/**
 * till_service_rows_get_stopped:
 * @self: the rows
 *
 * Returns: whether somebody stopped asking before all was known
 */
gboolean
till_service_rows_get_stopped (TillServiceRows *self)
{
  g_return_val_if_fail (TILL_IS_SERVICE_ROWS (self), FALSE);

  return self->stopped;
}

/**
 * till_service_rows_get_seen_at:
 * @self: the rows
 *
 * Returns: when what is shown was known, in seconds since 1970; %TILL_TIME_UNKNOWN where that was just now, or never
 */
gint64
till_service_rows_get_seen_at (TillServiceRows *self)
{
  g_return_val_if_fail (TILL_IS_SERVICE_ROWS (self), TILL_TIME_UNKNOWN);

  return self->seen_at;
}

/**
 * till_service_rows_get_ignored:
 * @self: the rows
 *
 * Returns: (transfer none) (nullable): what was left out of a very long list, and why, in the core's words
 */
const char *
till_service_rows_get_ignored (TillServiceRows *self)
{
  g_return_val_if_fail (TILL_IS_SERVICE_ROWS (self), NULL);

  return self->ignored;
}

/**
 * till_service_rows_get_progress:
 * @self: the rows
 * @n: (out): how many the wallet has told so far
 *
 * Returns: how many there are; -1 where the service does not say
 */
gint64
till_service_rows_get_progress (TillServiceRows *self,
                                guint           *n)
{
  g_return_val_if_fail (TILL_IS_SERVICE_ROWS (self), -1);

  *n = self->n_told;

  return self->total;
}

/**
 * till_service_rows_find:
 * @self: the rows
 * @kind: what it is
 * @id: as the service calls it
 *
 * Returns: (transfer none) (nullable): its row
 */
TillCertificateItem *
till_service_rows_find (TillServiceRows *self,
                        TillEndingKind   kind,
                        const char      *id)
{
  guint position;
  Row *row;

  g_return_val_if_fail (TILL_IS_SERVICE_ROWS (self), NULL);

  row = find_row (self, kind, id, &position);

  return row != NULL ? row->row : NULL;
}
