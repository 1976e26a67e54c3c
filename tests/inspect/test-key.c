/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of all kinds and forms, which belong together, and that nothing private is left behind. */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "fixture.h"
#include "till-certificate.h"
#include "till-error.h"
#include "till-key-math.h"
#include "till-key.h"

/* What stands behind ML-DSA, a curve that nobody knows, and such. */
#define SECRET_OCTETS "04{0102030405060708}"

#define ANOTHERS_PART \
  "30{02{01} 04{0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20}" \
  " a0{06{<1.2.840.10045.3.1.7>}}" \
  " a1{03{00 026b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296}}}"

#define NOT_ON_CURVE \
  "30{30{06{<1.2.840.10045.2.1>} 06{<1.2.840.10045.3.1.7>}} 03{00 04" \
  "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296" \
  "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f4}}"

#define NO_KNOWN_FORM \
  "30{30{06{<1.2.840.10045.2.1>} 06{<1.2.840.10045.3.1.7>}} 03{00 05" \
  "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296}}"

static TillKey *
read_private (GBytes  *der,
              GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (der, &size);

  return till_key_new_private (data, size, NULL, error);
}

static TillKey *
load_private (TillTestDir *dir,
              const char  *name)
{
  g_autoptr(GBytes) der = fixture_load (dir, name);
  g_autoptr(GError) error = NULL;
  TillKey *key = read_private (der, &error);

  g_assert_no_error (error);
  g_assert_nonnull (key);
  g_assert_true (key->is_private);
  return key;
}

static TillKey *
load_public (TillTestDir *dir,
             const char  *name)
{
  g_autoptr(GBytes) der = fixture_load (dir, name);
  g_autoptr(GError) error = NULL;
  gsize size;
  const guint8 *data = g_bytes_get_data (der, &size);
  TillKey *key = till_key_new_public (data, size, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (key);
  g_assert_false (key->is_private);
  return key;
}

static int
match (const TillKey *key,
       const TillKey *other)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (other->spki, &size);

  return till_key_matches_spki (key, data, size);
}

static void
assert_refused (const char      *text,
                TillError        code,
                TillErrorReason  reason,
                const char      *word)
{
  g_autoptr(GBytes) der = fixture_der (text);
  g_autoptr(GError) error = NULL;

  g_assert_null (read_private (der, &error));
  g_assert_error (error, TILL_ERROR, (int) code);
  g_assert_cmpint (till_error_get_reason (error), ==, reason);
  g_assert_nonnull (strstr (error->message, word));
}

typedef struct
{
  const char *generate;
  const char *algorithm;
  int         bits;
  const char *curve;
  guint       weakness;
  gboolean    traditional;     /* openssl has an older form of it */
  gboolean    lonely;          /* the public part is not in the key and can't be computed */
} KeyKind;

