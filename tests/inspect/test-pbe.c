/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encryption under a password: derivations against openssl, keys as openssl writes them, bounds. */
#include "config.h"

#include <nettle/nettle-meta.h>
#include <string.h>

#include "open.h"
#include "till-kdf.h"
#include "till-limits.h"
#include "till-password.h"
#include "till-pbe.h"
#include "till-test.h"

/* OpenSSL 3 keeps the old ciphers in a module of their own. */
#define LEGACY "-provider default -provider legacy"

#define PASSWORD "Schlüssel 7"

/* Longer than one block of any hash, so that HMAC hashes it first. */
#define LONG_PASSWORD "a password that is longer than one block of most of the hashes, and then some more words " \
  "until it is beyond the 144 bytes of a block of the widest of them"

static char *
secret_hex (const TillSecret *secret)
{
  g_autoptr(GBytes) bytes = g_bytes_new (till_secret_get_data (secret), till_secret_get_size (secret));

  return fixture_hex (bytes);
}

static char *
text_hex (const char *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));

  return fixture_hex (bytes);
}

/* What "openssl kdf" prints, in our way of writing. */
static char *
run_kdf (TillTestDir *dir,
         const char  *arguments)
{
  g_autofree char *output = fixture_run (dir, "openssl kdf %s", arguments);
  GString *hex = g_string_new (NULL);

  for (const char *p = output; *p != '\0'; p++)
    {
      if (g_ascii_isxdigit (*p))
        g_string_append_c (hex, g_ascii_tolower (*p));
    }

  return g_string_free (hex, FALSE);
}

static const struct
{
  const char               *name;
  const struct nettle_hash *hash;
} hashes[] = {
  { "MD5", &nettle_md5 },
  { "SHA1", &nettle_sha1 },
  { "SHA224", &nettle_sha224 },
  { "SHA256", &nettle_sha256 },
  { "SHA384", &nettle_sha384 },
  { "SHA512", &nettle_sha512 },
  { "SHA512-224", &nettle_sha512_224 },
  { "SHA512-256", &nettle_sha512_256 },
  { "SHA3-224", &nettle_sha3_224 },
  { "SHA3-512", &nettle_sha3_512 },
};

static void
test_pbkdf2 (void)
{
  static const char * const passwords[] = { "x", PASSWORD, LONG_PASSWORD };
  g_autoptr(TillTestDir) dir = till_test_dir_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (hashes); i++)
    {
      const char *password = passwords[i % G_N_ELEMENTS (passwords)];
      g_autoptr(TillSecret) secret = till_secret_new_copy (password, strlen (password));
      g_autoptr(TillSecret) out = till_secret_new (5 + i * 17);
      g_autofree char *hex = text_hex (password);
      g_autofree char *arguments = g_strdup_printf ("-keylen %d -kdfopt digest:%s -kdfopt hexpass:%s "
                                                    "-kdfopt salt:saltSALT -kdfopt iter:%d PBKDF2",
                                                    (int) (5 + i * 17), hashes[i].name, hex, (int) (1 + i * 7));
      g_autofree char *wanted = run_kdf (dir, arguments);
      g_autofree char *given = NULL;
      TillDer salt;

      till_der_init (&salt, (const guint8 *) "saltSALT", 8);
      g_assert_true (till_kdf_pbkdf2 (hashes[i].hash, secret, &salt, 1 + i * 7, out, NULL, NULL));
      given = secret_hex (out);
      g_assert_cmpstr (given, ==, wanted);
    }
}

