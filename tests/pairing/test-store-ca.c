/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store's authority: what it issues is taken by OpenSSL and GnuTLS, and it is never replaced silently. */
#include "config.h"

#include <gnutls/x509.h>
#include <string.h>

#include "pairing-test.h"
#include "till-store-ca-private.h"

#define SERIALS 10000

static TillSecret *
make_rsa_key (void)
{
  gnutls_x509_privkey_t key;
  gnutls_datum_t der;

  g_assert_cmpint (gnutls_x509_privkey_init (&key), ==, 0);
  g_assert_cmpint (gnutls_x509_privkey_generate (key, GNUTLS_PK_RSA, 2048, 0), ==, 0);
  g_assert_cmpint (gnutls_x509_privkey_export2 (key, GNUTLS_X509_FMT_DER, &der), ==, 0);
  gnutls_x509_privkey_deinit (key);

  return till_ca_take_datum (&der);
}

static void
run_tool (const char *folder,
          const char *first,
          ...)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(TillTestRun) run = NULL;
  va_list args;

  va_start (args, first);
  for (const char *word = first; word != NULL; word = va_arg (args, const char *))
    g_ptr_array_add (argv, (gpointer) word);
  va_end (args);
  g_ptr_array_add (argv, NULL);

  run = till_test_run ((const char * const *) argv->pdata, NULL, folder);
  g_test_message ("%s %s%s", first, run->output, run->errors);
  g_assert_cmpint (run->status, ==, 0);
}

/* The tools of two other projects take the chain, strictly. */
static void
test_tools (void)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;      /* certtool knows no other */
  g_autoptr(TillClock) clock = till_clock_new_fixed (now);
  g_autoptr(TestShop) shop = test_shop_new_with (clock);
  g_autoptr(TillStoreCa) ca = test_shop_open_ca (shop, NULL);
  g_autoptr(TillSecret) key = make_rsa_key ();
  g_autoptr(GError) error = NULL;
  g_autoptr(TillIssued) issued = till_store_ca_issue (ca, key, "COUNTER-03", now, 397, &error);
  g_autofree char *root = till_test_dir_write (shop->dir, "root.pem", till_store_ca_get_root_pem (ca), -1);
  g_autofree char *issuing = till_test_dir_write (shop->dir, "issuing.pem", ca->issuing_pem, -1);
  g_autofree char *leaf = NULL;
  g_autofree char *all = NULL;
  g_autofree char *chain_text = NULL;
  g_autofree char *chain = NULL;

  g_assert_no_error (error);
  leaf = till_test_dir_write (shop->dir, "leaf.pem", issued->certificate_pem, -1);
  all = till_test_dir_write (shop->dir, "all.pem", till_secret_get_data (issued->pem),
                             (gssize) till_secret_get_size (issued->pem));
  chain_text = g_strconcat (issued->certificate_pem, ca->issuing_pem, till_store_ca_get_root_pem (ca), NULL);
  chain = till_test_dir_write (shop->dir, "chain.pem", chain_text, -1);

  run_tool (shop->dir->path, "openssl", "verify", "-x509_strict", "-check_ss_sig", "-purpose", "sslclient", "-CAfile", root,
            "-untrusted", issuing, leaf, NULL);
  run_tool (shop->dir->path, "certtool", "--verify", "--load-ca-certificate", root, "--infile", chain,
            "--verify-profile", "medium", NULL);
  run_tool (shop->dir->path, "openssl", "rsa", "-in", all, "-check", "-noout", NULL);
  g_assert_true (g_str_has_prefix ((const char *) till_secret_get_data (issued->pem), "-----BEGIN RSA PRIVATE KEY-----\n"));
}

