/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terminal's WebSocket: RFC 6455 by hand, so that every close code can be had (API.md 5.3). */
#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "till-sandbox-terminal-private.h"

#define GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
#define KEY_BYTES 16
#define LONGEST_CONTROL 125

#define IDLE_SECONDS 60
#define CHANNEL_SECONDS 3600
#define GOODBYE_SECONDS 5

enum
{
  OPCODE_CONTINUATION = 0,
  OPCODE_TEXT = 1,
  OPCODE_BINARY = 2,
  OPCODE_CLOSE = 8,
  OPCODE_PING = 9,
  OPCODE_PONG = 10,
};

enum
{
  CLOSE_NORMAL = 1000,
  CLOSE_PROTOCOL_ERROR = 1002,
  CLOSE_UNSUPPORTED = 1003,
  CLOSE_ABNORMAL = 1006,
  CLOSE_BAD_DATA = 1007,
  CLOSE_POLICY = 1008,
  CLOSE_TOO_LARGE = 1009,
};

/**
 * Frame:
 * @final: whether the message ends with it
 * @opcode: its kind
 * @data: its payload, without mask
 * @size: of @data
 */
typedef struct
{
  gboolean  final;
  guint     opcode;
  guint8    data[TILL_TERMINAL_BODY_BYTES];
  gsize     size;
} Frame;

/**
 * till_peer_is_upgrade:
 * @headers: of a GET
 *
 * Returns: whether it asks for a WebSocket
 */
gboolean
till_peer_is_upgrade (SoupMessageHeaders *headers)
{
  return soup_message_headers_header_contains (headers, "Upgrade", "websocket") ||
         soup_message_headers_get_one (headers, "Sec-WebSocket-Key") != NULL;
}

/**
 * till_peer_check_upgrade:
 * @headers: of a request that asks for a WebSocket
 *
 * Returns: the status that it gets, %SOUP_STATUS_SWITCHING_PROTOCOLS where nothing is wrong
 */
guint
till_peer_check_upgrade (SoupMessageHeaders *headers)
{
  const char *key = soup_message_headers_get_one (headers, "Sec-WebSocket-Key");
  const char *version = soup_message_headers_get_one (headers, "Sec-WebSocket-Version");
  g_autofree guchar *bytes = NULL;
  gsize size = 0;

  if (key != NULL && strlen (key) == 24)
    bytes = g_base64_decode (key, &size);
  if (size != KEY_BYTES || !soup_message_headers_header_contains (headers, "Connection", "upgrade") ||
      !soup_message_headers_header_contains (headers, "Upgrade", "websocket"))
    return SOUP_STATUS_BAD_REQUEST;
  if (g_strcmp0 (version, "13") != 0)
    return 426;

  return SOUP_STATUS_SWITCHING_PROTOCOLS;
}

static gboolean
welcome (TillPeer           *peer,
         SoupMessageHeaders *headers)
{
  const char *key = soup_message_headers_get_one (headers, "Sec-WebSocket-Key");
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  g_autofree char *accept = NULL;
  g_autofree char *text = NULL;
  guint8 digest[20];
  gsize size = sizeof digest;

  g_checksum_update (checksum, (const guchar *) key, (gssize) strlen (key));
  g_checksum_update (checksum, (const guchar *) GUID, (gssize) strlen (GUID));
  g_checksum_get_digest (checksum, digest, &size);
  accept = g_base64_encode (digest, size);
  text = g_strdup_printf ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Accept: %s\r\n\r\n", accept);

  return till_peer_write (peer, text, strlen (text));
}

static gboolean
read_exactly (TillPeer *peer,
              guint8   *data,
              gsize     size)
{
  while (size > 0)
    {
      gssize got = till_peer_read (peer, data, size);

      if (got <= 0)
        return FALSE;
      data += got;
      size -= (gsize) got;
    }

  return TRUE;
}

