/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command `inspect`: what is in these files?
 *
 * It reaches GLib and the inspector only, so that it starts about as fast as
 * GnuTLS itself can be loaded (PERFORMANCE.md 1). */
#include "config.h"

#include "inspect.h"

#include <string.h>
#include <unistd.h>

#include "inspect-json.h"
#include "inspect-text.h"
#include "till-cli-output.h"
#include "till-cli-prompt.h"
#include "till-cli-report.h"
#include "till-clock.h"
#include "till-document.h"
#include "till-error.h"
#include "till-file.h"
#include "till-limits.h"

#define PROMPT_TRIES 3
#define PIECE_BYTES (64 * 1024)

/**
 * InspectRun:
 * @password: (nullable): from --password-fd
 * @typed: (nullable): the last one from the terminal that opened a file
 * @any_written: a text was written, so that the next one is set off from it
 * @failures: how many files could not be opened
 * @first_error: (nullable): why the first of them could not
 */
typedef struct
{
  const TillCli  *cli;
  gboolean        details;
  gboolean        may_prompt;
  gint64          now;

  TillSecret     *password;
  TillSecret     *typed;

  TillCliOutput   output;
  TillJsonWriter  writer;
  gboolean        any_written;

  guint           failures;
  GError         *first_error;
  const char     *first_failure;
} InspectRun;

/* What a person calls what was given as FILE. */
static const char *
get_shown_name (const char *file)
{
  return g_str_equal (file, "-") ? "standard input" : file;
}

static TillSecret *
read_input (const char  *file,
            GError     **error)
{
  if (g_str_equal (file, "-"))
    return till_file_read_fd (STDIN_FILENO, get_shown_name (file),
                              TILL_LIMIT_FILE_BYTES, TILL_LIMIT_PEM_BUNDLE_BYTES, error);

  return till_file_read (file, TILL_LIMIT_FILE_BYTES, TILL_LIMIT_PEM_BUNDLE_BYTES, error);
}

static TillDocument *
parse (const TillSecret  *data,
       const TillSecret  *password,
       GError           **error)
{
  TillCancel cancel = { 0 };
  TillInspectOptions options = { .password = password, .cancel = &cancel };
  gsize size = till_secret_get_size (data);

  /* The time limit of RELIABILITY.md G9 is for files that ask for much work with few bytes. A
   * large bundle honestly takes its time, so each further piece of some fifty certificates
   * brings as much, however busy or slow the machine is. */
  cancel.deadline = g_get_monotonic_time () +
                    (gint64) (1 + size / PIECE_BYTES) * TILL_LIMIT_INSPECT_SECONDS * G_USEC_PER_SEC;

  return till_document_parse (till_secret_get_data (data), size, &options, error);
}

/* A file that needs a password, and somebody to ask for it. */
static TillDocument *
parse_with_prompt (InspectRun        *run,
                   const char        *file,
                   const TillSecret  *data,
                   GError           **error)
{
  g_autoptr(GString) question = g_string_new ("Password for ");

  till_cli_append_safe (question, get_shown_name (file));
  g_string_append (question, ": ");

  if (run->typed != NULL)
    {
      g_autoptr(GError) local_error = NULL;
      TillDocument *document = parse (data, run->typed, &local_error);

      if (document != NULL)
        return document;

      if (!g_error_matches (local_error, TILL_ERROR, TILL_ERROR_WRONG_PASSWORD))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
    }

  for (int tries = 1; ; tries++)
    {
      g_autoptr(TillSecret) password = NULL;
      g_autoptr(GError) local_error = NULL;
      TillDocument *document;

      password = till_cli_prompt_password (question->str, error);
      if (password == NULL)
        return NULL;

      document = parse (data, password, &local_error);

      if (document != NULL)
        {
          g_clear_pointer (&run->typed, till_secret_unref);
          run->typed = g_steal_pointer (&password);
          return document;
        }

      if (tries == PROMPT_TRIES || !g_error_matches (local_error, TILL_ERROR, TILL_ERROR_WRONG_PASSWORD))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }

      till_cli_say ("%s: %s", get_shown_name (file), local_error->message);
    }
}

