/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The error domain of Tillkeeper and its stable code words. */
#include "config.h"

#include "till-error.h"

#include <stdarg.h>

/* What an error of our domain carries besides code and message. Never a secret. */
typedef struct
{
  TillErrorReason  reason;
  char            *detail;
  gint64           have;
  gint64           want;
  TillOutcome      outcome;
  int              http_status;
  char            *service_code;
  char            *trace_id;
} TillErrorPrivate;

static void
till_error_private_init (TillErrorPrivate *priv)
{
  priv->reason = TILL_REASON_NONE;
  priv->detail = NULL;
  priv->have = -1;
  priv->want = -1;
  priv->outcome = TILL_OUTCOME_NOT_SENT;
  priv->http_status = 0;
  priv->service_code = NULL;
  priv->trace_id = NULL;
}

static void
till_error_private_copy (const TillErrorPrivate *src,
                         TillErrorPrivate       *dest)
{
  dest->reason = src->reason;
  dest->detail = g_strdup (src->detail);
  dest->have = src->have;
  dest->want = src->want;
  dest->outcome = src->outcome;
  dest->http_status = src->http_status;
  dest->service_code = g_strdup (src->service_code);
  dest->trace_id = g_strdup (src->trace_id);
}

static void
till_error_private_clear (TillErrorPrivate *priv)
{
  g_free (priv->detail);
  g_free (priv->service_code);
  g_free (priv->trace_id);
}

/* GLib's macro reaches the private part by a byte pointer; GLib aligns it. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wcast-align"
G_DEFINE_EXTENDED_ERROR (TillError, till_error)
#pragma GCC diagnostic pop

static const char * const words[] = {
  [TILL_ERROR_WRONG_PASSWORD] = "wrong-password",
  [TILL_ERROR_PASSWORD_REQUIRED] = "password-required",
  [TILL_ERROR_OLD_PROTECTION] = "old-protection",
  [TILL_ERROR_NEWER_PROTECTION] = "newer-protection",
  [TILL_ERROR_DAMAGED] = "damaged",
  [TILL_ERROR_NO_PRIVATE_KEY] = "no-private-key",
  [TILL_ERROR_KEY_MISMATCH] = "key-mismatch",
  [TILL_ERROR_NOT_A_CERTIFICATE_FILE] = "not-a-certificate-file",
  [TILL_ERROR_UNREADABLE] = "unreadable",
  [TILL_ERROR_UNAUTHORIZED] = "unauthorized",
  [TILL_ERROR_CLOCK_SKEW] = "clock-skew",
  [TILL_ERROR_REJECTED] = "rejected",
  [TILL_ERROR_NOT_FOUND] = "not-found",
  [TILL_ERROR_CONFLICT] = "conflict",
  [TILL_ERROR_UNAVAILABLE] = "unavailable",
  [TILL_ERROR_TIMED_OUT] = "timed-out",
  [TILL_ERROR_TLS] = "tls",
  [TILL_ERROR_PROTOCOL] = "protocol",
  [TILL_ERROR_CANCELLED] = "cancelled",
  [TILL_ERROR_STORE_LOCKED] = "store-locked",
  [TILL_ERROR_STORE_NEWER] = "store-newer",
  [TILL_ERROR_VAULT_UNAVAILABLE] = "vault-unavailable",
  [TILL_ERROR_WRONG_CODE] = "wrong-code",
  [TILL_ERROR_INTERNAL] = "internal",
};

/**
 * till_error_code_to_word:
 * @code: a #TillError
 *
 * The stable word of an error code, as scripts see it (CLI.md).
 *
 * Returns: (transfer none): the word; "internal" for an unknown code
 */
const char *
till_error_code_to_word (int code)
{
  if (code < 0 || code >= (int) G_N_ELEMENTS (words))
    return words[TILL_ERROR_INTERNAL];

  return words[code];
}

/**
 * till_set_error:
 * @error: (out) (optional): where to put it
 * @code: what a caller can act on
 * @reason: the finer reason
 * @detail: (nullable): a name that belongs to the reason; never a secret
 * @numbers: (nullable): the two numbers of the reason (have, want); -1 for none
 * @format: message in plain English, without a full stop
 *
 * Like g_set_error(), with the reason beside the code.
 */
