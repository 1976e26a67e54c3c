/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of --help, made from the command table; the manual page says the same. */
#include "config.h"

#include "till-cli-help.h"

#include <string.h>

#include "till-cli-parse.h"

#define OPTION_COLUMN 22

/* How far it reaches to the right. */
static gsize
get_width (const TillCliOption *option)
{
  return strlen ("  --") + strlen (option->name) + (option->argument != NULL ? 1 + strlen (option->argument) : 0);
}

static void
append_options (GString             *out,
                const TillCliOption *options)
{
  gsize column = OPTION_COLUMN;

  for (const TillCliOption *option = options; option->name != NULL; option++)
    column = MAX (column, get_width (option) + 2);

  for (; options->name != NULL; options++)
    {
      gsize start = out->len;

      g_string_append_printf (out, "  --%s", options->name);
      if (options->argument != NULL)
        g_string_append_printf (out, " %s", options->argument);

      while (out->len < start + column)
        g_string_append_c (out, ' ');

      g_string_append_printf (out, "%s\n", options->summary);
    }
}

/**
 * till_cli_append_name:
 * @out: where to append it
 * @command: (nullable): a command
 *
 * Appends a blank and the words that call a command; nothing for none.
 */
void
till_cli_append_name (GString              *out,
                      const TillCliCommand *command)
{
  if (command != NULL && command->group != NULL)
    g_string_append_printf (out, " %s", command->group);
  if (command != NULL)
    g_string_append_printf (out, " %s", command->name);
}

static void
append_commands (GString                      *out,
                 const TillCliCommand * const *commands)
{
  for (; *commands != NULL; commands++)
    g_string_append_printf (out, "  %-*s%s\n", OPTION_COLUMN - 2, (*commands)->name, (*commands)->summary);
}

/**
 * till_cli_append_usage:
 * @out: where to append it
 * @command: (nullable): the command, or %NULL for the program as a whole
 *
 * Appends the one line that says how a command is called.
 */
void
till_cli_append_usage (GString              *out,
                       const TillCliCommand *command)
{
  g_string_append (out, "Usage: " TILL_CLI_NAME " [--profile NAME] [--json] [--verbose]");
  till_cli_append_name (out, command);
  g_string_append_printf (out, "%s%s\n", command == NULL || *command->synopsis != '\0' ? " " : "",
                          command == NULL ? "COMMAND …" : command->synopsis);
}

/**
 * till_cli_append_help:
 * @out: where to append it
 * @commands: (array zero-terminated=1): the command table
 *
 * Appends the help on the program as a whole.
 */
void
till_cli_append_help (GString                      *out,
                      const TillCliCommand * const *commands)
{
  till_cli_append_usage (out, NULL);
  g_string_append (out, "\nLooks after what lets tills take payments, without a window.\n\nCommands:\n");

  append_commands (out, commands);
  g_string_append (out, "\nOptions, before or after the command:\n");
  append_options (out, till_cli_global_options);

  g_string_append (out,
                   "\nStandard output holds the result and nothing else; messages go to standard\n"
                   "error. Exit status: 0 done, 1 failed, 2 the command line is wrong.\n"
                   "\n“" TILL_CLI_NAME " COMMAND --help” says more about one command.\n");
}

/**
 * till_cli_append_command_help:
 * @out: where to append it
 * @command: a command of this program
 *
 * Appends the help on one command.
 */
void
till_cli_append_command_help (GString              *out,
                              const TillCliCommand *command)
{
  till_cli_append_usage (out, command);
  g_string_append_printf (out, "\n%s", command->help);

  if (command->commands != NULL)
    {
      g_string_append (out, "\nCommands:\n");
      append_commands (out, command->commands);
    }

  if (command->options != NULL)
    {
      g_string_append (out, "\nOptions:\n");
      append_options (out, command->options);
    }

  g_string_append (out, "\nOptions of every command:\n");
  append_options (out, till_cli_global_options);

  if (command->append_help != NULL)
    command->append_help (out);
}
