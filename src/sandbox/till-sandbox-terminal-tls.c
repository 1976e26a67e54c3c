/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A connection to the terminal: TLS with and without a client's certificate (API.md 5.2, 5.3). */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "till-sandbox-authority-private.h"
#include "till-sandbox-terminal-private.h"

/*
 * GnuTLS itself and not GIO's TLS, for the alerts: which one a handshake ends
 * in is documented, and GIO can't choose it. Each connection has a thread, so
 * it may wait; all waiting ends at the peer's deadline, and with the server.
 */
#define HANDSHAKE_SECONDS 20
#define HOLD_BYTES 4096
#define MOST_CRTS 8

/**
 * till_peer_new:
 * @terminal: whose connection it is
 * @connection: that was accepted
 *
 * Returns: (transfer full): the connection, before TLS
 */
TillPeer *
till_peer_new (TillTerminal      *terminal,
               GSocketConnection *connection)
{
  g_autoptr(GSocketAddress) address = g_socket_connection_get_remote_address (connection, NULL);
  TillPeer *peer = g_new0 (TillPeer, 1);

  peer->terminal = terminal;
  peer->connection = g_object_ref (connection);
  peer->socket = g_socket_connection_get_socket (connection);
  peer->ahead = g_byte_array_new ();
  peer->alert = GNUTLS_A_CERTIFICATE_UNKNOWN;
  if (G_IS_INET_SOCKET_ADDRESS (address))
    peer->from = g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
  else
    peer->from = g_strdup ("unknown");
  till_peer_wait (peer, HANDSHAKE_SECONDS);

  return peer;
}

/**
 * till_peer_free:
 * @peer: (transfer full): a connection
 *
 * Ends it without a word, where it was not ended yet, and frees it.
 */
void
till_peer_free (TillPeer *peer)
{
  g_socket_close (peer->socket, NULL);
  g_clear_pointer (&peer->session, gnutls_deinit);
  g_clear_pointer (&peer->credentials, gnutls_certificate_free_credentials);
  till_wipe (peer->ahead->data, peer->ahead->len);
  g_byte_array_unref (peer->ahead);
  g_object_unref (peer->connection);
  g_free (peer->from);
  g_free (peer);
}

/**
 * till_peer_wait:
 * @peer: a connection
 * @seconds: that may pass from now on
 *
 * Sets the deadline of what comes next.
 */
void
till_peer_wait (TillPeer *peer,
                guint     seconds)
{
  peer->deadline = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
}

static gboolean
wait_for (TillPeer     *peer,
          GIOCondition  condition)
{
  gint64 left = peer->deadline - g_get_monotonic_time ();

  return left > 0 &&
         g_socket_condition_timed_wait (peer->socket, condition, left, peer->terminal->server->cancellable, NULL);
}

static ssize_t
pull_cb (gnutls_transport_ptr_t  pointer,
         void                   *data,
         size_t                  size)
{
  TillPeer *peer = pointer;
  gssize got = -1;

  if (wait_for (peer, G_IO_IN))
    got = g_socket_receive_with_blocking (peer->socket, data, size, FALSE, NULL, NULL);
  if (got < 0)
    gnutls_transport_set_errno (peer->session, ECONNRESET);

  return got;
}

static ssize_t
push_cb (gnutls_transport_ptr_t  pointer,
         const void             *data,
         size_t                  size)
{
  TillPeer *peer = pointer;
  gssize put = -1;

  if (wait_for (peer, G_IO_OUT))
    put = g_socket_send_with_blocking (peer->socket, data, size, FALSE, NULL, NULL);
  if (put < 0)
    gnutls_transport_set_errno (peer->session, ECONNRESET);

  return put;
}

