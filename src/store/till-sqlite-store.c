/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store in a file of SQLite, used by one thread only. */
#include "config.h"

#include "till-sqlite-store.h"

#include "till-sqlite-private.h"

/*
 * TillSqliteStore hands work to its thread in order and brings the outcome back
 * to the main context of whoever asked. The thread alone has the connection; the
 * object and its thread share nothing but the queue. A job keeps the store
 * alive, so when the store is finalized there is none left.
 */
struct _TillSqliteStore
{
  GObject      parent_instance;

  GAsyncQueue *jobs;      /* (owned) (element-type Job) */
  GThread     *thread;    /* (owned) (nullable) NULL once it was closed */
  gboolean     closing;
  gboolean     network;
};

typedef enum
{
  JOB_OPEN,
  JOB_RUN,
  JOB_CLOSE,
} JobKind;

typedef struct
{
  JobKind          kind;
  GTask           *task;      /* (owned) (nullable) NULL where nobody waits for it */

  /* input of JOB_OPEN */
  char            *folder;    /* (owned) */
  TillStoreAccess  access;
  TillClock       *clock;     /* (owned) */

  /* input of JOB_RUN */
  TillStoreWork    work;
  gpointer         data;      /* (owned) */
  GDestroyNotify   destroy;

  /* output */
  GError          *error;     /* (owned) (nullable) */
  gboolean         network;
} Job;

/* What the thread has. */
typedef struct
{
  GAsyncQueue    *jobs;       /* (owned) */
  TillStoreFiles  files;
  TillClock      *clock;      /* (owned) (nullable) */
} Worker;

static void till_sqlite_store_store_init (TillStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TillSqliteStore, till_sqlite_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TILL_TYPE_STORE, till_sqlite_store_store_init))

static void
job_destroy_data (Job *self)
{
  if (self->destroy != NULL)
    self->destroy (self->data);
  self->destroy = NULL;
}

static void
job_free (Job *self)
{
  job_destroy_data (self);
  g_free (self->folder);
  g_clear_pointer (&self->clock, till_clock_unref);
  g_clear_error (&self->error);
  g_free (self);
}

/* The callback has been called, in the context that it belongs to. */
static void
task_completed_cb (GTask      *task,
                   GParamSpec *pspec,
                   gpointer    user_data)
{
  job_destroy_data (g_task_get_task_data (task));
}

/* Returns: (transfer full): a job that reports to a task of the calling context. The task owns the
 *   job; the job's reference keeps the task until it is reported. */
static Job *
job_new (JobKind              kind,
         gpointer             source,
         gpointer             tag,
         GCancellable        *cancellable,
         GAsyncReadyCallback  callback,
         gpointer             user_data)
{
  Job *self = g_new0 (Job, 1);

  self->kind = kind;
  self->task = g_task_new (source, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, tag);
  g_task_set_task_data (self->task, self, (GDestroyNotify) job_free);
  g_signal_connect (self->task, "notify::completed", G_CALLBACK (task_completed_cb), NULL);

  /* What was committed is not called cancelled afterwards. */
  g_task_set_check_cancellable (self->task, FALSE);

  return self;
}

static gboolean
job_report_cb (gpointer user_data)
{
  Job *self = user_data;
  g_autoptr(GTask) task = g_steal_pointer (&self->task);

  if (self->kind == JOB_OPEN)
    {
      TillSqliteStore *store = g_task_get_source_object (task);

      /* Where it could not be opened the thread has ended by itself. */
      store->closing = self->error != NULL;
      store->network = self->network;
    }

  if (self->error != NULL)
    g_task_return_error (task, g_steal_pointer (&self->error));
  else
    g_task_return_boolean (task, TRUE);

  return G_SOURCE_REMOVE;
}

/* The last reference to the task is dropped in its own context, never in the thread. */
static void
job_report (Job *self)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  g_source_set_priority (source, g_task_get_priority (self->task));
  g_source_set_callback (source, job_report_cb, self, NULL);
  g_source_set_static_name (source, "TillSqliteStore");
  g_source_attach (source, g_task_get_context (self->task));
}

