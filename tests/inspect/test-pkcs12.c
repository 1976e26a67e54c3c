/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PKCS #12: as openssl and certtool write it, as BER, cut off, altered, and with odd passwords. */
#include "config.h"

#include <string.h>

#include "open.h"
#include "till-der.h"

#define LEGACY "-provider default -provider legacy"
#define PASSWORD "Schlüssel 7"

typedef struct
{
  TillTestDir *dir;
  char        *leaf;          /* fingerprint */
  char        *root;
  char        *key;           /* hash of the public part */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->dir = till_test_dir_new ();
  fixture_make (fixture->dir, "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 100"
                              " -subj /CN=Root -keyout root.key -out root.pem");
  fixture_make (fixture->dir, "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
                              " -subj /CN=Shop -keyout shop.key -out shop.csr");
  fixture_make (fixture->dir, "openssl x509 -req -in shop.csr -CA root.pem -CAkey root.key -set_serial 7"
                              " -days 50 -out shop.pem");
  fixture->leaf = openssl_fingerprint (fixture->dir, "shop.pem");
  fixture->root = openssl_fingerprint (fixture->dir, "root.pem");
  fixture->key = openssl_key_hash (fixture->dir, "shop.key");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  till_test_dir_free (fixture->dir);
  g_free (fixture->leaf);
  g_free (fixture->root);
  g_free (fixture->key);
}

static void
export (Fixture    *fixture,
        const char *arguments)
{
  fixture_make (fixture->dir, "openssl pkcs12 -export -inkey shop.key -in shop.pem -certfile root.pem"
                              " -name 'Köln ☃' -passout 'pass:" PASSWORD "' -out shop.p12 %s", arguments);
}

/* What openssl has put in is what comes out. */
static void
assert_contents (Fixture      *fixture,
                 TillDocument *document)
{
  const TillPrivateKeyEntry *entry;
  const TillCertificate *leaf;

  assert_counts (document, "pkcs12", 2, 1);
  entry = &g_array_index (document->private_keys, TillPrivateKeyEntry, 0);
  g_assert_cmpstr (entry->key->public_key_sha256, ==, fixture->key);
  g_assert_cmpint (entry->matches, ==, 1);
  leaf = g_ptr_array_index (document->certificates, entry->certificate);
  g_assert_cmpstr (leaf->sha256, ==, fixture->leaf);
  g_assert_cmpstr (leaf->friendly_name, ==, "Köln ☃");
  g_assert_cmpstr (entry->key->friendly_name, ==, "Köln ☃");
  g_assert_cmpuint (document->leaves->len, ==, 1);
  g_assert_cmpint (g_array_index (document->leaves, guint, 0), ==, entry->certificate);
  g_assert_cmpstr (((TillCertificate *) g_ptr_array_index (document->certificates, 1 - entry->certificate))->sha256,
                   ==, fixture->root);
}

