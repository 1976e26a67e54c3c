/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What work reads and writes through: the transaction of the SQLite store. */
#include "config.h"

#include "till-sqlite-private.h"

/*
 * TillSqliteTransaction is made for one piece of work and knows the connection
 * only as long as that work runs.
 */
struct _TillSqliteTransaction
{
  GObject         parent_instance;

  TillConnection *connection;   /* (nullable) NULL once the work is over */
  TillClock      *clock;        /* (owned) */
};

static void till_sqlite_transaction_transaction_init (TillTransactionInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TillSqliteTransaction, till_sqlite_transaction, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TILL_TYPE_TRANSACTION, till_sqlite_transaction_transaction_init))

/* Returns: (transfer none) (nullable): the connection, with an error where the work is over */
static TillConnection *
get_connection (TillTransaction  *transaction,
                GError          **error)
{
  TillSqliteTransaction *self = TILL_SQLITE_TRANSACTION (transaction);

  if (self->connection == NULL)
    till_set_error (error, TILL_ERROR_INTERNAL, TILL_REASON_NONE, NULL, NULL, "the transaction is over");

  return self->connection;
}

static GPtrArray *
list (TillTransaction  *transaction,
      const TillTable  *table,
      const char       *clause,
      const char       *text,
      gint64            number,
      GError          **error)
{
  TillConnection *connection = get_connection (transaction, error);

  return connection != NULL ? till_table_list (connection, table, clause, text, number, error) : NULL;
}

static gboolean
put (TillTransaction  *transaction,
     const TillTable  *table,
     gconstpointer     record,
     GError          **error)
{
  TillConnection *connection = get_connection (transaction, error);

  return connection != NULL && till_table_put (connection, table, record, error);
}

/* Runs one statement with up to two texts; changed: (out) (optional): how many rows. */
static gboolean
run (TillTransaction  *transaction,
     const char       *sql,
     const char       *first,
     const char       *second,
     int              *changed,
     GError          **error)
{
  TillConnection *connection = get_connection (transaction, error);
  sqlite3_stmt *statement;

  if (connection == NULL || (statement = till_connection_prepare (connection, sql, error)) == NULL)
    return FALSE;

  sqlite3_bind_text (statement, 1, first, -1, SQLITE_STATIC);
  if (second != NULL)
    sqlite3_bind_text (statement, 2, second, -1, SQLITE_STATIC);

  if (!till_connection_run (connection, statement, error))
    return FALSE;

  if (changed != NULL)
    *changed = sqlite3_changes (connection->db);

  return TRUE;
}

static gboolean
set_no_profile (GError **error)
{
  till_set_error (error, TILL_ERROR_NOT_FOUND, TILL_REASON_FIELD, "profile_id", NULL, "there is no such profile");
  return FALSE;
}

static GPtrArray *
till_sqlite_transaction_list_profiles (TillTransaction  *self,
                                       GError          **error)
{
  return list (self, &till_table_profiles, "ORDER BY name", NULL, 0, error);
}

static gboolean
till_sqlite_transaction_put_profile (TillTransaction    *self,
                                     const TillProfile  *profile,
                                     GError            **error)
{
  TillConnection *connection = get_connection (self, error);
  sqlite3_stmt *statement;
  int code;

  if (connection == NULL || !till_table_check (&till_table_profiles, profile, error))
    return FALSE;

  /* Asked first, for the sake of a sentence that says which name. */
  statement = till_connection_prepare (connection, "SELECT 1 FROM profiles WHERE name = ?1 AND id <> ?2", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_text (statement, 1, profile->name, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, profile->id, -1, SQLITE_STATIC);
  code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    till_set_error (error, TILL_ERROR_CONFLICT, TILL_REASON_FIELD, "name", NULL,
                    "another profile is named \"%s\" already", profile->name);
  else if (code != SQLITE_DONE)
    till_connection_set_error (connection, error);
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);

  return code == SQLITE_DONE && till_table_put (connection, &till_table_profiles, profile, error);
}

static gboolean
till_sqlite_transaction_remove_profile (TillTransaction  *self,
                                        const char       *profile_id,
                                        GError          **error)
{
  int changed;

  if (!run (self, "DELETE FROM profiles WHERE id = ?1", profile_id, NULL, &changed, error))
    return FALSE;

  return changed > 0 || set_no_profile (error);
}

