/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of the command line that need no file: parsing, help, handing over, output. */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "till-cli-help.h"
#include "till-cli-output.h"
#include "till-cli-parse.h"
#include "till-cli-program.h"
#include "till-cli-report.h"
#include "till-cli.h"
#include "till-error.h"
#include "till-test.h"

static TillCliStatus
run_paint (TillCli *cli)
{
  return cli->n_arguments == 1 ? TILL_CLI_DONE : TILL_CLI_FAILED;
}

static const TillCliOption paint_options[] = {
  { "colour", "C", "The colour" },
  { "thick", NULL, "Thick" },
  { NULL, NULL, NULL },
};

static const TillCliCommand paint = {
  .name = "paint",
  .summary = "Paint a wall",
  .synopsis = "WALL",
  .help = "Paints.\n",
  .options = paint_options,
  .run = run_paint,
};

static const TillCliCommand demo = {
  .name = "demo",
  .summary = "Done by another program",
  .synopsis = "…",
  .program = "demo",
};

static const TillCliCommand missing = {
  .name = "missing",
  .summary = "Done by a program that is not there",
  .synopsis = "…",
  .program = "missing",
};

/* A command with sub-commands, and one that does something of its own besides. */
static TillCliStatus
run_fence (TillCli *cli)
{
  return TILL_CLI_DONE;
}

static const TillCliOption build_options[] = {
  { "post", "P", "A post; may be given several times" },
  { "a-rather-long-option", "VALUE", "Long" },
  { NULL, NULL, NULL },
};

static const TillCliCommand fence_build = {
  .name = "build",
  .group = "fence",
  .summary = "Build a fence",
  .synopsis = "WHERE",
  .help = "Builds.\n",
  .options = build_options,
  .run = run_fence,
};

static const TillCliCommand fence_mend = {
  .name = "mend",
  .group = "fence",
  .summary = "Mend a fence",
  .synopsis = "",
  .help = "Mends.\n",
  .run = run_fence,
  .usage_status = TILL_CLI_UNKNOWN,
};

static const TillCliCommand * const fence_commands[] = { &fence_build, &fence_mend, NULL };

static const TillCliCommand fence = {
  .name = "fence",
  .summary = "Look after fences",
  .synopsis = "COMMAND …",
  .help = "Fences.\n",
  .commands = fence_commands,
};

static const TillCliCommand gate = {
  .name = "gate",
  .summary = "Keep a gate",
  .synopsis = "[--thick]",
  .help = "Gates.\n",
  .options = paint_options,
  .commands = fence_commands,
  .run = run_fence,
};

static const TillCliCommand * const commands[] = { &paint, &demo, &missing, &fence, &gate, NULL };

/* Counts and parses the words of a command line given as one text. */
static gboolean
parse (TillCli     *cli,
       char      ***argv,
       const char  *line,
       char       **message)
{
  *argv = g_strsplit (line, " ", -1);

  return till_cli_parse (cli, commands, g_strv_length (*argv), *argv, message);
}

