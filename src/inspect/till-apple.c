/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Apple's certificates for Wallet passes say beyond the ordinary. */
#include "config.h"

#include "till-apple.h"

#include <string.h>

/* The pass purpose, the pass extension, UID and OU are what Apple's own checks
 * of pass signers look at. The NFC extension is in no document of Apple's that
 * is public: it is what certificates requested "with NFC" carry and others do
 * not, next to a CN that begins with "Pass Type ID with NFC:". */
#define PASS_PREFIX       "pass."
#define PASS_CN_PREFIX    "Pass Type ID"
#define NFC_CN_PREFIX     "Pass Type ID with NFC:"

#define INTERMEDIATE_CN   "Apple Worldwide Developer Relations Certification Authority"
#define INTERMEDIATE      "Apple Worldwide Developer Relations"
#define INTERMEDIATE_O    "Apple Inc."

/* The generation stands in the OU: G2, G3, …; the first one has words there. */
static gboolean
is_generation (const char *unit)
{
  if (unit == NULL || unit[0] != 'G' || unit[1] == '\0')
    return FALSE;

  return strspn (unit + 1, "0123456789") == strlen (unit + 1);
}

static gboolean
has_prefix (const char *text,
            const char *prefix)
{
  return text != NULL && g_str_has_prefix (text, prefix);
}

/* Certificates without UID name the pass type behind "Pass Type ID: ". */
static char *
dup_pass_type (const TillName *subject)
{
  const char *colon;

  if (subject->user_id != NULL)
    return g_strdup (subject->user_id);

  if (!has_prefix (subject->common_name, PASS_CN_PREFIX))
    return NULL;

  colon = strchr (subject->common_name, ':');
  if (colon == NULL)
    return NULL;

  while (*++colon == ' ')
    ;
  return *colon != '\0' ? g_strdup (colon) : NULL;
}

/**
 * till_apple_describe:
 * @certificate: gets the fields of a pass certificate
 * @subject: its subject
 * @issuer: its issuer
 * @marks: #TillAppleMark of its extensions
 *
 * The names decide here, not a checked signature: nothing of this proves that
 * Apple issued the certificate.
 */
void
till_apple_describe (TillCertificate *certificate,
                     const TillName  *subject,
                     const TillName  *issuer,
                     guint            marks)
{
  gboolean looks_like_pass = has_prefix (subject->user_id, PASS_PREFIX) &&
                             has_prefix (subject->common_name, PASS_CN_PREFIX);

  certificate->is_pass = (marks & TILL_APPLE_MARK_PASS) != 0;

  if (certificate->is_pass || looks_like_pass)
    {
      certificate->pass_type_id = dup_pass_type (subject);
      certificate->team_id = g_strdup (subject->organizational_unit);
      certificate->nfc = (marks & TILL_APPLE_MARK_NFC) != 0 ||
                         has_prefix (subject->common_name, NFC_CN_PREFIX);
    }

  if (g_strcmp0 (issuer->common_name, INTERMEDIATE_CN) == 0 &&
      g_strcmp0 (issuer->organization, INTERMEDIATE_O) == 0)
    certificate->apple_intermediate = is_generation (issuer->organizational_unit)
      ? g_strconcat (INTERMEDIATE, " ", issuer->organizational_unit, NULL)
      : g_strdup (INTERMEDIATE);
}
