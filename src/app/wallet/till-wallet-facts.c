/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of a certificate at a service; no widgets. */
#include "config.h"

#include "till-wallet-facts.h"

#include <glib/gi18n.h>

#include "till-calendar.h"
#include "till-fact.h"
#include "till-key-words.h"
#include "till-text.h"

/* Names of templates in one line; the list has the others. */
#define TEMPLATES_IN_LINE 3

/**
 * till_wallet_facts_dup_title:
 * @item: a certificate
 *
 * Returns: (transfer full): what people call it, fit to be shown
 */
char *
till_wallet_facts_dup_title (const TillItem *item)
{
  return till_text_dup_display (item->title, TILL_TEXT_MAX_CHARS);
}

/* (nullable): the names of the first ones. */
static char *
dup_template_names (const TillItem *item,
                    guint          *n)
{
  g_autoptr(GString) names = g_string_new (NULL);

  *n = item->wallet != NULL ? item->wallet->templates->len : 0;
  if (*n == 0)
    return NULL;

  for (guint i = 0; i < MIN (*n, TEMPLATES_IN_LINE); i++)
    {
      const TillWalletTemplate *one = item->wallet->templates->pdata[i];
      g_autofree char *name = till_text_dup_display (*one->name != '\0' ? one->name : one->id, 60);

      if (i > 0)
        /* Translators: stands between the parts of a list. */
        g_string_append (names, _(", "));
      g_string_append (names, name);
    }
  if (*n > TEMPLATES_IN_LINE)
    g_string_append (names, "…");

  return g_strdup (names->str);
}

/**
 * till_wallet_facts_dup_templates:
 * @item: a certificate
 *
 * Returns: (transfer full) (nullable): which templates use it: “2 templates: Gold, Silver”
 */
char *
till_wallet_facts_dup_templates (const TillItem *item)
{
  guint n;
  g_autofree char *names = dup_template_names (item, &n);

  /* Translators: how many templates use a certificate, and their names. */
  return names != NULL ? g_strdup_printf (ngettext ("%u template: %s", "%u templates: %s", n), n, names) : NULL;
}

/**
 * till_wallet_facts_dup_uses:
 * @item: a certificate
 *
 * Returns: (transfer full) (nullable): a sentence: “2 templates use it: Gold, Silver.”
 */
char *
till_wallet_facts_dup_uses (const TillItem *item)
{
  guint n;
  g_autofree char *names = dup_template_names (item, &n);

  /* Translators: how many templates use a certificate, and their names. */
  return names != NULL ? g_strdup_printf (ngettext ("%u template uses it: %s.", "%u templates use it: %s.", n), n, names)
                       : NULL;
}

/**
 * till_wallet_facts_dup_note:
 * @item: a certificate
 * @now: seconds since 1970
 *
 * Returns: (transfer full) (nullable): what does not fit, in whole sentences
 */
char *
till_wallet_facts_dup_note (const TillItem *item,
                            gint64          now)
{
  const TillWalletCertificate *wallet = item->wallet;
  gint64 until = item->ending.until;

  if (wallet == NULL)
    return item->upload->sha256 == NULL ? g_strdup (_("A public key without a certificate has no end date.")) : NULL;

  if (wallet->problem != NULL)
    {
      g_autofree char *field = till_text_dup_display (wallet->problem, 60);

      /* Translators: %s is the name of a part of the answer: “validityEnd”. */
      return g_strdup_printf (_("Airship’s answer has %s in a form that can’t be read."), field);
    }

  if (until == TILL_TIME_UNKNOWN)
    return g_strdup (_("Airship does not say until when it is valid."));

  if (wallet->expired == TILL_TRI_TRUE && now <= until)
    return g_strdup (_("Airship says that it has expired already. This computer’s clock may be wrong."));
  if (wallet->expired == TILL_TRI_FALSE && now > until)
    return g_strdup (_("Airship does not say yet that it has expired. This computer’s clock may be wrong."));

  return NULL;
}

/**
 * till_wallet_facts_dup_elsewhere:
 * @item: a certificate
 *
 * The calls are for Apple's certificates only (services/airship-wallet-certificates.md).
 *
 * Returns: (transfer full) (nullable): where it is managed, if not here
 */
