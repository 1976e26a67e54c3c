/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command table of tillkeeperctl, and one invocation of it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TILL_CLI_NAME "tillkeeperctl"
#define TILL_CLI_MAX_OPTIONS 16

/* Exit statuses (CLI.md, "Common ground"). */
typedef enum
{
  TILL_CLI_DONE = 0,
  TILL_CLI_FAILED = 1,
  TILL_CLI_USAGE = 2,
  TILL_CLI_UNKNOWN = 3,        /* `check` only, where 1 and 2 are what monitors expect */
} TillCliStatus;

/**
 * TillCliOption:
 * @name: without the dashes in front; always given in full
 * @argument: (nullable): placeholder of its value ("N"); NULL for a switch
 * @summary: one line of help
 *
 * Of an option that is given several times the last value counts, see also
 * till_cli_get_nth().
 */
typedef struct
{
  const char *name;
  const char *argument;
  const char *summary;
} TillCliOption;

typedef struct _TillCli TillCli;
typedef struct _TillCliCommand TillCliCommand;

/**
 * TillCliCommand:
 * @name: the word on the command line
 * @summary: one line for the list of commands
 * @synopsis: what follows the name
 * @help: whole paragraphs, lines of at most 78 columns
 * @options: (nullable): its own options, ended by one without a name
 * @run: (nullable): does the work; NULL where @program does
 * @program: (nullable): the separate program in libexecdir that does the work,
 *   see till_cli_program_exec()
 * @commands: (nullable) (array zero-terminated=1): sub-commands; @run is what is done without one
 * @group: (nullable): of a sub-command: the name of the command it belongs to
 * @append_help: (nullable): appends to the end of --help what only the program knows
 * @usage_status: exit status of a wrong command line; 0 for %TILL_CLI_USAGE
 *
 * One row of the command table.
 */
struct _TillCliCommand
{
  const char           *name;
  const char           *summary;
  const char           *synopsis;
  const char           *help;
  const TillCliOption  *options;
  TillCliStatus       (*run) (TillCli *cli);
  const char           *program;
  const TillCliCommand * const *commands;
  const char           *group;
  void                (*append_help) (GString *out);
  TillCliStatus         usage_status;
};

/**
 * TillCliGiven:
 * @option: index into the options of the command
 * @value: "" for a switch
 */
typedef struct
{
  guint       option;
  const char *value;
} TillCliGiven;

/**
 * TillCli:
 * @argc: as given to main()
 * @argv: as given to main()
 * @json: --json was given
 * @verbose: --verbose was given
 * @profile: (nullable): the NAME of --profile; commands that ask no service have no use for it
 * @command: (nullable): the row of the table that was asked for: of a sub-command where one was given
 * @values: (nullable elements): a value for each option of @command; "" for a switch that was given
 * @arguments: what is neither option nor command name, in order
 * @n_arguments: how many
 * @given: (array length=n_given): each option of @command with its value, in the order on the command line
 *
 * The command line, taken apart. All strings belong to @argv.
 */
struct _TillCli
{
  int                    argc;
  char                 **argv;
  gboolean               json;
  gboolean               verbose;
  gboolean               help;
  gboolean               version;
  const char            *profile;
  const TillCliCommand  *command;
  const char            *values[TILL_CLI_MAX_OPTIONS];
  const char           **arguments;
  guint                  n_arguments;
  TillCliGiven          *given;
  guint                  n_given;
};

TillCliStatus  till_cli_run        (const TillCliCommand * const *commands,
                                    const char                   *program_dir,
                                    int                           argc,
                                    char                        **argv);
const char    *till_cli_get_option (const TillCli                *self,
                                    const char                   *name);
const char    *till_cli_get_nth    (const TillCli                *self,
                                    const char                   *name,
                                    guint                         n);
TillCliStatus  till_cli_refuse     (const TillCli                *self,
                                    const char                   *message);

G_END_DECLS
