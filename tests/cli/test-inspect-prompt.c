/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The password prompt of `tillkeeperctl inspect`, on a terminal as a person has it. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <utmp.h>
#include <unistd.h>

#include "cli-child.h"

#define LIMIT_SECONDS 20

static TillTestDir *dir;

/**
 * Terminal:
 * @fd: our end of the pseudo terminal
 * @slave: the other end, held open so that its settings can be looked at after the end
 * @seen: everything that was shown
 */
typedef struct
{
  pid_t    pid;
  int      fd;
  int      slave;
  GString *seen;
} Terminal;

static Terminal *
terminal_start (const char * const *argv,
                gboolean            output_too)
{
  Terminal *self = g_new0 (Terminal, 1);
  g_autofree char *out = till_test_dir_file (dir, "out");

  self->seen = g_string_new (NULL);
  g_assert_cmpint (openpty (&self->fd, &self->slave, NULL, NULL, NULL), ==, 0);
  self->pid = fork ();
  g_assert_cmpint (self->pid, >=, 0);

  if (self->pid == 0)
    {
      int file = open (out, O_WRONLY | O_CREAT | O_TRUNC, 0600);

      close (self->fd);
      login_tty (self->slave);
      if (!output_too)
        dup2 (file, STDOUT_FILENO);
      execv (argv[0], (char **) argv);
      _exit (99);
    }

  fcntl (self->fd, F_SETFD, FD_CLOEXEC);
  fcntl (self->slave, F_SETFD, FD_CLOEXEC);

  return self;
}

/* Reads until a text has been shown as often as said. */
static void
terminal_expect (Terminal   *self,
                 const char *text,
                 guint       times)
{
  gint64 end = g_get_monotonic_time () + LIMIT_SECONDS * G_USEC_PER_SEC;

  while (TRUE)
    {
      struct pollfd input = { .fd = self->fd, .events = POLLIN };
      guint found = 0;
      char buffer[512];
      gssize got;

      for (const char *p = self->seen->str; (p = strstr (p, text)) != NULL; p++)
        found++;

      if (found >= times)
        return;

      if (g_get_monotonic_time () > end)
        g_error ("“%s” was not shown; shown was: %s", text, self->seen->str);

      if (poll (&input, 1, 100) <= 0)
        continue;

      got = read (self->fd, buffer, sizeof buffer);
      if (got > 0)
        g_string_append_len (self->seen, buffer, got);
    }
}

static gboolean
terminal_has_echo (Terminal *self)
{
  struct termios settings;

  g_assert_cmpint (tcgetattr (self->slave, &settings), ==, 0);

  return (settings.c_lflag & ECHO) != 0;
}

static void
terminal_type (Terminal   *self,
               const char *text)
{
  g_assert_false (terminal_has_echo (self));
  g_assert_cmpint (write (self->fd, text, strlen (text)), ==, (gssize) strlen (text));
}

/* Waits for the end; the terminal must be as it was. Returns the wait status. */
static int
terminal_end (Terminal *self)
{
  gint64 end = g_get_monotonic_time () + LIMIT_SECONDS * G_USEC_PER_SEC;
  pid_t ended = 0;
  int status = 0;

  while (ended == 0)
    {
      struct pollfd input = { .fd = self->fd, .events = POLLIN };
      char buffer[512];

      if (g_get_monotonic_time () > end)
        g_error ("it did not end; shown was: %s", self->seen->str);

      if (poll (&input, 1, 20) > 0)
        {
          gssize got = read (self->fd, buffer, sizeof buffer);

          if (got > 0)
            g_string_append_len (self->seen, buffer, got);
        }

      ended = waitpid (self->pid, &status, WNOHANG);
    }

  while (TRUE)
    {
      struct pollfd input = { .fd = self->fd, .events = POLLIN };
      char buffer[512];
      gssize got;

      if (poll (&input, 1, 0) <= 0 || (got = read (self->fd, buffer, sizeof buffer)) <= 0)
        break;

      g_string_append_len (self->seen, buffer, got);
    }

  g_assert_true (terminal_has_echo (self));
  g_assert_null (strstr (self->seen->str, CLI_PASSWORD));
  g_assert_null (strstr (self->seen->str, "guess"));

  return status;
}

