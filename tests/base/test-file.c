/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading files within bounds, and how their names are shown. */
#include "config.h"

#include "till-file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "till-error.h"
#include "till-escape.h"
#include "till-limits.h"
#include "till-test.h"

#define LIMIT TILL_LIMIT_FILE_BYTES
#define TEXT_LIMIT TILL_LIMIT_PEM_BUNDLE_BYTES

static void
check_refused (const char      *path,
               TillErrorReason  reason,
               const char      *message)
{
  g_autoptr(GError) error = NULL;
  gint64 start = g_get_monotonic_time ();

  g_assert_null (till_file_read (path, LIMIT, TEXT_LIMIT, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_UNREADABLE);
  g_assert_cmpint (till_error_get_reason (error), ==, reason);
  g_assert_cmpstr (error->message, ==, message);
  /* G9: an answer within a second. */
  g_assert_cmpint (g_get_monotonic_time () - start, <, G_USEC_PER_SEC);
}

static void
test_read (void)
{
  const gsize sizes[] = { 0, 1, 1000, 4095, 4096, 65535, 65536, 65537, LIMIT - 1, LIMIT };
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *bytes = g_malloc (LIMIT);

  for (gsize i = 0; i < LIMIT; i++)
    bytes[i] = (char) (i * 7 + i / 256);

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *path = till_test_dir_write (dir, "x", bytes, (gssize) sizes[i]);
      g_autoptr(GError) error = NULL;
      g_autoptr(TillSecret) secret = till_file_read (path, LIMIT, TEXT_LIMIT, &error);

      g_assert_no_error (error);
      g_assert_cmpmem (till_secret_get_data (secret), till_secret_get_size (secret), bytes, sizes[i]);
    }
}

static void
test_missing (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *missing = till_test_dir_file (dir, "shop.p12");
  g_autofree char *file = till_test_dir_write (dir, "file", "x", 1);
  g_autofree char *below = g_build_filename (file, "shop.p12", NULL);
  g_autofree char *dangling = till_test_dir_file (dir, "dangling.pem");
  g_autofree char *loop = till_test_dir_file (dir, "loop.pem");

  check_refused (missing, TILL_REASON_MISSING, "there is no file \"shop.p12\"");
  check_refused (below, TILL_REASON_MISSING, "there is no file \"shop.p12\"");
  check_refused ("", TILL_REASON_MISSING, "there is no file \".\"");

  g_assert_cmpint (symlink ("nowhere", dangling), ==, 0);
  check_refused (dangling, TILL_REASON_MISSING, "there is no file \"dangling.pem\"");
  g_assert_cmpint (symlink ("loop.pem", loop), ==, 0);
  check_refused (loop, TILL_REASON_SYMLINK_LOOP, "\"loop.pem\" is a link that leads round in a circle");
}

static void
test_link (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *file = till_test_dir_write (dir, "file", "abc", 3);
  g_autofree char *link = till_test_dir_file (dir, "link");
  g_autoptr(TillSecret) secret = NULL;

  g_assert_cmpint (symlink (file, link), ==, 0);
  secret = till_file_read (link, LIMIT, TEXT_LIMIT, NULL);
  g_assert_nonnull (secret);
  g_assert_cmpstr ((const char *) till_secret_get_data (secret), ==, "abc");
}

static void
test_kinds (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *fifo = till_test_dir_file (dir, "fifo");
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_autofree char *path = till_test_dir_file (dir, "s");
  int fd;

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  check_refused (fifo, TILL_REASON_NOT_REGULAR, "\"fifo\" is a FIFO, not a file");
  check_refused ("/dev/zero", TILL_REASON_NOT_REGULAR, "\"zero\" is a device, not a file");
  check_refused ("/", TILL_REASON_NOT_REGULAR, "\"/\" is a directory, not a file");

  fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (g_strlcpy (address.sun_path, path, sizeof address.sun_path), <, sizeof address.sun_path);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  check_refused (path, TILL_REASON_NOT_REGULAR, "\"s\" is a socket, not a file");
  close (fd);
}

static void
test_kind_detail (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *fifo = till_test_dir_file (dir, "fifo");
  g_autoptr(GError) error = NULL;

  g_assert_null (till_file_read (dir->path, LIMIT, TEXT_LIMIT, &error));
  g_assert_cmpstr (till_error_get_detail (error), ==, "a directory");
  g_clear_error (&error);

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_null (till_file_read (fifo, LIMIT, TEXT_LIMIT, &error));
  g_assert_cmpstr (till_error_get_detail (error), ==, "a FIFO");
  g_clear_error (&error);

  g_assert_null (till_file_read ("/dev/null", LIMIT, TEXT_LIMIT, &error));
  g_assert_cmpstr (till_error_get_detail (error), ==, "a device");
}

