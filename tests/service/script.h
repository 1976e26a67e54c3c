/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server that gives the answers of a list one after the other, and what it was asked. */
#pragma once

#include <gio/gio.h>

#include "fault-server.h"
#include "transport-fixture.h"

G_BEGIN_DECLS

/**
 * ScriptAnswer:
 * @status: of the answer; 0: the connection is closed without one
 * @content_type: (nullable): %NULL for application/json
 * @headers: (nullable): more of them, each with its line end
 * @body: (nullable): with ' for "
 * @wait: milliseconds before it
 */
typedef struct
{
  guint       status;
  const char *content_type;
  const char *headers;
  const char *body;
  guint       wait;
} ScriptAnswer;

/**
 * Script:
 * @answers: as many as there are, the last one again and again
 * @func: (nullable): makes the body of an answer instead, for lists
 */
typedef struct
{
  const ScriptAnswer *answers;
  guint               n_answers;
  char             *(*func) (const char *head);
} Script;

FaultServer *script_start      (Fixture            *fixture,
                                const Script       *script) G_GNUC_WARN_UNUSED_RESULT;
char        *script_url        (FaultServer        *server,
                                const char         *path) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): value of a header of the n-th request */
char        *script_dup_header (FaultServer        *server,
                                guint               n,
                                const char         *name) G_GNUC_WARN_UNUSED_RESULT;
char        *script_dup_line   (FaultServer        *server,
                                guint               n) G_GNUC_WARN_UNUSED_RESULT;
char        *script_dup_body   (FaultServer        *server,
                                guint               n) G_GNUC_WARN_UNUSED_RESULT;

/* Waits, with a limit, until a callback has put its result there. */
void         script_result_cb  (GObject            *source,
                                GAsyncResult       *result,
                                gpointer            user_data);
void         script_wait       (GAsyncResult      **result);

G_END_DECLS
