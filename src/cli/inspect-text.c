/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `inspect` writes for a person to read.
 *
 * Sections with labels in one column and values in the next. Everything that
 * comes from the file goes through till_cli_append_safe(), so that no name
 * can steer the terminal. */
#include "config.h"

#include "inspect-text.h"

#include "inspect-rows.h"
#include "inspect-words.h"
#include "till-cli-report.h"

static void
append_state (GString               *out,
              const TillCertificate *certificate,
              gint64                 now)
{
  TillValidityState state = till_validity_get_state (certificate->not_before, certificate->not_after, now);
  g_autofree char *days = NULL;

  till_inspect_append_label (out, "State");

  /* The times of a certificate that counts as expired may be no times at all, see till_validity_get_state(). */
  if (state == TILL_VALIDITY_EXPIRED && certificate->not_after != TILL_TIME_INVALID && certificate->not_after < now)
    {
      days = till_inspect_format_days (now - certificate->not_after);
      g_string_append_printf (out, "expired %s ago\n", days);
    }
  else if (state == TILL_VALIDITY_EXPIRED)
    {
      g_string_append (out, "expired: its times make no sense\n");
    }
  else if (certificate->not_before > now)
    {
      days = till_inspect_format_days (certificate->not_before - now);
      g_string_append_printf (out, "not valid yet: starts in %s\n", days);
    }
  else if (certificate->not_after == TILL_TIME_NEVER)
    {
      g_string_append_printf (out, "%s: has no end date\n", till_validity_state_to_word (state));
    }
  else
    {
      const char *word = state == TILL_VALIDITY_ACT ? "act now" : till_validity_state_to_word (state);

      days = till_inspect_format_days (certificate->not_after - now);
      g_string_append_printf (out, "%s: ends in %s\n", word, days);
    }
}

/* "RSA, 2048 bits", "EC P-256, 256 bits" */
static void
append_key (GString    *out,
            const char *label,
            const char *algorithm,
            const char *curve,
            int         bits)
{
  till_inspect_append_label (out, label);
  till_cli_append_safe (out, algorithm);

  if (curve != NULL && !g_str_equal (curve, algorithm))
    g_string_append_printf (out, " %s", curve);

  if (bits > 0)
    g_string_append_printf (out, ", %d bits", bits);

  g_string_append_c (out, '\n');
}

static void
append_weaknesses (GString *out,
                   guint    weakness)
{
  const char *label = "Weak";

  for (const TillInspectWord *word = till_inspect_weakness_words; word->flag != 0; word++)
    {
      if ((weakness & word->flag) == 0)
        continue;

      till_inspect_append_row (out, label, word->sentence);
      label = "";
    }
}

/* What a person calls a certificate: its common name, else its whole name. */
static const char *
get_name (const TillCertificate *certificate)
{
  if (certificate->common_name != NULL && *certificate->common_name != '\0')
    return certificate->common_name;

  return *certificate->subject != '\0' ? certificate->subject : "(no name)";
}

static void
append_details (GString               *out,
                const TillCertificate *certificate)
{
  g_autoptr(TillCertificateDetails) details = till_certificate_load_details (certificate, NULL);

  if (details == NULL)
    {
      till_inspect_append_row (out, "Details", "can't be read");
      return;
    }

  if (details->subject_key_id != NULL)
    till_inspect_append_row (out, "Key ID", details->subject_key_id);
  if (details->authority_key_id != NULL)
    till_inspect_append_row (out, "Issuer's key ID", details->authority_key_id);

  if (details->path_length >= 0)
    {
      g_autofree char *length = g_strdup_printf ("at most %d", details->path_length);

      till_inspect_append_row (out, "Issuers below it", length);
    }

  till_inspect_append_rows (out, "OCSP", details->ocsp);
  till_inspect_append_rows (out, "Issuer's file", details->ca_issuers);
  till_inspect_append_rows (out, "Revocation list", details->crl);
  till_inspect_append_rows (out, "Policy", details->policies);
  till_inspect_append_rows (out, "Permitted names", details->permitted_names);
  till_inspect_append_rows (out, "Excluded names", details->excluded_names);

  for (guint i = 0; i < details->extensions->len; i++)
    {
      const TillExtension *extension = g_ptr_array_index (details->extensions, i);
      g_auto(GStrv) lines = g_strsplit (extension->value, "\n", -1);

      till_inspect_append_label (out, i == 0 ? "Extensions" : "");
      till_cli_append_safe (out, extension->name);
      g_string_append (out, extension->critical ? " (critical)\n" : "\n");

      for (guint n = 0; lines[n] != NULL; n++)
        {
          till_inspect_append_label (out, "");
          g_string_append (out, "  ");
          till_cli_append_safe (out, lines[n]);
          g_string_append_c (out, '\n');
        }
    }
}

