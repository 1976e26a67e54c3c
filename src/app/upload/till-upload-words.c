/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was found about a file before it is sent, in sentences for people. */
#include "config.h"

#include "till-upload-words.h"

#include <glib/gi18n.h>

#include "till-error.h"
#include "till-text.h"

/* How many templates are called by their names. */
#define MAX_NAMED 5

G_GNUC_PRINTF (3, 4)
static void
add (GPtrArray      *entries,
     TillCheckState  state,
     const char     *format,
     ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  till_checklist_entries_add (entries, state, text);
}

static void
add_opens (GPtrArray           *entries,
           const TillPreflight *preflight,
           const TillCheck     *check,
           gboolean             trimmed)
{
  if (check->state == TILL_CHECK_WARN)
    add (entries, check->state, "%s", _("Opens without a password: whoever has the file has the key"));
  else if (check->state == TILL_CHECK_GOOD && trimmed)
    add (entries, check->state, "%s", _("Password opens the file, without the spaces around it"));
  else if (check->state == TILL_CHECK_GOOD)
    add (entries, check->state, "%s", _("Password opens the file"));
  else if (g_error_matches (preflight->stop, TILL_ERROR, TILL_ERROR_NO_PRIVATE_KEY))
    add (entries, check->state, "%s", _("Holds no private key; a .p12 file with certificate and key is needed"));
  else if (till_error_get_reason (preflight->stop) == TILL_REASON_LOOKS_LIKE)
    add (entries, check->state, "%s", _("Is not a .p12 file; certificate and key are needed together in one"));
  else
    add (entries, check->state, "%s", _("Is text of another kind (UTF-16); it has to be saved again as a plain .p12 file"));
}

static void
add_key (GPtrArray           *entries,
         const TillPreflight *preflight,
         const TillCheck     *check)
{
  if (check->state == TILL_CHECK_GOOD)
    add (entries, check->state, "%s", _("Holds one private key, and it matches the certificate"));
  else if (g_error_matches (preflight->stop, TILL_ERROR, TILL_ERROR_NO_PRIVATE_KEY))
    add (entries, check->state, "%s", _("Holds no private key"));
  else if (g_error_matches (preflight->stop, TILL_ERROR, TILL_ERROR_KEY_MISMATCH))
    add (entries, check->state, "%s", _("The private key does not belong to the certificate"));
  else
    add (entries, check->state, "%s", _("Holds more than one private key; the one for this certificate is needed by "
                                        "itself"));
}

static void
add_strength (GPtrArray             *entries,
              const TillCertificate *certificate,
              TillCheckState         state)
{
  g_autofree char *key = till_text_dup_algorithm (certificate->key_algorithm, certificate->key_bits, certificate->curve);
  g_autofree char *signature = till_text_dup_display (certificate->signature_algorithm, 60);

  if (state != TILL_CHECK_STOP)
    add (entries, state, "%s", _("The file is protected the old way; keep it away from others"));
  else if (certificate->weakness & TILL_WEAK_SMALL_KEY)
    /* Translators: %s is a kind of key, such as “RSA, 1024 bits”. */
    add (entries, state, _("The key is too weak: %s"), key);
  else
    /* Translators: %s is a way of signing, such as “RSA-SHA1”. */
    add (entries, state, _("The certificate is signed too weakly: %s"), signature);
}

static void
add_issuer (GPtrArray             *entries,
            const TillCertificate *certificate,
            TillCheckState         state)
{
  g_autofree char *issuer = till_text_dup_display (state == TILL_CHECK_GOOD ? certificate->apple_intermediate
                                                                            : certificate->issuer_name, 80);

  if (state == TILL_CHECK_GOOD)
    /* Translators: %s is the name of an authority. */
    add (entries, state, _("Issued by %s"), issuer);
  else if (state == TILL_CHECK_WARN)
    /* Translators: %s is the name of an authority. */
    add (entries, state, _("Not issued by Apple, but by %s"), issuer);
  else
    add (entries, state, "%s", _("Is not a certificate for Apple Wallet passes: it names no pass type and team"));
}

