/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What GIO, libsoup and GnuTLS say of a failed try, as our errors (RELIABILITY.md G18, 5.2). */
#include "config.h"

#include <gnutls/gnutls.h>
#include <string.h>

#include "till-escape.h"
#include "till-limits.h"
#include "till-transport-private.h"

/* How much of a name from outside a message holds. */
#define SHOWN_CHARS 120

/* Adds what a person must know of a call that changes something. */
G_GNUC_PRINTF (6, 7)
static GError *
make (const TillFault *fault,
      TillError        code,
      TillErrorReason  reason,
      const char      *detail,
      const gint64     numbers[2],
      const char      *format,
      ...)
{
  g_autofree char *text = NULL;
  const char *more = "";
  GError *error = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  if (fault->changes)
    more = fault->maybe_done ? "; the result is unknown" : "; nothing was sent";

  till_set_error (&error, code, reason, detail, numbers, "%s%s", text, more);
  till_error_set_answer (error, fault->changes && fault->maybe_done ? TILL_OUTCOME_UNKNOWN : TILL_OUTCOME_NOT_SENT,
                         0, NULL, NULL);

  return error;
}

/* Returns: (transfer full) (nullable): lower-case hex of the SHA-256 of the certificate */
static char *
dup_fingerprint (GTlsCertificate *certificate)
{
  g_autoptr(GByteArray) der = NULL;

  if (certificate == NULL)
    return NULL;

  g_object_get (certificate, "certificate", &der, NULL);

  return der != NULL ? g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len) : NULL;
}

/* Returns: (transfer full) (nullable): the day of a time of the certificate */
static char *
dup_day (GDateTime *time)
{
  return time != NULL ? g_date_time_format (time, "%Y-%m-%d") : NULL;
}

/* Whether the certificate itself has ended, rather than one above it. */
static gboolean
is_past (const TillFault *fault,
         GDateTime       *time)
{
  return time != NULL && g_date_time_to_unix (time) < fault->now;
}

/* The names that a certificate is for, at most three. */
static char *
dup_names (GTlsCertificate *certificate)
{
  g_autoptr(GPtrArray) names = g_tls_certificate_get_dns_names (certificate);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; names != NULL && i < MIN (names->len, 3); i++)
    {
      gsize size;
      const char *name = g_bytes_get_data (g_ptr_array_index (names, i), &size);
      g_autofree char *shown = till_escape (name, (gssize) size, SHOWN_CHARS);

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", shown);
    }

  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

/* What is wrong with a chain as such goes first: then its dates and names are
 * only somebody's claims. */
static GError *
make_certificate_error (const TillFault *fault)
{
  g_autofree char *fingerprint = dup_fingerprint (fault->certificate);
  g_autoptr(GDateTime) from = NULL;
  g_autoptr(GDateTime) to = NULL;
  g_autofree char *text = NULL;

  if (fault->certificate != NULL)
    {
      from = g_tls_certificate_get_not_valid_before (fault->certificate);
      to = g_tls_certificate_get_not_valid_after (fault->certificate);
    }

  if (fault->flags & G_TLS_CERTIFICATE_INSECURE)
    return make (fault, TILL_ERROR_TLS, TILL_REASON_BAD_CHAIN, fingerprint, NULL,
                 "the certificate of %s is too weak: its key is too short, or it is signed with an outdated algorithm",
                 fault->authority);

  if (fault->flags & (G_TLS_CERTIFICATE_GENERIC_ERROR | G_TLS_CERTIFICATE_REVOKED))
    return make (fault, TILL_ERROR_TLS, TILL_REASON_BAD_CHAIN, fingerprint, NULL,
                 "the certificate chain of %s is invalid", fault->authority);

  if (fault->flags & G_TLS_CERTIFICATE_UNKNOWN_CA)
    return make (fault, TILL_ERROR_TLS, TILL_REASON_UNTRUSTED, fingerprint, NULL,
                 "the certificate of %s is not trusted: nobody that this computer knows has issued it",
                 fault->authority);

  if (fault->flags & G_TLS_CERTIFICATE_EXPIRED)
    {
      text = is_past (fault, to) ? dup_day (to) : NULL;
      if (text == NULL)
        return make (fault, TILL_ERROR_TLS, TILL_REASON_CERTIFICATE_EXPIRED, fingerprint, NULL,
                     "a certificate in the chain of %s has expired", fault->authority);

      return make (fault, TILL_ERROR_TLS, TILL_REASON_CERTIFICATE_EXPIRED, fingerprint, NULL,
                   "the certificate of %s expired on %s", fault->authority, text);
    }

  if (fault->flags & G_TLS_CERTIFICATE_NOT_ACTIVATED)
    {
      text = dup_day (from);
      return make (fault, TILL_ERROR_TLS, TILL_REASON_CERTIFICATE_NOT_YET, fingerprint, NULL,
                   "the certificate of %s is not valid yet, only from %s on; check the clock of this computer",
                   fault->authority, text != NULL ? text : "a later day");
    }

  if ((fault->flags & G_TLS_CERTIFICATE_BAD_IDENTITY) == 0)
    return make (fault, TILL_ERROR_TLS, TILL_REASON_BAD_CHAIN, fingerprint, NULL,
                 "the certificate of %s does not count", fault->authority);

  text = fault->certificate != NULL ? dup_names (fault->certificate) : NULL;

  return make (fault, TILL_ERROR_TLS, TILL_REASON_WRONG_HOST, fingerprint, NULL,
               "the certificate that came is not for %s but for %s", fault->authority,
               text != NULL ? text : "nobody");
}

