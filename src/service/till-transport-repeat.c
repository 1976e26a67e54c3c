/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When a call is made again, and how long that waits (RELIABILITY.md G16, G17; API.md 1.7). */
#include "config.h"

#include <string.h>

#include "till-limits.h"
#include "till-transport-private.h"

#define DAY_SECONDS 86400

/**
 * till_retry_after_parse:
 * @value: (nullable): of the header Retry-After
 * @now: seconds since 1970
 *
 * Reads seconds or a date (RFC 9110, 10.2.3); nonsense and the past are as if
 * nothing was said.
 *
 * Returns: seconds to wait, at most a day; -1 for nothing
 */
gint64
till_retry_after_parse (const char *value,
                        gint64      now)
{
  g_autoptr(GDateTime) date = NULL;
  gint64 seconds;
  gsize digits;

  if (value == NULL)
    return -1;

  while (*value == ' ')
    value++;

  digits = strspn (value, "0123456789");
  if (digits > 0 && value[digits + strspn (value + digits, " ")] == '\0')
    return digits > 5 ? DAY_SECONDS : MIN (g_ascii_strtoll (value, NULL, 10), DAY_SECONDS);

  if (digits > 0)
    return -1;

  date = soup_date_time_new_from_http_string (value);
  if (date == NULL)
    return -1;

  seconds = g_date_time_to_unix (date) - now;

  return seconds < 0 ? -1 : MIN (seconds, DAY_SECONDS);
}

/* Returns: whether the rules allow one more try at all */
static gboolean
may_repeat (const TillSending *self)
{
  if ((self->flags & TILL_CALL_CHANGES) == 0)
    return self->tries < TILL_LIMIT_GET_TRIES;

  return (self->flags & TILL_CALL_REPEATABLE) != 0 && self->tries < 1 + TILL_LIMIT_REPEATS;
}

/* 0.5 s, doubled with each try, with full jitter. */
static gint64
get_backoff (const TillSending *self)
{
  return (gint64) g_random_double_range (0, (double) (TILL_LIMIT_BACKOFF_MS << (self->tries - 1)));
}

/**
 * till_sending_is_window_over:
 * @self: a call
 * @boot: seconds since the machine started, when the next try would be made
 *
 * A service forgets request ids; before it does we stop (G17).
 *
 * Returns: whether the next try would be too late
 */
gboolean
till_sending_is_window_over (const TillSending *self,
                             gint64             boot)
{
  return (self->flags & TILL_CALL_CHANGES) != 0 && boot - self->first_boot > TILL_LIMIT_REPEAT_SECONDS;
}

static gint64
fit_in_window (const TillSending *self,
               gint64             milliseconds,
               gint64             boot)
{
  return till_sending_is_window_over (self, boot + milliseconds / 1000) ? -1 : milliseconds;
}

/**
 * till_sending_wait_after_answer:
 * @self: a call whose try was answered
 * @boot: seconds since the machine started
 *
 * Returns: milliseconds until the next try, -1 for none
 */
gint64
till_sending_wait_after_answer (const TillSending *self,
                                gint64             boot)
{
  if (!may_repeat (self))
    return -1;

  switch (self->answer->status)
    {
    case SOUP_STATUS_REQUEST_TIMEOUT:
    case 425:
    case 429:
    case SOUP_STATUS_BAD_GATEWAY:
    case SOUP_STATUS_SERVICE_UNAVAILABLE:
    case SOUP_STATUS_GATEWAY_TIMEOUT:
      break;

    case SOUP_STATUS_INTERNAL_SERVER_ERROR:
      if (self->server_faults > 1)
        return -1;
      break;

    default:
      return -1;
    }

  /* Whom we are told to wait for longer than people do, they come back to by themselves. */
  if (self->answer->retry_after > TILL_LIMIT_RETRY_AFTER_SECONDS)
    return -1;

  if (self->answer->retry_after >= 0)
    return fit_in_window (self, self->answer->retry_after * 1000, boot);

  return fit_in_window (self, get_backoff (self), boot);
}

/**
 * till_sending_wait_after_failure:
 * @self: a call whose try failed
 * @error: how
 * @boot: seconds since the machine started
 *
 * A connection that broke is tried again. Time that has passed is only for
 * calls whose outcome would be unknown otherwise: a person who reads has waited
 * long enough. What will not change in a second (an address, a certificate) is
 * said at once.
 *
 * Returns: milliseconds until the next try, -1 for none
 */
gint64
till_sending_wait_after_failure (const TillSending *self,
                                 const GError      *error,
                                 gint64             boot)
{
  gboolean changes = (self->flags & TILL_CALL_CHANGES) != 0;

  if (!may_repeat (self))
    return -1;

  if (changes && !self->maybe_done)
    return -1;

  switch (till_error_get_reason (error))
    {
    case TILL_REASON_RESET:
    case TILL_REASON_ANSWER_CUT:
      break;

    /* What is cut in its first line is no HTTP. */
    case TILL_REASON_NOT_JSON:
      if (!changes || self->answered)
        return -1;
      break;

    /* An earlier try was sent, so the question is still open. */
    case TILL_REASON_DEADLINE:
    case TILL_REASON_CONNECT_TIMEOUT:
    case TILL_REASON_REFUSED:
    case TILL_REASON_NO_ROUTE:
      if (!changes)
        return -1;
      break;

    default:
      return -1;
    }

  return fit_in_window (self, get_backoff (self), boot);
}
