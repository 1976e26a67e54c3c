/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of all kinds: what they are, what is in them, and why not. */
#include "config.h"

#include <string.h>

#include "open.h"
#include "till-pem.h"
#include "till-secret.h"

#define PASSWORD "Schlüssel 7"

typedef struct
{
  TillTestDir *dir;
  char        *pem;            /* the certificate as text */
  char        *base64;         /* its lines between BEGIN and END */
  char        *key;            /* its private key as text */
  char        *fingerprint;
} Fixture;

static char *
load_text (TillTestDir *dir,
           const char  *name)
{
  g_autoptr(GBytes) bytes = fixture_load (dir, name);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  const char *begin;

  fixture->dir = till_test_dir_new ();
  fixture_make (fixture->dir, "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 100"
                              " -subj /CN=Shop -keyout shop.key -out shop.pem");
  fixture_make (fixture->dir, "openssl x509 -in shop.pem -outform DER -out shop.der");
  fixture->pem = load_text (fixture->dir, "shop.pem");
  fixture->key = load_text (fixture->dir, "shop.key");
  fixture->fingerprint = openssl_fingerprint (fixture->dir, "shop.pem");
  begin = strstr (fixture->pem, "-----\n") + 6;
  fixture->base64 = g_strndup (begin, (gsize) (strstr (begin, "-----END") - begin));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  till_test_dir_free (fixture->dir);
  g_free (fixture->pem);
  g_free (fixture->base64);
  g_free (fixture->key);
  g_free (fixture->fingerprint);
}

static void
assert_certificate (Fixture      *fixture,
                    TillDocument *document,
                    guint         notes)
{
  assert_counts (document, "certificate", 1, 0);
  g_assert_cmpstr (((TillCertificate *) g_ptr_array_index (document->certificates, 0))->sha256,
                   ==, fixture->fingerprint);
  g_assert_cmphex (document->notes, ==, notes);
  g_assert_false (document->encrypted);
  g_assert_null (document->protection);
}

static char *
join (const char *text,
      const char *separator)
{
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);

  return g_strjoinv (separator, lines);
}

