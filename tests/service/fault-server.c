/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A raw server on loopback that does to a client whatever a test writes down. */
#include "config.h"

#include "fault-server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "till-process.h"

#define MAX_REQUEST_BYTES (8 * 1024 * 1024)

/*
 * What always holds: each connection has a thread of its own, which ends when
 * stop becomes readable; fault_server_free() waits for all of them.
 */
struct _FaultServer
{
  int                                listener;
  int                                stop;          /* eventfd, for all threads */
  guint16                            port;

  gnutls_certificate_credentials_t   credentials;   /* NULL: without TLS */
  gnutls_priority_t                  priority;
  gnutls_datum_t                     tickets;       /* so that sessions can be taken up again */
  FaultHandler                       handler;
  gpointer                           user_data;

  GThread                           *thread;
  GMutex                             lock;
  GPtrArray                         *threads;       /* (element-type GThread) of connections */
  GPtrArray                         *requests;      /* (element-type char) */
  guint                              n_connections;
  guint                              n_handshakes;
  gboolean                           http2;
};

struct _FaultConnection
{
  FaultServer      *server;
  int               fd;
  gnutls_session_t  session;      /* NULL: without TLS */
  gboolean          open;
  GString          *input;        /* what is not taken yet */
  char             *head;         /* of the request at hand */
  guint             number;
};

static void
check (int result)
{
  if (result < 0)
    g_error ("GnuTLS: %s", gnutls_strerror (result));
}

/* Waits until fd has something; FALSE where the test has ended, or time is up. */
static gboolean
wait_for (FaultServer *server,
          int          fd,
          short        events,
          int          milliseconds)
{
  struct pollfd fds[2] = { { .fd = server->stop, .events = POLLIN }, { .fd = fd, .events = events } };
  int n;

  do
    n = poll (fds, 2, milliseconds);
  while (n < 0 && errno == EINTR);

  return n > 0 && fds[0].revents == 0;
}

static gssize
receive (FaultConnection *self,
         char            *buffer,
         gsize            size)
{
  for (;;)
    {
      gssize n;

      if (self->session == NULL || gnutls_record_check_pending (self->session) == 0)
        if (!wait_for (self->server, self->fd, POLLIN, -1))
          return -1;

      n = self->session != NULL ? gnutls_record_recv (self->session, buffer, size) : recv (self->fd, buffer, size, 0);
      if (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED || (self->session == NULL && n < 0 && errno == EINTR))
        continue;

      return n;
    }
}

/* Reads until there are so many bytes; FALSE at the end. */
static gboolean
fill (FaultConnection *self,
      gsize            size)
{
  char buffer[16384];

  while (self->input->len < size)
    {
      gssize n = receive (self, buffer, sizeof buffer);

      if (n <= 0)
        return FALSE;

      g_string_append_len (self->input, buffer, n);
      if (self->input->len > MAX_REQUEST_BYTES)
        return FALSE;
    }

  return TRUE;
}

/* Takes one request in; FALSE where there is none any more. */
static gboolean
read_request (FaultConnection *self)
{
  g_autofree char *lower = NULL;
  const char *end;
  const char *length;
  gsize size;

  while ((end = strstr (self->input->str, "\r\n\r\n")) == NULL)
    if (!fill (self, self->input->len + 1))
      return FALSE;

  size = (gsize) (end - self->input->str) + 4;
  g_free (self->head);
  self->head = g_strndup (self->input->str, size);
  lower = g_ascii_strdown (self->head, -1);
  length = strstr (lower, "\r\ncontent-length:");
  if (length != NULL)
    {
      gsize body = (gsize) g_ascii_strtoull (length + strlen ("\r\ncontent-length:"), NULL, 10);

      if (!fill (self, size + body))
        return FALSE;

      size += body;
    }

  g_mutex_lock (&self->server->lock);
  self->number = self->server->requests->len;
  g_ptr_array_add (self->server->requests, g_strndup (self->input->str, size));
  g_mutex_unlock (&self->server->lock);
  g_string_erase (self->input, 0, (gssize) size);

  return TRUE;
}

