/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the credentials pane says of times, clocks and refusals. */
#include "config.h"

#include "till-credentials-words.h"

#include <glib/gi18n.h>

#include "till-text.h"

/* What the documents have as the largest number of seconds; above it, it must be milliseconds (API.md 4.4). */
#define MOST_SECONDS 86400

/**
 * till_credentials_words_dup_left:
 * @seconds: until the end
 *
 * Returns: (transfer full): “12:31 left”
 */
char *
till_credentials_words_dup_left (gint64 seconds)
{
  seconds = CLAMP (seconds, 0, 24 * 3600);

  /* Translators: minutes and seconds until something runs out: “12:31 left”. */
  return g_strdup_printf (_("%1$d:%2$02d left"), (int) (seconds / 60), (int) (seconds % 60));
}

/**
 * till_credentials_words_dup_life:
 * @seconds: from begin to end
 *
 * Returns: (transfer full): “29 min 59 s”
 */
char *
till_credentials_words_dup_life (gint64 seconds)
{
  int minutes = (int) (CLAMP (seconds, 0, 24 * 3600) / 60);
  int rest = (int) (CLAMP (seconds, 0, 24 * 3600) % 60);

  if (minutes == 0)
    /* Translators: a number of seconds. */
    return g_strdup_printf (_("%d s"), rest);
  if (rest == 0)
    /* Translators: a number of minutes. */
    return g_strdup_printf (_("%d min"), minutes);

  /* Translators: minutes and seconds: “29 min 59 s”. */
  return g_strdup_printf (_("%1$d min %2$d s"), minutes, rest);
}

/**
 * till_credentials_words_dup_time:
 * @seconds: since 1970
 *
 * Returns: (transfer full): the time of day where the user lives
 */
char *
till_credentials_words_dup_time (gint64 seconds)
{
  g_autoptr(GDateTime) local = g_date_time_new_from_unix_local (seconds);

  if (local == NULL)
    return g_strdup (_("an unknown time"));

  /* Translators: a time of day, for g_date_time_format(): “16:36”. */
  return g_date_time_format (local, _("%H:%M"));
}

static char *
dup_issued (gint64 seconds)
{
  g_autoptr(GDateTime) utc = seconds != G_MININT64 ? g_date_time_new_from_unix_utc (seconds) : NULL;

  if (utc == NULL)
    return g_strdup (_("Time of issue not given"));

  /* Translators: a time of day, for g_date_time_format(): “Issued 16:06:05 UTC”. */
  return g_date_time_format (utc, _("Issued %H:%M:%S UTC"));
}

static char *
dup_clock (gint64 skew)
{
  g_autofree char *span = NULL;

  if (skew == G_MININT64)
    return g_strdup (_("the service’s clock is not known"));

  if (ABS (skew) <= TILL_CLOCK_AGREES_SECONDS)
    /* Translators: %d is a number of seconds: how far two clocks are apart. */
    return g_strdup_printf (_("clocks agree (%d s)"), (int) ABS (skew));

  span = till_text_dup_span (skew);
  /* Translators: %s is a length of time, such as “7 minutes”. */
  return g_strdup_printf (skew > 0 ? _("this computer’s clock is %s fast") : _("this computer’s clock is %s slow"), span);
}

/**
 * till_credentials_words_dup_facts:
 * @credentials: what was received
 * @skew: seconds that this computer is ahead; %G_MININT64 unknown
 *
 * Returns: (transfer full): when it was issued, how long it lasts, whether the clocks agree
 */
char *
till_credentials_words_dup_facts (const TillHubCredentials *credentials,
                                  gint64                    skew)
{
  g_autofree char *issued = dup_issued (credentials->issued_at);
  g_autofree char *clock = dup_clock (skew);
  g_autofree char *life = NULL;

  if (credentials->time_to_live == 0)
    /* Translators: %1$s: “Issued 16:06:05 UTC”; %2$s: “clocks agree (0 s)”. */
    return g_strdup_printf (_("%1$s · lifetime not given: used until refused · %2$s"), issued, clock);

  life = till_credentials_words_dup_life (credentials->time_to_live);
  /* Translators: %1$s: “Issued 16:06:05 UTC”; %2$s: “29 min 59 s”; %3$s: “clocks agree (0 s)”. */
  return g_strdup_printf (_("%1$s · valid for %2$s · %3$s"), issued, life, clock);
}

/**
 * till_credentials_words_dup_units:
 * @minutes: what is asked for; 0 for the longest
 * @credentials: (nullable): what was received last
 *
 * The service takes milliseconds and answers in seconds, and its documents
 * contradict each other (UX.md 2.9): both numbers, as they are on the line.
 *
 * Returns: (transfer full): one or two sentences
 */
char *
till_credentials_words_dup_units (guint                     minutes,
                                  const TillHubCredentials *credentials)
{
  g_autofree char *sent = NULL;
  g_autofree char *raw = NULL;
  gint64 number;

  if (minutes == 0)
    sent = g_strdup (_("Sent: no number, which asks for the longest."));
  else
    /* Translators: %u is a number of milliseconds. */
    sent = g_strdup_printf (_("Sent: %u, which is in milliseconds."), minutes * 60 * 1000);

  if (credentials == NULL)
    return g_steal_pointer (&sent);

  if (credentials->raw_time_to_live == NULL)
    /* Translators: %s is the sentence about what was sent. */
    return g_strdup_printf (_("%s\nReceived: no number."), sent);

  raw = till_text_dup_display (credentials->raw_time_to_live, 20);
  if (credentials->time_to_live == 0)
    /* Translators: %1$s is the sentence about what was sent; %2$s is foreign text that should have been a number. */
    return g_strdup_printf (_("%1$s\nReceived: “%2$s”, which makes no sense."), sent, raw);

  number = g_ascii_strtoll (credentials->raw_time_to_live, NULL, 10);
  /* Translators: %1$s is the sentence about what was sent; %2$s is the number that was received. */
  return g_strdup_printf (number > MOST_SECONDS ? _("%1$s\nReceived: %2$s, taken for milliseconds.")
                                                : _("%1$s\nReceived: %2$s, taken for seconds."),
                          sent, raw);
}

/**
 * till_credentials_words_dup_refused:
 * @skew: seconds that this computer is ahead; %G_MININT64 unknown
 *
 * Returns: (transfer full): what may be wrong
 */
char *
till_credentials_words_dup_refused (gint64 skew)
{
  g_autofree char *span = NULL;

  if (skew == G_MININT64)
    return g_strdup (_("The key, the secret or the clock may be wrong. Check them in the profile; the service did not say "
                       "what time it is there."));

  if (ABS (skew) <= TILL_CLOCK_AGREES_SECONDS)
    return g_strdup (_("The key or the secret is wrong, or may not be used for this. The clocks agree, so it is not the "
                       "time. Check both in the profile."));

  span = till_text_dup_span (skew);
  /* Translators: %s is a length of time, such as “6 minutes”. */
  return g_strdup_printf (skew > 0 ? _("The key, the secret or the clock may be wrong. Your clock is %s ahead of the "
                                       "server.")
                                   : _("The key, the secret or the clock may be wrong. Your clock is %s behind the "
                                       "server."),
                          span);
}
