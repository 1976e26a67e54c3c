/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `inspect --json` writes.
 *
 * The members of CLI.md in its order, then those that only add to it; none is
 * ever renamed or removed. What a certificate holds stays short without
 * --details, because a bundle may have 10,000 of them. */
#include "config.h"

#include "inspect-json.h"

#include <string.h>

#include "inspect-words.h"
#include "till-cli-report.h"
#include "till-time.h"

/* A text that is "" where the core could not tell. */
static void
write_known (TillJsonWriter *writer,
             const char     *name,
             const char     *value)
{
  till_json_writer_text (writer, name, *value != '\0' ? value : NULL);
}

static void
write_int (TillJsonWriter *writer,
           const char     *name,
           gint64          value)
{
  till_json_writer_member (writer, name);
  till_json_writer_int (writer, value);
}

/* A number of bits, 0 where it is unknown. */
static void
write_bits (TillJsonWriter *writer,
            const char     *name,
            int             bits)
{
  till_json_writer_member (writer, name);

  if (bits > 0)
    till_json_writer_int (writer, bits);
  else
    till_json_writer_null (writer);
}

static void
write_bool (TillJsonWriter *writer,
            const char     *name,
            gboolean        value)
{
  till_json_writer_member (writer, name);
  till_json_writer_bool (writer, value);
}

static void
write_strings (TillJsonWriter *writer,
               const char     *name,
               char          **values)
{
  till_json_writer_member (writer, name);
  till_json_writer_begin_array (writer);

  for (; *values != NULL; values++)
    till_json_writer_string (writer, *values);

  till_json_writer_end_array (writer);
}

static void
write_words (TillJsonWriter        *writer,
             const char            *name,
             const TillInspectWord *words,
             guint                  flags)
{
  till_json_writer_member (writer, name);
  till_json_writer_begin_array (writer);

  for (; words->flag != 0; words++)
    {
      if (flags & words->flag)
        till_json_writer_string (writer, words->word);
    }

  till_json_writer_end_array (writer);
}

static void
write_details (TillJsonWriter        *writer,
               const TillCertificate *certificate)
{
  g_autoptr(TillCertificateDetails) details = till_certificate_load_details (certificate, NULL);

  till_json_writer_member (writer, "details");

  if (details == NULL)
    {
      till_json_writer_null (writer);
      return;
    }

  till_json_writer_begin_object (writer);
  till_json_writer_text (writer, "authorityKeyId", details->authority_key_id);
  till_json_writer_text (writer, "subjectKeyId", details->subject_key_id);

  till_json_writer_member (writer, "pathLength");
  if (details->path_length >= 0)
    till_json_writer_int (writer, details->path_length);
  else
    till_json_writer_null (writer);

  write_strings (writer, "ocsp", details->ocsp);
  write_strings (writer, "caIssuers", details->ca_issuers);
  write_strings (writer, "crl", details->crl);
  write_strings (writer, "policies", details->policies);
  write_strings (writer, "permittedNames", details->permitted_names);
  write_strings (writer, "excludedNames", details->excluded_names);
  till_json_writer_text (writer, "publicKey", details->modulus_or_point);

  till_json_writer_member (writer, "extensions");
  till_json_writer_begin_array (writer);

  for (guint i = 0; i < details->extensions->len; i++)
    {
      const TillExtension *extension = g_ptr_array_index (details->extensions, i);

      till_json_writer_begin_object (writer);
      till_json_writer_text (writer, "oid", extension->oid);
      till_json_writer_text (writer, "name", extension->name);
      write_bool (writer, "critical", extension->critical);
      till_json_writer_text (writer, "value", extension->value);
      till_json_writer_end_object (writer);
    }

  till_json_writer_end_array (writer);
  till_json_writer_end_object (writer);
}

