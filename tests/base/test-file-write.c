/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing files: modes, links, and each system call failing in turn. */
#include "config.h"

#include "till-file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "till-error.h"
#include "till-test.h"

/*
 * Linked with --wrap for each of these calls, which thereby fail when they are
 * told to: a disk that is full or broken, without one.
 */
typedef enum
{
  CALL_NONE,
  CALL_OPENAT,
  CALL_FCHMOD,
  CALL_WRITE,
  CALL_FSYNC,
  CALL_CLOSE,
  CALL_RENAMEAT,
  CALL_READ,
} Call;

static struct
{
  Call      call;
  int       nth;        /* from 1 on */
  int       errsv;
  int       seen;
  gboolean  slow;       /* interrupted and short reads and writes */
  guint     n_slow;
} fault;

/* What happened, in order: one letter a call. */
static GString *journal;

static gboolean
must_fail (Call call,
           char letter)
{
  if (journal != NULL)
    g_string_append_c (journal, letter);

  if (fault.call != call || ++fault.seen != fault.nth)
    return FALSE;

  errno = fault.errsv;
  return TRUE;
}

int __real_openat (int dir_fd, const char *path, int flags, ...);
int __wrap_openat (int dir_fd, const char *path, int flags, ...);
int __real_openat64 (int dir_fd, const char *path, int flags, ...);
int __wrap_openat64 (int dir_fd, const char *path, int flags, ...);
int __real_fchmod (int fd, mode_t mode);
int __wrap_fchmod (int fd, mode_t mode);
ssize_t __real_write (int fd, const void *data, size_t size);
ssize_t __wrap_write (int fd, const void *data, size_t size);
ssize_t __real_read (int fd, void *data, size_t size);
ssize_t __wrap_read (int fd, void *data, size_t size);
int __real_fsync (int fd);
int __wrap_fsync (int fd);
int __real_close (int fd);
int __wrap_close (int fd);
int __real_renameat (int from_fd, const char *from, int to_fd, const char *to);
int __wrap_renameat (int from_fd, const char *from, int to_fd, const char *to);

static int
fail_openat (int         dir_fd,
             const char *path,
             int         flags,
             mode_t      mode)
{
  if (must_fail (CALL_OPENAT, 'o'))
    return -1;

  /* Nobody else may read it, not even for a moment, and no link leads away. */
  g_assert_cmpint (mode, ==, 0600);
  g_assert_cmpint (flags & (O_EXCL | O_NOFOLLOW | O_CLOEXEC), ==, O_EXCL | O_NOFOLLOW | O_CLOEXEC);

  return __real_openat (dir_fd, path, flags, mode);
}

int
__wrap_openat (int         dir_fd,
               const char *path,
               int         flags,
               ...)
{
  va_list args;
  mode_t mode;

  va_start (args, flags);
  mode = va_arg (args, mode_t);
  va_end (args);

  return fail_openat (dir_fd, path, flags, mode);
}

int
__wrap_openat64 (int         dir_fd,
                 const char *path,
                 int         flags,
                 ...)
{
  va_list args;
  mode_t mode;

  va_start (args, flags);
  mode = va_arg (args, mode_t);
  va_end (args);

  return fail_openat (dir_fd, path, flags, mode);
}

int
__wrap_fchmod (int    fd,
               mode_t mode)
{
  return must_fail (CALL_FCHMOD, 'm') ? -1 : __real_fchmod (fd, mode);
}

/* Every other call is interrupted, the rest do a few bytes. */
static gboolean
interrupt (size_t *size)
{
  if (!fault.slow)
    return FALSE;

  if (fault.n_slow++ % 2 == 0)
    {
      errno = EINTR;
      return TRUE;
    }

  *size = MIN (*size, 1 + fault.n_slow % 7);
  return FALSE;
}

ssize_t
__wrap_write (int         fd,
              const void *data,
              size_t      size)
{
  if (must_fail (CALL_WRITE, 'w') || interrupt (&size))
    return -1;

  return __real_write (fd, data, size);
}

ssize_t
__wrap_read (int     fd,
             void   *data,
             size_t  size)
{
  if (must_fail (CALL_READ, 'r') || interrupt (&size))
    return -1;

  return __real_read (fd, data, size);
}

int
__wrap_fsync (int fd)
{
  return must_fail (CALL_FSYNC, 's') ? -1 : __real_fsync (fd);
}

int
__wrap_close (int fd)
{
  int result = __real_close (fd);

  return must_fail (CALL_CLOSE, 'c') ? -1 : result;
}

int
__wrap_renameat (int         from_fd,
                 const char *from,
                 int         to_fd,
                 const char *to)
{
  return must_fail (CALL_RENAMEAT, 'n') ? -1 : __real_renameat (from_fd, from, to_fd, to);
}

