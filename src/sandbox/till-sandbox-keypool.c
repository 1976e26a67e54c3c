/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RSA keys made ahead in threads. */
#include "config.h"

#include "till-sandbox-keypool.h"

#include <glib/gstdio.h>

#include "till-json-reader.h"
#include "till-json-writer.h"
#include "till-key.h"
#include "till-sandbox-authority.h"
#include "till-sandbox-state.h"

/* So many lie ready, and so many are made at a time. */
#define AHEAD 2
#define AT_ONCE 2

/* Those that lay ready when the server stopped: a command that only runs for a
 * moment is not to make keys each time. */
#define SPARE_FILE "spare-keys.json"
#define LONGEST_KEY 1024
#define KEY_BITS 2048

typedef struct
{
  TillHubKeyFunc  func;
  gpointer        user_data;
} Waiter;

struct _TillHubKeyPool
{
  TillSandboxServer *server;
  GQueue             ready;
  GQueue             waiters;
  guint              making;
};

/* The file goes before its keys are used: none is ever given twice. */
static void
load_spare (TillHubKeyPool *self)
{
  g_autofree char *path = g_build_filename (self->server->folder, SPARE_FILE, NULL);
  g_autoptr(JsonNode) root = till_state_load (self->server->folder, SPARE_FILE, NULL);
  TillJsonReader reader;

  if (root == NULL || g_unlink (path) != 0)
    return;

  till_json_reader_init (&reader, root);
  for (guint i = 0; i < till_json_reader_get_length (&reader); i++)
    {
      g_autofree guchar *der = NULL;
      g_autofree char *text = NULL;
      g_autoptr(TillKey) key = NULL;
      TillJsonReader element;
      gsize size;

      till_json_reader_element (&reader, i, &element);
      text = till_json_reader_dup_text (&element, NULL, 1, LONGEST_KEY, NULL);
      if (text == NULL)
        continue;
      der = g_base64_decode (text, &size);
      key = till_key_new_public (der, size, NULL, NULL);
      if (key != NULL && key->bits == KEY_BITS)
        g_queue_push_tail (&self->ready, g_bytes_new (der, size));
    }
}

static void
save_spare (TillHubKeyPool *self)
{
  g_autoptr(GString) text = g_string_new (NULL);
  TillJsonWriter writer;

  till_json_writer_init (&writer, text, FALSE);
  till_json_writer_begin_array (&writer);
  for (GList *link = self->ready.head; link != NULL; link = link->next)
    {
      g_autofree char *key = g_base64_encode (g_bytes_get_data (link->data, NULL), g_bytes_get_size (link->data));

      till_json_writer_string (&writer, key);
    }
  till_json_writer_end_array (&writer);

  /* Without it, they are made again. */
  (void) till_state_save (self->server->folder, SPARE_FILE, text->str, text->len, NULL);
}

/**
 * till_hub_key_pool_new:
 * @server: the server, in whose thread all calls are made
 *
 * Returns: (transfer full): a pool with the keys that were left over last time
 */
TillHubKeyPool *
till_hub_key_pool_new (TillSandboxServer *server)
{
  TillHubKeyPool *self = g_new0 (TillHubKeyPool, 1);

  self->server = server;
  g_queue_init (&self->ready);
  g_queue_init (&self->waiters);
  load_spare (self);

  return self;
}

/**
 * till_hub_key_pool_free:
 * @self: (transfer full): a pool that nothing is made for
 *
 * Keeps the keys that are left over, and frees @self.
 */
void
till_hub_key_pool_free (TillHubKeyPool *self)
{
  if (self->ready.length > 0)
    save_spare (self);
  g_queue_clear_full (&self->ready, (GDestroyNotify) g_bytes_unref);
  g_queue_clear_full (&self->waiters, g_free);
  g_free (self);
}

static void
make_thread (GTask        *task,
             gpointer      source,
             gpointer      data,
             GCancellable *cancellable)
{
  GError *error = NULL;
  GBytes *key = till_rsa_make_public_key (&error);

  if (key != NULL)
    g_task_return_pointer (task, key, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

static void
made_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  TillHubKeyPool *self = user_data;
  g_autoptr(GBytes) key = g_task_propagate_pointer (G_TASK (result), NULL);
  g_autofree Waiter *waiter = g_queue_pop_head (&self->waiters);

  self->making--;
  self->server->jobs--;
  if (waiter != NULL)
    waiter->func (key, waiter->user_data);
  else if (key != NULL)
    g_queue_push_tail (&self->ready, g_steal_pointer (&key));

  till_hub_key_pool_fill (self);
}

/**
 * till_hub_key_pool_fill:
 * @self: a pool
 *
 * Begins to make what is missing, unless the server is about to stop and
 * nobody waits.
 */
void
till_hub_key_pool_fill (TillHubKeyPool *self)
{
  guint ahead = g_cancellable_is_cancelled (self->server->cancellable) ? 0 : AHEAD;

  while (self->making < AT_ONCE &&
         self->making + self->ready.length < ahead + self->waiters.length)
    {
      g_autoptr(GTask) task = g_task_new (NULL, NULL, made_cb, self);

      g_task_set_source_tag (task, till_hub_key_pool_fill);
      self->making++;
      self->server->jobs++;
      g_task_run_in_thread (task, make_thread);
    }
}

/**
 * till_hub_key_pool_take:
 * @self: a pool
 * @func: gets the key, at once or later
 * @user_data: for @func
 *
 * Takes a key, or waits for one that is made.
 */
void
till_hub_key_pool_take (TillHubKeyPool *self,
                        TillHubKeyFunc  func,
                        gpointer        user_data)
{
  g_autoptr(GBytes) key = g_queue_pop_head (&self->ready);

  if (key != NULL)
    {
      func (key, user_data);
    }
  else
    {
      Waiter *waiter = g_new0 (Waiter, 1);

      waiter->func = func;
      waiter->user_data = user_data;
      g_queue_push_tail (&self->waiters, waiter);
    }

  till_hub_key_pool_fill (self);
}
