/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One source of certificates on this computer: a watched file, or pasted text. */
#include "config.h"

#include "till-file-entry-private.h"

#include <glib/gi18n.h>

#include "till-inspector.h"
#include "till-text.h"

/**
 * TillFileEntry:
 *
 * Reads its source when told to, off the main loop, and keeps what the last
 * reading found. A new reading replaces an older one that is still under way.
 * The state is %TILL_FILE_LOADING until the first reading has an answer; later
 * readings leave the state alone until they have theirs, so that rows and the
 * password page stay. A password lives as long as the reading it is for.
 *
 * "changed" is emitted after each reading that changed anything.
 */

/* Text up to this size is known again when it is pasted a second time; hashing more would hold the main loop. */
#define MAX_DIGEST_BYTES (1024 * 1024)

struct _TillFileEntry
{
  GObject        parent_instance;

  GFile         *file;      /* (nullable) for bytes */
  GBytes        *bytes;     /* (nullable) for a file; let go when it has opened */
  char          *digest;    /* (nullable) of the bytes, where they are few */
  char          *title;

  TillFileState  state;
  GError        *error;     /* (nullable) */
  TillLeaves    *leaves;    /* (nullable) */
  char          *stamp;     /* (nullable) tells whether the file is the one that leaves came from */

  guint          serial;    /* of the newest reading */
  gboolean       busy;
  gboolean       remembered;
};

typedef enum
{
  PROP_STATE = 1,
  PROP_TITLE,
  PROP_BUSY,
} TillFileEntryProperty;

static GParamSpec *properties[PROP_BUSY + 1];

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_ENUM_TYPE (TillFileState, till_file_state,
                    G_DEFINE_ENUM_VALUE (TILL_FILE_LOADING, "loading"),
                    G_DEFINE_ENUM_VALUE (TILL_FILE_READY, "ready"),
                    G_DEFINE_ENUM_VALUE (TILL_FILE_NEEDS_PASSWORD, "needs-password"),
                    G_DEFINE_ENUM_VALUE (TILL_FILE_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (TILL_FILE_MISSING, "missing"))

G_DEFINE_TYPE (TillFileEntry, till_file_entry, G_TYPE_OBJECT)

/* One reading. */
typedef struct
{
  /* input */
  guint       serial;
  TillSecret *password;   /* (owned) (nullable) */

  /* in progress */
  char       *stamp;      /* (owned) (nullable) */
} Reading;

static char *
dup_digest (GBytes *bytes)
{
  if (g_bytes_get_size (bytes) > MAX_DIGEST_BYTES)
    return NULL;

  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
}

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_clear_pointer (&reading->password, till_secret_unref);
  g_free (reading->stamp);
  g_free (reading);
}

static TillFileState
state_of_error (const GError *error)
{
  if (error->domain != TILL_ERROR)
    return TILL_FILE_FAILED;

  switch (error->code)
    {
    case TILL_ERROR_WRONG_PASSWORD:
    case TILL_ERROR_PASSWORD_REQUIRED:
      return TILL_FILE_NEEDS_PASSWORD;

    case TILL_ERROR_UNREADABLE:
      return till_error_get_reason (error) == TILL_REASON_MISSING ? TILL_FILE_MISSING : TILL_FILE_FAILED;

    default:
      return TILL_FILE_FAILED;
    }
}

static gboolean
is_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
         g_error_matches (error, TILL_ERROR, TILL_ERROR_CANCELLED);
}

