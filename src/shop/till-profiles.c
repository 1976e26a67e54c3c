/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making, changing and choosing profiles. */
#include "config.h"

#include "till-profiles.h"

#include <string.h>

#include "till-document.h"
#include "till-endpoint.h"
#include "till-error.h"
#include "till-settings-names.h"
#include "till-shop-log.h"
#include "till-shop-secrets.h"
#include "till-signer.h"

/* One thing done to the profiles, from its start to its finish. */
typedef struct
{
  /* input */
  TillProfile   *profile;      /* (nullable): what to put */
  char          *name;         /* (nullable): of the one that is meant */
  char          *service;      /* (nullable): whose secret */
  TillSecret    *secret;       /* (nullable) */
  TillVault     *vault;        /* (nullable) */
  TillStore     *store;
  gint64         now;
  gboolean       remove;

  /* in progress */
  gboolean       absent;       /* there is no vault: what is in it can't be told, and the session alone has the secret */
  GError        *why;          /* (nullable): why it was given up */

  /* output */
  TillProfile   *found;
  TillProfiles  *loaded;
} TillProfileJob;

static void
till_profile_job_free (gpointer data)
{
  TillProfileJob *job = data;

  g_clear_pointer (&job->profile, till_profile_free);
  g_clear_pointer (&job->found, till_profile_free);
  g_clear_pointer (&job->loaded, till_profiles_free);
  g_clear_pointer (&job->secret, till_secret_unref);
  g_clear_object (&job->vault);
  g_clear_object (&job->store);
  g_clear_error (&job->why);
  g_free (job->name);
  g_free (job->service);
  g_free (job);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  const TillProfile *first = *(TillProfile * const *) a;
  const TillProfile *second = *(TillProfile * const *) b;

  return g_utf8_collate (first->name, second->name);
}

