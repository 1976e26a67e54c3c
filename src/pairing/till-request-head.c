/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The head of a request, read strictly before any HTTP library sees it. */
#include "config.h"

#include "till-request-head.h"

#include <string.h>

#include "till-pairing-limits.h"

/* What libsoup 3.2 takes and should not: two lengths, two hosts, a length beside
 * a transfer coding, bare line feeds, folded lines (RELIABILITY.md 4.2). None of
 * that reaches it; whoever sends it gets 400 and the connection ends. */
typedef struct
{
  TillRequestHead *head;
  guint            fields;
  gboolean         has_host;
  gboolean         has_length;
  gboolean         has_upgrade;
} Reading;

typedef struct
{
  const char *text;
  gsize       size;
} Span;

static gboolean
is_token_char (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("!#$%&'*+-.^_`|~", c) != NULL);
}

static gboolean
is_value_char (char c)
{
  return c == '\t' || (c >= 0x20 && c < 0x7f);
}

static gboolean
span_is (const Span *span,
         const char *text)
{
  return span->size == strlen (text) && memcmp (span->text, text, span->size) == 0;
}

static gboolean
span_is_nocase (const Span *span,
                const char *text)
{
  return span->size == strlen (text) && g_ascii_strncasecmp (span->text, text, span->size) == 0;
}

/* Only visible characters, and no blank but the two that separate. */
static guint
read_request_line (Reading    *reading,
                   const Span *line)
{
  const char *end = line->text + line->size;
  const char *first = memchr (line->text, ' ', line->size);
  const char *second = first == NULL ? NULL : memchr (first + 1, ' ', (gsize) (end - first - 1));
  Span method;
  Span target;
  Span version;

  if (second == NULL)
    return 400;

  method = (Span) { line->text, (gsize) (first - line->text) };
  target = (Span) { first + 1, (gsize) (second - first - 1) };
  version = (Span) { second + 1, (gsize) (end - second - 1) };
  if (method.size == 0 || target.size == 0 || !span_is (&version, "HTTP/1.1"))
    return 400;

  for (gsize i = 0; i < method.size; i++)
    if (!is_token_char (method.text[i]))
      return 400;
  for (gsize i = 0; i < target.size; i++)
    if (!g_ascii_isgraph (target.text[i]))
      return 400;

  reading->head->is_get = span_is (&method, "GET");
  if (!reading->head->is_get && !span_is (&method, "POST"))
    return 405;

  return span_is (&target, "/") ? 0 : 404;
}

static guint
read_length (Reading    *reading,
             const Span *value)
{
  gsize length = 0;

  if (reading->has_length || value->size == 0 || value->size > 5)
    return 400;

  for (gsize i = 0; i < value->size; i++)
    {
      if (!g_ascii_isdigit (value->text[i]))
        return 400;
      length = length * 10 + (gsize) (value->text[i] - '0');
    }

  reading->has_length = TRUE;
  reading->head->body_size = length;

  return length <= TILL_GATE_BODY_BYTES ? 0 : 400;
}

static guint
read_field (Reading    *reading,
            const Span *line)
{
  const char *colon = memchr (line->text, ':', line->size);
  Span name;
  Span value;

  if (colon == NULL || colon == line->text || ++reading->fields > TILL_GATE_HEAD_FIELDS)
    return 400;

  name = (Span) { line->text, (gsize) (colon - line->text) };
  value = (Span) { colon + 1, line->size - name.size - 1 };
  for (gsize i = 0; i < name.size; i++)
    if (!is_token_char (name.text[i]))
      return 400;
  for (gsize i = 0; i < value.size; i++)
    if (!is_value_char (value.text[i]))
      return 400;

  while (value.size > 0 && (value.text[0] == ' ' || value.text[0] == '\t'))
    value = (Span) { value.text + 1, value.size - 1 };
  while (value.size > 0 && (value.text[value.size - 1] == ' ' || value.text[value.size - 1] == '\t'))
    value.size--;

  if (span_is_nocase (&name, "Content-Length"))
    return read_length (reading, &value);

  if (span_is_nocase (&name, "Transfer-Encoding") || span_is_nocase (&name, "TE") || span_is_nocase (&name, "Trailer"))
    return 400;

  if (span_is_nocase (&name, "Expect"))
    return span_is_nocase (&value, "100-continue") ? 0 : 400;

  if (span_is_nocase (&name, "Host"))
    {
      if (reading->has_host || value.size == 0)
        return 400;
      reading->has_host = TRUE;
    }
  else if (span_is_nocase (&name, "Upgrade"))
    {
      if (reading->has_upgrade || !span_is_nocase (&value, "websocket"))
        return 400;
      reading->has_upgrade = TRUE;
    }

  return 0;
}

/* Returns: the status of the refusal; 0 where the fields fit each other */
static guint
check (Reading *reading)
{
  TillRequestHead *head = reading->head;

  if (!reading->has_host)
    return 400;

  if (head->is_get)
    {
      head->is_websocket = reading->has_upgrade;
      return head->body_size == 0 ? 0 : 400;
    }

  return reading->has_length && !reading->has_upgrade ? 0 : 400;
}

/**
 * till_request_head_read:
 * @data: what has come so far
 * @size: its length
 * @head: (out): what is known of it
 *
 * Reads the head of a request: POST or GET of "/" in HTTP/1.1, one Host, one
 * Content-Length with a POST, no transfer coding, every line ended by CR LF.
 *
 * Returns: whether it is whole, may become so, or is refused
 */
TillHeadResult
till_request_head_read (const char      *data,
                        gsize            size,
                        TillRequestHead *head)
{
  Reading reading = { .head = head };
  gsize end = MIN (size, TILL_GATE_HEAD_BYTES);
  gsize at = 0;

  memset (head, 0, sizeof *head);

  while (TRUE)
    {
      const char *line = data + at;
      const char *feed = memchr (line, '\n', end - at);
      Span span;

      if (feed == NULL)
        break;

      /* A CR only in front of an LF, and no LF without one. */
      span = (Span) { line, (gsize) (feed - line) };
      if (span.size == 0 || span.text[span.size - 1] != '\r' || memchr (span.text, '\r', span.size) != feed - 1)
        {
          head->status = 400;
          return TILL_HEAD_REFUSED;
        }
      span.size--;
      at += span.size + 2;

      if (span.size == 0)
        {
          head->status = line == data ? 400 : check (&reading);
          head->size = at;
          return head->status == 0 ? TILL_HEAD_DONE : TILL_HEAD_REFUSED;
        }

      head->status = line == data ? read_request_line (&reading, &span) : read_field (&reading, &span);
      if (head->status != 0)
        return TILL_HEAD_REFUSED;
    }

  if (size >= TILL_GATE_HEAD_BYTES)
    {
      head->status = 400;
      return TILL_HEAD_REFUSED;
    }

  return TILL_HEAD_MORE;
}
