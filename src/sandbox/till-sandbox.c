/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The five services, pretended on loopback over TLS. */
#include "config.h"

#include "till-sandbox.h"

#include "till-error.h"
#include "till-file.h"
#include "till-sandbox-authority.h"
#include "till-sandbox-private.h"
#include "till-sandbox-terminal-private.h"

/*
 * TillSandbox is the side of whoever starts it; the server behind it has a
 * thread with a main context of its own. What always holds: while the thread
 * runs, nothing of the server is touched from outside, but for assumptions and
 * faults, which have locks; the info is written before the start is reported
 * and not again while the server runs.
 */
struct _TillSandbox
{
  GObject            parent_instance;

  TillSandboxServer *server;
  TillAuthority     *pass_authority;
  TillSandboxTerminal *screen;

  GThread           *thread;
  GMainContext      *context;
  GMainLoop         *loop;
  gboolean           running;
};

/**
 * Start:
 * @task: (owned): reports how it went; keeps the sandbox alive until then
 * @server: what is started
 * @port: to listen on
 * @caller: (owned): where @task is returned
 * @context: (owned): of the thread
 * @loop: (owned): runs in it
 * @opened: whether the server runs
 * @error: (nullable): why not
 *
 * What the thread is given, and gives back.
 */
typedef struct
{
  GTask             *task;
  TillSandboxServer *server;
  guint16            port;
  GMainContext      *caller;
  GMainContext      *context;
  GMainLoop         *loop;
  gboolean           opened;
  GError            *error;
} Start;

G_DEFINE_FINAL_TYPE (TillSandbox, till_sandbox, G_TYPE_OBJECT)

static void
till_sandbox_finalize (GObject *object)
{
  TillSandbox *self = TILL_SANDBOX (object);

  till_sandbox_stop (self);
  g_clear_pointer (&self->pass_authority, till_authority_free);
  till_sandbox_server_free (self->server);
  till_sandbox_terminal_detach (self->screen);
  g_clear_object (&self->screen);

  G_OBJECT_CLASS (till_sandbox_parent_class)->finalize (object);
}

static void
till_sandbox_class_init (TillSandboxClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = till_sandbox_finalize;
}

static void
till_sandbox_init (TillSandbox *self)
{
}

typedef struct
{
  TillSandboxServer *server;
  gboolean           generate;
} Tap;

/* In the server's thread. */
static gboolean
tapped_cb (gpointer user_data)
{
  Tap *tap = user_data;

  if (tap->server->terminal == NULL)
    return G_SOURCE_REMOVE;

  if (tap->generate)
    till_terminal_show_code (tap->server->terminal);
  else
    till_terminal_close_screen (tap->server->terminal);

  return G_SOURCE_REMOVE;
}

static void
tap_cb (gboolean generate,
        gpointer user_data)
{
  TillSandbox *self = user_data;
  g_autoptr(GSource) source = NULL;
  Tap *tap;

  if (!self->running)
    return;

  tap = g_new (Tap, 1);
  tap->server = self->server;
  tap->generate = generate;
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, tapped_cb, tap, g_free);
  g_source_attach (source, self->context);
}

/**
 * till_sandbox_new:
 * @folder: (type filename): of its state; made where it is not there
 * @clock: whose time the services keep; TLS keeps that of the system
 *
 * Returns: (transfer full): a sandbox that does not run yet
 */
TillSandbox *
till_sandbox_new (const char *folder,
                  TillClock  *clock)
{
  TillSandbox *self;

  g_return_val_if_fail (folder != NULL && folder[0] != '\0', NULL);
  g_return_val_if_fail (clock != NULL, NULL);

  self = g_object_new (TILL_TYPE_SANDBOX, NULL);
  self->server = till_sandbox_server_new (folder, clock);
  self->screen = self->server->screen = till_sandbox_terminal_new (tap_cb, self);

  return self;
}

/**
 * till_sandbox_assume:
 * @self: a sandbox
 * @assumption: as NAME=VALUE, see till_sandbox_get_assumptions()
 * @error: (out) (optional): %TILL_ERROR_REJECTED
 *
 * Switches an assumption, before or while it runs, from any thread. It is not
 * kept for the next start.
 *
 * Returns: whether there is such a one
 */
gboolean
till_sandbox_assume (TillSandbox  *self,
                     const char   *assumption,
                     GError      **error)
{
  g_return_val_if_fail (TILL_IS_SANDBOX (self), FALSE);
  g_return_val_if_fail (assumption != NULL, FALSE);

  return till_assumptions_set (&self->server->assumptions, assumption, error);
}

