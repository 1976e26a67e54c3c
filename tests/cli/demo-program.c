/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program that tillkeeperctl hands a command over to, for test-cli-parts: says how it was started. */
#include <signal.h>
#include <stdio.h>

int
main (int    argc,
      char **argv)
{
  struct sigaction action;

  for (int i = 0; i < argc; i++)
    printf ("[%s]", argv[i]);

  sigaction (SIGPIPE, NULL, &action);
  printf (" SIGPIPE %s\n", action.sa_handler == SIG_DFL ? "default" : "changed");

  return 0;
}
