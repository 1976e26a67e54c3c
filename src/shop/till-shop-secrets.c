/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the store knows of the secrets in the vault. */
#include "config.h"

#include "till-shop-secrets.h"

#include <string.h>

#include "till-settings-names.h"
#include "till-shop-log.h"
#include "till-shop-private.h"

/*
 * A secret is put into the vault first, then noted here together with the line
 * of the log. A profile that is removed is first marked, then its secrets go,
 * then its row. So whatever is interrupted leaves something that
 * till_secrets_reconcile_async() can bring to its end: an item of a profile
 * that is there, or a mark.
 *
 * An item of a profile that this store never had is none of its business: it
 * belongs to another folder of data under the same keyring.
 */
#define SETTING_REMOVALS "secrets-to-remove"

static char *
make_name (const char *profile_id,
           const char *service)
{
  return g_strdup_printf ("secret-%s-%s", service, profile_id);
}

/* value: (out) (nullable) (transfer full). Returns: whether it could be read */
static gboolean
read_setting (TillTransaction  *transaction,
              const char       *name,
              char            **value,
              GError          **error)
{
  g_autoptr(GError) local_error = NULL;

  *value = till_transaction_dup_setting (transaction, name, &local_error);
  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

/**
 * till_secret_record_get:
 * @transaction: a transaction
 * @profile_id: id of a profile
 * @service: "hub", "wallet" or "devices"
 * @record: (out): what is known
 * @error: of the store
 *
 * Returns: whether it could be read
 */
gboolean
till_secret_record_get (TillTransaction   *transaction,
                        const char        *profile_id,
                        const char        *service,
                        TillSecretRecord  *record,
                        GError           **error)
{
  g_autofree char *name = make_name (profile_id, service);
  g_autofree char *value = NULL;

  *record = TILL_SECRET_NONE;
  if (!read_setting (transaction, name, &value, error))
    return FALSE;

  if (value != NULL)
    *record = g_str_equal (value, "lost") ? TILL_SECRET_LOST : TILL_SECRET_KEPT;

  return TRUE;
}

/**
 * till_secret_record_set:
 * @transaction: a transaction
 * @profile_id: id of a profile
 * @service: "hub", "wallet" or "devices"
 * @record: what is known now
 * @error: of the store
 *
 * Returns: whether it is written
 */
gboolean
till_secret_record_set (TillTransaction   *transaction,
                        const char        *profile_id,
                        const char        *service,
                        TillSecretRecord   record,
                        GError           **error)
{
  static const char * const words[] = {
    [TILL_SECRET_NONE] = NULL,
    [TILL_SECRET_KEPT] = "kept",
    [TILL_SECRET_LOST] = "lost",
  };
  g_autofree char *name = make_name (profile_id, service);

  return till_transaction_set_setting (transaction, name, words[record], error);
}

/**
 * till_secrets_dup_removals:
 * @transaction: a transaction
 * @error: of the store
 *
 * Returns: (transfer full) (nullable): ids of profiles whose secrets are to go
 */
char **
till_secrets_dup_removals (TillTransaction  *transaction,
                           GError          **error)
{
  g_autofree char *value = NULL;

  if (!read_setting (transaction, SETTING_REMOVALS, &value, error))
    return NULL;

  return g_strsplit (value != NULL ? value : "", " ", -1);
}

/**
 * till_secrets_mark_removal:
 * @transaction: a transaction
 * @profile_id: id of a profile
 * @wanted: whether its secrets are to go; %FALSE where they have, or where it was given up
 * @error: of the store
 *
 * Returns: whether it is written
 */
gboolean
till_secrets_mark_removal (TillTransaction  *transaction,
                           const char       *profile_id,
                           gboolean          wanted,
                           GError          **error)
{
  g_auto(GStrv) ids = till_secrets_dup_removals (transaction, error);
  g_autoptr(GString) value = g_string_new (wanted ? profile_id : "");

  if (ids == NULL)
    return FALSE;

  for (guint i = 0; ids[i] != NULL; i++)
    {
      if (g_str_equal (ids[i], profile_id))
        continue;

      g_string_append_printf (value, "%s%s", value->len > 0 ? " " : "", ids[i]);
    }

  return till_transaction_set_setting (transaction, SETTING_REMOVALS, value->len > 0 ? value->str : NULL, error);
}

/**
 * till_secrets_remove_profile:
 * @transaction: a transaction
 * @profile: a profile
 * @gone: the vault has none of its secrets any more; else the mark stays
 * @error: of the store
 *
 * Removes a profile with its inventory; intents and log stay.
 *
 * Returns: whether it is removed
 */
gboolean
till_secrets_remove_profile (TillTransaction    *transaction,
                             const TillProfile  *profile,
                             gboolean            gone,
                             GError            **error)
{
  const TillShopLine line = {
    .event = "profile.remove",
    .object = profile->id,
    .profile = profile->name,
    .environment = till_environment_to_word (profile->environment),
  };
  g_autofree char *current = NULL;

  if (!till_transaction_remove_profile (transaction, profile->id, error) ||
      !till_shop_log (transaction, &line, error) ||
      !read_setting (transaction, TILL_SETTING_CURRENT_PROFILE, &current, error))
    return FALSE;

  if (g_strcmp0 (current, profile->id) == 0 &&
      !till_transaction_set_setting (transaction, TILL_SETTING_CURRENT_PROFILE, NULL, error))
    return FALSE;

  for (guint i = 0; i < TILL_SHOP_N_SERVICES; i++)
    {
      if (!till_secret_record_set (transaction, profile->id, till_shop_service_names[i], TILL_SECRET_NONE, error))
        return FALSE;
    }

  return !gone || till_secrets_mark_removal (transaction, profile->id, FALSE, error);
}
