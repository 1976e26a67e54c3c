/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A copy in the place of a damaged store, when a person asks for it (RELIABILITY.md row 92). */
#include "config.h"

#include "till-sqlite-store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "till-sqlite-private.h"

/* The copy until it gets the store's name. */
#define RESTORED "restored.db"

typedef struct
{
  char      *folder;   /* (owned) */
  TillClock *clock;    /* (owned) */
} Restore;

static void
restore_free (Restore *self)
{
  g_free (self->folder);
  till_clock_unref (self->clock);
  g_free (self);
}

static gboolean
set_errno (const char  *folder,
           GError     **error)
{
  int errsv = errno;

  till_set_error (error, TILL_ERROR_UNREADABLE, errsv == ENOSPC || errsv == EDQUOT ? TILL_REASON_NO_SPACE : TILL_REASON_IO,
                  g_strerror (errsv), NULL, "cannot restore the store in \"%s\": %s", folder, g_strerror (errsv));

  return FALSE;
}

/* Returns: (transfer full) (nullable): the newest copy that is a whole store of a version that we
 *   know; name: (out) (transfer full): its name */
static TillConnection *
find_copy (const char  *folder,
           char       **name)
{
  g_autoptr(GPtrArray) names = till_backup_list (folder);

  for (guint i = names->len; i > 0; i--)
    {
      const char *candidate = g_ptr_array_index (names, i - 1);
      g_autofree char *path = g_build_filename (folder, TILL_STORE_BACKUPS, candidate, NULL);
      g_autoptr(TillConnection) copy = till_connection_open (path, SQLITE_OPEN_READONLY, NULL);
      gint64 version;
      gint64 id;

      if (copy != NULL &&
          till_connection_query_int (copy, "PRAGMA user_version", &version, NULL) &&
          till_connection_query_int (copy, "PRAGMA application_id", &id, NULL) &&
          version >= 1 && version <= TILL_STORE_SCHEMA && id == TILL_STORE_APPLICATION_ID &&
          till_store_check_pages (copy, folder, NULL))
        {
          *name = g_strdup (candidate);
          return g_steal_pointer (&copy);
        }
    }

  return NULL;
}

/* Gives a file of the store another name, which says since when it is aside. */
static gboolean
set_aside (const char  *folder,
           const char  *name,
           gint64       now,
           GError     **error)
{
  g_autofree char *aside = g_strdup_printf ("damaged-%" G_GINT64_FORMAT "-%s", now, name);
  g_autofree char *from = g_build_filename (folder, name, NULL);
  g_autofree char *to = g_build_filename (folder, aside, NULL);

  return rename (from, to) == 0 || errno == ENOENT || set_errno (folder, error);
}

static gboolean
sync_folder (const char  *folder,
             GError     **error)
{
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean done = fd >= 0 && fsync (fd) == 0;

  if (!done)
    set_errno (folder, error);
  if (fd >= 0)
    close (fd);

  return done;
}

/* Wherever this ends half way the store is gone and its copies are there, so
 * that it can be done again. The journal goes first: it is none of the copy. */
static char *
restore (const char  *folder,
         gint64       now,
         GError     **error)
{
  g_autofree char *restored = g_build_filename (folder, RESTORED, NULL);
  g_autofree char *path = g_build_filename (folder, TILL_STORE_FILE, NULL);
  g_autofree char *name = NULL;
  g_autoptr(TillConnection) copy = find_copy (folder, &name);

  if (copy == NULL)
    {
      till_set_error (error, TILL_ERROR_NOT_FOUND, TILL_REASON_STORE_DAMAGED, folder, NULL,
                      "the store in \"%s\" has no copy that is whole; nothing was changed", folder);
      return NULL;
    }

  if (!till_backup_copy (copy, restored, error) ||
      !set_aside (folder, TILL_STORE_FILE "-journal", now, error) ||
      !set_aside (folder, TILL_STORE_FILE, now, error) ||
      (rename (restored, path) != 0 && !set_errno (folder, error)) ||
      !sync_folder (folder, error))
    {
      (void) unlink (restored);
      return NULL;
    }

  return g_steal_pointer (&name);
}

static void
restore_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  Restore *self = task_data;
  g_autoptr(GError) error = NULL;
  TillStoreFiles files;
  char *name = NULL;

  /* A store that opens is not replaced, nor one of a newer version, nor one in use. */
  if (till_store_files_open (&files, self->folder, TILL_STORE_WRITE, self->clock, cancellable, &error) &&
      till_store_check_pages (files.connection, self->folder, &error))
    till_set_error (&error, TILL_ERROR_CONFLICT, TILL_REASON_NONE, NULL, NULL,
                    "the store in \"%s\" is not damaged; nothing was changed", self->folder);
  till_store_files_close (&files);

  if (g_error_matches (error, TILL_ERROR, TILL_ERROR_DAMAGED))
    {
      g_clear_error (&error);
      if (till_store_files_lock (&files, self->folder, FALSE, cancellable, &error))
        name = restore (self->folder, till_clock_get_now (self->clock), &error);
      till_store_files_close (&files);
    }

  if (name != NULL)
    g_task_return_pointer (task, name, g_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * till_sqlite_store_restore_async:
 * @folder: (type filename): folder of a store that is damaged or gone
 * @clock: says since when the damaged file is aside
 * @cancellable: (nullable): ends it before it begins
 * @callback: when it is done, or can't be
 * @user_data: for @callback
 *
 * Puts the newest copy that is whole in the place of the store. Only ever
 * because a person asked for it: what came after the copy is not in it.
 */
void
till_sqlite_store_restore_async (const char          *folder,
                                 TillClock           *clock,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Restore *self;

  g_return_if_fail (folder != NULL && folder[0] != '\0');
  g_return_if_fail (clock != NULL);

  self = g_new0 (Restore, 1);
  self->folder = g_strdup (folder);
  self->clock = till_clock_ref (clock);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, till_sqlite_store_restore_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, self, (GDestroyNotify) restore_free);
  g_task_run_in_thread (task, restore_thread);
}

/**
 * till_sqlite_store_restore_finish:
 * @result: what the callback got
 * @error: (out) (optional): %TILL_ERROR_CONFLICT where the store is not damaged, %TILL_ERROR_NOT_FOUND
 *   where no copy is whole; as till_sqlite_store_open_finish()
 *
 * Returns: (transfer full) (nullable): the name of the copy, which holds its day
 */
char *
till_sqlite_store_restore_finish (GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
