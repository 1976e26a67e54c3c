/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a command of tillkeeperctl-services works with: store, vault, shop, a main loop, and an end in time.
 *
 * The core is asynchronous throughout; a command is a row of steps. So each
 * step is started and then waited for in the main loop, where signals arrive
 * too. A signal cancels what is under way, and should that not end within a
 * second the process does: what it was about to change is in the journal. */
#include "config.h"

#include "till-cli-session.h"

#include <glib-unix.h>
#include <signal.h>
#include <unistd.h>

#include "till-cli-prompt.h"
#include "till-cli-report.h"
#include "till-limits.h"

#define PATIENCE_MS 800

/* A second in all. */
#define LOCK_TRIES 10
#define LOCK_PAUSE_MS 100

static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };

static GError *
make_cancelled (const char *detail)
{
  GError *error = NULL;

  if (detail == NULL)
    till_set_error (&error, TILL_ERROR_CANCELLED, TILL_REASON_NONE, NULL, NULL, "cancelled");
  else
    till_set_error (&error, TILL_ERROR_CANCELLED, TILL_REASON_NONE, NULL, NULL, "cancelled: %s", detail);

  return error;
}

static gboolean
deadline_cb (gpointer data)
{
  TillCliSession *self = data;
  g_autoptr(GError) error = make_cancelled (NULL);

  till_cli_report (self->cli->json, NULL, error);
  _exit (self->cli->command->usage_status != 0 ? self->cli->command->usage_status : TILL_CLI_FAILED);
}

static void
arrive (TillCliSession *self,
        int             number)
{
  self->arrived = number;
  g_cancellable_cancel (self->cancellable);

  if (self->deadline == 0)
    self->deadline = g_timeout_add_full (G_PRIORITY_HIGH, PATIENCE_MS, deadline_cb, self, NULL);
}

static gboolean
interrupt_cb (gpointer data)
{
  arrive (data, SIGINT);

  return G_SOURCE_CONTINUE;
}

static gboolean
terminate_cb (gpointer data)
{
  arrive (data, SIGTERM);

  return G_SOURCE_CONTINUE;
}

static gboolean
hang_up_cb (gpointer data)
{
  arrive (data, SIGHUP);

  return G_SOURCE_CONTINUE;
}

static void
watch_signals (TillCliSession *self)
{
  static const GSourceFunc callbacks[] = { interrupt_cb, terminate_cb, hang_up_cb };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    self->signals[i] = g_unix_signal_add (numbers[i], callbacks[i], self);
}

/* The signals have their usual effect again. */
static void
leave_signals (TillCliSession *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_clear_handle_id (&self->signals[i], g_source_remove);
}

/**
 * till_cli_session_done_cb:
 * @source: (nullable): where it was started
 * @result: its result
 * @user_data: the session
 *
 * What every asynchronous function of a session is called with.
 */
void
till_cli_session_done_cb (GObject      *source,
                          GAsyncResult *result,
                          gpointer      user_data)
{
  TillCliSession *self = user_data;

  g_assert (self->result == NULL);
  g_set_object (&self->result, result);
}

/**
 * till_cli_session_wait:
 * @self: a session in which something was started
 *
 * Runs the main loop until that is done.
 *
 * Returns: (transfer none): its result, until the next one is waited for
 */
GAsyncResult *
till_cli_session_wait (TillCliSession *self)
{
  while (self->result == NULL)
    g_main_context_iteration (NULL, TRUE);

  g_set_object (&self->lent, self->result);
  g_clear_object (&self->result);

  return self->lent;
}

/**
 * till_cli_session_query:
 * @self: a session with a store
 * @work: what to do there
 * @data: for @work
 * @error: return location
 *
 * Runs a transaction and waits for it.
 *
 * Returns: whether it was done
 */
gboolean
till_cli_session_query (TillCliSession  *self,
                        TillStoreWork    work,
                        gpointer         data,
                        GError         **error)
{
  till_store_run_async (self->store, work, data, NULL, self->cancellable, till_cli_session_done_cb, self);

  return till_store_run_finish (self->store, till_cli_session_wait (self), error);
}

/**
 * till_cli_session_flush:
 * @self: a session
 *
 * Writes what is in its output now, for commands that write more than one document.
 */
void
till_cli_session_flush (TillCliSession *self)
{
  till_cli_output_flush (&self->output);
}

/**
 * till_cli_session_confirm:
 * @self: a session
 * @question: a sentence with a question mark
 * @to_type: (nullable): what has to be typed; %NULL for "yes"
 * @error: return location; %TILL_ERROR_CANCELLED where the answer was another one
 *
 * Asks before something that can't be undone. There must be a terminal.
 *
 * Returns: whether to go on
 */
