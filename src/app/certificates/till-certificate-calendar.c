/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end of a certificate as a calendar file with reminders. */
#include "config.h"

#include "till-certificate-calendar.h"

#include <glib/gi18n.h>

#include "till-calendar.h"
#include "till-certificate-words.h"
#include "till-text.h"

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
 * till_certificate_calendar_format:
 * @document: a file
 * @certificate: index of one of its certificates
 * @file: (nullable): name of the file, as it is
 * @now: seconds since 1970
 *
 * The event is on the day of the effective end: the issuer's, where that comes
 * first. Its UID is made of the fingerprint, so that adding it again changes
 * the event and does not double it.
 *
 * Returns: (transfer full): an iCalendar text
 */
char *
till_certificate_calendar_format (const TillDocument *document,
                                  guint               certificate,
                                  const char         *file,
                                  gint64              now)
{
  const TillCertificate *self = document->certificates->pdata[certificate];
  g_autoptr(TillChain) chain = till_document_build_chain (document, certificate);
  gint64 end = chain != NULL ? chain->effective_not_after : self->not_after;
  g_autofree char *name = till_words_dup_name (self);
  g_autofree char *identifier = till_text_dup_display (self->pass_type_id, TILL_TEXT_MAX_CHARS);
  g_autofree char *place = till_text_dup_display (file, TILL_TEXT_MAX_CHARS);
  g_autofree char *date = till_text_dup_date_time (end);
  g_autofree char *consequence = till_words_dup_consequence (self);
  g_autofree char *uid = g_strdup_printf ("%s@tillkeeper.github.io", self->sha256);
  g_autofree char *summary = NULL;
  g_autoptr(GString) description = g_string_new (NULL);
  TillCalendarEvent event;

  /* Translators: title of a calendar event; %s is the name of a certificate. */
  summary = g_strdup_printf (_("Certificate “%s” ends"), name);
  add_line (description, date);
  add_line (description, consequence);
  add_line (description, identifier);
  add_line (description, place);

  event.uid = uid;
  event.summary = summary;
  event.description = description->str;
  event.when = end;

  return till_calendar_format (&event, 1, now);
}
