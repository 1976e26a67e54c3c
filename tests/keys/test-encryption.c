/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Card fields encrypted, and decrypted by openssl; what is refused; what is left in memory. */
#include "config.h"

#include <string.h>

#include "till-encryption.h"
#include "till-error.h"
#include "till-test.h"

static TillTestDir *dir;

static void run (const char *format,
                 ...) G_GNUC_PRINTF (1, 2);

static void
run (const char *format,
     ...)
{
  g_autofree char *line = NULL;
  g_autoptr(TillTestRun) done = NULL;
  const char *argv[] = { "/bin/sh", "-c", NULL, NULL };
  va_list args;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);
  argv[2] = line;
  done = till_test_run (argv, NULL, dir->path);
  if (done->status != 0)
    g_test_message ("%s: %s", line, done->errors);
  g_assert_cmpint (done->status, ==, 0);
}

/* Makes NAME.key and NAME.der in the folder. */
static void
make_key (const char *name,
          const char *arguments)
{
  run ("openssl genpkey -quiet %s -out %s.key 2>/dev/null || openssl genpkey %s -out %s.key",
       arguments, name, arguments, name);
  run ("openssl pkey -in %s.key -pubout -outform DER -out %s.der", name, name);
}

static GBytes *
load (const char *name)
{
  g_autofree char *path = till_test_dir_file (dir, name);
  g_autoptr(GError) error = NULL;
  char *data;
  gsize size;

  g_file_get_contents (path, &data, &size, &error);
  g_assert_no_error (error);

  return g_bytes_new_take (data, size);
}

static TillEncryption *
encrypt (const char  *key,
         const char  *json,
         GError     **error)
{
  g_autofree char *file = g_strconcat (key, ".der", NULL);
  g_autoptr(GBytes) spki = load (file);
  g_autoptr(TillSecret) secret = till_secret_new_copy (json, strlen (json));

  return till_encryption_new ("the-key", spki, secret, error);
}

static void
assert_decrypts (TillEncryption *encryption,
                 const char     *key,
                 const char     *expected)
{
  g_autoptr(GBytes) plain = NULL;
  g_autofree guchar *block = NULL;
  g_autofree char *path = NULL;
  gsize size;

  block = g_base64_decode (encryption->block, &size);
  path = till_test_dir_write (dir, "block", block, (gssize) size);
  run ("openssl pkeyutl -decrypt -inkey %s.key -in block -out plain -pkeyopt rsa_padding_mode:oaep "
       "-pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256", key);
  plain = load ("plain");
  g_assert_cmpmem (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain), expected, strlen (expected));
}

static void
test_fields (void)
{
  static const struct
  {
    const char *json;
    const char *plain;
    const char *fields;
  } rows[] = {
    { "{\"cardData\":\"4005550000000019\",\"nameOnCard\":\"Jane Doe\",\"expirationMonth\":\"02\",\"expirationYear\":\"2035\"}",
      "4005550000000019Jane Doe022035",
      "card.cardData:16,card.nameOnCard:8,card.expirationMonth:2,card.expirationYear:4" },
    /* The order is that of the text; a name with a dot is left as it is. */
    { " {\n \"track.data\" : \"B\" ,\t\"a_1\":\"A\"\r\n} ", "BA", "track.data:1,card.a_1:1" },
    /* Lengths are bytes of UTF-8. */
    { "{\"nameOnCard\":\"J\xc3\xb6rg \xe2\x82\xac\"}", "J\xc3\xb6rg \xe2\x82\xac", "card.nameOnCard:9" },
    { "{\"n\":\"\\u00f6\\u20ac\\ud83d\\ude00\\n\\\"\\\\\\/\\b\\f\\r\\tx\"}",
      "\xc3\xb6\xe2\x82\xac\xf0\x9f\x98\x80\n\"\\/\b\f\r\tx", "card.n:18" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(TillEncryption) encryption = NULL;
      g_autoptr(GError) error = NULL;

      encryption = encrypt ("rsa2048", rows[i].json, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (encryption->key_id, ==, "the-key");
      g_assert_cmpstr (encryption->encryption_type, ==, "RSA");
      g_assert_cmpstr (encryption->target, ==, "MANUAL");
      g_assert_cmpstr (encryption->fields, ==, rows[i].fields);
      assert_decrypts (encryption, "rsa2048", rows[i].plain);
    }
}

/* As much as fits and one byte more, for two sizes of keys. */
static void
test_longest (void)
{
  static const struct
  {
    const char *key;
    gsize       most;
  } rows[] = { { "rsa2048", 190 }, { "rsa3072", 318 }, { "rsa2056", 191 } };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *value = g_strnfill (rows[i].most, '7');
      g_autofree char *fits = g_strdup_printf ("{\"cardData\":\"%s\"}", value);
      g_autofree char *long_one = g_strdup_printf ("{\"cardData\":\"%s\",\"x\":\"1\"}", value);
      g_autoptr(TillEncryption) encryption = NULL;
      g_autoptr(GError) error = NULL;

      encryption = encrypt (rows[i].key, fits, &error);
      g_assert_no_error (error);
      assert_decrypts (encryption, rows[i].key, value);

      g_assert_null (encrypt (rows[i].key, long_one, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_REJECTED);
      g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_TOO_LARGE);
      g_assert_cmpint (till_error_get_have (error), ==, (gint64) rows[i].most + 1);
      g_assert_cmpint (till_error_get_want (error), ==, (gint64) rows[i].most);
      g_assert_null (strstr (error->message, "777"));
    }
}

/* Never twice the same, and always as long as the modulus. */
static void
test_random (void)
{
  g_autoptr(GHashTable) blocks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (int i = 0; i < 400; i++)
    {
      g_autoptr(TillEncryption) encryption = NULL;
      g_autoptr(GError) error = NULL;

      encryption = encrypt ("rsa2048", "{\"cardData\":\"1\"}", &error);
      g_assert_no_error (error);
      g_assert_cmpint (strlen (encryption->block), ==, 344);
      g_assert_true (g_hash_table_add (blocks, g_strdup (encryption->block)));
    }
}

static void
test_refused (void)
{
  static const struct
  {
    const char *json;
    const char *message;
  } rows[] = {
    { "", "not a JSON object" },
    { "[\"a\"]", "not a JSON object" },
    { "\"canary\"", "not a JSON object" },
    { "{\"cardData\":\"canary", "not a JSON object" },
    { "{\"cardData\":\"canary\"} x", "not a JSON object" },
    { "{\"cardData\":\"canary\\u0000\"}", "not a JSON object" },
    { "{\"cardData\":\"canary\\ud800\"}", "not a JSON object" },
    { "{}", "no card field" },
    { "{\"cardData\":\"\"}", "“card.cardData” is empty" },
    { "{\"cardData\":4005550000000019}", "“card.cardData” is not text" },
    { "{\"cardData\":null}", "“card.cardData” is not text" },
    { "{\"card\":{\"cardData\":\"canary\"}}", "“card.card” is not text" },
    { "{\"cardData\":\"canary\",\"cardData\":\"canary\"}", "not a JSON object" },
    { "{\"cardData\":\"canary\",\"card.cardData\":\"canary\"}", "given twice" },
    { "{\"card data\":\"canary\"}", "name of a field" },
    { "{\"card:16,x\":\"canary\"}", "name of a field" },
    { "{\"a\\u0062\":\"canary\"}", "name of a field" },
    { "{\"\":\"canary\"}", "name of a field" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", rows[i].json);
      g_assert_null (encrypt ("rsa2048", rows[i].json, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_REJECTED);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, rows[i].message));
      g_assert_null (strstr (error->message, "canary"));
      g_assert_null (strstr (error->message, "4005"));
    }
}

static void
test_keys (void)
{
  static const struct
  {
    const char *key;
    int         code;
    const char *message;
  } rows[] = {
    { "rsa1024", TILL_ERROR_REJECTED, "1024 bits" },
    { "ec", TILL_ERROR_REJECTED, "RSA" },
    { "nonsense", TILL_ERROR_DAMAGED, "can't be read" },
    { "empty", TILL_ERROR_DAMAGED, "can't be read" },
  };

  g_free (till_test_dir_write (dir, "nonsense.der", "0\x82\x01", 3));
  g_free (till_test_dir_write (dir, "empty.der", "", 0));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (encrypt (rows[i].key, "{\"cardData\":\"1\"}", &error));
      g_assert_error (error, TILL_ERROR, rows[i].code);
      g_assert_nonnull (strstr (error->message, rows[i].message));
    }
}