static void
write_certificate (TillJsonWriter        *writer,
                   const TillCertificate *certificate,
                   gint64                 now,
                   gboolean               details)
{
  TillValidityState state = till_validity_get_state (certificate->not_before, certificate->not_after, now);

  till_json_writer_begin_object (writer);
  till_json_writer_text (writer, "subject", certificate->subject);
  till_json_writer_text (writer, "issuer", certificate->issuer);
  till_json_writer_text (writer, "serial", certificate->serial);
  write_int (writer, "version", certificate->version);
  till_json_writer_time (writer, "notBefore", certificate->not_before);
  till_json_writer_time (writer, "notAfter", certificate->not_after);
  till_json_writer_text (writer, "state", till_validity_state_to_word (state));
  till_json_writer_text (writer, "keyAlgorithm", certificate->key_algorithm);
  write_bits (writer, "keyBits", certificate->key_bits);
  till_json_writer_text (writer, "curve", certificate->curve);
  till_json_writer_text (writer, "signatureAlgorithm", certificate->signature_algorithm);
  write_strings (writer, "subjectAltNames", certificate->subject_alt_names);
  write_strings (writer, "keyUsage", certificate->key_usage);
  write_strings (writer, "extendedKeyUsage", certificate->extended_key_usage);
  write_bool (writer, "isCa", certificate->is_ca);
  till_json_writer_text (writer, "sha256", certificate->sha256);
  till_json_writer_text (writer, "sha1", certificate->sha1);
  write_known (writer, "publicKeySha256", certificate->public_key_sha256);
  till_json_writer_text (writer, "passTypeId", certificate->pass_type_id);
  till_json_writer_text (writer, "teamId", certificate->team_id);
  till_json_writer_text (writer, "friendlyName", certificate->friendly_name);
  write_bool (writer, "selfSigned", certificate->self_signed);
  write_words (writer, "weak", till_inspect_weakness_words, certificate->weakness);
  write_bool (writer, "notYetValid",
              certificate->not_before != TILL_TIME_INVALID && certificate->not_before > now);

  if (certificate->is_pass)
    {
      write_bool (writer, "nfc", certificate->nfc);
      till_json_writer_text (writer, "appleIntermediate", certificate->apple_intermediate);
    }

  if (details)
    write_details (writer, certificate);

  till_json_writer_end_object (writer);
}

static void
write_private_key (TillJsonWriter            *writer,
                   const TillPrivateKeyEntry *entry)
{
  till_json_writer_begin_object (writer);
  till_json_writer_text (writer, "algorithm", entry->key->algorithm);
  write_bits (writer, "bits", entry->key->bits);
  till_json_writer_text (writer, "curve", entry->key->curve);

  till_json_writer_member (writer, "matchesCertificate");
  if (entry->matches >= 0)
    till_json_writer_bool (writer, entry->matches > 0);
  else
    till_json_writer_null (writer);

  till_json_writer_member (writer, "certificate");
  if (entry->certificate >= 0)
    till_json_writer_int (writer, entry->certificate);
  else
    till_json_writer_null (writer);

  write_known (writer, "publicKeySha256", entry->key->public_key_sha256);
  till_json_writer_text (writer, "friendlyName", entry->key->friendly_name);
  write_words (writer, "weak", till_inspect_weakness_words, entry->key->weakness);
  till_json_writer_end_object (writer);
}

static void
write_request (TillJsonWriter    *writer,
               const TillRequest *request)
{
  till_json_writer_begin_object (writer);
  till_json_writer_text (writer, "subject", request->subject);
  till_json_writer_text (writer, "keyAlgorithm", request->key_algorithm);
  write_bits (writer, "keyBits", request->key_bits);
  till_json_writer_text (writer, "curve", request->curve);
  till_json_writer_text (writer, "signatureAlgorithm", request->signature_algorithm);
  write_strings (writer, "subjectAltNames", request->subject_alt_names);
  till_json_writer_end_object (writer);
}

/* The chain of the first leaf, which is the one that belongs to a key where there is one. */
static void
write_chain (TillJsonWriter     *writer,
             const TillDocument *document)
{
  g_autoptr(TillChain) chain = NULL;

  if (document->leaves->len > 0)
    chain = till_document_build_chain (document, g_array_index (document->leaves, guint, 0));

  till_json_writer_member (writer, "chain");

  if (chain == NULL)
    {
      till_json_writer_null (writer);
      return;
    }

  till_json_writer_begin_object (writer);
  till_json_writer_member (writer, "order");
  till_json_writer_begin_array (writer);

  for (guint i = 0; i < chain->n_order; i++)
    till_json_writer_int (writer, chain->order[i]);

  till_json_writer_end_array (writer);
  write_bool (writer, "complete", chain->complete);
  till_json_writer_time (writer, "effectiveNotAfter", chain->effective_not_after);
  till_json_writer_text (writer, "endsBecause",
                chain->ends_because == TILL_CHAIN_ENDS_ISSUER ? "issuer" : "certificate");
  till_json_writer_end_object (writer);
}

static void
write_protection (TillJsonWriter       *writer,
                  const TillProtection *protection)
{
  till_json_writer_member (writer, "protection");

  if (protection == NULL)
    {
      till_json_writer_null (writer);
      return;
    }

  till_json_writer_begin_object (writer);
  till_json_writer_text (writer, "mac", protection->mac);
  write_int (writer, "iterations", protection->iterations);
  write_strings (writer, "encryption", protection->encryption);
  write_bool (writer, "weak", protection->weakness != 0);
  write_words (writer, "weaknesses", till_inspect_weakness_words, protection->weakness);
  till_json_writer_end_object (writer);
}

