/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificate authorities of the sandbox's own, kept in its folder. */
#include "config.h"

#include "till-sandbox-authority.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>

#include "till-clock.h"
#include "till-error.h"
#include "till-file.h"
#include "till-sandbox-authority-private.h"
#include "till-sandbox-state.h"

#define FILE_LIMIT (64 * 1024)
#define AUTHORITY_DAYS 3650
#define SERVER_DAYS 365
#define SERVER_LEAST_DAYS 30
#define SERVER_FILE "server-key.pem"
#define DAY 86400

/* The kinds of an address in a certificate's alternative names. */
static const guint8 loopback4[4] = { 127, 0, 0, 1 };
static const guint8 loopback6[16] = { [15] = 1 };

/**
 * till_authority_failed:
 * @code: what GnuTLS returned
 * @what: what was being done, to stand behind "cannot"
 * @error: (out) (optional): %TILL_ERROR_INTERNAL
 *
 * Returns: whether @code is an error
 */
gboolean
till_authority_failed (int          code,
                       const char  *what,
                       GError     **error)
{
  if (code >= 0)
    return FALSE;

  till_set_error (error, TILL_ERROR_INTERNAL, TILL_REASON_NONE, NULL, NULL,
                  "the sandbox cannot %s: %s", what, gnutls_strerror (code));
  return TRUE;
}

/**
 * till_authority_prepare:
 * @crt: a new certificate
 * @key: its key
 * @not_before: seconds since 1970
 * @not_after: likewise
 *
 * Sets what all certificates have: version, random serial number, validity, key.
 *
 * Returns: an error code of GnuTLS
 */
int
till_authority_prepare (gnutls_x509_crt_t     crt,
                        gnutls_x509_privkey_t key,
                        gint64                not_before,
                        gint64                not_after)
{
  guint8 serial[16];
  guint8 id[20];
  gsize id_size = sizeof id;
  int code;

  if ((code = gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial)) < 0)
    return code;
  serial[0] = (serial[0] & 0x3f) | 0x40;

  if ((code = gnutls_x509_crt_set_version (crt, 3)) < 0 ||
      (code = gnutls_x509_crt_set_serial (crt, serial, sizeof serial)) < 0 ||
      (code = gnutls_x509_crt_set_activation_time (crt, (time_t) not_before)) < 0 ||
      (code = gnutls_x509_crt_set_expiration_time (crt, (time_t) not_after)) < 0 ||
      (code = gnutls_x509_crt_set_key (crt, key)) < 0 ||
      (code = gnutls_x509_crt_get_key_id (crt, 0, id, &id_size)) < 0)
    return code;

  return gnutls_x509_crt_set_subject_key_id (crt, id, id_size);
}

/**
 * till_authority_set_name:
 * @crt: a new certificate
 * @oid: of a part of a name
 * @text: its value
 *
 * Returns: an error code of GnuTLS
 */
int
till_authority_set_name (gnutls_x509_crt_t  crt,
                         const char        *oid,
                         const char        *text)
{
  return gnutls_x509_crt_set_dn_by_oid (crt, oid, 0, text, (unsigned int) strlen (text));
}

static char *
export_pem (gnutls_x509_crt_t       crt,
            gnutls_x509_privkey_t   key,
            GError                **error)
{
  gnutls_datum_t crt_pem = { NULL, 0 };
  gnutls_datum_t key_pem = { NULL, 0 };
  char *text = NULL;
  int code;

  code = gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_PEM, &crt_pem);
  if (code >= 0 && key != NULL)
    code = gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &key_pem);

  if (!till_authority_failed (code, "write a certificate", error))
    text = g_strdup_printf ("%.*s%.*s", (int) crt_pem.size, (const char *) crt_pem.data,
                            (int) key_pem.size, key_pem.data != NULL ? (const char *) key_pem.data : "");

  if (key_pem.data != NULL)
    till_wipe (key_pem.data, key_pem.size);
  gnutls_free (key_pem.data);
  gnutls_free (crt_pem.data);

  return text;
}

/* issuer: NULL for one that signs itself. */
static int
make_authority (TillAuthority *self,
                TillAuthority *issuer,
                const char    *common_name,
                gint64         now)
{
  gint64 ends = now + AUTHORITY_DAYS * (gint64) DAY;
  int code;

  if (issuer != NULL)
    ends = MIN (ends, (gint64) gnutls_x509_crt_get_expiration_time (issuer->crt));

  if ((code = gnutls_x509_privkey_generate (self->key, GNUTLS_PK_ECDSA,
                                            GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0)) < 0 ||
      (code = till_authority_prepare (self->crt, self->key, now - DAY, ends)) < 0 ||
      (code = till_authority_set_name (self->crt, GNUTLS_OID_X520_COMMON_NAME, common_name)) < 0 ||
      (code = till_authority_set_name (self->crt, GNUTLS_OID_X520_ORGANIZATION_NAME, "Tillkeeper Practice")) < 0 ||
      (code = gnutls_x509_crt_set_basic_constraints (self->crt, 1, issuer != NULL ? 0 : -1)) < 0 ||
      (code = gnutls_x509_crt_set_key_usage (self->crt, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN)) < 0)
    return code;

  return issuer != NULL ? till_authority_sign (issuer, self->crt)
                        : gnutls_x509_crt_sign2 (self->crt, self->crt, self->key, GNUTLS_DIG_SHA256, 0);
}