/* Programs and people write PEM in many ways. */
static void
test_pem_layouts (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autofree char *one_line = join (fixture->base64, "");
  g_autofree char *crlf = join (fixture->pem, "\r\n");
  g_autofree char *cr = join (fixture->pem, "\r");
  g_autofree char *indented = join (fixture->pem, "\n   ");
  g_autofree char *spaced = join (fixture->pem, "\n\n");
  const struct
  {
    const char *before;
    const char *text;
    const char *after;
    guint       notes;
  } cases[] = {
    { "", fixture->pem, "", 0 },
    { "\xef\xbb\xbf", fixture->pem, "", 0 },
    { "\n\n  \t\n", fixture->pem, "\n\n", 0 },
    { "subject=/CN=Shop\nissuer=/CN=Shop: who?\n", fixture->pem, "and more words – here\n", 0 },
    { "0 s:/CN=Shop\n", fixture->pem, "", 0 },
    { "", crlf, "", 0 },
    { "", cr, "", 0 },
    { "   ", indented, "", 0 },
    { "", spaced, "", 0 },
    { "-----BEGIN X509 CERTIFICATE-----\n", fixture->base64, "-----END X509 CERTIFICATE-----\n", 0 },
    { "-----BEGIN CERTIFICATE-----\n", one_line, "\n-----END CERTIFICATE-----\n", 0 },
    { "-----BEGIN CERTIFICATE-----", one_line, "-----END CERTIFICATE-----", 0 },
    { "-----BEGIN CERTIFICATE-----\nComment: hello\n\n", fixture->base64, "-----END CERTIFICATE-----\n", 0 },
    { "-----BEGIN TRUSTED CERTIFICATE-----\n", fixture->base64, "-----END TRUSTED CERTIFICATE-----\n",
      TILL_NOTE_TRUSTED_CERTIFICATE },
    { "-----BEGIN CERTIFICATE-----\n", fixture->base64, "", TILL_NOTE_NO_END_LINE },
    { "-----BEGIN CERTIFICATE-----\n", fixture->base64, "- that was it -\n-----END CERTIFICATE-----\n", 0 },
    { "", fixture->base64, "", TILL_NOTE_WAS_BASE64 },
    { "  \n", one_line, "\n", TILL_NOTE_WAS_BASE64 },
    { "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n", fixture->pem, "", 0 },
    { "-----BEGIN PGP MESSAGE-----\nAAAA\n-----END PGP MESSAGE-----\n", fixture->pem, "", TILL_NOTE_BLOCKS_SKIPPED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strconcat (cases[i].before, cases[i].text, cases[i].after, NULL);
      g_autoptr(TillDocument) document = NULL;

      g_test_message ("%" G_GSIZE_FORMAT ": %.40s", i, text);
      document = open_text (text, i % 2 ? "a password that nothing needs" : NULL);
      assert_certificate (fixture, document, cases[i].notes);
    }
}

static void
test_utf16 (Fixture       *fixture,
            gconstpointer  data)
{
  for (guint way = 0; way < 4; way++)
    {
      g_autoptr(GByteArray) text = g_byte_array_new ();
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(TillDocument) document = NULL;
      gboolean big = way & 1;
      guint8 mark[2] = { big ? 0xfe : 0xff, big ? 0xff : 0xfe };

      if (way & 2)
        g_byte_array_append (text, mark, 2);
      for (const char *p = fixture->pem; *p != '\0'; p++)
        {
          guint8 unit[2] = { big ? 0 : (guint8) *p, big ? (guint8) *p : 0 };

          g_byte_array_append (text, unit, 2);
        }

      bytes = g_byte_array_free_to_bytes (g_steal_pointer (&text));
      document = open_bytes (bytes, NULL, NULL);
      g_assert_nonnull (document);
      assert_certificate (fixture, document, TILL_NOTE_WAS_UTF16);
    }
}

static void
test_base64 (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GBytes) p12 = NULL;
  g_autofree char *text = NULL;
  g_autofree char *pem = NULL;
  g_autofree char *cut = NULL;
  g_autoptr(GBytes) cut_bytes = NULL;
  g_autoptr(TillDocument) document = NULL;
  g_autoptr(TillDocument) again = NULL;

  fixture_make (fixture->dir, "openssl pkcs12 -export -inkey shop.key -in shop.pem -passout 'pass:" PASSWORD "'"
                              " -out shop.p12");
  p12 = fixture_load (fixture->dir, "shop.p12");
  text = g_base64_encode (g_bytes_get_data (p12, NULL), g_bytes_get_size (p12));
  document = open_text (text, PASSWORD);
  assert_counts (document, "pkcs12", 1, 1);
  g_assert_cmphex (document->notes, ==, TILL_NOTE_WAS_BASE64);

  pem = g_base64_encode ((const guchar *) fixture->pem, strlen (fixture->pem));
  again = open_text (pem, NULL);
  assert_certificate (fixture, again, TILL_NOTE_WAS_BASE64);

  cut = g_strndup (text, strlen (text) / 8 * 4);
  cut_bytes = g_bytes_new (cut, strlen (cut));
  assert_fails (cut_bytes, PASSWORD, TILL_ERROR_DAMAGED, TILL_REASON_TRUNCATED, "incomplete");
}