static void
set_busy (TillFileEntry *self,
          gboolean       busy)
{
  if (self->busy == busy)
    return;

  self->busy = busy;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

/* Takes over what a reading found: leaves or an error. */
static void
settle (TillFileEntry *self,
        TillLeaves    *leaves,
        const GError  *error)
{
  TillFileState state = error != NULL ? state_of_error (error) : TILL_FILE_READY;
  gboolean other_state = self->state != state;

  /* Read again, nothing new: rows and the open page stay as they are. */
  if (leaves != NULL && self->leaves != NULL && !other_state && till_leaves_equal (self->leaves, leaves))
    return;

  g_clear_error (&self->error);
  g_clear_pointer (&self->leaves, till_leaves_unref);

  self->state = state;
  if (error != NULL)
    self->error = g_error_copy (error);
  if (leaves != NULL)
    {
      self->leaves = till_leaves_ref (leaves);
      g_clear_pointer (&self->bytes, g_bytes_unref);
    }

  if (other_state)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* The only way out of a reading. Takes the task. */
static void
finish_reading (GTask      *task,
                TillLeaves *leaves,
                GError     *error)
{
  TillFileEntry *self = g_task_get_source_object (task);
  Reading *reading = g_task_get_task_data (task);
  gboolean newest = reading->serial == self->serial;

  if (error != NULL && is_cancelled (error))
    {
      if (newest)
        set_busy (self, FALSE);
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
      g_error_free (error);
    }
  else if (!newest)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "a newer reading took its place");
      g_clear_error (&error);
    }
  else
    {
      if (error == NULL)
        {
          g_free (self->stamp);
          self->stamp = g_steal_pointer (&reading->stamp);
        }
      set_busy (self, FALSE);
      if (leaves != NULL || error != NULL)
        settle (self, leaves, error);

      if (error != NULL)
        g_task_return_error (task, error);
      else
        g_task_return_boolean (task, TRUE);
    }

  g_object_unref (task);
}

static void
leaves_made_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  GError *error = NULL;
  g_autoptr(TillLeaves) leaves = g_task_propagate_pointer (G_TASK (result), &error);

  finish_reading (user_data, leaves, error);
}

static void
make_leaves_in_thread (GTask        *task,
                       gpointer      source_object,
                       gpointer      task_data,
                       GCancellable *cancellable)
{
  g_task_return_pointer (task, till_leaves_new (task_data), (GDestroyNotify) till_leaves_unref);
}

static void
make_leaves (GTask        *reading_task,
             TillDocument *document)
{
  g_autoptr(GTask) task = g_task_new (g_task_get_source_object (reading_task),
                                      g_task_get_cancellable (reading_task),
                                      leaves_made_cb, reading_task);

  g_task_set_source_tag (task, make_leaves);
  g_task_set_task_data (task, till_document_ref (document), (GDestroyNotify) till_document_unref);
  g_task_run_in_thread (task, make_leaves_in_thread);
}

static void
take_document (GTask        *task,
               TillDocument *document,
               GError       *error)
{
  if (document == NULL)
    {
      finish_reading (task, NULL, error);
      return;
    }

  make_leaves (task, document);
  till_document_unref (document);
}

static void
bytes_inspected_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  GError *error = NULL;
  TillDocument *document = till_inspect_bytes_finish (result, &error);

  take_document (user_data, document, error);
}

static void
file_inspected_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  GError *error = NULL;
  TillDocument *document = till_inspect_file_finish (result, &error);

  take_document (user_data, document, error);
}

static char *
dup_stamp (GFileInfo *info)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT ".%06u/%" G_GUINT64_FORMAT "/%" G_GOFFSET_FORMAT,
                          g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_TIME_MODIFIED),
                          g_file_info_get_attribute_uint32 (info, G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC),
                          g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_UNIX_INODE),
                          g_file_info_get_size (info));
}

/* A file that a password has opened would be locked again by reading it without one: as long as it is the same
 * file, what is known stays. */
static gboolean
is_still_open (TillFileEntry *self,
               Reading       *reading)
{
  return reading->password == NULL &&
         self->state == TILL_FILE_READY && self->leaves->document->encrypted &&
         g_strcmp0 (self->stamp, reading->stamp) == 0;
}

static void
stamp_read_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  GTask *task = user_data;
  TillFileEntry *self = g_task_get_source_object (task);
  Reading *reading = g_task_get_task_data (task);
  g_autoptr(GFileInfo) info = g_file_query_info_finish (G_FILE (source), result, NULL);

  /* A file without a stamp does not open either, and the inspector says why. */
  if (info != NULL)
    {
      reading->stamp = dup_stamp (info);
      if (is_still_open (self, reading))
        {
          finish_reading (task, NULL, NULL);
          return;
        }
    }

  till_inspect_file_async (self->file, reading->password, g_task_get_cancellable (task), file_inspected_cb, task);
}