/**
 * till_sandbox_order_fault:
 * @self: a sandbox
 * @fault: as NAME[=VALUE][@PATH-PREFIX][*COUNT], see till_sandbox_get_faults()
 * @error: (out) (optional): %TILL_ERROR_REJECTED
 *
 * Orders a fault for the next request, or the next COUNT, whose path begins
 * with PATH-PREFIX ("/ch/", "/v1/"). From any thread.
 *
 * Returns: whether there is such a one
 */
gboolean
till_sandbox_order_fault (TillSandbox  *self,
                          const char   *fault,
                          GError      **error)
{
  g_return_val_if_fail (TILL_IS_SANDBOX (self), FALSE);
  g_return_val_if_fail (fault != NULL, FALSE);

  return till_faults_order (&self->server->faults, fault, error);
}

/**
 * till_sandbox_clear_faults:
 * @self: a sandbox
 *
 * Forgets the faults that are still ordered. From any thread.
 */
void
till_sandbox_clear_faults (TillSandbox *self)
{
  g_return_if_fail (TILL_IS_SANDBOX (self));

  till_faults_cancel (&self->server->faults);
}

static void
start_free (Start *start)
{
  g_object_unref (start->task);
  g_main_context_unref (start->caller);
  g_clear_error (&start->error);
  g_free (start);
}

/* In the thread of whoever started, so that the last reference to the sandbox
 * is never dropped in the one that it waits for. */
static gboolean
started_cb (gpointer user_data)
{
  Start *start = user_data;
  TillSandbox *self = g_task_get_source_object (start->task);

  self->running = start->opened && self->thread != NULL;
  if (self->running)
    till_sandbox_terminal_opened (self->screen, start->server->info.terminal_https, start->server->info.terminal_wss,
                                  start->server->info.terminal_serial);
  if (!start->opened || g_cancellable_is_cancelled (g_task_get_cancellable (start->task)))
    till_sandbox_stop (self);

  if (start->error != NULL)
    g_task_return_error (start->task, g_steal_pointer (&start->error));
  else if (self->running)
    g_task_return_boolean (start->task, TRUE);
  else if (!g_task_return_error_if_cancelled (start->task))
    g_task_return_new_error (start->task, TILL_ERROR, TILL_ERROR_CANCELLED, "the sandbox was stopped before it ran");

  return G_SOURCE_REMOVE;
}

/* The server's whole life. */
static gpointer
run_thread (gpointer data)
{
  Start *start = data;
  TillSandboxServer *server = start->server;
  g_autoptr(GMainContext) context = start->context;
  g_autoptr(GMainLoop) loop = start->loop;
  g_autoptr(GSource) source = g_idle_source_new ();
  gboolean opened;

  g_main_context_push_thread_default (context);
  opened = start->opened = till_sandbox_server_open (server, start->port, &start->error);

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, started_cb, start, (GDestroyNotify) start_free);
  g_source_attach (source, start->caller);

  if (opened)
    g_main_loop_run (loop);
  till_sandbox_server_close (server);
  g_main_context_pop_thread_default (context);

  return NULL;
}

/**
 * till_sandbox_set_terminal_port:
 * @self: a sandbox that does not run
 * @port: where its terminal is reached; 0, as it is to begin with, for any free one
 *
 * Another free port is taken where @port is in use. The documented one of a
 * terminal is 8443.
 */
void
till_sandbox_set_terminal_port (TillSandbox *self,
                                guint16      port)
{
  g_return_if_fail (TILL_IS_SANDBOX (self));
  g_return_if_fail (self->thread == NULL);

  self->server->terminal_port = port;
}

/**
 * till_sandbox_get_terminal:
 * @self: a sandbox
 *
 * Returns: (transfer none): the screen of its terminal, which is off while the sandbox does not run
 */
TillSandboxTerminal *
till_sandbox_get_terminal (TillSandbox *self)
{
  g_return_val_if_fail (TILL_IS_SANDBOX (self), NULL);

  return self->screen;
}

/**
 * till_sandbox_start_async:
 * @self: a sandbox that does not run
 * @port: to listen on; 0 for any free one
 * @cancellable: (nullable): to give up; the start itself is short
 * @callback: called when it runs, or can't
 * @user_data: for @callback
 *
 * Begins to serve. At the first start the state is made.
 */
