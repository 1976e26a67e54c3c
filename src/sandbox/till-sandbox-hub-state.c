/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commerce Hub, pretended: what it remembers. */
#include "config.h"

#include <string.h>

#include "till-certificate.h"
#include "till-error.h"
#include "till-json-reader.h"
#include "till-sandbox-authority.h"
#include "till-sandbox-hub-private.h"
#include "till-sandbox-state.h"

#define HUB_FILE "hub.json"
#define LONGEST_ID 64
#define LONGEST_KEY 8192
#define LONGEST_MERCHANT 1024

#define HOUR 3600
#define DAY 86400

/* The dated example of the document, moved to now: one has ended, one is still
 * taken, and the newest is so near its end that it is time for another. */
static const struct
{
  gint64 from;
  gint64 to;
} examples[] = {
  { -12 * DAY, -5 * DAY },
  { -7 * DAY + 10 * HOUR, 10 * HOUR },
  { -6 * DAY + 34 * HOUR, 46 * HOUR },
};

/**
 * till_sandbox_key_free:
 * @key: (transfer full): a key
 *
 * Frees @key.
 */
void
till_sandbox_key_free (TillHubKey *key)
{
  g_free (key->id);
  g_free (key->merchant);
  g_clear_pointer (&key->der, g_bytes_unref);
  g_free (key);
}

/**
 * till_hub_upload_free:
 * @upload: (transfer full): an upload
 *
 * Frees @upload.
 */
void
till_hub_upload_free (TillHubUpload *upload)
{
  g_free (upload->id);
  g_free (upload->key_sha256);
  g_free (upload);
}

/**
 * till_hub_find_key:
 * @self: the service
 * @id: a keyId
 *
 * Returns: (transfer none) (nullable): the key
 */
TillHubKey *
till_hub_find_key (TillHub    *self,
                   const char *id)
{
  for (guint i = 0; i < self->keys->len; i++)
    {
      TillHubKey *key = g_ptr_array_index (self->keys, i);

      if (strcmp (key->id, id) == 0)
        return key;
    }

  return NULL;
}

static void
write_key (const TillHubKey *key,
           TillJsonWriter   *writer)
{
  g_autofree char *der = g_base64_encode (g_bytes_get_data (key->der, NULL), g_bytes_get_size (key->der));

  till_json_writer_begin_object (writer);
  till_sandbox_write_text (writer, "id", key->id);
  till_sandbox_write_text (writer, "merchant", key->merchant);
  till_sandbox_write_text (writer, "key", der);
  till_json_writer_member (writer, "validFrom");
  till_json_writer_int (writer, key->valid_from);
  till_json_writer_member (writer, "validTo");
  till_json_writer_int (writer, key->valid_to);
  till_sandbox_write_bool (writer, "revoked", key->revoked);
  till_sandbox_write_bool (writer, "example", key->example);
  till_json_writer_end_object (writer);
}

/**
 * till_hub_save:
 * @self: the service
 * @error: (out) (optional): %TILL_ERROR_UNREADABLE
 *
 * Writes all that it remembers, but for the answers of calls without effect.
 *
 * Returns: whether it is on the disk
 */
