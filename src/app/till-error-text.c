/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Turns errors of the core into sentences for people: what happened, what it means, what to do. */
#include "config.h"

#include "till-error-text.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

#include "till-error-text-private.h"
#include "till-error.h"
#include "till-text.h"

/* What the system's own error domains have in common with ours. */
static TillErrorReason
get_reason (const GError *error)
{
  if (error->domain == G_IO_ERROR)
    {
      switch (error->code)
        {
        case G_IO_ERROR_NOT_FOUND:
          return TILL_REASON_MISSING;

        case G_IO_ERROR_PERMISSION_DENIED:
        case G_IO_ERROR_READ_ONLY:
          return TILL_REASON_NO_PERMISSION;

        case G_IO_ERROR_IS_DIRECTORY:
        case G_IO_ERROR_NOT_REGULAR_FILE:
          return TILL_REASON_NOT_REGULAR;

        case G_IO_ERROR_NO_SPACE:
          return TILL_REASON_NO_SPACE;

        case G_IO_ERROR_TOO_MANY_LINKS:
          return TILL_REASON_SYMLINK_LOOP;

        default:
          return TILL_REASON_IO;
        }
    }

  if (error->domain == G_FILE_ERROR)
    {
      switch (error->code)
        {
        case G_FILE_ERROR_NOENT:
          return TILL_REASON_MISSING;

        case G_FILE_ERROR_ACCES:
        case G_FILE_ERROR_PERM:
        case G_FILE_ERROR_ROFS:
          return TILL_REASON_NO_PERMISSION;

        case G_FILE_ERROR_ISDIR:
          return TILL_REASON_NOT_REGULAR;

        case G_FILE_ERROR_NOSPC:
          return TILL_REASON_NO_SPACE;

        case G_FILE_ERROR_LOOP:
          return TILL_REASON_SYMLINK_LOOP;

        default:
          return TILL_REASON_IO;
        }
    }

  return till_error_get_reason (error);
}

typedef struct
{
  const char *name;      /* as the core says it */
  const char *advice;    /* (nullable) what to do with such a file */
} Thing;

#define ADVICE_KEYSTORE N_("Export the certificate and its key from it as PKCS #12.")
#define ADVICE_ARCHIVE  N_("Unpack it, and open the file inside.")
#define ADVICE_PAGE     N_("Sign in there, and download the file again.")
#define ADVICE_MAIL     N_("Save the attachment by itself, and open that.")
#define ADVICE_KEY      N_("It signs in to computers and holds no certificate.")

/* What the core recognises, so that it can be said in the user's language. */
static const Thing things[] = {
  { N_("a Java keystore (JKS)"), ADVICE_KEYSTORE },
  { N_("a Java keystore (JCEKS)"), ADVICE_KEYSTORE },
  { N_("a Bouncy Castle keystore (BKS)"), ADVICE_KEYSTORE },
  { N_("a macOS keychain"), N_("Export the certificate and its key from Keychain Access as .p12.") },
  { N_("a ZIP archive (a pass, .pkpass, is one too)"), ADVICE_ARCHIVE },
  { N_("an empty ZIP archive"), NULL },
  { N_("a gzip archive"), ADVICE_ARCHIVE },
  { N_("a bzip2 archive"), ADVICE_ARCHIVE },
  { N_("an xz archive"), ADVICE_ARCHIVE },
  { N_("a 7-Zip archive"), ADVICE_ARCHIVE },
  { N_("a RAR archive"), ADVICE_ARCHIVE },
  { N_("a tar archive"), ADVICE_ARCHIVE },
  { N_("a web page (HTML)"), ADVICE_PAGE },
  { N_("a saved e-mail"), ADVICE_MAIL },
  { N_("a picture (PNG)"), NULL },
  { N_("a picture (JPEG)"), NULL },
  { N_("a picture (GIF)"), NULL },
  { N_("a picture (SVG)"), NULL },
  { N_("a PDF document"), NULL },
  { N_("a text document (RTF)"), NULL },
  { N_("an old Office document"), NULL },
  { N_("an XML document"), NULL },
  { N_("a JSON document"), NULL },
  { N_("a property list"), NULL },
  { N_("a plain text"), NULL },
  { N_("an address card"), NULL },
  { N_("a calendar"), NULL },
  { N_("a program"), NULL },
  { N_("a Windows program"), NULL },
  { N_("a macOS program"), NULL },
  { N_("an SQLite database"), NULL },
  { N_("a PuTTY key"), ADVICE_KEY },
  { N_("an OpenSSH key"), ADVICE_KEY },
  { N_("an OpenSSH public key"), ADVICE_KEY },
  { N_("an SSH public key"), ADVICE_KEY },
  { N_("an age key"), NULL },
  { N_("a file encrypted with age"), N_("Decrypt it first.") },
  { N_("a PGP key or message"), NULL },
  { N_("an encrypted PKCS #7 message"), N_("Decrypt it first.") },
  { N_("a PKCS #7 digest"), NULL },
  { N_("a directory"), NULL },
  { N_("a socket"), NULL },
  { N_("a FIFO"), NULL },
};