static void
terminal_free (Terminal *self)
{
  close (self->fd);
  close (self->slave);
  g_string_free (self->seen, TRUE);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Terminal, terminal_free)

static char *
read_output (void)
{
  g_autofree char *out = till_test_dir_file (dir, "out");
  char *contents = NULL;

  g_assert_true (g_file_get_contents (out, &contents, NULL, NULL));
  g_assert_null (strstr (contents, CLI_PASSWORD));

  return contents;
}

static Terminal *
start_inspect (const char *first,
               const char *second)
{
  g_autofree char *one = till_test_dir_file (dir, first);
  g_autofree char *two = second != NULL ? till_test_dir_file (dir, second) : NULL;
  const char *argv[] = { cli_program (), "inspect", "--json", one, two, NULL };

  return terminal_start (argv, FALSE);
}

static void
test_right (void)
{
  g_autoptr(Terminal) terminal = start_inspect ("shop.p12", NULL);
  g_autofree char *output = NULL;
  int status;

  terminal_expect (terminal, "shop.p12: ", 1);
  terminal_type (terminal, CLI_PASSWORD "\n");
  status = terminal_end (terminal);

  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  g_assert_true (g_str_has_prefix (terminal->seen->str, "Password for /"));
  g_assert_true (g_str_has_suffix (terminal->seen->str, "shop.p12: \r\n"));
  output = read_output ();
  g_assert_nonnull (strstr (output, "\"kind\":\"pkcs12\""));
}

static void
test_third_time (void)
{
  g_autoptr(Terminal) terminal = start_inspect ("shop.p12", NULL);
  int status;

  terminal_expect (terminal, "shop.p12: ", 1);
  terminal_type (terminal, "guess 1\n");
  terminal_expect (terminal, "Password for", 2);
  terminal_type (terminal, "\n");
  terminal_expect (terminal, "Password for", 3);
  terminal_type (terminal, CLI_PASSWORD "\n");
  status = terminal_end (terminal);

  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

static void
test_never (void)
{
  g_autoptr(Terminal) terminal = start_inspect ("shop.p12", NULL);
  g_autofree char *output = NULL;
  int status;

  for (guint i = 1; i <= 3; i++)
    {
      terminal_expect (terminal, "Password for", i);
      terminal_type (terminal, "guess\n");
    }

  status = terminal_end (terminal);
  g_assert_cmpint (WEXITSTATUS (status), ==, 1);
  g_assert_nonnull (strstr (terminal->seen->str, "{\"error\":{\"code\":\"wrong-password\","));
  output = read_output ();
  g_assert_cmpstr (output, ==, "");
}

/* Very long answers are refused, and nothing of them is left for the shell. */
static void
test_long (void)
{
  g_autoptr(Terminal) terminal = start_inspect ("shop.p12", NULL);
  g_autofree char *filler = g_strnfill (1000, 'a');
  int status;

  terminal_expect (terminal, "shop.p12: ", 1);
  /* Ctrl+D in the middle of a line sends what is there: a line longer than the terminal's own limit. */
  for (guint i = 0; i < 5; i++)
    {
      terminal_type (terminal, filler);
      terminal_type (terminal, "\004");
      g_usleep (50 * 1000);
    }
  terminal_type (terminal, "\n");
  terminal_expect (terminal, "too long", 1);
  terminal_expect (terminal, "}\r\n", 1);
  status = terminal_end (terminal);
  g_assert_cmpint (WEXITSTATUS (status), ==, 1);
}

static void
test_no_answer (void)
{
  g_autoptr(Terminal) terminal = start_inspect ("shop.p12", NULL);
  int status;

  terminal_expect (terminal, "shop.p12: ", 1);
  terminal_type (terminal, "\004");
  status = terminal_end (terminal);
  g_assert_cmpint (WEXITSTATUS (status), ==, 1);
  g_assert_nonnull (strstr (terminal->seen->str, "{\"error\":{\"code\":\"password-required\","));
}

static void
assert_ended_by (Terminal *terminal,
                 int       number)
{
  int status = terminal_end (terminal);

  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, number);
}

