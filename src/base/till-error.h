/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The error domain of Tillkeeper and its stable code words (CLI.md, "Common ground"). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TILL_ERROR (till_error_quark ())

/**
 * TillError:
 *
 * What a caller can act on. Each has a stable word, see
 * till_error_code_to_word(); words are never renamed.
 */
typedef enum
{
  TILL_ERROR_WRONG_PASSWORD,
  TILL_ERROR_PASSWORD_REQUIRED,
  TILL_ERROR_OLD_PROTECTION,
  TILL_ERROR_NEWER_PROTECTION,
  TILL_ERROR_DAMAGED,
  TILL_ERROR_NO_PRIVATE_KEY,
  TILL_ERROR_KEY_MISMATCH,
  TILL_ERROR_NOT_A_CERTIFICATE_FILE,
  TILL_ERROR_UNREADABLE,
  TILL_ERROR_UNAUTHORIZED,
  TILL_ERROR_CLOCK_SKEW,
  TILL_ERROR_REJECTED,
  TILL_ERROR_NOT_FOUND,
  TILL_ERROR_CONFLICT,
  TILL_ERROR_UNAVAILABLE,
  TILL_ERROR_TIMED_OUT,
  TILL_ERROR_TLS,
  TILL_ERROR_PROTOCOL,
  TILL_ERROR_CANCELLED,
  TILL_ERROR_STORE_LOCKED,
  TILL_ERROR_STORE_NEWER,
  TILL_ERROR_VAULT_UNAVAILABLE,
  TILL_ERROR_WRONG_CODE,
  TILL_ERROR_INTERNAL,
} TillError;

/**
 * TillErrorReason:
 *
 * The finer reason inside a code, for whoever makes a sentence for people of
 * it (src/app/till-error-text.c). The message of the error says the same in
 * plain English for the command line and for logs.
 */
