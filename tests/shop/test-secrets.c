/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Secrets in the vault against what the store knows of them, whatever was interrupted (RELIABILITY.md G28, G35). */
#include "config.h"

#include <string.h>

#include "shop-test.h"
#include "till-profiles.h"
#include "till-shop.h"
#include "till-shop-secrets.h"
#include "vault-test.h"

typedef struct
{
  TillTestDir *dir;
  char        *folder;
  TillStore   *store;
  TillVault   *vault;
  TillProfile *profile;
} Fixture;

/* libsecret decides once for a process what it uses: so each test is a process of its own. */
static gboolean
enter_alone (const char *keyring)
{
  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, TEST_PATIENCE * G_USEC_PER_SEC, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return FALSE;
    }

  if (keyring != NULL)
    {
      g_setenv ("SECRET_BACKEND", "file", TRUE);
      g_setenv ("SECRET_FILE_TEST_PATH", keyring, TRUE);
      g_setenv ("SECRET_FILE_TEST_PASSWORD", "test", TRUE);
    }
  else
    {
      g_unsetenv ("SECRET_BACKEND");
      g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
    }

  return TRUE;
}

static TillProfile *
add_profile (Fixture    *fixture,
             const char *name)
{
  g_autoptr(TillProfile) profile = till_profile_new ();
  g_autoptr(GError) error = NULL;
  TillProfile *made;

  profile->name = g_strdup (name);
  profile->environment = TILL_ENVIRONMENT_TEST;
  profile->wallet_user = g_strdup ("shop");
  till_profiles_put_async (fixture->store, profile, TEST_NOW, NULL, shop_result_cb, NULL);
  made = till_profiles_done_finish (shop_wait (), &error);
  g_assert_no_error (error);

  return made;
}

static void
enter_secret (Fixture    *fixture,
              const char *name,
              const char *service)
{
  g_autoptr(TillSecret) secret = test_secret ("the-secret");
  g_autoptr(TillProfile) done = NULL;
  g_autoptr(GError) error = NULL;

  till_profiles_secret_async (fixture->store, fixture->vault, name, service, secret, NULL, shop_result_cb, NULL);
  done = till_profiles_done_finish (shop_wait (), &error);
  g_assert_no_error (error);
}

static gboolean
set_up (Fixture  *fixture,
        gboolean  with_keyring)
{
  g_autofree char *keyring = NULL;

  fixture->dir = till_test_dir_new ();
  keyring = till_test_dir_file (fixture->dir, "test.keyring");
  if (!enter_alone (with_keyring ? keyring : NULL))
    {
      g_clear_pointer (&fixture->dir, till_test_dir_free);
      return FALSE;
    }

  fixture->folder = till_test_dir_file (fixture->dir, "data");
  fixture->store = shop_open_store (fixture->dir);
  fixture->vault = till_vault_new ();
  fixture->profile = add_profile (fixture, "Shop");

  return TRUE;
}

static void
tear_down (Fixture *fixture)
{
  shop_close_store (fixture->store);
  g_assert_finalize_object (fixture->vault);
  till_profile_free (fixture->profile);
  g_free (fixture->folder);
  till_test_dir_free (fixture->dir);
}

static TillReconciled
reconcile (Fixture *fixture)
{
  TillReconciled reconciled = { 0 };
  g_autoptr(GError) error = NULL;

  till_secrets_reconcile_async (fixture->store, fixture->vault, NULL, NULL, shop_result_cb, NULL);
  g_assert_true (till_secrets_reconcile_finish (shop_wait (), &reconciled, &error));
  g_assert_no_error (error);

  return reconciled;
}

#define assert_reconciled(fixture, want_finished, want_adopted, want_lost, want_found) \
  G_STMT_START { \
    TillReconciled reconciled_ = reconcile (fixture); \
    g_assert_cmpuint (reconciled_.finished, ==, want_finished); \
    g_assert_cmpuint (reconciled_.adopted, ==, want_adopted); \
    g_assert_cmpuint (reconciled_.lost, ==, want_lost); \
    g_assert_cmpuint (reconciled_.found, ==, want_found); \
    g_assert_false (reconciled_.undecided); \
  } G_STMT_END

/* How many secrets the vault has, and how many the store says that it has. */
static guint
count_kept (Fixture    *fixture,
            const char *profile_id)
{
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) names = test_vault_list (fixture->vault, profile_id, &error);

  g_assert_no_error (error);

  return g_strv_length (names);
}

typedef struct
{
  const char       *profile_id;
  const char       *service;
  TillSecretRecord  record;
} Asked;

static gboolean
get_record_work (TillTransaction  *transaction,
                 gpointer          data,
                 GError          **error)
{
  Asked *asked = data;

  return till_secret_record_get (transaction, asked->profile_id, asked->service, &asked->record, error);
}

