/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Client certificates for Commerce Hub: uploaded, and kept in a register, as the service has no list. */
#include "config.h"

#include <string.h>

#include "till-error.h"
#include "till-inspector.h"
#include "till-json-reader.h"
#include "till-limits.h"
#include "till-shop-keys.h"
#include "till-time.h"

/**
 * till_shop_free_upload:
 * @data: (transfer full) (nullable): a #TillUploadRecord
 */
void
till_shop_free_upload (gpointer data)
{
  if (data != NULL)
    till_upload_record_free (data);
}

/**
 * till_shop_fill_upload:
 * @record: a record
 * @body: (nullable): what was sent, as the journal keeps it
 *
 * Fills in what only the request tells, where an upload is settled afterwards.
 */
void
till_shop_fill_upload (TillUploadRecord *record,
                       const char       *body)
{
  g_autoptr(JsonNode) root = NULL;
  g_autoptr(TillDocument) document = NULL;
  TillJsonReader reader, details;
  const char *resource = NULL;
  const char *algorithm = NULL;

  if (body == NULL || !(root = till_json_parse (body, strlen (body), TILL_LIMIT_JSON_BYTES, NULL)))
    return;

  till_json_reader_init (&reader, root);
  if (!till_json_reader_object (&reader, "clientCryptographicDetails", &details, NULL) ||
      !till_json_reader_string (&details, "cryptographicResource", 1, TILL_LIMIT_JSON_BYTES, &resource, NULL))
    return;

  if (till_json_reader_string (&details, "cryptographicAlgorithm", 1, 256, &algorithm, NULL))
    {
      g_free (record->algorithm);
      record->algorithm = g_strdup (algorithm);
    }

  document = till_document_parse ((const guint8 *) resource, strlen (resource), NULL, NULL);
  if (document == NULL)
    return;

  g_free (record->public_key_sha256);
  if (document->certificates->len > 0)
    {
      const TillCertificate *certificate = document->certificates->pdata[0];

      record->name = g_strdup (certificate->common_name);
      record->sha256 = g_strdup (certificate->sha256);
      record->public_key_sha256 = g_strdup (certificate->public_key_sha256);
      record->not_before = certificate->not_before;
      record->not_after = certificate->not_after;
    }
  else
    {
      const TillKey *key = document->public_keys->len > 0 ? document->public_keys->pdata[0] : NULL;

      record->public_key_sha256 = g_strdup (key != NULL ? key->public_key_sha256 : "");
    }
}

/* What is uploaded, while it is on its way. */
typedef struct
{
  char             *key_id;        /* (nullable) */
  char             *algorithm;     /* (nullable) */
  char             *used_for;      /* (nullable) */
  char             *name;
} TillUploading;

static void
till_uploading_free (gpointer data)
{
  TillUploading *uploading = data;

  g_free (uploading->key_id);
  g_free (uploading->algorithm);
  g_free (uploading->used_for);
  g_free (uploading->name);
  g_free (uploading);
}

static gboolean
refuse_weak (int          bits,
             const char  *algorithm,
             guint        weakness,
             GError     **error)
{
  if ((weakness & TILL_WEAK_SMALL_KEY) == 0)
    return TRUE;

  till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_WEAK, "key", NULL, "the key is too weak: %s with %d bits",
                  algorithm, bits);

  return FALSE;
}

static gboolean
check_dates (const TillCertificate *certificate,
             gint64                 now,
             GError               **error)
{
  const gint64 end[2] = { certificate->not_after, -1 };
  const gint64 start[2] = { certificate->not_before, -1 };
  g_autofree char *text = NULL;

  if (certificate->not_after == TILL_TIME_INVALID || certificate->not_before == TILL_TIME_INVALID)
    {
      till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_BAD_TIME, NULL, NULL,
                      "the certificate has dates that make no sense");
      return FALSE;
    }

  if (now > certificate->not_after)
    {
      text = till_time_format (certificate->not_after);
      till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_EXPIRED, NULL, end, "the certificate expired on %s", text);
      return FALSE;
    }

  if (now < certificate->not_before)
    {
      text = till_time_format (certificate->not_before);
      till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_NOT_YET_VALID, NULL, start,
                      "the certificate is not valid before %s; is the clock of this computer right?", text);
      return FALSE;
    }

  return TRUE;
}

