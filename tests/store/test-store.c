/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store: each kind of record there and back, and what a transaction promises. */
#include "config.h"

#include <string.h>

#include "store-test.h"
#include "till-sqlite-private.h"

typedef struct
{
  TillTestDir *dir;
  TillStore   *store;
} Fixture;

static gboolean
add_profile_work (TillTransaction  *transaction,
                  gpointer          data,
                  GError          **error)
{
  return till_transaction_put_profile (transaction, data, error);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(TillProfile) profile = test_profile (TEST_PROFILE, "Corner shop", TILL_ENVIRONMENT_TEST);
  g_autoptr(GError) error = NULL;

  fixture->dir = till_test_dir_new ();
  fixture->store = test_open (fixture->dir->path, TILL_STORE_WRITE, &error);
  g_assert_no_error (error);
  test_do (fixture->store, add_profile_work, profile);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  test_close (fixture->store);
  till_test_dir_free (fixture->dir);
}

/* Runs one function of the transaction, by hand. */
typedef enum
{
  PUT,
  LIST,
} Step;

typedef struct
{
  const TillTable *table;
  Step             step;
  gpointer         record;
  GPtrArray       *list;
  const char      *profile_id;
} Call;

static gboolean
call_work (TillTransaction  *transaction,
           gpointer          data,
           GError          **error)
{
  Call *call = data;
  const TillTable *t = call->table;
  gpointer record = call->record;

  if (call->step == PUT)
    return t == &till_table_profiles ? till_transaction_put_profile (transaction, record, error)
         : t == &till_table_keys ? till_transaction_put_key (transaction, record, error)
         : t == &till_table_uploads ? till_transaction_put_upload (transaction, record, error)
         : t == &till_table_files ? till_transaction_put_file (transaction, record, error)
         : t == &till_table_devices ? till_transaction_put_device (transaction, record, error)
         : t == &till_table_intents ? till_transaction_put_intent (transaction, record, error)
                                    : till_transaction_append_log (transaction, record, error);

  call->list = t == &till_table_profiles ? till_transaction_list_profiles (transaction, error)
             : t == &till_table_keys ? till_transaction_list_keys (transaction, call->profile_id, error)
             : t == &till_table_uploads ? till_transaction_list_uploads (transaction, call->profile_id, error)
             : t == &till_table_seen ? till_transaction_list_seen (transaction, call->profile_id, error)
             : t == &till_table_files ? till_transaction_list_files (transaction, error)
             : t == &till_table_devices ? till_transaction_list_devices (transaction, call->profile_id, error)
             : t == &till_table_intents ? till_transaction_list_intents (transaction, call->profile_id, FALSE, error)
                                        : till_transaction_list_log (transaction, TILL_TIME_UNKNOWN, 0, error);

  return call->list != NULL;
}

static gboolean
put (Fixture          *fixture,
     const TillTable  *table,
     gpointer          record,
     GError          **error)
{
  Call call = { table, PUT, record, NULL, NULL };

  return test_run (fixture->store, call_work, &call, error);
}

static GPtrArray *
list (Fixture         *fixture,
      const TillTable *table,
      const char      *profile_id)
{
  Call call = { table, LIST, NULL, NULL, profile_id };

  test_do (fixture->store, call_work, &call);

  return call.list;
}

/* A record whose members all differ; salt makes another one with the same key. */
static gpointer
make_record (const TillTable *table,
             guint            salt)
{
  gpointer record = table->make ();

  for (guint i = 0; i < table->n_columns; i++)
    {
      const TillColumn *column = &table->columns[i];
      gpointer member = G_STRUCT_MEMBER_P (record, column->offset);
      gboolean is_key = table->key != NULL && strstr (table->key, column->name) != NULL;

      switch (column->kind)
        {
        case TILL_COLUMN_TEXT:
          *(char **) member = g_strdup_printf ("%s „ä“ 😀 %u", column->name, is_key ? 0 : salt);
          break;

        case TILL_COLUMN_BYTES:
          *(GBytes **) member = g_bytes_new ("\0binary\xff", 8 - salt);
          break;

        case TILL_COLUMN_NUMBER:
        case TILL_COLUMN_TIME:
          *(gint64 *) member = (gint64) (1000 * i + salt) * (i % 2 == 0 ? 1 : -1);
          break;

        case TILL_COLUMN_INT:
          *(int *) member = (int) (i + salt);
          break;

        case TILL_COLUMN_ROW:
        case TILL_COLUMN_ENVIRONMENT:
        case TILL_COLUMN_STATE:
        default:
          *(int *) member = column->kind == TILL_COLUMN_ENVIRONMENT ? TILL_ENVIRONMENT_TEST : 0;
          break;
        }
    }

  return record;
}

