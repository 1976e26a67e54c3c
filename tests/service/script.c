/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server that gives the answers of a list one after the other, and what it was asked. */
#include "config.h"

#include "script.h"

#include <string.h>

#include "answers.h"

static void
write_answer (FaultConnection    *connection,
              const ScriptAnswer *answer,
              const char         *body)
{
  if (answer->wait > 0 && !fault_connection_wait (connection, answer->wait))
    return;

  if (answer->status == 0)
    {
      fault_connection_drop (connection);
      return;
    }

  fault_connection_printf (connection, "HTTP/1.1 %u Whatever\r\n", answer->status);
  if (body != NULL)
    fault_connection_printf (connection, "Content-Type: %s\r\n",
                             answer->content_type != NULL ? answer->content_type : "application/json");
  if (answer->headers != NULL)
    fault_connection_write (connection, answer->headers);
  if (answer->status != 204)
    fault_connection_printf (connection, "Content-Length: %" G_GSIZE_FORMAT "\r\n", body != NULL ? strlen (body) : 0);
  fault_connection_write (connection, "\r\n");
  if (body != NULL)
    fault_connection_write (connection, body);
}

static void
handle (FaultConnection *connection,
        gpointer         user_data)
{
  const Script *script = user_data;
  guint n = fault_connection_get_request (connection);
  const ScriptAnswer usual = { .status = 200 };
  const ScriptAnswer *answer = script->answers != NULL ? &script->answers[MIN (n, script->n_answers - 1)] : &usual;
  g_autofree char *body = NULL;

  if (script->func != NULL)
    body = script->func (fault_connection_get_head (connection));
  else if (answer->body != NULL)
    body = quoted (answer->body);

  write_answer (connection, answer, body);
}

/**
 * script_start:
 * @fixture: whose transport will ask
 * @script: what is answered; outlives the server
 *
 * Returns: (transfer full): the server
 */
FaultServer *
script_start (Fixture      *fixture,
              const Script *script)
{
  return fault_server_new (fixture->good, NULL, handle, (gpointer) script);
}

/**
 * script_url:
 * @server: the server
 * @path: of the base address
 *
 * Returns: (transfer full): its base address
 */
char *
script_url (FaultServer *server,
            const char  *path)
{
  return g_strdup_printf ("https://127.0.0.1:%u%s", fault_server_get_port (server), path);
}

/**
 * script_dup_header:
 * @server: the server
 * @n: which request
 * @name: of a header
 *
 * Returns: (transfer full) (nullable): its value
 */
char *
script_dup_header (FaultServer *server,
                   guint        n,
                   const char  *name)
{
  g_autofree char *request = fault_server_dup_request (server, n);
  char *end = strstr (request, "\r\n\r\n");
  g_auto(GStrv) lines = NULL;

  *end = '\0';
  lines = g_strsplit (request, "\r\n", -1);
  for (guint i = 1; lines[i] != NULL; i++)
    {
      char *colon = strchr (lines[i], ':');

      g_assert_nonnull (colon);
      *colon = '\0';
      if (g_ascii_strcasecmp (lines[i], name) == 0)
        return g_strdup (g_strchug (colon + 1));
    }

  return NULL;
}

/**
 * script_dup_line:
 * @server: the server
 * @n: which request
 *
 * Returns: (transfer full): method and address
 */
char *
script_dup_line (FaultServer *server,
                 guint        n)
{
  g_autofree char *request = fault_server_dup_request (server, n);
  char *end = strstr (request, " HTTP/1.1\r\n");

  g_assert_nonnull (end);

  return g_strndup (request, (gsize) (end - request));
}

/**
 * script_dup_body:
 * @server: the server
 * @n: which request
 *
 * Returns: (transfer full): what came behind the head
 */
char *
script_dup_body (FaultServer *server,
                 guint        n)
{
  g_autofree char *request = fault_server_dup_request (server, n);

  return g_strdup (strstr (request, "\r\n\r\n") + 4);
}

/**
 * script_result_cb:
 * @source: the client
 * @result: its result
 * @user_data: where to put it
 *
 * Keeps the result for script_wait().
 */
void
script_result_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  GAsyncResult **place = user_data;

  g_assert_null (*place);
  *place = g_object_ref (result);
}

static gboolean
tick_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/**
 * script_wait:
 * @result: where script_result_cb() puts it
 *
 * Turns the main loop until it is there.
 */
void
script_wait (GAsyncResult **result)
{
  gint64 limit = g_get_monotonic_time () + FIXTURE_SECONDS * G_USEC_PER_SEC;
  guint tick = g_timeout_add (100, tick_cb, NULL);

  while (*result == NULL)
    {
      g_main_context_iteration (NULL, TRUE);
      if (g_get_monotonic_time () > limit)
        g_error ("a call did not end in %d s", FIXTURE_SECONDS);
    }
  g_source_remove (tick);
}