void
till_sandbox_start_async (TillSandbox         *self,
                          guint16              port,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Start *start;

  g_return_if_fail (TILL_IS_SANDBOX (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, till_sandbox_start_async);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (self->thread != NULL)
    {
      g_task_return_new_error (task, TILL_ERROR, TILL_ERROR_CONFLICT, "the sandbox runs already");
      return;
    }

  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);

  start = g_new0 (Start, 1);
  start->task = g_steal_pointer (&task);
  start->server = self->server;
  start->port = port;
  start->caller = g_main_context_ref_thread_default ();
  till_sandbox_terminal_begin (self->screen, start->caller);
  start->context = g_main_context_ref (self->context);
  start->loop = g_main_loop_ref (self->loop);
  self->thread = g_thread_new ("sandbox", run_thread, start);
}

/**
 * till_sandbox_start_finish:
 * @self: a sandbox
 * @result: of till_sandbox_start_async()
 * @error: (out) (optional): %TILL_ERROR_CONFLICT for a port in use or a sandbox that runs already,
 *   %TILL_ERROR_STORE_LOCKED for a folder in use, %TILL_ERROR_DAMAGED for a file that was set aside,
 *   %TILL_ERROR_UNREADABLE or %TILL_ERROR_INTERNAL
 *
 * Returns: whether it runs
 */
gboolean
till_sandbox_start_finish (TillSandbox   *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (TILL_IS_SANDBOX (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * till_sandbox_get_info:
 * @self: a sandbox
 *
 * Returns: (transfer none) (nullable): how to reach it, until it is stopped; %NULL while it does not run
 */
const TillSandboxInfo *
till_sandbox_get_info (TillSandbox *self)
{
  g_return_val_if_fail (TILL_IS_SANDBOX (self), NULL);

  return self->running ? &self->server->info : NULL;
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);

  return G_SOURCE_REMOVE;
}

/**
 * till_sandbox_stop:
 * @self: a sandbox
 *
 * Ends it, and waits until it has ended: calls that are being done are done
 * first. Nothing happens where it does not run. In the thread that started it.
 */
void
till_sandbox_stop (TillSandbox *self)
{
  g_autoptr(GSource) source = NULL;

  g_return_if_fail (TILL_IS_SANDBOX (self));

  if (self->thread == NULL)
    return;

  source = g_idle_source_new ();
  g_source_set_callback (source, quit_cb, self->loop, NULL);
  g_source_attach (source, self->context);
  g_thread_join (g_steal_pointer (&self->thread));

  self->running = FALSE;
  till_sandbox_terminal_ended (self->screen);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
}

/**
 * till_sandbox_dup_example_keys:
 * @self: a sandbox that runs
 *
 * The service can't be asked for the keys that are there. These are its
 * answers to when those of the example were generated.
 *
 * Returns: (transfer full) (nullable): a JSON array of answers, %NULL before the first start
 */
char *
till_sandbox_dup_example_keys (TillSandbox *self)
{
  char *text;

  g_return_val_if_fail (TILL_IS_SANDBOX (self), NULL);

  g_mutex_lock (&self->server->lock);
  text = g_strdup (self->server->example_keys);
  g_mutex_unlock (&self->server->lock);

  return text;
}

/**
 * till_sandbox_make_pass_p12:
 * @self: a sandbox, which need not run
 * @pass_type_id: such as "pass.com.example.shop.loyalty"
 * @team_id: such as "ABCDE12345"
 * @not_before: seconds since 1970
 * @not_after: likewise
 * @nfc: whether it may be used for NFC passes
 * @password: that opens the file
 * @error: (out) (optional): %TILL_ERROR_UNREADABLE, %TILL_ERROR_DAMAGED or %TILL_ERROR_INTERNAL
 *
 * Makes a look-alike of a pass certificate to practise with (API.md 6.4). From
 * any thread; takes a while.
 *
 * Returns: (transfer full) (nullable): the .p12 file, %NULL with @error set
 */
GBytes *
till_sandbox_make_pass_p12 (TillSandbox  *self,
                            const char   *pass_type_id,
                            const char   *team_id,
                            gint64        not_before,
                            gint64        not_after,
                            gboolean      nfc,
                            const char   *password,
                            GError      **error)
{
  gboolean ready;

  g_return_val_if_fail (TILL_IS_SANDBOX (self), NULL);
  g_return_val_if_fail (pass_type_id != NULL && team_id != NULL && password != NULL, NULL);

  g_mutex_lock (&self->server->pass_lock);
  if (self->pass_authority == NULL && till_file_make_dir (self->server->folder, error))
    self->pass_authority = till_authority_open (self->server->folder, "passes-ca", "Practice Passes CA", error);
  ready = self->pass_authority != NULL;
  g_mutex_unlock (&self->server->pass_lock);

  if (!ready)
    return NULL;

  return till_authority_make_pass (self->pass_authority, pass_type_id, team_id, not_before, not_after, nfc,
                                   password, error);
}