static gboolean
start_tls (FaultConnection *self)
{
  const gnutls_datum_t protocols[2] = { { (guchar *) "h2", 2 }, { (guchar *) "http/1.1", 8 } };
  int result;

  check (gnutls_init (&self->session, GNUTLS_SERVER));
  check (gnutls_priority_set (self->session, self->server->priority));
  check (gnutls_credentials_set (self->session, GNUTLS_CRD_CERTIFICATE, self->server->credentials));
  check (gnutls_session_ticket_enable_server (self->session, &self->server->tickets));
  if (self->server->http2)
    check (gnutls_alpn_set_protocols (self->session, protocols, 2, GNUTLS_ALPN_SERVER_PRECEDENCE));
  gnutls_transport_set_int (self->session, self->fd);

  do
    {
      if (gnutls_record_check_pending (self->session) == 0 && !wait_for (self->server, self->fd, POLLIN, 10000))
        return FALSE;

      result = gnutls_handshake (self->session);
    }
  while (result < 0 && !gnutls_error_is_fatal (result));

  if (result < 0)
    {
      gnutls_alert_send_appropriate (self->session, result);
      return FALSE;
    }

  g_mutex_lock (&self->server->lock);
  self->server->n_handshakes++;
  g_mutex_unlock (&self->server->lock);

  return TRUE;
}

static gpointer
run_connection (gpointer user_data)
{
  FaultConnection *self = user_data;
  FaultServer *server = self->server;

  self->open = TRUE;
  self->input = g_string_new (NULL);

  if (server->credentials == NULL)
    server->handler (self, server->user_data);
  else if (start_tls (self))
    while (self->open && read_request (self))
      server->handler (self, server->user_data);

  fault_connection_close (self);
  if (self->session != NULL)
    gnutls_deinit (self->session);
  g_string_free (self->input, TRUE);
  g_free (self->head);
  g_free (self);

  return NULL;
}

static gpointer
run_listener (gpointer user_data)
{
  FaultServer *self = user_data;

  while (wait_for (self, self->listener, POLLIN, -1))
    {
      FaultConnection *connection;
      int one = 1;
      int fd = accept4 (self->listener, NULL, NULL, SOCK_CLOEXEC);

      if (fd < 0)
        continue;

      setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      connection = g_new0 (FaultConnection, 1);
      connection->server = self;
      connection->fd = fd;

      g_mutex_lock (&self->lock);
      self->n_connections++;
      g_ptr_array_add (self->threads, g_thread_new ("connection", run_connection, connection));
      g_mutex_unlock (&self->lock);
    }

  return NULL;
}

static void
set_credentials (FaultServer   *self,
                 FaultIdentity *identity)
{
  g_autofree gnutls_x509_crt_t *chain = g_new (gnutls_x509_crt_t, identity->chain->len);

  for (guint i = 0; i < identity->chain->len; i++)
    chain[i] = g_ptr_array_index (identity->chain, i);

  check (gnutls_certificate_allocate_credentials (&self->credentials));
  /* A chain that is none is what some tests are about. */
  gnutls_certificate_set_flags (self->credentials, GNUTLS_CERTIFICATE_SKIP_KEY_CERT_MATCH);
  check (gnutls_certificate_set_x509_key (self->credentials, chain, (int) identity->chain->len, identity->key));
}