static TillSecretRecord
get_record (Fixture    *fixture,
            const char *profile_id,
            const char *service)
{
  Asked asked = { .profile_id = profile_id, .service = service };

  test_do (fixture->store, get_record_work, &asked);

  return asked.record;
}

static gboolean
mark_removal_work (TillTransaction  *transaction,
                   gpointer          data,
                   GError          **error)
{
  return till_secrets_mark_removal (transaction, data, TRUE, error);
}

static gboolean
count_removals_work (TillTransaction  *transaction,
                     gpointer          data,
                     GError          **error)
{
  g_auto(GStrv) ids = till_secrets_dup_removals (transaction, error);

  g_assert_nonnull (ids);
  *(guint *) data = g_strv_length (ids);

  return TRUE;
}

static guint
count_removals (Fixture *fixture)
{
  guint count = 0;

  test_do (fixture->store, count_removals_work, &count);

  return count;
}

static gboolean
count_events_work (TillTransaction  *transaction,
                   gpointer          data,
                   GError          **error)
{
  Asked *asked = data;
  g_autoptr(GPtrArray) log = till_transaction_list_log (transaction, TILL_TIME_UNKNOWN, 0, error);

  g_assert_nonnull (log);
  asked->record = 0;
  for (guint i = 0; i < log->len; i++)
    asked->record += g_str_equal (((TillLogRecord *) log->pdata[i])->event, asked->service);

  return TRUE;
}

static guint
count_events (Fixture    *fixture,
              const char *event)
{
  Asked asked = { .service = event };

  test_do (fixture->store, count_events_work, &asked);

  return asked.record;
}

static guint
count_profiles (Fixture *fixture)
{
  g_autoptr(TillProfiles) profiles = NULL;
  g_autoptr(GError) error = NULL;

  till_profiles_load_async (fixture->store, NULL, shop_result_cb, NULL);
  profiles = till_profiles_load_finish (shop_wait (), &error);
  g_assert_no_error (error);

  return profiles->profiles->len;
}

/* What went well leaves nothing to do. */
static void
test_whole (void)
{
  Fixture fixture = { 0 };

  if (!set_up (&fixture, TRUE))
    return;

  enter_secret (&fixture, "Shop", "hub");
  enter_secret (&fixture, "Shop", "wallet");
  g_assert_cmpint (get_record (&fixture, fixture.profile->id, "hub"), ==, TILL_SECRET_KEPT);
  assert_reconciled (&fixture, 0, 0, 0, 0);
  g_assert_cmpuint (count_kept (&fixture, fixture.profile->id), ==, 2);
  g_assert_cmpuint (count_events (&fixture, "profile.secret"), ==, 2);
  tear_down (&fixture);
}

/* Killed between the keyring's item and the row: also what an earlier version has put there. */
static void
test_item_without_record (void)
{
  Fixture fixture = { 0 };
  g_autoptr(TillSecret) secret = test_secret ("the-secret");
  g_autoptr(GError) error = NULL;

  if (!set_up (&fixture, TRUE))
    return;

  g_assert_true (test_vault_store (fixture.vault, fixture.profile->id, "wallet", secret, &error));
  g_assert_no_error (error);
  assert_reconciled (&fixture, 0, 1, 0, 0);
  g_assert_cmpint (get_record (&fixture, fixture.profile->id, "wallet"), ==, TILL_SECRET_KEPT);
  g_assert_cmpuint (count_events (&fixture, "profile.secret"), ==, 1);
  assert_reconciled (&fixture, 0, 0, 0, 0);
  g_assert_cmpuint (count_events (&fixture, "profile.secret"), ==, 1);
  tear_down (&fixture);
}

/* Also as a keyring that was replaced has it: nothing found, and no error. The person is asked, nothing is made up. */
static void
test_record_without_item (void)
{
  Fixture fixture = { 0 };
  g_autoptr(GError) error = NULL;

  if (!set_up (&fixture, TRUE))
    return;

  enter_secret (&fixture, "Shop", "wallet");
  g_assert_true (test_vault_remove (fixture.vault, fixture.profile->id, "wallet", &error));
  assert_reconciled (&fixture, 0, 0, 1, 0);
  g_assert_cmpint (get_record (&fixture, fixture.profile->id, "wallet"), ==, TILL_SECRET_LOST);

  /* Said once, and not again at each start. */
  assert_reconciled (&fixture, 0, 0, 0, 0);
  g_assert_cmpuint (count_events (&fixture, "profile.secret-lost"), ==, 1);

  enter_secret (&fixture, "Shop", "wallet");
  g_assert_cmpint (get_record (&fixture, fixture.profile->id, "wallet"), ==, TILL_SECRET_KEPT);
  assert_reconciled (&fixture, 0, 0, 0, 0);
  tear_down (&fixture);
}

