/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `tillkeeperctl` does with hostile files, names, streams, environments and command lines. */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli-child.h"

static TillTestDir *dir;

static const char *
get_code (CliChild *child)
{
  JsonObject *error = cli_child_get_error (child);

  g_assert_cmpstr (json_object_get_string_member (error, "message"), !=, "");
  g_test_message ("%s", json_object_get_string_member (error, "message"));

  return json_object_get_string_member (error, "code");
}

/* Must be refused as unreadable, soon and with little memory. */
static void
assert_unreadable (const char *file)
{
  gint64 started = g_get_monotonic_time ();
  g_autoptr(CliChild) child = cli_run (NULL, "inspect", "--json", "--", file, NULL);

  g_assert_cmpstr (get_code (child), ==, "unreadable");
  g_assert_cmpuint (child->output_size, ==, 0);
  g_assert_cmpint (g_get_monotonic_time () - started, <, 10 * G_USEC_PER_SEC);
}

static void
test_unreadable (void)
{
  g_autofree char *gone = till_test_dir_file (dir, "gone.pem");
  g_autofree char *below = till_test_dir_file (dir, "leaf.pem/below");
  g_autofree char *fifo = till_test_dir_file (dir, "fifo");
  g_autofree char *loop = till_test_dir_file (dir, "loop");
  g_autofree char *sparse = till_test_dir_file (dir, "sparse.p12");
  g_autofree char *shut = till_test_dir_write (dir, "shut.pem", "secret", -1);
  struct rusage usage;
  int fd;

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_cmpint (symlink ("loop", loop), ==, 0);
  fd = open (sparse, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  g_assert_cmpint (ftruncate (fd, G_GINT64_CONSTANT (10) * 1000 * 1000 * 1000), ==, 0);
  close (fd);

  assert_unreadable (gone);
  assert_unreadable (below);
  assert_unreadable (dir->path);
  assert_unreadable (fifo);
  assert_unreadable (loop);
  assert_unreadable (sparse);
  assert_unreadable ("/dev/zero");
  assert_unreadable ("");

  if (getuid () != 0)
    {
      g_assert_cmpint (chmod (shut, 0), ==, 0);
      assert_unreadable (shut);
    }

  /* The largest of the children so far, in KiB. Sanitizers need far more for themselves. */
  g_assert_cmpint (getrusage (RUSAGE_CHILDREN, &usage), ==, 0);
  g_test_message ("%ld KiB", usage.ru_maxrss);
}

/* A stream without an end is given up at the limit. */
static void
test_endless_input (void)
{
  const char *argv[] = { "sh", "-c", "exec \"$0\" inspect --json - < /dev/zero", cli_program (), NULL };
  g_autoptr(TillTestRun) run = till_test_run (argv, NULL, NULL);

  g_assert_cmpint (run->status, ==, 1);
  g_assert_cmpstr (run->output, ==, "");
  g_assert_nonnull (strstr (run->errors, "\"code\":\"unreadable\""));
}

static void
test_not_a_certificate (void)
{
  g_autofree char *empty = till_test_dir_write (dir, "empty.pem", "", 0);
  g_autofree char *text = till_test_dir_write (dir, "note.txt", "Dear staff, the password is on the door.\n", -1);
  g_autoptr(CliChild) one = cli_run (NULL, "inspect", "--json", empty, NULL);
  g_autoptr(CliChild) two = cli_run (NULL, "inspect", "--json", text, NULL);

  g_assert_cmpstr (get_code (one), ==, "not-a-certificate-file");
  g_assert_cmpstr (get_code (two), ==, "not-a-certificate-file");
  g_assert_null (strstr (two->errors, "door"));
}

/* Copies leaf.pem under another name and holds against what "file" must say. */
static void
assert_name (const char *name,
             const char *shown_json,
             const char *shown_text)
{
  g_autofree char *leaf = till_test_dir_file (dir, "leaf.pem");
  g_autofree char *path = till_test_dir_file (dir, name);
  g_autofree char *expected = g_strdup_printf ("%s/%s", dir->path, shown_json);
  g_autofree char *line = g_strdup_printf ("%s/%s\n  Kind ", dir->path, shown_text);
  g_autoptr(CliChild) json = NULL;
  g_autoptr(CliChild) text = NULL;
  g_autoptr(CliChild) failed = NULL;

  g_assert_cmpint (link (leaf, path), ==, 0);
  json = cli_run (NULL, "inspect", "--json", path, NULL);
  g_assert_cmpstr (json_object_get_string_member (cli_child_get_object (json), "file"), ==, expected);

  text = cli_run (NULL, "inspect", path, NULL);
  g_assert_true (g_str_has_prefix (text->output, line));

  g_assert_cmpint (unlink (path), ==, 0);
  failed = cli_run (NULL, "inspect", path, NULL);
  g_assert_cmpint (failed->status, ==, 1);
  g_assert_true (strchr (failed->errors, '\n') == failed->errors + strlen (failed->errors) - 1);
  g_assert_null (strchr (failed->errors, '\x1b'));
}

static void
test_names (void)
{
  assert_name ("with blank.pem", "with blank.pem", "with blank.pem");
  assert_name ("Käse.pem", "Käse.pem", "Käse.pem");
  assert_name ("line\nbreak", "line\nbreak", "line\\x0abreak");
  assert_name ("esc\x1b[31m", "esc\x1b[31m", "esc\\x1b[31m");
  assert_name ("bad\xff\xfe" "utf8", "bad\xef\xbf\xbd\xef\xbf\xbd" "utf8", "bad\\xff\\xfeutf8");
  assert_name ("\"quoted\"\\", "\"quoted\"\\", "\"quoted\"\\");
  assert_name ("%s%n%d", "%s%n%d", "%s%n%d");
  assert_name ("--json", "--json", "--json");
}

/* After "--" a file may be called like an option. */
static void
test_name_like_an_option (void)
{
  const char *argv[] = { cli_program (), "inspect", "--json", "--", "--details", NULL };
  g_autofree char *leaf = till_test_dir_file (dir, "leaf.pem");
  g_autofree char *path = till_test_dir_file (dir, "--details");
  g_autoptr(TillTestRun) run = NULL;

  g_assert_cmpint (link (leaf, path), ==, 0);
  run = till_test_run (argv, NULL, dir->path);
  g_assert_cmpint (run->status, ==, 0);
  g_assert_true (g_str_has_prefix (run->output, "{\"file\":\"--details\","));
}

/* The sentence names the file once. */
static void
test_sentence (void)
{
  const char *argv[] = { cli_program (), "inspect", "gone.pem", NULL };
  g_autoptr(TillTestRun) run = till_test_run (argv, NULL, dir->path);

  g_assert_cmpint (run->status, ==, 1);
  g_assert_cmpstr (run->output, ==, "");
  g_assert_cmpstr (run->errors, ==, "tillkeeperctl: there is no file \"gone.pem\"\n");
}

/* Standard output goes to what a shell redirection says. */
static TillTestRun *
run_redirected (const char *redirection,
                const char *options)
{
  g_autofree char *script = g_strdup_printf ("exec \"$0\" inspect %s leaf.pem %s", options, redirection);
  const char *argv[] = { "sh", "-c", script, cli_program (), NULL };

  return till_test_run (argv, NULL, dir->path);
}

static void
test_output_fails (void)
{
  g_autoptr(TillTestRun) full = run_redirected ("> /dev/full", "");
  g_autoptr(TillTestRun) full_json = run_redirected ("> /dev/full", "--json");
  g_autoptr(TillTestRun) closed = run_redirected (">&-", "");
  g_autoptr(TillTestRun) help = run_redirected ("> /dev/full", "--help");

  g_assert_cmpint (full->status, ==, 1);
  g_assert_cmpstr (full->errors, ==, "tillkeeperctl: standard output could not be written: there is no space left\n");
  g_assert_cmpint (full_json->status, ==, 1);
  g_assert_cmpstr (full_json->errors, ==,
                   "{\"error\":{\"code\":\"internal\",\"message\":"
                   "\"standard output could not be written: there is no space left\"}}\n");
  g_assert_cmpint (closed->status, ==, 1);
  g_assert_true (g_str_has_prefix (closed->errors, "tillkeeperctl: standard output could not be written: "));
  g_assert_cmpint (help->status, ==, 1);
}

/* The reader of the pipe is gone before anything is written. */
static void
test_reader_gone (void)
{
  g_autofree char *leaf = till_test_dir_file (dir, "leaf.pem");
  g_autofree char *errors_path = till_test_dir_file (dir, "errors");
  g_autofree char *errors = NULL;
  int wait_status;
  int fds[2];
  pid_t pid;

  g_assert_cmpint (pipe (fds), ==, 0);
  close (fds[0]);
  pid = fork ();
  g_assert_cmpint (pid, >=, 0);

  if (pid == 0)
    {
      int fd = open (errors_path, O_WRONLY | O_CREAT, 0600);

      signal (SIGPIPE, SIG_DFL);
      dup2 (fds[1], STDOUT_FILENO);
      dup2 (fd, STDERR_FILENO);
      execl (cli_program (), "tillkeeperctl", "inspect", leaf, NULL);
      _exit (99);
    }

  close (fds[1]);
  g_assert_cmpint (waitpid (pid, &wait_status, 0), ==, pid);
  g_assert_true (WIFEXITED (wait_status));
  g_assert_cmpint (WEXITSTATUS (wait_status), ==, 1);
  g_assert_true (g_file_get_contents (errors_path, &errors, NULL, NULL));
  g_assert_cmpstr (errors, ==, "tillkeeperctl: standard output was closed before everything was written\n");
}

/* A signal ends it while it waits for standard input, with the usual status. */
static void
test_signals (void)
{
  static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      int wait_status = 0;
      int fds[2];
      pid_t pid, ended = 0;

      g_assert_cmpint (pipe (fds), ==, 0);
      pid = fork ();
      g_assert_cmpint (pid, >=, 0);

      if (pid == 0)
        {
          dup2 (fds[0], STDIN_FILENO);
          close (fds[1]);
          execl (cli_program (), "tillkeeperctl", "inspect", "-", NULL);
          _exit (99);
        }

      close (fds[0]);
      g_usleep (300 * 1000);
      g_assert_cmpint (kill (pid, signals[i]), ==, 0);

      for (guint n = 0; n < 100 && ended == 0; n++)
        {
          g_usleep (10 * 1000);
          ended = waitpid (pid, &wait_status, WNOHANG);
        }

      close (fds[1]);
      g_assert_cmpint (ended, ==, pid);
      g_assert_true (WIFSIGNALED (wait_status));
      g_assert_cmpint (WTERMSIG (wait_status), ==, signals[i]);
    }
}