static void
add_identity (GPtrArray           *entries,
              const TillPreflight *preflight,
              const TillCheck     *check)
{
  g_autofree char *type = till_text_dup_display (preflight->certificate->pass_type_id, 80);
  g_autofree char *team = till_text_dup_display (preflight->certificate->team_id, 40);

  if (check->state == TILL_CHECK_GOOD)
    add (entries, check->state, "%s", _("Same identifier and team — passes keep working"));
  else if (g_strcmp0 (preflight->certificate->pass_type_id, preflight->replaces->base_name) != 0)
    /* Translators: %s is a pass type identifier, such as pass.com.example.shop. */
    add (entries, check->state, _("Another identifier: this file is for %s"), type);
  else
    /* Translators: %s is the identifier of a developer team at Apple. */
    add (entries, check->state, _("Another team: this file is for %s"), team);
}

/* first: of two about the dates, this is the one about the beginning. */
static void
add_validity (GPtrArray             *entries,
              const TillCertificate *certificate,
              const TillCheck       *check,
              gboolean               first)
{
  g_autofree char *until = till_text_dup_date (certificate->not_after);
  g_autofree char *from = till_text_dup_date (certificate->not_before);
  gint64 days = ABS (check->number);

  if (check->state == TILL_CHECK_STOP && (certificate->not_after == TILL_TIME_INVALID ||
                                          certificate->not_before == TILL_TIME_INVALID ||
                                          certificate->not_after < certificate->not_before))
    add (entries, check->state, "%s", _("Has dates that make no sense"));
  else if (check->state == TILL_CHECK_STOP)
    /* Translators: %s is a date. */
    add (entries, check->state, _("Expired on %s"), until);
  else if (first)
    /* Translators: %s is a date. */
    add (entries, check->state, _("Not valid before %s; is this computer’s clock right?"), from);
  else if (check->state == TILL_CHECK_GOOD && days > 0)
    /* Translators: %s is a date, %d a number of days: “Valid until 2 Jan 2028, 365 days longer”. */
    add (entries, check->state, ngettext ("Valid until %s, %d day longer", "Valid until %s, %d days longer",
                                          (unsigned long) days), until, (int) MIN (days, G_MAXINT));
  else if (check->state == TILL_CHECK_GOOD)
    /* Translators: %s is a date. */
    add (entries, check->state, _("Valid until %s"), until);
  else if (days > 0)
    /* Translators: %s is a date, %d a number of days. */
    add (entries, check->state, ngettext ("Valid until %s, %d day shorter than the current one",
                                          "Valid until %s, %d days shorter than the current one", (unsigned long) days),
         until, (int) MIN (days, G_MAXINT));
  else
    /* Translators: %s is a date. */
    add (entries, check->state, _("Valid until %s, no longer than the current one"), until);
}

/**
 * till_upload_words_new_entries:
 * @preflight: what was found
 * @trimmed: the password fits only without the white space around it
 *
 * Returns: (transfer full) (element-type TillChecklistEntry): the same, in the order in which it is shown
 */
GPtrArray *
till_upload_words_new_entries (const TillPreflight *preflight,
                               gboolean             trimmed)
{
  GPtrArray *entries = till_checklist_entries_new ();
  const TillCertificate *certificate = preflight->certificate;
  guint n_validity = 0;
  guint seen = 0;

  for (guint i = 0; i < preflight->checks->len; i++)
    n_validity += ((const TillCheck *) preflight->checks->pdata[i])->kind == TILL_CHECK_VALIDITY;

  for (guint i = 0; i < preflight->checks->len; i++)
    {
      const TillCheck *check = preflight->checks->pdata[i];

      switch (check->kind)
        {
        case TILL_CHECK_OPENS:
          add_opens (entries, preflight, check, trimmed);
          break;

        case TILL_CHECK_KEY:
          add_key (entries, preflight, check);
          break;

        case TILL_CHECK_STRENGTH:
          add_strength (entries, certificate, check->state);
          break;

        case TILL_CHECK_ISSUER:
          add_issuer (entries, certificate, check->state);
          break;

        case TILL_CHECK_IDENTITY:
          add_identity (entries, preflight, check);
          break;

        case TILL_CHECK_VALIDITY:
          add_validity (entries, certificate, check, n_validity > 1 && seen++ == 0);
          break;

        case TILL_CHECK_NFC:
        default:
          add (entries, check->state, "%s",
               check->state == TILL_CHECK_GOOD ? _("Keeps NFC")
                                               : _("Loses NFC: the current certificate has it, this one does not"));
        }
    }

  return entries;
}