static void
run_work (Worker *worker,
          Job    *job)
{
  g_autoptr(TillSqliteTransaction) transaction = NULL;
  TillConnection *connection = worker->files.connection;
  gboolean done;

  if (g_cancellable_set_error_if_cancelled (g_task_get_cancellable (job->task), &job->error))
    return;

  if (!till_connection_begin (connection, &job->error))
    return;

  transaction = till_sqlite_transaction_new (connection, worker->clock);
  done = job->work (TILL_TRANSACTION (transaction), job->data, &job->error);
  till_sqlite_transaction_end (transaction);

  if (done)
    {
      g_clear_error (&job->error);
      (void) till_connection_commit (connection, &job->error);
      return;
    }

  till_connection_rollback (connection);
  if (job->error == NULL)
    till_set_error (&job->error, TILL_ERROR_INTERNAL, TILL_REASON_NONE, NULL, NULL,
                    "the work failed without saying why; nothing was changed");
}

static gpointer
work_thread (gpointer user_data)
{
  Worker *worker = user_data;
  gboolean ended = FALSE;

  while (!ended)
    {
      Job *job = g_async_queue_pop (worker->jobs);

      switch (job->kind)
        {
        case JOB_OPEN:
          worker->clock = till_clock_ref (job->clock);
          ended = !till_store_files_open (&worker->files, job->folder, job->access, job->clock,
                                          g_task_get_cancellable (job->task), &job->error);
          job->network = worker->files.network;
          break;

        case JOB_RUN:
          run_work (worker, job);
          break;

        case JOB_CLOSE:
        default:
          till_store_files_close (&worker->files);
          ended = TRUE;
          break;
        }

      if (job->task != NULL)
        job_report (job);
      else
        job_free (job);
    }

  g_clear_pointer (&worker->clock, till_clock_unref);
  g_async_queue_unref (worker->jobs);
  g_free (worker);

  return NULL;
}

static void
return_closed (TillSqliteStore     *self,
               gpointer             tag,
               gpointer             data,
               GDestroyNotify       destroy,
               GAsyncReadyCallback  callback,
               gpointer             user_data)
{
  Job *job = job_new (JOB_RUN, self, tag, NULL, callback, user_data);

  job->data = data;
  job->destroy = destroy;
  till_set_error (&job->error, TILL_ERROR_INTERNAL, TILL_REASON_NONE, NULL, NULL, "the store is closed already");
  job_report (job);
}

static void
till_sqlite_store_run_async (TillStore           *store,
                             TillStoreWork        work,
                             gpointer             data,
                             GDestroyNotify       destroy,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  TillSqliteStore *self = TILL_SQLITE_STORE (store);
  Job *job;

  if (self->closing)
    {
      return_closed (self, till_sqlite_store_run_async, data, destroy, callback, user_data);
      return;
    }

  job = job_new (JOB_RUN, self, till_sqlite_store_run_async, cancellable, callback, user_data);
  job->work = work;
  job->data = data;
  job->destroy = destroy;
  g_async_queue_push (self->jobs, job);
}