static char *
till_sqlite_transaction_dup_setting (TillTransaction  *self,
                                     const char       *name,
                                     GError          **error)
{
  TillConnection *connection = get_connection (self, error);
  sqlite3_stmt *statement;
  char *value = NULL;
  int code;

  if (connection == NULL ||
      (statement = till_connection_prepare (connection, "SELECT value FROM settings WHERE name = ?1", error)) == NULL)
    return NULL;

  sqlite3_bind_text (statement, 1, name, -1, SQLITE_STATIC);
  code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    value = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  else if (code != SQLITE_DONE)
    till_connection_set_error (connection, error);
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);

  if (value != NULL && !g_utf8_validate (value, -1, NULL))
    {
      g_clear_pointer (&value, g_free);
      till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_STORE_DAMAGED, "settings", NULL,
                      "the store is damaged: a setting makes no sense");
    }

  return value;
}

static gboolean
till_sqlite_transaction_set_setting (TillTransaction  *self,
                                     const char       *name,
                                     const char       *value,
                                     GError          **error)
{
  if (value == NULL)
    return run (self, "DELETE FROM settings WHERE name = ?1", name, NULL, NULL, error);

  return till_check_text ("name", name, TILL_STORE_SHORT_BYTES, error) &&
         till_check_text ("value", value, TILL_STORE_MEDIUM_BYTES, error) &&
         run (self,
              "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
              name, value, NULL, error);
}

static GPtrArray *
till_sqlite_transaction_list_keys (TillTransaction  *self,
                                   const char       *profile_id,
                                   GError          **error)
{
  return list (self, &till_table_keys, "WHERE profile_id = ?1 ORDER BY valid_from DESC, key_id", profile_id, 0, error);
}

static gboolean
till_sqlite_transaction_put_key (TillTransaction      *self,
                                 const TillKeyRecord  *key,
                                 GError              **error)
{
  return put (self, &till_table_keys, key, error);
}

static GPtrArray *
till_sqlite_transaction_list_uploads (TillTransaction  *self,
                                      const char       *profile_id,
                                      GError          **error)
{
  return list (self, &till_table_uploads, "WHERE profile_id = ?1 ORDER BY uploaded_at DESC, rowid DESC",
               profile_id, 0, error);
}

static gboolean
till_sqlite_transaction_put_upload (TillTransaction         *self,
                                    const TillUploadRecord  *upload,
                                    GError                 **error)
{
  return put (self, &till_table_uploads, upload, error);
}

static GPtrArray *
till_sqlite_transaction_list_seen (TillTransaction  *self,
                                   const char       *profile_id,
                                   GError          **error)
{
  return list (self, &till_table_seen, "WHERE profile_id = ?1 ORDER BY rowid", profile_id, 0, error);
}

