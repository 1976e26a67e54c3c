/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Airship Wallet certificates, pretended: what a .p12 file has inside. */
#include "config.h"

#include <string.h>

#include "till-document.h"
#include "till-pem.h"
#include "till-sandbox-wallet-private.h"

/**
 * till_wallet_identity_clear:
 * @identity: what was taken from a file
 *
 * Frees what @identity holds.
 */
void
till_wallet_identity_clear (TillWalletIdentity *identity)
{
  g_clear_pointer (&identity->base_name, g_free);
  g_clear_pointer (&identity->team, g_free);
}

static TillSecret *
decode (const char  *text,
        gboolean     line_breaks,
        char       **why)
{
  g_autoptr(TillSecret) data = NULL;
  gsize size;
  gsize bad;

  if (!line_breaks && strpbrk (text, " \t\r\n") != NULL)
    {
      *why = g_strdup ("The certificate has line breaks: send its Base64 on one line.");
      return NULL;
    }

  data = till_secret_new (TILL_BASE64_ROOM (strlen (text)) + 1);
  if (!till_base64_decode (text, strlen (text), till_secret_get_buffer (data), &size, &bad) || size == 0)
    {
      *why = g_strdup ("The certificate is not Base64.");
      return NULL;
    }

  till_secret_shrink (data, size);
  return g_steal_pointer (&data);
}

/**
 * till_wallet_open_p12:
 * @text: the member "certificate" of a request
 * @password: that opens the file
 * @line_breaks: whether white space in @text is taken
 * @identity: (out): what is inside
 * @why: (out) (optional): what is wrong with it
 *
 * Opens a file in earnest. Deriving its keys takes a while: not for the
 * server's thread.
 *
 * Returns: whether it is a pass certificate with its key
 */
gboolean
till_wallet_open_p12 (const char          *text,
                      const char          *password,
                      gboolean             line_breaks,
                      TillWalletIdentity  *identity,
                      char               **why)
{
  g_autoptr(TillSecret) secret = till_secret_new_copy (password, strlen (password));
  g_autoptr(TillSecret) data = decode (text, line_breaks, why);
  g_autoptr(TillDocument) document = NULL;
  g_autoptr(GError) error = NULL;
  TillInspectOptions options = { secret, NULL, 0 };
  const TillCertificate *certificate = NULL;

  if (data == NULL)
    return FALSE;

  document = till_document_parse (till_secret_get_data (data), till_secret_get_size (data), &options, &error);
  if (document == NULL)
    {
      *why = g_strdup_printf ("The certificate can not be opened: %s.", error->message);
      return FALSE;
    }
  if (document->kind != TILL_DOCUMENT_PKCS12)
    {
      *why = g_strdup ("The certificate is not a p12 file.");
      return FALSE;
    }

  for (guint i = 0; i < document->private_keys->len && certificate == NULL; i++)
    {
      const TillPrivateKeyEntry *entry = &g_array_index (document->private_keys, TillPrivateKeyEntry, i);

      if (entry->matches == 1)
        certificate = g_ptr_array_index (document->certificates, (guint) entry->certificate);
    }

  if (certificate == NULL)
    {
      *why = g_strdup (document->private_keys->len == 0 ? "The p12 file holds no private key."
                                                        : "The private key does not belong to the certificate.");
      return FALSE;
    }
  if (certificate->pass_type_id == NULL || certificate->team_id == NULL)
    {
      *why = g_strdup ("The certificate names no pass type or no team: it is not one for passes.");
      return FALSE;
    }
  if (certificate->not_before == TILL_TIME_INVALID || certificate->not_after == TILL_TIME_INVALID)
    {
      *why = g_strdup ("The certificate has no valid dates.");
      return FALSE;
    }

  identity->base_name = g_strdup (certificate->pass_type_id);
  identity->team = g_strdup (certificate->team_id);
  identity->nfc = certificate->nfc;
  identity->start = certificate->not_before;
  identity->end = certificate->not_after;

  return TRUE;
}