static const Thing *
find_thing (const char *name)
{
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (things); i++)
    if (g_strcmp0 (things[i].name, name) == 0)
      return &things[i];

  return NULL;
}

/* Name of a thing for the middle of a sentence. */
static char *
dup_thing (const GError *error)
{
  const Thing *thing = find_thing (till_error_get_detail (error));

  if (thing != NULL)
    return g_strdup (_(thing->name));

  return till_text_dup_display (till_error_get_detail (error), 80);
}

static int
get_code (const GError *error)
{
  if (error->domain == TILL_ERROR)
    return error->code;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return TILL_ERROR_CANCELLED;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return TILL_ERROR_TIMED_OUT;

  if (error->domain == G_IO_ERROR || error->domain == G_FILE_ERROR)
    return TILL_ERROR_UNREADABLE;

  return TILL_ERROR_INTERNAL;
}

static char *
dup_number (gint64 number)
{
  return g_strdup_printf ("%'" G_GINT64_FORMAT, number);
}

/* A name inside a sentence: short, and fit to be shown. */
static char *
dup_detail (const GError *error)
{
  return till_text_dup_display (till_error_get_detail (error), 80);
}

static const char *
get_unreadable_title (TillErrorReason reason)
{
  switch (reason)
    {
    case TILL_REASON_MISSING:
      return _("File Not Found");

    case TILL_REASON_NO_PERMISSION:
      return _("No Permission");

    case TILL_REASON_NOT_REGULAR:
      return _("Not a Regular File");

    case TILL_REASON_TOO_LARGE:
    case TILL_REASON_TOO_MANY:
      return _("File Too Large");

    case TILL_REASON_SYMLINK_LOOP:
      return _("Link Leads Nowhere");

    case TILL_REASON_NO_SPACE:
      return _("Disk Full");

    default:
      return _("File Cannot Be Read");
    }
}

/**
 * till_error_text_get_title:
 * @error: an error of the core, or of GLib's file functions
 *
 * Returns: (transfer none): a heading such as “Wrong Password”
 */
