/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stores of each earlier schema version, kept as files: nothing of them is lost on the way to this one. */
#include "config.h"

#include <string.h>

#include "store-test.h"

static char *
load_store (TillTestDir *dir,
            int          version)
{
  g_autofree char *name = g_strdup_printf ("store-v%d.sql", version);
  g_autofree char *sql_path = g_test_build_filename (G_TEST_DIST, "store", name, NULL);
  g_autofree char *sql = NULL;
  g_autoptr(GError) error = NULL;
  sqlite3 *db;

  g_file_get_contents (sql_path, &sql, NULL, &error);
  g_assert_no_error (error);
  db = test_raw_open (dir->path);
  test_raw_exec (db, "PRAGMA foreign_keys = OFF");
  test_raw_exec (db, sql);
  g_assert_cmpint (test_raw_int (db, "PRAGMA user_version"), ==, version);
  sqlite3_close (db);

  return till_test_dir_file (dir, "tillkeeper.db");
}

static void
check_profiles (TillTransaction *transaction)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) profiles = till_transaction_list_profiles (transaction, &error);
  g_autofree char *current = till_transaction_dup_setting (transaction, "current", &error);
  TillProfile *shop;
  TillProfile *stall;

  g_assert_no_error (error);
  g_assert_cmpstr (current, ==, TEST_PROFILE);
  g_assert_cmpuint (profiles->len, ==, 2);
  shop = profiles->pdata[0];
  stall = profiles->pdata[1];

  g_assert_cmpstr (shop->id, ==, TEST_PROFILE);
  g_assert_cmpstr (shop->name, ==, "Corner shop „Käse“");
  g_assert_cmpint (shop->environment, ==, TILL_ENVIRONMENT_TEST);
  g_assert_cmpstr (shop->hub_url, ==, "https://hub.example/");
  g_assert_cmpstr (shop->hub_merchant, ==, "100008000003683");
  g_assert_cmpstr (shop->hub_terminal, ==, "10000001");
  g_assert_cmpstr (shop->hub_key, ==, "the-key-id");
  g_assert_cmpstr (shop->wallet_url, ==, "https://wallet.example/");
  g_assert_cmpstr (shop->wallet_user, ==, "shop");
  g_assert_cmpstr (shop->devices_url, ==, "https://devices.example/");
  g_assert_cmpstr (shop->devices_organization, ==, "org");
  g_assert_cmpstr (shop->devices_key_id, ==, "devkey");
  g_assert_cmpint (shop->devices_signature, ==, 1);
  g_assert_true (g_str_has_prefix (shop->ca_pem, "-----BEGIN CERTIFICATE-----\n"));
  g_assert_false (shop->repeat_lost);
  g_assert_cmpint (shop->created_at, ==, 1700000000);

  g_assert_cmpstr (stall->id, ==, TEST_OTHER);
  g_assert_cmpint (stall->environment, ==, TILL_ENVIRONMENT_LIVE);
  g_assert_null (stall->hub_url);
  g_assert_true (stall->repeat_lost);
  g_assert_cmpint (stall->created_at, ==, TILL_TIME_UNKNOWN);
}

