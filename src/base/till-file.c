/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bounded reading of certificate files, and how their names are shown. */
#include "config.h"

#include "till-file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "till-error.h"
#include "till-escape.h"
#include "till-secret-private.h"

/* The longest name that file systems allow, and enough for any message. */
#define NAME_CHARS 255

static const char *
describe_type (mode_t mode)
{
  switch (mode & S_IFMT)
    {
    case S_IFDIR:
      return "a directory";

    case S_IFIFO:
      return "a FIFO";

    case S_IFSOCK:
      return "a socket";

    case S_IFCHR:
    case S_IFBLK:
      return "a device";

    default:
      return "something else";
    }
}

/* "812 bytes", "1 MiB", "5.0 MB": the same in each locale. */
static char *
format_size (guint64 size)
{
  static const char * const units[] = { "kB", "MB", "GB", "TB", "PB", "EB" };
  guint64 unit = 1000;
  gsize i = 0;

  if (size > 0 && size % (1024 * 1024) == 0 && size < G_GUINT64_CONSTANT (1024) * 1024 * 1024)
    return g_strdup_printf ("%" G_GUINT64_FORMAT " MiB", size / (1024 * 1024));
  if (size < 1000)
    return g_strdup_printf (size == 1 ? "%" G_GUINT64_FORMAT " byte" : "%" G_GUINT64_FORMAT " bytes", size);

  while (i + 1 < G_N_ELEMENTS (units) && size / unit >= 1000)
    {
      unit *= 1000;
      i++;
    }

  return g_strdup_printf ("%" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT " %s",
                          size / unit, size % unit / (unit / 10), units[i]);
}

static void
set_not_regular (GError     **error,
                 const char  *shown,
                 mode_t       mode)
{
  till_set_error (error, TILL_ERROR_UNREADABLE, TILL_REASON_NOT_REGULAR, describe_type (mode), NULL,
                  "\"%s\" is %s, not a file", shown, describe_type (mode));
}

/* @is_text: whether it was held to the bound of bundles.
 * @open_ended: there may be more than @size, reading was stopped. */
static void
set_too_large (GError     **error,
               const char  *shown,
               guint64      size,
               gsize        limit,
               gboolean     is_text,
               gboolean     open_ended)
{
  g_autofree char *have = format_size (open_ended ? limit : size);
  g_autofree char *want = format_size (limit);

  till_set_error (error, TILL_ERROR_UNREADABLE, TILL_REASON_TOO_LARGE, NULL,
                  (const gint64[2]) { (gint64) size, (gint64) limit },
                  "\"%s\" is too large (%s%s); certificate %s are under %s",
                  shown, open_ended ? "more than " : "", have, is_text ? "bundles" : "files", want);
}

static void
set_errno (GError     **error,
           const char  *shown,
           int          errsv)
{
  switch (errsv)
    {
    case ENOENT:
    case ENOTDIR:
      till_set_error (error, TILL_ERROR_UNREADABLE, TILL_REASON_MISSING, NULL, NULL,
                      "there is no file \"%s\"", shown);
      break;

    case EACCES:
    case EPERM:
      till_set_error (error, TILL_ERROR_UNREADABLE, TILL_REASON_NO_PERMISSION, NULL, NULL,
                      "no permission to read \"%s\"", shown);
      break;

    case ELOOP:
      till_set_error (error, TILL_ERROR_UNREADABLE, TILL_REASON_SYMLINK_LOOP, NULL, NULL,
                      "\"%s\" is a link that leads round in a circle", shown);
      break;

    case ENXIO:
      /* What open() says to a socket, and to a device without a driver. */
      till_set_error (error, TILL_ERROR_UNREADABLE, TILL_REASON_NOT_REGULAR, "a socket", NULL,
                      "\"%s\" is a socket, not a file", shown);
      break;

    default:
      till_set_error (error, TILL_ERROR_UNREADABLE, TILL_REASON_IO, g_strerror (errsv), NULL,
                      "cannot read \"%s\": %s", shown, g_strerror (errsv));
      break;
    }
}

static void
set_changed (GError     **error,
             const char  *shown)
{
  const char *detail = "the file changed while it was being read";

  till_set_error (error, TILL_ERROR_UNREADABLE, TILL_REASON_IO, detail, NULL,
                  "cannot read \"%s\": %s", shown, detail);
}

/* Whether a file too large for @limit may be a bundle: looks at its start
 * without moving the descriptor. */
static gboolean
looks_like_pem (int   fd,
                off_t start)
{
  g_autoptr(TillSecret) head = till_secret_new (TILL_SECRET_SNIFF_BYTES);
  guint8 *buffer = till_secret_get_buffer (head);
  gsize used = 0;

  while (used < TILL_SECRET_SNIFF_BYTES)
    {
      ssize_t got = pread (fd, buffer + used, TILL_SECRET_SNIFF_BYTES - used, start + (off_t) used);

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        break;

      used += (gsize) got;
    }

  return till_secret_has_pem (buffer, used);
}

