/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates: every field, against openssl and GnuTLS as second opinions. */
#include "config.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

#include "fixture.h"
#include "till-certificate.h"

/* A certificate of its own key, made by openssl from arguments of "req". */
static TillCertificate *
make_own (TillTestDir *dir,
          const char  *arguments)
{
  g_autoptr(GBytes) der = NULL;
  g_autoptr(GError) error = NULL;
  TillCertificate *certificate;

  fixture_make (dir, "openssl req -x509 -nodes -keyout key.pem -outform DER -out own.der %s", arguments);
  der = fixture_load (dir, "own.der");
  certificate = till_certificate_new_from_der (der, &error);
  g_assert_no_error (error);
  g_assert_nonnull (certificate);
  return certificate;
}

static TillCertificate *
build (const FixtureCertificate *parts)
{
  g_autoptr(GBytes) der = fixture_certificate (parts);
  g_autoptr(GError) error = NULL;
  TillCertificate *certificate = till_certificate_new_from_der (der, &error);

  g_assert_no_error (error);
  g_assert_nonnull (certificate);
  return certificate;
}

static void
assert_list (char       **list,
             const char  *wanted)
{
  g_autofree char *joined = g_strjoinv ("|", list);

  g_assert_cmpstr (joined, ==, wanted);
}

/* All fields of an ordinary certificate, against what openssl prints of it. */
static void
test_fields (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *config = till_test_dir_write (dir, "request.cnf",
    "[req]\ndistinguished_name = name\n[name]\n[who]\nC = DE\nCN = \"A, B\"\n", -1);
  g_autoptr(TillCertificate) certificate =
    make_own (dir, "-newkey rsa:2048 -sha256 -days 30 -set_serial 0x00c0ffee"
              " -subj '/C=DE/O=Example Shop/OU=Till 7/CN=shop.example'"
              " -addext 'subjectAltName=DNS:shop.example,IP:192.0.2.7,IP:2001:db8::7,email:a@shop.example,"
              "URI:https://shop.example/,RID:1.2.3.4,dirName:who,otherName:1.3.6.1.4.1.311.20.2.3;UTF8:a@shop'"
              " -addext 'keyUsage=critical,digitalSignature,keyEncipherment,decipherOnly,keyAgreement'"
              " -addext 'extendedKeyUsage=serverAuth,clientAuth,1.2.3.4.5'"
              " -addext 'basicConstraints=critical,CA:FALSE'"
              " -config request.cnf");
  g_autofree char *print = fixture_run (dir, "openssl x509 -inform DER -in own.der -noout -subject -issuer -serial"
                                             " -dates -dateopt iso_8601 -nameopt RFC2253");
  g_autofree char *subject = fixture_field (print, "subject=");
  g_autofree char *issuer = fixture_field (print, "issuer=");
  g_autofree char *serial = fixture_field (print, "serial=");
  g_autofree char *sha256 = fixture_run (dir, "sha256sum own.der");
  g_autofree char *sha1 = fixture_run (dir, "sha1sum own.der");
  g_autofree char *public_key = NULL;
  const guint8 *raw_subject;
  const guint8 *raw_issuer;
  gsize subject_size;
  gsize issuer_size;

  g_assert_nonnull (config);
  g_assert_cmpstr (certificate->subject, ==, subject);
  g_assert_cmpstr (certificate->subject, ==, "CN=shop.example,OU=Till 7,O=Example Shop,C=DE");
  g_assert_cmpstr (certificate->issuer, ==, issuer);
  g_assert_cmpstr (certificate->common_name, ==, "shop.example");
  g_assert_cmpstr (certificate->organization, ==, "Example Shop");
  g_assert_cmpstr (certificate->issuer_name, ==, "shop.example");
  g_assert_cmpint (g_ascii_strcasecmp (certificate->serial, serial), ==, 0);
  g_assert_cmpstr (certificate->serial, ==, "c0ffee");
  g_assert_cmpint (certificate->version, ==, 3);
  g_assert_cmpint (certificate->not_after - certificate->not_before, ==, 30 * 86400);
  g_assert_cmpstr (certificate->key_algorithm, ==, "RSA");
  g_assert_cmpint (certificate->key_bits, ==, 2048);
  g_assert_null (certificate->curve);
  g_assert_cmpstr (certificate->signature_algorithm, ==, "RSA-SHA256");
  assert_list (certificate->subject_alt_names,
               "DNS:shop.example|IP:192.0.2.7|IP:2001:db8::7|email:a@shop.example|URI:https://shop.example/|"
               "RID:1.2.3.4|dirName:CN=A\\, B,C=DE|otherName:1.3.6.1.4.1.311.20.2.3;UTF8:a@shop");
  assert_list (certificate->key_usage, "digitalSignature|keyEncipherment|keyAgreement|decipherOnly");
  assert_list (certificate->extended_key_usage, "serverAuth|clientAuth|1.2.3.4.5");
  g_assert_false (certificate->is_ca);
  g_assert_true (certificate->self_signed);
  g_assert_true (g_str_has_prefix (sha256, certificate->sha256));
  g_assert_cmpuint (strlen (certificate->sha256), ==, 64);
  g_assert_true (g_str_has_prefix (sha1, certificate->sha1));
  g_assert_cmpuint (strlen (certificate->sha1), ==, 40);
  g_assert_null (certificate->pass_type_id);
  g_assert_null (certificate->team_id);
  g_assert_null (certificate->apple_intermediate);
  g_assert_null (certificate->friendly_name);
  g_assert_cmpuint (certificate->weakness, ==, TILL_WEAK_NONE);
  g_assert_false (certificate->inner_signature_differs);

  fixture_make (dir, "openssl pkey -in key.pem -pubout -outform DER -out public.der");
  public_key = fixture_run (dir, "sha256sum public.der");
  g_assert_true (g_str_has_prefix (public_key, certificate->public_key_sha256));
  g_assert_cmpuint (strlen (certificate->public_key_sha256), ==, 64);

  till_certificate_get_raw_names (certificate, &raw_subject, &subject_size, &raw_issuer, &issuer_size);
  g_assert_cmpmem (raw_subject, subject_size, raw_issuer, issuer_size);
  g_assert_cmpint (raw_subject[0], ==, 0x30);
  g_assert_cmpint (raw_subject[1], ==, subject_size - 2);
}