gboolean
till_cli_session_confirm (TillCliSession  *self,
                          const char      *question,
                          const char      *to_type,
                          GError         **error)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *answer = NULL;

  till_cli_append_safe (text, question);
  if (to_type != NULL)
    {
      g_string_append (text, " Type “");
      till_cli_append_safe (text, to_type);
      g_string_append (text, "” to go on: ");
    }
  else
    {
      g_string_append (text, " [yes/no] ");
    }

  leave_signals (self);
  answer = till_cli_prompt_line (text->str);
  watch_signals (self);

  if (answer != NULL)
    g_strstrip (answer);

  if (answer != NULL && (to_type != NULL ? g_str_equal (answer, to_type)
                                         : g_ascii_strcasecmp (answer, "yes") == 0 || g_ascii_strcasecmp (answer, "y") == 0))
    return TRUE;

  till_set_error (error, TILL_ERROR_CANCELLED, TILL_REASON_NONE, NULL, NULL, "nothing was changed");

  return FALSE;
}

/**
 * till_cli_session_ask:
 * @self: a session
 * @question: what to ask, with the blank that follows it
 * @error: return location
 *
 * Asks for a password on the terminal.
 *
 * Returns: (transfer full) (nullable): the password
 */
TillSecret *
till_cli_session_ask (TillCliSession  *self,
                      const char      *question,
                      GError         **error)
{
  g_autoptr(GString) text = g_string_new (NULL);
  TillSecret *answer;

  till_cli_append_safe (text, question);
  leave_signals (self);
  answer = till_cli_prompt_password (text->str, error);
  watch_signals (self);

  return answer;
}

static gboolean
open_store (TillCliSession   *self,
            TillStoreAccess   access,
            GError          **error)
{
  till_sqlite_store_open_async (self->folder, access, self->clock, self->cancellable, till_cli_session_done_cb, self);
  self->store = till_sqlite_store_open_finish (till_cli_session_wait (self), error);

  return self->store != NULL;
}

static gboolean
woken_cb (gpointer data)
{
  gboolean *woken = data;

  *woken = TRUE;

  return G_SOURCE_REMOVE;
}

static void
pause_for (guint milliseconds)
{
  gboolean woken = FALSE;

  g_timeout_add (milliseconds, woken_cb, &woken);
  while (!woken)
    g_main_context_iteration (NULL, TRUE);
}

/* To read: with the lock where it is free, so that what the services say can be kept. Commands beside each other are
 * short, so it is worth waiting a little; the window keeps the lock for as long as it is open. */
static gboolean
open_store_for_shop (TillCliSession  *self,
                     GError         **error)
{
  for (int tries = 0; ; tries++)
    {
      g_autoptr(GError) local_error = NULL;

      if (open_store (self, TILL_STORE_WRITE, &local_error))
        return TRUE;

      if (till_error_get_reason (local_error) == TILL_REASON_STORE_READ_ONLY)
        return open_store (self, TILL_STORE_READ, error);

      if (!g_error_matches (local_error, TILL_ERROR, TILL_ERROR_STORE_LOCKED))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }

      if (tries == LOCK_TRIES || g_cancellable_is_cancelled (self->cancellable))
        return open_store (self, TILL_STORE_READ, error);

      pause_for (LOCK_PAUSE_MS);
    }
}

static gboolean
open_shop (TillCliSession  *self,
           const char      *profile,
           GError         **error)
{
  till_shop_open_async (self->store, self->vault, self->clock, self->folder, profile, self->cancellable,
                        till_cli_session_done_cb, self);
  self->shop = till_shop_open_finish (till_cli_session_wait (self), error);

  return self->shop != NULL;
}

static void
close_store (TillCliSession *self)
{
  g_autoptr(GError) error = NULL;

  g_clear_object (&self->lent);
  till_store_close_async (self->store, till_cli_session_done_cb, self);
  if (!till_store_close_finish (self->store, till_cli_session_wait (self), &error) && self->cli->verbose)
    till_cli_say ("%s", error->message);

  g_clear_object (&self->lent);
  g_clear_object (&self->store);
}

/* Without the lock, so that a monitor that waits for a slow service keeps nobody from working. Where there is nothing
 * yet, or Practice has still to be made, that can't be done. */
