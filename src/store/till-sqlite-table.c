/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records into rows and back, by a table of their members. */
#include "config.h"

#include "till-sqlite-private.h"

#include <string.h>

/* A member of a record, by its column. */
#define MEMBER(type, record, column) G_STRUCT_MEMBER (type, record, (column)->offset)

static void
set_field_error (GError     **error,
                 const char  *field,
                 const char  *problem)
{
  till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_FIELD, field, NULL,
                  "the store refuses the record: its member '%s' %s", field, problem);
}

/**
 * till_check_text:
 * @field: what it is, for the error
 * @value: a text
 * @limit: most bytes
 * @error: (out) (optional): %TILL_ERROR_REJECTED, %TILL_REASON_FIELD
 *
 * Returns: whether it may be stored: valid UTF-8 and not too long
 */
gboolean
till_check_text (const char  *field,
                 const char  *value,
                 gsize        limit,
                 GError     **error)
{
  gsize length = strnlen (value, limit + 1);

  if (length > limit)
    {
      set_field_error (error, field, "is too long");
      return FALSE;
    }

  if (!g_utf8_validate_len (value, length, NULL))
    {
      set_field_error (error, field, "is not valid UTF-8");
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_column (const TillColumn  *column,
              gconstpointer      record,
              GError           **error)
{
  const char *text;
  GBytes *bytes;

  switch (column->kind)
    {
    case TILL_COLUMN_TEXT:
      text = MEMBER (char *, record, column);
      if (text != NULL)
        return till_check_text (column->name, text, column->limit, error);
      break;

    case TILL_COLUMN_BYTES:
      bytes = MEMBER (GBytes *, record, column);
      if (bytes != NULL && g_bytes_get_size (bytes) <= column->limit)
        return TRUE;
      if (bytes != NULL)
        {
          set_field_error (error, column->name, "is too long");
          return FALSE;
        }
      break;

    case TILL_COLUMN_TIME:
      if (MEMBER (gint64, record, column) != TILL_TIME_UNKNOWN)
        return TRUE;
      break;

    case TILL_COLUMN_NUMBER:
    case TILL_COLUMN_ROW:
      return TRUE;

    case TILL_COLUMN_INT:
      if (MEMBER (int, record, column) >= 0)
        return TRUE;
      set_field_error (error, column->name, "is out of range");
      return FALSE;

    case TILL_COLUMN_ENVIRONMENT:
      if (MEMBER (guint, record, column) <= TILL_ENVIRONMENT_LIVE)
        return TRUE;
      set_field_error (error, column->name, "is out of range");
      return FALSE;

    case TILL_COLUMN_STATE:
    default:
      if (MEMBER (guint, record, column) <= TILL_INTENT_UNKNOWN)
        return TRUE;
      set_field_error (error, column->name, "is out of range");
      return FALSE;
    }

  if (column->required)
    set_field_error (error, column->name, "is missing");

  return !column->required;
}

/**
 * till_table_check:
 * @table: a table
 * @record: a record for it
 * @error: (out) (optional): %TILL_ERROR_REJECTED, %TILL_REASON_FIELD; its detail is the member
 *
 * Returns: whether each member may be stored
 */
gboolean
till_table_check (const TillTable  *table,
                  gconstpointer     record,
                  GError          **error)
{
  for (guint i = 0; i < table->n_columns; i++)
    {
      if (!check_column (&table->columns[i], record, error))
        return FALSE;
    }

  return TRUE;
}

/* The record lives until the statement is done, so nothing is copied. */
static void
bind_column (sqlite3_stmt     *statement,
             int               index,
             const TillColumn *column,
             gconstpointer     record)
{
  const char *text;
  gint64 number;
  GBytes *bytes;
  gsize size;

  switch (column->kind)
    {
    case TILL_COLUMN_TEXT:
      text = MEMBER (char *, record, column);
      if (text != NULL)
        sqlite3_bind_text (statement, index, text, -1, SQLITE_STATIC);
      break;

    case TILL_COLUMN_BYTES:
      bytes = MEMBER (GBytes *, record, column);
      if (bytes != NULL)
        {
          const void *data = g_bytes_get_data (bytes, &size);

          sqlite3_bind_blob (statement, index, size > 0 ? data : "", (int) size, SQLITE_STATIC);
        }
      break;

    case TILL_COLUMN_TIME:
      number = MEMBER (gint64, record, column);
      if (number != TILL_TIME_UNKNOWN)
        sqlite3_bind_int64 (statement, index, number);
      break;

    case TILL_COLUMN_NUMBER:
      sqlite3_bind_int64 (statement, index, MEMBER (gint64, record, column));
      break;

    case TILL_COLUMN_ROW:
      number = MEMBER (gint64, record, column);
      if (number != 0)
        sqlite3_bind_int64 (statement, index, number);
      break;

    case TILL_COLUMN_INT:
      sqlite3_bind_int (statement, index, MEMBER (int, record, column));
      break;

    case TILL_COLUMN_ENVIRONMENT:
      text = till_environment_to_word (MEMBER (TillEnvironment, record, column));
      sqlite3_bind_text (statement, index, text, -1, SQLITE_STATIC);
      break;

    case TILL_COLUMN_STATE:
    default:
      text = till_intent_state_to_word (MEMBER (TillIntentState, record, column));
      sqlite3_bind_text (statement, index, text, -1, SQLITE_STATIC);
      break;
    }
}

static void
append_columns (GString         *sql,
                const TillTable *table)
{
  for (guint i = 0; i < table->n_columns; i++)
    g_string_append_printf (sql, "%s%s", i > 0 ? ", " : "", table->columns[i].name);
}

/* One parameter for each column. A row of a profile takes the environment from
 * it, so that it can't be another one. */
static char *
make_put (const TillTable *table)
{
  GString *sql = g_string_new ("INSERT INTO ");

  g_string_append_printf (sql, "%s (", table->name);
  append_columns (sql, table);
  g_string_append (sql, table->of_profile ? ", environment) SELECT " : ") VALUES (");
  for (guint i = 0; i < table->n_columns; i++)
    g_string_append_printf (sql, "%s?%u", i > 0 ? ", " : "", i + 1);
  g_string_append (sql, table->of_profile ? ", environment FROM profiles WHERE id = ?1" : ")");

  if (table->key != NULL)
    {
      g_string_append_printf (sql, " ON CONFLICT (%s) DO UPDATE SET ", table->key);
      for (guint i = 0; i < table->n_columns; i++)
        g_string_append_printf (sql, "%s%s = excluded.%s", i > 0 ? ", " : "",
                                table->columns[i].name, table->columns[i].name);
    }

  return g_string_free (sql, FALSE);
}

static char *
make_list (const TillTable *table,
           const char      *clause)
{
  GString *sql = g_string_new ("SELECT ");

  append_columns (sql, table);
  g_string_append_printf (sql, " FROM %s %s", table->name, clause);

  return g_string_free (sql, FALSE);
}

/**
 * till_table_put:
 * @connection: a connection
 * @table: a table
 * @record: a record for it
 * @error: (out) (optional): %TILL_ERROR_REJECTED; %TILL_ERROR_NOT_FOUND where its profile is not
 *   there; as till_connection_set_error()
 *
 * Returns: whether it was put
 */
gboolean
till_table_put (TillConnection   *connection,
                const TillTable  *table,
                gconstpointer     record,
                GError          **error)
{
  g_autofree char *sql = NULL;
  sqlite3_stmt *statement;

  if (!till_table_check (table, record, error))
    return FALSE;

  sql = make_put (table);
  statement = till_connection_prepare (connection, sql, error);
  if (statement == NULL)
    return FALSE;

  for (guint i = 0; i < table->n_columns; i++)
    bind_column (statement, (int) i + 1, &table->columns[i], record);

  if (!till_connection_run (connection, statement, error))
    return FALSE;

  /* Rows of a profile are selected from it. */
  if (sqlite3_changes (connection->db) == 0)
    {
      till_set_error (error, TILL_ERROR_NOT_FOUND, TILL_REASON_FIELD, "profile_id", NULL,
                      "there is no such profile");
      return FALSE;
    }

  return TRUE;
}

/* Returns: whether the row has a text there that can be one */
static gboolean
read_text (sqlite3_stmt     *statement,
           int               index,
           const char      **text,
           gsize            *length)
{
  if (sqlite3_column_type (statement, index) != SQLITE_TEXT)
    return FALSE;

  *text = (const char *) sqlite3_column_text (statement, index);
  *length = (gsize) sqlite3_column_bytes (statement, index);

  return *text != NULL && g_utf8_validate_len (*text, *length, NULL);
}

static gboolean
read_state (const char      *word,
            TillIntentState *state)
{
  for (guint i = 0; i <= TILL_INTENT_UNKNOWN; i++)
    {
      if (g_strcmp0 (word, till_intent_state_to_word ((TillIntentState) i)) == 0)
        {
          *state = (TillIntentState) i;
          return TRUE;
        }
    }

  return FALSE;
}

/* Returns: whether the value is one that was put by till_table_put() */
static gboolean
read_column (sqlite3_stmt     *statement,
             int               index,
             const TillColumn *column,
             gpointer          record)
{
  int type = sqlite3_column_type (statement, index);
  const char *text = NULL;
  gint64 number;
  gsize length;

  if (type == SQLITE_NULL)
    return !column->required &&
           (column->kind == TILL_COLUMN_TEXT || column->kind == TILL_COLUMN_BYTES || column->kind == TILL_COLUMN_TIME);

  switch (column->kind)
    {
    case TILL_COLUMN_TEXT:
      if (!read_text (statement, index, &text, &length))
        return FALSE;
      g_free (MEMBER (char *, record, column));
      MEMBER (char *, record, column) = g_strndup (text, length);
      return TRUE;

    case TILL_COLUMN_BYTES:
      if (type != SQLITE_BLOB)
        return FALSE;
      g_clear_pointer (&MEMBER (GBytes *, record, column), g_bytes_unref);
      MEMBER (GBytes *, record, column) = g_bytes_new (sqlite3_column_blob (statement, index),
                                                       (gsize) sqlite3_column_bytes (statement, index));
      return TRUE;

    case TILL_COLUMN_TIME:
    case TILL_COLUMN_NUMBER:
    case TILL_COLUMN_ROW:
      MEMBER (gint64, record, column) = sqlite3_column_int64 (statement, index);
      return type == SQLITE_INTEGER;

    case TILL_COLUMN_INT:
      number = sqlite3_column_int64 (statement, index);
      MEMBER (int, record, column) = (int) CLAMP (number, 0, G_MAXINT);
      return type == SQLITE_INTEGER && number >= 0 && number <= G_MAXINT;

    case TILL_COLUMN_ENVIRONMENT:
      return read_text (statement, index, &text, &length) &&
             till_environment_from_word (text, &MEMBER (TillEnvironment, record, column));

    case TILL_COLUMN_STATE:
    default:
      return read_text (statement, index, &text, &length) &&
             read_state (text, &MEMBER (TillIntentState, record, column));
    }
}

/**
 * till_table_read:
 * @connection: a connection
 * @table: a table
 * @statement: of its list, standing on a row
 * @error: (out) (optional): %TILL_ERROR_DAMAGED where a value is none that we wrote
 *
 * Returns: (transfer full) (nullable): the record of the row
 */
gpointer
till_table_read (TillConnection   *connection,
                 const TillTable  *table,
                 sqlite3_stmt     *statement,
                 GError          **error)
{
  gpointer record = table->make ();

  for (guint i = 0; i < table->n_columns; i++)
    {
      if (read_column (statement, (int) i, &table->columns[i], record))
        continue;

      till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_STORE_DAMAGED, table->name, NULL,
                      "the store is damaged: '%s' of a row of '%s' makes no sense", table->columns[i].name, table->name);
      table->destroy (record);
      return NULL;
    }

  return record;
}

/**
 * till_table_list:
 * @connection: a connection
 * @table: a table
 * @clause: what stands behind FROM and the table in SQL
 * @text: (nullable): its first parameter
 * @number: its second one
 * @error: (out) (optional): as till_table_read() and till_connection_set_error()
 *
 * Returns: (transfer container) (nullable): the records
 */
GPtrArray *
till_table_list (TillConnection   *connection,
                 const TillTable  *table,
                 const char       *clause,
                 const char       *text,
                 gint64            number,
                 GError          **error)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func (table->destroy);
  g_autofree char *sql = make_list (table, clause);
  sqlite3_stmt *statement = till_connection_prepare (connection, sql, error);
  int code;

  if (statement == NULL)
    return NULL;

  if (text != NULL)
    sqlite3_bind_text (statement, 1, text, -1, SQLITE_STATIC);
  if (sqlite3_bind_parameter_count (statement) >= 2)
    sqlite3_bind_int64 (statement, 2, number);

  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      gpointer record = till_table_read (connection, table, statement, error);

      if (record == NULL)
        break;
      g_ptr_array_add (list, record);
    }

  if (code != SQLITE_ROW && code != SQLITE_DONE)
    till_connection_set_error (connection, error);
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);

  return code == SQLITE_DONE ? g_steal_pointer (&list) : NULL;
}