static gboolean
load_work (TillTransaction  *transaction,
           gpointer          data,
           GError          **error)
{
  TillProfileJob *job = data;
  g_autoptr(GError) local_error = NULL;

  job->loaded = g_new0 (TillProfiles, 1);
  job->loaded->profiles = till_transaction_list_profiles (transaction, error);
  if (job->loaded->profiles == NULL)
    return FALSE;

  job->loaded->current = till_transaction_dup_setting (transaction, TILL_SETTING_CURRENT_PROFILE, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  g_ptr_array_sort (job->loaded->profiles, compare_names);

  return TRUE;
}

/* Returns: (transfer full) (nullable): the profile of that name. */
static TillProfile *
find_profile (TillTransaction  *transaction,
              const char       *name,
              GError          **error)
{
  g_autoptr(GPtrArray) profiles = till_transaction_list_profiles (transaction, error);

  if (profiles == NULL)
    return NULL;

  for (guint i = 0; i < profiles->len; i++)
    {
      const TillProfile *profile = profiles->pdata[i];

      if (g_str_equal (profile->name, name))
        return till_profile_copy (profile);
    }

  till_set_error (error, TILL_ERROR_NOT_FOUND, TILL_REASON_NONE, name, NULL, "there is no profile with the name “%s”", name);

  return NULL;
}

static gboolean
log_it (TillTransaction    *transaction,
        const TillProfile  *profile,
        const char         *event,
        const char         *detail,
        GError            **error)
{
  const TillShopLine line = {
    .event = event,
    .object = profile->id,
    .profile = profile->name,
    .environment = till_environment_to_word (profile->environment),
    .detail = detail,
  };

  return till_shop_log (transaction, &line, error);
}

static gboolean
put_work (TillTransaction  *transaction,
          gpointer          data,
          GError          **error)
{
  TillProfileJob *job = data;
  g_autofree char *current = NULL;
  g_autoptr(GError) local_error = NULL;
  gboolean is_new = job->profile->id == NULL;

  if (is_new)
    {
      g_auto(GStrv) parts = NULL;
      g_autofree char *uuid = g_uuid_string_random ();

      parts = g_strsplit (uuid, "-", -1);
      job->profile->id = g_strjoinv ("", parts);
      job->profile->created_at = job->now;
    }

  if (!till_transaction_put_profile (transaction, job->profile, error) ||
      !log_it (transaction, job->profile, is_new ? "profile.add" : "profile.set", NULL, error))
    return FALSE;

  current = till_transaction_dup_setting (transaction, TILL_SETTING_CURRENT_PROFILE, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (current == NULL && !till_transaction_set_setting (transaction, TILL_SETTING_CURRENT_PROFILE, job->profile->id, error))
    return FALSE;

  job->found = g_steal_pointer (&job->profile);

  return TRUE;
}

static gboolean
use_work (TillTransaction  *transaction,
          gpointer          data,
          GError          **error)
{
  TillProfileJob *job = data;

  job->found = find_profile (transaction, job->name, error);

  return job->found != NULL &&
         till_transaction_set_setting (transaction, TILL_SETTING_CURRENT_PROFILE, job->found->id, error) &&
         log_it (transaction, job->found, "profile.use", NULL, error);
}

static gboolean
find_work (TillTransaction  *transaction,
           gpointer          data,
           GError          **error)
{
  TillProfileJob *job = data;

  job->found = find_profile (transaction, job->name, error);

  return job->found != NULL;
}

/* Before any of its secrets goes, so that it can be brought to its end. */
static gboolean
mark_work (TillTransaction  *transaction,
           gpointer          data,
           GError          **error)
{
  TillProfileJob *job = data;

  job->found = find_profile (transaction, job->name, error);

  return job->found != NULL && till_secrets_mark_removal (transaction, job->found->id, TRUE, error);
}

static gboolean
unmark_work (TillTransaction  *transaction,
             gpointer          data,
             GError          **error)
{
  TillProfileJob *job = data;

  return till_secrets_mark_removal (transaction, job->found->id, FALSE, error);
}

static gboolean
remove_work (TillTransaction  *transaction,
             gpointer          data,
             GError          **error)
{
  TillProfileJob *job = data;

  return till_secrets_remove_profile (transaction, job->found, !job->absent, error);
}

static gboolean
secret_work (TillTransaction  *transaction,
             gpointer          data,
             GError          **error)
{
  TillProfileJob *job = data;

  return (job->absent || till_secret_record_set (transaction, job->found->id, job->service, TILL_SECRET_KEPT, error)) &&
         log_it (transaction, job->found, "profile.secret", job->service, error);
}

static GTask *
new_task (TillStore           *store,
          gpointer             tag,
          GCancellable        *cancellable,
          GAsyncReadyCallback  callback,
          gpointer             user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  TillProfileJob *job = g_new0 (TillProfileJob, 1);

  job->store = g_object_ref (store);
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, job, till_profile_job_free);
  /* What was done is told, even where somebody wanted to stop it meanwhile. */
  g_task_set_check_cancellable (task, FALSE);

  return task;
}

static void
run_work (GTask         *task,
          TillStoreWork  work)
{
  TillProfileJob *job = g_task_get_task_data (task);

  till_store_run_async (job->store, work, job, NULL, g_task_get_cancellable (task), till_shop_work_done_cb, task);
}

/**
 * till_profiles_load_async:
 * @store: the store
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Reads the profiles, and which one is the current one.
 */
void
till_profiles_load_async (TillStore           *store,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  run_work (new_task (store, till_profiles_load_async, cancellable, callback, user_data), load_work);
}

/**
 * till_profiles_load_finish:
 * @result: as given to the callback
 * @error: what went wrong in the store
 *
 * Returns: (transfer full): the profiles
 */
TillProfiles *
till_profiles_load_finish (GAsyncResult  *result,
                           GError       **error)
{
  TillProfileJob *job;

  g_return_val_if_fail (g_async_result_is_tagged (result, till_profiles_load_async), NULL);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;

  job = g_task_get_task_data (G_TASK (result));

  return g_steal_pointer (&job->loaded);
}

static gboolean
refuse (GError     **error,
        const char  *member,
        const char  *text)
{
  till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_FIELD, member, NULL, "%s: %s", member, text);

  return FALSE;
}

