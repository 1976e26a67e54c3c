/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The detail view's fields, and every extension in words. */
#include "config.h"

#include <string.h>

#include "fixture.h"
#include "till-certificate.h"
#include "till-error.h"
#include "till-extension-text.h"

static void
assert_list (char       **list,
             const char  *wanted)
{
  g_autofree char *joined = g_strjoinv ("|", list);

  g_assert_cmpstr (joined, ==, wanted);
}

static TillCertificateDetails *
load_details (GBytes *der)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TillCertificate) certificate = till_certificate_new_from_der (der, &error);
  TillCertificateDetails *details;

  g_assert_no_error (error);
  details = till_certificate_load_details (certificate, &error);
  g_assert_no_error (error);
  g_assert_nonnull (details);
  return details;
}

static const TillExtension *
find (const TillCertificateDetails *details,
      const char                   *oid)
{
  for (guint i = 0; i < details->extensions->len; i++)
    {
      const TillExtension *extension = details->extensions->pdata[i];

      if (strcmp (extension->oid, oid) == 0)
        return extension;
    }

  g_test_message ("no extension %s", oid);
  g_assert_not_reached ();
}

/* A certificate of openssl's with all that RFC 5280 knows. */
static void
test_fields (void)
{
  static const char config[] =
    "[req]\ndistinguished_name = name\nx509_extensions = all\n[name]\n"
    "[all]\n"
    "basicConstraints = critical,CA:TRUE,pathlen:3\n"
    "subjectKeyIdentifier = hash\n"
    "authorityKeyIdentifier = keyid:always,issuer:always\n"
    "keyUsage = critical,keyCertSign,cRLSign\n"
    "extendedKeyUsage = serverAuth,OCSPSigning,1.2.3.4\n"
    "authorityInfoAccess = OCSP;URI:http://ocsp.example/,caIssuers;URI:http://ca.example/ca.cer,"
    "OCSP;URI:http://ocsp2.example/,1.3.6.1.5.5.7.48.5;URI:http://repo.example/\n"
    "crlDistributionPoints = one,two\n"
    "certificatePolicies = 2.23.140.1.2.1,1.2.3.4,@policy\n"
    "nameConstraints = permitted;DNS:.shop.example,permitted;IP:10.0.0.0/255.0.0.0,excluded;email:bad.example\n"
    "policyConstraints = requireExplicitPolicy:3,inhibitPolicyMapping:1\n"
    "policyMappings = 1.2.3.4:1.2.3.5\n"
    "inhibitAnyPolicy = 2\n"
    "issuerAltName = DNS:issuer.example\n"
    "tlsfeature = status_request,42\n"
    "noCheck = yes\n"
    "nsComment = A comment\n"
    "nsCertType = client,sslCA\n"
    "1.2.3.4.5.6 = DER:0102030405\n"
    "[one]\nfullname = URI:http://crl.example/1.crl,URI:ldap://crl.example/\nreasons = keyCompromise,CACompromise\n"
    "CRLissuer = dirName:who\n"
    "[two]\nrelativename = relative\n[relative]\nCN = list\n[who]\nCN = list maker\n"
    "[policy]\npolicyIdentifier = 1.3.5.8\nCPS.1 = https://cps.example/\nuserNotice.1 = @notice\n"
    "[notice]\nexplicitText = UTF8:Nur für Kassen\norganization = Example\nnoticeNumbers = 1,2\n";
  static const struct
  {
    const char *oid;
    const char *name;
    gboolean    critical;
    const char *value;
  } words[] = {
    { "2.5.29.19", "Basic constraints", TRUE, "Certificate authority: yes\nPath length: 3" },
    { "2.5.29.15", "Key usage", TRUE, "keyCertSign\ncRLSign" },
    { "2.5.29.37", "Extended key usage", FALSE, "serverAuth\nOCSPSigning\n1.2.3.4" },
    { "1.3.6.1.5.5.7.1.1", "Authority information access", FALSE,
      "OCSP: http://ocsp.example/\nCA issuers: http://ca.example/ca.cer\nOCSP: http://ocsp2.example/\n"
      "CA repository: http://repo.example/" },
    { "2.5.29.31", "CRL distribution points", FALSE,
      "http://crl.example/1.crl\nldap://crl.example/\nReasons: keyCompromise cACompromise\n"
      "Issuer: dirName:CN=list maker\nRelative to the issuer: CN=list" },
    { "2.5.29.32", "Certificate policies", FALSE,
      "2.23.140.1.2.1 domain validated\n1.2.3.4\n1.3.5.8 — https://cps.example/ — Example — Nur für Kassen" },
    { "2.5.29.30", "Name constraints", FALSE,
      "Permitted: DNS:.shop.example\nPermitted: IP:10.0.0.0/8\nExcluded: email:bad.example" },
    { "2.5.29.36", "Policy constraints", FALSE,
      "A policy is required after certificates: 3\nPolicies may not be mapped after certificates: 1" },
    { "2.5.29.33", "Policy mappings", FALSE, "1.2.3.5 counts as 1.2.3.4" },
    { "2.5.29.54", "Inhibit any policy", FALSE, "Any policy does not count after certificates: 2" },
    { "2.5.29.18", "Issuer alternative names", FALSE, "DNS:issuer.example" },
    { "1.3.6.1.5.5.7.1.24", "TLS feature", FALSE, "OCSP must be stapled (status_request)\nTLS extension 42" },
    { "1.3.6.1.5.5.7.48.1.5", "OCSP no check", FALSE, "Whether it was revoked need not be checked" },
    { "2.16.840.1.113730.1.13", "Netscape comment", FALSE, "A comment" },
    { "2.16.840.1.113730.1.1", "Netscape certificate type", FALSE, "SSL client\nSSL CA" },
    { "1.2.3.4.5.6", "1.2.3.4.5.6", FALSE, "0102030405" },
  };
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *path = till_test_dir_write (dir, "all.cnf", config, -1);
  g_autoptr(GBytes) der = NULL;
  g_autoptr(TillCertificateDetails) details = NULL;
  g_autofree char *hash = NULL;
  g_autofree char *authority = NULL;

  g_assert_nonnull (path);
  fixture_make (dir, "openssl req -x509 -utf8 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem"
                     " -config all.cnf -subj /CN=all -set_serial 0x1234 -outform DER -out all.der");
  der = fixture_load (dir, "all.der");
  details = load_details (der);

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      const TillExtension *extension = find (details, words[i].oid);

      g_assert_cmpstr (extension->value, ==, words[i].value);
      g_assert_cmpstr (extension->name, ==, words[i].name);
      g_assert_cmpint (extension->critical, ==, words[i].critical);
    }

  g_assert_cmpuint (details->extensions->len, ==, G_N_ELEMENTS (words) + 2);
  g_assert_cmpstr (((TillExtension *) details->extensions->pdata[0])->oid, ==, "2.5.29.19");
  g_assert_cmpint (details->path_length, ==, 3);
  assert_list (details->ocsp, "http://ocsp.example/|http://ocsp2.example/");
  assert_list (details->ca_issuers, "http://ca.example/ca.cer");
  assert_list (details->crl, "http://crl.example/1.crl|ldap://crl.example/|Relative to the issuer: CN=list");
  assert_list (details->policies,
               "2.23.140.1.2.1 domain validated|1.2.3.4|"
               "1.3.5.8 — https://cps.example/ — Example — Nur für Kassen");
  assert_list (details->permitted_names, "DNS:.shop.example|IP:10.0.0.0/8");
  assert_list (details->excluded_names, "email:bad.example");

  /* The key identifier is the SHA-1 of the key proper (RFC 5280 4.2.1.2). */
  fixture_make (dir, "openssl ec -in key.pem -pubout -outform DER -out public.der");
    {
      g_autoptr(GBytes) public_key = fixture_load (dir, "public.der");
      gsize size;
      const guint8 *data = g_bytes_get_data (public_key, &size);
      g_autoptr(GBytes) point = g_bytes_new (data + size - 65, 65);
      g_autofree char *hex = fixture_hex (point);

      hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, point);
      g_assert_cmpstr (details->modulus_or_point, ==, hex);
    }
  g_assert_cmpstr (details->subject_key_id, ==, hash);
  g_assert_cmpstr (details->authority_key_id, ==, hash);
  g_assert_cmpstr (find (details, "2.5.29.14")->value, ==, hash);
  authority = g_strdup_printf ("Key identifier: %s\nIssuer: dirName:CN=all\nSerial number: 1234", hash);
  g_assert_cmpstr (find (details, "2.5.29.35")->value, ==, authority);
}