static gboolean
same_version (const struct stat *a,
              const struct stat *b)
{
  return a->st_size == b->st_size &&
         a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
         a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* A regular file, from where the descriptor stands. Its size is known before
 * anything is read, so what is too large costs nothing. */
static TillSecret *
read_regular (int                fd,
              const struct stat *before,
              const char        *shown,
              gsize              limit,
              gsize              text_limit,
              GError           **error)
{
  g_autoptr(TillSecret) secret = NULL;
  off_t start = lseek (fd, 0, SEEK_CUR);
  TillSecretRead result;
  gboolean is_text = FALSE;
  struct stat after;
  guint64 size;
  gsize n_read = 0;
  int errsv;

  if (start < 0)
    start = 0;
  size = before->st_size > start ? (guint64) (before->st_size - start) : 0;

  if (size > limit && text_limit > limit)
    is_text = looks_like_pem (fd, start);
  if (size > (is_text ? text_limit : limit))
    {
      set_too_large (error, shown, size, is_text ? text_limit : limit, is_text, FALSE);
      return NULL;
    }

  result = till_secret_read_all (fd, size, is_text ? text_limit : limit, text_limit, &secret, &n_read);
  errsv = errno;

  switch (result)
    {
    case TILL_SECRET_READ_DONE:
      break;

    case TILL_SECRET_READ_TOO_LARGE:
      /* It grew: its size was within the limit. */
      set_changed (error, shown);
      return NULL;

    case TILL_SECRET_READ_FAILED:
    default:
      set_errno (error, shown, errsv);
      return NULL;
    }

  /* Half of an old file and half of a new one must not pass for either. Files
   * that the kernel makes up (in /proc) say that they have no size. */
  if (fstat (fd, &after) != 0 || !same_version (before, &after) || (size != 0 && n_read != size))
    {
      set_changed (error, shown);
      return NULL;
    }

  return g_steal_pointer (&secret);
}

static TillSecret *
read_stream (int          fd,
             const char  *shown,
             gsize        limit,
             gsize        text_limit,
             GError     **error)
{
  TillSecret *secret = NULL;
  TillSecretRead result;
  gsize n_read = 0;
  int errsv;

  result = till_secret_read_all (fd, 0, limit, text_limit, &secret, &n_read);
  errsv = errno;

  if (result == TILL_SECRET_READ_TOO_LARGE)
    set_too_large (error, shown, n_read, n_read > text_limit ? text_limit : limit,
                   text_limit > limit && n_read > text_limit, TRUE);
  else if (result == TILL_SECRET_READ_FAILED)
    set_errno (error, shown, errsv);

  return secret;
}

/**
 * till_file_read:
 * @path: (type filename): a file, followed through symbolic links
 * @limit: how many bytes it may have
 * @text_limit: how many it may have where "-----BEGIN " stands in its first
 *   64 KiB; the same as @limit or less where that makes no difference
 * @error: (out) (optional): %TILL_ERROR_UNREADABLE; the reason says why
 *
 * Reads a regular file whole, once, into locked memory. Never waits: FIFOs,
 * devices, sockets and directories are refused without reading them. A file
 * that changes while it is read is refused (RELIABILITY.md G9).
 *
 * Returns: (transfer full) (nullable): its bytes, %NULL with @error set
 */
TillSecret *
till_file_read (const char  *path,
                gsize        limit,
                gsize        text_limit,
                GError     **error)
{
  g_autofree char *shown = NULL;
  TillSecret *secret = NULL;
  struct stat st;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (MAX (limit, text_limit) < G_MAXSSIZE - 2, NULL);

  shown = till_file_display_name (path);

  do
    fd = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  while (fd < 0 && errno == EINTR);

  if (fd < 0)
    {
      set_errno (error, shown, errno);
      return NULL;
    }

  if (fstat (fd, &st) != 0)
    set_errno (error, shown, errno);
  else if (!S_ISREG (st.st_mode))
    set_not_regular (error, shown, st.st_mode);
  else
    secret = read_regular (fd, &st, shown, limit, MAX (limit, text_limit), error);

  close (fd);

  return secret;
}

/**
 * till_file_read_fd:
 * @fd: a descriptor, standard input as a rule; it is left open
 * @name: what to call it in messages
 * @limit: how many bytes it may give
 * @text_limit: how many it may give where "-----BEGIN " stands in its first
 *   64 KiB; the same as @limit or less where that makes no difference
 * @error: (out) (optional): %TILL_ERROR_UNREADABLE; the reason says why
 *
 * Like till_file_read() for what somebody else has opened. A regular file is
 * held to the same rules, from where the descriptor stands. A pipe, a socket
 * and a character device (a terminal) are read to their end, waiting as long
 * as that takes, and given up one byte beyond the limit. Directories and disks
 * are refused.
 *
 * Returns: (transfer full) (nullable): the bytes, %NULL with @error set
 */
TillSecret *
till_file_read_fd (int          fd,
                   const char  *name,
                   gsize        limit,
                   gsize        text_limit,
                   GError     **error)
{
  g_autofree char *shown = NULL;
  struct stat st;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (MAX (limit, text_limit) < G_MAXSSIZE - 2, NULL);

  shown = till_escape (name, -1, NAME_CHARS);

  if (fstat (fd, &st) != 0)
    {
      set_errno (error, shown, errno);
      return NULL;
    }

  if (S_ISREG (st.st_mode))
    return read_regular (fd, &st, shown, limit, MAX (limit, text_limit), error);

  if (S_ISFIFO (st.st_mode) || S_ISSOCK (st.st_mode) || S_ISCHR (st.st_mode))
    return read_stream (fd, shown, limit, MAX (limit, text_limit), error);

  set_not_regular (error, shown, st.st_mode);
  return NULL;
}

/**
 * till_file_display_name:
 * @path: (type filename): a path, in any encoding
 *
 * The last part of a path, fit to stand in a message or a label: what is not
 * UTF-8, control characters, line breaks and marks that turn the direction of
 * writing are written out as "\xNN" or "\uNNNN"; at most 255 characters.
 *
 * Returns: (transfer full): one line of valid UTF-8
 */
char *
till_file_display_name (const char *path)
{
  g_autofree char *base = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  base = g_path_get_basename (path);

  return till_escape (base, -1, NAME_CHARS);
}