/**
 * till_authority_reread:
 * @crt: (inout): a certificate that was made
 *
 * Puts it in the place of one that was read. GnuTLS finds an issuer by the
 * names of both as they were read: a certificate that was only made has none.
 *
 * Returns: an error code of GnuTLS
 */
int
till_authority_reread (gnutls_x509_crt_t *crt)
{
  gnutls_datum_t der = { NULL, 0 };
  gnutls_x509_crt_t again = NULL;
  int code;

  if ((code = gnutls_x509_crt_export2 (*crt, GNUTLS_X509_FMT_DER, &der)) >= 0 &&
      (code = gnutls_x509_crt_init (&again)) >= 0 &&
      (code = gnutls_x509_crt_import (again, &der, GNUTLS_X509_FMT_DER)) >= 0)
    {
      gnutls_x509_crt_deinit (*crt);
      *crt = g_steal_pointer (&again);
    }

  g_clear_pointer (&again, gnutls_x509_crt_deinit);
  gnutls_free (der.data);

  return code;
}

/**
 * till_authority_load_pair:
 * @folder: of the state
 * @file: that holds both, PEM
 * @crt: the certificate is read into it
 * @key: the key is read into it
 * @found: (out): whether there is such a file
 * @error: (out) (optional): %TILL_ERROR_DAMAGED or %TILL_ERROR_UNREADABLE
 *
 * Returns: whether they were read, or there is no such file
 */
gboolean
till_authority_load_pair (const char             *folder,
                          const char             *file,
                          gnutls_x509_crt_t       crt,
                          gnutls_x509_privkey_t   key,
                          gboolean               *found,
                          GError                **error)
{
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autoptr(TillSecret) text = NULL;
  g_autoptr(GError) reason = NULL;
  gnutls_datum_t datum;

  *found = FALSE;
  text = till_file_read (path, FILE_LIMIT, FILE_LIMIT, &reason);
  if (text == NULL)
    {
      if (till_error_get_reason (reason) == TILL_REASON_MISSING)
        return TRUE;
      if (till_error_get_reason (reason) == TILL_REASON_TOO_LARGE)
        till_state_set_aside (folder, file, error);
      else
        g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }

  datum.data = (unsigned char *) till_secret_get_data (text);
  datum.size = (unsigned int) till_secret_get_size (text);
  if (gnutls_x509_crt_import (crt, &datum, GNUTLS_X509_FMT_PEM) < 0 ||
      gnutls_x509_privkey_import2 (key, &datum, GNUTLS_X509_FMT_PEM, NULL, 0) < 0)
    {
      till_state_set_aside (folder, file, error);
      return FALSE;
    }

  *found = TRUE;
  return TRUE;
}

/**
 * till_authority_save_pair:
 * @folder: of the state
 * @file: that is to hold both, PEM
 * @crt: the certificate
 * @key: its key
 * @error: (out) (optional): %TILL_ERROR_UNREADABLE or %TILL_ERROR_INTERNAL
 *
 * Returns: whether they are on the disk
 */
gboolean
till_authority_save_pair (const char             *folder,
                          const char             *file,
                          gnutls_x509_crt_t       crt,
                          gnutls_x509_privkey_t   key,
                          GError                **error)
{
  g_autofree char *pem = export_pem (crt, key, error);
  gboolean saved;

  if (pem == NULL)
    return FALSE;

  saved = till_state_save (folder, file, pem, strlen (pem), error);
  till_wipe (pem, strlen (pem));
  return saved;
}

static gboolean
is_usable (TillAuthority     *self,
           gnutls_x509_crt_t  crt,
           gint64             now)
{
  gint64 not_before = gnutls_x509_crt_get_activation_time (crt);
  gint64 not_after = gnutls_x509_crt_get_expiration_time (crt);
  unsigned int status = 0;

  return not_before <= now && not_after - now >= SERVER_LEAST_DAYS * (gint64) DAY &&
         gnutls_x509_crt_verify (crt, &self->crt, 1, GNUTLS_VERIFY_DISABLE_TIME_CHECKS, &status) >= 0 && status == 0;
}

