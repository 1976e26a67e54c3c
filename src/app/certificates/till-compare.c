/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holds two certificates against each other: what is the same, what differs, and what that means. */
#include "config.h"

#include "till-compare.h"

#include <glib/gi18n.h>
#include <string.h>

#include "till-certificate-words.h"
#include "till-text.h"

#define DAY       (24 * 60 * 60)
#define MAX_NAMES 20

/* One of the two, with what has to be worked out for it. */
typedef struct
{
  TillDocument          *document;      /* (nullable) where it has no certificate */
  const TillCertificate *certificate;   /* (nullable) */
  guint                  index;
  TillChain             *chain;         /* (nullable) */
  gint64                 end;
} Side;

static void
side_init (Side                *side,
           TillCertificateItem *item)
{
  TillDocument *document = till_file_entry_get_document (till_certificate_item_get_entry (item));
  int leaf = till_certificate_item_get_leaf (item);

  memset (side, 0, sizeof *side);
  if (document == NULL || leaf < 0 || leaf >= (int) document->certificates->len)
    return;

  side->document = till_document_ref (document);
  side->index = (guint) leaf;
  side->certificate = document->certificates->pdata[leaf];
  side->chain = till_document_build_chain (document, side->index);
  side->end = side->chain != NULL ? side->chain->effective_not_after : side->certificate->not_after;
}

