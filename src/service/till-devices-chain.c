/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The certificates in an answer of the Acceptance Devices REST API (API.md 5.4). */
#include "config.h"

#include "till-devices-private.h"

#include <string.h>

#include "till-document.h"
#include "till-error.h"
#include "till-limits.h"
#include "till-service-private.h"

#define CHAIN "certificateChain"

/* Some answers are escaped once more: "\n" is two characters there. */
static TillSecret *
unescape_lines (const TillSecret *text)
{
  gsize size = till_secret_get_size (text);
  const guint8 *in = till_secret_get_data (text);
  TillSecret *made = till_secret_new (size);
  guint8 *out = till_secret_get_buffer (made);
  gsize used = 0;

  for (gsize i = 0; i < size; i++)
    {
      if (in[i] == '\\' && i + 1 < size && (in[i + 1] == 'n' || in[i + 1] == 'r'))
        {
          out[used++] = '\n';
          i++;
        }
      else
        {
          out[used++] = in[i];
        }
    }

  till_secret_shrink (made, used);

  return made;
}

static gboolean
fail (GError     **error,
      const char  *what)
{
  till_set_error (error, TILL_ERROR_PROTOCOL, TILL_REASON_BAD_FIELD, CHAIN, NULL, "field \"" CHAIN "\" %s", what);

  return FALSE;
}

/* Nothing but certificates, and not a key by mistake. */
static gboolean
check_document (const TillDocument  *document,
                GError             **error)
{
  if (document->private_keys->len > 0 || document->encrypted || document->kind == TILL_DOCUMENT_PKCS12)
    return fail (error, "holds a private key, which has no place there; nothing of it is kept");
  if (document->certificates->len == 0)
    return fail (error, "holds no certificate");
  if (document->public_keys->len > 0 || document->requests->len > 0 || document->crls->len > 0 ||
      document->skipped->len > 0)
    return fail (error, "holds more than certificates");
  if (document->certificates->len > TILL_LIMIT_CHAIN)
    return fail (error, "holds too many certificates for a chain");

  return TRUE;
}

static char *
chain_to_pem (const TillSecret  *chain,
              GError           **error)
{
  const TillInspectOptions options = { 0 };
  g_autoptr(TillDocument) document = NULL;
  g_autoptr(TillSecret) text = unescape_lines (chain);
  g_autoptr(GError) reason = NULL;
  g_autoptr(GString) pem = NULL;

  document = till_document_parse (till_secret_get_data (text), till_secret_get_size (text), &options, &reason);
  if (document == NULL)
    {
      g_autofree char *what = g_strdup_printf ("is no chain of certificates: %s", reason->message);

      fail (error, what);
      return NULL;
    }

  if (!check_document (document, error))
    return NULL;

  pem = g_string_new (NULL);
  for (guint i = 0; i < document->certificates->len; i++)
    {
      g_autofree char *block = till_certificate_to_pem (g_ptr_array_index (document->certificates, i));

      g_string_append (pem, block);
    }

  return g_string_free (g_steal_pointer (&pem), FALSE);
}

/**
 * till_devices_chain_from_json:
 * @body: of an answer
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL, %TILL_REASON_BAD_FIELD
 *
 * Reads the chain of certificates that an answer holds. What it holds else, a
 * private key above all, is refused.
 *
 * Returns: (transfer full) (nullable): PEM, %NULL with @error set
 */
char *
till_devices_chain_from_json (const TillSecret  *body,
                              GError           **error)
{
  TillServiceCut cut = { .name = CHAIN };
  g_autoptr(JsonNode) root = NULL;
  char *pem = NULL;

  root = till_service_parse (body, TILL_LIMIT_JSON_BYTES, &cut, 1, NULL, error);
  if (root == NULL)
    return NULL;

  if (!JSON_NODE_HOLDS_OBJECT (root))
    till_set_error (error, TILL_ERROR_PROTOCOL, TILL_REASON_BAD_FIELD, "", NULL,
                    "the document has an unexpected form: an object is expected");
  else if (cut.wrong_type)
    fail (error, "has an unexpected form: a string is expected");
  else if (cut.value == NULL || till_secret_get_size (cut.value) == 0)
    fail (error, "is missing");
  else
    pem = chain_to_pem (cut.value, error);

  till_service_cuts_clear (&cut, 1);

  return pem;
}
