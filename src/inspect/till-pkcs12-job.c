/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is encrypted in a PKCS #12 file, and opening it on several threads where that pays. */
#include "config.h"

#include "till-pkcs12-job.h"

#include "till-build.h"
#include "till-error.h"

/* So many rounds in all take some milliseconds: less is not worth a thread. */
#define THREAD_ROUNDS 50000

/* Besides the one that checks the MAC. */
#define OTHER_THREADS 2

/* How often the first thread looks whether it was cancelled while it waits. */
#define WAIT_MICROSECONDS 20000

struct _TillPkcs12Job
{
  TillPbe     pbe;
  TillDer     input;     /* points into the file */
  TillSecret *plain;     /* (nullable) once it is done */
};

/**
 * till_pkcs12_job_new:
 * @pbe: how it is encrypted
 * @input: what is encrypted; has to outlive the job
 *
 * Returns: (transfer full): something to decrypt
 */
TillPkcs12Job *
till_pkcs12_job_new (const TillPbe *pbe,
                     const TillDer *input)
{
  TillPkcs12Job *self = g_new0 (TillPkcs12Job, 1);

  self->pbe = *pbe;
  self->input = *input;

  return self;
}

/**
 * till_pkcs12_job_free:
 * @self: (transfer full): a job
 *
 * Wipes what was decrypted.
 */
void
till_pkcs12_job_free (TillPkcs12Job *self)
{
  g_clear_pointer (&self->plain, till_secret_unref);
  g_free (self);
}

/**
 * till_pkcs12_job_get_plain:
 * @self: a job that is done
 *
 * Returns: what was encrypted; lives as long as the job
 */
TillDer
till_pkcs12_job_get_plain (const TillPkcs12Job *self)
{
  TillDer der;

  g_assert (self->plain != NULL);
  till_der_init (&der, till_secret_get_data (self->plain), till_secret_get_size (self->plain));

  return der;
}

static gboolean
run_job (TillPkcs12Job       *job,
         const TillPassword  *password,
         const TillCancel    *cancel,
         GError             **error)
{
  g_autoptr(TillSecret) plain = NULL;

  if (job->plain != NULL)
    return TRUE;

  plain = till_pbe_decrypt (&job->pbe, password, &job->input, cancel, error);
  if (plain == NULL)
    return FALSE;

  if (!till_build_is_plausible (plain))
    {
      till_set_error (error, TILL_ERROR_WRONG_PASSWORD, TILL_REASON_NONE, NULL, NULL,
                      "the password does not open this file, or the file is damaged");
      return FALSE;
    }

  job->plain = g_steal_pointer (&plain);
  return TRUE;
}

/* The password is right, for the MAC or another part says so. What does not open
 * all the same was encrypted with another form of it, or with another one. */
static gboolean
run_job_known (TillPkcs12Job       *job,
               const TillPassword  *password,
               const TillCancel    *cancel,
               GError             **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GPtrArray) odd = NULL;

  if (run_job (job, password, cancel, &local_error))
    return TRUE;

  if (g_error_matches (local_error, TILL_ERROR, TILL_ERROR_WRONG_PASSWORD))
    {
      odd = till_password_list_odd (password);
      for (guint i = 0; i < odd->len && !till_pbe_uses_bmp (&job->pbe); i++)
        {
          g_clear_error (&local_error);
          if (run_job (job, g_ptr_array_index (odd, i), cancel, &local_error))
            return TRUE;
          if (!g_error_matches (local_error, TILL_ERROR, TILL_ERROR_WRONG_PASSWORD))
            break;
        }
    }

  if (g_error_matches (local_error, TILL_ERROR, TILL_ERROR_WRONG_PASSWORD))
    till_set_error (error, TILL_ERROR_WRONG_PASSWORD, TILL_REASON_NONE, NULL, NULL,
                    "the password fits the file, but a part of it is encrypted with another password");
  else
    g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

/**
 * till_pkcs12_jobs_run:
 * @jobs: (element-type TillPkcs12Job): what to decrypt
 * @password: a password that is known to be right
 * @cancel: (nullable): asked every few milliseconds
 * @error: return location
 *
 * Returns: whether all could be decrypted
 */
gboolean
till_pkcs12_jobs_run (GPtrArray           *jobs,
                      const TillPassword  *password,
                      const TillCancel    *cancel,
                      GError             **error)
{
  for (guint i = 0; i < jobs->len; i++)
    {
      if (!run_job_known (g_ptr_array_index (jobs, i), password, cancel, error))
        return FALSE;
    }

  return TRUE;
}

/* Threads that take jobs from one list: this one, which checks the MAC first, and
 * others that start before that is done and stop as soon as it shows a wrong
 * password. A file has three derivations that do not wait for each other (MAC,
 * certificates, key): a thread for each shares two cores evenly. */