static void
set_fault (Call call,
           int  nth,
           int  errsv)
{
  fault.call = call;
  fault.nth = nth;
  fault.errsv = errsv;
  fault.seen = 0;
}

static void
check_contents (const char *path,
                const char *expected)
{
  g_autofree char *contents = NULL;

  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, expected);
}

static int
get_mode (const char *path)
{
  struct stat st;

  g_assert_cmpint (lstat (path, &st), ==, 0);

  return (int) (st.st_mode & 07777);
}

static void
test_write (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *path = till_test_dir_file (dir, "key.pem");
  g_autoptr(GError) error = NULL;

  g_assert_true (till_file_write (path, "one", 3, 0600, &error));
  g_assert_no_error (error);
  check_contents (path, "one");

  g_assert_true (till_file_write (path, "two and more", 12, 0600, &error));
  check_contents (path, "two and more");
  g_assert_true (till_file_write (path, NULL, 0, 0600, &error));
  check_contents (path, "");
  g_assert_cmpuint (till_test_dir_count (dir), ==, 1);
}

static void
test_order (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *path = till_test_dir_file (dir, "key.pem");

  journal = g_string_new (NULL);
  g_assert_true (till_file_write (path, "one", 3, 0600, NULL));

  /* Open, mode, write, sync, close, rename, sync the folder, close it. */
  g_assert_cmpstr (journal->str, ==, "omwscnsc");
  g_string_free (g_steal_pointer (&journal), TRUE);
}

static void
test_modes (void)
{
  const mode_t umasks[] = { 0, 022, 077, 0777 };
  const int modes[] = { 0600, 0644, 0640, 0400 };
  mode_t before = umask (0);

  for (gsize i = 0; i < G_N_ELEMENTS (umasks); i++)
    {
      g_autoptr(TillTestDir) dir = till_test_dir_new ();

      umask (umasks[i]);
      for (gsize j = 0; j < G_N_ELEMENTS (modes); j++)
        {
          g_autofree char *path = till_test_dir_file (dir, "file");
          g_autoptr(GError) error = NULL;

          g_assert_true (till_file_write (path, "x", 1, modes[j], &error));
          g_assert_no_error (error);
          g_assert_cmpint (get_mode (path), ==, modes[j]);
        }
      umask (0);
    }

  umask (before);
}

static void
test_links (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *target = till_test_dir_write (dir, "target", "old", 3);
  g_autofree char *link = till_test_dir_file (dir, "link");
  g_autofree char *dangling = till_test_dir_file (dir, "dangling");
  g_autofree char *made = till_test_dir_file (dir, "made");
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (symlink (target, link), ==, 0);
  g_assert_cmpint (symlink (made, dangling), ==, 0);

  g_assert_false (till_file_write (link, "new", 3, 0600, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_UNREADABLE);
  g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_NOT_REGULAR);
  g_assert_cmpstr (error->message, ==, "cannot write \"link\": it is a symbolic link; nothing was changed");
  check_contents (target, "old");
  g_clear_error (&error);

  g_assert_false (till_file_write (dangling, "new", 3, 0600, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_UNREADABLE);
  g_assert_false (g_file_test (made, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (dangling, G_FILE_TEST_IS_SYMLINK));
  g_assert_cmpuint (till_test_dir_count (dir), ==, 3);
}

static void
test_targets (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *folder = till_test_dir_file (dir, "folder");
  g_autofree char *fifo = till_test_dir_file (dir, "fifo");
  g_autofree char *below = till_test_dir_file (dir, "nowhere/file");
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (mkdir (folder, 0700), ==, 0);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);

  g_assert_false (till_file_write (folder, "x", 1, 0600, &error));
  g_assert_cmpstr (error->message, ==, "cannot write \"folder\": it is a directory; nothing was changed");
  g_clear_error (&error);
  g_assert_false (till_file_write (fifo, "x", 1, 0600, &error));
  g_assert_cmpstr (error->message, ==, "cannot write \"fifo\": it is not a regular file; nothing was changed");
  g_clear_error (&error);
  g_assert_false (till_file_write (below, "x", 1, 0600, &error));
  g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_MISSING);
  g_assert_cmpstr (error->message, ==, "cannot write \"file\": there is no such folder");
  g_assert_cmpuint (till_test_dir_count (dir), ==, 2);
}

