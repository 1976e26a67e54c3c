/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A profile at work, against the sandbox. */
#include "config.h"

#include <string.h>

#include "shop-test.h"
#include "till-profiles.h"
#include "till-sandbox.h"

#define DAY (24 * 60 * 60)

typedef struct
{
  TillTestDir *dir;
  char        *data;
  TillClock   *clock;
  TillStore   *store;
  TillVault   *vault;
  TillSandbox *sandbox;
  TillShop    *shop;
} Fixture;

static TillSecret *
new_secret (const char *text)
{
  return till_secret_new_copy (text, strlen (text));
}

static void
set_secret (Fixture    *fixture,
            const char *service,
            const char *value)
{
  g_autoptr(TillSecret) secret = new_secret (value);
  g_autoptr(TillProfile) profile = NULL;
  g_autoptr(GError) error = NULL;

  till_profiles_secret_async (fixture->store, fixture->vault, "Shop", service, secret, NULL, shop_result_cb, NULL);
  profile = till_profiles_done_finish (shop_wait (), &error);
  g_assert_no_error (error);
}

static void
open_shop (Fixture    *fixture,
           const char *name)
{
  g_autoptr(GError) error = NULL;

  till_shop_open_async (fixture->store, fixture->vault, fixture->clock, fixture->data, name, NULL, shop_result_cb, NULL);
  fixture->shop = till_shop_open_finish (shop_wait (), &error);
  g_assert_no_error (error);
}

/* A sandbox that is a service like any other, and a Test profile for it. data: "careful" switches repeating off. */
static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char *folder = NULL;
  g_autoptr(TillProfile) profile = till_profile_new ();
  g_autoptr(TillProfile) made = NULL;
  const TillSandboxInfo *info;
  g_autoptr(GError) error = NULL;

  fixture->dir = till_test_dir_new ();
  fixture->data = till_test_dir_file (fixture->dir, "data");
  folder = till_test_dir_file (fixture->dir, "sandbox");
  fixture->clock = till_clock_new_fixed (TEST_NOW);
  fixture->store = shop_open_store (fixture->dir);
  fixture->vault = till_vault_new_memory ();
  fixture->sandbox = till_sandbox_new (folder, fixture->clock);
  till_sandbox_start_async (fixture->sandbox, 0, NULL, shop_result_cb, NULL);
  till_sandbox_start_finish (fixture->sandbox, shop_wait (), &error);
  g_assert_no_error (error);

  info = till_sandbox_get_info (fixture->sandbox);
  profile->name = g_strdup ("Shop");
  profile->environment = TILL_ENVIRONMENT_TEST;
  profile->hub_url = g_strdup (info->hub_url);
  profile->hub_merchant = g_strdup (info->hub_merchant);
  profile->hub_terminal = g_strdup (info->hub_terminal);
  profile->hub_key = g_strdup (info->hub_key);
  profile->wallet_url = g_strdup (info->wallet_url);
  profile->wallet_user = g_strdup (info->wallet_user);
  profile->devices_url = g_strdup (info->devices_url);
  profile->devices_organization = g_strdup (info->devices_organization);
  profile->devices_key_id = g_strdup (info->devices_key_id);
  profile->ca_pem = g_strdup (info->ca_pem);
  profile->repeat_lost = g_strcmp0 (data, "careful") != 0;
  till_profiles_put_async (fixture->store, profile, TEST_NOW, NULL, shop_result_cb, NULL);
  made = till_profiles_done_finish (shop_wait (), &error);
  g_assert_no_error (error);
  set_secret (fixture, "hub", info->hub_secret);
  set_secret (fixture, "wallet", info->wallet_secret);
  set_secret (fixture, "devices", info->devices_secret);
  open_shop (fixture, NULL);
}

static void
close_shop (Fixture *fixture)
{
  shop_forget ();
  g_assert_finalize_object (fixture->shop);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  close_shop (fixture);
  if (fixture->sandbox != NULL)
    {
      till_sandbox_stop (fixture->sandbox);
      g_assert_finalize_object (fixture->sandbox);
    }
  shop_close_store (fixture->store);
  g_assert_finalize_object (fixture->vault);
  till_clock_unref (fixture->clock);
  till_test_dir_free (fixture->dir);
  g_free (fixture->data);
}

