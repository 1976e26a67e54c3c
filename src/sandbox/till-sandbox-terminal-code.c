/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terminal's set-up code: shown for 300 seconds, used once, withdrawn after five wrong ones (API.md 5.2). */
#include "config.h"

#include <gnutls/gnutls.h>
#include <string.h>

#include "till-sandbox-state.h"
#include "till-sandbox-terminal-private.h"

/* All with the lock held: the screen is told in the order in which things happen. */
static void
tell (TillTerminal         *self,
      TillTerminalNewsKind  kind,
      const char           *from,
      TillTerminalActivation *activation)
{
  TillTerminalNews *news = g_new0 (TillTerminalNews, 1);

  news->kind = kind;
  news->state = self->state;
  if (self->state == TILL_TERMINAL_CODE)
    {
      g_strlcpy (news->code, self->code, sizeof news->code);
      news->expires_at = self->expires_at;
    }
  news->wrong_tries = self->wrong_tries;
  news->from = g_strdup (from);
  news->activation = activation;

  till_sandbox_terminal_post (self->server->screen, news);
}

static void
show (TillTerminal *self)
{
  gint64 seconds = till_assumptions_number (&self->server->assumptions, TILL_ASSUME_TERMINAL_CODE_SECONDS);
  g_autofree char *code = till_random_text (TILL_ALPHABET_36, TILL_SETUP_CODE_CHARS);

  g_strlcpy (self->code, code, sizeof self->code);
  self->live = TRUE;
  self->taken = FALSE;
  self->wrong_tries = 0;
  self->shown_at = till_clock_get_boot (self->server->clock);
  self->expires_at = till_clock_get_now (self->server->clock) + seconds;
  self->state = TILL_TERMINAL_CODE;
  tell (self, TILL_NEWS_SCREEN, NULL, NULL);
}

/* "The timer refreshes every 300 seconds": a new code replaces the old one. */
static void
refresh (TillTerminal *self)
{
  TillAssumptions *assumptions = &self->server->assumptions;
  gint64 age = till_clock_get_boot (self->server->clock) - self->shown_at;

  if (age < till_assumptions_number (assumptions, TILL_ASSUME_TERMINAL_CODE_SECONDS))
    return;

  if (self->state == TILL_TERMINAL_CODE ||
      (self->state == TILL_TERMINAL_WITHDRAWN && till_assumptions_is (assumptions, TILL_ASSUME_TERMINAL_WITHDRAWN, "timer")))
    show (self);
  else
    self->live = FALSE;
}

/**
 * till_terminal_show_code:
 * @self: a terminal
 *
 * Generate Code was tapped.
 */
void
till_terminal_show_code (TillTerminal *self)
{
  g_mutex_lock (&self->lock);
  show (self);
  g_mutex_unlock (&self->lock);
}

/**
 * till_terminal_close_screen:
 * @self: a terminal
 *
 * Close was tapped.
 */
void
till_terminal_close_screen (TillTerminal *self)
{
  g_mutex_lock (&self->lock);
  self->live = FALSE;
  self->wrong_tries = 0;
  self->state = TILL_TERMINAL_IDLE;
  tell (self, TILL_NEWS_SCREEN, NULL, NULL);
  g_mutex_unlock (&self->lock);
}

/**
 * till_terminal_tick:
 * @self: a terminal
 *
 * Looks at the timer.
 */
void
till_terminal_tick (TillTerminal *self)
{
  g_mutex_lock (&self->lock);
  refresh (self);
  g_mutex_unlock (&self->lock);
}

/**
 * till_terminal_is_open:
 * @self: a terminal
 *
 * Returns: whether who has no certificate is let in to give a code, or to be told that it was withdrawn
 */
gboolean
till_terminal_is_open (TillTerminal *self)
{
  gboolean open;

  g_mutex_lock (&self->lock);
  refresh (self);
  open = self->live || self->state == TILL_TERMINAL_WITHDRAWN;
  g_mutex_unlock (&self->lock);

  return open;
}

static gboolean
is_right (TillTerminal *self,
          const char   *code)
{
  g_autofree char *folded = NULL;

  if (till_assumptions_is (&self->server->assumptions, TILL_ASSUME_TERMINAL_CODE_CASE, "fold"))
    code = folded = g_ascii_strup (code, -1);

  return strlen (code) == TILL_SETUP_CODE_CHARS && gnutls_memcmp (code, self->code, TILL_SETUP_CODE_CHARS) == 0;
}

/**
 * till_terminal_match_code:
 * @self: a terminal
 * @code: as it was given
 * @from: the address that gave it
 *
 * Holds a code against the one that is shown, and counts it where it is wrong.
 *
 * Returns: what came of it
 */
TillCodeMatch
till_terminal_match_code (TillTerminal *self,
                          const char   *code,
                          const char   *from)
{
  TillAssumptions *assumptions = &self->server->assumptions;
  gint64 most = till_assumptions_number (assumptions, TILL_ASSUME_TERMINAL_TRIES);
  TillCodeMatch match = TILL_CODE_RIGHT;

  g_mutex_lock (&self->lock);
  refresh (self);

  if (self->state == TILL_TERMINAL_WITHDRAWN)
    {
      match = TILL_CODE_LOCKED;
    }
  else if (!self->live || self->taken)
    {
      match = TILL_CODE_NONE;
    }
  else if (!is_right (self, code))
    {
      match = TILL_CODE_WRONG;
      self->wrong_tries++;
      if (most > 0 && self->wrong_tries >= most)
        {
          self->live = FALSE;
          self->state = TILL_TERMINAL_WITHDRAWN;
        }
      tell (self, TILL_NEWS_WRONG_CODE, from, NULL);
    }
  else
    {
      self->taken = till_assumptions_is (assumptions, TILL_ASSUME_TERMINAL_CODE_USE, "once");
    }

  g_mutex_unlock (&self->lock);

  return match;
}

/**
 * till_terminal_end_pairing:
 * @self: a terminal whose code was given rightly
 * @activation: (transfer full) (nullable): what was done; %NULL where it came to nothing
 *
 * Shows POS Activation Successful, or makes the code good again.
 */
void
till_terminal_end_pairing (TillTerminal           *self,
                           TillTerminalActivation *activation)
{
  g_mutex_lock (&self->lock);

  self->taken = FALSE;
  if (activation != NULL)
    {
      if (till_assumptions_is (&self->server->assumptions, TILL_ASSUME_TERMINAL_CODE_USE, "once"))
        self->live = FALSE;
      self->state = TILL_TERMINAL_ACTIVATED;
      tell (self, TILL_NEWS_ACTIVATED, NULL, activation);
    }

  g_mutex_unlock (&self->lock);
}
