/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Secret memory: locked, wiped, left out of dumps; read from descriptors. */
#include "config.h"

#include "till-secret.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include "till-error.h"
#include "till-file.h"
#include "till-limits.h"
#include "till-test.h"

#define CANARY_BYTES 32

/* Linked with --wrap=mlock: so that locking can be made to fail. */
int __real_mlock (const void *start, size_t size);
int __wrap_mlock (const void *start, size_t size);

static gboolean fail_mlock;

int
__wrap_mlock (const void *start,
              size_t      size)
{
  if (fail_mlock)
    {
      errno = ENOMEM;
      return -1;
    }

  return __real_mlock (start, size);
}

/* A secret of random bytes; @inverted is what the scanner is given. */
static TillSecret *
make_canary (guint8 inverted[CANARY_BYTES])
{
  TillSecret *secret = till_secret_new (CANARY_BYTES);
  guint8 *buffer = till_secret_get_buffer (secret);

  g_assert_cmpint (getrandom (buffer, CANARY_BYTES, 0), ==, CANARY_BYTES);
  for (gsize i = 0; i < CANARY_BYTES; i++)
    inverted[i] = (guint8) ~buffer[i];

  return secret;
}

static void
test_sizes (void)
{
  const gsize sizes[] = { 0, 1, 15, 4094, 4095, 4096, 4097, 8192, 100000, 5000000 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(TillSecret) secret = till_secret_new (sizes[i]);
      const guint8 *data = till_secret_get_data (secret);

      g_assert_cmpuint (till_secret_get_size (secret), ==, sizes[i]);
      for (gsize j = 0; j <= sizes[i]; j++)
        if (data[j] != 0)
          g_assert_cmpuint (data[j], ==, 0);

      memset (till_secret_get_buffer (secret), 'x', sizes[i]);
      g_assert_cmpuint (strlen ((const char *) data), ==, sizes[i]);
    }
}

static void
test_copies (void)
{
  g_autoptr(TillSecret) secret = till_secret_new_copy ("0123456789", 10);
  g_autoptr(TillSecret) part = till_secret_new_sub (secret, 3, 4);
  g_autoptr(TillSecret) end = till_secret_new_sub (secret, 10, 0);
  g_autoptr(TillSecret) empty = till_secret_new_copy (NULL, 0);

  till_secret_get_buffer (secret)[3] = 'x';
  g_assert_cmpstr ((const char *) till_secret_get_data (part), ==, "3456");
  g_assert_cmpuint (till_secret_get_size (end), ==, 0);
  g_assert_true (till_secret_equal (end, empty));

  till_secret_ref (part);
  till_secret_unref (part);
  g_assert_cmpstr ((const char *) till_secret_get_data (part), ==, "3456");
}

static void
test_bad_parts (void)
{
  const gsize parts[][2] = { { 11, 0 }, { 0, 11 }, { 10, 1 }, { 5, G_MAXSIZE }, { G_MAXSIZE, 1 } };
  g_autoptr(TillSecret) secret = till_secret_new_copy ("0123456789", 10);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_test_expect_message (NULL, G_LOG_LEVEL_CRITICAL, "*till_secret_new_sub*");
      g_assert_null (till_secret_new_sub (secret, parts[i][0], parts[i][1]));
      g_test_assert_expected_messages ();
    }
}

static void
test_equal (void)
{
  g_autoptr(TillSecret) a = till_secret_new_copy ("abc", 3);
  g_autoptr(TillSecret) same = till_secret_new_copy ("abc", 3);
  g_autoptr(TillSecret) first = till_secret_new_copy ("xbc", 3);
  g_autoptr(TillSecret) last = till_secret_new_copy ("abx", 3);
  g_autoptr(TillSecret) longer = till_secret_new_copy ("abcd", 4);
  g_autoptr(TillSecret) nul = till_secret_new_copy ("abc\0", 4);

  g_assert_true (till_secret_equal (a, a));
  g_assert_true (till_secret_equal (a, same));
  g_assert_false (till_secret_equal (a, first));
  g_assert_false (till_secret_equal (a, last));
  g_assert_false (till_secret_equal (a, longer));
  g_assert_false (till_secret_equal (a, nul));
}

