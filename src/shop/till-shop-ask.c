/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a shop only asks for: credentials, the root certificate, whether its services answer. */
#include "config.h"

#include "till-change.h"
#include "till-error.h"

static void
free_credentials (gpointer data)
{
  till_hub_credentials_free (data);
}

static gpointer
receive_credentials (TillChange    *change,
                     GAsyncResult  *result,
                     GError       **error)
{
  g_autoptr(TillHubAnswer) answer = till_change_receive_hub (change, result, error);

  return answer != NULL ? till_hub_credentials_new (answer, error) : NULL;
}

/**
 * till_shop_credentials_async:
 * @self: a shop
 * @minutes: that they are to last, 1 to 30; 0 leaves it to the service
 * @redirect: (nullable): where the service sends its answer, an absolute https address
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Requests an access token and a session (services/commerce-hub-credentials.md).
 * They live in memory only; the log keeps that they were requested.
 */
void
till_shop_credentials_async (TillShop            *self,
                             guint                minutes,
                             const char          *redirect,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  TillHubRequest *request;
  TillChange *change;
  GError *error = NULL;

  g_return_if_fail (TILL_IS_SHOP (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, till_shop_credentials_async);
  if (!till_shop_check_service (self, TILL_SHOP_HUB, &error) ||
      !(request = till_hub_request_credentials (self->hub, minutes, redirect, NULL, &error)))
    {
      g_task_return_error (task, error);
      return;
    }

  change = till_change_new_hub (self, "credentials.request", NULL, request);
  change->receive = receive_credentials;
  change->free_result = free_credentials;
  change->passing = TRUE;
  till_change_run (change, g_steal_pointer (&task));
}

/**
 * till_shop_credentials_finish:
 * @self: a shop
 * @result: as given to the callback
 * @error: why there are none
 *
 * Returns: (transfer full): the credentials
 */
TillHubCredentials *
till_shop_credentials_finish (TillShop      *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
root_ca_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  GError *error = NULL;
  char *pem = till_devices_root_ca_finish (TILL_DEVICES (source), result, &error);

  if (pem == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, pem, g_free);
}

/**
 * till_shop_root_ca_async:
 * @self: a shop
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Asks for the root certificate of the terminals (API.md 5.4).
 */
void
till_shop_root_ca_async (TillShop            *self,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  GError *error = NULL;

  g_return_if_fail (TILL_IS_SHOP (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, till_shop_root_ca_async);
  if (!till_shop_check_service (self, TILL_SHOP_DEVICES, &error))
    g_task_return_error (task, error);
  else
    till_devices_root_ca_async (self->devices, cancellable, root_ca_cb, g_steal_pointer (&task));
}

/**
 * till_shop_root_ca_finish:
 * @self: a shop
 * @result: as given to the callback
 * @error: why there is none
 *
 * Returns: (transfer full): the certificates as PEM
 */
char *
till_shop_root_ca_finish (TillShop      *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Three harmless calls, one after the other. */
typedef struct
{
  GPtrArray *probes;
  int        service;
  gint64     begun;       /* monotonic, microseconds */
} TillProbing;

static void
till_probing_free (gpointer data)
{
  TillProbing *probing = data;

  g_clear_pointer (&probing->probes, g_ptr_array_unref);
  g_free (probing);
}

/**
 * till_shop_probe_free:
 * @self: (transfer full) (nullable): a probe
 */
void
till_shop_probe_free (TillShopProbe *self)
{
  if (self == NULL)
    return;

  g_clear_error (&self->error);
  g_free (self);
}

static void probe_next (GTask *task);

static void
probed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillShop *self = g_task_get_source_object (task);
  TillProbing *probing = g_task_get_task_data (task);
  TillShopProbe *probe = probing->probes->pdata[probing->probes->len - 1];

  probe->milliseconds = (g_get_monotonic_time () - probing->begun) / 1000;
  if (probing->service == TILL_SHOP_HUB)
    {
      g_autoptr(TillHubAnswer) answer = till_hub_send_finish (self->hub, result, &probe->error);

      probe->skew = till_hub_get_skew (self->hub);
      if (answer != NULL)
        {
          probe->milliseconds = answer->milliseconds;
          probe->certificate_not_after = answer->certificate_not_after;
        }
    }
  else if (probing->service == TILL_SHOP_WALLET)
    {
      g_autoptr(TillWalletList) list = NULL;

      list = till_wallet_list_finish (self->wallet, result, &probe->error);
      probe->skew = till_wallet_get_skew (self->wallet);
      probe->certificate_not_after = till_wallet_get_certificate_not_after (self->wallet);
    }
  else
    {
      g_autofree char *pem = NULL;

      pem = till_devices_root_ca_finish (self->devices, result, &probe->error);
      probe->skew = till_devices_get_skew (self->devices);
      probe->certificate_not_after = till_devices_get_certificate_not_after (self->devices);
    }

  probing->service++;
  probe_next (g_steal_pointer (&task));
}

/* task: (transfer full) */
static void
probe_next (GTask *task)
{
  /* One certificate is enough to see that the sign-in counts. */
  static const TillWalletQuery one = { .enabled = TILL_TRI_UNKNOWN, .page_size = 1, .max_pages = 1 };
  TillShop *self = g_task_get_source_object (task);
  TillProbing *probing = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  for (; probing->service < TILL_SHOP_N_SERVICES; probing->service++)
    {
      TillShopProbe *probe = g_new0 (TillShopProbe, 1);

      probe->service = till_shop_service_names[probing->service];
      probe->skew = G_MININT64;
      g_ptr_array_add (probing->probes, probe);
      probe->configured = till_shop_check_service (self, probing->service, &probe->error);
      if (!probe->configured)
        continue;

      probing->begun = g_get_monotonic_time ();
      if (probing->service == TILL_SHOP_HUB)
        {
          g_autoptr(TillHubRequest) request = till_hub_request_status (self->hub);

          till_hub_send_async (self->hub, request, FALSE, cancellable, probed_cb, task);
        }
      else if (probing->service == TILL_SHOP_WALLET)
        {
          till_wallet_list_async (self->wallet, &one, NULL, NULL, cancellable, probed_cb, task);
        }
      else
        {
          till_devices_root_ca_async (self->devices, cancellable, probed_cb, task);
        }

      return;
    }

  if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, g_steal_pointer (&probing->probes), (GDestroyNotify) g_ptr_array_unref);
  g_object_unref (task);
}

/**
 * till_shop_test_async:
 * @self: a shop
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Asks each service of the profile something harmless.
 */
void
till_shop_test_async (TillShop            *self,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  GTask *task;
  TillProbing *probing;

  g_return_if_fail (TILL_IS_SHOP (self));

  task = g_task_new (self, cancellable, callback, user_data);
  probing = g_new0 (TillProbing, 1);
  probing->probes = g_ptr_array_new_with_free_func ((GDestroyNotify) till_shop_probe_free);
  g_task_set_source_tag (task, till_shop_test_async);
  g_task_set_task_data (task, probing, till_probing_free);
  probe_next (task);
}

/**
 * till_shop_test_finish:
 * @self: a shop
 * @result: as given to the callback
 * @error: cancelled
 *
 * Returns: (transfer container) (element-type TillShopProbe): one for each service
 */
GPtrArray *
till_shop_test_finish (TillShop      *self,
                       GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
