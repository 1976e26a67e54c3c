/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making, changing and choosing profiles. */
#include "config.h"

#include <string.h>

#include "shop-test.h"
#include "till-profiles.h"

typedef struct
{
  TillTestDir *dir;
  TillStore   *store;
  TillVault   *vault;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->dir = till_test_dir_new ();
  fixture->store = shop_open_store (fixture->dir);
  fixture->vault = till_vault_new_memory ();
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  shop_close_store (fixture->store);
  g_object_unref (fixture->vault);
  till_test_dir_free (fixture->dir);
}

static TillProfile *
new_profile (const char      *name,
             TillEnvironment  environment)
{
  TillProfile *profile = till_profile_new ();

  profile->name = g_strdup (name);
  profile->environment = environment;

  return profile;
}

static TillProfile *
put (Fixture      *fixture,
     TillProfile  *profile,
     GError      **error)
{
  till_profiles_put_async (fixture->store, profile, TEST_NOW, NULL, shop_result_cb, NULL);

  return till_profiles_done_finish (shop_wait (), error);
}

static TillProfiles *
load (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  TillProfiles *profiles;

  till_profiles_load_async (fixture->store, NULL, shop_result_cb, NULL);
  profiles = till_profiles_load_finish (shop_wait (), &error);
  g_assert_no_error (error);

  return profiles;
}