typedef struct
{
  const char *generate;       /* arguments of "openssl genpkey" */
  const char *algorithm;
  int         bits;
  const char *curve;
  guint       weakness;
} KeyKind;

static const KeyKind key_kinds[] = {
  { "-algorithm RSA -pkeyopt rsa_keygen_bits:1024", "RSA", 1024, NULL, TILL_WEAK_SMALL_KEY },
  { "-algorithm RSA -pkeyopt rsa_keygen_bits:2047", "RSA", 2047, NULL, TILL_WEAK_SMALL_KEY },
  { "-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048", "RSA-PSS", 2048, NULL, 0 },
  { "-algorithm EC -pkeyopt ec_paramgen_curve:P-192", "EC", 192, "P-192", TILL_WEAK_SMALL_KEY },
  { "-algorithm EC -pkeyopt ec_paramgen_curve:P-224", "EC", 224, "P-224", 0 },
  { "-algorithm EC -pkeyopt ec_paramgen_curve:P-256", "EC", 256, "P-256", 0 },
  { "-algorithm EC -pkeyopt ec_paramgen_curve:P-384", "EC", 384, "P-384", 0 },
  { "-algorithm EC -pkeyopt ec_paramgen_curve:P-521", "EC", 521, "P-521", 0 },
  { "-algorithm EC -pkeyopt ec_paramgen_curve:secp256k1", "EC", 256, "secp256k1", 0 },
  { "-algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP320r1", "EC", 320, "brainpoolP320r1", 0 },
  { "-algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP512t1", "EC", 512, "brainpoolP512t1", 0 },
  { "-algorithm EC -pkeyopt ec_paramgen_curve:sect163r2", "EC", 163, "sect163r2", TILL_WEAK_SMALL_KEY },
  { "-algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit", "EC", 256, "explicit", 0 },
  { "-algorithm ED25519", "Ed25519", 256, NULL, 0 },
  { "-algorithm ED448", "Ed448", 456, NULL, 0 },
  { "-algorithm X25519", "X25519", 256, NULL, 0 },
  { "-algorithm X448", "X448", 448, NULL, 0 },
};