static gboolean
put_all_seen (TillTransaction  *self,
              const char       *profile_id,
              GPtrArray        *seen,
              GError          **error)
{
  if (!run (self, "DELETE FROM seen WHERE profile_id = ?1", profile_id, NULL, NULL, error))
    return FALSE;

  for (guint i = 0; i < seen->len; i++)
    {
      const TillSeenRecord *record = g_ptr_array_index (seen, i);

      if (g_strcmp0 (record->profile_id, profile_id) != 0)
        {
          till_set_error (error, TILL_ERROR_CONFLICT, TILL_REASON_FIELD, "profile_id", NULL,
                          "a certificate of one profile can't be put to another");
          return FALSE;
        }

      if (!put (self, &till_table_seen, record, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
till_sqlite_transaction_replace_seen (TillTransaction  *self,
                                      const char       *profile_id,
                                      GPtrArray        *seen,
                                      GError          **error)
{
  TillConnection *connection = get_connection (self, error);
  g_autoptr(GPtrArray) profiles = NULL;

  profiles = list (self, &till_table_profiles, "WHERE id = ?1", profile_id, 0, error);
  if (profiles == NULL)
    return FALSE;
  if (profiles->len == 0)
    return set_no_profile (error);

  if (!till_connection_exec (connection, "SAVEPOINT seen", error))
    return FALSE;

  if (put_all_seen (self, profile_id, seen, error))
    return till_connection_exec (connection, "RELEASE seen", error);

  (void) till_connection_exec (connection, "ROLLBACK TO seen; RELEASE seen", NULL);
  return FALSE;
}

static GPtrArray *
till_sqlite_transaction_list_files (TillTransaction  *self,
                                    GError          **error)
{
  return list (self, &till_table_files, "ORDER BY rowid", NULL, 0, error);
}

static gboolean
till_sqlite_transaction_put_file (TillTransaction       *self,
                                  const TillFileRecord  *file,
                                  GError               **error)
{
  return put (self, &till_table_files, file, error);
}

static gboolean
till_sqlite_transaction_remove_file (TillTransaction  *self,
                                     const char       *uri,
                                     GError          **error)
{
  return run (self, "DELETE FROM files WHERE uri = ?1", uri, NULL, NULL, error);
}

static GPtrArray *
till_sqlite_transaction_list_devices (TillTransaction  *self,
                                      const char       *profile_id,
                                      GError          **error)
{
  return list (self, &till_table_devices, "WHERE profile_id = ?1 ORDER BY pos_id, paired_at DESC, serial",
               profile_id, 0, error);
}

static gboolean
till_sqlite_transaction_put_device (TillTransaction         *self,
                                    const TillDeviceRecord  *device,
                                    GError                 **error)
{
  return put (self, &till_table_devices, device, error);
}

static gboolean
till_sqlite_transaction_remove_device (TillTransaction  *self,
                                       const char       *profile_id,
                                       const char       *serial,
                                       GError          **error)
{
  return run (self, "DELETE FROM devices WHERE profile_id = ?1 AND serial = ?2", profile_id, serial, NULL, error);
}

/* What was written before it was sent stays; a trigger holds to it too. */
static gboolean
update_intent (TillConnection          *connection,
               const TillIntentRecord  *intent,
               GError                 **error)
{
  const char *state = till_intent_state_to_word (intent->state);
  sqlite3_stmt *statement;

  statement = till_connection_prepare (connection,
                                       "UPDATE intents SET state = ?3, tries = ?4, ended_at = ?5, note = ?6, subject = ?7"
                                       " WHERE id = ?1 AND profile_id = ?2", error);
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, intent->id);
  sqlite3_bind_text (statement, 2, intent->profile_id, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 3, state, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 4, intent->tries);
  if (intent->ended_at != TILL_TIME_UNKNOWN)
    sqlite3_bind_int64 (statement, 5, intent->ended_at);
  sqlite3_bind_text (statement, 6, intent->note, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 7, intent->subject, -1, SQLITE_STATIC);

  if (!till_connection_run (connection, statement, error))
    return FALSE;

  if (sqlite3_changes (connection->db) == 0)
    {
      till_set_error (error, TILL_ERROR_NOT_FOUND, TILL_REASON_FIELD, "id", NULL,
                      "there is no such intent of this profile");
      return FALSE;
    }

  return TRUE;
}

static gboolean
till_sqlite_transaction_put_intent (TillTransaction   *self,
                                    TillIntentRecord  *intent,
                                    GError           **error)
{
  TillConnection *connection = get_connection (self, error);

  if (connection == NULL)
    return FALSE;

  if (intent->id != 0)
    return till_table_check (&till_table_intents, intent, error) && update_intent (connection, intent, error);

  if (!till_table_put (connection, &till_table_intents, intent, error))
    return FALSE;

  intent->id = sqlite3_last_insert_rowid (connection->db);
  return TRUE;
}

static GPtrArray *
till_sqlite_transaction_list_intents (TillTransaction  *self,
                                      const char       *profile_id,
                                      gboolean          unsettled_only,
                                      GError          **error)
{
  return list (self, &till_table_intents,
               unsettled_only ? "WHERE (?1 IS NULL OR profile_id = ?1) AND state IN ('open', 'unknown') ORDER BY id"
                              : "WHERE (?1 IS NULL OR profile_id = ?1) ORDER BY id",
               profile_id, 0, error);
}

static gboolean
till_sqlite_transaction_append_log (TillTransaction  *self,
                                    TillLogRecord    *record,
                                    GError          **error)
{
  TillConnection *connection = get_connection (self, error);

  return connection != NULL &&
         till_log_append (connection, TILL_SQLITE_TRANSACTION (self)->clock, record, error);
}

static GPtrArray *
till_sqlite_transaction_list_log (TillTransaction  *self,
                                  gint64            since,
                                  guint             limit,
                                  GError          **error)
{
  g_autofree char *from = since != TILL_TIME_UNKNOWN ? g_strdup_printf ("%" G_GINT64_FORMAT, since) : NULL;
  GPtrArray *newest;

  /* -1 is no limit. */
  newest = list (self, &till_table_log,
                 "WHERE ?1 IS NULL OR at >= CAST (?1 AS INTEGER) ORDER BY sequence DESC LIMIT ?2",
                 from, limit > 0 ? (gint64) limit : -1, error);
  if (newest == NULL)
    return NULL;

  for (guint i = 0; i < newest->len / 2; i++)
    {
      gpointer kept = newest->pdata[i];

      newest->pdata[i] = newest->pdata[newest->len - 1 - i];
      newest->pdata[newest->len - 1 - i] = kept;
    }

  return newest;
}

static gboolean
till_sqlite_transaction_verify_log (TillTransaction  *self,
                                    gint64           *first_wrong,
                                    GError          **error)
{
  TillConnection *connection = get_connection (self, error);

  return connection != NULL && till_log_verify (connection, first_wrong, error);
}

static void
till_sqlite_transaction_finalize (GObject *object)
{
  till_clock_unref (TILL_SQLITE_TRANSACTION (object)->clock);

  G_OBJECT_CLASS (till_sqlite_transaction_parent_class)->finalize (object);
}

static void
till_sqlite_transaction_class_init (TillSqliteTransactionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = till_sqlite_transaction_finalize;
}

static void
till_sqlite_transaction_transaction_init (TillTransactionInterface *iface)
{
  iface->list_profiles = till_sqlite_transaction_list_profiles;
  iface->put_profile = till_sqlite_transaction_put_profile;
  iface->remove_profile = till_sqlite_transaction_remove_profile;
  iface->dup_setting = till_sqlite_transaction_dup_setting;
  iface->set_setting = till_sqlite_transaction_set_setting;
  iface->list_keys = till_sqlite_transaction_list_keys;
  iface->put_key = till_sqlite_transaction_put_key;
  iface->list_uploads = till_sqlite_transaction_list_uploads;
  iface->put_upload = till_sqlite_transaction_put_upload;
  iface->list_seen = till_sqlite_transaction_list_seen;
  iface->replace_seen = till_sqlite_transaction_replace_seen;
  iface->list_files = till_sqlite_transaction_list_files;
  iface->put_file = till_sqlite_transaction_put_file;
  iface->remove_file = till_sqlite_transaction_remove_file;
  iface->list_devices = till_sqlite_transaction_list_devices;
  iface->put_device = till_sqlite_transaction_put_device;
  iface->remove_device = till_sqlite_transaction_remove_device;
  iface->put_intent = till_sqlite_transaction_put_intent;
  iface->list_intents = till_sqlite_transaction_list_intents;
  iface->append_log = till_sqlite_transaction_append_log;
  iface->list_log = till_sqlite_transaction_list_log;
  iface->verify_log = till_sqlite_transaction_verify_log;
}

static void
till_sqlite_transaction_init (TillSqliteTransaction *self)
{
}

/**
 * till_sqlite_transaction_new:
 * @connection: a connection with a transaction
 * @clock: says the time of lines of the log
 *
 * Returns: (transfer full): what work uses it through
 */
TillSqliteTransaction *
till_sqlite_transaction_new (TillConnection *connection,
                             TillClock      *clock)
{
  TillSqliteTransaction *self = g_object_new (TILL_TYPE_SQLITE_TRANSACTION, NULL);

  self->connection = connection;
  self->clock = till_clock_ref (clock);

  return self;
}

/**
 * till_sqlite_transaction_end:
 * @self: a transaction
 *
 * Takes the connection from it: whoever keeps it gets errors from then on.
 */
void
till_sqlite_transaction_end (TillSqliteTransaction *self)
{
  self->connection = NULL;
}