typedef enum
{
  TILL_REASON_NONE,
  /* UNREADABLE */
  TILL_REASON_MISSING,            /* there is no such file */
  TILL_REASON_NO_PERMISSION,
  TILL_REASON_NOT_REGULAR,        /* a directory, device, FIFO, socket: detail says which */
  TILL_REASON_TOO_LARGE,          /* have: bytes, want: the limit */
  TILL_REASON_SYMLINK_LOOP,
  TILL_REASON_IO,                 /* detail: the system's words */
  TILL_REASON_NO_SPACE,
  /* NOT_A_CERTIFICATE_FILE */
  TILL_REASON_EMPTY,
  TILL_REASON_LOOKS_LIKE,         /* detail: "a web page", "a ZIP archive", … */
  TILL_REASON_OPENSSH_KEY,
  TILL_REASON_UNRECOGNISED,
  TILL_REASON_TOO_SHORT,          /* have: bytes */
  /* DAMAGED */
  TILL_REASON_TRUNCATED,          /* have: bytes there, want: bytes the file says it has */
  TILL_REASON_MALFORMED,          /* have: offset of the first wrong byte or -1, detail: in which part */
  TILL_REASON_BAD_BASE64,
  TILL_REASON_NO_END_LINE,
  TILL_REASON_DUPLICATE_EXTENSION,
  TILL_REASON_BAD_TIME,
  TILL_REASON_MAC_MISMATCH,
  /* OLD_PROTECTION, NEWER_PROTECTION; detail: the algorithm's name */
  TILL_REASON_ALGORITHM,
  /* DAMAGED or NEWER_PROTECTION: refused before it could hang; have: rounds, want: the limit */
  TILL_REASON_TOO_MANY_ITERATIONS,
  /* any: more parts than the bounds of G9 allow; have and want */
  TILL_REASON_TOO_MANY,
  /* UNAVAILABLE: the service could not be asked, or could not answer (RELIABILITY.md G18) */
  TILL_REASON_OFFLINE,
  TILL_REASON_NO_SUCH_HOST,       /* detail: the host */
  TILL_REASON_REFUSED,            /* detail: host and port */
  TILL_REASON_NO_ROUTE,           /* detail: host and port */
  TILL_REASON_RESET,              /* the connection was closed before the answer was whole */
  TILL_REASON_PROXY_LOGIN,
  TILL_REASON_PROXY_DOWN,
  TILL_REASON_BUSY,               /* 429 or 503; have: seconds to wait as the service says */
  TILL_REASON_SERVICE_FAULT,      /* any other 5xx, 408, 425 */
  /* TIMED_OUT; have: seconds */
  TILL_REASON_CONNECT_TIMEOUT,
  TILL_REASON_DEADLINE,
  /* TLS; detail: SHA-256 of the server's certificate where there is one */
  TILL_REASON_CERTIFICATE_EXPIRED,
  TILL_REASON_CERTIFICATE_NOT_YET,
  TILL_REASON_WRONG_HOST,
  TILL_REASON_UNTRUSTED,
  TILL_REASON_BAD_CHAIN,          /* weak, circular, or otherwise not a chain that counts */
  TILL_REASON_OLD_TLS,
  TILL_REASON_HANDSHAKE,
  /* PROTOCOL: an answer that makes no sense */
  TILL_REASON_REDIRECT,           /* detail: the host it points to */
  TILL_REASON_WEB_PAGE,           /* HTML where data was due: a login page of the network? */
  TILL_REASON_NOT_JSON,           /* detail: the Content-Type */
  TILL_REASON_ANSWER_CUT,         /* the JSON ends too early, or the body is shorter than announced */
  TILL_REASON_ANSWER_EMPTY,
  TILL_REASON_ANSWER_TOO_LARGE,   /* have, want: bytes */
  TILL_REASON_CONTRADICTS,        /* a member twice; detail: which */
  TILL_REASON_BAD_FIELD,          /* detail: the path of the field */
  TILL_REASON_UNEXPECTED_STATUS,
  TILL_REASON_DIFFERS,            /* the answer is not about what was sent; detail: which member */
  /* REJECTED, NOT_FOUND, CONFLICT; detail: the field that the service names */
  TILL_REASON_FIELD,
  TILL_REASON_WEAK,               /* detail: what is too weak */
  TILL_REASON_EXPIRED,            /* have: since when */
  TILL_REASON_NOT_YET_VALID,      /* have: from when */
  TILL_REASON_IS_DEFAULT,         /* one certificate must stay the default */
  TILL_REASON_OTHER_IDENTITY,     /* pass type or team differ */
  TILL_REASON_CHANGED_MEANWHILE,
  TILL_REASON_IN_USE,
  TILL_REASON_NO_USABLE_KEY,
  /* CLOCK_SKEW; have: seconds that this computer is ahead, negative: behind */
  TILL_REASON_CLOCK,
  /* VAULT_UNAVAILABLE: the four states of G35 */
  TILL_REASON_VAULT_LOCKED,
  TILL_REASON_VAULT_DISMISSED,
  TILL_REASON_VAULT_ABSENT,
  TILL_REASON_VAULT_UNREADABLE,
  TILL_REASON_SECRET_MISSING,     /* the vault answers, and has no such secret; detail: which */
  /* STORE_LOCKED, STORE_NEWER, DAMAGED, UNREADABLE: the store */
  TILL_REASON_STORE_IN_USE,
  TILL_REASON_STORE_DAMAGED,
  TILL_REASON_STORE_READ_ONLY,
} TillErrorReason;

/**
 * TillOutcome:
 * @TILL_OUTCOME_NOT_SENT: nothing has left this computer; the default
 * @TILL_OUTCOME_REFUSED: the service has answered that it did not do it
 * @TILL_OUTCOME_UNKNOWN: it was sent, and whether it was done can't be told (RELIABILITY.md G17)
 *
 * What a failed call may have changed at the service.
 */
typedef enum
{
  TILL_OUTCOME_NOT_SENT,
  TILL_OUTCOME_REFUSED,
  TILL_OUTCOME_UNKNOWN,
} TillOutcome;

GQuark           till_error_quark          (void);
const char      *till_error_code_to_word   (int                 code);

G_GNUC_PRINTF (6, 7)
void             till_set_error            (GError            **error,
                                            TillError           code,
                                            TillErrorReason     reason,
                                            const char         *detail,
                                            const gint64        numbers[2],
                                            const char         *format,
                                            ...);

TillErrorReason  till_error_get_reason     (const GError       *error);
const char      *till_error_get_detail     (const GError       *error);
gint64           till_error_get_have       (const GError       *error);
gint64           till_error_get_want       (const GError       *error);

/* What an answer of a service adds; nothing happens to errors of other domains. */
void             till_error_set_answer     (GError             *error,
                                            TillOutcome         outcome,
                                            int                 http_status,
                                            const char         *service_code,
                                            const char         *trace_id);
TillOutcome      till_error_get_outcome    (const GError       *error);
int              till_error_get_http_status  (const GError     *error);
const char      *till_error_get_service_code (const GError     *error);
const char      *till_error_get_trace_id   (const GError       *error);

G_END_DECLS
