/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Airship Wallet certificates: one at a time. The list is in till-wallet-list.c. */
#include "config.h"

#include "till-wallet.h"

#include <string.h>

#include "till-error.h"
#include "till-limits.h"
#include "till-service-private.h"
#include "till-wallet-private.h"

#define JSON_TYPE "application/json"
/* The documents ask for this one of a list (API.md 6.3). */
#define LIST_TYPE "application/json; charset=utf-8"

/*
 * TillWallet asks and decodes, and decides nothing: no call is repeated here,
 * and what a caller may change is checked by the caller. Every message about
 * an answer is made without the secrets that went out with the question.
 */
struct _TillWallet
{
  GObject        parent_instance;

  TillTransport *transport;
  TillEndpoint  *endpoint;
  TillSigner    *signer;
  TillSecret    *password;
  gint64         skew;
  gint64         certificate_not_after;
};

G_DEFINE_FINAL_TYPE (TillWallet, till_wallet, G_TYPE_OBJECT)

static void
till_wallet_finalize (GObject *object)
{
  TillWallet *self = TILL_WALLET (object);

  g_clear_object (&self->transport);
  g_clear_pointer (&self->endpoint, till_endpoint_unref);
  g_clear_pointer (&self->signer, till_signer_unref);
  g_clear_pointer (&self->password, till_secret_unref);

  G_OBJECT_CLASS (till_wallet_parent_class)->finalize (object);
}

static void
till_wallet_class_init (TillWalletClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = till_wallet_finalize;
}

static void
till_wallet_init (TillWallet *self)
{
  self->skew = G_MININT64;
}

/**
 * till_wallet_new:
 * @transport: the way out
 * @url: (nullable): base address, such as "https://wallet-api.urbanairship.com/v1" (API.md 6.1)
 * @user: (nullable): project key, or the e-mail address of older accounts (API.md 6.2)
 * @password: project secret, or API key
 * @error: (out) (optional): %TILL_ERROR_REJECTED where one of them is missing or can't be used
 *
 * Returns: (transfer full) (nullable): a client, %NULL with @error set
 */
TillWallet *
till_wallet_new (TillTransport  *transport,
                 const char     *url,
                 const char     *user,
                 TillSecret     *password,
                 GError        **error)
{
  g_autoptr(TillEndpoint) endpoint = NULL;
  g_autoptr(TillSigner) signer = NULL;
  TillWallet *self;

  g_return_val_if_fail (TILL_IS_TRANSPORT (transport), NULL);
  g_return_val_if_fail (password != NULL, NULL);

  endpoint = till_endpoint_new (url, error);
  if (endpoint == NULL)
    return NULL;
  signer = till_signer_new_basic (user, password, error);
  if (signer == NULL)
    return NULL;

  self = g_object_new (TILL_TYPE_WALLET, NULL);
  self->transport = g_object_ref (transport);
  self->endpoint = g_steal_pointer (&endpoint);
  self->signer = g_steal_pointer (&signer);
  self->password = till_secret_ref (password);

  return self;
}

/**
 * till_wallet_get_skew:
 * @self: a client
 *
 * Returns: seconds that this computer was ahead of the service at its last
 *   answer; %G_MININT64 where it has not said
 */
gint64
till_wallet_get_skew (TillWallet *self)
{
  g_return_val_if_fail (TILL_IS_WALLET (self), G_MININT64);

  return self->skew;
}

/**
 * till_wallet_get_certificate_not_after:
 * @self: a client
 *
 * Returns: when the certificate of the service ends, as last seen; 0 where it has not answered
 */
gint64
till_wallet_get_certificate_not_after (TillWallet *self)
{
  g_return_val_if_fail (TILL_IS_WALLET (self), 0);

  return self->certificate_not_after;
}

/* One call on its way. */
typedef struct
{
  TillWallet           *self;        /* (owned) */
  TillSecret           *password;    /* (owned) (nullable) */
  gboolean              changes;
  TillWalletAnswerFunc  func;
  gpointer              user_data;
} Sent;

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Sent *sent = user_data;
  TillSecret * const secrets[] = { sent->self->password, sent->password };
  g_autoptr(TillAnswer) answer = NULL;
  GError *error = NULL;

  answer = till_transport_send_finish (TILL_TRANSPORT (source), result, &error);
  if (answer != NULL)
    {
      sent->self->skew = answer->skew;
      sent->self->certificate_not_after = answer->certificate_not_after;
    }

  if (answer != NULL &&
      till_service_judge (TILL_SERVICE_WALLET, answer, sent->changes, secrets, G_N_ELEMENTS (secrets), &error))
    sent->func (sent->self, answer, NULL, sent->user_data);
  else
    sent->func (sent->self, NULL, error, sent->user_data);

  g_clear_pointer (&sent->password, till_secret_unref);
  g_object_unref (sent->self);
  g_free (sent);
}

