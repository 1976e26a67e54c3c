/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Environments never mix (RELIABILITY.md G31): random operations against a model, and the database on its own. */
#include "config.h"

#include <string.h>

#include "store-test.h"

#define PROFILES 6
#define NAMES 8
#define OPERATIONS 20000
#define OPERATIONS_LONG 100000
#define BATCH 100

/* What the store must hold: by profile, its environment and the ids of its records of each kind. */
typedef struct
{
  gboolean        there;         /* while it is not, its intents still bind its environment */
  TillEnvironment environment;
  gboolean        keys[NAMES];
  gboolean        uploads[NAMES];
  gboolean        devices[NAMES];
  guint           seen;
  guint           intents;
} Model;

typedef struct
{
  Model model[PROFILES];
  guint left;
  guint done;
  guint refused;
} Run;

static char *
profile_id (guint p)
{
  return g_strdup_printf ("%032x", p);
}

static gboolean
put_profile (TillTransaction *transaction,
             Model           *model,
             guint            p)
{
  TillEnvironment environment = (TillEnvironment) g_test_rand_int_range (0, 3);
  g_autofree char *id = profile_id (p);
  g_autofree char *name = g_strdup_printf ("profile %u", p);
  g_autoptr(TillProfile) profile = test_profile (id, name, environment);
  g_autoptr(GError) error = NULL;
  gboolean expected = (!model->there && model->intents == 0) || model->environment == environment;

  g_assert_cmpint (till_transaction_put_profile (transaction, profile, &error), ==, expected);
  if (expected)
    {
      model->there = TRUE;
      model->environment = environment;
    }
  else
    {
      g_assert_error (error, TILL_ERROR, TILL_ERROR_CONFLICT);
    }

  return expected;
}

static gboolean
remove_profile (TillTransaction *transaction,
                Model           *model,
                guint            p)
{
  g_autofree char *id = profile_id (p);
  guint intents = model->intents;
  TillEnvironment environment = model->environment;
  gboolean expected = model->there;

  g_assert_cmpint (till_transaction_remove_profile (transaction, id, NULL), ==, expected);
  if (expected)
    {
      memset (model, 0, sizeof *model);
      model->intents = intents;
      model->environment = environment;
    }

  return expected;
}

static gboolean
put_record (TillTransaction *transaction,
            Model           *model,
            guint            p,
            guint            kind)
{
  guint n = (guint) g_test_rand_int_range (0, NAMES);
  g_autofree char *name = g_strdup_printf ("record %u", n);
  gboolean expected = model->there;
  g_autoptr(GError) error = NULL;
  gboolean done;

  if (kind == 0)
    {
      g_autoptr(TillKeyRecord) key = till_key_record_new ();

      key->profile_id = profile_id (p);
      key->key_id = g_steal_pointer (&name);
      done = till_transaction_put_key (transaction, key, &error);
      model->keys[n] |= expected;
    }
  else if (kind == 1)
    {
      g_autoptr(TillUploadRecord) upload = till_upload_record_new ();

      upload->profile_id = profile_id (p);
      upload->client_key_id = g_steal_pointer (&name);
      done = till_transaction_put_upload (transaction, upload, &error);
      model->uploads[n] |= expected;
    }
  else
    {
      g_autoptr(TillDeviceRecord) device = till_device_record_new ();

      device->profile_id = profile_id (p);
      device->pos_id = g_strdup (name);
      device->serial = g_steal_pointer (&name);
      device->state = g_strdup ("active");
      done = till_transaction_put_device (transaction, device, &error);
      model->devices[n] |= expected;
    }

  g_assert_cmpint (done, ==, expected);
  if (!expected)
    g_assert_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND);

  return expected;
}

static gboolean
put_intent (TillTransaction *transaction,
            Model           *model,
            guint            p)
{
  g_autoptr(TillIntentRecord) intent = till_intent_record_new ();
  gboolean expected;

  intent->profile_id = profile_id (p);
  intent->environment = (TillEnvironment) g_test_rand_int_range (0, 3);
  intent->operation = g_strdup ("keys.generate");
  intent->request_id = g_uuid_string_random ();
  expected = model->there && model->environment == intent->environment;
  g_assert_cmpint (till_transaction_put_intent (transaction, intent, NULL), ==, expected);
  model->intents += expected;

  return expected;
}

