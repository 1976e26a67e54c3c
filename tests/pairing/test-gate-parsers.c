/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is read of strangers before anything else is: heads, frames, bodies (RELIABILITY.md 5.3, rows 73 to 79, 83). */
#include "config.h"

#include <string.h>

#include "till-frame-watch.h"
#include "till-pairing-body.h"
#include "till-pairing-limits.h"
#include "till-request-head.h"

#define POST "POST / HTTP/1.1\r\nHost: a\r\n"

static void
check_head (const char     *text,
            gsize           size,
            TillHeadResult  result,
            guint           status)
{
  TillRequestHead head;

  /* Whatever comes in pieces comes to the same; and never is a piece refused that belongs to something good. */
  for (gsize n = 0; n < size; n++)
    {
      TillHeadResult piece = till_request_head_read (text, n, &head);

      if (result == TILL_HEAD_DONE && n < size)
        g_assert_cmpint (piece, ==, TILL_HEAD_MORE);
      if (piece == TILL_HEAD_REFUSED)
        g_assert_cmpuint (head.status, ==, status);
      g_assert_true (piece != TILL_HEAD_DONE || result == TILL_HEAD_DONE);
    }

  g_test_message ("%.60s", text);
  g_assert_cmpint (till_request_head_read (text, size, &head), ==, result);
  g_assert_cmpuint (head.status, ==, status);
  if (result == TILL_HEAD_DONE)
    g_assert_cmpuint (head.size, ==, size);
}

