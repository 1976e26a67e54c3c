/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs one command of the table.
 *
 * The texts here are not translated and no locale is set: scripts and
 * monitors read them, and gettext with its catalogues would cost a program
 * that lives for three milliseconds a good part of its time. */
#include "config.h"

#include "till-cli.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "till-cli-help.h"
#include "till-cli-output.h"
#include "till-cli-parse.h"
#include "till-cli-program.h"
#include "till-cli-report.h"

/**
 * till_cli_get_option:
 * @self: a command line
 * @name: one of the options of its command, without the dashes
 *
 * Returns: (transfer none) (nullable): the value, "" for a switch; %NULL
 *   where it was not given
 */
const char *
till_cli_get_option (const TillCli *self,
                     const char    *name)
{
  for (guint i = 0; self->command->options[i].name != NULL; i++)
    {
      g_assert (i < TILL_CLI_MAX_OPTIONS);

      if (g_str_equal (self->command->options[i].name, name))
        return self->values[i];
    }

  g_return_val_if_reached (NULL);
}

/**
 * till_cli_get_nth:
 * @self: a command line
 * @name: one of the options of its command, without the dashes
 * @n: which one, counted from 0
 *
 * For options that may be given several times.
 *
 * Returns: (transfer none) (nullable): the value; %NULL where it was not given so often
 */
const char *
till_cli_get_nth (const TillCli *self,
                  const char    *name,
                  guint          n)
{
  for (guint i = 0; i < self->n_given; i++)
    {
      if (g_str_equal (self->command->options[self->given[i].option].name, name) && n-- == 0)
        return self->given[i].value;
    }

  return NULL;
}

/**
 * till_cli_refuse:
 * @self: a command line
 * @message: what is wrong with it; a sentence without a full stop
 *
 * Says on standard error that the command line can't be used, and how it is
 * meant to look.
 *
 * Returns: the exit status of the process
 */
TillCliStatus
till_cli_refuse (const TillCli *self,
                 const char    *message)
{
  g_autoptr(GString) usage = g_string_new (NULL);

  till_cli_append_usage (usage, self->command);
  g_string_append (usage, "Try “" TILL_CLI_NAME);
  till_cli_append_name (usage, self->command);
  g_string_append (usage, " --help”.\n");
  till_cli_say ("%s", message);
  till_cli_write_stderr (usage->str);

  return self->command != NULL && self->command->usage_status != 0 ? self->command->usage_status : TILL_CLI_USAGE;
}

static TillCliStatus
show_text (const TillCli                *cli,
           const TillCliCommand * const *commands)
{
  g_autoptr(GError) error = NULL;
  TillCliOutput output;

  till_cli_output_init (&output, STDOUT_FILENO);

  if (cli->version)
    g_string_append (output.text, TILL_CLI_NAME " " TILL_VERSION "\n");
  else if (cli->command != NULL)
    till_cli_append_command_help (output.text, cli->command);
  else
    till_cli_append_help (output.text, commands);

  if (till_cli_output_finish (&output, &error))
    return TILL_CLI_DONE;

  till_cli_report (FALSE, NULL, error);
  return TILL_CLI_FAILED;
}

static TillCliStatus
hand_over (const TillCli *cli,
           const char    *program_dir)
{
  g_autoptr(GError) error = NULL;
  gboolean json = cli->json;

  till_cli_program_exec (program_dir, cli->command->program, cli->argv, &error);

  /* What follows the command was left to that program, so look for --json there. */
  for (int i = 1; i < cli->argc && !g_str_equal (cli->argv[i], "--"); i++)
    json = json || g_str_equal (cli->argv[i], "--json");

  till_cli_report (json, cli->command->name, error);
  return TILL_CLI_FAILED;
}

/**
 * till_cli_run:
 * @commands: (array zero-terminated=1): the command table
 * @program_dir: where the programs that rows name are
 * @argc: as given to main()
 * @argv: as given to main()
 *
 * Runs what the command line asks for.
 *
 * Returns: the exit status of the process
 */
TillCliStatus
till_cli_run (const TillCliCommand * const  *commands,
              const char                    *program_dir,
              int                            argc,
              char                         **argv)
{
  g_autofree char *message = NULL;
  TillCliStatus status;
  TillCli cli;

  /* A reader that has gone is an error to report, not a silent end. */
  signal (SIGPIPE, SIG_IGN);

  if (!till_cli_parse (&cli, commands, argc, argv, &message))
    status = till_cli_refuse (&cli, message);
  else if (cli.command != NULL && cli.command->program != NULL)
    status = hand_over (&cli, program_dir);
  else if (cli.help || cli.version)
    status = show_text (&cli, commands);
  else
    status = cli.command->run (&cli);

  till_cli_clear (&cli);

  return status;
}