static void
test_exports (Fixture       *fixture,
              gconstpointer  data)
{
  static const struct
  {
    const char *arguments;
    const char *mac;
    gint64      iterations;
    const char *encryption;
    guint       weakness;
  } cases[] = {
    { "", "HMAC-SHA256", 2048, "AES-256-CBC", 0 },
    { "-macalg sha512 -certpbe aes-128-cbc -keypbe aes-192-cbc", "HMAC-SHA512", 2048, "AES-128-CBC|AES-192-CBC", 0 },
    { "-macalg sha384 -iter 5000", "HMAC-SHA384", 5000, "AES-256-CBC", 0 },
    { "-macalg sha224", "HMAC-SHA224", 2048, "AES-256-CBC", 0 },
    { "-macalg sha512-256", "HMAC-SHA512-256", 2048, "AES-256-CBC", 0 },
    { "-macalg sha1", "HMAC-SHA1", 2048, "AES-256-CBC", TILL_WEAK_MAC },
    { "-macalg md5", "HMAC-MD5", 2048, "AES-256-CBC", TILL_WEAK_MAC },
    { "-macalg sha3-256", "HMAC-SHA3-256", 2048, "AES-256-CBC", 0 },
    { "-legacy", "HMAC-SHA1", 2048, "RC2-40-CBC|3DES-CBC", TILL_WEAK_MAC | TILL_WEAK_CIPHER },
    { "-certpbe PBE-SHA1-RC2-128 -keypbe PBE-SHA1-2DES " LEGACY, "HMAC-SHA256", 2048,
      "RC2-128-CBC|2-key 3DES-CBC", TILL_WEAK_CIPHER },
    { "-certpbe PBE-SHA1-RC4-128 -keypbe PBE-SHA1-RC4-40 " LEGACY, "HMAC-SHA256", 2048, "RC4-128|RC4-40",
      TILL_WEAK_CIPHER },
    { "-certpbe rc2-cbc -keypbe des-ede3-cbc " LEGACY, "HMAC-SHA256", 2048, "RC2-128-CBC|3DES-CBC", TILL_WEAK_CIPHER },
    { "-nomac", NULL, 2048, "AES-256-CBC", TILL_WEAK_NO_MAC },
    { "-iter 1 -macalg sha256", "HMAC-SHA256", 1, "AES-256-CBC", TILL_WEAK_ITERATIONS },
    { "-certpbe NONE", "HMAC-SHA256", 2048, "AES-256-CBC", 0 },
    { "-keypbe NONE", "HMAC-SHA256", 2048, "AES-256-CBC", TILL_WEAK_NO_PASSWORD },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TillDocument) document = NULL;
      g_autofree char *encryption = NULL;

      g_test_message ("%s", cases[i].arguments);
      export (fixture, cases[i].arguments);
      document = open_file (fixture->dir, "shop.p12", PASSWORD);
      assert_contents (fixture, document);
      g_assert_true (document->encrypted);
      g_assert_cmpstr (document->protection->mac, ==, cases[i].mac);
      g_assert_cmpint (document->protection->iterations, ==, cases[i].iterations);
      encryption = g_strjoinv ("|", document->protection->encryption);
      g_assert_cmpstr (encryption, ==, cases[i].encryption);
      g_assert_cmphex (document->protection->weakness, ==, cases[i].weakness);
      g_assert_cmphex (document->notes, ==, cases[i].mac == NULL ? TILL_NOTE_NO_MAC : 0);

      assert_file_fails (fixture->dir, "shop.p12", "Schlüssel 8", TILL_ERROR_WRONG_PASSWORD,
                         cases[i].mac != NULL ? TILL_REASON_MAC_MISMATCH : TILL_REASON_NONE, "password");
      assert_file_fails (fixture->dir, "shop.p12", NULL, TILL_ERROR_PASSWORD_REQUIRED, TILL_REASON_NONE,
                         "a password is needed");
    }
}

static void
test_certtool (Fixture       *fixture,
               gconstpointer  data)
{
  static const char * const ciphers[] = { "3des-pkcs12", "arcfour", "aes-128", "aes-256", "rc2-40" };

  for (gsize i = 0; i < G_N_ELEMENTS (ciphers); i++)
    {
      g_autoptr(TillDocument) document = NULL;

      fixture_make (fixture->dir, "certtool --to-p12 --load-certificate shop.pem --load-privkey shop.key"
                                  " --p12-name Shop --password '" PASSWORD "' --pkcs-cipher %s --outder"
                                  " --outfile shop.p12", ciphers[i]);
      document = open_file (fixture->dir, "shop.p12", PASSWORD);
      assert_counts (document, "pkcs12", 1, 1);
      g_assert_cmpint (g_array_index (document->private_keys, TillPrivateKeyEntry, 0).matches, ==, 1);
    }
}

/* Nothing encrypted, nothing checked; and only checked. */
static void
test_in_the_clear (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(TillDocument) open = NULL;
  g_autoptr(TillDocument) checked = NULL;
  g_autoptr(TillDocument) unchecked = NULL;

  export (fixture, "-certpbe NONE -keypbe NONE -nomac");
  open = open_file (fixture->dir, "shop.p12", NULL);
  assert_contents (fixture, open);
  g_assert_false (open->encrypted);
  g_assert_cmphex (open->notes, ==, TILL_NOTE_NO_MAC);
  g_assert_cmphex (open->protection->weakness, ==, TILL_WEAK_NO_MAC | TILL_WEAK_NO_PASSWORD);

  export (fixture, "-certpbe NONE -keypbe NONE");
  checked = open_file (fixture->dir, "shop.p12", PASSWORD);
  assert_contents (fixture, checked);
  g_assert_false (checked->encrypted);
  g_assert_cmphex (checked->notes, ==, 0);

  unchecked = open_file (fixture->dir, "shop.p12", NULL);
  assert_contents (fixture, unchecked);
  g_assert_cmphex (unchecked->notes, ==, TILL_NOTE_MAC_NOT_CHECKED);

  assert_file_fails (fixture->dir, "shop.p12", "another", TILL_ERROR_WRONG_PASSWORD, TILL_REASON_MAC_MISMATCH,
                     "password");
}

