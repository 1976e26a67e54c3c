/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What test data of other projects has that is easily read wrong: each case made anew. */
#include "config.h"

#include <string.h>

#include "fixture.h"
#include "till-der.h"
#include "till-document.h"
#include "till-error.h"

#define PART_OCTETS 20

static TillDocument *
parse (GBytes      *bytes,
       const char  *password,
       GError     **error)
{
  g_autoptr(TillSecret) secret = password != NULL ? till_secret_new_copy (password, strlen (password)) : NULL;
  const TillInspectOptions options = { .password = secret };
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  return till_document_parse (data, size, &options, error);
}

static void
assert_refused (GBytes          *bytes,
                TillError        code,
                TillErrorReason  reason,
                const char      *word)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (parse (bytes, NULL, &error));
  g_assert_error (error, TILL_ERROR, (int) code);
  g_assert_cmpint (till_error_get_reason (error), ==, reason);
  g_assert_nonnull (strstr (error->message, word));
}

static void
append (GByteArray   *to,
        const guint8 *data,
        gsize         size)
{
  g_byte_array_append (to, data, (guint) size);
}

/* Writes DER as BER may have it: indefinite lengths (X.690 8.1.3.6), and OCTET
 * STRINGs in parts (8.7.3). */
static void
append_as_ber (GByteArray *to,
               TillDer     from)
{
  static const guint8 end[2] = { 0, 0 };

  while (till_der_left (&from) > 0)
    {
      TillDerElement element;
      guint8 head[2] = { 0, 0x80 };

      g_assert_true (till_der_read (&from, &element));
      head[0] = element.tag;

      if (element.tag & 0x20)
        {
          append (to, head, sizeof head);
          append_as_ber (to, element.content);
          append (to, end, sizeof end);
        }
      else if (element.tag == TILL_DER_OCTET_STRING && till_der_left (&element.content) > 0)
        {
          TillDer rest = element.content;

          head[0] |= 0x20;
          append (to, head, sizeof head);
          while (till_der_left (&rest) > 0)
            {
              gsize n = MIN (till_der_left (&rest), PART_OCTETS);
              const guint8 part[2] = { TILL_DER_OCTET_STRING, (guint8) n };

              append (to, part, sizeof part);
              append (to, rest.data, n);
              rest.data += n;
            }
          append (to, end, sizeof end);
        }
      else
        {
          append (to, element.start, (gsize) (element.next - element.start));
        }
    }
}