static void
test_head (void)
{
  static const struct
  {
    const char     *text;
    TillHeadResult  result;
    guint           status;
  } cases[] = {
    { POST "Content-Length: 5\r\n\r\n", TILL_HEAD_DONE, 0 },
    { POST "content-length:0\r\nExpect: 100-continue\r\nAccept: */*\r\n\r\n", TILL_HEAD_DONE, 0 },
    { "GET / HTTP/1.1\r\nHost: a\r\n\r\n", TILL_HEAD_DONE, 0 },
    { "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n\r\n", TILL_HEAD_DONE, 0 },
    { POST "Content-Length: 4096\r\n\r\n", TILL_HEAD_DONE, 0 },
    { POST "Content-Length: 5", TILL_HEAD_MORE, 0 },
    { "", TILL_HEAD_MORE, 0 },
    /* Row 77. */
    { "PUT / HTTP/1.1\r\n", TILL_HEAD_REFUSED, 405 },
    { "HEAD / HTTP/1.1\r\n", TILL_HEAD_REFUSED, 405 },
    { "OPTIONS * HTTP/1.1\r\n", TILL_HEAD_REFUSED, 405 },
    { "TRACE / HTTP/1.1\r\n", TILL_HEAD_REFUSED, 405 },
    { "CONNECT a:1 HTTP/1.1\r\n", TILL_HEAD_REFUSED, 405 },
    { "post / HTTP/1.1\r\n", TILL_HEAD_REFUSED, 405 },
    /* Row 78. */
    { "POST /x HTTP/1.1\r\n", TILL_HEAD_REFUSED, 404 },
    { "POST /?a HTTP/1.1\r\n", TILL_HEAD_REFUSED, 404 },
    { "POST /../.. HTTP/1.1\r\n", TILL_HEAD_REFUSED, 404 },
    { "POST https://a/ HTTP/1.1\r\n", TILL_HEAD_REFUSED, 404 },
    /* Row 79. */
    { POST "Transfer-Encoding: chunked\r\n", TILL_HEAD_REFUSED, 400 },
    { POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", TILL_HEAD_REFUSED, 400 },
    { POST "Content-Length: 5\r\nContent-Length: 5\r\n", TILL_HEAD_REFUSED, 400 },
    { POST "Host: b\r\n", TILL_HEAD_REFUSED, 400 },
    { POST "Content-Length: -5\r\n", TILL_HEAD_REFUSED, 400 },
    { POST "Content-Length: +5\r\n", TILL_HEAD_REFUSED, 400 },
    { POST "Content-Length: 5, 5\r\n", TILL_HEAD_REFUSED, 400 },
    { POST "Content-Length: 0x5\r\n", TILL_HEAD_REFUSED, 400 },
    { POST "Content-Length:\r\n", TILL_HEAD_REFUSED, 400 },
    { POST "Content-Length: 4097\r\n", TILL_HEAD_REFUSED, 400 },
    { POST "Content-Length: 100000000000000000000000\r\n", TILL_HEAD_REFUSED, 400 },
    { "POST / HTTP/1.1\n", TILL_HEAD_REFUSED, 400 },
    { POST "Content-Length: 5\n", TILL_HEAD_REFUSED, 400 },
    { POST "A: b\rc\r\n", TILL_HEAD_REFUSED, 400 },
    { POST "A: b\r\r\n", TILL_HEAD_REFUSED, 400 },
    { POST "A: b\r\n c\r\n", TILL_HEAD_REFUSED, 400 },
    { POST "A : b\r\n", TILL_HEAD_REFUSED, 400 },
    { POST ": b\r\n", TILL_HEAD_REFUSED, 400 },
    { POST "A b\r\n", TILL_HEAD_REFUSED, 400 },
    { POST "A: \x01\r\n", TILL_HEAD_REFUSED, 400 },
    { POST "A: \xff\r\n", TILL_HEAD_REFUSED, 400 },
    { POST "\r\n", TILL_HEAD_REFUSED, 400 },
    { "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n", TILL_HEAD_REFUSED, 400 },
    { "POST / HTTP/1.1\r\nHost:\r\n", TILL_HEAD_REFUSED, 400 },
    { "POST / HTTP/1.0\r\n", TILL_HEAD_REFUSED, 400 },
    { "POST / HTTP/1.1 \r\n", TILL_HEAD_REFUSED, 400 },
    { "POST  / HTTP/1.1\r\n", TILL_HEAD_REFUSED, 400 },
    { " POST / HTTP/1.1\r\n", TILL_HEAD_REFUSED, 400 },
    { "\r\n", TILL_HEAD_REFUSED, 400 },
    { "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", TILL_HEAD_REFUSED, 400 },
    { POST "Upgrade: h2c\r\n", TILL_HEAD_REFUSED, 400 },
    { POST "Upgrade: websocket\r\nContent-Length: 1\r\n\r\n", TILL_HEAD_REFUSED, 400 },
    { "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", TILL_HEAD_REFUSED, 400 },
    { POST "Expect: a miracle\r\n", TILL_HEAD_REFUSED, 400 },
  };
  g_autoptr(GString) many = g_string_new (POST);
  g_autoptr(GString) large = g_string_new (POST "A: ");
  TillRequestHead head;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    check_head (cases[i].text, strlen (cases[i].text), cases[i].result, cases[i].status);

  check_head ("POST / HTTP/1.1\r\nHost: a\r\nA: \0\r\n", 33, TILL_HEAD_REFUSED, 400);

  for (guint i = 0; i < TILL_GATE_HEAD_FIELDS; i++)
    g_string_append (many, "A: b\r\n");
  check_head (many->str, many->len, TILL_HEAD_REFUSED, 400);

  while (large->len < TILL_GATE_HEAD_BYTES)
    g_string_append_c (large, 'a');
  check_head (large->str, large->len, TILL_HEAD_REFUSED, 400);

  till_request_head_read ("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n", 49, &head);
  g_assert_true (head.is_websocket);
}

/* A frame of a client, with a mask of zeros. */
static void
append_frame (GByteArray *to,
              guint8      first,
              gsize       size,
              gboolean    masked)
{
  guint8 bytes[14] = { first, 0 };
  guint n = 2;

  if (size < 126)
    {
      bytes[1] = (guint8) size;
    }
  else
    {
      bytes[1] = 126;
      bytes[2] = (guint8) (size >> 8);
      bytes[3] = (guint8) size;
      n = 4;
    }
  if (masked)
    {
      bytes[1] |= 0x80;
      n += 4;
    }

  g_byte_array_append (to, bytes, n);
  for (gsize i = 0; i < size; i++)
    g_byte_array_append (to, (const guint8 *) "a", 1);
}

typedef struct
{
  guint8   first;
  gsize    size;
  gboolean unmasked;
  guint    times;
} Frame;

static void
test_frames (void)
{
  static const struct
  {
    Frame frames[4];
    guint code;
  } cases[] = {
    { { { 0x81, 50 } }, 0 },
    { { { 0x81, 4096 } }, 0 },
    { { { 0x01, 10 }, { 0x00, 10 }, { 0x80, 10 } }, 0 },
    { { { 0x89, 5 }, { 0x81, 10 }, { 0x88, 2 } }, 0 },
    { { { 0x01, 1 }, { 0x89, 5 }, { 0x80, 1 } }, 0 },
    { { { 0x82, 5 } }, 1003 },
    { { { 0x81, 5, TRUE } }, 1002 },
    { { { 0xc1, 5 } }, 1002 },
    { { { 0x83, 5 } }, 1002 },
    { { { 0x8b, 5 } }, 1002 },
    { { { 0x80, 5 } }, 1002 },
    { { { 0x01, 5 }, { 0x81, 5 } }, 1002 },
    { { { 0x09, 5 } }, 1002 },
    { { { 0x89, 126 } }, 1002 },
    { { { 0x81, 4097 } }, 1009 },
    { { { 0x81, 65535 } }, 1009 },
    { { { 0x01, 4000 }, { 0x80, 97 } }, 1009 },
    { { { 0x01, 1 }, { 0x00, 1, FALSE, 4 } }, 1009 },
    { { { 0x89, 0, FALSE, 9 } }, 1008 },
    { { { 0x81, 5 }, { 0x81, 5 } }, 1008 },
  };
  static const guint8 huge[] = { 0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0 };
  TillFrameWatch watch = { .done = FALSE };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GByteArray) bytes = g_byte_array_new ();

      for (guint n = 0; n < G_N_ELEMENTS (cases[i].frames) && (cases[i].frames[n].first | cases[i].frames[n].size) != 0; n++)
        for (guint times = 0; times < MAX (cases[i].frames[n].times, 1); times++)
          append_frame (bytes, cases[i].frames[n].first, cases[i].frames[n].size, !cases[i].frames[n].unmasked);

      /* In one piece, byte by byte, and in uneven pieces. */
      for (gsize piece = 1; piece <= bytes->len; piece = piece * 7 + 1)
        {
          TillFrameWatch fresh = { .done = FALSE };
          guint code = 0;

          for (gsize at = 0; code == 0 && at < bytes->len; at += piece)
            code = till_frame_watch_feed (&fresh, bytes->data + at, MIN (piece, bytes->len - at));
          g_test_message ("%u, pieces of %" G_GSIZE_FORMAT, i, piece);
          g_assert_cmpuint (code, ==, cases[i].code);
        }
    }

  g_assert_cmpuint (till_frame_watch_feed (&watch, huge, sizeof huge), ==, 1009);
}

