/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One X.509 certificate, read once, kept small (RFC 5280). */
#include "config.h"

#include "till-certificate.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <string.h>

#include "till-apple.h"
#include "till-certificate-parts.h"
#include "till-error.h"
#include "till-extension.h"
#include "till-key-der.h"
#include "till-name.h"

#define OID_SUBJECT_KEY_ID    "2.5.29.14"
#define OID_KEY_USAGE         "2.5.29.15"
#define OID_SUBJECT_ALT_NAME  "2.5.29.17"
#define OID_BASIC_CONSTRAINTS "2.5.29.19"
#define OID_AUTHORITY_KEY_ID  "2.5.29.35"
#define OID_EXTENDED_USAGE    "2.5.29.37"

#define OID_RSA_PSS           "1.2.840.113549.1.1.10"

#define TAG_AUTHORITY_KEY_ID  0x80
#define TAG_PSS_SALT          0xa2

#define PEM_LINE_OCTETS 48

/* A stretch of the certificate's bytes. */
typedef struct
{
  guint32 offset;
  guint32 size;
} Stretch;

/* What is allocated: the certificate, and where in its bytes stands what is
 * needed again when issuers are looked for. */
typedef struct
{
  TillCertificate  certificate;
  Stretch          subject;
  Stretch          issuer;
  Stretch          subject_key_id;
  Stretch          authority_key_id;
  guint            subject_hash;
  guint            issuer_hash;
} Holder;

static Stretch
get_stretch (const TillCertificate *self,
             const TillDer         *part)
{
  const guint8 *data = g_bytes_get_data (self->der, NULL);
  Stretch stretch = { 0, 0 };

  if (part->data != NULL)
    {
      stretch.offset = (guint32) (part->data - data);
      stretch.size = (guint32) till_der_left (part);
    }

  return stretch;
}

static TillDer
get_part (const TillCertificate *self,
          Stretch                stretch)
{
  TillDer part;

  till_der_init (&part, (const guint8 *) g_bytes_get_data (self->der, NULL) + stretch.offset,
                 stretch.size);
  return part;
}

static void
set_damaged (GError     **error,
             const char  *where,
             gsize        offset)
{
  const gint64 numbers[2] = { (gint64) offset, -1 };

  till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, where, numbers,
                  "the certificate is damaged: %s can't be read", where);
}

static gboolean
read_validity (TillCertificate  *self,
               TillDer           validity,
               GError          **error)
{
  TillTimeResult before = till_x509_read_time (&validity, &self->not_before);
  TillTimeResult after = TILL_TIME_NOT_THERE;

  if (before != TILL_TIME_NOT_THERE)
    after = till_x509_read_time (&validity, &self->not_after);

  if (after == TILL_TIME_NOT_THERE || till_der_left (&validity) > 0)
    {
      set_damaged (error, "the dates",
                   (gsize) (validity.data - (const guint8 *) g_bytes_get_data (self->der, NULL)));
      return FALSE;
    }

  if (before == TILL_TIME_OK && after == TILL_TIME_OK)
    return TRUE;

  till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_BAD_TIME,
                  before != TILL_TIME_OK ? "notBefore" : "notAfter", NULL,
                  "the certificate is damaged: the date on which it %s is not a valid date",
                  before != TILL_TIME_OK ? "begins" : "ends");
  return FALSE;
}

static int
compare_parts (gconstpointer a,
               gconstpointer b)
{
  const TillDer *first = a;
  const TillDer *second = b;
  gsize first_size = till_der_left (first);
  gsize second_size = till_der_left (second);

  if (first_size != second_size)
    return first_size < second_size ? -1 : 1;

  return memcmp (first->data, second->data, first_size);
}

/* No extension may be there twice (RFC 5280 4.2). */
static gboolean
check_once (TillDer  *oids,
            gsize     n,
            GError  **error)
{
  qsort (oids, n, sizeof *oids, compare_parts);

  for (gsize i = 1; i < n; i++)
    if (compare_parts (&oids[i - 1], &oids[i]) == 0)
      {
        char dotted[TILL_OID_SIZE];
        const char *name;

        till_oid_format (&oids[i], dotted);
        name = till_oid_extension_name (dotted);
        till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_DUPLICATE_EXTENSION,
                        name != NULL ? name : dotted, NULL,
                        "the certificate is damaged: it holds the extension '%s' twice",
                        name != NULL ? name : dotted);
        return FALSE;
      }

  return TRUE;
}