static void
test_pkcs12_in_parts (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autoptr(GByteArray) ber = g_byte_array_new ();
  g_autoptr(GBytes) der = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(TillDocument) document = NULL;
  g_autoptr(GError) error = NULL;
  TillDer cursor;

  fixture_make (dir, "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=parts -keyout key.pem -out cert.pem");
  fixture_make (dir, "openssl pkcs12 -export -inkey key.pem -in cert.pem -macalg sha256 -passout pass:parts "
                     "-out whole.p12");
  der = fixture_load (dir, "whole.p12");
  till_der_init (&cursor, g_bytes_get_data (der, NULL), g_bytes_get_size (der));
  append_as_ber (ber, cursor);
  bytes = g_bytes_new (ber->data, ber->len);

  document = parse (bytes, "parts", &error);
  g_assert_no_error (error);
  g_assert_cmpint (document->kind, ==, TILL_DOCUMENT_PKCS12);
  g_assert_cmpuint (document->certificates->len, ==, 1);
  g_assert_cmpuint (document->private_keys->len, ==, 1);
  g_assert_cmpint (g_array_index (document->private_keys, TillPrivateKeyEntry, 0).matches, ==, 1);
  g_assert_cmpstr (document->protection->mac, ==, "HMAC-SHA256");
  g_assert_true (document->notes & TILL_NOTE_BER);

  g_assert_null (parse (bytes, "other", &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_WRONG_PASSWORD);
}

static void
test_gost_parameters (void)
{
  g_autoptr(GBytes) key =
    fixture_der ("30{02{00} 30{06{<1.2.643.7.1.1.1.2>} 30{06{<1.2.3.4>}}} 04{04{0102030405060708}}}");

  assert_refused (key, TILL_ERROR_NEWER_PROTECTION, TILL_REASON_ALGORITHM, "GOST R 34.10-2012");
}

/* The salt of an RSA-PSS key can't have less than no bytes (RFC 4055 3.1). */
static void
test_pss_salt (void)
{
  static const guint8 salt[] = { 0xa2, 0x03, 0x02, 0x01, 0x20 };
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autoptr(GBytes) good = NULL;
  g_autoptr(GBytes) bad = NULL;
  g_autoptr(TillDocument) document = NULL;
  g_autoptr(GError) error = NULL;
  gsize size;
  guint8 *data;
  guint8 *at;

  fixture_make (dir, "openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 "
                     "-pkeyopt rsa_pss_keygen_md:sha256 -pkeyopt rsa_pss_keygen_mgf1_md:sha256 "
                     "-pkeyopt rsa_pss_keygen_saltlen:32 -outform DER -out key.der");
  good = fixture_load (dir, "key.der");
  document = parse (good, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (g_array_index (document->private_keys, TillPrivateKeyEntry, 0).key->algorithm, ==, "RSA-PSS");

  data = g_memdup2 (g_bytes_get_data (good, &size), g_bytes_get_size (good));
  at = memmem (data, size, salt, sizeof salt);
  g_assert_nonnull (at);
  at[4] = 0x80;
  bad = g_bytes_new_take (data, size);
  assert_refused (bad, TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "private key");
}

/* DSA keys in certificates may take their parameters from the issuer; a key alone can't. */
static void
test_dsa_without_parameters (void)
{
  g_autoptr(GBytes) key = fixture_der ("30{30{06{<1.2.840.10040.4.1>}} 03{00 02{0123456789}}}");

  assert_refused (key, TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "public key");
}

/* Parameters of Diffie-Hellman are written as RSA keys are. */
static void
test_parameters_or_key (void)
{
  g_autoptr(GBytes) two = fixture_der ("30{02{00d5d5d5d5d5d5d5d7} 02{02}}");
  g_autoptr(GBytes) five = fixture_der ("30{02{00d5d5d5d5d5d5d5d7} 02{05}}");
  g_autoptr(GBytes) rsa = fixture_der ("30{02{00d5d5d5d5d5d5d5d7} 02{010001}}");
  g_autoptr(TillDocument) document = NULL;
  g_autoptr(GError) error = NULL;

  assert_refused (two, TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_LOOKS_LIKE, "parameters");
  assert_refused (five, TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_LOOKS_LIKE, "parameters");

  document = parse (rsa, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (document->kind, ==, TILL_DOCUMENT_PUBLIC_KEY);
}

static GBytes *
make_certificate (void)
{
  return fixture_certificate (&(FixtureCertificate) { .version = NULL });
}

static void
assert_certificate (GBytes *bytes,
                    guint   note)
{
  g_autoptr(GBytes) der = make_certificate ();
  g_autoptr(GError) error = NULL;
  g_autoptr(TillDocument) document = parse (bytes, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (document->kind, ==, TILL_DOCUMENT_CERTIFICATE);
  g_assert_cmpuint (document->certificates->len, ==, 1);
  g_assert_true (g_bytes_equal (((TillCertificate *) g_ptr_array_index (document->certificates, 0))->der, der));
  g_assert_cmpuint (document->notes & (TILL_NOTE_WAS_BASE64 | TILL_NOTE_WAS_UTF16), ==, note);
}

/* RFC 4648 5, as web services write it. */
static void
test_url_base64 (void)
{
  g_autoptr(GBytes) der = make_certificate ();
  g_autofree char *usual = g_base64_encode (g_bytes_get_data (der, NULL), g_bytes_get_size (der));
  g_autofree char *address = g_strdelimit (g_strdelimit (g_strdup (usual), "+", '-'), "/", '_');
  g_autofree char *bare = g_strndup (usual, strcspn (usual, "="));
  g_autofree char *both = g_strndup (address, strcspn (address, "="));
  const char *texts[] = { usual, address, bare, both };

  /* Else the fixture would show nothing. */
  g_assert_cmpstr (usual, !=, address);
  g_assert_cmpstr (usual, !=, bare);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GBytes) text = g_bytes_new (texts[i], strlen (texts[i]));
      g_autofree char *spaced_text = g_strdup_printf (" %.40s\r\n%s\n", texts[i], texts[i] + 40);
      g_autoptr(GBytes) spaced = g_bytes_new (spaced_text, strlen (spaced_text));

      assert_certificate (text, TILL_NOTE_WAS_BASE64);
      assert_certificate (spaced, TILL_NOTE_WAS_BASE64);
    }
}

/* What a redirection on Windows writes has no byte order mark, and may begin with any words. */
static void
test_wide_text (void)
{
  g_autoptr(GBytes) der = make_certificate ();
  g_autofree char *base64 = g_base64_encode (g_bytes_get_data (der, NULL), g_bytes_get_size (der));
  g_autofree char *pem = g_strdup_printf ("Bag Attributes\r\n-----BEGIN CERTIFICATE-----\r\n%s\r\n"
                                          "-----END CERTIFICATE-----\r\n", base64);

  for (guint high = 0; high < 2; high++)
    {
      g_autoptr(GByteArray) wide = g_byte_array_new ();
      g_autoptr(GBytes) bytes = NULL;

      for (const char *p = pem; *p != '\0'; p++)
        {
          const guint8 unit[2] = { high == 0 ? 0 : (guint8) *p, high == 0 ? (guint8) *p : 0 };

          append (wide, unit, sizeof unit);
        }

      bytes = g_bytes_new (wide->data, wide->len);
      assert_certificate (bytes, TILL_NOTE_WAS_UTF16);
    }
}

/* A signed message may hold the signature alone, or nothing at all. */
static void
test_empty_pkcs7 (void)
{
  g_autoptr(GBytes) empty = fixture_der ("30{06{<1.2.840.113549.1.7.2>} a0{30{02{01} 31{} "
                                         "30{06{<1.2.840.113549.1.7.1>}} 31{}}}}");
  g_autoptr(GBytes) cut = fixture_der ("30{06{<1.2.840.113549.1.7.2>}}");
  g_autofree char *base64 = g_base64_encode (g_bytes_get_data (empty, NULL), g_bytes_get_size (empty));
  g_autofree char *pem = g_strdup_printf ("-----BEGIN PKCS7-----\n%s\n-----END PKCS7-----\n", base64);
  g_autoptr(GBytes) text = g_bytes_new (pem, strlen (pem));
  GBytes *bags[] = { empty, text };

  for (guint i = 0; i < G_N_ELEMENTS (bags); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TillDocument) document = parse (bags[i], NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpint (document->kind, ==, TILL_DOCUMENT_PKCS7);
      g_assert_cmpuint (document->certificates->len, ==, 0);
    }

  assert_refused (cut, TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "at byte 13)");
}

static void
test_other_files (void)
{
  static const char age[] = "# created: 2026-01-01\n# public key: age1x\nAGE-SECRET-KEY-1X\n";
  g_autoptr(GBytes) age_key = g_bytes_new_static (age, sizeof age - 1);
  g_autoptr(GBytes) pvk = fixture_der ("1ef1b5b0 00000000 01000000 00000000 00000000 14000000");
  g_autoptr(GBytes) blob = fixture_der ("07020000 00a40000 'RSA2' 00080000 01000100");
  g_autoptr(GBytes) enveloped = fixture_der ("30{06{<1.2.840.113549.1.7.3>} a0{30{02{00} 31{} 30{}}}}");

  assert_refused (age_key, TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_LOOKS_LIKE, "age");
  assert_refused (pvk, TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_LOOKS_LIKE, "Microsoft");
  assert_refused (blob, TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_LOOKS_LIKE, "Microsoft");
  assert_refused (enveloped, TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_LOOKS_LIKE, "not supported");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/inspect/oddities/pkcs12-in-parts", test_pkcs12_in_parts);
  g_test_add_func ("/inspect/oddities/gost-parameters", test_gost_parameters);
  g_test_add_func ("/inspect/oddities/pss-salt", test_pss_salt);
  g_test_add_func ("/inspect/oddities/dsa-without-parameters", test_dsa_without_parameters);
  g_test_add_func ("/inspect/oddities/parameters-or-key", test_parameters_or_key);
  g_test_add_func ("/inspect/oddities/url-base64", test_url_base64);
  g_test_add_func ("/inspect/oddities/wide-text", test_wide_text);
  g_test_add_func ("/inspect/oddities/empty-pkcs7", test_empty_pkcs7);
  g_test_add_func ("/inspect/oddities/other-files", test_other_files);

  return g_test_run ();
}
