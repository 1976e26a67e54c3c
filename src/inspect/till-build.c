/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document while it is read: what the readers of PEM, DER and PKCS #12 share. */
#include "config.h"

#include "till-build.h"

#include <string.h>

#include "till-error.h"
#include "till-pkcs7.h"

/* Fewer rounds than this hold nobody up (TILL_WEAK_ITERATIONS). */
#define FEW_ITERATIONS 1000

/**
 * till_build_add_certificate:
 * @self: a build
 * @der: a certificate, with nothing behind it
 * @friendly_name: (nullable): its name in the file
 * @error: return location
 *
 * Returns: whether it could be read
 */
gboolean
till_build_add_certificate (TillBuild      *self,
                            const TillDer  *der,
                            const char     *friendly_name,
                            GError        **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new (der->data, till_der_left (der));
  TillCertificate *certificate;

  if (!till_cancel_check (self->cancel, error))
    return FALSE;

  certificate = till_certificate_new_from_der (bytes, error);
  if (certificate == NULL)
    return FALSE;

  if (friendly_name != NULL)
    till_certificate_set_friendly_name (certificate, friendly_name);

  g_ptr_array_add (self->document->certificates, certificate);
  return TRUE;
}

/**
 * till_build_add_private_key:
 * @self: a build
 * @der: a private key that is not encrypted
 * @label: (nullable): label of its PEM block
 * @friendly_name: (nullable): its name in the file
 * @error: return location
 *
 * A key that is not supported is listed by its algorithm alone, see
 * till_key_new_named(), and the reason is kept.
 *
 * Returns: whether it could be read
 */
gboolean
till_build_add_private_key (TillBuild      *self,
                            const TillDer  *der,
                            const char     *label,
                            const char     *friendly_name,
                            GError        **error)
{
  TillPrivateKeyEntry entry = { NULL, -1, -1 };
  g_autoptr(GError) local_error = NULL;

  if (!till_cancel_check (self->cancel, error))
    return FALSE;

  entry.key = till_key_new_private (der->data, till_der_left (der), label, &local_error);
  if (g_error_matches (local_error, TILL_ERROR, TILL_ERROR_NEWER_PROTECTION))
    {
      entry.key = till_key_new_named (der->data, till_der_left (der), error);
      if (*self->unsupported == NULL)
        *self->unsupported = g_steal_pointer (&local_error);
    }
  else if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
    }

  if (entry.key == NULL)
    return FALSE;

  /* Nobody else has seen the key yet. */
  entry.key->friendly_name = g_strdup (friendly_name);
  g_array_append_val (self->document->private_keys, entry);
  return TRUE;
}

/**
 * till_build_is_plausible:
 * @plain: what came out of a decryption
 *
 * Returns: whether it is one whole SEQUENCE, as all that gets encrypted is
 */
gboolean
till_build_is_plausible (const TillSecret *plain)
{
  TillDer der;
  TillDerElement element;

  till_der_init (&der, till_secret_get_data (plain), till_secret_get_size (plain));
  return till_der_read_tag (&der, TILL_DER_SEQUENCE, &element) && till_der_left (&der) == 0;
}

/**
 * till_build_set_protected:
 * @self: a build
 * @error: return location
 *
 * The error for something that the password at hand does not open: a wrong
 * password where one was given, else that one is needed.
 */
void
till_build_set_protected (TillBuild  *self,
                          GError    **error)
{
  if (self->given)
    till_set_error (error, TILL_ERROR_WRONG_PASSWORD, TILL_REASON_NONE, NULL, NULL,
                    "the password does not open this file, or the file is damaged");
  else
    till_set_error (error, TILL_ERROR_PASSWORD_REQUIRED, TILL_REASON_NONE, NULL, NULL,
                    "the file is protected: a password is needed");
}

/**
 * till_build_add_pem_key:
 * @self: a build
 * @pbe: how the key is encrypted
 * @der: the encrypted bytes
 * @label: (nullable): label of its PEM block
 * @friendly_name: (nullable): its name in the file
 * @error: return location
 *
 * Decrypts and adds a private key.
 *
 * Returns: whether it could be read
 */
gboolean
till_build_add_pem_key (TillBuild      *self,
                        const TillPbe  *pbe,
                        const TillDer  *der,
                        const char     *label,
                        const char     *friendly_name,
                        GError        **error)
{
  self->document->encrypted = TRUE;
  till_build_note_encryption (self, pbe);

  for (guint i = 0; i < self->passwords->len; i++)
    {
      g_autoptr(GError) local_error = NULL;
      g_autoptr(TillSecret) plain = NULL;
      TillDer key;

      /* The ways differ only in what PKCS #12 schemes see. */
      if (i > 0 && !till_pbe_uses_bmp (pbe))
        break;

      plain = till_pbe_decrypt (pbe, g_ptr_array_index (self->passwords, i), der, self->cancel, &local_error);
      if (plain == NULL && !g_error_matches (local_error, TILL_ERROR, TILL_ERROR_WRONG_PASSWORD))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }

      if (plain == NULL || !till_build_is_plausible (plain))
        continue;

      till_der_init (&key, till_secret_get_data (plain), till_secret_get_size (plain));
      if (!till_build_add_private_key (self, &key, label, friendly_name, error))
        return FALSE;

      if (till_secret_get_size (((TillPassword *) g_ptr_array_index (self->passwords, i))->bytes) == 0)
        {
          till_build_get_protection (self)->weakness |= TILL_WEAK_NO_PASSWORD;
          if (!self->given)
            self->document->notes |= TILL_NOTE_EMPTY_PASSWORD;
        }
      return TRUE;
    }

  till_build_set_protected (self, error);
  return FALSE;
}