/* Files of every kind, as openssl writes them. */
static void
test_kinds (Fixture       *fixture,
            gconstpointer  data)
{
  static const struct
  {
    const char *command;
    const char *kind;
    guint       certificates, private_keys, public_keys, requests, crls;
  } cases[] = {
    { "cp shop.der out", "certificate", 1, 0, 0, 0, 0 },
    { "sh -c 'cat shop.pem root.pem >out'", "chain", 2, 0, 0, 0, 0 },
    { "sh -c 'cat shop.der root.der >out'", "chain", 2, 0, 0, 0, 0 },
    { "sh -c 'cat shop.der root.der shop.der >out'", "chain", 3, 0, 0, 0, 0 },
    { "sh -c 'cat shop.pem shop.key root.pem >out'", "mixed", 2, 1, 0, 0, 0 },
    { "sh -c 'cat rsa.key shop.key >out'", "private-key", 0, 2, 0, 0, 0 },
    { "openssl pkey -in rsa.key -outform DER -out out", "private-key", 0, 1, 0, 0, 0 },
    { "openssl rsa -traditional -in rsa.key -outform DER -out out", "private-key", 0, 1, 0, 0, 0 },
    { "openssl rsa -traditional -in rsa.key -out out", "private-key", 0, 1, 0, 0, 0 },
    { "openssl ec -in shop.key -outform DER -out out", "private-key", 0, 1, 0, 0, 0 },
    { "openssl ec -in shop.key -out out", "private-key", 0, 1, 0, 0, 0 },
    { "openssl pkey -in rsa.key -pubout -out out", "public-key", 0, 0, 1, 0, 0 },
    { "openssl pkey -in shop.key -pubout -outform DER -out out", "public-key", 0, 0, 1, 0, 0 },
    { "openssl rsa -in rsa.key -RSAPublicKey_out -out out", "public-key", 0, 0, 1, 0, 0 },
    { "openssl rsa -in rsa.key -RSAPublicKey_out -outform DER -out out", "public-key", 0, 0, 1, 0, 0 },
    { "openssl req -new -key shop.key -subj /CN=Shop -out out", "csr", 0, 0, 0, 1, 0 },
    { "openssl req -new -newhdr -key shop.key -subj /CN=Shop -out out", "csr", 0, 0, 0, 1, 0 },
    { "openssl req -new -key shop.key -subj /CN=Shop -outform DER -out out", "csr", 0, 0, 0, 1, 0 },
    { "cp list.pem out", "crl", 0, 0, 0, 0, 1 },
    { "openssl crl -in list.pem -outform DER -out out", "crl", 0, 0, 0, 0, 1 },
    { "openssl crl2pkcs7 -certfile shop.pem -certfile root.pem -in list.pem -out out", "pkcs7", 2, 0, 0, 0, 1 },
    { "openssl crl2pkcs7 -nocrl -certfile shop.pem -outform DER -out out", "pkcs7", 1, 0, 0, 0, 0 },
    { "openssl cms -sign -in shop.pem -signer shop.pem -inkey shop.key -certfile root.pem -outform PEM -nodetach"
      " -binary -out out", "pkcs7", 2, 0, 0, 0, 0 },
    { "openssl cms -sign -in shop.pem -signer shop.pem -inkey shop.key -outform DER -nodetach -stream -binary -out out",
      "pkcs7", 1, 0, 0, 0, 0 },
    { "openssl x509 -in shop.pem -trustout -addtrust serverAuth -setalias Shop -out out", "certificate", 1, 0, 0, 0, 0 },
    { "sh -c '(openssl req -new -key shop.key -subj /CN=Shop; cat shop.key) >out'", "csr", 0, 1, 0, 1, 0 },
    { "sh -c '(openssl pkey -in shop.key -pubout; cat shop.key) >out'", "private-key", 0, 1, 1, 0, 0 },
  };

  fixture_make (fixture->dir, "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out rsa.key");
  fixture_make (fixture->dir, "openssl req -x509 -new -key rsa.key -subj /CN=Root -days 9 -out root.pem");
  fixture_make (fixture->dir, "openssl x509 -in root.pem -outform DER -out root.der");
  fixture_make (fixture->dir, "sh -c \"printf '[ca]\\ndefault_ca=x\\n[x]\\ndatabase=index\\ndefault_md=sha256\\n"
                              "default_crl_days=9\\n' >ca.cnf; : >index; openssl ca -config ca.cnf -gencrl"
                              " -keyfile rsa.key -cert root.pem -out list.pem\"");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TillDocument) document = NULL;

      g_test_message ("%s", cases[i].command);
      fixture_make (fixture->dir, "%s", cases[i].command);
      document = open_file (fixture->dir, "out", NULL);
      assert_counts (document, cases[i].kind, cases[i].certificates, cases[i].private_keys);
      g_assert_cmpuint (document->public_keys->len, ==, cases[i].public_keys);
      g_assert_cmpuint (document->requests->len, ==, cases[i].requests);
      g_assert_cmpuint (document->crls->len, ==, cases[i].crls);
    }
}

/* certtool's requests, keys and lists, and what only it writes. */
static void
test_certtool (Fixture       *fixture,
               gconstpointer  data)
{
  static const struct
  {
    const char *command;
    const char *kind;
    guint       certificates, private_keys;
  } cases[] = {
    { "certtool --generate-privkey --key-type ed25519 --outfile out", "private-key", 0, 1 },
    { "certtool --generate-request --load-privkey shop.key --template template --outfile out", "csr", 0, 0 },
    { "certtool --p7-generate --load-certificate shop.pem --outfile out", "pkcs7", 1, 0 },
    { "certtool --p7-sign --load-certificate shop.pem --load-privkey shop.key --infile shop.pem --outder --outfile out",
      "pkcs7", 1, 0 },
    { "certtool --to-p12 --load-certificate shop.pem --load-privkey shop.key --p12-name x --password p --outfile out",
      "pkcs12", 1, 1 },
  };

  write_file (fixture->dir, "template", "cn = Shop\nexpiration_days = 9\n", -1);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TillDocument) document = NULL;

      g_test_message ("%s", cases[i].command);
      fixture_make (fixture->dir, "%s", cases[i].command);
      document = open_file (fixture->dir, "out", "p");
      assert_counts (document, cases[i].kind, cases[i].certificates, cases[i].private_keys);
    }
}

