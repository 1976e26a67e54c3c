/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates, keys, requests and PKCS #12 files for the tests of the window, made on the spot. */
#include "config.h"

#include "till-ui-test.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/pkcs12.h>
#include <gnutls/x509.h>
#include <string.h>

static guint next_serial = 1;

static gnutls_x509_privkey_t
make_key (guint rsa_bits)
{
  gnutls_x509_privkey_t key;

  g_assert_cmpint (gnutls_x509_privkey_init (&key), ==, 0);
  if (rsa_bits != 0)
    g_assert_cmpint (gnutls_x509_privkey_generate (key, GNUTLS_PK_RSA, rsa_bits, 0), ==, 0);
  else
    g_assert_cmpint (gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                                   GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0), ==, 0);

  return key;
}

/* One key for all: making them is what takes long. */
static gnutls_x509_privkey_t
get_key (void)
{
  static gnutls_x509_privkey_t key;

  if (key == NULL)
    key = make_key (0);

  return key;
}

static gnutls_x509_privkey_t
get_other_key (void)
{
  static gnutls_x509_privkey_t key;

  if (key == NULL)
    key = make_key (0);

  return key;
}

/* Apple's extension, which makes a certificate one for passes; its value is not looked at. */
static void
mark_pass (gnutls_x509_crt_t crt)
{
  static const guint8 value[] = { 0x05, 0x00 };

  g_assert_cmpint (gnutls_x509_crt_set_extension_by_oid (crt, "1.2.840.113635.100.6.1.16", value, sizeof value, 0),
                   ==, 0);
}

static void
set_name (gnutls_x509_crt_t  crt,
          const char        *oid,
          const char        *value)
{
  if (value != NULL)
    g_assert_cmpint (gnutls_x509_crt_set_dn_by_oid (crt, oid, 0, value, strlen (value)), ==, 0);
}

/* Signed by @issuer and its key, or by itself. */
static gnutls_x509_crt_t
make_crt (const TillUiCertificate *certificate,
          gnutls_x509_crt_t        issuer,
          gnutls_x509_privkey_t    issuer_key,
          gnutls_x509_privkey_t    key,
          gboolean                 is_ca)
{
  guint serial = certificate->serial != 0 ? certificate->serial : next_serial++;
  guint8 number[] = { 1, serial >> 24, serial >> 16, serial >> 8, serial };
  gnutls_x509_crt_t crt;

  g_assert_cmpint (gnutls_x509_crt_init (&crt), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_version (crt, 3), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_serial (crt, number, sizeof number), ==, 0);
  set_name (crt, GNUTLS_OID_LDAP_UID, certificate->pass_type);
  set_name (crt, GNUTLS_OID_X520_COMMON_NAME, certificate->name);
  set_name (crt, GNUTLS_OID_X520_ORGANIZATIONAL_UNIT_NAME, certificate->team);
  if (certificate->pass_type != NULL)
    mark_pass (crt);
  if (certificate->dns != NULL)
    g_assert_cmpint (gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_DNSNAME, certificate->dns,
                                                           (unsigned) strlen (certificate->dns), 0), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_activation_time (crt, certificate->not_before), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_expiration_time (crt, certificate->not_after), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_key (crt, key), ==, 0);
  if (is_ca)
    g_assert_cmpint (gnutls_x509_crt_set_basic_constraints (crt, 1, -1), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_sign2 (crt, issuer != NULL ? issuer : crt, issuer_key, GNUTLS_DIG_SHA256, 0),
                   ==, 0);

  return crt;
}

static gnutls_x509_crt_t
make_own_crt (const TillUiCertificate *certificate,
              gnutls_x509_privkey_t    key)
{
  return make_crt (certificate, NULL, key, key, FALSE);
}

static char *
dup_datum (gnutls_datum_t *datum)
{
  char *text = g_strndup ((const char *) datum->data, datum->size);

  gnutls_free (datum->data);
  return text;
}

static char *
export_crt (gnutls_x509_crt_t crt)
{
  gnutls_datum_t datum;

  g_assert_cmpint (gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_PEM, &datum), ==, 0);
  return dup_datum (&datum);
}

/**
 * till_ui_make_pem:
 * @certificate: what to put into it
 *
 * Returns: (transfer full): a self-signed certificate
 */
char *
till_ui_make_pem (const TillUiCertificate *certificate)
{
  gnutls_x509_privkey_t key = certificate->rsa_bits != 0 ? make_key (certificate->rsa_bits) : get_key ();
  gnutls_x509_crt_t crt = make_own_crt (certificate, key);
  char *pem = export_crt (crt);

  gnutls_x509_crt_deinit (crt);
  if (key != get_key ())
    gnutls_x509_privkey_deinit (key);

  return pem;
}

/**
 * till_ui_make_issued_pem:
 * @certificate: the leaf
 * @issuer: the one that signs it
 *
 * Returns: (transfer full): both certificates, the leaf first
 */
char *
till_ui_make_issued_pem (const TillUiCertificate *certificate,
                         const TillUiCertificate *issuer)
{
  gnutls_x509_crt_t ca = make_crt (issuer, NULL, get_other_key (), get_other_key (), TRUE);
  gnutls_x509_crt_t leaf = make_crt (certificate, ca, get_other_key (), get_key (), FALSE);
  g_autofree char *leaf_pem = export_crt (leaf);
  g_autofree char *ca_pem = export_crt (ca);

  gnutls_x509_crt_deinit (leaf);
  gnutls_x509_crt_deinit (ca);

  return g_strconcat (leaf_pem, ca_pem, NULL);
}

static char *
export_key (gnutls_x509_privkey_t key)
{
  gnutls_datum_t datum;

  g_assert_cmpint (gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &datum),
                   ==, 0);
  return dup_datum (&datum);
}

