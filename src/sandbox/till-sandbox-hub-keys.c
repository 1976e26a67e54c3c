/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commerce Hub, pretended: multi-use public keys (API.md 3). */
#include "config.h"

#include <string.h>

#include "till-sandbox-hub-private.h"
#include "till-sandbox-keypool.h"

#define KEY_BITS 2048
#define SYMMETRIC_BITS 256

/* More than a shop makes in its life; the state stays readable. */
#define MOST_KEYS 3000

static const char * const known[] = { "merchantDetails", NULL };

static char *
encode (GBytes   *der,
        gboolean  hex)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (der, &size);
  char *text;

  if (!hex)
    return g_base64_encode (data, size);

  text = g_malloc (2 * size + 1);
  for (gsize i = 0; i < size; i++)
    g_snprintf (text + 2 * i, 3, "%02x", data[i]);

  return text;
}

/* No state diagram is published; these follow from what is (API.md 3.4). */
static const char *
get_status (TillHub          *self,
            const TillHubKey *key)
{
  if (key->revoked)
    return "REVOKED";

  return till_clock_get_now (self->server->clock) > key->valid_to ? "INACTIVE" : "ACTIVE";
}

static void
write_key (TillHub          *self,
           const TillHubKey *key,
           const char       *status,
           TillJsonWriter   *writer)
{
  TillAssumptions *assumptions = &self->server->assumptions;
  g_autofree char *encoded = encode (key->der, till_assumptions_is (assumptions, TILL_ASSUME_KEY_ENCODING, "hex"));

  till_json_writer_member (writer, "asymmetricKeyDetails");
  till_json_writer_begin_object (writer);
  till_sandbox_write_text (writer, "keyId", key->id);
  till_sandbox_write_text (writer, "encryptionType", "RSA");
  till_sandbox_write_int (self->server, writer, "modulus", KEY_BITS);
  till_sandbox_write_text (writer, "encodedPublicKey", encoded);
  till_sandbox_write_time (self->server, writer, "validFrom", key->valid_from);
  till_sandbox_write_time (self->server, writer, "validTo", key->valid_to);
  till_sandbox_write_text (writer, "status", status);
  till_json_writer_end_object (writer);

  if (till_assumptions_is (assumptions, TILL_ASSUME_SYMMETRIC_DETAILS, "yes"))
    {
      till_json_writer_member (writer, "symmetricKeyDetails");
      till_json_writer_begin_object (writer);
      till_sandbox_write_text (writer, "encryptionType", "AES-GCM");
      till_sandbox_write_int (self->server, writer, "modulus", SYMMETRIC_BITS);
      till_json_writer_end_object (writer);
    }
}

static void
answer_key (TillCall         *call,
            guint             status,
            const TillHubKey *key,
            gboolean          effect)
{
  TillHub *self = call->server->hub;
  TillJsonWriter writer;

  till_hub_begin (call, status, NULL, NULL, &writer);
  write_key (self, key, get_status (self, key), &writer);
  till_json_writer_end_object (&writer);
  till_hub_answer (call, effect);
}

static const char *
get_merchant (TillCall *call)
{
  TillHubCall *details = call->details;
  JsonObject *merchant = json_object_get_object_member (details->object, "merchantDetails");

  return json_object_get_string_member (merchant, "merchantId");
}

static void
key_made_cb (GBytes   *der,
             gpointer  user_data)
{
  TillCall *call = user_data;
  TillSandboxServer *server = call->server;
  TillHubKey *key;

  if (der == NULL)
    {
      till_hub_refuse (call, SOUP_STATUS_INTERNAL_SERVER_ERROR, "703", NULL);
      return;
    }

  key = g_new0 (TillHubKey, 1);
  key->id = g_uuid_string_random ();
  key->merchant = g_strdup (get_merchant (call));
  key->der = g_bytes_ref (der);
  key->valid_from = till_clock_get_now (server->clock);
  key->valid_to = key->valid_from + till_assumptions_number (&server->assumptions, TILL_ASSUME_KEY_VALIDITY);
  g_ptr_array_add (server->hub->keys, key);

  answer_key (call, SOUP_STATUS_CREATED, key, TRUE);
}