static void
set_text (char       **member,
          const char  *text)
{
  g_free (*member);
  *member = g_strdup (text);
}

static void
assert_same (const TillTable *table,
             gconstpointer    a,
             gconstpointer    b)
{
  for (guint i = 0; i < table->n_columns; i++)
    {
      const TillColumn *column = &table->columns[i];
      gconstpointer x = G_STRUCT_MEMBER_P (a, column->offset);
      gconstpointer y = G_STRUCT_MEMBER_P (b, column->offset);

      switch (column->kind)
        {
        case TILL_COLUMN_TEXT:
          g_assert_cmpstr (*(char * const *) x, ==, *(char * const *) y);
          break;

        case TILL_COLUMN_BYTES:
          if (*(GBytes * const *) x == NULL)
            g_assert_null (*(GBytes * const *) y);
          else
            g_assert_true (g_bytes_equal (*(GBytes * const *) x, *(GBytes * const *) y));
          break;

        case TILL_COLUMN_NUMBER:
        case TILL_COLUMN_ROW:
        case TILL_COLUMN_TIME:
          g_assert_cmpint (*(const gint64 *) x, ==, *(const gint64 *) y);
          break;

        case TILL_COLUMN_INT:
        case TILL_COLUMN_ENVIRONMENT:
        case TILL_COLUMN_STATE:
        default:
          g_assert_cmpint (*(const int *) x, ==, *(const int *) y);
          break;
        }
    }
}

/* The members that must fit others. */
static gpointer
make_fitting (const TillTable *table,
              guint            salt)
{
  gpointer record = make_record (table, salt);

  if (table->of_profile || table == &till_table_intents)
    set_text (&G_STRUCT_MEMBER (char *, record, table->columns[table == &till_table_intents ? 1 : 0].offset),
              TEST_PROFILE);
  if (table == &till_table_profiles)
    set_text (&((TillProfile *) record)->id, TEST_PROFILE);
  if (table == &till_table_devices)
    {
      set_text (&((TillDeviceRecord *) record)->state, salt == 0 ? "active" : "revoked");
      set_text (&((TillDeviceRecord *) record)->kind, salt == 0 ? "till" : "terminal");
    }
  if (table == &till_table_log)
    {
      set_text (&((TillLogRecord *) record)->environment, "test");
      ((TillLogRecord *) record)->sequence = 0;
    }

  return record;
}

/* Each member there and back; a second put of the same key takes the place of the first. */
static void
test_round_trip (Fixture       *fixture,
                 gconstpointer  data)
{
  const TillTable *table = data;

  for (guint salt = 0; salt < 2; salt++)
    {
      g_autoptr(GPtrArray) found = NULL;
      g_autoptr(GError) error = NULL;
      gpointer record = make_fitting (table, salt);

      put (fixture, table, record, &error);
      g_assert_no_error (error);

      found = list (fixture, table, TEST_PROFILE);
      g_assert_cmpuint (found->len, ==, 1);
      assert_same (table, record, g_ptr_array_index (found, 0));
      table->destroy (record);
    }
}

