/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command `check`: everything that ends, for a monitor (CLI.md). */
#include "config.h"

#include "check.h"

#include "services.h"
#include "till-cli-report.h"
#include "till-cli-values.h"

#define MAX_DAYS 36500

typedef enum
{
  FORMAT_TEXT,
  FORMAT_JSON,
  FORMAT_PROMETHEUS,
  FORMAT_ICS,
} Format;

static const char * const format_words[] = { "text", "json", "prometheus", "ics" };

typedef struct
{
  Format format;
  guint  warning;
  guint  critical;
} Request;

static void
write_report (TillCliSession        *session,
              Format                 format,
              const TillCheckReport *report)
{
  GString *out = session->output.text;

  switch (format)
    {
    case FORMAT_JSON:
      till_check_write_json (&session->writer, report);
      if (!session->cli->json)
        g_string_append_c (out, '\n');
      break;

    case FORMAT_PROMETHEUS:
      till_check_append_prometheus (out, report);
      break;

    case FORMAT_ICS:
      till_check_append_calendar (out, report);
      break;

    case FORMAT_TEXT:
    default:
      till_check_append_text (out, report);
      break;
    }
}

static gboolean
list_all (TillCliSession  *session,
          TillItemList   **list,
          GError         **error)
{
  if (!till_cli_session_open (session, session->cli->profile, TILL_CLI_NEED_SHOP_LOOK, error))
    return FALSE;

  till_shop_list_async (session->shop, TILL_SOURCE_ALL, NULL, session->cancellable, till_cli_session_done_cb, session);
  *list = till_shop_list_finish (session->shop, till_cli_session_wait (session), error);

  return *list != NULL;
}

static gboolean
check (TillCliSession  *session,
       GError         **error)
{
  const Request *request = session->data;
  g_autoptr(TillItemList) list = NULL;
  TillCheckReport report = { 0 };
  const TillProfile *profile;

  if (!list_all (session, &list, error))
    {
      /* What a monitor shows is the line on standard output. */
      if (request->format == FORMAT_TEXT)
        {
          g_string_append (session->output.text, "UNKNOWN - ");
          till_cli_append_safe (session->output.text, (*error)->message);
          g_string_append_c (session->output.text, '\n');
          session->keep_output = TRUE;
        }
      return FALSE;
    }

  profile = till_shop_get_profile (session->shop);
  report.list = list;
  report.profile = profile->name;
  report.environment = till_environment_to_word (profile->environment);
  report.now = till_clock_get_now (session->clock);
  report.warning = request->warning;
  report.critical = request->critical;
  till_check_grade (&report);
  write_report (session, request->format, &report);
  g_array_unref (report.grades);

  if (list->ignored != NULL)
    till_cli_say ("%s", list->ignored);
  if (list->error != NULL && !session->cli->json)
    till_cli_say ("%s", list->error->message);

  session->status = (TillCliStatus) report.grade;

  return TRUE;
}

/* Returns: (nullable): what is wrong with the command line */
static const char *
parse (const TillCli *cli,
       Request       *request)
{
  const char *format = till_cli_get_option (cli, "format");

  request->format = cli->json ? FORMAT_JSON : FORMAT_TEXT;

  if (format != NULL)
    {
      request->format = G_N_ELEMENTS (format_words);
      for (gsize i = 0; i < G_N_ELEMENTS (format_words); i++)
        {
          if (g_str_equal (format, format_words[i]))
            request->format = i;
        }
    }

  if (request->format == G_N_ELEMENTS (format_words))
    return "the value of “--format” is none of text, json, prometheus and ics";
  if (cli->json && request->format != FORMAT_JSON)
    return "“--json” goes with “--format json” only";
  if (!till_cli_get_number (cli, "warning", 0, MAX_DAYS, &request->warning))
    return "the value of “--warning” is not a number of days";
  if (!till_cli_get_number (cli, "critical", 0, MAX_DAYS, &request->critical))
    return "the value of “--critical” is not a number of days";
  if (request->critical > request->warning)
    return "“--critical” can't be more days than “--warning”";

  return till_cli_check_arguments (cli, 0, NULL);
}

static TillCliStatus
run_check (TillCli *cli)
{
  Request request = { .warning = 30, .critical = 7 };
  const char *wrong = parse (cli, &request);

  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_NOTHING, check, &request);
}

static const TillCliOption options[] = {
  { "format", "FORMAT", "text (default), json, prometheus or ics" },
  { "warning", "DAYS", "A warning so many days before; 30 by default" },
  { "critical", "DAYS", "Critical so many days before; 7 by default" },
  { NULL, NULL, NULL },
};

const TillCliCommand till_command_check = {
  .name = "check",
  .summary = TILL_SUMMARY_CHECK,
  .synopsis = "[OPTION…]",
  .help =
    "Looks at everything that ends: certificates at the wallet service, at Commerce Hub\n"
    "and on this computer, encryption keys, identities of devices. Those that are\n"
    "switched off or replaced count for nothing.\n"
    "\n"
    "text is one line in the convention of monitoring plugins, with the days left as\n"
    "performance data; prometheus is its text format; ics is a calendar with reminders.\n"
    "\n"
    "--warning and --critical are for certificates and devices. Encryption keys follow\n"
    "the rule of their service: a warning 72 hours before the end, critical 48 hours\n"
    "before, when the next one is due, and where no key is usable.\n"
    "\n"
    "Exit status: 0 ok; 1 warning; 2 critical: something has ended or is due now;\n"
    "3 unknown: a service could not be asked, or the command line is wrong.\n",
  .options = options,
  .run = run_check,
  .usage_status = TILL_CLI_UNKNOWN,
};