static void
append_certificate (GString               *out,
                    const TillCertificate *certificate,
                    guint                  number,
                    guint                  count,
                    gint64                 now,
                    gboolean               details)
{
  if (count == 1)
    g_string_append (out, "\nCertificate\n");
  else
    g_string_append_printf (out, "\nCertificate %u of %u\n", number, count);

  append_state (out, certificate, now);
  till_inspect_append_row (out, "Subject", *certificate->subject != '\0' ? certificate->subject : "(empty)");
  till_inspect_append_row (out, "Issuer", certificate->self_signed ? "itself (self-signed)" :
                             *certificate->issuer != '\0' ? certificate->issuer : "(empty)");
  till_inspect_append_time (out, "Starts", certificate->not_before);
  till_inspect_append_time (out, "Ends", certificate->not_after);

  if (certificate->pass_type_id != NULL)
    till_inspect_append_row (out, "Pass type ID", certificate->pass_type_id);
  if (certificate->team_id != NULL)
    till_inspect_append_row (out, "Team ID", certificate->team_id);

  if (certificate->is_pass)
    {
      till_inspect_append_row (out, "NFC", certificate->nfc ? "supported" : "not supported");
      if (certificate->apple_intermediate != NULL)
        till_inspect_append_row (out, "Apple issuer", certificate->apple_intermediate);
    }

  if (certificate->friendly_name != NULL)
    till_inspect_append_row (out, "Friendly name", certificate->friendly_name);

  till_inspect_append_rows (out, "Also named", certificate->subject_alt_names);
  append_key (out, "Key", certificate->key_algorithm, certificate->curve, certificate->key_bits);
  till_inspect_append_row (out, "Signed with", certificate->signature_algorithm);
  till_inspect_append_joined (out, "Key usage", certificate->key_usage);
  till_inspect_append_joined (out, "Extended usage", certificate->extended_key_usage);
  till_inspect_append_row (out, "Issues others", certificate->is_ca ? "yes" : "no");
  append_weaknesses (out, certificate->weakness);
  till_inspect_append_hex (out, "Serial number", certificate->serial);
  till_inspect_append_hex (out, "SHA-256", certificate->sha256);
  till_inspect_append_hex (out, "SHA-1", certificate->sha1);
  if (*certificate->public_key_sha256 != '\0')
    till_inspect_append_hex (out, "Key SHA-256", certificate->public_key_sha256);

  if (details)
    append_details (out, certificate);
}

static void
append_private_key (GString                   *out,
                    const TillPrivateKeyEntry *entry,
                    guint                      number,
                    guint                      count)
{
  if (count == 1)
    g_string_append (out, "\nPrivate key\n");
  else
    g_string_append_printf (out, "\nPrivate key %u of %u\n", number, count);

  append_key (out, "Key", entry->key->algorithm, entry->key->curve, entry->key->bits);

  if (entry->matches > 0 && entry->certificate >= 0)
    {
      till_inspect_append_label (out, "Belongs to");
      g_string_append_printf (out, "certificate %d\n", entry->certificate + 1);
    }
  else if (entry->matches == 0)
    {
      till_inspect_append_row (out, "Belongs to", "none of these certificates");
    }

  if (entry->key->friendly_name != NULL)
    till_inspect_append_row (out, "Friendly name", entry->key->friendly_name);

  append_weaknesses (out, entry->key->weakness);

  if (*entry->key->public_key_sha256 != '\0')
    till_inspect_append_hex (out, "Key SHA-256", entry->key->public_key_sha256);
}