const char *
till_error_text_get_title (const GError *error)
{
  const char *title;

  g_return_val_if_fail (error != NULL, "");

  title = till_error_text_get_service_title (error);
  if (title != NULL)
    return title;

  switch ((TillError) get_code (error))
    {
    case TILL_ERROR_WRONG_PASSWORD:
      return _("Wrong Password");

    case TILL_ERROR_PASSWORD_REQUIRED:
      return _("Password Needed");

    case TILL_ERROR_OLD_PROTECTION:
      return _("Protected the Old Way");

    case TILL_ERROR_NEWER_PROTECTION:
      return _("Newer Protection");

    case TILL_ERROR_DAMAGED:
      return get_reason (error) == TILL_REASON_TOO_MANY_ITERATIONS ? _("Unusually Slow Protection") : _("Damaged File");

    case TILL_ERROR_NO_PRIVATE_KEY:
      return _("No Private Key");

    case TILL_ERROR_KEY_MISMATCH:
      return _("Key Does Not Match");

    case TILL_ERROR_NOT_A_CERTIFICATE_FILE:
      return get_reason (error) == TILL_REASON_EMPTY ? _("Empty File") : _("Not a Certificate File");

    case TILL_ERROR_UNREADABLE:
      return get_unreadable_title (get_reason (error));

    case TILL_ERROR_UNAUTHORIZED:
      return _("Sign-In Refused");

    case TILL_ERROR_CLOCK_SKEW:
      return _("Clock Is Wrong");

    case TILL_ERROR_REJECTED:
      return _("Not Accepted");

    case TILL_ERROR_NOT_FOUND:
      return _("Not Found");

    case TILL_ERROR_CONFLICT:
      return _("Changed Meanwhile");

    case TILL_ERROR_UNAVAILABLE:
      return _("Service Unavailable");

    case TILL_ERROR_TIMED_OUT:
      return _("Took Too Long");

    case TILL_ERROR_TLS:
      return _("Connection Not Trusted");

    case TILL_ERROR_PROTOCOL:
      return _("Answer Not Understood");

    case TILL_ERROR_CANCELLED:
      return _("Cancelled");

    case TILL_ERROR_STORE_LOCKED:
      return _("Records in Use");

    case TILL_ERROR_STORE_NEWER:
      return _("Records from a Newer Version");

    case TILL_ERROR_VAULT_UNAVAILABLE:
      return _("Secrets Unavailable");

    case TILL_ERROR_WRONG_CODE:
      return _("Wrong Set-Up Code");

    case TILL_ERROR_INTERNAL:
    default:
      return _("Something Went Wrong");
    }
}

static char *
dup_too_many_body (const GError *error)
{
  g_autofree char *have = dup_number (till_error_get_have (error));
  g_autofree char *want = dup_number (till_error_get_want (error));

  if (till_error_get_have (error) < 0 || till_error_get_want (error) < 0)
    return g_strdup (_("It has more parts than are read here. Ask for a file with only what you need."));

  /* Translators: both are counts, such as 600 and 512. */
  return g_strdup_printf (_("It has %s parts; at most %s are read. Ask for a file with only what you need."),
                          have, want);
}

static char *
dup_protection_body (const GError *error,
                     gboolean      newer)
{
  g_autofree char *detail = dup_detail (error);
  g_autofree char *have = NULL;
  g_autofree char *want = NULL;

  if (get_reason (error) == TILL_REASON_TOO_MANY_ITERATIONS)
    {
      if (till_error_get_have (error) < 0 || till_error_get_want (error) < 0)
        return g_strdup (_("Its password is stretched by so many rounds that the computer would stall. "
                           "Save the file again from its program with usual settings."));

      have = dup_number (till_error_get_have (error));
      want = dup_number (till_error_get_want (error));
      /* Translators: both are numbers of rounds, such as 20,000,000 and 2,000,000. */
      return g_strdup_printf (_("Its password is stretched by %s rounds; at most %s are tried here, so that the computer "
                                "does not stall. Save the file again from its program with usual settings."),
                              have, want);
    }

  if (newer)
    {
      if (*detail == '\0')
        return g_strdup (_("The file uses a protection that this version cannot read. Save it again from its program "
                           "with an older protection, or update Tillkeeper."));
      /* Translators: %s is the name of a way of protecting files, such as PBMAC1. */
      return g_strdup_printf (_("Made with %s; this version cannot read it. Save the file again from its program "
                                "without it, or update Tillkeeper."),
                              detail);
    }

  if (*detail == '\0')
    return g_strdup (_("The file is saved with a protection that is no longer safe and cannot be opened here. "
                       "Save it again from its program."));
  /* Translators: %s is the name of a way of protecting files, such as RC2-128. */
  return g_strdup_printf (_("Saved with %s, which is no longer safe and cannot be opened here. "
                            "Save the file again from its program."),
                          detail);
}

