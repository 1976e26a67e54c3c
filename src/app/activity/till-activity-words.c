/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people call what the activity log notes. */
#include "config.h"

#include "till-activity-words.h"

#include <glib/gi18n.h>

#include "till-error-text.h"
#include "till-profile-words.h"
#include "till-text.h"

static const struct
{
  const char *event;
  const char *words;
} events[] = {
  { "certificates.add", N_("Certificate added") },
  { "certificates.remove", N_("Certificate removed") },
  { "certificates.replace", N_("Certificate replaced") },
  { "certificates.update", N_("Certificate changed") },
  { "certificates.upload", N_("Certificate uploaded for points of sale") },
  { "credentials.request", N_("Access token asked for") },
  { "files.forget", N_("File no longer watched") },
  { "files.watch", N_("File watched") },
  { "keys.generate", N_("Encryption key generated") },
  { "keys.import", N_("Encryption key added by hand") },
  { "keys.mark", N_("Encryption key marked") },
  { "keys.revoke", N_("Encryption key revoked") },
  { "profile.add", N_("Profile added") },
  { "profile.remove", N_("Profile removed") },
  { "profile.secret", N_("Secret entered") },
  { "profile.secret-lost", N_("Secret not found in the keyring any more") },
  { "profile.set", N_("Profile changed") },
  { "profile.use", N_("Profile chosen") },
  { "window.lock", N_("Window locked") },
  { "window.unlock", N_("Window unlocked") },
};

static const struct
{
  const char *outcome;
  const char *words;
} outcomes[] = {
  /* Translators: how something ended that was noted in the activity log. */
  { "done", NC_("outcome", "Done") },
  { "refused", NC_("outcome", "Refused") },
  { "unknown", NC_("outcome", "Not known") },
  { "begun", NC_("outcome", "Begun") },
};

/**
 * till_activity_words_dup_event:
 * @record: a line of the log
 *
 * Returns: (transfer full): what happened, in words; a word that is not known, as it is
 */
char *
till_activity_words_dup_event (const TillLogRecord *record)
{
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (events); i++)
    if (g_strcmp0 (events[i].event, record->event) == 0)
      return g_strdup (_(events[i].words));

  return till_text_dup_display (record->event, 80);
}

/**
 * till_activity_words_get_outcome:
 * @record: a line of the log
 *
 * Returns: (transfer none): how it ended; a word that is not known, as it is
 */
const char *
till_activity_words_get_outcome (const TillLogRecord *record)
{
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (outcomes); i++)
    if (g_strcmp0 (outcomes[i].outcome, record->outcome) == 0)
      return g_dpgettext2 (NULL, "outcome", outcomes[i].words);

  return record->outcome != NULL ? record->outcome : "";
}

/**
 * till_activity_words_dup_about:
 * @record: a line of the log
 *
 * Returns: (transfer full): profile and environment, and what it was about; "" where neither is noted
 */
char *
till_activity_words_dup_about (const TillLogRecord *record)
{
  g_autofree char *profile = till_text_dup_display (record->profile, 64);
  g_autofree char *detail = till_text_dup_display (record->detail, 160);
  g_autoptr(GString) text = g_string_new (NULL);
  TillEnvironment environment;

  if (record->environment != NULL && till_environment_from_word (record->environment, &environment))
    g_string_append_printf (text, "%s%s%s%s", profile, *profile != '\0' ? " (" : "",
                            till_profile_words_get_environment (environment), *profile != '\0' ? ")" : "");
  else
    g_string_append (text, profile);

  if (record->event != NULL && g_str_has_prefix (record->event, "profile.secret"))
    g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", till_error_text_get_service_name (record->detail));
  else if (*detail != '\0')
    g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", detail);

  return g_strdup (text->str);
}
