/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The facts that the detail side shows of a file, and of what is in it besides certificates. */
#include "config.h"

#include "till-certificate-facts.h"

#include <glib/gi18n.h>

#include "till-certificate-words.h"
#include "till-text.h"

/* Of each kind; a file with more is a bundle for machines. */
#define MAX_PARTS 20

static void
add_key_facts (GPtrArray     *facts,
               const TillKey *key)
{
  g_autofree char *algorithm = till_text_dup_algorithm (key->algorithm, key->bits, key->curve);
  g_autofree char *weakness = till_words_dup_key_weakness (key);

  till_facts_add (facts, _("Key"), algorithm, algorithm);
  if (weakness != NULL)
    till_facts_add_problem (facts, _("Strength"), weakness);
  till_facts_add_foreign (facts, _("Friendly Name"), key->friendly_name);
  till_facts_add_hex (facts, _("SHA-256 of the Public Key"), key->public_key_sha256);
}

static void
add_request (GPtrArray         *facts,
             const TillRequest *request)
{
  g_autofree char *algorithm = till_text_dup_algorithm (request->key_algorithm, request->key_bits, request->curve);

  till_facts_add (facts, _("What It Is"),
                  _("A certificate request. Send it to the issuer; the certificate comes back from there."), NULL);
  till_facts_add_foreign (facts, _("Name"), request->common_name);
  till_facts_add_foreign (facts, _("Subject"), request->subject);
  till_facts_add_list (facts, _("Alternative Names"), request->subject_alt_names);
  if (request->key != NULL)
    add_key_facts (facts, request->key);
  else
    till_facts_add (facts, _("Key"), algorithm, algorithm);
  till_facts_add_foreign (facts, _("Signature"), request->signature_algorithm);
}

static void
add_crl (GPtrArray     *facts,
         const TillCrl *crl)
{
  g_autofree char *from = till_text_dup_date_time (crl->this_update);
  g_autofree char *until = till_text_dup_date_time (crl->next_update);
  g_autofree char *count = g_strdup_printf ("%'u", crl->n_revoked);
  guint i;

  till_facts_add (facts, _("What It Is"),
                  _("A revocation list: certificates that their issuer has taken back before their end."), NULL);
  till_facts_add_foreign (facts, _("Issued By"), crl->issuer_name);
  till_facts_add (facts, _("Made On"), from, from);
  if (crl->next_update != TILL_TIME_INVALID)
    till_facts_add (facts, _("Next One Due"), until, until);
  till_facts_add (facts, _("Certificates Taken Back"), count, count);
  till_facts_add_hex (facts, _("Number"), crl->number);
  till_facts_add_foreign (facts, _("Signature"), crl->signature_algorithm);

  if (crl->n_revoked > 0)
    {
      g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
      g_auto(GStrv) serials = NULL;

      for (i = 0; crl->revoked_serials[i] != NULL; i++)
        {
          g_autofree char *pairs = till_text_dup_hex_pairs (crl->revoked_serials[i]);

          g_strv_builder_add (builder, pairs);
        }
      serials = g_strv_builder_end (builder);
      till_facts_add_list (facts, _("Their Serial Numbers"), serials);
    }
}

static void
add_private_key (GPtrArray                 *facts,
                 const TillPrivateKeyEntry *entry)
{
  till_facts_add (facts, _("What It Is"),
                  _("A private key. It stays here: give it to nobody, and never send it by mail."), NULL);
  add_key_facts (facts, entry->key);
}

static void
add_public_key (GPtrArray     *facts,
                const TillKey *key)
{
  till_facts_add (facts, _("What It Is"), _("A public key. It may be given to anybody."), NULL);
  add_key_facts (facts, key);
}

/* Which of the file's own keys a request was made with. */
static void
add_request_match (GPtrArray          *facts,
                   const TillDocument *document,
                   const TillRequest  *request)
{
  guint i;

  if (document->private_keys->len == 0 || request->key == NULL || *request->key->public_key_sha256 == '\0')
    return;

  for (i = 0; i < document->private_keys->len; i++)
    {
      const TillKey *key = g_array_index (document->private_keys, TillPrivateKeyEntry, i).key;

      if (g_strcmp0 (key->public_key_sha256, request->key->public_key_sha256) == 0)
        {
          till_facts_add (facts, _("Private Key"), _("In this file, belongs to this request"), NULL);
          return;
        }
    }

  till_facts_add_problem (facts, _("Private Key"), _("In this file, but it does not belong to this request"));
}

