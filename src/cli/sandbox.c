/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command `sandbox`: the five services, pretended on loopback until a signal (CLI.md). */
#include "config.h"

#include "sandbox.h"

#include "services.h"
#include "till-cli-report.h"
#include "till-cli-session.h"
#include "till-cli-values.h"
#include "till-sandbox.h"

/* Where a terminal is reached unless its settings say otherwise (API.md 5.1). */
#define TERMINAL_PORT 8443

typedef struct
{
  guint port;
  guint terminal_port;
} Request;

static void
write_code (TillJsonWriter      *writer,
            TillSandboxTerminal *terminal)
{
  till_cli_write_text (writer, "setupCode", till_sandbox_terminal_get_code (terminal));
  till_cli_write_time (writer, "expiresAt", till_sandbox_terminal_get_expires_at (terminal));
}

static void
write_terminal (TillJsonWriter        *writer,
                const TillSandboxInfo *info,
                TillSandboxTerminal   *terminal)
{
  till_json_writer_member (writer, "terminal");
  till_json_writer_begin_object (writer);
  till_cli_write_text (writer, "https", info->terminal_https);
  till_cli_write_text (writer, "wss", info->terminal_wss);
  till_cli_write_text (writer, "serial", info->terminal_serial);
  till_cli_write_text (writer, "rootCertificate", info->terminal_root_pem);
  till_cli_write_text (writer, "rootCertificateFile", info->terminal_root_file);
  write_code (writer, terminal);
  till_json_writer_end_object (writer);
}

static void
write_ready (TillCliSession        *session,
             const TillSandboxInfo *info,
             TillSandboxTerminal   *terminal)
{
  TillJsonWriter writer;

  till_json_writer_init (&writer, session->output.text, FALSE);
  till_json_writer_begin_object (&writer);
  till_cli_write_text (&writer, "event", "ready");
  till_cli_write_text (&writer, "hubUrl", info->hub_url);
  till_cli_write_text (&writer, "walletUrl", info->wallet_url);
  till_cli_write_text (&writer, "devicesUrl", info->devices_url);
  till_cli_write_text (&writer, "caFile", info->ca_file);

  till_json_writer_member (&writer, "hub");
  till_json_writer_begin_object (&writer);
  till_cli_write_text (&writer, "merchantId", info->hub_merchant);
  till_cli_write_text (&writer, "terminalId", info->hub_terminal);
  till_cli_write_text (&writer, "apiKey", info->hub_key);
  till_cli_write_text (&writer, "apiSecret", info->hub_secret);
  till_json_writer_end_object (&writer);

  till_json_writer_member (&writer, "wallet");
  till_json_writer_begin_object (&writer);
  till_cli_write_text (&writer, "user", info->wallet_user);
  till_cli_write_text (&writer, "secret", info->wallet_secret);
  till_json_writer_end_object (&writer);

  till_json_writer_member (&writer, "devices");
  till_json_writer_begin_object (&writer);
  till_cli_write_text (&writer, "organizationId", info->devices_organization);
  till_cli_write_text (&writer, "keyId", info->devices_key_id);
  till_cli_write_text (&writer, "sharedSecret", info->devices_secret);
  till_json_writer_end_object (&writer);

  write_terminal (&writer, info, terminal);
  till_json_writer_end_object (&writer);
  g_string_append_c (session->output.text, '\n');
  till_cli_session_flush (session);
}

static void
begin_event (TillCliSession *session,
             TillJsonWriter *writer,
             const char     *event)
{
  till_json_writer_init (writer, session->output.text, FALSE);
  till_json_writer_begin_object (writer);
  till_cli_write_text (writer, "event", event);
}

static void
end_event (TillCliSession *session,
           TillJsonWriter *writer)
{
  till_json_writer_end_object (writer);
  g_string_append_c (session->output.text, '\n');
  till_cli_session_flush (session);
}

static void
code_cb (TillSandboxTerminal *terminal,
         GParamSpec          *pspec,
         gpointer             user_data)
{
  TillCliSession *session = user_data;
  TillJsonWriter writer;

  if (till_sandbox_terminal_get_code (terminal) == NULL)
    return;

  begin_event (session, &writer, "terminal-code");
  write_code (&writer, terminal);
  end_event (session, &writer);
}

static void
wrong_code_cb (TillSandboxTerminal *terminal,
               const char          *from,
               guint                tries,
               gpointer             user_data)
{
  TillCliSession *session = user_data;
  TillJsonWriter writer;

  begin_event (session, &writer, "terminal-wrong-code");
  till_cli_write_text (&writer, "from", from);
  till_json_writer_member (&writer, "tries");
  till_json_writer_int (&writer, tries);
  till_json_writer_member (&writer, "withdrawn");
  till_json_writer_bool (&writer, till_sandbox_terminal_get_state (terminal) == TILL_TERMINAL_WITHDRAWN);
  end_event (session, &writer);
}

/* There is nobody to tap Close and Generate Code: it is done at once. */
static void
activated_cb (TillSandboxTerminal *terminal,
              gpointer             user_data)
{
  TillCliSession *session = user_data;
  const TillTerminalActivation *activation = till_sandbox_terminal_get_activation (terminal);
  TillJsonWriter writer;

  begin_event (session, &writer, "terminal-activated");
  till_cli_write_text (&writer, "posId", activation->pos_id);
  till_cli_write_text (&writer, "from", activation->from);
  till_cli_write_text (&writer, "serial", activation->serial);
  till_cli_write_time (&writer, "notAfter", activation->not_after);
  end_event (session, &writer);

  till_sandbox_terminal_generate (terminal);
}