static FaultServer *
server_new (FaultHandler handler,
            gpointer     user_data,
            int          backlog,
            int          family)
{
  FaultServer *self = g_new0 (FaultServer, 1);
  union
  {
    struct sockaddr     any;
    struct sockaddr_in  four;
    struct sockaddr_in6 six;
  } address = { .six = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT } };
  socklen_t size = sizeof address.six;

  if (family == AF_INET)
    {
      address.four = (struct sockaddr_in) { .sin_family = AF_INET, .sin_addr = { htonl (INADDR_LOOPBACK) } };
      size = sizeof address.four;
    }

  g_mutex_init (&self->lock);
  self->threads = g_ptr_array_new ();
  self->requests = g_ptr_array_new_with_free_func (g_free);
  self->handler = handler;
  self->user_data = user_data;
  self->stop = eventfd (0, EFD_CLOEXEC);
  self->listener = socket (family, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (bind (self->listener, &address.any, size) != 0 || listen (self->listener, backlog) != 0 ||
      getsockname (self->listener, &address.any, &size) != 0)
    g_error ("no port on loopback: %s", g_strerror (errno));

  self->port = ntohs (family == AF_INET ? address.four.sin_port : address.six.sin6_port);

  return self;
}

static FaultServer *
server_new_tls (FaultIdentity *identity,
                const char    *priority,
                FaultHandler   handler,
                gpointer       user_data,
                int            family)
{
  FaultServer *self = server_new (handler, user_data, 64, family);

  set_credentials (self, identity);
  check (gnutls_session_ticket_key_generate (&self->tickets));
  check (gnutls_priority_init (&self->priority, priority != NULL ? priority : TILL_TLS_PRIORITY, NULL));
  self->thread = g_thread_new ("listener", run_listener, self);

  return self;
}

/**
 * fault_server_new:
 * @identity: what it shows
 * @priority: (nullable): of GnuTLS; %NULL for what the program itself uses
 * @handler: for each request
 * @user_data: for @handler
 *
 * Returns: (transfer full): a server with TLS on a free port of 127.0.0.1
 */
FaultServer *
fault_server_new (FaultIdentity *identity,
                  const char    *priority,
                  FaultHandler   handler,
                  gpointer       user_data)
{
  return server_new_tls (identity, priority, handler, user_data, AF_INET);
}

/**
 * fault_server_can_ipv6:
 *
 * Returns: whether this machine has a loopback of IPv6
 */