static void
read_key_ids (Holder                  *holder,
              const TillExtensionPart *extension)
{
  const TillCertificate *self = &holder->certificate;
  TillDer value = extension->value;
  TillDerElement element;

  if (strcmp (extension->oid, OID_SUBJECT_KEY_ID) == 0)
    {
      if (till_der_read_tag (&value, TILL_DER_OCTET_STRING, &element))
        holder->subject_key_id = get_stretch (self, &element.content);
    }
  else if (till_der_read_tag (&value, TILL_DER_SEQUENCE, &element))
    {
      TillDerElement id;

      if (till_der_read_tag (&element.content, TAG_AUTHORITY_KEY_ID, &id))
        holder->authority_key_id = get_stretch (self, &id.content);
    }
}

/* The extensions that have a field of their own. One that can't be read leaves
 * its field empty; the details show its bytes. */
static void
read_extension (Holder                  *holder,
                const TillExtensionPart *extension,
                guint                   *marks)
{
  TillCertificate *self = &holder->certificate;
  int path_length;

  if (strcmp (extension->oid, OID_SUBJECT_ALT_NAME) == 0)
    {
      g_strfreev (self->subject_alt_names);
      self->subject_alt_names = till_extension_dup_names (extension->value);
    }
  else if (strcmp (extension->oid, OID_KEY_USAGE) == 0)
    {
      g_strfreev (self->key_usage);
      self->key_usage = till_extension_dup_key_usage (extension->value);
    }
  else if (strcmp (extension->oid, OID_EXTENDED_USAGE) == 0)
    {
      gboolean pass = FALSE;

      g_strfreev (self->extended_key_usage);
      self->extended_key_usage = till_extension_dup_purposes (extension->value,
                                                              TILL_APPLE_PASS_PURPOSE, &pass);
      if (pass)
        *marks |= TILL_APPLE_MARK_PASS;
    }
  else if (strcmp (extension->oid, OID_BASIC_CONSTRAINTS) == 0)
    till_extension_read_basic_constraints (extension->value, &self->is_ca, &path_length);
  else if (strcmp (extension->oid, OID_SUBJECT_KEY_ID) == 0 ||
           strcmp (extension->oid, OID_AUTHORITY_KEY_ID) == 0)
    read_key_ids (holder, extension);
  else if (strcmp (extension->oid, TILL_APPLE_PASS_EXTENSION) == 0)
    *marks |= TILL_APPLE_MARK_PASS;
  else if (strcmp (extension->oid, TILL_APPLE_NFC_EXTENSION) == 0)
    *marks |= TILL_APPLE_MARK_NFC;
}

static gboolean
read_extensions (Holder   *holder,
                 TillDer   extensions,
                 guint    *marks,
                 GError  **error)
{
  TillCertificate *self = &holder->certificate;
  g_autoptr(GArray) oids = NULL;

  if (till_der_left (&extensions) > 0)
    {
      oids = g_array_sized_new (FALSE, FALSE, sizeof (TillDer), 16);

      while (till_der_left (&extensions) > 0)
        {
          TillExtensionPart extension;

          if (!till_certificate_parts_extension (&extensions, &extension))
            {
              const guint8 *data = g_bytes_get_data (self->der, NULL);

              set_damaged (error, "an extension", (gsize) (extensions.data - data));
              return FALSE;
            }

          read_extension (holder, &extension, marks);
          g_array_append_val (oids, extension.oid_octets);
        }

      if (!check_once ((TillDer *) (gpointer) oids->data, oids->len, error))
        return FALSE;
    }

  if (self->subject_alt_names == NULL)
    self->subject_alt_names = g_new0 (char *, 1);
  if (self->key_usage == NULL)
    self->key_usage = g_new0 (char *, 1);
  if (self->extended_key_usage == NULL)
    self->extended_key_usage = g_new0 (char *, 1);

  return TRUE;
}

/* RSASSA-PSS (RFC 4055 3.1): the library has to be told how long the salt is. */
static void
set_salt (gnutls_pubkey_t         key,
          gnutls_sign_algorithm_t algorithm,
          TillDer                 parameters)
{
  gnutls_x509_spki_t spki;
  TillDerElement sequence;
  TillDerElement element;
  guint64 salt = 20;

  if (!till_der_read_tag (&parameters, TILL_DER_SEQUENCE, &sequence))
    return;

  while (till_der_read (&sequence.content, &element))
    if (element.tag == TAG_PSS_SALT && !till_der_read_uint (&element.content, &salt))
      return;

  if (salt > G_MAXUINT16 || gnutls_x509_spki_init (&spki) < 0)
    return;

  gnutls_x509_spki_set_rsa_pss_params (spki, gnutls_sign_get_hash_algorithm (algorithm), (unsigned int) salt);
  gnutls_pubkey_set_spki (key, spki, 0);
  gnutls_x509_spki_deinit (spki);
}