static TillDocument *
open_document (InspectRun  *run,
               const char  *file,
               GError     **error)
{
  g_autoptr(TillSecret) data = NULL;
  g_autoptr(GError) local_error = NULL;
  TillDocument *document;
  gint64 started = g_get_monotonic_time ();

  data = read_input (file, error);
  if (data == NULL)
    return NULL;

  document = parse (data, run->password, &local_error);

  if (document == NULL && run->may_prompt &&
      g_error_matches (local_error, TILL_ERROR, TILL_ERROR_PASSWORD_REQUIRED))
    {
      g_clear_error (&local_error);
      document = parse_with_prompt (run, file, data, &local_error);
    }

  if (run->cli->verbose)
    till_cli_say ("%s: %" G_GSIZE_FORMAT " bytes, done in %.1f ms%s",
                  get_shown_name (file), till_secret_get_size (data),
                  (g_get_monotonic_time () - started) / 1000.0,
                  till_secret_is_locked (data) ? "" : "; this memory may be swapped to disk");

  if (document == NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));

  return document;
}

static void
write_document (InspectRun         *run,
                const char         *file,
                const TillDocument *document)
{
  if (run->cli->json)
    {
      till_inspect_json_write (&run->writer, &run->output, file, document, run->now, run->details);
    }
  else
    {
      if (run->any_written)
        g_string_append_c (run->output.text, '\n');

      run->any_written = TRUE;
      till_inspect_text_write (&run->output, get_shown_name (file), document, run->now, run->details);
    }
}

/* One sentence that names the file once: messages on reading name it themselves. */
static void
report_failure (const char   *file,
                const GError *error)
{
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", get_shown_name (file));

  if (g_error_matches (error, TILL_ERROR, TILL_ERROR_PASSWORD_REQUIRED))
    till_cli_say ("%s: %s; “--password-fd” takes one", get_shown_name (file), error->message);
  else
    till_cli_report (FALSE, strstr (error->message, quoted) == NULL ? get_shown_name (file) : NULL, error);
}

static void
fail_file (InspectRun *run,
           const char *file,
           GError     *error)
{
  if (!run->cli->json)
    report_failure (file, error);
  else if (run->cli->n_arguments > 1)
    till_inspect_json_write_error (&run->writer, file, error);

  if (run->failures++ == 0)
    {
      run->first_error = error;
      run->first_failure = file;
    }
  else
    {
      g_error_free (error);
    }
}

static void
inspect_file (InspectRun *run,
              const char *file)
{
  g_autoptr(TillDocument) document = NULL;
  GError *error = NULL;

  document = open_document (run, file, &error);

  if (document != NULL)
    write_document (run, file, document);
  else
    fail_file (run, file, error);

  till_cli_output_drain (&run->output);
}

/* With --json, standard error holds one error object when the exit status is 1. */
static void
report_json_failure (InspectRun *run)
{
  g_autoptr(GError) error = g_error_copy (run->first_error);

  if (run->cli->n_arguments > 1)
    g_prefix_error (&error, "%u of %u files could not be opened; the first is “%s”: ",
                    run->failures, run->cli->n_arguments, run->first_failure);

  till_cli_report (TRUE, NULL, error);
}