static void
test_permission (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *path = till_test_dir_write (dir, "locked.pem", "x", 1);

  g_assert_cmpint (chmod (path, 0), ==, 0);

  /* The superuser may read everything, so somebody else tries. */
  if (geteuid () == 0 && seteuid (65534) != 0)
    {
      g_test_skip ("this user may read everything and can be nobody else");
      return;
    }

  check_refused (path, TILL_REASON_NO_PERMISSION, "no permission to read \"locked.pem\"");
  if (getuid () == 0)
    g_assert_cmpint (seteuid (0), ==, 0);
}

static char *
make_sparse (TillTestDir *dir,
             const char  *name,
             const char  *head,
             off_t        size)
{
  char *path = till_test_dir_write (dir, name, head, -1);

  g_assert_cmpint (truncate (path, size), ==, 0);

  return path;
}

static gsize
get_resident (void)
{
  g_autofree char *text = NULL;
  char *rest;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  g_ascii_strtoull (text, &rest, 10);

  return g_ascii_strtoull (rest, NULL, 10) * (gsize) sysconf (_SC_PAGESIZE);
}

static void
test_too_large (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *over = make_sparse (dir, "over.p12", "", LIMIT + 1);
  g_autofree char *five = make_sparse (dir, "five.p12", "", 5000000);
  g_autofree char *giant = make_sparse (dir, "giant.p12", "", G_GINT64_CONSTANT (10737418240));
  g_autofree char *bundle = make_sparse (dir, "giant.pem", "-----BEGIN CERTIFICATE-----\n", 40000000);
  gsize before = get_resident ();
  g_autoptr(GError) error = NULL;

  check_refused (over, TILL_REASON_TOO_LARGE, "\"over.p12\" is too large (1.0 MB); certificate files are under 1 MiB");
  check_refused (five, TILL_REASON_TOO_LARGE, "\"five.p12\" is too large (5.0 MB); certificate files are under 1 MiB");
  check_refused (giant, TILL_REASON_TOO_LARGE,
                 "\"giant.p12\" is too large (10.7 GB); certificate files are under 1 MiB");
  check_refused (bundle, TILL_REASON_TOO_LARGE,
                 "\"giant.pem\" is too large (40.0 MB); certificate bundles are under 32 MiB");

  /* G9: no more than 4 MiB. A sanitizer keeps freed memory for itself. */
#ifndef __SANITIZE_ADDRESS__
  g_assert_cmpuint (get_resident (), <, before + 4 * 1024 * 1024);
#else
  g_assert_cmpuint (get_resident (), <, before + 32 * 1024 * 1024);
#endif

  g_assert_null (till_file_read (five, LIMIT, TEXT_LIMIT, &error));
  g_assert_cmpint (till_error_get_have (error), ==, 5000000);
  g_assert_cmpint (till_error_get_want (error), ==, LIMIT);
}

/* A PEM text may be larger; where its first block begins matters. */
static void
test_text_limit (void)
{
  static const struct
  {
    gsize    offset;
    gsize    size;
    gsize    text_limit;
    gboolean fits;
  } cases[] = {
    { 0, 3000000, TEXT_LIMIT, TRUE },
    { 65536 - 11, 3000000, TEXT_LIMIT, TRUE },
    { 65536 - 10, 3000000, TEXT_LIMIT, FALSE },
    { 0, 3000000, 3000000, TRUE },
    { 0, 3000001, 3000000, FALSE },
    { 0, 3000000, LIMIT, FALSE },
    { 0, 3000000, 0, FALSE },
    { 0, LIMIT, 0, TRUE },
  };
  g_autoptr(TillTestDir) dir = till_test_dir_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *bytes = g_strnfill (cases[i].size, 'x');
      g_autofree char *path = NULL;
      g_autoptr(TillSecret) secret = NULL;
      g_autoptr(TillSecret) piped = NULL;
      g_autoptr(GError) error = NULL;
      int fd;

      memcpy (bytes + cases[i].offset, "-----BEGIN ", 11);
      path = till_test_dir_write (dir, "x", bytes, (gssize) cases[i].size);
      secret = till_file_read (path, LIMIT, cases[i].text_limit, &error);
      if (cases[i].fits)
        g_assert_no_error (error);
      else
        g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_TOO_LARGE);
      g_assert_cmpint (secret != NULL, ==, cases[i].fits);
      g_clear_error (&error);

      if (secret != NULL)
        g_assert_cmpmem (till_secret_get_data (secret), till_secret_get_size (secret), bytes, cases[i].size);

      /* The same by descriptor. */
      fd = open (path, O_RDONLY | O_CLOEXEC);
      piped = till_file_read_fd (fd, "-", LIMIT, cases[i].text_limit, &error);
      g_assert_cmpint (piped != NULL, ==, cases[i].fits);
      close (fd);
    }
}

