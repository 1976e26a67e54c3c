/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which certificate issued which, which key belongs to which, and when a chain ends. */
#include "config.h"

#include "till-document.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

#include "till-build.h"
#include "till-certificate-parts.h"
#include "till-key-der.h"
#include "till-limits.h"
#include "till-name.h"

/* Certificates of one name that are looked at. There are never so many, but in a
 * file that was made to keep a computer busy. */
#define MAX_NAMESAKES 256

typedef struct
{
  guint hash;
  guint index;
} SubjectEntry;

static int
compare_entries (gconstpointer a,
                 gconstpointer b)
{
  const SubjectEntry *first = a;
  const SubjectEntry *second = b;

  if (first->hash != second->hash)
    return first->hash < second->hash ? -1 : 1;

  return first->index < second->index ? -1 : first->index > second->index;
}

/* The first certificate whose subject has this hash, as a place in by_subject. */
static guint
find_subject (const TillDocument *self,
              guint               hash)
{
  guint low = 0;
  guint high = self->by_subject->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->by_subject, SubjectEntry, middle).hash < hash)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

static gboolean
is_same (const TillCertificate *a,
         const TillCertificate *b)
{
  return strcmp (a->sha256, b->sha256) == 0;
}

static gnutls_x509_crt_t
import (const TillCertificate *certificate)
{
  gsize size;
  gnutls_datum_t datum;
  gnutls_x509_crt_t crt;

  datum.data = (unsigned char *) g_bytes_get_data (certificate->der, &size);
  datum.size = (unsigned int) size;
  if (gnutls_x509_crt_init (&crt) < 0)
    return NULL;

  gnutls_x509_crt_set_flags (crt, GNUTLS_X509_CRT_FLAG_IGNORE_SANITY);
  if (gnutls_x509_crt_import (crt, &datum, GNUTLS_X509_FMT_DER) < 0)
    {
      gnutls_x509_crt_deinit (crt);
      return NULL;
    }

  return crt;
}

/* Whether the signature says that it was not this issuer. Only asked where
 * several have the right name. */
static gboolean
is_refuted (const TillCertificate *issuer,
            const TillCertificate *certificate)
{
  gnutls_x509_crt_t issuer_crt = import (issuer);
  gnutls_x509_crt_t crt = import (certificate);
  unsigned int status = 0;
  gboolean refuted = FALSE;

  if (issuer_crt != NULL && crt != NULL &&
      gnutls_x509_crt_verify (crt, &issuer_crt, 1,
                              GNUTLS_VERIFY_DISABLE_TIME_CHECKS | GNUTLS_VERIFY_DISABLE_CA_SIGN |
                              GNUTLS_VERIFY_ALLOW_BROKEN, &status) >= 0)
    refuted = (status & (GNUTLS_CERT_SIGNATURE_FAILURE | GNUTLS_CERT_SIGNER_NOT_FOUND)) != 0;

  if (issuer_crt != NULL)
    gnutls_x509_crt_deinit (issuer_crt);
  if (crt != NULL)
    gnutls_x509_crt_deinit (crt);

  return refuted;
}

static gboolean
is_in_chain (const TillDocument    *self,
             const TillChain       *chain,
             const TillCertificate *certificate)
{
  for (guint i = 0; i < chain->n_order; i++)
    {
      if (is_same (g_ptr_array_index (self->certificates, chain->order[i]), certificate))
        return TRUE;
    }

  return FALSE;
}

/* The issuer of a certificate: of several with its name the one that its
 * signature does not refute, and of those the one that lasts longest. */
static guint
find_issuer (const TillDocument    *self,
             const TillChain       *chain,
             const TillCertificate *certificate)
{
  guint candidates[MAX_NAMESAKES];
  guint n = 0;
  guint best = G_MAXUINT;
  gint64 best_end = G_MININT64;
  guint hash = till_name_text_hash (certificate->issuer);
  guint first = find_subject (self, hash);

  for (guint j = first; j < MIN (self->by_subject->len, first + MAX_NAMESAKES); j++)
    {
      const SubjectEntry *entry = &g_array_index (self->by_subject, SubjectEntry, j);
      const TillCertificate *issuer = g_ptr_array_index (self->certificates, entry->index);

      if (entry->hash != hash)
        break;
      if (!is_in_chain (self, chain, issuer) && till_certificate_is_issuer_of (issuer, certificate))
        candidates[n++] = entry->index;
    }

  for (guint i = 0; i < n; i++)
    {
      const TillCertificate *issuer = g_ptr_array_index (self->certificates, candidates[i]);

      if (best != G_MAXUINT && issuer->not_after <= best_end)
        continue;
      if (n > 1 && is_refuted (issuer, certificate))
        continue;
      best = candidates[i];
      best_end = issuer->not_after;
    }

  return best;
}

/* Marks those that issued another one. Each certificate looks at its possible
 * issuers only, so the whole is linear but for namesakes. */
static void
mark_issuers (const TillDocument *self,
              gboolean           *issued)
{
  for (guint i = 0; i < self->certificates->len; i++)
    {
      const TillCertificate *certificate = g_ptr_array_index (self->certificates, i);
      guint hash = till_name_text_hash (certificate->issuer);
      guint first = find_subject (self, hash);

      for (guint j = first; j < MIN (self->by_subject->len, first + MAX_NAMESAKES); j++)
        {
          const SubjectEntry *entry = &g_array_index (self->by_subject, SubjectEntry, j);
          const TillCertificate *issuer = g_ptr_array_index (self->certificates, entry->index);

          if (entry->hash != hash)
            break;
          if (!issued[entry->index] && entry->index != i && !is_same (issuer, certificate) &&
              till_certificate_is_issuer_of (issuer, certificate))
            issued[entry->index] = TRUE;
        }
    }
}

