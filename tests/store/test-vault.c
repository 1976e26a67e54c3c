/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The vault over libsecret's file, in memory, and with nothing behind it. */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "vault-test.h"

typedef enum
{
  KEYRING_FILE,
  KEYRING_NONE,
} Keyring;

static TillTestDir *dir;
static char *keyring_path;

static void
use_keyring (Keyring keyring)
{
  dir = till_test_dir_new ();
  keyring_path = till_test_dir_file (dir, "test.keyring");

  if (keyring == KEYRING_FILE)
    {
      g_setenv ("SECRET_BACKEND", "file", TRUE);
      g_setenv ("SECRET_FILE_TEST_PATH", keyring_path, TRUE);
      g_setenv ("SECRET_FILE_TEST_PASSWORD", "test", TRUE);
    }
  else
    {
      g_unsetenv ("SECRET_BACKEND");
      g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
    }
}

/* libsecret decides once for a process what it uses: so each test is a process of its own. */
static void
run_alone (gconstpointer data)
{
  void (*test) (void) = data;

  if (g_test_subprocess ())
    {
      test ();
      return;
    }

  g_test_trap_subprocess (NULL, TEST_PATIENCE * G_USEC_PER_SEC, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static void
drop_keyring (void)
{
  g_clear_pointer (&keyring_path, g_free);
  g_clear_pointer (&dir, till_test_dir_free);
}

static void
assert_secret (TillVault  *vault,
               const char *name,
               const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TillSecret) found = test_vault_load (vault, TEST_PROFILE, name, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (till_secret_get_data (found), till_secret_get_size (found), expected, strlen (expected));
}

static void
check_life (TillVault *vault)
{
  g_autoptr(TillSecret) first = test_secret ("first secret");
  g_autoptr(TillSecret) second = test_secret ("second „secret“ ä");
  g_autoptr(TillSecret) none = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) empty = NULL;
  g_auto(GStrv) names = NULL;
  g_auto(GStrv) left = NULL;
  g_auto(GStrv) gone = NULL;

  empty = test_vault_list (vault, TEST_PROFILE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (empty), ==, 0);

  none = test_vault_load (vault, TEST_PROFILE, "hub", &error);
  g_assert_null (none);
  test_assert_reason (error, TILL_ERROR_VAULT_UNAVAILABLE, TILL_REASON_SECRET_MISSING);
  g_assert_cmpstr (till_error_get_detail (error), ==, "hub");
  g_assert_cmpint (till_vault_get_state (vault), ==, TILL_VAULT_READY);
  g_clear_error (&error);

  g_assert_true (test_vault_store (vault, TEST_PROFILE, "hub", first, &error));
  g_assert_true (test_vault_store (vault, TEST_PROFILE, "wallet", second, &error));
  g_assert_true (test_vault_store (vault, TEST_OTHER, "hub", second, &error));
  g_assert_no_error (error);
  assert_secret (vault, "hub", "first secret");
  assert_secret (vault, "wallet", "second „secret“ ä");

  g_assert_true (test_vault_store (vault, TEST_PROFILE, "hub", second, &error));
  assert_secret (vault, "hub", "second „secret“ ä");

  names = test_vault_list (vault, TEST_PROFILE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (names), ==, 2);
  g_assert_true (g_strv_contains ((const char * const *) names, "hub"));
  g_assert_true (g_strv_contains ((const char * const *) names, "wallet"));

  g_assert_true (test_vault_remove (vault, TEST_PROFILE, "hub", &error));
  g_assert_true (test_vault_remove (vault, TEST_PROFILE, "hub", &error));
  left = test_vault_list (vault, TEST_PROFILE, &error);
  g_assert_cmpuint (g_strv_length (left), ==, 1);
  g_assert_cmpstr (left[0], ==, "wallet");

  g_assert_true (test_vault_store (vault, TEST_PROFILE, "hub", first, &error));
  g_assert_true (test_vault_remove (vault, TEST_PROFILE, NULL, &error));
  gone = test_vault_list (vault, TEST_PROFILE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (gone), ==, 0);

  /* That of another profile is untouched. */
  g_clear_pointer (&none, till_secret_unref);
  none = test_vault_load (vault, TEST_OTHER, "hub", &error);
  g_assert_no_error (error);
  g_assert_nonnull (none);
}

static void
test_file (void)
{
  TillVault *vault;

  use_keyring (KEYRING_FILE);
  vault = till_vault_new ();
  check_life (vault);
  g_assert_false (till_vault_is_session_only (vault, TEST_OTHER, "hub"));
  g_assert_finalize_object (vault);
  drop_keyring ();
}

static void
test_memory (void)
{
  TillVault *vault = till_vault_new_memory ();

  check_life (vault);
  g_assert_true (till_vault_is_session_only (vault, TEST_OTHER, "hub"));
  g_assert_false (till_vault_is_session_only (vault, TEST_PROFILE, "hub"));
  g_assert_finalize_object (vault);
}

/* A .p12, an empty one, and one of each size around a page. */
static void
test_binary (void)
{
  static const gsize sizes[] = { 0, 1, 255, 4095, 4096, 4097, 65536, 1024 * 1024 };
  TillVault *vault;

  use_keyring (KEYRING_FILE);
  vault = till_vault_new ();
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(TillSecret) secret = till_secret_new (sizes[i]);
      g_autoptr(TillSecret) found = NULL;
      g_autoptr(GError) error = NULL;

      for (gsize k = 0; k < sizes[i]; k++)
        till_secret_get_buffer (secret)[k] = (guint8) (k * 37 + (k >> 8));

      test_vault_store (vault, TEST_PROFILE, "ca", secret, &error);
      g_assert_no_error (error);
      found = test_vault_load (vault, TEST_PROFILE, "ca", &error);
      g_assert_no_error (error);
      g_assert_true (till_secret_equal (secret, found));
    }

  g_assert_finalize_object (vault);
  drop_keyring ();
}

