/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The screen of the sandbox's terminal: code, timer, addresses, POS Activation Successful (API.md 5.2, UX.md 2.6). */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * TillTerminalState:
 * @TILL_TERMINAL_OFF: the sandbox does not run
 * @TILL_TERMINAL_IDLE: no code is shown: Generate Code was not tapped yet
 * @TILL_TERMINAL_CODE: a code is shown, and another one when its time is over
 * @TILL_TERMINAL_WITHDRAWN: the code was taken back after too many wrong ones
 * @TILL_TERMINAL_ACTIVATED: POS Activation Successful, until Close is tapped
 *
 * What the screen shows.
 */
typedef enum
{
  TILL_TERMINAL_OFF,
  TILL_TERMINAL_IDLE,
  TILL_TERMINAL_CODE,
  TILL_TERMINAL_WITHDRAWN,
  TILL_TERMINAL_ACTIVATED,
} TillTerminalState;

#define TILL_TYPE_TERMINAL_STATE (till_terminal_state_get_type ())
GType till_terminal_state_get_type (void);

/**
 * TillTerminalActivation:
 * @pos_id: whose point of sale was activated
 * @from: the address that asked for it
 * @wss: whether it asked over WSS
 * @at: when, seconds since 1970
 * @serial: of the certificate, lower-case hex
 * @sha256: of the certificate, lower-case hex
 * @not_after: its end, seconds since 1970
 *
 * One that was successful.
 */
typedef struct
{
  char     *pos_id;
  char     *from;
  gboolean  wss;
  gint64    at;
  char     *serial;
  char     *sha256;
  gint64    not_after;
} TillTerminalActivation;

#define TILL_TYPE_SANDBOX_TERMINAL (till_sandbox_terminal_get_type ())

/**
 * TillSandboxTerminal:
 *
 * Belongs to a #TillSandbox and follows its terminal in the thread that starts
 * the sandbox: all signals come there. Properties, all read-only: "state",
 * "code" (%NULL but for %TILL_TERMINAL_CODE), "expires-at" (seconds since
 * 1970), "https", "wss", "serial", "wrong-tries". Signals: "activated" without
 * arguments, see till_sandbox_terminal_get_activation(); "wrong-code" with the
 * address that gave it and how many there were since the code came up.
 */
G_DECLARE_FINAL_TYPE (TillSandboxTerminal, till_sandbox_terminal, TILL, SANDBOX_TERMINAL, GObject)

TillTerminalState             till_sandbox_terminal_get_state       (TillSandboxTerminal *self);
const char                   *till_sandbox_terminal_get_code        (TillSandboxTerminal *self);
gint64                        till_sandbox_terminal_get_expires_at  (TillSandboxTerminal *self);
const char                   *till_sandbox_terminal_get_https       (TillSandboxTerminal *self);
const char                   *till_sandbox_terminal_get_wss         (TillSandboxTerminal *self);
const char                   *till_sandbox_terminal_get_serial      (TillSandboxTerminal *self);
guint                         till_sandbox_terminal_get_wrong_tries (TillSandboxTerminal *self);
const TillTerminalActivation *till_sandbox_terminal_get_activation  (TillSandboxTerminal *self);

/* Taps. In the thread that started the sandbox; nothing happens where it does not run. */
void                          till_sandbox_terminal_generate        (TillSandboxTerminal *self);
void                          till_sandbox_terminal_close           (TillSandboxTerminal *self);

G_END_DECLS
