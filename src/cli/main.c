/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tillkeeperctl: the command table, and the start of the process. */
#include "config.h"

#include "inspect.h"
#include "till-cli.h"
#include "till-process.h"

/* A command that needs network, vault or database names a program instead of
 * a function, see till_cli_program_exec(). */
static const TillCliCommand * const commands[] = {
  &till_command_inspect,
  NULL,
};

int
main (int    argc,
      char **argv)
{
  till_process_start (argc, argv);

  return till_cli_run (commands, TILL_LIBEXECDIR, argc, argv);
}
