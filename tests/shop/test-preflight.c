/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is looked at before a certificate is sent anywhere. */
#include "config.h"

#include <string.h>

#include "fixture.h"
#include "shop-test.h"
#include "till-preflight.h"

#define DAY (24 * 60 * 60)

typedef struct
{
  TillTestDir *dir;
} Fixture;

/* Pass certificates for a year from now on: one, one of another team, one without its key. */
static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  static const char * const teams[] = { "ABCDE12345", "ZZZZZ99999" };

  fixture->dir = till_test_dir_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (teams); i++)
    {
      fixture_make (fixture->dir, "openssl req -x509 -newkey rsa:2048 -nodes -keyout %s.key -out %s.pem -days 365 -subj "
                    "'/UID=pass.com.example.shop/CN=Pass Type ID: pass.com.example.shop/OU=%s/O=Example'",
                    teams[i], teams[i], teams[i]);
      fixture_make (fixture->dir, "openssl pkcs12 -export -inkey %s.key -in %s.pem -passout pass:pw -out %s.p12",
                    teams[i], teams[i], teams[i]);
    }
  fixture_make (fixture->dir, "openssl pkcs12 -export -nokeys -in ABCDE12345.pem -passout pass:pw -out nokey.p12");
  fixture_make (fixture->dir, "openssl base64 -A -in ABCDE12345.p12 -out base64.p12");
  fixture_make (fixture->dir, "openssl req -x509 -newkey rsa:2048 -nodes -keyout o.key -out o.pem -days 365 -subj /CN=o");
  fixture_make (fixture->dir, "openssl pkcs12 -export -inkey o.key -in o.pem -passout pass:pw -out other-kind.p12");
  fixture_make (fixture->dir, "openssl req -x509 -newkey rsa:1024 -nodes -keyout w.key -out w.pem -days 365 -subj "
                "'/UID=pass.com.example.shop/CN=Pass Type ID: pass.com.example.shop/OU=ABCDE12345/O=Example'");
  fixture_make (fixture->dir, "openssl pkcs12 -export -inkey w.key -in w.pem -passout pass:pw -out weak.p12");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  till_test_dir_free (fixture->dir);
}

static TillWalletCertificate *
new_there (const char *end,
           gboolean    nfc)
{
  g_autofree char *json =
    g_strdup_printf ("{\"id\":\"40adce15-5c52-479d-8620-54c21cd851a6\",\"name\":\"Shop\","
                     "\"baseName\":\"pass.com.example.shop\",\"teamIdentifier\":\"ABCDE12345\",\"nfcSupport\":%s,"
                     "\"validityStart\":\"2020-01-01T00:00:00Z\",\"validityEnd\":\"%s\"}", nfc ? "true" : "false", end);
  g_autoptr(TillSecret) body = till_secret_new_copy (json, strlen (json));
  g_autoptr(GError) error = NULL;
  TillWalletCertificate *there = till_wallet_certificate_new (body, &error);

  g_assert_no_error (error);

  return there;
}