/* G11: whatever fails, the old file is there whole, or the new one is. */
static void
test_faults (void)
{
  static const struct
  {
    Call        call;
    int         nth;
    const char *left;
  } places[] = {
    { CALL_OPENAT, 1, "old" },
    { CALL_FCHMOD, 1, "old" },
    { CALL_WRITE, 1, "old" },
    { CALL_WRITE, 3, "old" },
    { CALL_FSYNC, 1, "old" },
    { CALL_CLOSE, 1, "old" },
    { CALL_RENAMEAT, 1, "old" },
    { CALL_FSYNC, 2, "new contents" },
  };
  static const struct
  {
    int             errsv;
    TillErrorReason reason;
  } errors[] = {
    { ENOSPC, TILL_REASON_NO_SPACE },
    { EDQUOT, TILL_REASON_NO_SPACE },
    { EIO, TILL_REASON_IO },
    { EACCES, TILL_REASON_NO_PERMISSION },
    { EPERM, TILL_REASON_NO_PERMISSION },
    { EROFS, TILL_REASON_NO_PERMISSION },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (errors); j++)
      {
        g_autoptr(TillTestDir) dir = till_test_dir_new ();
        g_autofree char *path = till_test_dir_write (dir, "file", "old", 3);
        g_autoptr(GError) error = NULL;
        gboolean done;

        fault.slow = places[i].call == CALL_WRITE;
        set_fault (places[i].call, places[i].nth, errors[j].errsv);
        done = till_file_write (path, "new contents", 12, 0600, &error);
        set_fault (CALL_NONE, 0, 0);
        fault.slow = FALSE;

        g_assert_false (done);
        g_assert_error (error, TILL_ERROR, TILL_ERROR_UNREADABLE);
        check_contents (path, places[i].left);
        g_assert_cmpuint (till_test_dir_count (dir), ==, 1);

        if (g_str_equal (places[i].left, "old"))
          {
            g_assert_cmpint (till_error_get_reason (error), ==, errors[j].reason);
            g_assert_true (g_str_has_suffix (error->message, "nothing was changed"));
          }
        else
          {
            g_assert_nonnull (strstr (error->message, "was written, but"));
          }
      }
}

static void
test_full_message (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *path = till_test_dir_file (dir, "file");
  g_autoptr(GError) error = NULL;

  set_fault (CALL_WRITE, 1, ENOSPC);
  g_assert_false (till_file_write (path, "x", 1, 0600, &error));
  set_fault (CALL_NONE, 0, 0);
  g_assert_cmpstr (error->message, ==, "cannot write \"file\": the disk is full; nothing was changed");
  g_assert_cmpuint (till_test_dir_count (dir), ==, 0);
}

/* Not a fault of ours: file systems that have nothing to sync. */
static void
test_no_sync (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *path = till_test_dir_file (dir, "file");

  set_fault (CALL_FSYNC, 2, EINVAL);
  g_assert_true (till_file_write (path, "x", 1, 0600, NULL));
  set_fault (CALL_CLOSE, 1, EINTR);
  g_assert_true (till_file_write (path, "xy", 2, 0600, NULL));
  set_fault (CALL_OPENAT, 1, EEXIST);
  g_assert_true (till_file_write (path, "xyz", 3, 0600, NULL));
  set_fault (CALL_NONE, 0, 0);

  check_contents (path, "xyz");
}

/* A limit of the system's own, no pretence. */
static void
test_size_limit (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *path = till_test_dir_write (dir, "file", "old", 3);
  g_autofree char *large = g_strnfill (100000, 'x');
  g_autoptr(GError) error = NULL;
  struct rlimit before;
  struct rlimit small;
  gboolean done;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  small = before;
  small.rlim_cur = 4096;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  done = till_file_write (path, large, 100000, 0600, &error);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);

  g_assert_false (done);
  g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_IO);
  check_contents (path, "old");
  g_assert_cmpuint (till_test_dir_count (dir), ==, 1);
}

static void
test_slow (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *path = till_test_dir_file (dir, "file");
  g_autofree char *bytes = g_strnfill (5000, 'x');
  g_autoptr(TillSecret) secret = NULL;
  g_autoptr(GError) error = NULL;

  fault.slow = TRUE;
  g_assert_true (till_file_write (path, bytes, 5000, 0600, &error));
  secret = till_file_read (path, 5000, 5000, &error);
  fault.slow = FALSE;

  g_assert_no_error (error);
  g_assert_cmpstr ((const char *) till_secret_get_data (secret), ==, bytes);
}

static void
test_read_faults (void)
{
  static const struct
  {
    int             errsv;
    TillErrorReason reason;
  } cases[] = {
    { EIO, TILL_REASON_IO },
    { ESTALE, TILL_REASON_IO },
    { EISDIR, TILL_REASON_IO },
    { EACCES, TILL_REASON_NO_PERMISSION },
  };
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *path = till_test_dir_write (dir, "file", "0123456789", 10);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (int nth = 1; nth <= 3; nth++)
      {
        g_autoptr(GError) error = NULL;

        fault.slow = TRUE;
        set_fault (CALL_READ, nth, cases[i].errsv);
        g_assert_null (till_file_read (path, 100, 100, &error));
        set_fault (CALL_NONE, 0, 0);
        fault.slow = FALSE;
        g_assert_error (error, TILL_ERROR, TILL_ERROR_UNREADABLE);
        g_assert_cmpint (till_error_get_reason (error), ==, cases[i].reason);
      }
}