static gboolean
init_pair (TillAuthority  *self,
           GError        **error)
{
  g_clear_pointer (&self->crt, gnutls_x509_crt_deinit);
  g_clear_pointer (&self->key, gnutls_x509_privkey_deinit);

  return !till_authority_failed (gnutls_x509_crt_init (&self->crt), "make a certificate", error) &&
         !till_authority_failed (gnutls_x509_privkey_init (&self->key), "make a key", error);
}

static TillAuthority *
open_authority (const char     *folder,
                const char     *name,
                const char     *common_name,
                TillAuthority  *issuer,
                GError        **error)
{
  g_autoptr(TillAuthority) self = g_new0 (TillAuthority, 1);
  g_autoptr(TillClock) clock = till_clock_new_system ();
  g_autofree char *key_file = g_strconcat (name, "-key.pem", NULL);
  g_autofree char *pem_file = g_strconcat (name, ".pem", NULL);
  /* Who checks a certificate asks the system for the time, whatever the services keep. */
  gint64 now = till_clock_get_now (clock);
  gboolean found;

  if (!init_pair (self, error) || !till_authority_load_pair (folder, key_file, self->crt, self->key, &found, error))
    return NULL;

  /* The one above it was made anew: so is this one. */
  if (found && issuer != NULL && !is_usable (issuer, self->crt, now))
    {
      found = FALSE;
      if (!init_pair (self, error))
        return NULL;
    }

  if (!found &&
      (till_authority_failed (make_authority (self, issuer, common_name, now), "make its authority", error) ||
       till_authority_failed (till_authority_reread (&self->crt), "read its authority", error) ||
       !till_authority_save_pair (folder, key_file, self->crt, self->key, error)))
    return NULL;

  if ((self->pem = export_pem (self->crt, NULL, error)) == NULL ||
      !till_state_save (folder, pem_file, self->pem, strlen (self->pem), error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * till_authority_open:
 * @folder: of the state
 * @name: its certificate is in "NAME.pem", its key beside it in "NAME-key.pem"
 * @common_name: what it is called when it is made
 * @error: (out) (optional): %TILL_ERROR_DAMAGED, %TILL_ERROR_UNREADABLE or %TILL_ERROR_INTERNAL
 *
 * Reads an authority, or makes it where it is not there.
 *
 * Returns: (transfer full) (nullable): the authority, %NULL with @error set
 */
TillAuthority *
till_authority_open (const char  *folder,
                     const char  *name,
                     const char  *common_name,
                     GError     **error)
{
  return open_authority (folder, name, common_name, NULL, error);
}

/**
 * till_authority_open_issued:
 * @issuer: the authority above it
 * @folder: of the state
 * @name: its certificate is in "NAME.pem", its key beside it in "NAME-key.pem"
 * @common_name: what it is called when it is made
 * @error: (out) (optional): %TILL_ERROR_DAMAGED, %TILL_ERROR_UNREADABLE or %TILL_ERROR_INTERNAL
 *
 * Reads an authority below another one, which issues end certificates only, or
 * makes it where it is not there or another authority issued it.
 *
 * Returns: (transfer full) (nullable): the authority, %NULL with @error set
 */
TillAuthority *
till_authority_open_issued (TillAuthority  *issuer,
                            const char     *folder,
                            const char     *name,
                            const char     *common_name,
                            GError        **error)
{
  return open_authority (folder, name, common_name, issuer, error);
}

/**
 * till_authority_free:
 * @self: (transfer full): an authority
 *
 * Frees @self.
 */
void
till_authority_free (TillAuthority *self)
{
  if (self->crt != NULL)
    gnutls_x509_crt_deinit (self->crt);
  if (self->key != NULL)
    gnutls_x509_privkey_deinit (self->key);
  g_free (self->pem);
  g_free (self);
}

/**
 * till_authority_get_pem:
 * @self: an authority
 *
 * Returns: (transfer none): its certificate
 */
const char *
till_authority_get_pem (TillAuthority *self)
{
  return self->pem;
}

static int
make_server (TillAuthority         *self,
             gnutls_x509_crt_t      crt,
             gnutls_x509_privkey_t  key,
             gint64                 now)
{
  int code;

  if ((code = gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                            GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0)) < 0 ||
      (code = till_authority_prepare (crt, key, now - DAY, now + SERVER_DAYS * (gint64) DAY)) < 0 ||
      (code = till_authority_set_name (crt, GNUTLS_OID_X520_COMMON_NAME, "localhost")) < 0 ||
      (code = gnutls_x509_crt_set_basic_constraints (crt, 0, -1)) < 0 ||
      (code = gnutls_x509_crt_set_key_usage (crt, GNUTLS_KEY_DIGITAL_SIGNATURE)) < 0 ||
      (code = gnutls_x509_crt_set_key_purpose_oid (crt, GNUTLS_KP_TLS_WWW_SERVER, 0)) < 0 ||
      (code = gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_IPADDRESS, loopback4, sizeof loopback4,
                                                    GNUTLS_FSAN_SET)) < 0 ||
      (code = gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_IPADDRESS, loopback6, sizeof loopback6,
                                                    GNUTLS_FSAN_APPEND)) < 0 ||
      (code = gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_DNSNAME, "localhost", strlen ("localhost"),
                                                    GNUTLS_FSAN_APPEND)) < 0)
    return code;

  return till_authority_sign (self, crt);
}

