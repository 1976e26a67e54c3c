/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `profile test`: a harmless call to each service (CLI.md). */
#include "config.h"

#include "profile.h"

#include "till-cli-report.h"
#include "till-cli-session.h"
#include "till-cli-table.h"
#include "till-cli-values.h"

static void
write_probe (TillJsonWriter      *writer,
             const TillShopProbe *probe)
{
  till_json_writer_begin_object (writer);
  till_cli_write_text (writer, "service", probe->service);
  till_cli_write_bool (writer, "configured", probe->configured);
  till_cli_write_bool (writer, "works", probe->configured && probe->error == NULL);
  till_cli_write_int (writer, "milliseconds", probe->milliseconds);
  till_cli_write_time (writer, "certificateNotAfter",
                       probe->certificate_not_after != 0 ? probe->certificate_not_after : TILL_TIME_UNKNOWN);
  till_json_writer_member (writer, "clockSkew");
  if (probe->skew != G_MININT64)
    till_json_writer_int (writer, probe->skew);
  else
    till_json_writer_null (writer);
  till_json_writer_member (writer, "error");
  if (probe->error != NULL)
    till_cli_write_error (writer, probe->error);
  else
    till_json_writer_null (writer);
  till_json_writer_end_object (writer);
}

static void
add_row (TillCliTable        *table,
         const TillShopProbe *probe)
{
  g_autofree char *took = g_strdup_printf ("%" G_GINT64_FORMAT " ms", probe->milliseconds);
  g_autofree char *skew = NULL;

  if (probe->skew != G_MININT64)
    skew = g_strdup_printf ("%+" G_GINT64_FORMAT " s", probe->skew);

  till_cli_table_add (table, probe->service);
  till_cli_table_add (table, !probe->configured ? "not set up" : probe->error == NULL ? "works" : "does not work");
  till_cli_table_add (table, probe->configured && probe->error == NULL ? took : NULL);
  till_cli_table_add (table, skew);
  till_cli_table_add (table, probe->error != NULL ? probe->error->message : NULL);
}

static gboolean
test_services (TillCliSession  *session,
               GError         **error)
{
  g_autoptr(TillCliTable) table = till_cli_table_new ("SERVICE", "STATE", "TOOK", "CLOCK", "WHY", NULL);
  g_autoptr(GPtrArray) probes = NULL;
  const GError *first = NULL;

  till_shop_test_async (session->shop, session->cancellable, till_cli_session_done_cb, session);
  probes = till_shop_test_finish (session->shop, till_cli_session_wait (session), error);
  if (probes == NULL)
    return FALSE;

  if (session->cli->json)
    till_json_writer_begin_array (&session->writer);

  for (guint i = 0; i < probes->len; i++)
    {
      const TillShopProbe *probe = g_ptr_array_index (probes, i);

      if (session->cli->json)
        write_probe (&session->writer, probe);
      else
        add_row (table, probe);

      if (first == NULL && probe->configured)
        first = probe->error;
    }

  if (session->cli->json)
    till_json_writer_end_array (&session->writer);
  else
    till_cli_table_append (table, session->output.text);

  if (first == NULL)
    return TRUE;

  session->keep_output = TRUE;
  g_propagate_error (error, g_error_copy (first));

  return FALSE;
}

static TillCliStatus
run_test (TillCli *cli)
{
  const char *wrong = till_profile_check_name (cli);

  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run_for (cli, cli->arguments[0], TILL_CLI_NEED_SHOP_LOOK, test_services, NULL);
}

const TillCliCommand till_command_profile_test = {
  .name = "test",
  .group = "profile",
  .summary = "Ask each service of a profile whether it works",
  .synopsis = "NAME",
  .help =
    "Makes a harmless call to each service that is set up: do address, certificate,\n"
    "name and secret count, and do the clocks agree? The exit status is 1 where one\n"
    "does not work.\n",
  .run = run_test,
};