/* Bytes with these values would be found: the scan can fail. */
static void
test_wiped (void)
{
  guint8 inverted[CANARY_BYTES];
  TillSecret *secret = make_canary (inverted);
  TillSecret *copy = till_secret_new_copy (till_secret_get_data (secret), CANARY_BYTES);
  TillSecret *part = till_secret_new_sub (copy, 0, CANARY_BYTES);
  guint8 *plain;

  g_assert_cmpuint (till_test_count_in_memory (inverted, CANARY_BYTES), ==, 3);
  till_secret_unref (copy);
  g_assert_cmpuint (till_test_count_in_memory (inverted, CANARY_BYTES), ==, 2);
  till_secret_unref (part);
  till_secret_ref (secret);
  till_secret_unref (secret);
  g_assert_cmpuint (till_test_count_in_memory (inverted, CANARY_BYTES), ==, 1);

  plain = g_memdup2 (till_secret_get_data (secret), CANARY_BYTES);
  g_assert_cmpuint (till_test_count_in_memory (inverted, CANARY_BYTES), ==, 2);
  till_wipe (plain, CANARY_BYTES);
  g_free (plain);

  till_secret_unref (secret);
  g_assert_cmpuint (till_test_count_in_memory (inverted, CANARY_BYTES), ==, 0);
}

static void
test_shrink (void)
{
  guint8 inverted[CANARY_BYTES];
  g_autoptr(TillSecret) canary = make_canary (inverted);
  g_autoptr(TillSecret) secret = till_secret_new (1000 + CANARY_BYTES);

  memset (till_secret_get_buffer (secret), 'a', 1000);
  memcpy (till_secret_get_buffer (secret) + 1000, till_secret_get_data (canary), CANARY_BYTES);
  g_assert_cmpuint (till_test_count_in_memory (inverted, CANARY_BYTES), ==, 2);

  till_secret_shrink (secret, 1000);
  g_assert_cmpuint (till_secret_get_size (secret), ==, 1000);
  g_assert_cmpuint (strlen ((const char *) till_secret_get_data (secret)), ==, 1000);
  g_assert_cmpuint (till_test_count_in_memory (inverted, CANARY_BYTES), ==, 1);

  till_secret_shrink (secret, 1000);
  till_secret_shrink (secret, 0);
  g_assert_cmpuint (till_secret_get_size (secret), ==, 0);
}

/* The kernel's own word: VmFlags of the mapping. */
static char *
get_vm_flags (const void *address)
{
  g_autofree char *smaps = NULL;
  g_auto(GStrv) lines = NULL;
  gboolean inside = FALSE;

  if (!g_file_get_contents ("/proc/self/smaps", &smaps, NULL, NULL))
    return NULL;

  lines = g_strsplit (smaps, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      char *rest;
      guint64 start = g_ascii_strtoull (lines[i], &rest, 16);

      if (rest > lines[i] && *rest == '-')
        {
          guint64 end = g_ascii_strtoull (rest + 1, NULL, 16);

          inside = (gsize) address >= start && (gsize) address < end;
        }
      else if (inside && g_str_has_prefix (lines[i], "VmFlags:"))
        {
          return g_strconcat (lines[i] + strlen ("VmFlags:"), " ", NULL);
        }
    }

  return NULL;
}

static void
test_flags (void)
{
  g_autoptr(TillSecret) secret = till_secret_new (100);
  g_autofree char *flags = get_vm_flags (till_secret_get_data (secret));

  if (flags == NULL)
    {
      g_test_skip ("this kernel does not tell the flags of a mapping");
      return;
    }

  g_assert_nonnull (strstr (flags, " dd "));
  /* AddressSanitizer only pretends to lock. */
#ifndef __SANITIZE_ADDRESS__
  g_assert_cmpint (strstr (flags, " lo ") != NULL, ==, till_secret_is_locked (secret));
#endif
}

