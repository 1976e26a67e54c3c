/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client of Commerce Hub: sends a request and judges its answer. */
#include "config.h"

#include "till-hub.h"

#include <string.h>

#include "till-error.h"
#include "till-hub-private.h"
#include "till-limits.h"
#include "till-service-private.h"

#define JSON_TYPE "application/json"

/* API.md 3.1. */
#define MERCHANT_CHARS 1024

/*
 * TillHub sends what a TillHubRequest holds, byte for byte, and decides nothing
 * about sending it again: the caller says whether an unknown outcome may be
 * asked for once more. Answers are decoded by pure functions of other files.
 */
struct _TillHub
{
  GObject        parent_instance;

  TillTransport *transport;
  TillEndpoint  *endpoint;
  TillSigner    *signer;
  TillSecret    *secret;
  char          *merchant_id;
  char          *terminal_id;     /* (nullable) */
  gint64         skew;
};

G_DEFINE_FINAL_TYPE (TillHub, till_hub, G_TYPE_OBJECT)

static void
till_hub_finalize (GObject *object)
{
  TillHub *self = TILL_HUB (object);

  g_clear_object (&self->transport);
  g_clear_pointer (&self->endpoint, till_endpoint_unref);
  g_clear_pointer (&self->signer, till_signer_unref);
  g_clear_pointer (&self->secret, till_secret_unref);
  g_free (self->merchant_id);
  g_free (self->terminal_id);

  G_OBJECT_CLASS (till_hub_parent_class)->finalize (object);
}

static void
till_hub_class_init (TillHubClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = till_hub_finalize;
}

static void
till_hub_init (TillHub *self)
{
  self->skew = G_MININT64;
}

static gboolean
check_number (const char  *value,
              const char  *field,
              const char  *what,
              GError     **error)
{
  gboolean good = g_utf8_validate (value, -1, NULL) && g_utf8_strlen (value, -1) <= MERCHANT_CHARS;

  for (const char *p = value; good && *p != '\0'; p++)
    good = !g_ascii_iscntrl (*p);

  if (!good)
    till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_FIELD, field, NULL,
                    "this is not a %s id: it has characters that none has, or too many", what);

  return good;
}

/**
 * till_hub_new:
 * @transport: the way out
 * @url: (nullable): base address, with "/ch" at its end (API.md 1.1)
 * @merchant_id: (nullable): required by the service for every call but an upload
 * @terminal_id: (nullable): sent wherever it is known
 * @api_key: (nullable): not secret
 * @api_secret: signs
 * @error: (out) (optional): %TILL_ERROR_REJECTED where one of them is missing or can't be used
 *
 * Returns: (transfer full) (nullable): a client, %NULL with @error set
 */
TillHub *
till_hub_new (TillTransport  *transport,
              const char     *url,
              const char     *merchant_id,
              const char     *terminal_id,
              const char     *api_key,
              TillSecret     *api_secret,
              GError        **error)
{
  g_autoptr(TillEndpoint) endpoint = NULL;
  g_autoptr(TillSigner) signer = NULL;
  TillHub *self;

  g_return_val_if_fail (TILL_IS_TRANSPORT (transport), NULL);
  g_return_val_if_fail (api_secret != NULL, NULL);

  if (merchant_id == NULL || merchant_id[0] == '\0')
    {
      till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_FIELD, "merchantId", NULL,
                      "the profile has no merchant id, which Commerce Hub asks for");
      return NULL;
    }
  if (terminal_id != NULL && terminal_id[0] == '\0')
    terminal_id = NULL;

  if (!check_number (merchant_id, "merchantId", "merchant", error) ||
      (terminal_id != NULL && !check_number (terminal_id, "terminalId", "terminal", error)))
    return NULL;

  endpoint = till_endpoint_new (url, error);
  if (endpoint == NULL)
    return NULL;
  signer = till_signer_new_hub (api_key, api_secret, error);
  if (signer == NULL)
    return NULL;

  self = g_object_new (TILL_TYPE_HUB, NULL);
  self->transport = g_object_ref (transport);
  self->endpoint = g_steal_pointer (&endpoint);
  self->signer = g_steal_pointer (&signer);
  self->secret = till_secret_ref (api_secret);
  self->merchant_id = g_strdup (merchant_id);
  self->terminal_id = g_strdup (terminal_id);

  return self;
}

/**
 * till_hub_get_skew:
 * @self: a client
 *
 * Returns: seconds that this computer was ahead of the service at its last
 *   answer; %G_MININT64 where it has not said
 */
gint64
till_hub_get_skew (TillHub *self)
{
  g_return_val_if_fail (TILL_IS_HUB (self), G_MININT64);

  return self->skew;
}

/**
 * till_hub_get_merchant_id:
 * @self: a client
 *
 * Returns: (transfer none): the merchant id
 */