/* Does the certificate's own key check its signature? What the library can't
 * check counts as checked. */
static gboolean
check_own_signature (gnutls_x509_crt_t           crt,
                     const TillCertificateParts *parts)
{
  gnutls_pubkey_t key;
  gnutls_datum_t spki = { (unsigned char *) parts->spki.data,
                          (unsigned int) till_der_left (&parts->spki) };
  gnutls_datum_t data = { (unsigned char *) parts->tbs.data,
                          (unsigned int) till_der_left (&parts->tbs) };
  gnutls_datum_t signature = { (unsigned char *) parts->signature.data,
                               (unsigned int) till_der_left (&parts->signature) };
  int algorithm = gnutls_x509_crt_get_signature_algorithm (crt);
  gboolean good = TRUE;

  if (algorithm <= 0 || gnutls_pubkey_init (&key) < 0)
    return TRUE;

  if (gnutls_pubkey_import (key, &spki, GNUTLS_X509_FMT_DER) >= 0)
    {
      if (strcmp (parts->outer_algorithm.oid, OID_RSA_PSS) == 0)
        set_salt (key, (gnutls_sign_algorithm_t) algorithm, parts->outer_algorithm.parameters);

      good = gnutls_pubkey_verify_data2 (key, (gnutls_sign_algorithm_t) algorithm, GNUTLS_VERIFY_ALLOW_BROKEN,
                                         &data, &signature) != GNUTLS_E_PK_SIG_VERIFY_FAILED;
    }

  gnutls_pubkey_deinit (key);
  return good;
}

static int
import (gnutls_x509_crt_t *crt,
        const guint8      *data,
        gsize              size)
{
  gnutls_datum_t datum = { (unsigned char *) data, (unsigned int) size };
  int ret = gnutls_x509_crt_init (crt);

  if (ret < 0)
    {
      *crt = NULL;
      return ret;
    }

  /* Doubled extensions and wrong dates are told apart here already; what else
   * the flag leaves unchecked, such as extensions in a version 1 certificate,
   * is no reason not to show it. */
  gnutls_x509_crt_set_flags (*crt, GNUTLS_X509_CRT_FLAG_IGNORE_SANITY);
  ret = gnutls_x509_crt_import (*crt, &datum, GNUTLS_X509_FMT_DER);
  if (ret < 0)
    {
      gnutls_x509_crt_deinit (*crt);
      *crt = NULL;
    }

  return ret;
}

/* GnuTLS has to take the certificate, as it is or without the oddities that
 * others read. */
static gboolean
check_with_library (TillCertificate             *self,
                    const TillCertificateParts  *parts,
                    GError                     **error)
{
  gnutls_x509_crt_t crt = NULL;
  gboolean same_name = till_x509_equal (&parts->subject, &parts->issuer);

  if (import (&crt, parts->whole.data, till_der_left (&parts->whole)) < 0)
    {
      g_autoptr(GByteArray) tame = till_certificate_parts_tame (parts);

      if (import (&crt, tame->data, tame->len) < 0)
        {
          set_damaged (error, "its structure", 0);
          return FALSE;
        }
    }

  self->self_signed = same_name && check_own_signature (crt, parts);
  gnutls_x509_crt_deinit (crt);
  return TRUE;
}

static gboolean
read_names (Holder                      *holder,
            const TillCertificateParts  *parts,
            guint                        marks,
            GError                     **error)
{
  TillCertificate *self = &holder->certificate;
  const guint8 *data = g_bytes_get_data (self->der, NULL);
  g_auto(TillName) subject = { NULL, };
  g_auto(TillName) issuer = { NULL, };
  TillDer walk;
  TillDer whole;

  walk = parts->subject;
  if (!till_name_read (&walk, &subject, &whole))
    {
      set_damaged (error, "the subject", (gsize) (parts->subject.data - data));
      return FALSE;
    }

  walk = parts->issuer;
  if (!till_name_read (&walk, &issuer, &whole))
    {
      set_damaged (error, "the issuer", (gsize) (parts->issuer.data - data));
      return FALSE;
    }

  till_apple_describe (self, &subject, &issuer, marks);

  holder->subject = get_stretch (self, &parts->subject);
  holder->issuer = get_stretch (self, &parts->issuer);
  holder->subject_hash = till_name_text_hash (subject.text);
  holder->issuer_hash = till_name_text_hash (issuer.text);

  self->issuer_name = till_name_dup_short (&issuer);
  self->issuer = g_steal_pointer (&issuer.text);
  self->subject = g_steal_pointer (&subject.text);
  self->common_name = g_steal_pointer (&subject.common_name);
  self->organization = g_steal_pointer (&subject.organization);
  return TRUE;
}

