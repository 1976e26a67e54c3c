/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tillkeeperctl-services: the commands that tillkeeperctl hands over to it. */
#include "config.h"

#include "services.h"
#include "till-cli.h"
#include "till-process.h"

static const TillCliCommand * const commands[] = {
  &till_command_profile,
  &till_command_certificates,
  &till_command_keys,
  &till_command_credentials,
  &till_command_pair,
  &till_command_devices,
  &till_command_check,
  &till_command_pending,
  &till_command_log,
  &till_command_sandbox,
  NULL,
};

int
main (int    argc,
      char **argv)
{
  till_process_start (argc, argv);

  return till_cli_run (commands, TILL_LIBEXECDIR, argc, argv);
}