/* The certificate's place in the terminal's register. */
static TillStanding
find_standing (TillPeer              *peer,
               const gnutls_datum_t  *der)
{
  g_autofree char *sha256 = NULL;
  gnutls_x509_crt_t crt = NULL;
  TillStanding standing = TILL_STANDING_OTHER;

  if (gnutls_x509_crt_init (&crt) < 0)
    return standing;
  if (gnutls_x509_crt_import (crt, der, GNUTLS_X509_FMT_DER) >= 0)
    {
      sha256 = till_terminal_sha256 (crt);
      if (till_terminal_knows_crt (peer->terminal, sha256))
        standing = TILL_STANDING_PAIRED;
    }
  gnutls_x509_crt_deinit (crt);

  return standing;
}

/* A list of our own, and not that of the credentials: what is named to clients is the root alone, as the
 * vendor's guide says, also where the terminal knows its intermediate one (API.md 5.2). */
static int
check_chain (TillPeer             *peer,
             const gnutls_datum_t *ders,
             unsigned int          n,
             unsigned int         *status)
{
  TillTerminal *terminal = peer->terminal;
  gboolean known = till_assumptions_is (&terminal->server->assumptions, TILL_ASSUME_TERMINAL_INTERMEDIATE, "known");
  gnutls_typed_vdata_st data = { GNUTLS_DT_KEY_PURPOSE_OID, (unsigned char *) GNUTLS_KP_TLS_WWW_CLIENT, 0 };
  gnutls_x509_crt_t crts[MOST_CRTS] = { NULL };
  gnutls_x509_trust_list_t list = NULL;
  int code;

  if ((code = gnutls_x509_trust_list_init (&list, 0)) < 0 ||
      (code = gnutls_x509_trust_list_add_cas (list, &terminal->root->crt, 1, 0)) < 0 ||
      (known && (code = gnutls_x509_trust_list_add_cas (list, &terminal->intermediate->crt, 1, 0)) < 0))
    goto out;

  n = MIN (n, MOST_CRTS);
  for (unsigned int i = 0; i < n; i++)
    {
      if ((code = gnutls_x509_crt_init (&crts[i])) < 0 ||
          (code = gnutls_x509_crt_import (crts[i], &ders[i], GNUTLS_X509_FMT_DER)) < 0)
        goto out;
    }

  code = gnutls_x509_trust_list_verify_crt2 (list, crts, n, &data, 1, 0, status, NULL);

out:
  for (unsigned int i = 0; i < MOST_CRTS; i++)
    g_clear_pointer (&crts[i], gnutls_x509_crt_deinit);
  /* The authorities are the terminal's: only the list goes. */
  if (list != NULL)
    gnutls_x509_trust_list_deinit (list, 0);

  return code;
}

static int
verify_cb (gnutls_session_t session)
{
  TillPeer *peer = gnutls_session_get_ptr (session);
  TillAssumptions *assumptions = &peer->terminal->server->assumptions;
  const gnutls_datum_t *ders;
  unsigned int status = 0;
  unsigned int n = 0;

  ders = gnutls_certificate_get_peers (session, &n);
  if (ders == NULL || n == 0)
    return 0;

  if (check_chain (peer, ders, n, &status) < 0)
    {
      peer->alert = GNUTLS_A_BAD_CERTIFICATE;
      return GNUTLS_E_CERTIFICATE_ERROR;
    }
  if (status != 0)
    {
      peer->alert = (status & GNUTLS_CERT_EXPIRED) != 0 ? GNUTLS_A_CERTIFICATE_EXPIRED : GNUTLS_A_CERTIFICATE_UNKNOWN;
      return GNUTLS_E_CERTIFICATE_ERROR;
    }

  peer->standing = find_standing (peer, ders);
  if (peer->standing == TILL_STANDING_OTHER &&
      till_assumptions_is (assumptions, TILL_ASSUME_TERMINAL_OTHER_CERTIFICATE, "alert"))
    return GNUTLS_E_CERTIFICATE_ERROR;

  return 0;
}

/* An alert on order comes before anything else is said. */
static int
hello_cb (gnutls_session_t session)
{
  TillPeer *peer = gnutls_session_get_ptr (session);

  return peer->ordered ? GNUTLS_E_CERTIFICATE_ERROR : 0;
}

