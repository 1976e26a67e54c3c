/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps the list of watched files in the store, where tillkeeperctl has it too. */
#include "config.h"

#include "till-file-keeper.h"

#include "till-error.h"
#include "till-file-entry-private.h"
#include "till-watching.h"

/**
 * TillFileKeeper:
 *
 * Whoever has the list says when it changed; the keeper then asks for it and
 * writes what is different from what the store has. Changes in a row are one
 * transaction. Files belong to no profile: only the store is needed, and the
 * list stays while profiles change.
 *
 * What is still to be written when the session closes or the list goes is
 * handed to the store at once, which closes only when it is done.
 */

struct _TillFileKeeper
{
  GObject               parent_instance;

  TillSession          *session;
  TillFileKeeperWanted  wanted;         /* (nullable) once it is closed */
  gpointer              user_data;

  TillStore            *store;          /* (nullable) while none is open */
  GPtrArray            *kept;           /* (element-type TillFileRecord) (nullable): what the store has, or will have */
  GHashTable           *learnt;         /* (element-type utf8 TillFileRecord): also of files that were let go */
  guint                 touch_id;
  gboolean              loading;
  gboolean              known;
  gboolean              writing;
  gboolean              touched;
  gboolean              told;
};

enum
{
  LOADED,
  SAVED,
  NOT_KEPT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TillFileKeeper, till_file_keeper, G_TYPE_OBJECT)

static void
tell_not_kept (TillFileKeeper *self,
               const GError   *error)
{
  if (self->told || self->wanted == NULL)
    return;

  self->told = TRUE;
  g_signal_emit (self, signals[NOT_KEPT], 0, error);
}

static void
tell_saved (TillFileKeeper *self)
{
  self->told = FALSE;
  if (self->wanted != NULL)
    g_signal_emit (self, signals[SAVED], 0);
}

static void
tell_loaded (TillFileKeeper *self)
{
  g_autoptr(GPtrArray) uris = g_ptr_array_new ();
  guint i;

  if (self->wanted == NULL)
    return;

  self->known = TRUE;
  for (i = 0; self->kept != NULL && i < self->kept->len; i++)
    g_ptr_array_add (uris, ((TillFileRecord *) self->kept->pdata[i])->uri);
  g_signal_emit (self, signals[LOADED], 0, uris);
}

static TillFileRecord *
get_learnt (TillFileKeeper *self,
            const char     *uri)
{
  TillFileRecord *record = g_hash_table_lookup (self->learnt, uri);

  if (record == NULL)
    {
      record = till_file_record_new ();
      record->uri = g_strdup (uri);
      g_hash_table_insert (self->learnt, record->uri, record);
    }

  return record;
}

static gboolean
is_same (const TillFileRecord *one,
         const TillFileRecord *other)
{
  return g_str_equal (one->uri, other->uri) && g_strcmp0 (one->sha256, other->sha256) == 0 &&
         one->not_after == other->not_after;
}

/* What has to be forgotten and put so that the store has what is wanted, in its order. */
static void
plan_change (TillFileKeeper *self,
             GPtrArray      *wanted,
             GPtrArray      *forget,
             GPtrArray      *put)
{
  g_autoptr(GHashTable) wanted_set = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) stay = g_ptr_array_new ();
  gint64 now = till_clock_get_now (till_session_get_clock (self->session));
  guint same = 0;
  guint i;

  for (i = 0; i < wanted->len; i++)
    g_hash_table_add (wanted_set, wanted->pdata[i]);

  for (i = 0; i < self->kept->len; i++)
    {
      TillFileRecord *record = self->kept->pdata[i];

      if (g_hash_table_contains (wanted_set, record->uri))
        g_ptr_array_add (stay, record);
      else
        g_ptr_array_add (forget, g_strdup (record->uri));
    }

  while (same < stay->len && same < wanted->len &&
         g_str_equal (((TillFileRecord *) stay->pdata[same])->uri, wanted->pdata[same]))
    same++;

  /* What comes after a gap is put anew, behind it. */
  for (i = same; i < stay->len; i++)
    g_ptr_array_add (forget, g_strdup (((TillFileRecord *) stay->pdata[i])->uri));

  for (i = 0; i < wanted->len; i++)
    {
      TillFileRecord *record = get_learnt (self, wanted->pdata[i]);

      if (record->added_at == TILL_TIME_UNKNOWN)
        record->added_at = now;
      if (i >= same || !is_same (stay->pdata[i], record))
        g_ptr_array_add (put, till_file_record_copy (record));
    }
}

static void
remember_kept (TillFileKeeper *self,
               GPtrArray      *wanted)
{
  g_ptr_array_set_size (self->kept, 0);
  for (guint i = 0; i < wanted->len; i++)
    g_ptr_array_add (self->kept, till_file_record_copy (get_learnt (self, wanted->pdata[i])));
}