static void
test_too_large (void)
{
  g_autoptr(TillSecret) secret = till_secret_new (1024 * 1024 + 1);
  g_autoptr(GError) error = NULL;
  TillVault *vault = till_vault_new_memory ();

  g_assert_false (test_vault_store (vault, TEST_PROFILE, "ca", secret, &error));
  test_assert_reason (error, TILL_ERROR_REJECTED, TILL_REASON_TOO_LARGE);
  g_assert_finalize_object (vault);
}

/* Many at once: one after the other, each with its own answer. */
static void
test_many (void)
{
  TestWait waits[20] = { { 0 } };
  TillVault *vault;

  use_keyring (KEYRING_FILE);
  vault = till_vault_new ();
  for (guint i = 0; i < G_N_ELEMENTS (waits); i++)
    {
      g_autofree char *text = g_strdup_printf ("secret %u", i);
      g_autofree char *name = g_strdup_printf ("name %u", i);
      g_autoptr(TillSecret) secret = test_secret (text);

      till_vault_store_async (vault, TEST_PROFILE, name, secret, NULL, test_wait_cb, &waits[i]);
    }

  for (guint i = 0; i < G_N_ELEMENTS (waits); i++)
    {
      g_autofree char *text = g_strdup_printf ("secret %u", i);
      g_autofree char *name = g_strdup_printf ("name %u", i);

      test_wait (&waits[i]);
      g_assert_true (till_vault_store_finish (vault, waits[i].result, NULL));
      g_object_unref (waits[i].result);
      assert_secret (vault, name, text);
    }

  g_assert_finalize_object (vault);
  drop_keyring ();
}