/* What was encrypted is nowhere in memory but where it came from. */
static void
test_no_trace (void)
{
  static const char needle[] = "canary-card-4411";
  g_autoptr(TillSecret) json = till_secret_new (sizeof needle + 16);
  g_autoptr(TillEncryption) encryption = NULL;
  g_autoptr(GBytes) spki = load ("rsa2048.der");
  g_autoptr(GError) error = NULL;
  guint before;

  g_snprintf ((char *) till_secret_get_buffer (json), till_secret_get_size (json), "{\"cardData\":\"%s\"}", needle);
  till_secret_shrink (json, strlen ((const char *) till_secret_get_data (json)));
  before = till_test_count_in_memory (needle, strlen (needle));

  encryption = till_encryption_new ("k", spki, json, &error);
  g_assert_no_error (error);
  g_assert_cmpint (till_test_count_in_memory (needle, strlen (needle)), ==, before);
}

static gpointer
encrypt_cb (gpointer data)
{
  for (int i = 0; i < 20; i++)
    {
      g_autoptr(TillEncryption) encryption = NULL;
      g_autoptr(TillSecret) json = till_secret_new_copy ("{\"n\":\"5\"}", 9);
      g_autoptr(GError) error = NULL;

      encryption = till_encryption_new ("k", data, json, &error);
      g_assert_no_error (error);
    }

  return NULL;
}

/* Runs first, so that the library is set up by several threads at once. */
static void
test_threads (void)
{
  g_autoptr(GBytes) spki = load ("rsa2048.der");
  GThread *threads[8];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("encrypt", encrypt_cb, spki);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int    argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  dir = till_test_dir_new ();
  make_key ("rsa2048", "-algorithm RSA -pkeyopt rsa_keygen_bits:2048");
  make_key ("rsa2056", "-algorithm RSA -pkeyopt rsa_keygen_bits:2056");
  make_key ("rsa3072", "-algorithm RSA -pkeyopt rsa_keygen_bits:3072");
  make_key ("rsa1024", "-algorithm RSA -pkeyopt rsa_keygen_bits:1024");
  make_key ("ec", "-algorithm EC -pkeyopt ec_paramgen_curve:P-256");

  g_test_add_func ("/encryption/threads", test_threads);
  g_test_add_func ("/encryption/fields", test_fields);
  g_test_add_func ("/encryption/longest", test_longest);
  g_test_add_func ("/encryption/random", test_random);
  g_test_add_func ("/encryption/refused", test_refused);
  g_test_add_func ("/encryption/keys", test_keys);
  g_test_add_func ("/encryption/no-trace", test_no_trace);
  status = g_test_run ();
  till_test_dir_free (dir);

  return status;
}
