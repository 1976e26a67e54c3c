/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one connection to the database: statements, transactions, and what its errors mean. */
#include "config.h"

#include "till-sqlite-private.h"

#include <errno.h>

/* How long another process may hold the database: a reader for the time of one list, never longer. */
#define BUSY_MS 5000

/* No value and no statement of ours comes near. */
#define MOST_VALUE_BYTES (16 * 1024 * 1024)

static const char busy_text[] = "the store is in use by another program; try again when it is done";
static const char damaged_text[] =
  "the store is damaged; nothing was changed, and copies of the last days are in its folder \"backup\"";

static void
set_io_error (int      errsv,
              GError **error)
{
  if (errsv == ENOSPC || errsv == EDQUOT)
    till_set_error (error, TILL_ERROR_UNREADABLE, TILL_REASON_NO_SPACE, NULL, NULL,
                    "cannot write to the store: the disk is full; nothing was changed");
  else if (errsv == EROFS || errsv == EACCES || errsv == EPERM)
    till_set_error (error, TILL_ERROR_UNREADABLE, TILL_REASON_STORE_READ_ONLY, NULL, NULL,
                    "cannot write to the store: its folder is read-only; nothing was changed");
  else
    till_set_error (error, TILL_ERROR_UNREADABLE, TILL_REASON_IO, errsv != 0 ? g_strerror (errsv) : NULL, NULL,
                    "cannot read or write the store: %s; nothing was changed",
                    errsv != 0 ? g_strerror (errsv) : "the disk does not answer as it should");
}

static void
set_constraint_error (TillConnection  *self,
                      int              code,
                      GError         **error)
{
  /* What a trigger of ours says is a sentence already. */
  if (code == SQLITE_CONSTRAINT_TRIGGER)
    till_set_error (error, TILL_ERROR_CONFLICT, TILL_REASON_NONE, NULL, NULL, "%s", sqlite3_errmsg (self->db));
  else if (code == SQLITE_CONSTRAINT_CHECK || code == SQLITE_CONSTRAINT_NOTNULL)
    till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_FIELD, NULL, NULL,
                    "the store refuses a value that makes no sense");
  else
    till_set_error (error, TILL_ERROR_CONFLICT, TILL_REASON_NONE, NULL, NULL,
                    "the store refuses a record that contradicts another one");
}

/**
 * till_connection_set_error:
 * @self: a connection
 * @error: (out) (optional): what its last failure means
 *
 * Makes a sentence of what the database has just said. Where the failure is one
 * of the file, the transaction can't be committed any more.
 */
void
till_connection_set_error (TillConnection  *self,
                           GError         **error)
{
  int code = sqlite3_extended_errcode (self->db);
  g_autoptr(GError) made = NULL;
  gboolean fatal = TRUE;

  switch (code & 0xff)
    {
    case SQLITE_FULL:
      set_io_error (ENOSPC, &made);
      break;

    case SQLITE_IOERR:
    case SQLITE_PERM:
      set_io_error (sqlite3_system_errno (self->db), &made);
      break;

    case SQLITE_CANTOPEN:
      set_io_error (sqlite3_system_errno (self->db) != 0 ? sqlite3_system_errno (self->db) : EACCES, &made);
      break;

    case SQLITE_READONLY:
      if (self->reading)
        till_set_error (&made, TILL_ERROR_UNREADABLE, TILL_REASON_STORE_READ_ONLY, NULL, NULL,
                        "the store was opened for reading only; nothing was changed");
      else
        set_io_error (EROFS, &made);
      /* Whoever only wanted to keep what was seen may go on reading. */
      fatal = !self->reading;
      break;

    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_MISMATCH:
      till_set_error (&made, TILL_ERROR_DAMAGED, TILL_REASON_STORE_DAMAGED, NULL, NULL, "%s", damaged_text);
      break;

    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      till_set_error (&made, TILL_ERROR_STORE_LOCKED, TILL_REASON_STORE_IN_USE, NULL, NULL, "%s", busy_text);
      break;

    case SQLITE_CONSTRAINT:
      set_constraint_error (self, code, &made);
      fatal = FALSE;
      break;

    case SQLITE_TOOBIG:
      till_set_error (&made, TILL_ERROR_REJECTED, TILL_REASON_TOO_LARGE, NULL, NULL,
                      "the store refuses a value that is too long");
      fatal = FALSE;
      break;

    default:
      till_set_error (&made, TILL_ERROR_INTERNAL, TILL_REASON_NONE, NULL, NULL,
                      "the store failed: %s", sqlite3_errstr (code));
      break;
    }

  if (fatal && self->failed == NULL)
    self->failed = g_error_copy (made);

  g_propagate_error (error, g_steal_pointer (&made));
}