/* openssl pkcs12 writes names above its blocks. */
static void
test_bag_attributes (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(TillDocument) document = NULL;

  fixture_make (fixture->dir, "openssl pkcs12 -export -inkey shop.key -in shop.pem -name 'My Shop' -passout pass:x"
                              " -out shop.p12");
  fixture_make (fixture->dir, "openssl pkcs12 -in shop.p12 -passin pass:x -nodes -out out.pem");
  document = open_file (fixture->dir, "out.pem", NULL);
  assert_counts (document, "mixed", 1, 1);
  g_assert_cmpstr (((TillCertificate *) g_ptr_array_index (document->certificates, 0))->friendly_name, ==, "My Shop");
  g_assert_cmpstr (g_array_index (document->private_keys, TillPrivateKeyEntry, 0).key->friendly_name, ==, "My Shop");
}

static void
test_protected_pem (Fixture       *fixture,
                    gconstpointer  data)
{
  static const char * const keys[] = {
    "openssl pkcs8 -topk8 -in shop.key -passout 'pass:" PASSWORD "' -out locked.key",
    "openssl ec -aes256 -in shop.key -passout 'pass:" PASSWORD "' -out locked.key",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr(TillDocument) document = NULL;

      fixture_make (fixture->dir, "%s", keys[i]);
      fixture_make (fixture->dir, "sh -c 'cat shop.pem locked.key >both.pem'");
      assert_file_fails (fixture->dir, "both.pem", NULL, TILL_ERROR_PASSWORD_REQUIRED, TILL_REASON_NONE, "password");
      assert_file_fails (fixture->dir, "both.pem", "another", TILL_ERROR_WRONG_PASSWORD, TILL_REASON_NONE, "password");
      document = open_file (fixture->dir, "both.pem", PASSWORD);
      assert_counts (document, "mixed", 1, 1);
      g_assert_true (document->encrypted);
      g_assert_cmpint (g_array_index (document->private_keys, TillPrivateKeyEntry, 0).matches, ==, 1);
    }
}

/* A key of an algorithm that is not known does not hide what stands around it; alone it is said what it is. */
static void
test_unknown_key (Fixture       *fixture,
                  gconstpointer  data)
{
  static const char * const orders[] = { "shop.pem new.key", "new.key shop.pem", "shop.pem shop.key new.key" };
  g_autoptr(GBytes) der = fixture_der ("30{02{00} 30{06{<2.16.840.1.101.3.4.3.17>}} 04{'not for anybody'}}");
  g_autofree char *base64 = g_base64_encode (g_bytes_get_data (der, NULL), g_bytes_get_size (der));
  g_autofree char *pem = g_strdup_printf ("-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n", base64);

  write_file (fixture->dir, "new.key", pem, -1);
  assert_file_fails (fixture->dir, "new.key", NULL, TILL_ERROR_NEWER_PROTECTION, TILL_REASON_ALGORITHM, "ML-DSA-44");
  assert_fails (der, NULL, TILL_ERROR_NEWER_PROTECTION, TILL_REASON_ALGORITHM, "ML-DSA-44");

  for (gsize i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      g_autoptr(TillDocument) document = NULL;
      guint n_keys = i < 2 ? 1 : 2;
      const TillPrivateKeyEntry *entry;

      fixture_make (fixture->dir, "sh -c 'cat %s >both.pem'", orders[i]);
      document = open_file (fixture->dir, "both.pem", NULL);
      assert_counts (document, "mixed", 1, n_keys);
      entry = &g_array_index (document->private_keys, TillPrivateKeyEntry, n_keys - 1);
      g_assert_cmpstr (entry->key->algorithm, ==, "ML-DSA-44");
      g_assert_cmpint (entry->matches, ==, 0);
    }
}

static void
test_trailing (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GBytes) der = fixture_load (fixture->dir, "shop.der");
  g_autofree char *hex = fixture_hex (der);
  static const struct
  {
    const char *tail;
    gboolean    opens;
  } cases[] = {
    { "00", TRUE },
    { "0d0a0d0a", TRUE },
    { "deadbeef", TRUE },
    { "30", TRUE },
    { "3082 0400 3082 0300 a003", FALSE },         /* a second certificate, cut off */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strconcat (hex, cases[i].tail, NULL);
      g_autoptr(GBytes) bytes = fixture_der (text);

      if (cases[i].opens)
        {
          g_autoptr(TillDocument) document = open_bytes (bytes, NULL, NULL);

          g_assert_nonnull (document);
          assert_certificate (fixture, document, TILL_NOTE_TRAILING_BYTES);
        }
      else
        {
          assert_fails (bytes, NULL, TILL_ERROR_DAMAGED, TILL_REASON_TRUNCATED, "incomplete");
        }
    }
}