static void
order (Fixture    *fixture,
       const char *fault)
{
  g_autoptr(GError) error = NULL;

  till_sandbox_order_fault (fixture->sandbox, fault, &error);
  g_assert_no_error (error);
}

static GPtrArray *
list_keys (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *keys;

  till_shop_keys_async (fixture->shop, NULL, shop_result_cb, NULL);
  keys = till_shop_keys_finish (fixture->shop, shop_wait (), &error);
  g_assert_no_error (error);

  return keys;
}

static TillItemList *
list (Fixture *fixture,
      guint    sources)
{
  g_autoptr(GError) error = NULL;
  TillItemList *items;

  till_shop_list_async (fixture->shop, sources, NULL, NULL, shop_result_cb, NULL);
  items = till_shop_list_finish (fixture->shop, shop_wait (), &error);
  g_assert_no_error (error);

  return items;
}

static TillKeyRecord *
generate (Fixture  *fixture,
          GError  **error)
{
  till_shop_generate_key_async (fixture->shop, NULL, shop_result_cb, NULL);

  return till_shop_key_finish (fixture->shop, shop_wait (), NULL, error);
}

static GPtrArray *
settle (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *unknown;

  till_shop_settle_async (fixture->shop, NULL, shop_result_cb, NULL);
  unknown = till_shop_settle_finish (fixture->shop, shop_wait (), &error);
  g_assert_no_error (error);

  return unknown;
}

static char *
make_pass (Fixture    *fixture,
           const char *name,
           const char *pass_type,
           int         days)
{
  g_autoptr(GBytes) p12 = NULL;
  g_autoptr(GError) error = NULL;

  p12 = till_sandbox_make_pass_p12 (fixture->sandbox, pass_type, "ABCDE12345", TEST_NOW - DAY,
                                    TEST_NOW + (gint64) days * DAY, FALSE, "pass word", &error);
  g_assert_no_error (error);

  return till_test_dir_write (fixture->dir, name, g_bytes_get_data (p12, NULL), g_bytes_get_size (p12));
}

static TillPreflight *
look (Fixture    *fixture,
      const char *path,
      const char *replace_id)
{
  g_autoptr(TillSecret) password = new_secret ("pass word");
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GError) error = NULL;
  TillPreflight *preflight;

  till_shop_preflight_async (fixture->shop, file, password, replace_id, NULL, shop_result_cb, NULL);
  preflight = till_shop_preflight_finish (fixture->shop, shop_wait (), &error);
  g_assert_no_error (error);

  return preflight;
}

static TillShopChanged *
add (Fixture       *fixture,
     TillPreflight *preflight,
     const char    *name)
{
  g_autoptr(GError) error = NULL;
  TillShopChanged *changed;

  till_shop_add_async (fixture->shop, preflight, name, "kept", TRUE, FALSE, NULL, shop_result_cb, NULL);
  changed = till_shop_change_finish (fixture->shop, shop_wait (), &error);
  g_assert_no_error (error);

  return changed;
}

