/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values that commands of tillkeeperctl-services take and give: secrets, numbers, times, members of JSON. */
#include "config.h"

#include "till-cli-values.h"

#include <string.h>
#include <unistd.h>

#include "till-cli-prompt.h"
#include "till-cli-report.h"
#include "till-error.h"
#include "till-limits.h"
#include "till-money.h"
#include "till-time.h"

/**
 * till_cli_check_arguments:
 * @cli: a command line
 * @wanted: how many arguments there have to be
 * @what: what is said where one is missing
 *
 * Returns: (transfer none) (nullable): what is wrong with the number of arguments
 */
const char *
till_cli_check_arguments (const TillCli *cli,
                          guint          wanted,
                          const char    *what)
{
  if (cli->n_arguments < wanted)
    return what;

  return cli->n_arguments > wanted ? "there are too many arguments" : NULL;
}

static int
parse_fd (const char *text)
{
  guint64 number;

  return g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT, &number, NULL) ? (int) number : -1;
}

/**
 * till_cli_check_fd:
 * @cli: a command line
 * @option: one of its options that takes the number of a file descriptor
 *
 * Returns: (transfer none) (nullable): what is wrong with it
 */
const char *
till_cli_check_fd (const TillCli *cli,
                   const char    *option)
{
  const char *text = till_cli_get_option (cli, option);

  if (text == NULL || parse_fd (text) >= 0)
    return NULL;

  return g_str_equal (option, "password-fd") ? "the value of “--password-fd” is not the number of a file descriptor"
                                             : "the value of “--secret-fd” is not the number of a file descriptor";
}

/**
 * till_cli_get_number:
 * @cli: a command line
 * @option: one of its options
 * @min: the smallest that makes sense
 * @max: the largest
 * @value: (out): the number; untouched where the option was not given
 *
 * Returns: whether it was not given, or is a number in that range
 */
gboolean
till_cli_get_number (const TillCli *cli,
                     const char    *option,
                     guint          min,
                     guint          max,
                     guint         *value)
{
  const char *text = till_cli_get_option (cli, option);
  guint64 number;

  if (text == NULL)
    return TRUE;

  if (!g_ascii_string_to_unsigned (text, 10, min, max, &number, NULL))
    return FALSE;

  *value = (guint) number;

  return TRUE;
}

/**
 * till_cli_has_secret:
 * @cli: a command line
 * @option: the option that names a file descriptor
 *
 * Returns: whether a secret can be had: from the descriptor or from a person
 */
gboolean
till_cli_has_secret (const TillCli *cli,
                     const char    *option)
{
  return till_cli_get_option (cli, option) != NULL || till_cli_can_prompt ();
}

/**
 * till_cli_read_secret:
 * @cli: a command line
 * @option: the option that names a file descriptor
 * @question: what to ask where it was not given
 * @error: return location
 *
 * Reads a secret from a descriptor to its end, one newline at its end
 * dropped, or asks for it.
 *
 * Returns: (transfer full) (nullable): the secret
 */
TillSecret *
till_cli_read_secret (const TillCli  *cli,
                      const char     *option,
                      const char     *question,
                      GError        **error)
{
  const char *text = till_cli_get_option (cli, option);
  g_autoptr(GString) safe = NULL;

  if (text != NULL)
    return till_secret_read_fd (parse_fd (text), TILL_LIMIT_PASSWORD_BYTES, error);

  safe = g_string_new (NULL);
  till_cli_append_safe (safe, question);

  return till_cli_prompt_password (safe->str, error);
}

/**
 * till_cli_write_text:
 * @writer: in an object
 * @member: name of the member
 * @value: (nullable): its text; null is written for none
 *
 * Writes a member.
 */
void
till_cli_write_text (TillJsonWriter *writer,
                     const char     *member,
                     const char     *value)
{
  till_json_writer_text (writer, member, value);
}

/**
 * till_cli_write_time:
 * @writer: in an object
 * @member: name of the member
 * @seconds: since 1970; %TILL_TIME_UNKNOWN gives null
 *
 * Writes a moment as ISO 8601 in UTC.
 */
void
till_cli_write_time (TillJsonWriter *writer,
                     const char     *member,
                     gint64          seconds)
{
  till_json_writer_time (writer, member, seconds);
}