static void
check_keys (TillTransaction *transaction)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) keys = till_transaction_list_keys (transaction, TEST_PROFILE, &error);
  g_autoptr(GPtrArray) others = till_transaction_list_keys (transaction, TEST_OTHER, &error);
  TillKeyRecord *key;

  g_assert_no_error (error);
  g_assert_cmpuint (keys->len, ==, 2);
  g_assert_cmpuint (others->len, ==, 1);

  key = keys->pdata[0];
  g_assert_cmpstr (key->key_id, ==, "key-2");
  g_assert_cmpstr (key->status, ==, "REVOKED");
  g_assert_cmpint (key->revoked_at, ==, 1700100500);
  g_assert_true (key->imported);
  g_assert_null (key->spki);

  key = keys->pdata[1];
  g_assert_cmpstr (key->key_id, ==, "key-1");
  g_assert_cmpstr (key->encryption_type, ==, "RSA");
  g_assert_cmpint (key->modulus, ==, 2048);
  g_assert_cmpmem (g_bytes_get_data (key->spki, NULL), g_bytes_get_size (key->spki), "\x30\x03\x00\xff\x01", 5);
  g_assert_cmpuint (strlen (key->public_key_sha256), ==, 64);
  g_assert_cmpint (key->valid_from, ==, 1700000000);
  g_assert_cmpint (key->valid_to, ==, 1700172800);
  g_assert_true (key->in_use);
  g_assert_cmpstr (key->client_request_id, ==, "request-1");
  g_assert_cmpstr (key->trace_id, ==, "trace-1");
  g_assert_cmpstr (key->answer, ==, "{\"keyId\":\"key-1\"}");
  g_assert_cmpint (key->known_at, ==, 1700000001);

  /* New in version 3. */
  g_assert_cmpint (key->offline_limit, ==, -1);
  g_assert_null (key->offline_currency);
}

static void
check_intents (TillTransaction *transaction)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) all = till_transaction_list_intents (transaction, NULL, FALSE, &error);
  g_autoptr(GPtrArray) unsettled = till_transaction_list_intents (transaction, NULL, TRUE, &error);
  TillIntentRecord *intent;

  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpuint (unsettled->len, ==, 1);
  intent = unsettled->pdata[0];
  g_assert_cmpint (intent->id, ==, 2);
  g_assert_cmpstr (intent->profile_id, ==, TEST_OTHER);
  g_assert_cmpint (intent->environment, ==, TILL_ENVIRONMENT_LIVE);
  g_assert_cmpstr (intent->operation, ==, "keys.revoke");
  g_assert_cmpstr (intent->request_id, ==, "request-2");
  g_assert_cmpstr (intent->subject, ==, "key-1");
  g_assert_cmpstr (intent->path, ==, "/security/v1/keys");
  g_assert_cmpstr (intent->body, ==, "{\"b\":2}");
  g_assert_cmpint (intent->state, ==, TILL_INTENT_UNKNOWN);
  g_assert_cmpint (intent->begun_at, ==, 1700200000);
  g_assert_cmpint (intent->ended_at, ==, 1700200300);
  g_assert_cmpuint (intent->tries, ==, 3);
  g_assert_cmpstr (intent->note, ==, "no answer in 240 s");
}

/* The chain was reckoned by another program when the file was made. */
static void
check_log (TillTransaction *transaction)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) lines = till_transaction_list_log (transaction, TILL_TIME_UNKNOWN, 0, &error);
  TillLogRecord *line;

  g_assert_no_error (error);
  g_assert_cmpuint (lines->len, ==, 3);
  line = lines->pdata[1];
  g_assert_cmpstr (line->actor, ==, "anna");
  g_assert_cmpstr (line->event, ==, "keys.generate");
  g_assert_cmpstr (line->detail, ==, "");
  till_transaction_verify_log (transaction, NULL, &error);
  g_assert_no_error (error);
}