const char *
till_hub_get_merchant_id (TillHub *self)
{
  return self->merchant_id;
}

/**
 * till_hub_get_terminal_id:
 * @self: a client
 *
 * Returns: (transfer none) (nullable): the terminal id
 */
const char *
till_hub_get_terminal_id (TillHub *self)
{
  return self->terminal_id;
}

/**
 * till_hub_answer_free:
 * @self: (nullable) (transfer full): an answer
 *
 * Frees it and wipes its body.
 */
void
till_hub_answer_free (TillHubAnswer *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->body, till_secret_unref);
  g_free (self->trace_id);
  g_free (self->asked_id);
  g_free (self);
}

/* What must be known of a request when its answer is there. */
typedef struct
{
  TillHubOperation  operation;
  gboolean          changes;
  char             *asked_id;     /* (owned) (nullable) */
} Sent;

static void
sent_free (gpointer data)
{
  Sent *self = data;

  g_free (self->asked_id);
  g_free (self);
}

static gboolean
judge (TillHub           *self,
       const Sent        *sent,
       const TillAnswer  *answer,
       GError           **error)
{
  if (!till_service_judge (TILL_SERVICE_HUB, answer, sent->changes, &self->secret, 1, error))
    return FALSE;

  /* That it is accepted at all is what was asked; what it says has no documented form. */
  if (sent->operation == TILL_HUB_STATUS && till_secret_get_size (answer->body) == 0)
    return TRUE;

  return till_service_check_json (answer, TILL_LIMIT_JSON_BYTES, sent->changes, error);
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillHub *self = g_task_get_source_object (task);
  Sent *sent = g_task_get_task_data (task);
  g_autoptr(TillAnswer) answer = NULL;
  TillHubAnswer *made;
  GError *error = NULL;

  answer = till_transport_send_finish (TILL_TRANSPORT (source), result, &error);
  if (answer != NULL)
    self->skew = answer->skew;

  if (answer == NULL || !judge (self, sent, answer, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  made = g_new0 (TillHubAnswer, 1);
  made->status = answer->status;
  made->body = till_secret_ref (answer->body);
  made->trace_id = g_strdup (answer->trace_id);
  made->skew = answer->skew;
  made->milliseconds = answer->milliseconds;
  made->tries = answer->tries;
  made->certificate_not_after = answer->certificate_not_after;
  made->asked_id = g_steal_pointer (&sent->asked_id);

  g_task_return_pointer (task, made, (GDestroyNotify) till_hub_answer_free);
}

/**
 * till_hub_send_async:
 * @self: a client
 * @request: what to send; copied
 * @repeat: whether an unknown outcome may be asked for again by itself (RELIABILITY.md G17)
 * @cancellable: (nullable)
 * @callback: called when there is an answer
 * @user_data: for @callback
 *
 * Sends a request.
 */
void
till_hub_send_async (TillHub              *self,
                     const TillHubRequest *request,
                     gboolean              repeat,
                     GCancellable         *cancellable,
                     GAsyncReadyCallback   callback,
                     gpointer              user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(TillSecret) body = NULL;
  Sent *sent;
  TillCall call = { 0 };

  g_return_if_fail (TILL_IS_HUB (self));
  g_return_if_fail (request != NULL && request->path != NULL && request->request_id != NULL);

  if (request->body != NULL)
    body = till_secret_new_copy (request->body, strlen (request->body));

  sent = g_new0 (Sent, 1);
  sent->operation = request->operation;
  sent->changes = request->operation != TILL_HUB_STATUS;
  sent->asked_id = till_hub_request_dup_asked (request);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, till_hub_send_async);
  g_task_set_task_data (task, sent, sent_free);
  /* What has happened at the service is told even where nobody waits for it any more. */
  g_task_set_check_cancellable (task, FALSE);

  call.endpoint = self->endpoint;
  call.method = sent->changes ? "POST" : "GET";
  call.path = request->path;
  call.signer = self->signer;
  call.request_id = request->request_id;
  call.content_type = JSON_TYPE;
  call.body = body;
  call.deadline = request->operation == TILL_HUB_UPLOAD ? TILL_LIMIT_UPLOAD_SECONDS : 0;
  if (sent->changes)
    call.flags = repeat ? TILL_CALL_CHANGES | TILL_CALL_REPEATABLE : TILL_CALL_CHANGES;

  till_transport_send_async (self->transport, &call, cancellable, sent_cb, g_steal_pointer (&task));
}

/**
 * till_hub_send_finish:
 * @self: a client
 * @result: of till_hub_send_async()
 * @error: (out) (optional): see till_service_check_answer(); %TILL_ERROR_PROTOCOL; its
 *   outcome tells what may have happened
 *
 * Returns: (transfer full) (nullable): JSON of a success, %NULL with @error set
 */
TillHubAnswer *
till_hub_send_finish (TillHub       *self,
                      GAsyncResult  *result,
                      GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