static void
test_pkcs12_kdf (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (hashes); i++)
    {
      for (int purpose = 1; purpose <= 3; purpose++)
        {
          g_autoptr(TillSecret) secret = till_secret_new_copy (PASSWORD, strlen (PASSWORD));
          g_autoptr(GPtrArray) list = till_password_list (secret);
          const TillPassword *password = g_ptr_array_index (list, 0);
          gsize size = (gsize) purpose * 30 + i;
          g_autoptr(TillSecret) out = till_secret_new (size);
          g_autofree char *hex = secret_hex (password->bmp);
          g_autofree char *arguments = g_strdup_printf ("-keylen %d -kdfopt digest:%s -kdfopt hexpass:%s "
                                                        "-kdfopt salt:saltSALT -kdfopt iter:%d -kdfopt id:%d PKCS12KDF",
                                                        (int) size, hashes[i].name, hex, (int) (1 + i * 5), purpose);
          g_autofree char *wanted = run_kdf (dir, arguments);
          g_autofree char *given = NULL;
          TillDer salt;

          till_der_init (&salt, (const guint8 *) "saltSALT", 8);
          g_assert_true (till_kdf_pkcs12 (hashes[i].hash, (TillKdfPurpose) purpose, password->bmp, &salt, 1 + i * 5,
                                          out, NULL, NULL));
          given = secret_hex (out);
          g_assert_cmpstr (given, ==, wanted);
        }
    }
}

static void
test_scrypt (void)
{
  static const struct
  {
    const char *password;
    const char *salt;
    guint       n, r, p;
  } cases[] = {
    { "password", "NaCl", 1024, 8, 16 },              /* RFC 7914 12 */
    { "pleaseletmein", "SodiumChloride", 16384, 8, 1 },
    { PASSWORD, "s", 2, 1, 1 },
    { PASSWORD, "salt", 64, 3, 5 },
  };
  g_autoptr(TillTestDir) dir = till_test_dir_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TillSecret) secret = till_secret_new_copy (cases[i].password, strlen (cases[i].password));
      g_autoptr(TillSecret) out = till_secret_new (64);
      g_autofree char *hex = text_hex (cases[i].password);
      g_autofree char *arguments = g_strdup_printf ("-keylen 64 -kdfopt hexpass:%s -kdfopt salt:%s -kdfopt n:%u "
                                                    "-kdfopt r:%u -kdfopt p:%u SCRYPT", hex, cases[i].salt,
                                                    cases[i].n, cases[i].r, cases[i].p);
      g_autofree char *wanted = run_kdf (dir, arguments);
      g_autofree char *given = NULL;
      TillDer salt;

      till_der_init (&salt, (const guint8 *) cases[i].salt, strlen (cases[i].salt));
      g_assert_true (till_kdf_scrypt (secret, &salt, cases[i].n, cases[i].r, cases[i].p, out, NULL, NULL));
      given = secret_hex (out);
      g_assert_cmpstr (given, ==, wanted);
    }

  g_assert_cmpuint (till_kdf_scrypt_memory (16384, 8, 1), ==, 128 * 8 * 16386);
  g_assert_cmpuint (till_kdf_scrypt_memory (0, 8, 1), ==, 0);
  g_assert_cmpuint (till_kdf_scrypt_memory (1, 8, 1), ==, 0);
  g_assert_cmpuint (till_kdf_scrypt_memory (1000, 8, 1), ==, 0);
  g_assert_cmpuint (till_kdf_scrypt_memory (1024, 0, 1), ==, 0);
  g_assert_cmpuint (till_kdf_scrypt_memory (G_GUINT64_CONSTANT (1) << 63, 8, 1), ==, G_MAXSIZE);
  g_assert_cmpuint (till_kdf_scrypt_memory (1024, G_MAXUINT64, 1), ==, G_MAXSIZE);
  g_assert_cmpuint (till_kdf_scrypt_memory (1024, 8, G_MAXUINT64), ==, G_MAXSIZE);
}