char *
till_wallet_facts_dup_elsewhere (const TillItem *item)
{
  const char *vendor = item->wallet != NULL ? item->wallet->vendor : NULL;
  g_autofree char *shown = NULL;

  if (vendor == NULL || g_ascii_strcasecmp (vendor, "Apple") == 0)
    return NULL;

  if (g_ascii_strcasecmp (vendor, "Google") == 0)
    return g_strdup (_("Google certificates are managed on Airship’s own pages. Here they can only be looked at."));

  shown = till_text_dup_display (vendor, 40);
  /* Translators: %s is who issues a certificate, such as “Google”. */
  return g_strdup_printf (_("Certificates of %s are managed on Airship’s own pages. Here they can only be looked at."),
                          shown);
}

/**
 * till_wallet_facts_dup_offline:
 * @seen_at: when it was last known
 * @now: seconds since 1970
 *
 * Returns: (transfer full): why nothing can be changed
 */
char *
till_wallet_facts_dup_offline (gint64 seen_at,
                               gint64 now)
{
  g_autoptr(GDateTime) then = g_date_time_new_from_unix_local (seen_at);
  g_autoptr(GDateTime) today = g_date_time_new_from_unix_local (now);
  g_autofree char *when = NULL;

  if (then != NULL && today != NULL && g_date_time_get_year (then) == g_date_time_get_year (today) &&
      g_date_time_get_day_of_year (then) == g_date_time_get_day_of_year (today))
    /* Translators: a time of today, for g_date_time_format(): “09:12”. */
    when = g_date_time_format (then, _("%H:%M"));
  else
    when = till_key_words_dup_moment (seen_at, now);

  /* Translators: %s is a time, with its day where that is not today. */
  return g_strdup_printf (_("Offline. Known since %s."), when);
}

static const char *
get_tri (TillTri value)
{
  switch (value)
    {
    case TILL_TRI_TRUE:
      return _("Yes");

    case TILL_TRI_FALSE:
      return _("No");

    case TILL_TRI_UNKNOWN:
    default:
      return _("Airship does not say");
    }
}

static void
add_time (GPtrArray  *facts,
          const char *title,
          gint64      seconds)
{
  g_autofree char *text = NULL;

  if (seconds == TILL_TIME_UNKNOWN || seconds == TILL_TIME_NEVER)
    return;

  text = till_text_dup_date_time (seconds);
  till_facts_add (facts, title, text, text);
}

/**
 * till_wallet_facts_new_plain:
 * @item: a certificate
 *
 * Returns: (transfer full) (element-type TillFact): what a person wants to know of it
 */
GPtrArray *
till_wallet_facts_new_plain (const TillItem *item)
{
  GPtrArray *facts = till_facts_new ();

  if (item->wallet != NULL)
    {
      const TillWalletCertificate *wallet = item->wallet;

      if (wallet->templates->len == 0)
        till_facts_add (facts, _("Used For"), _("No template"), NULL);
      till_facts_add_foreign (facts, _("Identifier"), wallet->base_name);
      till_facts_add_foreign (facts, _("Team"), wallet->team_identifier);
      /* Translators: whether passes may be held to a reader. */
      till_facts_add (facts, _("NFC"), wallet->nfc_support == TILL_TRI_TRUE    ? _("Supported")
                                       : wallet->nfc_support == TILL_TRI_FALSE ? _("Not supported")
                                                                               : get_tri (TILL_TRI_UNKNOWN), NULL);
    }
  else
    {
      const TillUploadRecord *upload = item->upload;

      till_facts_add_foreign (facts, _("Key ID"), upload->client_key_id);
      till_facts_add_foreign (facts, _("Algorithm"), upload->algorithm);
      add_time (facts, _("Uploaded"), upload->uploaded_at);
      till_facts_add_hex (facts, _("Fingerprint of the Certificate (SHA-256)"), upload->sha256);
      till_facts_add_hex (facts, _("Fingerprint of the Key (SHA-256)"), upload->public_key_sha256);
    }

  return facts;
}

/**
 * till_wallet_facts_new_technical:
 * @item: a certificate
 *
 * Returns: (transfer full) (element-type TillFact): what the service's people may ask for
 */