/* Keys that can't sign come into a certificate with -force_pubkey. */
static void
test_key_kinds (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();

  fixture_make (dir, "openssl ecparam -name prime256v1 -genkey -noout -out ca.pem");
  fixture_make (dir, "openssl req -new -key ca.pem -subj /CN=key -out request.pem");

  for (gsize i = 0; i < G_N_ELEMENTS (key_kinds); i++)
    {
      const KeyKind *kind = &key_kinds[i];
      g_autoptr(GBytes) der = NULL;
      g_autoptr(TillCertificate) certificate = NULL;
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", kind->generate);
      fixture_make (dir, "openssl genpkey %s -out subject.pem", kind->generate);
      fixture_make (dir, "openssl pkey -in subject.pem -pubout -out public.pem");
      fixture_make (dir, "openssl x509 -req -in request.pem -signkey ca.pem -force_pubkey public.pem"
                         " -outform DER -out key.der");
      der = fixture_load (dir, "key.der");
      certificate = till_certificate_new_from_der (der, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (certificate->key_algorithm, ==, kind->algorithm);
      g_assert_cmpint (certificate->key_bits, ==, kind->bits);
      g_assert_cmpstr (certificate->curve, ==, kind->curve);
      g_assert_cmpuint (certificate->weakness, ==, kind->weakness);
      g_assert_cmpstr (certificate->signature_algorithm, ==, "ECDSA-SHA256");
    }
}

static void
test_dsa (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autoptr(TillCertificate) certificate = NULL;

  fixture_make (dir, "openssl genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:1024 -out dsa.pem");
  certificate = make_own (dir, "-newkey dsa:dsa.pem -sha256 -subj /CN=dsa");
  g_assert_cmpstr (certificate->key_algorithm, ==, "DSA");
  g_assert_cmpint (certificate->key_bits, ==, 1024);
  g_assert_cmpstr (certificate->signature_algorithm, ==, "DSA-SHA256");
  g_assert_cmpuint (certificate->weakness, ==, TILL_WEAK_SMALL_KEY);
}

/* Algorithms that the tools here do not make: named, and of no known size. */
static void
test_key_oids (void)
{
  static const struct
  {
    const char *key;
    const char *algorithm;
    int         bits;
    const char *curve;
  } cases[] = {
    { "30{30{06{<2.16.840.1.101.3.4.3.17>}} 03{00 0102030405}}", "ML-DSA-44", 0, NULL },
    { "30{30{06{<2.16.840.1.101.3.4.3.20>}} 03{00 0102030405}}", "SLH-DSA-SHA2-128s", 0, NULL },
    { "30{30{06{<2.16.840.1.101.3.4.4.2>}} 03{00 0102030405}}", "ML-KEM-768", 0, NULL },
    { "30{30{06{<1.2.643.7.1.1.1.2>} 30{06{<1.2.643.2.2.35.1>}}} 03{00 0402aabb}}", "GOST R 34.10-2012", 512, NULL },
    { "30{30{06{<1.2.840.10045.2.1>} 06{<1.2.156.10197.1.301>}} 03{00 04aabb}}", "EC", 256, "SM2" },
    { "30{30{06{<1.2.840.10045.2.1>} 06{<1.2.3.4.99>}} 03{00 04aabbccddaabbccdd}}", "EC", 32, "1.2.3.4.99" },
    { "30{30{06{<1.2.840.10045.2.1>} 0500} 03{00 02aabbccdd}}", "EC", 32, NULL },
    { "30{30{06{<1.2.3.4.5.6>}} 03{00 aabb}}", "1.2.3.4.5.6", 0, NULL },
    { "30{30{06{<1.2.840.113549.1.1.1>} 0500} 03{00 aabb}}", "RSA", 0, NULL },
    { "30{30{06{<1.2.840.10040.4.1>}} 03{00 02{05}}}", "DSA", 0, NULL },
    { "30{30{06{<2.5.8.1.1>} 02{08}} 03{00 30{02{00ff00000000000001} 02{03}}}}", "RSA", 64, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TillCertificate) certificate = build (&(FixtureCertificate) { .key = cases[i].key });

      g_assert_cmpstr (certificate->key_algorithm, ==, cases[i].algorithm);
      g_assert_cmpint (certificate->key_bits, ==, cases[i].bits);
      g_assert_cmpstr (certificate->curve, ==, cases[i].curve);
    }
}

static void
test_signatures_made (void)
{
  static const struct
  {
    const char *arguments;
    const char *name;
  } cases[] = {
    { "-newkey rsa:2048 -md5", "RSA-MD5" },
    { "-newkey rsa:2048 -sha1", "RSA-SHA1" },
    { "-newkey rsa:2048 -sha224", "RSA-SHA224" },
    { "-newkey rsa:2048 -sha384", "RSA-SHA384" },
    { "-newkey rsa:2048 -sha512", "RSA-SHA512" },
    { "-newkey rsa:2048 -sha3-256", "RSA-SHA3-256" },
    { "-newkey rsa:2048 -sha512-256", "RSA-SHA512-256" },
    { "-newkey rsa:2048 -sha256 -sigopt rsa_padding_mode:pss", "RSA-PSS-SHA256" },
    { "-newkey rsa:2048 -sha512 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:20", "RSA-PSS-SHA512" },
    { "-newkey rsa:2048 -sha1 -sigopt rsa_padding_mode:pss", "RSA-PSS-SHA1" },
    { "-newkey rsa-pss -sha384", "RSA-PSS-SHA384" },
    { "-newkey ec -pkeyopt ec_paramgen_curve:P-384 -sha384", "ECDSA-SHA384" },
    { "-newkey ec -pkeyopt ec_paramgen_curve:P-521 -sha512", "ECDSA-SHA512" },
    { "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -sha1", "ECDSA-SHA1" },
    { "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -sha3-384", "ECDSA-SHA3-384" },
    { "-newkey ed25519", "Ed25519" },
    { "-newkey ed448", "Ed448" },
  };
  g_autoptr(TillTestDir) dir = till_test_dir_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *arguments = g_strconcat (cases[i].arguments, " -subj /CN=signature", NULL);
      g_autoptr(TillCertificate) certificate = make_own (dir, arguments);

      g_test_message ("%s", cases[i].arguments);
      g_assert_cmpstr (certificate->signature_algorithm, ==, cases[i].name);
      /* Its own signature proves nothing, however weak it is. */
      g_assert_true (certificate->self_signed);
      g_assert_cmpuint (certificate->weakness, ==, TILL_WEAK_NONE);
    }
}