static void
add_hub_key (GPtrArray  *entries,
             const char *algorithm,
             int         bits,
             const char *curve,
             guint       weakness)
{
  g_autofree char *key = till_text_dup_algorithm (algorithm, bits, curve);

  if (weakness & TILL_WEAK_SMALL_KEY)
    add (entries, TILL_CHECK_STOP, _("The key is too weak: %s"), key);
  else
    /* Translators: %s is a kind of key, such as “RSA, 2048 bits”. */
    add (entries, TILL_CHECK_GOOD, _("The key is strong enough: %s"), key);
}

static void
add_hub_dates (GPtrArray             *entries,
               const TillCertificate *certificate,
               gint64                 now)
{
  g_autofree char *until = till_text_dup_date (certificate->not_after);
  g_autofree char *from = till_text_dup_date (certificate->not_before);

  if (certificate->not_after == TILL_TIME_INVALID || certificate->not_before == TILL_TIME_INVALID)
    add (entries, TILL_CHECK_STOP, "%s", _("Has dates that make no sense"));
  else if (now > certificate->not_after)
    add (entries, TILL_CHECK_STOP, _("Expired on %s"), until);
  else if (now < certificate->not_before)
    add (entries, TILL_CHECK_STOP, _("Not valid before %s; is this computer’s clock right?"), from);
  else
    add (entries, TILL_CHECK_GOOD, _("Valid until %s"), until);
}

static const TillCertificate *
get_leaf (const TillDocument *document)
{
  return document->leaves->len > 0 ? document->certificates->pdata[g_array_index (document->leaves, guint, 0)] : NULL;
}

static gboolean
is_one_chain (const TillDocument *document)
{
  return document->leaves->len == 1 || document->private_keys->len > 0;
}

/**
 * till_upload_words_get_public_key:
 * @document: what a file holds
 *
 * Returns: (transfer none) (nullable): SHA-256 of the public key that would be sent; %NULL where nothing can be
 */
const char *
till_upload_words_get_public_key (const TillDocument *document)
{
  const TillCertificate *leaf = get_leaf (document);
  const char *sha256 = NULL;

  if (leaf != NULL)
    sha256 = is_one_chain (document) ? leaf->public_key_sha256 : NULL;
  else if (document->public_keys->len == 1 && document->private_keys->len == 0)
    sha256 = ((const TillKey *) document->public_keys->pdata[0])->public_key_sha256;

  return sha256 != NULL && *sha256 != '\0' ? sha256 : NULL;
}

/**
 * till_upload_words_new_hub_entries:
 * @document: what a file holds
 * @known: (element-type TillUploadRecord) (nullable): what was uploaded before
 * @now: seconds since 1970
 *
 * Returns: (transfer full) (element-type TillChecklistEntry): what would be sent of it, and what forbids it
 */
GPtrArray *
till_upload_words_new_hub_entries (const TillDocument *document,
                                   GPtrArray          *known,
                                   gint64              now)
{
  GPtrArray *entries = till_checklist_entries_new ();
  const TillCertificate *leaf = get_leaf (document);
  const char *public_key = till_upload_words_get_public_key (document);

  if (leaf != NULL && is_one_chain (document))
    {
      g_autofree char *name = till_text_dup_display (leaf->common_name != NULL ? leaf->common_name : leaf->subject, 80);

      /* Translators: %s is the name in a certificate. */
      add (entries, TILL_CHECK_GOOD, _("Holds the certificate of %s"), name);
      if (document->private_keys->len > 0)
        add (entries, TILL_CHECK_GOOD, "%s", _("Only the certificate is sent; the private key stays on this computer"));
      add_hub_key (entries, leaf->key_algorithm, leaf->key_bits, leaf->curve, leaf->weakness);
      add_hub_dates (entries, leaf, now);
    }
  else if (leaf != NULL)
    {
      add (entries, TILL_CHECK_STOP,
           ngettext ("Holds %u certificate that belongs to no chain", "Holds %u certificates that belong to no one chain; "
                     "each has to be sent from a file of its own", document->leaves->len), document->leaves->len);
    }
  else if (document->public_keys->len == 1 && document->private_keys->len == 0)
    {
      const TillKey *key = document->public_keys->pdata[0];

      add (entries, TILL_CHECK_GOOD, "%s", _("Holds one public key"));
      add_hub_key (entries, key->algorithm, key->bits, key->curve, key->weakness);
    }
  else if (document->private_keys->len > 0)
    {
      add (entries, TILL_CHECK_STOP, "%s", _("Holds a private key and no certificate; a private key is never sent"));
    }
  else
    {
      add (entries, TILL_CHECK_STOP, "%s", _("Holds neither a certificate nor one public key"));
    }

  if (public_key == NULL && till_checklist_entries_first (entries, TILL_CHECK_STOP) == NULL)
    add (entries, TILL_CHECK_STOP, "%s", _("The public key is of a kind that cannot be sent"));

  for (guint i = 0; public_key != NULL && known != NULL && i < known->len; i++)
    {
      const TillUploadRecord *record = known->pdata[i];

      if (g_strcmp0 (record->public_key_sha256, public_key) == 0)
        {
          g_autofree char *date = till_text_dup_date (record->uploaded_at);

          /* Translators: %s is a date. */
          add (entries, TILL_CHECK_WARN, _("The same key was uploaded before, on %s"), date);
          break;
        }
    }

  return entries;
}

