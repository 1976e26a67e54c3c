/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A raw server on loopback that does to a client whatever a test writes down. */
#pragma once

#include "fault-identity.h"

G_BEGIN_DECLS

typedef struct _FaultServer FaultServer;
typedef struct _FaultConnection FaultConnection;

/**
 * FaultHandler:
 *
 * Runs on a thread of the connection. Of a TLS server: once for each request,
 * which has been read; of a raw one: once, before anything is read.
 */
typedef void (*FaultHandler) (FaultConnection *connection,
                              gpointer         user_data);

FaultServer *fault_server_new           (FaultIdentity    *identity,
                                         const char       *priority,
                                         FaultHandler      handler,
                                         gpointer          user_data) G_GNUC_WARN_UNUSED_RESULT;
/* On ::1, where the machine has one. */
gboolean     fault_server_can_ipv6      (void);
FaultServer *fault_server_new_ipv6      (FaultIdentity    *identity,
                                         FaultHandler      handler,
                                         gpointer          user_data) G_GNUC_WARN_UNUSED_RESULT;
/* Without TLS; takes no connection at all where handler is NULL. */
FaultServer *fault_server_new_raw       (FaultHandler      handler,
                                         gpointer          user_data) G_GNUC_WARN_UNUSED_RESULT;
/* Chooses HTTP/2 from then on, where the client offers it; it speaks none. */
void         fault_server_offer_http2   (FaultServer      *self);
guint16      fault_server_get_port      (FaultServer      *self);
guint        fault_server_count_connections (FaultServer  *self);
guint        fault_server_count_handshakes (FaultServer   *self);
guint        fault_server_count_requests (FaultServer     *self);
/* Head of the n-th request, as it came; the body is behind it. */
char        *fault_server_dup_request   (FaultServer      *self,
                                         guint             n) G_GNUC_WARN_UNUSED_RESULT;
void         fault_server_free          (FaultServer      *self);

/* For handlers. Writing to a client that has gone does nothing. */
guint        fault_connection_get_request (FaultConnection *self);   /* number in the server, from 0 */
const char  *fault_connection_get_head  (FaultConnection  *self);
/* Of a raw connection: what comes up to an empty line, or the end. */
char        *fault_connection_read_head (FaultConnection  *self) G_GNUC_WARN_UNUSED_RESULT;
/* Of a raw connection: all that came, waiting for the end or so long. */
char        *fault_connection_read_rest (FaultConnection  *self,
                                         guint             milliseconds) G_GNUC_WARN_UNUSED_RESULT;
/* Of a raw connection: hands everything to and fro, until one side ends. */
void         fault_connection_relay     (FaultConnection  *self,
                                         guint16           port);
void         fault_connection_write     (FaultConnection  *self,
                                         const char       *text);
void         fault_connection_write_bytes (FaultConnection *self,
                                           const void      *data,
                                           gsize            size);
void         fault_connection_printf    (FaultConnection  *self,
                                         const char       *format,
                                         ...) G_GNUC_PRINTF (2, 3);
gboolean     fault_connection_wait      (FaultConnection  *self,
                                         guint             milliseconds);   /* FALSE: client or test has gone */
gboolean     fault_connection_sleep     (FaultConnection  *self,
                                         guint             milliseconds);   /* FALSE: the test is over */
void         fault_connection_reset     (FaultConnection  *self);   /* RST */
void         fault_connection_drop      (FaultConnection  *self);   /* FIN without a word of TLS */
void         fault_connection_close     (FaultConnection  *self);   /* as it should be */
gboolean     fault_connection_is_open   (FaultConnection  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FaultServer, fault_server_free)

G_END_DECLS
