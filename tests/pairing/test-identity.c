/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What terminals answer with, in every spelling, and what is refused (API.md 5.2). */
#include "config.h"

#include <string.h>

#include "pairing-test.h"
#include "till-identity.h"
#include "till-pairing-guest.h"
#include "till-rsa-pool.h"
#include "till-store-ca-private.h"

#define N_BLOCKS 4

typedef struct
{
  TestShop    *shop;
  TillStoreCa *ca;
  char        *blocks[N_BLOCKS];      /* key, leaf, issuing, root */
} Fixture;

static TillSecret *
take_key (void)
{
  g_autoptr(TillRsaPool) pool = till_rsa_pool_new ();
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  TillSecret *key;

  till_rsa_pool_wait_async (pool, NULL, test_done_cb, &result);
  done = test_wait_result (&result);
  g_assert_true (till_rsa_pool_wait_finish (pool, done, NULL));
  g_assert_cmpuint (till_rsa_pool_get_ready (pool), >=, 1);
  key = till_rsa_pool_take (pool);
  g_assert_nonnull (key);

  return key;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(TillSecret) key = take_key ();
  g_autoptr(TillIssued) issued = NULL;
  const char *at;

  fixture->shop = test_shop_new ();
  fixture->ca = test_shop_open_ca (fixture->shop, NULL);
  issued = till_store_ca_issue (fixture->ca, key, "123", TEST_NOW, 397, NULL);
  at = (const char *) till_secret_get_data (issued->pem);
  for (guint i = 0; i < N_BLOCKS; i++)
    {
      const char *end = strstr (at, "-----END ");

      end = strchr (end, '\n') + 1;
      fixture->blocks[i] = g_strndup (at, (gsize) (end - at));
      at = end;
    }
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  for (guint i = 0; i < N_BLOCKS; i++)
    g_free (fixture->blocks[i]);
  g_assert_finalize_object (fixture->ca);
  test_shop_free (fixture->shop);
}

static TillIdentity *
read_text (Fixture     *fixture,
           const char  *text,
           GError     **error)
{
  g_autoptr(TillSecret) answer = till_secret_new_copy (text, strlen (text));

  return till_identity_new (answer, fixture->blocks[3], TEST_NOW, error);
}

static char *
join (Fixture    *fixture,
      const char *order)
{
  GString *text = g_string_new (NULL);

  for (; *order != '\0'; order++)
    g_string_append (text, fixture->blocks[*order - '0']);

  return g_string_free (text, FALSE);
}

