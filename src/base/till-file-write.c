/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Atomic private writing of files. */
#include "config.h"

#include "till-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "till-error.h"

/* How many names are tried for the temporary file. */
#define MAX_NAMES 100

static void
set_errno (GError     **error,
           const char  *shown,
           int          errsv)
{
  switch (errsv)
    {
    case ENOSPC:
    case EDQUOT:
      till_set_error (error, TILL_ERROR_UNREADABLE, TILL_REASON_NO_SPACE, NULL, NULL,
                      "cannot write \"%s\": the disk is full; nothing was changed", shown);
      break;

    case EACCES:
    case EPERM:
    case EROFS:
      till_set_error (error, TILL_ERROR_UNREADABLE, TILL_REASON_NO_PERMISSION, NULL, NULL,
                      "no permission to write \"%s\"; nothing was changed", shown);
      break;

    case ENOENT:
    case ENOTDIR:
      till_set_error (error, TILL_ERROR_UNREADABLE, TILL_REASON_MISSING, NULL, NULL,
                      "cannot write \"%s\": there is no such folder", shown);
      break;

    case ELOOP:
      till_set_error (error, TILL_ERROR_UNREADABLE, TILL_REASON_SYMLINK_LOOP, NULL, NULL,
                      "cannot write \"%s\": a link on the way leads round in a circle", shown);
      break;

    default:
      till_set_error (error, TILL_ERROR_UNREADABLE, TILL_REASON_IO, g_strerror (errsv), NULL,
                      "cannot write \"%s\": %s; nothing was changed", shown, g_strerror (errsv));
      break;
    }
}

/* Only a regular file, or nothing, may stand where the new file goes: a link
 * is not followed and not replaced either. */
static gboolean
check_target (int          dir_fd,
              const char  *base,
              const char  *shown,
              GError     **error)
{
  const char *what;
  struct stat st;

  if (fstatat (dir_fd, base, &st, AT_SYMLINK_NOFOLLOW) != 0)
    {
      if (errno == ENOENT)
        return TRUE;

      set_errno (error, shown, errno);
      return FALSE;
    }

  if (S_ISREG (st.st_mode))
    return TRUE;

  what = S_ISLNK (st.st_mode) ? "a symbolic link" : S_ISDIR (st.st_mode) ? "a directory" : "not a regular file";
  till_set_error (error, TILL_ERROR_UNREADABLE, TILL_REASON_NOT_REGULAR, what, NULL,
                  "cannot write \"%s\": it is %s; nothing was changed", shown, what);
  return FALSE;
}

/* Makes the temporary file, readable by nobody else from its first moment. */
static int
open_temporary (int    dir_fd,
                char  *name,
                gsize  name_size)
{
  int fd = -1;

  for (guint i = 0; i < MAX_NAMES; i++)
    {
      g_snprintf (name, name_size, ".tillkeeper-%08x%08x.tmp", g_random_int (), g_random_int ());
      fd = openat (dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, 0600);
      if (fd >= 0 || (errno != EEXIST && errno != EINTR))
        break;
    }

  return fd;
}

/* Sets the mode whatever the umask. A file system without modes (a stick) may
 * keep a public file, but not a private one. */
static gboolean
set_mode (int fd,
          int mode)
{
  struct stat st;

  if (fchmod (fd, (mode_t) mode) != 0 || fstat (fd, &st) != 0)
    return FALSE;

  if ((mode & 0077) == 0 && (st.st_mode & 0066) != 0)
    {
      errno = EPERM;
      return FALSE;
    }

  return TRUE;
}

static gboolean
write_all (int           fd,
           const guint8 *data,
           gsize         size)
{
  while (size > 0)
    {
      ssize_t done = write (fd, data, size);

      if (done < 0 && errno == EINTR)
        continue;
      if (done <= 0)
        {
          if (done == 0)
            errno = EIO;
          return FALSE;
        }

      data += done;
      size -= (gsize) done;
    }

  return TRUE;
}

static gboolean
sync_fd (int fd)
{
  int result;

  do
    result = fsync (fd);
  while (result != 0 && errno == EINTR);

  /* What a file system says that has nothing to sync. */
  return result == 0 || errno == EINVAL || errno == ENOTSUP || errno == ENOSYS;
}

