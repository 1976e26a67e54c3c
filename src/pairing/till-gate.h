/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The listener: it lets tills in few at a time, and ends every connection in time (RELIABILITY.md G21). */
#pragma once

#include <gio/gio.h>

#include "till-secret.h"

G_BEGIN_DECLS

/**
 * TillTurnedAway:
 * @TILL_TURNED_AWAY_PUBLIC: it comes from a public address
 * @TILL_TURNED_AWAY_PLAIN: it does not speak TLS: http or ws instead of https and wss
 * @TILL_TURNED_AWAY_OLD_TLS: it offers only outdated encryption
 * @TILL_TURNED_AWAY_HANDSHAKE: it did not trust our certificate, or showed one that is not in the register
 * @TILL_TURNED_AWAY_REQUEST: what it asked was no request for us
 * @TILL_TURNED_AWAY_SLOW: it was too slow, or silent
 * @TILL_TURNED_AWAY_CROWD: there were too many connections
 *
 * Why a connection came to nothing.
 */
typedef enum
{
  TILL_TURNED_AWAY_PUBLIC,
  TILL_TURNED_AWAY_PLAIN,
  TILL_TURNED_AWAY_OLD_TLS,
  TILL_TURNED_AWAY_HANDSHAKE,
  TILL_TURNED_AWAY_REQUEST,
  TILL_TURNED_AWAY_SLOW,
  TILL_TURNED_AWAY_CROWD,
} TillTurnedAway;

#define TILL_TYPE_GATE_REQUEST (till_gate_request_get_type ())

/**
 * TillGateRequest:
 *
 * One request, whole and within its bounds, by HTTPS or as the text message of
 * a WebSocket. It has to be replied to once; dropping it ends the connection.
 */
G_DECLARE_FINAL_TYPE (TillGateRequest, till_gate_request, TILL, GATE_REQUEST, GObject)

const char      *till_gate_request_get_peer      (TillGateRequest  *self);
/* (nullable): serial of the client's certificate, lower-case hex; the handshake has checked it */
const char      *till_gate_request_get_serial    (TillGateRequest  *self);
/* (nullable): %NULL for a GET */
TillSecret      *till_gate_request_get_body      (TillGateRequest  *self);
gboolean         till_gate_request_is_websocket  (TillGateRequest  *self);
/* Whether the connection was still there when last looked at. */
gboolean         till_gate_request_is_alive      (TillGateRequest  *self);

/**
 * TillGateReplied:
 * @request: what was replied to
 * @written: all of it was handed to the system; that it arrived nobody knows
 * @data: of the caller
 */
typedef void   (*TillGateReplied)                (TillGateRequest  *request,
                                                  gboolean          written,
                                                  gpointer          data);

/* status: of HTTP; close_code: of a WebSocket. replied: (nullable) */
void             till_gate_request_reply         (TillGateRequest  *self,
                                                  guint             status,
                                                  guint             close_code,
                                                  const char       *content_type,
                                                  TillSecret       *body,
                                                  TillGateReplied   replied,
                                                  gpointer          data);

#define TILL_TYPE_GATE (till_gate_get_type ())

/**
 * TillGate:
 *
 * An accept gate in front of a #SoupServer. At most 8 connections are inside, 2
 * of one peer; the others wait with nothing but a socket each. Who is slow
 * inside makes room for who waits. The life of each connection belongs to the
 * gate: nothing depends on the server noticing that a client is idle.
 *
 * ::request (TillGateRequest) is emitted for each request; ::turned-away (peer,
 * TillTurnedAway) for each connection that came to nothing; ::confirmed (peer,
 * serial) when a client has proved its certificate in a handshake.
 */
G_DECLARE_FINAL_TYPE (TillGate, till_gate, TILL, GATE, GObject)

TillGate        *till_gate_new                   (GTlsDatabase     *clients) G_GNUC_WARN_UNUSED_RESULT;
/* port: 0 for any free one. %TILL_ERROR_CONFLICT with %TILL_REASON_IN_USE where it is taken. */
gboolean         till_gate_listen                (TillGate         *self,
                                                  GInetAddress     *address,
                                                  guint16           port,
                                                  GError          **error);
/* Before the first connection: the certificate can hold the port only once it is known. */
void             till_gate_set_certificate       (TillGate         *self,
                                                  GTlsCertificate  *certificate);
guint16          till_gate_get_port              (TillGate         *self);
guint            till_gate_get_inside            (TillGate         *self);
guint            till_gate_get_waiting           (TillGate         *self);
void             till_gate_stop                  (TillGate         *self);

gboolean         till_address_is_local           (GInetAddress     *address);

G_END_DECLS