static void
test_pki_path (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GBytes) der = fixture_load (fixture->dir, "shop.der");
  g_autofree char *hex = fixture_hex (der);
  g_autofree char *text = g_strdup_printf ("30{%s %s}", hex, hex);
  g_autoptr(GBytes) bytes = fixture_der (text);
  g_autoptr(TillDocument) document = open_bytes (bytes, NULL, NULL);

  g_assert_nonnull (document);
  assert_counts (document, "chain", 2, 0);
}

/* A DER and a PEM file that were cut off at each byte. */
static void
test_truncated (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GBytes) der = fixture_load (fixture->dir, "shop.der");
  gsize size = g_bytes_get_size (der);
  gsize body_end = (gsize) (strstr (fixture->pem, "\n-----END") - fixture->pem);

  for (gsize cut = 8; cut < size; cut++)
    {
      g_autoptr(GBytes) part = g_bytes_new_from_bytes (der, 0, cut);
      g_autofree char *words = g_strdup_printf ("it ends after %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " bytes", cut, size);

      assert_fails (part, NULL, TILL_ERROR_DAMAGED, TILL_REASON_TRUNCATED, words);
    }

  for (gsize cut = 0; cut < strlen (fixture->pem); cut++)
    {
      g_autoptr(GBytes) part = g_bytes_new (fixture->pem, cut);
      g_autoptr(GError) error = NULL;
      g_autoptr(TillDocument) document = open_bytes (part, NULL, &error);

      /* Once all of the Base64 is there, only the END line is missing, or a part of it. */
      if (document != NULL)
        {
          g_assert_cmpuint (cut, >=, body_end);
          assert_certificate (fixture, document,
                              strstr (fixture->pem, "-----END ") + 9 <= fixture->pem + cut ? 0 : TILL_NOTE_NO_END_LINE);
        }
      else
        {
          g_assert_cmpuint (cut, <, body_end + 11);
          g_assert_true (g_error_matches (error, TILL_ERROR, TILL_ERROR_DAMAGED) ||
                         g_error_matches (error, TILL_ERROR, TILL_ERROR_NOT_A_CERTIFICATE_FILE));
        }
    }
}

