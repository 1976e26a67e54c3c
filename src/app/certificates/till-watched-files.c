/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files on this computer that somebody looks after, and text that was pasted: a list of TillFileEntry. */
#include "config.h"

#include "till-watched-files.h"

#include "till-file-entry-private.h"
#include "till-file-keeper.h"
#include "till-quiet-monitor.h"

/**
 * TillWatchedFiles:
 *
 * A #GListModel of #TillFileEntry, each source once. Nothing is read before
 * till_watched_files_start(); then a few at a time. Files that are certificate
 * files are remembered by their URI in the store of the session, whatever its
 * profile is; text is not. They come when the store is open: "known" says so.
 * A file that changes is read again by itself.
 *
 * Before there was a store the list was in the settings. It is taken over once.
 */

#define OLD_KEY "watched-files"

/* Reading waits for the disk, password derivation for the processor: more at once would only crowd. */
#define MAX_READING 3

struct _TillWatchedFiles
{
  GObject     parent_instance;

  GSettings      *settings;
  TillFileKeeper *keeper;
  GPtrArray      *sources;      /* (element-type Source) in the order of the list */
  GQueue          waiting;      /* (element-type Source): each once, not owned */
  guint           n_reading;
  gboolean        started;
  gboolean        busy;
  gboolean        known;
};

/* An entry while it is in the list. A source that was removed lives on until its last reading has ended. */
typedef struct
{
  gatomicrefcount   ref_count;
  TillWatchedFiles *owner;        /* (nullable) once it is removed */
  TillFileEntry    *entry;
  TillQuietMonitor *monitor;      /* (nullable) */
  gboolean          waiting;
  gboolean          reading;
} Source;

typedef enum
{
  PROP_BUSY = 1,
  PROP_KNOWN,
} TillWatchedFilesProperty;

static GParamSpec *properties[PROP_KNOWN + 1];
static guint not_kept_signal;

static void till_watched_files_list_model_init (GListModelInterface *iface);

G_DEFINE_TYPE_WITH_CODE (TillWatchedFiles, till_watched_files, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, till_watched_files_list_model_init))

static void read_next (TillWatchedFiles *self);

static Source *
source_new (TillWatchedFiles *owner,
            TillFileEntry    *entry)
{
  Source *source = g_new0 (Source, 1);

  g_atomic_ref_count_init (&source->ref_count);
  source->owner = owner;
  source->entry = g_object_ref (entry);

  return source;
}

static void
source_unref (Source *source)
{
  if (!g_atomic_ref_count_dec (&source->ref_count))
    return;

  g_object_unref (source->entry);
  g_free (source);
}

/* Out of the list: nothing of it calls back any more. */
static void
source_detach (gpointer data)
{
  Source *source = data;

  if (source->waiting)
    g_queue_remove (&source->owner->waiting, source);
  source->waiting = FALSE;
  source->owner = NULL;

  g_signal_handlers_disconnect_by_data (source->entry, source);
  g_clear_pointer (&source->monitor, till_quiet_monitor_free);
  source_unref (source);
}

static Source *
find_source (TillWatchedFiles *self,
             TillFileEntry    *entry,
             guint            *position)
{
  guint i;

  for (i = 0; i < self->sources->len; i++)
    {
      Source *source = g_ptr_array_index (self->sources, i);

      if (source->entry == entry)
        {
          if (position != NULL)
            *position = i;
          return source;
        }
    }

  return NULL;
}

/* What the store is to have: for the keeper. */
static GPtrArray *
list_remembered (gpointer user_data)
{
  TillWatchedFiles *self = user_data;
  GPtrArray *uris = g_ptr_array_new_with_free_func (g_free);
  guint i;

  for (i = 0; i < self->sources->len; i++)
    {
      Source *source = g_ptr_array_index (self->sources, i);

      if (till_file_entry_get_remembered (source->entry))
        g_ptr_array_add (uris, g_file_get_uri (till_file_entry_get_file (source->entry)));
    }

  return uris;
}

