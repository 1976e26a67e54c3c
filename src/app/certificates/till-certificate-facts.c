/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The facts that the detail side shows of a certificate. */
#include "config.h"

#include "till-certificate-facts.h"

#include <glib/gi18n.h>
#include <string.h>

#include "till-certificate-words.h"
#include "till-text.h"

/* A hostile certificate may have any number; a real one has about a dozen. */
#define MAX_EXTENSIONS      100
#define MAX_EXTENSION_LINES 40
#define MAX_NAMES           8

/* The names that a service is reached by, without the kind in front: it says nothing to most people. */
static void
add_names (GPtrArray             *facts,
           const TillCertificate *certificate)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) names = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *copy = NULL;
  gsize i;

  for (i = 0; certificate->subject_alt_names[i] != NULL; i++)
    {
      const char *name = certificate->subject_alt_names[i];

      if (g_str_has_prefix (name, "DNS:") || g_str_has_prefix (name, "IP:") ||
          g_str_has_prefix (name, "email:") || g_str_has_prefix (name, "URI:"))
        g_strv_builder_add (builder, strchr (name, ':') + 1);
    }

  names = g_strv_builder_end (builder);
  if (names[0] == NULL)
    return;

  shown = till_text_dup_list (names, MAX_NAMES);
  copy = g_strjoinv ("\n", names);
  till_facts_add (facts, _("Valid For"), shown, copy);
}

static void
add_issued_to (GPtrArray             *facts,
               const TillCertificate *certificate)
{
  g_autofree char *name = till_text_dup_display (certificate->common_name, TILL_TEXT_MAX_CHARS);
  g_autofree char *organization = till_text_dup_display (certificate->organization, TILL_TEXT_MAX_CHARS);
  g_autofree char *both = NULL;

  if (*name != '\0' && *organization != '\0' && strcmp (name, organization) != 0)
    both = g_strdup_printf ("%s\n%s", name, organization);
  else if (*name != '\0' || *organization != '\0')
    both = g_strdup (*name != '\0' ? name : organization);
  else
    both = till_text_dup_display (certificate->subject, TILL_TEXT_MAX_CHARS);

  if (*both == '\0')
    till_facts_add (facts, _("Issued To"), _("Nobody: it has no name"), NULL);
  else
    till_facts_add (facts, _("Issued To"), both, both);
}

static void
add_file_facts (GPtrArray          *facts,
                const TillDocument *document,
                guint               certificate)
{
  const TillCertificate *self = document->certificates->pdata[certificate];
  gboolean problem;
  g_autofree char *key = till_words_dup_private_key (document, certificate, &problem);
  g_autofree char *protection = NULL;

  /* That an issuer's key is not here goes without saying. */
  if (problem)
    till_facts_add_problem (facts, _("Private Key"), key);
  else if (!self->is_ca || document->private_keys->len > 0)
    till_facts_add (facts, _("Private Key"), key, NULL);

  protection = till_words_dup_protection (document, &problem);
  if (problem)
    till_facts_add_problem (facts, _("Protection of the File"), protection);
  else
    till_facts_add (facts, _("Protection of the File"), protection, NULL);
}

/* What else is in the file, so that nothing in it goes unnoticed. */
static void
add_besides (GPtrArray          *facts,
             const TillDocument *document)
{
  g_autoptr(GString) string = g_string_new (NULL);
  guint n;

  if ((n = document->requests->len) > 0)
    g_string_append_printf (string, ngettext ("%u certificate request\n", "%u certificate requests\n", n), n);
  if ((n = document->crls->len) > 0)
    g_string_append_printf (string, ngettext ("%u revocation list\n", "%u revocation lists\n", n), n);
  if ((n = document->public_keys->len) > 0)
    g_string_append_printf (string, ngettext ("%u public key\n", "%u public keys\n", n), n);

  if (string->len > 0)
    {
      g_string_truncate (string, string->len - 1);
      till_facts_add (facts, _("Also in This File"), string->str, NULL);
    }
}