/* Which block it is, is said where there are several. */
static void
test_damaged_blocks (Fixture       *fixture,
                     gconstpointer  data)
{
  static const struct
  {
    const char      *block;
    TillErrorReason  reason;
    const char      *words;
  } cases[] = {
    { "-----BEGIN CERTIFICATE-----\nMAMC#AQU=\n-----END CERTIFICATE-----\n", TILL_REASON_BAD_BASE64, "not Base64" },
    { "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", TILL_REASON_BAD_BASE64, "nothing" },
    { "-----BEGIN CERTIFICATE-----\nMAMCAQ==\n", TILL_REASON_NO_END_LINE, "END line is missing" },
    { "-----BEGIN CERTIFICATE-----\nMAMCAQU=\n-----END CERTIFICATE-----\n", TILL_REASON_MALFORMED, "certificate" },
    { "-----BEGIN PRIVATE KEY-----\nMAMCAQU=\n-----END PRIVATE KEY-----\n", TILL_REASON_MALFORMED, "private key" },
    { "-----BEGIN PUBLIC KEY-----\nMAMCAQU=\n-----END PUBLIC KEY-----\n", TILL_REASON_MALFORMED, "public key" },
    { "-----BEGIN CERTIFICATE REQUEST-----\nMAMCAQU=\n-----END CERTIFICATE REQUEST-----\n", TILL_REASON_MALFORMED,
      "request" },
    { "-----BEGIN X509 CRL-----\nMAMCAQU=\n-----END X509 CRL-----\n", TILL_REASON_MALFORMED, "revocation list" },
    { "-----BEGIN PKCS7-----\nMAMCAQU=\n-----END PKCS7-----\n", TILL_REASON_MALFORMED, "PKCS #7" },
    { "-----BEGIN PKCS12-----\nMAMCAQU=\n-----END PKCS12-----\n", TILL_REASON_MALFORMED, "PKCS #12" },
    { "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAMCAQU=\n-----END ENCRYPTED PRIVATE KEY-----\n", TILL_REASON_MALFORMED,
      "encryption" },
    { "-----BEGIN OPENSSH PRIVATE KEY-----\nMAMCAQU=\n-----END OPENSSH PRIVATE KEY-----\n", TILL_REASON_MALFORMED,
      "OpenSSH" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strconcat (fixture->pem, cases[i].block, NULL);
      g_autoptr(GBytes) alone = g_bytes_new (cases[i].block, strlen (cases[i].block));
      g_autoptr(GBytes) second = g_bytes_new (text, strlen (text));
      g_autoptr(GError) error = NULL;

      assert_fails (alone, NULL, TILL_ERROR_DAMAGED, cases[i].reason, cases[i].words);
      assert_fails (second, NULL, TILL_ERROR_DAMAGED, cases[i].reason, "in block 2 (");
      g_assert_null (open_bytes (alone, NULL, &error));
      g_assert_null (strstr (error->message, "in block"));
    }
}

static void
test_not_a_certificate_file (Fixture       *fixture,
                             gconstpointer  data)
{
  static const struct
  {
    const char      *text;            /* in the notation of fixture_der() */
    TillErrorReason  reason;
    const char      *words;
  } cases[] = {
    { "", TILL_REASON_EMPTY, "empty" },
    { "30", TILL_REASON_LOOKS_LIKE, "text" },
    { "00", TILL_REASON_TOO_SHORT, "1 byte" },
    { "3003", TILL_REASON_TOO_SHORT, "2 bytes" },
    { "feedfeed 00000002", TILL_REASON_LOOKS_LIKE, "Java keystore" },
    { "cececece 00000002", TILL_REASON_LOOKS_LIKE, "JCEKS" },
    { "'PK' 0304 00000000 'pass.json'", TILL_REASON_LOOKS_LIKE, "ZIP archive" },
    { "89 'PNG' 0d0a1a0a", TILL_REASON_LOOKS_LIKE, "PNG" },
    { "ffd8ffe0", TILL_REASON_LOOKS_LIKE, "JPEG" },
    { "'GIF89a'", TILL_REASON_LOOKS_LIKE, "GIF" },
    { "'%PDF-1.4'", TILL_REASON_LOOKS_LIKE, "PDF" },
    { "1f8b0800", TILL_REASON_LOOKS_LIKE, "gzip" },
    { "7f 'ELF' 00 '-----BEGIN CERTIFICATE-----'", TILL_REASON_LOOKS_LIKE, "program" },
    { "'SQLite format 3' 00", TILL_REASON_LOOKS_LIKE, "SQLite" },
    { "'  <!DOCTYPE html><title>Sign in</title>'", TILL_REASON_LOOKS_LIKE, "web page" },
    { "'{\"error\": 1}'", TILL_REASON_LOOKS_LIKE, "JSON" },
    { "'ssh-ed25519 AAAAC3Nz me'", TILL_REASON_LOOKS_LIKE, "OpenSSH public key" },
    { "'PuTTY-User-Key-File-2: ssh-rsa'", TILL_REASON_LOOKS_LIKE, "PuTTY" },
    { "'Hello, here is the certificate you asked for.'", TILL_REASON_LOOKS_LIKE, "text" },
    { "b0b5f11e 00000000", TILL_REASON_LOOKS_LIKE, "PVK" },
    { "'-----BEGIN PGP PUBLIC KEY BLOCK-----' 0a 'AAAA' 0a '-----END PGP PUBLIC KEY BLOCK-----'",
      TILL_REASON_LOOKS_LIKE, "PGP" },
    { "'-----BEGIN SSH2 ENCRYPTED PRIVATE KEY-----' 0a 'AAAA' 0a '-----END SSH2 ENCRYPTED PRIVATE KEY-----'",
      TILL_REASON_LOOKS_LIKE, "SSH" },
    { "'-----BEGIN WHATEVER-----' 0a 'AAAA' 0a '-----END WHATEVER-----'", TILL_REASON_LOOKS_LIKE, "WHATEVER" },
    { "'-----BEGIN DH PARAMETERS-----' 0a 'AAAA' 0a '-----END DH PARAMETERS-----'", TILL_REASON_LOOKS_LIKE,
      "parameters" },
    { "30{06{<1.2.840.113549.1.7.3>} a0{3000}}", TILL_REASON_LOOKS_LIKE, "encrypted" },
    { "30{06{<1.2.840.113549.1.7.1>} a0{0400}}", TILL_REASON_LOOKS_LIKE, "PKCS #7" },
    { "30{0201 11 0201 03 0201 05}", TILL_REASON_LOOKS_LIKE, "parameters" },
    { "9a8b7c6d5e4f30211203f4e5d6c7b8a9", TILL_REASON_UNRECOGNISED, "not a certificate file" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) bytes = fixture_der (cases[i].text);

      g_test_message ("%s", cases[i].text);
      assert_fails (bytes, NULL, TILL_ERROR_NOT_A_CERTIFICATE_FILE, cases[i].reason, cases[i].words);
    }
}

/* A key as ssh-keygen writes it, by hand: of RFC 8032 7.1, test 1. */
static void
test_openssh (Fixture       *fixture,
              gconstpointer  data)
{
#define PUBLIC "00000020 d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
#define BLOB "00000033 0000000b 'ssh-ed25519' " PUBLIC
#define PRIVATE(check) "00000087 " check " 0000000b 'ssh-ed25519' " PUBLIC \
  "00000040 9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60" \
  "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a 00000000 01020304"
#define HEAD(cipher) "'openssh-key-v1' 00 " cipher " 00000004 'none' 00000000 00000001 "
  static const struct
  {
    const char      *text;
    TillError        code;
    TillErrorReason  reason;
    const char      *words;
  } cases[] = {
    { HEAD ("00000004 'none'") BLOB PRIVATE ("0a0b0c0d 0a0b0c0d"), 0, 0, NULL },
    { HEAD ("00000004 'none'") "00000068 00000013 'ecdsa-sha2-nistp256' 00000008 'nistp256' 00000041"
      " 046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
      " 4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5 00000008 0101010101010101", 0, 0, NULL },
    { HEAD ("00000004 'none'") "0000001c 00000007 'ssh-rsa' 00000001 03 00000008 00c1000000000001 00000008"
      " 0101010101010101", 0, 0, NULL },
    { HEAD ("00000004 'none'") "0000000b 00000007 'ssh-rsa' 00000008 0101010101010101", TILL_ERROR_NOT_A_CERTIFICATE_FILE,
      TILL_REASON_OPENSSH_KEY, "ssh-rsa" },
    { HEAD ("00000004 'none'") "00000000 00000008 0101010101010101", TILL_ERROR_NOT_A_CERTIFICATE_FILE,
      TILL_REASON_OPENSSH_KEY, "unknown" },
    { HEAD ("00000004 'none'") BLOB PRIVATE ("0a0b0c0d 0a0b0c0e"), TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "OpenSSH" },
    { HEAD ("0000000a 'aes256-ctr'") BLOB "00000000", TILL_ERROR_NEWER_PROTECTION, TILL_REASON_ALGORITHM, "bcrypt" },
    { HEAD ("00000004 'none'") "0000000b 00000007 'ssh-xyz' 00000008 0102030401020304",
      TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_OPENSSH_KEY, "ssh-xyz" },
    { HEAD ("00000004 'none'") "ffffffff", TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "OpenSSH" },
    { HEAD ("00000004 'none'"), TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "OpenSSH" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) blob = fixture_der (cases[i].text);
      g_autofree char *base64 = g_base64_encode (g_bytes_get_data (blob, NULL), g_bytes_get_size (blob));
      g_autofree char *text = g_strdup_printf ("-----BEGIN OPENSSH PRIVATE KEY-----\n%s\n"
                                               "-----END OPENSSH PRIVATE KEY-----\n", base64);
      g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));
      g_autoptr(TillDocument) document = NULL;
      const TillKey *key;

      if (cases[i].words != NULL)
        {
          assert_fails (bytes, NULL, cases[i].code, cases[i].reason, cases[i].words);
          continue;
        }

      document = open_bytes (bytes, NULL, NULL);
      g_assert_nonnull (document);
      assert_counts (document, "private-key", 0, 1);
      key = g_array_index (document->private_keys, TillPrivateKeyEntry, 0).key;
      g_assert_true (key->is_private);
      g_assert_cmpstr (key->algorithm, ==, i == 0 ? "Ed25519" : i == 1 ? "EC" : "RSA");
      g_assert_cmpint (key->bits, ==, i == 2 ? 56 : 256);
    }
}

