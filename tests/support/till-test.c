/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The small things that all suites share. */
#include "config.h"

#include "till-test.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* No ordinary mapping is as large. */
#define SHADOW_BYTES G_GUINT64_CONSTANT (0x1000000000)

static void
remove_tree (const char *path)
{
  struct stat st;

  if (lstat (path, &st) != 0)
    return;

  if (S_ISDIR (st.st_mode))
    {
      g_autoptr(GDir) dir = NULL;
      const char *name;

      (void) chmod (path, 0700);
      dir = g_dir_open (path, 0, NULL);
      while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *child = g_build_filename (path, name, NULL);

          remove_tree (child);
        }
    }

  if (g_remove (path) != 0)
    g_printerr ("cannot remove %s: %s\n", path, g_strerror (errno));
}

/**
 * till_test_dir_new:
 *
 * Returns: (transfer full): a new empty folder with mode 0700
 */
TillTestDir *
till_test_dir_new (void)
{
  g_autoptr(GError) error = NULL;
  TillTestDir *self = g_new0 (TillTestDir, 1);

  self->path = g_dir_make_tmp ("till-test-XXXXXX", &error);
  g_assert_no_error (error);

  return self;
}

/**
 * till_test_dir_free:
 * @self: (transfer full): a folder
 *
 * Removes it with all that is in it. Links are removed, not followed.
 */
void
till_test_dir_free (TillTestDir *self)
{
  remove_tree (self->path);
  g_free (self->path);
  g_free (self);
}

/**
 * till_test_dir_file:
 * @self: a folder
 * @name: a name in it
 *
 * Returns: (transfer full): the path; nothing is made
 */
char *
till_test_dir_file (TillTestDir *self,
                    const char  *name)
{
  return g_build_filename (self->path, name, NULL);
}

/**
 * till_test_dir_write:
 * @self: a folder
 * @name: a name in it
 * @data: what the file holds
 * @size: how much, -1 for a text
 *
 * Returns: (transfer full): the path of the new file
 */
char *
till_test_dir_write (TillTestDir *self,
                     const char  *name,
                     const void  *data,
                     gssize       size)
{
  char *path = till_test_dir_file (self, name);
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, data, size, &error);
  g_assert_no_error (error);

  return path;
}

/**
 * till_test_dir_count:
 * @self: a folder
 *
 * Returns: how many entries it has, hidden ones counted
 */
guint
till_test_dir_count (TillTestDir *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GDir) dir = g_dir_open (self->path, 0, &error);
  guint n = 0;

  g_assert_no_error (error);
  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

/**
 * till_test_run:
 * @argv: (array zero-terminated=1): program and arguments
 * @environment: (nullable) (array zero-terminated=1): its whole environment;
 *   %NULL for ours
 * @folder: (nullable): where it runs; %NULL for here
 *
 * Runs a program to its end with nothing on standard input.
 *
 * Returns: (transfer full): what came of it
 */
TillTestRun *
till_test_run (const char * const *argv,
               const char * const *environment,
               const char         *folder)
{
  TillTestRun *self = g_new0 (TillTestRun, 1);
  g_autoptr(GError) error = NULL;
  int wait_status = 0;

  g_spawn_sync (folder, (char **) argv, (char **) environment, G_SPAWN_SEARCH_PATH, NULL, NULL,
                &self->output, &self->errors, &wait_status, &error);
  g_assert_no_error (error);

  if (WIFSIGNALED (wait_status))
    {
      self->status = 128 + WTERMSIG (wait_status);
      self->dumped = WCOREDUMP (wait_status) != 0;
    }
  else
    {
      self->status = WEXITSTATUS (wait_status);
    }

  return self;
}

/**
 * till_test_run_free:
 * @self: (transfer full): a run
 */
void
till_test_run_free (TillTestRun *self)
{
  g_free (self->output);
  g_free (self->errors);
  g_free (self);
}