/* The keyring of before is back. */
static void
test_found_again (void)
{
  Fixture fixture = { 0 };
  g_autoptr(TillSecret) secret = test_secret ("the-secret");
  g_autoptr(GError) error = NULL;

  if (!set_up (&fixture, TRUE))
    return;

  enter_secret (&fixture, "Shop", "hub");
  g_assert_true (test_vault_remove (fixture.vault, fixture.profile->id, NULL, &error));
  assert_reconciled (&fixture, 0, 0, 1, 0);
  g_assert_true (test_vault_store (fixture.vault, fixture.profile->id, "hub", secret, &error));
  g_assert_no_error (error);
  assert_reconciled (&fixture, 0, 0, 0, 1);
  assert_reconciled (&fixture, 0, 0, 0, 0);
  tear_down (&fixture);
}

static void
check_removed (Fixture    *fixture,
               const char *other_id)
{
  assert_reconciled (fixture, 1, 0, 0, 0);
  g_assert_cmpuint (count_profiles (fixture), ==, 1);
  g_assert_cmpuint (count_kept (fixture, fixture->profile->id), ==, 0);
  g_assert_cmpint (get_record (fixture, fixture->profile->id, "hub"), ==, TILL_SECRET_NONE);
  g_assert_cmpuint (count_events (fixture, "profile.remove"), ==, 1);
  g_assert_cmpuint (count_removals (fixture), ==, 0);
  g_assert_cmpuint (count_kept (fixture, other_id), ==, 1);
  assert_reconciled (fixture, 0, 0, 0, 0);
}

/* Killed after the mark, and after the keyring. */
static void
test_removal (gconstpointer data)
{
  gboolean secrets_gone = GPOINTER_TO_INT (data);
  Fixture fixture = { 0 };
  g_autoptr(TillProfile) other = NULL;
  g_autoptr(GError) error = NULL;

  if (!set_up (&fixture, TRUE))
    return;

  other = add_profile (&fixture, "Other");
  enter_secret (&fixture, "Shop", "hub");
  enter_secret (&fixture, "Shop", "wallet");
  enter_secret (&fixture, "Other", "hub");
  test_do (fixture.store, mark_removal_work, fixture.profile->id);
  if (secrets_gone)
    g_assert_true (test_vault_remove (fixture.vault, fixture.profile->id, NULL, &error));

  check_removed (&fixture, other->id);
  tear_down (&fixture);
}

static void
test_removed_whole (void)
{
  Fixture fixture = { 0 };
  g_autoptr(TillProfile) done = NULL;
  g_autoptr(GError) error = NULL;

  if (!set_up (&fixture, TRUE))
    return;

  enter_secret (&fixture, "Shop", "hub");
  till_profiles_remove_async (fixture.store, fixture.vault, "Shop", NULL, shop_result_cb, NULL);
  done = till_profiles_done_finish (shop_wait (), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_removals (&fixture), ==, 0);
  g_assert_cmpint (get_record (&fixture, fixture.profile->id, "hub"), ==, TILL_SECRET_NONE);
  g_assert_cmpuint (count_kept (&fixture, fixture.profile->id), ==, 0);
  assert_reconciled (&fixture, 0, 0, 0, 0);
  tear_down (&fixture);
}

/* An item of a profile that this store never had belongs to another folder of data. */
static void
test_stranger (void)
{
  Fixture fixture = { 0 };
  g_autoptr(TillSecret) secret = test_secret ("the-secret");
  g_autoptr(GError) error = NULL;

  if (!set_up (&fixture, TRUE))
    return;

  g_assert_true (test_vault_store (fixture.vault, TEST_OTHER, "hub", secret, &error));
  g_assert_no_error (error);
  assert_reconciled (&fixture, 0, 0, 0, 0);
  g_assert_cmpuint (count_kept (&fixture, TEST_OTHER), ==, 1);
  tear_down (&fixture);
}

static gboolean
keep_record_work (TillTransaction  *transaction,
                  gpointer          data,
                  GError          **error)
{
  return till_secret_record_set (transaction, data, "hub", TILL_SECRET_KEPT, error);
}

