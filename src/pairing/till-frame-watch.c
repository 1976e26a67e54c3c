/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Watches the frames of a WebSocket go by, and says when to end it. */
#include "config.h"

#include "till-frame-watch.h"

#include "till-pairing-limits.h"

enum
{
  OPCODE_CONTINUATION = 0x0,
  OPCODE_TEXT = 0x1,
  OPCODE_BINARY = 0x2,
  OPCODE_CLOSE = 0x8,
  OPCODE_PING = 0x9,
  OPCODE_PONG = 0xa,
};

enum
{
  CLOSE_PROTOCOL = 1002,
  CLOSE_UNSUPPORTED = 1003,
  CLOSE_POLICY = 1008,
  CLOSE_TOO_BIG = 1009,
};

#define MASK_BYTES 4

/* How long the head is, as far as its first two bytes say. */
static guint
get_head_size (const TillFrameWatch *self)
{
  guint length;

  if (self->head_size < 2)
    return 2;

  length = self->head[1] & 0x7f;

  return 2 + MASK_BYTES + (length == 126 ? 2 : length == 127 ? 8 : 0);
}

static guint64
get_payload_size (const TillFrameWatch *self)
{
  guint length = self->head[1] & 0x7f;
  guint bytes = length == 126 ? 2 : length == 127 ? 8 : 0;
  guint64 size = 0;

  if (bytes == 0)
    return length;

  for (guint i = 0; i < bytes; i++)
    size = size << 8 | self->head[2 + i];

  return size;
}

/* What the first two bytes give away. */
static guint
check_start (TillFrameWatch *self)
{
  gboolean is_last = (self->head[0] & 0x80) != 0;
  guint opcode = self->head[0] & 0x0f;

  if ((self->head[0] & 0x70) != 0 || (self->head[1] & 0x80) == 0)
    return CLOSE_PROTOCOL;

  switch (opcode)
    {
    case OPCODE_CLOSE:
    case OPCODE_PING:
    case OPCODE_PONG:
      if (!is_last || (self->head[1] & 0x7f) > 125)
        return CLOSE_PROTOCOL;
      return ++self->control_frames > TILL_GATE_CONTROL_FRAMES ? CLOSE_POLICY : 0;

    case OPCODE_BINARY:
      return CLOSE_UNSUPPORTED;

    case OPCODE_TEXT:
    case OPCODE_CONTINUATION:
      break;

    default:
      return CLOSE_PROTOCOL;
    }

  if (self->done)
    return CLOSE_POLICY;
  if (self->inside != (opcode == OPCODE_CONTINUATION))
    return CLOSE_PROTOCOL;
  if (++self->fragments > TILL_GATE_FRAGMENTS)
    return CLOSE_TOO_BIG;

  self->inside = !is_last;
  self->done = is_last;

  return 0;
}

static guint
end_head (TillFrameWatch *self)
{
  self->payload_left = get_payload_size (self);
  if ((self->head[0] & 0x0f) < OPCODE_CLOSE)
    {
      if (self->payload_left > TILL_GATE_BODY_BYTES)
        return CLOSE_TOO_BIG;
      self->message_size += self->payload_left;
      if (self->message_size > TILL_GATE_BODY_BYTES)
        return CLOSE_TOO_BIG;
    }
  self->head_size = 0;

  return 0;
}

/**
 * till_frame_watch_feed:
 * @self: the watch
 * @data: the next bytes, in any pieces
 * @size: how many
 *
 * Follows them.
 *
 * Returns: 0 where all is well, else the code to close with; nothing more is to be fed then
 */
guint
till_frame_watch_feed (TillFrameWatch *self,
                       const guint8   *data,
                       gsize           size)
{
  for (gsize i = 0; i < size; i++)
    {
      guint code = 0;

      if (self->payload_left > 0)
        {
          gsize skip = (gsize) MIN (self->payload_left, size - i);

          self->payload_left -= skip;
          i += skip - 1;
          continue;
        }

      self->head[self->head_size++] = data[i];
      if (self->head_size == 2)
        code = check_start (self);
      if (code == 0 && self->head_size > 2 && self->head_size == get_head_size (self))
        code = end_head (self);
      if (code != 0)
        return code;
    }

  return 0;
}