/* A file that grows, shrinks or changes between two reads. */
static gpointer
change_thread (gpointer data)
{
  const char *path = ((gpointer *) data)[0];
  gint *stop = ((gpointer *) data)[1];
  const char *texts[] = { "aaaaaaaaaa", "bbbbb", "cccccccccccccccccccc" };

  for (guint i = 0; !g_atomic_int_get (stop); i++)
    {
      int fd = open (path, O_WRONLY | O_TRUNC | O_CLOEXEC);
      ssize_t n = __real_write (fd, texts[i % 3], strlen (texts[i % 3]));

      g_assert_cmpint (n, >, 0);
      __real_close (fd);
    }

  return NULL;
}

static void
test_changing (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *path = till_test_dir_write (dir, "file", "aaaaaaaaaa", 10);
  gint stop = 0;
  gpointer shared[] = { path, &stop };
  GThread *thread = g_thread_new ("change", change_thread, shared);

  for (int i = 0; i < 2000; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TillSecret) secret = till_file_read (path, 100, 100, &error);

      if (secret == NULL)
        {
          g_assert_error (error, TILL_ERROR, TILL_ERROR_UNREADABLE);
          g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_IO);
          g_assert_cmpstr (till_error_get_detail (error), ==, "the file changed while it was being read");
        }
      else
        {
          g_assert_cmpuint (till_secret_get_size (secret), <=, 20);
        }
    }

  g_atomic_int_set (&stop, 1);
  g_thread_join (thread);
}

static void
test_make_dir (void)
{
  mode_t before = umask (0);
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *deep = till_test_dir_file (dir, "a/b//c/");
  g_autofree char *a = till_test_dir_file (dir, "a");
  g_autofree char *c = till_test_dir_file (dir, "a/b/c");
  g_autofree char *strict = till_test_dir_file (dir, "strict/x");
  g_autoptr(GError) error = NULL;

  g_assert_true (till_file_make_dir (deep, &error));
  g_assert_no_error (error);
  g_assert_cmpint (get_mode (a), ==, 0700);
  g_assert_cmpint (get_mode (c), ==, 0700);

  /* What exists is left alone. */
  g_assert_cmpint (chmod (a, 0755), ==, 0);
  g_assert_true (till_file_make_dir (c, &error));
  g_assert_cmpint (get_mode (a), ==, 0755);

  umask (0777);
  g_assert_true (till_file_make_dir (strict, &error));
  g_assert_cmpint (get_mode (strict), ==, 0700);

  umask (before);
}

static void
test_make_dir_fails (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *file = till_test_dir_write (dir, "file", "x", 1);
  g_autofree char *below = till_test_dir_file (dir, "file/below");
  g_autofree char *link = till_test_dir_file (dir, "link");
  g_autoptr(GError) error = NULL;

  g_assert_false (till_file_make_dir (file, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_UNREADABLE);
  g_assert_cmpstr (error->message, ==, "cannot make the folder \"file\": a file stands in its way");
  g_clear_error (&error);
  g_assert_false (till_file_make_dir (below, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_UNREADABLE);
  g_clear_error (&error);

  g_assert_cmpint (symlink ("nowhere", link), ==, 0);
  g_assert_false (till_file_make_dir (link, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_UNREADABLE);
  g_clear_error (&error);

  g_assert_false (till_file_make_dir ("/proc/self/nowhere", &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_UNREADABLE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/file-write/write", test_write);
  g_test_add_func ("/file-write/order", test_order);
  g_test_add_func ("/file-write/modes", test_modes);
  g_test_add_func ("/file-write/links", test_links);
  g_test_add_func ("/file-write/targets", test_targets);
  g_test_add_func ("/file-write/faults", test_faults);
  g_test_add_func ("/file-write/full", test_full_message);
  g_test_add_func ("/file-write/no-sync", test_no_sync);
  g_test_add_func ("/file-write/size-limit", test_size_limit);
  g_test_add_func ("/file-write/slow", test_slow);
  g_test_add_func ("/file-write/read-faults", test_read_faults);
  g_test_add_func ("/file-write/changing", test_changing);
  g_test_add_func ("/file-write/make-dir", test_make_dir);
  g_test_add_func ("/file-write/make-dir/fails", test_make_dir_fails);

  return g_test_run ();
}