static gboolean
read_key (TillCertificate             *self,
          const TillCertificateParts  *parts,
          GError                     **error)
{
  TillKeyFacts facts;
  TillDer walk = parts->spki;
  TillDer whole;

  if (!till_key_der_read_spki (&walk, &facts, &whole, NULL))
    {
      set_damaged (error, "the public key",
                   (gsize) (parts->spki.data - (const guint8 *) g_bytes_get_data (self->der, NULL)));
      return FALSE;
    }

  self->key_algorithm = facts.algorithm;
  self->key_bits = facts.bits;
  self->curve = facts.curve;
  self->weakness |= till_key_der_get_weakness (&facts);
  till_x509_digest_hex (GNUTLS_DIG_SHA256, whole.data, till_der_left (&whole), self->public_key_sha256);
  return TRUE;
}

static gboolean
read_certificate (Holder                      *holder,
                  const TillCertificateParts  *parts,
                  GError                     **error)
{
  TillCertificate *self = &holder->certificate;
  guint marks = TILL_APPLE_MARK_NONE;
  gboolean weak;

  self->version = parts->version < 1000 ? (int) parts->version + 1 : 0;
  self->serial = till_x509_dup_integer (&parts->serial);
  self->inner_signature_differs = !till_x509_equal (&parts->inner_algorithm.whole,
                                                    &parts->outer_algorithm.whole);

  if (!read_validity (self, parts->validity, error) ||
      !read_extensions (holder, parts->extensions, &marks, error) ||
      !read_names (holder, parts, marks, error) ||
      !read_key (self, parts, error) ||
      !check_with_library (self, parts, error))
    return FALSE;

  self->signature_algorithm = till_x509_signature_name (&parts->outer_algorithm, &weak);
  if (weak && !self->self_signed)
    self->weakness |= TILL_WEAK_HASH;

  till_x509_digest_hex (GNUTLS_DIG_SHA256, parts->whole.data, till_der_left (&parts->whole), self->sha256);
  till_x509_digest_hex (GNUTLS_DIG_SHA1, parts->whole.data, till_der_left (&parts->whole), self->sha1);
  return TRUE;
}

/**
 * till_certificate_new_from_der:
 * @der: a certificate; bytes behind it are left out
 * @error: place for an error: %TILL_ERROR_DAMAGED, whose reason tells a doubled
 *   extension and a wrong date apart
 *
 * Reads a certificate (RFC 5280 4.1). Safe to call on any thread.
 *
 * Returns: (transfer full) (nullable): the certificate
 */
TillCertificate *
till_certificate_new_from_der (GBytes  *der,
                               GError **error)
{
  Holder *holder;
  TillCertificateParts parts;
  const guint8 *data;
  gsize size;
  const char *where;
  gsize offset;

  g_return_val_if_fail (der != NULL, NULL);

  data = g_bytes_get_data (der, &size);
  if (size > G_MAXINT32 || !till_certificate_parts_read (&parts, data, size, &where, &offset))
    {
      set_damaged (error, size > G_MAXINT32 ? "its size" : where, size > G_MAXINT32 ? 0 : offset);
      return NULL;
    }

  holder = g_new0 (Holder, 1);
  g_atomic_ref_count_init (&holder->certificate.ref_count);
  holder->certificate.der = till_der_left (&parts.whole) == size
    ? g_bytes_ref (der)
    : g_bytes_new_from_bytes (der, 0, till_der_left (&parts.whole));

  if (!read_certificate (holder, &parts, error))
    {
      till_certificate_unref (&holder->certificate);
      return NULL;
    }

  return &holder->certificate;
}

/**
 * till_certificate_ref:
 * @self: a certificate
 *
 * Returns: (transfer full): the same certificate
 */
