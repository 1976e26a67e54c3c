/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PKCS #12 files made by hand: what no program at hand writes, and what none should. */
#include "config.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "open.h"
#include "till-kdf.h"
#include "till-limits.h"
#include "till-password.h"

#define PASSWORD "Schlüssel 7"

typedef struct
{
  TillTestDir *dir;
  char        *bag;           /* a certificate, in the notation of fixture_der() */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GBytes) der = NULL;
  g_autofree char *hex = NULL;

  fixture->dir = till_test_dir_new ();
  fixture_make (fixture->dir, "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 100"
                              " -subj /CN=Shop -keyout shop.key -outform DER -out shop.der");
  der = fixture_load (fixture->dir, "shop.der");
  hex = fixture_hex (der);
  fixture->bag = g_strdup_printf ("30{06{<1.2.840.113549.1.12.10.1.3>} a0{30{06{<1.2.840.113549.1.9.22.1>}"
                                  " a0{04{%s}}}}}", hex);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  till_test_dir_free (fixture->dir);
  g_free (fixture->bag);
}

static const guint8 salt_bytes[8] = { 's', 'a', 'l', 't', 's', 'a', 'l', 't' };

/* PBES2 with AES-256 under raw bytes, by GnuTLS. Returns what stands in EncryptedData. */
static char *
encrypt (GBytes *plain,
         GBytes *password,
         guint   rounds)
{
  static guint8 iv[16] = "vectorvectorvect";
  gnutls_datum_t key_datum = { (unsigned char *) g_bytes_get_data (password, NULL),
                               (unsigned int) g_bytes_get_size (password) };
  gnutls_datum_t salt = { (unsigned char *) salt_bytes, sizeof salt_bytes };
  gnutls_datum_t iv_datum = { iv, sizeof iv };
  guint8 key[32];
  gnutls_datum_t key_out = { key, sizeof key };
  gnutls_cipher_hd_t cipher;
  gsize size = g_bytes_get_size (plain);
  gsize padded = size / 16 * 16 + 16;
  g_autofree guint8 *text = g_malloc (padded);
  g_autoptr(GBytes) out = NULL;
  g_autofree char *hex = NULL;

  memset (text, (int) (padded - size), padded);
  memcpy (text, g_bytes_get_data (plain, NULL), size);
  g_assert_cmpint (gnutls_pbkdf2 (GNUTLS_MAC_SHA256, &key_datum, &salt, rounds, key, sizeof key), >=, 0);
  g_assert_cmpint (gnutls_cipher_init (&cipher, GNUTLS_CIPHER_AES_256_CBC, &key_out, &iv_datum), >=, 0);
  g_assert_cmpint (gnutls_cipher_encrypt (cipher, text, padded), >=, 0);
  gnutls_cipher_deinit (cipher);
  out = g_bytes_new (text, padded);
  hex = fixture_hex (out);

  return g_strdup_printf ("30{06{<1.2.840.113549.1.5.13>} 30{30{06{<1.2.840.113549.1.5.12>} 30{04{'saltsalt'}"
                          " 0202 %04x 30{06{<1.2.840.113549.2.9>} 0500}}}"
                          " 30{06{<2.16.840.1.101.3.4.1.42>} 04{'vectorvectorvect'}}}} #%s", rounds, hex);
}

static char *
encrypted_data (const char *encrypted,
                gboolean    in_parts)
{
  g_auto(GStrv) parts = g_strsplit (encrypted, "#", 2);
  g_autofree char *cipher_text = in_parts
    ? g_strdup_printf ("a0{04{%.16s} 04{%s}}", parts[1], parts[1] + 16)
    : g_strdup_printf ("80{%s}", parts[1]);

  return g_strdup_printf ("30{06{<1.2.840.113549.1.7.6>} a0{30{020100 30{06{<1.2.840.113549.1.7.1>} %s %s}}}}",
                          parts[0], cipher_text);
}