/* New in version 2. */
static void
check_certificates (TillTransaction *transaction,
                    guint            expected)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) uploads = till_transaction_list_uploads (transaction, TEST_PROFILE, &error);
  g_autoptr(GPtrArray) seen = till_transaction_list_seen (transaction, TEST_PROFILE, &error);
  g_autoptr(GPtrArray) files = till_transaction_list_files (transaction, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (uploads->len, ==, expected);
  g_assert_cmpuint (seen->len, ==, expected);
  g_assert_cmpuint (files->len, ==, expected);
  if (expected == 0)
    return;

  g_assert_cmpstr (((TillUploadRecord *) uploads->pdata[0])->client_key_id, ==, "client-1");
  g_assert_cmpstr (((TillUploadRecord *) uploads->pdata[0])->public_key_hash, ==, "c2hhMjU2");
  g_assert_cmpint (((TillUploadRecord *) uploads->pdata[0])->not_after, ==, 1721536000);
  g_assert_cmpstr (((TillSeenRecord *) seen->pdata[0])->json, ==, "{\"id\":\"wallet-9\",\"name\":\"Käse\"}");
  g_assert_cmpint (((TillSeenRecord *) seen->pdata[0])->seen_at, ==, 1700000600);
  g_assert_cmpstr (((TillFileRecord *) files->pdata[0])->uri, ==, "file:///home/anna/shop.p12");
  g_assert_cmpint (((TillFileRecord *) files->pdata[0])->added_at, ==, 1700000700);
}

/* New in version 3; with members that are new in version 4. */
static void
check_devices (TillTransaction *transaction,
               guint            expected)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) devices = till_transaction_list_devices (transaction, TEST_PROFILE, &error);
  TillDeviceRecord *device;

  g_assert_no_error (error);
  g_assert_cmpuint (devices->len, ==, expected);
  if (expected == 0)
    return;

  device = devices->pdata[0];
  g_assert_cmpstr (device->pos_id, ==, "COUNTER-03");
  g_assert_cmpstr (device->serial, ==, "0123456789abcdef0123456789abcdef");
  g_assert_cmpstr (device->address, ==, "192.0.2.31");
  g_assert_cmpint (device->not_after, ==, 1734300799);
  g_assert_cmpint (device->last_contact, ==, 1700000011);
  g_assert_cmpstr (device->state, ==, "active");
  g_assert_true (g_str_has_prefix (device->certificate_pem, "-----BEGIN CERTIFICATE-----\n"));
  g_assert_null (device->kind);
  g_assert_null (device->terminal_serial);
  g_assert_null (device->root_pem);
}

static gboolean
check_work (TillTransaction  *transaction,
            gpointer          data,
            GError          **error)
{
  check_profiles (transaction);
  check_keys (transaction);
  check_intents (transaction);
  check_log (transaction);
  check_certificates (transaction, GPOINTER_TO_INT (data) >= 2 ? 1 : 0);
  check_devices (transaction, GPOINTER_TO_INT (data) >= 3 ? 1 : 0);

  return TRUE;
}

/* What was new lately takes records. */
static gboolean
add_work (TillTransaction  *transaction,
          gpointer          data,
          GError          **error)
{
  g_autoptr(TillDeviceRecord) device = till_device_record_new ();
  g_autoptr(TillLogRecord) line = till_log_record_new ();
  g_autoptr(TillIntentRecord) intent = till_intent_record_new ();

  device->profile_id = g_strdup (TEST_PROFILE);
  device->pos_id = g_strdup ("POS 1");
  device->serial = g_strdup ("0a");
  device->state = g_strdup ("active");
  device->kind = g_strdup ("terminal");
  device->terminal_serial = g_strdup ("2290012345");
  device->root_pem = g_strdup ("-----BEGIN CERTIFICATE-----");
  line->event = g_strdup ("device.pair");
  intent->profile_id = g_strdup (TEST_PROFILE);
  intent->environment = TILL_ENVIRONMENT_TEST;
  intent->operation = g_strdup ("keys.generate");
  intent->request_id = g_strdup ("request-3");

  g_assert_true (till_transaction_put_device (transaction, device, error));
  g_assert_true (till_transaction_append_log (transaction, line, error));
  g_assert_cmpint (line->sequence, ==, 4);
  g_assert_true (till_transaction_put_intent (transaction, intent, error));
  g_assert_cmpint (intent->id, ==, 3);

  return till_transaction_verify_log (transaction, NULL, error);
}