static void
test_not_locked (void)
{
  if (g_test_subprocess ())
    {
      fail_mlock = TRUE;

      /* A bundle of public certificates is no reason to worry anybody. */
      till_secret_unref (till_secret_new (TILL_LIMIT_PEM_BUNDLE_BYTES));
      g_printerr ("bundle done\n");

      for (int i = 0; i < 3; i++)
        {
          g_autoptr(TillSecret) secret = till_secret_new_copy ("abc", 3);

          g_assert_false (till_secret_is_locked (secret));
          g_assert_cmpstr ((const char *) till_secret_get_data (secret), ==, "abc");
        }
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("bundle done\n*cannot be locked in memory*");
  g_test_trap_assert_stderr_unmatched ("*cannot be locked*cannot be locked*");
}

static void
test_no_memory (void)
{
  if (g_test_subprocess ())
    {
      till_secret_unref (till_secret_new (G_MAXSIZE));
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*no memory for a secret of*");
}

/* Writes in pieces from another thread, so that reading has to wait. */
typedef struct
{
  int           fd;
  const guint8 *data;
  gsize         size;
  gsize         piece;
} Feed;

static gpointer
feed_thread (gpointer data)
{
  Feed *feed = data;

  for (gsize done = 0; done < feed->size; )
    {
      gsize step = MIN (feed->piece, feed->size - done);
      ssize_t n = write (feed->fd, feed->data + done, step);

      if (n < 0)
        break;
      done += (gsize) n;
      if (feed->piece < 100)
        g_usleep (500);
    }
  close (feed->fd);

  return NULL;
}

static TillSecret *
read_fed (const void  *data,
          gsize        size,
          gsize        piece,
          int          flags,
          gsize        limit,
          GError     **error)
{
  Feed feed = { .data = data, .size = size, .piece = piece };
  TillSecret *secret;
  GThread *thread;
  int fds[2];

  g_assert_cmpint (pipe2 (fds, O_CLOEXEC), ==, 0);
  g_assert_cmpint (fcntl (fds[0], F_SETFL, flags), ==, 0);
  feed.fd = fds[1];

  thread = g_thread_new ("feed", feed_thread, &feed);
  secret = till_secret_read_fd (fds[0], limit, error);
  close (fds[0]);
  g_thread_join (thread);

  return secret;
}

static void
test_read_fd (void)
{
  static const struct
  {
    const char *given;
    gsize       size;
    const char *expected;
    gsize       expected_size;
  } cases[] = {
    { "", 0, "", 0 },
    { "\n", 1, "", 0 },
    { "\r\n", 2, "", 0 },
    { "\r", 1, "\r", 1 },
    { "abc", 3, "abc", 3 },
    { "abc\n", 4, "abc", 3 },
    { "abc\r\n", 5, "abc", 3 },
    { "abc\n\n", 5, "abc\n", 4 },
    { "abc\n\r", 5, "abc\n\r", 5 },
    { "abc \n", 5, "abc ", 4 },
    { "\nabc", 4, "\nabc", 4 },
    { "a\0b\n", 4, "a\0b", 3 },
    { "пароль€\n", 16, "пароль€", 15 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize piece = 1; piece <= 100; piece += 99)
      for (int flags = 0; flags <= O_NONBLOCK; flags += O_NONBLOCK)
        {
          g_autoptr(GError) error = NULL;
          g_autoptr(TillSecret) secret = read_fed (cases[i].given, cases[i].size, piece, flags, 100, &error);

          g_assert_no_error (error);
          g_assert_cmpmem (till_secret_get_data (secret), till_secret_get_size (secret),
                           cases[i].expected, cases[i].expected_size);
        }
}

static void
test_read_fd_limit (void)
{
  static const struct
  {
    const char *given;
    gboolean    fits;
  } cases[] = {
    { "12345678", TRUE },
    { "12345678\n", TRUE },
    { "12345678\r\n", TRUE },
    { "123456789", FALSE },
    { "123456789\n", FALSE },
    { "12345678\n\n", FALSE },
    { "12345678901234567890", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TillSecret) secret = read_fed (cases[i].given, strlen (cases[i].given), 1000, 0, 8, &error);

      if (cases[i].fits)
        {
          g_assert_no_error (error);
          g_assert_cmpstr ((const char *) till_secret_get_data (secret), ==, "12345678");
          continue;
        }

      g_assert_null (secret);
      g_assert_error (error, TILL_ERROR, TILL_ERROR_UNREADABLE);
      g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_TOO_LARGE);
      g_assert_cmpint (till_error_get_want (error), ==, 8);
      g_assert_cmpint (till_error_get_have (error), >, 8);
      g_assert_null (strstr (error->message, "1234"));
    }
}

static void
test_read_fd_fails (void)
{
  int fds[2];
  const int bad[] = { -1, 9999 };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (till_secret_read_fd (bad[i], 100, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_UNREADABLE);
      g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_IO);
    }

  /* The wrong end of a pipe. */
  g_assert_cmpint (pipe2 (fds, O_CLOEXEC), ==, 0);
  g_assert_null (till_secret_read_fd (fds[1], 100, NULL));
  close (fds[0]);
  close (fds[1]);
}

/* Reading leaves no copy behind, also where the buffer had to grow. */
static void
test_read_fd_wiped (void)
{
  guint8 inverted[CANARY_BYTES];
  g_autoptr(TillSecret) canary = make_canary (inverted);
  g_autoptr(TillSecret) large = till_secret_new (300000);
  TillSecret *secret;

  memcpy (till_secret_get_buffer (large) + 1000, till_secret_get_data (canary), CANARY_BYTES);
  secret = read_fed (till_secret_get_data (large), 300000, 30000, 0, 1000000, NULL);
  g_assert_true (till_secret_equal (secret, large));
  g_assert_cmpuint (till_test_count_in_memory (inverted, CANARY_BYTES), ==, 3);

  till_secret_unref (secret);
  g_assert_cmpuint (till_test_count_in_memory (inverted, CANARY_BYTES), ==, 2);
}

static void
test_file_wiped (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *path = till_test_dir_file (dir, "secret");
  guint8 inverted[CANARY_BYTES];
  g_autoptr(TillSecret) canary = make_canary (inverted);
  TillSecret *read;

  g_assert_true (till_file_write (path, till_secret_get_data (canary), CANARY_BYTES, 0600, NULL));
  read = till_file_read (path, 100, 100, NULL);
  g_assert_true (till_secret_equal (read, canary));
  g_assert_cmpuint (till_test_count_in_memory (inverted, CANARY_BYTES), ==, 2);

  till_secret_unref (read);
  g_assert_cmpuint (till_test_count_in_memory (inverted, CANARY_BYTES), ==, 1);
}

/* Pages are used again: always zero, always locked, never two owners. */
static void
test_reuse (void)
{
  TillSecret *held[12];

  for (int round = 0; round < 500; round++)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (held); i++)
        {
          gsize size = (gsize) g_test_rand_int_range (0, 6 * 4096);
          guint8 *buffer;

          held[i] = till_secret_new (size);
          buffer = till_secret_get_buffer (held[i]);
          for (gsize j = 0; j <= size; j++)
            if (buffer[j] != 0)
              g_assert_cmpuint (buffer[j], ==, 0);
          memset (buffer, (int) i + 1, size);
          till_secret_shrink (held[i], size / 2);
        }

      for (gsize i = 0; i < G_N_ELEMENTS (held); i++)
        {
          const guint8 *data = till_secret_get_data (held[i]);

          for (gsize j = 0; j < till_secret_get_size (held[i]); j++)
            if (data[j] != i + 1)
              g_assert_cmpuint (data[j], ==, i + 1);
          till_secret_unref (held[i]);
        }
    }
}