gboolean
fault_server_can_ipv6 (void)
{
  struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
  int fd = socket (AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  gboolean can = fd >= 0 && bind (fd, (struct sockaddr *) &address, sizeof address) == 0;

  if (fd >= 0)
    close (fd);

  return can;
}

/**
 * fault_server_new_ipv6:
 * @identity: what it shows
 * @handler: for each request
 * @user_data: for @handler
 *
 * Returns: (transfer full): a server with TLS on a free port of ::1
 */
FaultServer *
fault_server_new_ipv6 (FaultIdentity *identity,
                       FaultHandler   handler,
                       gpointer       user_data)
{
  return server_new_tls (identity, NULL, handler, user_data, AF_INET6);
}

/**
 * fault_server_new_raw:
 * @handler: (nullable): for each connection; %NULL: none is ever taken
 * @user_data: for @handler
 *
 * Returns: (transfer full): a server without TLS on a free port of 127.0.0.1
 */
FaultServer *
fault_server_new_raw (FaultHandler handler,
                      gpointer     user_data)
{
  FaultServer *self = server_new (handler, user_data, handler != NULL ? 64 : 0, AF_INET);

  if (handler != NULL)
    self->thread = g_thread_new ("listener", run_listener, self);

  return self;
}

/**
 * fault_server_offer_http2:
 * @self: a server that nobody has asked yet
 *
 * Chooses HTTP/2 where the client offers it, which this server can't speak.
 */
void
fault_server_offer_http2 (FaultServer *self)
{
  self->http2 = TRUE;
}

/**
 * fault_server_get_port:
 * @self: a server
 *
 * Returns: its port
 */
guint16
fault_server_get_port (FaultServer *self)
{
  return self->port;
}

/**
 * fault_server_count_connections:
 * @self: a server
 *
 * Returns: how many connections were taken
 */
guint
fault_server_count_connections (FaultServer *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->n_connections;
  g_mutex_unlock (&self->lock);

  return n;
}

/**
 * fault_server_count_handshakes:
 * @self: a server
 *
 * Returns: how many connections got through TLS
 */
guint
fault_server_count_handshakes (FaultServer *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->n_handshakes;
  g_mutex_unlock (&self->lock);

  return n;
}

/**
 * fault_server_count_requests:
 * @self: a server
 *
 * Returns: how many requests came in whole
 */
guint
fault_server_count_requests (FaultServer *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->requests->len;
  g_mutex_unlock (&self->lock);

  return n;
}

/**
 * fault_server_dup_request:
 * @self: a server
 * @n: which, from 0
 *
 * Returns: (transfer full): head and body as they came
 */
char *
fault_server_dup_request (FaultServer *self,
                          guint        n)
{
  char *text;

  g_mutex_lock (&self->lock);
  g_assert_cmpuint (n, <, self->requests->len);
  text = g_strdup (g_ptr_array_index (self->requests, n));
  g_mutex_unlock (&self->lock);

  return text;
}

/**
 * fault_server_free:
 * @self: (transfer full): a server
 *
 * Ends all connections and waits for their threads.
 */
void
fault_server_free (FaultServer *self)
{
  guint64 one = 1;

  if (write (self->stop, &one, sizeof one) != sizeof one)
    g_error ("the server can't be stopped");

  if (self->thread != NULL)
    g_thread_join (self->thread);
  for (guint i = 0; i < self->threads->len; i++)
    g_thread_join (g_ptr_array_index (self->threads, i));

  if (self->credentials != NULL)
    gnutls_certificate_free_credentials (self->credentials);
  if (self->priority != NULL)
    gnutls_priority_deinit (self->priority);
  gnutls_free (self->tickets.data);
  close (self->listener);
  close (self->stop);
  g_ptr_array_unref (self->threads);
  g_ptr_array_unref (self->requests);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/**
 * fault_connection_get_request:
 * @self: a connection
 *
 * Returns: the number of the request in its server, from 0
 */
guint
fault_connection_get_request (FaultConnection *self)
{
  return self->number;
}

/**
 * fault_connection_get_head:
 * @self: a connection
 *
 * Returns: (transfer none): the head of the request
 */
const char *
fault_connection_get_head (FaultConnection *self)
{
  return self->head;
}

/**
 * fault_connection_read_head:
 * @self: a connection without TLS
 *
 * Returns: (transfer full): what comes up to an empty line, or the end
 */
char *
fault_connection_read_head (FaultConnection *self)
{
  while (strstr (self->input->str, "\r\n\r\n") == NULL && fill (self, self->input->len + 1))
    continue;

  return g_strdup (self->input->str);
}

/**
 * fault_connection_read_rest:
 * @self: a connection without TLS
 * @milliseconds: how long to wait for each piece
 *
 * Returns: (transfer full): all that came since the connection was taken
 */
char *
fault_connection_read_rest (FaultConnection *self,
                            guint            milliseconds)
{
  while (wait_for (self->server, self->fd, POLLIN, (int) milliseconds) && fill (self, self->input->len + 1))
    continue;

  return g_strdup (self->input->str);
}

/* One piece from one side to the other; FALSE at the end. */
static gboolean
hand_over (int from,
           int to)
{
  char buffer[16384];
  gssize n = recv (from, buffer, sizeof buffer, 0);

  return n > 0 && send (to, buffer, (gsize) n, MSG_NOSIGNAL) == n;
}

/**
 * fault_connection_relay:
 * @self: a connection without TLS
 * @port: of whom it is for
 *
 * Hands everything to and fro, until one side ends.
 */
void
fault_connection_relay (FaultConnection *self,
                        guint16          port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port), .sin_addr = { htonl (INADDR_LOOPBACK) } };
  struct pollfd fds[3] = { { .fd = self->server->stop, .events = POLLIN }, { .fd = self->fd, .events = POLLIN } };
  gboolean going;

  fds[2].fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  fds[2].events = POLLIN;
  going = connect (fds[2].fd, (struct sockaddr *) &address, sizeof address) == 0;

  while (going && poll (fds, 3, -1) > 0 && fds[0].revents == 0)
    {
      if (fds[1].revents != 0)
        going = hand_over (fds[1].fd, fds[2].fd);
      if (going && fds[2].revents != 0)
        going = hand_over (fds[2].fd, fds[1].fd);
    }

  close (fds[2].fd);
}

