/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the vault asks of the Secret Service, and what its answers mean. */
#include "config.h"

#include "till-vault-private.h"

#include <libsecret/secret.h>
#include <stdlib.h>
#include <string.h>

/* The name of the schema is not looked for: a locked keyring of GNOME finds
 * nothing by it and says so without an error, as if there was no secret. The
 * random id of the profile is unique without it. */
static const SecretSchema schema = {
  .name = "io.github.tillkeeper.Secret",
  .flags = SECRET_SCHEMA_DONT_MATCH_NAME,
  .attributes = {
    { "profile", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "name", SECRET_SCHEMA_ATTRIBUTE_STRING },
  },
};

/* Which of the four states an error of libsecret means. Its cancellable is ours
 * and was not used, so a cancelled call is one that the person ended. What is
 * left over are ways of not reaching any service: of the bus, of starting it, of
 * the portal, of the keyring's file. */
static TillVaultState
state_of (const GError *error)
{
  if (error == NULL ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return TILL_VAULT_DISMISSED;

  if (g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    return TILL_VAULT_LOCKED;

  if (error->domain == SECRET_ERROR)
    return TILL_VAULT_UNREADABLE;

  /* Also a service that answers and has no keyring, for nobody opened or made one. */
  if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD) ||
      g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT) ||
      g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY) ||
      g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMEOUT) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return TILL_VAULT_LOCKED;

  return TILL_VAULT_ABSENT;
}

/* No service answers: what the session has is all there is. */
static void
call_without_service (TillVaultCall *self)
{
  TillVault *vault = g_task_get_source_object (self->task);
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();
  g_auto(GStrv) list = NULL;

  vault->state = TILL_VAULT_ABSENT;

  switch (self->kind)
    {
    case TILL_VAULT_STORE:
      till_vault_keep (vault, self);
      till_vault_call_return_boolean (self);
      return;

    case TILL_VAULT_LIST:
      till_vault_add_session_names (vault, self->profile_id, names);
      list = g_strv_builder_end (names);
      if (list[0] != NULL)
        {
          till_vault_call_return_pointer (self, g_steal_pointer (&list), (GDestroyNotify) g_strfreev);
          return;
        }
      break;

    case TILL_VAULT_REMOVE:
      if (till_vault_drop_session (vault, self->profile_id, self->name))
        {
          till_vault_call_return_boolean (self);
          return;
        }
      break;

    case TILL_VAULT_LOAD:
    default:
      break;
    }

  till_vault_call_return_state (self, TILL_VAULT_ABSENT);
}

static void
call_failed (TillVaultCall *self,
             const GError  *error)
{
  TillVaultState state = state_of (error);

  if (state == TILL_VAULT_ABSENT)
    call_without_service (self);
  else
    till_vault_call_return_state (self, state);
}

static GHashTable *
make_attributes (TillVaultCall *self)
{
  GHashTable *attributes = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (attributes, (char *) "profile", self->profile_id);
  if (self->name != NULL)
    g_hash_table_insert (attributes, (char *) "name", self->name);

  return attributes;
}

/* Looks which items there are, without opening any: so it never asks for a password. */
static void
call_search (TillVaultCall       *self,
             GAsyncReadyCallback  callback)
{
  g_autoptr(GHashTable) attributes = make_attributes (self);

  secret_password_searchv (&schema, attributes, SECRET_SEARCH_ALL, self->inner, callback, till_vault_call_ref (self));
}

/* Returns: whether it went well; items: (out) (transfer full) (element-type SecretRetrievable) */
static gboolean
call_search_finish (TillVaultCall  *self,
                    GAsyncResult   *result,
                    GList         **items)
{
  g_autoptr(GError) error = NULL;

  *items = secret_password_search_finish (result, &error);
  if (self->task == NULL)
    {
      g_list_free_full (g_steal_pointer (items), g_object_unref);
      return FALSE;
    }

  if (error != NULL)
    call_failed (self, error);

  return error == NULL;
}

/* There is an item where a secret was just put, or else nothing was stored: a
 * closed question is no error to libsecret. */
static void
store_checked_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(TillVaultCall) self = user_data;
  TillVault *vault;
  GList *items;

  if (!call_search_finish (self, result, &items))
    return;

  if (items == NULL)
    {
      till_vault_call_return_state (self, TILL_VAULT_DISMISSED);
      return;
    }
  g_list_free_full (items, g_object_unref);

  vault = g_task_get_source_object (self->task);
  vault->state = TILL_VAULT_READY;
  (void) till_vault_drop_session (vault, self->profile_id, self->name);
  till_vault_call_return_boolean (self);
}

static void
stored_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(TillVaultCall) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean done = secret_password_store_finish (result, &error);

  if (self->task == NULL)
    return;

  if (done)
    call_search (self, store_checked_cb);
  else
    call_failed (self, error);
}

/* The attributes and the label are no secret to anyone: random id and role, nothing else. */
static void
call_store_now (TillVaultCall *self)
{
  g_autoptr(GHashTable) attributes = make_attributes (self);
  g_autofree char *label = g_strdup_printf ("Tillkeeper (%s)", self->name);
  const char *data = (const char *) till_secret_get_data (self->secret);
  gsize size = till_secret_get_size (self->secret);
  gboolean text = memchr (data, '\0', size) == NULL && g_utf8_validate_len (data, size, NULL);
  SecretValue *value = secret_value_new (data, (gssize) size, text ? "text/plain" : "application/octet-stream");

  secret_password_storev_binary (&schema, attributes, SECRET_COLLECTION_DEFAULT, label, value, self->inner,
                                 stored_cb, till_vault_call_ref (self));
  secret_value_unref (value);
}