static const KeyKind kinds[] = {
  { "RSA -pkeyopt rsa_keygen_bits:1024", "RSA", 1024, NULL, TILL_WEAK_SMALL_KEY, TRUE, FALSE },
  { "RSA -pkeyopt rsa_keygen_bits:2048", "RSA", 2048, NULL, 0, TRUE, FALSE },
  { "RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_primes:3", "RSA", 2048, NULL, 0, TRUE, FALSE },
  { "RSA-PSS -pkeyopt rsa_keygen_bits:2048", "RSA-PSS", 2048, NULL, 0, FALSE, FALSE },
  { "RSA-PSS -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha256 -pkeyopt rsa_pss_keygen_mgf1_md:sha512",
    "RSA-PSS", 2048, NULL, 0, FALSE, FALSE },
  { "RSA -pkeyopt rsa_keygen_bits:512", "RSA", 512, NULL, TILL_WEAK_SMALL_KEY, TRUE, FALSE },
  { "EC -pkeyopt ec_paramgen_curve:P-192", "EC", 192, "P-192", TILL_WEAK_SMALL_KEY, TRUE, FALSE },
  { "EC -pkeyopt ec_paramgen_curve:P-224", "EC", 224, "P-224", 0, TRUE, FALSE },
  { "EC -pkeyopt ec_paramgen_curve:P-256", "EC", 256, "P-256", 0, TRUE, FALSE },
  { "EC -pkeyopt ec_paramgen_curve:P-384", "EC", 384, "P-384", 0, TRUE, FALSE },
  { "EC -pkeyopt ec_paramgen_curve:P-521", "EC", 521, "P-521", 0, TRUE, FALSE },
  { "EC -pkeyopt ec_paramgen_curve:secp256k1", "EC", 256, "secp256k1", 0, TRUE, FALSE },
  { "EC -pkeyopt ec_paramgen_curve:brainpoolP384r1", "EC", 384, "brainpoolP384r1", 0, TRUE, FALSE },
  { "EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit", "EC", 256, "explicit", 0, TRUE, FALSE },
  { "EC -pkeyopt ec_paramgen_curve:SM2", "EC", 256, "SM2", 0, TRUE, FALSE },
  { "ED25519", "Ed25519", 256, NULL, 0, FALSE, FALSE },
  { "ED448", "Ed448", 456, NULL, 0, FALSE, FALSE },
  { "X25519", "X25519", 256, NULL, 0, FALSE, FALSE },
  { "X448", "X448", 448, NULL, 0, FALSE, FALSE },
  { "DH -pkeyopt group:ffdhe2048", "DH", 2048, NULL, 0, FALSE, TRUE },
};

static void
check_kind (TillTestDir   *dir,
            const char    *name,
            const KeyKind *kind)
{
  g_autoptr(TillKey) key = load_private (dir, name);
  g_autoptr(TillKey) public_key = load_public (dir, "public.der");
  g_autofree char *sum = fixture_run (dir, "sha256sum public.der");

  g_assert_cmpstr (key->algorithm, ==, kind->algorithm);
  g_assert_cmpint (key->bits, ==, kind->bits);
  g_assert_cmpstr (key->curve, ==, kind->curve);
  g_assert_cmpuint (key->weakness, ==, kind->weakness);
  g_assert_cmpstr (public_key->algorithm, ==, kind->algorithm);
  g_assert_cmpint (public_key->bits, ==, kind->bits);
  g_assert_cmpstr (public_key->curve, ==, kind->curve);
  g_assert_cmpuint (public_key->weakness, ==, kind->weakness);
  g_assert_cmpuint (strlen (public_key->key_proper_sha256), ==, 64);
  g_assert_true (g_str_has_prefix (sum, public_key->public_key_sha256));
  g_assert_null (key->friendly_name);

  if (kind->lonely)
    {
      g_assert_cmpstr (key->public_key_sha256, ==, "");
      g_assert_null (key->spki);
      g_assert_cmpint (match (key, public_key), ==, -1);
      return;
    }

  g_assert_true (g_bytes_equal (key->spki, public_key->spki));
  g_assert_cmpstr (key->public_key_sha256, ==, public_key->public_key_sha256);
  g_assert_cmpstr (key->key_proper_sha256, ==, public_key->key_proper_sha256);
  g_assert_cmpint (match (key, public_key), ==, 1);
}

static void
test_kinds (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autoptr(TillKey) stranger = NULL;

  fixture_make (dir, "openssl genpkey -algorithm ED25519 -outform DER -out stranger.der");
  stranger = load_private (dir, "stranger.der");

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr(TillKey) public_key = NULL;

      g_test_message ("%s", kinds[i].generate);
      fixture_make (dir, "openssl genpkey -algorithm %s -out key.pem", kinds[i].generate);
      fixture_make (dir, "openssl pkcs8 -topk8 -nocrypt -in key.pem -outform DER -out key.der");
      fixture_make (dir, "openssl pkey -in key.pem -pubout -outform DER -out public.der");
      check_kind (dir, "key.der", &kinds[i]);

      if (kinds[i].traditional)
        {
          fixture_make (dir, "openssl pkey -in key.pem -traditional -outform DER -out old.der");
          check_kind (dir, "old.der", &kinds[i]);
        }

      public_key = load_public (dir, "public.der");
      g_assert_cmpint (match (stranger, public_key), ==, 0);
    }
}