static TillCliStatus
inspect_files (InspectRun *run)
{
  gboolean many = run->cli->n_arguments > 1;
  g_autoptr(GError) error = NULL;
  TillCliStatus status;

  till_cli_output_init (&run->output, STDOUT_FILENO);
  till_json_writer_init (&run->writer, run->output.text, isatty (STDOUT_FILENO));

  if (run->cli->json && many)
    till_json_writer_begin_array (&run->writer);

  for (guint i = 0; i < run->cli->n_arguments && run->output.failure == 0; i++)
    inspect_file (run, run->cli->arguments[i]);

  if (run->cli->json && many)
    till_json_writer_end_array (&run->writer);

  if (run->cli->json && run->output.text->len > 0)
    g_string_append_c (run->output.text, '\n');

  status = run->failures == 0 ? TILL_CLI_DONE : TILL_CLI_FAILED;

  if (!till_cli_output_finish (&run->output, &error))
    {
      till_cli_report (run->cli->json, NULL, error);
      status = TILL_CLI_FAILED;
    }
  else if (run->cli->json && run->failures > 0)
    {
      report_json_failure (run);
    }

  return status;
}

/* The number of a descriptor; -1 where it is not one. */
static int
parse_fd (const char *text)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT, &number, NULL))
    return -1;

  return number;
}

static gboolean
read_password (InspectRun  *run,
               int          fd,
               GError     **error)
{
  run->password = till_secret_read_fd (fd, TILL_LIMIT_PASSWORD_BYTES, error);

  return run->password != NULL;
}

/* Returns: (nullable): what is wrong with the command line */
static const char *
check_usage (const TillCli *cli,
             int           *password_fd)
{
  const char *text = till_cli_get_option (cli, "password-fd");
  guint from_stdin = 0;

  *password_fd = -1;

  if (cli->n_arguments == 0)
    return "a file is missing";

  for (guint i = 0; i < cli->n_arguments; i++)
    from_stdin += g_str_equal (cli->arguments[i], "-");

  if (from_stdin > 1)
    return "“-” can be given once only";

  if (text == NULL)
    return NULL;

  *password_fd = parse_fd (text);

  if (*password_fd < 0)
    return "the value of “--password-fd” is not the number of a file descriptor";

  if (*password_fd == STDIN_FILENO && from_stdin > 0)
    return "standard input can't be both the password and a file";

  return NULL;
}

static TillCliStatus
run_inspect (TillCli *cli)
{
  InspectRun run = { .cli = cli };
  g_autoptr(TillClock) clock = NULL;
  g_autoptr(GError) error = NULL;
  TillCliStatus status;
  const char *wrong;
  int password_fd;

  wrong = check_usage (cli, &password_fd);
  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  if (password_fd >= 0 && !read_password (&run, password_fd, &error))
    {
      till_cli_report (cli->json, NULL, error);
      return TILL_CLI_FAILED;
    }

  clock = till_clock_new_system ();
  run.now = till_clock_get_now (clock);
  run.details = till_cli_get_option (cli, "details") != NULL;
  run.may_prompt = password_fd < 0 && till_cli_can_prompt ();

  status = inspect_files (&run);

  g_clear_pointer (&run.password, till_secret_unref);
  g_clear_pointer (&run.typed, till_secret_unref);
  g_clear_error (&run.first_error);

  return status;
}

static const TillCliOption options[] = {
  { "password-fd", "N", "Read the password from file descriptor N, to its end" },
  { "details", NULL, "Also show extensions, key identifiers and addresses" },
  { NULL, NULL, NULL },
};

const TillCliCommand till_command_inspect = {
  .name = "inspect",
  .summary = "Say what certificate and key files hold",
  .synopsis = "[--password-fd N] [--details] FILE…",
  .help =
    "Says what is in certificate and key files: PEM and DER certificates, chains,\n"
    "requests and revocation lists, private and public keys, PKCS #7, and PKCS #12\n"
    "(.p12, .pfx). “-” is standard input. Files are only read; no service is asked\n"
    "and no profile is used.\n"
    "\n"
    "One file gives one JSON object with --json; several give an array in the order\n"
    "given, where a file that fails holds {\"file\", \"error\"}.\n"
    "\n"
    "The password is read once and tried on every file; one newline at its end is\n"
    "dropped. Without --password-fd it is asked for when a file needs one and\n"
    "standard input and standard error are a terminal. It is never an argument.\n",
  .options = options,
  .run = run_inspect,
};
