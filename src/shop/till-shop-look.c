/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks at the wallet whether a change whose outcome is unknown was done: it takes no request id. */
#include "config.h"

#include <string.h>

#include "till-error.h"
#include "till-json-reader.h"
#include "till-limits.h"
#include "till-shop-wallet.h"

#define SAME_TIME_SECONDS 2

static gboolean
is_text (const TillJsonReader *expected,
         const char           *member,
         const char           *value)
{
  const char *want = NULL;

  if (!till_json_reader_has (expected, member))
    return TRUE;

  return till_json_reader_string (expected, member, 0, TILL_LIMIT_JSON_BYTES, &want, NULL) &&
         g_strcmp0 (want, value != NULL ? value : "") == 0;
}

static gboolean
is_tri (const TillJsonReader *expected,
        const char           *member,
        TillTri               value)
{
  gboolean want = FALSE;

  if (!till_json_reader_has (expected, member))
    return TRUE;

  return till_json_reader_bool (expected, member, &want, NULL) && value == (want ? TILL_TRI_TRUE : TILL_TRI_FALSE);
}

static gboolean
is_end (const TillJsonReader *expected,
        gint64                value)
{
  gint64 want = 0;

  if (!till_json_reader_has (expected, "validityEnd"))
    return TRUE;

  return till_json_reader_time (expected, "validityEnd", &want, NULL) && value != TILL_TIME_UNKNOWN &&
         ABS (want - value) <= SAME_TIME_SECONDS;
}

/* Whether a certificate is as the change would have made it. */
static gboolean
is_as_expected (const TillIntentRecord      *intent,
                const TillWalletCertificate *certificate)
{
  g_autoptr(JsonNode) root = NULL;
  TillJsonReader expected;

  if (intent->body == NULL)
    return FALSE;

  root = till_json_parse (intent->body, strlen (intent->body), TILL_LIMIT_JSON_BYTES, NULL);
  if (root == NULL)
    return FALSE;

  till_json_reader_init (&expected, root);

  return is_text (&expected, "baseName", certificate->base_name) &&
         is_text (&expected, "teamIdentifier", certificate->team_identifier) &&
         is_end (&expected, certificate->validity_end) && is_text (&expected, "name", certificate->name) &&
         is_text (&expected, "comment", certificate->comment) && is_tri (&expected, "enabled", certificate->enabled) &&
         is_tri (&expected, "default", certificate->is_default);
}

static gpointer
say_not_done (GError **error)
{
  till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_NONE, NULL, NULL, "the service shows that it was not done");
  if (error != NULL)
    till_error_set_answer (*error, TILL_OUTCOME_REFUSED, 0, NULL, NULL);

  return NULL;
}

/* Looking changes nothing, so that its failure says nothing of the change. */
static gpointer
say_not_known (GError  *cause,
               GError **error)
{
  till_error_set_answer (cause, TILL_OUTCOME_UNKNOWN, till_error_get_http_status (cause), NULL, NULL);
  g_propagate_error (error, cause);

  return NULL;
}

static void
look_at_list (TillChange          *change,
              GCancellable        *cancellable,
              GAsyncReadyCallback  callback,
              gpointer             user_data)
{
  till_wallet_list_async (change->shop->wallet, NULL, NULL, NULL, cancellable, callback, user_data);
}

static gpointer
judge_list (TillChange    *change,
            GAsyncResult  *result,
            GError       **error)
{
  g_autoptr(TillWalletList) list = NULL;
  GError *local_error = NULL;

  list = till_wallet_list_finish (change->shop->wallet, result, &local_error);
  if (list == NULL)
    return say_not_known (local_error, error);

  for (guint i = 0; i < list->certificates->len; i++)
    {
      const TillWalletCertificate *certificate = list->certificates->pdata[i];

      if (is_as_expected (change->intent, certificate))
        {
          change->intent->subject = g_strdup (certificate->id);
          return change;
        }
    }

  return say_not_done (error);
}

static void
look_at_one (TillChange          *change,
             GCancellable        *cancellable,
             GAsyncReadyCallback  callback,
             gpointer             user_data)
{
  till_wallet_show_async (change->shop->wallet, change->intent->subject, cancellable, callback, user_data);
}

static gpointer
judge_one (TillChange    *change,
           GAsyncResult  *result,
           GError       **error)
{
  g_autoptr(TillWalletCertificate) certificate = NULL;
  gboolean removed = g_str_equal (change->intent->operation, "certificates.remove");
  GError *local_error = NULL;

  certificate = till_wallet_show_finish (change->shop->wallet, result, &local_error);
  if (certificate != NULL)
    return !removed && is_as_expected (change->intent, certificate) ? change : say_not_done (error);

  if (g_error_matches (local_error, TILL_ERROR, TILL_ERROR_NOT_FOUND))
    {
      g_error_free (local_error);
      return removed ? change : say_not_done (error);
    }

  return say_not_known (local_error, error);
}

/**
 * till_shop_look_again:
 * @shop: a shop
 * @intent: a change of a wallet certificate whose outcome is unknown
 *
 * Returns: (transfer full): the change that looks whether it was done
 */
TillChange *
till_shop_look_again (TillShop               *shop,
                      const TillIntentRecord *intent)
{
  TillChange *change = till_change_new (shop, TILL_SHOP_WALLET, intent->operation, intent->subject);

  change->intent->body = g_strdup (intent->body);
  change->send = intent->subject != NULL ? look_at_one : look_at_list;
  change->receive = intent->subject != NULL ? judge_one : judge_list;

  return change;
}