static void
test_dsa (void)
{
  const KeyKind kind = { NULL, "DSA", 1024, NULL, TILL_WEAK_SMALL_KEY, TRUE, FALSE };
  g_autoptr(TillTestDir) dir = till_test_dir_new ();

  fixture_make (dir, "openssl genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:1024 -out dsa.pem");
  fixture_make (dir, "openssl genpkey -paramfile dsa.pem -out key.pem");
  fixture_make (dir, "openssl pkcs8 -topk8 -nocrypt -in key.pem -outform DER -out key.der");
  fixture_make (dir, "openssl pkey -in key.pem -traditional -outform DER -out old.der");
  fixture_make (dir, "openssl pkey -in key.pem -pubout -outform DER -out public.der");
  check_kind (dir, "key.der", &kind);
  check_kind (dir, "old.der", &kind);
}

/* Without the public part, as Java writes them, and with a compressed one. */
static void
test_public_part (void)
{
  static const char * const curves[] = { "P-192", "P-224", "P-256", "P-384", "P-521" };
  g_autoptr(TillTestDir) dir = till_test_dir_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (curves); i++)
    {
      g_autoptr(TillKey) public_key = NULL;
      g_autoptr(TillKey) compressed = NULL;
      g_autoptr(TillKey) key = NULL;
      g_autoptr(TillKey) wrapped = NULL;
      g_autoptr(TillKey) half = NULL;

      g_test_message ("%s", curves[i]);
      fixture_make (dir, "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:%s -out key.pem", curves[i]);
      fixture_make (dir, "openssl pkey -in key.pem -pubout -outform DER -out public.der");
      fixture_make (dir, "openssl ec -in key.pem -pubout -conv_form compressed -outform DER -out compressed.der");
      fixture_make (dir, "openssl ec -in key.pem -no_public -out alone.pem");
      fixture_make (dir, "openssl ec -in alone.pem -no_public -outform DER -out alone.der");
      fixture_make (dir, "openssl pkcs8 -topk8 -nocrypt -in alone.pem -outform DER -out wrapped.der");
      fixture_make (dir, "openssl ec -in key.pem -conv_form compressed -outform DER -out half.der");

      public_key = load_public (dir, "public.der");
      compressed = load_public (dir, "compressed.der");
      g_assert_cmpstr (public_key->key_proper_sha256, ==, compressed->key_proper_sha256);
      g_assert_cmpstr (public_key->public_key_sha256, !=, compressed->public_key_sha256);
      g_assert_cmpint (compressed->bits, ==, public_key->bits);

      key = load_private (dir, "alone.der");
      g_assert_cmpint (match (key, public_key), ==, 1);
      g_assert_cmpint (match (key, compressed), ==, 1);
      g_assert_true (g_bytes_equal (key->spki, public_key->spki));

      wrapped = load_private (dir, "wrapped.der");
      g_assert_cmpint (match (wrapped, public_key), ==, 1);
      g_assert_true (g_bytes_equal (wrapped->spki, public_key->spki));

      half = load_private (dir, "half.der");
      g_assert_cmpint (match (half, public_key), ==, 1);
    }

  fixture_make (dir, "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1 -out key.pem");
  fixture_make (dir, "openssl ec -in key.pem -no_public -outform DER -out alone.der");
    {
      g_autoptr(TillKey) unknown = load_private (dir, "alone.der");

      g_assert_cmpstr (unknown->curve, ==, "secp256k1");
      g_assert_cmpstr (unknown->public_key_sha256, ==, "");
      g_assert_cmpstr (unknown->key_proper_sha256, ==, "");
    }
}

