/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates and their parts made for a test: by openssl and certtool, or byte by byte. */
#include "config.h"

#include "fixture.h"

#include <stdarg.h>
#include <string.h>

#define ANY_KEY \
  "30{30{06{<1.3.101.112>}} 03{00 d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a}}"

static void
append_length (GByteArray *to,
               gsize       size)
{
  guint8 octets[4];
  guint n = 0;

  if (size >= 0x10000)
    octets[n++] = 0x83;
  else if (size >= 0x100)
    octets[n++] = 0x82;
  else if (size >= 0x80)
    octets[n++] = 0x81;

  g_assert_cmpuint (size, <, 0x1000000);
  if (size >= 0x10000)
    octets[n++] = (guint8) (size >> 16);
  if (size >= 0x100)
    octets[n++] = (guint8) (size >> 8);
  g_byte_array_append (to, octets, n);
  octets[0] = (guint8) size;
  g_byte_array_append (to, octets, 1);
}

static void
append_arc (GByteArray *to,
            guint64     arc)
{
  guint shift = 63;

  while (shift > 0 && (arc >> shift) == 0)
    shift -= 7;

  for (;; shift -= 7)
    {
      guint8 octet = (guint8) ((arc >> shift & 0x7f) | (shift > 0 ? 0x80 : 0));

      g_byte_array_append (to, &octet, 1);
      if (shift == 0)
        return;
    }
}

static const char *
append_oid (GByteArray *to,
            const char *at)
{
  char *end;
  guint64 first = g_ascii_strtoull (at, &end, 10);

  g_assert_cmpint (*end, ==, '.');
  append_arc (to, first * 40 + g_ascii_strtoull (end + 1, &end, 10));
  while (*end == '.')
    append_arc (to, g_ascii_strtoull (end + 1, &end, 10));

  g_assert_cmpint (*end, ==, '>');
  return end + 1;
}

/* Writes what stands up to a closing brace or the end, and returns what follows. */
static const char *
append_text (GByteArray *to,
             const char *at)
{
  while (*at != '\0' && *at != '}')
    if (*at == ' ' || *at == '\n')
      at++;
    else if (*at == '<')
      at = append_oid (to, at + 1);
    else if (*at == '\'')
      {
        const char *end = strchr (at + 1, '\'');

        g_assert_nonnull (end);
        g_byte_array_append (to, (const guint8 *) at + 1, (guint) (end - at - 1));
        at = end + 1;
      }
    else
      {
        guint8 octet;

        g_assert_true (g_ascii_isxdigit (at[0]) && g_ascii_isxdigit (at[1]));
        octet = (guint8) (g_ascii_xdigit_value (at[0]) << 4 | g_ascii_xdigit_value (at[1]));
        g_byte_array_append (to, &octet, 1);
        at += 2;

        if (*at == '{')
          {
            g_autoptr(GByteArray) content = g_byte_array_new ();

            at = append_text (content, at + 1);
            g_assert_cmpint (*at, ==, '}');
            at++;
            append_length (to, content->len);
            g_byte_array_append (to, content->data, content->len);
          }
      }

  return at;
}

/**
 * fixture_der:
 * @text: hexadecimal; `30{…}` is an element of that tag whose length is worked
 *   out, `'…'` are characters, `<1.2.3>` is the content of an OBJECT IDENTIFIER
 *
 * Returns: (transfer full): the bytes
 */
GBytes *
fixture_der (const char *text)
{
  GByteArray *bytes = g_byte_array_new ();
  const char *end = append_text (bytes, text);

  g_assert_cmpint (*end, ==, '\0');
  return g_byte_array_free_to_bytes (bytes);
}

/**
 * fixture_certificate:
 * @parts: what is out of the ordinary
 *
 * Returns: (transfer full): a certificate in DER
 */
