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
} TillErrorReason;

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

G_END_DECLS