GPtrArray *
till_wallet_facts_new_technical (const TillItem *item)
{
  GPtrArray *facts = till_facts_new ();

  add_time (facts, _("Valid From"), item->upload != NULL && item->upload->sha256 == NULL ? TILL_TIME_UNKNOWN
                                                                                         : item->ending.from);
  add_time (facts, _("Valid Until"), item->ending.until);
  if (item->wallet != NULL)
    {
      const TillWalletCertificate *wallet = item->wallet;

      /* Translators: by the clock of the service. */
      till_facts_add (facts, _("Expired, as Airship Says"), get_tri (wallet->expired), NULL);
      till_facts_add_foreign (facts, _("Provider"), wallet->vendor);
      till_facts_add_foreign (facts, _("ID at Airship"), wallet->id);
      /* Translators: when a certificate was added to a service. */
      add_time (facts, _("Added"), wallet->created_at);
      /* Translators: when a certificate was last changed at a service. */
      add_time (facts, _("Last Changed"), wallet->updated_at);
    }
  else
    {
      till_facts_add_foreign (facts, _("Fingerprint as Commerce Hub Sent It"), item->upload->public_key_hash);
      till_facts_add_foreign (facts, _("Trace ID"), item->upload->trace_id);
    }

  return facts;
}

/* “A” in quotation marks, or words for nothing. */
static char *
dup_quoted (const char *text)
{
  g_autofree char *shown = till_text_dup_display (text, TILL_TEXT_MAX_CHARS);

  if (*shown == '\0')
    /* Translators: stands where a name or a comment would: there is none. */
    return g_strdup (_("none"));

  /* Translators: %s is a name or a comment; the quotation marks of the language. */
  return g_strdup_printf (_("“%s”"), shown);
}

static void
add_difference (GPtrArray  *facts,
                const char *title,
                const char *before,
                const char *now,
                const char *mine)
{
  g_autofree char *text = NULL;

  if (mine != NULL)
    /* Translators: three states of the same: as it was, as somebody else has changed it, as this person would like it. */
    text = g_strdup_printf (_("Before: %s\nNow: %s\nYours: %s"), before, now, mine);
  else
    /* Translators: two states of the same: as it was, and as somebody else has changed it. */
    text = g_strdup_printf (_("Before: %s\nNow: %s"), before, now);
  till_facts_add (facts, title, text, NULL);
}

static void
add_text_difference (GPtrArray  *facts,
                     const char *title,
                     const char *before,
                     const char *now,
                     const char *mine)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;

  if (g_strcmp0 (before != NULL ? before : "", now != NULL ? now : "") == 0)
    return;

  first = dup_quoted (before);
  second = dup_quoted (now);
  third = mine != NULL ? dup_quoted (mine) : NULL;
  add_difference (facts, title, first, second, third);
}

static void
add_tri_difference (GPtrArray  *facts,
                    const char *title,
                    TillTri     before,
                    TillTri     now)
{
  if (before != now)
    add_difference (facts, title, get_tri (before), get_tri (now), NULL);
}

/**
 * till_wallet_facts_new_differences:
 * @before: a certificate of the wallet as it was known
 * @now: as it is
 * @name: (nullable): what it would be called by the person here; %NULL: no wish
 * @comment: (nullable): likewise
 *
 * Returns: (transfer full) (element-type TillFact): what somebody has changed meanwhile (RELIABILITY.md 5.2, row 65)
 */
GPtrArray *
till_wallet_facts_new_differences (const TillItem *before,
                                   const TillItem *now,
                                   const char     *name,
                                   const char     *comment)
{
  const TillWalletCertificate *old = before->wallet;
  const TillWalletCertificate *new = now->wallet;
  GPtrArray *facts = till_facts_new ();

  add_text_difference (facts, _("Name"), old->name, new->name, name);
  add_text_difference (facts, _("Comment"), old->comment, new->comment, comment);
  add_text_difference (facts, _("Identifier"), old->base_name, new->base_name, NULL);
  add_text_difference (facts, _("Team"), old->team_identifier, new->team_identifier, NULL);
  add_tri_difference (facts, _("Enabled"), old->enabled, new->enabled);
  add_tri_difference (facts, _("Default"), old->is_default, new->is_default);
  if (old->validity_end != new->validity_end)
    {
      g_autofree char *first = till_text_dup_date_time (old->validity_end);
      g_autofree char *second = till_text_dup_date_time (new->validity_end);

      add_difference (facts, _("Valid Until"), first, second, NULL);
    }
  if (facts->len == 0)
    {
      g_autofree char *first = till_text_dup_date_time (old->updated_at);
      g_autofree char *second = till_text_dup_date_time (new->updated_at);

      add_difference (facts, _("Last Changed"), first, second, NULL);
    }

  return facts;
}

