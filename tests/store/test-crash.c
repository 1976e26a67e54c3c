/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kill -9 and failing disks: what was said to be kept is, nothing is half (RELIABILITY.md G28, G29, rows 93-95). */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store-test.h"

#define KILLS 40
#define KILLS_LONG 200
#define STARTS 20
#define ROUNDS 5
#define ROUNDS_LONG 50

/* The calls by which the database writes. */
static const char * const calls[] = { "pwrite64", "fdatasync", "ftruncate", "openat" };

static gboolean
is_long (void)
{
  return g_getenv ("TILL_LONG_TESTS") != NULL;
}

/* Which call is next: each of them in the long form, else ever fewer. */
static guint
next_call (guint n)
{
  return is_long () ? n + 1 : n + 1 + n / 3 + (guint) g_test_rand_int_range (0, 1 + (int) n / 3);
}

typedef struct
{
  GPid pid;
  int  input;
  int  output;
} Child;

static void
start (Child              *child,
       const char * const *argv)
{
  g_autoptr(GError) error = NULL;

  g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD,
                            NULL, NULL, &child->pid, &child->input, &child->output, NULL, &error);
  g_assert_no_error (error);
}

/* Returns: what it had to say to its end */
static char *
finish (Child    *child,
        GString  *text,
        gboolean  kill_it)
{
  char buffer[4096];
  ssize_t got;
  int status;

  if (kill_it)
    kill (child->pid, SIGKILL);
  close (child->input);
  while ((got = read (child->output, buffer, sizeof buffer)) > 0)
    g_string_append_len (text, buffer, got);
  close (child->output);
  g_assert_cmpint (waitpid (child->pid, &status, 0), ==, child->pid);
  g_spawn_close_pid (child->pid);

  return g_string_free (text, FALSE);
}

static void
read_line (Child   *child,
           GString *text)
{
  char byte;

  while (read (child->output, &byte, 1) == 1)
    {
      g_string_append_c (text, byte);
      if (byte == '\n')
        return;
    }
}

/* Returns: the highest number that it said was kept; unsure: (out): whether it said of the next that
 *   nobody knows */
static gint64
last_kept (const char *text,
           gint64      before,
           gboolean   *unsure)
{
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);

  *unsure = FALSE;
  for (guint i = 0; lines[i] != NULL && lines[i + 1] != NULL; i++)
    {
      if (g_str_has_prefix (lines[i], "begun "))
        g_assert_cmpint (g_ascii_strtoll (lines[i] + 6, NULL, 10), >=, before);
      if (g_str_has_suffix (lines[i], " kept"))
        before = g_ascii_strtoll (lines[i], NULL, 10);
      *unsure |= g_str_has_suffix (lines[i], " unknown");
    }

  return before;
}

static gboolean
count_work (TillTransaction  *transaction,
            gpointer          data,
            GError          **error)
{
  gint64 *last = data;
  g_autofree char *setting = till_transaction_dup_setting (transaction, "last", error);
  g_autoptr(GPtrArray) keys = till_transaction_list_keys (transaction, TEST_PROFILE, error);
  g_autoptr(GPtrArray) intents = till_transaction_list_intents (transaction, NULL, FALSE, error);
  g_autoptr(GPtrArray) unsettled = till_transaction_list_intents (transaction, NULL, TRUE, error);
  g_autoptr(GPtrArray) log = till_transaction_list_log (transaction, TILL_TIME_UNKNOWN, 0, error);
  g_autoptr(GPtrArray) seen = till_transaction_list_seen (transaction, TEST_PROFILE, error);

  g_assert_no_error (*error);
  *last = setting != NULL ? g_ascii_strtoll (setting, NULL, 10) : 0;

  /* No transaction is half there. */
  g_assert_cmpint (keys->len, ==, *last);
  g_assert_cmpint (intents->len, ==, *last);
  g_assert_cmpint (log->len, ==, *last);
  g_assert_cmpint (unsettled->len, ==, 0);
  g_assert_cmpint (seen->len, ==, *last > 0 ? *last % 5 + 1 : 0);
  for (guint i = 0; i < seen->len; i++)
    g_assert_cmpint (g_ascii_strtoll (((TillSeenRecord *) seen->pdata[i])->json, NULL, 10), ==, *last);
  for (guint i = 0; i < keys->len; i++)
    {
      const TillKeyRecord *key = keys->pdata[i];

      g_assert_cmpint (strlen (key->answer), ==, (g_ascii_strtoll (key->key_id, NULL, 10) % 7) * 3000);
    }

  return till_transaction_verify_log (transaction, NULL, error);
}

