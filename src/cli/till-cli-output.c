/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Standard output, written in large pieces and checked.
 *
 * write() and not stdio or g_print(): no conversion to a locale's character
 * set (the output is UTF-8 always, so that no locale has to be loaded), and a
 * full disk or a closed pipe is noticed where it happens. */
#include "config.h"

#include "till-cli-output.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "till-error.h"

#define PIECE_BYTES (64 * 1024)

/**
 * till_cli_output_init:
 * @self: an output
 * @fd: where it goes
 *
 * Makes an output ready; till_cli_output_finish() frees what it holds.
 */
void
till_cli_output_init (TillCliOutput *self,
                      int            fd)
{
  self->text = g_string_sized_new (4096);
  self->fd = fd;
  self->failure = 0;
}

static void
write_all (TillCliOutput *self)
{
  const char *data = self->text->str;
  gsize left = self->text->len;

  while (left > 0 && self->failure == 0)
    {
      gssize written = write (self->fd, data, left);

      if (written >= 0)
        {
          data += written;
          left -= written;
        }
      else if (errno == EAGAIN)
        {
          /* Somebody who shares the terminal or pipe made it non-blocking. */
          struct pollfd wait = { .fd = self->fd, .events = POLLOUT };

          poll (&wait, 1, -1);
        }
      else if (errno != EINTR)
        {
          self->failure = errno;
        }
    }

  g_string_truncate (self->text, 0);
}

/**
 * till_cli_output_drain:
 * @self: an output
 *
 * Writes what has gathered once it is a large piece, so that a document of
 * 10,000 certificates never stands in memory as a whole.
 *
 * Returns: %FALSE after a failure: there is no use in going on
 */
gboolean
till_cli_output_drain (TillCliOutput *self)
{
  if (self->text->len >= PIECE_BYTES)
    write_all (self);

  return self->failure == 0;
}

/**
 * till_cli_output_flush:
 * @self: an output
 *
 * Writes what has gathered now, for somebody who waits for it.
 */
void
till_cli_output_flush (TillCliOutput *self)
{
  write_all (self);
}

/**
 * till_cli_output_finish:
 * @self: an output
 * @error: return location
 *
 * Writes the rest and frees what @self holds.
 *
 * Returns: whether everything was written
 */
gboolean
till_cli_output_finish (TillCliOutput  *self,
                        GError        **error)
{
  write_all (self);
  g_string_free (g_steal_pointer (&self->text), TRUE);

  if (self->failure == 0)
    return TRUE;

  if (self->failure == EPIPE)
    till_set_error (error, TILL_ERROR_INTERNAL, TILL_REASON_IO, NULL, NULL,
                    "standard output was closed before everything was written");
  else if (self->failure == ENOSPC)
    till_set_error (error, TILL_ERROR_INTERNAL, TILL_REASON_NO_SPACE, NULL, NULL,
                    "standard output could not be written: there is no space left");
  else
    till_set_error (error, TILL_ERROR_INTERNAL, TILL_REASON_IO, g_strerror (self->failure), NULL,
                    "standard output could not be written: %s", g_strerror (self->failure));

  return FALSE;
}