static gboolean
till_sqlite_store_run_finish (TillStore     *store,
                              GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
till_sqlite_store_close_async (TillStore           *store,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  TillSqliteStore *self = TILL_SQLITE_STORE (store);
  Job *job;

  if (self->closing)
    {
      return_closed (self, till_sqlite_store_close_async, NULL, NULL, callback, user_data);
      return;
    }

  self->closing = TRUE;
  job = job_new (JOB_CLOSE, self, till_sqlite_store_close_async, NULL, callback, user_data);
  g_async_queue_push (self->jobs, job);
}

static gboolean
till_sqlite_store_close_finish (TillStore     *store,
                                GAsyncResult  *result,
                                GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
till_sqlite_store_finalize (GObject *object)
{
  TillSqliteStore *self = TILL_SQLITE_STORE (object);

  if (self->thread != NULL && !self->closing)
    {
      Job *job = g_new0 (Job, 1);

      job->kind = JOB_CLOSE;
      g_async_queue_push (self->jobs, job);
    }

  /* Nothing is waited for but the closing itself: so the lock is free on return. */
  g_clear_pointer (&self->thread, g_thread_join);
  g_async_queue_unref (self->jobs);

  G_OBJECT_CLASS (till_sqlite_store_parent_class)->finalize (object);
}

static void
till_sqlite_store_class_init (TillSqliteStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = till_sqlite_store_finalize;
}

static void
till_sqlite_store_store_init (TillStoreInterface *iface)
{
  iface->run_async = till_sqlite_store_run_async;
  iface->run_finish = till_sqlite_store_run_finish;
  iface->close_async = till_sqlite_store_close_async;
  iface->close_finish = till_sqlite_store_close_finish;
}

static void
till_sqlite_store_init (TillSqliteStore *self)
{
  self->jobs = g_async_queue_new ();
}

/**
 * till_sqlite_store_open_async:
 * @folder: (type filename): where it is kept; made with mode 0700 where it is not there. Holds
 *   tillkeeper.db, tillkeeper.lock and copies of the last days in backup
 * @access: how it is opened
 * @clock: says the time of lines of the log, and which day it is
 * @cancellable: (nullable): ends the waiting for the lock
 * @callback: when it is open, or can't be
 * @user_data: for @callback
 *
 * Opens a store, in a thread of its own that lives as long as the store. An
 * older one is brought up to date, a newer or damaged one is left as it is.
 */
void
till_sqlite_store_open_async (const char           *folder,
                              TillStoreAccess       access,
                              TillClock            *clock,
                              GCancellable         *cancellable,
                              GAsyncReadyCallback   callback,
                              gpointer              user_data)
{
  g_autoptr(TillSqliteStore) self = NULL;
  Worker *worker;
  Job *job;

  g_return_if_fail (folder != NULL && folder[0] != '\0');
  g_return_if_fail (clock != NULL);

  self = g_object_new (TILL_TYPE_SQLITE_STORE, NULL);
  job = job_new (JOB_OPEN, self, till_sqlite_store_open_async, cancellable, callback, user_data);
  job->folder = g_strdup (folder);
  job->access = access;
  job->clock = till_clock_ref (clock);
  g_async_queue_push (self->jobs, job);

  worker = g_new0 (Worker, 1);
  worker->jobs = g_async_queue_ref (self->jobs);
  worker->files.lock_fd = -1;
  self->thread = g_thread_new ("till-store", work_thread, worker);
}

/**
 * till_sqlite_store_open_finish:
 * @result: what the callback got
 * @error: (out) (optional): %TILL_ERROR_STORE_LOCKED (%TILL_REASON_STORE_IN_USE; detail: the user who
 *   has it), %TILL_ERROR_STORE_NEWER, %TILL_ERROR_DAMAGED (%TILL_REASON_STORE_DAMAGED),
 *   %TILL_ERROR_UNREADABLE (%TILL_REASON_STORE_READ_ONLY, %TILL_REASON_NO_SPACE, %TILL_REASON_IO)
 *
 * Returns: (transfer full) (nullable): the store
 */
TillStore *
till_sqlite_store_open_finish (GAsyncResult  *result,
                               GError       **error)
{
  TillSqliteStore *self;

  g_return_val_if_fail (G_IS_TASK (result), NULL);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == till_sqlite_store_open_async, NULL);

  self = TILL_SQLITE_STORE (g_task_get_source_object (G_TASK (result)));

  return g_task_propagate_boolean (G_TASK (result), error) ? TILL_STORE (g_object_ref (self)) : NULL;
}

/**
 * till_sqlite_store_is_on_network:
 * @self: an opened store
 *
 * Returns: whether it is on a disk of another computer, where locks and syncing may be worth less
 */
gboolean
till_sqlite_store_is_on_network (TillSqliteStore *self)
{
  g_return_val_if_fail (TILL_IS_SQLITE_STORE (self), FALSE);

  return self->network;
}