static char *
plain_data (const char *contents)
{
  return g_strdup_printf ("30{06{<1.2.840.113549.1.7.1>} a0{04{30{%s}}}}", contents);
}

static char *
make_mac (GBytes     *safe,
          const char *password)
{
  g_autoptr(TillSecret) secret = till_secret_new_copy (password, strlen (password));
  g_autoptr(GPtrArray) list = till_password_list (secret);
  g_autoptr(TillSecret) key = till_secret_new (20);
  g_autoptr(GBytes) digest = NULL;
  g_autofree char *hex = NULL;
  guint8 mac[20];
  TillDer salt;

  till_der_init (&salt, salt_bytes, sizeof salt_bytes);
  g_assert_true (till_kdf_pkcs12 (&nettle_sha1, TILL_KDF_FOR_MAC, ((TillPassword *) g_ptr_array_index (list, 0))->bmp,
                                  &salt, 100, key, NULL, NULL));
  g_assert_cmpint (gnutls_hmac_fast (GNUTLS_MAC_SHA1, till_secret_get_data (key), 20, g_bytes_get_data (safe, NULL),
                                     g_bytes_get_size (safe), mac), >=, 0);
  digest = g_bytes_new (mac, sizeof mac);
  hex = fixture_hex (digest);
  return g_strdup_printf ("30{30{30{06{<1.3.14.3.2.26>} 0500} 04{%s}} 04{'saltsalt'} 020164}", hex);
}

/* PBMAC1 (RFC 9579) by GnuTLS. @parameters: what PBKDF2 says behind its rounds. */
static char *
make_pbmac1 (GBytes     *safe,
             const char *password,
             guint       key_size,
             gsize       digest_size,
             const char *parameters)
{
  gnutls_datum_t key_datum = { (unsigned char *) password, (unsigned int) strlen (password) };
  gnutls_datum_t salt = { (unsigned char *) salt_bytes, sizeof salt_bytes };
  guint8 key[256];
  guint8 mac[64];
  g_autoptr(GBytes) digest = NULL;
  g_autofree char *hex = NULL;

  g_assert_cmpint (gnutls_pbkdf2 (GNUTLS_MAC_SHA256, &key_datum, &salt, 200, key, key_size), >=, 0);
  g_assert_cmpint (gnutls_hmac_fast (GNUTLS_MAC_SHA512, key, key_size, g_bytes_get_data (safe, NULL),
                                     g_bytes_get_size (safe), mac), >=, 0);
  digest = g_bytes_new (mac, digest_size);
  hex = fixture_hex (digest);
  return g_strdup_printf ("30{30{30{06{<1.2.840.113549.1.5.14>} 30{"
                          "30{06{<1.2.840.113549.1.5.12>} 30{04{'saltsalt'} 0202 00c8 %s 30{06{<1.2.840.113549.2.9>} 0500}}}"
                          "30{06{<1.2.840.113549.2.11>} 0500}}} 04{%s}} 04{'none'} 020101}", parameters, hex);
}

static GBytes *
make_safe (const char *contents)
{
  g_autofree char *text = g_strdup_printf ("30{%s}", contents);

  return fixture_der (text);
}

static GBytes *
make_pfx (GBytes     *safe,
          const char *mac)
{
  g_autofree char *hex = fixture_hex (safe);
  g_autofree char *text = g_strdup_printf ("30{020103 30{06{<1.2.840.113549.1.7.1>} a0{04{%s}}} %s}", hex, mac);

  return fixture_der (text);
}

