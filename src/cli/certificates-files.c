/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `certificates watch` and `certificates forget`: files of this computer. */
#include "config.h"

#include "certificates.h"

#include "till-cli-items.h"
#include "till-cli-report.h"
#include "till-cli-values.h"

static gboolean
watch_file (TillCliSession  *session,
            GError         **error)
{
  const gboolean *watch = session->data;
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (session->cli->arguments[0]);
  g_autofree char *uri = g_file_get_uri (file);
  g_autoptr(TillItem) item = NULL;
  g_autoptr(GError) local_error = NULL;

  till_shop_watch_async (session->shop, file, *watch, session->cancellable, till_cli_session_done_cb, session);
  item = till_shop_watch_finish (session->shop, till_cli_session_wait (session), &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (item != NULL && session->cli->json)
    {
      till_cli_item_write (&session->writer, item);
    }
  else if (item != NULL)
    {
      till_cli_item_append (session->output.text, item, till_clock_get_now (session->clock));
    }
  else if (session->cli->json)
    {
      till_json_writer_begin_object (&session->writer);
      till_cli_write_text (&session->writer, "id", uri);
      till_cli_write_bool (&session->writer, "forgotten", TRUE);
      till_json_writer_end_object (&session->writer);
    }
  else
    {
      till_cli_say ("the file is no longer watched");
    }

  return TRUE;
}

static TillCliStatus
run (TillCli  *cli,
     gboolean  watch)
{
  const char *wrong = till_cli_check_arguments (cli, 1, "a file is missing");

  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_SHOP_WRITE, watch_file, &watch);
}

static TillCliStatus
run_watch (TillCli *cli)
{
  return run (cli, TRUE);
}

static TillCliStatus
run_forget (TillCli *cli)
{
  return run (cli, FALSE);
}

const TillCliCommand till_command_certificates_watch = {
  .name = "watch",
  .group = "certificates",
  .summary = "Keep an eye on a certificate file",
  .synopsis = "FILE",
  .help =
    "From now on a certificate file of this computer is listed and checked with all\n"
    "else that ends. The file is only read, each time anew.\n",
  .run = run_watch,
};

const TillCliCommand till_command_certificates_forget = {
  .name = "forget",
  .group = "certificates",
  .summary = "Stop watching a certificate file",
  .synopsis = "FILE",
  .help = "A file that was watched no longer is. The file itself stays as it is.\n",
  .run = run_forget,
};