/* Whether GIO quotes what GnuTLS says when nothing that we offer suits the
 * server. We offer all that is not outdated, so the server has nothing else.
 * GnuTLS translates both texts alike. */
static gboolean
is_about_age (const GError *cause)
{
  static const gnutls_alert_description_t alerts[] = {
    GNUTLS_A_HANDSHAKE_FAILURE, GNUTLS_A_PROTOCOL_VERSION, GNUTLS_A_INSUFFICIENT_SECURITY,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (alerts); i++)
    if (g_str_has_suffix (cause->message, gnutls_alert_get_name (alerts[i])))
      return TRUE;

  return g_str_has_suffix (cause->message, gnutls_strerror (GNUTLS_E_UNSUPPORTED_VERSION_PACKET));
}

static GError *
make_tls_error (const TillFault *fault)
{
  if (fault->flags != 0 || g_error_matches (fault->cause, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    return make_certificate_error (fault);

  if (g_error_matches (fault->cause, G_TLS_ERROR, G_TLS_ERROR_UNAVAILABLE))
    return make (fault, TILL_ERROR_TLS, TILL_REASON_HANDSHAKE, NULL, NULL,
                 "this computer has no TLS for programs like this; install glib-networking");

  if (is_about_age (fault->cause))
    return make (fault, TILL_ERROR_TLS, TILL_REASON_OLD_TLS, NULL, NULL,
                 "%s offers only outdated encryption", fault->authority);

  return make (fault, TILL_ERROR_TLS, TILL_REASON_HANDSHAKE, NULL, NULL,
               "%s does not speak TLS, or refuses it", fault->authority);
}

static GError *
make_stop_error (const TillFault *fault)
{
  const gint64 numbers[2] = { fault->seconds, -1 };

  switch (fault->stop)
    {
    case TILL_STOP_CANCELLED:
      return make (fault, TILL_ERROR_CANCELLED, TILL_REASON_NONE, NULL, NULL, "cancelled");

    case TILL_STOP_CONNECT:
      return make (fault, TILL_ERROR_TIMED_OUT, TILL_REASON_CONNECT_TIMEOUT, NULL, numbers,
                   "%s does not answer; stopped after %u s", fault->authority, fault->seconds);

    case TILL_STOP_DEADLINE:
      return make (fault, TILL_ERROR_TIMED_OUT, TILL_REASON_DEADLINE, NULL, numbers,
                   "%s is too slow; stopped after %u s", fault->authority, fault->seconds);

    case TILL_STOP_OLD_TLS:
      return make (fault, TILL_ERROR_TLS, TILL_REASON_OLD_TLS, NULL, NULL,
                   "%s offers only outdated encryption", fault->authority);

    case TILL_STOP_CERTIFICATE:
      return make_certificate_error (fault);

    case TILL_STOP_NONE:
    default:
      return make (fault, TILL_ERROR_INTERNAL, TILL_REASON_NONE, NULL, NULL, "stopped for no reason");
    }
}

/* What tells whether there is a network. It asks the system over D-Bus when it
 * is made, which can take long: so nobody waits for it. */
static GNetworkMonitor *monitor;

static void
monitor_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  g_atomic_pointer_set (&monitor, g_network_monitor_get_default ());
  g_task_return_boolean (task, TRUE);
}

/**
 * till_fault_load_monitor:
 *
 * Begins to load what till_fault_to_error() needs to tell that there is no
 * network at all.
 */
void
till_fault_load_monitor (void)
{
  static gsize begun;

  if (g_once_init_enter (&begun))
    {
      g_autoptr(GTask) task = g_task_new (NULL, NULL, NULL, NULL);

      g_task_set_source_tag (task, till_fault_load_monitor);
      g_task_run_in_thread (task, monitor_thread);
      g_once_init_leave (&begun, 1);
    }
}

static gboolean
is_offline (void)
{
  GNetworkMonitor *loaded = g_atomic_pointer_get (&monitor);

  return loaded != NULL && !g_network_monitor_get_network_available (loaded);
}

static gboolean
is_about_connecting (const GError *cause)
{
  static const int codes[] = {
    G_IO_ERROR_CONNECTION_REFUSED, G_IO_ERROR_HOST_UNREACHABLE, G_IO_ERROR_NETWORK_UNREACHABLE, G_IO_ERROR_HOST_NOT_FOUND,
    G_IO_ERROR_TIMED_OUT,
  };

  if (cause->domain == G_RESOLVER_ERROR)
    return TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (cause, G_IO_ERROR, codes[i]))
      return TRUE;

  return FALSE;
}

