/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `sandbox make-pass`: a look-alike of a pass certificate, to practise with. */
#include "config.h"

#include "sandbox.h"

#include <string.h>

#include "till-cli-report.h"
#include "till-cli-values.h"
#include "till-file.h"
#include "till-sandbox.h"

#define DAY G_GINT64_CONSTANT (86400)
#define USUAL_DAYS 365
#define MOST_DAYS 36500

typedef struct
{
  const char *pass_type;
  const char *team;
  guint       days;
} Request;

static void
write_made (TillCliSession *session,
            const Request  *request,
            gint64          ends)
{
  g_autofree char *text = till_cli_format_time (ends);

  if (!session->cli->json)
    {
      till_cli_say ("made a pass certificate to practise with; it ends %s", text);
      return;
    }

  till_json_writer_begin_object (&session->writer);
  till_cli_write_text (&session->writer, "file", session->cli->arguments[0]);
  till_cli_write_text (&session->writer, "baseName", request->pass_type);
  till_cli_write_text (&session->writer, "teamIdentifier", request->team);
  till_cli_write_time (&session->writer, "validityEnd", ends);
  till_json_writer_end_object (&session->writer);
}

static gboolean
make_pass (TillCliSession  *session,
           GError         **error)
{
  const Request *request = session->data;
  const TillCli *cli = session->cli;
  const char *state = till_cli_get_option (cli, "state");
  g_autofree char *folder = state != NULL ? g_strdup (state) : g_build_filename (session->folder, "practice", NULL);
  g_autoptr(TillSandbox) sandbox = till_sandbox_new (folder, session->clock);
  gint64 now = till_clock_get_now (session->clock);
  g_autoptr(TillSecret) password = NULL;
  g_autoptr(GBytes) file = NULL;

  password = till_cli_get_option (cli, "password-fd") != NULL
               ? till_cli_read_secret (cli, "password-fd", "", error)
               : till_cli_session_ask (session, "Password for the new file: ", error);
  if (password == NULL)
    return FALSE;

  if (memchr (till_secret_get_data (password), '\0', till_secret_get_size (password)) != NULL)
    {
      till_set_error (error, TILL_ERROR_WRONG_PASSWORD, TILL_REASON_NONE, NULL, NULL, "a password can't hold a NUL byte");
      return FALSE;
    }

  file = till_sandbox_make_pass_p12 (sandbox, request->pass_type, request->team, now - 60, now + request->days * DAY,
                                     till_cli_get_option (cli, "nfc") != NULL,
                                     (const char *) till_secret_get_data (password), error);
  if (file == NULL ||
      !till_file_write (cli->arguments[0], g_bytes_get_data (file, NULL), g_bytes_get_size (file), 0600, error))
    return FALSE;

  write_made (session, request, now + request->days * DAY);

  return TRUE;
}

static TillCliStatus
run_make_pass (TillCli *cli)
{
  const char *wrong = till_cli_check_arguments (cli, 1, "the file to write is missing");
  Request request = { .days = USUAL_DAYS };

  request.pass_type = till_cli_get_option (cli, "pass-type");
  request.team = till_cli_get_option (cli, "team");

  if (wrong == NULL && (request.pass_type == NULL || request.team == NULL))
    wrong = "“--pass-type” and “--team” are needed";
  if (wrong == NULL && !till_cli_get_number (cli, "days", 1, MOST_DAYS, &request.days))
    wrong = "the value of “--days” is not a number of days";
  if (wrong == NULL)
    wrong = till_cli_check_fd (cli, "password-fd");
  if (wrong == NULL && !till_cli_has_secret (cli, "password-fd"))
    wrong = "there is no terminal to ask on; “--password-fd” takes the password";
  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_NOTHING, make_pass, &request);
}

static const TillCliOption options[] = {
  { "pass-type", "ID", "Pass type, such as pass.com.example.shop.gift" },
  { "team", "ID", "Team, such as ABCDE12345" },
  { "days", "N", "How long it lasts; 365 days by default" },
  { "nfc", NULL, "With NFC" },
  { "password-fd", "N", "Read the password from file descriptor N, to its end" },
  { "state", "DIR", "Of the sandbox with its state in DIR, not Practice" },
  { NULL, NULL, NULL },
};

const TillCliCommand till_command_sandbox_make_pass = {
  .name = "make-pass",
  .group = "sandbox",
  .summary = "Make a pass certificate to practise with",
  .synopsis = "--pass-type ID --team ID [OPTION…] FILE",
  .help =
    "Makes a PKCS #12 file that looks like one of Apple's pass certificates, so that\n"
    "adding and renewing can be tried without an account. No phone trusts it.\n",
  .options = options,
  .run = run_make_pass,
};
