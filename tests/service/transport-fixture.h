/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A transport that trusts the test's own authority, and calls that wait with a limit. */
#pragma once

#include "fault-server.h"
#include "till-transport.h"

G_BEGIN_DECLS

/* In hubs' secrets of these tests; it must turn up nowhere. */
#define CANARY "canary-0f4c9e1d-secret"

/* Variable with another TLS for a program that a test starts again. */
#define FIXTURE_PRIORITY "TEST_TLS_PRIORITY"

/* What fails any sensible expectation of time. */
#define FIXTURE_SECONDS 20

typedef struct
{
  TillClock     *clock;
  FaultIdentity *ca;
  FaultIdentity *good;
  char          *ca_pem;
  TillTransport *transport;
  TillSigner    *signer;
} Fixture;

/**
 * FixtureCall:
 *
 * A call in the words of a test; all but @method has a default.
 */
typedef struct
{
  const char    *method;
  const char    *path;
  const char    *body;
  const char    *content_type;
  TillCallFlags  flags;
  guint          deadline;
  gsize          max_answer;
  GCancellable  *cancellable;
  gboolean       unsigned_call;
} FixtureCall;

void        fixture_main      (int                *argc,
                               char             ***argv);
void        fixture_add       (const char         *path,
                               void              (*test) (Fixture *, gconstpointer));
void        fixture_add_data  (const char         *path,
                               gconstpointer       data,
                               void              (*test) (Fixture *, gconstpointer));
TillAnswer *fixture_call      (Fixture            *self,
                               const char         *host,
                               guint16             port,
                               const FixtureCall  *call,
                               GError            **error) G_GNUC_WARN_UNUSED_RESULT;
TillAnswer *fixture_ask       (Fixture            *self,
                               FaultServer        *server,
                               const FixtureCall  *call,
                               GError            **error) G_GNUC_WARN_UNUSED_RESULT;
void        fixture_check_error (const GError     *error,
                                 int               code,
                                 int               reason,
                                 const char       *says);

G_END_DECLS