/**
 * till_facts_new_plain:
 * @document: a file
 * @certificate: index of one of its certificates
 *
 * What anybody wants to know first, in plain words.
 *
 * Returns: (transfer full) (element-type TillFact): the facts
 */
GPtrArray *
till_facts_new_plain (const TillDocument *document,
                      guint               certificate)
{
  const TillCertificate *self = document->certificates->pdata[certificate];
  GPtrArray *facts = till_facts_new ();
  g_autofree char *used_as = till_words_dup_used_as (self);
  g_autofree char *issued_by = till_words_dup_issued_by (self);
  g_autofree char *weakness = till_words_dup_weakness (self);

  till_facts_add (facts, _("Used As"), used_as, NULL);

  if (weakness != NULL)
    till_facts_add_problem (facts, _("Strength"), weakness);

  if (self->is_pass || self->pass_type_id != NULL)
    {
      till_facts_add_foreign (facts, _("Identifier (Pass Type ID)"), self->pass_type_id);
      till_facts_add_foreign (facts, _("Team"), self->team_id);
    }
  if (self->is_pass)
    till_facts_add (facts, _("NFC"), self->nfc ? _("Supported") : _("Not supported"), NULL);

  add_names (facts, self);
  add_issued_to (facts, self);
  till_facts_add (facts, _("Issued By"), issued_by, self->self_signed ? NULL : issued_by);
  add_file_facts (facts, document, certificate);
  add_besides (facts, document);

  return facts;
}

static void
add_detailed (GPtrArray                    *facts,
              const TillCertificateDetails *details)
{
  g_autofree char *path_length = NULL;

  till_facts_add_hex (facts, _("Identifier of the Key"), details->subject_key_id);
  till_facts_add_hex (facts, _("Identifier of the Issuer’s Key"), details->authority_key_id);

  if (details->path_length >= 0)
    {
      path_length = g_strdup_printf ("%d", details->path_length);
      till_facts_add (facts, _("Authorities Allowed Below It"), path_length, path_length);
    }

  till_facts_add_list (facts, _("Policies"), details->policies);
  till_facts_add_list (facts, _("Allowed Names"), details->permitted_names);
  till_facts_add_list (facts, _("Forbidden Names"), details->excluded_names);
  till_facts_add_list (facts, _("Status Service (OCSP)"), details->ocsp);
  till_facts_add_list (facts, _("Issuer’s Certificate"), details->ca_issuers);
  till_facts_add_list (facts, _("Revocation Lists"), details->crl);
}

static void
add_protection (GPtrArray            *facts,
                const TillProtection *protection)
{
  g_autofree char *rounds = NULL;

  if (protection == NULL)
    return;

  till_facts_add_list (facts, _("Encryption of the File"), protection->encryption);
  till_facts_add_foreign (facts, _("Integrity Check of the File"), protection->mac);
  if (protection->iterations > 0)
    {
      rounds = g_strdup_printf ("%'" G_GINT64_FORMAT, protection->iterations);
      till_facts_add (facts, _("Rounds That Stretch the Password"), rounds, rounds);
    }
}

/**
 * till_facts_new_technical:
 * @document: a file
 * @certificate: index of one of its certificates
 *
 * Everything that an engineer would ask for.
 *
 * Returns: (transfer full) (element-type TillFact): the facts
 */