static gpointer
make_thread (gpointer data)
{
  for (int i = 0; i < 5000; i++)
    {
      g_autoptr(TillSecret) secret = till_secret_new_copy (data, strlen (data));

      g_assert_cmpstr ((const char *) till_secret_get_data (secret), ==, data);
    }

  return NULL;
}

static void
test_reuse_threads (void)
{
  char *texts[] = { (char *) "one", (char *) "two", (char *) "three", (char *) "four" };
  GThread *threads[G_N_ELEMENTS (texts)];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("make", make_thread, texts[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

static gpointer
count_thread (gpointer data)
{
  for (int i = 0; i < 20000; i++)
    {
      till_secret_ref (data);
      till_secret_unref (data);
    }

  return NULL;
}

static void
test_threads (void)
{
  g_autoptr(TillSecret) secret = till_secret_new_copy ("abc", 3);
  GThread *threads[4];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("count", count_thread, secret);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);

  g_assert_cmpstr ((const char *) till_secret_get_data (secret), ==, "abc");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  signal (SIGPIPE, SIG_IGN);

  g_test_add_func ("/secret/sizes", test_sizes);
  g_test_add_func ("/secret/copies", test_copies);
  g_test_add_func ("/secret/bad-parts", test_bad_parts);
  g_test_add_func ("/secret/equal", test_equal);
  g_test_add_func ("/secret/wiped", test_wiped);
  g_test_add_func ("/secret/shrink", test_shrink);
  g_test_add_func ("/secret/flags", test_flags);
  g_test_add_func ("/secret/not-locked", test_not_locked);
  g_test_add_func ("/secret/no-memory", test_no_memory);
  g_test_add_func ("/secret/read-fd", test_read_fd);
  g_test_add_func ("/secret/read-fd/limit", test_read_fd_limit);
  g_test_add_func ("/secret/read-fd/fails", test_read_fd_fails);
  g_test_add_func ("/secret/read-fd/wiped", test_read_fd_wiped);
  g_test_add_func ("/secret/file-wiped", test_file_wiped);
  g_test_add_func ("/secret/reuse", test_reuse);
  g_test_add_func ("/secret/reuse/threads", test_reuse_threads);
  g_test_add_func ("/secret/threads", test_threads);

  return g_test_run ();
}
