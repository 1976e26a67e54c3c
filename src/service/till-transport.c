/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One way out to a service: bounded, never redirected, never sent twice by accident. */
#include "config.h"

#include "till-transport.h"

#include <string.h>

#include "till-limits.h"
#include "till-transport-private.h"
#include "till-trust.h"

/*
 * TillTransport owns one session of libsoup for one profile, and with it the
 * connections that were made with its secrets. What always holds: the session
 * has no feature that acts by itself, and no call leaves before the store of
 * trusted certificates is loaded, so that this never holds the main loop.
 */
struct _TillTransport
{
  GObject       parent_instance;

  TillClock    *clock;
  SoupSession  *session;

  gboolean      warm;
  gboolean      warming;
  GQueue        waiting;       /* (element-type GTask) until it is warm */

  double        patience;
  gint64        last_stamp;
};

G_DEFINE_FINAL_TYPE (TillTransport, till_transport, G_TYPE_OBJECT)

/* libsoup releases before this one use memory after freeing it when they read
 * HTTP/2 (CVE-2025-12105). */
#define HTTP2_SAFE_MAJOR 3
#define HTTP2_SAFE_MINOR 6
#define HTTP2_SAFE_MICRO 6

/* HTTP/2 is what libsoup and the service agree on where it is safe. There is
 * no call for it before libsoup 3.4, only a variable, which till_process_start()
 * sets before there are threads; here it is made sure of for programs that have
 * not called it, before the first session of the process. */
static void
avoid_unsafe_http2 (void)
{
  if (!soup_check_version (HTTP2_SAFE_MAJOR, HTTP2_SAFE_MINOR, HTTP2_SAFE_MICRO) &&
      g_getenv ("SOUP_FORCE_HTTP1") == NULL)
    g_setenv ("SOUP_FORCE_HTTP1", "1", TRUE);
}

static void
till_transport_dispose (GObject *object)
{
  TillTransport *self = TILL_TRANSPORT (object);

  /* Each call holds the transport, so there is none; kept connections end here. */
  if (self->session != NULL)
    soup_session_abort (self->session);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (till_transport_parent_class)->dispose (object);
}

static void
till_transport_finalize (GObject *object)
{
  TillTransport *self = TILL_TRANSPORT (object);

  till_clock_unref (self->clock);

  G_OBJECT_CLASS (till_transport_parent_class)->finalize (object);
}

static void
till_transport_class_init (TillTransportClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = till_transport_dispose;
  object_class->finalize = till_transport_finalize;

  avoid_unsafe_http2 ();
}

static void
till_transport_init (TillTransport *self)
{
  g_queue_init (&self->waiting);
  self->patience = 1;
}

/* Deadlines are ours: libsoup's timeout is for each read (G14). */
static SoupSession *
new_session (TillTrust *trust)
{
  SoupSession *session = soup_session_new_with_options ("max-conns", TILL_LIMIT_CONNECTIONS,
                                                        "max-conns-per-host", TILL_LIMIT_CONNECTIONS,
                                                        "timeout", 0,
                                                        "user-agent", "Tillkeeper/" TILL_VERSION,
                                                        "tls-database", trust,
                                                        NULL);

  /* Whatever a session brings along (authentication, unpacking): none of it (G15). */
  soup_session_remove_feature_by_type (session, SOUP_TYPE_SESSION_FEATURE);

  return session;
}

/**
 * till_transport_new:
 * @clock: for signatures and for what a service says of the time
 * @ca_pem: (nullable): certificates in PEM that are trusted besides the system's, for this profile only (G13)
 * @error: (out) (optional): %TILL_ERROR_NOT_A_CERTIFICATE_FILE
 *
 * Returns: (transfer full) (nullable): a transport for the main loop of this thread, %NULL with @error set
 */
TillTransport *
till_transport_new (TillClock   *clock,
                    const char  *ca_pem,
                    GError     **error)
{
  g_autoptr(TillTrust) trust = NULL;
  TillTransport *self;

  g_return_val_if_fail (clock != NULL, NULL);

  trust = till_trust_new (ca_pem, error);
  if (trust == NULL)
    return NULL;

  self = g_object_new (TILL_TYPE_TRANSPORT, NULL);
  self->clock = till_clock_ref (clock);
  self->session = new_session (trust);

  return self;
}

/* All that GIO loads at its first use, with modules and their files. */
static void
warm_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  g_tls_backend_get_client_connection_type (g_tls_backend_get_default ());
  g_proxy_resolver_get_default ();
  till_trust_load ();
  g_task_return_boolean (task, TRUE);
}

static void
warm_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(TillTransport) self = TILL_TRANSPORT (user_data);
  GTask *task;

  self->warm = TRUE;
  while ((task = g_queue_pop_head (&self->waiting)) != NULL)
    till_sending_begin (task);
}

/**
 * till_transport_warm:
 * @self: a transport
 *
 * Loads what the first connection needs on a thread. The first call does it by
 * itself; done earlier it makes that call faster.
 */
void
till_transport_warm (TillTransport *self)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (TILL_IS_TRANSPORT (self));

  if (self->warm || self->warming)
    return;

  till_fault_load_monitor ();

  /* A thread may be the last to let go of its task: so that must not hold the
   * transport, which ends on its own loop. */
  self->warming = TRUE;
  task = g_task_new (NULL, NULL, warm_cb, g_object_ref (self));
  g_task_set_source_tag (task, till_transport_warm);
  g_task_run_in_thread (task, warm_thread);
}

/**
 * till_transport_get_clock:
 * @self: a transport
 *
 * Returns: (transfer none): its clock
 */