static GError *
make_connect_error (const TillFault *fault)
{
  const GError *cause = fault->cause;

  /* Without a network names can't be looked up either, for now. */
  if ((g_error_matches (cause, G_RESOLVER_ERROR, G_RESOLVER_ERROR_TEMPORARY_FAILURE) ||
       g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE)) && is_offline ())
    return make (fault, TILL_ERROR_UNAVAILABLE, TILL_REASON_OFFLINE, NULL, NULL, "this computer is offline");

  if (cause->domain == G_RESOLVER_ERROR || g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_HOST_NOT_FOUND))
    return make (fault, TILL_ERROR_UNAVAILABLE, TILL_REASON_NO_SUCH_HOST, fault->authority, NULL,
                 "%s cannot be found; check the address or the network", fault->authority);

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return make (fault, TILL_ERROR_UNAVAILABLE, TILL_REASON_REFUSED, fault->authority, NULL,
                 "%s refuses the connection; check the address and its port", fault->authority);

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return make (fault, TILL_ERROR_TIMED_OUT, TILL_REASON_CONNECT_TIMEOUT, NULL, NULL,
                 "%s does not answer", fault->authority);

  return make (fault, TILL_ERROR_UNAVAILABLE, TILL_REASON_NO_ROUTE, fault->authority, NULL,
               "there is no way through the network to %s", fault->authority);
}

/* What libsoup says where it can't make sense of what came. */
static GError *
make_parse_error (const TillFault *fault)
{
  return make (fault, TILL_ERROR_PROTOCOL, TILL_REASON_NOT_JSON, NULL, NULL,
               "the answer of %s is not understood: it is not HTTP", fault->authority);
}

/* An end where there should be none; GIO and libsoup have several words for it. */
static gboolean
is_broken_off (const GError *cause)
{
  static const int codes[] = {
    G_IO_ERROR_PARTIAL_INPUT, G_IO_ERROR_CONNECTION_CLOSED, G_IO_ERROR_BROKEN_PIPE, G_IO_ERROR_CLOSED,
    G_IO_ERROR_NOT_CONNECTED,
  };

  if (g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_EOF))
    return TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (cause, G_IO_ERROR, codes[i]))
      return TRUE;

  return FALSE;
}

static GError *
make_break_error (const TillFault *fault)
{
  /* libsoup gives up on a head that has no end in the same words. */
  if (!fault->answered && fault->header_bytes > TILL_LIMIT_ANSWER_HEADER_BYTES)
    return till_fault_new_too_large (fault, (gint64) fault->header_bytes, TILL_LIMIT_ANSWER_HEADER_BYTES);

  if (fault->answered && (g_error_matches (fault->cause, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT) ||
                          g_error_matches (fault->cause, G_TLS_ERROR, G_TLS_ERROR_EOF)))
    return till_fault_new_cut (fault);

  return make (fault, TILL_ERROR_UNAVAILABLE, TILL_REASON_RESET, NULL, NULL,
               fault->answered ? "%s broke the connection off in the middle of its answer"
                               : "%s broke the connection off without an answer",
               fault->authority);
}

/**
 * till_fault_to_error:
 * @fault: a try that failed
 *
 * Returns: (transfer full): it in our words, each kind of fault with its own reason
 */
GError *
till_fault_to_error (const TillFault *fault)
{
  const GError *cause = fault->cause;

  if (fault->stop != TILL_STOP_NONE)
    return make_stop_error (fault);

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PROXY_NEED_AUTH) ||
      g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PROXY_AUTH_FAILED))
    return till_fault_new_proxy (fault, SOUP_STATUS_PROXY_UNAUTHORIZED);

  /* Where TLS was reached the proxy had done its part. */
  if (fault->proxied && cause->domain != G_TLS_ERROR)
    return till_fault_new_proxy (fault, SOUP_STATUS_NONE);

  if (is_broken_off (cause))
    return make_break_error (fault);

  if (cause->domain == G_TLS_ERROR)
    return make_tls_error (fault);

  if (is_about_connecting (cause))
    return make_connect_error (fault);

  if (cause->domain == SOUP_SESSION_ERROR)
    return make_parse_error (fault);

  return make (fault, TILL_ERROR_UNAVAILABLE, TILL_REASON_RESET, NULL, NULL,
               "the connection to %s failed", fault->authority);
}