/* Certificates of this profile, or with one of another among them. */
static gboolean
put_seen (TillTransaction *transaction,
          Model           *model,
          guint            p)
{
  g_autoptr(GPtrArray) seen = g_ptr_array_new_with_free_func ((GDestroyNotify) till_seen_record_free);
  g_autofree char *id = profile_id (p);
  guint n = (guint) g_test_rand_int_range (0, 4);
  gboolean foreign = n > 0 && g_test_rand_bit ();
  gboolean expected = model->there && !foreign;

  for (guint i = 0; i < n; i++)
    {
      TillSeenRecord *record = till_seen_record_new ();

      record->profile_id = foreign && i == n - 1 ? profile_id ((p + 1) % PROFILES) : g_strdup (id);
      record->id = g_strdup_printf ("wallet %u", i);
      record->json = g_strdup ("{}");
      g_ptr_array_add (seen, record);
    }

  g_assert_cmpint (till_transaction_replace_seen (transaction, id, seen, NULL), ==, expected);
  if (expected)
    model->seen = n;

  return expected;
}

static guint
count (const gboolean *names)
{
  guint n = 0;

  for (guint i = 0; i < NAMES; i++)
    n += names[i] != FALSE;

  return n;
}

static void
assert_model (TillTransaction *transaction,
              const Model     *models)
{
  g_autoptr(GPtrArray) profiles = till_transaction_list_profiles (transaction, NULL);
  guint there = 0;

  for (guint p = 0; p < PROFILES; p++)
    {
      const Model *model = &models[p];
      g_autofree char *id = profile_id (p);
      g_autoptr(GPtrArray) keys = till_transaction_list_keys (transaction, id, NULL);
      g_autoptr(GPtrArray) uploads = till_transaction_list_uploads (transaction, id, NULL);
      g_autoptr(GPtrArray) devices = till_transaction_list_devices (transaction, id, NULL);
      g_autoptr(GPtrArray) seen = till_transaction_list_seen (transaction, id, NULL);
      g_autoptr(GPtrArray) intents = till_transaction_list_intents (transaction, id, FALSE, NULL);

      there += model->there;
      g_assert_cmpuint (keys->len, ==, count (model->keys));
      g_assert_cmpuint (uploads->len, ==, count (model->uploads));
      g_assert_cmpuint (devices->len, ==, count (model->devices));
      g_assert_cmpuint (seen->len, ==, model->seen);
      g_assert_cmpuint (intents->len, ==, model->intents);
      for (guint i = 0; i < intents->len; i++)
        g_assert_cmpint (((TillIntentRecord *) intents->pdata[i])->environment, ==, model->environment);
      for (guint i = 0; i < keys->len; i++)
        g_assert_cmpstr (((TillKeyRecord *) keys->pdata[i])->profile_id, ==, id);
      for (guint i = 0; i < profiles->len; i++)
        {
          const TillProfile *profile = profiles->pdata[i];

          if (g_str_equal (profile->id, id))
            g_assert_cmpint (profile->environment, ==, model->environment);
        }
    }

  g_assert_cmpuint (profiles->len, ==, there);
}

static gboolean
random_work (TillTransaction  *transaction,
             gpointer          data,
             GError          **error)
{
  Run *run = data;

  for (guint i = 0; i < BATCH && run->left > 0; i++, run->left--)
    {
      guint p = (guint) g_test_rand_int_range (0, PROFILES);
      Model *model = &run->model[p];
      gboolean done;

      switch (g_test_rand_int_range (0, 12))
        {
        case 0: case 1: case 2:
          done = put_profile (transaction, model, p);
          break;

        case 3:
          done = remove_profile (transaction, model, p);
          break;

        case 4: case 5:
          done = put_intent (transaction, model, p);
          break;

        case 6: case 7:
          done = put_seen (transaction, model, p);
          break;

        default:
          done = put_record (transaction, model, p, (guint) g_test_rand_int_range (0, 3));
          break;
        }

      if (done)
        run->done++;
      else
        run->refused++;
    }

  assert_model (transaction, run->model);

  return TRUE;
}

/* Each record stands in the environment of its profile, in every table. */
static void
assert_database (const char *folder)
{
  static const char * const tables[] = { "keys", "uploads", "seen", "devices" };
  sqlite3 *db = test_raw_open (folder);

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM %s AS t WHERE NOT EXISTS (SELECT 1 FROM profiles AS p"
                                              " WHERE p.id = t.profile_id AND p.environment = t.environment)", tables[i]);

      g_assert_cmpint (test_raw_int (db, sql), ==, 0);
    }
  g_assert_cmpint (test_raw_int (db, "SELECT count (*) FROM intents AS t WHERE EXISTS (SELECT 1 FROM profiles AS p"
                                     " WHERE p.id = t.profile_id AND p.environment <> t.environment)"), ==, 0);
  g_assert_cmpint (test_raw_int (db, "SELECT count (*) FROM pragma_foreign_key_check"), ==, 0);
  sqlite3_close (db);
}