/* The least that each kind takes: what is not given stays not given. */
static void
test_sparse (Fixture       *fixture,
             gconstpointer  data)
{
  const TillTable *table = data;
  g_autoptr(GPtrArray) found = NULL;
  g_autoptr(GError) error = NULL;
  gpointer record = table->make ();

  for (guint i = 0; i < table->n_columns; i++)
    {
      const TillColumn *column = &table->columns[i];

      if (column->kind == TILL_COLUMN_TEXT && column->required)
        G_STRUCT_MEMBER (char *, record, column->offset) = g_strdup ("x");
      if (column->kind == TILL_COLUMN_ENVIRONMENT)
        G_STRUCT_MEMBER (int, record, column->offset) = TILL_ENVIRONMENT_TEST;
    }
  if (table->of_profile || table == &till_table_intents)
    set_text (&G_STRUCT_MEMBER (char *, record, table->columns[table == &till_table_intents ? 1 : 0].offset),
              TEST_PROFILE);
  if (table == &till_table_profiles)
    set_text (&((TillProfile *) record)->id, TEST_PROFILE);
  if (table == &till_table_devices)
    set_text (&((TillDeviceRecord *) record)->state, "pending");

  put (fixture, table, record, &error);
  g_assert_no_error (error);
  found = list (fixture, table, TEST_PROFILE);
  g_assert_cmpuint (found->len, ==, 1);
  assert_same (table, record, g_ptr_array_index (found, 0));
  table->destroy (record);
}

/* Each text and each run of bytes is held to its bound and to UTF-8, and each that must be is there. */
static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  const TillTable *table = data;

  for (guint i = 0; i < table->n_columns; i++)
    {
      const TillColumn *column = &table->columns[i];

      for (guint kind = 0; kind < 3; kind++)
        {
          g_autoptr(GError) error = NULL;
          gpointer record = make_fitting (table, 0);
          gpointer member = G_STRUCT_MEMBER_P (record, column->offset);
          g_autofree char *first = NULL;

          if (column->kind == TILL_COLUMN_TEXT && (kind != 2 || column->required) &&
              !g_str_equal (column->name, "hash") && !(table == &till_table_log && kind == 2))
            {
              g_free (*(char **) member);
              *(char **) member = kind == 0 ? g_strnfill (column->limit + 1, 'x')
                                : kind == 1 ? g_strdup ("not \xc3( UTF-8") : NULL;
            }
          else if (column->kind == TILL_COLUMN_BYTES && kind == 0)
            {
              first = g_malloc0 (column->limit + 1);
              g_bytes_unref (*(GBytes **) member);
              *(GBytes **) member = g_bytes_new (first, column->limit + 1);
            }
          else if (column->kind == TILL_COLUMN_INT && kind == 0)
            {
              *(int *) member = -1;
            }
          else
            {
              table->destroy (record);
              continue;
            }

          g_assert_false (put (fixture, table, record, &error));
          test_assert_reason (error, TILL_ERROR_REJECTED, TILL_REASON_FIELD);
          g_assert_cmpstr (till_error_get_detail (error), ==, column->name);
          table->destroy (record);
        }
    }

  if (table != &till_table_profiles)
    {
      g_autoptr(GPtrArray) found = list (fixture, table, TEST_PROFILE);

      g_assert_cmpuint (found->len, ==, 0);
    }
}

/* The longest that is allowed is kept whole. */
static void
test_longest (Fixture       *fixture,
              gconstpointer  data)
{
  const TillTable *table = data;
  g_autoptr(GPtrArray) found = NULL;
  g_autoptr(GError) error = NULL;
  gpointer record = make_fitting (table, 0);

  for (guint i = 0; i < table->n_columns; i++)
    {
      const TillColumn *column = &table->columns[i];
      const char *name = column->name;

      if (column->kind == TILL_COLUMN_TEXT && !g_str_equal (name, "profile_id") && !g_str_equal (name, "id") &&
          !g_str_equal (name, "state") && !g_str_equal (name, "kind") && !g_str_equal (name, "hash") &&
          !(table == &till_table_log && g_str_equal (name, "environment")))
        {
          g_free (G_STRUCT_MEMBER (char *, record, column->offset));
          G_STRUCT_MEMBER (char *, record, column->offset) = g_strnfill (column->limit, 'x');
        }
    }

  put (fixture, table, record, &error);
  g_assert_no_error (error);
  found = list (fixture, table, TEST_PROFILE);
  g_assert_cmpuint (found->len, ==, 1);
  assert_same (table, record, g_ptr_array_index (found, 0));
  table->destroy (record);
}