#define OPENSSL_EMPTY "openssl pkcs12 -export -inkey shop.key -in shop.pem -passout pass: -out shop.p12"

/* An empty password and none at all differ in PKCS #12; both open silently. */
static void
test_empty (Fixture       *fixture,
            gconstpointer  data)
{
  static const char * const makers[] = {
    OPENSSL_EMPTY,
    "openssl pkcs12 -export -legacy -inkey shop.key -in shop.pem -passout pass: -out shop.p12",
    /* The certtool of Debian 13 ends badly here; openssl stands in for it. */
    "sh -c 'certtool --to-p12 --load-certificate shop.pem --load-privkey shop.key --p12-name Shop --empty-password"
    " --outder --outfile shop.p12 || " OPENSSL_EMPTY "'",
    "sh -c 'certtool --to-p12 --load-certificate shop.pem --load-privkey shop.key --p12-name Shop --null-password"
    " --pkcs-cipher 3des-pkcs12 --outder --outfile shop.p12 || " OPENSSL_EMPTY "'",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (makers); i++)
    {
      g_autoptr(TillDocument) none = NULL;
      g_autoptr(TillDocument) empty = NULL;

      g_test_message ("%s", makers[i]);
      fixture_make (fixture->dir, "%s", makers[i]);
      none = open_file (fixture->dir, "shop.p12", NULL);
      assert_counts (none, "pkcs12", 1, 1);
      g_assert_true (none->notes & TILL_NOTE_EMPTY_PASSWORD);
      g_assert_true (none->encrypted);
      g_assert_true (none->protection->weakness & TILL_WEAK_NO_PASSWORD);
      empty = open_file (fixture->dir, "shop.p12", "");
      assert_counts (empty, "pkcs12", 1, 1);
      g_assert_false (empty->notes & TILL_NOTE_EMPTY_PASSWORD);
      assert_file_fails (fixture->dir, "shop.p12", "another", TILL_ERROR_WRONG_PASSWORD, TILL_REASON_MAC_MISMATCH,
                         "password");
    }
}

/* OpenSSL before 1.1.0 took each byte of UTF-8 for a letter: "ä" became "Ã¤". */
static void
test_old_letters (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(TillDocument) document = NULL;

  fixture_make (fixture->dir, "openssl pkcs12 -export -legacy -inkey shop.key -in shop.pem -passout"
                              " 'pass:M\xc3\x83\xc2\xa4rz' -out shop.p12");
  document = open_file (fixture->dir, "shop.p12", "M\xc3\xa4rz");
  assert_counts (document, "pkcs12", 1, 1);
  assert_file_fails (fixture->dir, "shop.p12", "Marz", TILL_ERROR_WRONG_PASSWORD, TILL_REASON_MAC_MISMATCH, NULL);
}

/* Passwords beyond the BMP, with every byte, and of 600 letters. */
static void
test_letters (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GString) lengthy = g_string_new (NULL);
  const char *passwords[] = { "😀 café", "\\\"' $`", " leading and trailing ", "пароль€", NULL };

  for (guint i = 0; i < 100; i++)
    g_string_append (lengthy, "Länge!");
  passwords[4] = lengthy->str;

  for (gsize i = 0; i < G_N_ELEMENTS (passwords); i++)
    {
      write_file (fixture->dir, "password", passwords[i], -1);

      for (guint legacy = 0; legacy < 2; legacy++)
        {
          g_autoptr(TillDocument) document = NULL;

          fixture_make (fixture->dir, "openssl pkcs12 -export %s -inkey shop.key -in shop.pem -passout file:password"
                                      " -out shop.p12", legacy ? "-legacy" : "");
          document = open_file (fixture->dir, "shop.p12", passwords[i]);
          assert_counts (document, "pkcs12", 1, 1);
        }
    }
}