static void
test_add (Fixture       *fixture,
          gconstpointer  data)
{
  g_autoptr(TillProfile) cafe = new_profile ("Café", TILL_ENVIRONMENT_LIVE);
  g_autoptr(TillProfile) bar = new_profile ("Bar", TILL_ENVIRONMENT_TEST);
  g_autoptr(TillProfile) first = NULL;
  g_autoptr(TillProfile) second = NULL;
  g_autoptr(TillProfiles) profiles = NULL;
  g_autoptr(GError) error = NULL;

  first = put (fixture, cafe, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (strlen (first->id), ==, 32);
  g_assert_cmpstr (first->hub_url, ==, "https://connect.fiservapis.com/ch");
  g_assert_cmpint (first->created_at, ==, TEST_NOW);

  second = put (fixture, bar, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (second->hub_url, ==, "https://connect-cert.fiservapis.com/ch");
  g_assert_cmpstr (second->devices_url, ==, "https://apitest.visaacceptance.com");

  /* Sorted, and the first one made is the current one. */
  profiles = load (fixture);
  g_assert_cmpuint (profiles->profiles->len, ==, 2);
  g_assert_cmpstr (((TillProfile *) profiles->profiles->pdata[0])->name, ==, "Bar");
  g_assert_cmpstr (profiles->current, ==, first->id);
}

static void
test_same_name (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(TillProfile) one = new_profile ("Shop", TILL_ENVIRONMENT_LIVE);
  g_autoptr(TillProfile) other = new_profile ("Shop", TILL_ENVIRONMENT_TEST);
  g_autoptr(TillProfile) made = NULL;
  g_autoptr(GError) error = NULL;

  made = put (fixture, one, &error);
  g_assert_no_error (error);
  g_assert_null (put (fixture, other, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_CONFLICT);
}

static void
test_environment_stays (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(TillProfile) profile = new_profile ("Shop", TILL_ENVIRONMENT_TEST);
  g_autoptr(TillProfile) made = NULL;
  g_autoptr(GError) error = NULL;

  made = put (fixture, profile, NULL);
  made->environment = TILL_ENVIRONMENT_LIVE;
  g_clear_pointer (&made->hub_url, g_free);
  g_clear_pointer (&made->devices_url, g_free);
  g_assert_null (put (fixture, made, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_CONFLICT);
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  static const struct
  {
    const char *member;
    gsize       offset;
    const char *value;
  } cases[] = {
    { "name", G_STRUCT_OFFSET (TillProfile, name), "" },
    { "name", G_STRUCT_OFFSET (TillProfile, name), " Shop" },
    { "name", G_STRUCT_OFFSET (TillProfile, name), "two\nlines" },
    { "name", G_STRUCT_OFFSET (TillProfile, name), "0123456789012345678901234567890123456789012345678901234567890123x" },
    { "hub-url", G_STRUCT_OFFSET (TillProfile, hub_url), "http://connect-cert.fiservapis.com/ch" },
    { "hub-url", G_STRUCT_OFFSET (TillProfile, hub_url), "https://user:pw@h.example/" },
    { "hub-url", G_STRUCT_OFFSET (TillProfile, hub_url), "https://h\\@evil.example/" },
    /* Of the other environment (RELIABILITY.md G31). */
    { "hub-url", G_STRUCT_OFFSET (TillProfile, hub_url), "https://connect.fiservapis.com/ch" },
    { "devices-url", G_STRUCT_OFFSET (TillProfile, devices_url), "https://api.cybersource.com" },
    { "hub-key", G_STRUCT_OFFSET (TillProfile, hub_key), "two words" },
    { "hub-merchant", G_STRUCT_OFFSET (TillProfile, hub_merchant), "line\r\nHeader: x" },
    { "wallet-user", G_STRUCT_OFFSET (TillProfile, wallet_user), "with:colon" },
    { "devices-key-id", G_STRUCT_OFFSET (TillProfile, devices_key_id), "quote\"" },
    { "ca", G_STRUCT_OFFSET (TillProfile, ca_pem), "no certificate" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TillProfile) profile = new_profile ("Shop", TILL_ENVIRONMENT_TEST);
      g_autoptr(TillProfiles) profiles = NULL;
      g_autoptr(GError) error = NULL;
      char **member = G_STRUCT_MEMBER_P (profile, cases[i].offset);

      g_free (*member);
      *member = g_strdup (cases[i].value);
      g_assert_null (put (fixture, profile, &error));
      shop_assert_error (error, TILL_ERROR_REJECTED, TILL_REASON_FIELD);
      g_assert_cmpstr (till_error_get_detail (error), ==, cases[i].member);

      profiles = load (fixture);
      g_assert_cmpuint (profiles->profiles->len, ==, 0);
    }
}

static GError *
set_secret (Fixture    *fixture,
            const char *name,
            const char *value)
{
  g_autoptr(TillSecret) secret = till_secret_new_copy (value, strlen (value));
  g_autoptr(TillProfile) done = NULL;
  GError *error = NULL;

  till_profiles_secret_async (fixture->store, fixture->vault, name, "hub", secret, NULL, shop_result_cb, NULL);
  done = till_profiles_done_finish (shop_wait (), &error);

  return error;
}

static void
test_secret (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(TillProfile) profile = new_profile ("Shop", TILL_ENVIRONMENT_TEST);
  g_autoptr(TillProfile) made = put (fixture, profile, NULL);
  g_autoptr(TillSecret) kept = NULL;
  g_autoptr(GError) error = NULL;

  /* White space of pasting goes, what no secret has is refused. */
  error = set_secret (fixture, "Shop", "  the-secret\r\n");
  g_assert_no_error (error);
  till_vault_load_async (fixture->vault, made->id, "hub", NULL, shop_result_cb, NULL);
  kept = till_vault_load_finish (fixture->vault, shop_wait (), &error);
  g_assert_no_error (error);
  g_assert_cmpmem (till_secret_get_data (kept), till_secret_get_size (kept), "the-secret", 10);

  error = set_secret (fixture, "Shop", "the\nsecret");
  g_assert_error (error, TILL_ERROR, TILL_ERROR_REJECTED);
  g_assert_null (strstr (error->message, "secret\n"));
  g_assert_nonnull (strstr (error->message, "U+000A"));
  g_clear_error (&error);
  error = set_secret (fixture, "Shop", "the\tsecret");
  g_assert_nonnull (strstr (error->message, "U+0009"));
  g_clear_error (&error);
  error = set_secret (fixture, "Shop", "the\342\200\213secret");
  shop_assert_error (error, TILL_ERROR_REJECTED, TILL_REASON_FIELD);
  g_assert_nonnull (strstr (error->message, "U+200B"));
  g_clear_error (&error);
  error = set_secret (fixture, "Shop", " \n");
  g_assert_error (error, TILL_ERROR, TILL_ERROR_REJECTED);
  g_clear_error (&error);
  error = set_secret (fixture, "Another", "the-secret");
  g_assert_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
}

static void
test_use_and_remove (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(TillProfile) one = new_profile ("One", TILL_ENVIRONMENT_TEST);
  g_autoptr(TillProfile) two = new_profile ("Two", TILL_ENVIRONMENT_TEST);
  g_autoptr(TillProfile) made_one = put (fixture, one, NULL);
  g_autoptr(TillProfile) made_two = put (fixture, two, NULL);
  g_autoptr(TillProfile) done = NULL;
  g_autoptr(TillProfiles) profiles = NULL;
  g_autoptr(TillSecret) kept = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpstr (made_one->id, !=, made_two->id);
  till_profiles_use_async (fixture->store, "Two", NULL, shop_result_cb, NULL);
  done = till_profiles_done_finish (shop_wait (), &error);
  g_assert_no_error (error);
  profiles = load (fixture);
  g_assert_cmpstr (profiles->current, ==, made_two->id);
  g_clear_pointer (&profiles, till_profiles_free);
  g_clear_pointer (&done, till_profile_free);

  error = set_secret (fixture, "Two", "x-secret-x");
  g_assert_no_error (error);
  till_profiles_remove_async (fixture->store, fixture->vault, "Two", NULL, shop_result_cb, NULL);
  done = till_profiles_done_finish (shop_wait (), &error);
  g_assert_no_error (error);
  profiles = load (fixture);
  g_assert_cmpuint (profiles->profiles->len, ==, 1);
  g_assert_null (profiles->current);

  /* Its secret is gone with it. */
  till_vault_load_async (fixture->vault, made_two->id, "hub", NULL, shop_result_cb, NULL);
  kept = till_vault_load_finish (fixture->vault, shop_wait (), &error);
  shop_assert_error (error, TILL_ERROR_VAULT_UNAVAILABLE, TILL_REASON_SECRET_MISSING);
  g_clear_error (&error);

  till_profiles_remove_async (fixture->store, fixture->vault, "Two", NULL, shop_result_cb, NULL);
  g_assert_null (till_profiles_done_finish (shop_wait (), &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/profiles/add", Fixture, NULL, set_up, test_add, tear_down);
  g_test_add ("/profiles/same-name", Fixture, NULL, set_up, test_same_name, tear_down);
  g_test_add ("/profiles/environment-stays", Fixture, NULL, set_up, test_environment_stays, tear_down);
  g_test_add ("/profiles/refused", Fixture, NULL, set_up, test_refused, tear_down);
  g_test_add ("/profiles/secret", Fixture, NULL, set_up, test_secret, tear_down);
  g_test_add ("/profiles/use-and-remove", Fixture, NULL, set_up, test_use_and_remove, tear_down);

  return g_test_run ();
}
