/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Airship Wallet certificates, pretended: adding, renewing and updating (API.md 6.5 and 6.6). */
#include "config.h"

#include <string.h>

#include "till-json-reader.h"
#include "till-limits.h"
#include "till-sandbox-wallet-private.h"

#define LONGEST_TEXT 4096

/* The list stays within what is read again. */
#define MOST_CERTIFICATES 100000

/* What a member of a request says. */
typedef enum
{
  GIVEN_ABSENT,
  GIVEN_NULL,
  GIVEN_VALUE,
} Given;

/**
 * Change:
 * @call: (owned): the call that asks for it
 * @id: (nullable): of the certificate to be updated; %NULL for one to be added
 * @certificate: (nullable): Base64 of the .p12 file; belongs to @root
 * @identity: what is inside that
 * @why: (nullable): why it can't be opened
 *
 * What a request asks for.
 */
typedef struct
{
  TillCall           *call;
  char               *id;
  JsonNode           *root;
  Given               has_name;
  Given               has_comment;
  Given               has_enabled;
  Given               has_default;
  const char         *name;
  const char         *comment;
  gboolean            enabled;
  gboolean            is_default;
  const char         *certificate;
  const char         *password;
  gboolean            line_breaks;
  TillWalletIdentity  identity;
  char               *why;
} Change;

static void
change_free (Change *change)
{
  g_free (change->id);
  g_clear_pointer (&change->root, json_node_unref);
  till_wallet_identity_clear (&change->identity);
  g_free (change->why);
  g_free (change);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Change, change_free)

static Given
find (JsonObject  *object,
      const char  *member,
      JsonNode   **node)
{
  *node = json_object_get_member (object, member);

  return *node == NULL ? GIVEN_ABSENT : JSON_NODE_HOLDS_NULL (*node) ? GIVEN_NULL : GIVEN_VALUE;
}

static gboolean
get_text (Change      *change,
          JsonObject  *object,
          const char  *member,
          gsize        max_bytes,
          Given       *given,
          const char **value)
{
  JsonNode *node;
  Given what = find (object, member, &node);

  if (given != NULL)
    *given = what;
  if (what != GIVEN_VALUE)
    return TRUE;

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING ||
      strlen (json_node_get_string (node)) > max_bytes)
    {
      till_wallet_refuse (change->call, SOUP_STATUS_BAD_REQUEST, "The field %s is not a string, or too long.", member);
      return FALSE;
    }

  *value = json_node_get_string (node);
  return TRUE;
}