static void
test_passwords (void)
{
  static const struct
  {
    const char *given;
    const char *bmp[3];
  } cases[] = {
    { NULL, { "0000", "", NULL } },
    { "", { "0000", "", NULL } },
    { "Beavis", { "004200650061007600690073" "0000", NULL, NULL } },
    { "ä☃", { "00e42603" "0000", "00c300a400e200980083" "0000", NULL } },
    { "😀", { "d83dde00" "0000", "00f0009f00980080" "0000", NULL } },
    { "\xff", { "00ff" "0000", "00ff" "0000", NULL } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TillSecret) given = cases[i].given != NULL
                                    ? till_secret_new_copy (cases[i].given, strlen (cases[i].given)) : NULL;
      g_autoptr(GPtrArray) list = till_password_list (given);
      const guint8 *wanted = given != NULL ? till_secret_get_data (given) : NULL;
      gsize wanted_size = given != NULL ? till_secret_get_size (given) : 0;
      guint n = 0;

      for (; cases[i].bmp[n] != NULL; n++)
        {
          g_autofree char *bmp = NULL;
          const TillPassword *password;

          g_assert_cmpuint (n, <, list->len);
          password = g_ptr_array_index (list, n);
          bmp = secret_hex (password->bmp);
          g_assert_cmpstr (bmp, ==, cases[i].bmp[n]);
          g_assert_cmpmem (till_secret_get_data (password->bytes), till_secret_get_size (password->bytes),
                           wanted, wanted_size);
        }
      g_assert_cmpuint (list->len, ==, n);
    }
}

/* An encrypted key of openssl's making opens with its password and no other. */
static void
assert_encrypted_key (TillTestDir *dir,
                      const char  *name,
                      const char  *wanted_hash,
                      const char  *cipher,
                      gboolean     weak)
{
  g_autoptr(TillDocument) document = open_file (dir, name, PASSWORD);
  const TillKey *key;

  assert_counts (document, "private-key", 0, 1);
  g_assert_true (document->encrypted);
  key = g_array_index (document->private_keys, TillPrivateKeyEntry, 0).key;
  g_assert_cmpstr (key->public_key_sha256, ==, wanted_hash);
  g_assert_nonnull (document->protection);
  g_assert_cmpstr (document->protection->encryption[0], ==, cipher);
  g_assert_null (document->protection->encryption[1]);
  g_assert_cmpint ((document->protection->weakness & TILL_WEAK_CIPHER) != 0, ==, weak);

  assert_file_fails (dir, name, "Schlüssel 8", TILL_ERROR_WRONG_PASSWORD, TILL_REASON_NONE, "password");
  assert_file_fails (dir, name, "", TILL_ERROR_WRONG_PASSWORD, TILL_REASON_NONE, "password");
  assert_file_fails (dir, name, NULL, TILL_ERROR_PASSWORD_REQUIRED, TILL_REASON_NONE, "a password is needed");
}