static void
side_clear (Side *side)
{
  g_clear_pointer (&side->chain, till_chain_free);
  g_clear_pointer (&side->document, till_document_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Side, side_clear)

static void
free_fact (gpointer data)
{
  TillCompareFact *fact = data;

  g_free (fact->title);
  g_free (fact->first);
  g_free (fact->second);
  g_free (fact);
}

/* Takes both texts. What neither has is no fact. */
static void
take_fact (GPtrArray  *facts,
           const char *title,
           char       *first,
           char       *second)
{
  TillCompareFact *fact;

  if (*first == '\0' && *second == '\0')
    {
      g_free (first);
      g_free (second);
      return;
    }

  fact = g_new0 (TillCompareFact, 1);
  fact->title = g_strdup (title);
  fact->differs = strcmp (first, second) != 0;
  fact->first = first;
  fact->second = second;
  g_ptr_array_add (facts, fact);
}

/* Two texts may look the same where they were cut: what was not shown counts too. */
static void
add_foreign (GPtrArray  *facts,
             const char *title,
             const char *first,
             const char *second)
{
  guint before = facts->len;

  take_fact (facts, title,
             till_text_dup_display (first, TILL_TEXT_MAX_CHARS),
             till_text_dup_display (second, TILL_TEXT_MAX_CHARS));
  if (facts->len > before)
    ((TillCompareFact *) facts->pdata[before])->differs =
      g_strcmp0 (first != NULL ? first : "", second != NULL ? second : "") != 0;
}

static gboolean
are_same_names (char **first,
                char **second)
{
  gsize i;

  /* The order of names means nothing; there are too many to look each up only in hostile files. */
  if (g_strv_length (first) != g_strv_length (second))
    return FALSE;

  if (g_strv_equal ((const char * const *) first, (const char * const *) second))
    return TRUE;

  if (g_strv_length (first) > 1000)
    return FALSE;

  for (i = 0; first[i] != NULL; i++)
    if (!g_strv_contains ((const char * const *) second, first[i]) ||
        !g_strv_contains ((const char * const *) first, second[i]))
      return FALSE;

  return TRUE;
}

static void
add_names (GPtrArray  *facts,
           const Side *first,
           const Side *second)
{
  char **first_names = first->certificate->subject_alt_names;
  char **second_names = second->certificate->subject_alt_names;
  guint before = facts->len;

  take_fact (facts, _("Alternative Names"),
             till_text_dup_list (first_names, MAX_NAMES),
             till_text_dup_list (second_names, MAX_NAMES));
  if (facts->len > before)
    ((TillCompareFact *) facts->pdata[before])->differs = !are_same_names (first_names, second_names);
}

static char *
dup_nfc (const Side *side)
{
  if (!side->certificate->is_pass)
    return g_strdup ("");

  return g_strdup (side->certificate->nfc ? _("Supported") : _("Not supported"));
}

static char *
dup_key (const Side *side)
{
  return till_text_dup_algorithm (side->certificate->key_algorithm, side->certificate->key_bits,
                                  side->certificate->curve);
}

static char *
dup_private_key (const Side *side)
{
  gboolean problem;

  return till_words_dup_private_key (side->document, side->index, &problem);
}

/* The names of the chain, from the certificate upwards. */
static char *
dup_chain (const Side *side)
{
  GString *string = g_string_new (NULL);
  guint i;

  for (i = 0; side->chain != NULL && i < side->chain->n_order; i++)
    {
      g_autofree char *name = till_words_dup_link_name (side->document, side->chain, i);

      if (i > 0)
        g_string_append_c (string, '\n');
      g_string_append (string, name);
    }

  if (side->chain != NULL && !side->chain->complete)
    {
      g_string_append_c (string, '\n');
      g_string_append (string, _("(not complete)"));
    }

  return g_string_free (string, FALSE);
}

/**
 * till_compare_new_facts:
 * @first: a row
 * @second: another row
 *
 * Returns: (transfer full) (element-type TillCompareFact): what the two say of
 *   the same things, most important first; empty where one has no certificate
 */
GPtrArray *
till_compare_new_facts (TillCertificateItem *first,
                        TillCertificateItem *second)
{
  GPtrArray *facts = g_ptr_array_new_with_free_func (free_fact);
  g_auto(Side) a = { 0 };
  g_auto(Side) b = { 0 };

  g_return_val_if_fail (TILL_IS_CERTIFICATE_ITEM (first), facts);
  g_return_val_if_fail (TILL_IS_CERTIFICATE_ITEM (second), facts);

  side_init (&a, first);
  side_init (&b, second);
  if (a.certificate == NULL || b.certificate == NULL)
    return facts;

  add_foreign (facts, _("Identifier"), a.certificate->pass_type_id, b.certificate->pass_type_id);
  add_foreign (facts, _("Team"), a.certificate->team_id, b.certificate->team_id);
  add_foreign (facts, _("Name"), a.certificate->common_name, b.certificate->common_name);
  add_foreign (facts, _("Organization"), a.certificate->organization, b.certificate->organization);
  take_fact (facts, _("Ends"), till_text_dup_date_time (a.end), till_text_dup_date_time (b.end));
  take_fact (facts, _("Begins"), till_text_dup_date_time (a.certificate->not_before),
             till_text_dup_date_time (b.certificate->not_before));
  take_fact (facts, _("Used As"), till_words_dup_used_as (a.certificate), till_words_dup_used_as (b.certificate));
  take_fact (facts, _("NFC"), dup_nfc (&a), dup_nfc (&b));
  take_fact (facts, _("Private Key"), dup_private_key (&a), dup_private_key (&b));
  take_fact (facts, _("Issued By"), till_words_dup_issued_by (a.certificate),
             till_words_dup_issued_by (b.certificate));
  add_names (facts, &a, &b);
  take_fact (facts, _("Key"), dup_key (&a), dup_key (&b));
  take_fact (facts, _("SHA-256 of the Public Key"), till_text_dup_hex_pairs (a.certificate->public_key_sha256),
             till_text_dup_hex_pairs (b.certificate->public_key_sha256));
  take_fact (facts, _("Key Usage"), till_words_dup_key_usage (a.certificate),
             till_words_dup_key_usage (b.certificate));
  take_fact (facts, _("Extended Key Usage"), till_words_dup_extended_usage (a.certificate),
             till_words_dup_extended_usage (b.certificate));
  add_foreign (facts, _("Signature"), a.certificate->signature_algorithm, b.certificate->signature_algorithm);
  take_fact (facts, _("Serial Number"), till_text_dup_hex_pairs (a.certificate->serial),
             till_text_dup_hex_pairs (b.certificate->serial));
  add_foreign (facts, _("Subject"), a.certificate->subject, b.certificate->subject);
  add_foreign (facts, _("Issuer"), a.certificate->issuer, b.certificate->issuer);
  take_fact (facts, _("Chain"), dup_chain (&a), dup_chain (&b));
  take_fact (facts, _("SHA-256 Fingerprint"), till_text_dup_hex_pairs (a.certificate->sha256),
             till_text_dup_hex_pairs (b.certificate->sha256));

  return facts;
}

/* Whether they are for the same thing. */
static const char *
get_identity_sentence (const TillCertificate *first,
                       const TillCertificate *second)
{
  gboolean same_identifier, same_team;

  if ((first->pass_type_id != NULL) != (second->pass_type_id != NULL))
    return _("Only one of them is for passes.");

  if (first->pass_type_id != NULL)
    {
      same_identifier = g_strcmp0 (first->pass_type_id, second->pass_type_id) == 0;
      same_team = g_strcmp0 (first->team_id, second->team_id) == 0;

      if (same_identifier && same_team)
        return _("Same identifier and team.");
      if (same_identifier)
        return _("Same identifier, but different teams: passes made with the first one cannot be updated with the "
                 "second one.");
      return _("Different identifiers: passes made with the first one cannot be updated with the second one.");
    }

  if (g_strcmp0 (first->common_name, second->common_name) == 0 &&
      are_same_names (first->subject_alt_names, second->subject_alt_names))
    return _("Issued to the same names.");

  return _("Issued to different names.");
}

static char *
dup_end_sentence (gint64 first,
                  gint64 second)
{
  gint64 days;
  int n;

  if (first == TILL_TIME_INVALID || second == TILL_TIME_INVALID)
    return g_strdup (_("The dates of one of them are impossible."));

  if (first == second)
    return g_strdup (_("Both end at the same time."));

  if (second == TILL_TIME_NEVER)
    return g_strdup (_("The second one has no end date."));

  if (first == TILL_TIME_NEVER)
    return g_strdup (_("Only the second one has an end date."));

  days = (second - first) / DAY;
  if (ABS (days) >= 2 * 365)
    {
      n = (int) (ABS (days) / 365);
      if (days > 0)
        return g_strdup_printf (ngettext ("The second one ends %d year later.", "The second one ends %d years later.",
                                          n), n);
      return g_strdup_printf (ngettext ("The second one ends %d year earlier.", "The second one ends %d years earlier.",
                                        n), n);
    }

  n = (int) ABS (days);
  if (days > 0)
    return g_strdup_printf (ngettext ("The second one ends %d day later.", "The second one ends %d days later.", n), n);
  if (days < 0)
    return g_strdup_printf (ngettext ("The second one ends %d day earlier.", "The second one ends %d days earlier.",
                                      n), n);

  if (second > first)
    return g_strdup (_("The second one ends a little later."));
  return g_strdup (_("The second one ends a little earlier."));
}

/**
 * till_compare_dup_verdict:
 * @first: a row
 * @second: another row
 *
 * What one wants to know before one takes the second for the first.
 *
 * Returns: (transfer full): one to four sentences
 */
char *
till_compare_dup_verdict (TillCertificateItem *first,
                          TillCertificateItem *second)
{
  g_auto(Side) a = { 0 };
  g_auto(Side) b = { 0 };
  g_autoptr(GPtrArray) sentences = g_ptr_array_new_with_free_func (g_free);
  gint64 now;

  g_return_val_if_fail (TILL_IS_CERTIFICATE_ITEM (first), NULL);
  g_return_val_if_fail (TILL_IS_CERTIFICATE_ITEM (second), NULL);

  side_init (&a, first);
  side_init (&b, second);
  if (a.certificate == NULL || b.certificate == NULL)
    return g_strdup (_("One of them holds no certificate, so there is nothing to compare."));

  if (strcmp (a.certificate->sha256, b.certificate->sha256) == 0)
    return g_strdup (_("They are one and the same certificate."));

  g_ptr_array_add (sentences, g_strdup (get_identity_sentence (a.certificate, b.certificate)));
  g_ptr_array_add (sentences, dup_end_sentence (a.end, b.end));

  if (a.certificate->is_pass && b.certificate->is_pass && a.certificate->nfc && !b.certificate->nfc)
    g_ptr_array_add (sentences, g_strdup (_("NFC would be lost: the first one has it, the second one does not.")));

  now = till_clock_get_now (till_certificate_item_get_clock (second));
  if (b.end != TILL_TIME_INVALID && b.end < now)
    g_ptr_array_add (sentences, g_strdup (_("The second one has expired already.")));
  else if (b.certificate->not_before != TILL_TIME_INVALID && b.certificate->not_before > now)
    g_ptr_array_add (sentences, g_strdup (_("The second one is not valid yet.")));

  g_ptr_array_add (sentences, NULL);

  return g_strjoinv (" ", (char **) sentences->pdata);
}