GPtrArray *
till_facts_new_technical (const TillDocument *document,
                          guint               certificate)
{
  const TillCertificate *self = document->certificates->pdata[certificate];
  g_autoptr(TillCertificateDetails) details = till_certificate_load_details (self, NULL);
  GPtrArray *facts = till_facts_new ();
  g_autofree char *version = g_strdup_printf ("%d", self->version);
  g_autofree char *from = till_text_dup_date_time (self->not_before);
  g_autofree char *until = till_text_dup_date_time (self->not_after);
  g_autofree char *key = till_text_dup_algorithm (self->key_algorithm, self->key_bits, self->curve);
  g_autofree char *usage = till_words_dup_key_usage (self);
  g_autofree char *extended = till_words_dup_extended_usage (self);

  till_facts_add_foreign (facts, _("Subject"), self->subject);
  till_facts_add_foreign (facts, _("Issuer"), self->issuer);
  till_facts_add_foreign (facts, _("Friendly Name"), self->friendly_name);
  till_facts_add_hex (facts, _("Serial Number"), self->serial);
  till_facts_add (facts, _("Version"), version, version);
  till_facts_add (facts, _("Valid From"), from, from);
  till_facts_add (facts, _("Valid Until"), until, until);
  till_facts_add (facts, _("Key"), key, key);
  till_facts_add_foreign (facts, _("Signature"), self->signature_algorithm);
  if (self->inner_signature_differs)
    till_facts_add_problem (facts, _("Signature"), _("It names two ways of signing that differ."));
  till_facts_add (facts, _("Key Usage"), usage, usage);
  till_facts_add (facts, _("Extended Key Usage"), extended, extended);
  till_facts_add_list (facts, _("Alternative Names"), self->subject_alt_names);
  till_facts_add_hex (facts, _("SHA-256 Fingerprint"), self->sha256);
  till_facts_add_hex (facts, _("SHA-1 Fingerprint"), self->sha1);
  till_facts_add_hex (facts, _("SHA-256 of the Public Key"), self->public_key_sha256);
  if (details != NULL)
    add_detailed (facts, details);
  add_protection (facts, document->protection);

  return facts;
}

/* What our own words can say better than the inspector's. */
static char *
dup_extension_value (const TillCertificate *certificate,
                     const TillExtension   *extension)
{
  if (strcmp (extension->oid, "2.5.29.15") == 0 && certificate->key_usage[0] != NULL)
    return till_words_dup_key_usage (certificate);

  if (strcmp (extension->oid, "2.5.29.37") == 0 && certificate->extended_key_usage[0] != NULL)
    return till_words_dup_extended_usage (certificate);

  return till_text_dup_lines (extension->value, TILL_TEXT_MAX_CHARS, MAX_EXTENSION_LINES);
}

/**
 * till_facts_new_extensions:
 * @document: a file
 * @certificate: index of one of its certificates
 *
 * Returns: (transfer full) (element-type TillFact): its extensions in the
 *   order of the certificate, critical ones marked by a word
 */
GPtrArray *
till_facts_new_extensions (const TillDocument *document,
                           guint               certificate)
{
  const TillCertificate *self = document->certificates->pdata[certificate];
  g_autoptr(TillCertificateDetails) details = till_certificate_load_details (self, NULL);
  GPtrArray *facts = till_facts_new ();
  guint i;

  if (details == NULL)
    {
      till_facts_add_problem (facts, _("Extensions"), _("They cannot be read."));
      return facts;
    }

  for (i = 0; i < details->extensions->len && i < MAX_EXTENSIONS; i++)
    {
      const TillExtension *extension = details->extensions->pdata[i];
      g_autofree char *name = till_text_dup_display (till_words_get_extension (extension->name), 80);
      /* Translators: %s is the name of an extension of a certificate. */
      g_autofree char *critical = g_strdup_printf (_("%s — critical"), name);
      g_autofree char *value = dup_extension_value (self, extension);

      till_facts_add (facts, extension->critical ? critical : name,
                      *value != '\0' ? value : _("Present"), extension->value);
    }

  if (details->extensions->len > MAX_EXTENSIONS)
    {
      int left = (int) (details->extensions->len - MAX_EXTENSIONS);
      g_autofree char *more = g_strdup_printf (ngettext ("… and %d more", "… and %d more", left), left);

      till_facts_add (facts, _("Extensions"), more, NULL);
    }
  else if (details->extensions->len == 0)
    till_facts_add (facts, _("Extensions"), _("It has none."), NULL);

  return facts;
}
