/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wallet certificates of a shop: shown, added, replaced, edited, removed. */
#include "config.h"

#include <string.h>

#include "till-change.h"
#include "till-error.h"
#include "till-item-private.h"
#include "till-json-writer.h"
#include "till-time.h"

/* Services round times to seconds or milliseconds: this much apart is the same. */
#define SAME_TIME_SECONDS 2

/**
 * till_shop_changed_free:
 * @self: (transfer full) (nullable): what a change came to
 */
void
till_shop_changed_free (TillShopChanged *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->item, till_item_unref);
  g_free (self->differs);
  g_free (self);
}

static void
free_changed (gpointer data)
{
  till_shop_changed_free (data);
}

/* What is sent to the wallet, while it is on its way. */
typedef struct
{
  char             *id;               /* (nullable): %NULL to add */
  TillSecret       *p12;              /* (nullable) */
  TillSecret       *password;         /* (nullable) */
  TillCertificate  *certificate;      /* (nullable): what is in @p12 */
  char             *renews;           /* (nullable): id of the one that is renewed */
  TillTextChange    name_change;
  char             *name;
  TillTextChange    comment_change;
  char             *comment;
  TillTri           enabled;
  gboolean          make_default;
  gint64            known_updated_at;
} TillSending;

static TillSending *
new_sending (const char *id)
{
  TillSending *self = g_new0 (TillSending, 1);

  self->id = g_strdup (id);
  self->enabled = TILL_TRI_UNKNOWN;
  self->known_updated_at = TILL_TIME_UNKNOWN;

  return self;
}

static void
till_sending_free (gpointer data)
{
  TillSending *self = data;

  g_clear_pointer (&self->p12, till_secret_unref);
  g_clear_pointer (&self->password, till_secret_unref);
  g_clear_pointer (&self->certificate, till_certificate_unref);
  g_free (self->id);
  g_free (self->renews);
  g_free (self->name);
  g_free (self->comment);
  g_free (self);
}

static void
take_file (TillSending         *self,
           const TillPreflight *preflight)
{
  self->p12 = till_secret_ref (preflight->p12);
  self->password = preflight->password != NULL ? till_secret_ref (preflight->password) : till_secret_new (0);
  self->certificate = till_certificate_ref (preflight->certificate);
}

/* What the service will say if it was done: kept in the journal, as the body holds secrets and can't be. */
static char *
dup_expectation (const TillSending *self)
{
  GString *text = g_string_new (NULL);
  TillJsonWriter writer;

  till_json_writer_init (&writer, text, FALSE);
  till_json_writer_begin_object (&writer);
  if (self->certificate != NULL)
    {
      g_autofree char *end = till_time_format (self->certificate->not_after);

      till_json_writer_member (&writer, "baseName");
      till_json_writer_string (&writer, self->certificate->pass_type_id);
      till_json_writer_member (&writer, "teamIdentifier");
      till_json_writer_string (&writer, self->certificate->team_id);
      till_json_writer_member (&writer, "validityEnd");
      till_json_writer_string (&writer, end);
    }
  if (self->id != NULL && self->name_change != TILL_TEXT_KEEP)
    {
      till_json_writer_member (&writer, "name");
      till_json_writer_string (&writer, self->name_change == TILL_TEXT_SET ? self->name : "");
    }
  if (self->id != NULL && self->comment_change != TILL_TEXT_KEEP)
    {
      till_json_writer_member (&writer, "comment");
      till_json_writer_string (&writer, self->comment_change == TILL_TEXT_SET ? self->comment : "");
    }
  if (self->id != NULL && self->enabled != TILL_TRI_UNKNOWN)
    {
      till_json_writer_member (&writer, "enabled");
      till_json_writer_bool (&writer, self->enabled == TILL_TRI_TRUE);
    }
  if (self->id != NULL && self->make_default)
    {
      till_json_writer_member (&writer, "default");
      till_json_writer_bool (&writer, TRUE);
    }
  till_json_writer_end_object (&writer);

  return g_string_free (text, FALSE);
}

static gboolean
is_same_time (gint64 a,
              gint64 b)
{
  return a != TILL_TIME_UNKNOWN && b != TILL_TIME_UNKNOWN && ABS (a - b) <= SAME_TIME_SECONDS;
}