static void
test_interrupted (void)
{
  g_autoptr(Terminal) by_key = start_inspect ("shop.p12", NULL);
  g_autoptr(Terminal) by_signal = NULL;
  g_autoptr(Terminal) halfway = NULL;

  terminal_expect (by_key, "shop.p12: ", 1);
  terminal_type (by_key, "\003");
  assert_ended_by (by_key, SIGINT);

  by_signal = start_inspect ("shop.p12", NULL);
  terminal_expect (by_signal, "shop.p12: ", 1);
  g_assert_false (terminal_has_echo (by_signal));
  g_assert_cmpint (kill (by_signal->pid, SIGTERM), ==, 0);
  assert_ended_by (by_signal, SIGTERM);

  halfway = start_inspect ("shop.p12", NULL);
  terminal_expect (halfway, "shop.p12: ", 1);
  terminal_type (halfway, "guess");
  g_assert_cmpint (kill (halfway->pid, SIGHUP), ==, 0);
  assert_ended_by (halfway, SIGHUP);
}

/* Suspended and continued (here the kernel does not stop it: nobody could continue it), it asks again. */
static void
test_suspended (void)
{
  g_autoptr(Terminal) terminal = start_inspect ("shop.p12", NULL);
  int status;

  terminal_expect (terminal, "shop.p12: ", 1);
  terminal_type (terminal, "guess\032");
  terminal_expect (terminal, "Password for", 2);
  terminal_type (terminal, CLI_PASSWORD "\n");
  status = terminal_end (terminal);
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

/* What opened one file is tried on the next before asking. */
static void
test_two_files (void)
{
  g_autoptr(Terminal) terminal = start_inspect ("shop.p12", "encrypted.key");
  g_autofree char *output = NULL;
  int status;

  terminal_expect (terminal, "shop.p12: ", 1);
  terminal_type (terminal, CLI_PASSWORD "\n");
  status = terminal_end (terminal);
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  g_assert_null (strstr (terminal->seen->str, "encrypted.key"));
  output = read_output ();
  g_assert_nonnull (strstr (output, "\"kind\":\"private-key\""));
}

/* A file that needs no password is not asked for. */
static void
test_not_needed (void)
{
  g_autoptr(Terminal) terminal = start_inspect ("leaf.pem", NULL);
  int status = terminal_end (terminal);

  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  g_assert_cmpstr (terminal->seen->str, ==, "");
}

/* On a terminal the document is laid out for the person in front of it. */
static void
test_json_on_terminal (void)
{
  g_autofree char *file = till_test_dir_file (dir, "leaf.pem");
  const char *argv[] = { cli_program (), "inspect", "--json", file, NULL };
  g_autoptr(Terminal) terminal = terminal_start (argv, TRUE);
  int status = terminal_end (terminal);

  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  g_assert_true (g_str_has_prefix (terminal->seen->str, "{\r\n  \"file\": \""));
  g_assert_true (g_str_has_suffix (terminal->seen->str, "\r\n}\r\n"));
}

int
main (int    argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);

  dir = till_test_dir_new ();
  cli_make_fixtures (dir);

  g_test_add_func ("/inspect-prompt/right", test_right);
  g_test_add_func ("/inspect-prompt/third-time", test_third_time);
  g_test_add_func ("/inspect-prompt/never", test_never);
  g_test_add_func ("/inspect-prompt/long", test_long);
  g_test_add_func ("/inspect-prompt/no-answer", test_no_answer);
  g_test_add_func ("/inspect-prompt/interrupted", test_interrupted);
  g_test_add_func ("/inspect-prompt/suspended", test_suspended);
  g_test_add_func ("/inspect-prompt/two-files", test_two_files);
  g_test_add_func ("/inspect-prompt/not-needed", test_not_needed);
  g_test_add_func ("/inspect-prompt/json-on-terminal", test_json_on_terminal);

  status = g_test_run ();
  till_test_dir_free (dir);

  return status;
}