static void
test_pkcs8 (void)
{
  static const struct
  {
    const char *arguments;
    const char *cipher;
    gboolean    weak;
  } cases[] = {
    { "-v2 aes-128-cbc", "AES-128-CBC", FALSE },
    { "-v2 aes-192-cbc -v2prf hmacWithSHA1", "AES-192-CBC", FALSE },
    { "-v2 aes-256-cbc -iter 10000", "AES-256-CBC", FALSE },
    { "-v2prf hmacWithMD5", "AES-256-CBC", FALSE },
    { "-v2prf hmacWithSHA224", "AES-256-CBC", FALSE },
    { "-v2prf hmacWithSHA384", "AES-256-CBC", FALSE },
    { "-v2prf hmacWithSHA512", "AES-256-CBC", FALSE },
    { "-v2prf hmacWithSHA512-224", "AES-256-CBC", FALSE },
    { "-v2prf hmacWithSHA512-256", "AES-256-CBC", FALSE },
    { "-v2 camellia-128-cbc", "Camellia-128-CBC", FALSE },
    { "-v2 camellia-192-cbc", "Camellia-192-CBC", FALSE },
    { "-v2 camellia-256-cbc", "Camellia-256-CBC", FALSE },
    { "-v2 des3", "3DES-CBC", TRUE },
    { "-v2 des-cbc", "DES-CBC", TRUE },
    { "-v2 rc2-cbc", "RC2-128-CBC", TRUE },
    { "-v2 rc2-64-cbc", "RC2-64-CBC", TRUE },
    { "-v2 rc2-40-cbc", "RC2-40-CBC", TRUE },
    { "-scrypt", "AES-256-CBC", FALSE },
    { "-scrypt -scrypt_N 1024 -scrypt_r 4 -scrypt_p 3", "AES-256-CBC", FALSE },
    { "-v1 PBE-MD5-DES", "DES-CBC", TRUE },
    { "-v1 PBE-SHA1-DES", "DES-CBC", TRUE },
    { "-v1 PBE-MD5-RC2-64", "RC2-64-CBC", TRUE },
    { "-v1 PBE-SHA1-RC2-64", "RC2-64-CBC", TRUE },
    { "-v1 PBE-SHA1-RC4-128", "RC4-128", TRUE },
    { "-v1 PBE-SHA1-RC4-40", "RC4-40", TRUE },
    { "-v1 PBE-SHA1-3DES", "3DES-CBC", TRUE },
    { "-v1 PBE-SHA1-2DES", "2-key 3DES-CBC", TRUE },
    { "-v1 PBE-SHA1-RC2-128", "RC2-128-CBC", TRUE },
    { "-v1 PBE-SHA1-RC2-40", "RC2-40-CBC", TRUE },
  };
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *hash = NULL;

  fixture_make (dir, "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem");
  hash = openssl_key_hash (dir, "key.pem");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *format = i % 2 == 0 ? "PEM" : "DER";

      g_test_message ("%s", cases[i].arguments);
      fixture_make (dir, "openssl pkcs8 -topk8 -in key.pem -passout 'pass:" PASSWORD "' %s " LEGACY
                         " -outform %s -out out.key", cases[i].arguments, format);
      assert_encrypted_key (dir, "out.key", hash, cases[i].cipher, cases[i].weak);
    }
}

static void
test_old_pem (void)
{
  static const struct
  {
    const char *option;
    const char *cipher;
    gboolean    weak;
  } cases[] = {
    { "aes128", "AES-128-CBC", FALSE },
    { "aes192", "AES-192-CBC", FALSE },
    { "aes256", "AES-256-CBC", FALSE },
    { "camellia256", "Camellia-256-CBC", FALSE },
    { "des3", "3DES-CBC", TRUE },
    { "des", "DES-CBC", TRUE },
    { "rc2-cbc", "RC2-128-CBC", TRUE },
    { "rc2-40-cbc", "RC2-40-CBC", TRUE },
  };
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *hash = NULL;

  fixture_make (dir, "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out key.pem");
  hash = openssl_key_hash (dir, "key.pem");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].option);
      fixture_make (dir, "openssl rsa -traditional -in key.pem -passout 'pass:" PASSWORD "' -%s " LEGACY
                         " -out out.key", cases[i].option);
      assert_encrypted_key (dir, "out.key", hash, cases[i].cipher, cases[i].weak);
    }
}