/* RFC 8410 10.3: version 2 with attributes and the public key. */
static void
test_version_2 (void)
{
  const char *secret = "04{04{d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842}}";
  const char *attribute = "a0{30{06{<1.2.840.113549.1.9.9.20>} 31{0c{'Curdle Chairs'}}}}";
  const char *public_part = "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1";
  g_autofree char *first = g_strdup_printf ("30{02{00} 30{06{<1.3.101.112>}} %s}", secret);
  g_autofree char *second = g_strdup_printf ("30{02{01} 30{06{<1.3.101.112>}} %s %s 81{00%s}}", secret, attribute,
                                             public_part);
  g_autofree char *spki = g_strdup_printf ("30{30{06{<1.3.101.112>}} 03{00%s}}", public_part);
  g_autoptr(GBytes) first_der = fixture_der (first);
  g_autoptr(GBytes) second_der = fixture_der (second);
  g_autoptr(GBytes) spki_der = fixture_der (spki);
  g_autoptr(TillKey) first_key = read_private (first_der, NULL);
  g_autoptr(TillKey) second_key = read_private (second_der, NULL);

  g_assert_nonnull (first_key);
  g_assert_nonnull (second_key);
  g_assert_true (g_bytes_equal (first_key->spki, spki_der));
  g_assert_true (g_bytes_equal (second_key->spki, spki_der));
  g_assert_cmpstr (first_key->key_proper_sha256, ==, second_key->key_proper_sha256);
}

static void
test_unsupported (void)
{
  static const struct
  {
    const char *algorithm;
    const char *word;
  } cases[] = {
    { "30{06{<2.16.840.1.101.3.4.3.17>}}", "ML-DSA-44" },
    { "30{06{<2.16.840.1.101.3.4.3.27>}}", "SLH-DSA-SHAKE-128f" },
    { "30{06{<2.16.840.1.101.3.4.4.3>}}", "ML-KEM-1024" },
    { "30{06{<1.2.3.4.5>}}", "1.2.3.4.5" },
    { "30{06{<1.2.840.10045.2.1>} 06{<1.2.3.4.99>}}", "1.2.3.4.99" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *inner = strstr (cases[i].word, ".99") != NULL ? "04{30{02{01} " SECRET_OCTETS "}}" : SECRET_OCTETS;
      g_autofree char *text = g_strdup_printf ("30{02{00} %s %s}", cases[i].algorithm, inner);

      assert_refused (text, TILL_ERROR_NEWER_PROTECTION, TILL_REASON_ALGORITHM, cases[i].word);
    }
}

static void
test_damaged (void)
{
  static const char * const cases[] = {
    "", "30{}", "30{02{00}}", "02{01}", "30{02{00} 02{05}}", "30{02{00} 02{05} 02{07}}",
    "30{02{00} 30{06{<1.3.101.112>}} 04{04{0102}}}",
    "30{02{00} 30{06{<1.3.101.112>}} 04{}}",
    "30{02{00} 30{06{<1.3.101.112>}}}",
    "30{02{00} 30{06{<1.2.840.113549.1.1.1>} 0500} 04{aabb}}",
    "30{02{00} 30{06{<1.2.840.10045.2.1>} 06{<1.2.840.10045.3.1.7>}} 04{30{02{01}}}}",
    /* The order of P-256 and nought are no private keys. */
    "30{02{01} 04{ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551} a0{06{<1.2.840.10045.3.1.7>}}}",
    "30{02{01} 04{0000000000000000000000000000000000000000000000000000000000000000} a0{06{<1.2.840.10045.3.1.7>}}}",
    /* No curve. */
    "30{02{01} 04{0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20}}",
    /* Another's public part, compressed. */
    ANOTHERS_PART,
    /* 15 is not 3 times 7. */
    "30{02{00} 02{0f} 02{03} 02{03} 02{03} 02{07} 02{01} 02{01} 02{01}}",
    /* Other primes that are none. */
    "30{02{01} 02{0f} 02{03} 02{03} 02{03} 02{05} 02{01} 02{01} 02{01} 30{}}",
    "30{02{01} 02{0f} 02{03} 02{03} 02{03} 02{05} 02{01} 02{01} 02{01} 30{30{02{01}}}}",
  };
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autoptr(GBytes) der = NULL;
  const guint8 *data;
  gsize size;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i]);
      assert_refused (cases[i], TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "damaged");
    }

  fixture_make (dir, "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -outform DER -out key.der");
  der = fixture_load (dir, "key.der");
  data = g_bytes_get_data (der, &size);
  for (gsize i = 0; i < size; i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (till_key_new_private (data, i, "PRIVATE KEY", &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_DAMAGED);
    }
}