/* No service answers: nothing is concluded from that, and a profile that goes now is remembered. */
static void
test_absent (void)
{
  Fixture fixture = { 0 };
  g_autoptr(TillProfile) done = NULL;
  g_autoptr(GError) error = NULL;
  TillReconciled reconciled;

  if (!set_up (&fixture, FALSE))
    return;

  test_do (fixture.store, keep_record_work, fixture.profile->id);
  reconciled = reconcile (&fixture);
  g_assert_true (reconciled.undecided);
  g_assert_cmpuint (reconciled.lost, ==, 0);
  g_assert_cmpint (get_record (&fixture, fixture.profile->id, "hub"), ==, TILL_SECRET_KEPT);

  /* Of the session only: no record, for the next start has it no more. */
  enter_secret (&fixture, "Shop", "wallet");
  g_assert_cmpint (get_record (&fixture, fixture.profile->id, "wallet"), ==, TILL_SECRET_NONE);
  reconciled = reconcile (&fixture);
  g_assert_true (reconciled.undecided);
  g_assert_cmpuint (reconciled.lost + reconciled.adopted, ==, 0);

  till_profiles_remove_async (fixture.store, fixture.vault, "Shop", NULL, shop_result_cb, NULL);
  done = till_profiles_done_finish (shop_wait (), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_profiles (&fixture), ==, 0);
  g_assert_cmpuint (count_removals (&fixture), ==, 1);
  reconciled = reconcile (&fixture);
  g_assert_true (reconciled.undecided);
  g_assert_cmpuint (count_removals (&fixture), ==, 1);
  tear_down (&fixture);
}

/* Who may only read leaves the vault alone. */
static void
test_read_only (void)
{
  Fixture fixture = { 0 };
  TillReconciled reconciled;
  g_autoptr(GError) error = NULL;
  TillStore *reader;

  if (!set_up (&fixture, TRUE))
    return;

  enter_secret (&fixture, "Shop", "hub");
  test_do (fixture.store, mark_removal_work, fixture.profile->id);
  reader = test_open (fixture.folder, TILL_STORE_READ, &error);
  g_assert_no_error (error);
  till_secrets_reconcile_async (reader, fixture.vault, NULL, NULL, shop_result_cb, NULL);
  g_assert_false (till_secrets_reconcile_finish (shop_wait (), &reconciled, &error));
  g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_STORE_READ_ONLY);
  g_assert_cmpuint (reconciled.finished, ==, 0);
  g_assert_cmpuint (count_kept (&fixture, fixture.profile->id), ==, 1);
  shop_forget ();
  test_close (reader);
  tear_down (&fixture);
}

/* The opened shop says what to do, and is there all the same; what was half removed is not opened. */
static void
test_opening (void)
{
  Fixture fixture = { 0 };
  g_autoptr(TillClock) clock = till_clock_new_fixed (TEST_NOW);
  g_autoptr(GError) error = NULL;
  TillShop *shop;

  if (!set_up (&fixture, TRUE))
    return;

  enter_secret (&fixture, "Shop", "wallet");
  g_assert_true (test_vault_remove (fixture.vault, fixture.profile->id, NULL, &error));

  for (int start = 0; start < 2; start++)
    {
      till_shop_open_async (fixture.store, fixture.vault, clock, fixture.folder, NULL, NULL, shop_result_cb, NULL);
      shop = till_shop_open_finish (shop_wait (), &error);
      g_assert_no_error (error);
      till_shop_remove_async (shop, "1", NULL, shop_result_cb, NULL);
      g_assert_false (till_shop_remove_finish (shop, shop_wait (), &error));
      shop_assert_error (error, TILL_ERROR_VAULT_UNAVAILABLE, TILL_REASON_SECRET_MISSING);
      g_assert_nonnull (strstr (error->message, "not in the keyring any more"));
      g_clear_error (&error);
      shop_forget ();
      g_assert_finalize_object (shop);
    }

  test_do (fixture.store, mark_removal_work, fixture.profile->id);
  till_shop_open_async (fixture.store, fixture.vault, clock, fixture.folder, "Shop", NULL, shop_result_cb, NULL);
  g_assert_null (till_shop_open_finish (shop_wait (), &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
  g_assert_cmpuint (count_profiles (&fixture), ==, 0);
  tear_down (&fixture);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/secrets/whole", test_whole);
  g_test_add_func ("/secrets/item-without-record", test_item_without_record);
  g_test_add_func ("/secrets/record-without-item", test_record_without_item);
  g_test_add_func ("/secrets/found-again", test_found_again);
  g_test_add_data_func ("/secrets/removal/marked", GINT_TO_POINTER (FALSE), test_removal);
  g_test_add_data_func ("/secrets/removal/keyring-done", GINT_TO_POINTER (TRUE), test_removal);
  g_test_add_func ("/secrets/removed-whole", test_removed_whole);
  g_test_add_func ("/secrets/stranger", test_stranger);
  g_test_add_func ("/secrets/absent", test_absent);
  g_test_add_func ("/secrets/read-only", test_read_only);
  g_test_add_func ("/secrets/opening", test_opening);

  return g_test_run ();
}