static char *
read_schema (const char *folder)
{
  sqlite3 *db = test_raw_open (folder);
  GString *schema = g_string_new (NULL);
  sqlite3_stmt *statement;

  g_assert_cmpint (sqlite3_prepare_v2 (db, "SELECT type, name, sql FROM sqlite_schema ORDER BY name", -1, &statement, NULL),
                   ==, SQLITE_OK);
  while (sqlite3_step (statement) == SQLITE_ROW)
    g_string_append_printf (schema, "%s %s: %s\n", sqlite3_column_text (statement, 0), sqlite3_column_text (statement, 1),
                            (const char *) sqlite3_column_text (statement, 2));
  sqlite3_finalize (statement);
  sqlite3_close (db);

  return g_string_free (schema, FALSE);
}

static void
test_migration (gconstpointer data)
{
  int version = GPOINTER_TO_INT (data);
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autoptr(TillTestDir) fresh = till_test_dir_new ();
  g_autofree char *path = load_store (dir, version);
  g_autofree char *copy_name = g_strdup_printf ("tillkeeper-2026-11-22-v%d.db", version);
  g_autofree char *copy = g_build_filename (dir->path, "backup", copy_name, NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *migrated = NULL;
  g_autofree char *new = NULL;
  g_autoptr(GError) error = NULL;
  TillStore *store;
  sqlite3 *db;
  gsize before_size;
  gsize after_size;

  g_file_get_contents (path, &before, &before_size, &error);
  g_assert_no_error (error);

  /* A reader sees it as if it was of this version, and leaves the file as it is. */
  store = test_open (dir->path, TILL_STORE_READ, &error);
  g_assert_no_error (error);
  test_do (store, check_work, GINT_TO_POINTER (version));
  test_close (store);
  g_file_get_contents (path, &after, &after_size, &error);
  g_assert_cmpmem (before, before_size, after, after_size);

  store = test_open (dir->path, TILL_STORE_WRITE, &error);
  g_assert_no_error (error);
  test_do (store, check_work, GINT_TO_POINTER (version));
  test_do (store, add_work, NULL);
  test_close (store);

  db = test_raw_open (dir->path);
  g_assert_cmpint (test_raw_int (db, "PRAGMA user_version"), ==, TILL_STORE_SCHEMA);
  g_assert_cmpint (test_raw_int (db, "SELECT count (*) FROM pragma_foreign_key_check"), ==, 0);
  g_assert_cmpint (test_raw_int (db, "SELECT count (*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"), ==, 1);
  sqlite3_close (db);

  /* The copy is of the version before. */
  g_assert_cmpint (sqlite3_open_v2 (copy, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  g_assert_cmpint (test_raw_int (db, "PRAGMA user_version"), ==, version);
  g_assert_cmpint (test_raw_int (db, "SELECT count (*) FROM profiles"), ==, 2);
  sqlite3_close (db);

  /* The same tables as in a new store. */
  store = test_open (fresh->path, TILL_STORE_WRITE, &error);
  g_assert_no_error (error);
  test_close (store);
  migrated = read_schema (dir->path);
  new = read_schema (fresh->path);
  g_assert_cmpstr (migrated, ==, new);
}

/* Each version before this one has its file. */
static void
test_each_version (void)
{
  for (int version = 1; version <= TILL_STORE_SCHEMA; version++)
    {
      g_autofree char *name = g_strdup_printf ("store-v%d.sql", version);
      g_autofree char *path = g_test_build_filename (G_TEST_DIST, "store", name, NULL);

      g_assert_cmpint (g_file_test (path, G_FILE_TEST_IS_REGULAR), ==, version < TILL_STORE_SCHEMA);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/migration/each-version", test_each_version);
  g_test_add_data_func ("/migration/1", GINT_TO_POINTER (1), test_migration);
  g_test_add_data_func ("/migration/2", GINT_TO_POINTER (2), test_migration);
  g_test_add_data_func ("/migration/3", GINT_TO_POINTER (3), test_migration);

  return g_test_run ();
}
