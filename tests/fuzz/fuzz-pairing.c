/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as what a stranger sends to the listener: the first byte says which reader gets the rest. */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "till-frame-watch.h"
#include "till-pairing-body.h"
#include "till-pairing-limits.h"
#include "till-request-head.h"
#include "till-setup-code.h"

static void
check_head (const char *data,
            size_t      size)
{
  TillRequestHead head;
  TillHeadResult whole = till_request_head_read (data, size, &head);

  if (whole == TILL_HEAD_DONE)
    {
      TillRequestHead piece;

      /* What is let through is what a strict reader would let through. */
      g_assert (head.size <= size && head.size <= TILL_GATE_HEAD_BYTES && head.body_size <= TILL_GATE_BODY_BYTES);
      g_assert (memcmp (data + head.size - 4, "\r\n\r\n", 4) == 0);
      g_assert (memchr (data, '\0', head.size) == NULL);
      g_assert (!head.is_websocket || head.is_get);
      g_assert (!head.is_get || head.body_size == 0);
      g_assert (till_request_head_read (data, head.size - 1, &piece) == TILL_HEAD_MORE);
    }
  else if (whole == TILL_HEAD_REFUSED)
    {
      g_assert (head.status == 400 || head.status == 404 || head.status == 405);
    }
  else
    {
      g_assert (size < TILL_GATE_HEAD_BYTES);
    }
}

static void
check_frames (const guint8 *data,
              size_t        size)
{
  TillFrameWatch whole = { .done = FALSE };
  TillFrameWatch bytes = { .done = FALSE };
  guint code = till_frame_watch_feed (&whole, data, size);
  guint again = 0;

  for (size_t i = 0; i < size && again == 0; i++)
    again = till_frame_watch_feed (&bytes, data + i, 1);

  g_assert (code == again);
  g_assert (code == 0 || code == 1002 || code == 1003 || code == 1008 || code == 1009);
  g_assert (code != 0 || whole.message_size <= TILL_GATE_BODY_BYTES);
}

static void
check_body (const guint8 *data,
            size_t        size)
{
  g_auto(TillPairingBody) body = { 0 };

  if (till_pairing_body_read (&body, data, size))
    {
      g_assert (body.problem == NULL);
      g_assert (body.is_status || (body.pos_id != NULL && till_pos_id_is_valid (body.pos_id)));
      g_assert (body.is_status || till_secret_get_size (body.code) == TILL_SETUP_CODE_CHARS);
    }
  else
    {
      g_assert (body.problem != NULL);
    }
}

static void
check_code (const char *data,
            size_t      size)
{
  g_autoptr(TillSecret) code = till_setup_code_normalise (data, size);

  if (code == NULL)
    return;

  for (guint i = 0; i < TILL_SETUP_CODE_CHARS; i++)
    {
      guint8 c = till_secret_get_data (code)[i];

      g_assert (c >= 0x20 && c < 0x7f && !g_ascii_islower ((char) c) && strchr ("OIL", c) == NULL);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  if (size == 0)
    return 0;

  switch (data[0])
    {
    case 'h':
      check_head ((const char *) data + 1, size - 1);
      break;

    case 'f':
      check_frames (data + 1, size - 1);
      break;

    case 'b':
      check_body (data + 1, size - 1);
      break;

    default:
      check_code ((const char *) data + 1, size - 1);
      break;
    }

  return 0;
}
