/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set-up code: what it may look like, how long it lives, how often it may be tried. */
#include "config.h"

#include "till-setup-code.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

/*
 * What always holds: a code is taken at most once; never after its end; and
 * never are more than five wrong ones compared with it. Tries that are under
 * way count as wrong until they have ended, so that starting many at once buys
 * nothing.
 */
struct _TillSetupCode
{
  gint                ref_count;

  TillClock          *clock;
  TillSecret         *text;
  gint64              boot;         /* when it was made, with sleep counted */
  gint64              expires_at;   /* wall time, to be shown */
  guint               tries;        /* wrong ones and those under way */
  guint               under_way;
  TillSetupCodeState  end;          /* ALIVE: none but perhaps its time */
};

/* Crockford's base 32: no I, L, O, U. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* Five bytes are exactly eight characters: nothing is biased. */
static TillSecret *
make_text (void)
{
  TillSecret *text = till_secret_new (TILL_SETUP_CODE_CHARS);
  guint8 *buffer = till_secret_get_buffer (text);
  guint8 random[5];
  guint64 bits = 0;

  if (gnutls_rnd (GNUTLS_RND_KEY, random, sizeof random) < 0)
    g_error ("no random numbers");

  for (guint i = 0; i < sizeof random; i++)
    bits = bits << 8 | random[i];
  for (guint i = 0; i < TILL_SETUP_CODE_CHARS; i++)
    buffer[i] = (guint8) alphabet[bits >> (5 * (TILL_SETUP_CODE_CHARS - 1 - i)) & 31];

  till_wipe (random, sizeof random);
  till_wipe (&bits, sizeof bits);

  return text;
}

/**
 * till_setup_code_new:
 * @clock: asks for the time
 * @tries: wrong tries that count already: a restart does not give new ones
 *
 * Makes a code that is alive for %TILL_SETUP_CODE_SECONDS from now.
 *
 * Returns: (transfer full): a code; with five tries it is dead from the start
 */
TillSetupCode *
till_setup_code_new (TillClock *clock,
                     guint      tries)
{
  TillSetupCode *self;

  g_return_val_if_fail (clock != NULL, NULL);

  self = g_new0 (TillSetupCode, 1);
  self->ref_count = 1;
  self->clock = till_clock_ref (clock);
  self->text = make_text ();
  self->boot = till_clock_get_boot (clock);
  self->expires_at = till_clock_get_now (clock) + TILL_SETUP_CODE_SECONDS;
  self->tries = MIN (tries, TILL_SETUP_CODE_TRIES);
  if (self->tries == TILL_SETUP_CODE_TRIES)
    self->end = TILL_SETUP_CODE_DEAD;

  return self;
}

/**
 * till_setup_code_ref:
 * @self: a code
 *
 * Returns: (transfer full): the same
 */