static void
test_body (void)
{
  static const struct
  {
    const char *text;
    const char *pos_id;     /* (nullable): refused */
    const char *code;
  } cases[] = {
    { "{ \"posId\" : \"123\", \"setupCode\" : \"8QW1YS1D\" }", "123", "8QW1YS1D" },
    { "{\"setupCode\":\"8qw1-ys1d\",\"posId\":\"COUNTER-03\",\"more\":[1,{}]}", "COUNTER-03", "8QW1YS1D" },
    { "{\"posId\":\"a\",\"setupCode\":\"8QWIYSLD\"}", "a", "8QW1YS1D" },
    { "{\"pos\\u0049d\":\"\\u0061\",\"setupCode\":\"8QW1YS1D\"}", "a", "8QW1YS1D" },
    { "{\"posId\":\"a\",\"setupCode\":\"АВСЕНКМР\"}", "a", "????????" },
    /* Row 74. */
    { "{\"posId\":\"a\",\"setupCode\":\"8QW1YS1D\\u0000junk\"}", NULL, NULL },
    { "{\"posId\":\"a\",\"setupCode\":\"8QW1YS1DD\"}", NULL, NULL },
    { "{\"posId\":\"a\",\"setupCode\":\"8QW1YS1\"}", NULL, NULL },
    { "{\"posId\":\"a\",\"setupCode\":\"\"}", NULL, NULL },
    { "{\"posId\":\"a\",\"setupCode\":[\"8QW1YS1D\"]}", NULL, NULL },
    { "{\"posId\":\"a\",\"setupCode\":12345678}", NULL, NULL },
    { "{\"posId\":\"a\",\"setupCode\":null}", NULL, NULL },
    { "{\"posId\":\"a\",\"setupCode\":\"8QW1YS1D\",\"setupCode\":\"8QW1YS1D\"}", NULL, NULL },
    { "{\"posId\":\"a\"}", NULL, NULL },
    /* Row 76. */
    { "{\"setupCode\":\"8QW1YS1D\"}", NULL, NULL },
    { "{\"posId\":\"\",\"setupCode\":\"8QW1YS1D\"}", NULL, NULL },
    { "{\"posId\":123,\"setupCode\":\"8QW1YS1D\"}", NULL, NULL },
    { "{\"posId\":\"../x\",\"setupCode\":\"8QW1YS1D\"}", NULL, NULL },
    { "{\"posId\":\"..\",\"setupCode\":\"8QW1YS1D\"}", NULL, NULL },
    { "{\"posId\":\"a\\nb\",\"setupCode\":\"8QW1YS1D\"}", NULL, NULL },
    { "{\"posId\":\"\xf0\x9f\x98\x80\",\"setupCode\":\"8QW1YS1D\"}", NULL, NULL },
    { "[]", NULL, NULL },
    { "\"8QW1YS1D\"", NULL, NULL },
    { "", NULL, NULL },
    { "{", NULL, NULL },
    { "{\"posId\":\"a\",\"setupCode\":\"8QW1YS1D\"}x", NULL, NULL },
  };
  g_autofree char *sixty_four = g_strnfill (64, 'a');

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(TillPairingBody) body = { 0 };

      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (till_pairing_body_read (&body, (const guint8 *) cases[i].text, strlen (cases[i].text)), ==,
                       cases[i].pos_id != NULL);
      if (cases[i].pos_id == NULL)
        {
          g_assert_nonnull (body.problem);
          continue;
        }
      g_assert_cmpstr (body.pos_id, ==, cases[i].pos_id);
      g_assert_cmpmem (till_secret_get_data (body.code), till_secret_get_size (body.code), cases[i].code, 8);
    }

  g_assert_true (till_pos_id_is_valid (sixty_four));
  sixty_four[0] = '.';
  g_assert_true (till_pos_id_is_valid (sixty_four));
  g_assert_false (till_pos_id_is_valid ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
}

static void
test_status (void)
{
  static const char text[] = "{\"type\":\"StatusRequest\"}";
  static const char other[] = "{\"type\":\"PaymentRequest\"}";
  g_auto(TillPairingBody) body = { 0 };
  g_auto(TillPairingBody) no = { 0 };

  g_assert_true (till_pairing_body_read (&body, (const guint8 *) text, strlen (text)));
  g_assert_true (body.is_status);
  g_assert_false (till_pairing_body_read (&no, (const guint8 *) other, strlen (other)));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gate-parsers/head", test_head);
  g_test_add_func ("/gate-parsers/frames", test_frames);
  g_test_add_func ("/gate-parsers/body", test_body);
  g_test_add_func ("/gate-parsers/status", test_status);

  return g_test_run ();
}