/* The one thing in the file that can be uploaded: a leaf certificate, or a public key. Never a private key. */
static TillUploadRecord *
choose (TillShop       *self,
        TillDocument   *document,
        TillUploading  *uploading,
        TillHubUpload  *upload,
        GError        **error)
{
  g_autoptr(TillUploadRecord) record = till_upload_record_new ();

  record->not_before = TILL_TIME_UNKNOWN;
  record->not_after = TILL_TIME_UNKNOWN;

  if (document->leaves->len > 0)
    {
      guint index = g_array_index (document->leaves, guint, 0);
      const TillCertificate *certificate = document->certificates->pdata[index];

      if (document->leaves->len > 1 && document->private_keys->len == 0)
        {
          till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_TOO_MANY, NULL, NULL,
                          "the file holds %u certificates that belong to no one chain; upload each from a file of its own",
                          document->leaves->len);
          return NULL;
        }

      if (!check_dates (certificate, till_shop_now (self), error) ||
          !refuse_weak (certificate->key_bits, certificate->key_algorithm, certificate->weakness, error))
        return NULL;

      upload->resource = certificate->der;
      upload->is_certificate = TRUE;
      upload->length = certificate->key_bits;
      upload->public_key_sha256 = certificate->public_key_sha256;
      record->sha256 = g_strdup (certificate->sha256);
      record->not_before = certificate->not_before;
      record->not_after = certificate->not_after;
      if (certificate->common_name != NULL)
        {
          g_free (uploading->name);
          uploading->name = g_strdup (certificate->common_name);
        }
    }
  else if (document->public_keys->len == 1 && document->private_keys->len == 0)
    {
      const TillKey *key = document->public_keys->pdata[0];

      if (!refuse_weak (key->bits, key->algorithm, key->weakness, error))
        return NULL;

      upload->resource = key->spki;
      upload->is_certificate = FALSE;
      upload->length = key->bits;
      upload->public_key_sha256 = key->public_key_sha256;
    }
  else
    {
      till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_NONE, NULL, NULL,
                      document->private_keys->len > 0 ?
                      "the file holds a private key and no certificate; a private key is never uploaded" :
                      "the file holds neither a certificate nor one public key");
      return NULL;
    }

  if (upload->resource == NULL || upload->public_key_sha256 == NULL || *upload->public_key_sha256 == '\0')
    {
      till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_ALGORITHM, NULL, NULL,
                      "the public key is of a kind that can't be uploaded");
      return NULL;
    }

  record->profile_id = g_strdup (self->profile->id);
  record->name = g_strdup (uploading->name);
  record->public_key_sha256 = g_strdup (upload->public_key_sha256);
  record->client_key_id = g_strdup (uploading->key_id != NULL ? uploading->key_id : upload->public_key_sha256);
  record->algorithm = g_strdup (uploading->algorithm != NULL ? uploading->algorithm : "JWE");
  upload->key_id = record->client_key_id;
  upload->algorithm = record->algorithm;
  upload->used_for = uploading->used_for;

  return g_steal_pointer (&record);
}

/**
 * till_shop_receive_uploaded:
 * @change: a change that uploads a client certificate; its data is the #TillUploadRecord as it was sent, or %NULL
 *   where it is settled
 * @result: as given to its callback
 * @error: why it did not
 *
 * Returns: (transfer full): a #TillUploadRecord
 */