static char *
dup_damaged_body (const GError *error)
{
  g_autofree char *have = NULL;
  g_autofree char *want = NULL;
  gint64 have_number = till_error_get_have (error);
  gint64 want_number = till_error_get_want (error);

  switch (get_reason (error))
    {
    case TILL_REASON_TRUNCATED:
      if (have_number >= 0 && want_number > 0)
        {
          have = dup_number (have_number);
          want = dup_number (want_number);
          /* Translators: “It ends after 1,024 of 2,771 bytes.” */
          return g_strdup_printf (ngettext ("It ends after %s of %s byte. Copy or download the file again.",
                                            "It ends after %s of %s bytes. Copy or download the file again.",
                                            (unsigned long) want_number),
                                  have, want);
        }
      return g_strdup (_("Its end is missing. Copy or download the file again."));

    case TILL_REASON_BAD_BASE64:
      return g_strdup (_("Its text has characters that do not belong there. "
                         "Copy the whole text again, from the line BEGIN to the line END."));

    case TILL_REASON_NO_END_LINE:
      return g_strdup (_("The line END is missing. Copy the whole text again, from the line BEGIN to the line END."));

    case TILL_REASON_DUPLICATE_EXTENSION:
      return g_strdup (_("The certificate says the same thing twice, which is not allowed. "
                         "Ask its issuer for a new one."));

    case TILL_REASON_BAD_TIME:
      return g_strdup (_("It holds a date that is not one. Ask its issuer for a new certificate."));

    case TILL_REASON_MAC_MISMATCH:
      return g_strdup (_("Its integrity check does not fit: the file was changed after it was made. "
                         "Copy or download it again."));

    case TILL_REASON_TOO_MANY_ITERATIONS:
      return dup_protection_body (error, FALSE);

    case TILL_REASON_TOO_MANY:
      return dup_too_many_body (error);

    case TILL_REASON_MALFORMED:
    default:
      if (have_number >= 0)
        {
          have = dup_number (have_number);
          /* Translators: %s is a count of bytes, such as 1,024. */
          return g_strdup_printf (_("It cannot be read on from byte %s. Copy or download the file again; if that does "
                                    "not help, ask for a new one."),
                                  have);
        }
      return g_strdup (_("A part of it cannot be read. Copy or download the file again; if that does not help, "
                         "ask for a new one."));
    }
}

static char *
dup_not_a_certificate_body (const GError *error)
{
  g_autofree char *detail = dup_thing (error);
  const Thing *thing = find_thing (till_error_get_detail (error));
  gint64 have = till_error_get_have (error);

  switch (get_reason (error))
    {
    case TILL_REASON_EMPTY:
      return g_strdup (_("The file is empty. Copy or download it again."));

    case TILL_REASON_LOOKS_LIKE:
      if (*detail == '\0')
        break;
      if (thing != NULL && thing->advice != NULL)
        /* Translators: what the file is (“a web page”), then a sentence that says what to do. */
        return g_strdup_printf (_("This is %s. %s"), detail, _(thing->advice));
      /* Translators: %s says what the file is: “a web page”, “a ZIP archive”. */
      return g_strdup_printf (_("This is %s. Certificate files end in .p12, .pfx, .pem, .cer, .crt or .der."),
                              detail);

    case TILL_REASON_OPENSSH_KEY:
      return g_strdup (_("This is an OpenSSH key. It signs in to computers and holds no certificate; "
                         "ask for the .p12, .pem or .cer file."));

    case TILL_REASON_TOO_SHORT:
      if (have >= 0)
        return g_strdup_printf (ngettext ("It has %d byte; no certificate is that short. Copy or download it again.",
                                          "It has %d bytes; no certificate is that short. Copy or download it again.",
                                          (unsigned long) have),
                                (int) MIN (have, G_MAXINT));
      break;

    default:
      break;
    }

  return g_strdup (_("Nothing in it looks like a certificate, key or request. "
                     "Certificate files end in .p12, .pfx, .pem, .cer, .crt or .der."));
}

