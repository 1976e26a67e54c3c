/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terminal behind its screen: what its files share. */
#pragma once

#include <gio/gio.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "till-sandbox-authority.h"
#include "till-sandbox-private.h"
#include "till-sandbox-terminal-screen.h"
#include "till-secret.h"

G_BEGIN_DECLS

/* More at a time are turned away; nobody practises with that many. */
#define TILL_TERMINAL_PEERS 128

/* A request and a message are a few dozen bytes. */
#define TILL_TERMINAL_HEADER_BYTES (16 * 1024)
#define TILL_TERMINAL_BODY_BYTES (16 * 1024)
#define TILL_TERMINAL_FRAGMENTS 16

#define TILL_TERMINAL_NAME_BYTES 255

/**
 * TillPos:
 * @pos_id: (owned): its name
 * @serial: (owned): of its certificate, lower-case hex
 * @sha256: (owned): of its certificate, lower-case hex
 * @issued_at: seconds since 1970
 * @not_after: likewise
 * @replaced: whether another certificate took its place
 *
 * A certificate that the terminal has issued.
 */
typedef struct
{
  char     *pos_id;
  char     *serial;
  char     *sha256;
  gint64    issued_at;
  gint64    not_after;
  gboolean  replaced;
} TillPos;

/**
 * TillCodeMatch:
 * @TILL_CODE_RIGHT: it was right; till_terminal_end_pairing() comes next
 * @TILL_CODE_WRONG: wrong or expired
 * @TILL_CODE_NONE: none is good now
 * @TILL_CODE_LOCKED: it was withdrawn
 *
 * What came of a code.
 */
typedef enum
{
  TILL_CODE_RIGHT,
  TILL_CODE_WRONG,
  TILL_CODE_NONE,
  TILL_CODE_LOCKED,
} TillCodeMatch;

/**
 * TillTerminal:
 * @server: whose it is
 * @port: that it listens on
 * @root: what the sandbox's root certificate service hands out
 * @intermediate: issues all end certificates
 * @crt: of the terminal, a slot for each name behind its serial number
 * @key: of each of those
 * @service: (nullable): listens
 * @tick: (nullable): looks at the timer each second
 * @peers: how many connections there are; of the server's thread
 * @lock: guards all below
 * @serial: of the terminal
 * @state: of the screen
 * @code: the one that is shown or was good last
 * @live: whether it is good
 * @taken: it was given rightly, and that pairing is not done yet
 * @shown_at: since when, seconds after boot
 * @expires_at: the same moment's end for people, seconds since 1970
 * @wrong_tries: since it came up
 * @issued: (element-type TillPos): all certificates that were issued
 *
 * Made in the server's thread; its connections have a thread each.
 */
struct _TillTerminal
{
  TillSandboxServer     *server;
  guint16                port;
  TillAuthority         *root;
  TillAuthority         *intermediate;
  gnutls_x509_crt_t      crt[2];
  gnutls_x509_privkey_t  key[2];
  GSocketService        *service;
  GSource               *tick;
  guint                  peers;

  GMutex                 lock;
  char                  *serial;
  TillTerminalState      state;
  char                   code[TILL_SETUP_CODE_CHARS + 1];
  gboolean               live;
  gboolean               taken;
  gint64                 shown_at;
  gint64                 expires_at;
  guint                  wrong_tries;
  GPtrArray             *issued;
};

/**
 * TillStanding:
 * @TILL_STANDING_NONE: no certificate was shown
 * @TILL_STANDING_PAIRED: one that the terminal has issued and that is good
 * @TILL_STANDING_OTHER: one of its authority, of another pairing
 *
 * Who is at the other end.
 */
typedef enum
{
  TILL_STANDING_NONE,
  TILL_STANDING_PAIRED,
  TILL_STANDING_OTHER,
} TillStanding;

/**
 * TillPeer:
 * @terminal: whose connection it is
 * @connection: (owned): it
 * @socket: of it
 * @thread: (owned): that does all the work
 * @from: (owned): the address at the other end
 * @session: (nullable): once TLS was begun
 * @credentials: (nullable): of @session
 * @alert: that the handshake ends in, where it is refused
 * @ordered: whether @alert is one on order
 * @secure: whether there is TLS
 * @standing: who is at the other end
 * @ahead: (owned): what was read and not used yet
 * @deadline: monotonic microseconds; nothing is waited for beyond
 *
 * A connection.
 */
