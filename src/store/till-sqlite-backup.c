/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The daily copies of the database (RELIABILITY.md G28). */
#include "config.h"

#include "till-sqlite-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "till-file.h"
#include "till-time.h"

/* Not one of the copies: what a crash leaves behind is written over the next time. */
#define UNFINISHED "unfinished.db"

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

/**
 * till_backup_list:
 * @folder: (type filename): folder of a store
 *
 * Returns: (transfer full) (element-type utf8): names of the copies, oldest first
 */
GPtrArray *
till_backup_list (const char *folder)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *path = g_build_filename (folder, TILL_STORE_BACKUPS, NULL);
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      if (g_str_has_prefix (name, "tillkeeper-") && g_str_has_suffix (name, ".db"))
        g_ptr_array_add (names, g_strdup (name));
    }

  g_ptr_array_sort (names, compare_names);
  return names;
}

/* An older schema has a name of its own, so that it is never taken for today's copy. */
static char *
make_name (gint64 now,
           int    version)
{
  g_autofree char *time = till_time_format (now);
  char *day_end = time != NULL ? strchr (time, 'T') : NULL;
  int length = day_end != NULL ? (int) (day_end - time) : 0;

  if (version == TILL_STORE_SCHEMA)
    return g_strdup_printf ("tillkeeper-%.*s.db", length, time);

  return g_strdup_printf ("tillkeeper-%.*s-v%d.db", length, time, version);
}

static gboolean
set_errno (GError **error)
{
  int errsv = errno;

  till_set_error (error, TILL_ERROR_UNREADABLE, errsv == ENOSPC ? TILL_REASON_NO_SPACE : TILL_REASON_IO,
                  g_strerror (errsv), NULL, "cannot make a copy of the store: %s", g_strerror (errsv));

  return FALSE;
}

/**
 * till_backup_copy:
 * @connection: a connection
 * @path: (type filename): where the copy goes; what is there is gone
 * @error: (out) (optional): %TILL_ERROR_UNREADABLE
 *
 * Copies what is committed, page by page, and waits for the disk.
 *
 * Returns: whether it is there whole
 */
gboolean
till_backup_copy (TillConnection  *connection,
                  const char      *path,
                  GError         **error)
{
  g_autoptr(TillConnection) to = NULL;
  sqlite3_backup *backup;
  int fd;

  (void) unlink (path);
  fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0)
    return set_errno (error);
  close (fd);

  to = till_connection_open (path, SQLITE_OPEN_READWRITE, error);
  if (to == NULL || !till_connection_exec (to, "PRAGMA journal_mode = OFF; PRAGMA synchronous = FULL", error))
    return FALSE;

  backup = sqlite3_backup_init (to->db, "main", connection->db, "main");
  if (backup != NULL)
    {
      (void) sqlite3_backup_step (backup, -1);
      (void) sqlite3_backup_finish (backup);
    }
  if (backup == NULL || sqlite3_errcode (to->db) != SQLITE_OK)
    {
      till_connection_set_error (to, error);
      return FALSE;
    }

  return TRUE;
}

/* The folder is synced as well, so that a power cut does not lose the name. */
static gboolean
finish (const char  *folder,
        const char  *from,
        const char  *to,
        GError     **error)
{
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean done;

  if (fd < 0)
    return set_errno (error);

  done = rename (from, to) == 0 && fsync (fd) == 0;
  if (!done)
    set_errno (error);
  close (fd);

  return done;
}

static void
drop_old (const char *folder)
{
  g_autoptr(GPtrArray) names = till_backup_list (folder);

  for (guint i = 0; i + TILL_STORE_KEPT_BACKUPS < names->len; i++)
    {
      g_autofree char *old = g_build_filename (folder, TILL_STORE_BACKUPS, g_ptr_array_index (names, i), NULL);

      (void) unlink (old);
    }
}

/**
 * till_backup_is_due:
 * @folder: (type filename): folder of the store
 * @now: the time
 * @version: schema version of the store
 *
 * Returns: whether there is no copy of this day yet
 */
gboolean
till_backup_is_due (const char *folder,
                    gint64      now,
                    int         version)
{
  g_autofree char *name = make_name (now, version);
  g_autofree char *path = g_build_filename (folder, TILL_STORE_BACKUPS, name, NULL);

  return access (path, F_OK) != 0;
}

/**
 * till_backup_make:
 * @connection: an opened store that was found whole
 * @folder: (type filename): its folder
 * @now: the time
 * @version: its schema version
 * @error: (out) (optional): %TILL_ERROR_UNREADABLE
 *
 * Makes today's copy, in place of the one that there may be, and drops all but
 * the last %TILL_STORE_KEPT_BACKUPS. A copy has its name only once it is whole.
 *
 * Returns: whether it is there
 */
gboolean
till_backup_make (TillConnection  *connection,
                  const char      *folder,
                  gint64           now,
                  int              version,
                  GError         **error)
{
  g_autofree char *path = g_build_filename (folder, TILL_STORE_BACKUPS, NULL);
  g_autofree char *name = make_name (now, version);
  g_autofree char *unfinished = g_build_filename (path, UNFINISHED, NULL);
  g_autofree char *finished = g_build_filename (path, name, NULL);

  if (!till_file_make_dir (path, error))
    return FALSE;

  if (!till_backup_copy (connection, unfinished, error) || !finish (path, unfinished, finished, error))
    {
      (void) unlink (unfinished);
      return FALSE;
    }

  drop_old (folder);
  return TRUE;
}

/**
 * till_backup_exists:
 * @folder: (type filename): folder of a store
 *
 * Returns: whether there is any copy: so there was a store
 */
gboolean
till_backup_exists (const char *folder)
{
  g_autoptr(GPtrArray) names = till_backup_list (folder);

  return names->len > 0;
}