static void
test_keys (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(TillKeyRecord) key = NULL;
  g_autoptr(TillKeyRecord) revoked = NULL;
  g_autoptr(TillKeyRecord) again = NULL;
  g_autoptr(TillKeyRecord) rotated = NULL;
  g_autoptr(GPtrArray) keys = NULL;
  g_autoptr(GError) error = NULL;
  gint64 rotate_from;

  key = generate (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (key->status, ==, "ACTIVE");
  g_assert_nonnull (key->spki);
  g_assert_nonnull (key->trace_id);
  g_assert_cmpint (key->valid_from, <=, TEST_NOW);
  g_assert_cmpint (key->valid_to, >, TEST_NOW);

  /* It has just begun, so no other is due. */
  till_shop_rotate_key_async (fixture->shop, NULL, shop_result_cb, NULL);
  g_assert_null (till_shop_key_finish (fixture->shop, shop_wait (), &rotate_from, &error));
  g_assert_no_error (error);
  g_assert_cmpint (rotate_from, ==, key->valid_to - 48 * 60 * 60);

  till_clock_set (fixture->clock, rotate_from);
  till_shop_rotate_key_async (fixture->shop, NULL, shop_result_cb, NULL);
  rotated = till_shop_key_finish (fixture->shop, shop_wait (), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (rotated->key_id, !=, key->key_id);

  till_shop_mark_key_async (fixture->shop, key->key_id, TRUE, 5000, "EUR", NULL, shop_result_cb, NULL);
  g_clear_pointer (&again, till_key_record_free);
  again = till_shop_key_finish (fixture->shop, shop_wait (), NULL, &error);
  g_assert_no_error (error);
  g_assert_true (again->in_use);

  till_shop_revoke_key_async (fixture->shop, key->key_id, NULL, shop_result_cb, NULL);
  revoked = till_shop_key_finish (fixture->shop, shop_wait (), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (revoked->status, ==, "REVOKED");
  g_assert_cmpint (revoked->revoked_at, ==, rotate_from);
  /* What only this computer knows of it stays. */
  g_assert_true (revoked->in_use);
  g_assert_cmpint (revoked->offline_limit, ==, 5000);

  /* Revoked already is as good as revoked. */
  g_clear_pointer (&again, till_key_record_free);
  till_shop_revoke_key_async (fixture->shop, key->key_id, NULL, shop_result_cb, NULL);
  again = till_shop_key_finish (fixture->shop, shop_wait (), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again->status, ==, "REVOKED");
  g_assert_nonnull (again->spki);

  till_shop_revoke_key_async (fixture->shop, "no-such-key", NULL, shop_result_cb, NULL);
  g_assert_null (till_shop_key_finish (fixture->shop, shop_wait (), NULL, &error));
  g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_REFUSED);
  g_assert_nonnull (till_error_get_trace_id (error));

  keys = list_keys (fixture);
  g_assert_cmpuint (keys->len, ==, 2);
}

/* One that has ended can be withdrawn for good all the same (RELIABILITY.md row 66). */
static void
test_revoke_expired (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(TillKeyRecord) key = NULL;
  g_autoptr(TillKeyRecord) revoked = NULL;
  g_autoptr(GError) error = NULL;

  key = generate (fixture, &error);
  g_assert_no_error (error);
  till_clock_set (fixture->clock, key->valid_to + 1);
  till_shop_revoke_key_async (fixture->shop, key->key_id, NULL, shop_result_cb, NULL);
  revoked = till_shop_key_finish (fixture->shop, shop_wait (), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (revoked->status, ==, "REVOKED");
}

/* The service did it and the answer was lost: asked again by itself, the same key comes. */
static void
test_lost_answer_repeated (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(TillKeyRecord) key = NULL;
  g_autoptr(GPtrArray) keys = NULL;
  g_autoptr(GPtrArray) unknown = NULL;
  g_autoptr(GError) error = NULL;

  order (fixture, "lost-answer");
  key = generate (fixture, &error);
  g_assert_no_error (error);

  keys = list_keys (fixture);
  g_assert_cmpuint (keys->len, ==, 1);
  unknown = settle (fixture);
  g_assert_cmpuint (unknown->len, ==, 0);
}

/* Where repeating is switched off the outcome is unknown, and a person decides. */
static void
test_lost_answer_unknown (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr(GPtrArray) unknown = NULL;
  g_autoptr(GPtrArray) left = NULL;
  g_autoptr(GPtrArray) keys = NULL;
  g_autoptr(GError) error = NULL;

  order (fixture, "lost-answer");
  g_assert_null (generate (fixture, &error));
  g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_UNKNOWN);
  g_clear_error (&error);

  unknown = settle (fixture);
  g_assert_cmpuint (unknown->len, ==, 1);
  g_assert_cmpint (((TillIntentRecord *) unknown->pdata[0])->state, ==, TILL_INTENT_UNKNOWN);

  till_shop_mark_intent_async (fixture->shop, ((TillIntentRecord *) unknown->pdata[0])->id, FALSE, NULL, shop_result_cb,
                               NULL);
  g_assert_true (till_shop_mark_intent_finish (fixture->shop, shop_wait (), &error));
  g_assert_no_error (error);
  left = settle (fixture);
  g_assert_cmpuint (left->len, ==, 0);
  keys = list_keys (fixture);
  g_assert_cmpuint (keys->len, ==, 0);
}

/* All tries were lost; the next one brings the key back and makes no second. */
static void
test_lost_answers_recovered (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr(TillKeyRecord) key = NULL;
  g_autoptr(GPtrArray) keys = NULL;
  g_autoptr(GPtrArray) unknown = NULL;
  g_autoptr(GError) error = NULL;

  order (fixture, "lost-answer*3");
  g_assert_null (generate (fixture, &error));
  g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_UNKNOWN);
  g_clear_error (&error);

  key = generate (fixture, &error);
  g_assert_no_error (error);
  keys = list_keys (fixture);
  g_assert_cmpuint (keys->len, ==, 1);
  unknown = settle (fixture);
  g_assert_cmpuint (unknown->len, ==, 0);
}

/* Four minutes later nothing is asked again by itself. */
static void
test_too_late_to_ask_again (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autoptr(GPtrArray) unknown = NULL;
  g_autoptr(GError) error = NULL;

  order (fixture, "lost-answer*3");
  g_assert_null (generate (fixture, &error));
  till_clock_advance (fixture->clock, 241);
  unknown = settle (fixture);
  g_assert_cmpuint (unknown->len, ==, 1);
}

/* A renewal that names neither keeps name and comment, and the default one stays the default (UX.md 1.7). */
static void
test_renewal_keeps (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autofree char *first = make_pass (fixture, "first.p12", "pass.com.example.shop-test", 100);
  g_autofree char *second = make_pass (fixture, "second.p12", "pass.com.example.shop-test", 400);
  g_autoptr(TillPreflight) preflight = NULL;
  g_autoptr(TillShopChanged) added = NULL;
  g_autoptr(TillShopChanged) chosen = NULL;
  g_autoptr(TillShopChanged) renewed = NULL;
  g_autoptr(GError) error = NULL;
  const TillWalletChange change = { .enabled = TILL_TRI_UNKNOWN, .make_default = TRUE };

  preflight = look (fixture, first, NULL);
  added = add (fixture, preflight, "Loyalty");
  g_clear_pointer (&preflight, till_preflight_free);
  till_shop_update_async (fixture->shop, added->item->id, &change, TILL_TIME_UNKNOWN, NULL, shop_result_cb, NULL);
  chosen = till_shop_change_finish (fixture->shop, shop_wait (), &error);
  g_assert_no_error (error);
  g_assert_cmpint (chosen->item->wallet->is_default, ==, TILL_TRI_TRUE);

  preflight = look (fixture, second, NULL);
  till_shop_add_async (fixture->shop, preflight, NULL, NULL, TRUE, FALSE, NULL, shop_result_cb, NULL);
  renewed = till_shop_change_finish (fixture->shop, shop_wait (), &error);
  g_assert_no_error (error);
  g_assert_true (renewed->renewed);
  g_assert_cmpstr (renewed->item->wallet->name, ==, "Loyalty");
  g_assert_cmpstr (renewed->item->wallet->comment, ==, "kept");
  g_assert_cmpint (renewed->item->wallet->is_default, ==, TILL_TRI_TRUE);
}

static void
test_wallet (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *first = make_pass (fixture, "first.p12", "pass.com.example.shop-test", 100);
  g_autofree char *second = make_pass (fixture, "second.p12", "pass.com.example.shop-test", 400);
  g_autofree char *other = make_pass (fixture, "other.p12", "pass.com.example.another", 400);
  g_autoptr(TillPreflight) preflight = NULL;
  g_autoptr(TillShopChanged) added = NULL;
  g_autoptr(TillShopChanged) renewed = NULL;
  g_autoptr(TillShopChanged) updated = NULL;
  g_autoptr(TillShopChanged) replaced = NULL;
  g_autoptr(GError) error = NULL;
  TillWalletChange change = { .name_change = TILL_TEXT_SET, .name = "Renamed", .enabled = TILL_TRI_UNKNOWN };
  const char *id;

  preflight = look (fixture, first, NULL);
  g_assert_no_error (preflight->stop);
  g_assert_null (preflight->replaces);
  added = add (fixture, preflight, "Loyalty");
  id = added->item->id;
  g_assert_false (added->renewed);
  g_assert_null (added->differs);
  g_assert_cmpstr (added->item->wallet->base_name, ==, "pass.com.example.shop-test");
  g_assert_cmpstr (added->item->title, ==, "Loyalty");
  g_clear_pointer (&preflight, till_preflight_free);

  /* The same pass type and team again: it says so before, and the service renews. */
  preflight = look (fixture, second, NULL);
  g_assert_cmpstr (preflight->replaces->id, ==, id);
  renewed = add (fixture, preflight, NULL);
  g_assert_true (renewed->renewed);
  g_assert_cmpstr (renewed->item->id, ==, id);
  g_clear_pointer (&preflight, till_preflight_free);

  /* An edit keeps what is not edited. */
  till_shop_update_async (fixture->shop, id, &change, TILL_TIME_UNKNOWN, NULL, shop_result_cb, NULL);
  updated = till_shop_change_finish (fixture->shop, shop_wait (), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (updated->item->wallet->name, ==, "Renamed");
  g_assert_cmpstr (updated->item->wallet->comment, ==, "kept");

  /* Seen before someone else changed it. */
  change.name = "Mine";
  till_shop_update_async (fixture->shop, id, &change, 1, NULL, shop_result_cb, NULL);
  g_assert_null (till_shop_change_finish (fixture->shop, shop_wait (), &error));
  shop_assert_error (error, TILL_ERROR_CONFLICT, TILL_REASON_CHANGED_MEANWHILE);
  g_clear_error (&error);

  /* Another identity is not sent unless somebody says so. */
  preflight = look (fixture, other, id);
  g_assert_true (preflight->other_identity);
  till_shop_replace_async (fixture->shop, id, preflight, FALSE, NULL, shop_result_cb, NULL);
  g_assert_null (till_shop_change_finish (fixture->shop, shop_wait (), &error));
  shop_assert_error (error, TILL_ERROR_CONFLICT, TILL_REASON_OTHER_IDENTITY);
  g_clear_error (&error);
  till_shop_replace_async (fixture->shop, id, preflight, TRUE, NULL, shop_result_cb, NULL);
  replaced = till_shop_change_finish (fixture->shop, shop_wait (), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (replaced->item->wallet->base_name, ==, "pass.com.example.another");
  g_assert_cmpstr (replaced->item->wallet->name, ==, "Renamed");
  g_assert_cmpstr (replaced->item->wallet->comment, ==, "kept");

  till_shop_remove_async (fixture->shop, id, NULL, shop_result_cb, NULL);
  g_assert_true (till_shop_remove_finish (fixture->shop, shop_wait (), &error));
  g_assert_no_error (error);
  till_shop_show_async (fixture->shop, id, NULL, shop_result_cb, NULL);
  g_assert_null (till_shop_show_finish (fixture->shop, shop_wait (), &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
}

static void
test_default_stays (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(TillItemList) items = list (fixture, TILL_SOURCE_WALLET);
  g_autoptr(GError) error = NULL;
  guint defaults = 0;

  for (guint i = 0; i < items->items->len; i++)
    {
      const TillItem *item = items->items->pdata[i];

      if (item->wallet->is_default != TILL_TRI_TRUE)
        continue;

      defaults++;
      till_shop_remove_async (fixture->shop, item->id, NULL, shop_result_cb, NULL);
      g_assert_false (till_shop_remove_finish (fixture->shop, shop_wait (), &error));
      shop_assert_error (error, TILL_ERROR_CONFLICT, TILL_REASON_IS_DEFAULT);
      g_clear_error (&error);
    }

  g_assert_cmpuint (defaults, ==, 1);
}

static void
test_upload_and_files (Fixture       *fixture,
                       gconstpointer  data)
{
  const TillSandboxInfo *info = till_sandbox_get_info (fixture->sandbox);
  g_autoptr(GFile) file = g_file_new_for_path (info->ca_file);
  g_autoptr(TillUploadRecord) upload = NULL;
  g_autoptr(TillItem) watched = NULL;
  g_autoptr(TillItemList) items = NULL;
  g_autoptr(GError) error = NULL;

  till_shop_upload_async (fixture->shop, file, NULL, NULL, NULL, NULL, shop_result_cb, NULL);
  upload = till_shop_upload_finish (fixture->shop, shop_wait (), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (upload->client_key_id, ==, upload->public_key_sha256);
  g_assert_nonnull (upload->public_key_hash);

  till_shop_watch_async (fixture->shop, file, TRUE, NULL, shop_result_cb, NULL);
  watched = till_shop_watch_finish (fixture->shop, shop_wait (), &error);
  g_assert_no_error (error);
  g_assert_nonnull (watched->certificate);

  items = list (fixture, TILL_SOURCE_HUB | TILL_SOURCE_FILES);
  g_assert_cmpuint (items->items->len, ==, 2);
  g_assert_cmpint (((TillItem *) items->items->pdata[0])->ending.act_by, <=,
                   ((TillItem *) items->items->pdata[1])->ending.act_by);

  till_shop_watch_async (fixture->shop, file, FALSE, NULL, shop_result_cb, NULL);
  g_assert_null (till_shop_watch_finish (fixture->shop, shop_wait (), &error));
  g_assert_no_error (error);
  till_shop_watch_async (fixture->shop, file, FALSE, NULL, shop_result_cb, NULL);
  g_assert_null (till_shop_watch_finish (fixture->shop, shop_wait (), &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
}

static void
test_credentials_and_root (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(TillHubCredentials) credentials = NULL;
  g_autoptr(GPtrArray) probes = NULL;
  g_autofree char *pem = NULL;
  g_autoptr(GError) error = NULL;

  till_shop_credentials_async (fixture->shop, 15, NULL, NULL, shop_result_cb, NULL);
  credentials = till_shop_credentials_finish (fixture->shop, shop_wait (), &error);
  g_assert_no_error (error);
  g_assert_cmpint (credentials->time_to_live, ==, 15 * 60);
  g_assert_cmpuint (till_secret_get_size (credentials->access_token), >, 0);
  g_assert_nonnull (credentials->public_key);

  till_shop_root_ca_async (fixture->shop, NULL, shop_result_cb, NULL);
  pem = till_shop_root_ca_finish (fixture->shop, shop_wait (), &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (pem, "-----BEGIN CERTIFICATE-----"));

  till_shop_test_async (fixture->shop, NULL, shop_result_cb, NULL);
  probes = till_shop_test_finish (fixture->shop, shop_wait (), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (probes->len, ==, 3);
  for (guint i = 0; i < probes->len; i++)
    {
      const TillShopProbe *probe = probes->pdata[i];

      g_assert_no_error (probe->error);
      g_assert_true (probe->configured);
      g_assert_cmpint (probe->certificate_not_after, >, TEST_NOW);
    }
}

/* What was seen stays on screen while the service can't be asked. */
static void
test_stale_list (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(TillItemList) fresh = list (fixture, TILL_SOURCE_WALLET);
  g_autoptr(TillItemList) stale = NULL;

  g_assert_no_error (fresh->error);
  g_assert_cmpint (fresh->seen_at, ==, TILL_TIME_UNKNOWN);
  g_assert_cmpuint (fresh->items->len, >=, 5);

  till_sandbox_stop (fixture->sandbox);
  till_clock_advance (fixture->clock, 60);
  stale = list (fixture, TILL_SOURCE_WALLET);
  g_assert_error (stale->error, TILL_ERROR, TILL_ERROR_UNAVAILABLE);
  g_assert_cmpint (stale->seen_at, ==, TEST_NOW);
  g_assert_cmpuint (stale->items->len, ==, fresh->items->len);
  for (guint i = 0; i < stale->items->len; i++)
    g_assert_cmpstr (((TillItem *) stale->items->pdata[i])->title, ==, ((TillItem *) fresh->items->pdata[i])->title);
}

typedef struct
{
  guint  n_pages;
  guint  n_items;
  gint64 total;
} Pages;

static void
count_page (GPtrArray *items,
            gint64     total,
            gpointer   user_data)
{
  Pages *pages = user_data;

  pages->n_pages++;
  pages->n_items += items->len;
  pages->total = total;
}

static void
assume (Fixture    *fixture,
        const char *assumption)
{
  g_autoptr(GError) error = NULL;

  till_sandbox_assume (fixture->sandbox, assumption, &error);
  g_assert_no_error (error);
}

/* A long list is handed on while it loads; how many there are is told where the service tells it (API.md 6.8). */
static void
test_pages (Fixture       *fixture,
            gconstpointer  data)
{
  const TillWalletQuery query = { .enabled = TILL_TRI_UNKNOWN, .page_size = 2 };
  gboolean tells = data != NULL;
  g_autoptr(TillItemList) items = NULL;
  g_autoptr(GError) error = NULL;
  Pages pages = { 0 };

  if (tells)
    assume (fixture, "wallet-count=total");

  till_shop_list_pages_async (fixture->shop, TILL_SOURCE_WALLET | TILL_SOURCE_HUB, &query, count_page, &pages, NULL,
                              shop_result_cb, NULL);
  items = till_shop_list_finish (fixture->shop, shop_wait (), &error);
  g_assert_no_error (error);
  g_assert_no_error (items->error);
  g_assert_cmpuint (items->items->len, >=, 5);
  g_assert_cmpuint (pages.n_items, ==, items->items->len);
  g_assert_cmpuint (pages.n_pages, ==, (items->items->len + 1) / 2);
  g_assert_cmpint (pages.total, ==, tells ? (gint64) items->items->len : -1);
}

/* What is known is there without a service, and says since when. */
static void
test_known (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(TillItemList) nothing = NULL;
  g_autoptr(TillItemList) fresh = NULL;
  g_autoptr(TillItemList) known = NULL;
  g_autoptr(GError) error = NULL;

  till_shop_list_known_async (fixture->shop, TILL_SOURCE_WALLET, NULL, shop_result_cb, NULL);
  nothing = till_shop_list_finish (fixture->shop, shop_wait (), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (nothing->items->len, ==, 0);
  g_assert_cmpint (nothing->seen_at, ==, TILL_TIME_UNKNOWN);

  fresh = list (fixture, TILL_SOURCE_WALLET);
  till_sandbox_stop (fixture->sandbox);
  till_clock_advance (fixture->clock, 60);
  till_shop_list_known_async (fixture->shop, TILL_SOURCE_WALLET, NULL, shop_result_cb, NULL);
  known = till_shop_list_finish (fixture->shop, shop_wait (), &error);
  g_assert_no_error (error);
  g_assert_no_error (known->error);
  g_assert_cmpint (known->seen_at, ==, TEST_NOW);
  g_assert_cmpuint (known->items->len, ==, fresh->items->len);
}

static void
test_import (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *examples = till_sandbox_dup_example_keys (fixture->sandbox);
  g_autoptr(GBytes) json = g_bytes_new (examples, strlen (examples));
  g_autoptr(GBytes) nonsense = g_bytes_new_static ("{\"hello\":1}", 11);
  g_autoptr(TillKeyRecord) key = NULL;
  g_autoptr(GPtrArray) keys = NULL;
  g_autoptr(GError) error = NULL;

  till_shop_import_key_async (fixture->shop, nonsense, NULL, shop_result_cb, NULL);
  g_assert_null (till_shop_key_finish (fixture->shop, shop_wait (), NULL, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
  g_clear_error (&error);

  till_shop_import_key_async (fixture->shop, json, NULL, shop_result_cb, NULL);
  key = till_shop_key_finish (fixture->shop, shop_wait (), NULL, &error);
  g_assert_no_error (error);
  g_assert_true (key->imported);
  keys = list_keys (fixture);
  g_assert_cmpuint (keys->len, ==, 3);
}

static void
test_wrong_secret (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  set_secret (fixture, "hub", "not-the-secret");
  close_shop (fixture);
  open_shop (fixture, "Shop");
  g_assert_null (generate (fixture, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_UNAUTHORIZED);
  g_assert_cmpint (till_error_get_http_status (error), ==, 401);
  g_assert_null (strstr (error->message, "not-the-secret"));
  g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_REFUSED);
}

static void
test_wrong_clock (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(TillClock) wrong = till_clock_new_fixed (TEST_NOW + 420);
  g_autoptr(GError) error = NULL;

  close_shop (fixture);
  till_clock_unref (fixture->clock);
  fixture->clock = g_steal_pointer (&wrong);
  open_shop (fixture, "Shop");
  g_assert_null (generate (fixture, &error));
  shop_assert_error (error, TILL_ERROR_CLOCK_SKEW, TILL_REASON_CLOCK);
  g_assert_cmpint (till_error_get_have (error), >=, 415);
  g_assert_cmpint (till_error_get_have (error), <=, 425);
}

static void
test_no_secret (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_clear_object (&fixture->vault);
  fixture->vault = till_vault_new_memory ();
  close_shop (fixture);
  open_shop (fixture, "Shop");
  g_assert_null (generate (fixture, &error));
  shop_assert_error (error, TILL_ERROR_VAULT_UNAVAILABLE, TILL_REASON_SECRET_MISSING);
}

/* With nothing at all Practice is there, with a shop to practise on. */
static void
practice_set_up (Fixture       *fixture,
                 gconstpointer  data)
{
  fixture->dir = till_test_dir_new ();
  fixture->data = till_test_dir_file (fixture->dir, "data");
  fixture->clock = till_clock_new_fixed (TEST_NOW);
  fixture->store = shop_open_store (fixture->dir);
  fixture->vault = till_vault_new_memory ();
  open_shop (fixture, NULL);
}

static void
test_practice (Fixture       *fixture,
               gconstpointer  data)
{
  const TillProfile *profile = till_shop_get_profile (fixture->shop);
  g_autoptr(GPtrArray) keys = NULL;
  g_autoptr(GPtrArray) later = NULL;
  g_autoptr(TillItemList) items = NULL;
  g_autoptr(TillAdvice) advice = NULL;

  g_assert_cmpstr (profile->name, ==, TILL_PRACTICE_NAME);
  g_assert_cmpint (profile->environment, ==, TILL_ENVIRONMENT_PRACTICE);
  keys = list_keys (fixture);
  g_assert_cmpuint (keys->len, ==, 3);
  advice = till_advice_new (keys, TEST_NOW);
  g_assert_nonnull (advice->use);
  g_assert_cmpuint (advice->accepted->len, ==, 1);
  items = list (fixture, TILL_SOURCE_ALL);
  g_assert_no_error (items->error);
  g_assert_cmpuint (items->items->len, >=, 8);

  /* Opened again it is the same shop, and the examples come only once. */
  close_shop (fixture);
  open_shop (fixture, TILL_PRACTICE_NAME);
  later = list_keys (fixture);
  g_assert_cmpuint (later->len, ==, 3);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, data, func) g_test_add ("/shop/" path, Fixture, data, set_up, func, tear_down)
  ADD ("keys", NULL, test_keys);
  ADD ("revoke-expired", NULL, test_revoke_expired);
  ADD ("lost-answer-repeated", NULL, test_lost_answer_repeated);
  ADD ("lost-answer-unknown", "careful", test_lost_answer_unknown);
  ADD ("lost-answers-recovered", NULL, test_lost_answers_recovered);
  ADD ("too-late-to-ask-again", NULL, test_too_late_to_ask_again);
  ADD ("wallet", NULL, test_wallet);
  ADD ("renewal-keeps", NULL, test_renewal_keeps);
  ADD ("default-stays", NULL, test_default_stays);
  ADD ("upload-and-files", NULL, test_upload_and_files);
  ADD ("credentials-and-root", NULL, test_credentials_and_root);
  ADD ("stale-list", NULL, test_stale_list);
  ADD ("pages", NULL, test_pages);
  ADD ("pages-of-so-many", "", test_pages);
  ADD ("known", NULL, test_known);
  ADD ("import", NULL, test_import);
  ADD ("wrong-secret", NULL, test_wrong_secret);
  ADD ("wrong-clock", NULL, test_wrong_clock);
  ADD ("no-secret", NULL, test_no_secret);
  g_test_add ("/shop/practice", Fixture, NULL, practice_set_up, test_practice, tear_down);

  return g_test_run ();
}