/**
 * till_build_add_encrypted_key:
 * @self: a build
 * @der: EncryptedPrivateKeyInfo (RFC 5958 3)
 * @label: (nullable): label of its PEM block
 * @friendly_name: (nullable): its name in the file
 * @error: return location
 *
 * Returns: whether it could be read
 */
gboolean
till_build_add_encrypted_key (TillBuild      *self,
                              const TillDer  *der,
                              const char     *label,
                              const char     *friendly_name,
                              GError        **error)
{
  g_autoptr(TillSecret) joined = NULL;
  TillDer cursor = *der;
  TillDerElement sequence;
  TillDerElement octets;
  TillDer input;
  TillPbe pbe;

  if (!till_der_read_tag (&cursor, TILL_DER_SEQUENCE, &sequence))
    {
      till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "private key", NULL,
                      "the encrypted private key is damaged");
      return FALSE;
    }

  if (!till_pbe_read (&pbe, &sequence.content, self->max_kdf_iterations, error))
    return FALSE;

  if (!till_der_read (&sequence.content, &octets) ||
      (octets.tag & ~0x20) != TILL_DER_OCTET_STRING ||
      !till_der_join_octets (&octets, &joined, &input))
    {
      till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "private key", NULL,
                      "the encrypted private key is damaged");
      return FALSE;
    }

  return till_build_add_pem_key (self, &pbe, &input, label, friendly_name, error);
}

/**
 * till_build_add_public_key:
 * @self: a build
 * @der: a public key
 * @label: (nullable): label of its PEM block
 * @error: return location
 *
 * Returns: whether it could be read
 */
gboolean
till_build_add_public_key (TillBuild      *self,
                           const TillDer  *der,
                           const char     *label,
                           GError        **error)
{
  TillKey *key = till_key_new_public (der->data, till_der_left (der), label, error);

  if (key == NULL)
    return FALSE;

  g_ptr_array_add (self->document->public_keys, key);
  return TRUE;
}

/**
 * till_build_add_request:
 * @self: a build
 * @der: a certificate request
 * @error: return location
 *
 * Returns: whether it could be read
 */
gboolean
till_build_add_request (TillBuild      *self,
                        const TillDer  *der,
                        GError        **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new (der->data, till_der_left (der));
  TillRequest *request = till_request_new_from_der (bytes, error);

  if (request == NULL)
    return FALSE;

  g_ptr_array_add (self->document->requests, request);
  return TRUE;
}

/**
 * till_build_add_crl:
 * @self: a build
 * @der: a revocation list
 * @error: return location
 *
 * Returns: whether it could be read
 */
gboolean
till_build_add_crl (TillBuild      *self,
                    const TillDer  *der,
                    GError        **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new (der->data, till_der_left (der));
  TillCrl *crl;

  if (!till_cancel_check (self->cancel, error))
    return FALSE;

  crl = till_crl_new_from_der (bytes, error);
  if (crl == NULL)
    return FALSE;

  g_ptr_array_add (self->document->crls, crl);
  return TRUE;
}

/**
 * till_build_get_protection:
 * @self: a build
 *
 * Returns: (transfer none): the document's protection, made when first asked for
 */
TillProtection *
till_build_get_protection (TillBuild *self)
{
  if (self->document->protection == NULL)
    {
      self->document->protection = g_new0 (TillProtection, 1);
      self->document->protection->encryption = g_new0 (char *, 1);
    }

  return self->document->protection;
}

/**
 * till_build_note_encryption:
 * @self: a build
 * @pbe: an encryption that is in the file
 *
 * Adds its name to the document's protection, and how weak it is.
 */
void
till_build_note_encryption (TillBuild     *self,
                            const TillPbe *pbe)
{
  TillProtection *protection = till_build_get_protection (self);
  const char *name = till_cipher_get_name (&pbe->cipher);
  gboolean known = FALSE;

  for (guint i = 0; i < self->encryption->len; i++)
    known |= g_ptr_array_index (self->encryption, i) == name;
  if (!known)
    g_ptr_array_add (self->encryption, (gpointer) name);

  if (pbe->cipher.weak)
    protection->weakness |= TILL_WEAK_CIPHER;
  if (pbe->iterations < FEW_ITERATIONS && pbe->scheme != TILL_PBE_SCRYPT)
    protection->weakness |= TILL_WEAK_ITERATIONS;
  if (protection->mac == NULL && pbe->scheme != TILL_PBE_SCRYPT)
    protection->iterations = MAX (protection->iterations, (gint64) pbe->iterations);
}

/**
 * till_read_pkcs7:
 * @self: a build
 * @data: a ContentInfo
 * @size: how many bytes
 * @error: return location
 *
 * Adds the certificates and revocation lists of a SignedData.
 *
 * Returns: whether it could be read
 */
gboolean
till_read_pkcs7 (TillBuild     *self,
                 const guint8  *data,
                 gsize          size,
                 GError       **error)
{
  g_autoptr(GPtrArray) certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr(GPtrArray) crls = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  if (!till_pkcs7_read (data, size, certificates, crls, error))
    return FALSE;

  self->container = TILL_DOCUMENT_PKCS7;

  for (guint i = 0; i < certificates->len; i++)
    {
      GBytes *bytes = g_ptr_array_index (certificates, i);
      TillDer der;

      till_der_init (&der, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      if (!till_build_add_certificate (self, &der, NULL, error))
        return FALSE;
    }

  for (guint i = 0; i < crls->len; i++)
    {
      GBytes *bytes = g_ptr_array_index (crls, i);
      TillDer der;

      till_der_init (&der, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      if (!till_build_add_crl (self, &der, error))
        return FALSE;
    }

  return TRUE;
}