GBytes *
fixture_certificate (const FixtureCertificate *parts)
{
  const char *name = "30{31{30{06{<2.5.4.3>} 0c{'Any'}}}}";
  g_autofree char *extensions = parts->extensions != NULL
    ? g_strdup_printf ("a3{30{%s}}", parts->extensions) : g_strdup ("");
  g_autofree char *text =
    g_strdup_printf ("30{30{%s %s %s %s %s %s %s %s %s} %s 03{00 aabbcc}}",
                     parts->version != NULL ? parts->version : "a0{02{02}}",
                     parts->serial != NULL ? parts->serial : "02{01}",
                     parts->inner_algorithm != NULL ? parts->inner_algorithm : FIXTURE_RSA_SHA256,
                     parts->issuer != NULL ? parts->issuer : name,
                     parts->dates != NULL ? parts->dates : "30{17{'250101000000Z'} 17{'260101000000Z'}}",
                     parts->subject != NULL ? parts->subject : name,
                     parts->key != NULL ? parts->key : ANY_KEY,
                     parts->unique_ids != NULL ? parts->unique_ids : "",
                     extensions,
                     parts->outer_algorithm != NULL ? parts->outer_algorithm : FIXTURE_RSA_SHA256);

  return fixture_der (text);
}

/**
 * fixture_extension:
 * @oid: dotted
 * @value: in the notation of fixture_der()
 *
 * Returns: (transfer full): an extension in that notation
 */
char *
fixture_extension (const char *oid,
                   const char *value)
{
  return g_strdup_printf ("30{06{<%s>} 04{%s}}", oid, value);
}

static char *
run (TillTestDir *dir,
     const char  *command)
{
  g_auto(GStrv) argv = NULL;
  g_autoptr(TillTestRun) result = NULL;
  g_autoptr(GError) error = NULL;

  g_shell_parse_argv (command, NULL, &argv, &error);
  g_assert_no_error (error);
  result = till_test_run ((const char * const *) argv, NULL, dir->path);
  if (result->status != 0)
    g_test_message ("%s: %s", command, result->errors);
  g_assert_cmpint (result->status, ==, 0);

  return g_strdup (result->output);
}

/**
 * fixture_run:
 * @dir: where it runs
 * @format: of a command line
 *
 * Runs a program, which has to succeed.
 *
 * Returns: (transfer full): what it printed
 */
char *
fixture_run (TillTestDir *dir,
             const char  *format,
             ...)
{
  g_autofree char *command = NULL;
  va_list args;

  va_start (args, format);
  command = g_strdup_vprintf (format, args);
  va_end (args);

  return run (dir, command);
}

/**
 * fixture_make:
 * @dir: where it runs
 * @format: of a command line
 *
 * Runs a program, which has to succeed, for the files that it makes.
 */
void
fixture_make (TillTestDir *dir,
              const char  *format,
              ...)
{
  g_autofree char *command = NULL;
  g_autofree char *output = NULL;
  va_list args;

  va_start (args, format);
  command = g_strdup_vprintf (format, args);
  va_end (args);

  output = run (dir, command);
}

/**
 * fixture_load:
 * @dir: a folder
 * @name: of a file in it
 *
 * Returns: (transfer full): its bytes
 */
GBytes *
fixture_load (TillTestDir *dir,
              const char  *name)
{
  g_autofree char *path = till_test_dir_file (dir, name);
  g_autoptr(GError) error = NULL;
  char *data = NULL;
  gsize size;

  g_file_get_contents (path, &data, &size, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (data, size);
}

/**
 * fixture_field:
 * @output: lines of text
 * @label: what a line begins with
 *
 * Returns: (transfer full): the rest of that line, spaces around it taken away
 */
char *
fixture_field (const char *output,
               const char *label)
{
  g_auto(GStrv) lines = g_strsplit (output, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      const char *text = g_strchug (*line);

      if (g_str_has_prefix (text, label))
        return g_strstrip (g_strdup (text + strlen (label)));
    }

  g_test_message ("no line '%s' in: %s", label, output);
  g_assert_not_reached ();
}

/**
 * fixture_hex:
 * @bytes: any bytes
 *
 * Returns: (transfer full): lower-case hexadecimal
 */
char *
fixture_hex (GBytes *bytes)
{
  GString *text = g_string_new (NULL);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize i = 0; i < size; i++)
    g_string_append_printf (text, "%02x", data[i]);

  return g_string_free (text, FALSE);
}