/**
 * till_test_built:
 * @first: the first part of a path below the build folder of the tests
 * @...: the other parts, ended by %NULL
 *
 * Returns: (transfer full): the path of something that the build made
 */
char *
till_test_built (const char *first,
                 ...)
{
  g_autoptr(GPtrArray) parts = g_ptr_array_new ();
  const char *part;
  va_list args;

  g_ptr_array_add (parts, (char *) g_test_get_dir (G_TEST_BUILT));
  g_ptr_array_add (parts, (char *) first);
  va_start (args, first);
  while ((part = va_arg (args, const char *)) != NULL)
    g_ptr_array_add (parts, (char *) part);
  va_end (args);
  g_ptr_array_add (parts, NULL);

  return g_build_filenamev ((char **) parts->pdata);
}

/* Counts in one mapping, read in steps that overlap by the needle. */
static guint
count_in_range (int          fd,
                guint64      start,
                guint64      end,
                const void  *needle,
                gsize        size,
                guint8      *buffer,
                gsize        buffer_size)
{
  guint n = 0;

  while (start + size <= end)
    {
      gsize step = MIN (buffer_size, end - start);
      ssize_t got = pread (fd, buffer, step, (off_t) start);
      const guint8 *p = buffer;

      if (got < (ssize_t) size)
        break;

      while ((p = memmem (p, (gsize) (buffer + got - p), needle, size)) != NULL)
        {
          n++;
          p += size;
        }

      if ((gsize) got == end - start)
        break;
      start += (guint64) got - (size - 1);
    }

  return n;
}

/**
 * till_test_count_in_memory:
 * @needle: bytes, at least 16, each of them inverted: so that the needle itself
 *   is not among the finds
 * @size: how many
 *
 * Scans all writable memory of this process (G1). It must be dumpable.
 *
 * Returns: how often the bytes are there
 */
guint
till_test_count_in_memory (const void *needle,
                           gsize       size)
{
  const gsize buffer_size = 1024 * 1024;
  g_autofree char *maps = NULL;
  g_auto(GStrv) lines = NULL;
  g_autoptr(GError) error = NULL;
  guint8 *plain;
  guint8 *buffer;
  guint n = 0;
  int fd;

  g_assert_cmpuint (size, >=, 16);

  fd = open ("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  g_assert_cmpint (fd, >=, 0);
  g_file_get_contents ("/proc/self/maps", &maps, NULL, &error);
  g_assert_no_error (error);

  /* Our own copies of what is looked for lie in one block that is left out. */
  buffer = g_malloc (buffer_size + size);
  plain = buffer + buffer_size;
  for (gsize i = 0; i < size; i++)
    plain[i] = (guint8) ~((const guint8 *) needle)[i];

  lines = g_strsplit (maps, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      guint64 own_start = (gsize) buffer;
      guint64 own_end = own_start + buffer_size + size;
      unsigned long start;
      unsigned long end;
      char mode[5];

      if (sscanf (lines[i], "%lx-%lx %4s", &start, &end, mode) != 3 || mode[0] != 'r' || mode[1] != 'w')
        continue;

      /* The shadow of a sanitizer: terabytes, and no copy of anything. */
      if (end - start > SHADOW_BYTES)
        continue;

      if (own_end <= start || own_start >= end)
        {
          n += count_in_range (fd, start, end, plain, size, buffer, buffer_size);
          continue;
        }

      n += count_in_range (fd, start, own_start, plain, size, buffer, buffer_size);
      n += count_in_range (fd, own_end, end, plain, size, buffer, buffer_size);
    }

  explicit_bzero (buffer, buffer_size + size);
  g_free (buffer);
  close (fd);

  return n;
}

/**
 * till_test_cpu_time:
 *
 * Returns: the processor time of this process so far in microseconds: what a limit of work is held
 *   against, so that a busy machine does not fail it
 */
gint64
till_test_cpu_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);

  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}
