/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes to standard error, and text made safe for a terminal. */
#include "config.h"

#include "till-cli-report.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "till-cli.h"
#include "till-error.h"
#include "till-escape.h"
#include "till-json-writer.h"

/**
 * till_cli_append_safe:
 * @out: where to append it
 * @text: text that may come from a file or a service, of any bytes
 *
 * Appends @text so that it can't steer the terminal it is shown on, see
 * till_escape().
 */
void
till_cli_append_safe (GString    *out,
                      const char *text)
{
  g_autofree char *escaped = NULL;
  const char *p = text;

  while (*p >= 0x20 && *p < 0x7f)
    p++;

  if (*p == '\0')
    {
      g_string_append_len (out, text, p - text);
      return;
    }

  escaped = till_escape (text, -1, G_MAXSIZE);
  g_string_append (out, escaped);
}

/**
 * till_cli_write_stderr:
 * @text: UTF-8
 *
 * Writes @text to standard error in one piece. A failure is not reported:
 * there is nowhere left to report it.
 */
void
till_cli_write_stderr (const char *text)
{
  gsize left = strlen (text);

  while (left > 0)
    {
      gssize written = write (STDERR_FILENO, text, left);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return;

      text += written;
      left -= written;
    }
}

/**
 * till_cli_say:
 * @format: a sentence without a full stop
 *
 * Says one thing on standard error, in a line that begins with the name of
 * the program. What the arguments bring along is made safe for a terminal.
 */
void
till_cli_say (const char *format,
              ...)
{
  g_autofree char *sentence = NULL;
  g_autoptr(GString) line = g_string_new (TILL_CLI_NAME ": ");
  va_list args;

  va_start (args, format);
  sentence = g_strdup_vprintf (format, args);
  va_end (args);

  till_cli_append_safe (line, sentence);
  g_string_append_c (line, '\n');
  till_cli_write_stderr (line->str);
}

/**
 * till_cli_error_word:
 * @error: an error of any domain
 *
 * Returns: (transfer none): its stable code word (CLI.md)
 */
const char *
till_cli_error_word (const GError *error)
{
  return till_error_code_to_word (error->domain == TILL_ERROR ? error->code : TILL_ERROR_INTERNAL);
}

/**
 * till_cli_write_error:
 * @writer: where an object may stand
 * @error: what happened
 *
 * Writes the error object of CLI.md, with what a service said where one did.
 */
void
till_cli_write_error (TillJsonWriter *writer,
                      const GError   *error)
{
  int status = till_error_get_http_status (error);
  const char *trace_id = till_error_get_trace_id (error);

  till_json_writer_begin_object (writer);
  till_json_writer_member (writer, "code");
  till_json_writer_string (writer, till_cli_error_word (error));
  till_json_writer_member (writer, "message");
  till_json_writer_string (writer, error->message);

  if (status != 0)
    {
      till_json_writer_member (writer, "httpStatus");
      till_json_writer_int (writer, status);
    }

  if (trace_id != NULL)
    {
      till_json_writer_member (writer, "traceId");
      till_json_writer_string (writer, trace_id);
    }

  till_json_writer_end_object (writer);
}

/**
 * till_cli_report:
 * @json: whether --json was given
 * @subject: (nullable): what it is about, such as the name of a file
 * @error: what happened
 *
 * Reports the failure of a command on standard error: one sentence, or with
 * @json the error object of CLI.md in one line.
 */
void
till_cli_report (gboolean      json,
                 const char   *subject,
                 const GError *error)
{
  g_autoptr(GString) line = NULL;
  TillJsonWriter writer;

  if (!json)
    {
      if (subject != NULL)
        till_cli_say ("%s: %s", subject, error->message);
      else
        till_cli_say ("%s", error->message);
      return;
    }

  line = g_string_new (NULL);
  till_json_writer_init (&writer, line, FALSE);
  till_json_writer_begin_object (&writer);
  till_json_writer_member (&writer, "error");
  till_cli_write_error (&writer, error);
  till_json_writer_end_object (&writer);
  g_string_append_c (line, '\n');
  till_cli_write_stderr (line->str);
}
