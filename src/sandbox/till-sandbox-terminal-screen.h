/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the server tells the screen of its terminal, and what the screen asks of it. */
#pragma once

#include "till-sandbox-terminal.h"

G_BEGIN_DECLS

#define TILL_SETUP_CODE_CHARS 8

typedef enum
{
  TILL_NEWS_SCREEN,      /* it shows something else */
  TILL_NEWS_WRONG_CODE,
  TILL_NEWS_ACTIVATED,
} TillTerminalNewsKind;

/**
 * TillTerminalNews:
 * @kind: what has happened
 * @state: of the screen then
 * @code: what it shows then, "" for none
 * @expires_at: the end of @code, seconds since 1970
 * @wrong_tries: how many there were for it
 * @from: (owned) (nullable): the address that gave a wrong code
 * @activation: (owned) (nullable): the one that was successful
 */
typedef struct
{
  TillTerminalNewsKind    kind;
  TillTerminalState       state;
  char                    code[TILL_SETUP_CODE_CHARS + 1];
  gint64                  expires_at;
  guint                   wrong_tries;
  char                   *from;
  TillTerminalActivation *activation;
} TillTerminalNews;

/* tap: TRUE for Generate Code, FALSE for Close. */
typedef void (*TillTerminalTapFunc) (gboolean  generate,
                                     gpointer  user_data);

TillSandboxTerminal    *till_sandbox_terminal_new      (TillTerminalTapFunc           tap,
                                                        gpointer                      user_data) G_GNUC_WARN_UNUSED_RESULT;
void                    till_sandbox_terminal_detach   (TillSandboxTerminal          *self);
void                    till_sandbox_terminal_begin    (TillSandboxTerminal          *self,
                                                        GMainContext                 *context);
void                    till_sandbox_terminal_opened   (TillSandboxTerminal          *self,
                                                        const char                   *https,
                                                        const char                   *wss,
                                                        const char                   *serial);
void                    till_sandbox_terminal_ended    (TillSandboxTerminal          *self);
void                    till_sandbox_terminal_post     (TillSandboxTerminal          *self,
                                                        TillTerminalNews             *news);

TillTerminalActivation *till_terminal_activation_copy  (const TillTerminalActivation *self) G_GNUC_WARN_UNUSED_RESULT;
void                    till_terminal_activation_free  (TillTerminalActivation       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillTerminalActivation, till_terminal_activation_free)

G_END_DECLS
