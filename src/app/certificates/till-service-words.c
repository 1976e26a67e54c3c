/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a certificate at a service stands, and the words of the list for it. */
#include "config.h"

#include "till-service-words.h"

#include <glib/gi18n.h>

#include "till-status-words.h"
#include "till-text.h"

/* So many are named where the mouse points. */
#define MAX_TEMPLATES 12

/**
 * till_service_words_find_status:
 * @item: of the wallet or of Commerce Hub
 * @now: seconds since 1970
 * @counted: (out): seconds that the words of the status count, in whole days, hours or minutes; -1 for none
 *
 * Returns: what is worst; one that is switched off has no other
 */
TillItemStatus
till_service_words_find_status (const TillItem *item,
                                gint64          now,
                                gint64         *counted)
{
  const TillWalletCertificate *wallet = item->wallet;
  TillItemStatus status;
  TillEnding ending;

  *counted = -1;

  if (wallet != NULL && wallet->enabled == TILL_TRI_FALSE)
    return TILL_STATUS_OFF;

  if (item->ending.until == TILL_TIME_INVALID ||
      (item->ending.from != TILL_TIME_INVALID && item->ending.from > item->ending.until))
    return TILL_STATUS_PROBLEM;

  till_ending_init (&ending, item->ending.kind, item->ending.from, item->ending.until, now);
  switch (ending.state)
    {
    case TILL_VALIDITY_EXPIRED:
      status = TILL_STATUS_EXPIRED;
      break;

    case TILL_VALIDITY_SOON:
    case TILL_VALIDITY_ACT:
      status = TILL_STATUS_SOON;
      break;

    case TILL_VALIDITY_FINE:
    default:
      status = TILL_STATUS_VALID;
    }

  if (status != TILL_STATUS_EXPIRED &&
      (ending.from > now || (wallet != NULL && wallet->expired == TILL_TRI_TRUE)))
    return TILL_STATUS_PROBLEM;

  if (ending.until >= TILL_TIME_NEVER)
    return status;

  *counted = till_status_words_count (ending.until - now);

  return status;
}

/**
 * till_service_words_dup_problem:
 * @item: one with a problem
 * @now: seconds since 1970
 *
 * Returns: (transfer full): what is wrong
 */
char *
till_service_words_dup_problem (const TillItem *item,
                                gint64          now)
{
  if (item->ending.until == TILL_TIME_INVALID)
    return g_strdup (_("End date not known"));

  if (item->ending.from > item->ending.until)
    return g_strdup (_("Impossible dates"));

  if (item->ending.from > now)
    return g_strdup (_("Not valid yet"));

  return g_strdup (_("Expired, says Airship"));
}

/**
 * till_service_words_get_name:
 * @item: an item
 *
 * Returns: (transfer none): what people call it; not fit to be shown as it is
 */
const char *
till_service_words_get_name (const TillItem *item)
{
  return item->title;
}

/**
 * till_service_words_get_identifier:
 * @item: an item
 *
 * Returns: (transfer none) (nullable): what services call it; not fit to be shown as it is
 */
const char *
till_service_words_get_identifier (const TillItem *item)
{
  return item->wallet != NULL ? item->wallet->base_name : item->id;
}

/**
 * till_service_words_get_team:
 * @item: an item
 *
 * Returns: (transfer none) (nullable): the team at Apple; not fit to be shown as it is
 */
const char *
till_service_words_get_team (const TillItem *item)
{
  return item->wallet != NULL ? item->wallet->team_identifier : NULL;
}

/**
 * till_service_words_get_provider:
 * @item: an item
 *
 * Returns: (transfer none): who has it; a product's name stays as it is in every language
 */
const char *
till_service_words_get_provider (const TillItem *item)
{
  if (item->wallet == NULL)
    return "Commerce Hub";

  return till_service_words_is_google (item) ? "Airship · Google" : "Airship";
}

/**
 * till_service_words_is_google:
 * @item: an item
 *
 * Returns: whether it is one of Google's
 */
gboolean
till_service_words_is_google (const TillItem *item)
{
  return item->wallet != NULL && item->wallet->vendor != NULL &&
         g_ascii_strcasecmp (item->wallet->vendor, "Google") == 0;
}

/**
 * till_service_words_is_unused:
 * @item: an item
 *
 * Returns: whether it could be used by templates, and none does
 */
gboolean
till_service_words_is_unused (const TillItem *item)
{
  return item->wallet != NULL && item->wallet->templates->len == 0;
}

/**
 * till_service_words_dup_used_by:
 * @item: an item
 *
 * Returns: (transfer full): the template that uses it, or how many do; not fit to be shown as it is; "" where
 *   nothing can be said
 */