static void
entry_changed_cb (TillFileEntry *entry,
                  gpointer       user_data)
{
  Source *source = user_data;

  if (!till_file_entry_get_remembered (entry) && till_file_keeper_is_worth (entry))
    {
      till_file_entry_set_remembered (entry, TRUE);
      till_file_keeper_touch (source->owner->keeper);
    }

  if (till_file_entry_get_remembered (entry))
    till_file_keeper_learn (source->owner->keeper, entry);
}

static void
update_busy (TillWatchedFiles *self)
{
  gboolean busy = self->n_reading > 0;

  if (self->busy == busy)
    return;

  self->busy = busy;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  Source *source = user_data;
  TillWatchedFiles *self = source->owner;

  /* Whatever came of it stands in the entry. */
  (void) till_file_entry_load_finish (TILL_FILE_ENTRY (object), result, NULL);

  source->reading = FALSE;
  if (self != NULL)
    {
      self->n_reading--;
      read_next (self);
      update_busy (self);
    }
  source_unref (source);
}

static void
read_next (TillWatchedFiles *self)
{
  while (self->started && self->n_reading < MAX_READING)
    {
      Source *source = g_queue_pop_head (&self->waiting);

      if (source == NULL)
        break;

      source->waiting = FALSE;
      source->reading = TRUE;
      self->n_reading++;
      g_atomic_ref_count_inc (&source->ref_count);
      till_file_entry_load_async (source->entry, NULL, NULL, read_cb, source);
    }

  update_busy (self);
}

static void
queue_reading (Source *source)
{
  if (source->waiting)
    return;

  source->waiting = TRUE;
  g_queue_push_tail (&source->owner->waiting, source);
  read_next (source->owner);
}

static gboolean
file_changed_cb (gpointer user_data)
{
  Source *source = user_data;

  /* Somebody is trying a password: later. */
  if (till_file_entry_get_busy (source->entry))
    return FALSE;

  queue_reading (source);
  return TRUE;
}

static void
watch (Source *source)
{
  GFile *file = till_file_entry_get_file (source->entry);

  if (file == NULL || source->monitor != NULL)
    return;

  /* Not every place can be watched. There it is read again only when asked. */
  source->monitor = till_quiet_monitor_new (file, file_changed_cb, source);
}

static Source *
insert (TillWatchedFiles *self,
        TillFileEntry    *entry,
        guint             position)
{
  Source *source = source_new (self, entry);

  g_signal_connect (entry, "changed", G_CALLBACK (entry_changed_cb), source);
  g_ptr_array_insert (self->sources, (int) position, source);

  return source;
}

/* Files that are known from before, each once, at @position. They are read when all is shown.
 * Returns: how many */
static guint
insert_known (TillWatchedFiles   *self,
              const char * const *uris,
              guint               n_uris,
              guint               position)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_file_hash, (GEqualFunc) g_file_equal);
  guint n = 0;
  guint i;

  for (i = 0; i < self->sources->len; i++)
    {
      GFile *file = till_file_entry_get_file (((Source *) g_ptr_array_index (self->sources, i))->entry);

      if (file != NULL)
        g_hash_table_add (seen, file);
    }

  for (i = 0; i < n_uris; i++)
    {
      g_autoptr(GFile) file = g_file_new_for_uri (uris[i]);
      g_autoptr(TillFileEntry) entry = NULL;
      Source *source;

      if (g_hash_table_contains (seen, file))
        continue;

      entry = till_file_entry_new_for_file (file);
      source = insert (self, entry, position + n);
      g_hash_table_add (seen, till_file_entry_get_file (entry));
      till_file_entry_set_remembered (entry, TRUE);
      if (self->started)
        watch (source);
      source->waiting = TRUE;
      g_queue_push_tail (&self->waiting, source);
      n++;
    }

  return n;
}