static void
test_random (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autoptr(GError) error = NULL;
  TillStore *store = test_open (dir->path, TILL_STORE_WRITE, &error);
  Run run = { .left = g_getenv ("TILL_LONG_TESTS") != NULL ? OPERATIONS_LONG : OPERATIONS };

  g_assert_no_error (error);
  while (run.left > 0)
    test_do (store, random_work, &run);
  test_close (store);

  g_assert_cmpuint (run.done, >, 100);
  g_assert_cmpuint (run.refused, >, 100);
  assert_database (dir->path);
}

static gboolean
fill_work (TillTransaction  *transaction,
           gpointer          data,
           GError          **error)
{
  g_autoptr(TillProfile) shop = test_profile (TEST_PROFILE, "Shop", TILL_ENVIRONMENT_TEST);
  g_autoptr(TillProfile) other = test_profile (TEST_OTHER, "Other", TILL_ENVIRONMENT_LIVE);
  g_autoptr(TillKeyRecord) key = till_key_record_new ();
  g_autoptr(TillIntentRecord) intent = till_intent_record_new ();

  key->profile_id = g_strdup (TEST_PROFILE);
  key->key_id = g_strdup ("key");
  intent->profile_id = g_strdup (TEST_PROFILE);
  intent->environment = TILL_ENVIRONMENT_TEST;
  intent->operation = g_strdup ("keys.generate");
  intent->request_id = g_strdup ("r");

  return till_transaction_put_profile (transaction, shop, error) &&
         till_transaction_put_profile (transaction, other, error) &&
         till_transaction_put_key (transaction, key, error) &&
         till_transaction_put_intent (transaction, intent, error);
}

/* What the program never asks for the database refuses as well. */
static void
test_refused (void)
{
  static const char * const statements[] = {
    "UPDATE profiles SET environment = 'live' WHERE id = '" TEST_PROFILE "'",
    "UPDATE profiles SET id = 'x' WHERE id = '" TEST_PROFILE "'",
    "UPDATE profiles SET environment = 'production'",
    "INSERT OR REPLACE INTO profiles (id, environment, name, devices_signature, repeat_lost)"
    " VALUES ('" TEST_PROFILE "', 'live', 'Shop', 0, 0)",
    "UPDATE keys SET environment = 'live'",
    "UPDATE keys SET profile_id = '" TEST_OTHER "'",
    "INSERT INTO keys (profile_id, environment, key_id, modulus, in_use, imported)"
    " VALUES ('" TEST_PROFILE "', 'live', 'key', 1, 0, 0)",
    "INSERT INTO uploads (profile_id, environment, client_key_id) VALUES ('" TEST_PROFILE "', 'live', 'u')",
    "INSERT INTO seen (profile_id, environment, id, json) VALUES ('" TEST_PROFILE "', 'live', 's', '{}')",
    "INSERT INTO devices (profile_id, environment, serial, pos_id, state)"
    " VALUES ('" TEST_OTHER "', 'test', 's', 'p', 'active')",
    "INSERT INTO devices (profile_id, environment, serial, pos_id, state)"
    " VALUES ('" TEST_OTHER "', 'live', 's', 'p', 'dreaming')",
    "INSERT INTO intents (profile_id, environment, operation, request_id, state, tries)"
    " VALUES ('" TEST_PROFILE "', 'live', 'o', 'r', 'open', 0)",
    "UPDATE intents SET environment = 'live'",
    "UPDATE intents SET profile_id = '" TEST_OTHER "'",
    "UPDATE intents SET body = 'other'",
    "UPDATE intents SET request_id = 'other'",
    "UPDATE intents SET state = 'dreaming'",
    "DELETE FROM intents",
  };
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autoptr(GError) error = NULL;
  TillStore *store = test_open (dir->path, TILL_STORE_WRITE, &error);
  sqlite3 *db;

  g_assert_no_error (error);
  test_do (store, fill_work, NULL);
  test_close (store);

  db = test_raw_open (dir->path);
  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    g_assert_cmpint (sqlite3_exec (db, statements[i], NULL, NULL, NULL), ==, SQLITE_CONSTRAINT);

  /* Also once the profile is gone: its intents bind the id. */
  test_raw_exec (db, "DELETE FROM profiles WHERE id = '" TEST_PROFILE "'");
  g_assert_cmpint (sqlite3_exec (db, "INSERT INTO profiles (id, environment, name, devices_signature, repeat_lost)"
                                     " VALUES ('" TEST_PROFILE "', 'live', 'Shop', 0, 0)", NULL, NULL, NULL),
                   ==, SQLITE_CONSTRAINT);
  sqlite3_close (db);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/environment/random", test_random);
  g_test_add_func ("/environment/refused", test_refused);

  return g_test_run ();
}