gboolean
till_hub_save (TillHub  *self,
               GError  **error)
{
  g_autofree char *session = g_base64_encode (g_bytes_get_data (self->session_key, NULL),
                                              g_bytes_get_size (self->session_key));
  g_autoptr(GString) text = g_string_new (NULL);
  TillHubReplay *replay;
  TillHubUpload *upload;
  TillJsonWriter writer;
  GHashTableIter iter;

  till_json_writer_init (&writer, text, FALSE);
  till_json_writer_begin_object (&writer);
  till_sandbox_write_text (&writer, "sessionKeyId", self->session_key_id);
  till_sandbox_write_text (&writer, "sessionKey", session);

  till_json_writer_member (&writer, "keys");
  till_json_writer_begin_array (&writer);
  for (guint i = 0; i < self->keys->len; i++)
    write_key (g_ptr_array_index (self->keys, i), &writer);
  till_json_writer_end_array (&writer);

  till_json_writer_member (&writer, "uploads");
  till_json_writer_begin_array (&writer);
  g_hash_table_iter_init (&iter, self->uploads);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &upload))
    {
      till_json_writer_begin_object (&writer);
      till_sandbox_write_text (&writer, "id", upload->id);
      till_sandbox_write_text (&writer, "keySha256", upload->key_sha256);
      till_json_writer_member (&writer, "uploaded");
      till_json_writer_int (&writer, upload->uploaded);
      till_json_writer_end_object (&writer);
    }
  till_json_writer_end_array (&writer);

  till_json_writer_member (&writer, "replays");
  till_json_writer_begin_array (&writer);
  g_hash_table_iter_init (&iter, self->replays);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &replay))
    {
      if (replay->effect && !replay->running)
        till_hub_write_replay (replay, &writer);
    }
  till_json_writer_end_array (&writer);
  till_json_writer_end_object (&writer);

  if (!till_state_save (self->server->folder, HUB_FILE, text->str, text->len, error))
    return FALSE;

  self->dirty = FALSE;
  return TRUE;
}

static GBytes *
read_der (const TillJsonReader *reader,
          const char           *member)
{
  g_autofree char *text = till_json_reader_dup_text (reader, member, 4, LONGEST_KEY, NULL);
  guchar *der;
  gsize size;

  if (text == NULL)
    return NULL;

  der = g_base64_decode (text, &size);
  return g_bytes_new_take (der, size);
}

static gboolean
read_key (TillHub        *self,
          TillJsonReader *reader)
{
  TillHubKey *key = g_new0 (TillHubKey, 1);

  g_ptr_array_add (self->keys, key);
  key->id = till_json_reader_dup_text (reader, "id", 1, LONGEST_ID, NULL);
  key->merchant = till_json_reader_dup_text (reader, "merchant", 1, LONGEST_MERCHANT, NULL);
  key->der = read_der (reader, "key");

  return key->id != NULL && key->merchant != NULL && key->der != NULL &&
         till_json_reader_int (reader, "validFrom", 0, TILL_TIME_NEVER, &key->valid_from, NULL) &&
         till_json_reader_int (reader, "validTo", 0, TILL_TIME_NEVER, &key->valid_to, NULL) &&
         till_json_reader_bool (reader, "revoked", &key->revoked, NULL) &&
         till_json_reader_bool (reader, "example", &key->example, NULL);
}

static gboolean
read_upload (TillHub        *self,
             TillJsonReader *reader)
{
  TillHubUpload *upload = g_new0 (TillHubUpload, 1);

  upload->id = till_json_reader_dup_text (reader, "id", 1, LONGEST_ID, NULL);
  upload->key_sha256 = till_json_reader_dup_text (reader, "keySha256", 64, 64, NULL);
  if (upload->id == NULL || upload->key_sha256 == NULL ||
      !till_json_reader_int (reader, "uploaded", 0, TILL_TIME_NEVER, &upload->uploaded, NULL))
    {
      till_hub_upload_free (upload);
      return FALSE;
    }

  g_hash_table_replace (self->uploads, upload->id, upload);
  return TRUE;
}

static gboolean
read_replay (TillHub        *self,
             TillJsonReader *reader)
{
  TillHubReplay *replay = till_hub_read_replay (reader->node);

  if (replay == NULL)
    return FALSE;

  replay->effect = TRUE;
  g_hash_table_replace (self->replays, replay->id, replay);
  return TRUE;
}

static gboolean
read_list (TillHub              *self,
           const TillJsonReader *reader,
           const char           *member,
           gboolean            (*read) (TillHub        *self,
                                        TillJsonReader *reader))
{
  TillJsonReader list;
  TillJsonReader element;

  if (!till_json_reader_array (reader, member, &list, NULL))
    return FALSE;

  for (guint i = 0; i < till_json_reader_get_length (&list); i++)
    {
      till_json_reader_element (&list, i, &element);
      if (!read (self, &element))
        return FALSE;
    }

  return TRUE;
}