/* Returns 0, or the code that the connection ends with. */
static guint
read_frame (TillPeer *peer,
            Frame    *frame)
{
  guint8 head[2];
  guint8 length[8];
  guint8 mask[4];
  guint64 size;

  if (!read_exactly (peer, head, sizeof head))
    return CLOSE_ABNORMAL;

  frame->final = (head[0] & 0x80) != 0;
  frame->opcode = head[0] & 0x0f;
  size = head[1] & 0x7f;
  /* Extensions were not agreed on, and a client masks what it sends. */
  if ((head[0] & 0x70) != 0 || (head[1] & 0x80) == 0 || (frame->opcode > 2 && frame->opcode < 8) || frame->opcode > 10 ||
      (frame->opcode >= OPCODE_CLOSE && (!frame->final || size > LONGEST_CONTROL)))
    return CLOSE_PROTOCOL_ERROR;

  if (size > LONGEST_CONTROL)
    {
      gsize bytes = size == 126 ? 2 : 8;

      if (!read_exactly (peer, length, bytes))
        return CLOSE_ABNORMAL;
      size = 0;
      for (gsize i = 0; i < bytes; i++)
        size = size << 8 | length[i];
    }
  if (size > sizeof frame->data)
    return CLOSE_TOO_LARGE;

  if (!read_exactly (peer, mask, sizeof mask) || !read_exactly (peer, frame->data, size))
    return CLOSE_ABNORMAL;
  frame->size = size;
  for (gsize i = 0; i < frame->size; i++)
    frame->data[i] ^= mask[i % sizeof mask];

  return 0;
}

static gsize
make_head (guint   opcode,
           gsize   size,
           guint8  head[4])
{
  head[0] = (guint8) (0x80 | opcode);
  if (size <= LONGEST_CONTROL)
    {
      head[1] = (guint8) size;
      return 2;
    }

  /* No answer is longer than 64 KiB. */
  head[1] = 126;
  head[2] = (guint8) (size >> 8);
  head[3] = (guint8) size;
  return 4;
}

static gboolean
write_frame (TillPeer     *peer,
             guint         opcode,
             const guint8 *data,
             gsize         size)
{
  guint8 head[4];
  gsize head_size = make_head (opcode, size, head);

  return till_peer_write (peer, head, head_size) && (size == 0 || till_peer_write (peer, data, size));
}

/* Says why, waits for the client's word, and ends TLS properly. */
static void
close_socket (TillPeer *peer,
              guint     code)
{
  g_autofree Frame *frame = NULL;
  guint8 data[2] = { (guint8) (code >> 8), (guint8) code };

  if (code == CLOSE_ABNORMAL)
    return;

  till_peer_wait (peer, GOODBYE_SECONDS);
  if (!write_frame (peer, OPCODE_CLOSE, data, sizeof data))
    return;

  frame = g_new (Frame, 1);
  while (read_frame (peer, frame) == 0 && frame->opcode != OPCODE_CLOSE)
    ;
  till_peer_bye (peer);
}

static void
echo_close (TillPeer    *peer,
            const Frame *frame)
{
  till_peer_wait (peer, GOODBYE_SECONDS);
  if (write_frame (peer, OPCODE_CLOSE, frame->data, MIN (frame->size, 2)))
    till_peer_bye (peer);
}

/* Reads up to the end of a message. Returns 0, or the code that the connection ends with; what the client
 * itself has closed was answered, and ends without another word. */
static guint
read_message (TillPeer *peer,
              Frame    *frame,
              GString  *text)
{
  gboolean begun = FALSE;

  g_string_truncate (text, 0);
  for (guint fragments = 0; fragments < TILL_TERMINAL_FRAGMENTS;)
    {
      guint code = read_frame (peer, frame);

      if (code != 0)
        return code;

      switch (frame->opcode)
        {
        case OPCODE_PING:
          if (!write_frame (peer, OPCODE_PONG, frame->data, frame->size))
            return CLOSE_ABNORMAL;
          continue;

        case OPCODE_PONG:
          continue;

        case OPCODE_CLOSE:
          echo_close (peer, frame);
          return CLOSE_ABNORMAL;

        case OPCODE_BINARY:
          return CLOSE_UNSUPPORTED;

        default:
          break;
        }

      if (begun != (frame->opcode == OPCODE_CONTINUATION))
        return CLOSE_PROTOCOL_ERROR;
      if (text->len + frame->size > TILL_TERMINAL_BODY_BYTES)
        return CLOSE_TOO_LARGE;

      begun = TRUE;
      fragments++;
      g_string_append_len (text, (const char *) frame->data, (gssize) frame->size);
      if (frame->final)
        return g_utf8_validate_len (text->str, text->len, NULL) ? 0 : CLOSE_BAD_DATA;
    }

  return CLOSE_TOO_LARGE;
}

