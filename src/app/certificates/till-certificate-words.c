/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What certificates and keys are, said in words for people. */
#include "config.h"

#include "till-certificate-words.h"

#include <glib/gi18n.h>
#include <string.h>

#include "till-text.h"

typedef struct
{
  const char *name;
  const char *words;
} Word;

/* The names as the inspector gives them; RFC 5280 4.2.1.12, and Apple's and Microsoft's own. */
static const Word extended_usages[] = {
  { "serverAuth", N_("Website or server") },
  { "clientAuth", N_("Client of a server") },
  { "codeSigning", N_("Signing programs") },
  { "emailProtection", N_("E-mail") },
  { "timeStamping", N_("Time stamps") },
  { "OCSPSigning", N_("Status answers (OCSP)") },
  { "anyExtendedKeyUsage", N_("Any use") },
  { "ipsecIKE", N_("Virtual private network") },
  { "ipsecEndSystem", N_("Virtual private network") },
  { "ipsecTunnel", N_("Virtual private network") },
  { "ipsecUser", N_("Virtual private network") },
  { "ipsecIntermediate", N_("Virtual private network") },
  { "msSmartcardLogin", N_("Signing in with a smart card") },
  { "documentSigning", N_("Signing documents") },
  { "msDocumentSigning", N_("Signing documents") },
  { "adobePDFSigning", N_("Signing documents") },
  { "msRemoteDesktop", N_("Remote desktop") },
  { "secureShellClient", N_("Secure Shell") },
  { "secureShellServer", N_("Secure Shell") },
  { "eapOverLAN", N_("Network access") },
  { "eapOverPPP", N_("Network access") },
  { "applePassTypeSigning", N_("Pass certificate (Apple Wallet)") },
};

/* RFC 5280 4.2.1.3. */
static const Word key_usages[] = {
  { "digitalSignature", N_("Signing data") },
  { "nonRepudiation", N_("Signing with commitment") },
  { "contentCommitment", N_("Signing with commitment") },
  { "keyEncipherment", N_("Encrypting keys") },
  { "dataEncipherment", N_("Encrypting data") },
  { "keyAgreement", N_("Agreeing on keys") },
  { "keyCertSign", N_("Signing certificates") },
  { "cRLSign", N_("Signing revocation lists") },
  { "encipherOnly", N_("Agreeing on keys only to encrypt") },
  { "decipherOnly", N_("Agreeing on keys only to decrypt") },
};

/* The inspector names extensions in plain English; the common ones are said in the user's language. */
static const Word extensions[] = {
  { "Basic constraints", N_("Certificate Authority or Not") },
  { "Key usage", N_("Key Usage") },
  { "Extended key usage", N_("Extended Key Usage") },
  { "Subject alternative names", N_("Alternative Names") },
  { "Issuer alternative names", N_("Alternative Names of the Issuer") },
  { "Subject key identifier", N_("Identifier of the Key") },
  { "Authority key identifier", N_("Identifier of the Issuer’s Key") },
  { "Certificate policies", N_("Policies") },
  { "Policy mappings", N_("Policy Mappings") },
  { "Policy constraints", N_("Policy Constraints") },
  { "Name constraints", N_("Allowed and Forbidden Names") },
  { "CRL distribution points", N_("Where Revocation Lists Are") },
  { "Freshest CRL", N_("Where Newer Revocation Lists Are") },
  { "Authority information access", N_("Where the Issuer Answers") },
  { "Subject information access", N_("Where the Owner Answers") },
  { "Signed certificate timestamps", N_("Entries in Public Logs") },
  { "TLS feature", N_("Required of the Server") },
  { "Private key usage period", N_("When the Key Is Used") },
  { "Apple pass type", N_("Apple: Pass Type") },
  { "Apple passes with NFC", N_("Apple: Passes with NFC") },
};

static const char *
find_word (const Word *words,
           gsize       n_words,
           const char *name)
{
  gsize i;

  for (i = 0; i < n_words; i++)
    if (g_strcmp0 (words[i].name, name) == 0)
      return _(words[i].words);

  return NULL;
}

/* Adds @text unless it stands there already: several names have the same words. */
static void
add_once (GPtrArray  *parts,
          const char *text)
{
  guint i;

  for (i = 0; i < parts->len; i++)
    if (g_strcmp0 (parts->pdata[i], text) == 0)
      return;

  g_ptr_array_add (parts, g_strdup (text));
}

static char *
join_parts (GPtrArray *parts)
{
  GString *string = g_string_new (NULL);
  guint i;

  for (i = 0; i < parts->len; i++)
    {
      if (i > 0)
        /* Translators: stands between the parts of a list. */
        g_string_append (string, _(", "));
      g_string_append (string, parts->pdata[i]);
    }

  return g_string_free (string, FALSE);
}

