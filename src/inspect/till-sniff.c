/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a file looks like that is no certificate file: a web page, a picture, a Java key store. */
#include "config.h"

#include "till-sniff.h"

#include <string.h>

#include "till-error.h"

/* How far into a text its first words are looked for. */
#define TEXT_BYTES 4096

typedef struct
{
  gsize       offset;
  gsize       size;
  const char *bytes;
  TillSniff   sniff;
} Magic;

#define MAGIC(at, text, what_, advice_) { at, sizeof (text) - 1, text, { what_, advice_ } }

static const char keystore_advice[] = "export its entry as PKCS #12 (.p12) with the program that made it";
static const char blob_advice[] = "convert it to PEM with \"openssl rsa\"";
static const char zip_advice[] = "unpack it and open the certificate file inside";

/* First bytes that name a format by themselves, the longer ones first where two share a beginning. */
static const Magic magics[] = {
  MAGIC (0, "\xfe\xed\xfe\xed", "a Java keystore (JKS)", keystore_advice),
  MAGIC (0, "\xce\xce\xce\xce", "a Java keystore (JCEKS)", keystore_advice),
  MAGIC (0, "\x89PNG\r\n\x1a\n", "a picture (PNG)", NULL),
  MAGIC (0, "\xff\xd8\xff", "a picture (JPEG)", NULL),
  MAGIC (0, "GIF8", "a picture (GIF)", NULL),
  MAGIC (0, "%PDF-", "a PDF document", NULL),
  MAGIC (0, "PK\x03\x04", "a ZIP archive (a pass, .pkpass, is one too)", zip_advice),
  MAGIC (0, "PK\x05\x06", "an empty ZIP archive", NULL),
  MAGIC (0, "\x1f\x8b", "a gzip archive", zip_advice),
  MAGIC (0, "BZh", "a bzip2 archive", zip_advice),
  MAGIC (0, "\xfd" "7zXZ", "an xz archive", zip_advice),
  MAGIC (0, "7z\xbc\xaf\x27\x1c", "a 7-Zip archive", zip_advice),
  MAGIC (0, "Rar!\x1a\x07", "a RAR archive", zip_advice),
  MAGIC (257, "ustar", "a tar archive", zip_advice),
  MAGIC (0, "\x7f" "ELF", "a program", NULL),
  MAGIC (0, "MZ", "a Windows program", NULL),
  MAGIC (0, "\xcf\xfa\xed\xfe", "a macOS program", NULL),
  MAGIC (0, "SQLite format 3", "an SQLite database", NULL),
  MAGIC (0, "\xb0\xb5\xf1\x1e", "a Microsoft private key file (PVK)", "save it as PKCS #8 or PKCS #12"),
  MAGIC (0, "\0\0\0\0" "CERT", "a Windows certificate store", "export its certificate as .pfx from Windows"),
  MAGIC (0, "SPKAC=", "a request made by a web browser (SPKAC)", NULL),
  MAGIC (0, "\x03\xd9\xa2\x9a", "a KeePass database", NULL),
  MAGIC (0, "\x1e\xf1\xb5\xb0", "a Microsoft private key (PVK)", blob_advice),
  MAGIC (0, "\x07\x02\0\0", "a Microsoft private key (BLOB)", blob_advice),
  MAGIC (0, "\x06\x02\0\0", "a Microsoft public key (BLOB)", NULL),
  MAGIC (0, "kych", "a macOS keychain", "export the certificate and its key from Keychain Access as .p12"),
  MAGIC (0, "bplist00", "a property list", NULL),
  MAGIC (0, "{\\rtf", "a text document (RTF)", NULL),
  MAGIC (0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document", NULL),
  MAGIC (0, "PuTTY-User-Key-File-", "a PuTTY key", "export it as an OpenSSL key with PuTTYgen"),
  MAGIC (0, "age-encryption.org/", "a file encrypted with age", "decrypt it first"),
  MAGIC (0, "AGE-SECRET-KEY-", "an age key", NULL),
  MAGIC (0, "ssh-", "an OpenSSH public key", "a certificate or a PEM key is needed"),
  MAGIC (0, "ecdsa-sha2-", "an OpenSSH public key", "a certificate or a PEM key is needed"),
  MAGIC (0, "sk-ssh-", "an OpenSSH public key", "a certificate or a PEM key is needed"),
  MAGIC (0, "sk-ecdsa-", "an OpenSSH public key", "a certificate or a PEM key is needed"),
  MAGIC (0, "openssh-key-v1", "an OpenSSH key", "a certificate or a PEM key is needed"),
};

/* Words that the beginning of a text holds; compared without regard to case. */
typedef struct
{
  const char *words;
  gboolean    at_start;
  TillSniff   sniff;
} TextMark;

static const char page_advice[] = "the download needs a sign-in perhaps; get the file itself";

static const TextMark text_marks[] = {
  { "<!doctype html", TRUE, { "a web page (HTML)", page_advice } },
  { "<html", FALSE, { "a web page (HTML)", page_advice } },
  { "<head", TRUE, { "a web page (HTML)", page_advice } },
  { "<body", TRUE, { "a web page (HTML)", page_advice } },
  { "<script", TRUE, { "a web page (HTML)", page_advice } },
  { "<svg", FALSE, { "a picture (SVG)", NULL } },
  { "<!doctype plist", FALSE, { "a property list", NULL } },
  { "<plist", FALSE, { "a property list", NULL } },
  { "<?xml", TRUE, { "an XML document", NULL } },
  { "-----begin pgp", FALSE, { "a PGP key or message", NULL } },
  { "---- begin ssh2", FALSE, { "an SSH public key", "a certificate or a PEM key is needed" } },
  { "age-secret-key-", FALSE, { "an age key", NULL } },
  { "begin:vcard", TRUE, { "an address card", NULL } },
  { "begin:vcalendar", TRUE, { "a calendar", NULL } },
  { "mime-version:", FALSE, { "a saved e-mail", "save the attachment by itself and open that" } },
  { "received:", TRUE, { "a saved e-mail", "save the attachment by itself and open that" } },
  { "content-type: multipart/", FALSE, { "a saved e-mail", "save the attachment by itself and open that" } },
};

static gboolean
is_text (const guint8 *data,
         gsize         size)
{
  gsize n = MIN (size, TEXT_BYTES);

  for (gsize i = 0; i < n; i++)
    if (data[i] == 0 || (data[i] < 0x20 && strchr ("\t\n\r\f\x1b", data[i]) == NULL))
      return FALSE;

  /* A cut in the middle of a character is no fault. */
  return n < 4 || g_utf8_validate_len ((const char *) data, n, NULL)
         || g_utf8_validate_len ((const char *) data, n - 1, NULL)
         || g_utf8_validate_len ((const char *) data, n - 2, NULL)
         || g_utf8_validate_len ((const char *) data, n - 3, NULL);
}

static gboolean
sniff_text (const guint8 *data,
            gsize         size,
            TillSniff    *result)
{
  g_autofree char *lower = g_ascii_strdown ((const char *) data, (gssize) MIN (size, TEXT_BYTES));
  const char *start = lower;

  if (g_str_has_prefix (start, "\xef\xbb\xbf"))
    start += 3;
  while (g_ascii_isspace (*start))
    start++;

  for (guint i = 0; i < G_N_ELEMENTS (text_marks); i++)
    {
      const TextMark *mark = &text_marks[i];

      if (mark->at_start ? g_str_has_prefix (start, mark->words) : strstr (start, mark->words) != NULL)
        {
          *result = mark->sniff;
          return TRUE;
        }
    }

  if (*start == '{' || *start == '[')
    {
      *result = (TillSniff) { "a JSON document", NULL };
      return TRUE;
    }

  return FALSE;
}

/* Bouncy Castle's own key stores: a version of 1 or 2, then a salt of 8 to 64 bytes, then a count of rounds. */
static gboolean
is_bouncy_castle (const guint8 *data,
                  gsize         size)
{
  static const guint8 versions[][4] = { { 0, 0, 0, 1 }, { 0, 0, 0, 2 } };

  if (size < 40)
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (versions); i++)
    if (memcmp (data, versions[i], 4) == 0 && data[4] == 0 && data[5] == 0 && data[6] == 0
        && data[7] >= 8 && data[7] <= 64)
      return TRUE;

  return FALSE;
}

