/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folder, lock and file of the store: what is checked before anything is read, and never altered (G28, G29). */
#include "config.h"

#include "till-sqlite-private.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "till-file.h"

/* TILL_STORE_WAIT: how long, and how often it asks. */
#define WAIT_US (5 * G_USEC_PER_SEC)
#define WAIT_STEP_US 20000

/* Up to so many pages (4 MiB) the whole file is checked at each start, larger ones once a day. */
#define CHECKED_PAGES 1024

/* The header of a database file (SQLite's file format, 1.3). */
#define HEADER_BYTES 100
#define HEADER_USER_VERSION 60
#define HEADER_APPLICATION_ID 68

static const char magic[16] = "SQLite format 3";

static gboolean
set_errno (const char  *what,
           int          errsv,
           GError     **error)
{
  if (errsv == EACCES || errsv == EPERM || errsv == EROFS)
    till_set_error (error, TILL_ERROR_UNREADABLE, TILL_REASON_STORE_READ_ONLY, what, NULL,
                    "cannot open the store in \"%s\": the folder is read-only, or belongs to someone else", what);
  else if (errsv == ENOSPC || errsv == EDQUOT)
    till_set_error (error, TILL_ERROR_UNREADABLE, TILL_REASON_NO_SPACE, what, NULL,
                    "cannot open the store in \"%s\": the disk is full; nothing was changed", what);
  else
    till_set_error (error, TILL_ERROR_UNREADABLE, TILL_REASON_IO, g_strerror (errsv), NULL,
                    "cannot open the store in \"%s\": %s", what, g_strerror (errsv));

  return FALSE;
}

static gboolean
set_damaged (const char  *folder,
             const char  *problem,
             GError     **error)
{
  till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_STORE_DAMAGED, folder, NULL,
                  "the store in \"%s\" %s; nothing was changed, and copies of the last days are in its folder \"backup\"",
                  folder, problem);

  return FALSE;
}

static gboolean
set_newer (gint64    version,
           GError  **error)
{
  const gint64 numbers[2] = { version, TILL_STORE_SCHEMA };

  till_set_error (error, TILL_ERROR_STORE_NEWER, TILL_REASON_NONE, NULL, numbers,
                  "the store was written by a newer version of Tillkeeper; nothing was changed");

  return FALSE;
}

/* Others may not look in. Where the file system has no modes there is nothing to be done. */
static void
close_to_others (const char *path,
                 mode_t      mode)
{
  struct stat st;

  if (lstat (path, &st) == 0 && !S_ISLNK (st.st_mode) && (st.st_mode & 0077) != 0 && st.st_uid == geteuid ())
    (void) chmod (path, mode);
}

/* Who has the lock, as its file says. */
static char *
read_holder (int fd)
{
  char text[64] = "";
  ssize_t length = pread (fd, text, sizeof text - 1, 0);

  if (length <= 0)
    return NULL;

  text[length] = '\0';
  g_strchomp (text);

  return text[0] != '\0' && g_utf8_validate (text, -1, NULL) ? g_strdup (text) : NULL;
}

/* Network file systems that Linux knows by name; one in user space may be one or not. */
static gboolean
is_on_network (const char *folder)
{
  static const guint32 kinds[] = {
    AFS_SUPER_MAGIC, AFS_FS_MAGIC, CODA_SUPER_MAGIC, NFS_SUPER_MAGIC, SMB_SUPER_MAGIC, V9FS_MAGIC,
    0xff534d42 /* CIFS */, 0xfe534d42 /* SMB 2 */, 0x00c36400 /* Ceph */,
  };
  struct statfs st;

  if (statfs (folder, &st) != 0)
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if ((guint32) st.f_type == kinds[i])
        return TRUE;
    }

  return FALSE;
}

/* Only for the message of who comes second; the lock itself is the kernel's. */
static void
write_holder (int fd)
{
  g_autofree char *name = g_utf8_make_valid (g_get_user_name (), -1);

  if (ftruncate (fd, 0) != 0 || pwrite (fd, name, strlen (name), 0) < 0)
    errno = 0;
}

