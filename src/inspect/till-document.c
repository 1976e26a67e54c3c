/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes in, a document out: everything that a certificate file holds. */
#include "config.h"

#include "till-document.h"

#include <string.h>

#include "till-der.h"
#include "till-limits.h"
#include "till-pem.h"

static TillDocument *
document_new (void)
{
  TillDocument *self = g_new0 (TillDocument, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) till_certificate_unref);
  self->private_keys = g_array_new (FALSE, TRUE, sizeof (TillPrivateKeyEntry));
  self->public_keys = g_ptr_array_new_with_free_func ((GDestroyNotify) till_key_unref);
  self->requests = g_ptr_array_new_with_free_func ((GDestroyNotify) till_request_free);
  self->crls = g_ptr_array_new_with_free_func ((GDestroyNotify) till_crl_free);
  self->skipped = g_ptr_array_new_with_free_func (g_free);
  self->leaves = g_array_new (FALSE, FALSE, sizeof (guint));

  return self;
}

static gboolean
add_certificate (TillDocument  *self,
                 const guint8  *data,
                 gsize          size,
                 GError       **error)
{
  g_autoptr(GBytes) der = g_bytes_new (data, size);
  TillCertificate *certificate = till_certificate_new_from_der (der, error);

  if (certificate == NULL)
    return FALSE;

  g_ptr_array_add (self->certificates, certificate);
  return TRUE;
}

/**
 * till_document_parse:
 * @data: the bytes of a file
 * @size: how many
 * @options: (nullable): password and cancelling
 * @error: return location
 *
 * Reads everything that a certificate file holds.
 *
 * Returns: (transfer full) (nullable): the document
 */
TillDocument *
till_document_parse (const guint8              *data,
                     gsize                      size,
                     const TillInspectOptions  *options,
                     GError                   **error)
{
  g_autoptr(TillDocument) self = document_new ();
  TillPemReader reader;
  TillPemBlock block;

  till_pem_init (&reader, (const char *) data, size);
  while (till_pem_next (&reader, &block))
    {
      g_autofree guint8 *der = g_malloc (TILL_BASE64_ROOM ((gsize) (block.body_end - block.body)));
      gsize der_size;

      if (!till_pem_label_is (&block, "CERTIFICATE") ||
          !till_base64_decode (block.body, (gsize) (block.body_end - block.body), der, &der_size, NULL))
        continue;
      if (!add_certificate (self, der, der_size, error))
        return NULL;
    }

  if (self->certificates->len == 0 && !add_certificate (self, data, size, error))
    return NULL;

  self->kind = self->certificates->len > 1 ? TILL_DOCUMENT_CHAIN : TILL_DOCUMENT_CERTIFICATE;
  for (guint i = 0; i < self->certificates->len; i++)
    g_array_append_val (self->leaves, i);

  return g_steal_pointer (&self);
}

/**
 * till_document_ref:
 * @self: a document
 *
 * Returns: (transfer full): @self
 */
TillDocument *
till_document_ref (TillDocument *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
protection_free (TillProtection *protection)
{
  g_free (protection->mac);
  g_strfreev (protection->encryption);
  g_free (protection);
}

/**
 * till_document_unref:
 * @self: (transfer full): a document
 *
 * Gives one reference back.
 */
void
till_document_unref (TillDocument *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  for (guint i = 0; i < self->private_keys->len; i++)
    till_key_unref (g_array_index (self->private_keys, TillPrivateKeyEntry, i).key);

  g_ptr_array_unref (self->certificates);
  g_array_unref (self->private_keys);
  g_ptr_array_unref (self->public_keys);
  g_ptr_array_unref (self->requests);
  g_ptr_array_unref (self->crls);
  g_clear_pointer (&self->protection, protection_free);
  g_ptr_array_unref (self->skipped);
  g_array_unref (self->leaves);
  g_free (self);
}

static const char * const kind_words[] = {
  [TILL_DOCUMENT_CERTIFICATE] = "certificate",
  [TILL_DOCUMENT_CHAIN] = "chain",
  [TILL_DOCUMENT_PRIVATE_KEY] = "private-key",
  [TILL_DOCUMENT_PUBLIC_KEY] = "public-key",
  [TILL_DOCUMENT_PKCS12] = "pkcs12",
  [TILL_DOCUMENT_PKCS7] = "pkcs7",
  [TILL_DOCUMENT_CSR] = "csr",
  [TILL_DOCUMENT_CRL] = "crl",
  [TILL_DOCUMENT_MIXED] = "mixed",
};

/**
 * till_document_kind_to_word:
 * @kind: a kind
 *
 * Returns: (transfer none): the word of CLI.md
 */
const char *
till_document_kind_to_word (TillDocumentKind kind)
{
  g_return_val_if_fail ((guint) kind < G_N_ELEMENTS (kind_words), NULL);

  return kind_words[kind];
}