/**
 * till_fault_new_proxy:
 * @fault: the try
 * @status: of its answer; 0 for none
 *
 * Returns: (transfer full): the error for a proxy that does not let us through
 */
GError *
till_fault_new_proxy (const TillFault *fault,
                      guint            status)
{
  if (status == SOUP_STATUS_PROXY_UNAUTHORIZED)
    return make (fault, TILL_ERROR_UNAVAILABLE, TILL_REASON_PROXY_LOGIN, NULL, NULL,
                 "the network's proxy asks for a login");

  if (status != 0)
    return make (fault, TILL_ERROR_UNAVAILABLE, TILL_REASON_PROXY_DOWN, NULL, NULL,
                 "the network's proxy does not let us through to %s", fault->authority);

  return make (fault, TILL_ERROR_UNAVAILABLE, TILL_REASON_PROXY_DOWN, NULL, NULL,
               "the network's proxy does not answer");
}

/**
 * till_fault_new_too_large:
 * @fault: the try
 * @have: how many bytes came, or are announced
 * @want: the limit
 *
 * Returns: (transfer full): the error for an answer without an end
 */
GError *
till_fault_new_too_large (const TillFault *fault,
                          gint64           have,
                          gint64           want)
{
  const gint64 numbers[2] = { have, want };

  return make (fault, TILL_ERROR_PROTOCOL, TILL_REASON_ANSWER_TOO_LARGE, NULL, numbers,
               "the answer of %s is too large; at most %" G_GINT64_FORMAT " bytes are taken", fault->authority, want);
}

/**
 * till_fault_new_cut:
 * @fault: the try
 *
 * Returns: (transfer full): the error for an answer that ends too early
 */
GError *
till_fault_new_cut (const TillFault *fault)
{
  return make (fault, TILL_ERROR_PROTOCOL, TILL_REASON_ANSWER_CUT, NULL, NULL,
               "the answer of %s is incomplete", fault->authority);
}

/**
 * till_fault_new_redirect:
 * @fault: the try
 * @status: of the answer
 * @base: the address that was asked
 * @location: (nullable): where it points to
 *
 * Returns: (transfer full): the error for an answer that points elsewhere
 */
GError *
till_fault_new_redirect (const TillFault *fault,
                         guint            status,
                         const char      *base,
                         const char      *location)
{
  g_autoptr(GUri) from = g_uri_parse (base, SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr(GUri) to = NULL;
  g_autofree char *host = NULL;
  GError *error;

  if (location != NULL && from != NULL)
    to = g_uri_parse_relative (from, location, SOUP_HTTP_URI_FLAGS, NULL);
  if (to != NULL && g_uri_get_host (to) != NULL && *g_uri_get_host (to) != '\0')
    host = till_escape (g_uri_get_host (to), -1, SHOWN_CHARS);

  error = make (fault, TILL_ERROR_PROTOCOL, TILL_REASON_REDIRECT, host, NULL,
                "%s points to %s; that is not followed", fault->authority, host != NULL ? host : "another place");
  till_error_set_answer (error, till_error_get_outcome (error), (int) status, NULL, NULL);

  return error;
}

/**
 * till_fault_new_unsettled:
 * @fault: the try
 * @answer: to it, which says nothing of the earlier ones
 *
 * Returns: (transfer full): the error for a call whose earlier try may have been done
 */
GError *
till_fault_new_unsettled (const TillFault  *fault,
                          const TillAnswer *answer)
{
  GError *error = make (fault, TILL_ERROR_UNAVAILABLE, TILL_REASON_SERVICE_FAULT, NULL, NULL,
                        "an answer of %s was lost, and it does not tell what became of the call (HTTP status %u)",
                        fault->authority, answer->status);

  till_error_set_answer (error, TILL_OUTCOME_UNKNOWN, (int) answer->status, NULL, answer->trace_id);

  return error;
}

/**
 * till_fault_new_encoded:
 * @fault: the try
 * @encoding: the Content-Encoding
 *
 * Returns: (transfer full): the error for an answer that is packed though nobody asked for that
 */
GError *
till_fault_new_encoded (const TillFault *fault,
                        const char      *encoding)
{
  g_autofree char *shown = till_escape (encoding, -1, 20);

  return make (fault, TILL_ERROR_PROTOCOL, TILL_REASON_NOT_JSON, shown, NULL,
               "the answer of %s is packed (%s), which was not asked for", fault->authority, shown);
}
