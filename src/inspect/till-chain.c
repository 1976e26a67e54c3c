/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which certificate issued which: the chain from a leaf upwards, and when it ends. */
#include "config.h"

#include "till-document.h"

#include "till-limits.h"

/**
 * till_document_build_chain:
 * @self: a document
 * @leaf: index of the certificate to begin with
 *
 * Follows the issuers that are in the document.
 *
 * Returns: (transfer full) (nullable): the chain, %NULL where the document has
 *   no such certificate
 */
TillChain *
till_document_build_chain (const TillDocument *self,
                           guint               leaf)
{
  TillChain *chain;
  guint at = leaf;

  if (leaf >= self->certificates->len)
    return NULL;

  chain = g_new0 (TillChain, 1);
  chain->order = g_new (guint, TILL_LIMIT_CHAIN);
  chain->effective_not_after = G_MAXINT64;

  while (chain->n_order < TILL_LIMIT_CHAIN)
    {
      const TillCertificate *certificate = g_ptr_array_index (self->certificates, at);
      guint next = G_MAXUINT;

      chain->order[chain->n_order++] = at;
      if (certificate->not_after < chain->effective_not_after)
        {
          chain->effective_not_after = certificate->not_after;
          chain->ends_because = at == leaf ? TILL_CHAIN_ENDS_CERTIFICATE : TILL_CHAIN_ENDS_ISSUER;
          chain->ends_index = at;
        }

      chain->complete = certificate->self_signed;
      if (certificate->self_signed)
        break;

      for (guint i = 0; i < self->certificates->len && next == G_MAXUINT; i++)
        {
          if (i != at && till_certificate_is_issuer_of (g_ptr_array_index (self->certificates, i), certificate))
            next = i;
        }

      for (guint i = 0; i < chain->n_order; i++)
        {
          if (chain->order[i] == next)
            next = G_MAXUINT;
        }

      if (next == G_MAXUINT)
        break;
      at = next;
    }

  return chain;
}

/**
 * till_chain_free:
 * @chain: (transfer full) (nullable): a chain
 *
 * Frees a chain.
 */
void
till_chain_free (TillChain *chain)
{
  if (chain == NULL)
    return;

  g_free (chain->order);
  g_free (chain);
}
