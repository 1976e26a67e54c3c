/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes a bundle of very many certificates to measure with.
 *
 *   make-bundle NUMBER FILE
 *
 * Seven in ten have a P-256 key, the others RSA-2048, from a small pool of keys; seven
 * extensions each; one issuer. */
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POOL 4
#define STARTS 1577836800   /* 2020-01-01 */
#define YEAR (365 * 24 * 60 * 60)

#define CHECK(call) check ((call), #call)

static void
check (int         result,
       const char *call)
{
  if (result < 0)
    {
      fprintf (stderr, "make-bundle: %s: %s\n", call, gnutls_strerror (result));
      exit (1);
    }
}

static gnutls_x509_privkey_t
make_key (gnutls_pk_algorithm_t algorithm,
          unsigned int          bits)
{
  gnutls_x509_privkey_t key;

  CHECK (gnutls_x509_privkey_init (&key));
  CHECK (gnutls_x509_privkey_generate (key, algorithm, bits, 0));

  return key;
}

static void
set_number (gnutls_x509_crt_t certificate,
            unsigned int      number)
{
  const unsigned char serial[] = { 0x10, number >> 24, number >> 16, number >> 8, number };

  CHECK (gnutls_x509_crt_set_serial (certificate, serial, sizeof serial));
}

static gnutls_x509_crt_t
make_issuer (gnutls_x509_privkey_t key)
{
  static const char name[] = "C=DE,O=Bench Certificates GmbH,CN=Bench Issuing CA 1";
  gnutls_x509_crt_t issuer;

  CHECK (gnutls_x509_crt_init (&issuer));
  CHECK (gnutls_x509_crt_set_version (issuer, 3));
  CHECK (gnutls_x509_crt_set_dn (issuer, name, NULL));
  CHECK (gnutls_x509_crt_set_key (issuer, key));
  CHECK (gnutls_x509_crt_set_activation_time (issuer, STARTS));
  CHECK (gnutls_x509_crt_set_expiration_time (issuer, STARTS + 30LL * YEAR));
  CHECK (gnutls_x509_crt_set_basic_constraints (issuer, 1, 0));
  CHECK (gnutls_x509_crt_set_key_usage (issuer, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN));
  CHECK (gnutls_x509_crt_set_subject_key_id (issuer, "bench-issuing-ca", 16));
  set_number (issuer, 0);
  CHECK (gnutls_x509_crt_sign2 (issuer, issuer, key, GNUTLS_DIG_SHA256, 0));

  return issuer;
}

static void
write_certificate (FILE                  *file,
                   gnutls_x509_crt_t      issuer,
                   gnutls_x509_privkey_t  issuer_key,
                   gnutls_x509_privkey_t  key,
                   unsigned int           number)
{
  gnutls_x509_crt_t certificate;
  gnutls_datum_t pem;
  char text[256];

  CHECK (gnutls_x509_crt_init (&certificate));
  CHECK (gnutls_x509_crt_set_version (certificate, 3));
  snprintf (text, sizeof text, "C=DE,ST=Hessen,L=Frankfurt,O=Shop %u GmbH,OU=Tills,CN=till-%u.shop.example",
            number % 500, number);
  CHECK (gnutls_x509_crt_set_dn (certificate, text, NULL));
  CHECK (gnutls_x509_crt_set_key (certificate, key));
  CHECK (gnutls_x509_crt_set_activation_time (certificate, STARTS + number * 60));
  CHECK (gnutls_x509_crt_set_expiration_time (certificate, STARTS + number * 60 + 8LL * YEAR));
  set_number (certificate, number);

  CHECK (gnutls_x509_crt_set_basic_constraints (certificate, 0, -1));
  CHECK (gnutls_x509_crt_set_key_usage (certificate, GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_KEY_ENCIPHERMENT));
  CHECK (gnutls_x509_crt_set_key_purpose_oid (certificate, GNUTLS_KP_TLS_WWW_SERVER, 0));
  CHECK (gnutls_x509_crt_set_key_purpose_oid (certificate, GNUTLS_KP_TLS_WWW_CLIENT, 0));
  snprintf (text, sizeof text, "till-%u.shop.example", number);
  CHECK (gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_DNSNAME, text, strlen (text), GNUTLS_FSAN_SET));
  snprintf (text, sizeof text, "www.till-%u.shop.example", number);
  CHECK (gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_DNSNAME, text, strlen (text),
                                               GNUTLS_FSAN_APPEND));
  snprintf (text, sizeof text, "key-%012u", number);
  CHECK (gnutls_x509_crt_set_subject_key_id (certificate, text, strlen (text)));
  CHECK (gnutls_x509_crt_set_authority_key_id (certificate, "bench-issuing-ca", 16));
  CHECK (gnutls_x509_crt_set_crl_dist_points (certificate, GNUTLS_SAN_URI, "http://crl.example/1.crl", 0));
  CHECK (gnutls_x509_crt_sign2 (certificate, issuer, issuer_key, GNUTLS_DIG_SHA256, 0));

  CHECK (gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_PEM, &pem));
  fwrite (pem.data, 1, pem.size, file);
  gnutls_free (pem.data);
  gnutls_x509_crt_deinit (certificate);
}

int
main (int    argc,
      char **argv)
{
  gnutls_x509_privkey_t ec[POOL], rsa[POOL], issuer_key;
  gnutls_x509_crt_t issuer;
  unsigned int count;
  FILE *file;

  if (argc != 3 || (count = atoi (argv[1])) < 1 || (file = fopen (argv[2], "we")) == NULL)
    return 2;

  issuer_key = make_key (GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1));
  issuer = make_issuer (issuer_key);

  for (unsigned int i = 0; i < POOL; i++)
    {
      ec[i] = make_key (GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1));
      rsa[i] = make_key (GNUTLS_PK_RSA, 2048);
    }

  for (unsigned int i = 1; i <= count; i++)
    write_certificate (file, issuer, issuer_key, i % 10 < 7 ? ec[i % POOL] : rsa[i % POOL], i);

  for (unsigned int i = 0; i < POOL; i++)
    {
      gnutls_x509_privkey_deinit (ec[i]);
      gnutls_x509_privkey_deinit (rsa[i]);
    }

  gnutls_x509_crt_deinit (issuer);
  gnutls_x509_privkey_deinit (issuer_key);

  return fclose (file) == 0 ? 0 : 1;
}
