/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the SQLite store share. All of it belongs to the store's own thread. */
#pragma once

#include <sqlite3.h>

#include "till-error.h"
#include "till-sqlite-store.h"

G_BEGIN_DECLS

/* "Till": tells our files from those of other programs. */
#define TILL_STORE_APPLICATION_ID 0x54696c6c

#define TILL_STORE_FILE    "tillkeeper.db"
#define TILL_STORE_LOCK    "tillkeeper.lock"
#define TILL_STORE_BACKUPS "backup"

/* How many daily copies are kept. */
#define TILL_STORE_KEPT_BACKUPS 5

/* What values may be as long as, in bytes. */
#define TILL_STORE_SHORT_BYTES  1024
#define TILL_STORE_MEDIUM_BYTES (64 * 1024)
#define TILL_STORE_LONG_BYTES   (1024 * 1024)

/**
 * TillConnection:
 * @db: (owned)
 * @statements: (owned): prepared statements by their SQL
 * @reading: opened with %TILL_STORE_READ: nothing may be changed
 * @failed: (owned) (nullable): why this transaction can't be committed any more
 * @changes: the file's change counter when the transaction began
 *
 * The one connection to the database, with its statements.
 */
typedef struct
{
  sqlite3    *db;
  GHashTable *statements;
  gboolean    reading;
  GError     *failed;
  guint32     changes;
} TillConnection;

TillConnection *till_connection_open        (const char        *path,
                                             int                flags,
                                             GError           **error) G_GNUC_WARN_UNUSED_RESULT;
void            till_connection_free        (TillConnection    *self);
void            till_connection_set_error   (TillConnection    *self,
                                             GError           **error);
gboolean        till_connection_exec        (TillConnection    *self,
                                             const char        *sql,
                                             GError           **error);
sqlite3_stmt   *till_connection_prepare     (TillConnection    *self,
                                             const char        *sql,
                                             GError           **error);
gboolean        till_connection_run         (TillConnection    *self,
                                             sqlite3_stmt      *statement,
                                             GError           **error);
gboolean        till_connection_query_int   (TillConnection    *self,
                                             const char        *sql,
                                             gint64            *value,
                                             GError           **error);
gboolean        till_connection_read_header (TillConnection    *self,
                                             guint8            *header,
                                             gsize              size);
gboolean        till_connection_begin       (TillConnection    *self,
                                             GError           **error);
gboolean        till_connection_commit      (TillConnection    *self,
                                             GError           **error);
void            till_connection_rollback    (TillConnection    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillConnection, till_connection_free)

/**
 * TillColumnKind:
 * @TILL_COLUMN_TEXT: char *
 * @TILL_COLUMN_BYTES: GBytes *
 * @TILL_COLUMN_NUMBER: gint64
 * @TILL_COLUMN_ROW: gint64; 0 lets the database choose
 * @TILL_COLUMN_TIME: gint64; %TILL_TIME_UNKNOWN is NULL in the database
 * @TILL_COLUMN_INT: int, guint or gboolean, not negative
 * @TILL_COLUMN_ENVIRONMENT: TillEnvironment, a word in the database
 * @TILL_COLUMN_STATE: TillIntentState, a word in the database
 */
typedef enum
{
  TILL_COLUMN_TEXT,
  TILL_COLUMN_BYTES,
  TILL_COLUMN_NUMBER,
  TILL_COLUMN_ROW,
  TILL_COLUMN_TIME,
  TILL_COLUMN_INT,
  TILL_COLUMN_ENVIRONMENT,
  TILL_COLUMN_STATE,
} TillColumnKind;

/**
 * TillColumn:
 * @offset: of the member in the record
 * @limit: most bytes of a text or of bytes
 * @required: may not be %NULL
 *
 * A column and the member of a record that it keeps.
 */
typedef struct
{
  const char     *name;
  TillColumnKind  kind;
  gsize           offset;
  gsize           limit;
  gboolean        required;
} TillColumn;