/**
 * till_wallet_call:
 * @self: a client
 * @call: what to ask
 * @cancellable: (nullable)
 * @func: where the answer goes; called once, never before this function returns
 * @user_data: for @func
 *
 * Sends one request and judges the status of its answer.
 */
void
till_wallet_call (TillWallet           *self,
                  const TillWalletCall *call,
                  GCancellable         *cancellable,
                  TillWalletAnswerFunc  func,
                  gpointer              user_data)
{
  Sent *sent = g_new0 (Sent, 1);
  TillCall request = {
    .endpoint = self->endpoint,
    .method = call->method,
    .path = call->path,
    .signer = self->signer,
    .content_type = call->is_list ? LIST_TYPE : call->body != NULL ? JSON_TYPE : NULL,
    .body = call->body,
    .deadline = call->body != NULL ? TILL_LIMIT_UPLOAD_SECONDS : 0,
    .max_answer = call->is_list ? TILL_LIMIT_JSON_LIST_BYTES : 0,
  };

  sent->self = g_object_ref (self);
  sent->password = call->password != NULL ? till_secret_ref (call->password) : NULL;
  sent->changes = !g_str_equal (call->method, "GET");
  sent->func = func;
  sent->user_data = user_data;

  /* Nothing tells the service that a second request is the first one again: none is sent by itself (API.md 6.9). */
  request.flags = sent->changes ? TILL_CALL_CHANGES : TILL_CALL_DEFAULT;

  till_transport_send_async (self->transport, &request, cancellable, sent_cb, sent);
}

/**
 * till_wallet_certificate_path:
 * @id: of a certificate
 * @error: (out) (optional): %TILL_ERROR_REJECTED
 *
 * Returns: (transfer full) (nullable): its address below the base, %NULL with @error set
 */
char *
till_wallet_certificate_path (const char  *id,
                              GError     **error)
{
  g_autofree char *escaped = NULL;

  /* Both dots would name what is above the certificate. */
  if (id[0] == '\0' || g_str_equal (id, ".") || g_str_equal (id, "..") || !g_utf8_validate (id, -1, NULL))
    {
      till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_FIELD, "id", NULL,
                      "this is not the id of a certificate");
      return NULL;
    }

  escaped = g_uri_escape_string (id, NULL, FALSE);

  return g_strconcat ("/certificates/", escaped, NULL);
}

/* What is left of a call on one certificate until it is answered: a task, with the id as its data. */
static GTask *
new_task (TillWallet          *self,
          gpointer             tag,
          const char          *id,
          GCancellable        *cancellable,
          GAsyncReadyCallback  callback,
          gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, g_strdup (id), g_free);
  /* What has happened at the service is told even where nobody waits for it any more. */
  g_task_set_check_cancellable (task, FALSE);

  return task;
}

static void
return_certificate (GTask            *task,
                    const TillAnswer *answer,
                    gboolean          changes)
{
  const char *id = g_task_get_task_data (task);
  g_autoptr(TillWalletCertificate) certificate = NULL;
  GError *reason = NULL;
  GError *error = NULL;

  if (!till_service_check_json (answer, TILL_LIMIT_JSON_BYTES, changes, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  certificate = till_wallet_certificate_new (answer->body, &reason);
  if (certificate != NULL && id != NULL && g_ascii_strcasecmp (certificate->id, id) != 0)
    till_set_error (&reason, TILL_ERROR_PROTOCOL, TILL_REASON_DIFFERS, "id", NULL,
                    "the answer is about another certificate than the one that was asked for");

  if (reason != NULL)
    {
      till_service_fail_answer (&error, reason, changes, answer->status, answer->trace_id);
      g_task_return_error (task, error);
      return;
    }

  g_task_return_pointer (task, g_steal_pointer (&certificate), (GDestroyNotify) till_wallet_certificate_unref);
}

static void
shown_cb (TillWallet       *self,
          const TillAnswer *answer,
          GError           *error,
          gpointer          user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);

  if (answer == NULL)
    g_task_return_error (task, error);
  else
    return_certificate (task, answer, FALSE);
}

static void
changed_cb (TillWallet       *self,
            const TillAnswer *answer,
            GError           *error,
            gpointer          user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);

  if (answer == NULL)
    g_task_return_error (task, error);
  else
    return_certificate (task, answer, TRUE);
}

/**
 * till_wallet_show_async:
 * @self: a client
 * @id: of a certificate
 * @cancellable: (nullable)
 * @callback: called when it is there
 * @user_data: for @callback
 *
 * Asks for one certificate.
 */