static void
append_request (GString           *out,
                const TillRequest *request)
{
  g_string_append (out, "\nCertificate request\n");
  till_inspect_append_row (out, "Subject", *request->subject != '\0' ? request->subject : "(empty)");
  till_inspect_append_rows (out, "Also named", request->subject_alt_names);
  append_key (out, "Key", request->key_algorithm, request->curve, request->key_bits);
  till_inspect_append_row (out, "Signed with", request->signature_algorithm);
}

static void
append_public_key (GString       *out,
                   const TillKey *key)
{
  g_string_append (out, "\nPublic key\n");
  append_key (out, "Key", key->algorithm, key->curve, key->bits);
  append_weaknesses (out, key->weakness);

  if (*key->public_key_sha256 != '\0')
    till_inspect_append_hex (out, "SHA-256", key->public_key_sha256);
}

static void
append_crl (GString       *out,
            const TillCrl *crl,
            gboolean       details)
{
  g_string_append (out, "\nRevocation list\n");
  till_inspect_append_row (out, "Issuer", crl->issuer);
  till_inspect_append_time (out, "Made", crl->this_update);
  if (crl->next_update != TILL_TIME_INVALID)
    till_inspect_append_time (out, "Next one", crl->next_update);
  if (crl->number != NULL)
    till_inspect_append_row (out, "Number", crl->number);
  till_inspect_append_row (out, "Signed with", crl->signature_algorithm);
  till_inspect_append_label (out, "Revoked");
  g_string_append_printf (out, "%u\n", crl->n_revoked);

  if (details)
    till_inspect_append_rows (out, "Serial numbers", crl->revoked_serials);
}

static void
append_chain (GString            *out,
              const TillDocument *document)
{
  g_autoptr(TillChain) chain = NULL;
  g_autofree char *ends = NULL;
  const TillCertificate *last;

  if (document->leaves->len > 0)
    chain = till_document_build_chain (document, g_array_index (document->leaves, guint, 0));

  if (chain == NULL || chain->n_order == 0)
    return;

  g_string_append (out, "\nChain\n");

  for (guint i = 0; i < chain->n_order; i++)
    {
      const TillCertificate *certificate = g_ptr_array_index (document->certificates, chain->order[i]);

      till_inspect_append_label (out, i == 0 ? "Certificate" : "issued by");
      till_cli_append_safe (out, get_name (certificate));
      if (document->certificates->len > 1)
        g_string_append_printf (out, " (certificate %u)", chain->order[i] + 1);
      g_string_append_c (out, '\n');
    }

  last = g_ptr_array_index (document->certificates, chain->order[chain->n_order - 1]);
  till_inspect_append_label (out, "Complete");

  if (chain->complete)
    {
      g_string_append (out, "yes, up to a self-signed certificate\n");
    }
  else
    {
      g_string_append (out, "no: the issuer “");
      till_cli_append_safe (out, last->issuer_name);
      g_string_append (out, "” is not in the file\n");
    }

  ends = till_inspect_format_time (chain->effective_not_after);
  till_inspect_append_label (out, "Ends");
  g_string_append (out, ends);

  if (chain->ends_because == TILL_CHAIN_ENDS_ISSUER)
    {
      const TillCertificate *first = g_ptr_array_index (document->certificates, chain->ends_index);

      g_string_append (out, ", because its issuer “");
      till_cli_append_safe (out, get_name (first));
      g_string_append (out, "” ends then");
    }

  g_string_append_c (out, '\n');
}

static void
append_protection (GString              *out,
                   const TillProtection *protection)
{
  if (protection == NULL)
    return;

  g_string_append (out, "\nProtection\n");
  till_inspect_append_row (out, "Integrity", protection->mac != NULL ? protection->mac : "none");

  if (protection->encryption[0] != NULL)
    till_inspect_append_joined (out, "Encryption", protection->encryption);
  else
    till_inspect_append_row (out, "Encryption", "none");

  if (protection->iterations > 0)
    {
      till_inspect_append_label (out, "Rounds");
      g_string_append_printf (out, "%" G_GINT64_FORMAT "\n", protection->iterations);
    }

  append_weaknesses (out, protection->weakness);
}