/* The same file as BER: indefinite lengths, and the contents cut in pieces. */
static void
test_ber (Fixture       *fixture,
          gconstpointer  data)
{
  g_autoptr(GBytes) plain = NULL;
  g_autoptr(GBytes) ber = NULL;
  g_autoptr(TillDocument) document = NULL;
  g_autoptr(GString) text = g_string_new ("3080 020103 3080 06{<1.2.840.113549.1.7.1>} a080 2480 ");
  g_autoptr(GError) error = NULL;
  TillDer der;
  TillDerElement pfx, safe, outer, octets, mac;
  guint64 version;

  export (fixture, "");
  plain = fixture_load (fixture->dir, "shop.p12");
  till_der_init (&der, g_bytes_get_data (plain, NULL), g_bytes_get_size (plain));
  g_assert_true (till_der_read (&der, &pfx));
  g_assert_true (till_der_read_uint (&pfx.content, &version));
  g_assert_true (till_der_read (&pfx.content, &safe));
  g_assert_true (till_der_read (&pfx.content, &mac));
  g_assert_true (till_der_read (&safe.content, &outer));
  g_assert_true (till_der_read (&safe.content, &outer));
  g_assert_true (till_der_read (&outer.content, &octets));

  for (const guint8 *p = octets.content.data; p < octets.content.end; p += 100)
    {
      g_autoptr(GBytes) piece = g_bytes_new (p, MIN (100, (gsize) (octets.content.end - p)));
      g_autofree char *hex = fixture_hex (piece);

      if ((p - octets.content.data) % 200 == 0)
        g_string_append_printf (text, "04{%s}", hex);
      else
        g_string_append_printf (text, "2480 04{%s} 0000", hex);
    }
  g_string_append (text, "0000 0000 0000");
  for (const guint8 *p = mac.start; p < mac.next; p++)
    g_string_append_printf (text, "%02x", *p);
  g_string_append (text, "0000");

  ber = fixture_der (text->str);
  document = open_bytes (ber, PASSWORD, &error);
  g_assert_no_error (error);
  assert_contents (fixture, document);
  g_assert_cmphex (document->notes, ==, TILL_NOTE_BER);
  assert_fails (ber, "another", TILL_ERROR_WRONG_PASSWORD, TILL_REASON_MAC_MISMATCH, NULL);

  for (gsize cut = 0; cut < g_bytes_get_size (ber); cut += 7)
    {
      g_autoptr(GBytes) part = g_bytes_new_from_bytes (ber, 0, cut);
      g_autoptr(GError) cut_error = NULL;

      g_assert_null (open_bytes (part, PASSWORD, &cut_error));
      g_assert_true (cut < 8 || g_error_matches (cut_error, TILL_ERROR, TILL_ERROR_DAMAGED));
    }
}

/* Whatever is cut off, the answer is "incomplete", never "wrong password". */
static void
test_truncated (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GBytes) whole = NULL;
  gsize size;

  export (fixture, "");
  whole = fixture_load (fixture->dir, "shop.p12");
  size = g_bytes_get_size (whole);

  for (gsize cut = 0; cut < size; cut++)
    {
      g_autoptr(GBytes) part = g_bytes_new_from_bytes (whole, 0, cut);
      g_autoptr(GError) error = NULL;

      g_assert_null (open_bytes (part, cut % 2 ? PASSWORD : NULL, &error));
      if (cut >= 8)
        {
          g_autofree char *words = g_strdup_printf ("%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " bytes", cut, size);

          g_assert_error (error, TILL_ERROR, TILL_ERROR_DAMAGED);
          g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_TRUNCATED);
          g_assert_cmpint (till_error_get_have (error), ==, cut);
          g_assert_cmpint (till_error_get_want (error), ==, size);
          g_assert_nonnull (strstr (error->message, words));
        }
      else
        {
          g_assert_error (error, TILL_ERROR, TILL_ERROR_NOT_A_CERTIFICATE_FILE);
        }
    }
}