static gboolean
prepare (TillSandbox    *sandbox,
         const TillCli  *cli,
         GError        **error)
{
  const char *value;

  for (guint i = 0; (value = till_cli_get_nth (cli, "assume", i)) != NULL; i++)
    {
      if (!till_sandbox_assume (sandbox, value, error))
        return FALSE;
    }

  for (guint i = 0; (value = till_cli_get_nth (cli, "fault", i)) != NULL; i++)
    {
      if (!till_sandbox_order_fault (sandbox, value, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
serve (TillCliSession  *session,
       GError         **error)
{
  const Request *request = session->data;
  const char *state = till_cli_get_option (session->cli, "state");
  g_autofree char *folder = state != NULL ? g_strdup (state) : g_build_filename (session->folder, "sandbox", NULL);
  g_autoptr(TillSandbox) sandbox = till_sandbox_new (folder, session->clock);

  TillSandboxTerminal *terminal = till_sandbox_get_terminal (sandbox);

  if (!prepare (sandbox, session->cli, error))
    return FALSE;

  till_sandbox_set_terminal_port (sandbox, (guint16) request->terminal_port);
  till_sandbox_start_async (sandbox, (guint16) request->port, session->cancellable, till_cli_session_done_cb, session);
  if (!till_sandbox_start_finish (sandbox, till_cli_session_wait (session), error))
    return FALSE;

  write_ready (session, till_sandbox_get_info (sandbox), terminal);
  g_signal_connect (terminal, "notify::code", G_CALLBACK (code_cb), session);
  g_signal_connect (terminal, "wrong-code", G_CALLBACK (wrong_code_cb), session);
  g_signal_connect (terminal, "activated", G_CALLBACK (activated_cb), session);

  /* Whoever started it may have gone: then there is nobody to serve either. */
  while (!g_cancellable_is_cancelled (session->cancellable) && session->output.failure == 0)
    g_main_context_iteration (NULL, TRUE);

  g_signal_handlers_disconnect_by_data (terminal, session);
  till_sandbox_stop (sandbox);

  return TRUE;
}

static TillCliStatus
run_sandbox (TillCli *cli)
{
  const char *wrong = till_cli_check_arguments (cli, 0, NULL);
  Request request = { .terminal_port = TERMINAL_PORT };

  if (wrong == NULL && !till_cli_get_number (cli, "port", 0, 65535, &request.port))
    wrong = "the value of “--port” is not a port number";
  if (wrong == NULL && !till_cli_get_number (cli, "terminal-port", 0, 65535, &request.terminal_port))
    wrong = "the value of “--terminal-port” is not a port number";
  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_NOTHING, serve, &request);
}

static void
append_choices (GString                     *out,
                const char                  *heading,
                const TillSandboxAssumption *choice)
{
  g_string_append_printf (out, "\n%s\n", heading);

  for (; choice->name != NULL; choice++)
    {
      g_string_append_printf (out, "  %s", choice->name);
      if (choice->values != NULL && choice->values[0] != NULL)
        {
          g_autofree char *values = g_strjoinv ("|", (char **) choice->values);

          g_string_append_printf (out, "=%s", values);
        }
      else if (choice->values == NULL)
        {
          g_string_append (out, "=VALUE");
        }
      g_string_append_printf (out, "\n      %s\n", choice->summary);
    }
}

/* The names that --assume and --fault take are the sandbox's own. */
static void
append_more_help (GString *out)
{
  append_choices (out, "Assumptions (--assume), the default first:", till_sandbox_get_assumptions ());
  append_choices (out, "Faults (--fault NAME[=VALUE][@PATH][*COUNT]):", till_sandbox_get_faults ());
}

static const TillCliOption options[] = {
  { "port", "P", "Listen on this port; any free one by default" },
  { "terminal-port", "P", "The terminal listens on this port; 8443 by default, any free one where it is taken" },
  { "state", "DIR", "Keep its state in DIR" },
  { "assume", "NAME=VALUE", "Settle what the documents leave open, see below" },
  { "fault", "FAULT", "Go wrong in this way, see below" },
  { NULL, NULL, NULL },
};

static const TillCliCommand * const sandbox_commands[] = { &till_command_sandbox_make_pass, NULL };

const TillCliCommand till_command_sandbox = {
  .name = "sandbox",
  .summary = TILL_SUMMARY_SANDBOX,
  .synopsis = "[OPTION…] | COMMAND …",
  .help =
    "Serves all five services on loopback over TLS, with a certificate authority of its\n"
    "own, until SIGINT or SIGTERM. One line of JSON says where, and with which names\n"
    "and secrets: those of a toy. Its state survives restarts.\n"
    "\n"
    "It plays a payment terminal too, to practise pairing with: the first line has its\n"
    "addresses, its serial number, its root certificate and the set-up code on its screen.\n"
    "A line follows for each new code, each wrong code and each activation.\n"
    "\n"
    "--assume and --fault may be given several times.\n",
  .options = options,
  .commands = sandbox_commands,
  .append_help = append_more_help,
  .run = run_sandbox,
};