TillCertificate *
till_certificate_ref (TillCertificate *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * till_certificate_unref:
 * @self: a certificate
 *
 * Drops one reference; the last one frees it.
 */
void
till_certificate_unref (TillCertificate *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_bytes_unref (self->der);
  g_free (self->subject);
  g_free (self->issuer);
  g_free (self->common_name);
  g_free (self->organization);
  g_free (self->issuer_name);
  g_free (self->serial);
  g_strfreev (self->subject_alt_names);
  g_strfreev (self->key_usage);
  g_strfreev (self->extended_key_usage);
  g_free (self->pass_type_id);
  g_free (self->team_id);
  g_free (self->apple_intermediate);
  g_free (self->friendly_name);
  g_free (self);
}

/**
 * till_certificate_set_friendly_name:
 * @self: a certificate that no other thread has yet
 * @name: (nullable): the name its file gives it
 *
 * Sets the friendly name (RFC 2985 5.5.1).
 */
void
till_certificate_set_friendly_name (TillCertificate *self,
                                    const char      *name)
{
  char *copy;

  g_return_if_fail (self != NULL);

  copy = name != NULL ? g_utf8_make_valid (name, -1) : NULL;
  g_free (self->friendly_name);
  self->friendly_name = copy;
}

/**
 * till_certificate_to_pem:
 * @self: a certificate
 *
 * Returns: (transfer full): its bytes as a PEM block (RFC 7468 5)
 */
char *
till_certificate_to_pem (const TillCertificate *self)
{
  GString *pem;
  const guint8 *data;
  gsize size;

  g_return_val_if_fail (self != NULL, NULL);

  data = g_bytes_get_data (self->der, &size);
  pem = g_string_sized_new (size * 4 / 3 + size / PEM_LINE_OCTETS + 64);
  g_string_append (pem, "-----BEGIN CERTIFICATE-----\n");

  for (gsize at = 0; at < size; at += PEM_LINE_OCTETS)
    {
      g_autofree char *line = g_base64_encode (data + at, MIN (PEM_LINE_OCTETS, size - at));

      g_string_append (pem, line);
      g_string_append_c (pem, '\n');
    }

  g_string_append (pem, "-----END CERTIFICATE-----\n");
  return g_string_free (pem, FALSE);
}

/**
 * till_certificate_is_issuer_of:
 * @self: the one that may have issued it
 * @other: the certificate
 *
 * Compares names (RFC 5280 7.1) and, where both are there, key identifiers
 * (4.2.1.1). Signatures are not checked.
 *
 * Returns: whether @self may be the issuer of @other
 */
gboolean
till_certificate_is_issuer_of (const TillCertificate *self,
                               const TillCertificate *other)
{
  const Holder *issuer = (const Holder *) self;
  const Holder *subject = (const Holder *) other;
  TillDer name;
  TillDer wanted;

  g_return_val_if_fail (self != NULL && other != NULL, FALSE);

  if (issuer->subject_hash != subject->issuer_hash)
    return FALSE;

  name = get_part (self, issuer->subject);
  wanted = get_part (other, subject->issuer);
  if (!till_x509_equal (&name, &wanted) && !till_name_text_matches (self->subject, other->issuer))
    return FALSE;

  name = get_part (self, issuer->subject_key_id);
  wanted = get_part (other, subject->authority_key_id);
  return till_der_left (&name) == 0 || till_der_left (&wanted) == 0 || till_x509_equal (&name, &wanted);
}

/**
 * till_certificate_get_raw_names:
 * @self: a certificate
 * @subject: (out) (optional) (transfer none): its subject in DER
 * @subject_size: (out) (optional): how many bytes
 * @issuer: (out) (optional) (transfer none): its issuer in DER
 * @issuer_size: (out) (optional): how many bytes
 *
 * What is given out lives as long as the certificate.
 */
void
till_certificate_get_raw_names (const TillCertificate  *self,
                                const guint8          **subject,
                                gsize                  *subject_size,
                                const guint8          **issuer,
                                gsize                  *issuer_size)
{
  const Holder *holder = (const Holder *) self;
  const guint8 *data;

  g_return_if_fail (self != NULL);

  data = g_bytes_get_data (self->der, NULL);

  if (subject != NULL)
    *subject = data + holder->subject.offset;
  if (subject_size != NULL)
    *subject_size = holder->subject.size;
  if (issuer != NULL)
    *issuer = data + holder->issuer.offset;
  if (issuer_size != NULL)
    *issuer_size = holder->issuer.size;
}
