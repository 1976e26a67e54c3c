/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tillkeeperctl: the command table, and the start of the process. */
#include "config.h"

#include "inspect.h"
#include "services.h"
#include "till-cli-program.h"
#include "till-cli.h"
#include "till-process.h"

#define HANDED_OVER(word, text) \
  &(const TillCliCommand) { .name = word, .summary = text, .synopsis = "…", .program = TILL_CLI_SERVICES }

/* A command that needs network, vault or database names a program instead of
 * a function, see till_cli_program_exec(). */
static const TillCliCommand * const commands[] = {
  &till_command_inspect,
  HANDED_OVER ("profile", TILL_SUMMARY_PROFILE),
  HANDED_OVER ("certificates", TILL_SUMMARY_CERTIFICATES),
  HANDED_OVER ("keys", TILL_SUMMARY_KEYS),
  HANDED_OVER ("credentials", TILL_SUMMARY_CREDENTIALS),
  HANDED_OVER ("pair", TILL_SUMMARY_PAIR),
  HANDED_OVER ("devices", TILL_SUMMARY_DEVICES),
  HANDED_OVER ("check", TILL_SUMMARY_CHECK),
  HANDED_OVER ("pending", TILL_SUMMARY_PENDING),
  HANDED_OVER ("log", TILL_SUMMARY_LOG),
  HANDED_OVER ("sandbox", TILL_SUMMARY_SANDBOX),
  NULL,
};

int
main (int    argc,
      char **argv)
{
  g_autofree char *directory = NULL;

  till_process_start (argc, argv);
  directory = till_cli_program_find_dir (TILL_BINDIR, TILL_LIBEXECDIR, TILL_CLI_SERVICES);

  return till_cli_run (commands, directory, argc, argv);
}
