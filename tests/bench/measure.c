/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs one command and says what it cost. Small itself, because the kernel counts
 * what a parent has in memory towards the peak of its child.
 *
 *   measure COMMAND ARGUMENT…
 *
 * Prints "WALL CPU PEAK STATUS": microseconds, microseconds, KiB, exit status. The
 * command reads and writes /dev/null. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static long long
get_microseconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);

  return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static long long
to_microseconds (struct timeval time)
{
  return time.tv_sec * 1000000LL + time.tv_usec;
}

int
main (int    argc,
      char **argv)
{
  posix_spawn_file_actions_t actions;
  struct rusage usage;
  long long started;
  int status, error;
  pid_t pid;

  if (argc < 2)
    return 2;

  posix_spawn_file_actions_init (&actions);
  posix_spawn_file_actions_addopen (&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen (&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen (&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);

  started = get_microseconds ();
  error = posix_spawnp (&pid, argv[1], &actions, NULL, argv + 1, environ);

  if (error != 0)
    {
      fprintf (stderr, "measure: %s: %s\n", argv[1], strerror (error));
      return 1;
    }

  while (wait4 (pid, &status, 0, &usage) < 0)
    {
      if (errno != EINTR)
        return 1;
    }

  printf ("%lld %lld %ld %d\n", get_microseconds () - started,
          to_microseconds (usage.ru_utime) + to_microseconds (usage.ru_stime), usage.ru_maxrss,
          WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status));

  return 0;
}