/* NSS before 3.26 handed the BMPString to PBKDF2; others have left its zeros away. */
static void
test_odd_forms (Fixture       *fixture,
                gconstpointer  data)
{
  static const struct
  {
    const char *form;
    gsize       size;
    gboolean    opens;
  } forms[] = {
    { "p\303\244", 3, TRUE },
    { "\0p\0\344\0\0", 6, TRUE },
    { "\0p\0\344", 4, TRUE },
    { "p\344", 2, FALSE },
  };
  const char *bag = fixture->bag;
  g_autofree char *text = g_strdup_printf ("30{%s}", bag);
  g_autoptr(GBytes) contents = fixture_der (text);

  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr(GBytes) form = g_bytes_new (forms[i].form, forms[i].size);
      g_autofree char *encrypted = encrypt (contents, form, 300);
      g_autofree char *info = encrypted_data (encrypted, i % 2);
      g_autoptr(GBytes) safe = make_safe (info);
      g_autofree char *mac = make_mac (safe, "p\303\244");
      g_autoptr(GBytes) pfx = make_pfx (safe, mac);
      g_autoptr(TillDocument) document = NULL;

      if (forms[i].opens)
        {
          document = open_bytes (pfx, "p\303\244", NULL);
          g_assert_nonnull (document);
          assert_counts (document, "pkcs12", 1, 0);
        }
      else
        {
          /* The MAC fits: what is inside has another password. */
          assert_fails (pfx, "p\303\244", TILL_ERROR_WRONG_PASSWORD, TILL_REASON_NONE, "another password");
        }
    }
}

static void
test_pbmac1 (Fixture       *fixture,
             gconstpointer  data)
{
  const char *bag = fixture->bag;
  g_autofree char *info = plain_data (bag);
  g_autoptr(GBytes) safe = make_safe (info);
  g_autofree char *good = make_pbmac1 (safe, PASSWORD, 32, 64, "020120");
  g_autofree char *widest = make_pbmac1 (safe, PASSWORD, 64, 64, "020140");
  g_autofree char *no_size = make_pbmac1 (safe, PASSWORD, 32, 64, "");
  g_autofree char *short_key = make_pbmac1 (safe, PASSWORD, 19, 64, "020113");
  g_autofree char *long_key = make_pbmac1 (safe, PASSWORD, 200, 64, "020200c8");
  g_autofree char *short_mac = make_pbmac1 (safe, PASSWORD, 32, 32, "020120");
  g_autofree char *wrong_size = make_pbmac1 (safe, PASSWORD, 32, 64, "020118");
  const struct
  {
    const char *mac;
    TillError   code;
    const char *words;        /* NULL: opens */
  } cases[] = {
    { good, 0, NULL },
    { widest, 0, NULL },
    { no_size, TILL_ERROR_DAMAGED, "PBMAC1" },
    { short_key, TILL_ERROR_DAMAGED, "PBMAC1" },
    { long_key, TILL_ERROR_DAMAGED, "PBMAC1" },
    { short_mac, TILL_ERROR_WRONG_PASSWORD, "password" },
    { wrong_size, TILL_ERROR_WRONG_PASSWORD, "password" },
    { "30{30{30{06{<1.2.840.113549.1.5.14>} 30{30{06{<1.3.6.1.4.1.11591.4.11>} 30{}} 3000}} 0400} 0400}",
      TILL_ERROR_NEWER_PROTECTION, "PBMAC1" },
    { "30{30{30{06{<1.2.840.113549.1.5.14>} 30{30{06{<1.2.840.113549.1.5.12>} 30{0401 00 0204 7fffffff 020120}}"
      "30{06{<1.2.840.113549.2.9>}}}} 0400} 0400}", TILL_ERROR_DAMAGED, "2147483647" },
    { "30{30{30{06{<1.2.840.113549.1.5.14>} 30{30{06{<1.2.840.113549.1.5.12>} 30{0401 00 0201 01 020120}}"
      "30{06{<1.2.643.7.1.1.4.1>}}}} 0400} 0400}", TILL_ERROR_NEWER_PROTECTION, "GOST" },
    { "30{30{30{06{<1.2.840.113549.1.5.14>}} 0400} 0400}", TILL_ERROR_DAMAGED, "integrity check" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) pfx = make_pfx (safe, cases[i].mac);
      g_autoptr(GError) error = NULL;
      g_autoptr(TillDocument) document = open_bytes (pfx, PASSWORD, &error);

      g_test_message ("%" G_GSIZE_FORMAT ": %s", i, error != NULL ? error->message : "opens");
      if (cases[i].words != NULL)
        {
          g_assert_null (document);
          g_assert_error (error, TILL_ERROR, (int) cases[i].code);
          g_assert_nonnull (strstr (error->message, cases[i].words));
          continue;
        }
      g_assert_no_error (error);
      assert_counts (document, "pkcs12", 1, 0);
      g_assert_cmpstr (document->protection->mac, ==, "PBMAC1-HMAC-SHA512");
      g_assert_cmpint (document->protection->iterations, ==, 200);
      assert_fails (pfx, "another", TILL_ERROR_WRONG_PASSWORD, TILL_REASON_MAC_MISMATCH, "password");
    }
}