static void load      (TillFileKeeper *self);
static void write_now (TillFileKeeper *self);

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(TillFileKeeper) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean done = till_watching_change_finish (result, &error);

  self->writing = FALSE;
  if (self->store != TILL_STORE (source))
    return;

  if (!done)
    {
      /* What it has now is looked up before the next try, which a person's next change brings. */
      g_clear_pointer (&self->kept, g_ptr_array_unref);
      self->touched = FALSE;
      tell_not_kept (self, error);
    }
  else if (self->touched)
    {
      write_now (self);
    }
  else
    {
      tell_saved (self);
    }
}

static void
write_now (TillFileKeeper *self)
{
  g_autoptr(GPtrArray) forget = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) put = g_ptr_array_new_with_free_func ((GDestroyNotify) till_file_record_free);
  g_autoptr(GPtrArray) wanted = self->wanted (self->user_data);

  plan_change (self, wanted, forget, put);
  g_clear_handle_id (&self->touch_id, g_source_remove);
  self->touched = FALSE;
  if (forget->len == 0 && put->len == 0)
    {
      tell_saved (self);
      return;
    }

  remember_kept (self, wanted);
  self->writing = TRUE;
  /* The session is not told: what services have is the same, and whoever shows that would ask them again. */
  till_watching_change_async (self->store, forget, put, written_cb, g_object_ref (self));
}

static gboolean
touched_cb (gpointer user_data)
{
  TillFileKeeper *self = user_data;

  self->touch_id = 0;
  if (self->writing || self->loading)
    return G_SOURCE_REMOVE;

  if (self->kept != NULL)
    write_now (self);
  else if (self->store != NULL)
    load (self);
  else if (till_session_get_state (self->session) == TILL_SESSION_FAILED)
    tell_not_kept (self, till_session_get_error (self->session));

  return G_SOURCE_REMOVE;
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(TillFileKeeper) self = user_data;
  g_autoptr(GPtrArray) records = NULL;
  g_autoptr(GError) error = NULL;
  guint i;

  records = till_watching_load_finish (result, &error);
  self->loading = FALSE;
  if (self->store != TILL_STORE (source) || self->wanted == NULL)
    return;

  if (records == NULL)
    {
      if (self->touched)
        tell_not_kept (self, error);
      self->touched = FALSE;
    }

  for (i = 0; records != NULL && i < records->len; i++)
    {
      const TillFileRecord *record = records->pdata[i];
      TillFileRecord *learnt = get_learnt (self, record->uri);

      learnt->added_at = record->added_at;
      if (learnt->sha256 == NULL && learnt->not_after == TILL_TIME_UNKNOWN)
        {
          learnt->sha256 = g_strdup (record->sha256);
          learnt->not_after = record->not_after;
        }
    }

  g_clear_pointer (&self->kept, g_ptr_array_unref);
  self->kept = g_steal_pointer (&records);
  /* Only once: what was removed meanwhile does not come back. */
  if (!self->known)
    tell_loaded (self);
  if (self->kept != NULL && self->touched)
    write_now (self);
}

static void
load (TillFileKeeper *self)
{
  self->loading = TRUE;
  till_watching_load_async (self->store, NULL, loaded_cb, g_object_ref (self));
}

/* The session tells of its state and its profiles; the store comes and goes with them. */
static void
session_changed_cb (TillFileKeeper *self)
{
  TillStore *store = till_session_get_store (self->session);

  if (store == self->store)
    {
      if (store != NULL && self->kept == NULL && !self->loading && !self->writing)
        load (self);
      else if (store == NULL && !self->known && till_session_get_state (self->session) == TILL_SESSION_FAILED)
        tell_loaded (self);
      return;
    }

  /* It closes, after what it was asked for until now. */
  if (self->store != NULL && self->kept != NULL && self->touched)
    write_now (self);

  g_set_object (&self->store, store);
  g_clear_pointer (&self->kept, g_ptr_array_unref);
  if (store == NULL)
    return;

  /* What could not be looked up before can be now. */
  self->known = FALSE;
  load (self);
}

static void
till_file_keeper_dispose (GObject *object)
{
  TillFileKeeper *self = TILL_FILE_KEEPER (object);

  till_file_keeper_close (self);
  g_clear_object (&self->store);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (till_file_keeper_parent_class)->dispose (object);
}

static void
till_file_keeper_finalize (GObject *object)
{
  TillFileKeeper *self = TILL_FILE_KEEPER (object);

  g_clear_pointer (&self->kept, g_ptr_array_unref);
  g_hash_table_unref (self->learnt);

  G_OBJECT_CLASS (till_file_keeper_parent_class)->finalize (object);
}