/* Ciphers that are not undone are named, with or without a password. */
static void
test_named (void)
{
  static const struct
  {
    const char *command;
    TillError   code;
    const char *name;
  } cases[] = {
    { "pkcs8 -topk8 -v2 aria-256-cbc", TILL_ERROR_NEWER_PROTECTION, "ARIA" },
    { "pkcs8 -topk8 -v2 sm4-cbc", TILL_ERROR_NEWER_PROTECTION, "SM4" },
    { "pkcs8 -topk8 -v2 bf-cbc", TILL_ERROR_OLD_PROTECTION, "Blowfish" },
    { "pkcs8 -topk8 -v2 seed-cbc", TILL_ERROR_OLD_PROTECTION, "SEED" },
    { "pkcs8 -topk8 -v2 cast5-cbc", TILL_ERROR_OLD_PROTECTION, "CAST5" },
    { "pkcs8 -topk8 -v2 aes-256-ofb", TILL_ERROR_OLD_PROTECTION, "AES-256-OFB" },
    { "ec -seed", TILL_ERROR_OLD_PROTECTION, "SEED-CBC" },
    { "ec -bf", TILL_ERROR_OLD_PROTECTION, "BF-CBC" },
  };
  g_autoptr(TillTestDir) dir = till_test_dir_new ();

  fixture_make (dir, "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      fixture_make (dir, "openssl %s -in key.pem -passout 'pass:" PASSWORD "' " LEGACY " -out out.key",
                    cases[i].command);
      assert_file_fails (dir, "out.key", PASSWORD, cases[i].code, TILL_REASON_ALGORITHM, cases[i].name);
      assert_file_fails (dir, "out.key", NULL, cases[i].code, TILL_REASON_ALGORITHM, cases[i].name);
    }
}

#define ENCRYPTED(parameters) "30{30{06{<1.2.840.113549.1.5.13>} 30{" parameters "}} 0410 000102030405060708090a0b0c0d0e0f}"
#define PBKDF2(parameters) "30{06{<1.2.840.113549.1.5.12>} 30{" parameters "}}"
#define SCRYPT(parameters) "30{06{<1.3.6.1.4.1.11591.4.11>} 30{" parameters "}}"
#define AES256 "30{06{<2.16.840.1.101.3.4.1.42>} 0410 00000000000000000000000000000000}"