static void
test_signature_oids (void)
{
  static const struct
  {
    const char *algorithm;
    const char *name;
    gboolean    weak;
  } cases[] = {
    { "30{06{<1.2.840.113549.1.1.2>} 0500}", "RSA-MD2", TRUE },
    { "30{06{<1.2.840.113549.1.1.3>} 0500}", "RSA-MD4", TRUE },
    { "30{06{<1.2.840.113549.1.1.4>} 0500}", "RSA-MD5", TRUE },
    { "30{06{<1.2.840.113549.1.1.5>} 0500}", "RSA-SHA1", TRUE },
    { "30{06{<1.3.14.3.2.29>} 0500}", "RSA-SHA1", TRUE },
    { "30{06{<1.2.840.10040.4.3>}}", "DSA-SHA1", TRUE },
    { "30{06{<1.2.840.10045.4.1>}}", "ECDSA-SHA1", TRUE },
    { "30{06{<1.2.840.10045.4.3.2>}}", "ECDSA-SHA256", FALSE },
    { "30{06{<2.16.840.1.101.3.4.3.2>}}", "DSA-SHA256", FALSE },
    { "30{06{<1.2.840.113549.1.1.10>} 30{}}", "RSA-PSS-SHA1", TRUE },
    { "30{06{<1.2.840.113549.1.1.10>} 30{a0{30{06{<2.16.840.1.101.3.4.2.3>}}} a2{02{40}}}}", "RSA-PSS-SHA512", FALSE },
    { "30{06{<1.2.840.113549.1.1.10>}}", "RSA-PSS", FALSE },
    { "30{06{<1.2.156.10197.1.501>}}", "SM2-SM3", FALSE },
    { "30{06{<1.2.643.2.2.3>}}", "GOST R 34.10-2001", FALSE },
    { "30{06{<2.16.840.1.101.3.4.3.18>}}", "ML-DSA-65", FALSE },
    { "30{06{<1.2.840.113549.2.5>}}", "1.2.840.113549.2.5", TRUE },
    { "30{06{<1.2.3.4>}}", "1.2.3.4", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TillCertificate) certificate =
        build (&(FixtureCertificate) { .inner_algorithm = cases[i].algorithm,
                                       .outer_algorithm = cases[i].algorithm,
                                       .issuer = "30{31{30{06{<2.5.4.3>} 0c{'Other'}}}}" });

      g_assert_cmpstr (certificate->signature_algorithm, ==, cases[i].name);
      g_assert_cmpuint (certificate->weakness, ==, cases[i].weak ? TILL_WEAK_HASH : TILL_WEAK_NONE);
      g_assert_false (certificate->inner_signature_differs);
    }
}