static void
add_words (GPtrArray   *parts,
           const Word  *words,
           gsize        n_words,
           char       **names)
{
  gsize i;

  /* A certificate has a handful; a hostile one may have thousands. */
  for (i = 0; names[i] != NULL && i < 32; i++)
    {
      const char *word = find_word (words, n_words, names[i]);
      g_autofree char *shown = word == NULL ? till_text_dup_display (names[i], 64) : NULL;

      add_once (parts, word != NULL ? word : shown);
    }
}

/**
 * till_words_get_status_style:
 * @status: a status
 *
 * Returns: (transfer none): the style class that colours it
 */
const char *
till_words_get_status_style (TillItemStatus status)
{
  switch (status)
    {
    case TILL_STATUS_VALID:
      return "success";

    case TILL_STATUS_SOON:
    case TILL_STATUS_PROBLEM:
      return "warning";

    case TILL_STATUS_EXPIRED:
      return "error";

    case TILL_STATUS_LOCKED:
    case TILL_STATUS_NONE:
    case TILL_STATUS_OFF:
    default:
      return "dim-label";
    }
}

/**
 * till_words_dup_status:
 * @not_before: start, as in TillCertificate
 * @not_after: end, perhaps an issuer's
 * @now: seconds since 1970
 * @text: (out) (optional) (transfer full): “Ends in 12 days”
 *
 * Where a moment lies in a validity, in words.
 *
 * Returns: the status
 */
TillItemStatus
till_words_dup_status (gint64   not_before,
                       gint64   not_after,
                       gint64   now,
                       char   **text)
{
  TillItemStatus status;
  g_autofree char *when = NULL;
  g_autofree char *made = NULL;

  if (not_before == TILL_TIME_INVALID || not_after == TILL_TIME_INVALID || not_after < not_before)
    {
      status = TILL_STATUS_PROBLEM;
      made = g_strdup (_("Impossible dates"));
    }
  else if (now < not_before)
    {
      status = TILL_STATUS_PROBLEM;
      when = till_text_dup_date (not_before);
      /* Translators: %s is a day: “Valid from 1 March 2027”. */
      made = g_strdup_printf (_("Valid from %s"), when);
    }
  else if (not_after == TILL_TIME_NEVER)
    {
      status = TILL_STATUS_VALID;
      made = g_strdup (_("Valid, no end date"));
    }
  else
    {
      when = till_text_dup_relative (now, not_after);

      switch (till_validity_get_state (not_before, not_after, now))
        {
        case TILL_VALIDITY_EXPIRED:
          status = TILL_STATUS_EXPIRED;
          /* Translators: %s says when: “Expired 3 days ago”. */
          made = g_strdup_printf (_("Expired %s"), when);
          break;

        case TILL_VALIDITY_SOON:
        case TILL_VALIDITY_ACT:
          status = TILL_STATUS_SOON;
          /* Translators: %s says when: “Ends in 12 days”. */
          made = g_strdup_printf (_("Ends %s"), when);
          break;

        case TILL_VALIDITY_FINE:
        default:
          status = TILL_STATUS_VALID;
          /* Translators: %s says when: “Valid, ends in 210 days”. */
          made = g_strdup_printf (_("Valid, ends %s"), when);
          break;
        }
    }

  if (text != NULL)
    *text = g_steal_pointer (&made);

  return status;
}

/**
 * till_words_dup_name:
 * @certificate: a certificate
 *
 * Returns: (transfer full): what to call it: friendly name, common name,
 *   organization, or its whole name; fit to be shown
 */
char *
till_words_dup_name (const TillCertificate *certificate)
{
  const char *name = certificate->friendly_name;

  if (name == NULL || *name == '\0')
    name = certificate->common_name;
  if (name == NULL || *name == '\0')
    name = certificate->organization;
  if (name == NULL || *name == '\0')
    name = certificate->subject;
  if (name == NULL || *name == '\0')
    name = certificate->subject_alt_names[0];
  if (name == NULL)
    return g_strdup (_("Certificate without a name"));

  /* “Pass Type ID: pass.com.example.card” says no more than what follows, and the list leaves it out as well. */
  if (certificate->pass_type_id != NULL && g_str_has_prefix (name, "Pass Type ID") &&
      strstr (name, certificate->pass_type_id) != NULL)
    name = strstr (name, certificate->pass_type_id);

  return till_text_dup_display (name, 80);
}

/**
 * till_words_dup_used_as:
 * @certificate: a certificate
 *
 * Returns: (transfer full): “Pass certificate (Apple Wallet)”, “Website or
 *   server, Client of a server”, “Certificate authority”
 */
