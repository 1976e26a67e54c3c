/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Look-alikes of Apple's pass type certificates, as .p12 files, for practising (API.md 6.4). */
#include "config.h"

#include <gnutls/abstract.h>
#include <gnutls/pkcs12.h>
#include <string.h>

#include "till-apple.h"
#include "till-error.h"
#include "till-sandbox-authority-private.h"

/* A NULL, as marker extensions hold. */
static const guint8 marker[] = { 0x05, 0x00 };

static int
set_name (gnutls_x509_crt_t  crt,
          const char        *oid,
          const char        *text)
{
  return gnutls_x509_crt_set_dn_by_oid (crt, oid, 0, text, (unsigned int) strlen (text));
}

static int
fill_certificate (TillAuthority         *self,
                  gnutls_x509_crt_t      crt,
                  gnutls_x509_privkey_t  key,
                  const char            *pass_type_id,
                  const char            *team_id,
                  gint64                 not_before,
                  gint64                 not_after,
                  gboolean               nfc)
{
  g_autofree char *common_name = g_strdup_printf ("Pass Type ID%s: %s", nfc ? " with NFC" : "", pass_type_id);
  int code;

  if ((code = gnutls_x509_privkey_generate (key, GNUTLS_PK_RSA, 2048, 0)) < 0 ||
      (code = till_authority_prepare (crt, key, not_before, not_after)) < 0 ||
      (code = set_name (crt, GNUTLS_OID_LDAP_UID, pass_type_id)) < 0 ||
      (code = set_name (crt, GNUTLS_OID_X520_COMMON_NAME, common_name)) < 0 ||
      (code = set_name (crt, GNUTLS_OID_X520_ORGANIZATIONAL_UNIT_NAME, team_id)) < 0 ||
      (code = set_name (crt, GNUTLS_OID_X520_ORGANIZATION_NAME, "Example")) < 0 ||
      (code = gnutls_x509_crt_set_basic_constraints (crt, 0, -1)) < 0 ||
      (code = gnutls_x509_crt_set_key_usage (crt, GNUTLS_KEY_DIGITAL_SIGNATURE)) < 0 ||
      (code = gnutls_x509_crt_set_key_purpose_oid (crt, GNUTLS_KP_TLS_WWW_CLIENT, 0)) < 0 ||
      (code = gnutls_x509_crt_set_key_purpose_oid (crt, TILL_APPLE_PASS_PURPOSE, 0)) < 0 ||
      (nfc && (code = gnutls_x509_crt_set_extension_by_oid (crt, TILL_APPLE_NFC_EXTENSION,
                                                            marker, sizeof marker, 0)) < 0))
    return code;

  return till_authority_sign (self, crt);
}

/* One bag: what it holds, its mark and name, and its protection. */
static int
add_bag (gnutls_pkcs12_t           p12,
         gnutls_pkcs12_bag_type_t  type,
         gnutls_x509_crt_t         crt,
         const gnutls_datum_t     *key,
         const gnutls_datum_t     *id,
         const char               *name,
         const char               *password)
{
  gnutls_pkcs12_bag_t bag = NULL;
  int index;
  int code = gnutls_pkcs12_bag_init (&bag);

  if (code < 0)
    return code;

  index = code = type == GNUTLS_BAG_CERTIFICATE ? gnutls_pkcs12_bag_set_crt (bag, crt)
                                                : gnutls_pkcs12_bag_set_data (bag, type, key);
  if (code >= 0 && (code = gnutls_pkcs12_bag_set_key_id (bag, (unsigned int) index, id)) >= 0 &&
      (code = gnutls_pkcs12_bag_set_friendly_name (bag, (unsigned int) index, name)) >= 0 &&
      (type != GNUTLS_BAG_CERTIFICATE ||
       (code = gnutls_pkcs12_bag_encrypt (bag, password, GNUTLS_PKCS_PBES2_AES_256)) >= 0))
    code = gnutls_pkcs12_set_bag (p12, bag);

  gnutls_pkcs12_bag_deinit (bag);
  return code;
}

static int
pack (gnutls_x509_crt_t      crt,
      gnutls_x509_privkey_t  key,
      const char            *name,
      const char            *password,
      gnutls_datum_t        *out)
{
  gnutls_pkcs12_t p12 = NULL;
  gnutls_datum_t key_der = { NULL, 0 };
  guint8 id[20];
  gsize id_size = sizeof id;
  gnutls_datum_t id_datum = { id, 0 };
  int code;

  if ((code = gnutls_x509_crt_get_key_id (crt, 0, id, &id_size)) < 0)
    return code;
  id_datum.size = (unsigned int) id_size;

  if ((code = gnutls_pkcs12_init (&p12)) >= 0 &&
      (code = gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_DER, password,
                                                 GNUTLS_PKCS_PBES2_AES_256, &key_der)) >= 0 &&
      (code = add_bag (p12, GNUTLS_BAG_CERTIFICATE, crt, NULL, &id_datum, name, password)) >= 0 &&
      (code = add_bag (p12, GNUTLS_BAG_PKCS8_ENCRYPTED_KEY, NULL, &key_der, &id_datum, name, password)) >= 0 &&
      (code = gnutls_pkcs12_generate_mac2 (p12, GNUTLS_MAC_SHA256, password)) >= 0)
    code = gnutls_pkcs12_export2 (p12, GNUTLS_X509_FMT_DER, out);

  gnutls_free (key_der.data);
  g_clear_pointer (&p12, gnutls_pkcs12_deinit);
  return code;
}

/**
 * till_authority_make_pass:
 * @self: the authority that issues it
 * @pass_type_id: such as "pass.com.example.shop"
 * @team_id: such as "ABCDE12345"
 * @not_before: seconds since 1970
 * @not_after: likewise
 * @nfc: whether it may be used for NFC passes
 * @password: that opens the file
 * @error: (out) (optional): %TILL_ERROR_INTERNAL
 *
 * Makes a key and a certificate that looks like one of Apple's, and packs both
 * (AES-256, HMAC-SHA256). From any thread; takes a while.
 *
 * Returns: (transfer full) (nullable): the .p12 file, %NULL with @error set
 */
GBytes *
till_authority_make_pass (TillAuthority  *self,
                          const char     *pass_type_id,
                          const char     *team_id,
                          gint64          not_before,
                          gint64          not_after,
                          gboolean        nfc,
                          const char     *password,
                          GError        **error)
{
  gnutls_x509_privkey_t key = NULL;
  gnutls_x509_crt_t crt = NULL;
  gnutls_datum_t der = { NULL, 0 };
  GBytes *bytes = NULL;
  int code;

  if ((code = gnutls_x509_crt_init (&crt)) >= 0 && (code = gnutls_x509_privkey_init (&key)) >= 0 &&
      (code = fill_certificate (self, crt, key, pass_type_id, team_id, not_before, not_after, nfc)) >= 0)
    code = pack (crt, key, pass_type_id, password, &der);

  if (!till_authority_failed (code, "make a pass certificate", error))
    bytes = g_bytes_new (der.data, der.size);

  gnutls_free (der.data);
  g_clear_pointer (&crt, gnutls_x509_crt_deinit);
  g_clear_pointer (&key, gnutls_x509_privkey_deinit);

  return bytes;
}
