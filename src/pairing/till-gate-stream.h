/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an HTTP library gets of a connection: a bounded number of bytes, for as long as the gate wants. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define TILL_TYPE_GATE_STREAM (till_gate_stream_get_type ())

/**
 * TillGateStream:
 *
 * Gives first what was read already, then what comes, until its bound; then it
 * is at its end, whatever else the peer sends. The gate can take the connection
 * away at any time: reading is then at its end, writing fails.
 */
G_DECLARE_FINAL_TYPE (TillGateStream, till_gate_stream, TILL, GATE_STREAM, GIOStream)

/* Called when the library closes the stream. */
typedef void (*TillGateStreamClosed) (gpointer data);
/* Called with bytes behind the head before the library gets them; %FALSE ends reading. */
typedef gboolean (*TillGateStreamWatch) (gpointer      data,
                                         const guint8 *bytes,
                                         gsize         size);

TillGateStream *till_gate_stream_new    (GIOStream            *base,
                                         const guint8         *head,
                                         gsize                 head_size,
                                         const guint8         *more,
                                         gsize                 more_size,
                                         gsize                 bound,
                                         TillGateStreamClosed  closed,
                                         TillGateStreamWatch   watch,
                                         gpointer              data) G_GNUC_WARN_UNUSED_RESULT;
void            till_gate_stream_detach (TillGateStream       *self);

G_END_DECLS