typedef struct
{
  GPtrArray           *jobs;
  const TillPassword  *password;
  gint                 next;
  TillCancel           stop;

  GMutex               mutex;
  GCond                cond;
  guint                running;
} Shared;

static TillPkcs12Job *
take_job (Shared *shared)
{
  gint i = g_atomic_int_add (&shared->next, 1);

  return i < (gint) shared->jobs->len ? g_ptr_array_index (shared->jobs, i) : NULL;
}

static gpointer
other_thread (gpointer data)
{
  Shared *shared = data;
  GError *error = NULL;
  TillPkcs12Job *job;

  while (error == NULL && (job = take_job (shared)) != NULL)
    run_job_known (job, shared->password, &shared->stop, &error);

  g_mutex_lock (&shared->mutex);
  shared->running--;
  g_cond_signal (&shared->cond);
  g_mutex_unlock (&shared->mutex);

  return error;
}

/* Passes a cancellation on while the other threads finish. */
static void
wait_for_others (Shared           *shared,
                 const TillCancel *cancel)
{
  g_mutex_lock (&shared->mutex);
  while (shared->running > 0)
    {
      g_cond_wait_until (&shared->cond, &shared->mutex, g_get_monotonic_time () + WAIT_MICROSECONDS);
      if (!till_cancel_check (cancel, NULL))
        g_atomic_int_set (&shared->stop.cancelled, 1);
    }
  g_mutex_unlock (&shared->mutex);
}

static gboolean
open_threaded (const TillPkcs12Mac  *mac,
               const TillDer        *content,
               GPtrArray            *jobs,
               const TillPassword   *password,
               const TillCancel     *cancel,
               GError              **error)
{
  Shared shared = { .jobs = jobs, .password = password };
  GThread *threads[OTHER_THREADS];
  guint n_threads = MIN (jobs->len, OTHER_THREADS);
  GError *first_error = NULL;
  TillPkcs12Job *job;

  shared.stop.deadline = cancel != NULL ? cancel->deadline : 0;
  g_mutex_init (&shared.mutex);
  g_cond_init (&shared.cond);
  shared.running = n_threads;
  for (guint i = 0; i < n_threads; i++)
    threads[i] = g_thread_new ("pkcs12", other_thread, &shared);

  if (till_pkcs12_mac_verify (mac, password, content, cancel, &first_error))
    {
      while (first_error == NULL && (job = take_job (&shared)) != NULL)
        run_job_known (job, password, cancel, &first_error);
    }

  if (first_error != NULL)
    g_atomic_int_set (&shared.stop.cancelled, 1);
  wait_for_others (&shared, cancel);
  for (guint i = 0; i < n_threads; i++)
    {
      GError *other_error = g_thread_join (threads[i]);

      if (first_error == NULL)
        first_error = g_steal_pointer (&other_error);
      g_clear_error (&other_error);
    }
  g_mutex_clear (&shared.mutex);
  g_cond_clear (&shared.cond);

  if (first_error == NULL)
    return TRUE;

  g_propagate_error (error, first_error);
  return FALSE;
}

static gboolean
is_long (const TillPkcs12Mac *mac,
         GPtrArray           *jobs)
{
  guint64 rounds = mac->iterations;

  for (guint i = 0; i < jobs->len; i++)
    rounds += ((const TillPkcs12Job *) g_ptr_array_index (jobs, i))->pbe.iterations;

  return rounds > THREAD_ROUNDS;
}

/**
 * till_pkcs12_jobs_open:
 * @mac: the MAC, which may not be there
 * @content: what it is made over
 * @jobs: (element-type TillPkcs12Job): what to decrypt; at least one where there is no MAC
 * @password: a password to try
 * @may_guess: whether to decrypt before the MAC has said that the password is right
 * @cancel: (nullable): asked every few milliseconds
 * @error: return location: %TILL_ERROR_WRONG_PASSWORD, or what @cancel says
 *
 * Checks the MAC and decrypts. A wrong password costs one derivation where the
 * work is short or @may_guess is not set; long work goes to up to three threads.
 *
 * Returns: whether the password is right and all could be decrypted
 */
gboolean
till_pkcs12_jobs_open (const TillPkcs12Mac  *mac,
                       const TillDer        *content,
                       GPtrArray            *jobs,
                       const TillPassword   *password,
                       gboolean              may_guess,
                       const TillCancel     *cancel,
                       GError              **error)
{
  if (mac->there)
    {
      if (may_guess && jobs->len > 0 && is_long (mac, jobs))
        return open_threaded (mac, content, jobs, password, cancel, error);

      if (!till_pkcs12_mac_verify (mac, password, content, cancel, error))
        return FALSE;
    }
  else if (!run_job (g_ptr_array_index (jobs, 0), password, cancel, error))
    {
      return FALSE;
    }

  return till_pkcs12_jobs_run (jobs, password, cancel, error);
}