/**
 * till_authority_sign:
 * @self: an authority
 * @crt: a certificate that lacks nothing but its issuer
 *
 * Returns: an error code of GnuTLS
 */
int
till_authority_sign (TillAuthority     *self,
                     gnutls_x509_crt_t  crt)
{
  guint8 id[64];
  gsize size = sizeof id;
  int code;

  if ((code = gnutls_x509_crt_get_subject_key_id (self->crt, id, &size, NULL)) < 0 ||
      (code = gnutls_x509_crt_set_authority_key_id (crt, id, size)) < 0)
    return code;

  return gnutls_x509_crt_sign2 (crt, self->crt, self->key, GNUTLS_DIG_SHA256, 0);
}

/**
 * till_authority_open_server:
 * @self: the authority that issues it
 * @folder: of the state
 * @error: (out) (optional): %TILL_ERROR_DAMAGED, %TILL_ERROR_UNREADABLE or %TILL_ERROR_INTERNAL
 *
 * Reads the certificate of the server, or makes a new one where there is none,
 * it would end within 30 days, or another authority issued it.
 *
 * Returns: (transfer full) (nullable): the certificate with its key, %NULL with @error set
 */
GTlsCertificate *
till_authority_open_server (TillAuthority  *self,
                            const char     *folder,
                            GError        **error)
{
  g_autoptr(TillClock) clock = till_clock_new_system ();
  gnutls_x509_privkey_t key = NULL;
  gnutls_x509_crt_t crt = NULL;
  GTlsCertificate *certificate = NULL;
  g_autofree char *pem = NULL;
  gint64 now = till_clock_get_now (clock);
  gboolean found;

  if (till_authority_failed (gnutls_x509_crt_init (&crt), "make a certificate", error) ||
      till_authority_failed (gnutls_x509_privkey_init (&key), "make a key", error) ||
      !till_authority_load_pair (folder, SERVER_FILE, crt, key, &found, error))
    goto out;

  if (!found || !is_usable (self, crt, now))
    {
      gnutls_x509_crt_deinit (g_steal_pointer (&crt));
      gnutls_x509_privkey_deinit (g_steal_pointer (&key));
      if (till_authority_failed (gnutls_x509_crt_init (&crt), "make a certificate", error) ||
          till_authority_failed (gnutls_x509_privkey_init (&key), "make a key", error) ||
          till_authority_failed (make_server (self, crt, key, now), "make its certificate", error) ||
          !till_authority_save_pair (folder, SERVER_FILE, crt, key, error))
        goto out;
    }

  if ((pem = export_pem (crt, key, error)) != NULL)
    {
      certificate = g_tls_certificate_new_from_pem (pem, -1, error);
      till_wipe (pem, strlen (pem));
    }

out:
  g_clear_pointer (&crt, gnutls_x509_crt_deinit);
  g_clear_pointer (&key, gnutls_x509_privkey_deinit);

  return certificate;
}

/**
 * till_rsa_make_public_key:
 * @error: (out) (optional): %TILL_ERROR_INTERNAL
 *
 * Makes an RSA key of 2048 bits. Nothing here ever decrypts, so the private
 * half is not kept. Takes a while: not for the server's thread.
 *
 * Returns: (transfer full) (nullable): the SubjectPublicKeyInfo, DER; %NULL with @error set
 */
GBytes *
till_rsa_make_public_key (GError **error)
{
  gnutls_privkey_t private = NULL;
  gnutls_pubkey_t public = NULL;
  gnutls_datum_t der = { NULL, 0 };
  GBytes *bytes = NULL;
  int code;

  if ((code = gnutls_privkey_init (&private)) >= 0 && (code = gnutls_pubkey_init (&public)) >= 0 &&
      (code = gnutls_privkey_generate (private, GNUTLS_PK_RSA, 2048, 0)) >= 0 &&
      (code = gnutls_pubkey_import_privkey (public, private, 0, 0)) >= 0)
    code = gnutls_pubkey_export2 (public, GNUTLS_X509_FMT_DER, &der);

  if (!till_authority_failed (code, "make a key", error))
    bytes = g_bytes_new (der.data, der.size);

  gnutls_free (der.data);
  g_clear_pointer (&public, gnutls_pubkey_deinit);
  g_clear_pointer (&private, gnutls_privkey_deinit);

  return bytes;
}