static void
test_usage (void)
{
  static const struct
  {
    const char *arguments[6];
    const char *error;
  } cases[] = {
    { { NULL }, "tillkeeperctl: a command is missing\nUsage: tillkeeperctl [--profile NAME]" },
    { { "inspekt" }, "tillkeeperctl: unknown command “inspekt”; did you mean “inspect”?\n" },
    { { "inspect" }, "tillkeeperctl: a file is missing\nUsage: tillkeeperctl [--profile NAME] [--json] [--verbose] "
                     "inspect [--password-fd N] [--details] FILE…\nTry “tillkeeperctl inspect --help”.\n" },
    { { "inspect", "--jsn", "a" }, "tillkeeperctl: unknown option “--jsn”; did you mean “--json”?\n" },
    { { "inspect", "--password", CLI_PASSWORD }, "tillkeeperctl: unknown option “--password”; "
                                                 "did you mean “--password-fd”?\n" },
    { { "inspect", "--password-fd", "x", "a" }, "tillkeeperctl: the value of “--password-fd” is not the number" },
    { { "inspect", "--password-fd", "-1", "a" }, "tillkeeperctl: the value of “--password-fd” is not the number" },
    { { "inspect", "--password-fd", "99999999999", "a" }, "tillkeeperctl: the value of “--password-fd” is not" },
    { { "inspect", "--password-fd", "0", "-" }, "tillkeeperctl: standard input can't be both" },
    { { "inspect", "-", "-" }, "tillkeeperctl: “-” can be given once only\n" },
    { { "inspect\x1b[2J" }, "tillkeeperctl: unknown command “inspect\\x1b[2J”" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char * const *a = cases[i].arguments;
      g_autoptr(CliChild) child = a[0] == NULL ? cli_run (NULL, NULL, NULL)
                                               : cli_run (NULL, a[0], a[1], a[2], a[3], a[4], NULL);

      g_test_message ("%s", cases[i].error);
      g_assert_cmpint (child->status, ==, 2);
      g_assert_cmpuint (child->output_size, ==, 0);
      g_assert_true (g_str_has_prefix (child->errors, cases[i].error));
    }
}

static void
test_help (void)
{
  g_autoptr(CliChild) all = cli_run (NULL, "--help", NULL);
  g_autoptr(CliChild) one = cli_run (NULL, "inspect", "--help", NULL);
  g_autoptr(CliChild) two = cli_run (NULL, "--help", "inspect", NULL);
  g_autoptr(CliChild) version = cli_run (NULL, "--version", NULL);

  g_assert_cmpint (all->status, ==, 0);
  g_assert_cmpstr (all->errors, ==, "");
  g_assert_true (g_str_has_prefix (all->output, "Usage: tillkeeperctl "));
  g_assert_nonnull (strstr (all->output, "\n  inspect             Say what"));
  g_assert_cmpint (one->status, ==, 0);
  g_assert_nonnull (strstr (one->output, "\n  --password-fd N     "));
  g_assert_cmpstr (one->output, ==, two->output);
  g_assert_cmpstr (version->output, ==, "tillkeeperctl " TILL_VERSION "\n");
}

static void
test_profile (void)
{
  g_autofree char *leaf = till_test_dir_file (dir, "leaf.pem");
  g_autoptr(CliChild) before = cli_run (NULL, "--profile", "shop", "--json", "inspect", leaf, NULL);
  g_autoptr(CliChild) after = cli_run (NULL, "inspect", leaf, "--json", "--profile=shop", NULL);

  cli_child_get_object (before);
  g_assert_cmpstr (before->output, ==, after->output);
}

/* Nothing in the environment makes it write a file, load a module or speak (RELIABILITY.md G7). */
static void
test_environment (void)
{
  g_autofree char *leaf = till_test_dir_file (dir, "leaf.pem");
  g_autofree char *log = till_test_dir_file (dir, "tls-secrets");
  g_autofree char *keylog = g_strdup_printf ("SSLKEYLOGFILE=%s", log);
  g_autofree char *file = till_test_dir_write (dir, "priorities", "[overrides]\ninsecure-hash = SHA256\n", -1);
  g_autofree char *priorities = g_strdup_printf ("GNUTLS_SYSTEM_PRIORITY_FILE=%s", file);
  g_autofree char *modules = g_strdup_printf ("GIO_EXTRA_MODULES=%s", dir->path);
  const char * const environment[] = {
    keylog, modules, "GNUTLS_DEBUG_LEVEL=9", priorities, "GNUTLS_CPUID_OVERRIDE=0x1",
    "G_DEBUG=fatal-warnings,resident-modules", "G_MESSAGES_DEBUG=all", "G_SLICE=always-malloc",
    "LC_ALL=xx_XX.nonsense", "LANGUAGE=de", "TZ=:/dev/zero", "POSIXLY_CORRECT=1", "MALLOC_TRACE=/dev/null", NULL,
  };
  CliInput input = { .environment = environment };
  guint before = till_test_dir_count (dir);
  g_autoptr(CliChild) plain = cli_run (NULL, "inspect", leaf, "--json", NULL);
  g_autoptr(CliChild) hostile = cli_run (&input, "inspect", leaf, "--json", NULL);

  /* GnuTLS speaks in its constructor, before there is a main() to stop it; not after that. */
  g_assert_cmpint (hostile->status, ==, 0);
  g_assert_null (strstr (hostile->errors, "ASSERT"));
  g_assert_cmpstr (hostile->output, ==, plain->output);
  g_assert_cmpuint (till_test_dir_count (dir), ==, before);
}

/* A crash leaves no picture of its memory (RELIABILITY.md G2). */
static void
test_no_core (void)
{
  g_autofree char *folder = till_test_dir_file (dir, "crash");
  const char *script = "ulimit -c unlimited 2> /dev/null; \"$0\" inspect - < fifo & child=$!; "
                       "exec 9> fifo; sleep 0.3; grep -i 'core file size' /proc/$child/limits; "
                       "kill -SEGV $child; wait $child; echo $?";
  const char *argv[] = { "sh", "-c", script, cli_program (), NULL };
  g_autofree char *fifo = till_test_dir_file (dir, "crash/fifo");
  g_autoptr(TillTestRun) run = NULL;
  g_autoptr(GDir) entries = NULL;

  if (TILL_DEVELOPMENT)
    {
      g_test_skip ("a development build leaves core dumps alone");
      return;
    }

  g_assert_cmpint (mkdir (folder, 0700), ==, 0);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  run = till_test_run (argv, NULL, folder);

  g_assert_nonnull (strstr (run->output, "139"));
  /* Where the process can be looked at (by root), its limit is seen too. */
  if (strstr (run->output, "ore file size") != NULL)
    g_assert_true (g_regex_match_simple ("ore file size\\s+0\\s+0\\s", run->output, 0, 0));

  entries = g_dir_open (folder, 0, NULL);
  g_assert_cmpstr (g_dir_read_name (entries), ==, "fifo");
  g_assert_null (g_dir_read_name (entries));
}

int
main (int    argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);

  dir = till_test_dir_new ();
  cli_make_fixtures (dir);

  g_test_add_func ("/inspect-input/unreadable", test_unreadable);
  g_test_add_func ("/inspect-input/endless-input", test_endless_input);
  g_test_add_func ("/inspect-input/not-a-certificate", test_not_a_certificate);
  g_test_add_func ("/inspect-input/names", test_names);
  g_test_add_func ("/inspect-input/name-like-an-option", test_name_like_an_option);
  g_test_add_func ("/inspect-input/sentence", test_sentence);
  g_test_add_func ("/inspect-input/output-fails", test_output_fails);
  g_test_add_func ("/inspect-input/reader-gone", test_reader_gone);
  g_test_add_func ("/inspect-input/signals", test_signals);
  g_test_add_func ("/inspect-input/usage", test_usage);
  g_test_add_func ("/inspect-input/help", test_help);
  g_test_add_func ("/inspect-input/profile", test_profile);
  g_test_add_func ("/inspect-input/environment", test_environment);
  g_test_add_func ("/inspect-input/no-core", test_no_core);

  status = g_test_run ();
  till_test_dir_free (dir);

  return status;
}