void
till_wallet_show_async (TillWallet          *self,
                        const char          *id,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *path = NULL;
  TillWalletCall call = { .method = "GET" };
  GError *error = NULL;

  g_return_if_fail (TILL_IS_WALLET (self));
  g_return_if_fail (id != NULL);

  task = new_task (self, till_wallet_show_async, id, cancellable, callback, user_data);
  path = till_wallet_certificate_path (id, &error);
  if (path == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  call.path = path;
  till_wallet_call (self, &call, cancellable, shown_cb, g_steal_pointer (&task));
}

/**
 * till_wallet_show_finish:
 * @self: a client
 * @result: of till_wallet_show_async()
 * @error: (out) (optional): see till_service_check_answer(); %TILL_ERROR_PROTOCOL
 *
 * Returns: (transfer full) (nullable): the certificate, %NULL with @error set
 */
TillWalletCertificate *
till_wallet_show_finish (TillWallet    *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * till_wallet_add_async:
 * @self: a client
 * @upload: what to add; copied
 * @cancellable: (nullable)
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Adds a certificate. One with the same pass type and team is renewed instead
 * and keeps its id (API.md 6.6). Sent once: after a lost answer look at the
 * list first.
 */
void
till_wallet_add_async (TillWallet             *self,
                       const TillWalletUpload *upload,
                       GCancellable           *cancellable,
                       GAsyncReadyCallback     callback,
                       gpointer                user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(TillSecret) body = NULL;
  TillWalletCall call = { .method = "POST", .path = "/certificates" };
  GError *error = NULL;

  g_return_if_fail (TILL_IS_WALLET (self));
  g_return_if_fail (upload != NULL && upload->p12 != NULL);

  task = new_task (self, till_wallet_add_async, NULL, cancellable, callback, user_data);
  body = till_wallet_upload_to_json (upload, &error);
  if (body == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  call.body = body;
  call.password = upload->password;
  till_wallet_call (self, &call, cancellable, changed_cb, g_steal_pointer (&task));
}

/**
 * till_wallet_add_finish:
 * @self: a client
 * @result: of till_wallet_add_async()
 * @error: (out) (optional): see till_service_check_answer(); its outcome tells
 *   whether the certificate may be there all the same
 *
 * Returns: (transfer full) (nullable): what was added or renewed, %NULL with @error set
 */
TillWalletCertificate *
till_wallet_add_finish (TillWallet    *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * till_wallet_update_async:
 * @self: a client
 * @id: of a certificate
 * @change: what to change; copied
 * @cancellable: (nullable)
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Changes a certificate. Whatever @change leaves alone stays as it is.
 */
void
till_wallet_update_async (TillWallet             *self,
                          const char             *id,
                          const TillWalletChange *change,
                          GCancellable           *cancellable,
                          GAsyncReadyCallback     callback,
                          gpointer                user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(TillSecret) body = NULL;
  g_autofree char *path = NULL;
  TillWalletCall call = { .method = "PUT" };
  GError *error = NULL;

  g_return_if_fail (TILL_IS_WALLET (self));
  g_return_if_fail (id != NULL && change != NULL);

  task = new_task (self, till_wallet_update_async, id, cancellable, callback, user_data);
  path = till_wallet_certificate_path (id, &error);
  if (path != NULL)
    body = till_wallet_change_to_json (change, &error);
  if (body == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  call.path = path;
  call.body = body;
  call.password = change->password;
  till_wallet_call (self, &call, cancellable, changed_cb, g_steal_pointer (&task));
}

/**
 * till_wallet_update_finish:
 * @self: a client
 * @result: of till_wallet_update_async()
 * @error: (out) (optional): see till_service_check_answer()
 *
 * Returns: (transfer full) (nullable): the certificate as it is now, %NULL with @error set
 */
TillWalletCertificate *
till_wallet_update_finish (TillWallet    *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
removed_cb (TillWallet       *self,
            const TillAnswer *answer,
            GError           *error,
            gpointer          user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);

  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  /* A page that somebody puts in the way is no word of the service, whatever its status. */
  if (till_service_is_web_page (answer->content_type, answer->body))
    {
      (void) till_service_check_json (answer, TILL_LIMIT_JSON_BYTES, TRUE, &error);
      g_task_return_error (task, error);
      return;
    }

  g_task_return_boolean (task, TRUE);
}

/**
 * till_wallet_remove_async:
 * @self: a client
 * @id: of a certificate
 * @cancellable: (nullable)
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Removes a certificate from the service.
 */
void
till_wallet_remove_async (TillWallet          *self,
                          const char          *id,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *path = NULL;
  TillWalletCall call = { .method = "DELETE" };
  GError *error = NULL;

  g_return_if_fail (TILL_IS_WALLET (self));
  g_return_if_fail (id != NULL);

  task = new_task (self, till_wallet_remove_async, id, cancellable, callback, user_data);
  path = till_wallet_certificate_path (id, &error);
  if (path == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  call.path = path;
  till_wallet_call (self, &call, cancellable, removed_cb, g_steal_pointer (&task));
}

/**
 * till_wallet_remove_finish:
 * @self: a client
 * @result: of till_wallet_remove_async()
 * @error: (out) (optional): see till_service_check_answer(); %TILL_ERROR_NOT_FOUND
 *   where there is no such certificate (any more)
 *
 * Returns: whether the service has removed it
 */
gboolean
till_wallet_remove_finish (TillWallet    *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