/* An answer is no proof: does it speak of what was sent (UX.md 1.15)? */
static char *
dup_difference (const TillSending           *sending,
                const TillWalletCertificate *answer)
{
  const TillCertificate *sent = sending->certificate;

  if (sent != NULL && answer->base_name != NULL && g_strcmp0 (answer->base_name, sent->pass_type_id) != 0)
    return g_strdup ("baseName");
  if (sent != NULL && answer->team_identifier != NULL && g_strcmp0 (answer->team_identifier, sent->team_id) != 0)
    return g_strdup ("teamIdentifier");
  if (sent != NULL && answer->validity_end != TILL_TIME_UNKNOWN && !is_same_time (answer->validity_end, sent->not_after))
    return g_strdup ("validityEnd");
  if (sending->name_change == TILL_TEXT_SET && answer->name != NULL && g_strcmp0 (answer->name, sending->name) != 0)
    return g_strdup ("name");
  if (sending->comment_change == TILL_TEXT_SET && answer->comment != NULL &&
      g_strcmp0 (answer->comment, sending->comment) != 0)
    return g_strdup ("comment");
  if (sending->enabled != TILL_TRI_UNKNOWN && answer->enabled != TILL_TRI_UNKNOWN && answer->enabled != sending->enabled)
    return g_strdup ("enabled");
  if (sending->make_default && answer->is_default == TILL_TRI_FALSE)
    return g_strdup ("default");

  return NULL;
}

static void
send_wallet (TillChange          *change,
             GCancellable        *cancellable,
             GAsyncReadyCallback  callback,
             gpointer             user_data)
{
  TillSending *sending = change->data;

  if (sending->id == NULL)
    {
      const TillWalletUpload upload = {
        .name = sending->name,
        .comment = sending->comment,
        .enabled = sending->enabled != TILL_TRI_FALSE,
        .make_default = sending->make_default,
        .p12 = sending->p12,
        .password = sending->password,
      };

      till_wallet_add_async (change->shop->wallet, &upload, cancellable, callback, user_data);
    }
  else
    {
      const TillWalletChange update = {
        .name_change = sending->name_change,
        .name = sending->name,
        .comment_change = sending->comment_change,
        .comment = sending->comment,
        .enabled = sending->enabled,
        .make_default = sending->make_default,
        .p12 = sending->p12,
        .password = sending->password,
      };

      till_wallet_update_async (change->shop->wallet, sending->id, &update, cancellable, callback, user_data);
    }
}

static gpointer
receive_wallet (TillChange    *change,
                GAsyncResult  *result,
                GError       **error)
{
  TillSending *sending = change->data;
  g_autoptr(TillWalletCertificate) certificate = NULL;
  TillShopChanged *changed;

  if (sending->id == NULL)
    certificate = till_wallet_add_finish (change->shop->wallet, result, error);
  else
    certificate = till_wallet_update_finish (change->shop->wallet, result, error);

  if (certificate == NULL)
    return NULL;

  change->intent->tries++;
  if (sending->id == NULL)
    {
      g_free (change->intent->subject);
      change->intent->subject = g_strdup (certificate->id);
    }

  changed = g_new0 (TillShopChanged, 1);
  changed->renewed = sending->renews != NULL && g_strcmp0 (sending->renews, certificate->id) == 0;
  changed->differs = dup_difference (sending, certificate);
  changed->item = till_item_new_wallet (certificate, till_shop_now (change->shop));

  return changed;
}

/* sending, task: (transfer full) */
static void
run_sending (TillShop    *self,
             const char  *operation,
             TillSending *sending,
             GTask       *task)
{
  TillChange *change = till_change_new (self, TILL_SHOP_WALLET, operation, sending->id);

  change->data = sending;
  change->free_data = till_sending_free;
  change->send = send_wallet;
  change->receive = receive_wallet;
  change->free_result = free_changed;
  change->intent->body = dup_expectation (sending);
  if (sending->p12 != NULL)
    change->intent->body_sha256 = g_compute_checksum_for_data (G_CHECKSUM_SHA256, till_secret_get_data (sending->p12),
                                                               till_secret_get_size (sending->p12));

  till_change_run (change, task);
}

