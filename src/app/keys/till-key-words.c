/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of encryption keys: their standing, their times, when to make the next one. */
#include "config.h"

#include "till-key-words.h"

#include <glib/gi18n.h>

#include "till-text.h"

#define HOUR G_GINT64_CONSTANT (3600)

#define ID_FIRST 8
#define ID_LAST  4

/* A hint comes that long before the end, before the rotation window opens (RELIABILITY.md G32). */
#define HINT_HOURS 72
#define RED_HOURS  24

/**
 * till_key_words_dup_short_id:
 * @key_id: (nullable): the service's id of a key
 *
 * Returns: (transfer full): “accb12d8…48ee”, fit to be shown; a short id as it is
 */
char *
till_key_words_dup_short_id (const char *key_id)
{
  g_autofree char *shown = till_text_dup_display (key_id, TILL_TEXT_MAX_CHARS);
  g_autofree char *first = NULL;
  glong length = g_utf8_strlen (shown, -1);

  if (length <= ID_FIRST + ID_LAST + 2)
    return g_steal_pointer (&shown);

  first = g_utf8_substring (shown, 0, ID_FIRST);
  return g_strconcat (first, "…", g_utf8_offset_to_pointer (shown, length - ID_LAST), NULL);
}

/**
 * till_key_words_dup_kind:
 * @key: a key
 *
 * Returns: (transfer full): “RSA, 2048 bits”
 */
char *
till_key_words_dup_kind (const TillKeyRecord *key)
{
  return till_text_dup_algorithm (key->encryption_type, (int) CLAMP (key->modulus, 0, G_MAXINT), NULL);
}

/**
 * till_key_words_get_standing:
 * @standing: what a key is good for
 *
 * Returns: (transfer none): the same in words
 */
const char *
till_key_words_get_standing (TillKeyStanding standing)
{
  switch (standing)
    {
    case TILL_KEY_USE:
      /* Translators: the state of an encryption key. */
      return _("Use now");

    case TILL_KEY_ACCEPTED:
      /* Translators: the state of an encryption key: there is a newer one. */
      return _("May still be used");

    case TILL_KEY_NOT_YET:
      /* Translators: the state of an encryption key. */
      return _("Not valid yet");

    case TILL_KEY_ENDED:
      /* Translators: the state of an encryption key. */
      return _("Ended");

    case TILL_KEY_REVOKED:
      /* Translators: the state of an encryption key. */
      return _("Revoked");

    case TILL_KEY_INACTIVE:
      /* Translators: the state of an encryption key: the service no longer takes it. */
      return _("Switched off");

    case TILL_KEY_LEGACY:
      /* Translators: the state of an encryption key: the service has a newer one. */
      return _("Superseded");

    case TILL_KEY_UNUSABLE:
    default:
      /* Translators: the state of an encryption key: what the service says of it makes no sense. */
      return _("Not usable");
    }
}

/**
 * till_key_words_dup_moment:
 * @seconds: since 1970
 * @now: the moment it is said
 *
 * Returns: (transfer full): day and time in the user's zone and language: “Tue 16 Apr, 13:55”, with its year where
 *   that is not the present one
 */
char *
till_key_words_dup_moment (gint64 seconds,
                           gint64 now)
{
  g_autoptr(GDateTime) then = g_date_time_new_from_unix_local (seconds);
  g_autoptr(GDateTime) today = g_date_time_new_from_unix_local (now);

  if (then == NULL)
    return g_strdup (_("Not a valid date"));

  if (today != NULL && g_date_time_get_year (then) == g_date_time_get_year (today))
    /* Translators: day and time, for g_date_time_format(): “Tue 16 Apr, 13:55”. */
    return g_date_time_format (then, _("%a %-d %b, %H:%M"));

  /* Translators: day and time in another year, for g_date_time_format(): “Tue 16 Apr 2024, 13:55”. */
  return g_date_time_format (then, _("%a %-d %b %Y, %H:%M"));
}

/**
 * till_key_words_dup_validity:
 * @key: a key
 * @standing: what it is good for
 * @now: the moment
 *
 * Returns: (transfer full): “Ends Thu 18 Apr, 13:55 (in 3 days)”, or whatever matters of its times
 */
char *
till_key_words_dup_validity (const TillKeyRecord *key,
                             TillKeyStanding      standing,
                             gint64               now)
{
  g_autofree char *moment = NULL;
  g_autofree char *span = NULL;
  gint64 then = key->valid_to;

  if (standing == TILL_KEY_REVOKED && key->revoked_at != TILL_TIME_UNKNOWN)
    then = key->revoked_at;
  else if (standing == TILL_KEY_NOT_YET)
    then = key->valid_from;

  if (then == TILL_TIME_UNKNOWN)
    return g_strdup (_("When it ends is not known"));

  if (standing == TILL_KEY_UNUSABLE && key->valid_from != TILL_TIME_UNKNOWN && key->valid_to < key->valid_from)
    return g_strdup (_("It would end before it begins"));

  moment = till_key_words_dup_moment (then, now);
  span = till_text_dup_relative (now, then);

  if (standing == TILL_KEY_NOT_YET)
    /* Translators: day and time, then “in 3 days”. */
    return g_strdup_printf (_("Begins %s (%s)"), moment, span);

  if (standing == TILL_KEY_REVOKED && key->revoked_at != TILL_TIME_UNKNOWN)
    /* Translators: day and time, then “3 days ago”. */
    return g_strdup_printf (_("Revoked %s (%s)"), moment, span);

  if (now > then)
    /* Translators: day and time, then “3 days ago”. */
    return g_strdup_printf (_("Ended %s (%s)"), moment, span);

  /* Translators: day and time, then “in 3 days”. */
  return g_strdup_printf (_("Ends %s (%s)"), moment, span);
}