static void
write_public_key (TillJsonWriter *writer,
                  const TillKey  *key)
{
  till_json_writer_begin_object (writer);
  till_json_writer_text (writer, "algorithm", key->algorithm);
  write_bits (writer, "bits", key->bits);
  till_json_writer_text (writer, "curve", key->curve);
  write_known (writer, "publicKeySha256", key->public_key_sha256);
  write_words (writer, "weak", till_inspect_weakness_words, key->weakness);
  till_json_writer_end_object (writer);
}

static void
write_crl (TillJsonWriter *writer,
           const TillCrl  *crl,
           gboolean        details)
{
  till_json_writer_begin_object (writer);
  till_json_writer_text (writer, "issuer", crl->issuer);
  till_json_writer_time (writer, "thisUpdate", crl->this_update);
  till_json_writer_time (writer, "nextUpdate", crl->next_update);
  till_json_writer_text (writer, "number", crl->number);
  till_json_writer_text (writer, "signatureAlgorithm", crl->signature_algorithm);
  write_int (writer, "revokedCount", crl->n_revoked);

  if (details)
    write_strings (writer, "revokedSerials", crl->revoked_serials);

  till_json_writer_end_object (writer);
}

/**
 * till_inspect_json_write:
 * @writer: a writer on the text of @output
 * @output: drained between certificates
 * @file: the file as it was named on the command line
 * @document: what it holds
 * @now: seconds since 1970, for the states
 * @details: whether to write everything that is known of each certificate
 *
 * Writes the object of one file.
 */
void
till_inspect_json_write (TillJsonWriter     *writer,
                         TillCliOutput      *output,
                         const char         *file,
                         const TillDocument *document,
                         gint64              now,
                         gboolean            details)
{
  till_json_writer_begin_object (writer);
  till_json_writer_text (writer, "file", file);
  till_json_writer_text (writer, "kind", till_document_kind_to_word (document->kind));
  write_bool (writer, "encrypted", document->encrypted);

  till_json_writer_member (writer, "certificates");
  till_json_writer_begin_array (writer);

  for (guint i = 0; i < document->certificates->len && till_cli_output_drain (output); i++)
    write_certificate (writer, g_ptr_array_index (document->certificates, i), now, details);

  till_json_writer_end_array (writer);

  till_json_writer_member (writer, "privateKeys");
  till_json_writer_begin_array (writer);

  for (guint i = 0; i < document->private_keys->len && till_cli_output_drain (output); i++)
    write_private_key (writer, &g_array_index (document->private_keys, TillPrivateKeyEntry, i));

  till_json_writer_end_array (writer);

  till_json_writer_member (writer, "requests");
  till_json_writer_begin_array (writer);

  for (guint i = 0; i < document->requests->len && till_cli_output_drain (output); i++)
    write_request (writer, g_ptr_array_index (document->requests, i));

  till_json_writer_end_array (writer);

  write_chain (writer, document);
  write_protection (writer, document->protection);

  till_json_writer_member (writer, "publicKeys");
  till_json_writer_begin_array (writer);

  for (guint i = 0; i < document->public_keys->len && till_cli_output_drain (output); i++)
    write_public_key (writer, g_ptr_array_index (document->public_keys, i));

  till_json_writer_end_array (writer);

  till_json_writer_member (writer, "crls");
  till_json_writer_begin_array (writer);

  for (guint i = 0; i < document->crls->len && till_cli_output_drain (output); i++)
    write_crl (writer, g_ptr_array_index (document->crls, i), details);

  till_json_writer_end_array (writer);

  write_words (writer, "notes", till_inspect_note_words, document->notes);

  till_json_writer_member (writer, "skipped");
  till_json_writer_begin_array (writer);

  for (guint i = 0; i < document->skipped->len; i++)
    till_json_writer_string (writer, g_ptr_array_index (document->skipped, i));

  till_json_writer_end_array (writer);
  till_json_writer_end_object (writer);
}

/**
 * till_inspect_json_write_error:
 * @writer: a writer
 * @file: the file as it was named on the command line
 * @error: why it could not be opened
 *
 * Writes what stands in the array for a file that failed.
 */
void
till_inspect_json_write_error (TillJsonWriter *writer,
                               const char     *file,
                               const GError   *error)
{
  till_json_writer_begin_object (writer);
  till_json_writer_text (writer, "file", file);
  till_json_writer_member (writer, "error");
  till_cli_write_error (writer, error);
  till_json_writer_end_object (writer);
}
