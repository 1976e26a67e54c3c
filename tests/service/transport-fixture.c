/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A transport that trusts the test's own authority, and calls that wait with a limit. */
#include "config.h"

#include "transport-fixture.h"

#include <signal.h>
#include <string.h>

#include "till-error.h"
#include "till-process.h"

static void
fixture_set_up (Fixture       *self,
                gconstpointer  data)
{
  g_autoptr(TillSecret) secret = till_secret_new_copy (CANARY, strlen (CANARY));
  g_autoptr(GError) error = NULL;

  self->clock = till_clock_new_system ();
  self->ca = fault_identity_new (&(FaultPlan) { .name = "Authority of a test", .ca = TRUE }, NULL);
  self->good = fault_identity_new (&(FaultPlan) { .name = "Server of a test", .dns = "localhost", .address = "127.0.0.1",
                                                  .purpose = GNUTLS_KP_TLS_WWW_SERVER }, self->ca);
  self->ca_pem = fault_identity_dup_pem (self->ca);
  self->transport = till_transport_new (self->clock, self->ca_pem, &error);
  g_assert_no_error (error);
  till_transport_set_patience (self->transport, 0.02);
  self->signer = till_signer_new_hub ("key-of-a-test", secret, &error);
  g_assert_no_error (error);
}

/* Finalising the transport shows that no call holds it any more. */
static void
fixture_tear_down (Fixture       *self,
                   gconstpointer  data)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;

  g_assert_finalize_object (self->transport);
  till_signer_unref (self->signer);
  fault_identity_free (self->good);
  fault_identity_free (self->ca);
  till_clock_unref (self->clock);
  g_free (self->ca_pem);
}

/**
 * fixture_main:
 * @argc: of main()
 * @argv: of main()
 *
 * What all these programs begin with: the TLS of the real program, unless a
 * test starts its program again with another.
 */
void
fixture_main (int    *argc,
              char ***argv)
{
  const char *other = g_getenv (FIXTURE_PRIORITY);

  g_setenv ("G_TLS_GNUTLS_PRIORITY", other != NULL ? other : TILL_TLS_PRIORITY, TRUE);
  signal (SIGPIPE, SIG_IGN);
  g_test_init (argc, argv, NULL);
}

/**
 * fixture_add_data:
 * @path: of the test
 * @data: for @test
 * @test: the test
 *
 * Adds a test with a fixture of its own.
 */
void
fixture_add_data (const char    *path,
                  gconstpointer  data,
                  void         (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, data, fixture_set_up, test, fixture_tear_down);
}

/**
 * fixture_add:
 * @path: of the test
 * @test: the test
 *
 * Adds a test with a fixture of its own.
 */
void
fixture_add (const char  *path,
             void       (*test) (Fixture *, gconstpointer))
{
  fixture_add_data (path, NULL, test);
}

typedef struct
{
  TillAnswer *answer;
  GError     *error;
  gboolean    done;
} Wait;

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Wait *wait = user_data;

  wait->answer = till_transport_send_finish (TILL_TRANSPORT (source), result, &wait->error);
  wait->done = TRUE;
}

/* Also turns the loop, so that it can't sleep past the limit. */
static gboolean
tick_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/**
 * fixture_call:
 * @self: the fixture
 * @host: of the address
 * @port: of the address
 * @call: what to ask
 * @error: why it failed
 *
 * Calls and waits for the end, which must come.
 *
 * Returns: (transfer full) (nullable): the answer
 */
TillAnswer *
fixture_call (Fixture            *self,
              const char         *host,
              guint16             port,
              const FixtureCall  *call,
              GError            **error)
{
  g_autofree char *url = g_strdup_printf ("https://%s:%u/base/", host, port);
  g_autoptr(TillEndpoint) endpoint = till_endpoint_new (url, error);
  g_autoptr(TillSecret) body = NULL;
  gint64 limit = g_get_monotonic_time () + FIXTURE_SECONDS * G_USEC_PER_SEC;
  guint tick = g_timeout_add (100, tick_cb, NULL);
  Wait wait = { NULL };
  TillCall real = {
    .endpoint = endpoint, .method = call->method, .path = call->path != NULL ? call->path : "/thing?page=1",
    .signer = call->unsigned_call ? NULL : self->signer, .request_id = "3f2b8c1e-9d47-4a6b-8e15-7c0d2a9b4f61",
    .content_type = call->content_type, .flags = call->flags, .deadline = call->deadline, .max_answer = call->max_answer,
  };

  if (call->body != NULL)
    {
      body = till_secret_new_copy (call->body, strlen (call->body));
      real.body = body;
      real.content_type = "application/json";
    }

  till_transport_send_async (self->transport, &real, call->cancellable, done_cb, &wait);
  while (!wait.done)
    {
      g_main_context_iteration (NULL, TRUE);
      if (g_get_monotonic_time () > limit)
        g_error ("a call did not end in %d s", FIXTURE_SECONDS);
    }
  g_source_remove (tick);

  /* Whatever happened: nothing of the secret is told. */
  if (wait.error != NULL)
    {
      g_assert_null (strstr (wait.error->message, CANARY));
      g_assert_true (till_error_get_detail (wait.error) == NULL ||
                     strstr (till_error_get_detail (wait.error), CANARY) == NULL);
      g_propagate_error (error, wait.error);
    }

  return wait.answer;
}

/**
 * fixture_ask:
 * @self: the fixture
 * @server: whom
 * @call: what
 * @error: why it failed
 *
 * Returns: (transfer full) (nullable): the answer
 */
TillAnswer *
fixture_ask (Fixture            *self,
             FaultServer        *server,
             const FixtureCall  *call,
             GError            **error)
{
  return fixture_call (self, "127.0.0.1", fault_server_get_port (server), call, error);
}

/**
 * fixture_check_error:
 * @error: an error
 * @code: what its code must be
 * @reason: what its reason must be
 * @says: (nullable): what its message must hold
 *
 * Fails where it is another error.
 */
void
fixture_check_error (const GError *error,
                     int           code,
                     int           reason,
                     const char   *says)
{
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_assert_error (error, TILL_ERROR, code);
  g_assert_cmpint (till_error_get_reason (error), ==, reason);
  if (says != NULL)
    g_assert_nonnull (strstr (error->message, says));
}