/**
 * till_hub_generate:
 * @call: (transfer full): a call that came from who it says
 *
 * Makes a key.
 */
void
till_hub_generate (TillCall *call)
{
  TillHubCall *details = call->details;

  if (!till_hub_check_members (call, details->object, NULL, known) || !till_hub_check_merchant (call, TRUE))
    return;

  if (call->server->hub->keys->len >= MOST_KEYS)
    {
      till_call_explain (call, "the sandbox has %d keys and makes no more", MOST_KEYS);
      till_hub_refuse (call, SOUP_STATUS_INTERNAL_SERVER_ERROR, "703", NULL);
      return;
    }

  till_hub_key_pool_take (call->server->pool, key_made_cb, call);
}

/**
 * till_hub_revoke:
 * @call: (transfer full): a call that came from who it says
 *
 * Revokes a key.
 */
void
till_hub_revoke (TillCall *call)
{
  TillAssumptions *assumptions = &call->server->assumptions;
  TillHubCall *details = call->details;
  gboolean was_revoked;
  TillHubKey *key;

  if (!till_hub_check_members (call, details->object, NULL, known) || !till_hub_check_merchant (call, TRUE))
    return;

  key = till_hub_find_key (call->server->hub, details->key_id);
  if (key == NULL || strcmp (key->merchant, get_merchant (call)) != 0)
    {
      till_hub_refuse (call, (guint) g_ascii_strtoull (till_assumptions_word (assumptions, TILL_ASSUME_UNKNOWN_KEY),
                                                       NULL, 10), "666", "keyId");
      return;
    }

  was_revoked = key->revoked;
  if (was_revoked && till_assumptions_is (assumptions, TILL_ASSUME_REVOKE_TWICE, "400"))
    {
      till_hub_refuse (call, SOUP_STATUS_BAD_REQUEST, "752", "keyId");
      return;
    }

  key->revoked = TRUE;
  if (key->example)
    till_hub_tell_examples (call->server->hub);
  answer_key (call, (guint) g_ascii_strtoull (till_assumptions_word (assumptions, TILL_ASSUME_REVOKE_STATUS), NULL, 10),
              key, !was_revoked);
}

/* A trace of a call that never was: the digits of the key's own name. */
static char *
make_trace_id (const char *key_id)
{
  GString *text = g_string_new (key_id);

  g_string_replace (text, "-", "", 0);

  return g_string_free (text, FALSE);
}

/**
 * till_hub_tell_examples:
 * @self: the service
 *
 * Writes down the answers that the example's keys were generated with, for
 * till_sandbox_dup_example_keys().
 */
void
till_hub_tell_examples (TillHub *self)
{
  g_autoptr(GString) text = g_string_new (NULL);
  TillJsonWriter writer;

  till_json_writer_init (&writer, text, FALSE);
  till_json_writer_begin_array (&writer);
  for (guint i = 0; i < self->keys->len; i++)
    {
      const TillHubKey *key = g_ptr_array_index (self->keys, i);
      g_autofree char *trace_id = NULL;

      if (!key->example)
        continue;

      trace_id = make_trace_id (key->id);
      till_json_writer_begin_object (&writer);
      till_json_writer_member (&writer, "gatewayResponse");
      till_json_writer_begin_object (&writer);
      till_hub_write_details (self, &writer, trace_id, key->id, key->valid_from);
      till_json_writer_end_object (&writer);
      write_key (self, key, key->revoked ? "REVOKED" : "ACTIVE", &writer);
      till_json_writer_end_object (&writer);
    }
  till_json_writer_end_array (&writer);

  g_mutex_lock (&self->server->lock);
  g_free (self->server->example_keys);
  self->server->example_keys = g_string_free (g_steal_pointer (&text), FALSE);
  g_mutex_unlock (&self->server->lock);
}