void
till_set_error (GError          **error,
                TillError         code,
                TillErrorReason   reason,
                const char       *detail,
                const gint64      numbers[2],
                const char       *format,
                ...)
{
  GError *made;
  TillErrorPrivate *priv;
  va_list args;

  if (error == NULL)
    return;

  va_start (args, format);
  made = g_error_new_valist (TILL_ERROR, code, format, args);
  va_end (args);

  priv = till_error_get_private (made);
  priv->reason = reason;
  priv->detail = g_strdup (detail);
  priv->have = numbers != NULL ? numbers[0] : -1;
  priv->want = numbers != NULL ? numbers[1] : -1;

  g_propagate_error (error, made);
}

/**
 * till_error_get_reason:
 * @error: any error
 *
 * Returns: its finer reason; %TILL_REASON_NONE for errors of other domains
 */
TillErrorReason
till_error_get_reason (const GError *error)
{
  if (error == NULL || error->domain != TILL_ERROR)
    return TILL_REASON_NONE;

  return till_error_get_private (error)->reason;
}

/**
 * till_error_get_detail:
 * @error: any error
 *
 * Returns: (transfer none) (nullable): the name that belongs to the reason
 */
const char *
till_error_get_detail (const GError *error)
{
  if (error == NULL || error->domain != TILL_ERROR)
    return NULL;

  return till_error_get_private (error)->detail;
}

/**
 * till_error_get_have:
 * @error: any error
 *
 * Returns: the first number of the reason, -1 where there is none
 */
gint64
till_error_get_have (const GError *error)
{
  if (error == NULL || error->domain != TILL_ERROR)
    return -1;

  return till_error_get_private (error)->have;
}

/**
 * till_error_get_want:
 * @error: any error
 *
 * Returns: the second number of the reason, -1 where there is none
 */
gint64
till_error_get_want (const GError *error)
{
  if (error == NULL || error->domain != TILL_ERROR)
    return -1;

  return till_error_get_private (error)->want;
}

/**
 * till_error_set_answer:
 * @error: an error of our domain; nothing happens to others
 * @outcome: what the failed call may have changed
 * @http_status: the status of the answer; 0 where there was none
 * @service_code: (nullable): the code that the service gives the failure
 * @trace_id: (nullable): what its support asks for
 *
 * Adds what a service answered (API.md 1.7). None of it is a secret.
 */
void
till_error_set_answer (GError      *error,
                       TillOutcome  outcome,
                       int          http_status,
                       const char  *service_code,
                       const char  *trace_id)
{
  TillErrorPrivate *priv;

  g_return_if_fail (error != NULL);

  if (error->domain != TILL_ERROR)
    return;

  priv = till_error_get_private (error);
  priv->outcome = outcome;
  priv->http_status = http_status;
  g_free (priv->service_code);
  priv->service_code = g_strdup (service_code);
  g_free (priv->trace_id);
  priv->trace_id = g_strdup (trace_id);
}

/**
 * till_error_get_outcome:
 * @error: any error
 *
 * Returns: what the failed call may have changed; %TILL_OUTCOME_NOT_SENT where nothing was said of it
 */
TillOutcome
till_error_get_outcome (const GError *error)
{
  if (error == NULL || error->domain != TILL_ERROR)
    return TILL_OUTCOME_NOT_SENT;

  return till_error_get_private (error)->outcome;
}

/**
 * till_error_get_http_status:
 * @error: any error
 *
 * Returns: the HTTP status of the answer; 0 where there was none
 */
int
till_error_get_http_status (const GError *error)
{
  if (error == NULL || error->domain != TILL_ERROR)
    return 0;

  return till_error_get_private (error)->http_status;
}

/**
 * till_error_get_service_code:
 * @error: any error
 *
 * Returns: (transfer none) (nullable): the code that the service gives the failure
 */
const char *
till_error_get_service_code (const GError *error)
{
  if (error == NULL || error->domain != TILL_ERROR)
    return NULL;

  return till_error_get_private (error)->service_code;
}

/**
 * till_error_get_trace_id:
 * @error: any error
 *
 * Returns: (transfer none) (nullable): the service's trace id
 */
const char *
till_error_get_trace_id (const GError *error)
{
  if (error == NULL || error->domain != TILL_ERROR)
    return NULL;

  return till_error_get_private (error)->trace_id;
}