/**
 * TillTable:
 * @columns: (array length=n_columns): profile_id first where it has one
 * @key: (nullable): the columns that tell a row from the others, as in SQL; a row that is there is
 *   updated. %NULL: a row is only ever added
 * @of_profile: its rows belong to a profile and have its environment beside the columns
 *
 * How a kind of record is kept.
 */
typedef struct
{
  const char       *name;
  const TillColumn *columns;
  guint             n_columns;
  const char       *key;
  gboolean          of_profile;
  gpointer       (* make) (void);
  GDestroyNotify    destroy;
} TillTable;

extern const TillTable till_table_profiles;
extern const TillTable till_table_keys;
extern const TillTable till_table_uploads;
extern const TillTable till_table_seen;
extern const TillTable till_table_files;
extern const TillTable till_table_devices;
extern const TillTable till_table_intents;
extern const TillTable till_table_log;

gboolean        till_check_text             (const char        *field,
                                             const char        *value,
                                             gsize              limit,
                                             GError           **error);
gboolean        till_table_check            (const TillTable   *table,
                                             gconstpointer      record,
                                             GError           **error);
gboolean        till_table_put              (TillConnection    *connection,
                                             const TillTable   *table,
                                             gconstpointer      record,
                                             GError           **error);
gpointer        till_table_read             (TillConnection    *connection,
                                             const TillTable   *table,
                                             sqlite3_stmt      *statement,
                                             GError           **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray      *till_table_list             (TillConnection    *connection,
                                             const TillTable   *table,
                                             const char        *clause,
                                             const char        *text,
                                             gint64             number,
                                             GError           **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean        till_schema_migrate         (TillConnection    *connection,
                                             int                from,
                                             GError           **error);

gboolean        till_log_append             (TillConnection    *connection,
                                             TillClock         *clock,
                                             TillLogRecord     *record,
                                             GError           **error);
gboolean        till_log_verify             (TillConnection    *connection,
                                             gint64            *first_wrong,
                                             GError           **error);

gboolean        till_backup_is_due          (const char        *folder,
                                             gint64             now,
                                             int                version);
gboolean        till_backup_make            (TillConnection    *connection,
                                             const char        *folder,
                                             gint64             now,
                                             int                version,
                                             GError           **error);
gboolean        till_backup_copy            (TillConnection    *connection,
                                             const char        *path,
                                             GError           **error);
gboolean        till_backup_exists          (const char        *folder);
GPtrArray      *till_backup_list            (const char        *folder) G_GNUC_WARN_UNUSED_RESULT;

/**
 * TillStoreFiles:
 * @connection: (owned)
 * @lock_fd: holds the lock as long as it is open; -1 for a reader
 * @network: the folder is on a disk of another computer, whose locks may be worth less
 *
 * An opened store.
 */
typedef struct
{
  TillConnection *connection;
  int             lock_fd;
  gboolean        network;
} TillStoreFiles;

gboolean        till_store_files_open       (TillStoreFiles    *self,
                                             const char        *folder,
                                             TillStoreAccess    access,
                                             TillClock         *clock,
                                             GCancellable      *cancellable,
                                             GError           **error);
gboolean        till_store_files_lock       (TillStoreFiles    *self,
                                             const char        *folder,
                                             gboolean           wait,
                                             GCancellable      *cancellable,
                                             GError           **error);
void            till_store_files_close      (TillStoreFiles    *self);
gboolean        till_store_check_pages      (TillConnection    *connection,
                                             const char        *folder,
                                             GError           **error);

#define TILL_TYPE_SQLITE_TRANSACTION (till_sqlite_transaction_get_type ())
G_DECLARE_FINAL_TYPE (TillSqliteTransaction, till_sqlite_transaction, TILL, SQLITE_TRANSACTION, GObject)

/* connection: (nullable) %NULL once the work is over. */
TillSqliteTransaction *till_sqlite_transaction_new (TillConnection        *connection,
                                                    TillClock             *clock) G_GNUC_WARN_UNUSED_RESULT;
void                   till_sqlite_transaction_end (TillSqliteTransaction *self);

G_END_DECLS