/* MACs that cannot be, and the bound on their rounds. */
static void
test_mac_bounds (Fixture       *fixture,
                 gconstpointer  data)
{
  static const struct
  {
    const char      *mac;
    TillError        code;
    TillErrorReason  reason;
    const char      *words;
  } cases[] = {
    { "30{30{30{06{<1.3.14.3.2.26>}} 0400} 0400 0204 7fffffff}", TILL_ERROR_DAMAGED, TILL_REASON_TOO_MANY_ITERATIONS,
      "2147483647" },
    { "30{30{30{06{<1.3.14.3.2.26>}} 0400} 0400 0203 1e8481}", TILL_ERROR_DAMAGED, TILL_REASON_TOO_MANY_ITERATIONS,
      "2000000" },
    { "30{30{30{06{<1.3.14.3.2.26>}} 0400} 0400 0209 010000000000000000}", TILL_ERROR_DAMAGED,
      TILL_REASON_TOO_MANY_ITERATIONS, "refused" },
    { "30{30{30{06{<1.3.14.3.2.26>}} 0400} 0400 0201 00}", TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "rounds" },
    { "30{30{30{06{<1.3.14.3.2.26>}} 0400} 0400 0201 ff}", TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "MAC" },
    { "30{30{30{06{<1.3.14.3.2.26>}} 0400}}", TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "MAC" },
    { "30{30{30{06{<1.2.643.7.1.1.2.2>}} 0400} 0400}", TILL_ERROR_NEWER_PROTECTION, TILL_REASON_ALGORITHM, "GOST" },
    { "30{30{30{06{<1.0.10118.3.0.55>}} 0400} 0400}", TILL_ERROR_OLD_PROTECTION, TILL_REASON_ALGORITHM, "Whirlpool" },
    { "0500", TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "MAC" },
    /* of no length, and too long a one: can't be right */
    { "30{30{30{06{<1.3.14.3.2.26>}} 0400} 0400}", TILL_ERROR_WRONG_PASSWORD, TILL_REASON_MAC_MISMATCH, "password" },
    { "30{30{30{06{<1.3.14.3.2.26>}} 0415 000000000000000000000000000000000000000000} 0400}",
      TILL_ERROR_WRONG_PASSWORD, TILL_REASON_MAC_MISMATCH, "password" },
  };
  const char *bag = fixture->bag;
  g_autofree char *info = plain_data (bag);
  g_autoptr(GBytes) safe = make_safe (info);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) pfx = make_pfx (safe, cases[i].mac);

      assert_fails (pfx, PASSWORD, cases[i].code, cases[i].reason, cases[i].words);
    }
}

