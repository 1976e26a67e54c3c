/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command `certificates`: what there is (CLI.md). What changes something is in certificates-change.c. */
#include "config.h"

#include "certificates.h"

#include <string.h>

#include "services.h"
#include "till-cli-items.h"
#include "till-cli-report.h"
#include "till-cli-values.h"

typedef struct
{
  guint           sources;
  TillWalletQuery query;
} ListRequest;

static gboolean
parse_source (const char *word,
              guint      *sources)
{
  static const struct
  {
    const char *word;
    guint       sources;
  } words[] = {
    { "wallet", TILL_SOURCE_WALLET },
    { "hub", TILL_SOURCE_HUB },
    { "files", TILL_SOURCE_FILES },
    { "all", TILL_SOURCE_CERTIFICATES },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (g_str_equal (words[i].word, word))
        {
          *sources = words[i].sources;
          return TRUE;
        }
    }

  return FALSE;
}

/* Returns: (nullable): what is wrong with the command line */
static const char *
check_list (const TillCli *cli,
            ListRequest   *request)
{
  const char *source = till_cli_get_option (cli, "source");
  const char *enabled = till_cli_get_option (cli, "enabled");

  request->sources = TILL_SOURCE_CERTIFICATES;
  request->query.enabled = TILL_TRI_UNKNOWN;
  request->query.vendor = till_cli_get_option (cli, "vendor");
  request->query.order = till_cli_get_option (cli, "order");
  request->query.direction = till_cli_get_option (cli, "direction");

  if (source != NULL && !parse_source (source, &request->sources))
    return "the value of “--source” is none of wallet, hub, files and all";

  if (enabled != NULL && !g_str_equal (enabled, "true") && !g_str_equal (enabled, "false"))
    return "the value of “--enabled” is neither true nor false";

  if (enabled != NULL)
    request->query.enabled = g_str_equal (enabled, "true") ? TILL_TRI_TRUE : TILL_TRI_FALSE;

  if (request->query.direction != NULL &&
      !g_str_equal (request->query.direction, "ASC") && !g_str_equal (request->query.direction, "DESC"))
    return "the value of “--direction” is neither ASC nor DESC";

  return till_cli_check_arguments (cli, 0, NULL);
}

static void
say_what_is_missing (const TillItemList *list)
{
  g_autofree char *seen = till_cli_format_time (list->seen_at);

  if (list->ignored != NULL)
    till_cli_say ("%s", list->ignored);
  if (list->error != NULL && list->items->len > 0 && list->seen_at != TILL_TIME_UNKNOWN)
    till_cli_say ("this is what was known at %s", seen);
}

static gboolean
list_certificates (TillCliSession  *session,
                   GError         **error)
{
  const ListRequest *request = session->data;
  g_autoptr(TillItemList) list = NULL;

  till_shop_list_async (session->shop, request->sources, &request->query, session->cancellable,
                        till_cli_session_done_cb, session);
  list = till_shop_list_finish (session->shop, till_cli_session_wait (session), error);
  if (list == NULL)
    return FALSE;

  if (session->cli->json)
    {
      till_json_writer_begin_array (&session->writer);
      for (guint i = 0; i < list->items->len; i++)
        {
          till_cli_item_write (&session->writer, g_ptr_array_index (list->items, i));
          /* A long list goes out in pieces; one that may yet be taken back does not. */
          if (list->error == NULL)
            till_cli_output_drain (&session->output);
        }
      till_json_writer_end_array (&session->writer);
    }
  else
    {
      till_cli_items_append (session->output.text, list->items, till_clock_get_now (session->clock));
      if (list->items->len == 0 && list->error == NULL)
        till_cli_say ("there are no certificates");
    }

  if (!session->cli->json)
    say_what_is_missing (list);

  if (list->error == NULL)
    return TRUE;

  /* What was last known is worth showing, and it is a failure all the same. */
  session->keep_output = list->items->len > 0;
  g_propagate_error (error, g_steal_pointer (&list->error));

  return FALSE;
}

static TillCliStatus
run_list (TillCli *cli)
{
  ListRequest request = { 0 };
  const char *wrong = check_list (cli, &request);

  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_SHOP_READ, list_certificates, &request);
}

static gboolean
show_certificate (TillCliSession  *session,
                  GError         **error)
{
  g_autoptr(TillItem) item = NULL;

  till_shop_show_async (session->shop, session->cli->arguments[0], session->cancellable,
                        till_cli_session_done_cb, session);
  item = till_shop_show_finish (session->shop, till_cli_session_wait (session), error);
  if (item == NULL)
    return FALSE;

  if (session->cli->json)
    till_cli_item_write (&session->writer, item);
  else
    till_cli_item_append (session->output.text, item, till_clock_get_now (session->clock));

  return TRUE;
}

static TillCliStatus
run_show (TillCli *cli)
{
  const char *wrong = till_cli_check_arguments (cli, 1, "the ID of a certificate is missing");

  if (wrong != NULL)
    return till_cli_refuse (cli, wrong);

  return till_cli_session_run (cli, TILL_CLI_NEED_SHOP_LOOK, show_certificate, NULL);
}

static const TillCliOption list_options[] = {
  { "source", "SOURCE", "Where from: wallet, hub, files or all (default)" },
  { "vendor", "VENDOR", "Of the wallet: only those of VENDOR, such as Apple" },
  { "enabled", "BOOL", "Of the wallet: only those that are on, or off" },
  { "order", "FIELD", "Of the wallet alone: order by FIELD" },
  { "direction", "DIRECTION", "Of the wallet alone: ASC or DESC" },
  { NULL, NULL, NULL },
};

static const TillCliCommand list_command = {
  .name = "list",
  .group = "certificates",
  .summary = "List certificates, soonest to act on first",
  .synopsis = "[OPTION…]",
  .help =
    "Lists the pass certificates at the wallet service, the client certificates that\n"
    "were uploaded to Commerce Hub from here, and the certificate files that are\n"
    "watched on this computer; what has to be acted on first comes first. With\n"
    "--json: an array; items of the wallet carry the service's own members, all\n"
    "items source, id, state, actBy and note.\n"
    "\n"
    "Where a service can't be asked, what was last known of it is shown, and the\n"
    "exit status is 1.\n",
  .options = list_options,
  .run = run_list,
};

static const TillCliCommand show_command = {
  .name = "show",
  .group = "certificates",
  .summary = "Show one certificate at the wallet service",
  .synopsis = "ID",
  .help = "Shows what the wallet service says of a certificate.\n",
  .run = run_show,
};

static const TillCliCommand * const certificates_commands[] = {
  &list_command,
  &show_command,
  &till_command_certificates_add,
  &till_command_certificates_replace,
  &till_command_certificates_update,
  &till_command_certificates_remove,
  &till_command_certificates_upload,
  &till_command_certificates_watch,
  &till_command_certificates_forget,
  NULL,
};

const TillCliCommand till_command_certificates = {
  .name = "certificates",
  .summary = TILL_SUMMARY_CERTIFICATES,
  .synopsis = "COMMAND …",
  .help =
    "Looks after pass certificates at the wallet service and client certificates of\n"
    "Commerce Hub.\n",
  .commands = certificates_commands,
};