typedef struct
{
  TillTerminal                     *terminal;
  GSocketConnection                *connection;
  GSocket                          *socket;
  GThread                          *thread;
  char                             *from;
  gnutls_session_t                  session;
  gnutls_certificate_credentials_t  credentials;
  gnutls_alert_description_t        alert;
  gboolean                          ordered;
  gboolean                          secure;
  TillStanding                      standing;
  GByteArray                       *ahead;
  gint64                            deadline;
} TillPeer;

/**
 * TillReply:
 * @status: as over HTTPS
 * @content_type: of @text
 * @text: (owned): the answer itself
 * @paired: a pairing was done
 * @refused: it is a refusal
 *
 * What the terminal answers to a message, over HTTPS and over WSS alike.
 */
typedef struct
{
  guint        status;
  const char  *content_type;
  TillSecret  *text;
  gboolean     paired;
  gboolean     refused;
} TillReply;

/* till-sandbox-terminal-server.c */
TillTerminal  *till_terminal_open          (TillSandboxServer       *server,
                                            TillAuthority           *root,
                                            GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean       till_terminal_listen        (TillTerminal            *self,
                                            guint16                  port,
                                            GError                 **error);
void           till_terminal_shut          (TillTerminal            *self);
void           till_terminal_free          (TillTerminal            *self);

/* till-sandbox-terminal-code.c */
void           till_terminal_show_code     (TillTerminal            *self);
void           till_terminal_close_screen  (TillTerminal            *self);
void           till_terminal_tick          (TillTerminal            *self);
gboolean       till_terminal_is_open       (TillTerminal            *self);
TillCodeMatch  till_terminal_match_code    (TillTerminal            *self,
                                            const char              *code,
                                            const char              *from);
void           till_terminal_end_pairing   (TillTerminal            *self,
                                            TillTerminalActivation  *activation);

/* till-sandbox-terminal-state.c */
gboolean       till_terminal_load          (TillTerminal            *self,
                                            GError                 **error);
gboolean       till_terminal_add_pos       (TillTerminal            *self,
                                            TillPos                 *pos,
                                            GError                 **error);
gboolean       till_terminal_knows_pos_id  (TillTerminal            *self,
                                            const char              *pos_id);
gboolean       till_terminal_knows_crt     (TillTerminal            *self,
                                            const char              *sha256);
void           till_pos_free               (TillPos                 *pos);

/* till-sandbox-terminal-issue.c */
gboolean       till_terminal_open_identity (TillTerminal            *self,
                                            GError                 **error);
int            till_terminal_present       (TillTerminal            *self,
                                            const char              *fault,
                                            gnutls_certificate_credentials_t credentials);
TillSecret    *till_terminal_issue         (TillTerminal            *self,
                                            const char              *pos_id,
                                            const char              *fault,
                                            TillPos                **pos,
                                            GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
char          *till_terminal_sha256        (gnutls_x509_crt_t        crt) G_GNUC_WARN_UNUSED_RESULT;

/* till-sandbox-terminal-tls.c */
TillPeer      *till_peer_new               (TillTerminal            *terminal,
                                            GSocketConnection       *connection) G_GNUC_WARN_UNUSED_RESULT;
void           till_peer_free              (TillPeer                *peer);
void           till_peer_wait              (TillPeer                *peer,
                                            guint                    seconds);
gboolean       till_peer_shake_hands       (TillPeer                *peer);
gssize         till_peer_read              (TillPeer                *peer,
                                            void                    *data,
                                            gsize                    size);
void           till_peer_unread            (TillPeer                *peer,
                                            const void              *data,
                                            gsize                    size);
gboolean       till_peer_write             (TillPeer                *peer,
                                            const void              *data,
                                            gsize                    size);
void           till_peer_bye               (TillPeer                *peer);
void           till_peer_hold              (TillPeer                *peer);
void           till_peer_sleep             (TillPeer                *peer,
                                            guint                    seconds);

/* till-sandbox-terminal-http.c */
void           till_peer_serve             (TillPeer                *peer);

/* till-sandbox-terminal-socket.c */
gboolean       till_peer_is_upgrade        (SoupMessageHeaders      *headers);
guint          till_peer_check_upgrade     (SoupMessageHeaders      *headers);
void           till_peer_serve_socket      (TillPeer                *peer,
                                            SoupMessageHeaders      *headers,
                                            const char              *path);

/* till-sandbox-terminal-message.c */
void           till_peer_answer            (TillPeer                *peer,
                                            const char              *path,
                                            gboolean                 wss,
                                            const char              *text,
                                            gsize                    size,
                                            TillReply               *reply);
void           till_reply_refuse           (TillReply               *reply,
                                            guint                    status,
                                            const char              *message,
                                            const char              *description);
void           till_reply_clear            (TillReply               *reply);

G_END_DECLS
