/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How certificates are searched: the text that is searched in, and the words that are searched for. */
#include "config.h"

#include "till-certificate-search.h"

#include <string.h>

#include "till-service-words.h"

static char *
fold (const char *text)
{
  g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_ALL);

  return g_utf8_casefold (normal != NULL ? normal : "", -1);
}

/**
 * till_certificate_search_dup_text:
 * @item: a row
 *
 * Returns: (transfer full): name, identifier, team, subject, issuer, serial,
 *   alternative names and file name, or what its service says; folded, one a line
 */
char *
till_certificate_search_dup_text (TillCertificateItem *item)
{
  const TillCertificate *certificate = till_certificate_item_get_certificate (item);
  TillFileEntry *entry = till_certificate_item_get_entry (item);
  g_autoptr(GString) all = g_string_new (entry != NULL ? till_file_entry_get_title (entry) : NULL);

  if (entry == NULL)
    till_service_words_append_search (till_certificate_item_get_item (item), all);

  if (certificate != NULL)
    {
      const char *parts[] = {
        till_certificate_item_get_name (item), till_certificate_item_get_identifier (item),
        certificate->common_name, certificate->team_id, certificate->pass_type_id,
        certificate->subject, certificate->issuer, certificate->serial,
      };
      guint i;

      for (i = 0; i < G_N_ELEMENTS (parts); i++)
        if (parts[i] != NULL)
          g_string_append_printf (all, "\n%s", parts[i]);
      for (i = 0; certificate->subject_alt_names[i] != NULL; i++)
        g_string_append_printf (all, "\n%s", certificate->subject_alt_names[i]);
    }

  return fold (all->str);
}

/* “3F:9A:…”, as other programs write serials, is searched for as the digits alone. */
static gboolean
is_colon_hex (const char *text)
{
  gsize i;

  for (i = 0; text[i] != '\0'; i++)
    if (i % 3 == 2 ? text[i] != ':' : !g_ascii_isxdigit (text[i]))
      return FALSE;

  return i >= 5 && i % 3 == 2;
}

/**
 * till_certificate_search_split:
 * @query: what somebody searches for
 *
 * Returns: (transfer full): its words, folded as the text is
 */
char **
till_certificate_search_split (const char *query)
{
  g_autofree char *folded = fold (query);
  g_auto(GStrv) words = g_strsplit_set (folded, " \t\n", -1);
  g_autoptr(GStrvBuilder) terms = g_strv_builder_new ();
  guint i;

  for (i = 0; words[i] != NULL; i++)
    {
      if (*words[i] == '\0')
        continue;

      if (is_colon_hex (words[i]))
        {
          g_auto(GStrv) digits = g_strsplit (words[i], ":", -1);
          g_autofree char *joined = g_strjoinv (NULL, digits);

          g_strv_builder_add (terms, joined);
        }
      else
        {
          g_strv_builder_add (terms, words[i]);
        }
    }

  return g_strv_builder_end (terms);
}

/**
 * till_certificate_search_matches:
 * @text: from till_certificate_search_dup_text()
 * @terms: (array zero-terminated=1): from till_certificate_search_split()
 *
 * Returns: whether each of the terms is somewhere in the text
 */
gboolean
till_certificate_search_matches (const char         *text,
                                 const char * const *terms)
{
  guint i;

  for (i = 0; terms[i] != NULL; i++)
    if (strstr (text, terms[i]) == NULL)
      return FALSE;

  return TRUE;
}
