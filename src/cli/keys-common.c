/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the sub-commands of `keys` share: a key as JSON, for people, and found by its id. */
#include "config.h"

#include "keys.h"

#include "inspect-rows.h"
#include "till-cli-report.h"
#include "till-cli-values.h"
#include "till-error.h"

/**
 * till_keys_write_members:
 * @writer: in an object
 * @key: a key of the inventory
 *
 * Writes what is known of it (CLI.md, "keys").
 */
void
till_keys_write_members (TillJsonWriter      *writer,
                         const TillKeyRecord *key)
{
  till_cli_write_text (writer, "keyId", key->key_id);
  till_cli_write_text (writer, "encryptionType", key->encryption_type);
  till_cli_write_int (writer, "modulus", key->modulus);
  till_cli_write_time (writer, "validFrom", key->valid_from);
  till_cli_write_time (writer, "validTo", key->valid_to);
  till_cli_write_text (writer, "status", key->status);
  till_cli_write_key (writer, "publicKey", key->spki, key->public_key_sha256);
  till_cli_write_text (writer, "clientRequestId", key->client_request_id);
  till_cli_write_text (writer, "traceId", key->trace_id);
  till_cli_write_bool (writer, "inUse", key->in_use);

  till_json_writer_member (writer, "offlineLimit");
  if (key->offline_limit >= 0)
    till_json_writer_int (writer, key->offline_limit);
  else
    till_json_writer_null (writer);

  till_cli_write_text (writer, "offlineCurrency", key->offline_currency);
  till_cli_write_bool (writer, "imported", key->imported);
  till_cli_write_time (writer, "knownAt", key->known_at);
  till_cli_write_time (writer, "revokedAt", key->revoked_at);
}

/**
 * till_keys_append:
 * @out: where to append it
 * @key: a key of the inventory
 *
 * Appends it for a person, one fact a row.
 */
void
till_keys_append (GString             *out,
                  const TillKeyRecord *key)
{
  g_autofree char *description = till_cli_describe_key (key->spki);

  till_cli_append_safe (out, key->key_id);
  g_string_append_c (out, '\n');
  till_inspect_append_row (out, "Status", key->status != NULL ? key->status : "not known");
  till_inspect_append_row (out, "Key", description);
  till_inspect_append_time (out, "Starts", key->valid_from);
  till_inspect_append_time (out, "Ends", key->valid_to);

  if (key->public_key_sha256 != NULL)
    till_inspect_append_hex (out, "Key SHA-256", key->public_key_sha256);

  till_inspect_append_row (out, "In use on tills", key->in_use ? "yes" : "no");

  if (key->offline_limit >= 0 && key->offline_currency != NULL)
    {
      g_autofree char *limit = till_cli_format_money (key->offline_limit, key->offline_currency);

      till_inspect_append_row (out, "Offline limit", limit);
    }

  if (key->trace_id != NULL)
    till_inspect_append_row (out, "Trace ID", key->trace_id);
}

/**
 * till_keys_load:
 * @session: a session with a shop
 * @error: return location
 *
 * Returns: (transfer full) (element-type TillKeyRecord) (nullable): the keys of the inventory
 */
GPtrArray *
till_keys_load (TillCliSession  *session,
                GError         **error)
{
  till_shop_keys_async (session->shop, session->cancellable, till_cli_session_done_cb, session);

  return till_shop_keys_finish (session->shop, till_cli_session_wait (session), error);
}

/**
 * till_keys_find:
 * @keys: (element-type TillKeyRecord): the inventory
 * @id: the service's id of a key
 * @error: return location; %TILL_ERROR_NOT_FOUND
 *
 * Returns: (transfer none) (nullable): the key
 */
TillKeyRecord *
till_keys_find (GPtrArray   *keys,
                const char  *id,
                GError     **error)
{
  for (guint i = 0; i < keys->len; i++)
    {
      TillKeyRecord *key = g_ptr_array_index (keys, i);

      if (g_str_equal (key->key_id, id))
        return key;
    }

  till_set_error (error, TILL_ERROR_NOT_FOUND, TILL_REASON_MISSING, id, NULL,
                  "there is no key “%s” in the inventory of this profile", id);

  return NULL;
}

/**
 * till_keys_find_usable:
 * @keys: (element-type TillKeyRecord): the inventory
 * @id: the service's id of a key
 * @now: the moment
 * @error: return location; %TILL_ERROR_NOT_FOUND, or %TILL_ERROR_REJECTED where
 *   it is revoked, has ended or is otherwise not accepted
 *
 * Finds a key that may be handed out: one that is accepted, or will be.
 *
 * Returns: (transfer none) (nullable): the key
 */
TillKeyRecord *
till_keys_find_usable (GPtrArray   *keys,
                       const char  *id,
                       gint64       now,
                       GError     **error)
{
  g_autoptr(TillAdvice) advice = till_advice_new (keys, now);
  TillKeyRecord *key = till_keys_find (keys, id, error);
  TillKeyStanding standing;
  guint index;

  if (key == NULL)
    return NULL;

  g_ptr_array_find (keys, key, &index);
  standing = g_array_index (advice->standings, TillKeyStanding, index);

  if (standing != TILL_KEY_USE && standing != TILL_KEY_ACCEPTED && standing != TILL_KEY_NOT_YET)
    {
      till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_NO_USABLE_KEY, id, NULL,
                      "the key “%s” is not handed out: it is %s", id, till_key_standing_to_word (standing));
      return NULL;
    }

  if (key->spki == NULL)
    {
      till_set_error (error, TILL_ERROR_NOT_FOUND, TILL_REASON_MISSING, id, NULL,
                      "the public key of “%s” is not known here", id);
      return NULL;
    }

  return key;
}