/* What cannot be read on this computer; the same reasons as those of writing. */
static char *
dup_unreadable_body (const GError *error)
{
  g_autofree char *detail = dup_thing (error);
  g_autofree char *have = NULL;
  g_autofree char *want = NULL;

  switch (get_reason (error))
    {
    case TILL_REASON_MISSING:
      return g_strdup (_("The file is not where it was. It was moved, renamed or deleted, or its drive is not "
                         "connected."));

    case TILL_REASON_NO_PERMISSION:
      return g_strdup (_("You may not read this file. Ask its owner, or copy it to a folder of yours."));

    case TILL_REASON_NOT_REGULAR:
      if (*detail != '\0')
        /* Translators: %s says what it is instead: “a folder”, “a device”. */
        return g_strdup_printf (_("This is %s, not a file with contents. Choose a certificate file."), detail);
      return g_strdup (_("This is a folder or a device, not a file with contents. Choose a certificate file."));

    case TILL_REASON_TOO_LARGE:
      if (till_error_get_have (error) >= 0 && till_error_get_want (error) >= 0)
        {
          have = till_text_dup_size (till_error_get_have (error));
          want = till_text_dup_size (till_error_get_want (error));
          /* Translators: both are sizes: “It has 5.0 MiB; certificate files are under 1.0 MiB.” */
          return g_strdup_printf (_("It has %s; certificate files are under %s. This may be another kind of file."),
                                  have, want);
        }
      return g_strdup (_("Certificate files are much smaller. This may be another kind of file."));

    case TILL_REASON_TOO_MANY:
      return dup_too_many_body (error);

    case TILL_REASON_SYMLINK_LOOP:
      return g_strdup (_("This is a link that leads back to itself. Choose the file itself."));

    case TILL_REASON_NO_SPACE:
      return g_strdup (_("The disk is full. Free some space and try again."));

    case TILL_REASON_IO:
    default:
      return g_strdup (_("The computer could not read the file. Check that its drive is connected, "
                         "or copy the file to another place."));
    }
}

/**
 * till_error_text_dup_body:
 * @error: an error of the core, or of GLib's file functions
 *
 * Returns: (transfer full): one or two sentences: what it means and what to do.
 *   Plain text, not markup.
 */