static gboolean
write_in_directory (int          dir_fd,
                    const char  *base,
                    const char  *shown,
                    const void  *data,
                    gsize        size,
                    int          mode,
                    GError     **error)
{
  char temporary[64];
  int errsv = 0;
  int fd;

  if (!check_target (dir_fd, base, shown, error))
    return FALSE;

  fd = open_temporary (dir_fd, temporary, sizeof temporary);
  if (fd < 0)
    {
      set_errno (error, shown, errno);
      return FALSE;
    }

  if (!set_mode (fd, mode) || !write_all (fd, data, size) || !sync_fd (fd))
    errsv = errno;

  /* Some file systems say only now that the disk is full. */
  if (close (fd) != 0 && errsv == 0 && errno != EINTR)
    errsv = errno;

  if (errsv == 0 && renameat (dir_fd, temporary, dir_fd, base) != 0)
    errsv = errno;

  if (errsv != 0)
    {
      unlinkat (dir_fd, temporary, 0);
      set_errno (error, shown, errsv);
      return FALSE;
    }

  if (!sync_fd (dir_fd))
    {
      errsv = errno;
      till_set_error (error, TILL_ERROR_UNREADABLE, TILL_REASON_IO, g_strerror (errsv), NULL,
                      "\"%s\" was written, but a power cut may still undo it: %s", shown, g_strerror (errsv));
      return FALSE;
    }

  return TRUE;
}

/**
 * till_file_write:
 * @path: (type filename): where
 * @data: (array length=size): what
 * @size: how much
 * @mode: permission bits, 0600 for anything that holds a secret; they hold
 *   whatever the umask
 * @error: (out) (optional): %TILL_ERROR_UNREADABLE; the reason says why
 *
 * Writes a file so that at every moment either the old one or the new one is
 * there whole, also after a power cut: a temporary file beside it gets its
 * mode, its bytes, is synced, takes the name, and the folder is synced. A link,
 * a directory or a device in its place is refused (RELIABILITY.md G11).
 *
 * Returns: whether it is written. On failure nothing was changed, unless the
 *   message says that it was only the last sync that failed.
 */
gboolean
till_file_write (const char  *path,
                 const void  *data,
                 gsize        size,
                 int          mode,
                 GError     **error)
{
  g_autofree char *dir = NULL;
  g_autofree char *base = NULL;
  g_autofree char *shown = NULL;
  gboolean done;
  int dir_fd;

  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (data != NULL || size == 0, FALSE);
  g_return_val_if_fail ((mode & ~0777) == 0, FALSE);

  dir = g_path_get_dirname (path);
  base = g_path_get_basename (path);
  shown = till_file_display_name (path);

  /* From here on by descriptor, so that the folder stays the same one. */
  dir_fd = open (dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (dir_fd < 0)
    {
      set_errno (error, shown, errno);
      return FALSE;
    }

  done = write_in_directory (dir_fd, base, shown, data, size, mode, error);
  close (dir_fd);

  return done;
}

/**
 * till_file_make_dir:
 * @path: (type filename): a folder
 * @error: (out) (optional): %TILL_ERROR_UNREADABLE; the reason says why
 *
 * Makes a folder, and those above it that are missing, all with mode 0700
 * whatever the umask. Folders that exist are left as they are.
 *
 * Returns: whether the folder is there
 */
gboolean
till_file_make_dir (const char  *path,
                    GError     **error)
{
  g_autofree char *partial = NULL;
  g_autofree char *shown = NULL;
  struct stat st;
  int errsv;
  char *p;

  g_return_val_if_fail (path != NULL && path[0] != '\0', FALSE);

  partial = g_strdup (path);
  shown = till_file_display_name (path);

  for (p = partial; *p != '\0'; )
    {
      char kept;

      p += strspn (p, "/");
      p += strcspn (p, "/");
      kept = *p;
      *p = '\0';

      if (mkdir (partial, 0700) == 0)
        {
          if (chmod (partial, 0700) != 0)
            {
              set_errno (error, shown, errno);
              return FALSE;
            }
        }
      else if ((errsv = errno) != EEXIST || stat (partial, &st) != 0)
        {
          set_errno (error, shown, errsv != EEXIST ? errsv : errno);
          return FALSE;
        }
      else if (!S_ISDIR (st.st_mode))
        {
          till_set_error (error, TILL_ERROR_UNREADABLE, TILL_REASON_NOT_REGULAR, "not a directory", NULL,
                          "cannot make the folder \"%s\": a file stands in its way", shown);
          return FALSE;
        }

      *p = kept;
    }

  return TRUE;
}