static void
take_alert (TillPeer *peer)
{
  static const struct
  {
    const char                 *name;
    gnutls_alert_description_t  alert;
  } alerts[] = {
    { "certificate-unknown", GNUTLS_A_CERTIFICATE_UNKNOWN }, { "bad-certificate", GNUTLS_A_BAD_CERTIFICATE },
    { "unknown-ca", GNUTLS_A_UNKNOWN_CA }, { "handshake-failure", GNUTLS_A_HANDSHAKE_FAILURE },
  };
  g_autofree char *name = till_faults_take_one (&peer->terminal->server->faults, TILL_FAULT_TERMINAL_ALERT, NULL, "");

  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (alerts); i++)
    {
      if (strcmp (alerts[i].name, name) == 0)
        {
          peer->alert = alerts[i].alert;
          peer->ordered = TRUE;
        }
    }
}

static int
begin (TillPeer *peer)
{
  static const char * const priorities[] = {
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2", "NORMAL:-VERS-ALL:+VERS-TLS1.2", "NORMAL:-VERS-ALL:+VERS-TLS1.3",
  };
  TillTerminal *terminal = peer->terminal;
  TillAssumptions *assumptions = &terminal->server->assumptions;
  g_autofree char *fault = till_faults_take_one (&terminal->server->faults, TILL_FAULT_TERMINAL_IDENTITY, NULL, "");
  gnutls_certificate_request_t request = GNUTLS_CERT_REQUIRE;
  int code;

  take_alert (peer);
  if (till_assumptions_is (assumptions, TILL_ASSUME_TERMINAL_SECURITY, "tls"))
    request = GNUTLS_CERT_IGNORE;
  else if (till_assumptions_is (assumptions, TILL_ASSUME_TERMINAL_SECURITY, "mixed") && till_terminal_is_open (terminal))
    request = GNUTLS_CERT_REQUEST;

  if ((code = gnutls_certificate_allocate_credentials (&peer->credentials)) < 0 ||
      (code = till_terminal_present (terminal, fault, peer->credentials)) < 0)
    return code;

  gnutls_certificate_set_verify_function (peer->credentials, verify_cb);
  if ((code = gnutls_init (&peer->session, GNUTLS_SERVER | GNUTLS_NO_SIGNAL | GNUTLS_NO_TICKETS)) < 0 ||
      (code = gnutls_priority_set_direct (peer->session,
                                          priorities[till_assumptions_number (assumptions, TILL_ASSUME_TERMINAL_TLS)],
                                          NULL)) < 0 ||
      (code = gnutls_credentials_set (peer->session, GNUTLS_CRD_CERTIFICATE, peer->credentials)) < 0)
    return code;

  gnutls_certificate_server_set_request (peer->session, request);
  gnutls_handshake_set_post_client_hello_function (peer->session, hello_cb);
  gnutls_session_set_ptr (peer->session, peer);
  gnutls_transport_set_ptr (peer->session, peer);
  gnutls_transport_set_pull_function (peer->session, pull_cb);
  gnutls_transport_set_push_function (peer->session, push_cb);

  return 0;
}

/**
 * till_peer_shake_hands:
 * @peer: a connection
 *
 * Begins TLS, or does what was ordered instead.
 *
 * Returns: whether there is TLS; else the connection is over
 */
gboolean
till_peer_shake_hands (TillPeer *peer)
{
  int code = begin (peer);

  if (code < 0)
    return FALSE;

  do
    code = gnutls_handshake (peer->session);
  while (code < 0 && gnutls_error_is_fatal (code) == 0);

  if (code >= 0)
    {
      peer->secure = TRUE;
      return TRUE;
    }

  if (code == GNUTLS_E_CERTIFICATE_ERROR)
    gnutls_alert_send (peer->session, GNUTLS_AL_FATAL, peer->alert);
  else if (gnutls_protocol_get_version (peer->session) == GNUTLS_TLS1_2 &&
           (code == GNUTLS_E_NO_CERTIFICATE_FOUND || code == GNUTLS_E_CERTIFICATE_REQUIRED))
    /* GnuTLS would call it a decode error; only TLS 1.3 has an alert of its own for it. */
    gnutls_alert_send (peer->session, GNUTLS_AL_FATAL, GNUTLS_A_HANDSHAKE_FAILURE);
  else
    gnutls_alert_send_appropriate (peer->session, code);
  /* The alert is to arrive, and not be lost in a reset by what was not read. */
  g_socket_shutdown (peer->socket, FALSE, TRUE, NULL);
  till_peer_wait (peer, 2);
  till_peer_hold (peer);

  return FALSE;
}