static void
test_parse (void)
{
  static const struct
  {
    const char *line;
    gboolean    json, verbose, help, version;
    const char *profile;
    const char *colour;
    gboolean    thick;
    const char *arguments;
  } cases[] = {
    { .line = "x paint wall", .arguments = "wall" },
    { .line = "x --json paint wall", .json = TRUE, .arguments = "wall" },
    { .line = "x paint --json wall", .json = TRUE, .arguments = "wall" },
    { .line = "x paint wall --json --verbose", .json = TRUE, .verbose = TRUE, .arguments = "wall" },
    { .line = "x --profile shop paint wall", .profile = "shop", .arguments = "wall" },
    { .line = "x paint wall --profile=shop", .profile = "shop", .arguments = "wall" },
    { .line = "x --profile paint paint wall", .profile = "paint", .arguments = "wall" },
    { .line = "x --profile --json paint wall", .profile = "--json", .arguments = "wall" },
    { .line = "x paint --colour red wall", .colour = "red", .arguments = "wall" },
    { .line = "x paint --colour=red --colour blue wall", .colour = "blue", .arguments = "wall" },
    { .line = "x paint --colour=a=b wall", .colour = "a=b", .arguments = "wall" },
    { .line = "x paint wall --thick", .thick = TRUE, .arguments = "wall" },
    { .line = "x paint -- --thick --json", .arguments = "--thick --json" },
    { .line = "x -- paint --thick", .arguments = "--thick" },
    { .line = "x paint -", .arguments = "-" },
    { .line = "x paint a - b", .arguments = "a - b" },
    { .line = "x paint paint", .arguments = "paint" },
    { .line = "x paint -h", .help = TRUE, .arguments = "" },
    { .line = "x paint --version --help", .help = TRUE, .version = TRUE, .arguments = "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(GStrv) argv = NULL;
      g_autofree char *message = NULL;
      g_autofree char *joined = NULL;
      TillCli cli;

      g_test_message ("%s", cases[i].line);
      g_assert_true (parse (&cli, &argv, cases[i].line, &message));
      g_assert_null (message);
      g_assert_true (cli.command == &paint);
      g_assert_cmpint (cli.json, ==, cases[i].json);
      g_assert_cmpint (cli.verbose, ==, cases[i].verbose);
      g_assert_cmpint (cli.help, ==, cases[i].help);
      g_assert_cmpint (cli.version, ==, cases[i].version);
      g_assert_cmpstr (cli.profile, ==, cases[i].profile);
      g_assert_cmpstr (till_cli_get_option (&cli, "colour"), ==, cases[i].colour);
      g_assert_cmpint (till_cli_get_option (&cli, "thick") != NULL, ==, cases[i].thick);
      joined = g_strjoinv (" ", (char **) cli.arguments);
      g_assert_cmpstr (joined, ==, cases[i].arguments);
      till_cli_clear (&cli);
    }
}

static void
test_parse_wrong (void)
{
  static const struct
  {
    const char *line;
    const char *message;
  } cases[] = {
    { "x", "a command is missing" },
    { "x --json", "a command is missing" },
    { "x --", "a command is missing" },
    { "x -", "unknown command “-”" },
    { "x piant wall", "unknown command “piant”; did you mean “paint”?" },
    { "x pain wall", "unknown command “pain”; did you mean “paint”?" },
    { "x quux", "unknown command “quux”" },
    { "x --jsno paint", "unknown option “--jsno”; did you mean “--json”?" },
    { "x --js paint", "unknown option “--js”; did you mean “--json”?" },
    { "x paint --color red", "unknown option “--color”; did you mean “--colour”?" },
    { "x paint --color=red", "unknown option “--color”; did you mean “--colour”?" },
    { "x --colour red paint", "unknown option “--colour”" },
    { "x paint -json", "unknown option “-json”; did you mean “--json”?" },
    { "x paint -x", "unknown option “-x”" },
    { "x paint --json=yes", "the option “--json” takes no value" },
    { "x paint --thick=", "the option “--thick” takes no value" },
    { "x paint --colour", "the option “--colour” needs a value: --colour C" },
    { "x paint --colour=", "the option “--colour” needs a value: --colour C" },
    { "x --profile", "the option “--profile” needs a value: --profile NAME" },
    { "x paint --", NULL },
    { "x fence", "what to do with “fence” is missing" },
    { "x fence --help", NULL },
    { "x fence biuld", "unknown command “biuld”; did you mean “build”?" },
    { "x fence paint", "unknown command “paint”" },
    { "x fence --post a build", "unknown option “--post”" },
    { "x fence build --colour a", "unknown option “--colour”" },
    { "x fence build --pots a", "unknown option “--pots”; did you mean “--post”?" },
    { "x fence build here", NULL },
    { "x gate", NULL },
    { "x gate --thick", NULL },
    { "x gate mend", NULL },
    { "x gate ment", "unknown command “ment”; did you mean “mend”?" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(GStrv) argv = NULL;
      g_autofree char *message = NULL;
      TillCli cli;

      g_test_message ("%s", cases[i].line);
      g_assert_cmpint (parse (&cli, &argv, cases[i].line, &message), ==, cases[i].message == NULL);
      g_assert_cmpstr (message, ==, cases[i].message);
      till_cli_clear (&cli);
    }
}

static void
test_parse_sub_command (void)
{
  g_auto(GStrv) argv = NULL;
  g_autofree char *message = NULL;
  TillCli cli;

  g_assert_true (parse (&cli, &argv, "x --json fence build --post one here --post two --post=three mend", &message));
  g_assert_true (cli.command == &fence_build);
  g_assert_true (cli.json);
  g_assert_cmpint (cli.n_arguments, ==, 2);
  g_assert_cmpstr (cli.arguments[0], ==, "here");
  g_assert_cmpstr (cli.arguments[1], ==, "mend");
  g_assert_cmpstr (till_cli_get_option (&cli, "post"), ==, "three");
  g_assert_cmpstr (till_cli_get_nth (&cli, "post", 0), ==, "one");
  g_assert_cmpstr (till_cli_get_nth (&cli, "post", 1), ==, "two");
  g_assert_cmpstr (till_cli_get_nth (&cli, "post", 2), ==, "three");
  g_assert_null (till_cli_get_nth (&cli, "post", 3));
  g_assert_null (till_cli_get_nth (&cli, "a-rather-long-option", 0));
  till_cli_clear (&cli);
}

static void
test_refuse_child (void)
{
  TillCli cli = { .command = &fence_mend };
  TillCli other = { .command = &fence_build };

  g_assert_cmpint (till_cli_refuse (&cli, "no"), ==, TILL_CLI_UNKNOWN);
  g_assert_cmpint (till_cli_refuse (&other, "no"), ==, TILL_CLI_USAGE);
}

static void
test_refuse (void)
{
  g_test_trap_subprocess ("/cli/refuse/subprocess/child", 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*tillkeeperctl: no\nUsage: * fence mend\nTry “tillkeeperctl fence mend --help”.\n*");
}

/* What follows the name of another program's command is that program's affair. */
static void
test_parse_program (void)
{
  g_auto(GStrv) argv = NULL;
  g_autofree char *message = NULL;
  TillCli cli;

  g_assert_true (parse (&cli, &argv, "x --json demo --no-such-option", &message));
  g_assert_true (cli.command == &demo);
  g_assert_true (cli.json);
  till_cli_clear (&cli);
}

static void
test_nearest (void)
{
  const char * const names[] = { "inspect", "profile", "check", "keys", NULL };
  const char * const none[] = { NULL };
  g_autofree char *endless = g_strnfill (5000, 'a');

  g_assert_cmpstr (till_cli_nearest ("inspect", names), ==, "inspect");
  g_assert_cmpstr (till_cli_nearest ("inspekt", names), ==, "inspect");
  g_assert_cmpstr (till_cli_nearest ("insepct", names), ==, "inspect");
  g_assert_cmpstr (till_cli_nearest ("ins", names), ==, "inspect");
  g_assert_cmpstr (till_cli_nearest ("chek", names), ==, "check");
  g_assert_cmpstr (till_cli_nearest ("kesy", names), ==, "keys");
  g_assert_null (till_cli_nearest ("wallet", names));
  g_assert_null (till_cli_nearest ("", names));
  g_assert_null (till_cli_nearest ("i", names));
  g_assert_null (till_cli_nearest (endless, names));
  g_assert_null (till_cli_nearest ("keys", none));
}

static void
test_help (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_auto(GStrv) lines = NULL;

  till_cli_append_help (text, commands);
  g_assert_nonnull (strstr (text->str, "  paint               Paint a wall\n"));
  g_assert_nonnull (strstr (text->str, "  --json              Write one"));

  till_cli_append_command_help (text, &paint);
  g_assert_nonnull (strstr (text->str, "--verbose] paint WALL\n"));
  g_assert_nonnull (strstr (text->str, "  --colour C          The colour\n"));

  till_cli_append_command_help (text, &fence);
  g_assert_nonnull (strstr (text->str, "Commands:\n  build               Build a fence\n"));
  till_cli_append_command_help (text, &fence_build);
  g_assert_nonnull (strstr (text->str, "--verbose] fence build WHERE\n"));
  g_assert_nonnull (strstr (text->str, "  --post P                      A post"));
  g_assert_nonnull (strstr (text->str, "  --a-rather-long-option VALUE  Long\n"));

  lines = g_strsplit (text->str, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    g_assert_cmpint (g_utf8_strlen (lines[i], -1), <=, 80);
}

/* In the child: becomes the demo program. */
static void
test_program_child (void)
{
  g_autofree char *directory = till_test_built ("cli", NULL);
  g_auto(GStrv) argv = g_strsplit ("tillkeeperctl|--json|demo|--at|a b", "|", -1);

  till_cli_run (commands, directory, g_strv_length (argv), argv);
  g_assert_not_reached ();
}

static void
test_program (void)
{
  g_test_trap_subprocess ("/cli/program/subprocess/child", 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout ("*[tillkeeperctl][--json][demo][--at][a b] SIGPIPE default\n*");
}

/* Beside this program where it was only built, in the installation's folder else; never anywhere else. */
static void
test_program_find (void)
{
  g_autofree char *own = till_test_built ("cli", NULL);
  g_autofree char *beside = till_cli_program_find_dir ("/usr/bin", "/usr/libexec/tillkeeper", "demo");
  g_autofree char *installed = till_cli_program_find_dir (own, "/usr/libexec/tillkeeper", "demo");
  g_autofree char *none = till_cli_program_find_dir ("/usr/bin", "/usr/libexec/tillkeeper", "no-such-program");
  g_autofree char *link = g_build_filename (own, "tillkeeperctl-a-link", NULL);
  g_autofree char *linked = NULL;

  g_assert_cmpstr (beside, ==, own);
  g_assert_cmpstr (installed, ==, "/usr/libexec/tillkeeper");
  g_assert_cmpstr (none, ==, "/usr/libexec/tillkeeper");

  unlink (link);
  g_assert_cmpint (symlink ("/bin/true", link), ==, 0);
  linked = till_cli_program_find_dir ("/usr/bin", "/usr/libexec/tillkeeper", "a-link");
  unlink (link);
  g_assert_cmpstr (linked, ==, "/usr/libexec/tillkeeper");
}

static void
test_program_missing (void)
{
  char *argv[] = { (char *) "tillkeeperctl", NULL };
  g_autoptr(GError) error = NULL;

  till_cli_program_exec ("/nonexistent/folder", "missing", argv, &error);
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INTERNAL);
  g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_MISSING);
  g_assert_cmpstr (error->message, ==,
                   "the installation is incomplete: "
                   "the program “/nonexistent/folder/tillkeeperctl-missing” is missing");
}

static void
test_program_not_executable (void)
{
  TillTestDir *dir = till_test_dir_new ();
  g_autofree char *path = till_test_dir_write (dir, "tillkeeperctl-text", "text", -1);
  char *argv[] = { (char *) "tillkeeperctl", NULL };
  g_autoptr(GError) error = NULL;

  till_cli_program_exec (dir->path, "text", argv, &error);
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INTERNAL);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_nonnull (strstr (error->message, "can't be started"));
  till_test_dir_free (dir);
}

static void
test_program_missing_child (void)
{
  char *plain[] = { (char *) "tillkeeperctl", (char *) "missing", NULL };
  char *json[] = { (char *) "tillkeeperctl", (char *) "missing", (char *) "--json", NULL };

  g_assert_cmpint (till_cli_run (commands, "/nonexistent", 2, plain), ==, TILL_CLI_FAILED);
  g_assert_cmpint (till_cli_run (commands, "/nonexistent", 3, json), ==, TILL_CLI_FAILED);
}

static void
test_program_missing_message (void)
{
  g_test_trap_subprocess ("/cli/program-missing-message/subprocess/child", 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*tillkeeperctl: missing: the installation is incomplete*"
                             "{\"error\":{\"code\":\"internal\",\"message\":\"the installation is incomplete*\"}}\n*");
}

static void
test_safe_text (void)
{
  static const struct
  {
    const char *text;
    const char *safe;
  } cases[] = {
    { "", "" },
    { "plain text, with \\ and \"", "plain text, with \\ and \"" },
    { "Käse ☃ 雪", "Käse ☃ 雪" },
    { "a\x1b[31mb", "a\\x1b[31mb" },
    { "a\nb\tc\rd\x7f", "a\\x0ab\\x09c\\x0dd\\x7f" },
    { "bad \xff\xc3 end", "bad \\xff\\xc3 end" },
    { "\xc2\x9b" "31m", "\\u009b31m" },
    { "abc\u202egpj.exe", "abc\\u202egpj.exe" },
    { "line\u2028break", "line\\u2028break" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GString) out = g_string_new (">");

      till_cli_append_safe (out, cases[i].text);
      g_assert_true (g_utf8_validate (out->str, -1, NULL));
      g_assert_cmpstr (out->str + 1, ==, cases[i].safe);
    }
}

/* Large pieces go out as they gather; what arrives is what was appended. */
static void
test_output (void)
{
  TillTestDir *dir = till_test_dir_new ();
  g_autofree char *path = till_test_dir_file (dir, "out");
  g_autofree char *contents = NULL;
  g_autoptr(GString) expected = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  TillCliOutput output;
  gsize length;
  int fd;

  fd = open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  g_assert_cmpint (fd, >=, 0);
  till_cli_output_init (&output, fd);

  for (guint i = 0; i < 100000; i++)
    {
      g_string_append_printf (output.text, "%u\n", i);
      g_string_append_printf (expected, "%u\n", i);
      g_assert_true (till_cli_output_drain (&output));
      g_assert_cmpuint (output.text->len, <, 70000);
    }

  g_assert_true (till_cli_output_finish (&output, &error));
  g_assert_no_error (error);
  close (fd);

  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  g_assert_cmpmem (contents, length, expected->str, expected->len);
  till_test_dir_free (dir);
}

static void
test_output_fails (void)
{
  g_autoptr(GError) full = NULL;
  g_autoptr(GError) closed = NULL;
  TillCliOutput output;
  int fd;

  fd = open ("/dev/full", O_WRONLY | O_CLOEXEC);
  g_assert_cmpint (fd, >=, 0);
  till_cli_output_init (&output, fd);
  g_string_append (output.text, "a few bytes");
  g_assert_true (till_cli_output_drain (&output));
  g_assert_false (till_cli_output_finish (&output, &full));
  g_assert_error (full, TILL_ERROR, TILL_ERROR_INTERNAL);
  g_assert_cmpint (till_error_get_reason (full), ==, TILL_REASON_NO_SPACE);
  close (fd);

  till_cli_output_init (&output, -1);
  for (guint i = 0; i < 10000; i++)
    g_string_append (output.text, "many bytes ");
  g_assert_false (till_cli_output_drain (&output));
  g_assert_cmpuint (output.text->len, ==, 0);
  g_assert_false (till_cli_output_finish (&output, &closed));
  g_assert_error (closed, TILL_ERROR, TILL_ERROR_INTERNAL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cli/parse", test_parse);
  g_test_add_func ("/cli/parse-wrong", test_parse_wrong);
  g_test_add_func ("/cli/parse-program", test_parse_program);
  g_test_add_func ("/cli/parse-sub-command", test_parse_sub_command);
  g_test_add_func ("/cli/refuse", test_refuse);
  g_test_add_func ("/cli/refuse/subprocess/child", test_refuse_child);
  g_test_add_func ("/cli/program-find", test_program_find);
  g_test_add_func ("/cli/nearest", test_nearest);
  g_test_add_func ("/cli/help", test_help);
  g_test_add_func ("/cli/program", test_program);
  g_test_add_func ("/cli/program/subprocess/child", test_program_child);
  g_test_add_func ("/cli/program-missing", test_program_missing);
  g_test_add_func ("/cli/program-not-executable", test_program_not_executable);
  g_test_add_func ("/cli/program-missing-message", test_program_missing_message);
  g_test_add_func ("/cli/program-missing-message/subprocess/child", test_program_missing_child);
  g_test_add_func ("/cli/safe-text", test_safe_text);
  g_test_add_func ("/cli/output", test_output);
  g_test_add_func ("/cli/output-fails", test_output_fails);

  return g_test_run ();
}