/* What is odd about a certificate is noted for the document. */
static void
test_notes (Fixture       *fixture,
            gconstpointer  data)
{
  const FixtureCertificate differ = { .inner_algorithm = FIXTURE_RSA_MD5 };
  const FixtureCertificate backwards = { .dates = "30{17{'270101000000Z'} 17{'260101000000Z'}}" };
  g_autoptr(GBytes) first = fixture_certificate (&differ);
  g_autoptr(GBytes) second = fixture_certificate (&backwards);
  g_autoptr(TillDocument) one = open_bytes (first, NULL, NULL);
  g_autoptr(TillDocument) two = open_bytes (second, NULL, NULL);

  g_assert_nonnull (one);
  g_assert_cmphex (one->notes, ==, TILL_NOTE_SIGNATURE_ALGORITHMS_DIFFER);
  g_assert_nonnull (two);
  g_assert_cmphex (two->notes, ==, TILL_NOTE_TIMES_ODD);
}

/* Neither the password, in the form that only we make, nor the private key stays
 * in memory (G1). Both are searched for as their inverse, see till_test_count_in_memory(). */
static void
test_no_secret_stays (Fixture       *fixture,
                      gconstpointer  data)
{
  static const char password[] = "Canary-Password-7301";
  guint8 wide[2 * (sizeof password - 1)];
  guint8 scalar[32];
  guint8 buffer[512];
  const char *begin = strstr (fixture->key, "-----\n") + 6;
  g_autoptr(TillSecret) secret = NULL;
  gsize size;

  for (gsize i = 0; i < sizeof password - 1; i++)
    {
      wide[2 * i] = 0xff;
      wide[2 * i + 1] = (guint8) ~password[i];
    }

  /* PrivateKeyInfo of a P-256 key: the scalar is the first string of 32 octets. */
  g_assert_true (till_base64_decode (begin, (gsize) (strstr (begin, "-----END") - begin), buffer, &size, NULL));
  for (gsize i = 0; i < sizeof scalar; i++)
    scalar[i] = (guint8) ~((guint8 *) memmem (buffer, size, "\x04\x20", 2))[2 + i];
  till_wipe (buffer, sizeof buffer);

  fixture_make (fixture->dir, "openssl pkcs12 -export -inkey shop.key -in shop.pem -passout pass:%s -out shop.p12",
                password);
  fixture_make (fixture->dir, "openssl pkcs12 -export -legacy -inkey shop.key -in shop.pem -passout pass:%s"
                              " -out legacy.p12", password);
  fixture_make (fixture->dir, "openssl ec -aes256 -in shop.key -passout pass:%s -out locked.key", password);
  g_assert_cmpuint (till_test_count_in_memory (scalar, sizeof scalar), ==, 0);

  {
    g_autoptr(TillDocument) modern = open_file (fixture->dir, "shop.p12", password);
    g_autoptr(TillDocument) legacy = open_file (fixture->dir, "legacy.p12", password);
    g_autoptr(TillDocument) old = open_file (fixture->dir, "locked.key", password);

    g_assert_cmpuint (modern->private_keys->len + legacy->private_keys->len + old->private_keys->len, ==, 3);
    assert_file_fails (fixture->dir, "shop.p12", "Canary-Password-7302", TILL_ERROR_WRONG_PASSWORD,
                       TILL_REASON_MAC_MISMATCH, NULL);
    g_assert_cmpuint (till_test_count_in_memory (wide, sizeof wide), ==, 0);
    g_assert_cmpuint (till_test_count_in_memory (scalar, sizeof scalar), ==, 0);
  }

  /* That the search finds what is there. */
  secret = till_secret_new (sizeof wide);
  for (gsize i = 0; i < sizeof wide; i++)
    till_secret_get_buffer (secret)[i] = (guint8) ~wide[i];
  g_assert_cmpuint (till_test_count_in_memory (wide, sizeof wide), ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/document/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("pem-layouts", test_pem_layouts);
  ADD ("utf16", test_utf16);
  ADD ("base64", test_base64);
  ADD ("kinds", test_kinds);
  ADD ("certtool", test_certtool);
  ADD ("bag-attributes", test_bag_attributes);
  ADD ("protected-pem", test_protected_pem);
  ADD ("unknown-key", test_unknown_key);
  ADD ("trailing", test_trailing);
  ADD ("pki-path", test_pki_path);
  ADD ("truncated", test_truncated);
  ADD ("damaged-blocks", test_damaged_blocks);
  ADD ("not-a-certificate-file", test_not_a_certificate_file);
  ADD ("openssh", test_openssh);
  ADD ("notes", test_notes);
  ADD ("no-secret-stays", test_no_secret_stays);

  return g_test_run ();
}