static gboolean
check_name (const char  *name,
            GError     **error)
{
  glong length;

  if (name == NULL || !g_utf8_validate (name, -1, NULL))
    return refuse (error, "name", "a profile needs a name");

  length = g_utf8_strlen (name, -1);
  if (length < 1 || length > 64)
    return refuse (error, "name", "it must have 1 to 64 characters");

  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_isprint (c) || (g_unichar_isspace (c) && c != ' '))
        return refuse (error, "name", "it must have no line breaks or invisible characters");
    }

  if (g_ascii_isspace (name[0]) || g_ascii_isspace (name[strlen (name) - 1]))
    return refuse (error, "name", "it must not begin or end with a space");

  return TRUE;
}

/* Ids and user names go into headers and JSON: printable ASCII (RFC 9110 5.5). */
static gboolean
check_id (const char  *member,
          const char  *value,
          const char  *forbidden,
          GError     **error)
{
  if (value == NULL)
    return TRUE;

  if (*value == '\0' || strlen (value) > 1024)
    return refuse (error, member, "it must have 1 to 1024 characters");

  for (const char *p = value; *p != '\0'; p++)
    {
      if (*p <= ' ' || *p > '~' || strchr (forbidden, *p) != NULL)
        return refuse (error, member, "it has a character that such names never have");
    }

  return TRUE;
}

/* The documented hosts, so that none is used under the wrong environment (G31). */
static const struct
{
  const char      *host;
  TillEnvironment  environment;
} known_hosts[] = {
  { "connect-cert.fiservapis.com", TILL_ENVIRONMENT_TEST },
  { "cert.api.fiservapps.com", TILL_ENVIRONMENT_TEST },
  { "cert.api.firstdata.com", TILL_ENVIRONMENT_TEST },
  { "apitest.visaacceptance.com", TILL_ENVIRONMENT_TEST },
  { "apitest.cybersource.com", TILL_ENVIRONMENT_TEST },
  { "connect.fiservapis.com", TILL_ENVIRONMENT_LIVE },
  { "prod.api.fiservapps.com", TILL_ENVIRONMENT_LIVE },
  { "api.visaacceptance.com", TILL_ENVIRONMENT_LIVE },
  { "api.cybersource.com", TILL_ENVIRONMENT_LIVE },
};

static gboolean
check_url (const char        *member,
           char             **url,
           TillEnvironment    environment,
           GError           **error)
{
  g_autoptr(TillEndpoint) endpoint = NULL;
  g_autoptr(GError) local_error = NULL;

  if (*url == NULL)
    return TRUE;

  endpoint = till_endpoint_new (*url, &local_error);
  if (endpoint == NULL)
    return refuse (error, member, local_error->message);

  for (gsize i = 0; i < G_N_ELEMENTS (known_hosts); i++)
    {
      if (known_hosts[i].environment != environment &&
          g_ascii_strcasecmp (till_endpoint_get_host (endpoint), known_hosts[i].host) == 0)
        {
          g_autofree char *text = g_strdup_printf ("%s belongs to the environment “%s”, and the profile to “%s”",
                                                   known_hosts[i].host,
                                                   till_environment_to_word (known_hosts[i].environment),
                                                   till_environment_to_word (environment));

          return refuse (error, member, text);
        }
    }

  g_free (*url);
  *url = g_strdup (till_endpoint_get_url (endpoint));

  return TRUE;
}

/* Keeps the certificates alone, each as it was read. */
static gboolean
check_ca (char   **ca_pem,
          GError **error)
{
  g_autoptr(TillDocument) document = NULL;
  g_autoptr(GError) local_error = NULL;
  GString *pem;

  if (*ca_pem == NULL)
    return TRUE;

  document = till_document_parse ((const guint8 *) *ca_pem, strlen (*ca_pem), NULL, &local_error);
  if (document == NULL)
    return refuse (error, "ca", local_error->message);

  if (document->certificates->len == 0 || document->private_keys->len > 0)
    return refuse (error, "ca", "it must hold certificates and no private key");

  pem = g_string_new (NULL);
  for (guint i = 0; i < document->certificates->len; i++)
    {
      g_autofree char *text = till_certificate_to_pem (document->certificates->pdata[i]);

      g_string_append (pem, text);
    }
  g_free (*ca_pem);
  *ca_pem = g_string_free (pem, FALSE);

  return TRUE;
}

