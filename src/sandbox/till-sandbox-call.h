/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One request and its answer. */
#pragma once

#include "till-json-writer.h"
#include "till-sandbox-private.h"

G_BEGIN_DECLS

typedef struct _TillCall TillCall;
typedef void (*TillCallFunc) (TillCall *call);

/**
 * TillCall:
 * @server: whose it is
 * @message: (owned): paused until the answer is made
 * @gone: whoever asked has left: it is done all the same, and not answered
 * @gone_handler: notices that
 * @method: as sent
 * @path: as sent, without query, not decoded
 * @query: (nullable): as sent, not decoded
 * @body: as sent
 * @trace_id: 32 hex digits that are of this call
 * @plan: what was ordered for it
 * @status: of the answer
 * @answer: its body
 * @content_type: of it; %NULL for an answer without a body
 * @work: what is called after the delay ordered
 * @timer: (nullable) (owned): of that delay, while it runs
 * @details: (nullable) (owned): what the service keeps about the call
 * @details_free: (nullable): frees it
 */
struct _TillCall
{
  TillSandboxServer *server;
  SoupServerMessage *message;
  gboolean           gone;
  gulong             gone_handler;
  const char        *method;
  char              *path;
  const char        *query;
  GBytes            *body;
  char               trace_id[33];
  TillFaultPlan      plan;

  guint              status;
  GString           *answer;
  const char        *content_type;

  TillCallFunc       work;
  GSource           *timer;
  gpointer           details;
  GDestroyNotify     details_free;
};

TillCall   *till_call_new           (TillSandboxServer  *server,
                                     SoupServerMessage  *message) G_GNUC_WARN_UNUSED_RESULT;
void        till_call_free          (TillCall           *call);
const char *till_call_get_header    (TillCall           *call,
                                     const char         *name);
void        till_call_set_header    (TillCall           *call,
                                     const char         *name,
                                     const char         *value);
void        till_call_explain       (TillCall           *call,
                                     const char         *format,
                                     ...) G_GNUC_PRINTF (2, 3);
gboolean    till_call_has_json_type (TillCall           *call);
void        till_call_begin         (TillCall           *call,
                                     guint               status,
                                     TillJsonWriter     *writer);
void        till_call_work          (TillCall           *call,
                                     TillCallFunc        work);
void        till_call_answer        (TillCall           *call);

/* till-sandbox-wire.c */
gboolean    till_wire_before        (TillCall           *call);
gboolean    till_wire_after         (TillCall           *call);

/* The services: each takes over the call. */
void        till_hub_handle         (TillCall           *call);
void        till_wallet_handle      (TillCall           *call);
void        till_devices_handle     (TillCall           *call);

/* What the services write alike. */
char       *till_sandbox_time       (TillSandboxServer  *server,
                                     gint64              seconds) G_GNUC_WARN_UNUSED_RESULT;
void        till_sandbox_write_time (TillSandboxServer  *server,
                                     TillJsonWriter     *writer,
                                     const char         *member,
                                     gint64              seconds);
void        till_sandbox_write_text (TillJsonWriter     *writer,
                                     const char         *member,
                                     const char         *value);
void        till_sandbox_write_int  (TillSandboxServer  *server,
                                     TillJsonWriter     *writer,
                                     const char         *member,
                                     gint64              value);
void        till_sandbox_write_bool (TillJsonWriter     *writer,
                                     const char         *member,
                                     gboolean            value);

G_END_DECLS
