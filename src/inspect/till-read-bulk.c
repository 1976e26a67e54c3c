/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs of many certificates in one PEM text, read on two threads. */
#include "config.h"

#include "till-read-bulk.h"

/* Fewer certificates are read before a second thread has started. */
#define BULK_MIN 64

/* So many are taken at a time, to keep both threads busy to the end. */
#define BULK_CHUNK 32

typedef struct
{
  const TillPemBlock  *blocks;
  guint                n;
  const TillCancel    *cancel;
  TillCertificate    **results;    /* in file order */

  gint                 next;       /* atomic: first block that nobody has taken */

  GMutex               mutex;
  guint                failed;     /* the first block that failed, @n for none */
  GError              *error;      /* why */
} Bulk;

/**
 * till_read_bulk_count:
 * @blocks: blocks of a text
 * @n: how many
 *
 * Returns: how many of them, from the first on, are to be read by
 *   till_read_bulk(); 0 where it does not pay
 */
guint
till_read_bulk_count (const TillPemBlock *blocks,
                      guint               n)
{
  guint i;

  for (i = 0; i < n; i++)
    {
      if (!till_pem_label_is (&blocks[i], "CERTIFICATE") || !blocks[i].has_end)
        break;
    }

  return i >= BULK_MIN ? i : 0;
}

static TillCertificate *
read_certificate (const TillPemBlock  *block,
                  GByteArray          *buffer,
                  GError             **error)
{
  g_autoptr(GBytes) bytes = NULL;
  TillDer der;

  g_byte_array_set_size (buffer, (guint) TILL_BASE64_ROOM ((gsize) (block->body_end - block->body)));
  if (!till_pem_decode (block, buffer->data, &der, error))
    return NULL;

  bytes = g_bytes_new (der.data, till_der_left (&der));
  return till_certificate_new_from_der (bytes, error);
}

static void
note_failure (Bulk   *self,
              guint   i,
              GError *error)
{
  g_mutex_lock (&self->mutex);
  if (i < self->failed)
    {
      self->failed = i;
      g_clear_error (&self->error);
      self->error = g_steal_pointer (&error);
    }
  g_mutex_unlock (&self->mutex);

  g_clear_error (&error);

  /* Blocks are taken in order, so all before this one have been taken. */
  g_atomic_int_set (&self->next, (gint) self->n);
}

static gpointer
bulk_thread (gpointer data)
{
  Bulk *self = data;
  g_autoptr(GByteArray) buffer = g_byte_array_new ();

  for (;;)
    {
      guint first = (guint) g_atomic_int_add (&self->next, BULK_CHUNK);

      for (guint i = first; i < MIN (first + BULK_CHUNK, self->n); i++)
        {
          GError *error = NULL;

          if (till_cancel_check (self->cancel, &error))
            self->results[i] = read_certificate (&self->blocks[i], buffer, &error);

          if (error != NULL)
            {
              note_failure (self, i, error);
              return NULL;
            }
        }

      if (first + BULK_CHUNK >= self->n)
        return NULL;
    }
}

/**
 * till_read_bulk:
 * @self: a build
 * @blocks: CERTIFICATE blocks
 * @n: how many
 * @failed: (out): on failure, which one
 * @error: return location: of the first block that failed
 *
 * Reads certificates on this thread and a second one, in file order.
 *
 * Returns: whether all could be read
 */
gboolean
till_read_bulk (TillBuild           *self,
                const TillPemBlock  *blocks,
                guint                n,
                guint               *failed,
                GError             **error)
{
  g_autofree TillCertificate **results = g_new0 (TillCertificate *, n);
  Bulk bulk = { .blocks = blocks, .n = n, .cancel = self->cancel, .results = results, .failed = n };
  GThread *thread;

  g_mutex_init (&bulk.mutex);
  thread = g_thread_new ("bulk", bulk_thread, &bulk);
  bulk_thread (&bulk);
  g_thread_join (thread);
  g_mutex_clear (&bulk.mutex);

  for (guint i = 0; i < n; i++)
    {
      if (results[i] == NULL)
        continue;
      if (bulk.error == NULL)
        g_ptr_array_add (self->document->certificates, results[i]);
      else
        till_certificate_unref (results[i]);
    }

  if (bulk.error == NULL)
    return TRUE;

  *failed = bulk.failed;
  g_propagate_error (error, bulk.error);
  return FALSE;
}
