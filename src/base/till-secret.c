/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Secret bytes: locked, left out of dumps, wiped when freed, never printed. */
#include "config.h"

#include "till-secret.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "till-error.h"
#include "till-secret-private.h"

#ifndef __has_feature
#define __has_feature(x) 0
#endif

/* The rest of a page behind a secret is out of bounds for the sanitizer too. */
#if defined (__SANITIZE_ADDRESS__) || __has_feature (address_sanitizer)
#include <sanitizer/asan_interface.h>
#define FENCE(start, size) ASAN_POISON_MEMORY_REGION (start, size)
#define UNFENCE(start, size) ASAN_UNPOISON_MEMORY_REGION (start, size)
#else
#define FENCE(start, size) G_STMT_START { } G_STMT_END
#define UNFENCE(start, size) G_STMT_START { } G_STMT_END
#endif

/*
 * TillSecret is an opaque run of bytes on pages of its own, taken straight from
 * the kernel: so no allocator keeps a copy, and locking and MADV_DONTDUMP touch
 * nothing else. Freeing wipes the pages before they go back or wait for the next. What always holds: data[size]
 * is NUL, and the bytes between size and the end of the pages are zero.
 */
struct _TillSecret
{
  gatomicrefcount  ref_count;

  guint8          *data;      /* (owned) mapped */
  gsize            size;
  gsize            mapped;    /* whole pages */
  gboolean         locked;
};

/* Above this a secret is a bundle of public certificates in all likelihood, and
 * is expected not to fit under RLIMIT_MEMLOCK (8 MiB on most systems). */
#define WARN_BYTES (1024 * 1024)

/* Mapping and locking cost tens of microseconds, and a bundle of 10,000 blocks
 * takes a small secret for each: so a few small mappings stay, wiped and locked,
 * for those to come. */
#define KEPT_PAGES 4
#define KEPT_EACH 4

static struct
{
  GMutex  lock;
  void   *mappings[KEPT_PAGES][KEPT_EACH];
  guint   n[KEPT_PAGES];
} kept;

/* Returns: (nullable): a kept mapping of just this size */
static void *
take_kept (gsize mapped,
           gsize page)
{
  gsize which = mapped / page - 1;
  void *data = NULL;

  if (which >= KEPT_PAGES)
    return NULL;

  g_mutex_lock (&kept.lock);
  if (kept.n[which] > 0)
    data = kept.mappings[which][--kept.n[which]];
  g_mutex_unlock (&kept.lock);

  if (data != NULL)
    UNFENCE (data, mapped);

  return data;
}

/* Returns: whether it was kept; it must be wiped and locked */
static gboolean
keep (void  *data,
      gsize  mapped,
      gsize  page)
{
  gsize which = mapped / page - 1;
  gboolean done = FALSE;

  if (which >= KEPT_PAGES)
    return FALSE;

  /* Nobody may touch it as long as it is kept. */
  FENCE (data, mapped);

  g_mutex_lock (&kept.lock);
  if (kept.n[which] < KEPT_EACH)
    {
      kept.mappings[which][kept.n[which]++] = data;
      done = TRUE;
    }
  g_mutex_unlock (&kept.lock);

  if (!done)
    UNFENCE (data, mapped);

  return done;
}

static void
warn_not_locked (int errsv)
{
  static gint warned;

  if (g_atomic_int_compare_and_exchange (&warned, 0, 1))
    g_printerr ("tillkeeper: secrets cannot be locked in memory (%s); they are still wiped after use\n",
                g_strerror (errsv));
}

/**
 * till_secret_try_new:
 * @size: how many bytes
 *
 * Like till_secret_new(), for sizes that come from outside.
 *
 * Returns: (transfer full) (nullable): a secret of zeros; %NULL with errno set
 *   where there is no memory for it
 */
