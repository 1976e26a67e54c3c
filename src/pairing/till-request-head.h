/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The head of a request, read strictly before any HTTP library sees it (RELIABILITY.md G21, RFC 9112). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TillHeadResult:
 * @TILL_HEAD_MORE: it is not whole yet, and fine so far
 * @TILL_HEAD_DONE: it is whole
 * @TILL_HEAD_REFUSED: it is not for us; status says why
 */
typedef enum
{
  TILL_HEAD_MORE,
  TILL_HEAD_DONE,
  TILL_HEAD_REFUSED,
} TillHeadResult;

/**
 * TillRequestHead:
 * @size: of the head with the empty line
 * @body_size: of the body that has to follow
 * @is_get: GET, else POST
 * @is_websocket: GET that asks for a WebSocket
 * @status: of the refusal: 400, 404 or 405
 */
typedef struct
{
  gsize     size;
  gsize     body_size;
  gboolean  is_get;
  gboolean  is_websocket;
  guint     status;
} TillRequestHead;

TillHeadResult till_request_head_read (const char      *data,
                                       gsize            size,
                                       TillRequestHead *head);

G_END_DECLS
