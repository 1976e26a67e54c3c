/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a file of certificates is, and how it is protected, said in words for people. */
#include "config.h"

#include "till-certificate-words.h"

#include <glib/gi18n.h>

#include "till-text.h"

/**
 * till_words_get_kind:
 * @kind: a kind
 *
 * Returns: (transfer none): what it is called
 */
const char *
till_words_get_kind (TillDocumentKind kind)
{
  switch (kind)
    {
    case TILL_DOCUMENT_CERTIFICATE:
      return _("Certificate");

    case TILL_DOCUMENT_CHAIN:
      return _("Certificates");

    case TILL_DOCUMENT_PRIVATE_KEY:
      return C_("kind of file", "Private key");

    case TILL_DOCUMENT_PUBLIC_KEY:
      return C_("kind of file", "Public key");

    case TILL_DOCUMENT_PKCS12:
      return _("PKCS #12 (.p12) file");

    case TILL_DOCUMENT_PKCS7:
      return _("PKCS #7 (.p7b) file");

    case TILL_DOCUMENT_CSR:
      return C_("kind of file", "Certificate request");

    case TILL_DOCUMENT_CRL:
      return C_("kind of file", "Revocation list");

    case TILL_DOCUMENT_MIXED:
    default:
      return _("Certificate and private key");
    }
}

/**
 * till_words_dup_chain:
 * @document: where the chain is from
 * @chain: a chain of it
 *
 * Returns: (transfer full): whether it is complete, and what cuts it short
 */
char *
till_words_dup_chain (const TillDocument *document,
                      const TillChain    *chain)
{
  const TillCertificate *last = document->certificates->pdata[chain->order[chain->n_order - 1]];
  g_autofree char *name = NULL;

  if ((document->notes & TILL_NOTE_CHAIN_CUT) && !chain->complete)
    return g_strdup (_("The chain is circular or too long; only its first part is shown."));

  if (chain->complete && chain->n_order == 1)
    return g_strdup (_("It is its own issuer; there is no chain."));

  if (chain->complete)
    return g_strdup (_("Complete, from the certificate to its root."));

  name = till_words_dup_issued_by (last);
  if (chain->n_order == 1)
    /* Translators: %s is the name of the issuer. */
    return g_strdup_printf (_("The issuer “%s” is not in this file."), name);

  /* Translators: %s is the name of the issuer of the last certificate of the chain. */
  return g_strdup_printf (_("The root is not in this file: “%s” is missing."), name);
}

/**
 * till_words_dup_link_name:
 * @document: where the chain is from
 * @chain: a chain of it
 * @position: which link, 0 is the certificate that it begins with
 *
 * Returns: (transfer full): what to call it; Apple's intermediates, which all
 *   have one name, by their generation
 */
char *
till_words_dup_link_name (const TillDocument *document,
                          const TillChain    *chain,
                          guint               position)
{
  if (position > 0)
    {
      const TillCertificate *below = document->certificates->pdata[chain->order[position - 1]];

      if (below->apple_intermediate != NULL)
        return till_text_dup_display (below->apple_intermediate, 80);
    }

  return till_words_dup_name (document->certificates->pdata[chain->order[position]]);
}

/**
 * till_words_dup_private_key:
 * @document: a file
 * @certificate: index of one of its certificates
 * @problem: (out): %TRUE where this is something to see to
 *
 * Returns: (transfer full): whether its private key is there and belongs to it
 */
char *
till_words_dup_private_key (const TillDocument *document,
                            guint               certificate,
                            gboolean           *problem)
{
  const TillCertificate *self = document->certificates->pdata[certificate];
  gboolean unmatched = FALSE;
  gboolean unknown = FALSE;
  guint i;

  *problem = FALSE;

  for (i = 0; i < document->private_keys->len; i++)
    {
      const TillPrivateKeyEntry *entry = &g_array_index (document->private_keys, TillPrivateKeyEntry, i);

      if (entry->matches == 1 && entry->certificate == (int) certificate)
        return g_strdup (_("In this file, belongs to this certificate"));

      unmatched = unmatched || entry->matches == 0;
      unknown = unknown || entry->matches < 0;
    }

  /* An issuer's key is not to be expected in its customer's file. */
  if (!self->is_ca && unmatched)
    {
      *problem = TRUE;
      return g_strdup (_("In this file, but it does not belong to this certificate. "
                         "Export both again, from the computer where the request was made."));
    }

  if (!self->is_ca && unknown)
    return g_strdup (_("In this file; whether it belongs to this certificate cannot be told"));

  if (self->is_pass)
    {
      *problem = document->kind == TILL_DOCUMENT_PKCS12;
      return g_strdup (_("Not in this file. Airship needs the key; export both lines from Keychain Access."));
    }

  return g_strdup (_("Not in this file"));
}