/**
 * fault_connection_write_bytes:
 * @self: a connection
 * @data: what
 * @size: how much
 *
 * Writes, and notices where the client has gone.
 */
void
fault_connection_write_bytes (FaultConnection *self,
                              const void      *data,
                              gsize            size)
{
  const char *p = data;

  while (self->open && size > 0)
    {
      gssize n;

      if (!wait_for (self->server, self->fd, POLLOUT, -1))
        {
          fault_connection_drop (self);
          return;
        }

      n = self->session != NULL ? gnutls_record_send (self->session, p, size) : send (self->fd, p, size, MSG_NOSIGNAL);
      if (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED)
        continue;

      if (n <= 0)
        {
          fault_connection_drop (self);
          return;
        }

      p += n;
      size -= (gsize) n;
    }
}

/**
 * fault_connection_write:
 * @self: a connection
 * @text: what
 *
 * Writes a text.
 */
void
fault_connection_write (FaultConnection *self,
                        const char      *text)
{
  fault_connection_write_bytes (self, text, strlen (text));
}

/**
 * fault_connection_printf:
 * @self: a connection
 * @format: as for printf()
 *
 * Writes a text that is put together.
 */
void
fault_connection_printf (FaultConnection *self,
                         const char      *format,
                         ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  fault_connection_write (self, text);
}

/**
 * fault_connection_wait:
 * @self: a connection
 * @milliseconds: how long
 *
 * Does nothing for a while.
 *
 * Returns: %FALSE where the client said something or went away, or the test is over
 */
gboolean
fault_connection_wait (FaultConnection *self,
                       guint            milliseconds)
{
  struct pollfd fds[2] = { { .fd = self->server->stop, .events = POLLIN }, { .fd = self->fd, .events = POLLIN } };

  return self->open && poll (fds, 2, (int) milliseconds) == 0;
}

/**
 * fault_connection_sleep:
 * @self: a connection
 * @milliseconds: how long
 *
 * Does nothing for a while, whatever the client does.
 *
 * Returns: %FALSE where the test is over
 */
gboolean
fault_connection_sleep (FaultConnection *self,
                        guint            milliseconds)
{
  struct pollfd fds[1] = { { .fd = self->server->stop, .events = POLLIN } };

  return poll (fds, 1, (int) milliseconds) == 0;
}

/**
 * fault_connection_reset:
 * @self: a connection
 *
 * Breaks it so that the client's kernel says "connection reset".
 */
void
fault_connection_reset (FaultConnection *self)
{
  const struct linger hard = { 1, 0 };

  if (!self->open)
    return;

  setsockopt (self->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  close (self->fd);
  self->open = FALSE;
}

/**
 * fault_connection_drop:
 * @self: a connection
 *
 * Closes the socket and says nothing in TLS.
 */
void
fault_connection_drop (FaultConnection *self)
{
  if (!self->open)
    return;

  close (self->fd);
  self->open = FALSE;
}

/**
 * fault_connection_close:
 * @self: a connection
 *
 * Closes it as TLS wants it.
 */
void
fault_connection_close (FaultConnection *self)
{
  if (!self->open)
    return;

  if (self->session != NULL)
    gnutls_bye (self->session, GNUTLS_SHUT_WR);
  close (self->fd);
  self->open = FALSE;
}

/**
 * fault_connection_is_open:
 * @self: a connection
 *
 * Returns: whether it can still be written to
 */
gboolean
fault_connection_is_open (FaultConnection *self)
{
  return self->open;
}