static void
test_none (void)
{
  g_autoptr(GBytes) der = fixture_certificate (&(FixtureCertificate) { NULL, });
  g_autoptr(TillCertificateDetails) details = load_details (der);

  g_assert_null (details->authority_key_id);
  g_assert_null (details->subject_key_id);
  g_assert_cmpint (details->path_length, ==, -1);
  assert_list (details->ocsp, "");
  assert_list (details->ca_issuers, "");
  assert_list (details->crl, "");
  assert_list (details->policies, "");
  assert_list (details->permitted_names, "");
  assert_list (details->excluded_names, "");
  g_assert_cmpuint (details->extensions->len, ==, 0);
  g_assert_cmpstr (details->modulus_or_point, ==, "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
}

/* Extensions that openssl does not make, and values that can't be read. */
static void
test_words (void)
{
  static const struct
  {
    const char *oid;
    const char *value;
    const char *text;
  } cases[] = {
    { "2.5.29.16", "30{80{'20240101000000Z'} 81{'20250101000000Z'}}",
      "Not before: 2024-01-01T00:00:00Z\nNot after: 2025-01-01T00:00:00Z" },
    { "2.5.29.16", "30{80{'2024'}}", "3006800432303234" },
    { "2.5.29.19", "30{}", "Certificate authority: no" },
    { "2.5.29.19", "30{02{05}}", "Certificate authority: no\nPath length: 5" },
    { "2.5.29.19", "02{01}", "020101" },
    { "2.5.29.17", "30{82{'a'} 99{'b'}}", "DNS:a\nSome names can't be read" },
    { "2.5.29.17", "30{}", "3000" },
    { "2.5.29.35", "30{80{0102} 82{0a}}", "Key identifier: 0102\nSerial number: 0a" },
    { "2.5.29.35", "30{}", "3000" },
    { "2.5.29.31", "30{30{81{0640}}}", "Reasons: keyCompromise" },
    { "2.5.29.31", "30{02{01}}", "3003020101" },
    { "2.5.29.46", "30{30{a0{a0{86{'http://a/'}}}}}", "http://a/" },
    { "2.5.29.54", "02{ff}", "0201ff" },
    { "2.5.29.54", "02{00}", "Any policy does not count after certificates: 0" },
    { "1.3.6.1.5.5.7.1.1", "30{30{06{<1.2.3>} 86{'http://a/'}}}", "1.2.3: http://a/" },
    { "1.3.6.1.5.5.7.1.11", "30{30{06{<1.3.6.1.5.5.7.48.3>} 86{'http://t/'}}}", "Time stamping: http://t/" },
    { "1.3.6.1.5.5.7.1.24", "30{02{05} 02{11}}",
      "OCSP must be stapled (status_request)\nOCSP must be stapled for the chain (status_request_v2)" },
    { "1.3.6.1.4.1.11129.2.4.3", "0500", "Made for transparency logs only, not to be used" },
    { "1.3.6.1.4.1.11129.2.4.2",
      "04{0031 002f 00 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
      " 0000018cc251f400 0000 04030000}",
      "Timestamps: 1\nLog 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f: 2024-01-01T00:00:00Z" },
    { "1.3.6.1.4.1.11129.2.4.2", "04{0000}", "Timestamps: 0" },
    { "1.3.6.1.4.1.11129.2.4.2", "04{0003 0001 00}", "04050003000100" },
    { "1.3.6.1.4.1.11129.2.4.2", "04{0002 00}", "0403000200" },
    { "1.3.6.1.4.1.311.20.2", "1e{00530068006f0070}", "Shop" },
    { "1.3.6.1.4.1.311.21.7", "30{06{<1.3.6.1.4.1.311.21.8.1>} 02{64} 02{07}}",
      "Template: 1.3.6.1.4.1.311.21.8.1\nVersion: 100.7" },
    { "1.3.6.1.4.1.311.21.7", "30{06{<1.2.3>}}", "Template: 1.2.3" },
    { "1.3.6.1.4.1.311.21.1", "02{010002}", "V2.1" },
    { "1.3.6.1.4.1.311.21.2", "04{aabb}", "aabb" },
    { "1.3.6.1.4.1.311.21.10", "30{30{06{<1.2.3>}}}", "1.2.3" },
    { "1.2.840.113549.1.9.15", "30{30{06{<1.2.840.113549.3.7>}} 30{06{<1.2.3>} 02{01}}}", "1.2.840.113549.3.7\n1.2.3" },
    { "1.2.840.113635.100.6.1.16", "0c{'pass.com.example.shop'}", "pass.com.example.shop" },
    { "1.2.840.113635.100.6.3.2", "0500", "Marked" },
    { "1.2.840.113635.100.6.99", "02{01}", "020101" },
    { "2.16.840.1.113730.1.12", "16{'a' 1b0a}", "a\\1B\\0A" },
    { "1.3.6.1.5.5.7.1.14", "30{02{01} 30{06{<1.3.6.1.5.5.7.21.1>}}}",
      "Path length: 1\nPolicy language: 1.3.6.1.5.5.7.21.1" },
    { "1.3.6.1.5.5.7.1.3",
      "30{30{06{<0.4.0.1862.1.1>}} 30{06{<0.4.0.1862.1.2>} 30{13{'EUR'} 02{64} 02{ff}}} 30{06{<0.4.0.1862.1.3>} 02{0a}}"
      "   30{06{<0.4.0.1862.1.5>} 30{30{16{'https://a/'} 13{'en'}}}}"
      "   30{06{<0.4.0.1862.1.6>} 30{06{<0.4.0.1862.1.6.3>}}}"
      "   30{06{<0.4.0.19495.2>} 30{30{30{06{<0.4.0.19495.1.3>} 0c{'PSP_AI'}}} 0c{'BaFin'} 0c{'DE-BAFIN'}}}}",
      "EU qualified certificate\nLimit of transactions: EUR 100 -1\nYears that records are kept: 10\n"
      "Disclosure statements: https://a/ en\nType: website authentication\n"
      "Payment service provider (PSD2): 0.4.0.19495.1.3 PSP_AI BaFin DE-BAFIN" },
    { "1.2.3", "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) der = fixture_der (cases[i].value);
      g_autofree char *text = NULL;
      gsize size;
      const guint8 *data = g_bytes_get_data (der, &size);
      TillDer value;

      till_der_init (&value, data, size);
      text = till_extension_dup_text (cases[i].oid, value);
      g_test_message ("%s %s", cases[i].oid, cases[i].value);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

/* Long ones are cut, and cut-off ones are shown as they are, of whatever kind. */
static void
test_bounds (void)
{
  static const char * const oids[] = {
    "2.5.29.14", "2.5.29.15", "2.5.29.16", "2.5.29.17", "2.5.29.19", "2.5.29.30", "2.5.29.31", "2.5.29.32", "2.5.29.33",
    "2.5.29.35", "2.5.29.36", "2.5.29.37", "2.5.29.54", "1.3.6.1.5.5.7.1.1", "1.3.6.1.5.5.7.1.3", "1.3.6.1.5.5.7.1.14",
    "1.3.6.1.5.5.7.1.24", "1.3.6.1.4.1.11129.2.4.2", "1.3.6.1.4.1.311.21.7", "1.3.6.1.4.1.311.21.1",
    "1.2.840.113549.1.9.15", "2.16.840.1.113730.1.1", "1.2.840.113635.100.6.1.16",
  };
  guint8 octets[600];
  TillDer value;
  g_autofree char *longest = NULL;
  g_autofree char *too_long = NULL;

  memset (octets, 0x5a, sizeof octets);
  till_der_init (&value, octets, 256);
  longest = till_extension_dup_text ("1.2.3", value);
  g_assert_cmpuint (strlen (longest), ==, 512);
  till_der_init (&value, octets, 257);
  too_long = till_extension_dup_text ("1.2.3", value);
  g_assert_true (g_str_has_prefix (too_long, longest));
  g_assert_true (g_str_has_suffix (too_long, "a…"));

  /* Every two octets and a little behind them, for every kind: any text will do, as long as it is one. */
  for (gsize i = 0; i < G_N_ELEMENTS (oids); i++)
    for (guint first = 0; first < 256; first++)
      for (guint second = 0; second < 256; second += 3)
        {
          const guint8 small[] = { (guint8) first, (guint8) second, 0x30, 0x03, 0x06, 0x01, 0x2a, 0x86, 0x00 };
          g_autofree char *text = NULL;

          till_der_init (&value, small, 2 + (first + second) % 8);
          text = till_extension_dup_text (oids[i], value);
          g_assert_true (g_utf8_validate (text, -1, NULL));
        }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/details/fields", test_fields);
  g_test_add_func ("/details/none", test_none);
  g_test_add_func ("/details/words", test_words);
  g_test_add_func ("/details/bounds", test_bounds);

  return g_test_run ();
}
