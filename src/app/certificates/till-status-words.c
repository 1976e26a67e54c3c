/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of the status column: what is short enough to stand in a row. */
#include "config.h"

#include "till-status-words.h"

#include <glib/gi18n.h>

#include "till-error.h"

#define MINUTE G_GINT64_CONSTANT (60)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/**
 * till_status_words_count:
 * @left: seconds until an end, or since it
 *
 * Returns: the same in whole days, hours or minutes, as the words count it
 */
gint64
till_status_words_count (gint64 left)
{
  left = ABS (left);

  return left >= DAY ? left / DAY * DAY : left >= HOUR ? left / HOUR * HOUR : left / MINUTE * MINUTE;
}

/**
 * till_status_words_find_status:
 * @certificate: of a file
 * @leaf: what is known of it with its chain
 * @now: seconds since 1970
 * @counted: (out): what the words of the status count, or -1
 *
 * Returns: what is worst
 */
TillItemStatus
till_status_words_find_status (const TillCertificate *certificate,
                               const TillLeaf        *leaf,
                               gint64                 now,
                               gint64                *counted)
{
  TillItemStatus status;
  gint64 left;

  *counted = -1;

  if (certificate->not_before == TILL_TIME_INVALID || leaf->ends == TILL_TIME_INVALID ||
      certificate->not_before > certificate->not_after)
    return TILL_STATUS_PROBLEM;

  left = leaf->ends - now;
  if (left < 0)
    status = TILL_STATUS_EXPIRED;
  else if (certificate->not_before > now || leaf->key_mismatch)
    return TILL_STATUS_PROBLEM;
  else
    switch (till_validity_get_state (certificate->not_before, leaf->ends, now))
      {
      case TILL_VALIDITY_SOON:
      case TILL_VALIDITY_ACT:
        status = TILL_STATUS_SOON;
        break;

      case TILL_VALIDITY_EXPIRED:
        status = TILL_STATUS_EXPIRED;
        break;

      case TILL_VALIDITY_FINE:
      default:
        status = certificate->weakness != TILL_WEAK_NONE ? TILL_STATUS_PROBLEM : TILL_STATUS_VALID;
      }

  if (status == TILL_STATUS_PROBLEM || leaf->ends >= TILL_TIME_NEVER)
    return status;

  *counted = till_status_words_count (left);
  return status;
}

/**
 * till_status_words_dup_weakness:
 * @weakness: of #TillWeakness
 *
 * Returns: (transfer full): what is too weak
 */
char *
till_status_words_dup_weakness (guint weakness)
{
  if (weakness & TILL_WEAK_SMALL_KEY)
    return g_strdup (_("Weak key"));

  if (weakness & TILL_WEAK_HASH)
    return g_strdup (_("Weak signature"));

  return g_strdup (_("Weak protection"));
}

/**
 * till_status_words_dup_valid:
 * @counted: from till_status_words_count(), or -1 where there is no end
 *
 * Returns: (transfer full): the status of something that is valid for as long yet
 */
char *
till_status_words_dup_valid (gint64 counted)
{
  int days;

  if (counted < 0)
    return g_strdup (_("Valid · no end date"));

  days = (int) (counted / DAY);
  if (days >= 2 * 365)
    {
      int years = days / 365;

      /* Translators: %d is how many years a certificate is valid yet. */
      return g_strdup_printf (ngettext ("Valid · %d year", "Valid · %d years", years), years);
    }

  if (days > 0)
    /* Translators: %d is how many days a certificate is valid yet; d is short for days. */
    return g_strdup_printf (ngettext ("Valid · %d d", "Valid · %d d", days), days);

  return g_strdup (_("Valid · less than a day"));
}

/**
 * till_status_words_dup_soon:
 * @counted: from till_status_words_count(), or -1 where there is no end
 *
 * Returns: (transfer full): the status of something that ends so soon
 */
char *
till_status_words_dup_soon (gint64 counted)
{
  int n;

  if (counted >= DAY)
    {
      n = (int) (counted / DAY);
      return g_strdup_printf (ngettext ("Ends in %d day", "Ends in %d days", n), n);
    }

  if (counted >= HOUR)
    {
      n = (int) (counted / HOUR);
      return g_strdup_printf (ngettext ("Ends in %d hour", "Ends in %d hours", n), n);
    }

  n = (int) (counted / MINUTE);
  if (n > 0)
    return g_strdup_printf (ngettext ("Ends in %d minute", "Ends in %d minutes", n), n);

  return g_strdup (_("Ends within a minute"));
}

