/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables, step by step from the first version to this one. */
#include "config.h"

#include "till-sqlite-private.h"

/*
 * A step is never changed once it was released: who has a store of version n
 * gets steps n + 1 and on, and ends with the same tables as who begins now.
 *
 * What the database itself holds to, whatever the program does: an environment
 * never changes, and a record is never in another environment than its profile
 * (RELIABILITY.md G31); what was written before it was sent never changes (G17);
 * no line of the log is changed or deleted (G33).
 */

/* 1: profiles, their keys, the journal, the log. */
static const char step_1[] =
  "CREATE TABLE settings ("
  "  name TEXT NOT NULL PRIMARY KEY,"
  "  value TEXT NOT NULL"
  ") STRICT, WITHOUT ROWID;"

  "CREATE TABLE profiles ("
  "  id TEXT NOT NULL PRIMARY KEY,"
  "  environment TEXT NOT NULL CHECK (environment IN ('practice', 'test', 'live')),"
  "  name TEXT NOT NULL UNIQUE,"
  "  hub_url TEXT,"
  "  hub_merchant TEXT,"
  "  hub_terminal TEXT,"
  "  hub_key TEXT,"
  "  wallet_url TEXT,"
  "  wallet_user TEXT,"
  "  devices_url TEXT,"
  "  devices_organization TEXT,"
  "  devices_key_id TEXT,"
  "  devices_signature INTEGER NOT NULL,"
  "  ca_pem TEXT,"
  "  repeat_lost INTEGER NOT NULL,"
  "  created_at INTEGER,"
  "  UNIQUE (id, environment)"
  ") STRICT;"

  "CREATE TRIGGER profiles_environment BEFORE UPDATE ON profiles"
  "  WHEN NEW.id <> OLD.id OR NEW.environment <> OLD.environment "
  "BEGIN"
  "  SELECT RAISE (ABORT, 'the environment of a profile can never change; add another profile');"
  "END;"

  "CREATE TABLE keys ("
  "  profile_id TEXT NOT NULL,"
  "  environment TEXT NOT NULL,"
  "  key_id TEXT NOT NULL,"
  "  encryption_type TEXT,"
  "  modulus INTEGER NOT NULL,"
  "  spki BLOB,"
  "  public_key_sha256 TEXT,"
  "  valid_from INTEGER,"
  "  valid_to INTEGER,"
  "  status TEXT,"
  "  in_use INTEGER NOT NULL,"
  "  client_request_id TEXT,"
  "  trace_id TEXT,"
  "  answer TEXT,"
  "  known_at INTEGER,"
  "  revoked_at INTEGER,"
  "  imported INTEGER NOT NULL,"
  "  PRIMARY KEY (profile_id, environment, key_id),"
  "  FOREIGN KEY (profile_id, environment) REFERENCES profiles (id, environment) ON DELETE CASCADE"
  ") STRICT;"

  "CREATE TABLE intents ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  profile_id TEXT NOT NULL,"
  "  environment TEXT NOT NULL CHECK (environment IN ('practice', 'test', 'live')),"
  "  operation TEXT NOT NULL,"
  "  request_id TEXT NOT NULL,"
  "  subject TEXT,"
  "  path TEXT,"
  "  body TEXT,"
  "  body_sha256 TEXT,"
  "  state TEXT NOT NULL CHECK (state IN ('open', 'done', 'refused', 'unknown')),"
  "  begun_at INTEGER,"
  "  ended_at INTEGER,"
  "  tries INTEGER NOT NULL,"
  "  note TEXT"
  ") STRICT;"
  "CREATE INDEX intents_unsettled ON intents (state) WHERE state IN ('open', 'unknown');"

  /* No foreign key: intents stay when their profile goes. */
  "CREATE TRIGGER intents_insert BEFORE INSERT ON intents"
  "  WHEN NOT EXISTS (SELECT 1 FROM profiles WHERE id = NEW.profile_id AND environment = NEW.environment) "
  "BEGIN"
  "  SELECT RAISE (ABORT, 'there is no such profile in this environment');"
  "END;"
  "CREATE TRIGGER intents_update BEFORE UPDATE ON intents"
  "  WHEN NEW.id <> OLD.id OR NEW.profile_id <> OLD.profile_id OR NEW.environment <> OLD.environment"
  "    OR NEW.operation <> OLD.operation OR NEW.request_id <> OLD.request_id OR NEW.path IS NOT OLD.path"
  "    OR NEW.body IS NOT OLD.body OR NEW.body_sha256 IS NOT OLD.body_sha256"
  "    OR NEW.begun_at IS NOT OLD.begun_at "
  "BEGIN"
  "  SELECT RAISE (ABORT, 'what was written before it was sent can never change');"
  "END;"
  "CREATE TRIGGER intents_delete BEFORE DELETE ON intents "
  "BEGIN"
  "  SELECT RAISE (ABORT, 'what was written before it was sent is never deleted');"
  "END;"
  "CREATE TRIGGER profiles_insert BEFORE INSERT ON profiles"
  "  WHEN EXISTS (SELECT 1 FROM intents WHERE profile_id = NEW.id AND environment <> NEW.environment)"
  "    OR EXISTS (SELECT 1 FROM profiles WHERE id = NEW.id AND environment <> NEW.environment) "
  "BEGIN"
  "  SELECT RAISE (ABORT, 'the environment of a profile can never change; add another profile');"
  "END;"

  "CREATE TABLE log ("
  "  sequence INTEGER PRIMARY KEY,"
  "  at INTEGER NOT NULL,"
  "  actor TEXT NOT NULL,"
  "  event TEXT NOT NULL,"
  "  object TEXT,"
  "  profile TEXT,"
  "  environment TEXT,"
  "  peer TEXT,"
  "  outcome TEXT,"
  "  request_id TEXT,"
  "  trace_id TEXT,"
  "  detail TEXT,"
  "  hash TEXT NOT NULL"
  ") STRICT;"
  "CREATE TRIGGER log_insert BEFORE INSERT ON log"
  "  WHEN EXISTS (SELECT 1 FROM log WHERE sequence = NEW.sequence) "
  "BEGIN"
  "  SELECT RAISE (ABORT, 'a line of the log can never change');"
  "END;"
  "CREATE TRIGGER log_update BEFORE UPDATE ON log "
  "BEGIN"
  "  SELECT RAISE (ABORT, 'a line of the log can never change');"
  "END;"
  "CREATE TRIGGER log_delete BEFORE DELETE ON log "
  "BEGIN"
  "  SELECT RAISE (ABORT, 'a line of the log is never deleted');"
  "END;"

  /* How many lines there are and the hash of the last: so that a cut is found. */
  "CREATE TABLE log_head ("
  "  id INTEGER PRIMARY KEY CHECK (id = 1),"
  "  lines INTEGER NOT NULL,"
  "  hash TEXT NOT NULL"
  ") STRICT;"
  "INSERT INTO log_head (id, lines, hash) VALUES (1, 0, '');";