/* Any order; without the root too, which is known. */
static void
test_orders (Fixture       *fixture,
             gconstpointer  data)
{
  static const char * const orders[] = { "0123", "3210", "1023", "2301", "0132", "012", "201" };

  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      g_autofree char *text = join (fixture, orders[i]);
      g_autofree char *expected = g_strconcat (fixture->blocks[1], fixture->blocks[2], NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(TillIdentity) identity = read_text (fixture, text, &error);
      g_autoptr(GTlsCertificate) certificate = NULL;
      g_autoptr(TillSecret) secret = NULL;
      g_autoptr(TillIdentity) again = NULL;

      g_assert_no_error (error);
      g_assert_cmpuint (till_identity_get_chain_length (identity), ==, 3);
      g_assert_cmpstr (till_identity_get_chain_pem (identity), ==, expected);
      certificate = till_identity_make_certificate (identity, &error);
      g_assert_no_error (error);
      g_assert_nonnull (g_tls_certificate_get_issuer (certificate));

      /* What goes into the vault comes back the same. */
      secret = till_identity_dup_secret (identity);
      again = till_identity_new (secret, fixture->blocks[3], TEST_NOW, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (till_identity_get_serial (again), ==, till_identity_get_serial (identity));
    }
}

static char *
replace (const char *text,
         const char *from,
         const char *to)
{
  g_auto(GStrv) parts = g_strsplit (text, from, -1);

  return g_strjoinv (to, parts);
}

/* Lines that end otherwise, blocks on one line, a JSON string around it all. */
static void
test_spellings (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *plain = join (fixture, "0123");
  g_autofree char *carriage = replace (plain, "\n", "\r\n");
  g_autofree char *blanks = replace (plain, "\n", " ");
  g_autofree char *escaped = replace (plain, "\n", "\\n");
  g_autofree char *json = g_strdup_printf (" \"%s\"\n", escaped);
  const char *texts[] = { carriage, blanks, json };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TillIdentity) identity = read_text (fixture, texts[i], &error);

      g_test_message ("%u", i);
      g_assert_no_error (error);
      g_assert_nonnull (identity);
    }
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  static const struct
  {
    const char      *order;
    int              code;
    TillErrorReason  reason;
  } cases[] = {
    { "", TILL_ERROR_PROTOCOL, TILL_REASON_ANSWER_EMPTY },
    { "0", TILL_ERROR_PROTOCOL, TILL_REASON_ANSWER_CUT },
    { "123", TILL_ERROR_PROTOCOL, TILL_REASON_ANSWER_CUT },
    { "023", TILL_ERROR_KEY_MISMATCH, TILL_REASON_NONE },
    { "013", TILL_ERROR_PROTOCOL, TILL_REASON_BAD_CHAIN },
    { "00123", TILL_ERROR_PROTOCOL, TILL_REASON_CONTRADICTS },
    { "0122222222222", TILL_ERROR_PROTOCOL, TILL_REASON_TOO_MANY },
  };
  g_autofree char *whole = join (fixture, "0123");
  g_autoptr(TestShop) elsewhere = test_shop_new ();
  g_autoptr(TillStoreCa) other = test_shop_open_ca (elsewhere, NULL);
  g_autoptr(TillSecret) answer = till_secret_new_copy (whole, strlen (whole));
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = join (fixture, cases[i].order);
      g_autoptr(GError) local_error = NULL;

      g_test_message ("%s", cases[i].order);
      g_assert_null (read_text (fixture, text, &local_error));
      g_assert_error (local_error, TILL_ERROR, cases[i].code);
      g_assert_cmpint (till_error_get_reason (local_error), ==, cases[i].reason);
      g_assert_null (strstr (local_error->message, "MII"));
    }

  /* Cut anywhere: never an identity that lacks something. */
  for (gsize size = 0; size + 1 < strlen (whole); size += 37)
    {
      g_autofree char *cut = g_strndup (whole, size);
      g_autoptr(TillIdentity) identity = read_text (fixture, cut, NULL);

      g_assert_true (identity == NULL || till_identity_get_chain_length (identity) == 3);
    }

  g_assert_null (till_identity_new (answer, till_store_ca_get_root_pem (other), TEST_NOW, &error));
  g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_BAD_CHAIN);
  g_clear_error (&error);
  g_assert_null (till_identity_new (answer, fixture->blocks[3], TEST_NOW + 400 * 86400, &error));
  g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_EXPIRED);
}

/* The code of a terminal keeps its look-alikes. */
static void
test_code (void)
{
  static const struct
  {
    const char *text;
    const char *expected;
  } cases[] = {
    { "8QW1YS1D", "8QW1YS1D" },
    { " 8qw1 – ys1d ", "8QW1YS1D" },
    { "OI0L-LO1I", "OI0LLO1I" },
    { "8QW1YS1", NULL },
    { "8QW1YS1DD", NULL },
    { "8QW1YS1!", NULL },
    { "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TillSecret) entered = till_secret_new_copy (cases[i].text, strlen (cases[i].text));
      g_autoptr(TillSecret) code = till_terminal_code_normalise (entered);

      g_assert_cmpint (code != NULL, ==, cases[i].expected != NULL);
      if (code != NULL)
        g_assert_cmpmem (till_secret_get_data (code), till_secret_get_size (code), cases[i].expected, 8);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/identity/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("orders", test_orders);
  ADD ("spellings", test_spellings);
  ADD ("refused", test_refused);
  g_test_add_func ("/identity/code", test_code);

  return g_test_run ();
}