static void
test_self_signed (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autoptr(TillCertificate) own = make_own (dir, "-newkey ed25519 -subj /CN=own");
  gsize size;
  const guint8 *data = g_bytes_get_data (own->der, &size);
  g_autofree guint8 *copy = g_memdup2 (data, size);
  g_autoptr(GBytes) changed = NULL;
  g_autoptr(TillCertificate) forged = NULL;
  g_autoptr(TillCertificate) unchecked = build (&(FixtureCertificate) {
    .inner_algorithm = "30{06{<1.2.3.4>}}", .outer_algorithm = "30{06{<1.2.3.4>}}" });
  g_autoptr(TillCertificate) issued = build (&(FixtureCertificate) { .issuer = "30{31{30{06{<2.5.4.3>} 0c{'B'}}}}" });

  g_assert_true (own->self_signed);

  copy[size - 1] ^= 1;
  changed = g_bytes_new (copy, size);
  forged = till_certificate_new_from_der (changed, NULL);
  g_assert_nonnull (forged);
  g_assert_false (forged->self_signed);

  g_assert_true (unchecked->self_signed);
  g_assert_false (issued->self_signed);
}

static void
test_issuers (void)
{
  const char *name = "30{31{30{06{<2.5.4.10>} 13{'Example  Trust'}}}}";
  const char *same = "30{31{30{06{<2.5.4.10>} 0c{'EXAMPLE TRUST'}}}}";
  const char *other = "30{31{30{06{<2.5.4.10>} 0c{'EXAMPLE TRUTH'}}}}";
  g_autofree char *key = fixture_extension ("2.5.29.14", "04{0102}");
  g_autofree char *wanted = fixture_extension ("2.5.29.35", "30{80{0102}}");
  g_autofree char *strange = fixture_extension ("2.5.29.35", "30{80{0103}}");
  g_autoptr(TillCertificate) ca = build (&(FixtureCertificate) { .subject = name, .extensions = key });
  g_autoptr(TillCertificate) plain_ca = build (&(FixtureCertificate) { .subject = name });
  const struct
  {
    const char *issuer;
    const char *extensions;
    gboolean    by_ca;
    gboolean    by_plain_ca;
  } cases[] = {
    { name, NULL, TRUE, TRUE },
    { name, wanted, TRUE, TRUE },
    { name, strange, FALSE, TRUE },
    { same, NULL, TRUE, TRUE },
    { same, wanted, TRUE, TRUE },
    { other, wanted, FALSE, FALSE },
    { "3000", NULL, FALSE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TillCertificate) leaf =
        build (&(FixtureCertificate) { .issuer = cases[i].issuer, .extensions = cases[i].extensions });

      g_assert_cmpint (till_certificate_is_issuer_of (ca, leaf), ==, cases[i].by_ca);
      g_assert_cmpint (till_certificate_is_issuer_of (plain_ca, leaf), ==, cases[i].by_plain_ca);
    }
}