char *
till_error_text_dup_body (const GError *error)
{
  char *body;

  g_return_val_if_fail (error != NULL, g_strdup (""));

  body = till_error_text_dup_service_body (error);
  if (body != NULL)
    return body;

  switch ((TillError) get_code (error))
    {
    case TILL_ERROR_WRONG_PASSWORD:
      return g_strdup (_("The file is fine as far as can be told; this password does not open it. "
                         "Check the spelling, or ask whoever made the file."));

    case TILL_ERROR_PASSWORD_REQUIRED:
      return g_strdup (_("The file is protected. Whoever made it knows its password."));

    case TILL_ERROR_OLD_PROTECTION:
      return dup_protection_body (error, FALSE);

    case TILL_ERROR_NEWER_PROTECTION:
      return dup_protection_body (error, TRUE);

    case TILL_ERROR_DAMAGED:
      return dup_damaged_body (error);

    case TILL_ERROR_NO_PRIVATE_KEY:
      return g_strdup (_("You can look at it, but Airship needs the key. "
                         "Export both lines from Keychain Access."));

    case TILL_ERROR_KEY_MISMATCH:
      return g_strdup (_("The key in this file does not belong to its certificate. "
                         "Export both again, from the computer where the request was made."));

    case TILL_ERROR_NOT_A_CERTIFICATE_FILE:
      return dup_not_a_certificate_body (error);

    case TILL_ERROR_UNREADABLE:
      return dup_unreadable_body (error);

    case TILL_ERROR_UNAUTHORIZED:
      return g_strdup (_("The service refused the sign-in. Check the name and the secret in the profile."));

    case TILL_ERROR_CLOCK_SKEW:
      return g_strdup (_("The clock of this computer and that of the service differ too much. "
                         "Set this computer's date and time, then try again."));

    case TILL_ERROR_REJECTED:
      return g_strdup (_("The service did not accept it. Details say what it disliked; correct that and try again."));

    case TILL_ERROR_NOT_FOUND:
      return g_strdup (_("The service does not know it any more. Refresh the list."));

    case TILL_ERROR_CONFLICT:
      return g_strdup (_("Somebody else changed it at the same time. Refresh, compare, and try again."));

    case TILL_ERROR_UNAVAILABLE:
      return g_strdup (_("The service does not answer at the moment. Check the network, or try again later."));

    case TILL_ERROR_TIMED_OUT:
      return g_strdup (_("It was stopped because it took too long. Try again; if that does not help, "
                         "save the file again from its program with usual settings."));

    case TILL_ERROR_TLS:
      return g_strdup (_("The service could not prove who it is, so nothing was sent. "
                         "Check the address in the profile and this computer's date."));

    case TILL_ERROR_PROTOCOL:
      return g_strdup (_("The answer of the service makes no sense. Perhaps a sign-in page of the network "
                         "stands between; open a web page to check, then try again."));

    case TILL_ERROR_CANCELLED:
      return g_strdup (_("Nothing was changed."));

    case TILL_ERROR_STORE_LOCKED:
      return g_strdup (_("Another window or program uses Tillkeeper's records. Close it and try again."));

    case TILL_ERROR_STORE_NEWER:
      return g_strdup (_("Tillkeeper's records were written by a newer version and are left alone. "
                         "Update Tillkeeper to use them."));

    case TILL_ERROR_VAULT_UNAVAILABLE:
      return g_strdup (_("The place where secrets are kept is locked or missing. "
                         "Unlock the keyring, or sign in again."));

    case TILL_ERROR_WRONG_CODE:
      return g_strdup (_("The set-up code is not the one that is shown. Type it again as it stands there."));

    case TILL_ERROR_INTERNAL:
    default:
      return g_strdup (_("This is a mistake in Tillkeeper, not yours. Details help to report it."));
    }
}

/**
 * till_error_text_dup_save_body:
 * @error: an error met while writing a file
 *
 * Returns: (transfer full): one or two sentences: what it means and what to do
 */
char *
till_error_text_dup_save_body (const GError *error)
{
  g_return_val_if_fail (error != NULL, g_strdup (""));

  switch (get_reason (error))
    {
    case TILL_REASON_NO_SPACE:
      return g_strdup (_("The disk is full; nothing was changed. Free some space, or choose another place."));

    case TILL_REASON_NO_PERMISSION:
      return g_strdup (_("You may not write there; nothing was changed. Choose a folder of yours."));

    case TILL_REASON_MISSING:
      return g_strdup (_("That folder does not exist any more. Choose another place."));

    case TILL_REASON_NOT_REGULAR:
    case TILL_REASON_SYMLINK_LOOP:
      return g_strdup (_("There is something else with that name, which is not replaced. Choose another name."));

    default:
      return g_strdup (_("The file could not be written; nothing was changed. Choose another place."));
    }
}

/**
 * till_error_text_dup_details:
 * @error: any error
 *
 * What stands behind “Details” and is copied into a report: the stable word of
 * the code (CLI.md) and the core's own message.
 *
 * Returns: (transfer full): one line, fit to be shown
 */
char *
till_error_text_dup_details (const GError *error)
{
  g_autofree char *message = NULL;

  g_return_val_if_fail (error != NULL, g_strdup (""));

  message = till_text_dup_display (error->message, 1024);

  return g_strdup_printf ("%s: %s", till_error_code_to_word (get_code (error)), message);
}
