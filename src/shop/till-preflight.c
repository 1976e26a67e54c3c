/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is looked at before a certificate is sent anywhere. */
#include "config.h"

#include "till-preflight.h"

#include <string.h>

#include "till-error.h"
#include "till-record.h"
#include "till-time.h"

#define DAY G_GINT64_CONSTANT (86400)

static void
till_check_free (gpointer data)
{
  TillCheck *check = data;

  g_free (check->text);
  g_free (check);
}

static void add_check (TillPreflight  *self,
                       TillCheckKind   kind,
                       TillCheckState  state,
                       gint64          number,
                       const char     *format,
                       ...) G_GNUC_PRINTF (5, 6);

static void
add_check (TillPreflight  *self,
           TillCheckKind   kind,
           TillCheckState  state,
           gint64          number,
           const char     *format,
           ...)
{
  TillCheck *check = g_new0 (TillCheck, 1);
  va_list args;

  va_start (args, format);
  check->text = g_strdup_vprintf (format, args);
  va_end (args);
  check->kind = kind;
  check->state = state;
  check->number = number;
  g_ptr_array_add (self->checks, check);
}

/* The first reason stands: what comes after it may only follow from it. */
static void
stop (TillPreflight   *self,
      TillCheckKind    kind,
      TillError        code,
      TillErrorReason  reason,
      const char      *detail,
      gint64           have,
      const char      *text)
{
  const gint64 numbers[2] = { have, -1 };

  add_check (self, kind, TILL_CHECK_STOP, 0, "%s", text);
  /* A check is a sentence of its own, an error goes on behind a name. */
  if (self->stop == NULL)
    till_set_error (&self->stop, code, reason, detail, numbers, "%c%s", g_ascii_tolower (text[0]), text + 1);
}

/* The wallet takes the DER of a PKCS #12 (API.md 6.7): Base64 text of one is undone, so that it is not encoded twice. */
static TillSecret *
get_der (TillSecret         *file,
         const TillDocument *document)
{
  g_autoptr(TillSecret) der = NULL;
  gint state = 0;
  guint save = 0;
  gsize size;

  if ((document->notes & TILL_NOTE_WAS_BASE64) == 0)
    return till_secret_ref (file);

  der = till_secret_new (till_secret_get_size (file) / 4 * 3 + 3);
  size = g_base64_decode_step ((const char *) till_secret_get_data (file), till_secret_get_size (file),
                               till_secret_get_buffer (der), &state, &save);
  till_wipe (&save, sizeof save);
  till_secret_shrink (der, size);

  return g_steal_pointer (&der);
}

static void
check_key (TillPreflight      *self,
           const TillDocument *document)
{
  const TillPrivateKeyEntry *entry;

  if (document->private_keys->len == 0)
    {
      stop (self, TILL_CHECK_KEY, TILL_ERROR_NO_PRIVATE_KEY, TILL_REASON_NONE, NULL, -1,
            "The file has no private key; the wallet service needs the key together with the certificate");
      return;
    }

  if (document->private_keys->len > 1)
    {
      stop (self, TILL_CHECK_KEY, TILL_ERROR_REJECTED, TILL_REASON_TOO_MANY, NULL, document->private_keys->len,
            "The file has more than one private key; export the one for this certificate by itself");
      return;
    }

  entry = &g_array_index (document->private_keys, TillPrivateKeyEntry, 0);
  if (entry->matches != 1 || entry->certificate < 0)
    {
      stop (self, TILL_CHECK_KEY, TILL_ERROR_KEY_MISMATCH, TILL_REASON_NONE, NULL, -1,
            "The private key in the file does not belong to its certificate");
      return;
    }

  self->certificate = till_certificate_ref (document->certificates->pdata[entry->certificate]);
  add_check (self, TILL_CHECK_KEY, TILL_CHECK_GOOD, 0, "Holds one private key, and it matches the certificate");
}

static void
check_strength (TillPreflight      *self,
                const TillDocument *document)
{
  if (self->certificate->weakness & TILL_WEAK_SMALL_KEY)
    {
      g_autofree char *text = g_strdup_printf ("The key is too weak: %s with %d bits",
                                               self->certificate->key_algorithm, self->certificate->key_bits);

      stop (self, TILL_CHECK_STRENGTH, TILL_ERROR_REJECTED, TILL_REASON_WEAK, "key", -1, text);
    }
  else if (self->certificate->weakness & TILL_WEAK_HASH)
    {
      g_autofree char *text = g_strdup_printf ("The certificate is signed too weakly: %s",
                                               self->certificate->signature_algorithm);

      stop (self, TILL_CHECK_STRENGTH, TILL_ERROR_REJECTED, TILL_REASON_WEAK, "signature", -1, text);
    }
  else if (document->protection != NULL &&
           document->protection->weakness & (TILL_WEAK_CIPHER | TILL_WEAK_MAC | TILL_WEAK_NO_MAC | TILL_WEAK_NO_PASSWORD))
    {
      add_check (self, TILL_CHECK_STRENGTH, TILL_CHECK_WARN, 0,
                 "The file itself is protected the old way; keep it away from others");
    }
}