/* What a file asks for is looked at before any work is done. */
static void
test_bounds (void)
{
  static const struct
  {
    const char      *text;
    TillError        code;
    TillErrorReason  reason;
    const char      *words;
  } cases[] = {
    { ENCRYPTED (PBKDF2 ("0401 00 0204 7fffffff") AES256), TILL_ERROR_DAMAGED, TILL_REASON_TOO_MANY_ITERATIONS, "2147483647" },
    { ENCRYPTED (PBKDF2 ("0401 00 0204 00a00001") AES256), TILL_ERROR_DAMAGED, TILL_REASON_TOO_MANY_ITERATIONS, "refused" },
    { ENCRYPTED (PBKDF2 ("0401 00 020a 01000000000000000000") AES256), TILL_ERROR_DAMAGED, TILL_REASON_TOO_MANY_ITERATIONS,
      "too many" },
    { ENCRYPTED (PBKDF2 ("0401 00 0201 00") AES256), TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "rounds" },
    { ENCRYPTED (PBKDF2 ("0401 00 0201 ff") AES256), TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "rounds" },
    { ENCRYPTED (PBKDF2 ("0401 00 0200") AES256), TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "rounds" },
    { ENCRYPTED (PBKDF2 ("0401 00 0201 01 0201 10") AES256), TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "length of the key" },
    { ENCRYPTED (PBKDF2 ("0401 00 0201 01 0201 00") AES256), TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "derivation" },
    { ENCRYPTED (PBKDF2 ("0401 00 0201 01 30{06{<1.2.643.7.1.1.4.2>}}") AES256), TILL_ERROR_NEWER_PROTECTION,
      TILL_REASON_ALGORITHM, "GOST" },
    { ENCRYPTED (PBKDF2 ("3000 0201 01") AES256), TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "derivation" },
    { ENCRYPTED (PBKDF2 ("0401 00 0201 01") "30{06{<2.16.840.1.101.3.4.1.42>} 0408 0000000000000000}"),
      TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "initial vector" },
    { ENCRYPTED (PBKDF2 ("0401 00 0201 01") "30{06{<2.16.840.1.101.3.4.1.46>} 30{0400}}"),
      TILL_ERROR_NEWER_PROTECTION, TILL_REASON_ALGORITHM, "AES-256-GCM" },
    { ENCRYPTED (PBKDF2 ("0401 00 0201 01") "30{06{<1.2.3.4>}}"),
      TILL_ERROR_NEWER_PROTECTION, TILL_REASON_ALGORITHM, "1.2.3.4" },
    { ENCRYPTED (PBKDF2 ("0401 00 0201 01 0202 0100")
                 "30{06{<1.2.840.113549.3.2>} 30{0201 3a 0408 0000000000000000}}"),
      TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "RC2" },
    { ENCRYPTED (PBKDF2 ("0401 00 0201 01") "30{06{<1.2.840.113549.3.2>} 30{0201 01 0408 0000000000000000}}"),
      TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "RC2" },
    { ENCRYPTED (SCRYPT ("0401 00 0203 100000 0201 10 0201 01") AES256), TILL_ERROR_NEWER_PROTECTION,
      TILL_REASON_TOO_MANY, "scrypt" },
    { ENCRYPTED (SCRYPT ("0401 00 0202 4000 0201 08 0203 010000") AES256), TILL_ERROR_NEWER_PROTECTION,
      TILL_REASON_TOO_MANY, "scrypt" },
    { ENCRYPTED (SCRYPT ("0401 00 0209 008000000000000000 0201 08 0209 008000000000000000") AES256),
      TILL_ERROR_NEWER_PROTECTION, TILL_REASON_TOO_MANY, "scrypt" },
    { ENCRYPTED (SCRYPT ("0401 00 0202 0fff 0201 08 0201 01") AES256), TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "scrypt" },
    { ENCRYPTED (SCRYPT ("0401 00 0201 02 0201 00 0201 01") AES256), TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "scrypt" },
    { ENCRYPTED ("30{06{<1.2.3>}}" AES256), TILL_ERROR_NEWER_PROTECTION, TILL_REASON_ALGORITHM, "1.2.3" },
    { ENCRYPTED (""), TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "encryption" },
    { "30{30{06{<1.2.840.113549.1.12.1.3>} 30{0408 0000000000000000 0204 7fffffff}} 0408 0000000000000000}",
      TILL_ERROR_DAMAGED, TILL_REASON_TOO_MANY_ITERATIONS, "2147483647" },
    { "30{30{06{<1.2.840.113549.1.5.3>} 30{0408 0000000000000000 0204 7fffffff}} 0408 0000000000000000}",
      TILL_ERROR_DAMAGED, TILL_REASON_TOO_MANY_ITERATIONS, "2147483647" },
    { "30{30{06{<1.2.840.113549.1.12.1.99>} 30{}} 0408 0000000000000000}",
      TILL_ERROR_NEWER_PROTECTION, TILL_REASON_ALGORITHM, "PKCS #12" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) bytes = fixture_der (cases[i].text);
      gint64 start = till_test_cpu_time ();

      assert_fails (bytes, PASSWORD, cases[i].code, cases[i].reason, cases[i].words);
      g_assert_cmpint (till_test_cpu_time () - start, <, G_USEC_PER_SEC / 2);
    }
}

/* Text that is not a whole number of blocks, and no text at all. */
static void
test_cipher_text (void)
{
  static const char * const cases[] = {
    "30{30{06{<1.2.840.113549.1.12.1.3>} 30{0401 00 0201 01}} 0400}",
    "30{30{06{<1.2.840.113549.1.12.1.3>} 30{0401 00 0201 01}} 0407 00000000000000}",
    "30{30{06{<1.2.840.113549.1.12.1.1>} 30{0401 00 0201 01}} 0400}",
    "30{30{06{<1.2.840.113549.1.12.1.3>} 30{0400 0201 01}} 0408 0000000000000000}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) bytes = fixture_der (cases[i]);

      assert_fails (bytes, PASSWORD, TILL_ERROR_WRONG_PASSWORD, TILL_REASON_NONE, "password");
    }
}