static void
add_change (GPtrArray      *facts,
            const char     *title,
            TillTextChange  change,
            const char     *before,
            const char     *after)
{
  g_autofree char *first = dup_quoted (before);
  g_autofree char *second = dup_quoted (after);
  g_autofree char *text = NULL;

  if (change == TILL_TEXT_KEEP)
    return;

  if (change == TILL_TEXT_CLEAR)
    /* Translators: %s is a name or a comment in quotation marks. */
    text = g_strdup_printf (_("%s is removed"), first);
  else if (before == NULL || *before == '\0')
    /* Translators: %s is a name or a comment in quotation marks. */
    text = g_strdup_printf (_("%s is added"), second);
  else
    /* Translators: both are a name or a comment in quotation marks: the present one, and the one to come. */
    text = g_strdup_printf (_("%s becomes %s"), first, second);
  till_facts_add (facts, title, text, NULL);
}

/**
 * till_wallet_facts_new_changes:
 * @item: a certificate of the wallet
 * @change: what is to be sent
 *
 * Returns: (transfer full) (element-type TillFact): what will change, before it is sent (UX.md 1.7)
 */
GPtrArray *
till_wallet_facts_new_changes (const TillItem         *item,
                               const TillWalletChange *change)
{
  GPtrArray *facts = till_facts_new ();

  add_change (facts, _("Name"), change->name_change, item->wallet->name, change->name);
  add_change (facts, _("Comment"), change->comment_change, item->wallet->comment, change->comment);

  return facts;
}

static void
add_line (GString    *string,
          const char *line)
{
  if (line == NULL || *line == '\0')
    return;

  if (string->len > 0)
    g_string_append_c (string, '\n');
  g_string_append (string, line);
}

/**
 * till_wallet_facts_dup_calendar:
 * @item: a certificate that ends
 * @profile: name of the profile it belongs to
 * @now: seconds since 1970
 *
 * Its UID is made of the service's id, so that adding it again after a renewal
 * changes the event and does not double it.
 *
 * Returns: (transfer full): an iCalendar text
 */
char *
till_wallet_facts_dup_calendar (const TillItem *item,
                                const char     *profile,
                                gint64          now)
{
  const char *identifier = item->wallet != NULL ? item->wallet->base_name : item->upload->client_key_id;
  g_autofree char *name = till_wallet_facts_dup_title (item);
  g_autofree char *date = till_text_dup_date_time (item->ending.until);
  g_autofree char *templates = till_wallet_facts_dup_templates (item);
  g_autofree char *safe_identifier = till_text_dup_display (identifier, TILL_TEXT_MAX_CHARS);
  g_autofree char *safe_profile = till_text_dup_display (profile, TILL_TEXT_MAX_CHARS);
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, item->id, -1);
  g_autofree char *uid = g_strdup_printf ("%s@tillkeeper.github.io", digest);
  g_autofree char *summary = NULL;
  g_autoptr(GString) description = g_string_new (NULL);
  TillCalendarEvent event;

  /* Translators: title of a calendar event; %s is the name of a certificate. */
  summary = g_strdup_printf (_("Certificate “%s” ends"), name);
  add_line (description, date);
  if (item->wallet != NULL)
    add_line (description, _("New passes cannot be added and existing ones cannot be updated."));
  add_line (description, templates);
  add_line (description, safe_identifier);
  add_line (description, safe_profile);

  event.uid = uid;
  event.summary = summary;
  event.description = description->str;
  event.when = item->ending.until;

  return till_calendar_format (&event, 1, now);
}