static void
loaded_cb (TillWatchedFiles *self,
           GPtrArray        *uris)
{
  guint n = insert_known (self, (const char * const *) uris->pdata, uris->len, 0);

  if (n > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, n);

  if (!self->known)
    {
      self->known = TRUE;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_KNOWN]);
    }

  read_next (self);
  /* What came before the store was open is to be kept, too. */
  if (self->sources->len > n)
    till_file_keeper_touch (self->keeper);
}

static void
saved_cb (TillWatchedFiles *self)
{
  g_auto(GStrv) old = g_settings_get_strv (self->settings, OLD_KEY);

  if (old[0] != NULL)
    g_settings_reset (self->settings, OLD_KEY);
}

static void
not_kept_cb (TillWatchedFiles *self,
             const GError     *error)
{
  g_signal_emit (self, not_kept_signal, 0, error);
}

static GType
till_watched_files_get_item_type (GListModel *model)
{
  return TILL_TYPE_FILE_ENTRY;
}

static guint
till_watched_files_get_n_items (GListModel *model)
{
  return TILL_WATCHED_FILES (model)->sources->len;
}

static gpointer
till_watched_files_get_item (GListModel *model,
                             guint       position)
{
  TillWatchedFiles *self = TILL_WATCHED_FILES (model);
  Source *source;

  if (position >= self->sources->len)
    return NULL;

  source = g_ptr_array_index (self->sources, position);
  return g_object_ref (source->entry);
}

static void
till_watched_files_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = till_watched_files_get_item_type;
  iface->get_n_items = till_watched_files_get_n_items;
  iface->get_item = till_watched_files_get_item;
}

static void
till_watched_files_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  TillWatchedFiles *self = TILL_WATCHED_FILES (object);

  switch ((TillWatchedFilesProperty) prop_id)
    {
    case PROP_BUSY:
      g_value_set_boolean (value, self->busy);
      break;

    case PROP_KNOWN:
      g_value_set_boolean (value, self->known);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
till_watched_files_dispose (GObject *object)
{
  TillWatchedFiles *self = TILL_WATCHED_FILES (object);

  /* It asks once more for the list. */
  if (self->keeper != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->keeper, self);
      till_file_keeper_close (self->keeper);
    }
  g_clear_object (&self->keeper);

  G_OBJECT_CLASS (till_watched_files_parent_class)->dispose (object);
}

static void
till_watched_files_finalize (GObject *object)
{
  TillWatchedFiles *self = TILL_WATCHED_FILES (object);

  g_ptr_array_unref (self->sources);
  g_queue_clear (&self->waiting);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (till_watched_files_parent_class)->finalize (object);
}