static void
test_pass (void)
{
  const char *subject = "30{31{30{06{<0.9.2342.19200300.100.1.1>} 0c{'pass.com.example.shop'}}}"
                        "   31{30{06{<2.5.4.3>} 0c{'Pass Type ID: pass.com.example.shop'}}}"
                        "   31{30{06{<2.5.4.11>} 0c{'A1B2C3D4E5'}}} 31{30{06{<2.5.4.10>} 0c{'Example'}}}}";
  const char *no_uid = "30{31{30{06{<2.5.4.3>} 0c{'Pass Type ID with NFC: pass.com.example.nfc'}}}"
                       "   31{30{06{<2.5.4.11>} 0c{'A1B2C3D4E5'}}}}";
  const char *fourth = "30{31{30{06{<2.5.4.3>} 0c{'Apple Worldwide Developer Relations Certification Authority'}}}"
                       "   31{30{06{<2.5.4.11>} 0c{'G4'}}} 31{30{06{<2.5.4.10>} 0c{'Apple Inc.'}}}}";
  const char *first = "30{31{30{06{<2.5.4.10>} 0c{'Apple Inc.'}}}"
                      "   31{30{06{<2.5.4.11>} 0c{'Apple Worldwide Developer Relations'}}}"
                      "   31{30{06{<2.5.4.3>} 0c{'Apple Worldwide Developer Relations Certification Authority'}}}}";
  g_autofree char *purpose = fixture_extension ("2.5.29.37",
                                                "30{06{<1.3.6.1.5.5.7.3.2>} 06{<1.2.840.113635.100.4.14>}}");
  g_autofree char *mark = fixture_extension ("1.2.840.113635.100.6.1.16", "0c{'pass.com.example.shop'}");
  g_autofree char *with_nfc = g_strconcat (mark, "30{06{<1.2.840.113635.100.6.1.26>} 04{0500}}", NULL);
  const struct
  {
    const char *subject;
    const char *issuer;
    const char *extensions;
    gboolean    is_pass;
    gboolean    nfc;
    const char *pass_type_id;
    const char *team_id;
    const char *intermediate;
  } cases[] = {
    { subject, fourth, purpose, TRUE, FALSE, "pass.com.example.shop", "A1B2C3D4E5",
      "Apple Worldwide Developer Relations G4" },
    { subject, first, mark, TRUE, FALSE, "pass.com.example.shop", "A1B2C3D4E5", "Apple Worldwide Developer Relations" },
    { subject, NULL, with_nfc, TRUE, TRUE, "pass.com.example.shop", "A1B2C3D4E5", NULL },
    { no_uid, NULL, mark, TRUE, TRUE, "pass.com.example.nfc", "A1B2C3D4E5", NULL },
    { subject, NULL, NULL, FALSE, FALSE, "pass.com.example.shop", "A1B2C3D4E5", NULL },
    { NULL, fourth, NULL, FALSE, FALSE, NULL, NULL, "Apple Worldwide Developer Relations G4" },
    { no_uid, NULL, NULL, FALSE, FALSE, NULL, NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TillCertificate) certificate =
        build (&(FixtureCertificate) { .subject = cases[i].subject, .issuer = cases[i].issuer,
                                       .extensions = cases[i].extensions });

      g_assert_cmpint (certificate->is_pass, ==, cases[i].is_pass);
      g_assert_cmpint (certificate->nfc, ==, cases[i].nfc);
      g_assert_cmpstr (certificate->pass_type_id, ==, cases[i].pass_type_id);
      g_assert_cmpstr (certificate->team_id, ==, cases[i].team_id);
      g_assert_cmpstr (certificate->apple_intermediate, ==, cases[i].intermediate);
    }
}

static void
test_pem (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autoptr(TillCertificate) certificate = make_own (dir, "-newkey ed25519 -subj /CN=pem");
  g_autofree char *pem = till_certificate_to_pem (certificate);
  g_autofree char *wanted = fixture_run (dir, "openssl x509 -inform DER -in own.der -outform PEM");

  g_assert_cmpstr (pem, ==, wanted);

  till_certificate_set_friendly_name (certificate, "Käthe\xff");
  g_assert_cmpstr (certificate->friendly_name, ==, "Käthe\xef\xbf\xbd");
  till_certificate_set_friendly_name (certificate, NULL);
  g_assert_null (certificate->friendly_name);
}