/* An item without a secret that can be had: the person closed the question. */
static void
load_checked_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(TillVaultCall) self = user_data;
  TillVault *vault;
  GList *items;

  if (!call_search_finish (self, result, &items))
    return;

  if (items != NULL)
    {
      g_list_free_full (items, g_object_unref);
      till_vault_call_return_state (self, TILL_VAULT_DISMISSED);
      return;
    }

  vault = g_task_get_source_object (self->task);
  vault->state = TILL_VAULT_READY;
  if (self->kind == TILL_VAULT_STORE)
    call_store_now (self);
  else
    till_vault_call_return_missing (self);
}

static void
looked_up_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(TillVaultCall) self = user_data;
  g_autoptr(GError) error = NULL;
  SecretValue *value = secret_password_lookup_binary_finish (result, &error);
  TillSecret *secret = NULL;
  const char *data;
  gsize size;

  if (value != NULL)
    {
      data = secret_value_get (value, &size);
      secret = till_secret_new_copy (data, size);
      secret_value_unref (value);
    }

  if (self->task == NULL)
    {
      g_clear_pointer (&secret, till_secret_unref);
      return;
    }

  if (error != NULL)
    {
      call_failed (self, error);
    }
  else if (secret == NULL)
    {
      call_search (self, load_checked_cb);
    }
  else if (self->kind == TILL_VAULT_STORE)
    {
      till_secret_unref (secret);
      call_store_now (self);
    }
  else
    {
      TILL_VAULT (g_task_get_source_object (self->task))->state = TILL_VAULT_READY;
      till_vault_call_return_pointer (self, secret, (GDestroyNotify) till_secret_unref);
    }
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

/* Names of the items and of the session, each once, sorted. */
static char **
merge_names (TillVault  *self,
             const char *profile_id,
             GList      *items)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();
  char **session;
  char **all;

  till_vault_add_session_names (self, profile_id, names);
  session = g_strv_builder_end (names);

  for (GList *item = items; item != NULL; item = item->next)
    {
      g_autoptr(GHashTable) attributes = secret_retrievable_get_attributes (item->data);
      const char *name = g_hash_table_lookup (attributes, "name");

      if (!g_strv_contains ((const char * const *) session, name))
        g_strv_builder_add (names, name);
    }
  g_strv_builder_addv (names, (const char **) session);
  g_strfreev (session);

  all = g_strv_builder_end (names);
  qsort (all, g_strv_length (all), sizeof *all, compare_names);

  return all;
}

/* A locked keyring of GNOME has the item and hides its attributes. */
static gboolean
has_name (GList *item)
{
  g_autoptr(GHashTable) attributes = secret_retrievable_get_attributes (item->data);

  return g_hash_table_contains (attributes, "name");
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(TillVaultCall) self = user_data;
  TillVault *vault;
  char **names;
  GList *items;

  if (!call_search_finish (self, result, &items))
    return;

  for (GList *item = items; item != NULL; item = item->next)
    {
      if (!has_name (item))
        {
          g_list_free_full (items, g_object_unref);
          till_vault_call_return_state (self, TILL_VAULT_LOCKED);
          return;
        }
    }

  vault = g_task_get_source_object (self->task);
  vault->state = TILL_VAULT_READY;
  names = merge_names (vault, self->profile_id, items);
  g_list_free_full (items, g_object_unref);
  till_vault_call_return_pointer (self, names, (GDestroyNotify) g_strfreev);
}

/* Only unlocked items are cleared; what is left was locked. */
static void
remove_checked_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(TillVaultCall) self = user_data;
  TillVault *vault;
  GList *items;

  if (!call_search_finish (self, result, &items))
    return;

  if (items != NULL)
    {
      g_list_free_full (items, g_object_unref);
      till_vault_call_return_state (self, TILL_VAULT_LOCKED);
      return;
    }

  vault = g_task_get_source_object (self->task);
  vault->state = TILL_VAULT_READY;
  (void) till_vault_drop_session (vault, self->profile_id, self->name);
  till_vault_call_return_boolean (self);
}

static void
removed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(TillVaultCall) self = user_data;
  g_autoptr(GError) error = NULL;

  (void) secret_password_clear_finish (result, &error);

  if (self->task == NULL)
    return;

  if (error != NULL)
    call_failed (self, error);
  else
    call_search (self, remove_checked_cb);
}

/**
 * till_vault_call_ask_service:
 * @self: a call that has begun
 *
 * Begins to ask libsecret; one of till_vault_call_return_state() and its like
 * ends the call, or its deadline does.
 */
void
till_vault_call_ask_service (TillVaultCall *self)
{
  g_autoptr(GHashTable) attributes = make_attributes (self);

  switch (self->kind)
    {
    case TILL_VAULT_STORE:
    case TILL_VAULT_LOAD:
      secret_password_lookupv (&schema, attributes, self->inner, looked_up_cb, till_vault_call_ref (self));
      break;

    case TILL_VAULT_LIST:
      call_search (self, listed_cb);
      break;

    case TILL_VAULT_REMOVE:
    default:
      secret_password_clearv (&schema, attributes, self->inner, removed_cb, till_vault_call_ref (self));
      break;
    }
}