static void
check_issuer (TillPreflight *self)
{
  const TillCertificate *certificate = self->certificate;

  if (certificate->pass_type_id == NULL || certificate->team_id == NULL)
    stop (self, TILL_CHECK_ISSUER, TILL_ERROR_REJECTED, TILL_REASON_NONE, NULL, -1,
          "The certificate is not one for Apple Wallet passes: it names no pass type identifier and team");
  else if (certificate->apple_intermediate != NULL)
    add_check (self, TILL_CHECK_ISSUER, TILL_CHECK_GOOD, 0, "Issued by %s", certificate->apple_intermediate);
  else
    add_check (self, TILL_CHECK_ISSUER, TILL_CHECK_WARN, 0, "Not issued by Apple, but by %s", certificate->issuer_name);
}

static void
check_identity (TillPreflight *self,
                gboolean       must_match)
{
  const TillWalletCertificate *old = self->replaces;
  const TillCertificate *certificate = self->certificate;

  if (old == NULL || certificate->pass_type_id == NULL)
    return;

  self->other_identity = g_strcmp0 (old->base_name, certificate->pass_type_id) != 0 ||
                         g_strcmp0 (old->team_identifier, certificate->team_id) != 0;

  if (!self->other_identity)
    add_check (self, TILL_CHECK_IDENTITY, TILL_CHECK_GOOD, 0, "Same identifier and team: passes keep working");
  else if (must_match)
    add_check (self, TILL_CHECK_IDENTITY, TILL_CHECK_STOP, 0,
               "This file is for %s (team %s); passes made with %s (team %s) could no longer be updated",
               certificate->pass_type_id, certificate->team_id != NULL ? certificate->team_id : "unknown",
               old->base_name != NULL ? old->base_name : "an unknown identifier",
               old->team_identifier != NULL ? old->team_identifier : "unknown");
}

static void
check_validity (TillPreflight *self,
                gint64         now)
{
  const TillCertificate *certificate = self->certificate;
  g_autofree char *until = NULL;
  gint64 longer;

  if (certificate->not_after == TILL_TIME_INVALID || certificate->not_before == TILL_TIME_INVALID ||
      certificate->not_after < certificate->not_before)
    {
      stop (self, TILL_CHECK_VALIDITY, TILL_ERROR_REJECTED, TILL_REASON_BAD_TIME, NULL, -1,
            "The certificate has dates that make no sense");
      return;
    }

  until = till_time_format (certificate->not_after);
  if (now > certificate->not_after)
    {
      g_autofree char *text = g_strdup_printf ("The certificate expired on %s", until);

      stop (self, TILL_CHECK_VALIDITY, TILL_ERROR_REJECTED, TILL_REASON_EXPIRED, NULL, certificate->not_after, text);
      return;
    }

  if (now < certificate->not_before)
    {
      g_autofree char *from = till_time_format (certificate->not_before);

      add_check (self, TILL_CHECK_VALIDITY, TILL_CHECK_WARN, 0, "Not valid before %s%s", from,
                 certificate->not_before - now < DAY ? "; is the clock of this computer right?" : "");
    }

  if (self->replaces == NULL || self->replaces->validity_end == TILL_TIME_UNKNOWN)
    {
      add_check (self, TILL_CHECK_VALIDITY, TILL_CHECK_GOOD, 0, "Valid until %s", until);
      return;
    }

  longer = (certificate->not_after - self->replaces->validity_end) / DAY;
  if (longer > 0)
    add_check (self, TILL_CHECK_VALIDITY, TILL_CHECK_GOOD, longer, "Valid until %s, %" G_GINT64_FORMAT " days longer",
               until, longer);
  else
    add_check (self, TILL_CHECK_VALIDITY, TILL_CHECK_WARN, longer,
               "Valid until %s, which is no longer than the certificate that is there", until);
}

static void
check_nfc (TillPreflight *self)
{
  if (self->replaces == NULL || self->replaces->nfc_support != TILL_TRI_TRUE)
    return;

  if (self->certificate->nfc)
    add_check (self, TILL_CHECK_NFC, TILL_CHECK_GOOD, 0, "Keeps NFC");
  else
    add_check (self, TILL_CHECK_NFC, TILL_CHECK_WARN, 0,
               "Loses NFC: the current certificate has it, this one does not show it");
}

