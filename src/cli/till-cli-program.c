/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hands a command over to a program of its own.
 *
 * Loading libsoup, SQLite and libsecret costs several times what inspecting a
 * file does (PERFORMANCE.md 1). So the commands that need them live in other
 * executables beside this one in libexecdir, and tillkeeperctl becomes that
 * executable when such a command is asked for. A second executable and not a
 * module that is opened: nothing of this process stays behind, and what the
 * dynamic loader finds is checked when it starts, not halfway. */
#include "config.h"

#include "till-cli-program.h"

#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "till-error.h"

/**
 * till_cli_program_find_dir:
 * @bindir: where an installed tillkeeperctl is
 * @libexecdir: where the programs of the installation are
 * @name: what follows "tillkeeperctl-" in the name of the file
 *
 * Says where the programs are that commands are handed over to. An installed
 * tillkeeperctl looks in @libexecdir and nowhere else. One that was built and
 * not installed has them beside itself; whoever could put another file there
 * could as well have put another tillkeeperctl there. Neither the current
 * folder nor the environment has a say.
 *
 * Returns: (transfer full): a folder
 */
char *
till_cli_program_find_dir (const char *bindir,
                           const char *libexecdir,
                           const char *name)
{
  char self[4096];
  gssize length = readlink ("/proc/self/exe", self, sizeof self);
  g_autofree char *directory = NULL;
  g_autofree char *path = NULL;
  struct stat own, other;

  if (length <= 0 || (gsize) length >= sizeof self)
    return g_strdup (libexecdir);

  self[length] = '\0';
  directory = g_path_get_dirname (self);
  path = g_strdup_printf ("%s/tillkeeperctl-%s", directory, name);

  if (g_str_equal (directory, bindir) || stat ("/proc/self/exe", &own) != 0 || lstat (path, &other) != 0 ||
      !S_ISREG (other.st_mode) || other.st_uid != own.st_uid || (other.st_mode & S_IWOTH) != 0)
    return g_strdup (libexecdir);

  return g_steal_pointer (&directory);
}

/**
 * till_cli_program_exec:
 * @directory: where the programs of the installation are (TILL_LIBEXECDIR)
 * @name: what follows "tillkeeperctl-" in the name of the file
 * @argv: (array zero-terminated=1): the whole command line, handed on as it is
 * @error: return location
 *
 * Becomes the program tillkeeperctl-@name. Returns only where that could not
 * be done, with @error set.
 */
void
till_cli_program_exec (const char  *directory,
                       const char  *name,
                       char       **argv,
                       GError     **error)
{
  g_autofree char *path = NULL;
  void (*pipe_action) (int);
  int saved_errno;

  g_return_if_fail (directory != NULL && name != NULL && argv != NULL);

  path = g_strdup_printf ("%s/tillkeeperctl-%s", directory, name);

  /* An ignored signal stays ignored across exec; the other program decides for itself. */
  pipe_action = signal (SIGPIPE, SIG_DFL);
  execv (path, argv);
  saved_errno = errno;
  signal (SIGPIPE, pipe_action);

  if (saved_errno == ENOENT || saved_errno == ENOTDIR)
    till_set_error (error, TILL_ERROR_INTERNAL, TILL_REASON_MISSING, path, NULL,
                    "the installation is incomplete: the program “%s” is missing", path);
  else
    till_set_error (error, TILL_ERROR_INTERNAL, TILL_REASON_IO, g_strerror (saved_errno), NULL,
                    "the program “%s” can't be started: %s", path, g_strerror (saved_errno));
}
