/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who asks: the headers that sign a request, for each kind of service. */
#include "config.h"

#include "till-signer.h"

#include "till-signer-private.h"

static TillSigner *
signer_new (TillSignerKind   kind,
            char            *name,
            char            *key_id,
            TillSecret      *secret)
{
  TillSigner *self = g_new0 (TillSigner, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind;
  self->name = name;
  self->key_id = key_id;
  self->secret = secret;

  return self;
}

/**
 * till_signer_new_hub:
 * @api_key: (nullable): the key of the developer portal
 * @secret: its secret, used as text (API.md 1.3)
 * @error: (out) (optional): %TILL_ERROR_REJECTED where one can't be right
 *
 * Signs by HMAC for Commerce Hub: Api-Key, Client-Request-Id, Timestamp,
 * Auth-Token-Type and Authorization (API.md 1.2, 1.3). Blanks at the ends of
 * what was pasted are dropped.
 *
 * Returns: (transfer full) (nullable): a signer, %NULL with @error set
 */
TillSigner *
till_signer_new_hub (const char  *api_key,
                     TillSecret  *secret,
                     GError     **error)
{
  g_autofree char *name = NULL;
  TillSecret *checked;

  g_return_val_if_fail (secret != NULL, NULL);

  name = till_signer_check_name (api_key, "the API key", "api-key", TRUE, NULL, error);
  if (name == NULL)
    return NULL;

  checked = till_signer_check_secret (secret, "the API secret", "api-secret", error);
  if (checked == NULL)
    return NULL;

  return signer_new (TILL_SIGNER_HUB, g_steal_pointer (&name), NULL, checked);
}

/**
 * till_signer_new_basic:
 * @user: (nullable): project key, or e-mail address of the account (API.md 6.2)
 * @password: project secret, or API key
 * @error: (out) (optional): %TILL_ERROR_REJECTED where one can't be right
 *
 * Signs with HTTP Basic for the wallet: Authorization and "Api-Revision: 1.2".
 *
 * Returns: (transfer full) (nullable): a signer, %NULL with @error set
 */
TillSigner *
till_signer_new_basic (const char  *user,
                       TillSecret  *password,
                       GError     **error)
{
  g_autofree char *name = NULL;
  TillSecret *checked;

  g_return_val_if_fail (password != NULL, NULL);

  name = till_signer_check_name (user, "the user name", "user", FALSE, ":", error);
  if (name == NULL)
    return NULL;

  checked = till_signer_check_secret (password, "the project secret", "password", error);
  if (checked == NULL)
    return NULL;

  return signer_new (TILL_SIGNER_BASIC, g_steal_pointer (&name), NULL, checked);
}

static TillSigner *
new_for_devices (TillSignerKind   kind,
                 const char      *organization,
                 const char      *key_id,
                 TillSecret      *shared_secret,
                 GError         **error)
{
  g_autofree char *name = NULL;
  g_autofree char *id = NULL;
  g_autoptr(TillSecret) checked = NULL;
  TillSecret *key;

  name = till_signer_check_name (organization, "the organisation", "organization", TRUE, "\"\\", error);
  if (name == NULL)
    return NULL;

  id = till_signer_check_name (key_id, "the key ID", "key-id", TRUE, "\"\\", error);
  if (id == NULL)
    return NULL;

  checked = till_signer_check_secret (shared_secret, "the shared secret", "shared-secret", error);
  if (checked == NULL)
    return NULL;

  key = till_signer_decode_key (checked, error);
  if (key == NULL)
    return NULL;

  return signer_new (kind, g_steal_pointer (&name), g_steal_pointer (&id), key);
}

/**
 * till_signer_new_http_signature:
 * @organization: (nullable): v-c-merchant-id: the organisation, not the transacting merchant (API.md 5.5)
 * @key_id: (nullable): of the REST key
 * @shared_secret: of the REST key, Base64
 * @spelling: which names are signed
 * @error: (out) (optional): %TILL_ERROR_REJECTED where one can't be right
 *
 * Signs with an HTTP Signature for Acceptance Devices (API.md 5.5).
 *
 * Returns: (transfer full) (nullable): a signer, %NULL with @error set
 */
TillSigner *
till_signer_new_http_signature (const char             *organization,
                                const char             *key_id,
                                TillSecret             *shared_secret,
                                TillSignatureSpelling   spelling,
                                GError                **error)
{
  TillSigner *self;

  g_return_val_if_fail (shared_secret != NULL, NULL);

  self = new_for_devices (TILL_SIGNER_HTTP_SIGNATURE, organization, key_id, shared_secret, error);
  if (self != NULL)
    self->spelling = spelling;

  return self;
}

/**
 * till_signer_new_jwt:
 * @organization: (nullable): issuer and v-c-merchant-id
 * @key_id: (nullable): of the REST key
 * @shared_secret: of the REST key, Base64
 * @error: (out) (optional): %TILL_ERROR_REJECTED where one can't be right
 *
 * Signs with a JWT (HS256) for Acceptance Devices, which takes the place of
 * HTTP Signature (API.md 5.5).
 *
 * Returns: (transfer full) (nullable): a signer, %NULL with @error set
 */
TillSigner *
till_signer_new_jwt (const char  *organization,
                     const char  *key_id,
                     TillSecret  *shared_secret,
                     GError     **error)
{
  g_return_val_if_fail (shared_secret != NULL, NULL);

  return new_for_devices (TILL_SIGNER_JWT, organization, key_id, shared_secret, error);
}

/**
 * till_signer_ref:
 * @self: a signer
 *
 * Returns: (transfer full): @self, counted once more
 */
TillSigner *
till_signer_ref (TillSigner *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * till_signer_unref:
 * @self: (transfer full): a signer
 *
 * Counts down; the last one wipes the secret.
 */
void
till_signer_unref (TillSigner *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->name);
  g_free (self->key_id);
  till_secret_unref (self->secret);
  g_free (self);
}

/**
 * till_signer_sign:
 * @self: a signer
 * @input: one try of a request
 * @func: (scope call): gets each header
 * @user_data: for @func
 * @error: (out) (optional): %TILL_ERROR_INTERNAL where @input lacks something
 *
 * Makes the headers of one try. Signatures hold the time, so each try is signed
 * by itself.
 *
 * Returns: whether all headers were made; where not, @func was not called
 */
gboolean
till_signer_sign (const TillSigner       *self,
                  const TillSignerInput  *input,
                  TillSignerHeaderFunc    func,
                  gpointer                user_data,
                  GError                **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (input != NULL && input->method != NULL, FALSE);
  g_return_val_if_fail (input->authority != NULL && input->target != NULL, FALSE);
  g_return_val_if_fail (input->body != NULL || input->body_size == 0, FALSE);
  g_return_val_if_fail (func != NULL, FALSE);

  switch (self->kind)
    {
    case TILL_SIGNER_HUB:
      return till_signer_hub_sign (self, input, func, user_data, error);

    case TILL_SIGNER_BASIC:
      return till_signer_basic_sign (self, func, user_data);

    case TILL_SIGNER_HTTP_SIGNATURE:
      return till_signer_http_sign (self, input, func, user_data, error);

    case TILL_SIGNER_JWT:
      return till_signer_jwt_sign (self, input, func, user_data, error);

    default:
      g_return_val_if_reached (FALSE);
    }
}