/* Any one bit changed: refused, or the contents are the same. */
static void
test_flipped (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GBytes) whole = NULL;
  g_autofree guint8 *copy = NULL;
  gsize size;
  guint opened = 0;

  export (fixture, "-iter 1 -macalg sha256");
  whole = fixture_load (fixture->dir, "shop.p12");
  copy = g_memdup2 (g_bytes_get_data (whole, &size), g_bytes_get_size (whole));

  for (gsize bit = 0; bit < 8 * size; bit++)
    {
      g_autoptr(GBytes) changed = NULL;
      g_autoptr(GError) error = NULL;
      g_autoptr(TillDocument) document = NULL;

      copy[bit / 8] ^= (guint8) (1 << bit % 8);
      changed = g_bytes_new (copy, size);
      copy[bit / 8] ^= (guint8) (1 << bit % 8);

      document = open_bytes (changed, PASSWORD, &error);
      if (document == NULL)
        {
          g_assert_true (error->domain == TILL_ERROR);
          continue;
        }
      assert_contents (fixture, document);
      opened++;
    }

  /* Only what the MAC does not cover: its own parameters and the outermost tags. */
  g_test_message ("%u of %u changes made no difference", opened, (guint) (8 * size));
  g_assert_cmpuint (opened, <, 100);
}

static void
test_trailing (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GBytes) whole = NULL;
  static const char * const tails[] = { "0000000000000000", "0d0a", "deadbeef", "30" };

  export (fixture, "");
  whole = fixture_load (fixture->dir, "shop.p12");
  for (gsize i = 0; i < G_N_ELEMENTS (tails); i++)
    {
      g_autofree char *hex = fixture_hex (whole);
      g_autofree char *text = g_strconcat (hex, tails[i], NULL);
      g_autoptr(GBytes) bytes = fixture_der (text);
      g_autoptr(TillDocument) document = open_bytes (bytes, PASSWORD, NULL);

      g_assert_nonnull (document);
      assert_contents (fixture, document);
      g_assert_cmphex (document->notes, ==, TILL_NOTE_TRAILING_BYTES);
    }
}

/* Many rounds go to two threads; right and wrong, cancelled and out of time. */
static void
test_threads (Fixture       *fixture,
              gconstpointer  data)
{
  static const char * const arguments[] = { "-iter 60000", "-iter 60000 -macalg sha512 -keypbe NONE" };

  for (gsize i = 0; i < G_N_ELEMENTS (arguments); i++)
    {
      g_autoptr(TillDocument) document = NULL;
      g_autoptr(TillSecret) secret = till_secret_new_copy (PASSWORD, strlen (PASSWORD));
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(GError) error = NULL;
      TillCancel cancel = { 0 };
      TillInspectOptions options = { .password = secret, .cancel = &cancel };

      export (fixture, arguments[i]);
      document = open_file (fixture->dir, "shop.p12", PASSWORD);
      assert_contents (fixture, document);
      assert_file_fails (fixture->dir, "shop.p12", "another", TILL_ERROR_WRONG_PASSWORD, TILL_REASON_MAC_MISMATCH,
                         "password");
      /* As ASCII there is one way to read it, and the second thread starts at once. */
      assert_file_fails (fixture->dir, "shop.p12", NULL, TILL_ERROR_PASSWORD_REQUIRED, TILL_REASON_NONE, NULL);

      bytes = fixture_load (fixture->dir, "shop.p12");
      cancel.deadline = g_get_monotonic_time () + 2000;
      g_assert_null (till_document_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &options, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_TIMED_OUT);
    }

  /* The same with a password of which there is only one way to read it. */
  fixture_make (fixture->dir, "openssl pkcs12 -export -iter 60000 -inkey shop.key -in shop.pem -passout pass:ascii"
                              " -out shop.p12");
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(TillDocument) document = open_file (fixture->dir, "shop.p12", "ascii");

      assert_counts (document, "pkcs12", 1, 1);
      assert_file_fails (fixture->dir, "shop.p12", "ASCII", TILL_ERROR_WRONG_PASSWORD, TILL_REASON_MAC_MISMATCH, NULL);
    }
}

#define ADD(name, function) g_test_add ("/pkcs12/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("exports", test_exports);
  ADD ("certtool", test_certtool);
  ADD ("in-the-clear", test_in_the_clear);
  ADD ("empty", test_empty);
  ADD ("old-letters", test_old_letters);
  ADD ("letters", test_letters);
  ADD ("ber", test_ber);
  ADD ("truncated", test_truncated);
  ADD ("flipped", test_flipped);
  ADD ("trailing", test_trailing);
  ADD ("threads", test_threads);

  return g_test_run ();
}