gpointer
till_shop_receive_uploaded (TillChange    *change,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_autoptr(TillHubAnswer) answer = till_change_receive_hub (change, result, error);
  g_autoptr(TillHubUploaded) uploaded = NULL;
  TillUploadRecord *record;

  if (answer == NULL)
    return NULL;

  uploaded = till_hub_uploaded_new (answer, error);
  if (uploaded == NULL)
    return NULL;

  if (uploaded->client_key_id != NULL && g_strcmp0 (uploaded->client_key_id, change->intent->subject) != 0)
    {
      till_set_error (error, TILL_ERROR_PROTOCOL, TILL_REASON_DIFFERS, "clientKeyID", NULL,
                      "the service answered about another key ID than the one that was sent");
      if (error != NULL)
        till_error_set_answer (*error, TILL_OUTCOME_UNKNOWN, answer->status, NULL, answer->trace_id);
      return NULL;
    }

  record = g_steal_pointer (&change->data);
  g_free (record->public_key_hash);
  record->public_key_hash = g_strdup (uploaded->public_key_hash);
  g_free (record->trace_id);
  record->trace_id = g_strdup (uploaded->trace_id);
  record->uploaded_at = till_shop_now (change->shop);

  return record;
}

/**
 * till_shop_store_upload:
 * @change: a change whose result is a #TillUploadRecord
 * @transaction: the transaction that closes it
 * @error: of the store
 *
 * Returns: whether it is in the register
 */
gboolean
till_shop_store_upload (TillChange       *change,
                        TillTransaction  *transaction,
                        GError          **error)
{
  return till_transaction_put_upload (transaction, change->result, error);
}

static void
inspected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  TillShop *self = g_task_get_source_object (task);
  TillUploading *uploading = g_task_get_task_data (task);
  g_autoptr(TillDocument) document = NULL;
  g_autoptr(TillUploadRecord) record = NULL;
  TillHubUpload upload = { 0 };
  TillHubRequest *request;
  TillChange *change;
  GTask *outer;
  GError *error = NULL;

  document = till_inspect_file_finish (result, &error);
  if (document == NULL || !(record = choose (self, document, uploading, &upload, &error)) ||
      !(request = till_hub_request_upload (self->hub, &upload, NULL, &error)))
    {
      g_task_return_error (task, error);
      return;
    }

  change = till_change_new_hub (self, "certificates.upload", record->client_key_id, request);
  change->receive = till_shop_receive_uploaded;
  change->store = till_shop_store_upload;
  change->free_result = till_shop_free_upload;
  change->data = g_steal_pointer (&record);
  change->free_data = till_shop_free_upload;

  outer = g_steal_pointer (&task);
  till_change_run (change, outer);
}

/**
 * till_shop_upload_async:
 * @self: a shop
 * @file: with a certificate or a public key
 * @key_id: (nullable): of our choice; %NULL for the SHA-256 of the public key
 * @algorithm: (nullable): JWE, JWT, RSA or DUKPT; %NULL for JWE
 * @used_for: (nullable): %NULL for RTAU
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Uploads a client certificate (services/commerce-hub-client-certificate.md).
 * Only the public part leaves this computer.
 */
void
till_shop_upload_async (TillShop            *self,
                        GFile               *file,
                        const char          *key_id,
                        const char          *algorithm,
                        const char          *used_for,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  TillUploading *uploading;
  g_autofree char *base = NULL;
  GError *error = NULL;

  g_return_if_fail (TILL_IS_SHOP (self) && G_IS_FILE (file));

  task = g_task_new (self, cancellable, callback, user_data);
  uploading = g_new0 (TillUploading, 1);
  uploading->key_id = g_strdup (key_id);
  uploading->algorithm = g_strdup (algorithm);
  uploading->used_for = g_strdup (used_for);
  base = g_file_get_basename (file);
  uploading->name = g_utf8_make_valid (base != NULL ? base : "", -1);
  g_task_set_source_tag (task, till_shop_upload_async);
  g_task_set_task_data (task, uploading, till_uploading_free);

  if (!till_shop_check_service (self, TILL_SHOP_HUB, &error))
    g_task_return_error (task, error);
  else
    till_inspect_file_async (file, NULL, cancellable, inspected_cb, g_steal_pointer (&task));
}

/**
 * till_shop_upload_finish:
 * @self: a shop
 * @result: as given to the callback
 * @error: why it failed
 *
 * Returns: (transfer full): what the register says of it
 */
TillUploadRecord *
till_shop_upload_finish (TillShop      *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