/* For clients, for little more than a year, with a serial number nobody can guess. */
static void
test_leaf (void)
{
  g_autoptr(TestShop) shop = test_shop_new ();
  g_autoptr(TillStoreCa) ca = test_shop_open_ca (shop, NULL);
  g_autoptr(TillSecret) key = make_rsa_key ();
  g_autoptr(GHashTable) serials = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(TillIssued) issued = till_store_ca_issue (ca, key, "A.b_c-1", TEST_NOW, 5000, NULL);
  gnutls_datum_t pem = { .data = (guint8 *) issued->certificate_pem, .size = (unsigned) strlen (issued->certificate_pem) };
  gnutls_x509_crt_t crt;
  char purpose[64];
  size_t size = sizeof purpose;
  guint8 serial[32];
  unsigned critical;

  g_assert_cmpint (gnutls_x509_crt_init (&crt), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_import (crt, &pem, GNUTLS_X509_FMT_PEM), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_get_key_purpose_oid (crt, 0, purpose, &size, &critical), ==, 0);
  g_assert_cmpstr (purpose, ==, GNUTLS_KP_TLS_WWW_CLIENT);
  size = sizeof purpose;
  g_assert_cmpint (gnutls_x509_crt_get_key_purpose_oid (crt, 1, purpose, &size, &critical), <, 0);
  g_assert_cmpint (issued->not_after - issued->not_before, <, 397 * 86400);
  g_assert_cmpint (issued->not_after - issued->not_before, >, 396 * 86400);
  g_assert_cmpint (gnutls_x509_crt_get_ca_status (crt, &critical), ==, 0);
  size = sizeof serial;
  g_assert_cmpint (gnutls_x509_crt_get_serial (crt, serial, &size), ==, 0);
  g_assert_cmpuint (size, >=, 16);
  gnutls_x509_crt_deinit (crt);

  for (guint i = 0; i < SERIALS; i++)
    {
      g_autofree char *text = NULL;

      g_assert_cmpint (gnutls_x509_crt_init (&crt), ==, 0);
      g_assert_cmpint (till_ca_prepare (crt, TEST_NOW, TEST_NOW + 1, &text), ==, 0);
      gnutls_x509_crt_deinit (crt);
      g_assert_cmpuint (strlen (text), ==, 32);
      g_assert_true (g_hash_table_add (serials, g_steal_pointer (&text)));
    }
}

static void
test_times (void)
{
  g_autoptr(TestShop) shop = test_shop_new ();
  g_autoptr(TillStoreCa) ca = test_shop_open_ca (shop, NULL);
  g_autoptr(TillSecret) key = make_rsa_key ();
  g_autoptr(TillIssued) last = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (till_store_ca_issue (ca, key, "x", TEST_NOW - 2 * 86400, 1, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_CLOCK_SKEW);
  g_clear_error (&error);
  g_assert_null (till_store_ca_issue (ca, key, "x", till_store_ca_get_not_after (ca), 1, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_REJECTED);
  g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_EXPIRED);

  /* Nothing outlives who signed it. */
  last = till_store_ca_issue (ca, key, "x", till_store_ca_get_not_after (ca) - 86400, 397, NULL);
  g_assert_cmpint (last->not_after, ==, till_store_ca_get_not_after (ca));
}

static void
remove_secret (TestShop *shop)
{
  g_autoptr(GAsyncResult) removed = NULL;
  GAsyncResult *result = NULL;

  till_vault_remove_async (shop->vault, shop->profile->id, "ca", NULL, test_done_cb, &result);
  removed = test_wait_result (&result);
  g_assert_true (till_vault_remove_finish (shop->vault, removed, NULL));
}

static gboolean
set_known (TillTransaction  *transaction,
           gpointer          data,
           GError          **error)
{
  return till_transaction_set_setting (transaction, "pairing.ca.00112233445566778899aabbccddeeff", data, error);
}

/* As though a keyring had kept it: one in memory counts as a session's only. */
static void
make_known (TestShop   *shop,
            const char *sha256)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  till_store_run_async (shop->store, set_known, (gpointer) sha256, NULL, NULL, test_done_cb, &result);
  done = test_wait_result (&result);
  g_assert_true (till_store_run_finish (shop->store, done, NULL));
}

static GBytes *
back_up (TillStoreCa *ca,
         TillSecret  *password)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  GBytes *backup;

  till_store_ca_back_up_async (ca, password, NULL, test_done_cb, &result);
  done = test_wait_result (&result);
  backup = till_store_ca_back_up_finish (ca, done, NULL);
  g_assert_nonnull (backup);

  return backup;
}

static TillStoreCa *
restore (TestShop    *shop,
         GBytes      *backup,
         TillSecret  *password,
         GError     **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  till_store_ca_restore_async (shop->store, shop->vault, shop->profile, backup, password, NULL, test_done_cb, &result);
  done = test_wait_result (&result);

  return till_store_ca_restore_finish (done, error);
}

static void
test_same_again (void)
{
  g_autoptr(TestShop) shop = test_shop_new ();
  g_autoptr(TillStoreCa) first = test_shop_open_ca (shop, NULL);
  g_autoptr(TillStoreCa) second = test_shop_open_ca (shop, NULL);

  g_assert_true (till_store_ca_is_new (first));
  g_assert_true (till_store_ca_is_session_only (first));
  g_assert_false (till_store_ca_is_new (second));
  g_assert_cmpstr (till_store_ca_get_root_sha256 (first), ==, till_store_ca_get_root_sha256 (second));
}

