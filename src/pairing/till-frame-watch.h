/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Watches the frames of a WebSocket go by, and says when to end it (RELIABILITY.md G21, RFC 6455). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TillFrameWatch:
 *
 * Follows what a client sends: one text message of at most 4 KiB in at most 4
 * fragments, masked, without extensions. Starts as zeros.
 */
typedef struct
{
  guint8   head[14];
  guint    head_size;       /* bytes of the head so far */
  guint64  payload_left;
  guint64  message_size;
  guint    fragments;
  guint    control_frames;
  gboolean inside;          /* a message has begun and not ended */
  gboolean done;            /* the one message has ended */
} TillFrameWatch;

guint till_frame_watch_feed (TillFrameWatch *self,
                             const guint8   *data,
                             gsize           size);

G_END_DECLS