static void
test_cancel (void)
{
  g_autoptr(GCancellable) before = g_cancellable_new ();
  g_autoptr(GCancellable) running = g_cancellable_new ();
  g_autoptr(GCancellable) waiting = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(TillSecret) secret = test_secret ("secret");
  TestWait waits[4] = { { 0 } };
  TillVault *vault;

  use_keyring (KEYRING_FILE);
  vault = till_vault_new ();
  g_cancellable_cancel (before);
  till_vault_load_async (vault, TEST_PROFILE, "hub", before, test_wait_cb, &waits[0]);
  till_vault_load_async (vault, TEST_PROFILE, "hub", running, test_wait_cb, &waits[1]);
  till_vault_load_async (vault, TEST_PROFILE, "hub", waiting, test_wait_cb, &waits[2]);
  till_vault_store_async (vault, TEST_PROFILE, "hub", secret, NULL, test_wait_cb, &waits[3]);
  g_cancellable_cancel (waiting);
  g_cancellable_cancel (running);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(TillSecret) none = NULL;

      test_wait (&waits[i]);
      none = till_vault_load_finish (vault, waits[i].result, &error);
      g_assert_null (none);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_clear_error (&error);
      g_object_unref (waits[i].result);
    }

  test_wait (&waits[3]);
  g_assert_true (till_vault_store_finish (vault, waits[3].result, &error));
  g_assert_no_error (error);
  g_object_unref (waits[3].result);
  assert_secret (vault, "hub", "secret");

  /* What libsecret still had to say has come and gone. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (vault);
  drop_keyring ();
}

/* No bus at all: kept for the session, and it says so. */
static void
test_absent (void)
{
  g_autoptr(TillSecret) secret = test_secret ("secret");
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) names = NULL;
  TillSecret *none;
  TillVault *vault;

  use_keyring (KEYRING_NONE);
  vault = till_vault_new ();

  none = test_vault_load (vault, TEST_PROFILE, "hub", &error);
  g_assert_null (none);
  test_assert_reason (error, TILL_ERROR_VAULT_UNAVAILABLE, TILL_REASON_VAULT_ABSENT);
  g_assert_cmpint (till_vault_get_state (vault), ==, TILL_VAULT_ABSENT);
  g_clear_error (&error);

  names = test_vault_list (vault, TEST_PROFILE, &error);
  g_assert_null (names);
  test_assert_reason (error, TILL_ERROR_VAULT_UNAVAILABLE, TILL_REASON_VAULT_ABSENT);
  g_clear_error (&error);

  g_assert_false (test_vault_remove (vault, TEST_PROFILE, "hub", &error));
  test_assert_reason (error, TILL_ERROR_VAULT_UNAVAILABLE, TILL_REASON_VAULT_ABSENT);
  g_clear_error (&error);

  g_assert_false (till_vault_is_session_only (vault, TEST_PROFILE, "hub"));
  g_assert_true (test_vault_store (vault, TEST_PROFILE, "hub", secret, &error));
  g_assert_no_error (error);
  g_assert_true (till_vault_is_session_only (vault, TEST_PROFILE, "hub"));
  g_assert_cmpint (till_vault_get_state (vault), ==, TILL_VAULT_ABSENT);
  assert_secret (vault, "hub", "secret");

  names = test_vault_list (vault, TEST_PROFILE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (names), ==, 1);
  g_assert_true (test_vault_remove (vault, TEST_PROFILE, NULL, &error));
  g_assert_false (till_vault_is_session_only (vault, TEST_PROFILE, "hub"));

  g_assert_finalize_object (vault);
  drop_keyring ();
}

/* 32 bytes that stand nowhere else, and how they are looked for. */
static TillSecret *
make_needle (guint8 inverted[32])
{
  TillSecret *secret = till_secret_new (32);

  for (guint i = 0; i < 32; i++)
    {
      till_secret_get_buffer (secret)[i] = (guint8) (0x81 + 7 * i);
      inverted[i] = (guint8) ~(0x81 + 7 * i);
    }

  return secret;
}

/* What the vault had is wiped when it is done with it (G1). libsecret's own copies are another matter: while it
 * writes its file one of them is in ordinary memory. */
static void
test_wiped (void)
{
  TillVault *vault = till_vault_new_memory ();
  guint8 inverted[32];
  g_autoptr(GError) error = NULL;
  TillSecret *secret = make_needle (inverted);
  TillSecret *found;

  test_vault_store (vault, TEST_PROFILE, "hub", secret, &error);
  g_assert_no_error (error);
  till_secret_unref (secret);
  found = test_vault_load (vault, TEST_PROFILE, "hub", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (till_secret_get_size (found), ==, 32);
  till_secret_unref (found);
  g_assert_cmpuint (till_test_count_in_memory (inverted, 32), ==, 1);

  test_vault_remove (vault, TEST_PROFILE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (till_test_count_in_memory (inverted, 32), ==, 0);
  g_assert_finalize_object (vault);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/vault/file", test_file, run_alone);
  g_test_add_data_func ("/vault/memory", test_memory, run_alone);
  g_test_add_data_func ("/vault/binary", test_binary, run_alone);
  g_test_add_data_func ("/vault/too-large", test_too_large, run_alone);
  g_test_add_data_func ("/vault/many", test_many, run_alone);
  g_test_add_data_func ("/vault/cancel", test_cancel, run_alone);
  g_test_add_data_func ("/vault/absent", test_absent, run_alone);
  g_test_add_data_func ("/vault/wiped", test_wiped, run_alone);

  return g_test_run ();
}