/**
 * till_key_words_get_urgency:
 * @advice: about all keys
 *
 * Returns: how much a new key is wanted
 */
TillKeyUrgency
till_key_words_get_urgency (const TillAdvice *advice)
{
  if (advice->use == NULL)
    return TILL_KEY_NONE;

  if (!advice->rotation_open)
    return advice->at < advice->rotate_from && advice->at >= advice->ends - HINT_HOURS * HOUR ? TILL_KEY_SOON :
                                                                                                 TILL_KEY_FINE;

  return advice->rotation_late || advice->at >= advice->ends - RED_HOURS * HOUR ? TILL_KEY_LATE : TILL_KEY_DUE;
}

/* The service's reminders that have gone out by now. */
static guint
count_reminders (const TillAdvice *advice)
{
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (advice->reminders); i++)
    n += advice->reminders[i] != TILL_TIME_UNKNOWN && advice->at >= advice->reminders[i];

  return n;
}

/**
 * till_key_words_dup_no_key:
 * @advice: about all keys; none of them is usable
 *
 * Returns: (transfer full): since when, or until when, there is no key to use
 */
char *
till_key_words_dup_no_key (const TillAdvice *advice)
{
  gint64 last = TILL_TIME_UNKNOWN;
  gint64 next = TILL_TIME_UNKNOWN;
  g_autofree char *moment = NULL;

  for (guint i = 0; i < advice->not_accepted->len; i++)
    {
      const TillKeyRecord *key = advice->not_accepted->pdata[i];
      gint64 end = key->valid_to;

      if (key->valid_from != TILL_TIME_UNKNOWN && key->valid_from > advice->at && key->revoked_at == TILL_TIME_UNKNOWN &&
          g_strcmp0 (key->status, "ACTIVE") == 0 && (next == TILL_TIME_UNKNOWN || key->valid_from < next))
        next = key->valid_from;

      if (key->revoked_at != TILL_TIME_UNKNOWN && (end == TILL_TIME_UNKNOWN || key->revoked_at < end))
        end = key->revoked_at;
      if (end != TILL_TIME_UNKNOWN && end <= advice->at && end > last)
        last = end;
    }

  if (next != TILL_TIME_UNKNOWN)
    {
      moment = till_key_words_dup_moment (next, advice->at);
      /* Translators: %s is day and time. */
      return g_strdup_printf (_("No usable key before %s"), moment);
    }

  if (last == TILL_TIME_UNKNOWN)
    return g_strdup (_("No usable key"));

  moment = till_key_words_dup_moment (last, advice->at);
  /* Translators: %s is day and time. */
  return g_strdup_printf (_("No usable key since %s"), moment);
}

/**
 * till_key_words_dup_next_step:
 * @advice: about all keys
 * @any: whether any key is known
 *
 * Returns: (transfer full): one or two sentences on what to do and by when
 */
char *
till_key_words_dup_next_step (const TillAdvice *advice,
                              gboolean          any)
{
  g_autofree char *due = till_key_words_dup_moment (advice->rotate_from, advice->at);
  g_autofree char *end = NULL;

  if (advice->use == NULL)
    return g_strdup (any ? _("Tills can't encrypt cards that way now. Generate a key, and give it to your tills.")
                         : _("Generate the first key, and give it to your tills."));

  end = till_key_words_dup_moment (advice->ends, advice->at);

  if (!advice->rotation_open && advice->at >= advice->rotate_from)
    /* Translators: %s is day and time. */
    return g_strdup_printf (_("The next key is ready. Give it to your tills before %s, when this one ends."), end);

  if (!advice->rotation_open)
    /* Translators: %s is day and time, such as “Tue 16 Apr, 13:55”. */
    return g_strdup_printf (_("Generate the next key by %s."), due);

  switch (count_reminders (advice))
    {
    case 0:
      /* Translators: both are day and time. */
      return g_strdup_printf (_("Generate the next key now. It was due from %s; this one ends %s."), due, end);

    case 1:
      /* Translators: the first %s is day and time of the end. */
      return g_strdup_printf (_("Generate the next key now: this one ends %s. Commerce Hub has sent its first reminder "
                                "by now (47 h)."), end);

    case 2:
      /* Translators: the first %s is day and time of the end. */
      return g_strdup_printf (_("Generate the next key now: this one ends %s. Commerce Hub has sent its second reminder "
                                "by now (44 h)."), end);

    default:
      /* Translators: the first %s is day and time of the end. */
      return g_strdup_printf (_("Generate the next key now: this one ends %s. Commerce Hub has sent its last reminder "
                                "by now (41 h)."), end);
    }
}

/**
 * till_key_words_dup_reminders:
 * @advice: about all keys
 *
 * Returns: (transfer full) (nullable): when the service reminds, one a line; %NULL where no key is usable
 */
char *
till_key_words_dup_reminders (const TillAdvice *advice)
{
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;
  g_autofree char *three = NULL;

  if (advice->use == NULL)
    return NULL;

  one = till_key_words_dup_moment (advice->reminders[0], advice->at);
  two = till_key_words_dup_moment (advice->reminders[1], advice->at);
  three = till_key_words_dup_moment (advice->reminders[2], advice->at);

  /* Translators: each %s is day and time; 47, 44 and 41 hours before the end of a key. Keep the line breaks. */
  return g_strdup_printf (_("47 h before the end: %s\n44 h: %s\n41 h: %s"), one, two, three);
}