static void
test_structure (Fixture       *fixture,
                gconstpointer  data)
{
  const char *bag = fixture->bag;
  g_autofree char *nested = g_strdup_printf ("30{06{<1.2.840.113549.1.12.10.1.6>} a0{30{%s %s}}}", bag, bag);
  g_autofree char *others = g_strdup_printf (
    "%s 30{06{<1.2.840.113549.1.12.10.1.5>} a0{30{06{<1.2.3>} a0{0400}}} 31{30{06{<1.2.840.113549.1.9.20>} 31{1e{0050}}}}}"
    " 30{06{<1.2.840.113549.1.12.10.1.3>} a0{30{06{<1.2.840.113549.1.9.22.2>} a0{1600}}}}"
    " 30{06{<1.2.3.4>} a0{0500}}", bag);
  g_autoptr(GString) many = g_string_new (NULL);
  g_autoptr(GString) deep = g_string_new (NULL);
  const struct
  {
    const char *contents;
    guint       certificates;
    guint       skipped;
  } good[] = {
    { bag, 1, 0 },
    { "", 0, 0 },
    { nested, 2, 0 },
    { others, 1, 3 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *info = plain_data (good[i].contents);
      g_autoptr(GBytes) safe = make_safe (info);
      g_autoptr(GBytes) pfx = make_pfx (safe, "");
      g_autoptr(TillDocument) document = open_bytes (pfx, NULL, NULL);

      g_assert_nonnull (document);
      assert_counts (document, "pkcs12", good[i].certificates, 0);
      g_assert_cmpuint (document->skipped->len, ==, good[i].skipped);
      g_assert_cmphex (document->notes, ==, TILL_NOTE_NO_MAC | (good[i].skipped > 0 ? TILL_NOTE_BLOCKS_SKIPPED : 0));
    }

  for (guint i = 0; i <= TILL_LIMIT_BAG_ELEMENTS; i++)
    g_string_append (many, "30{06{<1.2.3.4>} a0{0500}}");
  for (guint i = 0; i < 2 * TILL_LIMIT_DER_DEPTH; i++)
    g_string_append (deep, "30{06{<1.2.840.113549.1.12.10.1.6>} a0{30{");
  for (guint i = 0; i < 2 * TILL_LIMIT_DER_DEPTH; i++)
    g_string_append (deep, "}}}");

  {
    g_autofree char *many_info = plain_data (many->str);
    g_autofree char *deep_info = plain_data (deep->str);
    const struct
    {
      const char      *safe;
      TillError        code;
      TillErrorReason  reason;
      const char      *words;
    } bad[] = {
      { many_info, TILL_ERROR_DAMAGED, TILL_REASON_TOO_MANY, "too many parts" },
      { deep_info, TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "contents" },
      { "30{06{<1.2.840.113549.1.7.3>} a0{3000}}", TILL_ERROR_NEWER_PROTECTION, TILL_REASON_ALGORITHM, "certificate" },
      { "30{06{<1.2.840.113549.1.7.6>} a0{3000}}", TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "encrypted contents" },
      { "30{06{<1.2.840.113549.1.7.5>} a0{3000}}", TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "contents" },
      { "30{06{<1.2.840.113549.1.7.1>}}", TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "contents" },
      { "30{06{<1.2.840.113549.1.7.1>} a0{04{0500}}}", TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "contents" },
      { "30{06{<1.2.840.113549.1.7.1>} a0{04{30{30{06{<1.2.840.113549.1.12.10.1.3>}}}}}}", TILL_ERROR_DAMAGED,
        TILL_REASON_MALFORMED, "contents" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
      {
        g_autoptr(GBytes) safe = make_safe (bad[i].safe);
        g_autoptr(GBytes) pfx = make_pfx (safe, "");

        assert_fails (pfx, PASSWORD, bad[i].code, bad[i].reason, bad[i].words);
      }
  }
}

/* A PKCS #8 key; the private part is of no shape at all. */
#define KEY(algorithm) "30{02{00} " algorithm " 04{'not for anybody'}}"

/* Keys of which this version knows at most the name: they are listed under it, and the rest is read. */
static void
test_unknown_keys (Fixture       *fixture,
                   gconstpointer  data)
{
  static const struct
  {
    const char *key;
    const char *algorithm;
    const char *curve;
    int         matches;      /* the certificate has a key on an elliptic curve */
  } cases[] = {
    { KEY ("30{06{<2.16.840.1.101.3.4.3.18>}}"), "ML-DSA-65", NULL, 0 },
    { KEY ("30{06{<2.16.840.1.101.3.4.4.3>}}"), "ML-KEM-1024", NULL, 0 },
    { KEY ("30{06{<1.2.3.4.5>} 0500}"), "1.2.3.4.5", NULL, 0 },
    { "30{02{00} 30{06{<1.2.840.10045.2.1>} 06{<1.2.3.4.99>}} 04{30{02{01} 04{'not for anybody'}}}}",
      "EC", "1.2.3.4.99", -1 },
  };
  g_autoptr(GBytes) password = g_bytes_new_static (PASSWORD, strlen (PASSWORD));

  for (gsize i = 0; i < 2 * G_N_ELEMENTS (cases); i++)
    {
      const char *key = cases[i / 2].key;
      gboolean shrouded = i % 2;
      g_autoptr(GBytes) plain = fixture_der (key);
      g_autofree char *encrypted = encrypt (plain, password, 100);
      g_auto(GStrv) parts = g_strsplit (encrypted, "#", 2);
      g_autofree char *bag = shrouded
        ? g_strdup_printf ("30{06{<1.2.840.113549.1.12.10.1.2>} a0{30{%s 04{%s}}}"
                           " 31{30{06{<1.2.840.113549.1.9.20>} 31{1e{0050}}}}}", parts[0], parts[1])
        : g_strdup_printf ("30{06{<1.2.840.113549.1.12.10.1.1>} a0{%s}"
                           " 31{30{06{<1.2.840.113549.1.9.20>} 31{1e{0050}}}}}", key);
      /* The key comes first: what follows it is read as well. */
      g_autofree char *both = g_strconcat (bag, fixture->bag, NULL);
      g_autofree char *info = plain_data (both);
      g_autoptr(GBytes) safe = make_safe (info);
      g_autofree char *mac = make_mac (safe, PASSWORD);
      g_autoptr(GBytes) pfx = make_pfx (safe, mac);
      g_autoptr(GError) error = NULL;
      g_autoptr(TillDocument) document = open_bytes (pfx, PASSWORD, &error);
      const TillPrivateKeyEntry *entry;

      g_assert_no_error (error);
      assert_counts (document, "pkcs12", 1, 1);
      entry = &g_array_index (document->private_keys, TillPrivateKeyEntry, 0);
      g_assert_cmpstr (entry->key->algorithm, ==, cases[i / 2].algorithm);
      g_assert_cmpstr (entry->key->curve, ==, cases[i / 2].curve);
      g_assert_cmpint (entry->key->bits, ==, 0);
      g_assert_cmpstr (entry->key->friendly_name, ==, "P");
      g_assert_true (entry->key->is_private);
      g_assert_null (entry->key->spki);
      g_assert_cmpint (entry->matches, ==, cases[i / 2].matches);
      g_assert_cmpint (entry->certificate, ==, -1);
      g_assert_cmpuint (document->leaves->len, ==, 1);
    }
}

/* What the file says of the public part tells whether the two belong together. */
static void
test_unknown_pair (Fixture       *fixture,
                   gconstpointer  data)
{
  static const char * const public_parts[] = { "a1a2a3a4a5", "b1b2b3b4b5" };

  for (gsize i = 0; i < G_N_ELEMENTS (public_parts); i++)
    {
      const FixtureCertificate parts = { .key = "30{30{06{<2.16.840.1.101.3.4.3.18>}} 03{00 a1a2a3a4a5}}" };
      g_autoptr(GBytes) certificate = fixture_certificate (&parts);
      g_autofree char *hex = fixture_hex (certificate);
      g_autofree char *bags = g_strdup_printf (
        "30{06{<1.2.840.113549.1.12.10.1.1>} a0{30{02{01} 30{06{<2.16.840.1.101.3.4.3.18>}} 04{'not for anybody'}"
        " 81{00 %s}}}} 30{06{<1.2.840.113549.1.12.10.1.3>} a0{30{06{<1.2.840.113549.1.9.22.1>} a0{04{%s}}}}}",
        public_parts[i], hex);
      g_autofree char *info = plain_data (bags);
      g_autoptr(GBytes) safe = make_safe (info);
      g_autoptr(GBytes) pfx = make_pfx (safe, "");
      g_autoptr(TillDocument) document = open_bytes (pfx, NULL, NULL);
      const TillPrivateKeyEntry *entry;

      g_assert_nonnull (document);
      assert_counts (document, "pkcs12", 1, 1);
      entry = &g_array_index (document->private_keys, TillPrivateKeyEntry, 0);
      g_assert_nonnull (entry->key->spki);
      g_assert_cmpint (entry->matches, ==, i == 0 ? 1 : 0);
      g_assert_cmpint (entry->certificate, ==, i == 0 ? 0 : -1);
    }
}

/* With nothing else in the file there is still something to say; a key that is no key remains damage. */
static void
test_unknown_key_alone (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autofree char *alone = plain_data ("30{06{<1.2.840.113549.1.12.10.1.1>} a0{" KEY ("30{06{<1.2.3.4.5>}}") "}}");
  g_autofree char *empty = plain_data ("30{06{<1.2.840.113549.1.12.10.1.1>} a0{30{02{00} 30{06{<1.2.3.4.5>}} 04{}}}}");
  g_autoptr(GBytes) safe = make_safe (alone);
  g_autoptr(GBytes) pfx = make_pfx (safe, "");
  g_autoptr(TillDocument) document = open_bytes (pfx, NULL, NULL);
  g_autoptr(GBytes) empty_safe = make_safe (empty);
  g_autoptr(GBytes) empty_pfx = make_pfx (empty_safe, "");

  g_assert_nonnull (document);
  assert_counts (document, "pkcs12", 0, 1);
  g_assert_cmpstr (g_array_index (document->private_keys, TillPrivateKeyEntry, 0).key->algorithm, ==, "1.2.3.4.5");

  assert_fails (empty_pfx, NULL, TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "private key");
}

static void
test_outer (Fixture       *fixture,
            gconstpointer  data)
{
  static const struct
  {
    const char *text;
    TillError   code;
    const char *words;
  } cases[] = {
    { "30{020104 30{06{<1.2.840.113549.1.7.1>} a0{0400}}}", TILL_ERROR_NEWER_PROTECTION, "version 4" },
    { "30{020103 30{06{<1.2.840.113549.1.7.2>} a0{3000}}}", TILL_ERROR_NEWER_PROTECTION, "signed" },
    { "30{020103 30{06{<1.2.840.113549.1.7.1>}}}", TILL_ERROR_DAMAGED, "outer part" },
    { "30{020103 30{06{<1.2.840.113549.1.7.1>} a0{0400}}}", TILL_ERROR_DAMAGED, "contents" },
    { "30{020103 30{06{<1.2.840.113549.1.7.6>} a0{0400}}}", TILL_ERROR_DAMAGED, "outer part" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) bytes = fixture_der (cases[i].text);
      g_autoptr(GError) error = NULL;

      g_assert_null (open_bytes (bytes, PASSWORD, &error));
      g_assert_error (error, TILL_ERROR, (int) cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].words));
    }
}

#define ADD(name, function) g_test_add ("/pkcs12-made/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("odd-forms", test_odd_forms);
  ADD ("pbmac1", test_pbmac1);
  ADD ("mac-bounds", test_mac_bounds);
  ADD ("structure", test_structure);
  ADD ("unknown-keys", test_unknown_keys);
  ADD ("unknown-pair", test_unknown_pair);
  ADD ("unknown-key-alone", test_unknown_key_alone);
  ADD ("outer", test_outer);

  return g_test_run ();
}