/**
 * till_upload_words_dup_name:
 * @certificate: one of the wallet
 *
 * Returns: (transfer full): what people call it, fit to be shown
 */
char *
till_upload_words_dup_name (const TillWalletCertificate *certificate)
{
  const char *name = certificate->name;

  if (name == NULL || *name == '\0')
    name = certificate->base_name != NULL ? certificate->base_name : certificate->id;

  return till_text_dup_display (name, 60);
}

/**
 * till_upload_words_dup_renewal:
 * @preflight: of a file whose upload renews what is there
 *
 * Returns: (transfer full): “This will renew “Loyalty card” (until 4 Dec 2026 → 2 Jan 2028).”
 */
char *
till_upload_words_dup_renewal (const TillPreflight *preflight)
{
  g_autofree char *name = till_upload_words_dup_name (preflight->replaces);
  g_autofree char *until = till_text_dup_date (preflight->certificate->not_after);
  g_autofree char *before = NULL;

  if (preflight->replaces->validity_end == TILL_TIME_UNKNOWN)
    /* Translators: the first %s is the name of a certificate, the second a date. */
    return g_strdup_printf (_("This will renew “%s” (until %s)."), name, until);

  before = till_text_dup_date (preflight->replaces->validity_end);
  /* Translators: the first %s is the name of a certificate, the others are dates: until when it is valid, and will be. */
  return g_strdup_printf (_("This will renew “%s” (until %s → %s)."), name, before, until);
}

/**
 * till_upload_words_dup_templates:
 * @certificate: one of the wallet
 *
 * Returns: (transfer full) (nullable): “2 templates: Gold, Silver”
 */
char *
till_upload_words_dup_templates (const TillWalletCertificate *certificate)
{
  guint n = certificate->templates->len;
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *list = NULL;

  if (n == 0)
    return NULL;

  for (guint i = 0; i < MIN (n, MAX_NAMED); i++)
    {
      const TillWalletTemplate *template = certificate->templates->pdata[i];

      g_ptr_array_add (names, till_text_dup_display (template->name != NULL ? template->name : template->id, 60));
    }
  if (n > MAX_NAMED)
    g_ptr_array_add (names, g_strdup ("…"));
  g_ptr_array_add (names, NULL);
  /* Translators: between the names of a list. */
  list = g_strjoinv (_(", "), (char **) names->pdata);

  /* Translators: %u is a number, %s a list of names. */
  return g_strdup_printf (ngettext ("%u template: %s", "%u templates: %s", n), n, list);
}

/**
 * till_upload_words_get_member:
 * @member: of the service's answer, such as "validityEnd"
 *
 * Returns: (transfer none): what people call it
 */
const char *
till_upload_words_get_member (const char *member)
{
  static const struct
  {
    const char *member;
    const char *title;
  } members[] = {
    { "baseName", N_("Identifier") },
    { "teamIdentifier", N_("Team") },
    { "validityEnd", N_("Ends") },
    { "name", N_("Name") },
    { "comment", N_("Comment") },
    { "enabled", N_("Enabled") },
    { "default", N_("Default") },
    { "publicKey", N_("Public Key") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    if (g_strcmp0 (members[i].member, member) == 0)
      return _(members[i].title);

  return member;
}
