/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of the sandbox's state, and what is random in them. */
#include "config.h"

#include "till-sandbox-state.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <gnutls/crypto.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "till-error.h"
#include "till-file.h"
#include "till-json-reader.h"

/* More than 100,000 certificates need. */
#define STATE_LIMIT (64 * 1024 * 1024)

/* How long a program that is about to end may still hold the folder. */
#define LOCK_TRIES 60
#define LOCK_WAIT_US 50000

/**
 * till_state_load:
 * @folder: of the state
 * @name: of a file in it
 * @error: (out) (optional): %TILL_ERROR_DAMAGED where it was set aside; else it could not be read
 *
 * Returns: (transfer full) (nullable): what it holds; %NULL without an error
 *   where there is no such file
 */
JsonNode *
till_state_load (const char  *folder,
                 const char  *name,
                 GError     **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr(TillSecret) text = NULL;
  g_autoptr(GError) reason = NULL;
  JsonNode *root;

  text = till_file_read (path, STATE_LIMIT, STATE_LIMIT, &reason);
  if (text == NULL)
    {
      if (till_error_get_reason (reason) == TILL_REASON_TOO_LARGE)
        till_state_set_aside (folder, name, error);
      else if (till_error_get_reason (reason) != TILL_REASON_MISSING)
        g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }

  root = till_json_parse ((const char *) till_secret_get_data (text), till_secret_get_size (text), STATE_LIMIT, NULL);
  if (root == NULL)
    till_state_set_aside (folder, name, error);

  return root;
}

/**
 * till_state_set_aside:
 * @folder: of the state
 * @name: of a file in it that makes no sense
 * @error: (out) (optional): says where it is now
 *
 * Renames a damaged file, so that it is neither overwritten nor met again.
 */
void
till_state_set_aside (const char  *folder,
                      const char  *name,
                      GError     **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *mark = till_random_text (TILL_ALPHABET_HEX, 8);
  g_autofree char *aside = g_strdup_printf ("%s.damaged-%s", path, mark);
  g_autofree char *shown = till_file_display_name (path);
  g_autofree char *shown_aside = till_file_display_name (aside);

  if (g_rename (path, aside) == 0)
    till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_STORE_DAMAGED, shown, NULL,
                    "the sandbox's file \"%s\" is damaged and was set aside as \"%s\"; "
                    "start again to begin anew without it", shown, shown_aside);
  else
    till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_STORE_DAMAGED, shown, NULL,
                    "the sandbox's file \"%s\" is damaged and could not be set aside: %s",
                    shown, g_strerror (errno));
}

/**
 * till_state_save:
 * @folder: of the state
 * @name: of a file in it
 * @text: (array length=size): what it shall hold
 * @size: its length
 * @error: (out) (optional): %TILL_ERROR_UNREADABLE
 *
 * Replaces the file whole or not at all.
 *
 * Returns: whether it is on the disk
 */
gboolean
till_state_save (const char  *folder,
                 const char  *name,
                 const char  *text,
                 gsize        size,
                 GError     **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return till_file_write (path, text, size, 0600, error);
}

/**
 * till_state_sweep:
 * @folder: of the state, held
 *
 * Removes what a program that was killed in the middle of writing left behind.
 */
void
till_state_sweep (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      /* One that can't be removed does no harm. */
      if (g_str_has_prefix (name, ".tillkeeper-") && g_str_has_suffix (name, ".tmp"))
        (void) g_unlink (path);
    }
}

/**
 * till_state_lock:
 * @folder: of the state
 * @error: (out) (optional): %TILL_ERROR_STORE_LOCKED
 *
 * Holds the folder against other programs until the descriptor is closed.
 *
 * Returns: a file descriptor, -1 with @error set
 */
int
till_state_lock (const char  *folder,
                 GError     **error)
{
  g_autofree char *path = g_build_filename (folder, "lock", NULL);
  g_autofree char *shown = till_file_display_name (folder);
  int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0)
    {
      till_set_error (error, TILL_ERROR_UNREADABLE, TILL_REASON_IO, g_strerror (errno), NULL,
                      "cannot use the sandbox's folder \"%s\": %s", shown, g_strerror (errno));
      return -1;
    }

  for (guint i = 0; flock (fd, LOCK_EX | LOCK_NB) != 0; i++)
    {
      if (i == LOCK_TRIES || (errno != EWOULDBLOCK && errno != EINTR))
        {
          close (fd);
          till_set_error (error, TILL_ERROR_STORE_LOCKED, TILL_REASON_STORE_IN_USE, shown, NULL,
                          "the sandbox's folder \"%s\" is in use by another program", shown);
          return -1;
        }
      g_usleep (LOCK_WAIT_US);
    }

  return fd;
}

/**
 * till_random_text:
 * @alphabet: the characters to choose from, at most 256
 * @length: how many
 *
 * Returns: (transfer full): characters chosen at random, each as likely as any other
 */
char *
till_random_text (const char *alphabet,
                  guint       length)
{
  gsize n = strlen (alphabet);
  guint limit = 256 - 256 % (guint) n;
  char *text = g_malloc (length + 1);
  guint8 byte;

  for (guint i = 0; i < length;)
    {
      if (gnutls_rnd (GNUTLS_RND_RANDOM, &byte, 1) < 0)
        g_error ("the system has no random numbers");
      if (byte < limit)
        text[i++] = alphabet[byte % n];
    }
  text[length] = '\0';

  return text;
}

/**
 * till_random_base64:
 * @bytes: how many, at most 256
 *
 * Returns: (transfer full): random bytes as Base64
 */
char *
till_random_base64 (guint bytes)
{
  guint8 buffer[256];

  g_assert (bytes <= sizeof buffer);
  if (gnutls_rnd (GNUTLS_RND_RANDOM, buffer, bytes) < 0)
    g_error ("the system has no random numbers");

  return g_base64_encode (buffer, bytes);
}