typedef struct
{
  int     fd;
  char   *data;
  gsize   size;
} Feed;

static gpointer
feed_thread (gpointer data)
{
  Feed *feed = data;

  for (gsize done = 0; done < feed->size; )
    {
      ssize_t n = write (feed->fd, feed->data + done, MIN (feed->size - done, 10007));

      if (n <= 0)
        break;
      done += (gsize) n;
    }
  close (feed->fd);

  return NULL;
}

static void
test_pipe (void)
{
  static const struct
  {
    gsize    size;
    gboolean pem;
    gboolean fits;
  } cases[] = {
    { 0, FALSE, TRUE },
    { 1000, FALSE, TRUE },
    { 65536, FALSE, TRUE },
    { 200000, FALSE, TRUE },
    { LIMIT, FALSE, TRUE },
    { LIMIT + 1, FALSE, FALSE },
    { 5000000, FALSE, FALSE },
    { 5000000, TRUE, TRUE },
    { 6000000, TRUE, TRUE },
    { 6000001, TRUE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *bytes = g_strnfill (cases[i].size, 'x');
      Feed feed = { .data = bytes, .size = cases[i].size };
      g_autoptr(TillSecret) secret = NULL;
      g_autoptr(GError) error = NULL;
      GThread *thread;
      int fds[2];

      if (cases[i].pem)
        memcpy (bytes, "-----BEGIN CERTIFICATE-----", 27);

      g_assert_cmpint (pipe2 (fds, O_CLOEXEC), ==, 0);
      feed.fd = fds[1];
      thread = g_thread_new ("feed", feed_thread, &feed);
      secret = till_file_read_fd (fds[0], "standard input", LIMIT, 6000000, &error);
      close (fds[0]);
      g_thread_join (thread);

      if (cases[i].fits)
        {
          g_assert_no_error (error);
          g_assert_cmpmem (till_secret_get_data (secret), till_secret_get_size (secret), bytes, cases[i].size);
          continue;
        }

      g_assert_null (secret);
      g_assert_error (error, TILL_ERROR, TILL_ERROR_UNREADABLE);
      g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_TOO_LARGE);
      g_assert_cmpint (till_error_get_want (error), ==, cases[i].pem ? 6000000 : LIMIT);
      g_assert_cmpint (till_error_get_have (error), >, till_error_get_want (error));
      g_assert_true (g_str_has_prefix (error->message, "\"standard input\" is too large (more than "));
    }
}

static void
test_descriptors (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *path = till_test_dir_write (dir, "file", "0123456789", 10);
  g_autoptr(GError) error = NULL;
  TillSecret *secret;
  int fd;

  /* From where it stands; left open. */
  fd = open (path, O_RDONLY | O_CLOEXEC);
  g_assert_cmpint (lseek (fd, 4, SEEK_SET), ==, 4);
  secret = till_file_read_fd (fd, "-", 6, 6, &error);
  g_assert_no_error (error);
  g_assert_cmpstr ((const char *) till_secret_get_data (secret), ==, "456789");
  till_secret_unref (secret);
  g_assert_cmpint (lseek (fd, 0, SEEK_SET), ==, 0);
  g_assert_null (till_file_read_fd (fd, "-", 6, 6, &error));
  g_assert_cmpint (till_error_get_have (error), ==, 10);
  g_clear_error (&error);
  close (fd);

  /* Character devices are read as streams, and within the limit. */
  fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  secret = till_file_read_fd (fd, "-", LIMIT, TEXT_LIMIT, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (till_secret_get_size (secret), ==, 0);
  till_secret_unref (secret);
  close (fd);
  fd = open ("/dev/zero", O_RDONLY | O_CLOEXEC);
  g_assert_null (till_file_read_fd (fd, "-", LIMIT, TEXT_LIMIT, &error));
  g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_TOO_LARGE);
  g_clear_error (&error);
  close (fd);

  fd = open (dir->path, O_RDONLY | O_CLOEXEC);
  g_assert_null (till_file_read_fd (fd, "-", LIMIT, TEXT_LIMIT, &error));
  g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_NOT_REGULAR);
  g_clear_error (&error);
  close (fd);

  g_assert_null (till_file_read_fd (-1, "standard\ninput", LIMIT, TEXT_LIMIT, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_UNREADABLE);
  g_assert_true (g_str_has_prefix (error->message, "cannot read \"standard\\x0ainput\": "));
}

/* Files that the kernel makes up say that they are empty. */
static void
test_proc (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TillSecret) secret = till_file_read ("/proc/self/cmdline", LIMIT, TEXT_LIMIT, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (till_secret_get_size (secret), >, 0);
}