/* Returns 0 where the WebSocket stays, else the code that it ends with. */
static guint
send_reply (TillPeer        *peer,
            const TillReply *reply,
            const char      *cut)
{
  TillAssumptions *assumptions = &peer->terminal->server->assumptions;
  const guint8 *data = till_secret_get_data (reply->text);
  gsize size = till_secret_get_size (reply->text);

  if (g_strcmp0 (cut, "lost") == 0)
    return CLOSE_ABNORMAL;
  if (g_strcmp0 (cut, "answer") == 0)
    {
      guint8 head[4];
      gsize head_size = make_head (OPCODE_TEXT, size, head);

      if (till_peer_write (peer, head, head_size))
        till_peer_write (peer, data, size / 2);
      return CLOSE_ABNORMAL;
    }

  if (!write_frame (peer, OPCODE_TEXT, data, size))
    return CLOSE_ABNORMAL;
  if (reply->paired && till_assumptions_is (assumptions, TILL_ASSUME_TERMINAL_WSS_AFTER, "close"))
    return CLOSE_NORMAL;
  if (reply->refused && till_assumptions_is (assumptions, TILL_ASSUME_TERMINAL_WSS_REFUSAL, "close"))
    return CLOSE_POLICY;

  return 0;
}

/* Returns 0 where the WebSocket stays, else the code that it ends with. */
static guint
do_message (TillPeer      *peer,
            const char    *path,
            const GString *text)
{
  TillFaults *faults = &peer->terminal->server->faults;
  g_autofree char *closed = till_faults_take_one (faults, TILL_FAULT_TERMINAL_CLOSE, NULL, path);
  g_autofree char *silence = NULL;
  g_autofree char *cut = NULL;
  g_autofree char *slow = NULL;
  TillReply reply;
  guint code = 0;

  if (closed != NULL)
    return (guint) g_ascii_strtoull (closed, NULL, 10);

  silence = till_faults_take_one (faults, TILL_FAULT_TERMINAL_SILENCE, "answer", path);
  cut = till_faults_take_one (faults, TILL_FAULT_TERMINAL_CUT, NULL, path);
  slow = till_faults_take_one (faults, TILL_FAULT_TERMINAL_SLOW, NULL, path);
  if (slow != NULL)
    till_peer_sleep (peer, (guint) g_ascii_strtoull (slow, NULL, 10));
  if (g_strcmp0 (cut, "before") == 0)
    return CLOSE_ABNORMAL;

  till_peer_answer (peer, path, TRUE, text->str, text->len, &reply);
  till_peer_wait (peer, IDLE_SECONDS);
  if (silence == NULL)
    {
      code = send_reply (peer, &reply, cut);
    }
  else
    {
      till_peer_hold (peer);
      code = CLOSE_ABNORMAL;
    }
  till_reply_clear (&reply);

  return code;
}

/**
 * till_peer_serve_socket:
 * @peer: a connection over TLS
 * @headers: of a request that till_peer_check_upgrade() let through
 * @path: that it asked for
 *
 * Speaks WebSocket until either end has enough.
 */
void
till_peer_serve_socket (TillPeer           *peer,
                        SoupMessageHeaders *headers,
                        const char         *path)
{
  g_autofree Frame *frame = g_new0 (Frame, 1);
  GString *text = g_string_new (NULL);
  guint code = 0;

  if (!welcome (peer, headers))
    code = CLOSE_ABNORMAL;
  else if (peer->standing == TILL_STANDING_OTHER)
    code = CLOSE_POLICY;

  while (code == 0)
    {
      till_peer_wait (peer, peer->standing == TILL_STANDING_PAIRED ? CHANNEL_SECONDS : IDLE_SECONDS);
      code = read_message (peer, frame, text);
      if (code == 0)
        code = do_message (peer, path, text);
    }

  close_socket (peer, code);
  till_wipe (text->str, text->len);
  till_wipe (frame, sizeof *frame);
  g_string_free (text, TRUE);
}
