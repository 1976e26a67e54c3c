/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a host begins: authority, register, listener, in this order. */
#include "config.h"

#include "till-pairing-host-private.h"

#include <string.h>

#include "till-error.h"
#include "till-lan.h"

typedef struct
{
  GInetAddress *address;
  int           port;
} Place;

static void
place_free (Place *place)
{
  g_clear_object (&place->address);
  g_free (place);
}

static gboolean
listen_at (TillPairingHost  *self,
           GInetAddress     *address,
           int               port,
           GError          **error)
{
  g_autoptr(GError) local_error = NULL;

  if (port >= 0)
    return till_gate_listen (self->gate, address, (guint16) port, error);

  if (till_gate_listen (self->gate, address, TILL_HOST_DEFAULT_PORT, &local_error))
    return TRUE;

  if (till_error_get_reason (local_error) == TILL_REASON_IN_USE)
    return till_gate_listen (self->gate, address, 0, error);

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static gboolean
make_listener (TillPairingHost  *self,
               GError          **error)
{
  const char *host = g_get_host_name ();
  g_autofree char *local = strchr (host, '.') != NULL ? NULL : g_strconcat (host, ".local", NULL);
  const char *names[] = { host, local, NULL };
  g_autoptr(GTlsCertificate) certificate = NULL;

  /* A name that is no name in the sense of DNS can't be in a certificate. */
  for (const char *p = host; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && *p != '-' && *p != '.')
      names[0] = NULL;

  certificate = till_store_ca_make_listener (self->ca, self->address, names, till_clock_get_now (self->clock), error);
  if (certificate != NULL)
    till_gate_set_certificate (self->gate, certificate);

  return certificate != NULL;
}

static void
trust_devices (TillPairingHost *self)
{
  GListModel *devices = G_LIST_MODEL (self->devices);

  for (guint i = 0; i < g_list_model_get_n_items (devices); i++)
    {
      g_autoptr(TillDevice) device = g_list_model_get_item (devices, i);

      if (till_device_get_kind (device) != TILL_DEVICE_TILL || till_device_get_state (device) == TILL_DEVICE_REVOKED)
        continue;

      till_client_trust_add (self->trust, till_device_get_serial (device));
      if (till_device_get_state (device) == TILL_DEVICE_PENDING)
        till_pairing_host_add_pending (self, till_device_get_serial (device));
    }
}

static gboolean
open_gate (TillPairingHost  *self,
           const Place      *place,
           GError          **error)
{
  g_autofree char *text = NULL;
  gboolean is_v6;

  self->address = place->address != NULL ? g_object_ref (place->address) : till_lan_find_default (error);
  if (self->address == NULL || !till_store_ca_check_time (self->ca, till_clock_get_now (self->clock), error))
    return FALSE;

  self->trust = till_client_trust_new (self->ca, self->clock);
  self->gate = till_gate_new (G_TLS_DATABASE (self->trust));
  if (!make_listener (self, error) || !listen_at (self, self->address, place->port, error))
    return FALSE;

  trust_devices (self);
  till_pairing_host_follow_gate (self);

  text = g_inet_address_to_string (self->address);
  is_v6 = g_inet_address_get_family (self->address) == G_SOCKET_FAMILY_IPV6;
  g_free (self->https);
  g_free (self->wss);
  self->https = g_strdup_printf (is_v6 ? "https://[%s]:%u/" : "https://%s:%u/", text, till_gate_get_port (self->gate));
  self->wss = g_strdup_printf (is_v6 ? "wss://[%s]:%u/" : "wss://%s:%u/", text, till_gate_get_port (self->gate));

  return TRUE;
}

static void
start_failed (GTask  *task,
              GError *error)
{
  TillPairingHost *self = g_task_get_source_object (task);

  till_pairing_host_shut_gate (self);
  g_clear_object (&self->ca);
  g_task_return_error (task, error);
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillPairingHost *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!till_register_finish (TILL_REGISTER (source), result, &error) ||
      !open_gate (self, g_task_get_task_data (task), &error))
    {
      start_failed (task, error);
      return;
    }

  till_pairing_host_begin (self);
  g_task_return_boolean (task, TRUE);
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillPairingHost *self = g_task_get_source_object (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;

  self->ca = till_store_ca_open_finish (result, &error);
  if (self->ca == NULL)
    start_failed (task, error);
  else
    till_register_load_async (self->devices, cancellable, loaded_cb, g_steal_pointer (&task));
}

/**
 * till_pairing_host_start_async:
 * @self: a host that does not listen
 * @address: (nullable): one of this computer's; %NULL for that of the default route
 * @port: 0 for any free one, -1 for 8443 where that is free
 * @cancellable: (nullable): to stop it
 * @callback: called when it listens
 * @user_data: for @callback
 *
 * Opens the authority and the register, listens, and shows the first code.
 */
void
till_pairing_host_start_async (TillPairingHost     *self,
                               GInetAddress        *address,
                               int                  port,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Place *place = g_new0 (Place, 1);

  g_return_if_fail (TILL_IS_PAIRING_HOST (self));
  g_return_if_fail (!self->listening);

  g_task_set_source_tag (task, till_pairing_host_start_async);
  place->address = address == NULL ? NULL : g_object_ref (address);
  place->port = port;
  g_task_set_task_data (task, place, (GDestroyNotify) place_free);
  till_pairing_host_shut_gate (self);
  g_clear_object (&self->trust);
  g_clear_object (&self->ca);
  g_ptr_array_set_size (self->pending, 0);

  till_store_ca_open_async (self->store, self->vault, self->clock, self->profile, cancellable, opened_cb, task);
}

/**
 * till_pairing_host_start_finish:
 * @self: a host
 * @result: of till_pairing_host_start_async()
 * @error: (out) (optional): as till_store_ca_open_finish(), till_store_ca_check_time(), till_gate_listen(),
 *   till_lan_find_default()
 *
 * Returns: whether it listens
 */
gboolean
till_pairing_host_start_finish (TillPairingHost  *self,
                                GAsyncResult     *result,
                                GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