/* Finds for each private key the certificate with its public part. */
static void
match_keys (TillDocument *self)
{
  g_autoptr(GHashTable) by_key = NULL;
  g_autoptr(GHashTable) algorithms = NULL;
  guint unknown = 0;

  if (self->private_keys->len == 0 || self->certificates->len == 0)
    return;

  by_key = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  algorithms = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = self->certificates->len; i-- > 0;)
    {
      const TillCertificate *certificate = g_ptr_array_index (self->certificates, i);
      TillCertificateParts parts;
      TillKeyFacts facts;
      TillDer whole;
      const char *where;
      gsize offset;
      gsize size;
      const guint8 *data = g_bytes_get_data (certificate->der, &size);
      char proper[65] = "";

      if (till_certificate_parts_read (&parts, data, size, &where, &offset) &&
          till_key_der_read_spki (&parts.spki, &facts, &whole, NULL))
        till_key_der_hash_proper (&facts, proper);

      g_hash_table_add (algorithms, (gpointer) certificate->key_algorithm);
      if (proper[0] == '\0')
        unknown++;
      else
        g_hash_table_insert (by_key, g_strdup (proper), GUINT_TO_POINTER (i));
    }

  for (guint i = 0; i < self->private_keys->len; i++)
    {
      TillPrivateKeyEntry *entry = &g_array_index (self->private_keys, TillPrivateKeyEntry, i);
      gpointer found;

      /* Known by its algorithm alone: that can tell strangers, but no pair. */
      if (entry->key->key_proper_sha256[0] == '\0')
        {
          if (!g_hash_table_contains (algorithms, entry->key->algorithm))
            entry->matches = 0;
          continue;
        }

      if (g_hash_table_lookup_extended (by_key, entry->key->key_proper_sha256, NULL, &found))
        {
          entry->matches = 1;
          entry->certificate = (int) GPOINTER_TO_UINT (found);
        }
      else if (unknown < self->certificates->len)
        {
          entry->matches = 0;
        }
    }
}

/* Whether the chain of the first leaf had to be cut: it goes on beyond the limit,
 * or runs in a circle. */
static gboolean
is_chain_cut (const TillDocument *self)
{
  TillChain *chain = till_document_build_chain (self, g_array_index (self->leaves, guint, 0));
  guint end = chain->order[chain->n_order - 1];
  TillChain last = { .order = &end, .n_order = 1 };
  gboolean cut = !chain->complete &&
                 find_issuer (self, &last, g_ptr_array_index (self->certificates, end)) != G_MAXUINT;

  till_chain_free (chain);
  return cut;
}

/**
 * till_document_link:
 * @self: a document that nobody else has seen yet
 *
 * Finds out who belongs to whom: certificates by subject, keys and their
 * certificates, and the leaves.
 */
void
till_document_link (TillDocument *self)
{
  guint n = self->certificates->len;
  g_autofree gboolean *issued = g_new0 (gboolean, n);
  g_autofree gboolean *taken = g_new0 (gboolean, n);

  self->by_subject = g_array_sized_new (FALSE, FALSE, sizeof (SubjectEntry), n);
  for (guint i = 0; i < n; i++)
    {
      const TillCertificate *certificate = g_ptr_array_index (self->certificates, i);
      SubjectEntry entry = { till_name_text_hash (certificate->subject), i };

      g_array_append_val (self->by_subject, entry);
    }
  g_array_sort (self->by_subject, compare_entries);

  mark_issuers (self, issued);
  match_keys (self);

  for (guint i = 0; i < self->private_keys->len; i++)
    {
      const TillPrivateKeyEntry *entry = &g_array_index (self->private_keys, TillPrivateKeyEntry, i);
      guint index = (guint) entry->certificate;

      if (entry->matches == 1 && !taken[index])
        {
          taken[index] = TRUE;
          g_array_append_val (self->leaves, index);
        }
    }

  for (guint i = 0; i < n; i++)
    {
      if (!issued[i] && !taken[i])
        g_array_append_val (self->leaves, i);
    }

  /* All issued one another: a circle, which has to be entered somewhere. */
  if (self->leaves->len == 0 && n > 0)
    {
      guint first = 0;

      g_array_append_val (self->leaves, first);
    }

  if (n > 1 && is_chain_cut (self))
    self->notes |= TILL_NOTE_CHAIN_CUT;
}

/**
 * till_document_build_chain:
 * @self: a document
 * @leaf: index of the certificate to begin with
 *
 * Follows the issuers that are in the document, by name (RFC 5280 6.1) and key
 * identifier. No certificate comes twice, and there are at most
 * %TILL_LIMIT_CHAIN.
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

  g_return_val_if_fail (self != NULL, NULL);

  if (leaf >= self->certificates->len)
    return NULL;

  chain = g_new0 (TillChain, 1);
  chain->order = g_new (guint, TILL_LIMIT_CHAIN);
  chain->effective_not_after = G_MAXINT64;

  while (at != G_MAXUINT && chain->n_order < TILL_LIMIT_CHAIN)
    {
      const TillCertificate *certificate = g_ptr_array_index (self->certificates, at);

      chain->order[chain->n_order++] = at;
      if (certificate->not_after < chain->effective_not_after)
        {
          chain->effective_not_after = certificate->not_after;
          chain->ends_because = at == leaf ? TILL_CHAIN_ENDS_CERTIFICATE : TILL_CHAIN_ENDS_ISSUER;
          chain->ends_index = at;
        }

      if (certificate->self_signed)
        {
          chain->complete = TRUE;
          break;
        }

      at = find_issuer (self, chain, certificate);
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