static gboolean
check_profile (TillProfile  *profile,
               GError      **error)
{
  return check_name (profile->name, error) &&
         check_url ("hub-url", &profile->hub_url, profile->environment, error) &&
         check_url ("wallet-url", &profile->wallet_url, profile->environment, error) &&
         check_url ("devices-url", &profile->devices_url, profile->environment, error) &&
         check_id ("hub-merchant", profile->hub_merchant, "", error) &&
         check_id ("hub-terminal", profile->hub_terminal, "", error) &&
         check_id ("hub-key", profile->hub_key, "", error) &&
         check_id ("wallet-user", profile->wallet_user, ":", error) &&
         check_id ("devices-organization", profile->devices_organization, "\"", error) &&
         check_id ("devices-key-id", profile->devices_key_id, "\"", error) &&
         check_ca (&profile->ca_pem, error);
}

/**
 * till_profile_fill_defaults:
 * @profile: a profile
 *
 * Fills addresses that are %NULL with the documented ones of the environment
 * (API.md 1.1, 5.1, 6.1). The wallet service has one host for both; Practice
 * has none, as its sandbox chooses them.
 */
void
till_profile_fill_defaults (TillProfile *profile)
{
  static const struct
  {
    const char *hub;
    const char *wallet;
    const char *devices;
  } defaults[] = {
    [TILL_ENVIRONMENT_PRACTICE] = { NULL, NULL, NULL },
    [TILL_ENVIRONMENT_TEST] = {
      "https://connect-cert.fiservapis.com/ch",
      "https://wallet-api.urbanairship.com/v1",
      "https://apitest.visaacceptance.com",
    },
    [TILL_ENVIRONMENT_LIVE] = {
      "https://connect.fiservapis.com/ch",
      "https://wallet-api.urbanairship.com/v1",
      "https://api.visaacceptance.com",
    },
  };

  g_return_if_fail (profile != NULL && profile->environment < G_N_ELEMENTS (defaults));

  if (profile->hub_url == NULL)
    profile->hub_url = g_strdup (defaults[profile->environment].hub);
  if (profile->wallet_url == NULL)
    profile->wallet_url = g_strdup (defaults[profile->environment].wallet);
  if (profile->devices_url == NULL)
    profile->devices_url = g_strdup (defaults[profile->environment].devices);
}

/**
 * till_profiles_put_async:
 * @store: the store
 * @profile: what to write; its id is %NULL for a new one
 * @now: seconds since 1970
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Adds or changes a profile, see till_profiles_done_finish().
 */
void
till_profiles_put_async (TillStore           *store,
                         const TillProfile   *profile,
                         gint64               now,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = new_task (store, till_profiles_put_async, cancellable, callback, user_data);
  TillProfileJob *job = g_task_get_task_data (task);
  GError *error = NULL;

  job->profile = till_profile_copy (profile);
  job->now = now;
  till_profile_fill_defaults (job->profile);
  if (!check_profile (job->profile, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  run_work (g_steal_pointer (&task), put_work);
}

/**
 * till_profiles_use_async:
 * @store: the store
 * @name: of the profile
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Makes a profile the current one.
 */
void
till_profiles_use_async (TillStore           *store,
                         const char          *name,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  GTask *task = new_task (store, till_profiles_use_async, cancellable, callback, user_data);
  TillProfileJob *job = g_task_get_task_data (task);

  job->name = g_strdup (name);
  run_work (task, use_work);
}

static void
given_up_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillProfileJob *job = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  /* Where not even that can be written the first reason is the one that helps. */
  (void) till_store_run_finish (TILL_STORE (source), result, &error);
  g_task_return_error (task, g_steal_pointer (&job->why));
}

static void
secrets_removed_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillProfileJob *job = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  /* Where there is no vault now the profile goes, and its secrets when the vault is there again. */
  (void) till_vault_remove_finish (TILL_VAULT (source), result, &error);
  job->absent = till_vault_get_state (TILL_VAULT (source)) == TILL_VAULT_ABSENT;

  if (error == NULL || job->absent || till_error_get_reason (error) == TILL_REASON_SECRET_MISSING)
    {
      run_work (g_steal_pointer (&task), remove_work);
      return;
    }

  job->why = g_steal_pointer (&error);
  till_store_run_async (job->store, unmark_work, job, NULL, NULL, given_up_cb, g_steal_pointer (&task));
}

