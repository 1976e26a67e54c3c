/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RSA keys made ahead, so that a till has its answer at once. */
#include "config.h"

#include "till-rsa-pool.h"

#include "till-store-ca-private.h"

#define KEY_BITS 2048

struct _TillRsaPool
{
  GObject       parent_instance;

  GQueue        ready;        /* TillSecret */
  GQueue        waiting;      /* GTask */
  guint         making;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (TillRsaPool, till_rsa_pool, G_TYPE_OBJECT)

static void fill (TillRsaPool *self);

static void
make_thread (GTask        *task,
             gpointer      source,
             gpointer      data,
             GCancellable *cancellable)
{
  gnutls_x509_privkey_t key = NULL;
  gnutls_datum_t der;
  GError *error = NULL;
  int code = gnutls_x509_privkey_init (&key);

  if (code >= 0)
    code = gnutls_x509_privkey_generate (key, GNUTLS_PK_RSA, KEY_BITS, 0);
  if (code >= 0)
    code = gnutls_x509_privkey_export2 (key, GNUTLS_X509_FMT_DER, &der);

  if (till_ca_failed (code, "making a key", &error))
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, till_ca_take_datum (&der), (GDestroyNotify) till_secret_unref);

  g_clear_pointer (&key, gnutls_x509_privkey_deinit);
}

static void
made_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autofree GWeakRef *reference = user_data;
  g_autoptr(TillRsaPool) self = g_weak_ref_get (reference);
  g_autoptr(GError) error = NULL;
  TillSecret *key = g_task_propagate_pointer (G_TASK (result), &error);
  g_autoptr(GTask) task = NULL;

  g_weak_ref_clear (reference);
  if (self == NULL)
    {
      g_clear_pointer (&key, till_secret_unref);
      return;
    }

  self->making--;
  if (key != NULL)
    g_queue_push_tail (&self->ready, key);

  /* Each key wakes all who wait: whoever comes too late waits again. */
  while ((task = g_queue_pop_head (&self->waiting)) != NULL)
    {
      if (error != NULL)
        g_task_return_error (task, g_error_copy (error));
      else
        g_task_return_boolean (task, TRUE);
      g_clear_object (&task);
    }
}

static void
fill (TillRsaPool *self)
{
  while (g_queue_get_length (&self->ready) + self->making < TILL_RSA_POOL_SIZE)
    {
      GWeakRef *reference = g_new0 (GWeakRef, 1);
      g_autoptr(GTask) task = NULL;

      g_weak_ref_init (reference, self);
      task = g_task_new (NULL, self->cancellable, made_cb, reference);
      g_task_set_source_tag (task, fill);
      g_task_run_in_thread (task, make_thread);
      self->making++;
    }
}

static void
till_rsa_pool_dispose (GObject *object)
{
  TillRsaPool *self = TILL_RSA_POOL (object);

  g_cancellable_cancel (self->cancellable);
  g_queue_clear_full (&self->ready, (GDestroyNotify) till_secret_unref);
  g_queue_clear_full (&self->waiting, g_object_unref);

  G_OBJECT_CLASS (till_rsa_pool_parent_class)->dispose (object);
}

static void
till_rsa_pool_finalize (GObject *object)
{
  g_object_unref (TILL_RSA_POOL (object)->cancellable);

  G_OBJECT_CLASS (till_rsa_pool_parent_class)->finalize (object);
}

static void
till_rsa_pool_class_init (TillRsaPoolClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = till_rsa_pool_dispose;
  G_OBJECT_CLASS (klass)->finalize = till_rsa_pool_finalize;
}

static void
till_rsa_pool_init (TillRsaPool *self)
{
  g_queue_init (&self->ready);
  g_queue_init (&self->waiting);
  self->cancellable = g_cancellable_new ();
  fill (self);
}

/**
 * till_rsa_pool_new:
 *
 * Starts to make keys.
 *
 * Returns: (transfer full): a pool
 */
TillRsaPool *
till_rsa_pool_new (void)
{
  return g_object_new (TILL_TYPE_RSA_POOL, NULL);
}

/**
 * till_rsa_pool_get_ready:
 * @self: a pool
 *
 * Returns: how many keys can be taken now
 */
guint
till_rsa_pool_get_ready (TillRsaPool *self)
{
  g_return_val_if_fail (TILL_IS_RSA_POOL (self), 0);

  return g_queue_get_length (&self->ready);
}

/**
 * till_rsa_pool_wait_async:
 * @self: a pool
 * @cancellable: (nullable): to stop waiting
 * @callback: called when there is a key
 * @user_data: for @callback
 *
 * Waits until there is a key.
 */
void
till_rsa_pool_wait_async (TillRsaPool         *self,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, till_rsa_pool_wait_async);
  if (!g_queue_is_empty (&self->ready))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  fill (self);
  g_queue_push_tail (&self->waiting, g_steal_pointer (&task));
}

/**
 * till_rsa_pool_wait_finish:
 * @self: a pool
 * @result: of till_rsa_pool_wait_async()
 * @error: (out) (optional): %TILL_ERROR_INTERNAL
 *
 * Returns: whether there was a key
 */
gboolean
till_rsa_pool_wait_finish (TillRsaPool   *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * till_rsa_pool_take:
 * @self: a pool
 *
 * Returns: (transfer full) (nullable): a key that nobody else gets; %NULL where none is ready
 */
TillSecret *
till_rsa_pool_take (TillRsaPool *self)
{
  TillSecret *key;

  g_return_val_if_fail (TILL_IS_RSA_POOL (self), NULL);

  key = g_queue_pop_head (&self->ready);
  if (key != NULL)
    fill (self);

  return key;
}
