/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client of the Acceptance Devices REST API. */
#include "config.h"

#include "till-devices.h"

#include <string.h>

#include "till-devices-private.h"
#include "till-error.h"
#include "till-limits.h"
#include "till-service-private.h"

#define ROOT_CA_PATH "/dms/v2/devices/certificates/rootca"

/*
 * TillDevices asks the cloud, never a terminal. One call so far: the root
 * certificate that terminals are trusted by, public as it is.
 */
struct _TillDevices
{
  GObject        parent_instance;

  TillTransport *transport;
  TillEndpoint  *endpoint;
  TillSigner    *signer;
  TillSecret    *secret;
  gint64         skew;
  gint64         certificate_not_after;
};

G_DEFINE_FINAL_TYPE (TillDevices, till_devices, G_TYPE_OBJECT)

static void
till_devices_finalize (GObject *object)
{
  TillDevices *self = TILL_DEVICES (object);

  g_clear_object (&self->transport);
  g_clear_pointer (&self->endpoint, till_endpoint_unref);
  g_clear_pointer (&self->signer, till_signer_unref);
  g_clear_pointer (&self->secret, till_secret_unref);

  G_OBJECT_CLASS (till_devices_parent_class)->finalize (object);
}

static void
till_devices_class_init (TillDevicesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = till_devices_finalize;
}

static void
till_devices_init (TillDevices *self)
{
  self->skew = G_MININT64;
}

/**
 * till_devices_new:
 * @transport: the way out
 * @url: (nullable): base address, such as "https://apitest.visaacceptance.com" (API.md 5.1)
 * @organization: (nullable): id of the organization
 * @key_id: (nullable): of the shared secret
 * @shared_secret: Base64, as the service gives it out
 * @signature: which of the two ways to sign (API.md 5.5)
 * @spelling: of HTTP Signature
 * @error: (out) (optional): %TILL_ERROR_REJECTED where one of them is missing or can't be used
 *
 * Returns: (transfer full) (nullable): a client, %NULL with @error set
 */
TillDevices *
till_devices_new (TillTransport          *transport,
                  const char             *url,
                  const char             *organization,
                  const char             *key_id,
                  TillSecret             *shared_secret,
                  TillDevicesSignature    signature,
                  TillSignatureSpelling   spelling,
                  GError                **error)
{
  g_autoptr(TillEndpoint) endpoint = NULL;
  g_autoptr(TillSigner) signer = NULL;
  TillDevices *self;

  g_return_val_if_fail (TILL_IS_TRANSPORT (transport), NULL);
  g_return_val_if_fail (shared_secret != NULL, NULL);

  endpoint = till_endpoint_new (url, error);
  if (endpoint == NULL)
    return NULL;

  if (signature == TILL_DEVICES_JWT)
    signer = till_signer_new_jwt (organization, key_id, shared_secret, error);
  else
    signer = till_signer_new_http_signature (organization, key_id, shared_secret, spelling, error);
  if (signer == NULL)
    return NULL;

  self = g_object_new (TILL_TYPE_DEVICES, NULL);
  self->transport = g_object_ref (transport);
  self->endpoint = g_steal_pointer (&endpoint);
  self->signer = g_steal_pointer (&signer);
  self->secret = till_secret_ref (shared_secret);

  return self;
}

/**
 * till_devices_get_skew:
 * @self: a client
 *
 * Returns: seconds that this computer was ahead of the service at its last
 *   answer; %G_MININT64 where it has not said
 */
gint64
till_devices_get_skew (TillDevices *self)
{
  g_return_val_if_fail (TILL_IS_DEVICES (self), G_MININT64);

  return self->skew;
}

/**
 * till_devices_get_certificate_not_after:
 * @self: a client
 *
 * Returns: when the certificate of the service ends, as last seen; 0 where it has not answered
 */
gint64
till_devices_get_certificate_not_after (TillDevices *self)
{
  g_return_val_if_fail (TILL_IS_DEVICES (self), 0);

  return self->certificate_not_after;
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillDevices *self = g_task_get_source_object (task);
  g_autoptr(TillAnswer) answer = NULL;
  GError *reason = NULL;
  GError *error = NULL;
  char *pem = NULL;

  answer = till_transport_send_finish (TILL_TRANSPORT (source), result, &error);
  if (answer != NULL)
    {
      self->skew = answer->skew;
      self->certificate_not_after = answer->certificate_not_after;
    }

  if (answer != NULL &&
      till_service_judge (TILL_SERVICE_DEVICES, answer, FALSE, &self->secret, 1, &error) &&
      till_service_check_json (answer, TILL_LIMIT_JSON_BYTES, FALSE, &error))
    {
      pem = till_devices_chain_from_json (answer->body, &reason);
      if (pem == NULL)
        till_service_fail_answer (&error, reason, FALSE, answer->status, answer->trace_id);
    }

  if (pem != NULL)
    g_task_return_pointer (task, pem, g_free);
  else
    g_task_return_error (task, error);
}

/**
 * till_devices_root_ca_async:
 * @self: a client
 * @cancellable: (nullable)
 * @callback: called when it is there
 * @user_data: for @callback
 *
 * Asks for the root certificate of terminals (API.md 5.4).
 */
void
till_devices_root_ca_async (TillDevices         *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  TillCall call = { .method = "GET", .path = ROOT_CA_PATH };

  g_return_if_fail (TILL_IS_DEVICES (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, till_devices_root_ca_async);

  call.endpoint = self->endpoint;
  call.signer = self->signer;
  till_transport_send_async (self->transport, &call, cancellable, sent_cb, g_steal_pointer (&task));
}

/**
 * till_devices_root_ca_finish:
 * @self: a client
 * @result: of till_devices_root_ca_async()
 * @error: (out) (optional): see till_service_check_answer(); %TILL_ERROR_PROTOCOL
 *
 * Returns: (transfer full) (nullable): certificates as PEM, each checked to be
 *   one, in the order of the service; %NULL with @error set
 */
char *
till_devices_root_ca_finish (TillDevices   *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
