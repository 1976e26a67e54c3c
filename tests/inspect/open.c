/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening files in tests of documents. */
#include "config.h"

#include "open.h"

#include <string.h>

/**
 * open_bytes:
 * @bytes: a file
 * @password: (nullable): password
 * @error: return location
 *
 * Parses a copy of its exact size, so that a sanitizer sees each step beyond it.
 *
 * Returns: (transfer full) (nullable): the document
 */
TillDocument *
open_bytes (GBytes      *bytes,
            const char  *password,
            GError     **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autofree guint8 *copy = g_memdup2 (data, size);
  g_autoptr(TillSecret) secret = password != NULL ? till_secret_new_copy (password, strlen (password)) : NULL;
  TillInspectOptions options = { .password = secret };

  return till_document_parse (copy, size, &options, error);
}

static TillDocument *
open_good (GBytes     *bytes,
           const char *password)
{
  g_autoptr(GError) error = NULL;
  TillDocument *document = open_bytes (bytes, password, &error);

  g_assert_no_error (error);
  g_assert_nonnull (document);
  return document;
}

/**
 * open_file:
 * @dir: a folder
 * @name: of a file in it, which has to open
 * @password: (nullable): password
 *
 * Returns: (transfer full): the document
 */
TillDocument *
open_file (TillTestDir *dir,
           const char  *name,
           const char  *password)
{
  g_autoptr(GBytes) bytes = fixture_load (dir, name);

  return open_good (bytes, password);
}

/**
 * open_text:
 * @text: a file, which has to open
 * @password: (nullable): password
 *
 * Returns: (transfer full): the document
 */
TillDocument *
open_text (const char *text,
           const char *password)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));

  return open_good (bytes, password);
}

/**
 * assert_counts:
 * @document: a document
 * @kind: word of its kind
 * @certificates: how many
 * @private_keys: how many
 *
 * Asserts what a document holds.
 */
void
assert_counts (TillDocument *document,
               const char   *kind,
               guint         certificates,
               guint         private_keys)
{
  g_assert_cmpstr (till_document_kind_to_word (document->kind), ==, kind);
  g_assert_cmpuint (document->certificates->len, ==, certificates);
  g_assert_cmpuint (document->private_keys->len, ==, private_keys);
}

/**
 * assert_fails:
 * @bytes: a file
 * @password: (nullable): password
 * @code: what has to come of it
 * @reason: and why
 * @words: (nullable): what the message has to say
 *
 * Asserts that a file does not open, and how its message reads: lower case, no
 * full stop, and nothing of the password.
 */
void
assert_fails (GBytes          *bytes,
              const char      *password,
              TillError        code,
              TillErrorReason  reason,
              const char      *words)
{
  g_autoptr(GError) error = NULL;
  TillDocument *document = open_bytes (bytes, password, &error);

  g_assert_null (document);
  g_assert_nonnull (error);
  g_test_message ("%s: %s", till_error_code_to_word (error->code), error->message);
  g_assert_error (error, TILL_ERROR, (int) code);
  g_assert_cmpint (till_error_get_reason (error), ==, reason);
  if (words != NULL)
    g_assert_nonnull (strstr (error->message, words));
  g_assert_false (g_str_has_suffix (error->message, "."));
  g_assert_false (g_ascii_isupper (error->message[0]));
  if (password != NULL && strlen (password) > 3)
    g_assert_null (strstr (error->message, password));
}

/**
 * assert_file_fails:
 * @dir: a folder
 * @name: of a file in it
 * @password: (nullable): password
 * @code: what has to come of it
 * @reason: and why
 * @words: (nullable): what the message has to say
 *
 * Like assert_fails() for a file.
 */
void
assert_file_fails (TillTestDir     *dir,
                   const char      *name,
                   const char      *password,
                   TillError        code,
                   TillErrorReason  reason,
                   const char      *words)
{
  g_autoptr(GBytes) bytes = fixture_load (dir, name);

  assert_fails (bytes, password, code, reason, words);
}

/**
 * write_file:
 * @dir: a folder
 * @name: of a file in it
 * @data: what to write
 * @size: how many bytes; -1 for a text
 *
 * Writes a file for others to read by its name.
 */
void
write_file (TillTestDir *dir,
            const char  *name,
            const void  *data,
            gssize       size)
{
  g_free (till_test_dir_write (dir, name, data, size));
}

/**
 * openssl_fingerprint:
 * @dir: a folder
 * @name: of a certificate in PEM
 *
 * Returns: (transfer full): SHA-256 of it, lower-case hexadecimal
 */
char *
openssl_fingerprint (TillTestDir *dir,
                     const char  *name)
{
  g_autofree char *output = fixture_run (dir, "openssl x509 -in %s -noout -fingerprint -sha256", name);
  const char *value = strchr (output, '=');
  GString *hex = g_string_new (NULL);

  g_assert_nonnull (value);
  for (value++; *value != '\0'; value++)
    {
      if (g_ascii_isxdigit (*value))
        g_string_append_c (hex, g_ascii_tolower (*value));
    }

  return g_string_free (hex, FALSE);
}

/**
 * openssl_key_hash:
 * @dir: a folder
 * @name: of a private key in PEM that is not encrypted
 *
 * Returns: (transfer full): SHA-256 of its public part, lower-case hexadecimal
 */
char *
openssl_key_hash (TillTestDir *dir,
                  const char  *name)
{
  g_autoptr(GBytes) bytes = NULL;

  fixture_make (dir, "openssl pkey -in %s -pubout -outform DER -out spki.der", name);
  bytes = fixture_load (dir, "spki.der");
  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
}