/* A lost keyring asks for the backup, and takes only the right one. */
static void
test_lost (void)
{
  g_autoptr(TestShop) shop = test_shop_new ();
  g_autoptr(TestShop) elsewhere = test_shop_new ();
  g_autoptr(TillStoreCa) first = test_shop_open_ca (shop, NULL);
  g_autoptr(TillStoreCa) other = test_shop_open_ca (elsewhere, NULL);
  g_autoptr(TillStoreCa) back = NULL;
  g_autoptr(TillSecret) password = till_secret_new_copy ("a backup's password", 19);
  g_autoptr(TillSecret) wrong = till_secret_new_copy ("a backup's passwore", 19);
  g_autoptr(GBytes) backup = back_up (first, password);
  g_autoptr(GBytes) other_backup = back_up (other, password);
  g_autoptr(GBytes) cut = g_bytes_new_from_bytes (backup, 0, g_bytes_get_size (backup) - 40);
  g_autoptr(GError) error = NULL;

  make_known (shop, till_store_ca_get_root_sha256 (first));
  remove_secret (shop);

  g_assert_null (test_shop_open_ca (shop, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_VAULT_UNAVAILABLE);
  g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_SECRET_MISSING);
  g_clear_error (&error);
  g_assert_null (restore (shop, other_backup, password, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_null (restore (shop, backup, wrong, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_WRONG_PASSWORD);
  g_clear_error (&error);
  g_assert_null (restore (shop, cut, password, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_DAMAGED);
  g_clear_error (&error);

  back = restore (shop, backup, password, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (till_store_ca_get_root_sha256 (back), ==, till_store_ca_get_root_sha256 (first));
  g_clear_object (&back);
  back = test_shop_open_ca (shop, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (till_store_ca_get_root_sha256 (back), ==, till_store_ca_get_root_sha256 (first));
}

/* OpenSSL opens the backup too; nothing of the keys is in it in clear. */
static void
test_backup_file (void)
{
  g_autoptr(TestShop) shop = test_shop_new ();
  g_autoptr(TillStoreCa) ca = test_shop_open_ca (shop, NULL);
  g_autoptr(TillSecret) password = till_secret_new_copy ("a backup's password", 19);
  g_autoptr(GBytes) backup = back_up (ca, password);
  gsize size;
  const char *text = g_bytes_get_data (backup, &size);
  g_autofree char *file = till_test_dir_write (shop->dir, "backup.pem", text, (gssize) size);

  run_tool (shop->dir->path, "openssl", "pkey", "-in", file, "-passin", "pass:a backup's password", "-noout", "-check", NULL);
  g_assert_null (g_strstr_len (text, (gssize) size, "BEGIN EC PRIVATE"));
  g_assert_null (g_strstr_len (text, (gssize) size, "BEGIN PRIVATE"));
}

static void
test_listener (void)
{
  static const char * const names[] = { "till.local", "till", NULL };
  static const char * const addresses[] = { "192.0.2.7", "2001:db8::7" };
  g_autoptr(TestShop) shop = test_shop_new ();
  g_autoptr(TillStoreCa) ca = test_shop_open_ca (shop, NULL);
  g_autofree char *root = till_test_dir_write (shop->dir, "root.pem", till_store_ca_get_root_pem (ca), -1);
  g_autofree char *issuing = till_test_dir_write (shop->dir, "issuing.pem", ca->issuing_pem, -1);
  g_autofree char *at = g_strdup_printf ("%" G_GINT64_FORMAT, TEST_NOW + 1);

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr(GInetAddress) address = g_inet_address_new_from_string (addresses[i]);
      g_autoptr(GError) error = NULL;
      g_autoptr(GTlsCertificate) certificate = till_store_ca_make_listener (ca, address, names, TEST_NOW, &error);
      g_autofree char *pem = NULL;
      g_autofree char *leaf = NULL;

      g_assert_no_error (error);
      g_assert_nonnull (g_tls_certificate_get_issuer (certificate));
      g_object_get (certificate, "certificate-pem", &pem, NULL);
      leaf = till_test_dir_write (shop->dir, "listener.pem", pem, -1);
      run_tool (shop->dir->path, "openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-attime", at,
                "-CAfile", root, "-untrusted", issuing, "-verify_ip", addresses[i], leaf, NULL);
      run_tool (shop->dir->path, "openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-attime", at,
                "-CAfile", root, "-untrusted", issuing, "-verify_hostname", "till.local", leaf, NULL);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/store-ca/tools", test_tools);
  g_test_add_func ("/store-ca/leaf", test_leaf);
  g_test_add_func ("/store-ca/times", test_times);
  g_test_add_func ("/store-ca/same-again", test_same_again);
  g_test_add_func ("/store-ca/lost", test_lost);
  g_test_add_func ("/store-ca/backup-file", test_backup_file);
  g_test_add_func ("/store-ca/listener", test_listener);

  return g_test_run ();
}