static void
till_file_keeper_class_init (TillFileKeeperClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = till_file_keeper_dispose;
  object_class->finalize = till_file_keeper_finalize;

  signals[LOADED] = g_signal_new ("loaded", TILL_TYPE_FILE_KEEPER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY);
  signals[SAVED] = g_signal_new ("saved", TILL_TYPE_FILE_KEEPER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
  signals[NOT_KEPT] = g_signal_new ("not-kept", TILL_TYPE_FILE_KEEPER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
till_file_keeper_init (TillFileKeeper *self)
{
  self->learnt = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) till_file_record_free);
}

/**
 * till_file_keeper_new:
 * @session: whose store has the list
 * @wanted: gives the list as it should be
 * @user_data: for @wanted
 *
 * Returns: (transfer full): a keeper; "loaded" is emitted later
 */
TillFileKeeper *
till_file_keeper_new (TillSession          *session,
                      TillFileKeeperWanted  wanted,
                      gpointer              user_data)
{
  TillFileKeeper *self;

  g_return_val_if_fail (TILL_IS_SESSION (session), NULL);
  g_return_val_if_fail (wanted != NULL, NULL);

  self = g_object_new (TILL_TYPE_FILE_KEEPER, NULL);
  self->session = g_object_ref (session);
  self->wanted = wanted;
  self->user_data = user_data;

  g_signal_connect_object (session, "notify::state", G_CALLBACK (session_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::profiles", G_CALLBACK (session_changed_cb), self, G_CONNECT_SWAPPED);
  session_changed_cb (self);

  return self;
}

/**
 * till_file_keeper_get_known:
 * @self: a keeper
 *
 * Returns: whether "loaded" has come: either the list is there, or it can't be had
 */
gboolean
till_file_keeper_get_known (TillFileKeeper *self)
{
  g_return_val_if_fail (TILL_IS_FILE_KEEPER (self), FALSE);

  return self->known;
}

/**
 * till_file_keeper_is_worth:
 * @entry: a source that was read
 *
 * A picture that was dropped by mistake need not come back at every start; a
 * certificate file that does not open at the moment should.
 *
 * Returns: whether it is to be kept
 */
gboolean
till_file_keeper_is_worth (TillFileEntry *entry)
{
  const GError *error;

  g_return_val_if_fail (TILL_IS_FILE_ENTRY (entry), FALSE);

  if (till_file_entry_get_file (entry) == NULL)
    return FALSE;

  error = till_file_entry_get_error (entry);
  switch (till_file_entry_get_state (entry))
    {
    case TILL_FILE_READY:
    case TILL_FILE_NEEDS_PASSWORD:
      return TRUE;

    case TILL_FILE_FAILED:
      return g_error_matches (error, TILL_ERROR, TILL_ERROR_DAMAGED) ||
             g_error_matches (error, TILL_ERROR, TILL_ERROR_OLD_PROTECTION) ||
             g_error_matches (error, TILL_ERROR, TILL_ERROR_NEWER_PROTECTION) ||
             g_error_matches (error, TILL_ERROR, TILL_ERROR_TIMED_OUT);

    case TILL_FILE_LOADING:
    case TILL_FILE_MISSING:
    default:
      return FALSE;
    }
}

/**
 * till_file_keeper_learn:
 * @self: a keeper
 * @entry: a file that was read
 *
 * Takes note of its first certificate and its end: for when it can't be read.
 */
void
till_file_keeper_learn (TillFileKeeper *self,
                        TillFileEntry  *entry)
{
  TillDocument *document;
  TillLeaves *leaves;
  g_autofree char *uri = NULL;
  const TillCertificate *leaf;
  TillFileRecord *record;
  guint index;

  g_return_if_fail (TILL_IS_FILE_KEEPER (self));
  g_return_if_fail (TILL_IS_FILE_ENTRY (entry) && till_file_entry_get_file (entry) != NULL);

  document = till_file_entry_get_document (entry);
  leaves = till_file_entry_get_leaves (entry);
  if (document == NULL || leaves == NULL || document->leaves->len == 0)
    return;

  uri = g_file_get_uri (till_file_entry_get_file (entry));
  index = g_array_index (document->leaves, guint, 0);
  leaf = g_ptr_array_index (document->certificates, index);
  record = get_learnt (self, uri);
  if (g_strcmp0 (record->sha256, leaf->sha256) == 0 && record->not_after == leaves->items[index].ends)
    return;

  g_free (record->sha256);
  record->sha256 = g_strdup (leaf->sha256);
  record->not_after = leaves->items[index].ends;
  till_file_keeper_touch (self);
}

/**
 * till_file_keeper_touch:
 * @self: a keeper
 *
 * To be called when the list was changed: it will be asked for, and written.
 */
void
till_file_keeper_touch (TillFileKeeper *self)
{
  g_return_if_fail (TILL_IS_FILE_KEEPER (self));

  if (self->wanted == NULL)
    return;

  self->touched = TRUE;
  if (self->touch_id == 0)
    self->touch_id = g_idle_add_full (G_PRIORITY_DEFAULT, touched_cb, self, NULL);
}

/**
 * till_file_keeper_close:
 * @self: a keeper
 *
 * To be called while the list is still there: writes what is not written yet,
 * and neither asks nor tells any more.
 */
void
till_file_keeper_close (TillFileKeeper *self)
{
  g_return_if_fail (TILL_IS_FILE_KEEPER (self));

  if (self->wanted == NULL)
    return;

  g_signal_handlers_disconnect_by_func (self->session, session_changed_cb, self);
  if (self->kept != NULL && self->touched)
    write_now (self);
  g_clear_handle_id (&self->touch_id, g_source_remove);
  self->wanted = NULL;
}