static void
test_small_rsa (void)
{
  g_autoptr(GBytes) der = fixture_der ("30{02{00} 02{0f} 02{03} 02{03} 02{03} 02{05} 02{01} 02{01} 02{01}}");
  g_autoptr(TillKey) key = read_private (der, NULL);

  g_assert_nonnull (key);
  g_assert_cmpint (key->bits, ==, 4);
  g_assert_cmpuint (key->weakness, ==, TILL_WEAK_SMALL_KEY);
}

static void
test_bytes_behind (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autoptr(GBytes) der = NULL;
  g_autofree guint8 *longer = NULL;
  g_autoptr(TillKey) key = NULL;
  gsize size;

  fixture_make (dir, "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -outform DER -out key.der");
  der = fixture_load (dir, "key.der");
  size = g_bytes_get_size (der);
  longer = g_malloc0 (size + 8);
  memcpy (longer, g_bytes_get_data (der, NULL), size);
  key = till_key_new_private (longer, size + 8, NULL, NULL);
  g_assert_nonnull (key);
  g_assert_cmpint (key->bits, ==, 1024);
}

static void
test_public (void)
{
  static const char * const broken[] = {
    "", "30{}", "30{02{05}}", "30{30{06{<1.3.101.112>}} 03{00aabb}}",
    "30{30{06{<1.2.840.113549.1.1.1>} 0500} 03{00 30{02{05}}}}",
    "30{30{06{<1.2.840.10045.2.1>} 06{<1.2.840.10045.3.1.7>}} 03{00}}",
    /* Not on the curve, not of its size, of no known form. */
    NOT_ON_CURVE,
    "30{30{06{<1.2.840.10045.2.1>} 06{<1.2.840.10045.3.1.7>}} 03{00 04aabb}}",
    NO_KNOWN_FORM,
  };
  g_autoptr(GBytes) on_curve = fixture_der (
    "30{30{06{<1.2.840.10045.2.1>} 06{<1.2.840.10045.3.1.7>}} 03{00 04"
    "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5}}");
  g_autoptr(GBytes) post_quantum = fixture_der ("30{30{06{<2.16.840.1.101.3.4.3.18>}} 03{00 0102}}");
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autoptr(TillKey) first = NULL;
  g_autoptr(TillKey) second = NULL;
  g_autoptr(TillKey) point = NULL;
  g_autoptr(TillKey) named = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr(GBytes) der = fixture_der (broken[i]);
      g_autoptr(GError) error = NULL;
      gsize size;
      const guint8 *data = g_bytes_get_data (der, &size);

      g_test_message ("%s", broken[i]);
      g_assert_null (till_key_new_public (data, size, NULL, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_DAMAGED);
    }

  point = till_key_new_public (g_bytes_get_data (on_curve, NULL), g_bytes_get_size (on_curve), NULL, NULL);
  g_assert_nonnull (point);
  named = till_key_new_public (g_bytes_get_data (post_quantum, NULL), g_bytes_get_size (post_quantum), NULL, NULL);
  g_assert_cmpstr (named->algorithm, ==, "ML-DSA-65");
  g_assert_cmpint (named->bits, ==, 0);

  fixture_make (dir, "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out key.pem");
  fixture_make (dir, "openssl rsa -in key.pem -pubout -outform DER -out public.der");
  fixture_make (dir, "openssl rsa -in key.pem -RSAPublicKey_out -outform DER -out old.der");
  first = load_public (dir, "public.der");
  second = load_public (dir, "old.der");
  g_assert_true (g_bytes_equal (first->spki, second->spki));
  g_assert_cmpint (match (first, second), ==, 1);
  g_assert_cmpint (match (first, point), ==, 0);
  g_assert_cmpint (till_key_matches_spki (first, NULL, 0), ==, -1);
}