/**
 * till_peer_read:
 * @peer: a connection
 * @data: (out caller-allocates): where to
 * @size: how much at most
 *
 * Returns: how much was read, 0 at the end, -1 where it was cut or took too long
 */
gssize
till_peer_read (TillPeer *peer,
                void     *data,
                gsize     size)
{
  gssize got;

  if (peer->ahead->len > 0)
    {
      gsize some = MIN (size, peer->ahead->len);

      memcpy (data, peer->ahead->data, some);
      g_byte_array_remove_range (peer->ahead, 0, (guint) some);
      return (gssize) some;
    }

  do
    got = gnutls_record_recv (peer->session, data, size);
  while (got == GNUTLS_E_AGAIN || got == GNUTLS_E_INTERRUPTED || got == GNUTLS_E_REHANDSHAKE);

  return MAX (got, -1);
}

/**
 * till_peer_unread:
 * @peer: a connection that nothing is left over of
 * @data: (array length=size): what was read beyond what was due
 * @size: how much
 *
 * Puts it back, to be read again.
 */
void
till_peer_unread (TillPeer   *peer,
                  const void *data,
                  gsize       size)
{
  g_byte_array_append (peer->ahead, data, (guint) size);
}

/**
 * till_peer_write:
 * @peer: a connection
 * @data: (array length=size): what
 * @size: how much
 *
 * Returns: whether all of it was sent
 */
gboolean
till_peer_write (TillPeer   *peer,
                 const void *data,
                 gsize       size)
{
  const guint8 *at = data;

  while (size > 0)
    {
      gssize put = gnutls_record_send (peer->session, at, size);

      if (put == GNUTLS_E_AGAIN || put == GNUTLS_E_INTERRUPTED)
        continue;
      if (put <= 0)
        return FALSE;
      at += put;
      size -= (gsize) put;
    }

  return TRUE;
}

/**
 * till_peer_bye:
 * @peer: a connection
 *
 * Ends it properly: with a word of TLS, and without cutting off what was sent.
 */
void
till_peer_bye (TillPeer *peer)
{
  till_peer_wait (peer, 5);
  gnutls_bye (peer->session, GNUTLS_SHUT_WR);
  g_socket_shutdown (peer->socket, FALSE, TRUE, NULL);
  till_peer_hold (peer);
}

/**
 * till_peer_hold:
 * @peer: a connection
 *
 * Says nothing more, and waits until the other end has gone or the deadline.
 */
void
till_peer_hold (TillPeer *peer)
{
  char waste[HOLD_BYTES];

  while (wait_for (peer, G_IO_IN) &&
         g_socket_receive_with_blocking (peer->socket, waste, sizeof waste, FALSE, NULL, NULL) > 0)
    ;
}

/**
 * till_peer_sleep:
 * @peer: a connection
 * @seconds: how long
 *
 * Lets time pass, unless the server ends.
 */
void
till_peer_sleep (TillPeer *peer,
                 guint     seconds)
{
  GPollFD fd;
  gint64 end = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;

  if (!g_cancellable_make_pollfd (peer->terminal->server->cancellable, &fd))
    return;

  while (g_get_monotonic_time () < end &&
         g_poll (&fd, 1, (gint) ((end - g_get_monotonic_time ()) / 1000 + 1)) == 0)
    ;
  g_cancellable_release_fd (peer->terminal->server->cancellable);
}
