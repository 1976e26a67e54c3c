/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of TillTransport share. */
#pragma once

#include <libsoup/soup.h>

#include "till-error.h"
#include "till-transport.h"

G_BEGIN_DECLS

/* Why a try was stopped by ourselves. */
typedef enum
{
  TILL_STOP_NONE,
  TILL_STOP_CANCELLED,
  TILL_STOP_CONNECT,       /* no connection in time */
  TILL_STOP_DEADLINE,      /* not done in time */
  TILL_STOP_OLD_TLS,       /* the connection is not safe enough to send anything */
  TILL_STOP_CERTIFICATE,   /* the server's certificate does not count */
} TillStop;

/**
 * TillFault:
 * @cause: (nullable): what GIO or libsoup said
 * @stop: why we stopped it, which goes before @cause
 * @authority: the service, as a person knows it
 * @answered: whether the head of the answer had come
 * @proxied: whether a proxy stands between, and nothing was sent yet
 * @changes: whether the call changes something
 * @maybe_done: whether it may have been done
 * @seconds: the deadline that has passed
 * @now: seconds since 1970
 * @header_bytes: how much of the head of the answer came
 * @flags: what is wrong with the certificate
 * @certificate: (nullable): the server's
 *
 * All that is known of a try that failed.
 */
typedef struct
{
  const GError         *cause;
  TillStop              stop;
  const char           *authority;
  gboolean              answered;
  gboolean              proxied;
  gboolean              changes;
  gboolean              maybe_done;
  guint                 seconds;
  gint64                now;
  guint64               header_bytes;
  GTlsCertificateFlags  flags;
  GTlsCertificate      *certificate;
} TillFault;

void      till_fault_load_monitor    (void);
GError   *till_fault_to_error        (const TillFault   *fault) G_GNUC_WARN_UNUSED_RESULT;
GError   *till_fault_new_proxy       (const TillFault   *fault,
                                      guint              status) G_GNUC_WARN_UNUSED_RESULT;
GError   *till_fault_new_too_large   (const TillFault   *fault,
                                      gint64             have,
                                      gint64             want) G_GNUC_WARN_UNUSED_RESULT;
GError   *till_fault_new_cut         (const TillFault   *fault) G_GNUC_WARN_UNUSED_RESULT;
GError   *till_fault_new_redirect    (const TillFault   *fault,
                                      guint              status,
                                      const char        *base,
                                      const char        *location) G_GNUC_WARN_UNUSED_RESULT;
GError   *till_fault_new_unsettled   (const TillFault   *fault,
                                      const TillAnswer  *answer) G_GNUC_WARN_UNUSED_RESULT;
GError   *till_fault_new_encoded     (const TillFault   *fault,
                                      const char        *encoding) G_GNUC_WARN_UNUSED_RESULT;

/*
 * One call on its way. What always holds: at most one of message and wait_timer
 * is there, and the task is returned exactly once, by till_sending_finish().
 */
typedef struct
{
  /* Input. */
  TillEndpoint       *endpoint;       /* (owned) */
  char               *method;
  char               *url;
  char               *authority;
  TillSigner         *signer;         /* (owned) (nullable) */
  char               *request_id;     /* (nullable) */
  char               *content_type;   /* (nullable) */
  TillSecret         *body;           /* (owned) (nullable) */
  TillCallFlags       flags;
  guint               deadline;
  gsize               max_answer;
  GCancellable       *cancellable;    /* (owned) (nullable) the caller's */

  /* In progress. */
  GSource            *cancel_source;  /* (owned) (nullable) */
  GSource            *connect_timer;  /* (owned) (nullable) */
  GSource            *deadline_timer; /* (owned) (nullable) */
  GSource            *sleep_timer;    /* (owned) (nullable) */
  GSource            *wait_timer;     /* (owned) (nullable) between tries */
  SoupMessage        *message;        /* (owned) (nullable) */
  char               *target;         /* (nullable) path and query of message, as they are sent */
  GCancellable       *stop;           /* (owned) (nullable) ends the try */
  TillStop            why;
  GInputStream       *stream;         /* (owned) (nullable) */
  TillSecret         *buffer;         /* (owned) (nullable) */
  gsize               used;
  gint64              announced;      /* bytes of the body, -1 unknown */
  GError             *failure;        /* (owned) (nullable) while we ask about the proxy */
  gint64              try_start;      /* monotonic */
  gint64              try_boot;       /* by the clock, of this try */
  gint64              first_boot;     /* by the clock, of the first try */
  guint               tries;
  guint               server_faults;  /* answers with 500 */
  gboolean            header_lost;
  gboolean            sent;           /* of this try, something may have left */
  gboolean            answered;       /* of this try */
  gboolean            maybe_done;     /* an earlier try may have done it */

  /* Output. */
  TillAnswer         *answer;         /* (owned) (nullable) */
} TillSending;

/* A call and its tries. */
void      till_sending_free          (TillSending       *self);
void      till_sending_begin         (GTask             *task);
void      till_sending_end_try       (TillSending       *self);
void      till_sending_fail          (GTask             *task,
                                      GError            *error);
void      till_sending_break         (GTask             *task,
                                      GError            *cause);
void      till_sending_repeat        (GTask             *task,
                                      gint64             milliseconds);
void      till_sending_finish        (GTask             *task,
                                      GError            *error);
void      till_sending_fill_fault    (GTask             *task,
                                      TillFault         *fault);
gint64    till_sending_get_boot      (GTask             *task);
gboolean  till_sending_is_old_tls    (SoupMessage       *message);

/* The answer to a try. */
void      till_sending_read_answer   (GTask             *task);

/* Repeating (RELIABILITY.md G16, G17). */
gboolean  till_sending_is_window_over     (const TillSending *self,
                                           gint64             boot);
gint64    till_sending_wait_after_answer  (const TillSending *self,
                                           gint64             boot);
gint64    till_sending_wait_after_failure (const TillSending *self,
                                           const GError      *error,
                                           gint64             boot);
gint64    till_retry_after_parse     (const char        *value,
                                      gint64             now);

/* What a call needs of its transport. */
SoupSession *till_transport_get_session  (TillTransport *self);
double       till_transport_get_patience (TillTransport *self);
gint64       till_transport_next_stamp   (TillTransport *self);

G_END_DECLS