/* GnuTLS as a second opinion on certificates that certtool makes. */
static void
test_second_opinion (void)
{
  static const char * const kinds[] = {
    "--key-type rsa --bits 2048", "--key-type ecdsa --curve secp384r1", "--key-type ed25519",
    "--key-type rsa-pss --bits 2048",
  };
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *template = till_test_dir_write (dir, "ca.tmpl",
    "organization = \"Ünïcode & Söhne, Inc.\"\nunit = \"+Plus+\"\nserial = 4660\ncn = \" padded \"\nca\n"
    "activation_date = \"2024-02-29 12:00:00\"\nexpiration_date = \"9999-12-31 23:59:59\"\npath_len = 2\n"
    "dns_name = \"xn--bcher-kva.example\"\nip_address = \"2001:db8::1\"\ncert_signing_key\ncrl_signing_key\n", -1);

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr(GBytes) der = NULL;
      g_autoptr(TillCertificate) certificate = NULL;
      gnutls_x509_crt_t crt;
      gnutls_datum_t datum;
      gnutls_datum_t name = { NULL, 0 };
      gsize size;
      unsigned int bits;
      int algorithm;

      fixture_make (dir, "certtool --generate-privkey %s --outfile ca.key", kinds[i]);
      fixture_make (dir, "certtool --generate-self-signed --load-privkey ca.key --template ca.tmpl"
                         " --outder --outfile ca.der");
      der = fixture_load (dir, "ca.der");
      certificate = till_certificate_new_from_der (der, NULL);
      g_assert_nonnull (certificate);

      datum.data = (unsigned char *) g_bytes_get_data (der, &size);
      datum.size = (unsigned int) size;
      gnutls_x509_crt_init (&crt);
      g_assert_cmpint (gnutls_x509_crt_import (crt, &datum, GNUTLS_X509_FMT_DER), ==, 0);
      g_assert_cmpint (gnutls_x509_crt_get_dn3 (crt, &name, 0), ==, 0);
      g_assert_cmpstr (certificate->subject, ==, (const char *) name.data);
      gnutls_free (name.data);
      g_assert_cmpint (certificate->not_before, ==, gnutls_x509_crt_get_activation_time (crt));
      g_assert_cmpint (certificate->not_after, ==, TILL_TIME_NEVER);
      algorithm = gnutls_x509_crt_get_pk_algorithm (crt, &bits);
      g_assert_cmpint (algorithm, >, 0);
      g_assert_cmpint (certificate->key_bits, ==, (int) bits);
      g_assert_true (certificate->is_ca);
      g_assert_true (certificate->self_signed);
      assert_list (certificate->subject_alt_names, "DNS:xn--bcher-kva.example|IP:2001:db8::1");
      assert_list (certificate->key_usage, "keyCertSign|cRLSign");
      gnutls_x509_crt_deinit (crt);
    }

  g_assert_nonnull (template);
}

static gpointer
read_often (gpointer data)
{
  GBytes *der = data;

  for (guint i = 0; i < 200; i++)
    {
      g_autoptr(TillCertificate) certificate = till_certificate_new_from_der (der, NULL);

      g_assert_nonnull (certificate);
      g_assert_cmpstr (certificate->signature_algorithm, ==, "RSA-PSS-SHA512");
    }

  return NULL;
}

static void
test_threads (void)
{
  const char *pss = "30{06{<1.2.840.113549.1.1.10>} 30{a0{30{06{<2.16.840.1.101.3.4.2.3>}}}}}";
  const FixtureCertificate parts = { .inner_algorithm = pss, .outer_algorithm = pss };
  g_autoptr(GBytes) der = fixture_certificate (&parts);
  GThread *threads[4];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("reader", read_often, der);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/certificate/fields", test_fields);
  g_test_add_func ("/certificate/key-kinds", test_key_kinds);
  g_test_add_func ("/certificate/dsa", test_dsa);
  g_test_add_func ("/certificate/key-oids", test_key_oids);
  g_test_add_func ("/certificate/signatures-made", test_signatures_made);
  g_test_add_func ("/certificate/signature-oids", test_signature_oids);
  g_test_add_func ("/certificate/self-signed", test_self_signed);
  g_test_add_func ("/certificate/issuers", test_issuers);
  g_test_add_func ("/certificate/pass", test_pass);
  g_test_add_func ("/certificate/pem", test_pem);
  g_test_add_func ("/certificate/second-opinion", test_second_opinion);
  g_test_add_func ("/certificate/threads", test_threads);

  return g_test_run ();
}