char *
till_service_words_dup_used_by (const TillItem *item)
{
  const GPtrArray *templates = item->wallet != NULL ? item->wallet->templates : NULL;
  const TillWalletTemplate *first;

  if (templates == NULL)
    return g_strdup ("");

  if (templates->len == 0)
    /* Translators: of a certificate that no template uses. */
    return g_strdup (_("Not used"));

  first = templates->pdata[0];
  if (templates->len == 1 && first->name != NULL && *first->name != '\0')
    return g_strdup (first->name);

  /* Translators: %u is how many templates of passes use a certificate. */
  return g_strdup_printf (ngettext ("%u template", "%u templates", templates->len), templates->len);
}

/**
 * till_service_words_dup_templates:
 * @item: an item
 *
 * Returns: (transfer full): the templates that use it, one a line and fit to be shown; "" where there are less than two
 */
char *
till_service_words_dup_templates (const TillItem *item)
{
  const GPtrArray *templates = item->wallet != NULL ? item->wallet->templates : NULL;
  g_autoptr(GString) all = g_string_new (NULL);

  for (guint i = 0; templates != NULL && templates->len > 1 && i < MIN (templates->len, MAX_TEMPLATES); i++)
    {
      const TillWalletTemplate *one = templates->pdata[i];
      g_autofree char *name = till_text_dup_display (one->name != NULL ? one->name : one->id, 80);

      if (i > 0)
        g_string_append_c (all, '\n');
      g_string_append (all, name);
    }
  if (templates != NULL && templates->len > MAX_TEMPLATES)
    g_string_append (all, "\n…");

  return g_string_free (g_steal_pointer (&all), FALSE);
}

static void
append (GString    *all,
        const char *part)
{
  if (part != NULL && *part != '\0')
    g_string_append_printf (all, "%s\n", part);
}

/**
 * till_service_words_append_search:
 * @item: an item
 * @all: what it is appended to
 *
 * Appends name, identifier, team, comment, templates and provider.
 */
void
till_service_words_append_search (const TillItem *item,
                                  GString        *all)
{
  append (all, item->title);
  append (all, till_service_words_get_identifier (item));
  append (all, till_service_words_get_team (item));
  append (all, till_service_words_get_provider (item));
  append (all, item->id);
  if (item->wallet == NULL)
    return;

  append (all, item->wallet->comment);
  for (guint i = 0; i < item->wallet->templates->len; i++)
    append (all, ((const TillWalletTemplate *) item->wallet->templates->pdata[i])->name);
}

static gboolean
templates_equal (const GPtrArray *a,
                 const GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;

  for (guint i = 0; i < a->len; i++)
    {
      const TillWalletTemplate *one = a->pdata[i];
      const TillWalletTemplate *other = b->pdata[i];

      if (g_strcmp0 (one->id, other->id) != 0 || g_strcmp0 (one->name, other->name) != 0)
        return FALSE;
    }

  return TRUE;
}

static gboolean
wallet_equal (const TillWalletCertificate *a,
              const TillWalletCertificate *b)
{
  return a->nfc_support == b->nfc_support &&
         a->enabled == b->enabled &&
         a->is_default == b->is_default &&
         a->expired == b->expired &&
         a->created_at == b->created_at &&
         a->updated_at == b->updated_at &&
         g_strcmp0 (a->name, b->name) == 0 &&
         g_strcmp0 (a->comment, b->comment) == 0 &&
         g_strcmp0 (a->base_name, b->base_name) == 0 &&
         g_strcmp0 (a->team_identifier, b->team_identifier) == 0 &&
         g_strcmp0 (a->vendor, b->vendor) == 0 &&
         g_strcmp0 (a->problem, b->problem) == 0 &&
         templates_equal (a->templates, b->templates);
}

static gboolean
upload_equal (const TillUploadRecord *a,
              const TillUploadRecord *b)
{
  return a->uploaded_at == b->uploaded_at &&
         g_strcmp0 (a->sha256, b->sha256) == 0 &&
         g_strcmp0 (a->public_key_sha256, b->public_key_sha256) == 0 &&
         g_strcmp0 (a->public_key_hash, b->public_key_hash) == 0 &&
         g_strcmp0 (a->algorithm, b->algorithm) == 0 &&
         g_strcmp0 (a->trace_id, b->trace_id) == 0;
}

/**
 * till_service_words_equal:
 * @a: an item
 * @b: another
 *
 * Returns: whether both say the same of the same thing
 */
gboolean
till_service_words_equal (const TillItem *a,
                          const TillItem *b)
{
  if (a == b)
    return TRUE;

  return a->ending.kind == b->ending.kind &&
         a->ending.from == b->ending.from &&
         a->ending.until == b->ending.until &&
         g_strcmp0 (a->id, b->id) == 0 &&
         g_strcmp0 (a->title, b->title) == 0 &&
         g_strcmp0 (a->note, b->note) == 0 &&
         (a->wallet == NULL) == (b->wallet == NULL) &&
         (a->wallet == NULL || wallet_equal (a->wallet, b->wallet)) &&
         (a->upload == NULL) == (b->upload == NULL) &&
         (a->upload == NULL || upload_equal (a->upload, b->upload));
}