static char *
dup_why_weak (const TillProtection *protection)
{
  g_autofree char *names = g_strjoinv (", ", protection->encryption);
  g_autofree char *shown = till_text_dup_display (names, 80);
  g_autofree char *mac = till_text_dup_display (protection->mac, 40);

  if (protection->weakness & TILL_WEAK_NO_PASSWORD)
    return g_strdup (_("None. Whoever has this file can use its private key; keep it where only you can read it."));

  if (protection->weakness & TILL_WEAK_CIPHER)
    /* Translators: %s is a list of ways to encrypt, such as “RC2-40-CBC, 3DES-CBC”. */
    return g_strdup_printf (_("Old: encrypted with %s, which is weak. It opens, but save it again from a newer "
                              "program."),
                            shown);

  if (protection->weakness & TILL_WEAK_MAC)
    /* Translators: %s is a way to check a file, such as HMAC-SHA1. */
    return g_strdup_printf (_("Old: its integrity check is %s, which is weak. It opens, but save it again from a "
                              "newer program."),
                            mac);

  if (protection->weakness & TILL_WEAK_ITERATIONS)
    return g_strdup_printf (ngettext ("Weak: the password is stretched by only %d round, so it is quickly guessed.",
                                      "Weak: the password is stretched by only %d rounds, so it is quickly guessed.",
                                      (unsigned long) MAX (protection->iterations, 0)),
                            (int) CLAMP (protection->iterations, 0, G_MAXINT));

  if (protection->weakness & TILL_WEAK_NO_MAC)
    return g_strdup (_("It has no integrity check: a change to the file would not be noticed."));

  return NULL;
}

/**
 * till_words_dup_protection:
 * @document: a file
 * @problem: (out): %TRUE where it is weak or missing
 *
 * Returns: (transfer full) (nullable): how the file is protected, and what is
 *   weak about it; %NULL where there is nothing to protect
 */
char *
till_words_dup_protection (const TillDocument *document,
                           gboolean           *problem)
{
  const TillProtection *protection = document->protection;
  char *why;

  *problem = FALSE;

  if (protection == NULL)
    {
      if (document->private_keys->len == 0)
        return NULL;
      *problem = TRUE;
      return g_strdup (_("None. Whoever has this file can use its private key; keep it where only you can read it."));
    }

  why = dup_why_weak (protection);
  if (why != NULL)
    {
      *problem = TRUE;
      return why;
    }

  if (protection->encryption[0] == NULL)
    return g_strdup (_("None: its contents can be read without a password."));

  if (document->notes & TILL_NOTE_EMPTY_PASSWORD)
    {
      *problem = document->private_keys->len > 0;
      return g_strdup (_("None in effect: its password is empty, so anybody can open it."));
    }

  return g_strdup (_("Modern, by a password"));
}

/**
 * till_words_dup_notes:
 * @document: a file
 *
 * Returns: (transfer full) (array zero-terminated=1): what was odd about the
 *   file though it opened, a sentence each
 */
char **
till_words_dup_notes (const TillDocument *document)
{
  static const struct
  {
    TillDocumentNote  note;
    const char       *words;
  } notes[] = {
    { TILL_NOTE_TRAILING_BYTES, N_("There are more bytes behind its end; they were left out.") },
    { TILL_NOTE_WAS_BASE64, N_("It is Base64 text, as services want it; it was decoded first.") },
    { TILL_NOTE_WAS_UTF16, N_("It is text in UTF-16; it was converted first. Other programs may refuse it.") },
    { TILL_NOTE_NO_END_LINE, N_("Its line END is missing. Other programs may refuse it.") },
    { TILL_NOTE_NO_MAC, N_("It has no integrity check: a change to the file would not be noticed. "
                           "Export it again with a password.") },
    { TILL_NOTE_MAC_NOT_CHECKED, N_("Its contents were read without the password, so its integrity was not "
                                    "checked.") },
    { TILL_NOTE_TRUSTED_CERTIFICATE, N_("It is a “trusted certificate” of OpenSSL; its trust settings were left "
                                        "out.") },
    { TILL_NOTE_SIGNATURE_ALGORITHMS_DIFFER, N_("A certificate in it names two ways of signing that differ. "
                                                "Other programs may refuse it.") },
    { TILL_NOTE_CHAIN_CUT, N_("Its chain of issuers is circular or too long; only a part of it is shown.") },
    { TILL_NOTE_TIMES_ODD, N_("A certificate in it has impossible dates.") },
    { TILL_NOTE_EMPTY_PASSWORD, N_("It opened without a password.") },
    { TILL_NOTE_BER, N_("It is written in a loose way (BER). Other programs may refuse it.") },
  };
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (notes); i++)
    if (document->notes & notes[i].note)
      g_strv_builder_add (builder, _(notes[i].words));

  if (document->notes & TILL_NOTE_BLOCKS_SKIPPED)
    {
      g_autoptr(GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);
      g_autofree char *joined = NULL;
      g_autofree char *sentence = NULL;

      for (i = 0; i < document->skipped->len && i < 5; i++)
        g_ptr_array_add (labels, till_text_dup_display (document->skipped->pdata[i], 40));
      g_ptr_array_add (labels, NULL);
      joined = g_strjoinv (", ", (char **) labels->pdata);

      /* Translators: %s is a list of names of parts, such as “DH PARAMETERS”. */
      sentence = g_strdup_printf (_("Parts of other kinds were left out: %s."), joined);
      g_strv_builder_add (builder, sentence);
    }

  return g_strv_builder_end (builder);
}