static gboolean
open_to_look (TillCliSession  *self,
              const char      *profile,
              gboolean        *must_write,
              GError         **error)
{
  g_autofree char *database = g_build_filename (self->folder, "tillkeeper.db", NULL);
  g_autoptr(GError) local_error = NULL;

  *must_write = !g_file_test (database, G_FILE_TEST_EXISTS);
  if (*must_write || !open_store (self, TILL_STORE_READ, error))
    return FALSE;

  if (open_shop (self, profile, &local_error))
    return TRUE;

  *must_write = till_error_get_reason (local_error) == TILL_REASON_STORE_READ_ONLY;
  close_store (self);
  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

/**
 * till_cli_session_open:
 * @self: a session in which nothing is open yet
 * @profile: (nullable): the profile to open; %NULL for the current one
 * @need: what to open
 * @error: return location
 *
 * Opens what a command needs. till_cli_session_run() has done so already,
 * but for commands that asked it for nothing.
 *
 * Returns: whether all of it could be opened
 */
gboolean
till_cli_session_open (TillCliSession  *self,
                       const char      *profile,
                       TillCliNeed      need,
                       GError         **error)
{
  if (need == TILL_CLI_NEED_NOTHING)
    return TRUE;

  self->vault = till_vault_new ();

  if (need == TILL_CLI_NEED_READ || need == TILL_CLI_NEED_WRITE)
    return open_store (self, need == TILL_CLI_NEED_READ ? TILL_STORE_READ : TILL_STORE_WAIT, error);

  if (need == TILL_CLI_NEED_SHOP_LOOK)
    {
      g_autoptr(GError) local_error = NULL;
      gboolean must_write;

      if (open_to_look (self, profile, &must_write, &local_error))
        return TRUE;

      if (!must_write)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }

  if (need == TILL_CLI_NEED_SHOP_WRITE ? !open_store (self, TILL_STORE_WAIT, error) : !open_store_for_shop (self, error))
    return FALSE;

  return open_shop (self, profile, error);
}

static void
close_all (TillCliSession *self)
{
  g_clear_object (&self->lent);
  g_clear_object (&self->shop);
  g_clear_object (&self->vault);

  if (self->store != NULL)
    close_store (self);
}

/* What a person should know of the services besides the result. */
static void
say_more (TillCliSession *self)
{
  gint64 skew;

  if (self->shop == NULL || self->cli->json)
    return;

  skew = till_shop_get_skew (self->shop);
  if (skew != G_MININT64 && (skew > TILL_LIMIT_SKEW_WARN_SECONDS || skew < -TILL_LIMIT_SKEW_WARN_SECONDS))
    till_cli_say ("the clock of this computer is %" G_GINT64_FORMAT " s %s that of the services", skew > 0 ? skew : -skew,
                  skew > 0 ? "ahead of" : "behind");

  if (self->cli->verbose)
    till_cli_say ("this was the profile “%s” (%s)", till_shop_get_profile (self->shop)->name,
                  till_environment_to_word (till_shop_get_profile (self->shop)->environment));
}

/* What a person stopped is "cancelled", whatever became of the step that was under way. */
static void
settle_error (TillCliSession  *self,
              GError         **error)
{
  g_autoptr(GError) old = NULL;

  if (g_error_matches (*error, TILL_ERROR, TILL_ERROR_CANCELLED))
    return;

  if (self->arrived == 0 && !g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  old = g_steal_pointer (error);
  *error = make_cancelled (old->domain == TILL_ERROR ? old->message : NULL);
}

static TillCliStatus
finish (TillCliSession *self,
        gboolean        done,
        GError         *error)
{
  g_autoptr(GError) write_error = NULL;
  TillCliStatus failed = self->cli->command->usage_status != 0 ? self->cli->command->usage_status : TILL_CLI_FAILED;

  if (!done)
    {
      settle_error (self, &error);
      if (!self->keep_output)
        g_string_truncate (self->output.text, 0);
    }

  if (self->cli->json && self->output.text->len > 0)
    g_string_append_c (self->output.text, '\n');

  if (!till_cli_output_finish (&self->output, &write_error) && done)
    {
      done = FALSE;
      error = g_steal_pointer (&write_error);
    }

  if (!done)
    {
      till_cli_report (self->cli->json, NULL, error);
      if (self->cli->verbose && !self->cli->json && till_error_get_trace_id (error) != NULL)
        till_cli_say ("the service's trace id is %s", till_error_get_trace_id (error));
      g_error_free (error);
      return failed;
    }

  return self->status;
}

/**
 * till_cli_session_run_for:
 * @cli: the command line
 * @profile: (nullable): the profile to open, whatever the command line says
 * @need: what to open
 * @work: what to do then
 * @data: for @work
 *
 * Opens what is needed, does the work, closes everything, and writes either
 * the result or the error.
 *
 * Returns: the exit status of the process
 */
TillCliStatus
till_cli_session_run_for (TillCli     *cli,
                          const char  *profile,
                          TillCliNeed  need,
                          TillCliWork  work,
                          gpointer     data)
{
  TillCliSession self = { .cli = cli, .data = data };
  TillCliStatus status;
  GError *error = NULL;
  gboolean done;

  self.folder = g_build_filename (g_get_user_data_dir (), "tillkeeper", NULL);
  self.clock = till_clock_new_system ();
  self.cancellable = g_cancellable_new ();
  till_cli_output_init (&self.output, STDOUT_FILENO);
  till_json_writer_init (&self.writer, self.output.text, isatty (STDOUT_FILENO));
  watch_signals (&self);

  done = till_cli_session_open (&self, profile, need, &error) && work (&self, &error);

  say_more (&self);
  close_all (&self);
  leave_signals (&self);
  g_clear_handle_id (&self.deadline, g_source_remove);
  status = finish (&self, done, error);

  g_clear_object (&self.cancellable);
  g_clear_pointer (&self.clock, till_clock_unref);
  g_free (self.folder);

  return status;
}

/**
 * till_cli_session_run:
 * @cli: the command line
 * @need: what to open
 * @work: what to do then
 * @data: for @work
 *
 * till_cli_session_run_for() with the profile of the command line.
 *
 * Returns: the exit status of the process
 */
TillCliStatus
till_cli_session_run (TillCli     *cli,
                      TillCliNeed  need,
                      TillCliWork  work,
                      gpointer     data)
{
  return till_cli_session_run_for (cli, cli->profile, need, work, data);
}