static gboolean
configure (TillConnection  *self,
           GError         **error)
{
  sqlite3_extended_result_codes (self->db, 1);
  sqlite3_busy_timeout (self->db, BUSY_MS);
  sqlite3_limit (self->db, SQLITE_LIMIT_LENGTH, MOST_VALUE_BYTES);
  sqlite3_limit (self->db, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);

  /* None of these reads the file; what does is in till_store_files_open(). */
  return till_connection_exec (self,
                               "PRAGMA mmap_size = 0;"
                               "PRAGMA temp_store = MEMORY;"
                               "PRAGMA cell_size_check = ON;", error);
}

/**
 * till_connection_open:
 * @path: (type filename): the database file, or ":memory:"
 * @flags: SQLITE_OPEN_…
 * @error: (out) (optional): %TILL_ERROR_UNREADABLE
 *
 * Opens the file and reads nothing of it yet.
 *
 * Returns: (transfer full): a connection, %NULL where it fails
 */
TillConnection *
till_connection_open (const char  *path,
                      int          flags,
                      GError     **error)
{
  g_autoptr(TillConnection) self = g_new0 (TillConnection, 1);

  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (sqlite3_open_v2 (path, &self->db, flags | SQLITE_OPEN_FULLMUTEX, NULL) != SQLITE_OK)
    {
      sqlite3_extended_result_codes (self->db, 1);
      till_connection_set_error (self, error);
      return NULL;
    }

  if (!configure (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * till_connection_free:
 * @self: (transfer full): a connection
 *
 * Closes it. A transaction that is open is rolled back.
 */
void
till_connection_free (TillConnection *self)
{
  GHashTableIter iter;
  gpointer statement;

  g_hash_table_iter_init (&iter, self->statements);
  while (g_hash_table_iter_next (&iter, NULL, &statement))
    sqlite3_finalize (statement);
  g_hash_table_unref (self->statements);

  sqlite3_close (self->db);
  g_clear_error (&self->failed);
  g_free (self);
}

/**
 * till_connection_exec:
 * @self: a connection
 * @sql: statements whose results don't matter
 * @error: (out) (optional): as till_connection_set_error()
 *
 * Returns: whether all of them were done
 */
gboolean
till_connection_exec (TillConnection  *self,
                      const char      *sql,
                      GError         **error)
{
  if (sqlite3_exec (self->db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;

  till_connection_set_error (self, error);
  return FALSE;
}

/**
 * till_connection_prepare:
 * @self: a connection
 * @sql: one statement
 * @error: (out) (optional): as till_connection_set_error()
 *
 * Returns: (transfer none) (nullable): the statement, fresh; it stays with the connection
 */
sqlite3_stmt *
till_connection_prepare (TillConnection  *self,
                         const char      *sql,
                         GError         **error)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->statements, sql);

  if (statement != NULL)
    {
      sqlite3_reset (statement);
      sqlite3_clear_bindings (statement);
      return statement;
    }

  if (sqlite3_prepare_v3 (self->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
    {
      till_connection_set_error (self, error);
      return NULL;
    }

  g_hash_table_insert (self->statements, g_strdup (sql), statement);
  return statement;
}

/**
 * till_connection_run:
 * @self: a connection
 * @statement: (transfer none): a statement of it that gives no rows, bound
 * @error: (out) (optional): as till_connection_set_error()
 *
 * Returns: whether it was done
 */
gboolean
till_connection_run (TillConnection  *self,
                     sqlite3_stmt    *statement,
                     GError         **error)
{
  int code;

  do
    code = sqlite3_step (statement);
  while (code == SQLITE_ROW);

  if (code != SQLITE_DONE)
    till_connection_set_error (self, error);

  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);

  return code == SQLITE_DONE;
}

/**
 * till_connection_query_int:
 * @self: a connection
 * @sql: one statement that gives one number
 * @value: (out): the number; 0 where there is no row
 * @error: (out) (optional): as till_connection_set_error()
 *
 * Returns: whether it was done
 */
gboolean
till_connection_query_int (TillConnection  *self,
                           const char      *sql,
                           gint64          *value,
                           GError         **error)
{
  sqlite3_stmt *statement = till_connection_prepare (self, sql, error);
  int code;

  *value = 0;
  if (statement == NULL)
    return FALSE;

  code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    *value = sqlite3_column_int64 (statement, 0);
  else if (code != SQLITE_DONE)
    till_connection_set_error (self, error);

  sqlite3_reset (statement);

  return code == SQLITE_ROW || code == SQLITE_DONE;
}

/**
 * till_connection_read_header:
 * @self: a connection
 * @header: (out caller-allocates) (array length=size): first bytes of the file
 * @size: how many
 *
 * Reads them past the database's own reading, without a lock, so that a file
 * that is not ours is not touched at all. It goes through the database's own
 * descriptor: closing another one would drop the locks of this process.
 *
 * Returns: whether the file has as many
 */
gboolean
till_connection_read_header (TillConnection *self,
                             guint8         *header,
                             gsize           size)
{
  sqlite3_file *file = NULL;

  return sqlite3_file_control (self->db, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK &&
         file != NULL && file->pMethods != NULL &&
         file->pMethods->xRead (file, header, (int) size, 0) == SQLITE_OK;
}

/* The counter in the file that each commit moves on. */
static guint32
read_changes (TillConnection *self)
{
  guint8 header[28];

  if (!till_connection_read_header (self, header, sizeof header))
    return 0;

  return (guint32) header[24] << 24 | (guint32) header[25] << 16 | (guint32) header[26] << 8 | header[27];
}

/**
 * till_connection_begin:
 * @self: a connection
 * @error: (out) (optional): as till_connection_set_error()
 *
 * Begins a transaction; one that may write takes the right to at once, so that
 * it never fails half way for want of it.
 *
 * Returns: whether it has begun
 */
gboolean
till_connection_begin (TillConnection  *self,
                       GError         **error)
{
  g_clear_error (&self->failed);

  if (!till_connection_exec (self, self->reading ? "BEGIN" : "BEGIN IMMEDIATE", error))
    return FALSE;

  self->changes = read_changes (self);

  return TRUE;
}

/* A list that was left half read would keep the transaction open. */
static void
reset_statements (TillConnection *self)
{
  sqlite3_stmt *statement = NULL;

  while ((statement = sqlite3_next_stmt (self->db, statement)) != NULL)
    sqlite3_reset (statement);
}

/* The disk failed in the last step: whether that was before or after the
 * transaction counts shows when the file is read again. */
static gboolean
was_kept (TillConnection *self)
{
  gint64 version;

  return !till_connection_query_int (self, "PRAGMA schema_version", &version, NULL) ||
         read_changes (self) != self->changes;
}

/**
 * till_connection_commit:
 * @self: a connection with a transaction
 * @error: (out) (optional): as till_connection_set_error()
 *
 * Commits it and waits for the disk. Where that fails it is rolled back.
 *
 * Returns: whether all of it is kept, also after a power cut
 */
gboolean
till_connection_commit (TillConnection  *self,
                        GError         **error)
{
  g_autoptr(GError) made = NULL;

  /* After some failures the database rolls back by itself; what came later
   * would be kept without what came before. */
  if (self->failed == NULL && sqlite3_get_autocommit (self->db))
    till_set_error (&self->failed, TILL_ERROR_INTERNAL, TILL_REASON_NONE, NULL, NULL,
                    "the store has rolled back; nothing was changed");

  if (self->failed != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&self->failed));
      till_connection_rollback (self);
      return FALSE;
    }

  reset_statements (self);
  if (till_connection_exec (self, "COMMIT", &made))
    return TRUE;

  till_connection_rollback (self);
  if (!self->reading && till_error_get_reason (made) == TILL_REASON_IO && was_kept (self))
    {
      g_autoptr(GError) first = g_steal_pointer (&made);

      till_set_error (&made, TILL_ERROR_UNREADABLE, TILL_REASON_IO, till_error_get_detail (first), NULL,
                      "cannot write the store to the end: %s; whether the last change is kept shows at the next start",
                      till_error_get_detail (first) != NULL ? till_error_get_detail (first) : "the disk failed");
    }
  g_clear_error (&self->failed);

  g_propagate_error (error, g_steal_pointer (&made));
  return FALSE;
}

/**
 * till_connection_rollback:
 * @self: a connection
 *
 * Undoes the transaction whole. Where even that fails, the journal undoes it
 * when the file is read the next time.
 */
void
till_connection_rollback (TillConnection *self)
{
  reset_statements (self);
  if (!sqlite3_get_autocommit (self->db))
    (void) sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
  g_clear_error (&self->failed);
}
