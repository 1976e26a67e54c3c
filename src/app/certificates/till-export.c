/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public part of what a file holds, as bytes to write. Never a private key. */
#include "config.h"

#include "till-export.h"

#include <string.h>

#include "till-save.h"

/* RFC 7468 2: 64 characters a line. */
#define PEM_COLUMNS 64

static void
append_pem (GString    *string,
            const char *label,
            GBytes     *der)
{
  gsize size;
  const guchar *data = g_bytes_get_data (der, &size);
  g_autofree char *base64 = g_base64_encode (data, size);
  gsize length = strlen (base64);
  gsize i;

  g_string_append_printf (string, "-----BEGIN %s-----\n", label);
  for (i = 0; i < length; i += PEM_COLUMNS)
    {
      g_string_append_len (string, base64 + i, (gssize) MIN (length - i, PEM_COLUMNS));
      g_string_append_c (string, '\n');
    }
  g_string_append_printf (string, "-----END %s-----\n", label);
}

/* The public thing that a file without certificates is about. */
static GBytes *
find_other_part (const TillDocument  *document,
                 const char         **label,
                 const char         **name)
{
  *name = NULL;

  if (document->requests->len > 0)
    {
      const TillRequest *request = document->requests->pdata[0];

      *label = "CERTIFICATE REQUEST";
      *name = request->common_name;
      return request->der;
    }

  if (document->crls->len > 0)
    {
      const TillCrl *crl = document->crls->pdata[0];

      *label = "X509 CRL";
      *name = crl->issuer_name;
      return crl->der;
    }

  *label = "PUBLIC KEY";
  if (document->public_keys->len > 0)
    {
      const TillKey *key = document->public_keys->pdata[0];

      *name = key->friendly_name;
      return key->spki;
    }

  if (document->private_keys->len > 0)
    {
      const TillKey *key = g_array_index (document->private_keys, TillPrivateKeyEntry, 0).key;

      *name = key->friendly_name;
      return key->spki;
    }

  return NULL;
}

static void
append_chain (GString            *string,
              const TillDocument *document,
              guint               certificate)
{
  g_autoptr(TillChain) chain = till_document_build_chain (document, certificate);
  guint i;

  for (i = 0; chain != NULL && i < chain->n_order; i++)
    {
      const TillCertificate *link = document->certificates->pdata[chain->order[i]];

      append_pem (string, "CERTIFICATE", link->der);
    }
}

/**
 * till_export_make:
 * @document: a file
 * @certificate: index of one of its certificates, or -1: its request, revocation list or public key
 * @format: how to write it
 *
 * Returns: (transfer full) (nullable): the bytes; %NULL where there is no such
 *   part, or its public key could not be made
 */
GBytes *
till_export_make (const TillDocument *document,
                  int                 certificate,
                  TillExportFormat    format)
{
  g_autoptr(GString) text = g_string_new (NULL);
  const char *label = "CERTIFICATE";
  const char *name;
  GBytes *der;
  gsize length;

  g_return_val_if_fail (document != NULL, NULL);
  g_return_val_if_fail (certificate < (int) document->certificates->len, NULL);

  if (certificate >= 0)
    der = ((const TillCertificate *) document->certificates->pdata[certificate])->der;
  else
    der = find_other_part (document, &label, &name);

  if (der == NULL)
    return NULL;

  if (format == TILL_EXPORT_DER)
    return g_bytes_ref (der);

  if (format == TILL_EXPORT_CHAIN && certificate >= 0)
    append_chain (text, document, (guint) certificate);
  else
    append_pem (text, label, der);

  length = text->len;
  return g_bytes_new_take (g_string_free (g_steal_pointer (&text), FALSE), length);
}

/**
 * till_export_dup_name:
 * @document: a file
 * @certificate: index of one of its certificates, or -1
 * @format: how it is written
 *
 * Returns: (transfer full): a base name to offer, of safe characters
 */
char *
till_export_dup_name (const TillDocument *document,
                      int                 certificate,
                      TillExportFormat    format)
{
  const char *suffix = ".pem";
  const char *label;
  const char *name = NULL;

  g_return_val_if_fail (document != NULL, NULL);
  g_return_val_if_fail (certificate < (int) document->certificates->len, NULL);

  if (certificate >= 0)
    {
      const TillCertificate *self = document->certificates->pdata[certificate];

      name = self->pass_type_id;
      if (name == NULL || *name == '\0')
        name = self->common_name;
      if (name == NULL || *name == '\0')
        name = self->organization;
      suffix = format == TILL_EXPORT_DER ? ".cer" : format == TILL_EXPORT_CHAIN ? "-chain.pem" : ".pem";
    }
  else
    {
      (void) find_other_part (document, &label, &name);
      if (name == NULL || *name == '\0')
        name = strcmp (label, "PUBLIC KEY") == 0 ? "public-key" : NULL;
      suffix = format == TILL_EXPORT_DER ? ".der" : ".pem";
    }

  return till_save_dup_safe_name (name, suffix);
}
