/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes into the inspector, with a password and without: a document that holds together, or an error that reads well. */
#include "config.h"

#include <glib.h>
#include <string.h>

#include "fuzz.h"
#include "till-document.h"
#include "till-error.h"

/* Derivations have to be possible and must not be what the time is spent on. */
#define MAX_ITERATIONS 64

static void
check_text (const char *text)
{
  g_assert (text != NULL && g_utf8_validate (text, -1, NULL));
}

static void
check_texts (char **texts)
{
  g_assert (texts != NULL);
  for (; *texts != NULL; texts++)
    check_text (*texts);
}

static void
check_certificate (const TillCertificate *certificate)
{
  g_autofree char *pem = till_certificate_to_pem (certificate);
  TillCertificateDetails *details;
  const guint8 *subject;
  const guint8 *issuer;
  gsize subject_size;
  gsize issuer_size;

  check_text (certificate->subject);
  check_text (certificate->issuer);
  check_text (certificate->serial);
  check_text (certificate->key_algorithm);
  check_text (certificate->signature_algorithm);
  check_texts (certificate->subject_alt_names);
  check_texts (certificate->key_usage);
  check_texts (certificate->extended_key_usage);
  if (certificate->friendly_name != NULL)
    check_text (certificate->friendly_name);
  g_assert (strlen (certificate->sha256) == 64 && strlen (certificate->sha1) == 40);
  check_text (pem);

  till_certificate_get_raw_names (certificate, &subject, &subject_size, &issuer, &issuer_size);
  g_assert (subject_size <= g_bytes_get_size (certificate->der));
  g_assert (issuer_size <= g_bytes_get_size (certificate->der));

  details = till_certificate_load_details (certificate, NULL);
  if (details != NULL)
    till_certificate_details_free (details);
}

static void
check_key (const TillKey *key)
{
  check_text (key->algorithm);
  g_assert (key->bits >= 0);
  if (key->friendly_name != NULL)
    check_text (key->friendly_name);
}

static void
check_document (const TillDocument *document)
{
  guint n = document->certificates->len;

  g_assert (till_document_kind_to_word (document->kind) != NULL);

  for (guint i = 0; i < n; i++)
    check_certificate (g_ptr_array_index (document->certificates, i));

  for (guint i = 0; i < document->private_keys->len; i++)
    {
      const TillPrivateKeyEntry *entry = &g_array_index (document->private_keys, TillPrivateKeyEntry, i);

      check_key (entry->key);
      g_assert (entry->key->is_private);
      g_assert ((entry->matches == 1) == (entry->certificate >= 0));
      g_assert (entry->certificate < (int) n);
    }

  for (guint i = 0; i < document->public_keys->len; i++)
    check_key (g_ptr_array_index (document->public_keys, i));

  for (guint i = 0; i < document->requests->len; i++)
    {
      const TillRequest *request = g_ptr_array_index (document->requests, i);

      check_text (request->subject);
      check_texts (request->subject_alt_names);
    }

  for (guint i = 0; i < document->crls->len; i++)
    {
      const TillCrl *crl = g_ptr_array_index (document->crls, i);

      check_text (crl->issuer);
      check_texts (crl->revoked_serials);
    }

  g_assert ((document->leaves->len > 0) == (n > 0));
  for (guint i = 0; i < document->leaves->len; i++)
    {
      guint leaf = g_array_index (document->leaves, guint, i);
      TillChain *chain = till_document_build_chain (document, leaf);

      g_assert (leaf < n && chain->n_order >= 1 && chain->n_order <= n && chain->order[0] == leaf);
      for (guint k = 0; k < chain->n_order; k++)
        g_assert (chain->order[k] < n);
      g_assert (chain->ends_index < n);
      till_chain_free (chain);
    }

  if (document->protection != NULL)
    check_texts (document->protection->encryption);
  for (guint i = 0; i < document->skipped->len; i++)
    check_text (g_ptr_array_index (document->skipped, i));
}

static void
inspect (const uint8_t    *data,
         size_t            size,
         const TillSecret *password)
{
  const TillInspectOptions options = { .password = password, .max_iterations = MAX_ITERATIONS };
  g_autoptr(GError) error = NULL;
  g_autoptr(TillDocument) document = till_document_parse (data, size, &options, &error);

  g_assert ((document != NULL) == (error == NULL));
  if (document != NULL)
    {
      check_document (document);
      return;
    }

  g_assert (error->domain == TILL_ERROR);
  check_text (error->message);
  g_assert (*error->message != '\0');
  g_assert (password != NULL || error->code != TILL_ERROR_WRONG_PASSWORD);
  g_assert (password == NULL || error->code != TILL_ERROR_PASSWORD_REQUIRED);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(TillSecret) password = till_secret_new_copy ("password", 8);

  inspect (data, size, password);
  inspect (data, size, NULL);

  return 0;
}