/* 2: certificates: those uploaded, those seen at the wallet, those in files. */
static const char step_2[] =
  "CREATE TABLE uploads ("
  "  profile_id TEXT NOT NULL,"
  "  environment TEXT NOT NULL,"
  "  client_key_id TEXT NOT NULL,"
  "  name TEXT,"
  "  sha256 TEXT,"
  "  public_key_sha256 TEXT,"
  "  public_key_hash TEXT,"
  "  algorithm TEXT,"
  "  not_before INTEGER,"
  "  not_after INTEGER,"
  "  uploaded_at INTEGER,"
  "  trace_id TEXT,"
  "  PRIMARY KEY (profile_id, environment, client_key_id),"
  "  FOREIGN KEY (profile_id, environment) REFERENCES profiles (id, environment) ON DELETE CASCADE"
  ") STRICT;"

  "CREATE TABLE seen ("
  "  profile_id TEXT NOT NULL,"
  "  environment TEXT NOT NULL,"
  "  id TEXT NOT NULL,"
  "  json TEXT NOT NULL,"
  "  seen_at INTEGER,"
  "  PRIMARY KEY (profile_id, environment, id),"
  "  FOREIGN KEY (profile_id, environment) REFERENCES profiles (id, environment) ON DELETE CASCADE"
  ") STRICT;"

  "CREATE TABLE files ("
  "  uri TEXT NOT NULL PRIMARY KEY,"
  "  sha256 TEXT,"
  "  not_after INTEGER,"
  "  added_at INTEGER"
  ") STRICT;";

/* 3: paired devices; the limit of offline payments that a key is good for. */
static const char step_3[] =
  "ALTER TABLE keys ADD COLUMN offline_limit INTEGER NOT NULL DEFAULT -1;"
  "ALTER TABLE keys ADD COLUMN offline_currency TEXT;"

  "CREATE TABLE devices ("
  "  profile_id TEXT NOT NULL,"
  "  environment TEXT NOT NULL,"
  "  serial TEXT NOT NULL,"
  "  pos_id TEXT NOT NULL,"
  "  address TEXT,"
  "  not_before INTEGER,"
  "  not_after INTEGER,"
  "  paired_at INTEGER,"
  "  last_contact INTEGER,"
  "  state TEXT NOT NULL CHECK (state IN ('pending', 'active', 'revoked')),"
  "  certificate_pem TEXT,"
  "  PRIMARY KEY (profile_id, environment, serial),"
  "  FOREIGN KEY (profile_id, environment) REFERENCES profiles (id, environment) ON DELETE CASCADE"
  ") STRICT;";

/* 4: who gave whom its identity, and what a terminal is known by. */
static const char step_4[] =
  "ALTER TABLE devices ADD COLUMN kind TEXT CHECK (kind IN ('till', 'terminal'));"
  "ALTER TABLE devices ADD COLUMN terminal_serial TEXT;"
  "ALTER TABLE devices ADD COLUMN root_pem TEXT;";

static const char * const steps[TILL_STORE_SCHEMA] = { step_1, step_2, step_3, step_4 };

/**
 * till_schema_migrate:
 * @connection: a connection, with no transaction
 * @from: the version that the file has; 0 for an empty one
 * @error: (out) (optional): as till_connection_set_error()
 *
 * Brings the tables to this version, each step a transaction of its own: so a
 * crash leaves a whole store of some version.
 *
 * Returns: whether the file has %TILL_STORE_SCHEMA now
 */
gboolean
till_schema_migrate (TillConnection  *connection,
                     int              from,
                     GError         **error)
{
  g_assert (from >= 0 && from <= TILL_STORE_SCHEMA);

  for (int step = from; step < TILL_STORE_SCHEMA; step++)
    {
      g_autofree char *mark = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d;",
                                               TILL_STORE_APPLICATION_ID, step + 1);

      if (!till_connection_begin (connection, error))
        return FALSE;

      if (!till_connection_exec (connection, steps[step], error) ||
          !till_connection_exec (connection, mark, error))
        {
          till_connection_rollback (connection);
          return FALSE;
        }

      if (!till_connection_commit (connection, error))
        return FALSE;
    }

  return TRUE;
}
