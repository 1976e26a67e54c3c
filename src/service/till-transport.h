/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One way out to a service: bounded, never redirected, never sent twice by accident (RELIABILITY.md G12-G19). */
#pragma once

#include <gio/gio.h>

#include "till-clock.h"
#include "till-endpoint.h"
#include "till-secret.h"
#include "till-signer.h"

G_BEGIN_DECLS

#define TILL_TYPE_TRANSPORT (till_transport_get_type ())

/**
 * TillTransport:
 *
 * One lean #SoupSession for one profile: no authentication manager, no content
 * decoder, no redirects, at most 8 connections. Lives on the main loop that
 * makes it.
 */
G_DECLARE_FINAL_TYPE (TillTransport, till_transport, TILL, TRANSPORT, GObject)

/**
 * TillCallFlags:
 * @TILL_CALL_CHANGES: changes something at the service: a connection of its own (G16), never repeated by itself
 * @TILL_CALL_REPEATABLE: with %TILL_CALL_CHANGES: an outcome that is unknown is asked for again at most twice within
 *   240 s with the same request id and body, newly signed (G17)
 */
typedef enum
{
  TILL_CALL_DEFAULT = 0,
  TILL_CALL_CHANGES = 1 << 0,
  TILL_CALL_REPEATABLE = 1 << 1,
} TillCallFlags;

/**
 * TillCall:
 * @endpoint: where
 * @method: upper case
 * @path: below the base of @endpoint, beginning with "/"; percent-encoded, with its query
 * @signer: (nullable): who asks
 * @request_id: (nullable): Client-Request-Id
 * @content_type: (nullable): of the body; also sent without a body where it is given (API.md 6.3)
 * @body: (nullable): exactly these bytes are signed and sent
 * @flags: see #TillCallFlags
 * @deadline: seconds for one try in all, those of a machine that sleeps too; 0 for %TILL_LIMIT_CALL_SECONDS
 * @max_answer: bytes; 0 for %TILL_LIMIT_ANSWER_BYTES
 *
 * One request. All is copied or referenced by till_transport_send_async().
 */
typedef struct
{
  TillEndpoint  *endpoint;
  const char    *method;
  const char    *path;
  TillSigner    *signer;
  const char    *request_id;
  const char    *content_type;
  TillSecret    *body;
  TillCallFlags  flags;
  guint          deadline;
  gsize          max_answer;
} TillCall;

/**
 * TillAnswer:
 * @status: HTTP status, of any kind but a redirect
 * @body: may hold a secret (a token): wiped when the answer is freed
 * @content_type: (nullable): without parameters, lower case
 * @trace_id: (nullable): from the headers apitraceid or v-c-correlation-id
 * @retry_after: seconds that the service asks to wait; -1 where it does not say, capped at one day
 * @skew: seconds that this computer is ahead of the service's Date; %G_MININT64 where it has none
 * @milliseconds: that the last try took
 * @tries: how many there were
 * @certificate_not_after: of the server's certificate; 0 where it can't be told
 * @tls_version: (static) (nullable): "TLS 1.3"
 *
 * What came back. An answer is no success yet: the clients judge its status.
 * Where an earlier try of a changing call has an unknown outcome, an answer
 * that says nothing of the call itself (401, 403, 429, busy) is an error:
 * %TILL_OUTCOME_UNKNOWN.
 */
typedef struct
{
  guint       status;
  TillSecret *body;
  char       *content_type;
  char       *trace_id;
  gint64      retry_after;
  gint64      skew;
  gint64      milliseconds;
  guint       tries;
  gint64      certificate_not_after;
  const char *tls_version;
} TillAnswer;

TillTransport *till_transport_new         (TillClock            *clock,
                                           const char           *ca_pem,
                                           GError              **error) G_GNUC_WARN_UNUSED_RESULT;
/* Loads the trust store on a thread, so that the first call does not (PERFORMANCE.md 4b). */
void           till_transport_warm        (TillTransport        *self);
TillClock     *till_transport_get_clock   (TillTransport        *self);
/* For tests: multiplies every wait between tries; 0 waits for nothing. */
void           till_transport_set_patience (TillTransport       *self,
                                           double                factor);
void           till_transport_send_async  (TillTransport        *self,
                                           const TillCall       *call,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
TillAnswer    *till_transport_send_finish (TillTransport        *self,
                                           GAsyncResult         *result,
                                           GError              **error) G_GNUC_WARN_UNUSED_RESULT;
void           till_answer_free           (TillAnswer           *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillAnswer, till_answer_free)

G_END_DECLS