/* Who only reads sees the same, also where a journal is to be played back first. */
static void
check_reader (const char *folder,
              gint64      kept)
{
  g_autoptr(GError) error = NULL;
  gint64 last = -1;
  TillStore *store = test_open (folder, TILL_STORE_READ, &error);

  g_assert_no_error (error);
  test_do (store, count_work, &last);
  g_assert_cmpint (last, >=, kept);
  g_assert_cmpint (last, <=, kept + 1);
  test_close (store);
}

/* Opens the store as the next start does. Returns: the last transaction that is there */
static gint64
check_store (const char *folder)
{
  g_autoptr(GError) error = NULL;
  gint64 last = -1;
  TillStore *store;
  sqlite3 *db;

  /* At once: the lock of whoever was killed is free. */
  store = test_open (folder, TILL_STORE_WRITE, &error);
  g_assert_no_error (error);
  test_do (store, count_work, &last);
  test_close (store);

  db = test_raw_open (folder);
  g_assert_cmpint (test_raw_int (db, "SELECT count (*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"), ==, 1);
  g_assert_cmpint (test_raw_int (db, "SELECT count (*) FROM pragma_foreign_key_check"), ==, 0);
  sqlite3_close (db);

  return last;
}

static void
test_killed (void)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *helper = till_test_built ("store", "store-helper", NULL);
  guint kills = is_long () ? KILLS_LONG : KILLS;
  gint64 last = 0;
  guint idle = 0;

  for (guint i = 0; i < kills; i++)
    {
      const char *argv[] = { helper, "work", dir->path, "0", NULL };
      GString *text = g_string_new (NULL);
      g_autofree char *said = NULL;
      gboolean unsure;
      gint64 kept;
      gint64 found;
      Child child;

      start (&child, argv);

      /* Every fourth is killed as it starts: opening is work as well. */
      if (i % 4 != 0)
        read_line (&child, text);
      g_usleep ((gulong) g_test_rand_int_range (0, 60000));
      said = finish (&child, text, TRUE);

      kept = last_kept (said, last, &unsure);
      if (i % 3 == 0)
        check_reader (dir->path, kept);
      found = check_store (dir->path);
      g_assert_false (unsure);
      g_assert_cmpint (found, >=, kept);
      g_assert_cmpint (found, <=, kept + 1);
      idle += found == last;
      last = found;
    }

  g_test_message ("%u kills, %d transactions, %u kills before the first", kills, (int) last, idle);
  g_assert_cmpint (last, >, kills / 4);
}

/* strace may be missing, or not allowed to trace. */
static gboolean
have_strace (void)
{
  const char * const argv[] = { "strace", "-qq", "-o", "/dev/null", "-e", "inject=fsync:error=EIO:when=1", "true", NULL };
  g_autofree char *program = g_find_program_in_path ("strace");
  g_autoptr(TillTestRun) run = NULL;

  if (program != NULL)
    run = till_test_run (argv, NULL, NULL);
  if (run != NULL && run->status == 0)
    return TRUE;

  g_test_skip ("there is no strace that can fail system calls here");
  return FALSE;
}

/* Runs the helper with the n-th of a call killed or failed.
 * Returns: what it said; hit: (out): whether there were as many calls */
static char *
run_injected (const char *folder,
              const char *call,
              const char *what,
              guint       n,
              gboolean   *hit)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *log = till_test_dir_file (dir, "log");
  g_autofree char *traced = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *helper = till_test_built ("store", "store-helper", NULL);
  g_autofree char *inject = g_strdup_printf ("inject=%s:%s:when=%u", call, what, n);
  g_autofree char *trace = g_strdup_printf ("trace=%s", call);
  g_autofree char *database = g_build_filename (folder, "tillkeeper.db", NULL);
  g_autofree char *journal = g_build_filename (folder, "tillkeeper.db-journal", NULL);
  const char *argv[] = { "strace", "-f", "-qq", "-o", log, "-e", trace, "-e", inject,
                         "-P", folder, "-P", database, "-P", journal, helper, "work", folder, "6", NULL };
  g_auto(GStrv) environment = g_environ_setenv (g_get_environ (), "ASAN_OPTIONS", "detect_leaks=0", TRUE);
  g_autoptr(TillTestRun) run = NULL;

  /* The leak checker of a sanitizer can't be traced. */
  run = till_test_run (argv, (const char * const *) environment, NULL);
  g_file_get_contents (log, &traced, NULL, &error);
  g_assert_no_error (error);
  *hit = strstr (traced, "(INJECTED)") != NULL || strstr (traced, "killed by SIGKILL") != NULL;

  return g_strdup (run->output);
}