static TillPreflight *
look (Fixture               *fixture,
      const char            *name,
      TillWalletCertificate *there,
      gboolean               must_match,
      gint64                 offset)
{
  g_autoptr(GBytes) bytes = fixture_load (fixture->dir, name);
  g_autoptr(TillSecret) file = till_secret_new_copy (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autoptr(TillSecret) password = till_secret_new_copy ("pw", 2);
  const TillInspectOptions options = { .password = password };
  g_autoptr(TillClock) clock = till_clock_new_system ();
  g_autoptr(TillDocument) document = NULL;
  g_autoptr(GError) error = NULL;

  document = till_document_parse (till_secret_get_data (file), till_secret_get_size (file), &options, &error);
  g_assert_no_error (error);

  return till_preflight_new (file, document, password, there, must_match, till_clock_get_now (clock) + offset);
}

static const TillCheck *
find_check (const TillPreflight *preflight,
            TillCheckKind        kind)
{
  for (guint i = 0; i < preflight->checks->len; i++)
    {
      const TillCheck *check = preflight->checks->pdata[i];

      if (check->kind == kind)
        return check;
    }

  return NULL;
}

static void
test_good (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(TillWalletCertificate) there = new_there ("2020-12-31T00:00:00Z", FALSE);
  g_autoptr(TillPreflight) preflight = look (fixture, "ABCDE12345.p12", there, TRUE, 60);

  g_assert_no_error (preflight->stop);
  g_assert_false (preflight->other_identity);
  g_assert_cmpstr (preflight->certificate->pass_type_id, ==, "pass.com.example.shop");
  g_assert_cmpint (find_check (preflight, TILL_CHECK_OPENS)->state, ==, TILL_CHECK_GOOD);
  g_assert_cmpint (find_check (preflight, TILL_CHECK_KEY)->state, ==, TILL_CHECK_GOOD);
  g_assert_cmpint (find_check (preflight, TILL_CHECK_ISSUER)->state, ==, TILL_CHECK_WARN);
  g_assert_cmpint (find_check (preflight, TILL_CHECK_IDENTITY)->state, ==, TILL_CHECK_GOOD);
  g_assert_cmpint (find_check (preflight, TILL_CHECK_VALIDITY)->state, ==, TILL_CHECK_GOOD);
  g_assert_cmpint (find_check (preflight, TILL_CHECK_VALIDITY)->number, >, 365);
  g_assert_null (find_check (preflight, TILL_CHECK_NFC));
}

static void
test_shorter_and_nfc_lost (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(TillWalletCertificate) there = new_there ("2049-12-31T00:00:00Z", TRUE);
  g_autoptr(TillPreflight) preflight = look (fixture, "ABCDE12345.p12", there, TRUE, 60);

  g_assert_no_error (preflight->stop);
  g_assert_cmpint (find_check (preflight, TILL_CHECK_VALIDITY)->state, ==, TILL_CHECK_WARN);
  g_assert_cmpint (find_check (preflight, TILL_CHECK_VALIDITY)->number, <, 0);
  g_assert_cmpint (find_check (preflight, TILL_CHECK_NFC)->state, ==, TILL_CHECK_WARN);
}

static void
test_other_identity (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(TillWalletCertificate) there = new_there ("2020-12-31T00:00:00Z", FALSE);
  g_autoptr(TillPreflight) preflight = look (fixture, "ZZZZZ99999.p12", there, TRUE, 60);

  g_assert_true (preflight->other_identity);
  g_assert_cmpint (find_check (preflight, TILL_CHECK_IDENTITY)->state, ==, TILL_CHECK_STOP);
  /* It may be sent all the same where a person says so. */
  g_assert_no_error (preflight->stop);
}

static void
test_stopped (Fixture       *fixture,
              gconstpointer  data)
{
  static const struct
  {
    const char      *name;
    gint64           offset;
    int              code;
    TillErrorReason  reason;
    TillCheckKind    kind;
  } cases[] = {
    { "nokey.p12", 60, TILL_ERROR_NO_PRIVATE_KEY, TILL_REASON_NONE, TILL_CHECK_KEY },
    { "ABCDE12345.pem", 60, TILL_ERROR_NO_PRIVATE_KEY, TILL_REASON_LOOKS_LIKE, TILL_CHECK_OPENS },
    { "other-kind.p12", 60, TILL_ERROR_REJECTED, TILL_REASON_NONE, TILL_CHECK_ISSUER },
    { "weak.p12", 60, TILL_ERROR_REJECTED, TILL_REASON_WEAK, TILL_CHECK_STRENGTH },
    { "ABCDE12345.p12", 366 * DAY, TILL_ERROR_REJECTED, TILL_REASON_EXPIRED, TILL_CHECK_VALIDITY },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TillPreflight) preflight = look (fixture, cases[i].name, NULL, FALSE, cases[i].offset);

      shop_assert_error (preflight->stop, cases[i].code, cases[i].reason);
      g_assert_cmpint (find_check (preflight, cases[i].kind)->state, ==, TILL_CHECK_STOP);
    }
}

/* The service wants Base64 of the DER: a file that is Base64 already is not encoded twice (RELIABILITY.md row 8). */
static void
test_base64 (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(TillPreflight) preflight = look (fixture, "base64.p12", NULL, FALSE, 60);
  g_autoptr(GBytes) der = fixture_load (fixture->dir, "ABCDE12345.p12");

  g_assert_no_error (preflight->stop);
  g_assert_cmpmem (till_secret_get_data (preflight->p12), till_secret_get_size (preflight->p12),
                   g_bytes_get_data (der, NULL), g_bytes_get_size (der));
}

static void
test_find_renewed (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GPtrArray) there = g_ptr_array_new_with_free_func ((GDestroyNotify) till_wallet_certificate_unref);
  static const char * const names[] = { "ABCDE12345.p12", "ZZZZZ99999.p12", "nokey.p12" };

  g_ptr_array_add (there, new_there ("2020-12-31T00:00:00Z", FALSE));
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(GBytes) bytes = fixture_load (fixture->dir, names[i]);
      g_autoptr(TillSecret) password = till_secret_new_copy ("pw", 2);
      const TillInspectOptions options = { .password = password };
      g_autoptr(TillDocument) document = till_document_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                                              &options, NULL);

      g_assert_true ((till_preflight_find_renewed (there, document) != NULL) == (i == 0));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/preflight/good", Fixture, NULL, set_up, test_good, tear_down);
  g_test_add ("/preflight/shorter-and-nfc-lost", Fixture, NULL, set_up, test_shorter_and_nfc_lost, tear_down);
  g_test_add ("/preflight/other-identity", Fixture, NULL, set_up, test_other_identity, tear_down);
  g_test_add ("/preflight/stopped", Fixture, NULL, set_up, test_stopped, tear_down);
  g_test_add ("/preflight/base64", Fixture, NULL, set_up, test_base64, tear_down);
  g_test_add ("/preflight/find-renewed", Fixture, NULL, set_up, test_find_renewed, tear_down);

  return g_test_run ();
}
