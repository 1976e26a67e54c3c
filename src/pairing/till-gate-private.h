/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the gate, its connections and the server behind it share. */
#pragma once

#include <libsoup/soup.h>

#include "till-frame-watch.h"
#include "till-gate-stream.h"
#include "till-gate.h"
#include "till-pairing-limits.h"
#include "till-request-head.h"

G_BEGIN_DECLS

/* Object data: of the address of a connection, which the server finds it by; of its stream. */
#define TILL_GATE_QDATA     "till-gate-connection"
#define TILL_GATE_WEBSOCKET "till-gate-websocket"

/**
 * TillGateState:
 * @TILL_GATE_WAITS: has said nothing yet, or waits for a place inside
 * @TILL_GATE_INSIDE_NOW: handshake, or reading of the request
 * @TILL_GATE_ASKED: its request is whole: it is not made to leave for others any more
 * @TILL_GATE_ENDED: nothing of it is used any more
 */
typedef enum
{
  TILL_GATE_WAITS,
  TILL_GATE_INSIDE_NOW,
  TILL_GATE_ASKED,
  TILL_GATE_ENDED,
} TillGateState;

typedef struct _TillGateConnection TillGateConnection;

/* Counted; every callback under way holds one reference, and so do the lists of the gate. */
struct _TillGateConnection
{
  gint               ref_count;

  TillGate          *gate;           /* (unowned) (nullable): NULL once ended */
  GSocketConnection *base;
  GTlsConnection    *tls;            /* (nullable): while it waits */
  GSocketAddress    *remote;         /* one object for each connection: the server finds it by that */
  char              *peer;
  char              *serial;         /* (nullable): of the client's certificate */
  TillGateState      state;
  gboolean           ready;          /* waits, and has sent something */
  gint64             since;          /* monotonic: inside since */
  GCancellable      *cancellable;
  GSource           *readable;
  guint              handshake_timer;
  guint              life_timer;
  guint8             head[TILL_GATE_HEAD_BYTES];
  gsize              head_size;
  TillRequestHead    request;
  TillFrameWatch     frames;
  gboolean           violated;       /* its frames broke a bound: ended by us, not by the server */
  TillGateStream    *stream;         /* (nullable): with the server */
  TillGateRequest   *asked;          /* (unowned) (nullable) */
};

struct _TillGate
{
  GObject            parent_instance;

  GTlsDatabase      *clients;
  GTlsCertificate   *certificate;    /* (nullable) */
  GSocket           *socket;         /* (nullable): not listening */
  GSource           *accepting;
  SoupServer        *server;
  SoupServer        *websocket_server;
  GSocketAddress    *local;
  GQueue             waiting;        /* TillGateConnection, oldest first */
  GQueue             inside;
  guint              tick;           /* looks after who waits while all places are taken */
  guint16            port;
};

struct _TillGateRequest
{
  GObject                 parent_instance;

  TillGateConnection     *connection;
  char                   *peer;
  char                   *serial;
  TillSecret             *body;
  SoupServerMessage      *message;      /* (nullable): HTTPS */
  SoupWebsocketConnection *websocket;   /* (nullable): WSS */
  gboolean                has_replied;
  gboolean                written;
  TillSecret             *frame;        /* (nullable): reply to a WebSocket */
  guint                   close_code;
  TillGateReplied         replied;
  gpointer                data;
};

TillGateConnection *till_gate_connection_new    (TillGate           *gate,
                                                 GSocketConnection  *base,
                                                 GSocketAddress     *remote) G_GNUC_WARN_UNUSED_RESULT;
TillGateConnection *till_gate_connection_ref    (TillGateConnection *self);
void                till_gate_connection_unref  (TillGateConnection *self);
void                till_gate_connection_enter  (TillGateConnection *self);
/* Nothing of it happens any more; what is written already may still go out where @gently. */
void                till_gate_connection_end    (TillGateConnection *self,
                                                 gboolean            gently);
void                till_gate_connection_refuse (TillGateConnection *self,
                                                 guint               status);

/* Reads on and forgets it: closing with bytes unread would reset the connection, and take what was written with it. */
void                till_gate_connection_drain  (TillGateConnection *self);

/* Of the gate. */
void                till_gate_leave             (TillGate           *self,
                                                 TillGateConnection *connection);
void                till_gate_admit             (TillGate           *self);
void                till_gate_turn_away         (TillGate           *self,
                                                 const char         *peer,
                                                 TillTurnedAway      why);
void                till_gate_confirm           (TillGate           *self,
                                                 TillGateConnection *connection);

/* The servers behind it. */
SoupServer         *till_gate_server_new        (gboolean            websockets) G_GNUC_WARN_UNUSED_RESULT;
void                till_gate_server_accept     (TillGateConnection *connection,
                                                 const guint8       *more,
                                                 gsize               more_size);
/* The connection is gone: whoever still has to reply is told. */
void                till_gate_request_lose      (TillGateRequest    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillGateConnection, till_gate_connection_unref)

G_END_DECLS