/**
 * till_status_words_dup_expired:
 * @counted: from till_status_words_count(), or -1 where there is no end
 *
 * Returns: (transfer full): the status of something that ended so long ago
 */
char *
till_status_words_dup_expired (gint64 counted)
{
  int n;

  if (counted >= 2 * 365 * DAY)
    {
      n = (int) (counted / (365 * DAY));
      return g_strdup_printf (ngettext ("Expired %d year ago", "Expired %d years ago", n), n);
    }

  if (counted >= DAY)
    {
      n = (int) (counted / DAY);
      return g_strdup_printf (ngettext ("Expired %d day ago", "Expired %d days ago", n), n);
    }

  if (counted >= HOUR)
    {
      n = (int) (counted / HOUR);
      return g_strdup_printf (ngettext ("Expired %d hour ago", "Expired %d hours ago", n), n);
    }

  return g_strdup (_("Expired just now"));
}

/**
 * till_status_words_dup_problem:
 * @certificate: of a file, one with a problem
 * @leaf: what is known of it with its chain
 * @now: seconds since 1970
 *
 * Returns: (transfer full): what is wrong
 */
char *
till_status_words_dup_problem (const TillCertificate *certificate,
                               const TillLeaf        *leaf,
                               gint64                 now)
{
  if (certificate->not_before == TILL_TIME_INVALID || leaf->ends == TILL_TIME_INVALID ||
      certificate->not_before > certificate->not_after)
    return g_strdup (_("Impossible dates"));

  if (certificate->not_before > now)
    return g_strdup (_("Not valid yet"));

  if (leaf->key_mismatch)
    return g_strdup (_("Key does not match"));

  return till_status_words_dup_weakness (certificate->weakness);
}

/**
 * till_status_words_dup_failure:
 * @entry: a file that is missing or did not open
 *
 * Returns: (transfer full): why not, in few words
 */
char *
till_status_words_dup_failure (TillFileEntry *entry)
{
  const GError *error = till_file_entry_get_error (entry);

  if (till_file_entry_get_state (entry) == TILL_FILE_MISSING)
    return g_strdup (_("File not found"));

  if (error == NULL || error->domain != TILL_ERROR)
    return g_strdup (_("Cannot be read"));

  switch ((TillError) error->code)
    {
    case TILL_ERROR_DAMAGED:
      return g_strdup (_("Damaged file"));

    case TILL_ERROR_NOT_A_CERTIFICATE_FILE:
      if (till_error_get_reason (error) == TILL_REASON_EMPTY)
        return g_strdup (_("Empty file"));
      return g_strdup (_("Not a certificate file"));

    case TILL_ERROR_OLD_PROTECTION:
      return g_strdup (_("Protected the old way"));

    case TILL_ERROR_NEWER_PROTECTION:
      return g_strdup (_("Newer protection"));

    case TILL_ERROR_TIMED_OUT:
      return g_strdup (_("Took too long"));

    case TILL_ERROR_UNREADABLE:
    default:
      return g_strdup (_("Cannot be read"));
    }
}

/**
 * till_status_words_dup_contents:
 * @document: of a file without a certificate
 *
 * Returns: (transfer full): what it holds
 */
char *
till_status_words_dup_contents (const TillDocument *document)
{
  guint n = document->private_keys->len;

  if (n > 0)
    return g_strdup (ngettext ("Private key", "Private keys", n));

  if ((n = document->requests->len) > 0)
    return g_strdup (ngettext ("Certificate request", "Certificate requests", n));

  if ((n = document->crls->len) > 0)
    return g_strdup (ngettext ("Revocation list", "Revocation lists", n));

  if ((n = document->public_keys->len) > 0)
    return g_strdup (ngettext ("Public key", "Public keys", n));

  return g_strdup (_("No certificate inside"));
}

/**
 * till_status_words_dup_day:
 * @ends: seconds since 1970, %G_MAXINT64 for never
 *
 * Returns: (transfer full): the day, for a narrow column; "" for never
 */
char *
till_status_words_dup_day (gint64 ends)
{
  g_autoptr(GDateTime) utc = NULL;
  g_autoptr(GDateTime) local = NULL;

  if (ends == G_MAXINT64)
    return g_strdup ("");

  utc = g_date_time_new_from_unix_utc (ends);
  if (utc == NULL)
    return g_strdup ("");

  local = g_date_time_to_local (utc);
  /* Translators: a day in a narrow column, for g_date_time_format(): “4 Dec 2026”. */
  return g_date_time_format (local != NULL ? local : utc, _("%-d %b %Y"));
}