static void
test_dek_damaged (void)
{
  static const char * const cases[] = {
    "AES-256-CBC",
    "AES-256-CBC,",
    "AES-256-CBC,00",
    "AES-256-CBC,0000000000000000000000000000000g",
    "AES-256-CBC,000000000000000000000000000000000",
    "DES-CBC,00000000000000000000000000000000",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
                                               "DEK-Info: %s\n\nAAAAAAAAAAAAAAAAAAAAAA==\n"
                                               "-----END RSA PRIVATE KEY-----\n", cases[i]);
      g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));

      assert_fails (bytes, PASSWORD, TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "DEK-Info");
    }
}

/* A key under the empty password opens without being asked for one. */
static void
test_empty_password (void)
{
  static const char * const arguments[] = { "-v2 aes-256-cbc", "-v1 PBE-SHA1-3DES" };
  g_autoptr(TillTestDir) dir = till_test_dir_new ();

  fixture_make (dir, "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem");
  for (gsize i = 0; i < G_N_ELEMENTS (arguments); i++)
    {
      g_autoptr(TillDocument) document = NULL;
      g_autoptr(TillDocument) given = NULL;

      fixture_make (dir, "openssl pkcs8 -topk8 -in key.pem -passout pass: %s " LEGACY " -out out.key", arguments[i]);
      document = open_file (dir, "out.key", NULL);
      assert_counts (document, "private-key", 0, 1);
      g_assert_true (document->encrypted);
      g_assert_cmphex (document->notes, ==, TILL_NOTE_EMPTY_PASSWORD);
      g_assert_true (document->protection->weakness & TILL_WEAK_NO_PASSWORD);

      given = open_file (dir, "out.key", "");
      g_assert_cmphex (given->notes, ==, TILL_NOTE_NONE);
    }
}

/* Long work ends when it is cancelled, or out of time. */
static void
test_cancel (void)
{
  static const char * const texts[] = {
    ENCRYPTED (PBKDF2 ("0401 00 0203 7fffff") AES256),
    ENCRYPTED (SCRYPT ("0401 00 0203 020000 0201 08 0201 04") AES256),
    "30{30{06{<1.2.840.113549.1.12.1.3>} 30{0401 00 0203 7fffff}} 0408 0000000000000000}",
    "30{30{06{<1.2.840.113549.1.5.3>} 30{0401 00 0203 7fffff}} 0408 0000000000000000}",
  };
  g_autoptr(TillSecret) password = till_secret_new_copy (PASSWORD, strlen (PASSWORD));

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GBytes) bytes = fixture_der (texts[i]);
      g_autoptr(GError) error = NULL;
      TillCancel cancel = { .deadline = g_get_monotonic_time () + 20000 };
      TillInspectOptions options = { .password = password, .cancel = &cancel };
      gint64 start = till_test_cpu_time ();

      g_assert_null (till_document_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &options, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_TIMED_OUT);
      /* Done to the end, each takes seconds. */
      g_assert_cmpint (till_test_cpu_time () - start, <, G_USEC_PER_SEC);

      g_clear_error (&error);
      cancel.deadline = 0;
      cancel.cancelled = 1;
      g_assert_null (till_document_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &options, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_CANCELLED);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pbe/pbkdf2", test_pbkdf2);
  g_test_add_func ("/pbe/pkcs12-kdf", test_pkcs12_kdf);
  g_test_add_func ("/pbe/scrypt", test_scrypt);
  g_test_add_func ("/pbe/passwords", test_passwords);
  g_test_add_func ("/pbe/pkcs8", test_pkcs8);
  g_test_add_func ("/pbe/old-pem", test_old_pem);
  g_test_add_func ("/pbe/named", test_named);
  g_test_add_func ("/pbe/bounds", test_bounds);
  g_test_add_func ("/pbe/cipher-text", test_cipher_text);
  g_test_add_func ("/pbe/dek-damaged", test_dek_damaged);
  g_test_add_func ("/pbe/empty-password", test_empty_password);
  g_test_add_func ("/pbe/cancel", test_cancel);

  return g_test_run ();
}