static void
secret_stored_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillProfileJob *job = g_task_get_task_data (task);
  GError *error = NULL;

  if (!till_vault_store_finish (TILL_VAULT (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  job->absent = till_vault_is_session_only (TILL_VAULT (source), job->found->id, job->service);
  run_work (g_steal_pointer (&task), secret_work);
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillProfileJob *job = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;

  if (!till_store_run_finish (TILL_STORE (source), result, &error))
    g_task_return_error (task, error);
  else if (job->remove)
    till_vault_remove_async (job->vault, job->found->id, NULL, cancellable, secrets_removed_cb, g_steal_pointer (&task));
  else
    till_vault_store_async (job->vault, job->found->id, job->service, job->secret, cancellable, secret_stored_cb,
                            g_steal_pointer (&task));
}

/**
 * till_profiles_remove_async:
 * @store: the store
 * @vault: where its secrets are
 * @name: of the profile
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Removes a profile: notes it, then removes its secrets, then the profile with
 * its inventory. Intents and log stay.
 */
void
till_profiles_remove_async (TillStore           *store,
                            TillVault           *vault,
                            const char          *name,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  GTask *task = new_task (store, till_profiles_remove_async, cancellable, callback, user_data);
  TillProfileJob *job = g_task_get_task_data (task);

  job->name = g_strdup (name);
  job->vault = g_object_ref (vault);
  job->remove = TRUE;
  till_store_run_async (store, mark_work, job, NULL, cancellable, found_cb, task);
}

/**
 * till_profiles_secret_async:
 * @store: the store
 * @vault: where to keep it
 * @name: of the profile
 * @service: "hub", "wallet" or "devices"
 * @secret: the secret
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Keeps the secret of a service. White space at its end, as pasting brings it,
 * is left out (RELIABILITY.md row 61); what no secret ever has is refused.
 */
void
till_profiles_secret_async (TillStore           *store,
                            TillVault           *vault,
                            const char          *name,
                            const char          *service,
                            TillSecret          *secret,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = new_task (store, till_profiles_secret_async, cancellable, callback, user_data);
  TillProfileJob *job = g_task_get_task_data (task);
  GError *error = NULL;

  g_return_if_fail (service != NULL);

  job->secret = till_signer_check_secret (secret, "the secret", "secret", &error);
  if (job->secret == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  job->name = g_strdup (name);
  job->service = g_strdup (service);
  job->vault = g_object_ref (vault);
  till_store_run_async (store, find_work, job, NULL, cancellable, found_cb, g_steal_pointer (&task));
}

/**
 * till_profiles_done_finish:
 * @result: as given to the callback of put, use, remove or secret
 * @error: %TILL_ERROR_REJECTED with the member as detail, %TILL_ERROR_NOT_FOUND, %TILL_ERROR_CONFLICT, or of store or vault
 *
 * Returns: (transfer full): the profile as it is now
 */
TillProfile *
till_profiles_done_finish (GAsyncResult  *result,
                           GError       **error)
{
  TillProfileJob *job;

  g_return_val_if_fail (G_IS_TASK (result), NULL);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;

  job = g_task_get_task_data (G_TASK (result));

  return g_steal_pointer (&job->found);
}

/**
 * till_profiles_free:
 * @self: (transfer full) (nullable): profiles
 */
void
till_profiles_free (TillProfiles *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->profiles, g_ptr_array_unref);
  g_free (self->current);
  g_free (self);
}