/* Killed at the n-th of each writing call, from the first to the last of a run, beginning with a new store. */
static void
test_killed_at_call (gconstpointer data)
{
  const char *call = data;
  guint points = 0;

  if (!have_strace ())
    return;

  for (guint n = 1; ; n = next_call (n))
    {
      g_autoptr(TillTestDir) dir = till_test_dir_new ();
      gboolean hit;
      g_autofree char *said = run_injected (dir->path, call, "signal=KILL", n, &hit);
      gboolean unsure;
      gint64 kept = last_kept (said, 0, &unsure);
      gint64 found;

      check_reader (dir->path, kept);
      found = check_store (dir->path);
      g_assert_cmpint (found, >=, kept);
      g_assert_cmpint (found, <=, kept + 1);
      g_assert_cmpint (hit, ==, !g_str_has_suffix (said, "end\n"));
      if (!hit)
        break;

      points++;
      g_assert_cmpuint (points, <, 500);
    }

  g_test_message ("killed at %u points of %s", points, call);
}

/* word: with which it is said; any error will do where another call may make it good or worse */
typedef struct
{
  const char *call;
  const char *fault;
  const char *word;
} Fault;

/* The n-th of each writing call fails once: it is said, what came before stays, and work goes on. */
static void
test_failed_call (gconstpointer data)
{
  const Fault *fault = data;
  g_autofree char *what = g_strdup_printf ("error=%s", fault->fault);
  guint points = 0;
  guint told = 0;

  if (!have_strace ())
    return;

  for (guint n = 1; ; n = next_call (n))
    {
      g_autoptr(TillTestDir) dir = till_test_dir_new ();
      gboolean hit;
      g_autofree char *said = run_injected (dir->path, fault->call, what, n, &hit);
      gboolean unsure;
      gint64 kept = last_kept (said, 0, &unsure);
      gint64 found = check_store (dir->path);

      g_assert_cmpint (found, >=, kept);
      g_assert_cmpint (found, <=, kept + (unsure ? 1 : 0));
      if (!hit)
        break;

      /* Where it hit something that nothing depends on, all was kept; else it was said. */
      if (found < 6)
        {
          g_assert_true (strstr (said, fault->word) != NULL || unsure);
          told++;
        }
      points++;
      g_assert_cmpuint (points, <, 500);
    }

  g_test_message ("%s failed with %s at %u points, %u were told", fault->call, fault->fault, points, told);
  g_assert_cmpuint (told, >, 0);
}

/* One of twenty holds the lock; when it is killed the next has it at once. */
static void
test_starts (void)
{
  g_autofree char *helper = till_test_built ("store", "store-helper", NULL);
  guint rounds = is_long () ? ROUNDS_LONG : ROUNDS;
  g_autoptr(TillTestDir) dir = till_test_dir_new ();

  for (guint round = 0; round < rounds; round++)
    {
      const char *argv[] = { helper, "hold", dir->path, NULL };
      Child children[STARTS];
      GString *texts[STARTS];
      guint held = 0;
      Child next;
      GString *text = g_string_new (NULL);
      g_autofree char *said = NULL;

      for (guint i = 0; i < STARTS; i++)
        start (&children[i], argv);
      for (guint i = 0; i < STARTS; i++)
        {
          texts[i] = g_string_new (NULL);
          read_line (&children[i], texts[i]);
          if (g_str_equal (texts[i]->str, "held\n"))
            held++;
          else
            g_assert_cmpstr (texts[i]->str, ==, "in-use\n");
        }
      g_assert_cmpuint (held, ==, 1);

      for (guint i = 0; i < STARTS; i++)
        {
          gboolean holder = g_str_equal (texts[i]->str, "held\n");
          g_autofree char *rest = finish (&children[i], texts[i], holder);

          g_assert_nonnull (rest);
        }

      start (&next, argv);
      read_line (&next, text);
      said = finish (&next, text, FALSE);
      g_assert_cmpstr (said, ==, "held\n");
    }
}

int
main (int    argc,
      char **argv)
{
  static const Fault faults[] = {
    { "pwrite64", "ENOSPC", "no-space" },
    { "pwrite64", "EIO", "io" },
    { "fdatasync", "EIO", "io" },
    { "ftruncate", "EIO", "io" },
    { "openat", "ENOSPC", "" },
    { "openat", "EMFILE", "" },
  };

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/crash/starts", test_starts);
  g_test_add_func ("/crash/killed", test_killed);
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autofree char *path = g_strdup_printf ("/crash/killed-at/%s", calls[i]);

      g_test_add_data_func (path, calls[i], test_killed_at_call);
    }
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autofree char *path = g_strdup_printf ("/crash/failed/%s/%s", faults[i].call, faults[i].fault);

      g_test_add_data_func (path, &faults[i], test_failed_call);
    }

  return g_test_run ();
}