/**
 * till_sniff:
 * @data: the first bytes of a file
 * @size: how many; 4 KiB are enough
 * @result: (out caller-allocates): what it looks like
 *
 * Names the formats that people take for certificate files. Only for files that did not open: it guesses.
 *
 * Returns: whether the format is known
 */
gboolean
till_sniff (const guint8 *data,
            gsize         size,
            TillSniff    *result)
{
  g_return_val_if_fail (data != NULL || size == 0, FALSE);
  g_return_val_if_fail (result != NULL, FALSE);

  *result = (TillSniff) { NULL, NULL };

  for (guint i = 0; i < G_N_ELEMENTS (magics); i++)
    {
      const Magic *magic = &magics[i];

      if (size >= magic->offset + magic->size && memcmp (data + magic->offset, magic->bytes, magic->size) == 0)
        {
          *result = magic->sniff;
          return TRUE;
        }
    }

  if (is_bouncy_castle (data, size))
    {
      *result = (TillSniff) { "a Bouncy Castle keystore (BKS)", keystore_advice };
      return TRUE;
    }

  if (size == 0 || !is_text (data, size))
    return FALSE;

  if (!sniff_text (data, size, result))
    *result = (TillSniff) { "a plain text", NULL };

  return TRUE;
}

/**
 * till_sniff_set_error:
 * @data: the bytes of a file that holds nothing that we know
 * @size: how many
 * @error: (out) (optional): %TILL_ERROR_NOT_A_CERTIFICATE_FILE with the reason
 *
 * Says what the file is instead, and what to do (RELIABILITY.md 5.1, rows 6, 23, 29).
 */
void
till_sniff_set_error (const guint8  *data,
                      gsize          size,
                      GError       **error)
{
  const gint64 numbers[2] = { (gint64) size, -1 };
  TillSniff sniff;

  if (size == 0)
    till_set_error (error, TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_EMPTY, NULL, NULL, "the file is empty");
  else if (till_sniff (data, size, &sniff))
    till_set_error (error, TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_LOOKS_LIKE, sniff.what, numbers,
                    "this is not a certificate file, it looks like %s%s%s", sniff.what,
                    sniff.advice != NULL ? "; " : "", sniff.advice != NULL ? sniff.advice : "");
  else if (size < 8)
    till_set_error (error, TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_TOO_SHORT, NULL, numbers,
                    "this is not a certificate file: it has only %" G_GSIZE_FORMAT " bytes", size);
  else
    till_set_error (error, TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_UNRECOGNISED, NULL, numbers,
                    "this is not a certificate file, and not of any other kind that is known here");
}