TillClock *
till_transport_get_clock (TillTransport *self)
{
  g_return_val_if_fail (TILL_IS_TRANSPORT (self), NULL);

  return self->clock;
}

/**
 * till_transport_set_patience:
 * @self: a transport
 * @factor: what each wait between tries is multiplied with; 0 for no wait at all
 *
 * For tests. Deadlines stay as they are.
 */
void
till_transport_set_patience (TillTransport *self,
                             double         factor)
{
  g_return_if_fail (TILL_IS_TRANSPORT (self));
  g_return_if_fail (factor >= 0);

  self->patience = factor;
}

/**
 * till_transport_get_session:
 * @self: a transport
 *
 * Returns: (transfer none): its session
 */
SoupSession *
till_transport_get_session (TillTransport *self)
{
  return self->session;
}

/**
 * till_transport_get_patience:
 * @self: a transport
 *
 * Returns: what waits are multiplied with
 */
double
till_transport_get_patience (TillTransport *self)
{
  return self->patience;
}

/**
 * till_transport_next_stamp:
 * @self: a transport
 *
 * The time for a signature. The clock has whole seconds; two tries within one
 * get different stamps, so that each is signed anew.
 *
 * Returns: milliseconds since 1970
 */
gint64
till_transport_next_stamp (TillTransport *self)
{
  gint64 now = till_clock_get_now (self->clock) * 1000;

  if (self->last_stamp >= now && self->last_stamp < now + 999)
    now = self->last_stamp + 1;
  self->last_stamp = now;

  return now;
}

/* What our own clients make is right; this is for the day when it is not. */
static gboolean
check_path (const char  *path,
            GError     **error)
{
  gboolean good = path[0] == '/';
  g_auto(GStrv) segments = NULL;
  g_autofree char *bare = g_strndup (path, strcspn (path, "?"));

  for (const char *p = path; good && *p != '\0'; p++)
    good = *p > ' ' && *p <= '~' && strchr ("#\\\"<>^`{|}", *p) == NULL;

  segments = g_strsplit (bare, "/", -1);
  for (guint i = 0; good && segments[i] != NULL; i++)
    good = strcmp (segments[i], ".") != 0 && strcmp (segments[i], "..") != 0;

  if (!good)
    till_set_error (error, TILL_ERROR_INTERNAL, TILL_REASON_NONE, NULL, NULL,
                    "a path was made that no service can have; nothing was sent");

  return good;
}

static TillSending *
sending_new (const TillCall *call,
             GCancellable   *cancellable)
{
  TillSending *self = g_new0 (TillSending, 1);

  self->endpoint = till_endpoint_ref (call->endpoint);
  self->method = g_strdup (call->method);
  self->url = till_endpoint_resolve (call->endpoint, call->path);
  self->authority = till_endpoint_dup_authority (call->endpoint);
  self->signer = call->signer != NULL ? till_signer_ref (call->signer) : NULL;
  self->request_id = g_strdup (call->request_id);
  self->content_type = g_strdup (call->content_type);
  self->body = call->body != NULL ? till_secret_ref (call->body) : NULL;
  self->flags = call->flags;
  self->deadline = call->deadline != 0 ? call->deadline : TILL_LIMIT_CALL_SECONDS;
  self->max_answer = call->max_answer != 0 ? call->max_answer : TILL_LIMIT_ANSWER_BYTES;
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;

  return self;
}

/**
 * till_transport_send_async:
 * @self: a transport
 * @call: what to send; copied or counted
 * @cancellable: (nullable): ends the call at any moment with %TILL_ERROR_CANCELLED
 * @callback: (scope async): when it is over
 * @user_data: for @callback
 *
 * Sends a request by the rules of RELIABILITY.md G12 to G19 and repeats it
 * where they say so.
 */
void
till_transport_send_async (TillTransport       *self,
                           const TillCall      *call,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task;
  GError *error = NULL;

  g_return_if_fail (TILL_IS_TRANSPORT (self));
  g_return_if_fail (call != NULL && call->endpoint != NULL);
  g_return_if_fail (call->method != NULL && call->path != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  /* What was cancelled is told by ourselves, with what it may have changed. */
  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, till_transport_send_async);
  g_task_set_check_cancellable (task, FALSE);

  if (!check_path (call->path, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  g_task_set_task_data (task, sending_new (call, cancellable), (GDestroyNotify) till_sending_free);

  if (self->warm)
    {
      till_sending_begin (task);
      return;
    }

  g_queue_push_tail (&self->waiting, task);
  till_transport_warm (self);
}

/**
 * till_transport_send_finish:
 * @self: a transport
 * @result: from the callback
 * @error: (out) (optional): a fault of the network (%TILL_ERROR_UNAVAILABLE, %TILL_ERROR_TIMED_OUT,
 *   %TILL_ERROR_TLS), an answer that makes no sense (%TILL_ERROR_PROTOCOL), %TILL_ERROR_CANCELLED
 *
 * The error of a changing call says in till_error_get_outcome() whether it may
 * have been done.
 *
 * Returns: (transfer full) (nullable): an answer with any status but a redirect, %NULL with @error set
 */
TillAnswer *
till_transport_send_finish (TillTransport  *self,
                            GAsyncResult   *result,
                            GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * till_answer_free:
 * @self: (transfer full): an answer
 *
 * Frees an answer and wipes its body.
 */
void
till_answer_free (TillAnswer *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->body, till_secret_unref);
  g_free (self->content_type);
  g_free (self->trace_id);
  g_free (self);
}