static void
append_notes (GString            *out,
              const TillDocument *document)
{
  gboolean first = TRUE;

  for (const TillInspectWord *word = till_inspect_note_words; word->flag != 0; word++)
    {
      if ((document->notes & word->flag) == 0)
        continue;

      g_string_append (out, first ? "\nNotes\n" : "");
      g_string_append_printf (out, "  %s", word->sentence);
      first = FALSE;

      if (word->flag == TILL_NOTE_BLOCKS_SKIPPED)
        {
          for (guint i = 0; i < document->skipped->len; i++)
            {
              g_string_append (out, i == 0 ? ": " : ", ");
              till_cli_append_safe (out, g_ptr_array_index (document->skipped, i));
            }
        }

      g_string_append (out, ".\n");
    }
}

static void
append_count (GString    *out,
              gsize       start,
              guint       count,
              const char *one,
              const char *many)
{
  if (count > 0)
    g_string_append_printf (out, "%s%u %s", out->len > start ? ", " : "", count, count == 1 ? one : many);
}

static void
append_head (GString            *out,
             const char         *file,
             const TillDocument *document)
{
  static const char * const kinds[] = {
    [TILL_DOCUMENT_CERTIFICATE] = "certificate",
    [TILL_DOCUMENT_CHAIN] = "certificates",
    [TILL_DOCUMENT_PRIVATE_KEY] = "private key",
    [TILL_DOCUMENT_PUBLIC_KEY] = "public key",
    [TILL_DOCUMENT_PKCS12] = "PKCS #12 file",
    [TILL_DOCUMENT_PKCS7] = "PKCS #7 bundle",
    [TILL_DOCUMENT_CSR] = "certificate request",
    [TILL_DOCUMENT_CRL] = "revocation list",
    [TILL_DOCUMENT_MIXED] = "certificates and keys",
  };
  gsize start;

  till_cli_append_safe (out, file);
  g_string_append_c (out, '\n');
  till_inspect_append_row (out, "Kind", kinds[document->kind]);
  till_inspect_append_label (out, "Holds");

  start = out->len;
  append_count (out, start, document->certificates->len, "certificate", "certificates");
  append_count (out, start, document->private_keys->len, "private key", "private keys");
  append_count (out, start, document->public_keys->len, "public key", "public keys");
  append_count (out, start, document->requests->len, "request", "requests");
  append_count (out, start, document->crls->len, "revocation list", "revocation lists");
  g_string_append (out, out->len == start ? "nothing\n" : "\n");

  till_inspect_append_row (out, "Password", document->encrypted ? "needed" : "not needed");
}

/**
 * till_inspect_text_write:
 * @output: where to write; drained between certificates
 * @file: the file as it was named on the command line
 * @document: what it holds
 * @now: seconds since 1970, for the states
 * @details: whether to write everything that is known of each certificate
 *
 * Writes what one file holds, laid out for a person.
 */
void
till_inspect_text_write (TillCliOutput      *output,
                         const char         *file,
                         const TillDocument *document,
                         gint64              now,
                         gboolean            details)
{
  GString *out = output->text;

  append_head (out, file, document);

  for (guint i = 0; i < document->certificates->len && till_cli_output_drain (output); i++)
    append_certificate (out, g_ptr_array_index (document->certificates, i),
                        i + 1, document->certificates->len, now, details);

  for (guint i = 0; i < document->private_keys->len && till_cli_output_drain (output); i++)
    append_private_key (out, &g_array_index (document->private_keys, TillPrivateKeyEntry, i),
                        i + 1, document->private_keys->len);

  for (guint i = 0; i < document->requests->len && till_cli_output_drain (output); i++)
    append_request (out, g_ptr_array_index (document->requests, i));

  for (guint i = 0; i < document->public_keys->len && till_cli_output_drain (output); i++)
    append_public_key (out, g_ptr_array_index (document->public_keys, i));

  for (guint i = 0; i < document->crls->len && till_cli_output_drain (output); i++)
    append_crl (out, g_ptr_array_index (document->crls, i), details);

  append_chain (out, document);
  append_protection (out, document->protection);
  append_notes (out, document);
}