static gboolean
get_bool (Change     *change,
          JsonObject *object,
          const char *member,
          Given      *given,
          gboolean   *value)
{
  JsonNode *node;

  *given = find (object, member, &node);
  if (*given == GIVEN_ABSENT)
    return TRUE;
  if (*given == GIVEN_NULL &&
      till_assumptions_is (&change->call->server->assumptions, TILL_ASSUME_WALLET_NULL, "keep"))
    return TRUE;

  if (*given == GIVEN_NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    {
      till_wallet_refuse (change->call, SOUP_STATUS_BAD_REQUEST, "The field %s is neither true nor false.", member);
      return FALSE;
    }

  *value = json_node_get_boolean (node);
  return TRUE;
}

/* Reads the body; where it is not as it should be, the call is answered. */
static gboolean
read_request (Change *change)
{
  TillCall *call = change->call;
  g_autoptr(GError) error = NULL;
  JsonObject *object;
  const char *vendor = NULL;

  if (g_bytes_get_size (call->body) == 0 || !till_call_has_json_type (call))
    {
      till_wallet_refuse (call, SOUP_STATUS_NOT_ACCEPTABLE, "A body of the type application/json is expected.");
      return FALSE;
    }

  change->root = till_json_parse_bytes (call->body, TILL_LIMIT_JSON_BYTES, &error);
  if (change->root == NULL)
    {
      till_wallet_refuse (call, SOUP_STATUS_NOT_ACCEPTABLE, "The body is not JSON: %s.", error->message);
      return FALSE;
    }
  if (!JSON_NODE_HOLDS_OBJECT (change->root))
    {
      till_wallet_refuse (call, SOUP_STATUS_BAD_REQUEST, "The body is not an object.");
      return FALSE;
    }

  object = json_node_get_object (change->root);
  change->enabled = TRUE;
  if (!get_text (change, object, "vendor", LONGEST_TEXT, NULL, &vendor) ||
      !get_text (change, object, "name", LONGEST_TEXT, &change->has_name, &change->name) ||
      !get_text (change, object, "comment", LONGEST_TEXT, &change->has_comment, &change->comment) ||
      !get_text (change, object, "certificate", TILL_LIMIT_JSON_BYTES, NULL, &change->certificate) ||
      !get_text (change, object, "password", TILL_LIMIT_PASSWORD_BYTES, NULL, &change->password) ||
      !get_bool (change, object, "enabled", &change->has_enabled, &change->enabled) ||
      !get_bool (change, object, "default", &change->has_default, &change->is_default))
    return FALSE;

  if (change->id == NULL && g_strcmp0 (vendor, "Apple") != 0)
    {
      till_wallet_refuse (call, SOUP_STATUS_BAD_REQUEST, "The field vendor must be Apple.");
      return FALSE;
    }
  if (change->id == NULL && change->certificate == NULL)
    {
      till_wallet_refuse (call, SOUP_STATUS_BAD_REQUEST, "The field certificate is missing.");
      return FALSE;
    }

  return TRUE;
}

static TillWalletCertificate *
find_same (TillWallet               *self,
           const TillWalletIdentity *identity)
{
  for (guint i = 0; i < self->certificates->len; i++)
    {
      TillWalletCertificate *certificate = g_ptr_array_index (self->certificates, i);

      if (strcmp (certificate->identity.base_name, identity->base_name) == 0 &&
          strcmp (certificate->identity.team, identity->team) == 0)
        return certificate;
    }

  return NULL;
}

/* What must hold whatever else is changed: there is always exactly one default. */
static gboolean
check_default (Change                      *change,
               const TillWalletCertificate *certificate)
{
  if (change->has_default != GIVEN_VALUE || change->is_default ||
      g_strcmp0 (certificate->id, change->call->server->wallet->default_id) != 0)
    return TRUE;

  till_wallet_refuse (change->call, SOUP_STATUS_BAD_REQUEST,
                      "The default certificate can not be set to default false! Make another one the default.");
  return FALSE;
}

static void
take_identity (Change                *change,
               TillWalletCertificate *certificate)
{
  till_wallet_identity_clear (&certificate->identity);
  certificate->identity = change->identity;
  memset (&change->identity, 0, sizeof change->identity);
}

static void
take_flags (Change                *change,
            TillWalletCertificate *certificate)
{
  TillWallet *self = change->call->server->wallet;

  if (change->has_enabled == GIVEN_VALUE)
    certificate->enabled = change->enabled;
  if (change->has_default == GIVEN_VALUE && change->is_default)
    {
      g_free (self->default_id);
      self->default_id = g_strdup (certificate->id);
    }
  certificate->updated = till_clock_get_now (change->call->server->clock);
}

static void
take_text (Given        given,
           const char  *value,
           gboolean     remove_absent,
           char       **text)
{
  if (given == GIVEN_VALUE || (given == GIVEN_ABSENT && remove_absent))
    {
      g_free (*text);
      *text = g_strdup (given == GIVEN_VALUE ? value : NULL);
    }
}

static void
answer (Change                      *change,
        guint                        status,
        gboolean                     brief,
        const TillWalletCertificate *certificate)
{
  TillJsonWriter writer;

  if (!till_wallet_keep (change->call))
    return;

  till_call_begin (change->call, status, &writer);
  till_wallet_write (change->call, &writer, certificate, brief);
  till_wallet_send (change->call);
}

static void
do_add (Change *change)
{
  TillAssumptions *assumptions = &change->call->server->assumptions;
  gboolean brief = till_assumptions_is (assumptions, TILL_ASSUME_WALLET_POST_ANSWER, "short");
  TillWallet *self = change->call->server->wallet;
  TillWalletCertificate *certificate = find_same (self, &change->identity);
  guint status = SOUP_STATUS_CREATED;

  if (certificate != NULL)
    {
      gboolean remove = till_assumptions_is (assumptions, TILL_ASSUME_WALLET_RENEW_NAMES, "remove");

      if (!check_default (change, certificate))
        return;
      take_text (change->has_name, change->name, remove, &certificate->name);
      take_text (change->has_comment, change->comment, remove, &certificate->comment);
      status = till_wallet_assumed_status (change->call, TILL_ASSUME_WALLET_RENEW_STATUS);
    }
  else if (self->certificates->len >= MOST_CERTIFICATES)
    {
      till_wallet_refuse (change->call, SOUP_STATUS_BAD_REQUEST, "The sandbox takes no more certificates.");
      return;
    }
  else
    {
      certificate = g_new0 (TillWalletCertificate, 1);
      certificate->id = g_uuid_string_random ();
      certificate->name = g_strdup (change->name);
      certificate->comment = g_strdup (change->comment);
      certificate->enabled = change->enabled;
      certificate->created = till_clock_get_now (change->call->server->clock);
      g_ptr_array_add (self->certificates, certificate);
      if (self->default_id == NULL && till_assumptions_is (assumptions, TILL_ASSUME_WALLET_FIRST_DEFAULT, "yes"))
        self->default_id = g_strdup (certificate->id);
    }

  take_identity (change, certificate);
  take_flags (change, certificate);
  answer (change, status, brief, certificate);
}

static void
do_update (Change *change)
{
  TillAssumptions *assumptions = &change->call->server->assumptions;
  TillWallet *self = change->call->server->wallet;
  TillWalletCertificate *certificate = till_wallet_find (self, change->id);

  if (certificate == NULL)
    {
      till_wallet_refuse (change->call, till_wallet_assumed_status (change->call, TILL_ASSUME_WALLET_UNKNOWN_ID),
                          "object not found :Certificate not found! It was removed meanwhile.");
      return;
    }
  if (!check_default (change, certificate))
    return;

  if (change->certificate != NULL)
    {
      const TillWalletIdentity *old = &certificate->identity;

      if ((strcmp (old->base_name, change->identity.base_name) != 0 || strcmp (old->team, change->identity.team) != 0) &&
          till_assumptions_is (assumptions, TILL_ASSUME_OTHER_IDENTITY, "refuse"))
        {
          till_wallet_refuse (change->call, SOUP_STATUS_BAD_REQUEST,
                              "The baseName or the teamIdentifier differs from the certificate that is there!");
          return;
        }
      take_identity (change, certificate);
    }

  take_text (change->has_name, change->name, TRUE, &certificate->name);
  take_text (change->has_comment, change->comment, TRUE, &certificate->comment);
  take_flags (change, certificate);
  answer (change, SOUP_STATUS_OK, FALSE, certificate);
}

static void
carry_out (Change *change)
{
  if (change->id == NULL)
    do_add (change);
  else
    do_update (change);
}

static void
open_thread (GTask        *task,
             gpointer      source,
             gpointer      data,
             GCancellable *cancellable)
{
  Change *change = data;

  g_task_return_boolean (task, till_wallet_open_p12 (change->certificate,
                                                     change->password != NULL ? change->password : "",
                                                     change->line_breaks, &change->identity, &change->why));
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(Change) change = user_data;
  TillCall *call = change->call;
  gboolean opened = g_task_propagate_boolean (G_TASK (result), NULL);

  call->server->jobs--;
  if (!opened)
    till_wallet_refuse (call, SOUP_STATUS_BAD_REQUEST, "%s", change->why);
  else if (change->identity.end < till_clock_get_now (call->server->clock) &&
           till_assumptions_is (&call->server->assumptions, TILL_ASSUME_WALLET_EXPIRED, "refuse"))
    till_wallet_refuse (call, SOUP_STATUS_BAD_REQUEST, "The certificate has expired.");
  else
    carry_out (change);
}

static void
begin_change (TillCall   *call,
              const char *id)
{
  TillAssumptions *assumptions = &call->server->assumptions;
  g_autoptr(Change) change = g_new0 (Change, 1);
  g_autoptr(GTask) task = NULL;

  change->call = call;
  change->id = g_strdup (id);
  change->line_breaks = till_assumptions_is (assumptions, TILL_ASSUME_WALLET_LINE_BREAKS, "accept");
  if (!read_request (change))
    return;

  if (change->certificate == NULL)
    {
      carry_out (change);
      return;
    }

  call->server->jobs++;
  task = g_task_new (NULL, NULL, opened_cb, change);
  g_task_set_source_tag (task, begin_change);
  g_task_set_task_data (task, g_steal_pointer (&change), NULL);
  g_task_run_in_thread (task, open_thread);
}

/**
 * till_wallet_add:
 * @call: (transfer full): a call that came from who it says
 *
 * Adds a certificate, or renews the one of the same pass type and team.
 */
void
till_wallet_add (TillCall *call)
{
  begin_change (call, NULL);
}

/**
 * till_wallet_update:
 * @call: (transfer full): a call for a certificate that is there, whose id is its details
 *
 * Updates a certificate.
 */
void
till_wallet_update (TillCall *call)
{
  begin_change (call, call->details);
}