static gboolean
read_state (TillHub  *self,
            JsonNode *root)
{
  TillJsonReader reader;

  till_json_reader_init (&reader, root);
  self->session_key_id = till_json_reader_dup_text (&reader, "sessionKeyId", 1, LONGEST_ID, NULL);
  self->session_key = read_der (&reader, "sessionKey");

  return self->session_key_id != NULL && self->session_key != NULL &&
         read_list (self, &reader, "keys", read_key) &&
         read_list (self, &reader, "uploads", read_upload) &&
         read_list (self, &reader, "replays", read_replay);
}

static gpointer
make_key_thread (gpointer data)
{
  return till_rsa_make_public_key (data);
}

/* At first start: the keys of the example and the one for credentials, two at a time. */
static gboolean
make_state (TillHub  *self,
            GError  **error)
{
  gint64 now = till_clock_get_now (self->server->clock);
  GBytes *made[G_N_ELEMENTS (examples) + 1];
  gboolean complete = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (made); i += 2)
    {
      GThread *thread = g_thread_new ("sandbox-key", make_key_thread, NULL);

      made[i] = till_rsa_make_public_key (NULL);
      made[i + 1] = g_thread_join (thread);
      complete = complete && made[i] != NULL && made[i + 1] != NULL;
    }

  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    {
      TillHubKey *key = g_new0 (TillHubKey, 1);

      key->id = g_uuid_string_random ();
      key->merchant = g_strdup (self->server->info.hub_merchant);
      key->der = made[i];
      key->valid_from = now + examples[i].from;
      key->valid_to = now + examples[i].to;
      key->example = TRUE;
      g_ptr_array_add (self->keys, key);
    }
  self->session_key = made[G_N_ELEMENTS (examples)];
  self->session_key_id = g_uuid_string_random ();

  if (!complete)
    {
      till_set_error (error, TILL_ERROR_INTERNAL, TILL_REASON_NONE, NULL, NULL, "the sandbox cannot make keys");
      return FALSE;
    }

  return till_hub_save (self, error);
}

/**
 * till_hub_open:
 * @server: the server
 * @error: (out) (optional): %TILL_ERROR_DAMAGED, %TILL_ERROR_UNREADABLE or %TILL_ERROR_INTERNAL
 *
 * Reads what the service remembers, or makes the example of a first start.
 *
 * Returns: (transfer full) (nullable): the service, %NULL with @error set
 */
TillHub *
till_hub_open (TillSandboxServer  *server,
               GError            **error)
{
  TillHub *self = g_new0 (TillHub, 1);
  g_autoptr(GError) reason = NULL;
  g_autoptr(JsonNode) root = NULL;
  gboolean opened = FALSE;

  self->server = server;
  self->keys = g_ptr_array_new_with_free_func ((GDestroyNotify) till_sandbox_key_free);
  self->uploads = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) till_hub_upload_free);
  self->replays = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) till_hub_replay_free);

  root = till_state_load (server->folder, HUB_FILE, &reason);
  if (reason != NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  else if (root == NULL)
    opened = make_state (self, error);
  else if (!(opened = read_state (self, root)))
    till_state_set_aside (server->folder, HUB_FILE, error);

  if (!opened || !till_hub_load_replays (self, error))
    {
      till_hub_close (self);
      return NULL;
    }

  till_hub_tell_examples (self);
  return self;
}

/**
 * till_hub_close:
 * @self: (transfer full): the service
 *
 * Frees @self; all of it is on the disk already.
 */
void
till_hub_close (TillHub *self)
{
  g_ptr_array_unref (self->keys);
  g_hash_table_unref (self->uploads);
  g_hash_table_unref (self->replays);
  g_clear_pointer (&self->session_key, g_bytes_unref);
  g_free (self->session_key_id);
  g_free (self);
}