/**
 * till_preflight_new:
 * @file: what was read
 * @document: what it holds
 * @password: (nullable): what opened it
 * @replaces: (nullable): the certificate to be replaced, or the one that an upload would renew
 * @must_match: @replaces is to be replaced, so that another identity stops it
 * @now: seconds since 1970
 *
 * Holds a file against what the wallet service wants (API.md 6.7) and against
 * the certificate whose place it takes (API.md 6.6, RELIABILITY.md rows 9-20).
 *
 * Returns: (transfer full): what was found
 */
TillPreflight *
till_preflight_new (TillSecret            *file,
                    TillDocument          *document,
                    TillSecret            *password,
                    TillWalletCertificate *replaces,
                    gboolean               must_match,
                    gint64                 now)
{
  TillPreflight *self;

  g_return_val_if_fail (file != NULL && document != NULL, NULL);

  self = g_new0 (TillPreflight, 1);
  self->checks = g_ptr_array_new_with_free_func (till_check_free);
  self->replaces = replaces != NULL ? till_wallet_certificate_ref (replaces) : NULL;
  self->password = password != NULL ? till_secret_ref (password) : NULL;
  self->p12 = get_der (file, document);

  if (document->kind != TILL_DOCUMENT_PKCS12)
    {
      g_autofree char *text =
        g_strdup_printf ("The wallet service takes a .p12 file (PKCS #12); this is a file of another kind (%s)",
                         till_document_kind_to_word (document->kind));

      stop (self, TILL_CHECK_OPENS,
            document->private_keys->len == 0 ? TILL_ERROR_NO_PRIVATE_KEY : TILL_ERROR_NOT_A_CERTIFICATE_FILE,
            TILL_REASON_LOOKS_LIKE, till_document_kind_to_word (document->kind), -1, text);
      return self;
    }

  if (document->notes & TILL_NOTE_WAS_UTF16)
    {
      stop (self, TILL_CHECK_OPENS, TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_NONE, NULL, -1,
            "The file is UTF-16 text; save it again as a plain .p12 file");
      return self;
    }

  if (password != NULL)
    add_check (self, TILL_CHECK_OPENS, TILL_CHECK_GOOD, 0, "The password opens the file");
  else
    add_check (self, TILL_CHECK_OPENS, TILL_CHECK_WARN, 0, "The file opens without a password");

  check_key (self, document);
  if (self->certificate == NULL)
    return self;

  check_strength (self, document);
  check_issuer (self);
  check_identity (self, must_match);
  check_validity (self, now);
  check_nfc (self);

  return self;
}

/**
 * till_preflight_find_renewed:
 * @certificates: (element-type TillWalletCertificate): those that the service has
 * @document: what a file holds
 *
 * An upload with the pass type and team of an existing certificate renews that
 * one instead of adding another (services/airship-wallet-certificates.md, "Add new certificate").
 *
 * Returns: (transfer none) (nullable): the one that would be renewed
 */
TillWalletCertificate *
till_preflight_find_renewed (GPtrArray    *certificates,
                             TillDocument *document)
{
  const TillPrivateKeyEntry *entry;
  const TillCertificate *certificate;

  g_return_val_if_fail (certificates != NULL && document != NULL, NULL);

  if (document->private_keys->len != 1)
    return NULL;

  entry = &g_array_index (document->private_keys, TillPrivateKeyEntry, 0);
  if (entry->certificate < 0)
    return NULL;

  certificate = document->certificates->pdata[entry->certificate];
  if (certificate->pass_type_id == NULL || certificate->team_id == NULL)
    return NULL;

  for (guint i = 0; i < certificates->len; i++)
    {
      TillWalletCertificate *there = certificates->pdata[i];

      if (g_strcmp0 (there->base_name, certificate->pass_type_id) == 0 &&
          g_strcmp0 (there->team_identifier, certificate->team_id) == 0)
        return there;
    }

  return NULL;
}

/**
 * till_preflight_free:
 * @self: (transfer full) (nullable): a preflight
 */
void
till_preflight_free (TillPreflight *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->checks);
  g_clear_pointer (&self->certificate, till_certificate_unref);
  g_clear_pointer (&self->p12, till_secret_unref);
  g_clear_pointer (&self->password, till_secret_unref);
  g_clear_pointer (&self->replaces, till_wallet_certificate_unref);
  g_clear_error (&self->stop);
  g_free (self);
}