static void
till_watched_files_class_init (TillWatchedFilesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = till_watched_files_get_property;
  object_class->dispose = till_watched_files_dispose;
  object_class->finalize = till_watched_files_finalize;

  properties[PROP_BUSY] =
    g_param_spec_boolean ("busy", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_KNOWN] =
    g_param_spec_boolean ("known", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  not_kept_signal = g_signal_new ("not-kept", TILL_TYPE_WATCHED_FILES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
till_watched_files_init (TillWatchedFiles *self)
{
  self->sources = g_ptr_array_new_with_free_func (source_detach);
  g_queue_init (&self->waiting);
}

/**
 * till_watched_files_new:
 * @session: whose store keeps the list; it need not be started yet
 * @settings: the application's; an old list in "watched-files" is taken over from there
 *
 * Returns: (transfer full): the files; those that are kept come when the store is open
 */
TillWatchedFiles *
till_watched_files_new (TillSession *session,
                        GSettings   *settings)
{
  TillWatchedFiles *self;
  g_auto(GStrv) old = NULL;

  g_return_val_if_fail (TILL_IS_SESSION (session), NULL);
  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  self = g_object_new (TILL_TYPE_WATCHED_FILES, NULL);
  self->settings = g_object_ref (settings);
  old = g_settings_get_strv (settings, OLD_KEY);
  (void) insert_known (self, (const char * const *) old, g_strv_length (old), 0);

  self->keeper = till_file_keeper_new (session, list_remembered, self);
  g_signal_connect_swapped (self->keeper, "loaded", G_CALLBACK (loaded_cb), self);
  g_signal_connect_swapped (self->keeper, "saved", G_CALLBACK (saved_cb), self);
  g_signal_connect_swapped (self->keeper, "not-kept", G_CALLBACK (not_kept_cb), self);
  self->known = till_file_keeper_get_known (self->keeper);

  return self;
}

/**
 * till_watched_files_start:
 * @self: the files
 *
 * Begins to read and to watch. To be called once the window is painted.
 */
void
till_watched_files_start (TillWatchedFiles *self)
{
  guint i;

  g_return_if_fail (TILL_IS_WATCHED_FILES (self));

  if (self->started)
    return;

  self->started = TRUE;
  for (i = 0; i < self->sources->len; i++)
    watch (g_ptr_array_index (self->sources, i));
  read_next (self);
}

/**
 * till_watched_files_get_busy:
 * @self: the files
 *
 * Returns: whether any of them is being read
 */
gboolean
till_watched_files_get_busy (TillWatchedFiles *self)
{
  g_return_val_if_fail (TILL_IS_WATCHED_FILES (self), FALSE);

  return self->busy;
}

/**
 * till_watched_files_get_known:
 * @self: the files
 *
 * Returns: whether the files that are kept are in the list; or it is known that they can't be had
 */
gboolean
till_watched_files_get_known (TillWatchedFiles *self)
{
  g_return_val_if_fail (TILL_IS_WATCHED_FILES (self), FALSE);

  return self->known;
}

/* Tells of entries that were put at the end, and begins to read them. */
static void
appended (TillWatchedFiles *self,
          guint             position)
{
  guint n = self->sources->len - position;
  guint i;

  if (n == 0)
    return;

  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, n);

  for (i = position; i < self->sources->len; i++)
    {
      Source *source = g_ptr_array_index (self->sources, i);

      if (self->started)
        watch (source);
      queue_reading (source);
    }
}

/**
 * till_watched_files_add_files:
 * @self: the files
 * @files: (element-type GFile): those to look into
 * @n_already: (out) (optional): how many of them were there before; those are read again
 *
 * Returns: (transfer container) (element-type TillFileEntry): an entry for each of @files
 */
GPtrArray *
till_watched_files_add_files (TillWatchedFiles *self,
                              GPtrArray        *files,
                              guint            *n_already)
{
  g_autoptr(GHashTable) known = g_hash_table_new (g_file_hash, (GEqualFunc) g_file_equal);
  GPtrArray *entries = g_ptr_array_new ();
  guint position;
  guint n = 0;
  guint i;

  g_return_val_if_fail (TILL_IS_WATCHED_FILES (self), entries);

  position = self->sources->len;
  for (i = 0; i < position; i++)
    {
      Source *source = g_ptr_array_index (self->sources, i);
      GFile *file = till_file_entry_get_file (source->entry);

      if (file != NULL)
        g_hash_table_insert (known, file, source->entry);
    }

  for (i = 0; i < files->len; i++)
    {
      GFile *file = g_ptr_array_index (files, i);
      TillFileEntry *entry = g_hash_table_lookup (known, file);

      if (entry != NULL)
        {
          n++;
          till_watched_files_read_again (self, entry);
        }
      else
        {
          g_autoptr(TillFileEntry) made = till_file_entry_new_for_file (file);

          insert (self, made, self->sources->len);
          g_hash_table_insert (known, till_file_entry_get_file (made), made);
          entry = made;
        }

      g_ptr_array_add (entries, entry);
    }

  appended (self, position);
  if (n_already != NULL)
    *n_already = n;

  return entries;
}

/**
 * till_watched_files_add_file:
 * @self: the files
 * @file: one to look into
 * @already: (out) (optional): whether it was there before; then it is read again
 *
 * Returns: (transfer none): its entry
 */
TillFileEntry *
till_watched_files_add_file (TillWatchedFiles *self,
                             GFile            *file,
                             gboolean         *already)
{
  g_autoptr(GPtrArray) files = g_ptr_array_new ();
  g_autoptr(GPtrArray) entries = NULL;
  guint n_already = 0;

  g_ptr_array_add (files, file);
  entries = till_watched_files_add_files (self, files, &n_already);
  if (already != NULL)
    *already = n_already > 0;

  return g_ptr_array_index (entries, 0);
}

/**
 * till_watched_files_add_bytes:
 * @self: the files
 * @bytes: text that was pasted or dropped
 * @title: the name to show
 * @already: (out) (optional): whether the same text was there before
 *
 * Returns: (transfer none): its entry
 */
TillFileEntry *
till_watched_files_add_bytes (TillWatchedFiles *self,
                              GBytes           *bytes,
                              const char       *title,
                              gboolean         *already)
{
  g_autoptr(TillFileEntry) entry = NULL;
  guint i;

  g_return_val_if_fail (TILL_IS_WATCHED_FILES (self), NULL);
  g_return_val_if_fail (bytes != NULL, NULL);

  if (already != NULL)
    *already = FALSE;

  for (i = 0; i < self->sources->len; i++)
    {
      Source *source = g_ptr_array_index (self->sources, i);

      if (till_file_entry_has_bytes (source->entry, bytes))
        {
          if (already != NULL)
            *already = TRUE;
          return source->entry;
        }
    }

  entry = till_file_entry_new_for_bytes (bytes, title);
  i = self->sources->len;
  insert (self, entry, i);
  appended (self, i);

  return entry;
}

/**
 * till_watched_files_remove:
 * @self: the files
 * @entry: one of them
 * @position: (out) (optional): where it was
 *
 * Forgets a file. The file itself is not touched.
 *
 * Returns: whether it was there
 */
gboolean
till_watched_files_remove (TillWatchedFiles *self,
                           TillFileEntry    *entry,
                           guint            *position)
{
  Source *source;
  guint index = 0;

  g_return_val_if_fail (TILL_IS_WATCHED_FILES (self), FALSE);

  source = find_source (self, entry, &index);
  if (source == NULL)
    return FALSE;

  if (source->reading)
    self->n_reading--;
  g_ptr_array_remove_index (self->sources, index);
  if (position != NULL)
    *position = index;

  till_file_keeper_touch (self->keeper);
  g_list_model_items_changed (G_LIST_MODEL (self), index, 1, 0);
  read_next (self);

  return TRUE;
}

/**
 * till_watched_files_restore:
 * @self: the files
 * @entry: one that was removed
 * @position: where it was
 *
 * Puts a file back as it was, and reads it again.
 */
void
till_watched_files_restore (TillWatchedFiles *self,
                            TillFileEntry    *entry,
                            guint             position)
{
  Source *source;

  g_return_if_fail (TILL_IS_WATCHED_FILES (self));

  if (find_source (self, entry, NULL) != NULL)
    return;

  position = MIN (position, self->sources->len);
  source = insert (self, entry, position);
  if (self->started)
    watch (source);

  till_file_keeper_touch (self->keeper);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, 1);
  queue_reading (source);
}

/**
 * till_watched_files_read_again:
 * @self: the files
 * @entry: (nullable): one of them; %NULL for all
 *
 * Reads again what is on disk. What is known stays meanwhile.
 */
void
till_watched_files_read_again (TillWatchedFiles *self,
                               TillFileEntry    *entry)
{
  guint i;

  g_return_if_fail (TILL_IS_WATCHED_FILES (self));

  for (i = 0; i < self->sources->len; i++)
    {
      Source *source = g_ptr_array_index (self->sources, i);

      if ((entry == NULL || source->entry == entry) && !till_file_entry_get_busy (source->entry))
        queue_reading (source);
    }
}