static GTask *
new_task (TillShop            *self,
          gpointer             tag,
          GCancellable        *cancellable,
          GAsyncReadyCallback  callback,
          gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_check_cancellable (task, FALSE);

  return task;
}

static void
shown_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillShop *self = g_task_get_source_object (task);
  g_autoptr(TillWalletCertificate) certificate = NULL;
  GError *error = NULL;

  certificate = till_wallet_show_finish (TILL_WALLET (source), result, &error);
  if (certificate == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, till_item_new_wallet (certificate, till_shop_now (self)), (GDestroyNotify) till_item_unref);
}

/**
 * till_shop_show_async:
 * @self: a shop
 * @id: of a wallet certificate
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Asks the service for one certificate.
 */
void
till_shop_show_async (TillShop            *self,
                      const char          *id,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  GError *error = NULL;

  g_return_if_fail (TILL_IS_SHOP (self) && id != NULL);

  task = new_task (self, till_shop_show_async, cancellable, callback, user_data);
  if (!till_shop_check_service (self, TILL_SHOP_WALLET, &error))
    g_task_return_error (task, error);
  else
    till_wallet_show_async (self->wallet, id, cancellable, shown_cb, g_steal_pointer (&task));
}

/**
 * till_shop_show_finish:
 * @self: a shop
 * @result: as given to the callback
 * @error: %TILL_ERROR_NOT_FOUND, or why the service could not be asked
 *
 * Returns: (transfer full): the certificate
 */