/**
 * till_cli_write_bool:
 * @writer: in an object
 * @member: name of the member
 * @value: its value
 *
 * Writes a member.
 */
void
till_cli_write_bool (TillJsonWriter *writer,
                     const char     *member,
                     gboolean        value)
{
  till_json_writer_member (writer, member);
  till_json_writer_bool (writer, value);
}

/**
 * till_cli_write_int:
 * @writer: in an object
 * @member: name of the member
 * @value: its value
 *
 * Writes a member.
 */
void
till_cli_write_int (TillJsonWriter *writer,
                    const char     *member,
                    gint64          value)
{
  till_json_writer_member (writer, member);
  till_json_writer_int (writer, value);
}

/**
 * till_cli_write_tri:
 * @writer: in an object
 * @member: name of the member
 * @value: a boolean that a service may leave out; null is written then
 *
 * Writes a member.
 */
void
till_cli_write_tri (TillJsonWriter *writer,
                    const char     *member,
                    TillTri         value)
{
  till_json_writer_member (writer, member);
  if (value == TILL_TRI_UNKNOWN)
    till_json_writer_null (writer);
  else
    till_json_writer_bool (writer, value == TILL_TRI_TRUE);
}

static TillKey *
read_key (GBytes *spki)
{
  const guint8 *data;
  gsize size;

  if (spki == NULL)
    return NULL;

  data = g_bytes_get_data (spki, &size);

  return data != NULL ? till_key_new_public (data, size, NULL, NULL) : NULL;
}

/**
 * till_cli_write_key:
 * @writer: in an object
 * @member: name of the member
 * @spki: (nullable): DER SubjectPublicKeyInfo
 * @sha256: (nullable): its fingerprint, where nothing else is known
 *
 * Writes algorithm, bits and fingerprint of a public key; null where there is none.
 */
void
till_cli_write_key (TillJsonWriter *writer,
                    const char     *member,
                    GBytes         *spki,
                    const char     *sha256)
{
  g_autoptr(TillKey) key = read_key (spki);

  till_json_writer_member (writer, member);

  if (key == NULL && sha256 == NULL)
    {
      till_json_writer_null (writer);
      return;
    }

  till_json_writer_begin_object (writer);
  till_cli_write_text (writer, "algorithm", key != NULL ? key->algorithm : NULL);
  till_json_writer_member (writer, "bits");
  if (key != NULL)
    till_json_writer_int (writer, key->bits);
  else
    till_json_writer_null (writer);
  till_cli_write_text (writer, "sha256", key != NULL ? key->public_key_sha256 : sha256);
  till_json_writer_end_object (writer);
}

/**
 * till_cli_describe_key:
 * @spki: (nullable): DER SubjectPublicKeyInfo
 *
 * Returns: (transfer full): "RSA, 2048 bits", or that it is not known
 */
char *
till_cli_describe_key (GBytes *spki)
{
  g_autoptr(TillKey) key = read_key (spki);

  if (key == NULL)
    return g_strdup ("not known");

  return g_strdup_printf ("%s, %d bits", key->algorithm, key->bits);
}

/**
 * till_cli_format_time:
 * @seconds: since 1970, or %TILL_TIME_UNKNOWN
 *
 * Returns: (transfer full): for a person: "2026-11-22 14:30:00 UTC", or "–" where it is not known
 */
char *
till_cli_format_time (gint64 seconds)
{
  g_autofree char *text = NULL;
  char *mark;

  if (seconds == TILL_TIME_NEVER)
    return g_strdup ("no end");

  text = seconds != TILL_TIME_UNKNOWN ? till_time_format (seconds) : NULL;
  if (text == NULL)
    return g_strdup ("–");

  mark = strchr (text, 'T');
  if (mark == NULL || !g_str_has_suffix (text, "Z"))
    return g_steal_pointer (&text);

  *mark = ' ';
  text[strlen (text) - 1] = '\0';

  return g_strconcat (text, " UTC", NULL);
}

/**
 * till_cli_format_money:
 * @minor_units: an amount
 * @currency: its ISO 4217 code
 *
 * Returns: (transfer full): "25.00 USD"
 */
char *
till_cli_format_money (gint64      minor_units,
                       const char *currency)
{
  g_autofree char *amount = till_money_format (minor_units, currency);

  return g_strdup_printf ("%s %s", amount, currency);
}