TillSecret *
till_secret_try_new (gsize size)
{
  gsize page = (gsize) sysconf (_SC_PAGESIZE);
  gboolean locked = TRUE;
  TillSecret *self;
  gsize mapped;
  void *data;

  /* Room for the NUL, rounded up to whole pages. */
  if (!g_size_checked_add (&mapped, size, page) || mapped > G_MAXSSIZE)
    {
      errno = ENOMEM;
      return NULL;
    }
  mapped -= mapped % page;

  data = take_kept (mapped, page);
  if (data == NULL)
    {
      data = mmap (NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (data == MAP_FAILED)
        return NULL;

      /* Kernels without it have no way to leave pages out of a dump; the process
       * as a whole makes no dumps, see till_process_start(). */
      (void) madvise (data, mapped, MADV_DONTDUMP);

      locked = mlock (data, mapped) == 0;
      if (!locked && size <= WARN_BYTES)
        warn_not_locked (errno);
    }

  self = g_new0 (TillSecret, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->data = data;
  self->size = size;
  self->mapped = mapped;

  self->locked = locked;
  FENCE (self->data + size + 1, mapped - size - 1);

  return self;
}

/**
 * till_secret_new:
 * @size: how many bytes; 0 is allowed
 *
 * A secret of zeros, to be filled through till_secret_get_buffer(). Ends the
 * program where there is no memory, as g_malloc() does: bound the size first.
 *
 * Returns: (transfer full): a new secret
 */
TillSecret *
till_secret_new (gsize size)
{
  TillSecret *self = till_secret_try_new (size);

  if (self == NULL)
    g_error ("no memory for a secret of %" G_GSIZE_FORMAT " bytes", size);

  return self;
}

/**
 * till_secret_new_copy:
 * @data: (nullable) (array length=size): the bytes; may be %NULL where @size is 0
 * @size: how many
 *
 * Returns: (transfer full): a new secret with a copy of @data; wiping @data is
 *   the caller's
 */
TillSecret *
till_secret_new_copy (const void *data,
                      gsize       size)
{
  TillSecret *self;

  g_return_val_if_fail (data != NULL || size == 0, NULL);

  self = till_secret_new (size);
  if (size > 0)
    memcpy (self->data, data, size);

  return self;
}

/**
 * till_secret_new_sub:
 * @other: a secret
 * @offset: where the part begins
 * @size: its length
 *
 * Returns: (transfer full) (nullable): a new secret with a copy of the part;
 *   %NULL (and a critical) where the part is not inside @other
 */
TillSecret *
till_secret_new_sub (const TillSecret *other,
                     gsize             offset,
                     gsize             size)
{
  g_return_val_if_fail (other != NULL, NULL);
  g_return_val_if_fail (offset <= other->size && size <= other->size - offset, NULL);

  return till_secret_new_copy (other->data + offset, size);
}

/**
 * till_secret_ref:
 * @self: a secret
 *
 * Returns: (transfer full): @self, counted once more
 */
TillSecret *
till_secret_ref (TillSecret *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * till_secret_unref:
 * @self: (transfer full): a secret
 *
 * Counts down; the last one wipes the bytes and gives the memory back.
 */
void
till_secret_unref (TillSecret *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  UNFENCE (self->data, self->mapped);
  till_wipe (self->data, self->mapped);
  /* Giving the pages back unlocks them as well. */
  if (!self->locked || !keep (self->data, self->mapped, (gsize) sysconf (_SC_PAGESIZE)))
    munmap (self->data, self->mapped);
  g_free (self);
}

/**
 * till_secret_get_data:
 * @self: a secret
 *
 * Returns: (transfer none) (array): its bytes, with a NUL behind them; never %NULL
 */
const guint8 *
till_secret_get_data (const TillSecret *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->data;
}

/**
 * till_secret_get_buffer:
 * @self: a secret that nobody else holds yet
 *
 * Returns: (transfer none) (array): its bytes, to be filled
 */
guint8 *
till_secret_get_buffer (TillSecret *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->data;
}

/**
 * till_secret_get_size:
 * @self: a secret
 *
 * Returns: how many bytes it has, without the NUL
 */
gsize
till_secret_get_size (const TillSecret *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->size;
}

/**
 * till_secret_shrink:
 * @self: a secret that nobody else holds yet
 * @size: its new size, at most the old one
 *
 * Cuts bytes off at the end and wipes them.
 */
void
till_secret_shrink (TillSecret *self,
                    gsize       size)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (size <= self->size);

  till_wipe (self->data + size, self->size - size);
  self->size = size;

  FENCE (self->data + size + 1, self->mapped - size - 1);
}

/**
 * till_secret_equal:
 * @a: a secret
 * @b: another
 *
 * Compares in a time that depends on the sizes alone. Sizes are no secret.
 *
 * Returns: whether both hold the same bytes
 */
gboolean
till_secret_equal (const TillSecret *a,
                   const TillSecret *b)
{
  volatile guint8 difference = 0;

  g_return_val_if_fail (a != NULL, FALSE);
  g_return_val_if_fail (b != NULL, FALSE);

  if (a->size != b->size)
    return FALSE;

  for (gsize i = 0; i < a->size; i++)
    difference |= a->data[i] ^ b->data[i];

  return difference == 0;
}

/**
 * till_secret_is_locked:
 * @self: a secret
 *
 * Returns: whether its pages are kept out of swap
 */
gboolean
till_secret_is_locked (const TillSecret *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->locked;
}

/**
 * till_wipe:
 * @data: (nullable): memory
 * @size: how much of it
 *
 * Overwrites with zeros in a way that no compiler leaves out.
 */
void
till_wipe (void  *data,
           gsize  size)
{
  if (data != NULL && size > 0)
    explicit_bzero (data, size);
}

/**
 * till_secret_has_pem:
 * @data: (array length=size): bytes
 * @size: how many
 *
 * Returns: whether the first 64 KiB hold the start of a PEM block
 */
gboolean
till_secret_has_pem (const guint8 *data,
                     gsize         size)
{
  return memmem (data, MIN (size, TILL_SECRET_SNIFF_BYTES), "-----BEGIN ", 11) != NULL;
}

/* Whether reading can go on after -1: interrupted, or a descriptor that does
 * not block and has nothing yet. */
static gboolean
wait_to_read (int fd)
{
  struct pollfd wait = { .fd = fd, .events = POLLIN };

  if (errno == EINTR)
    return TRUE;

  if (errno != EAGAIN)
    return FALSE;

  return poll (&wait, 1, -1) >= 0 || errno == EINTR;
}

/**
 * till_secret_read_all:
 * @fd: a descriptor, read from where it stands to its end
 * @expected: how many bytes to expect; 0 where that is not known
 * @limit: how many bytes are allowed
 * @text_limit: how many are allowed for a text with PEM blocks; not below @limit
 * @secret: (out) (transfer full): the bytes, when done
 * @n_read: (out): how many bytes were taken in, also when it is too large
 *
 * Takes in no more than one byte beyond the larger limit, and decides about a
 * text by its first 64 KiB.
 *
 * Returns: how it went
 */
TillSecretRead
till_secret_read_all (int          fd,
                      gsize        expected,
                      gsize        limit,
                      gsize        text_limit,
                      TillSecret **secret,
                      gsize       *n_read)
{
  g_autoptr(TillSecret) buffer = NULL;
  gsize allowed = limit;
  gsize used = 0;

  /* One byte more than is expected, so that the end is seen without growing. */
  if (expected == 0)
    expected = TILL_SECRET_SNIFF_BYTES;
  buffer = till_secret_try_new (MIN (expected, text_limit) + 1);

  while (buffer != NULL)
    {
      ssize_t got = read (fd, buffer->data + used, buffer->size - used);

      *n_read = used;

      if (got < 0 && wait_to_read (fd))
        continue;
      if (got < 0)
        return TILL_SECRET_READ_FAILED;

      if (got == 0)
        {
          till_secret_shrink (buffer, used);
          *secret = g_steal_pointer (&buffer);
          return TILL_SECRET_READ_DONE;
        }

      used += (gsize) got;
      *n_read = used;

      if (used > allowed && allowed < text_limit && till_secret_has_pem (buffer->data, used))
        allowed = text_limit;
      if (used > allowed)
        return TILL_SECRET_READ_TOO_LARGE;

      if (used == buffer->size)
        {
          TillSecret *larger = till_secret_try_new (MIN (used * 2, allowed + 1));

          if (larger != NULL)
            memcpy (larger->data, buffer->data, used);
          till_secret_unref (buffer);
          buffer = larger;
        }
    }

  errno = ENOMEM;
  return TILL_SECRET_READ_FAILED;
}

/**
 * till_secret_read_fd:
 * @fd: a descriptor; it is left open
 * @limit: how many bytes the secret may have
 * @error: (out) (optional): %TILL_ERROR_UNREADABLE
 *
 * Reads a secret to the end of the descriptor and drops one line break behind
 * it ("\n" or "\r\n"), which does not count towards @limit.
 *
 * Returns: (transfer full) (nullable): the secret, %NULL with @error set
 */
TillSecret *
till_secret_read_fd (int      fd,
                     gsize    limit,
                     GError **error)
{
  TillSecret *self = NULL;
  TillSecretRead result;
  gsize n_read = 0;
  gsize size;
  int errsv;

  g_return_val_if_fail (limit < G_MAXSSIZE - 2, NULL);

  result = till_secret_read_all (fd, 0, limit + 2, limit + 2, &self, &n_read);
  errsv = errno;

  if (result == TILL_SECRET_READ_FAILED)
    {
      till_set_error (error, TILL_ERROR_UNREADABLE, TILL_REASON_IO, g_strerror (errsv), NULL,
                      "cannot read from file descriptor %d: %s", fd, g_strerror (errsv));
      return NULL;
    }

  if (result == TILL_SECRET_READ_DONE)
    {
      size = self->size;
      if (size > 0 && self->data[size - 1] == '\n')
        size -= size > 1 && self->data[size - 2] == '\r' ? 2 : 1;

      if (size <= limit)
        {
          till_secret_shrink (self, size);
          return self;
        }

      n_read = size;
      till_secret_unref (self);
    }

  till_set_error (error, TILL_ERROR_UNREADABLE, TILL_REASON_TOO_LARGE, NULL,
                  (const gint64[2]) { (gint64) n_read, (gint64) limit },
                  "file descriptor %d gives more than the %" G_GSIZE_FORMAT " bytes that are allowed",
                  fd, limit);
  return NULL;
}