static void
test_display_name (void)
{
  static const struct
  {
    const char *path;
    const char *shown;
  } cases[] = {
    { "shop.p12", "shop.p12" },
    { "a/b/shop.p12", "shop.p12" },
    { "/a/b/", "b" },
    { "/", "/" },
    { "a b <c> & \"d\"", "a b <c> & \"d\"" },
    { "Prüfung €.pem", "Prüfung €.pem" },
    { "two\nlines\ttab\x1b[31m\x7f", "two\\x0alines\\x09tab\\x1b[31m\\x7f" },
    { "latin-\xe9.pem", "latin-\\xe9.pem" },
    { "cut-\xe2\x82", "cut-\\xe2\\x82" },
    { "overlong-\xc0\xaf", "overlong-\\xc0\\xaf" },
    { "surrogate-\xed\xa0\x80", "surrogate-\\xed\\xa0\\x80" },
    { "gpj.\xe2\x80\xae" "21p.pem", "gpj.\\u202e21p.pem" },
    { "\xe2\x80\xaa\xe2\x80\xab\xe2\x80\xac\xe2\x80\xad", "\\u202a\\u202b\\u202c\\u202d" },
    { "\xe2\x81\xa6\xe2\x81\xa7\xe2\x81\xa8\xe2\x81\xa9", "\\u2066\\u2067\\u2068\\u2069" },
    { "\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c\xef\xbb\xbf", "\\u200e\\u200f\\u061c\\ufeff" },
    { "\xc2\x85\xc2\x9b\xe2\x80\xa8\xe2\x80\xa9", "\\u0085\\u009b\\u2028\\u2029" },
    /* Joiners belong to words and emoji. */
    { "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb.pem", "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb.pem" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *shown = till_file_display_name (cases[i].path);

      g_assert_cmpstr (shown, ==, cases[i].shown);
    }
}

static void
test_display_name_length (void)
{
  for (gsize length = 250; length < 260; length++)
    {
      g_autofree char *plain = g_strnfill (length, 'a');
      g_autofree char *shown = till_file_display_name (plain);

      g_assert_cmpint (g_utf8_strlen (shown, -1), ==, MIN (length, 255));
      g_assert_cmpint (g_str_has_suffix (shown, "…"), ==, length > 255);
    }

  for (gsize length = 1; length <= 255; length++)
    {
      g_autofree char *bytes = g_strnfill (length, '\xe9');
      g_autofree char *shown = NULL;

      memset (bytes, 'a', length % 4);
      shown = till_file_display_name (bytes);
      g_assert_true (g_utf8_validate (shown, -1, NULL));
      g_assert_cmpint (g_utf8_strlen (shown, -1), <=, 255);
    }
}

/* Whatever the bytes: one line, valid, and nothing that turns or hides. */
static void
test_escape_any (void)
{
  for (int i = 0; i < 20000; i++)
    {
      char bytes[40];
      gsize length = (gsize) g_test_rand_int_range (0, sizeof bytes);
      gsize max = (gsize) g_test_rand_int_range (1, 60);
      g_autofree char *shown = NULL;

      for (gsize j = 0; j < length; j++)
        bytes[j] = (char) g_test_rand_int_range (0, 256);
      shown = till_escape (bytes, (gssize) length, max);

      g_assert_true (g_utf8_validate (shown, -1, NULL));
      g_assert_cmpint (g_utf8_strlen (shown, -1), <=, max);
      for (const char *p = shown; *p != '\0'; p = g_utf8_next_char (p))
        g_assert_false (g_unichar_iscntrl (g_utf8_get_char (p)));
    }
}

/* The name of a real file, as hostile as the file system allows. */
static void
test_hostile_name (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *path = till_test_dir_file (dir, "a\n\xe2\x80\xae\xff.pem");

  check_refused (path, TILL_REASON_MISSING, "there is no file \"a\\x0a\\u202e\\xff.pem\"");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  signal (SIGPIPE, SIG_IGN);

  g_test_add_func ("/file/read", test_read);
  g_test_add_func ("/file/missing", test_missing);
  g_test_add_func ("/file/link", test_link);
  g_test_add_func ("/file/kinds", test_kinds);
  g_test_add_func ("/file/kind-detail", test_kind_detail);
  g_test_add_func ("/file/permission", test_permission);
  g_test_add_func ("/file/too-large", test_too_large);
  g_test_add_func ("/file/text-limit", test_text_limit);
  g_test_add_func ("/file/pipe", test_pipe);
  g_test_add_func ("/file/descriptors", test_descriptors);
  g_test_add_func ("/file/proc", test_proc);
  g_test_add_func ("/file/display-name", test_display_name);
  g_test_add_func ("/file/display-name/length", test_display_name_length);
  g_test_add_func ("/file/escape", test_escape_any);
  g_test_add_func ("/file/hostile-name", test_hostile_name);

  return g_test_run ();
}