/**
 * till_ui_make_key_pem:
 *
 * Returns: (transfer full): the private key of all certificates made here that have no RSA key
 */
char *
till_ui_make_key_pem (void)
{
  return export_key (get_key ());
}

/**
 * till_ui_make_other_key_pem:
 *
 * Returns: (transfer full): a private key that belongs to none of them
 */
char *
till_ui_make_other_key_pem (void)
{
  return export_key (get_other_key ());
}

/**
 * till_ui_make_request_pem:
 * @name: common name
 *
 * Returns: (transfer full): a certificate request
 */
char *
till_ui_make_request_pem (const char *name)
{
  gnutls_x509_crq_t crq;
  gnutls_datum_t datum;

  g_assert_cmpint (gnutls_x509_crq_init (&crq), ==, 0);
  g_assert_cmpint (gnutls_x509_crq_set_version (crq, 1), ==, 0);
  g_assert_cmpint (gnutls_x509_crq_set_dn_by_oid (crq, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                                  (unsigned) strlen (name)), ==, 0);
  g_assert_cmpint (gnutls_x509_crq_set_key (crq, get_key ()), ==, 0);
  g_assert_cmpint (gnutls_x509_crq_sign2 (crq, get_key (), GNUTLS_DIG_SHA256, 0), ==, 0);
  g_assert_cmpint (gnutls_x509_crq_export2 (crq, GNUTLS_X509_FMT_PEM, &datum), ==, 0);
  gnutls_x509_crq_deinit (crq);

  return dup_datum (&datum);
}

/**
 * till_ui_make_p12:
 * @certificate: what to put into it, with its key
 * @password: protects it
 *
 * Returns: (transfer full): a PKCS #12 file
 */
GBytes *
till_ui_make_p12 (const TillUiCertificate *certificate,
                  const char              *password)
{
  const unsigned int flags = GNUTLS_PKCS_PBES2_AES_256;
  gnutls_x509_crt_t crt = make_own_crt (certificate, get_key ());
  gnutls_pkcs12_bag_t crt_bag, key_bag;
  gnutls_datum_t key, datum;
  gnutls_pkcs12_t p12;
  GBytes *bytes;
  int index;

  g_assert_cmpint (gnutls_pkcs12_init (&p12), ==, 0);

  g_assert_cmpint (gnutls_pkcs12_bag_init (&crt_bag), ==, 0);
  index = gnutls_pkcs12_bag_set_crt (crt_bag, crt);
  g_assert_cmpint (index, >=, 0);
  if (certificate->name != NULL)
    g_assert_cmpint (gnutls_pkcs12_bag_set_friendly_name (crt_bag, (unsigned) index, certificate->name), ==, 0);
  g_assert_cmpint (gnutls_pkcs12_bag_encrypt (crt_bag, password, flags), ==, 0);
  g_assert_cmpint (gnutls_pkcs12_set_bag (p12, crt_bag), ==, 0);

  g_assert_cmpint (gnutls_x509_privkey_export2_pkcs8 (get_key (), GNUTLS_X509_FMT_DER, password, flags, &key), ==, 0);
  g_assert_cmpint (gnutls_pkcs12_bag_init (&key_bag), ==, 0);
  g_assert_cmpint (gnutls_pkcs12_bag_set_data (key_bag, GNUTLS_BAG_PKCS8_ENCRYPTED_KEY, &key), >=, 0);
  g_assert_cmpint (gnutls_pkcs12_set_bag (p12, key_bag), ==, 0);

  g_assert_cmpint (gnutls_pkcs12_generate_mac2 (p12, GNUTLS_MAC_SHA256, password), ==, 0);
  g_assert_cmpint (gnutls_pkcs12_export2 (p12, GNUTLS_X509_FMT_DER, &datum), ==, 0);
  bytes = g_bytes_new (datum.data, datum.size);

  gnutls_free (datum.data);
  gnutls_free (key.data);
  gnutls_pkcs12_bag_deinit (crt_bag);
  gnutls_pkcs12_bag_deinit (key_bag);
  gnutls_pkcs12_deinit (p12);
  gnutls_x509_crt_deinit (crt);

  return bytes;
}

/**
 * till_ui_make_bundle:
 * @n: how many
 *
 * Returns: (transfer full): many different certificates of one issuer, one text; they
 *   end from 100 days before TILL_UI_NOW on, one day after the other, mixed up
 */
char *
till_ui_make_bundle (guint n)
{
  const TillUiCertificate issuer = {
    .name = "Till CA", .not_before = TILL_UI_NOW - 1000 * TILL_UI_DAY, .not_after = TILL_UI_NOW + 5000 * TILL_UI_DAY,
  };
  gnutls_x509_crt_t ca = make_crt (&issuer, NULL, get_other_key (), get_other_key (), TRUE);
  GString *bundle = g_string_new (NULL);
  guint i;

  for (i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("Till %05u", (i * 7919) % n);
      g_autofree char *dns = g_strdup_printf ("till-%05u.shop.example", i);
      g_autofree char *pem = NULL;
      TillUiCertificate certificate = {
        .name = name,
        .dns = dns,
        .team = "PGJV57GD94",
        .not_before = TILL_UI_NOW - 400 * TILL_UI_DAY,
        .not_after = TILL_UI_NOW + ((int) ((i * 104729) % MAX (n, 1000)) - 100) * TILL_UI_DAY + TILL_UI_DAY / 2,
      };
      gnutls_x509_crt_t crt = make_crt (&certificate, ca, get_other_key (), get_key (), FALSE);

      pem = export_crt (crt);
      g_string_append (bundle, pem);
      gnutls_x509_crt_deinit (crt);
    }

  gnutls_x509_crt_deinit (ca);
  return g_string_free (bundle, FALSE);
}