/* The generator of P-256 belongs to the private key 1 (SEC 2 2.4.2). */
static void
test_arithmetic (void)
{
  const guint8 one[] = { 0x01 };
  g_autoptr(GBytes) generator = fixture_der ("04 6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
                                             "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");
  g_autoptr(GByteArray) point = g_byte_array_new ();
  TillDer scalar;

  till_der_init (&scalar, one, sizeof one);
  g_assert_true (till_key_math_derive_point ("P-256", &scalar, point));
  g_assert_cmpmem (point->data, point->len, g_bytes_get_data (generator, NULL), g_bytes_get_size (generator));
  g_assert_false (till_key_math_derive_point ("secp256k1", &scalar, point));
  g_assert_false (till_key_math_derive_point (NULL, &scalar, point));
}

/* Reads a file into memory that nobody else copies from. */
static gsize
load_quietly (TillTestDir *dir,
              const char  *name,
              guint8      *buffer,
              gsize        size)
{
  g_autofree char *path = till_test_dir_file (dir, name);
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  ssize_t n;

  g_assert_cmpint (fd, >=, 0);
  n = read (fd, buffer, size);
  g_assert_cmpint (n, >, 32);
  close (fd);
  return (gsize) n;
}

static void
test_nothing_left (void)
{
  static const char * const wanted[] = {
    "RSA -pkeyopt rsa_keygen_bits:2048", "EC -pkeyopt ec_paramgen_curve:P-256", "ED25519", "X25519",
    "RSA-PSS -pkeyopt rsa_keygen_bits:2048",
  };
  static guint8 buffer[8192];
  g_autoptr(TillTestDir) dir = till_test_dir_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      g_autoptr(TillKey) key = NULL;
      guint8 inverted[24];
      gsize size;
      gsize from;

      g_test_message ("%s", wanted[i]);
      fixture_make (dir, "openssl genpkey -algorithm %s -outform DER -out key.der", wanted[i]);
      size = load_quietly (dir, "key.der", buffer, sizeof buffer);
      /* The end of an RSA key is a secret number; of the others so is what follows the header. */
      from = size > 1000 ? size - 40 : g_str_has_prefix (wanted[i], "EC") ? 38 : size - 30;
      for (gsize j = 0; j < sizeof inverted; j++)
        inverted[j] = (guint8) ~buffer[from + j];

      key = till_key_new_private (buffer, size, NULL, NULL);
      g_assert_nonnull (key);
      g_assert_cmpuint (till_test_count_in_memory (inverted, sizeof inverted), ==, 1);
      memset (buffer, 0, sizeof buffer);
      g_assert_cmpuint (till_test_count_in_memory (inverted, sizeof inverted), ==, 0);
    }
}

static void
test_references (void)
{
  g_autoptr(GBytes) der = fixture_der ("30{30{06{<1.3.101.112>}}"
                                       " 03{00 d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a}}");
  TillKey *key = till_key_new_public (g_bytes_get_data (der, NULL), g_bytes_get_size (der), "PUBLIC KEY", NULL);
  TillKey *again = till_key_ref (key);

  g_assert_true (again == key);
  till_key_unref (key);
  g_assert_cmpstr (again->algorithm, ==, "Ed25519");
  till_key_unref (again);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/key/kinds", test_kinds);
  g_test_add_func ("/key/dsa", test_dsa);
  g_test_add_func ("/key/public-part", test_public_part);
  g_test_add_func ("/key/version-2", test_version_2);
  g_test_add_func ("/key/unsupported", test_unsupported);
  g_test_add_func ("/key/damaged", test_damaged);
  g_test_add_func ("/key/small-rsa", test_small_rsa);
  g_test_add_func ("/key/bytes-behind", test_bytes_behind);
  g_test_add_func ("/key/public", test_public);
  g_test_add_func ("/key/arithmetic", test_arithmetic);
  g_test_add_func ("/key/nothing-left", test_nothing_left);
  g_test_add_func ("/key/references", test_references);

  return g_test_run ();
}