/**
 * till_facts_new_others:
 * @document: a file
 *
 * What a file holds besides certificates: requests, keys, revocation lists.
 *
 * Returns: (transfer full) (element-type TillFact): the facts
 */
GPtrArray *
till_facts_new_others (const TillDocument *document)
{
  GPtrArray *facts = till_facts_new ();
  g_autofree char *protection = NULL;
  gboolean problem;
  guint i;

  for (i = 0; i < document->requests->len && i < MAX_PARTS; i++)
    {
      add_request (facts, document->requests->pdata[i]);
      add_request_match (facts, document, document->requests->pdata[i]);
    }

  for (i = 0; i < document->private_keys->len && i < MAX_PARTS; i++)
    add_private_key (facts, &g_array_index (document->private_keys, TillPrivateKeyEntry, i));

  for (i = 0; i < document->crls->len && i < MAX_PARTS; i++)
    add_crl (facts, document->crls->pdata[i]);

  for (i = 0; i < document->public_keys->len && i < MAX_PARTS; i++)
    add_public_key (facts, document->public_keys->pdata[i]);

  if (facts->len == 0)
    till_facts_add (facts, _("What It Is"), _("A file of the right kind with nothing in it."), NULL);

  protection = till_words_dup_protection (document, &problem);
  if (problem)
    till_facts_add_problem (facts, _("Protection of the File"), protection);
  else
    till_facts_add (facts, _("Protection of the File"), protection, NULL);

  if (document->kind == TILL_DOCUMENT_PKCS12 && document->private_keys->len > 0)
    till_facts_add_problem (facts, _("Certificate"),
                            _("Not in this file. Airship needs both; export both lines from Keychain Access."));

  return facts;
}

/**
 * till_facts_new_notes:
 * @document: a file
 *
 * Returns: (transfer full) (element-type TillFact): what was odd about it
 */
GPtrArray *
till_facts_new_notes (const TillDocument *document)
{
  GPtrArray *facts = till_facts_new ();
  g_auto(GStrv) notes = till_words_dup_notes (document);
  gsize i;

  for (i = 0; notes[i] != NULL; i++)
    till_facts_add (facts, _("About the File"), notes[i], NULL);

  return facts;
}

/**
 * till_facts_has_folder:
 * @entry: a source
 *
 * In a sandbox a chosen file has a made-up folder, which says nothing.
 *
 * Returns: whether it lies in a folder that people know
 */
gboolean
till_facts_has_folder (TillFileEntry *entry)
{
  GFile *file = till_file_entry_get_file (entry);
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
  g_autofree char *portal = g_build_filename (g_get_user_runtime_dir (), "doc", "", NULL);

  return path != NULL && !g_str_has_prefix (path, portal);
}

/**
 * till_facts_new_place:
 * @entry: a source
 *
 * Returns: (transfer full) (element-type TillFact): which file it is, and in
 *   which folder
 */
GPtrArray *
till_facts_new_place (TillFileEntry *entry)
{
  GPtrArray *facts = till_facts_new ();
  TillDocument *document = till_file_entry_get_document (entry);
  GFile *file = till_file_entry_get_file (entry);

  till_facts_add_foreign (facts, _("File"), till_file_entry_get_title (entry));
  if (document != NULL)
    till_facts_add (facts, _("Kind of File"), till_words_get_kind (document->kind), NULL);

  if (till_facts_has_folder (entry))
    {
      g_autoptr(GFile) folder = g_file_get_parent (file);
      g_autofree char *path = folder != NULL ? g_file_get_path (folder) : NULL;
      g_autofree char *name = path != NULL ? g_filename_display_name (path) : NULL;

      till_facts_add_foreign (facts, _("Folder"), name);
    }
  else if (file == NULL)
    till_facts_add (facts, _("Folder"), _("None: it came from the clipboard and is not kept"), NULL);

  return facts;
}