char *
till_words_dup_used_as (const TillCertificate *certificate)
{
  g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  if (certificate->is_pass)
    return g_strdup (_("Pass certificate (Apple Wallet)"));

  if (certificate->is_ca)
    add_once (parts, certificate->self_signed ? _("Certificate authority (root)") : _("Certificate authority"));

  add_words (parts, extended_usages, G_N_ELEMENTS (extended_usages), certificate->extended_key_usage);

  /* An authority's key usage says only that it is one. */
  if (parts->len == 0)
    add_words (parts, key_usages, G_N_ELEMENTS (key_usages), certificate->key_usage);

  if (parts->len == 0)
    add_once (parts, _("Any use"));

  return join_parts (parts);
}

/**
 * till_words_dup_key_usage:
 * @certificate: a certificate
 *
 * Returns: (transfer full): its key usage in words; "" where it has none
 */
char *
till_words_dup_key_usage (const TillCertificate *certificate)
{
  g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  add_words (parts, key_usages, G_N_ELEMENTS (key_usages), certificate->key_usage);

  return join_parts (parts);
}

/**
 * till_words_dup_extended_usage:
 * @certificate: a certificate
 *
 * Returns: (transfer full): its extended key usage in words; "" where it has none
 */
char *
till_words_dup_extended_usage (const TillCertificate *certificate)
{
  g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  add_words (parts, extended_usages, G_N_ELEMENTS (extended_usages), certificate->extended_key_usage);

  return join_parts (parts);
}

/**
 * till_words_dup_issued_by:
 * @certificate: a certificate
 *
 * Returns: (transfer full): the issuer's name; Apple's intermediates by their
 *   own, and itself where it is self-signed
 */
char *
till_words_dup_issued_by (const TillCertificate *certificate)
{
  g_autofree char *name = NULL;

  if (certificate->self_signed)
    return g_strdup (_("Itself (self-signed)"));

  name = till_text_dup_display (certificate->apple_intermediate != NULL ? certificate->apple_intermediate
                                                                        : certificate->issuer_name,
                                TILL_TEXT_MAX_CHARS);
  if (*name == '\0')
    return g_strdup (_("An issuer without a name"));

  return g_steal_pointer (&name);
}

static char *
dup_weakness (guint       weakness,
              const char *algorithm,
              int         bits,
              const char *curve,
              const char *signature)
{
  g_autofree char *key = till_text_dup_algorithm (algorithm, bits, curve);

  if ((weakness & TILL_WEAK_SMALL_KEY) && (weakness & TILL_WEAK_HASH))
    /* Translators: the first %s is a key such as “RSA, 1024 bits”, the second a signature such as RSA-MD5. */
    return g_strdup_printf (_("Too weak: the key (%s) is too small, and the signature (%s) can be forged. "
                              "Ask for a new one."),
                            key, signature);

  if (weakness & TILL_WEAK_SMALL_KEY)
    /* Translators: %s is a key such as “RSA, 1024 bits”. */
    return g_strdup_printf (_("Too weak: the key (%s) is too small. Ask for a new one."), key);

  if (weakness & TILL_WEAK_HASH)
    /* Translators: %s is a signature such as RSA-SHA1. */
    return g_strdup_printf (_("Too weak: the signature (%s) can be forged. Ask for a new one."), signature);

  return NULL;
}

/**
 * till_words_dup_weakness:
 * @certificate: a certificate
 *
 * Returns: (transfer full) (nullable): why it is too weak; %NULL where it is not
 */
char *
till_words_dup_weakness (const TillCertificate *certificate)
{
  g_autofree char *signature = till_text_dup_display (certificate->signature_algorithm, 64);

  return dup_weakness (certificate->weakness, certificate->key_algorithm, certificate->key_bits,
                       certificate->curve, signature);
}

/**
 * till_words_dup_key_weakness:
 * @key: a key
 *
 * Returns: (transfer full) (nullable): why it is too weak; %NULL where it is not
 */
char *
till_words_dup_key_weakness (const TillKey *key)
{
  return dup_weakness (key->weakness & TILL_WEAK_SMALL_KEY, key->algorithm, key->bits, key->curve, "");
}

/**
 * till_words_dup_consequence:
 * @certificate: a certificate that has ended
 *
 * Returns: (transfer full): what its end means for the shop (UX.md 2.3)
 */
char *
till_words_dup_consequence (const TillCertificate *certificate)
{
  if (certificate->is_pass)
    return g_strdup (_("New passes cannot be added and existing ones cannot be updated."));

  if (certificate->is_ca)
    return g_strdup (_("Certificates that it issued are no longer accepted."));

  return g_strdup (_("Services and tills no longer accept it."));
}

/**
 * till_words_get_extension:
 * @name: the standard's name, or an OID
 *
 * Returns: (transfer none): a heading for people; @name where there is none
 */
const char *
till_words_get_extension (const char *name)
{
  const char *word = find_word (extensions, G_N_ELEMENTS (extensions), name);

  return word != NULL ? word : name;
}