static void
till_file_entry_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  TillFileEntry *self = TILL_FILE_ENTRY (object);

  switch ((TillFileEntryProperty) prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;

    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;

    case PROP_BUSY:
      g_value_set_boolean (value, self->busy);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
till_file_entry_finalize (GObject *object)
{
  TillFileEntry *self = TILL_FILE_ENTRY (object);

  g_clear_object (&self->file);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->leaves, till_leaves_unref);
  g_clear_error (&self->error);
  g_free (self->digest);
  g_free (self->title);
  g_free (self->stamp);

  G_OBJECT_CLASS (till_file_entry_parent_class)->finalize (object);
}

static void
till_file_entry_class_init (TillFileEntryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = till_file_entry_get_property;
  object_class->finalize = till_file_entry_finalize;

  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, TILL_TYPE_FILE_STATE, TILL_FILE_LOADING,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_BUSY] =
    g_param_spec_boolean ("busy", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
till_file_entry_init (TillFileEntry *self)
{
  self->state = TILL_FILE_LOADING;
}

/**
 * till_file_entry_new_for_file:
 * @file: where it is
 *
 * Returns: (transfer full): an entry that has not been read yet
 */
TillFileEntry *
till_file_entry_new_for_file (GFile *file)
{
  TillFileEntry *self;
  g_autofree char *name = NULL;

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  self = g_object_new (TILL_TYPE_FILE_ENTRY, NULL);
  self->file = g_object_ref (file);
  name = g_file_get_basename (file);
  self->title = till_text_dup_display (name, TILL_TEXT_MAX_CHARS);

  return self;
}

/**
 * till_file_entry_new_for_bytes:
 * @bytes: what to read
 * @title: the name to show
 *
 * Returns: (transfer full): an entry that has not been read yet; it lets go of
 *   @bytes when they have opened
 */
TillFileEntry *
till_file_entry_new_for_bytes (GBytes     *bytes,
                               const char *title)
{
  TillFileEntry *self;

  g_return_val_if_fail (bytes != NULL, NULL);

  self = g_object_new (TILL_TYPE_FILE_ENTRY, NULL);
  self->bytes = g_bytes_ref (bytes);
  self->digest = dup_digest (bytes);
  self->title = till_text_dup_display (title, TILL_TEXT_MAX_CHARS);

  return self;
}

/**
 * till_file_entry_get_state:
 * @self: an entry
 *
 * Returns: where its reading stands
 */
TillFileState
till_file_entry_get_state (TillFileEntry *self)
{
  g_return_val_if_fail (TILL_IS_FILE_ENTRY (self), TILL_FILE_FAILED);

  return self->state;
}

/**
 * till_file_entry_get_title:
 * @self: an entry
 *
 * Returns: (transfer none): its name, fit to be shown
 */
const char *
till_file_entry_get_title (TillFileEntry *self)
{
  g_return_val_if_fail (TILL_IS_FILE_ENTRY (self), NULL);

  return self->title;
}

/**
 * till_file_entry_get_file:
 * @self: an entry
 *
 * Returns: (transfer none) (nullable): where it is; %NULL for pasted text
 */
GFile *
till_file_entry_get_file (TillFileEntry *self)
{
  g_return_val_if_fail (TILL_IS_FILE_ENTRY (self), NULL);

  return self->file;
}

/**
 * till_file_entry_get_document:
 * @self: an entry
 *
 * Returns: (transfer none) (nullable): what is in it, once it has opened
 */
TillDocument *
till_file_entry_get_document (TillFileEntry *self)
{
  g_return_val_if_fail (TILL_IS_FILE_ENTRY (self), NULL);

  return self->leaves != NULL ? self->leaves->document : NULL;
}

/**
 * till_file_entry_get_leaves:
 * @self: an entry
 *
 * Returns: (transfer none) (nullable): what the rows show, once it has opened
 */
TillLeaves *
till_file_entry_get_leaves (TillFileEntry *self)
{
  g_return_val_if_fail (TILL_IS_FILE_ENTRY (self), NULL);

  return self->leaves;
}

/**
 * till_file_entry_get_error:
 * @self: an entry
 *
 * Returns: (transfer none) (nullable): why it did not open
 */
const GError *
till_file_entry_get_error (TillFileEntry *self)
{
  g_return_val_if_fail (TILL_IS_FILE_ENTRY (self), NULL);

  return self->error;
}

/**
 * till_file_entry_get_busy:
 * @self: an entry
 *
 * Returns: whether it is being read
 */
gboolean
till_file_entry_get_busy (TillFileEntry *self)
{
  g_return_val_if_fail (TILL_IS_FILE_ENTRY (self), FALSE);

  return self->busy;
}

/**
 * till_file_entry_get_remembered:
 * @self: an entry
 *
 * Returns: whether its place is to be kept for the next start
 */
gboolean
till_file_entry_get_remembered (TillFileEntry *self)
{
  g_return_val_if_fail (TILL_IS_FILE_ENTRY (self), FALSE);

  return self->remembered;
}

/**
 * till_file_entry_set_remembered:
 * @self: an entry
 * @remembered: whether its place is to be kept for the next start
 */
void
till_file_entry_set_remembered (TillFileEntry *self,
                                gboolean       remembered)
{
  g_return_if_fail (TILL_IS_FILE_ENTRY (self));

  self->remembered = remembered && self->file != NULL;
}

/**
 * till_file_entry_has_bytes:
 * @self: an entry
 * @bytes: pasted text
 *
 * Returns: whether @self was made from the same bytes
 */
gboolean
till_file_entry_has_bytes (TillFileEntry *self,
                           GBytes        *bytes)
{
  g_autofree char *digest = NULL;

  g_return_val_if_fail (TILL_IS_FILE_ENTRY (self), FALSE);

  if (self->digest == NULL)
    return FALSE;

  digest = dup_digest (bytes);
  return g_strcmp0 (digest, self->digest) == 0;
}

/**
 * till_file_entry_load_async:
 * @self: an entry
 * @password: (nullable): tried, never kept
 * @cancellable: (nullable): ends it; the state stays as it was
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Reads the source, or reads it again.
 */
void
till_file_entry_load_async (TillFileEntry       *self,
                            TillSecret          *password,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Reading *reading;

  g_return_if_fail (TILL_IS_FILE_ENTRY (self));

  reading = g_new0 (Reading, 1);
  reading->serial = ++self->serial;
  if (password != NULL)
    reading->password = till_secret_ref (password);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, till_file_entry_load_async);
  g_task_set_task_data (task, reading, reading_free);
  /* What was found counts even if somebody cancels when it is there already. */
  g_task_set_check_cancellable (task, FALSE);

  set_busy (self, TRUE);

  if (self->file != NULL)
    g_file_query_info_async (self->file,
                             G_FILE_ATTRIBUTE_TIME_MODIFIED "," G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC ","
                             G_FILE_ATTRIBUTE_UNIX_INODE "," G_FILE_ATTRIBUTE_STANDARD_SIZE,
                             G_FILE_QUERY_INFO_NONE, G_PRIORITY_DEFAULT, cancellable,
                             stamp_read_cb, g_steal_pointer (&task));
  else if (self->bytes != NULL)
    till_inspect_bytes_async (self->bytes, password, cancellable, bytes_inspected_cb, g_steal_pointer (&task));
  else
    finish_reading (g_steal_pointer (&task), NULL, NULL);
}

/**
 * till_file_entry_load_finish:
 * @self: an entry
 * @result: as given to the callback
 * @error: why it did not open, or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether it opened
 */
gboolean
till_file_entry_load_finish (TillFileEntry  *self,
                             GAsyncResult   *result,
                             GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