TillItem *
till_shop_show_finish (TillShop      *self,
                       GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * till_shop_add_async:
 * @self: a shop
 * @preflight: of the file
 * @name: (nullable): of the new certificate; %NULL keeps that of the one that is renewed
 * @comment: (nullable): likewise
 * @enabled: whether it is switched on
 * @make_default: whether it becomes the default one
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Adds a certificate. The service renews an existing one where pass type and
 * team are the same (services/airship-wallet-certificates.md, "Add new
 * certificate"); @preflight knows which.
 */
void
till_shop_add_async (TillShop            *self,
                     TillPreflight       *preflight,
                     const char          *name,
                     const char          *comment,
                     gboolean             enabled,
                     gboolean             make_default,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  TillSending *sending;

  g_return_if_fail (TILL_IS_SHOP (self) && preflight != NULL);

  task = new_task (self, till_shop_add_async, cancellable, callback, user_data);
  if (preflight->stop != NULL)
    {
      g_task_return_error (task, g_error_copy (preflight->stop));
      return;
    }

  sending = new_sending (NULL);
  take_file (sending, preflight);
  if (preflight->replaces != NULL)
    {
      const TillWalletCertificate *renewed = preflight->replaces;

      /* What is not said is kept: a renewal erases no name, and never asks that the default one stop being it. */
      sending->renews = g_strdup (renewed->id);
      name = name != NULL ? name : renewed->name;
      comment = comment != NULL ? comment : renewed->comment;
      make_default = make_default || renewed->is_default == TILL_TRI_TRUE;
    }
  sending->name_change = name != NULL ? TILL_TEXT_SET : TILL_TEXT_KEEP;
  sending->name = g_strdup (name);
  sending->comment_change = comment != NULL ? TILL_TEXT_SET : TILL_TEXT_KEEP;
  sending->comment = g_strdup (comment);
  sending->enabled = enabled ? TILL_TRI_TRUE : TILL_TRI_FALSE;
  sending->make_default = make_default;
  run_sending (self, "certificates.add", sending, g_steal_pointer (&task));
}

/**
 * till_shop_replace_async:
 * @self: a shop
 * @id: of the certificate to be replaced
 * @preflight: of the new file, made for @id
 * @allow_other_identity: send it though passes of the old one could no longer be updated
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Puts another file in the place of a certificate; name and comment stay (API.md 6.5, 6.6).
 */
void
till_shop_replace_async (TillShop            *self,
                         const char          *id,
                         TillPreflight       *preflight,
                         gboolean             allow_other_identity,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  TillSending *sending;
  GError *error = NULL;

  g_return_if_fail (TILL_IS_SHOP (self) && id != NULL && preflight != NULL);

  task = new_task (self, till_shop_replace_async, cancellable, callback, user_data);
  if (preflight->stop != NULL)
    {
      g_task_return_error (task, g_error_copy (preflight->stop));
      return;
    }

  if (preflight->other_identity && !allow_other_identity)
    {
      const TillWalletCertificate *old = preflight->replaces;

      till_set_error (&error, TILL_ERROR_CONFLICT, TILL_REASON_OTHER_IDENTITY, preflight->certificate->pass_type_id, NULL,
                      "the file is for %s (team %s); passes made with %s (team %s) could no longer be updated",
                      preflight->certificate->pass_type_id, preflight->certificate->team_id,
                      old->base_name != NULL ? old->base_name : "an unknown identifier",
                      old->team_identifier != NULL ? old->team_identifier : "unknown");
      g_task_return_error (task, error);
      return;
    }

  sending = new_sending (id);
  take_file (sending, preflight);
  run_sending (self, "certificates.replace", sending, g_steal_pointer (&task));
}

static void
update_shown_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillShop *self = g_task_get_source_object (task);
  TillSending *sending = g_object_get_data (G_OBJECT (task), "sending");
  g_autoptr(TillWalletCertificate) certificate = NULL;
  GError *error = NULL;

  certificate = till_wallet_show_finish (TILL_WALLET (source), result, &error);
  if (certificate != NULL && sending->known_updated_at != TILL_TIME_UNKNOWN &&
      certificate->updated_at != TILL_TIME_UNKNOWN && certificate->updated_at > sending->known_updated_at)
    till_set_error (&error, TILL_ERROR_CONFLICT, TILL_REASON_CHANGED_MEANWHILE, sending->id, NULL,
                    "the certificate was changed meanwhile by someone else; look at it again first");

  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_object_steal_data (G_OBJECT (task), "sending");
  run_sending (self, "certificates.update", sending, g_steal_pointer (&task));
}

/**
 * till_shop_update_async:
 * @self: a shop
 * @id: of a certificate
 * @change: what becomes of it; without a file
 * @known_updated_at: when the caller last saw it changed; %TILL_TIME_UNKNOWN not to check
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Edits name, comment, enabled and default. What is not changed is sent as
 * null or left out, so that nothing is erased by accident (API.md 6.5).
 */
void
till_shop_update_async (TillShop               *self,
                        const char             *id,
                        const TillWalletChange *change,
                        gint64                  known_updated_at,
                        GCancellable           *cancellable,
                        GAsyncReadyCallback     callback,
                        gpointer                user_data)
{
  g_autoptr(GTask) task = NULL;
  TillSending *sending;
  GError *error = NULL;

  g_return_if_fail (TILL_IS_SHOP (self) && id != NULL && change != NULL && change->p12 == NULL);

  task = new_task (self, till_shop_update_async, cancellable, callback, user_data);
  if (!till_shop_check_service (self, TILL_SHOP_WALLET, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  sending = new_sending (id);
  sending->name_change = change->name_change;
  sending->name = g_strdup (change->name);
  sending->comment_change = change->comment_change;
  sending->comment = g_strdup (change->comment);
  sending->enabled = change->enabled;
  sending->make_default = change->make_default;
  sending->known_updated_at = known_updated_at;
  g_object_set_data_full (G_OBJECT (task), "sending", sending, till_sending_free);
  till_wallet_show_async (self->wallet, id, cancellable, update_shown_cb, g_steal_pointer (&task));
}

/**
 * till_shop_change_finish:
 * @self: a shop
 * @result: as given to the callback of add, replace or update
 * @error: why it failed; till_error_get_outcome() tells whether it may have been done all the same
 *
 * Returns: (transfer full): the certificate as the service says it is now
 */
TillShopChanged *
till_shop_change_finish (TillShop      *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
send_removal (TillChange          *change,
              GCancellable        *cancellable,
              GAsyncReadyCallback  callback,
              gpointer             user_data)
{
  till_wallet_remove_async (change->shop->wallet, change->intent->subject, cancellable, callback, user_data);
}

static gpointer
receive_removal (TillChange    *change,
                 GAsyncResult  *result,
                 GError       **error)
{
  g_autoptr(GError) local_error = NULL;

  change->intent->tries++;
  /* It was there a moment ago, so whoever removed it: it is gone. */
  if (till_wallet_remove_finish (change->shop->wallet, result, &local_error) ||
      g_error_matches (local_error, TILL_ERROR, TILL_ERROR_NOT_FOUND))
    return change->shop;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return NULL;
}

/* A certificate that is not there, where an earlier removal was unknown: that one is done (G16). */
typedef struct
{
  char     *profile_id;
  char     *id;
  gint64    now;
  gboolean  found;
  GError   *gone;
} TillGone;

static void
till_gone_free (gpointer data)
{
  TillGone *gone = data;

  g_clear_error (&gone->gone);
  g_free (gone->profile_id);
  g_free (gone->id);
  g_free (gone);
}

static gboolean
gone_work (TillTransaction  *transaction,
           gpointer          data,
           GError          **error)
{
  TillGone *gone = data;
  g_autoptr(GPtrArray) intents = till_transaction_list_intents (transaction, gone->profile_id, TRUE, error);

  if (intents == NULL)
    return FALSE;

  for (guint i = 0; i < intents->len; i++)
    {
      TillIntentRecord *intent = intents->pdata[i];

      if (!g_str_equal (intent->operation, "certificates.remove") || g_strcmp0 (intent->subject, gone->id) != 0)
        continue;

      gone->found = TRUE;
      intent->state = TILL_INTENT_DONE;
      intent->ended_at = gone->now;
      if (!till_transaction_put_intent (transaction, intent, error))
        return FALSE;
    }

  return TRUE;
}

static void
gone_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillGone *gone = g_task_get_task_data (task);
  GError *error = NULL;

  if (!till_store_run_finish (TILL_STORE (source), result, &error))
    g_task_return_error (task, error);
  else if (gone->found)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&gone->gone));
}

static void
removal_done_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  GError *error = NULL;

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
removal_shown_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillShop *self = g_task_get_source_object (task);
  TillGone *gone = g_task_get_task_data (task);
  g_autoptr(TillWalletCertificate) certificate = NULL;
  TillChange *change;
  GTask *inner;
  GError *error = NULL;

  certificate = till_wallet_show_finish (TILL_WALLET (source), result, &error);
  if (g_error_matches (error, TILL_ERROR, TILL_ERROR_NOT_FOUND))
    {
      gone->gone = error;
      till_store_run_async (self->store, gone_work, gone, NULL, NULL, gone_cb, g_steal_pointer (&task));
      return;
    }

  if (certificate != NULL && certificate->is_default == TILL_TRI_TRUE)
    till_set_error (&error, TILL_ERROR_CONFLICT, TILL_REASON_IS_DEFAULT, gone->id, NULL,
                    "it is the default certificate; make another one the default first");

  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  change = till_change_new (self, TILL_SHOP_WALLET, "certificates.remove", gone->id);
  change->send = send_removal;
  change->receive = receive_removal;
  inner = g_task_new (self, g_task_get_cancellable (task), removal_done_cb, g_object_ref (task));
  till_change_run (change, inner);
}

/**
 * till_shop_remove_async:
 * @self: a shop
 * @id: of a certificate
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Removes a certificate from the service, which keeps no copy.
 */
void
till_shop_remove_async (TillShop            *self,
                        const char          *id,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  TillGone *gone;
  GError *error = NULL;

  g_return_if_fail (TILL_IS_SHOP (self) && id != NULL);

  task = new_task (self, till_shop_remove_async, cancellable, callback, user_data);
  gone = g_new0 (TillGone, 1);
  gone->profile_id = g_strdup (self->profile->id);
  gone->id = g_strdup (id);
  gone->now = till_shop_now (self);
  g_task_set_task_data (task, gone, till_gone_free);

  if (!till_shop_check_service (self, TILL_SHOP_WALLET, &error))
    g_task_return_error (task, error);
  else
    till_wallet_show_async (self->wallet, id, cancellable, removal_shown_cb, g_steal_pointer (&task));
}

/**
 * till_shop_remove_finish:
 * @self: a shop
 * @result: as given to the callback
 * @error: %TILL_ERROR_CONFLICT for the default one, %TILL_ERROR_NOT_FOUND, or what the service says
 *
 * Returns: whether it is gone
 */
gboolean
till_shop_remove_finish (TillShop      *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