static void
test_order (Fixture       *fixture,
            gconstpointer  data)
{
  static const gint64 starts[] = { 200, 300, 100 };
  g_autoptr(GPtrArray) found = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      g_autoptr(TillKeyRecord) key = till_key_record_new ();
      g_autoptr(GError) error = NULL;

      key->profile_id = g_strdup (TEST_PROFILE);
      key->key_id = g_strdup_printf ("key %u", i);
      key->valid_from = starts[i];
      put (fixture, &till_table_keys, key, &error);
      g_assert_no_error (error);
    }

  found = list (fixture, &till_table_keys, TEST_PROFILE);
  g_assert_cmpuint (found->len, ==, 3);
  g_assert_cmpint (((TillKeyRecord *) found->pdata[0])->valid_from, ==, 300);
  g_assert_cmpint (((TillKeyRecord *) found->pdata[1])->valid_from, ==, 200);
  g_assert_cmpint (((TillKeyRecord *) found->pdata[2])->valid_from, ==, 100);
}

static gboolean
profiles_work (TillTransaction  *transaction,
               gpointer          data,
               GError          **error)
{
  g_autoptr(TillProfile) same_name = test_profile (TEST_OTHER, "Corner shop", TILL_ENVIRONMENT_LIVE);
  g_autoptr(TillProfile) moved = test_profile (TEST_PROFILE, "Corner shop", TILL_ENVIRONMENT_LIVE);
  g_autoptr(TillProfile) other = test_profile (TEST_OTHER, "Another", TILL_ENVIRONMENT_LIVE);
  g_autoptr(TillProfile) renamed = test_profile (TEST_PROFILE, "Market stall", TILL_ENVIRONMENT_TEST);
  g_autoptr(GPtrArray) all = NULL;
  g_autoptr(GError) refused = NULL;

  g_assert_false (till_transaction_put_profile (transaction, same_name, &refused));
  test_assert_reason (refused, TILL_ERROR_CONFLICT, TILL_REASON_FIELD);
  g_assert_cmpstr (till_error_get_detail (refused), ==, "name");
  g_clear_error (&refused);

  g_assert_false (till_transaction_put_profile (transaction, moved, &refused));
  g_assert_error (refused, TILL_ERROR, TILL_ERROR_CONFLICT);
  g_assert_cmpstr (refused->message, ==, "the environment of a profile can never change; add another profile");
  g_clear_error (&refused);

  g_assert_true (till_transaction_put_profile (transaction, other, error));
  g_assert_true (till_transaction_put_profile (transaction, renamed, error));
  all = till_transaction_list_profiles (transaction, error);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpstr (((TillProfile *) all->pdata[0])->name, ==, "Another");
  g_assert_cmpstr (((TillProfile *) all->pdata[1])->name, ==, "Market stall");

  g_assert_false (till_transaction_remove_profile (transaction, "nobody", &refused));
  g_assert_error (refused, TILL_ERROR, TILL_ERROR_NOT_FOUND);

  return till_transaction_remove_profile (transaction, TEST_OTHER, error);
}

static void
test_profiles (Fixture       *fixture,
               gconstpointer  data)
{
  test_do (fixture->store, profiles_work, NULL);
}

/* Everything goes with its profile but what happened. */
static void
test_remove_profile (Fixture       *fixture,
                     gconstpointer  data)
{
  static const TillTable * const kinds[] = {
    &till_table_keys, &till_table_uploads, &till_table_devices, &till_table_intents, &till_table_log,
  };
  g_autoptr(GError) error = NULL;
  sqlite3 *db;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      gpointer record = make_fitting (kinds[i], 0);

      put (fixture, kinds[i], record, &error);
      g_assert_no_error (error);
      kinds[i]->destroy (record);
    }
  test_close (fixture->store);

  db = test_raw_open (fixture->dir->path);
  test_raw_exec (db, "INSERT INTO seen (profile_id, environment, id, json) VALUES ('" TEST_PROFILE "', 'test', 'a', '{}')");
  test_raw_exec (db, "DELETE FROM profiles");
  g_assert_cmpint (test_raw_int (db, "SELECT count (*) FROM keys"), ==, 0);
  g_assert_cmpint (test_raw_int (db, "SELECT count (*) FROM uploads"), ==, 0);
  g_assert_cmpint (test_raw_int (db, "SELECT count (*) FROM seen"), ==, 0);
  g_assert_cmpint (test_raw_int (db, "SELECT count (*) FROM devices"), ==, 0);
  g_assert_cmpint (test_raw_int (db, "SELECT count (*) FROM intents"), ==, 1);
  g_assert_cmpint (test_raw_int (db, "SELECT count (*) FROM log"), ==, 1);
  sqlite3_close (db);

  fixture->store = test_open (fixture->dir->path, TILL_STORE_WRITE, &error);
  g_assert_no_error (error);
}