TillSetupCode *
till_setup_code_ref (TillSetupCode *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

/**
 * till_setup_code_unref:
 * @self: (transfer full): a code
 *
 * Wipes it with the last reference.
 */
void
till_setup_code_unref (TillSetupCode *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  till_secret_unref (self->text);
  till_clock_unref (self->clock);
  g_free (self);
}

/**
 * till_setup_code_get_text:
 * @self: a code
 *
 * Returns: (transfer none): its eight characters
 */
const TillSecret *
till_setup_code_get_text (const TillSetupCode *self)
{
  return self->text;
}

/* A clock that runs backwards ends the code too: nothing else is safe. */
static gint64
get_age (const TillSetupCode *self)
{
  gint64 age = till_clock_get_boot (self->clock) - self->boot;

  return age < 0 ? TILL_SETUP_CODE_SECONDS : age;
}

/**
 * till_setup_code_get_state:
 * @self: a code
 *
 * Returns: what has become of it by now
 */
TillSetupCodeState
till_setup_code_get_state (const TillSetupCode *self)
{
  if (self->end == TILL_SETUP_CODE_ALIVE && get_age (self) >= TILL_SETUP_CODE_SECONDS)
    return TILL_SETUP_CODE_EXPIRED;

  return self->end;
}

/**
 * till_setup_code_get_expires_at:
 * @self: a code
 *
 * Returns: the wall time of its natural end, to be shown; what counts is the boot time
 */
gint64
till_setup_code_get_expires_at (const TillSetupCode *self)
{
  return self->expires_at;
}

/**
 * till_setup_code_get_seconds_left:
 * @self: a code
 *
 * Returns: how long it will still be taken; 0 after its end
 */
guint
till_setup_code_get_seconds_left (const TillSetupCode *self)
{
  if (till_setup_code_get_state (self) != TILL_SETUP_CODE_ALIVE)
    return 0;

  return (guint) (TILL_SETUP_CODE_SECONDS - get_age (self));
}

/**
 * till_setup_code_get_tries:
 * @self: a code
 *
 * Returns: how many tries count against it: what has to be on disk
 */
guint
till_setup_code_get_tries (const TillSetupCode *self)
{
  return self->tries;
}

/* What was alive when its time ran out stays expired, whatever the clock does next. */
static gboolean
is_alive (TillSetupCode *self)
{
  self->end = till_setup_code_get_state (self);

  return self->end == TILL_SETUP_CODE_ALIVE;
}

/**
 * till_setup_code_begin_try:
 * @self: a code
 *
 * Counts a try, before anything is compared.
 *
 * Returns: whether there may be one; then it has to be ended or dropped
 */
gboolean
till_setup_code_begin_try (TillSetupCode *self)
{
  if (!is_alive (self) || self->tries >= TILL_SETUP_CODE_TRIES)
    return FALSE;

  self->tries++;
  self->under_way++;

  return TRUE;
}

/**
 * till_setup_code_end_try:
 * @self: a code, with a try begun
 * @entered: what was entered, of till_setup_code_normalise()
 * @use: %FALSE leaves the right code alive, for a request that can't be met
 *
 * Compares, in constant time, and uses the code: one step. A right one gives
 * its try back.
 *
 * Returns: what came of the try
 */
TillTry
till_setup_code_end_try (TillSetupCode    *self,
                         const TillSecret *entered,
                         gboolean          use)
{
  g_return_val_if_fail (self->under_way > 0, TILL_TRY_REFUSED);

  self->under_way--;
  if (!is_alive (self))
    return TILL_TRY_REFUSED;

  if (till_secret_get_size (entered) == TILL_SETUP_CODE_CHARS &&
      gnutls_memcmp (till_secret_get_data (self->text), till_secret_get_data (entered), TILL_SETUP_CODE_CHARS) == 0)
    {
      self->tries--;
      if (use)
        self->end = TILL_SETUP_CODE_USED;
      return TILL_TRY_RIGHT;
    }

  if (self->tries - self->under_way >= TILL_SETUP_CODE_TRIES)
    self->end = TILL_SETUP_CODE_DEAD;

  return TILL_TRY_WRONG;
}

/**
 * till_setup_code_drop_try:
 * @self: a code, with a try begun
 *
 * Ends a try that could not be made because of us, uncompared; it does not count.
 */
void
till_setup_code_drop_try (TillSetupCode *self)
{
  g_return_if_fail (self->under_way > 0);

  self->under_way--;
  self->tries--;
}

/**
 * till_setup_code_withdraw:
 * @self: a code
 *
 * Ends it now, for good.
 */
void
till_setup_code_withdraw (TillSetupCode *self)
{
  if (is_alive (self))
    self->end = TILL_SETUP_CODE_WITHDRAWN;
}

/* What people put between the halves of a code: blanks and dashes of all kinds. */
static gboolean
is_filler (gunichar c)
{
  return c == ' ' || c == '-' || c == 0xA0 || (c >= 0x2010 && c <= 0x2015) || c == 0x202F || c == 0x2212;
}

/* A character outside the alphabet counts as one, and is never right. */
static guint8
normalise_char (gunichar c)
{
  if (c > 0x7F)
    return '?';

  c = (gunichar) g_ascii_toupper ((char) c);
  if (c == 'O')
    return '0';
  if (c == 'I' || c == 'L')
    return '1';

  return (guint8) c;
}

/**
 * till_setup_code_normalise:
 * @text: what was entered, UTF-8; need not end with a NUL
 * @size: its length in bytes
 *
 * Upper case, O read as 0, I and L as 1, blanks and dashes dropped. Look-alikes
 * of other scripts stay wrong.
 *
 * Returns: (transfer full) (nullable): eight bytes to compare; %NULL where it is not eight characters at all
 */
TillSecret *
till_setup_code_normalise (const char *text,
                           gsize       size)
{
  g_autoptr(TillSecret) secret = NULL;
  guint8 *buffer;
  guint n = 0;

  if (!g_utf8_validate_len (text, size, NULL))
    return NULL;

  secret = till_secret_new (TILL_SETUP_CODE_CHARS);
  buffer = till_secret_get_buffer (secret);
  for (const char *p = text; p < text + size; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (is_filler (c))
        continue;
      if (g_unichar_iscntrl (c) || n == TILL_SETUP_CODE_CHARS)
        return NULL;
      buffer[n++] = normalise_char (c);
    }

  return n == TILL_SETUP_CODE_CHARS ? g_steal_pointer (&secret) : NULL;
}