static gboolean
set_in_use (int       fd,
            GError  **error)
{
  g_autofree char *holder = read_holder (fd);

  till_set_error (error, TILL_ERROR_STORE_LOCKED, TILL_REASON_STORE_IN_USE, holder, NULL,
                  "the store is in use by another Tillkeeper%s%s; close that one first",
                  holder != NULL ? " of user " : "", holder != NULL ? holder : "");

  return FALSE;
}

/**
 * till_store_files_lock:
 * @self: gets the lock
 * @folder: (type filename): folder of the store
 * @wait: whether to wait up to five seconds for it
 * @cancellable: (nullable): ends the waiting
 * @error: (out) (optional): %TILL_ERROR_STORE_LOCKED, %TILL_ERROR_UNREADABLE
 *
 * Takes the lock of the folder. The kernel lets go of it when we end, however we end.
 *
 * Returns: whether it was taken; else till_store_files_close() is still due
 */
gboolean
till_store_files_lock (TillStoreFiles   *self,
                       const char       *folder,
                       gboolean          wait,
                       GCancellable     *cancellable,
                       GError          **error)
{
  g_autofree char *path = g_build_filename (folder, TILL_STORE_LOCK, NULL);
  gint64 until = g_get_monotonic_time () + (wait ? WAIT_US : 0);

  self->lock_fd = open (path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (self->lock_fd < 0)
    return set_errno (folder, errno, error);

  while (flock (self->lock_fd, LOCK_EX | LOCK_NB) != 0)
    {
      if (errno != EWOULDBLOCK && errno != EINTR)
        return set_errno (folder, errno, error);

      if (g_get_monotonic_time () >= until)
        return set_in_use (self->lock_fd, error);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;

      g_usleep (WAIT_STEP_US);
    }

  write_holder (self->lock_fd);
  close_to_others (path, 0600);

  return TRUE;
}

static guint32
read_number (const guint8 *bytes)
{
  return (guint32) bytes[0] << 24 | (guint32) bytes[1] << 16 | (guint32) bytes[2] << 8 | bytes[3];
}

/* A file that is not ours, or of a newer version, is told from its first bytes,
 * before the database touches it. Where a crash has left a journal these may be
 * half written; then the database puts them right first. */
static gboolean
check_header (TillConnection  *connection,
              const char      *folder,
              GError         **error)
{
  g_autofree char *journal = g_build_filename (folder, TILL_STORE_FILE "-journal", NULL);
  guint8 header[HEADER_BYTES];
  gboolean unsettled;
  gboolean ours;
  struct stat st;

  unsettled = stat (journal, &st) == 0 && st.st_size > 0;
  ours = till_connection_read_header (connection, header, sizeof header) &&
         memcmp (header, magic, sizeof magic) == 0 &&
         read_number (header + HEADER_APPLICATION_ID) == TILL_STORE_APPLICATION_ID;

  if (ours && read_number (header + HEADER_USER_VERSION) > TILL_STORE_SCHEMA)
    return set_newer (read_number (header + HEADER_USER_VERSION), error);

  if (!ours && !unsettled)
    return set_damaged (folder, "is damaged: its file is none of Tillkeeper", error);

  return TRUE;
}

/* version: (out): 0 for a file that holds nothing yet */
static gboolean
check_version (TillConnection  *connection,
               const char      *folder,
               gint64          *version,
               GError         **error)
{
  gint64 pages;
  gint64 id;

  if (!till_connection_query_int (connection, "PRAGMA user_version", version, error) ||
      !till_connection_query_int (connection, "PRAGMA application_id", &id, error) ||
      !till_connection_query_int (connection, "PRAGMA page_count", &pages, error))
    return FALSE;

  if (pages == 0)
    return TRUE;

  if (*version > TILL_STORE_SCHEMA && id == TILL_STORE_APPLICATION_ID)
    return set_newer (*version, error);

  if (*version < 1 || id != TILL_STORE_APPLICATION_ID)
    return set_damaged (folder, "is damaged: its file is none of Tillkeeper", error);

  return TRUE;
}

/**
 * till_store_check_pages:
 * @connection: a connection
 * @folder: (type filename): folder of the store
 * @error: (out) (optional): %TILL_ERROR_DAMAGED
 *
 * Looks through the file, so that no damage is copied over the good copies.
 *
 * Returns: whether it is whole
 */
gboolean
till_store_check_pages (TillConnection  *connection,
                        const char      *folder,
                        GError         **error)
{
  sqlite3_stmt *statement = till_connection_prepare (connection, "PRAGMA quick_check (1)", error);
  gboolean whole;
  int code;

  if (statement == NULL)
    return FALSE;

  code = sqlite3_step (statement);
  whole = code == SQLITE_ROW && g_strcmp0 ((const char *) sqlite3_column_text (statement, 0), "ok") == 0;
  if (code != SQLITE_ROW)
    till_connection_set_error (connection, error);
  else if (!whole)
    set_damaged (folder, "is damaged", error);
  sqlite3_reset (statement);

  return whole;
}

/* A reader alters no file, so an older store is brought up to date in memory. */
static gboolean
migrate_in_memory (TillStoreFiles  *self,
                   int              version,
                   GError         **error)
{
  g_autoptr(TillConnection) memory = till_connection_open (":memory:", SQLITE_OPEN_READWRITE, error);
  sqlite3_backup *backup;

  if (memory == NULL)
    return FALSE;

  if (self->connection != NULL)
    {
      backup = sqlite3_backup_init (memory->db, "main", self->connection->db, "main");
      if (backup == NULL || sqlite3_backup_step (backup, -1) != SQLITE_DONE || sqlite3_backup_finish (backup) != SQLITE_OK)
        {
          till_connection_set_error (memory, error);
          return FALSE;
        }
      till_connection_free (self->connection);
    }
  self->connection = g_steal_pointer (&memory);

  return till_schema_migrate (self->connection, version, error);
}

static gboolean
open_for_reading (TillStoreFiles  *self,
                  const char      *folder,
                  const char      *path,
                  gboolean         empty,
                  GError         **error)
{
  gint64 version = 0;

  if (!empty)
    {
      /* After a crash the journal is played back, which needs to write; a
       * folder that can't be written to is read all the same. */
      self->connection = till_connection_open (path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, NULL);
      if (self->connection == NULL)
        self->connection = till_connection_open (path, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW, error);
      if (self->connection == NULL ||
          !check_header (self->connection, folder, error) ||
          !check_version (self->connection, folder, &version, error))
        return FALSE;
    }

  if (version < TILL_STORE_SCHEMA && !migrate_in_memory (self, (int) version, error))
    return FALSE;

  self->connection->reading = TRUE;

  return till_connection_exec (self->connection, "PRAGMA query_only = ON", error);
}

/* The journal gets the mode of the file. */
static gboolean
create_file (const char  *folder,
             const char  *path,
             GError     **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

  if (fd < 0)
    return set_errno (folder, errno, error);

  (void) fchmod (fd, 0600);
  close (fd);

  return TRUE;
}

static gboolean
bring_up_to_date (TillStoreFiles  *self,
                  const char      *folder,
                  gint64           now,
                  GError         **error)
{
  g_autoptr(GError) not_copied = NULL;
  gboolean due;
  gint64 version;
  gint64 pages;

  if (!check_version (self->connection, folder, &version, error) ||
      !till_connection_query_int (self->connection, "PRAGMA page_count", &pages, error))
    return FALSE;

  due = version > 0 && till_backup_is_due (folder, now, (int) version);
  if (version > 0 && (due || pages <= CHECKED_PAGES) && !till_store_check_pages (self->connection, folder, error))
    return FALSE;

  /* Without a copy there is no migration; a day without one is borne. */
  if (due && !till_backup_make (self->connection, folder, now, (int) version, &not_copied))
    {
      if (version < TILL_STORE_SCHEMA)
        {
          g_propagate_error (error, g_steal_pointer (&not_copied));
          return FALSE;
        }
      g_info ("%s", not_copied->message);
    }

  return till_schema_migrate (self->connection, (int) version, error);
}

static gboolean
open_for_writing (TillStoreFiles  *self,
                  const char      *folder,
                  const char      *path,
                  gboolean         empty,
                  gint64           now,
                  GError         **error)
{
  if (empty && !create_file (folder, path, error))
    return FALSE;
  close_to_others (path, 0600);

  self->connection = till_connection_open (path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, error);
  if (self->connection == NULL)
    return FALSE;

  /* Where it may not be written the database falls back to reading without a word. */
  if (sqlite3_db_readonly (self->connection->db, "main") == 1)
    return set_errno (folder, EROFS, error);

  if (!empty && !check_header (self->connection, folder, error))
    return FALSE;

  return till_connection_exec (self->connection,
                               "PRAGMA journal_mode = TRUNCATE;"
                               "PRAGMA synchronous = FULL;"
                               "PRAGMA secure_delete = ON;", error) &&
         bring_up_to_date (self, folder, now, error);
}

/* A missing file beside copies of it is no reason to begin anew. */
static gboolean
find_file (const char  *folder,
           const char  *path,
           gboolean    *empty,
           GError     **error)
{
  struct stat st = { 0 };

  *empty = FALSE;
  if (lstat (path, &st) == 0)
    {
      if (!S_ISREG (st.st_mode))
        return set_damaged (folder, "is damaged: its file is not a regular one", error);
      *empty = st.st_size == 0;
    }
  else if (errno == ENOENT)
    {
      *empty = TRUE;
    }
  else
    {
      return set_errno (folder, errno, error);
    }

  if (*empty && till_backup_exists (folder))
    return set_damaged (folder, "is gone, though copies of it are there", error);

  return TRUE;
}

/**
 * till_store_files_open:
 * @self: (out caller-allocates): gets the connection and the lock
 * @folder: (type filename): folder of the store
 * @access: how it is opened
 * @clock: says which day it is
 * @cancellable: (nullable): ends the waiting
 * @error: (out) (optional): as till_sqlite_store_open_finish()
 *
 * Returns: whether it is open; else nothing is held, and no file was altered
 */
gboolean
till_store_files_open (TillStoreFiles   *self,
                       const char       *folder,
                       TillStoreAccess   access,
                       TillClock        *clock,
                       GCancellable     *cancellable,
                       GError          **error)
{
  gboolean reading = access == TILL_STORE_READ;
  g_autofree char *resolved = NULL;
  g_autofree char *path = NULL;
  gboolean done;
  gboolean empty = TRUE;

  self->connection = NULL;
  self->lock_fd = -1;
  self->network = FALSE;

  if (!reading && !till_file_make_dir (folder, error))
    return FALSE;

  /* The way to the folder may hold links; the file itself may be none. */
  resolved = realpath (folder, NULL);
  if (resolved == NULL && !(reading && errno == ENOENT))
    return set_errno (folder, errno, error);

  self->network = resolved != NULL && is_on_network (resolved);
  path = g_build_filename (resolved != NULL ? resolved : folder, TILL_STORE_FILE, NULL);
  if (reading)
    {
      done = (resolved == NULL || find_file (resolved, path, &empty, error)) &&
             open_for_reading (self, folder, path, empty, error);
    }
  else
    {
      close_to_others (resolved, 0700);
      done = till_store_files_lock (self, resolved, access == TILL_STORE_WAIT, cancellable, error) &&
             find_file (resolved, path, &empty, error) &&
             open_for_writing (self, resolved, path, empty, till_clock_get_now (clock), error);
    }

  if (!done)
    till_store_files_close (self);

  return done;
}

/**
 * till_store_files_close:
 * @self: an opened store
 *
 * Closes the database first, then lets go of the lock.
 */
void
till_store_files_close (TillStoreFiles *self)
{
  g_clear_pointer (&self->connection, till_connection_free);
  if (self->lock_fd >= 0)
    close (self->lock_fd);
  self->lock_fd = -1;
}