static gboolean
remove_profile_work (TillTransaction  *transaction,
                     gpointer          data,
                     GError          **error)
{
  return till_transaction_remove_profile (transaction, data, error);
}

static void
test_remove_profile_here (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr(TillKeyRecord) key = make_fitting (&till_table_keys, 0);
  g_autoptr(TillIntentRecord) intent = make_fitting (&till_table_intents, 0);
  g_autoptr(GPtrArray) keys = NULL;
  g_autoptr(GPtrArray) intents = NULL;
  g_autoptr(GPtrArray) all = NULL;
  g_autoptr(GError) error = NULL;

  put (fixture, &till_table_keys, key, &error);
  g_assert_no_error (error);
  put (fixture, &till_table_intents, intent, &error);
  g_assert_no_error (error);

  test_do (fixture->store, remove_profile_work, (char *) TEST_PROFILE);
  keys = list (fixture, &till_table_keys, TEST_PROFILE);
  intents = list (fixture, &till_table_intents, TEST_PROFILE);
  all = list (fixture, &till_table_intents, NULL);
  g_assert_cmpuint (keys->len, ==, 0);
  g_assert_cmpuint (intents->len, ==, 1);
  g_assert_cmpuint (all->len, ==, 1);

  /* A record of a profile that is not there. */
  g_assert_false (put (fixture, &till_table_keys, key, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
}

static gboolean
settings_work (TillTransaction  *transaction,
               gpointer          data,
               GError          **error)
{
  g_autofree char *missing = till_transaction_dup_setting (transaction, "current", error);
  g_autofree char *long_value = g_strnfill (TILL_STORE_MEDIUM_BYTES + 1, 'x');
  g_autofree char *value = NULL;
  g_autofree char *gone = NULL;
  g_autoptr(GError) refused = NULL;

  g_assert_null (missing);
  g_assert_no_error (*error);
  g_assert_true (till_transaction_set_setting (transaction, "current", "one", error));
  g_assert_true (till_transaction_set_setting (transaction, "current", "two", error));
  value = till_transaction_dup_setting (transaction, "current", error);
  g_assert_cmpstr (value, ==, "two");

  g_assert_false (till_transaction_set_setting (transaction, "current", long_value, &refused));
  g_assert_error (refused, TILL_ERROR, TILL_ERROR_REJECTED);
  g_clear_error (&refused);
  g_assert_false (till_transaction_set_setting (transaction, "\xff", "x", &refused));
  g_assert_error (refused, TILL_ERROR, TILL_ERROR_REJECTED);

  g_assert_true (till_transaction_set_setting (transaction, "current", NULL, error));
  gone = till_transaction_dup_setting (transaction, "current", error);
  g_assert_null (gone);

  return TRUE;
}

static void
test_settings (Fixture       *fixture,
               gconstpointer  data)
{
  test_do (fixture->store, settings_work, NULL);
}

static GPtrArray *
make_seen (guint from,
           guint to)
{
  GPtrArray *seen = g_ptr_array_new_with_free_func ((GDestroyNotify) till_seen_record_free);

  for (guint i = from; i < to; i++)
    {
      TillSeenRecord *record = till_seen_record_new ();

      record->profile_id = g_strdup (TEST_PROFILE);
      record->id = g_strdup_printf ("certificate %u", 1000 - i);
      record->json = g_strdup_printf ("{\"id\":%u}", i);
      record->seen_at = TEST_NOW;
      g_ptr_array_add (seen, record);
    }

  return seen;
}

static gboolean
seen_work (TillTransaction  *transaction,
           gpointer          data,
           GError          **error)
{
  g_autoptr(GPtrArray) first = make_seen (0, 20);
  g_autoptr(GPtrArray) second = make_seen (10, 15);
  g_autoptr(GPtrArray) foreign = make_seen (0, 3);
  g_autoptr(GPtrArray) none = make_seen (0, 0);
  g_autoptr(GPtrArray) found = NULL;
  g_autoptr(GPtrArray) kept = NULL;
  g_autoptr(GPtrArray) left = NULL;
  g_autoptr(GError) refused = NULL;

  g_assert_true (till_transaction_replace_seen (transaction, TEST_PROFILE, first, error));
  g_assert_true (till_transaction_replace_seen (transaction, TEST_PROFILE, second, error));
  found = till_transaction_list_seen (transaction, TEST_PROFILE, error);
  g_assert_cmpuint (found->len, ==, 5);
  for (guint i = 0; i < 5; i++)
    assert_same (&till_table_seen, second->pdata[i], found->pdata[i]);

  /* One of another profile among them: nothing of it stays, and what was there does. */
  set_text (&((TillSeenRecord *) foreign->pdata[2])->profile_id, TEST_OTHER);
  g_assert_false (till_transaction_replace_seen (transaction, TEST_PROFILE, foreign, &refused));
  g_assert_error (refused, TILL_ERROR, TILL_ERROR_CONFLICT);
  g_clear_error (&refused);
  kept = till_transaction_list_seen (transaction, TEST_PROFILE, error);
  g_assert_cmpuint (kept->len, ==, 5);

  g_assert_false (till_transaction_replace_seen (transaction, TEST_OTHER, none, &refused));
  g_assert_error (refused, TILL_ERROR, TILL_ERROR_NOT_FOUND);

  g_assert_true (till_transaction_replace_seen (transaction, TEST_PROFILE, none, error));
  left = till_transaction_list_seen (transaction, TEST_PROFILE, error);
  g_assert_cmpuint (left->len, ==, 0);

  return TRUE;
}

static void
test_seen (Fixture       *fixture,
           gconstpointer  data)
{
  test_do (fixture->store, seen_work, NULL);
}

static gboolean
removals_work (TillTransaction  *transaction,
               gpointer          data,
               GError          **error)
{
  g_autoptr(TillFileRecord) file = make_fitting (&till_table_files, 0);
  g_autoptr(TillDeviceRecord) device = make_fitting (&till_table_devices, 0);
  g_autoptr(GPtrArray) files = NULL;
  g_autoptr(GPtrArray) devices = NULL;

  g_assert_true (till_transaction_put_file (transaction, file, error));
  g_assert_true (till_transaction_put_device (transaction, device, error));
  g_assert_true (till_transaction_remove_file (transaction, file->uri, error));
  g_assert_true (till_transaction_remove_device (transaction, TEST_PROFILE, device->serial, error));
  files = till_transaction_list_files (transaction, error);
  devices = till_transaction_list_devices (transaction, TEST_PROFILE, error);
  g_assert_cmpuint (files->len, ==, 0);
  g_assert_cmpuint (devices->len, ==, 0);

  /* What is not there is gone. */
  return till_transaction_remove_file (transaction, file->uri, error) &&
         till_transaction_remove_device (transaction, TEST_PROFILE, device->serial, error);
}

static void
test_removals (Fixture       *fixture,
               gconstpointer  data)
{
  test_do (fixture->store, removals_work, NULL);
}

/* G17: what was written before it was sent stays as it was. */
static gboolean
intents_work (TillTransaction  *transaction,
              gpointer          data,
              GError          **error)
{
  g_autoptr(TillIntentRecord) first = make_fitting (&till_table_intents, 0);
  g_autoptr(TillIntentRecord) second = make_fitting (&till_table_intents, 0);
  g_autoptr(TillIntentRecord) wrong = make_fitting (&till_table_intents, 0);
  g_autoptr(GPtrArray) all = NULL;
  g_autoptr(GPtrArray) unsettled = NULL;
  g_autoptr(GPtrArray) settled = NULL;
  g_autoptr(GPtrArray) foreign = NULL;
  g_autoptr(GError) refused = NULL;
  TillIntentRecord *found;

  g_assert_true (till_transaction_put_intent (transaction, first, error));
  g_assert_true (till_transaction_put_intent (transaction, second, error));
  g_assert_cmpint (first->id, >, 0);
  g_assert_cmpint (second->id, >, first->id);

  /* Only these five change. */
  first->state = TILL_INTENT_UNKNOWN;
  first->tries = 3;
  first->ended_at = TEST_NOW;
  set_text (&first->note, "no answer");
  set_text (&first->subject, "key 7");
  set_text (&first->body, "another body");
  set_text (&first->request_id, "another id");
  g_assert_true (till_transaction_put_intent (transaction, first, error));

  all = till_transaction_list_intents (transaction, NULL, FALSE, error);
  g_assert_cmpuint (all->len, ==, 2);
  found = all->pdata[0];
  g_assert_cmpint (found->state, ==, TILL_INTENT_UNKNOWN);
  g_assert_cmpuint (found->tries, ==, 3);
  g_assert_cmpint (found->ended_at, ==, TEST_NOW);
  g_assert_cmpstr (found->note, ==, "no answer");
  g_assert_cmpstr (found->subject, ==, "key 7");
  g_assert_cmpstr (found->body, ==, wrong->body);
  g_assert_cmpstr (found->request_id, ==, wrong->request_id);

  unsettled = till_transaction_list_intents (transaction, TEST_PROFILE, TRUE, error);
  g_assert_cmpuint (unsettled->len, ==, 2);
  second->state = TILL_INTENT_DONE;
  g_assert_true (till_transaction_put_intent (transaction, second, error));
  settled = till_transaction_list_intents (transaction, TEST_PROFILE, TRUE, error);
  g_assert_cmpuint (settled->len, ==, 1);
  g_assert_cmpint (((TillIntentRecord *) settled->pdata[0])->id, ==, first->id);
  foreign = till_transaction_list_intents (transaction, TEST_OTHER, FALSE, error);
  g_assert_cmpuint (foreign->len, ==, 0);

  wrong->id = 4711;
  g_assert_false (till_transaction_put_intent (transaction, wrong, &refused));
  g_assert_error (refused, TILL_ERROR, TILL_ERROR_NOT_FOUND);
  g_clear_error (&refused);

  wrong->id = 0;
  wrong->environment = TILL_ENVIRONMENT_LIVE;
  g_assert_false (till_transaction_put_intent (transaction, wrong, &refused));
  g_assert_error (refused, TILL_ERROR, TILL_ERROR_CONFLICT);

  return TRUE;
}

static void
test_intents (Fixture       *fixture,
              gconstpointer  data)
{
  test_do (fixture->store, intents_work, NULL);
}

static const TillTable * const round_tables[] = {
  &till_table_profiles, &till_table_keys, &till_table_uploads, &till_table_files,
  &till_table_devices,
};

static const TillTable * const put_tables[] = {
  &till_table_profiles, &till_table_keys, &till_table_uploads, &till_table_files,
  &till_table_devices, &till_table_intents,
};

static void
add (const char      *what,
     const TillTable *table,
     void           (*test) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/store/%s/%s", what, table->name);

  g_test_add (path, Fixture, table, set_up, test, tear_down);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (round_tables); i++)
    add ("round-trip", round_tables[i], test_round_trip);
  for (guint i = 0; i < G_N_ELEMENTS (put_tables); i++)
    {
      add ("sparse", put_tables[i], test_sparse);
      add ("refused", put_tables[i], test_refused);
      add ("longest", put_tables[i], test_longest);
    }

  g_test_add ("/store/order", Fixture, NULL, set_up, test_order, tear_down);
  g_test_add ("/store/profiles", Fixture, NULL, set_up, test_profiles, tear_down);
  g_test_add ("/store/remove-profile/cascade", Fixture, NULL, set_up, test_remove_profile, tear_down);
  g_test_add ("/store/remove-profile/here", Fixture, NULL, set_up, test_remove_profile_here, tear_down);
  g_test_add ("/store/settings", Fixture, NULL, set_up, test_settings, tear_down);
  g_test_add ("/store/seen", Fixture, NULL, set_up, test_seen, tear_down);
  g_test_add ("/store/removals", Fixture, NULL, set_up, test_removals, tear_down);
  g_test_add ("/store/intents", Fixture, NULL, set_up, test_intents, tear_down);

  return g_test_run ();
}
